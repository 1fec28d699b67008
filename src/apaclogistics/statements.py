"""Statements: the dated side of the ledger, and what a party had when.

A posting alone does not say when it was made, or by what.  A `JournalEntry` does: the instant, the
thing whose command made it, and the number of that step.  A `Journal` is all entries in the order
of their instants.  It is rebuilt from the histories whenever it is asked for, and gives the ledger
as of an instant, a party's balance, and a statement: what stood there before, each movement with
what stands after it, and what stands at the end.

>>> from apaclogistics.ledger import pay
>>> from apaclogistics.lifecycle import Role
>>> seller, buyer = Actor(Role.SELLER, "s-1"), Actor(Role.BUYER, "b-7")
>>> price = Money.of("30.00", "USD")
>>> paid = JournalEntry(at="2026-03-02T08:00:00Z", thing="order o-1", sequence=2,
...              posting=pay(buyer, seller, price, "order o-1"))
>>> april = instant("2026-03-31T16:00:00Z"), instant("2026-04-30T16:00:00Z")
>>> [statement] = Journal((paid,)).statements(seller, *april)
>>> str(statement.opening.available), statement.lines
('30.00 USD', ())
"""

from collections.abc import Iterable, Iterator
from typing import Self

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.history import Recorded
from apaclogistics.ledger import (
    Account,
    AccountKind,
    Balance,
    JournalEntry,
    Ledger,
    PostingKind,
    Wallet,
)
from apaclogistics.lifecycle import Actor
from apaclogistics.values.fields import of_type, several, tuple_of
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import Currency, Money

__all__ = ("Journal", "Statement", "StatementLine", "entries_of")


@attrs.frozen(kw_only=True)
class StatementLine:
    """One movement on a party's accounts, and what stands there after it.

    `available` and `held` are what the movement adds to each, below zero where it takes.
    """

    entry: JournalEntry = attrs.field(validator=of_type(JournalEntry))
    available: Money = attrs.field(validator=of_type(Money))
    held: Money = attrs.field(validator=of_type(Money))
    balance: Balance = attrs.field(validator=of_type(Balance))


@attrs.frozen(kw_only=True)
class Statement:
    """What moved on a party's accounts in one currency, and what stood there before and after.

    It holds what was posted at `since` and not what was posted at `until`, so that statements
    follow each other without a gap: what closes one opens the next.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if it ends before it begins.
    """

    owner: Actor = attrs.field(validator=of_type(Actor))
    currency: Currency = attrs.field(validator=of_type(Currency))
    since: Instant = attrs.field(converter=instant)
    until: Instant = attrs.field(converter=instant)
    opening: Balance = attrs.field(validator=of_type(Balance))
    lines: tuple[StatementLine, ...] = attrs.field(default=(), validator=tuple_of(StatementLine))

    def __attrs_post_init__(self) -> None:
        """Refuse a statement that ends before it begins."""
        if self.until < self.since:
            allowed = f"{to_text(self.since)} or later"
            raise InvalidValueError("statement", to_text(self.until), "ends early", allowed)

    @property
    def closing(self) -> Balance:
        """What stood there at the end."""
        return self.lines[-1].balance if self.lines else self.opening


def _place(entry: JournalEntry) -> tuple[Instant, bool, str, int]:
    # What is brought along at an instant is there for what is paid at that instant.
    is_spent = entry.posting.kind is not PostingKind.DEPOSIT
    return entry.at, is_spent, entry.thing, entry.sequence


def _in_order(entries: Iterable[JournalEntry]) -> tuple[JournalEntry, ...]:
    # Postings of one step are of one place, and stay in the order in which it made them.
    return tuple(sorted(several("entries of Journal", entries, JournalEntry), key=_place))


@attrs.frozen
class Journal:
    """All entries by their instants; those of one instant by thing and step, deposits first.

    The order in which they are given is irrelevant, but for the postings of one step.
    """

    entries: tuple[JournalEntry, ...] = attrs.field(default=(), converter=_in_order)

    @classmethod
    def rebuild(cls, things: Iterable[Recorded], wallets: Iterable[Wallet] = ()) -> Self:
        """Rebuild the journal from histories, and from what parties brought along."""
        made = (entry for thing in things for entry in entries_of(thing))
        brought = (entry for wallet in wallets for entry in wallet.deposits)
        return cls((*made, *brought))

    def ledger(self, at: Instant | None = None) -> Ledger:
        """Give the ledger as of an instant, what was posted then included; else of everything."""
        moment = None if at is None else instant(at)
        known = (entry for entry in self.entries if moment is None or entry.at <= moment)
        return Ledger(tuple(entry.posting for entry in known))

    def balance(self, owner: Actor, currency: Currency, at: Instant) -> Balance:
        """Give what a party had in a currency as of an instant, what was posted then included.

        Raises:
            InvalidValueError: if a hold was used twice.
        """
        ledger = self.ledger(at)
        available, held = _accounts(owner)
        return Balance(ledger.balance(available, currency), ledger.balance(held, currency))

    def statement(
        self, owner: Actor, currency: Currency, since: Instant, until: Instant
    ) -> Statement:
        """Give the statement of a party in one currency, `until` left out.

        Raises:
            InvalidValueError: if it ends before it begins, or a hold was used twice.
        """
        begin, end = instant(since), instant(until)
        lines = tuple(line for line in self._lines(owner, currency) if line.entry.at < end)
        before = [line.balance for line in lines if line.entry.at < begin]
        return Statement(
            owner=owner,
            currency=currency,
            since=begin,
            until=end,
            opening=before[-1] if before else _nothing(currency),
            lines=lines[len(before) :],
        )

    def statements(self, owner: Actor, since: Instant, until: Instant) -> tuple[Statement, ...]:
        """Give the statements of a party in all currencies that it ever had, by their code."""
        mine = (e.posting for e in self.entries if any(map(e.posting.effect_on, _accounts(owner))))
        units = sorted({posting.amount.currency for posting in mine})
        return tuple(self.statement(owner, unit, since, until) for unit in units)

    def _lines(self, owner: Actor, currency: Currency) -> Iterator[StatementLine]:
        balance = _nothing(currency)
        for entry in self.entries:
            if entry.posting.amount.currency != currency:
                continue
            available, held = (
                Money(entry.posting.effect_on(account), currency) for account in _accounts(owner)
            )
            if available.minor or held.minor:
                balance = Balance(balance.available + available, balance.held + held)
                yield StatementLine(entry=entry, available=available, held=held, balance=balance)


def _accounts(owner: Actor) -> tuple[Account, Account]:
    return Account(owner, AccountKind.AVAILABLE), Account(owner, AccountKind.HELD)


def _nothing(currency: Currency) -> Balance:
    return Balance(Money.zero(currency), Money.zero(currency))


def entries_of(thing: Recorded) -> Iterator[JournalEntry]:
    """Give what the commands of a thing have posted, each with its step."""
    name = f"{type(thing).__name__.lower()} {thing.id}"
    for sequence, step in enumerate(thing.history, start=1):
        for posting in step.postings:
            yield JournalEntry(at=step.at, thing=name, sequence=sequence, posting=posting)
