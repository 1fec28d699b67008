"""The laws of arrivals: they converge, and follow from what was known.

* The order of scans and of estimates is irrelevant.
* What was seen or said after the instant counts for nothing.
* An arrival is known or unknown, never both, and never over unless the parcel has arrived.
* Experience never rests on fewer parcels than the policy asks for.
"""

from random import Random
from typing import Final

import attrs
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.arrivals import ArrivalPolicy, Basis, Estimate, Grounds, arrival
from apaclogistics.testing._measures import estimates, grounds
from apaclogistics.testing.strategies import histories, instants
from apaclogistics.tracking import Scan, track
from apaclogistics.values.instants import Instant, instant

POLICY: Final = ArrivalPolicy(parcels=2)
moments = instants(
    min_value=instant("2026-03-01T00:00:00Z"), max_value=instant("2026-04-15T00:00:00Z")
)
randoms = st.randoms(use_true_random=True)


@given(histories(), grounds(), moments, randoms)
def test_the_order_of_scans_and_of_estimates_is_irrelevant(
    history: list[Scan], known: Grounds, at: Instant, random: Random
) -> None:
    shuffled = random.sample(history, len(history))
    said = tuple(random.sample(known.estimates, len(known.estimates)))

    found = arrival(track(shuffled), attrs.evolve(known, estimates=said), at, POLICY)

    assert found == arrival(track(history), known, at, POLICY)


@given(histories(), grounds(), moments)
def test_what_was_seen_later_counts_for_nothing(
    history: list[Scan], known: Grounds, at: Instant
) -> None:
    by_now = [scan for scan in history if scan.at.earliest <= at]

    found = arrival(track(history), known, at, POLICY)

    assert found == arrival(track(by_now), known, at, POLICY)


@given(histories(), grounds(), moments, st.lists(estimates(), max_size=3))
def test_what_is_said_later_counts_for_nothing(
    history: list[Scan], known: Grounds, at: Instant, more: list[Estimate]
) -> None:
    later = tuple(attrs.evolve(it, made_at=at.add(seconds=1)) for it in more)
    told = attrs.evolve(known, estimates=(*known.estimates, *later))

    assert arrival(track(history), told, at, POLICY) == arrival(track(history), known, at, POLICY)


@given(histories(), grounds(), moments)
def test_an_arrival_is_not_over_unless_the_parcel_has_arrived(
    history: list[Scan], known: Grounds, at: Instant
) -> None:
    found = arrival(track(history), known, at, POLICY)

    assert (found.window is None) == (found.basis is None) == (found.reason is not None)
    if found.window is not None and found.basis is not Basis.DELIVERED:
        assert found.window.latest >= at


@given(histories(), grounds(), moments)
def test_experience_rests_on_as_many_parcels_as_the_policy_asks_for(
    history: list[Scan], known: Grounds, at: Instant
) -> None:
    found = arrival(track(history), known, at, POLICY)

    assert (found.basis is Basis.EXPERIENCE) == (found.parcels >= POLICY.parcels)
    assert (found.basis is Basis.EXPERIENCE) == (found.milestone is not None)
