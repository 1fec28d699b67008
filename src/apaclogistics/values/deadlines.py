"""Deadlines: until when somebody must act, and how that was counted.

A deadline is an instant.  Where it was counted in days, it keeps the period, the zone in which days
begin and end, and the calendar that said which of them are business days, so that whoever misses
one can be shown why.  The day on which counting begins is not counted, and a deadline ends with
the last second of its last day.

>>> three = Period(3, PeriodUnit.BUSINESS_DAYS)
>>> due = Deadline.after(three, instant("2026-03-06T08:00:00Z"), zone_name="Asia/Hong_Kong")
>>> str(due)
'2026-03-11T15:59:59Z (3 business days by weekends only)'
>>> as_deadline(instant("2026-03-06T08:00:00Z")).counted is None
True
"""

from datetime import date
from typing import Self

import attrs

from apaclogistics.values.calendars import (
    WEEKENDS,
    BusinessCalendar,
    Period,
    PeriodUnit,
    checked_calendar,
)
from apaclogistics.values.fields import of_type, optional
from apaclogistics.values.instants import Instant, end_of_day, in_zone, instant, to_text, zone

__all__ = ("Counting", "Deadline", "as_deadline", "local_day")


def local_day(at: Instant, zone_name: str) -> date:
    """Give the day that the calendar on the wall shows at an instant, in a zone."""
    local = in_zone(at, zone_name)
    return date(local.year, local.month, local.day)


@attrs.frozen(kw_only=True)
class Counting:
    """How a deadline was counted: a period from the end of a local day, and by which calendar.

    `calendar` is empty and `known_through` None where no calendar was asked, since all days count.

    Raises:
        InvalidTypeError: if a field is of another type.
        InvalidValueError: if the zone is unknown.
    """

    period: Period = attrs.field(validator=of_type(Period))
    day: date = attrs.field(validator=of_type(date))
    zone_name: str = attrs.field(validator=of_type(str))
    calendar: str = attrs.field(default="", validator=of_type(str))
    known_through: date | None = attrs.field(default=None, validator=optional(date))

    def __attrs_post_init__(self) -> None:
        """Refuse a zone that nobody knows."""
        zone(self.zone_name)

    def __str__(self) -> str:
        """Give the period and the calendar, as in "3 business days by weekends only"."""
        return f"{self.period} by {self.calendar}" if self.calendar else str(self.period)


@attrs.frozen
class Deadline:
    """The last instant at which something may be done, and how it was counted, if it was.

    Raises:
        InvalidTypeError: if the instant is none.
    """

    at: Instant = attrs.field(converter=instant)
    counted: Counting | None = attrs.field(default=None, validator=optional(Counting))

    @classmethod
    def after(
        cls,
        period: Period,
        begin: Instant,
        *,
        zone_name: str,
        calendar: BusinessCalendar = WEEKENDS,
    ) -> Self:
        """Count a period from the local day of an instant; the calendar counts business days.

        Raises:
            InvalidTypeError: if the calendar is none.
            InvalidValueError: if the zone is unknown, or the calendar begins after that day.
        """
        day = local_day(instant(begin), zone_name)
        checked_calendar(calendar)
        asked = calendar if period.unit is PeriodUnit.BUSINESS_DAYS else None
        counted = Counting(
            period=period,
            day=day,
            zone_name=zone_name,
            calendar=asked.name if asked else "",
            known_through=asked.known_through if asked else None,
        )
        return cls(end_of_day(period.after(day, calendar), zone_name), counted)

    @property
    def is_within_calendar(self) -> bool:
        """Whether the calendar knew every day up to the deadline, or none was asked."""
        if self.counted is None or self.counted.known_through is None:
            return True
        return local_day(self.at, self.counted.zone_name) <= self.counted.known_through

    def is_over(self, at: Instant) -> bool:
        """Tell whether the deadline is over at an instant; its own instant still counts."""
        return at > self.at

    def __str__(self) -> str:
        """Give the instant in UTC, and how it was counted."""
        return f"{to_text(self.at)} ({self.counted})" if self.counted else to_text(self.at)


def as_deadline(value: Instant | Deadline) -> Deadline:
    """Take an instant for a deadline that nobody counted, and a deadline for what it is."""
    return value if isinstance(value, Deadline) else Deadline(value)
