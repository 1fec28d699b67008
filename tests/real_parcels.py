"""Real orders, each packed into one parcel of our own making: eBay does not say what is in which."""

from typing import Final

import attrs

from apaclogistics.allocations import Allocation
from apaclogistics.consignments import Consignment, Parcel
from apaclogistics.interop.ebay import OrderReading, read_order
from apaclogistics.orders import Order
from apaclogistics.values.identifiers import ParcelId, ShipmentId
from apaclogistics.values.places import Party
from apaclogistics.values.quantities import Dimensions, Weight
from tests.real_data import load, names

REAL_ORDERS: Final = [name for name in names("ebay_orders") if "notification" not in name]


def packed_order(name: str) -> tuple[OrderReading, Order, Consignment]:
    """Give what was read, and its order with all units in one parcel."""
    reading = read_order(load("ebay_orders", name))
    order, sale = reading.order, reading.order.sale
    parcel = Parcel(id=ParcelId("p-1"), weight=Weight(500), dimensions=Dimensions(200, 100, 55))
    consignment = Consignment(
        id=ShipmentId("sh-1"),
        orders=(order.id,),
        seller=sale.seller,
        buyer=sale.buyer,
        consignee=_addressed(sale.consignee),
        parcels=(parcel,),
    )
    put = [
        Allocation(shipment=consignment.id, line=line.id, quantity=line.quantity)
        for line in sale.lines
    ]
    at = order.history[-1].at
    return reading, order.allocate(put, phases={}, by=sale.seller, at=at), consignment


def _addressed(party: Party) -> Party:
    """Name somebody at a street where the file was made to name nobody."""
    lines = party.address.lines or ("1 Example Place",)
    address = attrs.evolve(party.address, lines=lines)
    return attrs.evolve(party, name=party.name or "Example Buyer", address=address)
