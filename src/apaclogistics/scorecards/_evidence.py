"""What shows, line by line and parcel by parcel, whether promises were kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import attrs

from apaclogistics.allocations import counted
from apaclogistics.arrivals import Grounds
from apaclogistics.cancellations import CancellationState
from apaclogistics.compensation import ClaimKind
from apaclogistics.consignments import Booking
from apaclogistics.fulfilment import Phase
from apaclogistics.lifecycle import Actor
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentStatus
from apaclogistics.performance import Lane, Outcome, Performance, Sighting
from apaclogistics.sales import OrderLine
from apaclogistics.scorecards._records import Records
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Tracking
from apaclogistics.values.identifiers import (
    CarrierCode,
    LineId,
    ListingVersion,
    OrderId,
    ParcelId,
)
from apaclogistics.values.instants import Instant, Moment, Window, instant, last_of, moment

__all__ = ("LineEvidence", "ParcelEvidence", "arrival_grounds", "lines", "parcels")

_PAID: Final = frozenset(
    {PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.FULLY_REFUNDED}
)
_GONE: Final = frozenset({Phase.LOST, Phase.DESTROYED})


@attrs.frozen(kw_only=True)
class LineEvidence:
    """What shows whether a line of an order was shipped on time and tracked.

    All times are those of the last of its parcels, None while one is missing: `numbered_at` when
    its number was known, `accepted` when the carrier first had it, `arrived` when it was delivered
    or tried to be.  A re-shipment counts for the arrival alone.  `is_scanned` says whether
    the carrier has seen every parcel, and `is_said_late` whether the buyer says that they were late.

    Source: eBay's help pages on late shipments and on tracking that is uploaded and validated.
    """

    order: OrderId
    line: LineId
    seller: Actor
    carriers: frozenset[CarrierCode] = frozenset()
    listing: ListingVersion | None = None
    offer: str = ""
    ship_by: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )
    deliver_by: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )
    numbered_at: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )
    accepted: Moment | None = attrs.field(default=None, converter=attrs.converters.optional(moment))
    arrived: Moment | None = attrs.field(default=None, converter=attrs.converters.optional(moment))
    is_scanned: bool = False
    is_said_late: bool = False

    def is_late(self, at: Instant) -> bool | None:
        """Tell whether the line was shipped late; None where nobody can tell, or not yet.

        An acceptance within the handling time makes it on time however late it comes.  Else it is
        late if the tracking shows that it came after the latest estimate, or the buyer says so; that
        nothing shows when it came is no evidence.  A time that is not exact shows only what holds
        however it is meant.
        """
        was_in_time = _is_by(self.accepted, self.ship_by)
        if was_in_time:
            return False
        is_shown = self.is_said_late or self._came_late(at)
        return None if is_shown and was_in_time is None else is_shown

    def _came_late(self, at: Instant) -> bool | None:
        if self.deliver_by is None:
            return None
        if self.arrived is None:
            return False if at > self.deliver_by else None
        was_by = self.arrived.is_by(self.deliver_by)
        return None if was_by is None else not was_by

    def is_tracked(self, at: Instant) -> bool | None:
        """Tell whether its number was known in time and the carrier has scanned it, ever.

        None where nobody said until when it ships, and while there is time.
        """
        if self.ship_by is None:
            return None
        if self.is_scanned and self.numbered_at is not None and self.numbered_at <= self.ship_by:
            return True
        return False if at > self.ship_by else None


def _is_by(when: Moment | None, limit: Instant | None) -> bool | None:
    return False if when is None or limit is None else when.is_by(limit)


@attrs.frozen(kw_only=True)
class ParcelEvidence:
    """What became of a parcel that a carrier had, and who had to do with it."""

    outcome: Outcome
    seller: Actor
    carrier: CarrierCode | None
    listing: ListingVersion | None


def lines(records: Records) -> Iterator[LineEvidence]:
    """Give the evidence on each line that was paid for and not cancelled."""
    for order in records.orders:
        is_cancelled = order.cancellation is CancellationState.CANCELLED
        if order.payment_status in _PAID and not is_cancelled:
            yield from (_line(records, order, line) for line in order.sale.lines)


def _line(records: Records, order: Order, line: OrderLine) -> LineEvidence:
    loads = tuple(_loads(records.shipments_of(order), order, line))
    first = _Loads(line.quantity, tuple(it for it in loads if it.is_first))
    last = _Loads(line.quantity, tuple(it for it in loads if it.is_last))
    bookings, numbered = (it.shipment.booking for it in loads), first.when(_numbered)
    return LineEvidence(
        order=order.id,
        line=line.id,
        seller=order.sale.seller,
        carriers=frozenset(booking.carrier for booking in bookings if booking is not None),
        listing=order.sale.listing,
        offer=order.sale.offer,
        ship_by=line.ship_by,
        deliver_by=None if line.deliver_within is None else line.deliver_within.latest,
        numbered_at=numbered.latest if numbered is not None else None,
        accepted=first.when(_accepted),
        arrived=last.when(_arrived),
        is_scanned=first.are_complete and all(map(_is_scanned, first.loads)),
        is_said_late=order.id in records.said_late,
    )


@attrs.frozen
class _Load:
    """Units of a line in a shipment, all of its parcels or one.

    `is_first` unless it stands in for another, `is_last` unless another stands in for it.
    """

    shipment: Shipment
    quantity: int
    parcel: ParcelId | None = None
    is_first: bool = True
    is_last: bool = True

    @property
    def trackings(self) -> list[Tracking]:
        known = self.shipment.trackings
        return [it for parcel, it in known.items() if self.parcel in (None, parcel)]


def _loads(shipments: Iterable[Shipment], order: Order, line: OrderLine) -> Iterator[_Load]:
    """Give where the units of a line went; those of an order that says nothing went everywhere."""
    going = {it.id: it for it in shipments if it.phase is not Phase.CANCELLED}
    if not order.allocations:
        yield from (_Load(it, line.quantity) for it in going.values())
    lasting = counted(order.allocations, {id: it.phase for id, it in going.items()})
    for packed in order.allocations:
        if packed.line == line.id and packed.shipment in going:
            yield _Load(
                going[packed.shipment],
                packed.quantity,
                packed.parcel,
                is_first=packed.replaces is None,
                is_last=packed in lasting,
            )


@attrs.frozen
class _Loads:
    """Some of the loads of a line of so many units."""

    units: int
    loads: tuple[_Load, ...]

    @property
    def are_complete(self) -> bool:
        return sum(it.quantity for it in self.loads) >= self.units

    def when(self, time: Callable[[_Load], Moment | None]) -> Moment | None:
        """Give the last of some moments, None while one is missing."""
        return _last(map(time, self.loads)) if self.are_complete else None


def _last(times: Iterable[Moment | None]) -> Moment | None:
    found = tuple(times)
    known = [at for at in found if at is not None]
    return last_of(known) if len(known) == len(found) else None


def _numbered(load: _Load) -> Moment | None:
    steps = load.shipment.history
    return next((moment(it.at) for it in steps if isinstance(it.payload, Booking)), None)


def _accepted(load: _Load) -> Moment | None:
    return _last(it.accepted for it in load.trackings)


def _arrived(load: _Load) -> Moment | None:
    # Source: eBay counts an attempted delivery as on time.
    return _last(it.first_seen(Phase.DELIVERED, Phase.ATTEMPT_FAILED) for it in load.trackings)


def _is_scanned(load: _Load) -> bool:
    return all(it.phase is not None for it in load.trackings)


def parcels(records: Records, at: Instant) -> Iterator[ParcelEvidence]:
    """Give what became of each parcel that a carrier had, as of an instant."""
    for shipment in records.shipments:
        for parcel, tracking in shipment.trackings.items():
            if tracking.phase is not None:
                yield _parcel(records, shipment, parcel, tracking, at)


def _parcel(
    records: Records, shipment: Shipment, parcel: ParcelId, tracking: Tracking, at: Instant
) -> ParcelEvidence:
    listing, _ = _sold_on(records.orders_of(shipment))
    lane, offer = _way(records, shipment)
    outcome = Outcome(
        lane=lane,
        offer=offer,
        at=at,
        window=_window(records, shipment, parcel),
        accepted=tracking.accepted,
        attempted=tracking.first_seen(Phase.ATTEMPT_FAILED),
        delivered=tracking.first_seen(Phase.DELIVERED),
        is_lost=_is_lost(records, shipment, parcel, tracking),
        is_damaged=_is_damaged(records, shipment, parcel, tracking),
        seen=tuple(_seen(tracking)),
    )
    booking = shipment.booking
    return ParcelEvidence(
        outcome=outcome,
        seller=shipment.consignment.seller,
        carrier=None if booking is None else booking.carrier,
        listing=listing,
    )


def arrival_grounds(
    records: Records, shipment: Shipment, at: Instant
) -> Mapping[ParcelId, Grounds]:
    """Give what the arrival of each parcel of a shipment may rest on, as of an instant.

    Experience is that of all parcels on record; who knows a route or what the carrier estimates
    adds it.
    """
    now, known = instant(at), records.as_of(instant(at))
    performance = Performance.of(it.outcome for it in parcels(known, now))
    lane, offer = _way(known, shipment)
    return {
        parcel.id: Grounds(
            performance=performance,
            lane=lane,
            offer=offer,
            promised=_window(known, shipment, parcel.id),
        )
        for parcel in shipment.consignment.parcels
    }


def _way(records: Records, shipment: Shipment) -> tuple[Lane, str]:
    """Give the lane that a shipment goes, and the name of the offer that it was sold on."""
    listing, name = _sold_on(records.orders_of(shipment))
    offer = records.offer(listing, name)
    origin = None if offer is None else offer.origin
    return Lane(origin, shipment.consignment.consignee.address.country), name


def _sold_on(orders: Iterable[Order]) -> tuple[ListingVersion | None, str]:
    """Give the version and the offer that orders were sold on; none where they differ."""
    known = {(order.sale.listing, order.sale.offer) for order in orders}
    return known.pop() if len(known) == 1 else (None, "")


def _window(records: Records, shipment: Shipment, parcel: ParcelId) -> Window | None:
    """Find what was promised: to the shipment, else to the lines that the parcel carries."""
    if shipment.promise is not None:
        return shipment.promise.window
    windows = [
        line.deliver_within
        for order in records.orders_of(shipment)
        for line in _lines_in(order, shipment, parcel)
        if line.deliver_within is not None
    ]
    return max(windows, key=lambda it: (it.latest, it.earliest), default=None)


def _lines_in(order: Order, shipment: Shipment, parcel: ParcelId) -> Iterator[OrderLine]:
    inside = {
        packed.line
        for packed in order.allocations
        if packed.shipment == shipment.id and packed.parcel in (None, parcel)
    }
    is_unpacked = not order.allocations
    yield from (line for line in order.sale.lines if is_unpacked or line.id in inside)


def _is_lost(records: Records, shipment: Shipment, parcel: ParcelId, seen: Tracking) -> bool:
    """Tell whether a parcel is lost: by the carrier's word, or by a claim, and never delivered."""
    is_claimed = records.is_claimed(shipment.id, parcel, ClaimKind.LOSS)
    never_came = seen.first_seen(Phase.DELIVERED) is None
    return seen.phase in _GONE or (is_claimed and never_came)


def _is_damaged(records: Records, shipment: Shipment, parcel: ParcelId, seen: Tracking) -> bool:
    is_claimed = records.is_claimed(shipment.id, parcel, ClaimKind.DAMAGE)
    return is_claimed or seen.first_seen(Phase.DAMAGED) is not None


def _seen(tracking: Tracking) -> Iterator[Sighting]:
    """Give the milestones on the way to the delivery, or on the first way out."""
    ways = [leg for leg in tracking.legs if leg.phase is Phase.DELIVERED] or tracking.legs
    for leg in ways[:1]:
        for milestone, at in tracking.milestones(leg.number).items():
            yield Sighting(milestone, at)
