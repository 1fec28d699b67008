"""Orders: a sale with three independent axes, payment, cancellation and fulfilment.

*Payment* is derived from payments and refunds.  *Cancellation* is a small table of its own.
*Fulfilment* is derived from what quantities went into which shipments and where those are.  The
order is where it is decided what a shipment may hold: never more is shipped than was ordered, and
units in cancelled, closed or superseded shipments do not count.

Identity: `OrderId`.  Invariants: lines have different identifiers, all money is in the currency of
the total, and never more is refunded than was paid.  An order may be known without its listing.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import reduce
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.errors import NotFoundError, Reason, masked
from apaclogistics.fulfilment import CAME_TO_NOTHING, FULFILMENT, Action, Phase
from apaclogistics.history import Note, Step, accept, not_a_beginning, record
from apaclogistics.ledger import Posting, pay, refund
from apaclogistics.lifecycle import Actor, Lifecycle, Role, commands
from apaclogistics.sales import OrderLine, Payment, Refund, Sale
from apaclogistics.values.identifiers import (
    LineId,
    OrderId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.quantities import whole

__all__ = (
    "CANCELLATION",
    "Allocation",
    "CancellationState",
    "Cancelling",
    "Fulfilment",
    "Order",
    "OrderAction",
    "Packing",
    "PaymentStatus",
)


class CancellationState(Enum):
    """Where the cancellation of an order stands."""

    NONE_REQUESTED = "NONE_REQUESTED"
    REQUESTED = "REQUESTED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


class OrderAction(Enum):
    """What can be done to an order; those outside cancellation depend on data and have no row."""

    PLACE = "place"
    PAY = "pay"
    ALLOCATE = "allocate"
    REFUND = "refund"
    REQUEST = "request"
    CANCEL = "cancel"
    APPROVE = "approve"
    REJECT = "reject"
    RETRACT = "retract"


_S, _B, _P = Role.SELLER, Role.BUYER, Role.PLATFORM
_State, _Action = CancellationState, OrderAction

CANCELLATION: Final = Lifecycle(
    name="order",
    initial=_State.NONE_REQUESTED,
    final={_State.CANCELLED},
    rules=commands(
        ({_State.NONE_REQUESTED, _State.REJECTED}, _Action.REQUEST, _State.REQUESTED, {_B}),
        ({_State.NONE_REQUESTED, _State.REJECTED}, _Action.CANCEL, _State.CANCELLED, {_S, _P}),
        ({_State.REQUESTED}, _Action.APPROVE, _State.CANCELLED, {_S, _P}),
        ({_State.REQUESTED}, _Action.REJECT, _State.REJECTED, {_S, _P}),
        ({_State.REQUESTED}, _Action.RETRACT, _State.NONE_REQUESTED, {_B}),
    ),
)


class PaymentStatus(Enum):
    """What was paid and given back; source: eBay Sell Fulfillment, OrderPaymentStatusEnum."""

    PENDING = "PENDING"
    FAILED = "FAILED"
    PAID = "PAID"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    FULLY_REFUNDED = "FULLY_REFUNDED"


class Fulfilment(Enum):
    """How far an order's units are: with the carrier (FULFILLED), or received (COMPLETED)."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    FULFILLED = "FULFILLED"
    COMPLETED = "COMPLETED"


# Units in shipments of these phases are free to be shipped again.
_VACANT: Final = frozenset({Phase.CANCELLED, Phase.CLOSED})
_NOT_HANDED_OVER: Final = frozenset({Phase.DRAFT, Phase.BOOKED, Phase.CONFIRMED}) | _VACANT


@attrs.frozen(kw_only=True)
class Allocation:
    """Units of a line that go into a shipment, perhaps in place of one that came to nothing."""

    shipment: ShipmentId
    line: LineId
    quantity: int
    replaces: ShipmentId | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse an allocation of no units."""
        whole("allocated quantity", self.quantity, least=1, most=1_000_000)


@attrs.frozen
class Packing:
    """The allocations of one shipment, made together or not at all."""

    allocations: tuple[Allocation, ...]


@attrs.frozen
class Cancelling:
    """An approved cancellation, and the refund that goes with it."""

    note: str = attrs.field(repr=masked)
    refund: Refund | None


OrderStep: TypeAlias = Step[OrderAction, Sale | Payment | Refund | Packing | Cancelling | Note]


@attrs.frozen(kw_only=True)
class Order:
    """A sale and what became of it."""

    sale: Sale
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    cancellation: CancellationState = CANCELLATION.initial
    history: tuple[OrderStep, ...]

    @classmethod
    def place(
        cls, sale: Sale, *, hindrances: Iterable[Reason] = (), by: Actor, at: Instant
    ) -> Self:
        """Take in an order; `hindrances` are why it may not be sold now.

        Raises:
            ActorNotPermittedError: if `by` is neither a party to it nor the platform.
            RefusedError: if there are hindrances.
        """
        parties = {sale.seller, sale.buyer}
        CANCELLATION.refuse_stranger(CANCELLATION.initial, OrderAction.PLACE, by, parties)
        if against := tuple(hindrances):
            raise CANCELLATION.refuse(CANCELLATION.initial, OrderAction.PLACE, by, against)
        return cls._begun(Step(action=OrderAction.PLACE, by=by, at=at, payload=sale))

    @classmethod
    def replay(cls, steps: Iterable[OrderStep]) -> Self:
        """Rebuild an order from its steps, without judging them again.

        Raises:
            InvalidValueError: if the first step did not place it.
        """
        first, *rest = steps
        return reduce(lambda order, step: order._applied(step), rest, cls._begun(first))

    @classmethod
    def _begun(cls, step: OrderStep) -> Self:
        match step.payload:
            case Sale():
                return cls(sale=step.payload, history=(step,))
            case _:
                raise not_a_beginning("order", step)

    def _applied(self, step: OrderStep) -> Self:
        order = attrs.evolve(
            self,
            cancellation=CANCELLATION.after(self.cancellation, step.action),
            history=(*self.history, step),
        )
        match step.payload:
            case Payment():
                return attrs.evolve(order, payments=(*self.payments, step.payload))
            case Refund() as given:
                return attrs.evolve(order, refunds=(*self.refunds, given))
            case Cancelling(refund=Refund() as given):
                return attrs.evolve(order, refunds=(*self.refunds, given))
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
        return frozenset({self.sale.seller, self.sale.buyer})

    @property
    def state(self) -> CancellationState:
        """The state of the cancellation, on which its commands are judged."""
        return self.cancellation

    @property
    def currency(self) -> Currency:
        """The currency of the sale."""
        return self.sale.total.currency

    @property
    def paid(self) -> Money:
        """What the buyer has paid, gross."""
        received = (payment.gross for payment in self.payments if not payment.has_failed)
        return Money.total(received, self.currency)

    @property
    def refunded(self) -> Money:
        """What the buyer was given back, gross."""
        return Money.total((given.gross for given in self.refunds), self.currency)

    @property
    def payment_status(self) -> PaymentStatus:
        """What was paid and given back, in eBay's words."""
        if self.refunded.minor:
            full = self.refunded == self.paid
            return PaymentStatus.FULLY_REFUNDED if full else PaymentStatus.PARTIALLY_REFUNDED
        if self.payments and all(payment.has_failed for payment in self.payments):
            return PaymentStatus.FAILED
        return PaymentStatus.PAID if self._is_paid_up else PaymentStatus.PENDING

    @property
    def _is_paid_up(self) -> bool:
        return self.paid >= self.sale.total

    def line(self, id: LineId) -> OrderLine:
        """Find a line.

        Raises:
            NotFoundError: if the order has no such line.
        """
        for line in self.sale.lines:
            if line.id == id:
                return line
        raise NotFoundError("order line", id)

    def shipped(self, line: LineId, phases: Mapping[ShipmentId, Phase]) -> int:
        """Count the units of a line that are in a shipment which counts.

        `phases` tells where the order's shipments are; one that is not named counts.
        """
        return sum(a.quantity for a in self._counted(phases) if a.line == line)

    def _counted(self, phases: Mapping[ShipmentId, Phase]) -> list[Allocation]:
        superseded = {allocation.replaces for allocation in self.allocations}
        return [
            allocation
            for allocation in self.allocations
            if allocation.shipment not in superseded
            and phases.get(allocation.shipment, Phase.DRAFT) not in _VACANT
        ]

    def unshipped(self, phases: Mapping[ShipmentId, Phase]) -> dict[LineId, int]:
        """Give the units of each line that are in no shipment yet, lines with none left out."""
        left = {line.id: line.quantity - self.shipped(line.id, phases) for line in self.sale.lines}
        return {line: count for line, count in left.items() if count > 0}

    def awaiting_handover(self, phases: Mapping[ShipmentId, Phase]) -> dict[LineId, int]:
        """Give the units of each line that no carrier has yet, lines with none left out.

        Nobody waits for a line whose price was given back.
        """
        gone = [a for a in self._counted(phases) if not self._waits(a, phases)]
        left = {
            line.id: line.quantity - sum(a.quantity for a in gone if a.line == line.id)
            for line in self.sale.lines
            if not self._is_refunded(line)
        }
        return {line: count for line, count in left.items() if count > 0}

    def _is_refunded(self, line: OrderLine) -> bool:
        given = (refund.gross for refund in self.refunds if refund.line == line.id)
        return bool(line.total.minor) and Money.total(given, self.currency) >= line.total

    @staticmethod
    def _waits(allocation: Allocation, phases: Mapping[ShipmentId, Phase]) -> bool:
        return phases.get(allocation.shipment, Phase.DRAFT) in _NOT_HANDED_OVER

    def fulfilment(self, phases: Mapping[ShipmentId, Phase]) -> Fulfilment:
        """Tell how far the order's units are, from the phases of its shipments."""
        counted = self._counted(phases)
        where = [phases.get(allocation.shipment, Phase.DRAFT) for allocation in counted]
        if all(phase in _NOT_HANDED_OVER for phase in where):
            return Fulfilment.NOT_STARTED
        if self.unshipped(phases) or any(phase in _NOT_HANDED_OVER for phase in where):
            return Fulfilment.IN_PROGRESS
        received = all(phase is Phase.COMPLETED for phase in where)
        return Fulfilment.COMPLETED if received else Fulfilment.FULFILLED

    def pay(self, payment: Payment, *, by: Actor, at: Instant) -> Self:
        """Record a payment; what the seller gets is posted.

        Raises:
            ActorNotPermittedError: if `by` is neither the buyer nor the platform.
            RefusedError: if the order is cancelled, the payment is known, or it is too much.
        """
        reasons = []
        if self.cancellation is CancellationState.CANCELLED:
            reasons.append(Reason("cancelled", f"order {self.id} is cancelled"))
        if any(known.id == payment.id for known in self.payments):
            reasons.append(Reason("paid_twice", f"payment {payment.id} is recorded already"))
        if not payment.has_failed and self.paid + payment.gross > self.sale.total:
            due = self.sale.total - self.paid
            reasons.append(Reason("too_much", f"{payment.gross} is more than the {due} due"))
        received = () if payment.has_failed else (self._received(payment),)
        return self._record(OrderAction.PAY, payment, by, at, {_B, _P}, reasons, received)

    def _received(self, payment: Payment) -> Posting:
        return pay(self.sale.buyer, self.sale.seller, payment.gross, self._cause)

    def allocate(
        self,
        allocations: Iterable[Allocation],
        *,
        phases: Mapping[ShipmentId, Phase],
        by: Actor,
        at: Instant,
    ) -> Self:
        """Put units of lines into a shipment, all of them or none.

        `phases` tells where the order's shipments are, so that units of those which came to nothing
        are free again.

        Raises:
            NotFoundError: if the order has no such line.
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            RefusedError: if the order is not paid, its cancellation is requested or done, more
                would be shipped than was ordered, or what is replaced may still arrive.
        """
        packing = Packing(tuple(allocations))
        reasons = [
            *self._not_to_be_shipped(),
            *_not_replaceable(packing, phases),
            *self._overshipped(packing, phases),
        ]
        return self._record(OrderAction.ALLOCATE, packing, by, at, {_S, _P}, reasons)

    @property
    def is_to_be_shipped(self) -> bool:
        """Whether the order is paid and nobody wants it cancelled."""
        return not self.hindrances

    @property
    def hindrances(self) -> tuple[Reason, ...]:
        """Why the order is not to be shipped now; nothing while it is."""
        return tuple(self._not_to_be_shipped())

    def _not_to_be_shipped(self) -> list[Reason]:
        reasons = []
        is_given_back = self.payment_status is PaymentStatus.FULLY_REFUNDED
        if not self._is_paid_up or is_given_back:
            text = f"order {self.id} is {self.payment_status.name}"
            reasons.append(Reason("not_paid", text))
        if self.cancellation in (CancellationState.REQUESTED, CancellationState.CANCELLED):
            text = f"the cancellation of order {self.id} is {self.cancellation.name}"
            reasons.append(Reason("cancelling", text))
        return reasons

    def _overshipped(self, packing: Packing, phases: Mapping[ShipmentId, Phase]) -> list[Reason]:
        after = attrs.evolve(self, allocations=(*self.allocations, *packing.allocations))
        reasons = []
        for id in dict.fromkeys(allocation.line for allocation in packing.allocations):
            line, shipped = self.line(id), after.shipped(id, phases)
            if shipped > line.quantity:
                text = f"{shipped} units of line {id} would ship and {line.quantity} were ordered"
                reasons.append(Reason("over_shipped", text))
        return reasons

    def refund(self, refund: Refund, *, by: Actor, at: Instant) -> Self:
        """Give the buyer money back.

        Raises:
            NotFoundError: if it is for a line that the order does not have.
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            RefusedError: if more would be refunded than was paid, or the refund is known.
        """
        if refund.line is not None:
            self.line(refund.line)
        reasons = []
        if any(known.id == refund.id for known in self.refunds):
            reasons.append(Reason("refunded_twice", f"refund {refund.id} is recorded already"))
        if refund.gross > self.paid - self.refunded:
            left = self.paid - self.refunded
            reasons.append(Reason("too_much", f"{refund.gross} is more than the {left} left"))
        return self._record(
            OrderAction.REFUND, refund, by, at, {_S, _P}, reasons, (self._given_back(refund),)
        )

    def _given_back(self, given: Refund) -> Posting:
        return refund(self.sale.seller, self.sale.buyer, given.gross, self._cause)

    def request_cancellation(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Ask as the buyer for the order to be cancelled."""
        return self._take(OrderAction.REQUEST, Note(note), by, at)

    def retract_cancellation(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Take the request back."""
        return self._take(OrderAction.RETRACT, Note(note), by, at)

    def reject_cancellation(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Turn the buyer's request down, and say why."""
        return self._take(OrderAction.REJECT, Note(note), by, at)

    def approve_cancellation(
        self, note: str, *, phases: Mapping[ShipmentId, Phase], by: Actor, at: Instant
    ) -> Self:
        """Grant the buyer's request: what is left of the payment is refunded.

        `phases` tells where the order's shipments are.

        Raises:
            RefusedError: if a carrier has accepted a parcel of it.
        """
        return self._cancel(OrderAction.APPROVE, note, phases, by, at)

    def cancel(
        self, note: str, *, phases: Mapping[ShipmentId, Phase], by: Actor, at: Instant
    ) -> Self:
        """Cancel without being asked: what is left of the payment is refunded.

        `phases` tells where the order's shipments are.

        Raises:
            RefusedError: if a carrier has accepted a parcel of it.
        """
        return self._cancel(OrderAction.CANCEL, note, phases, by, at)

    def _cancel(
        self,
        action: OrderAction,
        note: str,
        phases: Mapping[ShipmentId, Phase],
        by: Actor,
        at: Instant,
    ) -> Self:
        left = self.paid - self.refunded
        given = None
        if left.minor > 0:
            given = Refund(id=f"{self.id} cancelled", gross=left, reason=note)
        postings = (self._given_back(given),) if given else ()
        reasons = [
            Reason("under_way", f"shipment {shipment} is {phase.name}")
            for shipment, phase in phases.items()
            if phase not in _VACANT and FULFILMENT.rule(phase, Action.CANCEL) is None
        ]
        return self._take(action, Cancelling(note, given), by, at, reasons, postings)

    @property
    def _cause(self) -> str:
        return f"order {self.id}"

    def _take(
        self,
        action: OrderAction,
        payload: Cancelling | Note,
        by: Actor,
        at: Instant,
        reasons: Iterable[Reason] = (),
        postings: Iterable[Posting] = (),
    ) -> Self:
        step = accept(
            CANCELLATION, self, action, payload, by=by, at=at, reasons=reasons, postings=postings
        )
        return self._applied(step)

    def _record(
        self,
        action: OrderAction,
        payload: Payment | Refund | Packing,
        by: Actor,
        at: Instant,
        roles: Iterable[Role],
        reasons: Iterable[Reason] = (),
        postings: Iterable[Posting] = (),
    ) -> Self:
        step = record(
            CANCELLATION,
            self,
            action,
            payload,
            by=by,
            at=at,
            roles=frozenset(roles),
            reasons=reasons,
            postings=postings,
        )
        return self._applied(step)


def _not_replaceable(packing: Packing, phases: Mapping[ShipmentId, Phase]) -> list[Reason]:
    """Give why units may not stand in for those of another shipment."""
    stood_in = dict.fromkeys((a.shipment, a.replaces) for a in packing.allocations)
    return [
        Reason("may_still_arrive", f"shipment {old} cannot be replaced by {new}")
        for new, old in stood_in
        if old is not None and (old == new or phases.get(old, Phase.DRAFT) not in CAME_TO_NOTHING)
    ]
