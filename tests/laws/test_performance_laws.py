"""The laws of performance: it is a sum.

* The order of outcomes is irrelevant.
* The performance of the whole is the sum of those of its parts, however it is parted.
* Adding is associative and commutative, and the performance of nothing changes nothing.
* The tally of all is the sum of the tallies of the lanes, and of those of the offers.
* So many in a hundred were done within the days that are given, and in no fewer.
* A verdict holds however the times are meant that it rests on, and so does the most days.
"""

from random import Random

import attrs
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.performance import Days, Outcome, Performance, Share, Tally
from apaclogistics.testing._measures import days, outcomes, performances, shares, tallies
from apaclogistics.testing.strategies import instants
from apaclogistics.values.instants import Moment

groups = st.lists(outcomes(), max_size=8)


@given(groups, st.randoms(use_true_random=True))
def test_the_order_of_outcomes_is_irrelevant(group: list[Outcome], random: Random) -> None:
    shuffled = random.sample(group, len(group))

    assert Performance.of(shuffled) == Performance.of(group)


@given(st.lists(groups, max_size=4))
def test_the_performance_of_the_whole_is_the_sum_of_those_of_its_parts(
    parts: list[list[Outcome]],
) -> None:
    whole = Performance.of(outcome for part in parts for outcome in part)

    assert sum(map(Performance.of, parts), start=Performance()) == whole


@given(performances(), performances(), performances())
def test_adding_performances_is_associative(a: Performance, b: Performance, c: Performance) -> None:
    assert (a + b) + c == a + (b + c)


@given(performances(), performances())
def test_adding_performances_is_commutative(a: Performance, b: Performance) -> None:
    assert a + b == b + a


@given(performances())
def test_the_performance_of_nothing_changes_nothing(performance: Performance) -> None:
    assert performance + Performance() == performance == Performance() + performance


@given(tallies(), tallies(), tallies())
def test_tallies_add_up_in_any_order(a: Tally, b: Tally, c: Tally) -> None:
    assert (a + b) + c == c + (b + a)
    assert a + Tally() == a


@given(shares(), shares())
def test_shares_add_up_in_any_order(a: Share, b: Share) -> None:
    assert a + b == b + a
    assert (a + b).of == a.of + b.of


@given(performances())
def test_the_tally_of_all_is_the_sum_over_lanes_and_over_offers(performance: Performance) -> None:
    offers = {row.offer for row in performance.rows}
    by_lane = (performance.tally(lane=lane) for lane in performance.lanes)
    by_offer = (performance.tally(offer=offer) for offer in offers)

    assert sum(by_lane, start=Tally()) == performance.tally()
    assert sum(by_offer, start=Tally()) == performance.tally()


@given(days().filter(lambda it: it.count > 0), st.integers(1, 100))
def test_so_many_in_a_hundred_were_done_within_so_many_days_and_in_no_fewer(
    took: Days, percent: int
) -> None:
    within = took.within(percent)
    assert within is not None

    needed = percent * took.count
    assert 100 * (took.count - took.above(within).count) >= needed
    assert 100 * (took.count - took.above(within - 1).count) < needed


def exactly(data: st.DataObject, told: Moment | None) -> Moment | None:
    """Choose what a moment means."""
    if told is None:
        return None
    return Moment(data.draw(instants(min_value=told.earliest, max_value=told.latest)))


@given(st.data(), outcomes())
def test_a_verdict_holds_however_the_times_are_meant(data: st.DataObject, told: Outcome) -> None:
    meant = attrs.evolve(
        told,
        accepted=exactly(data, told.accepted),
        attempted=exactly(data, told.attempted),
        delivered=exactly(data, told.delivered),
    )

    assert told.is_on_time in (None, meant.is_on_time)
    assert (told.days_from(told.accepted) or 0) >= (meant.days_from(meant.accepted) or 0)
