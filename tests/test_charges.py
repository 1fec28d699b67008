"""Charges: the hold is used once, and what is due is paid."""

from collections.abc import Mapping
from itertools import chain

import pytest

from apaclogistics.charges import due_if_carried, held_after, paid_to, settle
from apaclogistics.ledger import PostingKind, adjust, capture, hold, release
from apaclogistics.values.money import Currency, Money
from tests.samples import CARRIER, SELLER, STRANGERS, usd

USD, HKD = Currency("USD"), Currency("HKD")


def by_currency(*amounts: Money) -> Mapping[Currency, Money]:
    """Give amounts by their currency."""
    return {amount.currency: amount for amount in amounts}


def settled(
    *due: Money, paid: tuple[Money, ...] = (), held: Money | None = None
) -> list[tuple[str, str]]:
    """Settle, and give what was posted."""
    postings = settle(
        by_currency(*due),
        paid=by_currency(*paid),
        held=held,
        seller=SELLER,
        carrier=CARRIER,
        cause="shipment sh-1",
    )
    assert {posting.cause for posting in postings} <= {"shipment sh-1"}
    return [(posting.kind.value, str(posting.amount)) for posting in postings]


def hkd(amount: str) -> Money:
    """Give Hong Kong dollars."""
    return Money.of(amount, "HKD")


def test_what_is_due_is_captured_from_the_hold() -> None:
    """All of it, and nothing is left."""
    assert settled(usd("12.50"), held=usd("12.50")) == [("capture", "12.50 USD")]


def test_the_rest_of_the_hold_is_released() -> None:
    """Less is due than was estimated."""
    found = settled(usd("10.00"), held=usd("12.50"))

    assert found == [("capture", "10.00 USD"), ("release", "2.50 USD")]


def test_what_is_due_beyond_the_hold_is_an_adjustment() -> None:
    """More is due than was estimated."""
    found = settled(usd("14.00"), held=usd("12.50"))

    assert found == [("capture", "12.50 USD"), ("adjustment", "1.50 USD")]


@pytest.mark.parametrize("due", [(), (usd("0.00"),)], ids=["nothing", "zero"])
def test_a_hold_of_which_nothing_is_due_is_released(due: tuple[Money, ...]) -> None:
    """A carrier that bills nothing gets nothing."""
    assert settled(*due, held=usd("12.50")) == [("release", "12.50 USD")]


def test_a_hold_in_another_currency_is_released() -> None:
    """And what is due is taken from what is available in its own."""
    found = settled(hkd("98.00"), held=usd("12.50"))

    assert found == [("adjustment", "98.00 HKD"), ("release", "12.50 USD")]


def test_a_credit_gives_back() -> None:
    """Beside the hold, which is released; a carrier pays from outside."""
    (back,) = settle(
        by_currency(usd("-3.00")), paid={}, held=None, seller=SELLER, carrier=CARRIER, cause="x"
    )

    assert settled(usd("-3.00"), held=usd("12.50")) == [
        ("release", "12.50 USD"),
        ("adjustment", "3.00 USD"),
    ]
    assert (back.source.owner, back.target.owner) == (CARRIER, SELLER)


def test_only_the_difference_to_what_was_paid_moves() -> None:
    """Up, down, not at all, and out of a currency that is no longer due."""
    assert settled(usd("14.00"), paid=(usd("12.50"),)) == [("adjustment", "1.50 USD")]
    assert settled(usd("11.00"), paid=(usd("12.50"),)) == [("adjustment", "1.50 USD")]
    assert settled(usd("12.50"), paid=(usd("12.50"),)) == []
    assert settled(hkd("98.00"), paid=(usd("12.50"),)) == [
        ("adjustment", "98.00 HKD"),
        ("adjustment", "12.50 USD"),
    ]


def test_nothing_moves_where_nothing_is_due_or_held() -> None:
    """No posting is of nothing."""
    assert settled() == []


def test_what_is_paid_is_what_the_carrier_got() -> None:
    """Captured or adjusted, in whatever currency; holds and releases are the seller's own."""
    postings = [
        hold(SELLER, usd("12.50"), "x"),
        capture(SELLER, CARRIER, usd("10.00"), "x"),
        release(SELLER, usd("2.50"), "x"),
        adjust(SELLER, CARRIER, usd("-3.00"), "x"),
        adjust(SELLER, CARRIER, hkd("98.00"), "x"),
    ]

    assert list(paid_to(CARRIER, postings).items()) == [(HKD, hkd("98.00")), (USD, usd("7.00"))]
    assert paid_to(STRANGERS[2], postings) == {}


def test_a_currency_of_which_nothing_is_left_was_not_paid() -> None:
    """Whether it ever was depends on the order in which bills came."""
    back = [adjust(SELLER, CARRIER, hkd(amount), "x") for amount in ("98.00", "-98.00")]

    assert paid_to(CARRIER, back) == {}


def test_currencies_come_by_their_code() -> None:
    """Whatever was paid, and whatever is due."""
    codes = ("USD", "HKD", "TWD", "AUD", "JPY", "EUR", "CNY")
    amounts = [Money(500, code) for code in codes]

    paid = paid_to(CARRIER, [adjust(SELLER, CARRIER, amount, "x") for amount in amounts])

    assert [str(unit) for unit in paid] == sorted(codes)
    assert [text[-3:] for _, text in settled(*amounts)] == sorted(codes)


def test_what_was_carried_costs_what_was_paid_and_what_is_held() -> None:
    """In whatever currency; where nothing is held, no more is due than was paid."""
    paid = by_currency(hkd("98.00"), usd("1.00"))

    assert due_if_carried({}, usd("12.50")) == by_currency(usd("12.50"))
    assert due_if_carried(paid, usd("12.50")) == by_currency(hkd("98.00"), usd("13.50"))
    assert due_if_carried(paid, None) == paid


def test_a_hold_stands_until_it_is_used() -> None:
    """An adjustment leaves it alone."""
    held = usd("12.50")
    setting, using = hold(SELLER, held, "x"), capture(SELLER, CARRIER, held, "x")

    assert held_after(None, setting) == held
    assert held_after(held, adjust(SELLER, CARRIER, usd("1.00"), "x")) == held
    assert held_after(held, using) is None
    assert held_after(held, release(SELLER, held, "x")) is None


def test_settling_uses_no_kind_of_posting_but_three() -> None:
    """A hold is set aside by confirming alone."""
    kinds = chain.from_iterable(
        settled(usd(due), paid=(usd(paid),), held=usd(held))
        for due in ("-1.00", "0.00", "5.00", "20.00")
        for paid in ("0.00", "3.00")
        for held in ("1.00", "12.50")
    )

    assert {kind for kind, _ in kinds} == {
        PostingKind.CAPTURE.value,
        PostingKind.RELEASE.value,
        PostingKind.ADJUSTMENT.value,
    }
