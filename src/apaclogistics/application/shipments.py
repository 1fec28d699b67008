"""Steps 3 to 6: what was paid is packed, booked, handed over, tracked and received."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final

import attrs

from apaclogistics.allocations import Units
from apaclogistics.application._booking import book_once
from apaclogistics.application._bulk import cancel_all, confirm_all
from apaclogistics.application._desk import (
    Decided,
    Desk,
    Now,
    is_ours,
    last_heard_of,
    put,
    wallet_of,
)
from apaclogistics.application._packing import Wrapping, draft_together
from apaclogistics.arrivals import Arrival, ArrivalPolicy, Estimate, arrival
from apaclogistics.carriers import Answer, CarrierRejectedError, Complaint, ComplaintKind, at_once
from apaclogistics.consignments import Booking, ConsignmentPreference, Parcel
from apaclogistics.costs import ActualCost
from apaclogistics.declarations import Declaration, Undeclared, declare
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError, Reason
from apaclogistics.fulfilment import FULFILMENT, Action, Phase
from apaclogistics.lifecycle import Actor, IllegalTransitionError
from apaclogistics.measurements import Measurement
from apaclogistics.orders import Order
from apaclogistics.ports import Stored
from apaclogistics.promises import Promise
from apaclogistics.quotes import Quote, QuoteRefused
from apaclogistics.routes import Route
from apaclogistics.scorecards import arrival_grounds
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Scan
from apaclogistics.values.fields import several
from apaclogistics.values.goods import Incoterm
from apaclogistics.values.identifiers import (
    IdempotencyKey,
    LineId,
    OrderId,
    ParcelId,
    ShipmentId,
    TrackingNumber,
    checked_id,
    checked_number,
)
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import ExchangeRate, Money

__all__ = ("ShipmentDesk",)

# Our bound: operators use a number again after a year or more.
_USED_AGAIN_AFTER: Final = timedelta(days=365)
_OVER: Final = frozenset({Phase.DELIVERED, Phase.RETURNED, Phase.COMPLETED})


@attrs.frozen
class ShipmentDesk:
    """The use cases of shipments."""

    _desk: Desk

    def get(self, id: ShipmentId) -> Shipment:
        """Load a shipment."""
        return self._desk.read(lambda work: work.shipments, id)

    def find(self, number: TrackingNumber) -> tuple[Shipment, ...]:
        """Find the shipments with a parcel of this number."""
        asked = checked_number("number of a shipment", number)
        with self._desk.storage.unit_of_work() as work:
            return tuple(stored.value for stored in work.shipments.by_number(asked))

    def draft(
        self,
        order: OrderId,
        units: Mapping[LineId, int] | Iterable[Units] | None,
        parcels: Iterable[Parcel],
        *,
        by: Actor,
        promise: Promise | None = None,
        incoterm: Incoterm = Incoterm.DAP,
        preference: ConsignmentPreference | None = None,
    ) -> Shipment:
        """Put units of an order's lines into a new shipment, the order permitting.

        `Units` say which parcel they are in; None stands for all that are in no shipment yet.
        """
        chosen = {OrderId(checked_id("order", order)): _listed(units)}
        return self.draft_together(
            chosen, parcels, by=by, promise=promise, incoterm=incoterm, preference=preference
        )

    def draft_together(
        self,
        packing: Mapping[OrderId, Iterable[Units] | None],
        parcels: Iterable[Parcel],
        *,
        by: Actor,
        promise: Promise | None = None,
        incoterm: Incoterm = Incoterm.DAP,
        preference: ConsignmentPreference | None = None,
    ) -> Shipment:
        """Put units of several orders of one buyer into a new shipment, all of them or none.

        Raises:
            TransitionError: if one of the orders does not permit it, or they go to several places.
        """
        given: object = packing
        if not isinstance(given, Mapping):
            raise InvalidTypeError("packing", type(given).__name__, "units by their orders")
        packing = {
            order: None if units is None else _units(units) for order, units in packing.items()
        }
        wrapping = Wrapping(
            parcels=several("parcels", parcels, Parcel),
            promise=promise,
            incoterm=incoterm,
            preference=preference,
        )
        return draft_together(self._desk, packing, wrapping, by=by)

    def reship(self, id: ShipmentId, *, by: Actor) -> Shipment:
        """Ship the units of a shipment that came to nothing once more, in a new one.

        Raises:
            RefusedError: if it may still arrive, was replaced by one that may, or the goods were
                shipped as often as the platform allows.
        """
        new_id = ShipmentId(self._desk.ids.new("shipment"))
        with self._desk.storage.unit_of_work() as work:
            now = self._desk.now(work)
            old = work.shipments.get(id).value
            others = (
                stored.value
                for order in old.consignment.orders
                for stored in work.shipments.of_order(order)
            )
            limit = self._desk.reship_limit
            new = old.reship(new_id, others=others, limit=limit, by=by, at=now.at)
            for order in old.consignment.orders:
                _repack(now, work.orders.get(order), id, new_id, by)
            put(work, work.shipments, new)
            work.commit()
        return new

    def declare(
        self, id: ShipmentId, *, rates: Iterable[ExchangeRate] = ()
    ) -> tuple[Declaration, ...] | Undeclared:
        """Declare each parcel to customs as of now, or give every reason why not."""
        return declare(self.get(id).consignment, rates=rates, at=self._desk.clock.now())

    def book(
        self, id: ShipmentId, quote: Quote | QuoteRefused, *, key: IdempotencyKey, by: Actor
    ) -> Shipment:
        """Book a shipment with the quote's carrier, at most once for a key and for a quote.

        The same key and request give the same answer again, a rejection included.  Keys are the
        seller's own: another seller may use the same one.

        Raises:
            TransitionError: if the shipment, the seller or the quote does not allow it; with the
                reasons of the refusal where it is given instead of a quote.
            IdempotencyConflictError: if the key was used for another request, or its call is still
                under way.
            CarrierRejectedError: if the carrier refuses; this is final for the key and the quote.
            CarrierUnavailableError: if it does not answer; repeat the call with the same key.
        """
        return book_once(self._desk, id, quote, key, by)

    def confirm(self, id: ShipmentId, *, by: Actor) -> Shipment:
        """Commit a booking: its cost is held, and then the carrier is asked to pick up.

        Where the carrier did not answer, repeat the call: what is held is held, and the carrier is
        asked again.  A booking that the carrier refuses is given back to it and cancelled, and the
        hold released.

        Raises:
            TransitionError: if the shipment or the seller's wallet does not allow it.
            CarrierError: if the carrier refuses or does not answer.
        """
        shipment = self._held(id, by)
        if shipment.booking is not None and is_ours(shipment):
            carrier, at = self._desk.carrier(shipment.booking.carrier), self._desk.clock.now()
            try:
                carrier.confirm(shipment.booking, at=at)
            except CarrierRejectedError as refusal:
                self._dropped(id, str(refusal), by)
                raise
        return shipment

    def confirm_all(
        self, ids: Iterable[ShipmentId], *, by: Actor
    ) -> tuple[Answer[ShipmentId], ...]:
        """Confirm each of up to 200 shipments as `confirm` does, and answer for each in their order.

        One that is refused holds up no other.  Repeat the call with those that are not done.

        Raises:
            InvalidValueError: if there are none, one of them twice, or too many.
        """
        return confirm_all(
            self._desk,
            ids,
            hold=lambda id: self._held(id, by),
            drop=lambda id, note: self._dropped(id, note, by),
        )

    def _dropped(self, id: ShipmentId, note: str, by: Actor) -> Shipment:
        """Give back a booking that its carrier refuses, and release what was held for it.

        A carrier that will not cancel it either has had its say; one that does not answer leaves
        it confirmed here, so that repeating the call gives it back.
        """
        with suppress(CarrierRejectedError):
            self._desk.cancel_with_carrier(self.get(id), self._desk.clock.now())
        return self._change(id, lambda held, now: held.cancel(by=by, at=now.at, note=note))

    def _held(self, id: ShipmentId, by: Actor) -> Shipment:
        """Hold the cost of a booking, unless an earlier call has."""
        try:
            return self._change(
                id,
                lambda shipment, now: shipment.confirm(
                    available=_available(shipment, now),
                    hindrances=_against_confirming(shipment, now),
                    by=by,
                    at=now.at,
                ),
            )
        except IllegalTransitionError:
            shipment = self.get(id)
            if shipment.phase is not Phase.CONFIRMED:
                raise
            # Who may not confirm may not have it told again either.
            FULFILMENT.decide(Phase.BOOKED, Action.CONFIRM, by=by, parties=shipment.parties)
            return shipment

    def cancel(self, id: ShipmentId, *, by: Actor, note: str = "") -> Shipment:
        """Cancel a shipment that no carrier has accepted, with the carrier and here.

        Raises:
            TransitionError: if the shipment does not allow it.
            CarrierError: if the carrier refuses or does not answer.
            ConcurrencyConflictError: if somebody else saved it meanwhile, such as by booking a
                draft; repeat the call, the carrier cancels again without complaint.
        """
        decided = self._cancelled(id, by, note)
        self._desk.cancel_with_carrier(decided.new, self._desk.clock.now())
        return self._desk.save(lambda work: work.shipments, decided)

    def _cancelled(self, id: ShipmentId, by: Actor, note: str) -> Decided[Shipment]:
        """Cancel and save nothing: what is saved is of the version that its carrier was told of."""
        return self._desk.decide(
            lambda work: work.shipments, id, lambda it, now: it.cancel(by=by, at=now.at, note=note)
        )

    def cancel_all(
        self, ids: Iterable[ShipmentId], *, by: Actor, note: str = ""
    ) -> tuple[Answer[ShipmentId], ...]:
        """Cancel each of up to 200 shipments as `cancel` does, and answer for each in their order.

        One that is refused holds up no other.  Repeat the call with those that are not done.

        Raises:
            InvalidValueError: if there are none, one of them twice, or too many.
        """
        decided: dict[ShipmentId, Decided[Shipment]] = {}

        def judged(id: ShipmentId) -> Shipment:
            decided[id] = self._cancelled(id, by, note)
            return decided[id].new

        return cancel_all(
            self._desk,
            ids,
            judge=judged,
            save=lambda id: self._desk.save(lambda work: work.shipments, decided[id]),
        )

    def labels(self, id: ShipmentId, *, by: Actor) -> Mapping[ParcelId, bytes]:
        """Fetch the printable label of each parcel from the carrier.

        Raises:
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            NotFoundError: if nothing is booked with a carrier of the platform, or its numbers are dead.
            CarrierError: if the carrier knows no such number of this seller, or does not answer.
        """
        shipment, booking = self._alive(id, by)
        carrier, seller = self._desk.carrier(booking.carrier), shipment.consignment.seller
        return {it.parcel: carrier.label(it.numbers[0], seller=seller) for it in booking.labels}

    def printed_sheet(self, ids: Iterable[ShipmentId], *, by: Actor) -> bytes:
        """Fetch one printable sheet for all parcels of a seller's shipments with one carrier.

        Raises:
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            NotFoundError: if nothing is booked with a carrier of the platform, or its numbers are dead.
            InvalidValueError: if there are none, too many, or they are of several carriers or sellers.
            CarrierError: if the carrier knows no such number of this seller, or does not answer.
        """
        booked = [self._alive(id, by) for id in at_once("shipments", ids)]
        made_by = {(booking.carrier, it.consignment.seller) for it, booking in booked}
        if len(made_by) > 1:
            said = ", ".join(sorted(f"{code} for {seller}" for code, seller in made_by))
            raise InvalidValueError("printed sheet", said, "is for several", "one of each")
        (code, seller), *_ = made_by
        numbers = [label.numbers[0] for _, booking in booked for label in booking.labels]
        return self._desk.carrier(code).printed_sheet(numbers, seller=seller)

    def complain(self, id: ShipmentId, kind: ComplaintKind, reason: str, *, by: Actor) -> Complaint:
        """Complain of a shipment to its carrier, which keeps no copy that could be read: keep it.

        Raises:
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            NotFoundError: if nothing is booked with a carrier of the platform.
            InvalidValueError: if the reason is none or above 200 characters.
            CarrierError: if the carrier declines it or does not answer.
        """
        shipment, booking = self._booked(id, by)
        complaint = Complaint(
            kind=kind,
            seller=shipment.consignment.seller,
            reason=reason,
            numbers=tuple(label.numbers[0] for label in booking.labels),
            at=self._desk.clock.now(),
        )
        self._desk.carrier(booking.carrier).complain(complaint)
        return complaint

    def _booked(self, id: ShipmentId, by: Actor) -> tuple[Shipment, Booking]:
        """Load a shipment that has numbers, for its seller or the platform."""
        shipment = self.get(id)
        owner = {shipment.consignment.seller}
        FULFILMENT.refuse_stranger(shipment.phase, Action.HAND_OVER, by, owner)
        if shipment.booking is None:
            raise NotFoundError("booking of shipment", id)
        return shipment, shipment.booking

    def _alive(self, id: ShipmentId, by: Actor) -> tuple[Shipment, Booking]:
        """Load a shipment whose numbers a parcel may travel under, for its seller or the platform."""
        shipment, booking = self._booked(id, by)
        if not shipment.live_numbers:
            raise NotFoundError("live number of shipment", id)
        return shipment, booking

    def adopt(self, id: ShipmentId, booking: Booking, *, by: Actor) -> Shipment:
        """Take over a shipment that was booked and handed over elsewhere.

        Its numbers are those of no other shipment, whoever carries that, unless that was cancelled,
        or its parcels arrived or came back and it was last heard of a year ago: carriers use numbers
        again.

        Raises:
            TransitionError: if the shipment does not allow it, or a number is that of another.
        """
        return self._change(
            id,
            lambda shipment, now: shipment.adopt(
                booking, hindrances=_in_use(now, shipment, booking), by=by, at=now.at
            ),
        )

    def hand_over(self, id: ShipmentId, *, by: Actor, note: str = "") -> Shipment:
        """Hand the parcels to the carrier."""
        return self._change(
            id, lambda shipment, now: shipment.hand_over(by=by, at=now.at, note=note)
        )

    def observe(self, id: ShipmentId, scans: Iterable[Scan]) -> Shipment:
        """Take in scans, as often and in whatever order they come."""
        return self._desk.observe(id, scans)

    def measure(self, id: ShipmentId, measurements: Iterable[Measurement]) -> Shipment:
        """Take in weighings and packings, as often and in whatever order they come."""
        facts = several("measurements", measurements, Measurement)
        return self._change(id, lambda shipment, _: shipment.measure(facts))

    def charge(self, id: ShipmentId, rows: Iterable[ActualCost], *, by: Actor) -> Shipment:
        """Take in what the carrier bills, so that exactly that is paid.

        What was billed before changes nothing, and what is billed to other shipments is left out.

        Raises:
            ActorNotPermittedError: if `by` is neither the carrier nor the platform.
        """
        billed = several("rows", rows, ActualCost)
        return self._change(id, lambda shipment, now: shipment.charge(billed, by=by, at=now.at))

    def reconcile(self, id: ShipmentId, *, by: Actor) -> Shipment:
        """Ask the carrier what it has scanned, measured and billed, and take it all in at once.

        Repeat it as often as you like: exactly what is billed is paid.

        Raises:
            ActorNotPermittedError: if `by` is neither the carrier nor the platform.
            NotFoundError: if nothing is booked with a carrier of the platform.
            CarrierError: if the carrier knows no such booking, or does not answer.
        """
        self._judged(id, lambda shipment, now: shipment.charge((), by=by, at=now.at))
        shipment = self.get(id)
        booking, seller = shipment.booking, shipment.consignment.seller
        if booking is None:
            raise NotFoundError("booking of shipment", id)
        carrier, at = self._desk.carrier(booking.carrier), self._desk.clock.now()
        numbers = [label.numbers[0] for label in booking.labels]
        billed = carrier.costs(numbers, seller=seller, at=at)
        seen, found = carrier.scans(booking, at=at), carrier.measurements(booking, at=at)

        def reconciled(shipment: Shipment, now: Now) -> Shipment:
            known = shipment.observe(seen).measure(found)
            return known.charge(billed, by=by, at=now.at)

        return self._change(id, reconciled)

    def track(self, id: ShipmentId) -> Shipment:
        """Ask the carrier for its scans and take them in.

        Raises:
            NotFoundError: if nothing is booked with a carrier of the platform.
            CarrierUnavailableError: if the carrier does not answer.
        """
        return self._desk.track(id)

    def arrivals(
        self,
        id: ShipmentId,
        *,
        estimates: Iterable[Estimate] = (),
        route: Route | None = None,
        policy: ArrivalPolicy | None = None,
    ) -> Mapping[ParcelId, Arrival]:
        """Estimate when each parcel of a shipment arrives, as of now, and say what that rests on.

        Experience is that of all parcels stored.  `estimates` are what the carrier says, and `route`
        the plan, where they are known.
        """
        shipment, records, now = self.get(id), self._desk.records(), self._desk.clock.now()
        said = several("estimates", estimates, Estimate)
        return {
            parcel: arrival(
                shipment.trackings[parcel],
                attrs.evolve(known, estimates=said, route=route),
                now,
                policy,
            )
            for parcel, known in arrival_grounds(records, shipment, now).items()
        }

    def confirm_receipt(self, id: ShipmentId, *, by: Actor, note: str = "") -> Shipment:
        """Say as the buyer that the goods have come."""
        return self._change(
            id, lambda shipment, now: shipment.confirm_receipt(by=by, at=now.at, note=note)
        )

    def complete(self, id: ShipmentId, *, by: Actor, patience: timedelta) -> Shipment:
        """Complete in the buyer's place, some time after delivery."""
        return self._change(
            id, lambda shipment, now: shipment.complete(by=by, at=now.at, patience=patience)
        )

    def close(self, id: ShipmentId, note: str, *, by: Actor) -> Shipment:
        """End a shipment that nobody will receive."""
        return self._change(id, lambda shipment, now: shipment.close(note, by=by, at=now.at))

    def _judged(self, id: ShipmentId, verb: Callable[[Shipment, Now], Shipment]) -> Shipment:
        """Apply a verb and save nothing, so that a refusal comes before a carrier is called."""
        with self._desk.storage.unit_of_work() as work:
            return verb(work.shipments.get(id).value, self._desk.now(work))

    def _change(self, id: ShipmentId, verb: Callable[[Shipment, Now], Shipment]) -> Shipment:
        return self._desk.change(lambda work: work.shipments, id, verb)


def _listed(units: Mapping[LineId, int] | Iterable[Units] | None) -> Iterable[Units] | None:
    if isinstance(units, Mapping):
        return [Units(line, count) for line, count in units.items()]
    return None if units is None else _units(units)


def _units(units: Iterable[Units]) -> tuple[Units, ...]:
    return several("units", units, Units)


def _in_use(now: Now, shipment: Shipment, booking: Booking) -> Iterator[Reason]:
    """Name the numbers of a booking that are those of other shipments, of which nothing is told."""
    for number in sorted(booking.numbers, key=str):
        others = (it.value for it in now.work.shipments.by_number(number))
        if any(it.id != shipment.id and _counts(it, number, now.at) for it in others):
            yield Reason("number_in_use", f"{number} is the number of another shipment")


def _counts(shipment: Shipment, number: TrackingNumber, at: Instant) -> bool:
    """Tell whether a number is still that of a shipment; what never arrived keeps it for good."""
    is_over = shipment.phase in _OVER and at - last_heard_of(shipment) >= _USED_AGAIN_AFTER
    return number in shipment.live_numbers and not is_over


def _against_confirming(shipment: Shipment, now: Now) -> tuple[Reason, ...]:
    """Why a booking is not to be paid now; what is not booked is refused anyhow."""
    if shipment.booking is None:
        return ()
    return now.to_confirm(shipment.consignment, shipment.booking.carrier)


def _available(shipment: Shipment, now: Now) -> Money:
    """Give what the seller can spend in the currency of the estimate; nothing without one."""
    if shipment.booking is None or shipment.booking.estimate is None:
        return Money.zero("USD")
    wallet = wallet_of(now.work, shipment.consignment.seller)
    return wallet.value.available(shipment.booking.estimate.currency)


def _repack(now: Now, stored: Stored[Order], old: ShipmentId, new: ShipmentId, by: Actor) -> None:
    """Put what an order had in one shipment into another, in its place."""
    order = stored.value
    packing = [
        attrs.evolve(allocation, shipment=new, replaces=old)
        for allocation in order.allocations
        if allocation.shipment == old
    ]
    # A shipment that was adopted may be known without what is in it.
    if packing:
        repacked = order.allocate(packing, phases=now.phases(order.id), by=by, at=now.at)
        put(now.work, now.work.orders, repacked, stored)
