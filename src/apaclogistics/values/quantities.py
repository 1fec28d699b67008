"""Weights in whole grams and lengths in whole millimetres, both above zero, and their limits.

>>> Weight.from_kilograms("1.5")
Weight(grams=1500)
>>> Dimensions(300, 400, 200).girth_mm
1000
>>> limits = SizeLimits(max_grams=2000, max_total_mm=900)
>>> [str(reason) for reason in limits.against(Weight(2100), Dimensions(600, 200, 50))]
['weight of 2100 g is above the limit of 2000 g']
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.values.fields import optional

__all__ = ("Dimensions", "SizeLimits", "Weight", "ratio", "whole")

# Larger than any parcel or consignment by air, sea or rail; keeps arithmetic and print bounded.
_MAX_GRAMS = 1_000_000_000
_MAX_MILLIMETRES = 100_000
_RATIO = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?", re.ASCII)
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


def ratio(value: int | str | Decimal, *, what: str = "ratio", most: int = 100) -> Decimal:
    """Give a ratio or a percentage back as an exact number, from 0 to `most`, to six decimals.

    Raises:
        InvalidTypeError: for a float, which is not what it looks like, and for a bool.
        InvalidValueError: outside the range, or with more decimals.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise InvalidTypeError(what, type(value).__name__, "text, Decimal or a whole number")
    text = _written(value) if isinstance(value, Decimal) else str(value)
    if not _RATIO.fullmatch(text) or Decimal(text) > most:
        raise InvalidValueError(what, value, "is out of range", f"0 to {most}, to six decimals")
    return Decimal(text)


def _written(number: Decimal) -> str:
    """Write a ratio plainly; one that is far too large or small costs nothing and is refused."""
    is_small = number.is_finite() and abs(number.adjusted()) < 9
    return f"{number:f}" if is_small else ""


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
            InvalidTypeError: if it is no text.
            InvalidValueError: if it is no plain decimal number, or finer than a gram.
        """
        if not isinstance(text, str):
            raise InvalidTypeError("weight in kilograms", type(text).__name__, "text")
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

    def fits_in(self, box: Self) -> bool:
        """Tell whether a box holds this one, turned as it fits best with parallel sides."""
        return (
            self.length_mm <= box.length_mm
            and self.width_mm <= box.width_mm
            and self.height_mm <= box.height_mm
        )


@attrs.frozen(kw_only=True)
class SizeLimits:
    """How heavy and how large a parcel may be, each limit included; None where none is stated.

    Weights are actual weights in grams, sides in millimetres, the volume in cubic millimetres.
    The girth is twice width and height; `max_total_mm` is of length, width and height added.  A
    parcel must fit into the `box`, however it is turned.
    """

    min_grams: int | None = None
    max_grams: int | None = None
    max_length_mm: int | None = None
    max_girth_mm: int | None = None
    max_length_and_girth_mm: int | None = None
    max_length_and_width_mm: int | None = None
    max_total_mm: int | None = None
    max_volume_mm3: int | None = None
    box: Dimensions | None = attrs.field(default=None, validator=optional(Dimensions))

    def __attrs_post_init__(self) -> None:
        """Refuse a limit that is no whole number above zero."""
        for name, _, _, _, unit in _SIDES:
            if (limit := getattr(self, name)) is not None:
                whole(f"{name} in {unit}", limit, least=1, most=_MAX_MILLIMETRES**3)
        for grams in (self.min_grams, self.max_grams):
            whole("limit in grams", 1 if grams is None else grams, least=1, most=_MAX_GRAMS)
        if (self.max_grams or _MAX_GRAMS) < (self.min_grams or 1):
            allowed = f"{self.min_grams} or more"
            raise InvalidValueError("limit in grams", self.max_grams, "is below the least", allowed)

    @property
    def needs_dimensions(self) -> bool:
        """Whether some limit is on sides, so that it cannot be judged without them."""
        return any(limit is not None for limit in (self.box, *self._side_limits()))

    def _side_limits(self) -> tuple[int | None, ...]:
        return tuple(getattr(self, name) for name, *_ in _SIDES)

    def against(self, weight: Weight, dimensions: Dimensions | None) -> tuple[Reason, ...]:
        """Give every limit that a parcel breaks; limits on sides ask for the sides."""
        of_weight = tuple(self._against_weight(weight))
        if dimensions is not None:
            return (*of_weight, *self._against_sides(dimensions))
        if not self.needs_dimensions:
            return of_weight
        text = "the sides are not known, and there are limits on them"
        return (*of_weight, Reason("dimensions_missing", text))

    def _against_weight(self, weight: Weight) -> Iterator[Reason]:
        if self.min_grams is not None and weight.grams < self.min_grams:
            text = f"weight of {weight} is below the least of {self.min_grams} g"
            yield Reason("too_light", text)
        if self.max_grams is not None and weight.grams > self.max_grams:
            text = f"weight of {weight} is above the limit of {self.max_grams} g"
            yield Reason("too_heavy", text)

    def _against_sides(self, dimensions: Dimensions) -> Iterator[Reason]:
        for (_, code, what, measure, unit), most in zip(_SIDES, self._side_limits(), strict=True):
            if most is not None and (value := measure(dimensions)) > most:
                text = f"{what} of {value} {unit} is above the limit of {most} {unit}"
                yield Reason(code, text)
        if self.box is not None and not dimensions.fits_in(self.box):
            text = f"{dimensions} does not fit into the limit of {self.box}"
            yield Reason("too_large", text)


_Side: TypeAlias = tuple[str, str, str, Callable[[Dimensions], int], str]

# Each limit on sides: its field, the code of its reason, and what is measured in which unit.
_SIDES: Final[tuple[_Side, ...]] = (
    ("max_length_mm", "too_long", "longest side", lambda box: box.length_mm, "mm"),
    ("max_girth_mm", "girth_too_large", "girth", lambda box: box.girth_mm, "mm"),
    (
        "max_length_and_girth_mm",
        "girth_too_large",
        "length and girth together",
        lambda box: box.length_mm + box.girth_mm,
        "mm",
    ),
    (
        "max_length_and_width_mm",
        "too_large",
        "length and width together",
        lambda box: box.length_mm + box.width_mm,
        "mm",
    ),
    ("max_total_mm", "too_large", "sides together", lambda box: box.total_mm, "mm"),
    ("max_volume_mm3", "too_large", "volume", lambda box: box.volume_mm3, "mm3"),
)
