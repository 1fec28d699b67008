"""Remedies: what makes up for a parcel that did not come.  It came, or its price was given back.

That it came, scans show, or its buyer confirms.

Each is a fact of a shipment or of the orders in it; an inquiry says by its closing which of them
ends it.  A refund counts once it is paid out, of all that the orders have in the shipment: a part of
the price leaves it to the buyer whether that is enough.  Where nobody can tell what a refund was
for, it was for something else: units of one line that travel in several shipments are given back
with the line, and a refund of an order as a whole is for all lines or for none.

Of several parcels, some may come and the rest be given back.  That makes up for them together where
the orders say what is in which parcel.

>>> from apaclogistics.lifecycle import Actor, Role
>>> from apaclogistics.sales import Payment, Sale
>>> from apaclogistics.values.identifiers import LineId, OrderId
>>> from apaclogistics.values.instants import instant
>>> from apaclogistics.values.money import Money
>>> from apaclogistics.values.places import Address, Party
>>> ebay, price = Actor(Role.PLATFORM, "ebay"), Money.of("9.00", "USD")
>>> first, second = instant("2026-03-02T08:00:00Z"), instant("2026-03-20T08:00:00Z")
>>> home = Party(name="Chan", address=Address(lines=("1 Queen's Road",), country="HK"))
>>> line = OrderLine(id=LineId("1"), quantity=1, total=price)
>>> sale = Sale(id=OrderId("o-1"), seller=Actor(Role.SELLER, "s-1"), lines=(line,), total=price,
...             buyer=Actor(Role.BUYER, "b-7"), placed_at=first, consignee=home)
>>> paid = Order.place(sale, by=ebay, at=first).pay(Payment(id="p", gross=price), by=ebay, at=first)
>>> refund_of(paid, ShipmentId("sh-1")) is None
True
>>> order = paid.refund(Refund(id="r-1", gross=price), by=ebay, at=second)
>>> refund_of(order, ShipmentId("sh-1")).reference
'r-1'
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

import attrs

from apaclogistics.allocations import units_of
from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import Action
from apaclogistics.orders import Order
from apaclogistics.payments import Settlement
from apaclogistics.refunds import settled
from apaclogistics.sales import OrderLine, Refund
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Resolution, Settled
from apaclogistics.values.identifiers import LineId, ParcelId, ShipmentId, checked_id
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Money

__all__ = ("not_given_back", "refund_of", "remedies", "units_in")


def remedies(
    shipment: Shipment, orders: Iterable[Order], *, at: Instant | None = None
) -> tuple[Resolution, ...]:
    """Give what has made up for a shipment so far: its delivery, its receipt, its refund, or nothing.

    `orders` are those in it, as far as they are known; what is in an order that is not known is not
    known to be refunded.  Where some parcels came and the rest was refunded, the last refund is what
    made up for it, once all of that is so.  A receipt of several parcels is not for one that is lost,
    destroyed or came back by its own scans.

    What is to come after `at`, such as a delivery that a carrier dates in the future, has made up for
    nothing; without it, whatever is recorded counts.
    """
    known = tuple(orders)
    whole = (*_delivery(shipment), *_receipt(shipment), *_refund(shipment, known))
    past = tuple(fact for fact in whole if _is_by(fact.at, at))
    return past or tuple(_in_parts(shipment, known, at))


def refund_of(order: Order, shipment: ShipmentId) -> Resolution | None:
    """Give the refund with which all was given back that an order has in a shipment, if it was.

    Where the order says nothing of what is in which shipment, all of it is.
    """
    return _given_back(order, _lines(order, shipment))


def units_in(order: Order, shipment: Shipment, parcel: ParcelId) -> Mapping[LineId, int] | None:
    """Give the units of an order in a parcel of a shipment, None where nobody said.

    What is in a shipment of one parcel is in that; of several, each unit must be said to be in one.
    """
    inside = [it for it in order.allocations if it.shipment == shipment.id]
    if len(shipment.consignment.parcels) > 1:
        if any(it.parcel is None for it in inside):
            return None
        named = [it for it in inside if it.parcel == parcel]
        return units_of(named) if inside else None
    return units_of(inside) or None


def not_given_back(order: Order, units: Mapping[LineId, int]) -> Money:
    """Give the price of units, less what was or is to be refunded for their lines by name.

    A refund of a line is for those of its units first of which this is asked.
    """
    zero = Money.zero(order.currency)
    lines = ((order.sale.line(name), count) for name, count in units.items())
    left = (it.price_of(count) - order.money.promised_for(it.id) for it, count in lines)
    return Money.total((max(amount, zero) for amount in left), order.currency)


def _given_back(order: Order, lines: Collection[OrderLine]) -> Resolution | None:
    """Give the refund with which the price of lines was given back, if it was."""
    found = None
    money = Settlement(due=order.sale.total)
    for step in order.history:
        money = settled(money, step.payload)
        if not money.has_given_back(lines):
            found = None
        elif found is None:
            name = _name(order, money.refunds[-1])
            found = Resolution(settled=Settled.REFUND, at=step.at, reference=name)
    return found


def _name(order: Order, refund: Refund) -> str:
    """Name the record of a refund; one that a marketplace gave no name is found by its order."""
    try:
        return checked_id("refund", refund.id)
    except InvalidValueError:
        return order.id


def _delivery(shipment: Shipment) -> Iterator[Resolution]:
    """Give what shows that all parcels were delivered, if that is so."""
    proofs = sorted(shipment.proofs.values(), key=lambda proof: (proof.at, proof.number))
    if shipment.delivered_at is not None and proofs:
        at, number = shipment.delivered_at, proofs[-1].number
        yield Resolution(settled=Settled.DELIVERY, at=at, reference=number)


def _receipt(shipment: Shipment) -> Iterator[Resolution]:
    """Give that its buyer has confirmed the receipt, scanned or not; the platform's waiting is none."""
    received = _received_at(shipment)
    if received is not None and all(map(shipment.is_received, shipment.trackings)):
        yield Resolution(settled=Settled.RECEIPT, at=received, reference=shipment.id)


def _received_at(shipment: Shipment) -> Instant | None:
    said = (step.at for step in shipment.history if step.action is Action.CONFIRM_RECEIPT)
    return next(said, None)


def _refund(shipment: Shipment, orders: Iterable[Order]) -> Iterator[Resolution]:
    """Give the last refund with which all that is in a shipment was given back, if it was."""
    known = {order.id: order for order in orders}
    inside = dict.fromkeys(shipment.consignment.orders)
    found = [refund_of(known[id], shipment.id) for id in inside if id in known]
    done = [refund for refund in found if refund is not None]
    if done and len(done) == len(inside):
        yield max(done, key=lambda refund: refund.at)


def _in_parts(
    shipment: Shipment, orders: Collection[Order], at: Instant | None
) -> Iterator[Resolution]:
    """Give the last refund where each parcel came, or all that is in it was given back."""
    arrivals = {id: _arrival(shipment, id, at) for id in shipment.trackings}
    came = [arrival for arrival in arrivals.values() if arrival is not None]
    missing = [id for id, arrival in arrivals.items() if arrival is None]
    inside = [order for order in orders if order.id in shipment.consignment.orders]
    given = [_part(order, shipment, parcel) for order in inside for parcel in missing]
    is_known = len(inside) == len(set(shipment.consignment.orders))
    refunds = [it for part in given if part is not None for it in part]
    if came and refunds and is_known and None not in given:
        last = max(refunds, key=lambda refund: refund.at)
        yield attrs.evolve(last, at=max(last.at, *came))


def _arrival(shipment: Shipment, parcel: ParcelId, at: Instant | None) -> Instant | None:
    """Give by when a parcel came, by its scans or by its buyer's word; None while it did not."""
    said = _received_at(shipment) if shipment.is_received(parcel) else None
    known = (shipment.trackings[parcel].delivered_at, said)
    return min((it for it in known if it is not None and _is_by(it, at)), default=None)


def _is_by(fact: Instant, at: Instant | None) -> bool:
    return at is None or fact <= at


def _part(order: Order, shipment: Shipment, parcel: ParcelId) -> tuple[Resolution, ...] | None:
    """Give the refund of what an order has in a parcel, if anything; None while it is not refunded."""
    units = units_in(order, shipment, parcel)
    if units is None:
        return None
    found = _given_back(order, [order.sale.line(name) for name in units])
    if not units:
        return ()
    return None if found is None else (found,)


def _lines(order: Order, shipment: ShipmentId) -> list[OrderLine]:
    packed = {it.line for it in order.allocations if it.shipment == shipment}
    return [line for line in order.sale.lines if line.id in packed or not packed]
