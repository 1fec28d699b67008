"""Overcharges: what may be billed for a parcel, by the card and the carrier's own figures."""

import attrs
import pytest

from apaclogistics.measurements import Measured
from apaclogistics.overcharges import price_due
from apaclogistics.rate_cards import Band
from apaclogistics.tariffs import Unpriced
from apaclogistics.values.places import Address, Country
from apaclogistics.values.quantities import Dimensions, Weight
from apaclogistics.values.weighing import WeightRule
from tests.samples import day, parcel, rate_card, usd

SHIP_TO = Address(country=Country("US"), postal_code="10001")
# Up to 1,000 g for 8 USD and up to 2,000 g for 9 USD; 5,000 cubic centimetres are a kilogram.
CARD = attrs.evolve(
    rate_card(),
    bands=(Band("US", 1000, usd("8.00")), Band("US", 2000, usd("9.00"))),
    rule=WeightRule(divisor=5000),
)
PIECE = attrs.evolve(parcel(), dimensions=Dimensions(100, 100, 100))


@pytest.mark.parametrize(
    ("measured", "price"),
    [
        (Measured(), "8.00"),
        (Measured(weight=Weight(1000)), "8.00"),
        (Measured(weight=Weight(1001)), "9.00"),
        (Measured(dimensions=Dimensions(200, 200, 200)), "9.00"),
    ],
    ids=["declared", "weighed", "heavier", "larger"],
)
def test_what_the_carrier_has_measured_counts_before_what_is_declared(
    measured: Measured, price: str
) -> None:
    """The parcel declares 800 g and a litre."""
    assert price_due(CARD, PIECE, measured, SHIP_TO, day(5)) == usd(price)


def test_a_parcel_that_nobody_weighed_has_no_price() -> None:
    """Unless the carrier has."""
    bare = attrs.evolve(PIECE, weight=None)

    unpriced = price_due(CARD, bare, Measured(), SHIP_TO, day(5))

    assert isinstance(unpriced, Unpriced)
    assert [reason.code for reason in unpriced.reasons] == ["not_weighed"]
    assert price_due(CARD, bare, Measured(weight=Weight(1)), SHIP_TO, day(5)) == usd("8.00")


def test_what_the_card_does_not_reach_has_no_price() -> None:
    """With the reasons of the card."""
    elsewhere = attrs.evolve(SHIP_TO, country=Country("FR"))

    unpriced = price_due(CARD, PIECE, Measured(), elsewhere, day(5))

    assert isinstance(unpriced, Unpriced)
    assert [reason.code for reason in unpriced.reasons] == ["not_covered"]
