"""The contract of storage: versions, transactions and their ends."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import attrs
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import ApacLogisticsError, NotFoundError
from apaclogistics.ports import Storage, UnitOfWork
from apaclogistics.testing import _specimens as specimens
from apaclogistics.testing._promises import EXAMPLES, Refusal, expect
from apaclogistics.testing._specimens import KINDS, Kind
from apaclogistics.testing._transactions import (
    CONFLICT,
    THROUGH,
    NewStorage,
    StorageCheck,
    outcome,
    pending,
    save,
    saving,
    stored,
)
from apaclogistics.values.identifiers import OrderId, ShipmentId, tracking_number
from apaclogistics.values.instants import Instant

__all__ = (
    "TRANSACTIONS",
    "a_commit_across_kinds_is_all_or_nothing",
    "a_save_at_another_version_conflicts",
    "a_transaction_is_begun_once",
    "a_transaction_is_over_once_it_is_committed",
    "a_transaction_is_over_once_its_block_is_left",
    "a_transaction_is_used_once_it_has_begun",
    "a_transaction_reads_its_own_writes",
    "an_exception_rolls_back_and_comes_out",
    "an_unknown_identifier_is_not_found",
    "each_commit_makes_the_next_version",
    "nobody_sees_what_is_not_committed",
    "of_two_who_read_one_version_only_one_saves",
    "of_two_who_saved_one_thing_only_one_commits",
    "two_saves_in_one_transaction_leave_the_second",
    "what_is_not_committed_is_rolled_back",
    "what_was_read_once_is_read_the_same_again",
    "whatever_is_saved_comes_back_the_same",
)


def an_unknown_identifier_is_not_found(storage: NewStorage) -> None:
    """Find nothing under an identifier that was never saved, and refuse to get it."""
    for kind in KINDS:
        with storage().unit_of_work() as work:
            expect(f"an unknown {kind.name} is found as None", kind.find(work, 1), None)
            with Refusal(f"getting an unknown {kind.name} raises NotFoundError", NotFoundError):
                kind.get(work, 1)


def each_commit_makes_the_next_version(storage: NewStorage) -> None:
    """Count versions from 1, the first save's, and read the last one."""
    for kind in KINDS:
        kept = storage()
        for expected in range(3):
            version = save(kept, kind, edition=expected, expected=expected)
            expect(f"saving a {kind.name} gives the next version", version, expected + 1)
        found = stored(kept, kind)
        expect(f"the last {kind.name} is read", found, (kind.make(1, 2), 3))


def whatever_is_saved_comes_back_the_same(storage: NewStorage) -> None:
    """Give back an equal thing of the same types, down to the zones of its instants."""

    @EXAMPLES
    @given(st.sampled_from(KINDS), st.data())
    def comes_back(kind: Kind, data: st.DataObject) -> None:
        saved, read = kind.kept(storage(), data)
        expect(f"a {kind.name} is read as it was saved", read, saved)
        same = f"a {kind.name} is read with the types it was saved with"
        expect(same, list(_types(read)), list(_types(saved)))

    comes_back()


def _types(value: object) -> Iterator[object]:
    """Walk through a value, and give the types and zones of what it is made of."""
    yield type(value)
    if isinstance(value, Instant):
        yield value.timezone_name
    elif isinstance(value, tuple):
        for item in value:
            yield from _types(item)
    elif isinstance(value, frozenset):
        yield {type(item) for item in value}
    elif attrs.has(kind := type(value)):
        for field in attrs.fields(kind):
            yield from _types(getattr(value, field.name))


def a_save_at_another_version_conflicts(storage: NewStorage) -> None:
    """Refuse a save at a version that the thing is not at, and change nothing."""
    for kind in KINDS:
        kept = storage()
        _refuse_save(kept, kind, expected=1, found=None)
        save(kept, kind)
        for expected in (0, 2):
            _refuse_save(kept, kind, expected=expected, found=(kind.make(1), 1))


def _refuse_save(
    storage: Storage, kind: Kind, *, expected: int, found: tuple[object, int] | None
) -> None:
    with storage.unit_of_work() as work:
        saved = outcome(saving(work, kind, 7, expected=expected), work.commit)
    at = found[1] if found else 0
    expect(f"a {kind.name} at version {at} is not saved at version {expected}", saved, CONFLICT)
    expect(f"a save that conflicts leaves the {kind.name}", stored(storage, kind), found)


def of_two_who_read_one_version_only_one_saves(storage: NewStorage) -> None:
    """Refuse, at the save or at the commit, who read before somebody else committed."""
    for kind in KINDS:
        kept = storage()
        save(kept, kind)
        with kept.unit_of_work() as slow:
            kind.get(slow, 1)
            save(kept, kind, edition=1, expected=1)
            saved = outcome(saving(slow, kind, 2, expected=1), slow.commit)
        expect(f"a {kind.name} that was overtaken is not saved", saved, CONFLICT)
        expect(f"the faster {kind.name} stays", stored(kept, kind), (kind.make(1, 1), 2))


def of_two_who_saved_one_thing_only_one_commits(storage: NewStorage) -> None:
    """Let one of two commits through that would both make the same version, new or not."""
    for kind in KINDS:
        kept = storage()
        for expected in (0, 1):
            _race(kept, kind, expected)


def _race(storage: Storage, kind: Kind, expected: int) -> None:
    with storage.unit_of_work() as one, storage.unit_of_work() as other:
        works = {1: one, 2: other}
        saved = {
            edition: outcome(saving(work, kind, edition, expected=expected))
            for edition, work in works.items()
        }
        winners = [
            kind.make(1, edition)
            for edition, work in works.items()
            if saved[edition] == THROUGH == outcome(work.commit)
        ]
    expect(f"of two who save one {kind.name} one commits", len(winners), 1)
    found = stored(storage, kind)
    expect(f"the {kind.name} that was committed is read", found, (winners[0], expected + 1))


def what_is_not_committed_is_rolled_back(storage: NewStorage) -> None:
    """Forget what was saved in a transaction that ends without a commit."""
    for kind in KINDS:
        kept = storage()
        with kept.unit_of_work() as work:
            kind.save(work, 1)
        expect(f"a {kind.name} is rolled back unless committed", stored(kept, kind), None)


class _InterruptionError(Exception):
    """Interrupt a transaction as a host's own error would."""


def an_exception_rolls_back_and_comes_out(storage: NewStorage) -> None:
    """Roll back when the block raises, and let the error through as it is."""
    for kind in KINDS:
        kept = storage()
        with (
            Refusal("an error in the block comes out of it", _InterruptionError),
            kept.unit_of_work() as work,
        ):
            kind.save(work, 1)
            raise _InterruptionError
        expect(f"a {kind.name} is rolled back on an error", stored(kept, kind), None)


def a_transaction_reads_its_own_writes(storage: NewStorage) -> None:
    """Give what was saved to the reads of the same transaction, before it is committed."""
    for kind in KINDS:
        kept = storage()
        save(kept, kind)
        with kept.unit_of_work() as work:
            versions = (
                kind.save(work, 1, 1, expected=1),
                kind.save(work, 2, 0, expected=0),
            )
            expect("versions are those of a commit", versions, (2, 1))
            own = f"a transaction reads the {kind.name} that it saved"
            expect(own, kind.find(work, 1), (kind.make(1, 1), 2))
            expect(own, kind.get(work, 2), (kind.make(2), 1))
            expect(own, kind.page(work), [kind.key(1), kind.key(2)])


def two_saves_in_one_transaction_leave_the_second(storage: NewStorage) -> None:
    """Let a transaction save a thing twice; the second save expects what the first gave."""
    for kind in KINDS:
        kept = storage()
        with kept.unit_of_work() as work:
            first = kind.save(work, 1, 1, expected=0)
            ended = outcome(saving(work, kind, 2, expected=first), work.commit)
        expect(f"a {kind.name} may be saved twice in a transaction", ended, THROUGH)
        found = stored(kept, kind)
        expect(f"the second save of a {kind.name} counts", found and found[0], kind.make(1, 2))


def what_was_read_once_is_read_the_same_again(storage: NewStorage) -> None:
    """Keep what a transaction has read, whatever others commit meanwhile."""
    for kind in KINDS:
        kept = storage()
        save(kept, kind)
        with kept.unit_of_work() as work:
            before = kind.find(work, 1), kind.find(work, 2)
            save(kept, kind, edition=1, expected=1)
            save(kept, kind, 2)
            after = kind.find(work, 1), kind.find(work, 2)
        expect(f"a {kind.name} is read the same again", after, before)


def nobody_sees_what_is_not_committed(storage: NewStorage) -> None:
    """Hide from other transactions what was saved and not committed."""
    for kind in KINDS:
        kept = storage()
        with kept.unit_of_work() as writer:
            kind.save(writer, 1)
            with kept.unit_of_work() as reader:
                hidden = f"a {kind.name} is hidden until it is committed"
                expect(hidden, kind.find(reader, 1), None)
                expect(hidden, kind.page(reader), [])


def a_commit_across_kinds_is_all_or_nothing(storage: NewStorage) -> None:
    """Commit things of every kind and an event together, and on one conflict none of them."""
    for odd in KINDS:
        kept = storage()
        _save_all(kept, 1, expected=0)
        with kept.unit_of_work() as work:
            odd.get(work, 1)
            save(kept, odd, edition=2, expected=1)
            committed = outcome(_saving_all(work, 3, expected=1), work.commit)
        expect(f"a commit fails for one {odd.name} that was overtaken", committed, CONFLICT)
        for kind in KINDS:
            left = (kind.make(1, 2), 2) if kind is odd else (kind.make(1, 1), 1)
            promise = f"a commit that failed for a {odd.name} leaves the {kind.name}"
            expect(promise, stored(kept, kind), left)
        expect("a commit that failed tells nothing", pending(kept), [specimens.event(1, 1)])


def _saving_all(work: UnitOfWork, edition: int, *, expected: int) -> Callable[[], object]:
    def save_all() -> None:
        for kind in KINDS:
            kind.save(work, 1, edition, expected=expected)
        work.outbox.append(specimens.event(1, edition))

    return save_all


def _save_all(storage: Storage, edition: int, *, expected: int) -> None:
    with storage.unit_of_work() as work:
        _saving_all(work, edition, expected=expected)()
        work.commit()
    for kind in KINDS:
        found = stored(storage, kind)
        expect(f"a {kind.name} is committed with the others", found, (kind.make(1, edition), 1))


def _uses(work: UnitOfWork) -> dict[str, Callable[[], object]]:
    """Give everything that can be done with a transaction."""
    uses: dict[str, Callable[[], object]] = {
        "finding by seller": lambda: work.listings.of_seller(specimens.owner(1)),
        "finding what is published": work.listings.published,
        "finding by order": lambda: work.shipments.of_order(OrderId("o-1")),
        "finding by number": lambda: work.shipments.by_number(tracking_number("N1")),
        "finding bundles": lambda: work.bundles.of_shipment(ShipmentId("sh-1")),
        "finding inquiries": lambda: work.inquiries.of_shipment(ShipmentId("sh-1")),
        "finding claims": lambda: work.claims.of_shipment(ShipmentId("sh-1")),
        "appending an event": lambda: work.outbox.append(specimens.event(1, 1)),
        "reading events": work.outbox.pending,
        "acknowledging events": lambda: work.outbox.acknowledge([]),
        "committing": work.commit,
    }
    for kind in KINDS:
        uses[f"finding a {kind.name}"] = partial(kind.find, work, 1)
        uses[f"getting a {kind.name}"] = partial(kind.get, work, 1)
        uses[f"saving a {kind.name}"] = partial(kind.save, work, 1)
        uses[f"paging through {kind.name}s"] = partial(kind.page, work)
    return uses


def _expect_closed(work: UnitOfWork, when: str) -> None:
    for name, use in _uses(work).items():
        promise = f"{name} {when} raises an error of the library that says so"
        with Refusal(promise, ApacLogisticsError, but_not=NotFoundError):
            use()


def a_transaction_is_used_once_it_has_begun(storage: NewStorage) -> None:
    """Refuse with an error of the library whatever is done before the block is entered."""
    _expect_closed(storage().unit_of_work(), "before the transaction begins")


def a_transaction_is_over_once_it_is_committed(storage: NewStorage) -> None:
    """Refuse with an error of the library whatever is done after the commit."""
    kept = storage()
    with kept.unit_of_work() as work:
        work.commit()
        _expect_closed(work, "after the commit")
    _expect_empty(kept)


def a_transaction_is_over_once_its_block_is_left(storage: NewStorage) -> None:
    """Refuse with an error of the library whatever is done after the block."""
    kept = storage()
    with kept.unit_of_work() as work:
        pass
    _expect_closed(work, "after the transaction")
    _expect_empty(kept)


def a_transaction_is_begun_once(storage: NewStorage) -> None:
    """Refuse to enter the block again, so that what was rolled back never comes back."""
    kept = storage()
    work = kept.unit_of_work()
    with work:
        for kind in KINDS:
            kind.save(work, 1)
    with Refusal("a transaction that is over is not begun again", ApacLogisticsError), work:
        work.commit()
    _expect_empty(kept)


def _expect_empty(storage: Storage) -> None:
    for kind in KINDS:
        found = stored(storage, kind)
        expect(f"a {kind.name} saved after the transaction is not kept", found, None)
    expect("an event told after the transaction is not kept", pending(storage), [])


TRANSACTIONS: Final[tuple[StorageCheck, ...]] = (
    an_unknown_identifier_is_not_found,
    each_commit_makes_the_next_version,
    whatever_is_saved_comes_back_the_same,
    a_save_at_another_version_conflicts,
    of_two_who_read_one_version_only_one_saves,
    of_two_who_saved_one_thing_only_one_commits,
    what_is_not_committed_is_rolled_back,
    an_exception_rolls_back_and_comes_out,
    a_transaction_reads_its_own_writes,
    two_saves_in_one_transaction_leave_the_second,
    what_was_read_once_is_read_the_same_again,
    nobody_sees_what_is_not_committed,
    a_commit_across_kinds_is_all_or_nothing,
    a_transaction_is_used_once_it_has_begun,
    a_transaction_is_over_once_it_is_committed,
    a_transaction_is_over_once_its_block_is_left,
    a_transaction_is_begun_once,
)
