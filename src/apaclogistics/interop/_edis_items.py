"""eDIS's items: units of an order line in a parcel, and what customs are told of them.

To eDIS a line and the customs item that declares it are one thing: a `PackageItem`.

Some fields need a decision; each is ours:

* Price and weight in `sku` are those of one unit, since `postedQuantity` is the only count there.
* `soldPrice` is the price of the line, all its units together, with a warning where they are
  several.
* A tax beside the total of an order is one that eBay collects, as import VAT under eBay's IOSS
  number; of one inside we do not know it.  eDIS has no field for the number itself.

Source: eDIS 1.1.0, ItemRequest, SkuRequest, and the errors of createPackage.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import attrs

from apaclogistics.errors import InvalidValueError, masked
from apaclogistics.interop._writing import (
    Json,
    Sheet,
    amount,
    centimetres,
    filled,
    milliseconds,
)
from apaclogistics.orders import Order
from apaclogistics.sales import OrderLine, Payment
from apaclogistics.values.fields import of_type, optional, tuple_of
from apaclogistics.values.goods import BatteryQualification, CustomsItem, LithiumBattery
from apaclogistics.values.identifiers import LineId, OrderId
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Money
from apaclogistics.values.quantities import Dimensions, whole

__all__ = ("ForwardStock", "PackageItem", "TaxId", "written_items")

# Source: eDIS 1.1.0, postedQuantity.
_MOST_POSTED: Final = 999
# Source: eDIS 1.1.0, error 355017.
_MOST_SKU: Final = 50
# Our bounds, as for lines of orders: eDIS states none.
_MOST_UNITS: Final = 1_000_000
_MOST_STOCK: Final = 1_000_000
_NO_BATTERY: Final = {LithiumBattery.NONE, LithiumBattery.SPECIAL_GOODS}


@attrs.frozen(kw_only=True)
class TaxId:
    """A buyer's tax number as the buyer gave it, hidden in the `repr`, and what kind it is."""

    number: str = attrs.field(validator=of_type(str), repr=masked)
    kind: str = attrs.field(validator=of_type(str))


@attrs.frozen
class ForwardStock:
    """Pieces that lie in a forward deployment centre, under the SKU of their label there.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if the SKU is none (355015) or longer than 50 characters (355017), or
            there are no pieces (355015).
    """

    sku: str = attrs.field(validator=of_type(str))
    quantity: int

    def __attrs_post_init__(self) -> None:
        """Refuse stock of nothing."""
        if not 0 < len(self.sku) <= _MOST_SKU:
            allowed = f"1 to {_MOST_SKU} characters"
            raise InvalidValueError("SKU of stock", self.sku, "is no SKU", allowed)
        whole("pieces of stock", self.quantity, least=1, most=_MOST_STOCK)


@attrs.frozen(kw_only=True)
class PackageItem:
    """Units of an order line in a parcel, and the customs item that declares all of them.

    `qualification` is the seller's for the battery, `sides` those of one unit, `buyer_tax` what the
    buyer gave at checkout, and `stock` what is taken from a forward deployment centre.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if there are no units.
    """

    order: OrderId
    line: LineId
    quantity: int
    goods: CustomsItem = attrs.field(validator=of_type(CustomsItem))
    qualification: BatteryQualification | None = attrs.field(
        default=None, validator=optional(BatteryQualification)
    )
    sides: Dimensions | None = attrs.field(default=None, validator=optional(Dimensions))
    buyer_tax: TaxId | None = attrs.field(default=None, validator=optional(TaxId))
    stock: tuple[ForwardStock, ...] = attrs.field(default=(), validator=tuple_of(ForwardStock))

    def __attrs_post_init__(self) -> None:
        """Refuse an item of no units."""
        whole("units of an item", self.quantity, least=1, most=_MOST_UNITS)


def written_items(
    sheet: Sheet, path: str, orders: Sequence[Order], items: Sequence[PackageItem]
) -> list[Json]:
    """Write the items of a parcel."""
    skus = Counter(item.goods.sku for item in items if item.goods.sku)
    for sku, count in skus.items():
        if count > 1:
            sheet.doubt(path, "sku_twice", f"names SKU {sku!r} {count} times")
    return [_item(sheet, f"{path}[{index}]", orders, item) for index, item in enumerate(items)]


def _item(sheet: Sheet, path: str, orders: Sequence[Order], item: PackageItem) -> Json:
    order = next((it for it in orders if it.id == item.order), None)
    if order is None:
        known = ", ".join(it.id for it in orders)
        sheet.fault(f"{path}.orderId", f"is {item.order!r}; allowed: {known}")
        return None
    line = next((it for it in order.sale.lines if it.id == item.line), None)
    if line is None:
        known = ", ".join(it.id for it in order.sale.lines)
        sheet.fault(f"{path}.orderLineItem", f"is {item.line!r}; allowed: {known}")
        return None
    most = min(line.quantity, _MOST_POSTED)
    quantity = sheet.within(f"{path}.postedQuantity", item.quantity, least=1, most=most)
    return filled(
        {
            **_of_order(sheet, path, order),
            **_of_line(sheet, path, line),
            "postedQuantity": quantity,
            "buyerTaxId": item.buyer_tax.number if item.buyer_tax else "",
            "buyerTaxType": item.buyer_tax.kind if item.buyer_tax else "",
            "sku": _sku(sheet, f"{path}.sku", item, line),
        }
    )


def _of_order(sheet: Sheet, path: str, order: Order) -> dict[str, Json]:
    for reason in order.hindrances:
        sheet.fault(f"{path}.orderId", f"is not to be shipped: {reason.text}")
    sheet.omit(f"orders[{order.id}].sale.note", order.sale.note)
    beside = [tax.amount for tax in order.sale.taxes if not tax.is_included]
    collected = Money.total(beside, order.currency)
    return {
        "orderId": order.id,
        "buyerId": order.sale.buyer.id,
        "email": order.sale.consignee.email,
        "soldDate": milliseconds(order.sale.placed_at),
        "paymentDate": milliseconds(_paid_at(order)),
        "ebayCollectAndRemitTax": True if beside else None,
        "ebayCollectAndRemitTaxesValue": f"{collected.amount:f}" if beside else "",
    }


def _paid_at(order: Order) -> Instant | None:
    """Give when the last payment came in that did not fail."""
    paid = [
        step.at
        for step in order.history
        if isinstance(step.payload, Payment) and not step.payload.has_failed
    ]
    return paid[-1] if paid else None


def _of_line(sheet: Sheet, path: str, line: OrderLine) -> dict[str, Json]:
    if line.quantity > 1:
        text = f"is the price of all {line.quantity} units together"
        sheet.doubt(f"{path}.soldPrice", "price_of_units", text)
    return {
        "orderLineItem": line.id,
        "itemTitle": sheet.text(f"{path}.itemTitle", line.title),
        "soldQuantity": line.quantity,
        "soldPrice": amount(line.total),
    }


def _sku(sheet: Sheet, path: str, item: PackageItem, line: OrderLine) -> Json:
    goods = item.goods
    number = goods.sku or line.sku
    _check_battery(sheet, path, item)
    sheet.omit("goods.category", goods.category)
    return filled(
        {
            "skuNumber": sheet.text(f"{path}.skuNumber", number, most=_MOST_SKU),
            "nameEn": sheet.text(f"{path}.nameEn", goods.description),
            "nameZh": sheet.needed(f"{path}.nameZh", goods.description_zh),
            "origin": goods.origin.code if goods.origin else "",
            "price": amount(_price(sheet, f"{path}.price", item)),
            "weight": _weight(sheet, f"{path}.weight", item),
            **_sides(item.sides),
            "tariffCode": goods.hs_code,
            "isLiBattery": goods.battery not in _NO_BATTERY,
            "liBatteryType": goods.battery.value,
            "elecQualificationId": item.qualification.id if item.qualification else "",
            "fdcSkus": _stock(sheet, f"{path}.fdcSkus", item.stock),
        }
    )


def _check_battery(sheet: Sheet, path: str, item: PackageItem) -> None:
    battery, qualification = item.goods.battery, item.qualification
    where = f"{path}.elecQualificationId"
    if qualification is None and battery.is_lithium:
        sheet.doubt(where, "qualification_missing", f"is missing, and there is {battery.value}")
    elif qualification is not None and qualification.battery is not battery:
        sheet.fault(where, f"is for {qualification.battery.value}; allowed: {battery.value}")


def _price(sheet: Sheet, path: str, item: PackageItem) -> Money:
    """Divide what is declared by the units; what is left over is neither declared nor dropped."""
    declared, count = item.goods.value, item.quantity
    minor, rest = divmod(declared.minor, count)
    if rest:
        problem = f"is {declared} for {count} units, no whole amount each"
        sheet.fault(f"{path}.value", f"{problem}; allowed: a declared value that divides")
    return Money(minor, declared.currency)


def _weight(sheet: Sheet, path: str, item: PackageItem) -> int | None:
    if item.goods.net_weight is None:
        return None
    grams, rest = divmod(item.goods.net_weight.grams, item.quantity)
    if rest:
        text = f"is rounded up: {item.quantity} units weigh {item.goods.net_weight} together"
        sheet.doubt(path, "weight_rounded", text)
    return grams + bool(rest)


def _sides(sides: Dimensions | None) -> dict[str, Json]:
    if sides is None:
        return {}
    return {
        "length": centimetres(sides.length_mm),
        "width": centimetres(sides.width_mm),
        "height": centimetres(sides.height_mm),
    }


def _stock(sheet: Sheet, path: str, stock: Sequence[ForwardStock]) -> list[Json]:
    for sku, count in Counter(it.sku for it in stock).items():
        if count > 1:
            sheet.fault(path, f"names SKU {sku!r} {count} times; allowed: once")
    return [{"skuId": it.sku, "quantity": it.quantity} for it in stock]
