"""Calendar days, business days and calendar months are three different periods."""

from calendar import monthrange
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import ApacLogisticsError, InvalidTypeError, InvalidValueError
from apaclogistics.values.calendars import (
    WEEKENDS,
    BusinessCalendar,
    WeekendCalendar,
    add_business_days,
    add_days,
    add_months,
)

FRIDAY, SATURDAY, MONDAY = date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 2)

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@attrs.frozen
class LunarNewYear:
    """A calendar of an application: weekends, three days off, and a Saturday made up for."""

    name: str = "Hong Kong, lunar new year 2026"
    known_through: date | None = date(2026, 12, 31)

    def is_business_day(self, day: date) -> bool:
        """Tell whether business is done."""
        off = {date(2026, 2, 17), date(2026, 2, 18), date(2026, 2, 19)}
        return day == date(2026, 2, 14) or (WEEKENDS.is_business_day(day) and day not in off)


def test_the_default_calendar_knows_weekends_and_nothing_else() -> None:
    """It says so, and knows them for ever."""
    week = [MONDAY + timedelta(days=count) for count in range(7)]

    assert [WEEKENDS.is_business_day(day) for day in week] == [True] * 5 + [False] * 2
    assert WEEKENDS.name == "weekends only"
    assert WEEKENDS.known_through is None
    assert WeekendCalendar() == WEEKENDS


def test_calendar_days_count_every_day() -> None:
    """Weekends, leap days and all."""
    assert add_days(FRIDAY, 0) == FRIDAY
    assert add_days(FRIDAY, 3) == MONDAY
    assert add_days(date(2028, 2, 28), 1) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (FRIDAY, 0, FRIDAY),
        (SATURDAY, 0, MONDAY),
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 1, MONDAY),
        (MONDAY, 1, date(2026, 3, 3)),
        (FRIDAY, 5, date(2026, 3, 6)),
        (FRIDAY, 6, date(2026, 3, 9)),
    ],
)
def test_business_days_are_counted_from_the_day_after(
    day: date, count: int, expected: date
) -> None:
    """None gives the day itself, or the next one on which business is done."""
    assert add_business_days(day, count, WEEKENDS) == expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 16)),
        (date(2026, 2, 13), 3, date(2026, 2, 20)),
        (date(2026, 2, 17), 0, date(2026, 2, 20)),
    ],
)
def test_an_application_brings_its_own_calendar(day: date, count: int, expected: date) -> None:
    """With holidays, and with Saturdays that make up for them."""
    calendar: BusinessCalendar = LunarNewYear()

    assert add_business_days(day, count, calendar) == expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 5, 31), 120, date(2036, 5, 31)),
    ],
)
def test_a_month_leads_to_the_same_day_or_to_the_last_of_a_shorter_month(
    day: date, count: int, expected: date
) -> None:
    """It never leads into the month after."""
    assert add_months(day, count) == expected


@pytest.mark.parametrize("count", [-1, 3661])
def test_days_go_forward_and_not_for_ever(count: int) -> None:
    """Ten years are longer than any period of the field."""
    with pytest.raises(InvalidValueError, match="is out of range; allowed: 0 to 3660"):
        add_days(FRIDAY, count)
    with pytest.raises(InvalidValueError, match="is out of range; allowed: 0 to 3660"):
        add_business_days(FRIDAY, count, WEEKENDS)


@pytest.mark.parametrize("count", [-1, 121])
def test_months_go_forward_and_not_for_ever(count: int) -> None:
    """Ten years of them, too."""
    with pytest.raises(InvalidValueError, match=r"number of months .* allowed: 0 to 120"):
        add_months(FRIDAY, count)


def test_periods_are_whole_numbers() -> None:
    """Half a day is no day, and True is not one."""
    with pytest.raises(InvalidTypeError):
        add_days(FRIDAY, 0.5)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(InvalidTypeError):
        add_business_days(FRIDAY, True, WEEKENDS)  # noqa: FBT003  # wrong on purpose
    with pytest.raises(InvalidTypeError):
        add_months(FRIDAY, None)  # type: ignore[arg-type]  # wrong on purpose


@given(days, st.integers(1, 60))
def test_as_many_business_days_lie_between_as_were_added(day: date, count: int) -> None:
    """The day itself does not count, the last one does."""
    last = add_business_days(day, count, WEEKENDS)
    between = [day + timedelta(days=step) for step in range(1, (last - day).days + 1)]

    assert sum(WEEKENDS.is_business_day(it) for it in between) == count
    assert WEEKENDS.is_business_day(last)


@given(days, st.integers(0, 30), st.integers(0, 30))
def test_business_days_can_be_added_in_two_goes(day: date, some: int, more: int) -> None:
    """From a business day on, that is."""
    start = add_business_days(day, 0, WEEKENDS)

    two_goes = add_business_days(add_business_days(start, some, WEEKENDS), more, WEEKENDS)

    assert two_goes == add_business_days(start, some + more, WEEKENDS)


@given(days, st.integers(0, 120))
def test_months_keep_the_day_unless_the_month_is_too_short(day: date, count: int) -> None:
    """And they count as twelve to the year."""
    later = add_months(day, count)

    assert (later.year - day.year) * 12 + later.month - day.month == count
    assert later.day == min(day.day, monthrange(later.year, later.month)[1])


def test_beyond_the_end_of_the_calendar_our_own_error_is_raised() -> None:
    """A day that was parsed may be the last one there is."""
    with pytest.raises(ApacLogisticsError):
        add_days(date.max, 1)
    with pytest.raises(ApacLogisticsError):
        add_business_days(date.max, 1, WEEKENDS)
    with pytest.raises(ApacLogisticsError):
        add_months(date.max, 1)


def test_the_calendar_ends_with_the_year_9900() -> None:
    """Its last day is a day to go on from, the next one is none."""
    last = date(9900, 12, 31)

    assert add_days(last, 1) == date(9901, 1, 1)
    assert add_business_days(last, 5, WEEKENDS) == date(9901, 1, 7)
    assert add_months(last, 2) == date(9901, 2, 28)
    with pytest.raises(InvalidValueError) as caught:
        add_days(date(9901, 1, 1), 0)

    assert str(caught.value) == "day '9901-01-01' is out of range; allowed: years to 9900"


@attrs.frozen
class Closed:
    """A calendar of somebody who does no business any more."""

    name: str = "closed for good"
    known_through: date | None = None

    def is_business_day(self, day: date) -> bool:
        """Say no, and that it is a day."""
        return day < date(2000, 1, 1)


def test_a_calendar_without_business_days_is_not_searched_for_ever() -> None:
    """Nor until the calendar ends."""
    for count in (0, 1):
        with pytest.raises(InvalidValueError) as caught:
            add_business_days(FRIDAY, count, Closed())

        assert str(caught.value) == "business calendar 'closed for good' has no business days left"
