"""Deadlines: until when somebody must act, and how that was counted."""

from datetime import date, timedelta

import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.calendars import ListedCalendar, Period, PeriodUnit
from apaclogistics.values.deadlines import Counting, Deadline, as_deadline, local_day
from apaclogistics.values.instants import instant

THREE = Period(3, PeriodUnit.BUSINESS_DAYS)
FRIDAY = instant("2026-03-06T08:00:00Z")
# Monday the ninth is a holiday that this calendar lists; it knows nothing after the tenth.
LISTED = ListedCalendar(
    name="an example", holidays={date(2026, 3, 9)}, known_through=date(2026, 3, 10)
)


def test_business_days_are_counted_from_the_next_day_to_the_end_of_the_last() -> None:
    """Friday is not counted, nor is the weekend."""
    due = Deadline.after(THREE, FRIDAY, zone_name="UTC")

    assert due.at == instant("2026-03-11T23:59:59Z")


def test_the_day_is_that_of_the_zone() -> None:
    """A Friday evening in New York is a Saturday in Hong Kong."""
    evening = instant("2026-03-06T17:00:00Z")

    there = Deadline.after(THREE, evening, zone_name="America/New_York")
    here = Deadline.after(THREE, evening, zone_name="Asia/Hong_Kong")

    assert (local_day(evening, "America/New_York"), local_day(evening, "Asia/Hong_Kong")) == (
        date(2026, 3, 6),
        date(2026, 3, 7),
    )
    # Daylight saving begins on the eighth.
    assert there.at == instant("2026-03-12T03:59:59Z")
    assert here.at == instant("2026-03-11T15:59:59Z")


def test_the_calendar_is_named_and_so_is_its_end() -> None:
    """Whoever misses a deadline can be shown why it was that day."""
    due = Deadline.after(THREE, FRIDAY, zone_name="UTC", calendar=LISTED)

    assert due.at == instant("2026-03-12T23:59:59Z")
    assert due.counted == Counting(
        period=THREE,
        day=date(2026, 3, 6),
        zone_name="UTC",
        calendar="an example",
        known_through=date(2026, 3, 10),
    )
    assert str(due) == "2026-03-12T23:59:59Z (3 business days by an example)"
    assert not due.is_within_calendar


def test_a_calendar_that_knows_every_day_leaves_no_doubt() -> None:
    """One day is known, and one without end is."""
    one = Period(1, PeriodUnit.BUSINESS_DAYS)

    assert Deadline.after(one, FRIDAY, zone_name="UTC", calendar=LISTED).is_within_calendar
    assert Deadline.after(one, FRIDAY, zone_name="UTC").is_within_calendar
    assert Deadline(FRIDAY).is_within_calendar


def test_of_calendar_days_each_one_counts_and_no_calendar_is_named() -> None:
    """Whatever calendar is passed in."""
    month = Period(30, PeriodUnit.CALENDAR_DAYS)

    due = Deadline.after(month, FRIDAY, zone_name="UTC", calendar=LISTED)

    assert due.at == instant("2026-04-05T23:59:59Z")
    assert due.counted is not None
    assert (due.counted.calendar, due.counted.known_through) == ("", None)
    assert str(due) == "2026-04-05T23:59:59Z (30 calendar days)"


def test_the_last_instant_still_counts() -> None:
    """After it, the time is over."""
    due = Deadline(FRIDAY)

    assert not due.is_over(FRIDAY)
    assert due.is_over(instant(FRIDAY + timedelta(microseconds=1)))


def test_an_instant_is_a_deadline_that_nobody_counted() -> None:
    """And a deadline is one already."""
    due = as_deadline(FRIDAY)

    assert due == Deadline(FRIDAY)
    assert as_deadline(due) is due
    assert str(due) == "2026-03-06T08:00:00Z"


def test_nothing_is_counted_in_a_zone_that_nobody_knows() -> None:
    """Days need a zone."""
    with pytest.raises(InvalidValueError, match="zone"):
        Deadline.after(THREE, FRIDAY, zone_name="Asia/Kowloon")
    with pytest.raises(InvalidValueError, match="zone"):
        Counting(period=THREE, day=date(2026, 3, 6), zone_name="Asia/Kowloon")


def test_a_day_is_not_given_as_text() -> None:
    """Nor is anything else of what was counted."""
    with pytest.raises(InvalidTypeError, match="day of Counting"):
        Counting(period=THREE, day="2026-03-06", zone_name="UTC")  # type: ignore[arg-type]  # the point
