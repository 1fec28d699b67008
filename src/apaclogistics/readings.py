"""Readings: an order that lives elsewhere is read again, and what is new is taken over.

A marketplace is polled.  Each time the whole order comes, with what happened to it so far; in
between, its units were allocated and it was dispatched here, of which the marketplace knows nothing.
A reading that continues what is known adds its new steps; one that contradicts it is a conflict
that somebody must look at, and changes nothing.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

import attrs

from apaclogistics.cancellations import OrderAction
from apaclogistics.errors import ConflictError
from apaclogistics.orders import Order, OrderStep

__all__ = ("OrderDivergedError", "continued")

# Where an order was sold nobody knows which units go where, and with whom.
_OURS: Final = frozenset({OrderAction.ALLOCATE, OrderAction.DISPATCH})


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
    shared = [step for step in known.history if step.action not in _OURS]
    for count, (ours, theirs) in enumerate(zip(shared, newer.history, strict=False), start=1):
        if _told(ours) != _told(theirs):
            parted = ours.action.value, theirs.action.value
            raise OrderDivergedError(known.id, count, *parted)
    beyond = newer.history[len(shared) :]
    return Order.replay((*known.history, *_moved(known.history, beyond))) if beyond else known


def _told(step: OrderStep) -> tuple[object, ...]:
    return step.action, step.by, step.payload


def _moved(before: Sequence[OrderStep], steps: Sequence[OrderStep]) -> Iterator[OrderStep]:
    """Give steps as of the last one before them where they are older, since histories run forward."""
    last = before[-1].at
    for step in steps:
        last = max(last, step.at)
        yield attrs.evolve(step, at=last)
