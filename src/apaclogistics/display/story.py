"""The story of an order: what happened in order of time, what needed attention, and the money.

A story is a value, made of nothing but text, instants and amounts.  What is printed for people and
what is written as JSON for programs come from the same story, so their figures are the same.
"""

from collections.abc import Iterable, Iterator
from enum import Enum

import attrs

from apaclogistics.allocations import Allocation, Packing
from apaclogistics.arrivals import Arrival
from apaclogistics.attention import AttentionItem, Snapshot
from apaclogistics.cancellations import CancellationRequest, Cancelling
from apaclogistics.claims import Demand, EvidenceRequest, Figured, Submission
from apaclogistics.consignments import Booking, Consignment, Parcel
from apaclogistics.dispatches import Dispatch
from apaclogistics.errors import masked
from apaclogistics.history import Note, Recorded, Step
from apaclogistics.ledger import Ledger, Posting
from apaclogistics.listings import Listing
from apaclogistics.payments import HoldRelease, PaymentHold
from apaclogistics.quotes import Quote
from apaclogistics.refunds import RefundBeginning, RefundOutcome
from apaclogistics.sales import Payment, Refund, Sale
from apaclogistics.sellers import Seller
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Opening, Question, Remark, Resolution
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
    stands after a scan, empty for a command.  `what` is hidden in the `repr`: people are named in it.
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

    `delivered` is as exact as it was reported.  `arrival` is when it is expected and what that rests
    on, or why nobody knows; None where nobody worked it out.
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
    detail = _detail(step.payload)
    moved = "; ".join(f"{p.kind.value} {p.amount}" for p in step.postings)
    said = ": ".join(part for part in (_past(step.action.value), detail) if part)
    return Happening(
        at=Moment(step.at),
        when=to_text(step.at),
        thing=f"{type(thing).__name__.lower()} {thing.id}",
        who=str(step.by),
        what=f"{said} ({moved})" if moved else said,
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


def _detail(payload: object) -> str:
    """Say what a command brought along, in a few words, and no personal data."""
    if isinstance(payload, Note):
        return payload.text
    return _of_order(payload) or _of_shipment(payload) or _of_dispute(payload)


def _of_order(payload: object) -> str:
    match payload:
        case Sale(lines=lines, total=total):
            return f"{len(lines)} line{'s' if len(lines) > 1 else ''} for {total}"
        case Packing(allocations=allocations):
            return ", ".join(_units(allocation) for allocation in allocations)
        case Dispatch(carrier=carrier, note=note):
            return f"to {carrier}, {note}" if note else f"to {carrier}"
        case CancellationRequest(note=note, decide_by=until):
            return f"{note}, to be decided by {to_text(until)}" if until else note
        case Cancelling(note=note):
            return note
        case _:
            return _of_money(payload)


def _of_money(payload: object) -> str:
    match payload:
        case Payment(gross=gross, has_failed=has_failed):
            return f"{gross} failed" if has_failed else str(gross)
        case PaymentHold(amount=amount, expected_release=until):
            return f"{amount} until {to_text(until)}" if until else str(amount)
        case HoldRelease(hold=hold, note=note):
            return f"{hold}, {note}" if note else hold
        case Refund(gross=gross, reason=reason) | RefundBeginning(
            Refund(gross=gross, reason=reason)
        ):
            return f"{gross}, {reason}" if reason else str(gross)
        case RefundOutcome(refund=refund, note=note):
            return f"{refund}, {note}" if note else refund
        case _:
            return ""


def _units(allocation: Allocation) -> str:
    parcel = f", parcel {allocation.parcel}" if allocation.parcel else ""
    return f"{allocation.quantity} of line {allocation.line} in {allocation.shipment}{parcel}"


def _of_shipment(payload: object) -> str:
    match payload:
        case Consignment(parcels=parcels):
            return ", ".join(_parcel(parcel) for parcel in parcels)
        case Booking(carrier=carrier, labels=labels, estimate=estimate):
            numbers = ", ".join(str(number) for label in labels for number in label.numbers)
            cost = f" for an estimated {estimate}" if estimate else ""
            return f"{carrier} number {numbers}{cost}"
        case _:
            return ""


def _of_dispute(payload: object) -> str:
    match payload:
        case Opening(respondent=respondent, question=question):
            return f"to {respondent}: {question.text}"
        case Question(text=text) | Remark(text=text):
            return text
        case Resolution(settled=settled, reference=reference, note=note):
            return f"{settled.value} {reference}{f', {note}' if note else ''}"
        case Demand(kind=kind, amount=amount, assessment=assessment):
            figures = ", ".join(f"{figure.name} {figure.amount}" for figure in assessment.figures)
            return f"{kind.value}, {amount}; {assessment.policy}: lowest of {figures}"
        case Figured(amount=amount, note=note):
            return f"{amount}, {note}" if note else str(amount)
        case EvidenceRequest(kinds=kinds):
            return ", ".join(sorted(kind.value for kind in kinds))
        case Submission(evidence=evidence):
            return ", ".join(piece.kind.value for piece in evidence)
        case _:
            return ""


def _parcel(parcel: Parcel) -> str:
    return f"parcel {parcel.id}, {parcel.weight}" if parcel.weight else f"parcel {parcel.id}"


# The verbs whose past is not the verb and "ed".
_PASTS = {
    "hand_over": "handed over",
    "withdraw": "withdrew",
    "submit_evidence": "submitted evidence",
    "decide_for": "decided for the claimant",
    "decide_against": "decided against the claimant",
    "confirm_receipt": "confirmed receipt",
    "amend_identity": "amended identity",
    "request_evidence": "requested evidence",
    "request": "requested cancellation",
    "approve": "approved cancellation",
    "retract": "retracted the request",
    "lapse": "let the request lapse",
    "hold_payment": "held payment back",
    "release_payment": "released payment",
    "pay": "paid",
    "verify": "verified",
    "cancel": "cancelled",
    "refund": "refunded",
    "begin_refund": "began a refund",
    "settle_refund": "paid out the refund",
    "fail_refund": "could not pay out the refund",
}


def _past(verb: str) -> str:
    regular = f"{verb}d" if verb.endswith("e") else f"{verb}ed"
    return _PASTS.get(verb, regular)


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
