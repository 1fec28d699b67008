"""The laws of time: one instant, however it is written.

* What is written reads back.
* The offset in which an instant is written is irrelevant.
* Going through the door twice is going through it once.
* A wall clock shows an instant, and the instant can be told from it but for the hour that comes
  twice.
* A moment lies between the earliest and the latest instant that it can mean, in whatever zone.
* Moments sort by the earliest, then by how exact they are.
* No moment is surely by an instant and surely after it; of an exact one it is one of both.
* What is judged of a moment holds for every instant that it can mean.
* The first and the last of some moments can mean whatever those were.
* A window holds what lies between its ends.
"""

import datetime as stdlib

from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.testing.strategies import instants, moments, windows
from apaclogistics.values.instants import (
    Instant,
    Moment,
    Precision,
    Window,
    at_wall_clock,
    first_of,
    in_zone,
    instant,
    last_of,
    to_text,
)

ZONES = (
    "Asia/Hong_Kong",
    "Asia/Kathmandu",
    "America/New_York",
    "Australia/Lord_Howe",
    "UTC",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
)

zones = st.sampled_from(ZONES)
offsets = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: stdlib.timezone(stdlib.timedelta(minutes=minutes))
)
# Well within the calendar, so that hours can be added and taken away.
modern = instants(
    min_value=instant("1980-01-01T00:00:00Z"), max_value=instant("2060-01-01T00:00:00Z")
)
# The night in which New York puts its clocks back.
put_back = instants(
    min_value=instant("2026-11-01T04:00:00Z"), max_value=instant("2026-11-01T08:00:00Z")
)


@given(instants())
def test_what_is_written_reads_back(at: Instant) -> None:
    """With its class, its zone and its microseconds."""
    again = instant(to_text(at))

    assert again == at
    assert type(again) is type(at)
    assert again.timezone_name == at.timezone_name == "UTC"
    assert again.microsecond == at.microsecond


@given(modern, offsets)
def test_the_offset_in_which_an_instant_is_written_is_irrelevant(
    at: Instant, offset: stdlib.timezone
) -> None:
    """As text and as a datetime of the standard library."""
    there = stdlib.datetime.fromisoformat(to_text(at)).astimezone(offset)

    assert instant(there.isoformat()) == at
    assert instant(there) == at
    assert hash(instant(there)) == hash(at)


@given(instants())
def test_going_through_the_door_twice_is_going_once(at: Instant) -> None:
    """The same object comes back."""
    assert instant(at) is at


@given(modern | put_back, zones)
def test_a_wall_clock_tells_its_instant(at: Instant, name: str) -> None:
    """Or the one before, where the clock was put back and showed the same time twice."""
    there = in_zone(at, name)

    told = at_wall_clock(there.date(), there.time(), name)

    assert instant(there) == at
    assert told == at or (told < at and in_zone(told, name).time() == there.time())
    assert (at - told).total_seconds() in {0, 1800, 3600}


@given(modern, zones)
def test_a_local_time_can_mean_its_instant_in_every_zone(at: Instant, name: str) -> None:
    """Wherever the facility is, the instant lies between the earliest and the latest."""
    wall = in_zone(at, name).replace(tzinfo=None)

    local, day = Moment.read(wall.isoformat()), Moment.read(wall.date().isoformat())

    assert local.earliest <= at <= local.latest
    assert day.earliest <= at < day.latest
    assert day.earliest <= local.earliest <= local.latest < day.latest


@given(moments())
def test_a_moment_spans_as_much_as_its_precision_says(moment: Moment) -> None:
    """Nothing, 26 hours, or 50."""
    hours = {Precision.INSTANT: 0, Precision.LOCAL_TIME: 26, Precision.LOCAL_DAY: 50}

    assert moment.latest - moment.earliest == stdlib.timedelta(hours=hours[moment.precision])
    assert moment.is_exact == (moment.earliest == moment.latest)


@given(moments())
def test_what_a_moment_says_reads_back(moment: Moment) -> None:
    """Without the words that say how exact it is."""
    text = str(moment).removesuffix(" local time").removesuffix(" local day")

    assert Moment.read(text) == moment


@given(st.lists(moments(at=st.sampled_from([instant(f"2026-03-0{d}T10:00:00Z") for d in (1, 2)]))))
def test_moments_sort_by_the_earliest_instant(times: list[Moment]) -> None:
    """And never raise, though their precisions differ."""
    backwards = times[::-1]

    backwards.sort()

    assert backwards == sorted(times)
    assert [it.earliest for it in backwards] == sorted(it.earliest for it in times)


# Instants around the moments of a few days, so that neither verdict is rare.
near = instants(
    min_value=instant("2026-03-01T00:00:00Z"), max_value=instant("2026-03-06T00:00:00Z")
)
reported = moments(at=near)


def meant(reported: Moment) -> st.SearchStrategy[Instant]:
    """Give what a moment can mean."""
    return instants(min_value=reported.earliest, max_value=reported.latest)


@given(reported, near)
def test_no_moment_is_surely_by_an_instant_and_surely_after_it(told: Moment, at: Instant) -> None:
    """An inexact one may be neither."""
    assert not (told.is_surely_by(at) and told.is_surely_after(at))
    assert (told.is_by(at) is True) is told.is_surely_by(at)
    assert (told.is_by(at) is False) is told.is_surely_after(at)


@given(near, near)
def test_an_instant_is_by_another_or_after_it(told: Instant, at: Instant) -> None:
    """As instants are compared."""
    exact = Moment(told)

    assert exact.is_by(at) is exact.is_surely_by(at) is (told <= at)
    assert exact.is_surely_after(at) is (told > at)


@given(st.data(), reported, near)
def test_what_is_judged_of_a_moment_holds_however_it_is_meant(
    data: st.DataObject, told: Moment, at: Instant
) -> None:
    """So no two readings of one moment are told apart."""
    reading = data.draw(meant(told))

    assert told.is_by(at) in (None, reading <= at)


@given(st.data(), st.lists(reported, min_size=1, max_size=4))
def test_the_first_and_the_last_can_mean_whatever_they_were(
    data: st.DataObject, told: list[Moment]
) -> None:
    """However each is meant."""
    readings = [data.draw(meant(it)) for it in told]
    first, last = first_of(told), last_of(told)

    assert first is not None
    assert last is not None
    assert first.earliest <= min(readings) <= first.latest
    assert last.earliest <= max(readings) <= last.latest


@given(windows(), instants())
def test_a_window_holds_what_lies_between_its_ends(window: Window, at: Instant) -> None:
    """Both ends included."""
    assert (at in window) == (window.earliest <= at <= window.latest)
    assert window.earliest in window
    assert window.latest in window
