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
from apaclogistics.claims import Claim, ClaimAction, ClaimState, deadline
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.outcomes import Outcome, outcome
from apaclogistics.shipments import Shipment
from apaclogistics.values.instants import Moment, moment

__all__ = ("of_claim",)

# Who ends a claim for which nothing is due any more, and how; None stands for the claimant.
_ENDS: Final[Mapping[ClaimState, tuple[Role | None, ClaimAction]]] = MappingProxyType(
    {
        ClaimState.FILED: (Role.CARRIER, ClaimAction.REJECT),
        ClaimState.UNDER_REVIEW: (Role.CARRIER, ClaimAction.REJECT),
        ClaimState.COUNTERED: (Role.CARRIER, ClaimAction.REJECT),
        ClaimState.EVIDENCE_REQUESTED: (None, ClaimAction.WITHDRAW),
        ClaimState.OFFERED: (None, ClaimAction.WITHDRAW),
        ClaimState.ESCALATED: (Role.PLATFORM, ClaimAction.DECIDE_AGAINST),
        ClaimState.ACCEPTED: (Role.CARRIER, ClaimAction.RECOVER),
        ClaimState.SETTLED: (Role.CARRIER, ClaimAction.RECOVER),
    }
)

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
    """Give what needs attention in a claim: whose turn it is, and that nothing is due any more."""
    about = claim.demand.shipment
    known = [(it, outcome(claim, it, view.now)) for it in view.snapshot.shipments_called(about)]
    yield from _turn(view, claim, next((found for _, found in known), Outcome()))
    for shipment, found in known:
        yield from _turned_up(view, claim, shipment, found)


def _turn(view: View, claim: Claim, known: Outcome) -> Iterator[AttentionItem]:
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
        actions = known.allowed(claim, who, view.now)
        yield found.item(rule, f"claim {claim.id}", who, tuple(act.value for act in actions))


def _due(view: View, claim: Claim) -> tuple[Moment, Actor | None] | None:
    """Give until when who must act; the platform, where the terms do not say, by the view's."""
    turn = deadline(claim)
    if turn is not None:
        return moment(turn.at), turn.for_
    if claim.state is ClaimState.ESCALATED:
        return view.ruled_by(claim.history[-1].at), None
    return None


def _turned_up(
    view: View, claim: Claim, shipment: Shipment, known: Outcome
) -> Iterator[AttentionItem]:
    """Find that nothing is due any more, or that what it was agreed on for is seen again."""
    who, action = _ENDS.get(claim.state, (None, None))
    is_told = known.moot or (known.scans and claim.agreed is not None)
    if action is None or not is_told:
        return
    others = {Role.CARRIER: claim.demand.carrier, Role.PLATFORM: PLATFORM}
    actor = claim.demand.claimant if who is None else others[who]
    may = known.allowed(claim, actor, view.now)
    if action in may:
        signs = _signs(shipment, known)
        found = Finding(since=signs[0].at, text=_said(claim, known), evidence=signs)
        actions = tuple(act.value for act in may)
        yield found.item(Rule.TURNED_UP, f"claim {claim.id}", actor, actions)


def _said(claim: Claim, known: Outcome) -> str:
    why = known.moot[0].text if known.moot else "the parcel was scanned again"
    if claim.paid is not None:
        return f"{why}, and {claim.paid} were paid for it"
    if claim.agreed is not None:
        return f"{why}, and {claim.agreed} are to be paid for it"
    return f"{why}, and {claim.demand.amount} are claimed for it"


def _signs(shipment: Shipment, known: Outcome) -> tuple[Ground, ...]:
    """Give the scans that show it, else the command or the bill that does."""
    last = shipment.history[-1]
    scans = sorted((ground_of(it) for it in known.scans), key=lambda sign: (sign.at, sign.text))
    told = Ground(f"{last.by}: {last.action.value.replace('_', ' ')}", last.at)
    return tuple(scans) or (told,)
