"""What is shipped: parcels, the consignment that they make, what a carrier booked, how it is fetched.

These are the values that a shipment is made of; they have no life of their own.
"""

from datetime import time
from enum import Enum

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.promises import Promise
from apaclogistics.values.fields import of_type
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
)
from apaclogistics.values.instants import Instant, instant, zone
from apaclogistics.values.money import Money
from apaclogistics.values.places import Party
from apaclogistics.values.quantities import Dimensions, Weight

__all__ = (
    "Booking",
    "Consignment",
    "ConsignmentKind",
    "ConsignmentPreference",
    "Label",
    "Parcel",
    "PickUpWindow",
)


@attrs.frozen(kw_only=True)
class Parcel:
    """One physical piece: what it weighs and measures, and what customs are told is inside.

    `weight` and `dimensions` are None where nobody said, as of parcels that were shipped elsewhere.
    """

    id: ParcelId
    weight: Weight | None = None
    dimensions: Dimensions | None = None
    contents: tuple[CustomsItem, ...] = ()

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
    numbers: tuple[TrackingNumber, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse a label without a number."""
        if not self.numbers:
            raise InvalidValueError("label", self.parcel, "has no number", "one or more")


@attrs.frozen(kw_only=True)
class Booking:
    """What a carrier has promised to carry: labels, and the estimated cost.

    A shipment that was booked elsewhere is *adopted* with a booking that has neither `issued_at`
    nor `estimate`: nothing is held for it, and older scans may well be its own.
    """

    carrier: CarrierCode
    service: str = ""
    labels: tuple[Label, ...]
    reference: IdempotencyKey | None = None
    quote: QuoteId | None = None
    estimate: Money | None = None
    issued_at: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )

    def numbers_of(self, parcel: ParcelId) -> frozenset[TrackingNumber]:
        """Give the numbers under which a parcel travels."""
        return frozenset(
            n for label in self.labels if label.parcel == parcel for n in label.numbers
        )


@attrs.frozen(kw_only=True)
class Consignment:
    """What begins a shipment: whose goods, to whom, in which parcels, and by when.

    `orders` are those whose units travel in it: several of one buyer may share a parcel, and a
    shipment may be known without any.  `replaces` names the shipment that this one is a re-shipment of.
    """

    id: ShipmentId
    orders: tuple[OrderId, ...] = ()
    seller: Actor
    buyer: Actor
    consignee: Party
    parcels: tuple[Parcel, ...]
    incoterm: Incoterm = Incoterm.DAP
    promise: Promise | None = None
    replaces: ShipmentId | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a consignment of nothing, and two parcels of one name."""
        checked_id("shipment", self.id)
        names = [parcel.id for parcel in self.parcels]
        if not names or len(set(names)) < len(names):
            raise InvalidValueError("parcels", tuple(names), "must differ", "one or more parcels")
        if len({checked_id("order", order) for order in self.orders}) < len(self.orders):
            raise InvalidValueError("orders", self.orders, "must differ", "each order once")
        if self.seller.role is not Role.SELLER or self.buyer.role is not Role.BUYER:
            who = f"{self.seller}, {self.buyer}"
            raise InvalidValueError("parties", who, "are in the wrong role", "a seller, a buyer")


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


@attrs.frozen
class PickUpWindow:
    """When a courier may come: from one time of day to another, on the wall clock of a zone."""

    begins: time
    ends: time
    zone_name: str

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
    collected_from: Party | None = None
    window: PickUpWindow | None = None
    site: str = ""

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
