"""Orders as a host application handles them: held, dispatched, packed together, read again."""

from collections.abc import Callable
from datetime import timedelta

import attrs
import pytest

from apaclogistics.adapters.simulation import Call, Fate, Mishap, SimulatedCarrier
from apaclogistics.allocations import Units
from apaclogistics.application.orders import OrderDesk
from apaclogistics.attention import Rule as AttentionRule
from apaclogistics.cancellations import CancellationState
from apaclogistics.carriers import CarrierRejectedError, CarrierUnavailableError
from apaclogistics.claims import Figured
from apaclogistics.compensation import ClaimKind, ClaimTerms
from apaclogistics.errors import CarrierError, InvalidValueError, NotFoundError, Reason
from apaclogistics.fulfilment import Phase
from apaclogistics.lifecycle import Actor, ActorNotPermittedError, RefusedError, Role
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold, PaymentStatus
from apaclogistics.ports import ConcurrencyConflictError
from apaclogistics.readings import OrderDivergedError
from apaclogistics.sales import Payment, Refund
from apaclogistics.threads import Question
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.identifiers import CarrierCode, OrderId, ParcelId, ShipmentId
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    PLATFORM,
    SELLER,
    STRANGERS,
    altered,
    cost,
    day,
    paid,
    party,
    rate_card,
    sale,
    usd,
)
from tests.stages import (
    ORDER,
    CountingCarrier,
    MeddledStorage,
    Stage,
    assert_all_is_told,
    assert_money_is_in_step,
    key_of,
    pieces,
    sold,
)
from tests.test_application_claims import LOST, POLICY, SHIPMENT, lost

OTHER = OrderId("o-2")
HKPOST = CarrierCode(CARRIER.id)
FIRST, SECOND = ParcelId("p-1"), ParcelId("p-2")


def codes(refusal: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    """Give the reasons of a refusal by their codes."""
    return [reason.code for reason in refusal.value.reasons]


def sold_twice(stage: Stage | None = None, **changes: object) -> Stage:
    """Give a stage with two paid orders of one buyer; the changes are those of the second sale."""
    stage = sold(stage)
    other = altered(altered(sale(), id=OTHER), **changes)
    stage.platform.orders.place(other, by=PLATFORM)
    payment = Payment(id="pay-2", gross=usd("30.00"))
    stage.platform.orders.pay(OTHER, payment, by=PLATFORM)
    return stage


def together(stage: Stage) -> ShipmentId:
    """Put a phone of each order into one parcel, and the second order's case into another."""
    packing = {
        ORDER: [Units(PHONE, 1, FIRST)],
        OTHER: [Units(PHONE, 1, FIRST), Units(CASE, 1, SECOND)],
    }
    return stage.platform.shipments.draft_together(packing, pieces(2), by=SELLER).id


def sold_three_times(stage: Stage) -> OrderId:
    """Give the third of three paid orders of one buyer: the first two share a parcel."""
    orders, third = sold_twice(stage).platform.orders, OrderId("o-3")
    orders.place(altered(sale(), id=third), by=PLATFORM)
    orders.pay(third, Payment(id="pay-3", gross=usd("30.00")), by=PLATFORM)
    shared = {id: [Units(PHONE, 1, FIRST)] for id in (ORDER, OTHER)}
    stage.platform.shipments.draft_together(shared, pieces(1), by=SELLER)
    return third


def compensated(stage: Stage, packing: dict[OrderId, list[Units]]) -> None:
    """Send units of several orders in a parcel that is lost, and agree on 20.00 USD for the buyer."""
    desk, claims = stage.platform.shipments, stage.platform.claims
    id = desk.draft_together(packing, pieces(1), by=SELLER).id
    desk.book(id, stage.quote(parcels=1), key=key_of(id), by=SELLER)
    desk.confirm(id, by=SELLER)
    desk.hand_over(id, by=SELLER)
    stage.tracked(id, days=100)
    claim = claims.file(id, FIRST, ClaimKind.LOSS, POLICY, by=BUYER)
    claims.acknowledge(claim.id, by=CARRIER)
    claims.offer(claim.id, Figured(usd("20.00")), by=CARRIER)
    claims.accept(claim.id, by=BUYER)


def lossy() -> Stage:
    """Give a stage on which the first parcel of every shipment is lost."""
    fates = {FIRST: Fate.LOST}
    return Stage(carrier=SimulatedCarrier(CARRIER.id, rate_card=rate_card(), fates=fates))


def test_a_refund_is_not_refused_for_goods_that_another_order_shares_with_others() -> None:
    """The first order shares a parcel with the second, and the second a lost one with a third."""
    stage = lossy()
    orders, third = stage.platform.orders, sold_three_times(stage)
    compensated(stage, {OTHER: [Units(CASE, 1, FIRST)], third: [Units(PHONE, 2, FIRST)]})

    orders.refund(OTHER, usd("30.00"), by=SELLER)
    first = orders.refund(ORDER, usd("30.00"), by=SELLER)
    with pytest.raises(RefusedError) as refusal:
        orders.refund(third, usd("10.01"), by=SELLER)

    assert first.refunded == usd("30.00")
    assert codes(refusal) == ["compensated"]
    assert orders.refund(third, usd("10.00"), by=SELLER).refunded == usd("10.00")


class TestHolds:
    """The platform holds money back from the seller."""

    HOLD = PaymentHold(id="hold-1", amount=usd("10.00"), expected_release=day(20))

    def test_what_is_held_cannot_be_spent_until_it_is_released(self) -> None:
        """The wallet is in step with the order."""
        stage = sold()

        stage.platform.orders.hold_payment(ORDER, self.HOLD, by=PLATFORM)
        while_held = stage.money()
        stage.platform.orders.release_payment(ORDER, "hold-1", by=PLATFORM)

        assert while_held == ("20.00 USD", "10.00 USD")
        assert stage.money() == ("30.00 USD", "0.00 USD")
        assert_all_is_told(stage)
        assert_money_is_in_step(stage)

    def test_cancelling_an_order_releases_what_is_held_and_gives_it_back(self) -> None:
        """All of it, in one commit."""
        stage = sold()
        stage.confirmed()
        stage.platform.orders.hold_payment(ORDER, self.HOLD, by=PLATFORM)

        order = stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)

        assert order.payment_status is PaymentStatus.FULLY_REFUNDED
        assert stage.money() == ("0.00 USD", "0.00 USD")
        assert_money_is_in_step(stage)


class TestDispatch:
    """The platform hands a paid order to a carrier of its own."""

    def test_an_order_is_booked_with_the_carrier_that_it_was_dispatched_to(self) -> None:
        """It is a step of the order."""
        stage = sold()

        order = stage.platform.orders.dispatch(ORDER, HKPOST, by=PLATFORM, note="nearest")
        shipment = stage.booked()

        assert order.history[-1].action.value == "dispatch"
        assert stage.platform.shipments.get(shipment).phase is Phase.BOOKED
        assert_all_is_told(stage)

    def test_another_carrier_is_not_booked(self) -> None:
        """Neither for a single order nor for one of several, and the carrier is not asked."""
        carrier = CountingCarrier("DHL", rate_card=rate_card())
        stage = sold_twice()
        shipment = together(stage)
        elsewhere = attrs.evolve(stage.quote(parcels=2), carrier=CarrierCode("DHL"))
        platform = attrs.evolve(stage.platform, carriers=(stage.carrier, carrier))
        platform.orders.dispatch(OTHER, HKPOST, by=PLATFORM)

        with pytest.raises(RefusedError) as refusal:
            platform.shipments.book(shipment, elsewhere, key=key_of(shipment), by=SELLER)

        assert "other_carrier" in codes(refusal)
        assert carrier.asked == 0

    def test_nothing_is_booked_while_the_payment_is_on_hold(self) -> None:
        """Even if the order was dispatched before."""
        stage = sold()
        shipment = stage.drafted()
        stage.platform.orders.hold_payment(ORDER, TestHolds.HOLD, by=PLATFORM)

        with pytest.raises(RefusedError, match=r"10\.00 USD of order o-1 are on hold"):
            stage.platform.shipments.book(shipment, stage.quote(), key=key_of(shipment), by=SELLER)

    def test_an_order_is_dispatched_anew_until_something_is_booked(self) -> None:
        """The order asks where its shipments are."""
        stage = sold()
        stage.drafted()
        stage.platform.orders.dispatch(ORDER, HKPOST, by=PLATFORM)
        again = stage.platform.orders.dispatch(ORDER, HKPOST, by=PLATFORM, note="once more")
        stage.booked()

        with pytest.raises(RefusedError, match="shipment shipment-2 is BOOKED"):
            stage.platform.orders.dispatch(ORDER, HKPOST, by=PLATFORM)

        assert stage.platform.orders.get(ORDER).dispatched == again.dispatched

    def test_an_order_is_not_handed_to_a_carrier_that_the_platform_does_not_know(self) -> None:
        """Who may not dispatch is not told which it knows."""
        orders = sold().platform.orders

        with pytest.raises(NotFoundError, match="no carrier is stored under 'DHL'"):
            orders.dispatch(ORDER, CarrierCode("DHL"), by=PLATFORM)
        with pytest.raises(ActorNotPermittedError):
            orders.dispatch(ORDER, CarrierCode("DHL"), by=SELLER)

        assert orders.get(ORDER).dispatched is None


class TestCancelling:
    """A request that is answered in time, late, or never."""

    def test_a_request_that_nobody_answered_lapses(self) -> None:
        """The seller is too late, swept or not; the platform lets it lapse."""
        stage = sold()
        orders, limit = stage.platform.orders, stage.clock.now() + timedelta(days=3)
        orders.request_cancellation(ORDER, "changed my mind", by=BUYER, decide_by=limit)
        stage.clock.advance(timedelta(days=4))

        with pytest.raises(RefusedError) as refusal:
            orders.cancel(ORDER, "very well", by=SELLER)
        order = orders.lapse_cancellation(ORDER, by=PLATFORM)

        assert codes(refusal) == ["decided_too_late"]
        assert order.state is CancellationState.REJECTED
        assert order.cancelling is not None
        assert (order.cancelling.asked_by, order.cancelling.decided_by) == (BUYER, PLATFORM)

    def test_a_sweep_lets_lapse_what_nobody_answered(self) -> None:
        """After its last instant and not before, once, and as of the instant that it is given."""
        stage = sold()
        limit = stage.clock.now() + timedelta(days=3)
        stage.platform.orders.request_cancellation(ORDER, "please", by=BUYER, decide_by=limit)

        stage.clock.move_to(limit)
        early = stage.platform.sweep()
        stage.clock.advance(timedelta(microseconds=1))
        in_time, again = stage.platform.sweep(), stage.platform.sweep()

        assert (early, in_time, again) == ((), (f"order {ORDER}",), ())
        assert stage.platform.orders.get(ORDER).state is CancellationState.REJECTED
        assert_all_is_told(stage)

    def test_the_platform_may_still_grant_it(self) -> None:
        """Late is not never."""
        stage = sold()
        orders, limit = stage.platform.orders, stage.clock.now() + timedelta(days=3)
        orders.request_cancellation(ORDER, "changed my mind", by=BUYER, decide_by=limit)
        stage.clock.advance(timedelta(days=4))

        assert orders.cancel(ORDER, "granted", by=PLATFORM).state is CancellationState.CANCELLED

    def test_a_stranger_has_no_carrier_asked(self) -> None:
        """Nor is told what the carrier would say."""

        class Away(CountingCarrier):
            def scans(self, *_: object, **__: object) -> tuple[()]:
                raise CarrierUnavailableError(self.code, "timed out")

        stage = sold(Stage(carrier=Away(CARRIER.id, rate_card=rate_card())))
        stage.booked()

        with pytest.raises(ActorNotPermittedError):
            stage.platform.orders.cancel(ORDER, "mine now", by=STRANGERS[0])


class TestTogether:
    """Units of several orders of one buyer in one shipment."""

    def test_orders_share_a_shipment_and_its_parcels(self) -> None:
        """Each allocates its own units, in one commit."""
        stage = sold_twice()

        id = together(stage)

        shipment = stage.platform.shipments.get(id)
        assert shipment.consignment.orders == (ORDER, OTHER)
        one, two = (stage.platform.orders.get(order) for order in (ORDER, OTHER))
        assert one.contents(id) == {FIRST: {PHONE: 1}}
        assert two.contents(id) == {FIRST: {PHONE: 1}, SECOND: {CASE: 1}}
        assert_all_is_told(stage)

    def test_each_order_ships_no_more_than_its_own(self) -> None:
        """And if one refuses, none has packed anything."""
        stage = sold_twice()
        before = stage.platform.snapshot()

        with pytest.raises(RefusedError, match="3 units of line line-phone would ship"):
            stage.platform.shipments.draft_together(
                {ORDER: [Units(PHONE, 1)], OTHER: [Units(PHONE, 2), Units(PHONE, 1)]},
                pieces(1),
                by=SELLER,
            )

        assert stage.platform.snapshot() == before

    def test_orders_that_share_a_shipment_are_refunded_beside_what_its_buyer_is_paid(self) -> None:
        """Nobody knows whose goods a parcel's compensation is for, so they are looked at together."""
        fates = {FIRST: Fate.LOST, SECOND: Fate.LOST}
        carrier = SimulatedCarrier(CARRIER.id, rate_card=rate_card(), fates=fates)
        stage = sold_twice(Stage(carrier=carrier))
        id = together(stage)
        stage.platform.shipments.book(id, stage.quote(parcels=2), key=key_of(id), by=SELLER)
        stage.platform.shipments.confirm(id, by=SELLER)
        stage.platform.shipments.hand_over(id, by=SELLER)
        stage.tracked(id, days=100)
        claims, orders = stage.platform.claims, stage.platform.orders
        for parcel in (FIRST, SECOND):
            claim = claims.file(id, parcel, ClaimKind.LOSS, POLICY, by=BUYER)
            claims.escalate(claim.id, "no answer", by=BUYER)
            claims.decide_for(claim.id, Figured(claim.demand.amount), by=PLATFORM)

        # The parcels are worth 20.00 USD each, and what is in the second cost the buyer 5.00.
        orders.refund(ORDER, usd("30.00"), by=SELLER)
        with pytest.raises(RefusedError, match=r"5.01 USD is more than the 5.00 USD that is left"):
            orders.refund(OTHER, usd("5.01"), by=SELLER)

    def test_an_order_is_not_cancelled_by_what_another_that_shares_a_shipment_was(self) -> None:
        """What is left of both is looked at, so of two who move it at once one passes."""
        storage = MeddledStorage()
        stage = sold_twice(Stage(storage=storage))
        together(stage)
        orders = stage.platform.orders
        storage.meanwhile.append(lambda: orders.hold_payment(OTHER, TestHolds.HOLD, by=PLATFORM))

        with pytest.raises(ConcurrencyConflictError, match="order o-2"):
            orders.cancel(ORDER, "no more", by=PLATFORM)

        assert orders.get(ORDER).refunded == usd("0.00")
        assert orders.cancel(ORDER, "no more", by=PLATFORM).refunded == usd("30.00")

    def test_units_go_into_parcels_that_are_there(self) -> None:
        """A parcel that nobody sends holds nothing."""
        with pytest.raises(RefusedError, match="shipment shipment-1 has no parcel p-2"):
            sold().platform.shipments.draft(ORDER, [Units(PHONE, 1, SECOND)], pieces(1), by=SELLER)

    def test_orders_that_go_to_different_places_do_not_share(self) -> None:
        """The reason says so, and no address."""
        stage = sold_twice(consignee=party("GB"))

        with pytest.raises(RefusedError) as refusal:
            together(stage)

        assert codes(refusal) == ["other_consignee"]

    def test_a_shipment_of_no_orders_is_none(self) -> None:
        """Somebody must have bought something."""
        with pytest.raises(InvalidValueError, match=r"packing .* names no order"):
            sold().platform.shipments.draft_together({}, pieces(1), by=SELLER)

    def test_a_shipment_without_named_units_is_the_whole_order(self) -> None:
        """All that is in no shipment yet; then there is nothing more to ship."""
        stage = sold()
        stage.drafted({PHONE: 1})

        id = stage.platform.shipments.draft(ORDER, None, pieces(1), by=SELLER).id

        assert stage.platform.orders.get(ORDER).contents(id) == {None: {PHONE: 1, CASE: 1}}
        with pytest.raises(RefusedError) as refusal:
            stage.platform.shipments.draft(ORDER, None, pieces(1), by=SELLER)
        assert codes(refusal) == ["no_units"]

    def test_cancelling_one_order_cancels_the_shipment_and_frees_the_others_units(self) -> None:
        """They can be shipped again; the other order is as it was."""
        stage = sold_twice()
        id = together(stage)
        other = stage.platform.orders.get(OTHER)

        stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)

        assert stage.platform.shipments.get(id).phase is Phase.CANCELLED
        assert stage.platform.orders.get(OTHER) == other
        again = stage.platform.shipments.draft(OTHER, None, pieces(1), by=SELLER).id
        packed = stage.platform.orders.get(OTHER)
        assert packed.contents(again) == {None: {PHONE: 2, CASE: 1}}
        assert packed.unshipped({id: Phase.CANCELLED}) == {}

    def test_an_order_in_a_shipment_that_is_under_way_is_not_cancelled(self) -> None:
        """Whoever else's units travel in it."""
        stage = sold_twice()
        id = together(stage)
        shipments = stage.platform.shipments
        shipments.book(id, stage.quote(parcels=2), key=key_of(id), by=SELLER)
        shipments.confirm(id, by=SELLER)
        shipments.hand_over(id, by=SELLER)
        stage.clock.advance(timedelta(days=2))

        for order in (ORDER, OTHER):
            with pytest.raises(RefusedError) as refusal:
                stage.platform.orders.cancel(order, "out of stock", by=SELLER)
            assert codes(refusal) == ["under_way"]

    def test_what_came_to_nothing_is_shipped_again_for_all_orders(self) -> None:
        """The new shipment holds the same units in the same parcels."""
        stage = sold_twice()
        id = together(stage)
        stage.platform.shipments.cancel(id, by=SELLER)

        again = stage.platform.shipments.reship(id, by=SELLER).id

        for order in (ORDER, OTHER):
            known = stage.platform.orders.get(order)
            assert known.contents(again) == known.contents(id)


class TestAddingUp:
    """Totals that do not add up are accepted and listed, or refused, as the caller chooses."""

    ODD = attrs.evolve(sale(), total=usd("31.00"))

    def test_an_odd_sale_is_placed_and_says_so(self) -> None:
        """Unless it must add up."""
        stage = Stage()
        stage.published()

        with pytest.raises(RefusedError) as refusal:
            stage.platform.orders.place(self.ODD, by=BUYER, must_add_up=True)
        order = stage.platform.orders.place(self.ODD, by=BUYER)

        assert codes(refusal) == ["lines_and_total"]
        assert order.inconsistencies == refusal.value.reasons

    def test_an_order_from_elsewhere_is_taken_in_and_says_so(self) -> None:
        """Unless it must add up; then it is not kept."""
        orders = Stage().platform.orders
        odd = Order.place(self.ODD, by=PLATFORM, at=day(2))

        with pytest.raises(RefusedError) as refusal:
            orders.take_in(odd, must_add_up=True)
        with pytest.raises(NotFoundError):
            orders.get(ORDER)

        assert codes(refusal) == ["lines_and_total"]
        assert orders.take_in(odd).inconsistencies == refusal.value.reasons
        assert orders.get(ORDER) == odd

    def test_what_adds_up_is_taken_in_either_way(self) -> None:
        """There is nothing to refuse."""
        assert Stage().platform.orders.take_in(paid(), must_add_up=True) == paid()


class TestReading:
    """A marketplace is polled, and its orders come again with news."""

    def read(self) -> Order:
        """Give an order as it was read."""
        return Order.place(sale(), by=PLATFORM, at=day(2))

    def paid(self) -> Order:
        """Give the same order, read later."""
        payment = Payment(id="pay-1", gross=usd("30.00"))
        return self.read().pay(payment, by=PLATFORM, at=day(3))

    def test_news_is_taken_over_and_its_money_moves_once(self) -> None:
        """However often it is read."""
        stage = Stage()
        stage.platform.orders.take_in(self.read())

        for _ in range(2):
            assert stage.platform.orders.refresh(self.paid()) == self.paid()

        assert stage.money() == ("30.00 USD", "0.00 USD")
        assert_all_is_told(stage)
        assert_money_is_in_step(stage)

    def test_a_cancellation_that_was_read_leaves_shipments_that_somebody_must_stop(self) -> None:
        """Attention tells of each, and it is confirmed by nobody, until it is cancelled, too."""
        stage = Stage()
        stage.published()
        orders, shipments = stage.platform.orders, stage.platform.shipments
        orders.take_in(self.paid())
        stage.clock.move_to(day(4))
        id = stage.booked()

        orders.refresh(self.paid().cancel("no stock", phases={}, by=PLATFORM, at=day(4)))

        told = [it for it in stage.platform.attention() if it.rule is AttentionRule.CANCELLED]
        with pytest.raises(RefusedError, match="the cancellation of order o-1 is CANCELLED"):
            shipments.confirm(id, by=SELLER)
        shipments.cancel(id, by=SELLER)
        again = stage.platform.attention()
        assert [(it.thing, it.allowed) for it in told] == [(f"shipment {id}", ("cancel",))]
        assert not any(it.rule is AttentionRule.CANCELLED for it in again)
        assert_money_is_in_step(stage)

    def test_an_order_is_taken_in_once_and_refreshed_afterwards(self) -> None:
        """Each call says which it is."""
        orders = Stage().platform.orders

        with pytest.raises(NotFoundError):
            orders.refresh(self.read())
        orders.take_in(self.read())
        with pytest.raises(ConcurrencyConflictError):
            orders.take_in(self.paid())

    def test_a_reading_that_contradicts_what_is_known_changes_nothing(self) -> None:
        """Somebody must look at it."""
        stage = Stage()
        orders = stage.platform.orders
        orders.take_in(self.paid())
        stage.clock.move_to(day(4))
        orders.refund(ORDER, usd("5.00"), by=SELLER)
        before = orders.get(ORDER)
        told = self.paid().refund(Refund(id="r-1", gross=usd("5.00")), by=PLATFORM, at=day(4))

        with pytest.raises(OrderDivergedError, match="step 3 was refund, now another refund"):
            orders.refresh(told)

        assert orders.get(ORDER) == before
        assert stage.money() == ("25.00 USD", "0.00 USD")


class TestRefunds:
    """Begun, and paid out or not; money moves once."""

    def test_a_refund_moves_money_when_it_is_paid_out(self) -> None:
        """The wallet is in step at each moment."""
        stage = sold()
        orders = stage.platform.orders

        begun = orders.begin_refund(ORDER, usd("5.00"), by=SELLER, line=CASE, reason="broken")
        before = stage.money()
        orders.settle_refund(ORDER, begun.pending_refunds[0].id, by=PLATFORM, note="done")

        assert (before, stage.money()) == (("30.00 USD", "0.00 USD"), ("25.00 USD", "0.00 USD"))
        assert orders.get(ORDER).refunds == begun.pending_refunds
        assert_money_is_in_step(stage)
        assert_all_is_told(stage)

    def test_a_refund_that_failed_moved_nothing(self) -> None:
        """And leaves room for another, of which the marketplace gives its part."""
        stage = sold()
        orders = stage.platform.orders
        [begun] = orders.begin_refund(ORDER, usd("30.00"), by=SELLER).pending_refunds

        orders.fail_refund(ORDER, begun.id, "card expired", by=PLATFORM)
        orders.refund(ORDER, usd("30.00"), net=usd("26.00"), by=PLATFORM)

        assert stage.money() == ("4.00 USD", "0.00 USD")
        assert_money_is_in_step(stage)

    @pytest.mark.parametrize("refunding", [OrderDesk.refund, OrderDesk.begin_refund])
    def test_a_seller_says_nothing_of_what_the_marketplace_gives_back(
        self, refunding: Callable[..., Order]
    ) -> None:
        """Where nobody said what it has kept."""
        stage = sold()
        orders = stage.platform.orders

        with pytest.raises(RefusedError, match=r"30\.00 USD of it, is not seller s-1's to say"):
            refunding(orders, ORDER, usd("30.00"), net=usd("0.00"), by=SELLER)

        assert not orders.get(ORDER).money.promised.minor
        assert stage.money() == ("30.00 USD", "0.00 USD")

    def test_a_buyer_does_not_say_what_the_seller_gets(self) -> None:
        """The marketplace alone knows what it keeps."""
        stage = Stage()
        stage.published()
        orders = stage.platform.orders
        orders.place(sale(), by=BUYER)
        payment = Payment(id="pay-1", gross=usd("30.00"), net=usd("0.00"))

        with pytest.raises(RefusedError, match=r"30\.00 USD of it, is not buyer b-1's to say"):
            orders.pay(ORDER, payment, by=BUYER)
        orders.pay(ORDER, payment, by=PLATFORM)

        assert stage.money() == ("0.00 USD", "0.00 USD")

    @pytest.mark.parametrize("refunding", [OrderDesk.refund, OrderDesk.begin_refund])
    def test_the_marketplace_gives_no_more_of_a_refund_than_it_has_kept(
        self, refunding: Callable[..., Order]
    ) -> None:
        """To a cent, where it is known what that was."""
        stage = Stage()
        stage.published()
        orders = stage.platform.orders
        orders.place(sale(), by=BUYER)
        payment = Payment(id="pay-1", gross=usd("30.00"), net=usd("27.00"))
        orders.pay(ORDER, payment, by=PLATFORM)

        with pytest.raises(
            RefusedError, match=r"would give 3\.01 USD of it, and has kept 3\.00 USD"
        ):
            refunding(orders, ORDER, usd("30.00"), net=usd("26.99"), by=SELLER)
        refunding(orders, ORDER, usd("30.00"), net=usd("27.00"), by=SELLER)

        assert not orders.get(ORDER).money.left.minor

    @pytest.mark.parametrize("refunding", [OrderDesk.refund, OrderDesk.begin_refund])
    def test_a_claim_hinders_whoever_heeds_it(self, refunding: Callable[..., Order]) -> None:
        """While it is open; whoever does not ask is not hindered."""
        stage = lost()
        orders, claims = stage.platform.orders, stage.platform.claims
        claim = claims.file(SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=BUYER)

        with pytest.raises(RefusedError, match=f"claim {claim.id} is FILED"):
            refunding(orders, ORDER, usd("1.00"), by=SELLER, unless_disputed=True)

        claims.withdraw(claim.id, by=BUYER)
        refunding(orders, ORDER, usd("1.00"), by=SELLER, unless_disputed=True)
        assert orders.get(ORDER).money.left == usd("29.00")

    @pytest.mark.parametrize(
        "giving_back",
        [
            lambda orders, **heed: orders.refund(ORDER, usd("30.00"), by=SELLER, **heed),
            lambda orders, **heed: orders.begin_refund(ORDER, usd("30.00"), by=SELLER, **heed),
            lambda orders, **heed: orders.cancel(ORDER, "too slow", by=SELLER, **heed),
        ],
        ids=["refund", "begin_refund", "cancel"],
    )
    @pytest.mark.parametrize("is_asked", [False, True], ids=["unasked", "asked to cancel"])
    def test_a_case_at_the_platform_hinders_every_way_of_giving_back(
        self, giving_back: Callable[..., Order], *, is_asked: bool
    ) -> None:
        """Until the platform has decided; whoever does not ask is not hindered."""
        stage = sold()
        orders, inquiries = stage.platform.orders, stage.platform.inquiries
        question = Question("Where is it?", day(3))
        id = inquiries.open(stage.booked(), SELLER, question, by=BUYER).id
        if is_asked:
            orders.request_cancellation(ORDER, "please", by=BUYER)
        stage.clock.move_to(day(4))
        inquiries.escalate(id, "no answer", by=BUYER)
        before = orders.get(ORDER)

        with pytest.raises(RefusedError, match=f"inquiry {id} is ESCALATED") as refusal:
            giving_back(orders, unless_disputed=True)
        unchanged = orders.get(ORDER)
        inquiries.decide(id, "refund", by=PLATFORM)
        given = giving_back(orders, unless_disputed=True)

        assert codes(refusal) == ["case_open"]
        assert unchanged == before
        assert not given.money.left.minor
        assert_all_is_told(stage)

    def test_a_rejection_hinders_until_its_time_is_over_whether_or_not_anybody_swept(self) -> None:
        """The last instant to contest it still counts."""
        stage = lost()
        orders, claims = stage.platform.orders, stage.platform.claims
        week = ClaimTerms(contest_within=Period(7, PeriodUnit.CALENDAR_DAYS))
        policy = attrs.evolve(POLICY, terms=week)
        claim = claims.file(SHIPMENT, LOST, ClaimKind.LOSS, policy, by=SELLER)
        ends = claims.reject(claim.id, "no", by=CARRIER).contest_by
        assert ends is not None

        stage.clock.move_to(ends.at)
        with pytest.raises(RefusedError, match=f"claim {claim.id} is REJECTED"):
            orders.refund(ORDER, usd("1.00"), by=SELLER, unless_disputed=True)
        stage.clock.advance(timedelta(microseconds=1))

        assert orders.refund(ORDER, usd("1.00"), by=SELLER, unless_disputed=True).refunds

    def test_a_claim_for_a_pick_up_hinders_a_cancellation_that_heeds_it(self) -> None:
        """The parcel is still here, and the carrier is asked to pay for not having come."""
        stage = sold()
        orders, claims = stage.platform.orders, stage.platform.claims
        id = stage.handed_over()
        policy = attrs.evolve(
            POLICY, covers=frozenset({ClaimKind.FAILED_PICK_UP}), windows=(), terms=ClaimTerms()
        )
        parcel = stage.platform.shipments.get(id).consignment.parcels[0].id
        # The carrier bills it all the same.
        number = min(map(str, stage.platform.shipments.get(id).numbers))
        row = cost("1.00", stage.clock.now(), number=number)
        stage.platform.shipments.charge(id, [row], by=CARRIER)
        claim = claims.file(
            id,
            parcel,
            ClaimKind.FAILED_PICK_UP,
            policy,
            by=SELLER,
            amount=usd("1.00"),
        )

        with pytest.raises(RefusedError, match=f"claim {claim.id} is FILED"):
            orders.cancel(ORDER, "too slow", by=SELLER, unless_disputed=True)

        assert orders.cancel(ORDER, "too slow", by=SELLER).payment_status.name == "FULLY_REFUNDED"

    def test_whoever_does_not_ask_is_not_hindered(self) -> None:
        """The seller refunds while the carrier still talks."""
        stage = lost()
        stage.platform.claims.file(SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=SELLER)

        order = stage.platform.orders.refund(ORDER, usd("30.00"), by=SELLER)

        assert order.refunded == usd("30.00")

    def test_a_platform_states_what_a_seller_had(self) -> None:
        """Rebuilt from what is stored: each movement with its cause, in order."""
        stage = sold()
        stage.platform.orders.refund(ORDER, usd("5.00"), by=SELLER)

        [statement] = stage.platform.statements(SELLER, day(1), day(3))

        assert [(it.entry.thing, str(it.balance.available)) for it in statement.lines] == [
            ("order o-1", "30.00 USD"),
            ("order o-1", "25.00 USD"),
        ]
        assert stage.platform.ledger(day(1)).postings == ()
        assert len(stage.platform.journal().entries) == 2


# What nobody could make sense of.
BAD: dict[str, Callable[[Stage, Actor], object]] = {
    "refund of nothing": lambda stage, by: stage.platform.orders.refund(ORDER, usd("0.00"), by=by),
    "draft in no parcels": lambda stage, by: stage.platform.shipments.draft(
        ORDER, {PHONE: 1}, (), by=by
    ),
    "draft of nothing": lambda stage, by: stage.platform.shipments.draft(
        ORDER, [], pieces(1), by=by
    ),
    "dispatch to nobody": lambda stage, by: stage.platform.orders.dispatch(
        ORDER, CarrierCode(""), by=by
    ),
    "request without time": lambda stage, by: stage.platform.orders.request_cancellation(
        ORDER, "please", by=by, decide_by=day(1)
    ),
}


@pytest.mark.parametrize("attempt", BAD)
def test_a_stranger_is_turned_away_before_the_data_is_looked_at(attempt: str) -> None:
    """A seller who is not the seller, and a buyer who is not the buyer."""
    stage = sold()

    for stranger in (Actor(Role.SELLER, "s-2"), Actor(Role.BUYER, "b-2")):
        with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
            BAD[attempt](stage, stranger)


@pytest.mark.parametrize(
    ("mishap", "error"),
    [
        (Reason("355044", "the hub says no"), CarrierRejectedError),
        (Mishap.UNAVAILABLE, CarrierUnavailableError),
    ],
    ids=["refused", "not answered"],
)
def test_what_a_carrier_cancelled_before_it_stopped_is_cancelled_here_too(
    mishap: Mishap | Reason, error: type[CarrierError]
) -> None:
    """The order stays, and repeating the call cancels the rest: nothing is held for a dead number."""
    scripts = {Call.CANCEL: [Mishap.NONE, mishap]}
    carrier = CountingCarrier(CARRIER.id, rate_card=rate_card(), mishaps=scripts)
    stage = sold(Stage(carrier=carrier))
    ids = [stage.confirmed({PHONE: 1}), stage.confirmed({PHONE: 1}), stage.confirmed({CASE: 1})]
    with pytest.raises(error):
        stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)
    phases = [stage.platform.shipments.get(id).phase for id in ids]
    money, state = stage.money(), stage.platform.orders.get(ORDER).cancellation

    order = stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)

    assert phases == [Phase.CANCELLED, Phase.CONFIRMED, Phase.CONFIRMED]
    assert money == ("20.00 USD", "10.00 USD")
    assert state is CancellationState.NONE_REQUESTED
    assert order.cancellation is CancellationState.CANCELLED
    assert [account.is_cancelled for account in carrier.accounts] == [True] * 3
    assert carrier.cancelled == 3
    assert stage.money() == ("0.00 USD", "0.00 USD")
    assert_money_is_in_step(stage)
    assert_all_is_told(stage)
