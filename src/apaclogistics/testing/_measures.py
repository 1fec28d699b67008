"""Strategies for plans and for how they were kept: routes, outcomes, performances.

Times and days are few, so that they are often equal, and the parcels of two groups often alike.
"""

from datetime import timedelta
from functools import cache
from itertools import groupby
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.arrivals import Arrival, Basis, Estimate, Grounds
from apaclogistics.errors import Reason
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
from apaclogistics.testing._values import countries, milestones, moments, places
from apaclogistics.values.instants import Instant, Moment, Window, instant
from apaclogistics.values.places import Country, Place

_END: Final = Place(city="the end")
_MONDAY: Final = instant("2026-03-02T00:00:00Z")
_LANE: Final = Lane(Country("HK"), Country("US"))
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
def reported() -> SearchStrategy[Moment]:
    """Give times of some weeks as carriers report them; shrinks to an instant of the first day."""
    return moments(at=_times())


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
        accepted=st.none() | reported(),
        attempted=st.none() | reported(),
        delivered=st.none() | reported(),
        is_lost=st.booleans(),
        is_damaged=st.booleans(),
        seen=st.lists(st.builds(Sighting, milestones(), reported()), max_size=3).map(tuple),
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
    drawn = draw(st.lists(places().filter(str), min_size=2, max_size=5))
    # A leg leads elsewhere; where nothing does, it leads to the end of the world.
    stops = [stop for stop, _ in groupby(drawn)]
    stops += [_END] * (len(stops) == 1)
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


@cache
def estimates() -> SearchStrategy[Estimate]:
    """Give what carriers say; shrinks to one instant."""
    return st.builds(Estimate, _windows(), _times())


@cache
def grounds() -> SearchStrategy[Grounds]:
    """Give what an arrival may rest on; shrinks to nothing."""
    # Few lanes, so that there is some experience on the one that is asked for.
    experience = st.lists(outcomes(), max_size=8).map(
        lambda found: Performance.of(attrs.evolve(it, lane=_LANE) for it in found)
    )
    return st.builds(
        Grounds,
        estimates=st.lists(estimates(), max_size=3).map(tuple),
        performance=experience,
        lane=st.sampled_from((None, _LANE)),
        offer=st.sampled_from(_OFFERS),
        route=st.none() | routes(),
        promised=st.none() | _windows(),
    )


@cache
def arrivals() -> SearchStrategy[Arrival]:
    """Give known and unknown arrivals; shrinks to an unknown one."""
    unknown = st.builds(Arrival, reason=st.builds(Reason, st.just("lost"), st.just("it is lost")))
    known = st.builds(
        Arrival,
        window=_windows(),
        basis=st.sampled_from(Basis),
        parcels=st.integers(0, 99),
        milestone=st.none() | milestones(),
    )
    return unknown | known
