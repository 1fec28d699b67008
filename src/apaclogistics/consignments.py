"""What is shipped: parcels, the consignment that they make, what a carrier booked, how it is fetched.

These are the values that a shipment is made of; they have no life of their own.
"""

from collections.abc import Mapping
from datetime import time
from enum import Enum
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final, TypeVar

import attrs

from apaclogistics.costs import ActualCost
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.promises import Promise
from apaclogistics.values.fields import different, of_type, optional, tuple_of
from apaclogistics.values.goods import CustomsItem, Incoterm, declared_value
from apaclogistics.values.identifiers import (
    CarrierCode,
    IdempotencyKey,
    OrderId,
    ParcelId,
    QuoteId,
    ShipmentId,
    TrackingNumber,
    checked_id,
    checked_number,
    identifier,
    tracking_number,
)
from apaclogistics.values.instants import Instant, Moment, instant, zone
from apaclogistics.values.money import Money
from apaclogistics.values.places import Party
from apaclogistics.values.quantities import Dimensions, Weight, whole

__all__ = (
    "Booking",
    "Consignment",
    "ConsignmentKind",
    "ConsignmentPreference",
    "Label",
    "Parcel",
    "PickUpWindow",
)

T = TypeVar("T")

# Our bound, far above what anybody would ship again.
_MOST_RESHIPMENTS: Final = 99


class ConsignmentKind(Enum):
    """How parcels get to the carrier.

    Source: eDIS 1.1.0, consign preference types.
    """

    PICK_UP = "PICK_UP"
    DROP_OFF = "DROP_OFF"
    FORWARD_DEPLOYMENT = "FORWARD_DEPLOYMENT"
    REGIONAL_CENTRE = "RDC"
    CN_POST_DROP_OFF = "CN_POST_DROP_OFF"
    CN_POST_PICK_UP = "CN_POST_PICK_UP"
    HK_POST_DROP_OFF = "HK_POST_DROP_OFF"

    @property
    def hands_over(self) -> frozenset[Role]:
        """Who says that parcels are handed over.

        The seller at a drop-off, the carrier at a pick-up, and either where the goods lie with the
        carrier already, of which the source says nothing.
        """
        return _HANDS_OVER.get(self, _EITHER)


_EITHER: Final = frozenset({Role.SELLER, Role.CARRIER})
_HANDS_OVER: Final[Mapping[ConsignmentKind, frozenset[Role]]] = MappingProxyType(
    {
        ConsignmentKind.PICK_UP: frozenset({Role.CARRIER}),
        ConsignmentKind.CN_POST_PICK_UP: frozenset({Role.CARRIER}),
        ConsignmentKind.DROP_OFF: frozenset({Role.SELLER}),
        ConsignmentKind.CN_POST_DROP_OFF: frozenset({Role.SELLER}),
        ConsignmentKind.HK_POST_DROP_OFF: frozenset({Role.SELLER}),
    }
)


@attrs.frozen
class PickUpWindow:
    """When a courier may come: from one time of day to another, on the wall clock of a zone."""

    begins: time = attrs.field(validator=of_type(time))
    ends: time = attrs.field(validator=of_type(time))
    zone_name: str = attrs.field(validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a window that is none, and times that bring a zone of their own."""
        zone(self.zone_name)
        if self.begins.tzinfo or self.ends.tzinfo:
            text = f"{self.begins} to {self.ends}"
            raise InvalidValueError("pick-up window", text, "has a zone", "zone_name says it")
        if self.ends <= self.begins:
            allowed = f"after {self.begins}"
            raise InvalidValueError("end of pick-up", str(self.ends), "is early", allowed)

    def __str__(self) -> str:
        """Give both times and the zone."""
        return f"{self.begins:%H:%M} to {self.ends:%H:%M} {self.zone_name}"


@attrs.frozen(kw_only=True)
class ConsignmentPreference:
    """A seller's named way to hand parcels over.

    A pick-up by the platform's courier needs to know where (`collected_from`) and when (`window`);
    a drop-off needs the `site`.

    Source: eDIS 1.1.0, createConsignPreference: pickupAddress and pickupTime are required of
    PICK_UP, dropoffSiteId of DROP_OFF.

    Raises:
        InvalidTypeError: if the kind is none.
        InvalidValueError: if the name is none, or what the kind needs is missing.
    """

    name: str
    kind: ConsignmentKind = attrs.field(validator=of_type(ConsignmentKind))
    collected_from: Party | None = attrs.field(default=None, validator=optional(Party))
    window: PickUpWindow | None = attrs.field(default=None, validator=optional(PickUpWindow))
    site: str = attrs.field(default="", validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a preference that nobody could act on."""
        checked_id("consignment preference", self.name)
        needed = {
            ConsignmentKind.PICK_UP: ("collected_from", "window"),
            ConsignmentKind.DROP_OFF: ("site",),
        }
        missing = [name for name in needed.get(self.kind, ()) if not getattr(self, name)]
        if missing:
            problem = f"lacks {' and '.join(missing)}"
            raise InvalidValueError("consignment preference", self.name, problem, self.kind.value)


def _in_a_tuple(thing: object, field: "attrs.Attribute[tuple[T, ...]]", value: object) -> None:
    # The text of one identifier would be taken for many.
    if not isinstance(value, tuple):
        name = f"{field.name} of {type(thing).__name__}"
        raise InvalidTypeError(name, type(value).__name__, "a tuple")


@attrs.frozen(kw_only=True)
class Parcel:
    """One physical piece: what it weighs and measures, and what customs are told is inside.

    `weight` and `dimensions` are None where nobody said, as of parcels that were shipped elsewhere.
    """

    id: ParcelId
    weight: Weight | None = attrs.field(default=None, validator=optional(Weight))
    dimensions: Dimensions | None = attrs.field(default=None, validator=optional(Dimensions))
    contents: tuple[CustomsItem, ...] = attrs.field(default=(), validator=tuple_of(CustomsItem))

    def __attrs_post_init__(self) -> None:
        """Refuse contents in several currencies, and those worth more than any money."""
        checked_id("parcel", self.id)
        if len({item.value.currency for item in self.contents}) > 1:
            raise InvalidValueError("contents", self.id, "are in several currencies", "one")
        # The sum refuses what is beyond any amount of money.
        _ = self.declared

    @property
    def declared(self) -> Money | None:
        """What the contents are declared to be worth, None where nothing is declared."""
        if not self.contents:
            return None
        return declared_value(self.contents, self.contents[0].value.currency)


@attrs.frozen
class Label:
    """The numbers of one parcel: the first on the label, others of carriers further on."""

    parcel: ParcelId
    numbers: tuple[TrackingNumber, ...] = attrs.field(validator=_in_a_tuple)

    def __attrs_post_init__(self) -> None:
        """Refuse a label without a number, and text that nobody read as one."""
        checked_id("parcel", self.parcel)
        for number in self.numbers:
            checked_number("number of a label", number)
        if not self.numbers:
            raise InvalidValueError("label", self.parcel, "has no number", "one or more")


@attrs.frozen(kw_only=True)
class Booking:
    """What a carrier has promised to carry: labels, and the estimated cost.

    A shipment that was booked elsewhere is *adopted* with a booking that has neither `issued_at`
    nor `estimate`: nothing is held for it, and older scans may well be its own.

    `promise` is what the quote promised that it was booked on; see `Shipment.promise`.
    """

    carrier: CarrierCode = attrs.field(validator=identifier)
    service: str = attrs.field(default="", validator=of_type(str))
    labels: tuple[Label, ...] = attrs.field(validator=tuple_of(Label))
    reference: IdempotencyKey | None = None
    quote: QuoteId | None = None
    estimate: Money | None = attrs.field(default=None, validator=optional(Money))
    issued_at: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )
    promise: Promise | None = attrs.field(default=None, validator=optional(Promise))

    def __attrs_post_init__(self) -> None:
        """Refuse a carrier, a reference or a quote that nobody could name."""
        names = ("carrier", self.carrier), ("reference", self.reference), ("quote", self.quote)
        for what, name in names:
            if name is not None:
                checked_id(what, name)

    @cached_property
    def _by_number(self) -> Mapping[TrackingNumber, frozenset[ParcelId]]:
        numbers = {number for label in self.labels for number in label.numbers}
        return {
            number: frozenset(label.parcel for label in self.labels if number in label.numbers)
            for number in numbers
        }

    @property
    def numbers(self) -> frozenset[TrackingNumber]:
        """All numbers of all parcels."""
        return frozenset(self._by_number)

    def parcels_under(self, reported: str) -> frozenset[ParcelId]:
        """Give the parcels that travel under a number as a carrier reports it; never raises."""
        number = _number_of(reported)
        return frozenset() if number is None else self._by_number.get(number, frozenset())

    def is_younger_than(self, moment: Moment) -> bool:
        """Tell whether something happened before the numbers were issued, to another parcel."""
        return self.issued_at is not None and moment.latest < self.issued_at

    def parcels_at(self, reported: str, moment: Moment) -> frozenset[ParcelId]:
        """Give the parcels that travel under a number at a moment: none before it was issued."""
        return frozenset() if self.is_younger_than(moment) else self.parcels_under(reported)

    def parcels_billed(self, row: ActualCost) -> frozenset[ParcelId]:
        """Give the parcels that a row of a bill is for: none if another carrier billed it."""
        is_ours = row.carrier == self.carrier
        return self.parcels_at(row.number, Moment(row.billed_at)) if is_ours else frozenset()

    def numbers_of(self, parcel: ParcelId) -> frozenset[TrackingNumber]:
        """Give the numbers under which a parcel travels."""
        return frozenset(
            n for label in self.labels if label.parcel == parcel for n in label.numbers
        )

    def check_made_here(self) -> None:
        """Let a booking pass that costs something and was made at an instant.

        Raises:
            InvalidValueError: for any other.
        """
        if self.estimate is None or self.estimate.minor <= 0 or self.issued_at is None:
            given = self.service or self.carrier
            raise InvalidValueError("booking", given, "is incomplete", "a cost and an instant")

    def check_made_elsewhere(self) -> None:
        """Let a booking pass that has nothing which only those have that are made here.

        Raises:
            InvalidValueError: for any other.
        """
        ours = self.estimate, self.issued_at, self.reference, self.quote
        if any(it is not None for it in ours):
            given = self.service or self.carrier
            allowed = "neither cost, instant, reference nor quote"
            raise InvalidValueError("booking", given, "is not adopted", allowed)


@lru_cache(maxsize=1024)
def _number_of(reported: str) -> TrackingNumber | None:
    try:
        return tracking_number(reported)
    except InvalidValueError:
        return None


@attrs.frozen(kw_only=True)
class Consignment:
    """What begins a shipment: whose goods, to whom, in which parcels, and by when.

    `orders` are those whose units travel in it: several of one buyer may share a parcel, and a
    shipment may be known without any.  `preference` is how the parcels get to the carrier.
    `replaces` names the shipment that this one is a re-shipment of, and `reshipments` counts how
    often these goods were shipped before.
    """

    id: ShipmentId
    orders: tuple[OrderId, ...] = attrs.field(default=(), validator=_in_a_tuple)
    seller: Actor = attrs.field(validator=of_type(Actor))
    buyer: Actor = attrs.field(validator=of_type(Actor))
    consignee: Party = attrs.field(validator=of_type(Party))
    parcels: tuple[Parcel, ...] = attrs.field(validator=tuple_of(Parcel))
    incoterm: Incoterm = attrs.field(default=Incoterm.DAP, validator=of_type(Incoterm))
    promise: Promise | None = attrs.field(default=None, validator=optional(Promise))
    preference: ConsignmentPreference | None = attrs.field(
        default=None, validator=optional(ConsignmentPreference)
    )
    replaces: ShipmentId | None = None
    reshipments: int = 0

    def __attrs_post_init__(self) -> None:
        """Refuse a consignment of nothing, and two parcels of one name."""
        checked_id("shipment", self.id)
        whole("re-shipments", self.reshipments, least=0, most=_MOST_RESHIPMENTS)
        if self.replaces is not None:
            checked_id("replaced shipment", self.replaces)
        different("parcels", (parcel.id for parcel in self.parcels))
        different("orders", (checked_id("order", order) for order in self.orders), may_be_none=True)
        if self.seller.role is not Role.SELLER or self.buyer.role is not Role.BUYER:
            who = f"{self.seller}, {self.buyer}"
            raise InvalidValueError("parties", who, "are in the wrong role", "a seller, a buyer")

    def parcel(self, id: ParcelId) -> Parcel:
        """Give one of the parcels.

        Raises:
            NotFoundError: if there is no such parcel.
        """
        piece = next((it for it in self.parcels if it.id == id), None)
        if piece is None:
            raise NotFoundError.among("parcel", id, (it.id for it in self.parcels))
        return piece

    def check_labels(self, booking: Booking) -> None:
        """Let a booking pass that labels each parcel once.

        Raises:
            InvalidValueError: for any other.
        """
        labelled = sorted(label.parcel for label in booking.labels)
        parcels = sorted(parcel.id for parcel in self.parcels)
        if labelled != parcels:
            given, allowed = ", ".join(labelled), f"one label for each of {', '.join(parcels)}"
            raise InvalidValueError("labels", given, "do not fit the parcels", allowed)
