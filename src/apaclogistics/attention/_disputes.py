"""What needs attention in inquiries and claims: answers that are owed until an instant."""

from collections.abc import Iterator

from apaclogistics.attention._items import AttentionItem, Ground, Rule, View
from apaclogistics.claims import CLAIM, Claim
from apaclogistics.inquiries import Inquiry, InquiryAction, InquiryState

__all__ = ("of_claim", "of_inquiry")


def of_inquiry(view: View, inquiry: Inquiry) -> Iterator[AttentionItem]:
    """Give what needs attention in an inquiry."""
    if inquiry.state is not InquiryState.OPEN:
        return
    asked = inquiry.history[-1]
    ground = Ground(f"{inquiry.opening.opener} asked", asked.at)
    found = view.deadline(inquiry.answer_by, "an answer is due", ground)
    if found is not None:
        allowed = (InquiryAction.ANSWER.value,)
        yield found.item(Rule.ANSWER, f"inquiry {inquiry.id}", inquiry.opening.respondent, allowed)


def of_claim(view: View, claim: Claim) -> Iterator[AttentionItem]:
    """Give what needs attention in a claim."""
    if claim.deadline is None:
        return
    last = claim.history[-1]
    ground = Ground(f"{last.by}: {last.action.value.replace('_', ' ')}", last.at)
    found = view.deadline(claim.deadline, "the claimant must answer", ground)
    if found is not None:
        claimant = claim.demand.claimant
        allowed = tuple(act.value for act in CLAIM.allowed(claim.state, claimant.role))
        yield found.item(Rule.CLAIMANT, f"claim {claim.id}", claimant, allowed)
