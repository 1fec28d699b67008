"""Strategies for what is measured: records that hang together, cards, standards.

Two sellers share two carriers, a listing of two versions and one week of days, so that what is
measured of one is easily mistaken for that of another.
"""

from datetime import timedelta
from functools import cache
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.allocations import Allocation
from apaclogistics.claims import Claim, Demand, Figured
from apaclogistics.compensation import Assessment, ClaimKind
from apaclogistics.consignments import Booking, Consignment, Label, Parcel
from apaclogistics.fulfilment import Milestone
from apaclogistics.inquiries import Inquiry
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.listings import Listing, ListingDraft
from apaclogistics.orders import Order
from apaclogistics.sales import OrderLine, Payment, Sale
from apaclogistics.scorecards import (
    Complaints,
    Judged,
    Level,
    LineEvidence,
    Metric,
    Rating,
    Records,
    Scorecard,
    Standard,
)
from apaclogistics.shipments import Shipment
from apaclogistics.testing._agreements import facts, ids, listing_versions, somebody, texts
from apaclogistics.testing._measures import performances, shares
from apaclogistics.testing._publishing import terms
from apaclogistics.testing._values import moments
from apaclogistics.threads import Opening, Question
from apaclogistics.tracking import Scan
from apaclogistics.values.identifiers import (
    CarrierCode,
    ClaimId,
    InquiryId,
    LineId,
    ListingId,
    ListingVersion,
    OrderId,
    ParcelId,
    ShipmentId,
    tracking_number,
)
from apaclogistics.values.instants import Instant, Window, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Address, Party

SELLERS: Final = (Actor(Role.SELLER, "s-1"), Actor(Role.SELLER, "s-2"))
CARRIERS: Final = (CarrierCode("HKPOST"), CarrierCode("YANWEN"))
LISTING_ID: Final = ListingId("l-1")
_BUYER: Final = Actor(Role.BUYER, "b-1")
_MONDAY: Final = instant("2026-03-02T00:00:00Z")
_SEEN: Final = (
    Milestone.REGISTERED,
    Milestone.ACCEPTED,
    Milestone.LAST_MILE,
    Milestone.ATTEMPT_FAILED,
    Milestone.DELIVERED,
    Milestone.DAMAGED,
    Milestone.LOST,
    Milestone.RETURNING,
)
_PRICE: Final = Money(1000, "USD")


def _day(number: int) -> Instant:
    return instant(_MONDAY + timedelta(days=number))


@cache
def days_of_the_week() -> SearchStrategy[Instant]:
    """Give instants of the two weeks in which records happen; shrinks to the first day."""
    return st.integers(0, 14).map(_day)


@cache
def line_evidence() -> SearchStrategy[LineEvidence]:
    """Give evidence of all kinds; shrinks to a line of which nothing is known."""
    maybe = st.none() | days_of_the_week()
    seen = st.none() | moments(at=days_of_the_week())
    return st.builds(
        LineEvidence,
        order=ids().map(OrderId),
        line=ids().map(LineId),
        seller=somebody(Role.SELLER),
        carriers=st.frozensets(st.sampled_from(CARRIERS)),
        listing=st.none() | listing_versions(),
        offer=texts(),
        ship_by=maybe,
        deliver_by=maybe,
        numbered_at=maybe,
        accepted=seen,
        arrived=seen,
        is_scanned=st.booleans(),
        is_said_late=st.booleans(),
    )


@cache
def complaints() -> SearchStrategy[Complaints]:
    """Give counts of complaints; shrinks to one about no listing."""
    return st.builds(
        Complaints,
        listing=st.none() | listing_versions(),
        offer=texts(),
        count=st.integers(1, 99),
    )


@cache
def scorecards() -> SearchStrategy[Scorecard]:
    """Give cards; shrinks to one of nothing."""
    return st.builds(
        Scorecard,
        subject=texts(),
        at=days_of_the_week(),
        late=shares(),
        tracked=shares(),
        performance=performances(),
        complaints=st.lists(complaints(), max_size=2).map(tuple),
    )


@cache
def standards() -> SearchStrategy[Standard]:
    """Give standards; shrinks to the best level for no late line at all."""
    return st.builds(
        Standard,
        level=st.sampled_from((Level.TOP_RATED, Level.ABOVE_STANDARD)),
        metric=st.sampled_from(Metric),
        percent=st.decimals(0, 100, places=2),
        tolerated=st.integers(0, 9),
    )


@cache
def ratings() -> SearchStrategy[Rating]:
    """Give what standards make of cards; shrinks to nothing."""
    judged = st.lists(st.builds(Judged, standards(), shares()), max_size=3).map(tuple)
    return st.builds(Rating, st.none() | st.sampled_from(Level), judged)


@st.composite
def _orders(draw: DrawFn, number: int) -> Order:
    """Give an order of one or two lines, that was packed into shipments or not."""
    versions = st.sampled_from((None, *(ListingVersion(LISTING_ID, it) for it in (1, 2, 3))))
    lines = tuple(
        OrderLine(
            id=LineId(str(index)),
            quantity=draw(st.integers(1, 2)),
            total=_PRICE,
            ship_by=draw(st.none() | days_of_the_week()),
            deliver_within=draw(st.none() | days_of_the_week().map(lambda it: Window(it, it))),
        )
        for index in range(draw(st.integers(1, 2)))
    )
    sale = Sale(
        id=OrderId(f"o-{number}"),
        seller=draw(st.sampled_from(SELLERS)),
        buyer=_BUYER,
        placed_at=_MONDAY,
        lines=lines,
        total=Money(_PRICE.minor * len(lines), "USD"),
        consignee=Party(address=Address(country="US")),
        listing=draw(versions),
        offer=draw(st.sampled_from(("", "Economy"))),
    )
    order = Order.place(sale, by=_BUYER, at=_MONDAY)
    if draw(st.integers(0, 9)):
        order = order.pay(Payment(id="pay", gross=sale.total), by=_BUYER, at=_MONDAY)
    return draw(_packed(order)) if order.is_to_be_shipped else order


@st.composite
def _packed(draw: DrawFn, order: Order) -> Order:
    where = st.sampled_from((None, *(ShipmentId(f"{order.id}-{it}") for it in (1, 2))))
    packing = [
        Allocation(shipment=shipment, line=line.id, quantity=1)
        for line in order.sale.lines
        for shipment in draw(st.lists(where, min_size=1, max_size=line.quantity))
        if shipment is not None
    ]
    if not packing:
        return order
    return order.allocate(packing, phases={}, by=order.sale.seller, at=draw(days_of_the_week()))


@st.composite
def _shipments(draw: DrawFn, order: Order, number: int) -> Shipment:
    """Give a shipment of one or two parcels, booked or adopted, with whatever was scanned."""
    seller, at = order.sale.seller, draw(days_of_the_week())
    names = [ParcelId(f"p-{it}") for it in range(draw(st.integers(1, 2)))]
    consignment = Consignment(
        id=ShipmentId(f"{order.id}-{number}"),
        orders=(order.id,),
        seller=seller,
        buyer=_BUYER,
        consignee=order.sale.consignee,
        parcels=tuple(Parcel(id=name) for name in names),
    )
    drafted = Shipment.draft(consignment, by=seller, at=_MONDAY)
    numbers = {name: f"N{order.id}{number}{name}".upper() for name in names}
    booking = Booking(
        carrier=draw(st.sampled_from(CARRIERS)),
        labels=tuple(Label(name, (tracking_number(it),)) for name, it in numbers.items()),
    )
    shipment = drafted.adopt(booking, by=seller, at=at)
    return shipment.observe(scan for it in numbers.values() for scan in draw(_scans(it)))


def _scans(number: str) -> SearchStrategy[list[Scan]]:
    seen = st.tuples(st.sampled_from(_SEEN), moments(at=days_of_the_week()))
    return st.lists(seen, max_size=4).map(
        lambda found: [
            Scan(
                carrier="X",
                number=number,
                code=milestone.value,
                at=at,
                milestone=milestone,
            )
            for milestone, at in found
        ]
    )


@st.composite
def _listing(draw: DrawFn) -> Listing:
    offered = draw(terms())
    named = attrs.evolve(offered, offers=(attrs.evolve(offered.offers[0], name="Economy"),))
    draft = ListingDraft(id=LISTING_ID, seller=SELLERS[0], terms=named)
    listing = Listing.draft(draft, by=SELLERS[0], at=_MONDAY)
    return listing.revise(draw(terms()), by=SELLERS[0], at=draw(days_of_the_week()))


@st.composite
def _inquiries(draw: DrawFn, order: Order, number: int) -> Inquiry:
    carrier = Actor(Role.CARRIER, draw(st.sampled_from(CARRIERS)))
    respondent = draw(st.sampled_from((order.sale.seller, carrier)))
    at = draw(days_of_the_week())
    opening = Opening(
        id=InquiryId(f"i-{number}"),
        shipment=ShipmentId(f"{order.id}-1"),
        opener=_BUYER,
        respondent=respondent,
        question=Question("", at),
        listing=order.sale.listing,
        offer=order.sale.offer,
    )
    return Inquiry.open(opening, parties={_BUYER, respondent}, by=_BUYER, at=at)


@st.composite
def _claims(draw: DrawFn, shipment: Shipment, number: int) -> Claim:
    """Give a claim for the first parcel of a shipment, found right or still open."""
    carrier, at = Actor(Role.CARRIER, CARRIERS[0]), draw(days_of_the_week())
    seller, known = shipment.consignment.seller, draw(facts())
    kind = draw(st.sampled_from((ClaimKind.LOSS, ClaimKind.DAMAGE)))
    demand = Demand(
        id=ClaimId(f"c-{number}"),
        shipment=shipment.id,
        parcel=shipment.consignment.parcels[0].id,
        kind=kind,
        claimant=seller,
        carrier=carrier,
        amount=_PRICE,
        facts=known,
        assessment=Assessment(policy="", amount=None, reasons=()),
    )
    claim = Claim.file(demand, parties={seller, carrier}, hindrances=(), by=seller, at=at)
    if draw(st.booleans()):
        return claim
    offered = claim.acknowledge(by=carrier, at=at).offer(Figured(_PRICE), by=carrier, at=at)
    return offered.accept(by=seller, at=draw(st.sampled_from((at, _day(14)))))


@st.composite
def records(draw: DrawFn) -> Records:
    """Give up to four orders with shipments, claims and complaints, of two sellers on one listing.

    Shrinks to nothing.
    """
    orders = [draw(_orders(number)) for number in range(draw(st.integers(0, 4)))]
    shipments = [
        draw(_shipments(order, number))
        for order in orders
        for number in range(1, draw(st.integers(0, 2)) + 1)
    ]
    claimed = draw(st.lists(st.sampled_from(shipments), max_size=2)) if shipments else []
    asking = draw(st.lists(st.sampled_from(orders), max_size=3)) if orders else []
    listings = draw(st.lists(_listing(), max_size=1))
    return Records(
        orders=tuple(orders),
        shipments=tuple(shipments),
        listings=tuple(listings),
        inquiries=tuple(draw(_inquiries(order, number)) for number, order in enumerate(asking)),
        claims=tuple(draw(_claims(it, number)) for number, it in enumerate(claimed)),
        said_late=frozenset(
            order.id for order in orders if draw(st.sampled_from((False, False, True)))
        ),
    )
