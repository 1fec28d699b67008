"""A platform with its ports, brought to some step of the path, for examples of use cases.

The parties, days and prices are those of `tests.samples`: the seller has a published listing, and
the buyer has paid 30.00 USD for two phones and a case.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from typing import Final, TypeVar

import attrs

from apaclogistics.adapters.memory import (
    CountedIdentifiers,
    ManualClock,
    MemoryStorage,
    MemoryUnitOfWork,
)
from apaclogistics.adapters.simulation import SimulatedCarrier
from apaclogistics.application import LogisticsPlatform
from apaclogistics.carriers import BookingRequest, reference_of
from apaclogistics.consignments import Booking, Parcel
from apaclogistics.errors import ApacLogisticsError
from apaclogistics.history import Recorded
from apaclogistics.ledger import Account, AccountKind, Wallet
from apaclogistics.lifecycle import Actor
from apaclogistics.offers import Carriage
from apaclogistics.ports import Event, Receipt
from apaclogistics.quotes import Quote
from apaclogistics.sales import Payment
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import (
    IdempotencyKey,
    LineId,
    ListingId,
    OrderId,
    SellerId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.places import Destination
from tests.samples import (
    BUYER,
    CARRIER,
    PHONE,
    PLATFORM,
    SELLER,
    day,
    parcel,
    profile,
    rate_card,
    sale,
    terms,
    usd,
)

BROOKLYN: Final = Destination(country="US", postal_code="11201", zone_name="America/New_York")
LISTING: Final = ListingId("listing-1")
ORDER: Final = OrderId("o-1")
_FIRST, _LAST = instant("1900-01-01T00:00:00Z"), instant("9000-01-01T00:00:00Z")
# Longer than a call to a carrier may be under way.
A_WHILE: Final = timedelta(hours=1)


class CountingCarrier(SimulatedCarrier):
    """A simulated carrier that knows how often it was asked to book, booked and cancelled."""

    asked = 0
    cancelled = 0

    @property
    def made(self) -> int:
        """How many labels were ever made, whether or not the answer arrived."""
        return self.bookings

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book, and count that it was asked to."""
        self.asked += 1
        return super().book(request, at=at)

    def cancel(self, booking: Booking, *, at: Instant) -> None:
        """Cancel, and count it."""
        super().cancel(booking, at=at)
        self.cancelled += 1


def carrier(kind: type[SimulatedCarrier] = SimulatedCarrier) -> SimulatedCarrier:
    """Give the carrier of the listing."""
    return kind(CARRIER.id, rate_card=rate_card())


@attrs.frozen(kw_only=True)
class Stage:
    """A platform and its ports, and the short ways to what an example needs first."""

    storage: MemoryStorage = attrs.field(factory=MemoryStorage)
    carrier: SimulatedCarrier = attrs.field(factory=carrier)
    clock: ManualClock = attrs.field(factory=lambda: ManualClock(day(1)))

    @property
    def platform(self) -> LogisticsPlatform:
        """The platform; each call gives another face of the same."""
        return LogisticsPlatform(self.storage, (self.carrier,), self.clock, self._ids)

    _ids: CountedIdentifiers = attrs.field(factory=CountedIdentifiers, init=False)

    def published(self) -> None:
        """Register and verify the seller, and publish the listing."""
        self.platform.sellers.register(SellerId(SELLER.id), profile(), by=SELLER)
        self.platform.sellers.verify(SellerId(SELLER.id), by=PLATFORM)
        listing = self.platform.listings.draft(terms(), by=SELLER)
        self.platform.listings.publish(listing.id, by=SELLER)

    def sold(self) -> None:
        """Place and pay the order, on the second day."""
        self.published()
        self.clock.move_to(day(2))
        self.platform.orders.place(sale(), by=BUYER)
        self.platform.orders.pay(ORDER, Payment(id="pay-1", gross=usd("30.00")), by=BUYER)

    def quote(self, *, parcels: int = 1) -> Quote:
        """Quote parcels to Brooklyn."""
        carriage = Carriage(destination=BROOKLYN, parcels=pieces(parcels))
        quote = self.platform.listings.quote(LISTING, carriage, offer="Economy")
        assert isinstance(quote, Quote)
        return quote

    def drafted(self, units: Mapping[LineId, int] | None = None, *, parcels: int = 1) -> ShipmentId:
        """Put units of the order, one phone if none are named, into a new shipment."""
        packed = units or {PHONE: 1}
        return self.platform.shipments.draft(ORDER, packed, pieces(parcels), by=SELLER).id

    def booked(self, units: Mapping[LineId, int] | None = None, *, parcels: int = 1) -> ShipmentId:
        """Draft a shipment, and book it on a quote of its own."""
        id = self.drafted(units, parcels=parcels)
        self.platform.shipments.book(id, self.quote(parcels=parcels), key=key_of(id), by=SELLER)
        return id

    def confirmed(
        self, units: Mapping[LineId, int] | None = None, *, parcels: int = 1
    ) -> ShipmentId:
        """Book a shipment and confirm it."""
        id = self.booked(units, parcels=parcels)
        self.platform.shipments.confirm(id, by=SELLER)
        return id

    def handed_over(
        self, units: Mapping[LineId, int] | None = None, *, parcels: int = 1
    ) -> ShipmentId:
        """Confirm a shipment and hand it over."""
        id = self.confirmed(units, parcels=parcels)
        self.platform.shipments.hand_over(id, by=SELLER)
        return id

    def tracked(self, id: ShipmentId, *, days: int) -> Shipment:
        """Let days go by, and ask the carrier for its scans."""
        self.clock.advance(timedelta(days=days))
        return self.platform.shipments.track(id)

    def wallet(self, owner: Actor = SELLER) -> Wallet:
        """Give a party's wallet."""
        return self.platform.sellers.wallet(owner)

    def money(self) -> tuple[str, str]:
        """Give what the seller can spend and what is held, in US dollars."""
        balance = self.wallet().balance(usd("0").currency)
        return str(balance.available), str(balance.held)

    def receipt(self, key: IdempotencyKey) -> Receipt:
        """Give the receipt of a command of the seller."""
        with self.storage.unit_of_work() as work:
            return work.receipts.get(reference_of(SELLER, key)).value

    def events(self) -> list[Event]:
        """Give every event that was told."""
        with self.storage.unit_of_work() as work:
            return list(work.outbox.pending(limit=10_000))


def pieces(parcels: int) -> tuple[Parcel, ...]:
    """Give so many parcels."""
    return tuple(parcel(number) for number in range(1, parcels + 1))


def sold(stage: Stage | None = None) -> Stage:
    """Give a stage, a new one unless it is given, whose order is paid."""
    stage = stage or Stage()
    stage.sold()
    return stage


def key_of(id: ShipmentId) -> IdempotencyKey:
    """Give the key under which a stage books a shipment."""
    return IdempotencyKey(f"book {id}")


def assert_all_is_told(stage: Stage) -> None:
    """Every step of every aggregate is one event, and there are no others."""
    told = {(it.kind, it.id, it.sequence): (it.action, it.at) for it in stage.events()}
    view = stage.platform.snapshot()
    with stage.storage.unit_of_work() as work:
        sellers = [stored.value for stored in work.sellers.page(limit=10_000)]
        listings = [stored.value for stored in work.listings.page(limit=10_000)]
        bundles = [stored.value for stored in work.bundles.page(limit=10_000)]
    things: tuple[Recorded, ...] = (
        *sellers,
        *listings,
        *bundles,
        *view.orders,
        *view.shipments,
        *view.inquiries,
        *view.claims,
    )
    steps = {
        (type(thing).__name__.lower(), str(thing.id), number): (step.action.value, step.at)
        for thing in things
        for number, step in enumerate(thing.history, start=1)
    }
    assert told == steps


def assert_money_is_in_step(stage: Stage) -> None:
    """Every wallet says what the ledger says, and it adds up to nothing at every instant.

    The ledger is rebuilt from the histories; so are the statements, which end with the same.
    """
    journal = stage.platform.journal()
    ledger = journal.ledger()
    for at in {entry.at for entry in journal.entries}:
        then = journal.ledger(at)
        assert {then.total(unit).minor for unit in then.currencies} == {0}
    with stage.storage.unit_of_work() as work:
        wallets = [stored.value for stored in work.wallets.page(limit=10_000)]
    for unit in ledger.currencies:
        assert ledger.total(unit).minor == 0
        for wallet in wallets:
            balance = wallet.balance(unit)
            assert balance.available == ledger.balance(
                Account(wallet.owner, AccountKind.AVAILABLE), unit
            )
            assert balance.held == ledger.balance(Account(wallet.owner, AccountKind.HELD), unit)
            ever = journal.statement(wallet.owner, unit, _FIRST, _LAST)
            assert ever.closing == balance
    owners = {
        account.owner for account in ledger.accounts if account.kind is not AccountKind.OUTSIDE
    }
    assert {wallet.owner for wallet in wallets} >= owners


class Killed(BaseException):
    """The process is gone: nothing catches this, and nothing more is done."""


@attrs.define
class Life:
    """Counts what a process does with the world outside, and ends it at a given count."""

    ends_at: int | None = None
    count: int = 0

    def goes_on(self) -> None:
        """Do one more thing, if it is not the last."""
        self.count += 1
        if self.count == self.ends_at:
            raise Killed


class MortalClock(ManualClock):
    """A clock that may be the last thing that a process looks at."""

    def __init__(self, life: Life) -> None:
        """Begin on the first day."""
        super().__init__(day(1))
        self._life = life

    def now(self) -> Instant:
        """Give the time, unless it is up."""
        self._life.goes_on()
        return super().now()


class MortalStorage(MemoryStorage):
    """Storage whose commits a process may not survive, before they are made or after."""

    def __init__(self, life: Life) -> None:
        """Begin empty."""
        super().__init__()
        self._life = life

    def unit_of_work(self) -> MemoryUnitOfWork:
        """Begin a transaction, unless it is too late."""
        self._life.goes_on()
        return _MortalWork(self, self._life)


class _MortalWork(MemoryUnitOfWork):
    def __init__(self, storage: MemoryStorage, life: Life) -> None:
        super().__init__(storage)
        self._life = life

    def commit(self) -> None:
        """Commit, with a danger on both sides."""
        self._life.goes_on()
        super().commit()
        self._life.goes_on()


class MortalCarrier(CountingCarrier):
    """A carrier whose answer a process may not live to see."""

    life = Life()

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book, with a danger on both sides."""
        self.life.goes_on()
        booking = super().book(request, at=at)
        self.life.goes_on()
        return booking

    def confirm(self, booking: Booking, *, at: Instant) -> None:
        """Confirm, with a danger on both sides."""
        self.life.goes_on()
        super().confirm(booking, at=at)
        self.life.goes_on()

    def cancel(self, booking: Booking, *, at: Instant) -> None:
        """Cancel, with a danger on both sides."""
        self.life.goes_on()
        super().cancel(booking, at=at)
        self.life.goes_on()


def mortal(life: Life) -> Stage:
    """Give a stage on which the order is paid, and whatever follows may be the last."""
    immortal = carrier(MortalCarrier)
    assert isinstance(immortal, MortalCarrier)
    stage = Stage(storage=MortalStorage(life), clock=MortalClock(life), carrier=immortal)
    stage.sold()
    immortal.life = life
    return stage


def dangers(act: Callable[[Stage], object], prepare: Callable[[Stage], object]) -> int:
    """Count at how many points a process may be killed while it acts."""
    life = Life()
    stage = mortal(life)
    prepare(stage)
    before = life.count
    act(stage)
    return life.count - before


class MeddledStorage(MemoryStorage):
    """Storage in which somebody else is faster: what they do comes just before the next commit."""

    def __init__(self) -> None:
        """Begin with nobody else."""
        super().__init__()
        self.meanwhile: list[Callable[[], object]] = []

    def unit_of_work(self) -> MemoryUnitOfWork:
        """Begin a transaction that somebody may overtake."""
        return _MeddledWork(self)


class _MeddledWork(MemoryUnitOfWork):
    def __init__(self, storage: MeddledStorage) -> None:
        super().__init__(storage)
        self._meanwhile = storage.meanwhile

    def commit(self) -> None:
        if self._meanwhile:
            self._meanwhile.pop()()
        super().commit()


class MeddledClock(ManualClock):
    """A clock beside which somebody else is faster: they act between our reading and our saving."""

    meanwhile: Callable[[], object] | None = None

    def now(self) -> Instant:
        """Let something happen once, and give the time."""
        act, self.meanwhile = self.meanwhile, None
        if act is not None:
            act()
        return super().now()


class MeddledCarrier(CountingCarrier):
    """A carrier that takes its time: much may happen before its answer arrives."""

    meanwhile: Callable[[], object] | None = None

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book, let something happen once, and answer."""
        booking = super().book(request, at=at)
        act, self.meanwhile = self.meanwhile, None
        if act is not None:
            act()
        return booking


class MeetingStorage(MemoryStorage):
    """Storage in which transactions meet: none commits before all of them have saved."""

    def __init__(self) -> None:
        """Begin with nobody to wait for."""
        super().__init__()
        self.meetings: list[Barrier] = []

    def unit_of_work(self) -> MemoryUnitOfWork:
        """Begin a transaction that waits for another."""
        return _MeetingWork(self)


class _MeetingWork(MemoryUnitOfWork):
    def __init__(self, storage: MeetingStorage) -> None:
        super().__init__(storage)
        self._meetings = storage.meetings

    def commit(self) -> None:
        with suppress(IndexError):
            self._meetings.pop().wait(timeout=10)
        super().commit()


T = TypeVar("T")


def at_once(stage: Stage, *acts: Callable[[], T]) -> list[T | ApacLogisticsError]:
    """Let acts meet at their first commits, each in a thread; give their results or our errors."""
    storage = stage.storage
    assert isinstance(storage, MeetingStorage)
    storage.meetings += [Barrier(len(acts))] * len(acts)
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(_outcome_of, acts))


def _outcome_of(act: Callable[[], T]) -> T | ApacLogisticsError:
    try:
        return act()
    except ApacLogisticsError as error:
        return error
