"""What needs attention in what a buyer is owed: money, and a word."""

from collections.abc import Iterator
from typing import Final

import attrs

from apaclogistics.attention._items import PLATFORM, AttentionItem, Finding, Ground, View
from apaclogistics.attention._missing import Due, agreed_with_buyer, missing
from apaclogistics.attention._parcels import FATES, Piece, pieces_of
from apaclogistics.attention._rules import Rule
from apaclogistics.cancellations import CancellationState, Cancelling, OrderAction
from apaclogistics.fulfilment import FULFILMENT, Phase
from apaclogistics.inquiries import Inquiry, InquiryAction
from apaclogistics.orders import Order
from apaclogistics.refunds import RefundBeginning, RefundOutcome, RefundState
from apaclogistics.sales import Refund
from apaclogistics.values.instants import Moment
from apaclogistics.values.money import Money

__all__ = ("of_buyer",)

_ENDS: Final = (OrderAction.SETTLE_REFUND.value, OrderAction.FAIL_REFUND.value)


def of_buyer(view: View, order: Order) -> Iterator[AttentionItem]:
    """Give what the buyer of an order is owed, by its seller."""
    seller = order.sale.seller
    if (due := _refund_due(view, order)) is not None:
        allowed = (OrderAction.REFUND.value, OrderAction.BEGIN_REFUND.value)
        yield due.item(Rule.REFUND_DUE, f"order {order.id}", seller, allowed)
    for found in _on_their_way(view, order):
        yield found.item(Rule.REFUND_PENDING, f"order {order.id}", PLATFORM, _ENDS)
    for shipment in view.snapshot.shipments_of(order.id):
        for piece in pieces_of(shipment):
            for silent in piece.named(_not_told(view, order, piece)):
                thing = f"shipment {shipment.id}"
                yield silent.item(Rule.BUYER_NOT_TOLD, thing, seller, (InquiryAction.OPEN.value,))


def _refund_due(view: View, order: Order) -> Finding | None:
    dues = [*_cancelled(order), *_failed(order), *missing(view, order)]
    if order.pending_refunds or not dues:
        return None
    owed = min(_left(view, order), Money.total((due.amount for due in dues), order.currency))
    if owed.minor <= 0:
        return None
    evidence = tuple(
        sorted((g for due in dues for g in due.grounds), key=lambda it: (it.at, it.text))
    )
    again = " or the goods shipped again" if all(due.is_free for due in dues) else ""
    at_most = "up to " if any(due.is_at_most for due in dues) else ""
    text = (
        f"the buyer is to be refunded{again}; {at_most}{owed} of what was paid are not given back"
    )
    until = view.refund_by(evidence[0].at)
    near = None if until is None else view.deadline(until, f"{text}, which is due", *evidence)
    told = near or Finding(since=evidence[0].at, until=until, text=text, evidence=evidence)
    # It is owed from the first, however much time there is.
    return attrs.evolve(told, since=evidence[0].at)


def _left(view: View, order: Order) -> Money:
    """Give what may be refunded: carriers pay or have paid the buyer for a part."""
    shipments = view.snapshot.shipments_of(order.id)
    paid = (agreed_with_buyer(view, shipment, order.currency) for shipment in shipments)
    return order.money.left - Money.total(paid, order.currency)


def _on_their_way(view: View, order: Order) -> Iterator[Finding]:
    """Give the refunds that were begun, and are not paid out though it is time."""
    pending = {refund.id for refund in order.pending_refunds}
    for step in order.history:
        match step.payload:
            case RefundBeginning(refund=begun) if begun.id in pending:
                until = view.refund_by(step.at)
                text = f"refund {begun.id} of {begun.gross} is on its way; it is to be paid out"
                ground = Ground(f"{step.by} began refund {begun.id}", step.at)
                found = None if until is None else view.deadline(until, text, ground)
                yield from () if found is None else (found,)


def _cancelled(order: Order) -> Iterator[Due]:
    asked = order.cancelling
    if order.cancellation is CancellationState.CANCELLED and asked is not None:
        ground = Ground("the order was cancelled", asked.decided_at or asked.asked_at)
        yield Due(order.money.left, (ground,))


def _failed(order: Order) -> Iterator[Due]:
    """Give the refunds that failed, and that nothing was given back for since."""
    failed = {refund.id: refund.gross for refund in order.failed_refunds}
    paid_out = {refund.id: refund.gross for refund in order.refunds}
    given = Money.zero(order.currency)
    for step in order.history:
        match step.payload:
            case Refund(gross=gross) | Cancelling(refund=Refund(gross=gross)):
                given += gross
            case RefundOutcome(refund=id, state=RefundState.REFUNDED):
                given += paid_out[id]
            case RefundOutcome(refund=id, state=RefundState.FAILED):
                since = order.refunded - given
                if since < failed[id]:
                    ground = Ground(f"refund {id} of {failed[id]} failed", step.at)
                    yield Due(failed[id] - since, (ground,))


def _not_told(view: View, order: Order, piece: Piece) -> Finding | None:
    """Find a parcel that will not come, of which nobody has written to the buyer since."""
    shipment = piece.shipment
    is_over = shipment.phase in FULFILMENT.final - {Phase.COMPLETED}
    if is_over or piece.is_received or piece.phase not in FATES:
        return None
    if order.money.left.minor <= 0 or view.snapshot.is_given_back(shipment, piece.id):
        return None
    talks = view.snapshot.inquiries_about(shipment.id)
    if any(_tells_buyer(talk, order, piece.heard) for talk in talks):
        return None
    fate = FATES[piece.phase]
    return Finding(
        since=piece.heard,
        text=f"it {fate}, and nobody has written to the buyer since",
        evidence=(Ground(f"{piece.title} {fate}", piece.heard),),
    )


def _tells_buyer(talk: Inquiry, order: Order, since: Moment) -> bool:
    """Tell whether somebody else wrote to the buyer in an inquiry, once it may have been so."""
    buyer = order.sale.buyer
    is_with_buyer = buyer in (talk.opening.opener, talk.opening.respondent)
    return is_with_buyer and any(it.at >= since.earliest and it.by != buyer for it in talk.history)
