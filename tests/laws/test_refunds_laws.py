"""The laws of refunds, whatever is begun, paid out, failed, given at once or cancelled.

* *Never more than was paid*: of an order, with what is on its way; and of a line its price.
* *Never two at once*: at most one refund is pending.
* *Nothing out of nothing*: what the buyer gets is what the seller gives and what the marketplace gives
  back of its fee, of which it never gives more than it has kept.
* *What is left can be given*: to a cent, and not a cent more.
* *A part is a part*: units of a line cost the more the more they are, and with the rest of them what
  the line costs, but for one minor unit.
* *Given back stays given back*: once all of a shipment was, the fact is there, and the same for good.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, TypeAlias

import attrs
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import TransitionError
from apaclogistics.ledger import MARKETPLACE, Account, AccountKind, Ledger
from apaclogistics.orders import Order
from apaclogistics.remedies import refund_of
from apaclogistics.sales import OrderLine, Payment, Refund
from apaclogistics.values.identifiers import LineId, ShipmentId
from apaclogistics.values.money import Currency, Money
from tests.samples import BUYER, CASE, PHONE, PLATFORM, SELLER, day, placed, units

USD: Final = Currency("USD")
NOTHING: Final = Money.zero(USD)
HERE, ELSEWHERE = ShipmentId("sh-1"), ShipmentId("sh-2")
PAID: Final = Money(30_00, USD)

Act: TypeAlias = Callable[[Order, Refund], Order]


def _give(order: Order, refund: Refund) -> Order:
    against = order.money.against_net(refund, SELLER)
    return order.refund(refund, hindrances=against, by=SELLER, at=day(4))


def _begin(order: Order, refund: Refund) -> Order:
    against = order.money.against_net(refund, SELLER)
    return order.begin_refund(refund, hindrances=against, by=SELLER, at=day(4))


def _settle(order: Order, _: Refund) -> Order:
    for it in order.pending_refunds:
        order = order.settle_refund(it.id, by=PLATFORM, at=day(4))
    return order


def _fail(order: Order, _: Refund) -> Order:
    for it in order.pending_refunds:
        order = order.fail_refund(it.id, "", by=PLATFORM, at=day(4))
    return order


def _cancel(order: Order, _: Refund) -> Order:
    return order.cancel("", phases={}, by=SELLER, at=day(4))


ACTS: Final[Mapping[str, Act]] = {
    "give": _give,
    "begin": _begin,
    "settle": _settle,
    "fail": _fail,
    "cancel": _cancel,
}
# Round figures meet their bounds more often than others do.
CENTS: Final = st.integers(1, 30_00) | st.sampled_from((1, 4_99, 5_00, 5_01, 25_00, 25_01, 30_00))
REFUNDS: Final = st.builds(
    lambda gross, net, line: Refund(
        id="",
        gross=Money(gross, USD),
        net=None if net is None else Money(net, USD),
        line=line,
    ),
    CENTS,
    st.none() | CENTS,
    st.sampled_from((None, PHONE, CASE)),
)
LIVES: Final = st.lists(st.tuples(st.sampled_from(list(ACTS)), REFUNDS), max_size=10)


def begun(fee: int) -> Order:
    """Give an order of two phones and a case, packed apart, of which the marketplace has a fee."""
    payment = Payment(id="pay-1", gross=PAID, net=PAID - Money(fee, USD))
    order = placed().pay(payment, by=BUYER, at=day(2))
    case = attrs.evolve(units(1, line=CASE), shipment=ELSEWHERE)
    return order.allocate([units(2), case], phases={}, by=SELLER, at=day(3))


def lived(order: Order, life: list[tuple[str, Refund]]) -> list[Order]:
    """Give an order after each thing that was tried; what is refused changes nothing."""
    orders = [order]
    for number, (act, refund) in enumerate(life):
        with suppress(TransitionError):
            order = ACTS[act](order, attrs.evolve(refund, id=f"back-{number}"))
        orders.append(order)
    return orders


def is_taken(order: Order, refund: Refund) -> bool:
    """Tell whether an order gives money back."""
    with suppress(TransitionError):
        return bool(order.refund(refund, by=SELLER, at=day(4)))
    return False


@given(st.integers(0, 3_00), LIVES)
def test_never_more_is_given_back_than_was_paid_for_the_order_and_for_each_line(
    fee: int, life: list[tuple[str, Refund]]
) -> None:
    """With what is on its way, of which there is one at most."""
    for order in lived(begun(fee), life):
        money = order.money

        assert NOTHING <= money.refunded + money.promised <= PAID
        assert all(money.promised_for(line.id) <= line.total for line in order.sale.lines)
        assert len(money.pending) <= 1


@given(st.integers(0, 3_00), LIVES)
def test_what_the_buyer_gets_is_what_seller_and_marketplace_give(
    fee: int, life: list[tuple[str, Refund]]
) -> None:
    """And the marketplace never gives what it has not kept."""
    for order in lived(begun(fee), life):
        ledger = Ledger(tuple(it for step in order.history for it in step.postings))
        kept = ledger.balance(Account(MARKETPLACE, AccountKind.OUTSIDE), USD)
        sellers = ledger.balance(Account(SELLER, AccountKind.AVAILABLE), USD)

        assert NOTHING <= kept <= Money(fee, USD)
        assert sellers + kept == PAID - order.refunded


@given(LIVES, st.sampled_from((None, PHONE, CASE)))
def test_exactly_what_is_left_can_be_given(
    life: list[tuple[str, Refund]], line: LineId | None
) -> None:
    """Of the order, and of a line; nothing beside a refund that is pending."""
    order = lived(begun(0), life)[-1]
    left = order.money.left
    if line is not None:
        priced = order.sale.line(line)
        left = min(left, priced.total - order.money.promised_for(line))

    is_free = left.minor > 0 and not order.pending_refunds
    assert not is_free or is_taken(order, Refund(id="last", gross=left, line=line))
    assert not is_taken(order, Refund(id="last", gross=left + Money(1, USD), line=line))


@given(LIVES)
def test_what_was_given_back_stays_so_and_was_refunded(life: list[tuple[str, Refund]]) -> None:
    """Line by line, or with all that was paid."""
    orders = lived(begun(0), life)

    for shipment, line in ((HERE, PHONE), (ELSEWHERE, CASE)):
        facts = [refund_of(order, shipment) for order in orders]
        known = [fact for fact in facts if fact is not None]
        price = orders[0].sale.line(line).total

        assert len(set(known)) <= 1
        assert facts[len(facts) - len(known) :] == known
        for order, fact in zip(orders, facts, strict=True):
            is_full = order.money.refunded_for(line) == price or order.refunded == PAID
            assert (fact is not None) is is_full
            assert fact is None or fact.reference in {it.id for it in order.refunds}


@given(st.integers(1, 1000), st.integers(0, 30_00), st.data())
def test_units_cost_a_part_of_their_line(quantity: int, cents: int, data: st.DataObject) -> None:
    """None cost nothing, and all of them cost it all."""
    line = OrderLine(id=PHONE, quantity=quantity, total=Money(cents, USD))
    fewer, more = sorted(data.draw(st.tuples(*[st.integers(0, quantity)] * 2), "units"))

    assert line.price_of(0) == NOTHING
    assert line.price_of(quantity) == line.total
    assert line.price_of(fewer) <= line.price_of(more)
    both = line.price_of(more) + line.price_of(quantity - more)
    assert line.total <= both <= line.total + Money(1, USD)
