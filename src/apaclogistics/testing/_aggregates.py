"""Strategies for what has a life: orders, and all that have modules of their own.

Each is driven by its own verbs: a walk draws from what the table allows now, and the verb is called
by a party who may.  So every state that can be reached occurs, with a history that happened.
Incidental texts are short; the strategies of the values alone give the long ones.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.arrivals import Arrival, Estimate, Grounds
from apaclogistics.claims import Claim, Demand
from apaclogistics.compensation import CompensationPolicy, Facts
from apaclogistics.consignments import Booking, Consignment, Parcel
from apaclogistics.costs import ActualCost, Bill
from apaclogistics.fulfilment import Phase
from apaclogistics.inquiries import Inquiry, Question
from apaclogistics.ledger import Ledger, Posting, Wallet
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.listings import Listing, Terms
from apaclogistics.measurements import Measurement
from apaclogistics.offers import Carriage, Offer
from apaclogistics.orders import (
    CANCELLATION,
    Allocation,
    CancellationState,
    Order,
    OrderAction,
)
from apaclogistics.performance import Days, Lane, Outcome, Performance, Share, Tally
from apaclogistics.profiles import Identity, Logistics, Profile
from apaclogistics.promises import Handling, Promise, Transit
from apaclogistics.quotes import Quote
from apaclogistics.rate_cards import RateCard, Surcharge
from apaclogistics.restrictions import Limits, Restrictions
from apaclogistics.routes import Route
from apaclogistics.sales import OrderLine, Payment, Refund, Sale, Tax
from apaclogistics.sellers import Seller
from apaclogistics.shipments import Shipment
from apaclogistics.tariffs import Price
from apaclogistics.testing._agreements import (
    amounts,
    beginnings,
    facts,
    handlings,
    ids,
    ledgers,
    parts_of,
    people,
    policies,
    postings,
    prices_of,
    promises,
    somebody,
    texts,
    transits,
    units,
    wallets,
)
from apaclogistics.testing._billing import actual_costs, bills, measurements
from apaclogistics.testing._carriage import bookings, consignments, parcels, shipments
from apaclogistics.testing._disputes import claims, demands, inquiries, questions
from apaclogistics.testing._measures import (
    arrivals,
    days,
    estimates,
    grounds,
    lanes,
    outcomes,
    performances,
    routes,
    shares,
    tallies,
)
from apaclogistics.testing._publishing import (
    carriages,
    identities,
    limits,
    listings,
    logistics,
    offers,
    prices,
    profiles,
    quotes,
    rate_cards,
    restrictions,
    sellers,
    surcharges,
    terms,
    weight_rules,
    zones,
)
from apaclogistics.testing._walks import (
    PLATFORM,
    Moves,
    Option,
    arrived,
    goal_of,
    noted,
    options_of,
    walk,
)
from apaclogistics.testing.strategies import windows
from apaclogistics.values.identifiers import (
    LineId,
    ListingId,
    ListingVersion,
    OrderId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone

__all__ = (
    "AGGREGATE_STRATEGIES",
    "actual_costs",
    "arrivals",
    "bills",
    "bookings",
    "carriages",
    "claims",
    "consignments",
    "days",
    "demands",
    "estimates",
    "facts",
    "grounds",
    "handlings",
    "identities",
    "inquiries",
    "lanes",
    "ledgers",
    "limits",
    "listings",
    "logistics",
    "measurements",
    "offers",
    "orders",
    "outcomes",
    "parcels",
    "payments",
    "performances",
    "policies",
    "postings",
    "prices",
    "profiles",
    "promises",
    "questions",
    "quotes",
    "rate_cards",
    "restrictions",
    "routes",
    "sales",
    "sellers",
    "shares",
    "shipments",
    "surcharges",
    "tallies",
    "terms",
    "transits",
    "wallets",
    "weight_rules",
    "zones",
)


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
    sold_on = st.builds(ListingVersion, ids().map(ListingId), st.integers(1, 99))
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
        listing=draw(st.none() | sold_on),
        offer=draw(texts()),
        note=draw(texts()),
    )


@cache
def payments(*, currency: Currency | str | None = None) -> SearchStrategy[Payment]:
    """Give payments that came and that failed; shrinks to one minor unit."""
    return units(currency).flatmap(
        lambda unit: st.builds(
            Payment,
            id=ids(),
            gross=prices_of(unit),
            net=st.none() | prices_of(unit),
            has_failed=st.booleans(),
        )
    )


def _pay(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    payment = Payment(
        id=f"pay-{len(order.payments)}",
        gross=draw(parts_of(order.sale.total - order.paid)),
        has_failed=draw(st.booleans()),
    )
    return order.pay(payment, by=by, at=at)


def _refund(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    given = Refund(
        id=f"back-{len(order.refunds)}",
        gross=draw(parts_of(order.paid - order.refunded)),
        reason=draw(texts()),
        line=draw(st.none() | st.sampled_from([line.id for line in order.sale.lines])),
    )
    return order.refund(given, by=by, at=at)


def _allocate(draw: DrawFn, order: Order, by: Actor, at: Instant) -> Order:
    earlier = sorted({allocation.shipment for allocation in order.allocations})
    replaced = draw(st.sampled_from([None, *earlier]))
    free = order.unshipped({} if replaced is None else {replaced: Phase.CANCELLED})
    line = draw(st.sampled_from(sorted(free)))
    packed = Allocation(
        shipment=ShipmentId(f"sh-{len(order.allocations)}"),
        line=line,
        quantity=draw(st.integers(1, free[line])),
        replaces=replaced,
    )
    phases = {} if replaced is None else {replaced: Phase.LOST}
    return order.allocate([packed], phases=phases, by=by, at=at)


_ORDER_MOVES: Final[Moves[OrderAction, Order]] = {
    OrderAction.PAY: _pay,
    OrderAction.REFUND: _refund,
    OrderAction.ALLOCATE: _allocate,
    OrderAction.REQUEST: noted(Order.request_cancellation),
    OrderAction.RETRACT: noted(Order.retract_cancellation),
    OrderAction.REJECT: noted(Order.reject_cancellation),
    OrderAction.APPROVE: lambda draw, it, by, at: it.approve_cancellation(
        draw(texts()), phases={}, by=by, at=at
    ),
    OrderAction.CANCEL: lambda draw, it, by, at: it.cancel(draw(texts()), phases={}, by=by, at=at),
}


def _order_options(order: Order) -> list[Option[OrderAction, CancellationState]]:
    seller, buyer, state = order.sale.seller, order.sale.buyer, order.state
    options = options_of(CANCELLATION, order)
    if state is not CancellationState.CANCELLED and order.paid < order.sale.total:
        options += [(OrderAction.PAY, by, state) for by in (buyer, PLATFORM)]
    if order.refunded < order.paid:
        options += [(OrderAction.REFUND, by, state) for by in (seller, PLATFORM)]
    if _may_be_shipped(order):
        options += [(OrderAction.ALLOCATE, by, state) for by in (seller, PLATFORM)]
    return options


def _may_be_shipped(order: Order) -> bool:
    return order.is_to_be_shipped and bool(order.unshipped({}))


@st.composite
def orders(
    draw: DrawFn,
    *,
    cancellation: CancellationState | None = None,
    currency: Currency | str | None = None,
) -> Order:
    """Give orders, paid, refunded, allocated and cancelled in every way; shrinks to a new one."""
    sale = draw(sales(currency=currency))
    order = Order.place(sale, by=sale.buyer, at=sale.placed_at)
    goal = goal_of(draw, CANCELLATION, cancellation)
    walked = walk(draw, CANCELLATION, order, _order_options, _ORDER_MOVES, goal=goal)
    return arrived(walked, cancellation)


AGGREGATE_STRATEGIES: Final[Mapping[type, Callable[[], SearchStrategy[object]]]] = MappingProxyType(
    {
        ActualCost: actual_costs,
        Arrival: arrivals,
        Bill: bills,
        Booking: bookings,
        Carriage: carriages,
        Claim: claims,
        CompensationPolicy: policies,
        Consignment: consignments,
        Days: days,
        Demand: demands,
        Estimate: estimates,
        Facts: facts,
        Grounds: grounds,
        Handling: handlings,
        Identity: identities,
        Inquiry: inquiries,
        Lane: lanes,
        Ledger: ledgers,
        Limits: limits,
        Listing: listings,
        Logistics: logistics,
        Measurement: measurements,
        Offer: offers,
        Order: orders,
        Outcome: outcomes,
        Parcel: parcels,
        Payment: payments,
        Performance: performances,
        Posting: postings,
        Price: prices,
        Profile: profiles,
        Promise: promises,
        Question: questions,
        Quote: quotes,
        RateCard: rate_cards,
        Restrictions: restrictions,
        Route: routes,
        Sale: sales,
        Seller: sellers,
        Share: shares,
        Shipment: shipments,
        Surcharge: surcharges,
        Tally: tallies,
        Terms: terms,
        Transit: transits,
        Wallet: wallets,
        WeightRule: weight_rules,
        Zone: zones,
    }
)
