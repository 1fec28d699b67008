"""Readings: an order that lives elsewhere is read again, and what is new is taken over.

A marketplace is polled.  Each time the whole order comes, with what happened to it so far; in
between, its units were allocated and it was dispatched here, of which the marketplace knows nothing.
A reading that continues what is known adds its new steps; one that contradicts it is a conflict
that somebody must look at, and changes nothing.  A refund that was on its way and is now told to be
paid out, or to have failed, is no contradiction: it is settled, or fails, when that is heard of.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

import attrs

from apaclogistics.cancellations import OrderAction
from apaclogistics.errors import ConflictError
from apaclogistics.orders import Order, OrderStep
from apaclogistics.refunds import RefundBeginning, RefundOutcome, RefundState, given_back
from apaclogistics.sales import Refund

__all__ = ("OrderDivergedError", "continued")

# Where an order was sold nobody knows which units go where, and with whom.
_OURS: Final = frozenset({OrderAction.ALLOCATE, OrderAction.DISPATCH})
_ENDS: Final = frozenset({OrderAction.SETTLE_REFUND, OrderAction.FAIL_REFUND})


@attrs.define(slots=False)
class OrderDivergedError(ConflictError):
    """Report that a newer reading of an order does not continue what is known of it.

    `order` is its identifier, `step` counts from 1 and leaves out allocations and dispatch, `known`
    is the action that is recorded there, and `told` what the reading has in its place.
    """

    code: ClassVar[str] = "order_diverged"

    order: str
    step: int
    known: str
    told: str

    def __str__(self) -> str:
        """Say where the two part."""
        told = f"another {self.told}" if self.told == self.known else self.told
        return (
            f"order {self.order} was read anew: its step {self.step} was {self.known}, now {told}"
        )


def continued(known: Order, newer: Order) -> Order:
    """Take over what a newer reading of the same order tells beyond what is known.

    The reading continues what is known if it has the same steps, with the same actors and figures,
    apart from allocations and dispatch, which happen here alone.  Instants are not compared: a step
    that was heard of late is taken as of the last one that is known.  A reading that tells less is
    an older one and changes nothing.  Idempotent.

    Raises:
        OrderDivergedError: if the reading tells something else, or is of another order.
    """
    beyond = _beyond(known, newer)
    return Order.replay((*known.history, *_moved(known.history, beyond))) if beyond else known


def _beyond(known: Order, newer: Order) -> list[OrderStep]:
    """Give the steps that only the newer reading has: first how refunds ended, heard of late."""
    late: list[OrderStep] = []
    ahead = deque(newer.history)
    shared = (step for step in known.history if step.action not in _OURS)
    for count, ours in enumerate(shared, start=1):
        if _is_among(late, ours):
            late = [step for step in late if _told(step) != _told(ours)]
            continue
        while ahead and ahead[0].action in _ENDS and ours.action not in _ENDS:
            late.append(ahead.popleft())
        if ahead:
            late += _agreed(known, count, ours, ahead.popleft())
    _check_ends(known, late)
    return [*late, *ahead]


def _check_ends(known: Order, late: Sequence[OrderStep]) -> None:
    """Insist that what ends is on its way: a refund is paid out once, whoever has told of it."""
    pending = {refund.id for refund in known.pending_refunds}
    for step in late:
        if isinstance(step.payload, RefundOutcome) and step.payload.refund not in pending:
            last = [it for it in known.history if it.action not in _OURS]
            parted = last[-1].action.value, step.action.value
            raise OrderDivergedError(known.id, len(last), *parted)


def _is_among(steps: Sequence[OrderStep], step: OrderStep) -> bool:
    return any(_told(it) == _told(step) for it in steps)


def _agreed(known: Order, count: int, ours: OrderStep, theirs: OrderStep) -> Iterator[OrderStep]:
    """Insist that two steps are the same; a refund that was begun may be paid out since."""
    if _told(ours) == _told(theirs):
        return
    match ours.payload, theirs.payload:
        case RefundBeginning(refund=begun), Refund() as paid_out if _is_same(begun, paid_out):
            outcome = RefundOutcome(begun.id, RefundState.REFUNDED)
            postings = tuple(given_back(known.sale, begun))
            settle = OrderAction.SETTLE_REFUND
            yield attrs.evolve(theirs, action=settle, payload=outcome, postings=postings)
        case _:
            raise OrderDivergedError(known.id, count, ours.action.value, theirs.action.value)


def _is_same(begun: Refund, paid_out: Refund) -> bool:
    # What the buyer gets is the order's gross; where all is refunded, a reading works it out anew.
    return (begun.id, begun.net, begun.line) == (paid_out.id, paid_out.net, paid_out.line)


def _told(step: OrderStep) -> tuple[object, ...]:
    if isinstance(step.payload, RefundOutcome):
        # Whoever has said so, and in whatever words.
        return step.action, step.payload.refund
    return step.action, step.by, step.payload


def _moved(before: Sequence[OrderStep], steps: Sequence[OrderStep]) -> Iterator[OrderStep]:
    """Give steps as of the last one before them where they are older, since histories run forward."""
    last = before[-1].at
    for step in steps:
        last = max(last, step.at)
        yield attrs.evolve(step, at=last)
