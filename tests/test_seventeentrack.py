"""17TRACK's answers, webhooks and account feed become scans, and nothing is lost silently."""

import json

import pytest

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.incidents import Incident
from apaclogistics.interop import ScanReading
from apaclogistics.interop.seventeentrack import read_scans, recognises
from apaclogistics.tracking import Scan, track
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import codes, faults_of, in_short, only_scan, story, told
from tests.real_data import load, names, with_data

ANSWER = sample("seventeentrack_answer")
ITEM = at(ANSWER, "data.accepted.0")
PROVIDERS = "track_info.tracking.providers"
EVENT = at(ITEM, f"{PROVIDERS}.0.events.1")
ACCOUNT = sample("seventeentrack_account")
PACKAGE = at(ACCOUNT, "Json.0")


def with_events(*events: object) -> object:
    """Give the item with these events of one provider, and nothing beside them."""
    provider = edited(at(ITEM, f"{PROVIDERS}.0"), {"events": list(events)})
    return edited(ITEM, {PROVIDERS: [provider], "track_info.latest_event": None})


def one_scan(changes: dict[str, object]) -> ScanReading:
    """Read the item with the second event of the sample alone, changed."""
    return read_scans(with_events(edited(EVENT, changes)))


def scan_of(status: str, stage: str | None = None) -> Scan:
    reading = one_scan({"sub_status": status, "stage": stage})
    assert reading.warnings == ()
    return only_scan(reading)


def last_event(**members: object) -> object:
    """Give the package of an account with another last event."""
    event = {"a": "2026-03-09 11:20", "b": None, "c": "", "d": "", "z": "Final delivery"}
    return edited(PACKAGE, {"FLastEvent": json.dumps({**event, **members})})


def test_a_number_is_a_parcel_with_the_scans_of_all_its_providers() -> None:
    """Each under the name of who reports it; the last event counts once, for who reports it."""
    (parcel,) = read_scans(ITEM).parcels

    assert (parcel.number, parcel.carrier) == ("RR473124829GB", "Hong Kong Post")
    assert in_short(parcel.scans) == [
        "2026-03-02T01:00:00Z | InfoReceived | REGISTERED | ",
        "2026-03-02T09:30:00Z | InTransit_PickedUp | ACCEPTED | HONG KONG, HK",
        "2026-03-06T06:00:00Z | InTransit_CustomsRequiringInformation | CUSTOMS_HELD | DE",
        "2026-03-11T06:15:00Z | OutForDelivery_Other | OUT_FOR_DELIVERY | TESTHAUSEN, DE",
        "2026-03-11T09:45:30Z | Delivered_Other | DELIVERED | TESTHAUSEN, DE",
    ]
    assert [scan.carrier for scan in parcel.scans] == ["Hong Kong Post"] * 3 + ["DHL Paket"] * 2
    assert {scan.number for scan in parcel.scans} == {"RR473124829GB"}
    assert parcel.scans[1].text == "Accepted at counter"
    assert track(parcel.scans).phase is Phase.DELIVERED


def test_a_parcel_has_the_number_of_its_last_mile_too() -> None:
    (parcel,) = read_scans(ITEM).parcels

    assert parcel.other_numbers == ("00340434161094042557",)


@pytest.mark.parametrize(
    ("range_", "expected"),
    [
        (
            {"from": "2026-03-10T00:00:00+01:00", "to": "2026-03-12T00:00:00+01:00"},
            "2026-03-11T23:00:00Z",
        ),
        ({"from": "2026-03-10T00:00:00+01:00", "to": None}, "2026-03-09T23:00:00Z"),
        ({"from": None, "to": ""}, "None"),
        ({"to": "soon"}, "None"),
        (None, "None"),
    ],
)
def test_the_feeds_own_estimate_of_the_arrival_is_kept(range_: object, expected: str) -> None:
    """Of a range, its end."""
    changes = {"track_info.time_metrics.estimated_delivery_date": range_}

    (parcel,) = read_scans(edited(ITEM, changes)).parcels

    assert str(parcel.expected) == expected


def test_what_no_scan_carries_is_listed() -> None:
    """One of many events is any of them; what says nothing is no leaf."""
    unread = read_scans(with_events(EVENT)).unread

    assert [path for path in unread if ".events" in path] == [
        f"$.{PROVIDERS}[0].events[*].location",
        f"$.{PROVIDERS}[0].events[*].stage",
        f"$.{PROVIDERS}[0].events[*].time_raw.date",
        f"$.{PROVIDERS}[0].events[*].time_raw.time",
        f"$.{PROVIDERS}[0].events[*].time_raw.timezone",
        f"$.{PROVIDERS}[0].events[*].time_utc",
    ]
    assert {"$.track_info.latest_status.status", "$.track_info.misc_info.weight_kg"} < set(unread)


# The wrappers of an item, then where it is in them.
WRAPPED: list[tuple[object, str]] = [
    (ITEM, "$"),
    ({"event": "TRACKING_UPDATED", "data": ITEM}, "$.data"),
    ({"code": 0, "data": {"accepted": [ITEM], "rejected": []}}, "$.data.accepted[0]"),
    ([ITEM, ITEM], "$[0]"),
    (
        [{"method": "POST", "path": "/track/v2/gettrackinfo", "body": {"data": ITEM}}],
        "$[0].body.data",
    ),
]


@pytest.mark.parametrize(("payload", "path"), WRAPPED)
def test_an_item_is_found_wherever_17track_puts_it(payload: object, path: str) -> None:
    """Webhooks, answers, recorded answers."""
    reading = read_scans(payload)

    (parcel,) = reading.parcels
    assert len(parcel.scans) == 5
    assert reading.warnings == ()
    assert f"{path}.track_info.tracking.providers_hash" in reading.unread
    assert recognises(payload)


REFUSED = "a number that 17TRACK did not take holds no tracking"
EMPTY = "an object without a known member holds no tracking"
# What holds no tracking, then where the warning points and what it says.
TRACKINGLESS: list[tuple[object, str, str]] = [
    (
        {"data": {"accepted": [], "rejected": [{"number": "1", "error": {"code": -18019902}}]}},
        "$.data.rejected[0]",
        REFUSED,
    ),
    (
        {"Json": {"Items": [{"TrackNo": "1", "ResultCode": -11010101}]}, "Code": -11010101},
        "$.Json.Items[0]",
        REFUSED,
    ),
    ({"data": {"accepted": [{"number": "1", "carrier": 3011}]}}, "$.data.accepted[0]", EMPTY),
    (
        {"data": {"accepted": [], "rejected": []}},
        "$.data.accepted",
        "an empty array holds no tracking",
    ),
    ({"event": "TRACKING_STOPPED", "data": {"number": "1"}}, "$.data", EMPTY),
    ({"number": "1", "track_info": None}, "$", EMPTY),
    ({}, "$", EMPTY),
    ([], "$", "an empty array holds no tracking"),
    ([7], "$[0]", "a mere value holds no tracking"),
]


@pytest.mark.parametrize(("payload", "path", "text"), TRACKINGLESS)
def test_what_holds_no_tracking_is_named(payload: object, path: str, text: str) -> None:
    """It is no fault; that a number was refused is a word of 17TRACK all the same."""
    reading = read_scans(payload)

    assert reading.parcels == ()
    assert [str(doubt) for doubt in reading.warnings] == [f"{path}: {text}"]
    assert codes(reading) == [(path, "no_tracking")]
    assert recognises(payload) is (text == REFUSED)


def test_a_refused_number_stands_beside_those_that_were_taken() -> None:
    reading = read_scans(ANSWER)

    assert len(reading.parcels) == 1
    assert codes(reading) == [("$.data.rejected[0]", "no_tracking")]
    assert "$.data.rejected[0].error.code" in reading.unread


def test_readings_of_one_parcel_are_brought_together() -> None:
    """Whichever comes first; the same number with another carrier is another parcel."""
    early, late = with_events(EVENT), with_events(at(ITEM, f"{PROVIDERS}.0.events.0"))
    other = edited(early, {f"{PROVIDERS}.0.provider": {"key": 190008, "name": "Cainiao"}})

    reading = read_scans([late, early, other, late])

    assert [(p.carrier, len(p.scans)) for p in reading.parcels] == [
        ("Cainiao", 1),
        ("Hong Kong Post", 2),
    ]
    assert reading.parcels == read_scans([early, late, other, early]).parcels


def test_a_number_that_carried_two_parcels_keeps_the_scans_of_both() -> None:
    """Which parcel each is of, the booking says; the later one begins a leg of its own."""
    again = edited(EVENT, {"time_iso": "2027-05-01T09:00:00Z"})
    last = edited(EVENT, {"time_iso": "2026-04-01T09:00:00Z", "sub_status": "Delivered_Other"})

    (parcel,) = read_scans([with_events(again), with_events(last, EVENT)]).parcels

    assert [leg.phase for leg in track(parcel.scans).legs] == [Phase.DELIVERED, Phase.ACCEPTED]


# the key asked for, the providers, then who carries the parcel and who reports
CARRIERS: list[tuple[object, list[object], str, str]] = [
    (1, [{"key": 1, "name": "One"}, {"key": 2, "name": "Alfa"}], "One", "One"),
    (3, [{"key": 1, "name": "One"}, {"key": 2, "name": "Alfa"}], "Alfa", "One"),
    (None, [{"key": 1, "name": "One"}], "One", "One"),
    (None, [{"name": "One"}, {"name": "Alfa"}], "Alfa", "One"),
    (1, [{"name": "One"}, {"key": 1, "name": "Two"}], "Two", "One"),
    (1, [{"key": 1, "name": None}], "1", "1"),
    (1, [{"name": ""}], "1", "1"),
    (0, [None], "", ""),
]


@pytest.mark.parametrize(("key", "providers", "carrier", "reporter"), CARRIERS)
def test_a_carrier_has_a_name_or_at_least_a_number(
    key: object, providers: list[object], carrier: str, reporter: str
) -> None:
    """The one that was asked for, else one that reports."""
    found = [{"provider": it, "events": []} for it in providers]
    item = edited(with_events(), {"carrier": key, PROVIDERS: found})

    (parcel,) = read_scans(edited(item, {f"{PROVIDERS}.0.events": [EVENT]})).parcels

    assert (parcel.carrier, parcel.scans[0].carrier) == (carrier, reporter)


# status or sub-status, then what it means, then why
STATUSES = """
NotFound                               -                    -
NotFound_Other                         -                    -
NotFound_InvalidCode                   -                    -
InfoReceived                           REGISTERED           -
InTransit                              IN_TRANSIT           -
InTransit_PickedUp                     ACCEPTED             -
InTransit_Other                        IN_TRANSIT           -
InTransit_Departure                    DEPARTED_ORIGIN      -
InTransit_Arrival                      ARRIVED_DESTINATION  -
InTransit_CustomsProcessing            IMPORT_CUSTOMS       -
InTransit_CustomsReleased              CUSTOMS_RELEASED     -
InTransit_CustomsRequiringInformation  CUSTOMS_HELD         CUSTOMS_DOCUMENTATION
Expired                                STALE                -
Expired_Other                          STALE                -
AvailableForPickup                     AWAITING_COLLECTION  -
AvailableForPickup_Other               AWAITING_COLLECTION  -
OutForDelivery                         OUT_FOR_DELIVERY     -
OutForDelivery_Other                   OUT_FOR_DELIVERY     -
DeliveryFailure                        ATTEMPT_FAILED       -
DeliveryFailure_Other                  ATTEMPT_FAILED       -
DeliveryFailure_NoBody                 ATTEMPT_FAILED       NOT_AVAILABLE
DeliveryFailure_Security               ATTEMPT_FAILED       SECURITY_ISSUE
DeliveryFailure_Rejected               ATTEMPT_FAILED       REFUSED
DeliveryFailure_InvalidAddress         ATTEMPT_FAILED       INCORRECT_ADDRESS
Delivered                              DELIVERED            -
Delivered_Other                        DELIVERED            -
Exception                              DELAYED              -
Exception_Other                        DELAYED              -
Exception_Returning                    RETURNING            -
Exception_Returned                     RETURNED             -
Exception_NoBody                       HELD                 NOT_AVAILABLE
Exception_Security                     HELD                 SECURITY_ISSUE
Exception_Damage                       DAMAGED              PARCEL_DAMAGED
Exception_Rejected                     HELD                 REFUSED
Exception_Delayed                      DELAYED              -
Exception_Lost                         LOST                 PARCEL_LOST
Exception_Destroyed                    DESTROYED            -
Exception_Cancel                       -                    -
"""
# key stage, then what it means
STAGES = """
InfoReceived        REGISTERED
PickedUp            ACCEPTED
Departure           DEPARTED_ORIGIN
Arrival             ARRIVED_DESTINATION
AvailableForPickup  AWAITING_COLLECTION
OutForDelivery      OUT_FOR_DELIVERY
Delivered           DELIVERED
Returning           RETURNING
Returned            RETURNED
"""


@pytest.mark.parametrize("row", STATUSES.strip().split("\n"))
def test_a_status_means_a_milestone_and_maybe_a_reason(row: str) -> None:
    """Written by hand from the documentation: nine statuses, thirty sub-statuses."""
    status, meaning, why = row.split()

    scan = scan_of(status)

    assert scan.code == status
    assert scan.milestone is (None if meaning == "-" else Milestone[meaning])
    assert scan.incident is (None if why == "-" else Incident[why])


@pytest.mark.parametrize("row", STAGES.strip().split("\n"))
def test_a_key_stage_means_a_milestone_where_there_is_no_sub_status(row: str) -> None:
    """Written by hand from the documentation."""
    stage, meaning = row.split()

    scan = scan_of("", stage)

    assert (scan.code, scan.milestone) == (stage, Milestone[meaning])


def test_an_unknown_sub_status_leaves_what_its_status_says() -> None:
    """It stays the code, with a warning."""
    reading = one_scan({"sub_status": "InTransit_Teleported"})

    scan = only_scan(reading)
    assert (scan.code, scan.milestone) == ("InTransit_Teleported", Milestone.IN_TRANSIT)
    assert codes(reading) == [(f"$.{PROVIDERS}[0].events[*].sub_status", "unknown_status")]
    assert "its status counts alone" in str(reading.warnings[0])


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("Teleported_Other", "Teleported_Other"),
        ("intransit", "intransit"),
        ("", "Accepted at counter"),
    ],
)
def test_an_unknown_status_keeps_its_scan_which_moves_nothing(status: str, code: str) -> None:
    """Verbatim, with a warning; without a code the text is one."""
    reading = one_scan({"sub_status": status, "stage": None})

    scan = only_scan(reading)
    assert (scan.code, scan.milestone) == (code, None)
    assert track([scan]).phase is None
    assert codes(reading) == [(f"$.{PROVIDERS}[0].events[*].sub_status", "unknown_status")]


def test_the_last_event_alone_is_a_scan() -> None:
    """Of the carrier of the number, and in what the number's last status says."""
    changes = {
        PROVIDERS: [{"provider": {"name": "Cainiao"}}],
        "track_info.latest_event.sub_status": None,
        "track_info.latest_event.stage": None,
    }

    (parcel,) = read_scans(edited(ITEM, changes)).parcels

    assert in_short(parcel.scans) == [
        "2026-03-11T09:45:30Z | Delivered_Other | DELIVERED | TESTHAUSEN, DE"
    ]
    assert parcel.scans[0].carrier == "Cainiao"


# the last sub-status and status, then the code of the last event, then what is left unread of them
LAST: list[tuple[str | None, str | None, str, list[str]]] = [
    ("InTransit_Arrival", "InTransit", "InTransit_Arrival", ["status"]),
    (None, "InTransit", "InTransit", []),
    ("Expired_Other", "Expired", "Delivered", ["status", "sub_status"]),
    ("NotFound_Other", "NotFound", "Delivered", ["status", "sub_status"]),
    (None, None, "Delivered", []),
]


@pytest.mark.parametrize(("sub_status", "status", "code", "left"), LAST)
def test_the_last_status_is_of_the_last_event_unless_it_is_of_the_number(
    sub_status: str | None, status: str | None, code: str, left: list[str]
) -> None:
    """That nothing is heard any more is no event."""
    changes = {
        PROVIDERS: None,
        "track_info.latest_status": {"status": status, "sub_status": sub_status},
        "track_info.latest_event.sub_status": "",
        "track_info.latest_event.stage": GONE,
    }

    reading = read_scans(edited(ITEM, changes))

    last = "$.track_info.latest_status."
    assert only_scan(reading).code == code
    assert [path for path in reading.unread if path.startswith(last)] == [
        last + name for name in left
    ]


@pytest.mark.parametrize("left", ["sub_status", "stage"])
def test_the_last_status_is_left_unread_where_the_last_event_has_one(left: str) -> None:
    """A key stage is enough."""
    gone = {"sub_status": "stage", "stage": "sub_status"}[left]
    changes = {
        PROVIDERS: None,
        "track_info.latest_status": {"status": "Exception", "sub_status": "Exception_Lost"},
        f"track_info.latest_event.{gone}": None,
    }

    reading = read_scans(edited(ITEM, changes))

    assert only_scan(reading).milestone is Milestone.DELIVERED
    assert "$.track_info.latest_status.sub_status" in reading.unread


@pytest.mark.parametrize("name", ["status", "sub_status"])
def test_a_last_status_that_is_only_looked_at_is_no_fault(name: str) -> None:
    """It is doubted and left unread."""
    changes = {
        PROVIDERS: None,
        "track_info.latest_status": {name: 5},
        "track_info.latest_event.sub_status": None,
        "track_info.latest_event.stage": None,
    }

    reading = read_scans(edited(ITEM, changes))

    assert (f"$.track_info.latest_status.{name}", "unreadable") in codes(reading)
    assert f"$.track_info.latest_status.{name}" in reading.unread


def test_a_last_event_that_nobody_else_reports_is_of_the_carrier_of_the_number() -> None:
    changes = {"track_info.latest_event.time_iso": "2026-03-12T08:00:00Z"}

    scans = read_scans(edited(ITEM, changes)).parcels[0].scans

    assert [scan.carrier for scan in scans] == (
        ["Hong Kong Post"] * 3 + ["DHL Paket"] * 2 + ["Hong Kong Post"]
    )


@pytest.mark.parametrize(
    ("status", "warnings"),
    [
        ("InTransit", [("$.track_info.latest_status.status", "no_scans")]),
        ("Exception", [("$.track_info.latest_status.status", "no_scans")]),
        ("NotFound", []),
        ("InfoReceived", []),
        ("Expired", []),
        (None, []),
    ],
)
def test_a_number_that_moves_without_a_scan_gives_a_warning(
    status: str | None, warnings: list[tuple[str, str]]
) -> None:
    """A status alone has neither time nor place."""
    item = edited(with_events(), {"track_info.latest_status.status": status})

    reading = read_scans(item)

    assert codes(reading) == warnings
    assert ("$.track_info.latest_status.status" in reading.unread) is (status is not None)


RAW = {"date": "2026-03-02", "time": "17:30:00", "timezone": None}
# what an event says of its time, then when that is, then the code of the warning
TIMES: list[tuple[dict[str, object], str, list[str]]] = [
    ({}, "2026-03-02T09:30:00Z", []),
    ({"time_iso": None}, "2026-03-02T09:30:00Z", []),
    ({"time_iso": None, "time_utc": None}, "2026-03-02T09:30:00Z", []),
    ({"time_iso": "2026-03-02T17:30:00"}, "2026-03-02T17:30:00 local time", ["local_time"]),
    (
        {"time_iso": "", "time_utc": "", "time_raw": RAW},
        "2026-03-02T17:30:00 local time",
        ["local_time"],
    ),
    (
        {"time_iso": None, "time_utc": None, "time_raw": {"date": "2026-03-02"}},
        "2026-03-02 local day",
        ["local_time"],
    ),
]


@pytest.mark.parametrize(("changes", "when", "warnings"), TIMES)
def test_a_time_is_as_exact_as_17track_says(
    changes: dict[str, object], when: str, warnings: list[str]
) -> None:
    """With a zone where there is one; else it is never called UTC."""
    reading = one_scan(changes)

    assert str(only_scan(reading).at) == when
    assert [code for _, code in codes(reading)] == warnings


def test_a_time_without_a_zone_takes_that_of_the_facility() -> None:
    local = edited(EVENT, {"time_iso": None, "time_utc": None, "time_raw": RAW})
    hong_kong = Facility(Place(country="HK"), "Asia/Hong_Kong")

    reading = read_scans(with_events(local), facilities=[hong_kong])

    assert only_scan(reading).at == Moment.read("2026-03-02T09:30:00Z")
    assert reading.warnings == ()


UNTIMED = {"time_iso": None, "time_utc": None, "time_raw": None}


@pytest.mark.parametrize(
    "times",
    [
        UNTIMED,
        {**UNTIMED, "time_iso": "yesterday"},
        {**UNTIMED, "time_iso": 1772440200},
        {**UNTIMED, "time_raw": {"date": "02.03.2026"}},
        {**UNTIMED, "time_raw": {"time": "17:30:00"}},
    ],
)
def test_a_scan_without_a_readable_time_is_left_unread_with_a_warning(
    times: dict[str, object],
) -> None:
    """All that it says is listed."""
    reading = one_scan(times)

    assert reading.parcels[0].scans == ()
    assert "unreadable_time" in {code for _, code in codes(reading)}
    listed = {"description", "sub_status", "address.city", "address.country"}
    assert {f"$.{PROVIDERS}[0].events[*].{leaf}" for leaf in listed} < set(reading.unread)


def test_a_last_event_without_a_readable_time_is_left_unread_too() -> None:
    changes = {f"track_info.latest_event.{name}": None for name in UNTIMED}

    reading = read_scans(edited(ITEM, changes))

    assert len(reading.parcels[0].scans) == 5
    assert codes(reading) == [("$.track_info.latest_event.time_iso", "unreadable_time")]
    assert "$.track_info.latest_event.description" in reading.unread


def test_a_package_of_an_account_has_its_last_event() -> None:
    """Local, and its text is the code; a carrier is a number there."""
    reading = read_scans(ACCOUNT)

    assert [line.strip() for line in story(reading)] == told("""
        LX123456785HK
        3131 RR473124829GB
        2026-03-09T11:20:00 local time | Arrival at Destination Post | ARRIVED_DESTINATION | LEIPZIG, DE
        local_time
    """)
    assert [doubt.path for doubt in reading.warnings] == ["$.Json[*].FLastEvent.a"]
    assert "$.Json[*].FSecondCarrier" in reading.unread
    assert not [path for path in reading.unread if "FLastEvent" in path]


def test_what_the_last_event_says_beside_is_listed() -> None:
    """As if it were no text but a document."""
    reading = read_scans([last_event(b="7", d="Leipzig Hub")])

    assert [path for path in reading.unread if "FLastEvent" in path] == [
        "$[0].FLastEvent.b",
        "$[0].FLastEvent.d",
    ]
    assert only_scan(reading).place == Place()


def test_a_facility_gives_the_zone_of_a_last_event() -> None:
    berlin = Facility(Place(country="DE"), "Europe/Berlin")

    reading = read_scans(PACKAGE, facilities=[berlin])

    assert only_scan(reading).at == Moment.read("2026-03-09T10:20:00Z")
    assert reading.warnings == ()


# text of the last event, then what it means
TEXTS = """
ACCEPTED             Posting/Collection
EXPORT_PROCESSING    Arrival at outward office of exchange
DEPARTED_ORIGIN      Departure from outward office of exchange
ARRIVED_DESTINATION  Arrival at Destination Post
ARRIVED_DESTINATION  Arrival at inward office of exchange
CUSTOMS_HELD         Held by import Customs
CUSTOMS_RELEASED     Departure from inward office of exchange
LAST_MILE            Arrival at delivery office
ATTEMPT_FAILED       Unsuccessful delivery
DELIVERED            Final delivery
DELIVERED            FINAL DELIVERY
"""


@pytest.mark.parametrize("row", TEXTS.strip().split("\n"))
def test_a_known_text_means_a_milestone(row: str) -> None:
    """Whatever the state of the package; large and small letters are alike."""
    meaning, text = row.split(maxsplit=1)

    scan = only_scan(read_scans(edited(last_event(z=text), {"FPackageState": 0})))

    assert (scan.code, scan.text, scan.milestone) == (text, text, Milestone[meaning])


# state of the package, then what that means for its last event
STATES = """
0   -
10  IN_TRANSIT
20  STALE
30  AWAITING_COLLECTION
35  ATTEMPT_FAILED
40  DELIVERED
50  -
"""


@pytest.mark.parametrize("row", STATES.strip().split("\n"))
def test_the_state_of_a_package_says_what_an_unknown_text_does_not(row: str) -> None:
    """The text stays the code."""
    state, meaning = row.split()
    package = edited(last_event(z="妥投"), {"FPackageState": int(state)})

    reading = read_scans(package)

    scan = only_scan(reading)
    assert scan.code == "妥投"
    assert scan.milestone is (None if meaning == "-" else Milestone[meaning])
    assert codes(reading) == [("$.FLastEvent.a", "local_time")]


@pytest.mark.parametrize("state", [GONE, None, 99])
def test_an_unknown_text_in_an_unknown_state_moves_nothing(state: object) -> None:
    """Verbatim, with a warning."""
    reading = read_scans(edited(last_event(z="Teleported"), {"FPackageState": state}))

    scan = only_scan(reading)
    assert (scan.code, scan.milestone) == ("Teleported", None)
    assert codes(reading) == [
        ("$.FLastEvent.a", "local_time"),
        ("$.FLastEvent.z", "unknown_status"),
    ]


def test_the_text_of_a_carrier_is_in_no_warning() -> None:
    """It may name who took the parcel."""
    told_twice = [
        edited(last_event(z="Signed by D. NACHTLESER"), {"FPackageState": state})
        for state in (0, 40, None)
    ]

    reading = read_scans(told_twice)

    assert only_scan(reading).milestone is Milestone.DELIVERED
    assert {code for _, code in codes(reading)} == {"local_time", "two_reports", "unknown_status"}
    assert not [doubt for doubt in reading.warnings if "NACHTLESER" in str(doubt)]


@pytest.mark.parametrize("text", ["soon", "{", "[" * 100_000, "[" * 70 + "]" * 70, "1" * 5000])
def test_a_last_event_that_is_no_document_is_left_unread_with_a_warning(text: str) -> None:
    """However deep or long it is."""
    reading = read_scans(edited(PACKAGE, {"FLastEvent": text}))

    assert reading.parcels[0].scans == ()
    assert codes(reading) == [("$.FLastEvent", "unreadable")]
    assert "$.FLastEvent" in reading.unread


def test_a_last_event_without_a_readable_time_is_left_unread() -> None:
    reading = read_scans(last_event(a="soon", c="Leipzig"))

    assert reading.parcels[0].scans == ()
    assert codes(reading) == [("$.FLastEvent.a", "unreadable_time")]
    assert [path for path in reading.unread if "FLastEvent" in path] == [
        "$.FLastEvent.a",
        "$.FLastEvent.c",
        "$.FLastEvent.z",
    ]


# what is changed in an item, then the fault
FAULTS: list[tuple[dict[str, object], str]] = [
    ({"number": None}, "$.number: is missing"),
    ({"number": 7}, "$.number: is a whole number; allowed: text"),
    ({"carrier": "hkpost"}, "$.carrier: is text; allowed: a whole number"),
    ({"carrier": -1}, "$.carrier: is below 0"),
    ({"track_info": "none"}, "$.track_info: is text; allowed: an object"),
    ({"track_info.tracking": []}, "$.track_info.tracking: is an array; allowed: an object"),
    ({PROVIDERS: {}}, f"$.{PROVIDERS}: is an object; allowed: an array"),
    ({f"{PROVIDERS}.0": "HK"}, f"$.{PROVIDERS}[0]: is text; allowed: an object"),
    (
        {f"{PROVIDERS}.0.events": 1},
        f"$.{PROVIDERS}[0].events: is a whole number; allowed: an array",
    ),
    (
        {f"{PROVIDERS}.0.events.0.address": "DE"},
        f"$.{PROVIDERS}[0].events[0].address: is text; allowed: an object",
    ),
    (
        {f"{PROVIDERS}.0.events.0.sub_status": "S" * 257},
        f"$.{PROVIDERS}[0].events[0]: scan's code is too long; allowed: up to 256 characters",
    ),
    (
        {f"{PROVIDERS}.0.provider.name": 7},
        f"$.{PROVIDERS}[0].provider.name: is a whole number; allowed: text",
    ),
    ({"track_info.misc_info": 1}, "$.track_info.misc_info: is a whole number; allowed: an object"),
    ({"track_info.latest_event": []}, "$.track_info.latest_event: is an array; allowed: an object"),
]


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_what_cannot_be_read_is_a_fault_with_its_path(
    changes: dict[str, object], fault: str
) -> None:
    """Nothing is coerced, and nothing else is raised."""
    assert fault in faults_of(read_scans, edited(ITEM, changes))


# what is changed in a package, then the fault
PACKAGE_FAULTS: list[tuple[dict[str, object], str]] = [
    ({"FTrackNo": None}, "$.FTrackNo: is missing"),
    ({"FFirstCarrier": "3131"}, "$.FFirstCarrier: is text; allowed: a whole number"),
    ({"FLastEvent": {}}, "$.FLastEvent: is an object; allowed: text"),
    ({"FLastEvent": "[1]"}, "$.FLastEvent: is an array; allowed: an object"),
    (
        {"FLastEvent": '{"a": "2026-03-09", "z": 7}'},
        "$.FLastEvent.z: is a whole number; allowed: text",
    ),
    (
        {"FLastEvent": '{"a": "2026-03-09", "z": "x"}', "FPackageState": "10"},
        "$.FPackageState: is text; allowed: a whole number",
    ),
]


@pytest.mark.parametrize(("changes", "fault"), PACKAGE_FAULTS)
def test_what_cannot_be_read_of_a_package_is_a_fault_with_its_path(
    changes: dict[str, object], fault: str
) -> None:
    """Inside the text of the last event as well."""
    assert fault in faults_of(read_scans, edited(PACKAGE, changes))


# Written by hand: carrier and number, then each scan, then the warnings.
REAL = {
    "17track_v2_accepted": """
  Cainiao REAL1
  2024-01-01T00:00:00Z | InTransit | IN_TRANSIT |
  no warning
""",
    "py17track_packages_response": """
  1234567890987654321
  2018-04-23T12:02:00 local time | Arrival at Destination Post | ARRIVED_DESTINATION | PARIS
  2018-11-22T13:33:00 local time | Arrival at Destination Post | ARRIVED_DESTINATION |
  2019-02-26T01:05:34 local time | Arrival at Destination Post | ARRIVED_DESTINATION | ES
  2021-03-05 local day | Arrival at Destination Post | ARRIVED_DESTINATION | MILANO, IT
  local_time
""",
    "py17track_add_package_existing_response": """
  no_tracking
""",
}


@with_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_document_is_read_to_the_letter(name: str) -> None:
    """Written by hand from the documents."""
    payload = load("asia_tracking", name)

    reading = read_scans(payload)

    assert [line.strip() for line in story(reading)] == told(REAL[name])
    assert recognises(payload)


@with_data
def test_a_real_account_is_read_by_instant_where_the_zones_are_known() -> None:
    """Paris and Spain keep summer time in April and not in February; Italy says but the day."""
    zones = [
        Facility(Place(city="Paris"), "Europe/Paris"),
        Facility(Place(country="ES"), "Europe/Madrid"),
        Facility(Place(country="IT"), "Europe/Rome"),
    ]

    reading = read_scans(load("asia_tracking", "py17track_packages_response"), facilities=zones)

    assert [str(scan.at) for scan in reading.parcels[0].scans] == [
        "2018-04-23T10:02:00Z",
        "2018-11-22T13:33:00 local time",
        "2019-02-26T00:05:34Z",
        "2021-03-05 local day",
    ]


@with_data
def test_the_real_documents_are_all_here() -> None:
    assert sorted(REAL) == [name for name in names("asia_tracking") if "17track" in name]
