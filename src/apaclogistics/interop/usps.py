"""USPS: answers of its Tracking API, read into scans.

USPS says what happened by a code of two characters and says when in three ways: a local time, the
offset of that, and the instant, which alone has its seconds and is what counts.  A scan without an
instant takes its local time with the offset.

Neither the order of `trackingEvents` nor repeats matter, so warnings name one of them as
``trackingEvents[*]``.  A delivery to the one who sent the parcel has the code of any other and is
told by its text.

Source: USPS Tracking API 3.2; its event codes are those of USPS Publication 199, appendix G-4.

>>> reading = read_scans({
...     "trackingNumber": "9400109104250532908587", "trackingEvents": [
...         {"eventCode": "OF", "eventType": "Out for Delivery", "eventCity": "HERNANDO",
...          "eventTimestamp": "2024-11-22T09:10:00", "GMTTimestamp": "2024-11-22T14:10:45Z"},
...     ],
... })
>>> [(scan.milestone, str(scan.at)) for scan in reading.parcels[0].scans]
[(<Milestone.OUT_FOR_DELIVERY: 'out_for_delivery'>, '2024-11-22T14:10:45Z')]
"""

import re
from collections.abc import Iterable
from typing import Final

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._codes import meanings
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    first,
    first_moment,
    moment,
    moment_of,
    number,
    opened,
    other_number,
    reading_of,
    sighted,
    undocumented,
)
from apaclogistics.interop._shapes import any_of, shaped
from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = ("read_scans", "recognises")

_CARRIER: Final = "USPS"
_MILESTONES: Final = meanings(
    {
        Milestone.REGISTERED: "GX MA NP PE",
        Milestone.ACCEPTED: "03 80 A0 AP OA PA PU TM UA",
        Milestone.EXPORT_PROCESSING: "B0 B1 DD",
        Milestone.DEPARTED_ORIGIN: "AT C0",
        Milestone.TRANSIT_HUB: "10 81 82 A1 AE AF AG AJ EF J0 K0 L1 OD PO SF T1 TR U1",
        Milestone.IN_TRANSIT: "06 59 NT TL",
        Milestone.ARRIVED_DESTINATION: "AR AS D0 EA",
        Milestone.IMPORT_CUSTOMS: "CI E0 IC K1",
        Milestone.CUSTOMS_HELD: "CD K2",
        Milestone.CUSTOMS_RELEASED: "CO CR F0",
        Milestone.LAST_MILE: "07 19 41 42 60 AD DC G0 PC",
        Milestone.OUT_FOR_DELIVERY: "FD OF WC",
        Milestone.AWAITING_COLLECTION: "14 16 CC",
        Milestone.ATTEMPT_FAILED: "02 30 51 52 53 54 55 56 57 CA H0 LT ND NH",
        Milestone.DELAYED: "71 BX HX LX WX",
        Milestone.HELD: "HP OH SS",
        Milestone.MISROUTED: "08 15 MC MS MT MZ",
        Milestone.DAMAGED: "12",
        Milestone.DELIVERED: "01 17 43 AH BR DL DN I0 OK",
        # USPS returns what cannot be delivered as addressed, and what is refused or not claimed.
        Milestone.RETURNING: "04 05 09 21 22 23 24 25 26 27 28 29 31 H8 K4 K5 K6 RD RE RT",
        Milestone.DESTROYED: "32 DP",
        # Interceptions, research, notices to the sender: they move nothing.
        None: "33 44 45 46 DX MU MX VC VF VR VS VX",
    }
)
_TO_SENDER: Final = "Delivered, To Original Sender"
# Our decision: the reason that a code gives; what it says of the parcel is in the table above.
_INCIDENTS: Final = meanings(
    {
        Incident.REFUSED: "04 RD",
        Incident.INCORRECT_ADDRESS: "05 21 22 23 25",
        Incident.NOT_AVAILABLE: "26 27 31 56",
        Incident.NOT_HOME: "NH",
        Incident.BUSINESS_CLOSED: "51 CA",
        Incident.ACCESS_RESTRICTED: "30 53 57",
        Incident.SAFE_PLACE_UNAVAILABLE: "54 55",
        Incident.NOT_ENOUGH_TIME: "LT",
        Incident.SORTING_ERROR: "08 15 MC MS MT MZ",
        Incident.CAPACITY_EXCEEDED: "BX",
        Incident.PARCEL_DAMAGED: "12 DN",
        Incident.WEATHER: "WX",
        Incident.CUSTOMS_DELAY: "CD",
        Incident.CUSTOMS_DOCUMENTATION: "K4",
        Incident.DUTIES_UNPAID: "K6",
        Incident.PROHIBITED: "RE",
        Incident.BEING_RESEARCHED: "VC",
    }
)
# What USPS expects now goes before what it promised once.
_EXPECTED: Final = (
    "expectedDeliveryTimeStamp",
    "expectedDeliveryDate",
    "predictedDeliveryTimeStamp",
    "predictedDeliveryDate",
    "guaranteedDeliveryTimeStamp",
    "guaranteedDeliveryDate",
)
_OFFSET: Final = re.compile(r"([+-])(\d{1,2}):?(\d\d)", re.ASCII)

_is_answer: Final = any_of(
    shaped("trackingNumber", "trackingEvents.*.eventType"),
    shaped("trackingNumber", "statusCategory"),
    shaped("trackingNumber", "eventSummaries"),
)


def recognises(payload: object) -> bool:
    """Tell whether a document is an answer of USPS, or an array of them."""
    return any(map(_is_answer, payload if isinstance(payload, list) else [payload]))


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read the scans of an answer of USPS, or of an array of answers.

    A summary has no scans, only sentences about them, which gives a warning.  A scan without a
    readable time is left unread, with a warning.

    Raises:
        CodecErrors: if it is neither object nor array, an answer has no number, or a value is of
            the wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    answers = document.items() if isinstance(payload, list) else [document]
    reports = [_report(answer, known) for answer in answers]
    return reading_of(document, reports, events=("trackingEvents", "eventSummaries"))


def _report(answer: Cursor, facilities: tuple[Facility, ...]) -> Report:
    code = number(answer["trackingNumber"])
    events = answer["trackingEvents"].items()
    if not events:
        answer.doubt("no_scans", "holds no tracking events")
    return Report(
        number=code,
        carrier=_CARRIER,
        sightings=sighted(events, lambda event: _scan(event, answer, code, facilities)),
        other_numbers=(
            *other_number(answer["associatedLabel"]),
            *other_number(answer["editedLabelId"]),
        ),
        expected=_expected(answer),
    )


def _expected(answer: Cursor) -> Moment | None:
    return first_moment(*(answer[name] for name in _EXPECTED))


def _scan(
    event: Cursor, answer: Cursor, number: str, facilities: tuple[Facility, ...]
) -> Scan | None:
    place = Place(
        country=event["eventCountry"].text_if_any(), city=event["eventCity"].text_if_any()
    )
    at = _at(event, place, facilities)
    if at is None:
        return None
    code, text = event["eventCode"].text_if_any(), event["eventType"].text_if_any()
    milestone = _milestone(event, code, text)
    is_delivery = milestone is Milestone.DELIVERED
    return event.built(
        lambda: Scan(
            carrier=_CARRIER,
            number=number,
            # Where a feed has no codes, what was mapped is the code.
            code=code or text,
            at=at,
            place=place,
            milestone=milestone,
            incident=_INCIDENTS.get(code),
            recipient=first(event["name"], event["firm"]) if is_delivery else "",
            # A proof of delivery is a letter with the signature, so there is one.
            is_signed=is_delivery and _says_true(answer["proofOfDeliveryEnabled"]),
            text=text,
        )
    )


def _at(event: Cursor, place: Place, facilities: tuple[Facility, ...]) -> Moment | None:
    exact, local = event["GMTTimestamp"], event["eventTimestamp"]
    if exact.glance.text_if_any():
        return moment(exact)
    offset = _OFFSET.fullmatch(event["GMTOffset"].text_if_any())
    if offset is None:
        return moment(local, place=place, facilities=facilities)
    sign, hours, minutes = offset.groups()
    return moment_of(local, f"{local.text_if_any()}{sign}{hours:0>2}:{minutes}")


def _milestone(event: Cursor, code: str, text: str) -> Milestone | None:
    if code not in _MILESTONES:
        undocumented(event["eventCode"], code)
    if _MILESTONES.get(code) is Milestone.DELIVERED and text == _TO_SENDER:
        return Milestone.RETURNED
    return _MILESTONES.get(code)


def _says_true(place: Cursor) -> bool:
    """Read true or false, which USPS also writes as text."""
    if isinstance(place.value, str):
        return place.text_if_any() == "true"
    return place.flag_if_any()
