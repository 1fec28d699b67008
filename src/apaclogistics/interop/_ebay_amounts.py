"""Money in eBay's orders: amounts, taxes inside and beside the total, and whether sums add up.

An order is in one currency, that of `pricingSummary.total`.  Money that the order carries must be
in it and not below zero; money that only explains the total is looked at, and doubted if odd.  Where
eBay pays a seller out in another currency, it says what was converted: that is the order's money, and
the payout stands beside it.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from apaclogistics.interop._reading import Cursor
from apaclogistics.sales import Sale, Tax
from apaclogistics.values.money import Currency, Money

__all__ = ("amount", "amount_if_any", "doubt_sums", "paid_out", "taxes")

# Source: Sell Fulfillment 1.20.7, PricingSummary; discounts are below zero.
_PARTS: Final = (
    "priceSubtotal",
    "priceDiscount",
    "deliveryCost",
    "deliveryDiscount",
    "adjustment",
    "fee",
    "tax",
)
_STAND_IN: Final = Money.zero("USD")


def amount_if_any(place: Cursor, unit: Currency | None) -> Money | None:
    """Read an amount that the order carries, or nothing; `unit` is the currency of the order."""
    return _not_negative(place["value"], _money(place, unit))


def amount(place: Cursor, unit: Currency | None) -> Money:
    """Read an amount that must be there."""
    return amount_if_any(place.needed(), unit) or _STAND_IN


def paid_out(place: Cursor, unit: Currency | None) -> tuple[Money | None, Money | None]:
    """Read an amount in the currency of the order, and what became of it in another, if it did.

    Source: Sell Fulfillment 1.20.7, Amount: `value` is the figure after a conversion, and
    `convertedFromValue` the one before it.
    """
    origin = place["convertedFromCurrency"].glance
    is_foreign = place["currency"].glance.text_if_any() != (unit.code if unit else "")
    if not is_foreign or unit is None or origin.text_if_any() != unit.code:
        return amount_if_any(place, unit), None
    before = place["convertedFromValue"].needed()
    code = place["convertedFromCurrency"].text()
    money = before.built(lambda: Money.of(before.text(), Currency(code)))
    payout = amount_if_any(place, None)
    return _not_negative(before, money), payout


def _not_negative(place: Cursor, money: Money | None) -> Money | None:
    if money is not None and money.minor < 0:
        place.fault("is negative; allowed: 0 or more")
    return money


def _money(place: Cursor, unit: Currency | None) -> Money | None:
    if place.is_absent:
        return None
    value, code = place["value"], place["currency"]
    currency = code.built(lambda: Currency(code.text()))
    if currency is None:
        return None
    if unit not in (None, currency):
        code.fault(f"is not the currency of the order; allowed: {unit}")
        return None
    return value.built(lambda: Money.of(value.text(), currency))


def taxes(order: Cursor, unit: Currency | None) -> tuple[Tax, ...]:
    """Read the taxes of all lines, and that of the summary where no line has one.

    A tax that eBay collects and remits is part of the total if the same amount stands among the
    line's `taxes` too, else it is beside it.

    Source: Sell Fulfillment 1.20.7, EbayCollectAndRemitTax.amount and PricingSummary.total.
    """
    found = [tax for line in order["lineItems"].items() for tax in _of_line(line, unit)]
    place = order["pricingSummary"]["tax"]
    stated = amount_if_any(place, unit)
    if stated is not None and stated.minor > 0 and not any(tax.is_included for tax in found):
        found.append(Tax(name="tax", amount=stated, is_included=True))
        place.doubt("tax_of_no_line", "no line has a tax that is part of the total")
    return tuple(found)


def _of_line(line: Cursor, unit: Currency | None) -> list[Tax]:
    charged = _levied(line["taxes"], unit)
    collected = _levied(line["ebayCollectAndRemitTaxes"], unit)
    in_both = Counter(money for _, money in charged) & Counter(money for _, money in collected)
    rest, named = in_both.copy(), []
    for name, money in collected:
        named.append(Tax(name=name, amount=money, is_included=rest[money] > 0))
        rest[money] -= 1
    for name, money in charged:
        if in_both[money] <= 0:
            named.append(Tax(name=name, amount=money, is_included=True))
        in_both[money] -= 1
    return named


def _levied(entries: Cursor, unit: Currency | None) -> list[tuple[str, Money]]:
    """Read taxes by name and amount; a tax of nothing is none."""
    found = []
    for entry in entries.items():
        name, money = entry["taxType"].text_if_any(), amount_if_any(entry["amount"], unit)
        method = entry["collectionMethod"].glance
        if method.text_if_any() not in ("", "NET"):
            method.doubt("unknown_value", "is no known method of collection")
        if money is not None and money.minor > 0:
            found.append((name or "tax", money))
    return found


def doubt_sums(order: Cursor, sale: Sale) -> None:
    """Doubt a total that is not the sum of its parts, or of the lines, and a tax of no tax."""
    pricing = order["pricingSummary"]
    parts = [_money(pricing[part].glance, sale.total.currency) for part in _PARTS]
    known = [part for part in parts if part is not None]
    if parts[0] is not None:
        _doubt_sum(pricing["total"], known, sale.total, "its parts")
    _doubt_sum(pricing["total"], (line.total for line in sale.lines), sale.total, "the lines")
    inside = [tax.amount for tax in sale.taxes if tax.is_included]
    stated = parts[-1] or Money.zero(sale.total.currency)
    _doubt_sum(pricing["tax"], inside, stated, "the taxes of the lines")


def _doubt_sum(place: Cursor, parts: Iterable[Money], total: Money, whose: str) -> None:
    added = sum(part.minor for part in parts)
    if added != total.minor:
        over = f"{abs(added - total.minor)} minor units {'more' if added > total.minor else 'less'}"
        place.doubt("sum_differs", f"is not the sum of {whose}, which is {over}")
