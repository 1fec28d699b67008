"""Seller standards: what eBay has asked of sellers' shipping, as it was seen in some years.

Each edition is what a source said for a site and a year, and no more: the figures differ by site and
have changed since.  A figure that counts from so many failures on tolerates one less.

The price of a line decides which standard of tracking holds for it, so lines below and from
10 USD are scored apart.

>>> print(*LATE_SHIPMENT_UK_2016.rule, sep="; ")
shipped late: at most 4 %, up to 5 tolerated; shipped late: at most 9 %, up to 8 tolerated
"""

from datetime import date
from typing import Final

from apaclogistics.catalogue import Published
from apaclogistics.scorecards import Level, Metric, Standard

__all__ = (
    "LATE_SHIPMENT_UK_2016",
    "TRACKED_BELOW_10_USD_INDIA_2020",
    "TRACKED_FROM_10_USD_INDIA_2020",
    "TRACKED_TOP_RATED_2014",
)

LATE_SHIPMENT_UK_2016: Final[Published[tuple[Standard, ...]]] = Published(
    name="late shipments of sellers in the United Kingdom",
    rule=(
        Standard(level=Level.TOP_RATED, metric=Metric.LATE, percent="4", tolerated=5),
        Standard(level=Level.ABOVE_STANDARD, metric=Metric.LATE, percent="9", tolerated=8),
    ),
    source="eBay.co.uk, seller performance standards, as of 2016",
    effective_from=date(2016, 1, 1),
)

TRACKED_BELOW_10_USD_INDIA_2020: Final[Published[tuple[Standard, ...]]] = Published(
    name="tracking uploaded and validated, items below 10 USD, sellers in India",
    rule=(Standard(level=Level.ABOVE_STANDARD, metric=Metric.TRACKED, percent="85"),),
    source="eBay India, shipping policy on tracking, as of 2020",
    effective_from=date(2020, 1, 1),
)

TRACKED_FROM_10_USD_INDIA_2020: Final[Published[tuple[Standard, ...]]] = Published(
    name="tracking uploaded and validated, items from 10 USD, sellers in India",
    rule=(Standard(level=Level.ABOVE_STANDARD, metric=Metric.TRACKED, percent="90"),),
    source="eBay India, shipping policy on tracking, as of 2020",
    effective_from=date(2020, 1, 1),
)

TRACKED_TOP_RATED_2014: Final[Published[tuple[Standard, ...]]] = Published(
    name="tracking uploaded and validated, top-rated sellers",
    rule=(Standard(level=Level.TOP_RATED, metric=Metric.TRACKED, percent="90"),),
    source="eBay, requirements of top-rated sellers, as of 2014",
    effective_from=date(2014, 1, 1),
)
