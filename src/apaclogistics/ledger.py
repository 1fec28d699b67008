"""The ledger: every movement of money is a transfer between two accounts, with its cause.

A `Posting` takes an amount from one account and gives the same amount to another, so a ledger
balances by construction: there is no way to write a posting that does not.  A step of an aggregate
carries its postings; the ledger is their fold, and can be rebuilt from the histories at any time.

Each party has what is AVAILABLE to it on the platform, what is HELD of it until a booking is
settled, and an account for the world OUTSIDE (cards, banks), which may go below zero.

>>> seller, carrier = Actor(Role.SELLER, "s-1"), Actor(Role.CARRIER, "HKPOST")
>>> fare = Money.of("12.50", "USD")
>>> [top_up] = Wallet(seller).deposit(fare, "top-up", at="2026-03-01T08:00:00Z").deposits
>>> ledger = Ledger((top_up.posting, hold(seller, fare, "shipment sh-1"),
...                  capture(seller, carrier, fare, "shipment sh-1")))
>>> str(ledger.balance(Account(carrier, AccountKind.OUTSIDE), fare.currency))
'12.50 USD'
>>> str(ledger.total(fare.currency))
'0.00 USD'
"""

from collections import Counter
from collections.abc import Iterable
from enum import Enum
from functools import cached_property
from typing import ClassVar, Final, Self

import attrs

from apaclogistics.errors import ConflictError, InvalidValueError
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.values.fields import of_type, tuple_of
from apaclogistics.values.identifiers import checked_id
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Currency, Money, checked_money
from apaclogistics.values.quantities import whole

__all__ = (
    "MARKETPLACE",
    "Account",
    "AccountKind",
    "Balance",
    "DepositConflictError",
    "JournalEntry",
    "Ledger",
    "Posting",
    "PostingKind",
    "Wallet",
    "adjust",
    "capture",
    "claw_back",
    "compensate",
    "fee",
    "hold",
    "pay",
    "refund",
    "release",
)


# Our decision: no thing has more steps, and a number above it is a mistake.
_MOST_STEPS: Final = 1_000_000
# Who keeps a part of what buyers pay.  Its money is outside: a wallet of its own would be written to
# by every payment of every seller, and they would all be in each other's way.
MARKETPLACE: Final = Actor(Role.PLATFORM, "marketplace")


@attrs.define(slots=False)
class DepositConflictError(ConflictError):
    """Report that another amount was deposited under a cause, which names one deposit of an owner."""

    code: ClassVar[str] = "deposit_conflict"

    owner: str
    cause: str
    known: str
    given: str

    def __str__(self) -> str:
        """Say what was deposited under the cause, and what now."""
        return f"{self.owner} deposited {self.known} as {self.cause!r}, and now {self.given}"


class AccountKind(Enum):
    """Where a party's money is."""

    AVAILABLE = "available"
    HELD = "held"
    OUTSIDE = "outside"


@attrs.frozen
class Account:
    """An account of a party."""

    owner: Actor = attrs.field(validator=of_type(Actor))
    kind: AccountKind = attrs.field(validator=of_type(AccountKind))

    def __str__(self) -> str:
        """Give owner and kind, as in "seller s-1 (held)"."""
        return f"{self.owner} ({self.kind.value})"


class PostingKind(Enum):
    """Why money moves."""

    DEPOSIT = "deposit"
    PAYMENT = "payment"
    HOLD = "hold"
    RELEASE = "release"
    CAPTURE = "capture"
    ADJUSTMENT = "adjustment"
    COMPENSATION = "compensation"
    CLAW_BACK = "claw-back"
    REFUND = "refund"
    FEE = "fee"


@attrs.frozen
class Posting:
    """A transfer of an amount above zero from one account to another, and what it is for.

    `cause` names the thing it is about, such as "shipment sh-1".

    Raises:
        InvalidValueError: if the amount is not above zero, or the accounts are the same.
    """

    kind: PostingKind = attrs.field(validator=of_type(PostingKind))
    source: Account = attrs.field(validator=of_type(Account))
    target: Account = attrs.field(validator=of_type(Account))
    amount: Money = attrs.field(validator=of_type(Money))
    cause: str = attrs.field(validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a transfer that moves nothing."""
        if self.amount.minor <= 0:
            raise InvalidValueError("posted amount", str(self.amount), "is not above zero")
        if self.source == self.target:
            raise InvalidValueError("posting", str(self.source), "goes nowhere", "two accounts")

    def effect_on(self, account: Account) -> int:
        """Give what the posting adds to an account, in minor units; below zero if it takes."""
        return self.amount.minor * ((account == self.target) - (account == self.source))


def _available(owner: Actor) -> Account:
    return Account(owner, AccountKind.AVAILABLE)


def _held(owner: Actor) -> Account:
    return Account(owner, AccountKind.HELD)


def _outside(owner: Actor) -> Account:
    return Account(owner, AccountKind.OUTSIDE)


def pay(buyer: Actor, seller: Actor, amount: Money, cause: str) -> Posting:
    """Pay for an order."""
    return Posting(PostingKind.PAYMENT, _outside(buyer), _available(seller), amount, cause)


def hold(seller: Actor, amount: Money, cause: str) -> Posting:
    """Set money aside for a booking that is confirmed and not yet charged."""
    return Posting(PostingKind.HOLD, _available(seller), _held(seller), amount, cause)


def release(seller: Actor, amount: Money, cause: str) -> Posting:
    """Give back what was set aside."""
    return Posting(PostingKind.RELEASE, _held(seller), _available(seller), amount, cause)


def capture(seller: Actor, carrier: Actor, amount: Money, cause: str) -> Posting:
    """Pay the carrier out of what was set aside."""
    return Posting(PostingKind.CAPTURE, _held(seller), _outside(carrier), amount, cause)


def adjust(seller: Actor, carrier: Actor, difference: Money, cause: str) -> Posting:
    """Pay the carrier what was billed and not set aside, or take back what was paid too much.

    Above zero the seller pays, from what is available; below zero the carrier gives back.
    """
    between = _available(seller), _outside(carrier)
    source, target = between if difference.minor >= 0 else reversed(between)
    return Posting(PostingKind.ADJUSTMENT, source, target, max(difference, -difference), cause)


def compensate(carrier: Actor, claimant: Actor, amount: Money, cause: str) -> Posting:
    """Compensate a claimant for loss or damage."""
    target = _available(claimant) if claimant.role is Role.SELLER else _outside(claimant)
    return Posting(PostingKind.COMPENSATION, _outside(carrier), target, amount, cause)


def claw_back(claimant: Actor, carrier: Actor, amount: Money, cause: str) -> Posting:
    """Take compensation back, since what was lost has turned up."""
    source = _available(claimant) if claimant.role is Role.SELLER else _outside(claimant)
    return Posting(PostingKind.CLAW_BACK, source, _outside(carrier), amount, cause)


def refund(seller: Actor, buyer: Actor, amount: Money, cause: str) -> Posting:
    """Give a buyer money back."""
    return Posting(PostingKind.REFUND, _available(seller), _outside(buyer), amount, cause)


def fee(seller: Actor, amount: Money, cause: str) -> Posting:
    """Take the marketplace's fee for a sale, or give it back.

    Above zero the seller pays, from what is available; below zero the marketplace gives back.
    """
    between = _available(seller), _outside(MARKETPLACE)
    source, target = between if amount.minor >= 0 else reversed(between)
    return Posting(PostingKind.FEE, source, target, max(amount, -amount), cause)


@attrs.frozen(kw_only=True)
class JournalEntry:
    """A posting with the instant when it was made, and the step that made it.

    `thing` names what took the step, such as "order o-1"; `sequence` counts its steps from 1.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if the step has no number.
    """

    at: Instant = attrs.field(converter=instant)
    thing: str = attrs.field(validator=of_type(str))
    sequence: int = attrs.field()
    posting: Posting = attrs.field(validator=of_type(Posting))

    def __attrs_post_init__(self) -> None:
        """Refuse a step without a number."""
        whole("sequence", self.sequence, least=1, most=_MOST_STEPS)


@attrs.frozen
class Ledger:
    """All postings, in the order in which they were made."""

    postings: tuple[Posting, ...] = attrs.field(default=(), validator=tuple_of(Posting))

    @cached_property
    def _balances(self) -> dict[tuple[Account, Currency], int]:
        sums: dict[tuple[Account, Currency], int] = {}
        for posting in self.postings:
            unit = posting.amount.currency
            for account in (posting.source, posting.target):
                key = account, unit
                sums[key] = sums.get(key, 0) + posting.effect_on(account)
        return sums

    @property
    def accounts(self) -> tuple[Account, ...]:
        """All accounts that were ever posted to, in the order of their first posting."""
        return tuple(dict.fromkeys(account for account, _ in self._balances))

    @property
    def currencies(self) -> tuple[Currency, ...]:
        """All currencies that were ever posted, by their code."""
        return tuple(sorted({unit for _, unit in self._balances}))

    def balance(self, account: Account, currency: Currency) -> Money:
        """Give what stands on an account in a currency."""
        return Money(self._balances.get((account, currency), 0), currency)

    def total(self, currency: Currency) -> Money:
        """Add the balances of all accounts: zero, always."""
        # Of all accounts at once: the sum of some may be beyond what is any amount of money.
        minors = (minor for (_, unit), minor in self._balances.items() if unit == currency)
        return Money(sum(minors), currency)

    def of(self, owner: Actor) -> Self:
        """Give the statement of one party: the postings that touch an account of theirs."""
        mine = (p for p in self.postings if owner in (p.source.owner, p.target.owner))
        return type(self)(tuple(mine))


@attrs.frozen
class Balance:
    """What a wallet has in one currency; `available` may be below zero, `held` may not."""

    available: Money = attrs.field(validator=of_type(Money))
    held: Money = attrs.field(validator=of_type(Money))

    def __attrs_post_init__(self) -> None:
        """Refuse a hold below zero: a hold is captured or released once."""
        if self.held.minor < 0:
            raise InvalidValueError("held", str(self.held), "is below zero", "a hold is used once")


@attrs.frozen
class Wallet:
    """A party's balances as a record of their own, kept in step with the postings.

    "Not enough funds" spans shipments, so the wallet is saved with its own version in the commit
    that makes the posting.  One balance a currency, sorted by its code.  `deposits` are the postings
    that no command of an aggregate made, dated: money that the owner brought along, each under a
    cause of its own.
    """

    owner: Actor = attrs.field(validator=of_type(Actor))
    balances: tuple[Balance, ...] = attrs.field(default=(), validator=tuple_of(Balance))
    deposits: tuple[JournalEntry, ...] = attrs.field(default=(), validator=tuple_of(JournalEntry))

    def balance(self, currency: Currency) -> Balance:
        """Give the balance in a currency; nothing where there was never a posting."""
        for balance in self.balances:
            if balance.available.currency == currency:
                return balance
        return Balance(Money.zero(currency), Money.zero(currency))

    def available(self, currency: Currency) -> Money:
        """Give what can be spent in a currency."""
        return self.balance(currency).available

    def deposit(self, amount: Money, cause: str, *, at: Instant) -> Self:
        """Bring money of one's own onto the platform; each cause is one deposit.

        The same deposit again changes nothing, not its instant either, so a call whose answer was
        lost is repeated.

        Raises:
            InvalidTypeError: if the amount is no money.
            InvalidValueError: if the amount is not above zero, or the cause cannot name a deposit.
            DepositConflictError: if another amount was deposited under the cause.
        """
        posting = Posting(
            PostingKind.DEPOSIT,
            _outside(self.owner),
            _available(self.owner),
            checked_money("deposit", amount),
            checked_id("cause of a deposit", cause),
        )
        known = next((it for it in self.deposits if it.posting.cause == cause), None)
        if known is not None:
            if known.posting.amount == amount:
                return self
            before = str(known.posting.amount)
            raise DepositConflictError(str(self.owner), cause, before, str(amount))
        brought = JournalEntry(
            at=at, thing=f"wallet {self.owner}", sequence=len(self.deposits) + 1, posting=posting
        )
        return attrs.evolve(self.post([posting]), deposits=(*self.deposits, brought))

    def covers(self, postings: Iterable[Posting]) -> bool:
        """Tell whether what postings capture or release is held."""
        held = Counter({it.held.currency: it.held.minor for it in self.balances})
        for posting in postings:
            held[posting.amount.currency] += posting.effect_on(_held(self.owner))
        return all(minor >= 0 for minor in held.values())

    def post(self, postings: Iterable[Posting]) -> Self:
        """Take in postings; those of other parties change nothing.

        Raises:
            InvalidValueError: if a hold would be captured or released twice.
        """
        wallet = self
        for posting in postings:
            wallet = wallet._posted(posting)
        return wallet

    def _posted(self, posting: Posting) -> Self:
        moved = (
            Money(posting.effect_on(_available(self.owner)), posting.amount.currency),
            Money(posting.effect_on(_held(self.owner)), posting.amount.currency),
        )
        if not any(part.minor for part in moved):
            return self
        old = self.balance(posting.amount.currency)
        new = Balance(old.available + moved[0], old.held + moved[1])
        others = (b for b in self.balances if b.available.currency != posting.amount.currency)
        ordered = sorted((*others, new), key=lambda balance: balance.available.currency)
        return attrs.evolve(self, balances=tuple(ordered))
