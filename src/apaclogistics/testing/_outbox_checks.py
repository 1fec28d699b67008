"""The contract of storage: events are written in their commit, and delivered at least once."""

from datetime import timedelta
from typing import Final

from apaclogistics.ports import Event, Storage
from apaclogistics.testing import _specimens as specimens
from apaclogistics.testing._promises import expect
from apaclogistics.testing._transactions import NewStorage, StorageCheck, pending
from apaclogistics.values.instants import instant

__all__ = (
    "OUTBOX",
    "an_acknowledged_event_never_comes_again",
    "an_acknowledgement_that_is_rolled_back_does_not_count",
    "an_event_comes_again_until_it_is_acknowledged",
    "events_come_with_their_commit",
    "events_of_an_aggregate_come_in_order",
    "pending_events_are_limited_from_the_oldest_on",
)

_NOON: Final = instant("2026-03-02T12:00:00Z")
_HOUR: Final = timedelta(hours=1)


def _append(storage: Storage, *events: Event) -> None:
    with storage.unit_of_work() as work:
        for event in events:
            work.outbox.append(event)
        work.commit()


def _acknowledge(storage: Storage, *events: Event) -> None:
    with storage.unit_of_work() as work:
        work.outbox.acknowledge(events)
        work.commit()


def events_come_with_their_commit(storage: NewStorage) -> None:
    """Deliver an event once its transaction is committed, and never if that is rolled back."""
    kept = storage()
    event = specimens.event(1, 1)
    with kept.unit_of_work() as work:
        work.outbox.append(event)
        expect("an event is hidden until it is committed", pending(kept), [])
    expect("an event is rolled back with its transaction", pending(kept), [])
    _append(kept, event)
    expect("an event comes once it is committed", pending(kept), [event])


def events_of_an_aggregate_come_in_order(storage: NewStorage) -> None:
    """Deliver the events of one aggregate in the order in which they were committed."""
    kept = storage()
    # The instants run backwards, and the identifiers too: neither is what counts.
    sent = [
        specimens.event(9 - turn % 2, turn // 2 + 1, at=instant(_NOON - turn * _HOUR))
        for turn in range(24)
    ]
    for first, second in zip(sent[::2], sent[1::2], strict=True):
        _append(kept, first, second)
    for id in ("o-8", "o-9"):
        sequences = [event.sequence for event in pending(kept) if event.id == id]
        expect("the events of an aggregate come in order", sequences, list(range(1, 13)))


def an_event_comes_again_until_it_is_acknowledged(storage: NewStorage) -> None:
    """Deliver at least once: reading an event does not use it up, in whatever transaction."""
    kept = storage()
    events = [specimens.event(1, 1), specimens.event(1, 2)]
    _append(kept, *events)
    with kept.unit_of_work() as work:
        expect("events are read", list(work.outbox.pending()), events)
        work.commit()
    expect("events come again until they are acknowledged", pending(kept), events)
    _acknowledge(kept, events[0])
    expect("what is not acknowledged comes again", pending(kept), events[1:])


def an_acknowledged_event_never_comes_again(storage: NewStorage) -> None:
    """Deliver no event that was acknowledged; doing so again changes nothing."""
    kept = storage()
    first, second, third = (specimens.event(1, sequence) for sequence in (1, 2, 3))
    _append(kept, first, second)
    _acknowledge(kept, first)
    _acknowledge(kept, first)
    _append(kept, third)
    expect("an acknowledged event never comes again", pending(kept), [second, third])
    _acknowledge(kept, second, third)
    expect("nothing is left when all is acknowledged", pending(kept), [])


def an_acknowledgement_that_is_rolled_back_does_not_count(storage: NewStorage) -> None:
    """Deliver an event again when the transaction that acknowledged it is rolled back."""
    kept = storage()
    event = specimens.event(1, 1)
    _append(kept, event)
    with kept.unit_of_work() as work:
        work.outbox.acknowledge([event])
    expect("an acknowledgement is rolled back unless committed", pending(kept), [event])


def pending_events_are_limited_from_the_oldest_on(storage: NewStorage) -> None:
    """Give so many events, the oldest first, so that none of them waits for ever."""
    kept = storage()
    events = [specimens.event(1, sequence) for sequence in range(1, 6)]
    _append(kept, *events)
    with kept.unit_of_work() as work:
        first = list(work.outbox.pending(limit=2))
    expect("the oldest events come first", first, events[:2])
    _acknowledge(kept, *first)
    with kept.unit_of_work() as work:
        expect("then the next", list(work.outbox.pending(limit=2)), events[2:4])


OUTBOX: Final[tuple[StorageCheck, ...]] = (
    events_come_with_their_commit,
    events_of_an_aggregate_come_in_order,
    an_event_comes_again_until_it_is_acknowledged,
    an_acknowledged_event_never_comes_again,
    an_acknowledgement_that_is_rolled_back_does_not_count,
    pending_events_are_limited_from_the_oldest_on,
)
