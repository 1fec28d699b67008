"""Refunds: money goes back to the buyer, at once or after a while, and within bounds."""

from collections.abc import Callable
from typing import Final

import pytest

from apaclogistics.cancellations import CancellationState
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError, Reason
from apaclogistics.ledger import refund as posted
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    RefusedError,
)
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentStatus, Settlement
from apaclogistics.refunds import (
    REFUND,
    RefundAction,
    RefundBeginning,
    RefundOutcome,
    RefundState,
    found,
)
from apaclogistics.refunds import settled as after
from apaclogistics.sales import Refund
from apaclogistics.values.identifiers import LineId
from apaclogistics.values.money import Money
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    PLATFORM,
    SELLER,
    STRANGERS,
    day,
    paid,
    usd,
)
from tests.tables import rows_of, written

ROWS: Final = written("""
    PENDING   settle   REFUNDED   P
    PENDING   fail     FAILED     P
""")


def back(gross: str, *, id: str = "back-1", line: LineId | None = None) -> Refund:
    """Give a refund in US dollars."""
    return Refund(id=id, gross=usd(gross), line=line)


def begun(gross: str = "10.00", *, line: LineId | None = None) -> Order:
    """Give an order of 30.00 USD of which something is being refunded."""
    return paid().begin_refund(back(gross, line=line), by=SELLER, at=day(3))


def settled() -> Order:
    """Give one of which 10.00 USD were refunded."""
    return begun().settle_refund("back-1", by=PLATFORM, at=day(4))


def failed() -> Order:
    """Give one whose refund came to nothing."""
    return begun().fail_refund("back-1", "card expired", by=PLATFORM, at=day(4))


def codes(refusal: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    """Give the reasons of a refusal by their codes."""
    return [reason.code for reason in refusal.value.reasons]


def test_the_table_is_as_written_here() -> None:
    """A changed row of the table is a changed line of this file."""
    assert rows_of(REFUND) == ROWS


def test_nothing_is_refunded_before_it_is_paid_out() -> None:
    """It is on its way, so it is not left either; no money has moved."""
    order = begun()

    assert order.payment_status is PaymentStatus.PAID
    assert (order.refunded, order.money.promised) == (usd("0.00"), usd("10.00"))
    assert order.money.left == usd("20.00")
    assert order.history[-1].postings == ()


def test_what_is_paid_out_is_posted_and_refunded() -> None:
    """With its cause."""
    order = settled()

    assert order.payment_status is PaymentStatus.PARTIALLY_REFUNDED
    assert (order.refunded, order.money.promised) == (usd("10.00"), usd("0.00"))
    assert order.history[-1].postings == (posted(SELLER, BUYER, usd("10.00"), "order o-1"),)


def test_what_failed_is_left_as_if_nothing_had_been_begun() -> None:
    """Nothing moved, and the failure is known."""
    order = failed()

    assert order.payment_status is PaymentStatus.PAID
    assert order.money.left == usd("30.00")
    assert order.history[-1].postings == ()
    assert order.failed_refunds == (back("10.00"),)


def test_a_refund_that_failed_is_begun_again_under_another_name() -> None:
    """The old name says what became of the first."""
    again = failed().begin_refund(back("10.00", id="back-2"), by=SELLER, at=day(5))

    assert again.pending_refunds == (back("10.00", id="back-2"),)
    with pytest.raises(RefusedError) as known:
        failed().begin_refund(back("10.00"), by=SELLER, at=day(5))
    assert codes(known) == ["refunded_twice"]


def test_every_refund_that_failed_is_known() -> None:
    """Each under its name, in the order in which they did."""
    again = failed().begin_refund(back("10.00", id="back-2"), by=SELLER, at=day(5))

    order = again.fail_refund("back-2", "card expired", by=PLATFORM, at=day(6))

    assert [refund.id for refund in order.failed_refunds] == ["back-1", "back-2"]
    assert order.pending_refunds == ()


@pytest.mark.parametrize("state", [RefundState.REFUNDED, RefundState.FAILED])
def test_of_several_refunds_on_their_way_one_ends(state: RefundState) -> None:
    """An order takes one at a time; a history that was read may say otherwise."""
    one, other = back("1.00"), back("2.00", id="back-2")
    money = Settlement(due=usd("30.00"))
    for refund in (one, other):
        money = after(money, RefundBeginning(refund))

    ended = after(money, RefundOutcome("back-1", state))

    assert money.pending == (one, other)
    assert ended.pending == (other,)
    assert (*ended.refunds, *ended.failed) == (one,)
    assert found(ended, "back-1") == (one, state)


@pytest.mark.parametrize("verb", [Order.refund, Order.begin_refund])
def test_no_refund_is_taken_beside_another(verb: Callable[..., Order]) -> None:
    """Neither at once nor to be paid out later; after it has ended, one is."""
    another = back("1.00", id="back-2")

    with pytest.raises(
        RefusedError, match=r"refund back-1 of 10.00 USD is not done yet"
    ) as refused:
        verb(begun(), another, by=SELLER, at=day(5))

    assert codes(refused) == ["refund_pending"]
    for ended in (settled(), failed()):
        money = verb(ended, another, by=SELLER, at=day(5)).money
        assert another in (*money.pending, *money.refunds)


def test_what_is_pending_counts_as_given() -> None:
    """Every reason is told at once."""
    with pytest.raises(RefusedError) as refused:
        begun("30.00").refund(back("0.01", id="back-2"), by=SELLER, at=day(4))

    assert codes(refused) == ["refund_pending", "too_much"]


@pytest.mark.parametrize("verb", [Order.refund, Order.begin_refund])
def test_no_line_is_refunded_above_its_price(verb: Callable[..., Order]) -> None:
    """The phone cost 25.00 USD and the case 5.00; what a line got before counts."""
    first = paid().refund(back("4.00", line=CASE), by=SELLER, at=day(3))

    with pytest.raises(RefusedError) as refused:
        verb(first, back("1.01", id="back-2", line=CASE), by=SELLER, at=day(4))

    assert [str(reason) for reason in refused.value.reasons] == [
        "1.01 USD is more than the 1.00 USD left of line line-case"
    ]
    rest = verb(first, back("1.00", id="back-2", line=CASE), by=SELLER, at=day(4))
    assert rest.money.promised_for(CASE) == usd("5.00")
    assert rest.money.promised_for(PHONE) == usd("0.00")


def test_a_line_and_an_order_are_bounds_at_once() -> None:
    """What was given back for no line in particular leaves less for each."""
    first = paid().refund(back("27.00"), by=SELLER, at=day(3))

    with pytest.raises(RefusedError) as refused:
        first.refund(back("5.01", id="back-2", line=CASE), by=SELLER, at=day(4))

    assert codes(refused) == ["too_much", "too_much_of_line"]


def test_another_currency_is_no_part_of_a_line() -> None:
    """That is said once."""
    yen = Refund(id="back-1", gross=Money.of("5", "JPY"), line=CASE)

    with pytest.raises(RefusedError) as refused:
        paid().refund(yen, by=SELLER, at=day(3))

    assert codes(refused) == ["other_currency"]


@pytest.mark.parametrize("verb", [Order.refund, Order.begin_refund])
def test_whoever_knows_of_a_case_says_so(verb: Callable[..., Order]) -> None:
    """The order knows of none, and hears of it as a reason."""
    case = Reason("claim_open", "claim c-1 is FILED")

    with pytest.raises(RefusedError) as refused:
        verb(paid(), back("99.00"), by=SELLER, at=day(3), hindrances=[case])

    assert codes(refused) == ["claim_open", "too_much"]


@pytest.mark.parametrize("ended", [settled(), failed()], ids=["settled", "failed"])
@pytest.mark.parametrize("action", RefundAction)
def test_a_refund_ends_once(ended: Order, action: RefundAction) -> None:
    """Settled twice would be paid twice."""
    verbs: dict[RefundAction, Callable[[Order], Order]] = {
        RefundAction.SETTLE: lambda it: it.settle_refund("back-1", by=PLATFORM, at=day(5)),
        RefundAction.FAIL: lambda it: it.fail_refund("back-1", "", by=PLATFORM, at=day(5)),
        RefundAction.BEGIN: lambda it: it.begin_refund(back("1.00"), by=PLATFORM, at=day(5)),
    }
    refusal = RefusedError if action is RefundAction.BEGIN else IllegalTransitionError

    with pytest.raises(refusal):
        verbs[action](ended)


def test_a_refund_at_once_is_not_settled_again() -> None:
    """It is refunded already."""
    order = paid().refund(back("10.00"), by=SELLER, at=day(3))

    with pytest.raises(IllegalTransitionError, match="cannot settle this refund: it is REFUNDED"):
        order.settle_refund("back-1", by=PLATFORM, at=day(4))


@pytest.mark.parametrize("actor", [SELLER, BUYER, CARRIER, *STRANGERS], ids=str)
def test_the_platform_alone_says_how_a_refund_ended(actor: Actor) -> None:
    """A stranger does not even hear whether there is one."""
    order = begun()

    for id in ("back-1", "back-9") if actor not in (SELLER, BUYER) else ("back-1",):
        with pytest.raises(ActorNotPermittedError):
            order.settle_refund(id, by=actor, at=day(4))
        with pytest.raises(ActorNotPermittedError):
            order.fail_refund(id, "no", by=actor, at=day(4))


def test_what_was_never_begun_does_not_end() -> None:
    """A name that is not known is a mistake of the caller's."""
    with pytest.raises(NotFoundError, match="no refund is stored under 'back-9'"):
        begun().settle_refund("back-9", by=PLATFORM, at=day(4))


def test_an_order_that_is_being_refunded_in_full_is_not_shipped() -> None:
    """A part of it on its way hinders nothing, and neither does a failure."""
    full = begun("30.00")

    assert [reason.code for reason in full.hindrances] == ["refund_pending"]
    assert begun().hindrances == ()
    assert full.fail_refund("back-1", "", by=PLATFORM, at=day(4)).is_to_be_shipped


def test_nobody_waits_for_a_line_whose_price_is_on_its_way_back() -> None:
    """Until that fails."""
    order = begun("5.00", line=CASE)

    assert CASE not in order.awaiting_handover({})
    assert CASE in order.fail_refund("back-1", "", by=PLATFORM, at=day(4)).awaiting_handover({})


def test_a_cancellation_refunds_what_is_neither_given_nor_on_its_way() -> None:
    """So the buyer gets all of it, and nothing twice."""
    order = begun().cancel("sold out", phases={}, by=SELLER, at=day(4))

    done = order.settle_refund("back-1", by=PLATFORM, at=day(5))

    assert (order.refunded, order.money.left) == (usd("20.00"), usd("0.00"))
    assert done.cancellation is CancellationState.CANCELLED
    assert done.payment_status is PaymentStatus.FULLY_REFUNDED
    assert sum(it.amount.minor for step in done.history[2:] for it in step.postings) == 3000


def test_a_refund_is_found_with_its_state() -> None:
    """Wherever it stands."""
    states = [found(it.money, "back-1")[1] for it in (begun(), settled(), failed())]

    assert states == [RefundState.PENDING, RefundState.REFUNDED, RefundState.FAILED]


def test_an_order_is_rebuilt_with_its_refunds() -> None:
    """Whatever became of them."""
    for order in (begun(), settled(), failed()):
        assert Order.replay(order.history) == order


def test_an_outcome_is_an_end() -> None:
    """And what was said to it is nobody else's business."""
    with pytest.raises(InvalidValueError, match="refund outcome 'PENDING' is no end"):
        RefundOutcome("back-1", RefundState.PENDING)
    with pytest.raises(InvalidTypeError, match="state of RefundOutcome"):
        RefundOutcome("back-1", "REFUNDED")  # type: ignore[arg-type]
    assert "Chan" not in repr(RefundOutcome("back-1", RefundState.FAILED, "card of Chan Tai Man"))
