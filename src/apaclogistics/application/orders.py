"""Step 3: a buyer's order is taken in, paid, perhaps cancelled, perhaps refunded."""

from collections.abc import Callable

import attrs

from apaclogistics.application._desk import Desk, Now, is_ours, put
from apaclogistics.cancellations import CancellationState
from apaclogistics.errors import Reason
from apaclogistics.fulfilment import FULFILMENT, Action
from apaclogistics.lifecycle import Actor
from apaclogistics.orders import Order
from apaclogistics.sales import Payment, Refund, Sale
from apaclogistics.sellers import Activity
from apaclogistics.values.identifiers import LineId, OrderId
from apaclogistics.values.money import Money

__all__ = ("OrderDesk",)


@attrs.frozen
class OrderDesk:
    """The use cases of orders."""

    _desk: Desk

    def get(self, id: OrderId) -> Order:
        """Load an order."""
        return self._desk.read(lambda work: work.orders, id)

    def place(self, sale: Sale, *, by: Actor) -> Order:
        """Take in an order; one on a listing needs it published and its seller verified."""
        with self._desk.storage.unit_of_work() as work:
            now = self._desk.now(work)
            order = Order.place(sale, hindrances=_not_for_sale(sale, now), by=by, at=now.at)
            put(work, work.orders, order)
            work.commit()
        return order

    def take_in(self, order: Order) -> Order:
        """Keep an order that was made elsewhere, such as one read from eBay, as it is."""
        return self._desk.add(lambda work: work.orders, order)

    def pay(self, id: OrderId, payment: Payment, *, by: Actor) -> Order:
        """Record a payment."""
        return self._change(id, lambda order, now: order.pay(payment, by=by, at=now.at))

    def refund(
        self, id: OrderId, amount: Money, *, by: Actor, reason: str = "", line: LineId | None = None
    ) -> Order:
        """Give the buyer money back."""
        refund = Refund(id=self._desk.ids.new("refund"), gross=amount, reason=reason, line=line)
        return self._change(id, lambda order, now: order.refund(refund, by=by, at=now.at))

    def request_cancellation(self, id: OrderId, note: str, *, by: Actor) -> Order:
        """Ask as the buyer for the order to be cancelled."""
        return self._change(
            id,
            lambda order, now: order.request_cancellation(note, by=by, at=now.at),
        )

    def retract_cancellation(self, id: OrderId, *, by: Actor) -> Order:
        """Take the buyer's request back."""
        return self._change(
            id,
            lambda order, now: order.retract_cancellation(by=by, at=now.at),
        )

    def reject_cancellation(self, id: OrderId, note: str, *, by: Actor) -> Order:
        """Turn the buyer's request down."""
        return self._change(
            id,
            lambda order, now: order.reject_cancellation(note, by=by, at=now.at),
        )

    def cancel(self, id: OrderId, note: str, *, by: Actor) -> Order:
        """Cancel an order, asked or not, with all its shipments, or change nothing.

        The carriers are asked for their latest scans before it is decided.  What was booked is then
        cancelled with them, outside any transaction: one that refuses leaves the order as it is.
        """
        with self._desk.storage.unit_of_work() as work:
            shipments = [stored.value for stored in work.shipments.of_order(id)]
        for shipment in shipments:
            if is_ours(shipment):
                self._desk.track(shipment.id)
        with self._desk.storage.unit_of_work() as work:
            now = self._desk.now(work)
            stored = work.orders.get(id)
            order = _cancelled(stored.value, now, note, by)
            dropped = [
                (shipment.value.cancel(by=by, at=now.at, note=note), shipment)
                for shipment in work.shipments.of_order(id)
                if FULFILMENT.rule(shipment.value.phase, Action.CANCEL)
            ]
        for shipment, _ in dropped:
            self._desk.cancel_with_carrier(shipment, now.at)
        with self._desk.storage.unit_of_work() as work:
            put(work, work.orders, order, stored)
            for shipment, before in dropped:
                put(work, work.shipments, shipment, before)
            work.commit()
        return order

    def _change(self, id: OrderId, verb: Callable[[Order, Now], Order]) -> Order:
        return self._desk.change(lambda work: work.orders, id, verb)


def _cancelled(order: Order, now: Now, note: str, by: Actor) -> Order:
    asked = order.cancellation is CancellationState.REQUESTED
    verb = order.approve_cancellation if asked else order.cancel
    return verb(note, phases=now.phases(order.id), by=by, at=now.at)


def _not_for_sale(sale: Sale, now: Now) -> tuple[Reason, ...]:
    """Give why a sale on a listing is not to be; an order known without one is taken as it is."""
    if sale.listing is None:
        return ()
    listing = now.work.listings.get(sale.listing.listing).value
    terms = listing.terms_of(sale.listing.version)
    if sale.offer:
        terms.offer(sale.offer)
    wrong = {
        Reason("not_theirs", f"listing {listing.id} is not that of {sale.seller}"): (
            listing.seller != sale.seller
        ),
        Reason("not_shown", f"{sale.listing} is not shown to buyers, {listing.version} is"): (
            sale.listing != listing.version
        ),
        Reason("offer_not_named", f"{sale.listing} has several offers, and none is named"): (
            not sale.offer and len(terms.offers) > 1
        ),
    }
    others = (reason for reason, holds in wrong.items() if holds)
    return (*others, *listing.hindrances, *now.hindrances(sale.seller, Activity.PUBLISH))
