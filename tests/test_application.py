"""The use cases of the path: each loads, lets the domain decide, and saves in one commit."""

from collections.abc import Callable
from datetime import timedelta

import attrs
import pytest

from apaclogistics.adapters.simulation import SimulatedCarrier
from apaclogistics.application import Patience
from apaclogistics.cancellations import CancellationState
from apaclogistics.carriers import CarrierRejectedError, CarrierUnavailableError
from apaclogistics.consignments import Booking, Label
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.history import Note
from apaclogistics.ledger import DepositConflictError, Wallet
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    RefusedError,
    Role,
)
from apaclogistics.listings import ListingState
from apaclogistics.offers import Carriage
from apaclogistics.payments import PaymentStatus
from apaclogistics.ports import ConcurrencyConflictError
from apaclogistics.quotes import QuoteRefused
from apaclogistics.sales import Payment
from apaclogistics.sellers import SellerState
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import (
    CarrierCode,
    ListingId,
    ListingVersion,
    OrderId,
    ParcelId,
    SellerId,
    ShipmentId,
    tracking_number,
)
from apaclogistics.values.instants import Instant
from apaclogistics.values.quantities import Weight
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    PLATFORM,
    SELLER,
    adoption,
    booking,
    consignment,
    day,
    identity,
    paid,
    parcel,
    profile,
    rate_card,
    sale,
    scan,
    terms,
    usd,
)
from tests.stages import (
    A_WHILE,
    BROOKLYN,
    LISTING,
    ORDER,
    CountingCarrier,
    Killed,
    Life,
    MeddledStorage,
    MeetingStorage,
    MortalCarrier,
    Stage,
    assert_all_is_told,
    assert_money_is_in_step,
    at_once,
    dangers,
    mortal,
    sold,
)

ID = SellerId(SELLER.id)
STRANGER = Actor(Role.SELLER, "s-2")
USD = usd("0").currency


def published() -> Stage:
    """Give a stage with a verified seller and a published listing."""
    stage = Stage()
    stage.published()
    return stage


def codes(refusal: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    """Give the codes of all reasons."""
    return [reason.code for reason in refusal.value.reasons]


# Step 1: sellers.


def test_a_seller_registers_and_is_verified() -> None:
    """The account is stored after each step."""
    stage = Stage()

    registered = stage.platform.sellers.register(ID, profile(), by=SELLER)
    stage.clock.move_to(day(2))
    verified = stage.platform.sellers.verify(ID, by=PLATFORM, note="papers seen")

    assert registered.state is SellerState.SUBMITTED
    assert verified.state is SellerState.VERIFIED
    assert verified.history[-1].at == day(2)
    assert stage.platform.sellers.get(ID) == verified


def test_a_rejected_seller_mends_the_profile_and_may_amend_it_later() -> None:
    """A change of identity asks for verification anew."""
    sellers = Stage().platform.sellers
    sellers.register(ID, profile(), by=SELLER)

    rejected = sellers.reject(ID, "no licence", by=PLATFORM)
    resubmitted = sellers.resubmit(ID, profile("Chan & Sons"), by=SELLER)
    sellers.verify(ID, by=PLATFORM)
    amended = sellers.amend_identity(ID, identity("Chan Limited"), by=SELLER)

    assert [it.state.name for it in (rejected, resubmitted, amended)] == [
        "REJECTED",
        "SUBMITTED",
        "SUBMITTED",
    ]
    assert sellers.get(ID).profile.identity.legal_name == "Chan Limited"


def test_a_suspension_is_lifted_and_an_account_closed() -> None:
    """Suspended, verified again, closed for good."""
    sellers = published().platform.sellers

    states = [
        sellers.suspend(ID, "complaints", by=PLATFORM).state,
        sellers.reinstate(ID, by=PLATFORM, note="sorted out").state,
        sellers.close(ID, by=SELLER).state,
    ]

    assert states == [SellerState.SUSPENDED, SellerState.VERIFIED, SellerState.CLOSED]


def test_what_is_refused_is_not_stored() -> None:
    """A seller may not verify itself, and nothing is told of the attempt."""
    stage = Stage()
    stage.platform.sellers.register(ID, profile(), by=SELLER)

    with pytest.raises(ActorNotPermittedError):
        stage.platform.sellers.verify(ID, by=SELLER)

    assert stage.platform.sellers.get(ID).state is SellerState.SUBMITTED
    assert [it.action for it in stage.events()] == ["register"]


def test_a_seller_registers_once() -> None:
    """A second account of the same name is a conflict, and the first one stays."""
    sellers = Stage().platform.sellers
    first = sellers.register(ID, profile(), by=SELLER)

    with pytest.raises(ConcurrencyConflictError, match="seller s-1 is at version 1, not 0"):
        sellers.register(ID, profile("Another"), by=SELLER)

    assert sellers.get(ID) == first


def test_a_wallet_that_was_never_used_is_empty() -> None:
    """It need not be opened."""
    assert Stage().wallet() == Wallet(SELLER)


def test_a_deposit_is_in_the_wallet_and_in_the_ledger() -> None:
    """Money that no command of an aggregate moved is accounted for as well."""
    stage = published()

    stage.platform.sellers.deposit(SELLER, usd("10.00"), "top-up 1", by=SELLER)
    wallet = stage.platform.sellers.deposit(SELLER, usd("2.50"), "top-up 2", by=PLATFORM)

    assert wallet == stage.wallet()
    assert stage.money() == ("12.50 USD", "0.00 USD")
    assert_money_is_in_step(stage)


def test_a_deposit_is_made_once_for_each_cause() -> None:
    """Who got no answer repeats the call; another amount under the cause is another deposit."""
    stage = published()
    first = stage.platform.sellers.deposit(SELLER, usd("10.00"), "transfer 7", by=SELLER)

    again = stage.platform.sellers.deposit(SELLER, usd("10.00"), "transfer 7", by=PLATFORM)

    assert again == first
    with pytest.raises(DepositConflictError) as conflict:
        stage.platform.sellers.deposit(SELLER, usd("9.00"), "transfer 7", by=SELLER)
    assert conflict.value.code == "deposit_conflict"
    assert str(conflict.value) == "seller s-1 deposited 10.00 USD as 'transfer 7', and now 9.00 USD"
    assert stage.money() == ("10.00 USD", "0.00 USD")


def test_nobody_deposits_for_somebody_else_or_for_nobody() -> None:
    """What is refused leaves no wallet behind."""
    sellers = published().platform.sellers
    other, amount = Actor(Role.SELLER, "s-2"), usd("1.00")

    with pytest.raises(ActorNotPermittedError, match="s-2 may not deposit money for this seller"):
        sellers.deposit(SELLER, amount, "top-up", by=other)
    with pytest.raises(NotFoundError, match="no seller is stored under 's-2'"):
        sellers.deposit(other, amount, "top-up", by=other)
    with pytest.raises(InvalidValueError, match=f"owner '{BUYER}' is no seller"):
        sellers.deposit(BUYER, amount, "top-up", by=BUYER)

    assert sellers.wallet(SELLER) == Wallet(SELLER)
    assert sellers.wallet(other) == Wallet(other)


def test_a_deposit_is_of_money_and_has_a_cause() -> None:
    """Text in their places is told with a typed error."""
    sellers = published().platform.sellers
    deposit: Callable[..., object] = sellers.deposit

    for owner, amount, cause, by in [
        ("s-1", usd("1.00"), "top-up", SELLER),
        (SELLER, "1.00", "top-up", SELLER),
        (SELLER, usd("1.00"), "top-up", "s-1"),
    ]:
        with pytest.raises(InvalidTypeError):
            deposit(owner, amount, cause, by=by)
    for amount, cause in [(usd("0.00"), "top-up"), (usd("1.00"), "")]:
        with pytest.raises(InvalidValueError):
            deposit(SELLER, amount, cause, by=SELLER)


def test_who_acts_is_an_actor() -> None:
    """A bare name is refused in words, not by an error of Python's own."""
    verify: Callable[..., object] = published().platform.sellers.verify

    with pytest.raises(InvalidTypeError, match="by is given as str; allowed: an Actor"):
        verify(ID, by="operations")


# Step 2: listings.


def test_a_listing_is_drafted_and_published() -> None:
    """It belongs to whoever drafted it."""
    stage = published()

    listing = stage.platform.listings.get(LISTING)

    assert listing.seller == SELLER
    assert listing.state is ListingState.PUBLISHED


def test_a_listing_is_paused_resumed_suspended_reinstated_and_withdrawn() -> None:
    """Each step is stored."""
    listings = published().platform.listings

    states = [
        listings.pause(LISTING, by=SELLER, note="holidays").state.name,
        listings.resume(LISTING, by=SELLER).state.name,
        listings.suspend(LISTING, "the transit time is wrong", by=PLATFORM).state.name,
        listings.reinstate(LISTING, by=PLATFORM).state.name,
        listings.withdraw(LISTING, by=SELLER).state.name,
    ]

    assert states == ["PAUSED", "PUBLISHED", "SUSPENDED", "PAUSED", "WITHDRAWN"]
    assert listings.get(LISTING).state is ListingState.WITHDRAWN


def test_a_revision_is_what_the_next_quote_rests_on() -> None:
    """The first version stays for those who bought on it."""
    stage = published()

    revised = stage.platform.listings.revise(LISTING, terms("6.00"), by=SELLER)

    assert revised.version == ListingVersion(LISTING, 2)
    assert stage.quote().listing == revised.version
    assert stage.quote().total == usd("6.00")
    assert revised.terms_of(1) == terms()


@pytest.mark.parametrize("verb", ["publish", "resume"])
def test_a_suspended_seller_publishes_nothing(verb: str) -> None:
    """Neither a new listing nor one that was paused."""
    stage = published()
    listings = stage.platform.listings
    draft = listings.draft(terms(), by=SELLER).id
    listings.pause(LISTING, by=SELLER)
    stage.platform.sellers.suspend(ID, "complaints", by=PLATFORM)

    with pytest.raises(RefusedError) as refusal:
        listings.publish(draft, by=SELLER) if verb == "publish" else listings.resume(
            LISTING, by=SELLER
        )

    assert codes(refusal) == ["seller_not_verified"]


def test_nobody_publishes_without_an_account() -> None:
    """A draft may be made before one registers; it is not shown."""
    listings = Stage().platform.listings
    draft = listings.draft(terms(), by=SELLER).id

    with pytest.raises(RefusedError, match="seller s-1 is not registered") as refusal:
        listings.publish(draft, by=SELLER)

    assert codes(refusal) == ["seller_unknown"]


def test_a_quote_is_refused_with_every_reason() -> None:
    """The seller is suspended, the listing is paused, and the parcel is too heavy."""
    stage = published()
    stage.platform.listings.pause(LISTING, by=SELLER)
    stage.platform.sellers.suspend(ID, "complaints", by=PLATFORM)

    heavy = attrs.evolve(parcel(), weight=Weight(2001))
    carriage = Carriage(destination=BROOKLYN, parcels=(heavy,))
    refused = stage.platform.listings.quote(LISTING, carriage, offer="Economy")

    assert isinstance(refused, QuoteRefused)
    assert [it.code for it in refused.reasons] == [
        "not_published",
        "seller_not_verified",
        "no_rate",
    ]


# Step 3: orders.


def test_an_order_is_placed_on_a_published_listing_and_paid() -> None:
    """What the buyer paid is at the seller's disposal."""
    stage = published()
    stage.clock.move_to(day(2))
    on_listing = attrs.evolve(sale(), listing=ListingVersion(LISTING, 1))

    stage.platform.orders.place(on_listing, by=BUYER)
    order = stage.platform.orders.pay(ORDER, Payment(id="pay-1", gross=usd("30.00")), by=BUYER)

    assert order.payment_status is PaymentStatus.PAID
    assert stage.platform.orders.get(ORDER) == order
    assert stage.money() == ("30.00 USD", "0.00 USD")


def test_nothing_is_sold_on_a_listing_that_is_not_published_or_by_a_suspended_seller() -> None:
    """Both reasons are given, and no order is stored."""
    stage = published()
    stage.platform.listings.pause(LISTING, by=SELLER)
    stage.platform.sellers.suspend(ID, "complaints", by=PLATFORM)
    on_listing = attrs.evolve(sale(), listing=ListingVersion(LISTING, 1))

    with pytest.raises(RefusedError) as refusal:
        stage.platform.orders.place(on_listing, by=BUYER)

    assert codes(refusal) == ["not_published", "seller_not_verified"]
    with pytest.raises(NotFoundError, match="no order is stored under 'o-1'"):
        stage.platform.orders.get(ORDER)


@pytest.mark.parametrize("listing", [ListingVersion(LISTING, 2), ListingVersion(ListingId("x"), 1)])
def test_nothing_is_sold_on_a_listing_that_does_not_exist(listing: ListingVersion) -> None:
    """Nor on a version of it that does not."""
    stage = published()

    with pytest.raises(NotFoundError, match="listing"):
        stage.platform.orders.place(attrs.evolve(sale(), listing=listing), by=BUYER)


def test_nobody_sells_on_the_listing_of_somebody_else() -> None:
    """The offer is the seller's own, or there is no sale."""
    stage = published()
    stage.platform.sellers.register(SellerId(STRANGER.id), profile(), by=STRANGER)
    stage.platform.sellers.verify(SellerId(STRANGER.id), by=PLATFORM)
    foreign = attrs.evolve(sale(), seller=STRANGER, listing=ListingVersion(LISTING, 1))

    with pytest.raises(RefusedError):
        stage.platform.orders.place(foreign, by=BUYER)


def test_an_order_from_elsewhere_is_taken_in_with_its_history() -> None:
    """Its payment is at the seller's disposal, and each of its steps is told."""
    stage = Stage()

    order = stage.platform.orders.take_in(paid())

    assert stage.platform.orders.get(ORDER) == order == paid()
    assert stage.money() == ("30.00 USD", "0.00 USD")
    assert_all_is_told(stage)
    assert_money_is_in_step(stage)


def test_a_refund_leaves_the_wallet_of_the_seller() -> None:
    """Part of it for one line, then the rest."""
    stage = sold()

    partly = stage.platform.orders.refund(ORDER, usd("5.00"), by=SELLER, reason="broken", line=CASE)
    fully = stage.platform.orders.refund(ORDER, usd("25.00"), by=PLATFORM)

    assert partly.payment_status is PaymentStatus.PARTIALLY_REFUNDED
    assert fully.payment_status is PaymentStatus.FULLY_REFUNDED
    assert [refund.id for refund in fully.refunds] == ["refund-1", "refund-2"]
    assert stage.money() == ("0.00 USD", "0.00 USD")
    assert_money_is_in_step(stage)


def test_of_two_refunds_at_once_one_is_made() -> None:
    """The other one is told to look again, and then that nothing is left."""
    stage = sold(Stage(storage=MeetingStorage()))

    def refund() -> object:
        return stage.platform.orders.refund(ORDER, usd("30.00"), by=SELLER)

    outcomes = at_once(stage, refund, refund)

    assert sorted(type(it).__name__ for it in outcomes) == ["ConcurrencyConflictError", "Order"]
    with pytest.raises(RefusedError, match=r"30\.00 USD is more than the 0\.00 USD left"):
        refund()
    assert stage.money() == ("0.00 USD", "0.00 USD")
    assert_money_is_in_step(stage)


def test_a_request_to_cancel_is_retracted_rejected_or_granted() -> None:
    """A cancellation that was asked for is approved, not cancelled anew."""
    stage = sold()
    orders = stage.platform.orders

    states = [
        orders.request_cancellation(ORDER, "changed my mind", by=BUYER).state,
        orders.retract_cancellation(ORDER, by=BUYER).state,
        orders.request_cancellation(ORDER, "again", by=BUYER).state,
        orders.reject_cancellation(ORDER, "too late", by=SELLER).state,
        orders.request_cancellation(ORDER, "please", by=BUYER).state,
        orders.cancel(ORDER, "very well", by=SELLER).state,
    ]

    assert [state.name for state in states] == [
        "REQUESTED",
        "NONE_REQUESTED",
        "REQUESTED",
        "REJECTED",
        "REQUESTED",
        "CANCELLED",
    ]
    assert orders.get(ORDER).history[-1].action.value == "approve"
    assert orders.get(ORDER).payment_status is PaymentStatus.FULLY_REFUNDED


def counting() -> tuple[Stage, CountingCarrier]:
    """Give a stage with an order that is paid, and its carrier, which counts."""
    carrier = CountingCarrier(CARRIER.id, rate_card=rate_card())
    return sold(Stage(carrier=carrier)), carrier


def test_cancelling_an_order_cancels_its_shipments_and_gives_the_money_back() -> None:
    """A draft, a booking, a confirmation and what is cancelled already."""
    stage, carrier = counting()
    ids = (stage.drafted(), stage.booked(), stage.confirmed({CASE: 1}))
    stage.platform.shipments.cancel(ids[0], by=SELLER)

    order = stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)

    assert order.state is CancellationState.CANCELLED
    assert [stage.platform.shipments.get(id).phase for id in ids] == [Phase.CANCELLED] * 3
    assert carrier.cancelled == 2
    assert stage.money() == ("0.00 USD", "0.00 USD")
    assert_all_is_told(stage)
    assert_money_is_in_step(stage)


def test_an_order_is_not_cancelled_once_a_parcel_is_accepted() -> None:
    """Nothing is changed, and no carrier is asked."""
    stage, carrier = counting()
    waiting, travelling = stage.confirmed(), stage.handed_over()
    stage.tracked(travelling, days=2)

    with pytest.raises(RefusedError, match="shipment shipment-2 is") as refusal:
        stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)

    assert set(codes(refusal)) == {"under_way"}
    assert stage.platform.shipments.get(waiting).commanded is Phase.CONFIRMED
    assert carrier.cancelled == 0


def kept(stage: Stage) -> tuple[object, ...]:
    """Give all that is stored and told, to compare."""
    return stage.platform.snapshot(), stage.wallet(), stage.events()


def test_an_acceptance_that_we_had_not_heard_of_leaves_the_order_as_it_was() -> None:
    """The carrier is asked for its scans before anything is cancelled."""
    stage, carrier = counting()
    travelling, waiting = stage.handed_over(), stage.booked()
    stage.clock.advance(timedelta(days=2))
    before = kept(stage)

    with pytest.raises(RefusedError, match="shipment shipment-1 is"):
        stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)

    assert kept(stage)[1:] == before[1:]
    assert carrier.cancelled == 0
    assert carrier.label(*stage.platform.shipments.get(waiting).numbers, seller=SELLER)
    assert stage.platform.shipments.track(travelling).phase is not Phase.HANDED_OVER


def test_an_accepted_second_shipment_keeps_the_first_from_being_cancelled() -> None:
    """All or nothing holds for what the carrier does, too."""
    stage, carrier = counting()
    waiting, _ = stage.booked(), stage.handed_over()
    stage.clock.advance(timedelta(days=2))

    with pytest.raises(RefusedError, match="shipment shipment-2 is"):
        stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)

    assert carrier.label(*stage.platform.shipments.get(waiting).numbers, seller=SELLER)


class Offline(SimulatedCarrier):
    """A carrier that does not answer while it is away."""

    is_away = False

    def confirm(self, booking: Booking, *, at: Instant) -> None:
        """Time out, or confirm."""
        if self.is_away:
            raise CarrierUnavailableError(self.code, "timed out")
        super().confirm(booking, at=at)

    def cancel(self, booking: Booking, *, at: Instant) -> None:
        """Time out, or cancel."""
        if self.is_away:
            raise CarrierUnavailableError(self.code, "timed out")
        super().cancel(booking, at=at)


def test_a_carrier_that_does_not_answer_leaves_the_order_as_it_was() -> None:
    """Once it answers, the same call goes through."""
    carrier = Offline(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=carrier))
    stage.confirmed()
    carrier.is_away = True
    before = kept(stage)

    with pytest.raises(CarrierUnavailableError, match="HKPOST is unavailable: timed out"):
        stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)

    assert kept(stage) == before
    carrier.is_away = False
    assert stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER).refunded == usd("30.00")


def test_whoever_changes_the_order_meanwhile_comes_first() -> None:
    """The order is as they left it; what the carrier has cancelled by then is cancelled here too."""
    storage = MeddledStorage()
    stage = sold(Stage(storage=storage))
    id = stage.confirmed()
    storage.meanwhile.append(lambda: stage.platform.orders.refund(ORDER, usd("1.00"), by=SELLER))

    with pytest.raises(ConcurrencyConflictError, match="order o-1 is at version"):
        stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)

    assert stage.platform.shipments.get(id).phase is Phase.CANCELLED
    assert stage.platform.orders.get(ORDER).refunded == usd("1.00")
    again = stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)
    assert again.refunded == usd("30.00")
    assert_money_is_in_step(stage)


# Steps 4 to 6: shipments.


def test_a_shipment_holds_units_of_the_order_and_no_more_than_were_ordered() -> None:
    """Two phones were; a third is refused, and no shipment is left behind."""
    stage = sold()
    stage.drafted({PHONE: 2})

    with pytest.raises(RefusedError, match="3 units of line line-phone") as refusal:
        stage.drafted({PHONE: 1})

    assert codes(refusal) == ["over_shipped"]
    assert len(stage.platform.snapshot().shipments) == 1


def test_of_two_who_ship_the_last_unit_at_once_one_does() -> None:
    """The order is where it is decided."""
    stage = sold(Stage(storage=MeetingStorage()))

    outcomes = at_once(stage, lambda: stage.drafted({CASE: 1}), lambda: stage.drafted({CASE: 1}))

    assert sorted(type(it).__name__ for it in outcomes) == ["ConcurrencyConflictError", "str"]
    assert len(stage.platform.snapshot().shipments) == 1


def test_nothing_is_shipped_of_an_order_that_nobody_knows() -> None:
    """There is nothing to put into the shipment."""
    with pytest.raises(NotFoundError, match="no order is stored under 'o-1'"):
        Stage().drafted()


def test_confirming_holds_the_cost_and_receipt_pays_the_carrier() -> None:
    """From the buyer's payment to the carrier's fare."""
    stage = sold()

    id = stage.handed_over()
    held = stage.money()
    delivered = stage.tracked(id, days=30)
    completed = stage.platform.shipments.confirm_receipt(id, by=BUYER, note="thank you")

    assert held == ("25.00 USD", "5.00 USD")
    assert delivered.phase is Phase.DELIVERED
    assert completed.phase is Phase.COMPLETED
    assert stage.money() == ("25.00 USD", "0.00 USD")
    assert_all_is_told(stage)
    assert_money_is_in_step(stage)


def test_funds_are_counted_across_shipments() -> None:
    """Nine dollars pay for one shipment, not for two."""
    stage = sold()
    first, second = stage.booked(), stage.booked()
    stage.platform.orders.refund(ORDER, usd("21.00"), by=SELLER)
    stage.platform.shipments.confirm(first, by=SELLER)

    with pytest.raises(RefusedError, match=r"4\.00 USD are available and 5\.00 USD are") as refusal:
        stage.platform.shipments.confirm(second, by=SELLER)

    assert codes(refusal) == ["not_enough_funds"]
    assert stage.money() == ("4.00 USD", "5.00 USD")
    assert stage.carrier.scans(booking_of(stage, second), at=day(60)) == []
    stage.platform.sellers.deposit(SELLER, usd("1.00"), "top-up", by=SELLER)
    assert stage.platform.shipments.confirm(second, by=SELLER).held == usd("5.00")
    assert_money_is_in_step(stage)


def booking_of(stage: Stage, id: ShipmentId) -> Booking:
    """Give what a carrier booked for a shipment."""
    booking = stage.platform.shipments.get(id).booking
    assert booking is not None
    return booking


def test_of_two_who_hold_the_same_money_at_once_one_does() -> None:
    """The wallet is one record, whatever the shipments are."""
    stage = sold(Stage(storage=MeetingStorage()))
    first, second = stage.booked(), stage.booked()
    stage.platform.orders.refund(ORDER, usd("21.00"), by=SELLER)

    outcomes = at_once(
        stage,
        lambda: stage.platform.shipments.confirm(first, by=SELLER),
        lambda: stage.platform.shipments.confirm(second, by=SELLER),
    )

    assert sorted(type(it).__name__ for it in outcomes) == ["ConcurrencyConflictError", "Shipment"]
    assert stage.money() == ("4.00 USD", "5.00 USD")
    assert_money_is_in_step(stage)


def test_a_carrier_picks_up_nothing_that_nobody_can_pay_for() -> None:
    """Whoever came second to the money must not have been confirmed with the carrier."""
    stage = sold(Stage(storage=MeetingStorage()))
    ids = stage.booked(), stage.booked()
    stage.platform.orders.refund(ORDER, usd("21.00"), by=SELLER)

    at_once(
        stage,
        lambda: stage.platform.shipments.confirm(ids[0], by=SELLER),
        lambda: stage.platform.shipments.confirm(ids[1], by=SELLER),
    )

    moving = [id for id in ids if stage.carrier.scans(booking_of(stage, id), at=day(60))]
    held = [id for id in ids if stage.platform.shipments.get(id).held]
    assert moving == held


def test_a_draft_is_not_confirmed() -> None:
    """There is no booking to commit to, and no carrier to ask."""
    stage = sold()
    id = stage.drafted()

    with pytest.raises(IllegalTransitionError, match=r"cannot confirm .*: it is DRAFT"):
        stage.platform.shipments.confirm(id, by=SELLER)


def test_confirming_again_asks_the_carrier_again_and_holds_once() -> None:
    """Nobody knows whether the first call came through."""
    stage = sold()
    id = stage.confirmed()
    before = kept(stage)

    again = stage.platform.shipments.confirm(id, by=SELLER)

    assert again == stage.platform.shipments.get(id)
    assert kept(stage) == before
    assert stage.money() == ("25.00 USD", "5.00 USD")


def test_only_who_may_confirm_may_confirm_again() -> None:
    """A buyer is a party to the shipment, and confirming is not theirs to do."""
    stage = sold()
    id = stage.confirmed()

    with pytest.raises((ActorNotPermittedError, IllegalTransitionError)):
        stage.platform.shipments.confirm(id, by=BUYER)


def test_a_booking_that_the_carrier_does_not_confirm_is_cancelled() -> None:
    """What was held for it is released, and nobody has to wonder."""
    stage = sold()
    id = stage.booked()
    stage.carrier.cancel(booking_of(stage, id), at=stage.clock.now())

    with pytest.raises(CarrierRejectedError, match="the booking is cancelled"):
        stage.platform.shipments.confirm(id, by=SELLER)

    shipment = stage.platform.shipments.get(id)
    assert shipment.phase is Phase.CANCELLED
    assert shipment.history[-1].payload == Note("HKPOST refused (355038): the booking is cancelled")
    assert stage.money() == ("30.00 USD", "0.00 USD")
    assert_all_is_told(stage)
    assert_money_is_in_step(stage)


def test_a_carrier_that_does_not_answer_a_confirmation_is_asked_again() -> None:
    """What is held stays held meanwhile."""
    carrier = Offline(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=carrier))
    id = stage.booked()
    carrier.is_away = True

    with pytest.raises(CarrierUnavailableError, match="timed out"):
        stage.platform.shipments.confirm(id, by=SELLER)
    held = stage.money()
    carrier.is_away = False
    confirmed = stage.platform.shipments.confirm(id, by=SELLER)

    assert confirmed.phase is Phase.CONFIRMED
    assert held == stage.money() == ("25.00 USD", "5.00 USD")
    assert stage.tracked(id, days=2).accepted_at is not None


def test_a_booking_that_no_carrier_of_ours_made_is_confirmed_without_one() -> None:
    """As where a host books by hand and keeps what came of it."""
    stage = sold()
    draft = Shipment.draft(consignment(), by=SELLER, at=day(2))
    by_hand = draft.book(booking(at=day(2)), hindrances=(), by=SELLER, at=day(2))
    with stage.storage.unit_of_work() as work:
        work.shipments.save(by_hand, expected=0)
        work.commit()

    confirmed = stage.platform.shipments.confirm(by_hand.id, by=SELLER)

    assert confirmed.phase is Phase.CONFIRMED
    assert stage.money() == ("17.50 USD", "12.50 USD")


def test_cancelling_a_shipment_releases_what_is_held_and_kills_its_number() -> None:
    """The units can be shipped again."""
    stage = sold()
    id = stage.confirmed({CASE: 1})
    (number,) = stage.platform.shipments.get(id).numbers

    cancelled = stage.platform.shipments.cancel(id, by=SELLER, note="wrong address")

    assert cancelled.phase is Phase.CANCELLED
    assert stage.money() == ("30.00 USD", "0.00 USD")
    with pytest.raises(CarrierRejectedError):
        stage.carrier.label(number, seller=SELLER)
    assert stage.drafted({CASE: 1})
    assert_money_is_in_step(stage)


def test_a_draft_is_cancelled_without_a_carrier() -> None:
    """Nobody booked anything."""
    stage = sold()

    assert stage.platform.shipments.cancel(stage.drafted(), by=SELLER).phase is Phase.CANCELLED


def test_a_shipment_is_found_by_a_number_of_one_of_its_parcels() -> None:
    """And by no other number."""
    stage = sold()
    id = stage.booked(parcels=2)
    shipment = stage.platform.shipments.get(id)

    found = [stage.platform.shipments.find(number) for number in shipment.numbers]

    assert found == [(shipment,), (shipment,)]
    assert stage.platform.shipments.find(next(iter(adoption().numbers_of(parcel().id)))) == ()


def test_tracking_again_changes_nothing() -> None:
    """The same scans once more are no news, and no step."""
    stage = sold()
    id = stage.handed_over()
    first = stage.tracked(id, days=5)

    second = stage.tracked(id, days=0)

    assert second == first
    assert len(first.history) == 4
    assert_all_is_told(stage)


def test_scans_can_be_pushed_as_well_as_asked_for() -> None:
    """As often as somebody likes, from any iterable."""
    stage = sold()
    id = stage.handed_over()
    (number,) = stage.platform.shipments.get(id).numbers
    seen = scan(Milestone.ACCEPTED, day(3), str(number))

    shipment = stage.platform.shipments.observe(id, iter([seen, seen]))

    assert shipment.scans == (seen,)
    assert shipment.phase is Phase.ACCEPTED


def test_what_is_not_booked_cannot_be_tracked() -> None:
    """There is no carrier to ask."""
    stage = sold()
    id = stage.drafted()

    with pytest.raises(NotFoundError, match="no booking of shipment is stored under 'shipment-1'"):
        stage.platform.shipments.track(id)


def test_a_shipment_that_was_booked_elsewhere_is_adopted() -> None:
    """Nothing is held for it, its scans are pushed, and no carrier of ours cancels it."""
    stage, carrier = counting()
    ids = stage.drafted(), stage.drafted()
    number = Label(ParcelId("p-1"), (tracking_number("N9"),))
    elsewhere = adoption(), attrs.evolve(adoption(), labels=(number,))

    adopted = [
        stage.platform.shipments.adopt(id, it, by=SELLER)
        for id, it in zip(ids, elsewhere, strict=True)
    ]
    delivered = stage.platform.shipments.observe(ids[0], [scan(Milestone.DELIVERED, day(9))])
    cancelled = stage.platform.shipments.cancel(ids[1], by=SELLER)

    assert [it.phase for it in adopted] == [Phase.HANDED_OVER] * 2
    assert delivered.phase is Phase.DELIVERED
    assert cancelled.phase is Phase.CANCELLED
    assert carrier.cancelled == 0
    assert stage.money() == ("30.00 USD", "0.00 USD")


def test_a_number_is_that_of_one_shipment_whoever_carries_it() -> None:
    """Else the scans of one parcel would be those of two."""
    stage = sold()
    first, second = stage.drafted(), stage.drafted()
    shipments = stage.platform.shipments
    shipments.adopt(first, adoption(), by=SELLER)
    other = attrs.evolve(adoption(), carrier=CarrierCode("DHL"))

    for again in (adoption(), other):
        with pytest.raises(RefusedError, match="N1 is the number of another shipment"):
            shipments.adopt(second, again, by=SELLER)
    shipments.cancel(first, by=SELLER)

    assert shipments.adopt(second, adoption(), by=SELLER).phase is Phase.HANDED_OVER


@pytest.mark.parametrize("milestone", [Milestone.DELIVERED, Milestone.RETURNED])
def test_a_number_is_used_again_a_year_after_its_parcel_came(milestone: Milestone) -> None:
    """Or came back; carriers have no endless supply of numbers."""
    stage = sold()
    first, second = stage.drafted(), stage.drafted()
    shipments = stage.platform.shipments
    shipments.adopt(first, adoption(), by=SELLER)
    shipments.observe(first, [scan(milestone, stage.clock.now())])
    stage.clock.advance(timedelta(days=365) - timedelta(microseconds=1))

    with pytest.raises(RefusedError, match="N1 is the number of another shipment"):
        shipments.adopt(second, adoption(), by=SELLER)
    stage.clock.advance(timedelta(microseconds=1))

    assert shipments.adopt(second, adoption(), by=SELLER).phase is Phase.HANDED_OVER


def test_the_number_of_a_parcel_that_never_came_is_never_used_again() -> None:
    """Its loss would be claimed once more."""
    stage = sold()
    first, second = stage.drafted(), stage.drafted()
    shipments = stage.platform.shipments
    shipments.adopt(first, adoption(), by=SELLER)
    shipments.observe(first, [scan(Milestone.LOST, stage.clock.now())])
    stage.clock.advance(timedelta(days=3000))

    with pytest.raises(RefusedError, match="N1 is the number of another shipment"):
        shipments.adopt(second, adoption(), by=SELLER)


def test_the_platform_completes_in_the_buyers_place() -> None:
    """Not before its patience is over."""
    stage = sold()
    id = stage.handed_over()
    delivered = stage.tracked(id, days=30).delivered_at
    assert delivered is not None
    patience = stage.clock.now() - delivered

    with pytest.raises(RefusedError, match="the buyer has until"):
        stage.platform.shipments.complete(id, by=PLATFORM, patience=patience + A_WHILE)
    completed = stage.platform.shipments.complete(id, by=PLATFORM, patience=patience)

    assert completed.phase is Phase.COMPLETED


def test_the_platform_closes_what_nobody_will_receive() -> None:
    """The carrier had nothing, so it is paid nothing."""
    stage = sold()
    id = stage.handed_over()

    closed = stage.platform.shipments.close(id, "never left", by=PLATFORM)

    assert closed.phase is Phase.CLOSED
    assert stage.money() == ("30.00 USD", "0.00 USD")


def test_the_units_of_a_shipment_that_came_to_nothing_are_shipped_again() -> None:
    """The new shipment names the old one, and a third one is refused."""
    stage = sold()
    old = stage.confirmed({PHONE: 2})
    stage.platform.shipments.cancel(old, by=SELLER)

    new = stage.platform.shipments.reship(old, by=SELLER)

    assert new.consignment.replaces == old
    assert stage.platform.shipments.get(new.id) == new
    order = stage.platform.orders.get(ORDER)
    assert order.shipped(PHONE, {old: Phase.CANCELLED, new.id: Phase.DRAFT}) == 2
    with pytest.raises(RefusedError, match=f"shipment {new.id} is in place of {old}"):
        stage.platform.shipments.reship(old, by=SELLER)


def test_a_shipment_without_an_order_is_shipped_again_by_itself() -> None:
    """As of shipments that a host keeps and whose order nobody told of."""
    stage = Stage()
    alone = Shipment.draft(consignment(), by=SELLER, at=day(1)).cancel(by=SELLER, at=day(1))
    with stage.storage.unit_of_work() as work:
        work.shipments.save(alone, expected=0)
        work.commit()

    new = stage.platform.shipments.reship(alone.id, by=SELLER)

    assert new.consignment.orders == ()
    assert new.consignment.replaces == alone.id


BEFORE: dict[str, Callable[[Stage], object]] = {
    "confirm": Stage.booked,
    "cancel": Stage.confirmed,
    "cancel the order": Stage.confirmed,
}
ACTS: dict[str, Callable[[Stage], object]] = {
    "confirm": lambda it: it.platform.shipments.confirm(ShipmentId("shipment-1"), by=SELLER),
    "cancel": lambda it: it.platform.shipments.cancel(ShipmentId("shipment-1"), by=SELLER),
    "cancel the order": lambda it: it.platform.orders.cancel(ORDER, "sold out", by=SELLER),
}


@pytest.mark.parametrize(
    ("act", "last"),
    [(act, n + 1) for act in ACTS for n in range(dangers(ACTS[act], BEFORE[act]))],
)
def test_a_process_that_dies_leaves_nothing_that_cannot_be_done_again(act: str, last: int) -> None:
    """Killed anywhere and repeated, a use case comes to what it would have come to."""
    undisturbed = mortal(Life())
    BEFORE[act](undisturbed)
    ACTS[act](undisturbed)
    life = Life()
    stage = mortal(life)
    BEFORE[act](stage)
    life.ends_at = life.count + last
    with pytest.raises(Killed):
        ACTS[act](stage)

    is_done = kept(stage) == kept(undisturbed)
    if not is_done:
        ACTS[act](stage)
    stage.platform.sweep(patience=Patience(receipt=timedelta(days=400)))

    assert kept(stage) == kept(undisturbed)
    assert is_known_alike(stage, undisturbed)


def is_known_alike(one: Stage, other: Stage) -> bool:
    """Tell whether two carriers will scan the same of the first shipment."""
    assert isinstance(one.carrier, MortalCarrier)
    booking = booking_of(other, ShipmentId("shipment-1"))
    return one.carrier.scans(booking, at=day(60)) == other.carrier.scans(booking, at=day(60))


@pytest.mark.parametrize("order", [OrderId("o-2"), OrderId("")])
def test_an_order_that_nobody_knows_is_not_found(order: OrderId) -> None:
    """Whatever is to be done with it."""
    stage = sold()

    with pytest.raises(NotFoundError):
        stage.platform.orders.cancel(order, "sold out", by=SELLER)
