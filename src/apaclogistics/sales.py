"""What is sold: the lines of a sale, its money, and what was promised to the buyer.

These are the values that an order is made of; they have no life of their own.
"""

import attrs

from apaclogistics.errors import InvalidValueError, masked
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.values.identifiers import LineId, ListingVersion, OrderId, checked_id
from apaclogistics.values.instants import Instant, Window, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Party
from apaclogistics.values.quantities import whole

__all__ = ("OrderLine", "Payment", "Refund", "Sale", "Tax")


@attrs.frozen(kw_only=True)
class OrderLine:
    """One position of a sale: units of one article, their price together, and what was promised.

    `ship_by` and `deliver_within` are what the buyer was told, None where nothing was.
    """

    id: LineId
    title: str = ""
    sku: str = ""
    quantity: int
    total: Money
    ship_by: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )
    deliver_within: Window | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a line of no units."""
        checked_id("order line", self.id)
        whole("quantity", self.quantity, least=1, most=1_000_000)


@attrs.frozen(kw_only=True)
class Tax:
    """A tax on the order; `is_included` says whether the order's total holds it."""

    name: str
    amount: Money
    is_included: bool


@attrs.frozen(kw_only=True)
class Sale:
    """What begins an order: who bought what from whom, for how much, and where it is to go.

    `total` is what the buyer pays to the order, gross; `taxes` beside it are not part of it.
    `listing` and `offer` are the version and the offer that the order was sold on, where known.

    Raises:
        InvalidValueError: if there are no lines, two of one name, or money in several currencies.
    """

    id: OrderId
    seller: Actor
    buyer: Actor
    placed_at: Instant = attrs.field(converter=instant)
    lines: tuple[OrderLine, ...]
    total: Money
    taxes: tuple[Tax, ...] = ()
    consignee: Party
    listing: ListingVersion | None = None
    offer: str = ""
    note: str = attrs.field(default="", repr=masked)

    def __attrs_post_init__(self) -> None:
        """Refuse a sale that contradicts itself."""
        checked_id("order", self.id)
        names = [line.id for line in self.lines]
        if not names or len(set(names)) < len(names):
            raise InvalidValueError("order lines", tuple(names), "must differ", "one or more lines")
        if self.seller.role is not Role.SELLER or self.buyer.role is not Role.BUYER:
            who = f"{self.seller}, {self.buyer}"
            raise InvalidValueError("parties", who, "are in the wrong role", "a seller, a buyer")
        money = [self.total, *(line.total for line in self.lines), *(t.amount for t in self.taxes)]
        if len({amount.currency for amount in money}) > 1:
            raise InvalidValueError("order", self.id, "is in several currencies", "one")
        if min(amount.minor for amount in money) < 0:
            raise InvalidValueError("order", self.id, "has a negative amount", "0 or more")


@attrs.frozen(kw_only=True)
class Payment:
    """Money that the buyer paid or failed to pay: `gross` by the buyer, `net` to the seller."""

    id: str
    gross: Money
    net: Money | None = None
    has_failed: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse a payment of nothing."""
        if self.gross.minor <= 0:
            raise InvalidValueError("payment", str(self.gross), "is not above zero")


@attrs.frozen(kw_only=True)
class Refund:
    """Money given back: `gross` to the buyer, the truth of the order; `line` if for one of them."""

    id: str
    gross: Money
    reason: str = attrs.field(default="", repr=masked)
    line: LineId | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a refund of nothing."""
        if self.gross.minor <= 0:
            raise InvalidValueError("refund", str(self.gross), "is not above zero")
