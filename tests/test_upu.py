"""Event records of posts become scans by the table of EMSEVT."""

import pytest

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.incidents import Incident
from apaclogistics.interop import ScanReading
from apaclogistics.interop.upu import ACTIONS, EVENTS, REASONS, read_scans, recognises
from apaclogistics.tracking import track
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import codes, faults_of, only_scan, story, told

EVENT_RECORDS = sample("upu_events")
HELD, ATTEMPTED = "4", "6"


def one(place: str, changes: dict[str, object]) -> ScanReading:
    """Read one record of the sample alone, changed."""
    return read_scans([edited(at(EVENT_RECORDS, place), changes)])


def test_event_records_are_the_scans_of_their_items() -> None:
    """In whatever order they come; the office says in which country it is."""
    assert story(read_scans(EVENT_RECORDS)) == told("""
        Deutsche Post EE471108151FR
        2026-03-11T08:00:00Z | EMH | RETURNING | DE
        UPU RR473124829GB
        2026-03-02T09:30:00Z | EMA | ACCEPTED | LONDON, GB
        2026-03-03T04:00:00Z | EMC | DEPARTED_ORIGIN | GBLALA, GB
        2026-03-05T06:10:00 local time | EMD | ARRIVED_DESTINATION | HKHKGA, HK
        2026-03-06T02:00:00Z | EME | CUSTOMS_HELD | HKHKGA, HK
        2026-03-09T02:00:00Z | EDC | CUSTOMS_RELEASED | HKHKGA, HK
        2026-03-11T02:00:00Z | EMH | ATTEMPT_FAILED | HK
        2026-03-12T03:20:00Z | EMI | DELIVERED | HKHKGA, HK
        local_time
    """)


def test_what_no_scan_carries_is_listed() -> None:
    """One of many records is any of them."""
    assert read_scans(EVENT_RECORDS).unread == ("$[*].weight",)


def test_records_may_stand_in_an_object() -> None:
    """Under `events`, with what else there is unread."""
    reading = read_scans({"events": EVENT_RECORDS, "sender": "GB"})

    assert reading.parcels == read_scans(EVENT_RECORDS).parcels
    assert reading.unread == ("$.events[*].weight", "$.sender")
    assert codes(reading) == [("$.events[*].at", "local_time")]


def test_reasons_actions_and_the_signatory_are_kept() -> None:
    """As an incident, as text, and hidden."""
    _, parcel = read_scans(EVENT_RECORDS).parcels
    by_code = {scan.code: scan for scan in parcel.scans}
    proof = track(parcel.scans).proof

    assert by_code["EME"].incident is Incident.CUSTOMS_DOCUMENTATION
    assert by_code["EMH"].incident is Incident.NOT_AVAILABLE
    assert by_code["EMH"].text == (
        "Addressee not available; Item being held, addressee being notified"
    )
    assert proof is not None
    assert (proof.recipient, proof.is_signed) == ("D. NACHTLESER", True)
    assert "NACHTLESER" not in repr(parcel)


# Written by hand from the description of M40: what happened, and the codes that say so.
TABLE = """
ACCEPTED             EMA
EXPORT_PROCESSING    EMB EXA EXC
EXPORT_HELD          EXB EXD
DEPARTED_ORIGIN      EMC
TRANSIT_HUB          EMJ EMK
ARRIVED_DESTINATION  EMD
IMPORT_CUSTOMS       EDB
CUSTOMS_HELD         EDA EME
CUSTOMS_RELEASED     EDC EMF
LAST_MILE            EDD EDE EDF EMG
OUT_FOR_DELIVERY     EDG
AWAITING_COLLECTION  EDH
ATTEMPT_FAILED       EMH
DELIVERED            EMI
RETURNING            EDX
-                    EMX EXX
"""
ROWS = [line.split() for line in TABLE.strip().split("\n")]


@pytest.mark.parametrize(
    ("meaning", "code"), [(meaning, code) for meaning, *codes in ROWS for code in codes]
)
def test_a_code_means_a_milestone(meaning: str, code: str) -> None:
    """All of them, and no warning about any."""
    reading = one("1", {"event": code, "reason": "refused"})

    assert only_scan(reading).milestone is (None if meaning == "-" else Milestone[meaning])
    assert reading.warnings == ()


def test_the_table_holds_these_codes_and_no_others() -> None:
    """Twenty-six of them."""
    written = sorted(code for _, *codes in ROWS for code in codes)

    assert sorted(EVENTS) == written
    assert len(written) == 26


@pytest.mark.parametrize("code", ["EMQ", "emi", "ITMATT"])
def test_an_unknown_code_keeps_its_scan_which_moves_nothing(code: str) -> None:
    """Verbatim, with a warning."""
    reading = one("1", {"event": code})

    assert (only_scan(reading).code, only_scan(reading).milestone) == (code, None)
    assert codes(reading) == [("$[*].event", "unknown_event")]


def test_customs_that_hold_an_item_without_a_reason_stop_no_clock() -> None:
    """The item is held all the same."""
    reading = one(HELD, {"reason": GONE})

    assert only_scan(reading).milestone is Milestone.CUSTOMS_HELD
    assert only_scan(reading).incident is None
    assert codes(reading) == [("$[*].reason", "no_reason")]


@pytest.mark.parametrize("code", ["EMH", "EXB", "EDA"])
def test_only_customs_on_import_need_a_reason(code: str) -> None:
    """Another event may do without."""
    assert one(HELD, {"event": code, "reason": GONE}).warnings == ()


def test_a_reason_that_is_no_word_of_ours_is_kept_as_text() -> None:
    """Such as a figure of a list that is not published."""
    reading = one(ATTEMPTED, {"reason": "11", "action": ""})

    assert (only_scan(reading).incident, only_scan(reading).text) == (None, "11")
    assert codes(reading) == [("$[*].reason", "unknown_reason")]


def test_who_has_the_lists_of_reasons_passes_them() -> None:
    """Then the words of ours do not count."""
    record = edited(at(EVENT_RECORDS, ATTEMPTED), {"reason": " A 11"})

    reading = read_scans([record], reasons={"a  11": Incident.NOT_HOME})

    assert only_scan(reading).incident is Incident.NOT_HOME
    assert reading.warnings == ()


# Written by hand: the reasons in words, then what each is to us.
REASONS_IN_WORDS = """
Addressee cannot be located         ADDRESS_NOT_FOUND
Addressee moved                     INCORRECT_ADDRESS
Addressee not available             NOT_AVAILABLE
Business closed                     BUSINESS_CLOSED
Force majeure                       FORCE_MAJEURE
Import restrictions                 REGULATORY_HOLD
Incorrect address                   INCORRECT_ADDRESS
Insufficient address                INCORRECT_ADDRESS
Item damaged                        PARCEL_DAMAGED
Item wrongly directed               SORTING_ERROR
Missing documentation               CUSTOMS_DOCUMENTATION
Missing or incorrect documentation  CUSTOMS_DOCUMENTATION
Payment of charges                  DUTIES_UNPAID
Payment of duties                   DUTIES_UNPAID
Prohibited articles                 PROHIBITED
Refused                             REFUSED
Refused by addressee                REFUSED
Selected for inspection             CUSTOMS_INSPECTION
"""
PAIRS = [tuple(line.rsplit(maxsplit=1)) for line in REASONS_IN_WORDS.strip().split("\n")]


@pytest.mark.parametrize(("reason", "incident"), PAIRS)
def test_a_reason_is_an_incident(reason: str, incident: str) -> None:
    """Letters and spacing do not matter."""
    for written in (reason, reason.upper(), f"  {reason} ".replace(" ", "  ")):
        assert only_scan(one(HELD, {"reason": written})).incident is Incident[incident]


def test_the_list_of_reasons_holds_these_and_no_others() -> None:
    assert sorted(REASONS) == sorted(reason.casefold() for reason, _ in PAIRS)


@pytest.mark.parametrize(
    ("action", "milestone"),
    [
        ("Return to sender", Milestone.RETURNING),
        ("Returned to sender", Milestone.RETURNING),
        ("ITEM RETURNED TO SENDER", Milestone.RETURNING),
        ("Item being held, addressee being notified", Milestone.ATTEMPT_FAILED),
        ("Not returned to sender", Milestone.ATTEMPT_FAILED),
        ("", Milestone.ATTEMPT_FAILED),
    ],
)
def test_only_a_return_changes_what_an_attempt_means(action: str, milestone: Milestone) -> None:
    """Whatever else the post does, it tries again or waits."""
    assert only_scan(one(ATTEMPTED, {"action": action})).milestone is milestone
    assert set(ACTIONS.values()) == {Milestone.RETURNING}


def test_what_was_done_about_anything_but_an_attempt_says_nothing() -> None:
    """A delivered item was not returned by the same event."""
    scan = only_scan(one(ATTEMPTED, {"event": "EMI", "action": "Return to sender"}))

    assert scan.milestone is Milestone.DELIVERED


def test_an_item_that_leaves_another_country_than_its_own_gives_a_warning() -> None:
    """A wrong receiver sends it on so."""
    abroad, at_home = one("2", {"office": "DEFRAA"}), one("2", {"office": "GBMANB"})
    nowhere, no_item = one("2", {"office": ""}), one("2", {"item": "1", "office": "DEFRAA"})

    assert codes(abroad) == [("$[*].event", "departs_abroad")]
    assert only_scan(abroad).milestone is Milestone.DEPARTED_ORIGIN
    assert (at_home.warnings, nowhere.warnings) == ((), ())
    assert codes(no_item) == [("$[*].item", "no_s10")]


def test_an_office_that_is_no_mail_processing_centre_says_no_country() -> None:
    """A country that is given goes before that of the office."""
    assert only_scan(one("2", {"office": "Heathrow"})).place == Place(facility="HEATHROW")
    given = only_scan(one("2", {"office": "GBLALA", "country": "IE"}))
    assert given.place == Place(country="IE", facility="GBLALA")


def test_a_local_time_takes_the_zone_of_the_office() -> None:
    hong_kong = [Facility(Place(country="HK"), "Asia/Hong_Kong")]

    reading = read_scans([at(EVENT_RECORDS, "3")], facilities=hong_kong)

    assert str(only_scan(reading).at) == "2026-03-04T22:10:00Z"
    assert reading.warnings == ()


@pytest.mark.parametrize("time", ["soon", "", None, GONE])
def test_a_record_without_a_readable_time_is_left_unread_with_a_warning(time: object) -> None:
    reading = one("2", {"at": time})

    assert [parcel.scans for parcel in reading.parcels] == [()]
    assert codes(reading) == [("$[*].at", "unreadable_time")]
    assert {"$[*].event", "$[*].office"} < set(reading.unread)


def test_a_record_needs_its_item_and_its_event() -> None:
    """All faults at once, with their paths."""
    payload = [{"at": "2026-03-03T04:00:00Z"}, {"item": 7, "event": ["EMI"]}, "EMI"]

    assert faults_of(read_scans, payload) == [
        "$[0].event: is missing",
        "$[0].item: is missing",
        "$[1].event: is an array; allowed: text",
        "$[1].item: is a whole number; allowed: text",
        "$[2]: is text; allowed: an object",
    ]


@pytest.mark.parametrize("payload", [None, 7, "EMI"])
def test_what_is_neither_object_nor_array_is_refused(payload: object) -> None:
    assert faults_of(read_scans, payload)


def test_an_object_without_events_gives_a_warning() -> None:
    assert codes(read_scans({"items": []})) == [("$", "no_events")]
    assert read_scans([]).warnings == read_scans({"events": []}).warnings == ()


def test_the_projection_of_an_item_follows_from_its_events() -> None:
    returned, delivered = read_scans(EVENT_RECORDS).parcels

    assert track(returned.scans).phase is Phase.RETURNING
    assert track(delivered.scans).phase is Phase.DELIVERED


@pytest.mark.parametrize(
    "payload",
    [EVENT_RECORDS, {"events": EVENT_RECORDS}, [{"item": None, "event": None}]],
)
def test_event_records_are_recognised_by_their_shape(payload: object) -> None:
    assert recognises(payload) is True


@pytest.mark.parametrize(
    "payload",
    [
        [],
        [{"item": "RR473124829GB"}],
        [{"item": "RR473124829GB", "event": "EMA"}, 7],
        {"events": {}},
        {},
        "item event",
        None,
    ],
)
def test_anything_else_is_not_recognised(payload: object) -> None:
    assert recognises(payload) is False
