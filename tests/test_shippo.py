"""Shippo's tracks and webhooks become scans, and nothing is lost silently."""

import pytest

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.incidents import Incident
from apaclogistics.interop import ScanReading
from apaclogistics.interop.shippo import read_scans, recognises
from apaclogistics.tracking import Scan, track
from apaclogistics.values.instants import Moment, Precision
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import codes, faults_of, in_short, only_scan, story, told
from tests.real_data import load, names, with_data

WEBHOOK = sample("shippo_webhook")
# Without the estimate, which gives a warning of its own.
TRACK = edited(at(WEBHOOK, "data"), {"eta": None})
EVENT = "tracking_history.1"


def one_scan(changes: dict[str, object]) -> ScanReading:
    """Read a track with the second event of the sample alone, changed."""
    event = edited(at(TRACK, EVENT), changes)
    return read_scans(edited(TRACK, {"tracking_status": None, "tracking_history": [event]}))


def pair(status: str, substatus: str) -> dict[str, object]:
    return {"status": status, "substatus": {"code": substatus} if substatus else None}


def scan_of(status: str, substatus: str) -> Scan:
    reading = one_scan(pair(status, substatus))
    assert reading.warnings == ()
    return only_scan(reading)


def test_a_track_is_a_parcel_with_its_scans() -> None:
    """The latest status is one of them, and counts once."""
    (parcel,) = read_scans(TRACK).parcels

    assert (parcel.number, parcel.carrier) == ("RR473124829GB", "hongkong_post")
    assert {(scan.number, scan.carrier) for scan in parcel.scans} == {
        ("RR473124829GB", "hongkong_post")
    }
    assert in_short(parcel.scans) == [
        "2026-03-02T01:00:00Z | PRE_TRANSIT/information_received | REGISTERED | ",
        "2026-03-02T09:30:00Z | TRANSIT/package_accepted | ACCEPTED | HONG KONG, HK",
        "2026-03-10T13:00:00Z | TRANSIT/location_inaccessible | ATTEMPT_FAILED | DAVIE, US",
        "2026-03-11T11:15:00Z | TRANSIT/out_for_delivery | OUT_FOR_DELIVERY | DAVIE, US",
        "2026-03-11T14:45:30Z | DELIVERED/delivered | DELIVERED | DAVIE, US",
    ]
    assert parcel.scans[2].text == "Gate locked"
    assert track(parcel.scans).phase is Phase.DELIVERED


def test_the_latest_status_is_a_scan_where_the_history_lags_behind() -> None:
    """It stands beside the history, and a history may be missing."""
    lagging = edited(TRACK, {"tracking_history": [at(TRACK, "tracking_history.0")]})
    alone = edited(TRACK, {"tracking_history": None})

    assert [len(parcel.scans) for parcel in read_scans(lagging).parcels] == [2]
    assert in_short(read_scans(alone).parcels[0].scans) == [
        "2026-03-11T14:45:30Z | DELIVERED/delivered | DELIVERED | DAVIE, US"
    ]


def test_a_track_that_nothing_is_known_of_is_a_parcel_without_scans() -> None:
    """Shippo answers so for numbers that it has just been told."""
    reading = read_scans(edited(TRACK, {"tracking_history": [], "tracking_status": None}))

    assert [(parcel.number, parcel.scans) for parcel in reading.parcels] == [("RR473124829GB", ())]
    assert reading.warnings == ()


def test_what_no_scan_carries_is_listed() -> None:
    """One of many events is any of them; what says nothing is no leaf."""
    assert read_scans(edited(TRACK, {"tracking_status": None})).unread == (
        "$.address_from.city",
        "$.address_from.country",
        "$.address_to.city",
        "$.address_to.country",
        "$.address_to.state",
        "$.address_to.zip",
        "$.original_eta",
        "$.servicelevel.token",
        "$.tracking_history[*].location.state",
        "$.tracking_history[*].location.zip",
        "$.tracking_history[*].object_created",
        "$.tracking_history[*].object_id",
        "$.tracking_history[*].substatus.action_required",
        "$.tracking_history[*].substatus.text",
    )


# The wrappers of a track, then where it is in them.
WRAPPED: list[tuple[object, str]] = [
    (TRACK, "$"),
    (edited(WEBHOOK, {"data.eta": None}), "$.data"),
    ([TRACK, TRACK], "$[0]"),
    ([{"method": "GET", "path": "/tracks/usps/1", "body": TRACK}], "$[0].body"),
    ({"body": {"event": "track_updated", "data": TRACK}}, "$.body.data"),
    (edited(TRACK, {"tracking_history": GONE}), "$"),
]


@pytest.mark.parametrize(("payload", "path"), WRAPPED)
def test_a_track_is_found_wherever_shippo_puts_it(payload: object, path: str) -> None:
    """Webhooks, answers, recorded answers."""
    reading = read_scans(payload)

    (parcel,) = reading.parcels
    assert track(parcel.scans).phase is Phase.DELIVERED
    assert reading.warnings == ()
    assert f"{path}.servicelevel.token" in reading.unread
    assert recognises(payload)


LABEL = {
    "object_id": "1",
    "status": "SUCCESS",
    "tracking_number": "1",
    "tracking_status": "UNKNOWN",
}
# What holds no track, then where the warning points and what it says.
TRACKLESS: list[tuple[object, str, str]] = [
    (LABEL, "$", "an object without a known member"),
    ({"event": "transaction_created", "data": LABEL}, "$.data", "an object without a known member"),
    ({"detail": "Not found."}, "$", "an object without a known member"),
    ({"event": "track_updated", "data": None}, "$", "an object without a known member"),
    ({"data": {}}, "$.data", "an object without a known member"),
    ([], "$", "an empty array"),
    ([7], "$[0]", "a mere value"),
]


@pytest.mark.parametrize(("payload", "path", "what"), TRACKLESS)
def test_what_holds_no_track_is_named(payload: object, path: str, what: str) -> None:
    """It is no fault: a recording holds many things, such as labels."""
    reading = read_scans(payload)

    assert reading.parcels == ()
    assert [str(doubt) for doubt in reading.warnings] == [f"{path}: {what} holds no tracking"]
    assert not recognises(payload)


def test_readings_of_one_parcel_are_brought_together() -> None:
    """Whichever comes first; the same number of another carrier is another parcel."""
    bare = edited(TRACK, {"tracking_status": None})
    early = edited(bare, {"tracking_history": [at(TRACK, "tracking_history.0")]})
    late = edited(bare, {"tracking_history": [at(TRACK, "tracking_history.4")]})
    other = edited(bare, {"carrier": "usps"})
    unnamed = edited(bare, {"carrier": None})

    reading = read_scans([late, early, other, unnamed, late])

    assert [(p.carrier, len(p.scans)) for p in reading.parcels] == [
        ("", 5),
        ("hongkong_post", 2),
        ("usps", 5),
    ]
    assert reading.parcels == read_scans([unnamed, early, late, other, early]).parcels


def test_a_number_that_carried_two_parcels_keeps_the_scans_of_both() -> None:
    """Which parcel each is of, the booking says; the later one begins a leg of its own."""
    again = edited(at(TRACK, EVENT), {"status_date": "2027-05-01T09:00:00Z"})
    second = edited(TRACK, {"tracking_status": None, "tracking_history": [again]})

    (parcel,) = read_scans([second, TRACK]).parcels

    assert len(parcel.scans) == 6
    assert [leg.phase for leg in track(parcel.scans).legs] == [Phase.DELIVERED, Phase.ACCEPTED]


# status, then what it means by itself
STATUSES = """
UNKNOWN      -
PRE_TRANSIT  REGISTERED
TRANSIT      IN_TRANSIT
DELIVERED    DELIVERED
RETURNED     RETURNING
FAILURE      ATTEMPT_FAILED
"""
# status, substatus, then what they mean, then why
PAIRS = """
UNKNOWN      other                  -                    -
PRE_TRANSIT  information_received   REGISTERED           -
TRANSIT      address_issue          HELD                 INCORRECT_ADDRESS
TRANSIT      contact_carrier        HELD                 -
TRANSIT      delayed                DELAYED              -
TRANSIT      delivery_attempted     ATTEMPT_FAILED       -
TRANSIT      delivery_rescheduled   DELAYED              -
TRANSIT      delivery_scheduled     IN_TRANSIT           -
TRANSIT      location_inaccessible  ATTEMPT_FAILED       ACCESS_RESTRICTED
TRANSIT      notice_left            ATTEMPT_FAILED       NOT_AVAILABLE
TRANSIT      out_for_delivery       OUT_FOR_DELIVERY     -
TRANSIT      package_accepted       ACCEPTED             -
TRANSIT      package_arrived        TRANSIT_HUB          -
TRANSIT      package_damaged        DAMAGED              PARCEL_DAMAGED
TRANSIT      package_departed       TRANSIT_HUB          -
TRANSIT      package_forwarded      IN_TRANSIT           -
TRANSIT      package_held           HELD                 -
TRANSIT      package_processed      TRANSIT_HUB          -
TRANSIT      package_processing     TRANSIT_HUB          -
TRANSIT      pickup_available       AWAITING_COLLECTION  -
TRANSIT      reschedule_delivery    HELD                 -
TRANSIT      other                  IN_TRANSIT           -
DELIVERED    delivered              DELIVERED            -
DELIVERED    package_held           DELIVERED            -
RETURNED     return_to_sender       RETURNING            -
RETURNED     package_unclaimed      RETURNING            NOT_AVAILABLE
RETURNED     other                  RETURNING            -
FAILURE      package_undeliverable  ATTEMPT_FAILED       -
FAILURE      package_disposed       DESTROYED            -
FAILURE      package_lost           LOST                 PARCEL_LOST
FAILURE      other                  ATTEMPT_FAILED       -
"""


@pytest.mark.parametrize("row", STATUSES.strip().split("\n"))
def test_a_status_alone_means_a_milestone(row: str) -> None:
    """Written by hand from the documentation; older events have no substatus."""
    status, meaning = row.split()

    scan = scan_of(status, "")

    assert scan.code == status
    assert scan.milestone is (None if meaning == "-" else Milestone[meaning])


@pytest.mark.parametrize("row", PAIRS.strip().split("\n"))
def test_a_pair_means_a_milestone_and_maybe_a_reason(row: str) -> None:
    """Written by hand from the documentation."""
    status, substatus, meaning, why = row.split()

    scan = scan_of(status, substatus)

    assert scan.code == f"{status}/{substatus}"
    assert scan.milestone is (None if meaning == "-" else Milestone[meaning])
    assert scan.incident is (None if why == "-" else Incident[why])


def test_an_unknown_substatus_leaves_what_its_status_says() -> None:
    """It stays part of the code, with a warning."""
    reading = one_scan(pair("DELIVERED", "teleported"))

    scan = only_scan(reading)
    assert (scan.code, scan.milestone) == ("DELIVERED/teleported", Milestone.DELIVERED)
    assert codes(reading) == [("$.tracking_history[*].status", "unknown_status")]
    assert any("the status counts alone" in str(doubt) for doubt in reading.warnings)


@pytest.mark.parametrize(
    ("status", "substatus", "code"),
    [
        ("TELEPORTED", "", "TELEPORTED"),
        ("TELEPORTED", "package_lost", "TELEPORTED/package_lost"),
        ("delivered", "", "delivered"),
        ("", "package_lost", "package_lost"),
        ("", "", "Accepted at counter"),
    ],
)
def test_an_unknown_status_keeps_its_scan_which_moves_nothing(
    status: str, substatus: str, code: str
) -> None:
    """Verbatim, with a warning; without a code the text is one."""
    reading = one_scan(pair(status, substatus))

    scan = only_scan(reading)
    assert (scan.code, scan.milestone, scan.incident) == (code, None, None)
    assert track([scan]).phase is None
    assert codes(reading) == [("$.tracking_history[*].status", "unknown_status")]


@pytest.mark.parametrize(
    ("eta", "expected"),
    [
        ("2026-03-12T00:00:00Z", "2026-03-12 local day"),
        ("2026-03-12T00:00:00.000Z", "2026-03-12 local day"),
        ("2026-03-12T00:00:00+08:00", "2026-03-11T16:00:00Z"),
        ("2026-03-12T18:00:00Z", "2026-03-12T18:00:00Z"),
        ("2026-03-12", "2026-03-12 local day"),
        ("soon", "None"),
        ("", "None"),
        (None, "None"),
    ],
)
def test_the_feeds_own_estimate_of_the_arrival_is_kept(eta: str | None, expected: str) -> None:
    """Shippo stamps days with the midnight of UTC, and a day is a day where the consignee lives."""
    reading = read_scans(edited(TRACK, {"eta": eta}))

    assert str(reading.parcels[0].expected) == expected
    assert ("$.eta" in reading.unread) is (eta == "soon")
    assert bool(reading.warnings) is ("day" in expected or eta == "soon")


def test_a_time_without_a_zone_is_kept_as_local_with_a_warning() -> None:
    """It is never called UTC."""
    reading = one_scan({"status_date": "2026-03-02T17:30:00"})

    assert only_scan(reading).at.precision is Precision.LOCAL_TIME
    assert codes(reading) == [("$.tracking_history[*].status_date", "local_time")]


def test_a_time_without_a_zone_takes_that_of_the_facility() -> None:
    event = edited(at(TRACK, EVENT), {"status_date": "2026-03-02T17:30:00"})
    payload = edited(TRACK, {"tracking_status": None, "tracking_history": [event]})

    reading = read_scans(payload, facilities=[Facility(Place(country="HK"), "Asia/Hong_Kong")])

    assert only_scan(reading).at == Moment.read("2026-03-02T09:30:00Z")
    assert reading.warnings == ()


@pytest.mark.parametrize("time", ["yesterday", "", None, "2026-02-30T00:00:00Z", 1772440200, {}])
def test_a_scan_without_a_readable_time_is_left_unread_with_a_warning(time: object) -> None:
    """All that it says is listed."""
    reading = one_scan({"status_date": time})

    assert reading.parcels[0].scans == ()
    assert ("$.tracking_history[*].status_date", "unreadable_time") in codes(reading)
    listed = {"status", "status_details", "substatus.code", "location.city", "location.country"}
    assert {f"$.tracking_history[*].{leaf}" for leaf in listed} < set(reading.unread)


# what is changed, then the fault
FAULTS: list[tuple[dict[str, object], str]] = [
    ({"tracking_number": None}, "$.tracking_number: is missing"),
    ({"tracking_number": ""}, "$.tracking_number: is empty"),
    ({"tracking_number": 7}, "$.tracking_number: is a whole number; allowed: text"),
    ({"carrier": ["usps"]}, "$.carrier: is an array; allowed: text"),
    (
        {"carrier": "C" * 257},
        "$.tracking_history[0]: scan's carrier is too long; allowed: up to 256 characters",
    ),
    ({"eta": 7}, "$.eta: is a whole number; allowed: text"),
    ({"tracking_status": "DELIVERED"}, "$.tracking_status: is text; allowed: an object"),
    ({"tracking_history": {}}, "$.tracking_history: is an object; allowed: an array"),
    ({EVENT: "scanned"}, "$.tracking_history[1]: is text; allowed: an object"),
    ({f"{EVENT}.status": 5}, "$.tracking_history[1].status: is a whole number; allowed: text"),
    (
        {f"{EVENT}.substatus": "package_lost"},
        "$.tracking_history[1].substatus: is text; allowed: an object",
    ),
    (
        {f"{EVENT}.location": "Hong Kong"},
        "$.tracking_history[1].location: is text; allowed: an object",
    ),
    (
        {f"{EVENT}.status_details": False},
        "$.tracking_history[1].status_details: is true or false; allowed: text",
    ),
]


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_what_cannot_be_read_is_a_fault_with_its_path(
    changes: dict[str, object], fault: str
) -> None:
    """Nothing is coerced, and nothing else is raised."""
    assert fault in faults_of(read_scans, edited(TRACK, changes))


# Written by hand: carrier and number, the day expected, then each scan, then the warnings.
REAL = {
    "track_get_status": """
  usps 9205590164917337534322
  expected 2016-12-08 local day
  2016-12-07T00:00:00Z | UNKNOWN | - |
  2016-12-07T02:00:00Z | UNKNOWN | - | SAN FRANCISCO, US
  2016-12-07T19:04:00Z | TRANSIT | IN_TRANSIT | SAN FRANCISCO, US
  2016-12-07T20:19:00Z | TRANSIT | IN_TRANSIT | SAN FRANCISCO, US
  2016-12-07T21:45:00Z | TRANSIT | IN_TRANSIT | SAN FRANCISCO, US
  2016-12-07T22:05:00Z | TRANSIT | IN_TRANSIT | OAKLAND, US
  2016-12-08T03:25:00Z | TRANSIT | IN_TRANSIT | OAKLAND, US
  2016-12-08T06:40:00Z | TRANSIT | IN_TRANSIT | BERKELEY, US
  2016-12-08T10:19:00Z | TRANSIT | IN_TRANSIT | BERKELEY, US
  2016-12-08T10:29:00Z | TRANSIT | IN_TRANSIT | BERKELEY, US
  2016-12-08T15:19:00Z | DELIVERED | DELIVERED | BERKELEY, US
  local_time
""",
}


@with_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_document_is_read_to_the_letter(name: str) -> None:
    """Written by hand from the documents, instants exact."""
    payload = load("shippo", name)

    reading = read_scans(payload)

    assert [line.strip() for line in story(reading)] == told(REAL[name])
    assert recognises(payload)
    assert all(scan.at.is_exact for parcel in reading.parcels for scan in parcel.scans)


@with_data
def test_the_real_documents_are_all_here() -> None:
    assert sorted(REAL) == names("shippo")
