"""What sellers may and what buyers see: the use cases of steps 1 and 2 over several sellers."""

from datetime import timedelta

import attrs
import pytest

from apaclogistics.adapters.memory import CountedIdentifiers, ManualClock, MemoryStorage
from apaclogistics.application import LogisticsPlatform
from apaclogistics.catalogue.edis import REQUIREMENTS
from apaclogistics.consignments import Parcel
from apaclogistics.errors import InvalidValueError, NotFoundError
from apaclogistics.lifecycle import Actor, RefusedError, Role
from apaclogistics.listings import Terms
from apaclogistics.offers import Carriage
from apaclogistics.profiles import LITHIUM_LETTER, Agreement, Logistics, Profile
from apaclogistics.quotes import Almanac, Comparison, Quote, QuoteRefused
from apaclogistics.restrictions import BatteryLane, GoodsRule, Restrictions
from apaclogistics.sales import Payment
from apaclogistics.sellers import Activity, SellerState
from apaclogistics.values.goods import BatteryQualification, LithiumBattery
from apaclogistics.values.identifiers import IdempotencyKey, ListingId, ListingVersion, SellerId
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency, ExchangeRate
from apaclogistics.values.places import Address, Country, Party
from apaclogistics.values.quantities import Weight
from apaclogistics.values.registers import RegisteredNumber, Verdict
from tests.samples import (
    BUYER,
    PHONE,
    PLATFORM,
    SELLER,
    day,
    identity,
    logistics,
    offer,
    parcel,
    profile,
    sale,
    terms,
    usd,
)
from tests.stages import BROOKLYN, LISTING, ORDER, Stage, sold

ID = SellerId(SELLER.id)
OTHER = Actor(Role.SELLER, "s-2")
USD = Currency("USD")
ION = LithiumBattery.ION_IN_EQUIPMENT


def published(stage: Stage, terms: Terms, *, by: Actor) -> ListingId:
    """Register and verify a seller, and publish a listing of theirs."""
    sellers, listings = stage.platform.sellers, stage.platform.listings
    sellers.register(SellerId(by.id), profile(by.id), by=by)
    sellers.verify(SellerId(by.id), by=PLATFORM)
    return listings.publish(listings.draft(terms, by=by).id, by=by).id


def to_brooklyn(*parcels: Parcel) -> Carriage:
    """Give parcels, one of 800 g if none are named, that go to Brooklyn."""
    return Carriage(destination=BROOKLYN, parcels=parcels or (parcel(),))


def seen(stage: Stage, carriage: Carriage | None = None) -> Comparison:
    """Give what a buyer sees."""
    return stage.platform.listings.offers_for(carriage or to_brooklyn(), currency=USD)


def quoted(answer: Quote | QuoteRefused) -> Quote:
    """Insist on a quote."""
    assert isinstance(answer, Quote)
    return answer


def phone_with_battery() -> Parcel:
    """Give a parcel with a lithium ion battery in the phone."""
    contents = tuple(attrs.evolve(item, battery=ION) for item in parcel().contents)
    return attrs.evolve(parcel(), contents=contents)


def qualification(until: Instant) -> BatteryQualification:
    """Qualify for ion batteries in equipment until an instant."""
    return BatteryQualification(id="q-1", name="UN38.3", battery=ION, valid_until=until)


def qualify(stage: Stage) -> None:
    """Let the seller accept the letter, and be qualified until the fifth day."""
    stage.platform.sellers.agree(ID, LITHIUM_LETTER, by=SELLER)
    stage.platform.sellers.qualify(ID, qualification(day(5)), by=PLATFORM)


# Step 1: sellers.


def test_a_seller_is_not_verified_on_a_number_that_is_none() -> None:
    """The refusal says who checked, and nothing is stored."""
    stage = Stage()
    wrong = attrs.evolve(
        identity(), numbers=(RegisteredNumber(identity().numbers[0].register, "1234"),)
    )
    stage.platform.sellers.register(ID, Profile(wrong, logistics()), by=SELLER)

    with pytest.raises(RefusedError, match="apaclogistics: structure only"):
        stage.platform.sellers.verify(ID, by=PLATFORM)

    assert stage.platform.sellers.get(ID).state is SellerState.SUBMITTED


@attrs.frozen
class Registrar:
    """A checker who says no to everybody."""

    def check(self, number: RegisteredNumber) -> Verdict:
        """Find the number unknown."""
        return Verdict(number=number, checked_by="the registrar", problem="is not registered")


def strict() -> LogisticsPlatform:
    """Give a platform with eDIS's requirements and a checker of its own."""
    return LogisticsPlatform(
        MemoryStorage(),
        (),
        ManualClock(day(1)),
        CountedIdentifiers(),
        checker=Registrar(),
        requirements=REQUIREMENTS,
    )


def test_checker_and_requirements_are_what_is_passed_in() -> None:
    """Every reason of both comes at once."""
    platform = strict()
    abroad = Party(address=Address(lines=("1-1 Chiyoda",), country="JP"))
    of = Logistics(ship_from=abroad, return_to=logistics().return_to)
    platform.sellers.register(ID, Profile(identity(), of), by=SELLER)

    with pytest.raises(RefusedError) as refusal:
        platform.sellers.verify(ID, by=PLATFORM)

    assert [reason.code for reason in refusal.value.reasons] == [
        "identifier_invalid",
        "address_country_refused",
    ]
    assert "the registrar" in str(refusal.value)


def test_a_seller_moves_house_without_being_verified_anew() -> None:
    """Within the platform's limits."""
    stage = Stage()
    stage.published()
    moved = stage.platform.sellers.amend_logistics(ID, logistics("2 Nathan Road"), by=SELLER)

    assert moved.state is SellerState.VERIFIED
    assert stage.platform.sellers.get(ID).profile.logistics == logistics("2 Nathan Road")

    platform = strict()
    platform.sellers.register(ID, profile(), by=SELLER)
    with pytest.raises(RefusedError, match="51"):
        platform.sellers.amend_logistics(ID, logistics("x" * 51), by=SELLER)


def test_a_seller_may_what_the_account_allows_now() -> None:
    """The clock decides whether a qualification still holds."""
    stage = Stage()
    stage.published()
    sellers = stage.platform.sellers

    before = sellers.may(ID, ION)
    sellers.agree(ID, LITHIUM_LETTER, by=SELLER)
    sellers.qualify(ID, qualification(day(10)), by=PLATFORM)
    meanwhile = sellers.may(ID, ION)
    stage.clock.move_to(day(10))

    assert sellers.may(ID, Activity.BOOK).is_granted
    assert [reason.code for reason in before.reasons] == [
        "agreement_missing",
        "battery_not_qualified",
    ]
    assert meanwhile.is_granted
    assert [it.code for it in sellers.may(ID, ION).reasons] == ["battery_qualification_expired"]


# Step 2: offers.


def test_a_buyer_sees_all_published_offers_compared() -> None:
    """Two sellers, three offers; the cheapest first."""
    stage = Stage()
    fast = attrs.evolve(
        offer("9.00"), name="Fast", transit=attrs.evolve(offer().transit, least=1, most=3)
    )
    published(stage, Terms((offer("5.00"), fast)), by=SELLER)
    published(stage, terms("6.00"), by=OTHER)

    comparison = seen(stage)

    assert [(str(it.quote.listing), it.quote.offer, it.cost) for it in comparison.ranked] == [
        ("listing-1 v1", "Economy", usd("5.00")),
        ("listing-2 v1", "Economy", usd("6.00")),
        ("listing-1 v1", "Fast", usd("9.00")),
    ]
    assert comparison.cheapest == comparison.ranked[0].quote
    assert comparison.fastest == comparison.ranked[2].quote
    assert comparison.refused == ()


def test_a_buyer_sees_nothing_of_sellers_who_may_not_sell() -> None:
    """Neither a draft, nor a paused listing, nor that of a suspended seller."""
    stage = Stage()
    first = published(stage, terms("5.00"), by=SELLER)
    second = published(stage, terms("6.00"), by=OTHER)
    stage.platform.listings.draft(terms("1.00"), by=SELLER)
    stage.platform.sellers.suspend(SellerId(OTHER.id), "complaints", by=PLATFORM)

    assert [it.quote.listing.listing for it in seen(stage).ranked] == [first]
    stage.platform.listings.pause(first, by=SELLER)
    assert seen(stage) == Comparison(currency=USD)
    stage.platform.sellers.reinstate(SellerId(OTHER.id), by=PLATFORM)
    assert [it.quote.listing.listing for it in seen(stage).ranked] == [second]


def test_an_offer_that_does_not_take_the_parcel_stands_beside_with_its_reasons() -> None:
    """It is not hidden, and nothing is made up for it."""
    stage = Stage()
    published(stage, terms(), by=SELLER)
    heavy = attrs.evolve(parcel(), weight=Weight(2001))

    comparison = seen(stage, to_brooklyn(heavy))

    assert comparison.ranked == ()
    assert [(str(it.listing), it.offer) for it in comparison.refused] == [
        ("listing-1 v1", "Economy")
    ]
    assert comparison.refused[0].reasons[0].text.startswith("Economy of listing-1 v1: 2001 g")


def test_offers_are_compared_in_the_currency_of_the_buyer() -> None:
    """At the rate that is passed in; without one there is no comparing."""
    stage = Stage()
    published(stage, terms(), by=SELLER)
    rate = ExchangeRate(base="USD", quote="HKD", rate="7.80", at=day(1), source="an example")
    hkd = Currency("HKD")
    listings = stage.platform.listings

    with_rate = listings.offers_for(to_brooklyn(), currency=hkd, almanac=Almanac(rates=(rate,)))
    without = listings.offers_for(to_brooklyn(), currency=hkd)

    assert [str(it.cost) for it in with_rate.ranked] == ["39.00 HKD"]
    assert [reason.code for reason in without.refused[0].reasons] == ["no_exchange_rate"]


def carrying_batteries() -> tuple[Stage, ListingId]:
    """Give a stage with an offer that carries ion batteries in equipment."""
    stage = Stage()
    lane = BatteryLane(origin=Country("HK"), batteries=frozenset({ION}))
    offered = attrs.evolve(offer(), restrictions=Restrictions(batteries=(lane,)))
    return stage, published(stage, Terms((offered,)), by=SELLER)


def test_a_battery_is_quoted_to_who_is_qualified() -> None:
    """The offer carries it, and the seller must be allowed to ship it."""
    stage, listing = carrying_batteries()
    goods, listings = to_brooklyn(phone_with_battery()), stage.platform.listings

    refused = listings.quote(listing, goods, offer="Economy")
    qualify(stage)

    assert isinstance(refused, QuoteRefused)
    assert [reason.code for reason in refused.reasons] == [
        "agreement_missing",
        "battery_not_qualified",
    ]
    assert quoted(listings.quote(listing, goods, offer="Economy")).total == usd("5.00")


def test_a_battery_is_booked_by_who_is_still_qualified() -> None:
    """The quote was given on the day before the qualification expired."""
    stage, listing = carrying_batteries()
    qualify(stage)
    goods, orders = to_brooklyn(phone_with_battery()), stage.platform.orders
    quote = quoted(stage.platform.listings.quote(listing, goods, offer="Economy"))
    orders.place(sale(), by=BUYER)
    orders.pay(ORDER, Payment(id="pay-1", gross=usd("30.00")), by=BUYER)
    id = stage.platform.shipments.draft(ORDER, {PHONE: 1}, goods.parcels, by=SELLER).id
    stage.clock.move_to(day(5))

    with pytest.raises(RefusedError) as refusal:
        stage.platform.shipments.book(id, quote, key=IdempotencyKey("k"), by=SELLER)

    assert [it.code for it in refusal.value.reasons] == ["battery_qualification_expired"]


def test_a_listing_is_checked_before_it_is_published() -> None:
    """What would stop it, and what is only told."""
    stage = Stage()
    stage.published()

    assert [finding.code for finding in stage.platform.listings.check(LISTING)] == [
        "no_claim_policy"
    ]


# Steps 3 and 4: what an offer means for an order and for a booking.


def test_an_order_names_an_offer_that_the_version_has() -> None:
    """One that it does not have was never seen by anybody."""
    stage = Stage()
    stage.published()
    version = stage.platform.listings.get(LISTING).version
    sold_on = attrs.evolve(sale(), listing=version, offer="Economy")

    with pytest.raises(NotFoundError, match="Express"):
        stage.platform.orders.place(attrs.evolve(sold_on, offer="Express"), by=BUYER)

    placed = stage.platform.orders.place(sold_on, by=BUYER)
    assert (placed.sale.listing, placed.sale.offer) == (version, "Economy")


def test_a_quote_books_nothing_else_than_what_it_is_for() -> None:
    """A quote for 800 g does not carry 900 g; the quote stays unused."""
    stage = sold()
    quote = stage.quote()
    heavier = attrs.evolve(parcel(), weight=Weight(900))
    id = stage.platform.shipments.draft(ORDER, {PHONE: 1}, [heavier], by=SELLER).id

    with pytest.raises(RefusedError, match="800 g") as refusal:
        stage.platform.shipments.book(id, quote, key=IdempotencyKey("k-1"), by=SELLER)

    assert [reason.code for reason in refusal.value.reasons] == ["quote_for_other_parcels"]
    fitting = stage.drafted()
    booked = stage.platform.shipments.book(fitting, quote, key=IdempotencyKey("k-2"), by=SELLER)
    assert booked.booking is not None


def test_a_quote_is_good_for_as_long_as_was_asked() -> None:
    """And the booking after it is refused."""
    stage = sold()
    carriage = to_brooklyn()
    listings, shipments = stage.platform.listings, stage.platform.shipments
    quote = quoted(listings.quote(LISTING, carriage, offer="Economy", valid_for=timedelta(hours=1)))
    id = stage.drafted()
    stage.clock.advance(timedelta(hours=1, seconds=1))

    with pytest.raises(RefusedError, match="expired"):
        shipments.book(id, quote, key=IdempotencyKey("k-1"), by=SELLER)


def test_an_order_is_on_the_version_that_buyers_see() -> None:
    """Neither on one that was superseded, nor on one that was never shown."""
    stage = Stage()
    stage.published()
    stage.platform.listings.revise(LISTING, terms("6.00"), by=SELLER)
    old = attrs.evolve(sale(), listing=ListingVersion(LISTING, 1), offer="Economy")

    with pytest.raises(RefusedError, match="listing-1 v1 is not shown to buyers, listing-1 v2 is"):
        stage.platform.orders.place(old, by=BUYER)

    new = attrs.evolve(old, listing=ListingVersion(LISTING, 2))
    assert stage.platform.orders.place(new, by=BUYER).sale.listing == new.listing


def test_an_order_names_its_offer_where_there_are_several() -> None:
    """With one, there is no other that could be meant."""
    stage = Stage()
    two = Terms((offer(), attrs.evolve(offer("9.00"), name="Fast")))
    listing = published(stage, two, by=SELLER)
    nameless = attrs.evolve(sale(), listing=ListingVersion(listing, 1))

    with pytest.raises(RefusedError, match="several offers, and none is named"):
        stage.platform.orders.place(nameless, by=BUYER)

    placed = stage.platform.orders.place(attrs.evolve(nameless, offer="Fast"), by=BUYER)
    assert placed.sale.offer == "Fast"


def test_restricted_goods_take_the_very_version_of_an_agreement() -> None:
    """An older text of the letter says something else."""
    stage = Stage()
    letter = Agreement("liquids", "2")
    rule = GoodsRule(kind="perfume", categories=frozenset({"1"}), agreement=str(letter))
    restricted = attrs.evolve(offer(), restrictions=Restrictions(goods=(rule,)))
    listing = published(stage, Terms((restricted,)), by=SELLER)
    contents = tuple(attrs.evolve(item, category="1") for item in parcel().contents)
    goods = to_brooklyn(attrs.evolve(parcel(), contents=contents))
    sellers, listings = stage.platform.sellers, stage.platform.listings

    sellers.agree(ID, Agreement("liquids", "1"), by=SELLER)
    refused = listings.quote(listing, goods, offer="Economy")
    sellers.agree(ID, letter, by=SELLER)

    assert isinstance(refused, QuoteRefused)
    assert [reason.code for reason in refused.reasons] == ["agreement_missing"]
    assert quoted(listings.quote(listing, goods, offer="Economy")).total == usd("5.00")


def test_only_a_seller_drafts_a_listing() -> None:
    """The platform has nothing to sell, nor has a buyer."""
    listings = Stage().platform.listings

    for somebody in (BUYER, PLATFORM):
        with pytest.raises(InvalidValueError, match="seller of a listing"):
            listings.draft(terms(), by=somebody)
