"""Step 3: a buyer's order is taken in, paid, perhaps cancelled, perhaps refunded."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Protocol

import attrs

from apaclogistics.application._desk import Decided, Desk, Now, is_ours, put
from apaclogistics.application._owed import (
    against_giving_back,
    left_beside_claims,
    orders_beside,
)
from apaclogistics.cancellations import CancellationState, OrderAction
from apaclogistics.errors import CarrierError, Reason, TransitionError
from apaclogistics.fulfilment import FULFILMENT, Action
from apaclogistics.inquiries import InquiryState, Recourse
from apaclogistics.lifecycle import Actor
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold
from apaclogistics.ports import ConcurrencyConflictError, Stored
from apaclogistics.readings import continued
from apaclogistics.sales import Payment, Refund, Sale
from apaclogistics.sellers import Activity
from apaclogistics.shipments import Shipment
from apaclogistics.values.fields import checked
from apaclogistics.values.identifiers import CarrierCode, LineId, OrderId
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Money

__all__ = ("OrderDesk",)


class _Refunding(Protocol):
    """Either verb that gives money back."""

    def __call__(
        self,
        order: Order,
        refund: Refund,
        /,
        *,
        by: Actor,
        at: Instant,
        hindrances: Iterable[Reason],
    ) -> Order:
        """Judge and record it."""
        ...


@attrs.frozen
class _Asked:
    """A refund as it is asked for, before it has a name."""

    amount: Money
    reason: str
    line: LineId | None
    net: Money | None
    unless_disputed: bool

    def named(self, name: str) -> Refund:
        return Refund(id=name, gross=self.amount, net=self.net, reason=self.reason, line=self.line)


@attrs.frozen
class OrderDesk:
    """The use cases of orders."""

    _desk: Desk

    def get(self, id: OrderId) -> Order:
        """Load an order."""
        return self._desk.read(lambda work: work.orders, id)

    def place(self, sale: Sale, *, by: Actor, must_add_up: bool = False) -> Order:
        """Take in an order; one on a listing needs it published and its seller verified.

        Where it `must_add_up`, its inconsistencies are reasons to refuse it; else it lists them.
        """
        checked("sale", sale, Sale)
        with self._desk.storage.unit_of_work() as work:
            now = self._desk.now(work)
            against = (*(sale.inconsistencies if must_add_up else ()), *_not_for_sale(sale, now))
            order = Order.place(sale, hindrances=against, by=by, at=now.at)
            put(work, work.orders, order)
            work.commit()
        return order

    def take_in(self, order: Order, *, must_add_up: bool = False) -> Order:
        """Keep an order that was made elsewhere, such as one read from eBay, as it is.

        Raises:
            ConcurrencyConflictError: if it is known already; then `refresh` it.
            RefusedError: if it must add up and does not.
        """
        checked("order", order, Order)
        if must_add_up:
            begun = order.history[0]
            # Placing it anew judges it; the order itself is kept as it was read.
            Order.place(order.sale, hindrances=order.inconsistencies, by=begun.by, at=begun.at)
        return self._desk.add(lambda work: work.orders, order)

    def refresh(self, order: Order) -> Order:
        """Take over what a newer reading of an order tells, such as the next answer of a poll.

        What happened here alone is kept: the order's shipments stay as they are, even where it was
        cancelled elsewhere.  Attention tells of those until they are cancelled, too
        (`shipments.cancel`).  Repeating it changes nothing.

        Raises:
            NotFoundError: if the order is not known; then `take_in` it.
            OrderDivergedError: if the reading does not continue what is known.
        """
        id = checked("order", order, Order).id
        return self._change(id, lambda known, _: continued(known, order))

    def pay(self, id: OrderId, payment: Payment, *, by: Actor) -> Order:
        """Record a payment; what the marketplace keeps of it only the platform says."""

        def paid(order: Order, now: Now) -> Order:
            order.admit(OrderAction.PAY, by)
            against = order.money.against_told(payment, by)
            return order.pay(payment, by=by, at=now.at, hindrances=against)

        return self._change(id, paid)

    def refund(
        self,
        id: OrderId,
        amount: Money,
        *,
        by: Actor,
        reason: str = "",
        line: LineId | None = None,
        net: Money | None = None,
        unless_disputed: bool = False,
    ) -> Order:
        """Give the buyer money back at once; `net` is what the seller gives of it, if known.

        The rest comes from the marketplace, which gives no more than it has kept.  Where nobody said
        what that is, only the platform names a net.

        With `unless_disputed` it is refused while a claim about a shipment of the order is open, or
        its buyer has asked the platform to decide.
        """
        asked = _Asked(amount, reason, line, net, unless_disputed)
        return self._give_back(id, OrderAction.REFUND, Order.refund, asked, by)

    def begin_refund(
        self,
        id: OrderId,
        amount: Money,
        *,
        by: Actor,
        reason: str = "",
        line: LineId | None = None,
        net: Money | None = None,
        unless_disputed: bool = False,
    ) -> Order:
        """Let the buyer have money back once it is paid out; no other is begun meanwhile.

        It is refused for what `refund` is refused for.
        """
        asked = _Asked(amount, reason, line, net, unless_disputed)
        return self._give_back(id, OrderAction.BEGIN_REFUND, Order.begin_refund, asked, by)

    def _give_back(
        self, id: OrderId, action: OrderAction, verb: _Refunding, asked: _Asked, by: Actor
    ) -> Order:
        def given(order: Order, now: Now) -> Order:
            order.admit(action, by)
            refund = asked.named(self._desk.ids.new("refund"))
            heeded = _disputes(now, order.id) if asked.unless_disputed else ()
            compensated = against_giving_back(now, order, asked.amount)
            against = (*heeded, *compensated, *order.money.against_net(refund, by))
            return verb(order, refund, by=by, at=now.at, hindrances=against)

        return self._change(id, given)

    def settle_refund(self, id: OrderId, refund: str, *, by: Actor, note: str = "") -> Order:
        """Say as the platform that a pending refund was paid out."""
        return self._change(
            id, lambda order, now: order.settle_refund(refund, by=by, at=now.at, note=note)
        )

    def fail_refund(self, id: OrderId, refund: str, note: str, *, by: Actor) -> Order:
        """Say as the platform that a pending refund came to nothing."""
        return self._change(
            id, lambda order, now: order.fail_refund(refund, note, by=by, at=now.at)
        )

    def hold_payment(self, id: OrderId, held: PaymentHold, *, by: Actor) -> Order:
        """Hold money of an order back from its seller."""
        return self._change(id, lambda order, now: order.hold_payment(held, by=by, at=now.at))

    def release_payment(self, id: OrderId, hold: str, *, by: Actor, note: str = "") -> Order:
        """Release a hold."""
        return self._change(
            id, lambda order, now: order.release_payment(hold, by=by, at=now.at, note=note)
        )

    def dispatch(self, id: OrderId, carrier: CarrierCode, *, by: Actor, note: str = "") -> Order:
        """Say which carrier is to carry a paid order; only that one may then be booked for it.

        Raises:
            TransitionError: if the order does not permit it, with every reason.
            NotFoundError: if the platform does not work with the carrier.
        """

        def dispatched(order: Order, now: Now) -> Order:
            phases = now.phases(id)
            handed = order.dispatch(carrier, phases=phases, by=by, at=now.at, note=note)
            self._desk.carrier(carrier)
            return handed

        return self._change(id, dispatched)

    def request_cancellation(
        self, id: OrderId, note: str, *, by: Actor, decide_by: Instant | None = None
    ) -> Order:
        """Ask as the buyer for the order to be cancelled; `decide_by` limits the seller's time."""
        return self._change(
            id,
            lambda order, now: order.request_cancellation(
                note, by=by, at=now.at, decide_by=decide_by
            ),
        )

    def lapse_cancellation(self, id: OrderId, *, by: Actor) -> Order:
        """Let a request that nobody answered in time go unheard."""
        return self._change(id, lambda order, now: order.lapse_cancellation(by=by, at=now.at))

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

    def cancel(self, id: OrderId, note: str, *, by: Actor, unless_disputed: bool = False) -> Order:
        """Cancel an order, asked or not, with all its shipments.

        The carriers are asked for their latest scans before it is decided.  What was booked is then
        cancelled with them, outside any transaction: one that refuses or does not answer leaves the
        order as it is.  What carriers have cancelled by then is cancelled here too, its hold
        released and its units free, and repeating the call goes on with the rest; so it is where
        somebody else changes the order or a shipment meanwhile.

        A shipment that holds units of other orders too is cancelled with this one, and their units
        are free to be shipped again; if a carrier has accepted it, this order is not cancelled.

        It refunds, so `unless_disputed` is what it is for a refund.  What carriers pay the buyer, or
        have agreed to pay, is not given back too.
        """
        self._track_ours(id, by)
        order, dropped, beside = self._decide_to_cancel(
            id,
            lambda stored, now: _cancelled(stored, now, note, by, unless_disputed=unless_disputed),
            note,
            by,
        )
        told: list[Shipment] = []
        try:
            self._cancel_with_carriers(dropped, told, order.new.history[-1].at)
            self._save_cancelled(order, dropped, beside)
        except (CarrierError, ConcurrencyConflictError):
            for shipment in told:
                self._keep(shipment, partial(_dropped, note=note, by=by))
            raise
        return order.new

    def _track_ours(self, id: OrderId, by: Actor) -> None:
        """Ask carriers for the latest scans of an order's shipments, for who may cancel it."""
        with self._desk.storage.unit_of_work() as work:
            order = work.orders.get(id).value
            order.admit(_cancelling(order), by)
            shipments = [stored.value for stored in work.shipments.of_order(id)]
        for shipment in shipments:
            if is_ours(shipment):
                self._desk.track(shipment.id)

    def _decide_to_cancel(
        self, id: OrderId, cancel: Callable[[Order, Now], Order], note: str, by: Actor
    ) -> tuple[Decided[Order], list[Decided[Shipment]], tuple[Stored[Order], ...]]:
        """Cancel an order and what of its shipments still can be, and save nothing yet.

        The orders that share a shipment come along: it was decided by what is left of them, too.
        """
        with self._desk.storage.unit_of_work() as work:
            now = self._desk.now(work)
            stored = work.orders.get(id)
            beside = orders_beside(now, stored.value)
            order = Decided(cancel(stored.value, now), stored)
            dropped = [
                Decided(_dropped(shipment.value, now, note=note, by=by), shipment)
                for shipment in work.shipments.of_order(id)
                if FULFILMENT.rule(shipment.value.phase, Action.CANCEL)
            ]
        return order, dropped, beside

    def _cancel_with_carriers(
        self, dropped: Iterable[Decided[Shipment]], told: list[Shipment], at: Instant
    ) -> None:
        """Have bookings cancelled, and list those that are."""
        for it in dropped:
            if is_ours(it.new):
                self._desk.cancel_with_carrier(it.new, at)
                told.append(it.new)

    def _save_cancelled(
        self,
        order: Decided[Order],
        dropped: Iterable[Decided[Shipment]],
        beside: Iterable[Stored[Order]],
    ) -> None:
        """Save all that was decided, unless one of the orders that it was decided by has changed."""
        with self._desk.storage.unit_of_work() as work:
            put(work, work.orders, order.new, order.stored)
            for other in beside:
                put(work, work.orders, other.value, other)
            for it in dropped:
                put(work, work.shipments, it.new, it.stored)
            work.commit()

    def _keep(self, gone: Shipment, drop: Callable[[Shipment, Now], Shipment]) -> None:
        """Cancel here what its carrier has cancelled, unless somebody else has meanwhile."""
        with suppress(TransitionError):
            self._desk.insist(lambda work: work.shipments, gone.id, drop)

    def _change(self, id: OrderId, verb: Callable[[Order, Now], Order]) -> Order:
        return self._desk.change(lambda work: work.orders, id, verb)


def _disputes(now: Now, id: OrderId) -> tuple[Reason, ...]:
    """Give what others decide about an order's shipments: open claims, and what was escalated.

    Source: Sell Fulfillment 1.20.7, issueRefund, error 34916.
    """
    shipments = [stored.value.id for stored in now.work.shipments.of_order(id)]
    claims = (it.value for ship in shipments for it in now.work.claims.of_shipment(ship))
    asked = (it.value for ship in shipments for it in now.work.inquiries.of_shipment(ship))
    opened = (claim for claim in claims if claim.is_open_at(now.at))
    return (
        *(Reason("claim_open", f"claim {it.id} is {it.state.name}") for it in opened),
        *(
            Reason("case_open", f"inquiry {it.id} is {it.state.name}")
            for it in asked
            if it.state is InquiryState.ESCALATED and it.recourse is Recourse.PLATFORM
        ),
    )


def _cancelling(order: Order) -> OrderAction:
    asked = order.cancellation is CancellationState.REQUESTED
    return OrderAction.APPROVE if asked else OrderAction.CANCEL


def _dropped(shipment: Shipment, now: Now, *, note: str, by: Actor) -> Shipment:
    return shipment.cancel(by=by, at=now.at, note=note)


def _cancelled(order: Order, now: Now, note: str, by: Actor, *, unless_disputed: bool) -> Order:
    asked = _cancelling(order) is OrderAction.APPROVE
    verb = order.approve_cancellation if asked else order.cancel
    phases, most = now.phases(order.id), left_beside_claims(now, order)
    against = _disputes(now, order.id) if unless_disputed else ()
    return verb(note, phases=phases, by=by, at=now.at, hindrances=against, most=most)


def _not_for_sale(sale: Sale, now: Now) -> tuple[Reason, ...]:
    """Give why a sale on a listing is not to be; an order known without one is taken as it is."""
    if sale.listing is None:
        return ()
    listing = now.work.listings.get(sale.listing.listing).value
    terms = listing.terms_of(sale.listing.version)
    if sale.offer:
        listing.offer(sale.offer, version=sale.listing.version)
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
