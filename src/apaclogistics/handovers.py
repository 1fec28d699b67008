"""Handovers: which parcels are handed over together, and the sheet that lists them.

A *handover entry* is what must be known of a shipment to hand it over along with others: whose it
is, who carries it, how it gets there, how far it is, and its parcels with their numbers and
weights.  A *handover sheet* lists the parcels of any number of entries, for the courier or the
counter to sign.

>>> from apaclogistics.lifecycle import Role
>>> from apaclogistics.values.identifiers import tracking_number
>>> seller, carrier = Actor(Role.SELLER, "s-1"), Actor(Role.CARRIER, "CPAM")
>>> line = HandoverLine(parcel=ParcelId("p-1"), number=tracking_number("RR473124829GB"),
...                     weight=Weight(870))
>>> entry = HandoverEntry(shipment=ShipmentId("sh-1"), seller=seller, carrier=carrier,
...                       phase=Phase.CONFIRMED, preference=None, lines=(line,))
>>> sheet = handover_sheet([entry], at="2026-03-02T06:00:00Z")
>>> len(sheet.lines), str(sheet.weight)
(1, '870 g')
"""

from collections.abc import Iterable
from typing import Final

import attrs

from apaclogistics.consignments import ConsignmentPreference
from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import Phase
from apaclogistics.lifecycle import Actor
from apaclogistics.values.fields import of_type, optional, tuple_of
from apaclogistics.values.identifiers import (
    ParcelId,
    ShipmentId,
    TrackingNumber,
    checked_id,
    checked_number,
)
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.quantities import Weight

__all__ = ("HandoverEntry", "HandoverLine", "HandoverSheet", "handover_sheet", "weight_of")

# Source: eDIS 1.1.0, getHandoverSheet, tracking_numbers.
_MOST_LINES: Final = 200


@attrs.frozen(kw_only=True)
class HandoverLine:
    """One parcel: the number on its label, and its weight, None where nobody said."""

    parcel: ParcelId
    number: TrackingNumber
    weight: Weight | None = attrs.field(default=None, validator=optional(Weight))

    def __attrs_post_init__(self) -> None:
        """Refuse a parcel that nobody could name, and text that nobody read as a number."""
        checked_id("parcel", self.parcel)
        checked_number("number of a handover line", self.number)


@attrs.frozen(kw_only=True)
class HandoverEntry:
    """What must be known of a shipment to hand it over along with others, as of one instant."""

    shipment: ShipmentId
    seller: Actor = attrs.field(validator=of_type(Actor))
    carrier: Actor | None = attrs.field(default=None, validator=optional(Actor))
    phase: Phase = attrs.field(validator=of_type(Phase))
    preference: ConsignmentPreference | None = attrs.field(
        default=None, validator=optional(ConsignmentPreference)
    )
    lines: tuple[HandoverLine, ...] = attrs.field(default=(), validator=tuple_of(HandoverLine))

    def __attrs_post_init__(self) -> None:
        """Refuse a shipment that nobody could name."""
        checked_id("shipment", self.shipment)


def weight_of(lines: Iterable[HandoverLine]) -> Weight | None:
    """Weigh parcels together; None where there is none, or the weight of one is not known."""
    weights = [line.weight for line in lines]
    known = [weight.grams for weight in weights if weight is not None]
    return Weight(sum(known)) if known and len(known) == len(weights) else None


@attrs.frozen(kw_only=True)
class HandoverSheet:
    """The list that goes along with parcels: who hands what to whom, and how, as of an instant.

    Raises:
        InvalidValueError: if it lists nothing, more than 200 parcels, or one number twice.

    Source: eDIS 1.1.0, getHandoverSheet: one sheet for all given numbers.
    """

    seller: Actor = attrs.field(validator=of_type(Actor))
    carrier: Actor = attrs.field(validator=of_type(Actor))
    preference: ConsignmentPreference | None = attrs.field(
        default=None, validator=optional(ConsignmentPreference)
    )
    lines: tuple[HandoverLine, ...] = attrs.field(validator=tuple_of(HandoverLine))
    at: Instant = attrs.field(converter=instant)

    def __attrs_post_init__(self) -> None:
        """Refuse a sheet that no courier could sign."""
        if not 0 < len(self.lines) <= _MOST_LINES:
            allowed = f"1 to {_MOST_LINES} parcels"
            raise InvalidValueError(
                "handover sheet", len(self.lines), "has no such length", allowed
            )
        numbers = [line.number for line in self.lines]
        if len(set(numbers)) < len(numbers):
            shown = ", ".join(map(str, numbers))
            raise InvalidValueError("handover sheet", shown, "lists a number twice", "each once")

    @property
    def weight(self) -> Weight | None:
        """What all parcels weigh together; None where the weight of one is not known."""
        return weight_of(self.lines)


def handover_sheet(entries: Iterable[HandoverEntry], *, at: Instant) -> HandoverSheet:
    """List the parcels of shipments on one sheet, in the order given.

    Raises:
        InvalidValueError: if there are none, if they are of several sellers, carriers or
            preferences, or if one is not booked.
    """
    listed = tuple(entries)
    sellers = {entry.seller for entry in listed}
    carriers = {entry.carrier for entry in listed}
    preferences = {entry.preference for entry in listed}
    names = ", ".join(entry.shipment for entry in listed)
    if None in carriers or any(len(them) != 1 for them in (sellers, carriers, preferences)):
        allowed = "booked shipments of one seller, carrier and preference"
        raise InvalidValueError("shipments on a sheet", names, "do not go together", allowed)
    (seller,), (preference,) = sellers, preferences
    carrier = next(it for it in carriers if it is not None)
    lines = tuple(line for entry in listed for line in entry.lines)
    return HandoverSheet(seller=seller, carrier=carrier, preference=preference, lines=lines, at=at)
