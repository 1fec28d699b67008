"""Laws of claims.

* From a state that is not final somebody may lead on, at any time.
* What is allowed has a row in the table, and is the party's or the platform's.
* Whoever must act by a deadline may act then, and do until then what it names.
* A refusal allows what is allowed at its instant, but for what it refuses.
* No figure is above the demand, and what is paid was on the table.
* A claim that is over stays over as time goes by; one that is open does not open again.
"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.claims import CLAIM, Claim, ClaimState, allowed, deadline
from apaclogistics.errors import Reason, TransitionError
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.testing._disputes import claims

PLATFORM = Actor(Role.PLATFORM, "platform")
SPANS = st.timedeltas(timedelta(0), timedelta(days=400))


@given(claims(), SPANS)
def test_somebody_may_always_lead_on(claim: Claim, later: timedelta) -> None:
    """No claim is stuck because a time is over."""
    at = claim.history[-1].at + later

    ways = {act for who in (*claim.parties, PLATFORM) for act in allowed(claim, who, at)}

    assert claim.state in CLAIM.final or ways


@given(claims(), SPANS)
def test_what_is_allowed_is_in_the_table(claim: Claim, later: timedelta) -> None:
    """Data takes away from it, and adds nothing; strangers have nothing."""
    at, stranger = claim.history[-1].at + later, Actor(Role.SELLER, "somebody else entirely")

    for who in (*claim.parties, PLATFORM):
        rows, found = CLAIM.allowed(claim.state, who.role), allowed(claim, who, at)
        assert [action for action in rows if action in found] == list(found)
        assert all(until is None or at <= until for until in found.values())
    assert stranger in claim.parties or allowed(claim, stranger, at) == {}


@given(claims())
def test_whoever_must_act_may_act(claim: Claim) -> None:
    """Up to the last instant of the deadline."""
    due = deadline(claim)

    if due is not None:
        at = max(due.at, claim.history[-1].at)
        assert due.at < at or allowed(claim, due.for_ or PLATFORM, at)


@given(claims(), SPANS)
def test_what_a_deadline_names_is_allowed_until_then(claim: Claim, later: timedelta) -> None:
    """The last instant included."""
    due, at = deadline(claim), claim.history[-1].at + later

    if due is not None and due.for_ is not None and at <= due.at:
        assert set(due.actions) <= set(allowed(claim, due.for_, at))


@given(claims(), SPANS)
def test_a_refusal_allows_what_is_allowed_then(claim: Claim, later: timedelta) -> None:
    """But for what it refuses; a claim is never filed again."""
    at = claim.history[-1].at + later

    for who in (*claim.parties, PLATFORM):
        with pytest.raises(TransitionError) as refusal:
            claim.accept(by=who, at=at, hindrances=[Reason("no", "not today")])

        others = {it.value for it in allowed(claim, who, at)} - {"accept"}
        assert set(refusal.value.allowed) == others


@given(claims())
def test_no_figure_is_above_the_demand(claim: Claim) -> None:
    """And what is paid was on the table."""
    figures = [it for it in (claim.on_the_table, claim.paid, claim.agreed) if it is not None]

    assert all(figure <= claim.demand.amount for figure in figures)
    assert claim.paid is None or claim.paid == claim.on_the_table


@given(claims(), SPANS, SPANS)
def test_what_is_over_stays_over(claim: Claim, some: timedelta, more: timedelta) -> None:
    """While nobody does anything."""
    sooner = claim.history[-1].at + some
    later = sooner + more

    assert claim.is_open_at(sooner) or not claim.is_open_at(later)
    assert claim.is_open or not claim.is_open_at(sooner)
    assert claim.state is not ClaimState.SETTLED or not claim.is_open
