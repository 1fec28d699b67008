"""The public trace feed of SpeedPAK becomes scans, in English and in Chinese."""

import pytest

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.interop import ScanReading
from apaclogistics.interop._speedpak_words import LABELS, last_mile_number, speedpak_sense
from apaclogistics.interop.speedpak import read_scans, recognises
from apaclogistics.tracking import track
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import codes, faults_of, only_scan, story, told

ANSWER = sample("speedpak_traces")
WAYBILL = "result.waybills.0"
UNKNOWN = "result.notExistsTrackingNumbers"
HANDED_ON = f"{WAYBILL}.traces.3"


def one_trace(changes: dict[str, object], place: str = f"{WAYBILL}.traces.4") -> ScanReading:
    """Read an answer with one trace alone, changed."""
    trace = edited(at(ANSWER, place), changes)
    return read_scans(edited(ANSWER, {f"{WAYBILL}.traces": [trace], UNKNOWN: []}))


def said(english: object, chinese: object) -> ScanReading:
    return one_trace({"eventDesc": english, "eventDescCn": chinese})


def test_a_waybill_is_a_parcel_with_two_numbers() -> None:
    """By instant; the number of the last mile is in a text."""
    assert story(read_scans(ANSWER)) == told("""
        SpeedPAK ES1000000000000UN0000000000N = TP00T0000000000000
        2026-03-07T01:00:00Z | Shipment Data Received | REGISTERED |
        2026-03-07T10:00:00Z | Package Received | ACCEPTED | SHENZHEN, CN
        2026-03-08T09:00:00Z | Arrived at Regional Distribution Center | TRANSIT_HUB | SHENZHEN, CN
        2026-03-08T12:00:00Z | Departed from Regional Distribution Center | TRANSIT_HUB | SHENZHEN, CN
        2026-03-09T09:00:00Z | Export Customs Declaration Completed | EXPORT_PROCESSING | SHENZHEN, CN
        2026-03-09T15:00:00Z | Departed from Origin Country | DEPARTED_ORIGIN | HONG KONG, HK
        2026-03-10T18:00:00Z | Arrived at Destination Hub | ARRIVED_DESTINATION | CHICAGO, US
        2026-03-11T00:00:00Z | Import Customs Clearance Completed | CUSTOMS_RELEASED | CHICAGO, US
        2026-03-11T01:00:00Z | LM Carrier: [Test Parcels] , LM tracking No.\N{FULLWIDTH COLON}[TP00T0000000000000] | LAST_MILE | US
        2026-03-11T16:00:00Z | Arrival scan | LAST_MILE | TESTVILLE, US
        2026-03-12T13:15:00Z | Out for delivery | OUT_FOR_DELIVERY | TESTVILLE, US
        2026-03-12T19:00:00Z | Delivered. (Left at the front door) | DELIVERED | TESTVILLE, US
        no_such_number
    """)


def test_what_no_scan_carries_is_listed() -> None:
    """The local text among it, where the instant is known."""
    assert read_scans(ANSWER).unread == (
        "$.result.waybills[0].consigneeCountryCode",
        "$.result.waybills[0].lastStatus",
        "$.result.waybills[0].lastStatusCn",
        "$.result.waybills[0].traces[*].oprTime",
    )


def test_the_journey_follows_from_its_traces() -> None:
    tracking = track(read_scans(ANSWER).parcels[0].scans)

    assert tracking.phase is Phase.DELIVERED
    assert tracking.discrepancies == ()


def test_the_envelope_may_be_missing() -> None:
    bare = at(ANSWER, "result")

    assert read_scans(bare).parcels == read_scans(ANSWER).parcels
    assert codes(read_scans(bare)) == [("$.notExistsTrackingNumbers[*]", "no_such_number")]


def test_a_number_that_the_carrier_does_not_know_is_named() -> None:
    """It is an answer, and not the parcel's end."""
    reading = read_scans(edited(ANSWER, {"result.waybills": []}))

    assert reading.parcels == ()
    assert codes(reading) == [("$.result.notExistsTrackingNumbers[*]", "no_such_number")]
    assert reading.warnings[0].text == (
        "the carrier knows no tracking number ES2000000000000UN0000000000N"
    )


@pytest.mark.parametrize(
    "payload",
    [
        {"success": True, "result": {"waybills": [], "notExistsTrackingNumbers": []}},
        {"success": True, "result": {"waybills": None}},
        {"result": {}},
        {},
    ],
)
def test_an_empty_answer_says_neither_yes_nor_no(payload: object) -> None:
    """Nobody may conclude from it that the number is unknown."""
    reading = read_scans(payload)

    assert (reading.parcels, codes(reading)) == ((), [("$", "indeterminate")])


def test_a_feed_that_could_not_answer_says_so() -> None:
    reading = read_scans({"success": False, "result": None})

    assert codes(reading) == [("$", "indeterminate"), ("$.success", "not_done")]


def test_a_waybill_without_traces_says_so() -> None:
    """The parcel is there all the same."""
    reading = read_scans(edited(ANSWER, {f"{WAYBILL}.traces": None, UNKNOWN: []}))

    assert [parcel.scans for parcel in reading.parcels] == [()]
    assert codes(reading) == [("$.result.waybills[0]", "no_scans")]


# Written by hand: what is meant, then the texts and labels that say so.
WORDS = """
REGISTERED | Shipment Data Received / 订单接受 / 订单已创建
ACCEPTED | Package Received / 包裹已揽收 / 大包收货确认(A-SCAN) / 大包收货确认\N{FULLWIDTH LEFT PARENTHESIS}A-SCAN\N{FULLWIDTH RIGHT PARENTHESIS}
TRANSIT_HUB | Arrived at Regional Distribution Center / Departed from Regional Distribution Center
TRANSIT_HUB | 进入集货中心 / 离开集货中心 / 进入分拣中心 / 到达分拣中心 / 离开分拣中心
EXPORT_PROCESSING | Export Customs Declaration Completed / 出口国报关完成
DEPARTED_ORIGIN | Departed from Origin Country / 始发地出发 / 航班起飞
ARRIVED_DESTINATION | Arrived at Destination Hub / 航班到达 / 目的地到港 / 干线运输到达
CUSTOMS_RELEASED | Import Customs Clearance Completed / 进口国清关完成 / 进口清关完成
IN_TRANSIT | 货物运输中
LAST_MILE | Arrival scan / ARRIVAL  SCAN. / 到达站点 / 离开站点 / 站点扫描 / 同步尾程供应商 / 尾程转运中
OUT_FOR_DELIVERY | Out for delivery / 开始派送
DELIVERED | Delivered / Delivered. / Delivered. (Left at the front door) / 派送完成
ATTEMPT_FAILED | Delivery failed, recipient not at home / 派送失败 / 未妥投
- | Arrival scan failed / Not delivered / 未派送完成 / Something else
"""
ROWS = [
    (meaning, text)
    for meaning, _, texts in (line.partition(" | ") for line in WORDS.strip().split("\n"))
    for text in texts.split(" / ")
]


@pytest.mark.parametrize(("meaning", "text"), ROWS)
def test_a_text_or_label_means_a_milestone(meaning: str, text: str) -> None:
    """Either alone is enough, and is the code."""
    expected = None if meaning == "-" else Milestone[meaning]

    for reading in (said(text, None), said("", text), said(text, text)):
        assert (only_scan(reading).milestone, only_scan(reading).code) == (expected, text)
        assert {code for _, code in codes(reading)} == (set() if expected else {"unknown_words"})


def test_the_labels_are_these_and_no_others() -> None:
    """Each is among the rows above."""
    written = {" ".join(text.casefold().split()): meaning for meaning, text in ROWS}

    assert {label: milestone.name for label, milestone in LABELS.items()}.items() <= written.items()
    assert len(LABELS) == 36


def test_the_last_miles_own_words_are_understood_by_the_label() -> None:
    """A text that says no more than "in transit" yields as well."""
    assert only_scan(said("Loaded at Reno", "到达站点")).milestone is Milestone.LAST_MILE
    assert only_scan(said("Arrived at Destination Hub", "货物运输中")).milestone is (
        Milestone.ARRIVED_DESTINATION
    )


def test_a_text_and_a_label_that_contradict_each_other_move_nothing() -> None:
    reading = said("Delivered", "派送失败")

    assert only_scan(reading).milestone is None
    assert codes(reading) == [("$.result.waybills[0].traces[*]", "two_meanings")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("LM Carrier: [Uni Uni] , LM tracking No.: [UUS00T0000000000000]", "UUS00T0000000000000"),
        (
            "LM Carrier\N{FULLWIDTH COLON}[USPS] , LM tracking No.\N{FULLWIDTH COLON} [ 9400100 ]",
            "9400100",
        ),
        ("lm carrier: [a], lm tracking no: [ab12]", "AB12"),
        ("尾程供应商: [Uni Uni] , 尾程跟踪号: [UUS00T1]", "UUS00T1"),
        ("尾程单号\N{FULLWIDTH COLON}[1Z-2345]", "1Z-2345"),
        ("LM tracking No.: []", ""),
        ("LM tracking No.: [not a number!]", ""),
        ("LM tracking No.: UUS00T0000000000000", ""),
        (f"LM tracking No.: [{'1' * 41}]", ""),
        ("Reference UUS00T0000000000000", ""),
        ("", ""),
    ],
)
def test_the_number_of_the_last_mile_is_labelled(text: str, number: str) -> None:
    """A mere reference is none."""
    assert last_mile_number(text) == number


def test_the_number_of_the_last_mile_may_be_in_either_text_or_a_member() -> None:
    chinese = one_trace({"eventDesc": None, "eventDescCn": "尾程跟踪号: [TP12]"}, HANDED_ON)
    member = read_scans(edited(ANSWER, {f"{WAYBILL}.lastMileTrackingNumber": "TP-1", UNKNOWN: []}))
    website = read_scans(edited(ANSWER, {f"{WAYBILL}.websiteTrackingNumber": "EX1", UNKNOWN: []}))

    assert chinese.parcels[0].other_numbers == ("TP12",)
    assert member.parcels[0].other_numbers == ("TP-1", "TP00T0000000000000")
    assert website.parcels[0].other_numbers == ("EX1", "TP00T0000000000000")
    assert (member.warnings, website.warnings) == ((), ())


def test_two_numbers_of_the_last_mile_give_a_warning() -> None:
    """Both are kept: one may have replaced the other."""
    text = "LM Carrier: [Other] , LM tracking No.: [OT1111]"

    reading = read_scans(edited(ANSWER, {f"{WAYBILL}.traces.2.eventDesc": text, UNKNOWN: []}))

    assert reading.parcels[0].other_numbers == ("OT1111", "TP00T0000000000000")
    assert codes(reading) == [("$.result.waybills[0]", "two_last_miles")]


def test_without_a_count_the_local_text_stands_for_it() -> None:
    """In the zone of the facility, where one is known."""
    chicago = [Facility(Place(country="US", city="Chicago"), "America/Chicago")]
    trace = edited(at(ANSWER, f"{WAYBILL}.traces.4"), {"oprTimestamp": GONE})
    payload = edited(ANSWER, {f"{WAYBILL}.traces": [trace], UNKNOWN: []})

    local, exact = read_scans(payload), read_scans(payload, facilities=chicago)

    assert str(only_scan(local).at) == "2026-03-10T17:00:00 local time"
    assert codes(local) == [("$.result.waybills[0].traces[*].oprTime", "local_time")]
    assert str(only_scan(exact).at) == "2026-03-10T22:00:00Z"


@pytest.mark.parametrize("count", ["unknown", 1.5, True, 10**18, -(10**400), [], {}])
def test_a_count_that_is_no_time_gives_a_warning(count: object) -> None:
    """The local text is read instead."""
    reading = one_trace({"oprTimestamp": count})

    path = "$.result.waybills[0].traces[*]"
    assert str(only_scan(reading).at) == "2026-03-10T17:00:00 local time"
    assert codes(reading) == [
        (f"{path}.oprTime", "local_time"),
        (f"{path}.oprTimestamp", "unreadable_time"),
    ]


def test_a_trace_without_any_time_is_left_unread_with_a_warning() -> None:
    reading = one_trace({"oprTimestamp": None, "oprTime": "soon"})

    assert [parcel.scans for parcel in reading.parcels] == [()]
    assert codes(reading) == [("$.result.waybills[0].traces[*].oprTime", "unreadable_time")]
    assert "$.result.waybills[0].traces[*].eventDesc" in reading.unread


def test_a_text_without_end_is_a_code_with_one() -> None:
    """The scan has the whole of it as text."""
    scan = only_scan(said("Arrived " * 99, None))

    assert len(scan.code) == 256
    assert len(scan.text) == 8 * 99


def test_what_is_wrong_comes_out_at_once_with_its_path() -> None:
    payload = edited(
        ANSWER,
        {
            f"{WAYBILL}.trackingNumber": None,
            f"{WAYBILL}.traces.0": "Delivered",
            f"{WAYBILL}.traces.1.eventDesc": 7,
            f"{UNKNOWN}.0": 7,
            "success": "true",
        },
    )

    assert faults_of(read_scans, payload) == [
        "$.result.notExistsTrackingNumbers[0]: is a whole number; allowed: text",
        "$.result.waybills[0].traces[0]: is text; allowed: an object",
        "$.result.waybills[0].traces[1].eventDesc: is a whole number; allowed: text",
        "$.result.waybills[0].trackingNumber: is missing",
        "$.success: is text; allowed: true or false",
    ]


@pytest.mark.parametrize("payload", [None, 7, "ES1", [ANSWER]])
def test_what_is_no_object_is_refused(payload: object) -> None:
    assert faults_of(read_scans, payload)


@pytest.mark.parametrize(
    "payload", [ANSWER, at(ANSWER, "result"), {"result": {"notExistsTrackingNumbers": []}}]
)
def test_an_answer_of_the_feed_is_recognised_by_its_shape(payload: object) -> None:
    assert recognises(payload) is True


@pytest.mark.parametrize(
    "payload", [None, 7, "waybills", [], [ANSWER], {}, {"waybills": {}}, {"result": []}]
)
def test_anything_else_is_not_recognised(payload: object) -> None:
    assert recognises(payload) is False


def test_a_word_of_all_carriers_is_understood_too() -> None:
    assert speedpak_sense("Held by customs: missing documents").milestone is Milestone.CUSTOMS_HELD
