"""17TRACK: answers and webhooks of its API v2, and the older feed of an account, read into scans.

In v2 a number has one or more *providers*, each a carrier with its events, and an event has a
*sub-status* such as ``InTransit_Departure``, which begins with one of nine statuses.  The tables
below give the milestone that each means, and the reason where it gives one.  A sub-status that is
not documented leaves what its status says; a status that is not documented keeps its scan, which
then moves nothing.  The code of a scan is the sub-status, else the key stage, else the text.

In the older feed, as the client py17track reads it, a package has its last event only, a document
within a text, in local time and without a code: then the text is the code.

Neither the order of events and packages nor repeats matter, so warnings name one of them as
``events[*]`` or ``Json[*]``.

>>> reading = read_scans({"data": {"accepted": [{
...     "number": "RR473124829GB",
...     "track_info": {"tracking": {"providers": [{
...         "provider": {"key": 11031, "name": "Royal Mail"},
...         "events": [{"sub_status": "InTransit_Arrival", "time_iso": "2026-03-05T10:00:00Z",
...                     "address": {"country": "GB"}}],
...     }]}},
... }]}})
>>> [(scan.carrier, scan.milestone, str(scan.place)) for scan in reading.parcels[0].scans]
[('Royal Mail', <Milestone.ARRIVED_DESTINATION: 'arrived_destination'>, 'GB')]
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    doubt_unseen,
    found,
    holds,
    is_shown,
    moment,
    moment_of,
    number,
    opened,
    other_number,
    reading_of,
    sighted,
    undocumented,
)
from apaclogistics.tracking import Scan
from apaclogistics.values.countries import COUNTRY_NAMES
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = ("read_scans", "recognises")

_Meaning = tuple[Milestone | None, Incident | None]
_Sighting = tuple[Cursor, Scan]

# Source: 17TRACK Tracking API v2, main statuses, and what each means by itself.
_STATUSES: Final[Mapping[str, Milestone | None]] = {
    "NotFound": None,
    "InfoReceived": Milestone.REGISTERED,
    "InTransit": Milestone.IN_TRANSIT,
    "Expired": Milestone.STALE,
    "AvailableForPickup": Milestone.AWAITING_COLLECTION,
    "OutForDelivery": Milestone.OUT_FOR_DELIVERY,
    "DeliveryFailure": Milestone.ATTEMPT_FAILED,
    "Delivered": Milestone.DELIVERED,
    # Our decision: anything may be wrong, so it is late at least, and no phase is shown.
    "Exception": Milestone.DELAYED,
}
# Source: 17TRACK Tracking API v2, sub-statuses that say more than "other".
# What each means, and why, is our decision; where a sub-status does not say why, there is no reason.
_FINER: Final[Mapping[str, _Meaning]] = {
    "InTransit_PickedUp": (Milestone.ACCEPTED, None),
    "InTransit_Departure": (Milestone.DEPARTED_ORIGIN, None),
    "InTransit_Arrival": (Milestone.ARRIVED_DESTINATION, None),
    "InTransit_CustomsProcessing": (Milestone.IMPORT_CUSTOMS, None),
    "InTransit_CustomsReleased": (Milestone.CUSTOMS_RELEASED, None),
    "InTransit_CustomsRequiringInformation": (
        Milestone.CUSTOMS_HELD,
        Incident.CUSTOMS_DOCUMENTATION,
    ),
    "DeliveryFailure_NoBody": (Milestone.ATTEMPT_FAILED, Incident.NOT_AVAILABLE),
    "DeliveryFailure_Security": (Milestone.ATTEMPT_FAILED, Incident.SECURITY_ISSUE),
    "DeliveryFailure_Rejected": (Milestone.ATTEMPT_FAILED, Incident.REFUSED),
    "DeliveryFailure_InvalidAddress": (Milestone.ATTEMPT_FAILED, Incident.INCORRECT_ADDRESS),
    "Exception_Returning": (Milestone.RETURNING, None),
    "Exception_Returned": (Milestone.RETURNED, None),
    # Found before anybody set out to deliver: it waits, wherever it is.
    "Exception_NoBody": (Milestone.HELD, Incident.NOT_AVAILABLE),
    "Exception_Security": (Milestone.HELD, Incident.SECURITY_ISSUE),
    "Exception_Rejected": (Milestone.HELD, Incident.REFUSED),
    "Exception_Damage": (Milestone.DAMAGED, Incident.PARCEL_DAMAGED),
    "Exception_Lost": (Milestone.LOST, Incident.PARCEL_LOST),
    "Exception_Destroyed": (Milestone.DESTROYED, None),
    # By whom, is not said; what was cancelled does not move.
    "Exception_Cancel": (None, None),
}
# "Other" is not every status's: the received one has none.
_OTHERS: Final = tuple(f"{status}_Other" for status in _STATUSES if status != "InfoReceived")
_PLAIN: Final = ("InfoReceived", *_OTHERS, "NotFound_InvalidCode", "Exception_Delayed")
_SUBSTATUSES: Final[Mapping[str, _Meaning]] = {
    **{plain: (_STATUSES[plain.partition("_")[0]], None) for plain in _PLAIN},
    **_FINER,
}
# Source: 17TRACK Tracking API v2, key stages; an event of one often has a sub-status too.
_STAGES: Final[Mapping[str, Milestone | None]] = {
    "InfoReceived": Milestone.REGISTERED,
    "PickedUp": Milestone.ACCEPTED,
    "Departure": Milestone.DEPARTED_ORIGIN,
    "Arrival": Milestone.ARRIVED_DESTINATION,
    "AvailableForPickup": Milestone.AWAITING_COLLECTION,
    "OutForDelivery": Milestone.OUT_FOR_DELIVERY,
    "Delivered": Milestone.DELIVERED,
    "Returning": Milestone.RETURNING,
    "Returned": Milestone.RETURNED,
}
# These are said of a number, not of its last event.
_OF_THE_NUMBER: Final = ("", "NotFound", "Expired")

# Source: py17track, states of a package; 50 is an alert that does not say which.
_STATES: Final[Mapping[int, Milestone | None]] = {
    0: None,
    10: Milestone.IN_TRANSIT,
    20: Milestone.STALE,
    30: Milestone.AWAITING_COLLECTION,
    35: Milestone.ATTEMPT_FAILED,
    40: Milestone.DELIVERED,
    50: None,
}
# Source: recorded answers of the account feed, and the names of events of UPU EMSEVT V3.
_TEXTS: Final[Mapping[str, Milestone]] = {
    "posting/collection": Milestone.ACCEPTED,
    "arrival at outward office of exchange": Milestone.EXPORT_PROCESSING,
    "departure from outward office of exchange": Milestone.DEPARTED_ORIGIN,
    "arrival at destination post": Milestone.ARRIVED_DESTINATION,
    "arrival at inward office of exchange": Milestone.ARRIVED_DESTINATION,
    "held by import customs": Milestone.CUSTOMS_HELD,
    "departure from inward office of exchange": Milestone.CUSTOMS_RELEASED,
    "arrival at delivery office": Milestone.LAST_MILE,
    "unsuccessful delivery": Milestone.ATTEMPT_FAILED,
    "final delivery": Milestone.DELIVERED,
}
_COUNTRIES: Final = {name: code for code, name in COUNTRY_NAMES.items()}

# In which members of an answer or a webhook something about a number may be.
_DOORS: Final = ("body", "data", "accepted", "rejected", "Json", "Items")


def recognises(payload: object) -> bool:
    """Tell by its shape whether a parsed document is one of 17TRACK; never raises."""
    return is_shown(payload, _is_known, _DOORS)


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read the scans of every number in a document, one parcel for each carrier and number.

    Takes an answer of the API v2, a webhook, the packages of an account, and an array of recorded
    answers, each with a `body`.  A number that was refused, and what holds no tracking, gives a
    warning.  A time without a zone takes that of the facility where it was scanned, or is kept as
    local, with a warning; a scan without a readable time is left unread, with a warning.

    Raises:
        CodecErrors: if it is neither object nor array, a number is missing, or a value is of the
            wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    reports = [
        report for place in found(document, _is_known, _DOORS) for report in _reports(place, known)
    ]
    return reading_of(document, reports, events=("events", "Json"))


def _is_known(value: object) -> bool:
    return holds(value, "track_info") or _is_package(value) or _is_answer(value)


def _is_package(value: object) -> bool:
    """Tell whether two of the three marks of a package of an account are there."""
    return sum(holds(value, mark) for mark in ("FTrackNo", "FTrackInfoId", "FLastEvent")) > 1


def _is_answer(value: object) -> bool:
    """Tell whether it says of a number that it was not taken."""
    if holds(value, "TrackNo", "ResultCode"):
        return True
    return isinstance(value, dict) and "number" in value and holds(value.get("error"), "code")


def _reports(place: Cursor, facilities: tuple[Facility, ...]) -> list[Report]:
    if place.has("track_info"):
        return [_report(place, facilities)]
    if _is_package(place.value):
        return [_package(place, facilities)]
    place.doubt("no_tracking", "a number that 17TRACK did not take holds no tracking")
    return []


def _report(item: Cursor, facilities: tuple[Facility, ...]) -> Report:
    code, info = number(item["number"]), item["track_info"]
    providers = info["tracking"]["providers"].items()
    carrier = _carrier(item["carrier"], providers)
    sightings = [seen for it in providers for seen in _provided(it, carrier, code, facilities)]
    latest = _latest(info, carrier, code, facilities)
    _doubt_number(info, len(sightings) + len(latest))
    return Report(
        number=code,
        carrier=carrier,
        sightings=(*sightings, *_under_its_carrier(latest, sightings)),
        other_numbers=other_number(info["misc_info"]["local_number"]),
        expected=_expected(info["time_metrics"]["estimated_delivery_date"]),
    )


def _carrier(key: Cursor, providers: list[Cursor]) -> str:
    """Name the carrier that a number was registered with, or else one that reports on it."""
    asked = _key(key)
    named = [(_key(it["provider"]["key"]), name) for it in providers if (name := _name(it))]
    of_asked = [name for it, name in named if it == asked]
    return min(of_asked or [name for _, name in named], default=asked)


def _name(provider: Cursor) -> str:
    return provider["provider"]["name"].text_if_any() or _key(provider["provider"]["key"])


def _key(key: Cursor) -> str:
    """Read the number that 17TRACK gives a carrier; nought is none."""
    return "" if key.is_absent else str(key.whole(0) or "")


def _doubt_number(info: Cursor, scans: int) -> None:
    status = info["latest_status"]["status"].glance
    if not scans:
        doubt_unseen(status, _STATUSES.get(status.text_if_any()))


def _expected(date: Cursor) -> Moment | None:
    """Read when the parcel is expected: of a range, its end."""
    ends = (date["to"], date["from"])
    return next((moment(end) for end in ends if end.value not in (None, "")), None)


def _provided(
    provider: Cursor, carrier: str, number: str, facilities: tuple[Facility, ...]
) -> tuple[_Sighting, ...]:
    """Read the events of one provider, of the carrier itself where it has no name."""
    name, events = _name(provider) or carrier, provider["events"].items()
    return sighted(events, lambda event: _scan(event, name, number, facilities))


def _latest(
    info: Cursor, carrier: str, number: str, facilities: tuple[Facility, ...]
) -> tuple[_Sighting, ...]:
    """Read the last event, which stands beside the others."""
    event = info["latest_event"]
    if event.is_absent:
        return ()
    status = _last_status(info["latest_status"], event)
    return sighted([event], lambda it: _scan(it, carrier, number, facilities, status=status))


def _last_status(latest: Cursor, event: Cursor) -> str:
    """Read the last status, if it is needed to know what the last event means."""
    if event["sub_status"].value or event["stage"].value:
        return ""
    for status in (latest["sub_status"], latest["status"]):
        if status.glance.text_if_any().partition("_")[0] not in _OF_THE_NUMBER:
            return status.text_if_any()
    return ""


def _under_its_carrier(
    latest: Iterable[_Sighting], others: Iterable[_Sighting]
) -> Iterator[_Sighting]:
    """Give the last event to the provider that reports it too."""
    carriers = {(s.at, s.code, s.place): s.carrier for _, s in sorted(others, key=_carrier_of)}
    for place, scan in latest:
        carrier = carriers.get((scan.at, scan.code, scan.place), scan.carrier)
        yield place, attrs.evolve(scan, carrier=carrier)


def _carrier_of(sighting: _Sighting) -> str:
    return sighting[1].carrier


def _scan(
    event: Cursor,
    carrier: str,
    number: str,
    facilities: tuple[Facility, ...],
    *,
    status: str = "",
) -> Scan | None:
    address = event["address"]
    place = Place(country=address["country"].text_if_any(), city=address["city"].text_if_any())
    at = _time(event, place, facilities)
    if at is None:
        return None
    text = event["description"].text_if_any()
    code = event["sub_status"].text_if_any() or event["stage"].text_if_any() or status
    milestone, incident = _meaning(event, code)
    return event.built(
        lambda: Scan(
            carrier=carrier,
            number=number,
            # Where a feed has no codes, the text is the code.
            code=code or text,
            at=at,
            place=place,
            milestone=milestone,
            incident=incident,
            text=text,
        )
    )


def _time(event: Cursor, place: Place, facilities: tuple[Facility, ...]) -> Moment | None:
    """Read when it happened: with a zone where 17TRACK knows one, else as the carrier wrote it."""
    times = [it for it in (event["time_iso"], event["time_utc"]) if it.value not in (None, "")]
    if times or event["time_raw"].is_absent:
        return moment((times or [event["time_iso"]])[0], place=place, facilities=facilities)
    raw = event["time_raw"]
    day, clock, zone = (raw[name].text_if_any() for name in ("date", "time", "timezone"))
    text = f"{day}T{clock}{zone}" if clock else day
    return moment_of(raw, text, place=place, facilities=facilities)


def _meaning(event: Cursor, code: str) -> _Meaning:
    """Say what a sub-status or a key stage means, or at least the status that it begins with."""
    if code in _SUBSTATUSES:
        return _SUBSTATUSES[code]
    if code in _STAGES:
        return _STAGES[code], None
    status = code.partition("_")[0]
    if code not in _STATUSES:
        undocumented(event["sub_status"], code, counts="its status" if status in _STATUSES else "")
    return _STATUSES.get(status), None


def _package(package: Cursor, facilities: tuple[Facility, ...]) -> Report:
    """Read a package of an account, which has its last event only."""
    code, carrier = number(package["FTrackNo"]), _key(package["FFirstCarrier"])
    event = package["FLastEvent"].unfolded()
    events = [] if event.is_absent else [event]
    return Report(
        number=code,
        carrier=carrier,
        sightings=sighted(events, lambda it: _last_event(it, package, (carrier, code), facilities)),
    )


def _last_event(
    event: Cursor, package: Cursor, parcel: tuple[str, str], facilities: tuple[Facility, ...]
) -> Scan | None:
    place = Place(country=_country(event["d"]), city=event["c"].text_if_any())
    at = moment(event["a"], place=place, facilities=facilities)
    if at is None:
        return None
    text = event["z"].text_if_any()
    milestone = _milestone(event, package["FPackageState"], text)
    carrier, code = parcel
    return event.built(
        lambda: Scan(
            carrier=carrier,
            number=code,
            code=text,
            at=at,
            place=place,
            milestone=milestone,
            text=text,
        )
    )


def _country(place: Cursor) -> str:
    """Read the name of a country as its code; another name is left unread."""
    name = place.text_if_any()
    if name not in _COUNTRIES:
        place.disown()
    return _COUNTRIES.get(name, "")


def _milestone(event: Cursor, state: Cursor, text: str) -> Milestone | None:
    """Say what the last event means: by its text, or else by the state of the package after it."""
    if text.casefold() in _TEXTS:
        return _TEXTS[text.casefold()]
    after = None if state.is_absent else state.whole(0)
    if after not in _STATES:
        # The text may name a person, so it is not shown.
        event["z"].doubt("unknown_status", "is not documented; it moves nothing")
    return None if after is None else _STATES.get(after)
