"""What fires when its time has come: completion, closing, and the expiry of what nobody answered.

Deadlines hold by the instant of each verb, whether or not anybody sweeps.  A sweep takes the steps
that are due, so that histories, wallets and consumers of events hear of it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from apaclogistics.application._desk import Desk, last_heard_of
from apaclogistics.application.claims import ClaimDesk
from apaclogistics.application.inquiries import InquiryDesk
from apaclogistics.application.orders import OrderDesk
from apaclogistics.application.shipments import ShipmentDesk
from apaclogistics.attention import Snapshot
from apaclogistics.claims import CLAIM, Claim, ClaimAction
from apaclogistics.errors import TransitionError
from apaclogistics.fulfilment import FULFILMENT, Action
from apaclogistics.inquiries import Inquiry, InquiryState, Recourse
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.ports import ConcurrencyConflictError
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Settled
from apaclogistics.values.instants import Instant, checked_span

__all__ = ("Patience", "swept")

_SWEEPER: Final = Actor(Role.PLATFORM, "sweep")
_RESOLVING: Final = MappingProxyType(
    {
        Settled.DELIVERY: InquiryDesk.resolve_on_delivery,
        Settled.RECEIPT: InquiryDesk.resolve_on_receipt,
        Settled.REFUND: InquiryDesk.resolve_on_refund,
    }
)

Due: TypeAlias = tuple[str, Callable[[], object]]


@attrs.frozen(kw_only=True)
class Patience:
    """How long the platform waits before it acts in somebody's place; the defaults are examples.

    `receipt` is how long after delivery a buyer may confirm; `closing` is how long a shipment that
    came to nothing, or of which every loss was paid, stays open after it was last heard of, so that
    claims can be made for it; an inquiry that a seller has escalated waits as long for a claim to
    take it over.

    Raises:
        InvalidTypeError: if one of them is no `timedelta`.
        InvalidValueError: if one is negative.
    """

    receipt: timedelta = timedelta(days=7)
    closing: timedelta = timedelta(days=180)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no span of time."""
        checked_span("receipt of Patience", self.receipt, longest=timedelta.max)
        checked_span("closing of Patience", self.closing, longest=timedelta.max)


def swept(desk: Desk, snapshot: Snapshot, patience: Patience) -> tuple[str, ...]:
    """Fire what is due by the clock of the desk, and name the things that were swept.

    What somebody else changes meanwhile is left to the next sweep.
    """
    now = desk.clock.now()
    due = (
        *_orders(desk, snapshot, now),
        *_shipments(desk, snapshot, now, patience),
        *_inquiries(desk, snapshot, now, patience),
        *_claims(desk, snapshot, now),
    )
    return tuple(name for name, fire in due if _fired(fire))


def _orders(desk: Desk, view: Snapshot, now: Instant) -> Iterator[Due]:
    for it in view.orders:
        asked = it.cancelling
        if asked is not None and asked.has_lapsed(now):
            lapse = partial(OrderDesk(desk).lapse_cancellation, it.id, by=_SWEEPER)
            yield f"order {it.id}", lapse


def _shipments(desk: Desk, view: Snapshot, now: Instant, patience: Patience) -> Iterator[Due]:
    shipments = ShipmentDesk(desk)
    for it in view.shipments:
        name = f"shipment {it.id}"
        if _is_to_be_completed(it, now, patience):
            complete = partial(shipments.complete, patience=patience.receipt, by=_SWEEPER)
            yield name, partial(complete, it.id)
        if _is_to_be_closed(it, view, now, patience):
            note = f"it is {it.phase.name}, and nothing was heard of it since"
            yield name, partial(shipments.close, it.id, note, by=_SWEEPER)


def _is_to_be_completed(shipment: Shipment, now: Instant, patience: Patience) -> bool:
    delivered = shipment.delivered_at
    is_delivered = FULFILMENT.rule(shipment.phase, Action.COMPLETE) is not None
    return is_delivered and delivered is not None and now - delivered >= patience.receipt


def _is_to_be_closed(shipment: Shipment, view: Snapshot, now: Instant, patience: Patience) -> bool:
    may_be_closed = FULFILMENT.rule(shipment.phase, Action.CLOSE) is not None
    has_failed = may_be_closed and view.came_to_nothing(shipment)
    # Whoever may still claim is not cut short.
    return has_failed and now - last_heard_of(shipment) >= patience.closing


def _inquiries(desk: Desk, view: Snapshot, now: Instant, patience: Patience) -> Iterator[Due]:
    inquiries = InquiryDesk(desk)
    for it in view.inquiries:
        fact = it.settled_by(view.remedies_for(it.opening.shipment, now))
        if it.has_lapsed(now):
            yield f"inquiry {it.id}", partial(inquiries.expire, it.id, by=_SWEEPER)
        elif fact is not None:
            resolve = _RESOLVING[fact.settled]
            yield f"inquiry {it.id}", partial(resolve, inquiries, it.id, by=_SWEEPER)
        elif note := _over(it, view, now, patience):
            yield f"inquiry {it.id}", partial(inquiries.decide, it.id, note, by=_SWEEPER)


def _over(inquiry: Inquiry, view: Snapshot, now: Instant, patience: Patience) -> str:
    """Say why an escalated inquiry that went to a claim is over, nothing while it is not.

    The last of its claims has ended, or none was filed for as long as the platform is patient.  What
    went to the platform is the platform's to decide, however long that takes.
    """
    if inquiry.state is not InquiryState.ESCALATED or inquiry.recourse is not Recourse.CLAIM:
        return ""
    claims = view.claims_from(inquiry)
    if any(it.is_open_at(now) and not _has_lapsed(it, now) for it in claims):
        return ""
    if not claims and now - inquiry.history[-1].at >= patience.closing:
        return "no claim took it over"
    return ", ".join(f"claim {claim.id} has ended" for claim in claims)


def _claims(desk: Desk, view: Snapshot, now: Instant) -> Iterator[Due]:
    for it in view.claims:
        if _has_lapsed(it, now):
            yield f"claim {it.id}", partial(ClaimDesk(desk).expire, it.id, by=_SWEEPER)


def _has_lapsed(claim: Claim, now: Instant) -> bool:
    is_open = CLAIM.rule(claim.state, ClaimAction.EXPIRE) is not None
    return is_open and claim.deadline is not None and now > claim.deadline


def _fired(fire: Callable[[], object]) -> bool:
    try:
        fire()
    except (ConcurrencyConflictError, TransitionError):
        # Somebody was faster, between the look and the deed.
        return False
    return True
