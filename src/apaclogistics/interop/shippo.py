"""Shippo: tracks, webhooks and recorded answers, read into scans.

Shippo says what happened with a *status*, one of six, and since 2019 with a *substatus*; the tables
below give the milestone that each means, and the reason where it gives one.  A substatus that is
not documented leaves what its status says; a status that is not documented keeps its scan, which
then moves nothing.  The code of a scan is the pair.

The latest status stands beside the history and is a scan too, most often one of it.  Neither the
order of `tracking_history` nor repeats matter, so warnings name one of them as
``tracking_history[*]``.

>>> reading = read_scans({
...     "carrier": "usps", "tracking_number": "9205590164917337534322",
...     "tracking_history": [
...         {"status": "TRANSIT", "substatus": {"code": "package_accepted"},
...          "status_date": "2026-03-07T19:04:00Z", "location": {"city": "Oakland", "country": "US"}},
...     ],
... })
>>> [(scan.code, scan.milestone, str(scan.place)) for scan in reading.parcels[0].scans]
[('TRANSIT/package_accepted', <Milestone.ACCEPTED: 'accepted'>, 'OAKLAND, US')]
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    found,
    holds,
    is_shown,
    moment,
    moment_of,
    number,
    opened,
    reading_of,
    sighted,
    undocumented,
)
from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = ("read_scans", "recognises")

# Source: Shippo API 2018-02-08, tracking: the six statuses, and what each means by itself.
_STATUSES: Final[Mapping[str, Milestone | None]] = {
    "UNKNOWN": None,
    "PRE_TRANSIT": Milestone.REGISTERED,
    "TRANSIT": Milestone.IN_TRANSIT,
    "DELIVERED": Milestone.DELIVERED,
    # On its way back, or back already.
    "RETURNED": Milestone.RETURNING,
    "FAILURE": Milestone.ATTEMPT_FAILED,
}
# Source: Shippo API 2018-02-08, tracking: the substatuses that say more than "other".
# What each means, and why, is our decision; where a substatus does not say why, there is no reason.
_SUBSTATUSES: Final[Mapping[str, tuple[Milestone | None, Incident | None]]] = {
    "information_received": (Milestone.REGISTERED, None),
    "address_issue": (Milestone.HELD, Incident.INCORRECT_ADDRESS),
    "contact_carrier": (Milestone.HELD, None),
    "delayed": (Milestone.DELAYED, None),
    "delivery_attempted": (Milestone.ATTEMPT_FAILED, None),
    "delivery_rescheduled": (Milestone.DELAYED, None),
    "delivery_scheduled": (Milestone.IN_TRANSIT, None),
    "location_inaccessible": (Milestone.ATTEMPT_FAILED, Incident.ACCESS_RESTRICTED),
    "notice_left": (Milestone.ATTEMPT_FAILED, Incident.NOT_AVAILABLE),
    "out_for_delivery": (Milestone.OUT_FOR_DELIVERY, None),
    "package_accepted": (Milestone.ACCEPTED, None),
    "package_arrived": (Milestone.TRANSIT_HUB, None),
    "package_damaged": (Milestone.DAMAGED, Incident.PARCEL_DAMAGED),
    "package_departed": (Milestone.TRANSIT_HUB, None),
    "package_forwarded": (Milestone.IN_TRANSIT, None),
    "package_held": (Milestone.HELD, None),
    "package_processed": (Milestone.TRANSIT_HUB, None),
    "package_processing": (Milestone.TRANSIT_HUB, None),
    "pickup_available": (Milestone.AWAITING_COLLECTION, None),
    "reschedule_delivery": (Milestone.HELD, None),
    "delivered": (Milestone.DELIVERED, None),
    "return_to_sender": (Milestone.RETURNING, None),
    "package_unclaimed": (Milestone.RETURNING, Incident.NOT_AVAILABLE),
    "package_undeliverable": (Milestone.ATTEMPT_FAILED, None),
    "package_disposed": (Milestone.DESTROYED, None),
    "package_lost": (Milestone.LOST, Incident.PARCEL_LOST),
}
_NOTHING_FINER: Final = ("", "other")

# In which members of an answer or a webhook a track may be.
_DOORS: Final = ("body", "data")

# Shippo stamps days with the midnight of UTC.  Source: goshippo/shippo-php-client, issue 29.
_MIDNIGHT: Final = re.compile(r"T00:00:00(\.0+)?Z")


def recognises(payload: object) -> bool:
    """Tell by its shape whether a parsed document is one of Shippo; never raises."""
    return is_shown(payload, _is_track, _DOORS)


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read the scans of every track in a document, one parcel for each carrier and number.

    Takes a track, a webhook with one, a list of either, and an array of recorded answers, each
    with a `body`.  What holds no track gives a warning.  A time without a zone takes that of the
    facility where it was scanned, or is kept as local, with a warning; a scan without a readable
    time is left unread, with a warning.  An estimate at midnight is a day.

    Raises:
        CodecErrors: if it is neither object nor array, a track has no number, or a value is of
            the wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    reports = [_report(track, known) for track in found(document, _is_track, _DOORS)]
    return reading_of(document, reports, events=("tracking_history",))


def _is_track(value: object) -> bool:
    """Tell whether it is a track, though its number or its carrier may be missing."""
    is_named = holds(value, "tracking_number") or holds(value, "carrier")
    return is_named and (holds(value, "tracking_history") or _has_status(value))


def _has_status(value: object) -> bool:
    # A label has the name of a status there.
    return isinstance(value, dict) and isinstance(value.get("tracking_status"), dict)


def _report(track: Cursor, facilities: tuple[Facility, ...]) -> Report:
    code, carrier = number(track["tracking_number"]), track["carrier"].text_if_any()
    latest = [track["tracking_status"]] if track.has("tracking_status") else []
    places = [*track["tracking_history"].items(), *latest]
    return Report(
        number=code,
        carrier=carrier,
        sightings=sighted(places, lambda place: _scan(place, carrier, code, facilities)),
        expected=_expected(track["eta"]),
    )


def _expected(eta: Cursor) -> Moment | None:
    text = eta.text_if_any()
    if not text:
        return None
    read = moment_of(eta, _MIDNIGHT.sub("", text))
    if read is None:
        eta.disown()
    return read


def _scan(
    event: Cursor, carrier: str, number: str, facilities: tuple[Facility, ...]
) -> Scan | None:
    location = event["location"]
    place = Place(country=location["country"].text_if_any(), city=location["city"].text_if_any())
    at = moment(event["status_date"], place=place, facilities=facilities)
    if at is None:
        return None
    status, finer = event["status"].text_if_any(), event["substatus"]["code"].text_if_any()
    text = event["status_details"].text_if_any()
    milestone, incident = _meaning(event, status, finer)
    return event.built(
        lambda: Scan(
            carrier=carrier,
            number=number,
            # Where a feed has no codes, what was mapped is the code.
            code="/".join(filter(None, (status, finer))) or text,
            at=at,
            place=place,
            milestone=milestone,
            incident=incident,
            text=text,
        )
    )


def _meaning(event: Cursor, status: str, finer: str) -> tuple[Milestone | None, Incident | None]:
    """Say what a pair means; a delivery is one, whatever the substatus adds."""
    plain = _STATUSES.get(status)
    if status not in _STATUSES or finer not in (*_NOTHING_FINER, *_SUBSTATUSES):
        counts = "the status" if status in _STATUSES else ""
        undocumented(event["status"], status, finer, counts=counts)
        return plain, None
    if plain is Milestone.DELIVERED:
        return plain, None
    return _SUBSTATUSES.get(finer, (plain, None))
