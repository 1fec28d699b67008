"""What needs attention in claims: answers that are owed until an instant."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from apaclogistics.attention._items import AttentionItem, Ground, View
from apaclogistics.attention._rules import Rule
from apaclogistics.claims import Claim, ClaimState, allowed, deadline
from apaclogistics.lifecycle import Actor, Role

__all__ = ("of_claim",)

_PLATFORM: Final = Actor(Role.PLATFORM, "platform")


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
    """Give what needs attention in a claim: whose turn it is, by when, and what they may do."""
    turn = deadline(claim)
    if turn is None:
        return
    rule, text = _DUE[claim.state]
    last = claim.history[-1]
    ground = Ground(f"{last.by}: {last.action.value.replace('_', ' ')}", last.at)
    # A rejection that nobody contested in time is over, and nobody's duty was missed.
    judged = view.closing if claim.state is ClaimState.REJECTED else view.deadline
    found = judged(turn.at, text, ground)
    if found is not None:
        who = turn.for_ or _PLATFORM
        actions = allowed(claim, who, view.now)
        yield found.item(rule, f"claim {claim.id}", who, tuple(act.value for act in actions))
