"""Identifiers: of our own things, and the numbers that carriers print on parcels.

A tracking number is one of four: a UPU S10 item identifier, a GS1 SSCC, a SpeedPAK number, or an
opaque number of some carrier.  `tracking_number` recognises which; the `parse` of a scheme insists
on it and says what is wrong.

>>> tracking_number("rr 473 124 829 gb")
S10Number(service='RR', serial='47312482', country='GB')
>>> S10Number.parse("RR473124820GB")
Traceback (most recent call last):
    ...
apaclogistics.errors.InvalidValueError: S10 number 'RR473124820GB' has check digit 0; allowed: 9
>>> tracking_number("9405500208303109888319")
OpaqueNumber(text='9405500208303109888319')
"""

import re
import string
from typing import NewType, Self, TypeAlias, TypeVar

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.fields import checked, of_type

__all__ = (
    "BundleId",
    "CarrierCode",
    "ClaimId",
    "IdempotencyKey",
    "InquiryId",
    "LineId",
    "ListingId",
    "ListingVersion",
    "OpaqueNumber",
    "OrderId",
    "ParcelId",
    "QuoteId",
    "S10Number",
    "SellerId",
    "ShipmentId",
    "SpeedPakNumber",
    "SsccNumber",
    "TrackingNumber",
    "checked_id",
    "checked_number",
    "compact",
    "identifier",
    "is_id",
    "tracking_number",
)

SellerId = NewType("SellerId", str)
ListingId = NewType("ListingId", str)
QuoteId = NewType("QuoteId", str)
OrderId = NewType("OrderId", str)
LineId = NewType("LineId", str)
ShipmentId = NewType("ShipmentId", str)
BundleId = NewType("BundleId", str)
ParcelId = NewType("ParcelId", str)
InquiryId = NewType("InquiryId", str)
ClaimId = NewType("ClaimId", str)
CarrierCode = NewType("CarrierCode", str)
IdempotencyKey = NewType("IdempotencyKey", str)

T = TypeVar("T", bound=str)

_MAX_ID = 128
_MAX_NUMBER = 64
# As people write it, with spaces and hyphens.
_MAX_WRITTEN = 2 * _MAX_NUMBER


def checked_id(what: str, text: str) -> str:
    """Give an identifier back if it is one: 1 to 128 printable characters, not blank at the ends.

    Raises:
        InvalidValueError: otherwise.
    """
    if not isinstance(text, str) or not 0 < len(text) <= _MAX_ID or not text.isprintable():
        raise InvalidValueError(
            what, text, "is no identifier", f"1 to {_MAX_ID} printable characters"
        )
    if text != text.strip():
        raise InvalidValueError(what, text, "is blank at an end", "no white space around it")
    return text


def is_id(text: str) -> bool:
    """Tell whether a text is an identifier, without telling of it; see `checked_id`."""
    try:
        checked_id("identifier", text)
    except InvalidValueError:
        return False
    return True


def identifier(instance: object, field: "attrs.Attribute[T]", value: T) -> None:
    """Insist on an identifier, as a validator of attrs.

    Raises:
        InvalidValueError: for what `checked_id` refuses.
    """
    checked_id(f"{field.name} of {type(instance).__name__}", value)


@attrs.frozen
class ListingVersion:
    """One version of a listing, counted from 1; an order pins the one that it was sold on."""

    listing: ListingId = attrs.field(validator=identifier)
    version: int = attrs.field(validator=of_type(int))

    def __str__(self) -> str:
        """Give listing and version, as in "l-1 v2"."""
        return f"{self.listing} v{self.version}"


_CAPITALS = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


def compact(text: str) -> str:
    """Drop the spaces and hyphens of print and write letters as capitals.

    Letters of other scripts are left alone: one that only looks like a capital is none.
    """
    return re.sub(r"[\s-]+", "", text).translate(_CAPITALS)


def _bounded(text: str) -> str:
    checked("number", text, str)
    return compact(text) if len(text) <= _MAX_WRITTEN else ""


# Source: UPU standard S10-12; the first letters J, K, S, T and W are reserved there, yet seen.
_S10 = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})", re.ASCII)
_S10_PARTS = re.compile(r"[A-Z]{2}-[0-9]{8}-[A-Z]{2}", re.ASCII)
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_S10_SPECIAL = {10: 0, 11: 5}


@attrs.frozen
class S10Number:
    """A UPU S10 item identifier: service indicator, eight digits, check digit, country.

    Source: UPU S10-12.  The check digit is computed, so that an instance cannot have a wrong one.
    """

    service: str
    serial: str
    country: str

    def __attrs_post_init__(self) -> None:
        """Refuse parts that do not make an S10 number."""
        parts = f"{self.service}-{self.serial}-{self.country}"
        if not _S10_PARTS.fullmatch(parts):
            raise InvalidValueError(
                "S10 number", parts, "is not in shape", "two letters, eight digits, two letters"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an S10 number, with or without the spaces of print.

        Raises:
            InvalidValueError: if the shape or the check digit is wrong.
        """
        match = _S10.fullmatch(_bounded(text))
        if match is None:
            allowed = "two letters, nine digits, two letters"
            raise InvalidValueError("S10 number", text, "is not in shape", allowed)
        number = cls(match[1], match[2], match[4])
        if match[3] != number.check_digit:
            problem = f"has check digit {match[3]}"
            raise InvalidValueError("S10 number", text, problem, number.check_digit)
        return number

    @property
    def check_digit(self) -> str:
        """The check digit: 11 less the weighted sum modulo 11, where 10 is 0 and 11 is 5."""
        total = sum(int(d) * w for d, w in zip(self.serial, _S10_WEIGHTS, strict=True))
        rest = 11 - total % 11
        return str(_S10_SPECIAL.get(rest, rest))

    @property
    def text(self) -> str:
        """The thirteen characters."""
        return f"{self.service}{self.serial}{self.check_digit}{self.country}"

    def __str__(self) -> str:
        """Give the thirteen characters."""
        return self.text


_SSCC = re.compile(r"(?:\(00\)|00)?([0-9]{17})([0-9])", re.ASCII)


@attrs.frozen
class SsccNumber:
    """A GS1 serial shipping container code: seventeen digits and a check digit.

    Source: GS1 General Specifications, application identifier 00.
    """

    digits: str = attrs.field(validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse what is not seventeen digits."""
        if not re.fullmatch(r"[0-9]{17}", self.digits, re.ASCII):
            raise InvalidValueError("SSCC", self.digits, "is not in shape", "17 digits")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an SSCC of eighteen digits, with or without its application identifier (00).

        Raises:
            InvalidValueError: if the shape or the check digit is wrong.
        """
        match = _SSCC.fullmatch(_bounded(text))
        if match is None:
            raise InvalidValueError("SSCC", text, "is not in shape", "18 digits, (00) before them")
        number = cls(match[1])
        if match[2] != number.check_digit:
            raise InvalidValueError("SSCC", text, f"has check digit {match[2]}", number.check_digit)
        return number

    @property
    def check_digit(self) -> str:
        """The check digit: weights 3 and 1 from the right, what is missing to a ten."""
        total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(self.digits)))
        return str(-total % 10)

    @property
    def text(self) -> str:
        """The eighteen digits."""
        return f"{self.digits}{self.check_digit}"

    def __str__(self) -> str:
        """Give the eighteen digits."""
        return self.text


# Source: public SpeedPAK integrations; the prefixes EE and ES are documented, EX is seen in orders.
_SPEEDPAK = re.compile(r"E[ESX][A-Z0-9]{26}", re.ASCII)


@attrs.frozen
class SpeedPakNumber:
    """A SpeedPAK tracking number: 28 letters and digits that begin with EE, ES or EX."""

    text: str = attrs.field(validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse what is not in shape."""
        if not _SPEEDPAK.fullmatch(self.text):
            allowed = "28 letters and digits from EE, ES or EX on"
            raise InvalidValueError("SpeedPAK number", self.text, "is not in shape", allowed)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a SpeedPAK number; hyphens and small letters are tolerated.

        Raises:
            InvalidValueError: if it is not in shape.
        """
        return cls(compact(text) if len(text) <= _MAX_WRITTEN else text)

    def __str__(self) -> str:
        """Give the 28 characters."""
        return self.text


@attrs.frozen
class OpaqueNumber:
    """A number of some carrier that says nothing of itself: 1 to 64 printable characters.

    It is kept in one form, without spaces and hyphens and in capitals.
    """

    text: str = attrs.field(converter=_bounded)

    def __attrs_post_init__(self) -> None:
        """Refuse what no label could show."""
        if not 0 < len(self.text) <= _MAX_NUMBER or not self.text.isprintable():
            allowed = f"1 to {_MAX_NUMBER} printable characters"
            raise InvalidValueError("tracking number", self.text, "is no number", allowed)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take the number as it is written.

        Raises:
            InvalidValueError: if nothing is left or it is too long.
        """
        return cls(text)

    def __str__(self) -> str:
        """Give the characters."""
        return self.text


TrackingNumber: TypeAlias = S10Number | SsccNumber | SpeedPakNumber | OpaqueNumber

_SCHEMES: tuple[type[S10Number] | type[SsccNumber] | type[SpeedPakNumber], ...] = (
    S10Number,
    SsccNumber,
    SpeedPakNumber,
)


def checked_number(what: str, number: object) -> TrackingNumber:
    """Give a tracking number back if somebody has read it as one; text is none yet.

    Raises:
        InvalidTypeError: for anything else.
    """
    if not isinstance(number, TrackingNumber):
        raise InvalidTypeError(what, type(number).__name__, "a tracking number")
    return number


def tracking_number(text: str) -> TrackingNumber:
    """Recognise a tracking number; what fits no scheme, check digit included, is opaque.

    Raises:
        InvalidValueError: if it is empty, longer than 64 characters, or not printable.
    """
    for scheme in _SCHEMES:
        try:
            return scheme.parse(text)
        except InvalidValueError:
            continue
    return OpaqueNumber.parse(text)
