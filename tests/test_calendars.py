"""Calendar days, business days and calendar months are three different periods."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.codec import dumps, loads
from apaclogistics.errors import ApacLogisticsError, InvalidTypeError, InvalidValueError
from apaclogistics.values.calendars import (
    WEEKENDS,
    BusinessCalendar,
    ListedCalendar,
    Period,
    PeriodUnit,
    WeekendCalendar,
    add_business_days,
    add_days,
    add_months,
    checked_calendar,
)
from apaclogistics.values.instants import instant

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


# Source: General Office of the State Council, notice on the arrangement of holidays in 2026
# (November 2025): off from Sunday 15 to Monday 23 February; Saturdays 14 and 28 are worked.
CHINA = ListedCalendar(
    name="mainland China, February 2026",
    holidays={date(2026, 2, day) for day in range(15, 24)},
    workdays={date(2026, 2, 14), date(2026, 2, 28)},
    known_from=date(2026, 2, 1),
    known_through=date(2026, 2, 28),
)


def test_the_lunar_new_year_takes_nine_days_and_two_saturdays() -> None:
    """All other days of February are as in any month."""
    worked = [day for day in range(1, 29) if CHINA.is_business_day(date(2026, 2, day))]

    assert worked == [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 24, 25, 26, 27, 28]


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 2, 13), 0, date(2026, 2, 13)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 14), 0, date(2026, 2, 14)),
        (date(2026, 2, 17), 0, date(2026, 2, 24)),
        (date(2026, 2, 17), 1, date(2026, 2, 24)),
        (date(2026, 2, 27), 1, date(2026, 2, 28)),
    ],
)
def test_business_days_are_counted_across_the_lunar_new_year(
    day: date, count: int, expected: date
) -> None:
    """A Saturday that makes up for a free day counts, the nine days do not."""
    calendar: BusinessCalendar = CHINA

    assert add_business_days(day, count, calendar) == expected


def test_beyond_what_it_knows_a_calendar_goes_on_by_lists_and_weekends() -> None:
    """The result can be told from a known one by its date."""
    last = add_business_days(date(2026, 2, 28), 6, CHINA)

    assert last == date(2026, 3, 9)
    assert CHINA.known_through == date(2026, 2, 28)


def test_a_calendar_that_begins_after_the_day_is_the_wrong_one() -> None:
    """Guessing at the past would be wrong without a word; its first day is known."""
    assert not CHINA.is_business_day(date(2026, 2, 1))
    with pytest.raises(InvalidValueError) as caught:
        add_business_days(date(2026, 1, 31), 0, CHINA)

    assert str(caught.value) == (
        "day '2026-01-31' is before mainland China, February 2026 begins; "
        "allowed: 2026-02-01 or later"
    )


def test_a_calendar_without_a_first_day_answers_for_every_day_before() -> None:
    """As the one of weekends does."""
    listed = ListedCalendar(name="plain", known_through=None)
    week = [MONDAY + timedelta(days=count) for count in range(7)]

    assert [listed.is_business_day(day) for day in week] == [True] * 5 + [False] * 2
    assert listed.is_business_day(date(1, 1, 1))


@pytest.mark.parametrize(
    ("weekend", "worked"),
    [
        # Saudi Arabia and Israel rest on Friday and Saturday, Brunei on Friday and Sunday.
        ({4, 5}, [0, 1, 2, 3, 6]),
        ({4, 6}, [0, 1, 2, 3, 5]),
        ({6}, [0, 1, 2, 3, 4, 5]),
        (set(), [0, 1, 2, 3, 4, 5, 6]),
        ({0, 1, 2, 3, 4, 5}, [6]),
    ],
)
def test_which_days_are_the_weekend_is_data(weekend: set[int], worked: list[int]) -> None:
    """It is not the same everywhere."""
    listed = ListedCalendar(name="somewhere", weekend=weekend, known_through=None)

    assert [it for it in range(7) if listed.is_business_day(MONDAY + timedelta(days=it))] == worked


def test_a_holiday_may_fall_on_a_weekend() -> None:
    """It changes nothing there, and is not lost to whoever works at weekends."""
    listed = ListedCalendar(name="one day off", holidays={SATURDAY}, known_through=None)

    assert not listed.is_business_day(SATURDAY)
    assert not attrs.evolve(listed, weekend={6}).is_business_day(SATURDAY)
    assert attrs.evolve(listed, weekend={6}, holidays=()).is_business_day(SATURDAY)


def test_a_day_is_either_off_or_worked() -> None:
    """The first contradiction is named."""
    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(CHINA, workdays={date(2026, 2, 23), date(2026, 2, 22), date(2026, 2, 14)})

    assert str(caught.value) == ("day '2026-02-22' is both off and worked; allowed: one of the two")


def test_a_weekend_leaves_a_day_of_the_week() -> None:
    """And its days are days of the week."""
    with pytest.raises(InvalidValueError, match="leaves no day of the week; allowed: up to 6 days"):
        ListedCalendar(name="idle", weekend=range(7), known_through=None)
    for other in (-1, 7):
        with pytest.raises(InvalidValueError, match=r"day of the weekend .* allowed: 0 to 6"):
            ListedCalendar(name="other", weekend={other}, known_through=None)


@pytest.mark.parametrize("name", ["", " ", "a\n", "x" * 129])
def test_a_calendar_has_a_name_that_can_be_shown(name: str) -> None:
    """Promises carry it."""
    with pytest.raises(InvalidValueError, match="name of a calendar"):
        ListedCalendar(name=name, known_through=None)


@pytest.mark.parametrize(
    "wrong", ["2026-02-17", datetime(2026, 2, 17, tzinfo=UTC), instant("2026-02-17T00:00:00Z"), 17]
)
def test_a_day_is_neither_a_text_nor_an_instant(wrong: date) -> None:
    """An instant has a day in each time zone, and which one is meant nobody knows."""
    with pytest.raises(InvalidTypeError, match="day of a calendar is given as"):
        attrs.evolve(CHINA, holidays=[wrong])
    with pytest.raises(InvalidTypeError, match="day of a calendar is given as"):
        attrs.evolve(CHINA, workdays=[wrong])
    with pytest.raises(InvalidTypeError, match="end of what a calendar knows is given as"):
        attrs.evolve(CHINA, known_from=wrong)
    with pytest.raises(InvalidTypeError, match="end of what a calendar knows is given as"):
        attrs.evolve(CHINA, known_through=wrong)


def test_days_are_not_counted_from_an_instant() -> None:
    """Nor is an instant on a holiday or not."""
    noon = datetime(2026, 2, 17, 12, tzinfo=UTC)

    for count in (add_days, add_months):
        with pytest.raises(InvalidTypeError, match=r"allowed: a day \(datetime.date\)"):
            count(noon, 1)
    with pytest.raises(InvalidTypeError, match="day is given as datetime"):
        add_business_days(noon, 1, WEEKENDS)
    with pytest.raises(InvalidTypeError, match="day is given as datetime"):
        CHINA.is_business_day(noon)


def test_a_day_of_pendulum_becomes_a_plain_one() -> None:
    """So that what is listed can be stored, and what is counted compared."""
    pendulum_day = instant("2026-02-17T00:00:00Z").date()

    listed = ListedCalendar(name="one day", holidays={pendulum_day}, known_through=pendulum_day)

    assert {type(day) for day in (*listed.holidays, listed.known_through)} == {date}
    assert type(add_days(pendulum_day, 0)) is date
    assert type(add_business_days(pendulum_day, 0, WEEKENDS)) is date
    assert not listed.is_business_day(pendulum_day)


def test_a_calendar_is_a_value_that_can_be_compared_and_stored() -> None:
    """The order in which days are listed is irrelevant."""
    again = ListedCalendar(
        name="mainland China, February 2026",
        holidays=[date(2026, 2, day) for day in range(23, 14, -1)],
        workdays=[date(2026, 2, 28), date(2026, 2, 14), date(2026, 2, 28)],
        known_from=date(2026, 2, 1),
        known_through=date(2026, 2, 28),
    )

    assert again == CHINA
    assert len({again, CHINA}) == 1
    assert loads(dumps(CHINA), ListedCalendar) == CHINA


@given(days, st.frozensets(days), st.frozensets(st.integers(0, 6), max_size=6))
def test_a_day_is_worked_if_neither_weekend_nor_list_keeps_it_free(
    day: date, off: frozenset[date], weekend: frozenset[int]
) -> None:
    """And a listed workday whatever the weekend."""
    listed = ListedCalendar(name="any", holidays=off, weekend=weekend, known_through=None)

    assert listed.is_business_day(day) == (day not in off and day.weekday() not in weekend)
    assert attrs.evolve(listed, holidays=off - {day}, workdays={day}).is_business_day(day)


@pytest.mark.parametrize(
    ("period", "last", "text"),
    [
        (Period(0, PeriodUnit.CALENDAR_DAYS), date(2025, 12, 31), "0 calendar days"),
        (Period(1, PeriodUnit.CALENDAR_DAYS), date(2026, 1, 1), "1 calendar day"),
        (Period(3, PeriodUnit.BUSINESS_DAYS), date(2026, 1, 5), "3 business days"),
        (Period(1, PeriodUnit.MONTHS), date(2026, 1, 31), "1 month"),
        (Period(2, PeriodUnit.MONTHS), date(2026, 2, 28), "2 months"),
    ],
)
def test_a_period_has_a_last_day_and_a_name(period: Period, last: date, text: str) -> None:
    """Counted from the end of a Wednesday."""
    assert (period.after(date(2025, 12, 31)), str(period)) == (last, text)


def test_a_period_of_business_days_asks_the_calendar() -> None:
    """Which knows the holidays."""
    assert Period(2, PeriodUnit.BUSINESS_DAYS).after(date(2026, 2, 13), CHINA) == date(2026, 2, 24)


def test_what_cannot_be_counted_is_no_period() -> None:
    """Below zero, above ten years, or in nothing."""
    period: Callable[..., object] = Period

    with pytest.raises(InvalidValueError, match="number of months"):
        Period(121, PeriodUnit.MONTHS)
    with pytest.raises(InvalidValueError, match="number of business days"):
        Period(-1, PeriodUnit.BUSINESS_DAYS)
    with pytest.raises(InvalidTypeError, match="unit of a period"):
        period(1, "months")


def test_what_cannot_tell_business_days_is_no_calendar() -> None:
    """It is refused before a day is counted."""
    assert checked_calendar(WEEKENDS) is WEEKENDS
    with pytest.raises(InvalidTypeError, match="calendar is given as NoneType"):
        add_business_days(date(2026, 3, 2), 1, None)  # type: ignore[arg-type]
