"""What is shipped: parcels, the consignment that they make, and what a carrier booked for them.

These are the values that a shipment is made of; they have no life of their own.
"""

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.promises import Promise
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
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Party
from apaclogistics.values.quantities import Dimensions, Weight

__all__ = ("Booking", "Consignment", "Label", "Parcel")


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
        """Refuse contents declared in several currencies."""
        checked_id("parcel", self.id)
        if len({item.value.currency for item in self.contents}) > 1:
            raise InvalidValueError("contents", self.id, "are in several currencies", "one")

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

    `replaces` names the shipment that this one is a re-shipment of.
    """

    id: ShipmentId
    order: OrderId | None = None
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
        if self.seller.role is not Role.SELLER or self.buyer.role is not Role.BUYER:
            who = f"{self.seller}, {self.buyer}"
            raise InvalidValueError("parties", who, "are in the wrong role", "a seller, a buyer")
