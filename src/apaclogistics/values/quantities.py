"""Weights in whole grams and lengths in whole millimetres, both above zero.

>>> Weight.from_kilograms("1.5")
Weight(grams=1500)
>>> Dimensions(300, 400, 200).girth_mm
1000
"""

import re
from typing import Self

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError

__all__ = ("Dimensions", "Weight", "whole")

# Larger than any parcel or consignment by air, sea or rail; keeps arithmetic and print bounded.
_MAX_GRAMS = 1_000_000_000
_MAX_MILLIMETRES = 100_000
_KILOGRAMS = re.compile(r"(-?[0-9]{1,7})(?:\.([0-9]{1,3})0*)?", re.ASCII)


def whole(what: str, value: object, *, least: int, most: int) -> int:
    """Give a whole number back if it is one and lies between `least` and `most`.

    Raises:
        InvalidTypeError: for a float, a bool, or anything else that is no `int`.
        InvalidValueError: outside the range.
    """
    if type(value) is not int:
        raise InvalidTypeError(what, type(value).__name__, "a whole number (int)")
    if not least <= value <= most:
        raise InvalidValueError(what, value, "is out of range", f"{least} to {most}")
    return value


@attrs.frozen(order=True)
class Weight:
    """A weight in whole grams, from 1 g to 1,000 t."""

    grams: int

    def __attrs_post_init__(self) -> None:
        """Refuse what is no weight."""
        whole("weight in grams", self.grams, least=1, most=_MAX_GRAMS)

    @classmethod
    def from_kilograms(cls, text: str) -> Self:
        """Read a decimal number of kilograms, exact to the gram.

        Raises:
            InvalidValueError: if it is no plain decimal number, or finer than a gram.
        """
        match = _KILOGRAMS.fullmatch(text) if len(text) <= 16 else None
        if match is None:
            raise InvalidValueError(
                "weight in kilograms", text, "is no whole number of grams", "as in '1.5' or '0.499'"
            )
        return cls(int(match[1] + (match[2] or "").ljust(3, "0")))

    def __add__(self, other: Self) -> Self:
        """Weigh two things together."""
        return type(self)(self.grams + other.grams)

    def __str__(self) -> str:
        """Give grams with their unit."""
        return f"{self.grams} g"


@attrs.frozen(init=False)
class Dimensions:
    """Three sides in whole millimetres; a box is the same box however it is turned.

    Sides are kept longest first.
    """

    length_mm: int
    width_mm: int
    height_mm: int

    def __init__(self, length_mm: int, width_mm: int, height_mm: int) -> None:
        """Take the sides in any order, each from 1 mm to 100 m.

        Raises:
            InvalidTypeError: if a side is not a whole number.
            InvalidValueError: if a side is out of range.
        """
        sides = (length_mm, width_mm, height_mm)
        for side in sides:
            whole("side in millimetres", side, least=1, most=_MAX_MILLIMETRES)
        self.__attrs_init__(*sorted(sides, reverse=True))

    @property
    def girth_mm(self) -> int:
        """The way around, across the longest side: twice width and height."""
        return 2 * (self.width_mm + self.height_mm)

    @property
    def total_mm(self) -> int:
        """Length, width and height added."""
        return self.length_mm + self.width_mm + self.height_mm

    @property
    def volume_mm3(self) -> int:
        """The volume in cubic millimetres."""
        return self.length_mm * self.width_mm * self.height_mm

    def __str__(self) -> str:
        """Give the sides in millimetres, longest first."""
        return f"{self.length_mm} x {self.width_mm} x {self.height_mm} mm"
