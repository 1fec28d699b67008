"""`LogisticsPlatform`: the face of the library for host applications."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import cached_property, partial
from typing import Final

import attrs

from apaclogistics.application._desk import Desk, is_ours
from apaclogistics.application.claims import ClaimDesk
from apaclogistics.application.inquiries import InquiryDesk
from apaclogistics.application.listings import ListingDesk
from apaclogistics.application.orders import OrderDesk
from apaclogistics.application.sellers import SellerDesk
from apaclogistics.application.shipments import ShipmentDesk
from apaclogistics.attention import AttentionItem, AttentionPolicy, Snapshot, attention
from apaclogistics.claims import CLAIM, Claim, ClaimAction
from apaclogistics.errors import CarrierError, NotFoundError, TransitionError
from apaclogistics.fulfilment import FULFILMENT, Action, Phase
from apaclogistics.history import postings_of
from apaclogistics.inquiries import INQUIRY, Inquiry, InquiryAction
from apaclogistics.ledger import Ledger, Wallet
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.ports import Carrier, Clock, ConcurrencyConflictError, IdentifierSource, Storage
from apaclogistics.profiles import Requirements
from apaclogistics.shipments import Shipment
from apaclogistics.values.instants import Instant
from apaclogistics.values.registers import STRUCTURE, IdentifierChecker

__all__ = ("LogisticsPlatform",)

_SWEEPER: Final = Actor(Role.PLATFORM, "sweep")


@attrs.frozen
class LogisticsPlatform:
    """Everything that a host application does, by step of the path.

    Each use case loads what it needs, lets the domain decide, and saves it in one commit.  A
    `ConcurrencyConflictError` means that somebody else was faster: load again and decide anew.
    The `checker` judges sellers' numbers; `requirements` are what the platform asks of sellers.
    """

    storage: Storage
    carriers: tuple[Carrier, ...]
    clock: Clock
    ids: IdentifierSource
    checker: IdentifierChecker = STRUCTURE
    requirements: Requirements = Requirements()

    @cached_property
    def _desk(self) -> Desk:
        by_code = {carrier.code: carrier for carrier in self.carriers}
        return Desk(self.storage, by_code, self.clock, self.ids, self.checker, self.requirements)

    @cached_property
    def sellers(self) -> SellerDesk:
        """Register, verify and suspend sellers; their wallets."""
        return SellerDesk(self._desk)

    @cached_property
    def listings(self) -> ListingDesk:
        """Draft, publish and revise listings; quotes."""
        return ListingDesk(self._desk)

    @cached_property
    def orders(self) -> OrderDesk:
        """Take in, pay, cancel and refund orders."""
        return OrderDesk(self._desk)

    @cached_property
    def shipments(self) -> ShipmentDesk:
        """Draft, book, hand over, track and receive shipments."""
        return ShipmentDesk(self._desk)

    @cached_property
    def inquiries(self) -> InquiryDesk:
        """Ask and answer about a shipment."""
        return InquiryDesk(self._desk)

    @cached_property
    def claims(self) -> ClaimDesk:
        """Claim, negotiate, decide and settle."""
        return ClaimDesk(self._desk)

    def snapshot(self) -> Snapshot:
        """Read everything that may need attention."""
        return Snapshot(
            orders=tuple(s.value for s in self._desk.everything(lambda work: work.orders)),
            shipments=tuple(s.value for s in self._desk.everything(lambda work: work.shipments)),
            inquiries=tuple(s.value for s in self._desk.everything(lambda work: work.inquiries)),
            claims=tuple(s.value for s in self._desk.everything(lambda work: work.claims)),
            listings=tuple(s.value for s in self._desk.everything(lambda work: work.listings)),
            wallets=tuple(self._wallets()),
        )

    def attention(self, policy: AttentionPolicy | None = None) -> tuple[AttentionItem, ...]:
        """List what needs somebody's attention now, the most urgent first."""
        return attention(self.snapshot(), self.clock.now(), policy)

    def sweep(self, *, patience: timedelta) -> tuple[str, ...]:
        """Complete what was delivered `patience` ago, and expire what nobody answered in time.

        Idempotent, and safe beside others: what somebody else changes meanwhile is left to the next
        sweep.  Carriers are told once more of what is confirmed, in case a call to one was lost.
        Gives the things that were swept, such as "shipment shipment-1".
        """
        for shipment in self.snapshot().shipments:
            self._tell_again(shipment)
        return tuple(name for name, fire in self._due(patience) if _fired(fire))

    def _tell_again(self, shipment: Shipment) -> None:
        if shipment.phase is Phase.CONFIRMED and shipment.booking is not None and is_ours(shipment):
            # A carrier that refuses or does not answer is asked again, by the seller or a sweep.
            with suppress(CarrierError, NotFoundError):
                carrier = self._desk.carrier(shipment.booking.carrier)
                carrier.confirm(shipment.booking, at=self.clock.now())

    def _due(self, patience: timedelta) -> Iterator[tuple[str, Callable[[], object]]]:
        now, due = self.clock.now(), self.snapshot()
        for shipment in due.shipments:
            if _is_to_be_completed(shipment, now, patience):
                complete = partial(self.shipments.complete, by=_SWEEPER, patience=patience)
                yield f"shipment {shipment.id}", partial(complete, shipment.id)
        for inquiry in due.inquiries:
            if _has_lapsed(inquiry, now):
                yield (
                    f"inquiry {inquiry.id}",
                    partial(self.inquiries.expire, inquiry.id, by=_SWEEPER),
                )
        for claim in due.claims:
            if _has_lapsed(claim, now):
                yield f"claim {claim.id}", partial(self.claims.expire, claim.id, by=_SWEEPER)

    def ledger(self) -> Ledger:
        """Rebuild the ledger from all histories, and what parties brought along."""
        view = self.snapshot()
        histories = (
            *(order.history for order in view.orders),
            *(shipment.history for shipment in view.shipments),
            *(claim.history for claim in view.claims),
        )
        deposits = (posting for wallet in view.wallets for posting in wallet.deposits)
        return Ledger((*deposits, *postings_of(*histories)))

    def _wallets(self) -> Iterator[Wallet]:
        with self.storage.unit_of_work() as work:
            after = ""
            while page := work.wallets.page(after=after):
                yield from (stored.value for stored in page)
                after = str(page[-1].value.owner)


def _is_to_be_completed(shipment: Shipment, now: Instant, patience: timedelta) -> bool:
    delivered = shipment.delivered_at
    is_delivered = FULFILMENT.rule(shipment.phase, Action.COMPLETE) is not None
    return is_delivered and delivered is not None and now >= delivered + patience


def _has_lapsed(thing: Inquiry | Claim, now: Instant) -> bool:
    match thing:
        case Inquiry():
            is_open = INQUIRY.rule(thing.state, InquiryAction.EXPIRE) is not None
            return is_open and now > thing.answer_by
        case Claim():
            is_open = CLAIM.rule(thing.state, ClaimAction.EXPIRE) is not None
            return is_open and thing.deadline is not None and now > thing.deadline


def _fired(fire: Callable[[], object]) -> bool:
    try:
        fire()
    except (ConcurrencyConflictError, TransitionError):
        # Somebody was faster, between the look and the deed.
        return False
    return True
