"""Shipments: a consignment of parcels and its movement, from draft to receipt.

Two kinds of change meet here.  *Commands* obey `FULFILMENT` and may be refused; each accepted one
leaves a step.  *Facts* are scans: `observe` takes whatever comes, and the phase follows from what
they attest.  So a shipment is what was commanded and what was seen, and its phase is derived from
both.

Identity: `ShipmentId`; a parcel is found through the numbers of the booking.  Invariants: parcels
have different identifiers, a booking labels every parcel, and a hold exists only while a booking is
confirmed and not yet settled.  A shipment does not know the lines of the order: the order knows
what it put into which shipment.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cached_property, lru_cache, reduce
from typing import Self, TypeAlias

import attrs

from apaclogistics.compensation import Facts
from apaclogistics.consignments import Booking, Consignment
from apaclogistics.errors import InvalidValueError, NotFoundError, Reason
from apaclogistics.fulfilment import CAME_TO_NOTHING, FULFILMENT, Action, Flag, Phase
from apaclogistics.history import Note, Step, accept, not_a_beginning, record
from apaclogistics.ledger import Posting, PostingKind, capture, hold, release
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.tracking import (
    Discrepancy,
    DiscrepancyKind,
    ProofOfDelivery,
    Scan,
    Tracking,
    merge,
    track,
)
from apaclogistics.values.identifiers import (
    ParcelId,
    ShipmentId,
    TrackingNumber,
    tracking_number,
)
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import Money

__all__ = ("Shipment",)

# How a parcel's way ends, the outcome that needs most attention first.
_OUTCOMES = (Phase.LOST, Phase.DESTROYED, Phase.RETURNED, Phase.DELIVERED)
_ORDER = {phase: index for index, phase in enumerate(Phase)}

ShipmentStep: TypeAlias = Step[Action, Consignment | Booking | Note]


@attrs.frozen(kw_only=True)
class Shipment:
    """A consignment under way: what was commanded, what was seen, and what follows from both."""

    consignment: Consignment
    commanded: Phase = FULFILMENT.initial
    booking: Booking | None = None
    held: Money | None = None
    scans: tuple[Scan, ...] = ()
    history: tuple[ShipmentStep, ...]

    @classmethod
    def draft(cls, consignment: Consignment, *, by: Actor, at: Instant) -> Self:
        """Begin a shipment.

        Raises:
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
        """
        FULFILMENT.refuse_stranger(FULFILMENT.initial, Action.DRAFT, by, {consignment.seller})
        return cls._begun(Step(action=Action.DRAFT, by=by, at=at, payload=consignment))

    @classmethod
    def replay(cls, steps: Iterable[ShipmentStep], scans: Iterable[Scan] = ()) -> Self:
        """Rebuild a shipment from its steps and scans, without judging them again.

        Raises:
            InvalidValueError: if the first step did not draft it.
        """
        first, *rest = steps
        begun = cls._begun(first)
        return reduce(lambda shipment, step: shipment._applied(step), rest, begun).observe(scans)

    @classmethod
    def _begun(cls, step: ShipmentStep) -> Self:
        match step.payload:
            case Consignment():
                return cls(consignment=step.payload, history=(step,))
            case _:
                raise not_a_beginning("shipment", step)

    def _applied(self, step: ShipmentStep) -> Self:
        booking = step.payload if isinstance(step.payload, Booking) else self.booking
        return attrs.evolve(
            self,
            commanded=FULFILMENT.after(self.phase, step.action),
            booking=booking,
            held=reduce(_held_after, step.postings, self.held),
            history=(*self.history, step),
        )

    @property
    def id(self) -> ShipmentId:
        """The shipment's identifier."""
        return self.consignment.id

    @property
    def parties(self) -> frozenset[Actor]:
        """The seller, the buyer, and the carrier once there is a booking."""
        named = {self.consignment.seller, self.consignment.buyer}
        return frozenset(named | ({self.carrier} if self.carrier else set()))

    @property
    def carrier(self) -> Actor | None:
        """The carrier as one who acts, None before there is a booking."""
        return Actor(Role.CARRIER, self.booking.carrier) if self.booking else None

    @property
    def state(self) -> Phase:
        """The phase, on which commands are judged."""
        return self.phase

    @cached_property
    def phase(self) -> Phase:
        """The commanded phase once that ended the shipment, else what scans attest, if anything."""
        if self.commanded in (Phase.COMPLETED, Phase.CLOSED):
            return self.commanded
        return self._attested or self.commanded

    @cached_property
    def trackings(self) -> Mapping[ParcelId, Tracking]:
        """What the scans say of each parcel, those older than the booking left out."""
        return {
            parcel.id: track(scan for scan in self.scans if self._is_of(scan, parcel.id))
            for parcel in self.consignment.parcels
        }

    @property
    def proofs(self) -> Mapping[ParcelId, ProofOfDelivery]:
        """What shows that parcels were delivered, those that were not left out."""
        proofs = {parcel: tracking.proof for parcel, tracking in self.trackings.items()}
        return {parcel: proof for parcel, proof in proofs.items() if proof is not None}

    def _is_of(self, scan: Scan, parcel: ParcelId) -> bool:
        return parcel in self._parcels_of(scan) and not self._predates_booking(scan)

    def _parcels_of(self, scan: Scan) -> frozenset[ParcelId]:
        # A retraction belongs where the scan belongs that it takes back.
        return self._by_number.get(_number_of((scan.voids or scan.key).number), frozenset())

    @property
    def numbers(self) -> frozenset[TrackingNumber]:
        """All numbers of all parcels."""
        return frozenset(n for n in self._by_number if n is not None)

    @cached_property
    def _by_number(self) -> dict[TrackingNumber | None, frozenset[ParcelId]]:
        labels = self.booking.labels if self.booking else ()
        numbers = {number for label in labels for number in label.numbers}
        return {
            number: frozenset(label.parcel for label in labels if number in label.numbers)
            for number in numbers
        }

    def _predates_booking(self, scan: Scan) -> bool:
        issued = self.booking.issued_at if self.booking else None
        return issued is not None and (scan.voids or scan.key).at.latest < issued

    @cached_property
    def _attested(self) -> Phase | None:
        """Combine what is attested of the parcels into one phase.

        The least advanced parcel that still moves counts, and one without a scan counts as accepted
        once another has been.  When none moves, the outcome that needs most attention counts, so
        DELIVERED only when all are.
        """
        seen = [tracking.phase for tracking in self.trackings.values()]
        if not any(seen):
            return None
        phases = {phase or Phase.ACCEPTED for phase in seen}
        if moving := phases - set(_OUTCOMES):
            return min(moving, key=_ORDER.__getitem__)
        return next(outcome for outcome in _OUTCOMES if outcome in phases)

    @property
    def flags(self) -> frozenset[Flag]:
        """The flags that stand on any parcel."""
        return frozenset(flag for tracking in self.trackings.values() for flag in tracking.flags)

    @property
    def strays(self) -> tuple[Scan, ...]:
        """Scans that were observed and carry no number of this booking."""
        return tuple(scan for scan in self.scans if not self._parcels_of(scan))

    @property
    def delivered_at(self) -> Instant | None:
        """When the last parcel was delivered, None while not all are."""
        if self._attested is not Phase.DELIVERED:
            return None
        times = [t.delivered_at for t in self.trackings.values() if t.delivered_at is not None]
        return max(times, default=None)

    @property
    def accepted_at(self) -> Instant | None:
        """When the carrier is first seen to have a parcel, None while it is not."""
        times = [t.accepted_at for t in self.trackings.values() if t.accepted_at is not None]
        return min(times, default=None)

    @property
    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """Every contradiction: between scans, and between scans and commands."""
        between_scans = [d for t in self.trackings.values() for d in t.discrepancies]
        return (*between_scans, *self._against_commands())

    def _against_commands(self) -> tuple[Discrepancy, ...]:
        found = [
            _contradiction(DiscrepancyKind.OLDER_THAN_BOOKING, scan)
            for scan in self.scans
            if self._parcels_of(scan) and self._predates_booking(scan)
        ]
        first = self._first_moving_scan()
        if first is not None and self._commanded_at(first.at.earliest) is Phase.BOOKED:
            found.append(_contradiction(DiscrepancyKind.ACCEPTED_BEFORE_CONFIRMATION, first))
        if first is not None and self.commanded is Phase.CANCELLED:
            found.append(_contradiction(DiscrepancyKind.MOVES_THOUGH_CANCELLED, first))
        return tuple(found)

    def _first_moving_scan(self) -> Scan | None:
        entries = (entry for tracking in self.trackings.values() for entry in tracking.timeline)
        moving = [entry.scan for entry in entries if entry.attests is not None]
        return min(moving, key=lambda scan: (scan.at, scan.key), default=None)

    def _commanded_at(self, at: Instant) -> Phase:
        steps = [step for step in self.history if step.at <= at]
        return reduce(lambda phase, step: FULFILMENT.after(phase, step.action), steps, Phase.DRAFT)

    def observe(self, scans: Iterable[Scan]) -> Self:
        """Take in scans, in whatever order and however often they come; never raises.

        The set of scans only grows.  Scans of other numbers are kept as `strays`.
        """
        return attrs.evolve(self, scans=merge(self.scans, scans))

    def check_bookable(self, *, hindrances: Iterable[Reason], by: Actor, at: Instant) -> None:
        """Judge a booking before a carrier is asked for it.

        Raises:
            TransitionError: as `book` would.
        """
        accept(FULFILMENT, self, Action.BOOK, Note(), by=by, at=at, reasons=hindrances)

    def book(
        self, booking: Booking, *, hindrances: Iterable[Reason], by: Actor, at: Instant
    ) -> Self:
        """Take what a carrier booked; nothing has moved, and nothing is held yet.

        `hindrances` are why the seller may not book now, or why the quote is no good.

        Raises:
            InvalidValueError: if the booking has no estimate above zero, no instant, or does not
                label each parcel.
        """
        if booking.estimate is None or booking.estimate.minor <= 0 or booking.issued_at is None:
            given = booking.service or booking.carrier
            raise InvalidValueError("booking", given, "is incomplete", "a cost and an instant")
        self._check_labels(booking)
        return self._take(Action.BOOK, booking, by, at, hindrances)

    def adopt(self, booking: Booking, *, by: Actor, at: Instant) -> Self:
        """Take over a shipment that was booked and handed over elsewhere, without a hold.

        Raises:
            InvalidValueError: if the booking has an estimate, or no label for a parcel.
        """
        if booking.estimate is not None or booking.issued_at is not None:
            given = booking.service or booking.carrier
            raise InvalidValueError("booking", given, "is not adopted", "neither cost nor instant")
        self._check_labels(booking)
        return self._take(Action.ADOPT, booking, by, at)

    def _check_labels(self, booking: Booking) -> None:
        labelled = sorted(label.parcel for label in booking.labels)
        parcels = sorted(parcel.id for parcel in self.consignment.parcels)
        if labelled != parcels:
            allowed = f"one label for each of {', '.join(parcels)}"
            raise InvalidValueError(
                "labels", ", ".join(labelled), "do not fit the parcels", allowed
            )

    def confirm(
        self, *, available: Money, hindrances: Iterable[Reason] = (), by: Actor, at: Instant
    ) -> Self:
        """Commit the booking: its estimated cost is held, and pick-up is requested.

        `available` is what the seller can spend, in the currency of the estimate; `hindrances` are
        why it is not to be shipped any more.
        """
        estimate = self.booking.estimate if self.booking else None
        short = estimate is not None and available < estimate
        text = f"{available} are available and {estimate} are needed"
        reasons = (*hindrances, *((Reason("not_enough_funds", text),) if short else ()))
        postings = (hold(self.consignment.seller, estimate, self._cause),) if estimate else ()
        return self._take(Action.CONFIRM, Note(), by, at, reasons, postings)

    def hand_over(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Hand the parcels to the carrier: the seller at a drop-off, the carrier at a collection."""
        return self._take(Action.HAND_OVER, Note(note), by, at)

    def cancel(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Cancel before the carrier has accepted anything; what is held is released."""
        postings = self._released()
        return self._take(Action.CANCEL, Note(note), by, at, postings=postings)

    def confirm_receipt(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Say as the buyer that the goods have come; the carrier is paid."""
        return self._take(Action.CONFIRM_RECEIPT, Note(note), by, at, postings=self._captured())

    def complete(self, *, by: Actor, at: Instant, patience: timedelta) -> Self:
        """Complete in the buyer's place, `patience` after delivery; the carrier is paid."""
        delivered = self.delivered_at
        due = None if delivered is None else delivered + patience
        waits = due is not None and instant(at) < due
        text = f"the buyer has until {to_text(instant(due))} to confirm" if due else ""
        reasons = (Reason("too_early", text),) if waits else ()
        return self._take(Action.COMPLETE, Note(), by, at, reasons, self._captured())

    def close(self, note: str, *, by: Actor, at: Instant) -> Self:
        """End a shipment that nobody will receive, and say why.

        The carrier is paid if it ever had a parcel; else what is held is released.
        """
        postings = self._captured() if self._attested else self._released()
        return self._take(Action.CLOSE, Note(note), by, at, postings=postings)

    def reship(self, id: ShipmentId, *, by: Actor, at: Instant) -> Self:
        """Begin a new shipment of the same parcels, which names this one.

        Raises:
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            RefusedError: if this one may still arrive.
        """
        reason = Reason("may_still_arrive", f"shipment {self.id} is {self.phase.name}")
        record(
            FULFILMENT,
            self,
            Action.DRAFT,
            Note(),
            by=by,
            at=at,
            roles={Role.SELLER, Role.PLATFORM},
            reasons=() if self.phase in CAME_TO_NOTHING else (reason,),
        )
        again = attrs.evolve(self.consignment, id=id, replaces=self.id)
        return type(self).draft(again, by=by, at=at)

    def facts(self, parcel: ParcelId, at: Instant) -> Facts:
        """Give what is known of a parcel as of an instant, for a claim.

        Raises:
            NotFoundError: if the shipment has no such parcel.
            InvalidValueError: if its weight or its declared value is not known.
        """
        piece = next((p for p in self.consignment.parcels if p.id == parcel), None)
        if piece is None:
            raise NotFoundError("parcel", parcel)
        if piece.weight is None or piece.declared is None:
            allowed = "a weight and customs items"
            raise InvalidValueError("parcel", parcel, "does not say what it is", allowed)
        moment = instant(at)
        tracking = track(
            s for s in self.scans if self._is_of(s, parcel) and s.at.earliest <= moment
        )
        return Facts(
            at=moment,
            phase=tracking.phase or self._commanded_at(moment),
            posted_at=tracking.accepted_at,
            delivered_at=tracking.first_seen(Phase.DELIVERED),
            attempted_at=tracking.first_seen(Phase.ATTEMPT_FAILED),
            weight=piece.weight,
            destination=self.consignment.consignee.address.country,
            declared=piece.declared,
        )

    @property
    def _cause(self) -> str:
        return f"shipment {self.id}"

    def _released(self) -> tuple[Posting, ...]:
        if self.held is None:
            return ()
        return (release(self.consignment.seller, self.held, self._cause),)

    def _captured(self) -> tuple[Posting, ...]:
        if self.held is None or self.carrier is None:
            return ()
        return (capture(self.consignment.seller, self.carrier, self.held, self._cause),)

    def _take(
        self,
        action: Action,
        payload: Booking | Note,
        by: Actor,
        at: Instant,
        reasons: Iterable[Reason] = (),
        postings: Iterable[Posting] = (),
    ) -> Self:
        step = accept(
            FULFILMENT, self, action, payload, by=by, at=at, reasons=reasons, postings=postings
        )
        return self._applied(step)


def _held_after(_: Money | None, posting: Posting) -> Money | None:
    # A shipment holds, releases and captures, and nothing else.
    return posting.amount if posting.kind is PostingKind.HOLD else None


@lru_cache(maxsize=1024)
def _number_of(reported: str) -> TrackingNumber | None:
    try:
        return tracking_number(reported)
    except InvalidValueError:
        return None


def _contradiction(kind: DiscrepancyKind, scan: Scan) -> Discrepancy:
    return Discrepancy(kind, scan, f"{kind.value}: {scan.code} at {scan.at}")
