"""Claims that might be filed and are not: which parcel, for what, and until when."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

import attrs

from apaclogistics.attention._items import Snapshot, View
from apaclogistics.attention._parcels import Piece, pieces_of
from apaclogistics.compensation import ClaimKind, CompensationPolicy, Facts, is_presumed_lost
from apaclogistics.consignments import Parcel
from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import MOVING, Phase
from apaclogistics.orders import Order
from apaclogistics.shipments import Shipment
from apaclogistics.values.instants import Instant, Moment, end_of_day, moment

__all__ = ("Claimable", "claimable")

T = TypeVar("T")

# What a claim is about when a parcel ends like this.
_KINDS: Final[Mapping[Phase, ClaimKind]] = MappingProxyType(
    {
        Phase.LOST: ClaimKind.LOSS,
        Phase.DAMAGED: ClaimKind.DAMAGE,
        Phase.DESTROYED: ClaimKind.DAMAGE,
    }
)


@attrs.frozen
class Claimable:
    """What may be claimed for a parcel, why, and until when."""

    kind: ClaimKind
    why: str
    until: Moment = attrs.field(converter=moment)


def claimable(view: View, shipment: Shipment) -> Claimable | None:
    """Give what may be claimed for a parcel and is not; of several, what must be claimed first.

    The policy is that of the offer which the order was sold on, where the snapshot has it: it says
    when a silent parcel counts as lost, and when its window closes.  Without, the parcel is lost
    when the carrier says so, and the window is that of the attention policy.
    """
    policy = _policy_of(view.snapshot, shipment)
    found = [it for piece in pieces_of(shipment) for it in _of_parcel(view, piece, policy)]
    return min(found, key=lambda it: it.until, default=None)


def _of_parcel(view: View, piece: Piece, policy: CompensationPolicy | None) -> Iterator[Claimable]:
    shipment, parcel = piece.shipment, piece.shipment.consignment.parcel(piece.id)
    begun, facts = shipment.accepted, _facts(view, shipment, parcel)
    ground = _ground(view, facts, piece.phase, policy)
    if begun is None or ground is None or _is_claimed(view, shipment, parcel, ground[0]):
        return
    kind, why = ground[0], ground[1] if piece.is_alone else f"parcel {piece.id}: {ground[1]}"
    stated = None if facts is None or policy is None else _closes(policy, kind, facts, view.now)
    yield Claimable(kind, why, moment(stated or begun.plus(view.limits.claim_window)))


def _facts(view: View, shipment: Shipment, parcel: Parcel) -> Facts | None:
    """Give what a policy judges a parcel by, None where the parcel does not say what it is."""
    is_known = parcel.weight is not None and parcel.declared is not None
    return shipment.facts(parcel.id, view.now) if is_known else None


def _ground(
    view: View, facts: Facts | None, phase: Phase, policy: CompensationPolicy | None
) -> tuple[ClaimKind, str] | None:
    """Say what a claim would be about and why, for a parcel that moves or came to grief."""
    if phase not in _KINDS and phase not in MOVING:
        return None
    shown = phase if facts is None else facts.phase
    if shown in _KINDS:
        return _KINDS[shown], shown.name
    if facts is not None and policy is not None and _is_presumed_lost(policy, facts, view.now):
        return ClaimKind.LOSS, "presumed lost"
    return None


def _is_presumed_lost(policy: CompensationPolicy, facts: Facts, at: Instant) -> bool:
    return _counted(lambda: is_presumed_lost(policy, facts, at), otherwise=False)


def _counted(count: Callable[[], T], *, otherwise: T) -> T:
    """Count days by a policy; no calendar goes as far as the dates that a scan may say."""
    try:
        return count()
    except InvalidValueError:
        return otherwise


def _is_claimed(view: View, shipment: Shipment, parcel: Parcel, kind: ClaimKind) -> bool:
    return (shipment.id, parcel.id, kind) in view.snapshot.claimed


def _closes(
    policy: CompensationPolicy, kind: ClaimKind, facts: Facts, at: Instant
) -> Instant | None:
    last = _counted(lambda: policy.closes(kind, facts, at), otherwise=None)
    return None if last is None else end_of_day(last, policy.zone_name)


def _policy_of(snapshot: Snapshot, shipment: Shipment) -> CompensationPolicy | None:
    orders = snapshot.orders_in(shipment)
    policies = (policy for order in orders for policy in _policies(snapshot, order))
    return next(policies, None)


def _policies(snapshot: Snapshot, order: Order) -> Iterator[CompensationPolicy]:
    sold = order.sale.listing
    if sold is None:
        return
    listings = snapshot.listings_called(sold.listing)
    editions = (it for listing in listings for it in listing.versions[sold.version - 1 :][:1])
    for offer in (offer for terms in editions for offer in terms.offers):
        if offer.name == order.sale.offer and offer.claim_policy is not None:
            yield offer.claim_policy
