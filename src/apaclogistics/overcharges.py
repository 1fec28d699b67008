"""Overcharges: what the carriage of a parcel comes to on the rate card that it was sold on.

A carrier bills weeks later, by what it has found the parcel to weigh and to measure.  The price by
the rate card for these very figures is what may be billed; a claim for an overcharge is about the
rest.  Where the carrier has measured nothing, what the parcel declares counts.

>>> from apaclogistics.rate_cards import Band
>>> from apaclogistics.values.identifiers import ParcelId
>>> from apaclogistics.values.instants import instant
>>> from apaclogistics.values.places import Country
>>> from apaclogistics.values.quantities import Weight
>>> from apaclogistics.values.zones import Zone
>>> card = RateCard(
...     name="example", zones=(Zone("US", frozenset({Country("US")})),),
...     bands=(Band("US", 1000, Money.of("8", "USD")), Band("US", 2000, Money.of("9", "USD"))),
...     valid_from=instant("2026-01-01T00:00:00Z"), valid_until=instant("2027-01-01T00:00:00Z"))
>>> parcel = Parcel(id=ParcelId("p-1"), weight=Weight(800))
>>> ship_to = Address(country=Country("US"), postal_code="10001")
>>> booked = instant("2026-03-03T00:00:00Z")
>>> str(price_due(card, parcel, Measured(weight=Weight(1100)), ship_to, booked))
'9.00 USD'
"""

from collections.abc import Iterable

from apaclogistics.consignments import Parcel
from apaclogistics.errors import Reason
from apaclogistics.measurements import Measured
from apaclogistics.rate_cards import RateCard
from apaclogistics.tariffs import Price, Unpriced, price_of
from apaclogistics.values.fields import checked
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Address

__all__ = ("price_due",)


def price_due(
    card: RateCard,
    parcel: Parcel,
    measured: Measured,
    ship_to: Address,
    at: Instant,
    rates: Iterable[ExchangeRate] = (),
) -> Money | Unpriced:
    """Price the carriage of a parcel as it was measured, as of an instant, or say why not.

    A parcel of which nobody knows the weight has no price.
    """
    checked("rate card", card, RateCard)
    weight = measured.weight or parcel.weight
    if weight is None:
        return Unpriced((Reason("not_weighed", f"nobody knows what parcel {parcel.id} weighs"),))
    price = price_of(
        card,
        country=ship_to.country,
        postal_code=ship_to.postal_code,
        weight=weight,
        dimensions=measured.dimensions or parcel.dimensions,
        at=at,
        rates=rates,
    )
    return price.total if isinstance(price, Price) else price
