"""Profiles: who a seller is, how the goods are handed over, and what a platform asks of both.

These are the values that a seller's account is made of; they have no life of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Final

import attrs

from apaclogistics.consignments import ConsignmentPreference
from apaclogistics.errors import Hidden, InvalidValueError, Reason, masked
from apaclogistics.values.fields import different, of_type, optional, tuple_of
from apaclogistics.values.identifiers import checked_id
from apaclogistics.values.places import AddressLimits, Country, Party
from apaclogistics.values.registers import (
    REQUIRED_OF_BUSINESS,
    Register,
    RegisteredNumber,
    Verdict,
)

__all__ = (
    "LITHIUM_LETTER",
    "Agreement",
    "Identity",
    "Logistics",
    "Profile",
    "Requirements",
    "SellerKind",
)


_MOST_NAME: Final = 256


class SellerKind(Enum):
    """Whether a seller is a business or a person."""

    BUSINESS = "business"
    INDIVIDUAL = "individual"


@attrs.frozen(kw_only=True)
class Identity:
    """Who a seller is: the legal name, hidden in the `repr`, the seat, and the numbers held.

    `numbers` are those of business registers, and those under which the seller collects tax: IOSS,
    VAT of the EU or the United Kingdom, GST of Australia or New Zealand.

    Raises:
        InvalidValueError: if the name is none, or a register is named twice.
    """

    kind: SellerKind = attrs.field(default=SellerKind.BUSINESS, validator=of_type(SellerKind))
    legal_name: str = attrs.field(validator=of_type(str), repr=masked)
    country: Country = attrs.field(validator=of_type(Country))
    numbers: tuple[RegisteredNumber, ...] = attrs.field(
        default=(), validator=tuple_of(RegisteredNumber)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse two numbers of one register."""
        if not 0 < len(self.legal_name.strip()) <= _MOST_NAME or not self.legal_name.isprintable():
            allowed = f"1 to {_MOST_NAME} printable characters"
            raise InvalidValueError("legal name", Hidden(), "is no name", allowed)
        different("registers", (it.register.title for it in self.numbers), may_be_none=True)

    def number_in(self, register: Register) -> RegisteredNumber | None:
        """Give the number held in a register, None where there is none."""
        return next((it for it in self.numbers if it.register is register), None)


@attrs.frozen(kw_only=True)
class Logistics:
    """Where goods leave from and come back to, and how they are handed over.

    `collection` is where a courier fetches them, None where that is `ship_from`.

    Raises:
        InvalidValueError: if two preferences share a name (eDIS 355058).
    """

    ship_from: Party = attrs.field(validator=of_type(Party))
    return_to: Party = attrs.field(validator=of_type(Party))
    collection: Party | None = attrs.field(default=None, validator=optional(Party))
    preferences: tuple[ConsignmentPreference, ...] = attrs.field(
        default=(), validator=tuple_of(ConsignmentPreference)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse preferences that cannot be told apart."""
        names = (preference.name for preference in self.preferences)
        different("consignment preferences", names, may_be_none=True)


@attrs.frozen
class Profile:
    """What a seller registers with."""

    identity: Identity = attrs.field(validator=of_type(Identity))
    logistics: Logistics = attrs.field(validator=of_type(Logistics))


@attrs.frozen(order=True)
class Agreement:
    """A text of the platform that sellers accept, such as a letter of commitment, by version."""

    name: str
    version: str

    def __attrs_post_init__(self) -> None:
        """Refuse an agreement that nobody could name."""
        checked_id("agreement", self.name)
        checked_id("version of agreement", self.version)

    def __str__(self) -> str:
        """Give name and version."""
        return f"{self.name}, version {self.version}"


# Source: eDIS 1.1.0, error 355019 asks for the letter; its version is an example.
LITHIUM_LETTER: Final = Agreement("letter of commitment for lithium batteries", "1")


@attrs.frozen(kw_only=True)
class Requirements:
    """What a platform asks of its sellers.

    `registers` names by country where a business must be registered; every number held must have
    been found valid.  `addresses` are the limits of every address, None where there are none.
    `agreements` must be accepted to publish and book, `for_lithium` to ship lithium batteries.
    """

    registers: Mapping[str, Register] = REQUIRED_OF_BUSINESS
    addresses: AddressLimits | None = None
    agreements: tuple[Agreement, ...] = ()
    for_lithium: tuple[Agreement, ...] = (LITHIUM_LETTER,)

    def against(self, profile: Profile, verdicts: Iterable[Verdict]) -> tuple[Reason, ...]:
        """Give every reason why a profile cannot be verified on these verdicts."""
        return (
            *self._against_numbers(profile.identity, verdicts),
            *self.against_addresses(profile.logistics),
        )

    def _against_numbers(self, identity: Identity, verdicts: Iterable[Verdict]) -> Iterator[Reason]:
        # Of several verdicts on a number one that found something wrong counts.
        ordered = sorted(verdicts, key=lambda verdict: not verdict.is_valid)
        by_number = {verdict.number: verdict for verdict in ordered}
        required = self.registers.get(identity.country.code)
        is_business = identity.kind is SellerKind.BUSINESS
        if is_business and required and identity.number_in(required) is None:
            text = f"a business in {identity.country} gives its {required.title}"
            yield Reason("identifier_missing", text)
        for number in identity.numbers:
            verdict = by_number.get(number)
            if verdict is None:
                text = f"the {number.register.title} was not checked"
                yield Reason("identifier_unchecked", text)
            elif reason := verdict.reason:
                yield reason

    def against_addresses(self, logistics: Logistics) -> tuple[Reason, ...]:
        """Give every limit that an address breaks, and which address it is."""
        if self.addresses is None:
            return ()
        places = {
            "ship-from": logistics.ship_from,
            "return": logistics.return_to,
            "collection": logistics.collection,
            **{it.name: it.collected_from for it in logistics.preferences},
        }
        return tuple(
            Reason(reason.code, f"{name} address: {reason.text}")
            for name, party in places.items()
            if party is not None
            for reason in self.addresses.against(party)
        )
