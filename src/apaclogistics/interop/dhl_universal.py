"""DHL: answers of its unified Shipment Tracking API, read into scans.

One format for all of DHL's houses, and so a coarse one: a status code of five words says how far a
shipment is, and what exactly happened is told in the words of the house.  The words of DHL Express
are known by their beginnings and tell what is finer; other words leave the status code to count.
Times of events are on the wall clock of the place and name no zone.

Neither the order of `events` nor repeats matter, so warnings name one of them as ``events[*]``.

Source: DHL Shipment Tracking Unified API 1.5, status codes; DHL Express, checkpoint descriptions.

>>> reading = read_scans({"shipments": [{"id": "7777777770", "service": "express", "events": [{
...     "timestamp": "2026-03-10T09:00:00", "statusCode": "transit",
...     "description": "Clearance processing complete at HONG KONG",
...     "location": {"address": {"countryCode": "HK", "addressLocality": "HONG KONG"}},
... }]}]})
>>> [(scan.milestone, str(scan.at)) for scan in reading.parcels[0].scans]
[(<Milestone.CUSTOMS_RELEASED: 'customs_released'>, '2026-03-10T09:00:00 local time')]
"""

from collections.abc import Iterable, Mapping
from typing import Final

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._reading import Cursor, more_pages
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    first,
    first_moment,
    moment,
    number,
    opened,
    other_number,
    reading_of,
    sighted,
    undocumented,
)
from apaclogistics.interop._shapes import shaped
from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = ("read_scans", "recognises")

_CARRIER: Final = "DHL"
_STATUSES: Final[Mapping[str, Milestone | None]] = {
    "pre-transit": Milestone.REGISTERED,
    "transit": Milestone.IN_TRANSIT,
    "delivered": Milestone.DELIVERED,
    "failure": Milestone.ATTEMPT_FAILED,
    "unknown": None,
}
# How a description begins, in small letters, and what it means; the longer beginning goes first.
_WORDS: Final[Mapping[str, tuple[Milestone, Incident | None]]] = {
    "shipment information received": (Milestone.REGISTERED, None),
    "shipment picked up": (Milestone.ACCEPTED, None),
    "processed at": (Milestone.TRANSIT_HUB, None),
    "departed": (Milestone.TRANSIT_HUB, None),
    "arrived at": (Milestone.TRANSIT_HUB, None),
    "arrived at delivery facility": (Milestone.LAST_MILE, None),
    "arrived at dhl delivery facility": (Milestone.LAST_MILE, None),
    "clearance event": (Milestone.IMPORT_CUSTOMS, None),
    "customs clearance status updated": (Milestone.IMPORT_CUSTOMS, None),
    "processed for clearance": (Milestone.IMPORT_CUSTOMS, None),
    "broker notified": (Milestone.CUSTOMS_HELD, Incident.CUSTOMS_DELAY),
    "further clearance processing is required": (Milestone.CUSTOMS_HELD, Incident.CUSTOMS_DELAY),
    "clearance processing complete": (Milestone.CUSTOMS_RELEASED, None),
    "released by customs": (Milestone.CUSTOMS_RELEASED, None),
    "scheduled for delivery": (Milestone.LAST_MILE, None),
    "with delivery courier": (Milestone.OUT_FOR_DELIVERY, None),
    "shipment is out with courier": (Milestone.OUT_FOR_DELIVERY, None),
    "out for delivery": (Milestone.OUT_FOR_DELIVERY, None),
    "awaiting collection": (Milestone.AWAITING_COLLECTION, None),
    "available upon receipt of payment": (Milestone.HELD, Incident.DUTIES_UNPAID),
    "shipment on hold": (Milestone.HELD, None),
    "address information needed": (Milestone.HELD, Incident.INCORRECT_ADDRESS),
    "delivery attempted; recipient not home": (Milestone.ATTEMPT_FAILED, Incident.NOT_HOME),
    "delivery attempted; consignee premises closed": (
        Milestone.ATTEMPT_FAILED,
        Incident.BUSINESS_CLOSED,
    ),
    "delivery attempt": (Milestone.ATTEMPT_FAILED, None),
    "delivery not possible": (Milestone.ATTEMPT_FAILED, None),
    "recipient refused delivery": (Milestone.ATTEMPT_FAILED, Incident.REFUSED),
    "forwarded for delivery": (Milestone.LAST_MILE, None),
    "returned to shipper": (Milestone.RETURNED, None),
    "returning to shipper": (Milestone.RETURNING, None),
}
_BEGINNINGS: Final = sorted(_WORDS, key=len, reverse=True)
# Only what is under way or went wrong is told in finer words; a delivery is one whatever they say.
_TOLD_FINER: Final = frozenset({"transit", "failure"})

recognises = shaped("shipments.*.id", "shipments.*.service")


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read the scans of every shipment in an answer of DHL.

    A time without a zone takes that of the facility where it was scanned, or is kept as local, with
    a warning; a scan without a readable time is left unread, with a warning, and so is a page that
    is not the last.

    Raises:
        CodecErrors: if it is neither object nor array, a shipment has no number, or a value is of
            the wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    if document["nextUrl"].glance.text_if_any():
        more_pages(document["nextUrl"])
    reports = [_report(shipment, known) for shipment in document["shipments"].items()]
    return reading_of(document, reports, events=("events",))


def _report(shipment: Cursor, facilities: tuple[Facility, ...]) -> Report:
    code = _number(shipment["id"])
    events = shipment["events"].items()
    if not events:
        shipment.doubt("no_scans", "holds no events")
    return Report(
        number=code,
        carrier=_CARRIER,
        sightings=sighted(events, lambda event: _scan(event, shipment, code, facilities)),
        other_numbers=_piece(shipment["details"]),
        expected=_expected(shipment),
    )


def _number(place: Cursor) -> str:
    """Read a number, which DHL documents as text and also writes as a whole number."""
    return str(place.whole(1)) if isinstance(place.value, int) else number(place)


def _piece(details: Cursor) -> tuple[str, ...]:
    """Read the number of the piece where there is one; those of several are other parcels."""
    pieces = details["pieceIds"].items()
    return other_number(pieces[0]) if len(pieces) == 1 else ()


def _expected(shipment: Cursor) -> Moment | None:
    through = shipment["estimatedDeliveryTimeFrame"]["estimatedThrough"]
    return first_moment(through, shipment["estimatedTimeOfDelivery"])


def _scan(
    event: Cursor, shipment: Cursor, number: str, facilities: tuple[Facility, ...]
) -> Scan | None:
    address = event["location"]["address"]
    place = Place(
        country=address["countryCode"].text_if_any(), city=address["addressLocality"].text_if_any()
    )
    at = moment(event["timestamp"], place=place, facilities=facilities)
    if at is None:
        return None
    status, said = event["statusCode"].text_if_any(), event["status"].text_if_any()
    text = first(event["description"], event["status"])
    milestone, incident = _meaning(event, status, text)
    signed = shipment["details"]["proofOfDelivery"]
    delivery = signed if milestone is Milestone.DELIVERED else None
    return event.built(
        lambda: Scan(
            carrier=_CARRIER,
            number=number,
            # The five words alone would make one of two scans at the same time.
            code="/".join(dict.fromkeys(filter(None, (status, said)))) or text,
            at=at,
            place=place,
            milestone=milestone,
            incident=incident,
            recipient="" if delivery is None else _recipient(delivery),
            is_signed=delivery is not None and delivery.has("signatureUrl"),
            text=text,
        )
    )


def _recipient(delivery: Cursor) -> str:
    signed = delivery["signed"]
    names = (signed[name].text_if_any() for name in ("givenName", "familyName"))
    return " ".join(filter(None, names)) or signed["name"].text_if_any()


def _meaning(event: Cursor, status: str, text: str) -> tuple[Milestone | None, Incident | None]:
    if status not in _STATUSES:
        undocumented(event["statusCode"], status)
    if status in _TOLD_FINER:
        for beginning in _BEGINNINGS:
            if text.lower().startswith(beginning):
                return _WORDS[beginning]
    return _STATUSES.get(status), None
