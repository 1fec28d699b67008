"""Tariffs: what a parcel costs on a rate card, with its breakdown, or why it has no price."""

import csv
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.tariffs import (
    Band,
    ChargeableWeight,
    Price,
    PriceLine,
    RateCard,
    Unpriced,
    WeightRule,
    Zone,
    price_of,
)
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, Weight
from tests.samples import day, usd

SHEETS = Path(__file__).parents[2] / "shared" / "data" / "rate_cards"

# Source: eBay's notices on SpeedPAK volumetric weight: mainland China from 2020-01-01, and the rate
# book of SpeedPAK Economy from Japan.
MAINLAND = WeightRule(divisor=6000, from_side_mm=400, tolerance="1.3", discount="0.3")
JAPAN = WeightRule(divisor=8000)

US = Country("US")
# Source: the same rate book; the parts of the United States beyond the mainland, by postal code.
BEYOND = (
    *(f"{n:03}" for n in range(6, 10)),
    *(f"{n:03}" for n in range(90, 100)),
    "340",
    *(f"{n:03}" for n in range(962, 970)),
    *(f"{n:03}" for n in range(995, 1000)),
)
# Source: the sample tariff of 2026-05 to the United States, in yen, by kilograms.
SAMPLE = {
    "0.5": 2205,
    "1.0": 3232,
    "1.5": 4085,
    "2.0": 5615,
    "2.5": 5975,
    "3.0": 6779,
    "3.5": 7448,
    "4.0": 8247,
    "4.5": 9778,
    "5.0": 12559,
    "6.0": 14274,
    "7.0": 16280,
    "8.0": 18083,
    "9.0": 19430,
    "10.0": 21022,
    "12.0": 23762,
    "15.0": 27818,
    "20.0": 36338,
    "25.0": 43839,
}


def grams(kilograms: str) -> int:
    """Read kilograms."""
    return Weight.from_kilograms(kilograms).grams


def economy() -> RateCard:
    """Give SpeedPAK Economy from Japan to the United States, by mainland and beyond."""
    mainland = (Band("mainland", grams(kg), Money(yen, "JPY")) for kg, yen in SAMPLE.items())
    return RateCard(
        name="Economy",
        rule=JAPAN,
        zones=(
            Zone("mainland", frozenset({US})),
            Zone("beyond", frozenset({US}), BEYOND),
            Zone("Germany", frozenset({Country("DE")})),
        ),
        bands=(*mainland, Band("beyond", 15_000, Money(9000, "JPY"))),
        valid_from=day(1),
        valid_until=day(31),
    )


def priced(
    *,
    country: str = "US",
    postal_code: str = "10001",
    grams: int = 500,
    dimensions: Dimensions | None = None,
    at: Instant | None = None,
) -> Price | Unpriced:
    """Price 500 g to New York."""
    return price_of(
        economy(),
        country=Country(country),
        postal_code=postal_code,
        weight=Weight(grams),
        dimensions=dimensions,
        at=at or day(2),
    )


def codes(answer: Price | Unpriced) -> list[str]:
    """Give the reasons why there is no price by their codes."""
    assert isinstance(answer, Unpriced)
    return [reason.code for reason in answer.reasons]


def total(answer: Price | Unpriced) -> Money:
    """Insist on a price and give its total."""
    assert isinstance(answer, Price)
    return answer.total


class TestChargeableWeight:
    """Each service has its own rule over actual and volumetric weight."""

    @pytest.mark.parametrize(
        ("sides_cm", "actual", "chargeable"),
        [
            # Volumetric 10 kg, less 0.3 times 5 kg.
            ((50, 40, 30), "5", "8.5"),
            # 9.8865 kg, but every side is shorter than 40 cm.
            ((39, 39, 39), "1", "1"),
            # 4.0 kg is above 3.9: the greater of 3 and 3.1.
            ((40, 30, 20), "3", "3.1"),
            # 4.0 kg is not above 4.16.
            ((40, 30, 20), "3.2", "3.2"),
            # Volumetric and actual are the same.
            ((60, 40, 40), "16", "16"),
        ],
    )
    def test_mainland_china_takes_off_part_of_the_actual_weight(
        self, sides_cm: tuple[int, int, int], actual: str, chargeable: str
    ) -> None:
        """The published vectors."""
        sides = Dimensions(*(side * 10 for side in sides_cm))

        weight = MAINLAND.chargeable(Weight.from_kilograms(actual), sides)

        assert weight.grams == grams(chargeable)

    def test_the_rule_has_no_step_where_tolerance_ends(self) -> None:
        """At 1.3 times the actual weight both sides of the rule agree."""
        at_it = MAINLAND.chargeable(Weight(3000), Dimensions(400, 300, 195))
        above_it = MAINLAND.chargeable(Weight(3000), Dimensions(400, 300, 196))

        assert (at_it.grams, at_it.volumetric_grams) == (3000, 3900)
        assert (above_it.grams, above_it.volumetric_grams) == (3020, 3920)

    @pytest.mark.parametrize(("length", "chargeable"), [(150, 1000), (200, 1000), (201, 2010)])
    def test_a_volume_within_tolerance_is_not_charged(self, length: int, chargeable: int) -> None:
        """Where nothing is taken off, the weight doubles as soon as it is above tolerance."""
        rule = WeightRule(divisor=1000, tolerance="2")

        assert rule.chargeable(Weight(1000), Dimensions(length, 100, 100)).grams == chargeable

    def test_the_rule_jumps_where_a_side_becomes_long(self) -> None:
        """40 cm itself is long."""
        short = MAINLAND.chargeable(Weight(1000), Dimensions(399, 390, 390))
        long = MAINLAND.chargeable(Weight(1000), Dimensions(400, 390, 390))

        assert short.grams == 1000
        assert long.grams == 9840

    @pytest.mark.parametrize(
        ("sides", "actual", "chargeable"),
        [
            ((400, 400, 300), 5000, 6000),
            ((400, 400, 300), 7000, 7000),
            # 1 mm3 above a whole gram costs the next gram.
            ((200, 200, 200), 999, 1000),
            ((201, 200, 200), 1000, 1005),
            ((8001, 1, 1), 1, 2),
        ],
    )
    def test_japan_charges_the_greater_of_the_two(
        self, sides: tuple[int, int, int], actual: int, chargeable: int
    ) -> None:
        """Rounded up to the gram."""
        assert JAPAN.chargeable(Weight(actual), Dimensions(*sides)).grams == chargeable

    def test_without_dimensions_or_divisor_the_actual_weight_counts(self) -> None:
        """What is not measured is not charged."""
        box = Dimensions(500, 500, 500)

        assert JAPAN.chargeable(Weight(700), None).grams == 700
        assert WeightRule().chargeable(Weight(700), box) == ChargeableWeight(700, 700, None)

    @pytest.mark.parametrize(
        ("actual", "chargeable"), [(1, 500), (500, 500), (501, 1000), (1000, 1000)]
    )
    def test_the_weight_is_rounded_up_to_the_step(self, actual: int, chargeable: int) -> None:
        """A whole step stays as it is."""
        rule = WeightRule(step_grams=500)

        assert rule.chargeable(Weight(actual), None).grams == chargeable

    def test_a_chargeable_weight_says_how_it_came_about(self) -> None:
        """So that a seller can follow the bill."""
        weight = MAINLAND.chargeable(Weight(5000), Dimensions(500, 400, 300))

        assert str(weight) == "8500 g (volumetric 10000 g, actual 5000 g)"

    def test_ratios_are_decimals_and_never_floats(self) -> None:
        """1.3 as a float is not what it looks like."""
        with pytest.raises(InvalidTypeError, match="ratio is given as float"):
            WeightRule(tolerance=1.3)  # type: ignore[arg-type]

        assert WeightRule(tolerance=Decimal("1.3")) == WeightRule(tolerance="1.3")
        assert WeightRule(discount="100").discount == 100

    @pytest.mark.parametrize("ratio", ["-0.1", "100.1", "NaN", "Infinity"])
    def test_ratios_are_within_bounds(self, ratio: str) -> None:
        """0 to 100."""
        with pytest.raises(InvalidValueError, match="is out of range"):
            WeightRule(discount=ratio)

    def test_nothing_is_divided_or_stepped_by_nothing(self) -> None:
        """Both are above zero, and up to a million."""
        for most in (1, 1_000_000):
            rule = WeightRule(divisor=most, step_grams=most)
            assert (rule.divisor, rule.step_grams) == (most, most)
        with pytest.raises(InvalidValueError, match="divisor 1000001 is out of range"):
            WeightRule(divisor=1_000_001)
        with pytest.raises(InvalidValueError, match="step in grams 1000001 is out of range"):
            WeightRule(step_grams=1_000_001)
        with pytest.raises(InvalidValueError, match="divisor 0 is out of range"):
            WeightRule(divisor=0)
        with pytest.raises(InvalidValueError, match="step in grams 0 is out of range"):
            WeightRule(step_grams=0)


class TestBands:
    """Upper limits are inclusive."""

    @pytest.mark.parametrize("kilograms", SAMPLE)
    def test_a_band_holds_its_upper_limit(self, kilograms: str) -> None:
        """The first row whose weight is not below the parcel's, and a gram more is the next row."""
        heavier = [yen for kg, yen in SAMPLE.items() if grams(kg) > grams(kilograms)]

        at_limit = priced(grams=grams(kilograms))
        above = priced(grams=grams(kilograms) + 1)

        assert total(at_limit) == Money(SAMPLE[kilograms], "JPY")
        if heavier:
            assert total(above) == Money(heavier[0], "JPY")
        else:
            assert codes(above) == ["too_heavy"]

    def test_bands_may_stand_in_any_order(self) -> None:
        """The lightest that holds the parcel counts."""
        card = economy()
        shuffled = attrs.evolve(card, bands=tuple(reversed(card.bands)))

        price = price_of(
            shuffled,
            country=US,
            postal_code="10001",
            weight=Weight(501),
            dimensions=None,
            at=day(2),
        )

        assert total(price) == Money(3232, "JPY")

    def test_a_price_shows_its_breakdown(self) -> None:
        """The lines add up to the total, and the weight charged for stands beside them."""
        price = priced(grams=900, dimensions=Dimensions(200, 200, 250))

        assert price == Price(
            zone="mainland",
            chargeable=ChargeableWeight(1250, 900, 1250),
            lines=(PriceLine("Economy, zone mainland, up to 1500 g", Money(4085, "JPY")),),
        )

    def test_the_total_adds_up_the_lines(self) -> None:
        """A surcharge is a line of its own."""
        price = Price(
            zone="US",
            chargeable=ChargeableWeight(1, 1, 0),
            lines=(PriceLine("fare", usd("5.00")), PriceLine("fuel", usd("0.75"))),
        )

        assert price.total == usd("5.75")

    @pytest.mark.parametrize("minor", [0, -1])
    def test_a_missing_rate_is_not_passed_off_as_free(self, minor: int) -> None:
        """A band without a price is no band."""
        with pytest.raises(InvalidValueError, match="is not above zero"):
            Band("US", 500, Money(minor, "USD"))

    def test_a_band_holds_some_weight(self) -> None:
        """A gram at least."""
        with pytest.raises(InvalidValueError, match="is out of range"):
            Band("US", 0, usd("5.00"))


class TestZones:
    """Countries, or postal prefixes within one."""

    @pytest.mark.parametrize(
        ("postal_code", "zone"),
        [
            ("00501", "mainland"),
            ("00601", "beyond"),
            ("00999", "beyond"),
            ("01001", "mainland"),
            ("08999", "mainland"),
            ("09001", "beyond"),
            ("33999", "mainland"),
            ("34001", "beyond"),
            ("34101", "mainland"),
            ("96199", "mainland"),
            ("96201", "beyond"),
            ("96999", "beyond"),
            ("97001", "mainland"),
            ("99499", "mainland"),
            ("99501-1234", "beyond"),
        ],
    )
    def test_the_postal_code_decides_the_zone_within_a_country(
        self, postal_code: str, zone: str
    ) -> None:
        """Puerto Rico, the armed forces, Hawaii, Guam and Alaska are not the mainland."""
        price = priced(postal_code=postal_code)

        assert isinstance(price, Price)
        assert price.zone == zone

    def test_zones_may_stand_in_any_order(self) -> None:
        """One with prefixes goes before one without."""
        card = economy()
        turned = attrs.evolve(card, zones=tuple(reversed(card.zones)))

        for code in ("10001", "96701"):
            assert card.zone_of(US, code) == turned.zone_of(US, code)

    def test_a_postal_code_counts_within_its_country_only(self) -> None:
        """34001 is Alaska to nobody in Germany."""
        assert economy().zone_of(Country("DE"), "34001") == Zone(
            "Germany", frozenset({Country("DE")})
        )
        assert economy().zone_of(Country("FR"), "34001") is None


class TestReasons:
    """A missing rate is a reason to refuse; it is never zero."""

    def test_the_zone_cannot_be_known_without_a_postal_code(self) -> None:
        """To quote without one would be a guess; elsewhere it is not needed."""
        assert codes(priced(postal_code="")) == ["postal_code_missing"]
        assert economy().needs_postal_code(US)
        assert not economy().needs_postal_code(Country("DE"))

    def test_a_card_does_not_reach_every_country(self) -> None:
        """It says which it has zones for."""
        answer = priced(country="FR")

        assert codes(answer) == ["not_covered"]

    def test_a_zone_may_have_no_rate(self) -> None:
        """It is named on the card, and nothing is said of its price."""
        assert codes(priced(country="DE")) == ["no_rate"]

    def test_a_parcel_may_be_too_heavy_by_its_volume(self) -> None:
        """The chargeable weight is what the bands are for."""
        answer = priced(grams=1000, dimensions=Dimensions(600, 600, 600))

        assert codes(answer) == ["too_heavy"]
        assert isinstance(answer, Unpriced)
        assert str(answer.reasons[0]).startswith(
            "27000 g (volumetric 27000 g, actual 1000 g) is above the 25000 g"
        )

    @pytest.mark.parametrize("at", ["2026-03-01T09:00:00Z", "2026-03-31T08:59:59Z"])
    def test_a_card_is_in_force_from_an_instant_on(self, at: str) -> None:
        """That instant included."""
        assert total(priced(at=instant(at))) == Money(2205, "JPY")

    @pytest.mark.parametrize("at", ["2026-03-01T08:59:59Z", "2026-03-31T09:00:00Z"])
    def test_a_card_is_not_in_force_before_or_after(self, at: str) -> None:
        """Its end does not belong to it, so that the next card can begin with it."""
        assert codes(priced(at=instant(at))) == ["not_in_force"]

    def test_a_card_may_be_open_ended(self) -> None:
        """Until another is published."""
        card = attrs.evolve(economy(), valid_until=None)

        price = price_of(
            card, country=US, postal_code="10001", weight=Weight(1), dimensions=None, at=day(9999)
        )

        assert total(price) == Money(2205, "JPY")

    def test_reasons_come_together(self) -> None:
        """Out of force, and without a postal code."""
        assert codes(priced(postal_code="", at=day(60))) == ["not_in_force", "postal_code_missing"]


class TestRateCard:
    """A card that exists does not contradict itself."""

    def test_zones_have_different_names(self) -> None:
        """A band names its zone."""
        zone = Zone("US", frozenset({US}))

        with pytest.raises(InvalidValueError, match="names a zone twice"):
            attrs.evolve(economy(), zones=(zone, zone), bands=(Band("US", 1, usd("1.00")),))

    def test_a_band_is_in_a_zone_of_the_card(self) -> None:
        """Both what is wrong and what is there are named."""
        lost = Band("Mars", 500, Money(1, "JPY"))

        with pytest.raises(InvalidValueError, match="'Mars' is not on the card") as refusal:
            attrs.evolve(economy(), bands=(lost,))

        assert "mainland, beyond, Germany" in str(refusal.value)

    def test_a_card_is_in_one_currency(self) -> None:
        """A card without any band is in none."""
        card = economy()

        with pytest.raises(InvalidValueError, match="is not in one currency"):
            attrs.evolve(card, bands=(*card.bands, Band("beyond", 16_000, usd("90.00"))))
        with pytest.raises(InvalidValueError, match="is not in one currency"):
            attrs.evolve(card, bands=())


@pytest.mark.skipif(not SHEETS.exists(), reason="the collected rate sheets are not here")
@pytest.mark.parametrize("service", ["T28", "E34"])
def test_a_published_rate_sheet_gives_its_own_prices(service: str) -> None:
    """Every row of Australia Post's domestic sheet is the price at its upper limit."""
    text = SHEETS.joinpath("karrio_australiapost_services.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["service_code"] == service]
    prices = {grams(row["max_weight"]): Money.of(row["rate"], row["currency"]) for row in rows}
    card = RateCard(
        name=service,
        zones=(Zone("Australia", frozenset({Country("AU")})),),
        bands=tuple(Band("Australia", most, price) for most, price in prices.items()),
        valid_from=day(1),
    )

    found = {
        most: total(
            price_of(
                card,
                country=Country("AU"),
                postal_code="2000",
                weight=Weight(most),
                dimensions=None,
                at=day(2),
            )
        )
        for most in prices
    }

    assert len(prices) == 6
    assert found == prices
