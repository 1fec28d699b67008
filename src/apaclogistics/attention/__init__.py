"""Attention: what needs whom at an instant, why, and until when.

Sellers lose money by looking too late.  `attention` reads a frozen snapshot as of an instant and
lists what to look at, the most urgent first.  It reads no clock and changes nothing.  Each item
names its rule, the thing, who should act, by when, what that is known from, and what they may do
next.

>>> attention(Snapshot(), instant("2026-03-01T00:00:00Z"))
()
"""

from apaclogistics.attention._accounts import of_listing, of_wallet
from apaclogistics.attention._buyers import of_buyer
from apaclogistics.attention._disputes import of_claim
from apaclogistics.attention._inquiries import of_inquiry
from apaclogistics.attention._items import (
    AttentionItem,
    AttentionPolicy,
    Ground,
    Snapshot,
    Urgency,
    View,
)
from apaclogistics.attention._orders import of_order
from apaclogistics.attention._rules import Rule
from apaclogistics.attention._shipments import of_shipment
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar, checked_calendar
from apaclogistics.values.fields import checked
from apaclogistics.values.instants import Instant, instant

__all__ = (
    "AttentionItem",
    "AttentionPolicy",
    "Ground",
    "Rule",
    "Snapshot",
    "Urgency",
    "attention",
)


def attention(
    snapshot: Snapshot,
    at: Instant,
    policy: AttentionPolicy | None = None,
    *,
    calendar: BusinessCalendar = WEEKENDS,
) -> tuple[AttentionItem, ...]:
    """List what needs attention at an instant, the most urgent first.

    What is overdue comes before what is due soon, and that before what has no deadline; then it
    goes by rule, by the instant of the deadline or the beginning, and by name.  The calendar counts
    business days, where the policy has such.
    """
    asked = checked("policy", policy or AttentionPolicy(), AttentionPolicy)
    view = View(snapshot, instant(at), asked, checked_calendar(calendar))
    items = [
        *(item for order in snapshot.orders for item in of_order(view, order)),
        *(item for order in snapshot.orders for item in of_buyer(view, order)),
        *(item for shipment in snapshot.shipments for item in of_shipment(view, shipment)),
        *(item for inquiry in snapshot.inquiries for item in of_inquiry(view, inquiry)),
        *(item for claim in snapshot.claims for item in of_claim(view, claim)),
        *(item for listing in snapshot.listings for item in of_listing(view, listing)),
        *(item for wallet in snapshot.wallets for item in of_wallet(view, wallet)),
    ]
    return tuple(sorted(items, key=AttentionItem.place))
