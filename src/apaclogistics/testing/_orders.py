"""Strategies for orders: what is sold, how it is paid, and what becomes of it.

An order is driven by its own verbs, as everything that has a life; see `_walks`.
"""

from datetime import timedelta
from functools import cache
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.allocations import Allocation
from apaclogistics.cancellations import CANCELLATION, CancellationState, OrderAction
from apaclogistics.dispatches import Dispatch
from apaclogistics.fulfilment import Phase
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold, Settlement
from apaclogistics.sales import OrderLine, Payment, Refund, Sale, Tax
from apaclogistics.testing._agreements import (
    amounts,
    beginnings,
    ids,
    listing_versions,
    parts_of,
    people,
    prices_of,
    somebody,
    texts,
    units,
)
from apaclogistics.testing._values import currencies, windows
from apaclogistics.testing._walks import (
    PLATFORM,
    Move,
    Moves,
    Option,
    arrived,
    gaps,
    goal_of,
    noted,
    options_of,
    walk,
)
from apaclogistics.values.identifiers import (
    CarrierCode,
    LineId,
    OrderId,
    ParcelId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency, Money

__all__ = (
    "allocations",
    "dispatches",
    "orders",
    "payment_holds",
    "payments",
    "refunds",
    "sales",
    "settlements",
)

_MOMENT: Final = timedelta(microseconds=1)


@cache
def _lines(unit: Currency) -> SearchStrategy[OrderLine]:
    return st.builds(
        OrderLine,
        id=ids().map(LineId),
        title=texts(),
        sku=texts(),
        quantity=st.integers(1, 5),
        total=amounts(unit),
        ship_by=st.none() | beginnings(),
        deliver_within=st.none() | windows(),
    )


@st.composite
def sales(draw: DrawFn, *, currency: Currency | str | None = None) -> Sale:
    """Give what was sold; shrinks to one unit of one line, for nothing."""
    unit = draw(units(currency))
    taxes = st.builds(Tax, name=texts(), amount=amounts(unit), is_included=st.booleans())
    return Sale(
        id=OrderId(draw(ids())),
        seller=draw(somebody(Role.SELLER)),
        buyer=draw(somebody(Role.BUYER)),
        placed_at=draw(beginnings()),
        lines=tuple(
            draw(st.lists(_lines(unit), min_size=1, max_size=3, unique_by=lambda line: line.id))
        ),
        total=draw(amounts(unit)),
        taxes=tuple(draw(st.lists(taxes, max_size=2))),
        consignee=draw(people()),
        listing=draw(st.none() | listing_versions()),
        offer=draw(texts()),
        note=draw(texts()),
    )


@cache
def _payouts(unit: Currency) -> SearchStrategy[Money | None]:
    """Give nothing, or an amount in another currency."""
    others = currencies().filter(lambda other: other != unit)
    return st.none() | others.flatmap(amounts)


@cache
def payments(*, currency: Currency | str | None = None) -> SearchStrategy[Payment]:
    """Give payments that came and that failed; shrinks to one minor unit."""
    return units(currency).flatmap(
        lambda unit: st.builds(
            Payment,
            id=ids(),
            gross=prices_of(unit),
            net=st.none() | amounts(unit),
            payout=_payouts(unit),
            has_failed=st.booleans(),
        )
    )


@cache
def refunds(*, currency: Currency | str | None = None) -> SearchStrategy[Refund]:
    """Give refunds of orders and of lines; shrinks to one minor unit."""
    return units(currency).flatmap(
        lambda unit: st.builds(
            Refund,
            id=ids(),
            gross=prices_of(unit),
            net=st.none() | amounts(unit),
            payout=_payouts(unit),
            reason=texts(),
            line=st.none() | ids().map(LineId),
        )
    )


@cache
def payment_holds(*, currency: Currency | str | None = None) -> SearchStrategy[PaymentHold]:
    """Give what a platform holds back; shrinks to one minor unit."""
    return units(currency).flatmap(
        lambda unit: st.builds(
            PaymentHold,
            id=ids(),
            amount=prices_of(unit),
            reason=texts(),
            expected_release=st.none() | beginnings(),
        )
    )


@cache
def settlements(*, currency: Currency | str | None = None) -> SearchStrategy[Settlement]:
    """Give the money of orders; shrinks to nothing."""
    return orders(currency=currency).map(lambda order: order.money)


@cache
def dispatches() -> SearchStrategy[Dispatch]:
    """Give the platform's word on a carrier; shrinks to the carrier "0"."""
    return st.builds(Dispatch, carrier=ids().map(CarrierCode), note=texts())


@cache
def allocations() -> SearchStrategy[Allocation]:
    """Give units that go into a shipment, perhaps into a parcel; shrinks to one unit."""
    return st.builds(
        Allocation,
        shipment=ids().map(ShipmentId),
        line=ids().map(LineId),
        quantity=st.integers(1, 5),
        parcel=st.none() | ids().map(ParcelId),
        replaces=st.none() | ids().map(ShipmentId),
    )


def _pay(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    gross = draw(parts_of(order.sale.total - order.paid))
    payment = Payment(
        id=f"pay-{len(order.payments)}",
        gross=gross,
        net=draw(st.none() | parts_of(gross)),
        payout=draw(_payouts(order.currency)),
        has_failed=draw(st.booleans()),
    )
    return order.pay(payment, by=by, at=at)


def _refund(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    return order.refund(_given(draw, order), by=by, at=at)


def _begin_refund(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    return order.begin_refund(_given(draw, order), by=by, at=at)


def _given(draw: DrawFn, order: Order) -> Refund:
    lines = {line.id: line.total - order.money.promised_for(line.id) for line in order.sale.lines}
    line = draw(st.sampled_from([None, *(name for name, left in lines.items() if left.minor > 0)]))
    most = order.money.left if line is None else min(order.money.left, lines[line])
    gross = draw(parts_of(most))
    return Refund(
        id=f"back-{len(order.history)}",
        gross=gross,
        net=draw(st.none() | parts_of(gross)),
        reason=draw(texts()),
        line=line,
    )


def _settle_refund(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    [begun] = order.pending_refunds
    return order.settle_refund(begun.id, by=by, at=at, note=draw(texts()))


def _fail_refund(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    [begun] = order.pending_refunds
    return order.fail_refund(begun.id, draw(texts()), by=by, at=at)


def _hold(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    held = PaymentHold(
        id=f"hold-{len(order.history)}",
        amount=draw(parts_of(order.money.left - order.money.held)),
        reason=draw(texts()),
        expected_release=draw(st.none() | gaps().map(lambda gap: at + gap)),
    )
    return order.hold_payment(held, by=by, at=at)


def _release(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    held = draw(st.sampled_from(order.holds))
    return order.release_payment(held.id, by=by, at=at, note=draw(texts()))


def _dispatch(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    carrier = CarrierCode(draw(ids()))
    return order.dispatch(carrier, phases={}, by=by, at=at, note=draw(texts()))


def _allocate(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    earlier = sorted({allocation.shipment for allocation in order.allocations})
    replaced = draw(st.sampled_from([None, *earlier]))
    free = order.to_be_packed({} if replaced is None else {replaced: Phase.CANCELLED})
    shipment = ShipmentId(f"sh-{len(order.allocations)}")
    packed = [
        Allocation(
            shipment=shipment,
            line=line,
            quantity=quantity,
            parcel=draw(st.none() | ids().map(ParcelId)),
            replaces=replaced,
        )
        for line in draw(st.lists(st.sampled_from(sorted(free)), min_size=1, unique=True))
        for quantity in draw(_split(free[line]))
    ]
    phases = {} if replaced is None else {replaced: Phase.LOST}
    return order.allocate(packed, phases=phases, by=by, at=at)


def _split(most: int) -> SearchStrategy[tuple[int, ...]]:
    """Give quantities that are no more than some units together; shrinks to one unit."""
    firsts = st.integers(1, most)
    return firsts.flatmap(
        lambda one: st.integers(0, most - one).map(lambda two: (one, two) if two else (one,))
    )


def _request(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    decide_by = draw(st.none() | gaps().map(lambda gap: at + gap))
    return order.request_cancellation(draw(texts()), decide_by=decide_by, by=by, at=at)


def _lapse(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    limit = _limit(order)
    late = at if limit is None else max(at, limit + _MOMENT)
    return order.lapse_cancellation(by=by, at=late, note=draw(texts()))


def _in_time(move: Move[Order]) -> Move[Order]:
    """Let a seller decide before the time to decide is over."""

    def moved(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
        limit = _limit(order) if by.role is Role.SELLER else None
        return move(draw, order, by, at if limit is None else min(at, limit))

    return moved


def _limit(order: Order) -> Instant | None:
    asked = order.cancelling
    return asked.decide_by if asked and asked.is_open else None


_ORDER_MOVES: Final[Moves[OrderAction, Order]] = {
    OrderAction.PAY: _pay,
    OrderAction.HOLD_PAYMENT: _hold,
    OrderAction.RELEASE_PAYMENT: _release,
    OrderAction.REFUND: _refund,
    OrderAction.BEGIN_REFUND: _begin_refund,
    OrderAction.SETTLE_REFUND: _settle_refund,
    OrderAction.FAIL_REFUND: _fail_refund,
    OrderAction.DISPATCH: _dispatch,
    OrderAction.ALLOCATE: _allocate,
    OrderAction.REQUEST: _request,
    OrderAction.LAPSE: _lapse,
    OrderAction.RETRACT: noted(Order.retract_cancellation),
    OrderAction.REJECT: _in_time(noted(Order.reject_cancellation)),
    OrderAction.APPROVE: _in_time(
        lambda draw, it, by, at: it.approve_cancellation(draw(texts()), phases={}, by=by, at=at)
    ),
    OrderAction.CANCEL: lambda draw, it, by, at: it.cancel(draw(texts()), phases={}, by=by, at=at),
}


def _order_options(order: Order) -> list[Option[OrderAction, CancellationState]]:
    seller, buyer, state = order.sale.seller, order.sale.buyer, order.state
    by_role = {Role.SELLER: seller, Role.BUYER: buyer, Role.PLATFORM: PLATFORM}
    options = [
        (action, by, after)
        for action, by, after in options_of(CANCELLATION, order)
        if _is_in_time(order, action, by)
    ]
    may_refund = order.money.left.minor > 0 and not order.pending_refunds
    open_now = {
        OrderAction.PAY: (
            state is not CancellationState.CANCELLED and order.paid < order.sale.total,
            (Role.BUYER, Role.PLATFORM),
        ),
        OrderAction.REFUND: (may_refund, (Role.SELLER, Role.PLATFORM)),
        OrderAction.BEGIN_REFUND: (may_refund, (Role.SELLER, Role.PLATFORM)),
        OrderAction.SETTLE_REFUND: (bool(order.pending_refunds), (Role.PLATFORM,)),
        OrderAction.FAIL_REFUND: (bool(order.pending_refunds), (Role.PLATFORM,)),
        OrderAction.HOLD_PAYMENT: (order.money.left > order.money.held, (Role.PLATFORM,)),
        OrderAction.RELEASE_PAYMENT: (bool(order.holds), (Role.PLATFORM,)),
        OrderAction.DISPATCH: (
            order.is_to_be_shipped and not order.holds,
            (Role.PLATFORM,),
        ),
        OrderAction.ALLOCATE: (
            order.is_to_be_shipped and bool(order.to_be_packed({})),
            (Role.SELLER, Role.PLATFORM),
        ),
    }
    for action, (is_open, roles) in open_now.items():
        options += [(action, by_role[role], state) for role in roles if is_open]
    return options


def _is_in_time(order: Order, action: OrderAction, by: Actor) -> bool:
    limit = _limit(order)
    if action is OrderAction.LAPSE:
        return limit is not None
    is_decided = action in (OrderAction.APPROVE, OrderAction.REJECT) and by.role is Role.SELLER
    return not is_decided or limit is None or order.history[-1].at <= limit


@st.composite
def orders(
    draw: DrawFn,
    *,
    cancellation: CancellationState | None = None,
    currency: Currency | str | None = None,
) -> Order:
    """Give orders, paid, held, dispatched, allocated, cancelled in every way; shrinks to a new one."""
    sale = draw(sales(currency=currency))
    order = Order.place(sale, by=sale.buyer, at=sale.placed_at)
    goal = goal_of(draw, CANCELLATION, cancellation)
    walked = walk(draw, CANCELLATION, order, _order_options, _ORDER_MOVES, goal=goal)
    return arrived(walked, cancellation)
