"""Strategies for inquiries and what is said in them; an inquiry is driven by its own verbs."""

from functools import cache
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.evidence import Evidence
from apaclogistics.inquiries import INQUIRY, Inquiry, InquiryAction, InquiryState, allowed
from apaclogistics.inquiry_policies import Closing, InquiryPolicy
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.testing._agreements import (
    ZONE_NAMES,
    beginnings,
    evidence,
    ids,
    listing_versions,
    somebody,
    texts,
)
from apaclogistics.testing._walks import (
    A_SECOND,
    PLATFORM,
    Moves,
    Option,
    arrived,
    gaps,
    goal_of,
    later,
    noted,
    walk,
)
from apaclogistics.threads import Message, Opening, Question, Remark, Resolution, Settled, Thread
from apaclogistics.values.calendars import WEEKENDS, ListedCalendar, Period, PeriodUnit
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.identifiers import InquiryId, ShipmentId
from apaclogistics.values.instants import Instant

_MOST_DAYS: Final = 60
# After the end of what such a calendar knows, deadlines are best guesses and say so.
_KNOWN: Final = ListedCalendar(name="a listed calendar", known_through=None)


@cache
def _periods() -> SearchStrategy[Period]:
    return st.builds(Period, st.integers(0, _MOST_DAYS), st.sampled_from(PeriodUnit))


@cache
def deadlines() -> SearchStrategy[Deadline]:
    """Give deadlines that were named or counted; shrinks to an instant of 2000."""
    counted = st.builds(
        Deadline.after,
        _periods(),
        beginnings(),
        zone_name=st.sampled_from(ZONE_NAMES),
        calendar=st.sampled_from((WEEKENDS, _KNOWN)),
    )
    return st.builds(Deadline, beginnings()) | counted


@cache
def closings() -> SearchStrategy[Closing]:
    """Give when inquiries close by themselves; shrinks to an instant of 2000, by no policy."""
    spans = st.none() | gaps()
    return st.builds(Closing, by=deadlines(), policy=texts(), on_delivery=spans, on_refund=spans)


@cache
def inquiry_policies() -> SearchStrategy[InquiryPolicy]:
    """Give clocks of inquiries; shrinks to one of no days at all."""
    return st.builds(
        InquiryPolicy,
        name=ids(),
        report_from=_periods(),
        report_until=_periods(),
        answer=_periods(),
        escalate=_periods(),
        delivery_closes_within=gaps(),
        refund_closes_within=st.none() | gaps(),
        refund=st.none() | _periods(),
    )


@cache
def _shown() -> SearchStrategy[tuple[Evidence, ...]]:
    return st.lists(evidence(), max_size=2).map(tuple)


@cache
def questions() -> SearchStrategy[Question]:
    """Give what is asked; shrinks to nothing, to be answered by 2000."""
    return st.builds(Question, texts(), deadlines(), _shown())


@cache
def remarks() -> SearchStrategy[Remark]:
    """Give what is answered; shrinks to nothing."""
    return st.builds(Remark, texts(), _shown())


@cache
def resolutions() -> SearchStrategy[Resolution]:
    """Give what settles an inquiry; shrinks to a delivery of 2000."""
    settled = st.sampled_from(Settled)
    return st.builds(Resolution, settled=settled, at=beginnings(), reference=ids(), note=texts())


@cache
def messages() -> SearchStrategy[Message]:
    """Give what somebody wrote; shrinks to nothing."""
    writers = st.sampled_from(Role).flatmap(somebody)
    return st.builds(Message, writers, beginnings(), texts(), _shown())


@cache
def threads(*, shipment: ShipmentId | None = None) -> SearchStrategy[Thread]:
    """Give threads of a few messages, about a shipment or any; shrinks to an empty one."""
    about = ids().map(ShipmentId) if shipment is None else st.just(shipment)
    in_order = st.lists(messages(), max_size=3).map(_sorted)
    return st.builds(Thread, ids().map(InquiryId), about, in_order)


def _sorted(said: list[Message]) -> tuple[Message, ...]:
    return tuple(sorted(said, key=lambda message: message.at))


def _in_time(inquiry: Inquiry, at: Instant) -> Instant:
    return at if inquiry.closes_at is None else min(at, inquiry.closes_at)


def _answer(draw: DrawFn, inquiry: Inquiry, by: Actor, at: Instant) -> Inquiry:
    shown, moment = draw(_shown()), _in_time(inquiry, at)
    return inquiry.answer(draw(texts()), evidence=shown, by=by, at=moment)


def _write(draw: DrawFn, inquiry: Inquiry, by: Actor, at: Instant) -> Inquiry:
    shown, moment = draw(_shown()), _in_time(inquiry, at)
    return inquiry.write(draw(texts()), evidence=shown, by=by, at=moment)


def _ask(draw: DrawFn, inquiry: Inquiry, by: Actor, at: Instant) -> Inquiry:
    moment = _in_time(inquiry, at)
    due = _in_time(inquiry, later(draw, max(moment, inquiry.answer_by.at)))
    return inquiry.ask(Question(draw(texts()), due, draw(_shown())), by=by, at=moment)


def _resolve(draw: DrawFn, inquiry: Inquiry, by: Actor, at: Instant) -> Inquiry:
    moment, settled = _in_time(inquiry, at), draw(st.sampled_from(Settled))
    fact = Resolution(settled=settled, at=moment, reference=draw(ids()), note=draw(texts()))
    return inquiry.resolve(on=fact, by=by, at=moment)


def _escalate(draw: DrawFn, inquiry: Inquiry, by: Actor, at: Instant) -> Inquiry:
    after = inquiry.opening.question.answer_by.at + A_SECOND
    return inquiry.escalate(draw(texts()), by=by, at=_in_time(inquiry, max(at, after)))


def _expire(_: DrawFn, inquiry: Inquiry, by: Actor, at: Instant) -> Inquiry:
    return inquiry.expire(by=by, at=max(at, (inquiry.closes_at or at) + A_SECOND))


_MOVES: Final[Moves[InquiryAction, Inquiry]] = {
    InquiryAction.ANSWER: _answer,
    InquiryAction.ASK: _ask,
    InquiryAction.WRITE: _write,
    InquiryAction.RESOLVE: _resolve,
    InquiryAction.ESCALATE: _escalate,
    InquiryAction.EXPIRE: _expire,
    InquiryAction.DECIDE: noted(Inquiry.decide),
}


def _options(inquiry: Inquiry) -> list[Option[InquiryAction, InquiryState]]:
    """List what can be done now or later, by whom, and where it leads."""
    actors = (*sorted(inquiry.parties, key=str), PLATFORM)
    moments = [inquiry.history[-1].at, inquiry.opening.question.answer_by.at + A_SECOND]
    if inquiry.closes_at is not None:
        moments.append(inquiry.closes_at + A_SECOND)
    return [
        (action, actor, INQUIRY.after(inquiry.state, action))
        for actor in actors
        for action in sorted(
            {it for at in moments for it in allowed(inquiry, actor, at)}, key=lambda it: it.value
        )
    ]


@st.composite
def inquiries(draw: DrawFn, *, state: InquiryState | None = None) -> Inquiry:
    """Give conversations in one state, or any; shrinks to an open question of a seller."""
    roles = draw(st.permutations((Role.SELLER, Role.BUYER, Role.CARRIER)))
    opener, respondent, other = (draw(somebody(role)) for role in roles)
    at = draw(beginnings())
    due = later(draw, at)
    spans = st.none() | gaps()
    closing = Closing(
        by=due + draw(gaps()) + A_SECOND,
        policy=draw(texts()),
        on_delivery=draw(spans),
        on_refund=draw(spans),
    )
    opening = Opening(
        id=InquiryId(draw(ids())),
        shipment=ShipmentId(draw(ids())),
        opener=opener,
        respondent=respondent,
        question=Question(draw(texts()), due, draw(_shown())),
        others=draw(st.sampled_from((frozenset(), frozenset({other})))),
        closing=closing if state is InquiryState.EXPIRED else draw(st.none() | st.just(closing)),
        listing=draw(st.none() | listing_versions()),
        offer=draw(texts()),
    )
    parties = {opener, respondent, other}
    inquiry = Inquiry.open(opening, parties=parties, by=opener, at=at)
    goal = goal_of(draw, INQUIRY, state)
    return arrived(walk(draw, INQUIRY, inquiry, _options, _MOVES, goal=goal), state)
