"""How a foreign document is written: on a sheet that notes what does not fit, and loses nothing.

A `Sheet` is the counterpart of a reader's cursor.  What the format cannot hold is a *fault*, noted
with the path where it would stand, and writing goes on, so that all faults come out at once.  What
can be written and is odd all the same is a `Doubt`, and what our values say and the format has no
field for is named as left out.

A message says what is wrong and never shows a text that may be personal data.

>>> sheet = Sheet()
>>> _ = sheet.text("$.street1", "x" * 63, most=50)
>>> _ = sheet.needed("$.name", "")
>>> sheet.written({})
Traceback (most recent call last):
    ...
apaclogistics.errors.CodecErrors: $.name: is missing
$.street1: has 63 characters; allowed: 50
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from apaclogistics.errors import CodecError, CodecErrors, masked
from apaclogistics.interop._reading import Doubt, in_order
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Money

__all__ = ("Json", "Sheet", "Written", "amount", "centimetres", "filled", "milliseconds")

# Control characters but for tabs and line breaks, and halves of UTF-16's pairs.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"


@attrs.frozen(kw_only=True)
class Written:
    """A document that somebody else's interface takes, and what is to be said of it.

    `payload` is JSON to be sent as it is; it may hold personal data, so the `repr` hides it.
    `warnings` are what is doubtful in it, by its own paths.  `left_out` names, in our words, what
    the format has no field for.
    """

    payload: Mapping[str, Json] = attrs.field(repr=masked)
    warnings: tuple[Doubt, ...] = ()
    left_out: tuple[str, ...] = ()


@attrs.define
class Sheet:
    """What came up while a document was written."""

    faults: dict[tuple[str, str], CodecError] = attrs.field(factory=dict)
    doubts: set[Doubt] = attrs.field(factory=set)
    omitted: set[str] = attrs.field(factory=set)

    def fault(self, path: str, problem: str) -> None:
        """Note what the format cannot hold."""
        self.faults.setdefault((path, problem), CodecError(path, problem))

    def doubt(self, path: str, code: str, text: str) -> None:
        """Note what is written and odd all the same."""
        self.doubts.add(Doubt(path, code, text))

    def omit(self, name: str, value: object) -> None:
        """Note that the format has no field for something, if it says anything."""
        if value:
            self.omitted.add(name)

    def text(self, path: str, text: str, *, most: int | None = None) -> str:
        """Write a text of so many characters (code points) at most; it is never cut.

        Tabs and line breaks are the only control characters that go along.
        """
        given: object = text
        if not isinstance(given, str):
            self.fault(path, f"is given as {type(given).__name__}; allowed: text")
            return ""
        if _UNWRITABLE.search(text):
            self.fault(path, "has a control character or half a character; allowed: text")
        if most is not None and len(text) > most:
            self.fault(path, f"has {len(text)} characters; allowed: {most}")
        return text

    def needed(self, path: str, text: str, *, most: int | None = None) -> str:
        """Write a text that must say something."""
        if text == "":
            self.fault(path, "is missing")
        return self.text(path, text, most=most)

    def within(self, path: str, number: int, *, least: int, most: int) -> int:
        """Write a whole number of a range."""
        if type(number) is not int:
            self.fault(path, f"is given as {type(number).__name__}; allowed: a whole number")
        elif not least <= number <= most:
            self.fault(path, f"is {number}; allowed: {least} to {most}")
        return number

    def refuse_faults(self) -> None:
        """Raise all faults at once, in the order of their paths.

        Raises:
            CodecErrors: if there are any.
        """
        if self.faults:
            raise CodecErrors.of([self.faults[key] for key in sorted(self.faults)])

    def written(self, payload: Mapping[str, Json]) -> Written:
        """Give the document, if nothing was at fault.

        Raises:
            CodecErrors: if there were faults; all at once, with their paths.
        """
        self.refuse_faults()
        return Written(
            payload=payload,
            warnings=in_order(self.doubts),
            left_out=tuple(sorted(self.omitted)),
        )


def filled(members: Mapping[str, Json]) -> dict[str, Json]:
    """Leave out the members that say nothing: null, the empty text, nothing inside."""
    return {
        key: value
        for key, value in members.items()
        if isinstance(value, bool | int | float) or value
    }


def amount(money: Money) -> dict[str, Json]:
    """Write money as decimal text with the digits of its currency, as in "12.50" or, of yen, "12"."""
    return {"value": f"{money.amount:f}", "currency": money.currency.code}


def milliseconds(at: Instant | None) -> str:
    """Write an instant in UTC to the millisecond; what is finer is dropped, as a clock does."""
    if at is None:
        return ""
    utc = instant(at)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03}Z"


def centimetres(millimetres: int) -> int | float:
    """Write a length; a tenth prints exactly, since the nearest float is printed at its shortest."""
    whole, tenths = divmod(millimetres, 10)
    return millimetres / 10 if tenths else whole
