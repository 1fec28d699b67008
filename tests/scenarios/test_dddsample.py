"""The cargo of domain-driven design's sample application, told as parcels.

The neutral events of that domain are translated to scans: RECEIVE, LOAD, UNLOAD, CUSTOMS and CLAIM
with a port and a time.  Each scenario is told in every order of arrival, or in a thousand where
there are too many, and always comes out the same.

Source: citerus/dddsample-core, scenario/CargoLifecycleScenarioTest, domain/model/cargo/CargoTest
and infrastructure/sampledata/SampleVoyages (MIT); written anew, no code.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby, permutations
from math import factorial
from random import Random
from typing import Final

import pytest

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.routes import NextScan, Progress, Route, RouteLeg, progress
from apaclogistics.tracking import Scan, track
from apaclogistics.values.instants import Instant, Moment, instant
from apaclogistics.values.places import Place
from tests import real_data
from tests.real_data import DATA, with_data

FOLDER: Final = "dddsample"
BEGIN: Final = instant("2009-03-01T00:00:00Z")
# As many orders as are told where there are more.
MANY: Final = 1000
ALL: Final = factorial(7)

VOYAGES: Final = (
    "V100",
    "V200",
    "V300",
    "V400",
    "0100S",
    "0200T",
    "0300A",
    "0301S",
    "0400S",
)

MEANING: Final = {
    "RECEIVE": Milestone.ACCEPTED,
    "LOAD": Milestone.TRANSIT_HUB,
    "UNLOAD": Milestone.TRANSIT_HUB,
    "CUSTOMS": Milestone.IMPORT_CUSTOMS,
    "CLAIM": Milestone.DELIVERED,
}
ZONES: Final = {
    "Hongkong": "Asia/Hong_Kong",
    "Hangzhou": "Asia/Shanghai",
    "Shanghai": "Asia/Shanghai",
    "Tokyo": "Asia/Tokyo",
    "Melbourne": "Australia/Melbourne",
    "New York": "America/New_York",
    "Chicago": "America/Chicago",
    "Dallas": "America/Chicago",
    "Hamburg": "Europe/Berlin",
    "Rotterdam": "Europe/Amsterdam",
    "Stockholm": "Europe/Stockholm",
    "Helsinki": "Europe/Helsinki",
}


def port(name: str) -> Place:
    """Give a port by its name or code."""
    return Place(facility=name)


def handled(event: str, where: str, at: Moment) -> Scan:
    """Translate an event of that domain."""
    return Scan(
        carrier="VOYAGE",
        number="ABC",
        code=event,
        at=at,
        place=port(where),
        milestone=MEANING[event],
    )


def orders(scans: list[Scan]) -> Iterable[tuple[Scan, ...]]:
    """Give all orders of arrival, or many where there are too many."""
    if factorial(len(scans)) <= ALL:
        return permutations(scans)
    random = Random(len(scans))  # noqa: S311  # for repeats, not for secrets
    return (tuple(random.sample(scans, len(scans))) for _ in range(MANY))


def in_every_order(plan: Route, scans: list[Scan]) -> Progress:
    """Give the progress, which is the same in whatever order the scans arrive."""
    found = progress(plan, track(scans))
    for order in orders(scans):
        assert progress(plan, track(order)) == found
    return found


def event_of(data: object) -> Scan:
    """Read an event: its type, its port, and a time that only counts up."""
    match data:
        case [str() as event, str() as where, int() as hours]:
            return handled(event, where, Moment(instant(BEGIN + timedelta(hours=hours))))
        case _:
            raise AssertionError(data)


@with_data
def test_the_happy_path_is_happy_in_all_5040_orders() -> None:
    story = real_data.load(FOLDER, "happy_path_shanghai_gothenburg")
    match story:
        case {"itinerary": list(legs), "events": list(events), "expect": dict(expected)}:
            stops = [legs[0][1], *(leg[2] for leg in legs)]
        case _:
            raise AssertionError(story)
    scans = [event_of(event) for event in events]

    found = in_every_order(Route.through(*map(port, stops)), scans)

    assert factorial(len(scans)) == ALL
    assert found.is_misrouted is expected["misdirected"] is False
    assert found.is_at_destination is expected["unloaded_at_destination"] is True
    assert found.expected is None


@with_data
def test_only_unloading_at_the_destination_is_arriving_there() -> None:
    story = real_data.load(FOLDER, "unloaded_at_destination_steps")
    match story:
        case {"itinerary": list(stops), "steps": list(steps)}:
            plan = Route.through(*map(port, stops))
        case _:
            raise AssertionError(story)
    scans: list[Scan] = []

    for step in steps:
        scans += [event_of(step["add"])] if step["add"] else []

        found = in_every_order(plan, scans)

        assert found.is_at_destination is step["unloaded_at_destination"]
        assert not found.is_misrouted
    assert len(scans) == 4


@with_data
@pytest.mark.parametrize("name", VOYAGES)
def test_a_parcel_that_sails_a_whole_voyage_is_where_the_timetable_has_it(name: str) -> None:
    """Each of the voyages, two of which call at a port twice."""
    plan = dict(voyages())[name]
    scans = list(sailed(plan))

    before = progress(plan, track([]))
    found = in_every_order(plan, scans)

    assert before.expected == NextScan(Phase.ACCEPTED, plan.stops[0])
    assert before.arrives == found.arrives == plan.legs[-1].arrives
    assert not found.is_misrouted
    assert found.is_at_destination
    # Stop by stop, as the voyage goes.
    for count in range(1, len(plan.stops)):
        aboard = progress(plan, track(scans[: 2 * count]))
        assert aboard.expected == NextScan(Phase.IN_TRANSIT, plan.stops[count])


@with_data
@pytest.mark.parametrize("name", VOYAGES)
def test_a_parcel_that_is_unloaded_from_a_voyage_elsewhere_is_misrouted(name: str) -> None:
    plan = dict(voyages())[name]
    *rest, _ = sailed(plan)
    astray = handled("UNLOAD", "Reykjavik", Moment(instant(rest[-1].at.latest + timedelta(days=9))))

    found = in_every_order(plan, [*rest, astray])

    assert found.astray == astray
    assert found.is_misrouted
    assert found.arrives is None
    assert found.expected is None


@with_data
def test_the_voyages_are_all_there() -> None:
    assert tuple(name for name, _ in voyages()) == VOYAGES


def voyages() -> Iterator[tuple[str, Route]]:
    """Read the sample voyages as routes, with the times on the clocks of the ports."""
    with (DATA / FOLDER / "sample_voyages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name, stretches in groupby(rows, key=lambda row: row["voyage"]):
        legs = (
            RouteLeg(
                origin=port(row["departure_port"]),
                destination=port(row["stop"]),
                departs=at_port(row["departure_port"], row["departs"]),
                arrives=at_port(row["stop"], row["arrives"]),
            )
            for row in stretches
        )
        yield name, Route(tuple(legs))


def at_port(name: str, written: str) -> Instant:
    """Read a time of the timetable; a day without one means its first minute."""
    text = written if "T" in written else f"{written}T00:00"
    return Moment.read(text, ZONES[name]).earliest


def sailed(plan: Route) -> Iterator[Scan]:
    """Handle a parcel as the timetable says: received, loaded and unloaded at each leg, claimed."""
    first, last = plan.legs[0], plan.legs[-1]
    assert first.departs is not None
    assert last.arrives is not None
    yield at("RECEIVE", first.origin, instant(first.departs - timedelta(days=1)))
    for leg in plan.legs:
        assert leg.departs is not None
        assert leg.arrives is not None
        yield at("LOAD", leg.origin, leg.departs)
        yield at("UNLOAD", leg.destination, leg.arrives)
    yield at("CLAIM", last.destination, instant(last.arrives + timedelta(days=1)))


def at(event: str, place: Place, when: Instant) -> Scan:
    """Handle a parcel at a place."""
    return handled(event, place.facility, Moment(when))


BOOKED: Final = Route.through(*map(port, ("Hongkong", "New York", "Chicago", "Stockholm")))
REROUTED: Final = Route.through(
    *map(port, ("Tokyo", "Hamburg", "Stockholm")), since=instant("2009-03-06T00:00:00Z")
)
# What is seen on which day of March, and what comes next by the plan that holds then.
STORY: Final[tuple[tuple[Route, str, str, int, NextScan | None], ...]] = (
    # It is booked by way of America, received and put on board.
    (BOOKED, "RECEIVE", "Hongkong", 1, NextScan(Phase.IN_TRANSIT, port("New York"))),
    (BOOKED, "LOAD", "Hongkong", 3, NextScan(Phase.IN_TRANSIT, port("New York"))),
    # It is unloaded in Tokyo, where nobody expects it.
    (BOOKED, "UNLOAD", "Tokyo", 5, None),
    # It was given a new way, from where it is, and goes on; the past is not held against it.
    (REROUTED, "LOAD", "Tokyo", 8, NextScan(Phase.IN_TRANSIT, port("Hamburg"))),
    (REROUTED, "UNLOAD", "Hamburg", 12, NextScan(Phase.IN_TRANSIT, port("Stockholm"))),
    (REROUTED, "LOAD", "Hamburg", 14, NextScan(Phase.IN_TRANSIT, port("Stockholm"))),
    (REROUTED, "UNLOAD", "Stockholm", 15, NextScan(Phase.DELIVERED, port("Stockholm"))),
    (REROUTED, "CLAIM", "Stockholm", 16, None),
)


def told(chapters: int) -> list[Scan]:
    """Tell the first chapters of the story."""
    return [
        handled(event, where, Moment(instant(f"2009-03-{number:02}T12:00:00Z")))
        for _, event, where, number, _ in STORY[:chapters]
    ]


@pytest.mark.parametrize("chapters", range(1, len(STORY) + 1))
def test_a_cargo_is_unloaded_at_the_wrong_port_rerouted_and_arrives(chapters: int) -> None:
    """The classic story, from Hong Kong to Stockholm; nothing of it needs the data."""
    plan, event, where, _, expected = STORY[chapters - 1]

    found = in_every_order(plan, told(chapters))

    assert found.expected == expected
    assert found.is_misrouted == (where == "Tokyo" and event == "UNLOAD")
    assert found.is_at_destination == (where == "Stockholm")


def test_a_cargo_that_went_astray_is_no_longer_once_it_has_a_new_way() -> None:
    scans = told(3)

    before, after = in_every_order(BOOKED, scans), in_every_order(REROUTED, scans)

    assert before.astray == scans[-1]
    assert before.reached == port("Hongkong")
    assert not after.is_misrouted
    assert after.expected == NextScan(Phase.IN_TRANSIT, port("Hamburg"))


def test_who_hears_of_the_new_way_before_the_news_from_tokyo_waits_there() -> None:
    found = in_every_order(REROUTED, told(2))

    assert not found.is_misrouted
    assert found.expected == NextScan(Phase.ACCEPTED, port("Tokyo"))
