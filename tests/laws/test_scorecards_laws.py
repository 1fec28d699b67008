"""The laws of scorecards: they count evidence, and nothing else.

* The order of the records is irrelevant.
* What happened after the instant counts for nothing.
* The performance of the whole is the sum of those of the sellers, and of those of the carriers.
* The shares of the whole are the sums of those of the sellers.
* An acceptance within the handling time makes nobody late, whatever else is known.
* Whoever knows more of a shipment's acceptance is never later for it.
* A better figure is never judged worse.
* A verdict holds however the times are meant that it rests on.
"""

from datetime import timedelta
from random import Random

import attrs
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.performance import Performance, Share
from apaclogistics.scorecards import (
    LineEvidence,
    Metric,
    Records,
    Scorecard,
    Standard,
    carrier_card,
    line_evidence,
    listing_card,
    promises_kept,
    rating,
    seller_card,
)
from apaclogistics.testing import _scores
from apaclogistics.testing._measures import shares
from apaclogistics.testing._scores import (
    CARRIERS,
    LISTING_ID,
    SELLERS,
    days_of_the_week,
    records,
    scorecards,
    standards,
)
from apaclogistics.testing.strategies import instants
from apaclogistics.values.instants import Instant, Moment, instant

# By then a local day of the last is over everywhere.
LAST = instant("2026-03-19T00:00:00Z")
randoms = st.randoms(use_true_random=True)


def cards(known: Records, at: Instant) -> list[Scorecard]:
    """Score everybody."""
    return [
        *(seller_card(known, seller, at) for seller in SELLERS),
        *(carrier_card(known, carrier, at) for carrier in CARRIERS),
        listing_card(known, LISTING_ID, at),
    ]


def shuffled(known: Records, random: Random) -> Records:
    """Give the same records in another order."""
    return attrs.evolve(
        known,
        orders=tuple(random.sample(known.orders, len(known.orders))),
        shipments=tuple(random.sample(known.shipments, len(known.shipments))),
        listings=tuple(random.sample(known.listings, len(known.listings))),
        inquiries=tuple(random.sample(known.inquiries, len(known.inquiries))),
        claims=tuple(random.sample(known.claims, len(known.claims))),
    )


@given(records(), days_of_the_week(), randoms)
def test_the_order_of_the_records_is_irrelevant(
    known: Records, at: Instant, random: Random
) -> None:
    again = shuffled(known, random)

    assert cards(again, at) == cards(known, at)
    assert line_evidence(again, at) == line_evidence(known, at)
    if known.listings and known.listings[0].history[0].at <= at:
        assert promises_kept(again, LISTING_ID, at) == promises_kept(known, LISTING_ID, at)


@given(records(), days_of_the_week())
def test_what_happened_later_counts_for_nothing(known: Records, at: Instant) -> None:
    assert cards(known.as_of(at), at) == cards(known, at)


@given(records())
def test_all_that_happened_is_known_at_the_end(known: Records) -> None:
    assert known.as_of(LAST) == known


@given(records(), days_of_the_week())
def test_the_performance_of_the_whole_is_the_sum_over_its_parts(
    known: Records, at: Instant
) -> None:
    by_seller = (seller_card(known, seller, at).performance for seller in SELLERS)
    by_carrier = (carrier_card(known, carrier, at).performance for carrier in CARRIERS)

    assert sum(by_seller, start=Performance()) == sum(by_carrier, start=Performance())


@given(records(), days_of_the_week())
def test_the_shares_of_the_whole_are_the_sums_of_those_of_the_sellers(
    known: Records, at: Instant
) -> None:
    found = [seller_card(known, seller, at) for seller in SELLERS]
    evidence = line_evidence(known, at)

    assert sum((it.late for it in found), start=Share(0, 0)) == told(
        [it.is_late(at) for it in evidence]
    )
    assert sum((it.tracked for it in found), start=Share(0, 0)) == told(
        [it.is_tracked(at) for it in evidence]
    )


def told(answers: list[bool | None]) -> Share:
    """Count the yes of those who can tell."""
    return Share(answers.count(True), len(answers) - answers.count(None))


@given(_scores.line_evidence(), days_of_the_week())
def test_an_acceptance_in_time_makes_nobody_late(line: LineEvidence, at: Instant) -> None:
    in_time = attrs.evolve(line, ship_by=at, accepted=at)

    assert in_time.is_late(at) is False
    assert in_time.is_late(instant(at + timedelta(days=99))) is False


@given(_scores.line_evidence(), days_of_the_week(), days_of_the_week())
def test_whoever_is_seen_to_be_accepted_is_no_later_for_it(
    line: LineEvidence, accepted: Instant, at: Instant
) -> None:
    unseen = attrs.evolve(line, accepted=None)
    seen = attrs.evolve(line, accepted=accepted)

    assert not (seen.is_late(at) and not unseen.is_late(at))


@given(standards(), shares(), st.integers(0, 10**6))
def test_a_better_figure_is_never_judged_worse(
    standard: Standard, share: Share, better: int
) -> None:
    is_more_better = standard.metric in (Metric.TRACKED, Metric.ON_TIME)
    part = max(share.part, better) if is_more_better else min(share.part, better)
    improved = Share(min(part, share.of), share.of)

    assert not (standard.is_met(share) and not standard.is_met(improved))


@given(scorecards(), st.lists(standards(), max_size=4), randoms)
def test_the_order_of_standards_decides_nothing(
    card: Scorecard, given_: list[Standard], random: Random
) -> None:
    found = rating(card, given_)

    assert rating(card, random.sample(given_, len(given_))).level is found.level
    assert (found.level is None) == (all(it.is_met is None for it in found.judged))


def exactly(data: st.DataObject, told: Moment | None) -> Moment | None:
    """Choose what a moment means."""
    if told is None:
        return None
    return Moment(data.draw(instants(min_value=told.earliest, max_value=told.latest)))


@given(st.data(), _scores.line_evidence(), days_of_the_week())
def test_a_verdict_holds_however_the_times_are_meant(
    data: st.DataObject, line: LineEvidence, at: Instant
) -> None:
    meant = attrs.evolve(
        line, accepted=exactly(data, line.accepted), arrived=exactly(data, line.arrived)
    )

    assert line.is_late(at) in (None, meant.is_late(at))
