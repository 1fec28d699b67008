"""Documents: what they say of themselves, and the data that they hold."""

from types import UnionType
from typing import TypeVar

import attrs

from apaclogistics.codec._converter import Form, chosen, readers_by_name, structured, writer
from apaclogistics.codec._faults import told
from apaclogistics.codec._formats import FORMAT, check_version, upgraded

T = TypeVar("T")


@attrs.frozen
class _Document:
    """What every document says, before anybody has looked at its data."""

    format: int
    type: str
    data: object


def write_document(x: object) -> dict[str, object]:
    """Write a value, its type and the format."""
    write = writer(type(x))
    return {"format": FORMAT, "type": type(x).__name__, "data": told("$.data", lambda: write(x))}


def read_document(data: object, type_: type[T] | UnionType) -> T:
    """Read a value of a type, or of one of a union."""
    wanted: Form = type_
    readers = readers_by_name(wanted)
    document = told("$", lambda: structured(data, _Document))
    told("$.format", lambda: check_version(document.format))
    read = told("$.type", lambda: chosen(readers, document.type))
    present = upgraded(document.data, document.type, document.format)
    value: T = told("$.data", lambda: read(present, None))
    return value
