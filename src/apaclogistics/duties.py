"""Duties: what importing is estimated to cost, from a dated table that is passed in.

An estimate is as of an instant: its lines add up to the total, and it names what it rests on.
Where something is missing (a rate, an HS code, an origin, an exchange rate) there is no estimate
but every reason why; a missing rate is never zero.  The rows of the table are those of
`apaclogistics.duty_tables`.

Of the duties that reach an item the one with the longest HS prefix counts, so that a heading goes
before its chapter; of two as long, the one that names the item's origin.  Every additional duty
that reaches it is added.  A tax is due on goods, duties and, where it says so, freight.  What lies
within a threshold is not due at all.

Amounts are rounded half up to the minor unit: each amount that is converted, the share of freight
in a customs value, and each line.

>>> begins, hong_kong = "2026-01-01T00:00:00Z", Country("HK")
>>> table = DutyTable(
...     name="example", source="an example",
...     rules=(DutyRule(
...         name="duty on apparel", destination=Country("US"), hs_prefixes=("61",),
...         rate=AdValorem("10.1"), valid_from=begins,
...     ),),
...     taxes=(TaxRule(
...         name="no tax", destination=Country("US"), percent="0", on_freight=False,
...         valid_from=begins,
...     ),),
... )
>>> shirts = CustomsItem(
...     description="shirts", quantity=2, value=Money.of("50.00", "USD"), hs_code="610910"
... )
>>> answer = estimate(
...     table, items=[shirts], origin=hong_kong, destination=Country("US"),
...     freight=Money.of("9.00", "USD"), currency="USD", at=instant("2026-03-01T00:00:00Z"),
... )
>>> [(line.label, str(line.amount)) for line in answer.lines]
[('duty on apparel: 10.1 % of 50.00 USD', '5.05 USD'), ('no tax: 0 % of 55.05 USD', '0.00 USD')]
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import TypeAlias, TypeVar, assert_never

import attrs

from apaclogistics.duty_tables import (
    AdValorem,
    DutyRule,
    DutyTable,
    Levy,
    Specific,
    TaxRule,
    Threshold,
    checked_amount,
)
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import Currency, ExchangeRate, Money, Rounding, exchange
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import whole

__all__ = ("DutiesUnknown", "DutyEstimate", "DutyLine", "estimate")

_T = TypeVar("_T")


@attrs.frozen(kw_only=True)
class DutyLine:
    """One line of an estimate: what is levied, how it came about, and how much it is."""

    levy: Levy
    label: str
    amount: Money


@attrs.frozen(kw_only=True)
class DutyEstimate:
    """What importing goods is estimated to cost, and what the estimate rests on.

    The lines are all in `currency`, none is negative, and they add up to the total.  `table` and
    `source` name the duty table, and `at` is the instant as of which it was read.

    Raises:
        InvalidValueError: if a line is negative or in another currency.
    """

    table: str
    source: str
    at: Instant = attrs.field(converter=instant)
    currency: Currency
    lines: tuple[DutyLine, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse lines that do not add up."""
        amounts = [checked_amount("duty line", line.amount) for line in self.lines]
        Money.total(amounts, self.currency)

    @property
    def total(self) -> Money:
        """The lines added up."""
        return Money.total((line.amount for line in self.lines), self.currency)


@attrs.frozen
class DutiesUnknown:
    """Every reason why there is no estimate."""

    reasons: tuple[Reason, ...]


def estimate(
    table: DutyTable,
    *,
    items: Iterable[CustomsItem],
    parcels: int = 1,
    origin: Country | None,
    destination: Country,
    freight: Money,
    currency: Currency | str,
    at: Instant,
    rates: Iterable[ExchangeRate] = (),
) -> DutyEstimate | DutiesUnknown:
    """Estimate what is due on goods at the border of their destination, as of an instant.

    `items` are one entry at the border, in one or more `parcels`: a threshold goes by what they are
    worth together, and a fixed duty for a parcel is due on each.

    `origin` is where the goods come from, unless an item says so itself; None where that is not
    known.  `freight` is what carriage and insurance cost.  Amounts in other currencies than
    `currency`, and values under a threshold in another one, are converted at the latest rate known
    then.  The order of items, rows and rates is irrelevant.

    Reasons why there is no estimate: `nothing_declared`, `no_duty_rate`, `no_tax_rate`,
    `hs_code_missing`, `hs_code_too_short`, `origin_missing`, `no_exchange_rate`, `amount_out_of_range`.

    Raises:
        InvalidValueError: if freight is negative.
    """
    case = _Case(
        table=table.in_force(destination, instant(at)),
        items=tuple(items),
        parcels=whole("parcels", parcels, least=1, most=1000),
        origin=origin,
        destination=destination,
        freight=checked_amount("freight", freight),
        currency=Money.zero(currency).currency,
        at=instant(at),
        rates=tuple(rates),
    )
    waived, unsure = _waivers(case)
    reached, gaps = _reached(case, waived)
    amounts, missing = _amounts(case, reached)
    if reasons := {*unsure, *gaps, *missing, *_untaxed(case, waived)}:
        return DutiesUnknown(tuple(sorted(reasons, key=lambda it: (it.code, it.text))))
    bill = _Bill(case=case, waived=waived, reached=reached, amounts=amounts)
    answer = _within_money(f"what is due by {table.name}", bill.estimate)
    return DutiesUnknown((answer,)) if isinstance(answer, Reason) else answer


def _within_money(what: str, reckon: Callable[[], _T]) -> _T | Reason:
    """Reckon with amounts, or say that one of them is beyond any amount of money."""
    try:
        return reckon()
    except InvalidValueError as error:
        return Reason("amount_out_of_range", f"{what} is too much: {error}")


@attrs.frozen(kw_only=True)
class _Case:
    """What is to be estimated: one entry, under the rows in force, as of an instant."""

    table: DutyTable
    items: tuple[CustomsItem, ...]
    parcels: int
    origin: Country | None
    destination: Country
    freight: Money
    currency: Currency
    at: Instant
    rates: tuple[ExchangeRate, ...]

    def origin_of(self, item: CustomsItem) -> Country | None:
        return item.origin or self.origin

    def admitted_by(self, row: DutyRule | Threshold, item: CustomsItem) -> bool | None:
        return row.admits(self.origin_of(item))

    def into(self, quote: Currency, money: Money) -> Money | Reason:
        return exchange(money, quote, self.rates, self.at, Rounding.HALF_UP)

    def worth(self, items: Iterable[CustomsItem], quote: Currency, rounding: Rounding) -> Money:
        """Add up what goods are worth in each currency, and round once for each of these.

        Raises:
            InvalidValueError: if it is beyond any amount of money.
        """
        values = [item.value for item in items]
        sums = (
            Money.total((value for value in values if value.currency == currency), currency)
            for currency in sorted({value.currency for value in values})
        )
        return Money.total((self._converted(it, quote, rounding) for it in sums), quote)

    def _converted(self, money: Money, quote: Currency, rounding: Rounding) -> Money:
        found = exchange(money, quote, self.rates, self.at, rounding)
        if isinstance(found, Reason):
            raise InvalidValueError("worth of goods", str(money), f"is too much: {found.text}")
        return found


def _waivers(case: _Case) -> tuple[dict[Levy, Threshold], list[Reason]]:
    """Find what is not due by the value of the goods, or why that cannot be told."""
    waived, unsure = {}, []
    for levy in Levy:
        rows = [row for row in case.table.thresholds if row.kind is levy and _may_hold(case, row)]
        judged = [(row, *_verdict(case, row)) for row in rows]
        if met := [row for row, is_met, _ in judged if is_met]:
            waived[levy] = min(met, key=_waiver_label)
        else:
            unsure += [reason for *_, doubts in judged for reason in doubts]
    return waived, unsure


def _may_hold(case: _Case, row: Threshold) -> bool:
    return all(case.admitted_by(row, item) is not False for item in case.items)


def _verdict(case: _Case, row: Threshold) -> tuple[bool, list[Reason]]:
    """Tell whether the goods are within a threshold; if not, also why that cannot be told."""
    quote = row.amount.currency
    found = [case.into(quote, item.value) for item in case.items]
    doubts = [reason for item in case.items for reason in _origin_doubts(case, row, item)]
    doubts += dict.fromkeys(it for it in found if isinstance(it, Reason))
    if doubts:
        return False, doubts
    # Rounded up, so that goods a little above the threshold do not slip under it.
    worth = _within_money(
        f"the worth of all goods in {quote}", lambda: case.worth(case.items, quote, Rounding.UP)
    )
    return (False, [worth]) if isinstance(worth, Reason) else (row.holds(worth), [])


def _origin_doubts(case: _Case, row: DutyRule | Threshold, item: CustomsItem) -> list[Reason]:
    if case.admitted_by(row, item) is not None:
        return []
    text = f"{row.name} depends on the origin of {_named(item)}, which is not known"
    return [Reason("origin_missing", text)]


def _named(item: CustomsItem) -> str:
    return f"{item.description!r} ({f'HS {item.hs_code}' if item.hs_code else 'without HS code'})"


def _waiver_label(row: Threshold) -> str:
    return f"{row.name}: no {row.kind.value} {row.limit.value} {row.amount}"


_Reached: TypeAlias = dict[DutyRule, list[CustomsItem]]


def _reached(case: _Case, waived: Container[Levy]) -> tuple[_Reached, list[Reason]]:
    """Find which duties are due on which items, or why that cannot be told."""
    rules = [rule for rule in case.table.rules if rule.kind not in waived]
    reached: _Reached = defaultdict(list)
    gaps = [] if case.items else [Reason("nothing_declared", "no goods are declared")]
    for item in case.items:
        fitting = [rule for rule in rules if _may_reach(case, rule, item)]
        if Levy.DUTY not in waived and all(rule.kind is not Levy.DUTY for rule in fitting):
            gaps.append(_no_duty_rate(case, item))
        gaps += _no_hs_code(case, fitting, item)
        for rule in rules:
            gaps += _too_short(case, rule, item)
        for rule in _due(fitting, item):
            reached[rule].append(item)
            gaps += _origin_doubts(case, rule, item)
    return reached, gaps


def _no_hs_code(case: _Case, fitting: list[DutyRule], item: CustomsItem) -> list[Reason]:
    if item.hs_code or not any(rule.needs_hs_code for rule in fitting):
        return []
    text = f"{case.table.name} goes by HS code for {case.destination}: {_named(item)}"
    return [Reason("hs_code_missing", text)]


def _may_reach(case: _Case, rule: DutyRule, item: CustomsItem) -> bool:
    if case.admitted_by(rule, item) is False:
        return False
    return not item.hs_code or rule.reach(item.hs_code) is not None


def _too_short(case: _Case, rule: DutyRule, item: CustomsItem) -> list[Reason]:
    if case.admitted_by(rule, item) is False or rule.is_told_by(item.hs_code):
        return []
    text = f"{rule.name} goes by more digits than there are: {_named(item)}"
    return [Reason("hs_code_too_short", text)]


def _due(fitting: list[DutyRule], item: CustomsItem) -> list[DutyRule]:
    """Of the duties leave the foremost, which is one where code and origin are known."""

    def rank(rule: DutyRule) -> tuple[int, bool]:
        return rule.reach(item.hs_code) or 0, bool(rule.origins)

    duties = [rule for rule in fitting if rule.kind is Levy.DUTY]
    first = max(map(rank, duties), default=None)
    return [rule for rule in fitting if rule.kind is not Levy.DUTY or rank(rule) == first]


def _no_duty_rate(case: _Case, item: CustomsItem) -> Reason:
    lane = f"from {case.origin_of(item) or 'an unknown origin'} to {case.destination}"
    text = f"{case.table.name} has no duty rate for {_named(item)} {lane} at {to_text(case.at)}"
    return Reason("no_duty_rate", text)


def _untaxed(case: _Case, waived: Container[Levy]) -> list[Reason]:
    if Levy.TAX in waived or case.table.taxes:
        return []
    text = f"{case.table.name} has no tax rate for {case.destination} at {to_text(case.at)}"
    return [Reason("no_tax_rate", text)]


def _amounts(case: _Case, reached: _Reached) -> tuple[dict[Money, Money], list[Reason]]:
    """Bring each amount into the currency of the estimate, or say why that cannot be done."""
    fixed = [
        _fixed_duty(case, rule, rule.rate, items)
        for rule, items in reached.items()
        if isinstance(rule.rate, Specific)
    ]
    given = [case.freight, *(item.value for item in case.items), *fixed]
    found = {it: case.into(case.currency, it) for it in given if isinstance(it, Money)}
    amounts = {money: it for money, it in found.items() if isinstance(it, Money)}
    return amounts, [it for it in (*fixed, *found.values()) if isinstance(it, Reason)]


def _fixed_duty(
    case: _Case, rule: DutyRule, rate: Specific, items: Iterable[CustomsItem]
) -> Money | Reason:
    return _within_money(rule.name, lambda: rate.due_on(_pieces(items), case.parcels))


def _pieces(items: Iterable[CustomsItem]) -> int:
    return sum(item.quantity for item in items)


@attrs.frozen(kw_only=True)
class _Bill:
    """What is due where nothing is missing; `amounts` says what each amount is in one currency.

    Whatever it reckons raises an `InvalidValueError` if it is beyond any amount of money.
    """

    case: _Case
    waived: Mapping[Levy, Threshold]
    reached: _Reached
    amounts: Mapping[Money, Money]

    def worth(self, items: Iterable[CustomsItem]) -> Money:
        return self.case.worth(items, self.case.currency, Rounding.HALF_UP)

    def with_freight(self, goods: Money) -> Money:
        """Add the share of freight that goods bear by their value; worthless goods bear none."""
        everything = self.worth(self.case.items).minor
        freight = self.amounts[self.case.freight]
        share = Fraction(freight.minor * goods.minor, everything or 1)
        return goods + Money(floor(share + Fraction(1, 2)), self.case.currency)

    def estimate(self) -> DutyEstimate:
        order = list(Levy)
        lines = sorted(
            [*self.spared(), *self.levied()],
            key=lambda line: (order.index(line.levy), line.label, line.amount.minor),
        )
        return DutyEstimate(
            table=self.case.table.name,
            source=self.case.table.source,
            at=self.case.at,
            currency=self.case.currency,
            lines=tuple(lines),
        )

    def spared(self) -> list[DutyLine]:
        nothing = Money.zero(self.case.currency)
        return [
            DutyLine(levy=levy, label=_waiver_label(row), amount=nothing)
            for levy, row in self.waived.items()
        ]

    def levied(self) -> list[DutyLine]:
        duties = [self.duty_line(rule, items) for rule, items in self.reached.items()]
        dues = Money.total((line.amount for line in duties), self.case.currency)
        base = self.worth(self.case.items) + dues
        rules = () if Levy.TAX in self.waived else self.case.table.taxes
        return [*duties, *(self.tax_line(rule, base) for rule in rules)]

    def duty_line(self, rule: DutyRule, items: Sequence[CustomsItem]) -> DutyLine:
        match rule.rate:
            case AdValorem(percent=percent, on_freight=on_freight) as rate:
                goods = self.worth(items)
                base = self.with_freight(goods) if on_freight else goods
                label, amount = f"{percent} % of {base}", rate.due_on(base)
            case Specific(amount=each, per=per) as rate:
                due = _pieces(items), self.case.parcels
                label = f"{rate.count(*due)} x {each} a {per.value}"
                amount = self.amounts[rate.due_on(*due)]
            case _:
                assert_never(rule.rate)
        return DutyLine(levy=rule.kind, label=f"{rule.name}: {label}", amount=amount)

    def tax_line(self, rule: TaxRule, base: Money) -> DutyLine:
        taxed = base + self.amounts[self.case.freight] if rule.on_freight else base
        label = f"{rule.name}: {rule.percent} % of {taxed}"
        return DutyLine(levy=Levy.TAX, label=label, amount=rule.due_on(taxed))
