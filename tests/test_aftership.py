"""AfterShip's trackings and webhooks become scans, and nothing is lost silently."""

import pytest

from apaclogistics.fulfilment import Flag, Milestone, Phase
from apaclogistics.incidents import Incident
from apaclogistics.interop import ScanReading
from apaclogistics.interop.aftership import read_scans, recognises
from apaclogistics.tracking import Scan, track
from apaclogistics.values.instants import Moment, Precision
from apaclogistics.values.places import Facility, Place
from tests.documents import GONE, at, edited, sample
from tests.readings import codes, faults_of, in_short, story, told
from tests.real_data import load, names, with_data

WEBHOOK = sample("aftership_webhook")
TRACKING = at(WEBHOOK, "msg")
CHECKPOINT = "checkpoints.1"
STATUS = "$.checkpoints[*].tag"


def one_scan(changes: dict[str, object]) -> ScanReading:
    """Read a tracking with the second checkpoint of the sample alone, changed."""
    checkpoint = edited(at(TRACKING, CHECKPOINT), {"raw_tag": None, **changes})
    return read_scans(edited(TRACKING, {"checkpoints": [checkpoint]}))


def scan_of(tag: str, subtag: str) -> Scan:
    reading = one_scan({"tag": tag, "subtag": subtag})
    assert codes(reading) == [("$.expected_delivery", "local_time")]
    return reading.parcels[0].scans[0]


def statuses(reading: ScanReading) -> list[tuple[str, str]]:
    """Give the warnings, without the one on the day that the sample expects."""
    return [(path, code) for path, code in codes(reading) if path != "$.expected_delivery"]


def test_a_tracking_is_a_parcel_with_its_scans() -> None:
    """Codes are the carrier's own where there are any, else the subtag."""
    (parcel,) = read_scans(TRACKING).parcels

    assert (parcel.number, parcel.carrier) == ("RR473124829GB", "hong-kong-post")
    assert in_short(parcel.scans) == [
        "2026-03-02T01:00:00Z | InfoReceived_001 | REGISTERED | ",
        "2026-03-02T09:30:00Z | EMA | ACCEPTED | HONG KONG, HK",
        "2026-03-06T06:00:00Z | Exception_004 | CUSTOMS_HELD | DE",
        "2026-03-11T06:15:00Z | OutForDelivery_001 | OUT_FOR_DELIVERY | TESTHAUSEN, DE",
        "2026-03-11T09:45:30Z | Delivered_003 | DELIVERED | TESTHAUSEN, DE",
    ]
    assert track(parcel.scans).phase is Phase.DELIVERED


def test_each_courier_of_a_parcel_reports_under_its_own_name() -> None:
    """And under the number that the parcel was asked for with."""
    scans = read_scans(TRACKING).parcels[0].scans

    assert [scan.carrier for scan in scans] == ["hong-kong-post"] * 3 + ["dhl-germany"] * 2
    assert {scan.number for scan in scans} == {"RR473124829GB"}


def test_a_checkpoint_without_a_courier_is_of_the_trackings() -> None:
    """Where neither names one, the carrier is unknown."""
    silent = edited(at(TRACKING, CHECKPOINT), {"slug": None})
    some = read_scans(edited(TRACKING, {"checkpoints": [silent]}))
    others = read_scans(edited(TRACKING, {"slug": None}))
    nobody = read_scans(edited(TRACKING, {"slug": None, "checkpoints": [silent]}))

    assert [scan.carrier for scan in some.parcels[0].scans] == ["hong-kong-post"]
    assert others.parcels[0].carrier == "dhl-germany"
    assert [scan.carrier for scan in nobody.parcels[0].scans] == [""]


def test_what_no_scan_carries_is_listed() -> None:
    """One of many checkpoints is any of them; what says nothing is no leaf."""
    assert read_scans(TRACKING).unread == (
        "$.active",
        "$.checkpoints[*].coordinates[0]",
        "$.checkpoints[*].coordinates[1]",
        "$.checkpoints[*].country_name",
        "$.checkpoints[*].location",
        "$.checkpoints[*].state",
        "$.checkpoints[*].subtag_message",
        "$.checkpoints[*].zip",
        "$.created_at",
        "$.destination_country_iso3",
        "$.first_mile.slug",
        "$.id",
        "$.last_mile.slug",
        "$.origin_country_iso3",
        "$.return_to_sender",
        "$.shipment_weight",
        "$.shipment_weight_unit",
        "$.subtag",
        "$.subtag_message",
        "$.tag",
        "$.updated_at",
    )


# The wrappers of a tracking, then where it is in them.
WRAPPED: list[tuple[object, str]] = [
    (TRACKING, "$"),
    (WEBHOOK, "$.msg"),
    ({"meta": {"code": 200}, "data": {"tracking": TRACKING}}, "$.data.tracking"),
    ({"meta": {"code": 200}, "data": {"trackings": [TRACKING]}}, "$.data.trackings[0]"),
    ({"meta": {"code": 200}, "data": TRACKING}, "$.data"),
    ([TRACKING, TRACKING], "$[0]"),
    ([{"method": "GET", "path": "/v4/trackings/1", "body": {"data": TRACKING}}], "$[0].body.data"),
    (edited(TRACKING, {"slug": None}), "$"),
]


@pytest.mark.parametrize(("payload", "path"), WRAPPED)
def test_a_tracking_is_found_wherever_aftership_puts_it(payload: object, path: str) -> None:
    """Webhooks, answers, pages, recorded answers."""
    reading = read_scans(payload)

    (parcel,) = reading.parcels
    assert len(parcel.scans) == 5
    assert {code for _, code in codes(reading)} == {"local_time"}
    assert f"{path}.subtag_message" in reading.unread
    assert recognises(payload)


# What holds no tracking, then where the warning points and what it says.
TRACKINGLESS: list[tuple[object, str, str]] = [
    ({"meta": {"code": 4004}, "data": {}}, "$.data", "an object without a known member"),
    ({"data": {"couriers": [{"slug": "dhl"}]}}, "$.data", "an object without a known member"),
    ({"data": {"trackings": []}}, "$.data.trackings", "an empty array"),
    ({"msg": None}, "$", "an object without a known member"),
    # Other aggregators have checkpoints too, and no slugs.
    (edited(TRACKING, {"slug": GONE}), "$", "an object without a known member"),
    ({"object": "Tracker", "tracking_code": "1"}, "$", "an object without a known member"),
    ({}, "$", "an object without a known member"),
    ([], "$", "an empty array"),
    ([7], "$[0]", "a mere value"),
]


@pytest.mark.parametrize(("payload", "path", "what"), TRACKINGLESS)
def test_what_holds_no_tracking_is_named(payload: object, path: str, what: str) -> None:
    """It is no fault: a recording holds many things."""
    reading = read_scans(payload)

    assert reading.parcels == ()
    assert [str(doubt) for doubt in reading.warnings] == [f"{path}: {what} holds no tracking"]
    assert codes(reading) == [(path, "no_tracking")]
    assert not recognises(payload)


@pytest.mark.parametrize(
    "payload", [None, 7, "text", {"data": "x"}, {"trackings": {"slug": "dhl"}}]
)
def test_what_is_of_no_known_shape_is_not_recognised(payload: object) -> None:
    assert not recognises(payload)


def test_a_tracking_at_the_end_of_a_tunnel_is_not_looked_for() -> None:
    """To recognise a format is cheap; no honest document is nested so deep."""
    tunnel: object = TRACKING
    for _ in range(100_000):
        tunnel = {"data": tunnel}

    assert not recognises(tunnel)
    assert not recognises([{}] * 100_000 + [TRACKING])


def test_readings_of_one_parcel_are_brought_together() -> None:
    """Whichever comes first; the same number of another courier is another parcel."""
    early = edited(TRACKING, {"checkpoints": [at(TRACKING, "checkpoints.0")]})
    late = edited(TRACKING, {"checkpoints": [at(TRACKING, "checkpoints.4")]})
    other = edited(TRACKING, {"slug": "royal-mail"})

    reading = read_scans([late, early, other, late])

    assert [(p.carrier, p.number, len(p.scans)) for p in reading.parcels] == [
        ("hong-kong-post", "RR473124829GB", 2),
        ("royal-mail", "RR473124829GB", 5),
    ]
    assert reading.parcels == read_scans([early, late, other, early]).parcels


def test_a_number_that_carried_two_parcels_keeps_the_scans_of_both() -> None:
    """Which parcel each is of, the booking says; the later one begins a leg of its own."""
    again = edited(
        at(TRACKING, CHECKPOINT), {"checkpoint_time": "2027-05-01T09:00:00+08:00", "raw_tag": None}
    )
    second = edited(TRACKING, {"id": "other", "checkpoints": [again]})

    (parcel,) = read_scans([second, TRACKING]).parcels

    assert len(parcel.scans) == 6
    assert [leg.phase for leg in track(parcel.scans).legs] == [Phase.DELIVERED, Phase.ACCEPTED]


@pytest.mark.parametrize("nothing", [None, "", GONE])
def test_null_the_empty_text_and_absence_are_the_same(nothing: object) -> None:
    """Then the subtag is the code, and only the country is known."""
    reading = one_scan({"raw_tag": nothing, "message": nothing, "city": nothing})

    assert in_short(reading.parcels[0].scans) == [
        "2026-03-02T09:30:00Z | InTransit_002 | ACCEPTED | HK"
    ]


# tag, then what it means by itself
TAGS = """
Pending             -
InfoReceived        REGISTERED
InTransit           IN_TRANSIT
OutForDelivery      OUT_FOR_DELIVERY
AttemptFail         ATTEMPT_FAILED
Delivered           DELIVERED
AvailableForPickup  AWAITING_COLLECTION
Exception           DELAYED
Expired             STALE
"""
# subtag, then what it means, then why
SUBTAGS = """
Pending_001             -                    -
Pending_002             -                    -
Pending_003             -                    -
Pending_004             -                    -
Pending_005             -                    -
Pending_006             -                    -
InfoReceived_001        REGISTERED           -
InTransit_001           IN_TRANSIT           -
InTransit_002           ACCEPTED             -
InTransit_003           TRANSIT_HUB          -
InTransit_004           ARRIVED_DESTINATION  -
InTransit_005           CUSTOMS_RELEASED     -
InTransit_006           IMPORT_CUSTOMS       -
InTransit_007           TRANSIT_HUB          -
InTransit_008           IN_TRANSIT           -
InTransit_009           IN_TRANSIT           -
OutForDelivery_001      OUT_FOR_DELIVERY     -
OutForDelivery_002      AWAITING_COLLECTION  -
OutForDelivery_003      LAST_MILE            -
OutForDelivery_004      LAST_MILE            -
AvailableForPickup_001  AWAITING_COLLECTION  -
AttemptFail_001         ATTEMPT_FAILED       -
AttemptFail_002         ATTEMPT_FAILED       NOT_AVAILABLE
AttemptFail_003         ATTEMPT_FAILED       BUSINESS_CLOSED
Delivered_001           DELIVERED            -
Delivered_002           DELIVERED            -
Delivered_003           DELIVERED            -
Delivered_004           DELIVERED            -
Delivered_005           DELIVERED            -
Exception_001           DELAYED              -
Exception_002           ATTEMPT_FAILED       INCORRECT_ADDRESS
Exception_003           ATTEMPT_FAILED       REFUSED
Exception_004           CUSTOMS_HELD         CUSTOMS_DELAY
Exception_005           DELAYED              FORCE_MAJEURE
Exception_006           HELD                 -
Exception_007           ATTEMPT_FAILED       INCORRECT_ADDRESS
Exception_008           AWAITING_COLLECTION  NOT_AVAILABLE
Exception_009           HELD                 INCORRECT_PARCEL
Exception_010           RETURNING            -
Exception_011           RETURNED             -
Exception_012           DAMAGED              PARCEL_DAMAGED
Exception_013           LOST                 PARCEL_LOST
Exception_016           DELAYED              -
Exception_017           DELAYED              WEATHER
Exception_018           HELD                 CUSTOMS_DOCUMENTATION
Exception_019           DELAYED              VEHICLE_ISSUE
Exception_020           -                    -
Exception_021           DESTROYED            -
Expired_001             STALE                -
"""


@pytest.mark.parametrize("row", TAGS.strip().split("\n"))
def test_a_tag_alone_means_a_milestone(row: str) -> None:
    """Written by hand from the documentation; older checkpoints have no subtag."""
    tag, meaning = row.split()

    assert scan_of(tag, "").milestone is (None if meaning == "-" else Milestone[meaning])


@pytest.mark.parametrize("row", SUBTAGS.strip().split("\n"))
def test_a_subtag_means_a_milestone_and_maybe_a_reason(row: str) -> None:
    """Written by hand from the documentation; the subtag is enough, without its tag."""
    subtag, meaning, why = row.split()

    for tag in (subtag.split("_")[0], ""):
        scan = scan_of(tag, subtag)
        assert scan.milestone is (None if meaning == "-" else Milestone[meaning])
        assert scan.incident is (None if why == "-" else Incident[why])


@pytest.mark.parametrize("subtag", ["Delivered_099", "InTransit_001"])
def test_a_subtag_that_is_unknown_or_of_another_tag_leaves_what_the_tag_says(subtag: str) -> None:
    """A delivery is one; the subtag stays the code, with a warning."""
    reading = one_scan({"tag": "Delivered", "subtag": subtag})

    (scan,) = reading.parcels[0].scans
    assert (scan.code, scan.milestone) == (subtag, Milestone.DELIVERED)
    assert statuses(reading) == [(STATUS, "unknown_status")]
    assert any("the tag counts alone" in str(doubt) for doubt in reading.warnings)
    assert {STATUS, "$.checkpoints[*].subtag"} < set(reading.unread)


@pytest.mark.parametrize(
    ("tag", "subtag", "code"),
    [
        ("Teleported", "Teleported_001", "Teleported_001"),
        ("Teleported", "", "Teleported"),
        ("", "Teleported_001", "Teleported_001"),
        ("", "", "Accepted at counter"),
    ],
)
def test_an_unknown_status_keeps_its_scan_which_moves_nothing(
    tag: str, subtag: str, code: str
) -> None:
    """Verbatim, with a warning; without tag and subtag the text is the code."""
    reading = one_scan({"tag": tag, "subtag": subtag})

    (scan,) = reading.parcels[0].scans
    assert (scan.code, scan.milestone) == (code, None)
    assert track([scan]).phase is None
    assert statuses(reading) == [(STATUS, "unknown_status")]


def test_a_reason_stands_until_the_parcel_goes_on() -> None:
    """Held by customs, then cleared."""
    scans = read_scans(TRACKING).parcels[0].scans

    held = track(scans[:3])

    assert held.phase is Phase.CUSTOMS
    assert held.flags == {Flag.HELD}
    assert held.incident is Incident.CUSTOMS_DELAY
    assert track(scans).incident is None


def test_who_signed_is_kept_with_the_delivered_scan_and_hidden() -> None:
    """A name is personal data; that somebody signed is none."""
    reading = read_scans(TRACKING)
    proof = track(reading.parcels[0].scans).proof

    assert proof is not None
    assert (proof.recipient, proof.is_signed) == ("D. NACHTLESER", True)
    assert {scan.recipient for scan in reading.parcels[0].scans[:4]} == {""}
    assert "NACHTLESER" not in repr(reading)


@pytest.mark.parametrize(
    ("subtag", "name", "signed"),
    [
        ("Delivered_001", None, "no"),
        ("Delivered_001", "D. NACHTLESER", "yes"),
        ("Delivered_003", None, "yes"),
    ],
)
def test_a_delivery_is_signed_where_the_feed_says_so(
    subtag: str, name: str | None, signed: str
) -> None:
    changes = {"signed_by": name, "checkpoints.4.subtag": subtag}

    scans = read_scans(edited(TRACKING, changes)).parcels[0].scans

    assert [scan.is_signed for scan in scans] == [False] * 4 + [signed == "yes"]


@pytest.mark.parametrize(
    ("written", "kept", "warnings"),
    [
        ("HKG", "HK", []),
        ("", "", []),
        ("HK", "HK", [("$.checkpoints[*].country_iso3", "unknown_country")]),
        ("XXK", "XXK", [("$.checkpoints[*].country_iso3", "unknown_country")]),
    ],
)
def test_a_country_of_three_letters_is_kept_with_two(
    written: str, kept: str, warnings: list[tuple[str, str]]
) -> None:
    """What is no such code stays as it is."""
    reading = one_scan({"country_iso3": written})

    assert reading.parcels[0].scans[0].place.country == kept
    assert statuses(reading) == warnings


def test_a_country_goes_by_its_newer_name_too() -> None:
    """The member was renamed in the version 2024-04."""
    reading = one_scan({"country_iso3": GONE, "country_region": "HKG"})

    assert reading.parcels[0].scans[0].place.country == "HK"
    assert statuses(reading) == []


def test_the_last_checkpoint_alone_is_a_scan() -> None:
    """There is an answer of its own for it."""
    changes = {"checkpoints": GONE, "checkpoint": at(TRACKING, "checkpoints.4")}

    (parcel,) = read_scans(edited(TRACKING, changes)).parcels

    assert in_short(parcel.scans) == [
        "2026-03-11T09:45:30Z | Delivered_003 | DELIVERED | TESTHAUSEN, DE"
    ]


@pytest.mark.parametrize(
    ("source", "warnings"),
    [("carrier", []), ("user", [("$.checkpoints[*].source", "by_hand")])],
)
def test_what_no_carrier_reported_is_doubted(source: str, warnings: list[tuple[str, str]]) -> None:
    """A user of AfterShip may mark a tracking as completed."""
    assert statuses(one_scan({"source": source})) == warnings


def test_a_parcel_has_the_numbers_of_its_last_mile_too() -> None:
    """Of the couriers that come next as well; its own number is no other."""
    couriers = [
        {"slug": "dpd", "tracking_number": "0150"},
        {"slug": "gls"},
        {"tracking_number": ""},
    ]

    (parcel,) = read_scans(edited(TRACKING, {"next_couriers": couriers})).parcels

    assert parcel.other_numbers == ("00340434161094042557", "0150")


# what the tracking says of the day, then what is expected
ESTIMATES: list[tuple[dict[str, object], str]] = [
    ({}, "2026-03-12 local day"),
    ({"expected_delivery": None}, "None"),
    ({"expected_delivery": "soon"}, "None"),
    (
        {"courier_estimated_delivery_date": {"estimated_delivery_date": "2026-03-13T18:00:00Z"}},
        "2026-03-13T18:00:00Z",
    ),
    (
        {"latest_estimated_delivery": {"type": "specific", "datetime": "2026-03-14"}},
        "2026-03-14 local day",
    ),
    (
        {
            "latest_estimated_delivery": {
                "type": "range",
                "datetime": "2026-03-14",
                "datetime_min": "2026-03-14",
                "datetime_max": "2026-03-16",
            }
        },
        "2026-03-16 local day",
    ),
]


@pytest.mark.parametrize(("changes", "expected"), ESTIMATES)
def test_the_feeds_own_estimate_of_the_arrival_is_kept(
    changes: dict[str, object], expected: str
) -> None:
    """What was estimated last goes first; of a range, its end."""
    (parcel,) = read_scans(edited(TRACKING, changes)).parcels

    assert str(parcel.expected) == expected


def test_a_time_without_a_zone_is_kept_as_local_with_a_warning() -> None:
    """It is never called UTC."""
    reading = one_scan({"checkpoint_time": "2026-03-02T17:30:00"})

    (scan,) = reading.parcels[0].scans
    assert scan.at.precision is Precision.LOCAL_TIME
    assert statuses(reading) == [("$.checkpoints[*].checkpoint_time", "local_time")]


def test_a_time_without_a_zone_takes_that_of_the_facility() -> None:
    """The place is that of our words: two letters."""
    local = edited(at(TRACKING, CHECKPOINT), {"checkpoint_time": "2026-03-02T17:30:00"})
    tracking = edited(TRACKING, {"checkpoints": [local]})

    reading = read_scans(tracking, facilities=[Facility(Place(country="HK"), "Asia/Hong_Kong")])

    assert reading.parcels[0].scans[0].at == Moment.read("2026-03-02T09:30:00Z")


@pytest.mark.parametrize("time", ["yesterday", "", None, "2026-02-30T00:00:00Z", 1772440200, []])
def test_a_scan_without_a_readable_time_is_left_unread_with_a_warning(time: object) -> None:
    """All that it says is listed."""
    reading = one_scan({"checkpoint_time": time})

    assert reading.parcels[0].scans == ()
    assert ("$.checkpoints[*].checkpoint_time", "unreadable_time") in codes(reading)
    listed = {"message", "tag", "subtag", "slug", "city", "country_iso3"}
    assert {f"$.checkpoints[*].{leaf}" for leaf in listed} < set(reading.unread)


def test_a_parcel_on_its_way_back_gives_a_warning() -> None:
    """What is delivered then is delivered to the sender."""
    reading = read_scans(edited(TRACKING, {"return_to_sender": True}))

    assert ("$.return_to_sender", "is_return") in codes(reading)


def test_a_parcel_that_went_back_is_returned() -> None:
    """By the subtags of its scans."""
    changes = {
        "checkpoints.3.tag": "Exception",
        "checkpoints.3.subtag": "Exception_010",
        "checkpoints.4.tag": "Exception",
        "checkpoints.4.subtag": "Exception_011",
    }

    (parcel,) = read_scans(edited(TRACKING, changes)).parcels

    assert track(parcel.scans).phase is Phase.RETURNED
    assert {scan.recipient for scan in parcel.scans} == {""}


@pytest.mark.parametrize(
    ("tag", "warnings"),
    [
        ("Delivered", [("$.tag", "no_scans")]),
        ("Exception", [("$.tag", "no_scans")]),
        ("Pending", []),
        ("InfoReceived", []),
        ("Expired", []),
        ("Teleported", []),
    ],
)
def test_a_tracking_that_moves_without_a_scan_gives_a_warning(
    tag: str, warnings: list[tuple[str, str]]
) -> None:
    """A tag alone has neither time nor place, so no scan carries it."""
    reading = read_scans(edited(TRACKING, {"checkpoints": [], "tag": tag}))

    assert statuses(reading) == warnings
    assert "$.tag" in reading.unread


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"tag": 5, "checkpoints": []}, "$.tag"),
        ({f"{CHECKPOINT}.source": 5}, "$.checkpoints[*].source"),
    ],
)
def test_what_is_only_looked_at_is_no_fault(changes: dict[str, object], path: str) -> None:
    """It is doubted and left unread."""
    reading = read_scans(edited(TRACKING, changes))

    assert statuses(reading) == [(path, "unreadable")]
    assert path in reading.unread


# what is changed, then the fault
FAULTS: list[tuple[dict[str, object], str]] = [
    ({"tracking_number": None}, "$.tracking_number: is missing"),
    ({"tracking_number": ""}, "$.tracking_number: is empty"),
    ({"tracking_number": 7}, "$.tracking_number: is a whole number; allowed: text"),
    (
        {"tracking_number": "7" * 65},
        "$.tracking_number: tracking number is no number; allowed: 1 to 64 printable characters",
    ),
    ({"slug": ["usps"]}, "$.slug: is an array; allowed: text"),
    ({"checkpoints": {}}, "$.checkpoints: is an object; allowed: an array"),
    ({"checkpoints": "none"}, "$.checkpoints: is text; allowed: an array"),
    ({CHECKPOINT: "scanned"}, "$.checkpoints[1]: is text; allowed: an object"),
    ({f"{CHECKPOINT}.tag": 5}, "$.checkpoints[1].tag: is a whole number; allowed: text"),
    ({f"{CHECKPOINT}.raw_tag": {}}, "$.checkpoints[1].raw_tag: is an object; allowed: text"),
    (
        {f"{CHECKPOINT}.raw_tag": "C" * 257},
        "$.checkpoints[1]: scan's code is too long; allowed: up to 256 characters",
    ),
    ({"last_mile": "DHL"}, "$.last_mile: is text; allowed: an object"),
    (
        {"last_mile": {"tracking_number": 7}},
        "$.last_mile.tracking_number: is a whole number; allowed: text",
    ),
    ({"next_couriers": {}}, "$.next_couriers: is an object; allowed: an array"),
    (
        {"latest_estimated_delivery": []},
        "$.latest_estimated_delivery: is an array; allowed: an object",
    ),
    ({"signed_by": True}, "$.signed_by: is true or false; allowed: text"),
]


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_what_cannot_be_read_is_a_fault_with_its_path(
    changes: dict[str, object], fault: str
) -> None:
    """Nothing is coerced, and nothing else is raised."""
    assert fault in faults_of(read_scans, edited(TRACKING, changes))


def test_all_faults_come_out_at_once() -> None:
    """Of all trackings."""
    wrong = edited(TRACKING, {"tracking_number": None, "last_mile": 1})

    assert faults_of(read_scans, [wrong, wrong]) == [
        "$[0].last_mile: is a whole number; allowed: an object",
        "$[0].tracking_number: is missing",
        "$[1].last_mile: is a whole number; allowed: an object",
        "$[1].tracking_number: is missing",
    ]


# Written by hand: carrier and number, then each scan, then the warnings.
POSTNL = """
  postnl-3s 3SKAAG5995399
  2021-03-20T14:29:27Z | InfoReceived_001 | REGISTERED |
  2021-03-20T14:29:56Z | InfoReceived_001 | REGISTERED |
  2021-03-20T14:32:37Z | InTransit_001 | IN_TRANSIT | NL
  2021-03-22T17:33:57Z | InTransit_001 | IN_TRANSIT | NL
  2021-03-22T17:36:04Z | InTransit_001 | IN_TRANSIT | NL
  2021-03-25T09:59:00Z | InTransit_004 | ARRIVED_DESTINATION | ES
  no warning
"""
PENDING = """
  4px HH19260817
  no warning
"""
REAL = {
    "TrackingWithAdditionalFields_get_tracking": POSTNL,
    "TrackingWithAdditionalFields_get_tracking_by_id": POSTNL,
    "Tracking_create_tracking": PENDING,
    "Tracking_get_tracking": PENDING,
    "Tracking_list_trackings": PENDING,
    "Tracking_update_tracking": """
  china-post 19260817
  no warning
""",
}


@with_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_document_is_read_to_the_letter(name: str) -> None:
    """Written by hand from the documents, instants exact."""
    payload = load("aftership", name)

    reading = read_scans(payload)

    assert [line.strip() for line in story(reading)] == told(REAL[name])
    assert recognises(payload)
    assert all(scan.at.is_exact for parcel in reading.parcels for scan in parcel.scans)


@with_data
def test_the_real_documents_are_all_here() -> None:
    assert sorted(REAL) == names("aftership")
