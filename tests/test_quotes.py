"""Quotes: price, promise and validity of some carriage, or every reason why there is none.

It is Monday 2 March 2026, 17:00 in Hong Kong, which is past the cut-off.  Figures are examples and
written out.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import permutations
from typing import Final

import attrs
import pytest

from apaclogistics.consignments import Parcel
from apaclogistics.duty_tables import (
    AdValorem,
    DutyRule,
    DutyTable,
    Levy,
    Per,
    Specific,
    TaxRule,
    Threshold,
)
from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.offers import Carriage, Coverage, Offer
from apaclogistics.promises import DayUnit, Promise, Transit
from apaclogistics.quotes import Almanac, Comparison, Quote, QuoteRefused, compare, quote
from apaclogistics.rate_cards import Band, Insurance, Percent, PercentOf, Surcharge
from apaclogistics.restrictions import BatteryLane, GoodsRule, Limits, Restrictions
from apaclogistics.sellers import Activity, Seller
from apaclogistics.values.calendars import ListedCalendar
from apaclogistics.values.goods import CustomsItem, Incoterm, LithiumBattery
from apaclogistics.values.identifiers import ListingId, ListingVersion, ParcelId, QuoteId
from apaclogistics.values.instants import Instant, Window, instant, to_text
from apaclogistics.values.money import Currency, ExchangeRate, Money
from apaclogistics.values.places import Country, Destination
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone
from tests.samples import (
    consignment,
    day,
    offer,
    parcel,
    party,
    rate_card,
    registered,
    usd,
    verified,
)

US, DE, RU, HK, GB = (Country(code) for code in ("US", "DE", "RU", "HK", "GB"))
USD, POUND = Currency("USD"), Currency("GBP")
NEW_YORK = Destination(country="US", postal_code="10001", zone_name="America/New_York")
BROOKLYN = Destination(country="US", postal_code="11201", zone_name="America/New_York")
SOMEWHERE = Destination(country="US", zone_name="America/New_York")
MOSCOW = Destination(country="RU", postal_code="101000", zone_name="Europe/Moscow")
BERLIN = Destination(country="DE", postal_code="10115", zone_name="Europe/Berlin")
HAWAII = Zone("Hawaii", frozenset({US}), ("967", "968"))
LISTED: Final = ListingVersion(ListingId("l-1"), 3)
ION, METAL = LithiumBattery.ION_IN_EQUIPMENT, LithiumBattery.METAL_IN_EQUIPMENT
NOTHING: Final = Almanac()

POUNDS = ExchangeRate(base="USD", quote="GBP", rate="0.75", at=day(1), source="an example")
EUROS = ExchangeRate(base="USD", quote="EUR", rate="0.90", at=day(1), source="an example")
OF_HONG_KONG = ExchangeRate(base="HKD", quote="USD", rate="0.128", at=day(1), source="an example")


def answer(
    offer: Offer,
    *parcels: Parcel,
    destination: Destination = NEW_YORK,
    insured: Money | None = None,
    at: Instant | None = None,
    valid_for: timedelta = timedelta(days=3),
    almanac: Almanac = NOTHING,
    hindrances: Iterable[Reason] = (),
    agreements: tuple[str, ...] = (),
    id: str = "q-1",
    listing: ListingVersion = LISTED,
) -> Quote | QuoteRefused:
    """Ask an offer for 800 g to New York, unless something else is said."""
    return quote(
        QuoteId(id),
        offer,
        Carriage(destination=destination, parcels=parcels or (parcel(),), insured=insured),
        listing=listing,
        at=at or day(2),
        valid_for=valid_for,
        almanac=almanac,
        hindrances=hindrances,
        agreements=agreements,
    )


def granted(answer: Quote | QuoteRefused) -> Quote:
    """Insist on a quote."""
    assert isinstance(answer, Quote), answer
    return answer


def refused(answer: Quote | QuoteRefused) -> list[tuple[str, str]]:
    """Insist on a refusal and give codes and sentences."""
    assert isinstance(answer, QuoteRefused)
    return [(reason.code, reason.text) for reason in answer.reasons]


def box(
    grams: int = 800,
    *sides: int,
    worth: str = "20.00",
    hs_code: str = "",
    battery: LithiumBattery = LithiumBattery.NONE,
    name: str = "p-1",
) -> Parcel:
    """Give a parcel with one phone in it."""
    item = CustomsItem(
        description="phone", quantity=1, value=usd(worth), hs_code=hs_code, battery=battery
    )
    dimensions = Dimensions(*sides) if sides else None
    weight = Weight(grams)
    return Parcel(id=ParcelId(name), weight=weight, dimensions=dimensions, contents=(item,))


def empty(name: str = "p-1") -> Parcel:
    """Give a parcel of which nothing is declared."""
    return Parcel(id=ParcelId(name), weight=Weight(800))


def limited(limits: Limits) -> Offer:
    """Give the usual offer with limits."""
    return attrs.evolve(offer(), limits=(limits,))


def sized(size: SizeLimits) -> Offer:
    """Give the usual offer with limits of size."""
    return limited(Limits(size=size))


def voluminous() -> Offer:
    """Give an offer that charges by volume, 6000 cm3 a kilogram."""
    card = attrs.evolve(rate_card(), rule=WeightRule(divisor=6000))
    return attrs.evolve(offer(), rate_card=card)


def charging(*surcharges: Surcharge) -> Offer:
    """Give an offer with surcharges."""
    return attrs.evolve(offer(), rate_card=attrs.evolve(rate_card(), surcharges=surcharges))


def insuring() -> Offer:
    """Give an offer that insures at 1 %, for 2.00 USD at least, up to 500.00 USD."""
    terms = Insurance(percent="1", least=usd("2.00"), most_insured=usd("500.00"))
    return attrs.evolve(offer(), rate_card=attrs.evolve(rate_card(), insurance=terms))


def paid_duties() -> Offer:
    """Give an offer of which the seller pays duties."""
    return attrs.evolve(offer(), incoterm=Incoterm.DDP)


def carrying(*batteries: LithiumBattery) -> Offer:
    """Give an offer that takes some batteries from Hong Kong to anywhere."""
    lane = BatteryLane(origin=HK, batteries=frozenset(batteries))
    return attrs.evolve(offer(), restrictions=Restrictions(batteries=(lane,)))


def barring(rule: GoodsRule) -> Offer:
    """Give an offer with a rule about goods."""
    return attrs.evolve(offer(), restrictions=Restrictions(goods=(rule,)))


def table(
    *rules: DutyRule,
    tax: str = "0",
    thresholds: tuple[Threshold, ...] = (),
    on_freight: bool = False,
) -> Almanac:
    """Give an almanac with duties of the United States and one tax of theirs."""
    taxed = TaxRule(
        name="tax", destination=US, percent=tax, on_freight=on_freight, valid_from=day(1)
    )
    duties = DutyTable(
        name="example",
        source="an example",
        rules=rules,
        taxes=(taxed,),
        thresholds=thresholds,
    )
    return Almanac(duties=duties)


def duty(rate: AdValorem | Specific) -> DutyRule:
    """Give a duty of the United States on anything."""
    return DutyRule(name="duty", destination=US, rate=rate, valid_from=day(1))


def hindrances(seller: Seller, *parcels: Parcel) -> tuple[Reason, ...]:
    """Ask the seller as the use case does: to book, and to ship each type of battery."""
    batteries = {item.battery: None for parcel in parcels for item in parcel.contents}
    asked: tuple[Activity | LithiumBattery, ...] = (Activity.BOOK, *batteries)
    return tuple(
        dict.fromkeys(reason for what in asked for reason in seller.may(what, day(2)).reasons)
    )


class TestPrice:
    """What it costs, line by line."""

    def test_a_quote_states_price_weight_and_what_it_is_for(self) -> None:
        """The card's one band holds 800 g."""
        found = granted(answer(offer()))

        assert found.total == found.freight == usd("5.00")
        assert [[(line.label, line.amount) for line in it.lines] for it in found.prices] == [
            [("e-Express 2026, zone US, 800 g", usd("5.00"))]
        ]
        assert str(found.prices[0].chargeable) == "800 g: actual 800 g"
        assert (found.id, found.listing, found.offer) == ("q-1", LISTED, "Economy")
        assert (found.carrier, found.service) == ("HKPOST", "e-Express")
        assert found.carriage == Carriage(destination=NEW_YORK, parcels=(parcel(),))
        assert found.duties is None
        assert found.incoterm is Incoterm.DAP

    def test_the_chargeable_weight_says_how_it_came_about(self) -> None:
        """24 x 20 x 15 cm are 7200 cm3, at 6000 of them a kilogram."""
        found = granted(answer(voluminous(), box(800, 240, 200, 150)))

        assert str(found.prices[0].chargeable) == "1200 g: volumetric 1200 g"

    def test_parcels_are_priced_one_by_one_in_their_order(self) -> None:
        """500 g cost 5.00 and 501 g cost 8.00 here."""
        card = attrs.evolve(
            rate_card(), bands=(Band("US", 2000, usd("8.00")), Band("US", 500, usd("5.00")))
        )
        stepped = attrs.evolve(offer(), rate_card=card)

        found = granted(answer(stepped, box(501, name="z"), box(500, name="a")))

        assert [price.total for price in found.prices] == [usd("8.00"), usd("5.00")]
        assert found.total == usd("13.00")

    def test_insurance_is_split_over_the_parcels_and_adds_up(self) -> None:
        """700.01 over 300 and 100: 525.0075 and 175.0025, and the cent goes to the larger rest."""
        above = answer(
            insuring(),
            box(worth="300.00", name="p-1"),
            box(worth="100.00", name="p-2"),
            insured=usd("700.01"),
        )
        below = answer(
            insuring(),
            box(worth="300.00", name="p-1"),
            box(worth="100.00", name="p-2"),
            insured=usd("600.01"),
        )

        # Each parcel is held to the cap by itself.
        assert refused(above) == [
            (
                "insurance_above_cap",
                (
                    "Economy of l-1 v3: parcel p-1: value of 525.01 USD is above the 500.00 USD"
                    " that e-Express 2026 insures"
                ),
            )
        ]
        # 450.0075 and 150.0025: 1 % of the first, and the least premium.
        assert [[line.label for line in price.lines] for price in granted(below).prices] == [
            ["e-Express 2026, zone US, 800 g", "insurance of 450.01 USD"],
            ["e-Express 2026, zone US, 800 g", "insurance of 150.00 USD"],
        ]
        assert granted(below).total == usd("16.50")

    def test_a_parcel_that_bears_none_of_the_insured_value_pays_no_premium(self) -> None:
        """No insurance is no line; it is never one of 0.00 USD, at the least premium."""
        leaflet = box(worth="0.00", name="p-2")

        found = granted(answer(insuring(), parcel(), leaflet, insured=usd("20.00")))

        assert [len(price.lines) for price in found.prices] == [2, 1]
        assert found.total == usd("12.00")

    def test_surcharges_are_lines_of_their_own(self) -> None:
        """In another currency at the latest rate as of the quote: 10.00 HKD are 1.28 USD."""
        extra = Surcharge(name="peak season", charge=Money.of("10.00", "HKD"))
        tomorrow = attrs.evolve(OF_HONG_KONG, rate="0.5", at=day(3))

        found = granted(answer(charging(extra), almanac=Almanac(rates=(tomorrow, OF_HONG_KONG))))

        assert [(line.label, str(line.amount)) for line in found.prices[0].lines] == [
            ("e-Express 2026, zone US, 800 g", "5.00 USD"),
            ("peak season", "1.28 USD"),
        ]

    def test_a_surcharge_of_a_part_of_a_country_asks_for_the_postal_code(self) -> None:
        """Without one nobody knows if it is due, and what is not known is never zero."""
        remote = charging(Surcharge(name="remote", charge=usd("30.00"), zones=(HAWAII,)))
        honolulu = attrs.evolve(NEW_YORK, postal_code="96815")

        assert granted(answer(remote)).total == usd("5.00")
        assert granted(answer(remote, destination=honolulu)).total == usd("35.00")
        assert isinstance(answer(remote, destination=SOMEWHERE), QuoteRefused)


class TestDuties:
    """What a seller who delivers duty paid adds to the price."""

    def test_duties_are_part_of_the_total(self) -> None:
        """10.1 % of 20.00, and 10 % tax on goods, duty and freight: 27.02."""
        almanac = table(duty(AdValorem("10.1")), tax="10", on_freight=True)

        found = granted(answer(paid_duties(), almanac=almanac))

        assert found.duties is not None
        assert [(line.label, str(line.amount)) for line in found.duties.lines] == [
            ("duty: 10.1 % of 20.00 USD", "2.02 USD"),
            ("tax: 10 % of 27.02 USD", "2.70 USD"),
        ]
        assert found.freight == usd("5.00")
        assert found.total == usd("9.72")
        assert found.incoterm is Incoterm.DDP

    def test_insurance_and_surcharges_are_part_of_the_freight_that_is_taxed(self) -> None:
        """5.00, 1.00 and 2.00 beside goods of 20.00: 10 % of 28.00."""
        extra = Surcharge(name="fuel", charge=usd("1.00"))
        card = attrs.evolve(insuring().rate_card, surcharges=(extra,))
        dear = attrs.evolve(paid_duties(), rate_card=card)
        almanac = table(duty(AdValorem("0")), tax="10", on_freight=True)

        found = granted(answer(dear, insured=usd("20.00"), almanac=almanac))

        assert found.freight == usd("8.00")
        assert found.duties is not None
        assert found.duties.total == usd("2.80")
        assert found.total == usd("10.80")

    @pytest.mark.parametrize("incoterm", [Incoterm.DAP, Incoterm.DDU])
    def test_where_the_buyer_pays_duties_they_are_none_of_the_price(
        self, incoterm: Incoterm
    ) -> None:
        """With or without a table."""
        buyer_pays = attrs.evolve(offer(), incoterm=incoterm)

        with_table = granted(answer(buyer_pays, almanac=table(duty(AdValorem("50")))))

        assert with_table.duties is None
        assert with_table.total == usd("5.00")
        assert with_table == granted(answer(buyer_pays))

    def test_a_duty_on_each_parcel_is_due_on_each_of_several(self) -> None:
        """80.00 a parcel, as the United States levied on postal parcels: 160.00 on two."""
        almanac = table(duty(Specific(usd("80.00"), Per.PARCEL)))

        found = granted(answer(paid_duties(), parcel(1), parcel(2), almanac=almanac))

        assert found.duties is not None
        assert found.duties.total == usd("160.00")

    @pytest.mark.parametrize(("threshold", "total"), [("39.99", "4.00"), ("40.00", "0.00")])
    def test_the_value_up_to_which_nothing_is_due_is_that_of_all_parcels(
        self, threshold: str, total: str
    ) -> None:
        """They are one entry at the border: two of 20.00 are worth 40.00, and 10 % are due."""
        free = Threshold(
            name="low value",
            kind=Levy.DUTY,
            destination=US,
            amount=usd(threshold),
            valid_from=day(1),
        )
        almanac = table(duty(AdValorem("10")), thresholds=(free,))

        found = granted(answer(paid_duties(), parcel(1), parcel(2), almanac=almanac))

        assert found.duties is not None
        assert found.duties.total == usd(total)

    def test_a_table_is_read_as_of_the_instant_of_the_quote(self) -> None:
        """A duty that begins later is no rate yet."""
        later = attrs.evolve(duty(AdValorem("10")), valid_from=day(9))

        assert [code for code, _ in refused(answer(paid_duties(), almanac=table(later)))] == [
            "no_duty_rate"
        ]


class TestPromise:
    """When it arrives, and what that rests on."""

    def test_a_promise_counts_handling_here_and_transit_there(self) -> None:
        """From Tuesday on: handover on Wednesday 4, five to nine business days until 11 to 17."""
        promise = granted(answer(offer())).promise

        assert to_text(promise.ship_by) == "2026-03-04T15:59:59Z"
        assert str(promise.window) == "2026-03-11T04:00:00Z to 2026-03-18T03:59:59Z"
        assert [str(use) for use in promise.calendars] == [
            "weekends only, handling at the origin through 2026-03-04",
            "weekends only, transit at the destination through 2026-03-17",
        ]

    def test_the_almanac_has_the_calendars_of_both_ends(self) -> None:
        """A holiday on the 4th here, and one on the 12th there: a day later, then two."""
        here = ListedCalendar(
            name="Hong Kong", holidays={date(2026, 3, 4)}, known_through=date(2026, 12, 31)
        )
        there = ListedCalendar(
            name="United States", holidays={date(2026, 3, 12)}, known_through=date(2026, 3, 16)
        )
        almanac = Almanac(
            calendars={US: there, HK: here, GB: ListedCalendar(name="unasked", known_through=None)}
        )

        promise = granted(answer(offer(), almanac=almanac)).promise

        assert to_text(promise.ship_by) == "2026-03-05T15:59:59Z"
        assert str(promise.window) == "2026-03-13T04:00:00Z to 2026-03-20T03:59:59Z"
        assert [str(use) for use in promise.calendars] == [
            "Hong Kong, handling at the origin through 2026-03-05",
            (
                "United States, transit at the destination through 2026-03-19,"
                " known through 2026-03-16 only"
            ),
        ]
        assert not promise.is_within_calendars

    def test_calendar_days_of_transit_ask_nobody_at_the_destination(self) -> None:
        """Ten days after Wednesday 4, a Saturday, on the wall clock of New York."""
        ten_days = attrs.evolve(offer(), transit=Transit(least=10, most=10, unit=DayUnit.CALENDAR))

        promise = granted(answer(ten_days)).promise

        assert str(promise.window) == "2026-03-14T04:00:00Z to 2026-03-15T03:59:59Z"
        assert [use.name for use in promise.calendars] == ["weekends only"]

    def test_a_country_without_a_calendar_has_weekends(self) -> None:
        """And the promise says so."""
        mine = ListedCalendar(name="mine", known_through=None)

        assert Almanac(calendars={HK: mine}).calendar_of(HK) is mine
        assert Almanac(calendars={HK: mine}).calendar_of(US).name == "weekends only"

    def test_a_zone_that_nobody_knows_is_no_destination(self) -> None:
        """A promised local day needs one."""
        with pytest.raises(InvalidValueError, match="'Mars/Olympus' is unknown"):
            attrs.evolve(NEW_YORK, zone_name="Mars/Olympus")


class TestValidity:
    """How long a quote is good."""

    def test_a_quote_is_good_through_the_instant_at_which_it_expires(self) -> None:
        """A microsecond later it is not, and says when it expired."""
        found = granted(answer(offer(), valid_for=timedelta(days=3)))

        assert (found.at, found.expires_at) == (day(2), day(5))
        assert found.hindrances(day(2)) == ()
        assert found.hindrances(day(5)) == ()
        assert found.hindrances(day(5) + timedelta(microseconds=1)) == (
            Reason("quote_expired", "quote q-1 expired at 2026-03-05T09:00:00Z"),
        )

    @pytest.mark.parametrize(
        ("valid_for", "expires_at"),
        [
            (timedelta(microseconds=1), "2026-03-02T09:00:00.000001Z"),
            (timedelta(days=366), "2027-03-03T09:00:00Z"),
        ],
    )
    def test_it_is_good_for_some_time_up_to_a_year(
        self, valid_for: timedelta, expires_at: str
    ) -> None:
        """A leap year at most."""
        assert to_text(granted(answer(offer(), valid_for=valid_for)).expires_at) == expires_at

    @pytest.mark.parametrize(
        "valid_for",
        [
            timedelta(0),
            timedelta(microseconds=-1),
            timedelta(days=-3),
            timedelta(days=366, microseconds=1),
            timedelta(days=3660),
            timedelta.max,
            timedelta.min,
        ],
    )
    @pytest.mark.parametrize("destination", [NEW_YORK, MOSCOW])
    def test_no_other_validity_is_taken(
        self, valid_for: timedelta, destination: Destination
    ) -> None:
        """Whether or not the offer takes the parcel."""
        with pytest.raises(InvalidValueError, match=r"validity .* out of range; .* up to 366 days"):
            answer(offer(), destination=destination, valid_for=valid_for)

    def test_an_unfit_validity_is_shown(self) -> None:
        """With its sign, and to the microsecond; a number of days is none."""
        for span, shown in (
            (timedelta(days=366, microseconds=1), "366 days, 0:00:00.000001"),
            (timedelta(days=-3), "-3 days, 0:00:00"),
        ):
            with pytest.raises(InvalidValueError) as refusal:
                answer(offer(), valid_for=span)
            assert str(refusal.value) == (
                f"validity of a quote '{shown}' is out of range;"
                " allowed: above zero, up to 366 days"
            )
        with pytest.raises(InvalidTypeError, match="validity of a quote is given as int"):
            answer(offer(), valid_for=7)  # type: ignore[arg-type]  # wrong on purpose

    def test_a_quote_does_not_outlast_the_calendar(self) -> None:
        """With our own error."""
        with pytest.raises(InvalidValueError, match="out of range"):
            answer(offer(), at=instant("9998-12-31T00:00:00Z"), valid_for=timedelta(days=366))

    def test_a_calendar_that_does_not_know_the_days_is_a_reason(self) -> None:
        """Another offer may rest on one that does."""
        late = ListedCalendar(
            name="from June on", known_from=date(2026, 6, 1), known_through=date(2026, 12, 31)
        )

        found = answer(offer(), almanac=Almanac(calendars={Country("HK"): late}))

        assert isinstance(found, QuoteRefused)
        assert [reason.code for reason in found.reasons] == ["no_promise"]
        assert "from June on" in found.reasons[0].text

    def test_an_expired_quote_is_not_compared(self) -> None:
        """It was the cheapest, and nobody can book it."""
        quote = granted(answer(offer()))

        found = compare([quote], currency=USD, at=quote.expires_at + timedelta(microseconds=1))

        assert found.cheapest is None
        assert [it.code for it in found.refused[0].reasons] == ["quote_expired"]
        assert compare([quote], currency=USD, at=quote.expires_at).cheapest == quote

    def test_parcels_that_cost_too_much_together_are_refused(self) -> None:
        """Each has a price, and their sum is no amount of money."""
        double = Surcharge(name="double", charge=Percent("100", PercentOf.SUBTOTAL))
        dear = attrs.evolve(rate_card("9999999999.00"), surcharges=(double,) * 12)
        costly = attrs.evolve(offer(), rate_card=dear)

        found = answer(costly, *(parcel(number) for number in range(1, 5)))

        assert isinstance(found, QuoteRefused)
        assert [it.code for it in found.reasons] == ["amount_out_of_range"]


class TestValues:
    """What cannot be is not made, whoever makes it."""

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_a_quote_has_a_price_for_each_parcel(self, count: int) -> None:
        """Else it could not say what it costs."""
        two = granted(answer(offer(), parcel(1), parcel(2)))

        with pytest.raises(InvalidValueError, match=f"^prices of quote {count} .* allowed: 2$"):
            attrs.evolve(two, prices=two.prices[:1] * count)

    def test_a_quote_is_in_one_currency(self) -> None:
        """Its prices and its duties."""
        two = granted(answer(offer(), parcel(1), parcel(2)))
        pounds = offered("any", "5.00", 7, currency="GBP").prices
        paid = granted(answer(paid_duties(), almanac=table(duty(AdValorem("10")))))

        with pytest.raises(InvalidValueError, match="currency"):
            attrs.evolve(two, prices=(*two.prices[:1], *pounds))
        with pytest.raises(InvalidValueError, match="currency"):
            attrs.evolve(paid, prices=pounds)

    def test_a_refusal_has_a_reason(self) -> None:
        """One without would say that nothing speaks against it."""
        with pytest.raises(InvalidValueError, match=r"^refusal of offer 'Economy' has no reason"):
            QuoteRefused(listing=LISTED, offer="Economy", reasons=())


PERFUME = GoodsRule(kind="perfume", hs_prefixes=("3303",), destinations=frozenset({US}))
AGREED = attrs.evolve(PERFUME, agreement="perfume letter")
TWO_ZONES = attrs.evolve(rate_card(), zones=(Zone("US", frozenset({US})), HAWAII))
NO_DUTY = table(tax="5")

# Each reason alone: the offer, what is asked of it, the code, and the sentence after the offer.
ALONE: Final[dict[str, tuple[Callable[[], Quote | QuoteRefused], str, str]]] = {
    "destination excluded": (
        lambda: answer(
            attrs.evolve(
                offer(), coverage=Coverage(excluded=(Zone("New York", frozenset({US}), ("10",)),))
            )
        ),
        "excluded",
        "US 10001 is excluded, in 'New York'",
    ),
    "destination not covered": (
        lambda: answer(attrs.evolve(offer(), coverage=Coverage(zones=(HAWAII,)))),
        "not_covered",
        "US 10001 is in none of the zones Hawaii",
    ),
    "destination not on the card": (
        lambda: answer(offer(), destination=BERLIN),
        "not_covered",
        "e-Express 2026 does not reach DE 10115",
    ),
    "postal code in no shape": (
        lambda: answer(offer(), destination=attrs.evolve(NEW_YORK, postal_code="1000")),
        "postal_code_malformed",
        (
            "postal code '1000' has not the shape of US's;"
            " allowed: nnnnn[-nnnn] (n is a digit, [] may be left out)"
        ),
    ),
    "postal code decides the limits": (
        lambda: answer(limited(Limits(zone=HAWAII)), destination=SOMEWHERE),
        "postal_code_missing",
        "limits or coverage within US depend on the postal code",
    ),
    "postal code decides the zone of the card": (
        lambda: answer(attrs.evolve(offer(), rate_card=TWO_ZONES), destination=SOMEWHERE),
        "postal_code_missing",
        "the zone within US depends on the postal code, and there is none",
    ),
    "weight unknown": (
        lambda: answer(offer(), attrs.evolve(parcel(), weight=None)),
        "weight_missing",
        "the weight is not known",
    ),
    "under weight": (
        lambda: answer(sized(SizeLimits(min_grams=801))),
        "too_light",
        "weight of 800 g is below the least of 801 g",
    ),
    "over weight": (
        lambda: answer(sized(SizeLimits(max_grams=799))),
        "too_heavy",
        "weight of 800 g is above the limit of 799 g",
    ),
    "over chargeable weight": (
        lambda: answer(
            attrs.evolve(voluminous(), limits=(Limits(max_chargeable_grams=1199),)),
            box(800, 240, 200, 150),
        ),
        "chargeable_too_heavy",
        "chargeable weight of 1200 g is above the limit of 1199 g",
    ),
    "too long": (
        lambda: answer(sized(SizeLimits(max_length_mm=599)), box(800, 100, 600, 50)),
        "too_long",
        "longest side of 600 mm is above the limit of 599 mm",
    ),
    "over girth": (
        lambda: answer(sized(SizeLimits(max_girth_mm=299)), box(800, 100, 600, 50)),
        "girth_too_large",
        "girth of 300 mm is above the limit of 299 mm",
    ),
    "over length and girth": (
        lambda: answer(sized(SizeLimits(max_length_and_girth_mm=899)), box(800, 100, 600, 50)),
        "girth_too_large",
        "length and girth together of 900 mm is above the limit of 899 mm",
    ),
    "over all sides": (
        lambda: answer(sized(SizeLimits(max_total_mm=749)), box(800, 100, 600, 50)),
        "too_large",
        "sides together of 750 mm is above the limit of 749 mm",
    ),
    "over volume": (
        lambda: answer(sized(SizeLimits(max_volume_mm3=2_999_999)), box(800, 100, 600, 50)),
        "too_large",
        "volume of 3000000 mm3 is above the limit of 2999999 mm3",
    ),
    "larger than the box": (
        lambda: answer(sized(SizeLimits(box=Dimensions(600, 99, 99))), box(800, 100, 600, 50)),
        "too_large",
        "600 x 100 x 50 mm does not fit into the limit of 600 x 99 x 99 mm",
    ),
    "size unknown to the limits": (
        lambda: answer(sized(SizeLimits(max_length_mm=600))),
        "dimensions_missing",
        "the sides are not known, and there are limits on them",
    ),
    "size unknown to the card": (
        lambda: answer(voluminous()),
        "dimensions_missing",
        "the price on e-Express 2026 depends on the size, and it is not known",
    ),
    "over value": (
        lambda: answer(limited(Limits(max_value=usd("19.99")))),
        "above_value_limit",
        "value of 20.00 USD is above the limit of 19.99 USD",
    ),
    "over value in another currency": (
        lambda: answer(
            limited(Limits(max_value=Money.of("14.99", "GBP"))), almanac=Almanac(rates=(POUNDS,))
        ),
        "above_value_limit",
        "value of 20.00 USD (15.00 GBP) is above the limit of 14.99 GBP",
    ),
    "value not declared": (
        lambda: answer(limited(Limits(max_value=usd("19.99"))), empty()),
        "value_missing",
        "the value is not declared, and the limit is 19.99 USD",
    ),
    "value without an exchange rate": (
        lambda: answer(limited(Limits(max_value=Money.of("1", "GBP")))),
        "no_exchange_rate",
        (
            "value of 20.00 USD against the limit of 1.00 GBP:"
            " there is no exchange rate from USD to GBP as of 2026-03-02T09:00:00Z"
        ),
    ),
    "battery not carried": (
        lambda: answer(carrying(METAL), box(battery=ION)),
        "battery_not_carried",
        "LITHIUM_ION_BATTERY_CONTAINED_IN_EQUIPMENT is not carried from HK to US",
    ),
    "battery not qualified": (
        lambda: answer(
            carrying(ION),
            box(battery=ION),
            hindrances=[
                it for it in hindrances(verified(), box(battery=ION)) if "battery" in it.code
            ],
        ),
        "battery_not_qualified",
        "seller s-1 is not qualified for LITHIUM_ION_BATTERY_CONTAINED_IN_EQUIPMENT",
    ),
    "goods prohibited": (
        lambda: answer(barring(PERFUME), box(hs_code="330300")),
        "goods_prohibited",
        "'phone' is perfume, which does not go to US",
    ),
    "agreement missing": (
        lambda: answer(barring(AGREED), box(hs_code="330300"), agreements=("another letter",)),
        "agreement_missing",
        "'phone' is perfume, which takes the agreement 'perfume letter'",
    ),
    "HS code missing": (
        lambda: answer(barring(PERFUME), box()),
        "hs_code_missing",
        "perfume cannot be told from 'phone' without an HS code",
    ),
    "card not yet in force": (
        lambda: answer(
            attrs.evolve(offer(), rate_card=attrs.evolve(rate_card(), valid_from=day(2, 10))),
        ),
        "not_in_force",
        (
            "e-Express 2026 is in force from 2026-03-02T10:00:00Z until 2027-01-01T00:00:00Z,"
            " not at 2026-03-02T09:00:00Z"
        ),
    ),
    "heavier than the rates": (
        lambda: answer(offer(), box(2001)),
        "no_rate",
        "2001 g are above the 2000 g of e-Express 2026, zone US (actual 2001 g)",
    ),
    "zone without a rate": (
        lambda: answer(
            attrs.evolve(offer(), rate_card=TWO_ZONES),
            destination=attrs.evolve(NEW_YORK, postal_code="96815"),
        ),
        "no_rate",
        "e-Express 2026 has no rate for zone Hawaii",
    ),
    "surcharge without an exchange rate": (
        lambda: answer(charging(Surcharge(name="fuel", charge=Money.of("1", "HKD")))),
        "no_exchange_rate",
        "there is no exchange rate from HKD to USD as of 2026-03-02T09:00:00Z",
    ),
    "no insurance": (
        lambda: answer(offer(), insured=usd("20.00")),
        "insurance_not_offered",
        "e-Express 2026 insures nothing, asked for 20.00 USD",
    ),
    "insurance above the cap": (
        lambda: answer(insuring(), insured=usd("500.01")),
        "insurance_above_cap",
        "value of 500.01 USD is above the 500.00 USD that e-Express 2026 insures",
    ),
    "no duty table": (
        lambda: answer(paid_duties()),
        "no_duty_table",
        "DDP needs a duty table, and there is none",
    ),
    "no duty rate": (
        lambda: answer(paid_duties(), almanac=NO_DUTY),
        "no_duty_rate",
        (
            "example has no duty rate for 'phone' (without HS code) from HK to US"
            " at 2026-03-02T09:00:00Z"
        ),
    ),
    "nothing declared to customs": (
        lambda: answer(paid_duties(), empty(), almanac=table(duty(AdValorem("1")))),
        "nothing_declared",
        "no goods are declared",
    ),
    "listing not published": (
        lambda: answer(offer(), hindrances=[Reason("not_published", "listing l-1 is PAUSED")]),
        "not_published",
        "listing l-1 is PAUSED",
    ),
}

# What is at its limit, and not above it.
WITHIN: Final[dict[str, Callable[[], Quote | QuoteRefused]]] = {
    "elsewhere excluded": lambda: answer(
        attrs.evolve(offer(), coverage=Coverage(excluded=(HAWAII,))),
    ),
    "covered": lambda: answer(
        attrs.evolve(offer(), coverage=Coverage(zones=(HAWAII,))),
        destination=attrs.evolve(NEW_YORK, postal_code="96815"),
    ),
    "postal code with ZIP+4": lambda: answer(
        attrs.evolve(offer(), rate_card=TWO_ZONES),
        destination=attrs.evolve(NEW_YORK, postal_code="10001-1234"),
    ),
    "no postal code where none decides": lambda: answer(offer(), destination=SOMEWHERE),
    "least weight": lambda: answer(sized(SizeLimits(min_grams=800))),
    "most weight": lambda: answer(sized(SizeLimits(max_grams=800))),
    "chargeable weight": lambda: answer(
        attrs.evolve(voluminous(), limits=(Limits(max_chargeable_grams=1200),)),
        box(800, 240, 200, 150),
    ),
    "length": lambda: answer(sized(SizeLimits(max_length_mm=600)), box(800, 100, 600, 50)),
    "girth": lambda: answer(sized(SizeLimits(max_girth_mm=300)), box(800, 100, 600, 50)),
    "length and girth": lambda: answer(
        sized(SizeLimits(max_length_and_girth_mm=900)), box(800, 100, 600, 50)
    ),
    "all sides": lambda: answer(sized(SizeLimits(max_total_mm=750)), box(800, 100, 600, 50)),
    "volume": lambda: answer(sized(SizeLimits(max_volume_mm3=3_000_000)), box(800, 100, 600, 50)),
    "the box": lambda: answer(
        sized(SizeLimits(box=Dimensions(50, 100, 600))), box(800, 100, 600, 50)
    ),
    "value": lambda: answer(limited(Limits(max_value=usd("20.00")))),
    "value in another currency": lambda: answer(
        limited(Limits(max_value=Money.of("15.00", "GBP"))), almanac=Almanac(rates=(POUNDS,))
    ),
    "battery carried": lambda: answer(carrying(ION), box(battery=ION)),
    "goods allowed elsewhere": lambda: answer(
        barring(attrs.evolve(PERFUME, destinations=frozenset({DE}))), box(hs_code="330300")
    ),
    "agreement accepted": lambda: answer(
        barring(AGREED), box(hs_code="330300"), agreements=("perfume letter",)
    ),
    "card begins now": lambda: answer(
        attrs.evolve(offer(), rate_card=attrs.evolve(rate_card(), valid_from=day(2)))
    ),
    "as heavy as the rates": lambda: answer(offer(), box(2000)),
    "insurance up to the cap": lambda: answer(insuring(), insured=usd("500.00")),
    "duty paid": lambda: answer(paid_duties(), almanac=table(duty(AdValorem("0")))),
}


class TestRefusal:
    """Why an offer does not take it: every reason at once, each with offer, value and limit."""

    @pytest.mark.parametrize("case", ALONE)
    def test_each_reason_names_the_offer_the_value_and_the_limit(self, case: str) -> None:
        """In one sentence, also where it is the only one."""
        ask, code, sentence = ALONE[case]

        assert refused(ask()) == [(code, f"Economy of l-1 v3: {sentence}")]

    @pytest.mark.parametrize("case", WITHIN)
    def test_what_is_at_a_limit_is_taken(self, case: str) -> None:
        """Each limit is included."""
        assert granted(WITHIN[case]()).offer == "Economy"

    def test_every_reason_comes_at_once(self) -> None:
        """None hides another, and none is told twice."""
        battery = box(2500, 700, 600, 500, worth="200.00", hs_code="330300", battery=ION)
        parcels = (battery, attrs.evolve(battery, id=ParcelId("p-2")))
        card = attrs.evolve(
            insuring().rate_card,
            zones=(Zone("US", frozenset({US})), Zone("Russia", frozenset({RU}))),
            bands=(Band("US", 2000, usd("5.00")), Band("Russia", 2000, usd("9.00"))),
            surcharges=(Surcharge(name="fuel", charge=Money.of("1.00", "HKD")),),
            valid_until=day(2),
        )
        strict = Limits(
            size=SizeLimits(max_grams=2000, max_length_and_girth_mm=2740),
            max_chargeable_grams=2400,
            max_value=Money.of("135.00", "GBP"),
        )
        hard = attrs.evolve(
            paid_duties(),
            rate_card=card,
            limits=(strict,),
            restrictions=Restrictions(goods=(attrs.evolve(PERFUME, destinations=frozenset()),)),
        )

        found = answer(
            hard,
            *parcels,
            destination=MOSCOW,
            insured=usd("1200.00"),
            almanac=Almanac(rates=(POUNDS,)),
            hindrances=hindrances(registered(), *parcels),
        )

        battery_of_the_goods = "LITHIUM_ION_BATTERY_CONTAINED_IN_EQUIPMENT"
        letter = "letter of commitment for lithium batteries, version 1"
        assert isinstance(found, QuoteRefused)
        assert (found.listing, found.offer) == (LISTED, "Economy")
        assert refused(found) == [
            (code, f"Economy of l-1 v3: {sentence}")
            for code, sentence in (
                ("seller_not_verified", "seller s-1 is SUBMITTED, not VERIFIED"),
                ("agreement_missing", f"seller s-1 has not accepted {letter}"),
                (
                    "battery_not_qualified",
                    f"seller s-1 is not qualified for {battery_of_the_goods}",
                ),
                ("excluded", "RU 101000 is excluded, in 'not served'"),
                ("too_heavy", "weight of 2500 g is above the limit of 2000 g"),
                (
                    "girth_too_large",
                    "length and girth together of 2900 mm is above the limit of 2740 mm",
                ),
                (
                    "chargeable_too_heavy",
                    "chargeable weight of 2500 g is above the limit of 2400 g",
                ),
                (
                    "above_value_limit",
                    "value of 200.00 USD (150.00 GBP) is above the limit of 135.00 GBP",
                ),
                ("battery_not_carried", f"{battery_of_the_goods} is not carried from HK to RU"),
                ("goods_prohibited", "'phone' is perfume, which does not go to RU"),
                (
                    "not_in_force",
                    (
                        "e-Express 2026 is in force from 2026-01-01T00:00:00Z"
                        " until 2026-03-02T09:00:00Z, not at 2026-03-02T09:00:00Z"
                    ),
                ),
                (
                    "no_rate",
                    "2500 g are above the 2000 g of e-Express 2026, zone Russia (actual 2500 g)",
                ),
                (
                    "no_exchange_rate",
                    "there is no exchange rate from HKD to USD as of 2026-03-02T09:00:00Z",
                ),
                (
                    "insurance_above_cap",
                    "value of 600.00 USD is above the 500.00 USD that e-Express 2026 insures",
                ),
                ("no_duty_table", "DDP needs a duty table, and there is none"),
            )
        ]

    def test_reasons_of_all_parcels_come_together(self) -> None:
        """Each with its own figures."""
        found = refused(answer(offer(), box(2001), box(800, name="p-2"), box(3000, name="p-3")))

        assert [code for code, _ in found] == ["no_rate", "no_rate"]
        assert "2001 g are above the 2000 g" in found[0][1]
        assert "3000 g are above the 2000 g" in found[1][1]

    def test_a_reason_names_the_version_of_the_listing(self) -> None:
        """The terms of another version may take it."""
        found = answer(offer(), box(2001), listing=ListingVersion(ListingId("l-9"), 2))

        assert isinstance(found, QuoteRefused)
        assert found.reasons[0].text.startswith("Economy of l-9 v2: 2001 g are above")

    def test_the_offer_is_refused_and_no_other(self) -> None:
        """The same parcel goes by another offer of the same listing."""
        express = attrs.evolve(offer("30.00"), name="Express", coverage=Coverage())
        light = attrs.evolve(limited(Limits(size=SizeLimits(max_grams=500))), name="Light")

        assert refused(answer(light)) == [
            ("too_heavy", "Light of l-1 v3: weight of 800 g is above the limit of 500 g")
        ]
        assert granted(answer(express)).offer == "Express"

    def test_what_is_worth_more_than_any_money_is_refused(self) -> None:
        """No refusal is an exception: ten times ten quadrillion cents are no amount of money."""
        most = CustomsItem(description="gold", quantity=1, value=Money(10**16, "USD"))
        chest = Parcel(id=ParcelId("p-1"), weight=Weight(800), contents=(most,))
        capped = attrs.evolve(paid_duties(), limits=(Limits(max_value=usd("100.00")),))
        almanac = table(duty(AdValorem("1000")))

        assert isinstance(answer(paid_duties(), chest, almanac=almanac), QuoteRefused)
        assert isinstance(answer(capped, chest, almanac=almanac), QuoteRefused)


PHONE = "1 x 'phone' for 20.00 USD, HS unknown, NO_BATTERY"


class TestAgainstConsignment:
    """A quote is for the carriage that it was asked for."""

    @pytest.fixture(name="quoted")
    def quoted_(self) -> Quote:
        """Quote two parcels of 800 g to Brooklyn."""
        return granted(answer(offer(), parcel(1), parcel(2), destination=BROOKLYN))

    def test_it_is_for_the_consignment_that_it_was_asked_for(self, quoted: Quote) -> None:
        """In whatever order the parcels stand there."""
        same = consignment(parcels=2)

        assert quoted.against(same) == ()
        assert quoted.against(attrs.evolve(same, parcels=same.parcels[::-1])) == ()

    @pytest.mark.parametrize("given", ["11201", "11201-4321", "112014321", "11 201"])
    @pytest.mark.parametrize("quoted_code", ["11201", "11201-9999"])
    def test_the_sides_of_a_street_are_one_destination(self, quoted_code: str, given: str) -> None:
        """ZIP+4 tells them apart, however it is written, and prices do not."""
        there = attrs.evolve(BROOKLYN, postal_code=quoted_code)
        quoted = granted(answer(offer(), destination=there))
        to = party("US")
        home = attrs.evolve(to, address=attrs.evolve(to.address, postal_code=given))

        assert quoted.against(attrs.evolve(consignment(), consignee=home)) == ()

    @pytest.mark.parametrize(
        ("country", "postal_code", "given"),
        [
            ("CA", "", "CA"),
            ("CA", "11201", "CA 11201"),
            ("US", "11202", "US 11202"),
            ("US", "1120", "US 1120"),
            ("US", "", "US"),
        ],
    )
    def test_another_destination_is_another_price(
        self, quoted: Quote, country: str, postal_code: str, given: str
    ) -> None:
        """The reason names both, the country and the postal code, and nothing personal."""
        to = party("US")
        address = attrs.evolve(to.address, country=country, postal_code=postal_code)
        elsewhere = attrs.evolve(
            consignment(parcels=2), consignee=attrs.evolve(to, address=address)
        )

        assert quoted.against(elsewhere) == (
            Reason(
                "quote_elsewhere",
                f"quote q-1 is for US 11201, and the consignment goes to {given}",
            ),
        )

    @pytest.mark.parametrize(
        ("country", "quoted_code", "other_code"),
        [
            # Districts of Lima, and offices of the British forces.
            ("PE", "LIMA 1", "LIMA 12"),
            ("GB", "BFPO 5", "BFPO 57"),
            # Five digits since 2015, and six before, which are of somewhere else.
            ("KR", "12345", "123-456"),
        ],
    )
    def test_a_longer_postal_code_of_another_place_is_another_destination(
        self, country: str, quoted_code: str, other_code: str
    ) -> None:
        """Not every code that begins alike is near."""
        there = Destination(country=country, postal_code=quoted_code, zone_name="UTC")
        card = attrs.evolve(rate_card(), zones=(Zone("US"),))
        worldwide = attrs.evolve(offer(), rate_card=card)
        quoted = granted(answer(worldwide, destination=there))
        to = party("US")
        address = attrs.evolve(to.address, country=country, postal_code=other_code)
        elsewhere = attrs.evolve(consignment(), consignee=attrs.evolve(to, address=address))

        assert [reason.code for reason in quoted.against(elsewhere)] == ["quote_elsewhere"]

    def test_a_quote_without_a_postal_code_is_for_the_whole_country(self) -> None:
        """It was only given since none decides."""
        quoted = granted(answer(offer(), destination=SOMEWHERE))
        abroad = attrs.evolve(consignment(), consignee=party("HK"))

        assert quoted.against(consignment()) == ()
        assert quoted.against(abroad) == (
            Reason("quote_elsewhere", "quote q-1 is for US, and the consignment goes to HK"),
        )

    def test_another_weight_is_another_parcel(self, quoted: Quote) -> None:
        """Both are shown."""
        heavier = attrs.evolve(parcel(2), weight=Weight(801), dimensions=Dimensions(30, 10, 20))
        given = attrs.evolve(consignment(), parcels=(parcel(1), heavier))

        assert quoted.against(given) == (
            Reason(
                "quote_for_other_parcels",
                f"quote q-1 is for parcel p-2: 800 g, {PHONE}, and the consignment has"
                f" 801 g, 30 x 20 x 10 mm, {PHONE}",
            ),
        )

    def test_a_parcel_more_or_less_is_another_carriage(self, quoted: Quote) -> None:
        """One reason for each, by name."""
        nameless = Parcel(id=ParcelId("p-0"))
        given = attrs.evolve(consignment(), parcels=(parcel(2), nameless))

        assert quoted.against(given) == (
            Reason(
                "quote_for_other_parcels",
                "quote q-1 is for parcel p-0: no such parcel, and the consignment has"
                " nothing said of it",
            ),
            Reason(
                "quote_for_other_parcels",
                f"quote q-1 is for parcel p-1: 800 g, {PHONE}, and the consignment has"
                " no such parcel",
            ),
        )

    def test_other_goods_are_another_parcel(self, quoted: Quote) -> None:
        """Even at the same weight and worth: what is inside decides what is taken."""
        given = attrs.evolve(consignment(), parcels=(parcel(1), box(800, name="p-2", battery=ION)))

        assert [reason.code for reason in quoted.against(given)] == ["quote_for_other_parcels"]

    @pytest.mark.parametrize(
        ("mine", "theirs", "is_same"),
        [
            (Incoterm.DAP, Incoterm.DAP, True),
            (Incoterm.DAP, Incoterm.DDU, True),
            (Incoterm.DDU, Incoterm.DAP, True),
            (Incoterm.DDP, Incoterm.DDP, True),
            (Incoterm.DAP, Incoterm.DDP, False),
            (Incoterm.DDP, Incoterm.DDU, False),
        ],
    )
    def test_who_pays_duties_is_part_of_the_price(
        self, quoted: Quote, mine: Incoterm, theirs: Incoterm, *, is_same: bool
    ) -> None:
        """DDU is the old name of DAP."""
        offered = attrs.evolve(quoted, incoterm=mine)
        given = attrs.evolve(consignment(parcels=2), incoterm=theirs)

        text = f"quote q-1 is for {mine.value}, and the consignment is {theirs.value}"
        other = (Reason("quote_other_incoterm", text),)
        assert offered.against(given) == (() if is_same else other)

    def test_all_that_differs_is_told_at_once(self, quoted: Quote) -> None:
        """Destination, terms, parcels."""
        given = attrs.evolve(consignment(), consignee=party("HK"), incoterm=Incoterm.DDP)

        assert [reason.code for reason in quoted.against(given)] == [
            "quote_elsewhere",
            "quote_other_incoterm",
            "quote_for_other_parcels",
        ]


def offered(
    name: str,
    price: str,
    arrives: int,
    *,
    currency: str = "USD",
    listing: str = "l-1",
    version: int = 1,
    id: str = "q-1",
) -> Quote:
    """Give a quote at a price that arrives on a day of March."""
    base = granted(answer(offer()))
    line = attrs.evolve(base.prices[0].lines[0], amount=Money.of(price, currency))
    window = Window(day(arrives - 2), day(arrives))
    return attrs.evolve(
        base,
        id=QuoteId(id),
        listing=ListingVersion(ListingId(listing), version),
        offer=name,
        prices=(attrs.evolve(base.prices[0], lines=(line,)),),
        promise=Promise(ship_by=day(3), window=window),
    )


def names(quotes: Iterable[Quote | QuoteRefused]) -> list[str]:
    """Give quotes by the names of their offers."""
    return [it.offer for it in quotes]


def ranked(comparison: Comparison) -> list[str]:
    """Give the quotes of a comparison by name and cost."""
    return [f"{it.quote.offer} {it.cost}" for it in comparison.ranked]


# Five offers on the plane of price and day.  Sea and Express are the ends; Air lies between; Post
# is as dear as Air and slower, Rail dearer and slower.
SEA, RAIL, AIR, POST, EXPRESS = FIVE = (
    offered("Sea", "4.00", 30),
    offered("Rail", "9.00", 20),
    offered("Air", "8.00", 12),
    offered("Post", "8.00", 15),
    offered("Express", "25.00", 5),
)


class TestComparison:
    """Quotes beside each other: the cheapest, the fastest, and the frontier between."""

    def test_the_frontier_leaves_out_what_another_beats(self) -> None:
        """Five offers by hand, in every order that they may come in."""
        for order in permutations(FIVE):
            found = compare(order, currency=USD, at=day(2))

            assert ranked(found) == [
                "Sea 4.00 USD",
                "Air 8.00 USD",
                "Post 8.00 USD",
                "Rail 9.00 USD",
                "Express 25.00 USD",
            ]
            assert found.cheapest == SEA
            assert found.fastest == EXPRESS
            assert names(found.frontier) == ["Sea", "Air", "Express"]
            assert (found.currency, found.refused) == (USD, ())

    def test_of_offers_that_arrive_together_the_cheaper_one_counts(self) -> None:
        """As the fastest, and on the frontier."""
        dear, cheap = offered("Dear", "9.00", 7), offered("Cheap", "8.00", 7)

        found = compare([dear, cheap], currency=USD, at=day(2))

        assert found.fastest == cheap
        assert found.cheapest == cheap
        assert names(found.frontier) == ["Cheap"]

    def test_offers_are_compared_in_one_currency(self) -> None:
        """10.00 USD are 7.50 GBP and 9.00 EUR here; the price of the quote stays what it is."""
        euros = ExchangeRate(base="EUR", quote="GBP", rate="0.80", at=day(1), source="an example")
        local = offered("Local", "9.00", 8, currency="EUR")
        foreign = offered("Foreign", "10.00", 9)
        british = offered("British", "7.30", 10, currency="GBP")

        found = compare(
            [foreign, british, local],
            currency=POUND,
            at=day(2),
            rates=iter([euros, POUNDS]),
        )

        assert ranked(found) == ["Local 7.20 GBP", "British 7.30 GBP", "Foreign 7.50 GBP"]
        assert found.ranked[2].quote == foreign
        assert names(found.frontier) == ["Local"]

    def test_a_price_is_rounded_half_up_into_the_currency_of_comparison(self) -> None:
        """0.7575 and 0.7425 pounds."""
        above, below = offered("Above", "1.01", 8), offered("Below", "0.99", 9)

        found = compare([above, below], currency=POUND, at=day(2), rates=[POUNDS])

        assert ranked(found) == ["Below 0.74 GBP", "Above 0.76 GBP"]

    def test_a_price_without_an_exchange_rate_is_refused_and_never_guessed(self) -> None:
        """A rate of tomorrow is none today; the reason names the offer."""
        tomorrow = attrs.evolve(EUROS, at=day(3))

        found = compare([SEA], currency=Currency("EUR"), at=day(2), rates=[tomorrow])

        assert (found.ranked, found.frontier) == ((), ())
        assert (found.cheapest, found.fastest) == (None, None)
        assert [(it.listing, it.offer) for it in found.refused] == [(SEA.listing, "Sea")]
        reasons = found.refused[0].reasons
        assert [reason.code for reason in reasons] == ["no_exchange_rate"]
        said = "there is no exchange rate from USD to EUR as of 2026-03-02T09:00:00Z"
        assert said in reasons[0].text

    def test_a_price_that_cannot_be_compared_names_the_offer(self) -> None:
        """As every reason of a refused quote does."""
        found = compare([SEA], currency=Currency("EUR"), at=day(2))

        assert [str(it) for it in found.refused[0].reasons] == [
            "Sea of l-1 v1: there is no exchange rate from USD to EUR as of 2026-03-02T09:00:00Z"
        ]

    def test_a_price_that_is_too_much_in_the_currency_of_comparison_is_refused(self) -> None:
        """A million million pounds to the dollar leave no amount of money."""
        dear = attrs.evolve(POUNDS, rate="999999999999")

        found = compare([offered("Air", "500.00", 7)], currency=POUND, at=day(2), rates=[dear])

        assert [reason.code for reason in found.refused[0].reasons] == ["amount_out_of_range"]

    def test_refused_offers_stand_beside_with_their_reasons(self) -> None:
        """By listing, version and offer, in whatever order they came."""
        refusals: list[Quote | QuoteRefused] = [
            QuoteRefused(
                listing=ListingVersion(ListingId(listing), version),
                offer=name,
                reasons=(Reason("too_heavy", name),),
            )
            for listing, version, name in (
                ("l-1", 2, "B"),
                ("l-1", 10, "A"),
                ("l-2", 1, "A"),
                ("l-2", 1, "C"),
            )
        ]

        for order in permutations([*refusals, SEA]):
            found = compare(order, currency=USD, at=day(2))

            assert list(found.refused) == refusals
            assert ranked(found) == ["Sea 4.00 USD"]

    def test_of_nothing_there_is_neither_cheapest_nor_fastest(self) -> None:
        """Nor anything between."""
        found = compare([], currency=USD, at=day(2))

        assert found == Comparison(currency=USD)
        assert (found.cheapest, found.fastest, found.frontier) == (None, None, ())

    def test_ties_go_by_arrival_then_by_listing_and_offer(self) -> None:
        """Versions are numbers: 10 is after 9."""
        tied = [
            offered("B", "8.00", 7, listing="l-1", version=9),
            offered("A", "8.00", 7, listing="l-1", version=10),
            offered("B", "8.00", 7, listing="l-1", version=10),
            offered("A", "8.00", 7, listing="l-2", version=1),
        ]
        slower = offered("A", "8.00", 8, listing="l-0", version=1)

        for order in permutations([slower, *tied]):
            found = compare(order, currency=USD, at=day(2))

            assert [it.quote for it in found.ranked] == [*tied, slower]
            assert found.cheapest == found.fastest == tied[0]

    def test_quotes_of_one_offer_have_an_order_too(self) -> None:
        """Asked twice, the same offer is quoted twice; which came first does not matter."""
        first, second = offered("Air", "8.00", 7, id="q-1"), offered("Air", "8.00", 7, id="q-2")

        assert compare([second, first], currency=USD, at=day(2)) == compare(
            [first, second], currency=USD, at=day(2)
        )

    def test_two_offers_that_cost_and_arrive_alike_both_stand_on_the_frontier(self) -> None:
        """Neither beats the other; the name of a listing is no reason to hide it."""
        one = offered("Air", "8.00", 7, listing="l-1")
        other = offered("Air", "8.00", 7, listing="l-2")

        found = compare([other, one], currency=USD, at=day(2))

        assert found.frontier == (one, other)
