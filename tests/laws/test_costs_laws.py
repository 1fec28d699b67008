"""The laws of what is billed and measured: sets that only grow.

* *One set*: joining is associative, commutative and idempotent.
* *Each once*: a total is that of the rows, each once, in every currency.
* *What counts* is among what was measured, whatever the order and the repetition.
"""

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apaclogistics import costs, measurements
from apaclogistics.costs import ActualCost
from apaclogistics.measurements import Measurement
from apaclogistics.testing._aggregates import actual_costs
from apaclogistics.testing._aggregates import measurements as any_measurements
from apaclogistics.values.instants import instant

# Few numbers and instants, so that rows and measurements often meet.
DAYS = st.sampled_from([instant("2026-03-02T00:00:00Z"), instant("2026-03-03T00:00:00Z")])
ROWS: SearchStrategy[list[ActualCost]] = st.lists(
    actual_costs(carrier="CPAM", number="N1", currency="USD", at=DAYS)
    | actual_costs(carrier="CPAM", number="N1", at=DAYS)
)
FACTS: SearchStrategy[list[Measurement]] = st.lists(
    any_measurements(carrier="CPAM", number="N1", at=DAYS)
)


@given(ROWS, ROWS, ROWS)
def test_joining_rows_is_associative(
    a: list[ActualCost], b: list[ActualCost], c: list[ActualCost]
) -> None:
    assert costs.merge(costs.merge(a, b), c) == costs.merge(a, costs.merge(b, c))


@given(ROWS, ROWS)
def test_joining_rows_is_commutative_and_idempotent(
    a: list[ActualCost], b: list[ActualCost]
) -> None:
    assert costs.merge(a, b) == costs.merge(b, a) == costs.merge(b, a, b)


@given(ROWS)
def test_a_total_is_that_of_each_row_once(rows: list[ActualCost]) -> None:
    by_key = {row.key: row.amount for row in rows}
    expected = dict.fromkeys({amount.currency for amount in by_key.values()}, 0)
    for amount in by_key.values():
        expected[amount.currency] += amount.minor

    found = costs.totals([*rows, *rows])

    assert {unit: total.minor for unit, total in found.items()} == expected


@given(FACTS, FACTS, FACTS)
def test_joining_measurements_is_associative(
    a: list[Measurement], b: list[Measurement], c: list[Measurement]
) -> None:
    merge = measurements.merge

    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@given(FACTS, FACTS)
def test_joining_measurements_is_commutative_and_idempotent(
    a: list[Measurement], b: list[Measurement]
) -> None:
    assert measurements.merge(a, b) == measurements.merge(b, a) == measurements.merge(a, b, a)


@given(FACTS, st.randoms())
def test_what_counts_does_not_depend_on_the_order_or_the_number_of_times(
    facts: list[Measurement], random: Random
) -> None:
    shuffled = [*facts, *facts]
    random.shuffle(shuffled)

    assert measurements.measured(shuffled) == measurements.measured(facts)


@given(FACTS)
def test_what_counts_was_measured_and_not_taken_back(facts: list[Measurement]) -> None:
    void = {fact for fact in facts if fact.is_void}
    standing = [fact for fact in facts if not fact.is_void and fact.retracted() not in void]

    found = measurements.measured(facts)

    assert (found.weight is None) == all(fact.weight is None for fact in standing)
    assert found.weight is None or found.weight in {fact.weight for fact in standing}
    assert found.dimensions is None or found.dimensions in {fact.dimensions for fact in standing}
