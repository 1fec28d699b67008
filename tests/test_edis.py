"""What eDIS answers to getTracking becomes scans."""

import pytest

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.interop import ScanReading
from apaclogistics.interop.edis import STATUSES, read_scans, recognises
from apaclogistics.tracking import track
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import codes, faults_of, only_scan, story, told
from tests.real_data import load, with_data

ANSWER = sample("edis_tracking")
NUMBER = "ES1000000000000UN0000000000N"
SPOKEN = "trackingDetails.2"


def one(changes: dict[str, object]) -> ScanReading:
    """Read an answer with one detail alone, changed."""
    return read_scans({"trackingDetails": [edited(at(ANSWER, SPOKEN), changes)]})


def said(status: object, english: object = None, chinese: object = None) -> ScanReading:
    return one({"status": status, "descriptionEn": english, "descriptionZh": chinese})


def test_tracking_details_are_the_scans_of_their_number() -> None:
    """A time without a zone stays local."""
    assert story(read_scans(ANSWER)) == told(f"""
        eDIS {NUMBER} = TP00T0000000000000
        2026-03-07T01:00:00Z | TO_BE_RECEIVED | REGISTERED | 440300, CN
        2026-03-08T12:00:00 local time | 货物运输中 | IN_TRANSIT | 440300, CN
        2026-03-09T15:00:00Z | Departed from Origin Country | DEPARTED_ORIGIN | HK
        2026-03-11T01:00:00Z | LM Carrier: [Test Parcels] , LM tracking No.: [TP00T0000000000000] | LAST_MILE | US
        2026-03-12T19:00:00Z | DELIVERED | DELIVERED | TESTVILLE, US
        local_time
    """)
    assert track(read_scans(ANSWER).parcels[0].scans).phase is Phase.DELIVERED


def test_what_no_scan_carries_is_listed() -> None:
    assert read_scans(ANSWER).unread == (
        "$.trackingDetails[*].district",
        "$.trackingDetails[*].eventPostalCode",
        "$.trackingDetails[*].province",
    )


@with_data
def test_the_sample_is_what_the_official_document_describes() -> None:
    """Every member is in its schema, and a text."""
    document = load("ebay_openapi", "sell_edelivery_international_shipping_oas3")
    schemas = at(document, "components.schemas")
    described = at(schemas, "GetTrackingDetailResponsesData.properties")
    assert isinstance(described, dict)

    assert at(schemas, "GetTrackingDetailResponses.properties.trackingDetails.type") == "array"
    assert {name for name, it in described.items() if it["type"] == "string"} == set(described)
    details = at(ANSWER, "trackingDetails")
    assert isinstance(details, list)
    for detail in details:
        assert detail.keys() == described.keys()
        assert all(value is None or isinstance(value, str) for value in detail.values())


def test_several_answers_may_come_in_an_array() -> None:
    """Each of its own number; those of one are brought together."""
    other = edited(ANSWER, {f"trackingDetails.{i}.trackingNumber": "LX1" for i in range(5)})

    reading = read_scans([other, ANSWER, ANSWER])

    assert [(it.number, len(it.scans)) for it in reading.parcels] == [(NUMBER, 5), ("LX1", 5)]


# Written by hand from PackageStatusEnum.
STATUS_ROWS = """
REGISTERED      APPLIED_TRACKING_CODE TO_BE_SHIPPED TO_BE_RECEIVED
IN_TRANSIT      ON_SHIPPING
DELIVERED       DELIVERED
ATTEMPT_FAILED  DELIVERY_ERROR
RETURNED        RETURNED
-               DECLARED_FAILED PACKAGE_INFO_LACK NO_USEFUL_SHIPPING SELECTED_SHIPPING DELETED
-               SHIPPED_ERROR EXCEPTION FDCVALIDATIONFAILED
"""
STATUS_MEANINGS = {
    status: None if meaning == "-" else Milestone[meaning]
    for meaning, *statuses in (line.split() for line in STATUS_ROWS.strip().split("\n"))
    for status in statuses
}


@pytest.mark.parametrize(("status", "milestone"), STATUS_MEANINGS.items())
def test_a_status_of_a_package_means_a_milestone(status: str, milestone: Milestone | None) -> None:
    """By itself, it is the code."""
    reading = said(status)

    assert (only_scan(reading).milestone, only_scan(reading).code) == (milestone, status)
    assert reading.warnings == ()


def test_the_statuses_are_these_and_no_others() -> None:
    assert dict(STATUSES) == STATUS_MEANINGS
    assert len(STATUSES) == 15


@pytest.mark.parametrize(
    ("status", "english", "chinese", "milestone", "code"),
    [
        ("ON_SHIPPING", "Package Received", None, "ACCEPTED", "Package Received"),
        ("ON_SHIPPING", None, "包裹已揽收", "ACCEPTED", "包裹已揽收"),
        ("EXCEPTION", "Held by customs", None, "CUSTOMS_HELD", "Held by customs"),
        ("DELIVERED", "Delivered", "派送完成", "DELIVERED", "DELIVERED"),
        ("", "Out for delivery", None, "OUT_FOR_DELIVERY", "Out for delivery"),
        ("Out for delivery", "开始派送", None, "OUT_FOR_DELIVERY", "Out for delivery"),
        ("OC-17", "Arrival scan", None, "LAST_MILE", "OC-17"),
    ],
)
def test_a_status_and_its_descriptions_mean_a_milestone_together(
    status: str, english: str | None, chinese: str | None, milestone: str, code: str
) -> None:
    """A status that is free text is the feed's code; "on its way" tells no event from another."""
    reading = said(status, english, chinese)

    assert (only_scan(reading).milestone, only_scan(reading).code) == (Milestone[milestone], code)
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("status", "english", "chinese"),
    [
        ("DELIVERED", "Delivery failed", None),
        ("DELIVERED", None, "未妥投"),
        ("ON_SHIPPING", "Delivered", "派送失败"),
        ("RETURNED", "Delivered", None),
    ],
)
def test_words_that_contradict_each_other_move_nothing(
    status: str, english: str | None, chinese: str | None
) -> None:
    reading = said(status, english, chinese)

    assert only_scan(reading).milestone is None
    assert codes(reading) == [("$.trackingDetails[*]", "two_meanings")]


@pytest.mark.parametrize(
    ("status", "english"), [("OC-17", None), ("EXCEPTION", "Teleported"), (None, None)]
)
def test_what_nobody_knows_keeps_its_scan_which_moves_nothing(
    status: str | None, english: str | None
) -> None:
    reading = said(status, english)

    assert only_scan(reading).milestone is None
    assert codes(reading) == [("$.trackingDetails[*]", "unknown_words")]


def test_a_detail_without_a_number_is_of_the_parcel_that_the_others_name() -> None:
    """An answer is about one number."""
    nameless = edited(ANSWER, {"trackingDetails.0.trackingNumber": None})

    assert read_scans(nameless).parcels == read_scans(ANSWER).parcels


@pytest.mark.parametrize("others", [{}, {"trackingDetails.1.trackingNumber": "LX1"}])
def test_a_detail_whose_number_nobody_can_tell_is_refused(others: dict[str, object]) -> None:
    """Where none is named, or two are."""
    nameless = edited(ANSWER, {"trackingDetails.0.trackingNumber": GONE, **others})
    payload = nameless if others else {"trackingDetails": [at(nameless, "trackingDetails.0")]}

    assert faults_of(read_scans, payload) == ["$.trackingDetails[0].trackingNumber: is missing"]


def test_the_number_of_the_last_mile_may_be_a_member() -> None:
    reading = one({"lastMileTrackingNumber": "TP-1"})

    assert reading.parcels[0].other_numbers == ("TP-1",)


def test_a_local_time_takes_the_zone_of_the_facility() -> None:
    shenzhen = [Facility(Place(country="CN"), "Asia/Shanghai")]

    reading = read_scans(ANSWER, facilities=shenzhen)

    assert "2026-03-08T04:00:00Z" in {str(scan.at) for scan in reading.parcels[0].scans}
    assert reading.warnings == ()


@pytest.mark.parametrize("time", ["soon", "", None, GONE])
def test_a_detail_without_a_readable_time_is_left_unread_with_a_warning(time: object) -> None:
    reading = one({"eventTime": time})

    assert [parcel.scans for parcel in reading.parcels] == [()]
    assert codes(reading) == [("$.trackingDetails[*].eventTime", "unreadable_time")]
    assert "$.trackingDetails[*].descriptionEn" in reading.unread


@pytest.mark.parametrize("payload", [{}, {"trackingDetails": []}, {"trackingDetails": None}])
def test_an_answer_without_details_says_neither_yes_nor_no(payload: object) -> None:
    reading = read_scans(payload)

    assert (reading.parcels, codes(reading)) == ((), [("$", "indeterminate")])


def test_what_is_wrong_comes_out_at_once_with_its_path() -> None:
    payload = edited(
        ANSWER,
        {
            "trackingDetails.0": "DELIVERED",
            "trackingDetails.1.status": 7,
            "trackingDetails.2.country": ["US"],
        },
    )

    assert faults_of(read_scans, payload) == [
        "$.trackingDetails[0]: is text; allowed: an object",
        "$.trackingDetails[1].status: is a whole number; allowed: text",
        "$.trackingDetails[2].country: is an array; allowed: text",
    ]


@pytest.mark.parametrize("payload", [None, 7, "DELIVERED", {"trackingDetails": {}}, ["x"]])
def test_what_is_of_the_wrong_type_is_refused(payload: object) -> None:
    assert faults_of(read_scans, payload)


@pytest.mark.parametrize("payload", [ANSWER, [ANSWER], {"trackingDetails": []}])
def test_an_answer_is_recognised_by_its_shape(payload: object) -> None:
    assert recognises(payload) is True


@pytest.mark.parametrize(
    "payload",
    [None, 7, "x", [], {}, [ANSWER, 7], {"trackingDetails": {}}, {"tracking_details": []}],
)
def test_anything_else_is_not_recognised(payload: object) -> None:
    assert recognises(payload) is False
