"""Dispatch: after payment the platform says which carrier is to carry an order.

It may say so anew until something is booked; from then on the carrier stands.  An order that was
dispatched to nobody may be booked with any carrier.

>>> dispatch = Dispatch(CarrierCode("HKPOST"))
>>> [str(reason) for reason in dispatch.against(CarrierCode("DHL"), OrderId("o-1"))]
['order o-1 was dispatched to HKPOST, not to DHL']
"""

from collections.abc import Iterator

import attrs

from apaclogistics.errors import Reason, masked
from apaclogistics.values.fields import of_type
from apaclogistics.values.identifiers import CarrierCode, OrderId, checked_id

__all__ = ("Dispatch",)


@attrs.frozen
class Dispatch:
    """The platform's word on which carrier is to carry an order.

    Raises:
        InvalidTypeError: if the note is no text.
        InvalidValueError: if the carrier has no code.
    """

    carrier: CarrierCode
    note: str = attrs.field(default="", repr=masked, validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a carrier without a code."""
        checked_id("carrier", self.carrier)

    def against(self, carrier: CarrierCode, order: OrderId) -> Iterator[Reason]:
        """Give why another carrier may not be booked for the order."""
        if carrier != self.carrier:
            text = f"order {order} was dispatched to {self.carrier}, not to {carrier}"
            yield Reason("other_carrier", text)
