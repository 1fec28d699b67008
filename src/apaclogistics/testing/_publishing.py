"""Strategies for steps 1 and 2: sellers and what they publish, tariffs, restrictions and quotes.

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
from apaclogistics.profiles import (
    Agreement,
    Identity,
    Logistics,
    Profile,
    Requirements,
    SellerKind,
)
from apaclogistics.promises import Handling, Transit
from apaclogistics.quotes import Quote
from apaclogistics.rate_cards import Band, Insurance, Percent, PercentOf, RateCard, Surcharge
from apaclogistics.restrictions import BatteryLane, GoodsRule, Limits, Restrictions
from apaclogistics.sellers import SELLER, Seller, SellerAction, SellerState
from apaclogistics.tariffs import Price, PriceLine
from apaclogistics.testing._agreements import (
    ZONE_NAMES,
    amounts,
    beginnings,
    handlings,
    ids,
    lines,
    listing_versions,
    people,
    policies,
    prices_of,
    promises,
    somebody,
    texts,
    transits,
    units,
)
from apaclogistics.testing._billing import preferences
from apaclogistics.testing._carriage import parcels
from apaclogistics.testing._measures import lanes, shares
from apaclogistics.testing._walks import (
    Moves,
    arrived,
    goal_of,
    later,
    noted,
    options_of,
    walk,
)
from apaclogistics.testing.strategies import countries, windows
from apaclogistics.values.goods import BatteryQualification, Incoterm, LithiumBattery
from apaclogistics.values.identifiers import (
    CarrierCode,
    ListingId,
    QuoteId,
    SellerId,
)
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.places import Country, Destination
from apaclogistics.values.quantities import SizeLimits
from apaclogistics.values.registers import Register, RegisteredNumber, Verdict
from apaclogistics.values.weighing import ChargeableWeight, WeightRule
from apaclogistics.values.zones import Zone

# Cards of listings that are published hold at any instant that is drawn.
_ALWAYS: Final = instant("1900-01-01T00:00:00Z")
_HONG_KONG: Final = Country("HK")
_HS_PREFIXES: Final = ("85", "8507", "930200", "3303")


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
def _sizes() -> SearchStrategy[SizeLimits]:
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
        beyond=st.none() | _sizes(),
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
    return _card(draw, unit, begins, draw(st.none() | st.just(later(draw, begins))))


def _card(draw: DrawFn, unit: Currency, begins: Instant, ends: Instant | None) -> RateCard:
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


def limits() -> SearchStrategy[Limits]:
    """Give what services take; shrinks to anything."""
    return _limits_in(zones())


@cache
def _limits_in(places: SearchStrategy[Zone]) -> SearchStrategy[Limits]:
    return st.builds(
        Limits,
        zone=st.none() | places,
        size=_sizes(),
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
        rate_card=_card(draw, draw(units(currency)), _ALWAYS, None),
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
    excluded = st.lists(_told_by_country(), max_size=1).map(tuple)
    return st.builds(Coverage, excluded=excluded)


@cache
def _some_limits() -> SearchStrategy[tuple[Limits, ...]]:
    return st.lists(_limits_in(_told_by_country()), max_size=1).map(tuple)


@cache
def _added(unit: Currency) -> SearchStrategy[tuple[Surcharge, ...]]:
    return st.lists(_surcharges_in(_told_by_country(), unit), max_size=2).map(tuple)


@cache
def _told_by_country() -> SearchStrategy[Zone]:
    return st.builds(Zone, texts(), st.frozensets(countries(), min_size=1, max_size=3))


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
def _numbers() -> SearchStrategy[RegisteredNumber]:
    digits = st.text("0123456789", min_size=8, max_size=14)
    return st.builds(RegisteredNumber, st.sampled_from(Register), digits)


@cache
def identities() -> SearchStrategy[Identity]:
    """Give who sellers are; shrinks to a business in Hong Kong without a name or a number."""
    return st.builds(
        Identity,
        kind=st.sampled_from(SellerKind),
        legal_name=ids(),
        country=countries(),
        numbers=st.lists(_numbers(), max_size=2, unique_by=lambda it: it.register).map(tuple),
    )


@cache
def logistics() -> SearchStrategy[Logistics]:
    """Give how sellers hand over; shrinks to nobody in Hong Kong."""
    some = st.lists(preferences(), max_size=2, unique_by=lambda preference: preference.name)
    return st.builds(
        Logistics,
        ship_from=people(),
        return_to=people(),
        collection=st.none() | people(),
        preferences=some.map(tuple),
    )


def profiles() -> SearchStrategy[Profile]:
    """Give what sellers register with; shrinks to nobody in Hong Kong."""
    return st.builds(Profile, identities(), logistics())


@cache
def _agreements() -> SearchStrategy[Agreement]:
    return st.builds(Agreement, ids(), ids())


@cache
def _qualifications() -> SearchStrategy[BatteryQualification]:
    return st.builds(
        BatteryQualification,
        id=ids(),
        name=texts(),
        battery=st.sampled_from([it for it in LithiumBattery if it is not LithiumBattery.NONE]),
        valid_until=beginnings(),
        remark=texts(),
    )


def _verify(draw: DrawFn, seller: Seller, by: Actor, at: Instant) -> Seller:
    who = draw(texts(min_size=1).filter(str.strip))
    numbers = seller.profile.identity.numbers
    return seller.verify(
        verdicts=[Verdict(number=number, checked_by=who) for number in numbers],
        requirements=Requirements(registers={}),
        by=by,
        at=at,
        note=draw(texts()),
    )


_SELLER_MOVES: Final[Moves[SellerAction, Seller]] = {
    SellerAction.VERIFY: _verify,
    SellerAction.REJECT: noted(Seller.reject),
    SellerAction.RESUBMIT: lambda draw, it, by, at: it.resubmit(draw(profiles()), by=by, at=at),
    SellerAction.AMEND_IDENTITY: lambda draw, it, by, at: it.amend_identity(
        draw(identities()), by=by, at=at
    ),
    SellerAction.AMEND_LOGISTICS: lambda draw, it, by, at: it.amend_logistics(
        draw(logistics()), by=by, at=at
    ),
    SellerAction.AGREE: lambda draw, it, by, at: it.agree(draw(_agreements()), by=by, at=at),
    SellerAction.QUALIFY: lambda draw, it, by, at: it.qualify(
        draw(_qualifications()), by=by, at=at
    ),
    SellerAction.SUSPEND: noted(Seller.suspend),
    SellerAction.REINSTATE: noted(Seller.reinstate),
    SellerAction.CLOSE: noted(Seller.close),
}


@st.composite
def sellers(draw: DrawFn, *, state: SellerState | None = None) -> Seller:
    """Give accounts in one state, or any; shrinks to one that was just registered."""
    owner = Actor(Role.SELLER, draw(ids()))
    seller = Seller.register(SellerId(owner.id), draw(profiles()), by=owner, at=draw(beginnings()))
    goal = goal_of(draw, SELLER, state)
    options = partial(options_of, SELLER)
    return arrived(walk(draw, SELLER, seller, options, _SELLER_MOVES, goal=goal), state)


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
