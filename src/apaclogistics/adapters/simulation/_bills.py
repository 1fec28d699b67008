"""Bills: what a carrier's scales show, and what it charges for that some weeks later."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

import attrs

from apaclogistics.carriers import BookingRequest
from apaclogistics.consignments import Parcel
from apaclogistics.costs import ActualCost, ChargeMode, CostType
from apaclogistics.measurements import (
    Measured,
    Measurement,
    MeasurementKind,
    WeightGap,
    weight_gap,
)
from apaclogistics.rate_cards import RateCard
from apaclogistics.tariffs import Unpriced
from apaclogistics.values.identifiers import CarrierCode, ParcelId, TrackingNumber
from apaclogistics.values.instants import Instant, Moment, instant
from apaclogistics.values.money import Money
from apaclogistics.values.quantities import Weight

__all__ = ("Billing", "Piece", "rows_of", "weighed")


@attrs.frozen(kw_only=True)
class Billing:
    """How a carrier weighs and bills.

    `after` its acceptance a parcel is billed.  `scales` show what some parcels weigh; the others
    weigh what is declared.  `fees` are billed for each parcel beside freight and weight, by the
    carrier's code for the type of cost, which need not be one that anybody knows.
    """

    after: timedelta = timedelta(days=14)
    scales: Mapping[ParcelId, Weight] = MappingProxyType({})
    fees: Mapping[str, Money] = MappingProxyType({})


@attrs.frozen(kw_only=True)
class Piece:
    """One parcel that was accepted: under which number, on which card, and when."""

    carrier: CarrierCode
    number: TrackingNumber
    parcel: Parcel
    request: BookingRequest
    card: RateCard
    booked_at: Instant
    accepted_at: Instant


def weighed(piece: Piece, billing: Billing) -> Measurement | None:
    """Give what the scales showed an hour after acceptance, None where there is no weight at all."""
    weight = billing.scales.get(piece.parcel.id, piece.parcel.weight)
    if weight is None:
        return None
    return Measurement(
        carrier=piece.carrier,
        number=piece.number.text,
        kind=MeasurementKind.WEIGHED,
        at=Moment(instant(piece.accepted_at + timedelta(hours=1))),
        weight=weight,
        dimensions=piece.parcel.dimensions,
    )


def rows_of(piece: Piece, billing: Billing) -> Iterator[ActualCost]:
    """Give the rows that are billed for a parcel: freight, the weight it had more or less, fees."""
    seen = weighed(piece, billing)
    gap = _gap(piece, seen)
    if isinstance(gap, WeightGap):
        yield _row(piece, billing, CostType.SHIPPING.value, gap.declared.total, seen)
        if gap.amount.minor:
            yield _row(piece, billing, CostType.WEIGHT_GAP.value, gap.amount, seen)
    for code, amount in billing.fees.items():
        yield _row(piece, billing, code, amount, seen)


def _gap(piece: Piece, seen: Measurement | None) -> WeightGap | Unpriced:
    address = piece.request.consignment.consignee.address
    return weight_gap(
        piece.card,
        piece.parcel,
        Measured(weight=seen.weight if seen else None),
        country=address.country,
        postal_code=address.postal_code,
        at=piece.booked_at,
    )


_TYPES = {kind.value: kind for kind in CostType}


def _row(
    piece: Piece, billing: Billing, code: str, amount: Money, seen: Measurement | None
) -> ActualCost:
    mode = ChargeMode.ACTUAL_WEIGHT
    return ActualCost(
        carrier=piece.carrier,
        number=piece.number.text,
        code=code,
        kind=_TYPES.get(code),
        amount=amount,
        mode_code=mode.value,
        mode=mode,
        actual_weight=seen.weight if seen else None,
        billed_at=instant(piece.accepted_at + billing.after),
    )
