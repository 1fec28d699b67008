"""eDIS: what the platform asks of a seller's addresses and numbers, and when its couriers come."""

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType
from typing import Final

from apaclogistics.consignments import PickUpWindow
from apaclogistics.profiles import Requirements
from apaclogistics.values.places import AddressLimits, Country

__all__ = ("ADDRESS_LIMITS", "PICK_UP_TIMES", "REQUIREMENTS")

ADDRESS_LIMITS: Final = AddressLimits(
    line_characters=50,
    lines=3,
    countries=frozenset({Country("CN"), Country("HK")}),
    source="eDIS 1.1.0, createAddressPreference",
)

REQUIREMENTS: Final = Requirements(addresses=ADDRESS_LIMITS)

# Source: eDIS 1.1.0, PickUpTimeTypeEnum; the source names no zone, and couriers come in mainland
# China.
PICK_UP_TIMES: Final[Mapping[str, PickUpWindow]] = MappingProxyType(
    {
        "TIME_14_16": PickUpWindow(time(14), time(16), "Asia/Shanghai"),
        "TIME_16_18": PickUpWindow(time(16), time(18), "Asia/Shanghai"),
    }
)
