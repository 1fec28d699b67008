"""Which customs item declares which units of order lines in a parcel, where nobody says so.

A customs item belongs to the lines of its SKU; in a parcel with one of each, to that line.  Several
lines may share one, such as two orders of the same goods in one parcel: it is split over them if
their units add up to its own.  Nobody guesses beyond that: the caller names the `PackageItem`s.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from apaclogistics.interop._edis_items import PackageItem
from apaclogistics.interop._writing import Sheet
from apaclogistics.orders import Order
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import LineId, OrderId
from apaclogistics.values.money import Money
from apaclogistics.values.quantities import Weight

__all__ = ("matched",)

_ELSE: Final = "or `items` from the caller"

Key: TypeAlias = tuple[OrderId, LineId]
Units: TypeAlias = Mapping[Key, int]


def matched(
    sheet: Sheet, path: str, orders: Sequence[Order], units: Units, contents: Sequence[CustomsItem]
) -> tuple[PackageItem, ...]:
    """Find the customs item of each line whose units are in a parcel; what is left is a fault."""
    skus = {
        (order.id, line.id): line.sku
        for order in orders
        for line in order.sale.lines
        if (order.id, line.id) in units
    }
    if not skus:
        sheet.fault(path, "is empty: no order put anything into the parcel")
    alone = len(skus) == len(contents) == 1
    shares = [
        (goods, {key: units[key] for key, sku in skus.items() if alone or _is_of(goods, sku)})
        for goods in contents
    ]
    counts = {key: sum(key in share for _, share in shares) for key in skus}
    for key, count in counts.items():
        _check_line(sheet, path, key, count)
    found = {
        (item.order, item.line): item
        for goods, share in shares
        if all(counts[key] == 1 for key in share)
        for item in _split(sheet, path, goods, share)
    }
    return tuple(found[key] for key in skus if key in found)


def _is_of(goods: CustomsItem, sku: str) -> bool:
    return bool(goods.sku) and goods.sku == sku


def _check_line(sheet: Sheet, path: str, key: Key, count: int) -> None:
    if count != 1:
        order, line = key
        found = f"has {count or 'no'} customs item{'s' if count else ''}"
        problem = f"{found} for line {line} of order {order}"
        sheet.fault(path, f"{problem}; allowed: one of the same SKU, {_ELSE}")


def _split(sheet: Sheet, path: str, goods: CustomsItem, share: Units) -> tuple[PackageItem, ...]:
    """Split a customs item over the lines that share it; the one of a single line is as it is."""
    if not share:
        problem = f"has no line for customs item {goods.description!r}"
        sheet.fault(path, f"{problem}; allowed: one of the same SKU, {_ELSE}")
    parts = dict.fromkeys(share, goods)
    if len(share) > 1:
        _check_split(sheet, path, goods, share)
        parts = {key: _part(goods, count) for key, count in share.items()}
    return tuple(
        PackageItem(order=order, line=line, quantity=count, goods=parts[order, line])
        for (order, line), count in share.items()
    )


def _check_split(sheet: Sheet, path: str, goods: CustomsItem, share: Units) -> None:
    what, total = f"customs item {goods.description!r}", sum(share.values())
    if total != goods.quantity:
        problem = f"has {total} units in {len(share)} lines for {what} of {goods.quantity}"
        sheet.fault(path, f"{problem}; allowed: lines whose units add up, {_ELSE}")
    elif goods.value.minor % total:
        problem = f"has {len(share)} lines for {what}, whose {goods.value} do not divide by {total}"
        sheet.fault(path, f"{problem}; allowed: a declared value that divides, {_ELSE}")


def _part(goods: CustomsItem, count: int) -> CustomsItem:
    """Take so many units of a customs item; a weight that does not divide is rounded up."""
    value = Money(goods.value.minor * count // goods.quantity, goods.value.currency)
    weight = goods.net_weight
    grams = None if weight is None else -(-weight.grams * count // goods.quantity)
    part = attrs.evolve(goods, quantity=count, value=value)
    return part if grams is None else attrs.evolve(part, net_weight=Weight(grams))
