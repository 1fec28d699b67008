"""Tariffs: what a parcel costs on a rate card, with its breakdown, or all reasons why it has none.

A rate card has zones (countries, or postal prefixes within one), weight bands with inclusive upper
limits, and its own rule for the chargeable weight, which need not be the greater of actual and
volumetric weight.  A missing rate is a reason to refuse; it is never zero.

>>> rule = WeightRule(divisor=6000, from_side_mm=400, tolerance="1.3", discount="0.3")
>>> str(rule.chargeable(Weight(5000), Dimensions(500, 400, 300)))
'8500 g (volumetric 10000 g, actual 5000 g)'
"""

import re
from decimal import Decimal
from fractions import Fraction

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, Weight, whole

__all__ = (
    "Band",
    "ChargeableWeight",
    "Price",
    "PriceLine",
    "RateCard",
    "Unpriced",
    "WeightRule",
    "Zone",
    "price_of",
)


_RATIO = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?", re.ASCII)


def _ratio(value: str | Decimal) -> Decimal:
    if not isinstance(value, str | Decimal):
        raise InvalidTypeError("ratio", type(value).__name__, "text or Decimal")
    if not _RATIO.fullmatch(str(value)) or Decimal(value) > 100:
        raise InvalidValueError("ratio", value, "is out of range", "0 to 100, to six decimals")
    return Decimal(value)


@attrs.frozen
class ChargeableWeight:
    """What a service charges for, and the weights it came from, in grams.

    `volumetric_grams` is None where size does not count.
    """

    grams: int
    actual_grams: int
    volumetric_grams: int | None

    def __str__(self) -> str:
        """Give the weight and how it came about."""
        if self.volumetric_grams is None:
            return f"{self.grams} g (actual {self.actual_grams} g)"
        return (
            f"{self.grams} g (volumetric {self.volumetric_grams} g, actual {self.actual_grams} g)"
        )


@attrs.frozen(kw_only=True)
class WeightRule:
    """How a service finds its chargeable weight.

    Volumetric weight is length x width x height / `divisor` (cm3 per kg; None: never volumetric).
    It counts only where the longest side is at least `from_side_mm` and it is above `tolerance`
    times the actual weight; then `discount` times the actual weight is taken off it.  The greater
    of that and the actual weight is rounded up to `step_grams`.

    Source: the published SpeedPAK rules of mainland China (6000, 40 cm, 1.3, 0.3) and of Japan
    (8000, and the plain greater of the two).
    """

    divisor: int | None = None
    from_side_mm: int = 0
    tolerance: Decimal = attrs.field(default=Decimal(1), converter=_ratio)
    discount: Decimal = attrs.field(default=Decimal(0), converter=_ratio)
    step_grams: int = 1

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that divides or steps by nothing."""
        whole("divisor", 1 if self.divisor is None else self.divisor, least=1, most=1_000_000)
        whole("step in grams", self.step_grams, least=1, most=1_000_000)

    def chargeable(self, weight: Weight, dimensions: Dimensions | None) -> ChargeableWeight:
        """Give the chargeable weight; without dimensions, that of the actual weight."""
        actual, volumetric = weight.grams, self._volumetric(dimensions)
        exact = Fraction(actual)
        if volumetric is not None and volumetric > actual * Fraction(self.tolerance):
            exact = max(exact, volumetric - actual * Fraction(self.discount))
        steps = -(-exact // self.step_grams)
        shown = None if volumetric is None else int(volumetric)
        return ChargeableWeight(int(steps) * self.step_grams, actual, shown)

    def _volumetric(self, dimensions: Dimensions | None) -> Fraction | None:
        if self.divisor is None or dimensions is None or dimensions.length_mm < self.from_side_mm:
            return None
        # Cubic millimetres over (cm3 per kg) are grams: the thousands cancel.
        return Fraction(dimensions.volume_mm3, self.divisor)


@attrs.frozen
class Zone:
    """Where a price holds: countries, or within them the postal codes with one of the prefixes."""

    name: str
    countries: frozenset[Country]
    postal_prefixes: tuple[str, ...] = ()

    def covers(self, country: Country, postal_code: str) -> bool:
        """Tell whether a destination lies in this zone."""
        if country not in self.countries:
            return False
        return not self.postal_prefixes or postal_code.startswith(self.postal_prefixes)


@attrs.frozen
class Band:
    """The price in a zone up to a chargeable weight in grams, that weight included."""

    zone: str
    up_to_grams: int
    price: Money

    def __attrs_post_init__(self) -> None:
        """Refuse a band of no weight, and a price that would pass a missing one off as free."""
        whole("band's weight in grams", self.up_to_grams, least=1, most=1_000_000_000)
        if self.price.minor <= 0:
            raise InvalidValueError("price", str(self.price), "is not above zero")


@attrs.frozen
class PriceLine:
    """One line of a price's breakdown."""

    label: str
    amount: Money


@attrs.frozen(kw_only=True)
class Price:
    """What a parcel costs: the lines, which add up to the total, and the weight charged for."""

    zone: str
    chargeable: ChargeableWeight
    lines: tuple[PriceLine, ...]

    @property
    def total(self) -> Money:
        """The lines added up."""
        return Money.total((line.amount for line in self.lines), self.lines[0].amount.currency)


@attrs.frozen
class Unpriced:
    """Every reason why a parcel has no price."""

    reasons: tuple[Reason, ...]


@attrs.frozen(kw_only=True)
class RateCard:
    """Zones and bands of one service, in one currency, in force from an instant on.

    `valid_until` is the first instant at which the card no longer holds, None while it is open.

    Raises:
        InvalidValueError: if bands are in several currencies, name an unknown zone, or if two zones
            share a name.
    """

    name: str
    rule: WeightRule = WeightRule()
    zones: tuple[Zone, ...]
    bands: tuple[Band, ...]
    valid_from: Instant = attrs.field(converter=instant)
    valid_until: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a card that contradicts itself."""
        names = [zone.name for zone in self.zones]
        if len(set(names)) < len(names):
            raise InvalidValueError("rate card", self.name, "names a zone twice", "one name a zone")
        if unknown := {band.zone for band in self.bands} - set(names):
            allowed = ", ".join(names)
            raise InvalidValueError("band's zone", min(unknown), "is not on the card", allowed)
        if len({band.price.currency for band in self.bands}) != 1:
            raise InvalidValueError("rate card", self.name, "is not in one currency", "one")

    def zone_of(self, country: Country, postal_code: str) -> Zone | None:
        """Find the zone of a destination; one with postal prefixes goes before one without."""
        fitting = [zone for zone in self.zones if zone.covers(country, postal_code)]
        return max(fitting, key=lambda zone: bool(zone.postal_prefixes), default=None)

    def needs_postal_code(self, country: Country) -> bool:
        """Tell whether the zone within a country depends on the postal code."""
        return any(zone.postal_prefixes and country in zone.countries for zone in self.zones)


def price_of(
    card: RateCard,
    *,
    country: Country,
    postal_code: str,
    weight: Weight,
    dimensions: Dimensions | None,
    at: Instant,
) -> Price | Unpriced:
    """Price a parcel on a rate card, as of an instant.

    The band is the lightest one of the zone that still holds the chargeable weight.
    """
    if reasons := _against(card, country, postal_code, at):
        return Unpriced(reasons)
    chargeable = card.rule.chargeable(weight, dimensions)
    zone = card.zone_of(country, postal_code)
    bands = [band for band in card.bands if zone is not None and band.zone == zone.name]
    fitting = [band for band in bands if chargeable.grams <= band.up_to_grams]
    if zone is None or not fitting:
        return Unpriced((_no_band(card, country, zone, bands, chargeable),))
    band = min(fitting, key=lambda band: band.up_to_grams)
    label = f"{card.name}, zone {zone.name}, up to {band.up_to_grams} g"
    return Price(zone=zone.name, chargeable=chargeable, lines=(PriceLine(label, band.price),))


def _against(card: RateCard, country: Country, postal_code: str, at: Instant) -> tuple[Reason, ...]:
    reasons = []
    if at < card.valid_from or (card.valid_until is not None and at >= card.valid_until):
        reasons.append(Reason("not_in_force", f"{card.name} is not in force at {at}"))
    if not postal_code and card.needs_postal_code(country):
        text = f"the zone within {country} depends on the postal code, and there is none"
        reasons.append(Reason("postal_code_missing", text))
    return tuple(reasons)


def _no_band(
    card: RateCard,
    country: Country,
    zone: Zone | None,
    bands: list[Band],
    chargeable: ChargeableWeight,
) -> Reason:
    if zone is None:
        return Reason("not_covered", f"{card.name} does not reach {country}")
    if not bands:
        return Reason("no_rate", f"{card.name} has no rate for zone {zone.name}")
    most = max(band.up_to_grams for band in bands)
    text = f"{chargeable} is above the {most} g of {card.name}, zone {zone.name}"
    return Reason("too_heavy", text)
