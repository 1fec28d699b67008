"""Prices: what a carrier asks for a consignment on one of its rate cards, or why it has none."""

from apaclogistics.carriers import BookingRequest
from apaclogistics.consignments import Parcel
from apaclogistics.errors import Reason
from apaclogistics.rate_cards import RateCard
from apaclogistics.tariffs import Price, Unpriced, price_of
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Money

__all__ = ("prices_of",)


def prices_of(request: BookingRequest, card: RateCard, at: Instant) -> Money | Unpriced:
    """Give what all parcels cost together, or every reason why one of them has no price."""
    prices = [_price(request, parcel, card, at) for parcel in request.consignment.parcels]
    reasons = [r for price in prices if isinstance(price, Unpriced) for r in price.reasons]
    if reasons:
        return Unpriced(tuple(reasons))
    totals = [price.total for price in prices if isinstance(price, Price)]
    return Money.total(totals, totals[0].currency)


def _price(
    request: BookingRequest, parcel: Parcel, card: RateCard, at: Instant
) -> Price | Unpriced:
    if parcel.weight is None:
        return Unpriced((Reason("no_weight", f"parcel {parcel.id} has no weight"),))
    address = request.consignment.consignee.address
    return price_of(
        card,
        country=address.country,
        postal_code=address.postal_code,
        weight=parcel.weight,
        dimensions=parcel.dimensions,
        at=at,
    )
