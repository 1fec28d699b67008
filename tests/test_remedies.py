"""Remedies: what makes up for a parcel that did not come."""

from datetime import timedelta

import attrs
import pytest

from apaclogistics.fulfilment import Milestone
from apaclogistics.orders import Order
from apaclogistics.remedies import refund_of, remedies
from apaclogistics.sales import Payment, Refund
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Resolution, Settled
from apaclogistics.values.identifiers import LineId, OrderId, ShipmentId
from apaclogistics.values.instants import Instant
from tests.samples import (
    BUYER,
    CASE,
    PHONE,
    PLATFORM,
    SELLER,
    day,
    handed_over,
    paid,
    placed,
    seen,
    units,
    usd,
)

HERE = ShipmentId("sh-1")
ELSEWHERE = ShipmentId("sh-2")
OTHER = OrderId("o-2")
THEN = day(8)


def packed() -> Order:
    """Give an order whose two phones, of 25.00 USD, are here; a case, of 5.00 USD, is elsewhere."""
    case = attrs.evolve(units(1, line=CASE), shipment=ELSEWHERE)
    return paid().allocate([units(2), case], phases={}, by=SELLER, at=day(3))


def refunded(order: Order, amount: str, line: LineId | None = None, at: Instant = THEN) -> Order:
    """Give money of an order back."""
    given = Refund(id=f"back-{len(order.refunds) + 1}", gross=usd(amount), line=line)
    return order.refund(given, by=SELLER, at=at)


def fact(at: Instant = THEN, reference: str = "back-1") -> Resolution:
    """Give a refund as a remedy."""
    return Resolution(settled=Settled.REFUND, at=at, reference=reference)


def carrying(*orders: OrderId) -> Shipment:
    """Give a shipment that carries units of orders, and was not delivered."""
    parcels = handed_over()
    return attrs.evolve(parcels, consignment=attrs.evolve(parcels.consignment, orders=orders))


def test_a_receipt_is_a_remedy_whether_or_not_a_delivery_was_scanned() -> None:
    """The buyer has it; that the platform gave up waiting for them is nothing of the kind."""
    unseen = handed_over().confirm_receipt(by=BUYER, at=THEN)
    delivered = seen(handed_over(), Milestone.ACCEPTED, Milestone.DELIVERED)
    received = delivered.confirm_receipt(by=BUYER, at=THEN)
    completed = delivered.complete(by=PLATFORM, at=THEN, patience=timedelta(0))
    receipt = Resolution(settled=Settled.RECEIPT, at=THEN, reference=HERE)

    assert remedies(unseen, ()) == (receipt,)
    assert remedies(received, ()) == (*remedies(delivered, ()), receipt)
    assert remedies(completed, ()) == remedies(delivered, ())


def test_what_is_in_a_shipment_is_given_back_with_its_lines() -> None:
    """And nothing of what is elsewhere."""
    order = refunded(packed(), "25.00", PHONE)

    assert refund_of(order, HERE) == fact()
    assert refund_of(order, ELSEWHERE) is None


@pytest.mark.parametrize(
    ("amount", "line", "expected"),
    [
        ("24.99", PHONE, None),
        ("25.00", PHONE, fact()),
        ("5.00", CASE, None),
        ("25.00", None, None),
        ("29.99", None, None),
        ("30.00", None, fact()),
    ],
)
def test_a_part_of_the_price_and_what_may_be_for_something_else_do_not_count(
    amount: str, line: LineId | None, expected: Resolution | None
) -> None:
    """To a cent."""
    assert refund_of(refunded(packed(), amount, line), HERE) == expected


def test_the_refund_that_makes_it_full_is_the_fact() -> None:
    """Whatever is given back after it."""
    order = refunded(packed(), "20.00", PHONE, day(7))
    order = refunded(order, "5.00", PHONE, day(9))
    order = refunded(order, "5.00", None, day(10))

    assert refund_of(order, HERE) == fact(day(9), "back-2")
    assert refund_of(order, ELSEWHERE) == fact(day(10), "back-3")


def test_a_line_that_is_split_is_given_back_as_a_whole() -> None:
    """Nobody can tell which of the phones half the price was for."""
    split = paid().allocate(
        [units(1), attrs.evolve(units(1), shipment=ELSEWHERE)], phases={}, by=SELLER, at=day(3)
    )
    half = refunded(split, "12.50", PHONE)
    whole = refunded(half, "12.50", PHONE, day(9))

    assert refund_of(half, HERE) is refund_of(half, ELSEWHERE) is None
    assert refund_of(whole, HERE) == refund_of(whole, ELSEWHERE) == fact(day(9), "back-2")


@pytest.mark.parametrize(("amount", "line"), [("30.00", None), ("25.00", PHONE)])
def test_a_refund_counts_once_it_is_paid_out(amount: str, line: LineId | None) -> None:
    """What is pending is not given back, and what failed is not either."""
    given = Refund(id="back-1", gross=usd(amount), line=line)
    pending = packed().begin_refund(given, by=SELLER, at=day(6))
    failed = pending.fail_refund("back-1", "card expired", by=PLATFORM, at=day(7))
    settled = pending.settle_refund("back-1", by=PLATFORM, at=day(8))

    assert [refund_of(it, HERE) for it in (pending, failed, settled)] == [None, None, fact()]


def test_a_cancellation_gives_everything_back() -> None:
    """Its refund is the fact."""
    cancelled = packed().cancel("out of stock", phases={}, by=SELLER, at=day(4))

    assert refund_of(cancelled, HERE) == fact(day(4), "o-1 cancelled")


def test_what_was_given_back_before_more_was_paid_is_not_all() -> None:
    """The fact is of when nothing was left, for good."""
    order = placed().pay(Payment(id="pay-1", gross=usd("10.00")), by=BUYER, at=day(2))
    order = refunded(order, "10.00", None, day(3))
    early = refund_of(order, HERE)
    order = order.pay(Payment(id="pay-2", gross=usd("20.00")), by=BUYER, at=day(4))
    later = refund_of(order, HERE)
    order = refunded(order, "20.00", None, day(5))

    assert (early, later, refund_of(order, HERE)) == (fact(day(3)), None, fact(day(5), "back-2"))


def test_nothing_was_given_back_of_what_was_never_paid() -> None:
    """Neither is a gift."""
    gift = attrs.evolve(placed().sale.line(CASE), total=usd("0.00"))
    rest = placed().sale.line(PHONE)
    sold = attrs.evolve(placed().sale, lines=(rest, gift), total=rest.total)
    given = Order.place(sold, by=BUYER, at=day(2)).pay(
        Payment(id="pay-1", gross=rest.total), by=BUYER, at=day(2)
    )
    given = given.allocate([units(1, line=CASE)], phases={}, by=SELLER, at=day(3))

    assert refund_of(placed(), HERE) is None
    assert refund_of(given, HERE) is None
    assert refund_of(refunded(given, "25.00", PHONE), HERE) == fact()


def test_a_refund_without_a_name_is_found_by_its_order() -> None:
    """Whatever a marketplace calls it."""
    order = packed().refund(Refund(id=" ", gross=usd("30.00")), by=SELLER, at=day(8))

    assert refund_of(order, HERE) == fact(reference="o-1")


def test_all_orders_in_a_shipment_are_given_back() -> None:
    """With the last of them; one that is not known is not known to be."""
    first = refunded(packed(), "30.00", None, day(7))
    unpaid = attrs.evolve(paid(), sale=attrs.evolve(paid().sale, id=OTHER))
    second = refunded(unpaid, "30.00", None, day(9))
    shared = carrying(OrderId("o-1"), OTHER)

    assert remedies(shared, [first, unpaid]) == remedies(shared, [first]) == ()
    assert remedies(shared, [second, first]) == (fact(day(9)),)
    assert remedies(carrying(), [first, second]) == ()


def test_what_came_and_was_refunded_is_told_as_both() -> None:
    """Each with its record; a parcel under way is made up for by nothing."""
    moving = seen(handed_over(), Milestone.ACCEPTED)
    delivered = seen(handed_over(), Milestone.ACCEPTED, Milestone.DELIVERED)
    both = attrs.evolve(
        delivered, consignment=attrs.evolve(delivered.consignment, orders=(OrderId("o-1"),))
    )
    [number] = delivered.numbers

    found = remedies(both, [refunded(packed(), "30.00")])

    came = Resolution(settled=Settled.DELIVERY, at=day(6), reference=str(number))
    assert found == (came, fact())
    assert remedies(moving, []) == ()
