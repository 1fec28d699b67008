"""Which units of an order's lines go into which shipment, and into which parcel."""

from collections.abc import Iterable

import attrs
import pytest

from apaclogistics.allocations import (
    Allocation,
    Fulfilment,
    Packing,
    Units,
    awaits_handover,
    booked,
    counted,
    fulfilment_of,
    under_way,
    units_of,
)
from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.fulfilment import Phase
from apaclogistics.values.identifiers import ParcelId, ShipmentId
from tests.samples import CASE, PHONE, altered, units

ORDERED = {PHONE: 2, CASE: 1}
P1, P2 = ParcelId("p-1"), ParcelId("p-2")


def codes(reasons: Iterable[Reason]) -> list[str]:
    """Give reasons by their codes."""
    return [reason.code for reason in reasons]


def instead(quantity: int = 1, *, new: str = "sh2", old: str = "sh1") -> Allocation:
    """Put phones into a shipment that stands in for another."""
    return attrs.evolve(units(quantity, shipment=new), replaces=ShipmentId(old))


def where(**phases: Phase) -> dict[ShipmentId, Phase]:
    """Say where shipments are."""
    return {ShipmentId(name): phase for name, phase in phases.items()}


class TestCounting:
    """What counts is what may still arrive, or has."""

    @pytest.mark.parametrize("phase", Phase)
    def test_a_shipment_counts_unless_it_was_cancelled_or_closed(self, phase: Phase) -> None:
        """A lost one too, until another stands in for it."""
        packed = (units(2, shipment="sh1"),)

        there = counted(packed, where(sh1=phase))

        assert there == (() if phase in (Phase.CANCELLED, Phase.CLOSED) else packed)

    def test_a_shipment_that_another_stands_in_for_does_not_count(self) -> None:
        """Whatever becomes of it; one of no known phase does."""
        packed = (units(1, shipment="sh1"), instead(), units(1, CASE, shipment="sh3"))

        assert counted(packed, {}) == packed[1:]

    def test_units_of_a_line_are_added_over_shipments_and_parcels(self) -> None:
        """Part in one parcel, part in another."""
        packed = (
            attrs.evolve(units(1), parcel=P1),
            attrs.evolve(units(1), parcel=P2),
            units(1, CASE, shipment="sh2"),
        )

        assert units_of(packed) == ORDERED

    @pytest.mark.parametrize("phase", Phase)
    def test_units_wait_until_a_carrier_has_them(self, phase: Phase) -> None:
        """A label alone moves nothing."""
        waiting = {Phase.DRAFT, Phase.BOOKED, Phase.CONFIRMED, Phase.CANCELLED, Phase.CLOSED}

        assert awaits_handover(units(1, shipment="sh1"), where(sh1=phase)) == (phase in waiting)


class TestFulfilment:
    """How far the units are that were ordered."""

    PACKED = (units(2, shipment="sh1"), units(1, CASE, shipment="sh2"))

    @pytest.mark.parametrize(
        ("first", "second", "outcome"),
        [
            (Phase.DRAFT, Phase.CONFIRMED, Fulfilment.NOT_STARTED),
            (Phase.CANCELLED, Phase.BOOKED, Fulfilment.NOT_STARTED),
            (Phase.HANDED_OVER, Phase.CONFIRMED, Fulfilment.IN_PROGRESS),
            (Phase.COMPLETED, Phase.CLOSED, Fulfilment.IN_PROGRESS),
            (Phase.HANDED_OVER, Phase.COMPLETED, Fulfilment.FULFILLED),
            (Phase.LOST, Phase.DELIVERED, Fulfilment.FULFILLED),
            (Phase.COMPLETED, Phase.COMPLETED, Fulfilment.COMPLETED),
        ],
    )
    def test_it_is_derived_from_quantities_and_phases(
        self, first: Phase, second: Phase, outcome: Fulfilment
    ) -> None:
        """One shipment of two."""
        assert fulfilment_of(ORDERED, self.PACKED, where(sh1=first, sh2=second)) is outcome

    def test_part_of_a_line_is_not_the_line(self) -> None:
        """Two of three units shipped leave one to ship, and hold up nothing else."""
        packed = (units(1, shipment="sh1"), units(1, CASE, shipment="sh1"))

        phases = where(sh1=Phase.COMPLETED)

        assert fulfilment_of(ORDERED, packed, phases) is Fulfilment.IN_PROGRESS
        assert fulfilment_of({PHONE: 1, CASE: 1}, packed, phases) is Fulfilment.COMPLETED


class TestPacking:
    """What is packed together, and why it may not be."""

    def test_units_are_packed_into_parcels_of_their_shipment(self) -> None:
        """Where the parcels are known; no parcel need be named."""
        packing = Packing(
            (attrs.evolve(units(1), parcel=P1), attrs.evolve(units(1), parcel=P2), units(1, CASE))
        )
        sh1 = ShipmentId("sh-1")

        assert codes(packing.against_parcels({})) == []
        assert codes(packing.against_parcels({sh1: {P1, P2}})) == []
        (reason,) = packing.against_parcels({sh1: {P1}})
        assert str(reason) == "shipment sh-1 has no parcel p-2"

    def test_never_more_is_packed_than_is_ordered(self) -> None:
        """Over parcels, shipments, and what was packed before; each line is named once."""
        before = (units(1, shipment="sh1"),)
        split = Packing((attrs.evolve(units(1), parcel=P1), attrs.evolve(units(1), parcel=P2)))

        assert codes(split.against_quantities(ORDERED, (), {})) == []
        (reason,) = split.against_quantities(ORDERED, before, {})
        assert str(reason) == "3 units of line line-phone would ship and 2 were ordered"
        assert codes(split.against_quantities(ORDERED, before, where(sh1=Phase.CANCELLED))) == []

    @pytest.mark.parametrize("phase", [Phase.LOST, Phase.RETURNED, Phase.CANCELLED])
    def test_a_replacement_takes_no_more_than_there_was(self, phase: Phase) -> None:
        """What it stands in for is free again, once."""
        before = (units(2, shipment="sh1"),)

        assert codes(Packing((instead(2),)).against_quantities(ORDERED, before, {})) == []
        assert codes(Packing((instead(3),)).against_quantities(ORDERED, before, {})) == [
            "over_shipped"
        ]
        assert codes(Packing((instead(2),)).against_replacing(where(sh1=phase))) == []

    @pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.IN_TRANSIT, Phase.DELIVERED])
    def test_what_may_still_arrive_is_not_replaced(self, phase: Phase) -> None:
        """Nor does a shipment stand in for itself."""
        itself = Packing((instead(new="sh1"),))

        assert codes(Packing((instead(),)).against_replacing(where(sh1=phase))) == [
            "may_still_arrive"
        ]
        assert codes(Packing((instead(),)).against_replacing({})) == ["may_still_arrive"]
        assert codes(itself.against_replacing(where(sh1=Phase.LOST))) == ["may_still_arrive"]

    def test_nothing_is_no_packing(self) -> None:
        """It would make a shipment of air."""
        assert codes(Packing(()).against_nothing()) == ["no_units"]
        assert codes(Packing((units(1),)).against_nothing()) == []

    def test_units_become_an_allocation_once_they_have_a_shipment(self) -> None:
        """With their parcel."""
        packed = Units(PHONE, 2, P1).into(ShipmentId("sh-1"))

        assert packed == attrs.evolve(units(2), parcel=P1)


class TestShipments:
    """Which shipments are booked, and which stand in the way of a cancellation."""

    def test_a_shipment_is_booked_once_it_is_more_than_a_draft(self) -> None:
        """One that came to nothing, or was replaced, is not."""
        packed = (units(1, shipment="sh1"), instead(), units(1, CASE, shipment="sh3"))

        assert codes(booked(packed, {})) == []
        assert codes(booked(packed, where(sh1=Phase.LOST, sh2=Phase.DRAFT))) == []
        assert codes(booked(packed, where(sh2=Phase.CANCELLED, sh3=Phase.CLOSED))) == []
        (reason,) = booked(packed, where(sh1=Phase.LOST, sh2=Phase.BOOKED))
        assert str(reason) == "shipment sh2 is BOOKED"

    @pytest.mark.parametrize("phase", Phase)
    def test_a_shipment_stands_in_the_way_once_a_carrier_has_accepted_it(
        self, phase: Phase
    ) -> None:
        """Until then it can be cancelled; what came to nothing stands in nobody's way."""
        free = {Phase.DRAFT, Phase.BOOKED, Phase.CONFIRMED, Phase.HANDED_OVER}
        free |= {Phase.CANCELLED, Phase.CLOSED}

        assert codes(under_way(where(sh1=phase))) == ([] if phase in free else ["under_way"])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"shipment": 7}, "shipment"),
        ({"line": ""}, "order line"),
        ({"parcel": ""}, "parcel"),
        ({"replaces": " sh"}, "shipment"),
    ],
)
def test_an_allocation_names_what_it_is_about(change: dict[str, object], what: str) -> None:
    """By identifiers."""
    with pytest.raises(InvalidValueError, match=f"^{what} "):
        altered(units(1), **change)


def test_a_part_of_another_type_is_refused_where_the_value_is_made() -> None:
    """By a typed error that names the place."""
    with pytest.raises(InvalidTypeError):
        altered(units(1), quantity=1.0)
    with pytest.raises(InvalidTypeError, match="allocations of Packing"):
        Packing([units(1)])  # type: ignore[arg-type]
    with pytest.raises(InvalidTypeError, match="one of allocations of Packing"):
        Packing((Units(PHONE, 1),))  # type: ignore[arg-type]
