"""The laws of duties: an estimate is exact, ordered by nothing, and never a gift.

* No line is negative, and the total is the sum of the lines.
* The order of items, rows and rates is irrelevant, to an estimate and to reasons alike.
* A duty in percent is its exact share of the goods, rounded half up once.
* Goods that are worth more never cost less where one rule holds for all of them, whether they are
  below a threshold, above it, or pass it.
* An additional duty that ended adds nothing from that instant on, and its own line before.
* A reason is never given beside an estimate: where a table says enough of a parcel there is one.
"""

from fractions import Fraction
from math import floor

import attrs
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from apaclogistics.duties import DutiesUnknown, DutyEstimate, DutyLine, estimate
from apaclogistics.duty_tables import (
    AdValorem,
    DutyRule,
    DutyTable,
    Levy,
    Limit,
    Per,
    Specific,
    TaxRule,
    Threshold,
)
from apaclogistics.testing.strategies import instants, monies
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country

US, GB = Country("US"), Country("GB")
BEGIN = instant("2026-01-01T00:00:00Z")
NOW = instant("2026-06-01T00:00:00Z")
END = instant("2027-01-01T00:00:00Z")

# Few of each, so that rows and goods often meet.
CODES = ("61099010", "61091000", "62034200", "64031900", "85076000")
PREFIXES = ("61", "6109", "61091000", "62", "64", "85")
RATES = tuple(
    ExchangeRate(base=base, quote=quote, rate=rate, at=BEGIN, source="an example")
    for base, quote, rate in (
        ("HKD", "USD", "0.1279"),
        ("JPY", "USD", "0.0066"),
        ("USD", "HKD", "7.8185"),
        ("JPY", "HKD", "0.0516"),
        ("USD", "JPY", "151.37"),
        ("HKD", "JPY", "19.363"),
    )
)

countries = st.sampled_from(("CN", "HK", "JP")).map(Country)
destinations = st.sampled_from((US, US, GB))
currencies = st.sampled_from(("USD", "HKD", "JPY"))
amounts = currencies.flatmap(lambda code: monies(currency=code, min_minor=0, max_minor=10**7))
dollars = monies(currency="USD", min_minor=0, max_minor=10**7)
millionths = st.integers(0, 10**9)
percents = millionths.map(lambda number: f"{number // 10**6}.{number % 10**6:06}")
in_percent = st.builds(AdValorem, percents, on_freight=st.booleans())
duty_rates = in_percent | st.builds(Specific, amounts, st.sampled_from(Per))
begins = st.sampled_from((BEGIN, NOW, END))
ends = st.none() | st.just(END.add(years=1))
names = st.sampled_from(("a", "b", "c"))


def goods(
    *, codes: tuple[str, ...] = CODES, origins: SearchStrategy[Country | None] = countries
) -> SearchStrategy[list[CustomsItem]]:
    """Give what is in a parcel."""
    items = st.builds(
        CustomsItem,
        description=st.sampled_from(("shirt", "shoe", "phone")),
        quantity=st.integers(1, 9),
        value=amounts,
        hs_code=st.sampled_from(codes),
        origin=origins,
    )
    return st.lists(items, min_size=1, max_size=4)


def rules(kind: Levy, *, most_prefixes: int) -> SearchStrategy[DutyRule]:
    """Give duties of a kind, some of any goods."""
    return st.builds(
        DutyRule,
        name=names,
        kind=st.just(kind),
        destination=destinations,
        except_origins=st.frozensets(countries, max_size=1),
        hs_prefixes=st.lists(st.sampled_from(PREFIXES), max_size=most_prefixes).map(tuple),
        exempt_prefixes=st.lists(st.sampled_from(PREFIXES), max_size=1).map(tuple),
        rate=duty_rates,
        valid_from=begins,
        valid_until=ends,
    )


# One for each prefix of a country, so that none contradicts another.
duties = st.lists(
    rules(Levy.DUTY, most_prefixes=1),
    max_size=6,
    unique_by=lambda rule: (rule.destination, rule.hs_prefixes),
)
additional = st.lists(rules(Levy.ADDITIONAL_DUTY, most_prefixes=2), max_size=3, unique=True)
taxes = st.lists(
    st.builds(
        TaxRule,
        name=names,
        destination=destinations,
        percent=percents,
        on_freight=st.booleans(),
        valid_from=begins,
        valid_until=ends,
    ),
    max_size=3,
    unique=True,
)
thresholds = st.lists(
    st.builds(
        Threshold,
        name=names,
        kind=st.sampled_from(Levy),
        destination=destinations,
        except_origins=st.frozensets(countries, max_size=1),
        amount=amounts,
        limit=st.sampled_from(Limit),
        valid_from=begins,
        valid_until=ends,
    ),
    max_size=3,
    unique=True,
)
# Anything that a table may say, or leave unsaid.
tables = st.builds(
    lambda some, more, taxed, spared: DutyTable(
        name="table",
        source="an example",
        rules=(*some, *more),
        taxes=tuple(taxed),
        thresholds=tuple(spared),
    ),
    duties,
    additional,
    taxes,
    thresholds,
)
anything = st.builds(
    DutyRule, name=names, destination=st.just(US), rate=duty_rates, valid_from=st.just(BEGIN)
)


def complete(table: DutyTable, general: DutyRule, percent: str) -> DutyTable:
    """Give a table that knows a duty on any goods and a tax, from whatever origin."""
    tax = TaxRule(name="tax", destination=US, percent=percent, on_freight=True, valid_from=BEGIN)
    named = [rule for rule in table.rules if rule.kind is not Levy.DUTY or rule.hs_prefixes]
    taxed = [row for row in table.taxes if row != tax]
    return attrs.evolve(table, rules=(*named, general), taxes=(*taxed, tax))


complete_tables = st.builds(complete, tables, anything, percents)


def asked(
    table: DutyTable,
    items: list[CustomsItem],
    *,
    freight: Money | None = None,
    at: Instant = NOW,
    rates: tuple[ExchangeRate, ...] = RATES,
) -> DutyEstimate | DutiesUnknown:
    """Ask a table about goods on their way to the United States, in dollars."""
    return estimate(
        table,
        items=items,
        origin=None,
        destination=US,
        freight=Money.zero("USD") if freight is None else freight,
        currency="USD",
        at=at,
        rates=rates,
    )


def known(answer: DutyEstimate | DutiesUnknown) -> DutyEstimate:
    """Insist that there is an estimate."""
    assert isinstance(answer, DutyEstimate), answer
    return answer


@given(complete_tables, goods(), amounts)
def test_a_total_is_the_sum_of_lines_and_no_line_is_negative(
    table: DutyTable, items: list[CustomsItem], freight: Money
) -> None:
    """Whatever is in the table, and whatever currency it is in."""
    answer = known(asked(table, items, freight=freight))

    assert all(line.amount.minor >= 0 for line in answer.lines)
    assert sum(line.amount.minor for line in answer.lines) == answer.total.minor
    assert {line.amount.currency.code for line in answer.lines} == {"USD"}


@given(
    tables | complete_tables,
    goods(codes=("", *CODES), origins=st.none() | countries),
    amounts,
    st.lists(st.sampled_from(RATES), unique=True).map(tuple),
    st.data(),
)
def test_the_order_of_everything_is_irrelevant(
    table: DutyTable,
    items: list[CustomsItem],
    freight: Money,
    rates: tuple[ExchangeRate, ...],
    data: DataObject,
) -> None:
    """To an estimate, and to the reasons why there is none."""
    shuffled = attrs.evolve(
        table,
        rules=tuple(data.draw(st.permutations(table.rules))),
        taxes=tuple(data.draw(st.permutations(table.taxes))),
        thresholds=tuple(data.draw(st.permutations(table.thresholds))),
    )

    again = asked(
        shuffled,
        data.draw(st.permutations(items)),
        freight=freight,
        rates=tuple(data.draw(st.permutations(rates))),
    )

    assert again == asked(table, items, freight=freight, rates=rates)


@given(millionths, st.lists(dollars, min_size=1, max_size=4))
def test_a_duty_is_its_exact_share_rounded_half_up_once(number: int, values: list[Money]) -> None:
    """Of all goods under the rule, by fractions and not by Decimal."""
    rate = AdValorem(f"{number // 10**6}.{number % 10**6:06}")
    rule = DutyRule(name="duty", destination=US, rate=rate, valid_from=BEGIN)
    tax = TaxRule(name="tax", destination=US, percent="0", on_freight=True, valid_from=BEGIN)
    table = DutyTable(name="table", source="an example", rules=(rule,), taxes=(tax,))
    items = [CustomsItem(description="shirt", quantity=1, value=value) for value in values]

    exact = Fraction(sum(value.minor for value in values) * number, 10**8)

    assert known(asked(table, items)).total == Money(floor(exact + Fraction(1, 2)), "USD")


@given(anything, thresholds, percents, goods(), amounts, st.data())
def test_goods_that_are_worth_more_never_cost_less(
    rule: DutyRule,
    spared: list[Threshold],
    percent: str,
    items: list[CustomsItem],
    freight: Money,
    data: DataObject,
) -> None:
    """Neither in duty nor in tax, on either side of a threshold and across it."""
    empty = DutyTable(name="table", source="an example", thresholds=tuple(spared))
    table = complete(empty, rule, percent)
    first, *others = items
    more = data.draw(monies(currency=first.value.currency, min_minor=0, max_minor=10**7))
    dearer = [attrs.evolve(first, value=first.value + more), *others]

    before = known(asked(table, items, freight=freight))
    after = known(asked(table, dearer, freight=freight))

    for levy in Levy:
        assert due(after, levy) >= due(before, levy)


def due(answer: DutyEstimate, levy: Levy) -> int:
    """Add up what is due of one kind, in cents."""
    return sum(line.amount.minor for line in answer.lines if line.levy is levy)


@given(
    complete_tables,
    goods(),
    in_percent,
    instants(min_value=NOW, max_value=END),
    instants(min_value=NOW, max_value=END),
)
def test_an_additional_duty_that_ended_adds_nothing(
    table: DutyTable, items: list[CustomsItem], rate: AdValorem, until: Instant, at: Instant
) -> None:
    """From the instant at which it ends, that instant included; before, it has its own line."""
    ending = DutyRule(
        name="ending",
        kind=Levy.ADDITIONAL_DUTY,
        destination=US,
        rate=rate,
        valid_from=BEGIN,
        valid_until=until.add(microseconds=1),
    )
    bare = attrs.evolve(table, thresholds=())
    longer = attrs.evolve(bare, rules=(*bare.rules, ending))

    def added(when: Instant) -> list[DutyLine]:
        lines = known(asked(longer, items, at=when)).lines
        return [line for line in lines if line.label.startswith("ending: ")]

    assert len(added(until)) == 1
    assert asked(longer, items, at=until.add(microseconds=1)) == asked(
        bare, items, at=until.add(microseconds=1)
    )
    assert len(added(at)) == (at <= until)


@given(tables | complete_tables, goods(codes=("", *CODES), origins=st.none() | countries))
def test_a_reason_is_never_given_beside_an_estimate(
    table: DutyTable, items: list[CustomsItem]
) -> None:
    """An estimate names its table; where there is none, there is a reason, and each only once."""
    match asked(table, items):
        case DutyEstimate() as answer:
            assert (answer.table, answer.source, answer.at) == ("table", "an example", NOW)
            assert answer.lines
        case DutiesUnknown(reasons):
            assert reasons
            assert len(set(reasons)) == len(reasons)
