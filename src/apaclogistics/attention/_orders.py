"""What needs attention in an order: what must be shipped, and what is to be decided."""

from collections.abc import Iterator, Mapping
from typing import Final

from apaclogistics.allocations import units_of, without
from apaclogistics.attention._items import AttentionItem, Finding, Ground, View
from apaclogistics.attention._rules import Rule
from apaclogistics.attention._shipments import allowed_to
from apaclogistics.cancellations import CANCELLATION, CancellationState
from apaclogistics.fulfilment import FULFILMENT, MOVING, Action, Phase
from apaclogistics.lifecycle import Role
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import LineId
from apaclogistics.values.instants import Instant, to_text

__all__ = ("of_order",)

# What can still be stopped, and what is on its way though it should not be.
_LIVE: Final = MOVING | {phase for phase in Phase if FULFILMENT.rule(phase, Action.CANCEL)}
_STOPPING: Final = frozenset({Action.CANCEL.value})


def of_order(view: View, order: Order) -> Iterator[AttentionItem]:
    """Give what needs attention in an order; what is to be decided is the seller's."""
    thing, seller = f"order {order.id}", order.sale.seller
    if (late := _ship_by(view, order)) is not None:
        allowed = _next_of_seller(view.snapshot.shipments_of(order.id))
        yield late.item(Rule.SHIP_BY, thing, seller, allowed)
    if (asked := _to_be_decided(view, order)) is not None:
        allowed = tuple(action.value for action in CANCELLATION.allowed(order.state, Role.SELLER))
        yield asked.item(Rule.CANCELLATION, thing, seller, allowed)
    if (held := _payment_held(order)) is not None:
        yield held.item(Rule.PAYMENT_HELD, thing, seller, ())
    for shipment in view.snapshot.shipments_of(order.id):
        if (moving := _still_shipped(order, shipment)) is not None:
            # Whatever else the table has a row for is refused, since the order is cancelled.
            allowed = tuple(it for it in allowed_to(shipment, Role.SELLER) if it in _STOPPING)
            yield moving.item(Rule.CANCELLED, f"shipment {shipment.id}", seller, allowed)


def _still_shipped(order: Order, shipment: Shipment) -> Finding | None:
    """Find that a shipment of a cancelled order was not stopped, such as one cancelled elsewhere."""
    asked = order.cancelling
    is_cancelled = order.cancellation is CancellationState.CANCELLED and asked is not None
    if asked is None or not is_cancelled or shipment.phase not in _LIVE:
        return None
    since = asked.decided_at or asked.asked_at
    text = f"order {order.id} is cancelled, and units of it are in this shipment"
    return Finding(
        since=since,
        text=f"{text}, which is {shipment.phase.name}",
        evidence=(Ground(f"order {order.id} was cancelled", since),),
    )


def _to_be_decided(view: View, order: Order) -> Finding | None:
    asked = order.cancelling
    if asked is None or not asked.is_open:
        return None
    ground = Ground(f"{asked.asked_by} asked to cancel", asked.asked_at)
    text = "the buyer wants it cancelled; an answer is due"
    near = None if asked.decide_by is None else view.deadline(asked.decide_by, text, ground)
    # While it is open nothing is shipped, so it needs an answer from the first.
    open_ = f"the buyer wants it cancelled; {order.id} is not shipped until somebody decides"
    return near or Finding(since=asked.asked_at, text=open_, evidence=(ground,))


def _payment_held(order: Order) -> Finding | None:
    placed = {
        step.payload.id: step.at for step in order.history if isinstance(step.payload, PaymentHold)
    }
    grounds = [Ground(f"{held.amount} are held", placed[held.id]) for held in order.holds]
    if not grounds:
        return None
    expected = (it.expected_release for it in order.holds if it.expected_release is not None)
    until = max(expected, default=None)
    said = f", and are expected to be released at {to_text(until)}" if until else ""
    return Finding(
        since=min(ground.at for ground in grounds),
        text=f"{order.money.held} of the payment are held back{said}; nothing is dispatched",
        evidence=tuple(sorted(grounds, key=lambda it: (it.at, it.text))),
    )


def _ship_by(view: View, order: Order) -> Finding | None:
    phases = view.snapshot.phases(order.id)
    closed = (it for it in order.allocations if phases.get(it.shipment) is Phase.CLOSED)
    # A carrier had what was closed; it is refunded or shipped again, and its day was met.
    waiting = without(order.awaiting_handover(phases), units_of(closed))
    due = {
        line.id: line.ship_by
        for line in order.sale.lines
        if line.id in waiting and line.ship_by is not None
    }
    return _handover(view, waiting, due) if due and order.is_to_be_shipped else None


def _handover(
    view: View, waiting: Mapping[LineId, int], due: Mapping[LineId, Instant]
) -> Finding | None:
    first = min(due.values())
    grounds = [
        Ground(f"{waiting[line]} of line {line} with no carrier", at) for line, at in due.items()
    ]
    units = sum(waiting[line] for line, at in due.items() if at == first)
    text = f"{units} unit{'s' if units > 1 else ''} must be handed over"
    return view.deadline(first, text, *sorted(grounds, key=lambda it: (it.at, it.text)))


# What brings a shipment on towards its handover, by how far it is.
_STEPS = (Phase.CONFIRMED, Phase.BOOKED, Phase.DRAFT)


def _next_of_seller(shipments: tuple[Shipment, ...]) -> tuple[str, ...]:
    """Give what the seller may do next: with a shipment that is not handed over, else draft one."""
    begun = [shipment for phase in _STEPS for shipment in shipments if shipment.phase is phase]
    return allowed_to(begun[0], Role.SELLER) if begun else (Action.DRAFT.value,)
