"""What a buyer has paid and not got back, neither from the seller nor from a carrier."""

from collections.abc import Iterable, Iterator

from apaclogistics.application._desk import Now
from apaclogistics.claims import Claim
from apaclogistics.errors import Reason
from apaclogistics.lifecycle import Role
from apaclogistics.orders import Order
from apaclogistics.ports import Stored
from apaclogistics.remedies import not_given_back, units_in
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import OrderId, ParcelId, ShipmentId
from apaclogistics.values.money import Currency, Money

__all__ = ("against_giving_back", "left_beside_claims", "orders_beside", "owed_to_buyer")


def owed_to_buyer(
    now: Now, shipment: Shipment, parcel: ParcelId, *, is_agreed: bool
) -> Money | None:
    """Give what a buyer may still be compensated for a parcel; None where nobody knows.

    It is what is left of the payments of its orders and of all that are connected with them, less the
    buyer's claims about any shipment of these: what is agreed for them, or also what is demanded
    unless `is_agreed`.  It is no more than what is left of its own orders, or, where these say what is
    in the parcel and that is not all of them, than the price of that less what was given back for
    these lines; and less the buyer's claims for this parcel.  Whoever asks is the only one who refunds
    or compensates these orders in this moment.
    """
    known = _connected(now, shipment.consignment.orders)
    for stored in known:
        _alone(now, stored)
    inside = [it for it in known if it.value.id in shipment.consignment.orders]
    if not inside:
        return None
    unit = inside[0].value.currency
    claims = _buyers_claims(now, known)
    left = _left(known, _taken(claims, is_agreed=is_agreed), unit)
    price = _price(inside, shipment, parcel, unit)
    goods = _left(inside, (), unit) if price is None else price
    here = (it for it in claims if (it.demand.shipment, it.demand.parcel) == (shipment.id, parcel))
    return min(left, goods - _sum(_taken(here, is_agreed=is_agreed), unit))


def against_giving_back(now: Now, order: Order, amount: Money) -> Iterator[Reason]:
    """Give why a refund would give a buyer more than they paid: a carrier pays them for a part.

    Orders that share a shipment are looked at together, since nobody knows whose part that is.
    """
    paying, left = _beside_claims(now, order)
    is_given = amount.minor > 0 and amount.currency == left.currency
    if paying and is_given and amount > left:
        claims = ", ".join(f"claim {it.id} of {it.agreed}" for it in paying)
        text = f"{amount} is more than the {left} that is left beside {claims}"
        yield Reason("compensated", text)


def left_beside_claims(now: Now, order: Order) -> Money:
    """Give what may be given back beside what carriers pay the buyer, as `against_giving_back` says."""
    return _beside_claims(now, order)[1]


def orders_beside(now: Now, order: Order) -> tuple[Stored[Order], ...]:
    """Give the other orders that one is connected with by shared shipments, also through others."""
    return tuple(it for it in _connected(now, (order.id,)) if it.value.id != order.id)


def _beside_claims(now: Now, order: Order) -> tuple[list[Claim], Money]:
    """Give the claims by which carriers pay a buyer, and what is left of the payments beside them."""
    others = orders_beside(now, order)
    for stored in others:
        _alone(now, stored)
    known = (Stored(order, 0), *others)
    paying = [it for it in _buyers_claims(now, known) if it.agreed is not None]
    return paying, _left(known, (it.agreed for it in paying), order.currency)


def _connected(now: Now, names: Iterable[OrderId]) -> tuple[Stored[Order], ...]:
    """Give orders and all that are connected with them, so that money and claims are of the same.

    A shipment that two orders share connects them.
    """
    found: dict[OrderId, Stored[Order] | None] = {}
    ahead = [*names]
    while ahead:
        name = ahead.pop(0)
        if name not in found:
            found[name] = now.work.orders.find(name)
            shipments = now.work.shipments.of_order(name)
            ahead += (other for it in shipments for other in it.value.consignment.orders)
    return tuple(stored for stored in found.values() if stored is not None)


def _alone(now: Now, stored: Stored[Order]) -> None:
    """Count an order's version on, so that of two commits which move its money one passes."""
    now.work.orders.save(stored.value, expected=stored.version)


def _buyers_claims(now: Now, orders: Iterable[Stored[Order]]) -> list[Claim]:
    shipments: dict[ShipmentId, None] = {}
    for stored in orders:
        shipments |= {it.value.id: None for it in now.work.shipments.of_order(stored.value.id)}
    claims = (it.value for name in shipments for it in now.work.claims.of_shipment(name))
    return [claim for claim in claims if claim.demand.claimant.role is Role.BUYER]


def _price(
    orders: Iterable[Stored[Order]], shipment: Shipment, parcel: ParcelId, unit: Currency
) -> Money | None:
    """Give what the goods in a parcel cost, less refunds; None for all, or where nobody said which."""
    ours = [it.value for it in orders if it.value.currency == unit]
    inside = [(order, units_in(order, shipment, parcel)) for order in ours]
    if all(units == order.sale.ordered for order, units in inside):
        return None
    known = [not_given_back(order, units) for order, units in inside if units is not None]
    return Money.total(known, unit) if len(known) == len(inside) else None


def _taken(claims: Iterable[Claim], *, is_agreed: bool) -> Iterator[Money | None]:
    return ((it.agreed if is_agreed else it.claimed) for it in claims)


def _sum(amounts: Iterable[Money | None], unit: Currency) -> Money:
    known = (amount for amount in amounts if amount is not None and amount.currency == unit)
    return Money.total(known, unit)


def _left(orders: Iterable[Stored[Order]], taken: Iterable[Money | None], unit: Currency) -> Money:
    left = (it.value.money.left for it in orders if it.value.currency == unit)
    return Money.total(left, unit) - _sum(taken, unit)
