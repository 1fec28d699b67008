"""Scorecards: how punctual and careful sellers, carriers and listings are, by evidence.

A platform does not see a parcel being late, it sees scans and what people say.  So each line of an
order is judged by evidence, after eBay's definitions, and the two may disagree by design:

* *Shipped late* is a line of which the tracking shows that it came after the latest estimate, or
  the buyer says so, and which no carrier accepted within the handling time.  An attempted delivery
  is on time; that nothing shows when it came is no evidence.
* *Tracked* is one whose number was known by then and that a carrier scanned, before or after.

Parcels are counted by lane and offer, with what was promised for them: see
`apaclogistics.performance`.  Every figure says what it rests on.  The functions read records, change
nothing, and give the same whatever the order of the records.

>>> from apaclogistics import Actor, Role, instant
>>> card = seller_card(Records(), Actor(Role.SELLER, "s-1"), instant("2026-03-01T00:00:00Z"))
>>> str(card.late), card.late.fraction, card.parcels
('0 of 0', None, 0)

Source: eBay's help pages on late shipments and on tracking that is uploaded and validated.
"""

from apaclogistics.scorecards._cards import (
    Complaints,
    Scorecard,
    carrier_card,
    line_evidence,
    listing_card,
    promises_kept,
    seller_card,
)
from apaclogistics.scorecards._evidence import LineEvidence, arrival_grounds
from apaclogistics.scorecards._ratings import (
    Judged,
    Level,
    Metric,
    Rating,
    Standard,
    rating,
)
from apaclogistics.scorecards._records import Records

__all__ = (
    "Complaints",
    "Judged",
    "Level",
    "LineEvidence",
    "Metric",
    "Rating",
    "Records",
    "Scorecard",
    "Standard",
    "arrival_grounds",
    "carrier_card",
    "line_evidence",
    "listing_card",
    "promises_kept",
    "rating",
    "seller_card",
)
