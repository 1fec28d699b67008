"""Low values: up to which worth of goods a destination has importing made simple.

Services that collect the tax with the price take no parcel above, so these are limits of services
too.  The United States have had no such threshold since 29 August 2025.
"""

from datetime import date
from typing import Final

from apaclogistics.catalogue import Published
from apaclogistics.restrictions import Limits
from apaclogistics.values.money import Money
from apaclogistics.values.places import Country
from apaclogistics.values.zones import Zone

__all__ = ("EU27", "LOW_VALUE_LIMITS")

# Source: the member states of the European Union since 2020-02-01.
EU27: Final = frozenset(
    Country(code)
    for code in (
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    ).split()
)


def _low(name: str, countries: frozenset[Country], value: str, currency: str) -> Limits:
    return Limits(zone=Zone(name, countries), max_value=Money.of(value, currency))


LOW_VALUE_LIMITS: Final = (
    Published(
        name="goods into the European Union with VAT collected by IOSS",
        rule=_low("European Union", EU27, "150", "EUR"),
        source="Council Directive (EU) 2017/2455 and Regulation (EC) 1186/2009, article 23",
        effective_from=date(2021, 7, 1),
    ),
    Published(
        name="goods into the United Kingdom with VAT collected at the point of sale",
        rule=_low("United Kingdom", frozenset({Country("GB")}), "135", "GBP"),
        source="HM Revenue and Customs, VAT and overseas goods sold directly to customers",
        effective_from=date(2021, 1, 1),
    ),
    Published(
        name="goods into Australia with GST collected at the point of sale",
        rule=_low("Australia", frozenset({Country("AU")}), "1000", "AUD"),
        source="Australian Taxation Office, GST on low value imported goods",
        effective_from=date(2018, 7, 1),
    ),
)
