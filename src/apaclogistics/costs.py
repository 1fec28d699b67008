"""Actual costs: what a carrier bills for a parcel, row by row, when it comes to bill it.

There are three figures for one carriage: the estimate of the quote, what is held for it, and what
is billed in the end.  The last comes as rows, weeks later, several for one parcel and each of a
type: freight, a return, duties, a fee since the parcel was heavier than declared.  Rows are facts,
like scans: they come twice and in any order, and a type that nobody knows is kept as it was
reported.

What the seller owes is above zero, and a credit below, whatever the type: a compensation for a
parcel that was billed twice is negative, and a positive one takes a compensation back.

>>> freight = ActualCost(carrier="CPAM", number="RR473124829GB", code="01",
...     kind=CostType.SHIPPING, amount=Money.of("12.50", "USD"), billed_at="2026-03-20T02:00:00Z")
>>> back = ActualCost(carrier="CPAM", number="RR473124829GB", code="07",
...     kind=CostType.DUPLICATION_COMPENSATION, amount=Money.of("-2.50", "USD"),
...     billed_at="2026-04-02T02:00:00Z")
>>> {unit.code: str(total) for unit, total in totals([back, freight, back]).items()}
{'USD': '10.00 USD'}
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from apaclogistics.errors import InvalidValueError, masked
from apaclogistics.values.fields import bounded, of_type, optional, tuple_of
from apaclogistics.values.identifiers import tracking_number
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.quantities import Dimensions, Weight

__all__ = (
    "ActualCost",
    "Bill",
    "ChargeMode",
    "CostKey",
    "CostType",
    "carriage",
    "merge",
    "totals",
    "unknown",
)

# Our bound: ten billion of a currency with two decimals, so that ten thousand rows can be added.
_MOST_MINOR: Final = 10**12


class CostType(Enum):
    """What a row is for; carriers may bill what is not listed here.

    Source: eDIS 1.1.0, costType of getActualCosts.
    """

    SHIPPING = "01"
    DOMESTIC = "02"
    RETURN = "03"
    DOMESTIC_FUEL = "04"
    CUSTOMS = "05"
    WEIGHT_GAP = "06"
    DUPLICATION_COMPENSATION = "07"


# What carrying a parcel there costs, once; duties and returns are other things.
_CARRIAGE: Final = frozenset(
    {
        CostType.SHIPPING,
        CostType.DOMESTIC,
        CostType.DOMESTIC_FUEL,
        CostType.WEIGHT_GAP,
        CostType.DUPLICATION_COMPENSATION,
    }
)


class ChargeMode(Enum):
    """By what a carrier has charged; there may be modes that are not listed here.

    Source: eDIS 1.1.0, chargeMode of getActualCosts.
    """

    ACTUAL_WEIGHT = "01"
    DIMENSION_WEIGHT = "02"
    LITE = "03"


@attrs.frozen(kw_only=True)
class CostKey:
    """What makes two reports the same row: whose, of which number, what for, how much, and when.

    Carriers do not number their rows.  The number is in its normal form, however it was written.
    The amount counts, since two rows of one type are billed at one instant, as duty and tax are;
    weights, size and remarks do not.
    """

    carrier: str
    number: str
    code: str
    amount: Money
    billed_at: Instant


_Order: TypeAlias = tuple[Instant, str, str, str, str, int]


@attrs.frozen(kw_only=True)
class ActualCost:
    """One row as a carrier bills it.

    `number` is as reported.  `code` is the carrier's own for the type, verbatim, and `kind` what it
    means, None where nobody knows; so are `mode_code` and `mode`.  The `amount` is above zero where
    the seller owes it and below where it is a credit.  `actual_weight` is what the parcel weighed
    and `chargeable_weight` what it was charged for.  The `remark` is hidden in the `repr`.

    Raises:
        InvalidTypeError: if a field is of another type.
        InvalidValueError: if a text is longer than 256 characters, or the amount beyond 10**12
            minor units.

    Source: eDIS 1.1.0, GetActualCostResponsesData.
    """

    carrier: str = attrs.field(validator=of_type(str))
    number: str = attrs.field(validator=of_type(str))
    code: str = attrs.field(validator=of_type(str))
    kind: CostType | None = attrs.field(default=None, validator=optional(CostType))
    amount: Money = attrs.field(validator=of_type(Money))
    mode_code: str = attrs.field(default="", validator=of_type(str))
    mode: ChargeMode | None = attrs.field(default=None, validator=optional(ChargeMode))
    actual_weight: Weight | None = attrs.field(default=None, validator=optional(Weight))
    chargeable_weight: Weight | None = attrs.field(default=None, validator=optional(Weight))
    size: Dimensions | None = attrs.field(default=None, validator=optional(Dimensions))
    billed_at: Instant = attrs.field(converter=instant)
    remark: str = attrs.field(default="", validator=of_type(str), repr=masked)

    def __attrs_post_init__(self) -> None:
        """Refuse labels without bounds, and an amount that no parcel costs."""
        bounded(
            "cost",
            ("carrier", self.carrier),
            ("number", self.number),
            ("type", self.code),
            ("charge mode", self.mode_code),
        )
        if abs(self.amount.minor) > _MOST_MINOR:
            problem = "is beyond what a parcel costs"
            raise InvalidValueError("amount of a cost", str(self.amount), problem)

    @cached_property
    def key(self) -> CostKey:
        """The identity of this row."""
        return CostKey(
            carrier=self.carrier,
            number=_normal(self.number),
            code=self.code,
            amount=self.amount,
            billed_at=self.billed_at,
        )

    @property
    def is_credit(self) -> bool:
        """Whether the seller gets it back."""
        return self.amount.minor < 0

    @property
    def _order(self) -> _Order:
        labels = self.carrier, self.number, self.code, self.amount.currency.code
        return (self.billed_at, *labels, self.amount.minor)

    @property
    def _fullness(self) -> tuple[object, ...]:
        weights = (0 if it is None else it.grams for it in self._weights)
        size = () if self.size is None else attrs.astuple(self.size)
        kinds = ("" if it is None else it.value for it in (self.kind, self.mode))
        # The spelling comes last: of two reports that say the same, one stays whatever the order.
        return (*kinds, self.mode_code, *weights, size, self.remark, self.number)

    @property
    def _weights(self) -> tuple[Weight | None, Weight | None]:
        return self.actual_weight, self.chargeable_weight


def _normal(reported: str) -> str:
    """Give the normal form of a number, or what was reported where that is no number."""
    try:
        return str(tracking_number(reported))
    except InvalidValueError:
        return reported


@attrs.frozen
class Bill:
    """Rows that were taken in together, one or more."""

    rows: tuple[ActualCost, ...] = attrs.field(validator=tuple_of(ActualCost))

    def __attrs_post_init__(self) -> None:
        """Refuse a bill of nothing."""
        if not self.rows:
            raise InvalidValueError("bill", self.rows, "has no rows", "one or more")


def merge(*batches: Iterable[ActualCost]) -> tuple[ActualCost, ...]:
    """Join batches of rows into one set, each row once, in the order in which they were billed.

    Associative, commutative and idempotent.  Of several reports of one row the fullest stays: one
    with a known type before one without, then one with more weights and a longer remark.
    """
    best: dict[CostKey, ActualCost] = {}
    for batch in batches:
        for row in batch:
            known = best.setdefault(row.key, row)
            if known._fullness < row._fullness:
                best[row.key] = row
    return tuple(sorted(best.values(), key=lambda row: row._order))


def unknown(rows: Iterable[ActualCost], among: Iterable[ActualCost]) -> tuple[ActualCost, ...]:
    """Give the rows that say what others do not, each once, in the order of billing.

    They are not among the others, or are fuller reports of a row that is.
    """
    known = {row.key: row for row in merge(among)}
    return tuple(
        row
        for row in merge(rows)
        if row.key not in known or row._fullness > known[row.key]._fullness
    )


def totals(rows: Iterable[ActualCost]) -> Mapping[Currency, Money]:
    """Add rows up, each once, by currency in the order of the codes; credits are taken off.

    A currency whose rows cancel each other is there, with nothing.
    """
    merged = merge(rows)
    units = sorted({row.amount.currency for row in merged})
    return MappingProxyType(
        {
            unit: Money.total((row.amount for row in merged if row.amount.currency == unit), unit)
            for unit in units
        }
    )


def carriage(rows: Iterable[ActualCost]) -> Money | None:
    """Add up what was billed for carrying a parcel, from freight to the fee for more weight.

    What was billed twice and is given back counts once.

    None where nothing was, or where it was in several currencies.
    """
    sums = tuple(totals(row for row in rows if row.kind in _CARRIAGE).values())
    return sums[0] if len(sums) == 1 else None
