"""What happened to an eBay order: payments, refunds and cancellation, as verbs of our `Order`.

eBay gives states with dates, our order has steps.  So what is dated is put in order and taken as a
command, by the platform or by whom eBay names.  A date before the last step is moved to it, and
what the order refuses is left out, both with a warning.

What eBay reports of a payment is what the seller gets.  What the buyer paid is the order's total,
shared over the payments in proportion.  Refunds are reported as what the seller gives, so where an
order is fully refunded, they share what was paid.  A refund that is PENDING is begun and no more; one
that FAILED is begun and fails.  A hold begins with its payment, since eBay does
not say when it was put on, and ends when it was released.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias, assert_never

import attrs

from apaclogistics.cancellations import CancellationState
from apaclogistics.errors import NotFoundError, TransitionError
from apaclogistics.interop._ebay_amounts import paid_out
from apaclogistics.interop._reading import Cursor
from apaclogistics.lifecycle import Actor, RefusedError, Role
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold, PaymentStatus
from apaclogistics.refunds import RefundBeginning, RefundOutcome, RefundState
from apaclogistics.sales import Payment, Refund, Sale
from apaclogistics.values.identifiers import LineId
from apaclogistics.values.instants import Instant, to_text
from apaclogistics.values.money import Currency, Money

__all__ = ("EBAY", "Reported", "reported", "unfolded")

EBAY: Final = Actor(Role.PLATFORM, "ebay")

# Source: Sell Fulfillment, PaymentSummary; PENDING money has not moved yet.
_PAYMENT_STATES: Final = {"PAID", "PENDING", "FAILED"}
# Source: Sell Fulfillment, CancelStateEnum and CancelRequestStateEnum.
_REQUEST_STATES: Final = {"REQUESTED", "REJECTED", "COMPLETED"}
# Source: Sell Fulfillment 1.20.7, PaymentHold.holdState; a release that failed has released nothing.
_HELD: Final = {"HELD", "HELD_PENDING", "RELEASE_PENDING", "RELEASE_FAILED"}
_RELEASED: Final = {"RELEASED", "RELEASE_CONFIRMED"}
_CANCEL_STATES: Final = {
    "NONE_REQUESTED": {CancellationState.NONE_REQUESTED, CancellationState.REJECTED},
    "IN_PROGRESS": {CancellationState.REQUESTED},
    "CANCELED": {CancellationState.CANCELLED},
}
# Our decision: every step is judged against all before it, so their number is bounded.
_MOST_STEPS: Final = 1000


@attrs.frozen(kw_only=True)
class Held:
    """A hold of a payment as it is reported."""

    place: Cursor
    amount: Money
    reason: str
    is_released: bool
    expected: Instant | None
    released: Instant | None


@attrs.frozen(kw_only=True)
class Transfer:
    """A payment or a refund as it is reported."""

    place: Cursor
    id: str
    amount: Money
    payout: Money | None
    state: str
    at: Instant | None
    line: LineId | None = None
    holds: Sequence[Held] = ()


@attrs.frozen(kw_only=True)
class Request:
    """A request to cancel, as it is reported."""

    place: Cursor
    initiator: str
    state: str
    reason: str
    asked: Instant | None
    completed: Instant | None


@attrs.frozen(kw_only=True)
class Reported:
    """All that is reported to have happened to an order."""

    place: Cursor
    payment: str
    payments: list[Transfer]
    refunds: list[Transfer]
    cancel: str
    requests: list[Request]
    cancelled: Instant | None


@attrs.frozen
class Asked:
    """The buyer asked to cancel."""

    reason: str


@attrs.frozen
class Denied:
    """The seller turned that down."""


@attrs.frozen
class Ended:
    """The order was cancelled."""

    reason: str
    by: Actor


@attrs.frozen
class Freed:
    """A hold was released."""

    hold: str


Occurrence: TypeAlias = (
    Payment
    | PaymentHold
    | Freed
    | Refund
    | RefundBeginning
    | RefundOutcome
    | Asked
    | Denied
    | Ended
)


@attrs.frozen
class Dated:
    """One thing that happened: where it is reported, when it was, and what.

    Where eBay never says when, the date is another's (`is_own` is false) and nothing to doubt.
    """

    place: Cursor
    at: Instant | None
    what: Occurrence
    is_own: bool = True


def reported(order: Cursor, unit: Currency | None) -> Reported:
    """Read what happened to an order in the currency `unit`."""
    money, cancel = order["paymentSummary"], order["cancelStatus"]
    payments = [_payment(place, unit) for place in money["payments"].items()]
    refunds = _refunds(order, unit)
    requests = [_request(place) for place in cancel["cancelRequests"].items()]
    holds = sum(len(payment.holds) for payment in payments)
    if len(payments) + holds + len(refunds) + len(requests) > _MOST_STEPS:
        order.fault(f"has too many payments, holds, refunds, requests; allowed: {_MOST_STEPS}")
    return Reported(
        place=order,
        payment=_one_of(order["orderPaymentStatus"], {"", *PaymentStatus.__members__}),
        payments=payments,
        refunds=[refund for refund in refunds if refund.state in RefundState.__members__],
        cancel=_one_of(cancel["cancelState"], {"", *_CANCEL_STATES}),
        requests=requests,
        cancelled=cancel["cancelledDate"].instant_if_any(),
    )


def _one_of(place: Cursor, known: Iterable[str]) -> str:
    text = place.text_if_any()
    if text not in known:
        place.doubt("unknown_value", "is no value that is known here")
        place.disown()
    return text


def _payment(place: Cursor, unit: Currency | None) -> Transfer:
    state = _one_of(place["paymentStatus"], _PAYMENT_STATES)
    money = place["amount"].needed() if state == "PAID" else place["amount"]
    if state not in ("PAID", "FAILED"):
        place.disown()
    net, payout = paid_out(money, unit)
    amount = net or Money.zero(unit or "USD")
    holds = [_held(hold, amount, unit) for hold in place["paymentHolds"].items()]
    return Transfer(
        place=place,
        id=place["paymentReferenceId"].text_if_any(),
        amount=amount,
        payout=payout,
        state=state,
        at=place["paymentDate"].instant_if_any(),
        holds=[hold for hold in holds if hold is not None] if state == "PAID" else (),
    )


def _held(place: Cursor, net: Money, unit: Currency | None) -> Held | None:
    """Read a hold; one that was never put on, or that holds nothing, is none."""
    state = _one_of(place["holdState"], {"NOT_HELD", *_HELD, *_RELEASED})
    amount, _ = paid_out(place["holdAmount"], unit)
    held = net if amount is None else amount
    if state not in _HELD | _RELEASED or held.minor <= 0:
        place.disown()
        return None
    return Held(
        place=place,
        amount=held,
        reason=place["holdReason"].text_if_any(),
        is_released=state in _RELEASED,
        expected=place["expectedReleaseDate"].instant_if_any(),
        released=place["releaseDate"].instant_if_any(),
    )


def _refunds(order: Cursor, unit: Currency | None) -> list[Transfer]:
    """Read the refunds of the order and of its lines, each once.

    eBay may list one refund at both levels; then the order's amount counts, and the line is named
    if the refund is for it alone.
    """
    of_lines: dict[str, list[Transfer]] = {}
    for line in order["lineItems"].items():
        name = LineId(line["lineItemId"].text_if_any())
        for place in line["refunds"].items():
            refund = attrs.evolve(_refund(place, unit), line=name)
            of_lines.setdefault(refund.id, []).append(refund)
    found = []
    for place in order["paymentSummary"]["refunds"].items():
        refund = _refund(place, unit)
        found.append(_joined(refund, of_lines.pop(refund.id, []) if refund.id else []))
    return found + [refund for refunds in of_lines.values() for refund in refunds]


def _refund(place: Cursor, unit: Currency | None) -> Transfer:
    at = place["refundDate"].instant_if_any()
    names = (place["refundReferenceId"].text_if_any(), place["refundId"].text_if_any())
    state = _one_of(place["refundStatus"], {"", *RefundState.__members__})
    if state and state not in RefundState.__members__:
        place.doubt("refund_left_out", "is not known to be paid out and is left out")
        place.disown()
    given, payout = paid_out(place["amount"].needed(), unit)
    return Transfer(
        place=place,
        id=next(filter(None, names), "" if at is None else to_text(at)),
        amount=given or Money.zero(unit or "USD"),
        payout=payout,
        # Those of lines have no status.
        state=state or "REFUNDED",
        at=at,
    )


def _joined(refund: Transfer, of_lines: list[Transfer]) -> Transfer:
    if [part.amount for part in of_lines] == [refund.amount]:
        return attrs.evolve(refund, line=of_lines[0].line)
    for part in of_lines:
        part.place.disown()
    return refund


def _request(place: Cursor) -> Request:
    return Request(
        place=place,
        initiator=place["cancelInitiator"].text_if_any().upper(),
        state=_one_of(place["cancelRequestState"], _REQUEST_STATES),
        reason=place["cancelReason"].text_if_any(),
        asked=place["cancelRequestedDate"].instant_if_any(),
        completed=place["cancelCompletedDate"].instant_if_any(),
    )


def unfolded(report: Reported, sale: Sale) -> Order:
    """Give the order after everything that happened to it, in the order of its dates.

    The cancellation itself comes last, so that it refunds only what no refund is reported of.
    """
    paid = list(_paid(report, sale.total))
    given_back = [*_given_back(report, paid, sale.total), *_not_given_back(report)]
    occurrences = [*paid, *given_back, *_asked(report)]
    order = Order.place(sale, by=EBAY, at=sale.placed_at)
    for dated in sorted(occurrences, key=lambda it: (it.at is None, it.at or sale.placed_at)):
        order = _taken(order, dated)
    if report.cancel == "CANCELED":
        order = _cancelled(report, order)
    _doubt_states(report, order)
    return order


def _taken(order: Order, dated: Dated) -> Order:
    last = order.history[-1].at
    if dated.is_own:
        _doubt_date(dated, last)
    try:
        return _take(order, dated.what, max(dated.at or last, last))
    except (NotFoundError, TransitionError) as error:
        reasons = error.reasons if isinstance(error, RefusedError) else ()
        codes = ", ".join(reason.code for reason in reasons) or error.code
        if codes == "too_much_of_line" and isinstance(dated.what, Refund):
            # eBay's own figure counts, whatever the line is said to have cost.
            dated.place.doubt("line_left_out", "is more than its line cost and is of the order")
            return _taken(order, attrs.evolve(dated, what=attrs.evolve(dated.what, line=None)))
        dated.place.doubt("refused", f"the order does not take it: {codes}")
        dated.place.disown()
        return order


def _doubt_date(dated: Dated, last: Instant) -> None:
    if dated.at is None:
        dated.place.doubt("no_date", f"has no date and is taken as of {to_text(last)}")
    elif dated.at < last:
        moved = f"{to_text(dated.at)} is before the last step and is taken as of {to_text(last)}"
        dated.place.doubt("date_moved", moved)


def _take(order: Order, what: Occurrence, at: Instant) -> Order:
    match what:
        case Payment():
            return order.pay(what, by=EBAY, at=at)
        case PaymentHold():
            return order.hold_payment(what, by=EBAY, at=at)
        case Freed(hold):
            return order.release_payment(hold, by=EBAY, at=at)
        case Refund() | RefundBeginning() | RefundOutcome():
            return _give_back(order, what, at)
        case Asked(reason):
            return order.request_cancellation(reason, by=order.sale.buyer, at=at)
        case Denied():
            return order.reject_cancellation("", by=order.sale.seller, at=at)
        case Ended(reason, by):
            is_asked = order.cancellation is CancellationState.REQUESTED
            verb = order.approve_cancellation if is_asked else order.cancel
            return verb(reason, phases={}, by=by, at=at)
        case _:
            assert_never(what)


def _give_back(order: Order, what: Refund | RefundBeginning | RefundOutcome, at: Instant) -> Order:
    match what:
        case Refund():
            return order.refund(what, by=EBAY, at=at)
        case RefundBeginning(refund=begun):
            return order.begin_refund(begun, by=EBAY, at=at)
        case RefundOutcome(refund=id, note=note):
            return order.fail_refund(id, note, by=EBAY, at=at)
        case _:
            assert_never(what)


def _paid(report: Reported, total: Money) -> Iterator[Dated]:
    """Give what the buyer paid or failed to pay: shares of the total, in proportion."""
    paying = [it for it in report.payments if it.state in ("PAID", "PENDING")]
    for payment, gross, id in _shared(total, paying, "payment"):
        if payment.state == "PAID":
            money = Payment(id=id, gross=gross, net=payment.amount, payout=payment.payout)
            yield Dated(payment.place, payment.at, money)
            yield from _held_back(payment, id)
    failed = [it for it in report.payments if it.state == "FAILED"]
    for payment, gross, id in _shared(total, failed, "failed payment"):
        money = Payment(id=id, gross=gross, has_failed=True)
        yield Dated(payment.place, payment.at, money)


def _held_back(payment: Transfer, id: str) -> Iterator[Dated]:
    """Give the holds of a payment, which begin with it, and their releases."""
    for count, held in enumerate(payment.holds, start=1):
        name = f"{id} hold" if count == 1 else f"{id} hold ({count})"
        money = PaymentHold(
            id=name, amount=held.amount, reason=held.reason, expected_release=held.expected
        )
        yield Dated(held.place, payment.at, money, is_own=False)
        if held.is_released:
            yield Dated(held.place, held.released, Freed(name))


def _given_back(report: Reported, paid: list[Dated], total: Money) -> Iterator[Dated]:
    """Give what the buyer got back: as reported, or shares of what was paid if that is all."""
    whole, is_full = _received(paid, total.currency), report.payment == "FULLY_REFUNDED"
    done = [refund for refund in report.refunds if refund.state == RefundState.REFUNDED.name]
    is_net = is_full and sum(refund.amount.minor for refund in done) < whole.minor
    for refund, gross, id in _shared(whole if is_net else None, done, "refund"):
        if is_net:
            _take_gross(refund.place["amount"], gross)
        elif not is_full:
            text = "is what the seller gave back; the buyer may have got tax beside it"
            refund.place["amount"].doubt("refund_may_be_net", text)
        yield Dated(refund.place, refund.at, _money(refund, gross, id))


def _received(paid: list[Dated], unit: Currency) -> Money:
    payments = (dated.what for dated in paid if isinstance(dated.what, Payment))
    return Money.total((it.gross for it in payments if not it.has_failed), unit)


def _take_gross(net: Cursor, gross: Money) -> None:
    text = f"is less than was paid, and all was refunded: {gross} is taken"
    net.doubt("refund_is_net", text)
    net.disown()


def _not_given_back(report: Reported) -> Iterator[Dated]:
    """Give the refunds that are on their way, and those that came to nothing."""
    others = [it for it in report.refunds if it.state != RefundState.REFUNDED.name]
    for refund, gross, id in _shared(None, others, "open refund"):
        yield Dated(refund.place, refund.at, RefundBeginning(_money(refund, gross, id)))
        if refund.state == RefundState.FAILED.name:
            outcome = RefundOutcome(id, RefundState.FAILED)
            yield Dated(refund.place, refund.at, outcome, is_own=False)


def _money(refund: Transfer, gross: Money, id: str) -> Refund:
    return Refund(id=id, gross=gross, net=refund.amount, payout=refund.payout, line=refund.line)


def _shared(
    total: Money | None, transfers: Sequence[Transfer], kind: str
) -> Iterator[tuple[Transfer, Money, str]]:
    """Share a total over transfers in proportion, and give each its share and its own name.

    Without a total each keeps its amount.  What moves nothing is left out.
    """
    names: Counter[str] = Counter()
    for transfer, share in zip(transfers, _shares(total, transfers), strict=True):
        name = transfer.id or kind
        names[name] += 1
        if share.minor:
            yield transfer, share, name if names[name] == 1 else f"{name} ({names[name]})"
        else:
            transfer.place.doubt("of_nothing", "moves no money and is left out")
            transfer.place.disown()


def _shares(total: Money | None, transfers: Sequence[Transfer]) -> Sequence[Money]:
    amounts = [transfer.amount for transfer in transfers]
    if total is None or not amounts:
        return amounts
    weights = [amount.minor for amount in amounts]
    return total.allocate(weights if any(weights) else [1] * len(weights))


def _asked(report: Reported) -> Iterator[Dated]:
    """Give the buyer's requests to cancel, and those that were turned down."""
    for request in report.requests:
        if request.initiator == "BUYER":
            yield Dated(request.place, request.asked, Asked(request.reason))
            if request.state == "REJECTED":
                yield Dated(request.place, request.completed or request.asked, Denied())
        elif request.state != "COMPLETED":
            text = "is neither the buyer's nor completed, and is left out"
            request.place.doubt("request_left_out", text)
            request.place.disown()
    if report.cancel == "IN_PROGRESS" and not report.requests:
        yield Dated(report.place["cancelStatus"], None, Asked(""))


def _cancelled(report: Reported, order: Order) -> Order:
    place, reason, by, at = report.place["cancelStatus"], "", EBAY, report.cancelled
    for request in report.requests:
        if request.state == "COMPLETED":
            place, reason, at = request.place, request.reason, request.completed or at
            by = order.sale.seller if request.initiator == "SELLER" else EBAY
    cancelled = _taken(order, Dated(place, at, Ended(reason, by)))
    if len(cancelled.refunds) > len(order.refunds):
        text = f"refunds {cancelled.refunds[-1].gross}, of which no refund is reported"
        place.doubt("refund_assumed", text)
    return cancelled


def _doubt_states(report: Reported, order: Order) -> None:
    """Doubt a state that does not follow from what is reported to have happened."""
    shown = order.payment_status
    if report.payment in PaymentStatus.__members__ and report.payment != shown.name:
        _doubt_state(report.place["orderPaymentStatus"], shown.name)
    if order.cancellation not in _CANCEL_STATES.get(report.cancel, CancellationState):
        _doubt_state(report.place["cancelStatus"]["cancelState"], order.cancellation.name)


def _doubt_state(place: Cursor, shown: str) -> None:
    place.doubt("state_differs", f"does not follow from what is reported, which shows {shown}")
    place.disown()
