"""UPS's answers become scans; the finest of its three vocabularies counts."""

import pytest

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop import ScanReading
from apaclogistics.interop.ups import read_scans, recognises
from apaclogistics.tracking import track
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import blocks, codes, faults_of, in_full, only_scan
from tests.real_data import load, with_data

ANSWER = sample("ups_answer")
SHIPMENT = "trackResponse.shipment.0"
PACKAGE = f"{SHIPMENT}.package.0"
DELAY = f"{PACKAGE}.activity.1"

HANDMADE = blocks("""
ups_answer
  UPS 1Z999AA10000000001 = 92419900000000000000000001 DELIVERED by 2026-03-11T17:00:00 local time
  2026-03-04 local day MP REGISTERED [CN] Shipper created a label, UPS has not received the package yet.
  2026-03-05T00:30:00Z OR ACCEPTED [SHENZHEN, CN] Origin Scan
  2026-03-10T14:15:00Z 51 DELAYED [3444, EXAMPLEVILLE, US] Severe weather has delayed delivery. (weather)
  2026-03-11T17:58:00Z KB DELIVERED [3444, EXAMPLEVILLE, US] DELIVERED
""")


def one_scan(changes: dict[str, object]) -> ScanReading:
    """Read the answer with the delay alone, changed, and nothing expected."""
    activity = edited(at(ANSWER, DELAY), changes)
    alone = {f"{PACKAGE}.activity": [activity], f"{PACKAGE}.deliveryDate": None}
    return read_scans(edited(ANSWER, alone))


def test_a_package_is_a_parcel_with_its_scans() -> None:
    """In Greenwich time where UPS gives it, else by the offset, else local."""
    (parcel,) = read_scans(ANSWER).parcels

    assert in_full(parcel) == HANDMADE["ups_answer"]


def test_what_no_scan_carries_is_listed() -> None:
    """Of two dates of delivery that which was moved, of two times the local one."""
    package = "$.trackResponse.shipment[0].package[0]"

    assert set(read_scans(ANSWER).unread) == {
        f"{package}.activity[*].date",
        f"{package}.activity[*].gmtOffset",
        f"{package}.activity[*].location.address.stateProvince",
        f"{package}.activity[*].time",
        f"{package}.activity[*].status.type",
        f"{package}.alternateTrackingNumber[0].type",
        f"{package}.deliveryDate[0].date",
        f"{package}.deliveryDate[0].type",
        f"{package}.deliveryInformation.location",
        f"{package}.deliveryInformation.signature.image",
        f"{package}.deliveryTime.type",
        f"{package}.packageCount",
        f"{package}.weight.unitOfMeasurement",
        f"{package}.weight.weight",
    }


def test_the_proof_of_delivery_names_who_took_the_package() -> None:
    """And is hidden."""
    (parcel,) = read_scans(ANSWER).parcels
    proof = track(parcel.scans).proof

    assert proof is not None
    assert (proof.recipient, proof.is_signed) == ("N NACHTLESER", True)
    assert "NACHTLESER" not in repr(parcel)


def test_what_was_asked_for_is_another_number_of_the_only_package() -> None:
    """Of several it is a reference that they share."""
    package = at(ANSWER, PACKAGE)
    other = edited(package, {"trackingNumber": "1Z999AA10000000002", "alternateTrackingNumber": []})
    alone = read_scans(edited(ANSWER, {f"{SHIPMENT}.inquiryNumber": "REF-1"}))
    several = read_scans(
        edited(ANSWER, {f"{SHIPMENT}.inquiryNumber": "REF-1", f"{SHIPMENT}.package.1": other})
    )

    assert [parcel.other_numbers for parcel in alone.parcels] == [
        ("92419900000000000000000001", "REF-1")
    ]
    assert [parcel.other_numbers for parcel in several.parcels] == [
        ("92419900000000000000000001",),
        (),
    ]
    assert "$.trackResponse.shipment[0].inquiryNumber" in several.unread


def test_a_package_without_a_number_has_that_which_was_asked_for() -> None:
    """Where there is no doubt which package that is."""
    reading = read_scans(edited(ANSWER, {f"{PACKAGE}.trackingNumber": GONE}))

    assert reading.parcels == read_scans(ANSWER).parcels


def test_a_date_that_was_moved_goes_before_the_scheduled_one() -> None:
    """Without a time it is the day."""
    scheduled = edited(ANSWER, {f"{PACKAGE}.deliveryDate.1.type": "DEL"})
    (parcel,) = read_scans(edited(scheduled, {f"{PACKAGE}.deliveryTime": None})).parcels

    assert str(parcel.expected) == "2026-03-10 local day"


def test_a_local_time_takes_the_zone_of_the_facility() -> None:
    """Where UPS gives neither Greenwich time nor an offset."""
    bare = edited(ANSWER, {f"{DELAY}.gmtOffset": None})
    here = Facility(Place(country="US", facility="3444"), "America/New_York")

    local, known = read_scans(bare), read_scans(bare, facilities=[here])

    assert [str(scan.at) for scan in local.parcels[0].scans][2] == "2026-03-10T10:15:00 local time"
    assert known.parcels == read_scans(ANSWER).parcels


@pytest.mark.parametrize("date", ["20260230", "yesterday", "", None])
def test_a_scan_without_a_readable_date_is_left_unread(date: object) -> None:
    """With a warning."""
    reading = one_scan({"date": date})

    assert reading.parcels[0].scans == ()
    assert [code for _, code in codes(reading)] == ["unreadable_time"]


def test_a_scan_without_a_time_is_of_its_day() -> None:
    """Whatever the offset."""
    reading = one_scan({"time": None})

    assert str(only_scan(reading).at) == "2026-03-10 local day"


@pytest.mark.parametrize(
    ("status", "milestone", "incident"),
    [
        ({"code": "OT", "statusCode": "005", "type": "I"}, Milestone.OUT_FOR_DELIVERY, None),
        ({"code": "??", "statusCode": "040", "type": "I"}, Milestone.AWAITING_COLLECTION, None),
        (
            {"code": "??", "statusCode": "064", "type": "X"},
            Milestone.ATTEMPT_FAILED,
            Incident.REFUSED,
        ),
        (
            {"code": "??", "statusCode": "059", "type": "X"},
            Milestone.DAMAGED,
            Incident.PARCEL_DAMAGED,
        ),
        ({"code": "??", "statusCode": "068", "type": "X"}, Milestone.LOST, Incident.PARCEL_LOST),
        ({"code": "??", "statusCode": "007", "type": "MV"}, None, None),
        ({"code": "??", "statusCode": "???", "type": "D"}, Milestone.DELIVERED, None),
        ({"code": "??", "type": "X"}, Milestone.DELAYED, None),
        ({"type": "RS"}, Milestone.RETURNED, None),
    ],
)
def test_the_finest_word_that_is_known_counts(
    status: object, milestone: Milestone | None, incident: Incident | None
) -> None:
    """Activity, then status, then type."""
    reading = one_scan({"status": status})

    scan = only_scan(reading)
    assert (scan.milestone, scan.incident) == (milestone, incident)
    assert codes(reading) == []


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ({"code": "ZZ", "statusCode": "999", "type": "Z"}, "ZZ"),
        ({"statusCode": "999", "type": "Z"}, "999"),
        ({"type": "Z"}, "Z"),
        ({"description": "Teleported"}, "Teleported"),
    ],
)
def test_unknown_words_keep_their_scan_which_moves_nothing(status: object, code: str) -> None:
    """Verbatim, with a warning."""
    reading = one_scan({"status": status})

    assert (only_scan(reading).code, only_scan(reading).milestone) == (code, None)
    assert [code for _, code in codes(reading)] == ["unknown_status"]


def test_a_shipment_without_a_package_and_what_ups_warns_of_give_warnings() -> None:
    """A number that is not found is no parcel."""
    warned = {"inquiryNumber": "1Z", "warnings": [{"code": "TW0001", "message": "Not Found"}]}

    reading = read_scans({"trackResponse": {"shipment": [warned]}})

    assert reading.parcels == ()
    assert [str(doubt) for doubt in reading.warnings] == [
        "$.trackResponse.shipment[0]: holds no package",
        "$.trackResponse.shipment[0].warnings[0].message: the carrier says 'Not Found'",
    ]


# what is changed, then the fault
FAULTS: list[tuple[dict[str, object], str]] = [
    (
        {f"{PACKAGE}.trackingNumber": GONE, f"{SHIPMENT}.inquiryNumber": GONE},
        "$.trackResponse.shipment[0].inquiryNumber: is missing",
    ),
    (
        {f"{SHIPMENT}.package": {}},
        "$.trackResponse.shipment[0].package: is an object; allowed: an array",
    ),
    (
        {f"{DELAY}.date": 20260310},
        "$.trackResponse.shipment[0].package[0].activity[1].date: is a whole number; allowed: text",
    ),
    (
        {f"{DELAY}.status.code": "5" * 257},
        (
            "$.trackResponse.shipment[0].package[0].activity[1]: scan's code is too long; "
            "allowed: up to 256 characters"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_what_cannot_be_read_is_a_fault_with_its_path(
    changes: dict[str, object], fault: str
) -> None:
    """Nothing is coerced."""
    assert faults_of(read_scans, edited(ANSWER, changes)) == [fault]


def test_an_answer_of_ups_is_known_by_its_wrapper() -> None:
    """And by nothing less."""
    assert recognises(ANSWER)
    assert not recognises(at(ANSWER, SHIPMENT))


REAL = blocks("""
ups__on_hold.raw
  UPS string = 1Z023E2X0214323462 = 92419900000033499522966220 IN_TRANSIT
  2021-02-10T07:13:56 local time SR CUSTOMS_RELEASED [8566, WAYNE, US] Your package was released by the customs agency.
""")


@with_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_answer_is_read_to_the_letter(name: str) -> None:
    """Written by hand from the document, which is UPS's own example with its stand-ins."""
    reading = read_scans(load("karrio_tracking", name))

    (parcel,) = reading.parcels
    assert in_full(parcel) == REAL[name]
    assert [code for _, code in codes(reading)] == ["local_time", "carrier_warns"]
    assert parcel.scans[0].recipient == ""
