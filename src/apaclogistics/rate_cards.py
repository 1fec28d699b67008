"""Rate cards: what a service charges where, for which weight, and what it adds.

A card has zones, weight bands and its own rule for the chargeable weight, and is in force from an
instant on.  The lightest band of a zone whose upper limit holds the chargeable weight counts, and
of several with that limit the cheapest; the order of bands in a file never matters.

>>> us, usd = Zone("US"), Currency("USD")
>>> card = RateCard(
...     name="example", zones=(us,), valid_from="2026-01-01T00:00:00Z",
...     bands=(Band("US", 500, Money(520, usd)), Band("US", 2000, Money(110, usd), each_grams=100)),
... )
>>> str(card.freight(us, 500)), str(card.freight(us, 501)), str(card.freight(us, 601))
('5.20 USD', '6.30 USD', '7.40 USD')
"""

from bisect import bisect_left
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import groupby
from typing import Final

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError
from apaclogistics.values.fields import of_type, optional, tuple_of
from apaclogistics.values.instants import Instant, Window, instant, to_text
from apaclogistics.values.money import Currency, ExchangeRate, Money, Rounding, checked_money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight, ratio, whole
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone, refuse_overlaps, zone_of

__all__ = (
    "Band",
    "Insurance",
    "Percent",
    "PercentOf",
    "PriceRequest",
    "RateCard",
    "Surcharge",
)

_MOST_GRAMS: Final = 1_000_000_000
# A thousand million major units of a currency with three decimals: no parcel costs more, and sums
# and percentages of it stay money.
_MOST_MINOR: Final = 10**12


def _refuse_price(what: str, price: Money) -> None:
    if not 0 <= checked_money(what, price).minor <= _MOST_MINOR:
        allowed = f"0 to {_MOST_MINOR} minor units"
        raise InvalidValueError(what, str(price), "is out of range", allowed)


@attrs.frozen(kw_only=True)
class PriceRequest:
    """What a price is asked for: one parcel to a place, insured or not, as of an instant.

    `rates` bring amounts in another currency into that of a card.

    Raises:
        InvalidTypeError: if the country, the postal code or the weight is of another type.
        InvalidValueError: if the insured value is not above zero.
    """

    country: Country = attrs.field(validator=of_type(Country))
    postal_code: str = attrs.field(validator=of_type(str))
    weight: Weight = attrs.field(validator=of_type(Weight))
    dimensions: Dimensions | None = attrs.field(validator=optional(Dimensions))
    insured: Money | None = None
    at: Instant = attrs.field(converter=instant)
    rates: tuple[ExchangeRate, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse the insurance of nothing."""
        if self.insured is not None and checked_money("insured value", self.insured).minor <= 0:
            raise InvalidValueError("insured value", str(self.insured), "is not above zero")


@attrs.frozen
class Band:
    """The price in a zone up to a chargeable weight in grams, that weight included.

    With `each_grams` the price is for each started so many grams above the band below, and comes on
    top of what that one costs at its upper limit; with no band below, of nothing.  A price of zero
    is free.

    Raises:
        InvalidValueError: for a band of no weight, or a price that is negative or beyond any
            parcel's.
    """

    zone: str = attrs.field(validator=of_type(str))
    up_to_grams: int
    price: Money
    each_grams: int | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse a band of no weight, and a price that is none."""
        whole("band's weight in grams", self.up_to_grams, least=1, most=_MOST_GRAMS)
        if self.each_grams is not None:
            whole("band's step in grams", self.each_grams, least=1, most=_MOST_GRAMS)
        _refuse_price("price", self.price)

    def _at(self, grams: int, start: int, base: Money) -> Money:
        """Price a weight that this band holds, above a band that ends at `start` and costs `base`."""
        if self.each_grams is None:
            return self.price
        steps = -(-(grams - start) // self.each_grams)
        return base + self.price.times(steps, Rounding.HALF_UP)

    def __str__(self) -> str:
        """Say which weights it holds."""
        further = f", each {self.each_grams} g" if self.each_grams else ""
        return f"up to {self.up_to_grams} g{further}"


class PercentOf(Enum):
    """What a surcharge in percent is taken of."""

    FREIGHT = "the freight"
    SUBTOTAL = "all lines before it"


@attrs.frozen
class Percent:
    """A share in percent, from 0 to 100, of the freight or of all lines before it.

    The freight includes what was added to reach the minimum charge.
    """

    rate: Decimal = attrs.field(converter=ratio)
    of: PercentOf = PercentOf.FREIGHT

    def __attrs_post_init__(self) -> None:
        """Refuse a share of anything else."""
        if not isinstance(self.of, PercentOf):
            raise InvalidTypeError("base of a percentage", type(self.of).__name__, "PercentOf")


@attrs.frozen(kw_only=True)
class Surcharge:
    """What is added to the freight: fuel, remote area, oversize, peak season.

    It is added where all of its conditions hold: the destination lies in one of the `zones` (none:
    anywhere), the parcel breaks one of the limits `beyond` which it is charged (None: any parcel),
    and the instant lies `during` a window (None: always).  A fixed charge may be in a currency of
    its own, which takes an exchange rate.
    """

    name: str = attrs.field(validator=of_type(str))
    charge: Money | Percent
    zones: tuple[Zone, ...] = attrs.field(default=(), validator=tuple_of(Zone))
    beyond: SizeLimits | None = attrs.field(default=None, validator=optional(SizeLimits))
    during: Window | None = attrs.field(default=None, validator=optional(Window))

    def __attrs_post_init__(self) -> None:
        """Refuse a charge below zero."""
        if not isinstance(self.charge, Percent):
            _refuse_price("surcharge", self.charge)

    @property
    def needs_dimensions(self) -> bool:
        """Whether the size decides about it."""
        return self.beyond is not None and self.beyond.needs_dimensions

    def needs_postal_code(self, request: PriceRequest) -> bool:
        """Tell whether the postal code decides if it is added."""
        return self._is_on(request) and any(
            zone.needs_postal_code(request.country) for zone in self.zones
        )

    def depends_on_size(self, request: PriceRequest) -> bool:
        """Tell whether the size decides if it is added, all else said."""
        return self.needs_dimensions and self._is_on(request) and self._is_there(request)

    def applies(self, request: PriceRequest) -> bool:
        """Tell whether it is added: all of its conditions hold."""
        is_beyond = self.beyond is None or self.beyond.against(request.weight, request.dimensions)
        return bool(is_beyond) and self._is_on(request) and self._is_there(request)

    def _is_on(self, request: PriceRequest) -> bool:
        return self.during is None or request.at in self.during

    def _is_there(self, request: PriceRequest) -> bool:
        where = request.country, request.postal_code
        return not self.zones or zone_of(self.zones, *where) is not None


@attrs.frozen(kw_only=True)
class Insurance:
    """What insuring costs: a percentage of the insured value, but `least`; up to `most_insured`.

    `least` and `most_insured` may be in currencies of their own, which take an exchange rate.
    """

    percent: Decimal = attrs.field(converter=ratio)
    least: Money
    most_insured: Money

    def __attrs_post_init__(self) -> None:
        """Refuse amounts below zero."""
        _refuse_price("least premium", self.least)
        _refuse_price("most that is insured", self.most_insured)


def _ordered(bands: Iterable[Band]) -> tuple[Band, ...]:
    def place(band: Band) -> tuple[str, int, int, int]:
        return band.zone, band.up_to_grams, band.each_grams or 0, band.price.minor

    given = tuple(bands) if isinstance(bands, Iterable) else ()
    if not isinstance(bands, Iterable) or not all(isinstance(band, Band) for band in given):
        kinds = ", ".join(sorted({type(band).__name__ for band in given})) or type(bands).__name__
        raise InvalidTypeError("bands of RateCard", kinds, "several of Band")
    return tuple(sorted(given, key=place))


@attrs.frozen
class _Step:
    """The bands of a zone that share an upper limit, above a weight and what that one costs."""

    limit: int
    start: int
    base: Money
    bands: tuple[Band, ...]

    def price(self, grams: int) -> Money:
        """Price a weight that the bands hold: the cheapest of them counts."""
        return min(band._at(grams, self.start, self.base) for band in self.bands)


@attrs.frozen(kw_only=True)
class RateCard:
    """Zones and bands of one service, in one currency, in force from an instant on.

    `minimum` is the least freight of a parcel.  `valid_until` is the first instant at which the
    card no longer holds, None while it is open.  Bands are kept by zone and weight, so that their
    order in a file makes no other card.

    Raises:
        InvalidValueError: if bands are in several currencies or name an unknown zone, if two zones
            share a name or a place, or if the card ends before it begins.
    """

    name: str = attrs.field(validator=of_type(str))
    rule: WeightRule = attrs.field(default=WeightRule(), validator=of_type(WeightRule))
    zones: tuple[Zone, ...] = attrs.field(validator=tuple_of(Zone))
    bands: tuple[Band, ...] = attrs.field(converter=_ordered)
    minimum: Money | None = None
    surcharges: tuple[Surcharge, ...] = attrs.field(default=(), validator=tuple_of(Surcharge))
    insurance: Insurance | None = attrs.field(default=None, validator=optional(Insurance))
    valid_from: Instant = attrs.field(converter=instant)
    valid_until: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a card that contradicts itself."""
        refuse_overlaps(f"zone of rate card {self.name}", self.zones)
        self._refuse_strange_bands()
        if self.minimum is not None:
            _refuse_price("minimum charge", self.minimum)
        self._refuse_currencies()
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            end, allowed = to_text(self.valid_until), f"after {to_text(self.valid_from)}"
            raise InvalidValueError("end of rate card", end, "is early", allowed)
        self._refuse_steep_steps()

    def _refuse_strange_bands(self) -> None:
        if unknown := {band.zone for band in self.bands} - {zone.name for zone in self.zones}:
            allowed = ", ".join(zone.name for zone in self.zones)
            raise InvalidValueError("band's zone", min(unknown), "is not on the card", allowed)

    def _refuse_currencies(self) -> None:
        currencies = {band.price.currency for band in self.bands}
        extra = {self.minimum.currency} if self.minimum else set()
        if len(currencies) != 1 or not extra <= currencies:
            raise InvalidValueError("rate card", self.name, "is not in one currency", "one")

    def _refuse_steep_steps(self) -> None:
        # A step that is added a million times may not add up to more than any parcel costs.
        for zone in self.zones:
            for grams in self._limits_of(zone):
                _refuse_price(f"price in zone {zone.name}", self.freight(zone, grams))

    @property
    def currency(self) -> Currency:
        """The currency of all bands."""
        return self.bands[0].price.currency

    @property
    def needs_dimensions(self) -> bool:
        """Whether a price depends on the size of the parcel."""
        return self.rule.needs_dimensions or any(it.needs_dimensions for it in self.surcharges)

    def is_in_force(self, at: Instant) -> bool:
        """Tell whether the card holds at an instant."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)

    def zone_of(self, country: Country, postal_code: str) -> Zone | None:
        """Find the zone of a destination, the most specific of several."""
        return zone_of(self.zones, country, postal_code)

    def needs_postal_code(self, country: Country) -> bool:
        """Tell whether the zone within a country depends on the postal code."""
        return any(zone.needs_postal_code(country) for zone in self.zones)

    def heaviest(self, zone: Zone) -> int:
        """Give the chargeable weight in grams up to which a zone has a rate; 0 if it has none."""
        return max(self._limits_of(zone), default=0)

    def freight(self, zone: Zone, grams: int) -> Money:
        """Price a chargeable weight by the bands alone; the card's `heaviest` is the most.

        The lightest band that holds the weight counts, and of several with the same limit the
        cheapest.

        Raises:
            InvalidValueError: for no weight.
            NotFoundError: if the zone has no rate.
        """
        whole("chargeable weight in grams", grams, least=1, most=_MOST_GRAMS**2)
        steps = self._steps.get(zone.name)
        if not steps:
            raise NotFoundError("rate for zone", zone.name)
        held = bisect_left(steps, grams, key=lambda step: step.limit)
        return steps[held].price(grams) if held < len(steps) else steps[-1].price(steps[-1].limit)

    def falls(self) -> tuple[tuple[str, int], ...]:
        """Give the zones and the weights in grams above which a parcel gets cheaper."""
        least = self.minimum or Money.zero(self.currency)

        def charged(zone: Zone, grams: int) -> Money:
            return max(self.freight(zone, grams), least)

        return tuple(
            (zone.name, grams)
            for zone in self.zones
            for grams in self._limits_of(zone)[:-1]
            if charged(zone, grams + 1) < charged(zone, grams)
        )

    def _limits_of(self, zone: Zone) -> list[int]:
        return [step.limit for step in self._steps.get(zone.name, ())]

    @cached_property
    def _steps(self) -> dict[str, list[_Step]]:
        """The bands of each zone by their limits, each with what the ones below it come to."""
        steps: dict[str, list[_Step]] = {zone.name: [] for zone in self.zones}
        by_limit = groupby(self.bands, key=lambda band: (band.zone, band.up_to_grams))
        for (zone, limit), bands in by_limit:
            below = steps[zone][-1] if steps[zone] else None
            start = below.limit if below else 0
            base = below.price(start) if below else Money.zero(self.currency)
            steps[zone].append(_Step(limit, start, base, tuple(bands)))
        return steps
