"""Promises: by when an order must be shipped, and between which days it will arrive.

An order placed before the cut-off on a business day counts from that day, else from the next
business day.  Handling days are business days at the origin; transit days are business days or
calendar days, as the service says.  Business days of transit are counted at the destination, where
the last mile waits for them; published ranges do not say whose days they mean, so this is our own
decision.

Every promise says which calendar counted what, through which day, and through which day that
calendar knew.  One that goes further is not certain, and says after which day.

>>> promised = promise(
...     instant("2026-03-06T08:00:00Z"),
...     handling=Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Hong_Kong"),
...     transit=Transit(least=5, most=9, unit=DayUnit.BUSINESS),
...     destination_zone="America/New_York",
... )
>>> promised.ship_by.isoformat(), promised.window.latest.isoformat()
('2026-03-10T15:59:59+00:00', '2026-03-24T03:59:59+00:00')
>>> [str(use) for use in promised.calendars]
['weekends only, handling at the origin through 2026-03-10', 'weekends only, transit at the destination through 2026-03-23']
"""

from datetime import date, time
from enum import Enum
from typing import Final

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar, add_business_days, add_days
from apaclogistics.values.fields import of_type, optional, tuple_of
from apaclogistics.values.instants import (
    Instant,
    Window,
    at_wall_clock,
    end_of_day,
    in_zone,
    instant,
    zone,
)
from apaclogistics.values.quantities import whole

__all__ = (
    "CalendarPurpose",
    "CalendarUse",
    "DayUnit",
    "Handling",
    "Promise",
    "Transit",
    "promise",
)

_MOST_DAYS: Final = 365


def _refuse_other(what: str, value: object, kind: type) -> None:
    if not isinstance(value, kind):
        raise InvalidTypeError(what, type(value).__name__, kind.__name__)


def _known_zone(name: str) -> None:
    _refuse_other("time zone", name, str)
    zone(name)


class DayUnit(Enum):
    """Which days are counted."""

    BUSINESS = "business days"
    CALENDAR = "calendar days"


@attrs.frozen(kw_only=True)
class Handling:
    """How fast a seller hands over: business days, and the time of day after which one is lost.

    `cut_off` is a wall-clock time in `zone_name`; an order at that very time is still in time.

    Raises:
        InvalidTypeError: if a field is of another type, such as a text or a datetime for `cut_off`.
        InvalidValueError: if days are none of 0 to 365, the zone is unknown, or `cut_off` has one.
    """

    days: int
    cut_off: time
    zone_name: str

    def __attrs_post_init__(self) -> None:
        """Refuse handling without a zone, and a cut-off that brings its own."""
        whole("handling days", self.days, least=0, most=_MOST_DAYS)
        _known_zone(self.zone_name)
        _refuse_other("cut-off", self.cut_off, time)
        if self.cut_off.tzinfo is not None:
            raise InvalidValueError("cut-off", str(self.cut_off), "has a zone", "zone_name says it")


@attrs.frozen(kw_only=True)
class Transit:
    """How long carriage takes, from the ship-by day on: `least` to `most` days of a unit.

    Raises:
        InvalidTypeError: if a number of days is not whole, or the unit is given as text.
        InvalidValueError: if `most` is below `least`, or one is none of 0 to 365.
    """

    least: int
    most: int
    unit: DayUnit

    def __attrs_post_init__(self) -> None:
        """Refuse a range that is none."""
        whole("transit days", self.least, least=0, most=_MOST_DAYS)
        whole("transit days", self.most, least=self.least, most=_MOST_DAYS)
        _refuse_other("unit of transit", self.unit, DayUnit)

    def __str__(self) -> str:
        """Give the range with its unit."""
        return f"{self.least} to {self.most} {self.unit.value}"


class CalendarPurpose(Enum):
    """What a calendar was asked for: the days of which part, and where."""

    HANDLING = "handling at the origin"
    TRANSIT = "transit at the destination"


@attrs.frozen
class CalendarUse:
    """Which calendar counted what, the last day that it knew of, and the day it was asked through.

    `known_through` is None where there is no limit.  Days are local: at the origin for handling, at
    the destination for transit.
    """

    name: str = attrs.field(validator=of_type(str))
    known_through: date | None = attrs.field(validator=optional(date))
    purpose: CalendarPurpose = attrs.field(kw_only=True, validator=of_type(CalendarPurpose))
    counted_through: date = attrs.field(kw_only=True, validator=of_type(date))

    @property
    def is_within_calendars(self) -> bool:
        """Whether the calendar knew every day that it was asked for."""
        return self.known_through is None or self.counted_through <= self.known_through

    def __str__(self) -> str:
        """Give the calendar, what it counted, and how far it knew if that was not enough."""
        doubt = "" if self.is_within_calendars else f", known through {self.known_through} only"
        return f"{self.name}, {self.purpose.value} through {self.counted_through}{doubt}"


@attrs.frozen(kw_only=True)
class Promise:
    """The latest instant of handover, the delivery window, and what both rest on."""

    ship_by: Instant = attrs.field(converter=instant)
    window: Window = attrs.field(validator=of_type(Window))
    calendars: tuple[CalendarUse, ...] = attrs.field(default=(), validator=tuple_of(CalendarUse))

    @property
    def is_within_calendars(self) -> bool:
        """Whether no calendar was asked for a day beyond those that it knew.

        That is not to say that it knew of holidays: one of weekends knows them for ever.
        """
        return self.uncertain_after is None

    @property
    def uncertain_after(self) -> date | None:
        """The last local day through which what was counted was known; None if all of it was."""
        limits = (use.known_through for use in self.calendars if not use.is_within_calendars)
        return min((limit for limit in limits if limit is not None), default=None)


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

    Handover is due by the last second of a local day at the origin.  The window opens with the
    first local day at the destination and closes with the last second of the last one.  Nothing but
    the two calendars says which days are business days; the one of the destination is asked only
    if transit is counted in business days.

    Raises:
        InvalidTypeError: if the instant or the zone is of another type.
        InvalidValueError: if a zone is unknown, or a calendar begins after the order.
    """
    _known_zone(destination_zone)
    shipped = add_business_days(
        _first_day(ordered_at, handling, origin_calendar), handling.days, origin_calendar
    )
    first, last = (
        _arrival(shipped, days, transit.unit, destination_calendar)
        for days in (transit.least, transit.most)
    )
    uses = [(origin_calendar, CalendarPurpose.HANDLING, shipped)]
    if transit.unit is DayUnit.BUSINESS:
        uses.append((destination_calendar, CalendarPurpose.TRANSIT, last))
    return Promise(
        ship_by=end_of_day(shipped, handling.zone_name),
        window=Window(
            at_wall_clock(first, time.min, destination_zone), end_of_day(last, destination_zone)
        ),
        calendars=tuple(
            CalendarUse(it.name, it.known_through, purpose=purpose, counted_through=day)
            for it, purpose, day in uses
        ),
    )


def _first_day(ordered_at: Instant, handling: Handling, calendar: BusinessCalendar) -> date:
    """Give the business day from which handling is counted.

    Instants are compared, not wall clocks: in the hour that comes twice, later stays later.
    """
    placed = instant(ordered_at)
    local = in_zone(placed, handling.zone_name)
    day = date(local.year, local.month, local.day)
    cut_off = at_wall_clock(day, handling.cut_off.replace(fold=0), handling.zone_name)
    # From a day without business, the next and the first one after it are the same.
    return add_business_days(day, int(placed > cut_off), calendar)


def _arrival(shipped: date, days: int, unit: DayUnit, calendar: BusinessCalendar) -> date:
    if unit is DayUnit.BUSINESS:
        return add_business_days(shipped, days, calendar)
    return add_days(shipped, days)
