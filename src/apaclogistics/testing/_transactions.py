"""Transactions of the contract of storage: one save, one read, two that meet."""

from collections.abc import Callable
from typing import Final, TypeAlias

from apaclogistics.ports import ConcurrencyConflictError, Event, Storage, UnitOfWork
from apaclogistics.testing._specimens import Kind

__all__ = (
    "CONFLICT",
    "THROUGH",
    "NewStorage",
    "StorageCheck",
    "outcome",
    "pending",
    "save",
    "saving",
    "stored",
)

NewStorage: TypeAlias = Callable[[], Storage]
StorageCheck: TypeAlias = Callable[[NewStorage], None]

THROUGH: Final = "went through"
CONFLICT: Final = "conflicted"


def save(
    storage: Storage, kind: Kind, number: int = 1, edition: int = 0, *, expected: int = 0
) -> int:
    """Save a thing in a transaction of its own; give its version."""
    with storage.unit_of_work() as work:
        version = kind.save(work, number, edition, expected=expected)
        work.commit()
    return version


def stored(storage: Storage, kind: Kind, number: int = 1) -> tuple[object, int] | None:
    """Read a thing and its version in a transaction of its own."""
    with storage.unit_of_work() as work:
        return kind.find(work, number)


def outcome(*steps: Callable[[], object]) -> str:
    """Take steps until one conflicts; tell whether all of them went through."""
    try:
        for step in steps:
            step()
    except ConcurrencyConflictError:
        return CONFLICT
    return THROUGH


def saving(work: UnitOfWork, kind: Kind, edition: int, *, expected: int) -> Callable[[], object]:
    """Give the step that saves an edition of the first thing."""
    return lambda: kind.save(work, 1, edition, expected=expected)


def pending(storage: Storage) -> list[Event]:
    """Read the events that were not acknowledged."""
    with storage.unit_of_work() as work:
        return list(work.outbox.pending())
