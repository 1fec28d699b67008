"""Fields: how a value insists on the types of its parts when it is made.

An instance is proof only if what is inside is what it says.  Without these a wrong part would come
out much later, as somebody else's exception.  They are validators of attrs.

>>> @attrs.frozen
... class Shelf:
...     weights: tuple[int, ...] = attrs.field(validator=tuple_of(int))
>>> Shelf((1, "2"))
Traceback (most recent call last):
    ...
apaclogistics.errors.InvalidTypeError: one of weights of Shelf is given as str; allowed: int
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

import attrs

from apaclogistics.errors import InvalidTypeError

__all__ = ("frozenset_of", "of_type", "optional", "tuple_of")

T = TypeVar("T")


def of_type(kind: type[T]) -> Callable[[object, "attrs.Attribute[T]", T], None]:
    """Insist on a type.

    Raises:
        InvalidTypeError: by the validator, for anything else.
    """

    def validate(instance: object, field: "attrs.Attribute[T]", value: T) -> None:
        _insist(f"{field.name} of {type(instance).__name__}", value, kind, kind.__name__)

    return validate


def optional(kind: type[T]) -> Callable[[object, "attrs.Attribute[T | None]", T | None], None]:
    """Insist on a type, or None.

    Raises:
        InvalidTypeError: by the validator, for anything else.
    """

    def validate(instance: object, field: "attrs.Attribute[T | None]", value: T | None) -> None:
        if value is not None:
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


def _insist_on_each(name: str, values: Iterable[object], kind: type) -> None:
    for value in values:
        _insist(f"one of {name}", value, kind, kind.__name__)


def _insist(name: str, value: object, kind: type, allowed: str) -> None:
    if not isinstance(value, kind):
        raise InvalidTypeError(name, type(value).__name__, allowed)
