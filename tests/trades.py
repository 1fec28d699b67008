"""Two trades on one platform, each a stranger to the other, and books that are kept beside it.

The first trade is of two parcels, the second of one.  Each has a seller, a buyer and a carrier of
its own, so that every party to one is a stranger to the other who has something of their own.  The
books add up what is posted, and the till what an order took in and gave back, in plain cents.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Final

import attrs

from apaclogistics.adapters.simulation import Fate, SimulatedCarrier
from apaclogistics.application import LogisticsPlatform
from apaclogistics.claims import Claim
from apaclogistics.consignments import Parcel
from apaclogistics.history import Recorded
from apaclogistics.inquiries import Inquiry
from apaclogistics.ledger import Account, Posting, PostingKind
from apaclogistics.lifecycle import Actor
from apaclogistics.offers import Carriage
from apaclogistics.promises import Promise
from apaclogistics.quotes import Quote
from apaclogistics.sales import Payment
from apaclogistics.values.identifiers import (
    CarrierCode,
    LineId,
    ListingId,
    OrderId,
    ParcelId,
    SellerId,
    ShipmentId,
)
from apaclogistics.values.instants import Window, instant
from apaclogistics.values.money import Currency, Money
from tests.samples import (
    BUYER,
    CARRIER,
    PHONE,
    PLATFORM,
    SELLER,
    STRANGERS,
    day,
    offer,
    profile,
    rate_card,
    sale,
    terms,
)
from tests.stages import BROOKLYN, Stage, key_of, pieces

USD: Final = Currency("USD")
# What buyers were told and carriers promised: until the end of the ninth of March.
ESTIMATE: Final = Window(day(6), instant("2026-03-09T23:59:59Z"))


@attrs.frozen(kw_only=True, repr=False)
class Trade:
    """Who sold what to whom, and who carries it; the order is of 30.00 USD."""

    seller: Actor
    buyer: Actor
    carrier: Actor
    listing: ListingId
    order: OrderId
    shipment: ShipmentId
    parcels: tuple[Parcel, ...]

    def __repr__(self) -> str:
        """Give its order, so that what a machine did can be read."""
        return f"<the trade of {self.order}>"

    @property
    def parties(self) -> frozenset[Actor]:
        """Whose business it is, beside the platform's."""
        return frozenset({self.seller, self.buyer, self.carrier})


FIRST: Final = Trade(
    seller=SELLER,
    buyer=BUYER,
    carrier=CARRIER,
    listing=ListingId("listing-1"),
    order=OrderId("o-1"),
    shipment=ShipmentId("shipment-1"),
    parcels=pieces(2),
)
SECOND: Final = Trade(
    seller=STRANGERS[0],
    buyer=STRANGERS[1],
    carrier=STRANGERS[2],
    listing=ListingId("listing-2"),
    order=OrderId("o-2"),
    shipment=ShipmentId("shipment-2"),
    parcels=pieces(1),
)
TRADES: Final = (FIRST, SECOND)
ACTORS: Final = (*sorted(FIRST.parties | SECOND.parties, key=str), PLATFORM)


def _first_carrier() -> SimulatedCarrier:
    # It loses one of the two parcels, for whoever asks it.
    fates = {ParcelId("p-1"): Fate.LOST}
    return SimulatedCarrier(FIRST.carrier.id, rate_card=rate_card(), fates=fates)


def _second_carrier() -> SimulatedCarrier:
    # No number of one is a number of the other.
    return SimulatedCarrier(SECOND.carrier.id, rate_card=rate_card(), serials=range(501, 999))


@attrs.frozen(kw_only=True)
class Market(Stage):
    """A platform with the carriers of both trades."""

    carrier: SimulatedCarrier = attrs.field(factory=_first_carrier)
    other: SimulatedCarrier = attrs.field(factory=_second_carrier)

    @cached_property
    def face(self) -> LogisticsPlatform:
        """The platform, the same at each call."""
        carriers = (self.carrier, self.other)
        return LogisticsPlatform(self.storage, carriers, self.clock, self._ids)

    @property
    def platform(self) -> LogisticsPlatform:
        """The platform, for whoever knows a stage."""
        return self.face


def opened() -> Market:
    """Give a platform on which both orders are paid, and their shipments booked."""
    market = Market()
    for trade in TRADES:
        _begin(market.platform, trade)
    market.clock.move_to(day(2))
    for trade in TRADES:
        _sell(market.platform, trade)
        _book(market.platform, trade)
    return market


def _begin(platform: LogisticsPlatform, trade: Trade) -> None:
    seller = SellerId(trade.seller.id)
    platform.sellers.register(seller, profile(), by=trade.seller)
    platform.sellers.verify(seller, by=PLATFORM)
    offered = attrs.evolve(offer(), carrier=CarrierCode(trade.carrier.id))
    platform.listings.draft(attrs.evolve(terms(), offers=(offered,)), by=trade.seller)
    platform.listings.publish(trade.listing, by=trade.seller)


def _sell(platform: LogisticsPlatform, trade: Trade) -> None:
    lines = tuple(attrs.evolve(line, deliver_within=ESTIMATE) for line in sale().lines)
    sold = attrs.evolve(sale(), id=trade.order, seller=trade.seller, buyer=trade.buyer, lines=lines)
    platform.orders.place(sold, by=trade.buyer)
    payment = Payment(id=f"pay {trade.order}", gross=sold.total)
    platform.orders.pay(trade.order, payment, by=trade.buyer)


def _book(platform: LogisticsPlatform, trade: Trade) -> None:
    promise = Promise(ship_by=day(4), window=ESTIMATE)
    id = platform.shipments.draft(
        trade.order, {PHONE: 1}, trade.parcels, by=trade.seller, promise=promise
    ).id
    carriage = Carriage(destination=BROOKLYN, parcels=trade.parcels)
    quote = platform.listings.quote(trade.listing, carriage, offer="Economy")
    assert isinstance(quote, Quote)
    platform.shipments.book(id, quote, key=key_of(id), by=trade.seller)


class Books:
    """What was posted, added up by account and by cause, in minor units."""

    def __init__(self) -> None:
        """Begin empty."""
        self.accounts: Counter[tuple[Account, Currency]] = Counter()
        self.moved: Counter[tuple[str, PostingKind]] = Counter()

    def enter(self, postings: Iterable[Posting]) -> None:
        """Add postings."""
        for posting in postings:
            unit, minor = posting.amount.currency, posting.amount.minor
            self.accounts[posting.source, unit] -= minor
            self.accounts[posting.target, unit] += minor
            self.moved[posting.cause, posting.kind] += minor

    @property
    def balances(self) -> dict[tuple[Account, Currency], int]:
        """What stands on each account, those left out on which there is nothing."""
        return {key: minor for key, minor in self.accounts.items() if minor}


class Till:
    """What an order took in and gave back, in cents; each refund with its line and how far it is."""

    def __init__(self) -> None:
        """Begin with an order that is paid."""
        self.paid = sale().total.minor
        self.lines: dict[LineId, int] = {line.id: line.total.minor for line in sale().lines}
        self.refunds: dict[str, tuple[int, LineId | None, str]] = {}
        self.holds: dict[str, int] = {}

    def given(self, *states: str, line: LineId | None = None) -> int:
        """Add up the refunds in some states, of a line if one is named."""
        chosen = (it for it in self.refunds.values() if line in (None, it[1]))
        return sum(cents for cents, _, state in chosen if state in states)

    @property
    def left(self) -> int:
        """What may still be given back."""
        return self.paid - self.given("REFUNDED", "PENDING")

    def has_given_back(self, line: LineId) -> bool:
        """Tell whether the price of a line was given back by name, or all that was paid."""
        of_line, in_all = self.given("REFUNDED", line=line), self.given("REFUNDED")
        return of_line >= self.lines[line] or in_all >= self.paid

    @property
    def pending(self) -> list[str]:
        """The refunds that are on their way."""
        return [id for id, (_, _, state) in self.refunds.items() if state == "PENDING"]

    def takes_refund(self, cents: int, line: LineId | None) -> bool:
        """Tell whether a refund is within all bounds, and no other is under way."""
        promised = self.given("REFUNDED", "PENDING", line=line)
        is_of_line = line is None or cents <= self.lines[line] - promised
        return cents <= self.left and is_of_line and not self.pending

    def end(self, id: str, state: str) -> None:
        """Note what became of a refund."""
        cents, line, _ = self.refunds[id]
        self.refunds[id] = (cents, line, state)

    def cancel(self, rest: str, *, elsewhere: int = 0) -> None:
        """Give back what is left beside what comes from elsewhere, and hold nothing any more."""
        if self.left > elsewhere:
            self.refunds[rest] = (self.left - elsewhere, None, "REFUNDED")
        self.holds.clear()

    def takes_hold(self, cents: int) -> bool:
        """Tell whether so much can be held."""
        return cents <= self.left - sum(self.holds.values())


def cents(minor: int) -> Money:
    """Give so many US cents."""
    return Money(minor, USD)


def trade_of(thing: Recorded) -> Trade:
    """Find the trade that a thing belongs to."""
    match thing:
        case Inquiry():
            name = thing.opening.shipment
        case Claim():
            name = thing.demand.shipment
        case _:
            return next(it for it in TRADES if thing.id in (it.order, it.shipment))
    return next(it for it in TRADES if it.shipment == name)
