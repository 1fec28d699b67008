"""Follow an order that lives elsewhere: read it, adopt its shipments, take in scans, and tell.

The story is told as of an instant: steps and scans after it are not known yet, and a shipment is
not known before it was first seen.  What was reported without a zone is known once it is surely past,
however it is meant; without an instant to judge as of, that is the last that any of it can mean.

A parcel may travel under several numbers; readings that share one are of one parcel.  One that no
fulfilment of the order names is assumed to carry all units that are not shipped yet, with a warning;
where there are none, or all that was seen of it is older than the order, it is somebody else's and
is not adopted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Final, Self

import attrs

from apaclogistics.allocations import Allocation
from apaclogistics.arrivals import Estimate, Grounds, arrival
from apaclogistics.attention import Snapshot, attention
from apaclogistics.cancellations import OrderAction
from apaclogistics.consignments import Booking, Consignment, Label, Parcel
from apaclogistics.display.story import (
    Story,
    Watch,
    Whereabouts,
    happenings,
    money_of,
    whereabouts,
)
from apaclogistics.errors import TransitionError
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.history import postings_of
from apaclogistics.interop import ParcelReading, ScanReading
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
from apaclogistics.values.instants import Instant, Window, to_text

__all__ = ("follow",)

_PLATFORM: Final = Actor(Role.PLATFORM, "follow")
_UNKNOWN_CARRIER: Final = CarrierCode("unknown")
_PARCEL: Final = ParcelId("1")
# As long as an identifier may be.
_MOST_CODE: Final = 128


@attrs.frozen
class _Tracked:
    """A parcel of the feeds or of the order: all its numbers, and what was seen of it."""

    numbers: frozenset[TrackingNumber]
    scans: tuple[Scan, ...] = ()
    estimates: tuple[Estimate, ...] = ()

    @classmethod
    def read(cls, parcel: ParcelReading) -> Self:
        numbers = (parcel.number, *parcel.other_numbers)
        return cls(frozenset(map(tracking_number, numbers)), parcel.scans, _estimates(parcel))

    def __or__(self, other: Self) -> Self:
        return type(self)(
            self.numbers | other.numbers,
            merge(self.scans, other.scans),
            (*self.estimates, *other.estimates),
        )

    def first_numbers(self, named: Iterable[TrackingNumber]) -> tuple[TrackingNumber, ...]:
        """Order the numbers: those that the order names, those that were scanned, the others."""
        scanned = {tracking_number(scan.number) for scan in self.scans}
        known = tuple(named)

        def rank(number: TrackingNumber) -> tuple[bool, bool, str]:
            return number not in known, number not in scanned, number.text

        return tuple(sorted(self.numbers, key=rank))


def _estimates(parcel: ParcelReading) -> tuple[Estimate, ...]:
    """Take what a feed expects as said with its last scan; it does not say when that was."""
    if parcel.expected is None or not parcel.scans:
        return ()
    window = Window(parcel.expected.earliest, parcel.expected.latest)
    return (Estimate(window, max(scan.at.latest for scan in parcel.scans)),)


@attrs.frozen
class _Followed:
    """What is known as of an instant, and what is doubtful in it."""

    order: Order
    shipments: tuple[Shipment, ...] = ()
    estimates: tuple[tuple[Estimate, ...], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def phases(self) -> Mapping[ShipmentId, Phase]:
        return {shipment.id: shipment.phase for shipment in self.shipments}


def follow(reading: OrderReading, scans: Iterable[ScanReading], at: Instant | None) -> Story:
    """Tell the story of an order as of an instant, by default the last that what is known can mean."""
    readings = tuple(scans)
    parcels = _parcels(reading, readings)
    now = at or _last_known(reading, parcels)
    doubts = [*reading.warnings, *(doubt for it in readings for doubt in it.warnings)]
    warnings = {str(doubt) for doubt in doubts}
    placed = reading.order.history[0].at
    if now < placed:
        return _untold(reading.order, now, warnings)
    known = _adopted(reading, parcels, now)
    snapshot = Snapshot(orders=(known.order,), shipments=known.shipments)
    histories = (known.order.history, *(shipment.history for shipment in known.shipments))
    return Story(
        title=f"Order {known.order.id}: {known.order.payment_status.name}, "
        f"{known.order.fulfilment(known.phases).name}",
        at=now,
        timeline=happenings(snapshot),
        shipments=tuple(_whereabouts(known, now)),
        attention=(Watch(at=now, items=attention(snapshot, now)),),
        money=money_of(Ledger(postings_of(*histories))),
        warnings=tuple(sorted({*warnings, *known.notes, *_doubtful(parcels, now)})),
    )


def _whereabouts(known: _Followed, now: Instant) -> Iterator[Whereabouts]:
    for shipment, estimates in zip(known.shipments, known.estimates, strict=True):
        grounds = Grounds(estimates=estimates, promised=_promised(known.order, shipment))
        yield whereabouts(shipment, arrival(shipment.trackings[_PARCEL], grounds, now))


def _promised(order: Order, shipment: Shipment) -> Window | None:
    carried = {it.line for it in order.allocations if it.shipment == shipment.id}
    lines = (line for line in order.sale.lines if line.id in carried)
    windows = (line.deliver_within for line in lines if line.deliver_within is not None)
    return max(windows, key=lambda window: window.latest, default=None)


def _untold(order: Order, now: Instant, warnings: set[str]) -> Story:
    """Tell that there is nothing to tell yet."""
    note = f"order {order.id}: it is placed at {to_text(order.history[0].at)}, later than asked for"
    return Story(
        title=f"Order {order.id}: not placed yet",
        at=now,
        timeline=(),
        shipments=(),
        attention=(Watch(at=now, items=()),),
        money=money_of(Ledger(())),
        warnings=tuple(sorted({*warnings, note})),
    )


def _parcels(reading: OrderReading, scans: Iterable[ScanReading]) -> tuple[_Tracked, ...]:
    """Bring together what is known of each parcel, whichever of its numbers it is known by."""
    named = [_Tracked(frozenset({number})) for number in reading.fulfilments]
    tracked = [_Tracked.read(parcel) for it in scans for parcel in it.parcels]
    parcels: tuple[_Tracked, ...] = reduce(_joined, [*named, *tracked], ())
    return tuple(sorted(parcels, key=lambda it: sorted(number.text for number in it.numbers)))


def _joined(parcels: tuple[_Tracked, ...], found: _Tracked) -> tuple[_Tracked, ...]:
    same = [it for it in parcels if it.numbers & found.numbers]
    others = (it for it in parcels if it not in same)
    return (*others, reduce(lambda one, other: one | other, same, found))


def _adopted(reading: OrderReading, parcels: Sequence[_Tracked], now: Instant) -> _Followed:
    """Adopt a shipment for each parcel that was seen by now.

    Those that the order names come first, and what was seen earlier before what was seen later.
    """
    named = reading.fulfilments
    known = _Followed(_until(reading.order, now))
    if len(named) > 1:
        note = "$.fulfillmentHrefs: which units travel in which is not said"
        known = attrs.evolve(known, notes=(note,))
    seen = [(it.numbers.isdisjoint(named), _first_seen(reading, it), it) for it in parcels]
    for _, at, parcel in sorted(seen, key=lambda it: it[:2]):
        known = _adopt(known, reading, parcel, at, now) if at <= now else known
    return known


def _until(order: Order, now: Instant) -> Order:
    return Order.replay(step for step in order.history if step.at <= now)


def _first_seen(reading: OrderReading, parcel: _Tracked) -> Instant:
    """Say when a shipment is adopted: with its first scan, and not before the order was paid.

    A scan without a zone shows the shipment once it is surely past.
    Of a fulfilment without scans it is only known that it was there when eBay last changed the order.
    """
    steps = reading.order.history
    paid = max(step.at for step in steps if step.action in (OrderAction.PLACE, OrderAction.PAY))
    scanned = (scan.at.latest for scan in parcel.scans)
    return max(paid, min(scanned, default=reading.modified_at or paid))


def _adopt(
    known: _Followed, reading: OrderReading, parcel: _Tracked, at: Instant, now: Instant
) -> _Followed:
    """Adopt a parcel, with the units of its lines that are in no other shipment; not a stranger's."""
    is_named = not parcel.numbers.isdisjoint(reading.fulfilments)
    stranger = "" if is_named else _why_not_of(known, reading, parcel)
    if stranger:
        return attrs.evolve(known, notes=(*known.notes, stranger))
    shipment = _shipment(reading, parcel, at).observe(_by(parcel.scans, now))
    every = frozenset(line.id for line in reading.order.sale.lines)
    order, refusal = _with_units(known, shipment, reading.shipped if is_named else every, at)
    units = sum(a.quantity for a in order.allocations if a.shipment == shipment.id)
    doubts = (
        "" if is_named else _assumption(units),
        f"no units are allocated, since {refusal}" if refusal else "",
        _doubt_of_scans(reading, shipment.scans, parcel),
    )
    notes = (f"{shipment.id}: {doubt}" for doubt in doubts if doubt)
    return _Followed(
        order,
        (*known.shipments, shipment),
        (*known.estimates, parcel.estimates),
        (*known.notes, *notes),
    )


def _why_not_of(known: _Followed, reading: OrderReading, parcel: _Tracked) -> str:
    """Say why a parcel that no fulfilment names is not of this order, or nothing."""
    number, *_ = parcel.first_numbers(())
    if _is_older(reading, parcel):
        return f"not of this order: {number}: all of its scans are older than the order"
    if not known.order.unshipped(known.phases):
        return f"not of this order: {number}: no fulfilment names it, and no unit is left for it"
    return ""


def _is_older(reading: OrderReading, parcel: _Tracked) -> bool:
    placed = reading.order.sale.placed_at
    return bool(parcel.scans) and all(scan.at.latest < placed for scan in parcel.scans)


def _doubt_of_scans(reading: OrderReading, seen: tuple[Scan, ...], parcel: _Tracked) -> str:
    """Say what the scans by now do not show of a shipment that is taken to be handed over."""
    if not seen:
        return "no scan of it is known"
    if _is_older(reading, parcel):
        return "all of its scans are older than the order"
    if all(scan.milestone is Milestone.REGISTERED for scan in seen):
        return "it is only announced; no scan shows that the carrier has it"
    return ""


def _by(scans: Iterable[Scan], now: Instant) -> tuple[Scan, ...]:
    return tuple(scan for scan in scans if scan.at.is_surely_by(now))


def _doubtful(parcels: Iterable[_Tracked], now: Instant) -> Iterator[str]:
    """Name the scans of which nobody can tell whether they are past."""
    for scan in (scan for parcel in parcels for scan in parcel.scans):
        if scan.at.is_by(now) is None:
            yield f"{scan.number}: the scan of {scan.at} may be to come, and is left out"


def _assumption(units: int) -> str:
    if not units:
        return "no fulfilment of the order names it"
    left = f"the {units} units that are" if units > 1 else "the one unit that is"
    return (
        f"no fulfilment of the order names it; it is assumed to carry {left} in no other shipment"
    )


def _shipment(reading: OrderReading, parcel: _Tracked, at: Instant) -> Shipment:
    numbers = parcel.first_numbers(reading.fulfilments)
    sale = reading.order.sale
    consignment = Consignment(
        id=ShipmentId(f"{numbers[0]}"),
        orders=(reading.order.id,),
        seller=sale.seller,
        buyer=sale.buyer,
        consignee=sale.consignee,
        parcels=(Parcel(id=_PARCEL),),
    )
    carrier = _carrier_of(numbers, parcel.scans)
    booking = Booking(carrier=carrier, labels=(Label(_PARCEL, numbers),))
    return Shipment.draft(consignment, by=_PLATFORM, at=at).adopt(booking, by=_PLATFORM, at=at)


def _with_units(
    known: _Followed, shipment: Shipment, lines: frozenset[LineId], at: Instant
) -> tuple[Order, str]:
    """Allocate units when the shipment was adopted, among what happened to the order; say why not.

    What came later stays as it was: it happened, and is not judged again.
    """
    units = [
        Allocation(shipment=shipment.id, line=line, quantity=count)
        for line, count in known.order.unshipped(known.phases).items()
        if line in lines
    ]
    if not units:
        return known.order, ""
    try:
        packed = _until(known.order, at).allocate(units, phases=known.phases, by=_PLATFORM, at=at)
    except TransitionError as refusal:
        return known.order, str(refusal)
    later = (step for step in known.order.history if step.at > at)
    return Order.replay((*packed.history, *later)), ""


def _carrier_of(numbers: Iterable[TrackingNumber], scans: Iterable[Scan]) -> CarrierCode:
    if any(isinstance(number, SpeedPakNumber) for number in numbers):
        return CarrierCode("SpeedPAK")
    named = (_as_code(scan.carrier) for scan in scans)
    return next(filter(None, named), _UNKNOWN_CARRIER)


def _as_code(name: str) -> CarrierCode:
    """Make a code of what a feed calls a carrier, which may be blank, unprintable or long."""
    shown = "".join(sign if sign.isprintable() else " " for sign in name)
    return CarrierCode(" ".join(shown.split())[:_MOST_CODE].strip())


def _last_known(reading: OrderReading, parcels: Iterable[_Tracked]) -> Instant:
    known = [reading.order.history[-1].at, reading.modified_at]
    scanned = [scan.at.latest for parcel in parcels for scan in parcel.scans]
    return max([*filter(None, known), *scanned])
