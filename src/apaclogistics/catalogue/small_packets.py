"""Small packets: how heavy and how large a packet of the light postal class may be."""

from typing import Final

from apaclogistics.catalogue import Published
from apaclogistics.values.quantities import SizeLimits

__all__ = ("SMALL_PACKET",)

SMALL_PACKET: Final = Published(
    name="postal small packet",
    rule=SizeLimits(max_grams=2000, max_length_mm=600, max_total_mm=900),
    source="postal small packets, as of the ePacket: 2 kg, longest side 60 cm, all sides 90 cm",
)
