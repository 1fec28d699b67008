"""SpeedPAK: how the services find their chargeable weight, where they go, and what they take.

The United States are two zones, told by the postal code, so that nothing can be quoted there
without one.
"""

from datetime import date
from typing import Final

from apaclogistics.catalogue import Published
from apaclogistics.catalogue.low_values import EU27
from apaclogistics.restrictions import Limits
from apaclogistics.values.money import Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, SizeLimits
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone

__all__ = (
    "AUSTRALIA",
    "AUSTRALIA_ECONOMY_WEIGHT",
    "AUSTRALIA_LIMITS",
    "AUSTRALIA_SECOND_BILLING_WEIGHT",
    "AUSTRALIA_STANDARD_WEIGHT",
    "EXCLUDED",
    "GERMANY",
    "JAPAN_ECONOMY_LIMITS",
    "JAPAN_ECONOMY_WEIGHT",
    "MAINLAND_CHINA_WEIGHT",
    "PACKAGE",
    "PAK",
    "REST_OF_EU",
    "SWEDEN",
    "UNITED_KINGDOM",
    "US_MAINLAND",
    "US_NON_MAINLAND",
)

_JAPAN_BOOK: Final = "SpeedPAK Economy rate book for Japan, effective 2026-07-30"
_AUSTRALIA_NOTICE: Final = "eBay Hong Kong, notices 899 and 901 on SpeedPAK to Australia"
_AUSTRALIA_BEGINS: Final = date(2024, 2, 1)

# Divisor 6000 from a side of 40 cm on; above 1.3 times the actual weight, 0.3 times of it are taken
# off.
MAINLAND_CHINA_WEIGHT: Final = Published(
    name="SpeedPAK from mainland China, chargeable weight",
    rule=WeightRule(divisor=6000, from_side_mm=400, tolerance="1.3", discount="0.3"),
    source="SpeedPAK volumetric rule for mainland China, sihaiexp.com and nnxtl.cn",
    effective_from=date(2020, 1, 1),
)

# The greater of actual and volumetric weight, rounded up to the gram.
JAPAN_ECONOMY_WEIGHT: Final = Published(
    name="SpeedPAK Economy from Japan, chargeable weight",
    rule=WeightRule(divisor=8000),
    source=_JAPAN_BOOK,
    effective_from=date(2026, 7, 30),
)


def _australia(name: str, divisor: int, least_grams: int) -> Published[WeightRule]:
    """Give a rule of the formula that all Australian billings share, below the second's divisor."""
    rule = WeightRule(
        divisor=divisor,
        from_side_mm=400,
        tolerance="1.3",
        discount="0.3",
        least_grams=least_grams,
    )
    return Published(
        name=f"SpeedPAK to Australia, {name}",
        rule=rule,
        source=_AUSTRALIA_NOTICE,
        effective_from=_AUSTRALIA_BEGINS,
    )


AUSTRALIA_STANDARD_WEIGHT: Final = _australia("Standard, first billing", 6000, 50)
AUSTRALIA_ECONOMY_WEIGHT: Final = _australia("Economy and Light, first billing", 6000, 1)
# A parcel is billed a second time where it turns out to be larger than was told.
AUSTRALIA_SECOND_BILLING_WEIGHT: Final = _australia("second billing", 4000, 1)
AUSTRALIA_LIMITS: Final = Published(
    name="SpeedPAK to Australia, limits of Standard and Economy",
    rule=SizeLimits(max_grams=22_000),
    source=_AUSTRALIA_NOTICE,
    effective_from=_AUSTRALIA_BEGINS,
)

PAK: Final = Published(
    name="PAK", rule=SizeLimits(max_grams=2500), source="eDIS 1.1.0, packagingType"
)
PACKAGE: Final = Published(
    name="PACKAGE", rule=SizeLimits(max_grams=68_000), source="eDIS 1.1.0, packagingType"
)

# Source: the notices of SpeedPAK, which never goes to Russia and Ukraine.
EXCLUDED: Final = Zone("never served by SpeedPAK", frozenset({Country("RU"), Country("UA")}))


def _zone(name: str, *codes: str) -> Zone:
    return Zone(name, frozenset(Country(code) for code in codes))


# Source: the rate book for Japan; prefixes of Puerto Rico and the Virgin Islands, of the armed
# forces, and of Alaska, Hawaii, Guam and the Pacific islands.
US_NON_MAINLAND: Final = Zone(
    "US non-mainland",
    frozenset({Country("US")}),
    tuple(
        f"{prefix:03d}"
        for first, last in ((6, 9), (90, 99), (340, 340), (962, 969), (995, 999))
        for prefix in range(first, last + 1)
    ),
)
US_MAINLAND: Final = Zone(
    "US mainland",
    frozenset({Country("US")}),
    excluded_prefixes=US_NON_MAINLAND.postal_prefixes,
)
UNITED_KINGDOM: Final = _zone("UK", "GB")
AUSTRALIA: Final = _zone("AU", "AU")
GERMANY: Final = _zone("DE", "DE")
SWEDEN: Final = _zone("SE", "SE")
# Germany and Sweden have limits of their own.
REST_OF_EU: Final = Zone("EU", EU27 - GERMANY.countries - SWEDEN.countries)

_US_SIZE: Final = SizeLimits(max_length_mm=660, max_length_and_girth_mm=2740)
_EU_SIZE: Final = SizeLimits(box=Dimensions(1200, 400, 400), max_volume_mm3=180_000_000)
_DE_SIZE: Final = SizeLimits(box=Dimensions(1200, 600, 600), max_volume_mm3=180_000_000)


def _limits(zone: Zone, grams: int, size: SizeLimits, value: str, currency: str) -> Limits:
    worth = Money.of(value, currency)
    return Limits(zone=zone, max_chargeable_grams=grams, size=size, max_value=worth)


JAPAN_ECONOMY_LIMITS: Final = Published(
    name="SpeedPAK Economy from Japan, limits by zone",
    rule=(
        _limits(US_MAINLAND, 25_000, _US_SIZE, "1300", "USD"),
        _limits(US_NON_MAINLAND, 15_000, _US_SIZE, "1300", "USD"),
        _limits(
            UNITED_KINGDOM,
            25_000,
            SizeLimits(max_grams=15_000, max_length_mm=1200, max_length_and_girth_mm=2250),
            "135",
            "GBP",
        ),
        _limits(
            AUSTRALIA,
            22_500,
            SizeLimits(max_grams=22_000, max_length_mm=1050, max_volume_mm3=180_000_000),
            "1000",
            "AUD",
        ),
        _limits(REST_OF_EU, 30_000, _EU_SIZE, "150", "EUR"),
        _limits(GERMANY, 25_000, _DE_SIZE, "150", "EUR"),
        _limits(SWEDEN, 20_000, _EU_SIZE, "150", "EUR"),
    ),
    source=_JAPAN_BOOK,
    effective_from=date(2026, 7, 30),
)
