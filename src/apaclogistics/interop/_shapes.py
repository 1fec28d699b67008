"""What a foreign document is, told from its shape before it is read.

A path such as ``shipments.*.id`` names a place: a member by its name, and with ``*`` every element
of an array and every member of an object.  A document has a shape if something stands at each path
of it.  XML is told by its root element, and nothing of it is parsed: what is not read here needs no
parser, which is where documents from strangers do their harm.

>>> is_dhl = shaped("shipments.*.id", "shipments.*.service")
>>> is_dhl({"shipments": [{"id": "7777777770", "service": "express"}]}), is_dhl([{"id": 1}])
(True, False)
>>> root_of('<?xml version="1.0"?><s:Envelope xmlns:s="urn:example">')
'Envelope'
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

__all__ = ("Recognises", "any_of", "found", "root_of", "rooted", "shaped")

Recognises: TypeAlias = Callable[[object], bool]

# A root element comes after a declaration, comments and a document type, and that is soon.
_BEGINNING: Final = 4096
_ROOT: Final = re.compile(
    r"\s*+(?>(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*>)\s*+)*+<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)",
    re.DOTALL | re.ASCII,
)


def shaped(*paths: str) -> Recognises:
    """Give a test that tells whether a document holds something at each of these paths."""

    def has_shape(payload: object) -> bool:
        return all(any(True for _ in found(payload, path)) for path in paths)

    return has_shape


def any_of(*tests: Recognises) -> Recognises:
    """Give a test that holds where one of these holds."""

    def is_one(payload: object) -> bool:
        return any(test(payload) for test in tests)

    return is_one


def rooted(root: str, mark: str = "") -> Recognises:
    """Give a test that tells XML by its root element, and by a word near the beginning."""

    def has_root(payload: object) -> bool:
        return root_of(payload) == root and mark in str(payload)[:_BEGINNING]

    return has_root


def found(payload: object, path: str) -> Iterator[object]:
    """Give everything that stands at a path; null is nothing."""
    values = [payload]
    for step in path.split("."):
        values = [inner for value in values for inner in _inside(value, step)]
    return (value for value in values if value is not None)


def _inside(value: object, step: str) -> list[object]:
    match value:
        case dict():
            return list(value.values()) if step == "*" else [value.get(step)]
        case list() if step == "*":
            return value
        case _:
            return []


def root_of(payload: object) -> str:
    """Give the name of the root element of XML, without its prefix; empty for anything else."""
    beginning = payload[:_BEGINNING] if isinstance(payload, str) else ""
    match = _ROOT.match(beginning)
    return "" if match is None else match[1]
