"""The story of an order: what happened in order of time, what needed attention, and the money.

A story is a value, made of nothing but text, instants and amounts.  What is printed for people and
what is written as JSON for programs come from the same story, so their figures are the same.
"""

from collections.abc import Iterable, Iterator
from enum import Enum

import attrs

from apaclogistics.arrivals import Arrival
from apaclogistics.attention import AttentionItem, Snapshot
from apaclogistics.display.steps import said
from apaclogistics.errors import masked
from apaclogistics.history import Recorded, Step
from apaclogistics.ledger import Ledger, Posting
from apaclogistics.listings import Listing
from apaclogistics.quotes import Quote
from apaclogistics.sellers import Seller
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Entry
from apaclogistics.values.instants import Instant, Moment, instant, to_text
from apaclogistics.values.money import Currency, Money

__all__ = (
    "Happening",
    "MoneyStory",
    "Promised",
    "Story",
    "Watch",
    "Whereabouts",
    "WrittenBalance",
    "happenings",
    "money_of",
    "promised",
    "whereabouts",
)


@attrs.frozen(kw_only=True)
class Promised:
    """What a quote said: a price, how it came about, and by when."""

    quote: str
    offer: str
    service: str
    lines: tuple[str, ...]
    total: Money
    chargeable: tuple[str, ...]
    ship_by: Instant
    earliest: Instant
    latest: Instant


@attrs.frozen(kw_only=True)
class Happening:
    """One line of the timeline: when, about what, who did or saw it, and what it was.

    `at` is as exact as it was reported, and `when` says so for people.  `phase` is where the parcel
    stands after a scan, empty for a command.  `what` is hidden in the `repr`: it names people.
    """

    at: Moment
    when: str
    thing: str
    who: str
    what: str = attrs.field(repr=masked)
    phase: str = ""


@attrs.frozen(kw_only=True)
class Watch:
    """What needed attention as of an instant."""

    at: Instant
    items: tuple[AttentionItem, ...]


@attrs.frozen(kw_only=True)
class Whereabouts:
    """Where a shipment stands.

    `delivered` is as exact as it was reported.  `arrival` is when it is expected and what that
    rests on, or why nobody knows; None where nobody worked it out.
    """

    shipment: str
    phase: str
    numbers: tuple[str, ...]
    flags: tuple[str, ...]
    delivered: Moment | None
    arrival: Arrival | None = None
    discrepancies: tuple[str, ...]

    @property
    def delivered_at(self) -> Instant | None:
        """The instant by which it had surely been delivered."""
        return None if self.delivered is None else self.delivered.latest


@attrs.frozen(kw_only=True)
class WrittenBalance:
    """What stands on an account."""

    account: str
    amount: Money


@attrs.frozen(kw_only=True)
class MoneyStory:
    """All postings, the balances that they lead to, and the sum of those for each currency."""

    postings: tuple[Posting, ...]
    balances: tuple[WrittenBalance, ...]
    totals: tuple[Money, ...]


@attrs.frozen(kw_only=True)
class Story:
    """Everything that there is to tell about an order, judged as of an instant."""

    title: str
    at: Instant = attrs.field(converter=instant)
    promised: tuple[Promised, ...] = ()
    timeline: tuple[Happening, ...]
    shipments: tuple[Whereabouts, ...]
    attention: tuple[Watch, ...]
    money: MoneyStory
    warnings: tuple[str, ...] = ()


def promised(quote: Quote) -> Promised:
    """Tell what a quote said."""
    freight = [f"{line.label}: {line.amount}" for price in quote.prices for line in price.lines]
    duties = [f"{line.label}: {line.amount}" for line in quote.duties.lines] if quote.duties else []
    return Promised(
        quote=quote.id,
        offer=f"{quote.offer} of {quote.listing}",
        service=f"{quote.carrier} {quote.service}",
        lines=(*freight, *duties),
        total=quote.total,
        chargeable=tuple(str(price.chargeable) for price in quote.prices),
        ship_by=quote.promise.ship_by,
        earliest=quote.promise.window.earliest,
        latest=quote.promise.window.latest,
    )


def happenings(
    snapshot: Snapshot, *, sellers: Iterable[Seller] = (), listings: Iterable[Listing] = ()
) -> tuple[Happening, ...]:
    """Tell what happened, steps and scans, in order by the earliest instant that each can mean."""
    things: list[Recorded] = [
        *sellers,
        *listings,
        *snapshot.orders,
        *snapshot.shipments,
        *snapshot.inquiries,
        *snapshot.claims,
    ]
    steps = (_step(thing, step) for thing in things for step in thing.history)
    scans = (line for shipment in snapshot.shipments for line in _scans(shipment))
    return tuple(sorted((*steps, *scans), key=lambda happening: happening.at.earliest))


def _step(thing: Recorded, step: Step[Enum, object]) -> Happening:
    return Happening(
        at=Moment(step.at),
        when=to_text(step.at),
        thing=f"{type(thing).__name__.lower()} {thing.id}",
        who=str(step.by),
        what=said(step),
    )


def _scans(shipment: Shipment) -> Iterator[Happening]:
    for tracking in shipment.trackings.values():
        for entry in tracking.timeline:
            yield _scan(shipment, entry)
    for scan in shipment.strays:
        yield _scan(shipment, Entry(scan, None, 0))


def _scan(shipment: Shipment, entry: Entry) -> Happening:
    scan = entry.scan
    meaning = scan.milestone.value.replace("_", " ") if scan.milestone else "unknown code"
    reason = f" ({scan.incident.value})" if scan.incident else ""
    place = f" at {scan.place}" if str(scan.place) else ""
    void = ", retracted" if entry.is_void else ""
    text = f" - {scan.text}" if scan.text else ""
    return Happening(
        at=scan.at,
        when=str(scan.at),
        thing=f"shipment {shipment.id}",
        who=f"carrier {scan.carrier}",
        what=f"scanned {scan.number} {scan.code}: {meaning}{reason}{place}{void}{text}",
        phase=entry.phase.name if entry.phase else "",
    )


def whereabouts(shipment: Shipment, expected: Arrival | None = None) -> Whereabouts:
    """Tell where a shipment stands, and when it is expected if that was worked out."""
    return Whereabouts(
        shipment=shipment.id,
        phase=shipment.phase.name,
        numbers=tuple(sorted(str(number) for number in shipment.numbers)),
        flags=tuple(sorted(flag.value for flag in shipment.flags)),
        delivered=shipment.delivered,
        arrival=expected,
        discrepancies=tuple(discrepancy.text for discrepancy in shipment.discrepancies),
    )


def money_of(ledger: Ledger) -> MoneyStory:
    """Tell what moved, and what stands where."""
    balances = [
        WrittenBalance(account=str(account), amount=ledger.balance(account, currency))
        for currency in ledger.currencies
        for account in ledger.accounts
    ]
    return MoneyStory(
        postings=ledger.postings,
        balances=tuple(balance for balance in balances if balance.amount.minor),
        totals=tuple(_total(ledger, currency) for currency in ledger.currencies),
    )


def _total(ledger: Ledger, currency: Currency) -> Money:
    return ledger.total(currency)
