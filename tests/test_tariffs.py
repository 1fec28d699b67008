"""Tariffs: what a parcel costs on a rate card, with its breakdown, or all reasons why not."""

import csv
from collections.abc import Iterable
from decimal import Decimal, localcontext
from itertools import permutations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import (
    ApacLogisticsError,
    InvalidTypeError,
    InvalidValueError,
    NotFoundError,
    Reason,
)
from apaclogistics.rate_cards import Band, Insurance, Percent, PercentOf, RateCard, Surcharge
from apaclogistics.tariffs import Price, PriceLine, Unpriced, price_of
from apaclogistics.testing.strategies import dimensions, weights
from apaclogistics.values.instants import Instant, Window, instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight
from apaclogistics.values.weighing import ChargeableWeight, WeightRule
from apaclogistics.values.zones import Zone
from tests.real_data import DATA, with_data
from tests.samples import day, usd

# Source: eBay's notices on SpeedPAK volumetric weight: mainland China from 2020-01-01, Australia
# from 2024-02-01 (notices 899 and 901), and the rate book of SpeedPAK Economy from Japan.
MAINLAND = WeightRule(divisor=6000, from_side_mm=400, tolerance="1.3", discount="0.3")
JAPAN = WeightRule(divisor=8000)
ACTUAL = WeightRule()
AUSTRALIA_STANDARD = attrs.evolve(MAINLAND, least_grams=50)
AUSTRALIA_ECONOMY = attrs.evolve(MAINLAND, least_grams=1)
AUSTRALIA_SECOND = attrs.evolve(MAINLAND, divisor=4000)

US, DE, FR, AU = Country("US"), Country("DE"), Country("FR"), Country("AU")
AMERICA = Zone("US", frozenset({US}))
# Source: the rate book for Japan; the parts of the United States beyond the mainland.
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
NOON = instant("2026-03-02T12:00:00Z")


def grams(kilograms: str) -> int:
    """Read kilograms."""
    return Weight.from_kilograms(kilograms).grams


def yen(amount: int) -> Money:
    """Give Japanese yen."""
    return Money(amount, "JPY")


def box(length_cm: int, width_cm: int, height_cm: int) -> Dimensions:
    """Give a box by its sides in centimetres."""
    return Dimensions(length_cm * 10, width_cm * 10, height_cm * 10)


def rate(
    base: str, text: str, *, quote: str = "USD", at: str = "2026-03-02T12:00:00Z"
) -> ExchangeRate:
    """Give what a unit is worth, from an instant on; the figures are examples."""
    return ExchangeRate(base=base, quote=quote, rate=text, at=at, source="a bank")


def flat(
    *bands: Band,
    price: str = "10.00",
    minimum: str | None = None,
    surcharges: tuple[Surcharge, ...] = (),
    insurance: Insurance | None = None,
    rule: WeightRule = ACTUAL,
    zones: tuple[Zone, ...] = (AMERICA,),
) -> RateCard:
    """Give a card for the United States at one price up to 2 kg, if it has no other bands."""
    return RateCard(
        name="Flat",
        rule=rule,
        zones=zones,
        bands=bands or (Band("US", 2000, usd(price)),),
        minimum=None if minimum is None else usd(minimum),
        surcharges=surcharges,
        insurance=insurance,
        valid_from=day(1),
    )


def asked(
    card: RateCard,
    *,
    country: Country = US,
    postal_code: str = "10001",
    grams: int = 500,
    dimensions: Dimensions | None = None,
    insured: Money | None = None,
    at: Instant = NOON,
    rates: Iterable[ExchangeRate] = (),
) -> Price | Unpriced:
    """Price 500 g to New York."""
    return price_of(
        card,
        country=country,
        postal_code=postal_code,
        weight=Weight(grams),
        dimensions=dimensions,
        insured=insured,
        at=at,
        rates=rates,
    )


def economy() -> RateCard:
    """Give SpeedPAK Economy from Japan to the United States, by mainland and beyond."""
    mainland = (Band("mainland", grams(kg), yen(price)) for kg, price in SAMPLE.items())
    return RateCard(
        name="Economy",
        rule=JAPAN,
        zones=(
            Zone("mainland", frozenset({US})),
            Zone("beyond", frozenset({US}), BEYOND),
            Zone("Germany", frozenset({DE})),
        ),
        bands=(*mainland, Band("beyond", 15_000, yen(9000))),
        valid_from=day(1),
        valid_until=day(31),
    )


SMALL = Dimensions(100, 100, 50)


def priced(
    *,
    country: Country = US,
    postal_code: str = "10001",
    grams: int = 500,
    dimensions: Dimensions | None = SMALL,
    at: Instant | None = None,
) -> Price | Unpriced:
    """Price 500 g in a small box to New York by Economy."""
    return asked(
        economy(),
        country=country,
        postal_code=postal_code,
        grams=grams,
        dimensions=dimensions,
        at=at or day(2),
    )


def reasons(answer: Price | Unpriced) -> tuple[Reason, ...]:
    """Insist on reasons and give them."""
    assert isinstance(answer, Unpriced)
    return answer.reasons


def codes(answer: Price | Unpriced) -> list[str]:
    """Give the reasons why there is no price by their codes."""
    return [reason.code for reason in reasons(answer)]


def lines(answer: Price | Unpriced) -> list[tuple[str, str]]:
    """Insist on a price and give its lines."""
    assert isinstance(answer, Price)
    return [(line.label, str(line.amount)) for line in answer.lines]


def amounts(answer: Price | Unpriced) -> list[str]:
    """Insist on a price and give the amounts of its lines."""
    return [amount for _, amount in lines(answer)]


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
        weight = MAINLAND.chargeable(Weight.from_kilograms(actual), box(*sides_cm))

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

    def test_any_side_may_be_the_long_one(self) -> None:
        """It does not matter which way the box stands."""
        found = {
            MAINLAND.chargeable(Weight(1000), Dimensions(*sides)).grams
            for sides in permutations((400, 390, 390))
        }

        assert found == {9840}

    @pytest.mark.parametrize(
        ("sides", "actual", "chargeable"),
        [
            ((400, 400, 300), 5000, 6000),
            ((400, 400, 300), 7000, 7000),
            ((200, 200, 200), 999, 1000),
            ((201, 200, 200), 1000, 1005),
            # 1 mm3 above a whole gram costs the next gram.
            ((8000, 1, 1), 1, 1),
            ((8001, 1, 1), 1, 2),
        ],
    )
    def test_japan_charges_the_greater_of_the_two(
        self, sides: tuple[int, int, int], actual: int, chargeable: int
    ) -> None:
        """Rounded up to the gram."""
        assert JAPAN.chargeable(Weight(actual), Dimensions(*sides)).grams == chargeable

    @pytest.mark.parametrize(
        ("rule", "sides_cm", "actual", "chargeable"),
        [
            # First billing, 6000: 50 x 40 x 30 cm are 10 kg, less 0.3 times 5 kg.
            (AUSTRALIA_STANDARD, (50, 40, 30), 5000, 8500),
            (AUSTRALIA_ECONOMY, (50, 40, 30), 5000, 8500),
            # Second billing, 4000: the same box is 15 kg, less 1.5 kg.
            (AUSTRALIA_SECOND, (50, 40, 30), 5000, 13_500),
            # 41 x 33 x 29 cm are 6539.5 g; less 0.3 times 2 kg, and every started gram counts.
            (AUSTRALIA_STANDARD, (41, 33, 29), 2000, 5940),
            # By 4000 they are 9809.25 g.
            (AUSTRALIA_SECOND, (41, 33, 29), 2000, 9210),
            # 40 x 30 x 26 cm are 5200 g, which is 1.3 times 4 kg, and not above it.
            (AUSTRALIA_STANDARD, (40, 30, 26), 4000, 4000),
            (AUSTRALIA_STANDARD, (40, 30, 26), 3999, 4001),
            (AUSTRALIA_SECOND, (40, 30, 26), 6000, 6000),
            # 7800 g less 0.3 times 5999 g are 6000.3 g.
            (AUSTRALIA_SECOND, (40, 30, 26), 5999, 6001),
            # All sides are below 40 cm: the actual weight, in both billings.
            (AUSTRALIA_STANDARD, (39, 39, 39), 1000, 1000),
            (AUSTRALIA_SECOND, (39, 39, 39), 1000, 1000),
            # Standard charges 50 g at least, Economy 1 g.
            (AUSTRALIA_STANDARD, (10, 10, 5), 1, 50),
            (AUSTRALIA_STANDARD, (10, 10, 5), 49, 50),
            (AUSTRALIA_STANDARD, (10, 10, 5), 50, 50),
            (AUSTRALIA_STANDARD, (10, 10, 5), 51, 51),
            (AUSTRALIA_ECONOMY, (10, 10, 5), 1, 1),
            (AUSTRALIA_ECONOMY, (10, 10, 5), 49, 49),
        ],
    )
    def test_australia_bills_by_two_divisors(
        self, rule: WeightRule, sides_cm: tuple[int, int, int], actual: int, chargeable: int
    ) -> None:
        """To the unit."""
        assert rule.chargeable(Weight(actual), box(*sides_cm)).grams == chargeable

    def test_without_dimensions_or_divisor_the_actual_weight_counts(self) -> None:
        """What is not measured is not charged."""
        crate = box(50, 50, 50)
        expected = ChargeableWeight(700, 700, None, "actual 700 g")

        assert JAPAN.chargeable(Weight(700), None) == expected
        assert WeightRule().chargeable(Weight(700), crate) == expected

    def test_only_a_divisor_makes_the_size_count(self) -> None:
        """Nothing else in a rule is about sides alone."""
        assert JAPAN.needs_dimensions
        assert not WeightRule(from_side_mm=400, tolerance="1.3", discount="0.3").needs_dimensions

    @pytest.mark.parametrize(
        ("actual", "chargeable"), [(1, 500), (500, 500), (501, 1000), (1000, 1000)]
    )
    def test_the_weight_is_rounded_up_to_the_step(self, actual: int, chargeable: int) -> None:
        """A whole step stays as it is."""
        rule = WeightRule(step_grams=500)

        assert rule.chargeable(Weight(actual), None).grams == chargeable

    @pytest.mark.parametrize(
        ("actual", "chargeable"), [(1, 600), (550, 600), (600, 600), (601, 800)]
    )
    def test_the_least_weight_is_rounded_up_too(self, actual: int, chargeable: int) -> None:
        """550 g at least are three steps of 200 g."""
        rule = WeightRule(least_grams=550, step_grams=200)

        assert rule.chargeable(Weight(actual), None).grams == chargeable

    def test_a_box_may_get_cheaper_by_getting_heavier(self) -> None:
        """Its volumetric weight is 10 kg, of which more is taken off the more it weighs."""
        sides = box(50, 40, 30)
        chargeable = {
            actual: MAINLAND.chargeable(Weight(actual), sides).grams
            for actual in (1, 4000, 5000, 7000, 7692, 7693, 9000)
        }
        card = flat(
            Band("US", 8000, usd("40.00")),
            Band("US", 8500, usd("42.50")),
            Band("US", 10_000, usd("50.00")),
            rule=MAINLAND,
        )

        light, heavy = (asked(card, grams=it, dimensions=sides) for it in (4000, 7000))

        assert chargeable == {
            # 9999.7 g
            1: 10_000,
            4000: 8800,
            5000: 8500,
            7000: 7900,
            # 10 kg less 2307.6 g are 7692.4 g.
            7692: 7693,
            7693: 7693,
            9000: 9000,
        }
        assert (str(total(light)), str(total(heavy))) == ("50.00 USD", "40.00 USD")

    @given(weights(max_grams=40_000), dimensions(max_mm=1500))
    def test_nobody_is_charged_less_than_the_parcel_weighs(
        self, weight: Weight, sides: Dimensions
    ) -> None:
        """Nor more than the greater of both, rounded up."""
        for rule in (MAINLAND, JAPAN, AUSTRALIA_SECOND):
            found = rule.chargeable(weight, sides)
            volumetric = -(-sides.volume_mm3 // (rule.divisor or 1))

            assert weight.grams <= found.grams <= max(weight.grams, volumetric)


class TestDerivation:
    """A chargeable weight says how it came about, so that a seller can follow the bill."""

    @pytest.mark.parametrize(
        ("rule", "actual", "sides", "text"),
        [
            (WeightRule(), 700, None, "700 g: actual 700 g"),
            (JAPAN, 700, None, "700 g: actual 700 g"),
            (
                MAINLAND,
                1000,
                box(39, 39, 39),
                "1000 g: actual 1000 g, every side under 400 mm",
            ),
            (
                MAINLAND,
                3200,
                box(40, 30, 20),
                "3200 g: actual 3200 g, as volumetric 4000 g is not above 1.3 x it",
            ),
            (
                JAPAN,
                1000,
                box(20, 20, 20),
                "1000 g: actual 1000 g, as volumetric 1000 g is not above it",
            ),
            (JAPAN, 999, box(20, 20, 20), "1000 g: volumetric 1000 g"),
            (
                MAINLAND,
                5000,
                box(50, 40, 30),
                "8500 g: volumetric 10000 g less 0.3 x actual 5000 g",
            ),
            # Above tolerance, and below the actual weight once the discount is taken off.
            (
                attrs.evolve(MAINLAND, discount=Decimal("0.5")),
                3000,
                box(40, 30, 20),
                "3000 g: actual 3000 g, as volumetric 4000 g less 0.5 x it is not above it",
            ),
            # Half of 2 kg taken off 3 kg leaves the actual weight.
            (
                attrs.evolve(MAINLAND, discount=Decimal("0.5")),
                2000,
                box(40, 30, 15),
                "2000 g: actual 2000 g, as volumetric 3000 g less 0.5 x it is not above it",
            ),
            (
                AUSTRALIA_STANDARD,
                30,
                box(10, 10, 5),
                "50 g: actual 30 g, every side under 400 mm, charged as 50 g at least",
            ),
            (
                WeightRule(step_grams=500),
                501,
                None,
                "1000 g: actual 501 g, rounded up to 500 g",
            ),
            (
                WeightRule(least_grams=550, step_grams=200),
                1,
                None,
                "600 g: actual 1 g, charged as 550 g at least, rounded up to 200 g",
            ),
            # 6539.5 g, of which the part of a gram is left out.
            (
                AUSTRALIA_STANDARD,
                2000,
                box(41, 33, 29),
                "5940 g: volumetric 6539 g less 0.3 x actual 2000 g, rounded up to 1 g",
            ),
        ],
    )
    def test_every_way_has_its_words(
        self, rule: WeightRule, actual: int, sides: Dimensions | None, text: str
    ) -> None:
        """What was measured, what was taken off, and how it was rounded."""
        assert str(rule.chargeable(Weight(actual), sides)) == text

    @pytest.mark.parametrize(
        ("sides", "grams"), [(box(20, 20, 20), 1000), (Dimensions(8007, 1, 1), 1)]
    )
    def test_the_volumetric_weight_is_kept_without_parts_of_a_gram(
        self, sides: Dimensions, grams: int
    ) -> None:
        """Also where it does not count in the end."""
        found = JAPAN.chargeable(Weight(5000), sides)

        assert (found.grams, found.actual_grams, found.volumetric_grams) == (5000, 5000, grams)

    def test_a_volumetric_weight_below_the_actual_one_is_never_less_nothing(self) -> None:
        """A tolerance under 1 lets it through, and where nothing is taken off nothing is said."""
        rule = WeightRule(divisor=5000, tolerance="0.5")

        found = rule.chargeable(Weight(1000), box(30, 10, 10))

        assert found.grams == 1000
        assert "less 0 x" not in str(found)


class TestRules:
    """A rule that exists divides and steps by something."""

    def test_ratios_are_decimals_and_never_floats(self) -> None:
        """1.3 as a float is not what it looks like."""
        with pytest.raises(InvalidTypeError, match="ratio is given as float"):
            WeightRule(tolerance=1.3)  # type: ignore[arg-type]  # wrong on purpose

        assert WeightRule(tolerance=Decimal("1.3")) == WeightRule(tolerance="1.3")

    @pytest.mark.parametrize("ratio", [1.0, True, None, [1]], ids=repr)
    def test_a_ratio_is_a_whole_number_text_or_a_decimal(self, ratio: object) -> None:
        """In a rule, in a surcharge and in an insurance."""
        with pytest.raises(InvalidTypeError, match="ratio is given as"):
            WeightRule(discount=ratio)  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(InvalidTypeError, match="ratio is given as"):
            Percent(ratio)  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(InvalidTypeError, match="ratio is given as"):
            Insurance(percent=ratio, least=usd("1.00"), most_insured=usd("9.00"))  # type: ignore[arg-type]  # wrong on purpose

    @pytest.mark.parametrize(
        "ratio", ["0", "0.000000", "0.000001", "99.999999", "100", "100.000000"]
    )
    def test_ratios_have_their_bounds_included(self, ratio: str) -> None:
        """0 and 100 themselves, and six decimals."""
        rule = WeightRule(tolerance=ratio, discount=ratio)

        assert rule.tolerance == rule.discount == Percent(ratio).rate == Decimal(ratio)

    @pytest.mark.parametrize(
        "ratio",
        [
            "",
            "-0.1",
            "100.000001",
            "1000",
            "0.0000001",
            "1.",
            ".5",
            "1e1",
            " 1",
            "1\n",
            "NaN",
            "sNaN",
            "Infinity",
            "\uff11",
        ],
    )
    def test_ratios_are_within_bounds(self, ratio: str) -> None:
        """0 to 100, written plainly."""
        with pytest.raises(InvalidValueError, match=r"is out of range; allowed: 0 to 100, to six"):
            WeightRule(discount=ratio)

    @pytest.mark.parametrize(
        "ratio", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+999999")]
    )
    def test_a_decimal_that_is_no_ratio_is_refused_at_once(self, ratio: Decimal) -> None:
        """With our own error."""
        with pytest.raises(InvalidValueError, match="is out of range"):
            Percent(ratio)

    def test_a_decimal_is_a_ratio_however_python_writes_it(self) -> None:
        """Twenty is written 2E+1 once it is normalised."""
        assert Percent(Decimal("20.00").normalize()) == Percent("20")

    def test_nothing_is_divided_or_stepped_by_nothing(self) -> None:
        """Both are above zero, and up to a million."""
        for most in (1, 1_000_000):
            rule = WeightRule(divisor=most, step_grams=most)
            assert (rule.divisor, rule.step_grams) == (most, most)
        for wrong in (0, -1, 1_000_001):
            with pytest.raises(InvalidValueError, match=f"divisor {wrong} is out of range"):
                WeightRule(divisor=wrong)
            with pytest.raises(InvalidValueError, match=f"step in grams {wrong} is out of range"):
                WeightRule(step_grams=wrong)

    def test_a_side_may_be_nothing_and_a_least_weight_may_not(self) -> None:
        """From no side on, size always counts."""
        for most in (1, 1_000_000_000):
            rule = WeightRule(from_side_mm=most, least_grams=most)
            assert (rule.from_side_mm, rule.least_grams) == (most, most)
        assert WeightRule(from_side_mm=0).from_side_mm == 0
        for wrong in (-1, 1_000_000_001):
            with pytest.raises(InvalidValueError, match=r"side in millimetres .* is out of range"):
                WeightRule(from_side_mm=wrong)
        for wrong in (0, -1, 1_000_000_001):
            with pytest.raises(
                InvalidValueError, match=r"least weight in grams .* is out of range"
            ):
                WeightRule(least_grams=wrong)

    @pytest.mark.parametrize("value", [True, 1.5, "6000"])
    def test_what_is_counted_in_a_rule_is_a_whole_number(self, value: object) -> None:
        """A float is none, and neither is True."""
        for field in ("divisor", "from_side_mm", "least_grams", "step_grams"):
            with pytest.raises(InvalidTypeError, match="a whole number"):
                WeightRule(**{field: value})  # type: ignore[arg-type]  # wrong on purpose

    def test_a_huge_number_is_refused_with_our_own_error(self) -> None:
        """Python does not even print it."""
        with pytest.raises(InvalidValueError, match="divisor of 16610 bits is out of range"):
            WeightRule(divisor=10**5000)
        with pytest.raises(InvalidValueError, match="of 16610 bits is out of range"):
            Band("US", 10**5000, usd("1.00"))


class TestBands:
    """Upper limits are inclusive."""

    @pytest.mark.parametrize("kilograms", SAMPLE)
    def test_a_band_holds_its_upper_limit(self, kilograms: str) -> None:
        """The first row whose weight is not below the parcel's, and a gram more is the next row."""
        heavier = [price for kg, price in SAMPLE.items() if grams(kg) > grams(kilograms)]

        at_limit = priced(grams=grams(kilograms))
        above = priced(grams=grams(kilograms) + 1)

        assert total(at_limit) == yen(SAMPLE[kilograms])
        if heavier:
            assert total(above) == yen(heavier[0])
        else:
            assert codes(above) == ["no_rate"]

    def test_the_first_band_begins_at_a_gram(self) -> None:
        """There is no lighter parcel."""
        assert total(priced(grams=1)) == yen(2205)

    def test_bands_may_stand_in_any_order(self) -> None:
        """The lightest that holds the parcel counts."""
        card = economy()
        shuffled = attrs.evolve(card, bands=tuple(reversed(card.bands)))

        assert total(asked(shuffled, grams=501, dimensions=SMALL)) == yen(3232)
        assert shuffled == card
        assert hash(shuffled) == hash(card)

    def test_of_several_with_one_limit_the_cheapest_counts(self) -> None:
        """However they overlap."""
        bands = [
            Band("US", 500, usd("7.00")),
            Band("US", 500, usd("5.00")),
            Band("US", 500, usd("6.00")),
            # 100 g cost 1.50, and 500 g cost 7.50.
            Band("US", 500, usd("1.50"), each_grams=100),
        ]
        expected = {1: "1.50", 100: "1.50", 300: "4.50", 301: "5.00", 500: "5.00"}

        for order in permutations(bands):
            card = flat(*order)
            assert {it: str(total(asked(card, grams=it))) for it in expected} == {
                it: f"{price} USD" for it, price in expected.items()
            }
            assert card == flat(*bands)

    def test_a_price_may_fall_where_a_band_ends(self) -> None:
        """The lightest band that holds the parcel counts, even if a heavier one is cheaper."""
        card = flat(
            Band("US", 1000, usd("9.00")),
            Band("US", 500, usd("12.00")),
            Band("US", 2000, usd("9.00")),
            Band("US", 3000, usd("8.99")),
        )

        found = {it: str(total(asked(card, grams=it))) for it in (500, 501, 1001, 2000, 2001)}

        assert found == {
            500: "12.00 USD",
            501: "9.00 USD",
            1001: "9.00 USD",
            2000: "9.00 USD",
            2001: "8.99 USD",
        }
        assert card.falls() == (("US", 500), ("US", 2000))

    def test_a_band_of_a_single_gram_is_one(self) -> None:
        """A card may fall for a gram and rise again."""
        card = flat(
            Band("US", 500, usd("5.00")),
            Band("US", 501, usd("4.00")),
            Band("US", 1000, usd("6.00")),
        )

        assert card.falls() == (("US", 500),)
        assert total(asked(card, grams=501)) == usd("4.00")

    def test_a_flat_price_and_one_for_every_gram_are_two_bands(self) -> None:
        """In whatever order they stand, the card is the same."""
        bands = [Band("US", 500, usd("1.50")), Band("US", 500, usd("1.50"), each_grams=1)]

        assert flat(*bands) == flat(*reversed(bands))
        assert total(asked(flat(*bands), grams=2)) == usd("1.50")

    def test_a_card_says_where_it_falls_zone_by_zone(self) -> None:
        """In the order of its zones; most never do."""
        zones = (AMERICA, Zone("Germany", frozenset({DE})), Zone("France", frozenset({FR})))
        card = flat(
            Band("Germany", 500, usd("5.00")),
            Band("Germany", 1000, usd("4.99")),
            Band("US", 500, usd("5.00")),
            Band("US", 700, usd("3.00")),
            # A step on top of a price is above it.
            Band("US", 1000, usd("0.00"), each_grams=10),
            Band("US", 2000, usd("1.00"), each_grams=100),
            zones=zones,
        )

        assert card.falls() == (("US", 500), ("Germany", 500))
        assert economy().falls() == ()

    def test_a_band_of_no_price_is_free(self) -> None:
        """Free is a price; it is not the absence of one."""
        card = flat(Band("US", 500, usd("0.00")), Band("US", 1000, usd("5.00")))

        free = asked(card, grams=500)

        assert amounts(free) == ["0.00 USD"]
        assert total(free) == usd("0.00")
        assert total(asked(card, grams=501)) == usd("5.00")
        assert codes(asked(card, grams=1001)) == ["no_rate"]

    @pytest.mark.parametrize("minor", [-1, 10**12 + 1])
    def test_a_price_is_within_what_a_parcel_costs(self, minor: int) -> None:
        """A million million minor units at most."""
        with pytest.raises(InvalidValueError, match=r"price .* allowed: 0 to 1000000000000 minor"):
            Band("US", 500, Money(minor, "USD"))

        assert Band("US", 500, Money(10**12, "USD")).price.minor == 10**12

    @pytest.mark.parametrize("price", [5, 5.0, "5.00", Decimal(5), None])
    def test_a_price_is_money(self, price: object) -> None:
        """A bare number has no currency, and a float is not what it looks like."""
        with pytest.raises(InvalidTypeError):
            Band("US", 500, price)  # type: ignore[arg-type]  # wrong on purpose

    @pytest.mark.parametrize("wrong", [0, -1, 1_000_000_001])
    def test_a_band_holds_some_weight(self, wrong: int) -> None:
        """A gram at least, and its steps do too."""
        for right in (1, 1_000_000_000):
            band = Band("US", right, usd("5.00"), each_grams=right)
            assert (band.up_to_grams, band.each_grams) == (right, right)
        with pytest.raises(InvalidValueError, match=r"band's weight in grams .* is out of range"):
            Band("US", wrong, usd("5.00"))
        with pytest.raises(InvalidValueError, match=r"band's step in grams .* is out of range"):
            Band("US", 500, usd("5.00"), each_grams=wrong)

    @pytest.mark.parametrize("wrong", [True, 500.0, "500"])
    def test_a_band_is_in_whole_grams(self, wrong: object) -> None:
        """Both its limit and its steps."""
        with pytest.raises(InvalidTypeError, match="band's weight in grams is given as"):
            Band("US", wrong, usd("5.00"))  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(InvalidTypeError, match="band's step in grams is given as"):
            Band("US", 500, usd("5.00"), each_grams=wrong)  # type: ignore[arg-type]  # wrong on purpose

    def test_a_band_says_which_weights_it_holds(self) -> None:
        """For lists of them."""
        assert str(Band("US", 500, usd("5.00"))) == "up to 500 g"
        assert str(Band("US", 500, usd("5.00"), each_grams=10)) == "up to 500 g, each 10 g"


# Example prices: 20 g cost 4.00, each further 10 g up to 100 g 1.50, each further 100 g up to 1 kg
# 3.00, and above that a flat price, on which each further 500 g cost 2.00.
CHAIN = (
    Band("US", 20, usd("4.00")),
    Band("US", 100, usd("1.50"), each_grams=10),
    Band("US", 1000, usd("3.00"), each_grams=100),
    Band("US", 2000, usd("50.00")),
    Band("US", 3200, usd("2.00"), each_grams=500),
)


class TestSteps:
    """Each started so many grams above the band below come on top of what that one costs."""

    @pytest.mark.parametrize(
        ("grams", "price"),
        [
            (1, "4.00"),
            (20, "4.00"),
            # A started step is a whole one.
            (21, "5.50"),
            (30, "5.50"),
            (31, "7.00"),
            (90, "14.50"),
            (91, "16.00"),
            (100, "16.00"),
            # The next band begins from there: 4.00 and eight steps, then steps of its own.
            (101, "19.00"),
            (200, "19.00"),
            (201, "22.00"),
            (901, "43.00"),
            (1000, "43.00"),
            # A flat price begins anew.
            (1001, "50.00"),
            (2000, "50.00"),
            (2001, "52.00"),
            (2500, "52.00"),
            (2501, "54.00"),
            # The last step is cut short by the limit, and costs as much.
            (3001, "56.00"),
            (3200, "56.00"),
        ],
    )
    def test_steps_are_chained_over_the_bands(self, grams: int, price: str) -> None:
        """To the unit, on both sides of every step."""
        assert total(asked(flat(*CHAIN), grams=grams)) == usd(price)

    def test_above_the_last_band_there_is_no_price(self) -> None:
        """However the steps would go on."""
        answer = asked(flat(*CHAIN), grams=3201)

        text = "3201 g are above the 3200 g of Flat, zone US (actual 3201 g)"
        assert reasons(answer) == (Reason("no_rate", text),)

    def test_steps_without_a_band_below_begin_with_nothing(self) -> None:
        """The first one costs as much as any."""
        card = flat(Band("US", 1000, usd("2.50"), each_grams=250))
        expected = {1: "2.50", 250: "2.50", 251: "5.00", 500: "5.00", 751: "10.00", 1000: "10.00"}

        assert {it: str(total(asked(card, grams=it))) for it in expected} == {
            it: f"{price} USD" for it, price in expected.items()
        }

    def test_the_base_of_a_step_is_the_cheapest_of_the_bands_below(self) -> None:
        """Two limits at 500 g, of which the step at its limit costs 3.00 and the other 4.00."""
        below = (Band("US", 500, usd("4.00")), Band("US", 500, usd("1.00"), each_grams=200))
        card = flat(*below, Band("US", 900, usd("0.25"), each_grams=100))

        assert total(asked(card, grams=500)) == usd("3.00")
        assert total(asked(card, grams=501)) == usd("3.25")
        assert total(asked(card, grams=900)) == usd("4.00")

    def test_steps_of_another_zone_are_not_counted(self) -> None:
        """Each zone has a chain of its own."""
        zones = (AMERICA, Zone("Germany", frozenset({DE})))
        card = flat(*CHAIN, Band("Germany", 500, usd("1.00"), each_grams=100), zones=zones)

        assert total(asked(card, country=DE, grams=150)) == usd("2.00")
        assert total(asked(card, grams=150)) == usd("19.00")
        assert [card.heaviest(zone) for zone in (*zones, Zone("France"))] == [3200, 500, 0]

    @given(st.permutations(CHAIN), st.integers(1, 3200))
    def test_the_order_of_bands_never_matters(self, bands: list[Band], grams: int) -> None:
        """Cards of the same bands are equal and price alike."""
        card, shuffled = flat(*CHAIN), flat(*bands)

        assert shuffled == card
        assert asked(shuffled, grams=grams) == asked(card, grams=grams)

    @given(st.integers(1, 3199))
    def test_a_step_never_makes_a_heavier_parcel_cheaper(self, grams: int) -> None:
        """Nor does a card that says that it does not fall."""
        card = flat(*CHAIN)

        assert card.falls() == ()
        assert card.freight(AMERICA, grams) <= card.freight(AMERICA, grams + 1)

    def test_steps_may_not_add_up_to_more_than_any_parcel_costs(self) -> None:
        """A million million minor units at the heaviest, that amount included."""
        most = Band("US", 1000, Money(10**9, "USD"), each_grams=1)

        assert total(asked(flat(most), grams=1000)) == Money(10**12, "USD")
        with pytest.raises(InvalidValueError) as refusal:
            flat(most, Band("US", 1001, Money(1, "USD"), each_grams=1))
        with pytest.raises(InvalidValueError):
            flat(Band("US", 1_000_000_000, Money(10**12, "USD"), each_grams=1))
        assert str(refusal.value) == (
            "price in zone US '10000000000.01 USD' is out of range; "
            "allowed: 0 to 1000000000000 minor units"
        )

    def test_steps_may_not_do_so_below_the_heaviest_band_either(self) -> None:
        """A cheap band on top hides nothing."""
        with pytest.raises(InvalidValueError, match="price in zone US"):
            flat(
                Band("US", 1001, Money(10**9, "USD"), each_grams=1),
                Band("US", 2000, usd("1.00")),
            )


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
            ("995 01", "beyond"),
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
            assert asked(card, postal_code=code, dimensions=SMALL) == asked(
                turned, postal_code=code, dimensions=SMALL
            )

    def test_a_postal_code_counts_within_its_country_only(self) -> None:
        """34001 is Alaska to nobody in Germany."""
        assert economy().zone_of(DE, "34001") == Zone("Germany", frozenset({DE}))
        assert economy().zone_of(FR, "34001") is None

    def test_a_zone_without_prefixes_asks_for_no_postal_code(self) -> None:
        """Only a card that tells parts of a country apart does."""
        assert total(asked(flat(), postal_code="")) == usd("10.00")
        assert economy().needs_postal_code(US)
        assert not economy().needs_postal_code(DE)
        assert not flat().needs_postal_code(US)


ISLANDS = Zone("islands", frozenset({US}), ("967", "968"))
PROMISED = Window(instant("2026-03-02T00:00:00Z"), instant("2026-03-08T00:00:00Z"))


def fixed(
    amount: str,
    *,
    zones: tuple[Zone, ...] = (),
    beyond: SizeLimits | None = None,
    during: Window | None = None,
) -> Surcharge:
    """Give a fixed surcharge in dollars, and the conditions of it."""
    return Surcharge(name="fixed", charge=usd(amount), zones=zones, beyond=beyond, during=during)


def percent(rate: str, of: PercentOf = PercentOf.FREIGHT) -> Surcharge:
    """Give a surcharge in percent."""
    return Surcharge(name=f"{rate} %", charge=Percent(rate, of))


class TestBreakdown:
    """A price is made in a stated order, and its lines add up to the total."""

    def test_a_price_shows_its_breakdown(self) -> None:
        """The weight charged for stands beside the lines."""
        price = priced(grams=900, dimensions=Dimensions(200, 200, 250))

        assert price == Price(
            zone="mainland",
            chargeable=ChargeableWeight(1250, 900, 1250, "volumetric 1250 g"),
            lines=(PriceLine("Economy, zone mainland, 1250 g", yen(4085)),),
        )

    def test_freight_then_minimum_then_surcharges_then_insurance(self) -> None:
        """The surcharges in the order of the card."""
        card = flat(
            minimum="12.00",
            surcharges=(
                Surcharge(name="fuel", charge=Percent("10")),
                Surcharge(name="remote", charge=usd("3.00")),
                Surcharge(name="peak", charge=Percent("10", PercentOf.SUBTOTAL)),
            ),
            insurance=Insurance(percent="2", least=usd("0.50"), most_insured=usd("500.00")),
        )

        price = asked(card, insured=usd("100.00"))

        assert lines(price) == [
            ("Flat, zone US, 500 g", "10.00 USD"),
            ("to the minimum of 12.00 USD", "2.00 USD"),
            ("fuel", "1.20 USD"),
            ("remote", "3.00 USD"),
            # Of 10.00, 2.00, 1.20 and 3.00.
            ("peak", "1.62 USD"),
            ("insurance of 100.00 USD", "2.00 USD"),
        ]
        assert total(price) == usd("19.82")

    def test_the_order_of_surcharges_is_that_of_the_card(self) -> None:
        """It decides what a later one is taken of."""
        half, three = percent("50", PercentOf.SUBTOTAL), fixed("3.00")

        assert amounts(asked(flat(surcharges=(half, three)))) == [
            "10.00 USD",
            "5.00 USD",
            "3.00 USD",
        ]
        assert amounts(asked(flat(surcharges=(three, half)))) == [
            "10.00 USD",
            "3.00 USD",
            "6.50 USD",
        ]

    @pytest.mark.parametrize(
        ("minimum", "expected"),
        [
            ("9.99", ["10.00 USD"]),
            ("10.00", ["10.00 USD"]),
            ("10.01", ["10.00 USD", "0.01 USD"]),
        ],
    )
    def test_only_what_is_missing_to_the_minimum_is_added(
        self, minimum: str, expected: list[str]
    ) -> None:
        """Nothing where the freight reaches it."""
        assert amounts(asked(flat(minimum=minimum))) == expected

    def test_the_minimum_is_of_the_freight_alone(self) -> None:
        """Surcharges and insurance do not count towards it."""
        insurance = Insurance(percent="1", least=usd("5.00"), most_insured=usd("500.00"))
        card = flat(minimum="12.00", surcharges=(fixed("5.00"),), insurance=insurance)

        assert amounts(asked(card, insured=usd("1.00"))) == [
            "10.00 USD",
            "2.00 USD",
            "5.00 USD",
            "5.00 USD",
        ]

    def test_a_percentage_is_of_the_freight_or_of_all_lines_before(self) -> None:
        """The freight includes what was added to reach the minimum."""
        card = flat(
            minimum="12.00",
            surcharges=(
                fixed("8.00"),
                percent("10"),
                percent("10", PercentOf.SUBTOTAL),
                percent("10"),
            ),
        )

        assert amounts(asked(card)) == [
            "10.00 USD",
            "2.00 USD",
            "8.00 USD",
            "1.20 USD",
            # Of 10.00, 2.00, 8.00 and 1.20.
            "2.12 USD",
            "1.20 USD",
        ]

    @pytest.mark.parametrize(
        ("price", "rate", "expected"),
        [
            # 0.5 cents up, and a little less down.
            ("10.00", "0.05", "0.01 USD"),
            ("10.00", "0.049999", "0.00 USD"),
            # Half to even would give 0.12.
            ("2.50", "5", "0.13 USD"),
            ("2.49", "5", "0.12 USD"),
            ("10.00", "12.345678", "1.23 USD"),
            ("10.00", "0", "0.00 USD"),
            ("10.00", "100", "10.00 USD"),
        ],
    )
    def test_each_line_is_rounded_half_up(self, price: str, rate: str, expected: str) -> None:
        """To the minor unit."""
        card = flat(price=price, surcharges=(percent(rate),))

        assert amounts(asked(card))[1:] == [expected]

    def test_lines_are_rounded_and_not_their_sum(self) -> None:
        """Two halves of a cent are two cents."""
        card = flat(surcharges=(percent("0.05"), percent("0.05")))

        assert total(asked(card)) == usd("10.02")

    def test_a_currency_without_decimals_is_rounded_to_whole_units(self) -> None:
        """2205 yen and 10 % are 2425.5 yen."""
        card = attrs.evolve(economy(), surcharges=(percent("10"),))

        assert amounts(asked(card, dimensions=SMALL)) == ["2205 JPY", "221 JPY"]

    def test_a_price_does_not_depend_on_the_decimal_context_of_the_application(self) -> None:
        """Precision and rounding of the host are the host's."""
        card = flat(
            price="10000.00",
            surcharges=(percent("12.345678"),),
            insurance=Insurance(percent="1.2345", least=usd("0.00"), most_insured=usd("9000.00")),
        )

        with localcontext() as context:
            context.prec = 2
            price = asked(card, insured=usd("8000.00"))

        assert amounts(price) == ["10000.00 USD", "1234.57 USD", "98.76 USD"]

    def test_the_total_adds_up_the_lines(self) -> None:
        """A surcharge is a line of its own."""
        price = Price(
            zone="US",
            chargeable=ChargeableWeight(1, 1, 0, "actual 1 g"),
            lines=(PriceLine("fare", usd("5.00")), PriceLine("fuel", usd("0.75"))),
        )

        assert price.total == usd("5.75")

    def test_a_price_of_no_lines_has_no_total(self) -> None:
        """It is in no currency, and says so with our own error."""
        with pytest.raises(ApacLogisticsError):
            Price(zone="US", chargeable=ChargeableWeight(1, 1, 0, "actual 1 g"), lines=()).total  # noqa: B018

    @given(
        st.integers(1, 2000),
        st.decimals(0, 100, places=6).map(str),
        st.sampled_from(PercentOf),
        st.integers(0, 10**6),
    )
    def test_lines_add_up_to_the_total(
        self, grams: int, rate: str, of: PercentOf, cents: int
    ) -> None:
        """Whatever was added."""
        surcharges = (percent(rate, of), Surcharge(name="x", charge=Money(cents, "USD")))
        answer = asked(flat(minimum="12.34", surcharges=surcharges), grams=grams)

        assert isinstance(answer, Price)
        assert answer.total.minor == sum(line.amount.minor for line in answer.lines)
        assert all(line.amount >= usd("0.00") for line in answer.lines)


class TestSurcharges:
    """What is added is added where all of its conditions hold."""

    def test_a_surcharge_without_conditions_is_always_added(self) -> None:
        """Whatever is asked for."""
        assert amounts(asked(flat(surcharges=(fixed("1.00"),)))) == ["10.00 USD", "1.00 USD"]

    @pytest.mark.parametrize(
        ("postal_code", "is_added"),
        [("96701", True), ("968-15", True), ("96601", False), ("10001", False)],
    )
    def test_a_remote_area_is_charged_by_its_zones(
        self, postal_code: str, *, is_added: bool
    ) -> None:
        """One of them is enough."""
        guam = Zone("Guam", frozenset({US}), ("969",))
        card = flat(surcharges=(fixed("1.00", zones=(guam, ISLANDS)),))

        assert len(amounts(asked(card, postal_code=postal_code))) == 1 + is_added
        assert len(amounts(asked(card, postal_code="96910"))) == 2

    def test_a_remote_area_cannot_be_known_without_a_postal_code(self) -> None:
        """To leave the charge out would be a guess, though the zone itself is known."""
        card = flat(surcharges=(fixed("1.00", zones=(ISLANDS,)),))

        assert codes(asked(card, postal_code="")) == ["postal_code_missing"]

    @pytest.mark.parametrize(("length", "is_added"), [(600, False), (601, True)])
    def test_an_oversize_parcel_is_charged_beyond_the_limits(
        self, length: int, *, is_added: bool
    ) -> None:
        """The limit itself is not beyond."""
        card = flat(surcharges=(fixed("1.00", beyond=SizeLimits(max_length_mm=600)),))

        answer = asked(card, dimensions=Dimensions(length, 10, 10))

        assert len(amounts(answer)) == 1 + is_added

    @pytest.mark.parametrize(("grams", "is_added"), [(1000, False), (1001, True)])
    def test_a_heavy_parcel_is_charged_by_its_actual_weight(
        self, grams: int, *, is_added: bool
    ) -> None:
        """And nobody has to measure it."""
        card = flat(surcharges=(fixed("1.00", beyond=SizeLimits(max_grams=1000)),))

        assert len(amounts(asked(card, grams=grams))) == 1 + is_added
        assert not card.needs_dimensions

    def test_one_of_the_limits_is_enough_to_be_beyond_them(self) -> None:
        """Too heavy or too long."""
        limits = SizeLimits(max_grams=1000, max_length_mm=600)
        card = flat(surcharges=(fixed("1.00", beyond=limits),))
        found = {
            (grams, length): len(amounts(asked(card, grams=grams, dimensions=sides))) - 1
            for grams in (1000, 1001)
            for length in (600, 601)
            for sides in [Dimensions(length, 10, 10)]
        }

        assert found == {(1000, 600): 0, (1000, 601): 1, (1001, 600): 1, (1001, 601): 1}

    def test_a_size_that_decides_about_a_charge_must_be_known(self) -> None:
        """Else it might be left out."""
        oversize = fixed("1.00", beyond=SizeLimits(max_length_mm=600))
        card = flat(surcharges=(oversize,))
        text = "the price on Flat depends on the size, and it is not known"

        assert oversize.needs_dimensions
        assert not fixed("1.00").needs_dimensions
        assert not fixed("1.00", beyond=SizeLimits(max_grams=1)).needs_dimensions
        assert card.needs_dimensions
        assert reasons(asked(card)) == (Reason("dimensions_missing", text),)

    @pytest.mark.parametrize(
        ("at", "is_added"),
        [
            ("2026-03-01T23:59:59.999999Z", False),
            ("2026-03-02T00:00:00Z", True),
            ("2026-03-05T12:00:00Z", True),
            ("2026-03-08T00:00:00Z", True),
            ("2026-03-08T00:00:00.000001Z", False),
        ],
    )
    def test_a_peak_is_charged_during_its_window(self, at: str, *, is_added: bool) -> None:
        """Both ends included."""
        card = flat(surcharges=(fixed("1.00", during=PROMISED),))

        assert len(amounts(asked(card, at=instant(at)))) == 1 + is_added

    @pytest.mark.parametrize("there", [True, False])
    @pytest.mark.parametrize("beyond", [True, False])
    @pytest.mark.parametrize("during", [True, False])
    def test_all_conditions_must_hold(self, *, there: bool, beyond: bool, during: bool) -> None:
        """Two of three are not enough."""
        surcharge = fixed(
            "1.00", zones=(ISLANDS,), beyond=SizeLimits(max_grams=1000), during=PROMISED
        )

        answer = asked(
            flat(surcharges=(surcharge,)),
            postal_code="96701" if there else "10001",
            grams=1001 if beyond else 1000,
            at=day(2) if during else day(20),
        )

        assert len(amounts(answer)) == 1 + (there and beyond and during)

    def test_a_fixed_charge_in_another_currency_takes_a_dated_rate(self) -> None:
        """The latest one as of the instant; 150 yen are 1.005 dollars, which is rounded half up."""
        card = flat(surcharges=(Surcharge(name="handling", charge=yen(150)),))
        rates = [
            rate("JPY", "0.9", at="2026-03-02T12:00:00.000001Z"),
            rate("JPY", "0.0067", at="2026-03-02T12:00:00Z"),
            rate("JPY", "0.5", at="2026-03-01T12:00:00Z"),
        ]

        assert amounts(asked(card, rates=rates)) == ["10.00 USD", "1.01 USD"]
        assert amounts(asked(card, rates=iter(rates), at=day(2))) == ["10.00 USD", "75.00 USD"]

    @pytest.mark.parametrize(
        "rates",
        [
            (),
            (rate("JPY", "0.0067", at="2026-03-02T12:00:00.000001Z"),),
            (rate("USD", "150", quote="JPY"),),
        ],
        ids=["none", "dated later", "turned round"],
    )
    def test_without_a_rate_there_is_no_price(self, rates: tuple[ExchangeRate, ...]) -> None:
        """The reason names the pair and the instant."""
        card = flat(surcharges=(Surcharge(name="handling", charge=yen(150)),))

        answer = asked(card, rates=rates)

        text = "there is no exchange rate from JPY to USD as of 2026-03-02T12:00:00Z"
        assert reasons(answer) == (Reason("no_exchange_rate", text),)

    def test_a_charge_that_does_not_apply_takes_no_rate(self) -> None:
        """Nobody asks for what is not needed."""
        surcharge = Surcharge(name="islands", charge=yen(150), zones=(ISLANDS,))

        assert amounts(asked(flat(surcharges=(surcharge,)))) == ["10.00 USD"]

    def test_a_charge_that_becomes_too_much_is_a_reason(self) -> None:
        """A rate may be a slip of the pen."""
        surcharge = Surcharge(name="handling", charge=yen(10**12))

        answer = asked(flat(surcharges=(surcharge,)), rates=[rate("JPY", "999999")])

        assert codes(answer) == ["amount_out_of_range"]

    def test_charges_that_become_too_much_together_are_a_reason(self) -> None:
        """Each of them is an amount of money."""
        half = Surcharge(name="one half", charge=yen(6 * 10**11))
        both = flat(surcharges=(half, attrs.evolve(half, name="the other")))

        [reason] = reasons(asked(both, rates=[rate("JPY", "100")]))

        assert reason.code == "amount_out_of_range"
        assert "the other" in reason.text

    def test_charges_that_add_up_to_too_much_are_a_reason(self) -> None:
        """They double fourteen times; nothing is raised, and there is no price beyond money."""
        double = percent("100", PercentOf.SUBTOTAL)
        card = flat(price="10000000000.00", surcharges=(double,) * 15)

        assert isinstance(asked(card), Unpriced)

    @pytest.mark.parametrize("minor", [-1, 10**12 + 1])
    def test_a_charge_is_not_below_nothing(self, minor: int) -> None:
        """Nor beyond what a parcel costs; both limits are allowed."""
        for right in (0, 10**12):
            assert Surcharge(name="x", charge=Money(right, "USD")).charge == Money(right, "USD")
        with pytest.raises(InvalidValueError, match=r"surcharge .* is out of range"):
            Surcharge(name="x", charge=Money(minor, "USD"))

    @pytest.mark.parametrize("charge", [1, 1.5, "1.50", Decimal("1.5"), None])
    def test_a_charge_is_money_or_a_percentage(self, charge: object) -> None:
        """A bare number could be either."""
        with pytest.raises(InvalidTypeError):
            Surcharge(name="x", charge=charge)  # type: ignore[arg-type]  # wrong on purpose

    def test_a_percentage_is_of_the_freight_unless_it_says_otherwise(self) -> None:
        """And of nothing else than these two."""
        assert Percent("10") == Percent(Decimal(10), PercentOf.FREIGHT)
        assert [it.value for it in PercentOf] == ["the freight", "all lines before it"]
        with pytest.raises(InvalidTypeError):
            Percent("10", "the freight")  # type: ignore[arg-type]  # wrong on purpose


# Example terms: two percent, five dollars at least, up to 1000 dollars.
COVER = Insurance(percent="2", least=usd("5.00"), most_insured=usd("1000.00"))


class TestInsurance:
    """A percentage of the insured value, with a least premium and a cap."""

    def test_without_a_value_nothing_is_insured(self) -> None:
        """Nor paid for."""
        assert amounts(asked(flat(insurance=COVER))) == ["10.00 USD"]

    @pytest.mark.parametrize(
        ("value", "premium"),
        [
            ("1.00", "5.00 USD"),
            ("249.99", "5.00 USD"),
            ("250.00", "5.00 USD"),
            # 5.005 dollars.
            ("250.24", "5.00 USD"),
            ("250.25", "5.01 USD"),
            ("999.99", "20.00 USD"),
            ("1000.00", "20.00 USD"),
        ],
    )
    def test_a_premium_is_a_percentage_and_a_least_amount(self, value: str, premium: str) -> None:
        """Rounded half up; the cap is included."""
        answer = asked(flat(insurance=COVER), insured=usd(value))

        assert lines(answer)[1:] == [(f"insurance of {value} USD", premium)]

    def test_a_value_above_the_cap_is_not_insured(self) -> None:
        """By a cent; there is no price rather than half a cover."""
        answer = asked(flat(insurance=COVER), insured=usd("1000.01"))

        text = "value of 1000.01 USD is above the 1000.00 USD that Flat insures"
        assert reasons(answer) == (Reason("insurance_above_cap", text),)

    def test_a_card_may_not_offer_insurance(self) -> None:
        """Who asks for it gets no price without."""
        answer = asked(flat(), insured=usd("1.00"))

        text = "Flat insures nothing, asked for 1.00 USD"
        assert reasons(answer) == (Reason("insurance_not_offered", text),)

    def test_amounts_in_other_currencies_take_rates(self) -> None:
        """The value in euros, the least premium in pounds, the cap in yen; the card in dollars."""
        terms = Insurance(percent="2", least=Money.of("4.00", "GBP"), most_insured=yen(100_000))
        card = flat(insurance=terms)
        rates = [rate("EUR", "1.1"), rate("GBP", "1.25"), rate("JPY", "0.0066")]

        def insured(euros: str) -> Price | Unpriced:
            return asked(card, insured=Money.of(euros, "EUR"), rates=rates)

        # 110.00 dollars, of which 2 % are less than 5.00.
        assert lines(insured("100.00"))[1:] == [("insurance of 100.00 EUR", "5.00 USD")]
        # 330.00 dollars.
        assert lines(insured("300.00"))[1:] == [("insurance of 300.00 EUR", "6.60 USD")]
        # The cap is 660.00 dollars, which 600.00 euros are.
        assert lines(insured("600.00"))[1:] == [("insurance of 600.00 EUR", "13.20 USD")]
        assert codes(insured("600.01")) == ["insurance_above_cap"]

    def test_what_is_exchanged_is_rounded_half_up_before_the_premium(self) -> None:
        """Five euro cents are two and a half, of which the premium is all; and so is the least."""
        euros = Money.of("0.05", "EUR")
        terms = Insurance(percent="100", least=usd("0.00"), most_insured=usd("9.00"))
        least = Insurance(percent="0", least=euros, most_insured=usd("9.00"))

        for cover in (terms, least):
            answer = asked(flat(insurance=cover), insured=euros, rates=[rate("EUR", "0.5")])
            assert amounts(answer)[1:] == ["0.03 USD"]

    def test_every_rate_that_is_missing_is_a_reason(self) -> None:
        """Of the value, of the least premium and of the cap."""
        terms = Insurance(percent="2", least=Money.of("4.00", "GBP"), most_insured=yen(100_000))

        answer = asked(flat(insurance=terms), insured=Money.of("1.00", "EUR"))

        assert [str(reason) for reason in reasons(answer)] == [
            f"there is no exchange rate from {code} to USD as of 2026-03-02T12:00:00Z"
            for code in ("EUR", "GBP", "JPY")
        ]

    @pytest.mark.parametrize("missing", ["EUR", "GBP", "JPY"])
    def test_one_rate_that_is_missing_is_enough_for_no_price(self, missing: str) -> None:
        """Whichever of the three it is of; one that is dated later is missing, too."""
        terms = Insurance(percent="2", least=Money.of("4.00", "GBP"), most_insured=yen(100_000))
        rates = [
            rate(
                code, "1", at="2026-03-03T00:00:00Z" if code == missing else "2026-03-01T00:00:00Z"
            )
            for code in ("EUR", "GBP", "JPY")
        ]

        answer = asked(flat(insurance=terms), insured=Money.of("1.00", "EUR"), rates=rates)

        text = f"there is no exchange rate from {missing} to USD as of 2026-03-02T12:00:00Z"
        assert reasons(answer) == (Reason("no_exchange_rate", text),)

    def test_a_value_above_a_cap_of_its_own_currency_does_not_slip_under_it(self) -> None:
        """10,040 rupiah are above 10,000, though both are 94 yen."""
        terms = Insurance(percent="1", least=yen(10), most_insured=Money.of("10000", "IDR"))
        card = attrs.evolve(economy(), insurance=terms)
        rupiah = rate("IDR", "0.0094", quote="JPY")

        def insured(amount: str) -> Price | Unpriced:
            return asked(card, dimensions=SMALL, insured=Money.of(amount, "IDR"), rates=[rupiah])

        assert amounts(insured("10000")) == ["2205 JPY", "10 JPY"]
        assert codes(insured("10040")) == ["insurance_above_cap"]

    def test_a_value_below_nothing_is_not_insured(self) -> None:
        """Nobody owes the carrier a parcel."""
        with pytest.raises(InvalidValueError):
            asked(flat(insurance=COVER), insured=usd("-0.01"))

    @pytest.mark.parametrize("minor", [-1, 10**12 + 1])
    def test_terms_are_not_below_nothing(self, minor: int) -> None:
        """Nor beyond what a parcel costs; both limits are allowed."""
        wrong, nothing, most = (Money(it, "USD") for it in (minor, 0, 10**12))
        for right in (nothing, most):
            assert Insurance(percent="0", least=right, most_insured=right).least == right
        with pytest.raises(InvalidValueError, match=r"least premium .* is out of range"):
            Insurance(percent="1", least=wrong, most_insured=most)
        with pytest.raises(InvalidValueError, match=r"most that is insured .* is out of range"):
            Insurance(percent="1", least=nothing, most_insured=wrong)

    @pytest.mark.parametrize("amount", [5, 5.0, "5.00"])
    def test_terms_are_in_money(self, amount: object) -> None:
        """A bare number has no currency."""
        with pytest.raises(InvalidTypeError):
            Insurance(percent="1", least=amount, most_insured=usd("9.00"))  # type: ignore[arg-type]  # wrong on purpose


class TestReasons:
    """A missing rate is a reason to refuse; it is never zero."""

    def test_the_zone_cannot_be_known_without_a_postal_code(self) -> None:
        """To quote without one would be a guess; elsewhere it is not needed."""
        text = "the zone within US depends on the postal code, and there is none"

        for empty in ("", " ", "-"):
            assert reasons(priced(postal_code=empty)) == (Reason("postal_code_missing", text),)

    def test_nothing_is_said_of_a_zone_that_is_not_known(self) -> None:
        """3 kg are too heavy for one of two zones, and may be meant for the other one."""
        card = flat(
            Band("US", 1000, usd("10.00")),
            Band("islands", 5000, usd("30.00")),
            zones=(AMERICA, ISLANDS),
        )

        assert total(asked(card, grams=3000, postal_code="96701")) == usd("30.00")
        assert codes(asked(card, grams=3000, postal_code="10001")) == ["no_rate"]
        assert codes(asked(card, grams=3000, postal_code="")) == ["postal_code_missing"]

    def test_a_country_may_be_reached_by_postal_codes_alone(self) -> None:
        """Then nothing is known without one, and some places are not reached with one."""
        card = flat(Band("islands", 2000, usd("10.00")), zones=(ISLANDS,))

        assert total(asked(card, postal_code="96815")) == usd("10.00")
        assert codes(asked(card, postal_code="")) == ["postal_code_missing"]
        assert reasons(asked(card, postal_code="10001")) == (
            Reason("not_covered", "Flat does not reach US 10001"),
        )

    def test_a_card_does_not_reach_every_country(self) -> None:
        """It says which one it does not reach."""
        assert reasons(priced(country=FR, postal_code="")) == (
            Reason("not_covered", "Economy does not reach FR"),
        )
        assert reasons(priced(country=FR, postal_code="75001")) == (
            Reason("not_covered", "Economy does not reach FR 75001"),
        )

    def test_a_zone_may_have_no_rate(self) -> None:
        """It is named on the card, and nothing is said of its price."""
        assert reasons(priced(country=DE)) == (
            Reason("no_rate", "Economy has no rate for zone Germany"),
        )

    def test_a_parcel_may_be_too_heavy_by_its_volume(self) -> None:
        """The chargeable weight is what the bands are for."""
        answer = priced(grams=1000, dimensions=box(60, 60, 60))

        text = "27000 g are above the 25000 g of Economy, zone mainland (volumetric 27000 g)"
        assert reasons(answer) == (Reason("no_rate", text),)

    def test_a_size_that_is_not_known_is_not_passed_over(self) -> None:
        """Economy charges for it."""
        text = "the price on Economy depends on the size, and it is not known"

        assert reasons(priced(dimensions=None)) == (Reason("dimensions_missing", text),)

    @pytest.mark.parametrize("at", ["2026-03-01T09:00:00Z", "2026-03-31T08:59:59.999999Z"])
    def test_a_card_is_in_force_from_an_instant_on(self, at: str) -> None:
        """That instant included."""
        assert total(priced(at=instant(at))) == yen(2205)
        assert economy().is_in_force(instant(at))

    @pytest.mark.parametrize("at", ["2026-03-01T08:59:59.999999Z", "2026-03-31T09:00:00Z"])
    def test_a_card_is_not_in_force_before_or_after(self, at: str) -> None:
        """Its end does not belong to it, so that the next card can begin with it."""
        text = "Economy is in force from 2026-03-01T09:00:00Z until 2026-03-31T09:00:00Z, not at "

        (reason,) = reasons(priced(at=instant(at)))

        assert reason.code == "not_in_force"
        assert str(reason) == f"{text}{at}"
        assert not economy().is_in_force(instant(at))

    def test_a_card_may_be_open_ended(self) -> None:
        """Until another is published."""
        card = attrs.evolve(economy(), valid_until=None)

        late = asked(card, dimensions=SMALL, at=day(9999))
        early = asked(card, dimensions=SMALL, at=day(1, hour=8))

        assert total(late) == yen(2205)
        assert [str(it) for it in reasons(early)] == [
            "Economy is in force from 2026-03-01T09:00:00Z on, not at 2026-03-01T08:00:00Z"
        ]

    def test_reasons_come_together(self) -> None:
        """Out of force, without a postal code, without a size."""
        assert codes(priced(postal_code="", dimensions=None, at=day(60))) == [
            "not_in_force",
            "postal_code_missing",
            "dimensions_missing",
        ]

    def test_what_else_speaks_against_it_is_told_along(self) -> None:
        """In the order in which a price is made."""
        card = attrs.evolve(
            economy(),
            surcharges=(
                Surcharge(name="handling", charge=Money.of("1.00", "EUR")),
                Surcharge(name="far", charge=Money.of("1.00", "GBP"), zones=(ISLANDS,)),
                percent("10"),
            ),
            insurance=Insurance(percent="1", least=yen(0), most_insured=yen(1000)),
        )

        too_heavy = asked(
            card, grams=26_000, dimensions=SMALL, insured=yen(1001), at=day(60), postal_code="10001"
        )
        not_covered = asked(card, country=FR, insured=yen(1001), dimensions=SMALL)

        assert codes(too_heavy) == [
            "not_in_force",
            "no_rate",
            "no_exchange_rate",
            "insurance_above_cap",
        ]
        assert codes(not_covered) == ["not_covered", "no_exchange_rate", "insurance_above_cap"]

    def test_a_reason_alone_is_enough_for_no_price(self) -> None:
        """Though freight and all other lines are known."""
        card = flat(surcharges=(fixed("1.00"), Surcharge(name="x", charge=yen(1))))

        assert codes(asked(card)) == ["no_exchange_rate"]


class TestRateCard:
    """A card that exists does not contradict itself."""

    def test_zones_have_different_names(self) -> None:
        """A band names its zone."""
        with pytest.raises(InvalidValueError) as refusal:
            flat(zones=(AMERICA, AMERICA))

        assert str(refusal.value) == (
            "zone of rate card Flat 'US' names a zone twice; allowed: one name a zone"
        )

    def test_zones_do_not_share_a_place(self) -> None:
        """The price there would be a matter of chance."""
        with pytest.raises(InvalidValueError, match="'America' covers US, as 'US' does"):
            flat(zones=(AMERICA, Zone("America", frozenset({US, DE}))))

    def test_a_band_is_in_a_zone_of_the_card(self) -> None:
        """Both what is wrong and what is there are named."""
        lost = (Band("Pluto", 500, yen(1)), Band("Mars", 500, yen(1)))

        with pytest.raises(InvalidValueError, match="'Mars' is not on the card") as refusal:
            attrs.evolve(economy(), bands=lost)

        assert "mainland, beyond, Germany" in str(refusal.value)

    def test_a_card_is_in_one_currency(self) -> None:
        """Its minimum too; surcharges and insurance may be in others."""
        card = economy()

        with pytest.raises(InvalidValueError, match="'Economy' is not in one currency"):
            attrs.evolve(card, bands=(*card.bands, Band("beyond", 16_000, usd("90.00"))))
        with pytest.raises(InvalidValueError, match="'Economy' is not in one currency"):
            attrs.evolve(card, minimum=usd("1.00"))
        assert str(card.currency) == "JPY"
        assert attrs.evolve(card, minimum=yen(1)).minimum == yen(1)

    def test_a_card_without_bands_is_in_no_currency(self) -> None:
        """Nothing has a price on it."""
        with pytest.raises(InvalidValueError, match="is not in one currency"):
            attrs.evolve(economy(), bands=())

    def test_a_minimum_does_not_stand_for_bands(self) -> None:
        """There is still nothing that has a price, and our own error says so."""
        with pytest.raises(InvalidValueError):
            attrs.evolve(economy(), bands=(), minimum=yen(1))

    @pytest.mark.parametrize("minor", [-1, 10**12 + 1])
    def test_a_minimum_is_within_what_a_parcel_costs(self, minor: int) -> None:
        """As every price on the card is."""
        with pytest.raises(InvalidValueError):
            attrs.evolve(economy(), minimum=yen(minor))

    @pytest.mark.parametrize("minimum", [0, 5.0, "5.00"])
    def test_a_minimum_is_money(self, minimum: object) -> None:
        """A bare number has no currency."""
        with pytest.raises(InvalidTypeError):
            attrs.evolve(economy(), minimum=minimum)  # type: ignore[arg-type]  # wrong on purpose

    @pytest.mark.parametrize("until", ["2026-03-01T09:00:00Z", "2026-03-01T08:59:59Z"])
    def test_a_card_does_not_end_before_it_begins(self, until: str) -> None:
        """Nor at the same instant, at which it would hold and not hold."""
        with pytest.raises(InvalidValueError) as refusal:
            attrs.evolve(economy(), valid_until=until)

        assert str(refusal.value) == (
            f"end of rate card '{until}' is early; allowed: after 2026-03-01T09:00:00Z"
        )

    def test_a_card_may_hold_for_an_instant(self) -> None:
        """It is short, and no contradiction."""
        card = attrs.evolve(economy(), valid_until="2026-03-01T09:00:00.000001Z")

        assert card.is_in_force(day(1))
        assert not card.is_in_force(day(1).add(microseconds=1))

    @pytest.mark.parametrize("at", [20260302, 1.5, None, True])
    def test_an_instant_is_no_number(self, at: object) -> None:
        """Neither that of a card, nor that of a question."""
        with pytest.raises(InvalidTypeError, match="instant is given as"):
            attrs.evolve(economy(), valid_from=at)  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(InvalidTypeError, match="instant is given as"):
            asked(economy(), at=at)  # type: ignore[arg-type]  # wrong on purpose

    def test_zones_and_bands_are_what_the_price_is_found_by(self) -> None:
        """The freight by the bands alone, without the minimum and what is added."""
        card = flat(*CHAIN, minimum="99.00", surcharges=(fixed("1.00"),))

        assert card.freight(AMERICA, 101) == usd("19.00")
        for nothing in (0, -900):
            with pytest.raises(InvalidValueError, match="chargeable weight in grams"):
                card.freight(AMERICA, nothing)
        with pytest.raises(NotFoundError, match="rate for zone"):
            card.freight(Zone("elsewhere"), 1)
        # The heaviest is the most.
        assert card.freight(AMERICA, 9999) == card.freight(AMERICA, 3200) == usd("56.00")
        assert card.heaviest(AMERICA) == 3200


@with_data
@pytest.mark.parametrize("service", ["T28", "E34"])
def test_a_published_rate_sheet_gives_its_own_prices(service: str) -> None:
    """Every row of Australia Post's domestic sheet is the price at its upper limit."""
    text = (DATA / "rate_cards" / "karrio_australiapost_services.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["service_code"] == service]
    prices = {grams(row["max_weight"]): Money.of(row["rate"], row["currency"]) for row in rows}
    card = RateCard(
        name=service,
        zones=(Zone("Australia", frozenset({AU})),),
        bands=tuple(Band("Australia", most, price) for most, price in prices.items()),
        valid_from=day(1),
    )

    found = {most: total(asked(card, country=AU, grams=most)) for most in prices}

    assert len(prices) == 6
    assert found == prices


@with_data
def test_the_published_billing_rules_of_australia_are_ours() -> None:
    """Divisors, the long side, the free allowance and the least weights, as they are printed."""
    text = (DATA / "rate_cards" / "speedpak_au_billing_rules.csv").read_text(encoding="utf-8")
    rules = {row["rule"]: row["value"] for row in csv.DictReader(text.splitlines())}
    printed = (
        rules["first_billing_volumetric_divisor"],
        rules["second_billing_volumetric_divisor"],
        rules["standard_min_charge_g"],
        rules["economy_and_light_min_charge_g"],
        rules["oversize_trigger_cm"],
        rules["free_volumetric_allowance"],
    )

    assert printed == ("6000", "4000", "50", "1", "any side >= 40", "30% over actual weight")
    assert (AUSTRALIA_STANDARD.divisor, AUSTRALIA_SECOND.divisor) == (6000, 4000)
    assert (AUSTRALIA_STANDARD.least_grams, AUSTRALIA_ECONOMY.least_grams) == (50, 1)


@with_data
@pytest.mark.parametrize("actual", [1, 30, 49, 50, 51, 999, 2000, 4000, 7691, 7692, 7693, 22_000])
@pytest.mark.parametrize("sides_cm", [(39, 39, 39), (40, 30, 26), (50, 40, 30), (41, 33, 29)])
def test_the_published_formula_of_australia_gives_our_weights(
    actual: int, sides_cm: tuple[int, int, int]
) -> None:
    """All sides below 40, or within 1.3 times: actual; else actual and what is above 1.3 times."""
    text = (DATA / "rate_cards" / "speedpak_au_billing_rules.csv").read_text(encoding="utf-8")
    rules = {row["rule"]: row["value"] for row in csv.DictReader(text.splitlines())}
    length, width, height = sides_cm
    billings = [
        ("first_billing_volumetric_divisor", "standard_min_charge_g", AUSTRALIA_STANDARD),
        ("first_billing_volumetric_divisor", "economy_and_light_min_charge_g", AUSTRALIA_ECONOMY),
        ("second_billing_volumetric_divisor", "economy_and_light_min_charge_g", AUSTRALIA_SECOND),
    ]

    for divisor, least, rule in billings:
        # In thousandths of a gram times the divisor, so that all of it is whole.
        whole = int(rules[divisor])
        volumetric, own = length * width * height * 1_000_000, actual * 1000 * whole
        is_own = max(sides_cm) < 40 or 10 * volumetric <= 13 * own
        exact = own if is_own else own + (10 * volumetric - 13 * own) // 10
        expected = max(-(-exact // (1000 * whole)), int(rules[least]))

        assert rule.chargeable(Weight(actual), box(*sides_cm)).grams == expected


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"country": "US"}, "country of PriceRequest is given as str; allowed: Country"),
        ({"postal_code": 10001}, "postal_code of PriceRequest is given as int; allowed: str"),
        ({"weight": 500}, "weight of PriceRequest is given as int; allowed: Weight"),
        (
            {"dimensions": (1, 2, 3)},
            "dimensions of PriceRequest is given as tuple; allowed: Dimensions or None",
        ),
    ],
)
def test_a_price_is_asked_for_in_our_own_words(wrong: dict[str, object], told: str) -> None:
    """With our own error, whatever else is asked."""
    request: dict[str, object] = {
        "country": US,
        "postal_code": "10001",
        "weight": Weight(500),
        "dimensions": None,
    }

    with pytest.raises(InvalidTypeError) as refusal:
        price_of(economy(), at=day(2), **{**request, **wrong})  # type: ignore[arg-type]

    assert str(refusal.value) == told
