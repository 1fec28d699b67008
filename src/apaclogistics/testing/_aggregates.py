"""Strategies for what has a life: sellers, listings, orders, shipments, inquiries and claims.

Each is driven by its own verbs: a walk draws from what the table allows now, and the verb is called
by a party who may.  So every state that can be reached occurs, with a history that happened.
Incidental texts are short; the strategies of the values alone give the long ones.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from types import MappingProxyType
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.claims import Claim, Demand
from apaclogistics.compensation import CompensationPolicy, Facts
from apaclogistics.consignments import Booking, Consignment, Parcel
from apaclogistics.fulfilment import Phase
from apaclogistics.inquiries import Inquiry, Question
from apaclogistics.ledger import Ledger, Posting, Wallet
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.listings import (
    LISTING,
    Limits,
    Listing,
    ListingAction,
    ListingDraft,
    ListingState,
    Quote,
    Terms,
    TransportMode,
)
from apaclogistics.orders import (
    CANCELLATION,
    Allocation,
    CancellationState,
    Order,
    OrderAction,
)
from apaclogistics.promises import Handling, Promise, Transit
from apaclogistics.sales import OrderLine, Payment, Refund, Sale, Tax
from apaclogistics.sellers import SELLER, Profile, Seller, SellerAction, SellerState
from apaclogistics.shipments import Shipment
from apaclogistics.tariffs import Price, RateCard, WeightRule
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
    prices,
    prices_of,
    promises,
    rate_cards,
    somebody,
    texts,
    transits,
    units,
    wallets,
    weight_rules,
)
from apaclogistics.testing._carriage import bookings, consignments, parcels, shipments
from apaclogistics.testing._disputes import claims, demands, inquiries, questions
from apaclogistics.testing._walks import (
    PLATFORM,
    Moves,
    Offer,
    arrived,
    goal_of,
    later,
    noted,
    offers_of,
    walk,
)
from apaclogistics.testing.strategies import countries, windows
from apaclogistics.values.identifiers import (
    CarrierCode,
    LineId,
    ListingId,
    ListingVersion,
    OrderId,
    QuoteId,
    SellerId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency

__all__ = (
    "AGGREGATE_STRATEGIES",
    "bookings",
    "claims",
    "consignments",
    "demands",
    "facts",
    "handlings",
    "inquiries",
    "ledgers",
    "listings",
    "orders",
    "parcels",
    "payments",
    "policies",
    "postings",
    "prices",
    "profiles",
    "promises",
    "questions",
    "quotes",
    "rate_cards",
    "sales",
    "sellers",
    "shipments",
    "terms",
    "transits",
    "wallets",
    "weight_rules",
)


@cache
def profiles() -> SearchStrategy[Profile]:
    """Give who sellers are; shrinks to nobody in Hong Kong."""
    return st.builds(
        Profile,
        legal_name=texts(),
        country=countries(),
        registration=texts(),
        ship_from=people(),
        return_to=people(),
    )


_SELLER_MOVES: Final[Moves[SellerAction, Seller]] = {
    SellerAction.VERIFY: noted(Seller.verify),
    SellerAction.REJECT: noted(Seller.reject),
    SellerAction.RESUBMIT: lambda draw, it, by, at: it.resubmit(draw(profiles()), by=by, at=at),
    SellerAction.AMEND_IDENTITY: lambda draw, it, by, at: it.amend_identity(
        draw(profiles()), by=by, at=at
    ),
    SellerAction.SUSPEND: noted(Seller.suspend),
    SellerAction.REINSTATE: noted(Seller.reinstate),
    SellerAction.CLOSE: noted(Seller.close),
}


@st.composite
def sellers(draw: DrawFn, *, state: SellerState | None = None) -> Seller:
    """Give accounts in one state, or any; shrinks to one that was just registered."""
    owner = Actor(Role.SELLER, draw(ids()))
    seller = Seller.register(SellerId(owner.id), draw(profiles()), by=owner, at=draw(beginnings()))
    goal = goal_of(draw, SELLER, state)
    offers = partial(offers_of, SELLER)
    return arrived(walk(draw, SELLER, seller, offers, _SELLER_MOVES, goal=goal), state)


@cache
def _limits() -> SearchStrategy[Limits]:
    most = st.none() | st.integers(1, 10**6)
    return st.builds(Limits, max_grams=most, max_length_mm=most, max_total_mm=most)


@cache
def terms(*, currency: Currency | str | None = None) -> SearchStrategy[Terms]:
    """Give what listings say; shrinks to air freight from Hong Kong on the smallest card."""
    return st.builds(
        Terms,
        carrier=ids().map(CarrierCode),
        service=texts(),
        mode=st.sampled_from(TransportMode),
        origin=countries(),
        rate_card=rate_cards(currency=currency),
        handling=handlings(),
        transit=transits(),
        limits=_limits(),
        excluded=st.frozensets(countries(), max_size=3),
    )


_LISTING_MOVES: Final[Moves[ListingAction, Listing]] = {
    ListingAction.REVISE: lambda draw, it, by, at: it.revise(draw(terms()), by=by, at=at),
    ListingAction.PUBLISH: lambda _, it, by, at: it.publish(hindrances=(), by=by, at=at),
    ListingAction.PAUSE: noted(Listing.pause),
    ListingAction.RESUME: lambda _, it, by, at: it.resume(hindrances=(), by=by, at=at),
    ListingAction.SUSPEND: noted(Listing.suspend),
    ListingAction.REINSTATE: noted(Listing.reinstate),
    ListingAction.WITHDRAW: noted(Listing.withdraw),
}


@st.composite
def listings(draw: DrawFn, *, state: ListingState | None = None) -> Listing:
    """Give listings in one state, or any, with their versions; shrinks to a draft."""
    owner = draw(somebody(Role.SELLER))
    drafted = ListingDraft(id=ListingId(draw(ids())), seller=owner, terms=draw(terms()))
    listing = Listing.draft(drafted, by=owner, at=draw(beginnings()))
    goal = goal_of(draw, LISTING, state)
    offers = partial(offers_of, LISTING)
    return arrived(walk(draw, LISTING, listing, offers, _LISTING_MOVES, goal=goal), state)


@st.composite
def quotes(draw: DrawFn, *, currency: Currency | str | None = None) -> Quote:
    """Give prices with promises; shrinks to one of one minor unit that expires at once."""
    at = draw(beginnings())
    return Quote(
        id=QuoteId(draw(ids())),
        offer=ListingVersion(ListingId(draw(ids())), draw(st.integers(1, 99))),
        carrier=CarrierCode(draw(ids())),
        service=draw(texts()),
        price=draw(prices(currency=currency)),
        promise=draw(promises()),
        at=at,
        expires_at=later(draw, at),
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


def _order_offers(order: Order) -> list[Offer[OrderAction, CancellationState]]:
    seller, buyer, state = order.sale.seller, order.sale.buyer, order.state
    offered = offers_of(CANCELLATION, order)
    if state is not CancellationState.CANCELLED and order.paid < order.sale.total:
        offered += [(OrderAction.PAY, by, state) for by in (buyer, PLATFORM)]
    if order.refunded < order.paid:
        offered += [(OrderAction.REFUND, by, state) for by in (seller, PLATFORM)]
    if _may_be_shipped(order):
        offered += [(OrderAction.ALLOCATE, by, state) for by in (seller, PLATFORM)]
    return offered


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
    walked = walk(draw, CANCELLATION, order, _order_offers, _ORDER_MOVES, goal=goal)
    return arrived(walked, cancellation)


AGGREGATE_STRATEGIES: Final[Mapping[type, Callable[[], SearchStrategy[object]]]] = MappingProxyType(
    {
        Booking: bookings,
        Claim: claims,
        CompensationPolicy: policies,
        Consignment: consignments,
        Demand: demands,
        Facts: facts,
        Handling: handlings,
        Inquiry: inquiries,
        Ledger: ledgers,
        Listing: listings,
        Order: orders,
        Parcel: parcels,
        Payment: payments,
        Posting: postings,
        Price: prices,
        Profile: profiles,
        Promise: promises,
        Question: questions,
        Quote: quotes,
        RateCard: rate_cards,
        Sale: sales,
        Seller: sellers,
        Shipment: shipments,
        Terms: terms,
        Transit: transits,
        Wallet: wallets,
        WeightRule: weight_rules,
    }
)
