"""FedEx's answers become scans, each by the offset of its place, with the reason for a delay."""

import pytest

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop import ScanReading
from apaclogistics.interop.fedex import read_scans, recognises
from apaclogistics.tracking import track
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import blocks, codes, faults_of, in_full, only_scan
from tests.real_data import load, with_data

ANSWER = sample("fedex_answer")
ASKED = "output.completeTrackResults.0"
RESULT = f"{ASKED}.trackResults.0"
EXCEPTION = f"{RESULT}.scanEvents.1"

HANDMADE = blocks("""
fedex_answer
  FedEx 794600000001 DELIVERED by 2026-03-11T16:00:00Z
  2026-03-05T02:00:00Z OC REGISTERED [HK] Shipment information sent to FedEx
  2026-03-05T09:30:00Z PU ACCEPTED [HKGA, KOWLOON, HK] Picked up
  2026-03-07T11:00:00Z CD CUSTOMS_HELD [MEMH, MEMPHIS, US] Clearance delay (customs delay)
  2026-03-10T15:05:00Z DE ATTEMPT_FAILED [JAXA, EXAMPLEVILLE, US] Delivery exception (not available)
  2026-03-11T17:58:00Z DL DELIVERED [JAXA, EXAMPLEVILLE, US] Delivered
""")


def one_scan(changes: dict[str, object]) -> ScanReading:
    """Read the answer with the exception alone, changed."""
    event = edited(at(ANSWER, EXCEPTION), changes)
    return read_scans(edited(ANSWER, {f"{RESULT}.scanEvents": [event]}))


def test_a_result_is_a_parcel_with_its_scans() -> None:
    """An exception code or the detail of a delay gives the reason."""
    (parcel,) = read_scans(ANSWER).parcels

    assert in_full(parcel) == HANDMADE["fedex_answer"]
    assert read_scans(ANSWER).warnings == ()


def test_the_proof_of_delivery_names_who_took_the_parcel() -> None:
    """Who signed is a signature; both are hidden."""
    (signed,) = read_scans(ANSWER).parcels
    (unsigned,) = read_scans(
        edited(ANSWER, {f"{RESULT}.deliveryDetails.signedByName": None})
    ).parcels
    proofs = [track(parcel.scans).proof for parcel in (signed, unsigned)]

    assert [(proof.recipient, proof.is_signed) for proof in proofs if proof] == [
        ("N.NACHTLESER", True),
        ("N.NACHTLESER", False),
    ]
    assert "NACHTLESER" not in repr(signed)


def test_the_number_that_was_asked_for_is_another_one() -> None:
    """Where it differs from that under which FedEx tracks the parcel."""
    (parcel,) = read_scans(edited(ANSWER, {f"{ASKED}.trackingNumber": "DT100000001"})).parcels

    assert (parcel.number, parcel.other_numbers) == ("794600000001", ("DT100000001",))


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ([], "2026-03-11T16:00:00Z"),
        (["estimatedDeliveryTimeWindow"], "2026-03-12T00:00:00Z"),
        (["estimatedDeliveryTimeWindow", "dateAndTimes.1.type"], "2026-03-11T00:00:00Z"),
        (["estimatedDeliveryTimeWindow", "dateAndTimes"], "None"),
    ],
)
def test_what_fedex_expects_now_goes_before_what_it_committed_to(
    gone: list[str], expected: str
) -> None:
    """The end of the window, then the estimate, then the commitment."""
    (parcel,) = read_scans(edited(ANSWER, {f"{RESULT}.{it}": GONE for it in gone})).parcels

    assert str(parcel.expected) == expected


@pytest.mark.parametrize(
    ("changes", "milestone", "incident"),
    [
        (
            {"eventType": "PU", "delayDetail": {"type": "WEATHER"}},
            Milestone.ACCEPTED,
            Incident.WEATHER,
        ),
        ({"eventType": "DE", "exceptionCode": "07"}, Milestone.ATTEMPT_FAILED, Incident.REFUSED),
        ({"eventType": "SE", "exceptionCode": "03"}, Milestone.DELAYED, Incident.INCORRECT_ADDRESS),
        ({"eventType": "DY", "exceptionCode": None}, Milestone.DELAYED, None),
        (
            {"eventType": "HL", "delayDetail": {"type": "LOCAL"}},
            Milestone.AWAITING_COLLECTION,
            None,
        ),
        ({"eventType": "RS"}, Milestone.RETURNING, None),
        ({"eventType": "CA"}, None, None),
        ({"eventType": None, "derivedStatusCode": "OD"}, Milestone.OUT_FOR_DELIVERY, None),
    ],
)
def test_a_code_means_a_milestone_and_may_come_with_a_reason(
    changes: dict[str, object], milestone: Milestone | None, incident: Incident | None
) -> None:
    """Where an exception code says nothing, the detail of the delay may."""
    reading = one_scan({"exceptionCode": "", **changes})

    scan = only_scan(reading)
    assert (scan.milestone, scan.incident) == (milestone, incident)
    assert codes(reading) == []


@pytest.mark.parametrize(("code", "kept"), [("ZZ", "ZZ"), ("", "Delivery exception")])
def test_an_unknown_code_keeps_its_scan_which_moves_nothing(code: str, kept: str) -> None:
    """Verbatim, with a warning; without a code the text is the code."""
    reading = one_scan({"eventType": code, "derivedStatusCode": code})

    assert (only_scan(reading).code, only_scan(reading).milestone) == (kept, None)
    assert [code for _, code in codes(reading)] == ["unknown_status"]


def test_a_local_time_takes_the_zone_of_the_facility() -> None:
    """Where the offset is missing."""
    bare = edited(ANSWER, {f"{EXCEPTION}.date": "2026-03-10T11:05:00"})
    here = Facility(Place(facility="JAXA"), "America/New_York")

    local, known = read_scans(bare), read_scans(bare, facilities=[here])

    assert [code for _, code in codes(local)] == ["local_time"]
    assert known == read_scans(ANSWER)


def test_a_scan_without_a_readable_time_is_left_unread() -> None:
    """With a warning."""
    reading = one_scan({"date": "yesterday"})

    assert reading.parcels[0].scans == ()
    assert [code for _, code in codes(reading)] == ["unreadable_time"]


def test_a_number_that_is_not_found_is_no_parcel() -> None:
    """The carrier's own words are the warning."""
    error = {"code": "TRACKING.TRACKINGNUMBER.NOTFOUND", "message": "cannot be found"}
    result = {"trackingNumberInfo": {"trackingNumber": "1"}, "error": error}

    reading = read_scans(edited(ANSWER, {f"{ASKED}.trackResults": [result]}))

    assert reading.parcels == ()
    assert [doubt.text for doubt in reading.warnings] == ["the carrier says 'cannot be found'"]


def test_a_parcel_without_scans_gives_a_warning() -> None:
    """It may be scanned yet."""
    reading = read_scans(edited(ANSWER, {f"{RESULT}.scanEvents": []}))

    assert [parcel.scans for parcel in reading.parcels] == [()]
    assert [code for _, code in codes(reading)] == ["no_scans"]


# what is changed, then the fault
FAULTS: list[tuple[dict[str, object], str]] = [
    (
        {f"{RESULT}.trackingNumberInfo": None},
        "$.output.completeTrackResults[0].trackResults[0].trackingNumberInfo.trackingNumber: is missing",
    ),
    (
        {f"{EXCEPTION}.eventType": 5},
        (
            "$.output.completeTrackResults[0].trackResults[0].scanEvents[1].eventType: "
            "is a whole number; allowed: text"
        ),
    ),
    ({"output": []}, "$.output: is an array; allowed: an object"),
]


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_what_cannot_be_read_is_a_fault_with_its_path(
    changes: dict[str, object], fault: str
) -> None:
    """Nothing is coerced."""
    assert faults_of(read_scans, edited(ANSWER, changes)) == [fault]


def test_an_answer_of_fedex_is_known_by_its_wrapper() -> None:
    """And by nothing less."""
    assert recognises(ANSWER)
    assert not recognises(at(ANSWER, RESULT))


REAL = blocks("""
fedex__picked_up.raw
  FedEx 128667043726 = 123456789012 ACCEPTED by 2021-10-15T06:00:00Z
  2018-02-02T19:01:00Z PU ACCEPTED [SEA, SEATTLE, US] Picked Up (weather)
""")


@with_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_answer_is_read_to_the_letter(name: str) -> None:
    """Written by hand from the document; of its two numbers one is not found."""
    reading = read_scans(load("karrio_tracking", name))

    (parcel,) = reading.parcels
    assert in_full(parcel) == REAL[name]
    assert [code for _, code in codes(reading)] == ["carrier_warns", "carrier_warns"]
    assert "Reciever" not in repr(reading)
