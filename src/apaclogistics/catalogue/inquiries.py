"""Inquiries about items not received: the clock that eBay publishes.

A buyer may report from the day after the latest estimated delivery until 30 calendar days after it.
The seller has 3 business days to answer; then the buyer may ask eBay to step in, until 21 business
days after the report.  A report that nobody takes further closes by itself and is not opened again;
one whose item tracking shows as delivered is closed within 24 hours.

The source names neither a time zone nor a calendar, so both are passed in where days are counted.
"""

from datetime import timedelta
from typing import Final

from apaclogistics.catalogue import Published
from apaclogistics.inquiry_policies import InquiryPolicy
from apaclogistics.values.calendars import Period, PeriodUnit

__all__ = ("EBAY_ITEM_NOT_RECEIVED",)

EBAY_ITEM_NOT_RECEIVED: Final = Published(
    name="items not received on eBay",
    rule=InquiryPolicy(
        name="eBay, item not received",
        report_from=Period(1, PeriodUnit.CALENDAR_DAYS),
        report_until=Period(30, PeriodUnit.CALENDAR_DAYS),
        answer=Period(3, PeriodUnit.BUSINESS_DAYS),
        escalate=Period(21, PeriodUnit.BUSINESS_DAYS),
        delivery_closes_within=timedelta(hours=24),
    ),
    source="eBay's help pages, items not received",
)
