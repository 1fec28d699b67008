"""AfterShip: trackings, webhooks and recorded answers, read into scans.

AfterShip says what happened with a *tag*, one of nine, and a *subtag* of it, such as
``Exception_004``; the tables below give the milestone that each means, and the reason where it
gives one.  A subtag that is not documented leaves what its tag says; a tag that is not documented
keeps its scan, which then moves nothing.  The code of a scan is the carrier's own where AfterShip
passes it on (the *raw tag*), else the subtag.

A parcel that changes hands has checkpoints of several couriers, each with its own slug.  Countries
come with three letters and are kept with two.  Neither the order of checkpoints nor repeats matter,
so warnings name one of them as ``checkpoints[*]``.

>>> reading = read_scans({"msg": {
...     "tracking_number": "RR473124829GB", "slug": "royal-mail",
...     "checkpoints": [
...         {"slug": "royal-mail", "tag": "InTransit", "subtag": "InTransit_004",
...          "checkpoint_time": "2026-03-05T10:00:00+01:00", "country_iso3": "DEU"},
...     ],
... }})
>>> [(scan.milestone, str(scan.place)) for scan in reading.parcels[0].scans]
[(<Milestone.ARRIVED_DESTINATION: 'arrived_destination'>, 'DE')]
"""

from collections.abc import Iterable, Mapping
from typing import Final

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._reading import Cursor
from apaclogistics.interop._scans import (
    Report,
    ScanReading,
    doubt_return,
    doubt_unseen,
    found,
    holds,
    is_shown,
    moment,
    number,
    opened,
    other_number,
    reading_of,
    sighted,
    undocumented,
)
from apaclogistics.tracking import Scan
from apaclogistics.values.countries import ALPHA_2_CODES
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place

__all__ = ("read_scans", "recognises")

# Source: AfterShip Tracking API, delivery statuses: the nine tags, and what each means by itself.
_TAGS: Final[Mapping[str, Milestone | None]] = {
    "Pending": None,
    "InfoReceived": Milestone.REGISTERED,
    "InTransit": Milestone.IN_TRANSIT,
    "OutForDelivery": Milestone.OUT_FOR_DELIVERY,
    "AttemptFail": Milestone.ATTEMPT_FAILED,
    "Delivered": Milestone.DELIVERED,
    "AvailableForPickup": Milestone.AWAITING_COLLECTION,
    # Our decision: anything may be wrong, so it is late at least, and no phase is shown.
    "Exception": Milestone.DELAYED,
    "Expired": Milestone.STALE,
}
# Source: AfterShip Tracking API, delivery sub-statuses, those of March 2026 included.
# What each means, and why, is our decision; where a subtag does not say why, there is no reason.
_SUBTAGS: Final[Mapping[str, tuple[Milestone | None, Incident | None]]] = {
    **{f"Pending_00{n}": (None, None) for n in range(1, 7)},
    "InfoReceived_001": (Milestone.REGISTERED, None),
    "InTransit_001": (Milestone.IN_TRANSIT, None),
    "InTransit_002": (Milestone.ACCEPTED, None),
    "InTransit_003": (Milestone.TRANSIT_HUB, None),
    "InTransit_004": (Milestone.ARRIVED_DESTINATION, None),
    "InTransit_005": (Milestone.CUSTOMS_RELEASED, None),
    "InTransit_006": (Milestone.IMPORT_CUSTOMS, None),
    "InTransit_007": (Milestone.TRANSIT_HUB, None),
    "InTransit_008": (Milestone.IN_TRANSIT, None),
    "InTransit_009": (Milestone.IN_TRANSIT, None),
    "OutForDelivery_001": (Milestone.OUT_FOR_DELIVERY, None),
    # From before there was a tag of its own.
    "OutForDelivery_002": (Milestone.AWAITING_COLLECTION, None),
    # The consignee was called, or a day was agreed: it is not on the van yet.
    "OutForDelivery_003": (Milestone.LAST_MILE, None),
    "OutForDelivery_004": (Milestone.LAST_MILE, None),
    "AvailableForPickup_001": (Milestone.AWAITING_COLLECTION, None),
    "AttemptFail_001": (Milestone.ATTEMPT_FAILED, None),
    "AttemptFail_002": (Milestone.ATTEMPT_FAILED, Incident.NOT_AVAILABLE),
    "AttemptFail_003": (Milestone.ATTEMPT_FAILED, Incident.BUSINESS_CLOSED),
    **{f"Delivered_00{n}": (Milestone.DELIVERED, None) for n in range(1, 6)},
    "Exception_001": (Milestone.DELAYED, None),
    "Exception_002": (Milestone.ATTEMPT_FAILED, Incident.INCORRECT_ADDRESS),
    "Exception_003": (Milestone.ATTEMPT_FAILED, Incident.REFUSED),
    "Exception_004": (Milestone.CUSTOMS_HELD, Incident.CUSTOMS_DELAY),
    "Exception_005": (Milestone.DELAYED, Incident.FORCE_MAJEURE),
    # What is to be paid, duty or the price itself, is not said.
    "Exception_006": (Milestone.HELD, None),
    "Exception_007": (Milestone.ATTEMPT_FAILED, Incident.INCORRECT_ADDRESS),
    # It waits still; nobody tried to bring it.
    "Exception_008": (Milestone.AWAITING_COLLECTION, Incident.NOT_AVAILABLE),
    "Exception_009": (Milestone.HELD, Incident.INCORRECT_PARCEL),
    "Exception_010": (Milestone.RETURNING, None),
    "Exception_011": (Milestone.RETURNED, None),
    "Exception_012": (Milestone.DAMAGED, Incident.PARCEL_DAMAGED),
    "Exception_013": (Milestone.LOST, Incident.PARCEL_LOST),
    # A vehicle, sorting, a wrong turn: which, is not said.
    "Exception_016": (Milestone.DELAYED, None),
    "Exception_017": (Milestone.DELAYED, Incident.WEATHER),
    "Exception_018": (Milestone.HELD, Incident.CUSTOMS_DOCUMENTATION),
    "Exception_019": (Milestone.DELAYED, Incident.VEHICLE_ISSUE),
    # By whom, is not said; what was cancelled does not move.
    "Exception_020": (None, None),
    "Exception_021": (Milestone.DESTROYED, None),
    "Expired_001": (Milestone.STALE, None),
}
_SIGNED: Final = "Delivered_003"

# In which members of an answer or a webhook a tracking may be.
_DOORS: Final = ("body", "msg", "data", "tracking", "trackings")


def recognises(payload: object) -> bool:
    """Tell by its shape whether a parsed document is one of AfterShip; never raises."""
    return is_shown(payload, _is_tracking, _DOORS)


def read_scans(payload: object, *, facilities: Iterable[Facility] = ()) -> ScanReading:
    """Read the scans of every tracking in a document, one parcel for each slug and number.

    Takes a tracking, an answer with one or a page of them, a webhook, and an array of recorded
    answers, each with a `body`.  What holds no tracking gives a warning.  A time without a zone
    takes that of the facility where it was scanned, or is kept as local, with a warning; a scan
    without a readable time is left unread, with a warning.

    Raises:
        CodecErrors: if it is neither object nor array, a tracking has no number, or a value is of
            the wrong type; all faults at once, with their paths.
    """
    document, known = opened(payload), tuple(facilities)
    reports = [_report(tracking, known) for tracking in found(document, _is_tracking, _DOORS)]
    return reading_of(document, reports, events=("checkpoints",))


def _is_tracking(value: object) -> bool:
    """Tell whether it is a tracking; every one has a slug, though there may be nothing in it."""
    is_theirs = isinstance(value, dict) and "slug" in value
    return is_theirs and (holds(value, "tracking_number") or holds(value, "checkpoints"))


def _report(tracking: Cursor, facilities: tuple[Facility, ...]) -> Report:
    code = number(tracking["tracking_number"])
    # An answer about the last one has it beside the list, or instead of it.
    last = [tracking["checkpoint"]] if tracking.has("checkpoint") else []
    checkpoints = [*tracking["checkpoints"].items(), *last]
    _doubt_tracking(tracking, len(checkpoints))
    sightings = sighted(checkpoints, lambda it: _scan(it, tracking, code, facilities))
    return Report(
        number=code,
        carrier=tracking["slug"].text_if_any()
        or min((s.carrier for _, s in sightings), default=""),
        sightings=sightings,
        other_numbers=_other_numbers(tracking),
        expected=_expected(tracking),
    )


def _doubt_tracking(tracking: Cursor, checkpoints: int) -> None:
    """Doubt what a tracking says as a whole and no scan of it can say."""
    doubt_return(tracking["return_to_sender"])
    tag = tracking["tag"].glance
    if not checkpoints:
        doubt_unseen(tag, _TAGS.get(tag.text_if_any()))


def _other_numbers(tracking: Cursor) -> tuple[str, ...]:
    """Read the numbers of the first and the last mile, and of couriers that come next."""
    legs = [tracking["first_mile"], tracking["last_mile"], *tracking["next_couriers"].items()]
    return tuple(text for leg in legs for text in other_number(leg["tracking_number"]))


def _expected(tracking: Cursor) -> Moment | None:
    """Read when the parcel is expected: what is estimated last goes first, then the carrier's."""
    estimate = tracking["latest_estimated_delivery"]
    dates = (
        estimate["datetime_max"],
        estimate["datetime"],
        tracking["courier_estimated_delivery_date"]["estimated_delivery_date_max"],
        tracking["courier_estimated_delivery_date"]["estimated_delivery_date"],
        tracking["expected_delivery"],
    )
    return next((moment(date) for date in dates if date.value not in (None, "")), None)


def _scan(
    checkpoint: Cursor, tracking: Cursor, number: str, facilities: tuple[Facility, ...]
) -> Scan | None:
    place = Place(country=_country(checkpoint), city=checkpoint["city"].text_if_any())
    at = moment(checkpoint["checkpoint_time"], place=place, facilities=facilities)
    if at is None:
        return None
    tag, subtag = checkpoint["tag"].text_if_any(), checkpoint["subtag"].text_if_any()
    milestone, incident = _meaning(checkpoint, tag, subtag)
    _doubt_source(checkpoint["source"])
    is_delivered = milestone is Milestone.DELIVERED
    recipient = tracking["signed_by"].text_if_any() if is_delivered else ""
    text = checkpoint["message"].text_if_any()
    return checkpoint.built(
        lambda: Scan(
            carrier=checkpoint["slug"].text_if_any() or tracking["slug"].text_if_any(),
            number=number,
            # Where a feed has no codes, what was mapped is the code.
            code=checkpoint["raw_tag"].text_if_any() or subtag or tag or text,
            at=at,
            place=place,
            milestone=milestone,
            incident=incident,
            recipient=recipient,
            is_signed=is_delivered and (subtag == _SIGNED or bool(recipient)),
            text=text,
        )
    )


def _country(checkpoint: Cursor) -> str:
    """Read a country of three letters as two; what is no such code stays as it is."""
    # The member was renamed in the version 2024-04.
    place = checkpoint["country_iso3" if checkpoint.has("country_iso3") else "country_region"]
    written = place.text_if_any()
    if written and written not in ALPHA_2_CODES:
        text = f"{written[:64]!r} is no country of three letters and is kept"
        place.doubt("unknown_country", text)
    return ALPHA_2_CODES.get(written, written)


def _doubt_source(source: Cursor) -> None:
    if source.glance.text_if_any() == "user":
        source.doubt("by_hand", "was entered by a user of AfterShip, not by the carrier")


def _meaning(checkpoint: Cursor, tag: str, subtag: str) -> tuple[Milestone | None, Incident | None]:
    """Say what a tag and a subtag mean; a subtag of another tag, or an unknown one, says nothing."""
    is_of_tag = not tag or subtag.startswith(f"{tag}_")
    if subtag in _SUBTAGS and is_of_tag:
        return _SUBTAGS[subtag]
    if subtag or tag not in _TAGS:
        undocumented(checkpoint["tag"], tag, subtag, counts="the tag" if tag in _TAGS else "")
        checkpoint["tag"].disown()
        checkpoint["subtag"].disown()
    return _TAGS.get(tag), None
