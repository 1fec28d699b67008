"""Orders: a sale with three independent axes, payment, cancellation and fulfilment."""

from collections.abc import Callable

import attrs
import pytest

from apaclogistics.allocations import Allocation, Fulfilment
from apaclogistics.cancellations import CANCELLATION as TABLE
from apaclogistics.cancellations import CancellationState
from apaclogistics.dispatches import Dispatch
from apaclogistics.errors import InvalidValueError, NotFoundError, Reason
from apaclogistics.fulfilment import Phase
from apaclogistics.ledger import Account, AccountKind, Ledger, PostingKind
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    RefusedError,
)
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold, PaymentStatus
from apaclogistics.sales import OrderLine, Payment, Refund, Tax
from apaclogistics.values.identifiers import CarrierCode, LineId, ParcelId, ShipmentId
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Money
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PARTIES,
    PHONE,
    PLATFORM,
    SELLER,
    STRANGERS,
    day,
    paid,
    placed,
    sale,
    units,
    usd,
)
from tests.tables import Verbs, announce, changed, expected, outcomes, rows_of, written

ROWS = written("""
    NONE_REQUESTED  request  REQUESTED       B
    REJECTED        request  REQUESTED       B
    NONE_REQUESTED  cancel   CANCELLED       SP
    REJECTED        cancel   CANCELLED       SP
    REQUESTED       approve  CANCELLED       SP
    REQUESTED       reject   REJECTED        SP
    REQUESTED       retract  NONE_REQUESTED  B
    REQUESTED       lapse    REJECTED        P
""")


def requested(decide_by: Instant | None = None) -> Order:
    """Give a paid order whose buyer wants to be rid of it."""
    return paid().request_cancellation("changed my mind", decide_by=decide_by, by=BUYER, at=day(2))


THINGS = {
    "NONE_REQUESTED": paid(),
    # The seller has until the third day.
    "REQUESTED": requested(day(3)),
    "REJECTED": requested().reject_cancellation("on its way", by=SELLER, at=day(2)),
    "CANCELLED": requested().approve_cancellation("very well", phases={}, by=SELLER, at=day(2)),
}

VERBS: Verbs[Order] = {
    "request": lambda it, by: it.request_cancellation("please", decide_by=day(3), by=by, at=day(3)),
    "cancel": lambda it, by: it.cancel("sold out", phases={}, by=by, at=day(3)),
    "approve": lambda it, by: it.approve_cancellation("well", phases={}, by=by, at=day(3)),
    "reject": lambda it, by: it.reject_cancellation("no", by=by, at=day(3)),
    "retract": lambda it, by: it.retract_cancellation(by=by, at=day(3)),
    "lapse": lambda it, by: it.lapse_cancellation(by=by, at=day(3, 10)),
}

HKPOST, DHL = CarrierCode("HKPOST"), CarrierCode("DHL")

# What depends on data alone has no row: the roles that may, in every state.
BY_ROLE: dict[str, tuple[Actor, ...]] = {
    "pay": (BUYER, PLATFORM),
    "refund": (SELLER, PLATFORM),
    "begin_refund": (SELLER, PLATFORM),
    "allocate": (SELLER, PLATFORM),
    "hold_payment": (PLATFORM,),
    "dispatch": (PLATFORM,),
}


def payment(gross: str = "30.00", *, id: str = "pay-1", has_failed: bool = False) -> Payment:
    """Give a payment in US dollars."""
    return Payment(id=id, gross=usd(gross), has_failed=has_failed)


def dispatched(order: Order) -> Order:
    """Hand an order to the Hong Kong Post."""
    return order.dispatch(HKPOST, phases={}, by=PLATFORM, at=day(3), note="nearest")


def held(amount: str = "10.00", *, id: str = "hold-1") -> PaymentHold:
    """Give a hold in US dollars."""
    return PaymentHold(id=id, amount=usd(amount))


def back(gross: str, *, id: str = "back-1", line: LineId | None = None) -> Refund:
    """Give a refund in US dollars."""
    return Refund(id=id, gross=usd(gross), line=line)


def shipped(order: Order, *allocations: Allocation, **phases: Phase) -> Order:
    """Allocate as the seller; shipments are named sh1, sh2 and so on."""
    return order.allocate(allocations, phases=where(**phases), by=SELLER, at=day(3))


def where(**phases: Phase) -> dict[ShipmentId, Phase]:
    """Say where shipments are."""
    return {ShipmentId(name): phase for name, phase in phases.items()}


def codes(refusal: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    """Give the reasons of a refusal by their codes."""
    return [reason.code for reason in refusal.value.reasons]


def test_the_table_is_as_written_here() -> None:
    """A changed row of the table is a changed line of this file."""
    assert rows_of(TABLE) == ROWS


def test_no_row_can_change_without_being_noticed() -> None:
    """Leaving out or changing any one row makes the comparison fail."""
    variants = list(changed(rows_of(TABLE), THINGS))

    assert len(variants) == len(ROWS) * (1 + 3 + 4)
    assert [rows for rows in variants if rows == ROWS] == []


def test_every_action_in_every_state_is_judged_by_the_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Strangers of the right role are turned away everywhere, and what is refused changes nothing."""
    actors = (*PARTIES, *STRANGERS)
    parties = dict.fromkeys(THINGS, (SELLER, BUYER, PLATFORM))

    found = outcomes(THINGS, VERBS, actors)

    assert {state: thing.state.name for state, thing in THINGS.items()} == {it: it for it in THINGS}
    assert found == expected(ROWS, THINGS, VERBS, actors, parties=parties)
    announce(capsys, "cancellation of an order", THINGS, VERBS)


@pytest.mark.parametrize("action", BY_ROLE)
@pytest.mark.parametrize("state", ["NONE_REQUESTED", "REQUESTED", "REJECTED", "CANCELLED"])
@pytest.mark.parametrize("actor", [*PARTIES, *STRANGERS], ids=str)
def test_what_depends_on_data_alone_is_still_for_some_roles_only(
    action: str, state: str, actor: Actor
) -> None:
    """Whoever may not is turned away before the data is looked at."""
    order = THINGS[state]
    verbs: Verbs[Order] = {
        "pay": lambda it, by: it.pay(payment("99.00"), by=by, at=day(3)),
        "refund": lambda it, by: it.refund(back("99.00"), by=by, at=day(3)),
        "begin_refund": lambda it, by: it.begin_refund(back("99.00"), by=by, at=day(3)),
        "allocate": lambda it, by: it.allocate([units(99)], phases={}, by=by, at=day(3)),
        "hold_payment": lambda it, by: it.hold_payment(held("99.00"), by=by, at=day(3)),
        "dispatch": lambda it, by: attrs.evolve(it, holds=(held(),)).dispatch(
            HKPOST, phases={}, by=by, at=day(3)
        ),
    }
    refusal = RefusedError if actor in BY_ROLE[action] else ActorNotPermittedError

    with pytest.raises(refusal) as caught:
        verbs[action](order, actor)

    assert type(caught.value) is refusal
    if isinstance(caught.value, ActorNotPermittedError):
        assert caught.value.is_party == (actor in (SELLER, BUYER))


class TestPayment:
    """What was paid and given back."""

    def test_an_order_is_pending_until_it_is_paid_in_full(self) -> None:
        """Half of the money is not paid."""
        half = placed().pay(payment("15.00"), by=BUYER, at=day(2))
        full = half.pay(payment("15.00", id="pay-2"), by=PLATFORM, at=day(2))

        assert placed().payment_status is PaymentStatus.PENDING
        assert half.payment_status is PaymentStatus.PENDING
        assert full.payment_status is PaymentStatus.PAID

    def test_an_order_of_nothing_is_paid(self) -> None:
        """A replacement for free owes nothing."""
        free = attrs.evolve(sale(), lines=(_free_line(),), total=usd("0.00"))

        order = Order.place(free, by=SELLER, at=day(2))

        assert order.payment_status is PaymentStatus.PAID

    def test_a_failed_payment_fails_the_order_until_another_succeeds(self) -> None:
        """A failure moves no money."""
        failed = placed().pay(payment(has_failed=True), by=BUYER, at=day(2))
        mended = failed.pay(payment(id="pay-2"), by=BUYER, at=day(2))

        assert failed.payment_status is PaymentStatus.FAILED
        assert failed.paid == usd("0.00")
        assert failed.history[-1].postings == ()
        assert mended.payment_status is PaymentStatus.PAID

    def test_a_failure_after_half_of_the_money_leaves_the_order_pending(self) -> None:
        """Only an order all of whose payments failed has failed."""
        half = placed().pay(payment("15.00"), by=BUYER, at=day(2))

        order = half.pay(payment("15.00", id="pay-2", has_failed=True), by=BUYER, at=day(2))

        assert order.payment_status is PaymentStatus.PENDING

    def test_refunds_are_partial_until_all_is_given_back(self) -> None:
        """The gross refund is the order's truth."""
        part = paid().refund(back("10.00", line=PHONE), by=SELLER, at=day(3))
        full = part.refund(back("20.00", id="back-2"), by=PLATFORM, at=day(3))

        assert part.payment_status is PaymentStatus.PARTIALLY_REFUNDED
        assert full.payment_status is PaymentStatus.FULLY_REFUNDED
        assert full.refunded == full.paid == usd("30.00")

    def test_never_more_is_refunded_than_was_paid(self) -> None:
        """Not by one refund, and not by several."""
        part = paid().refund(back("10.00"), by=SELLER, at=day(3))

        with pytest.raises(RefusedError) as refusal:
            part.refund(back("20.01", id="back-2"), by=SELLER, at=day(3))

        assert codes(refusal) == ["too_much"]
        assert "20.00 USD left" in str(refusal.value)

    def test_nothing_is_refunded_of_an_unpaid_order(self) -> None:
        """A failed payment brought nothing that could be given back."""
        failed = placed().pay(payment(has_failed=True), by=BUYER, at=day(2))

        with pytest.raises(RefusedError, match=r"more than the 0\.00 USD left"):
            failed.refund(back("0.01"), by=SELLER, at=day(3))

    def test_never_more_is_paid_than_is_due(self) -> None:
        """What is left over would belong to nobody."""
        half = placed().pay(payment("15.00"), by=BUYER, at=day(2))

        with pytest.raises(RefusedError) as refusal:
            half.pay(payment("15.01", id="pay-2"), by=BUYER, at=day(2))

        assert codes(refusal) == ["too_much"]
        assert "15.00 USD due" in str(refusal.value)

    def test_the_same_payment_or_refund_is_not_taken_twice(self) -> None:
        """A repeated notice of a payment is not a second payment."""
        half = placed().pay(payment("10.00"), by=BUYER, at=day(2))
        part = paid().refund(back("10.00"), by=SELLER, at=day(3))

        with pytest.raises(RefusedError) as paid_twice:
            half.pay(payment("10.00"), by=BUYER, at=day(2))
        with pytest.raises(RefusedError) as refunded_twice:
            part.refund(back("10.00"), by=SELLER, at=day(3))

        assert codes(paid_twice) == ["paid_twice"]
        assert codes(refunded_twice) == ["refunded_twice"]

    def test_a_cancelled_order_takes_no_payment(self) -> None:
        """Its reasons come together."""
        with pytest.raises(RefusedError) as refusal:
            THINGS["CANCELLED"].pay(payment(), by=BUYER, at=day(3))

        assert codes(refusal) == ["cancelled", "paid_twice", "too_much"]

    def test_payments_and_refunds_are_posted(self) -> None:
        """The ledger is the fold of the order's steps."""
        order = paid().refund(back("10.00"), by=SELLER, at=day(3))

        ledger = Ledger(tuple(posting for step in order.history for posting in step.postings))

        earned = ledger.balance(Account(SELLER, AccountKind.AVAILABLE), order.currency)
        assert earned == usd("20.00")
        assert [posting.kind for posting in ledger.postings] == [
            PostingKind.PAYMENT,
            PostingKind.REFUND,
        ]
        assert {posting.cause for posting in ledger.postings} == {"order o-1"}

    def test_a_refund_names_a_line_of_the_order(self) -> None:
        """A refund for something that was not sold is a mistake of the caller's."""
        with pytest.raises(NotFoundError, match="line of order o-1 is stored under 'line-9'"):
            paid().refund(back("1.00", line=LineId("line-9")), by=SELLER, at=day(3))

    @pytest.mark.parametrize("gross", ["0.00", "-1.00"])
    def test_payments_and_refunds_are_above_zero(self, gross: str) -> None:
        """A cent is enough; a negative refund would be a payment in disguise."""
        assert payment("0.01").gross == back("0.01").gross == usd("0.01")
        with pytest.raises(InvalidValueError, match="is not above zero"):
            payment(gross)
        with pytest.raises(InvalidValueError, match="is not above zero"):
            back(gross)


class TestAllocation:
    """What quantities go into which shipments."""

    def test_never_more_is_shipped_than_was_ordered(self) -> None:
        """Not in one shipment, and not in several."""
        order = shipped(paid(), units(1, shipment="sh1"))

        with pytest.raises(RefusedError) as at_once:
            shipped(paid(), units(3, shipment="sh1"))
        with pytest.raises(RefusedError) as in_sum:
            shipped(order, units(2, shipment="sh2"))

        assert codes(at_once) == codes(in_sum) == ["over_shipped"]
        assert "3 units of line line-phone would ship and 2 were ordered" in str(in_sum.value)

    def test_a_packing_is_taken_whole_or_not_at_all(self) -> None:
        """One line too many holds the others back, and every line too many is named."""
        order = paid()

        with pytest.raises(RefusedError) as refusal:
            shipped(order, units(3, shipment="sh1"), units(2, CASE, shipment="sh1"))

        assert codes(refusal) == ["over_shipped", "over_shipped"]
        assert order.unshipped({}) == {PHONE: 2, CASE: 1}

    @pytest.mark.parametrize("phase", [Phase.CANCELLED, Phase.CLOSED])
    def test_units_of_a_shipment_that_came_to_nothing_are_free_again(self, phase: Phase) -> None:
        """A cancelled or closed shipment does not count."""
        order = shipped(paid(), units(2, shipment="sh1"), units(1, CASE, shipment="sh1"))

        again = shipped(order, units(2, shipment="sh2"), sh1=phase)

        assert order.unshipped({}) == {}
        assert order.unshipped(where(sh1=phase)) == {PHONE: 2, CASE: 1}
        assert again.shipped(PHONE, where(sh1=phase)) == 2
        assert again.shipped(CASE, where(sh1=phase)) == 0
        assert again.unshipped(where(sh1=phase)) == {CASE: 1}

    def test_units_of_a_superseded_shipment_are_free_again(self) -> None:
        """A re-shipment takes the place of the shipment that was lost."""
        order = shipped(paid(), units(2, shipment="sh1"))
        instead = Allocation(
            shipment=ShipmentId("sh2"), line=PHONE, quantity=2, replaces=ShipmentId("sh1")
        )

        again = shipped(order, instead, sh1=Phase.LOST)

        assert again.shipped(PHONE, where(sh1=Phase.LOST)) == 2
        with pytest.raises(RefusedError, match="4 units"):
            shipped(again, units(2, shipment="sh3"), sh1=Phase.LOST)

    @pytest.mark.parametrize("phase", [Phase.OUT_FOR_DELIVERY, Phase.DELIVERED, Phase.CONFIRMED])
    def test_what_may_still_arrive_is_not_replaced(self, phase: Phase) -> None:
        """Nor does a shipment stand in for itself, which would hide its units."""
        order = shipped(paid(), units(2, shipment="sh1"))

        for new, old in (("sh2", "sh1"), ("sh2", "sh2")):
            instead = Allocation(
                shipment=ShipmentId(new), line=PHONE, quantity=2, replaces=ShipmentId(old)
            )
            with pytest.raises(RefusedError) as refusal:
                shipped(order, instead, sh1=phase, sh2=Phase.LOST)
            assert "may_still_arrive" in codes(refusal)

    def test_a_part_of_the_price_does_not_ship_because_some_of_it_is_refunded(self) -> None:
        """What is paid must have been enough before anything was given back."""
        half = placed().pay(payment("15.00"), by=BUYER, at=day(2))
        refunded = half.refund(back("1.00"), by=SELLER, at=day(2))

        with pytest.raises(RefusedError) as refusal:
            shipped(refunded, units(1))

        assert codes(refusal) == ["not_paid"]

    def test_an_order_ships_once_it_is_paid(self) -> None:
        """Nothing, half, or all given back is not paid."""
        half = placed().pay(payment("15.00"), by=BUYER, at=day(2))
        refunded = paid().refund(back("30.00"), by=SELLER, at=day(2))

        for order in (placed(), half, refunded):
            with pytest.raises(RefusedError) as refusal:
                shipped(order, units(1))
            assert codes(refusal) == ["not_paid"]

    def test_an_order_ships_after_a_partial_refund(self) -> None:
        """The rest is still wanted."""
        order = paid().refund(back("5.00", line=CASE), by=SELLER, at=day(2))

        assert shipped(order, units(2)).shipped(PHONE, {}) == 2

    def test_an_order_does_not_ship_while_its_cancellation_is_open_or_done(self) -> None:
        """A rejected request holds nothing up."""
        with pytest.raises(RefusedError) as while_open:
            shipped(THINGS["REQUESTED"], units(1))
        with pytest.raises(RefusedError) as when_done:
            shipped(THINGS["CANCELLED"], units(1))

        assert codes(while_open) == ["cancelling"]
        assert codes(when_done) == ["not_paid", "cancelling"]
        assert shipped(THINGS["REJECTED"], units(1)).allocations == (units(1),)

    def test_a_line_is_split_over_shipments_and_parcels(self) -> None:
        """One phone in each parcel, and the case beside one of them."""
        first, second = ParcelId("p-1"), ParcelId("p-2")
        order = shipped(
            paid(),
            attrs.evolve(units(1, shipment="sh1"), parcel=first),
            attrs.evolve(units(1, shipment="sh1"), parcel=second),
            attrs.evolve(units(1, CASE, shipment="sh1"), parcel=second),
        )

        assert order.contents(ShipmentId("sh1")) == {first: {PHONE: 1}, second: {PHONE: 1, CASE: 1}}
        assert order.contents(ShipmentId("sh2")) == {}
        assert order.unshipped({}) == {}

    def test_units_go_into_parcels_that_their_shipment_has(self) -> None:
        """Where the parcels are told; every reason against the packing comes at once."""
        packed = attrs.evolve(units(3, shipment="sh1"), parcel=ParcelId("p-9"))

        with pytest.raises(RefusedError) as refusal:
            requested().allocate(
                [packed],
                phases={},
                parcels={ShipmentId("sh1"): [ParcelId("p-1")]},
                hindrances=[Reason("other_buyer", "orders o-1 and o-2 are of several buyers")],
                by=SELLER,
                at=day(3),
            )

        assert codes(refusal) == ["cancelling", "other_buyer", "no_such_parcel", "over_shipped"]

    def test_a_packing_of_nothing_is_refused(self) -> None:
        """No shipment is of air."""
        with pytest.raises(RefusedError) as refusal:
            shipped(paid())

        assert codes(refusal) == ["no_units"]

    def test_a_line_that_was_not_ordered_cannot_ship(self) -> None:
        """The order knows its lines."""
        with pytest.raises(NotFoundError, match="line-9"):
            shipped(paid(), units(1, LineId("line-9")))

    @pytest.mark.parametrize("quantity", [-1, 0, 1_000_001])
    def test_an_allocation_holds_units(self, quantity: int) -> None:
        """Nothing is no allocation, and more than a million is a mistake."""
        with pytest.raises(InvalidValueError):
            units(quantity)

        assert (units(1).quantity, units(1_000_000).quantity) == (1, 1_000_000)


class TestFulfilment:
    """How far the order's units are, derived from allocations and phases."""

    ORDER = paid().allocate(
        [units(1, shipment="sh1"), units(1, CASE, shipment="sh1")],
        phases={},
        by=SELLER,
        at=day(3),
    )
    WHOLE = ORDER.allocate([units(1, shipment="sh2")], phases={}, by=SELLER, at=day(3))

    @pytest.mark.parametrize(
        "phase", [Phase.DRAFT, Phase.BOOKED, Phase.CONFIRMED, Phase.CANCELLED, Phase.CLOSED]
    )
    def test_nothing_is_fulfilled_before_handover(self, phase: Phase) -> None:
        """A label alone moves nothing."""
        assert self.WHOLE.fulfilment(where(sh1=phase, sh2=phase)) is Fulfilment.NOT_STARTED
        assert paid().fulfilment({}) is Fulfilment.NOT_STARTED

    def test_an_order_is_in_progress_while_units_wait(self) -> None:
        """In no shipment yet, or in one that was not handed over."""
        unallocated = self.ORDER.fulfilment(where(sh1=Phase.IN_TRANSIT))
        waiting = self.WHOLE.fulfilment(where(sh1=Phase.DELIVERED, sh2=Phase.BOOKED))
        unknown = self.WHOLE.fulfilment(where(sh1=Phase.DELIVERED))

        assert unallocated is waiting is unknown is Fulfilment.IN_PROGRESS

    def test_an_order_is_fulfilled_when_all_is_handed_over(self) -> None:
        """Received is more than handed over."""
        moving = where(sh1=Phase.HANDED_OVER, sh2=Phase.DELIVERED)
        half_received = where(sh1=Phase.COMPLETED, sh2=Phase.DELIVERED)

        assert self.WHOLE.fulfilment(moving) is Fulfilment.FULFILLED
        assert self.WHOLE.fulfilment(half_received) is Fulfilment.FULFILLED

    def test_an_order_is_completed_when_all_is_received(self) -> None:
        """By the buyer's word, or by the platform's patience."""
        received = where(sh1=Phase.COMPLETED, sh2=Phase.COMPLETED)

        assert self.WHOLE.fulfilment(received) is Fulfilment.COMPLETED

    def test_a_shipment_that_came_to_nothing_does_not_count(self) -> None:
        """The order waits for its units to ship again."""
        phases = where(sh1=Phase.COMPLETED, sh2=Phase.CLOSED)

        assert self.WHOLE.fulfilment(phases) is Fulfilment.IN_PROGRESS


class TestWaiting:
    """What nobody has handed over yet, and for whom somebody waits."""

    def test_units_wait_until_a_carrier_has_them(self) -> None:
        """In no shipment, or in one that is only booked."""
        order = shipped(paid(), units(1, shipment="sh1"), units(1, CASE, shipment="sh1"))

        assert paid().awaiting_handover({}) == {PHONE: 2, CASE: 1}
        assert order.awaiting_handover(where(sh1=Phase.CONFIRMED)) == {PHONE: 2, CASE: 1}
        assert order.awaiting_handover(where(sh1=Phase.HANDED_OVER)) == {PHONE: 1}

    def test_each_line_waits_for_itself(self) -> None:
        """Phones that are gone make no difference to the case."""
        order = shipped(paid(), units(2, shipment="sh1"))

        assert order.awaiting_handover(where(sh1=Phase.DELIVERED)) == {CASE: 1}

    def test_nobody_waits_for_a_line_whose_price_was_given_back(self) -> None:
        """Part of it, or a refund for no line in particular, is not its price."""
        part = paid().refund(back("4.99", line=CASE), by=SELLER, at=day(3))
        whole = part.refund(back("0.01", id="back-2", line=CASE), by=SELLER, at=day(3))
        other = paid().refund(back("5.00"), by=SELLER, at=day(3))

        assert part.awaiting_handover({}) == other.awaiting_handover({}) == {PHONE: 2, CASE: 1}
        assert whole.awaiting_handover({}) == {PHONE: 2}

    @pytest.mark.parametrize("is_pending", [True, False])
    def test_what_was_given_back_is_not_packed(self, *, is_pending: bool) -> None:
        """Goods or money: a refund that is on its way counts, and no part of a price does."""
        give = Order.begin_refund if is_pending else Order.refund
        part = give(paid(), back("4.99", line=CASE), by=SELLER, at=day(3))
        whole = give(paid(), back("5.00", line=CASE), by=SELLER, at=day(3))
        case, phones = units(1, line=CASE), units(2)

        with pytest.raises(
            RefusedError, match="the price of line line-case was given back"
        ) as refusal:
            whole.allocate([case, phones], phases={}, by=SELLER, at=day(4))

        assert [reason.code for reason in refusal.value.reasons] == ["refunded"]
        assert part.to_be_packed({}) == {PHONE: 2, CASE: 1}
        assert whole.to_be_packed({}) == {PHONE: 2}
        assert part.allocate([case], phases={}, by=SELLER, at=day(4)).to_be_packed({}) == {PHONE: 2}
        assert whole.allocate([phones], phases={}, by=SELLER, at=day(4)).to_be_packed({}) == {}

    def test_what_is_packed_and_given_back_hinders_its_shipment_alone(self) -> None:
        """Each line is named once."""
        case = attrs.evolve(units(1, line=CASE), shipment=ShipmentId("sh-2"))
        packed = paid().allocate([units(1), units(1), case], phases={}, by=SELLER, at=day(3))
        order = packed.refund(back("25.00", line=PHONE), by=SELLER, at=day(4))

        here, there = (order.against_carrying(it.shipment) for it in (units(1), case))

        assert [reason.code for reason in here] == ["refunded"]
        assert there == packed.against_carrying(units(1).shipment) == ()

    def test_somebody_waits_for_what_is_free(self) -> None:
        """A price of nothing is not given back by giving nothing."""
        free = attrs.evolve(sale(), lines=(_free_line(),), total=usd("0.00"))

        order = Order.place(free, by=SELLER, at=day(2))

        assert order.awaiting_handover({}) == {PHONE: 1}

    def test_an_order_is_to_be_shipped_while_it_is_paid_and_wanted(self) -> None:
        """Neither before it is paid, nor while its cancellation is open or done."""
        assert paid().is_to_be_shipped
        assert THINGS["REJECTED"].is_to_be_shipped
        assert not placed().is_to_be_shipped
        assert not THINGS["REQUESTED"].is_to_be_shipped
        assert not THINGS["CANCELLED"].is_to_be_shipped


class TestHolds:
    """Money that the platform holds back from the seller."""

    def test_what_is_held_is_the_sellers_and_cannot_be_spent(self) -> None:
        """The order stays paid; the ledger has it apart."""
        order = paid().hold_payment(held(), by=PLATFORM, at=day(3))

        ledger = Ledger(tuple(posting for step in order.history for posting in step.postings))

        assert order.holds == (held(),)
        assert order.payment_status is PaymentStatus.PAID
        assert ledger.balance(Account(SELLER, AccountKind.HELD), order.currency) == usd("10.00")
        spendable = ledger.balance(Account(SELLER, AccountKind.AVAILABLE), order.currency)
        assert spendable == usd("20.00")

    def test_a_hold_that_is_released_is_gone(self) -> None:
        """That very hold, and the others stay."""
        order = paid().hold_payment(held(), by=PLATFORM, at=day(3))
        order = order.hold_payment(held("20.00", id="hold-2"), by=PLATFORM, at=day(3))

        released = order.release_payment("hold-1", by=PLATFORM, at=day(4), note="verified")

        assert [hold.id for hold in released.holds] == ["hold-2"]
        assert [posting.amount for posting in released.history[-1].postings] == [usd("10.00")]
        assert released.history[-1].postings[0].kind is PostingKind.RELEASE

    def test_a_hold_is_put_on_once(self) -> None:
        """A notice that is repeated after the release holds nothing again."""
        order = paid().hold_payment(held(), by=PLATFORM, at=day(3))
        released = order.release_payment("hold-1", by=PLATFORM, at=day(4))

        for known in (order, released):
            with pytest.raises(RefusedError) as refusal:
                known.hold_payment(held("1.00"), by=PLATFORM, at=day(5))
            assert codes(refusal) == ["held_twice"]

    def test_never_more_is_held_than_is_left(self) -> None:
        """Of an unpaid order, nothing."""
        order = paid().refund(back("10.00"), by=SELLER, at=day(3))
        order = order.hold_payment(held(), by=PLATFORM, at=day(3))

        for known, most in ((order, "10.00"), (placed(), "0.00")):
            with pytest.raises(RefusedError, match=f"more than the {most} USD that can be held"):
                known.hold_payment(held("10.01", id="hold-2"), by=PLATFORM, at=day(4))

    def test_what_is_not_on_hold_is_not_released(self) -> None:
        """Nobody but the platform is told so."""
        with pytest.raises(NotFoundError, match="hold on order o-1 is stored under 'hold-9'"):
            paid().release_payment("hold-9", by=PLATFORM, at=day(3))
        with pytest.raises(ActorNotPermittedError):
            paid().release_payment("hold-9", by=SELLER, at=day(3))

    def test_a_refund_leaves_holds_as_they_are(self) -> None:
        """The seller pays it out of what is not held, even below nothing."""
        order = paid().hold_payment(held("30.00"), by=PLATFORM, at=day(3))

        refunded = order.refund(back("5.00"), by=SELLER, at=day(4))

        assert refunded.holds == (held("30.00"),)

    def test_a_cancellation_releases_holds_and_refunds_in_one_step(self) -> None:
        """The hold ends first, so that the money is there."""
        order = requested().hold_payment(held(), by=PLATFORM, at=day(3))

        cancelled = order.approve_cancellation("well", phases={}, by=SELLER, at=day(3))

        moved = [(posting.kind, posting.amount) for posting in cancelled.history[-1].postings]
        assert moved == [(PostingKind.RELEASE, usd("10.00")), (PostingKind.REFUND, usd("30.00"))]
        assert cancelled.holds == ()
        assert cancelled.money.left == usd("0.00")


class TestDispatch:
    """The platform hands a paid order to a carrier."""

    def test_a_paid_order_is_handed_to_a_carrier(self) -> None:
        """A step of its own, with the carrier; others may not be booked then."""
        order = dispatched(paid())

        assert order.dispatched == Dispatch(HKPOST, "nearest")
        assert order.history[-1].payload == Dispatch(HKPOST, "nearest")
        assert order.against_carrier(HKPOST) == ()
        (reason,) = order.against_carrier(DHL)
        assert str(reason) == "order o-1 was dispatched to HKPOST, not to DHL"

    def test_an_order_that_nobody_dispatched_may_be_booked_with_anyone(self) -> None:
        """As long as it may ship at all."""
        assert paid().against_carrier(DHL) == ()
        assert [reason.code for reason in placed().against_carrier(DHL)] == ["not_paid"]

    def test_every_reason_against_a_dispatch_is_given_at_once(self) -> None:
        """Unpaid, on hold, cancellation requested: none hides the next."""
        held_back = requested().hold_payment(held(), by=PLATFORM, at=day(3))
        given_back = held_back.refund(back("30.00"), by=SELLER, at=day(3))
        booked_too = shipped(paid(), units(1, shipment="sh1"))

        for order, phases, against in (
            (placed(), {}, ["not_paid"]),
            (requested(), {}, ["cancelling"]),
            (THINGS["CANCELLED"], {}, ["not_paid", "cancelling"]),
            (held_back, {}, ["cancelling", "payment_held"]),
            (given_back, {}, ["not_paid", "cancelling", "payment_held"]),
            (booked_too, where(sh1=Phase.BOOKED), ["booked"]),
        ):
            with pytest.raises(RefusedError) as refusal:
                order.dispatch(HKPOST, phases=phases, by=PLATFORM, at=day(3))
            assert codes(refusal) == against

    def test_reasons_against_a_carrier_are_those_against_a_dispatch(self) -> None:
        """An order may be put on hold, or be asked back, after it was dispatched."""
        order = dispatched(paid()).hold_payment(held(), by=PLATFORM, at=day(3))
        order = order.request_cancellation("please", by=BUYER, at=day(4))

        reasons = [reason.code for reason in order.against_carrier(DHL)]

        assert reasons == ["cancelling", "payment_held", "other_carrier"]

    def test_an_order_goes_to_another_carrier_until_something_is_booked(self) -> None:
        """What came to nothing, or was replaced, does not hold it."""
        order = shipped(dispatched(paid()), units(2, shipment="sh1"))
        replaced = Allocation(
            shipment=ShipmentId("sh2"), line=PHONE, quantity=2, replaces=ShipmentId("sh1")
        )
        again = shipped(order, replaced, sh1=Phase.LOST)

        for known, phases in (
            (order, where(sh1=Phase.DRAFT)),
            (order, where(sh1=Phase.CANCELLED)),
            (again, where(sh1=Phase.LOST, sh2=Phase.DRAFT)),
        ):
            other = known.dispatch(DHL, phases=phases, by=PLATFORM, at=day(5))
            assert other.against_carrier(DHL) == ()
        with pytest.raises(RefusedError, match="shipment sh1 is LOST"):
            order.dispatch(DHL, phases=where(sh1=Phase.LOST), by=PLATFORM, at=day(5))


# What nobody could make sense of.
BAD: Verbs[Order] = {
    "pay": lambda it, by: it.pay(None, by=by, at=None),  # type: ignore[arg-type]
    "refund": lambda it, by: it.refund(back("1.00", line=LineId("?")), by=by, at=day(1)),
    "refund in yen": lambda it, by: it.refund(
        Refund(id="1", gross=Money(1, "JPY")), by=by, at=day(1)
    ),
    "allocate": lambda it, by: it.allocate([units(1, LineId("?"))], phases={}, by=by, at=day(1)),
    "allocate none": lambda it, by: it.allocate(None, phases={}, by=by, at=day(1)),  # type: ignore[arg-type]
    "hold_payment": lambda it, by: it.hold_payment(None, by=by, at=day(1)),  # type: ignore[arg-type]
    "release_payment": lambda it, by: it.release_payment("?", by=by, at=day(1)),
    "dispatch": lambda it, by: it.dispatch(None, phases=None, by=by, at=day(1)),  # type: ignore[arg-type]
    "request": lambda it, by: it.request_cancellation(
        None,  # type: ignore[arg-type]
        decide_by="soon",  # type: ignore[arg-type]
        by=by,
        at=None,  # type: ignore[arg-type]
    ),
    "approve": lambda it, by: it.approve_cancellation(None, phases=None, by=by, at=None),  # type: ignore[arg-type]
    "cancel": lambda it, by: it.cancel(None, phases=None, by=by, at=None),  # type: ignore[arg-type]
    "reject": lambda it, by: it.reject_cancellation(None, by=by, at=None),  # type: ignore[arg-type]
    "retract": lambda it, by: it.retract_cancellation(by=by, at=None),  # type: ignore[arg-type]
    "lapse": lambda it, by: it.lapse_cancellation(by=by, at=None),  # type: ignore[arg-type]
}


class TestStrangers:
    """Whoever may not is turned away before the data is looked at, however bad it is."""

    @pytest.mark.parametrize("verb", BAD)
    @pytest.mark.parametrize("stranger", [*STRANGERS, CARRIER], ids=str)
    def test_a_stranger_is_turned_away_first(self, verb: str, stranger: Actor) -> None:
        """And is not told what others may."""
        for order in THINGS.values():
            with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
                BAD[verb](order, stranger)

    @pytest.mark.parametrize("verb", ["pay", "hold_payment", "release_payment", "dispatch"])
    def test_a_party_that_may_not_comes_before_the_data(self, verb: str) -> None:
        """The seller neither pays nor holds nor dispatches."""
        with pytest.raises(ActorNotPermittedError) as refusal:
            BAD[verb](paid(), SELLER)

        assert refusal.value.is_party

    @pytest.mark.parametrize("verb", ["approve", "reject", "retract", "lapse"])
    def test_what_has_no_row_comes_before_the_data(self, verb: str) -> None:
        """There is nothing to decide where nobody asked."""
        with pytest.raises(IllegalTransitionError):
            BAD[verb](paid(), PLATFORM)


class TestCancellation:
    """Approving or cancelling refunds everything left, or does not happen."""

    def test_an_approved_cancellation_refunds_everything_left(self) -> None:
        """In one step with the cancellation."""
        order = requested().refund(back("10.00"), by=SELLER, at=day(3))

        cancelled = order.approve_cancellation("very well", phases={}, by=SELLER, at=day(3))

        assert cancelled.cancellation is CancellationState.CANCELLED
        assert cancelled.payment_status is PaymentStatus.FULLY_REFUNDED
        assert [posting.amount for posting in cancelled.history[-1].postings] == [usd("20.00")]

    def test_a_cancellation_refunds_the_last_cent(self) -> None:
        """Nothing is too little to give back."""
        order = requested().refund(back("29.99"), by=SELLER, at=day(3))

        cancelled = order.approve_cancellation("well", phases={}, by=SELLER, at=day(3))

        assert cancelled.refunds[-1].gross == usd("0.01")

    def test_an_unpaid_order_is_cancelled_without_a_refund(self) -> None:
        """There is nothing to give back."""
        order = placed().cancel("sold out", phases={}, by=SELLER, at=day(2))

        assert order.cancellation is CancellationState.CANCELLED
        assert order.refunds == ()
        assert order.history[-1].postings == ()

    @pytest.mark.parametrize(
        "phase", [Phase.ACCEPTED, Phase.IN_TRANSIT, Phase.DELIVERED, Phase.LOST, Phase.COMPLETED]
    )
    def test_nothing_is_cancelled_once_a_carrier_has_accepted_a_parcel(self, phase: Phase) -> None:
        """One shipment under way holds all of it back: no refund, no new state."""
        phases = where(sh1=Phase.BOOKED, sh2=phase)

        with pytest.raises(RefusedError) as approving:
            requested().approve_cancellation("well", phases=phases, by=SELLER, at=day(9))
        with pytest.raises(RefusedError) as cancelling:
            paid().cancel("sold out", phases=phases, by=SELLER, at=day(9))

        assert approving.value.reasons == cancelling.value.reasons
        assert approving.value.reasons == (Reason("under_way", f"shipment sh2 is {phase.name}"),)

    @pytest.mark.parametrize(
        "phase",
        [
            Phase.DRAFT,
            Phase.BOOKED,
            Phase.CONFIRMED,
            Phase.HANDED_OVER,
            Phase.CANCELLED,
            Phase.CLOSED,
        ],
    )
    def test_what_can_still_be_cancelled_does_not_stand_in_the_way(self, phase: Phase) -> None:
        """Neither does what came to nothing."""
        order = requested().approve_cancellation(
            "well", phases=where(sh1=phase), by=SELLER, at=day(9)
        )

        assert order.cancellation is CancellationState.CANCELLED

    def test_the_seller_decides_in_time_and_the_platform_at_any_time(self) -> None:
        """By the instant of the decision; nobody need sweep."""
        order = requested(day(5))

        verbs: tuple[Callable[[Actor, Instant], Order], ...] = (
            lambda by, at: order.reject_cancellation("no", by=by, at=at),
            lambda by, at: order.approve_cancellation("well", phases={}, by=by, at=at),
        )
        for decide in verbs:
            for by, at in ((SELLER, day(5)), (PLATFORM, day(6))):
                cancellation = decide(by, at).cancelling
                assert cancellation is not None
                assert (cancellation.decided_by, cancellation.decided_at) == (by, at)
            with pytest.raises(RefusedError) as refusal:
                decide(SELLER, day(6))
            (reason,) = refusal.value.reasons
            assert str(reason) == (
                "the seller had until 2026-03-05T09:00:00Z to decide, and now the platform does"
            )

    def test_a_buyer_takes_a_request_back_at_any_time(self) -> None:
        """The limit is the seller's."""
        order = requested(day(5)).retract_cancellation(by=BUYER, at=day(6))

        assert order.cancelling is None
        assert order.is_to_be_shipped

    def test_a_request_that_nobody_answered_lapses(self) -> None:
        """The platform turns it down, after the limit and not before; without one, never."""
        order = requested(day(5))

        lapsed = order.lapse_cancellation(by=PLATFORM, at=day(6), note="no answer")

        assert lapsed.state is CancellationState.REJECTED
        assert lapsed.cancelling is not None
        assert (lapsed.cancelling.decided_by, lapsed.cancelling.decided_at) == (PLATFORM, day(6))
        assert lapsed.is_to_be_shipped
        for early in (order, requested()):
            with pytest.raises(RefusedError) as refusal:
                early.lapse_cancellation(by=PLATFORM, at=day(5))
            assert codes(refusal) == ["time_left"]

    def test_an_order_is_not_shipped_while_a_request_waits_for_the_platform(self) -> None:
        """The time to decide is over, and nobody has decided."""
        order = requested(day(5))

        with pytest.raises(RefusedError) as refusal:
            order.allocate([units(1)], phases={}, by=SELLER, at=day(6))

        assert codes(refusal) == ["cancelling"]

    def test_a_request_leaves_time_to_decide(self) -> None:
        """An instant is enough."""
        assert requested(day(2)).state is CancellationState.REQUESTED
        with pytest.raises(RefusedError) as refusal:
            requested(day(1))
        assert codes(refusal) == ["no_time_to_decide"]

    def test_a_late_seller_hears_every_reason(self) -> None:
        """Too late, and under way."""
        with pytest.raises(RefusedError) as refusal:
            requested(day(5)).approve_cancellation(
                "well", phases=where(sh1=Phase.ACCEPTED), by=SELLER, at=day(6)
            )

        assert codes(refusal) == ["decided_too_late", "under_way"]

    def test_a_rejected_buyer_may_ask_again_and_take_it_back(self) -> None:
        """A rejection is not the last word."""
        order = THINGS["REJECTED"].request_cancellation("please", by=BUYER, at=day(4))

        retracted = order.retract_cancellation(by=BUYER, at=day(5))

        assert order.cancellation is CancellationState.REQUESTED
        assert retracted.cancellation is CancellationState.NONE_REQUESTED
        assert retracted.refunds == ()


class TestSale:
    """What begins an order."""

    @pytest.mark.parametrize("somebody", [*STRANGERS, CARRIER], ids=str)
    def test_nobody_places_an_order_between_others(self, somebody: Actor) -> None:
        """Seller, buyer and platform may."""
        with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
            Order.place(sale(), by=somebody, at=day(2))

    def test_an_order_is_not_placed_against_hindrances(self) -> None:
        """A listing that is paused sells nothing."""
        hindrance = Reason("not_published", "listing l-1 is PAUSED")

        with pytest.raises(RefusedError) as refusal:
            Order.place(sale(), hindrances=[hindrance], by=BUYER, at=day(2))

        assert refusal.value.reasons == (hindrance,)

    def test_what_does_not_add_up_is_accepted_and_listed_or_refused(self) -> None:
        """As whoever takes the order in chooses."""
        odd = attrs.evolve(sale(), total=usd("31.00"))

        order = Order.place(odd, by=BUYER, at=day(2))

        assert order.inconsistencies == odd.inconsistencies
        assert [reason.code for reason in order.inconsistencies] == ["lines_and_total"]
        assert placed().inconsistencies == ()
        with pytest.raises(RefusedError) as refusal:
            Order.place(odd, hindrances=odd.inconsistencies, by=BUYER, at=day(2))
        assert codes(refusal) == ["lines_and_total"]

    def test_an_order_has_different_lines_and_at_least_one(self) -> None:
        """A line is found by its name."""
        line = sale().lines[0]

        for lines, problem in (((), "are none"), ((line, line), "come twice")):
            with pytest.raises(InvalidValueError, match=problem):
                attrs.evolve(sale(), lines=lines)

    def test_an_order_is_between_a_seller_and_a_buyer(self) -> None:
        """Each in their own role."""
        with pytest.raises(InvalidValueError, match="in the wrong role"):
            attrs.evolve(sale(), seller=BUYER)
        with pytest.raises(InvalidValueError, match="in the wrong role"):
            attrs.evolve(sale(), buyer=SELLER)

    def test_an_order_is_in_one_currency(self) -> None:
        """The total, the lines and the taxes."""
        yen = Tax(name="consumption tax", amount=Money(100, "JPY"), is_included=True)

        line = OrderLine(id=PHONE, quantity=1, total=Money(100, "JPY"))

        with pytest.raises(InvalidValueError, match="is in several currencies"):
            attrs.evolve(sale(), taxes=(yen,))
        with pytest.raises(InvalidValueError, match="is in several currencies"):
            attrs.evolve(sale(), lines=(line,))

    def test_an_order_has_no_negative_amount(self) -> None:
        """A discount lowers a line, and no line goes below nothing."""
        with pytest.raises(InvalidValueError, match="has a negative amount"):
            attrs.evolve(sale(), total=usd("-0.01"))

    @pytest.mark.parametrize("quantity", [0, 1_000_001])
    def test_a_line_has_units(self, quantity: int) -> None:
        """A line of none says nothing."""
        with pytest.raises(InvalidValueError):
            OrderLine(id=PHONE, quantity=quantity, total=usd("1.00"))

    def test_an_order_is_rebuilt_from_its_steps(self) -> None:
        """Payments, refunds, allocations and cancellation follow from the history alone."""
        order = shipped(paid(), units(1)).refund(back("5.00"), by=SELLER, at=day(4))
        cancelled = order.cancel("sold out", phases={}, by=SELLER, at=day(5))

        assert Order.replay(cancelled.history) == cancelled
        assert cancelled.payment_status is PaymentStatus.FULLY_REFUNDED

    def test_a_history_that_does_not_begin_is_refused(self) -> None:
        """An order begins when it is placed."""
        with pytest.raises(InvalidValueError, match="'pay' is not how one begins"):
            Order.replay(paid().history[1:])


def _free_line() -> OrderLine:
    return OrderLine(id=PHONE, quantity=1, total=usd("0.00"))
