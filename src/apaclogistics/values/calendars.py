"""Days that count: calendar days, business days and calendar months are three different periods.

Which days are business days is data: a `BusinessCalendar` is passed in and says through which date
it knows.  The default knows weekends and nothing else.

>>> add_months(date(2026, 12, 31), 2)
datetime.date(2027, 2, 28)
>>> add_business_days(date(2026, 2, 27), 1, WEEKENDS)
datetime.date(2026, 3, 2)
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Protocol

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.values.quantities import whole

__all__ = (
    "WEEKENDS",
    "BusinessCalendar",
    "WeekendCalendar",
    "add_business_days",
    "add_days",
    "add_months",
)

# Ten years of days or months: longer than any period of the field, so that loops stay bounded.
_MOST_DAYS, _MOST_MONTHS = 3660, 120
_LAST_YEAR = 9900


class BusinessCalendar(Protocol):
    """Which days are business days, and through which date this is known."""

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


def _far_from_the_end(day: date) -> date:
    if day.year > _LAST_YEAR:
        raise InvalidValueError("day", str(day), "is out of range", f"years to {_LAST_YEAR}")
    return day


def add_days(day: date, count: int) -> date:
    """Go forward by calendar days.

    Raises:
        InvalidValueError: for more than ten years, or a day after the year 9900.
    """
    days = whole("number of days", count, least=0, most=_MOST_DAYS)
    return _far_from_the_end(day) + timedelta(days=days)


def add_business_days(day: date, count: int, calendar: BusinessCalendar) -> date:
    """Go forward by business days; the first one counted is the first after `day`.

    Zero gives `day` itself if it is a business day, else the next one.

    Raises:
        InvalidValueError: for more than ten years, a day after the year 9900, or a calendar that
            knows of no business day for years.
    """
    left = whole("number of business days", count, least=0, most=_MOST_DAYS)
    begin = _far_from_the_end(day)
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
        InvalidValueError: for more than ten years, or a day after the year 9900.
    """
    whole("number of months", count, least=0, most=_MOST_MONTHS)
    years, month0 = divmod(_far_from_the_end(day).month - 1 + count, 12)
    year, month = day.year + years, month0 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
