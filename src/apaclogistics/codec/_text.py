"""JSON as text: to values and back, within bounds.

What the language allows and no document of ours holds (fractions, NaN, numbers of a million digits,
objects with one key twice) becomes an `Alien`, so that it is refused where it stands, along with
whatever else is wrong.
"""

import json
import re
from array import array
from collections import Counter
from itertools import accumulate
from typing import Final

import attrs

from apaclogistics.errors import InvalidTypeError

# Room for 100,000 scans, and several times as deep and as many as anything of ours needs.
_MOST_TEXT: Final = 32 * 2**20
_MOST_DEPTH: Final = 64
_MOST_KEYS: Final = 1000
_MOST_DIGITS: Final = 32


@attrs.frozen
class Alien:
    """A JSON value that no document holds, in words."""

    words: str


def to_text(value: object) -> str:
    """Write JSON values as text, without blanks and with letters of every script as they are."""
    return _ENCODER.encode(value)


def from_text(text: str | bytes) -> tuple[object, str]:
    """Give the JSON value that a text says, or what is wrong with the text.

    Raises:
        InvalidTypeError: if it is neither text nor bytes.
    """
    if not isinstance(text, str | bytes):
        raise InvalidTypeError("document", type(text).__name__, "text or bytes")
    if len(text) > _MOST_TEXT:
        return None, f"is longer than {_MOST_TEXT} characters"
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
        if _is_deep(decoded):
            return None, f"is nested more than {_MOST_DEPTH} deep"
        return _DECODER.decode(decoded), ""
    except UnicodeDecodeError as error:
        return None, f"is no UTF-8 at byte {error.start}"
    except json.JSONDecodeError as error:
        return None, f"is no JSON at line {error.lineno}, column {error.colno}: {error.msg}"


def _whole_number(digits: str) -> int | Alien:
    # Python takes minutes to make an int of ten million digits.
    return int(digits) if len(digits) <= _MOST_DIGITS else Alien("a whole number of many digits")


def _fraction(_: str) -> Alien:
    return Alien("a number with a fraction or an exponent")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object] | Alien:
    if len(pairs) > _MOST_KEYS:
        return Alien(f"an object of {len(pairs)} keys")
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    ((key, _),) = Counter(key for key, _ in pairs).most_common(1)
    return Alien(f"an object with more than one {key[:64]!r}")


# What is written was made anew by our hooks, so that nothing in it holds itself.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole_number, parse_float=_fraction, parse_constant=Alien
)

_NO_MARKS: Final = bytes(set(range(256)) - set(b'[]{}"'))
_UP_AND_DOWN: Final = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")


def _is_deep(text: str) -> bool:
    """Tell whether brackets nest too deep, before a parser recurses into them.

    Only brackets and quotes are looked at.  Where no string holds a bracket, the quotes stand in
    pairs; where one does, the strings are cut out one by one.
    """
    if "\\" in text:
        text = text.replace("\\\\", "").replace('\\"', "")
    marks = text.encode(errors="replace").translate(None, _NO_MARKS)
    brackets = marks.replace(b'""', b"")
    if b'"' in brackets:
        brackets = re.sub(rb'"[^"]*"', b"", marks)
    depths = accumulate(array("b", brackets.translate(_UP_AND_DOWN)))
    return any(map(_MOST_DEPTH.__lt__, depths))
