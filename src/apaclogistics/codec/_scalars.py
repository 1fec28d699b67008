"""What one JSON value says: text, numbers, days, instants, codes."""

import datetime as stdlib
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, Final, TypeAlias

from apaclogistics.codec._faults import nearest
from apaclogistics.codec._text import Alien
from apaclogistics.errors import Hidden, InvalidTypeError, InvalidValueError
from apaclogistics.values.instants import Instant, calendar_day, instant, to_text
from apaclogistics.values.money import Currency
from apaclogistics.values.places import Country

# cattrs calls a hook with the value to write, or with the data to read and the type.  `Any`, since
# which type of value belongs to which hook is decided when the program runs.
Hook: TypeAlias = Callable[..., Any]

_MOST_INT: Final = 10**18
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_WORDS: Final[Mapping[type, str]] = MappingProxyType(
    {
        bool: "true or false",
        dict: "an object",
        float: "a number with a fraction or an exponent",
        int: "a whole number",
        list: "a list",
        NoneType: "null",
        str: "text",
    }
)


def unfit(value: object, allowed: str) -> InvalidTypeError:
    """Make the error for a value of the wrong type, which is named and not shown."""
    given = value.words if isinstance(value, Alien) else _WORDS.get(type(value))
    return InvalidTypeError("value", given or type(value).__name__, allowed)


# Hooks that only check are the same both ways.


def text(value: object, _: object = None) -> str:
    """Take text, which is Unicode: a lone half of a surrogate pair is none."""
    if type(value) is not str:
        raise unfit(value, "text")
    if not value.isascii() and _SURROGATE.search(value):
        raise InvalidValueError("text", Hidden(), "is no Unicode")
    return value


def _whole(value: object, _: object = None) -> int:
    if type(value) is not int:
        raise unfit(value, "a whole number")
    if not -_MOST_INT < value < _MOST_INT:
        raise unfit(value, "one of up to 18 digits")
    return value


def _truth(value: object, _: object = None) -> bool:
    if type(value) is not bool:
        raise unfit(value, "true or false")
    return value


def _foreign(value: object, _: object = None) -> object:
    raise unfit(value, "what a document can hold")


_UTC: Final = instant("1970-01-01T00:00:00Z").tzinfo
_MICROSECOND: Final = stdlib.timedelta(microseconds=1)


def _instant_text(at: Instant) -> str:
    utc = at if at.tzinfo is _UTC else instant(at)
    if utc.microsecond:
        return to_text(utc)
    # As above, by the standard library's own methods: pendulum's take several times as long.
    return f"{stdlib.datetime.date(utc)}T{stdlib.datetime.time(utc)}Z"


def _spelled(
    kind: type, shape: str, allowed: str, make: Callable[[str], object], write: Hook | None = None
) -> tuple[type, Hook, Hook]:
    """Give the hooks of what is written as text in one way only, by `str` unless said."""
    pattern = re.compile(shape, re.ASCII)

    def checked(spelled: str) -> str:
        if not pattern.fullmatch(spelled):
            raise InvalidValueError("value", spelled, "is not in shape", allowed)
        return spelled

    def write_checked(value: object) -> str:
        if type(value) is not kind:
            raise unfit(value, kind.__name__)
        # The decimal context of the host may ask for a small e before an exponent.
        return checked(str(value).replace("e", "E"))

    return kind, write or write_checked, lambda data, _: make(checked(text(data)))


# Types, how they are written, and how they are read.
SCALARS: Final[tuple[tuple[type, Hook, Hook], ...]] = (
    (str, text, text),
    (int, _whole, _whole),
    (bool, _truth, _truth),
    # Else cattrs would take these as they are.
    (float, _foreign, _foreign),
    (bytes, _foreign, _foreign),
    _spelled(Decimal, r"-?\d{1,99}(\.\d{1,99})?(E[+-]\d{1,3})?", "as in '12.50'", Decimal),
    _spelled(
        Instant,
        r"\d{4}-\d\d-\d\dT\d\d(:\d\d){2}(\.(\d{3}){1,2})?Z",
        "UTC, as in '2026-03-01T00:00:00Z'",
        instant,
        write=_instant_text,
    ),
    _spelled(stdlib.date, r"\d{4}-\d\d-\d\d", "YYYY-MM-DD", calendar_day),
    _spelled(
        stdlib.time,
        r"([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{6})?",
        "HH:MM:SS, without a zone",
        stdlib.time.fromisoformat,
    ),
    (
        stdlib.timedelta,
        lambda span: _whole(span // _MICROSECOND),
        lambda data, _: stdlib.timedelta(microseconds=_whole(data)),
    ),
    (Currency, lambda currency: text(currency.code), lambda data, _: Currency(text(data))),
    (Country, lambda country: text(country.code), lambda data, _: Country(text(data))),
)


@cache
def enum_writer(type_: type[Enum]) -> Hook:
    """Make a hook that writes a member as its value."""

    def write(member: Enum) -> object:
        if type(member) is not type_:
            raise unfit(member, type_.__name__)
        # The property `value` takes ten times as long.
        return member._value_

    return write


@cache
def enum_reader(type_: type[Enum]) -> Hook:
    """Make a hook that reads a member from its value, which is text."""
    members = {member.value: member for member in type_}

    def read(data: object, _: object) -> Enum:
        given = text(data)
        if given not in members:
            raise InvalidValueError("value", given, "is unknown", nearest(given, members))
        return members[given]

    return read
