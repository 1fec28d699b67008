"""Laws of compensation.

* An assessment has an amount or reasons, never both and never neither.
* What is paid, the freight aside, is no more than any figure that bounds it.
* What is paid, the freight aside, is no more than the cap, whatever the share.
* Whoever declares more is paid no less.
* A share of nothing pays nothing, and a greater share no less.
* Silence is so many days that are not suspended, however the suspensions lie.
* A parcel that is presumed lost stays so while nothing is heard of it.
* Whether a parcel counts as lost does not depend on what was scanned later.
* Where a delivery is inexact, nobody loses a right that they may have.
"""

from datetime import date, timedelta
from itertools import count

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from apaclogistics.compensation import (
    Cap,
    ClaimKind,
    ClaimShare,
    CompensationPolicy,
    DelayShare,
    Facts,
    FilingWindow,
    Since,
    Suspension,
    Term,
    Worth,
    assess,
    is_presumed_lost,
)
from apaclogistics.testing._agreements import beginnings, facts, policies
from apaclogistics.testing.strategies import instants
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Money
from apaclogistics.values.quantities import Weight

KINDS = st.sampled_from(ClaimKind)
PERCENTS = st.integers(0, 100)
DAYS = st.dates(date(2020, 1, 1), date(2020, 12, 31))
PAUSES = st.lists(
    st.builds(lambda day, n: Suspension(day, day + timedelta(days=n)), DAYS, st.integers(0, 90)),
    max_size=5,
)


@given(policies(currency="USD"), KINDS, facts(currency="USD"))
def test_an_assessment_has_an_amount_or_reasons(
    policy: CompensationPolicy, kind: ClaimKind, known: Facts
) -> None:
    """A claimant is never left without an answer."""
    assessment = assess(policy, kind, known)

    assert (assessment.amount is None) == bool(assessment.reasons)


@given(policies(currency="USD"), KINDS, facts(currency="USD"), st.integers(0, 10**6))
def test_no_more_is_paid_than_any_bound(
    policy: CompensationPolicy, kind: ClaimKind, known: Facts, invoice: int
) -> None:
    """The cap for the weight and each value that was compared; an overcharge, what was billed."""
    whole = attrs.evolve(policy, refunds_freight=False)

    assessment = assess(whole, kind, known, worth=Worth(invoice=Money(invoice, "USD")))

    bounds = assessment.figures[:1] if kind is ClaimKind.OVERCHARGE else assessment.figures
    assert assessment.amount is None or all(assessment.amount <= it.amount for it in bounds)


@given(policies(currency="USD"), KINDS, facts(currency="USD"))
def test_no_more_is_paid_than_the_cap(
    policy: CompensationPolicy, kind: ClaimKind, known: Facts
) -> None:
    """But for what was billed too much."""
    assume(kind is not ClaimKind.OVERCHARGE)

    paid = assess(attrs.evolve(policy, refunds_freight=False), kind, known).amount

    assert paid is None or paid <= policy.cap_for(known.weight)


@given(policies(currency="USD"), KINDS, facts(currency="USD"), st.integers(0, 10**6))
def test_who_declares_more_is_paid_no_less(
    policy: CompensationPolicy, kind: ClaimKind, known: Facts, more: int
) -> None:
    """And for the same reasons nothing."""
    dearer = attrs.evolve(known, declared=known.declared + Money(more, "USD"))

    before, after = (assess(policy, kind, it) for it in (known, dearer))

    assert before.reasons == after.reasons
    assert before.amount is None or (after.amount is not None and before.amount <= after.amount)


@given(policies(currency="USD"), KINDS, facts(currency="USD"), PERCENTS, PERCENTS)
def test_who_is_paid_a_greater_share_is_paid_no_less(
    policy: CompensationPolicy, kind: ClaimKind, known: Facts, one: int, other: int
) -> None:
    """And of nothing nothing."""
    none, less, more = (
        assess(
            attrs.evolve(
                policy,
                covers=frozenset({kind}),
                shares=(ClaimShare(frozenset({kind}), share),),
                delay=None,
                refunds_freight=False,
            ),
            kind,
            known,
        ).amount
        for share in (0, *sorted((one, other)))
    )

    if none is None or less is None or more is None:
        assert none is less is more is None
    else:
        assert none.minor == 0
        assert less <= more


@given(DAYS, st.integers(0, 90), PAUSES)
def test_silence_is_so_many_days_that_are_not_suspended(
    begun: date, length: int, pauses: list[Suspension]
) -> None:
    """Counted one by one, the day on which it begins included."""
    policy = CompensationPolicy(
        name="example",
        source="an example",
        zone_name="UTC",
        silence=Term(Period(length, PeriodUnit.CALENDAR_DAYS), Since.POSTED),
        caps=(Cap(Weight(1), Money(1, "USD")),),
        suspensions=tuple(pauses),
    )
    days = (begun + timedelta(days=n) for n in count())
    counted = (d for d in days if not any(it.first <= d <= it.last for it in pauses))

    expected = next(day for number, day in enumerate(counted) if number == length)

    assert policy.silence_ends(begun) == expected


@given(policies(), facts(), instants(), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_silent_parcel_stays_lost(
    policy: CompensationPolicy, known: Facts, at: Instant, more: timedelta
) -> None:
    """Until something is heard of it, which these facts do not tell."""
    posted = None if known.posted_at is None else min(known.posted_at, at)
    silent = attrs.evolve(
        known,
        posted_at=posted,
        last_seen_at=posted,
        delivered_at=None,
        delivered_by=None,
        attempted_at=None,
    )

    lost_then = is_presumed_lost(policy, silent, at)

    assert not lost_then or is_presumed_lost(policy, silent, at + more)


@given(policies(), facts(), instants())
def test_what_was_scanned_later_changes_nothing(
    policy: CompensationPolicy, known: Facts, at: Instant
) -> None:
    """A question about the past has one answer."""
    delivered_at = _by(known.delivered_at, at)
    forgotten = attrs.evolve(
        known,
        posted_at=_by(known.posted_at, at),
        delivered_at=delivered_at,
        delivered_by=None if delivered_at is None else known.delivered_by,
        attempted_at=_by(known.attempted_at, at),
        last_seen_at=_by(known.last_seen_at, at),
    )

    assert is_presumed_lost(policy, known, at) == is_presumed_lost(policy, forgotten, at)


def _by(moment: Instant | None, at: Instant) -> Instant | None:
    return moment if moment is not None and moment <= at else None


@given(policies(), facts(), beginnings(), *[st.integers(0, 50)] * 3)
def test_an_inexact_delivery_costs_nobody_a_right(
    policy: CompensationPolicy, known: Facts, earliest: Instant, doubt: int, after: int, due: int
) -> None:
    """Whenever it was: who is in time by the truth is in time, and who is not late is not blamed."""
    begun = Term(Period(1, PeriodUnit.CALENDAR_DAYS), Since.DELIVERED)
    window = FilingWindow(kinds=frozenset(ClaimKind), opens=begun, closes=begun)
    stated = attrs.evolve(policy, windows=(window,), delay=DelayShare(percent="1"))
    latest = earliest + timedelta(hours=doubt)
    truth = min(earliest + timedelta(hours=after), latest)
    promised_by = earliest + timedelta(hours=due)
    exact = attrs.evolve(
        known, at=latest, promised_by=promised_by, delivered_at=truth, delivered_by=None
    )
    told = attrs.evolve(exact, delivered_at=earliest, delivered_by=latest)

    def is_late(it: Facts) -> bool:
        reasons = assess(stated, ClaimKind.DELAY, it).reasons
        return all(reason.code != "not_late" for reason in reasons)

    closes, opens = (
        [ask(ClaimKind.DAMAGE, it, it.at) for it in (told, exact)]
        for ask in (stated.closes, stated.opens)
    )
    assert max(filter(None, closes)) == closes[0]
    assert min(filter(None, opens)) == opens[0]
    assert is_late(exact) or not is_late(told)
