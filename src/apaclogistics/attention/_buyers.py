"""What needs attention in what a buyer is owed: money, and a word."""

from collections.abc import Iterator
from typing import Final

import attrs

from apaclogistics.attention._items import PLATFORM, AttentionItem, Finding, Ground, View
from apaclogistics.attention._rules import Rule
from apaclogistics.cancellations import CancellationState, OrderAction
from apaclogistics.claims import Claim, ClaimState
from apaclogistics.fulfilment import Phase
from apaclogistics.inquiries import Inquiry, InquiryAction
from apaclogistics.orders import Order
from apaclogistics.refunds import RefundBeginning, RefundOutcome, RefundState
from apaclogistics.shipments import Shipment
from apaclogistics.values.instants import Moment, last_of, moment
from apaclogistics.values.money import Money

__all__ = ("of_buyer",)

# What did not reach the buyer, in words.
_FATES: Final = {
    Phase.RETURNED: "came back to the seller",
    Phase.LOST: "is lost",
    Phase.DESTROYED: "is destroyed",
}
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
        if (silent := _not_told(view, order, shipment)) is not None:
            thing = f"shipment {shipment.id}"
            yield silent.item(Rule.BUYER_NOT_TOLD, thing, seller, (InquiryAction.OPEN.value,))


def _refund_due(view: View, order: Order) -> Finding | None:
    left = order.money.left
    if order.pending_refunds or left.minor <= 0:
        return None
    grounds = [*_cancelled(order), *_failed(order), *_not_arrived(view, order)]
    if not grounds:
        return None
    evidence = tuple(sorted(grounds, key=lambda it: (it.at, it.text)))
    text = f"the buyer is to be refunded; {left} of what was paid are not given back"
    until = view.refund_by(evidence[0].at)
    near = None if until is None else view.deadline(until, f"{text}, which is due", *evidence)
    told = near or Finding(since=evidence[0].at, until=until, text=text, evidence=evidence)
    # It is owed from the first, however much time there is.
    return attrs.evolve(told, since=evidence[0].at)


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


def _cancelled(order: Order) -> Iterator[Ground]:
    asked = order.cancelling
    if order.cancellation is CancellationState.CANCELLED and asked is not None:
        yield Ground("the order was cancelled", asked.decided_at or asked.asked_at)


def _failed(order: Order) -> Iterator[Ground]:
    """Give the refunds that failed, and that nothing was given back for since."""
    failed = {refund.id: refund.gross for refund in order.failed_refunds}
    for count, step in enumerate(order.history, start=1):
        match step.payload:
            case RefundOutcome(refund=id, state=RefundState.FAILED):
                before = Order.replay(order.history[:count]).refunded
                if order.refunded - before < failed[id]:
                    yield Ground(f"refund {id} of {failed[id]} failed", step.at)


def _not_arrived(view: View, order: Order) -> Iterator[Ground]:
    """Give what never comes, as far as it is worth more than what was given back."""
    owed = Money.zero(order.currency)
    for shipment in view.snapshot.shipments_of(order.id):
        ended = _ended(view, shipment)
        if ended is not None:
            owed += _price(order, shipment)
            if owed > order.refunded:
                yield ended


def _ended(view: View, shipment: Shipment) -> Ground | None:
    """Tell since when nobody waits for a parcel: it is back, or the seller was compensated."""
    if shipment.phase is Phase.RETURNED:
        return Ground(f"shipment {shipment.id} {_FATES[Phase.RETURNED]}", _heard(shipment))
    about = view.snapshot.claims_about(shipment.id)
    claims = [claim for claim in about if _compensates(claim, shipment)]
    if not claims:
        return None
    settled = min(claims, key=lambda claim: claim.history[-1].at)
    text = f"claim {settled.id} for shipment {shipment.id} was settled"
    return Ground(text, settled.history[-1].at)


def _compensates(claim: Claim, shipment: Shipment) -> bool:
    is_theirs = claim.demand.claimant == shipment.consignment.seller
    return claim.state is ClaimState.SETTLED and is_theirs and shipment.phase in _FATES


def _price(order: Order, shipment: Shipment) -> Money:
    """Add up what the order's units in a shipment cost; none that another shipment stands in for."""
    replaced = {allocation.replaces for allocation in order.allocations}
    packed = (it for it in order.allocations if it.shipment == shipment.id)
    prices = (order.sale.line(it.line).price_of(it.quantity) for it in packed)
    return Money.total(() if shipment.id in replaced else prices, order.currency)


def _heard(shipment: Shipment) -> Moment:
    """Give when a shipment was last scanned, as exactly as known, else when it last took a step."""
    return last_of(scan.at for scan in shipment.scans) or moment(shipment.history[-1].at)


def _not_told(view: View, order: Order, shipment: Shipment) -> Finding | None:
    """Find a parcel that will not come, of which nobody has written to the buyer since."""
    if shipment.phase not in _FATES or order.money.left.minor <= 0:
        return None
    heard = _heard(shipment)
    talks = view.snapshot.inquiries_about(shipment.id)
    if any(_tells_buyer(talk, order, heard) for talk in talks):
        return None
    fate = _FATES[shipment.phase]
    return Finding(
        since=heard,
        text=f"it {fate}, and nobody has written to the buyer since",
        evidence=(Ground(f"shipment {shipment.id} {fate}", heard),),
    )


def _tells_buyer(talk: Inquiry, order: Order, since: Moment) -> bool:
    """Tell whether somebody else wrote to the buyer in an inquiry, once it may have been so."""
    buyer = order.sale.buyer
    is_with_buyer = buyer in (talk.opening.opener, talk.opening.respondent)
    return is_with_buyer and any(it.at >= since.earliest and it.by != buyer for it in talk.history)
