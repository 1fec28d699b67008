"""Laws of journals and statements.

* *Order is irrelevant*: entries that are given in any order make one journal.
* *Deposits come first*: of what was posted at one instant, and no balance depends on it.
* *Nothing is lost*: at every instant all accounts together have zero, in each currency.
* *Statements join*: what closes one opens the next, and two that follow each other have the lines
  of the one that covers both.
* *A statement adds up*: its opening and the movements of its lines make its closing.
* *A statement ends where the balance is*: just before its end.
* *A wallet is in step*: folding the postings of a journal gives the balances of its statements.
* *What is rebuilt is what was posted*: whatever happened to an order, a shipment and a claim, the
  journal of their histories has each posting of each step once, wallets agree with it after every
  one, and it adds up to nothing at every instant.
"""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.claims import Claim
from apaclogistics.history import Recorded
from apaclogistics.ledger import Account, AccountKind, Balance, JournalEntry, Wallet
from apaclogistics.orders import Order
from apaclogistics.shipments import Shipment
from apaclogistics.statements import Journal, Statement
from apaclogistics.testing._agreements import journal_entries, journals, statements
from apaclogistics.testing._carriage import shipments
from apaclogistics.testing._disputes import claims
from apaclogistics.testing._orders import orders
from apaclogistics.testing.strategies import instants
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Money
from tests.laws.test_aggregate_laws import some
from tests.samples import SELLER

TICK = timedelta(microseconds=1)
EVER = instants()
NOON = "2026-03-02T12:00:00Z"
THREE = st.tuples(EVER, EVER, EVER).map(sorted)


@given(journals(), st.data())
def test_the_order_of_entries_is_irrelevant(journal: Journal, data: st.DataObject) -> None:
    """Each is of another step here."""
    shuffled = data.draw(st.permutations(journal.entries))

    assert Journal(tuple(shuffled)) == journal


@given(journals(owner=SELLER), st.data())
def test_a_deposit_comes_first_of_its_instant_and_changes_no_sum(
    journal: Journal, data: st.DataObject
) -> None:
    """What stands there at the end is what stood there before, and the deposit."""
    at = data.draw(st.sampled_from([entry.at for entry in journal.entries] or [instant(NOON)]))
    [brought] = Wallet(SELLER).deposit(Money(1, "USD"), "top-up", at=at).deposits

    both = Journal((*journal.entries, brought))

    same = [entry for entry in both.entries if entry.at == at]
    assert same[0] == brought
    for unit in {brought.posting.amount.currency, *journal.ledger().currencies}:
        before, after = (it.balance(SELLER, unit, at) for it in (journal, both))
        more = 1 if unit == brought.posting.amount.currency else 0
        assert after == Balance(before.available + Money(more, unit), before.held)


@given(st.lists(journal_entries(), max_size=8), EVER)
def test_at_every_instant_all_accounts_together_have_nothing(
    made: list[JournalEntry], at: Instant
) -> None:
    """Whatever was posted."""
    journal = Journal(tuple(made))
    for moment in (at, *(entry.at for entry in journal.entries)):
        ledger = journal.ledger(moment)
        assert {ledger.total(unit).minor for unit in ledger.currencies} <= {0}


@given(journals(owner=SELLER), THREE)
def test_statements_that_follow_each_other_join(journal: Journal, ends: list[Instant]) -> None:
    """In every currency."""
    first, middle, last = ends

    for whole in journal.statements(SELLER, first, last):
        one = journal.statement(SELLER, whole.currency, first, middle)
        two = journal.statement(SELLER, whole.currency, middle, last)
        assert one.closing == two.opening
        assert (*one.lines, *two.lines) == whole.lines
        assert (one.opening, two.closing) == (whole.opening, whole.closing)


@given(statements())
def test_a_statement_adds_up(statement: Statement) -> None:
    """Line by line, on both accounts."""
    available, held = statement.opening.available, statement.opening.held
    for line in statement.lines:
        available, held = available + line.available, held + line.held
        assert (line.balance.available, line.balance.held) == (available, held)
        assert statement.since <= line.entry.at < statement.until

    assert (statement.closing.available, statement.closing.held) == (available, held)


@given(journals(owner=SELLER), THREE)
def test_a_statement_ends_with_the_balance(journal: Journal, ends: list[Instant]) -> None:
    """As of just before its end, and it opens with that of just before its beginning."""
    _, since, until = ends

    for statement in journal.statements(SELLER, since, until):
        unit = statement.currency
        assert statement.closing == journal.balance(SELLER, unit, until - TICK)
        assert statement.opening == journal.balance(SELLER, unit, since - TICK)


@given(journals(owner=SELLER))
def test_a_wallet_that_takes_in_the_postings_is_in_step(journal: Journal) -> None:
    """At each step of the way."""
    wallet = Wallet(SELLER)
    for count, entry in enumerate(journal.entries, start=1):
        wallet = wallet.post([entry.posting])
        unit = entry.posting.amount.currency
        so_far = Journal(journal.entries[:count])
        assert wallet.balance(unit) == so_far.balance(SELLER, unit, entry.at)
        assert so_far.ledger().total(unit) == Money.zero(unit)


@some
@given(orders(), shipments(), claims())
def test_what_is_rebuilt_is_what_was_posted(order: Order, shipment: Shipment, claim: Claim) -> None:
    """Payments, fees, holds, captures, adjustments, refunds, compensation and its return."""
    things: tuple[Recorded, ...] = (order, shipment, claim)
    posted = [it for thing in things for step in thing.history for it in step.postings]

    journal = Journal.rebuild(things)

    assert Counter(entry.posting for entry in journal.entries) == Counter(posted)
    assert journal == Journal.rebuild(reversed(things))
    owners = {order.sale.seller, shipment.consignment.seller, claim.demand.claimant}
    wallets = {owner: Wallet(owner) for owner in owners}
    for count, entry in enumerate(journal.entries, start=1):
        ledger, unit = Journal(journal.entries[:count]).ledger(), entry.posting.amount.currency
        wallets = {owner: wallet.post([entry.posting]) for owner, wallet in wallets.items()}
        assert ledger.total(unit).minor == 0
        for owner, wallet in wallets.items():
            accounts = (Account(owner, kind) for kind in (AccountKind.AVAILABLE, AccountKind.HELD))
            available, held = (ledger.balance(account, unit) for account in accounts)
            assert wallet.balance(unit) == Balance(available, held)
