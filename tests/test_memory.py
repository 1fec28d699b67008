"""What the adapters in memory do beside what their ports promise, and a hundred writers at once."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from apaclogistics.adapters.memory import (
    CountedIdentifiers,
    ManualClock,
    MemoryStorage,
    TransactionEndedError,
)
from apaclogistics.adapters.system import RandomIdentifiers, SystemClock
from apaclogistics.errors import InvalidValueError, NotFoundError
from apaclogistics.ledger import Wallet
from apaclogistics.ports import ConcurrencyConflictError, Event
from apaclogistics.testing import contracts
from apaclogistics.values.identifiers import SellerId
from tests.samples import BUYER, SELLER, day, registered, usd

WRITES: Final = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 1_000


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Switch between threads as often as Python can, so that they do meet."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_a_hundred_writers_lose_nothing() -> None:
    """Every accepted write is a version of its own, and what is counted is what was written."""
    tally = contracts.count_up(MemoryStorage(), threads=100, increments=WRITES // 100)

    assert (tally.accepted, tally.version, tally.counted) == (WRITES, WRITES, WRITES)
    assert tally.conflicts > 0


def test_a_transaction_that_is_over_says_how_one_is_used() -> None:
    """The sentence tells what to do."""
    work = MemoryStorage().unit_of_work()

    with pytest.raises(TransactionEndedError, match="is used within its with statement"):
        work.sellers.find(SellerId("s-1"))


def test_a_transaction_that_failed_to_commit_is_over() -> None:
    """There is nothing to be saved by trying again in it."""
    storage = MemoryStorage()
    with storage.unit_of_work() as slow:
        slow.sellers.save(registered(), expected=0)
        with storage.unit_of_work() as fast:
            fast.sellers.save(registered(), expected=0)
            fast.commit()

        with pytest.raises(ConcurrencyConflictError):
            slow.commit()

        with pytest.raises(TransactionEndedError):
            slow.commit()


def test_a_conflict_names_the_thing_and_both_versions() -> None:
    """Whoever reads it knows what to load again."""
    with (
        MemoryStorage().unit_of_work() as work,
        pytest.raises(ConcurrencyConflictError) as conflict,
    ):
        work.wallets.save(Wallet(SELLER), expected=3)

    assert str(conflict.value) == "wallet seller s-1 is at version 0, not 3"


def test_what_is_missing_is_named() -> None:
    """By its kind and its identifier."""
    with MemoryStorage().unit_of_work() as work, pytest.raises(NotFoundError) as missing:
        work.wallets.get(BUYER)

    assert str(missing.value) == "no wallet is stored under 'buyer b-1'"


def test_two_saves_in_one_transaction_make_one_version() -> None:
    """Nobody else ever sees the first."""
    storage = MemoryStorage()
    with storage.unit_of_work() as work:
        first = work.wallets.save(Wallet(SELLER), expected=0)
        second = work.wallets.save(
            Wallet(SELLER).deposit(usd("1.00"), "top-up", at=day(1)), expected=first
        )
        work.commit()

    with storage.unit_of_work() as work:
        stored = work.wallets.get(SELLER)

    assert (first, second, stored.version) == (1, 1, 1)
    assert stored.value.available(usd("0").currency) == usd("1.00")


def test_an_event_that_is_told_twice_is_delivered_once() -> None:
    """Its kind, identifier and sequence are what it is."""
    storage = MemoryStorage()
    event = Event(kind="order", id="o-1", sequence=1, action="place", at=day(1))
    for _ in range(2):
        with storage.unit_of_work() as work:
            work.outbox.append(event)
            work.commit()

    with storage.unit_of_work() as work:
        assert list(work.outbox.pending()) == [event]


def test_what_was_rolled_back_does_not_come_back() -> None:
    """A transaction that is over stays over."""
    storage = MemoryStorage()
    work = storage.unit_of_work()
    with work:
        work.sellers.save(registered(), expected=0)

    with pytest.raises(TransactionEndedError), work:
        work.commit()

    with storage.unit_of_work() as fresh:
        assert fresh.sellers.find(SellerId("s-1")) is None


def test_a_clock_stands_still_until_it_is_moved() -> None:
    """And each move says what time it is then."""
    clock = ManualClock("2026-03-01T09:00:00+08:00")

    times = [
        clock.now(),
        clock.now(),
        clock.advance(timedelta(hours=8)),
        clock.now(),
        clock.move_to("2026-03-02T09:00:00Z"),
        clock.now(),
    ]

    assert times == [day(1, 1), day(1, 1), day(1, 9), day(1, 9), day(2, 9), day(2, 9)]


def test_a_clock_never_runs_backwards() -> None:
    """A slip in a test would go unnoticed if an earlier instant, or a negative span, moved nothing."""
    clock = ManualClock(day(2))

    with pytest.raises(InvalidValueError) as moving:
        clock.move_to(day(1))
    with pytest.raises(InvalidValueError, match="is over"):
        clock.advance(timedelta(days=-1))

    said = "instant '2026-03-01T09:00:00Z' is over; allowed: 2026-03-02T09:00:00Z or later"
    assert str(moving.value) == said
    assert clock.now() == clock.move_to(day(2)) == clock.advance(timedelta(0)) == day(2)


def test_a_clock_is_not_set_to_a_time_without_a_zone() -> None:
    """No zone is guessed."""
    with pytest.raises(InvalidValueError, match="has no zone"):
        ManualClock("2026-03-01T09:00:00")


def test_the_system_clock_tells_the_present_in_utc() -> None:
    """Between two looks at the machine's own."""
    before = datetime.now(UTC)

    now = SystemClock().now()

    assert before <= now <= datetime.now(UTC)
    assert now.timezone_name == "UTC"


def test_counted_identifiers_count_each_kind() -> None:
    """From one, so that a run can be repeated."""
    ids = CountedIdentifiers()

    given = [ids.new("shipment"), ids.new("quote"), ids.new("shipment")]

    assert given == ["shipment-1", "quote-1", "shipment-2"]


@pytest.mark.usefixtures("restless_threads")
def test_counted_identifiers_are_never_given_twice() -> None:
    """Not to eight threads at once either."""
    ids = CountedIdentifiers()

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(ids.new, ["shipment"] * 1000))

    assert sorted(given) == sorted(f"shipment-{number}" for number in range(1, 1001))


def test_random_identifiers_differ_and_say_what_they_are_of() -> None:
    """Two sources do not give the same either."""
    given = {RandomIdentifiers().new("claim") for _ in range(100)}

    assert len(given) == 100
    assert all(id.startswith("claim-") for id in given)
