"""Who may do what in a claim at an instant, and who must do something by when."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from apaclogistics.claims._claim import Claim
from apaclogistics.claims._table import CLAIM, ClaimAction, ClaimState
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.fields import checked, of_type
from apaclogistics.values.instants import Instant, instant

__all__ = ("ClaimDeadline", "allowed", "deadline")

_S = ClaimState


@attrs.frozen(kw_only=True)
class ClaimDeadline:
    """Who must act in a claim, as whom, by when and how that was counted, and what they may do.

    `actions` are possible until that instant, the last included; what is possible after it is asked
    of `apaclogistics.claims.allowed`.  `for_` is None where it is the platform's turn, which is not
    one actor.
    """

    role: Role = attrs.field(validator=of_type(Role))
    for_: Actor | None
    due: Deadline = attrs.field(validator=of_type(Deadline))
    actions: tuple[ClaimAction, ...]

    @property
    def at(self) -> Instant:
        """The last instant at which they are in time."""
        return self.due.at


def _stated(claim: Claim) -> Deadline | None:
    return None if claim.deadline is None else Deadline(claim.deadline)


def _decided(claim: Claim) -> Deadline | None:
    return claim.after_filing(claim.demand.terms.decide_within)


def _answered(claim: Claim) -> Deadline | None:
    """Give the end of the counter-offer or of the carrier's time, whichever is the sooner."""
    ends = [end for end in (_stated(claim), _decided(claim)) if end is not None]
    return min(ends, key=lambda end: end.at, default=None)


# Whose turn it is in each state that is not final, or may be contested, and until when.
_TURNS: Final[Mapping[ClaimState, tuple[Role | None, Callable[[Claim], Deadline | None]]]] = (
    MappingProxyType(
        {
            _S.FILED: (Role.CARRIER, _decided),
            _S.UNDER_REVIEW: (Role.CARRIER, _decided),
            _S.EVIDENCE_REQUESTED: (None, _stated),
            _S.OFFERED: (None, _stated),
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

    Days are those of the zone that the claim names, and business days those of the calendar of its
    terms: the deadline says which.
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
        due=end,
        actions=tuple(
            act for act in CLAIM.allowed(claim.state, role) if claim.has_time_for(act, end.at)
        ),
    )


def _claimant(claim: Claim, role: Role) -> Actor | None:
    return claim.demand.claimant if claim.demand.claimant.role is role else None


def allowed(claim: Claim, actor: Actor, at: Instant) -> Mapping[ClaimAction, Instant | None]:
    """Give what an actor may do in a claim at an instant, and the last instant for each.

    Actions come in the order of the table, and None stands for no last instant: what the terms expect
    sooner is in `deadline`.  Left out is what would be refused whatever figure, evidence or note is
    given: what is not theirs, what its time is over for, what its time has not come for, and a
    claw-back that the terms do not know.  What others claim or the buyer got back is known to the use
    case alone, and refused there.
    """
    is_platform = checked("actor", actor, Actor).role is Role.PLATFORM
    moment, takes_part = instant(at), is_platform or actor in claim.parties
    if not takes_part or moment < claim.history[-1].at:
        return {}
    rows = CLAIM.allowed(claim.state, actor.role)
    return {act: claim.last_instant(act) for act in rows if claim.has_time_for(act, moment)}
