"""Performance: how promises were kept, and what each figure rests on."""

from datetime import timedelta
from fractions import Fraction

import attrs
import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.fulfilment import Milestone
from apaclogistics.performance import (
    DayCount,
    Days,
    DaysFrom,
    Lane,
    Outcome,
    Performance,
    Share,
    Sighting,
    Tally,
)
from apaclogistics.values.instants import Instant, Moment, Window, moment
from apaclogistics.values.places import Country
from tests.samples import day

TO_US = Lane(Country("HK"), Country("US"))
TO_DE = Lane(Country("HK"), Country("DE"))
PROMISED = Window(day(8), day(12))


def outcome(
    *,
    delivered: Instant | Moment | None = None,
    attempted: Instant | Moment | None = None,
    at: Instant | None = None,
    lane: Lane = TO_US,
    offer: str = "Economy",
) -> Outcome:
    """Give what became of a parcel that was accepted on the third."""
    return Outcome(
        lane=lane,
        offer=offer,
        at=at or day(30),
        window=PROMISED,
        accepted=day(3),
        attempted=attempted,
        delivered=delivered,
        seen=(Sighting(Milestone.ACCEPTED, day(3)), Sighting(Milestone.LAST_MILE, day(9))),
    )


def test_a_promise_is_kept_up_to_the_last_second_of_the_window() -> None:
    assert outcome(delivered=PROMISED.latest).is_on_time is True
    assert outcome(delivered=day(5)).is_on_time is True
    assert outcome(delivered=PROMISED.latest.add(seconds=1)).is_on_time is False


def test_an_attempt_counts_as_on_time() -> None:
    """Source: eBay's definition of a late shipment."""
    assert outcome(attempted=day(11), delivered=day(15)).is_on_time is True
    assert outcome(attempted=day(11)).is_on_time is True
    assert outcome(attempted=day(13)).is_on_time is False


def test_nobody_knows_before_the_window_is_over() -> None:
    assert outcome(at=PROMISED.latest).is_on_time is None
    assert outcome(at=PROMISED.latest.add(seconds=1)).is_on_time is False


def test_where_nothing_was_promised_nothing_was_broken() -> None:
    assert attrs.evolve(outcome(delivered=day(20)), window=None).is_on_time is None


def test_a_begun_day_is_a_day() -> None:
    accepted = day(3)

    def days(span: timedelta) -> int | None:
        return outcome(delivered=accepted + span).days_from(moment(accepted))

    assert days(timedelta(0)) == 0
    assert days(timedelta(microseconds=1)) == 1
    assert days(timedelta(days=5)) == 5
    assert days(timedelta(days=5, hours=1)) == 6
    assert days(timedelta(days=-2)) == 0
    assert outcome().days_from(moment(accepted)) is None
    assert outcome(delivered=day(9)).days_from(None) is None


def test_days_are_counted_and_never_averaged() -> None:
    days = Days.of([7, 5, 30, 5])

    assert days.counts == (DayCount(5, 2), DayCount(7, 1), DayCount(30, 1))
    assert days.count == 4
    assert [days.within(it) for it in (1, 50, 51, 75, 76, 100)] == [5, 5, 7, 7, 30, 30]
    assert days.above(5).counts == (DayCount(7, 1), DayCount(30, 1))
    assert Days().within(50) is None


@pytest.mark.parametrize("percent", [0, 101])
def test_a_percentage_is_one_of_a_hundred(percent: int) -> None:
    with pytest.raises(InvalidValueError, match="percentage"):
        Days.of([1]).within(percent)


def test_a_tally_says_how_many_parcels_each_figure_rests_on() -> None:
    lost = attrs.evolve(outcome(), is_lost=True)
    damaged = attrs.evolve(outcome(delivered=day(10)), is_damaged=True)
    under_way = outcome(at=day(11))

    tally = Tally.of([outcome(delivered=day(15)), lost, damaged, under_way])

    assert tally.parcels == 4
    assert tally.delivered == 2
    assert tally.on_time == Share(1, 3)
    assert tally.late == 2
    assert tally.loss == Share(1, 4)
    assert tally.damage == Share(1, 4)
    assert tally.transit == Days.of([7, 12])
    assert tally.days_from(Milestone.LAST_MILE) == Days.of([1, 6])
    assert tally.days_from(Milestone.IMPORT_CUSTOMS) == Days()


def test_a_share_of_nothing_is_no_number() -> None:
    assert Tally().on_time.fraction is None
    assert Tally().loss.fraction is None
    assert Share(3, 40).fraction == Fraction(3, 40)
    assert str(Share(3, 40)) == "3 of 40"


def test_a_performance_tells_lanes_and_offers_apart() -> None:
    performance = Performance.of(
        [
            outcome(delivered=day(10)),
            outcome(delivered=day(20)),
            outcome(delivered=day(10), offer="Express"),
            outcome(delivered=day(20), lane=TO_DE),
        ]
    )

    assert performance.lanes == (TO_DE, TO_US)
    assert performance.tally().on_time == Share(2, 4)
    assert performance.tally(lane=TO_US).on_time == Share(2, 3)
    assert performance.tally(lane=TO_US, offer="Economy").on_time == Share(1, 2)
    assert performance.tally(offer="Express").on_time == Share(1, 1)
    assert performance.tally(offer="Sea").parcels == 0


def test_the_performance_of_the_whole_is_the_sum_of_its_parts() -> None:
    early, late = outcome(delivered=day(10)), outcome(delivered=day(20))

    both = Performance.of([early]) + Performance.of([late])

    assert both == Performance.of([late, early])
    assert len(both.rows) == 1


def test_a_lane_may_begin_nobody_knows_where() -> None:
    unknown = Lane(None, Country("US"))

    assert str(unknown) == "anywhere to US"
    assert str(TO_US) == "HK to US"
    assert sorted([TO_US, unknown]) == [unknown, TO_US]


def test_there_is_no_more_of_a_kind_than_there_is() -> None:
    with pytest.raises(InvalidValueError, match="part of a share 5 is out of range"):
        Share(5, 4)
    with pytest.raises(InvalidValueError, match="number of parcels 2 is out of range"):
        Tally(parcels=1, lost=2)
    with pytest.raises(InvalidValueError, match="number of parcels 0"):
        DayCount(3, 0)
    with pytest.raises(InvalidTypeError):
        Share(0.5, 1)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(InvalidTypeError):
        DaysFrom("delivered", Days())  # type: ignore[arg-type]  # what is refused


@pytest.mark.parametrize(
    ("delivered", "verdict"),
    [
        ("2026-03-11T21:00:00", True),
        ("2026-03-11T21:00:01", None),
        ("2026-03-12T23:00:00", None),
        ("2026-03-12T23:00:01", False),
        ("2026-03-10", True),
        ("2026-03-11", None),
        ("2026-03-14", False),
    ],
)
def test_a_local_time_is_on_time_or_late_only_if_it_is_so_in_every_zone(
    delivered: str, *, verdict: bool | None
) -> None:
    """The window ends on the twelfth at nine in UTC."""
    assert outcome(delivered=moment(delivered)).is_on_time is verdict


def test_an_attempt_that_was_surely_in_time_settles_it() -> None:
    """However the delivery is meant; one that may have been leaves it open."""
    unsure, late = moment("2026-03-12"), day(15)

    assert outcome(attempted=day(11), delivered=unsure).is_on_time is True
    assert outcome(attempted=unsure, delivered=late).is_on_time is None


def test_what_nobody_can_tell_is_in_no_share() -> None:
    tally = Tally.of([outcome(delivered=moment("2026-03-12")), outcome(delivered=day(15))])

    assert (tally.delivered, tally.on_time, tally.late) == (2, Share(0, 1), 1)


def test_inexact_days_are_the_most_that_can_be_meant() -> None:
    """So that no figure promises too much."""
    delivered = outcome(delivered=moment("2026-03-09T09:00:00"))

    assert delivered.days_from(moment(day(3))) == 7
    assert delivered.days_from(moment("2026-03-03T09:00:00")) == 8
