"""What a buyer has paid for and never gets: which units of an order, and what they cost."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import attrs

from apaclogistics.allocations import units_of, without
from apaclogistics.attention._items import Ground, View
from apaclogistics.attention._parcels import FATES, Piece, pieces_of
from apaclogistics.claims import Claim, ClaimState
from apaclogistics.fulfilment import Action, Phase
from apaclogistics.lifecycle import Role
from apaclogistics.orders import Order
from apaclogistics.remedies import not_given_back, units_in
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import LineId, ParcelId
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency, Money

__all__ = ("Due", "agreed_with_buyer", "missing")


@attrs.frozen
class Due:
    """An amount that is to be given back, and from what that is known.

    `is_free` says that the units may as well be shipped again, and `is_at_most` that nobody knows
    which of them did not come.
    """

    amount: Money
    grounds: tuple[Ground, ...]
    is_free: bool = False
    is_at_most: bool = False


@attrs.frozen
class _Gone:
    """The parcels of a shipment that never come, and the units of an order in them."""

    shipment: Shipment
    parcels: Mapping[ParcelId, Ground]
    units: Mapping[LineId, int]
    is_known: bool

    @property
    def is_free(self) -> bool:
        return self.shipment.phase is Phase.CLOSED


def missing(view: View, order: Order) -> Iterator[Due]:
    """Give what is due for units that do not come and nothing stands in for; nothing or one.

    It is their price, less what was given back for their lines and for the order as a whole, and
    what carriers pay the buyer for these parcels.  Where nobody said what was in a parcel that did
    not come while others did, it is at most all of that, and nothing once anything was given back.
    """
    gone = [it for it in _gone(view, order) if it.is_known or not _is_refunded(order, it)]
    grounds = tuple(ground for it in gone for ground in it.parcels.values())
    whole = (given.gross for given in order.refunds if given.line is None)
    compensated = (
        agreed_with_buyer(view, it.shipment, order.currency, parcel)
        for it in gone
        for parcel in it.parcels
    )
    back = Money.total((*whole, *compensated), order.currency)
    amount = not_given_back(order, _lacking(view, order, gone)) - back
    if amount.minor > 0:
        yield Due(
            amount,
            grounds,
            is_free=all(it.is_free for it in gone),
            is_at_most=not all(it.is_known for it in gone),
        )


def agreed_with_buyer(
    view: View, shipment: Shipment, unit: Currency, parcel: ParcelId | None = None
) -> Money:
    """Add up what carriers pay or have paid the buyer for a shipment, or for one of its parcels."""
    claims = (
        it
        for it in view.snapshot.claims_about(shipment.id)
        if it.demand.claimant.role is Role.BUYER and parcel in (None, it.demand.parcel)
    )
    agreed = (it.agreed for it in claims)
    return Money.total((it for it in agreed if it is not None and it.currency == unit), unit)


def _gone(view: View, order: Order) -> Iterator[_Gone]:
    for shipment in view.snapshot.shipments_of(order.id):
        pieces = pieces_of(shipment)
        found = ((piece, _never_comes(view, piece)) for piece in pieces)
        gone = {piece.id: ground for piece, ground in found if ground is not None}
        units = _units(order, shipment, tuple(gone))
        inside = units_of(it for it in order.allocations if it.shipment == shipment.id)
        is_known = units is not None or len(gone) == len(pieces)
        if gone and inside:
            yield _Gone(shipment, gone, inside if units is None else units, is_known)


def _units(
    order: Order, shipment: Shipment, parcels: Sequence[ParcelId]
) -> Mapping[LineId, int] | None:
    """Add up what an order has in parcels of a shipment, None where nobody said."""
    total: Counter[LineId] = Counter()
    for parcel in parcels:
        units = units_in(order, shipment, parcel)
        if units is None:
            return None
        total.update(units)
    return dict(total)


def _never_comes(view: View, piece: Piece) -> Ground | None:
    """Tell since when nobody waits for a parcel: it is back, its loss was paid, or it was given up."""
    if piece.is_received or piece.phase is Phase.DELIVERED:
        return None
    if piece.phase is Phase.RETURNED:
        return Ground(f"{piece.title} {FATES[piece.phase]}", piece.heard)
    about = piece.shipment.consignment
    paid = [
        claim
        for claim in _paid_for(view, piece)
        if claim.demand.claimant == about.seller and claim.demand.parcel == piece.id
    ]
    if paid:
        first = min(paid, key=lambda claim: claim.history[-1].at)
        text = f"claim {first.id} for {piece.title} was settled"
        return Ground(text, first.history[-1].at)
    if piece.shipment.phase is Phase.CLOSED:
        return Ground(f"{piece.title} was closed", _closed(piece.shipment))
    return None


def _paid_for(view: View, piece: Piece) -> Sequence[Claim]:
    """Give the claims that were paid for a parcel which is gone; silence alone is a loss, too."""
    if piece.phase in FATES:
        about = view.snapshot.claims_about(piece.shipment.id)
        return [claim for claim in about if claim.state is ClaimState.SETTLED]
    return view.snapshot.loss_paid(piece.shipment, piece.id)


def _closed(shipment: Shipment) -> Instant:
    return next(it.at for it in reversed(shipment.history) if it.action is Action.CLOSE)


def _is_refunded(order: Order, gone: _Gone) -> bool:
    """Tell whether something was given back that may have been for what is gone."""
    return any(given.line is None or given.line in gone.units for given in order.refunds)


def _lacking(view: View, order: Order, gone: Sequence[_Gone]) -> Mapping[LineId, int]:
    """Add up the units that do not come, less those that are shipped in place of them."""
    free = order.unshipped(view.snapshot.phases(order.id))
    closed: Counter[LineId] = Counter()
    lacking: Counter[LineId] = Counter()
    for it in gone:
        again = units_of(other for other in order.allocations if other.replaces == it.shipment.id)
        if it.is_free:
            closed.update(it.units)
        else:
            lacking.update(without(it.units, again))
    # Units of what was closed are shipped again without a word of what they stand in for.
    lacking.update({line: min(count, free.get(line, 0)) for line, count in closed.items()})
    ordered = order.sale.ordered
    return {line: min(count, ordered[line]) for line, count in lacking.items() if count}
