"""Use cases of shipments beside the path: measuring, billing, declaring."""

from collections.abc import Callable
from datetime import timedelta

import attrs
import pytest

from apaclogistics.adapters.simulation import Billing, SimulatedCarrier
from apaclogistics.attention import Rule
from apaclogistics.costs import CostType
from apaclogistics.declarations import CustomsForm, Undeclared
from apaclogistics.errors import InvalidTypeError, NotFoundError
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.lifecycle import Actor, ActorNotPermittedError, RefusedError, Role
from apaclogistics.promises import Promise
from apaclogistics.rate_cards import Band
from apaclogistics.scorecards import arrival_grounds, carrier_card
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import CarrierCode, ParcelId, ShipmentId
from apaclogistics.values.instants import Window, moment
from apaclogistics.values.money import ExchangeRate
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    PLATFORM,
    SELLER,
    cost,
    day,
    parcel,
    rate_card,
    scan,
    usd,
    weighed,
)
from tests.stages import ORDER, Stage, key_of, pieces, sold


class TestBilling:
    """What the carrier weighs and bills."""

    def test_exactly_what_is_billed_is_paid(self) -> None:
        """The wallet follows, however often the rows are reported."""
        stage = Stage()
        stage.sold()
        id = stage.confirmed({PHONE: 2})
        (number,) = map(str, stage.platform.shipments.get(id).numbers)
        later = stage.clock.move_to(day(40))
        rows = [cost("6.50", later, number=number), cost("0.75", later, number=number, code="06")]

        stage.platform.shipments.charge(id, rows[:1], by=CARRIER)
        stage.platform.shipments.charge(id, rows, by=CARRIER)
        shipment = stage.platform.shipments.charge(id, rows[::-1], by=CARRIER)

        assert {str(amount) for amount in shipment.paid.values()} == {"7.25 USD"}
        assert stage.money() == ("22.75 USD", "0.00 USD")
        assert stage.platform.ledger().total(usd("0.00").currency) == usd("0.00")
        assert len([step for step in shipment.history if step.action.value == "charge"]) == 2

    def test_nobody_but_carrier_and_platform_bills(self) -> None:
        """Not even the seller, who would pay less."""
        stage = Stage()
        stage.sold()
        id = stage.confirmed({PHONE: 2})

        with pytest.raises(ActorNotPermittedError):
            stage.platform.shipments.charge(id, [], by=Actor(Role.CARRIER, "DHL"))
        with pytest.raises(ActorNotPermittedError):
            stage.platform.shipments.charge(id, [], by=SELLER)

    def test_weighings_are_kept(self) -> None:
        """Repeated ones change nothing."""
        stage = Stage()
        stage.sold()
        id = stage.confirmed({PHONE: 2})
        (number,) = map(str, stage.platform.shipments.get(id).numbers)
        facts = [weighed(930, day(20), number=number)]

        first = stage.platform.shipments.measure(id, facts)
        again = stage.platform.shipments.measure(id, iter(facts))

        assert again == first == stage.platform.shipments.get(id)
        assert [it.weight for it in first.measured.values()] == [Weight(930)]


class TestReconciling:
    """The carrier is asked what it has found and billed."""

    def test_what_the_carrier_billed_is_paid(self) -> None:
        """It weighed more than was declared, and bills the difference; asking again changes nothing."""
        card = attrs.evolve(
            rate_card(), bands=(Band("US", 900, usd("5.00")), Band("US", 2000, usd("8.20")))
        )
        scales = {ParcelId("p-1"): Weight(930)}
        stage = Stage(
            carrier=SimulatedCarrier(CARRIER.id, rate_card=card, billing=Billing(scales=scales))
        )
        stage.sold()
        id = stage.handed_over({PHONE: 2})
        early = stage.platform.shipments.reconcile(id, by=PLATFORM)
        stage.tracked(id, days=40)

        late = stage.platform.shipments.reconcile(id, by=PLATFORM)

        assert (early.costs, early.measurements) == ((), ())
        assert [row.kind for row in late.costs] == [CostType.SHIPPING, CostType.WEIGHT_GAP]
        assert [it.weight for it in late.measured.values()] == [Weight(930)]
        assert {str(amount) for amount in late.paid.values()} == {"8.20 USD"}
        assert stage.money() == ("21.80 USD", "0.00 USD")
        assert stage.platform.shipments.reconcile(id, by=PLATFORM) == late

    def test_what_was_scanned_is_taken_in_along_with_it(self) -> None:
        """In one commit: nobody sees a bill of a parcel that has not been scanned."""
        stage = Stage()
        stage.sold()
        id = stage.handed_over({PHONE: 2})
        stage.clock.move_to(day(40))

        shipment = stage.platform.shipments.reconcile(id, by=PLATFORM)

        assert shipment.phase is Phase.DELIVERED
        assert shipment.scans
        assert shipment.costs
        assert shipment.measurements

    def test_nobody_asks_for_the_bill_of_another(self) -> None:
        """Nor for one of what is not booked."""
        stage = Stage()
        stage.sold()
        draft = stage.drafted()

        with pytest.raises(ActorNotPermittedError):
            stage.platform.shipments.reconcile(stage.confirmed(), by=SELLER)
        with pytest.raises(NotFoundError, match="no booking of shipment is stored"):
            stage.platform.shipments.reconcile(draft, by=PLATFORM)


class TestDeclaring:
    """What customs are told."""

    def test_each_parcel_is_declared_or_every_reason_told(self) -> None:
        """As of now, with the rates that are passed in."""
        stage = Stage()
        stage.sold()
        item = CustomsItem(
            description="phone",
            quantity=1,
            value=usd("20.00"),
            hs_code="851713",
            origin=Country("CN"),
            net_weight=Weight(700),
        )
        full = attrs.evolve(parcel(1), contents=(item,))
        rate = ExchangeRate(base="USD", quote="XDR", rate="0.74", at=day(1), source="an example")
        desk = stage.platform.shipments
        good = desk.draft(ORDER, {PHONE: 1}, [full], by=SELLER).id
        bad = desk.draft(ORDER, {PHONE: 1}, [full, parcel(2)], by=SELLER).id

        declared, refused = desk.declare(good, rates=[rate]), desk.declare(bad, rates=[rate])

        assert isinstance(declared, tuple)
        assert [(it.parcel, it.form) for it in declared] == [(ParcelId("p-1"), CustomsForm.CN22)]
        assert isinstance(refused, Undeclared)
        assert [it.code for it in refused.reasons] == [
            "hs_code_missing",
            "origin_missing",
            "net_weight_missing",
        ]


class TestReshipping:
    """The platform says how often the same goods may be shipped again."""

    def test_the_limit_is_the_platforms(self) -> None:
        """Twice, unless it says otherwise."""
        stage = Stage()
        stage.sold()
        stage.platform.shipments.draft(ORDER, {PHONE: 2}, [parcel()], by=SELLER)

        def lost_again(id: ShipmentId, *, limit: int) -> ShipmentId:
            platform = attrs.evolve(stage.platform, reship_limit=limit)
            platform.shipments.cancel(id, by=SELLER)
            return platform.shipments.reship(id, by=SELLER).id

        last = lost_again(ShipmentId("shipment-1"), limit=1)

        assert stage.platform.reship_limit == 2
        with pytest.raises(RefusedError, match="shipped again 1 time, and 1 are allowed"):
            lost_again(last, limit=1)
        assert stage.platform.shipments.reship(last, by=SELLER).consignment.reshipments == 2
        assert BUYER in stage.platform.shipments.get(last).parties

    def test_the_limit_holds_for_the_same_old_shipment_again_and_again(self) -> None:
        """Each re-shipment of the goods counts, whichever of them it was in place of."""
        stage = Stage()
        stage.sold()
        shipments = stage.platform.shipments
        old = shipments.draft(ORDER, {PHONE: 2}, [parcel()], by=SELLER).id
        shipments.cancel(old, by=SELLER)
        for count in (1, 2):
            new = shipments.reship(old, by=SELLER)
            assert new.consignment.reshipments == count
            shipments.cancel(new.id, by=SELLER)

        with pytest.raises(RefusedError, match="shipped again 2 times, and 2 are allowed"):
            shipments.reship(old, by=SELLER)


class TestPromises:
    """What a quote promised counts, whether or not anybody repeated it."""

    def test_a_booking_keeps_what_its_quote_promised(self) -> None:
        """The shipment was drafted without a promise, and is late all the same."""
        stage = Stage()
        stage.sold()
        quote = stage.quote()
        id = stage.handed_over()
        shipment = stage.platform.shipments.get(id)
        stage.clock.move_to(quote.promise.window.latest + timedelta(seconds=1))

        (late,) = [it for it in stage.platform.attention() if it.rule is Rule.LATE]
        (grounds,) = arrival_grounds(stage.platform.records(), shipment, stage.clock.now()).values()
        stage.tracked(id, days=60)
        card = carrier_card(stage.platform.records(), CarrierCode(CARRIER.id), stage.clock.now())

        assert shipment.promise == quote.promise
        assert (late.thing, late.until) == (
            f"shipment {id}",
            moment(quote.promise.window.latest),
        )
        assert grounds.promised == quote.promise.window
        assert card.on_time.of == 1

    def test_what_was_promised_with_the_consignment_goes_first(self) -> None:
        """The booking keeps nothing beside it."""
        stage = Stage()
        stage.sold()
        promised = Promise(ship_by=day(4), window=Window(day(5), day(6)))
        id = stage.platform.shipments.draft(
            ORDER, {PHONE: 1}, [parcel()], by=SELLER, promise=promised
        ).id

        shipment = stage.platform.shipments.book(id, stage.quote(), key=key_of(id), by=SELLER)

        assert shipment.promise == promised
        assert shipment.booking is not None
        assert shipment.booking.promise is None


def test_units_are_units_or_counted_by_line() -> None:
    """A pair of a line and a count is neither, and is told so."""
    stage = Stage()
    stage.sold()
    draft: Callable[..., object] = stage.platform.shipments.draft

    for units, problem in (
        ([(PHONE, 1)], "one of units is given as tuple; allowed: Units"),
        (PHONE, "units is given as str; allowed: several"),
    ):
        with pytest.raises(InvalidTypeError, match=problem):
            draft(ORDER, units, [parcel()], by=SELLER)
    with pytest.raises(InvalidTypeError, match="parcels is given as Parcel; allowed: several"):
        draft(ORDER, {PHONE: 1}, parcel(), by=SELLER)


def test_goods_whose_price_was_given_back_are_neither_packed_nor_sent() -> None:
    """Goods or money; what is packed and booked already goes no further."""
    stage = sold()
    shipments, orders = stage.platform.shipments, stage.platform.orders
    drafted, booked = stage.drafted({PHONE: 1}), stage.booked({PHONE: 1})
    orders.refund(ORDER, usd("25.00"), by=SELLER, line=PHONE)

    with pytest.raises(RefusedError) as packing:
        stage.drafted({PHONE: 1})
    with pytest.raises(RefusedError) as booking:
        shipments.book(drafted, stage.quote(), key=key_of(drafted), by=SELLER)
    with pytest.raises(RefusedError) as confirming:
        shipments.confirm(booked, by=SELLER)
    rest = shipments.draft(ORDER, None, pieces(1), by=SELLER)

    codes = {
        reason.code
        for refusal in (packing, booking, confirming)
        for reason in refusal.value.reasons
    }
    assert codes == {"refunded", "over_shipped"}
    assert "refunded" in {reason.code for reason in booking.value.reasons}
    assert "refunded" in {reason.code for reason in confirming.value.reasons}
    assert orders.get(ORDER).contents(rest.id) == {None: {CASE: 1}}


def test_goods_whose_price_was_given_back_are_not_sent_again() -> None:
    """They were lost, and the buyer has the money."""
    stage = sold()
    lost = stage.handed_over({PHONE: 2})
    number = next(iter(stage.platform.shipments.get(lost).numbers))
    seen = [scan(Milestone.LOST, stage.clock.now(), str(number))]
    stage.platform.shipments.observe(lost, seen)
    stage.platform.orders.refund(ORDER, usd("25.00"), by=SELLER, line=PHONE)

    with pytest.raises(RefusedError, match="the price of line line-phone was given back"):
        stage.platform.shipments.reship(lost, by=SELLER)

    assert [it.id for it in stage.platform.snapshot().shipments] == [lost]
