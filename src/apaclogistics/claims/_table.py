"""The table of claims: who may do what in which state."""

from enum import Enum
from typing import Final

from apaclogistics.lifecycle import Lifecycle, Role, commands

__all__ = ("CLAIM", "ClaimAction", "ClaimState")


class ClaimState(Enum):
    """Where a claim stands."""

    FILED = "FILED"
    UNDER_REVIEW = "UNDER_REVIEW"
    EVIDENCE_REQUESTED = "EVIDENCE_REQUESTED"
    OFFERED = "OFFERED"
    COUNTERED = "COUNTERED"
    ACCEPTED = "ACCEPTED"
    ESCALATED = "ESCALATED"
    REJECTED = "REJECTED"
    DISMISSED = "DISMISSED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    SETTLED = "SETTLED"
    RECOVERED = "RECOVERED"


class ClaimAction(Enum):
    """What can be done to a claim; filing makes one and has no row."""

    FILE = "file"
    ACKNOWLEDGE = "acknowledge"
    REQUEST_EVIDENCE = "request_evidence"
    SUBMIT_EVIDENCE = "submit_evidence"
    OFFER = "offer"
    COUNTER = "counter"
    ACCEPT = "accept"
    REJECT = "reject"
    ESCALATE = "escalate"
    DECIDE_FOR = "decide_for"
    DECIDE_AGAINST = "decide_against"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    SETTLE = "settle"
    RECOVER = "recover"


_S, _B, _C, _P = Role.SELLER, Role.BUYER, Role.CARRIER, Role.PLATFORM
_State, _Action = ClaimState, ClaimAction

CLAIM: Final = Lifecycle(
    name="claim",
    beginning=_Action.FILE,
    phrases={
        _Action.REQUEST_EVIDENCE: "ask for evidence for this claim",
        _Action.SUBMIT_EVIDENCE: "submit evidence for this claim",
        _Action.OFFER: "offer an amount for this claim",
        _Action.COUNTER: "ask for another amount for this claim",
        _Action.ACCEPT: "accept the offer for this claim",
        _Action.DECIDE_FOR: "decide this claim for the claimant",
        _Action.DECIDE_AGAINST: "decide this claim against the claimant",
        _Action.EXPIRE: "let this claim expire",
        _Action.RECOVER: "recover what was paid for this claim",
    },
    initial=_State.FILED,
    # A settled claim keeps one way out: what was lost may turn up.  A rejection may be contested.
    final={
        _State.REJECTED,
        _State.DISMISSED,
        _State.EXPIRED,
        _State.WITHDRAWN,
        _State.SETTLED,
        _State.RECOVERED,
    },
    rules=commands(
        ({_State.FILED}, _Action.ACKNOWLEDGE, _State.UNDER_REVIEW, {_C, _P}),
        ({_State.UNDER_REVIEW}, _Action.REQUEST_EVIDENCE, _State.EVIDENCE_REQUESTED, {_C}),
        ({_State.EVIDENCE_REQUESTED}, _Action.SUBMIT_EVIDENCE, _State.UNDER_REVIEW, {_S, _B}),
        ({_State.UNDER_REVIEW, _State.COUNTERED}, _Action.OFFER, _State.OFFERED, {_C}),
        ({_State.OFFERED}, _Action.COUNTER, _State.COUNTERED, {_S, _B}),
        ({_State.OFFERED}, _Action.ACCEPT, _State.ACCEPTED, {_S, _B}),
        ({_State.COUNTERED}, _Action.ACCEPT, _State.ACCEPTED, {_C}),
        (
            {_State.FILED, _State.UNDER_REVIEW, _State.COUNTERED},
            _Action.REJECT,
            _State.REJECTED,
            {_C},
        ),
        (
            {_State.FILED, _State.UNDER_REVIEW, _State.OFFERED, _State.COUNTERED},
            _Action.ESCALATE,
            _State.ESCALATED,
            {_S, _B, _P},
        ),
        ({_State.REJECTED}, _Action.ESCALATE, _State.ESCALATED, {_S, _B}),
        ({_State.ESCALATED}, _Action.DECIDE_FOR, _State.ACCEPTED, {_P}),
        ({_State.ESCALATED}, _Action.DECIDE_AGAINST, _State.DISMISSED, {_P}),
        ({_State.EVIDENCE_REQUESTED, _State.OFFERED}, _Action.EXPIRE, _State.EXPIRED, {_P}),
        (
            {
                _State.FILED,
                _State.UNDER_REVIEW,
                _State.EVIDENCE_REQUESTED,
                _State.OFFERED,
                _State.COUNTERED,
                _State.ESCALATED,
            },
            _Action.WITHDRAW,
            _State.WITHDRAWN,
            {_S, _B},
        ),
        ({_State.ACCEPTED}, _Action.SETTLE, _State.SETTLED, {_C, _P}),
        ({_State.ACCEPTED, _State.SETTLED}, _Action.RECOVER, _State.RECOVERED, {_C, _P}),
    ),
)
