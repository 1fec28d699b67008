"""In-memory adapters: storage that really conflicts, a clock that one sets, counted identifiers.

They are products, not stand-ins: transactions are isolated and roll back, and concurrent writers
conflict.  The carrier that belongs to them is in `apaclogistics.adapters.simulation`, the clock of
the machine in `apaclogistics.adapters.system`.

>>> storage = MemoryStorage()
>>> with storage.unit_of_work() as work:
...     work.sellers.find(SellerId("s-1")) is None
True
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from threading import Lock, RLock
from types import TracebackType
from typing import ClassVar, Generic, Protocol, Self, TypeVar

from apaclogistics.bundles import Bundle
from apaclogistics.claims import Claim
from apaclogistics.errors import ApacLogisticsError, InvalidValueError, NotFoundError
from apaclogistics.inquiries import Inquiry
from apaclogistics.ledger import Wallet
from apaclogistics.lifecycle import Actor
from apaclogistics.listings import Listing, ListingState
from apaclogistics.orders import Order
from apaclogistics.ports import ConcurrencyConflictError, Event, Receipt, Stored
from apaclogistics.sellers import Seller
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import (
    BundleId,
    ClaimId,
    IdempotencyKey,
    InquiryId,
    ListingId,
    OrderId,
    SellerId,
    ShipmentId,
    TrackingNumber,
)
from apaclogistics.values.instants import Instant, instant, to_text

__all__ = (
    "CountedIdentifiers",
    "ManualClock",
    "MemoryStorage",
    "MemoryUnitOfWork",
    "TransactionEndedError",
)


class TransactionEndedError(ApacLogisticsError):
    """Report that a unit of work is used before it began or after it ended."""

    code: ClassVar[str] = "transaction_ended"

    def __str__(self) -> str:
        """Say how a unit of work is used."""
        return "a unit of work is used within its with statement, and until it is committed"


K = TypeVar("K")
T = TypeVar("T")


class _Table(Generic[T]):
    """What is committed of one kind, by the text of its identifier."""

    def __init__(self, kind: str, key: Callable[[T], object]) -> None:
        self.kind = kind
        self.key = key
        self.rows: dict[str, Stored[T]] = {}


class _Guard:
    """The lock of a storage, and whether the transaction is open; once over, it stays over."""

    def __init__(self, lock: RLock) -> None:
        self._lock = lock
        self._is_new = True
        self.is_open = False

    def open(self) -> None:
        if not self._is_new:
            raise TransactionEndedError
        self._is_new, self.is_open = False, True

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._lock:
            if not self.is_open:
                raise TransactionEndedError
            yield


class _Part(Protocol):
    """A part of a transaction; a commit checks all of them before it publishes any."""

    def check(self) -> None: ...

    def publish(self) -> None: ...


class _Repository(Generic[K, T]):
    """A table as one transaction sees it: what it has read or saved, over what is committed."""

    def __init__(self, guard: _Guard, table: _Table[T]) -> None:
        self._guard = guard
        self._table = table
        self._read: dict[str, Stored[T] | None] = {}
        self._staged: dict[str, Stored[T]] = {}

    def find(self, id: K) -> Stored[T] | None:
        with self._guard.held():
            return self._current(str(id))

    def get(self, id: K) -> Stored[T]:
        stored = self.find(id)
        if stored is None:
            raise NotFoundError(self._table.kind, str(id))
        return stored

    def save(self, value: T, *, expected: int) -> int:
        with self._guard.held():
            key = str(self._table.key(value))
            self._expect(key, self._current(key), expected)
            # Two saves in one transaction make one version: nobody else ever sees the first.
            committed = self._read[key]
            version = (committed.version if committed else 0) + 1
            self._staged[key] = Stored(value, version)
            return version

    def page(self, *, after: str = "", limit: int = 100) -> Sequence[Stored[T]]:
        return [stored for key, stored in self._all() if key > after][:limit]

    def check(self) -> None:
        for key, stored in self._staged.items():
            self._expect(key, self._table.rows.get(key), stored.version - 1)

    def publish(self) -> None:
        self._table.rows.update(self._staged)

    def _where(self, belongs: Callable[[T], bool]) -> Sequence[Stored[T]]:
        return [stored for _, stored in self._all() if belongs(stored.value)]

    def _all(self) -> list[tuple[str, Stored[T]]]:
        with self._guard.held():
            keys = sorted({*self._table.rows, *self._staged})
            found = [(key, self._current(key)) for key in keys]
        return [(key, stored) for key, stored in found if stored is not None]

    def _current(self, key: str) -> Stored[T] | None:
        committed = self._read.setdefault(key, self._table.rows.get(key))
        return self._staged.get(key, committed)

    def _expect(self, key: str, stored: Stored[T] | None, expected: int) -> None:
        found = stored.version if stored else 0
        if found != expected:
            raise ConcurrencyConflictError(self._table.kind, key, expected, found)


class _Listings(_Repository[ListingId, Listing]):
    def of_seller(self, seller: Actor) -> Sequence[Stored[Listing]]:
        return self._where(lambda listing: listing.seller == seller)

    def published(self) -> Sequence[Stored[Listing]]:
        return self._where(lambda listing: listing.state is ListingState.PUBLISHED)


class _Shipments(_Repository[ShipmentId, Shipment]):
    def of_order(self, order: OrderId) -> Sequence[Stored[Shipment]]:
        return self._where(lambda shipment: order in shipment.consignment.orders)

    def by_number(self, number: TrackingNumber) -> Sequence[Stored[Shipment]]:
        return self._where(lambda shipment: number in shipment.numbers)


class _Bundles(_Repository[BundleId, Bundle]):
    def of_shipment(self, shipment: ShipmentId) -> Sequence[Stored[Bundle]]:
        return self._where(lambda bundle: shipment in bundle.shipments)


class _Inquiries(_Repository[InquiryId, Inquiry]):
    def of_shipment(self, shipment: ShipmentId) -> Sequence[Stored[Inquiry]]:
        return self._where(lambda inquiry: inquiry.opening.shipment == shipment)


class _Claims(_Repository[ClaimId, Claim]):
    def of_shipment(self, shipment: ShipmentId) -> Sequence[Stored[Claim]]:
        return self._where(lambda claim: claim.demand.shipment == shipment)


_EventKey = tuple[str, str, int]


class _Outbox:
    """The events as one transaction sees them; the order of a commit is the order of delivery."""

    def __init__(self, guard: _Guard, events: dict[_EventKey, Event]) -> None:
        self._guard = guard
        self._events = events
        self._appended: list[Event] = []
        self._delivered: list[Event] = []

    def append(self, event: Event) -> None:
        with self._guard.held():
            self._appended.append(event)

    def pending(self, *, limit: int = 100) -> Sequence[Event]:
        with self._guard.held():
            return list(self._events.values())[:limit]

    def acknowledge(self, events: Sequence[Event]) -> None:
        with self._guard.held():
            self._delivered += events

    def check(self) -> None:
        """Find nothing to object to: an event belongs to a thing whose version is checked."""

    def publish(self) -> None:
        self._events.update((_event_key(event), event) for event in self._appended)
        for event in self._delivered:
            self._events.pop(_event_key(event), None)


def _event_key(event: Event) -> _EventKey:
    return event.kind, event.id, event.sequence


class MemoryStorage:
    """Keep everything in memory, under optimistic locking; safe to use from several threads."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = RLock()
        self._sellers = _Table[Seller]("seller", lambda seller: seller.id)
        self._listings = _Table[Listing]("listing", lambda listing: listing.id)
        self._orders = _Table[Order]("order", lambda order: order.id)
        self._shipments = _Table[Shipment]("shipment", lambda shipment: shipment.id)
        self._bundles = _Table[Bundle]("bundle", lambda bundle: bundle.id)
        self._inquiries = _Table[Inquiry]("inquiry", lambda inquiry: inquiry.id)
        self._claims = _Table[Claim]("claim", lambda claim: claim.id)
        self._wallets = _Table[Wallet]("wallet", lambda wallet: wallet.owner)
        self._receipts = _Table[Receipt]("receipt", lambda receipt: receipt.key)
        self._events: dict[_EventKey, Event] = {}

    def unit_of_work(self) -> "MemoryUnitOfWork":
        """Begin a transaction."""
        return MemoryUnitOfWork(self)


class MemoryUnitOfWork:
    """One transaction over a `MemoryStorage`; what it has read once, it reads the same again."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Belong to a storage; the transaction begins with the ``with`` statement."""
        self._guard = guard = _Guard(storage._lock)
        self.sellers = _Repository[SellerId, Seller](guard, storage._sellers)
        self.listings = _Listings(guard, storage._listings)
        self.orders = _Repository[OrderId, Order](guard, storage._orders)
        self.shipments = _Shipments(guard, storage._shipments)
        self.bundles = _Bundles(guard, storage._bundles)
        self.inquiries = _Inquiries(guard, storage._inquiries)
        self.claims = _Claims(guard, storage._claims)
        self.wallets = _Repository[Actor, Wallet](guard, storage._wallets)
        self.receipts = _Repository[IdempotencyKey, Receipt](guard, storage._receipts)
        self.outbox = _Outbox(guard, storage._events)

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            TransactionEndedError: if it was begun before.
        """
        self._guard.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        """Forget what was not committed."""
        self._guard.is_open = False

    def commit(self) -> None:
        """Make everything that was saved visible, at once.

        Raises:
            ConcurrencyConflictError: if somebody else saved one of the things; nothing is changed.
            TransactionEndedError: if it was committed before, or never begun.
        """
        parts: tuple[_Part, ...] = (
            self.sellers,
            self.listings,
            self.orders,
            self.shipments,
            self.bundles,
            self.inquiries,
            self.claims,
            self.wallets,
            self.receipts,
            self.outbox,
        )
        with self._guard.held():
            self._guard.is_open = False
            for part in parts:
                part.check()
            for part in parts:
                part.publish()


class ManualClock:
    """A clock that stands still until somebody moves it, and that nobody moves backwards."""

    def __init__(self, at: Instant | str) -> None:
        """Begin at an instant."""
        self._now = instant(at)

    def now(self) -> Instant:
        """Give the instant that the clock was set to."""
        return self._now

    def advance(self, by: timedelta) -> Instant:
        """Move on by a span, and give the new instant.

        Raises:
            InvalidValueError: if the span is negative.
        """
        return self.move_to(instant(self._now + by))

    def move_to(self, at: Instant | str) -> Instant:
        """Move on to an instant, and give it back.

        Raises:
            InvalidValueError: if it is before the one that the clock shows.
        """
        moment = instant(at)
        if moment < self._now:
            shown = to_text(self._now)
            raise InvalidValueError("instant", to_text(moment), "is over", f"{shown} or later")
        self._now = moment
        return moment


class CountedIdentifiers:
    """Identifiers that count, so that a run can be repeated: "shipment-1", "shipment-2"."""

    def __init__(self) -> None:
        """Begin with 1 for each kind."""
        self._lock = Lock()
        self._counts: dict[str, Iterator[int]] = {}

    def new(self, kind: str) -> str:
        """Give the next identifier of a kind."""
        with self._lock:
            return f"{kind}-{next(self._counts.setdefault(kind, count(1)))}"
