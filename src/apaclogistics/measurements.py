"""Measurements: what a carrier weighs, measures and packs, beside what the seller declared.

A weighing is a fact like a scan: it comes twice, late and in any order, and a carrier may take it
back.  So what is kept is a set that only grows, and what a parcel weighs follows from that set.

Of several measurements *the last counts*, by the earliest instant that each can mean; of those of
one instant the heavier does, and the larger.  Weight and size are found each by itself, since one
device weighs and another measures.  A retraction repeats the measurement that it takes back.

>>> weighed = Measurement(carrier="CPAM", number="RR473124829GB", kind=MeasurementKind.WEIGHED,
...                       at=Moment.read("2026-03-03T02:00:00Z"), weight=Weight(930))
>>> again = attrs.evolve(weighed, at=Moment.read("2026-03-05T02:00:00Z"), weight=Weight(870))
>>> str(measured([again, weighed, weighed]).weight)
'870 g'
>>> str(measured([again, weighed, again.retracted()]).weight)
'930 g'
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import partial
from typing import Self, TypeAlias

import attrs

from apaclogistics.consignments import Booking, Parcel
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.rate_cards import RateCard
from apaclogistics.tariffs import Price, Unpriced, price_of
from apaclogistics.values.fields import bounded, of_type, optional
from apaclogistics.values.identifiers import ParcelId
from apaclogistics.values.instants import Instant, Moment
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, Weight

__all__ = (
    "Difference",
    "Measured",
    "Measurement",
    "MeasurementKind",
    "WeightGap",
    "difference",
    "measured",
    "measured_by_parcel",
    "merge",
    "weight_gap",
)


class MeasurementKind(Enum):
    """What a carrier did when it measured."""

    WEIGHED = "weighed"
    PACKED = "packed"


_Order: TypeAlias = tuple[Moment, str, str, str, int, tuple[int, ...], bool]


@attrs.frozen(kw_only=True)
class Measurement:
    """One weighing, measuring or packing of a parcel by a carrier.

    `number` is as reported.  Every field is part of what makes two reports the same.  One that
    `is_void` says that this very measurement did not happen.

    Raises:
        InvalidTypeError: if a field is of another type.
        InvalidValueError: if it measures nothing, or a text is longer than 256 characters.
    """

    carrier: str = attrs.field(validator=of_type(str))
    number: str = attrs.field(validator=of_type(str))
    kind: MeasurementKind = attrs.field(validator=of_type(MeasurementKind))
    at: Moment = attrs.field(validator=of_type(Moment))
    weight: Weight | None = attrs.field(default=None, validator=optional(Weight))
    dimensions: Dimensions | None = attrs.field(default=None, validator=optional(Dimensions))
    is_void: bool = attrs.field(default=False, validator=of_type(bool))

    def __attrs_post_init__(self) -> None:
        """Refuse a measurement of nothing, and labels without bounds."""
        if self.weight is None and self.dimensions is None:
            raise InvalidValueError("measurement", self.number, "is of nothing", "weight or size")
        bounded("measurement", ("carrier", self.carrier), ("number", self.number))

    def retracted(self) -> Self:
        """Give the fact that takes this one back."""
        return attrs.evolve(self, is_void=True)

    @property
    def _order(self) -> _Order:
        grams = 0 if self.weight is None else self.weight.grams
        sides = () if self.dimensions is None else attrs.astuple(self.dimensions)
        return (self.at, self.carrier, self.number, self.kind.value, grams, sides, self.is_void)


def merge(*batches: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Join batches of measurements into one set, each once, in the order of their moments.

    Associative, commutative and idempotent.
    """
    facts = {fact for batch in batches for fact in batch}
    return tuple(sorted(facts, key=lambda fact: fact._order))


@attrs.frozen
class Measured:
    """What the carrier's measurements say of a parcel; None where none that stands tells it."""

    weight: Weight | None = None
    dimensions: Dimensions | None = None


def measured(measurements: Iterable[Measurement]) -> Measured:
    """Find the weight and the size that count, of all measurements of a parcel.

    Each is that of the last measurement that tells it and was not taken back; of those that are
    equally early, the heavier and the larger.  Order and repetition are irrelevant.  Never raises.
    """
    facts = frozenset(measurements)
    standing = [it for it in facts if not it.is_void and it.retracted() not in facts]
    weights = [(it.at.earliest, it.weight) for it in standing if it.weight is not None]
    sizes = [
        (it.at.earliest, it.dimensions.volume_mm3, attrs.astuple(it.dimensions))
        for it in standing
        if it.dimensions is not None
    ]
    return Measured(
        weight=max(weights)[1] if weights else None,
        dimensions=Dimensions(*max(sizes)[2]) if sizes else None,
    )


def measured_by_parcel(
    parcels: Iterable[Parcel], booking: Booking | None, measurements: Iterable[Measurement]
) -> Mapping[ParcelId, Measured]:
    """Find what counts of each parcel, through the numbers of a booking.

    Measurements of other numbers, and those that are older than the booking, count for nothing.
    """
    facts = tuple(measurements)
    return {
        parcel.id: measured(
            fact
            for fact in facts
            if booking and parcel.id in booking.parcels_at(fact.number, fact.at)
        )
        for parcel in parcels
    }


@attrs.frozen
class Difference:
    """What was measured of a parcel less what was declared: above zero where it is more.

    Weight in grams, volume in cubic millimetres; None where one of the two is not known.
    """

    grams: int | None
    volume_mm3: int | None


def difference(parcel: Parcel, found: Measured) -> Difference:
    """Take what the seller declared of a parcel from what the carrier measured."""
    grams, volume_mm3 = None, None
    if parcel.weight is not None and found.weight is not None:
        grams = found.weight.grams - parcel.weight.grams
    if parcel.dimensions is not None and found.dimensions is not None:
        volume_mm3 = found.dimensions.volume_mm3 - parcel.dimensions.volume_mm3
    return Difference(grams, volume_mm3)


@attrs.frozen
class WeightGap:
    """What a parcel costs as it was declared, and as it was measured."""

    declared: Price
    measured: Price

    @property
    def amount(self) -> Money:
        """What it costs more for what was measured; below zero where it costs less."""
        return self.measured.total - self.declared.total


def weight_gap(
    card: RateCard,
    parcel: Parcel,
    found: Measured,
    *,
    country: Country,
    postal_code: str,
    at: Instant,
    rates: Iterable[ExchangeRate] = (),
) -> WeightGap | Unpriced:
    """Price the difference between declared and measured, to hold a weight gap fee against.

    What was not measured is taken as declared.  `at` is the instant whose rates apply, such as that
    of the booking.  Where there is no price, each reason says for which of the two there is none.
    """
    price = partial(
        price_of, card, country=country, postal_code=postal_code, at=at, rates=tuple(rates)
    )
    weighed, sized = found.weight or parcel.weight, found.dimensions or parcel.dimensions
    declared = _priced(price, "declared", parcel.weight, parcel.dimensions)
    seen = _priced(price, "measured", weighed, sized)
    if isinstance(declared, Price) and isinstance(seen, Price):
        return WeightGap(declared, seen)
    without = (it.reasons for it in (declared, seen) if isinstance(it, Unpriced))
    return Unpriced(tuple(reason for reasons in without for reason in reasons))


def _priced(
    price: Callable[..., Price | Unpriced],
    which: str,
    weight: Weight | None,
    dimensions: Dimensions | None,
) -> Price | Unpriced:
    if weight is None:
        return Unpriced((Reason("weight_missing", f"as {which}: the weight is not known"),))
    answer = price(weight=weight, dimensions=dimensions)
    if isinstance(answer, Price):
        return answer
    return Unpriced(tuple(Reason(it.code, f"as {which}: {it.text}") for it in answer.reasons))
