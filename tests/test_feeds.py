"""A document is recognised by its shape, read by its feed, or refused by its feed's name."""

from pathlib import Path

import pytest

from apaclogistics.interop import easypost
from apaclogistics.interop._shapes import root_of
from apaclogistics.interop.feeds import FEEDS, feeds_of, read_scans
from apaclogistics.values.places import Facility, Place
from tests import (
    test_aftership,
    test_cainiao,
    test_dhl_universal,
    test_easypost,
    test_fedex,
    test_seventeentrack,
    test_shippo,
    test_ups,
    test_usps,
)
from tests.documents import edited, sample
from tests.histories import ANSWERS, HANDMADE, HISTORIES, document
from tests.readings import faults_of
from tests.real_data import with_data

TRACKER = sample("easypost_tracker")

# What each feed that is not read looks like, at its least.
REFUSED: dict[str, object] = {
    "Asendia": {"trackingNumber": "A1", "trackingEvents": [{"carrierEventDescription": "Picked"}]},
    "bpost": '<?xml version="1.0"?>\n<itemTracking xmlns="urn:example"><itemCode>3</itemCode>',
    "DHL Parcel DE": '<data name="piece-shipment-list" code="0">',
    "DHL Poland": "<getTrackAndTraceInfoResponse>",
    "GLS": {"parcels": [{"unitno": "363", "events": []}]},
    "Hermes": {"shipmentinfo": [{"shipmentID": "H1"}]},
    "karrio": [{"carrier_id": "gls", "carrier_name": "gls", "events": []}],
    "La Poste": [{"shipment": {"idShip": "EW112720413FR"}}],
    "Landmark Global": "<TrackResponse><LandmarkTrackingNumber>LTN</LandmarkTrackingNumber>",
    "MyDHL": {"shipments": [{"shipmentTrackingNumber": "9356579890"}]},
    "ParcelOne": {"success": 1, "results": {"StatusCode": "UNKNOWN", "Events": []}},
    "Purolator": "<s:Envelope xmlns:s='urn:x'><s:Body><TrackPackagesByPinResponse>",
    "SEKO": [{"ConsignmentNo": "DG1", "Events": []}],
    "Sendle": {"tracking_events": [{"scan_time": "2023-04-03T08:20:00Z"}]},
    "SmartKargo": [{"airWaybill": "00006510", "eventType": "DDL"}],
    "Spring": {"ErrorLevel": 0, "Shipment": {"TrackingNumber": "LXAB00000000NL"}},
    "Teleship": {"trackingNumber": "T1", "shipmentId": "SHP-1", "events": []},
}
READ = [feed.name for feed in FEEDS if feed.read_scans is not None]
NOT_READ = [feed.name for feed in FEEDS if feed.read_scans is None]
ALLOWED = f"allowed: {', '.join(sorted(READ, key=str.casefold))}"

# The folders of the real inputs that hold tracking answers, and the feeds of their files.
FOLDERS = {
    "aftership": "AfterShip",
    "easypost": "EasyPost",
    "shippo": "Shippo",
}
# Of the others, the feed of each document by how its name begins.
_BY_NAME = {
    "17track_v2_accepted": "17TRACK",
    "cainiao_sections_delivered": "Cainiao",
    "cainiao_trace_node_list": "Cainiao",
    "py17track_add_package_existing_response": "17TRACK",
    "py17track_packages_response": "17TRACK",
    "track123_sf_express_cjk": "Track123",
    "asendia": "Asendia",
    "bpost": "bpost",
    "dhl_parcel_de": "DHL Parcel DE",
    "dhl_poland": "DHL Poland",
    "dhl_universal": "DHL",
    "fedex": "FedEx",
    "gls": "GLS",
    "hermes": "Hermes",
    "landmark": "Landmark Global",
    "laposte": "La Poste",
    "mydhl": "MyDHL",
    "parcelone": "ParcelOne",
    "purolator": "Purolator",
    "seko": "SEKO",
    "sendle": "Sendle",
    "smartkargo": "SmartKargo",
    "spring": "Spring",
    "teleship": "Teleship",
    "ups": "UPS",
    "usps": "USPS",
}


def names(payload: object) -> list[str]:
    return [feed.name for feed in feeds_of(payload)]


def test_each_feed_has_a_name_of_its_own() -> None:
    """A name is how a feed is refused."""
    assert len({feed.name.casefold() for feed in FEEDS}) == len(FEEDS)


@pytest.mark.parametrize("name", HANDMADE)
def test_a_handmade_document_is_of_one_feed_which_reads_it(name: str) -> None:
    """And the feed's reader gives the same as the table does."""
    assert len(feeds_of(sample(name))) == 1, "a reader has a line of its own in interop.feeds"

    (feed,) = feeds_of(sample(name))

    assert feed.read_scans is not None
    assert read_scans(sample(name)) == feed.read_scans(sample(name))
    assert read_scans(sample(name)).parcels


def test_every_feed_that_is_read_has_a_handmade_document() -> None:
    """So that none is recognised only by chance."""
    assert {name for it in HANDMADE for name in names(sample(it))} == set(READ)


@pytest.mark.parametrize("name", NOT_READ)
def test_an_answer_that_is_not_read_is_refused_by_its_name(name: str) -> None:
    """One feed recognises it, and what is read instead is listed."""
    assert names(REFUSED[name]) == [name]
    assert faults_of(read_scans, REFUSED[name]) == [
        f"$: is a tracking answer of {name}, which is not read; {ALLOWED}"
    ]


# what is of no feed, then how it is called
UNKNOWN: list[tuple[object, str]] = [
    ({}, "a document"),
    ([], "a document"),
    (None, "a document"),
    (7, "a document"),
    ("tracking", "a document"),
    ([[[]]], "a document"),
    (sample("ebay_order"), "a document"),
    ({"shipments": {"id": 1}}, "a document"),
    ("<html><body>Not found</body></html>", "XML"),
    ("<!-- a > b --><!DOCTYPE html><TrackResponse>", "XML"),
    ("<?xml?>" * 2000 + "<itemTracking>", "a document"),
]


@pytest.mark.parametrize(("payload", "what"), UNKNOWN)
def test_a_document_of_no_known_feed_is_refused_with_those_that_are_read(
    payload: object, what: str
) -> None:
    """Whatever it is."""
    assert faults_of(read_scans, payload) == [f"$: is {what} of no known feed; {ALLOWED}"]


def test_what_is_out_of_all_proportion_is_refused_before_anybody_looks_for_its_feed() -> None:
    """As by every reader."""
    (fault,) = faults_of(read_scans, {"parcels": [{"unitno": "1"}] * 100_001})

    assert fault == "$: holds too many values; allowed: 100000"


def test_facilities_reach_the_reader() -> None:
    """A local time in Hong Kong becomes an instant."""
    local = edited(TRACKER, {"tracking_details.1.datetime": "2026-03-02T17:30:00"})
    facility = Facility(Place(country="HK"), "Asia/Hong_Kong")

    reading = read_scans(local, facilities=iter([facility]))

    assert reading == easypost.read_scans(local, facilities=[facility])
    assert all(scan.at.is_exact for scan in reading.parcels[0].scans)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<a/>", "a"),
        ("  <?xml version='1.0'?>\n<!-- <b> --> <s:Envelope>", "Envelope"),
        ("<!DOCTYPE x><ns-1:x_y.z a='b'>", "x_y.z"),
        ("no <a>", ""),
        ("<1>", ""),
        ("<?xml", ""),
        ("", ""),
    ],
)
def test_the_root_of_xml_is_found_without_parsing_it(text: str, root: str) -> None:
    """Behind a declaration, comments and a document type."""
    assert root_of(text) == root


@with_data
@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_a_real_document_is_of_exactly_one_feed(path: Path) -> None:
    """That of its folder, or of the carrier in its name."""
    expected = FOLDERS.get(path.parent.name) or _BY_NAME[path.stem.partition("__")[0]]

    assert names(document(path)) == [expected]


# The expectations scan by scan that the tests of the readers hold, by folder and document.
EXPECTATIONS: dict[str, set[str]] = {
    "aftership": set(test_aftership.REAL),
    "asia_tracking": {*test_cainiao.REAL, *test_seventeentrack.REAL},
    "easypost": set(test_easypost.EXPECTED),
    "karrio_tracking": {
        *test_dhl_universal.REAL,
        *test_fedex.REAL,
        *test_ups.REAL,
        *test_usps.REAL,
    },
    "shippo": set(test_shippo.REAL),
}


@with_data
def test_at_least_twelve_real_documents_are_read_scan_by_scan_as_somebody_wrote_by_hand() -> None:
    """Each is one of the real answers, and what is read of it has scans."""
    expected = {f"{folder}/{name}" for folder, names in EXPECTATIONS.items() for name in names}
    documents = {f"{path.parent.name}/{path.stem}" for path in ANSWERS}
    with_scans = {history.document for history in HISTORIES}

    assert expected <= documents
    assert len(expected & with_scans) >= 12


def test_a_document_that_two_feeds_claim_is_refused() -> None:
    """Each would read the other's parcels as none, or as its own."""
    fedex, ups = sample("fedex_answer"), sample("ups_answer")
    assert isinstance(fedex, dict)
    assert isinstance(ups, dict)
    both = {**fedex, **ups}

    claimed = names(both)

    assert len(claimed) > 1
    assert faults_of(read_scans, both) == [
        f"$: is of several feeds by its shape: {', '.join(claimed)}; {ALLOWED}"
    ]
