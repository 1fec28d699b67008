"""Who may do what in a claim at an instant, and who must do something by when."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from apaclogistics.claims._claim import Claim
from apaclogistics.claims._table import CLAIM, ClaimAction, ClaimState
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.values.fields import of_type
from apaclogistics.values.instants import Instant, instant

__all__ = ("ClaimDeadline", "allowed", "deadline")

_S, _A = ClaimState, ClaimAction


@attrs.frozen(kw_only=True)
class ClaimDeadline:
    """Who must act in a claim, as whom, by when, and what they may do then.

    `for_` is None where it is the platform's turn, which is not one actor.
    """

    role: Role = attrs.field(validator=of_type(Role))
    for_: Actor | None
    at: Instant = attrs.field(converter=instant)
    actions: tuple[ClaimAction, ...]


def _decided(claim: Claim) -> Instant | None:
    return claim.after_filing(claim.demand.terms.decide_within)


def _answered(claim: Claim) -> Instant | None:
    """Give the end of the counter-offer or of the carrier's time, whichever is the sooner."""
    ends = [end for end in (claim.deadline, _decided(claim)) if end is not None]
    return min(ends, default=None)


# Whose turn it is in each state that is not final, or may be contested, and until when.
_TURNS: Final[Mapping[ClaimState, tuple[Role | None, Callable[[Claim], Instant | None]]]] = (
    MappingProxyType(
        {
            _S.FILED: (Role.CARRIER, _decided),
            _S.UNDER_REVIEW: (Role.CARRIER, _decided),
            _S.EVIDENCE_REQUESTED: (None, lambda claim: claim.deadline),
            _S.OFFERED: (None, lambda claim: claim.deadline),
            _S.COUNTERED: (Role.CARRIER, _answered),
            _S.ACCEPTED: (
                Role.CARRIER,
                lambda claim: claim.after_last_step(claim.demand.terms.settle_within),
            ),
            _S.ESCALATED: (
                Role.PLATFORM,
                lambda claim: claim.after_last_step(claim.demand.terms.rule_within),
            ),
            _S.REJECTED: (None, lambda claim: claim.contest_by),
        }
    )
)


def deadline(claim: Claim) -> ClaimDeadline | None:
    """Say who must act in a claim by when; None where nobody must, or no term is stated.

    Business days are Mondays to Fridays in the zone of the carrier's terms.
    """
    if claim.state not in _TURNS:
        return None
    whose, until = _TURNS[claim.state]
    end = until(claim)
    if end is None:
        return None
    role = whose or claim.demand.claimant.role
    return ClaimDeadline(
        role=role,
        for_={Role.CARRIER: claim.demand.carrier}.get(role, _claimant(claim, role)),
        at=end,
        actions=CLAIM.allowed(claim.state, role),
    )


def _claimant(claim: Claim, role: Role) -> Actor | None:
    return claim.demand.claimant if claim.demand.claimant.role is role else None


def allowed(claim: Claim, actor: Actor, at: Instant) -> tuple[ClaimAction, ...]:
    """List what an actor may do in a claim at an instant, in the order of the table.

    Left out is what would be refused whatever figure, evidence or note is given: what is not
    theirs, what its time is over for, what its time has not come for, and a claw-back that the
    terms do not know.
    """
    if actor.role is not Role.PLATFORM and actor not in claim.parties:
        return ()
    moment = instant(at)
    if moment < claim.history[-1].at:
        return ()
    rows = CLAIM.allowed(claim.state, actor.role)
    return tuple(action for action in rows if _may(claim, action, moment))


def _may(claim: Claim, action: ClaimAction, at: Instant) -> bool:
    is_over = claim.deadline is not None and at > claim.deadline
    match action:
        case _A.ACCEPT | _A.COUNTER | _A.SUBMIT_EVIDENCE:
            return not is_over
        case _A.EXPIRE:
            return is_over
        case _A.ESCALATE:
            return claim.contest_by is None or at <= claim.contest_by
        case _A.RECOVER:
            return not claim.kept
        case _:
            return True
