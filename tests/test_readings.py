"""An order that lives elsewhere is read again, and what is new is taken over."""

import pytest

from apaclogistics.lifecycle import Actor, Role
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold
from apaclogistics.readings import OrderDivergedError, continued
from apaclogistics.sales import Payment, Refund
from apaclogistics.values.identifiers import CarrierCode
from apaclogistics.values.instants import Instant
from tests.samples import BUYER, CASE, PLATFORM, SELLER, day, placed, sale, units, usd

EBAY = Actor(Role.PLATFORM, "ebay")


def paid(at: Instant | None = None) -> Order:
    """Give an order as a marketplace tells it: placed and paid."""
    payment = Payment(id="pay-1", gross=usd("30.00"))
    return Order.place(sale(), by=EBAY, at=day(2)).pay(payment, by=EBAY, at=at or day(3))


def refunded(order: Order, at: Instant) -> Order:
    """Let the marketplace tell of a refund, too."""
    return order.refund(Refund(id="back-1", gross=usd("5.00")), by=EBAY, at=at)


def handled(order: Order, at: Instant) -> Order:
    """Dispatch the order here, and pack a phone of it."""
    dispatched = order.dispatch(CarrierCode("HKPOST"), phases={}, by=PLATFORM, at=at)
    return dispatched.allocate([units(1)], phases={}, by=SELLER, at=at)


def test_a_newer_reading_adds_what_is_new() -> None:
    """What was unpaid is paid, what was paid is refunded."""
    known = Order.place(sale(), by=EBAY, at=day(2))

    assert continued(known, paid()) == paid()
    assert continued(continued(known, paid()), refunded(paid(), day(4))) == refunded(paid(), day(4))


def test_a_reading_of_the_same_changes_nothing() -> None:
    """Nor does one that tells less, since it is older."""
    order = refunded(paid(), day(4))

    assert continued(order, order) is order
    assert continued(order, paid()) is order


def test_what_happened_here_stays() -> None:
    """The marketplace knows nothing of shipments."""
    known = handled(paid(), day(5))

    order = continued(known, refunded(paid(), day(6)))

    assert [step.action.value for step in order.history] == [
        "place",
        "pay",
        "dispatch",
        "allocate",
        "refund",
    ]
    assert (order.allocations, order.dispatched) == (known.allocations, known.dispatched)
    assert continued(order, refunded(paid(), day(6))) is order


def test_what_is_heard_of_late_is_taken_as_of_the_last_step() -> None:
    """Histories run forward; its postings and figures are those that were told."""
    known = handled(paid(), day(5))

    order = continued(known, refunded(paid(), day(4)))

    assert order.history[-1].at == day(5)
    assert order.history[-1].postings == refunded(paid(), day(4)).history[-1].postings
    assert Order.replay(order.history) == order
    assert continued(order, refunded(paid(), day(4))) is order


def begun() -> Order:
    """Let the marketplace tell of a refund that is on its way, and of a hold after it."""
    refund = Refund(id="back-1", gross=usd("5.00"))
    order = paid().begin_refund(refund, by=EBAY, at=day(4))
    return order.hold_payment(PaymentHold(id="h", amount=usd("1.00")), by=EBAY, at=day(5))


def paid_out() -> Order:
    """Let it tell the same once the refund is paid out: as one that was made at once."""
    order = refunded(paid(), day(4))
    return order.hold_payment(PaymentHold(id="h", amount=usd("1.00")), by=EBAY, at=day(5))


def test_a_refund_that_was_on_its_way_is_settled_when_that_is_heard_of() -> None:
    """It stays where it was begun, its money moves once, and older readings change nothing."""
    order = continued(begun(), paid_out())

    assert [step.action.value for step in order.history][2:] == [
        "begin_refund",
        "hold_payment",
        "settle_refund",
    ]
    assert order.history[-1].at == day(5)
    assert order.history[-1].postings == paid_out().history[2].postings
    assert (order.refunded, order.pending_refunds) == (usd("5.00"), ())
    assert continued(order, paid_out()) is continued(order, begun()) is order


def test_a_refund_that_failed_fails_when_that_is_heard_of() -> None:
    """The marketplace tells it at the date of the refund, before what came after."""
    failed = paid().begin_refund(Refund(id="back-1", gross=usd("5.00")), by=EBAY, at=day(4))
    failed = failed.fail_refund("back-1", "", by=EBAY, at=day(4))
    told = failed.hold_payment(PaymentHold(id="h", amount=usd("1.00")), by=EBAY, at=day(5))

    order = continued(begun(), told)

    assert [step.action.value for step in order.history][3:] == ["hold_payment", "fail_refund"]
    assert [it.id for it in order.failed_refunds] == ["back-1"]
    assert continued(order, told) is order


def test_what_comes_after_a_settled_refund_follows_it() -> None:
    """And is known the next time."""
    more = paid_out().release_payment("h", by=EBAY, at=day(6))

    order = continued(continued(begun(), paid_out()), more)

    assert order.history[-1].action.value == "release_payment"
    assert continued(order, more) is order
    assert Order.replay(order.history) == order


def test_another_refund_than_the_one_on_its_way_is_a_conflict() -> None:
    """Of another net, of a line, or by another name."""
    other = paid().refund(Refund(id="back-1", gross=usd("5.00"), line=CASE), by=EBAY, at=day(4))

    with pytest.raises(OrderDivergedError, match="its step 3 was begin_refund, now refund"):
        continued(begun(), other)


def test_a_refund_that_was_settled_here_is_not_paid_out_again() -> None:
    """The platform's own people were faster, and wrote something about it."""
    here = begun().settle_refund("back-1", by=PLATFORM, at=day(6), note="by hand")

    assert continued(here, paid_out()) is here


def test_a_refund_that_failed_here_was_not_paid_out() -> None:
    """Somebody must look at that."""
    here = begun().fail_refund("back-1", "no answer", by=PLATFORM, at=day(6))

    with pytest.raises(OrderDivergedError, match="step 5 was fail_refund, now settle_refund"):
        continued(here, paid_out())


def test_a_refund_ends_in_one_way() -> None:
    """What was heard to be paid out did not fail."""
    failed = paid().begin_refund(Refund(id="back-1", gross=usd("5.00")), by=EBAY, at=day(4))
    settled = failed.settle_refund("back-1", by=EBAY, at=day(4))
    failed = failed.fail_refund("back-1", "", by=EBAY, at=day(4))

    with pytest.raises(OrderDivergedError, match="was settle_refund, now fail_refund"):
        continued(settled, failed)


def test_an_instant_that_was_moved_is_no_contradiction() -> None:
    """A marketplace may correct its clock."""
    assert continued(paid(day(3)), paid(day(4))) == paid(day(3))


def test_a_reading_that_tells_something_else_is_a_conflict() -> None:
    """It names the step and both stories, and changes nothing."""
    known = refunded(paid(), day(4))
    held = paid().hold_payment(PaymentHold(id="h", amount=usd("5.00")), by=EBAY, at=day(4))

    with pytest.raises(OrderDivergedError) as conflict:
        continued(known, held)

    error = conflict.value
    assert (error.order, error.step, error.known, error.told) == (
        "o-1",
        3,
        "refund",
        "hold_payment",
    )
    assert str(error) == "order o-1 was read anew: its step 3 was refund, now hold_payment"


def test_another_figure_or_another_actor_is_a_conflict() -> None:
    """The same action is not the same step."""
    more = paid().refund(Refund(id="back-1", gross=usd("6.00")), by=EBAY, at=day(4))
    by_seller = paid().refund(Refund(id="back-1", gross=usd("5.00")), by=SELLER, at=day(4))

    for other in (more, by_seller):
        with pytest.raises(OrderDivergedError, match="was refund, now another refund"):
            continued(refunded(paid(), day(4)), other)


def test_another_order_is_a_conflict_from_the_first_step() -> None:
    """Whoever placed it."""
    with pytest.raises(OrderDivergedError, match="its step 1 was place, now another place"):
        continued(placed(), paid())
    assert placed().history[0].by is BUYER
