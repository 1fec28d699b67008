"""Remedies: what makes up for a parcel that did not come."""

from datetime import timedelta

import attrs
import pytest

from apaclogistics.fulfilment import Milestone
from apaclogistics.orders import Order
from apaclogistics.remedies import not_given_back, refund_of, remedies, units_in
from apaclogistics.sales import Payment, Refund
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Resolution, Settled
from apaclogistics.values.identifiers import LineId, OrderId, ParcelId, ShipmentId
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
    scan,
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


@pytest.mark.parametrize("fate", [Milestone.LOST, Milestone.DESTROYED, Milestone.RETURNED])
def test_a_receipt_is_not_for_one_of_several_parcels_that_came_to_nothing(fate: Milestone) -> None:
    """Its buyer has the other, and that makes up for both together with a refund of the first."""
    gone = handed_over(parcels=2).observe([scan(fate, day(6))])
    received = gone.confirm_receipt(by=BUYER, at=THEN)
    inside = attrs.evolve(received.consignment, orders=(OrderId("o-1"),))
    shipment = attrs.evolve(received, consignment=inside)
    order = refunded(of_two(), "25.00", PHONE, day(9))

    assert remedies(shipment, [of_two()]) == ()
    assert remedies(shipment, [order]) == (fact(day(9)),)


def test_what_is_to_come_has_made_up_for_nothing() -> None:
    """A carrier may date a delivery in the future, and a refund counts before it and without it."""
    first = one_came(at=day(20))
    both = first.observe([scan(Milestone.DELIVERED, day(7))])
    order = refunded(of_two(), "5.00", CASE)

    assert remedies(both, (), at=day(19)) == ()
    assert [it.settled for it in remedies(both, (), at=day(20))] == [Settled.DELIVERY]
    assert remedies(first, [refunded(of_two(), "25.00", PHONE)], at=day(19)) == ()
    assert remedies(both, [order], at=day(19)) == (fact(),)


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


def of_two(*, by_parcel: bool = True) -> Order:
    """Give an order whose phones are in the first of two parcels, and whose case in the second."""
    first, second = (ParcelId("p-1"), ParcelId("p-2")) if by_parcel else (None, None)
    phones = attrs.evolve(units(2), parcel=first)
    case = attrs.evolve(units(1, line=CASE), parcel=second)
    return paid().allocate([phones, case], phases={}, by=SELLER, at=day(3))


def one_came(*orders: OrderId, at: Instant = THEN) -> Shipment:
    """Give a shipment of two parcels, of which the second was delivered."""
    shipment = handed_over(parcels=2).observe([scan(Milestone.DELIVERED, at, "N2")])
    inside = orders or (OrderId("o-1"),)
    return attrs.evolve(shipment, consignment=attrs.evolve(shipment.consignment, orders=inside))


@pytest.mark.parametrize(("came", "at"), [(day(7), day(8)), (day(9), day(9))])
def test_one_parcel_came_and_the_other_was_refunded(came: Instant, at: Instant) -> None:
    """At the later of the two, with the refund as the record."""
    order = refunded(of_two(), "25.00", PHONE)

    assert remedies(one_came(at=came), [order]) == (fact(at),)


@pytest.mark.parametrize(("amount", "line"), [("24.99", PHONE), ("5.00", CASE), ("25.00", None)])
def test_a_parcel_that_is_missing_is_made_up_for_by_all_that_is_in_it(
    amount: str, line: LineId | None
) -> None:
    """A refund of what came is none of it."""
    assert remedies(one_came(), [refunded(of_two(), amount, line)]) == ()


def test_parcels_are_not_combined_where_nobody_said_what_is_in_them() -> None:
    """Neither for one of several orders, nor where one of these is not known."""
    order = refunded(of_two(), "25.00", PHONE)
    unsaid = refunded(of_two(by_parcel=False), "25.00", PHONE)
    shared = one_came(OrderId("o-1"), OTHER)
    other = attrs.evolve(of_two(), sale=attrs.evolve(order.sale, id=OTHER))
    theirs = attrs.evolve(other, allocations=other.allocations[1:])

    assert remedies(one_came(), [unsaid]) == ()
    assert remedies(shared, [order]) == ()
    assert remedies(shared, [order, other]) == ()
    assert remedies(shared, [order, theirs]) == (fact(),)
    assert remedies(one_came(), []) == ()


def test_where_nothing_came_only_a_refund_of_all_counts() -> None:
    """Parcel by parcel it would be no sooner."""
    nothing = one_came().observe([]).consignment
    moving = attrs.evolve(handed_over(parcels=2), consignment=nothing)
    order = refunded(of_two(), "25.00", PHONE)

    assert remedies(moving, [order]) == ()
    assert remedies(moving, [refunded(order, "5.00", CASE, day(9))]) == (fact(day(9), "back-2"),)


def test_the_units_in_a_parcel_are_those_that_were_said_to_be_in_it() -> None:
    """Of a shipment of one parcel, all; where nobody said, nobody knows."""
    first, second = (parcel.id for parcel in one_came().consignment.parcels)
    half = attrs.evolve(of_two(), allocations=(*of_two().allocations, units(1, line=CASE)))

    assert units_in(of_two(), one_came(), first) == {PHONE: 2}
    assert units_in(of_two(), one_came(), second) == {CASE: 1}
    assert units_in(of_two(by_parcel=False), one_came(), first) is None
    assert units_in(half, one_came(), first) is None
    assert units_in(paid(), one_came(), first) is None
    assert units_in(packed(), handed_over(), first) == {PHONE: 2}
    assert units_in(paid(), handed_over(), first) is None


def test_what_is_not_given_back_is_the_price_less_refunds_of_the_lines() -> None:
    """Pending ones count, those of other lines and of the order do not, and it is never below zero."""
    begun = of_two().begin_refund(
        Refund(id="back-1", gross=usd("10.00"), line=PHONE), by=SELLER, at=day(8)
    )
    other = refunded(of_two(), "5.00", CASE)

    assert not_given_back(begun, {PHONE: 2, CASE: 1}) == usd("20.00")
    assert not_given_back(refunded(of_two(), "13.00", PHONE), {PHONE: 1}) == usd("0.00")
    assert not_given_back(refunded(other, "3.00"), {PHONE: 2}) == usd("25.00")
