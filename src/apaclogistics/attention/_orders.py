"""What needs attention in an order: what must be shipped, and what is to be decided."""

from collections.abc import Iterator, Mapping

from apaclogistics.attention._items import AttentionItem, Finding, Ground, Rule, View
from apaclogistics.fulfilment import FULFILMENT, Phase
from apaclogistics.lifecycle import Role
from apaclogistics.orders import Order
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import LineId
from apaclogistics.values.instants import Instant

__all__ = ("of_order",)


def of_order(view: View, order: Order) -> Iterator[AttentionItem]:
    """Give what needs attention in an order."""
    waiting = order.awaiting_handover(view.snapshot.phases(order.id))
    due = {
        line.id: line.ship_by
        for line in order.sale.lines
        if line.id in waiting and line.ship_by is not None
    }
    if due and order.is_to_be_shipped:
        found = _ship_by(view, waiting, due)
        if found is not None:
            allowed = _next_of_seller(view.snapshot.shipments_of(order.id))
            yield found.item(Rule.SHIP_BY, f"order {order.id}", order.sale.seller, allowed)


def _ship_by(
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
    phases = {shipment.phase for shipment in shipments}
    begun = [phase for phase in _STEPS if phase in phases]
    if not begun:
        return ("draft",)
    return tuple(action.value for action in FULFILMENT.allowed(begun[0], Role.SELLER))
