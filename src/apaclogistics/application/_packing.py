"""Packing: units of orders go into a new shipment, one order's or several of one buyer's."""

from collections.abc import Iterable, Mapping

import attrs

from apaclogistics.allocations import Allocation, Units
from apaclogistics.application._desk import Desk, Now, put
from apaclogistics.consignments import Consignment, ConsignmentPreference, Parcel
from apaclogistics.errors import InvalidValueError
from apaclogistics.lifecycle import Actor
from apaclogistics.orders import Order
from apaclogistics.ports import Stored
from apaclogistics.promises import Promise
from apaclogistics.shipments import Shipment
from apaclogistics.values.goods import Incoterm
from apaclogistics.values.identifiers import OrderId, ShipmentId

__all__ = ("Wrapping", "draft_together")


@attrs.frozen(kw_only=True)
class Wrapping:
    """What a new shipment is apart from what is in it."""

    parcels: tuple[Parcel, ...]
    promise: Promise | None
    incoterm: Incoterm
    preference: ConsignmentPreference | None


def draft_together(
    desk: Desk,
    packing: Mapping[OrderId, Iterable[Units] | None],
    wrapping: Wrapping,
    *,
    by: Actor,
) -> Shipment:
    """Put units of each order into one new shipment, or change none; see `ShipmentDesk`."""
    if not packing:
        raise InvalidValueError("packing", tuple(packing), "names no order", "one or more")
    id = ShipmentId(desk.ids.new("shipment"))
    with desk.storage.unit_of_work() as work:
        now = desk.now(work)
        stored = {order: work.orders.get(order) for order in packing}
        first = next(iter(stored.values())).value
        packed = [
            (_packed(it, first, _chosen(it.value, packing[order], id, now), wrapping, now, by), it)
            for order, it in stored.items()
        ]
        shipment = Shipment.draft(
            _consignment(id, first, tuple(packing), wrapping), by=by, at=now.at
        )
        for order, before in packed:
            put(work, work.orders, order, before)
        put(work, work.shipments, shipment)
        work.commit()
    return shipment


def _chosen(
    order: Order, units: Iterable[Units] | None, shipment: ShipmentId, now: Now
) -> tuple[Allocation, ...]:
    """Give the units that are named; where none are, all that are to be packed yet."""
    if units is None:
        free = order.to_be_packed(now.phases(order.id))
        units = [Units(line, count) for line, count in free.items()]
    return tuple(it.into(shipment) for it in units)


def _packed(
    stored: Stored[Order],
    first: Order,
    allocations: tuple[Allocation, ...],
    wrapping: Wrapping,
    now: Now,
    by: Actor,
) -> Order:
    order = stored.value
    return order.allocate(
        allocations,
        hindrances=first.sale.against_sharing(order.sale),
        phases=now.phases(order.id),
        parcels={it.shipment: [parcel.id for parcel in wrapping.parcels] for it in allocations},
        by=by,
        at=now.at,
    )


def _consignment(
    id: ShipmentId, first: Order, orders: tuple[OrderId, ...], wrapping: Wrapping
) -> Consignment:
    return Consignment(
        id=id,
        orders=orders,
        seller=first.sale.seller,
        buyer=first.sale.buyer,
        consignee=first.sale.consignee,
        parcels=wrapping.parcels,
        incoterm=wrapping.incoterm,
        promise=wrapping.promise,
        preference=wrapping.preference,
    )
