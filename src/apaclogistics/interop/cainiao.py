"""Cainiao: answers of its global tracking, in their three shapes, read into scans.

Today's answer has a list of modules with a `mailNo` and a `detailList`; older ones name a parcel by
its number and hold either *sections* with a list of details each, or a *logistics trace* with nodes.
The action code of a detail gives the milestone; where it has none, or one that says little, its
words do, in English or Chinese.

A detail shows the wall clock where it was made.  With the zone beside it that is an instant; without
one, a count of milliseconds is.  Where there is neither, the clock stays local.

Neither the order of details nor repeats matter, so warnings name one of them as
``detailList[*]``.

>>> reading = read_scans({"module": [{"mailNo": "LP00432432432", "copyRealMailNo": "RR473124829GB",
...     "detailList": [
...         {"timeStr": "2026-03-12 09:45:00", "timeZone": "GMT+1", "actionCode": "GTMS_SIGNED"},
...         {"timeStr": "2026-03-02 17:30:00", "timeZone": "GMT+8", "desc": "包裹已揽收"},
...     ]}]})
>>> parcel = reading.parcels[0]
>>> parcel.other_numbers, [(str(scan.at), scan.milestone.value) for scan in parcel.scans]
(('RR473124829GB',), [('2026-03-02T09:30:00Z', 'accepted'), ('2026-03-12T08:45:00Z', 'delivered')])
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from apaclogistics.interop._cainiao_codes import ACTION_CODES
from apaclogistics.interop._phrases import NOTHING, Sense, coded
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    first,
    holds,
    label,
    milliseconds,
    moment_of,
    number,
    number_of,
    opened,
    other_number,
    reading_of,
    sighted,
    with_zone,
)
from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = ("ACTION_CODES", "read_scans", "recognises")

_CARRIER: Final = "Cainiao"
_OTHER_NUMBERS: Final = ("copyRealMailNo", "lastMileTrackingNumber", "latestTrackingNumber")
# A number may come with a word before it, as in "Latest Tracking Number:\t36YPH337".
_LABELLED: Final = re.compile(r"(?:.*:)?\s*([A-Z0-9-]{4,40})\s*", re.ASCII | re.DOTALL)


def recognises(payload: object) -> bool:
    """Tell by its shape alone whether a document is an answer of Cainiao's."""
    if holds(payload, "module"):
        return _has_modules(payload)
    parcels = payload.get("data") if isinstance(payload, dict) else None
    return isinstance(parcels, dict) and any(map(_is_parcel, parcels.values()))


def _has_modules(payload: object) -> bool:
    modules = payload.get("module") if isinstance(payload, dict) else None
    return isinstance(modules, list) and any(holds(module, "mailNo") for module in modules)


def _is_parcel(value: object) -> bool:
    return holds(value, "sections") or holds(value, "logisticsTrace")


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read an answer of Cainiao's global tracking, one parcel for each module or number.

    A code that is not documented keeps its scan, with a warning, and its words count.  A time
    without a zone takes that of the facility, or is kept as local, with a warning; a detail without
    a readable time is left unread, with a warning.  An answer without parcels says neither yes nor
    no and gives a warning.

    Raises:
        CodecErrors: if it is no object, a parcel has no number, or a value is of the wrong type;
            all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    reports = [_report(parcel, code, known) for parcel, code in _parcels(document)]
    if not reports:
        document.doubt("indeterminate", "holds no parcel, which is no answer: ask again")
    return reading_of(document, reports, events=("detailList", "traceNodeList", "sections"))


def _parcels(document: Cursor) -> Iterator[tuple[Cursor, str]]:
    """Find every parcel and its number, which is a member or the name of one."""
    for module in document["module"].items():
        yield module, number(module["mailNo"])
    data = document["data"]
    for name in _names(data):
        yield data[name], number_of(data[name], name)


def _names(data: Cursor) -> list[str]:
    if isinstance(data.value, dict):
        return [str(name) for name in data.value]
    # What is there and has no members is of the wrong type.
    data["sections"].items()
    return []


def _report(parcel: Cursor, code: str, facilities: tuple[Facility, ...]) -> Report:
    details = _details(parcel)
    if not details:
        parcel.doubt("no_scans", "knows the parcel, and there is no scan of it")
    return Report(
        number=code,
        carrier=_CARRIER,
        sightings=sighted(details, lambda detail: _scan(detail, code, facilities)),
        other_numbers=_other_numbers(parcel),
    )


def _details(parcel: Cursor) -> list[Cursor]:
    listed = parcel["detailList"].items()
    in_sections = [it for part in parcel["sections"].items() for it in part["detailList"].items()]
    return [*listed, *in_sections, *parcel["logisticsTrace"]["traceNodeList"].items()]


def _other_numbers(parcel: Cursor) -> tuple[str, ...]:
    stated = [it for member in _OTHER_NUMBERS for it in other_number(parcel[member])]
    labelled = _LABELLED.fullmatch(parcel["realMailNo"].text_if_any()[:256])
    return (*stated, labelled[1]) if labelled else tuple(stated)


def _scan(detail: Cursor, number: str, facilities: tuple[Facility, ...]) -> Scan | None:
    place = Place(city=first(detail["city"], detail["location"]))
    at = _moment(detail, place, facilities)
    action, texts = detail["actionCode"].text_if_any(), _texts(detail)
    if at is None:
        return None
    meant = _meant(detail, action, texts)
    text = next(filter(None, texts), "")
    return detail.built(
        lambda: Scan(
            carrier=_CARRIER,
            number=number,
            code=action or label(text),
            at=at,
            place=place,
            milestone=meant.milestone,
            incident=meant.incident,
            text=text,
        )
    )


def _texts(detail: Cursor) -> tuple[str, ...]:
    """Give the words of a detail: the carrier's own, then Cainiao's name for such an event."""
    own = first(detail["desc"], detail["description"])
    return own, detail["standerdDesc"].text_if_any()


def _meant(detail: Cursor, action: str, texts: tuple[str, ...]) -> Sense:
    if action and action not in ACTION_CODES:
        text = f"{action[:64]!r} is not documented; its words count"
        detail["actionCode"].doubt("unknown_code", text)
    return coded(detail, ACTION_CODES.get(action, NOTHING), texts)


def _moment(detail: Cursor, place: Place, facilities: tuple[Facility, ...]) -> Moment | None:
    counted = detail["time"] if isinstance(detail["time"].value, int) else None
    shown = detail["timeStr"] if counted or detail.has("timeStr") else detail["time"]
    wall = shown.text_if_any()
    zoned = with_zone(wall, detail["timeZone"].text_if_any())
    if counted and not zoned:
        return milliseconds(counted)
    return moment_of(shown, zoned or wall, place=place, facilities=facilities)
