"""Compensation: a policy is dated data; facts go in, an amount or all reasons against come out.

A policy names the values that bound what is paid (the lowest of declared, invoice, wholesale and
repair value), the share of it that each kind of claim is paid, up to a cap by weight, when a claim
may be filed, after what silence a parcel counts as lost, where it does not hold, and whether
compensation is taken back when the parcel turns up.  Figures in another currency are compared
through a dated rate that is passed in and kept; a missing rate is a reason, not an error.

>>> from apaclogistics.values.calendars import Period, PeriodUnit
>>> from apaclogistics.values.money import Money
>>> from apaclogistics.values.quantities import Weight
>>> policy = CompensationPolicy(
...     name="example", source="an example", zone_name="Asia/Hong_Kong",
...     silence=Term(Period(2, PeriodUnit.MONTHS)),
...     caps=(Cap(Weight(1), Money.of("500", "HKD")), Cap(Weight(500), Money.of("1000", "HKD"))),
... )
>>> str(policy.cap_for(Weight(499))), str(policy.cap_for(Weight(500)))
('500.00 HKD', '1000.00 HKD')
"""

from apaclogistics.compensation._assessment import (
    Assessment,
    Figure,
    Stake,
    assess,
    is_presumed_lost,
)
from apaclogistics.compensation._facts import ClaimKind, Facts, Since, Worth
from apaclogistics.compensation._policies import (
    Cap,
    ClaimShare,
    ClaimTerms,
    CompensationPolicy,
    DelayShare,
    EvidenceNeed,
    FilingWindow,
    ShareOf,
    Suspension,
    Term,
    ValueBasis,
)

__all__ = (
    "Assessment",
    "Cap",
    "ClaimKind",
    "ClaimShare",
    "ClaimTerms",
    "CompensationPolicy",
    "DelayShare",
    "EvidenceNeed",
    "Facts",
    "Figure",
    "FilingWindow",
    "ShareOf",
    "Since",
    "Stake",
    "Suspension",
    "Term",
    "ValueBasis",
    "Worth",
    "assess",
    "is_presumed_lost",
)
