"""Following an order: what is known as of an instant, whichever feeds and numbers it comes from."""

import json
from collections import Counter
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest

from apaclogistics.arrivals import Arrival, Basis
from apaclogistics.codec import dumps, loads
from apaclogistics.command.follow import follow
from apaclogistics.command.main import main
from apaclogistics.display.story import Happening, Story
from apaclogistics.display.text import to_terminal
from apaclogistics.interop import ScanReading, feeds
from apaclogistics.interop.ebay import OrderReading, read_order
from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Instant, Moment, Window, instant, to_text
from tests import documents
from tests.documents import FIXTURES, edited, sample
from tests.histories import ANSWERS, READ, REFUSED
from tests.real_data import DATA, load, with_data

ORDER_FILE = FIXTURES / "ebay_order.json"
# It names a number of Royal Mail and one of SpeedPAK; of two lines, one is fulfilled.
ORDER = sample("ebay_order")
TRACKER = sample("easypost_tracker")
UNNAMED = edited(ORDER, {"fulfillmentHrefs": []})

ROYAL_MAIL, SPEEDPAK = "RR473124829GB", "ES10001234567890123456789012"
PLACED = instant("2026-03-01T08:00:00Z")


def told(order: object, *answers: object, at: str | None = None) -> Story:
    readings = [feeds.read_scans(answer) for answer in answers]
    return follow(read_order(order), readings, instant(at) if at else None)


def lines(story: Story, thing: str) -> list[str]:
    """Say what happened to a thing: when, and the first word of what it was."""
    about = (it for it in story.timeline if it.thing == thing)
    return [f"{it.when} {it.what.partition(' ')[0].rstrip(':')}" for it in about]


def units(story: Story) -> dict[str, int]:
    """Count the units that the order put into each shipment."""
    counts: Counter[str] = Counter()
    for it in story.timeline:
        if it.what.startswith("allocated: "):
            for part in it.what.removeprefix("allocated: ").split(", "):
                quantity, _, shipment = part.partition(" of line ")
                counts[shipment.split(" in ")[1]] += int(quantity)
    return dict(counts)


def test_a_shipment_is_adopted_with_its_first_scan() -> None:
    """And its units are allocated then, among what happened to the order."""
    story = told(ORDER, TRACKER)

    assert lines(story, f"shipment {ROYAL_MAIL}") == [
        "2026-03-02T01:00:00Z drafted",
        "2026-03-02T01:00:00Z adopted",
        "2026-03-02T01:00:00Z scanned",
        "2026-03-02T09:30:00Z scanned",
        "2026-03-03T04:00:00Z scanned",
        "2026-03-11T06:15:00Z scanned",
        "2026-03-11T09:45:30Z scanned",
    ]
    assert units(story) == {ROYAL_MAIL: 2}
    assert story.timeline == tuple(sorted(story.timeline, key=lambda it: it.at))


def test_a_fulfilment_without_scans_is_adopted_when_ebay_last_changed_the_order() -> None:
    """No sooner is it known to be there; without such an instant, it is the payment."""
    unknown = edited(ORDER, {"lastModifiedDate": None})

    assert lines(told(ORDER), f"shipment {SPEEDPAK}") == [
        "2026-03-03T09:30:00Z drafted",
        "2026-03-03T09:30:00Z adopted",
    ]
    assert lines(told(unknown), f"shipment {SPEEDPAK}")[0].startswith("2026-03-01T08:00:02")


# What FedEx reports is older than it.
LATER = edited(
    UNNAMED,
    {
        "creationDate": "2026-06-01T08:00:00Z",
        "lastModifiedDate": None,
        "paymentSummary.payments.0.paymentDate": "2026-06-01T08:00:02Z",
    },
)


def test_scans_from_before_the_order_do_not_date_its_shipment() -> None:
    """One that the order names is adopted once it is paid, with a warning about the scans."""
    named = edited(LATER, {"fulfillmentHrefs": ["https://x/shipping_fulfillment/794600000001"]})

    story = told(named, sample("fedex_answer"))

    assert lines(story, "shipment 794600000001")[-2:] == [
        "2026-06-01T08:00:02Z drafted",
        "2026-06-01T08:00:02Z adopted",
    ]
    assert "794600000001: all of its scans are older than the order" in story.warnings


def test_a_parcel_from_before_the_order_that_nothing_names_is_not_of_it() -> None:
    """Though there are units that are in no shipment: it is told of, and carries none."""
    story = told(LATER, sample("fedex_answer"))

    assert (story.shipments, units(story)) == ((), {})
    assert (
        "not of this order: 794600000001: all of its scans are older than the order"
        in story.warnings
    )
    assert story.title.endswith("PAID, NOT_STARTED")


def instants(story: Story) -> list[Instant]:
    return sorted({it.at.latest for it in story.timeline})


def test_what_came_later_than_asked_for_is_not_known() -> None:
    """Neither steps nor scans, and so neither phase nor attention; what came earlier is the same."""
    full = told(ORDER, TRACKER)

    for at in instants(full):
        story = told(ORDER, TRACKER, at=str(at))

        assert story.timeline == tuple(it for it in full.timeline if it.at.is_by(at))
        assert story.at == at
    assert told(ORDER, TRACKER, at=str(full.at)) == full


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        ("2026-03-02T01:00:00Z", "HANDED_OVER"),
        ("2026-03-02T09:30:00Z", "ACCEPTED"),
        ("2026-03-10T00:00:00Z", "IN_TRANSIT"),
        ("2026-03-11T09:00:00Z", "OUT_FOR_DELIVERY"),
        ("2026-03-12T00:00:00Z", "DELIVERED"),
    ],
)
def test_a_phase_is_that_of_the_instant(at: str, phase: str) -> None:
    """A delivery of next week does not hide where the parcel is today."""
    story = told(ORDER, TRACKER, at=at)

    assert {it.shipment: it.phase for it in story.shipments}[ROYAL_MAIL] == phase


def test_before_it_was_placed_there_is_nothing_to_tell() -> None:
    """And that is said."""
    story = told(ORDER, TRACKER, at="2026-03-01T07:59:59Z")

    assert (story.timeline, story.shipments, story.attention[0].items) == ((), (), ())
    assert story.title == "Order 10-00001-00001: not placed yet"
    assert any("later than asked for" in warning for warning in story.warnings)
    assert loads(dumps(story), Story) == story
    assert to_terminal(story).startswith(story.title)


def test_what_was_done_before_the_first_scan_is_attention_then() -> None:
    """As of an instant before any shipment is known, the order waits to be handed over."""
    waiting = told(ORDER, TRACKER, at="2026-03-01T09:00:00Z")
    shipped = told(ORDER, TRACKER, at="2026-03-02T09:30:00Z")

    assert waiting.shipments == ()
    assert waiting.title.endswith("PAID, NOT_STARTED")
    assert shipped.title.endswith("PAID, IN_PROGRESS")


def test_readings_that_share_a_number_are_of_one_parcel() -> None:
    """The line-haul's answer names the number of the last mile, whose own answer is another file."""
    last_mile = edited(
        sample("usps_answer"),
        {"trackingNumber": "92419900000000000000000001", "associatedLabel": None},
    )

    story = told(UNNAMED, last_mile, sample("ups_answer"))

    (shipment,) = story.shipments
    assert shipment.shipment == "1Z999AA10000000001"
    assert shipment.numbers == ("1Z999AA10000000001", "92419900000000000000000001")
    carriers = {it.who for it in story.timeline if it.what.startswith("scanned")}
    assert carriers == {"carrier UPS", "carrier USPS"}
    assert units(story) == {"1Z999AA10000000001": 3}


def test_a_number_that_the_order_names_goes_before_those_of_the_feeds() -> None:
    """Whichever of its numbers the feed reports first."""
    named = edited(
        ORDER,
        {"fulfillmentHrefs": ["https://x/shipping_fulfillment/92419900000000000000000001"]},
    )

    story = told(named, sample("ups_answer"))

    assert [it.shipment for it in story.shipments] == ["92419900000000000000000001"]
    assert not any("no fulfilment of the order names it" in it for it in story.warnings)


def test_two_numbers_that_a_third_brings_together_are_one_parcel() -> None:
    """In whatever order they are read."""
    ups, usps = sample("ups_answer"), sample("usps_answer")
    alone = edited(usps, {"trackingNumber": "92419900000000000000000001", "associatedLabel": None})
    chained = edited(usps, {"associatedLabel": "92419900000000000000000001"})

    stories = [told(UNNAMED, *files) for files in ((ups, alone, chained), (chained, alone, ups))]

    assert [len(story.shipments) for story in stories] == [1, 1]
    assert stories[0] == stories[1]


def test_units_are_never_in_two_shipments() -> None:
    """An old number that the order does not name gets none of what a named one carries later."""
    named_alone = edited(ORDER, {"lineItems.1.lineItemFulfillmentStatus": "FULFILLED"})

    story = told(named_alone, sample("fedex_answer"))

    assert sum(units(story).values()) == 3
    assert "794600000001" not in {it.shipment for it in story.shipments}
    assert (
        "not of this order: 794600000001: no fulfilment names it, and no unit is left for it"
        in story.warnings
    )


@pytest.mark.parametrize(
    ("left", "text"), [(3, "the 3 units that are"), (1, "the one unit that is")]
)
def test_what_a_parcel_that_nothing_names_is_assumed_to_carry_is_said(left: int, text: str) -> None:
    """All units that are in no shipment before it."""
    both = documents.at(ORDER, "lineItems")
    assert isinstance(both, list)

    story = told(edited(UNNAMED, {"lineItems": both[-1:] if left == 1 else both}), TRACKER)

    assert (
        f"{ROYAL_MAIL}: no fulfilment of the order names it; it is assumed to carry {text} in no "
        "other shipment" in story.warnings
    )
    assert units(story) == {ROYAL_MAIL: left}


def test_what_is_only_announced_is_said_not_to_be_with_the_carrier() -> None:
    """An adopted shipment is taken to be handed over; a pre-advice alone does not show that."""
    note = f"{ROYAL_MAIL}: it is only announced; no scan shows that the carrier has it"

    announced = told(ORDER, TRACKER, at="2026-03-02T01:00:00Z")
    accepted = told(ORDER, TRACKER, at="2026-03-02T09:30:00Z")

    assert note in announced.warnings
    assert note not in accepted.warnings


def test_a_file_that_holds_no_tracking_gives_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is read, so the story is told all the same."""
    file = tmp_path / "answer.json"
    file.write_text(json.dumps({"object": "TrackerCreated", "trackers": []}), encoding="utf-8")

    status = main(["follow", str(ORDER_FILE), "--scans", str(file)])

    assert status == 0
    assert f"{file}: holds no tracking" in capsys.readouterr().out


def test_a_parcel_that_nothing_was_seen_of_gives_a_warning() -> None:
    """Whether the order or an answer names it."""
    silent = edited(sample("usps_answer"), {"trackingEvents": [], "associatedLabel": None})

    warnings = told(ORDER, silent).warnings

    assert f"{SPEEDPAK}: no scan of it is known" in warnings
    assert "9400109104250099999999: no scan of it is known" in warnings


def test_units_of_an_order_that_is_not_to_be_shipped_stay_where_they_are() -> None:
    """The shipment is followed all the same, and a warning says why it carries nothing."""
    unpaid = edited(UNNAMED, {"orderPaymentStatus": "PENDING", "paymentSummary.payments": []})

    story = told(unpaid, sample("fedex_answer"))

    assert [it.phase for it in story.shipments] == ["DELIVERED"]
    assert units(story) == {}
    assert any("no units are allocated, since" in it for it in story.warnings)


def test_the_reason_for_a_scan_is_told() -> None:
    """Beside what it means."""
    story = told(UNNAMED, sample("ups_answer"))

    assert any("delayed (weather)" in it.what for it in story.timeline)


def arrivals(story: Story) -> list[Arrival]:
    return [it.arrival for it in story.shipments if it.arrival is not None]


def test_what_a_carrier_expects_goes_before_what_was_promised() -> None:
    """It is said with the last scan of the answer, and over once the parcel is delivered."""
    details = [documents.at(TRACKER, f"tracking_details.{number}") for number in range(4)]
    tracker = edited(
        TRACKER, {"tracking_details": details, "est_delivery_date": "2026-03-20T12:00:00Z"}
    )
    alone = edited(UNNAMED, {"lineItems.0.lineItemFulfillmentInstructions": None})

    noon = instant("2026-03-20T12:00:00Z")
    early = told(UNNAMED, tracker, at="2026-03-03T05:00:00Z")

    assert arrivals(told(alone, tracker)) == [
        Arrival(window=Window(noon, noon), basis=Basis.CARRIER)
    ]
    assert [it.basis for it in arrivals(early)] == [Basis.PROMISE]
    assert [it.basis for it in arrivals(told(alone, TRACKER))] == [Basis.DELIVERED]


def test_an_arrival_is_a_sentence_for_people_and_a_document_for_programs() -> None:
    """With its window, its basis and the reason where nobody knows; of what has come, neither."""
    early, done = told(UNNAMED, TRACKER, at="2026-03-03T05:00:00Z"), told(UNNAMED, TRACKER)
    document = json.loads(dumps(early))

    (expected,) = arrivals(early)
    assert expected.window is not None
    assert documents.at(document, "data.shipments.0.arrival") == {
        "window": {
            "earliest": to_text(expected.window.earliest),
            "latest": to_text(expected.window.latest),
        },
        "basis": Basis.PROMISE.value,
        "parcels": 0,
        "milestone": None,
        "reason": None,
    }
    assert f"expected {expected.window}, by the promise as it was given" in to_terminal(early)
    assert "expected" not in to_terminal(done)


def test_an_arrival_that_nobody_knows_says_why() -> None:
    """In the story for people too."""
    alone = edited(UNNAMED, {"lineItems.0.lineItemFulfillmentInstructions": None})

    story = told(alone, sample("upu_events"), at="2026-03-05T07:00:00Z")

    assert all(it.reason is not None for it in arrivals(story))
    assert "\n      arrival unknown: " in to_terminal(story)


def column(text: str, happenings: Iterable[Happening]) -> set[int]:
    rows = text.splitlines()
    found = [(it, row) for it in happenings for row in rows if row.startswith(f"  {it.when}  ")]
    return {row.index(f"  {it.who}: ") for it, row in found if f"  {it.who}: {it.what}" in row}


def test_columns_hold_whatever_stands_in_them() -> None:
    """Long numbers, and local times that are marked as such."""
    story = told(UNNAMED, sample("dhl_answer"), edited(TRACKER, {"tracking_code": "N" * 60}))

    assert len(column(to_terminal(story), story.timeline)) == 1


XML = {
    "known": ("<TrackResponse><LandmarkTrackingNumber>", "is a tracking answer of Landmark Global"),
    "unknown": ("\ufeff<?xml version='1.0'?><html>", "is XML of no known feed"),
    "large": ("<a>" + " " * (16 * 1024 * 1024), "is larger than 16777216 bytes"),
    "text": ('"<TrackResponse>"', "is XML of no known feed"),
}


@pytest.mark.parametrize(("text", "fault"), XML.values(), ids=XML)
def test_xml_is_refused_by_the_name_of_its_feed_in_one_line(
    text: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of it is parsed."""
    file = tmp_path / "answer.xml"
    file.write_text(text, encoding="utf-8")

    status = main(["follow", str(ORDER_FILE), "--scans", str(file)])

    shown = capsys.readouterr()
    assert (status, shown.out) == (1, "")
    assert len(shown.err.splitlines()) == 1
    assert shown.err.startswith(f"{file}: $: {fault}")


def test_an_order_in_xml_is_no_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only answers of feeds are told by their root element."""
    file = tmp_path / "order.xml"
    file.write_text("<order>", encoding="utf-8")

    status = main(["follow", str(file)])

    assert status == 1
    assert "is not JSON" in capsys.readouterr().err


# The real orders; one file of theirs is none.
ORDERS = sorted(
    path
    for path in (DATA / "ebay_orders").glob("*.json")
    if path.stem != "order_confirmation_notification"
)
AT = (
    "2019-01-01T00:00:00Z",
    "2024-05-01T12:00:00Z",
    "2026-09-23T08:00:00Z",
    "2030-01-01T00:00:00Z",
)
_RAW = ("usps", "ups", "fedex", "dhl_universal")


def order_of(path: Path) -> OrderReading:
    return read_order(load("ebay_orders", path.stem))


@with_data
def test_every_real_answer_is_read_or_refused_by_the_name_of_its_feed() -> None:
    """Of the carriers, those four are read that have a reader."""
    refused = {path.name.partition("__")[0] for path in REFUSED}

    assert {path.parent.name for path in REFUSED} == {"karrio_tracking"}
    assert len(refused) == 16
    assert refused.isdisjoint(_RAW)
    assert {path.name.partition("__")[0] for path in READ} >= set(_RAW)
    assert all("which is not read; allowed: " in fault for fault in REFUSED.values())


@with_data
def test_a_real_answer_without_scans_gives_a_warning() -> None:
    """Of the reader, or that nothing was seen of the parcel."""
    order = order_of(ORDERS[0])
    silent = [reading for reading in READ.values() if not _scans(reading)]
    alone = follow(order, [], None).warnings

    assert silent
    assert all(set(follow(order, [reading], None).warnings) > set(alone) for reading in silent)


def _scans(reading: ScanReading) -> list[Scan]:
    return [scan for parcel in reading.parcels for scan in parcel.scans]


def made_up(readings: Iterable[ScanReading]) -> set[str]:
    """Write the instants that would be made up if a time without a zone were read in one."""
    scans = [scan for reading in readings for scan in _scans(reading)]
    exact = {to_text(scan.at.earliest) for scan in scans if scan.at.is_exact}
    return {to_text(scan.at.earliest) for scan in scans if not scan.at.is_exact} - exact


@with_data
def test_real_answers_hold_times_without_a_zone() -> None:
    """So that nothing is tested of none."""
    assert len(made_up(READ.values())) > 10


@with_data
@pytest.mark.parametrize("order", ORDERS, ids=lambda path: path.stem)
def test_each_real_order_is_told_with_each_real_answer_at_any_instant(order: Path) -> None:
    """With a timeline that ends by then, an attention list, and the same story in JSON."""
    known = order_of(order)

    for reading, at in product(READ.values(), (None, *AT)):
        story = follow(known, [reading], instant(at) if at else None)

        assert at is None or story.at == instant(at)
        assert all(it.at.is_surely_by(story.at) for it in story.timeline)
        assert not any(it in to_terminal(story) for it in made_up([reading]))
        assert bool(story.timeline) is (known.order.history[0].at <= story.at)
        assert len(story.attention) == 1
        assert "\nAttention\n  as of " in to_terminal(story)
        assert loads(dumps(story), Story) == story


@with_data
@pytest.mark.parametrize("scans", ANSWERS, ids=lambda path: path.name)
def test_the_command_tells_a_real_order_or_refuses_the_answer_in_one_line(
    scans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 0 with a timeline, or 1 with the fault."""
    status = main(["follow", str(ORDERS[0]), "--scans", str(scans)])

    shown = capsys.readouterr()
    if scans in REFUSED:
        assert (status, shown.out) == (1, "")
        assert shown.err == f"{scans}: {REFUSED[scans]}\n"
    else:
        assert (status, shown.err) == (0, "")
        assert "Timeline" in shown.out
        assert "Attention" in shown.out


LOCAL = {
    "object": "Tracker",
    "tracking_code": "RR473124829GB",
    "carrier": "RoyalMail",
    "tracking_details": [
        {
            "status": "delivered",
            "message": "Delivered",
            "datetime": "2026-03-17T10:00:00",
            "tracking_location": {"city": "Brooklyn", "country": "US"},
        }
    ],
}


@pytest.mark.parametrize(
    ("at", "phase"),
    [("2026-03-16T21:00:00Z", None), ("2026-03-17T21:59:59Z", None), (None, "DELIVERED")],
)
def test_a_local_time_is_known_once_it_is_past_in_every_zone(
    at: str | None, phase: str | None
) -> None:
    """Nothing of the future is told; without an instant, all that is known is past."""
    story = told(UNNAMED, LOCAL, at=at)

    assert [it.phase for it in story.shipments] == ([phase] if phase else [])
    assert any("scanned" in it.what for it in story.timeline) is (phase is not None)
    doubt = (
        "RR473124829GB: the scan of 2026-03-17T10:00:00 local time may be to come, and is left out"
    )
    assert (doubt in story.warnings) is (phase is None)


def test_no_local_time_is_told_as_utc() -> None:
    """Neither of the delivery nor of what attention rests on, to people and to programs alike."""
    story = told(UNNAMED, LOCAL, at="2026-03-27T00:00:00Z")

    text = to_terminal(story)
    assert "DELIVERED, delivered 2026-03-17T10:00:00 local time" in text
    assert "2026-03-16T20:00:00Z" not in text
    assert "not confirmed: shipment RR473124829GB: delivered at least 9 d 2 h ago" in text
    assert "\n          2026-03-17T10:00:00 local time  " in text
    assert story.shipments[0].delivered_at == instant("2026-03-17T22:00:00Z")
    assert loads(dumps(story), Story) == story


def test_without_an_instant_a_story_is_judged_at_the_latest_that_is_meant() -> None:
    """Which is as soon as everything that is known is surely past."""
    assert told(UNNAMED, LOCAL).at == instant("2026-03-17T22:00:00Z")


CARRIERS = [
    ("Royal Mail ", "Royal Mail"),
    ("\u00a0DHL\t", "DHL"),
    ("A" * 200, "A" * 128),
    (" ", "unknown"),
]


@pytest.mark.parametrize(("written", "code"), CARRIERS, ids=["blank", "control", "long", "nothing"])
def test_a_carrier_may_be_written_in_any_way(written: str, code: str) -> None:
    """Feeds write what they like, and a booking names its carrier by a code."""
    event = {"item": ROYAL_MAIL, "event": "EMA", "at": "2026-03-02T09:00:00Z", "carrier": written}

    reading = feeds.read_scans([event])
    story = follow(read_order(ORDER), [reading], None)

    (shipment,) = (it for it in story.shipments if it.shipment == ROYAL_MAIL)
    assert shipment.phase == "ACCEPTED"
    assert f"adopted: {code} number {ROYAL_MAIL}" in [it.what for it in story.timeline]


def test_what_happened_is_hidden_in_the_repr() -> None:
    """Couriers and neighbours are named in it."""
    happening = Happening(
        at=Moment(PLACED), when="then", thing="shipment 1", who="carrier X", what="Dorothea has it"
    )

    assert "Dorothea" not in repr(happening)
