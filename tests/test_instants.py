"""Time comes in through one door: in UTC, or saying how inexact it is, or not at all."""

import datetime as stdlib
import pickle
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.instants import (
    Moment,
    Precision,
    Window,
    at_milliseconds,
    at_wall_clock,
    calendar_day,
    checked_span,
    duration_text,
    first_of,
    in_zone,
    instant,
    last_of,
    moment,
    shifted,
    time_of_day,
    to_text,
    zone,
)

MIDNIGHT = instant("2026-03-01T00:00:00Z")
HONG_KONG = "Asia/Hong_Kong"


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T00:00:00Z",
        "2026-03-01t00:00:00z",
        "2026-03-01 00:00Z",
        "2026-03-01T08:00:00+08:00",
        "2026-03-01T08:00:00+0800",
        "2026-03-01 08:00:00 +08",
        "2026-02-28T16:00:00-08:00",
        "2026-03-01T00:00:00.000000000Z",
        "2026-03-01T00:00:00,0Z",
        "2026-03-01T00:00:00-00:00",
        "2026-03-01T05:45:00+05:45",
    ],
)
def test_one_instant_is_written_in_many_ways(text: str) -> None:
    """Small letters, blanks, offsets with and without a colon: RFC 3339 and what feeds make of it."""
    read = instant(text)

    assert read == MIDNIGHT
    assert to_text(read) == "2026-03-01T00:00:00Z"
    assert read.timezone_name == "UTC"


@pytest.mark.parametrize(
    ("text", "microsecond"), [("0.5", 500_000), ("0,000001", 1), ("0.123456789", 123_456)]
)
def test_a_fraction_is_kept_to_the_microsecond(text: str, microsecond: int) -> None:
    """Digits after it are dropped."""
    assert instant(f"2026-03-01T00:00:0{text}Z").microsecond == microsecond


@pytest.mark.parametrize(
    "text", ["2026-03-01T08:00:00", "2026-03-01 08:00", "2026-03-01T08:00:00.5"]
)
def test_a_time_without_a_zone_is_never_taken_for_utc(text: str) -> None:
    """It is refused, and the message says how to write it."""
    with pytest.raises(InvalidValueError, match=r"has no zone; allowed: RFC 3339 with an offset"):
        instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "today",
        "2026-03-01",
        "1772323200",
        "01/03/2026",
        "2026-W09-7",
        "20260301T080000Z",
        "2026-03-01T08Z",
        "2026-03-01T08:00:00Z ",
        "2026-03-01T08:00:00 UTC",
        "PT1H",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    """Above all the words that a clock would have to be read for."""
    with pytest.raises(InvalidValueError, match="is no instant"):
        instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-03-01T25:00:00Z",
        "2026-03-01T00:60:00Z",
        "2026-12-31T23:59:60Z",
        "2026-03-01T00:00:00+25:00",
        "0000-01-01T00:00:00Z",
    ],
)
def test_an_instant_that_no_calendar_has_is_refused(text: str) -> None:
    """Python's own word for why is passed on."""
    with pytest.raises(InvalidValueError, match="does not exist"):
        instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "1899-12-31T23:59:59Z",
        "1900-01-01T00:00:00+00:01",
        "9999-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_an_instant_lies_between_1900_and_9998(text: str) -> None:
    """Its offset included, even where the calendar itself ends."""
    with pytest.raises(InvalidValueError, match="is out of range; allowed: years 1900 to 9998"):
        instant(text)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_772_323_200_000, "2026-03-01T00:00:00Z"),
        (-2_208_988_800_000, "1900-01-01T00:00:00Z"),
        (253_370_764_799_999, "9998-12-31T23:59:59.999Z"),
    ],
)
def test_milliseconds_since_1970_are_an_instant(count: int, text: str) -> None:
    """As some feeds count them."""
    assert to_text(at_milliseconds(count)) == text
    assert at_milliseconds(count) == instant(text)
    assert at_milliseconds(count).timezone_name == "UTC"


@pytest.mark.parametrize(
    "count", [-2_208_988_800_001, 253_370_764_800_000, 10**14 * 3, 10**17, -(10**17), 10**4000]
)
def test_milliseconds_beyond_the_calendar_are_refused(count: int) -> None:
    """However many they are."""
    with pytest.raises(InvalidValueError, match="out of range; allowed: years 1900 to 9998"):
        at_milliseconds(count)


@pytest.mark.parametrize("count", [True, 1.5, 1e300, "1772323200000", None])
def test_milliseconds_are_a_whole_number(count: object) -> None:
    """Seconds with a fraction are something else."""
    with pytest.raises(InvalidTypeError, match="a whole number"):
        at_milliseconds(count)  # type: ignore[arg-type]  # what a feed may give


def test_the_first_and_the_last_instant_are_instants() -> None:
    """The limits themselves are allowed."""
    assert to_text(instant("1900-01-01T00:00:00Z")) == "1900-01-01T00:00:00Z"
    assert to_text(instant("9998-12-31T00:00:00Z")) == "9998-12-31T00:00:00Z"
    assert to_text(instant("9998-12-31T23:59:59.999999Z")) == "9998-12-31T23:59:59.999999Z"


@pytest.mark.parametrize("tz", [stdlib.UTC, ZoneInfo(HONG_KONG), zone(HONG_KONG)])
def test_an_aware_datetime_becomes_an_instant_in_utc(tz: stdlib.tzinfo) -> None:
    """From the standard library as from pendulum; the class is always ours."""
    given = stdlib.datetime(2026, 3, 1, 8, tzinfo=tz)

    read = instant(given)

    assert read == given
    assert type(read) is type(MIDNIGHT)
    assert read.utcoffset() == stdlib.timedelta(0)


def test_an_instant_is_given_back_as_it_is() -> None:
    """Going through the door twice costs nothing and changes nothing."""
    assert instant(MIDNIGHT) is MIDNIGHT


def test_an_instant_on_a_wall_clock_comes_back_to_utc() -> None:
    """Also within the hour that comes twice."""
    there = in_zone(instant("2026-11-01T06:30:00Z"), "America/New_York")

    assert there.hour == 1
    assert to_text(instant(there)) == "2026-11-01T06:30:00Z"


def test_a_naive_datetime_is_refused() -> None:
    """Pendulum would take it for UTC."""
    naive = MIDNIGHT.replace(tzinfo=None)

    with pytest.raises(InvalidValueError, match="has no zone"):
        instant(naive)


class Vague(stdlib.tzinfo):
    """A zone that cannot say what its offset is."""

    def utcoffset(self, dt: stdlib.datetime | None) -> None:
        """Say nothing."""

    def dst(self, dt: stdlib.datetime | None) -> None:
        """Say nothing."""

    def tzname(self, dt: stdlib.datetime | None) -> None:
        """Say nothing."""


def test_a_datetime_whose_zone_knows_no_offset_is_refused() -> None:
    """Python, too, calls it naive."""
    vague = stdlib.datetime(2026, 3, 1, tzinfo=Vague())

    with pytest.raises(InvalidValueError, match="has no zone"):
        instant(vague)


@pytest.mark.parametrize("value", [0, 1_772_323_200.0, None, stdlib.date(2026, 3, 1)])
def test_a_number_or_a_day_is_no_instant(value: object) -> None:
    """Nobody knows whether it counts seconds or milliseconds."""
    with pytest.raises(InvalidTypeError, match="allowed: text or an aware datetime"):
        instant(value)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00Z"),
        ("2026-03-01T08:00:00.25+08:00", "2026-03-01T00:00:00.250Z"),
        ("2026-03-01T08:00:00.250001+08:00", "2026-03-01T00:00:00.250001Z"),
    ],
)
def test_an_instant_is_written_with_a_fraction_only_where_there_is_one(
    read: str, written: str
) -> None:
    """Of three digits if these are enough, and it reads back as the same."""
    exact = instant(read)

    assert to_text(exact) == written
    assert instant(written) == exact


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Asia",
        "Asia/Atlantis",
        "../Asia/Hong_Kong",
        "/etc/localtime",
        "zone.tab",
        "a" * 300,
        "\x00",
        "\ud800",
        "+08:00",
        "local",
        "Asia/Hong_Kong ",
    ],
    ids=ascii,
)
def test_a_zone_goes_by_its_iana_name(name: str) -> None:
    """Nothing else is looked for, least of all on the disk."""
    with pytest.raises(
        InvalidValueError,
        match=r"^time zone .* (is unknown|has half a char)",
    ):
        zone(name)


def test_a_zone_shows_an_instant_on_its_wall_clock() -> None:
    """The instant stays the same."""
    shown = in_zone(instant("2026-03-01T20:00:00Z"), HONG_KONG)

    assert (shown.day, shown.hour) == (2, 4)
    assert shown == instant("2026-03-01T20:00:00Z")


@pytest.mark.parametrize(
    ("day", "clock", "name", "expected"),
    [
        ("2026-03-01", "08:00", HONG_KONG, "2026-03-01T00:00:00Z"),
        ("2026-03-01", "00:00:30", "Asia/Kathmandu", "2026-02-28T18:15:30Z"),
        # Skipped in the night to summer time: moved forward by the gap.
        ("2026-03-08", "02:30", "America/New_York", "2026-03-08T07:30:00Z"),
        # Shown twice in the night to winter time: the first is meant.
        ("2026-11-01", "01:30", "America/New_York", "2026-11-01T05:30:00Z"),
    ],
)
def test_a_wall_clock_shows_a_time_once(day: str, clock: str, name: str, expected: str) -> None:
    """Daylight saving leaves no doubt which instant is meant."""
    at = at_wall_clock(calendar_day(day), time_of_day(clock), name)

    assert to_text(at) == expected


def test_a_wall_clock_beyond_the_calendar_is_refused() -> None:
    """With our own error."""
    with pytest.raises(InvalidValueError, match="is out of range"):
        at_wall_clock(stdlib.date(9999, 12, 31), stdlib.time(23), "America/New_York")


def test_a_calendar_day_is_written_as_year_month_day() -> None:
    """It has no zone and no time."""
    assert calendar_day("2028-02-29") == stdlib.date(2028, 2, 29)
    assert type(calendar_day("2028-02-29")) is stdlib.date


@pytest.mark.parametrize(
    "text", ["", "2026-3-1", "20260301", "2026-03-01T00:00", "today", "2026-03"]
)
def test_what_is_no_calendar_day_is_refused(text: str) -> None:
    """An instant is not a day either."""
    with pytest.raises(InvalidValueError, match=r"is no calendar day; allowed: YYYY-MM-DD"):
        calendar_day(text)


def test_a_day_that_no_month_has_is_refused() -> None:
    """2026 is no leap year."""
    with pytest.raises(InvalidValueError, match="'2026-02-29' does not exist"):
        calendar_day("2026-02-29")


def test_a_time_of_day_has_hours_and_minutes_and_perhaps_seconds() -> None:
    """And no zone."""
    assert time_of_day("09:30") == stdlib.time(9, 30)
    assert time_of_day("23:59:59") == stdlib.time(23, 59, 59)


@pytest.mark.parametrize(
    "text", ["", "9:30", "24:00", "12:60", "12:00:60", "12:00Z", "noon", "12:00:00.5"]
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    """A zone stands in a field of its own."""
    with pytest.raises(InvalidValueError, match="is no time of day; allowed: HH:MM or HH:MM:SS"):
        time_of_day(text)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (stdlib.timedelta(0), "0 min"),
        (stdlib.timedelta(seconds=59), "0 min"),
        (stdlib.timedelta(minutes=25), "25 min"),
        (stdlib.timedelta(hours=4), "4 h 0 min"),
        (stdlib.timedelta(hours=23, minutes=59), "23 h 59 min"),
        (stdlib.timedelta(days=3), "3 d"),
        (stdlib.timedelta(days=3, minutes=59), "3 d"),
        (stdlib.timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
        (stdlib.timedelta(days=-3, hours=-4), "3 d 4 h"),
    ],
)
def test_a_span_of_time_is_said_as_people_do(span: stdlib.timedelta, text: str) -> None:
    """In its two largest units, early or late."""
    assert duration_text(span) == text


def test_a_window_holds_both_its_ends() -> None:
    """And nothing outside them."""
    window = Window("2026-03-01T00:00Z", "2026-03-02T00:00Z")

    assert window.earliest in window
    assert window.latest in window
    assert in_zone(window.latest, HONG_KONG) in window
    assert window.earliest.subtract(microseconds=1) not in window
    assert window.latest.add(microseconds=1) not in window
    assert str(window) == "2026-03-01T00:00:00Z to 2026-03-02T00:00:00Z"


def test_a_window_may_be_one_instant() -> None:
    """A promise to the second is a promise, too."""
    assert MIDNIGHT in Window(MIDNIGHT, MIDNIGHT)


def test_a_window_does_not_end_before_it_begins() -> None:
    """The message says both ends."""
    with pytest.raises(InvalidValueError) as caught:
        Window("2026-03-02T00:00Z", "2026-03-01T00:00Z")

    assert str(caught.value) == (
        "window '2026-03-01T00:00:00Z' ends early; allowed: from 2026-03-02T00:00:00Z on"
    )


def test_a_moment_with_an_offset_is_an_instant() -> None:
    """The zone of the facility is not asked for."""
    moment = Moment.read(" 2026-03-01T08:00:00+08:00 ", "America/New_York")

    assert moment == Moment(MIDNIGHT)
    assert moment.is_exact
    assert moment.earliest == moment.latest == MIDNIGHT
    assert str(moment) == "2026-03-01T00:00:00Z"


def test_a_local_time_takes_the_zone_of_the_facility_where_it_is_known() -> None:
    """Then it is exact."""
    assert Moment.read("2026-03-01 08:00", HONG_KONG) == Moment(MIDNIGHT)


def test_a_local_time_without_a_zone_says_so() -> None:
    """It can mean any instant from its reading in UTC+14 to that in UTC-12."""
    moment = Moment.read("2026-03-01T08:00:00")

    assert moment.precision is Precision.LOCAL_TIME
    assert not moment.is_exact
    assert to_text(moment.earliest) == "2026-02-28T18:00:00Z"
    assert to_text(moment.latest) == "2026-03-01T20:00:00Z"
    assert str(moment) == "2026-03-01T08:00:00 local time"


def test_a_day_alone_says_so() -> None:
    """It begins in UTC+14 and ends in UTC-12, a day and 26 hours later, whatever zone is known."""
    moment = Moment.read("2026-03-01", HONG_KONG)

    assert moment.precision is Precision.LOCAL_DAY
    assert to_text(moment.earliest) == "2026-02-28T10:00:00Z"
    assert to_text(moment.latest) == "2026-03-02T12:00:00Z"
    assert str(moment) == "2026-03-01 local day"


def test_moments_sort_by_the_earliest_instant_that_they_can_mean() -> None:
    """Of equally early ones an instant comes first, then a day, then a time."""
    early = instant("2026-02-28T10:00:00Z")
    exact, day, time = Moment(early), Moment.read("2026-03-01"), Moment.read("2026-03-01T00:00:00")
    later = Moment(early.add(microseconds=1))

    assert day.earliest == time.earliest == early
    assert len({exact, day, time}) == 3
    assert sorted([later, time, day, exact]) == [exact, day, time, later]


def test_a_moment_is_surely_after_another_only_if_no_reading_says_otherwise() -> None:
    """Two days, or two local times, are read on one clock; a day and an instant are not."""
    day, next_day = Moment.read("2026-03-01"), Moment.read("2026-03-02")
    within, beyond = Moment.read("2026-03-02T12:00:00Z"), Moment.read("2026-03-02T12:00:01Z")

    assert next_day.is_surely_after(day)
    assert beyond.is_surely_after(day)
    assert beyond.is_surely_after(within)
    assert not within.is_surely_after(day)
    assert not within.is_surely_after(within)
    assert not day.is_surely_after(next_day)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-03-01T", "01.03.2026", "08:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    """Feeds that write other forms are read by their own adapters."""
    with pytest.raises(InvalidValueError, match=r"is no time; allowed: .*, or without its zone"):
        Moment.read(text)


FORM = "RFC 3339 with an offset, as in '2026-03-01T08:00:00+08:00' or '2026-03-01T00:00:00Z'"


@pytest.mark.parametrize(
    ("read", "text", "sentence"),
    [
        (instant, "now", f"instant 'now' is no instant; allowed: {FORM}"),
        (instant, "2026-03-01T08:00", f"instant '2026-03-01T08:00' has no zone; allowed: {FORM}"),
        (
            instant,
            "1776-07-04T12:00:00Z",
            "instant '1776-07-04 12:00:00+00:00' is out of range; allowed: years 1900 to 9998",
        ),
        (calendar_day, "today", "day 'today' is no calendar day; allowed: YYYY-MM-DD"),
        (time_of_day, "9", "time of day '9' is no time of day; allowed: HH:MM or HH:MM:SS"),
        (zone, "Mars", "time zone 'Mars' is unknown; allowed: an IANA name"),
        (Moment.read, "soon", f"time 'soon' is no time; allowed: {FORM}, or without its zone"),
    ],
)
def test_a_refused_time_is_explained_in_one_sentence(
    read: Callable[[str], object], text: str, sentence: str
) -> None:
    """What it was for, what was given, what is wrong, and what would be right."""
    with pytest.raises(InvalidValueError) as caught:
        read(text)

    assert str(caught.value) == sentence


@pytest.mark.parametrize("text", ["2026-02-30", "2026-02-30T10:00", "2026-03-01T24:30:00+01:00"])
def test_a_time_that_does_not_exist_is_refused(text: str) -> None:
    """In each of the three precisions."""
    with pytest.raises(InvalidValueError, match=f"{re.escape(repr(text))} does not exist"):
        Moment.read(text)


def test_a_local_time_before_1900_is_refused() -> None:
    """The earliest instant that it can mean lies outside."""
    with pytest.raises(InvalidValueError, match="is out of range"):
        Moment.read("1900-01-01")


def test_times_pickle() -> None:
    """Scenarios send them between processes."""
    times = (MIDNIGHT, Window(MIDNIGHT, MIDNIGHT), Moment.read("2026-03-01"))

    copies = pickle.loads(pickle.dumps(times))  # noqa: S301  # made one line above

    assert copies == times
    assert [type(copy) for copy in copies] == [type(time) for time in times]


@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01T00:00:00"])
def test_a_local_time_in_the_year_one_is_refused_with_our_own_error(text: str) -> None:
    """A feed's way to say "unknown" that is often seen."""
    with pytest.raises(InvalidValueError):
        Moment.read(text)


def test_an_instant_on_a_wall_clock_is_written_in_utc() -> None:
    """`in_zone` gives an instant, and an instant has one writing."""
    there = in_zone(MIDNIGHT, HONG_KONG)

    assert to_text(there) == to_text(MIDNIGHT)


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("2026-03-02T00:00:00Z", [False, True, True, True]),
        ("2026-03-01T12:00:00", [None, True, True, True]),
        ("2026-03-02T12:00:00", [False, None, None, True]),
        ("2026-03-02", [None, None, None, True]),
    ],
)
def test_a_moment_is_by_an_instant_only_if_no_reading_says_otherwise(
    text: str, verdicts: list[bool | None]
) -> None:
    """Judged from noon to noon, every half day and the day after next."""
    told = Moment.read(text)
    asked = [instant(f"2026-03-0{day}Z") for day in ("1T12:00", "2T00:00", "2T12:00", "4T12:00")]

    assert [told.is_by(at) for at in asked] == verdicts
    assert [told.is_surely_by(at) for at in asked] == [it is True for it in verdicts]
    assert [told.is_surely_after(at) for at in asked] == [it is False for it in verdicts]


def test_a_moment_is_moved_with_all_that_it_can_mean() -> None:
    """A local time a week later is a local time."""
    assert Moment.read("2026-03-01T08:00:00").plus(stdlib.timedelta(days=7)) == Moment.read(
        "2026-03-08T08:00:00"
    )
    assert Moment.read("2026-03-08").plus(stdlib.timedelta(days=-7)) == Moment.read("2026-03-01")


# a span, then where it leads
FAR = [
    (stdlib.timedelta.max, "9998-12-31T23:59:59.999999Z"),
    (stdlib.timedelta(days=-50_000), "1900-01-01T00:00:00Z"),
    (stdlib.timedelta.min, "1900-01-01T00:00:00Z"),
    (stdlib.timedelta(days=1), "2026-03-02T08:00:00Z"),
    (stdlib.timedelta(), "2026-03-01T08:00:00Z"),
]


@pytest.mark.parametrize(("span", "text"), FAR)
def test_an_instant_is_moved_to_the_end_of_the_calendar_at_most(
    span: stdlib.timedelta, text: str
) -> None:
    """As is a moment; what is that far is as good as never."""
    at = instant("2026-03-01T08:00:00Z")

    assert shifted(at, span) == instant(text)
    assert Moment(at).plus(span) == Moment(instant(text))
    assert shifted(instant(text), stdlib.timedelta()) == instant(text)


def test_the_last_local_day_is_meant_until_the_calendar_ends() -> None:
    """Its latest reading would lie in the year 9999."""
    assert to_text(Moment.read("9998-12-31").latest) == "9998-12-31T23:59:59.999999Z"


@pytest.mark.parametrize("days", [0, 36_525])
def test_a_span_of_time_is_up_to_a_century(days: int) -> None:
    """Both ends included."""
    span = stdlib.timedelta(days=days)

    assert checked_span("patience", span) is span


def test_a_span_of_time_is_neither_negative_nor_endless_nor_a_number() -> None:
    """Said by the name of what waits."""
    for wrong in (stdlib.timedelta(microseconds=-1), stdlib.timedelta.max):
        with pytest.raises(InvalidValueError, match=r"patience .* allowed: 0 to 36525 days"):
            checked_span("patience", wrong)
    with pytest.raises(InvalidTypeError, match="patience is given as int; allowed: a timedelta"):
        checked_span("patience", 7)


def test_a_moment_is_made_of_what_says_when() -> None:
    """Itself, an instant, or what a carrier wrote; a datetime without a zone is refused."""
    local = Moment.read("2026-03-01T08:00:00")

    assert moment(local) is local
    assert moment(MIDNIGHT) == moment("2026-03-01T08:00:00+08:00") == Moment(MIDNIGHT)
    assert moment("2026-03-01T08:00:00") == local
    with pytest.raises(InvalidValueError, match="has no zone"):
        moment(stdlib.datetime(2026, 3, 1))  # noqa: DTZ001  # the very thing that is refused
    with pytest.raises(InvalidTypeError):
        moment(7)  # type: ignore[arg-type]  # what a host may pass


def test_the_first_and_the_last_of_some_moments_can_mean_whatever_those_were() -> None:
    """An exact one within an inexact one is neither, though it sorts after it."""
    day, within = Moment.read("2026-03-02"), Moment.read("2026-03-02T12:00:00Z")

    assert day < within
    assert first_of([within, day]) == last_of([within, day]) == day
    assert (first_of([]), last_of([])) == (None, None)
