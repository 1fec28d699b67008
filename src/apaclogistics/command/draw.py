"""Draw a lifecycle as Mermaid."""

from collections.abc import Mapping
from typing import Final

from apaclogistics.bundles import BUNDLE
from apaclogistics.cancellations import CANCELLATION
from apaclogistics.claims import CLAIM
from apaclogistics.fulfilment import FULFILMENT
from apaclogistics.inquiries import INQUIRY
from apaclogistics.listings import LISTING
from apaclogistics.refunds import REFUND
from apaclogistics.sellers import SELLER

__all__ = ("DRAWINGS",)

DRAWINGS: Final[Mapping[str, str]] = {
    "seller": SELLER.to_mermaid(),
    "listing": LISTING.to_mermaid(),
    "cancellation": CANCELLATION.to_mermaid(),
    "refund": REFUND.to_mermaid(),
    "fulfilment": FULFILMENT.to_mermaid(),
    "bundle": BUNDLE.to_mermaid(),
    "inquiry": INQUIRY.to_mermaid(),
    "claim": CLAIM.to_mermaid(),
}
