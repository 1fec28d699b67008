"""What all rules of the after-sales machine share: the market, our books, and one gate.

Whatever is committed is seen at once, entered into books of our own and counted.  The invariants
are about that: the books balance and agree with the platform's, nobody is paid above a bound, every
step is of somebody whose business it is, histories replay, and something always leads on.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import timedelta
from enum import Enum
from typing import ClassVar, Final, TypeAlias, TypeVar, assert_never

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from hypothesis.strategies import DataObject

from apaclogistics.attention import Snapshot
from apaclogistics.cancellations import CancellationState
from apaclogistics.claims import CLAIM, Claim
from apaclogistics.claims import deadline as deadline_of_claim
from apaclogistics.compensation import ClaimKind
from apaclogistics.errors import TransitionError
from apaclogistics.fulfilment import FULFILMENT
from apaclogistics.history import Recorded
from apaclogistics.inquiries import INQUIRY, Inquiry
from apaclogistics.inquiries import allowed as allowed_in_inquiry
from apaclogistics.inquiries import deadline as deadline_of_inquiry
from apaclogistics.ledger import Account, AccountKind, PostingKind
from apaclogistics.lifecycle import Actor, ActorNotPermittedError, RefusedError, Role
from apaclogistics.orders import Order
from apaclogistics.outcomes import Outcome, outcome
from apaclogistics.refunds import RefundAction, RefundBeginning, RefundOutcome, RefundState
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import ParcelId
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Currency
from tests.samples import PLATFORM
from tests.stages import assert_all_is_told, assert_money_is_in_step
from tests.trades import ACTORS, FIRST, TRADES, Books, Till, Trade, opened, trade_of

T = TypeVar("T")
A = TypeVar("A", bound=Enum)
R = TypeVar("R", bound=Recorded)
Thing: TypeAlias = Order | Shipment | Inquiry | Claim
# What it is about, whether a state was reached or an action taken or refused, and which.
Tally: TypeAlias = Counter[tuple[str, str, Enum]]

HOUR: Final = timedelta(hours=1)
DAY: Final = 24 * HOUR
SECOND: Final = timedelta(seconds=1)
OF_FREIGHT: Final = (ClaimKind.OVERCHARGE, ClaimKind.FAILED_PICK_UP)
# What the goods of a parcel are declared to be worth, and at the rate that is known.
WORTH: Final = {Currency("USD"): 2000, Currency("HKD"): 15600}
ANYBODY: Final = st.sampled_from(ACTORS)
EITHER: Final = st.sampled_from((FIRST, *TRADES))
MOVES: Final = st.integers(1, 6)


def one_of(data: DataObject, things: Sequence[T]) -> T:
    """Draw one of some things; by its index, since they are dear to compare."""
    return things[data.draw(st.integers(0, len(things) - 1))]


def freshest(things: Sequence[R]) -> list[R]:
    """Give the two in which somebody did something last; what is dwelt on goes far."""
    return sorted(things, key=lambda it: (it.history[-1].at, len(it.history)))[-2:]


class Trading(RuleBasedStateMachine):
    """The market as it is committed, and books of our own."""

    tally: ClassVar[Tally] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.market = opened()
        self.platform = self.market.platform
        self.books = Books()
        self.tills = {trade.order: Till() for trade in TRADES}
        self.done: Counter[Enum] = Counter()
        self.view = Snapshot()
        self._told: dict[str, dict[str, Thing]] = {}
        self._moments: dict[str, tuple[Snapshot, Instant]] = {}
        self.look()

    @property
    def now(self) -> Instant:
        return self.market.clock.now()

    @property
    def things(self) -> tuple[Thing, ...]:
        view = self.view
        return (*view.orders, *view.shipments, *view.inquiries, *view.claims)

    def shipment(self, trade: Trade) -> Shipment:
        return next(it for it in self.view.shipments if it.id == trade.shipment)

    def order(self, trade: Trade) -> Order:
        return next(it for it in self.view.orders if it.id == trade.order)

    def look(self) -> None:
        """See what was committed, enter it into the books, and count it."""
        self.view = self.platform.snapshot()
        known = dict(self._told.get("books", {}))
        for thing in self.news("books"):
            before = known.get(_name(thing))
            self._enter(thing, len(before.history) if before else 0)

    def news(self, asker: str) -> list[Thing]:
        """Give what has changed since this was asked last."""
        known = self._told.setdefault(asker, {})
        new = [thing for thing in self.things if known.get(_name(thing)) is not thing]
        known.update((_name(thing), thing) for thing in new)
        return new

    def is_another_moment(self, asker: str) -> bool:
        """Tell whether anything has changed, or time gone by, since this was asked last."""
        before, now = self._moments.get(asker), (self.view, self.now)
        self._moments[asker] = now
        return before is None or before[0] is not now[0] or before[1] != now[1]

    def _enter(self, thing: Thing, known: int) -> None:
        kind = _kind(thing)
        for step in thing.history[known:]:
            self.books.enter(step.postings)
            self.done[step.action] += 1
            self.tally[kind, "taken", step.action] += 1
            for state, action in _refunded(step.payload):
                self.tally["refund", "reached", state] += 1
                self.tally["refund", "taken", action] += 1
        if thing.history[known:] or isinstance(thing, Shipment):
            self.tally[kind, "reached", thing.state] += 1

    def outwait(self, thing: Thing) -> None:
        """Wait until the next deadline of a thing is over, if it has one."""
        ahead = [end for end in ends_of(thing) if end >= self.now]
        if ahead:
            self.market.clock.move_to(instant(min(ahead) + SECOND))

    def least_done(self, ways: Sequence[tuple[R, A, Actor]]) -> list[tuple[R, A, Actor]]:
        """Give the ways on whose actions were taken least in this run, so that it goes far."""
        return sorted(ways, key=lambda way: self.done[way[1]])[:3]

    def command(
        self,
        act: Callable[[], T],
        *,
        by: Actor,
        whose: Collection[Actor],
        may: bool,
        what: tuple[str, Enum],
        unless: Collection[str] = (),
    ) -> T | None:
        """Try what is foreseen to be taken or refused; what is refused changes nothing.

        `whose` are those whose business it is; anybody else is turned away and told nothing.  What
        may be taken may be refused all the same for reasons of the codes in `unless`: those are of
        bounds, about which there is an invariant.
        """
        is_strange = by.role is not Role.PLATFORM and by not in whose
        assert not (may and is_strange), f"{what} by {by}, whose business it is not"
        done, refusal = _outcome(act)
        said = f"{what} by {by}: {refusal or 'taken'}"
        if refusal is None:
            assert may, said
            self.look()
            return done
        assert not may or _is_bounded(refusal, unless), said
        assert _turns_away(refusal) == is_strange, said
        assert self.platform.snapshot() == self.view, said
        self.tally[what[0], "refused", what[1]] += 1
        return None

    def exchange(self, move: Callable[[DataObject], None], moves: int, data: DataObject) -> None:
        """Let one after the other do what is open to them; the bounds hold in between, too."""
        for _ in range(moves):
            move(data)
            self.the_books_balance_and_agree()
            self.nobody_is_compensated_above_the_bound()
            self.no_buyer_gets_more_than_they_paid()

    @invariant()
    def the_books_balance_and_agree(self) -> None:
        """The ledger is rebuilt from the histories; ours was added up step by step."""
        if not self.news("ledger"):
            return
        ledger = self.platform.ledger()
        theirs = {
            (account, unit): balance.minor
            for unit in ledger.currencies
            for account in ledger.accounts
            if (balance := ledger.balance(account, unit)).minor
        }

        assert all(ledger.total(unit).minor == 0 for unit in ledger.currencies)
        assert theirs == self.books.balances
        for wallet in self.view.wallets:
            available, held = (
                Account(wallet.owner, kind) for kind in (AccountKind.AVAILABLE, AccountKind.HELD)
            )
            for has in wallet.balances:
                unit = has.available.currency
                assert has.available.minor == self.books.accounts[available, unit]
                assert has.held.minor == self.books.accounts[held, unit]

    @invariant()
    def no_more_is_given_back_than_was_paid(self) -> None:
        """Nor of a line than it cost; what is on its way counts."""
        for trade in TRADES:
            till, order = self.tills[trade.order], self.order(trade)
            posted = self.books.moved[f"order {trade.order}", PostingKind.REFUND]
            assert posted == till.given("REFUNDED") == order.refunded.minor
            assert order.money.promised.minor == till.given("PENDING")
            assert order.money.held.minor == sum(till.holds.values())
            assert till.given("REFUNDED", "PENDING") <= till.paid == order.paid.minor
            for line, total in till.lines.items():
                assert till.given("REFUNDED", "PENDING", line=line) <= total

    @invariant()
    def nobody_is_compensated_above_the_bound(self) -> None:
        """Never above the demand, each once for a kind, and never more than the goods are worth."""
        paid: Counter[tuple[str, ParcelId, ClaimKind, Actor]] = Counter()
        goods: Counter[tuple[str, ParcelId, Currency]] = Counter()
        for claim in self.view.claims:
            about, net = claim.demand, self.compensated(claim)
            assert 0 <= net <= about.amount.minor
            assert net == (claim.paid.minor if claim.paid else 0)
            paid[about.shipment, about.parcel, about.kind, about.claimant] += net > 0
            if about.kind not in OF_FREIGHT:
                goods[about.shipment, about.parcel, about.amount.currency] += net
        assert max(paid.values(), default=0) <= 1
        assert all(net <= WORTH[unit] for (*_, unit), net in goods.items())
        # What is paid in one currency is not paid in another as well.
        parcels = Counter((shipment, parcel) for shipment, parcel, _ in +goods)
        assert max(parcels.values(), default=0) <= 1

    @invariant()
    def no_buyer_gets_more_than_they_paid(self) -> None:
        """Neither from the seller nor from a carrier, nor from both together."""
        for trade in TRADES:
            till = self.tills[trade.order]
            claims = (it for it in self.view.claims if it.demand.claimant == trade.buyer)
            compensated = sum(map(self.compensated, claims))
            assert till.given("REFUNDED", "PENDING") + compensated <= till.paid

    def compensated(self, claim: Claim) -> int:
        """Give what was posted for a claim and not taken back."""
        moved, cause = self.books.moved, f"claim {claim.id}"
        return moved[cause, PostingKind.COMPENSATION] - moved[cause, PostingKind.CLAW_BACK]

    @invariant()
    def nobody_acts_on_what_is_not_theirs(self) -> None:
        for thing in self.news("actors"):
            theirs = trade_of(thing).parties
            for step in thing.history:
                assert step.by.role is Role.PLATFORM or step.by in theirs

    @invariant()
    def histories_replay(self) -> None:
        for thing in self.news("replay"):
            assert _replayed(thing) == thing

    @invariant()
    def something_leads_on(self) -> None:
        """From whatever is not final: now, or once its deadline is over."""
        if not self.is_another_moment("leads on"):
            return
        for thing in self.things:
            assert _leads_on(thing, self.now, self.outcome(thing)), thing

    def outcome(self, thing: Thing) -> Outcome:
        """Tell what became of what a claim is about; of nothing else."""
        if not isinstance(thing, Claim):
            return Outcome()
        return outcome(thing, self.shipment(trade_of(thing)), self.now)

    @invariant()
    def attention_is_given(self) -> None:
        """Whatever has happened."""
        if self.is_another_moment("attention"):
            self.platform.attention()

    def teardown(self) -> None:
        """In the end every step was told, and the statements close with what the wallets hold."""
        assert_all_is_told(self.market)
        assert_money_is_in_step(self.market)


def _kind(thing: Recorded) -> str:
    return type(thing).__name__.lower()


def _name(thing: Recorded) -> str:
    return f"{_kind(thing)} {thing.id}"


def _outcome(act: Callable[[], T]) -> tuple[T | None, TransitionError | None]:
    try:
        return act(), None
    except TransitionError as refusal:
        return None, refusal


def _turns_away(refusal: TransitionError) -> bool:
    """Tell whether it turns away a stranger, who is told nothing."""
    if not isinstance(refusal, ActorNotPermittedError) or refusal.is_party:
        return False
    return refusal.allowed == ()


def _is_bounded(refusal: TransitionError, codes: Collection[str]) -> bool:
    """Tell whether it is refused for reasons of these codes alone."""
    return isinstance(refusal, RefusedError) and {it.code for it in refusal.reasons} <= set(codes)


def _refunded(payload: object) -> Iterator[tuple[RefundState, RefundAction]]:
    match payload:
        case RefundBeginning():
            yield RefundState.PENDING, RefundAction.BEGIN
        case RefundOutcome(state=RefundState.REFUNDED):
            yield RefundState.REFUNDED, RefundAction.SETTLE
        case RefundOutcome(state=state):
            yield state, RefundAction.FAIL
        case _:
            return


def _replayed(thing: Thing) -> Thing:
    match thing:
        case Order():
            return Order.replay(thing.history)
        case Shipment():
            return Shipment.replay(thing.history, thing.scans, thing.measurements)
        case Inquiry():
            return Inquiry.replay(thing.history)
        case Claim():
            return Claim.replay(thing.history)
        case _:
            assert_never(thing)


def ends_of(thing: Thing) -> Iterator[Instant]:
    """Give every instant at which somebody's time is over."""
    match thing:
        case Order():
            asked = thing.cancelling
            ends = [asked.decide_by if asked else None]
        case Inquiry():
            due = deadline_of_inquiry(thing)
            first = thing.opening.question.answer_by.at
            ends = [first, thing.closes_at, due.at if due else None]
        case Claim():
            until = deadline_of_claim(thing)
            ends = [thing.deadline, until.at if until else None]
        case Shipment():
            ends = []
        case _:
            assert_never(thing)
    yield from (end for end in ends if end is not None)


def _leads_on(thing: Thing, now: Instant, known: Outcome) -> bool:
    """Tell whether it has ended, or somebody may take it to another state, at the latest in time."""
    over = instant(max([now, *ends_of(thing)]) + SECOND)
    match thing:
        case Order():
            return _cancellation_leads_on(thing, now) and _refunds_lead_on(thing, now)
        case Shipment():
            ways = (FULFILMENT.allowed(thing.phase, role) for role in Role)
            return thing.phase in FULFILMENT.final or any(ways)
        case Inquiry():
            return thing.state in INQUIRY.final or any(
                INQUIRY.after(thing.state, action) is not thing.state
                for at in (now, over)
                for by in (*thing.parties, PLATFORM)
                for action in allowed_in_inquiry(thing, by, at)
            )
        case Claim():
            return thing.state in CLAIM.final or any(
                CLAIM.after(thing.state, action) is not thing.state
                for at in (now, over)
                for by in (*thing.parties, PLATFORM)
                for action in known.allowed(thing, by, at)
            )
        case _:
            assert_never(thing)


def _cancellation_leads_on(order: Order, now: Instant) -> bool:
    match order.cancellation:
        case CancellationState.REQUESTED:
            after = order.reject_cancellation("no", by=PLATFORM, at=now)
        case CancellationState.NONE_REQUESTED | CancellationState.REJECTED:
            after = order.request_cancellation("no more", by=order.sale.buyer, at=now)
        case CancellationState.CANCELLED:
            return True
        case _:
            assert_never(order.cancellation)
    return after.cancellation is not order.cancellation


def _refunds_lead_on(order: Order, now: Instant) -> bool:
    ends = (order.settle_refund(it.id, by=PLATFORM, at=now) for it in order.pending_refunds)
    return all(len(after.refunds) > len(order.refunds) for after in ends)
