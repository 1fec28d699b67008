"""Inquiries about items not received: the clock that eBay publishes.

A buyer may report from the day after the latest estimated delivery until 30 calendar days after it.
The seller has 3 business days to answer; then the buyer may ask eBay to step in, until 21 business
days after the report.  A report that nobody takes further closes by itself and is not opened again;
one whose item tracking shows as delivered is closed within 24 hours, and one whose buyer has all the
money back is over.  A refund that was promised is due within 2 business days.

The source names neither a time zone nor a calendar, so both are passed in where days are counted.
The figures stand in `apaclogistics.inquiry_policies`, since attention counts with them, too.
"""

from typing import Final

from apaclogistics.catalogue import Published
from apaclogistics.inquiry_policies import ITEM_NOT_RECEIVED

__all__ = ("EBAY_ITEM_NOT_RECEIVED",)

EBAY_ITEM_NOT_RECEIVED: Final = Published(
    name="items not received on eBay",
    rule=ITEM_NOT_RECEIVED,
    source="eBay's help pages, items not received",
)
