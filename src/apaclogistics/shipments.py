"""Shipments: a consignment of parcels and its movement, from draft to receipt.

Two kinds of change meet here.  *Commands* obey `FULFILMENT` and may be refused; each accepted one
leaves a step.  *Facts* are scans and measurements: `observe` and `measure` take whatever comes, and
the phase follows from what scans attest.  So a shipment is what was commanded and what was seen.
What is billed is a fact that moves money: `charge` takes it in any order, and leaves a step where
it is new.

Identity: `ShipmentId`; a parcel is found through the numbers of the booking.  Invariants: parcels
have different identifiers, a booking labels every parcel, a hold exists only while a booking is
confirmed and neither settled nor billed, and once rows are known, exactly their total is paid.  A
shipment does not know the lines of an order: the order knows what it put into which shipment.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cached_property, reduce
from typing import Self, TypeAlias

import attrs

from apaclogistics.charges import due_if_carried, held_after, paid_to, settle
from apaclogistics.compensation import Facts
from apaclogistics.consignments import Booking, Consignment
from apaclogistics.costs import ActualCost, Bill, totals, unknown
from apaclogistics.costs import merge as merge_costs
from apaclogistics.dossiers import dossier
from apaclogistics.errors import Reason
from apaclogistics.fulfilment import FULFILMENT, NEVER_RECEIVED, Action, Flag, Phase
from apaclogistics.handovers import HandoverEntry, HandoverLine
from apaclogistics.history import Note, Step, accept, first_and_rest, not_a_beginning, record
from apaclogistics.ledger import Posting, hold
from apaclogistics.lifecycle import Actor, Only, Role
from apaclogistics.measurements import Measured, Measurement, measured_by_parcel
from apaclogistics.measurements import merge as merge_measurements
from apaclogistics.movements import Movement, contradiction
from apaclogistics.promises import Promise
from apaclogistics.reshipments import Goods, Sent
from apaclogistics.tracking import (
    Discrepancy,
    DiscrepancyKind,
    ProofOfDelivery,
    Scan,
    Tracking,
    merge,
)
from apaclogistics.values.fields import checked
from apaclogistics.values.identifiers import ParcelId, ShipmentId, TrackingNumber
from apaclogistics.values.instants import (
    Instant,
    Moment,
    checked_span,
    duration_text,
    instant,
    to_text,
)
from apaclogistics.values.money import Currency, Money, checked_money

__all__ = ("Shipment",)

ShipmentStep: TypeAlias = Step[Action, Consignment | Booking | Bill | Note]


@attrs.frozen(kw_only=True)
class Shipment:
    """A consignment under way: what was commanded, what was seen, and what follows from both."""

    consignment: Consignment
    commanded: Phase = FULFILMENT.initial
    booking: Booking | None = None
    held: Money | None = None
    scans: tuple[Scan, ...] = ()
    measurements: tuple[Measurement, ...] = ()
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
    def replay(
        cls,
        steps: Iterable[ShipmentStep],
        scans: Iterable[Scan] = (),
        measurements: Iterable[Measurement] = (),
    ) -> Self:
        """Rebuild a shipment from its steps and facts, without judging them again.

        Raises:
            InvalidValueError: if there is no step, or the first did not draft it.
        """
        first, rest = first_and_rest("shipment", steps)
        done = reduce(lambda shipment, step: shipment._applied(step), rest, cls._begun(first))
        return done.observe(scans).measure(measurements)

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
            commanded=FULFILMENT.after(self.commanded, step.action),
            booking=booking,
            held=reduce(held_after, step.postings, self.held),
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
        return self.movement.phase or self.commanded

    @cached_property
    def movement(self) -> Movement:
        """What the scans say of the parcels together."""
        parcels = tuple(parcel.id for parcel in self.consignment.parcels)
        return Movement(parcels=parcels, booking=self.booking, scans=self.scans)

    @property
    def trackings(self) -> Mapping[ParcelId, Tracking]:
        """What the scans say of each parcel, those older than the booking left out."""
        return self.movement.trackings

    def is_received(self, parcel: ParcelId) -> bool:
        """Tell whether the shipment is completed, and that is of this parcel.

        Of several, one that came to nothing by its own scans was not received with the others.

        Raises:
            KeyError: if the shipment has no such parcel.
        """
        seen = self.trackings[parcel].phase
        is_meant = len(self.trackings) == 1 or seen not in NEVER_RECEIVED
        return self.phase is Phase.COMPLETED and is_meant

    @property
    def proofs(self) -> Mapping[ParcelId, ProofOfDelivery]:
        """What shows that parcels were delivered, those that were not left out."""
        return self.movement.proofs

    @property
    def promise(self) -> Promise | None:
        """What was promised for this carriage: with the consignment, else by the quote it is booked on.

        It goes before what the lines of its orders say (`OrderLine.deliver_within`): those say what
        the buyer was told at the sale, and count where nothing was promised for the carriage.
        """
        booked = self.booking.promise if self.booking else None
        return self.consignment.promise or booked

    @property
    def numbers(self) -> frozenset[TrackingNumber]:
        """All numbers of all parcels."""
        return self.booking.numbers if self.booking else frozenset()

    @property
    def live_numbers(self) -> frozenset[TrackingNumber]:
        """The numbers that a parcel may travel under: cancelling kills them."""
        return frozenset() if self.commanded is Phase.CANCELLED else self.numbers

    @property
    def flags(self) -> frozenset[Flag]:
        """The flags that stand on any parcel."""
        return self.movement.flags

    @property
    def strays(self) -> tuple[Scan, ...]:
        """Scans that were observed and carry no number of this booking."""
        return self.movement.strays

    @property
    def delivered(self) -> Moment | None:
        """When the last parcel was delivered, as exactly as reported; None while not all are."""
        return self.movement.delivered

    @property
    def delivered_at(self) -> Instant | None:
        """The instant by which all parcels had surely been delivered, None while not all are.

        The buyer's patience begins with it.  Lateness is judged by `delivered`.
        """
        return self.movement.delivered_at

    @property
    def accepted(self) -> Moment | None:
        """When the carrier is first seen to have a parcel, None while it is not."""
        return self.movement.accepted

    @property
    def accepted_at(self) -> Instant | None:
        """The instant by which the carrier surely had a parcel, None while it has none."""
        return self.movement.accepted_at

    @cached_property
    def measured(self) -> Mapping[ParcelId, Measured]:
        """What the carrier has found each parcel to weigh and to measure."""
        return measured_by_parcel(self.consignment.parcels, self.booking, self.measurements)

    @cached_property
    def costs(self) -> tuple[ActualCost, ...]:
        """The rows that the carrier has billed for this shipment, each once."""
        return merge_costs(
            *(step.payload.rows for step in self.history if isinstance(step.payload, Bill))
        )

    @property
    def paid(self) -> Mapping[Currency, Money]:
        """What the seller has paid the carrier, by currency.

        Once rows are known, their total; before, the estimate if the shipment was carried to its
        end, and nothing until then.
        """
        postings = (posting for step in self.history for posting in step.postings)
        return paid_to(self.carrier, postings) if self.carrier else {}

    @property
    def entry(self) -> HandoverEntry:
        """What must be known of the shipment to hand it over along with others."""
        labels = self.booking.labels if self.booking else ()
        declared = {parcel.id: parcel.weight for parcel in self.consignment.parcels}
        return HandoverEntry(
            shipment=self.id,
            seller=self.consignment.seller,
            carrier=self.carrier,
            phase=self.phase,
            preference=self.consignment.preference,
            lines=tuple(
                HandoverLine(
                    parcel=label.parcel,
                    number=label.numbers[0],
                    weight=self.measured[label.parcel].weight or declared[label.parcel],
                )
                for label in labels
            ),
        )

    @property
    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """Every contradiction: between scans, and between scans and commands."""
        return (*self.movement.discrepancies, *self._against_commands())

    def _against_commands(self) -> Iterator[Discrepancy]:
        first = self.movement.first_moving_scan
        if first is None:
            return
        if self._commanded_at(first.at.latest) is Phase.BOOKED:
            yield contradiction(DiscrepancyKind.ACCEPTED_BEFORE_CONFIRMATION, first)
        if self.commanded is Phase.CANCELLED:
            yield contradiction(DiscrepancyKind.MOVES_THOUGH_CANCELLED, first)

    def _commanded_at(self, at: Instant) -> Phase:
        steps = [step for step in self.history if step.at <= at]
        return reduce(lambda phase, step: FULFILMENT.after(phase, step.action), steps, Phase.DRAFT)

    def observe(self, scans: Iterable[Scan]) -> Self:
        """Take in scans, in whatever order and however often they come; never raises.

        The set of scans only grows.  Scans of other numbers are kept as `strays`.
        """
        return attrs.evolve(self, scans=merge(self.scans, scans))

    def measure(self, measurements: Iterable[Measurement]) -> Self:
        """Take in weighings and packings, in whatever order they come; never raises.

        The set only grows, as that of the scans does.
        """
        return attrs.evolve(self, measurements=merge_measurements(self.measurements, measurements))

    def charge(self, rows: Iterable[ActualCost], *, by: Actor, at: Instant) -> Self:
        """Take in what the carrier bills, so that exactly that is paid; see `charges.settle`.

        Rows that are known change nothing, so the same shipment comes back; order, repetition and
        batching make no difference to what is paid.  Rows of other carriers or numbers, and those
        that were billed before the numbers were issued, are not of these parcels and are left out.

        Raises:
            ActorNotPermittedError: if `by` is neither the carrier nor the platform.
            RefusedError: if `at` lies before the last step.
        """
        new = unknown(filter(self._is_billed_here, rows), among=self.costs)
        step = record(
            FULFILMENT,
            self,
            Action.CHARGE,
            Bill(new) if new else Note(),
            by=by,
            at=at,
            roles={Role.CARRIER, Role.PLATFORM},
            postings=self._settled(totals((*self.costs, *new))),
        )
        return self._applied(step) if new else self

    def _is_billed_here(self, row: ActualCost) -> bool:
        return self.booking is not None and bool(self.booking.parcels_billed(row))

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
                label each parcel, and a command could be given.
        """
        self._judge(Action.BOOK, by)
        checked("booking", booking, Booking).check_made_here()
        self.consignment.check_labels(booking)
        return self._take(Action.BOOK, booking, by, at, hindrances)

    def adopt(
        self, booking: Booking, *, hindrances: Iterable[Reason] = (), by: Actor, at: Instant
    ) -> Self:
        """Take over a shipment that was booked and handed over elsewhere, without a hold.

        `hindrances` are why not, such as that a number is that of another shipment; they are not
        looked at before the booking is.

        Raises:
            RefusedError: if there are hindrances.
            InvalidValueError: if the booking has an estimate, an instant, a reference or a quote,
                as those that are made here, or no label for a parcel, and a command could be given.
        """
        self._judge(Action.ADOPT, by)
        checked("booking", booking, Booking).check_made_elsewhere()
        self.consignment.check_labels(booking)
        return self._take(Action.ADOPT, booking, by, at, hindrances)

    def confirm(
        self, *, available: Money, hindrances: Iterable[Reason] = (), by: Actor, at: Instant
    ) -> Self:
        """Commit the booking: its estimated cost is held, and pick-up is requested.

        `available` is what the seller can spend, in the currency of the estimate; `hindrances` are
        why it is not to be shipped any more.  Where the carrier has billed already, that is paid,
        and nothing is held.

        Raises:
            InvalidTypeError: if `available` is no money, and a command could be given.
            InvalidValueError: if it is in another currency than the estimate.
        """
        self._judge(Action.CONFIRM, by)
        estimate = self.booking.estimate if self.booking and not self.costs else None
        short = estimate is not None and checked_money("available", available) < estimate
        text = f"{available} are available and {estimate} are needed"
        reasons = (*hindrances, *((Reason("not_enough_funds", text),) if short else ()))
        postings = (hold(self.consignment.seller, estimate, self._cause),) if estimate else ()
        return self._take(Action.CONFIRM, Note(), by, at, reasons, postings)

    def hand_over(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Hand the parcels to the carrier: the seller at a drop-off, the carrier at a pick-up.

        Which of the two it is says the preference of the consignment; without one, either may.
        """
        return self._take(Action.HAND_OVER, Note(note), by, at)

    @property
    def _only(self) -> Only[Action]:
        preference = self.consignment.preference
        return {Action.HAND_OVER: preference.kind.hands_over} if preference else {}

    def cancel(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Cancel before the carrier has accepted anything; what is held is released.

        The numbers die: see `live_numbers`.
        """
        postings = self._released()
        return self._take(Action.CANCEL, Note(note), by, at, postings=postings)

    def confirm_receipt(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Say as the buyer that the goods have come; the carrier is paid."""
        return self._take(Action.CONFIRM_RECEIPT, Note(note), by, at, postings=self._captured())

    def complete(self, *, by: Actor, at: Instant, patience: timedelta) -> Self:
        """Complete in the buyer's place, `patience` after delivery; the carrier is paid.

        Patience begins when the delivery is surely over, however its time is meant.

        Raises:
            InvalidTypeError: if `patience` is no span of time, and a command could be given.
            InvalidValueError: if it is negative.
        """
        self._judge(Action.COMPLETE, by)
        wait = checked_span("patience", patience, longest=timedelta.max)
        reasons = self._too_early(instant(at), wait)
        return self._take(Action.COMPLETE, Note(), by, at, reasons, self._captured())

    def _too_early(self, at: Instant, patience: timedelta) -> Iterator[Reason]:
        delivered = self.delivered_at
        if delivered is not None and at - delivered < patience:
            until = f"{duration_text(patience)} after {to_text(delivered)}"
            yield Reason("too_early", f"the buyer has until {until} to confirm")

    def close(self, note: str, *, by: Actor, at: Instant) -> Self:
        """End a shipment that nobody will receive, and say why.

        The carrier is paid if it ever had a parcel; else what is held is released.
        """
        postings = self._captured() if self.movement.phase else self._released()
        return self._take(Action.CLOSE, Note(note), by, at, postings=postings)

    def reship(
        self,
        id: ShipmentId,
        *,
        others: Iterable["Shipment"] = (),
        limit: int,
        by: Actor,
        at: Instant,
    ) -> Self:
        """Begin a new shipment of the same parcels, which names this one.

        `others` are the shipments of its orders, and `limit` is how often the same goods may be
        shipped again, whichever of them that was in place of.

        Raises:
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            RefusedError: if this one or one in its place may still arrive, or these goods were
                shipped too often.

        Source: eDIS errors 355045 (its status does not allow it) and 355046 (too often).
        """
        goods = Goods(self._sent, tuple(it._sent for it in others if it.id != self.id))
        record(
            FULFILMENT,
            self,
            Action.DRAFT,
            Note(),
            by=by,
            at=at,
            roles={Role.SELLER, Role.PLATFORM},
            reasons=goods.against_reshipping(limit),
        )
        return type(self).draft(goods.again(id), by=by, at=at)

    @property
    def _sent(self) -> Sent:
        return Sent(self.consignment, self.phase)

    def facts(self, parcel: ParcelId, at: Instant, *, priced: Money | None = None) -> Facts:
        """Give what is known of a parcel as of an instant, for a claim.

        `priced` is what its carriage comes to on the rate card, for whoever looked it up.  What is
        inexact or not of this parcel alone is judged as `dossiers` says.

        Raises:
            NotFoundError: if the shipment has no such parcel.
            InvalidValueError: if its weight or its declared value is not known.
        """
        known = dossier(
            parcel, consignment=self.consignment, movement=self.movement, costs=self.costs
        )
        return known.facts(at, commanded=self._commanded_at(instant(at)), priced=priced)

    @property
    def _cause(self) -> str:
        return f"shipment {self.id}"

    def _released(self) -> tuple[Posting, ...]:
        return self._settled(self.paid)

    def _captured(self) -> tuple[Posting, ...]:
        return self._settled(due_if_carried(self.paid, self.held))

    def _settled(self, due: Mapping[Currency, Money]) -> tuple[Posting, ...]:
        if self.carrier is None:
            return ()
        return settle(
            due,
            paid=self.paid,
            held=self.held,
            seller=self.consignment.seller,
            carrier=self.carrier,
            cause=self._cause,
        )

    def _judge(self, action: Action, by: Actor) -> None:
        # Before the data is looked at: a stranger is told nothing of it.
        FULFILMENT.decide(self.phase, action, by=by, parties=self.parties)

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
            FULFILMENT,
            self,
            action,
            payload,
            by=by,
            at=at,
            only=self._only,
            reasons=reasons,
            postings=postings,
        )
        return self._applied(step)
