"""What every reader of scans gives back, and what readers of scans have in common.

A reader finds the reports in a document, one for each parcel, and the scans in each report.  Neither
the order of reports and scans nor repeats matter, so a warning names one of many as ``events[*]``.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Final

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import Milestone
from apaclogistics.interop._reading import Cursor, Doubt, in_order, refuse_faults
from apaclogistics.tracking import Scan, merge
from apaclogistics.values.fields import MOST_LABEL
from apaclogistics.values.identifiers import tracking_number
from apaclogistics.values.instants import Moment, at_milliseconds
from apaclogistics.values.places import Facility, Place, zone_at

__all__ = (
    "ParcelReading",
    "Report",
    "ScanReading",
    "doubt_return",
    "doubt_unseen",
    "first",
    "first_moment",
    "found",
    "holds",
    "is_shown",
    "label",
    "milliseconds",
    "moment",
    "moment_of",
    "number",
    "number_of",
    "opened",
    "other_number",
    "reading_of",
    "relay",
    "sighted",
    "undocumented",
    "with_zone",
)

_NOWHERE: Final = Place()
# A warning shows no more of a word than it takes to find it.
_LONGEST_SHOWN: Final = 64

_OFFSET: Final = re.compile(
    r"(?:GMT|UTC)?\s?([+-])(0?\d|1[0-4])(?::?([0-5]\d))?", re.ASCII | re.IGNORECASE
)
_WALL_CLOCK: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?", re.ASCII)

# A tracking may say these of itself without a scan.
_STILL: Final = (None, Milestone.REGISTERED, Milestone.STALE)

# To recognise a format it is enough to look so deep, and at so many values on each level.
_LEVELS: Final = 7
_VALUES: Final = 100


@attrs.frozen(kw_only=True)
class ParcelReading:
    """One parcel: its number as reported, who reports on it, and what was seen of it.

    `other_numbers` are those under which it travels too, such as that of the last mile.  `expected`
    is when the feed expects it to be delivered, as exactly as it says.
    """

    number: str
    carrier: str
    scans: tuple[Scan, ...]
    other_numbers: tuple[str, ...] = ()
    expected: Moment | None = None


@attrs.frozen(kw_only=True)
class ScanReading:
    """What was read of a document with scans.

    `warnings` are what is doubtful in it, `unread` the paths of all leaves that no scan carries.
    """

    parcels: tuple[ParcelReading, ...]
    warnings: tuple[Doubt, ...]
    unread: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Report:
    """One report on a parcel: its scans, each with the place in the document it was read at."""

    number: str
    carrier: str
    sightings: tuple[tuple[Cursor, Scan], ...]
    other_numbers: tuple[str, ...] = ()
    expected: Moment | None = None


def opened(payload: object) -> Cursor:
    """Begin to read a document with scans, which is an object or an array."""
    document = Cursor.open(payload)
    if not isinstance(payload, dict | list):
        document.needed().fault("is neither an object nor an array")
    return document


def holds(value: object, *names: str) -> bool:
    """Tell whether this is an object with something under each of these names."""
    return isinstance(value, dict) and all(value.get(name) is not None for name in names)


def found(
    node: Cursor, is_one: Callable[[object], bool], doors: tuple[str, ...]
) -> Iterator[Cursor]:
    """Find all of a kind from here on, in arrays and in the members of objects that are doors.

    What is none and leads to none is named in a warning.
    """
    if is_one(node.value):
        yield node
        return
    if isinstance(node.value, list):
        inner = node.items()
    else:
        inner = [node[door] for door in _open_doors(node.value, doors)]
    if not inner:
        node.doubt("no_tracking", f"{_nothing(node.value)} holds no tracking")
    for place in inner:
        yield from found(place, is_one, doors)


def _open_doors(value: object, doors: tuple[str, ...]) -> list[str]:
    if not isinstance(value, dict):
        return []
    found = [door for door in doors if isinstance(value.get(door), dict | list)]
    # Behind one that is empty there is nothing to miss, unless all are.
    return [door for door in found if value[door]] or found[:1]


def _nothing(value: object) -> str:
    if isinstance(value, dict):
        return "an object without a known member"
    return "an empty array" if isinstance(value, list) else "a mere value"


def is_shown(payload: object, is_one: Callable[[object], bool], doors: tuple[str, ...]) -> bool:
    """Tell by a quick look whether there is one of a kind, where `found` would find it.

    Looks at no more than some hundred values, and never raises.
    """
    level = [payload]
    for _ in range(_LEVELS):
        if any(map(is_one, level)):
            return True
        level = list(islice(chain.from_iterable(_inside(it, doors) for it in level), _VALUES))
    return False


def _inside(value: object, doors: tuple[str, ...]) -> Iterable[object]:
    if isinstance(value, dict):
        return [value[door] for door in _open_doors(value, doors)]
    return value if isinstance(value, list) else ()


def reading_of(
    document: Cursor, reports: Iterable[Report], *, events: tuple[str, ...]
) -> ScanReading:
    """Give what was read, if nothing was at fault.

    `events` are the names of the arrays whose order says nothing, so that no path counts in them;
    "$" is the whole document.

    Raises:
        CodecErrors: if there were faults; all at once, with their paths.
    """
    found = tuple(reports)
    refuse_faults([document.log])
    parcels = _parcels_of(found)
    one_of_them = re.compile(rf"((?:^|\.)(?:{'|'.join(map(re.escape, events))}))\[[0-9]+\]")

    def any_event(path: str) -> str:
        return one_of_them.sub(r"\1[*]", path)

    doubts = (attrs.evolve(doubt, path=any_event(doubt.path)) for doubt in document.log.doubts)
    return ScanReading(
        parcels=parcels,
        warnings=in_order(doubts),
        unread=tuple(sorted({any_event(path) for path in document.unread()})),
    )


def _parcels_of(reports: Iterable[Report]) -> tuple[ParcelReading, ...]:
    """Bring the reports of each parcel together, in the order of carrier and number.

    Order and repetition are irrelevant.  Where two reports of one scan differ, the fuller stays and
    the other is doubted and left unread.
    """
    by_parcel: dict[tuple[str, str], list[Report]] = {}
    for report in reports:
        by_parcel.setdefault((report.carrier, report.number), []).append(report)
    return tuple(_parcel(*key, by_parcel[key]) for key in sorted(by_parcel))


def _parcel(carrier: str, number: str, reports: list[Report]) -> ParcelReading:
    sightings = [sighting for report in reports for sighting in report.sightings]
    scans = merge(scan for _, scan in sightings)
    kept = frozenset(scans)
    for place, scan in sightings:
        if scan not in kept:
            # A text that stands for a code may name a person, so it is not shown.
            what = "a scan" if scan.code == scan.text else scan.code
            text = f"{what} at {scan.at} is reported in two ways; the fuller one stays"
            place.doubt("two_reports", text)
            place.disown()
    others = {other for report in reports for other in report.other_numbers} - {number}
    expected = (report.expected for report in reports if report.expected is not None)
    return ParcelReading(
        number=number,
        carrier=carrier,
        scans=scans,
        other_numbers=tuple(sorted(others)),
        # Of several, the latest: who promises the earlier one would be held to it.
        expected=max(expected, default=None),
    )


def sighted(
    places: Iterable[Cursor], read: Callable[[Cursor], Scan | None]
) -> tuple[tuple[Cursor, Scan], ...]:
    """Read the scan at each place; one that cannot be read is left out, and all of it unread."""
    seen: list[tuple[Cursor, Scan]] = []
    for place in places:
        scan = read(place)
        if scan is None:
            place.disown()
        else:
            seen.append((place, scan))
    return tuple(seen)


def number(place: Cursor) -> str:
    """Read a tracking number that must be there, as it is written."""
    return place.built(lambda: _written_number(place.text())) or ""


def number_of(place: Cursor, text: str) -> str:
    """Take a text for a tracking number that must be there, such as the name of a member."""
    return place.built(lambda: _written_number(text)) or ""


def other_number(place: Cursor) -> tuple[str, ...]:
    """Read a further number of the same parcel, if there is one."""
    text = place.text_if_any()
    written = place.built(lambda: _written_number(text)) if text else None
    return () if written is None else (written,)


def _written_number(text: str) -> str:
    tracking_number(text)
    return text


def moment(
    time: Cursor, *, place: Place = _NOWHERE, facilities: Iterable[Facility] = ()
) -> Moment | None:
    """Read when something happened; None, with a warning, where that is no time.

    A time without a zone takes that of the facility that holds the place; where none is known it
    stays local, with a warning.
    """
    text = time.glance.text_if_any()
    read = moment_of(time, text, place=place, facilities=facilities)
    if read is not None:
        time.text_if_any()
    return read


def moment_of(
    time: Cursor, text: str, *, place: Place = _NOWHERE, facilities: Iterable[Facility] = ()
) -> Moment | None:
    """Understand the text of a time that stands at `time`, or is put together from several places."""
    try:
        read = Moment.read(text, zone_at(facilities, place))
    except InvalidValueError:
        time.doubt("unreadable_time", f"{text[:_LONGEST_SHOWN]!r} is no time and is left out")
        return None
    if not read.is_exact:
        given = read.precision.value
        time.doubt("local_time", f"{text[:_LONGEST_SHOWN]!r} has no zone and is kept as {given}")
    return read


def with_zone(wall: str, zone: str) -> str:
    """Write the time of a wall clock with a zone such as "GMT+8", or give the empty text.

    Empty is what has a zone of its own, is no time of day, or has a zone that says no offset.
    """
    offset = _OFFSET.fullmatch(zone.strip())
    if offset is None or not _WALL_CLOCK.fullmatch(wall.strip()):
        return ""
    sign, hours, minutes = offset.groups(default="00")
    return f"{wall.strip()}{sign}{hours.zfill(2)}:{minutes}"


def milliseconds(time: Cursor) -> Moment | None:
    """Read when something happened, counted from 1970; None, with a warning, where that is no time."""
    count = time.value
    if not isinstance(count, int) or isinstance(count, bool):
        time.doubt("unreadable_time", "is no whole number of milliseconds and is left out")
        return None
    try:
        read = Moment(at_milliseconds(count))
    except InvalidValueError:
        time.doubt("unreadable_time", "is beyond the calendar and is left out")
        return None
    time.whole(count)
    return read


def label(text: str) -> str:
    """Give a text that serves as a code, as it is written and not without end."""
    return text[:MOST_LABEL]


def first(*places: Cursor) -> str:
    """Read the first text that says something; another that says something else stays unread."""
    texts = [place.text_if_any() for place in places]
    chosen = next(filter(None, texts), "")
    for place, text in zip(places, texts, strict=True):
        if text != chosen:
            place.disown()
    return chosen


def first_moment(*times: Cursor) -> Moment | None:
    """Read the first time that is told; the others stay unread."""
    told = next((time for time in times if time.glance.text_if_any()), None)
    return None if told is None else moment(told)


def undocumented(place: Cursor, *words: str, counts: str = "") -> None:
    """Doubt words that are in no table of the feed.

    `counts` is what their scan is understood by all the same, empty where that is nothing.
    """
    said = " with ".join(repr(word[:_LONGEST_SHOWN]) for word in words)
    so = f"{counts} counts alone" if counts else "it moves nothing"
    place.doubt("unknown_status", f"{said} is not documented; {so}")


def relay(message: Cursor) -> None:
    """Hand on, as a warning, what a carrier says beside the scans."""
    said = message.text_if_any()[:MOST_LABEL]
    message.doubt("carrier_warns", f"the carrier says {said!r}")


def doubt_return(flag: Cursor) -> None:
    """Doubt a tracking that says that it is of a return, since no scan of it can say so."""
    if flag.glance.flag_if_any():
        text = "the parcel goes back: what is delivered is delivered to its sender"
        flag.doubt("is_return", text)


def doubt_unseen(status: Cursor, milestone: Milestone | None) -> None:
    """Doubt a status by which a parcel moves of which there is no scan."""
    if milestone not in _STILL:
        status.doubt("no_scans", "says that the parcel moves, and there is no scan of it")
