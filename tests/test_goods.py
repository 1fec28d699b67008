"""What is inside a parcel is declared with a description, a number and a value."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.testing.strategies import customs_items
from apaclogistics.values.goods import CustomsItem, Incoterm, LithiumBattery, declared_value
from apaclogistics.values.money import Money

SHIRTS = CustomsItem(description="cotton shirts", quantity=2, value=Money.of("20.00", "USD"))


def test_a_customs_item_needs_a_description_a_quantity_and_a_value() -> None:
    """All else may be unknown."""
    assert SHIRTS.hs_code == ""
    assert SHIRTS.origin is None
    assert SHIRTS.net_weight is None
    assert SHIRTS.battery is LithiumBattery.NONE


@pytest.mark.parametrize("hs_code", ["", "610910", "61091000", "6109100010", "010121"])
def test_an_hs_code_has_six_eight_or_ten_digits(hs_code: str) -> None:
    """As text, since some begin with a zero."""
    assert attrs.evolve(SHIRTS, hs_code=hs_code).hs_code == hs_code


@pytest.mark.parametrize(
    "hs_code",
    [
        "6109",
        "61091",
        "6109100",
        "610910001",
        "6109.10",
        "61091000100",
        "\uff16\uff11\uff10\uff19\uff11\uff10",
    ],
)
def test_what_is_no_hs_code_is_refused(hs_code: str) -> None:
    """Points and headings of four digits included."""
    with pytest.raises(InvalidValueError, match=r"HS code .* is not in shape; allowed: 6, 8 or 10"):
        attrs.evolve(SHIRTS, hs_code=hs_code)


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001])
def test_a_line_declares_at_least_one_piece(quantity: int) -> None:
    """And not more than a million."""
    with pytest.raises(InvalidValueError, match=r"quantity .* is out of range"):
        attrs.evolve(SHIRTS, quantity=quantity)


def test_pieces_are_counted_in_whole_numbers() -> None:
    """Half a shirt is none."""
    with pytest.raises(InvalidTypeError, match="quantity is given as float"):
        attrs.evolve(SHIRTS, quantity=1.5)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("description", ["", " ", "\t\n"])
def test_a_line_says_what_it_is(description: str) -> None:
    """Blanks say nothing."""
    with pytest.raises(InvalidValueError, match="is empty; allowed: customs need one"):
        attrs.evolve(SHIRTS, description=description)


def test_a_declared_value_may_be_nothing_and_never_less() -> None:
    """A gift is worth nothing to some."""
    free = attrs.evolve(SHIRTS, value=Money.zero("USD"))

    assert free.value == Money(0, "USD")
    with pytest.raises(InvalidValueError, match=r"declared value '-0.01 USD' is negative"):
        attrs.evolve(SHIRTS, value=Money(-1, "USD"))


def test_what_items_declare_adds_up() -> None:
    """Each value is that of all its pieces."""
    socks = CustomsItem(description="socks", quantity=10, value=Money.of("5.50", "USD"))

    assert declared_value([SHIRTS, socks], "USD") == Money.of("25.50", "USD")
    assert declared_value([], "USD") == Money.zero("USD")


def test_values_in_two_currencies_do_not_add_up() -> None:
    """Somebody has to convert one of them first."""
    tea = CustomsItem(description="tea", quantity=1, value=Money.of("5.50", "HKD"))

    with pytest.raises(InvalidValueError, match="cannot be mixed"):
        declared_value([SHIRTS, tea], "USD")


@given(st.lists(customs_items(currency="HKD"), max_size=5))
def test_a_declared_value_is_that_of_all_lines_in_any_order(items: list[CustomsItem]) -> None:
    """Unless it is beyond any amount, it is the sum."""
    expected = sum(item.value.minor for item in items)

    if expected > 10**16:
        with pytest.raises(InvalidValueError, match="is out of range"):
            declared_value(items, "HKD")
    else:
        assert declared_value(items, "HKD") == Money(expected, "HKD")
        assert declared_value(reversed(items), "HKD") == Money(expected, "HKD")


def test_who_pays_duty_is_one_of_three_terms() -> None:
    """DDU is no longer in Incoterms 2020 and still in interfaces."""
    assert [term.value for term in Incoterm] == ["DAP", "DDP", "DDU"]


def test_batteries_go_by_the_names_of_edis() -> None:
    """Batteries alone have no name, since they are not carried."""
    assert LithiumBattery("NO_BATTERY") is LithiumBattery.NONE
    assert len(LithiumBattery) == 7
    assert not any("STANDALONE" in battery.value for battery in LithiumBattery)
