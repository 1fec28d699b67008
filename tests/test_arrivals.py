"""Arrivals: when a parcel is expected, what that rests on, and why nobody knows."""

from datetime import timedelta
from typing import Final

import attrs
import pytest

from apaclogistics.arrivals import Arrival, ArrivalPolicy, Basis, Estimate, Grounds, arrival
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.fulfilment import Milestone
from apaclogistics.performance import Lane, Outcome, Performance, Sighting
from apaclogistics.routes import Route, RouteLeg
from apaclogistics.tracking import Scan, track
from apaclogistics.values.instants import Instant, Moment, Window, instant
from apaclogistics.values.places import Country, Place
from tests.samples import day, scan

LANE: Final = Lane(Country("HK"), Country("US"))
PROMISED: Final = Window(day(10), day(20))
ACCEPTED: Final = scan(Milestone.ACCEPTED, day(5))
LAST_MILE: Final = scan(Milestone.LAST_MILE, day(12))
HELD: Final = scan(Milestone.CUSTOMS_HELD, day(10))
POLICY: Final = ArrivalPolicy(parcels=4, from_percent=25, to_percent=75)


def arrived_after(*days: int, offer: str = "Economy", lane: Lane = LANE) -> Performance:
    """Let parcels arrive so many days after acceptance, each two days after the last mile began."""
    return Performance.of(
        Outcome(
            lane=lane,
            offer=offer,
            at=day(90),
            accepted=day(1),
            delivered=instant(day(1) + timedelta(days=count)),
            seen=(
                Sighting(Milestone.ACCEPTED, day(1)),
                Sighting(Milestone.LAST_MILE, instant(day(1) + timedelta(days=count - 2))),
            ),
        )
        for count in days
    )


EXPERIENCE: Final = Grounds(
    performance=arrived_after(8, 10, 12, 40), lane=LANE, offer="Economy", promised=PROMISED
)


def worked_out(*scans: Scan, grounds: Grounds = EXPERIENCE, at: Instant | None = None) -> Arrival:
    """Work out the arrival, on the sixth day if not said."""
    return arrival(track(scans), grounds, at or day(6), POLICY)


def test_a_parcel_that_is_delivered_has_arrived() -> None:
    found = worked_out(ACCEPTED, scan(Milestone.DELIVERED, day(6)))

    assert found == Arrival(window=Window(day(6), day(6)), basis=Basis.DELIVERED)


def test_a_delivery_on_a_local_day_is_as_exact_as_that() -> None:
    when = Moment.read("2026-03-05")
    delivered = attrs.evolve(scan(Milestone.DELIVERED, day(6)), at=when)

    found = worked_out(ACCEPTED, delivered, at=day(9))

    assert found.window == Window(when.earliest, when.latest)


def test_the_carriers_last_estimate_goes_before_all_others() -> None:
    first = Estimate(Window(day(11), day(11)), day(5))
    last = Estimate(Window(day(14), day(15)), day(6))
    grounds = attrs.evolve(EXPERIENCE, estimates=(last, first))

    found = worked_out(ACCEPTED, grounds=grounds, at=day(7))

    assert found == Arrival(window=last.window, basis=Basis.CARRIER)


def test_of_two_estimates_made_at_once_the_later_counts() -> None:
    both = (
        Estimate(Window(day(11), day(15)), day(5)),
        Estimate(Window(day(12), day(13)), day(5)),
    )

    for estimates in (both, both[::-1]):
        grounds = Grounds(estimates=estimates)
        assert worked_out(ACCEPTED, grounds=grounds).window == both[0].window


def test_an_estimate_that_is_over_is_none() -> None:
    over = Estimate(Window(day(5), day(5, hour=20)), day(5))
    grounds = attrs.evolve(EXPERIENCE, estimates=(over,))

    assert worked_out(ACCEPTED, grounds=grounds).basis is Basis.EXPERIENCE
    assert worked_out(ACCEPTED, grounds=grounds, at=over.window.latest).basis is Basis.CARRIER


def test_experience_counts_from_the_milestone_and_says_how_many_parcels_it_rests_on() -> None:
    found = worked_out(ACCEPTED)

    # A quarter took eight days, three quarters twelve; the fourth parcel is left out.
    assert found.window == Window(day(12), day(17))
    assert found.basis is Basis.EXPERIENCE
    assert found.parcels == 4
    assert found.milestone is Milestone.ACCEPTED


def test_experience_follows_the_parcel() -> None:
    found = worked_out(ACCEPTED, LAST_MILE, at=day(12))

    assert found.window == Window(day(13), day(14))
    assert found.milestone is Milestone.LAST_MILE


def test_experience_waits_with_the_parcel() -> None:
    """Those that had arrived by now tell nothing of this one."""
    performance = arrived_after(8, 10, 12, 14, 40, 40)
    grounds = Grounds(performance=performance, lane=LANE, offer="Economy")

    found = worked_out(ACCEPTED, grounds=grounds, at=day(16))

    assert found.parcels == 4
    assert found.window == Window(day(16), day(45))
    # In the course of a day, not before now.
    later = worked_out(ACCEPTED, grounds=grounds, at=day(16, hour=20))
    assert later.window == Window(day(16, hour=20), day(45))


def test_a_milestone_counts_from_when_it_was_first_seen() -> None:
    again = scan(Milestone.ACCEPTED, day(5, hour=20))

    assert worked_out(ACCEPTED, again) == worked_out(ACCEPTED)


def test_where_few_came_from_a_milestone_an_earlier_one_tells() -> None:
    rare = scan(Milestone.CUSTOMS_RELEASED, day(8))

    found = worked_out(ACCEPTED, rare, at=day(8))

    assert found.milestone is Milestone.ACCEPTED


def test_where_few_went_with_the_offer_the_lane_tells() -> None:
    few = arrived_after(3, 3, 3, offer="Express") + arrived_after(8, 10, 12)
    grounds = attrs.evolve(EXPERIENCE, performance=few, offer="Express")

    assert worked_out(ACCEPTED, grounds=grounds).parcels == 6


@pytest.mark.parametrize(
    "grounds",
    [
        attrs.evolve(EXPERIENCE, performance=arrived_after(8, 10, 12)),
        attrs.evolve(EXPERIENCE, lane=Lane(Country("HK"), Country("DE"))),
        attrs.evolve(EXPERIENCE, lane=None),
    ],
    ids=["too few", "another lane", "no lane"],
)
def test_without_experience_the_promise_stands_as_it_was_given(grounds: Grounds) -> None:
    found = worked_out(ACCEPTED, grounds=grounds)

    assert found == Arrival(window=PROMISED, basis=Basis.PROMISE)


def test_a_parcel_that_no_carrier_has_seen_is_promised_and_no_more() -> None:
    registered = scan(Milestone.REGISTERED, day(4))

    assert worked_out(registered).basis is Basis.PROMISE


HONG_KONG, NEW_YORK = Place(country="HK"), Place(country="US")
ROUTE: Final = Route(
    (RouteLeg(origin=HONG_KONG, destination=NEW_YORK, departs=day(6), arrives=day(9)),)
)


def test_a_timetable_goes_before_the_promise() -> None:
    grounds = Grounds(route=ROUTE, promised=PROMISED)

    assert worked_out(ACCEPTED, grounds=grounds).window == Window(day(9), day(9))
    assert worked_out(ACCEPTED, grounds=grounds).basis is Basis.TIMETABLE
    assert worked_out(ACCEPTED, grounds=grounds, at=day(9)).basis is Basis.TIMETABLE
    assert worked_out(ACCEPTED, grounds=grounds, at=day(10)).basis is Basis.PROMISE


def test_the_arrival_of_a_parcel_off_its_route_is_unknown() -> None:
    grounds = attrs.evolve(EXPERIENCE, route=ROUTE)
    astray = attrs.evolve(scan(Milestone.TRANSIT_HUB, day(6)), place=Place(country="AU"))

    found = worked_out(ACCEPTED, astray, grounds=grounds)

    assert found == Arrival(reason=Reason("misrouted", "the parcel went astray"))


@pytest.mark.parametrize(
    ("milestone", "code"),
    [
        (Milestone.MISROUTED, "misrouted"),
        (Milestone.LOST, "lost"),
        (Milestone.DAMAGED, "damaged"),
        (Milestone.DESTROYED, "destroyed"),
        (Milestone.RETURNING, "returned"),
        (Milestone.RETURNED, "returned"),
        (Milestone.CUSTOMS_HELD, "held"),
        (Milestone.HELD, "held"),
    ],
)
def test_where_a_parcel_does_not_go_on_its_arrival_is_unknown(
    milestone: Milestone, code: str
) -> None:
    found = worked_out(ACCEPTED, scan(milestone, day(6)))

    assert found.window is None
    assert found.basis is None
    assert found.reason is not None
    assert found.reason.code == code


def test_a_hold_has_an_end_once_the_carrier_names_one() -> None:
    before = Estimate(Window(day(14), day(15)), day(9))
    after = Estimate(Window(day(22), day(23)), day(11))

    def held(*estimates: Estimate) -> Arrival:
        grounds = attrs.evolve(EXPERIENCE, estimates=estimates)
        return worked_out(ACCEPTED, HELD, grounds=grounds, at=day(12))

    assert held(before).window is None
    assert held(before, after) == Arrival(window=after.window, basis=Basis.CARRIER)


def test_a_parcel_that_goes_on_is_expected_again() -> None:
    released = scan(Milestone.CUSTOMS_RELEASED, day(11))

    assert worked_out(ACCEPTED, HELD, released, at=day(11)).basis is Basis.EXPERIENCE


def test_what_is_over_is_no_ground() -> None:
    late = PROMISED.latest.add(seconds=1)
    estimate = Estimate(Window(day(11), day(12)), day(5))

    found = worked_out(ACCEPTED, grounds=Grounds(promised=PROMISED), at=late)
    estimated = worked_out(ACCEPTED, grounds=Grounds(estimates=(estimate,)), at=late)

    assert found.reason is not None
    assert found.reason.code == "overdue"
    assert found.reason.text.endswith("over since 2026-03-20T09:00:00Z")
    assert estimated.reason is not None
    assert estimated.reason.text.endswith("over since 2026-03-12T09:00:00Z")
    assert worked_out(ACCEPTED, grounds=Grounds(promised=PROMISED), at=PROMISED.latest).window


def test_without_any_ground_nobody_knows() -> None:
    found = worked_out(ACCEPTED, grounds=Grounds())

    assert found.reason == Reason("no_grounds", "nothing says when it arrives")


def test_what_was_seen_or_said_later_counts_for_nothing() -> None:
    later = Estimate(Window(day(11), day(12)), day(7))
    grounds = attrs.evolve(EXPERIENCE, estimates=(later,))
    lost = scan(Milestone.LOST, day(8))

    found = worked_out(ACCEPTED, lost, grounds=grounds, at=day(6))

    assert found == worked_out(ACCEPTED, at=day(6))


def test_a_scan_that_is_taken_back_tells_nothing() -> None:
    mistaken = scan(Milestone.LAST_MILE, day(6))
    back = scan(Milestone.LAST_MILE, day(7), voids=mistaken.key)

    found = worked_out(ACCEPTED, mistaken, back, at=day(7))

    assert found.milestone is Milestone.ACCEPTED


def test_a_parcel_that_is_sent_out_again_begins_anew() -> None:
    delivered, again = scan(Milestone.DELIVERED, day(9)), scan(Milestone.ACCEPTED, day(30))

    found = worked_out(ACCEPTED, LAST_MILE, delivered, again, at=day(30))

    assert found.window == Window(day(37), day(42))


def test_an_arrival_is_known_or_unknown() -> None:
    window = Window(day(1), day(2))
    with pytest.raises(InvalidValueError, match="contradicts itself"):
        Arrival()
    with pytest.raises(InvalidValueError, match="contradicts itself"):
        Arrival(window=window)
    with pytest.raises(InvalidValueError, match="contradicts itself"):
        Arrival(window=window, basis=Basis.PROMISE, reason=Reason("lost", "it is lost"))


def test_a_policy_has_its_percentages_in_order() -> None:
    with pytest.raises(InvalidValueError, match="percentage 10"):
        ArrivalPolicy(from_percent=50, to_percent=10)
    with pytest.raises(InvalidValueError, match="number of parcels 0"):
        ArrivalPolicy(parcels=0)


def test_what_may_be_to_come_is_not_seen_yet() -> None:
    """A delivery at a local time counts once it is surely past."""
    delivered = attrs.evolve(
        scan(Milestone.DELIVERED, day(6)), at=Moment.read("2026-03-06T09:00:00")
    )

    before = worked_out(ACCEPTED, delivered, at=instant("2026-03-06T20:59:59Z"))
    after = worked_out(ACCEPTED, delivered, at=instant("2026-03-06T21:00:00Z"))

    assert before.basis is Basis.EXPERIENCE
    assert after.basis is Basis.DELIVERED


def test_experience_from_a_local_time_spans_all_that_it_can_mean() -> None:
    """The days are counted from the earliest for the begin, and from the latest for the end."""
    began = attrs.evolve(ACCEPTED, at=Moment.read("2026-03-02T09:00:00"))

    found = worked_out(began, at=day(6))

    assert found.window is not None
    assert found.basis is Basis.EXPERIENCE
    assert found.window.earliest == began.at.earliest + timedelta(days=7)
    assert found.window.latest == began.at.latest + timedelta(days=12)
