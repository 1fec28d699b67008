"""DHL's unified answers become scans; the words of DHL Express tell what the five codes do not."""

import pytest

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop import ScanReading
from apaclogistics.interop.dhl_universal import read_scans, recognises
from apaclogistics.tracking import track
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import blocks, codes, faults_of, in_full, only_scan
from tests.real_data import load, with_data

ANSWER = sample("dhl_answer")
SHIPMENT = "shipments.0"
ATTEMPT = f"{SHIPMENT}.events.1"

HANDMADE = blocks("""
dhl_answer
  DHL 7777000001 = JD014600000000000001 DELIVERED by 2026-03-11T22:00:00Z
  2026-03-05T02:00:00Z pre-transit REGISTERED [] Shipment information received
  2026-03-05T09:30:00Z transit ACCEPTED [HONG KONG - HONG KONG SAR, HK] Shipment picked up
  2026-03-09T08:00:00 local time transit/HELD-17 CUSTOMS_HELD [CINCINNATI HUB, OH - USA] Further clearance processing is required (customs delay)
  2026-03-10T15:05:00Z failure ATTEMPT_FAILED [EXAMPLEVILLE - USA, US] Delivery attempted; recipient not home (not at home)
  2026-03-11T17:58:00Z delivered DELIVERED [EXAMPLEVILLE - USA, US] Delivered
""")


def one_scan(changes: dict[str, object]) -> ScanReading:
    """Read the answer with the attempt alone, changed."""
    event = edited(at(ANSWER, ATTEMPT), changes)
    return read_scans(edited(ANSWER, {f"{SHIPMENT}.events": [event]}))


def test_a_shipment_is_a_parcel_with_its_scans() -> None:
    """A time with an offset is an instant, one without stays local."""
    (parcel,) = read_scans(ANSWER).parcels

    assert in_full(parcel) == HANDMADE["dhl_answer"]
    assert codes(read_scans(ANSWER)) == [("$.shipments[0].events[*].timestamp", "local_time")]


def test_the_proof_of_delivery_names_who_signed() -> None:
    """By both names where there are, and is hidden."""
    signed = f"{SHIPMENT}.details.proofOfDelivery"
    (both,) = read_scans(ANSWER).parcels
    (one,) = read_scans(
        edited(ANSWER, {f"{signed}.signed": {"name": "N"}, f"{signed}.signatureUrl": None})
    ).parcels
    proofs = [track(parcel.scans).proof for parcel in (both, one)]

    assert [(proof.recipient, proof.is_signed) for proof in proofs if proof] == [
        ("N NACHTLESER", True),
        ("N", False),
    ]
    assert "NACHTLESER" not in repr(both)


def test_pieces_of_one_shipment_are_no_other_numbers() -> None:
    """Each is a parcel of its own, unless there is but one."""
    several = edited(ANSWER, {f"{SHIPMENT}.details.pieceIds.1": "JD014600000000000002"})

    assert read_scans(several).parcels[0].other_numbers == ()
    assert "$.shipments[0].details.pieceIds[1]" in read_scans(several).unread


def test_a_number_may_be_a_whole_number() -> None:
    """As in DHL's own example."""
    reading = read_scans(edited(ANSWER, {f"{SHIPMENT}.id": 7777000001}))

    assert reading.parcels == read_scans(ANSWER).parcels


def test_the_end_of_the_time_frame_is_expected() -> None:
    """Else the one time that DHL gives, if any."""
    framed = f"{SHIPMENT}.estimatedDeliveryTimeFrame"
    (single,) = read_scans(edited(ANSWER, {framed: None})).parcels
    (none,) = read_scans(
        edited(ANSWER, {framed: None, f"{SHIPMENT}.estimatedTimeOfDelivery": None})
    ).parcels

    assert (str(single.expected), none.expected) == ("2026-03-11T00:00:00Z", None)


@pytest.mark.parametrize(
    ("status", "words", "milestone", "incident"),
    [
        ("transit", "Departed Facility in HONG KONG", Milestone.TRANSIT_HUB, None),
        ("transit", "Arrived at DHL Delivery Facility X", Milestone.LAST_MILE, None),
        ("transit", "ARRIVED AT SORT FACILITY X", Milestone.TRANSIT_HUB, None),
        ("transit", "Shipment is out with courier for delivery", Milestone.OUT_FOR_DELIVERY, None),
        ("transit", "Available upon receipt of payment", Milestone.HELD, Incident.DUTIES_UNPAID),
        ("transit", "Something of another house", Milestone.IN_TRANSIT, None),
        ("failure", "Recipient refused delivery", Milestone.ATTEMPT_FAILED, Incident.REFUSED),
        ("failure", "Returned to shipper", Milestone.RETURNED, None),
        ("failure", "", Milestone.ATTEMPT_FAILED, None),
        ("delivered", "Returned to shipper in words alone", Milestone.DELIVERED, None),
        ("pre-transit", "Shipment picked up", Milestone.REGISTERED, None),
        ("unknown", "Shipment picked up", None, None),
    ],
)
def test_words_tell_what_is_finer_than_the_code(
    status: str, words: str, milestone: Milestone | None, incident: Incident | None
) -> None:
    """Of what is under way or went wrong; the longest beginning counts."""
    reading = one_scan({"statusCode": status, "status": "", "description": words})

    scan = only_scan(reading)
    assert (scan.milestone, scan.incident) == (milestone, incident)
    assert codes(reading) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"statusCode": "teleported", "status": "T"}, "teleported/T"),
        ({"statusCode": None, "status": None}, "Delivery attempted; recipient not home"),
    ],
)
def test_an_unknown_code_keeps_its_scan_which_moves_nothing(
    said: dict[str, object], code: str
) -> None:
    """Verbatim, with a warning; without a code the text is the code."""
    reading = one_scan(said)

    assert (only_scan(reading).code, only_scan(reading).milestone) == (code, None)
    assert [code for _, code in codes(reading)] == ["unknown_status"]


def test_a_local_time_takes_the_zone_of_the_facility() -> None:
    """Of the place in its own words."""
    hub = Facility(Place(city="Cincinnati Hub, OH - USA"), "America/New_York")

    reading = read_scans(ANSWER, facilities=[hub])

    assert reading.warnings == ()
    assert str(reading.parcels[0].scans[2].at) == "2026-03-09T12:00:00Z"


def test_what_is_missing_gives_a_warning() -> None:
    """Further pages, events, a time."""
    paged = read_scans(edited(ANSWER, {"nextUrl": "/shipments?offset=5"}))
    silent = read_scans(edited(ANSWER, {f"{SHIPMENT}.events": None}))
    timeless = one_scan({"timestamp": ""})

    assert ("$.nextUrl", "more_pages") in codes(paged)
    assert codes(silent) == [("$.shipments[0]", "no_scans")]
    assert codes(timeless) == [("$.shipments[0].events[*].timestamp", "unreadable_time")]
    assert timeless.parcels[0].scans == ()


# what is changed, then the fault
FAULTS: list[tuple[dict[str, object], str]] = [
    ({f"{SHIPMENT}.id": GONE}, "$.shipments[0].id: is missing"),
    ({f"{SHIPMENT}.id": 0}, "$.shipments[0].id: is below 1"),
    ({f"{SHIPMENT}.id": 7.5}, "$.shipments[0].id: is a number with a fraction; allowed: text"),
    (
        {f"{ATTEMPT}.location": "X"},
        "$.shipments[0].events[1].location: is text; allowed: an object",
    ),
    (
        {f"{ATTEMPT}.statusCode": "s" * 257},
        "$.shipments[0].events[1]: scan's code is too long; allowed: up to 256 characters",
    ),
]


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_what_cannot_be_read_is_a_fault_with_its_path(
    changes: dict[str, object], fault: str
) -> None:
    """Nothing is coerced."""
    assert faults_of(read_scans, edited(ANSWER, changes)) == [fault]


def test_an_answer_of_dhl_is_known_by_its_numbers_and_services() -> None:
    """Another house of DHL calls its numbers otherwise."""
    assert recognises(ANSWER)
    assert not recognises({"shipments": [{"shipmentTrackingNumber": "1", "service": "P"}]})


REAL = blocks("""
dhl_universal__in_transit.raw
  DHL 7777777770 - by 2018-08-03T22:00:00Z
  2018-03-02T07:53:47 local time pre-transit/DELIVERED REGISTERED [ODERWEG 2, AMSTERDAM, NL] JESSICA
""")


@with_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_answer_is_read_to_the_letter(name: str) -> None:
    """Written by hand from the document, whose eleven pieces are not one parcel."""
    reading = read_scans(load("karrio_tracking", name))

    (parcel,) = reading.parcels
    assert in_full(parcel) == REAL[name]
    assert [code for _, code in codes(reading)] == ["more_pages", "local_time"]
    assert "Doe" not in repr(reading)
