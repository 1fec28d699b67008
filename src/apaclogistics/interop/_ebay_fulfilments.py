"""eBay's shipping fulfilments: which units left in which parcel, when, and under which number.

eBay wants one call for each parcel.  Where a shipment has several, the order says which units are in
which, or the caller does.  eBay calls a fulfilment by its tracking number and never cancels one, so
nothing is written of a parcel that has not left.

Source: Sell Fulfillment 1.20.7, createShippingFulfillment, getShippingFulfillment.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

from apaclogistics.consignments import Label
from apaclogistics.fulfilment import Action, Phase
from apaclogistics.interop._packing import packed_in
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

Units: TypeAlias = Mapping[LineId, int]


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
    `parcel` may be left out where the shipment has a single one, and `units` where that is so or
    the order names the parcel of each.  The parcel left when it was handed over or when a carrier
    is first seen to have it, whichever is first, to the millisecond.

    Numbers of further carriers on the label are left out: eBay takes one number a parcel.

    Raises:
        CodecErrors: with every reason at once, if the parcel has not left, has no number of letters
            and digits alone, or the units are none of those that the order put into the shipment.
    """
    sheet = Sheet()
    return sheet.written(_fulfilment(sheet, "$", order, shipment, carrier, parcel, units))


def write_fulfilments(
    order: Order,
    shipment: Shipment,
    packed: Mapping[ParcelId, Units] | None = None,
    *,
    carrier: str = "",
) -> tuple[Written, ...]:
    """Write one document for each parcel of a shipment that holds units of an order.

    `packed` says how many units of each line are in which parcel: together all that the order put
    into the shipment, since eBay counts what is missing as not shipped.  It may be left out where
    the order says it.

    Raises:
        CodecErrors: with every reason of every parcel at once; a path begins with the position of
            the parcel, as in ``$[1].lineItems``.
    """
    together = Sheet()
    known = _known(together, order, shipment, packed)
    sheets = [Sheet() for _ in known]
    payloads = [
        _fulfilment(sheet, f"$[{index}]", order, shipment, carrier, *held)
        for index, (sheet, held) in enumerate(zip(sheets, known.items(), strict=True))
    ]
    for sheet in sheets:
        together.faults.update(sheet.faults)
    together.refuse_faults()
    return tuple(sheet.written(payload) for sheet, payload in zip(sheets, payloads, strict=True))


def _known(
    sheet: Sheet, order: Order, shipment: Shipment, packed: Mapping[ParcelId, Units] | None
) -> Mapping[ParcelId, Units]:
    known = packed_in(order, shipment.consignment) if packed is None else packed
    if known is None:
        problem = f"is of several parcels, and order {order.id} does not say what is in which"
        sheet.fault("$", f"{problem}; allowed: `packed` from the caller")
        return {}
    if not known:
        sheet.fault("$", f"is empty; allowed: the parcels with units of order {order.id}")
    _check_sums(sheet, _allocated(order, shipment), known)
    return known


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
    named: ParcelId | None,
    units: Units | None,
) -> dict[str, Json]:
    parcel = _parcel(sheet, path, shipment, named)
    return filled(
        {
            "lineItems": _line_items(sheet, path, order, shipment, parcel, units),
            "shippedDate": milliseconds(_shipped_at(sheet, path, order, shipment, parcel)),
            "shippingCarrierCode": _carrier(sheet, path, shipment, carrier),
            "trackingNumber": _number(sheet, path, shipment, parcel),
        }
    )


def _parcel(sheet: Sheet, path: str, shipment: Shipment, named: ParcelId | None) -> ParcelId | None:
    known = [parcel.id for parcel in shipment.consignment.parcels]
    found = [parcel for parcel in known if named in (None, parcel)]
    if len(found) == 1:
        return found[0]
    sheet.fault(path, f"is of one parcel; allowed: one of {', '.join(known)}")
    return None


def _number(sheet: Sheet, path: str, shipment: Shipment, parcel: ParcelId | None) -> str:
    booking = shipment.booking
    if booking is None:
        sheet.fault(f"{path}.trackingNumber", f"is missing: shipment {shipment.id} is not booked")
        return ""
    sheet.omit("booking.service", booking.service)
    # A booking labels every parcel of its shipment.
    label = next((it for it in booking.labels if it.parcel == parcel), None)
    return sheet.needed(f"{path}.trackingNumber", _first(sheet, path, label) if label else "")


def _first(sheet: Sheet, path: str, label: Label) -> str:
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


def _allocated(order: Order, shipment: Shipment) -> Units:
    """Add up the units that an order put into a shipment: eBay wants each line once."""
    units: Counter[LineId] = Counter()
    for inside in order.contents(shipment.id).values():
        units.update(inside)
    return units


def _line_items(
    sheet: Sheet,
    path: str,
    order: Order,
    shipment: Shipment,
    parcel: ParcelId | None,
    units: Units | None,
) -> list[Json]:
    where, allocated = f"{path}.lineItems", _allocated(order, shipment)
    _doubt_replacing(sheet, where, order, shipment)
    if not allocated:
        sheet.fault(where, f"is empty: order {order.id} put nothing into shipment {shipment.id}")
    elif units is not None:
        _check_units(sheet, where, units, allocated)
    else:
        units = _known_units(sheet, where, order, shipment, parcel)
    return [{"lineItemId": line, "quantity": count} for line, count in (units or {}).items()]


def _known_units(
    sheet: Sheet, where: str, order: Order, shipment: Shipment, parcel: ParcelId | None
) -> Units:
    packed = packed_in(order, shipment.consignment)
    if packed is None:
        sheet.fault(where, f"is of one parcel, and order {order.id} does not say what is in it")
        return {}
    if parcel is not None and parcel not in packed:
        sheet.fault(where, f"is empty: order {order.id} put nothing into parcel {parcel}")
    return packed.get(parcel, {}) if parcel else {}


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
    sheet: Sheet, path: str, order: Order, shipment: Shipment, parcel: ParcelId | None
) -> Instant | None:
    where = f"{path}.shippedDate"
    left = _left_at(sheet, where, shipment, parcel)
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


def _left_at(
    sheet: Sheet, where: str, shipment: Shipment, parcel: ParcelId | None
) -> Instant | None:
    """Give when the parcel was handed over or scanned, whichever was first; None where neither."""
    accepted = shipment.trackings[parcel].accepted if parcel else None
    handed = [step.at for step in shipment.history if step.action is Action.HAND_OVER]
    left = min([*handed, *([accepted.latest] if accepted else [])], default=None)
    if accepted is not None and not accepted.is_exact and left == accepted.latest:
        sheet.doubt(where, "local_time", f"is the latest that {accepted} can mean")
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
