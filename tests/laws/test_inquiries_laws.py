"""The laws of inquiries and deadlines, whatever anybody tries and when.

* *Only growth*: what was said is never changed, and comes in the order of its instants.
* *Only forward*: no deadline moves back, and the closing never moves.
* *Allowed is true*: what `allowed` gives is taken, and nothing else is; a refusal says the same.
* *Nobody needs a sweep*: what has closed by itself takes nothing any more but to be swept, once.
* *Settled is settled*: what its closing names as its end leaves nothing to escalate.
* *Some way on*: as long as it has not ended, somebody may do something that leads on.
* *Longer is later*: a deadline ends with a local day, and moves with its period and its beginning.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, TypeAlias

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, DrawFn

from apaclogistics.errors import Reason, TransitionError
from apaclogistics.inquiries import INQUIRY, Inquiry, InquiryAction, InquiryState, allowed, deadline
from apaclogistics.inquiry_policies import InquiryPolicy
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.testing._inquiries import inquiries, inquiry_policies, resolutions
from apaclogistics.threads import Question, Resolution, Settled
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.instants import Instant, in_zone, instant

PLATFORM: Final = Actor(Role.PLATFORM, "platform")
STRANGER: Final = Actor(Role.BUYER, "a stranger with a name of their own")
ZONES: Final = st.sampled_from(("UTC", "Asia/Hong_Kong", "America/New_York", "Australia/Sydney"))
BEGINNINGS: Final = st.integers(0, 10_000).map(
    lambda hours: instant(instant("2026-01-01T00:00:00Z") + timedelta(hours=hours))
)
UNITS: Final = st.sampled_from(PeriodUnit)
FACTS: Final = st.lists(resolutions(), max_size=3).map(tuple)

Facts: TypeAlias = tuple[Resolution, ...]
Try: TypeAlias = Callable[[Inquiry, Actor, Instant, Facts], Inquiry]

# Each with a payload that stands against nothing, so that only table and deadlines decide.
TRIES: Final[Mapping[InquiryAction, Try]] = {
    InquiryAction.ANSWER: lambda it, by, at, _: it.answer("answered", by=by, at=at),
    InquiryAction.ASK: lambda it, by, at, _: it.ask(_question(it, at), by=by, at=at),
    InquiryAction.WRITE: lambda it, by, at, _: it.write("written", by=by, at=at),
    InquiryAction.RESOLVE: lambda it, by, at, _: it.resolve(on=_refund(at), by=by, at=at),
    InquiryAction.ESCALATE: lambda it, by, at, facts: it.escalate(
        "escalated", facts=facts, by=by, at=at
    ),
    InquiryAction.EXPIRE: lambda it, by, at, _: it.expire(by=by, at=at),
    InquiryAction.DECIDE: lambda it, by, at, _: it.decide("decided", by=by, at=at),
}


def _question(inquiry: Inquiry, at: Instant) -> Question:
    return Question("asked again", max(at, inquiry.answer_by.at))


def _refund(at: Instant) -> Resolution:
    return Resolution(settled=Settled.REFUND, at=at, reference="refund-1")


def anybody(inquiry: Inquiry) -> list[Actor]:
    """Give everybody who could try something."""
    return [*sorted(inquiry.parties, key=str), PLATFORM, STRANGER]


@st.composite
def moments(draw: DrawFn, inquiry: Inquiry) -> Instant:
    """Give instants around everything that an inquiry counts with, and between."""
    edges = [inquiry.history[-1].at, inquiry.answer_by.at, inquiry.opening.question.answer_by.at]
    if inquiry.opening.closing is not None:
        edges.append(inquiry.opening.closing.by.at)
    tick = timedelta(microseconds=1)
    near = draw(st.sampled_from((-tick, timedelta(0), tick, timedelta(hours=7))))
    return instant(draw(st.sampled_from(edges)) + near)


def tried(
    inquiry: Inquiry, action: InquiryAction, by: Actor, at: Instant, facts: Facts = ()
) -> Inquiry | None:
    """Try something, and give what came of it, None where it was refused."""
    try:
        return TRIES[action](inquiry, by, at, facts)
    except TransitionError:
        return None


@given(inquiries(), FACTS, st.data())
def test_what_is_allowed_is_taken_and_nothing_else(
    inquiry: Inquiry, facts: Facts, data: DataObject
) -> None:
    """Also a moment before and after each deadline, for strangers, and whatever became of it."""
    at = data.draw(moments(inquiry), "at")

    for actor in anybody(inquiry):
        may = allowed(inquiry, actor, at, facts)
        taken = {it for it in TRIES if tried(inquiry, it, actor, at, facts) is not None}
        assert taken == set(may)
        assert all(until is None or at <= until for until in may.values())


@given(inquiries(), st.data())
def test_whatever_is_tried_a_thread_only_grows_and_no_deadline_moves_back(
    inquiry: Inquiry, data: DataObject
) -> None:
    """Refusals included, which change nothing."""
    for _ in range(data.draw(st.integers(0, 8), "tries")):
        action = data.draw(st.sampled_from(list(TRIES)), "action")
        by = data.draw(st.sampled_from(anybody(inquiry)), "by")
        later = tried(inquiry, action, by, data.draw(moments(inquiry), "at")) or inquiry

        said, before = later.thread.messages, inquiry.thread.messages
        assert said[: len(before)] == before
        assert later.answer_by.at >= inquiry.answer_by.at
        assert later.opening == inquiry.opening
        assert Inquiry.replay(later.history) == later
        inquiry = later


@given(inquiries(state=InquiryState.EXPIRED), st.data())
def test_what_closed_by_itself_takes_nothing_but_to_be_swept_once(
    expired: Inquiry, data: DataObject
) -> None:
    """Before it is swept, and after."""
    running = Inquiry.replay(expired.history[:-1])
    at = data.draw(moments(running), "at")
    assume(running.has_lapsed(at))

    for actor in anybody(running):
        assert set(allowed(running, actor, at)) <= {InquiryAction.EXPIRE}
        assert not allowed(expired, actor, expired.history[-1].at)
    assert InquiryAction.EXPIRE in allowed(running, PLATFORM, at)


@given(inquiries(), FACTS)
def test_what_settles_an_inquiry_is_what_its_closing_says(inquiry: Inquiry, facts: Facts) -> None:
    """Of those that do the first, in whatever order they are told; nothing once it does not run."""
    closing = inquiry.opening.closing
    spans = (
        {}
        if closing is None
        else {
            Settled.DELIVERY: closing.on_delivery,
            Settled.RECEIPT: closing.on_delivery,
            Settled.REFUND: closing.on_refund,
        }
    )
    ending = [fact for fact in facts if spans.get(fact.settled) is not None]

    found = inquiry.settled_by(facts)

    is_running = inquiry.state in (InquiryState.OPEN, InquiryState.ANSWERED)
    assert (found is not None) is (is_running and bool(ending))
    assert found is None or (found in ending and found.at == min(it.at for it in ending))
    assert inquiry.settled_by(facts[::-1]) == found
    assert found is None or deadline(inquiry, facts) is None


@given(inquiries(), st.data())
def test_as_long_as_it_has_not_ended_somebody_may_lead_on(
    inquiry: Inquiry, data: DataObject
) -> None:
    """At whatever instant from now on."""
    at = max(data.draw(moments(inquiry), "at"), inquiry.history[-1].at)
    may = {action for actor in anybody(inquiry) for action in allowed(inquiry, actor, at)}
    on = {action for action in may if INQUIRY.after(inquiry.state, action) is not inquiry.state}

    assert bool(on) is inquiry.is_open


@given(BEGINNINGS, BEGINNINGS, st.integers(0, 60), st.integers(0, 60), UNITS, ZONES)
def test_a_deadline_ends_with_a_local_day_and_is_later_the_longer_it_is(
    one: Instant, other: Instant, shorter: int, longer: int, unit: PeriodUnit, zone_name: str
) -> None:
    """And never earlier where it begins later."""
    first, last = sorted((one, other))
    few, many = sorted((shorter, longer))
    short = Deadline.after(Period(few, unit), first, zone_name=zone_name)
    long = Deadline.after(Period(many, unit), last, zone_name=zone_name)

    assert short.at <= long.at
    assert first <= short.at
    next_second = in_zone(instant(short.at + timedelta(seconds=1)), zone_name)
    assert (next_second.hour, next_second.minute, next_second.second) == (0, 0, 0)


@given(inquiries(), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_refusal_allows_what_is_allowed_then(inquiry: Inquiry, later: timedelta) -> None:
    """But for what it refuses."""
    at = instant(inquiry.history[-1].at + later)

    for who in (*inquiry.parties, PLATFORM):
        with pytest.raises(TransitionError) as refusal:
            inquiry.resolve(hindrances=[Reason("no", "not today")], by=who, at=at)

        others = {it.value for it in allowed(inquiry, who, at)} - {"resolve"}
        assert set(refusal.value.allowed) == others


@given(inquiry_policies(), BEGINNINGS, BEGINNINGS, ZONES)
def test_a_policy_refuses_a_report_exactly_outside_of_its_window(
    policy: InquiryPolicy, estimate: Instant, at: Instant, zone_name: str
) -> None:
    """Where its days are in order."""
    first, last = (
        Deadline.after(period, estimate, zone_name=zone_name).at
        for period in (policy.report_from, policy.report_until)
    )
    assume(first <= last)
    window = policy.reporting(estimate, zone_name=zone_name)

    reasons = policy.hindrances(estimate=estimate, delivered_at=None, at=at, zone_name=zone_name)

    codes = [reason.code for reason in reasons]
    assert codes == ["too_early"] * (at < window.earliest) + ["too_late"] * (at > window.latest)
