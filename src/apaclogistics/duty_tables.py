"""Duty tables: what destinations levy on imports, as dated rows that somebody published.

A table has rows for duties, for additional duties, for taxes, and for the values up to which
nothing is due.  Every row holds for a destination from an instant on, often until another one, and
the table says who published it.  A row answers small questions: whether it admits an origin, how
much of an HS code it names, how much it takes.  `apaclogistics.duties` puts the answers together.

A table that exists has one answer: no two duties on the same goods of the same origin hold at once.
What a marketplace collects with the price and remits (low values into the EU or the United Kingdom,
for example) is not due again at the border: a `Threshold` for the tax says up to which value.

>>> shirts = DutyRule(
...     name="duty on apparel", destination=Country("US"), hs_prefixes=("61", "6109"),
...     rate=AdValorem("10.1"), valid_from="2026-01-01T00:00:00Z",
... )
>>> shirts.reach("610910"), shirts.reach("611020"), shirts.reach("950300")
(4, 2, None)
>>> str(shirts.rate.due_on(Money.of("50.00", "USD")))
'5.05 USD'
>>> table = DutyTable(name="example", source="an example", rules=(shirts,))
>>> table.in_force(Country("US"), instant("2025-12-31T00:00:00Z")).rules
()
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import Enum
from itertools import pairwise, product
from typing import Self, TypeAlias, TypeVar

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.goods import checked_hs_prefix, is_under
from apaclogistics.values.identifiers import checked_id
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import Money, Rounding
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import ratio

__all__ = (
    "AdValorem",
    "DutyRule",
    "DutyTable",
    "Levy",
    "Limit",
    "Per",
    "Specific",
    "TaxRule",
    "Threshold",
    "checked_amount",
)


class Levy(Enum):
    """What is due at the border; lines of an estimate come in this order."""

    DUTY = "duty"
    ADDITIONAL_DUTY = "additional duty"
    TAX = "tax"


class Limit(Enum):
    """Whether a limit itself is still within it."""

    UP_TO = "up to"
    BELOW = "below"


class Per(Enum):
    """What a fixed duty is due for: each piece of the goods, or each parcel, however full.

    A post's "duty per item" is one per parcel, since posts call a parcel an item.
    """

    PIECE = "piece"
    PARCEL = "parcel"


def _percent(value: str | Decimal) -> Decimal:
    return ratio(value, what="percent", most=1000)


@attrs.frozen
class AdValorem:
    """A duty in percent of the customs value, from 0 to 1000.

    `on_freight` says that freight is part of the customs value (CIF, as in the EU); it is shared
    out in proportion to the value of the goods.  Else goods are worth what is declared (FOB, as in
    the United States).
    """

    percent: Decimal = attrs.field(converter=_percent)
    on_freight: bool = attrs.field(default=False, kw_only=True)

    def due_on(self, value: Money) -> Money:
        """Give what is due on a customs value, rounded half up to the minor unit.

        Raises:
            InvalidValueError: if it is beyond any amount of money.
        """
        return value.percent(self.percent, Rounding.HALF_UP)


@attrs.frozen
class Specific:
    """A fixed duty for each piece or each parcel.

    Raises:
        InvalidValueError: if it is negative.
    """

    amount: Money
    per: Per

    def __attrs_post_init__(self) -> None:
        """Refuse a duty that would be paid out."""
        checked_amount("specific duty", self.amount)

    def count(self, pieces: int, parcels: int) -> int:
        """Give how often it is due on so many pieces in so many parcels."""
        return parcels if self.per is Per.PARCEL else pieces

    def due_on(self, pieces: int, parcels: int) -> Money:
        """Give what is due on so many pieces in so many parcels, in the currency of the row.

        Raises:
            InvalidValueError: if it is beyond any amount of money.
        """
        return self.amount.times(self.count(pieces, parcels), Rounding.HALF_UP)


def checked_amount(what: str, amount: Money) -> Money:
    """Give an amount back if it is not negative; `what` names it in the error.

    Raises:
        InvalidValueError: if it is negative.
    """
    if amount.minor < 0:
        raise InvalidValueError(what, str(amount), "is negative", "0 or more")
    return amount


def _prefixes(prefixes: Iterable[str]) -> tuple[str, ...]:
    if isinstance(prefixes, str):
        raise InvalidTypeError("HS prefixes", "one text", "a tuple of texts")
    return tuple(sorted({checked_hs_prefix(prefix) for prefix in prefixes}))


@attrs.frozen(kw_only=True)
class DutyRule:
    """One duty of a destination, in force from an instant on.

    `origins` are the countries of origin that it holds for (none: any), and `except_origins` those
    that it does not hold for.  `hs_prefixes` are the goods that it reaches (none: any), and
    `exempt_prefixes` those that it leaves out all the same.  `valid_until` is the first instant at
    which it no longer holds, None while it is open.

    Raises:
        InvalidTypeError: if the prefixes are one text.
        InvalidValueError: if a prefix is none, countries are both named and excepted, the rule ends
            before it begins, or it is a tax, for which there is `TaxRule`.
    """

    name: str
    kind: Levy = Levy.DUTY
    destination: Country
    origins: frozenset[Country] = frozenset()
    except_origins: frozenset[Country] = frozenset()
    hs_prefixes: tuple[str, ...] = attrs.field(default=(), converter=_prefixes)
    exempt_prefixes: tuple[str, ...] = attrs.field(default=(), converter=_prefixes)
    rate: AdValorem | Specific
    valid_from: Instant = attrs.field(converter=instant)
    valid_until: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that contradicts itself."""
        _check_row("duty rule", self)
        _check_origins("duty rule", self)
        if self.kind is Levy.TAX:
            raise InvalidValueError("duty rule", self.name, "is a tax", "duty or additional duty")

    def is_in_force(self, destination: Country, at: Instant) -> bool:
        """Tell whether it is in force at a destination and an instant."""
        return _is_in_force(self, destination, at)

    def admits(self, origin: Country | None) -> bool | None:
        """Tell whether it holds for an origin; None where that depends on one not known."""
        return _admits(self, origin)

    @property
    def needs_hs_code(self) -> bool:
        """Whether it depends on the HS code."""
        return bool(self.hs_prefixes or self.exempt_prefixes)

    def is_told_by(self, hs_code: str) -> bool:
        """Tell whether a code has the digits that decide; one that is not known is another gap."""
        prefixes = (*self.hs_prefixes, *self.exempt_prefixes)
        return not hs_code or not any(
            len(prefix) > len(hs_code) and prefix.startswith(hs_code) for prefix in prefixes
        )

    def reach(self, hs_code: str) -> int | None:
        """Give how many digits of an HS code it names, 0 for any goods; None if it leaves them out.

        Raises:
            InvalidValueError: if the code is in no shape.
        """
        if any(is_under(hs_code, prefix) for prefix in self.exempt_prefixes):
            return None
        named = [len(prefix) for prefix in self.hs_prefixes if is_under(hs_code, prefix)]
        return max(named, default=None if self.hs_prefixes else 0)


@attrs.frozen(kw_only=True)
class TaxRule:
    """One tax of a destination on goods and duties, such as VAT or GST; several are added.

    `percent` is from 0 to 1000; a destination without a tax at the border has one of 0.
    `on_freight` says whether freight and insurance are taxed as well.  `valid_until` is the first
    instant at which it no longer holds, None while it is open.

    Raises:
        InvalidValueError: if the percentage is out of range, or the rule ends before it begins.
    """

    name: str
    destination: Country
    percent: Decimal = attrs.field(converter=_percent)
    on_freight: bool
    valid_from: Instant = attrs.field(converter=instant)
    valid_until: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that contradicts itself."""
        _check_row("tax rule", self)

    def is_in_force(self, destination: Country, at: Instant) -> bool:
        """Tell whether it is in force at a destination and an instant."""
        return _is_in_force(self, destination, at)

    def due_on(self, value: Money) -> Money:
        """Give what is due on a taxed value, rounded half up to the minor unit.

        Raises:
            InvalidValueError: if it is beyond any amount of money.
        """
        return value.percent(self.percent, Rounding.HALF_UP)


@attrs.frozen(kw_only=True)
class Threshold:
    """The value of a parcel's goods up to which, or below which, one kind of levy is not due.

    It holds for a parcel if it holds for the origin of everything inside.  `origins` are the
    countries of origin that it holds for (none: any), and `except_origins` those that it does not
    hold for.  `valid_until` is the first instant at which it no longer holds, None while it is
    open.

    Raises:
        InvalidValueError: if the amount is negative, countries are both named and excepted, or the
            threshold ends before it begins.
    """

    name: str
    kind: Levy
    destination: Country
    origins: frozenset[Country] = frozenset()
    except_origins: frozenset[Country] = frozenset()
    amount: Money
    limit: Limit = Limit.UP_TO
    valid_from: Instant = attrs.field(converter=instant)
    valid_until: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a threshold that contradicts itself."""
        _check_row("threshold", self)
        _check_origins("threshold", self)
        checked_amount("threshold", self.amount)

    def is_in_force(self, destination: Country, at: Instant) -> bool:
        """Tell whether it is in force at a destination and an instant."""
        return _is_in_force(self, destination, at)

    def admits(self, origin: Country | None) -> bool | None:
        """Tell whether it holds for an origin; None where that depends on one not known."""
        return _admits(self, origin)

    def holds(self, value: Money) -> bool:
        """Tell whether a value lies within.

        Raises:
            InvalidValueError: if the value is in another currency.
        """
        return value < self.amount or (self.limit is Limit.UP_TO and value == self.amount)


_Row: TypeAlias = DutyRule | TaxRule | Threshold
_RowT = TypeVar("_RowT", DutyRule, TaxRule, Threshold)


def _check_row(what: str, row: _Row) -> None:
    checked_id(f"name of the {what}", row.name)
    if row.valid_until is not None and row.valid_until <= row.valid_from:
        allowed = f"after {to_text(row.valid_from)}"
        raise InvalidValueError(what, row.name, f"ends at {to_text(row.valid_until)}", allowed)


def _check_origins(what: str, row: DutyRule | Threshold) -> None:
    if row.origins and row.except_origins:
        raise InvalidValueError(what, row.name, "names and excepts origins", "one of the two")


def _is_in_force(row: _Row, destination: Country, at: Instant) -> bool:
    is_dated = row.valid_from <= at and (row.valid_until is None or at < row.valid_until)
    return is_dated and row.destination == destination


def _admits(row: DutyRule | Threshold, origin: Country | None) -> bool | None:
    if not row.origins and not row.except_origins:
        return True
    if origin is None:
        return None
    return origin in row.origins if row.origins else origin not in row.except_origins


@attrs.frozen(kw_only=True)
class DutyTable:
    """What destinations levy on imports, as published by a source; the order of rows is irrelevant.

    Raises:
        InvalidValueError: if the source is not named, a row stands there twice, or two duties (not
            additional ones) hold for the same prefix, origin and time, so that neither counts.
    """

    name: str
    source: str
    rules: tuple[DutyRule, ...] = ()
    taxes: tuple[TaxRule, ...] = ()
    thresholds: tuple[Threshold, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse a table that contradicts itself."""
        checked_id("duty table", self.name)
        if not self.source.strip():
            raise InvalidValueError("source", self.source, "is empty", "who published the table")
        for rows in (self.rules, self.taxes, self.thresholds):
            if len(set(rows)) < len(rows):
                raise InvalidValueError("duty table", self.name, "has a row twice", "each row once")
        for one, other in _rivals(self.rules):
            names = f"{one.name}, {other.name}"
            allowed = "one for a prefix, origin and time"
            raise InvalidValueError("duties", names, "contradict each other", allowed)

    def in_force(self, destination: Country, at: Instant) -> Self:
        """Give the table with only the rows that are in force at a destination and an instant."""
        return attrs.evolve(
            self,
            rules=_in_force(self.rules, destination, at),
            taxes=_in_force(self.taxes, destination, at),
            thresholds=_in_force(self.thresholds, destination, at),
        )


def _in_force(rows: Iterable[_RowT], destination: Country, at: Instant) -> tuple[_RowT, ...]:
    return tuple(row for row in rows if row.is_in_force(destination, at))


def _rivals(rules: Iterable[DutyRule]) -> Iterator[tuple[DutyRule, DutyRule]]:
    """Find duties of which neither goes before the other, since they name the same and overlap."""
    alike: dict[tuple[Country, str, Country | None], list[DutyRule]] = defaultdict(list)
    for rule in rules:
        if rule.kind is Levy.DUTY:
            origins: Iterable[Country | None] = sorted(rule.origins) or (None,)
            for prefix, origin in product(rule.hs_prefixes or ("",), origins):
                alike[rule.destination, prefix, origin].append(rule)
    for group in alike.values():
        # In order of time, whatever overlaps at all overlaps its neighbour.
        for one, other in pairwise(sorted(group, key=lambda rule: (rule.valid_from, rule.name))):
            if one.valid_until is None or other.valid_from < one.valid_until:
                yield one, other
