"""USPS's answers become scans, by the instant and not by the clock on the wall."""

import pytest

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.incidents import Incident
from apaclogistics.interop import ScanReading
from apaclogistics.interop.usps import read_scans
from apaclogistics.tracking import track
from apaclogistics.values.instants import instant
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import blocks, codes, faults_of, in_full
from tests.real_data import load, with_data

ANSWER = sample("usps_answer")
NOTICE = "trackingEvents.1"


HANDMADE = blocks("""
usps_answer
  USPS 9400109104250099999999 = LZ000000015US DELIVERED by 2026-03-10T21:00:00 local time
  2026-03-02T09:30:00Z OA ACCEPTED [HONG KONG] Accepted at USPS Origin Facility
  2026-03-07T15:00:00Z CO CUSTOMS_RELEASED [ISC NEW YORK NY(USPS), UNITED STATES] Inbound Out of Customs
  2026-03-09T13:00:12Z 08 MISROUTED [WRONGTOWN] Missent (sorting error)
  2026-03-10T15:05:00Z 56 ATTEMPT_FAILED [EXAMPLEVILLE] Notice Left (No Authorized Recipient Available) (not available)
  2026-03-11T17:58:40Z 01 DELIVERED [EXAMPLEVILLE] Delivered, Left with Individual
""")


def one_scan(changes: dict[str, object]) -> ScanReading:
    """Read the answer with the notice that was left alone, changed."""
    event = edited(at(ANSWER, NOTICE), changes)
    return read_scans(edited(ANSWER, {"trackingEvents": [event]}))


def test_an_answer_is_a_parcel_with_its_scans() -> None:
    """Instants are USPS's own; a local time with its offset is as good."""
    (parcel,) = read_scans(ANSWER).parcels

    assert in_full(parcel) == HANDMADE["usps_answer"]


def test_the_proof_of_delivery_names_who_took_the_parcel() -> None:
    """A proof that can be ordered holds a signature."""
    (parcel,) = read_scans(ANSWER).parcels
    proof = track(parcel.scans).proof

    assert proof is not None
    assert (proof.recipient, proof.is_signed) == ("N NACHTLESER", True)
    assert "NACHTLESER" not in repr(parcel)


@pytest.mark.parametrize(("said", "signed"), [("false", 0), (None, 0), (True, 1), ("true", 1)])
def test_whether_there_is_a_signature_is_text_or_a_flag(said: object, signed: int) -> None:
    """USPS documents a flag and writes text; only a delivery is signed for."""
    (parcel,) = read_scans(edited(ANSWER, {"proofOfDeliveryEnabled": said})).parcels

    assert sum(scan.is_signed for scan in parcel.scans) == signed


def test_a_firm_stands_for_a_person_that_is_not_named() -> None:
    """Else it stays unread."""
    named = read_scans(ANSWER)
    unnamed = read_scans(edited(ANSWER, {"trackingEvents.0.name": None}))

    assert "$.trackingEvents[*].firm" in named.unread
    assert unnamed.parcels[0].scans[-1].recipient == "NACHTLESER BOOKS"


def test_an_instant_goes_before_the_local_time() -> None:
    """Whatever the local time says; it stays unread."""
    reading = one_scan({"GMTTimestamp": "2026-03-10T15:05:31Z", "GMTOffset": "-09:00"})

    assert reading.parcels[0].scans[0].at.earliest == instant("2026-03-10T15:05:31Z")
    assert "$.trackingEvents[*].eventTimestamp" in reading.unread


def test_a_local_time_takes_the_zone_of_the_facility_or_stays_local() -> None:
    """Where USPS gives neither instant nor offset."""
    bare = edited(at(ANSWER, NOTICE), {"GMTOffset": None})
    answer = edited(ANSWER, {"trackingEvents": [bare]})
    here = Facility(Place(city="Exampleville"), "America/New_York")

    local, known = read_scans(answer), read_scans(answer, facilities=[here])

    assert codes(local)[1] == ("$.trackingEvents[*].eventTimestamp", "local_time")
    assert str(local.parcels[0].scans[0].at) == "2026-03-10T11:05:00 local time"
    assert str(known.parcels[0].scans[0].at) == "2026-03-10T15:05:00Z"


def test_a_scan_without_a_readable_time_is_left_unread() -> None:
    """With a warning, and all that it says is listed."""
    reading = one_scan({"eventTimestamp": "soon"})

    assert reading.parcels[0].scans == ()
    assert ("$.trackingEvents[*].eventTimestamp", "unreadable_time") in codes(reading)
    assert "$.trackingEvents[*].eventCode" in reading.unread


def test_a_delivery_to_the_sender_is_a_return() -> None:
    """The code is that of any delivery; the text says to whom."""
    reading = read_scans(
        edited(ANSWER, {"trackingEvents.0.eventType": "Delivered, To Original Sender"})
    )

    assert track(reading.parcels[0].scans).phase is Phase.RETURNED
    assert track(reading.parcels[0].scans).proof is None


@pytest.mark.parametrize(
    ("code", "milestone", "incident"),
    [
        ("04", Milestone.RETURNING, Incident.REFUSED),
        ("21", Milestone.RETURNING, Incident.INCORRECT_ADDRESS),
        ("DN", Milestone.DELIVERED, Incident.PARCEL_DAMAGED),
        ("K6", Milestone.RETURNING, Incident.DUTIES_UNPAID),
        ("NT", Milestone.IN_TRANSIT, None),
        ("WX", Milestone.DELAYED, Incident.WEATHER),
        ("VC", None, Incident.BEING_RESEARCHED),
        ("GX", Milestone.REGISTERED, None),
    ],
)
def test_a_code_means_a_milestone_and_may_give_a_reason(
    code: str, milestone: Milestone | None, incident: Incident | None
) -> None:
    """As Publication 199 explains it."""
    reading = one_scan({"eventCode": code})

    (scan,) = reading.parcels[0].scans
    assert (scan.milestone, scan.incident) == (milestone, incident)
    assert ("$.trackingEvents[*].eventCode", "unknown_status") not in codes(reading)


@pytest.mark.parametrize(("code", "kept"), [("ZZ", "ZZ"), ("", "Teleported")])
def test_an_unknown_code_keeps_its_scan_which_moves_nothing(code: str, kept: str) -> None:
    """Verbatim, with a warning; without a code the text is the code."""
    reading = one_scan({"eventCode": code, "eventType": "Teleported"})

    (scan,) = reading.parcels[0].scans
    assert (scan.code, scan.milestone) == (kept, None)
    assert ("$.trackingEvents[*].eventCode", "unknown_status") in codes(reading)


def test_a_summary_has_no_scans() -> None:
    """Its sentences are unread, with a warning."""
    reading = read_scans({"trackingNumber": "9400", "eventSummaries": ["Delivered, 1:58 pm"]})

    assert [parcel.scans for parcel in reading.parcels] == [()]
    assert codes(reading) == [("$", "no_scans")]
    assert reading.unread == ("$.eventSummaries[*]",)


def test_answers_may_come_in_an_array() -> None:
    """One for each number that was asked for."""
    other = edited(ANSWER, {"trackingNumber": "9400109104250011111111"})

    reading = read_scans([ANSWER, other, ANSWER])

    assert [parcel.number[-4:] for parcel in reading.parcels] == ["1111", "9999"]
    assert reading.parcels[1] == read_scans(ANSWER).parcels[0]


# what is changed, then the fault
FAULTS: list[tuple[dict[str, object], str]] = [
    ({"trackingNumber": GONE}, "$.trackingNumber: is missing"),
    ({"trackingEvents": {}}, "$.trackingEvents: is an object; allowed: an array"),
    ({NOTICE: "left"}, "$.trackingEvents[1]: is text; allowed: an object"),
    (
        {f"{NOTICE}.eventCode": 56},
        "$.trackingEvents[1].eventCode: is a whole number; allowed: text",
    ),
    (
        {"proofOfDeliveryEnabled": 1},
        "$.proofOfDeliveryEnabled: is a whole number; allowed: true or false",
    ),
    (
        {f"{NOTICE}.eventCode": "5" * 257},
        "$.trackingEvents[1]: scan's code is too long; allowed: up to 256 characters",
    ),
]


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_what_cannot_be_read_is_a_fault_with_its_path(
    changes: dict[str, object], fault: str
) -> None:
    """Nothing is coerced."""
    assert faults_of(read_scans, edited(ANSWER, changes)) == [fault]


REAL = blocks("""
usps__delivered.raw
  USPS 9400109104250532908587 DELIVERED
  2024-11-15T16:32:33Z GX REGISTERED [SPRINGFIELD GARDENS] Shipping Label Created, USPS Awaiting Item
  2024-11-18T16:10:31Z 03 ACCEPTED [JAMAICA] USPS in possession of item
  2024-11-18T22:01:35Z SF TRANSIT_HUB [JAMAICA] Departed Post Office
  2024-11-18T23:02:52Z 10 TRANSIT_HUB [QUEENS NY DISTRIBUTION CENTER] Arrived at USPS Regional Origin Facility
  2024-11-19T11:16:41Z T1 TRANSIT_HUB [QUEENS NY DISTRIBUTION CENTER] Departed USPS Regional Facility
  2024-11-19T17:11:23Z TL IN_TRANSIT [] In Transit to Next Facility
  2024-11-19T23:07:58Z TL IN_TRANSIT [] In Transit to Next Facility
  2024-11-20T06:11:52Z TL IN_TRANSIT [] In Transit to Next Facility
  2024-11-20T06:13:31Z A1 TRANSIT_HUB [JACKSONVILLE FL DISTRIBUTION CENTER] Arrived at USPS Regional Facility
  2024-11-22T13:59:45Z 07 LAST_MILE [LECANTO] Arrived at Post Office
  2024-11-22T14:10:45Z OF OUT_FOR_DELIVERY [HERNANDO] Out for Delivery
  2024-11-22T18:58:40Z 01 DELIVERED [HERNANDO] Delivered, Parcel Locker
""")


@with_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_answer_is_read_to_the_letter(name: str) -> None:
    """Written by hand from the document."""
    reading = read_scans(load("karrio_tracking", name))

    (parcel,) = reading.parcels
    assert in_full(parcel) == REAL[name]
    assert reading.warnings == ()
    assert not any(scan.is_signed for scan in parcel.scans)
