"""Track123's answers become scans, by their sub-statuses and by their words."""

import pytest

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.incidents import Incident
from apaclogistics.interop import ScanReading
from apaclogistics.interop._phrases import Sense
from apaclogistics.interop.track123 import SUB_STATUSES, read_scans, recognises
from apaclogistics.tracking import track
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import codes, faults_of, meant, only_scan, story, told
from tests.real_data import load, with_data

ANSWER, FLAT = sample("track123_query"), sample("track123_flat")
SHIPMENT = "data.accepted.content.0"
LOCAL = f"{SHIPMENT}.localLogisticsInfo.trackingDetails"
LAST_MILE = f"{SHIPMENT}.lastMileInfo"
DETAIL = "$.data.accepted.content[0].localLogisticsInfo.trackingDetails[*]"


def one(changes: dict[str, object]) -> ScanReading:
    """Read the shipment with its departure alone, changed, and nothing rejected."""
    detail = edited(at(ANSWER, f"{LOCAL}.0"), changes)
    changed = {LOCAL: [detail], LAST_MILE: None, "data.rejected": None}
    return read_scans(edited(ANSWER, changed))


def said(status: object, words: object) -> ScanReading:
    return one({"transitSubStatus": status, "eventDetail": words})


def test_a_shipment_is_a_parcel_with_the_scans_of_both_carriers() -> None:
    """Each under the number as it was reported."""
    reading = read_scans(ANSWER)

    assert story(reading) == told("""
        yunexpress YT0000000000000001 = 9400100000000000000000
        expected 2026-03-13T00:00:00Z
        2026-03-08T10:00:00 local time | INFO_RECEIVED_01 | REGISTERED |
        2026-03-08T10:30:00Z | 已揽收 | ACCEPTED | SHENZHEN, CN
        2026-03-09T11:00:00Z | IN_TRANSIT_08 | DEPARTED_ORIGIN | SHENZHEN, CN
        2026-03-12T13:15:00Z | WAITING_DELIVERY_01 | OUT_FOR_DELIVERY | TESTVILLE, CA
        2026-03-12T19:00:00Z | DELIVERED_03 | DELIVERED | TESTVILLE, CA
        local_time rejected
    """)
    assert [(scan.carrier, scan.number) for scan in reading.parcels[0].scans] == [
        *[("yunexpress", "YT0000000000000001")] * 3,
        *[("usps", "9400100000000000000000")] * 2,
    ]
    assert track(reading.parcels[0].scans).phase is Phase.DELIVERED


def test_a_flat_answer_goes_by_its_words() -> None:
    """Its times stay local; who took the parcel is kept with the delivery, and hidden."""
    reading = read_scans(FLAT)
    (parcel,) = reading.parcels

    assert story(reading) == told("""
        sf SF0000000000001
        2026-03-09T20:00:00 local time | 顺丰速运 已收取快件 | ACCEPTED | 北京朝阳营业点
        2026-03-10T22:15:00 local time | 已到达【上海转运中心】 | TRANSIT_HUB | 上海转运中心
        2026-03-11T10:00:00 local time | 派送失败,收件人不在家 | ATTEMPT_FAILED | 上海浦东营业点
        2026-03-12T08:00:00 local time | 正在派送途中,请您准备签收(派件人:某,电话:1) | OUT_FOR_DELIVERY | 上海浦东营业点
        2026-03-12T10:00:00 local time | 快件已签收(签收人:本人) | DELIVERED | 上海浦东营业点
        local_time
    """)
    assert parcel.scans[2].incident is Incident.NOT_HOME
    assert [scan.recipient for scan in parcel.scans] == ["", "", "", "", "D. NACHTLESER"]
    assert "NACHTLESER" not in repr(reading)


@with_data
def test_the_real_answer_of_sf_express_is_read_to_the_letter() -> None:
    """Written by hand from it; Beijing is eight hours ahead."""
    payload = load("asia_tracking", "track123_sf_express_cjk")
    beijing = Facility(Place(facility="北京转运中心"), "Asia/Shanghai")

    assert recognises(payload)
    assert story(read_scans(payload)) == told("""
        sf SF1234567890123
        2024-03-13T22:15:00 local time | 已到达【北京转运中心] | TRANSIT_HUB | 北京转运中心
        2024-03-14T08:30:00 local time | 已发出\N{FULLWIDTH COMMA}下一站【上海转运中心] | TRANSIT_HUB | 北京转运中心
        local_time
    """)
    exact = read_scans(payload, facilities=[beijing])
    assert [str(scan.at) for scan in exact.parcels[0].scans] == [
        "2024-03-13T14:15:00Z",
        "2024-03-14T00:30:00Z",
    ]


def test_what_no_scan_carries_is_listed() -> None:
    assert read_scans(FLAT).unread == ("$.carrier.name", "$.carrier.nameEn", "$.status")
    assert {
        "$.code",
        f"{DETAIL}.eventTime",
        "$.data.accepted.content[0].transitStatus",
        "$.data.rejected[*].error.msg",
    } < set(read_scans(ANSWER).unread)


# Written by hand from the list of sub-statuses: what each means, and why.
TABLE = """
REGISTERED                        INFO_RECEIVED_01
IN_TRANSIT                        IN_TRANSIT_01
TRANSIT_HUB                       IN_TRANSIT_02
CUSTOMS_RELEASED                  IN_TRANSIT_03
EXPORT_PROCESSING                 IN_TRANSIT_04
EXPORT_PROCESSING                 IN_TRANSIT_05
ARRIVED_DESTINATION               IN_TRANSIT_06
LAST_MILE                         IN_TRANSIT_07
DEPARTED_ORIGIN                   IN_TRANSIT_08
OUT_FOR_DELIVERY                  WAITING_DELIVERY_01
AWAITING_COLLECTION               WAITING_DELIVERY_02
DELAYED                           WAITING_DELIVERY_03
DELIVERED                         DELIVERED_01
DELIVERED                         DELIVERED_02
DELIVERED                         DELIVERED_03
DELIVERED                         DELIVERED_04
ATTEMPT_FAILED:INCORRECT_ADDRESS  DELIVERY_FAILED_01
ATTEMPT_FAILED:NOT_HOME           DELIVERY_FAILED_02
ATTEMPT_FAILED:NOT_AVAILABLE      DELIVERY_FAILED_03
ATTEMPT_FAILED                    DELIVERY_FAILED_04
HELD                              ABNORMAL_01
CUSTOMS_HELD                      ABNORMAL_02
-                                 ABNORMAL_03
-                                 ABNORMAL_04
ATTEMPT_FAILED:REFUSED            ABNORMAL_05
RETURNED                          ABNORMAL_06
RETURNING                         ABNORMAL_07
-                                 ABNORMAL_08
"""


ROWS = {
    code: meant(meaning) for meaning, code in (line.split() for line in TABLE.strip().split("\n"))
}


@pytest.mark.parametrize(("status", "meaning"), ROWS.items())
def test_a_sub_status_means_a_milestone(status: str, meaning: Sense) -> None:
    """By itself, it is the code; beside words it counts, if it says enough."""
    scan = only_scan(said(status, None))

    assert (scan.code, Sense(scan.milestone, scan.incident)) == (status, meaning)
    if meaning.milestone not in (None, Milestone.IN_TRANSIT):
        worded = only_scan(said(status, "Shipment data received"))
        assert (worded.code, worded.milestone) == (status, meaning.milestone)


def test_the_sub_statuses_are_these_and_no_others() -> None:
    assert dict(SUB_STATUSES) == ROWS
    assert len(ROWS) == 28


@pytest.mark.parametrize("status", ["IN_TRANSIT_01", "ABNORMAL_08", None, ""])
def test_a_sub_status_that_says_little_is_understood_with_its_words(status: str | None) -> None:
    """Which are the code then."""
    reading = said(status, "已揽收")

    assert (only_scan(reading).code, only_scan(reading).milestone) == ("已揽收", Milestone.ACCEPTED)
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("words", "milestone"),
    [("未妥投", Milestone.ATTEMPT_FAILED), ("Not delivered", None), ("快件未签收", None)],
)
def test_words_that_hold_a_delivery_and_deny_it_deliver_nothing(
    words: str, milestone: Milestone | None
) -> None:
    assert only_scan(said("ABNORMAL_08", words)).milestone is milestone


def test_a_sub_status_that_is_not_documented_counts_by_its_words() -> None:
    reading = said("IN_TRANSIT_99", "Delivered")

    assert only_scan(reading).milestone is Milestone.DELIVERED
    assert codes(reading) == [(f"{DETAIL}.transitSubStatus", "unknown_status")]


def test_words_that_nobody_knows_keep_their_scan_which_moves_nothing() -> None:
    reading = said(None, "瞬间移动")

    assert (only_scan(reading).code, only_scan(reading).milestone) == ("瞬间移动", None)
    assert codes(reading) == [(DETAIL, "unknown_words")]


def test_only_a_delivery_that_was_signed_for_is_signed() -> None:
    signed = {status: only_scan(said(status, None)).is_signed for status in ROWS}

    assert [status for status, is_signed in signed.items() if is_signed] == ["DELIVERED_03"]


@pytest.mark.parametrize(
    ("exact", "local", "zone", "when"),
    [
        ("2026-03-09T11:00:00Z", "2026-03-09 19:00:00", "UTC+08:00", "2026-03-09T11:00:00Z"),
        ("2026-03-09 11:00:00", None, None, "2026-03-09T11:00:00Z"),
        (None, "2026-03-09 19:00:00", "UTC+08:00", "2026-03-09T11:00:00Z"),
        (None, "2026-03-09 19:00", "+8", "2026-03-09T11:00:00Z"),
        ("", "2026-03-09 19:00", None, "2026-03-09T19:00:00 local time"),
        (None, "2026-03-09 19:00:00", "CST", "2026-03-09T19:00:00 local time"),
        (None, "2026-03-09", "UTC+08:00", "2026-03-09 local day"),
    ],
)
def test_a_time_is_as_exact_as_it_is_told(
    exact: object, local: object, zone: object, when: str
) -> None:
    """That in UTC goes first, then the local clock with its zone."""
    reading = one({"eventTimeZeroUTC": exact, "eventTime": local, "timezone": zone})

    assert str(only_scan(reading).at) == when


def test_a_local_time_takes_the_zone_of_the_facility() -> None:
    shenzhen = [Facility(Place(facility="Shenzhen, CN"), "Asia/Shanghai")]
    changed = edited(ANSWER, {f"{LOCAL}.0.eventTimeZeroUTC": None, f"{LOCAL}.0.timezone": None})

    reading = read_scans(changed, facilities=iter(shenzhen))

    assert "2026-03-09T11:00:00Z" in {str(scan.at) for scan in reading.parcels[0].scans}


@pytest.mark.parametrize("time", ["soon", "", None, GONE])
def test_a_detail_without_a_readable_time_is_left_unread_with_a_warning(time: object) -> None:
    reading = one({"eventTimeZeroUTC": GONE, "eventTime": time})

    assert [parcel.scans for parcel in reading.parcels] == [()]
    assert [code for _, code in codes(reading)] == ["unreadable_time"]
    assert f"{DETAIL}.transitSubStatus" in reading.unread


def test_a_rejected_number_is_named() -> None:
    """On a page of its own, or in an array."""
    rejected = at(ANSWER, "data.rejected")

    for part in (rejected, {"content": rejected}):
        reading = read_scans({"data": {"accepted": {"content": []}, "rejected": part}})

        assert reading.parcels == ()
        assert [doubt.text for doubt in reading.warnings] == [
            "number YT0000000000000002 was rejected and not looked for"
        ]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"data": None},
        {"data": {"accepted": {"content": []}, "rejected": []}},
        {"data": {"accepted": {"content": None}}},
    ],
)
def test_an_answer_about_no_number_says_neither_yes_nor_no(payload: object) -> None:
    reading = read_scans(payload)

    assert (reading.parcels, codes(reading)) == ((), [("$", "indeterminate")])


def test_what_is_accepted_may_be_a_page_an_array_or_a_single_one() -> None:
    shipment = at(ANSWER, SHIPMENT)

    for accepted in ({"content": [shipment]}, [shipment], shipment):
        assert read_scans({"data": {"accepted": accepted}}).parcels == read_scans(ANSWER).parcels


@pytest.mark.parametrize("nothing", [None, {}, {"lmTrackNo": None}])
def test_a_shipment_may_be_without_a_last_mile(nothing: object) -> None:
    reading = read_scans(edited(ANSWER, {LAST_MILE: nothing}))

    assert reading.parcels[0].other_numbers == ()
    assert len(reading.parcels[0].scans) == 3


def test_the_last_mile_may_report_without_a_wrapper_and_under_the_same_number() -> None:
    inner = at(ANSWER, f"{LAST_MILE}.openApiWayBillInfo")

    reading = read_scans(edited(ANSWER, {LAST_MILE: inner}))

    assert reading.parcels[0].other_numbers == ()
    assert {scan.number for scan in reading.parcels[0].scans} == {"YT0000000000000001"}
    assert len(reading.parcels[0].scans) == 5


def test_a_shipment_without_scans_says_so() -> None:
    flat = read_scans(edited(FLAT, {"tracks": None}))
    new = read_scans(edited(ANSWER, {LOCAL: [], LAST_MILE: None, "data.rejected": []}))

    assert codes(flat) == [("$", "no_scans")]
    assert codes(new) == [("$.data.accepted.content[0]", "no_scans")]


def test_flat_answers_may_come_in_an_array() -> None:
    other = edited(FLAT, {"tracking_number": "SF2", "signed_by": None})

    reading = read_scans([FLAT, other, FLAT])

    assert [(it.number, len(it.scans)) for it in reading.parcels] == [
        ("SF0000000000001", 5),
        ("SF2", 5),
    ]


def test_what_is_wrong_comes_out_at_once_with_its_path() -> None:
    payload = edited(
        ANSWER,
        {
            f"{SHIPMENT}.trackNo": None,
            f"{LOCAL}.0": "Delivered",
            f"{LOCAL}.1.eventDetail": 7,
            "data.rejected.0.trackNo": 7,
        },
    )

    assert faults_of(read_scans, payload) == [
        f"{DETAIL.replace('*', '0')}: is text; allowed: an object",
        f"{DETAIL.replace('*', '1')}.eventDetail: is a whole number; allowed: text",
        "$.data.accepted.content[0].trackNo: is missing",
        "$.data.rejected[0].trackNo: is a whole number; allowed: text",
    ]


@pytest.mark.parametrize("payload", [None, 7, "SF1", ["SF1"], [{}], {"data": {"accepted": 7}}])
def test_what_is_no_answer_is_refused(payload: object) -> None:
    assert faults_of(read_scans, payload)


@pytest.mark.parametrize(
    "payload",
    [
        ANSWER,
        FLAT,
        [FLAT],
        {"data": {"accepted": at(ANSWER, SHIPMENT)}},
        {"data": {"rejected": at(ANSWER, "data.rejected")}},
    ],
)
def test_an_answer_is_recognised_by_its_shape(payload: object) -> None:
    assert recognises(payload) is True


@pytest.mark.parametrize(
    "payload",
    [
        None,
        7,
        "trackNo",
        [],
        [FLAT, 7],
        {},
        {"data": []},
        {"data": {"accepted": [{"number": "REAL1", "track_info": {}}], "rejected": []}},
        {"tracking_number": "SF1"},
    ],
)
def test_anything_else_is_not_recognised(payload: object) -> None:
    assert recognises(payload) is False
