"""What eDIS answers to getTracking, read into scans.

A *tracking detail* has a status, which eDIS documents as free text, and a description in English
and one in Chinese.  What they mean together is the milestone; where they contradict each other, the
scan is kept and moves nothing.  A status that eDIS also gives to packages is understood by its
table, and says too little to be a code where it is no more than "on its way": then the description
is the code.

>>> reading = read_scans({"trackingDetails": [
...     {"trackingNumber": "ES0000000000000UN0000000000N", "status": "ON_SHIPPING",
...      "descriptionEn": "Departed from Origin Country", "descriptionZh": "始发地出发",
...      "eventTime": "2026-03-04T01:00:00.000Z", "country": "CN", "city": None},
... ]})
>>> [(scan.code, scan.milestone.value) for scan in reading.parcels[0].scans]
[('Departed from Origin Country', 'departed_origin')]
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from apaclogistics.fulfilment import MEANING, Milestone
from apaclogistics.interop._phrases import Sense, understood
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    label,
    moment,
    number,
    opened,
    other_number,
    reading_of,
    sighted,
)
from apaclogistics.interop._speedpak_words import last_mile_number, speedpak_sense
from apaclogistics.tracking import Scan
from apaclogistics.values.places import Facility, Place

__all__ = ("STATUSES", "read_scans", "recognises")

_CARRIER: Final = "eDIS"
# Source: eDIS 1.1.0, PackageStatusEnum.  What is yet to be shipped is registered; what says that
# something is wrong and not what, moves nothing.
STATUSES: Final[Mapping[str, Milestone | None]] = MappingProxyType(
    {
        "DECLARED_FAILED": None,
        "PACKAGE_INFO_LACK": None,
        "NO_USEFUL_SHIPPING": None,
        "SELECTED_SHIPPING": None,
        "APPLIED_TRACKING_CODE": Milestone.REGISTERED,
        "TO_BE_SHIPPED": Milestone.REGISTERED,
        # The warehouse waits for the parcel, and not the buyer.
        "TO_BE_RECEIVED": Milestone.REGISTERED,
        "ON_SHIPPING": Milestone.IN_TRANSIT,
        "DELIVERED": Milestone.DELIVERED,
        "DELETED": None,
        "SHIPPED_ERROR": None,
        "DELIVERY_ERROR": Milestone.ATTEMPT_FAILED,
        "RETURNED": Milestone.RETURNED,
        "EXCEPTION": None,
        "FDCVALIDATIONFAILED": None,
    }
)


def recognises(payload: object) -> bool:
    """Tell by its shape alone whether a document holds answers of getTracking."""
    answers = payload if isinstance(payload, list) else [payload]
    return bool(answers) and all(
        isinstance(it, dict) and isinstance(it.get("trackingDetails"), list) for it in answers
    )


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read an answer of getTracking, or an array of several, one parcel for each number.

    A detail without a number is of the parcel that the others in its answer name.  An answer
    without details says neither yes nor no and gives a warning.  A time without a zone takes that
    of the facility, or is kept as local, with a warning; a detail without a readable time is left
    unread, with a warning.

    Raises:
        CodecErrors: if it is neither object nor array, no number can be told, or a value is of the
            wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    answers = document.items() if isinstance(document.value, list) else [document]
    reports = [report for answer in answers for report in _reports(answer, known)]
    return reading_of(document, reports, events=("trackingDetails",))


def _reports(answer: Cursor, facilities: tuple[Facility, ...]) -> list[Report]:
    details = answer["trackingDetails"].items()
    if not details:
        answer.doubt("indeterminate", "holds no tracking details, which is no answer: ask again")
    named = {it["trackingNumber"].glance.text_if_any() for it in details} - {""}
    shared = named.pop() if len(named) == 1 else ""
    return [_report(detail, shared, facilities) for detail in details]


def _report(detail: Cursor, shared: str, facilities: tuple[Facility, ...]) -> Report:
    own = detail["trackingNumber"]
    code = shared if shared and not own.text_if_any() else number(own)
    handed_on = {last_mile_number(text) for text in _texts(detail)} - {""}
    return Report(
        number=code,
        carrier=_CARRIER,
        sightings=sighted([detail], lambda it: _scan(it, code, facilities)),
        other_numbers=(*other_number(detail["lastMileTrackingNumber"]), *sorted(handed_on)),
    )


def _texts(detail: Cursor) -> tuple[str, str]:
    return detail["descriptionEn"].text_if_any(), detail["descriptionZh"].text_if_any()


def _scan(detail: Cursor, number: str, facilities: tuple[Facility, ...]) -> Scan | None:
    place = Place(country=detail["country"].text_if_any(), city=detail["city"].text_if_any())
    at = moment(detail["eventTime"], place=place, facilities=facilities)
    status, texts = detail["status"].text_if_any(), _texts(detail)
    if at is None:
        return None
    meant = _meant(detail, status, texts)
    text = next(filter(None, texts), "")
    return detail.built(
        lambda: Scan(
            carrier=_CARRIER,
            number=number,
            code=label(text if text and _says_little(status) else status),
            at=at,
            place=place,
            milestone=meant.milestone,
            incident=meant.incident,
            text=text,
        )
    )


def _meant(detail: Cursor, status: str, texts: tuple[str, str]) -> Sense:
    stated = Sense(STATUSES[status]) if status in STATUSES else speedpak_sense(status)
    if status in STATUSES and not any(texts):
        return stated
    return understood(detail, (stated, *map(speedpak_sense, texts)))


def _says_little(status: str) -> bool:
    """Tell whether a status does not tell one event from another."""
    milestone = STATUSES.get(status)
    known = status in STATUSES or not status
    return known and (milestone is None or MEANING[milestone].is_coarse)
