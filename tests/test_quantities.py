"""Weights are whole grams and lengths whole millimetres, and neither can be nothing."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.testing.strategies import dimensions, weights
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight, ratio, whole

GRAM, KILOGRAM = Weight(1), Weight(1000)
BOX = Dimensions(400, 300, 200)


def test_a_whole_number_is_given_back() -> None:
    """The limits themselves are allowed."""
    assert [whole("number", value, least=1, most=3) for value in (1, 2, 3)] == [1, 2, 3]


@pytest.mark.parametrize("value", [0, 4, -1])
def test_a_whole_number_outside_the_range_is_refused(value: int) -> None:
    """The message names the range."""
    with pytest.raises(InvalidValueError) as caught:
        whole("number", value, least=1, most=3)

    assert str(caught.value) == f"number {value} is out of range; allowed: 1 to 3"


@pytest.mark.parametrize("value", [1.0, "1", True, None])
def test_what_is_no_int_is_no_whole_number(value: object) -> None:
    """True is not one, and 1.0 is a float."""
    with pytest.raises(InvalidTypeError) as caught:
        whole("number", value, least=0, most=3)

    assert caught.value.given == type(value).__name__


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        ("0", "0"),
        ("0.000001", "0.000001"),
        ("99.999999", "99.999999"),
        ("100", "100"),
        (Decimal("1E+2"), "100"),
        (Decimal("1E-6"), "0.000001"),
        (Decimal("12.5"), "12.5"),
    ],
)
def test_a_ratio_is_an_exact_number_up_to_a_hundred(value: str | Decimal, exact: str) -> None:
    """As text or as a decimal, however Python writes that; the limits themselves are allowed."""
    assert ratio(value) == Decimal(exact)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "-1",
        "half",
        "100.000001",
        "0.0000001",
        Decimal("100.000001"),
        Decimal("1E-7"),
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+999999"),
    ],
)
def test_what_is_outside_of_the_range_is_no_ratio(value: str | Decimal) -> None:
    """Nor is what has more than six decimals; the name and the range are told."""
    with pytest.raises(InvalidValueError, match=r"^share .* is out of range; allowed: 0 to 100"):
        ratio(value, what="share")


def test_the_range_of_a_ratio_is_named() -> None:
    """A duty may be a multiple of what is taxed."""
    assert ratio("1000", most=1000) == 1000
    with pytest.raises(InvalidValueError, match=r"^ratio '1001' .* allowed: 0 to 1000"):
        ratio("1001", most=1000)


def test_a_whole_number_is_a_ratio() -> None:
    """It is exact."""
    assert ratio(80) == ratio("80") == Decimal(80)
    with pytest.raises(InvalidValueError, match=r"^ratio 101 is out of range"):
        ratio(101)


@pytest.mark.parametrize("value", [0.5, True, None], ids=repr)
def test_a_ratio_is_never_a_float(value: object) -> None:
    """Which is not what it looks like."""
    with pytest.raises(InvalidTypeError, match="text, Decimal or a whole number"):
        ratio(value)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("grams", [1, 1500, 1_000_000_000])
def test_a_weight_is_from_one_gram_to_a_thousand_tonnes(grams: int) -> None:
    """It is written with its unit."""
    assert str(Weight(grams)) == f"{grams} g"


@pytest.mark.parametrize("grams", [0, -1, 1_000_000_001])
def test_nothing_has_no_weight(grams: int) -> None:
    """And nothing weighs less."""
    with pytest.raises(InvalidValueError, match=r"weight in grams .* is out of range"):
        Weight(grams)


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("1.5", 1500),
        ("0.499", 499),
        ("0.001", 1),
        ("2", 2000),
        ("1.5000", 1500),
        ("1000000", 10**9),
    ],
)
def test_kilograms_are_read_exactly(text: str, grams: int) -> None:
    """To the gram."""
    assert Weight.from_kilograms(text) == Weight(grams)


@pytest.mark.parametrize(
    "text", ["", "x", "1,5", "1.5kg", "0.0005", "NaN", "sNaN", "Infinity", "1e99", "1" * 17]
)
def test_what_is_no_whole_number_of_grams_is_refused(text: str) -> None:
    """Nothing is rounded in secret."""
    with pytest.raises(InvalidValueError, match="is no whole number of grams"):
        Weight.from_kilograms(text)


def test_kilograms_are_written_in_at_most_sixteen_characters() -> None:
    """However little the zeros at the end say."""
    assert Weight.from_kilograms("1.50000000000000") == Weight(1500)
    with pytest.raises(InvalidValueError, match="is no whole number of grams"):
        Weight.from_kilograms("1.500000000000000")


@pytest.mark.parametrize("text", ["0", "0.000", "-1", "1000000.001"])
def test_kilograms_have_the_limits_of_grams(text: str) -> None:
    """Zero kilograms are zero grams."""
    with pytest.raises(InvalidValueError, match=r"weight in grams .* is out of range"):
        Weight.from_kilograms(text)


def test_weights_add_up_and_compare() -> None:
    """Two parcels weigh what each weighs, together."""
    assert Weight(300) + Weight(200) == Weight(500)
    assert Weight(200) < Weight(300)


@given(weights(max_grams=10**8))
def test_grams_and_kilograms_say_the_same(weight: Weight) -> None:
    """Written in kilograms and read again, it is the same weight."""
    kilograms = f"{weight.grams // 1000}.{weight.grams % 1000:03d}"

    assert Weight.from_kilograms(kilograms) == weight


def test_a_box_is_the_same_box_however_it_is_turned() -> None:
    """Its longest side is its length."""
    boxes = {Dimensions(*sides) for sides in permutations((300, 400, 200))}

    assert boxes == {Dimensions(400, 300, 200)}
    assert str(boxes.pop()) == "400 x 300 x 200 mm"


def test_a_box_has_a_girth_a_sum_of_sides_and_a_volume() -> None:
    """Carriers limit all three."""
    box = Dimensions(200, 400, 300)

    assert (box.length_mm, box.width_mm, box.height_mm) == (400, 300, 200)
    assert box.girth_mm == 1000
    assert box.total_mm == 900
    assert box.volume_mm3 == 24_000_000


@pytest.mark.parametrize("side", [0, -1, 100_001])
def test_a_side_is_from_one_millimetre_to_a_hundred_metres(side: int) -> None:
    """Whichever side it is."""
    for sides in permutations((side, 10, 10)):
        with pytest.raises(InvalidValueError, match=r"side in millimetres .* is out of range"):
            Dimensions(*sides)


def test_a_side_is_a_whole_number() -> None:
    """Of millimetres, so that nobody has to ask for the unit."""
    with pytest.raises(InvalidTypeError):
        Dimensions(10, 10, 1.5)  # type: ignore[arg-type]  # wrong on purpose


@given(dimensions())
def test_sides_are_kept_longest_first(box: Dimensions) -> None:
    """Whatever order they were given in."""
    assert box.length_mm >= box.width_mm >= box.height_mm > 0


@given(dimensions(), st.permutations([0, 1, 2]))
def test_turning_a_box_changes_nothing(box: Dimensions, order: list[int]) -> None:
    """Equality, hash and volume stay."""
    sides = (box.length_mm, box.width_mm, box.height_mm)

    turned = Dimensions(*(sides[index] for index in order))

    assert turned == box
    assert hash(turned) == hash(box)
    assert turned.volume_mm3 == box.volume_mm3


@pytest.mark.parametrize("text", ["1_5", "1e2", " 1.5 ", "\uff11.\uff15"])
def test_kilograms_are_a_plain_decimal_number(text: str) -> None:
    """1_5 kilograms are not fifteen."""
    with pytest.raises(InvalidValueError):
        Weight.from_kilograms(text)


@pytest.mark.parametrize("value", [1.5, 2, True, None])
def test_kilograms_are_text(value: object) -> None:
    """A float is not what it looks like."""
    with pytest.raises(InvalidTypeError):
        Weight.from_kilograms(value)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("value", [10**5000, -(10**5000)], ids=["large", "small"])
def test_a_number_that_python_does_not_print_is_refused_with_our_own_error(value: int) -> None:
    """As weight, as side, and as limit."""
    with pytest.raises(InvalidValueError, match="of 16610 bits is out of range"):
        Weight(value)
    with pytest.raises(InvalidValueError, match="of 16610 bits is out of range"):
        Dimensions(10, value, 10)
    with pytest.raises(InvalidValueError, match="of 16610 bits is out of range"):
        SizeLimits(max_girth_mm=value)


class TestFitting:
    """A box holds another one that is turned as it fits best, with parallel sides."""

    @pytest.mark.parametrize("sides", list(permutations((400, 300, 200))))
    def test_a_box_fits_into_one_of_its_own_size_however_it_is_turned(
        self, sides: tuple[int, int, int]
    ) -> None:
        """The limit is included."""
        assert Dimensions(*sides).fits_in(BOX)
        assert BOX.fits_in(Dimensions(*sides))

    @pytest.mark.parametrize(
        "sides", [(401, 300, 200), (400, 301, 200), (400, 300, 201), (401, 1, 1), (201, 201, 201)]
    )
    def test_a_millimetre_too_much_on_one_side_does_not_fit(
        self, sides: tuple[int, int, int]
    ) -> None:
        """Whatever there is to spare on the others."""
        for turned in permutations(sides):
            assert not Dimensions(*turned).fits_in(BOX)

    def test_it_is_not_laid_across_a_corner(self) -> None:
        """A rod of 450 mm would fit into 400 x 300 so, and is not meant to."""
        assert not Dimensions(450, 1, 1).fits_in(BOX)

    @given(dimensions(), dimensions())
    def test_fitting_is_fitting_in_some_turn(self, box: Dimensions, limit: Dimensions) -> None:
        """As trying every turn would find."""
        sides = (box.length_mm, box.width_mm, box.height_mm)
        most = (limit.length_mm, limit.width_mm, limit.height_mm)
        fitting = [
            all(side <= top for side, top in zip(turned, most, strict=True))
            for turned in permutations(sides)
        ]

        assert box.fits_in(limit) is any(fitting)


class TestSizeLimits:
    """Each limit is included, and every one that is broken is told."""

    def test_no_limits_take_every_parcel(self) -> None:
        """Measured or not."""
        largest = Dimensions(100_000, 100_000, 100_000)

        assert SizeLimits().against(Weight(1_000_000_000), largest) == ()
        assert SizeLimits().against(GRAM, None) == ()
        assert not SizeLimits().needs_dimensions

    @pytest.mark.parametrize(
        ("grams", "expected"),
        [
            (49, [Reason("too_light", "weight of 49 g is below the least of 50 g")]),
            (50, []),
            (51, []),
            (1999, []),
            (2000, []),
            (2001, [Reason("too_heavy", "weight of 2001 g is above the limit of 2000 g")]),
        ],
    )
    def test_a_weight_lies_between_the_limits(self, grams: int, expected: list[Reason]) -> None:
        """No sides are asked for."""
        limits = SizeLimits(min_grams=50, max_grams=2000)

        assert list(limits.against(Weight(grams), None)) == expected
        assert list(limits.against(Weight(grams), BOX)) == expected
        assert not limits.needs_dimensions

    @pytest.mark.parametrize(
        ("kept", "broken", "box", "reason"),
        [
            (
                SizeLimits(max_length_mm=400),
                SizeLimits(max_length_mm=399),
                BOX,
                Reason("too_long", "longest side of 400 mm is above the limit of 399 mm"),
            ),
            (
                SizeLimits(max_girth_mm=1000),
                SizeLimits(max_girth_mm=999),
                BOX,
                Reason("girth_too_large", "girth of 1000 mm is above the limit of 999 mm"),
            ),
            (
                SizeLimits(max_length_and_girth_mm=1400),
                SizeLimits(max_length_and_girth_mm=1399),
                BOX,
                Reason(
                    "girth_too_large",
                    "length and girth together of 1400 mm is above the limit of 1399 mm",
                ),
            ),
            (
                SizeLimits(max_length_and_width_mm=700),
                SizeLimits(max_length_and_width_mm=699),
                BOX,
                Reason(
                    "too_large", "length and width together of 700 mm is above the limit of 699 mm"
                ),
            ),
            (
                SizeLimits(max_total_mm=900),
                SizeLimits(max_total_mm=899),
                BOX,
                Reason("too_large", "sides together of 900 mm is above the limit of 899 mm"),
            ),
            (
                SizeLimits(max_volume_mm3=24_000_000),
                SizeLimits(max_volume_mm3=23_999_999),
                BOX,
                Reason("too_large", "volume of 24000000 mm3 is above the limit of 23999999 mm3"),
            ),
            (
                SizeLimits(box=Dimensions(200, 400, 300)),
                SizeLimits(box=Dimensions(400, 299, 299)),
                BOX,
                Reason(
                    "too_large",
                    "400 x 300 x 200 mm does not fit into the limit of 400 x 299 x 299 mm",
                ),
            ),
        ],
        ids=["length", "girth", "length+girth", "length+width", "total", "volume", "box"],
    )
    def test_a_limit_on_sides_is_included_and_asks_for_them(
        self, kept: SizeLimits, broken: SizeLimits, box: Dimensions, reason: Reason
    ) -> None:
        """A millimetre less is broken, and the reason names what is measured."""
        unknown = Reason(
            "dimensions_missing", "the sides are not known, and there are limits on them"
        )

        assert kept.against(KILOGRAM, box) == ()
        assert broken.against(KILOGRAM, box) == (reason,)
        assert kept.needs_dimensions
        assert kept.against(KILOGRAM, None) == (unknown,)

    def test_a_parcel_is_measured_however_it_is_turned(self) -> None:
        """The longest side is the length."""
        limits = SizeLimits(max_length_mm=399, max_length_and_width_mm=699)

        for sides in permutations((400, 300, 200)):
            assert len(limits.against(KILOGRAM, Dimensions(*sides))) == 2

    def test_all_broken_limits_are_told_in_a_stated_order(self) -> None:
        """Weight, then sides, then the box."""
        limits = SizeLimits(
            max_grams=1,
            max_length_mm=1,
            max_girth_mm=1,
            max_length_and_girth_mm=1,
            max_length_and_width_mm=1,
            max_total_mm=1,
            max_volume_mm3=1,
            box=Dimensions(1, 1, 1),
        )

        reasons = limits.against(KILOGRAM, BOX)

        assert [reason.text.partition(" of ")[0] for reason in reasons] == [
            "weight",
            "longest side",
            "girth",
            "length and girth together",
            "length and width together",
            "sides together",
            "volume",
            "400 x 300 x 200 mm does not fit into the limit",
        ]
        assert [reason.code for reason in limits.against(KILOGRAM, None)] == [
            "too_heavy",
            "dimensions_missing",
        ]

    def test_the_postal_small_packet_is_one(self) -> None:
        """2 kg, 60 cm, and 90 cm of length, width and height together."""
        packet = SizeLimits(max_grams=2000, max_length_mm=600, max_total_mm=900)

        assert packet.against(Weight(2000), Dimensions(600, 200, 100)) == ()
        assert [it.code for it in packet.against(Weight(2001), Dimensions(601, 200, 100))] == [
            "too_heavy",
            "too_long",
            "too_large",
        ]

    @pytest.mark.parametrize("grams", [1, 1_000_000_000])
    def test_a_limit_of_weight_is_a_weight(self, grams: int) -> None:
        """From one gram to a thousand tonnes."""
        assert SizeLimits(min_grams=grams).min_grams == grams
        assert SizeLimits(max_grams=grams).max_grams == grams

    @pytest.mark.parametrize("grams", [0, -1, 1_000_000_001])
    def test_a_limit_of_no_weight_is_refused(self, grams: int) -> None:
        """Both of them."""
        with pytest.raises(InvalidValueError, match=r"limit in grams .* is out of range"):
            SizeLimits(min_grams=grams)
        with pytest.raises(InvalidValueError, match=r"limit in grams .* is out of range"):
            SizeLimits(max_grams=grams)

    @pytest.mark.parametrize(
        ("field", "unit"),
        [
            ("max_length_mm", "mm"),
            ("max_girth_mm", "mm"),
            ("max_length_and_girth_mm", "mm"),
            ("max_length_and_width_mm", "mm"),
            ("max_total_mm", "mm"),
            ("max_volume_mm3", "mm3"),
        ],
    )
    def test_a_limit_on_sides_is_a_whole_number_above_zero(self, field: str, unit: str) -> None:
        """Up to the volume of a box of a hundred metres."""
        for limit in (1, 10**15):
            assert getattr(SizeLimits(**{field: limit}), field) == limit  # type: ignore[arg-type]  # by name
        for limit in (0, -1, 10**15 + 1):
            with pytest.raises(InvalidValueError) as refusal:
                SizeLimits(**{field: limit})  # type: ignore[arg-type]  # by name
            assert str(refusal.value) == (
                f"{field} in {unit} {limit} is out of range; allowed: 1 to 1000000000000000"
            )

    @pytest.mark.parametrize("limit", [True, 1.5, "1"])
    def test_a_limit_is_an_int(self, limit: object) -> None:
        """Whichever it is."""
        with pytest.raises(InvalidTypeError, match="limit in grams is given as"):
            SizeLimits(max_grams=limit)  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(InvalidTypeError, match="max_total_mm in mm is given as"):
            SizeLimits(max_total_mm=limit)  # type: ignore[arg-type]  # wrong on purpose

    @given(weights(), dimensions())
    def test_a_parcel_keeps_the_limits_that_it_sets_itself(
        self, weight: Weight, box: Dimensions
    ) -> None:
        """Every limit at once, all of them included."""
        limits = SizeLimits(
            min_grams=weight.grams,
            max_grams=weight.grams,
            max_length_mm=box.length_mm,
            max_girth_mm=2 * (box.width_mm + box.height_mm),
            max_length_and_girth_mm=box.length_mm + 2 * (box.width_mm + box.height_mm),
            max_length_and_width_mm=box.length_mm + box.width_mm,
            max_total_mm=box.length_mm + box.width_mm + box.height_mm,
            max_volume_mm3=box.length_mm * box.width_mm * box.height_mm,
            box=box,
        )

        assert limits.against(weight, box) == ()


def test_the_most_is_not_below_the_least() -> None:
    """Nothing would be taken; the two may be the same."""
    assert SizeLimits(min_grams=5, max_grams=5).against(Weight(5), None) == ()
    with pytest.raises(InvalidValueError, match="limit in grams 4 is below the least"):
        SizeLimits(min_grams=5, max_grams=4)
