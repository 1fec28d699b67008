"""Fields: how a value insists on the types of its parts when it is made.

An instance is proof only if what is inside is what it says.  Without these a wrong part would come
out much later, as somebody else's exception.  They are validators of attrs.

A text is Unicode of bounded length and a number has up to 18 digits, whatever they are for: half a
character, or a text of a million, could be kept and never be written again.  The errors show no
text, since it may be personal.

>>> @attrs.frozen
... class Shelf:
...     weights: tuple[int, ...] = attrs.field(validator=tuple_of(int))
>>> Shelf((1, "2"))
Traceback (most recent call last):
    ...
apaclogistics.errors.InvalidTypeError: one of weights of Shelf is given as str; allowed: int
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, TypeVar

import attrs

from apaclogistics.errors import Hidden, InvalidTypeError, InvalidValueError

__all__ = (
    "MOST_LABEL",
    "bounded",
    "checked",
    "different",
    "frozenset_of",
    "of_type",
    "optional",
    "several",
    "tuple_of",
)

T = TypeVar("T")
# Our bound: several times as long as any message, remark or name of the field.
_MOST_TEXT: Final = 100_000
# Ours, too: what every JSON library that keeps whole numbers apart reads exactly.
_MOST_INT: Final = 10**18 - 1
# What Python counts among a type and we do not: true is no number, and an instant no day.
_IMPOSTORS: Final[Mapping[type, type]] = MappingProxyType({int: bool, date: datetime})
_HALF: Final = re.compile("[\ud800-\udfff]")

# Labels are printed and indexed, so that they have an end; no carrier's comes near it.
MOST_LABEL: Final = 256


def of_type(kind: type[T]) -> Callable[[object, "attrs.Attribute[T]", T], None]:
    """Insist on a type.

    Raises:
        InvalidTypeError: by the validator, for anything else.
    """

    def validate(instance: object, field: "attrs.Attribute[T]", value: T) -> None:
        if not _is_plainly(value, kind):
            _insist(f"{field.name} of {type(instance).__name__}", value, kind, kind.__name__)

    return validate


def optional(kind: type[T]) -> Callable[[object, "attrs.Attribute[T | None]", T | None], None]:
    """Insist on a type, or None.

    Raises:
        InvalidTypeError: by the validator, for anything else.
    """

    def validate(instance: object, field: "attrs.Attribute[T | None]", value: T | None) -> None:
        if value is not None and not _is_plainly(value, kind):
            allowed = f"{kind.__name__} or None"
            _insist(f"{field.name} of {type(instance).__name__}", value, kind, allowed)

    return validate


def tuple_of(
    kind: type[T],
) -> Callable[[object, "attrs.Attribute[tuple[T, ...]]", tuple[T, ...]], None]:
    """Insist on a tuple of things of one type.

    Raises:
        InvalidTypeError: by the validator, for anything else, one thing instead of several included.
    """

    def validate(
        instance: object, field: "attrs.Attribute[tuple[T, ...]]", value: tuple[T, ...]
    ) -> None:
        name = f"{field.name} of {type(instance).__name__}"
        _insist(name, value, tuple, f"a tuple of {kind.__name__}")
        _insist_on_each(name, value, kind)

    return validate


def frozenset_of(
    kind: type[T],
) -> Callable[[object, "attrs.Attribute[frozenset[T]]", frozenset[T]], None]:
    """Insist on a frozen set of things of one type.

    Raises:
        InvalidTypeError: by the validator, for anything else, a set that can change included.
    """

    def validate(
        instance: object, field: "attrs.Attribute[frozenset[T]]", value: frozenset[T]
    ) -> None:
        name = f"{field.name} of {type(instance).__name__}"
        _insist(name, value, frozenset, f"a frozenset of {kind.__name__}")
        _insist_on_each(name, value, kind)

    return validate


def checked(what: str, value: object, kind: type[T]) -> T:
    """Give a value back if it is of a type.

    Raises:
        InvalidTypeError: for anything else.
    """
    if not isinstance(value, kind):
        raise InvalidTypeError(what, type(value).__name__, kind.__name__)
    _insist(what, value, kind, kind.__name__)
    return value


def several(what: str, things: Iterable[T], kind: type = object) -> tuple[T, ...]:
    """Take several things, of one type if it is named; a text is one thing, and not its characters.

    Raises:
        InvalidTypeError: for one thing instead of several, and for things of another type.
    """
    given: object = things
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise InvalidTypeError(what, type(given).__name__, "several, as in a list")
    taken = tuple(things)
    _insist_on_each(what, taken, kind)
    return taken


def different(what: str, names: Iterable[str], *, may_be_none: bool = False) -> None:
    """Let names pass that can be told apart.

    Raises:
        InvalidValueError: if there are none and there must be some, or one of them comes twice.
    """
    given = tuple(names)
    if not given and not may_be_none:
        raise InvalidValueError(what, given, "are none", "one or more")
    twice = tuple(name for name in dict.fromkeys(given) if given.count(name) > 1)
    if twice:
        raise InvalidValueError(what, ", ".join(twice), "come twice", "each once")


def bounded(what: str, *labels: tuple[str, str]) -> None:
    """Let labels pass that are no longer than 256 characters, each given with its name.

    Raises:
        InvalidValueError: for the first that is longer.
    """
    for name, label in labels:
        if len(label) > MOST_LABEL:
            allowed = f"up to {MOST_LABEL} characters"
            raise InvalidValueError(f"{what}'s {name}", label, "is too long", allowed)


def _insist_on_each(name: str, values: Iterable[object], kind: type) -> None:
    for value in values:
        _insist(f"one of {name}", value, kind, kind.__name__)


def _is_plainly(value: object, kind: type) -> bool:
    """Tell at once of nearly every value that it is what it should be; others are looked at."""
    if type(value) is not kind:
        return False
    if isinstance(value, str):
        return len(value) <= _MOST_TEXT and value.isascii()
    return not isinstance(value, int)


def _insist(name: str, value: object, kind: type, allowed: str) -> None:
    if not isinstance(value, kind) or isinstance(value, _IMPOSTORS.get(kind, ())):
        raise InvalidTypeError(name, type(value).__name__, allowed)
    _insist_on_bounds(name, value)


def _insist_on_bounds(name: str, value: object) -> None:
    match value:
        case str() if len(value) > _MOST_TEXT:
            raise InvalidValueError(name, Hidden(), "is too long", f"up to {_MOST_TEXT} characters")
        case str() if not value.isascii() and _HALF.search(value):
            raise InvalidValueError(name, Hidden(), "has half a character", "Unicode")
        case int() if abs(value) > _MOST_INT:
            raise InvalidValueError(name, value, "is out of range", f"up to {_MOST_INT}")
        case _:
            return
