"""A courier's compensation as it is published: a cap, the lesser of two values, and a window.

The figures are those of one carrier's terms.  Take them as the pattern of a courier policy, and
`attrs.evolve` what another carrier states.

>>> COURIER.cap_for(Weight(2_000))
Money(minor=3000, currency=Currency(code='USD'))
>>> str(COURIER.windows[0].opens), str(COURIER.windows[0].closes)
('10 calendar days after posting', '21 calendar days after posting')
"""

from typing import Final

from apaclogistics.compensation import (
    Cap,
    ClaimKind,
    ClaimTerms,
    CompensationPolicy,
    EvidenceNeed,
    FilingWindow,
    Term,
    ValueBasis,
)
from apaclogistics.evidence import EvidenceKind
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.money import Money
from apaclogistics.values.quantities import Weight

__all__ = ("COURIER",)

_KINDS: Final = frozenset({ClaimKind.LOSS, ClaimKind.DAMAGE})

# Source: SpeedX, published terms and conditions: claims from day 10 through day 21 after physical
# injection, liability only after a physical scan, up to 30 USD, the lesser of declared and
# wholesale value, information within 10 business days, a decision within 30 calendar days, and
# exchange rates of the day of assessment.  Whose days these are is not stated; UTC is our decision,
# as are three business days for an answer to an offer; and so is that damage is covered, and that the
# wholesale value is shown by an invoice.
COURIER: Final = CompensationPolicy(
    name="a courier, after SpeedX",
    source="SpeedX, published terms and conditions",
    zone_name="UTC",
    # A claim on day 10 is in time, so the parcel may be silent through day 9.
    silence=Term(Period(9, PeriodUnit.CALENDAR_DAYS)),
    caps=(Cap(Weight(1), Money.of("30", "USD")),),
    covers=_KINDS,
    bases=frozenset({ValueBasis.DECLARED, ValueBasis.WHOLESALE}),
    windows=(
        FilingWindow(
            kinds=_KINDS,
            opens=Term(Period(10, PeriodUnit.CALENDAR_DAYS)),
            closes=Term(Period(21, PeriodUnit.CALENDAR_DAYS)),
        ),
    ),
    attempt_is_delivery_status=False,
    terms=ClaimTerms(
        needs=(EvidenceNeed(_KINDS, frozenset({EvidenceKind.INVOICE})),),
        inform_within=Period(10, PeriodUnit.BUSINESS_DAYS),
        answer_within=Period(3, PeriodUnit.BUSINESS_DAYS),
        decide_within=Period(30, PeriodUnit.CALENDAR_DAYS),
        claws_back=False,
    ),
)
