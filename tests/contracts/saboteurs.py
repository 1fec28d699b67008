"""Storage and carriers that break one promise each, and no more than they must."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from types import TracebackType
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.adapters.memory import MemoryStorage, MemoryUnitOfWork
from apaclogistics.adapters.simulation import SimulatedCarrier
from apaclogistics.bundles import Bundle
from apaclogistics.carriers import Answer, BookingRequest, CarrierRejectedError, Complaint
from apaclogistics.consignments import Booking
from apaclogistics.costs import ActualCost
from apaclogistics.errors import NotFoundError
from apaclogistics.lifecycle import Actor
from apaclogistics.measurements import Measurement
from apaclogistics.ports import ConcurrencyConflictError, Event, Storage, Stored
from apaclogistics.sellers import Seller
from apaclogistics.tracking import Scan
from apaclogistics.values.identifiers import BundleId, IdempotencyKey, SellerId, TrackingNumber
from apaclogistics.values.instants import Instant, Moment, Window, instant

REPOSITORIES: Final = (
    "sellers",
    "listings",
    "orders",
    "shipments",
    "bundles",
    "inquiries",
    "claims",
    "wallets",
    "receipts",
)
LOOKUPS: Final = (
    ("listings", "of_seller"),
    ("listings", "published"),
    ("shipments", "of_order"),
    ("shipments", "by_number"),
    ("bundles", "of_shipment"),
    ("inquiries", "of_shipment"),
    ("claims", "of_shipment"),
)

Find: TypeAlias = Callable[[object], Stored[object] | None]
Save: TypeAlias = Callable[..., int]
Pending: TypeAlias = Callable[..., Sequence[Event]]


def sabotaged(kind: type[MemoryUnitOfWork]) -> Callable[[], Storage]:
    """Give new storage whose transactions are of a kind."""

    class Sabotaged(MemoryStorage):
        def unit_of_work(self) -> MemoryUnitOfWork:
            return kind(self)

    return Sabotaged


class Forgetful(MemoryUnitOfWork):
    """Commits nothing, and says nothing of it."""

    def commit(self) -> None:
        """Forget."""
        self.__exit__(None, None, None)


class Hasty(MemoryUnitOfWork):
    """Commits whatever is left when the block ends."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        """Commit, unless that was done."""
        with suppress(Exception):
            self.commit()


class Hopeless(MemoryUnitOfWork):
    """Lets nobody commit."""

    def commit(self) -> None:
        """Say that somebody was faster."""
        raise ConcurrencyConflictError("anything", "at all", 0, 1)


class Discreet(MemoryUnitOfWork):
    """Rolls back on an error, and keeps the error to itself."""

    def __exit__(  # type: ignore[override]
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> bool:
        """Swallow the error."""
        super().__exit__(kind, error, traceback)
        return isinstance(error, Exception)


class Tireless(MemoryUnitOfWork):
    """Never ends: what was begun can be used before, and ever after."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Begin at once."""
        super().__init__(storage)
        self._guard.is_open = True

    def __enter__(self) -> Self:
        """Begin as often as anybody likes."""
        self._guard.is_open = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        """Stay open."""

    def commit(self) -> None:
        """Commit, and stay open."""
        super().commit()
        self._guard.is_open = True


class Patched(MemoryUnitOfWork):
    """Has methods of its parts replaced, by the names of part and method."""

    def replace(self, part: str, method: str, by: Callable[..., object]) -> None:
        """Put a function, which gets the original first, in place of a method."""
        repository = getattr(self, part)
        vars(repository)[method] = partial(by, getattr(repository, method))

    def replace_all(self, method: str, by: Callable[..., object]) -> None:
        """Do so in every repository."""
        for part in REPOSITORIES:
            self.replace(part, method, by)


def insist(save: Save, value: object, *, expected: int) -> int:
    """Save at whatever version the thing is."""
    try:
        return save(value, expected=expected)
    except ConcurrencyConflictError as conflict:
        return save(value, expected=conflict.found)


class Careless(Patched):
    """Takes no notice of versions: who saves last has the last word."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Save at any version."""
        super().__init__(storage)
        self.replace_all("save", insist)

    def commit(self) -> None:
        """Say that all is well."""
        with suppress(ConcurrencyConflictError):
            super().commit()


class Bare(Patched):
    """Lets errors of its own come out."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Raise KeyError where nothing is found."""
        super().__init__(storage)
        self.replace_all("get", self.get)

    @staticmethod
    def get(get: Find, id: object) -> Stored[object] | None:
        """Get a thing, or fail as a dictionary would."""
        try:
            return get(id)
        except NotFoundError:
            raise KeyError(id) from None


def plain(seller: Seller) -> Seller:
    """Give a seller whose first step has an instant of the standard library."""
    step = attrs.evolve(seller.history[0])
    at = datetime.fromisoformat(step.at.isoformat())
    object.__setattr__(step, "at", at)
    return attrs.evolve(seller, history=(step, *seller.history[1:]))


class Translating(Patched):
    """Gives equal instants of another type, as a converter does that nobody told."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Find sellers with plain instants."""
        super().__init__(storage)
        self.replace("sellers", "find", self.find)

    @staticmethod
    def find(
        find: Callable[[SellerId], Stored[Seller] | None], id: SellerId
    ) -> Stored[Seller] | None:
        """Find a seller whose instants have another type."""
        stored = find(id)
        return Stored(plain(stored.value), stored.version) if stored else None


class Restless(Patched):
    """Reads what is committed now, not what it has read before."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Keep the storage, to read it afresh."""
        super().__init__(storage)
        for part in REPOSITORIES:
            self.replace(part, "find", partial(self.afresh, storage, part))

    @staticmethod
    def afresh(storage: MemoryStorage, part: str, _: Find, id: object) -> Stored[object] | None:
        """Read in a transaction of its own."""
        with MemoryUnitOfWork(storage) as work:
            found: Stored[object] | None = getattr(work, part).find(id)
            return found


class Indiscreet(Patched):
    """Commits what is saved at once, and again at the commit."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Save at once."""
        super().__init__(storage)
        for part in REPOSITORIES:
            self.replace(part, "save", partial(self.at_once, storage, part))

    @staticmethod
    def at_once(storage: MemoryStorage, part: str, _: Save, value: object, *, expected: int) -> int:
        """Save in a transaction of its own."""
        with MemoryUnitOfWork(storage) as work:
            version: int = getattr(work, part).save(value, expected=expected)
            work.commit()
        return version


class Counting(Patched):
    """Counts versions from nought."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Give one less."""
        super().__init__(storage)
        self.replace_all("save", lambda save, value, expected: save(value, expected=expected) - 1)


class Backwards(Patched):
    """Reads pages and events backwards."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Turn every answer round."""
        super().__init__(storage)
        self.replace_all("page", lambda page, **bounds: [*reversed(page(**bounds))])
        self.replace("outbox", "pending", lambda read, limit=100: [*reversed(read())][:limit])


class Endless(Patched):
    """Reads the first page again and again."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Take no notice of what was read before."""
        super().__init__(storage)
        self.replace_all("page", lambda page, after, limit: page(after=after[:0], limit=limit))


class Greedy(Patched):
    """Gives things that were not asked for."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Find everything."""
        super().__init__(storage)
        for part, lookup in LOOKUPS:
            self.replace(part, lookup, lambda *_, part=part: getattr(self, part).page())


class Blabbing(Patched):
    """Delivers events before they are committed, and those that never are."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Commit events at once."""
        super().__init__(storage)
        self.replace("outbox", "append", partial(self.told, storage))

    @staticmethod
    def told(storage: MemoryStorage, _: Callable[[Event], None], event: Event) -> None:
        """Write an event in a transaction of its own."""
        with MemoryUnitOfWork(storage) as work:
            work.outbox.append(event)
            work.commit()


class Fleeting(Patched):
    """Gives an event once, whether or not anybody acknowledges it."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Acknowledge on reading."""
        super().__init__(storage)
        self.replace("outbox", "pending", partial(self.once, storage))

    @staticmethod
    def once(storage: MemoryStorage, pending: Pending, *, limit: int = 100) -> Sequence[Event]:
        """Read events, and take them away."""
        events = pending(limit=limit)
        with MemoryUnitOfWork(storage) as work:
            work.outbox.acknowledge(events)
            work.commit()
        return events


class Pressing(Patched):
    """Takes no notice of what is acknowledged."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Acknowledge nothing."""
        super().__init__(storage)
        self.replace("outbox", "acknowledge", lambda _, __: None)


class Rash(Patched):
    """Acknowledges at once, whether or not it is committed."""

    def __init__(self, storage: MemoryStorage) -> None:
        """Acknowledge in a transaction of its own."""
        super().__init__(storage)
        self.replace("outbox", "acknowledge", partial(self.at_once, storage))

    @staticmethod
    def at_once(storage: MemoryStorage, _: object, events: Sequence[Event]) -> None:
        """Acknowledge now."""
        with MemoryUnitOfWork(storage) as work:
            work.outbox.acknowledge(events)
            work.commit()


class Unlabelled(SimulatedCarrier):
    """Leaves the last parcel without a label."""

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book, and lose a label."""
        booking = super().book(request, at=at)
        return attrs.evolve(booking, labels=booking.labels[:-1])


class Free(SimulatedCarrier):
    """Says nothing of the cost."""

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book for nothing."""
        return attrs.evolve(super().book(request, at=at), estimate=None)


class Repeating(SimulatedCarrier):
    """Gives the same numbers to everybody."""

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book with the labels of the first booking."""
        booking = super().book(request, at=at)
        self._first = getattr(self, "_first", booking)
        return attrs.evolve(booking, labels=self._first.labels)


class Absent(SimulatedCarrier):
    """Finds nothing again."""

    def find_booking(self, reference: IdempotencyKey) -> Booking | None:
        """Look for another one."""
        return super().find_booking(IdempotencyKey(f"not {reference}"))


class Eager(SimulatedCarrier):
    """Takes whatever is booked along, confirmed or not, and for each confirmation anew."""

    def scans(self, booking: Booking, *, at: Instant) -> Sequence[Scan]:
        """Give the scans of a booking that is confirmed now, if it was not before."""
        with suppress(CarrierRejectedError):
            super().confirm(booking, at=booking.issued_at or at)
        return super().scans(booking, at=at)


class Anew(SimulatedCarrier):
    """Begins anew with every confirmation, and revives what was cancelled."""

    def confirm(self, booking: Booking, *, at: Instant) -> None:
        """Forget what was before."""
        account = self._account(booking)
        self._keep(attrs.evolve(account, confirmed_at=at, is_cancelled=False))


class Undead(SimulatedCarrier):
    """Says that it cancels, and does nothing the first time; the second time it fails."""

    def cancel(self, booking: Booking, *, at: Instant) -> None:
        """Confirm instead."""
        if self.scans(booking, at=at + timedelta(days=1)):
            raise CarrierRejectedError(self.code, "?", "it is under way")
        self.confirm(booking, at=at)


class Obliging(SimulatedCarrier):
    """Knows everybody."""

    def confirm(self, booking: Booking, *, at: Instant) -> None:
        """Say yes."""

    def label(self, number: TrackingNumber, *, seller: Actor) -> bytes:
        """Print any label."""
        return f"{number} of {seller}".encode()


class Gossip(SimulatedCarrier):
    """Tells anybody about any parcel, and complains to nobody."""

    def label(self, number: TrackingNumber, *, seller: Actor) -> bytes:
        """Print the label in the name of whoever the parcel is of."""
        owner = next((it.seller for it in self.accounts if number in it.numbers), seller)
        return super().label(number, seller=owner)

    def complain(self, complaint: Complaint) -> None:
        """Throw it away."""


class Careful(SimulatedCarrier):
    """Prints a sheet for the parcels that it knows, and leaves the others out."""

    def printed_sheet(self, numbers: Sequence[TrackingNumber], *, seller: Actor) -> bytes:
        """Drop what is unknown."""
        known = {number for account in self.accounts for number in account.numbers}
        return super().printed_sheet([it for it in numbers if it in known], seller=seller)


class Jumbled(SimulatedCarrier):
    """Bills and measures whatever parcels it has, whoever asks."""

    def costs(
        self, asked: Sequence[TrackingNumber] | Window, *, seller: Actor, at: Instant
    ) -> Sequence[ActualCost]:
        """Give whatever was ever billed to the first who booked."""
        always = Window(instant(at - timedelta(days=999)), at)
        whose = self.accounts[0].seller if self.accounts else seller
        return super().costs(always if asked else asked, seller=whose, at=at)

    def measurements(self, booking: Booking, *, at: Instant) -> Sequence[Measurement]:
        """Give the measurements of the whole journey, at once."""
        return super().measurements(booking, at=instant(at + timedelta(days=200)))


class Fickle(SimulatedCarrier):
    """Weighs and bills as of when it is asked."""

    def costs(
        self, asked: Sequence[TrackingNumber] | Window, *, seller: Actor, at: Instant
    ) -> Sequence[ActualCost]:
        """Date every row anew."""
        rows = super().costs(asked, seller=seller, at=at)
        return [attrs.evolve(row, billed_at=at) for row in rows]

    def measurements(self, booking: Booking, *, at: Instant) -> Sequence[Measurement]:
        """Date every measurement anew."""
        seen = super().measurements(booking, at=at)
        return [attrs.evolve(it, at=Moment(at)) for it in seen]


class Sloppy(SimulatedCarrier):
    """Takes any bundle from anybody, and keeps it."""

    def bundle(self, bundle: Bundle, *, at: Instant) -> None:
        """Take it, whatever is in it at any time."""
        with suppress(CarrierRejectedError):
            super().bundle(bundle, at=at)

    def cancel_bundle(self, bundle: Bundle, *, at: Instant) -> None:
        """Say yes, at any time."""
        nobodys = attrs.evolve(bundle.opening, id=BundleId("nobody's"))
        with suppress(CarrierRejectedError):
            super().cancel_bundle(attrs.evolve(bundle, opening=nobodys), at=at)


class Timid(SimulatedCarrier):
    """Stops at the first booking that it refuses."""

    def confirm_all(
        self, bookings: Sequence[Booking], *, at: Instant
    ) -> tuple[Answer[Booking], ...]:
        """Answer no more after a refusal."""
        answers = super().confirm_all(bookings, at=at)
        return tuple(takewhile(lambda it: it.is_done, answers))

    def cancel_all(
        self, bookings: Sequence[Booking], *, at: Instant
    ) -> tuple[Answer[Booking], ...]:
        """Answer for what was done, and not for what was refused."""
        return tuple(it for it in super().cancel_all(bookings, at=at) if it.is_done)


class Boundless(SimulatedCarrier):
    """Takes however many bookings there are, and one of them twice."""

    def confirm_all(
        self, bookings: Sequence[Booking], *, at: Instant
    ) -> tuple[Answer[Booking], ...]:
        """Confirm the first of them."""
        return super().confirm_all(bookings[:1], at=at) if bookings else ()


class Blank(SimulatedCarrier):
    """Prints nothing."""

    def label(self, number: TrackingNumber, *, seller: Actor) -> bytes:
        """Print an empty label."""
        super().label(number, seller=seller)
        return b""


class Fragile(SimulatedCarrier):
    """Lets errors of its own come out."""

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Add up the weights, whether or not they are known."""
        weights = [parcel.weight for parcel in request.consignment.parcels]
        if None in weights:
            raise TypeError("unsupported operand type(s) for +: 'Weight' and 'NoneType'")
        return super().book(request, at=at)


class Confused(SimulatedCarrier):
    """Scans parcels of others."""

    def scans(self, booking: Booking, *, at: Instant) -> Sequence[Scan]:
        """Give scans with another number."""
        return [attrs.evolve(scan, number="OTHER") for scan in super().scans(booking, at=at)]


class Clairvoyant(SimulatedCarrier):
    """Scans what is yet to come."""

    def scans(self, booking: Booking, *, at: Instant) -> Sequence[Scan]:
        """Give the scans of the whole journey."""
        return super().scans(booking, at=instant(at + timedelta(days=200)))


class Oblivious(SimulatedCarrier):
    """Remembers the last scan of each parcel only, and when it was asked rather than when it was."""

    def scans(self, booking: Booking, *, at: Instant) -> Sequence[Scan]:
        """Give the last scan, as of now."""
        scans = super().scans(booking, at=at)
        return [attrs.evolve(scan, at=Moment(at)) for scan in scans[-1:]]
