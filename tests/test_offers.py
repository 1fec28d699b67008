"""Offers: what somebody asks to have carried, and every reason why an offer does not take it."""

from datetime import time

import attrs
import pytest

from apaclogistics.consignments import Parcel
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.offers import Carriage, Coverage, Offer, ServiceLevel, TransportMode
from apaclogistics.promises import DayUnit, Handling, Transit
from apaclogistics.rate_cards import Insurance
from apaclogistics.restrictions import BatteryLane, GoodsRule, Limits, Restrictions
from apaclogistics.values.goods import CustomsItem, Incoterm, LithiumBattery
from apaclogistics.values.identifiers import CarrierCode, ParcelId
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country, Destination
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone
from tests.samples import day, offer, parcel, rate_card, usd

US, DE, RU, HK = (Country(code) for code in ("US", "DE", "RU", "HK"))
NEW_YORK = Destination(country="US", postal_code="10001", zone_name="America/New_York")
HONOLULU = Destination(country="US", postal_code="96815", zone_name="Pacific/Honolulu")
SOMEWHERE = Destination(country="US", zone_name="America/New_York")
HAWAII = Zone("Hawaii", frozenset({US}), ("967", "968"))
LETTER = "letter of commitment"


def goods(
    worth: Money | None,
    *,
    name: str = "p-1",
    hs_code: str = "",
    battery: LithiumBattery = LithiumBattery.NONE,
) -> Parcel:
    """Give 800 g that declare a worth, or nothing at all."""
    if worth is None:
        return Parcel(id=ParcelId(name), weight=Weight(800))
    item = CustomsItem(
        description="phone", quantity=1, value=worth, hs_code=hs_code, battery=battery
    )
    return Parcel(id=ParcelId(name), weight=Weight(800), contents=(item,))


def several(*worths: Money | None) -> tuple[Parcel, ...]:
    """Give one parcel for each worth."""
    return tuple(goods(worth, name=f"p-{count}") for count, worth in enumerate(worths, start=1))


def against(
    offer: Offer,
    *parcels: Parcel,
    destination: Destination = NEW_YORK,
    rates: tuple[ExchangeRate, ...] = (),
    agreements: tuple[str, ...] = (),
) -> list[tuple[str, str]]:
    """Ask an offer to take parcels to New York on 2 March; give codes and sentences."""
    carriage = Carriage(destination=destination, parcels=parcels or (parcel(),))
    found = offer.against(carriage, at=day(2), rates=rates, agreements=agreements)
    return [(reason.code, reason.text) for reason in found]


def limited(limits: Limits) -> Offer:
    """Give the usual offer with limits."""
    return attrs.evolve(offer(), limits=(limits,))


class TestCarriage:
    """What is asked for."""

    def test_it_is_of_one_parcel_at_least(self) -> None:
        """Nothing cannot be carried."""
        with pytest.raises(InvalidValueError) as refused:
            Carriage(destination=NEW_YORK, parcels=())

        assert str(refused.value) == "parcels () are none; allowed: one or more"

    def test_its_parcels_can_be_told_apart(self) -> None:
        """Each has a name of its own."""
        with pytest.raises(InvalidValueError, match=r"'p-1' come twice"):
            Carriage(destination=NEW_YORK, parcels=(parcel(), parcel(2), parcel()))

    @pytest.mark.parametrize("amount", ["0.00", "-0.01"])
    def test_it_is_insured_for_something_or_not_at_all(self, amount: str) -> None:
        """No insurance is None, never zero."""
        expected = f"^insured value '{amount} USD' is not above zero"
        with pytest.raises(InvalidValueError, match=expected):
            Carriage(destination=NEW_YORK, parcels=(parcel(),), insured=usd(amount))

    @pytest.mark.parametrize(
        ("insured", "worths", "shares"),
        [
            ("0.01", ["20.00"], ["0.01"]),
            ("60.00", ["20.00", "10.00"], ["40.00", "20.00"]),
            # 6.666... and 3.333...: the cent that is left goes to the larger remainder.
            ("10.00", ["20.00", "10.00"], ["6.67", "3.33"]),
            ("10.00", ["7.00", "7.00", "7.00"], ["3.34", "3.33", "3.33"]),
            # A parcel that is worth nothing bears nothing.
            ("10.00", ["7.00", "0.00"], ["10.00", None]),
            # Nothing is declared, or it is worth nothing.
            ("10.00", [None, None], ["5.00", "5.00"]),
            ("10.01", [None, None], ["5.01", "5.00"]),
            ("0.01", [None, None], ["0.01", None]),
            ("10.00", ["0.00", "0.00"], ["5.00", "5.00"]),
            # One is not declared, so there is no proportion.
            ("10.00", ["20.00", None], ["5.00", "5.00"]),
        ],
    )
    def test_parcels_share_the_insured_value_in_proportion_to_their_worth(
        self, insured: str, worths: list[str | None], shares: list[str | None]
    ) -> None:
        """Or alike, where there is no proportion; the shares add up."""
        parcels = several(*(None if worth is None else usd(worth) for worth in worths))

        carriage = Carriage(destination=NEW_YORK, parcels=parcels, insured=usd(insured))

        assert carriage.insured_of_each == tuple(usd(share) if share else None for share in shares)

    def test_worths_in_several_currencies_share_alike(self) -> None:
        """There is no proportion between dollars and yen without a rate."""
        parcels = several(usd("20.00"), Money.of("20", "JPY"))

        carriage = Carriage(destination=NEW_YORK, parcels=parcels, insured=Money.of("9", "EUR"))

        assert carriage.insured_of_each == (Money.of("4.50", "EUR"), Money.of("4.50", "EUR"))

    def test_without_insurance_no_parcel_is_insured(self) -> None:
        """One answer for each parcel all the same."""
        carriage = Carriage(destination=NEW_YORK, parcels=several(usd("20.00"), None))

        assert carriage.insured_of_each == (None, None)


class TestCoverage:
    """Where an offer goes."""

    EUROPE = Zone("Europe", frozenset({DE, RU}))
    BERLIN = Zone("Berlin", frozenset({DE}), ("10", "12", "13", "14"))

    @pytest.mark.parametrize(
        ("coverage", "country", "postal_code"),
        [
            (Coverage(), "US", ""),
            (Coverage(excluded=(EUROPE,)), "US", "10001"),
            (Coverage(zones=(EUROPE, HAWAII)), "US", "96815"),
            (Coverage(zones=(EUROPE,), excluded=(BERLIN,)), "DE", "80331"),
            # Spaces and hyphens do not matter.
            (Coverage(zones=(HAWAII,)), "US", "9-68 15"),
            # A zone without countries is everywhere.
            (Coverage(zones=(Zone("world"),)), "FJ", ""),
        ],
    )
    def test_it_goes_wherever_nothing_speaks_against_it(
        self, coverage: Coverage, country: str, postal_code: str
    ) -> None:
        """Without zones, wherever the rate card reaches."""
        there = Destination(country=country, postal_code=postal_code, zone_name="UTC")

        assert coverage.against(there) is None

    @pytest.mark.parametrize(
        ("coverage", "country", "postal_code", "code", "text"),
        [
            (Coverage(excluded=(EUROPE,)), "RU", "", "excluded", "RU is excluded, in 'Europe'"),
            (
                Coverage(zones=(EUROPE,), excluded=(EUROPE, BERLIN)),
                "DE",
                "10115",
                "excluded",
                # The zone that fits best is named.
                "DE 10115 is excluded, in 'Berlin'",
            ),
            (
                Coverage(zones=(EUROPE, HAWAII)),
                "US",
                "10001",
                "not_covered",
                "US 10001 is in none of the zones Europe, Hawaii",
            ),
            (
                Coverage(zones=(Zone("most", excluded=frozenset({RU})),)),
                "RU",
                "101000",
                "not_covered",
                "RU 101000 is in none of the zones most",
            ),
            (
                Coverage(excluded=(Zone("world"),)),
                "FJ",
                "",
                "excluded",
                "FJ is excluded, in 'world'",
            ),
        ],
    )
    def test_it_says_why_it_does_not_go_to_a_destination(
        self, coverage: Coverage, country: str, postal_code: str, code: str, text: str
    ) -> None:
        """What is excluded is excluded, also out of a zone."""
        there = Destination(country=country, postal_code=postal_code, zone_name="UTC")

        assert coverage.against(there) == Reason(code, text)

    def test_the_postal_code_decides_where_a_zone_has_prefixes(self) -> None:
        """Whether the zone is covered or excluded."""
        assert Coverage(zones=(HAWAII,)).needs_postal_code(US)
        assert Coverage(excluded=(HAWAII,)).needs_postal_code(US)
        assert not Coverage(zones=(HAWAII,)).needs_postal_code(DE)
        assert not Coverage(zones=(self.EUROPE,)).needs_postal_code(DE)
        assert not Coverage().needs_postal_code(US)


class TestOffer:
    """By whom, at what price, by when, and what not."""

    @pytest.mark.parametrize("name", ["", " Economy", "Eco\nnomy", "x" * 129])
    def test_it_has_a_name(self, name: str) -> None:
        """Buyers choose by it, and orders keep it."""
        with pytest.raises(InvalidValueError, match=r"^offer "):
            attrs.evolve(offer(), name=name)

    def test_what_is_not_said_is_the_usual(self) -> None:
        """Standard level, to wherever the card reaches, the buyer pays duties."""
        plain = Offer(
            name="Plain",
            carrier=CarrierCode("HKPOST"),
            service="e-Express",
            mode=TransportMode.POST,
            origin=HK,
            rate_card=rate_card(),
            handling=Handling(days=1, cut_off=time(15), zone_name="Asia/Hong_Kong"),
            transit=Transit(least=5, most=9, unit=DayUnit.BUSINESS),
        )

        assert plain.level is ServiceLevel.STANDARD
        assert plain.coverage == Coverage()
        assert plain.limits == ()
        assert plain.restrictions == Restrictions()
        assert plain.incoterm is Incoterm.DAP
        assert plain.claim_policy is None

    def test_levels_are_those_of_the_marketplace(self) -> None:
        """As eBay spells them."""
        assert [it.value for it in ServiceLevel] == [
            "Economy",
            "Standard",
            "Expedited",
            "One-Day",
            "Other",
        ]
        assert [it.value for it in TransportMode] == [
            "air",
            "sea",
            "rail",
            "road",
            "post",
            "express",
        ]

    def test_it_insures_up_to_what_its_card_says(self) -> None:
        """Without insurance on the card there is no cap to speak of."""
        insurance = Insurance(percent="1", least=usd("1.00"), most_insured=usd("500.00"))
        insuring = attrs.evolve(offer(), rate_card=attrs.evolve(rate_card(), insurance=insurance))

        assert insuring.insurance_cap == usd("500.00")
        assert offer().insurance_cap is None

    def test_it_takes_what_nothing_speaks_against(self) -> None:
        """No reason at all."""
        assert against(offer()) == []


class TestDestination:
    """What is said of where a parcel goes."""

    def test_an_excluded_country_is_refused(self) -> None:
        """The usual offer does not go to Russia."""
        moscow = Destination(country="RU", postal_code="101000", zone_name="Europe/Moscow")

        found = against(offer(), destination=moscow)

        assert found == [("excluded", "RU 101000 is excluded, in 'not served'")]

    @pytest.mark.parametrize("postal_code", ["1000", "ABCDE", "-", "10001-12", "\U0001f642"])
    def test_a_postal_code_of_no_shape_is_refused(self, postal_code: str) -> None:
        """It cannot tell a zone."""
        there = Destination(country="US", postal_code=postal_code, zone_name="UTC")

        found = against(offer(), destination=there)

        assert [code for code, _ in found] == ["postal_code_malformed"]
        assert found[0][1] == (
            f"postal code {postal_code!r} has not the shape of US's;"
            " allowed: nnnnn[-nnnn] (n is a digit, [] may be left out)"
        )

    @pytest.mark.parametrize("postal_code", ["", "000", "999077", "nonsense"])
    def test_where_there_are_no_postal_codes_any_text_will_do(self, postal_code: str) -> None:
        """People write something there, since forms ask for it."""
        there = Destination(country="HK", postal_code=postal_code, zone_name="Asia/Hong_Kong")

        assert against(offer(), destination=there) == []

    @pytest.mark.parametrize(
        "dependent",
        [
            attrs.evolve(offer(), coverage=Coverage(excluded=(HAWAII,))),
            limited(Limits(zone=HAWAII, max_chargeable_grams=15_000)),
        ],
    )
    def test_a_postal_code_is_asked_for_where_it_decides(self, dependent: Offer) -> None:
        """Of a country of which a part is told by it."""
        berlin = Destination(country="DE", zone_name="Europe/Berlin")
        missing = "limits or coverage within US depend on the postal code"

        assert against(dependent, destination=SOMEWHERE) == [("postal_code_missing", missing)]
        assert against(dependent, destination=berlin) == []

    def test_a_postal_code_that_decides_nothing_may_be_left_out(self) -> None:
        """Even where addresses need one."""
        assert against(offer(), destination=SOMEWHERE) == []


class TestParcels:
    """What is said of the pieces."""

    def test_a_parcel_of_unknown_weight_is_refused(self) -> None:
        """By name."""
        unknown = attrs.evolve(parcel(2), weight=None)

        found = against(offer(), parcel(), unknown)

        assert found == [("weight_missing", "parcel p-2: the weight is not known")]

    def test_what_is_inside_is_judged_even_without_a_weight(self) -> None:
        """All reasons come at once."""
        box = attrs.evolve(
            goods(usd("20.00"), battery=LithiumBattery.ION_IN_EQUIPMENT), weight=None
        )

        assert [code for code, _ in against(offer(), box)] == [
            "weight_missing",
            "battery_not_carried",
        ]

    @pytest.mark.parametrize(("grams", "is_taken"), [(2000, True), (2001, False)])
    def test_a_limit_is_included(self, grams: int, *, is_taken: bool) -> None:
        """A gram above it is above it."""
        two_kilograms = limited(Limits(size=SizeLimits(max_grams=2000)))
        box = attrs.evolve(parcel(), weight=Weight(grams))

        found = against(two_kilograms, box)

        too_heavy = [("too_heavy", "weight of 2001 g is above the limit of 2000 g")]
        assert found == ([] if is_taken else too_heavy)

    def test_a_limit_holds_where_its_zone_covers_the_destination(self) -> None:
        """Elsewhere it says nothing."""
        strict = limited(Limits(zone=HAWAII, size=SizeLimits(max_grams=500)))

        assert against(strict, destination=NEW_YORK) == []
        assert against(strict, destination=HONOLULU) == [
            ("too_heavy", "weight of 800 g is above the limit of 500 g")
        ]

    def test_all_limits_that_cover_a_destination_hold_at_once(self) -> None:
        """The stricter one decides, in whatever order they stand."""
        wide = Limits(zone=Zone("US", frozenset({US})), max_chargeable_grams=700)
        narrow = Limits(zone=HAWAII, max_chargeable_grams=600)
        both = attrs.evolve(offer(), limits=(wide, narrow))

        found = against(both, destination=HONOLULU)

        assert found == [
            ("chargeable_too_heavy", "chargeable weight of 800 g is above the limit of 700 g"),
            ("chargeable_too_heavy", "chargeable weight of 800 g is above the limit of 600 g"),
        ]

    def test_the_chargeable_weight_is_that_of_the_rate_card(self) -> None:
        """40 x 30 x 20 cm are 24,000 cm3, at 8000 of them a kilogram."""
        card = attrs.evolve(rate_card(), rule=WeightRule(divisor=8000))
        voluminous = attrs.evolve(
            limited(Limits(max_chargeable_grams=2999, size=SizeLimits(max_grams=2999))),
            rate_card=card,
        )
        box = attrs.evolve(parcel(), dimensions=Dimensions(400, 300, 200))

        found = against(voluminous, box)

        assert found == [
            ("chargeable_too_heavy", "chargeable weight of 3000 g is above the limit of 2999 g")
        ]

    def test_a_value_is_judged_in_the_currency_of_its_limit(self) -> None:
        """One US dollar is 0.75 pounds here; 180.01 of them are 135.0075 pounds, rounded up."""
        rate = ExchangeRate(base="USD", quote="GBP", rate="0.75", at=day(1), source="an example")
        low_value = limited(Limits(max_value=Money.of("135.00", "GBP")))

        assert against(low_value, goods(usd("180.00")), rates=(rate,)) == []
        assert against(low_value, goods(usd("180.01")), rates=(rate,)) == [
            (
                "above_value_limit",
                "value of 180.01 USD (135.01 GBP) is above the limit of 135.00 GBP",
            )
        ]

    def test_a_limit_of_value_asks_for_the_value(self) -> None:
        """Nothing declared is not worth nothing."""
        low_value = limited(Limits(max_value=usd("135.00")))

        assert against(low_value, goods(None)) == [
            ("value_missing", "the value is not declared, and the limit is 135.00 USD")
        ]
        assert against(low_value, goods(usd("0.00"))) == []

    def test_rates_are_asked_of_as_often_as_it_takes(self) -> None:
        """Also where they come one at a time: two parcels, each of them over its limit."""
        rate = ExchangeRate(base="USD", quote="GBP", rate="0.75", at=day(1), source="an example")
        low_value = limited(Limits(max_value=Money.of("1.00", "GBP")))
        dear = goods(usd("21.00"))
        carriage = Carriage(destination=NEW_YORK, parcels=(parcel(2), dear))

        found = low_value.against(carriage, at=day(2), rates=iter([rate]))

        assert [reason.code for reason in found] == ["above_value_limit"] * 2

    def test_a_battery_travels_where_a_lane_takes_it(self) -> None:
        """From the offer's origin to the destination."""
        ion, metal = LithiumBattery.ION_IN_EQUIPMENT, LithiumBattery.METAL_IN_EQUIPMENT
        lane = BatteryLane(origin=HK, destinations=frozenset({US}), batteries=frozenset({ion}))
        carrying = attrs.evolve(offer(), restrictions=Restrictions(batteries=(lane,)))
        elsewhere = attrs.evolve(carrying, origin=Country("CN"))

        assert against(carrying, goods(usd("20.00"), battery=ion)) == []
        assert against(carrying, goods(usd("20.00"), battery=metal)) == [
            (
                "battery_not_carried",
                "LITHIUM_METAL_BATTERY_CONTAINED_IN_EQUIPMENT is not carried from HK to US",
            )
        ]
        assert against(elsewhere, goods(usd("20.00"), battery=ion)) == [
            (
                "battery_not_carried",
                "LITHIUM_ION_BATTERY_CONTAINED_IN_EQUIPMENT is not carried from CN to US",
            )
        ]

    def test_goods_that_take_an_agreement_go_once_it_is_accepted(self) -> None:
        """The seller's agreements are passed in by name."""
        rule = GoodsRule(kind="perfume", hs_prefixes=("3303",), agreement=LETTER)
        agreed = attrs.evolve(offer(), restrictions=Restrictions(goods=(rule,)))
        perfume = goods(usd("20.00"), hs_code="330300")

        assert against(agreed, perfume, agreements=(LETTER,)) == []
        assert against(agreed, perfume) == [
            (
                "agreement_missing",
                "'phone' is perfume, which takes the agreement 'letter of commitment'",
            )
        ]

    def test_each_parcel_gives_its_own_reasons(self) -> None:
        """After those of the destination, in the order of the parcels."""
        moscow = Destination(country="RU", postal_code="1", zone_name="Europe/Moscow")
        strict = limited(Limits(size=SizeLimits(max_grams=500)))
        light = attrs.evolve(parcel(2), weight=Weight(500))
        heavy = attrs.evolve(parcel(3), weight=Weight(501))

        found = against(strict, parcel(1), light, heavy, destination=moscow)

        assert [code for code, _ in found] == [
            "excluded",
            "postal_code_malformed",
            "too_heavy",
            "too_heavy",
        ]
        assert [text for code, text in found if code == "too_heavy"] == [
            "parcel p-1: weight of 800 g is above the limit of 500 g",
            "parcel p-3: weight of 501 g is above the limit of 500 g",
        ]


def test_a_carriage_has_no_more_parcels_than_are_booked_at_once() -> None:
    """200, as eDIS takes."""
    many = tuple(parcel(number) for number in range(1, 202))

    assert len(Carriage(destination=NEW_YORK, parcels=many[:200]).parcels) == 200
    with pytest.raises(InvalidValueError, match="number of parcels 201 is out of range"):
        Carriage(destination=NEW_YORK, parcels=many)
