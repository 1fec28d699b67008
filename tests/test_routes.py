"""Routes: what is planned, held against what happened."""

import pytest

from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.routes import NextScan, Progress, Route, RouteLeg, progress
from apaclogistics.tracking import Scan, ScanKey, track
from apaclogistics.values.instants import Instant, Moment
from apaclogistics.values.places import Place
from tests.samples import day

SHENZHEN = Place(country="CN", city="Shenzhen")
LIEGE = Place(country="BE", city="Liège", facility="LGG")
BERLIN = Place(country="DE", city="Berlin")
PLAN = Route.through(SHENZHEN, LIEGE, BERLIN)
NOWHERE = Place()


def seen(
    milestone: Milestone | None, at: Instant, place: Place, *, voids: ScanKey | None = None
) -> Scan:
    """Give a scan at a place."""
    code = milestone.value if milestone else "?"
    return Scan(
        carrier="YANWEN",
        number="N1",
        code=code,
        at=Moment(at),
        place=place,
        milestone=milestone,
        voids=voids,
    )


LEFT = seen(Milestone.ACCEPTED, day(1), SHENZHEN)
AT_THE_HUB = seen(Milestone.TRANSIT_HUB, day(4), LIEGE)
ARRIVED = seen(Milestone.ARRIVED_DESTINATION, day(6), BERLIN)
DELIVERED = seen(Milestone.DELIVERED, day(8), BERLIN)
IN_PRAGUE = seen(Milestone.TRANSIT_HUB, day(5), Place(country="CZ", city="Prague"))


def progressed(*scans: Scan, plan: Route = PLAN) -> Progress:
    """Hold a plan against some scans."""
    return progress(plan, track(scans))


def test_a_parcel_that_nobody_has_seen_is_expected_at_its_origin() -> None:
    found = progressed()

    assert found.reached is None
    assert found.expected == NextScan(Phase.ACCEPTED, SHENZHEN)
    assert not found.is_misrouted
    assert not found.is_at_destination


@pytest.mark.parametrize(
    ("scans", "reached", "expected"),
    [
        ((LEFT,), SHENZHEN, NextScan(Phase.IN_TRANSIT, LIEGE)),
        ((LEFT, AT_THE_HUB), LIEGE, NextScan(Phase.IN_TRANSIT, BERLIN)),
        ((LEFT, AT_THE_HUB, ARRIVED), BERLIN, NextScan(Phase.DELIVERED, BERLIN)),
        ((LEFT, AT_THE_HUB, ARRIVED, DELIVERED), BERLIN, None),
        # The hub was not scanned, which is nothing to wonder at.
        ((LEFT, ARRIVED), BERLIN, NextScan(Phase.DELIVERED, BERLIN)),
    ],
)
def test_the_plan_says_what_comes_next(
    scans: tuple[Scan, ...], reached: Place, expected: NextScan | None
) -> None:
    found = progressed(*scans)

    assert (found.reached, found.expected) == (reached, expected)
    assert found.is_at_destination == (reached == BERLIN)


def test_a_parcel_that_is_handled_off_the_plan_is_misrouted() -> None:
    found = progressed(LEFT, AT_THE_HUB, IN_PRAGUE)

    assert found.is_misrouted
    assert found.astray == IN_PRAGUE
    assert found.reached == LIEGE
    assert found.expected is None


def test_a_parcel_that_is_seen_on_the_plan_again_is_astray_no_more() -> None:
    found = progressed(LEFT, IN_PRAGUE, ARRIVED)

    assert not found.is_misrouted
    assert found.astray is None
    assert found.is_at_destination


def test_a_parcel_that_leaves_its_destination_for_elsewhere_is_there_no_more() -> None:
    onwards = seen(Milestone.TRANSIT_HUB, day(7), IN_PRAGUE.place)

    found = progressed(LEFT, ARRIVED, onwards)

    assert found.is_misrouted
    assert not found.is_at_destination


def test_a_parcel_is_misrouted_if_the_carrier_says_so() -> None:
    said = seen(Milestone.MISROUTED, day(5), NOWHERE)

    found = progressed(LEFT, AT_THE_HUB, said)

    assert found.is_misrouted
    assert found.astray is None
    assert found.expected is None


def test_a_late_scan_of_an_earlier_stop_moves_nothing_back() -> None:
    late = seen(Milestone.TRANSIT_HUB, day(5), SHENZHEN)

    found = progressed(LEFT, AT_THE_HUB, late)

    assert found.reached == LIEGE
    assert not found.is_misrouted


@pytest.mark.parametrize(
    "milestone", [Milestone.IMPORT_CUSTOMS, Milestone.CUSTOMS_HELD, Milestone.CUSTOMS_RELEASED]
)
def test_customs_may_clear_a_parcel_elsewhere_and_ahead_of_it(milestone: Milestone) -> None:
    elsewhere = seen(milestone, day(5), IN_PRAGUE.place)
    ahead = seen(milestone, day(5, hour=12), BERLIN)

    found = progressed(LEFT, AT_THE_HUB, elsewhere, ahead)

    assert found.reached == LIEGE
    assert not found.is_misrouted


@pytest.mark.parametrize("milestone", [Milestone.REGISTERED, Milestone.DELAYED, None])
def test_what_is_no_handling_shows_the_parcel_nowhere(milestone: Milestone | None) -> None:
    found = progressed(LEFT, seen(milestone, day(5), IN_PRAGUE.place))

    assert found.reached == SHENZHEN
    assert not found.is_misrouted


def test_a_scan_that_says_little_contradicts_nothing() -> None:
    somewhere = seen(Milestone.TRANSIT_HUB, day(4), NOWHERE)
    in_belgium = seen(Milestone.TRANSIT_HUB, day(5), Place(country="be"))

    assert progressed(LEFT, somewhere).reached == SHENZHEN
    assert progressed(LEFT, somewhere, in_belgium).reached == LIEGE


@pytest.mark.parametrize(
    "milestone",
    [
        Milestone.OUT_FOR_DELIVERY,
        Milestone.AWAITING_COLLECTION,
        Milestone.ATTEMPT_FAILED,
        Milestone.DELIVERED,
    ],
)
def test_what_happens_at_the_door_needs_no_place(milestone: Milestone) -> None:
    found = progressed(LEFT, seen(milestone, day(6), NOWHERE))

    assert found.is_at_destination


def test_a_parcel_that_is_delivered_elsewhere_went_astray() -> None:
    found = progressed(LEFT, seen(Milestone.DELIVERED, day(6), IN_PRAGUE.place))

    assert found.is_misrouted
    assert not found.is_at_destination


def test_a_transit_scan_after_the_delivery_leads_nobody_astray() -> None:
    late = seen(Milestone.TRANSIT_HUB, day(9), IN_PRAGUE.place)

    found = progressed(LEFT, DELIVERED, late)

    assert not found.is_misrouted
    assert found.is_at_destination


def test_a_scan_that_is_taken_back_leads_nobody_astray() -> None:
    back = seen(Milestone.TRANSIT_HUB, day(6), IN_PRAGUE.place, voids=IN_PRAGUE.key)

    assert not progressed(LEFT, IN_PRAGUE, back).is_misrouted


def test_the_way_back_is_no_part_of_the_plan() -> None:
    back = seen(Milestone.RETURNING, day(9), IN_PRAGUE.place)
    home = seen(Milestone.RETURNED, day(20), SHENZHEN)

    for scans in ((back,), (back, home)):
        found = progressed(LEFT, ARRIVED, DELIVERED, *scans)

        assert not found.is_misrouted
        assert found.expected is None
        assert found.reached == BERLIN


def test_nothing_is_expected_of_a_parcel_that_is_lost() -> None:
    found = progressed(LEFT, seen(Milestone.LOST, day(9), NOWHERE))

    assert found.expected is None


def test_a_parcel_that_is_sent_out_again_begins_anew() -> None:
    again = seen(Milestone.ACCEPTED, day(9), SHENZHEN)

    found = progressed(LEFT, ARRIVED, DELIVERED, again)

    assert found.reached == SHENZHEN
    assert not found.is_at_destination


def test_a_route_may_come_by_a_place_twice() -> None:
    plan = Route.through(LIEGE, BERLIN, LIEGE, SHENZHEN)
    scans = [seen(Milestone.TRANSIT_HUB, day(n), it) for n, it in enumerate(plan.stops, start=1)]

    found = [progressed(*scans[:count], plan=plan).expected for count in range(1, 5)]

    assert [it.place if it else None for it in found] == [BERLIN, LIEGE, SHENZHEN, SHENZHEN]


def test_a_stop_of_this_very_name_goes_before_one_that_may_have_been_meant() -> None:
    germany = Place(country="DE")
    plan = Route.through(SHENZHEN, germany, BERLIN)

    found = progressed(LEFT, ARRIVED, plan=plan)

    assert found.is_at_destination


def test_what_was_seen_before_a_new_plan_is_not_held_against_it() -> None:
    prague = IN_PRAGUE.place
    plan = Route.through(LIEGE, BERLIN, since=day(6))

    assert progressed(LEFT, IN_PRAGUE, plan=PLAN).is_misrouted
    assert not progressed(LEFT, IN_PRAGUE, plan=plan).is_misrouted
    assert progressed(LEFT, seen(Milestone.TRANSIT_HUB, day(7), prague), plan=plan).is_misrouted


def test_a_timetable_says_when_a_parcel_arrives_unless_it_is_astray() -> None:
    by_train = Route(
        (
            RouteLeg(origin=SHENZHEN, destination=LIEGE, departs=day(2), arrives=day(16)),
            RouteLeg(origin=LIEGE, destination=BERLIN, departs=day(17), arrives=day(18)),
        )
    )

    assert progressed(LEFT, plan=by_train).arrives == day(18)
    assert progressed(LEFT, IN_PRAGUE, plan=by_train).arrives is None
    assert progressed(LEFT).arrives is None


def leg(**changed: object) -> RouteLeg:
    """Give a leg with a timetable."""
    given: dict[str, object] = {
        "origin": SHENZHEN,
        "destination": LIEGE,
        "departs": day(2),
        "arrives": day(3),
    }
    return RouteLeg(**(given | changed))  # type: ignore[arg-type]  # what is refused


def test_a_route_is_a_plan_without_gaps() -> None:
    with pytest.raises(InvalidValueError, match="has no leg"):
        Route(())
    with pytest.raises(InvalidValueError, match="begins elsewhere"):
        Route((leg(), leg()))
    with pytest.raises(InvalidValueError, match="leads nowhere"):
        leg(destination=NOWHERE)
    with pytest.raises(InvalidValueError, match="leads nowhere"):
        leg(origin=NOWHERE)
    with pytest.raises(InvalidValueError, match="leads nowhere"):
        leg(destination=SHENZHEN)


def test_the_times_of_a_route_go_forward() -> None:
    with pytest.raises(InvalidValueError, match="is early"):
        leg(arrives=day(1))
    with pytest.raises(InvalidValueError, match="is early"):
        Route((leg(), RouteLeg(origin=LIEGE, destination=BERLIN, departs=day(2, hour=20))))

    assert str(leg()) == "SHENZHEN, CN to LGG, LIÈGE, BE"
