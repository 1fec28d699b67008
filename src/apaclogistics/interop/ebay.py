"""eBay's Sell Fulfillment API: orders are read; what was shipped and refunded is written.

An eBay order becomes our `Order` through its verbs, so its history says what happened when.  What
is sent back, that parcels left and that money is given back, is written from our values.  Some
fields need a decision; each is ours:

* A line's money is eBay's `total`: what the buyer pays for it, discounts, delivery and tax included,
  so that the lines add up to the order.
* A tax that eBay collects is inside the order's total only if the line lists the same amount among
  its `taxes` too; else the buyer pays it beside the total.
* The buyer paid the order's total; what eBay reports of a payment is the seller's net.
* What eBay holds back of a payment is a hold of the order from the payment on, until it is released.
* The consignee is whom the parcel is shipped to.  In eBay's international programmes that is a
  warehouse; the buyer's own address then stays unread, with a warning.
* The number of a fulfilment is the end of its address: a tracking number if there is one, else a
  number of eBay's own.

Source: Sell Fulfillment 1.20.7.

>>> price = {"value": "30.0", "currency": "USD"}
>>> home = {"city": "Freihung", "countryCode": "DE"}
>>> reading = read_order({
...     "orderId": "10-00001-00001", "creationDate": "2026-03-01T08:00:00.000Z",
...     "sellerId": "lamp-shop", "buyer": {"username": "reader-1"},
...     "lineItems": [{"lineItemId": "1", "quantity": 2, "total": price}],
...     "pricingSummary": {"total": price}, "salesRecordReference": "7",
...     "fulfillmentStartInstructions": [{"shippingStep": {"shipTo": {"contactAddress": home}}}],
... })
>>> str(reading.order.sale.total), reading.order.payment_status.name, reading.unread
('30.00 USD', 'PENDING', ('$.salesRecordReference',))
"""

import re
from typing import Final
from urllib.parse import unquote

import attrs

from apaclogistics.interop._ebay_amounts import amount, amount_if_any, doubt_sums, taxes
from apaclogistics.interop._ebay_fulfilments import (
    FulfilmentReading,
    read_fulfilment,
    write_fulfilment,
    write_fulfilments,
)
from apaclogistics.interop._ebay_history import reported, unfolded
from apaclogistics.interop._ebay_refunds import RefundReason, write_refund
from apaclogistics.interop._reading import Cursor, Doubt, in_order, more_pages, refuse_faults
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.orders import Order
from apaclogistics.sales import OrderLine, Sale
from apaclogistics.values.identifiers import (
    LineId,
    OrderId,
    TrackingNumber,
    checked_id,
    tracking_number,
)
from apaclogistics.values.instants import Instant, Window
from apaclogistics.values.money import Currency
from apaclogistics.values.places import Address, Country, Party, read_country

__all__ = (
    "FulfilmentReading",
    "OrderReading",
    "RefundReason",
    "read_fulfilment",
    "read_order",
    "read_orders",
    "write_fulfilment",
    "write_fulfilments",
    "write_refund",
)

_FULFILMENT: Final = re.compile(r"/shipping_fulfillment/([^/?#]+)$")
_TOPIC: Final = re.compile(r"[A-Z][A-Z_]{0,63}", re.ASCII)


@attrs.frozen(kw_only=True)
class OrderReading:
    """What was read of an eBay order.

    `fulfilments` are the numbers that its fulfilments name, `shipped` the lines that eBay calls
    fulfilled (it does not say which number holds which), `modified_at` when eBay last changed it,
    `warnings` what is doubtful in it, and `unread` the paths of all leaves that the order does not
    carry.
    """

    order: Order
    fulfilments: tuple[TrackingNumber, ...]
    shipped: frozenset[LineId]
    modified_at: Instant | None = None
    warnings: tuple[Doubt, ...]
    unread: tuple[str, ...]


def read_order(payload: object) -> OrderReading:
    """Read one order: the body of `getOrder`, or a page of `getOrders` that holds one.

    Raises:
        CodecErrors: if it cannot be read, with all faults and their paths; it shows no values.
    """
    document = Cursor.open(payload)
    orders = document["orders"] if document.has("orders") else None
    if orders is not None and isinstance(orders.value, list) and len(orders.value) != 1:
        count = len(orders.value)
        orders.fault(f"holds {count} orders; allowed: one (`read_orders` takes more)")
        refuse_faults([document.log])
    return _readings(document)[0]


def read_orders(payload: object) -> tuple[OrderReading, ...]:
    """Read all orders of a page of `getOrders`, in its order; a body of `getOrder` holds one.

    What belongs to the page and not to an order is unread in each.

    Raises:
        CodecErrors: if one cannot be read, with the faults of all.
    """
    return _readings(Cursor.open(payload))


def _readings(document: Cursor) -> tuple[OrderReading, ...]:
    _refuse_notification(document)
    if not document.has("orders"):
        readings = [_reading(document)]
        refuse_faults([document.log])
        return tuple(filter(None, readings))
    if document.has("next"):
        more_pages(document["next"])
    orders = [order.afresh for order in document["orders"].items()]
    readings = [_reading(order) for order in orders]
    refuse_faults([document.log, *(order.log for order in orders)])
    beside = [path for path in document.unread() if not path.startswith("$.orders[")]
    return tuple(_of_page(reading, document, beside) for reading in filter(None, readings))


def _of_page(reading: OrderReading, page: Cursor, beside: list[str]) -> OrderReading:
    return attrs.evolve(
        reading,
        warnings=in_order([*page.log.doubts, *reading.warnings]),
        unread=(*beside, *reading.unread),
    )


def _refuse_notification(document: Cursor) -> None:
    if not document.has("notification"):
        return
    topic = document["metadata"]["topic"].glance.text_if_any()
    named = f"of the topic {topic}" if _TOPIC.fullmatch(topic) else "of no known topic"
    document.fault(f"is a notification {named} and no order; allowed: the body of `getOrder`")
    refuse_faults([document.log])


def _reading(order: Cursor) -> OrderReading | None:
    sale = order.built(lambda: _sale(order))
    report = reported(order, _unit(order))
    fulfilments = _fulfilments(order)
    shipped = _shipped(order)
    modified_at = order["lastModifiedDate"].instant_if_any()
    if sale is None or order.log.faults:
        return None
    doubt_sums(order, sale)
    unfolded_order = unfolded(report, sale)
    return OrderReading(
        order=unfolded_order,
        fulfilments=fulfilments,
        shipped=shipped,
        modified_at=modified_at,
        warnings=in_order(order.log.doubts),
        unread=order.unread(),
    )


def _shipped(order: Cursor) -> frozenset[LineId]:
    items = order["lineItems"].some()
    # A line that says nothing of itself is where the whole order is.
    whole = order["orderFulfillmentStatus"].glance.text_if_any()
    fulfilled = [
        item
        for item in items
        if (item["lineItemFulfillmentStatus"].text_if_any() or whole) == "FULFILLED"
    ]
    return frozenset(LineId(item["lineItemId"].text_if_any()) for item in fulfilled)


def _unit(order: Cursor) -> Currency | None:
    total = amount_if_any(order["pricingSummary"]["total"], None)
    return total.currency if total else None


def _sale(order: Cursor) -> Sale | None:
    total = amount(order["pricingSummary"]["total"], None)
    unit = _unit(order)
    lines = [_line(item, unit) for item in order["lineItems"].some()]
    levied = taxes(order, unit)
    consignee = _consignee(order["fulfillmentStartInstructions"])
    parts = {
        "id": _id(order["orderId"], "order"),
        "seller": _id(order["sellerId"], "seller"),
        "buyer": _id(order["buyer"]["username"], "buyer"),
    }
    placed_at = order["creationDate"].instant()
    if consignee is None:
        return None
    return Sale(
        id=OrderId(parts["id"]),
        seller=Actor(Role.SELLER, parts["seller"]),
        buyer=Actor(Role.BUYER, parts["buyer"]),
        placed_at=placed_at,
        lines=tuple(line for line in lines if line is not None),
        total=total,
        taxes=levied,
        consignee=consignee,
        note=order["buyerCheckoutNotes"].text_if_any(),
    )


def _id(place: Cursor, what: str) -> str:
    return place.built(lambda: checked_id(what, place.text())) or "-"


def _line(item: Cursor, unit: Currency | None) -> OrderLine | None:
    promised = item["lineItemFulfillmentInstructions"]
    return item.built(
        lambda: OrderLine(
            id=LineId(_id(item["lineItemId"], "order line")),
            title=item["title"].text_if_any(),
            sku=item["sku"].text_if_any(),
            quantity=item["quantity"].whole(least=1),
            total=amount(item["total"], unit),
            ship_by=promised["shipByDate"].instant_if_any(),
            deliver_within=_window(promised),
        )
    )


def _window(promised: Cursor) -> Window | None:
    first, last = promised["minEstimatedDeliveryDate"], promised["maxEstimatedDeliveryDate"]
    earliest, latest = first.instant_if_any(), last.instant_if_any()
    if earliest is not None and latest is not None and earliest <= latest:
        return Window(earliest, latest)
    if earliest is not None or latest is not None:
        promised.doubt("no_window", "gives no window of delivery that begins before it ends")
        first.disown()
        last.disown()
    return None


def _consignee(instructions: Cursor) -> Party | None:
    found = instructions.some()
    if not found:
        return None
    first, *others = found
    for other in others:
        other.doubt("more_instructions", "only the first instructions for fulfilment are taken")
    if first.has("finalDestinationAddress"):
        text = "the parcel goes to a warehouse first, which is the consignee here"
        first["finalDestinationAddress"].doubt("final_destination", text)
    contact = first["shippingStep"]["shipTo"]
    address = _address(contact["contactAddress"])
    if address is None:
        return None
    return contact.built(
        lambda: Party(
            name=contact["fullName"].text_if_any(),
            company=contact["companyName"].text_if_any(),
            phone=contact["primaryPhone"]["phoneNumber"].text_if_any(),
            email=contact["email"].text_if_any(),
            address=address,
        )
    )


def _address(place: Cursor) -> Address | None:
    country = _country(place["countryCode"])
    written = [place["addressLine1"].text_if_any(), place["addressLine2"].text_if_any()]
    region = "stateOrProvince" if place.has("stateOrProvince") else "county"
    if country is None:
        return None
    return place.built(
        lambda: Address(
            lines=tuple(filter(None, written)),
            city=place["city"].text_if_any(),
            region=place[region].text_if_any(),
            postal_code=place["postalCode"].text_if_any(),
            country=country,
        )
    )


def _country(code: Cursor) -> Country | None:
    read = code.built(lambda: read_country(code.text()))
    if read is None:
        return None
    country, warning = read
    if warning:
        code.doubt("country_alias", warning)
    return country


def _fulfilments(order: Cursor) -> tuple[TrackingNumber, ...]:
    numbers = [_number(href) for href in order["fulfillmentHrefs"].items()]
    found = tuple(dict.fromkeys(number for number in numbers if number is not None))
    status = order["orderFulfillmentStatus"].glance
    if not found and status.text_if_any() not in ("", "NOT_STARTED"):
        status.doubt("no_number", "something was shipped, and no number is known")
    return found


def _number(href: Cursor) -> TrackingNumber | None:
    match = _FULFILMENT.search(href.text_if_any())
    if match is not None:
        number = href.glance.built(lambda: tracking_number(unquote(match[1])))
    else:
        number = None
        href.doubt("no_number", "is no address of a fulfilment")
    if number is None:
        href.disown()
    return number
