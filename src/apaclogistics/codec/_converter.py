"""The converter: how classes, unions and collections are made of scalars.

cattrs writes the functions that take an attrs class apart and put it together; what stands here
makes them strict.  A value of a union names its class beside its attributes.  So does a value whose
type a generic class leaves open, as `Step` does: a step says by itself what it carries.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import Enum
from functools import cache
from inspect import signature
from types import NoneType, UnionType
from typing import Any, Final, NewType, TypeAlias, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from apaclogistics.codec._faults import MOST_FAULTS, count, nearest, noted
from apaclogistics.codec._scalars import SCALARS, Hook, enum_reader, enum_writer, text, unfit
from apaclogistics.codec._text import to_text
from apaclogistics.errors import ApacLogisticsError, InvalidTypeError, InvalidValueError

T = TypeVar("T")
# A class, a generic alias, a union or a new type, for which Python has no type in common.
Form: TypeAlias = Any
Fits: TypeAlias = Callable[[Form], bool]
Factory: TypeAlias = Callable[[Form], Hook]


def writer(type_: Form) -> Hook:
    """Give the hook that writes values of a type.

    Raises:
        InvalidTypeError: if no document holds such values.
    """
    return _CONVERTER.get_unstructure_hook(type_)


def reader(type_: Form) -> Hook:
    """Give the hook that reads values of a type.

    Raises:
        InvalidTypeError: if no document holds such values.
    """
    return _CONVERTER.get_structure_hook(type_)


def structured(data: object, type_: type[T]) -> T:
    """Read a value of a class."""
    return _CONVERTER.structure(data, type_)


@cache
def readers_by_name(type_: Form) -> Mapping[str, Hook]:
    """Give the hooks that read a type, or each type of a union, by the names of the types."""
    readers = {kind: _reader_of(kind) for kind in _members(type_)}
    return {_bare(kind).__name__: read for kind, read in readers.items()}


def _reader_of(type_: Form) -> Hook:
    read = reader(type_)
    return lambda data, _: read(data, type_)


def chosen(readers: Mapping[str, Hook], name: object) -> Hook:
    """Find the hook of a name that stands in a document.

    Raises:
        InvalidTypeError: if the name is no text.
        InvalidValueError: if it is not among those that may stand there.
    """
    given = text(name)
    if given not in readers:
        raise InvalidValueError("type", given, "is not expected", nearest(given, readers))
    return readers[given]


def _bare(type_: object) -> Form:
    """Give what a generic alias is an alias of, and anything else as it is."""
    return get_origin(type_) or type_


def _is_union(type_: Form) -> bool:
    return _bare(type_) in (Union, UnionType)


def _members(type_: Form) -> tuple[Form, ...]:
    """Give the types of a union other than None, or the one that a type is by itself."""
    types = get_args(type_) if _is_union(type_) else (type_,)
    return tuple(kind for kind in types if kind is not NoneType)


def _is_items(type_: Form) -> bool:
    """Tell whether a type is a tuple of any length or a set, whose items are of one type."""
    kind, given = _bare(type_), get_args(type_)
    return (kind is frozenset and len(given) == 1) or (kind is tuple and given[1:] == (...,))


def _is_record(type_: Form) -> bool:
    return attrs.has(type_) and type_ not in _SCALAR_TYPES


def _as_object(data: object) -> dict[str, object]:
    if type(data) is not dict:
        raise unfit(data, "an object")
    return data


@cache
def _items_writer(type_: Form) -> Hook:
    kind: type = _bare(type_)
    write_item = writer(get_args(type_)[0])

    def write(items: Collection[object]) -> list[object]:
        if type(items) is not kind:
            raise unfit(items, kind.__name__)
        written = [write_item(item) for item in items]
        return written if kind is tuple else sorted(written, key=to_text)

    return write


@cache
def _items_reader(type_: Form) -> Hook:
    kind: type = _bare(type_)
    item_type = get_args(type_)[0]
    read_item = reader(item_type)

    def read(data: object, _: object) -> object:
        if type(data) is not list:
            raise unfit(data, "a list")
        items = _read_each(data, read_item, item_type)
        made = kind(items)
        if len(made) < len(items):
            raise InvalidValueError("set of items", len(items), "has one of them twice")
        return made

    return read


def _read_each(data: Iterable[object], read: Hook, type_: Form) -> list[object]:
    """Read items, and tell of all faults in them at once."""
    items, errors, faults = [], [], 0
    for index, item in enumerate(data):
        try:
            items.append(read(item, type_))
        except (ApacLogisticsError, ExceptionGroup) as error:
            errors.append(noted(error, f"[{index}]"))
            faults += count(error)
        # A list of a million faults is not worth reading to its end.
        if faults > MOST_FAULTS:
            break
    if errors:
        raise ExceptionGroup("items", errors)
    return items


@cache
def _union_writer(type_: Form) -> Hook:
    first, *others = _members(type_)
    write = _write_named if others else writer(first)
    return lambda value: None if value is None else write(value)


@cache
def _union_reader(type_: Form) -> Hook:
    first, *others = _members(type_)
    read = _named_reader(type_) if others else reader(first)
    if NoneType not in get_args(type_):
        return read
    return lambda data, _: None if data is None else read(data, first)


def _write_named(value: object) -> object:
    written = _CONVERTER.unstructure(value)
    return {"type": type(value).__name__, **written} if isinstance(written, dict) else written


def _named_reader(type_: Form) -> Hook:
    readers = readers_by_name(type_)

    def read(data: object, _: object) -> object:
        fields = {**_as_object(data)}
        try:
            read_one = chosen(readers, fields.pop("type"))
        except (ApacLogisticsError, KeyError) as error:
            raise ExceptionGroup("type", [noted(error, ".type")]) from None
        return read_one(fields, None)

    return read


def _open_fields(type_: Form) -> dict[str, Form]:
    """Give the fields whose type a generic class leaves open, and what it is here."""
    kind = _bare(type_)
    given = dict(zip(getattr(kind, "__parameters__", ()), get_args(type_), strict=False))
    fields = [field for field in attrs.fields(kind) if isinstance(field.type, TypeVar)]
    return {field.name: given.get(field.type, field.type) for field in fields}


def _open_reader(type_: Form) -> Hook:
    return _named_reader(type_) if all(map(_is_record, _members(type_))) else reader(type_)


# In both, `Any` since cattrs takes its own options and the hooks of fields together, by name.
@cache
def _record_writer(type_: Form) -> Hook:
    named: Any = override(unstruct_hook=_write_named)
    return make_dict_unstructure_fn(type_, _CONVERTER, **dict.fromkeys(_open_fields(type_), named))


@cache
def _record_reader(type_: Form) -> Hook:
    opened = {name: _open_reader(kind) for name, kind in _open_fields(type_).items()}
    hooks: Any = {name: override(struct_hook=read) for name, read in opened.items()}
    read_fields: Hook = make_dict_structure_fn(type_, _CONVERTER, **hooks)
    check = _replay_check(_bare(type_))
    return lambda data, _: check(read_fields(_as_object(data), type_))


def _replay_check(kind: Form) -> Hook:
    """Make the check of a thing with a history: what it says is what its history and facts give."""
    replay = getattr(kind, "replay", None)
    if replay is None:
        return lambda thing: thing
    # Beside the steps, it takes what the thing keeps of facts, by the same names.
    _, *facts = signature(replay).parameters

    def checked(thing: Any) -> Any:
        if replay(thing.history, *(getattr(thing, name) for name in facts)) != thing:
            what = f"{kind.__name__.lower()} by its history"
            raise InvalidValueError(what, thing.id, "is another", "what its history and facts give")
        return thing

    return checked


def _refuse(type_: Form) -> Hook:
    raise InvalidTypeError("type", str(type_), "the types of this library, and what they hold")


_FACTORIES: Final[tuple[tuple[Fits, Factory, Factory], ...]] = (
    (lambda _: True, _refuse, _refuse),
    (lambda kind: issubclass(kind, Enum), enum_writer, enum_reader),
    (
        lambda kind: isinstance(kind, NewType),
        lambda kind: writer(kind.__supertype__),
        lambda kind: reader(kind.__supertype__),
    ),
    (_is_items, _items_writer, _items_reader),
    (_is_union, _union_writer, _union_reader),
    (_is_record, _record_writer, _record_reader),
)
_SCALAR_TYPES: Final = frozenset(kind for kind, _, _ in SCALARS)


def _built() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    # Of several that fit, cattrs takes what was registered last.
    for fits, make_writer, make_reader in _FACTORIES:
        converter.register_unstructure_hook_factory(fits, make_writer)
        converter.register_structure_hook_factory(fits, make_reader)
    for kind, write, read in SCALARS:
        converter.register_unstructure_hook(kind, write)
        converter.register_structure_hook(kind, read)
    # Older versions of cattrs have a hook for all enums, which would go before any factory.
    converter.register_structure_hook(Enum, lambda data, kind: enum_reader(kind)(data, kind))
    converter.register_structure_hook_func(lambda kind: kind is object, lambda data, _: data)
    return converter


_CONVERTER: Final = _built()
