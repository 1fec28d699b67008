"""eBay's shipping fulfilments: which units left in which parcel, when, and under which number.

eBay wants one call for each parcel.  Our order knows which units went into a shipment and not into
which of its parcels, so for a shipment of several the caller says it.  eBay calls a fulfilment by
its tracking number and never cancels one, so nothing is written of a parcel that has not left.

Source: Sell Fulfillment 1.20.7, createShippingFulfillment, getShippingFulfillment.
"""

import re
from collections.abc import Mapping
from typing import Final

import attrs

from apaclogistics.consignments import Label
from apaclogistics.fulfilment import Action, Phase
from apaclogistics.interop._reading import Cursor, Doubt, in_order, refuse_faults
from apaclogistics.interop._writing import Json, Sheet, Written, filled, milliseconds
from apaclogistics.orders import Order
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import (
    LineId,
    ParcelId,
    TrackingNumber,
    tracking_number,
)
from apaclogistics.values.instants import Instant, to_text

__all__ = ("FulfilmentReading", "read_fulfilment", "write_fulfilment", "write_fulfilments")

# Source: Sell Fulfillment 1.20.7, ShippingFulfillmentDetails.trackingNumber.
_ALPHANUMERIC: Final = re.compile(r"[A-Za-z0-9]+", re.ASCII)

Units = Mapping[LineId, int]


def write_fulfilment(
    order: Order,
    shipment: Shipment,
    *,
    carrier: str = "",
    parcel: ParcelId | None = None,
    units: Units | None = None,
) -> Written:
    """Write that a parcel with units of an order has left: `ShippingFulfillmentDetails`.

    `carrier` is eBay's code of the carrier; without it the booking's own is taken, with a warning.
    `parcel` and `units` may be left out where the shipment has a single parcel, which then holds
    all units that the order put into the shipment.  The parcel left when it was handed over or when
    a carrier is first seen to have it, whichever is first, to the millisecond.

    Numbers of further carriers on the label are left out: eBay takes one number a parcel.

    Raises:
        CodecErrors: with every reason at once, if the parcel has not left, has no number of letters
            and digits alone, or the units are none of those that the order put into the shipment.
    """
    sheet = Sheet()
    payload = _fulfilment(sheet, "$", order, shipment, carrier, parcel, units)
    return sheet.written(payload)


def write_fulfilments(
    order: Order,
    shipment: Shipment,
    packed: Mapping[ParcelId, Units],
    *,
    carrier: str = "",
) -> tuple[Written, ...]:
    """Write one document for each parcel of a shipment, in the order of `packed`.

    `packed` says how many units of each line are in which parcel: together all that the order put
    into the shipment, since eBay counts what is missing as not shipped.

    Raises:
        CodecErrors: with every reason of every parcel at once; a path begins with the position of
            the parcel, as in ``$[1].lineItems``.
    """
    sheets = [Sheet() for _ in packed]
    payloads = [
        _fulfilment(sheet, f"$[{index}]", order, shipment, carrier, parcel, units)
        for index, (sheet, (parcel, units)) in enumerate(zip(sheets, packed.items(), strict=True))
    ]
    together = Sheet()
    _check_sums(together, _allocated(order, shipment), packed)
    for sheet in sheets:
        together.faults.update(sheet.faults)
    together.refuse_faults()
    return tuple(sheet.written(payload) for sheet, payload in zip(sheets, payloads, strict=True))


def _check_sums(sheet: Sheet, allocated: Units, packed: Mapping[ParcelId, Units]) -> None:
    for line, count in allocated.items():
        found = sum(units.get(line, 0) for units in packed.values())
        if found != count:
            sheet.fault("$", f"packs {found} units of line {line}; allowed: {count}")


def _fulfilment(
    sheet: Sheet,
    path: str,
    order: Order,
    shipment: Shipment,
    carrier: str,
    parcel: ParcelId | None,
    units: Units | None,
) -> dict[str, Json]:
    label = _label(sheet, path, shipment, parcel)
    return filled(
        {
            "lineItems": _line_items(sheet, path, order, shipment, units),
            "shippedDate": milliseconds(_shipped_at(sheet, path, order, shipment, label)),
            "shippingCarrierCode": _carrier(sheet, path, shipment, carrier),
            "trackingNumber": _number(sheet, path, label),
        }
    )


def _label(sheet: Sheet, path: str, shipment: Shipment, parcel: ParcelId | None) -> Label | None:
    """Find the label of the parcel; what hinders it is a fault of the number."""
    where, booking = f"{path}.trackingNumber", shipment.booking
    if booking is None:
        sheet.fault(where, f"is missing: shipment {shipment.id} is not booked")
        return None
    sheet.omit("booking.service", booking.service)
    labels = [it for it in booking.labels if parcel in (None, it.parcel)]
    if len(labels) != 1:
        known = ", ".join(sorted(it.parcel for it in booking.labels))
        sheet.fault(where, f"is of one parcel; allowed: one of {known}")
        return None
    return labels[0]


def _number(sheet: Sheet, path: str, label: Label | None) -> str:
    if label is None:
        return ""
    number, *others = map(str, label.numbers)
    if not _ALPHANUMERIC.fullmatch(number):
        problem = f"{number!r} holds other characters; allowed: letters and digits"
        sheet.fault(f"{path}.trackingNumber", problem)
    for index, other in enumerate(others, start=1):
        sheet.omit(f"booking.labels[{label.parcel}].numbers[{index}]", other)
    return number


def _carrier(sheet: Sheet, path: str, shipment: Shipment, carrier: str) -> str:
    where = f"{path}.shippingCarrierCode"
    if shipment.booking is not None and not carrier:
        text = "is our code of the carrier, and eBay has codes of its own"
        sheet.doubt(where, "carrier_unchecked", text)
    own = shipment.booking.carrier if shipment.booking else ""
    return sheet.needed(where, carrier or own)


def _allocated(order: Order, shipment: Shipment) -> dict[LineId, int]:
    """Add up the units that an order put into a shipment: eBay wants each line once."""
    found: dict[LineId, int] = {}
    for allocation in order.allocations:
        if allocation.shipment == shipment.id:
            found[allocation.line] = found.get(allocation.line, 0) + allocation.quantity
    return found


def _line_items(
    sheet: Sheet, path: str, order: Order, shipment: Shipment, units: Units | None
) -> list[Json]:
    allocated, where = _allocated(order, shipment), f"{path}.lineItems"
    if not allocated:
        sheet.fault(where, f"is empty: order {order.id} put nothing into shipment {shipment.id}")
    elif units is None and len(shipment.consignment.parcels) > 1:
        sheet.fault(where, "is of one parcel; allowed: its units, since there are several parcels")
    elif units is not None:
        _check_units(sheet, where, units, allocated)
    _doubt_replacing(sheet, where, order, shipment)
    chosen = allocated if units is None else units
    return [{"lineItemId": line, "quantity": count} for line, count in chosen.items()]


def _check_units(sheet: Sheet, where: str, units: Units, allocated: Units) -> None:
    if not units:
        sheet.fault(where, "is empty")
    for index, (line, count) in enumerate(units.items()):
        if line not in allocated:
            known = ", ".join(allocated)
            sheet.fault(f"{where}[{index}].lineItemId", f"is {line!r}; allowed: {known}")
        else:
            place = f"{where}[{index}].quantity"
            sheet.within(place, count, least=1, most=allocated[line])


def _doubt_replacing(sheet: Sheet, where: str, order: Order, shipment: Shipment) -> None:
    replaced = {it.replaces for it in order.allocations if it.shipment == shipment.id} - {None}
    for former in sorted(filter(None, replaced)):
        text = f"replace those of shipment {former}; a fulfilment that eBay has of it stays there"
        sheet.doubt(where, "replaces", text)


def _shipped_at(
    sheet: Sheet, path: str, order: Order, shipment: Shipment, label: Label | None
) -> Instant | None:
    where = f"{path}.shippedDate"
    accepted = shipment.trackings[label.parcel].accepted_at if label else None
    handed = [step.at for step in shipment.history if step.action is Action.HAND_OVER]
    left = min([*handed, *([accepted] if accepted else [])], default=None)
    if shipment.phase is Phase.CANCELLED:
        sheet.fault(where, f"is missing: shipment {shipment.id} is {Phase.CANCELLED.name}")
    elif left is None:
        problem = (
            f"nobody said when the parcel left; shipment {shipment.id} is {shipment.phase.name}"
        )
        sheet.fault(where, f"is missing: {problem}")
    elif left < order.sale.placed_at:
        placed = to_text(order.sale.placed_at)
        sheet.doubt(where, "before_order", f"is before the order was placed, at {placed}")
    return left


@attrs.frozen(kw_only=True)
class FulfilmentReading:
    """What was read of a fulfilment: the number and carrier, when it left, and how many units.

    `units` are how many of each line it holds.  What eBay does not know is empty or None.
    """

    number: TrackingNumber | None
    carrier: str
    shipped_at: Instant | None
    units: tuple[tuple[LineId, int], ...]
    warnings: tuple[Doubt, ...]
    unread: tuple[str, ...]


def read_fulfilment(payload: object) -> FulfilmentReading:
    """Read a fulfilment, as `getShippingFulfillment` answers it or as it was written to be sent.

    A line without a quantity holds one unit, as eBay takes it.

    Raises:
        CodecErrors: if it cannot be read, with all faults and their paths; it shows no values.
    """
    document = Cursor.open(payload)
    sent = document["trackingNumber"]
    place = sent if document.has("trackingNumber") else document["shipmentTrackingNumber"]
    text = place.text_if_any()
    number = place.built(lambda: tracking_number(text)) if text else None
    carrier = document["shippingCarrierCode"].text_if_any()
    if bool(text) != bool(carrier):
        place.doubt("number_or_carrier", "is of no use without a carrier, nor that without it")
    shipped_at = document["shippedDate"].instant_if_any()
    units = _units(document["lineItems"])
    refuse_faults([document.log])
    return FulfilmentReading(
        number=number,
        carrier=carrier,
        shipped_at=shipped_at,
        units=units,
        warnings=in_order(document.log.doubts),
        unread=document.unread(),
    )


def _units(items: Cursor) -> tuple[tuple[LineId, int], ...]:
    counts: dict[LineId, int] = {}
    for item in items.some():
        line = LineId(item["lineItemId"].text())
        count = item["quantity"].whole(least=1) if item.has("quantity") else 1
        if line in counts:
            item.doubt("line_twice", "names a line again; its units are added")
        counts[line] = counts.get(line, 0) + count
    return tuple(counts.items())
