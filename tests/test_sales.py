"""What is sold: values that insist on their parts, and say what does not add up."""

from collections.abc import Callable

import attrs
import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.sales import OrderLine, Payment, Refund, Sale, Tax
from apaclogistics.values.identifiers import LineId
from apaclogistics.values.instants import Instant, Window
from apaclogistics.values.money import Money
from tests.samples import PHONE, altered, day, party, sale, usd


def line(
    total: str = "30.00", *, ship_by: Instant | None = None, window: Window | None = None
) -> OrderLine:
    """Give a line of two phones."""
    return OrderLine(id=PHONE, quantity=2, total=usd(total), ship_by=ship_by, deliver_within=window)


def sold(*lines: OrderLine, taxes: tuple[Tax, ...] = ()) -> Sale:
    """Give a sale for 30.00 USD, placed on the second day."""
    return attrs.evolve(sale(), lines=lines, taxes=taxes)


def tax(amount: str, *, is_included: bool) -> Tax:
    """Give a tax in US dollars."""
    return Tax(name="sales tax", amount=usd(amount), is_included=is_included)


def codes(sale: Sale) -> list[str]:
    """Give the inconsistencies by their codes."""
    return [reason.code for reason in sale.inconsistencies]


class TestInconsistencies:
    """What does not fit together is listed and refuses nothing by itself."""

    def test_a_sale_that_adds_up_has_none(self) -> None:
        """Taxes beside the total are no part of it, however high."""
        consistent = sold(line(), taxes=(tax("30.00", is_included=True),))
        beside = sold(line(), taxes=(tax("99.00", is_included=False),))

        assert consistent.inconsistencies == beside.inconsistencies == ()

    @pytest.mark.parametrize("total", ["29.99", "30.01"])
    def test_lines_that_do_not_add_up_to_the_total_are_listed(self, total: str) -> None:
        """A cent is enough, and both figures are named."""
        (reason,) = sold(line(total)).inconsistencies

        assert reason.code == "lines_and_total"
        assert (
            str(reason)
            == f"the lines of order o-1 add up to {total} USD and its total is 30.00 USD"
        )

    def test_taxes_in_the_total_are_no_more_than_it(self) -> None:
        """Several of them together."""
        halves = (tax("15.00", is_included=True), tax("15.01", is_included=True))

        assert codes(sold(line(), taxes=halves)) == ["taxes_and_total"]

    def test_a_line_ships_after_it_was_ordered(self) -> None:
        """At that very instant at the earliest."""
        assert codes(sold(line(ship_by=day(2)))) == []
        assert codes(sold(line(ship_by=day(1)))) == ["ship_by_before_placing"]

    def test_a_line_arrives_after_it_ships(self) -> None:
        """The latest day counts; the earliest may lie before the last hour to ship."""
        arriving = Window(day(3), day(6))

        assert codes(sold(line(ship_by=day(6), window=arriving))) == []
        assert codes(sold(line(ship_by=day(7), window=arriving))) == ["window_before_ship_by"]
        assert codes(sold(line(window=arriving))) == []
        assert codes(sold(line(window=Window(day(1), day(2))))) == []
        assert codes(sold(line(window=Window(day(1), day(1))))) == ["window_before_placing"]

    def test_all_of_them_are_listed(self) -> None:
        """Sums first, then dates line by line."""
        odd = sold(
            line("1.00", ship_by=day(1), window=Window(day(1), day(1))),
            taxes=(tax("31.00", is_included=True),),
        )

        assert codes(odd) == [
            "lines_and_total",
            "taxes_and_total",
            "ship_by_before_placing",
            "window_before_placing",
        ]


class TestSharing:
    """Whose units may travel together."""

    def test_orders_of_one_buyer_to_one_place_may_share_a_shipment(self) -> None:
        """An order goes with itself, too."""
        other = altered(sale(), id="o-2", total=usd("1.00"))

        assert list(sale().against_sharing(other)) == []

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"seller": Actor(Role.SELLER, "s-2")}, "other_seller"),
            ({"buyer": Actor(Role.BUYER, "b-2")}, "other_buyer"),
            ({"consignee": party("GB")}, "other_consignee"),
        ],
    )
    def test_others_may_not(self, change: dict[str, object], code: str) -> None:
        """And no name or street is told."""
        other = altered(sale(), id="o-2", **change)

        (reason,) = sale().against_sharing(other)

        assert reason.code == code
        assert "o-1" in reason.text
        assert "o-2" in reason.text
        assert "Chan" not in reason.text


WRONG: dict[str, Callable[[], object]] = {
    "a line whose total is a number": lambda: altered(line(), total=30),
    "a line whose title is none": lambda: altered(line(), title=None),
    "a line whose sku is a number": lambda: altered(line(), sku=7),
    "a line whose window is two instants": lambda: altered(line(), deliver_within=(day(3), day(6))),
    "a line whose quantity is text": lambda: altered(line(), quantity="2"),
    "a line that ships by a number": lambda: altered(line(), ship_by=7),
    "a tax of a number": lambda: Tax(name="tax", amount=7, is_included=True),  # type: ignore[arg-type]
    "a tax without a name": lambda: altered(tax("1.00", is_included=True), name=None),
    "a tax that is included in a way": lambda: altered(
        tax("1.00", is_included=True), is_included="yes"
    ),
    "a sale by a name": lambda: altered(sale(), seller="s-1"),
    "a sale to a name": lambda: altered(sale(), buyer="b-1"),
    "a sale on a day of no form": lambda: altered(sale(), placed_at=20260302),
    "a sale of a list of lines": lambda: altered(sale(), lines=[line()]),
    "a sale of names": lambda: altered(sale(), lines=("phone",)),
    "a sale for a number": lambda: altered(sale(), total=30),
    "a sale with a list of taxes": lambda: altered(sale(), taxes=[]),
    "a sale to an address of text": lambda: altered(sale(), consignee="1 Queen's Road"),
    "a sale on a listing by its name": lambda: altered(sale(), listing="l-1"),
    "a sale of an offer that is none": lambda: altered(sale(), offer=None),
    "a sale with a note that is none": lambda: altered(sale(), note=None),
    "a payment of a number": lambda: Payment(id="p", gross=30),  # type: ignore[arg-type]
    "a payment without a name": lambda: Payment(id=None, gross=usd("1.00")),  # type: ignore[arg-type]
    "a payment of a net number": lambda: Payment(id="p", gross=usd("1.00"), net=1),  # type: ignore[arg-type]
    "a payment of a paid out number": lambda: Payment(id="p", gross=usd("1.00"), payout=1),  # type: ignore[arg-type]
    "a payment that failed once": lambda: Payment(id="p", gross=usd("1.00"), has_failed=1),  # type: ignore[arg-type]
    "a refund of a number": lambda: Refund(id="r", gross=30),  # type: ignore[arg-type]
    "a refund for a reason that is none": lambda: Refund(id="r", gross=usd("1.00"), reason=None),  # type: ignore[arg-type]
    "a refund of a net number": lambda: Refund(id="r", gross=usd("1.00"), net=1),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("what", WRONG)
def test_a_part_of_another_type_is_refused_where_the_value_is_made(what: str) -> None:
    """By a typed error that names the place and no value."""
    with pytest.raises(InvalidTypeError) as refusal:
        WRONG[what]()

    assert refusal.value.what
    assert "Queen" not in str(refusal.value)


def test_a_line_that_is_misspelt_is_told_what_comes_nearest() -> None:
    """The lines of the order are known, so the slip is found at once."""
    bought = sold(line())

    with pytest.raises(NotFoundError) as missing:
        bought.line(LineId(f"{PHONE} "))

    assert bought.line(PHONE) == line()
    assert missing.value.nearest == (PHONE,)


def test_a_line_has_up_to_a_million_units() -> None:
    """And at least one."""
    assert [altered(line(), quantity=many).quantity for many in (1, 1_000_000)] == [1, 1_000_000]
    for many in (0, 1_000_001):
        with pytest.raises(InvalidValueError, match="quantity"):
            altered(line(), quantity=many)


def test_what_somebody_wrote_is_not_shown() -> None:
    """It may name somebody."""
    noted = altered(sale(), note="for Chan Tai Man")
    refund = Refund(id="back-1", gross=usd("1.00"), reason="Chan Tai Man is away")

    assert "Chan" not in repr(noted)
    assert "Chan" not in repr(refund)


@pytest.mark.parametrize("id", [7, "", None])
def test_lines_and_orders_have_identifiers(id: object) -> None:
    """Nothing else is one."""
    with pytest.raises(InvalidValueError, match="is no identifier"):
        altered(line(), id=id)
    with pytest.raises(InvalidValueError, match="is no identifier"):
        altered(sale(), id=id)
    if id is not None:
        with pytest.raises(InvalidValueError, match="is no identifier"):
            altered(Refund(id="r", gross=usd("1.00")), line=id)


class TestTransfers:
    """Payments and refunds: gross, net, and a payout beside them."""

    def test_gross_net_and_payout_are_three_figures(self) -> None:
        """Nothing of either is below nothing; a seller may get nothing at all."""
        nothing, yen = usd("0.00"), Money(0, "JPY")

        payment = Payment(id="p", gross=usd("30.00"), net=nothing, payout=yen)
        refund = Refund(id="r", gross=usd("30.00"), net=nothing, payout=yen, line=LineId("1"))

        assert (payment.net, payment.payout) == (refund.net, refund.payout) == (nothing, yen)

    @pytest.mark.parametrize("kind", [Payment, Refund])
    @pytest.mark.parametrize("net", [Money(1, "JPY"), Money(-1, "USD")])
    def test_a_net_is_in_the_currency_of_the_gross(
        self, kind: type[Payment | Refund], net: Money
    ) -> None:
        """And not below nothing."""
        with pytest.raises(InvalidValueError, match=r"net of a .* does not go with 30\.00 USD"):
            kind(id="1", gross=usd("30.00"), net=net)

    @pytest.mark.parametrize("kind", [Payment, Refund])
    @pytest.mark.parametrize("payout", [Money(1, "USD"), Money(-1, "JPY")])
    def test_a_payout_is_in_another_currency(
        self, kind: type[Payment | Refund], payout: Money
    ) -> None:
        """In the same it would be the net."""
        with pytest.raises(InvalidValueError, match=r"payout of a .* is none"):
            kind(id="1", gross=usd("30.00"), payout=payout)


@pytest.mark.parametrize(("units", "price"), [(0, "0.00"), (1, "3.33"), (2, "6.67"), (3, "10.00")])
def test_units_of_a_line_cost_a_part_of_its_price(units: int, price: str) -> None:
    """To the nearest cent, and no more than all of them."""
    line = OrderLine(id=LineId("1"), quantity=3, total=usd("10.00"))

    assert line.price_of(units) == usd(price)


@pytest.mark.parametrize("units", [-1, 4])
def test_only_units_that_were_bought_have_a_price(units: int) -> None:
    """The line says how many there are."""
    line = OrderLine(id=LineId("1"), quantity=3, total=usd("10.00"))

    with pytest.raises(InvalidValueError, match="units of line 1"):
        line.price_of(units)
