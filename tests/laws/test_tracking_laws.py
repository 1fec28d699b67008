"""The laws of tracking: it converges.

* The order of scans is irrelevant; so are repetition and batching.
* `merge` is associative, commutative and idempotent, and takes sets as well as lists.
* `track` never raises, and shows every scan exactly once.
* Delivered holds against any transit scan, whatever its clock says.
* A scan that is retracted counts for nothing, as if it had never been reported.
* The timeline is in order of time, and legs are numbered one after the other.
"""

from collections.abc import Callable
from itertools import permutations
from random import Random

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apaclogistics.fulfilment import ENDED, MEANING, MOVING, Milestone, Phase
from apaclogistics.testing.strategies import histories, moments, scans
from apaclogistics.tracking import Scan, ScanKey, merge, track
from apaclogistics.values.instants import Moment

# Drawing every shuffle from Hypothesis would be too much for it; the seed is enough to repeat one.
randoms = st.randoms(use_true_random=True)

# A pick-up and a failed attempt open a new leg; all other moving scans are on their way somewhere.
TRANSIT = [
    milestone
    for milestone, meaning in MEANING.items()
    if meaning.phase in MOVING - {Phase.ACCEPTED, Phase.ATTEMPT_FAILED}
]

LATEST = Moment.read("2026-03-31T12:00:00Z")

# One history for each way in which a journey goes wrong; the exhaustive law takes every order.
STORIES = {
    "smooth": "2 accepted, 3 export_processing, 4 departed_origin, 6 import_customs, 8 delivered",
    "late": "2 accepted, 4 departed_origin, 8 delivered, 9 transit_hub, 9 in_transit",
    "returned": "2 accepted, 8 delivered, 10 returning, 12 in_transit, 14 returned",
    "again": "2 accepted, 5 attempt_failed, 8 delivered, 9 accepted, 12 attempt_failed, 13 delivered",
    "found": "2 accepted, 4 lost, 6 in_transit, 7 customs_held, 8 delivered, 9 lost",
    "ties": "5 delivered, 5 accepted, 5 returning, 5 returned, 5 held, 5 attempt_failed",
    "coarse": "2 accepted, 3 out_for_delivery, 4 in_transit, 5 damaged, 6 in_transit, 7 destroyed",
    "flags": "2 accepted, 3 delayed, 4 stale, 5 customs_held, 5 misrouted, 6 customs_released",
}


def keys(history: list[Scan]) -> set[tuple[ScanKey, ScanKey | None]]:
    """Give what tells the scans of a history apart."""
    return {(scan.key, scan.voids) for scan in history}


def story(text: str) -> list[Scan]:
    """Read a history of days in March 2026 and milestones."""
    return [
        Scan(
            carrier="HKPOST",
            number="RR473124829GB",
            code=milestone,
            at=Moment.read(f"2026-03-{int(day):02d}T12:00:00Z"),
            milestone=Milestone(milestone),
        )
        for day, milestone in (line.split() for line in text.split(","))
    ]


def with_a_retraction(history: list[Scan]) -> list[Scan]:
    """Let the carrier take back the third scan, at the time of the last."""
    retraction = attrs.evolve(history[-1], code="void", milestone=None, voids=history[2].key)
    return [*history[:5], retraction]


def repeated(history: list[Scan], random: Random) -> list[Scan]:
    """Report each scan one to three times, in any order."""
    reported = [scan for scan in history for _ in range(random.randint(1, 3))]
    random.shuffle(reported)
    return reported


@given(histories(), randoms)
def test_the_order_of_scans_is_irrelevant(history: list[Scan], random: Random) -> None:
    """Whoever hears them shuffled tells the same story."""
    shuffled = random.sample(history, len(history))

    assert track(shuffled) == track(history)


@given(histories(), randoms)
def test_the_repetition_of_scans_is_irrelevant(history: list[Scan], random: Random) -> None:
    """Once is as good as three times."""
    assert track(repeated(history, random)) == track(history)


@given(histories(), histories())
def test_the_batching_of_scans_is_irrelevant(some: list[Scan], more: list[Scan]) -> None:
    """Two batches are as good as one, and what was merged may be merged again."""
    assert merge(some, more) == merge({*some} | {*more}) == merge([*some, *more])
    assert track(merge(merge(some), more)) == track([*some, *more])


@given(histories(), st.data())
def test_scans_may_come_one_by_one(history: list[Scan], data: st.DataObject) -> None:
    """A host that keeps the merged scans forgets nothing that matters."""
    cut = data.draw(st.integers(0, len(history)), label="how many came at once")

    known = merge(history[:cut])
    for scan in history[cut:]:
        known = merge(known, [scan])

    assert known == merge(history)
    assert track(known) == track(history)


@given(histories(), histories(), histories())
def test_merging_is_associative(a: list[Scan], b: list[Scan], c: list[Scan]) -> None:
    """It does not matter which batches meet first."""
    assert merge(merge(a, b), c) == merge(a, merge(b, c)) == merge(a, b, c)


@given(histories(), histories())
def test_merging_is_commutative(a: list[Scan], b: list[Scan]) -> None:
    """It does not matter whose batch it is."""
    assert merge(a, b) == merge(b, a)


@given(histories())
def test_merging_is_idempotent(history: list[Scan]) -> None:
    """What is known is not news, and nothing is nothing."""
    known = merge(history)

    assert merge(known) == known
    assert merge(history, history, known, []) == known


@given(st.lists(scans(), max_size=20))
def test_tracking_never_raises(history: list[Scan]) -> None:
    """Not even of scans of many parcels and carriers, whose retractions retract nothing."""
    tracking = track(history)

    assert len(tracking.timeline) <= len(history)
    assert tracking.phase is None or tracking.legs[-1].phase is tracking.phase


@given(st.lists(scans(at=moments()), max_size=5))
def test_tracking_never_raises_whatever_the_time(history: list[Scan]) -> None:
    """From 1900 to 9998, exact or not."""
    assert {entry.scan for entry in track(history).timeline} <= set(history)


@given(histories())
def test_every_scan_is_in_the_timeline_exactly_once(history: list[Scan]) -> None:
    """Nothing is lost, whatever it contradicts, and nothing is invented."""
    shown = [entry.scan for entry in track(history).timeline]

    assert keys(shown) == keys(history)
    assert len(shown) == len(keys(history))
    assert set(shown) <= set(history)


@given(histories())
def test_the_timeline_is_in_the_order_of_time(history: list[Scan]) -> None:
    """By the earliest instant that a scan can mean, and legs one after the other."""
    tracking = track(history)
    times = [entry.scan.at.earliest for entry in tracking.timeline]
    legs = [entry.leg for entry in tracking.timeline]

    assert times == sorted(times)
    assert legs == sorted(legs)
    assert [leg.number for leg in tracking.legs] == list(range(1, len(tracking.legs) + 1))


@given(histories())
def test_a_leg_has_ended_if_its_phase_is_an_end(history: list[Scan]) -> None:
    """And only then, and not before it began."""
    for leg in track(history).legs:
        assert (leg.ended is not None) == (leg.phase in ENDED)
        assert leg.ended is None or leg.ended.earliest >= leg.began.earliest


@given(histories())
def test_a_discrepancy_names_a_scan_of_the_history_that_attests_a_phase(
    history: list[Scan],
) -> None:
    """In the order of the timeline, each scan at most once."""
    tracking = track(history)
    attesting = [entry.scan for entry in tracking.timeline if entry.attests is not None]
    blamed = [discrepancy.scan for discrepancy in tracking.discrepancies]

    assert blamed == [scan for scan in attesting if scan in blamed]


@given(histories(number="1"), st.sampled_from(TRANSIT), moments())
def test_delivered_holds_against_any_transit_scan(
    history: list[Scan], milestone: Milestone, at: Moment
) -> None:
    """Earlier or later, by a clock that is right or wrong."""
    delivery = Scan(
        carrier="USPS", number="1", code="POD", at=LATEST, milestone=Milestone.DELIVERED
    )
    before = track([*history, delivery])
    assume(before.phase is Phase.DELIVERED)

    transit = Scan(carrier="USPS", number="1", code="transit", at=at, milestone=milestone)
    after = track([*history, delivery, transit])

    assert after.phase is Phase.DELIVERED
    assert after.delivered_at == before.delivered_at
    assert len(after.timeline) == len(before.timeline) + 1


@given(histories())
def test_unknown_codes_and_registrations_move_nothing(history: list[Scan]) -> None:
    """Without them everything but the timeline is the same."""
    telling = [
        scan for scan in merge(history) if scan.meaning.phase or scan.meaning.flag or scan.voids
    ]

    full, short = track(history), track(telling)

    assert (full.phase, full.flags, full.legs) == (short.phase, short.flags, short.legs)
    assert full.discrepancies == short.discrepancies


@given(histories())
def test_a_scan_that_is_retracted_might_as_well_never_have_been(history: list[Scan]) -> None:
    """Without it everything but the timeline is the same."""
    retracted = {scan.voids for scan in history}
    live = [scan for scan in history if scan.voids is not None or scan.key not in retracted]

    full, short = track(history), track(live)

    assert (full.phase, full.flags, full.legs) == (short.phase, short.flags, short.legs)
    assert full.discrepancies == short.discrepancies
    assert [entry for entry in full.timeline if not entry.is_void] == list(short.timeline)


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("change", [list, with_a_retraction], ids=["told", "retracted"])
def test_a_story_of_up_to_six_scans_converges_in_every_order(
    name: str, change: Callable[[list[Scan]], list[Scan]]
) -> None:
    """All orders, each scan one to three times: one final state."""
    history = change(story(STORIES[name]))
    random = Random(name)  # noqa: S311  # for repeats, not for secrets
    final = track(history)

    for order in permutations(history):
        assert track(order) == final
        assert track([scan for scan in order for _ in range(random.randint(1, 3))]) == final

    assert 5 <= len(history) <= 6
    assert len(final.timeline) == len(history)


@settings(max_examples=40)
@given(histories(max_size=6), randoms)
def test_any_history_of_up_to_six_scans_converges_in_every_order(
    history: list[Scan], random: Random
) -> None:
    """All orders, each scan one to three times: one final state."""
    final = track(history)

    for order in permutations(history):
        assert track([scan for scan in order for _ in range(random.randint(1, 3))]) == final


@settings(max_examples=25)
@given(histories(min_size=7, max_size=20), randoms)
def test_any_longer_history_converges_in_two_hundred_orders(
    history: list[Scan], random: Random
) -> None:
    """Each scan one to three times: one final state."""
    final = track(history)

    for _ in range(200):
        assert track(repeated(history, random)) == final
