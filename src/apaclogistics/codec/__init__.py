"""The codec: from the domain to JSON and back, exactly, and with every fault named.

A document says what it is: the version of its format, the type, and the data under our own names.
Text, whole numbers, true, false and null are JSON's own; decimals, instants, days and times of day
are text, spans of time whole microseconds, currencies and countries their codes, a set is a sorted
list.  What may be one of several classes says which as "type".

Reading is strict: nothing is taken for what it is not, no key is unknown or comes twice, and size
and depth are bounded.  It gives what was written, or raises `CodecErrors` that name each fault by
its path and repeat no personal data.  The constructors' own checks run, and a thing with a history is
read only if it is what its history and facts give; whether what happened was allowed to happen is not
judged again.  Writing is as strict, so that what is written can be read.

>>> from apaclogistics.values.money import Money
>>> dumps(Money.of("12.50", "USD"))
'{"format":1,"type":"Money","data":{"minor":1250,"currency":"USD"}}'
>>> loads('{"format":1,"type":"Money","data":{"minor":"12.50"}}', Money)
Traceback (most recent call last):
    ...
apaclogistics.errors.CodecErrors: $.data.minor: value is given as text; allowed: a whole number
$.data.currency: is missing
"""

from types import UnionType
from typing import TypeVar

from apaclogistics.codec._formats import FORMAT
from apaclogistics.codec._text import from_text, to_text
from apaclogistics.errors import CodecError, CodecErrors

__all__ = ("FORMAT", "dumps", "from_plain", "loads", "to_plain")

T = TypeVar("T")


def dumps(x: object) -> str:
    """Write a value as a JSON document; the same value always gives the same text.

    Raises:
        InvalidTypeError: for a value of a type that no document holds.
        CodecErrors: if it holds something else than its types say, or text that is no Unicode.
    """
    return to_text(to_plain(x))


def loads(text: str | bytes, type_: type[T] | UnionType) -> T:
    """Read a value of a type, or of one of a union, from a JSON document in UTF-8.

    A type checker takes the type as given; for a union it asks for an annotation.

    Raises:
        InvalidTypeError: for a type that no document holds.
        CodecErrors: with every fault of the document, up to a hundred.
    """
    data, problem = from_text(text)
    if problem:
        raise CodecErrors.of([CodecError("$", problem)])
    return from_plain(data, type_)


def to_plain(x: object) -> dict[str, object]:
    """Write a value as `dumps` does, as the dictionaries and lists that a JSON library takes."""
    # cattrs takes long to import, so it is imported with the first document that is written.
    from apaclogistics.codec._documents import write_document  # noqa: PLC0415

    return write_document(x)


def from_plain(data: object, type_: type[T] | UnionType) -> T:
    """Read a value as `loads` does, from what a JSON library made of a document."""
    # As above: not before the first document that is read.
    from apaclogistics.codec._documents import read_document  # noqa: PLC0415

    return read_document(data, type_)
