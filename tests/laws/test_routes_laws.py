"""The laws of routes: progress converges.

* The order, the repetition and the batching of scans are irrelevant.
* Holding any plan against any history never raises.
* Whoever follows the plan to its end is never misrouted, and is at the destination.
* A parcel that went astray, as the scans show, is expected nowhere.
"""

from datetime import timedelta
from random import Random

import attrs
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.fulfilment import Milestone
from apaclogistics.routes import Route, progress
from apaclogistics.testing._measures import routes
from apaclogistics.testing.strategies import histories
from apaclogistics.tracking import Scan, track
from apaclogistics.values.instants import Moment, instant

MONDAY = instant("2026-03-02T00:00:00Z")
randoms = st.randoms(use_true_random=True)


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Route, list[Scan]]:
    """Give a plan, and a history with scans at its stops and elsewhere."""
    plan = draw(routes())
    stops = st.sampled_from(plan.stops)
    history = draw(histories())
    return plan, [
        attrs.evolve(scan, place=draw(stops)) if draw(st.booleans()) else scan for scan in history
    ]


@given(journeys(), randoms)
def test_the_order_of_scans_is_irrelevant(
    journey: tuple[Route, list[Scan]], random: Random
) -> None:
    plan, history = journey
    shuffled = random.sample(history, len(history))

    assert progress(plan, track(shuffled)) == progress(plan, track(history))


@given(journeys(), randoms)
def test_the_repetition_of_scans_is_irrelevant(
    journey: tuple[Route, list[Scan]], random: Random
) -> None:
    plan, history = journey
    repeated = [scan for scan in history for _ in range(random.randint(1, 3))]

    assert progress(plan, track(repeated)) == progress(plan, track(history))


@given(journeys())
def test_a_parcel_that_went_astray_is_expected_nowhere(journey: tuple[Route, list[Scan]]) -> None:
    plan, history = journey

    found = progress(plan, track(history))

    assert not (found.is_misrouted and found.expected)
    assert not (found.is_misrouted and found.is_at_destination)
    assert found.reached in (None, *plan.stops)


@given(routes(), randoms)
def test_whoever_follows_the_plan_gets_to_its_end(plan: Route, random: Random) -> None:
    scans = [
        Scan(
            carrier="SEA",
            number="1",
            code=str(index),
            at=Moment(instant(MONDAY + timedelta(days=index))),
            place=stop,
            milestone=Milestone.TRANSIT_HUB,
        )
        for index, stop in enumerate(plan.stops)
    ]

    found = progress(plan, track(random.sample(scans, len(scans))))

    assert found.is_at_destination
    assert not found.is_misrouted
