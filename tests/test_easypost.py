"""EasyPost's trackers and webhooks become scans, and nothing is lost silently."""

from collections.abc import Iterable

import pytest

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.interop import ScanReading
from apaclogistics.interop.easypost import read_scans
from apaclogistics.tracking import Scan, track
from apaclogistics.values.instants import Instant, Moment, Precision, instant
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import blocks, codes, faults_of
from tests.real_data import load, names, with_data

TRACKER = sample("easypost_tracker")
DETAIL = "tracking_details.1"


def event(result: object) -> dict[str, object]:
    return {"object": "Event", "description": "tracker.updated", "result": result}


def clock(moment: Instant) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def in_short(scans: Iterable[Scan]) -> list[str]:
    """Say each scan on a line: when, code, milestone, place, text."""
    return [
        f"{clock(s.at.earliest)} {s.code} "
        f"{s.milestone.name if s.milestone else '?'} [{s.place}] {s.text}"
        for s in scans
    ]


def one_scan(changes: dict[str, object]) -> ScanReading:
    """Read a tracker with the second scan of the sample alone, changed."""
    detail = edited(at(TRACKER, DETAIL), changes)
    return read_scans(edited(TRACKER, {"tracking_details": [detail]}))


def milestone_of(status: str, detail: str) -> Milestone | None:
    reading = one_scan({"status": status, "status_detail": detail})
    assert reading.warnings == ()
    return reading.parcels[0].scans[0].milestone


def test_a_tracker_is_a_parcel_with_its_scans() -> None:
    """Codes are the carrier's own where there are any, else EasyPost's pair."""
    on_the_van = "out_for_delivery/out_for_delivery"

    (parcel,) = read_scans(TRACKER).parcels

    assert (parcel.number, parcel.carrier) == ("RR473124829GB", "RoyalMail")
    assert {(scan.number, scan.carrier) for scan in parcel.scans} == {
        ("RR473124829GB", "RoyalMail")
    }
    assert in_short(parcel.scans) == [
        "2026-03-02T01:00:00 pre_transit/label_created REGISTERED [HK] Label printed",
        "2026-03-02T09:30:00 EMA ACCEPTED [HONG KONG, HK] Accepted at counter",
        "2026-03-03T04:00:00 EMC DEPARTED_ORIGIN [] In the air",
        f"2026-03-11T06:15:00 {on_the_van} OUT_FOR_DELIVERY [TESTHAUSEN, DE] With the postman",
        "2026-03-11T09:45:30 EMI DELIVERED [TESTHAUSEN, DE] Delivered",
    ]
    assert track(parcel.scans).phase is Phase.DELIVERED


def test_what_no_scan_carries_is_listed() -> None:
    """One of many details is any of them; what says nothing is no leaf."""
    assert read_scans(TRACKER).unread == (
        "$.created_at",
        "$.id",
        "$.is_return",
        "$.mode",
        "$.status",
        "$.status_detail",
        "$.tracking_details[*].description",
        "$.tracking_details[*].object",
        "$.tracking_details[*].tracking_location.object",
        "$.tracking_details[*].tracking_location.state",
        "$.tracking_details[*].tracking_location.zip",
        "$.updated_at",
    )


# The wrappers of a tracker, then where it is in them.
WRAPPED: list[tuple[object, str]] = [
    (TRACKER, "$"),
    (event(TRACKER), "$.result"),
    ({"trackers": [TRACKER], "has_more": False}, "$.trackers[0]"),
    ({"events": [event(TRACKER)]}, "$.events[0].result"),
    ([{"method": "GET", "path": "/v2/trackers/trk_1", "body": TRACKER}], "$[0].body"),
    ({"object": "Shipment", "tracker": TRACKER}, "$.tracker"),
    ({"object": "Batch", "shipments": [{"tracker": TRACKER}]}, "$.shipments[0].tracker"),
    (edited(TRACKER, {"object": GONE}), "$"),
]


@pytest.mark.parametrize(("payload", "path"), WRAPPED)
def test_a_tracker_is_found_wherever_easypost_puts_it(payload: object, path: str) -> None:
    """Webhooks, lists, recorded answers."""
    reading = read_scans(payload)

    assert reading.parcels == read_scans(TRACKER).parcels
    assert reading.warnings == ()
    assert f"{path}.status_detail" in reading.unread


# What holds no tracker, then where the warning points and what it names.
TRACKERLESS: list[tuple[object, str, str]] = [
    ({"object": "Event", "description": "tracker.updated"}, "$", "Event holds no tracker"),
    ({"object": "Event", "result": None}, "$", "Event holds no tracker"),
    ({"object": "Claim", "tracking_code": "1"}, "$", "Claim holds no tracker"),
    ({"claims": [{"object": "Claim"}]}, "$.claims[0]", "Claim holds no tracker"),
    ({"object": "Shipment", "tracker": None}, "$", "Shipment holds no tracker"),
    ({"fee": {"object": "Fee"}}, "$.fee", "Fee holds no tracker"),
    ({"object": "personal name"}, "$", "an object of no stated kind holds no tracker"),
    ({}, "$", "an object of no stated kind holds no tracker"),
    ([], "$", "an empty array holds no tracker"),
    ([7], "$[0]", "a mere value holds no tracker"),
]


@pytest.mark.parametrize(("payload", "path", "text"), TRACKERLESS)
def test_what_holds_no_tracker_is_named(payload: object, path: str, text: str) -> None:
    """It is no fault: a recording holds many things."""
    reading = read_scans(payload)

    assert reading.parcels == ()
    assert [str(doubt) for doubt in reading.warnings] == [f"{path}: {text}"]
    assert codes(reading) == [(path, "no_tracker")]


def test_a_page_that_is_not_the_last_says_so() -> None:
    """There are more trackers to fetch."""
    reading = read_scans({"trackers": [TRACKER], "has_more": True})

    assert codes(reading) == [("$.has_more", "more_pages")]


def test_readings_of_one_parcel_are_brought_together() -> None:
    """Whichever comes first."""
    early = edited(TRACKER, {"tracking_details": [at(TRACKER, "tracking_details.0")]})
    late = edited(TRACKER, {"tracking_details": [at(TRACKER, "tracking_details.4")]})
    other = edited(TRACKER, {"carrier": "Evri"})

    reading = read_scans([late, early, other, late])

    assert [(p.carrier, p.number, len(p.scans)) for p in reading.parcels] == [
        ("Evri", "RR473124829GB", 5),
        ("RoyalMail", "RR473124829GB", 2),
    ]
    assert reading.parcels == read_scans([early, late, other, early]).parcels


def test_the_fuller_of_two_reports_of_a_scan_stays() -> None:
    """The other is doubted and left unread."""
    again = edited(at(TRACKER, DETAIL), {"message": "Accepted at counter 9"})

    reading = read_scans(edited(TRACKER, {"tracking_details.5": again}))

    assert (
        "EMA ACCEPTED [HONG KONG, HK] Accepted at counter 9"
        in in_short(reading.parcels[0].scans)[1]
    )
    assert len(reading.parcels[0].scans) == 5
    assert codes(reading) == [("$.tracking_details[*]", "two_reports")]
    assert "$.tracking_details[*].message" in reading.unread


@pytest.mark.parametrize("nothing", [None, "", GONE])
def test_null_the_empty_text_and_absence_are_the_same(nothing: object) -> None:
    """Then the pair is the code, and the source the carrier."""
    changes = {
        "carrier": nothing,
        f"{DETAIL}.carrier_code": nothing,
        f"{DETAIL}.message": nothing,
        f"{DETAIL}.tracking_location.city": nothing,
    }

    (parcel,) = read_scans(edited(TRACKER, changes)).parcels

    assert parcel.carrier == "RoyalMail"
    assert in_short(parcel.scans)[1] == (
        "2026-03-02T09:30:00 in_transit/received_at_origin_facility ACCEPTED [HK] "
    )


def test_a_scan_without_any_code_goes_by_its_text() -> None:
    """Where a feed has no codes, what was mapped is the code."""
    reading = one_scan({"carrier_code": "", "status": None, "status_detail": None})

    assert reading.parcels[0].scans[0].code == "Accepted at counter"
    assert codes(reading) == [("$.tracking_details[*].status", "unknown_status")]


def test_the_trackers_carrier_goes_before_the_source_of_a_scan() -> None:
    """Another source stays unread; without any, the carrier is unknown."""
    other = one_scan({"source": "HongkongPost"})
    nobody = read_scans(edited(TRACKER, {"carrier": None, "tracking_details": None}))

    assert other.parcels[0].scans[0].carrier == "RoyalMail"
    assert "$.tracking_details[*].source" in other.unread
    assert [(parcel.carrier, parcel.scans) for parcel in nobody.parcels] == [("", ())]


# what it means, then the status and all details that mean it
PAIRS = """
REGISTERED           pre_transit label_created status_update unknown
REGISTERED           in_transit label_created
ACCEPTED             in_transit received_at_origin_facility
DEPARTED_ORIGIN      in_transit departed_origin_facility
TRANSIT_HUB          in_transit arrived_at_facility departed_facility
ARRIVED_DESTINATION  in_transit arrived_at_destination received_at_destination_facility
LAST_MILE            in_transit transferred_to_destination_carrier
IN_TRANSIT           in_transit in_transit unknown status_update address_correction
DELAYED              in_transit delayed weather_delay transit_exception
DELAYED              failure delayed weather_delay transit_exception
HELD                 in_transit held awaiting_information
MISROUTED            in_transit missorted
STALE                in_transit expired
STALE                failure expired
OUT_FOR_DELIVERY     out_for_delivery out_for_delivery status_update unknown
OUT_FOR_DELIVERY     in_transit out_for_delivery
AWAITING_COLLECTION  available_for_pickup arrived_at_pickup_location status_update
AWAITING_COLLECTION  in_transit arrived_at_pickup_location
ATTEMPT_FAILED       failure failure unknown delivery_exception refused
ATTEMPT_FAILED       in_transit delivery_exception refused failure
ATTEMPT_FAILED       out_for_delivery delivery_exception refused failure
DELIVERED            delivered arrived_at_destination status_update unknown
RETURNED             delivered return
RETURNING            return_to_sender return status_update arrived_at_destination
RETURNING            in_transit return
RETURNING            failure return
DAMAGED              in_transit damaged
DAMAGED              failure damaged
LOST                 in_transit lost
LOST                 failure lost
-                    cancelled cancelled status_update
-                    failure cancelled
-                    error unknown
-                    unknown unknown status_update
"""


@pytest.mark.parametrize("row", PAIRS.strip().split("\n"))
def test_a_pair_of_words_means_a_milestone(row: str) -> None:
    """Written by hand from the documentation."""
    meaning, status, *details = row.split()

    found = {milestone_of(status, detail) for detail in details}

    assert found == {None if meaning == "-" else Milestone[meaning]}


def test_a_status_without_a_detail_means_what_it_says() -> None:
    """Older trackers have none."""
    assert milestone_of("delivered", "") is Milestone.DELIVERED


def test_an_unknown_detail_leaves_what_its_status_says() -> None:
    """A delivery is one, whatever its detail; the detail is a warning."""
    reading = one_scan({"status": "delivered", "status_detail": "teleported", "carrier_code": None})

    (scan,) = reading.parcels[0].scans
    assert scan.code == "delivered/teleported"
    assert scan.milestone is Milestone.DELIVERED
    assert any("the status counts alone" in str(doubt) for doubt in reading.warnings)


@pytest.mark.parametrize(("status", "detail"), [("teleported", "unknown"), ("", "unknown")])
def test_an_unknown_pair_keeps_its_scan_which_moves_nothing(status: str, detail: str) -> None:
    """Verbatim, with a warning."""
    reading = one_scan({"status": status, "status_detail": detail, "carrier_code": None})

    (scan,) = reading.parcels[0].scans
    assert scan.code == f"{status}/{detail}".strip("/")
    assert scan.milestone is None
    assert track([scan]).phase is None
    assert codes(reading) == [("$.tracking_details[*].status", "unknown_status")]
    assert "$.tracking_details[*].status_detail" in reading.unread


def test_a_time_without_a_zone_is_kept_as_local_with_a_warning() -> None:
    """It is never called UTC."""
    reading = one_scan({"datetime": "2026-03-02T17:30:00"})

    (scan,) = reading.parcels[0].scans
    assert scan.at.precision is Precision.LOCAL_TIME
    assert scan.at.earliest == instant("2026-03-02T03:30:00Z")
    assert [str(doubt) for doubt in reading.warnings] == [
        "$.tracking_details[*].datetime: '2026-03-02T17:30:00' has no zone and is kept as local time"
    ]


@pytest.mark.parametrize("time", ["yesterday", "", None, "2026-02-30T00:00:00Z", "0001-01-01"])
def test_a_scan_without_a_readable_time_is_left_unread_with_a_warning(time: object) -> None:
    """All that it says is listed."""
    reading = one_scan({"datetime": time})

    assert reading.parcels[0].scans == ()
    assert codes(reading) == [("$.tracking_details[*].datetime", "unreadable_time")]
    listed = {"message", "status", "status_detail", "carrier_code", "tracking_location.city"}
    assert {f"$.tracking_details[*].{leaf}" for leaf in listed} < set(reading.unread)


def test_a_time_that_is_no_text_is_not_coerced() -> None:
    """A number of seconds says nothing of its unit."""
    reading = one_scan({"datetime": 1772440200})

    assert [code for _, code in codes(reading)] == ["unreadable", "unreadable_time"]
    assert "$.tracking_details[*].datetime" in reading.unread


def test_a_parcel_on_its_way_back_gives_a_warning() -> None:
    """What is delivered then is delivered to the sender."""
    reading = read_scans(edited(TRACKER, {"is_return": True}))

    assert codes(reading) == [("$.is_return", "is_return")]


def test_a_tracker_that_moves_without_a_scan_gives_a_warning() -> None:
    """A status alone has neither time nor place."""
    moving = edited(TRACKER, {"tracking_details": []})
    assert codes(read_scans(moving)) == [("$.status", "no_scans")]


@pytest.mark.parametrize("status", ["unknown", "pre_transit", "expired"])
def test_a_tracker_that_is_still_needs_no_scan(status: str) -> None:
    """That nothing was heard of a parcel is no movement."""
    still = edited(TRACKER, {"tracking_details": [], "status": status})

    assert read_scans(still).warnings == ()


# what is changed, then the fault
FAULTS: list[tuple[dict[str, object], str]] = [
    ({"tracking_code": None}, "$.tracking_code: is missing"),
    ({"tracking_code": ""}, "$.tracking_code: is empty"),
    ({"tracking_code": 7}, "$.tracking_code: is a whole number; allowed: text"),
    (
        {"tracking_code": "7" * 65},
        "$.tracking_code: tracking number is no number; allowed: 1 to 64 printable characters",
    ),
    ({"carrier": ["USPS"]}, "$.carrier: is an array; allowed: text"),
    ({"tracking_details": {}}, "$.tracking_details: is an object; allowed: an array"),
    (
        {"carrier": "C" * 257},
        "$.tracking_details[0]: scan's carrier is too long; allowed: up to 256 characters",
    ),
    ({f"{DETAIL}.status": 5}, "$.tracking_details[1].status: is a whole number; allowed: text"),
    ({f"{DETAIL}.message": 5}, "$.tracking_details[1].message: is a whole number; allowed: text"),
    (
        {f"{DETAIL}.tracking_location": "Hong Kong"},
        "$.tracking_details[1].tracking_location: is text; allowed: an object",
    ),
    ({f"{DETAIL}": "scanned"}, "$.tracking_details[1]: is text; allowed: an object"),
]


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_what_cannot_be_read_is_a_fault_with_its_path(
    changes: dict[str, object], fault: str
) -> None:
    """Nothing is coerced, and nothing else is raised."""
    assert fault in faults_of(read_scans, edited(TRACKER, changes))


@pytest.mark.parametrize("payload", [None, "text", 7, 0.5, True])
def test_what_is_neither_object_nor_array_is_no_document(payload: object) -> None:
    """Whatever else it is."""
    assert "$: is neither an object nor an array" in faults_of(read_scans, payload)


def test_all_faults_come_out_at_once() -> None:
    """Of all trackers."""
    wrong = edited(TRACKER, {"tracking_code": None, "carrier": 1})

    assert faults_of(read_scans, [wrong, wrong]) == [
        "$[0].carrier: is a whole number; allowed: text",
        "$[0].tracking_code: is missing",
        "$[1].carrier: is a whole number; allowed: text",
        "$[1].tracking_code: is missing",
    ]


def test_who_signed_is_never_shown() -> None:
    """A name is personal data; that it is there is listed."""
    assert "NACHTLESER" not in repr(read_scans(edited(TRACKER, {"is_return": True})))


# name: carrier number phase / its scans / the codes of its warnings
REAL = """
event_body_fedex
  FedEx 1 IN_TRANSIT
  2024-07-31T15:00:00 OC REGISTERED [US] Shipment information sent to FedEx
  2024-07-31T19:27:00 PU TRANSIT_HUB [ORLANDO, US] Picked up
  2024-07-31T22:35:00 AR TRANSIT_HUB [ORLANDO, US] Arrived at FedEx location
  2024-08-01T14:42:13 DP TRANSIT_HUB [ORLANDO, US] Departed FedEx location
  2024-08-02T02:46:19 IT IN_TRANSIT [KENLY, US] On the way
  2024-08-02T18:35:20 IT IN_TRANSIT [EDISON TWP, US] On the way
  2024-08-02T18:50:00 AR TRANSIT_HUB [EDISON, US] Arrived at FedEx location
  none

tracker_create
  USPS EZ1000000001 -
  2025-04-09T20:40:17 pre_transit/status_update REGISTERED [] Pre-Shipment Info Sent to USPS
  2025-04-10T09:17:17 pre_transit/status_update REGISTERED [HOUSTON] Shipping Label Created
  none

tracker_retrieve
  USPS EZ1000000001 -
  2025-04-09T20:40:17 pre_transit/status_update REGISTERED [] Pre-Shipment Info Sent to USPS
  2025-04-10T09:17:17 pre_transit/status_update REGISTERED [HOUSTON] Shipping Label Created
  none

trackers_list
  USPS EZ1000000001 -
  2025-04-09T20:40:17 pre_transit/status_update REGISTERED [] Pre-Shipment Info Sent to USPS
  2025-04-10T09:17:17 pre_transit/status_update REGISTERED [HOUSTON] Shipping Label Created
  more_pages

cassette_tracker_retrieve
  USPS EZ1000000001 -
  2025-02-06T19:48:26 pre_transit/status_update REGISTERED [] Pre-Shipment Info Sent to USPS
  2025-02-07T08:25:26 pre_transit/status_update REGISTERED [HOUSTON] Shipping Label Created
  none

cassette_tracker_retrieve_batch
  USPS EZ1000000001 -
  2025-10-05T21:59:07 pre_transit/status_update REGISTERED [] Pre-Shipment Info Sent to USPS
  2025-10-06T10:36:07 pre_transit/status_update REGISTERED [HOUSTON] Shipping Label Created
  none

cassette_tracker_delete
  USPS EZ1000000001 -
  2025-10-05T21:59:07 pre_transit/status_update REGISTERED [] Pre-Shipment Info Sent to USPS
  2025-10-06T10:36:07 pre_transit/status_update REGISTERED [HOUSTON] Shipping Label Created
  no_tracker

cassette_claim_create
  USPS 9400100208303109500669 -
  2025-02-06T19:47:57 pre_transit/status_update REGISTERED [] Pre-Shipment Info Sent to USPS
  2025-02-07T08:24:57 pre_transit/status_update REGISTERED [HOUSTON] Shipping Label Created
  no_tracker
"""
EXPECTED = blocks(REAL)
WITHOUT = sorted(set(names("easypost")) - set(EXPECTED))


@with_data
@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_document_is_read_to_the_letter(name: str) -> None:
    """Written by hand from the documents, instants exact."""
    reading = read_scans(load("easypost", name))

    (parcel,) = reading.parcels
    phase = track(parcel.scans).phase
    found = sorted({code for _, code in codes(reading)})
    assert [
        f"{parcel.carrier} {parcel.number} {phase.name if phase else '-'}",
        *(line.rstrip() for line in in_short(parcel.scans)),
        " ".join(found) or "none",
    ] == EXPECTED[name]
    assert all(scan.at.is_exact for scan in parcel.scans)


@with_data
@pytest.mark.parametrize("name", WITHOUT)
def test_a_real_document_without_a_tracker_says_so(name: str) -> None:
    """Events without their payload, claims, fees."""
    reading = read_scans(load("easypost", name))

    assert reading.parcels == ()
    assert "no_tracker" in {code for _, code in codes(reading)}


@with_data
def test_the_real_documents_are_all_here() -> None:
    """Fifteen of them."""
    assert len(EXPECTED) + len(WITHOUT) == 15


def test_who_took_the_parcel_is_kept_with_the_delivered_scan_and_hidden() -> None:
    scans = read_scans(TRACKER).parcels[0].scans
    took = {scan.milestone: scan.recipient for scan in scans}

    assert took.pop(Milestone.DELIVERED) == at(TRACKER, "signed_by")
    assert set(took.values()) == {""}


def test_the_feeds_own_estimate_of_the_arrival_is_kept() -> None:
    reading = read_scans(edited(TRACKER, {"est_delivery_date": "2026-03-09T00:00:00Z"}))

    assert reading.parcels[0].expected == Moment.read("2026-03-09T00:00:00Z")


@pytest.mark.parametrize(
    ("country", "city", "when"),
    [
        ("US", "Reno", "2026-03-02T17:00:00Z"),
        ("US", "Davie", "2026-03-02T14:00:00Z"),
        ("CA", "Reno", "2026-03-02T09:00:00 local time"),
    ],
)
def test_a_time_without_a_zone_takes_that_of_the_facility(
    country: str, city: str, when: str
) -> None:
    """A wider place serves where no narrower one is known; elsewhere the time stays local."""
    known = [
        Facility(Place(country="US"), "America/New_York"),
        Facility(Place(country="US", city="Reno"), "America/Los_Angeles"),
    ]
    changes = {
        "datetime": "2026-03-02T09:00:00",
        "tracking_location": {"country": country, "city": city},
    }
    detail = edited(at(TRACKER, DETAIL), changes)

    reading = read_scans(edited(TRACKER, {"tracking_details": [detail]}), facilities=known)

    assert [str(scan.at) for scan in reading.parcels[0].scans] == [when]
