"""Refunds: money goes back to the buyer, at once or after a while, and within bounds.

A marketplace takes a refund and pays it out later, or finds that it cannot.  So a refund that is
begun is PENDING until the platform says that it was paid out or failed; `REFUND` is that small
table.  Money is posted when it is paid out and not before.  What is pending counts in every bound
all the same: of an order and of each of its lines never more is given back, or on its way, than was
paid.  A refund that failed counts no more, and another may be begun in its place.

>>> [action.value for action in REFUND.allowed(RefundState.PENDING, Role.PLATFORM)]
['settle', 'fail']
>>> REFUND.allowed(RefundState.FAILED, Role.PLATFORM)
()
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final

import attrs

from apaclogistics.cancellations import Cancelling
from apaclogistics.errors import InvalidValueError, NotFoundError, Reason, masked
from apaclogistics.ledger import Posting, fee, refund
from apaclogistics.lifecycle import Lifecycle, Role, commands
from apaclogistics.payments import HoldRelease, PaymentHold, Settlement
from apaclogistics.sales import Payment, Refund, Sale
from apaclogistics.values.fields import of_type
from apaclogistics.values.money import Money

__all__ = (
    "REFUND",
    "RefundAction",
    "RefundBeginning",
    "RefundOutcome",
    "RefundState",
    "against_refund",
    "found",
    "given_back",
    "rest_of",
    "settled",
)


class RefundState(Enum):
    """How far a refund is; source: eBay Sell Fulfillment, RefundStatusEnum."""

    PENDING = "PENDING"
    REFUNDED = "REFUNDED"
    FAILED = "FAILED"


class RefundAction(Enum):
    """What can be done to a refund; beginning makes one and has no row."""

    BEGIN = "begin"
    SETTLE = "settle"
    FAIL = "fail"


_State, _Action = RefundState, RefundAction

REFUND: Final = Lifecycle(
    name="refund",
    beginning=RefundAction.BEGIN,
    initial=_State.PENDING,
    final={_State.REFUNDED, _State.FAILED},
    rules=commands(
        ({_State.PENDING}, _Action.SETTLE, _State.REFUNDED, {Role.PLATFORM}),
        ({_State.PENDING}, _Action.FAIL, _State.FAILED, {Role.PLATFORM}),
    ),
)


@attrs.frozen
class RefundBeginning:
    """A refund that is on its way: decided, and not paid out yet."""

    refund: Refund = attrs.field(validator=of_type(Refund))


@attrs.frozen
class RefundOutcome:
    """What became of a refund that was begun, by its identifier, and what was said to it.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if it is still pending.
    """

    refund: str = attrs.field(validator=of_type(str))
    state: RefundState = attrs.field(validator=of_type(RefundState))
    note: str = attrs.field(default="", repr=masked, validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse an outcome that is none."""
        if self.state is RefundState.PENDING:
            allowed = "REFUNDED or FAILED"
            raise InvalidValueError("refund outcome", self.state.name, "is no end", allowed)


def found(money: Settlement, id: str) -> tuple[Refund, RefundState]:
    """Find a refund of an order, and how far it is.

    Raises:
        NotFoundError: if the order has no such refund.
    """
    known = {
        RefundState.PENDING: money.pending,
        RefundState.REFUNDED: money.refunds,
        RefundState.FAILED: money.failed,
    }
    for state, refunds in known.items():
        for given in refunds:
            if given.id == id:
                return given, state
    raise NotFoundError("refund", id)


def settled(money: Settlement, payload: object) -> Settlement:
    """Give the money of an order after what was commanded; what moves none changes nothing."""
    match payload:
        case Payment():
            return attrs.evolve(money, payments=(*money.payments, payload))
        case Refund():
            return attrs.evolve(money, refunds=(*money.refunds, payload))
        case RefundBeginning(refund=begun):
            return attrs.evolve(money, pending=(*money.pending, begun))
        case RefundOutcome():
            return _ended(money, payload)
        case PaymentHold():
            return attrs.evolve(money, holds=(*money.holds, payload))
        case HoldRelease(hold=id):
            return attrs.evolve(money, holds=tuple(it for it in money.holds if it.id != id))
        case Cancelling(refund=given):
            refunds = (*money.refunds, given) if given else money.refunds
            return attrs.evolve(money, refunds=refunds, holds=())
        case _:
            return money


def _ended(money: Settlement, outcome: RefundOutcome) -> Settlement:
    ended = tuple(it for it in money.pending if it.id == outcome.refund)
    pending = tuple(it for it in money.pending if it.id != outcome.refund)
    if outcome.state is RefundState.FAILED:
        return attrs.evolve(money, pending=pending, failed=(*money.failed, *ended))
    return attrs.evolve(money, pending=pending, refunds=(*money.refunds, *ended))


def against_refund(
    sale: Sale, money: Settlement, given: Refund, hindrances: Iterable[Reason] = ()
) -> Iterator[Reason]:
    """Give why a refund is not taken: hindrances, then of the order, then of its line.

    Raises:
        NotFoundError: if it is for a line that was not sold.

    Source: Sell Fulfillment 1.20.7, issueRefund, errors 34915, 34917, 34922 and 34924.
    """
    line = None if given.line is None else sale.line(given.line)
    yield from hindrances
    yield from money.against_refund(given)
    if line is None or given.gross.currency != line.total.currency:
        return
    left = line.total - money.promised_for(line.id)
    if given.gross > left:
        text = f"{given.gross} is more than the {left} left of line {line.id}"
        yield Reason("too_much_of_line", text)


def rest_of(
    sale: Sale, money: Settlement, reason: str, *, most: Money | None = None
) -> Refund | None:
    """Give the refund of what is left when an order is cancelled, at `most` that; None if nothing is.

    Raises:
        CurrencyMismatchError: if the most is in another currency than the order.
    """
    left = money.left if most is None else min(money.left, most)
    if left.minor <= 0:
        return None
    return Refund(id=f"{sale.id} cancelled", gross=left, reason=reason)


def given_back(sale: Sale, paid_out: Refund | None) -> Iterator[Posting]:
    """Give what is posted when a refund is paid out, and the fee that comes back; none for none."""
    if paid_out is None:
        return
    yield refund(sale.seller, sale.buyer, paid_out.gross, f"order {sale.id}")
    if paid_out.fee.minor:
        yield fee(sale.seller, -paid_out.fee, f"order {sale.id}")
