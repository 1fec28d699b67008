"""Days that count: calendar days, business days and calendar months are three different periods.

Which days are business days is data: a `BusinessCalendar` is passed in and says through which date
it knows.  The default knows weekends and nothing else; a `ListedCalendar` holds the days that
somebody lists, such as a government's holidays and the weekends worked to make up for them.

>>> add_months(date(2026, 12, 31), 2)
datetime.date(2027, 2, 28)
>>> add_business_days(date(2026, 2, 27), 1, WEEKENDS)
datetime.date(2026, 3, 2)
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final, Protocol, assert_never, runtime_checkable

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.fields import several
from apaclogistics.values.identifiers import checked_id
from apaclogistics.values.quantities import whole

__all__ = (
    "WEEKENDS",
    "BusinessCalendar",
    "ListedCalendar",
    "Period",
    "PeriodUnit",
    "WeekendCalendar",
    "add_business_days",
    "add_days",
    "add_months",
    "checked_calendar",
)

# Ten years of days or months: longer than any period of the field, so that loops stay bounded.
_MOST_DAYS, _MOST_MONTHS = 3660, 120
_LAST_YEAR = 9900
_SATURDAY_AND_SUNDAY: Final = frozenset({5, 6})


@runtime_checkable
class BusinessCalendar(Protocol):
    """Which days are business days, and through which date this is known.

    Days after that are answered by best guess; who counts with them says how far it went, as
    `apaclogistics.promises.CalendarUse` does.
    """

    @property
    def name(self) -> str:
        """What the calendar goes by, for people and records."""
        ...

    @property
    def known_through(self) -> date | None:
        """The last day for which the data is complete; None where it holds for ever."""
        ...

    def is_business_day(self, day: date) -> bool:
        """Tell whether business is done on a day."""
        ...


@attrs.frozen
class WeekendCalendar:
    """Count Monday to Friday as business days and know no public holiday."""

    name: str = "weekends only"
    known_through: date | None = None

    def is_business_day(self, day: date) -> bool:
        """Tell whether a day is none of Saturday and Sunday."""
        return day.weekday() < 5


WEEKENDS = WeekendCalendar()


def _plain_day(what: str, value: object) -> date:
    """Insist on a day; an instant is none, since it has one in each time zone."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidTypeError(what, type(value).__name__, "a day (datetime.date)")
    return date(value.year, value.month, value.day)


def _days(values: Iterable[date]) -> frozenset[date]:
    return frozenset(
        _plain_day("day of a calendar", value) for value in several("days of a calendar", values)
    )


def _weekdays(values: Iterable[int]) -> frozenset[int]:
    given = several("days of the weekend", values)
    return frozenset(whole("day of the weekend", value, least=0, most=6) for value in given)


def _day_or_none(value: date | None) -> date | None:
    return None if value is None else _plain_day("end of what a calendar knows", value)


@attrs.frozen(kw_only=True)
class ListedCalendar:
    """Count business days by lists: days off, weekend days worked, and the days of the weekend.

    `weekend` holds days of the week, from 0 for Monday to 6 for Sunday.  `workdays` are worked
    although they fall on a weekend; `holidays` may fall on one.  After `known_through` lists and
    weekend go on answering, for what they are worth.  A day before `known_from` is refused: nobody
    has to guess at the past, so a calendar that begins too late is the wrong one.

    Mainland China at the lunar new year of 2026, when Saturday 14 February was worked and the nine
    days from the 15th on were free:

    >>> china = ListedCalendar(
    ...     name="mainland China, February 2026",
    ...     holidays={date(2026, 2, day) for day in range(15, 24)},
    ...     workdays={date(2026, 2, 14), date(2026, 2, 28)},
    ...     known_from=date(2026, 2, 1),
    ...     known_through=date(2026, 2, 28),
    ... )
    >>> [add_business_days(date(2026, 2, 13), count, china).day for count in (1, 2, 5, 6)]
    [14, 24, 27, 28]

    Raises:
        InvalidTypeError: if a day is given as text or as an instant.
        InvalidValueError: if a day is both off and worked, every day of the week belongs to the
            weekend, or the name is none.
    """

    name: str
    holidays: frozenset[date] = attrs.field(default=frozenset(), converter=_days)
    workdays: frozenset[date] = attrs.field(default=frozenset(), converter=_days)
    weekend: frozenset[int] = attrs.field(default=_SATURDAY_AND_SUNDAY, converter=_weekdays)
    known_from: date | None = attrs.field(default=None, converter=_day_or_none)
    known_through: date | None = attrs.field(converter=_day_or_none)

    def __attrs_post_init__(self) -> None:
        """Refuse what contradicts itself."""
        checked_id("name of a calendar", self.name)
        both = sorted(self.holidays & self.workdays)
        if both:
            raise InvalidValueError("day", str(both[0]), "is both off and worked", "one of the two")
        if len(self.weekend) == 7:
            raise InvalidValueError("weekend", 7, "leaves no day of the week", "up to 6 days")

    def is_business_day(self, day: date) -> bool:
        """Tell whether a day is worked.

        Raises:
            InvalidTypeError: for an instant, which has a day in each time zone.
            InvalidValueError: for a day before `known_from`.
        """
        asked = _plain_day("day", day)
        if self.known_from is not None and asked < self.known_from:
            allowed = f"{self.known_from} or later"
            raise InvalidValueError("day", str(asked), f"is before {self.name} begins", allowed)
        off = asked.weekday() in self.weekend or asked in self.holidays
        return asked in self.workdays or not off


def checked_calendar(calendar: object) -> BusinessCalendar:
    """Give a calendar of business days back if it is one.

    Raises:
        InvalidTypeError: for anything else.
    """
    if not isinstance(calendar, BusinessCalendar):
        raise InvalidTypeError("calendar", type(calendar).__name__, "a BusinessCalendar")
    return calendar


def _far_from_the_end(value: date) -> date:
    day = _plain_day("day", value)
    if day.year > _LAST_YEAR:
        raise InvalidValueError("day", str(day), "is out of range", f"years to {_LAST_YEAR}")
    return day


def add_days(day: date, count: int) -> date:
    """Go forward by calendar days.

    Raises:
        InvalidTypeError: for an instant instead of a day, or a count that is no whole number.
        InvalidValueError: for more than ten years, or a day after the year 9900.
    """
    days = whole("number of days", count, least=0, most=_MOST_DAYS)
    return _far_from_the_end(day) + timedelta(days=days)


def add_business_days(day: date, count: int, calendar: BusinessCalendar) -> date:
    """Go forward by business days; the first one counted is the first after `day`.

    Zero gives `day` itself if it is a business day, else the next one.  The result may lie beyond
    what the calendar knows: compare it with `known_through`.

    Raises:
        InvalidTypeError: for an instant instead of a day, a count that is no whole number, or what
            is no calendar.
        InvalidValueError: for more than ten years, a day after the year 9900, or a calendar that
            knows of no business day for years.
    """
    checked_calendar(calendar)
    left = whole("number of business days", count, least=0, most=_MOST_DAYS)
    begin = day = _far_from_the_end(day)
    while left or not calendar.is_business_day(day):
        day += timedelta(days=1)
        left -= bool(left) and calendar.is_business_day(day)
        if (day - begin).days > 4 * _MOST_DAYS:
            raise InvalidValueError("business calendar", calendar.name, "has no business days left")
    return day


def add_months(day: date, count: int) -> date:
    """Go forward by calendar months, to the same day or the month's last where it is shorter.

    31 December and two months make the last day of February.

    Raises:
        InvalidTypeError: for an instant instead of a day, or a count that is no whole number.
        InvalidValueError: for more than ten years, or a day after the year 9900.
    """
    whole("number of months", count, least=0, most=_MOST_MONTHS)
    day = _far_from_the_end(day)
    years, month0 = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month0 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


class PeriodUnit(Enum):
    """What a period is counted in."""

    CALENDAR_DAYS = "calendar days"
    BUSINESS_DAYS = "business days"
    MONTHS = "months"


_MOST: Final = {
    PeriodUnit.CALENDAR_DAYS: _MOST_DAYS,
    PeriodUnit.BUSINESS_DAYS: _MOST_DAYS,
    PeriodUnit.MONTHS: _MOST_MONTHS,
}


@attrs.frozen
class Period:
    """So many calendar days, business days or calendar months, up to ten years.

    >>> str(Period(2, PeriodUnit.MONTHS)), Period(2, PeriodUnit.MONTHS).after(date(2025, 12, 31))
    ('2 months', datetime.date(2026, 2, 28))

    Raises:
        InvalidTypeError: if the count is no whole number, or the unit none.
        InvalidValueError: if it is below zero or longer.
    """

    count: int
    unit: PeriodUnit

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be counted."""
        if not isinstance(self.unit, PeriodUnit):
            raise InvalidTypeError("unit of a period", type(self.unit).__name__, "a PeriodUnit")
        whole(f"number of {self.unit.value}", self.count, least=0, most=_MOST[self.unit])

    def after(self, day: date, calendar: BusinessCalendar = WEEKENDS) -> date:
        """Give the last day of the period that begins with the end of a day.

        The calendar counts business days and is not asked about others.
        """
        match self.unit:
            case PeriodUnit.CALENDAR_DAYS:
                return add_days(day, self.count)
            case PeriodUnit.BUSINESS_DAYS:
                return add_business_days(day, self.count, calendar)
            case PeriodUnit.MONTHS:
                return add_months(day, self.count)
            case _:
                assert_never(self.unit)

    def __str__(self) -> str:
        """Give count and unit, as in "10 business days"."""
        unit = self.unit.value
        return f"{self.count} {unit.removesuffix('s') if self.count == 1 else unit}"
