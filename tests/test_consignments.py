"""Consignments: what cannot be said of parcels, bookings and handovers, is refused when it is."""

from collections.abc import Callable
from datetime import UTC, time

import attrs
import pytest

from apaclogistics.consignments import (
    ConsignmentKind,
    ConsignmentPreference,
    Label,
    Parcel,
    PickUpWindow,
)
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError
from apaclogistics.lifecycle import Role
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import OrderId, ParcelId, ShipmentId, tracking_number
from apaclogistics.values.instants import Moment
from apaclogistics.values.money import Money
from tests.samples import (
    BUYER,
    CARRIER,
    SELLER,
    adoption,
    booking,
    consignment,
    cost,
    day,
    labels,
    parcel,
    party,
    usd,
)

# A type checker would refuse what is wrong on purpose.
given: Callable[..., object] = attrs.evolve

WINDOW = PickUpWindow(time(14), time(16), "Asia/Hong_Kong")
PICK_UP = ConsignmentPreference(
    name="warehouse", kind=ConsignmentKind.PICK_UP, collected_from=party(), window=WINDOW
)


class TestParcels:
    """One piece."""

    def test_what_a_parcel_declares_is_in_one_currency(self) -> None:
        """And none where nothing is declared."""
        coin = CustomsItem(description="coin", quantity=1, value=Money.of("1.00", "HKD"))

        with pytest.raises(InvalidValueError, match="in several currencies"):
            attrs.evolve(parcel(), contents=(*parcel().contents, coin))
        assert attrs.evolve(parcel(), contents=parcel().contents * 2).declared == usd("40.00")
        assert Parcel(id=ParcelId("p-1")).declared is None

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [("weight", 800), ("dimensions", (1, 2, 3)), ("contents", parcel().contents[0])],
    )
    def test_a_parcel_is_made_of_what_it_says(self, field: str, wrong: object) -> None:
        """Not of bare numbers, nor of one line instead of several."""
        with pytest.raises(InvalidTypeError, match=f"{field} of Parcel"):
            given(parcel(), **{field: wrong})


class TestBookings:
    """What a carrier has promised to carry."""

    def test_a_label_has_numbers(self) -> None:
        """That somebody has read as such, in a tuple, for a parcel with a name."""
        label: Callable[..., object] = Label
        number = tracking_number("N1")

        with pytest.raises(InvalidValueError, match="has no number"):
            label("p-1", ())
        with pytest.raises(InvalidTypeError, match="number of a label is given as str"):
            label("p-1", ("N1",))
        with pytest.raises(InvalidTypeError, match="numbers of Label is given as str"):
            label("p-1", "N1")
        with pytest.raises(InvalidValueError, match="is no identifier"):
            label("", (number,))

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [("labels", labels()[0]), ("estimate", 12), ("service", 7), ("issued_at", 5)],
    )
    def test_a_booking_is_made_of_what_it_says(self, field: str, wrong: object) -> None:
        """Not of bare numbers, nor of one label instead of several."""
        with pytest.raises(InvalidTypeError):
            given(booking(), **{field: wrong})

    @pytest.mark.parametrize("field", ["carrier", "reference", "quote"])
    def test_what_a_booking_names_has_a_name(self, field: str) -> None:
        """A number is none."""
        with pytest.raises(InvalidValueError, match=f"{field}.* 5 is no identifier"):
            given(booking(), **{field: 5})

    def test_parcels_are_found_by_a_number_as_it_is_reported(self) -> None:
        """However it is written; what is no number finds none."""
        booked = booking(parcels=2)

        assert booked.parcels_under("n-1") == {"p-1"}
        assert booked.parcels_under("N3") == frozenset()
        assert booked.parcels_under("") == frozenset()
        assert booked.numbers == {tracking_number("N1"), tracking_number("N2")}
        assert booked.numbers_of(ParcelId("p-2")) == {tracking_number("N2")}

    def test_a_number_carried_another_parcel_before_it_was_issued(self) -> None:
        """From that very instant on it carries this one; adopted, always."""
        booked = booking(at=day(3))

        assert booked.parcels_at("N1", Moment(day(2))) == frozenset()
        assert booked.parcels_at("N1", Moment(day(3))) == {"p-1"}
        assert booked.parcels_at("N1", Moment.read("2026-03-03")) == {"p-1"}
        assert adoption().parcels_at("N1", Moment(day(2))) == {"p-1"}

    def test_a_bill_is_for_the_parcels_under_its_number(self) -> None:
        """Of this carrier alone, and none from before the number was issued."""
        booked = booking(at=day(3))
        stranger = attrs.evolve(cost("9.00", day(20)), carrier="USPS")

        assert booked.parcels_billed(cost("9.00", day(20))) == {"p-1"}
        assert booked.parcels_billed(cost("9.00", day(2))) == frozenset()
        assert booked.parcels_billed(cost("9.00", day(20), number="N9")) == frozenset()
        assert booked.parcels_billed(stranger) == frozenset()

    def test_a_booking_that_is_made_here_costs_something_from_an_instant_on(self) -> None:
        """And one that is made elsewhere has nothing of the kind."""
        booking().check_made_here()
        adoption().check_made_elsewhere()

        with pytest.raises(InvalidValueError, match="'HKPOST' is incomplete; allowed: a cost and"):
            adoption().check_made_here()
        with pytest.raises(InvalidValueError, match="'HKPOST' is not adopted; allowed: neither"):
            booking().check_made_elsewhere()

    def test_a_booking_labels_each_parcel_once(self) -> None:
        """Neither fewer nor more."""
        consignment(parcels=2).check_labels(booking(parcels=2))
        for wrong in (booking(parcels=1), booking(parcels=3)):
            with pytest.raises(InvalidValueError, match="one label for each of p-1, p-2"):
                consignment(parcels=2).check_labels(wrong)


class TestConsignments:
    """What begins a shipment."""

    def test_a_consignment_has_parcels_that_differ(self) -> None:
        """One at least, and each order once."""
        twice = (OrderId("o-1"), OrderId("o-1"))

        with pytest.raises(InvalidValueError, match=r"parcels \(\) are none; allowed: one or more"):
            attrs.evolve(consignment(), parcels=())
        with pytest.raises(InvalidValueError, match="parcels 'p-1' come twice; allowed: each once"):
            attrs.evolve(consignment(), parcels=(parcel(), parcel()))
        with pytest.raises(InvalidValueError, match="orders 'o-1' come twice"):
            attrs.evolve(consignment(), orders=twice)

    def test_a_parcel_is_found_by_its_identifier(self) -> None:
        """One that is not there is not found."""
        assert consignment(parcels=2).parcel(ParcelId("p-2")) == parcel(2)

        with pytest.raises(
            NotFoundError, match=r"no parcel is stored under 'p-3'; nearest: p-[12], p-[12]"
        ):
            consignment(parcels=2).parcel(ParcelId("p-3"))

    def test_a_seller_sells_and_a_buyer_buys(self) -> None:
        """And not the other way round."""
        with pytest.raises(InvalidValueError, match="in the wrong role"):
            attrs.evolve(consignment(), seller=BUYER)
        with pytest.raises(InvalidValueError, match="in the wrong role"):
            attrs.evolve(consignment(), buyer=SELLER)

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("orders", "o-1"),
            ("seller", "s-1"),
            ("buyer", "b-1"),
            ("consignee", "Chan"),
            ("parcels", parcel()),
            ("parcels", ("p-1",)),
            ("incoterm", "DAP"),
            ("promise", "soon"),
            ("preference", "DROP_OFF"),
            ("reshipments", 1.0),
        ],
    )
    def test_a_consignment_is_made_of_what_it_says(self, field: str, wrong: object) -> None:
        """The text of one order is not taken for many."""
        with pytest.raises(InvalidTypeError):
            given(consignment(), **{field: wrong})

    def test_a_replaced_shipment_has_a_name(self) -> None:
        """And the count of re-shipments is one."""
        with pytest.raises(InvalidValueError, match="replaced shipment 5 is no identifier"):
            given(consignment(), replaces=5)
        with pytest.raises(InvalidValueError, match="re-shipments -1 is out of range"):
            attrs.evolve(consignment(), reshipments=-1)
        again = attrs.evolve(consignment(), replaces=ShipmentId("sh-0"), reshipments=99)
        assert (again.replaces, again.reshipments) == ("sh-0", 99)


class TestPreferences:
    """How parcels get to the carrier."""

    def test_a_pick_up_says_where_and_when_and_a_drop_off_where(self) -> None:
        """All that is missing is told at once."""
        with pytest.raises(InvalidValueError, match="lacks collected_from and window"):
            ConsignmentPreference(name="mine", kind=ConsignmentKind.PICK_UP)
        with pytest.raises(InvalidValueError, match="lacks site"):
            ConsignmentPreference(name="mine", kind=ConsignmentKind.DROP_OFF)
        assert ConsignmentPreference(name="mine", kind=ConsignmentKind.HK_POST_DROP_OFF).site == ""

    def test_a_window_is_on_the_wall_clock_of_a_zone(self) -> None:
        """It ends after it begins, and its times have no zone of their own."""
        assert str(WINDOW) == "14:00 to 16:00 Asia/Hong_Kong"
        with pytest.raises(InvalidValueError, match="is early"):
            PickUpWindow(time(14), time(14), "Asia/Hong_Kong")
        with pytest.raises(InvalidValueError, match="has a zone"):
            PickUpWindow(time(14), time(16, tzinfo=UTC), "Asia/Hong_Kong")
        with pytest.raises(InvalidValueError, match="time zone"):
            PickUpWindow(time(14), time(16), "Hongkong/Asia")

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param(lambda: given(WINDOW, begins="14:00"), id="begins"),
            pytest.param(lambda: given(WINDOW, ends=16), id="ends"),
            pytest.param(lambda: given(WINDOW, zone_name=8), id="zone"),
            pytest.param(lambda: given(PICK_UP, kind="PICK_UP"), id="kind"),
            pytest.param(lambda: given(PICK_UP, collected_from="here"), id="place"),
            pytest.param(lambda: given(PICK_UP, window="14-16"), id="window"),
            pytest.param(lambda: given(PICK_UP, site=1), id="site"),
        ],
    )
    def test_wrong_types_are_refused(self, wrong: Callable[[], object]) -> None:
        """By the constructor, and not later."""
        with pytest.raises(InvalidTypeError):
            wrong()

    def test_somebody_hands_over_in_every_way(self) -> None:
        """The seller, the carrier, or either; nobody else."""
        for kind in ConsignmentKind:
            assert kind.hands_over
            assert kind.hands_over <= {SELLER.role, CARRIER.role}
        assert PICK_UP.kind.hands_over == {Role.CARRIER}
