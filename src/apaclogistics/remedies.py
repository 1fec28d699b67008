"""Remedies: what makes up for a parcel that did not come.  It came, or its price was given back.

That it came, scans show, or its buyer confirms.

Each is a fact of a shipment or of the orders in it; an inquiry says by its closing which of them
ends it.  A refund counts once it is paid out, of all that the orders have in the shipment: a part of
the price leaves it to the buyer whether that is enough.  Where nobody can tell what a refund was
for, it was for something else: units of one line that travel in several shipments are given back
with the line, and a refund of an order as a whole is for all lines or for none.

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

from collections.abc import Iterable, Iterator

from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import Action
from apaclogistics.orders import Order
from apaclogistics.payments import Settlement
from apaclogistics.refunds import settled
from apaclogistics.sales import OrderLine, Refund
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Resolution, Settled
from apaclogistics.values.identifiers import ShipmentId, checked_id

__all__ = ("refund_of", "remedies")


def remedies(shipment: Shipment, orders: Iterable[Order]) -> tuple[Resolution, ...]:
    """Give what has made up for a shipment so far: its delivery, its receipt, its refund, or nothing.

    `orders` are those in it, as far as they are known; what is in an order that is not known is not
    known to be refunded.
    """
    return (*_delivery(shipment), *_receipt(shipment), *_refund(shipment, orders))


def refund_of(order: Order, shipment: ShipmentId) -> Resolution | None:
    """Give the refund with which all was given back that an order has in a shipment, if it was.

    Where the order says nothing of what is in which shipment, all of it is.
    """
    lines, found = _lines(order, shipment), None
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
    for step in shipment.history:
        if step.action is Action.CONFIRM_RECEIPT:
            yield Resolution(settled=Settled.RECEIPT, at=step.at, reference=shipment.id)


def _refund(shipment: Shipment, orders: Iterable[Order]) -> Iterator[Resolution]:
    """Give the last refund with which all that is in a shipment was given back, if it was."""
    known = {order.id: order for order in orders}
    inside = dict.fromkeys(shipment.consignment.orders)
    found = [refund_of(known[id], shipment.id) for id in inside if id in known]
    done = [refund for refund in found if refund is not None]
    if done and len(done) == len(inside):
        yield max(done, key=lambda refund: refund.at)


def _lines(order: Order, shipment: ShipmentId) -> list[OrderLine]:
    packed = {it.line for it in order.allocations if it.shipment == shipment}
    return [line for line in order.sale.lines if line.id in packed or not packed]
