"""What needs attention in claims: answers that are owed until an instant, and what turned up."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from apaclogistics.attention._items import (
    PLATFORM,
    AttentionItem,
    Finding,
    Ground,
    View,
    ground_of,
)
from apaclogistics.attention._rules import Rule
from apaclogistics.claims import Claim, ClaimAction, ClaimState, allowed, deadline
from apaclogistics.compensation import ClaimKind
from apaclogistics.fulfilment import Phase
from apaclogistics.lifecycle import Actor
from apaclogistics.values.instants import Moment, moment

__all__ = ("of_claim",)

# What a scan may show of a parcel that is still lost.
_GONE: Final = frozenset({None, Phase.LOST, Phase.DESTROYED})


# What is due in a claim, by its state: the rule, and how a person would say it.
_DUE: Final[Mapping[ClaimState, tuple[Rule, str]]] = MappingProxyType(
    {
        ClaimState.FILED: (Rule.DECISION, "the carrier must decide"),
        ClaimState.UNDER_REVIEW: (Rule.DECISION, "the carrier must decide"),
        ClaimState.COUNTERED: (Rule.DECISION, "the carrier must answer the counter-offer"),
        ClaimState.ESCALATED: (Rule.DECISION, "the platform must decide"),
        ClaimState.EVIDENCE_REQUESTED: (Rule.EVIDENCE, "the claimant must hand in evidence"),
        ClaimState.OFFERED: (Rule.OFFER, "the claimant must answer the offer"),
        ClaimState.REJECTED: (Rule.CONTEST, "the claimant may contest the rejection"),
        ClaimState.ACCEPTED: (Rule.SETTLEMENT, "the carrier must pay"),
    }
)


def of_claim(view: View, claim: Claim) -> Iterator[AttentionItem]:
    """Give what needs attention in a claim: whose turn it is, and that a lost parcel turned up."""
    yield from _turn(view, claim)
    yield from _turned_up(view, claim)


def _turn(view: View, claim: Claim) -> Iterator[AttentionItem]:
    last, due = claim.history[-1], _due(view, claim)
    if due is None:
        return
    rule, text = _DUE[claim.state]
    ground = Ground(f"{last.by}: {last.action.value.replace('_', ' ')}", last.at)
    # A rejection that nobody contested in time is over, and nobody's duty was missed.
    judged = view.closing if claim.state is ClaimState.REJECTED else view.deadline
    found = judged(due[0], text, ground)
    if found is not None:
        who = due[1] or PLATFORM
        actions = allowed(claim, who, view.now)
        yield found.item(rule, f"claim {claim.id}", who, tuple(act.value for act in actions))


def _due(view: View, claim: Claim) -> tuple[Moment, Actor | None] | None:
    """Give until when who must act; the platform, where the terms do not say, by the view's."""
    turn = deadline(claim)
    if turn is not None:
        return moment(turn.at), turn.for_
    if claim.state is ClaimState.ESCALATED:
        return view.ruled_by(claim.history[-1].at), None
    return None


def _turned_up(view: View, claim: Claim) -> Iterator[AttentionItem]:
    """Find that a parcel is not lost, of which it was agreed that it is."""
    carrier = claim.demand.carrier
    may = allowed(claim, carrier, view.now)
    if claim.demand.kind is not ClaimKind.LOSS or ClaimAction.RECOVER not in may:
        return
    signs = sorted(_signs(view, claim), key=lambda sign: (sign.at, sign.text))
    if signs:
        paid = f"{claim.paid} were paid" if claim.paid else f"{claim.agreed} are to be paid"
        text = f"the parcel was scanned again, and {paid} for its loss"
        found = Finding(since=signs[0].at, text=text, evidence=tuple(signs))
        actions = tuple(action.value for action in may)
        yield found.item(Rule.TURNED_UP, f"claim {claim.id}", carrier, actions)


def _signs(view: View, claim: Claim) -> Iterator[Ground]:
    """Give the scans of a parcel since it was claimed for that show it anywhere."""
    about, filed = claim.demand, claim.history[0].at
    for shipment in view.snapshot.shipments_called(about.shipment):
        tracking = shipment.trackings.get(about.parcel)
        for entry in tracking.timeline if tracking else ():
            at = entry.scan.at
            is_new = at.is_surely_after(filed) and at.is_surely_by(view.now)
            if is_new and entry.attests not in _GONE:
                yield ground_of(entry.scan)
