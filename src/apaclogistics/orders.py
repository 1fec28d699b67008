"""Orders: a sale with three independent axes, payment, cancellation and fulfilment.

*Payment* is derived from payments and refunds; the platform may hold money back from the seller.
*Cancellation* is a small table of its own.  *Fulfilment* is derived from what quantities went into
which shipments and where those are.  Between payment and fulfilment the platform *dispatches* the
order: it says which carrier is to carry it.  The order is where it is decided what a shipment may
hold: never more is shipped than was ordered.

Identity: `OrderId`.  Invariants: lines have different identifiers, all money is in the currency of
the total, never more is refunded than was paid, and never more is held than is left.  An order may
be known without its listing.  It does not know where its shipments are: whoever asks says so.

A command is judged in one order, whatever else is wrong with it: first whether the order is any
business of who commands, then whether the table has a row, then whether the role may, then the data.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce
from itertools import chain
from types import MappingProxyType
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.allocations import (
    Allocation,
    Fulfilment,
    Packing,
    awaits_handover,
    booked,
    contents_of,
    counted,
    fulfilment_of,
    under_way,
    units_of,
    without,
)
from apaclogistics.cancellations import (
    CANCELLATION,
    Cancellation,
    CancellationRequest,
    CancellationState,
    Cancelling,
    OrderAction,
    admit,
    against_paying,
    against_shipping,
    cancellation_of,
    no_time,
    too_early,
    too_late,
)
from apaclogistics.dispatches import Dispatch
from apaclogistics.errors import NotFoundError, Reason
from apaclogistics.fulfilment import Phase
from apaclogistics.history import Note, Step, first_and_rest, not_a_beginning, record
from apaclogistics.ledger import Posting
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.payments import (
    HoldRelease,
    PaymentHold,
    PaymentStatus,
    Settlement,
    freed,
    held_back,
    received,
)
from apaclogistics.refunds import (
    REFUND,
    RefundAction,
    RefundBeginning,
    RefundOutcome,
    RefundState,
    against_refund,
    found,
    given_back,
    rest_of,
    settled,
)
from apaclogistics.sales import Payment, Refund, Sale
from apaclogistics.values.fields import checked
from apaclogistics.values.identifiers import (
    CarrierCode,
    LineId,
    OrderId,
    ParcelId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency, Money

__all__ = ("Order", "OrderPayload", "OrderStep")

_NOWHERE: Final[Mapping[ShipmentId, Collection[ParcelId]]] = MappingProxyType({})


OrderPayload: TypeAlias = (
    Sale
    | Payment
    | PaymentHold
    | HoldRelease
    | Dispatch
    | Refund
    | RefundBeginning
    | RefundOutcome
    | Packing
    | CancellationRequest
    | Cancelling
    | Note
)
OrderStep: TypeAlias = Step[OrderAction, OrderPayload]


@attrs.frozen(kw_only=True)
class Order:
    """A sale and what became of it; `holds` are those that stand, `refunds` those paid out."""

    sale: Sale
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    pending_refunds: tuple[Refund, ...] = ()
    failed_refunds: tuple[Refund, ...] = ()
    holds: tuple[PaymentHold, ...] = ()
    dispatched: Dispatch | None = None
    allocations: tuple[Allocation, ...] = ()
    cancellation: CancellationState = CANCELLATION.initial
    history: tuple[OrderStep, ...]

    @classmethod
    def place(
        cls, sale: Sale, *, hindrances: Iterable[Reason] = (), by: Actor, at: Instant
    ) -> Self:
        """Take in an order; `hindrances` are why it may not be sold now.

        Who insists on figures that add up passes `sale.inconsistencies` among them; else they are
        the order's.

        Raises:
            ActorNotPermittedError: if `by` is neither a party to it nor the platform.
            RefusedError: if there are hindrances.
        """
        CANCELLATION.refuse_stranger(CANCELLATION.initial, OrderAction.PLACE, by, sale.parties)
        if against := tuple(hindrances):
            raise CANCELLATION.refuse(CANCELLATION.initial, OrderAction.PLACE, by, against)
        return cls._begun(Step(action=OrderAction.PLACE, by=by, at=at, payload=sale))

    @classmethod
    def replay(cls, steps: Iterable[OrderStep]) -> Self:
        """Rebuild an order from its steps, without judging them again.

        Raises:
            InvalidValueError: if there is no step, or the first did not place it.
        """
        first, rest = first_and_rest("order", steps)
        return reduce(lambda order, step: order._applied(step), rest, cls._begun(first))

    @classmethod
    def _begun(cls, step: OrderStep) -> Self:
        match step.payload:
            case Sale():
                return cls(sale=step.payload, history=(step,))
            case _:
                raise not_a_beginning("order", step)

    def _applied(self, step: OrderStep) -> Self:
        money = settled(self.money, step.payload)
        order = attrs.evolve(
            self,
            payments=money.payments,
            refunds=money.refunds,
            pending_refunds=money.pending,
            failed_refunds=money.failed,
            holds=money.holds,
            cancellation=CANCELLATION.after(self.cancellation, step.action),
            history=(*self.history, step),
        )
        match step.payload:
            case Dispatch() as dispatch:
                return attrs.evolve(order, dispatched=dispatch)
            case Packing(allocations=allocations):
                return attrs.evolve(order, allocations=(*self.allocations, *allocations))
            case _:
                return order

    @property
    def id(self) -> OrderId:
        """The order's identifier."""
        return self.sale.id

    @property
    def parties(self) -> frozenset[Actor]:
        """The seller and the buyer."""
        return self.sale.parties

    @property
    def state(self) -> CancellationState:
        """The state of the cancellation, on which its commands are judged."""
        return self.cancellation

    @property
    def cancelling(self) -> Cancellation | None:
        """Who asked to cancel, until when that was open, and who decided; None if nobody asked."""
        return cancellation_of(self.history)

    @property
    def inconsistencies(self) -> tuple[Reason, ...]:
        """What does not fit together in the sale, and was accepted all the same."""
        return self.sale.inconsistencies

    @property
    def currency(self) -> Currency:
        """The currency of the sale."""
        return self.sale.total.currency

    @property
    def money(self) -> Settlement:
        """What was due, paid, given back and held back."""
        return Settlement(
            due=self.sale.total,
            payments=self.payments,
            refunds=self.refunds,
            pending=self.pending_refunds,
            failed=self.failed_refunds,
            holds=self.holds,
        )

    @property
    def paid(self) -> Money:
        """What the buyer has paid, gross."""
        return self.money.paid

    @property
    def refunded(self) -> Money:
        """What the buyer was given back, gross."""
        return self.money.refunded

    @property
    def payment_status(self) -> PaymentStatus:
        """What was paid and given back, in eBay's words."""
        return self.money.status

    def shipped(self, line: LineId, phases: Mapping[ShipmentId, Phase]) -> int:
        """Count the units of a line that are in a shipment which counts.

        `phases` tells where the order's shipments are; one that is not named counts.
        """
        return units_of(counted(self.allocations, phases)).get(line, 0)

    def unshipped(self, phases: Mapping[ShipmentId, Phase]) -> dict[LineId, int]:
        """Give the units of each line that are in no shipment yet, lines with none left out."""
        return without(self.sale.ordered, units_of(counted(self.allocations, phases)))

    def awaiting_handover(self, phases: Mapping[ShipmentId, Phase]) -> dict[LineId, int]:
        """Give the units of each line that no carrier has yet, lines with none left out.

        Nobody waits for a line whose price was given back.
        """
        there = counted(self.allocations, phases)
        gone = units_of(a for a in there if not awaits_handover(a, phases))
        return without(self._wanted, gone)

    def to_be_packed(self, phases: Mapping[ShipmentId, Phase]) -> dict[LineId, int]:
        """Give the units of each line that are in no shipment yet, and whose price is not given back."""
        return without(self._wanted, units_of(counted(self.allocations, phases)))

    @property
    def _wanted(self) -> dict[LineId, int]:
        lines = (line for line in self.sale.lines if not self.money.covers(line))
        return {line.id: line.quantity for line in lines}

    def fulfilment(self, phases: Mapping[ShipmentId, Phase]) -> Fulfilment:
        """Tell how far the order's units are, from the phases of its shipments."""
        return fulfilment_of(self.sale.ordered, self.allocations, phases)

    def contents(self, shipment: ShipmentId) -> dict[ParcelId | None, dict[LineId, int]]:
        """Give the order's units in a shipment by parcel; under None what is in no named one."""
        return contents_of(self.allocations, shipment)

    def pay(
        self, payment: Payment, *, by: Actor, at: Instant, hindrances: Iterable[Reason] = ()
    ) -> Self:
        """Record a payment; what the seller gets is posted.

        `hindrances` are why it is not taken from whoever tells of it.

        Raises:
            ActorNotPermittedError: if `by` is neither the buyer nor the platform.
            RefusedError: if there are hindrances, the order is cancelled, the payment is known, too
                much, or in another currency.
        """
        postings = received(self.sale, payment)
        reasons = chain(
            hindrances,
            against_paying(self.cancellation, self.id),
            self.money.against_payment(payment),
        )
        return self._take(OrderAction.PAY, payment, by, at, reasons, postings)

    def hold_payment(self, held: PaymentHold, *, by: Actor, at: Instant) -> Self:
        """Hold money of the order back from the seller, as the platform.

        Raises:
            ActorNotPermittedError: if `by` is not the platform.
            RefusedError: if the hold is known, or there is not so much left to hold.
        """
        postings = held_back(self.sale, held)
        reasons = self._against_hold(held)
        return self._take(OrderAction.HOLD_PAYMENT, held, by, at, reasons, postings)

    def _against_hold(self, held: PaymentHold) -> Iterator[Reason]:
        # A notice that is repeated after the release puts nothing on hold again.
        known = {it.payload.id for it in self.history if isinstance(it.payload, PaymentHold)}
        if checked("hold", held, PaymentHold).id in known:
            yield Reason("held_twice", f"hold {held.id} is recorded already")
        yield from self.money.against_hold(held)

    def release_payment(self, hold: str, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Release a hold by its identifier, as the platform.

        Raises:
            ActorNotPermittedError: if `by` is not the platform.
            NotFoundError: if no such hold stands.
        """
        self.admit(OrderAction.RELEASE_PAYMENT, by)
        found = [held for held in self.holds if held.id == hold]
        if not found:
            raise NotFoundError(f"hold on order {self.id}", hold)
        postings = freed(self.sale, found)
        return self._take(
            OrderAction.RELEASE_PAYMENT, HoldRelease(hold, note), by, at, (), postings
        )

    def dispatch(
        self,
        carrier: CarrierCode,
        *,
        phases: Mapping[ShipmentId, Phase],
        by: Actor,
        at: Instant,
        note: str = "",
    ) -> Self:
        """Say as the platform which carrier is to carry the order; anew until something is booked.

        Nothing leaves by that: what eBay calls dispatched is handed over here, shipment by shipment.

        Raises:
            ActorNotPermittedError: if `by` is not the platform.
            RefusedError: if the order is not paid, its payment is on hold, its cancellation is
                requested or done, or something of it is booked.
        """
        self.admit(OrderAction.DISPATCH, by)
        reasons = [*self._not_to_be_dispatched(), *booked(self.allocations, phases)]
        return self._take(OrderAction.DISPATCH, Dispatch(carrier, note), by, at, reasons)

    def _not_to_be_dispatched(self) -> list[Reason]:
        text = f"{self.money.held} of order {self.id} are on hold"
        held = [Reason("payment_held", text)] if self.holds else []
        return [*self.hindrances, *held]

    def against_carrier(self, carrier: CarrierCode) -> tuple[Reason, ...]:
        """Give why a carrier may not be booked for units of the order now.

        An order that was dispatched to nobody may be booked with any carrier.
        """
        other = self.dispatched.against(carrier, self.id) if self.dispatched else ()
        return (*self._not_to_be_dispatched(), *other)

    def against_carrying(self, shipment: ShipmentId) -> tuple[Reason, ...]:
        """Give the lines in a shipment that nobody waits for: their price is given back."""
        return self._refunded(it for it in self.allocations if it.shipment == shipment)

    def _refunded(self, packed: Iterable[Allocation]) -> tuple[Reason, ...]:
        lines = dict.fromkeys(it.line for it in packed)
        text = "was given back, or is on its way to the buyer"
        return tuple(
            Reason("refunded", f"the price of line {line} {text}")
            for line in lines
            if self.money.covers(self.sale.line(line))
        )

    def allocate(
        self,
        allocations: Iterable[Allocation],
        *,
        phases: Mapping[ShipmentId, Phase],
        parcels: Mapping[ShipmentId, Collection[ParcelId]] = _NOWHERE,
        hindrances: Iterable[Reason] = (),
        by: Actor,
        at: Instant,
    ) -> Self:
        """Put units of lines into a shipment and its parcels, all of them or none.

        `phases` tells where the order's shipments are, so that units of those which came to nothing
        are free again; `parcels` which parcels a shipment has, where that is known; `hindrances` are
        why the units may not go there, such as another order's that travels with them.

        Raises:
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            NotFoundError: if the order has no such line.
            RefusedError: if there are no units or there are hindrances, the order is not paid, its
                cancellation is requested or done, the price of a line was given back or is on its
                way, more would be shipped than was ordered, a shipment has no such parcel, or what is
                replaced may still arrive.
        """
        self.admit(OrderAction.ALLOCATE, by)
        packing = Packing(tuple(allocations))
        for allocation in packing.allocations:
            self.sale.line(allocation.line)
        before, ordered = self.allocations, self.sale.ordered
        against = packing.against(before, phases=phases, parcels=parcels, ordered=ordered)
        given = self._refunded(packing.allocations)
        reasons = [*self.hindrances, *hindrances, *given, *against]
        return self._take(OrderAction.ALLOCATE, packing, by, at, reasons)

    @property
    def is_to_be_shipped(self) -> bool:
        """Whether the order is paid and nobody wants it cancelled."""
        return not self.hindrances

    @property
    def hindrances(self) -> tuple[Reason, ...]:
        """Why the order is not to be shipped now; nothing while it is."""
        cancelling = against_shipping(self.cancellation, self.id)
        return (*self.money.against_shipping(self.id), *cancelling)

    def refund(
        self, refund: Refund, *, by: Actor, at: Instant, hindrances: Iterable[Reason] = ()
    ) -> Self:
        """Give the buyer money back at once; what is on hold stays so.

        `hindrances` are why nothing is to be given back now, such as a case that is open about it.

        Raises:
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            NotFoundError: if it is for a line that the order does not have.
            RefusedError: if there are hindrances, another refund is pending, more would be given
                back than was paid or than is left of the line, the refund is known, or it is in
                another currency.
        """
        reasons = against_refund(self.sale, self.money, refund, hindrances)
        postings = given_back(self.sale, refund)
        return self._take(OrderAction.REFUND, refund, by, at, reasons, postings)

    def begin_refund(
        self, refund: Refund, *, by: Actor, at: Instant, hindrances: Iterable[Reason] = ()
    ) -> Self:
        """Let the buyer have money back once it is paid out, refused like `refund`; post nothing."""
        reasons = against_refund(self.sale, self.money, refund, hindrances)
        return self._take(OrderAction.BEGIN_REFUND, RefundBeginning(refund), by, at, reasons)

    def settle_refund(self, id: str, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Say as the platform that a pending refund was paid out, which posts it.

        Raises:
            ActorNotPermittedError: if `by` is not the platform.
            NotFoundError: if there is no such refund.
            IllegalTransitionError: if it has ended.
        """
        outcome = RefundOutcome(id, RefundState.REFUNDED, note)
        return self._end_refund(OrderAction.SETTLE_REFUND, RefundAction.SETTLE, outcome, by, at)

    def fail_refund(self, id: str, note: str, *, by: Actor, at: Instant) -> Self:
        """Say as the platform that a pending refund came to nothing; refused like `settle_refund`."""
        outcome = RefundOutcome(id, RefundState.FAILED, note)
        return self._end_refund(OrderAction.FAIL_REFUND, RefundAction.FAIL, outcome, by, at)

    def _end_refund(
        self, action: OrderAction, end: RefundAction, outcome: RefundOutcome, by: Actor, at: Instant
    ) -> Self:
        CANCELLATION.refuse_stranger(self.state, action, by, self.parties)
        given, state = found(self.money, outcome.refund)
        ended = REFUND.decide(state, end, by=by, parties=self.parties)
        postings = given_back(self.sale, given if ended is RefundState.REFUNDED else None)
        return self._take(action, outcome, by, at, postings=postings)

    def request_cancellation(
        self, note: str, *, by: Actor, at: Instant, decide_by: Instant | None = None
    ) -> Self:
        """Ask as the buyer for the order to be cancelled; `decide_by` limits the seller's time.

        Raises:
            RefusedError: if the time to decide would be over already.
        """
        self.admit(OrderAction.REQUEST, by)
        request = CancellationRequest(note, decide_by)
        return self._take(OrderAction.REQUEST, request, by, at, no_time(request, at))

    def retract_cancellation(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Take the request back."""
        return self._take(OrderAction.RETRACT, Note(note), by, at)

    def reject_cancellation(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Turn the buyer's request down, and say why.

        Raises:
            RefusedError: if the seller's time to decide has passed.
        """
        self.admit(OrderAction.REJECT, by)
        return self._take(OrderAction.REJECT, Note(note), by, at, too_late(self.cancelling, by, at))

    def lapse_cancellation(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Let a request that nobody answered in time go unheard, as the platform.

        Raises:
            RefusedError: if there is time left, or no limit.
        """
        return self._take(OrderAction.LAPSE, Note(note), by, at, too_early(self.cancelling, at))

    def approve_cancellation(
        self,
        note: str,
        *,
        phases: Mapping[ShipmentId, Phase],
        hindrances: Iterable[Reason] = (),
        most: Money | None = None,
        by: Actor,
        at: Instant,
    ) -> Self:
        """Grant the buyer's request: holds end, and what is left of the payment is refunded.

        `phases` tells where the order's shipments are, and `hindrances` why it may not be refunded.
        `most` bounds the refund, as where a carrier pays the buyer for a part; at zero there is none.

        Raises:
            RefusedError: if there are hindrances, a carrier has accepted a parcel of it, or the
                seller's time to decide has passed.
        """
        against = chain(under_way(phases), hindrances)
        return self._cancel(OrderAction.APPROVE, note, by, at, against, most)

    def cancel(
        self,
        note: str,
        *,
        phases: Mapping[ShipmentId, Phase],
        hindrances: Iterable[Reason] = (),
        most: Money | None = None,
        by: Actor,
        at: Instant,
    ) -> Self:
        """Cancel without being asked; all is as with `approve_cancellation`."""
        against = chain(under_way(phases), hindrances)
        return self._cancel(OrderAction.CANCEL, note, by, at, against, most)

    def _cancel(
        self,
        action: OrderAction,
        note: str,
        by: Actor,
        at: Instant,
        against: Iterable[Reason],
        most: Money | None,
    ) -> Self:
        self.admit(action, by)
        bound = None if most is None else checked("most", most, Money)
        given = rest_of(self.sale, self.money, note, most=bound)
        postings = [*freed(self.sale, self.holds), *given_back(self.sale, given)]
        reasons = [*too_late(self.cancelling, by, at), *against]
        return self._take(action, Cancelling(note, given), by, at, reasons, postings)

    def admit(self, action: OrderAction, by: Actor) -> None:
        """Turn away who may not, before any data is looked at.

        Raises:
            ActorNotPermittedError: if `by` is no party to the order, or its role may not.
            IllegalTransitionError: if the cancellation is in no state for it.
        """
        admit(self.state, action, by=by, parties=self.parties)

    def _take(
        self,
        action: OrderAction,
        payload: OrderPayload,
        by: Actor,
        at: Instant,
        reasons: Iterable[Reason] = (),
        postings: Iterable[Posting] = (),
    ) -> Self:
        """Judge a command and let it happen; what is lazy is not looked at before it is admitted."""
        self.admit(action, by)
        step = record(
            CANCELLATION,
            self,
            action,
            payload,
            by=by,
            at=at,
            roles=tuple(Role),
            reasons=reasons,
            postings=postings,
        )
        return self._applied(step)
