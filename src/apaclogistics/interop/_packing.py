"""Which units of an order are in which parcel, as far as the order or the shipment says it."""

from collections import Counter
from collections.abc import Mapping

from apaclogistics.consignments import Consignment
from apaclogistics.orders import Order
from apaclogistics.values.identifiers import LineId, ParcelId

__all__ = ("packed_in",)


def packed_in(
    order: Order, consignment: Consignment
) -> Mapping[ParcelId, Mapping[LineId, int]] | None:
    """Give the units in each parcel that holds some; None where nobody said it of all of them.

    Where there is a single parcel, they are all in it.
    """
    contents = order.contents(consignment.id)
    parcels = [parcel.id for parcel in consignment.parcels]
    if len(parcels) == 1 and contents:
        units: Counter[LineId] = Counter()
        for inside in contents.values():
            units.update(inside)
        return {parcels[0]: dict(units)}
    if not contents.keys() <= set(parcels):
        return None
    return {parcel: contents[parcel] for parcel in parcels if parcel in contents}
