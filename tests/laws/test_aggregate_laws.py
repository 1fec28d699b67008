"""Laws of everything that has a life.

* *Replay*: a history, and for a shipment its scans, give the same thing again.
* *Nothing changes in place*: a verb gives a new thing with one more step, or refuses and gives
  none; either way the old thing is as it was.
* *Balance*: whatever happened, all accounts together have nothing at every step, and a wallet has
  what the ledger says.
* *Refunds*: no sequence of commands refunds more than was paid.
* *Holds*: a hold is captured or released at most once.
* *Bills*: once rows are known, exactly their total is paid, whatever the order.
* *Facts*: observing is one growing set, whatever the order, repetition and batching, and never
  raises; what a carrier is seen to have cannot be cancelled.
* *Doubt*: a time without a zone completes nothing too early and blames nobody, however it is meant.
* *Reach*: the strategies give valid things of their type, in every state.
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import timedelta
from enum import Enum
from random import Random
from typing import Protocol, TypeVar

import attrs
import pytest
from hypothesis import Phase as Stage
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import DataObject, SearchStrategy

from apaclogistics.bundles import Bundle, BundleState
from apaclogistics.cancellations import CancellationState, OrderAction
from apaclogistics.claims import Claim, ClaimState
from apaclogistics.compensation import Facts
from apaclogistics.costs import ActualCost, totals
from apaclogistics.costs import merge as merge_costs
from apaclogistics.errors import ApacLogisticsError
from apaclogistics.fulfilment import Action, Milestone, Phase
from apaclogistics.history import Recorded, postings_of
from apaclogistics.inquiries import Inquiry, InquiryState
from apaclogistics.ledger import (
    MARKETPLACE,
    Account,
    AccountKind,
    Ledger,
    PostingKind,
    Wallet,
)
from apaclogistics.lifecycle import Actor, IllegalTransitionError, RefusedError
from apaclogistics.listings import Listing, ListingState
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold, PaymentStatus
from apaclogistics.sales import Payment, Refund
from apaclogistics.sellers import Seller, SellerState
from apaclogistics.shipments import Shipment
from apaclogistics.testing._aggregates import (
    AGGREGATE_STRATEGIES,
    actual_costs,
    bookings,
    bundles,
    claims,
    facts,
    inquiries,
    ledgers,
    listings,
    measurements,
    orders,
    payments,
    policies,
    postings,
    quotes,
    sellers,
    shipments,
    terms,
    wallets,
)
from apaclogistics.testing._walks import PLATFORM as TESTED_PLATFORM
from apaclogistics.testing.strategies import instants, moments, scans
from apaclogistics.tracking import Scan
from apaclogistics.values.identifiers import ParcelId
from apaclogistics.values.instants import Instant, Moment
from apaclogistics.values.money import Currency, Money
from tests.samples import (
    CARRIER,
    PARTIES,
    PLATFORM,
    STRANGERS,
    booked,
    confirmed,
    day,
    drafted,
    handed_over,
    placed,
    scan,
)
from tests.tables import Thing, Verbs
from tests.test_bundles import VERBS as BUNDLE_VERBS
from tests.test_claims import VERBS as CLAIM_VERBS
from tests.test_inquiries import VERBS as INQUIRY_VERBS
from tests.test_listings import VERBS as LISTING_VERBS
from tests.test_orders import VERBS as ORDER_VERBS
from tests.test_sellers import VERBS as SELLER_VERBS
from tests.test_shipments import VERBS as SHIPMENT_VERBS

# A whole life is dear to draw, so a part of the profile's examples has to do.
some = settings(max_examples=max(1, settings().max_examples // 5))
few = settings(max_examples=max(1, settings().max_examples // 20))


class Living(Thing, Recorded, Protocol):
    """What has a state, parties and a history."""


T = TypeVar("T", bound=Living)
X = TypeVar("X")


@some
@given(sellers())
def test_a_seller_is_rebuilt_from_its_history(seller: Seller) -> None:
    """Replaying judges nothing again, and loses nothing."""
    assert Seller.replay(seller.history) == seller


@few
@given(listings())
def test_a_listing_is_rebuilt_from_its_history(listing: Listing) -> None:
    """With all its versions."""
    assert Listing.replay(listing.history) == listing


@some
@given(orders())
def test_an_order_is_rebuilt_from_its_history(order: Order) -> None:
    """With payments, refunds and allocations."""
    assert Order.replay(order.history) == order


@some
@given(bundles())
def test_a_bundle_is_rebuilt_from_its_history(bundle: Bundle) -> None:
    """With everything that was put in and taken out."""
    assert Bundle.replay(bundle.history) == bundle


@some
@given(inquiries())
def test_an_inquiry_is_rebuilt_from_its_history(inquiry: Inquiry) -> None:
    """With its deadline."""
    assert Inquiry.replay(inquiry.history) == inquiry


@some
@given(claims())
def test_a_claim_is_rebuilt_from_its_history(claim: Claim) -> None:
    """With figures, deadline, evidence and payment."""
    assert Claim.replay(claim.history) == claim


@some
@given(shipments(), st.randoms())
def test_a_shipment_is_rebuilt_from_its_history_and_its_scans(
    shipment: Shipment, random: Random
) -> None:
    """Although the facts came in between; in whatever order they come now."""
    shuffled, measured = list(shipment.scans), list(shipment.measurements)
    random.shuffle(shuffled)
    random.shuffle(measured)

    again = Shipment.replay(shipment.history, shuffled, measured)

    assert again == shipment
    assert again.phase is shipment.phase


def attempted(thing: T, verb: Callable[[T, Actor], T], actor: Actor) -> T | None:
    """Give what came of a command, None where it was refused for whatever reason."""
    try:
        return verb(thing, actor)
    except ApacLogisticsError:
        return None


def check_that_nothing_changes_in_place(thing: T, verbs: Verbs[T], data: DataObject) -> None:
    """Try a verb as somebody, and compare the old thing with what it was."""
    everybody = [*sorted(thing.parties, key=str), PLATFORM, *STRANGERS]
    action, actor = data.draw(st.sampled_from(sorted(verbs))), data.draw(st.sampled_from(everybody))
    before = deepcopy(thing)

    after = attempted(thing, verbs[action], actor)

    assert thing == before
    if after is not None:
        assert after.history[:-1] == before.history
        assert (after.history[-1].action.value, after.history[-1].by) == (action, actor)


@some
@given(sellers(), st.data())
def test_no_command_changes_a_seller_in_place(seller: Seller, data: DataObject) -> None:
    """Refused or accepted."""
    check_that_nothing_changes_in_place(seller, SELLER_VERBS, data)


@few
@given(listings(), st.data())
def test_no_command_changes_a_listing_in_place(listing: Listing, data: DataObject) -> None:
    """Refused or accepted."""
    check_that_nothing_changes_in_place(listing, LISTING_VERBS, data)


@some
@given(orders(), st.data())
def test_no_command_changes_an_order_in_place(order: Order, data: DataObject) -> None:
    """Refused or accepted."""
    check_that_nothing_changes_in_place(order, ORDER_VERBS, data)


@some
@given(bundles(), st.data())
def test_no_command_changes_a_bundle_in_place(bundle: Bundle, data: DataObject) -> None:
    """Refused or accepted."""
    check_that_nothing_changes_in_place(bundle, BUNDLE_VERBS, data)


@some
@given(bundles())
def test_what_is_in_a_bundle_goes_together(bundle: Bundle) -> None:
    """One seller, carrier and preference, nothing twice, and within the limit of weight."""
    opening = bundle.opening
    whose = {(it.seller, it.carrier, it.preference) for it in bundle.entries}
    lines = [line for it in bundle.entries for line in it.lines]

    assert whose <= {(opening.seller, opening.carrier, opening.preference)}
    assert len(set(bundle.shipments)) == len(bundle.shipments)
    assert len({line.number for line in lines}) == len(lines)
    assert opening.most is None or bundle.weight is None or bundle.weight <= opening.most
    if lines:
        assert bundle.sheet(at=bundle.history[-1].at).lines == tuple(lines)


@some
@given(inquiries(), st.data())
def test_no_command_changes_an_inquiry_in_place(inquiry: Inquiry, data: DataObject) -> None:
    """Refused or accepted."""
    check_that_nothing_changes_in_place(inquiry, INQUIRY_VERBS, data)


@some
@given(claims(), st.data())
def test_no_command_changes_a_claim_in_place(claim: Claim, data: DataObject) -> None:
    """Refused or accepted."""
    check_that_nothing_changes_in_place(claim, CLAIM_VERBS, data)


@some
@given(shipments(), st.data())
def test_no_command_changes_a_shipment_in_place(shipment: Shipment, data: DataObject) -> None:
    """Refused or accepted."""
    check_that_nothing_changes_in_place(shipment, SHIPMENT_VERBS, data)


def check_that_books_balance(ledger: Ledger) -> None:
    """Add all accounts up after every posting."""
    for count in range(len(ledger.postings) + 1):
        part = Ledger(ledger.postings[:count])
        assert [part.total(unit).minor for unit in part.currencies] == [0] * len(part.currencies)


@some
@given(orders(), shipments(), claims())
def test_the_books_of_any_histories_balance(order: Order, shipment: Shipment, claim: Claim) -> None:
    """In each currency, at every step."""
    postings = postings_of(order.history, shipment.history, claim.history)

    check_that_books_balance(Ledger(postings))


@given(ledgers())
def test_the_books_of_any_postings_balance(ledger: Ledger) -> None:
    """There is no way to write a posting that does not balance."""
    check_that_books_balance(ledger)


@some
@given(orders(), shipments())
def test_a_wallet_has_what_the_ledger_says(order: Order, shipment: Shipment) -> None:
    """It is a record of its own, kept in step with the postings."""
    ledger = Ledger(postings_of(order.history, shipment.history))

    for owner in (order.sale.seller, shipment.consignment.seller):
        wallet = Wallet(owner).post(ledger.postings)
        for unit in ledger.currencies:
            balance = wallet.balance(unit)
            assert balance.available == ledger.balance(Account(owner, AccountKind.AVAILABLE), unit)
            assert balance.held == ledger.balance(Account(owner, AccountKind.HELD), unit)


@given(wallets())
def test_a_wallet_holds_no_less_than_nothing(wallet: Wallet) -> None:
    """One balance a currency, by its code."""
    codes = [balance.available.currency.code for balance in wallet.balances]

    assert codes == sorted(set(codes))
    assert all(balance.held.minor >= 0 for balance in wallet.balances)


CENTS = st.integers(1, 3500)
PAYING: SearchStrategy[Callable[[Order, Actor], Order]] = st.one_of(
    st.builds(
        lambda cents, n, has_failed: (
            lambda it, by: it.pay(
                Payment(id=f"{n}", gross=Money(cents, "USD"), has_failed=has_failed),
                by=by,
                at=day(3),
            )
        ),
        CENTS,
        st.integers(0, 3),
        st.booleans(),
    ),
    st.builds(
        lambda cents, n: (
            lambda it, by: it.refund(Refund(id=f"{n}", gross=Money(cents, "USD")), by=by, at=day(3))
        ),
        CENTS,
        st.integers(0, 3),
    ),
    st.builds(
        lambda cents, n: (
            lambda it, by: it.hold_payment(
                PaymentHold(id=f"{n}", amount=Money(cents, "USD")), by=by, at=day(3)
            )
        ),
        CENTS,
        st.integers(0, 3),
    ),
    st.builds(
        lambda n: lambda it, by: it.release_payment(f"{n}", by=by, at=day(3)), st.integers(0, 3)
    ),
    st.sampled_from([ORDER_VERBS[action] for action in sorted(ORDER_VERBS)]),
)


@given(st.lists(st.tuples(PAYING, st.sampled_from(PARTIES)), max_size=12))
def test_no_sequence_refunds_more_than_was_paid(
    attempts: list[tuple[Callable[[Order, Actor], Order], Actor]],
) -> None:
    """Nor takes more than is due, whoever tries what in whatever order."""
    order = placed()

    for verb, actor in attempts:
        order = attempted(order, verb, actor) or order

        assert 0 <= order.refunded.minor <= order.paid.minor <= order.sale.total.minor
        fully = order.payment_status is PaymentStatus.FULLY_REFUNDED
        assert fully == (order.refunded == order.paid and order.refunded.minor > 0)


@some
@given(orders())
def test_the_money_of_an_order_adds_up_and_its_holds_are_in_the_books(order: Order) -> None:
    """What stands on hold is held in the ledger, and no payout in another currency is.

    The seller has what was paid, less what was given back, what is held, and the marketplace's fee;
    a refund that is under way has moved nothing yet.
    """
    ledger = Ledger(postings_of(order.history))
    seller, kept = order.sale.seller, order.paid - order.refunded
    fee = ledger.balance(Account(MARKETPLACE, AccountKind.OUTSIDE), order.currency)

    assert order.money.left == kept - order.money.promised
    assert ledger.balance(Account(seller, AccountKind.HELD), order.currency) == order.money.held
    assert ledger.balance(Account(seller, AccountKind.AVAILABLE), order.currency) == (
        kept - order.money.held - fee
    )
    assert set(ledger.currencies) <= {order.currency}


@some
@given(orders())
def test_never_more_is_shipped_than_was_ordered(order: Order) -> None:
    """However lines are split over shipments and parcels, and whatever replaces what."""
    for line in order.sale.lines:
        assert 0 <= order.shipped(line.id, {}) <= line.quantity
        assert order.shipped(line.id, {}) + order.unshipped({}).get(line.id, 0) == line.quantity


@some
@given(orders())
def test_who_asked_and_who_decided_agrees_with_the_state(order: Order) -> None:
    """An order that somebody wants cancelled says so; a decision has a name and an instant."""
    asked = order.cancelling

    assert (asked is None) == (order.state is CancellationState.NONE_REQUESTED)
    if asked is not None:
        assert asked.is_open == (order.state is CancellationState.REQUESTED)
        assert (asked.decided_by is None) == (asked.decided_at is None) == asked.is_open
        in_time = asked.decided_at is None or (
            asked.decide_by is None or asked.decided_at <= asked.decide_by
        )
        assert in_time or asked.decided_by == TESTED_PLATFORM


TRYING = st.sampled_from(PARTIES)
USING = {PostingKind.CAPTURE, PostingKind.RELEASE}


@given(
    st.sampled_from((drafted(), booked(), confirmed(), handed_over())),
    st.lists(
        st.tuples(st.sampled_from(sorted(SHIPMENT_VERBS)), TRYING) | st.sampled_from(Milestone),
        max_size=12,
    ),
)
def test_a_hold_is_captured_or_released_at_most_once(
    shipment: Shipment, attempts: list[tuple[str, Actor] | Milestone]
) -> None:
    """Whatever is tried and scanned, in whatever order."""
    for count, attempt in enumerate(attempts):
        match attempt:
            case (action, actor):
                shipment = attempted(shipment, SHIPMENT_VERBS[action], actor) or shipment
            case Milestone():
                shipment = shipment.observe([scan(attempt, day(4) + timedelta(hours=count))])

    check_that_the_hold_is_used_once(shipment)


def check_that_the_hold_is_used_once(shipment: Shipment) -> None:
    """What one step captures and releases is the whole hold, and no other step does."""
    steps = [[it for it in step.postings if it.kind in USING] for step in shipment.history]
    using = [postings for postings in steps if postings]
    holds = [it for it in postings_of(shipment.history) if it.kind is PostingKind.HOLD]

    assert len(using) <= len(holds) <= 1
    assert (shipment.held is None) == (len(using) == len(holds))
    for (held,), used in zip([holds], using, strict=False):
        assert Money.total((it.amount for it in used), held.amount.currency) == held.amount


BILLED = st.lists(
    actual_costs(carrier=CARRIER.id, number="N1", currency="USD", at=st.just(day(4)))
    | actual_costs(carrier=CARRIER.id, number="N1", at=st.just(day(5)))
    | actual_costs(carrier=CARRIER.id, number="n 1", at=st.just(day(5)))
    | actual_costs(carrier=CARRIER.id, number="N2", at=st.just(day(5)))
    | actual_costs(carrier="eDIS", number="N1", at=st.just(day(5))),
    max_size=6,
)


def is_due(row: ActualCost) -> bool:
    """Tell whether a row is for the parcel, by the carrier that it is booked with."""
    return row.carrier == CARRIER.id and row.number in ("N1", "n 1")


@given(
    st.sampled_from((drafted(), booked(), confirmed(), handed_over())),
    BILLED,
    st.lists(
        st.integers(0, 6) | st.tuples(st.sampled_from(sorted(SHIPMENT_VERBS)), TRYING), max_size=8
    ),
    st.randoms(),
)
def test_once_it_is_billed_exactly_that_is_paid(
    shipment: Shipment,
    rows: list[ActualCost],
    attempts: list[int | tuple[str, Actor]],
    random: Random,
) -> None:
    """In any order and batches, repeatedly, before and after every command; by currency."""
    known: list[ActualCost] = []
    for attempt in [*attempts, len(rows)]:
        if isinstance(attempt, int):
            batch = random.sample(rows, min(attempt, len(rows)))
            shipment = shipment.charge(batch, by=PLATFORM, at=day(30))
            known += [row for row in batch if shipment.booking and is_due(row)]
        else:
            shipment = attempted(shipment, SHIPMENT_VERBS[attempt[0]], attempt[1]) or shipment
        if known:
            due = {unit: amount for unit, amount in totals(known).items() if amount.minor}
            assert shipment.paid == due
            assert shipment.costs == merge_costs(known)
    check_that_the_hold_is_used_once(shipment)
    check_that_books_balance(Ledger(postings_of(shipment.history)))


@some
@given(shipments(), st.data())
def test_measuring_in_batches_is_measuring_at_once(shipment: Shipment, data: DataObject) -> None:
    """In any order and however often, and it never raises."""
    numbers = st.sampled_from([*sorted(map(str, shipment.numbers)), "stray"])
    facts = st.lists(numbers.flatmap(lambda number: measurements(number=number)), max_size=4)
    a, b = data.draw(facts), data.draw(facts)

    assert shipment.measure(a).measure(b) == shipment.measure([*b, *a, *b])
    assert shipment.measure(a).phase is shipment.phase


@st.composite
def reports(draw: st.DrawFn, shipment: Shipment) -> list[Scan]:
    """Give scans of the shipment's parcels and of others, at any time."""
    numbers = sorted(map(str, shipment.numbers))
    of_parcels = (
        st.sampled_from(numbers).flatmap(lambda n: scans(number=n)) if numbers else st.nothing()
    )
    return draw(st.lists(of_parcels | scans(), max_size=4))


@some
@given(shipments(), st.data())
def test_observing_in_batches_is_observing_at_once(shipment: Shipment, data: DataObject) -> None:
    """`observe(a).observe(b) == observe(a | b)`, and `observe` never raises."""
    a, b = data.draw(reports(shipment)), data.draw(reports(shipment))

    assert shipment.observe(a).observe(b) == shipment.observe(a + b)


@some
@given(shipments(), st.data())
def test_order_and_repetition_of_scans_are_irrelevant(shipment: Shipment, data: DataObject) -> None:
    """And whatever follows from them can be asked for without an error."""
    seen = data.draw(reports(shipment))
    otherwise = data.draw(st.permutations(seen + seen))

    one, other = shipment.observe(seen), shipment.observe(otherwise)

    assert one == other
    assert one.phase is other.phase
    assert one.discrepancies == other.discrepancies
    assert (one.flags, one.strays) == (other.flags, other.strays)
    assert (one.accepted_at, one.delivered_at) == (other.accepted_at, other.delivered_at)


@some
@given(shipments(), st.data())
def test_what_a_carrier_is_seen_to_have_cannot_be_cancelled(
    shipment: Shipment, data: DataObject
) -> None:
    """By nobody, as long as one acceptance or later scan stands."""
    shipment = shipment.observe(data.draw(reports(shipment)))
    is_seen = any(tracking.phase for tracking in shipment.trackings.values())
    at = shipment.history[-1].at

    for by in (shipment.consignment.seller, PLATFORM):
        if is_seen:
            with pytest.raises(IllegalTransitionError):
                shipment.cancel(by=by, at=at)
        elif shipment.phase in (Phase.BOOKED, Phase.CONFIRMED, Phase.HANDED_OVER):
            assert shipment.cancel(by=by, at=at).phase is Phase.CANCELLED


def given_values(strategy: SearchStrategy[X], *, scale: int = 20) -> list[X]:
    """Collect what a strategy gives in a part of a run of the profile."""
    values: list[X] = []

    @settings(max_examples=max(1, settings().max_examples // scale), database=None)
    @given(strategy)
    def collect(value: X) -> None:
        values.append(value)

    collect()
    return values


def states(things: Iterable[Thing]) -> set[Enum]:
    """Give the states that some things are in."""
    return {thing.state for thing in things}


@pytest.mark.parametrize("state", SellerState, ids=lambda state: state.name)
def test_sellers_come_in_every_state(state: SellerState) -> None:
    """Walks get there when they are asked to."""
    assert states(given_values(sellers(state=state))) == {state}


@pytest.mark.parametrize("state", ListingState, ids=lambda state: state.name)
def test_listings_come_in_every_state(state: ListingState) -> None:
    """Walks get there when they are asked to."""
    assert states(given_values(listings(state=state))) == {state}


@pytest.mark.parametrize("state", CancellationState, ids=lambda state: state.name)
def test_orders_come_in_every_state(state: CancellationState) -> None:
    """Walks get there when they are asked to."""
    assert states(given_values(orders(cancellation=state))) == {state}


@pytest.mark.parametrize("state", BundleState, ids=lambda state: state.name)
def test_bundles_come_in_every_state(state: BundleState) -> None:
    """Walks get there when they are asked to."""
    assert states(given_values(bundles(state=state))) == {state}


@pytest.mark.parametrize("state", InquiryState, ids=lambda state: state.name)
def test_inquiries_come_in_every_state(state: InquiryState) -> None:
    """Walks get there when they are asked to."""
    assert states(given_values(inquiries(state=state))) == {state}


@pytest.mark.parametrize("state", ClaimState, ids=lambda state: state.name)
def test_claims_come_in_every_state(state: ClaimState) -> None:
    """Walks get there when they are asked to."""
    assert states(given_values(claims(state=state))) == {state}


@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.name)
def test_shipments_come_in_every_phase(phase: Phase) -> None:
    """Walks get there when they are asked to."""
    assert states(given_values(shipments(phase=phase), scale=50)) == {phase}


def occurs(strategy: SearchStrategy[X], condition: Callable[[X], bool]) -> bool:
    """Look for a value as long as Hypothesis does, and do not shrink it."""
    search = settings(max_examples=2000, database=None, phases=[Stage.generate])
    try:
        find(strategy, condition, settings=search)
    except NoSuchExample:
        return False
    return True


@pytest.mark.parametrize("status", PaymentStatus, ids=lambda status: status.name)
def test_orders_come_in_every_state_of_payment(status: PaymentStatus) -> None:
    """What has no row happens on a walk as well."""
    assert occurs(orders(), lambda order: order.payment_status is status)


@pytest.mark.parametrize("action", [Action.CONFIRM_RECEIPT, Action.COMPLETE], ids=str)
def test_shipments_are_completed_by_buyers_and_by_the_platform(action: Action) -> None:
    """Whether the buyer says so, or nobody says otherwise."""
    completed = shipments(phase=Phase.COMPLETED)

    assert occurs(completed, lambda it: any(step.action is action for step in it.history))


@pytest.mark.parametrize("action", OrderAction, ids=lambda action: action.value)
def test_everything_that_can_be_done_to_an_order_is_done(action: OrderAction) -> None:
    """In some random order or other."""
    assert occurs(orders(), lambda order: any(step.action is action for step in order.history))


def test_orders_are_packed_and_packed_again() -> None:
    """A shipment that came to nothing is replaced by another."""
    assert occurs(orders(), lambda order: any(it.replaces for it in order.allocations))


@pytest.mark.parametrize(
    ("strategy", "money"),
    [
        (quotes(currency="JPY"), lambda it: it.total),
        (terms(currency="JPY"), lambda it: it.offers[0].rate_card.bands[0].price),
        (payments(currency="JPY"), lambda it: it.gross),
        (orders(currency="JPY"), lambda it: it.sale.total),
        (bookings(currency="JPY"), lambda it: it.estimate),
        (policies(currency="JPY"), lambda it: it.caps[0].amount),
        (facts(currency="JPY"), lambda it: it.declared),
        (postings(currency="JPY"), lambda it: it.amount),
        (claims(currency="JPY"), lambda it: it.demand.amount),
    ],
)
def test_money_comes_in_the_currency_that_is_asked_for(
    strategy: SearchStrategy[X], money: Callable[[X], Money]
) -> None:
    """As an option of every strategy that gives some."""
    yen = Currency("JPY")

    assert {money(value).currency for value in given_values(strategy)} == {yen}


@pytest.mark.parametrize("kind", AGGREGATE_STRATEGIES, ids=lambda kind: kind.__name__)
def test_a_registered_strategy_gives_values_of_its_type(kind: type) -> None:
    """Which are equal to their copies and can be told apart by their hash."""
    for value in given_values(AGGREGATE_STRATEGIES[kind]()):
        assert type(value) is kind
        copy = deepcopy(value)
        assert copy == value
        assert hash(copy) == hash(value)


days = instants(min_value=day(5), max_value=day(12))
reported = moments(at=days)


def reported_as(milestone: Milestone, at: Moment) -> Scan:
    """Scan the parcel at a moment."""
    return attrs.evolve(scan(milestone, day(5)), at=at)


def exactly(data: DataObject, told: Moment) -> Moment:
    """Choose what a moment means."""
    return Moment(data.draw(instants(min_value=told.earliest, max_value=told.latest)))


def is_completed(delivered: Moment, at: Instant, patience: timedelta) -> bool:
    """Tell whether the platform may complete what was delivered at a moment."""
    shipment = handed_over().observe([reported_as(Milestone.DELIVERED, delivered)])
    try:
        shipment.complete(by=PLATFORM, at=at, patience=patience)
    except RefusedError:
        return False
    return True


@given(st.data(), reported, days, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_what_is_completed_was_due_however_the_delivery_is_meant(
    data: DataObject, delivered: Moment, at: Instant, patience: timedelta
) -> None:
    """So nobody's patience is cut short."""
    is_due = is_completed(exactly(data, delivered), at, patience)

    assert is_due or not is_completed(delivered, at, patience)


@given(st.data(), reported, reported, days)
def test_facts_tell_nothing_against_a_carrier_that_may_not_have_been(
    data: DataObject, accepted: Moment, delivered: Moment, at: Instant
) -> None:
    """Neither an acceptance, nor one so early, nor that a delivery is lacking or as late."""

    def known(accepted: Moment, delivered: Moment) -> Facts:
        seen = (
            reported_as(Milestone.ACCEPTED, accepted),
            reported_as(Milestone.DELIVERED, delivered),
        )
        return handed_over().observe(seen).facts(ParcelId("p-1"), at)

    told = known(accepted, delivered)
    meant = known(exactly(data, accepted), exactly(data, delivered))

    if told.posted_at is not None:
        assert meant.posted_at is not None
        assert meant.posted_at <= told.posted_at
    if meant.delivered_at is not None:
        assert told.delivered_at is not None
        assert told.delivered_at <= meant.delivered_at
