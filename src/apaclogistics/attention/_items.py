"""What an item of attention says, what it is judged by, and the snapshot that is looked at."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from enum import Enum
from functools import cached_property
from typing import Final, TypeVar

import attrs

from apaclogistics.attention._rules import Rule
from apaclogistics.claims import Claim, ClaimState
from apaclogistics.compensation import ClaimKind
from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import CAME_TO_NOTHING, Phase
from apaclogistics.inquiries import Inquiry
from apaclogistics.inquiry_policies import ITEM_NOT_RECEIVED, InquiryPolicy
from apaclogistics.ledger import Wallet
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.listings import Listing
from apaclogistics.orders import Order
from apaclogistics.remedies import not_given_back, remedies, units_in
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Resolution
from apaclogistics.tracking import Entry, Scan
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.fields import of_type
from apaclogistics.values.identifiers import ListingId, OrderId, ParcelId, ShipmentId
from apaclogistics.values.instants import (
    Instant,
    Moment,
    Window,
    checked_span,
    duration_text,
    moment,
    zone,
)

__all__ = (
    "PLATFORM",
    "AttentionItem",
    "AttentionPolicy",
    "Finding",
    "Ground",
    "Snapshot",
    "Urgency",
    "View",
    "entries_of",
    "ground_of",
)

K = TypeVar("K")
T = TypeVar("T")

# Whoever acts for the platform.
PLATFORM: Final = Actor(Role.PLATFORM, "platform")
_DROPPED: Final = frozenset({ClaimState.WITHDRAWN, ClaimState.EXPIRED})
# What a scan may show of a parcel that is still lost.
_GONE: Final = frozenset({None, Phase.LOST, Phase.DESTROYED})


class Urgency(Enum):
    """How much time is left, the least first."""

    OVERDUE = "overdue"
    DUE_SOON = "due soon"
    OPEN = "open"


_URGENCIES = {urgency: rank for rank, urgency in enumerate(Urgency)}
_RULES = {rule: rank for rank, rule in enumerate(Rule)}


@attrs.frozen(kw_only=True)
class AttentionPolicy:
    """From when on something needs attention; the defaults are examples but for `inquiries`.

    `near` is how long before a deadline it is due soon, `closing` the same for a window in which
    somebody may still act.  `idle` is how long a booking may lie before it is handed over,
    `acceptance` how long a carrier may take to scan what was, `silence` how long a moving parcel may
    go without a scan, `receipt` how long a delivered one may go unconfirmed, and `collection` how
    long one is kept for collection.  `billing` is how long a bill above the estimate is told, from its
    last row on: then it is told no more, though nobody acted, since nothing is recorded of who did.
    `ruling` is how long the platform may take to decide what was escalated to it, where no terms say.
    `claim_window` is how long after acceptance a claim may be filed where no policy says so.
    `inquiries` says until when a buyer may ask where a parcel is, and a refund is to be paid out: of
    one that was promised as it is published, and of one that is owed for other reasons by example.
    Its days are those of the zone.

    Raises:
        InvalidTypeError: if one of the spans is no `timedelta`, or another part of another type.
        InvalidValueError: if a span is negative or beyond 100 years, or the zone is unknown.

    Source: eBay, item not received: 30 calendar days after the latest estimated delivery; 2 business
    days from the promise of a refund.
    """

    near: timedelta = timedelta(hours=24)
    closing: timedelta = timedelta(days=3)
    idle: timedelta = timedelta(days=2)
    acceptance: timedelta = timedelta(days=2)
    silence: timedelta = timedelta(days=7)
    receipt: timedelta = timedelta(days=3)
    collection: timedelta = timedelta(days=7)
    billing: timedelta = timedelta(days=30)
    ruling: timedelta = timedelta(days=2)
    claim_window: timedelta = timedelta(days=180)
    inquiries: InquiryPolicy = attrs.field(
        default=ITEM_NOT_RECEIVED, validator=of_type(InquiryPolicy)
    )
    zone_name: str = attrs.field(default="UTC", validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse what is no span of time, and a zone that nobody knows."""
        for name in _SPANS:
            checked_span(f"{name} of AttentionPolicy", getattr(self, name))
        zone(self.zone_name)


_SPANS: Final = tuple(
    field.name for field in attrs.fields(AttentionPolicy) if field.type is timedelta
)


@attrs.frozen(kw_only=True)
class Snapshot:
    """What is looked at, frozen; things that belong together are found by their identifiers."""

    orders: tuple[Order, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    claims: tuple[Claim, ...] = ()
    listings: tuple[Listing, ...] = ()
    wallets: tuple[Wallet, ...] = ()

    def shipments_of(self, order: OrderId) -> tuple[Shipment, ...]:
        """Give the shipments in which units of an order travel."""
        return self._shipments_by_order.get(order, ())

    def phases(self, order: OrderId) -> dict[ShipmentId, Phase]:
        """Give the phases of an order's shipments."""
        return {shipment.id: shipment.phase for shipment in self.shipments_of(order)}

    def window(self, shipment: Shipment) -> Window | None:
        """Find what was promised: to the shipment, else to the order lines that it carries."""
        if shipment.promise is not None:
            return shipment.promise.window
        return self.window_of_sale(shipment)

    def window_of_sale(self, shipment: Shipment) -> Window | None:
        """Find what buyers were promised when they bought: the last of the lines that it carries."""
        orders = self.orders_in(shipment)
        windows = [window for order in orders for window in _windows(order, shipment.id)]
        return max(windows, key=lambda window: window.latest, default=None)

    def window_for_buyer(self, shipment: Shipment) -> Window | None:
        """Find what the buyer was told: at the sale, else by what was promised for the carriage."""
        # The quote was the seller's affair.
        return self.window_of_sale(shipment) or self.window(shipment)

    def remedies_for(self, shipment: ShipmentId, at: Instant) -> tuple[Resolution, ...]:
        """Give what has made up for a shipment by an instant, as far as it is known here."""
        known = self.shipments_called(shipment)
        return tuple(fact for it in known for fact in remedies(it, self.orders_in(it), at=at))

    def orders_in(self, shipment: Shipment) -> tuple[Order, ...]:
        """Give the orders of which units travel in a shipment."""
        ids = dict.fromkeys(shipment.consignment.orders)
        return tuple(order for id in ids for order in self._orders_by_id.get(id, ()))

    def shipments_by(self, seller: Actor) -> tuple[Shipment, ...]:
        """Give the shipments of a seller."""
        return self._shipments_by_seller.get(seller, ())

    def listings_called(self, id: ListingId) -> tuple[Listing, ...]:
        """Give the listing of a name, if it is there."""
        return self._listings_by_id.get(id, ())

    def shipments_called(self, id: ShipmentId) -> tuple[Shipment, ...]:
        """Give the shipment of a name, if it is there."""
        return self._shipments_by_id.get(id, ())

    def inquiries_about(self, shipment: ShipmentId) -> tuple[Inquiry, ...]:
        """Give what was asked about a shipment."""
        return self._inquiries_by_shipment.get(shipment, ())

    def claims_about(self, shipment: ShipmentId) -> tuple[Claim, ...]:
        """Give what is claimed for a shipment."""
        return self._claims_by_shipment.get(shipment, ())

    def claims_from(self, inquiry: Inquiry) -> tuple[Claim, ...]:
        """Give the claims that took an inquiry over, or that its opener has filed instead.

        Instead is what they filed for the shipment since they asked, on no inquiry, and keep up.
        """
        about = self.claims_about(inquiry.opening.shipment)
        return tuple(claim for claim in about if _is_from(claim, inquiry))

    def loss_paid(self, shipment: Shipment, parcel: ParcelId) -> tuple[Claim, ...]:
        """Give the settled claims for the loss of a parcel that has not been seen since."""
        about = self.claims_about(shipment.id)
        settled = (it for it in about if it.state is ClaimState.SETTLED)
        return tuple(it for it in settled if _is_of_loss(it, shipment, parcel))

    def came_to_nothing(self, shipment: Shipment) -> bool:
        """Whether nothing of a shipment is waited for: by its phase, or the loss of all was paid."""
        parcels = shipment.consignment.parcels
        paid = (self.loss_paid(shipment, parcel.id) for parcel in parcels)
        return shipment.phase in CAME_TO_NOTHING or all(paid)

    def is_given_back(self, shipment: Shipment, parcel: ParcelId) -> bool:
        """Whether the orders say what they have in a parcel, and all of that was or is refunded."""
        for order in self.orders_in(shipment):
            units = units_in(order, shipment, parcel)
            is_refunded = units is not None and not not_given_back(order, units).minor
            if order.money.left.minor > 0 and not is_refunded:
                return False
        return bool(self.orders_in(shipment))

    @cached_property
    def claimed(self) -> frozenset[tuple[ShipmentId, ParcelId, ClaimKind]]:
        """What is claimed: of which shipment and parcel, and about what.

        What its claimant has dropped is claimed no more, and may be claimed again.
        """
        demands = (claim.demand for claim in self.claims if claim.state not in _DROPPED)
        return frozenset((it.shipment, it.parcel, it.kind) for it in demands)

    # Each thing is looked at once: what belongs to it is found here, never by going through all.

    @cached_property
    def _shipments_by_order(self) -> Mapping[OrderId, tuple[Shipment, ...]]:
        pairs = ((o, s) for s in self.shipments for o in dict.fromkeys(s.consignment.orders))
        return _grouped(pairs)

    @cached_property
    def _shipments_by_seller(self) -> Mapping[Actor, tuple[Shipment, ...]]:
        return _grouped((shipment.consignment.seller, shipment) for shipment in self.shipments)

    @cached_property
    def _shipments_by_id(self) -> Mapping[ShipmentId, tuple[Shipment, ...]]:
        return _grouped((shipment.id, shipment) for shipment in self.shipments)

    @cached_property
    def _inquiries_by_shipment(self) -> Mapping[ShipmentId, tuple[Inquiry, ...]]:
        return _grouped((inquiry.opening.shipment, inquiry) for inquiry in self.inquiries)

    @cached_property
    def _claims_by_shipment(self) -> Mapping[ShipmentId, tuple[Claim, ...]]:
        return _grouped((claim.demand.shipment, claim) for claim in self.claims)

    @cached_property
    def _orders_by_id(self) -> Mapping[OrderId, tuple[Order, ...]]:
        return _grouped((order.id, order) for order in self.orders)

    @cached_property
    def _listings_by_id(self) -> Mapping[ListingId, tuple[Listing, ...]]:
        return _grouped((listing.id, listing) for listing in self.listings)


def _is_from(claim: Claim, inquiry: Inquiry) -> bool:
    demand, filed = claim.demand, claim.history[0].at
    if demand.thread is not None:
        return demand.thread.inquiry == inquiry.id
    is_theirs = demand.claimant == inquiry.opening.opener
    return is_theirs and claim.state not in _DROPPED and filed >= inquiry.history[0].at


def _is_of_loss(claim: Claim, shipment: Shipment, parcel: ParcelId) -> bool:
    about, filed = claim.demand, claim.history[0].at
    tracking = shipment.trackings[parcel]
    is_there = tracking.phase is Phase.DELIVERED or any(
        entry.scan.at.is_surely_after(filed) and entry.attests not in _GONE
        for entry in tracking.timeline
    )
    return (about.parcel, about.kind) == (parcel, ClaimKind.LOSS) and not is_there


def _grouped(pairs: Iterable[tuple[K, T]]) -> Mapping[K, tuple[T, ...]]:
    groups: defaultdict[K, list[T]] = defaultdict(list)
    for key, thing in pairs:
        groups[key].append(thing)
    return {key: tuple(things) for key, things in groups.items()}


@attrs.frozen
class Ground:
    """One thing that an item is known from, and when that was or is to be, as exactly as known."""

    text: str
    at: Moment = attrs.field(converter=moment)


@attrs.frozen(kw_only=True)
class AttentionItem:
    """One thing to look at.

    `since` is from when on it needs attention, `until` by when something must be done, None where
    nothing sets a term.  `evidence` is what that is known from, the latest last.  `allowed` are the
    actions that a table or the platform offers to the one it is `for_`.

    Terms that rest on a time without a zone are no more exact than it.  Such a term is warned of
    from the earliest instant that it can mean, and is over only after the latest.
    """

    rule: Rule
    urgency: Urgency
    thing: str
    for_: Actor
    since: Moment = attrs.field(converter=moment)
    until: Moment | None = attrs.field(default=None, converter=attrs.converters.optional(moment))
    text: str
    evidence: tuple[Ground, ...] = ()
    allowed: tuple[str, ...] = ()

    def place(self) -> tuple[int, int, Moment, str, str]:
        """Give where the item stands among others; the most urgent is the least."""
        urgency, rule = _URGENCIES[self.urgency], _RULES[self.rule]
        return urgency, rule, self.until or self.since, self.thing, str(self.for_)


@attrs.frozen(kw_only=True)
class Finding:
    """What a rule found in a thing, before it is said for whom."""

    since: Moment = attrs.field(converter=moment)
    text: str = attrs.field(validator=of_type(str))
    urgency: Urgency = Urgency.OPEN
    until: Moment | None = attrs.field(default=None, converter=attrs.converters.optional(moment))
    evidence: tuple[Ground, ...] = ()

    def item(self, rule: Rule, thing: str, for_: Actor, allowed: tuple[str, ...]) -> AttentionItem:
        """Make the item."""
        return AttentionItem(
            rule=rule,
            urgency=self.urgency,
            thing=thing,
            for_=for_,
            since=self.since,
            until=self.until,
            text=self.text,
            evidence=self.evidence,
            allowed=allowed,
        )


@attrs.frozen
class View:
    """The snapshot as of an instant, under a policy."""

    snapshot: Snapshot
    now: Instant
    limits: AttentionPolicy
    calendar: BusinessCalendar = WEEKENDS

    def report_by(self, estimate: Instant) -> Instant | None:
        """Give until when a buyer may report what was estimated; None where no day is so far."""
        return self._counted(self.limits.inquiries.report_by, estimate)

    def refund_by(self, since: Instant | Moment) -> Instant | None:
        """Give until when a refund is to be paid out; None where nobody says, or no day is so far."""
        return self._counted(self.limits.inquiries.refund_by, moment(since).latest)

    def ruled_by(self, escalated_at: Instant) -> Moment:
        """Give until when the platform is to decide what was escalated, where no terms say."""
        return moment(escalated_at).plus(self.limits.ruling)

    def _counted(self, count: Callable[..., Deadline | None], since: Instant) -> Instant | None:
        try:
            due = count(since, zone_name=self.limits.zone_name, calendar=self.calendar)
        except InvalidValueError:
            # A calendar ends and begins somewhere, and one far date must not hide all the rest.
            return None
        return due.at if due is not None else None

    def is_claimed_lost(self, shipment: ShipmentId, parcel: ParcelId) -> bool:
        """Whether a claim for the loss of a parcel goes on or is settled.

        One that was rejected goes on once somebody contests that.
        """
        return any(
            (claim.demand.parcel, claim.demand.kind) == (parcel, ClaimKind.LOSS)
            and (claim.is_open or claim.state is ClaimState.SETTLED)
            and claim.state is not ClaimState.REJECTED
            for claim in self.snapshot.claims_about(shipment)
        )

    def overdue(self, since: Instant | Moment, patience: timedelta) -> str:
        """Say how long ago something was once patience is surely over, else nothing."""
        begun = moment(since)
        passed = self.now - begun.latest
        return f"{_at_least(begun)}{duration_text(passed)}" if passed > patience else ""

    def deadline(self, term: Instant | Moment, text: str, *evidence: Ground) -> Finding | None:
        """Judge a deadline: nothing while it is far; `text` goes before when it is."""
        due = moment(term)
        near = due.plus(-self.limits.near)
        if near.is_surely_after(self.now):
            return None
        late = self.overdue(due, timedelta())
        return Finding(
            since=near,
            until=due,
            urgency=Urgency.OVERDUE if late else Urgency.DUE_SOON,
            text=f"{text} by {due}, {f'{late} ago' if late else self._ahead(due)}",
            evidence=evidence,
        )

    def closing(self, term: Instant | Moment, text: str, *evidence: Ground) -> Finding | None:
        """Judge a window that closes: nothing while that is far, and nothing once it surely has."""
        due = moment(term)
        warned = due.plus(-self.limits.closing)
        if warned.is_surely_after(self.now) or self.now > due.latest:
            return None
        return Finding(
            since=warned,
            until=due,
            urgency=Urgency.DUE_SOON,
            text=f"{text} until {due}, {self._ahead(due)}",
            evidence=evidence,
        )

    def _ahead(self, due: Moment) -> str:
        """Say how much time is surely left until a term that is not surely over."""
        if self.now > due.earliest:
            return "which may be over"
        return f"in {_at_least(due)}{duration_text(due.earliest - self.now)}"


def _at_least(at: Moment) -> str:
    return "" if at.is_exact else "at least "


def _windows(order: Order, shipment: ShipmentId) -> list[Window]:
    """Give the windows of the lines that a shipment carries; of all lines if nobody said which."""
    carried = {a.line for a in order.allocations if a.shipment == shipment}
    is_unpacked = not order.allocations
    lines = (line for line in order.sale.lines if line.id in carried or is_unpacked)
    return [line.deliver_within for line in lines if line.deliver_within is not None]


def entries_of(shipment: Shipment) -> Iterator[Entry]:
    """Give what was scanned of all parcels and not taken back."""
    for tracking in shipment.trackings.values():
        yield from (entry for entry in tracking.timeline if not entry.is_void)


def ground_of(scan: Scan) -> Ground:
    """Give a scan as what an item is known from."""
    place = f" at {scan.place}" if str(scan.place) else ""
    return Ground(f"{scan.carrier} scanned {scan.number}: {scan.report}{place}", scan.at)
