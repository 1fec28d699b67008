"""Laws of the readers of other people's formats.

* Whatever is read, a reader raises `CodecErrors` or nothing.
* A reader changes nothing in what it reads, and gives the same for the same.
* What is listed as unread is no part of the order.
* The order of tracking details, and of any other scans, and their repetition, are irrelevant.
* Recognising a format never raises, and says the same of the same.
"""

import copy
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apaclogistics.errors import CodecErrors
from apaclogistics.interop import (
    aftership,
    cainiao,
    dhl_universal,
    edis,
    fedex,
    feeds,
    seventeentrack,
    shippo,
    speedpak,
    track123,
    ups,
    upu,
    usps,
)
from apaclogistics.interop.easypost import read_scans
from apaclogistics.interop.ebay import read_fulfilment, read_order, read_orders
from tests.documents import GONE, Steps, leaves, path_of, replaced, sample, steps_of

ORDER = sample("ebay_order")
TRACKER = sample("easypost_tracker")
PAGE: object = {"orders": [ORDER, ORDER]}
WEBHOOK: object = {"object": "Event", "result": TRACKER}

EVENTS_OF_17TRACK = steps_of("data.accepted.0.track_info.tracking.providers.0.events")

# A reader of scans, a sample of what it reads, and where in it the scans are.
SCANS: list[tuple[Callable[[object], object], object, Steps]] = [
    (edis.read_scans, sample("edis_tracking"), ("trackingDetails",)),
    (speedpak.read_scans, sample("speedpak_traces"), ("result", "waybills", 0, "traces")),
    (cainiao.read_scans, sample("cainiao_module"), ("module", 0, "detailList")),
    (
        track123.read_scans,
        sample("track123_query"),
        ("data", "accepted", "content", 0, "localLogisticsInfo", "trackingDetails"),
    ),
    (upu.read_scans, sample("upu_events"), ()),
    (aftership.read_scans, sample("aftership_webhook"), ("msg", "checkpoints")),
    (usps.read_scans, sample("usps_answer"), ("trackingEvents",)),
    (
        ups.read_scans,
        sample("ups_answer"),
        steps_of("trackResponse.shipment.0.package.0.activity"),
    ),
    (
        fedex.read_scans,
        sample("fedex_answer"),
        steps_of("output.completeTrackResults.0.trackResults.0.scanEvents"),
    ),
    (dhl_universal.read_scans, sample("dhl_answer"), steps_of("shipments.0.events")),
    (shippo.read_scans, sample("shippo_webhook"), ("data", "tracking_history")),
    (seventeentrack.read_scans, sample("seventeentrack_answer"), EVENTS_OF_17TRACK),
    (seventeentrack.read_scans, sample("seventeentrack_account"), ("Json",)),
]

READERS: list[Callable[[object], object]] = [
    read_order,
    read_orders,
    read_fulfilment,
    edis.read_bulk,
    partial(edis.read_costs, carrier="CPAM"),
    edis.read_created,
    edis.read_package,
    edis.read_services,
    read_scans,
    feeds.read_scans,
    *dict.fromkeys(reader for reader, *_ in SCANS),
]


def name_of(parameter: object) -> str:
    """Name a reader by its module, and a document by its first member."""
    if isinstance(parameter, dict):
        return str(next(iter(parameter)))
    named = getattr(parameter, "__name__", "")
    return f"{parameter.__module__.rpartition('.')[2]}.{named}" if named else ""


# Words that mean something to a reader, so that arbitrary documents go deeper than the first door.
WORDS = (
    "object Tracker Event result trackers tracking_code tracking_details datetime status delivered "
    "msg data trackings tracking_number slug checkpoints checkpoint_time tag subtag InTransit_001 "
    "tracking_history tracking_status status_date substatus code TRANSIT package_lost carrier "
    "accepted number track_info latest_event time_iso sub_status Json FTrackNo FLastEvent {} [] "
    "orders lineItems quantity total value currency EUR payments refunds PAID amount CANCELED "
    "2026-03-01T08:00:00Z 2026-03-01 0001-01-01T00:00:00 9999-12-31T23:59:59Z 1.0 -1.0 9e99"
).split()


def texts() -> SearchStrategy[str]:
    return st.sampled_from(WORDS) | st.text(max_size=20)


def scalars() -> SearchStrategy[object]:
    numbers = st.integers() | st.floats() | st.just(10**400)
    return st.none() | st.booleans() | numbers | texts()


def documents() -> SearchStrategy[object]:
    return st.recursive(
        scalars(),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts(), inner, max_size=5),
        max_leaves=20,
    )


def values() -> SearchStrategy[object]:
    """Give what may stand in a wrong place: a scalar, or a little that holds some."""
    return (
        scalars()
        | st.lists(scalars(), max_size=2)
        | st.dictionaries(texts(), scalars(), max_size=2)
    )


def places(payload: object) -> list[Steps]:
    """Give the ways to all values of a document, those that hold others included."""
    return sorted(
        {steps[:end] for steps, _ in leaves(payload) for end in range(len(steps) + 1)}, key=str
    )


def mutants(payload: object) -> SearchStrategy[object]:
    """Give a document with one to four values changed, or taken away."""
    change = st.tuples(st.sampled_from(places(payload)), values() | st.just(GONE))

    def changed(changes: list[tuple[Steps, object]]) -> object:
        document = payload
        for steps, value in changes:
            # An earlier change may have taken the place away.
            if is_there(document, steps):
                takes_from_array = value is GONE and (not steps or isinstance(steps[-1], int))
                document = replaced(document, steps, None if takes_from_array else value)
        return document

    return st.lists(change, min_size=1, max_size=4).map(changed)


def is_there(document: object, steps: Steps) -> bool:
    if not steps:
        return True
    step, *rest = steps
    if isinstance(document, dict):
        return step in document and is_there(document[step], tuple(rest))
    if isinstance(document, list) and isinstance(step, int):
        return step < len(document) and is_there(document[step], tuple(rest))
    return False


def answer(reader: Callable[[object], object], payload: object) -> object:
    """Give what a reader gives, or the faults that it raises."""
    try:
        return reader(payload)
    except CodecErrors as errors:
        return str(errors)


@pytest.mark.parametrize("reader", READERS, ids=name_of)
@given(payload=documents())
def test_a_reader_raises_nothing_but_codec_errors(
    reader: Callable[[object], object], payload: object
) -> None:
    answer(reader, payload)


def check(reader: Callable[[object], object], payload: object) -> None:
    """Read a document twice, and see that it is still the same, and so is the answer."""
    before = copy.deepcopy(payload)

    first = answer(reader, payload)

    assert repr(payload) == repr(before)
    assert answer(reader, payload) == first


@given(payload=mutants(ORDER))
def test_a_damaged_order_is_read_or_refused_and_twice_alike(payload: object) -> None:
    check(read_order, payload)


@given(payload=mutants(PAGE))
def test_a_damaged_page_is_read_or_refused_and_twice_alike(payload: object) -> None:
    check(read_orders, payload)


@given(payload=mutants(WEBHOOK))
def test_a_damaged_tracker_is_read_or_refused_and_twice_alike(payload: object) -> None:
    check(read_scans, payload)


@pytest.mark.parametrize(
    ("reader", "payload"), [(reader, it) for reader, it, _ in SCANS], ids=name_of
)
@given(data=st.data())
def test_damaged_scans_are_read_or_refused_and_twice_alike(
    reader: Callable[[object], object], payload: object, data: st.DataObject
) -> None:
    check(reader, data.draw(mutants(payload)))


@pytest.mark.parametrize(("reader", "payload", "where"), SCANS, ids=name_of)
@given(data=st.data())
def test_the_order_and_repetition_of_scans_are_irrelevant(
    reader: Callable[[object], object], payload: object, where: Steps, data: st.DataObject
) -> None:
    """For parcels, warnings and what is unread alike, whatever is damaged in them."""
    events = value_at(payload, where)
    assert isinstance(events, list)
    damaged = data.draw(st.lists(st.sampled_from(events).flatmap(mutants), max_size=3))
    some = [*events, *(event for event in damaged if isinstance(event, dict))]
    again = data.draw(st.lists(st.sampled_from(some), max_size=4))
    shuffled = data.draw(st.permutations([*some, *again]))

    reading = answer(reader, replaced(payload, where, some))
    other = answer(reader, replaced(payload, where, shuffled))

    assert isinstance(reading, str) or other == reading


@given(payload=documents() | st.sampled_from([it for _, it, _ in SCANS]).flatmap(mutants))
def test_recognising_never_raises_and_says_the_same_of_the_same(payload: object) -> None:
    """Of every feed."""
    assert feeds.feeds_of(payload) == feeds.feeds_of(copy.deepcopy(payload))


def value_at(payload: object, steps: Steps) -> object:
    for step in steps:
        payload = payload[step]  # type: ignore[index]  # a wrong place fails the test
    return payload


READING = read_order(ORDER)


@given(
    steps=st.sampled_from(
        [steps for steps, _ in leaves(ORDER) if path_of(steps) in READING.unread]
    ),
    value=values(),
)
def test_what_is_unread_is_no_part_of_the_order(steps: Steps, value: object) -> None:
    """Whatever stands there."""
    reading = read_order(replaced(ORDER, steps, value))

    assert (reading.order, reading.fulfilments) == (READING.order, READING.fulfilments)


def details() -> SearchStrategy[list[object]]:
    """Give tracking details, some of them damaged: unreadable and local times, unknown words."""
    found = TRACKER["tracking_details"] if isinstance(TRACKER, dict) else []
    times = st.sampled_from(["2026-03-05T10:00:00", "2026-03-05", "soon", "2026-03-05T10:00:00Z"])
    words = st.sampled_from(["in_transit", "delivered", "unknown", "teleported", "failure"])
    damaged = st.builds(
        lambda detail, time, word, text: {
            **detail,
            "datetime": time,
            "status": word,
            "message": text,
        },
        st.sampled_from(found),
        times,
        words,
        st.sampled_from(["", "one", "two"]),
    )
    return st.lists(st.sampled_from(found) | damaged, max_size=8)


@given(found=details(), data=st.data())
def test_the_order_and_repetition_of_details_are_irrelevant(
    found: list[object], data: st.DataObject
) -> None:
    """For parcels, warnings and what is unread alike."""
    again = data.draw(st.lists(st.sampled_from(found), max_size=8)) if found else []
    shuffled = data.draw(st.permutations([*found, *again]))

    reading = read_scans(replaced(WEBHOOK, ("result", "tracking_details"), found))
    other = read_scans(replaced(WEBHOOK, ("result", "tracking_details"), shuffled))

    assert other == reading
