"""Weights are whole grams and lengths whole millimetres, and neither can be nothing."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.testing.strategies import dimensions, weights
from apaclogistics.values.quantities import Dimensions, Weight, whole


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
