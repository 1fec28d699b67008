"""Laws of orders whose units travel together.

* *No more than was ordered*: whatever two orders pack into the same shipments and parcels, split and
  replaced, wherever those are, what counts of a line is no more than was ordered of it.
* *All or nothing*: a packing that is refused leaves the order equal.
* *Independence*: what one order packs changes nothing that the other may pack.
* *A deadline needs no sweep*: after it the seller may not decide and the platform may, and it is the
  same whether the request lapsed a moment or a year ago.
"""

from datetime import timedelta
from typing import TypeAlias

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.allocations import Allocation
from apaclogistics.errors import TransitionError
from apaclogistics.fulfilment import Phase
from apaclogistics.lifecycle import RefusedError
from apaclogistics.orders import Order
from apaclogistics.values.identifiers import OrderId, ParcelId, ShipmentId
from tests.samples import BUYER, CASE, PHONE, PLATFORM, SELLER, day, paid, placed

SHIPMENTS = st.sampled_from([ShipmentId(f"sh-{number}") for number in range(3)])
PARCELS = st.sampled_from([ParcelId("left"), ParcelId("right")])
WHERE = st.dictionaries(SHIPMENTS, st.sampled_from(Phase))
PACKINGS = st.lists(
    st.builds(
        Allocation,
        shipment=SHIPMENTS,
        line=st.sampled_from((PHONE, CASE)),
        quantity=st.integers(1, 3),
        parcel=st.none() | PARCELS,
        replaces=st.none() | SHIPMENTS,
    ),
    min_size=1,
    max_size=3,
)
Attempt: TypeAlias = tuple[bool, list[Allocation], dict[ShipmentId, Phase]]
ATTEMPTS = st.lists(st.tuples(st.booleans(), PACKINGS, WHERE), max_size=8)


def another() -> Order:
    """Give a second order of the same buyer, paid as the first."""
    steps = paid().history
    sale = attrs.evolve(placed().sale, id=OrderId("o-2"))
    return Order.replay([attrs.evolve(steps[0], payload=sale), *steps[1:]])


def packed(order: Order, packing: list[Allocation], phases: dict[ShipmentId, Phase]) -> Order:
    """Pack, or leave it where the order refuses."""
    try:
        return order.allocate(packing, phases=phases, by=SELLER, at=day(3))
    except TransitionError:
        return order


@given(ATTEMPTS)
def test_never_more_counts_than_was_ordered(attempts: list[Attempt]) -> None:
    """Of what was packed, where its shipments were at that time."""
    one, other = paid(), another()

    for is_first, packing, phases in attempts:
        before = one if is_first else other
        after = packed(before, packing, phases)
        one, other = (after, other) if is_first else (one, after)

        if after is not before:
            for line in {allocation.line for allocation in packing}:
                assert after.shipped(line, phases) <= after.sale.ordered[line]
                left = after.unshipped(phases).get(line, 0)
                assert after.shipped(line, phases) + left == after.sale.ordered[line]


@given(ATTEMPTS)
def test_a_packing_is_taken_whole_or_not_at_all(attempts: list[Attempt]) -> None:
    """By parcel, it adds up to what was taken."""
    order = paid()

    for _, packing, phases in attempts:
        after = packed(order, packing, phases)

        assert after.allocations in (order.allocations, (*order.allocations, *packing))
        for shipment in {allocation.shipment for allocation in after.allocations}:
            inside = after.contents(shipment).values()
            units = sum(a.quantity for a in after.allocations if a.shipment == shipment)
            assert sum(sum(parcel.values()) for parcel in inside) == units
        order = after


@given(ATTEMPTS)
def test_orders_that_share_shipments_do_not_share_units(attempts: list[Attempt]) -> None:
    """Each packs what it could pack alone."""
    alone = together = paid()
    other = another()

    for is_first, packing, phases in attempts:
        if is_first:
            alone, together = packed(alone, packing, phases), packed(together, packing, phases)
        else:
            other = packed(other, packing, phases)

    assert alone == together


@given(st.timedeltas(timedelta(0), timedelta(days=30)), st.timedeltas(timedelta(0), timedelta(400)))
def test_a_deadline_holds_whether_or_not_anybody_sweeps(limit: timedelta, later: timedelta) -> None:
    """Until its last instant the seller decides, from then on the platform."""
    until, at = day(2) + limit, day(2) + later
    order = paid().request_cancellation("please", by=BUYER, at=day(2), decide_by=until)

    assert order.reject_cancellation("no", by=PLATFORM, at=at).cancelling is not None
    if at > until:
        assert order.lapse_cancellation(by=PLATFORM, at=at).is_to_be_shipped
        with pytest.raises(RefusedError):
            order.reject_cancellation("no", by=SELLER, at=at)
    else:
        assert order.reject_cancellation("no", by=SELLER, at=at).is_to_be_shipped
        with pytest.raises(RefusedError):
            order.lapse_cancellation(by=PLATFORM, at=at)
