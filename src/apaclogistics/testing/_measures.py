"""Strategies for plans and for how they were kept: routes, outcomes, performances.

Times and days are few, so that they are often equal, and the parcels of two groups often alike.
"""

from datetime import timedelta
from functools import cache
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.performance import (
    Days,
    Lane,
    Outcome,
    Performance,
    Share,
    Sighting,
    Tally,
)
from apaclogistics.routes import Route, RouteLeg
from apaclogistics.testing.strategies import countries, milestones, places
from apaclogistics.values.instants import Instant, Window, instant

_MONDAY: Final = instant("2026-03-02T00:00:00Z")
_OFFERS: Final = ("", "Economy", "Express")


@cache
def shares() -> SearchStrategy[Share]:
    """Give parts of groups; shrinks to none of nothing."""
    whole = st.integers(0, 10**6)
    return whole.flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of)))


@cache
def days() -> SearchStrategy[Days]:
    """Give the days that parcels took; shrinks to no parcel."""
    return st.lists(st.integers(0, 40), max_size=12).map(Days.of)


@cache
def lanes() -> SearchStrategy[Lane]:
    """Give lanes, some of which begin nobody knows where; shrinks to Hong Kong."""
    return st.builds(Lane, st.none() | countries(), countries())


@cache
def _times() -> SearchStrategy[Instant]:
    return st.integers(0, 120).map(lambda hours: instant(_MONDAY + timedelta(hours=8 * hours)))


@cache
def _windows() -> SearchStrategy[Window]:
    return st.tuples(_times(), _times()).map(lambda ends: Window(min(ends), max(ends)))


@cache
def outcomes() -> SearchStrategy[Outcome]:
    """Give what became of parcels, facts that contradict each other included.

    Shrinks to one that nobody promised anything for and nobody saw.
    """
    return st.builds(
        Outcome,
        lane=lanes(),
        offer=st.sampled_from(_OFFERS),
        at=_times(),
        window=st.none() | _windows(),
        accepted_at=st.none() | _times(),
        attempted_at=st.none() | _times(),
        delivered_at=st.none() | _times(),
        is_lost=st.booleans(),
        is_damaged=st.booleans(),
        seen=st.lists(st.builds(Sighting, milestones(), _times()), max_size=3).map(tuple),
    )


@cache
def tallies() -> SearchStrategy[Tally]:
    """Give how groups of up to eight parcels fared; shrinks to none."""
    return st.lists(outcomes(), max_size=8).map(Tally.of)


@cache
def performances() -> SearchStrategy[Performance]:
    """Give how promises to up to eight parcels were kept; shrinks to none."""
    return st.lists(outcomes(), max_size=8).map(Performance.of)


@st.composite
def routes(draw: DrawFn) -> Route:
    """Give plans of one to four legs, with a timetable or without; shrinks to one leg."""
    stops = draw(st.lists(places().filter(str), min_size=2, max_size=5))
    count = 2 * (len(stops) - 1)
    times: list[Instant | None] = [None] * count
    if draw(st.booleans()):
        times = [*sorted(draw(st.lists(_times(), min_size=count, max_size=count)))]
    legs = (
        RouteLeg(
            origin=stops[index],
            destination=stops[index + 1],
            departs=times[2 * index],
            arrives=times[2 * index + 1],
        )
        for index in range(len(stops) - 1)
    )
    return Route(tuple(legs), since=draw(st.none() | _times()))
