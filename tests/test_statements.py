"""Statements: the dated side of the ledger, and what a party had when."""

from datetime import timedelta

import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.ledger import (
    MARKETPLACE,
    Account,
    AccountKind,
    Balance,
    JournalEntry,
    Ledger,
    Posting,
    PostingKind,
    Wallet,
    capture,
    fee,
    hold,
    pay,
)
from apaclogistics.sales import Payment, Refund
from apaclogistics.statements import Journal, Statement, StatementLine, entries_of
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency, Money
from tests.samples import BUYER, CARRIER, PLATFORM, SELLER, STRANGERS, day, placed, usd

USD, JPY = Currency("USD"), Currency("JPY")
TICK = timedelta(microseconds=1)

PAID = pay(BUYER, SELLER, usd("30.00"), "order o-1")
FEE = fee(SELLER, usd("3.00"), "order o-1")
HELD = hold(SELLER, usd("12.50"), "shipment sh-1")
CAPTURED = capture(SELLER, CARRIER, usd("12.50"), "shipment sh-1")


def entry(posting: Posting, at: Instant, sequence: int = 1) -> JournalEntry:
    """Give an entry of the thing that the posting names as its cause."""
    return JournalEntry(at=at, thing=posting.cause, sequence=sequence, posting=posting)


JOURNAL = Journal(
    (
        entry(CAPTURED, day(8), 5),
        entry(HELD, day(4), 3),
        entry(PAID, day(2), 2),
        entry(FEE, day(2), 2),
    )
)


def shown(line: StatementLine) -> tuple[str, ...]:
    """Give a line as it would be printed."""
    balance = line.balance
    figures = (line.available, line.held, balance.available, balance.held)
    return (line.entry.posting.kind.value, *(str(amount.amount) for amount in figures))


def test_a_journal_is_in_the_order_of_its_instants() -> None:
    """What one step posted stays in the order in which it did."""
    assert [it.posting for it in JOURNAL.entries] == [PAID, FEE, HELD, CAPTURED]
    assert Journal(JOURNAL.entries) == JOURNAL
    assert Journal().entries == ()


def test_a_statement_tells_each_movement_and_what_stands_after_it() -> None:
    """Of what is available, and of what is held."""
    statement = JOURNAL.statement(SELLER, USD, day(1), day(9))

    assert [shown(line) for line in statement.lines] == [
        ("payment", "30.00", "0.00", "30.00", "0.00"),
        ("fee", "-3.00", "0.00", "27.00", "0.00"),
        ("hold", "-12.50", "12.50", "14.50", "12.50"),
        ("capture", "0.00", "-12.50", "14.50", "0.00"),
    ]
    assert statement.opening == Balance(usd("0.00"), usd("0.00"))
    assert statement.closing == Balance(usd("14.50"), usd("0.00"))


def test_a_statement_begins_with_what_stood_there_before() -> None:
    """It holds its first instant and not its last, so the next one goes on where it ends."""
    march = JOURNAL.statement(SELLER, USD, day(2) + TICK, day(8))
    later = JOURNAL.statement(SELLER, USD, day(8), day(9))

    assert march.opening == Balance(usd("27.00"), usd("0.00"))
    assert [line.entry.posting for line in march.lines] == [HELD]
    assert march.closing == later.opening == Balance(usd("14.50"), usd("12.50"))
    assert [line.entry.posting for line in later.lines] == [CAPTURED]


def test_a_statement_of_no_movement_closes_as_it_opened() -> None:
    """Even if it is of a single instant."""
    statement = JOURNAL.statement(SELLER, USD, day(5), day(5))

    assert statement.lines == ()
    assert statement.closing == statement.opening == Balance(usd("14.50"), usd("12.50"))


def test_a_statement_does_not_end_before_it_begins() -> None:
    """That would be a slip of the keyboard."""
    with pytest.raises(InvalidValueError, match=r"statement '2026-03-02T08:59.* ends early"):
        JOURNAL.statement(SELLER, USD, day(2), day(2) - TICK)


def test_currencies_are_apart() -> None:
    """Each has a statement, by its code; the order of entries does not matter."""
    yen = entry(pay(BUYER, SELLER, Money(500, JPY), "order o-2"), day(3))
    journal = Journal((yen, *JOURNAL.entries))

    in_yen, in_dollars = journal.statements(SELLER, day(1), day(9))

    assert (in_yen.currency, in_yen.closing.available) == (JPY, Money(500, JPY))
    assert in_dollars == JOURNAL.statement(SELLER, USD, day(1), day(9))


def test_whoever_has_nothing_on_the_platform_has_no_statement() -> None:
    """A buyer, a carrier and the marketplace have their money outside."""
    for somebody in (BUYER, CARRIER, MARKETPLACE, *STRANGERS):
        assert JOURNAL.statements(somebody, day(1), day(9)) == ()
        assert JOURNAL.statement(somebody, USD, day(1), day(9)).lines == ()


def test_a_balance_is_as_of_an_instant() -> None:
    """What is posted in that instant counts, unlike in a statement until then."""
    assert JOURNAL.balance(SELLER, USD, day(4) - TICK) == Balance(usd("27.00"), usd("0.00"))
    assert JOURNAL.balance(SELLER, USD, day(4)) == Balance(usd("14.50"), usd("12.50"))
    assert JOURNAL.balance(SELLER, JPY, day(4)) == Balance(Money(0, JPY), Money(0, JPY))


def test_a_ledger_is_as_of_an_instant() -> None:
    """Without one it is of everything."""
    assert JOURNAL.ledger(day(1)) == Ledger()
    assert JOURNAL.ledger(day(4)) == Ledger((PAID, FEE, HELD))
    assert JOURNAL.ledger() == Ledger((PAID, FEE, HELD, CAPTURED))


def test_a_hold_that_was_used_twice_is_told() -> None:
    """A journal that happened has none."""
    journal = Journal((*JOURNAL.entries, entry(CAPTURED, day(9))))

    with pytest.raises(InvalidValueError, match="a hold is used once"):
        journal.balance(SELLER, USD, day(9))


def test_the_fee_of_a_payment_is_what_the_seller_does_not_get() -> None:
    """So what is available to the seller is the net, and the marketplace has the rest."""
    payment = Payment(id="pay-1", gross=usd("30.00"), net=usd("26.10"))
    order = placed().pay(payment, by=BUYER, at=day(2))

    [paid, kept] = entries_of(order)

    assert (paid.at, paid.thing, paid.sequence) == (day(2), "order o-1", 2)
    assert kept.posting == fee(SELLER, usd("3.90"), "order o-1")
    ledger = Journal((paid, kept)).ledger()
    outside = Account(MARKETPLACE, AccountKind.OUTSIDE)
    assert ledger.balance(Account(SELLER, AccountKind.AVAILABLE), USD) == usd("26.10")
    assert ledger.balance(outside, USD) == usd("3.90")


def test_the_fee_of_a_refund_comes_back() -> None:
    """The seller gives the net, the marketplace the rest, the buyer gets the gross."""
    payment = Payment(id="pay-1", gross=usd("30.00"), net=usd("26.10"))
    refund = Refund(id="back-1", gross=usd("10.00"), net=usd("8.70"))
    order = placed().pay(payment, by=BUYER, at=day(2)).refund(refund, by=PLATFORM, at=day(3))

    [given, back] = order.history[-1].postings

    assert (given.kind, given.amount) == (PostingKind.REFUND, usd("10.00"))
    assert back == fee(SELLER, usd("-1.30"), "order o-1")
    balance = Journal.rebuild([order]).balance(SELLER, USD, day(3))
    assert balance.available == usd("17.40")


@pytest.mark.parametrize("net", [None, usd("30.00"), usd("31.00")])
def test_no_fee_is_invented(net: Money | None) -> None:
    """Where no net is known, or no less came than was paid."""
    payment = Payment(id="pay-1", gross=usd("30.00"), net=net)
    order = placed().pay(payment, by=BUYER, at=day(2))

    assert payment.fee == Refund(id="back-1", gross=usd("30.00"), net=net).fee == usd("0.00")
    assert [it.kind for it in order.history[-1].postings] == [PostingKind.PAYMENT]


def test_a_journal_is_rebuilt_from_histories_and_deposits() -> None:
    """Whose wallets they are does not matter, nor in which order they are read."""
    wallet = Wallet(SELLER).deposit(usd("5.00"), "top-up", at=day(1))
    order = placed().pay(Payment(id="pay-1", gross=usd("30.00")), by=BUYER, at=day(2))

    journal = Journal.rebuild([order], [wallet])

    assert [(it.thing, it.posting.kind) for it in journal.entries] == [
        ("wallet seller s-1", PostingKind.DEPOSIT),
        ("order o-1", PostingKind.PAYMENT),
    ]
    assert journal.balance(SELLER, USD, day(2)).available == usd("35.00")


def test_a_deposit_comes_before_what_it_pays_for() -> None:
    """At one instant; what is available is never shown below zero for it."""
    wallet = Wallet(SELLER).deposit(usd("12.60"), "top-up", at=day(2))
    held = entry(hold(SELLER, usd("12.60"), "shipment sh-1"), day(2))

    [statement] = Journal((held, *wallet.deposits)).statements(SELLER, day(1), day(3))

    assert [str(line.balance.available) for line in statement.lines] == ["12.60 USD", "0.00 USD"]


def test_parts_are_checked() -> None:
    """An entry is an entry."""
    with pytest.raises(InvalidTypeError, match="entries of Journal"):
        Journal((PAID,))  # type: ignore[arg-type]
    with pytest.raises(InvalidTypeError, match="one of entries of Journal"):
        Journal((entry(PAID, day(2)), PAID))  # type: ignore[arg-type]
    with pytest.raises(InvalidTypeError, match="owner of Statement"):
        Statement(
            owner="s-1",  # type: ignore[arg-type]
            currency=USD,
            since=day(1),
            until=day(2),
            opening=Balance(usd("0.00"), usd("0.00")),
        )
