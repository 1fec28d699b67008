"""FedEx: answers of its Track API, read into scans.

FedEx says what happened by an event type of two letters and when with the offset of the place.  An
exception code or the detail of a delay says why a parcel does not go on.

A parcel travels under the number that FedEx tracks it by, and under the one that was asked for,
where the two differ.  Neither the order of `scanEvents` nor repeats matter, so warnings name one of
them as ``scanEvents[*]``.

Source: FedEx Track API v1: tracking status codes, exception codes and details of delays.

>>> reading = read_scans({"output": {"completeTrackResults": [{"trackResults": [{
...     "trackingNumberInfo": {"trackingNumber": "128667043726"}, "scanEvents": [{
...         "date": "2018-02-02T12:01:00-07:00", "eventType": "PU",
...         "eventDescription": "Picked up", "delayDetail": {"type": "WEATHER"},
...     }],
... }]}]}})
>>> [(scan.milestone, scan.incident, str(scan.at)) for scan in reading.parcels[0].scans]
[(<Milestone.ACCEPTED: 'accepted'>, <Incident.WEATHER: 'weather'>, '2018-02-02T19:01:00Z')]
"""

from collections.abc import Iterable, Iterator
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
    number,
    opened,
    other_number,
    reading_of,
    relay,
    sighted,
    undocumented,
)
from apaclogistics.interop._shapes import shaped
from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = ("read_scans", "recognises")

_CARRIER: Final = "FedEx"
_MILESTONES: Final = meanings(
    {
        # An order, a courier on the way, and a courier at the door are no pick-up.
        Milestone.REGISTERED: "AP EP MD OC OX PD",
        Milestone.ACCEPTED: "DO OF PU PX",
        Milestone.DEPARTED_ORIGIN: "LO PF",
        Milestone.TRANSIT_HUB: "AA AF AR DP EA EO PL SF TR",
        Milestone.IN_TRANSIT: "IT IX OW PM",
        Milestone.IMPORT_CUSTOMS: "CP",
        Milestone.CUSTOMS_HELD: "CD",
        Milestone.CUSTOMS_RELEASED: "CC",
        # With the post or at the station from which it is delivered.
        Milestone.LAST_MILE: "AC AX FD",
        Milestone.OUT_FOR_DELIVERY: "AD ED OD",
        Milestone.AWAITING_COLLECTION: "HL HP",
        Milestone.ATTEMPT_FAILED: "DE",
        Milestone.DELAYED: "DD DY SE",
        Milestone.DELIVERED: "DL",
        Milestone.RETURNING: "RS",
        # Cancellations, wishes of the recipient, labels and vehicles move nothing.
        None: "CA CH DR DS HA RC RD RG RM RP RR RT SP",
    }
)
# Our decision: the reason that an exception code or the type of a delay gives.
_EXCEPTIONS: Final = meanings(
    {
        Incident.INCORRECT_ADDRESS: "03",
        Incident.REFUSED: "07",
        Incident.NOT_AVAILABLE: "08",
        Incident.BUSINESS_CLOSED: "15",
    }
)
_DELAYS: Final = meanings({Incident.WEATHER: "WEATHER", Incident.CUSTOMS_DELAY: "CLEARANCE"})
# What FedEx expects now goes before what it committed to once.
_EXPECTED: Final = ("ESTIMATED_DELIVERY", "APPOINTMENT_DELIVERY", "COMMITMENT")

recognises = shaped("output.completeTrackResults")


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read the scans of every result in an answer of FedEx.

    A number that FedEx does not find is a warning and no parcel.  A time without a zone takes that
    of the facility where it was scanned, or is kept as local, with a warning; a scan without a
    readable time is left unread, with a warning.

    Raises:
        CodecErrors: if it is neither object nor array, a result with scans has no number, or a
            value is of the wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    answers = document["output"]["completeTrackResults"].items()
    reports = [report for answer in answers for report in _reports(answer, known)]
    return reading_of(document, reports, events=("scanEvents",))


def _reports(answer: Cursor, facilities: tuple[Facility, ...]) -> Iterator[Report]:
    for result in answer["trackResults"].items():
        if result.has("error"):
            relay(result["error"]["message"])
        if result.has("scanEvents") or not result.has("error"):
            yield _report(result, answer["trackingNumber"], facilities)


def _report(result: Cursor, asked: Cursor, facilities: tuple[Facility, ...]) -> Report:
    code = number(result["trackingNumberInfo"]["trackingNumber"])
    events = result["scanEvents"].items()
    if not events:
        result.doubt("no_scans", "holds no scan events")
    return Report(
        number=code,
        carrier=_CARRIER,
        sightings=sighted(events, lambda event: _scan(event, result, code, facilities)),
        other_numbers=other_number(asked),
        expected=_expected(result),
    )


def _expected(result: Cursor) -> Moment | None:
    window = result["estimatedDeliveryTimeWindow"]["window"]["ends"]
    times = {it["type"].glance.text_if_any(): it for it in result["dateAndTimes"].items()}
    return first_moment(window, *(times[kind]["dateTime"] for kind in _EXPECTED if kind in times))


def _scan(
    event: Cursor, result: Cursor, number: str, facilities: tuple[Facility, ...]
) -> Scan | None:
    location = event["scanLocation"]
    place = Place(
        country=location["countryCode"].text_if_any(),
        city=location["city"].text_if_any(),
        facility=event["locationId"].text_if_any(),
    )
    at = moment(event["date"], place=place, facilities=facilities)
    if at is None:
        return None
    code = first(event["eventType"], event["derivedStatusCode"])
    text = first(event["eventDescription"], event["derivedStatus"], event["exceptionDescription"])
    milestone = _milestone(event, code)
    delivery = result["deliveryDetails"] if milestone is Milestone.DELIVERED else None
    return event.built(
        lambda: Scan(
            carrier=_CARRIER,
            number=number,
            code=code or text,
            at=at,
            place=place,
            milestone=milestone,
            incident=_incident(event),
            recipient="" if delivery is None else _recipient(delivery),
            is_signed=delivery is not None and bool(delivery["signedByName"].text_if_any()),
            text=text,
        )
    )


def _recipient(delivery: Cursor) -> str:
    return first(delivery["receivedByName"], delivery["signedByName"])


def _milestone(event: Cursor, code: str) -> Milestone | None:
    if code not in _MILESTONES:
        undocumented(event["eventType"], code)
    return _MILESTONES.get(code)


def _incident(event: Cursor) -> Incident | None:
    exception, delay = event["exceptionCode"], event["delayDetail"]["type"]
    for place, known in ((exception, _EXCEPTIONS), (delay, _DELAYS)):
        if place.glance.text_if_any() in known:
            return known[place.text_if_any()]
    return None
