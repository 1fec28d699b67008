"""UPU: the event records that posts exchange on an item (EMSEVT V3, M40), read into scans.

Every post tells the others what it did with an item in events of three letters; `EVENTS` gives the
milestone of each.  Posts exchange them as EDIFACT, and there is no single public JSON of them, so
what is read here is a plain record with EMSEVT's data elements:

* ``item``, the S10 identifier, and ``event``, the code;
* ``at``, when it happened, with an offset or in the local time of the office;
* ``office``, its IMPC code ("HKHKGA"), ``country`` and ``city``, as far as they are known;
* ``reason`` and ``action``: why customs retain an item (EME) or it could not be delivered (EMH),
  and what was done about it then, in the words in which posts publish them;
* ``signatory``, who took it (EMI); ``carrier``, if it is to be another word than "UPU".

>>> reading = read_scans([
...     {"item": "RR473124829GB", "event": "EMC", "at": "2026-03-03T04:00:00Z", "office": "GBLALA"},
...     {"item": "RR473124829GB", "event": "EMH", "at": "2026-03-11T10:00:00+08:00",
...      "country": "HK", "reason": "Addressee not available"},
... ])
>>> [(scan.milestone.value, str(scan.place), scan.incident) for scan in reading.parcels[0].scans]
[('departed_origin', 'GBLALA, GB', None), ('attempt_failed', 'HK', <Incident.NOT_AVAILABLE: 'not available'>)]
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    moment,
    number,
    opened,
    reading_of,
    sighted,
)
from apaclogistics.tracking import Scan
from apaclogistics.values.identifiers import S10Number
from apaclogistics.values.places import Facility, Place

__all__ = ("ACTIONS", "EVENTS", "REASONS", "read_scans", "recognises")

# Source: UPU M40, event codes of EMSEVT V3.  Two are known and say nothing of where the item is.
EVENTS: Final[Mapping[str, Milestone | None]] = MappingProxyType(
    {
        "EMA": Milestone.ACCEPTED,
        "EMB": Milestone.EXPORT_PROCESSING,
        "EXA": Milestone.EXPORT_PROCESSING,
        "EXB": Milestone.EXPORT_HELD,
        "EXC": Milestone.EXPORT_PROCESSING,
        "EXD": Milestone.EXPORT_HELD,
        "EXX": None,
        "EMC": Milestone.DEPARTED_ORIGIN,
        "EMJ": Milestone.TRANSIT_HUB,
        "EMK": Milestone.TRANSIT_HUB,
        "EMD": Milestone.ARRIVED_DESTINATION,
        "EDA": Milestone.CUSTOMS_HELD,
        "EDB": Milestone.IMPORT_CUSTOMS,
        "EME": Milestone.CUSTOMS_HELD,
        "EDC": Milestone.CUSTOMS_RELEASED,
        "EMF": Milestone.CUSTOMS_RELEASED,
        "EDD": Milestone.LAST_MILE,
        "EDE": Milestone.LAST_MILE,
        "EMG": Milestone.LAST_MILE,
        "EDF": Milestone.LAST_MILE,
        "EDG": Milestone.OUT_FOR_DELIVERY,
        "EDH": Milestone.AWAITING_COLLECTION,
        "EMH": Milestone.ATTEMPT_FAILED,
        "EMI": Milestone.DELIVERED,
        "EDX": Milestone.RETURNING,
        "EMX": None,
    }
)
# Source: the reasons of EME and EMH as posts show them to the public.  The figures that stand for
# them in EMSEVT are not published; a caller who has the UPU's lists passes them.
REASONS: Final[Mapping[str, Incident]] = MappingProxyType(
    {
        "addressee cannot be located": Incident.ADDRESS_NOT_FOUND,
        "addressee moved": Incident.INCORRECT_ADDRESS,
        "addressee not available": Incident.NOT_AVAILABLE,
        "business closed": Incident.BUSINESS_CLOSED,
        "force majeure": Incident.FORCE_MAJEURE,
        "import restrictions": Incident.REGULATORY_HOLD,
        "incorrect address": Incident.INCORRECT_ADDRESS,
        "insufficient address": Incident.INCORRECT_ADDRESS,
        "item damaged": Incident.PARCEL_DAMAGED,
        "item wrongly directed": Incident.SORTING_ERROR,
        "missing documentation": Incident.CUSTOMS_DOCUMENTATION,
        "missing or incorrect documentation": Incident.CUSTOMS_DOCUMENTATION,
        "payment of charges": Incident.DUTIES_UNPAID,
        "payment of duties": Incident.DUTIES_UNPAID,
        "prohibited articles": Incident.PROHIBITED,
        "refused": Incident.REFUSED,
        "refused by addressee": Incident.REFUSED,
        "selected for inspection": Incident.CUSTOMS_INSPECTION,
    }
)
# Source: the measures of EMH as posts show them.  Only these change what an attempt means.
ACTIONS: Final[Mapping[str, Milestone]] = MappingProxyType(
    {
        "item returned to sender": Milestone.RETURNING,
        "return to sender": Milestone.RETURNING,
        "returned to sender": Milestone.RETURNING,
    }
)

# Source: UPU S34, international mail processing centres: the country, then four letters or digits.
_IMPC: Final = re.compile(r"([A-Z]{2})[A-Z0-9]{4}", re.ASCII)


def recognises(payload: object) -> bool:
    """Tell by its shape alone whether a document holds event records."""
    events = payload.get("events") if isinstance(payload, dict) else payload
    return (
        isinstance(events, list)
        and bool(events)
        and all(isinstance(it, dict) and "item" in it and "event" in it for it in events)
    )


def read_scans(
    payload: object,
    *,
    facilities: Iterable[Facility] = (),
    reasons: Mapping[str, Incident] = REASONS,
) -> ScanReading:
    """Read event records, in an array or in the `events` of an object, one parcel for each item.

    A code or reason that is not in the tables keeps its scan, with a warning.  So does a hold at
    customs without a reason, which stops no clock of performance, and a departure from another
    country than the item's own: it was mis-sent, or is on its way back.  A time without a zone
    takes that of the facility, or is kept as local, with a warning; a scan without a readable time
    is left unread, with a warning.

    `reasons` gives the incident for a reason, whose letters and spacing do not matter.

    Raises:
        CodecErrors: if it is neither object nor array, a record lacks its item or event, or a
            value is of the wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    named = {_word(reason): incident for reason, incident in reasons.items()}
    reports = [_report(record, known, named) for record in _records(document)]
    return reading_of(document, reports, events=("events", "$"))


def _records(document: Cursor) -> list[Cursor]:
    if isinstance(document.value, list):
        return document.items()
    if not document.has("events"):
        document.doubt("no_events", "holds no event records")
    return document["events"].items()


def _report(
    record: Cursor, facilities: tuple[Facility, ...], reasons: Mapping[str, Incident]
) -> Report:
    item = number(record["item"])
    carrier = record["carrier"].text_if_any() or "UPU"
    _doubt_item(record["item"].glance, item)
    sightings = sighted([record], lambda it: _scan(it, carrier, item, facilities, reasons))
    return Report(number=item, carrier=carrier, sightings=sightings)


def _doubt_item(place: Cursor, item: str) -> None:
    if item and _origin_of(item) is None:
        place.doubt("no_s10", "is no S10 identifier")


def _origin_of(item: str) -> str | None:
    """Give the country that issued an S10 identifier, or None if it is none."""
    try:
        return S10Number.parse(item).country
    except InvalidValueError:
        return None


def _scan(
    record: Cursor,
    carrier: str,
    item: str,
    facilities: tuple[Facility, ...],
    reasons: Mapping[str, Incident],
) -> Scan | None:
    place = _place(record)
    at = moment(record["at"], place=place, facilities=facilities)
    code = record["event"].text()
    if at is None:
        return None
    incident = _incident(record["reason"], code, reasons)
    milestone = _milestone(record, code)
    _doubt_departure(record["event"], code, item, place)
    took = record["signatory"].text_if_any() if milestone is Milestone.DELIVERED else ""
    said = (record[member].text_if_any() for member in ("reason", "action"))
    return record.built(
        lambda: Scan(
            carrier=carrier,
            number=item,
            code=code,
            at=at,
            place=place,
            milestone=milestone,
            incident=incident,
            recipient=took,
            is_signed=bool(took),
            text="; ".join(filter(None, said)),
        )
    )


def _place(record: Cursor) -> Place:
    office = record["office"].text_if_any()
    known = _IMPC.fullmatch(office)
    return Place(
        country=record["country"].text_if_any() or (known[1] if known else ""),
        city=record["city"].text_if_any(),
        facility=office,
    )


def _milestone(record: Cursor, code: str) -> Milestone | None:
    if code not in EVENTS:
        record["event"].doubt(
            "unknown_event", f"{code[:64]!r} is no event of EMSEVT; it moves nothing"
        )
    milestone = EVENTS.get(code)
    if milestone is not Milestone.ATTEMPT_FAILED:
        return milestone
    return ACTIONS.get(_word(record["action"].text_if_any()), milestone)


def _incident(place: Cursor, code: str, reasons: Mapping[str, Incident]) -> Incident | None:
    reason = place.text_if_any()
    if code == "EME" and not reason:
        place.doubt("no_reason", "says nothing of why customs hold it; the carrier's clock runs on")
    if reason and _word(reason) not in reasons:
        place.doubt("unknown_reason", f"{reason[:64]!r} is not in the list of reasons")
    return reasons.get(_word(reason))


def _doubt_departure(event: Cursor, code: str, item: str, place: Place) -> None:
    origin = _origin_of(item)
    if code == "EMC" and origin and place.country not in ("", origin):
        text = f"leaves {place.country}, and is an item of {origin}: mis-sent, or on its way back"
        event.doubt("departs_abroad", text)


def _word(text: str) -> str:
    return " ".join(text.split()).casefold()
