"""Measurements: which of several counts, and what the difference costs."""

from collections.abc import Callable
from itertools import permutations
from typing import Final

import attrs
import pytest

from apaclogistics.consignments import Parcel
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.measurements import (
    Difference,
    Measured,
    Measurement,
    MeasurementKind,
    WeightGap,
    difference,
    measured,
    measured_by_parcel,
    merge,
    weight_gap,
)
from apaclogistics.rate_cards import Band
from apaclogistics.tariffs import Unpriced
from apaclogistics.values.identifiers import ParcelId
from apaclogistics.values.instants import Instant, Moment
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, Weight
from apaclogistics.values.weighing import WeightRule
from tests.samples import booking, day, parcel, rate_card, usd, weighed

BOX: Final = Dimensions(300, 200, 100)
CARD: Final = attrs.evolve(
    rate_card(), bands=(Band("US", 900, usd("5.00")), Band("US", 2000, usd("8.20")))
)

# A type checker would refuse what is wrong on purpose.
given: Callable[..., object] = attrs.evolve


def sized(box: Dimensions, at: Instant) -> Measurement:
    """Give a measuring."""
    return attrs.evolve(weighed(1, at), weight=None, dimensions=box)


def gap(declared: Parcel, found: Measured, *, to: str = "US") -> WeightGap | Unpriced:
    """Price the difference on the card."""
    return weight_gap(CARD, declared, found, country=Country(to), postal_code="", at=day(3))


class TestWhatCounts:
    """The last that stands counts."""

    def test_nothing_is_measured_by_nobody(self) -> None:
        """No measurement, no weight."""
        assert measured([]) == Measured(weight=None, dimensions=None)

    def test_the_last_weighing_counts(self) -> None:
        """By its own moment, and not by the order of arrival."""
        facts = [weighed(930, day(3)), weighed(870, day(5)), weighed(900, day(4))]

        assert {measured(order).weight for order in permutations(facts)} == {Weight(870)}

    def test_of_two_at_one_instant_the_heavier_counts(self) -> None:
        """And the larger."""
        cube = Dimensions(200, 200, 200)
        facts = [
            weighed(870, day(3)),
            weighed(930, day(3)),
            sized(cube, day(3)),
            sized(BOX, day(3)),
        ]

        assert measured(facts) == Measured(Weight(930), cube)

    def test_of_two_sizes_with_one_volume_the_longer_counts(self) -> None:
        """So that the answer never depends on the order."""
        long, short = Dimensions(600, 100, 100), BOX

        assert measured([sized(short, day(3)), sized(long, day(3))]).dimensions == long
        assert measured([sized(long, day(3)), sized(short, day(3))]).dimensions == long

    def test_weight_and_size_are_found_each_by_itself(self) -> None:
        """One device weighs, another measures, and packing tells both."""
        packed = attrs.evolve(weighed(900, day(3)), kind=MeasurementKind.PACKED, dimensions=BOX)

        assert measured([packed, weighed(910, day(4))]) == Measured(Weight(910), BOX)

    def test_a_local_time_counts_from_the_earliest_instant_that_it_can_mean(self) -> None:
        """Nobody says in which zone: it may be fourteen hours before its reading in UTC."""
        local = attrs.evolve(weighed(800, day(4)), at=Moment.read("2026-03-04T09:00:00"))

        assert measured([local, weighed(870, day(4, hour=0))]).weight == Weight(870)
        assert measured([local, weighed(870, day(3, hour=18))]).weight == Weight(800)

    def test_a_retraction_voids_the_measurement_that_it_repeats(self) -> None:
        """Before and after it, and no other one; then the one before counts again."""
        first, second = weighed(930, day(3)), weighed(870, day(5))

        facts = [second.retracted(), first, second]

        assert {measured(order).weight for order in permutations(facts)} == {Weight(930)}
        assert measured([second, second.retracted()]) == Measured()

    def test_a_set_of_measurements_keeps_retractions(self) -> None:
        """It only grows, and is in the order of time."""
        first, second = weighed(930, day(3)), weighed(870, day(5))

        merged = merge([second, first.retracted()], [first, second])

        assert merged == (first, first.retracted(), second)

    def test_each_parcel_has_what_was_measured_under_its_numbers(self) -> None:
        """Neither under another's, nor before the number was its own."""
        pieces, booked = [parcel(1), parcel(2)], booking(parcels=2, at=day(3))
        facts = [
            weighed(930, day(4)),
            weighed(500, day(4), number="n 2"),
            weighed(400, day(4), number="N3"),
            weighed(300, day(2)),
        ]

        found = measured_by_parcel(pieces, booked, facts)
        without = measured_by_parcel(pieces, None, facts)

        assert found == {"p-1": Measured(Weight(930)), "p-2": Measured(Weight(500))}
        assert without == {"p-1": Measured(), "p-2": Measured()}


class TestDifference:
    """What was measured beside what was declared."""

    def test_a_heavier_parcel_differs_above_zero(self) -> None:
        """And a smaller one below."""
        declared = attrs.evolve(parcel(), dimensions=BOX)

        found = difference(declared, Measured(Weight(930), Dimensions(300, 200, 90)))

        assert found == Difference(grams=130, volume_mm3=-600_000)

    def test_what_is_not_known_does_not_differ(self) -> None:
        """Neither declared nor measured."""
        bare = Parcel(id=ParcelId("p-1"))

        assert difference(bare, Measured(Weight(930), BOX)) == Difference(None, None)
        assert difference(parcel(), Measured()) == Difference(None, None)

    def test_the_difference_is_priced_on_the_card(self) -> None:
        """800 g were declared, and 930 g fall into the next band."""
        found = gap(parcel(), Measured(weight=Weight(930)))

        assert isinstance(found, WeightGap)
        assert found.amount == usd("3.20")
        assert (found.declared.total, found.measured.total) == (usd("5.00"), usd("8.20"))

    def test_a_parcel_may_be_cheaper_than_declared(self) -> None:
        """The difference is then below zero."""
        heavy = attrs.evolve(parcel(), weight=Weight(1500))

        found = gap(heavy, Measured(weight=Weight(800)))

        assert isinstance(found, WeightGap)
        assert found.amount == usd("-3.20")

    def test_what_was_not_measured_is_taken_as_declared(self) -> None:
        """A size alone changes what is charged for where size counts."""
        by_size = attrs.evolve(CARD, rule=WeightRule(divisor=6000))
        declared = attrs.evolve(parcel(), dimensions=Dimensions(100, 100, 100))

        found = weight_gap(
            by_size,
            declared,
            Measured(dimensions=BOX),
            country=Country("US"),
            postal_code="",
            at=day(3),
        )

        assert isinstance(found, WeightGap)
        assert (found.declared.chargeable.grams, found.measured.chargeable.grams) == (800, 1000)

    def test_every_reason_says_for_which_there_is_no_price(self) -> None:
        """Declared without a weight, measured above every band."""
        bare = Parcel(id=ParcelId("p-1"))

        found = gap(bare, Measured(weight=Weight(2001)))

        assert isinstance(found, Unpriced)
        assert [reason.code for reason in found.reasons] == ["weight_missing", "no_rate"]
        assert [reason.text.split(":")[0] for reason in found.reasons] == [
            "as declared",
            "as measured",
        ]

    def test_a_lane_without_a_rate_has_no_price_either_way(self) -> None:
        """Both are told."""
        found = gap(parcel(), Measured(weight=Weight(930)), to="AU")

        assert isinstance(found, Unpriced)
        assert [reason.code for reason in found.reasons] == ["not_covered", "not_covered"]


class TestMeasurement:
    """What a measurement must say."""

    def test_a_measurement_is_of_something(self) -> None:
        """Of a weight, a size, or both."""
        with pytest.raises(InvalidValueError, match="is of nothing"):
            attrs.evolve(weighed(1, day(3)), weight=None)

    @pytest.mark.parametrize("field", ["carrier", "number"])
    def test_labels_have_bounds(self, field: str) -> None:
        """They are printed and indexed."""
        assert given(weighed(1, day(3)), **{field: "x" * 256}) != weighed(1, day(3))
        with pytest.raises(InvalidValueError, match="up to 256 characters"):
            given(weighed(1, day(3)), **{field: "x" * 257})

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("weight", 870),
            ("dimensions", (1, 2, 3)),
            ("at", day(3)),
            ("kind", "weighed"),
        ],
    )
    def test_wrong_types_are_refused(self, field: str, wrong: object) -> None:
        """By the constructor, and not later."""
        with pytest.raises(InvalidTypeError):
            given(weighed(1, day(3)), **{field: wrong})
