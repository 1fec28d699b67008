"""SpeedPAK: answers of Orange Connex's public trace feed, read into scans.

A *waybill* has *traces* without codes, each with a text in English and a label in Chinese.  What
they mean together is the milestone, and the English text, or else the label, is the code.  Where
the two contradict each other, the scan is kept and moves nothing.

One parcel has two numbers: that of the last mile comes in the text of a trace, or as a member, and
is among the other numbers of the parcel.  A number that the carrier does not know is named in a
warning.  An answer that says nothing at all is not a "no": it gives a warning too.

Neither the order of traces nor repeats matter, so warnings name one of them as ``traces[*]``.

>>> reading = read_scans({"success": True, "result": {"notExistsTrackingNumbers": [], "waybills": [
...     {"trackingNumber": "ES0000000000000UN0000000000N", "traces": [
...         {"oprTimestamp": 1772442000000, "oprCity": "Shenzhen", "oprCountry": "CN",
...          "eventDesc": "Package Received", "eventDescCn": "包裹已揽收"},
...         {"oprTimestamp": 1772971200000, "oprCountry": "US",
...          "eventDesc": "LM Carrier: [Uni Uni] , LM tracking No.: [UUS00T0000000000000]"},
...     ]},
... ]}})
>>> parcel = reading.parcels[0]
>>> parcel.other_numbers, [scan.milestone.value for scan in parcel.scans]
(('UUS00T0000000000000',), ['accepted', 'last_mile'])
"""

from collections.abc import Iterable
from typing import Final

from apaclogistics.interop._phrases import understood
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    label,
    milliseconds,
    moment,
    number,
    opened,
    other_number,
    reading_of,
    sighted,
)
from apaclogistics.interop._speedpak_words import last_mile_number, speedpak_sense
from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = ("read_scans", "recognises")

_CARRIER: Final = "SpeedPAK"
_OTHER_NUMBERS: Final = ("lastMileTrackingNumber", "websiteTrackingNumber")


def recognises(payload: object) -> bool:
    """Tell by its shape alone whether a document is an answer of the trace feed."""
    answer = payload.get("result", payload) if isinstance(payload, dict) else None
    if not isinstance(answer, dict):
        return False
    return any(
        isinstance(answer.get(member), list) for member in ("waybills", "notExistsTrackingNumbers")
    )


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read an answer of the trace feed, with its envelope or without, one parcel for each waybill.

    Times are counted in milliseconds since 1970.  Where that is missing the local text stands for
    it, which takes the zone of the facility or is kept as local, with a warning; a trace without a
    readable time is left unread, with a warning.

    Raises:
        CodecErrors: if it is no object, a waybill has no number, or a value is of the wrong type;
            all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    answer = document["result"] if document.has("result") else document
    waybills = answer["waybills"].items()
    _doubt_answer(document, answer, waybills)
    reports = [_report(waybill, known) for waybill in waybills]
    return reading_of(document, reports, events=("traces", "notExistsTrackingNumbers"))


def _doubt_answer(document: Cursor, answer: Cursor, waybills: list[Cursor]) -> None:
    """Doubt what an answer says as a whole."""
    unknown = answer["notExistsTrackingNumbers"].items()
    for place in unknown:
        place.doubt("no_such_number", f"the carrier knows no tracking number {place.text()[:64]}")
    if document.has("success") and not document["success"].flag_if_any():
        document["success"].doubt("not_done", "the feed could not do what it was asked")
    if not waybills and not unknown:
        text = "neither knows a parcel nor says that it knows none, which is no answer: ask again"
        document.doubt("indeterminate", text)


def _report(waybill: Cursor, facilities: tuple[Facility, ...]) -> Report:
    code = number(waybill["trackingNumber"])
    traces = waybill["traces"].items()
    if not traces:
        waybill.doubt("no_scans", "knows the parcel, and there is no scan of it")
    return Report(
        number=code,
        carrier=_CARRIER,
        sightings=sighted(traces, lambda trace: _scan(trace, code, facilities)),
        other_numbers=_other_numbers(waybill, traces),
    )


def _other_numbers(waybill: Cursor, traces: list[Cursor]) -> tuple[str, ...]:
    stated = [it for member in _OTHER_NUMBERS for it in other_number(waybill[member])]
    texts = (text for trace in traces for text in _texts(trace.glance))
    handed_on = sorted({last_mile_number(text) for text in texts} - {""})
    if len(handed_on) > 1:
        waybill.doubt("two_last_miles", f"names {len(handed_on)} numbers of the last mile")
    return (*stated, *handed_on)


def _texts(trace: Cursor) -> tuple[str, str]:
    return trace["eventDesc"].text_if_any(), trace["eventDescCn"].text_if_any()


def _scan(trace: Cursor, number: str, facilities: tuple[Facility, ...]) -> Scan | None:
    place = Place(country=trace["oprCountry"].text_if_any(), city=trace["oprCity"].text_if_any())
    at = _moment(trace, place, facilities)
    if at is None:
        return None
    english, chinese = _texts(trace)
    meant = understood(trace, map(speedpak_sense, (english, chinese)))
    text = english or chinese
    return trace.built(
        lambda: Scan(
            carrier=_CARRIER,
            number=number,
            code=label(text),
            at=at,
            place=place,
            milestone=meant.milestone,
            incident=meant.incident,
            text=text,
        )
    )


def _moment(trace: Cursor, place: Place, facilities: tuple[Facility, ...]) -> Moment | None:
    counted = trace["oprTimestamp"]
    exact = None if counted.is_absent else milliseconds(counted)
    return exact or moment(trace["oprTime"], place=place, facilities=facilities)
