"""Measures as eDIS writes them: grams, and centimetres with decimals, as numbers of JSON.

A number is taken at its shortest decimal, so that 30.1 is 301 mm.  What is finer than our whole
grams and millimetres is rounded up, with a warning; nothing and zero say that it is not known.
"""

import re
from decimal import ROUND_CEILING, Decimal
from typing import Final

from apaclogistics.interop._reading import Cursor
from apaclogistics.values.quantities import Dimensions, Weight

__all__ = ("dimensions", "millimetres", "size", "weight")

# Source: eDIS 1.1.0, size of getActualCosts: "Length*Width*Height".
_SIZE: Final = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,3})?)" + r"\*([0-9]{1,5}(?:\.[0-9]{1,3})?)" * 2)


def _whole(place: Cursor, number: Decimal, unit: str) -> int | None:
    whole = int(number.to_integral_value(ROUND_CEILING))
    if whole != number:
        place.doubt("rounded_up", f"is finer than a {unit} and is rounded up")
    return whole or None


def weight(place: Cursor) -> Weight | None:
    """Read a weight in grams, or nothing."""
    number = place.number_if_any()
    grams = None if number is None else _whole(place, number, "gram")
    return None if grams is None else place.built(lambda: Weight(grams))


def millimetres(place: Cursor) -> int | None:
    """Read a length in centimetres, or nothing."""
    number = place.number_if_any()
    return None if number is None else _whole(place, number * 10, "millimetre")


def dimensions(length: Cursor, width: Cursor, height: Cursor) -> Dimensions | None:
    """Read three sides in centimetres, or nothing where one is not known."""
    sides = [millimetres(side) for side in (length, width, height)]
    known = [side for side in sides if side is not None]
    return length.built(lambda: Dimensions(*known)) if len(known) == 3 else None


def size(place: Cursor) -> Dimensions | None:
    """Read three sides in centimetres from one text, as in "30*20.5*10", or nothing."""
    text = place.text_if_any()
    match = _SIZE.fullmatch(text)
    if match is None:
        if text:
            place.doubt("unreadable_size", "is no size in centimetres, as in '30*20*10'")
            place.disown()
        return None
    sides = [_whole(place, Decimal(side) * 10, "millimetre") for side in match.groups()]
    known = [side for side in sides if side is not None]
    return place.built(lambda: Dimensions(*known)) if len(known) == 3 else None
