"""Claims: what a party demands for a parcel, how both sides come to terms, and what is paid.

A claim keeps the facts as they were when it was filed, what the carrier's policy makes of them, and
the terms on which the carrier takes claims: what evidence they need, and who has how long.  The
carrier offers, the claimant counters, until one accepts the other's figure or the platform
decides; a settlement is paid, and taken back if the parcel turns up after all and the terms say so.
`allowed` and `deadline` say who may do what, and who must by when.

Identity: `ClaimId`; there is one open claim per parcel and kind.  Invariants: no figure is above
the demand or in another currency; the agreed figure exists once somebody accepted or decided.

>>> from apaclogistics.lifecycle import Role
>>> [action.value for action in CLAIM.allowed(ClaimState.OFFERED, Role.SELLER)]
['counter', 'accept', 'escalate', 'withdraw']
"""

from apaclogistics.claims._bounds import Bound
from apaclogistics.claims._claim import Claim, ClaimStep
from apaclogistics.claims._deadlines import ClaimDeadline, allowed, deadline
from apaclogistics.claims._payloads import Demand, EvidenceRequest, Figured, Submission
from apaclogistics.claims._table import CLAIM, ClaimAction, ClaimState

__all__ = (
    "CLAIM",
    "Bound",
    "Claim",
    "ClaimAction",
    "ClaimDeadline",
    "ClaimState",
    "ClaimStep",
    "Demand",
    "EvidenceRequest",
    "Figured",
    "Submission",
    "allowed",
    "deadline",
)
