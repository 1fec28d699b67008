"""Actual costs: rows of a bill, each once, and what they come to."""

from collections.abc import Callable
from typing import Final

import attrs
import pytest

from apaclogistics.costs import (
    ActualCost,
    Bill,
    ChargeMode,
    CostType,
    carriage,
    merge,
    totals,
    unknown,
)
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.quantities import Dimensions, Weight
from tests.samples import CARRIER, altered, day, usd

# As eDIS bills a parcel of 870 g that was declared with 800 g.
FREIGHT: Final = ActualCost(
    carrier=CARRIER.id,
    number="N1",
    code="01",
    kind=CostType.SHIPPING,
    amount=usd("12.50"),
    mode_code="02",
    mode=ChargeMode.DIMENSION_WEIGHT,
    actual_weight=Weight(870),
    chargeable_weight=Weight(1100),
    size=Dimensions(300, 200, 100),
    billed_at=day(20),
)
GAP: Final = attrs.evolve(
    FREIGHT, code="06", kind=CostType.WEIGHT_GAP, amount=usd("1.20"), billed_at=day(25)
)
CREDIT: Final = attrs.evolve(
    FREIGHT,
    code="07",
    kind=CostType.DUPLICATION_COMPENSATION,
    amount=usd("-2.00"),
    billed_at=day(30),
)

# A type checker would refuse what is wrong on purpose.
given: Callable[..., object] = attrs.evolve


def test_types_and_modes_have_the_codes_of_edis() -> None:
    """Written out, so that a changed code shows as a changed line."""
    assert {kind.name: kind.value for kind in CostType} == {
        "SHIPPING": "01",
        "DOMESTIC": "02",
        "RETURN": "03",
        "DOMESTIC_FUEL": "04",
        "CUSTOMS": "05",
        "WEIGHT_GAP": "06",
        "DUPLICATION_COMPENSATION": "07",
    }
    assert {mode.name: mode.value for mode in ChargeMode} == {
        "ACTUAL_WEIGHT": "01",
        "DIMENSION_WEIGHT": "02",
        "LITE": "03",
    }


def test_a_type_that_nobody_knows_is_kept() -> None:
    """It is owed all the same."""
    row = ActualCost(
        carrier=CARRIER.id, number="N1", code="42", amount=usd("0.30"), billed_at=day(20)
    )

    assert (row.code, row.kind) == ("42", None)
    assert totals([row]) == {Currency("USD"): usd("0.30")}


def test_a_row_that_comes_twice_is_one_row() -> None:
    """With another remark, or with weights that were not known before, too."""
    bare = attrs.evolve(FREIGHT, actual_weight=None, size=None, remark="first")

    merged = merge([bare, FREIGHT], [FREIGHT, bare])

    assert merged == (FREIGHT,)


@pytest.mark.parametrize(
    "other",
    [
        attrs.evolve(FREIGHT, carrier="DHL"),
        attrs.evolve(FREIGHT, number="N2"),
        attrs.evolve(FREIGHT, code="02"),
        attrs.evolve(FREIGHT, amount=usd("12.51")),
        attrs.evolve(FREIGHT, amount=Money.of("12.50", "HKD")),
        attrs.evolve(FREIGHT, billed_at=day(21)),
    ],
    ids=["carrier", "number", "code", "amount", "currency", "time"],
)
def test_rows_that_differ_in_what_is_owed_are_two_rows(other: ActualCost) -> None:
    """Carriers do not number them, and bill two of a type at one instant."""
    assert set(merge([FREIGHT], [other])) == {FREIGHT, other}


def test_rows_come_in_the_order_of_billing() -> None:
    """Whatever the order in which they came in."""
    assert merge([CREDIT], [GAP, FREIGHT]) == (FREIGHT, GAP, CREDIT)


@pytest.mark.parametrize(
    "later",
    [
        {"carrier": "ZTO"},
        {"number": "N2"},
        {"code": "02"},
        {"amount": Money(1250, "ZAR")},
        {"amount": usd("12.51")},
    ],
    ids=["carrier", "number", "code", "currency", "amount"],
)
def test_rows_of_one_instant_come_by_what_they_are(later: dict[str, object]) -> None:
    """So a bill is the same, in whatever order it came."""
    other = altered(FREIGHT, **later)

    assert merge([FREIGHT], [other]) == merge([other], [FREIGHT]) == (FREIGHT, other)


@pytest.mark.parametrize(
    ("full", "bare"),
    [
        ({"actual_weight": None, "size": None}, {"kind": None}),
        ({"actual_weight": None, "size": None}, {"mode": None}),
        ({"actual_weight": Weight(1)}, {"actual_weight": None}),
        ({"remark": "as measured"}, {"remark": ""}),
    ],
    ids=["type", "mode", "weight", "remark"],
)
def test_of_two_reports_of_a_row_the_fuller_one_stays(
    full: dict[str, object], bare: dict[str, object]
) -> None:
    """A known type goes before weights, and any weight before none."""
    fuller, barer = altered(FREIGHT, **full), altered(FREIGHT, **bare)

    assert merge([fuller], [barer]) == merge([barer], [fuller]) == (fuller,)


def test_only_rows_that_say_more_are_new() -> None:
    """One that is not known, or a fuller report of one that is."""
    bare = attrs.evolve(GAP, actual_weight=None)

    assert unknown([CREDIT, bare, bare], among=[FREIGHT, GAP]) == (CREDIT,)
    assert unknown([CREDIT, GAP, GAP], among=[FREIGHT, bare]) == (GAP, CREDIT)
    assert unknown([], among=[FREIGHT]) == ()


@pytest.mark.parametrize("written", ["lv 000 000 014 hk", "LV-000000014-HK"])
def test_a_number_is_the_same_however_it_is_written(written: str) -> None:
    """And of two spellings one stays, whatever the order."""
    row = attrs.evolve(FREIGHT, number="LV000000014HK")
    other = attrs.evolve(row, number=written)

    assert other.key == row.key
    assert other.number == written
    assert merge([row], [other]) == merge([other], [row])
    assert len(merge([row], [other])) == 1


def test_what_is_no_number_is_compared_as_it_was_reported() -> None:
    """Nothing raises over a fact."""
    assert attrs.evolve(FREIGHT, number="").key.number == ""
    assert attrs.evolve(FREIGHT, number="N\x00").key.number == "N\x00"


def test_totals_are_by_currency_and_credits_are_taken_off() -> None:
    """Each row once; two that cancel each other leave nothing, and are told."""
    tax = attrs.evolve(FREIGHT, code="05", amount=Money.of("7.00", "HKD"))
    paid_back = attrs.evolve(tax, amount=Money.of("-7.00", "HKD"))

    found = totals([GAP, CREDIT, FREIGHT, tax, FREIGHT, paid_back])

    assert list(found.items()) == [
        (Currency("HKD"), Money.zero("HKD")),
        (Currency("USD"), usd("11.70")),
    ]
    assert totals([]) == {}


def test_totals_come_by_the_code_of_their_currency() -> None:
    """Whichever was billed first."""
    codes = ("USD", "HKD", "TWD", "AUD", "JPY", "EUR", "CNY")

    found = totals(attrs.evolve(FREIGHT, amount=Money(500, code)) for code in codes)

    assert [str(unit) for unit in found] == sorted(codes)


def test_a_credit_is_below_zero_whatever_its_type() -> None:
    """A positive row of the same type takes the compensation back."""
    assert CREDIT.is_credit
    assert not attrs.evolve(CREDIT, amount=usd("2.00")).is_credit
    assert not FREIGHT.is_credit
    assert attrs.evolve(CREDIT, amount=usd("-0.01")).is_credit
    assert not attrs.evolve(CREDIT, amount=usd("0.00")).is_credit


def test_a_remark_is_not_shown() -> None:
    """It is what somebody wrote."""
    assert "Chan" not in repr(attrs.evolve(FREIGHT, remark="for Mr Chan"))


@pytest.mark.parametrize("field", ["carrier", "number", "code", "mode_code"])
def test_labels_have_bounds(field: str) -> None:
    """They are printed and indexed."""
    assert given(FREIGHT, **{field: "x" * 256}) != FREIGHT
    with pytest.raises(InvalidValueError, match="up to 256 characters"):
        given(FREIGHT, **{field: "x" * 257})


@pytest.mark.parametrize("sign", [1, -1])
def test_no_parcel_costs_more_than_any_parcel_does(sign: int) -> None:
    """So ten thousand rows can be added up."""
    most = attrs.evolve(FREIGHT, amount=Money(sign * 10**12, "USD"))

    assert totals([most]) == {Currency("USD"): most.amount}
    with pytest.raises(InvalidValueError, match="is beyond what a parcel costs"):
        attrs.evolve(FREIGHT, amount=Money(sign * (10**12 + 1), "USD"))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("amount", 12),
        ("kind", "01"),
        ("mode", "01"),
        ("actual_weight", 870),
        ("size", "30*20*10"),
        ("number", 1),
    ],
)
def test_wrong_types_are_refused(field: str, wrong: object) -> None:
    """By the constructor, and not later."""
    with pytest.raises(InvalidTypeError):
        given(FREIGHT, **{field: wrong})


def test_a_bill_has_rows() -> None:
    """One or more, in a tuple."""
    bill: Callable[..., object] = Bill

    assert Bill((FREIGHT,)).rows == (FREIGHT,)
    with pytest.raises(InvalidValueError, match="has no rows"):
        Bill(())
    with pytest.raises(InvalidTypeError):
        bill([FREIGHT])


def test_carriage_is_what_carrying_costs() -> None:
    """Freight, fuel, the fee for weight, less what was billed twice; not duties and returns."""
    rows = [
        attrs.evolve(FREIGHT, kind=kind, code=f"c-{number}", amount=Money(10**number, "USD"))
        for number, kind in enumerate((*CostType, None))
    ]

    assert carriage(rows) == Money(1101011, "USD")


def test_carriage_in_two_currencies_has_no_sum() -> None:
    """Nor has none at all."""
    other = attrs.evolve(FREIGHT, amount=Money.of("1.00", "HKD"))

    assert carriage([]) is None
    assert carriage([FREIGHT, other]) is None
