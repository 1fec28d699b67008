"""EasyPost: trackers, webhooks and recorded answers, read into scans; claims, both ways.

EasyPost says what happened in two words, a *status* and a *status detail*; the table below gives
the milestone that a pair means.  A pair that is not documented keeps its scan, which then moves
nothing.  The code of a scan is the carrier's own where EasyPost passes it on, else the pair.

Neither the order of `tracking_details` nor repeats matter, so warnings name one of them as
``tracking_details[*]``.  Null and the empty text are the same.

>>> reading = read_scans({
...     "object": "Tracker", "tracking_code": "EZ1000000001", "carrier": "USPS",
...     "tracking_details": [
...         {"status": "delivered", "status_detail": "arrived_at_destination",
...          "datetime": "2026-03-09T15:00:00Z", "tracking_location": {"city": "Davie"}},
...     ],
... })
>>> [(scan.milestone, str(scan.place)) for scan in reading.parcels[0].scans]
[(<Milestone.DELIVERED: 'delivered'>, 'DAVIE')]
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._easypost_claims import (
    ClaimNews,
    ClaimReading,
    ClaimReport,
    read_claims,
    write_claim,
)
from apaclogistics.interop._reading import Cursor, more_pages
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    doubt_return,
    doubt_unseen,
    first,
    moment,
    number,
    opened,
    reading_of,
    sighted,
    undocumented,
)
from apaclogistics.interop._shapes import found, shaped
from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = (
    "ClaimNews",
    "ClaimReading",
    "ClaimReport",
    "read_claims",
    "read_scans",
    "recognises",
    "write_claim",
)

# Source: EasyPost API, Tracker object: its ten statuses, and what each means by itself.
_PLAIN: Final[Mapping[str, Milestone | None]] = {
    "unknown": None,
    "pre_transit": Milestone.REGISTERED,
    "in_transit": Milestone.IN_TRANSIT,
    "out_for_delivery": Milestone.OUT_FOR_DELIVERY,
    "delivered": Milestone.DELIVERED,
    "available_for_pickup": Milestone.AWAITING_COLLECTION,
    "return_to_sender": Milestone.RETURNING,
    "failure": Milestone.ATTEMPT_FAILED,
    "cancelled": None,
    "error": None,
}
# Source: EasyPost API, status details of a Tracker.
_DETAILS: Final = (
    "address_correction arrived_at_destination arrived_at_facility arrived_at_pickup_location "
    "awaiting_information cancelled damaged delayed delivery_exception departed_facility "
    "departed_origin_facility expired failure held in_transit label_created lost missorted "
    "out_for_delivery received_at_destination_facility received_at_origin_facility refused return "
    "status_update transferred_to_destination_carrier transit_exception unknown weather_delay"
).split()
_NOT_DELIVERED: Final[Mapping[str, Milestone | None]] = {
    "delivery_exception": Milestone.ATTEMPT_FAILED,
    "failure": Milestone.ATTEMPT_FAILED,
    "refused": Milestone.ATTEMPT_FAILED,
}
_TROUBLE: Final[Mapping[str, Milestone | None]] = {
    **_NOT_DELIVERED,
    "awaiting_information": Milestone.HELD,
    "cancelled": None,
    "damaged": Milestone.DAMAGED,
    "delayed": Milestone.DELAYED,
    "expired": Milestone.STALE,
    "held": Milestone.HELD,
    "lost": Milestone.LOST,
    "missorted": Milestone.MISROUTED,
    "return": Milestone.RETURNING,
    "transit_exception": Milestone.DELAYED,
    "weather_delay": Milestone.DELAYED,
}
# Our decision: what a detail adds to its status; where it adds nothing, the status stands.
_FINER: Final[Mapping[str, Mapping[str, Milestone | None]]] = {
    "in_transit": {
        **_TROUBLE,
        "arrived_at_destination": Milestone.ARRIVED_DESTINATION,
        "arrived_at_facility": Milestone.TRANSIT_HUB,
        "arrived_at_pickup_location": Milestone.AWAITING_COLLECTION,
        "departed_facility": Milestone.TRANSIT_HUB,
        "departed_origin_facility": Milestone.DEPARTED_ORIGIN,
        "label_created": Milestone.REGISTERED,
        "out_for_delivery": Milestone.OUT_FOR_DELIVERY,
        "received_at_destination_facility": Milestone.ARRIVED_DESTINATION,
        "received_at_origin_facility": Milestone.ACCEPTED,
        "transferred_to_destination_carrier": Milestone.LAST_MILE,
    },
    "out_for_delivery": _NOT_DELIVERED,
    "failure": _TROUBLE,
    # Delivered to the sender, that is.
    "delivered": {"return": Milestone.RETURNED},
}
_MILESTONES: Final = {
    (status, detail): _FINER.get(status, {}).get(detail, plain)
    for status, plain in _PLAIN.items()
    for detail in ("", *_DETAILS)
}

# Our decision: the reason that a detail gives; what it says of the parcel is in the tables above.
_INCIDENTS: Final[Mapping[str, Incident]] = {
    "address_correction": Incident.INCORRECT_ADDRESS,
    "damaged": Incident.PARCEL_DAMAGED,
    "lost": Incident.PARCEL_LOST,
    "missorted": Incident.SORTING_ERROR,
    "refused": Incident.REFUSED,
    "weather_delay": Incident.WEATHER,
}

# In which members of an object a tracker may be; an object of no stated kind is a mere wrapper.
_HOLDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "Event": ("result",),
    "Shipment": ("tracker",),
    "Batch": ("shipments",),
    "Order": ("shipments",),
}
_KIND: Final = re.compile(r"[A-Z][A-Za-z]{0,39}", re.ASCII)
# Where a document says its kind: by itself, on a page, in a list, in recorded answers.
_KIND_IS_AT: Final = ("object", "*.object", "*.*.object", "*.body.object", "*.body.*.*.object")
_is_old_tracker: Final = shaped("tracking_code", "tracking_details")
_is_part_of_claim: Final = shaped("line_items.*.total_line_value")


def recognises(payload: object) -> bool:
    """Tell whether a document is of EasyPost: its objects say their kind, as in "Tracker"."""
    kinds = (kind for path in _KIND_IS_AT for kind in found(payload, path))
    is_kind = any(isinstance(kind, str) and _KIND.fullmatch(kind) for kind in kinds)
    return is_kind or _is_old_tracker(payload) or _is_part_of_claim(payload)


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read the scans of every tracker in a document, one parcel for each carrier and number.

    Takes a Tracker, an Event of a webhook, a list of either, a Shipment with its tracker, and an
    array of recorded answers, each with a `body`.  What holds no tracker gives a warning with its
    kind.  A time without a zone takes that of the facility where it was scanned, or is kept as
    local, with a warning; a scan without a readable time is left unread, with a warning.

    Raises:
        CodecErrors: if it is neither object nor array, a tracker has no number, or a value is of
            the wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    reports = [_report(tracker, known) for tracker in _trackers(document)]
    return reading_of(document, reports, events=("tracking_details",))


def _trackers(node: Cursor) -> Iterator[Cursor]:
    """Find all trackers from here on; what holds none is named in a warning."""
    if _is_tracker(node):
        yield node
        return
    if node.has("has_more") and node["has_more"].glance.flag_if_any():
        more_pages(node["has_more"])
    holders = _holders(node)
    if not holders:
        node.doubt("no_tracker", f"{_kind(node)} holds no tracker")
    for holder in holders:
        yield from _trackers(holder)


def _is_tracker(node: Cursor) -> bool:
    if node.has("object"):
        return node["object"].text_if_any() == "Tracker"
    return node.has("tracking_code") and node.has("tracking_details")


def _holders(node: Cursor) -> list[Cursor]:
    if isinstance(node.value, list):
        return node.items()
    if not isinstance(node.value, dict):
        return []
    kind = node["object"].text_if_any()
    members = [node[key] for key in (_HOLDERS.get(kind, ()) if kind else node.value)]
    return [member for member in members if member.value and isinstance(member.value, dict | list)]


def _kind(node: Cursor) -> str:
    if not isinstance(node.value, dict):
        return "an empty array" if isinstance(node.value, list) else "a mere value"
    kind = node["object"].text_if_any()
    return kind if _KIND.fullmatch(kind) else "an object of no stated kind"


def _report(tracker: Cursor, facilities: tuple[Facility, ...]) -> Report:
    code = number(tracker["tracking_code"])
    carrier = tracker["carrier"].text_if_any()
    details = tracker["tracking_details"].items()
    _doubt_tracker(tracker, len(details))
    sightings = sighted(details, lambda detail: _scan(detail, tracker, code, facilities))
    sources = [scan.carrier for _, scan in sightings]
    return Report(
        number=code,
        carrier=carrier or min(sources, default=""),
        sightings=sightings,
        expected=_expected(tracker["est_delivery_date"]),
    )


def _expected(date: Cursor) -> Moment | None:
    return None if date.is_absent else moment(date)


def _doubt_tracker(tracker: Cursor, details: int) -> None:
    """Doubt what a tracker says as a whole and no scan of it can say."""
    doubt_return(tracker["is_return"])
    status = tracker["status"].glance
    if not details:
        doubt_unseen(status, _PLAIN.get(status.text_if_any()))


def _scan(
    detail: Cursor,
    tracker: Cursor,
    number: str,
    facilities: tuple[Facility, ...],
) -> Scan | None:
    location = detail["tracking_location"]
    place = Place(country=location["country"].text_if_any(), city=location["city"].text_if_any())
    at = moment(detail["datetime"], place=place, facilities=facilities)
    if at is None:
        return None
    status, finer = detail["status"].text_if_any(), detail["status_detail"].text_if_any()
    text = first(detail["message"], detail["description"])
    pair = "/".join(filter(None, (status, finer)))
    milestone = _milestone(detail, status, finer)
    recipient = tracker["signed_by"].text_if_any() if milestone is Milestone.DELIVERED else ""
    return detail.built(
        lambda: Scan(
            carrier=first(tracker["carrier"], detail["source"]),
            number=number,
            # Where a feed has no codes, what was mapped is the code.
            code=detail["carrier_code"].text_if_any() or pair or text,
            at=at,
            place=place,
            milestone=milestone,
            incident=_INCIDENTS.get(finer),
            recipient=recipient,
            text=text,
        )
    )


def _milestone(detail: Cursor, status: str, finer: str) -> Milestone | None:
    if (status, finer) not in _MILESTONES:
        counts = "the status" if status in _PLAIN else ""
        undocumented(detail["status"], status, finer, counts=counts)
        detail["status"].disown()
        detail["status_detail"].disown()
    return _MILESTONES.get((status, finer), _PLAIN.get(status))
