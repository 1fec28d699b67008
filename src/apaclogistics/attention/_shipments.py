"""What needs attention in a shipment: what was promised, what carriers report, and silence."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import product
from types import MappingProxyType
from typing import Final, TypeAlias

from apaclogistics.attention._claim_windows import claimable
from apaclogistics.attention._items import (
    AttentionItem,
    Finding,
    Ground,
    Urgency,
    View,
    entries_of,
    ground_of,
)
from apaclogistics.attention._parcels import Piece, pieces_of
from apaclogistics.attention._rules import Rule
from apaclogistics.claims import ClaimAction
from apaclogistics.costs import ActualCost, totals
from apaclogistics.fulfilment import FULFILMENT, MOVING, Action, Flag, Phase
from apaclogistics.incidents import Incident, Responsible
from apaclogistics.inquiries import InquiryAction
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.shipments import Shipment
from apaclogistics.values.goods import Incoterm
from apaclogistics.values.instants import Instant, Moment, moment, to_text

__all__ = ("allowed_to", "of_shipment")

_Find: TypeAlias = Callable[[View, Shipment], Finding | None]
_FindPiece: TypeAlias = Callable[[View, Piece], Finding | None]

_NO_TIME: Final = timedelta()
# Where a buyer has reason to ask what became of a parcel, and a seller to claim for it.
_MISSING: Final = MOVING | {Phase.HANDED_OVER, Phase.LOST, Phase.DAMAGED, Phase.DESTROYED}
# What is looked at even when the shipment has ended: bills come weeks later.
_LASTING: Final = frozenset({Rule.ABOVE_ESTIMATE})
# What the platform offers beside the table: an inquiry or a claim is begun.
_OFFERED: Final[Mapping[Rule, tuple[str, ...]]] = MappingProxyType(
    {
        Rule.CLAIM_WINDOW: (ClaimAction.FILE.value,),
        Rule.INQUIRY_WINDOW: (InquiryAction.OPEN.value,),
    }
)


def of_shipment(view: View, shipment: Shipment) -> Iterator[AttentionItem]:
    """Give what needs attention in a shipment and its parcels; nothing once it has ended.

    Bills come later.  A parcel of several that did not come is told of after the receipt of the
    others, too, until it is claimed or refunded.
    """
    is_over = shipment.phase in FULFILMENT.final
    for rule, who, find in _RULES:
        found = find(view, shipment) if not is_over or rule in _LASTING else None
        if found is not None:
            yield _item(rule, shipment, who(shipment), found)
    left = [it for it in pieces_of(shipment) if not is_over or _is_left(view, it)]
    for piece, (rule, whose, look) in product(left, _PARCEL_RULES):
        for found in piece.named(look(view, piece)):
            yield _item(rule, shipment, whose(piece), found)


def _item(rule: Rule, shipment: Shipment, actor: Actor, found: Finding) -> AttentionItem:
    allowed = (*_OFFERED.get(rule, ()), *allowed_to(shipment, actor.role))
    return found.item(rule, f"shipment {shipment.id}", actor, allowed)


def _is_left(view: View, piece: Piece) -> bool:
    """Tell whether somebody must still see to a parcel of a shipment whose receipt is confirmed."""
    shipment = piece.shipment
    is_completed = shipment.phase is Phase.COMPLETED and not piece.is_received
    return (
        is_completed
        and not view.is_claimed_lost(shipment.id, piece.id)
        and not view.snapshot.is_given_back(shipment, piece.id)
    )


def allowed_to(shipment: Shipment, role: Role) -> tuple[str, ...]:
    """List what a role may do with a shipment: by the table, and by how it is handed over."""
    preference = shipment.consignment.preference
    others = preference is not None and role not in preference.kind.hands_over
    barred = {Action.HAND_OVER} if others else set()
    actions = FULFILMENT.allowed(shipment.phase, role)
    return tuple(action.value for action in actions if action not in barred)


def _last_fact(shipment: Shipment) -> Ground:
    """Give when the shipment was last heard of: its last scan, else its last step."""
    scans = [entry.scan for entry in entries_of(shipment)]
    last = max(scans, key=lambda scan: (scan.at, scan.key), default=None)
    return _last_step(shipment) if last is None else ground_of(last)


def _last_step(shipment: Shipment) -> Ground:
    step = shipment.history[-1]
    return Ground(f"{step.by}: {step.action.value.replace('_', ' ')}", step.at)


def _last_heard(piece: Piece) -> Ground:
    """Give when a parcel was last heard of: its last scan, else the last step of the shipment."""
    scan = piece.last()
    return _last_step(piece.shipment) if scan is None else ground_of(scan)


def _unless_claimed(find: _FindPiece) -> _FindPiece:
    """Wait no more for what is claimed to be lost: somebody is at it, or it is paid for."""

    def found(view: View, piece: Piece) -> Finding | None:
        is_claimed = view.is_claimed_lost(piece.shipment.id, piece.id)
        return None if is_claimed else find(view, piece)

    return found


def _late(view: View, piece: Piece) -> Finding | None:
    window = view.snapshot.window(piece.shipment)
    if window is None or piece.phase not in MOVING | {Phase.HANDED_OVER}:
        return None
    late = view.overdue(window.latest, _NO_TIME)
    if not late:
        return None
    return Finding(
        since=window.latest,
        until=window.latest,
        urgency=Urgency.OVERDUE,
        text=f"promised by {to_text(window.latest)}, {late} ago, and still {piece.phase.name}",
        evidence=(Ground(f"promised {window}", window.latest), _last_heard(piece)),
    )


def _stale(view: View, piece: Piece) -> Finding | None:
    last, patience = _last_heard(piece), view.limits.silence
    silent = view.overdue(last.at, patience) if piece.phase in MOVING else ""
    if silent:
        return Finding(
            since=last.at.plus(patience),
            text=f"no scan for {silent}, since {last.at}",
            evidence=(last,),
        )
    return _flagged(Flag.STALE, "the carrier has heard nothing of the parcel")(view, piece)


def _not_handed_over(view: View, shipment: Shipment) -> Finding | None:
    last, patience = shipment.history[-1], view.limits.idle
    is_idle = shipment.phase in (Phase.BOOKED, Phase.CONFIRMED)
    waited = view.overdue(last.at, patience) if is_idle else ""
    text = f"{shipment.phase.name} {waited} ago, and the carrier has not had it yet"
    return _since(last.at, patience, text, _last_fact(shipment)) if waited else None


def _not_accepted(view: View, shipment: Shipment) -> Finding | None:
    last, patience = shipment.history[-1].at, view.limits.acceptance
    waited = view.overdue(last, patience) if shipment.phase is Phase.HANDED_OVER else ""
    is_ours = shipment.booking is not None and shipment.booking.issued_at is not None
    since = f"handed over {waited} ago" if is_ours else f"known for {waited}"
    text = f"{since}, and the carrier has not scanned it as accepted"
    return _since(last, patience, text, _last_fact(shipment)) if waited else None


def _not_confirmed(view: View, shipment: Shipment) -> Finding | None:
    delivered, patience = shipment.delivered, view.limits.receipt
    if delivered is None or shipment.phase is not Phase.DELIVERED:
        return None
    waited = view.overdue(delivered, patience)
    text = f"delivered {waited} ago, and the buyer has not confirmed"
    scans = [it.last(phase=Phase.DELIVERED) for it in pieces_of(shipment)]
    shown = sorted((ground_of(it) for it in scans if it is not None), key=lambda it: it.at)[-1:]
    return _since(delivered, patience, text, *shown) if waited else None


def _since(fact: Instant | Moment, patience: timedelta, text: str, *evidence: Ground) -> Finding:
    return Finding(since=moment(fact).plus(patience), text=text, evidence=evidence)


def _awaiting_collection(view: View, piece: Piece) -> Finding | None:
    scan = piece.last(phase=Phase.AWAITING_COLLECTION)
    if scan is None or piece.phase is not Phase.AWAITING_COLLECTION:
        return None
    due = scan.at.plus(view.limits.collection)
    return view.deadline(due, "the parcel must be collected, or it may go back,", ground_of(scan))


def _in_phase(phase: Phase, text: str) -> _FindPiece:
    def find(_: View, piece: Piece) -> Finding | None:
        scan = piece.last(phase=phase)
        if scan is None or piece.phase is not phase:
            return None
        said = f"{text}{_reason_of(piece)}"
        return Finding(since=scan.at, text=said, evidence=(ground_of(scan),))

    return find


def _flagged(flag: Flag, text: str, *, without_reason: str = "") -> _FindPiece:
    def find(_: View, piece: Piece) -> Finding | None:
        scan = piece.last(flag=flag)
        if scan is None or flag not in piece.tracking.flags:
            return None
        said = f"{text}{_reason_of(piece) or without_reason}"
        return Finding(since=scan.at, text=said, evidence=(ground_of(scan),))

    return find


def _reason_of(piece: Piece) -> str:
    incident = piece.incident
    if incident is None:
        return ""
    return f": {incident.value} ({incident.responsible.value})"


def _contradiction(_: View, shipment: Shipment) -> Finding | None:
    found = shipment.discrepancies
    if not found:
        return None
    first, *others = found
    more = f", and {len(others)} more" if others else ""
    return Finding(
        since=first.scan.at,
        text=f"{first.text}{more}",
        evidence=tuple(Ground(it.text, it.scan.at) for it in found),
    )


def _strays(_: View, shipment: Shipment) -> Finding | None:
    found = shipment.strays
    if not found:
        return None
    grounds = tuple(ground_of(scan) for scan in found)
    return Finding(
        since=min(ground.at for ground in grounds),
        text=f"{len(found)} scan{'s' if len(found) > 1 else ''} of numbers that are not booked",
        evidence=grounds,
    )


def _above_estimate(view: View, shipment: Shipment) -> Finding | None:
    """Find that more was billed than was estimated, for as long as it is worth contesting."""
    estimate = shipment.booking.estimate if shipment.booking else None
    rows = shipment.costs
    if estimate is None or not rows or view.overdue(rows[-1].billed_at, view.limits.billing):
        return None
    billed = totals(rows)
    above = [
        total for unit, total in billed.items() if unit != estimate.currency or total > estimate
    ]
    if not above:
        return None
    return Finding(
        since=rows[-1].billed_at,
        text=f"billed {' and '.join(map(str, above))}, where {estimate} were estimated",
        evidence=tuple(Ground(_billed(row), row.billed_at) for row in rows),
    )


def _billed(row: ActualCost) -> str:
    what = row.kind.name.lower().replace("_", " ") if row.kind else f"type {row.code}"
    weight = f", for {row.chargeable_weight}" if row.chargeable_weight else ""
    return f"{row.carrier} billed {row.amount} for {row.number}: {what}{weight}"


def _inquiry_window(view: View, shipment: Shipment) -> Finding | None:
    window = view.snapshot.window_for_buyer(shipment)
    if window is None or shipment.phase not in _MISSING or _is_asked_or_refunded(view, shipment):
        return None
    due = view.report_by(window.latest)
    ground = Ground(f"promised {window}", window.latest)
    return None if due is None else view.closing(due, "the buyer may ask where it is", ground)


def _is_asked_or_refunded(view: View, shipment: Shipment) -> bool:
    """Tell whether the buyer has asked once, or has nothing to ask for any more."""
    asked = view.snapshot.inquiries_about(shipment.id)
    is_asked = any(it.opening.opener.role is Role.BUYER for it in asked)
    return is_asked or bool(view.snapshot.remedies_for(shipment.id, view.now))


def _claim_window(view: View, shipment: Shipment) -> Finding | None:
    found, accepted = claimable(view, shipment), shipment.accepted
    if found is None or accepted is None:
        return None
    text = f"{found.why}, and nothing is claimed; a claim may be filed"
    ground = Ground("the carrier accepted it", accepted)
    return view.closing(found.until, text, ground, _last_fact(shipment))


def _seller(shipment: Shipment) -> Actor:
    return shipment.consignment.seller


def _buyer(shipment: Shipment) -> Actor:
    return shipment.consignment.buyer


_WHO: Final[Mapping[Responsible, Callable[[Shipment], Actor]]] = MappingProxyType(
    {
        # The seller asks the carrier, and tells the buyer.
        Responsible.CARRIER: _seller,
        Responsible.CONSIGNOR: _seller,
        Responsible.CONSIGNEE: _buyer,
        Responsible.CUSTOMS: _seller,
        Responsible.FORCE_MAJEURE: _seller,
        Responsible.UNKNOWN: _seller,
    }
)


def _seller_of(piece: Piece) -> Actor:
    return _seller(piece.shipment)


def _buyer_of(piece: Piece) -> Actor:
    return _buyer(piece.shipment)


def _whoever_can(otherwise: Callable[[Piece], Actor]) -> Callable[[Piece], Actor]:
    """Name who can do away with the reason that is given, or somebody where none is."""

    def who(piece: Piece) -> Actor:
        incident, shipment = piece.incident, piece.shipment
        if incident is Incident.DUTIES_UNPAID and shipment.consignment.incoterm is not Incoterm.DDP:
            # Delivered at place: duties are the buyer's.
            return _buyer(shipment)
        return otherwise(piece) if incident is None else _WHO[incident.responsible](shipment)

    return who


_RULES: Final[tuple[tuple[Rule, Callable[[Shipment], Actor], _Find], ...]] = (
    (Rule.CLAIM_WINDOW, _seller, _claim_window),
    (Rule.INQUIRY_WINDOW, _buyer, _inquiry_window),
    (Rule.CONTRADICTION, _seller, _contradiction),
    (Rule.STRAY, _seller, _strays),
    (Rule.ABOVE_ESTIMATE, _seller, _above_estimate),
    (Rule.NOT_HANDED_OVER, _seller, _not_handed_over),
    (Rule.NOT_ACCEPTED, _seller, _not_accepted),
    (Rule.NOT_CONFIRMED, _buyer, _not_confirmed),
)
# What is looked for in each parcel, since its fate is not that of the others.
_PARCEL_RULES: Final[tuple[tuple[Rule, Callable[[Piece], Actor], _FindPiece], ...]] = (
    (Rule.COLLECTION, _buyer_of, _awaiting_collection),
    (Rule.LATE, _seller_of, _unless_claimed(_late)),
    (Rule.MISROUTED, _seller_of, _flagged(Flag.MISROUTED, "the parcel went the wrong way")),
    (
        Rule.HELD,
        _whoever_can(_seller_of),
        _flagged(Flag.HELD, "the parcel is held", without_reason=" and may need papers"),
    ),
    (Rule.LOST, _seller_of, _in_phase(Phase.LOST, "the carrier says that the parcel is lost")),
    (Rule.DAMAGED, _seller_of, _in_phase(Phase.DAMAGED, "the carrier says that it is damaged")),
    (
        Rule.DESTROYED,
        _seller_of,
        _in_phase(Phase.DESTROYED, "the carrier says that it is destroyed"),
    ),
    (Rule.CAME_BACK, _seller_of, _in_phase(Phase.RETURNED, "the parcel came back")),
    (
        Rule.ATTEMPT_FAILED,
        _whoever_can(_buyer_of),
        _in_phase(Phase.ATTEMPT_FAILED, "delivery was tried in vain"),
    ),
    (Rule.DELAYED, _seller_of, _flagged(Flag.DELAYED, "the carrier says that it is delayed")),
    (Rule.STALE, _seller_of, _unless_claimed(_stale)),
)
