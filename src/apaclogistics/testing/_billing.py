"""Strategies for what carriers measure and bill, long after they have booked."""

from functools import cache

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apaclogistics.costs import ActualCost, Bill, ChargeMode, CostType
from apaclogistics.measurements import Measurement, MeasurementKind
from apaclogistics.testing._agreements import MOST_MINOR, beginnings, texts
from apaclogistics.testing.strategies import (
    dimensions,
    moments,
    monies,
    tracking_numbers,
    weights,
)
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency

# What a carrier calls a type, and what that means; the last is none that anybody knows.
_KINDS = (*((kind.value, kind) for kind in CostType), ("99", None))
_MODES = (("", None), *((mode.value, mode) for mode in ChargeMode), ("99", None))


def _numbers(number: str | None) -> SearchStrategy[str]:
    return tracking_numbers().map(str) if number is None else st.just(number)


def actual_costs(
    *,
    carrier: str | None = None,
    number: str | None = None,
    currency: Currency | str | None = None,
    at: SearchStrategy[Instant] | None = None,
) -> SearchStrategy[ActualCost]:
    """Give rows as carriers bill them, credits and unknown types included; shrinks to nothing."""
    amounts = monies(currency=currency, min_minor=-MOST_MINOR, max_minor=MOST_MINOR)
    rows = st.builds(
        ActualCost,
        code=st.just(""),
        carrier=texts() if carrier is None else st.just(carrier),
        number=_numbers(number),
        amount=amounts,
        actual_weight=st.none() | weights(max_grams=30_000),
        chargeable_weight=st.none() | weights(max_grams=30_000),
        size=st.none() | dimensions(max_mm=2000),
        billed_at=beginnings() if at is None else at,
        remark=texts(),
    )
    return st.builds(_typed, rows, st.sampled_from(_KINDS), st.sampled_from(_MODES))


def _typed(
    row: ActualCost, kind: tuple[str, CostType | None], mode: tuple[str, ChargeMode | None]
) -> ActualCost:
    (code, type_), (mode_code, mode_) = kind, mode
    return attrs.evolve(row, code=code, type=type_, mode_code=mode_code, mode=mode_)


@cache
def bills() -> SearchStrategy[Bill]:
    """Give rows that came together; shrinks to one."""
    return st.lists(actual_costs(), min_size=1, max_size=3).map(tuple).map(Bill)


def measurements(
    *,
    carrier: str | None = None,
    number: str | None = None,
    at: SearchStrategy[Instant] | None = None,
) -> SearchStrategy[Measurement]:
    """Give weighings and packings, some taken back; shrinks to one of one gram."""
    some, size = weights(max_grams=30_000), dimensions(max_mm=2000)
    facts = st.builds(
        Measurement,
        weight=some,
        carrier=texts() if carrier is None else st.just(carrier),
        number=_numbers(number),
        kind=st.sampled_from(MeasurementKind),
        at=moments(at=at),
        dimensions=st.none() | size,
        is_void=st.booleans(),
    )
    # One device weighs, and another measures.
    return facts | st.builds(attrs.evolve, facts, weight=st.none(), dimensions=size)
