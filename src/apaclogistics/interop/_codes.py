"""Vocabularies of carriers: tables of codes, written down by what the codes mean.

>>> meanings({"delivered": "01 43", "returning": "09"})["43"]
'delivered'
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from apaclogistics.errors import InvalidValueError

__all__ = ("meanings",)

T = TypeVar("T")


def meanings(table: Mapping[T, str]) -> Mapping[str, T]:
    """Turn a table of meanings, each with its codes, into one of codes.

    Raises:
        InvalidValueError: if a code stands in two places.
    """
    by_code: dict[str, T] = {}
    for meaning, codes in table.items():
        for code in codes.split():
            if code in by_code:
                raise InvalidValueError("vocabulary", code, "has two meanings", "one for each code")
            by_code[code] = meaning
    return MappingProxyType(by_code)
