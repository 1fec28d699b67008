"""`LogisticsPlatform`: the face of the library for host applications."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from typing import Final

import attrs

from apaclogistics.application._desk import Desk, is_ours
from apaclogistics.application._sweep import Patience, swept
from apaclogistics.application.bundles import BundleDesk
from apaclogistics.application.claims import ClaimDesk
from apaclogistics.application.inquiries import InquiryDesk
from apaclogistics.application.listings import ListingDesk
from apaclogistics.application.orders import OrderDesk
from apaclogistics.application.sellers import SellerDesk
from apaclogistics.application.shipments import ShipmentDesk
from apaclogistics.attention import AttentionItem, AttentionPolicy, Snapshot, attention
from apaclogistics.carriers import Carrier
from apaclogistics.errors import CarrierError, InvalidValueError, NotFoundError
from apaclogistics.fulfilment import Phase
from apaclogistics.ledger import Ledger, Wallet
from apaclogistics.lifecycle import Actor
from apaclogistics.ports import Clock, IdentifierSource, Storage
from apaclogistics.profiles import Requirements
from apaclogistics.scorecards import Records
from apaclogistics.shipments import Shipment
from apaclogistics.statements import Journal, Statement
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar
from apaclogistics.values.fields import checked, different
from apaclogistics.values.instants import Instant, checked_span, instant, to_text
from apaclogistics.values.registers import STRUCTURE, IdentifierChecker

__all__ = ("LogisticsPlatform",)

# Our decision: eDIS has a limit (error 355046) and does not publish it.
_RESHIP_LIMIT: Final = 2
# An example: nobody publishes it for questions that follow no policy.
_LEAST_ANSWER_TIME: Final = timedelta(hours=24)


@attrs.frozen
class LogisticsPlatform:
    """Everything that a host application does, by step of the path.

    Each use case loads what it needs, lets the domain decide, and saves it in one commit.  A
    `ConcurrencyConflictError` means that somebody else was faster: load again and decide anew.
    The `checker` judges sellers' numbers; `requirements` are what the platform asks of sellers.
    `reship_limit` says how often the same goods may be shipped again, `least_answer_time` how long
    whoever is asked about a shipment has to answer at least.

    Raises:
        InvalidTypeError: if the time to answer is no `timedelta`.
        InvalidValueError: if two carriers have one code, or the time to answer is negative.
    """

    storage: Storage
    carriers: tuple[Carrier, ...]
    clock: Clock
    ids: IdentifierSource
    checker: IdentifierChecker = STRUCTURE
    requirements: Requirements = Requirements()
    reship_limit: int = _RESHIP_LIMIT
    least_answer_time: timedelta = _LEAST_ANSWER_TIME

    def __attrs_post_init__(self) -> None:
        """Refuse two carriers of one code, of which one would never be asked."""
        codes = (carrier.code for carrier in self.carriers)
        different("codes of carriers", codes, may_be_none=True)
        checked_span("least time to answer", self.least_answer_time)

    @cached_property
    def _desk(self) -> Desk:
        by_code = {carrier.code: carrier for carrier in self.carriers}
        return Desk(
            storage=self.storage,
            carriers=by_code,
            clock=self.clock,
            ids=self.ids,
            checker=self.checker,
            requirements=self.requirements,
            reship_limit=self.reship_limit,
            least_answer_time=self.least_answer_time,
        )

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
    def bundles(self) -> BundleDesk:
        """Hand shipments over to their carrier together."""
        return BundleDesk(self._desk)

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

    def attention(
        self, policy: AttentionPolicy | None = None, *, calendar: BusinessCalendar = WEEKENDS
    ) -> tuple[AttentionItem, ...]:
        """List what needs somebody's attention now, the most urgent first."""
        return attention(self.snapshot(), self.clock.now(), policy, calendar=calendar)

    def records(self) -> Records:
        """Read everything that is measured; `apaclogistics.scorecards` makes cards of it."""
        return self._desk.records()

    def sweep(
        self, at: Instant | None = None, *, patience: Patience | None = None
    ) -> tuple[str, ...]:
        """Complete, close and expire what is due at an instant, by default now.

        Idempotent, and safe beside others: what somebody else changes meanwhile is left to the next
        sweep.  Carriers are told once more of what is confirmed, in case a call to one was lost.
        Gives the things that were swept, such as "shipment shipment-1".

        Raises:
            InvalidValueError: if the instant is still to come.
        """
        waiting = checked("patience", patience or Patience(), Patience)
        now = self.clock.now()
        moment = now if at is None else instant(at)
        if moment > now:
            allowed = f"up to {to_text(now)}"
            raise InvalidValueError("sweep", to_text(moment), "is still to come", allowed)
        view = self.snapshot()
        for shipment in view.shipments:
            self._tell_again(shipment)
        desk = attrs.evolve(self._desk, clock=_Still(moment))
        return swept(desk, view, waiting)

    def _tell_again(self, shipment: Shipment) -> None:
        if shipment.phase is Phase.CONFIRMED and shipment.booking is not None and is_ours(shipment):
            # A carrier that refuses or does not answer is asked again, by the seller or a sweep.
            with suppress(CarrierError, NotFoundError):
                carrier = self._desk.carrier(shipment.booking.carrier)
                carrier.confirm(shipment.booking, at=self.clock.now())

    def journal(self) -> Journal:
        """Rebuild what was posted when and by what, from all histories and deposits."""
        view = self.snapshot()
        return Journal.rebuild((*view.orders, *view.shipments, *view.claims), view.wallets)

    def ledger(self, at: Instant | None = None) -> Ledger:
        """Rebuild the ledger from all histories and deposits, by default of everything."""
        return self.journal().ledger(at)

    def statements(self, owner: Actor, since: Instant, until: Instant) -> tuple[Statement, ...]:
        """Give the statements of a party between two instants, one for each of its currencies."""
        return self.journal().statements(owner, since, until)

    def _wallets(self) -> Iterator[Wallet]:
        with self.storage.unit_of_work() as work:
            after = ""
            while page := work.wallets.page(after=after):
                yield from (stored.value for stored in page)
                after = str(page[-1].value.owner)


@attrs.frozen
class _Still:
    """A clock that shows the instant as of which something is judged."""

    at: Instant

    def now(self) -> Instant:
        return self.at
