"""What needs attention in inquiries: who owes an answer, who was not told, what closes by itself."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final, TypeAlias

from apaclogistics.attention._items import (
    PLATFORM,
    AttentionItem,
    Finding,
    Ground,
    Urgency,
    View,
    entries_of,
    ground_of,
)
from apaclogistics.attention._rules import Rule
from apaclogistics.fulfilment import MOVING, Phase
from apaclogistics.inquiries import Inquiry, InquiryAction, InquiryState, Recourse, allowed
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Resolution, Settled
from apaclogistics.values.instants import Instant, moment, to_text

__all__ = ("of_inquiry",)

_Find: TypeAlias = Callable[[View, Inquiry], Finding | None]

_NEVER_COMES: Final = frozenset({Phase.RETURNED, Phase.LOST, Phase.DESTROYED})
_NO_TIME: Final = timedelta()
# How what settles an inquiry is said, and what it is known from.
_SAID: Final[Mapping[Settled, tuple[str, str]]] = MappingProxyType(
    {
        Settled.DELIVERY: ("delivered", "all parcels were delivered"),
        Settled.RECEIPT: ("received", "the buyer has confirmed the receipt"),
        Settled.REFUND: ("refunded", "all that is in the parcels was refunded"),
    }
)


def of_inquiry(view: View, inquiry: Inquiry) -> Iterator[AttentionItem]:
    """Give what needs attention in an inquiry; nothing once it has ended or closed by itself."""
    if inquiry.has_lapsed(view.now):
        return
    for rule, who, find in _RULES.get(inquiry.state, ()):
        found = find(view, inquiry)
        if found is not None:
            actor = who(inquiry)
            may = tuple(action.value for action in _may(view, inquiry, actor))
            yield found.item(rule, f"inquiry {inquiry.id}", actor, may)


def _may(view: View, inquiry: Inquiry, actor: Actor) -> Mapping[InquiryAction, Instant | None]:
    return allowed(inquiry, actor, view.now, _facts(view, inquiry))


def _facts(view: View, inquiry: Inquiry) -> tuple[Resolution, ...]:
    return view.snapshot.remedies_for(inquiry.opening.shipment, view.now)


def _answer(view: View, inquiry: Inquiry) -> Finding | None:
    if inquiry.state is not InquiryState.OPEN or inquiry.settled_by(_facts(view, inquiry)):
        return None
    asking = (InquiryAction.OPEN, InquiryAction.ASK)
    asked = next(step for step in reversed(inquiry.history) if step.action in asking)
    ground = Ground(f"{inquiry.opening.opener} asked", asked.at)
    return view.deadline(inquiry.answer_by.at, "an answer is due", ground)


def _closes(view: View, inquiry: Inquiry) -> Finding | None:
    """Find that it closes by itself: on what settles it, else since its time is nearly over."""
    closing, fact = inquiry.opening.closing, inquiry.settled_by(_facts(view, inquiry))
    if closing is None:
        return None
    if fact is None:
        return view.closing(closing.by.at, "it closes by itself; it is open", _last_step(inquiry))
    said, ground = _SAID[fact.settled]
    is_refund = fact.settled is Settled.REFUND
    patience = closing.on_refund if is_refund else closing.on_delivery
    due = min(closing.by.at, moment(fact.at).plus(patience or _NO_TIME).latest)
    return Finding(
        since=fact.at,
        until=due,
        urgency=Urgency.DUE_SOON,
        text=f"{said} at {to_text(fact.at)}; it is closed by {to_text(due)}",
        evidence=(Ground(ground, fact.at),),
    )


def _escalation(view: View, inquiry: Inquiry) -> Finding | None:
    """Find that it may be escalated, for as long as nothing more urgent says the same."""
    may = _may(view, inquiry, inquiry.opening.opener)
    if InquiryAction.ESCALATE not in may or _closes(view, inquiry) is not None:
        return None
    until = may[InquiryAction.ESCALATE]
    if until is None and inquiry.state is InquiryState.ANSWERED:
        # Nobody is late, and nothing will ever be.
        return None
    term = f" until {to_text(until)}" if until is not None else ""
    due = inquiry.opening.question.answer_by.at
    return Finding(
        since=due,
        until=until,
        text=f"the time for the first answer is over, and it may be escalated{term}",
        evidence=(Ground("the first answer was due", due), _last_step(inquiry)),
    )


def _buyer_not_told(view: View, inquiry: Inquiry) -> Finding | None:
    """Find that a buyer asks a seller, and was not told what the seller could know since."""
    shipment = _shipment(view, inquiry)
    is_over = inquiry.settled_by(_facts(view, inquiry)) is not None
    if shipment is None or inquiry.opening.opener.role is not Role.BUYER or is_over:
        return None
    if _is_told_of_its_order(view, shipment):
        return None
    told = _last_told(inquiry)
    grounds = (*_heard(view, inquiry), *_scanned(shipment), *_lateness(view, shipment))
    news = sorted(
        {it for it in grounds if it.at.is_surely_after(told) and it.at.is_surely_by(view.now)},
        key=lambda ground: (ground.at, ground.text),
    )
    if not news:
        return None
    more = f", and {len(news) - 1} more" if len(news) > 1 else ""
    return Finding(
        since=news[0].at,
        text=f"the buyer asks, and was not told since {to_text(told)}: {news[-1].text}{more}",
        evidence=tuple(news),
    )


def _is_told_of_its_order(view: View, shipment: Shipment) -> bool:
    """Tell whether the parcel will not come, which is said of the shipment where its order is known."""
    return shipment.phase in _NEVER_COMES and bool(view.snapshot.orders_in(shipment))


def _last_told(inquiry: Inquiry) -> Instant:
    """Give when the buyer last heard from anybody, else when they asked first."""
    opener, first = inquiry.opening.opener, inquiry.history[0].at
    heard = (message.at for message in inquiry.thread.messages if message.by != opener)
    return max(heard, default=first)


def _heard(view: View, inquiry: Inquiry) -> Iterator[Ground]:
    """Give what others have answered to the seller about the same shipment."""
    asked = inquiry.opening
    for other in view.snapshot.inquiries_about(asked.shipment):
        if other.opening.opener != asked.respondent:
            continue
        for step in other.history:
            if step.action is InquiryAction.ANSWER:
                yield Ground(f"{step.by} answered in inquiry {other.id}", step.at)


def _scanned(shipment: Shipment) -> Iterator[Ground]:
    """Give the scans that say where the parcel is, or what is wrong with it."""
    for entry in entries_of(shipment):
        is_news = entry.attests is not None or entry.scan.meaning.flag is not None
        # A delivery closes the inquiry, which is told as such.
        if is_news and entry.attests is not Phase.DELIVERED:
            yield ground_of(entry.scan)


def _lateness(view: View, shipment: Shipment) -> Iterator[Ground]:
    window = view.snapshot.window(shipment)
    is_on_its_way = shipment.phase in MOVING | {Phase.HANDED_OVER}
    if window is not None and is_on_its_way and view.now > window.latest:
        yield Ground(f"late: promised {window}", window.latest)


def _ruling(view: View, inquiry: Inquiry) -> Finding | None:
    """Find that the platform is to decide, and what has made up for the shipment meanwhile."""
    if inquiry.recourse is not Recourse.PLATFORM:
        return None
    known = sorted(_facts(view, inquiry), key=lambda fact: (fact.at, fact.settled.value))
    facts = [fact for fact in known if fact.at <= view.now]
    said = "".join(f", {_SAID[fact.settled][0]} at {to_text(fact.at)}" for fact in facts)
    grounds = (Ground(_SAID[fact.settled][1], fact.at) for fact in facts)
    due = view.ruled_by(inquiry.history[-1].at)
    text = f"the platform must decide{said},"
    return view.deadline(due, text, _last_step(inquiry), *grounds)


def _not_claimed(view: View, inquiry: Inquiry) -> Finding | None:
    """Find that an inquiry went to a claim which nobody has filed, and that nothing came since."""
    if inquiry.recourse is not Recourse.CLAIM or view.snapshot.claims_from(inquiry):
        return None
    last = _last_step(inquiry)
    steps = reversed(inquiry.history)
    escalated = next(step.at for step in steps if step.action is InquiryAction.ESCALATE)
    if any(escalated <= fact.at <= view.now for fact in _facts(view, inquiry) if _has_come(fact)):
        return None
    return Finding(
        since=last.at, text="it was escalated to a claim, and none is filed", evidence=(last,)
    )


def _has_come(fact: Resolution) -> bool:
    """Tell whether the parcels came; a refund of the buyer is one more reason to claim."""
    return fact.settled is not Settled.REFUND


def _shipment(view: View, inquiry: Inquiry) -> Shipment | None:
    return next(iter(view.snapshot.shipments_called(inquiry.opening.shipment)), None)


def _last_step(inquiry: Inquiry) -> Ground:
    step = inquiry.history[-1]
    return Ground(f"{step.by}: {step.action.value}", step.at)


def _opener(inquiry: Inquiry) -> Actor:
    return inquiry.opening.opener


def _respondent(inquiry: Inquiry) -> Actor:
    return inquiry.opening.respondent


_Row: TypeAlias = tuple[Rule, Callable[[Inquiry], Actor], _Find]

_RUNNING: Final[tuple[_Row, ...]] = (
    (Rule.ANSWER, _respondent, _answer),
    (Rule.BUYER_NOT_TOLD, _respondent, _buyer_not_told),
    (Rule.INQUIRY_CLOSES, _opener, _closes),
    (Rule.ESCALATION, _opener, _escalation),
)
_RULES: Final[Mapping[InquiryState, tuple[_Row, ...]]] = MappingProxyType(
    {
        InquiryState.OPEN: _RUNNING,
        InquiryState.ANSWERED: _RUNNING,
        InquiryState.ESCALATED: (
            (Rule.DECISION, lambda _: PLATFORM, _ruling),
            (Rule.NOT_CLAIMED, _opener, _not_claimed),
        ),
    }
)
