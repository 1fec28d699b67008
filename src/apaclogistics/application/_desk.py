"""The plumbing that all use cases share: load, decide, save, and what belongs to a save."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Generic, TypeVar

import attrs

from apaclogistics.carriers import Carrier
from apaclogistics.consignments import Consignment, Parcel
from apaclogistics.errors import NotFoundError, Reason
from apaclogistics.fulfilment import Phase
from apaclogistics.history import Recorded
from apaclogistics.ledger import AccountKind, Posting, Wallet
from apaclogistics.lifecycle import Actor
from apaclogistics.ports import (
    Clock,
    ConcurrencyConflictError,
    Event,
    IdentifierSource,
    Repository,
    Storage,
    Stored,
    UnitOfWork,
)
from apaclogistics.profiles import Requirements
from apaclogistics.scorecards import Records
from apaclogistics.sellers import Activity
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Scan
from apaclogistics.values.fields import several
from apaclogistics.values.goods import LithiumBattery
from apaclogistics.values.identifiers import CarrierCode, OrderId, SellerId, ShipmentId, checked_id
from apaclogistics.values.instants import Instant
from apaclogistics.values.registers import IdentifierChecker

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R", bound=Recorded)


@attrs.frozen
class Decided(Generic[R]):
    """What a verb made of a thing, not saved yet, and the thing as it was read."""

    new: R
    stored: Stored[R]


@attrs.frozen
class Now:
    """The instant of a decision, and what else is stored as of it."""

    at: Instant
    work: UnitOfWork
    requirements: Requirements

    def alone(self, id: ShipmentId) -> Shipment:
        """Read a shipment, and be the only one who asks or claims about it in this moment.

        Its version is counted on, so that of two commits that looked for what is open only one
        passes.

        Raises:
            NotFoundError: if it is not stored.
            ConcurrencyConflictError: later, by the commit, if somebody else was faster.
        """
        stored = self.work.shipments.get(id)
        self.work.shipments.save(stored.value, expected=stored.version)
        return stored.value

    def hindrances(self, seller: Actor, *asked: Activity | LithiumBattery) -> tuple[Reason, ...]:
        """Why a seller may not do all of this now, each reason once."""
        stored = self.work.sellers.find(SellerId(seller.id))
        if stored is None:
            return (Reason("seller_unknown", f"{seller} is not registered"),)
        may = (stored.value.may(what, self.at, self.requirements) for what in asked)
        return tuple(dict.fromkeys(reason for answer in may for reason in answer.reasons))

    def to_carry(self, seller: Actor, parcels: Iterable[Parcel]) -> tuple[Reason, ...]:
        """Why a seller may not have these parcels carried now."""
        return self.hindrances(seller, Activity.BOOK, *_batteries(parcels))

    def to_book(self, consignment: Consignment, carrier: CarrierCode) -> tuple[Reason, ...]:
        """Why a carrier is not to be booked for its orders; one that is not known hinders nothing."""
        stored = (self.work.orders.find(order) for order in consignment.orders)
        return tuple(
            reason
            for order in stored
            if order is not None
            for reason in (
                *order.value.against_carrier(carrier),
                *order.value.against_carrying(consignment.id),
            )
        )

    def to_confirm(self, consignment: Consignment, carrier: CarrierCode) -> tuple[Reason, ...]:
        """Why a booking is not to be paid now: its orders, and batteries that it may not hold.

        A seller who was suspended since may still confirm what is booked: it is under way.
        """
        stored = self.work.sellers.find(SellerId(consignment.seller.id))
        batteries = _batteries(consignment.parcels)
        against = (
            stored.value.against_battery(battery, self.at, self.requirements)
            for battery in batteries
            if stored is not None
        )
        found = (reason for reasons in against for reason in reasons)
        return (*self.to_book(consignment, carrier), *dict.fromkeys(found))

    def agreements(self, seller: Actor) -> frozenset[str]:
        """The agreements that a seller has accepted, each with its version."""
        stored = self.work.sellers.find(SellerId(seller.id))
        return frozenset(map(str, stored.value.agreements)) if stored else frozenset()

    def phases(self, order: OrderId) -> dict[ShipmentId, Phase]:
        """Where an order's shipments are."""
        shipments = (stored.value for stored in self.work.shipments.of_order(order))
        return {shipment.id: shipment.phase for shipment in shipments}


@attrs.frozen
class Desk:
    """The ports, and what every use case does with them."""

    storage: Storage
    carriers: Mapping[CarrierCode, Carrier]
    clock: Clock
    ids: IdentifierSource
    checker: IdentifierChecker
    requirements: Requirements
    reship_limit: int
    least_answer_time: timedelta

    def now(self, work: UnitOfWork) -> Now:
        """Take the instant at which something is decided in a transaction."""
        return Now(self.clock.now(), work, self.requirements)

    def carrier(self, code: CarrierCode) -> Carrier:
        """Find a carrier.

        Raises:
            NotFoundError: if the platform does not work with it.
        """
        carrier = self.carriers.get(CarrierCode(checked_id("carrier", code)))
        if carrier is None:
            raise NotFoundError("carrier", code)
        return carrier

    def cancel_with_carrier(self, shipment: Shipment, at: Instant) -> None:
        """Have a booking cancelled by the carrier that made it; one adopted is none of ours.

        Raises:
            CarrierError: if the carrier refuses or does not answer.
        """
        if shipment.booking is not None and is_ours(shipment):
            self.carrier(shipment.booking.carrier).cancel(shipment.booking, at=at)

    def track(self, id: ShipmentId) -> Shipment:
        """Ask a shipment's carrier for its scans and take them in.

        Raises:
            NotFoundError: if nothing is booked with a carrier of the platform.
            CarrierUnavailableError: if the carrier does not answer.
        """
        booking = self.read(lambda work: work.shipments, id).booking
        if booking is None:
            raise NotFoundError("booking of shipment", id)
        scans = self.carrier(booking.carrier).scans(booking, at=self.clock.now())
        return self.observe(id, scans)

    def observe(self, id: ShipmentId, scans: Iterable[Scan]) -> Shipment:
        """Take in scans, as often and in whatever order they come."""
        seen = several("scans", scans, Scan)

        def observed(shipment: Shipment, _: Now) -> Shipment:
            return shipment.observe(seen)

        return self.change(lambda work: work.shipments, id, observed)

    def read(self, pick: Callable[[UnitOfWork], Repository[K, T]], id: K) -> T:
        """Load a thing.

        Raises:
            NotFoundError: if it is not stored.
        """
        with self.storage.unit_of_work() as work:
            return pick(work).get(id).value

    def change(
        self, pick: Callable[[UnitOfWork], Repository[K, R]], id: K, verb: Callable[[R, Now], R]
    ) -> R:
        """Load a thing, apply a verb to it as of now, and save what comes of it.

        Raises:
            NotFoundError: if it is not stored.
            ConcurrencyConflictError: if somebody else saved it in the meantime.
        """
        with self.storage.unit_of_work() as work:
            stored = pick(work).get(id)
            changed = verb(stored.value, self.now(work))
            # Scans that were seen before change nothing, and are in nobody's way.
            if changed != stored.value:
                put(work, pick(work), changed, stored)
                work.commit()
        return changed

    def decide(
        self, pick: Callable[[UnitOfWork], Repository[K, R]], id: K, verb: Callable[[R, Now], R]
    ) -> Decided[R]:
        """Apply a verb to a thing as of now and save nothing, so that a carrier can be told first.

        Raises:
            NotFoundError: if it is not stored.
        """
        with self.storage.unit_of_work() as work:
            stored = pick(work).get(id)
            return Decided(verb(stored.value, self.now(work)), stored)

    def save(self, pick: Callable[[UnitOfWork], Repository[K, R]], decided: Decided[R]) -> R:
        """Save what was decided.

        Raises:
            ConcurrencyConflictError: if somebody else saved the thing since it was read.
        """
        with self.storage.unit_of_work() as work:
            put(work, pick(work), decided.new, decided.stored)
            work.commit()
        return decided.new

    def insist(
        self, pick: Callable[[UnitOfWork], Repository[K, R]], id: K, verb: Callable[[R, Now], R]
    ) -> R:
        """Change a thing because of a fact, waiting out whoever saves it meanwhile."""
        while True:
            try:
                return self.change(pick, id, verb)
            except ConcurrencyConflictError:
                continue

    def add(self, pick: Callable[[UnitOfWork], Repository[K, R]], new: R) -> R:
        """Save a new thing.

        Raises:
            ConcurrencyConflictError: if one of its identifier is stored.
        """
        with self.storage.unit_of_work() as work:
            put(work, pick(work), new)
            work.commit()
        return new

    def records(self) -> Records:
        """Read everything that is measured."""
        return Records(
            orders=tuple(it.value for it in self.everything(lambda work: work.orders)),
            shipments=tuple(it.value for it in self.everything(lambda work: work.shipments)),
            listings=tuple(it.value for it in self.everything(lambda work: work.listings)),
            inquiries=tuple(it.value for it in self.everything(lambda work: work.inquiries)),
            claims=tuple(it.value for it in self.everything(lambda work: work.claims)),
        )

    def everything(self, pick: Callable[[UnitOfWork], Repository[K, R]]) -> Iterator[Stored[R]]:
        """Read all things of a kind, page by page."""
        after = ""
        while True:
            with self.storage.unit_of_work() as work:
                page = pick(work).page(after=after)
            if not page:
                return
            yield from page
            after = str(page[-1].value.id)


def _batteries(parcels: Iterable[Parcel]) -> tuple[LithiumBattery, ...]:
    """Give the batteries of all contents, each once."""
    return tuple({item.battery: None for parcel in parcels for item in parcel.contents})


def is_ours(shipment: Shipment) -> bool:
    """Tell whether a shipment was booked here, and not elsewhere and adopted."""
    return shipment.booking is not None and shipment.booking.reference is not None


def last_heard_of(shipment: Shipment) -> Instant:
    """Give when a shipment was surely last scanned or acted on, however times of scans are meant."""
    return max([shipment.history[-1].at, *(scan.at.latest for scan in shipment.scans)])


def put(
    work: UnitOfWork, repository: Repository[K, R], new: R, stored: Stored[R] | None = None
) -> None:
    """Save a thing, tell of its new steps, and move the money that they moved."""
    known = len(stored.value.history) if stored else 0
    repository.save(new, expected=stored.version if stored else 0)
    for sequence, step in enumerate(new.history[known:], start=known + 1):
        kind = type(new).__name__.lower()
        work.outbox.append(
            Event(kind=kind, id=new.id, sequence=sequence, action=step.action.value, at=step.at)
        )
        _post(work, step.postings)


def wallet_of(work: UnitOfWork, owner: Actor) -> Stored[Wallet]:
    """Read a wallet; one that was never used is empty."""
    return work.wallets.find(owner) or Stored(Wallet(owner), 0)


def _post(work: UnitOfWork, postings: tuple[Posting, ...]) -> None:
    accounts = (account for posting in postings for account in (posting.source, posting.target))
    owners = {a.owner: None for a in accounts if a.kind is not AccountKind.OUTSIDE}
    for owner in owners:
        wallet = wallet_of(work, owner)
        if not wallet.value.covers(postings):
            # A hold is used once, and whoever used it has saved its thing since we read that.
            raise ConcurrencyConflictError(
                "wallet", str(owner), expected=wallet.version - 1, found=wallet.version
            )
        work.wallets.save(wallet.value.post(postings), expected=wallet.version)
