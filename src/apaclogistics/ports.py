"""Ports: what the library asks of the world around it, as small synchronous Protocols.

Storage keeps aggregates under optimistic locking; a clock says what time it is; a source of
identifiers names new things.  A carrier books, confirms, cancels and reports: its port has a module
of its own, `apaclogistics.carriers`.  The adapters in `apaclogistics.adapters` fulfil them, and
`apaclogistics.testing.contracts` tells whether another one does.
"""

from collections.abc import Sequence
from enum import Enum
from types import TracebackType
from typing import ClassVar, Generic, Protocol, Self, TypeVar

import attrs

from apaclogistics.bundles import Bundle
from apaclogistics.carriers import BookingRequest
from apaclogistics.claims import Claim
from apaclogistics.errors import ConflictError
from apaclogistics.inquiries import Inquiry
from apaclogistics.ledger import Wallet
from apaclogistics.lifecycle import Actor
from apaclogistics.listings import Listing
from apaclogistics.orders import Order
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
from apaclogistics.values.instants import Instant, instant

__all__ = (
    "BundleRepository",
    "ClaimRepository",
    "Clock",
    "ConcurrencyConflictError",
    "Event",
    "IdempotencyConflictError",
    "IdentifierSource",
    "InquiryRepository",
    "ListingRepository",
    "Outbox",
    "Receipt",
    "ReceiptState",
    "Repository",
    "ShipmentRepository",
    "Storage",
    "Stored",
    "UnitOfWork",
)


@attrs.define(slots=False)
class ConcurrencyConflictError(ConflictError):
    """Report that a thing was saved by somebody else since it was read; read it again and retry."""

    code: ClassVar[str] = "concurrency_conflict"

    kind: str
    key: str
    expected: int
    found: int

    def __str__(self) -> str:
        """Say which version was expected and which is there."""
        return f"{self.kind} {self.key} is at version {self.found}, not {self.expected}"


@attrs.define(slots=False)
class IdempotencyConflictError(ConflictError):
    """Report that an idempotency key is in use: for another request, or by a call under way."""

    code: ClassVar[str] = "idempotency_conflict"

    key: str
    problem: str

    def __str__(self) -> str:
        """Name the key and how it is in use."""
        return f"idempotency key {self.key!r} {self.problem}"


K_contra = TypeVar("K_contra", contravariant=True)
T = TypeVar("T")


@attrs.frozen
class Stored(Generic[T]):
    """A thing as it was read, and the version it had: 1 from the first save on."""

    value: T
    version: int


class Repository(Protocol[K_contra, T]):
    """Things of one kind, each under its identifier."""

    def find(self, id: K_contra) -> Stored[T] | None:
        """Read a thing, None where nothing is stored."""
        ...

    def get(self, id: K_contra) -> Stored[T]:
        """Read a thing.

        Raises:
            NotFoundError: if nothing is stored under the identifier.
        """
        ...

    def save(self, value: T, *, expected: int) -> int:
        """Write a thing that was read at version `expected` (0: it is new); give the new version.

        Raises:
            ConcurrencyConflictError: if it is at another version, now or at the commit.
        """
        ...

    def page(self, *, after: str = "", limit: int = 100) -> Sequence[Stored[T]]:
        """Read up to `limit` things in the order of their identifiers, those after one of them."""
        ...


class ListingRepository(Repository[ListingId, Listing], Protocol):
    """Listings, also by their seller, and those that buyers see."""

    def of_seller(self, seller: Actor) -> Sequence[Stored[Listing]]:
        """Read all listings of a seller."""
        ...

    def published(self) -> Sequence[Stored[Listing]]:
        """Read all listings that are PUBLISHED."""
        ...


class ShipmentRepository(Repository[ShipmentId, Shipment], Protocol):
    """Shipments, also by their order and by a parcel's number."""

    def of_order(self, order: OrderId) -> Sequence[Stored[Shipment]]:
        """Read all shipments of an order."""
        ...

    def by_number(self, number: TrackingNumber) -> Sequence[Stored[Shipment]]:
        """Read the shipments with a parcel of this number; a number may come twice."""
        ...


class BundleRepository(Repository[BundleId, Bundle], Protocol):
    """Bundles, also by a shipment."""

    def of_shipment(self, shipment: ShipmentId) -> Sequence[Stored[Bundle]]:
        """Read all bundles that a shipment is in."""
        ...


class InquiryRepository(Repository[InquiryId, Inquiry], Protocol):
    """Inquiries, also by their shipment."""

    def of_shipment(self, shipment: ShipmentId) -> Sequence[Stored[Inquiry]]:
        """Read all inquiries about a shipment."""
        ...


class ClaimRepository(Repository[ClaimId, Claim], Protocol):
    """Claims, also by their shipment."""

    def of_shipment(self, shipment: ShipmentId) -> Sequence[Stored[Claim]]:
        """Read all claims about a shipment."""
        ...


@attrs.frozen(kw_only=True)
class Event:
    """What happened to an aggregate: its kind, its identifier, and the number of the step.

    `sequence` counts the steps of one aggregate from 1, so that a consumer can order the events
    and tell repeats.
    """

    kind: str
    id: str
    sequence: int
    action: str
    at: Instant = attrs.field(converter=instant)


class Outbox(Protocol):
    """Events that are written in the commit that they tell of, and delivered at least once."""

    def append(self, event: Event) -> None:
        """Write an event along with the commit."""
        ...

    def pending(self, *, limit: int = 100) -> Sequence[Event]:
        """Read events that were not acknowledged, oldest first, in order for each aggregate."""
        ...

    def acknowledge(self, events: Sequence[Event]) -> None:
        """Mark events as delivered; they are not given again."""
        ...


class ReceiptState(Enum):
    """How far a command with an outside effect came."""

    PENDING = "PENDING"
    DONE = "DONE"
    REJECTED = "REJECTED"


@attrs.frozen(kw_only=True)
class Receipt:
    """The memory of a command with an outside effect, kept under its seller and idempotency key.

    The `key` is the request's reference, which `apaclogistics.carriers.reference_of` makes of both.

    While PENDING, `leased_until` says how long the call that wrote it may still be under way; after
    that, or where it is None, another call may ask the carrier and resume.  A used quote has a
    receipt of its own, so that it is used once.
    """

    key: IdempotencyKey
    request: BookingRequest
    state: ReceiptState = ReceiptState.PENDING
    leased_until: Instant | None = None
    reason_code: str = ""
    reason: str = ""


class UnitOfWork(Protocol):
    """One transaction: everything in it is committed together, or nothing is.

    A context manager that rolls back unless `commit` was called.  What was saved in it is seen by
    its own reads and by nobody else before the commit.
    """

    @property
    def sellers(self) -> Repository[SellerId, Seller]:
        """The sellers' accounts."""
        ...

    @property
    def listings(self) -> ListingRepository:
        """The listings."""
        ...

    @property
    def orders(self) -> Repository[OrderId, Order]:
        """The orders."""
        ...

    @property
    def shipments(self) -> ShipmentRepository:
        """The shipments."""
        ...

    @property
    def bundles(self) -> BundleRepository:
        """The bundles."""
        ...

    @property
    def inquiries(self) -> InquiryRepository:
        """The inquiries."""
        ...

    @property
    def claims(self) -> ClaimRepository:
        """The claims."""
        ...

    @property
    def wallets(self) -> Repository[Actor, Wallet]:
        """The wallets, by their owner."""
        ...

    @property
    def receipts(self) -> Repository[IdempotencyKey, Receipt]:
        """The receipts of commands with outside effects."""
        ...

    @property
    def outbox(self) -> Outbox:
        """The events to deliver."""
        ...

    def commit(self) -> None:
        """Make everything that was saved visible, at once.

        Raises:
            ConcurrencyConflictError: if somebody else saved one of the things; nothing is changed.
        """
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        """Roll back what was not committed."""
        ...


class Storage(Protocol):
    """Where aggregates are kept; safe to use from several threads."""

    def unit_of_work(self) -> UnitOfWork:
        """Begin a transaction, to be used by one thread in a ``with`` statement."""
        ...


class Clock(Protocol):
    """What time it is."""

    def now(self) -> Instant:
        """Give the present instant in UTC."""
        ...


class IdentifierSource(Protocol):
    """Names for new things."""

    def new(self, kind: str) -> str:
        """Give an identifier that was never given before, for a kind such as "shipment"."""
        ...
