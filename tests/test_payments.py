"""What an order's money came to: due, paid, given back, held back from the seller."""

from collections.abc import Iterable

import attrs
import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.lifecycle import Actor
from apaclogistics.payments import HoldRelease, PaymentHold, PaymentStatus, Settlement
from apaclogistics.sales import OrderLine, Payment, Refund
from apaclogistics.values.identifiers import LineId
from apaclogistics.values.money import Money
from tests.samples import BUYER, CASE, PHONE, PLATFORM, SELLER, altered, day, usd

YEN = Money(100, "JPY")


def payment(gross: str, *, id: str = "pay-1", has_failed: bool = False) -> Payment:
    """Give a payment in US dollars."""
    return Payment(id=id, gross=usd(gross), has_failed=has_failed)


def back(gross: str, *, id: str = "back-1", line: LineId | None = None) -> Refund:
    """Give a refund in US dollars."""
    return Refund(id=id, gross=usd(gross), line=line)


def held(amount: str) -> PaymentHold:
    """Give a hold in US dollars."""
    return PaymentHold(id="hold-1", amount=usd(amount))


def settled(
    *payments: Payment, refunds: tuple[Refund, ...] = (), holds: tuple[PaymentHold, ...] = ()
) -> Settlement:
    """Give the money of an order of 30.00 USD."""
    return Settlement(due=usd("30.00"), payments=payments, refunds=refunds, holds=holds)


def codes(reasons: Iterable[Reason]) -> list[str]:
    """Give reasons by their codes."""
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("money", "status"),
    [
        (Settlement(due=usd("30.00")), PaymentStatus.PENDING),
        (settled(payment("29.99")), PaymentStatus.PENDING),
        (settled(payment("30.00")), PaymentStatus.PAID),
        (settled(payment("30.00", has_failed=True)), PaymentStatus.FAILED),
        (settled(payment("30.00", has_failed=True), payment("30.00")), PaymentStatus.PAID),
        (settled(payment("30.00"), refunds=(back("0.01"),)), PaymentStatus.PARTIALLY_REFUNDED),
        (settled(payment("30.00"), refunds=(back("30.00"),)), PaymentStatus.FULLY_REFUNDED),
        (settled(payment("30.00"), holds=(held("30.00"),)), PaymentStatus.PAID),
    ],
)
def test_the_status_follows_from_what_came_and_what_went(
    money: Settlement, status: PaymentStatus
) -> None:
    """What is on hold has come all the same."""
    assert money.status is status


def test_money_is_gross_and_what_is_left_is_what_was_not_given_back() -> None:
    """A failure brings nothing, a hold takes nothing away."""
    money = settled(
        payment("20.00"),
        payment("10.00", id="pay-2", has_failed=True),
        refunds=(back("5.00", line=CASE), back("1.00", id="back-2")),
        holds=(held("3.00"),),
    )

    assert (money.paid, money.refunded, money.left) == (usd("20.00"), usd("6.00"), usd("14.00"))
    assert money.held == usd("3.00")
    assert (money.refunded_for(CASE), money.refunded_for(PHONE)) == (usd("5.00"), usd("0.00"))
    assert not money.is_paid_up


def test_a_payout_in_another_currency_enters_no_sum() -> None:
    """It is beside the order's money."""
    paid = Payment(id="pay-1", gross=usd("30.00"), payout=YEN)

    assert settled(paid).paid == usd("30.00")


def test_a_payment_is_taken_once_in_the_orders_currency_and_up_to_what_is_due() -> None:
    """A failed one may be of any height, since it moves nothing."""
    half = settled(payment("15.00"))

    assert codes(half.against_payment(payment("15.00", id="pay-2"))) == []
    assert codes(half.against_payment(payment("15.01", id="pay-2"))) == ["too_much"]
    assert codes(half.against_payment(payment("99.00", id="pay-2", has_failed=True))) == []
    assert codes(half.against_payment(payment("99.00"))) == ["paid_twice", "too_much"]
    assert codes(half.against_payment(Payment(id="pay-2", gross=YEN))) == ["other_currency"]


def test_a_refund_is_taken_once_in_the_orders_currency_and_up_to_what_is_left() -> None:
    """What is on hold may be given back, too."""
    money = settled(payment("30.00"), refunds=(back("10.00"),), holds=(held("20.00"),))

    assert codes(money.against_refund(back("20.00", id="back-2"))) == []
    assert codes(money.against_refund(back("20.01", id="back-2"))) == ["too_much"]
    assert codes(money.against_refund(back("99.00"))) == ["refunded_twice", "too_much"]
    assert codes(money.against_refund(Refund(id="back-2", gross=YEN))) == ["other_currency"]


@pytest.mark.parametrize(
    ("net", "expected"),
    [("8.00", []), ("7.99", ["net_too_low"]), ("10.00", []), ("11.00", [])],
)
def test_the_marketplace_gives_back_no_more_than_it_has_kept(net: str, expected: list[str]) -> None:
    """Two dollars of the three that it kept are left; what is on its way is given back, too."""
    money = Settlement(
        due=usd("30.00"),
        payments=(
            Payment(id="pay-1", gross=usd("30.00"), net=usd("27.00")),
            Payment(id="pay-2", gross=usd("30.00"), has_failed=True),
        ),
        refunds=(Refund(id="back-1", gross=usd("5.00"), net=usd("4.50")),),
        pending=(Refund(id="back-2", gross=usd("5.00"), net=usd("4.50")),),
    )

    refund = Refund(id="b", gross=usd("10.00"), net=usd(net))

    assert codes(money.against_net(refund, SELLER)) == expected
    assert codes(money.against_net(refund, PLATFORM)) == expected


def test_nobody_knows_what_was_kept_of_a_payment_without_a_net() -> None:
    """But the marketplace, which alone may name a net then; nothing is judged in another currency."""
    payments = (Payment(id="pay-1", gross=usd("30.00")),)
    unknown = Settlement(due=usd("30.00"), payments=payments)
    known = attrs.evolve(unknown, payments=(attrs.evolve(payments[0], net=usd("30.00")),))
    free = Refund(id="back-1", gross=usd("10.00"), net=usd("0.00"))
    yen = Refund(id="back-1", gross=YEN, net=Money(0, "JPY"))

    assert codes(unknown.against_net(free, PLATFORM)) == codes(known.against_net(yen, SELLER)) == []
    assert codes(unknown.against_net(free, SELLER)) == ["net_unknown"]
    assert codes(unknown.against_net(attrs.evolve(free, net=free.gross), SELLER)) == []
    assert codes(known.against_net(free, SELLER)) == ["net_too_low"]


@pytest.mark.parametrize(
    ("net", "by", "expected"),
    [
        ("0.00", BUYER, ["net_unknown"]),
        ("29.99", BUYER, ["net_unknown"]),
        ("30.00", BUYER, []),
        (None, BUYER, []),
        ("0.00", PLATFORM, []),
    ],
)
def test_what_is_kept_of_a_payment_is_not_the_buyers_to_say(
    net: str | None, by: Actor, expected: list[str]
) -> None:
    """Else a buyer would decide what the seller gets."""
    told = Payment(id="pay-1", gross=usd("30.00"), net=usd(net) if net else None)

    assert codes(Settlement(due=usd("30.00")).against_told(told, by)) == expected


def test_what_was_kept_is_known_when_all_payments_say_so() -> None:
    """Of one without a net anything may have been kept."""
    told = Payment(id="pay-1", gross=usd("15.00"), net=usd("15.00"))
    untold = Payment(id="pay-2", gross=usd("15.00"))
    free = Refund(id="back-1", gross=usd("10.00"), net=usd("0.00"))

    assert codes(settled(told).against_net(free, SELLER)) == ["net_too_low"]
    assert codes(settled(told, untold).against_net(free, SELLER)) == ["net_unknown"]
    assert codes(settled(told, untold).against_net(free, PLATFORM)) == []


def test_lines_are_given_back_when_each_of_them_is() -> None:
    """One of two is not both."""
    one = OrderLine(id=LineId("1"), quantity=1, total=usd("10.00"))
    other = attrs.evolve(one, id=LineId("2"))
    money = settled(payment("30.00"), refunds=(back("10.00", line=one.id),))

    assert money.has_given_back([one])
    assert not money.has_given_back([one, other])


def test_lines_are_given_back_by_name_or_with_everything() -> None:
    """Not by what is on its way, and not by nothing."""
    line = OrderLine(id=LineId("1"), quantity=1, total=usd("10.00"))
    gift = attrs.evolve(line, id=LineId("2"), total=usd("0.00"))
    paid = Settlement(due=usd("30.00"), payments=(Payment(id="pay-1", gross=usd("30.00")),))
    named = Refund(id="back-1", gross=usd("10.00"), line=line.id)
    all_ = Refund(id="back-1", gross=usd("30.00"))

    one, whole = attrs.evolve(paid, refunds=(named,)), attrs.evolve(paid, refunds=(all_,))
    coming = attrs.evolve(paid, pending=(all_,))

    assert [it.has_given_back([line, gift]) for it in (paid, one, whole, coming)] == [
        False,
        True,
        True,
        False,
    ]
    assert [it.has_given_back([gift]) for it in (paid, one, whole)] == [False, False, True]


@pytest.mark.parametrize("where", ["refunds", "pending", "failed"])
def test_a_refund_has_a_name_of_its_own(where: str) -> None:
    """Wherever another one of that name stands."""
    money = altered(settled(payment("30.00")), **{where: (back("1.00"),)})

    known, other = (money.against_refund(back("1.00", id=id)) for id in ("back-1", "back-2"))

    assert "refunded_twice" in codes(known)
    assert "refunded_twice" not in codes(other)


def test_a_hold_takes_no_more_than_is_left_and_not_held_yet() -> None:
    """The figures are named."""
    money = settled(payment("30.00"), refunds=(back("10.00"),), holds=(held("5.00"),))

    assert codes(money.against_hold(held("15.00"))) == []
    (reason,) = money.against_hold(held("15.01"))
    assert str(reason) == "15.01 USD is more than the 15.00 USD that can be held"
    (foreign,) = money.against_hold(PaymentHold(id="hold-2", amount=YEN))
    assert str(foreign) == "100 JPY is not in USD, as the order is"


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_a_hold_holds_something(amount: str) -> None:
    """A cent is enough."""
    assert held("0.01").amount == usd("0.01")
    with pytest.raises(InvalidValueError, match="is not above zero"):
        held(amount)


def test_a_part_of_another_type_is_refused_where_the_value_is_made() -> None:
    """By a typed error that names the place."""
    with pytest.raises(InvalidTypeError, match="amount of PaymentHold is given as int"):
        PaymentHold(id="hold-1", amount=1)  # type: ignore[arg-type]
    with pytest.raises(InvalidTypeError, match="id of PaymentHold"):
        PaymentHold(id=1, amount=usd("1.00"))  # type: ignore[arg-type]
    with pytest.raises(InvalidTypeError, match="instant is given as int"):
        PaymentHold(id="hold-1", amount=usd("1.00"), expected_release=7)  # type: ignore[arg-type]
    with pytest.raises(InvalidTypeError, match="hold of HoldRelease"):
        HoldRelease(held("1.00"))  # type: ignore[arg-type]
    with pytest.raises(InvalidTypeError, match="payments of Settlement"):
        Settlement(due=usd("1.00"), payments=[])  # type: ignore[arg-type]


def test_why_money_is_held_is_not_shown() -> None:
    """It may name somebody."""
    hold = PaymentHold(
        id="hold-1", amount=usd("1.00"), reason="Chan Tai Man", expected_release=day(9)
    )

    assert "Chan" not in repr(hold)
    assert "Chan" not in repr(HoldRelease("hold-1", "Chan Tai Man"))
    assert hold.expected_release == day(9)
