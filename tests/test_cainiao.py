"""Cainiao's answers become scans, in all their shapes."""

import pytest

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.interop import ScanReading
from apaclogistics.interop._phrases import Sense
from apaclogistics.interop.cainiao import ACTION_CODES, read_scans, recognises
from apaclogistics.tracking import track
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import codes, faults_of, meant, only_scan, story, told
from tests.real_data import load, with_data

MODULES, PARCELS = sample("cainiao_module"), sample("cainiao_data")
MODULE = "module.0"
DETAIL = "$.module[0].detailList[*]"


def one(changes: dict[str, object]) -> ScanReading:
    """Read the module with its delivery alone, changed."""
    detail = edited(at(MODULES, f"{MODULE}.detailList.0"), changes)
    return read_scans(edited(MODULES, {f"{MODULE}.detailList": [detail]}))


def worded(action: object, words: object, standard: object = None) -> ScanReading:
    return one({"actionCode": action, "desc": words, "standerdDesc": standard})


def timed(time: object, shown: object, zone: object) -> ScanReading:
    return one({"time": time, "timeStr": shown, "timeZone": zone})


def test_a_module_is_a_parcel_with_two_numbers() -> None:
    """By instant: the wall clock with its zone, or else the count."""
    assert story(read_scans(MODULES)) == told("""
        Cainiao LP00999999999999 = RR473124829GB
        2026-03-08T02:00:00Z | GWMS_ACCEPT | REGISTERED |
        2026-03-08T10:30:00Z | 包裹已揽收 | ACCEPTED |
        2026-03-09T11:00:00Z | LH_DEPART | DEPARTED_ORIGIN |
        2026-03-10T11:45:00Z | OE_NOT_DOCUMENTED | TRANSIT_HUB |
        2026-03-11T15:20:00Z | CC_IM_SUCCESS | CUSTOMS_RELEASED |
        2026-03-12T05:25:00Z | GTMS_DO_DEPART | OUT_FOR_DELIVERY |
        2026-03-12T08:45:00Z | GTMS_SIGNED | DELIVERED |
        unknown_code
    """)
    assert track(read_scans(MODULES).parcels[0].scans).phase is Phase.DELIVERED


def test_what_no_scan_carries_is_listed() -> None:
    """The count among it, where a zone gives the instant."""
    assert read_scans(MODULES).unread == (
        f"{DETAIL}.time",
        "$.module[0].originCountry",
        "$.module[0].status",
        "$.module[0].statusDesc",
        "$.success",
    )


def test_parcels_may_be_named_by_their_numbers() -> None:
    """With sections, or with the nodes of a trace; times without a zone stay local."""
    assert story(read_scans(PARCELS)) == told("""
        Cainiao LP00999999999997
        2026-03-09T21:40:00 local time | Flight departed | DEPARTED_ORIGIN | SHANGHAI
        Cainiao LP00999999999998 = TP00T0000000000000
        2026-03-08T10:00:00 local time | PU_PICKUP_SUCCESS | ACCEPTED | HANGZHOU
        2026-03-12T07:04:00 local time | GTMS_DEL_FAILURE | ATTEMPT_FAILED | TESTVILLE
        local_time
    """)


REAL = {
    "cainiao_sections_delivered": """
        Cainiao CNJNR20260812000001N
        2026-08-12T10:11:00 local time | CW_FUNCTION_GOT | REGISTERED | HANGZHOU
        2026-08-14T06:30:00 local time | Departed from first facility | TRANSIT_HUB | SHANGHAI
        2026-08-25T07:04:00 local time | SIGNED_SUCCESS | DELIVERED | SYDNEY NSW
        local_time unknown_code
    """,
    "cainiao_trace_node_list": """
        Cainiao CNX1234567890ZZ
        2026-08-19T21:40:00 local time | Flight departed Shanghai PVG | DEPARTED_ORIGIN | SHANGHAI
        2026-08-20T09:00:00 local time | Arrived at sorting center | TRANSIT_HUB | MELBOURNE VIC
        local_time
    """,
}


@with_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_answer_is_read_to_the_letter(name: str) -> None:
    """Written by hand from the answers."""
    payload = load("asia_tracking", name)

    assert recognises(payload)
    assert story(read_scans(payload)) == told(REAL[name])


@with_data
def test_the_facilities_make_real_local_times_instants() -> None:
    """Shanghai is eight hours ahead, and Melbourne ten in August."""
    zones = {"Shanghai": "Asia/Shanghai", "Melbourne VIC": "Australia/Melbourne"}
    known = [Facility(Place(city=city), name) for city, name in zones.items()]

    reading = read_scans(load("asia_tracking", "cainiao_trace_node_list"), facilities=iter(known))

    assert [str(scan.at) for scan in reading.parcels[0].scans] == [
        "2026-08-19T13:40:00Z",
        "2026-08-19T23:00:00Z",
    ]
    assert reading.warnings == ()


# Written by hand from the list of action codes: what each means, and why.
TABLE = """
REGISTERED           CONSIGN OM_CONSIGN GTMS_ASN
REGISTERED           GWMS_ACCEPT GWMS_PICK GWMS_PACKAGE GWMS_OUTBOUND GWMS_HANDOVER
ACCEPTED             PU_PICKUP_SUCCESS PU_SIGN_IN_SUCCESS GOT
EXPORT_PROCESSING    CC_EX_START CC_EX_SUCCESS LH_HO_IN_SUCCESS LH_HO_AIRLINE
EXPORT_HELD          CC_EX_FAILURE
EXPORT_HELD:SECURITY_ISSUE  LH_HO_AIRLINE_FAILURE
DEPARTED_ORIGIN      LH_DEPART
TRANSIT_HUB          SC_INBOUND_SUCCESS SC_OUTBOUND_SUCCESS SC_HO_OUT_SUCCESS SC_SIGN_IN_SUCCESS
TRANSIT_HUB          TD_TRANS_ARRIVE TD_TRANS_DEPART CC_TRANS_START CC_TRANS_SUCCESS
IN_TRANSIT           DEPARTURE ARRIVAL
ARRIVED_DESTINATION  LH_ARRIVE LH_HO_OUT_SUCCESS
IMPORT_CUSTOMS       CC_IM_START CC_IM_PROCESS CC_HO_IN_SUCCESS CUS_DECLARE CUS_SUCCESS CIQ_SUCCESS
CUSTOMS_HELD         CC_IM_FAILURE CUS_FAILURE CC_HO_OUT_FAILURE
CUSTOMS_HELD:DUTIES_UNPAID  CUS_TAX
CUSTOMS_HELD:CUSTOMS_INSPECTION  CIQ_FAILURE
CUSTOMS_RELEASED     CC_IM_SUCCESS CC_HO_OUT_SUCCESS
LAST_MILE            GTMS_ACCEPT GTMS_SC_ARRIVE GTMS_DO_ARRIVE GTMS_STATION_IN GTMS_STATION_OUT
LAST_MILE            GTMS_RELABEL GSTAHUB_INBOUND
OUT_FOR_DELIVERY     GTMS_DO_DEPART GTMS_DELIVERING GTMS_RE_DELIVERING SENT_SCAN
AWAITING_COLLECTION  GTMS_STA_SIGNED GTMS_WAIT_SELF_PICK GSTA_INBOUND GSTA_INFORM_BUYER
AWAITING_COLLECTION  POSTMAN_POST
ATTEMPT_FAILED       GTMS_DEL_FAILURE GTMS_SIGN_FAILURE GTMS_FAILURE FAILED
ATTEMPT_FAILED       GSTA_SIGN_FAIL GSTA_BUYER_SIGN_FAIL STA_SIGN_FAIL
DELIVERED            GTMS_SIGNED SIGNED GSTA_SIGN GSTA_BUYER_SIGN STA_SIGN
HELD                 SC_INBOUND_FAILURE SC_OUTBOUND_FAILURE SC_HO_OUT_FAILURE SC_SIGN_IN_FAILURE
HELD                 LH_HO_IN_FAILURE LH_POST_COLLECTION LH_ARRIVE_FAILURE LH_HO_OUT_FAILURE
HELD                 CC_TRANS_FAILURE CC_HO_IN_FAILURE GTMS_SC_ARRIVE_FAILURE
HELD                 GTMS_STA_SIGN_FAILURE GSTAHUB_INBOUND_FAIL GSTA_INBOUND_FAIL
HELD:INCORRECT_ADDRESS  GTMS_STA_WAIT_CUST_CHANGE_ADDRESS
RETURNING            RT_INBOUND RT_OUTBOUND RT_HO_OUT RT_TMS_ACCEPT
RETURNING            RT_WH_HO_IN RT_WH_HO_IN_FAIL RT_WH_INBOUND RT_WH_INBOUND_FAILURE
RETURNING            RT_WH_OUTBOUND RT_WH_HO_OUT
RETURNING            RT_TRANSWH_HO_IN RT_TRANSWH_INBOUND RT_TRANSWH_OUTBOUND
RETURNED             RETURNED
DESTROYED            RT_DESTROY RT_WH_DESTROY
-                    PU_PICKUP_FAILURE PU_SIGN_IN_FAILURE REJECT
-                    GWMS_REJECT GWMS_EXCEPTION GWMS_CANCEL LH_OTHER GTMS_OTHER GSTA_OTHER
-                    GTMS_STA_CUST_TO_DOOR GTMS_STA_CHANGE GTMS_STA_CN_TO_DOOR GTMS_STA_CN_CHANGE
-                    GTMS_STA_CNCP_TO_DOOR GTMS_STA_CNCP_CHANGE
"""


ROWS = {
    code: meant(meaning)
    for meaning, *row in (line.split() for line in TABLE.strip().split("\n"))
    for code in row
}


@pytest.mark.parametrize(("code", "meaning"), ROWS.items())
def test_an_action_code_means_a_milestone(code: str, meaning: Sense) -> None:
    """Whatever the words say beside one that says enough."""
    scan = only_scan(worded(code, None))

    assert (scan.code, Sense(scan.milestone, scan.incident)) == (code, meaning)
    if meaning.milestone not in (None, Milestone.IN_TRANSIT):
        assert only_scan(worded(code, "Shipment data received")).milestone is meaning.milestone


def test_the_action_codes_are_these_and_no_others() -> None:
    assert dict(ACTION_CODES) == ROWS
    assert len(ROWS) == 117


@pytest.mark.parametrize("code", ["ARRIVAL", "GTMS_OTHER", None, ""])
def test_a_code_that_says_little_is_understood_with_its_words(code: str | None) -> None:
    """Without a warning."""
    reading = worded(code, "Arrived at sorting center", "Carrier update")

    assert only_scan(reading).milestone is Milestone.TRANSIT_HUB
    assert only_scan(reading).code == (code or "Arrived at sorting center")
    assert reading.warnings == ()


def test_a_code_that_is_not_documented_counts_by_its_words() -> None:
    """Verbatim, with a warning; without words that anybody knows it moves nothing."""
    known, unknown = worded("CW_NEW", "Delivered"), worded("CW_NEW", "Teleported")

    assert (only_scan(known).code, only_scan(known).milestone) == ("CW_NEW", Milestone.DELIVERED)
    assert codes(known) == [(f"{DETAIL}.actionCode", "unknown_code")]
    assert only_scan(unknown).milestone is None
    assert {code for _, code in codes(unknown)} == {"unknown_code", "unknown_words"}


def test_words_that_contradict_each_other_move_nothing() -> None:
    reading = worded(None, "未妥投", "Package delivered")

    assert only_scan(reading).milestone is None
    assert codes(reading) == [(DETAIL, "two_meanings")]


COUNT, SHOWN = 1773305100000, "2026-03-12 09:45:00"


@pytest.mark.parametrize(
    ("time", "shown", "zone", "when"),
    [
        (COUNT, SHOWN, "GMT+1", "2026-03-12T08:45:00Z"),
        (COUNT, SHOWN, "+01:00", "2026-03-12T08:45:00Z"),
        (COUNT, SHOWN, "UTC-0330", "2026-03-12T13:15:00Z"),
        (COUNT, SHOWN, " gmt+8 ", "2026-03-12T01:45:00Z"),
        (COUNT, SHOWN[:-3], "-12", "2026-03-12T21:45:00Z"),
        (COUNT, SHOWN, None, "2026-03-12T08:45:00Z"),
        (COUNT, SHOWN, "Mars/Olympus", "2026-03-12T08:45:00Z"),
        (COUNT, SHOWN, "GMT+15", "2026-03-12T08:45:00Z"),
        (COUNT, None, "GMT+1", "2026-03-12T08:45:00Z"),
        (COUNT, "2026-03-12T09:45:00+02:00", "GMT+1", "2026-03-12T08:45:00Z"),
        (None, "2026-03-12T09:45:00+02:00", "GMT+1", "2026-03-12T07:45:00Z"),
        (SHOWN, None, "GMT+1", "2026-03-12T08:45:00Z"),
        ("2026-03-12T09:45:00Z", None, None, "2026-03-12T09:45:00Z"),
        (None, SHOWN, None, "2026-03-12T09:45:00 local time"),
        ("", SHOWN, None, "2026-03-12T09:45:00 local time"),
        (None, SHOWN[:10], "GMT+1", "2026-03-12 local day"),
    ],
)
def test_a_time_is_as_exact_as_it_is_told(
    time: object, shown: object, zone: object, when: str
) -> None:
    """A wall clock with its zone goes before the count, and the count before a mere wall clock."""
    assert str(only_scan(timed(time, shown, zone)).at) == when


@pytest.mark.parametrize(
    ("time", "shown"), [("soon", None), (None, None), (10**18, None), (True, None), (None, "soon")]
)
def test_a_detail_without_a_readable_time_is_left_unread_with_a_warning(
    time: object, shown: object
) -> None:
    reading = timed(time, shown, None)

    assert [parcel.scans for parcel in reading.parcels] == [()]
    assert [code for _, code in codes(reading)] == ["unreadable_time"]
    assert f"{DETAIL}.actionCode" in reading.unread


@pytest.mark.parametrize(
    ("changes", "numbers"),
    [
        ({"copyRealMailNo": None}, ("RR473124829GB",)),
        ({"copyRealMailNo": None, "realMailNo": "UBI1234567890"}, ("UBI1234567890",)),
        ({"copyRealMailNo": None, "realMailNo": "Latest Tracking Number: none yet"}, ()),
        ({"copyRealMailNo": GONE, "realMailNo": GONE}, ()),
        ({"lastMileTrackingNumber": "TP1"}, ("RR473124829GB", "TP1")),
        ({"latestTrackingNumber": "TP2"}, ("RR473124829GB", "TP2")),
        ({"copyRealMailNo": "LP00999999999999", "realMailNo": ""}, ()),
    ],
)
def test_the_other_numbers_of_a_parcel_are_kept(
    changes: dict[str, object], numbers: tuple[str, ...]
) -> None:
    """Each once, with or without a word before it."""
    payload = edited(MODULES, {f"{MODULE}.{member}": it for member, it in changes.items()})

    assert read_scans(payload).parcels[0].other_numbers == numbers


def test_a_parcel_without_scans_says_so() -> None:
    reading = read_scans(edited(MODULES, {f"{MODULE}.detailList": None}))

    assert [parcel.scans for parcel in reading.parcels] == [()]
    assert codes(reading) == [("$.module[0]", "no_scans")]


@pytest.mark.parametrize("payload", [{}, {"module": []}, {"data": {}}, {"data": None}])
def test_an_answer_without_parcels_says_neither_yes_nor_no(payload: object) -> None:
    reading = read_scans(payload)

    assert (reading.parcels, codes(reading)) == ((), [("$", "indeterminate")])


def test_what_is_wrong_comes_out_at_once_with_its_path() -> None:
    payload = edited(
        MODULES,
        {
            f"{MODULE}.mailNo": None,
            f"{MODULE}.detailList.0": 7,
            f"{MODULE}.detailList.1.desc": ["x"],
            f"{MODULE}.detailList.2.timeStr": 20260311,
        },
    )

    assert faults_of(read_scans, payload) == [
        "$.module[0].detailList[0]: is a whole number; allowed: an object",
        "$.module[0].detailList[1].desc: is an array; allowed: text",
        "$.module[0].detailList[2].timeStr: is a whole number; allowed: text",
        "$.module[0].mailNo: is missing",
    ]


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        ({"data": []}, "$.data: is an array; allowed: an object"),
        ({"data": {"": {}}}, '$.data[""]: tracking number is no number'),
        ({"data": {"LP1": 7}}, "$.data.LP1: is a whole number; allowed: an object"),
        ([MODULES], "$: is an array; allowed: an object"),
    ],
)
def test_what_is_no_answer_is_refused(payload: object, fault: str) -> None:
    assert any(it.startswith(fault) for it in faults_of(read_scans, payload))


@pytest.mark.parametrize("payload", [MODULES, PARCELS, {"data": {"LP1": {"sections": []}}}])
def test_an_answer_is_recognised_by_its_shape(payload: object) -> None:
    assert recognises(payload) is True


@pytest.mark.parametrize(
    "payload",
    [
        None,
        7,
        "module",
        [],
        [MODULES],
        {},
        {"module": {}},
        {"module": [{"name": "x"}]},
        {"data": {}},
        {"data": {"accepted": []}},
        {"data": [{"sections": []}]},
    ],
)
def test_anything_else_is_not_recognised(payload: object) -> None:
    assert recognises(payload) is False
