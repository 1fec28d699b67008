"""The contract of storage: nothing is lost, in parallel or one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from time import sleep
from typing import Final, TypeAlias

import attrs
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.ports import ConcurrencyConflictError, Storage, UnitOfWork
from apaclogistics.testing import _specimens as specimens
from apaclogistics.testing._promises import EXAMPLES, ContractBrokenError, expect
from apaclogistics.testing._specimens import KINDS, Kind
from apaclogistics.testing._transactions import (
    CONFLICT,
    THROUGH,
    NewStorage,
    StorageCheck,
    outcome,
)

__all__ = (
    "COUNTING",
    "Tally",
    "count_up",
    "increments_in_parallel_are_never_lost",
    "storage_acts_like_a_dictionary",
)

_MOST_TRIES: Final = 10_000
_COUNTER: Final = specimens.receipt(0).key


@attrs.frozen(kw_only=True)
class Tally:
    """What came of counting in parallel: all three are equal unless something was lost.

    `accepted` is how many commits went through, `version` and `counted` what is stored in the end;
    `conflicts` is how many did not go through and were tried again.
    """

    accepted: int
    version: int
    counted: int
    conflicts: int


def count_up(storage: Storage, *, threads: int, increments: int) -> Tally:
    """Add one to the same thing in several threads, so often in each, anew after a conflict.

    Raises:
        ContractBrokenError: if an increment never goes through.
    """
    start = Barrier(threads)

    def add(_: int) -> int:
        start.wait()
        return sum(_add_one(storage) for _ in range(increments))

    with ThreadPoolExecutor(threads) as pool:
        conflicts = sum(pool.map(add, range(threads)))
    with storage.unit_of_work() as work:
        stored = work.receipts.get(_COUNTER)
    counted = int(stored.value.reason)
    accepted = threads * increments
    return Tally(accepted=accepted, version=stored.version, counted=counted, conflicts=conflicts)


def _add_one(storage: Storage) -> int:
    """Add one, and give how many tries conflicted before."""
    for tried in range(_MOST_TRIES):
        with suppress(ConcurrencyConflictError), storage.unit_of_work() as work:
            stored = work.receipts.find(_COUNTER)
            version, counted = (stored.version, stored.value.reason) if stored else (0, "0")
            # Whoever waits is let in, so that threads do meet.
            sleep(0)
            work.receipts.save(specimens.receipt(0, int(counted) + 1), expected=version)
            work.commit()
            return tried
    raise ContractBrokenError("whoever tries again comes through", f"{_MOST_TRIES} conflicts")


def increments_in_parallel_are_never_lost(storage: NewStorage) -> None:
    """Lose no update of eight threads that count together: what is accepted is stored."""
    tally = count_up(storage(), threads=8, increments=25)
    found = (tally.version, tally.counted)
    expect("every accepted increment is a version", found, (tally.accepted, tally.accepted))


_Change: TypeAlias = tuple[int, bool]


_PROGRAMMES: Final = st.lists(
    st.tuples(st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=4), st.booleans()),
    max_size=8,
)


def storage_acts_like_a_dictionary(storage: NewStorage) -> None:
    """Hold after any transactions, one after the other, what a dictionary would hold."""

    @EXAMPLES
    @given(st.sampled_from(KINDS), _PROGRAMMES)
    def acts(kind: Kind, programme: list[tuple[list[_Change], bool]]) -> None:
        kept, model = storage(), dict[int, object]()
        for edition, (changes, is_committed) in enumerate(programme):
            model |= _transact(kept, kind, edition, changes, is_committed=is_committed)
            with kept.unit_of_work() as work:
                found = {number: kind.find(work, number) for number in (1, 2, 3)}
            read = {number: found[0] for number, found in found.items() if found}
            expect(f"a {kind.name} is kept as in a dictionary", read, model)

    acts()


def _transact(
    storage: Storage, kind: Kind, edition: int, changes: list[_Change], *, is_committed: bool
) -> dict[int, object]:
    """Save things in one transaction, some at a wrong version; give what must be stored of it."""
    with storage.unit_of_work() as work:
        ended = outcome(
            *(_changing(work, kind, edition, change) for change in changes),
            *([work.commit] if is_committed else []),
        )
    is_wrong = any(is_stale for _, is_stale in changes)
    if is_committed:
        expected = CONFLICT if is_wrong else THROUGH
        expect("a transaction conflicts if one of its saves does", ended, expected)
    if is_wrong or not is_committed:
        return {}
    return {number: kind.make(number, edition) for number, _ in changes}


def _changing(work: UnitOfWork, kind: Kind, edition: int, change: _Change) -> Callable[[], object]:
    number, is_stale = change

    def save() -> None:
        found = kind.find(work, number)
        version = found[1] if found else 0
        kind.save(work, number, edition, expected=version + is_stale)

    return save


COUNTING: Final[tuple[StorageCheck, ...]] = (
    increments_in_parallel_are_never_lost,
    storage_acts_like_a_dictionary,
)
