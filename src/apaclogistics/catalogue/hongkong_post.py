"""Hongkong Post e-Express: what is paid for a lost parcel.

Total loss means that no delivery status, successful or attempted, is shown within two months of
posting.  What is paid is the lowest of the declared value, the cap and the invoice value; postage
is not refunded, and the whole amount is taken back if the parcel turns up.
"""

from datetime import date
from typing import Final

from apaclogistics.compensation import Cap, CompensationPolicy, Suspension, Term
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.money import Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight

__all__ = ("E_EXPRESS_LOSS",)

# Source: Hongkong Post, e-Express terms and FAQ on compensation; the two-month clock stood still
# from 9 March 2020 to 25 April 2021.
E_EXPRESS_LOSS: Final = CompensationPolicy(
    name="Hongkong Post e-Express",
    source="Hongkong Post, e-Express terms and FAQ on compensation",
    zone_name="Asia/Hong_Kong",
    silence=Term(Period(2, PeriodUnit.MONTHS)),
    caps=(
        Cap(Weight(1), Money.of("500", "HKD")),
        Cap(Weight(500), Money.of("1000", "HKD")),
    ),
    excluded=frozenset(Country(code) for code in ("IL", "LB", "MX", "RU", "ZA")),
    suspensions=(Suspension(date(2020, 3, 9), date(2021, 4, 25)),),
    attempt_is_delivery_status=True,
)
