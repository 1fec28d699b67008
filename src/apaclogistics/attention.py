"""Attention: what needs somebody's attention at an instant, why, and until when.

Sellers lose money by looking too late.  `attention` reads a frozen snapshot as of an instant and
lists what to look at, the most urgent first.  It reads no clock and changes nothing; each item names
its rule, the thing, who should act, by when, and what they may do next.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from enum import Enum
from typing import TypeAlias

import attrs

from apaclogistics.claims import CLAIM, Claim
from apaclogistics.fulfilment import FULFILMENT, MOVING, Flag, Phase
from apaclogistics.inquiries import Inquiry, InquiryAction, InquiryState
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.orders import Order
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import OrderId, ShipmentId
from apaclogistics.values.instants import Instant, Window, duration_text, instant, to_text

__all__ = (
    "AttentionItem",
    "AttentionPolicy",
    "Rule",
    "Snapshot",
    "attention",
)


class Rule(Enum):
    """Why something needs attention, the most urgent kind first."""

    DEADLINE_PASSED = "deadline passed"
    DEADLINE_NEAR = "deadline near"
    LATE = "late"
    MISROUTED = "misrouted"
    HELD = "held"
    LOST = "lost"
    DAMAGED = "damaged"
    ATTEMPT_FAILED = "attempt failed"
    CONTRADICTION = "contradiction"
    NOT_ACCEPTED = "not accepted"
    STALE = "stale"
    NOT_CONFIRMED = "not confirmed"


_URGENCY = {rule: rank for rank, rule in enumerate(Rule)}


@attrs.frozen(kw_only=True)
class AttentionPolicy:
    """From when on something needs attention; the defaults are an example, not a published rule.

    `near` is how long before a deadline it is near; `acceptance` how long a carrier may take to scan
    what was handed over; `silence` how long a moving parcel may go without a scan; `receipt` how
    long a delivered one may go unconfirmed.
    """

    near: timedelta = timedelta(hours=24)
    acceptance: timedelta = timedelta(days=2)
    silence: timedelta = timedelta(days=7)
    receipt: timedelta = timedelta(days=3)


@attrs.frozen(kw_only=True)
class Snapshot:
    """What is looked at, frozen; shipments of the orders are found by their identifiers."""

    orders: tuple[Order, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    claims: tuple[Claim, ...] = ()

    def phases(self, order: OrderId) -> dict[ShipmentId, Phase]:
        """Give the phases of an order's shipments."""
        return {s.id: s.phase for s in self.shipments if order in s.consignment.orders}


@attrs.frozen(kw_only=True)
class AttentionItem:
    """One thing to look at.

    `since` is from when on it needs attention or, for a deadline, when that is; `allowed` are the
    actions that the table gives to the one it is `for_`.
    """

    rule: Rule
    thing: str
    for_: Actor
    since: Instant
    text: str
    allowed: tuple[str, ...]


def attention(
    snapshot: Snapshot, at: Instant, policy: AttentionPolicy | None = None
) -> tuple[AttentionItem, ...]:
    """List what needs attention at an instant: by rule, then by how long it has needed it."""
    now, limits = instant(at), policy or AttentionPolicy()
    view = _View(snapshot, now, limits)
    items = [
        *(item for order in snapshot.orders for item in _of_order(view, order)),
        *(item for shipment in snapshot.shipments for item in _of_shipment(view, shipment)),
        *(item for inquiry in snapshot.inquiries for item in _of_inquiry(view, inquiry)),
        *(item for claim in snapshot.claims for item in _of_claim(view, claim)),
    ]
    return tuple(sorted(items, key=lambda item: (_URGENCY[item.rule], item.since, item.thing)))


@attrs.frozen
class _View:
    """The snapshot as of an instant, under a policy."""

    snapshot: Snapshot
    now: Instant
    limits: AttentionPolicy

    def window(self, shipment: Shipment) -> Window | None:
        """Find what was promised: to the shipment, else to the order lines that it carries."""
        if shipment.consignment.promise is not None:
            return shipment.consignment.promise.window
        order = next((o for o in self.snapshot.orders if o.id in shipment.consignment.orders), None)
        carried = {a.line for a in order.allocations if a.shipment == shipment.id} if order else ()
        lines = order.sale.lines if order else ()
        is_unpacked = order is not None and not order.allocations
        windows = [
            line.deliver_within
            for line in lines
            if line.deliver_within and (line.id in carried or is_unpacked)
        ]
        return max(windows, key=lambda window: window.latest, default=None)

    def overdue(self, since: Instant, patience: timedelta) -> str:
        """Say how long ago something was once patience is over, else nothing."""
        return duration_text(self.now - since) if self.now > since + patience else ""

    def deadline(self, due: Instant) -> tuple[Rule, str] | None:
        """Judge a deadline: nothing while it is far, else the rule and how it is phrased."""
        if self.now > due:
            return Rule.DEADLINE_PASSED, f"{to_text(due)}, {duration_text(self.now - due)} ago"
        if self.now >= due - self.limits.near:
            return Rule.DEADLINE_NEAR, f"{to_text(due)}, in {duration_text(due - self.now)}"
        return None


def _of_order(view: _View, order: Order) -> Iterator[AttentionItem]:
    waiting = order.awaiting_handover(view.snapshot.phases(order.id))
    due = [line for line in order.sale.lines if line.id in waiting and line.ship_by]
    first = min((line.ship_by for line in due if line.ship_by), default=None)
    judged = view.deadline(first) if first and order.is_to_be_shipped else None
    if first is not None and judged is not None:
        units = sum(waiting[line.id] for line in due if line.ship_by == first)
        yield AttentionItem(
            rule=judged[0],
            thing=f"order {order.id}",
            for_=order.sale.seller,
            since=first,
            text=f"{units} unit{'s' if units > 1 else ''} must be handed over by {judged[1]}",
            allowed=(),
        )


_Finding: TypeAlias = tuple[Instant, str] | None


def _late(view: _View, shipment: Shipment) -> _Finding:
    window = view.window(shipment)
    if window is None or shipment.phase not in MOVING | {Phase.HANDED_OVER}:
        return None
    late = view.overdue(window.latest, timedelta())
    text = f"promised by {to_text(window.latest)}, {late} ago, and still {shipment.phase.name}"
    return (window.latest, text) if late else None


def _stale(view: _View, shipment: Shipment) -> _Finding:
    last, patience = _last_fact(shipment), view.limits.silence
    silent = view.overdue(last, patience) if shipment.phase in MOVING else ""
    text = f"no scan for {silent}, since {to_text(last)}"
    return (instant(last + patience), text) if silent else None


def _not_accepted(view: _View, shipment: Shipment) -> _Finding:
    last, patience = shipment.history[-1].at, view.limits.acceptance
    waited = view.overdue(last, patience) if shipment.phase is Phase.HANDED_OVER else ""
    is_ours = shipment.booking is not None and shipment.booking.issued_at is not None
    since = f"handed over {waited} ago" if is_ours else f"known for {waited}"
    text = f"{since}, and the carrier has not scanned it as accepted"
    return (instant(last + patience), text) if waited else None


def _not_confirmed(view: _View, shipment: Shipment) -> _Finding:
    delivered, patience = shipment.delivered_at, view.limits.receipt
    if delivered is None or shipment.phase is not Phase.DELIVERED:
        return None
    waited = view.overdue(delivered, patience)
    text = f"delivered {waited} ago, and the buyer has not confirmed"
    return (instant(delivered + patience), text) if waited else None


def _in_phase(phase: Phase, text: str) -> Callable[[_View, Shipment], _Finding]:
    return lambda _, shipment: (_last_fact(shipment), text) if shipment.phase is phase else None


def _flagged(flag: Flag, text: str) -> Callable[[_View, Shipment], _Finding]:
    return lambda _, shipment: (_last_fact(shipment), text) if flag in shipment.flags else None


def _contradiction(_: _View, shipment: Shipment) -> _Finding:
    found = shipment.discrepancies
    return (found[0].scan.at.earliest, found[0].text) if found else None


_OF_SHIPMENTS: tuple[tuple[Rule, Role, Callable[[_View, Shipment], _Finding]], ...] = (
    (Rule.LATE, Role.SELLER, _late),
    (Rule.MISROUTED, Role.SELLER, _flagged(Flag.MISROUTED, "the parcel went the wrong way")),
    (Rule.HELD, Role.SELLER, _flagged(Flag.HELD, "the parcel is held and may need papers")),
    (Rule.LOST, Role.SELLER, _in_phase(Phase.LOST, "the carrier says that the parcel is lost")),
    (Rule.DAMAGED, Role.SELLER, _in_phase(Phase.DAMAGED, "the carrier says it is damaged")),
    (
        Rule.ATTEMPT_FAILED,
        Role.BUYER,
        _in_phase(Phase.ATTEMPT_FAILED, "delivery was tried in vain"),
    ),
    (Rule.CONTRADICTION, Role.SELLER, _contradiction),
    (Rule.NOT_ACCEPTED, Role.SELLER, _not_accepted),
    (Rule.STALE, Role.SELLER, _stale),
    (Rule.NOT_CONFIRMED, Role.BUYER, _not_confirmed),
)


def _of_shipment(view: _View, shipment: Shipment) -> Iterator[AttentionItem]:
    if shipment.phase in FULFILMENT.final:
        return
    who = {Role.SELLER: shipment.consignment.seller, Role.BUYER: shipment.consignment.buyer}
    for rule, role, find in _OF_SHIPMENTS:
        found = find(view, shipment)
        if found is not None:
            yield AttentionItem(
                rule=rule,
                thing=f"shipment {shipment.id}",
                for_=who[role],
                since=found[0],
                text=found[1],
                allowed=tuple(act.value for act in FULFILMENT.allowed(shipment.phase, role)),
            )


def _last_fact(shipment: Shipment) -> Instant:
    """Give when the shipment was last heard of: its last scan, else its last step."""
    scans = [t.last_scan for t in shipment.trackings.values() if t.last_scan is not None]
    return max((scan.at.earliest for scan in scans), default=shipment.history[-1].at)


def _of_inquiry(view: _View, inquiry: Inquiry) -> Iterator[AttentionItem]:
    is_waiting = inquiry.state is InquiryState.OPEN
    judged = view.deadline(inquiry.answer_by) if is_waiting else None
    if judged is not None:
        yield AttentionItem(
            rule=judged[0],
            thing=f"inquiry {inquiry.id}",
            for_=inquiry.opening.respondent,
            since=inquiry.answer_by,
            text=f"an answer is due by {judged[1]}",
            allowed=(InquiryAction.ANSWER.value,),
        )


def _of_claim(view: _View, claim: Claim) -> Iterator[AttentionItem]:
    judged = view.deadline(claim.deadline) if claim.deadline else None
    if judged is not None and claim.deadline is not None:
        claimant = claim.demand.claimant
        yield AttentionItem(
            rule=judged[0],
            thing=f"claim {claim.id}",
            for_=claimant,
            since=claim.deadline,
            text=f"the claimant must answer by {judged[1]}",
            allowed=tuple(act.value for act in CLAIM.allowed(claim.state, claimant.role)),
        )
