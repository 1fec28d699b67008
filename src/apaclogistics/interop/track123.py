"""Track123: answers of its tracking API, new and old, read into scans.

The present API answers with what was *accepted* and what was *rejected*.  An accepted shipment has
the tracking details of the first carrier and, where another one delivers, its number and details of
the last mile; each detail has a sub-status, and a text in the carrier's words.  The older form is
one flat object with *tracks*, which have words only, often Chinese.

A sub-status gives the milestone; where it says no more than that the parcel is in transit, the words
do, and are the code.  A rejected number is named in a warning.

Neither the order of details nor repeats matter, so warnings name one of them as
``trackingDetails[*]``.

>>> reading = read_scans({
...     "tracking_number": "SF1234567890123", "carrier": {"code": "sf"},
...     "tracks": [{"checkpoint_time": "2026-03-13T22:15:00+08:00", "location": "北京转运中心",
...                 "tracking_detail": "已到达【北京转运中心】"}],
... })
>>> [(scan.milestone.value, str(scan.at)) for scan in reading.parcels[0].scans]
[('transit_hub', '2026-03-13T14:15:00Z')]
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final

import attrs

from apaclogistics.fulfilment import MEANING, Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._codes import meanings
from apaclogistics.interop._phrases import NOTHING, Sense, coded
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    first,
    holds,
    label,
    moment,
    moment_of,
    number,
    opened,
    other_number,
    reading_of,
    sighted,
    with_zone,
)
from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = ("SUB_STATUSES", "read_scans", "recognises")

# Source: Track123 API, transit sub-statuses.  Our decision: their milestones.  ABNORMAL_03 is
# damaged, lost or discarded at once, ABNORMAL_04 cancelled, ABNORMAL_08 anything else.
SUB_STATUSES: Final[Mapping[str, Sense]] = meanings(
    {
        Sense(Milestone.REGISTERED): "INFO_RECEIVED_01",
        Sense(Milestone.IN_TRANSIT): "IN_TRANSIT_01",
        Sense(Milestone.TRANSIT_HUB): "IN_TRANSIT_02",
        Sense(Milestone.CUSTOMS_RELEASED): "IN_TRANSIT_03",
        Sense(Milestone.EXPORT_PROCESSING): "IN_TRANSIT_04 IN_TRANSIT_05",
        Sense(Milestone.DEPARTED_ORIGIN): "IN_TRANSIT_08",
        Sense(Milestone.ARRIVED_DESTINATION): "IN_TRANSIT_06",
        Sense(Milestone.LAST_MILE): "IN_TRANSIT_07",
        Sense(Milestone.OUT_FOR_DELIVERY): "WAITING_DELIVERY_01",
        Sense(Milestone.AWAITING_COLLECTION): "WAITING_DELIVERY_02",
        Sense(Milestone.DELAYED): "WAITING_DELIVERY_03",
        Sense(Milestone.DELIVERED): "DELIVERED_01 DELIVERED_02 DELIVERED_03 DELIVERED_04",
        Sense(Milestone.ATTEMPT_FAILED, Incident.INCORRECT_ADDRESS): "DELIVERY_FAILED_01",
        Sense(Milestone.ATTEMPT_FAILED, Incident.NOT_HOME): "DELIVERY_FAILED_02",
        Sense(Milestone.ATTEMPT_FAILED, Incident.NOT_AVAILABLE): "DELIVERY_FAILED_03",
        Sense(Milestone.ATTEMPT_FAILED): "DELIVERY_FAILED_04",
        Sense(Milestone.ATTEMPT_FAILED, Incident.REFUSED): "ABNORMAL_05",
        Sense(Milestone.HELD): "ABNORMAL_01",
        Sense(Milestone.CUSTOMS_HELD): "ABNORMAL_02",
        Sense(Milestone.RETURNED): "ABNORMAL_06",
        Sense(Milestone.RETURNING): "ABNORMAL_07",
        NOTHING: "ABNORMAL_03 ABNORMAL_04 ABNORMAL_08",
    }
)
# Source: the same list: "delivered and signed by the customer".
_SIGNED: Final = "DELIVERED_03"


@attrs.frozen(kw_only=True)
class _Leg:
    """What one carrier reports, and under which number; the signatory, if told, took the parcel."""

    number: str
    carrier: str
    details: list[Cursor]
    signatory: Cursor | None = None


def recognises(payload: object) -> bool:
    """Tell by its shape alone whether a document is an answer of Track123's."""
    if isinstance(payload, list):
        return bool(payload) and all(map(_is_flat, payload))
    data = payload.get("data") if isinstance(payload, dict) else None
    parts = [data.get(part) for part in ("accepted", "rejected")] if isinstance(data, dict) else []
    return _is_flat(payload) or any(holds(it, "trackNo") for part in parts for it in _listed(part))


def _is_flat(value: object) -> bool:
    return holds(value, "tracking_number", "tracks")


def _listed(part: object) -> list[object]:
    content = part.get("content", part) if isinstance(part, dict) else part
    return content if isinstance(content, list) else [content]


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read an answer of Track123, or an array of flat ones, one parcel for each carrier and number.

    A sub-status that is not documented keeps its scan, with a warning, and its words count.  A time
    without a zone takes that of the facility, or is kept as local, with a warning; a detail without
    a readable time is left unread, with a warning.  An answer that neither accepts nor rejects a
    number says neither yes nor no and gives a warning.

    Raises:
        CodecErrors: if it is neither object nor array, a shipment has no number, or a value is of
            the wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    is_flat = isinstance(payload, list) or holds(payload, "tracking_number")
    reports = _flat(document, known) if is_flat else _accepted(document, known)
    return reading_of(document, reports, events=("tracks", "trackingDetails", "rejected"))


def _flat(document: Cursor, facilities: tuple[Facility, ...]) -> list[Report]:
    shipments = document.items() if isinstance(document.value, list) else [document]
    return [_report(it, [_only_leg(it)], facilities) for it in shipments]


def _only_leg(shipment: Cursor) -> _Leg:
    return _Leg(
        number=number(shipment["tracking_number"]),
        carrier=shipment["carrier"]["code"].text_if_any(),
        details=shipment["tracks"].items(),
        signatory=shipment["signed_by"],
    )


def _accepted(document: Cursor, facilities: tuple[Facility, ...]) -> list[Report]:
    accepted = _contents(document["data"]["accepted"])
    rejected = _contents(document["data"]["rejected"])
    for it in rejected:
        it.doubt("rejected", f"number {it['trackNo'].text()[:64]} was rejected and not looked for")
    if not accepted and not rejected:
        document.doubt("indeterminate", "neither accepts nor rejects a number: ask again")
    return [_report(it, _legs(it), facilities) for it in accepted]


def _contents(part: Cursor) -> list[Cursor]:
    """Give what was accepted or rejected: a page of them, an array, or a single one."""
    content = part["content"] if isinstance(part.value, dict) and "content" in part.value else part
    if isinstance(content.value, list) or content.is_absent:
        return content.items()
    return [content]


def _legs(shipment: Cursor) -> list[_Leg]:
    """Give the legs of a shipment: that of its own number, and that of the last mile."""
    local, last = shipment["localLogisticsInfo"], shipment["lastMileInfo"]
    code = number(shipment["trackNo"])
    (last_code,) = other_number(last["lmTrackNo"]) or (code,)
    inner = last["openApiWayBillInfo"] if last.has("openApiWayBillInfo") else last
    return [_leg(local, code), *([_leg(inner, last_code)] if inner.has("trackingDetails") else [])]


def _leg(info: Cursor, code: str) -> _Leg:
    return _Leg(
        number=code,
        carrier=info["courierCode"].text_if_any(),
        details=info["trackingDetails"].items(),
    )


def _report(shipment: Cursor, legs: list[_Leg], facilities: tuple[Facility, ...]) -> Report:
    own = legs[0]
    if not any(leg.details for leg in legs):
        shipment.doubt("no_scans", "knows the parcel, and there is no scan of it")
    return Report(
        number=own.number,
        carrier=own.carrier,
        sightings=tuple(chain.from_iterable(_seen_on(leg, facilities) for leg in legs)),
        other_numbers=other_number(shipment["lastMileInfo"]["lmTrackNo"]),
        expected=_expected(shipment["expectedDelivery"]),
    )


def _seen_on(leg: _Leg, facilities: tuple[Facility, ...]) -> tuple[tuple[Cursor, Scan], ...]:
    return sighted(leg.details, lambda detail: _scan(detail, leg, facilities))


def _expected(date: Cursor) -> Moment | None:
    return None if date.is_absent else moment(date)


def _scan(detail: Cursor, leg: _Leg, facilities: tuple[Facility, ...]) -> Scan | None:
    place = Place(facility=first(detail["address"], detail["location"]))
    at = _moment(detail, place, facilities)
    status = detail["transitSubStatus"].text_if_any()
    text = first(detail["eventDetail"], detail["tracking_detail"])
    if at is None:
        return None
    meant = _meant(detail, status, text)
    is_delivered = meant.milestone is Milestone.DELIVERED
    return detail.built(
        lambda: Scan(
            carrier=leg.carrier,
            number=leg.number,
            code=label(text if text and _says_little(status) else status),
            at=at,
            place=place,
            milestone=meant.milestone,
            incident=meant.incident,
            recipient=leg.signatory.text_if_any() if is_delivered and leg.signatory else "",
            is_signed=is_delivered and status == _SIGNED,
            text=text,
        )
    )


def _meant(detail: Cursor, status: str, text: str) -> Sense:
    if status and status not in SUB_STATUSES:
        said = f"{status[:64]!r} is not documented; its words count"
        detail["transitSubStatus"].doubt("unknown_status", said)
    return coded(detail, SUB_STATUSES.get(status, NOTHING), [text])


def _says_little(status: str) -> bool:
    """Tell whether a sub-status does not tell one event from another."""
    milestone = SUB_STATUSES.get(status, NOTHING).milestone
    return milestone is None or MEANING[milestone].is_coarse


def _moment(detail: Cursor, place: Place, facilities: tuple[Facility, ...]) -> Moment | None:
    """Read the time in UTC, or that of the local clock with the zone beside it."""
    exact, local = detail["eventTimeZeroUTC"], detail["eventTime"]
    if utc := exact.text_if_any():
        return moment_of(exact, with_zone(utc, "+0") or utc)
    shown = local if not local.is_absent else detail["checkpoint_time"]
    wall = shown.text_if_any()
    zoned = with_zone(wall, detail["timezone"].text_if_any())
    return moment_of(shown, zoned or wall, place=place, facilities=facilities)
