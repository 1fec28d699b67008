"""The laws of quotes and of their comparison.

* *One or the other*: for any offer and any carriage, wherever it goes, there is a quote or a refusal
  with reasons, each naming the offer; never an exception.
* *Exact*: what a quote costs is the sum of its lines, in whole minor units; shares of an insured
  value add up to it.
* *As asked*: a quote is for its own carriage, and good from its instant through its expiry.
* *Stricter*: one more limit takes no reason away.
* *Never beaten*: nothing ranked costs less than the cheapest or arrives before the fastest.
* *Frontier*: it is the Pareto set by price and arrival, from the cheapest to the fastest.
* *Nothing is lost, nothing depends on order*: every answer is ranked or refused, each cost is the
  total at the given rate, and the order of answers and of rates is irrelevant.
* *Checked*: an offer of the strategies has no errors; errors stand first.
"""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from math import floor
from typing import Final

import attrs
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, DrawFn, SearchStrategy

from apaclogistics.consignments import Parcel
from apaclogistics.duty_tables import AdValorem, DutyRule, DutyTable, TaxRule
from apaclogistics.errors import Reason
from apaclogistics.findings import Severity, check
from apaclogistics.offers import Carriage, Coverage, Offer, ServiceLevel, TransportMode
from apaclogistics.promises import Promise
from apaclogistics.quotes import Almanac, Quote, QuoteRefused, compare, quote
from apaclogistics.rate_cards import Band, Insurance
from apaclogistics.restrictions import Limits
from apaclogistics.tariffs import Price, PriceLine
from apaclogistics.testing._agreements import beginnings, handlings, policies, transits
from apaclogistics.testing._carriage import parcels
from apaclogistics.testing._publishing import carriages, limits, offers, quotes
from apaclogistics.testing._tariffs import rate_cards, surcharges, weight_rules, zones
from apaclogistics.testing.strategies import countries, dimensions, monies, weights
from apaclogistics.values.calendars import ListedCalendar
from apaclogistics.values.countries import COUNTRY_NAMES
from apaclogistics.values.goods import CustomsItem, Incoterm
from apaclogistics.values.identifiers import (
    CarrierCode,
    ListingId,
    ListingVersion,
    ParcelId,
    QuoteId,
)
from apaclogistics.values.instants import Instant, Window
from apaclogistics.values.money import Currency, ExchangeRate, Money
from apaclogistics.values.places import Address, Country, Destination, Party
from apaclogistics.values.weighing import ChargeableWeight
from apaclogistics.values.zones import Zone
from tests.samples import consignment, day, offer, parcel, rate_card

LISTED: Final = ListingVersion(ListingId("l-1"), 1)
NOW: Final = day(2)
AMERICA: Final = Destination(country="US", zone_name="UTC")

reasons = st.lists(st.builds(Reason, st.just("any"), st.text(max_size=8)), max_size=2)
validities = st.timedeltas(timedelta(microseconds=1), timedelta(days=366))
# Up to 100 %, and rates up to 10, so that duties on what is worth much are still money.
percents = st.decimals(0, 100, places=2).map(str)
rates_of_exchange = st.integers(1, 10_000).map(
    lambda number: f"{number // 1000}.{number % 1000:03}"
)
somewhat = monies(currency="USD", min_minor=1, max_minor=10**6)
much = monies(currency="USD", min_minor=1, max_minor=10**9)
grams, sides = weights(max_grams=30_000), dimensions(max_mm=1000)
charges, rules = surcharges(currency="USD"), weight_rules()
handling, transit = handlings(), transits()
insurances = st.builds(
    Insurance, percent=percents, least=somewhat, most_insured=st.just(Money(10**9, "USD"))
)
# What people write into the field: real codes, codes of other countries, and anything at all.
postal_codes = st.sampled_from(("", "10001", "96815-1234", "SW1A 1AA", "BFPO 1", "-", "000"))
one_line = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=40)
anywhere = countries() | st.sampled_from(sorted(COUNTRY_NAMES)).map(Country)
hostile = st.builds(
    Destination,
    country=anywhere,
    postal_code=postal_codes | one_line,
    zone_name=st.sampled_from(("UTC", "Asia/Hong_Kong", "Pacific/Kiritimati", "America/Havana")),
)


def currencies_in(offer: Offer, carriage: Carriage) -> list[Currency]:
    """Give the currencies that somebody may have to exchange."""
    card = offer.rate_card
    charges = [it.charge for it in card.surcharges]
    amounts = [
        *(it for it in charges if isinstance(it, Money)),
        *(it.max_value for it in offer.limits),
        *(item.value for parcel in carriage.parcels for item in parcel.contents),
        *((card.insurance.least, card.insurance.most_insured) if card.insurance else ()),
        carriage.insured,
    ]
    return list(dict.fromkeys([card.currency, *(it.currency for it in amounts if it)]))


@st.composite
def almanacs(draw: DrawFn, offer: Offer, carriage: Carriage, at: Instant) -> Almanac:
    """Give what is known of the world: some rates, a calendar or none, a duty table or none."""
    codes = currencies_in(offer, carriage)
    pairs = [(base, quote) for base in codes for quote in codes if base != quote]
    known = draw(st.just(pairs) | st.lists(st.sampled_from(pairs), max_size=4)) if pairs else []
    return Almanac(
        calendars=draw(st.just({}) | st.just({offer.origin: EVERY_DAY})),
        rates=tuple(
            ExchangeRate(
                base=base, quote=quote, rate=draw(rates_of_exchange), at=at, source="an example"
            )
            for base, quote in known
        ),
        duties=draw(st.none() | duty_tables(carriage.destination.country, at)),
    )


EVERY_DAY: Final = ListedCalendar(name="every day", weekend=frozenset(), known_through=None)


def duty_tables(destination: Country, at: Instant) -> SearchStrategy[DutyTable]:
    """Give tables with one duty and one tax of a country."""
    duty = st.builds(
        DutyRule,
        name=st.just("duty"),
        destination=st.just(destination),
        rate=st.builds(AdValorem, percents, on_freight=st.booleans()),
        valid_from=st.just(at),
    )
    tax = st.builds(
        TaxRule,
        name=st.just("tax"),
        destination=st.just(destination),
        percent=percents,
        on_freight=st.booleans(),
        valid_from=st.just(at),
    )
    return st.builds(
        lambda rule, row: DutyTable(name="t", source="an example", rules=(rule,), taxes=(row,)),
        duty,
        tax,
    )


@st.composite
def reckless_offers(draw: DrawFn) -> Offer:
    """Give offers that may contradict themselves: nobody has checked these."""
    return attrs.evolve(
        draw(offers()),
        rate_card=draw(rate_cards()),
        coverage=Coverage(
            zones=tuple(draw(st.lists(zones(), max_size=2))),
            excluded=tuple(draw(st.lists(zones(), max_size=2))),
        ),
        limits=tuple(draw(st.lists(limits(), max_size=2))),
        claim_policy=draw(st.none() | policies()),
    )


@st.composite
def hostile_carriages(draw: DrawFn) -> Carriage:
    """Give carriages to places that there may not be."""
    return attrs.evolve(draw(carriages()), destination=draw(hostile))


@st.composite
def willing(draw: DrawFn) -> tuple[Offer, Carriage, Almanac]:
    """Give an offer that takes a carriage, in dollars, with whatever is added to the price."""
    country = draw(countries())
    added = draw(st.lists(charges, max_size=3))
    card = attrs.evolve(
        rate_card(),
        rule=draw(rules),
        zones=(Zone("anywhere"),),
        bands=(Band("anywhere", 10**9, draw(somewhat)),),
        minimum=draw(st.none() | somewhat),
        # A surcharge of some places depends on the postal code, and none is given.
        surcharges=tuple(attrs.evolve(it, zones=()) for it in added),
        insurance=draw(insurances),
    )
    willing = attrs.evolve(
        offer(),
        rate_card=card,
        handling=draw(handling),
        transit=draw(transit),
        coverage=Coverage(),
        incoterm=draw(st.sampled_from(Incoterm)),
    )
    carriage = Carriage(
        destination=Destination(country=country, zone_name="UTC"),
        parcels=tuple(draw(_declared(number)) for number in range(draw(st.integers(1, 3)))),
        insured=draw(st.none() | much),
    )
    return willing, carriage, Almanac(duties=draw(duty_tables(country, NOW)))


@st.composite
def _declared(draw: DrawFn, number: int) -> Parcel:
    """Give parcels of which all is known."""
    item = CustomsItem(description="phone", quantity=draw(st.integers(1, 9)), value=draw(much))
    return Parcel(
        id=ParcelId(f"p-{number}"),
        weight=draw(grams),
        dimensions=draw(sides),
        contents=(item,),
    )


def ask(
    offer: Offer,
    carriage: Carriage,
    almanac: Almanac,
    *,
    at: Instant = NOW,
    valid_for: timedelta = timedelta(days=3),
    hindrances: Sequence[Reason] = (),
) -> Quote | QuoteRefused:
    """Ask an offer for a quote."""
    return quote(
        QuoteId("q-1"),
        offer,
        carriage,
        listing=LISTED,
        at=at,
        valid_for=valid_for,
        almanac=almanac,
        hindrances=hindrances,
    )


def at_price(amount: Money, arrives: Instant) -> Quote:
    """Give a quote for one parcel."""
    line = PriceLine("carriage", amount)
    price = Price(zone="US", chargeable=ChargeableWeight(1, 1, None, "actual 1 g"), lines=(line,))
    return Quote(
        id=QuoteId("q-1"),
        listing=LISTED,
        offer="Economy",
        carrier=CarrierCode("HKPOST"),
        service="any",
        mode=TransportMode.AIR,
        level=ServiceLevel.STANDARD,
        carriage=Carriage(destination=AMERICA, parcels=(parcel(),)),
        prices=(price,),
        promise=Promise(ship_by=NOW, window=Window(NOW, arrives)),
        at=NOW,
        expires_at=day(5),
    )


def total_minor(quote: Quote) -> int:
    """Add up every line of a quote by hand."""
    lines = [line.amount.minor for price in quote.prices for line in price.lines]
    duties = [line.amount.minor for line in quote.duties.lines] if quote.duties else []
    return sum(lines) + sum(duties)


@given(
    offer=offers() | reckless_offers(),
    carriage=carriages() | hostile_carriages(),
    at=beginnings(),
    valid_for=validities,
    hindrances=reasons,
    data=st.data(),
)
def test_there_is_a_quote_or_a_refusal_with_reasons_and_never_an_exception(
    offer: Offer,
    carriage: Carriage,
    at: Instant,
    valid_for: timedelta,
    hindrances: list[Reason],
    data: DataObject,
) -> None:
    """Whatever is asked of whatever offer."""
    almanac = data.draw(almanacs(offer, carriage, at), "almanac")

    answer = ask(offer, carriage, almanac, at=at, valid_for=valid_for, hindrances=hindrances)

    assert (answer.listing, answer.offer) == (LISTED, offer.name)
    if isinstance(answer, QuoteRefused):
        named = f"{offer.name} of l-1 v1: "
        assert answer.reasons
        assert all(it.code and it.text.startswith(named) for it in answer.reasons)
        assert len(set(answer.reasons)) == len(answer.reasons)
        assert {f"{named}{it.text}" for it in hindrances} <= {it.text for it in answer.reasons}
    else:
        assert not hindrances
        assert len(answer.prices) == len(carriage.parcels)
        assert total_minor(answer) == answer.total.minor >= 0


@given(case=willing())
def test_a_quote_costs_the_sum_of_its_lines(case: tuple[Offer, Carriage, Almanac]) -> None:
    """Prices of all parcels, and duties where the seller pays them."""
    offer, carriage, almanac = case

    answer = ask(offer, carriage, almanac)

    assert isinstance(answer, Quote)
    assert answer.total == Money(total_minor(answer), "USD")
    assert (answer.duties is not None) == (offer.incoterm is Incoterm.DDP)
    assert all(line.amount.minor >= 0 for price in answer.prices for line in price.lines)


@given(answer=quotes())
def test_any_quote_costs_the_sum_of_its_lines(answer: Quote) -> None:
    """However it was made."""
    assert answer.total.minor == answer.freight.minor == total_minor(answer)


@given(case=willing(), valid_for=validities)
def test_a_quote_is_for_its_own_carriage_and_good_until_it_expires(
    case: tuple[Offer, Carriage, Almanac], valid_for: timedelta
) -> None:
    """From the instant of the question on; the promise begins no earlier."""
    offer, carriage, almanac = case
    address = Address(country=carriage.destination.country)
    given_to = attrs.evolve(
        consignment(),
        parcels=carriage.parcels,
        incoterm=offer.incoterm,
        consignee=Party(name="Chan Tai Man", address=address),
    )

    answer = ask(offer, carriage, almanac, valid_for=valid_for)

    assert isinstance(answer, Quote)
    assert answer == ask(offer, carriage, almanac, valid_for=valid_for)
    assert answer.against(given_to) == ()
    assert answer.expires_at - answer.at == valid_for
    assert answer.hindrances(NOW) == answer.hindrances(answer.expires_at) == ()
    assert answer.hindrances(answer.expires_at + timedelta(microseconds=1))
    assert answer.promise.ship_by >= NOW.replace(microsecond=0)
    assert answer.promise.window.earliest <= answer.promise.window.latest


@given(carriage=carriages())
def test_the_shares_of_an_insured_value_add_up_to_it(carriage: Carriage) -> None:
    """Each is above zero or none at all, and there is one for each parcel."""
    shares = carriage.insured_of_each

    assert len(shares) == len(carriage.parcels)
    if carriage.insured is None:
        assert set(shares) == {None}
    else:
        parts = [share.minor for share in shares if share is not None]
        assert sum(parts) == carriage.insured.minor
        assert min(parts) > 0


@given(offer=offers() | reckless_offers(), carriage=hostile_carriages(), more=limits())
def test_one_more_limit_takes_no_reason_away(
    offer: Offer, carriage: Carriage, more: Limits
) -> None:
    """What an offer refused it refuses still."""
    stricter = attrs.evolve(offer, limits=(*offer.limits, more))

    before, after = (set(it.against(carriage, at=NOW)) for it in (offer, stricter))

    assert before <= after


@given(one=parcels(), other=parcels(), incoterm=st.sampled_from(Incoterm))
def test_another_parcel_is_never_taken_for_the_quoted_one(
    one: Parcel, other: Parcel, incoterm: Incoterm
) -> None:
    """Whatever differs, be it what is inside."""
    quoted = attrs.evolve(
        at_price(Money(100, "USD"), NOW),
        carriage=Carriage(destination=AMERICA, parcels=(one,)),
        incoterm=incoterm,
    )
    same_name = attrs.evolve(other, id=one.id)
    given_to = attrs.evolve(consignment(), parcels=(same_name,), incoterm=incoterm)

    assert bool(quoted.against(given_to)) == (one != same_name)


# A few prices, days and names, so that offers often tie in one of them or in all.
CURRENCY: Final = Currency("USD")
IN_DOLLARS: Final = {"USD": "1", "HKD": "0.128", "JPY": "0.0066"}
RATES: Final = tuple(
    ExchangeRate(base=code, quote=CURRENCY, rate=rate, at=NOW, source="an example")
    for code, rate in IN_DOLLARS.items()
    if code != "USD"
)
DECIMALS: Final = {"USD": 2, "HKD": 2, "JPY": 0}


@st.composite
def rivals(draw: DrawFn) -> list[Quote | QuoteRefused]:
    """Give answers of offers with different names, some of them refusals."""
    names = st.tuples(st.sampled_from("ABC"), st.integers(1, 11), st.sampled_from("XYZ"))
    return [
        _rival(draw, ListingVersion(ListingId(listing), version), name)
        for listing, version, name in draw(st.lists(names, max_size=8, unique=True))
    ]


def _rival(draw: DrawFn, listing: ListingVersion, name: str) -> Quote | QuoteRefused:
    if draw(st.integers(0, 7)) == 7:
        return QuoteRefused(listing=listing, offer=name, reasons=(Reason("any", "any"),))
    # One US dollar is about eight Hong Kong dollars, and about 150 yen.
    minor, code = draw(st.sampled_from(((100, "USD"), (781, "HKD"), (782, "HKD"), (152, "JPY"))))
    arrives = day(draw(st.integers(5, 9)))
    answer = at_price(Money(minor * draw(st.integers(1, 4)), code), arrives)
    return attrs.evolve(answer, listing=listing, offer=name)


def cents(quote: Quote) -> int:
    """Bring the total of a quote into US cents by hand, rounded half up."""
    code = quote.total.currency.code
    exact = Fraction(IN_DOLLARS[code]) * Fraction(quote.total.minor, 10 ** DECIMALS[code]) * 100
    return floor(exact + Fraction(1, 2))


def point(quote: Quote) -> tuple[int, Instant]:
    """Give what quotes are compared by."""
    return cents(quote), quote.promise.window.latest


def granted(answers: Sequence[Quote | QuoteRefused]) -> list[Quote]:
    """Leave out the refusals."""
    return [it for it in answers if isinstance(it, Quote)]


@given(answers=rivals())
def test_the_cheapest_is_never_undercut_nor_the_fastest_outrun(
    answers: list[Quote | QuoteRefused],
) -> None:
    """Nor is there one where all were refused."""
    found = compare(answers, currency=CURRENCY, at=NOW, rates=RATES)

    points = [point(it) for it in granted(answers)]
    assert (found.cheapest is None) == (found.fastest is None) == (not points)
    if found.cheapest and found.fastest:
        # Of those as cheap it is the fastest, and of those as fast the cheapest.
        assert point(found.cheapest) == min(points)
        assert point(found.fastest)[::-1] == min(it[::-1] for it in points)


@given(answers=rivals())
def test_the_frontier_is_the_pareto_set(answers: list[Quote | QuoteRefused]) -> None:
    """By brute force; from the cheapest to the fastest."""
    found = compare(answers, currency=CURRENCY, at=NOW, rates=RATES)

    points = {point(it) for it in granted(answers)}
    unbeaten = {
        it
        for it in points
        if not any(other != it and other[0] <= it[0] and other[1] <= it[1] for other in points)
    }
    frontier = [point(it) for it in found.frontier]
    assert set(frontier) == unbeaten
    assert frontier == sorted(frontier)
    assert [it[1] for it in frontier] == sorted((it[1] for it in frontier), reverse=True)
    if found.cheapest and found.fastest:
        assert frontier[0] == point(found.cheapest)
        assert frontier[-1] == point(found.fastest)


@given(answers=rivals(), data=st.data())
def test_the_order_of_answers_and_rates_is_irrelevant(
    answers: list[Quote | QuoteRefused], data: DataObject
) -> None:
    """A comparison is a set of answers, put into its own order."""
    shuffled = data.draw(st.permutations(answers))
    rates = data.draw(st.permutations(RATES))

    assert compare(shuffled, currency=CURRENCY, at=NOW, rates=rates) == compare(
        answers, currency=CURRENCY, at=NOW, rates=RATES
    )


@given(answers=rivals(), known=st.lists(st.sampled_from(RATES), unique=True))
def test_every_answer_is_ranked_or_refused_and_none_is_made_up(
    answers: list[Quote | QuoteRefused], known: list[ExchangeRate]
) -> None:
    """A price without a rate is refused with a reason; every other one stands at its cost."""
    found = compare(answers, currency=CURRENCY, at=NOW, rates=known)

    reachable = {CURRENCY, *(rate.base for rate in known)}
    comparable = [it for it in granted(answers) if it.total.currency in reachable]
    ranked = [it.quote for it in found.ranked]
    assert sorted(map(repr, ranked)) == sorted(map(repr, comparable))
    assert [it.cost for it in found.ranked] == [Money(cents(it), "USD") for it in ranked]
    assert [point(it) for it in ranked] == sorted(map(point, ranked))
    names = {(it.listing, it.offer) for it in answers} - {(it.listing, it.offer) for it in ranked}
    assert {(it.listing, it.offer) for it in found.refused} == names
    assert len(found.refused) + len(ranked) == len(answers)
    assert all(it.reasons for it in found.refused)


@given(some=st.lists(offers() | reckless_offers(), max_size=2), at=beginnings())
def test_checking_never_fails_and_errors_stand_first(some: list[Offer], at: Instant) -> None:
    """Whatever an offer says; each finding names one of the offers and is a sentence."""
    found = check(some, at)

    assert {it.offer for it in found} <= {it.name for it in some}
    assert all(it.code and it.text for it in found)
    severities = [it.severity for it in found]
    errors = severities.count(Severity.ERROR)
    assert severities[:errors] == [Severity.ERROR] * errors


@given(offer=offers(), at=beginnings())
def test_what_the_strategies_publish_has_no_errors(offer: Offer, at: Instant) -> None:
    """So that listings made of it can be published at any instant."""
    assert [it for it in check([offer], at) if it.severity is Severity.ERROR] == []
