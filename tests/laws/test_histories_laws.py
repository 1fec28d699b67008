"""The laws of tracking, over every history that the feeds give.

* Whatever the order of arrival, the repetition and the batching, one shipment comes of it: over all
  orders of up to six scans, and over a thousand random ones of more, each scan one to three times,
  singly or in batches.
* Observing two batches, one after the other, is observing what is in either.
* Observing never raises, not even all scans of all histories at once.
"""

import sys
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise, permutations
from math import factorial
from random import Random

import attrs
import pytest

from apaclogistics.consignments import Label
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Scan, track
from apaclogistics.values.identifiers import ParcelId, tracking_number
from tests.histories import HISTORIES, READ, History
from tests.real_data import with_data
from tests.samples import PLATFORM, adoption, day, drafted

# Of more scans than this there are too many orders to try them all.
SMALL = 6
MANY = 1000
SPLITS = 200

each_history = pytest.mark.parametrize("history", HISTORIES, ids=str)


def dice(history: History) -> Random:
    """Give chance that is the same in every run."""
    return Random(str(history))  # noqa: S311  # for orders, not for secrets


def shipment_of(history: History) -> Shipment:
    """Give a shipment of the parcel that was adopted before anything was seen of it."""
    numbers = tuple(map(tracking_number, dict.fromkeys(history.numbers)))
    booking = attrs.evolve(adoption(), labels=(Label(ParcelId("p-1"), numbers),))
    return drafted().adopt(booking, by=PLATFORM, at=day(3))


def orders(scans: Sequence[Scan], random: Random) -> Iterator[Sequence[Scan]]:
    """Give all orders of a few scans, and many random ones of more."""
    if len(scans) <= SMALL:
        yield from permutations(scans)
    else:
        for _ in range(MANY):
            yield random.sample(scans, len(scans))


def tried(history: History) -> int:
    """Count the orders that are tried of a history."""
    return factorial(len(history.scans)) if len(history.scans) <= SMALL else MANY


def repeated(order: Sequence[Scan], random: Random) -> list[Scan]:
    """Let each scan come one to three times; the repeats come whenever they like."""
    arriving = list(order)
    for scan in order:
        for _ in range(random.randint(0, 2)):
            arriving.insert(random.randint(arriving.index(scan) + 1, len(arriving)), scan)
    return arriving


def batches(arriving: Sequence[Scan], random: Random) -> list[Sequence[Scan]]:
    """Let scans come singly, all at once, or in batches of any size."""
    size = random.choice([1, len(arriving), random.randint(1, len(arriving))])
    ends = [*range(0, len(arriving), size), len(arriving)]
    return [arriving[start:end] for start, end in pairwise(ends)]


@each_history
def test_one_shipment_comes_of_whatever_order_repetition_and_batching(history: History) -> None:
    """The scans, and with them the phase, the flags and the timeline."""
    random, begun = dice(history), shipment_of(history)
    final, tracking = begun.observe(history.scans), track(history.scans)

    count = 0
    for order in orders(history.scans, random):
        arriving = repeated(order, random)
        shipment = reduce(Shipment.observe, batches(arriving, random), begun)

        assert shipment == final
        assert track(arriving) == tracking
        count += 1
    assert count == tried(history)


@each_history
def test_observing_two_batches_is_observing_what_is_in_either(history: History) -> None:
    """Whichever scans are in one, in the other, or in both."""
    random, begun = dice(history), shipment_of(history)
    final = begun.observe(history.scans)

    for _ in range(SPLITS):
        where = [random.choice(["one", "other", "both"]) for _ in history.scans]
        one = {s for s, it in zip(history.scans, where, strict=True) if it != "other"}
        other = {s for s, it in zip(history.scans, where, strict=True) if it != "one"}

        assert begun.observe(one).observe(other) == begun.observe(one | other) == final


@each_history
def test_every_scan_of_a_history_is_of_its_parcel(history: History) -> None:
    """None is a stray, and each stands in the timeline once."""
    shipment = shipment_of(history).observe(history.scans)
    (tracking,) = shipment.trackings.values()

    assert shipment.strays == ()
    assert [entry.scan for entry in tracking.timeline] == list(history.scans)


def test_all_scans_of_all_histories_at_once_raise_nothing() -> None:
    """What is of other parcels is kept as strays."""
    scans = [scan for history in HISTORIES for scan in history.scans]
    begun = shipment_of(HISTORIES[0])
    final = begun.observe(scans)

    for seed in range(100):
        shuffled = Random(seed).sample(scans, len(scans))  # noqa: S311  # for orders
        assert begun.observe(shuffled) == final
    assert track(scans) == track(reversed(scans))


@with_data
def test_the_laws_hold_over_real_histories(capsys: pytest.CaptureFixture[str]) -> None:
    """How many of them, and in how many orders of arrival, is said."""
    real = [history for history in HISTORIES if "/" in history.document]

    scans = sum(len(history.scans) for history in real)
    arrivals = sum(map(tried, HISTORIES))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(HISTORIES)} histories, {len(real)} of them real with {scans} scans "
            f"from {len(READ)} documents: {arrivals} orders of arrival\n"
        )
    assert len({history.document.partition("/")[0] for history in real}) >= 4
    assert len({history.document for history in real}) >= 12
