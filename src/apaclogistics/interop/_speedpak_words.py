"""SpeedPAK's own words for what happens to a parcel, and for handing it to the last mile.

Orange Connex writes a text in English, which may be the last-mile carrier's, and a label in Chinese.
Its own labels are compared as a whole; any other text is held against `interop._phrases`.
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from apaclogistics.fulfilment import Milestone
from apaclogistics.interop._phrases import Sense, normal, sense

__all__ = ("LABELS", "last_mile_number", "speedpak_sense")

# Source: the texts and labels of Orange Connex's public trace feed.
LABELS: Final[Mapping[str, Milestone]] = MappingProxyType(
    {
        "shipment data received": Milestone.REGISTERED,
        "订单接受": Milestone.REGISTERED,
        "订单已创建": Milestone.REGISTERED,
        "package received": Milestone.ACCEPTED,
        "包裹已揽收": Milestone.ACCEPTED,
        "大包收货确认(a-scan)": Milestone.ACCEPTED,
        "arrived at regional distribution center": Milestone.TRANSIT_HUB,
        "departed from regional distribution center": Milestone.TRANSIT_HUB,
        "进入集货中心": Milestone.TRANSIT_HUB,
        "离开集货中心": Milestone.TRANSIT_HUB,
        "进入分拣中心": Milestone.TRANSIT_HUB,
        "到达分拣中心": Milestone.TRANSIT_HUB,
        "离开分拣中心": Milestone.TRANSIT_HUB,
        "export customs declaration completed": Milestone.EXPORT_PROCESSING,
        "出口国报关完成": Milestone.EXPORT_PROCESSING,
        "departed from origin country": Milestone.DEPARTED_ORIGIN,
        "始发地出发": Milestone.DEPARTED_ORIGIN,
        "航班起飞": Milestone.DEPARTED_ORIGIN,
        "arrived at destination hub": Milestone.ARRIVED_DESTINATION,
        "航班到达": Milestone.ARRIVED_DESTINATION,
        "目的地到港": Milestone.ARRIVED_DESTINATION,
        "干线运输到达": Milestone.ARRIVED_DESTINATION,
        "import customs clearance completed": Milestone.CUSTOMS_RELEASED,
        "进口国清关完成": Milestone.CUSTOMS_RELEASED,
        "进口清关完成": Milestone.CUSTOMS_RELEASED,
        "货物运输中": Milestone.IN_TRANSIT,
        "arrival scan": Milestone.LAST_MILE,
        "到达站点": Milestone.LAST_MILE,
        "离开站点": Milestone.LAST_MILE,
        "站点扫描": Milestone.LAST_MILE,
        "同步尾程供应商": Milestone.LAST_MILE,
        "尾程转运中": Milestone.LAST_MILE,
        "out for delivery": Milestone.OUT_FOR_DELIVERY,
        "开始派送": Milestone.OUT_FOR_DELIVERY,
        "delivered": Milestone.DELIVERED,
        "派送完成": Milestone.DELIVERED,
    }
)
# Source: the same feed: "LM Carrier: [..] , LM tracking No.: [..]", or in Chinese.
_LAST_MILE: Final = re.compile(
    r"(?:LM tracking No|尾程跟踪号|尾程单号)\.? ?: ?\[ ?([A-Z0-9-]{4,40}) ?\]", re.IGNORECASE
)


def speedpak_sense(text: str) -> Sense:
    """Give what a text or label means: by SpeedPAK's own words, else by those of all carriers."""
    known = LABELS.get(normal(text).rstrip("."))
    return Sense(known) if known else sense(text)


def last_mile_number(text: str) -> str:
    """Find the number under which the last mile goes on, or give the empty text."""
    found = _LAST_MILE.search(" ".join(unicodedata.normalize("NFKC", text).split()))
    return found[1].upper() if found else ""
