"""The ledger: every movement of money is a transfer between two accounts, with its cause."""

import pytest

from apaclogistics.errors import InvalidValueError
from apaclogistics.ledger import (
    MARKETPLACE,
    Account,
    AccountKind,
    Balance,
    DepositConflictError,
    JournalEntry,
    Ledger,
    Posting,
    PostingKind,
    Wallet,
    adjust,
    capture,
    claw_back,
    compensate,
    fee,
    hold,
    pay,
    refund,
    release,
)
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.values.money import Currency, Money
from tests.samples import BUYER, CARRIER, SELLER, STRANGERS, day, usd

USD, JPY = Currency("USD"), Currency("JPY")
TEN = usd("10.00")
CAUSE = "shipment sh-1"

AVAILABLE = Account(SELLER, AccountKind.AVAILABLE)
HELD = Account(SELLER, AccountKind.HELD)
SELLER_OUTSIDE = Account(SELLER, AccountKind.OUTSIDE)
BUYER_OUTSIDE = Account(BUYER, AccountKind.OUTSIDE)
MARKETPLACE_OUTSIDE = Account(MARKETPLACE, AccountKind.OUTSIDE)
CARRIER_OUTSIDE = Account(CARRIER, AccountKind.OUTSIDE)

# What moves where: the kind, the account that gives, and the one that takes.
MOVES = [
    (pay(BUYER, SELLER, TEN, CAUSE), PostingKind.PAYMENT, BUYER_OUTSIDE, AVAILABLE),
    (hold(SELLER, TEN, CAUSE), PostingKind.HOLD, AVAILABLE, HELD),
    (release(SELLER, TEN, CAUSE), PostingKind.RELEASE, HELD, AVAILABLE),
    (capture(SELLER, CARRIER, TEN, CAUSE), PostingKind.CAPTURE, HELD, CARRIER_OUTSIDE),
    (adjust(SELLER, CARRIER, TEN, CAUSE), PostingKind.ADJUSTMENT, AVAILABLE, CARRIER_OUTSIDE),
    (adjust(SELLER, CARRIER, -TEN, CAUSE), PostingKind.ADJUSTMENT, CARRIER_OUTSIDE, AVAILABLE),
    (
        compensate(CARRIER, SELLER, TEN, CAUSE),
        PostingKind.COMPENSATION,
        CARRIER_OUTSIDE,
        AVAILABLE,
    ),
    (
        compensate(CARRIER, BUYER, TEN, CAUSE),
        PostingKind.COMPENSATION,
        CARRIER_OUTSIDE,
        BUYER_OUTSIDE,
    ),
    (claw_back(SELLER, CARRIER, TEN, CAUSE), PostingKind.CLAW_BACK, AVAILABLE, CARRIER_OUTSIDE),
    (claw_back(BUYER, CARRIER, TEN, CAUSE), PostingKind.CLAW_BACK, BUYER_OUTSIDE, CARRIER_OUTSIDE),
    (refund(SELLER, BUYER, TEN, CAUSE), PostingKind.REFUND, AVAILABLE, BUYER_OUTSIDE),
    (fee(SELLER, TEN, CAUSE), PostingKind.FEE, AVAILABLE, MARKETPLACE_OUTSIDE),
    (fee(SELLER, -TEN, CAUSE), PostingKind.FEE, MARKETPLACE_OUTSIDE, AVAILABLE),
]


def deposited(amount: str = "10.00") -> Wallet:
    """Give a wallet into which the seller has put some dollars."""
    return Wallet(SELLER).deposit(usd(amount), "top-up", at=day(1))


@pytest.mark.parametrize(("posting", "kind", "source", "target"), MOVES)
def test_money_moves_between_these_accounts(
    posting: Posting, kind: PostingKind, source: Account, target: Account
) -> None:
    """Each movement is written out here by its kind and its two accounts."""
    assert posting == Posting(kind, source, target, TEN, CAUSE)


@pytest.mark.parametrize("posting", [move[0] for move in MOVES])
def test_a_posting_takes_from_one_account_what_it_gives_to_another(posting: Posting) -> None:
    """Other accounts feel nothing of it."""
    stranger = Account(STRANGERS[0], AccountKind.AVAILABLE)

    assert posting.effect_on(posting.source) == -1000
    assert posting.effect_on(posting.target) == 1000
    assert posting.effect_on(stranger) == 0


def test_a_cent_goes_the_way_that_its_sign_says() -> None:
    """Above zero the seller pays it, below zero it comes back."""
    cent = usd("0.01")

    paid = adjust(SELLER, CARRIER, cent, CAUSE), fee(SELLER, cent, CAUSE)
    back = adjust(SELLER, CARRIER, -cent, CAUSE), fee(SELLER, -cent, CAUSE)

    assert {posting.amount for posting in (*paid, *back)} == {cent}
    assert [posting.source for posting in paid] == [AVAILABLE, AVAILABLE]
    assert [posting.target for posting in back] == [AVAILABLE, AVAILABLE]


@pytest.mark.parametrize("minor", [0, -1])
def test_a_posting_moves_more_than_nothing(minor: int) -> None:
    """What goes the other way is another kind of posting."""
    with pytest.raises(InvalidValueError, match="is not above zero"):
        hold(SELLER, Money(minor, USD), CAUSE)

    assert hold(SELLER, Money(1, USD), CAUSE).amount == usd("0.01")


def test_a_posting_goes_from_one_account_to_another() -> None:
    """From an account to itself is no movement."""
    with pytest.raises(InvalidValueError, match=r"'seller s-1 \(held\)' goes nowhere"):
        Posting(PostingKind.HOLD, HELD, HELD, TEN, CAUSE)


def test_a_ledger_of_nothing_is_empty() -> None:
    """Every balance is zero, in every currency."""
    ledger = Ledger()

    assert ledger.accounts == ()
    assert ledger.currencies == ()
    assert ledger.balance(AVAILABLE, USD) == ledger.total(USD) == usd("0.00")


def test_balances_add_up_by_account_and_currency() -> None:
    """Dollars and yen do not meet."""
    yen = pay(BUYER, SELLER, Money(500, JPY), "order o-2")
    ledger = Ledger((pay(BUYER, SELLER, TEN, "order o-1"), yen, hold(SELLER, usd("4.00"), CAUSE)))

    assert ledger.balance(AVAILABLE, USD) == usd("6.00")
    assert ledger.balance(HELD, USD) == usd("4.00")
    assert ledger.balance(BUYER_OUTSIDE, USD) == usd("-10.00")
    assert ledger.balance(AVAILABLE, JPY) == Money(500, JPY)
    assert ledger.balance(HELD, JPY) == Money(0, JPY)
    assert ledger.currencies == (JPY, USD)
    assert ledger.accounts == (BUYER_OUTSIDE, AVAILABLE, HELD)


def test_currencies_come_by_their_code() -> None:
    """Whatever was posted first."""
    codes = ("USD", "HKD", "TWD", "AUD", "JPY", "EUR", "CNY")

    ledger = Ledger(tuple(pay(BUYER, SELLER, Money(500, code), "order o-1") for code in codes))

    assert [str(unit) for unit in ledger.currencies] == sorted(codes)


def test_all_accounts_together_have_nothing() -> None:
    """What one has, others have given."""
    ledger = Ledger(tuple(move[0] for move in MOVES))

    assert ledger.total(USD) == usd("0.00")
    assert {ledger.balance(account, USD).minor for account in ledger.accounts} != {0}


def test_the_statement_of_a_party_has_what_touches_its_accounts() -> None:
    """In the order in which it was posted."""
    first, second = pay(BUYER, SELLER, TEN, "order o-1"), capture(SELLER, CARRIER, TEN, CAUSE)
    ledger = Ledger((first, second))

    assert ledger.of(SELLER) == ledger
    assert ledger.of(BUYER) == Ledger((first,))
    assert ledger.of(CARRIER) == Ledger((second,))
    assert ledger.of(STRANGERS[1]) == Ledger()


def test_a_wallet_begins_with_nothing() -> None:
    """In every currency."""
    assert Wallet(SELLER).available(USD) == usd("0.00")
    assert Wallet(SELLER).balance(JPY) == Balance(Money(0, JPY), Money(0, JPY))


def test_a_deposit_is_posted_and_kept() -> None:
    """No aggregate made it, so the wallet remembers it for the ledger."""
    wallet = deposited().deposit(usd("2.50"), "another top-up", at=day(2))

    assert wallet.available(USD) == usd("12.50")
    postings = tuple(it.posting for it in wallet.deposits)
    assert [(it.kind, it.source, it.target) for it in postings] == [
        (PostingKind.DEPOSIT, SELLER_OUTSIDE, AVAILABLE)
    ] * 2
    assert [(it.at, it.thing, it.sequence) for it in wallet.deposits] == [
        (day(1), "wallet seller s-1", 1),
        (day(2), "wallet seller s-1", 2),
    ]
    assert Ledger(postings).balance(AVAILABLE, USD) == usd("12.50")


def test_a_cause_is_one_deposit() -> None:
    """The same again changes nothing; another amount is refused, and so is what names nothing."""
    wallet = deposited()

    assert wallet.deposit(usd("10.00"), "top-up", at=day(2)) is wallet
    with pytest.raises(
        DepositConflictError, match=r"s-1 deposited 10\.00 USD as 'top-up', and now"
    ):
        wallet.deposit(usd("10.01"), "top-up", at=day(2))
    with pytest.raises(InvalidValueError, match="cause of a deposit '' is no identifier"):
        wallet.deposit(usd("1.00"), "", at=day(2))


def test_a_hold_moves_money_aside_and_a_capture_spends_it() -> None:
    """What is held cannot be spent."""
    held = deposited().post([hold(SELLER, usd("4.00"), CAUSE)])

    spent = held.post([capture(SELLER, CARRIER, usd("4.00"), CAUSE)])

    assert held.balance(USD) == Balance(usd("6.00"), usd("4.00"))
    assert spent.balance(USD) == Balance(usd("6.00"), usd("0.00"))


@pytest.mark.parametrize(
    "first", [release(SELLER, TEN, CAUSE), capture(SELLER, CARRIER, TEN, CAUSE)]
)
@pytest.mark.parametrize(
    "second", [release(SELLER, TEN, CAUSE), capture(SELLER, CARRIER, TEN, CAUSE)]
)
def test_a_hold_is_used_once(first: Posting, second: Posting) -> None:
    """Captured or released, and not again."""
    used = deposited().post([hold(SELLER, TEN, CAUSE), first])

    with pytest.raises(InvalidValueError, match="a hold is used once"):
        used.post([second])


def test_no_balance_holds_less_than_nothing() -> None:
    """Not by a cent; what is available may."""
    assert Balance(usd("-0.01"), usd("0.00")).held == usd("0.00")
    with pytest.raises(InvalidValueError, match="a hold is used once"):
        Balance(usd("0.00"), usd("-0.01"))


def test_a_wallet_takes_in_its_owners_postings_alone() -> None:
    """Those of others leave the very same wallet."""
    wallet = deposited()

    assert (
        wallet.post([hold(STRANGERS[0], TEN, CAUSE), compensate(CARRIER, BUYER, TEN, CAUSE)])
        is wallet
    )


def test_what_is_available_may_go_below_zero() -> None:
    """A refund is owed although the money was spent."""
    wallet = deposited("1.00").post([refund(SELLER, BUYER, TEN, "order o-1")])

    assert wallet.available(USD) == usd("-9.00")


def test_a_wallet_has_one_balance_a_currency_by_its_code() -> None:
    """So two wallets that went through the same are equal, in whatever order."""
    yen, dollars = Money(500, JPY), usd("1.00")

    one = Wallet(SELLER).post([pay(BUYER, SELLER, it, "") for it in (dollars, yen, dollars)])
    other = Wallet(SELLER).post([pay(BUYER, SELLER, it, "") for it in (yen, dollars, dollars)])

    assert one == other
    assert [it.available for it in one.balances] == [yen, usd("2.00")]


@pytest.mark.parametrize(
    ("owner", "kind", "shown"),
    [
        (SELLER, AccountKind.HELD, "seller s-1 (held)"),
        (CARRIER, AccountKind.OUTSIDE, "carrier HKPOST (outside)"),
    ],
)
def test_an_account_says_whose_it_is(owner: Actor, kind: AccountKind, shown: str) -> None:
    """With the kind in words."""
    assert str(Account(owner, kind)) == shown


def test_a_wallet_covers_what_it_holds_and_no_more() -> None:
    """A hold is used once; what comes in the same step counts, and what others hold does not."""
    held = deposited("30.00").post([hold(SELLER, TEN, CAUSE)])
    used = held.post([release(SELLER, TEN, CAUSE)])

    assert held.covers([capture(SELLER, CARRIER, TEN, CAUSE)])
    assert not held.covers([capture(SELLER, CARRIER, usd("10.01"), CAUSE)])
    assert not used.covers([capture(SELLER, CARRIER, TEN, CAUSE)])
    assert used.covers([hold(SELLER, TEN, CAUSE), release(SELLER, TEN, CAUSE)])
    assert used.covers([release(STRANGERS[0], TEN, CAUSE), refund(SELLER, BUYER, TEN, CAUSE)])


def test_what_is_held_in_one_currency_covers_nothing_in_another() -> None:
    """A wallet has a balance for each."""
    yen, dollars = Money(500, JPY), usd("4.00")
    wallet = Wallet(SELLER).post([hold(SELLER, yen, CAUSE), hold(SELLER, dollars, CAUSE)])

    assert wallet.covers([release(SELLER, yen, CAUSE), release(SELLER, dollars, CAUSE)])
    assert not wallet.covers([release(SELLER, usd("4.01"), CAUSE)])
    assert not wallet.covers([release(SELLER, Money(501, JPY), CAUSE)])


def test_an_entry_says_when_and_by_which_step() -> None:
    """Steps are counted from one, and nothing has more than a million."""
    posting = hold(SELLER, TEN, CAUSE)

    for sequence in (0, 1_000_001):
        with pytest.raises(InvalidValueError, match="sequence"):
            JournalEntry(at=day(1), thing="shipment sh-1", sequence=sequence, posting=posting)
    for sequence in (1, 1_000_000):
        entry = JournalEntry(at=day(1), thing="shipment sh-1", sequence=sequence, posting=posting)
        assert (entry.posting, entry.sequence) == (posting, sequence)


def test_the_total_is_zero_however_much_was_posted() -> None:
    """What stands on some of the accounts together may be more than any one amount."""
    most = Money(10**16, "USD")
    buyers = [Actor(Role.BUYER, f"b-{count}") for count in (1, 2)]
    ledger = Ledger(tuple(pay(it, Actor(Role.SELLER, it.id), most, "order") for it in buyers))

    assert ledger.total(Currency("USD")) == Money.zero("USD")
