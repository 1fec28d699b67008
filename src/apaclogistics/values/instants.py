"""The one door for time: everything that says when comes in through here.

Inside the library an instant is a `pendulum.DateTime` in UTC.  A value without a zone is refused,
never guessed to be UTC.  Where a carrier reports a wall-clock time without a zone, or just a day,
the `Moment` says how exact it is.  It *sorts* by the earliest instant that it can mean, and is
*judged* by all of them: it is by an instant, after it, or nobody knows.

No other module calls pendulum's constructors, and nothing here reads a clock.

>>> instant("2026-03-01T08:00:00+08:00").isoformat()
'2026-03-01T00:00:00+00:00'
>>> instant("2026-03-01T08:00:00")
Traceback (most recent call last):
    ...
apaclogistics.errors.InvalidValueError: instant '2026-03-01T08:00:00' has no zone; allowed: RFC 3339 with an offset, as in '2026-03-01T08:00:00+08:00' or '2026-03-01T00:00:00Z'
>>> str(Moment.read("2026-03-01T08:00:00"))
'2026-03-01T08:00:00 local time'
>>> local = moment("2026-03-01T08:00:00")
>>> [local.is_by(instant(f"2026-0{day}T00:00:00Z")) for day in ("2-28", "3-01", "3-02")]
[False, None, True]
"""

import datetime as stdlib
import re
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import Self, TypeAlias

import attrs
import pendulum
from pendulum import UTC, DateTime
from pendulum.tz.exceptions import InvalidTimezone

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.fields import checked, of_type

__all__ = (
    "Instant",
    "Moment",
    "Precision",
    "Window",
    "at_milliseconds",
    "at_wall_clock",
    "calendar_day",
    "checked_span",
    "duration_text",
    "end_of_day",
    "first_of",
    "in_zone",
    "instant",
    "last_of",
    "moment",
    "shifted",
    "time_of_day",
    "to_text",
    "zone",
)

Instant: TypeAlias = DateTime

_FORM = "RFC 3339 with an offset, as in '2026-03-01T08:00:00+08:00' or '2026-03-01T00:00:00Z'"
_SHAPE = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)"
    r"(?:\s?([Zz]|[+-]\d\d(?::?\d\d)?))?)?",
    re.ASCII,
)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
# A day of slack on both sides, so that shifting a wall-clock time to UTC cannot leave the calendar.
_FIRST = DateTime(1900, 1, 1, tzinfo=UTC)
_LAST = DateTime(9998, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
# Our bound: no policy waits for longer than a century.
_LONGEST = stdlib.timedelta(days=36_525)
# Source: IANA time zone database; Kiribati is 14 hours ahead of UTC, Baker Island 12 behind.
_MOST_AHEAD, _MOST_BEHIND = stdlib.timedelta(hours=14), stdlib.timedelta(hours=12)
_EPOCH = stdlib.datetime(1970, 1, 1, tzinfo=stdlib.UTC)


def instant(value: str | stdlib.datetime) -> Instant:
    """Give an instant in UTC, from RFC 3339 text with an offset or from an aware `datetime`.

    Digits after the microsecond are dropped.

    Raises:
        InvalidTypeError: for anything else, such as a number of seconds.
        InvalidValueError: if there is no zone, the text is no instant, or the year is not between
            1900 and 9998.
    """
    if isinstance(value, str):
        aware = _from_text(value)
    elif isinstance(value, stdlib.datetime):
        aware = value
    else:
        raise InvalidTypeError("instant", type(value).__name__, "text or an aware datetime")
    if aware.tzinfo is None or aware.utcoffset() is None:
        raise InvalidValueError("instant", str(value), "has no zone", _FORM)
    return _in_utc(aware)


def _in_utc(aware: stdlib.datetime) -> Instant:
    if type(aware) is DateTime and aware.tzinfo is UTC:
        utc = aware
    else:
        try:
            plain = aware.astimezone(stdlib.UTC)
        except OverflowError:
            raise _out_of_range(aware) from None
        utc = _as_utc(plain)
    if not _FIRST <= utc <= _LAST:
        raise _out_of_range(aware)
    return utc


def _as_utc(wall: stdlib.datetime) -> Instant:
    """Take the figures of a wall clock as UTC."""
    return DateTime(
        wall.year,
        wall.month,
        wall.day,
        wall.hour,
        wall.minute,
        wall.second,
        wall.microsecond,
        tzinfo=UTC,
    )


def _out_of_range(value: stdlib.datetime) -> InvalidValueError:
    return InvalidValueError("instant", str(value), "is out of range", "years 1900 to 9998")


def _from_text(text: str) -> stdlib.datetime:
    match = _SHAPE.fullmatch(text)
    if match is None or match[2] is None:
        raise InvalidValueError("instant", text, "is no instant", _FORM)
    day, clock, offset = match.groups(default="")
    return _stdlib_datetime(text, f"{day}T{clock.replace(',', '.')}{offset.upper()}")


def _stdlib_datetime(text: str, iso: str) -> stdlib.datetime:
    try:
        return stdlib.datetime.fromisoformat(iso)
    except ValueError as error:
        raise InvalidValueError("time", text, f"does not exist ({error})", _FORM) from None


def to_text(at: Instant) -> str:
    """Write an instant as RFC 3339 in UTC, with a fraction only where there is one."""
    utc = instant(at)
    has_thousandths = utc.microsecond and not utc.microsecond % 1000
    fraction = "milliseconds" if has_thousandths else "auto"
    return f"{utc.replace(tzinfo=None).isoformat(timespec=fraction)}Z"


def zone(name: str) -> pendulum.Timezone:
    """Find a time zone by its IANA name, such as "Asia/Hong_Kong".

    Raises:
        InvalidTypeError: if the name is no text.
        InvalidValueError: if there is none of this name.
    """
    return _zone(checked("time zone", name, str))


@lru_cache(maxsize=512)
def _zone(name: str) -> pendulum.Timezone:
    try:
        return pendulum.timezone(name)
    except (InvalidTimezone, ValueError, OSError):
        raise InvalidValueError("time zone", name, "is unknown", "an IANA name") from None


def at_milliseconds(count: int) -> Instant:
    """Give the instant so many milliseconds after 1970 began in UTC; negative ones lie before.

    Raises:
        InvalidTypeError: for anything but a whole number, such as seconds with a fraction.
        InvalidValueError: if the year is not between 1900 and 9998.
    """
    if type(count) is not int:
        raise InvalidTypeError("milliseconds", type(count).__name__, "a whole number")
    try:
        return _in_utc(_EPOCH + stdlib.timedelta(milliseconds=count))
    except OverflowError:
        text = f"{'-' if count < 0 else ''}10^14 and more"
        raise InvalidValueError(
            "milliseconds", text, "are out of range", "years 1900 to 9998"
        ) from None


def shifted(at: Instant, by: stdlib.timedelta) -> Instant:
    """Move an instant by a span, backward if that is negative, within 1900 to 9998.

    What would lie beyond comes to the first or last instant of those years: a deadline that is far
    beyond a far date is as good as never, and no reason to fail.
    """
    if by >= (_LAST - at).as_timedelta():
        return _LAST
    if by <= (_FIRST - at).as_timedelta():
        return _FIRST
    return _in_utc(at + by)


def checked_span(
    what: str, value: object, *, longest: stdlib.timedelta = _LONGEST
) -> stdlib.timedelta:
    """Give a span of time back if it is one, not negative and up to the longest, 100 years.

    Raises:
        InvalidTypeError: for anything else than a `timedelta`.
        InvalidValueError: outside the range.
    """
    if not isinstance(value, stdlib.timedelta):
        raise InvalidTypeError(what, type(value).__name__, "a timedelta")
    if not stdlib.timedelta() <= value <= longest:
        raise InvalidValueError(what, str(value), "is out of range", f"0 to {longest.days} days")
    return value


def in_zone(at: Instant, name: str) -> Instant:
    """Show an instant on the wall clock of a zone, for people and for calendar days."""
    return at.in_timezone(zone(name))


def at_wall_clock(day: stdlib.date, clock: stdlib.time, name: str) -> Instant:
    """Give the instant at which a zone's wall clock shows this day and time.

    A time that daylight saving skips is moved forward by the gap; of a time that comes twice, the
    first is meant.
    """
    return _in_utc(stdlib.datetime.combine(day, clock, tzinfo=zone(name)))


def end_of_day(day: stdlib.date, name: str) -> Instant:
    """Give the last second of a local day, also of one whose last hour comes twice.

    Source: eBay's shipByDate and delivery estimates end with the last second of the local day.
    """
    midnight = at_wall_clock(day + stdlib.timedelta(days=1), stdlib.time.min, name)
    return instant(midnight - stdlib.timedelta(seconds=1))


def calendar_day(text: str) -> stdlib.date:
    """Read a calendar day written as YYYY-MM-DD.

    Raises:
        InvalidValueError: if there is no such day.
    """
    match = _SHAPE.fullmatch(text)
    if match is None or match[2] is not None:
        raise InvalidValueError("day", text, "is no calendar day", "YYYY-MM-DD")
    return _stdlib_datetime(text, text).date()


def time_of_day(text: str) -> stdlib.time:
    """Read a time of day written as HH:MM or HH:MM:SS, without a zone.

    Raises:
        InvalidValueError: if there is no such time.
    """
    if not _CLOCK.fullmatch(text):
        raise InvalidValueError("time of day", text, "is no time of day", "HH:MM or HH:MM:SS")
    return stdlib.time.fromisoformat(text)


def duration_text(span: stdlib.timedelta) -> str:
    """Say a span of time as people do: "3 d 4 h", "25 min"."""
    minutes = int(abs(span).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h {rest} min" if hours else f"{rest} min"


@attrs.frozen
class Window:
    """A span between two instants, both included.

    Raises:
        InvalidValueError: if it ends before it begins.
    """

    earliest: Instant = attrs.field(converter=instant)
    latest: Instant = attrs.field(converter=instant)

    def __attrs_post_init__(self) -> None:
        """Refuse a window that ends before it begins."""
        if self.latest < self.earliest:
            raise InvalidValueError(
                "window", to_text(self.latest), "ends early", f"from {to_text(self.earliest)} on"
            )

    def __contains__(self, at: Instant) -> bool:
        """Tell whether an instant lies within, its ends included."""
        return self.earliest <= at <= self.latest

    def __str__(self) -> str:
        """Give both ends in UTC."""
        return f"{to_text(self.earliest)} to {to_text(self.latest)}"


class Precision(Enum):
    """How exactly a carrier said when something happened."""

    INSTANT = "instant"
    LOCAL_TIME = "local time"
    LOCAL_DAY = "local day"


@attrs.frozen(order=True)
class Moment:
    """When a fact happened, as exactly as it was reported.

    `earliest` is the instant itself, or the earliest instant that a wall-clock time or a day
    without a zone can mean (its reading in UTC+14).  Moments sort by it, so that any set of them has
    one order.  Whoever judges by a moment asks `is_by`, `is_surely_by` or `is_surely_after` instead:
    they hold for every instant that is meant.
    """

    earliest: Instant = attrs.field(converter=instant)
    precision: Precision = attrs.field(
        default=Precision.INSTANT, order=lambda p: p.value, validator=of_type(Precision)
    )

    @classmethod
    def read(cls, text: str, zone_name: str | None = None) -> Self:
        """Read a reported time; one without a zone takes that of the facility, where it is known.

        Raises:
            InvalidValueError: if the text is no time.
        """
        match = _SHAPE.fullmatch(text.strip())
        if match is None:
            raise InvalidValueError("time", text, "is no time", f"{_FORM}, or without its zone")
        day, clock, offset = match.groups(default="")
        if clock and offset:
            return cls(instant(text.strip()))
        wall = _stdlib_datetime(text, f"{day}T{clock.replace(',', '.')}" if clock else day)
        if clock and zone_name:
            return cls(at_wall_clock(wall.date(), wall.time(), zone_name))
        precision = Precision.LOCAL_TIME if clock else Precision.LOCAL_DAY
        return cls(_in_utc(_as_utc(wall)) - _MOST_AHEAD, precision)

    @property
    def is_exact(self) -> bool:
        """Whether the instant itself is known."""
        return self.precision is Precision.INSTANT

    @property
    def latest(self) -> Instant:
        """The latest instant that is meant: the same, unless zone or time of day are unknown."""
        if self.is_exact:
            return self.earliest
        whole_day = stdlib.timedelta(days=self.precision is Precision.LOCAL_DAY)
        return shifted(self.earliest, _MOST_AHEAD + _MOST_BEHIND + whole_day)

    def is_surely_by(self, at: Instant) -> bool:
        """Tell whether this was by an instant, that one included, however it is meant."""
        return self.latest <= at

    def is_surely_after(self, other: Self | Instant) -> bool:
        """Tell whether this was later than an instant or a moment, however they are meant.

        Two that are inexact in the same way are read on the same wall clock.
        """
        if isinstance(other, DateTime):
            return self.earliest > other
        alike = self.precision is other.precision
        return self.earliest > (other.earliest if alike else other.latest)

    def is_by(self, at: Instant) -> bool | None:
        """Tell whether this was by an instant; None where that lies within what can be meant."""
        if self.is_surely_after(at):
            return False
        return True if self.is_surely_by(at) else None

    def plus(self, span: stdlib.timedelta) -> Self:
        """Give the moment so much later, or earlier for a span below zero; just as exact.

        It stays within 1900 to 9998: see `shifted`.
        """
        return type(self)(shifted(self.earliest, span), self.precision)

    def __str__(self) -> str:
        """Give the instant in UTC, or the local reading, marked as such."""
        if self.is_exact:
            return to_text(self.earliest)
        wall = (self.earliest + _MOST_AHEAD).replace(tzinfo=None).isoformat()
        shown = wall if self.precision is Precision.LOCAL_TIME else wall[:10]
        return f"{shown} {self.precision.value}"


def moment(value: str | stdlib.datetime | Moment) -> Moment:
    """Give a moment: as it is, from an instant, or from text as a carrier reports it.

    Raises:
        InvalidTypeError: for anything else.
        InvalidValueError: if it is a `datetime` without a zone, or text that is no time.
    """
    if isinstance(value, Moment):
        return value
    return Moment.read(value) if isinstance(value, str) else Moment(instant(value))


def first_of(moments: Iterable[Moment]) -> Moment | None:
    """Give the moment that can mean whenever the first of some was, None of none.

    It may be less exact than another, which may have been the first as well.
    """
    return min(moments, default=None)


def last_of(moments: Iterable[Moment]) -> Moment | None:
    """Give the moment that can mean whenever the last of some was, None of none.

    It may be less exact than another, which may have been the last as well.
    """
    return max(moments, key=lambda it: (it.latest, it.earliest), default=None)
