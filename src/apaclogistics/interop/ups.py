"""UPS: answers of its Tracking API, read into scans.

UPS says what happened in three ways, from the finest to the coarsest: the code of the activity, a
status code of three digits, and a type of one or two letters; the first that is known counts.  It
says when on the wall clock of the facility, and mostly in Greenwich time too, which then counts.

A package travels under its tracking number and under those that other carriers gave it on the last
mile (`alternateTrackingNumber`).  Neither the order of activities nor repeats matter, so warnings
name one of them as ``activity[*]``.

Source: UPS Tracking API v1: types, status codes, and activity codes of its own examples.

>>> reading = read_scans({"trackResponse": {"shipment": [{"package": [{
...     "trackingNumber": "1Z023E2X0214323462", "activity": [{
...         "status": {"type": "I", "code": "OT", "statusCode": "021"},
...         "date": "20260311", "time": "081500", "gmtDate": "20260311", "gmtTime": "12:15:00",
...     }],
... }]}]}})
>>> [(scan.milestone, str(scan.at)) for scan in reading.parcels[0].scans]
[(<Milestone.OUT_FOR_DELIVERY: 'out_for_delivery'>, '2026-03-11T12:15:00Z')]
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._codes import meanings
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    first,
    moment_of,
    number,
    opened,
    other_number,
    reading_of,
    relay,
    sighted,
)
from apaclogistics.interop._shapes import shaped
from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = ("read_scans", "recognises")

_CARRIER: Final = "UPS"
_ACTIVITIES: Final = meanings(
    {
        Milestone.REGISTERED: "MP",
        Milestone.ACCEPTED: "OR PU XD",
        Milestone.TRANSIT_HUB: "AR DP YP",
        Milestone.CUSTOMS_RELEASED: "SR",
        Milestone.LAST_MILE: "DS",
        Milestone.OUT_FOR_DELIVERY: "OF OT",
    }
)
_STATUSES: Final = meanings(
    {
        Milestone.REGISTERED: "003 044 045 065",
        Milestone.ACCEPTED: "038",
        Milestone.IMPORT_CUSTOMS: "012",
        Milestone.CUSTOMS_HELD: "058",
        Milestone.CUSTOMS_RELEASED: "014",
        Milestone.IN_TRANSIT: "005 010 039 057",
        Milestone.LAST_MILE: "025",
        Milestone.OUT_FOR_DELIVERY: "006 021",
        Milestone.AWAITING_COLLECTION: "017 040",
        Milestone.ATTEMPT_FAILED: "022 023 024 060 061 062 064 066",
        Milestone.DELAYED: "013 030 032 046 047 048 051 052 053 055",
        Milestone.HELD: "016 018 019 020 029 049 050",
        Milestone.DAMAGED: "059",
        Milestone.LOST: "068",
        Milestone.DELIVERED: "011 026",
        Milestone.RETURNING: "033 035 036 037 069",
        Milestone.RETURNED: "034 067",
        # What was voided, changed or upgraded moves nothing.
        None: "007 027 028 041 042 043 054 056 063",
    }
)
_TYPES: Final[Mapping[str, Milestone | None]] = {
    "D": Milestone.DELIVERED,
    # Delivered to the freight station of the origin or of the destination, and stored there.
    "DD": Milestone.IN_TRANSIT,
    "DO": Milestone.IN_TRANSIT,
    "I": Milestone.IN_TRANSIT,
    "M": Milestone.REGISTERED,
    "MV": None,
    "NA": None,
    "O": Milestone.OUT_FOR_DELIVERY,
    "P": Milestone.ACCEPTED,
    "RS": Milestone.RETURNED,
    "W": Milestone.IN_TRANSIT,
    # An exception may be anything, so what is sure is that the parcel does not go on as planned.
    "X": Milestone.DELAYED,
}
# Our decision: the reason that a status gives; what it says of the parcel is in the table above.
_INCIDENTS: Final = meanings(
    {
        Incident.WEATHER: "032 051 052",
        Incident.INCORRECT_ADDRESS: "050",
        Incident.CUSTOMS_DOCUMENTATION: "058",
        Incident.PARCEL_DAMAGED: "059",
        Incident.REFUSED: "064",
        Incident.PARCEL_LOST: "068",
        Incident.NOT_AVAILABLE: "069",
    }
)
# A date that was moved goes before the one that was scheduled first.
_EXPECTED: Final = ("RDD", "SDD")
_DATE: Final = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_TIME: Final = re.compile(r"(\d\d):?(\d\d):?(\d\d)?", re.ASCII)

recognises = shaped("trackResponse.shipment")


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read the scans of every package in an answer of UPS.

    A time without a zone takes that of the facility where it was scanned, or is kept as local, with
    a warning; a scan without a readable time is left unread, with a warning.  A shipment without a
    package, and what UPS itself warns of, gives a warning.

    Raises:
        CodecErrors: if it is neither object nor array, a package has no number, or a value is of
            the wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    shipments = document["trackResponse"]["shipment"].items()
    reports = [report for it in shipments for report in _reports(it, known)]
    return reading_of(document, reports, events=("activity",))


def _reports(shipment: Cursor, facilities: tuple[Facility, ...]) -> Iterator[Report]:
    packages = shipment["package"].items()
    for warning in shipment["warnings"].items():
        relay(warning["message"])
    if not packages:
        shipment.doubt("no_scans", "holds no package")
    for package in packages:
        # What was asked for is the package itself, unless it is a reference that several share.
        asked = shipment["inquiryNumber"] if len(packages) == 1 else None
        yield _report(package, asked, facilities)


def _report(package: Cursor, asked: Cursor | None, facilities: tuple[Facility, ...]) -> Report:
    named = package["trackingNumber"]
    code = number(named if asked is None or package.has("trackingNumber") else asked)
    others = [it["number"] for it in package["alternateTrackingNumber"].items()]
    if asked is not None:
        others.append(asked)
    activities = package["activity"].items()
    return Report(
        number=code,
        carrier=_CARRIER,
        sightings=sighted(activities, lambda it: _scan(it, package, code, facilities)),
        other_numbers=tuple(text for it in others for text in other_number(it)),
        expected=_expected(package),
    )


def _expected(package: Cursor) -> Moment | None:
    dates = {it["type"].glance.text_if_any(): it for it in package["deliveryDate"].items()}
    promised = next((dates[kind] for kind in _EXPECTED if kind in dates), None)
    if promised is None:
        return None
    promised["type"].text_if_any()
    day, clock = promised["date"], package["deliveryTime"]["endTime"]
    return moment_of(day, _read(day, clock))


def _scan(
    activity: Cursor, package: Cursor, number: str, facilities: tuple[Facility, ...]
) -> Scan | None:
    address = activity["location"]["address"]
    place = Place(
        country=first(address["countryCode"], address["country"]),
        city=address["city"].text_if_any(),
        facility=activity["location"]["slic"].text_if_any(),
    )
    at = _at(activity, place, facilities)
    if at is None:
        return None
    status = activity["status"]
    code, text = status["code"].text_if_any(), status["description"].text_if_any()
    milestone = _milestone(status)
    delivery = package["deliveryInformation"] if milestone is Milestone.DELIVERED else None
    return activity.built(
        lambda: Scan(
            carrier=_CARRIER,
            number=number,
            code=code or status["statusCode"].text_if_any() or status["type"].text_if_any() or text,
            at=at,
            place=place,
            milestone=milestone,
            incident=_INCIDENTS.get(status["statusCode"].text_if_any()),
            recipient="" if delivery is None else delivery["receivedBy"].text_if_any(),
            is_signed=delivery is not None and delivery.has("signature"),
            text=text,
        )
    )


def _milestone(status: Cursor) -> Milestone | None:
    said = (
        (status["code"], _ACTIVITIES),
        (status["statusCode"], _STATUSES),
        (status["type"], _TYPES),
    )
    for place, known in said:
        if place.text_if_any() in known:
            return known[place.text_if_any()]
    words = "/".join(place.text_if_any()[:64] for place, _ in said)
    status.doubt("unknown_status", f"{words!r} is not documented; it moves nothing")
    return None


def _at(activity: Cursor, place: Place, facilities: tuple[Facility, ...]) -> Moment | None:
    day, clock = activity["gmtDate"], activity["gmtTime"]
    if day.glance.text_if_any() and clock.glance.text_if_any():
        return moment_of(day, f"{_read(day, clock)}Z")
    text = _read(activity["date"], activity["time"])
    # A day has no offset.
    offset = activity["gmtOffset"].text_if_any() if "T" in text else ""
    return moment_of(activity["date"], text + offset, place=place, facilities=facilities)


def _read(date: Cursor, time: Cursor) -> str:
    """Put a date and a time of UPS together, as others write them; without a time, the day."""
    day, clock = _DATE.fullmatch(date.text_if_any()), _TIME.fullmatch(time.glance.text_if_any())
    if day is None:
        return date.text_if_any()
    if clock is None:
        return "-".join(day.groups())
    time.text_if_any()
    return "-".join(day.groups()) + "T" + ":".join(part or "00" for part in clock.groups())
