"""Strategies for tariffs: zones, weight rules, surcharges, rate cards and prices.

Every zone of a card has a rate.  Incidental texts are short.
"""

from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.rate_cards import Band, Insurance, Percent, PercentOf, RateCard, Surcharge
from apaclogistics.tariffs import Price, PriceLine
from apaclogistics.testing._agreements import amounts, beginnings, prices_of, texts, units
from apaclogistics.testing._values import countries, windows
from apaclogistics.testing._walks import later
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.quantities import SizeLimits
from apaclogistics.values.weighing import ChargeableWeight, WeightRule
from apaclogistics.values.zones import Zone


@cache
def zones() -> SearchStrategy[Zone]:
    """Give parts of the world; shrinks to Hong Kong under an empty name."""
    prefixes = st.lists(st.text("0123456789", min_size=1, max_size=3), max_size=3)
    return st.builds(
        Zone,
        texts(),
        st.frozensets(countries(), max_size=3),
        prefixes.map(tuple),
        excluded=st.frozensets(countries(), max_size=2),
    )


@cache
def _apart() -> SearchStrategy[tuple[Zone, ...]]:
    """Give zones that do not overlap, the last one perhaps everywhere."""
    named = st.lists(countries(), min_size=1, max_size=3, unique=True).map(
        lambda them: tuple(Zone(it.code, frozenset({it})) for it in them)
    )
    rest = st.sampled_from(((), (Zone("rest"),)))
    return st.builds(lambda some, others: (*some, *others), named, rest)


@cache
def weight_rules() -> SearchStrategy[WeightRule]:
    """Give rules for the chargeable weight; shrinks to the actual weight, to the gram."""
    ratios = st.decimals(0, 100, places=2)
    return st.builds(
        WeightRule,
        divisor=st.none() | st.integers(1000, 10_000),
        from_side_mm=st.integers(0, 1000),
        tolerance=ratios,
        discount=ratios,
        least_grams=st.integers(1, 1000),
        step_grams=st.integers(1, 1000),
    )


@cache
def sizes() -> SearchStrategy[SizeLimits]:
    """Give bounds of weight and of sides; shrinks to none."""
    most = st.none() | st.integers(1, 10**6)
    return st.builds(SizeLimits, max_grams=most, max_length_mm=most, max_total_mm=most)


def surcharges(*, currency: Currency | str | None = None) -> SearchStrategy[Surcharge]:
    """Give surcharges, fixed and in percent; shrinks to nothing on any parcel."""
    return _surcharges_in(zones(), currency)


@cache
def _surcharges_in(
    places: SearchStrategy[Zone], currency: Currency | str | None
) -> SearchStrategy[Surcharge]:
    percent = st.builds(Percent, st.decimals(0, 100, places=2), st.sampled_from(PercentOf))
    return st.builds(
        Surcharge,
        name=texts(),
        charge=units(currency).flatmap(amounts) | percent,
        zones=st.lists(places, max_size=1).map(tuple),
        beyond=st.none() | sizes(),
        during=st.none() | windows(),
    )


@cache
def _insurances(unit: Currency) -> SearchStrategy[Insurance | None]:
    percent = st.decimals(0, 100, places=2)
    return st.none() | st.builds(
        Insurance, percent=percent, least=amounts(unit), most_insured=amounts(unit)
    )


@cache
def _amounts_if_any(unit: Currency) -> SearchStrategy[Money | None]:
    return st.none() | amounts(unit)


@cache
def _bands(zone: str, unit: Currency) -> SearchStrategy[list[Band]]:
    # A step that is added a thousand times still costs what a parcel may.
    flat = st.builds(Band, st.just(zone), st.integers(1, 10**6), prices_of(unit))
    cheap = st.builds(Money, st.integers(1, 10**5), st.just(unit))
    stepped = st.builds(Band, st.just(zone), st.integers(1, 10**6), cheap, each_grams=st.just(1000))
    return st.lists(flat | stepped, min_size=1, max_size=3)


@st.composite
def rate_cards(draw: DrawFn, *, currency: Currency | str | None = None) -> RateCard:
    """Give rate cards of one to four zones; shrinks to one band for Hong Kong, open-ended."""
    unit, begins = draw(units(currency)), draw(beginnings())
    return rate_card(draw, unit, begins, draw(st.none() | st.just(later(draw, begins))))


def rate_card(draw: DrawFn, unit: Currency, begins: Instant, ends: Instant | None) -> RateCard:
    """Draw a card in a currency, in force between two instants."""
    places = draw(_apart())
    return RateCard(
        name=draw(texts()),
        rule=draw(weight_rules()),
        zones=places,
        bands=tuple(band for zone in places for band in draw(_bands(zone.name, unit))),
        minimum=draw(_amounts_if_any(unit)),
        surcharges=draw(_added(unit)),
        insurance=draw(_insurances(unit)),
        valid_from=begins,
        valid_until=ends if ends is None or ends > begins else None,
    )


@cache
def prices(*, currency: Currency | str | None = None) -> SearchStrategy[Price]:
    """Give prices with their lines; shrinks to one line of one minor unit."""
    grams = st.integers(1, 10**9)
    return st.builds(
        Price,
        zone=texts(),
        chargeable=st.builds(
            ChargeableWeight, grams, grams, st.none() | st.integers(0, 10**9), texts()
        ),
        lines=units(currency).flatmap(_price_lines),
    )


def _price_lines(unit: Currency) -> SearchStrategy[tuple[PriceLine, ...]]:
    line = st.builds(PriceLine, texts(), prices_of(unit))
    return st.lists(line, min_size=1, max_size=3).map(tuple)


@cache
def _added(unit: Currency) -> SearchStrategy[tuple[Surcharge, ...]]:
    return st.lists(_surcharges_in(zones_of_countries(), unit), max_size=2).map(tuple)


@cache
def zones_of_countries() -> SearchStrategy[Zone]:
    """Give parts of the world that are told by country alone; shrinks to Hong Kong."""
    return st.builds(Zone, texts(), st.frozensets(countries(), min_size=1, max_size=3))
