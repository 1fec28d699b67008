"""Follow an order that lives elsewhere: read it, adopt its shipments, take in scans, and tell.

Scans whose number no fulfilment of the order names are attached to an assumed shipment of all
units that are not shipped yet, with a warning.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from apaclogistics.allocations import Allocation
from apaclogistics.attention import Snapshot, attention
from apaclogistics.consignments import Booking, Consignment, Label, Parcel
from apaclogistics.display.story import Story, Watch, happenings, money_of, whereabouts
from apaclogistics.errors import TransitionError
from apaclogistics.history import postings_of
from apaclogistics.interop import easypost
from apaclogistics.interop.ebay import OrderReading
from apaclogistics.ledger import Ledger
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.orders import Order
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Scan, merge
from apaclogistics.values.identifiers import (
    CarrierCode,
    LineId,
    ParcelId,
    ShipmentId,
    SpeedPakNumber,
    TrackingNumber,
    tracking_number,
)
from apaclogistics.values.instants import Instant

__all__ = ("follow",)

_PLATFORM: Final = Actor(Role.PLATFORM, "follow")
_UNKNOWN_CARRIER: Final = CarrierCode("unknown")


def follow(
    reading: OrderReading, scans: Iterable[easypost.ScanReading], at: Instant | None
) -> Story:
    """Tell the story of an order as of an instant, by default the last one that is known."""
    parcels, warnings = _parcels(scans)
    order, shipments, notes = _adopted(reading, parcels)
    snapshot = Snapshot(orders=(order,), shipments=tuple(shipments))
    now = at or _last_known(order, parcels)
    histories = (order.history, *(shipment.history for shipment in shipments))
    return Story(
        title=f"Order {order.id}: {order.payment_status.name}, "
        f"{order.fulfilment(snapshot.phases(order.id)).name}",
        at=now,
        timeline=happenings(snapshot),
        shipments=tuple(whereabouts(shipment) for shipment in shipments),
        attention=(Watch(at=now, items=attention(snapshot, now)),),
        money=money_of(Ledger(postings_of(*histories))),
        warnings=tuple(sorted({*(str(w) for w in reading.warnings), *warnings, *notes})),
    )


def _parcels(
    readings: Iterable[easypost.ScanReading],
) -> tuple[dict[TrackingNumber, tuple[Scan, ...]], list[str]]:
    """Gather scans by their number, from however many readings."""
    parcels: dict[TrackingNumber, tuple[Scan, ...]] = {}
    warnings = []
    for reading in readings:
        warnings += [str(doubt) for doubt in reading.warnings]
        for parcel in reading.parcels:
            number = tracking_number(parcel.number)
            parcels[number] = merge(parcels.get(number, ()), parcel.scans)
    return dict(sorted(parcels.items(), key=lambda item: item[0].text)), warnings


def _adopted(
    reading: OrderReading, parcels: Mapping[TrackingNumber, tuple[Scan, ...]]
) -> tuple[Order, list[Shipment], list[str]]:
    """Adopt a shipment for each fulfilment that the order names, and for each other number."""
    order, named = reading.order, reading.fulfilments
    shipments: list[Shipment] = []
    notes = []
    if len(named) > 1:
        notes.append("$.fulfillmentHrefs: which units travel in which is not said")
    for number in dict.fromkeys([*named, *parcels]):
        lines = reading.shipped if number in named else frozenset(ln.id for ln in order.sale.lines)
        order, shipment, refusal = _adopt(order, shipments, number, parcels.get(number, ()), lines)
        if number not in named:
            units = sum(a.quantity for a in order.allocations if a.shipment == shipment.id)
            assumed = (
                f"assumed to carry the {units} that are in no shipment" if units else "all are"
            )
            text = f"no fulfilment of the order names it; of its units, {assumed}"
            notes.append(f"{number}: {text if units else text + ' in others'}")
        if refusal:
            notes.append(f"{number}: no units are allocated, since {refusal}")
        shipments.append(shipment)
    return order, shipments, notes


def _adopt(
    order: Order,
    others: Iterable[Shipment],
    number: TrackingNumber,
    scans: tuple[Scan, ...],
    lines: frozenset[LineId],
) -> tuple[Order, Shipment, str]:
    """Adopt a number with the units of these lines that are in no shipment; say why if not."""
    id, parcel, at = ShipmentId(f"{number}"), Parcel(id=ParcelId("1")), order.history[-1].at
    sale = order.sale
    consignment = Consignment(
        id=id,
        orders=(order.id,),
        seller=sale.seller,
        buyer=sale.buyer,
        consignee=sale.consignee,
        parcels=(parcel,),
    )
    booking = Booking(carrier=_carrier_of(number, scans), labels=(Label(parcel.id, (number,)),))
    draft = Shipment.draft(consignment, by=_PLATFORM, at=at)
    adopted = draft.adopt(booking, by=_PLATFORM, at=at).observe(scans)
    phases = {other.id: other.phase for other in others}
    units = [
        Allocation(shipment=id, line=line, quantity=count)
        for line, count in order.unshipped(phases).items()
        if line in lines
    ]
    if not units:
        return order, adopted, ""
    try:
        return order.allocate(units, phases=phases, by=_PLATFORM, at=at), adopted, ""
    except TransitionError as refusal:
        return order, adopted, str(refusal)


def _carrier_of(number: TrackingNumber, scans: Iterable[Scan]) -> CarrierCode:
    if isinstance(number, SpeedPakNumber):
        return CarrierCode("SpeedPAK")
    return next((CarrierCode(scan.carrier) for scan in scans if scan.carrier), _UNKNOWN_CARRIER)


def _last_known(order: Order, parcels: Mapping[TrackingNumber, tuple[Scan, ...]]) -> Instant:
    scanned = [scan.at.earliest for scans in parcels.values() for scan in scans]
    return max([order.history[-1].at, *scanned])
