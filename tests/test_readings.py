"""An order that lives elsewhere is read again, and what is new is taken over."""

import pytest

from apaclogistics.lifecycle import Actor, Role
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold
from apaclogistics.readings import OrderDivergedError, continued
from apaclogistics.sales import Payment, Refund
from apaclogistics.values.identifiers import CarrierCode
from apaclogistics.values.instants import Instant
from tests.samples import BUYER, PLATFORM, SELLER, day, placed, sale, units, usd

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
