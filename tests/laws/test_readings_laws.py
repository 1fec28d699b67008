"""Laws of reading an order again.

* *Catching up*: whichever reading came before, the newest one gives all that it tells.
* *Idempotence*: a reading that was taken in changes nothing, and neither does an older one.
* *Nothing is lost*: what happened here alone stays, in its order, and the history runs forward.
"""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from apaclogistics.cancellations import OrderAction
from apaclogistics.orders import Order
from apaclogistics.readings import continued
from apaclogistics.testing._orders import orders
from tests.laws.test_aggregate_laws import some

OURS = {OrderAction.ALLOCATE, OrderAction.DISPATCH}


def told_of(order: Order) -> Order:
    """Give an order as a marketplace tells it, without what it does not know."""
    return Order.replay(step for step in order.history if step.action not in OURS)


def until(order: Order, data: DataObject) -> Order:
    """Give an order as it was at some time."""
    count = data.draw(st.integers(1, len(order.history)))
    return Order.replay(order.history[:count])


@some
@given(orders(), st.data())
def test_the_newest_reading_tells_all(order: Order, data: DataObject) -> None:
    """However much was known before."""
    newest = told_of(order)

    assert continued(until(newest, data), newest) == newest


@some
@given(orders(), st.data())
def test_a_reading_is_taken_in_once(order: Order, data: DataObject) -> None:
    """Neither it nor an older one changes anything afterwards."""
    newest = told_of(order)
    caught_up = continued(until(order, data), newest)

    assert continued(caught_up, newest) is caught_up
    assert continued(caught_up, until(newest, data)) is caught_up


@some
@given(orders(), st.data())
def test_what_happened_here_stays_and_the_history_runs_forward(
    order: Order, data: DataObject
) -> None:
    """All that was known comes first, then what is new; and it can be replayed."""
    known = until(order, data)

    caught_up = continued(known, told_of(order))

    times = [step.at for step in caught_up.history]
    assert caught_up.history[: len(known.history)] == known.history
    assert caught_up.allocations == known.allocations
    assert times == sorted(times)
    assert Order.replay(caught_up.history) == caught_up
    assert told_of(caught_up).payments == told_of(order).payments
