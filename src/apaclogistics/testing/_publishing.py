"""Strategies for step 2: what sellers publish, what it carries and does not, and quotes of it.

What is published has no errors: rate cards are in force from the first instant on, and every zone
has a rate.  Incidental texts are short.
"""

from datetime import time
from functools import cache, partial
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.compensation import CompensationPolicy
from apaclogistics.findings import Finding, Severity
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.listings import (
    LISTING,
    Listing,
    ListingAction,
    ListingDraft,
    ListingState,
    Terms,
)
from apaclogistics.offers import Carriage, Coverage, Offer, ServiceLevel, TransportMode
from apaclogistics.promises import Handling, Transit
from apaclogistics.quotes import Quote
from apaclogistics.rate_cards import Band, RateCard
from apaclogistics.restrictions import BatteryLane, GoodsRule, Limits, Restrictions
from apaclogistics.testing._agreements import (
    ZONE_NAMES,
    amounts,
    beginnings,
    handlings,
    ids,
    lines,
    listing_versions,
    policies,
    prices_of,
    promises,
    somebody,
    texts,
    transits,
    units,
)
from apaclogistics.testing._carriage import parcels
from apaclogistics.testing._measures import lanes, shares
from apaclogistics.testing._tariffs import prices, rate_card, sizes, zones, zones_of_countries
from apaclogistics.testing._values import countries
from apaclogistics.testing._walks import Moves, arrived, goal_of, later, noted, options_of, walk
from apaclogistics.values.goods import Incoterm, LithiumBattery
from apaclogistics.values.identifiers import CarrierCode, ListingId, QuoteId
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.places import Country, Destination
from apaclogistics.values.zones import Zone

# Cards of listings that are published hold at any instant that is drawn.
_ALWAYS: Final = instant("1900-01-01T00:00:00Z")
_HONG_KONG: Final = Country("HK")
_HS_PREFIXES: Final = ("85", "8507", "930200", "3303")


def limits() -> SearchStrategy[Limits]:
    """Give what services take; shrinks to anything."""
    return _limits_in(zones())


@cache
def _limits_in(places: SearchStrategy[Zone]) -> SearchStrategy[Limits]:
    return st.builds(
        Limits,
        zone=st.none() | places,
        size=sizes(),
        max_chargeable_grams=st.none() | st.integers(1, 10**6),
        max_value=st.none() | units(None).flatmap(amounts),
    )


@cache
def restrictions() -> SearchStrategy[Restrictions]:
    """Give what services carry; shrinks to anything but batteries."""
    goods = st.builds(
        GoodsRule,
        kind=texts(),
        hs_prefixes=st.lists(st.sampled_from(_HS_PREFIXES), min_size=1, max_size=2).map(tuple),
        categories=st.frozensets(texts(min_size=1), max_size=2),
        destinations=st.frozensets(countries(), max_size=2),
        agreement=texts(),
    )
    return st.builds(
        Restrictions,
        batteries=st.lists(_lanes(), max_size=2).map(tuple),
        goods=st.lists(goods, max_size=1).map(tuple),
    )


@cache
def _lanes() -> SearchStrategy[BatteryLane]:
    return st.builds(
        BatteryLane,
        origin=st.just(_HONG_KONG),
        destinations=st.frozensets(countries(), max_size=2),
        batteries=st.frozensets(st.sampled_from(LithiumBattery), max_size=3),
    )


@st.composite
def offers(draw: DrawFn, *, currency: Currency | str | None = None) -> Offer:
    """Give offers without errors; shrinks to air freight from Hong Kong on the smallest card."""
    return Offer(
        name=draw(ids()),
        carrier=CarrierCode(draw(ids())),
        service=draw(texts()),
        mode=draw(st.sampled_from(TransportMode)),
        level=draw(_LEVELS),
        origin=_HONG_KONG,
        rate_card=rate_card(draw, draw(units(currency)), _ALWAYS, None),
        handling=draw(handlings()),
        transit=draw(transits()),
        coverage=draw(_coverages()),
        limits=draw(_some_limits()),
        restrictions=draw(restrictions()),
        incoterm=draw(st.sampled_from(Incoterm)),
        claim_policy=draw(_policies_if_any()),
    )


_LEVELS: Final = st.sampled_from([it for it in ServiceLevel if it is not ServiceLevel.ONE_DAY])


@cache
def _policies_if_any() -> SearchStrategy[CompensationPolicy | None]:
    return st.none() | policies()


@cache
def _coverages() -> SearchStrategy[Coverage]:
    excluded = st.lists(zones_of_countries(), max_size=1).map(tuple)
    return st.builds(Coverage, excluded=excluded)


@cache
def _some_limits() -> SearchStrategy[tuple[Limits, ...]]:
    return st.lists(_limits_in(zones_of_countries()), max_size=1).map(tuple)


def terms(*, currency: Currency | str | None = None) -> SearchStrategy[Terms]:
    """Give what listings say; shrinks to one offer."""
    some = st.lists(offers(currency=currency), min_size=1, max_size=2, unique_by=lambda it: it.name)
    return some.map(tuple).map(Terms)


@cache
def _plain_terms() -> SearchStrategy[Terms]:
    """Give terms of one small offer, since a listing has many versions and `terms` the variety."""
    return st.builds(
        lambda name, price, transit: Terms((_plain_offer(name, price, transit),)),
        ids(),
        prices_of(Currency("USD")),
        transits(),
    )


def _plain_offer(name: str, price: Money, transit: Transit) -> Offer:
    card = RateCard(
        name="card", zones=(Zone(""),), bands=(Band("", 2000, price),), valid_from=_ALWAYS
    )
    return Offer(
        name=name,
        carrier=CarrierCode("HKPOST"),
        service="",
        mode=TransportMode.AIR,
        origin=_HONG_KONG,
        rate_card=card,
        handling=Handling(days=0, cut_off=time(15), zone_name="Asia/Hong_Kong"),
        transit=transit,
    )


@cache
def carriages(*, currency: Currency | str | None = None) -> SearchStrategy[Carriage]:
    """Give what is to be carried; shrinks to one gram to Hong Kong."""
    destination = st.builds(
        Destination, country=countries(), postal_code=lines(), zone_name=st.sampled_from(ZONE_NAMES)
    )
    some = st.lists(
        parcels(currency=currency), min_size=1, max_size=2, unique_by=lambda parcel: parcel.id
    )
    return st.builds(
        Carriage,
        destination=destination,
        parcels=some.map(tuple),
        insured=st.none() | units(currency).flatmap(prices_of),
    )


@st.composite
def quotes(draw: DrawFn, *, currency: Currency | str | None = None) -> Quote:
    """Give prices with promises; shrinks to one of one minor unit that expires at once."""
    at, unit = draw(beginnings()), draw(units(currency))
    carriage = draw(carriages(currency=unit))
    return Quote(
        id=QuoteId(draw(ids())),
        listing=draw(listing_versions()),
        offer=draw(ids()),
        carrier=CarrierCode(draw(ids())),
        service=draw(texts()),
        mode=draw(st.sampled_from(TransportMode)),
        level=draw(st.sampled_from(ServiceLevel)),
        incoterm=draw(st.sampled_from(Incoterm)),
        carriage=carriage,
        prices=tuple(draw(prices(currency=unit)) for _ in carriage.parcels),
        promise=draw(promises()),
        at=at,
        expires_at=later(draw, at),
    )


@cache
def findings(*, offer: str | None = None) -> SearchStrategy[Finding]:
    """Give what is found in an offer, with figures and without; shrinks to an error without."""
    return st.builds(
        Finding,
        offer=ids() if offer is None else st.just(offer),
        severity=st.sampled_from(Severity),
        code=st.sampled_from(("free", "promise_not_kept")),
        text=texts(),
        share=st.none() | shares(),
        lane=st.none() | lanes(),
    )


def _suspend(draw: DrawFn, listing: Listing, by: Actor, at: Instant) -> Listing:
    names = st.sampled_from([offer.name for offer in listing.terms.offers])
    found = draw(st.lists(names.flatmap(lambda name: findings(offer=name)), max_size=2))
    return listing.suspend(draw(texts()), findings=found, by=by, at=at)


_LISTING_MOVES: Final[Moves[ListingAction, Listing]] = {
    ListingAction.REVISE: lambda draw, it, by, at: it.revise(draw(_plain_terms()), by=by, at=at),
    ListingAction.PUBLISH: lambda _, it, by, at: it.publish(hindrances=(), by=by, at=at),
    ListingAction.PAUSE: noted(Listing.pause),
    ListingAction.RESUME: lambda _, it, by, at: it.resume(hindrances=(), by=by, at=at),
    ListingAction.SUSPEND: _suspend,
    ListingAction.REINSTATE: noted(Listing.reinstate),
    ListingAction.WITHDRAW: noted(Listing.withdraw),
}


@st.composite
def listings(draw: DrawFn, *, state: ListingState | None = None) -> Listing:
    """Give listings in one state, or any, with their versions; shrinks to a draft."""
    owner = draw(somebody(Role.SELLER))
    drafted = ListingDraft(id=ListingId(draw(ids())), seller=owner, terms=draw(terms()))
    listing = Listing.draft(drafted, by=owner, at=draw(beginnings()))
    goal = goal_of(draw, LISTING, state)
    options = partial(options_of, LISTING)
    return arrived(walk(draw, LISTING, listing, options, _LISTING_MOVES, goal=goal), state)
