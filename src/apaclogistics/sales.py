"""What is sold: the lines of a sale, its money, and what was promised to the buyer.

These are the values that an order is made of; they have no life of their own.  A marketplace's
figures need not add up, and its dates need not follow each other: a `Sale` takes them as they are
and says what does not fit, so that whoever takes the order in can choose.

>>> from apaclogistics.values.places import Address
>>> price, due = Money.of("9.00", "USD"), Money.of("10.00", "USD")
>>> home = Party(name="Chan", address=Address(lines=("1 Queen's Road",), country="HK"))
>>> sale = Sale(id=OrderId("o-1"), seller=Actor(Role.SELLER, "s-1"), consignee=home, total=due,
...             buyer=Actor(Role.BUYER, "b-7"), placed_at="2026-03-02T08:00:00Z",
...             lines=(OrderLine(id=LineId("1"), quantity=1, total=price),))
>>> [str(reason) for reason in sale.inconsistencies]
['the lines of order o-1 add up to 9.00 USD and its total is 10.00 USD']
"""

from collections.abc import Iterator

import attrs

from apaclogistics.errors import InvalidValueError, NotFoundError, Reason, masked
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.values.fields import different, of_type, optional, tuple_of
from apaclogistics.values.identifiers import LineId, ListingVersion, OrderId, checked_id
from apaclogistics.values.instants import Instant, Window, instant, to_text
from apaclogistics.values.money import Money
from apaclogistics.values.places import Party
from apaclogistics.values.quantities import whole

__all__ = ("OrderLine", "Payment", "Refund", "Sale", "Tax")


@attrs.frozen(kw_only=True)
class OrderLine:
    """One position of a sale: units of one article, their price together, and what was promised.

    `ship_by` and `deliver_within` are what the buyer was told, None where nothing was.  What was
    promised for the carriage goes before `deliver_within`: see `Shipment.promise`.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if the line has no name or no units.
    """

    id: LineId
    title: str = attrs.field(default="", validator=of_type(str))
    sku: str = attrs.field(default="", validator=of_type(str))
    quantity: int
    total: Money = attrs.field(validator=of_type(Money))
    ship_by: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )
    deliver_within: Window | None = attrs.field(default=None, validator=optional(Window))

    def __attrs_post_init__(self) -> None:
        """Refuse a line of no units."""
        checked_id("order line", self.id)
        whole("quantity", self.quantity, least=1, most=1_000_000)

    def price_of(self, units: int) -> Money:
        """Give what some units of it cost: their part of the price, to the nearest minor unit.

        So much is refunded for units that did not come, since a refund names a line and no units.

        Raises:
            InvalidValueError: outside of 0 to the quantity.
        """
        part = whole(f"units of line {self.id}", units, least=0, most=self.quantity)
        return self.total.allocate([part, self.quantity - part])[0]


@attrs.frozen(kw_only=True)
class Tax:
    """A tax on the order; `is_included` says whether the order's total holds it.

    Raises:
        InvalidTypeError: if a part is of another type.
    """

    name: str = attrs.field(validator=of_type(str))
    amount: Money = attrs.field(validator=of_type(Money))
    is_included: bool = attrs.field(validator=of_type(bool))


@attrs.frozen(kw_only=True)
class Sale:
    """What begins an order: who bought what from whom, for how much, and where it is to go.

    `total` is what the buyer pays to the order, gross; `taxes` beside it are not part of it.
    `listing` and `offer` are the version and the offer that the order was sold on, where known.
    What does not add up is no reason to refuse the sale; `inconsistencies` lists it.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if there are no lines, two of one name, or money in several currencies.
    """

    id: OrderId
    seller: Actor = attrs.field(validator=of_type(Actor))
    buyer: Actor = attrs.field(validator=of_type(Actor))
    placed_at: Instant = attrs.field(converter=instant)
    lines: tuple[OrderLine, ...] = attrs.field(validator=tuple_of(OrderLine))
    total: Money = attrs.field(validator=of_type(Money))
    taxes: tuple[Tax, ...] = attrs.field(default=(), validator=tuple_of(Tax))
    consignee: Party = attrs.field(validator=of_type(Party))
    listing: ListingVersion | None = attrs.field(default=None, validator=optional(ListingVersion))
    offer: str = attrs.field(default="", validator=of_type(str))
    note: str = attrs.field(default="", repr=masked, validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a sale that contradicts itself."""
        checked_id("order", self.id)
        different("order lines", (line.id for line in self.lines))
        if self.seller.role is not Role.SELLER or self.buyer.role is not Role.BUYER:
            who = f"{self.seller}, {self.buyer}"
            raise InvalidValueError("parties", who, "are in the wrong role", "a seller, a buyer")
        money = [self.total, *(line.total for line in self.lines), *(t.amount for t in self.taxes)]
        if len({amount.currency for amount in money}) > 1:
            raise InvalidValueError("order", self.id, "is in several currencies", "one")
        if min(amount.minor for amount in money) < 0:
            raise InvalidValueError("order", self.id, "has a negative amount", "0 or more")

    @property
    def parties(self) -> frozenset[Actor]:
        """The seller and the buyer."""
        return frozenset({self.seller, self.buyer})

    @property
    def ordered(self) -> dict[LineId, int]:
        """How many units of each line were bought."""
        return {line.id: line.quantity for line in self.lines}

    def line(self, id: LineId) -> OrderLine:
        """Find a line.

        Raises:
            NotFoundError: if there is no such line.
        """
        for line in self.lines:
            if line.id == id:
                return line
        raise NotFoundError.among(f"line of order {self.id}", id, self.ordered)

    @property
    def inconsistencies(self) -> tuple[Reason, ...]:
        """What does not fit together in the sale: its sums first, then its dates, line by line."""
        in_time = (it for line in self.lines for it in _disorder(line, self.placed_at))
        return (*self._wrong_sums(), *in_time)

    def against_sharing(self, other: "Sale") -> Iterator[Reason]:
        """Give why units of another sale may not travel in one shipment with those of this one."""
        parties = {
            "seller": (self.seller, other.seller),
            "buyer": (self.buyer, other.buyer),
            "consignee": (self.consignee, other.consignee),
        }
        for what, (ours, theirs) in parties.items():
            if ours != theirs:
                text = f"orders {self.id} and {other.id} are not of the same {what}"
                yield Reason(f"other_{what}", text)

    def _wrong_sums(self) -> Iterator[Reason]:
        lines = sum(line.total.minor for line in self.lines)
        inside = sum(tax.amount.minor for tax in self.taxes if tax.is_included)
        if lines != self.total.minor:
            text = f"add up to {self._money(lines)} and its total is {self.total}"
            yield Reason("lines_and_total", f"the lines of order {self.id} {text}")
        if inside > self.total.minor:
            text = f"holds taxes of {self._money(inside)} in a total of {self.total}"
            yield Reason("taxes_and_total", f"order {self.id} {text}")

    def _money(self, minor: int) -> Money:
        return Money(minor, self.total.currency)


def _disorder(line: OrderLine, placed_at: Instant) -> Iterator[Reason]:
    """Give what a line promises for a time when it could not be kept."""
    if line.ship_by is not None and line.ship_by < placed_at:
        text = f"line {line.id} was to ship by {to_text(line.ship_by)}, before it was ordered"
        yield Reason("ship_by_before_placing", text)
    if line.deliver_within is None:
        return
    latest = line.deliver_within.latest
    if latest < placed_at:
        text = f"line {line.id} was to arrive by {to_text(latest)}, before it was ordered"
        yield Reason("window_before_placing", text)
    elif line.ship_by is not None and latest < line.ship_by:
        text = f"line {line.id} is to arrive by {to_text(latest)}, before it is to ship"
        yield Reason("window_before_ship_by", text)


def _difference(gross: Money, net: Money | None) -> Money:
    return gross - gross if net is None or net > gross else gross - net


def _check_transfer(what: str, gross: Money, net: Money | None, payout: Money | None) -> None:
    """Refuse a transfer of nothing, and figures in currencies that are not theirs."""
    if gross.minor <= 0:
        raise InvalidValueError(what, str(gross), "is not above zero")
    if net is not None and (net.currency != gross.currency or net.minor < 0):
        allowed = f"0 or more {gross.currency}"
        raise InvalidValueError(f"net of a {what}", str(net), f"does not go with {gross}", allowed)
    if payout is not None and (payout.currency == gross.currency or payout.minor < 0):
        allowed = f"0 or more in another currency than {gross.currency}, whose figure is the net"
        raise InvalidValueError(f"payout of a {what}", str(payout), "is none", allowed)


@attrs.frozen(kw_only=True)
class Payment:
    """Money that the buyer paid or failed to pay: `gross` by the buyer, `net` to the seller.

    `payout` is what the seller got where it was paid out in another currency; it stands beside the
    order's money and enters no sum.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if it is of nothing, or a figure is in a currency that is not its own.

    Source: Sell Fulfillment 1.20.7, Payment.amount and Amount.convertedFromValue.
    """

    id: str = attrs.field(validator=of_type(str))
    gross: Money = attrs.field(validator=of_type(Money))
    net: Money | None = attrs.field(default=None, validator=optional(Money))
    payout: Money | None = attrs.field(default=None, validator=optional(Money))
    has_failed: bool = attrs.field(default=False, validator=of_type(bool))

    def __attrs_post_init__(self) -> None:
        """Refuse a payment of nothing."""
        _check_transfer("payment", self.gross, self.net, self.payout)

    @property
    def fee(self) -> Money:
        """What the marketplace keeps: the part of the gross that is not net; nothing if unknown."""
        return _difference(self.gross, self.net)


@attrs.frozen(kw_only=True)
class Refund:
    """Money given back: `gross` to the buyer, `net` by the seller; `line` if for one of them.

    The gross is the truth of the order.  `payout` is what the seller gave where that was taken in
    another currency; it enters no sum.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if it is of nothing, or a figure is in a currency that is not its own.
    """

    id: str = attrs.field(validator=of_type(str))
    gross: Money = attrs.field(validator=of_type(Money))
    net: Money | None = attrs.field(default=None, validator=optional(Money))
    payout: Money | None = attrs.field(default=None, validator=optional(Money))
    reason: str = attrs.field(default="", repr=masked, validator=of_type(str))
    line: LineId | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a refund of nothing."""
        _check_transfer("refund", self.gross, self.net, self.payout)
        if self.line is not None:
            checked_id("order line", self.line)

    @property
    def fee(self) -> Money:
        """What the marketplace gives of it: the part of the gross that is not net."""
        return _difference(self.gross, self.net)
