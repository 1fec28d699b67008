"""Promises: by when an order must be shipped, and between which days it will arrive.

An order placed before the cut-off on a business day counts from that day, else from the next
business day.  Handling days are business days at the origin; transit days are business days or
calendar days, as the service says.  Every promise names the calendars that it rests on.

>>> promised = promise(
...     instant("2026-03-06T08:00:00Z"),
...     handling=Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Hong_Kong"),
...     transit=Transit(least=5, most=9, unit=DayUnit.BUSINESS),
...     destination_zone="America/New_York",
... )
>>> promised.ship_by.isoformat(), promised.window.latest.isoformat()
('2026-03-10T15:59:59+00:00', '2026-03-24T03:59:59+00:00')
"""

from datetime import date, time
from enum import Enum

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar, add_business_days, add_days
from apaclogistics.values.instants import Instant, Window, at_wall_clock, in_zone, instant, zone
from apaclogistics.values.quantities import whole

__all__ = ("CalendarUse", "DayUnit", "Handling", "Promise", "Transit", "promise")

# Source: eBay's shipByDate and delivery estimates end with the last second of the local day.
_DAY_ENDS = time(23, 59, 59)
_MOST_DAYS = 365


class DayUnit(Enum):
    """Which days are counted."""

    BUSINESS = "business days"
    CALENDAR = "calendar days"


@attrs.frozen(kw_only=True)
class Handling:
    """How fast a seller hands over: business days, and the time of day after which one is lost.

    `cut_off` is a wall-clock time in `zone_name`; an order at that very time is still in time.
    """

    days: int
    cut_off: time
    zone_name: str

    def __attrs_post_init__(self) -> None:
        """Refuse handling without a zone, and a cut-off that brings its own."""
        whole("handling days", self.days, least=0, most=_MOST_DAYS)
        zone(self.zone_name)
        if self.cut_off.tzinfo is not None:
            raise InvalidValueError("cut-off", str(self.cut_off), "has a zone", "zone_name says it")


@attrs.frozen(kw_only=True)
class Transit:
    """How long carriage takes, from the ship-by day on: `least` to `most` days of a unit."""

    least: int
    most: int
    unit: DayUnit

    def __attrs_post_init__(self) -> None:
        """Refuse a range that is none."""
        whole("transit days", self.least, least=0, most=_MOST_DAYS)
        whole("transit days", self.most, least=self.least, most=_MOST_DAYS)

    def __str__(self) -> str:
        """Give the range with its unit."""
        return f"{self.least} to {self.most} {self.unit.value}"


@attrs.frozen
class CalendarUse:
    """Which calendar a promise rests on, and the last day that it knew of, None for no limit."""

    name: str
    known_through: date | None


@attrs.frozen(kw_only=True)
class Promise:
    """The latest instant of handover, the delivery window, and what both rest on."""

    ship_by: Instant = attrs.field(converter=instant)
    window: Window
    calendars: tuple[CalendarUse, ...] = ()


def promise(
    ordered_at: Instant,
    *,
    handling: Handling,
    transit: Transit,
    destination_zone: str,
    origin_calendar: BusinessCalendar = WEEKENDS,
    destination_calendar: BusinessCalendar = WEEKENDS,
) -> Promise:
    """Work out ship-by and delivery window for an order placed at an instant.

    The window opens with the first local day at the destination and closes with the last second of
    the last one.

    Raises:
        InvalidValueError: if a zone is unknown.
    """
    shipped = add_business_days(
        _first_day(ordered_at, handling, origin_calendar), handling.days, origin_calendar
    )
    first, last = (
        _arrival(shipped, days, transit.unit, destination_calendar)
        for days in (transit.least, transit.most)
    )
    used = dict.fromkeys(
        CalendarUse(calendar.name, calendar.known_through)
        for calendar in (origin_calendar, destination_calendar)
    )
    return Promise(
        ship_by=at_wall_clock(shipped, _DAY_ENDS, handling.zone_name),
        window=Window(
            at_wall_clock(first, time.min, destination_zone),
            at_wall_clock(last, _DAY_ENDS, destination_zone),
        ),
        calendars=tuple(used),
    )


def _first_day(ordered_at: Instant, handling: Handling, calendar: BusinessCalendar) -> date:
    """Give the business day from which handling is counted."""
    local = in_zone(instant(ordered_at), handling.zone_name)
    day = local.date()
    if not calendar.is_business_day(day):
        return add_business_days(day, 0, calendar)
    return day if local.time() <= handling.cut_off else add_business_days(day, 1, calendar)


def _arrival(shipped: date, days: int, unit: DayUnit, calendar: BusinessCalendar) -> date:
    if unit is DayUnit.BUSINESS:
        return add_business_days(shipped, days, calendar)
    return add_days(shipped, days)
