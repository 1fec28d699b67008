"""Declarations: the form that a parcel takes, or every reason why it has none."""

from typing import Final

import attrs
import pytest

from apaclogistics.consignments import Parcel
from apaclogistics.declarations import (
    CustomsForm,
    Declaration,
    Undeclared,
    declare,
    declare_parcel,
)
from apaclogistics.errors import InvalidValueError
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import ParcelId
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight
from tests.samples import consignment, day, usd

# Half an SDR for a dollar, so that the limit is at 600 dollars: an example.
RATE: Final = ExchangeRate(base="USD", quote="XDR", rate="0.5", at=day(1), source="an example")
PHONE: Final = CustomsItem(
    description="phone",
    quantity=1,
    value=usd("20.00"),
    hs_code="851713",
    origin=Country("CN"),
    net_weight=Weight(700),
)
PARCEL: Final = Parcel(id=ParcelId("p-1"), weight=Weight(800), contents=(PHONE,))


def declared(parcel: Parcel, *rates: ExchangeRate) -> Declaration | Undeclared:
    """Declare a parcel in March."""
    return declare_parcel(parcel, rates=rates or (RATE,), at=day(2))


def form(*, value: str = "20.00", grams: int = 800) -> CustomsForm:
    """Give the form for a value and a weight."""
    phone = attrs.evolve(PHONE, value=usd(value))
    answer = declared(attrs.evolve(PARCEL, weight=Weight(grams), contents=(phone,)))
    assert isinstance(answer, Declaration)
    return answer.form


def codes(answer: object) -> list[str]:
    """Give the codes of the reasons why not."""
    assert isinstance(answer, Undeclared)
    return [reason.code for reason in answer.reasons]


def test_a_declaration_says_what_is_inside() -> None:
    """Each line, and what they are worth and weigh together."""
    case = attrs.evolve(PHONE, description="case", value=usd("5.00"), net_weight=Weight(100))
    parcel = attrs.evolve(PARCEL, contents=(PHONE, case))

    assert declared(parcel) == Declaration(
        parcel=ParcelId("p-1"),
        form=CustomsForm.CN22,
        lines=(PHONE, case),
        value=usd("25.00"),
        weight=Weight(800),
    )


@pytest.mark.parametrize(
    ("value", "grams", "expected"),
    [
        ("600.00", 2000, CustomsForm.CN22),
        ("600.01", 2000, CustomsForm.CN23),
        ("600.00", 2001, CustomsForm.CN23),
        ("0.00", 800, CustomsForm.CN22),
    ],
)
def test_the_short_form_is_for_little_value_and_weight(
    value: str, grams: int, expected: CustomsForm
) -> None:
    """Up to 300 SDR and 2 kg, both included, and no fraction slips under the limit."""
    assert form(value=value, grams=grams) is expected


def test_without_a_rate_there_is_no_form() -> None:
    """Nor with one that is younger, or of another currency."""
    later = attrs.evolve(RATE, at=day(3))

    assert codes(declare_parcel(PARCEL, at=day(2))) == ["no_exchange_rate"]
    assert codes(declared(PARCEL, later)) == ["no_exchange_rate"]


def test_no_rate_is_needed_where_the_weight_decides() -> None:
    """Or where the value is in SDR."""
    heavy = attrs.evolve(PARCEL, weight=Weight(2001))
    in_sdr = attrs.evolve(PHONE, value=Money.of("300.00", "XDR"))

    answers = [
        declare_parcel(parcel, at=day(2))
        for parcel in (heavy, attrs.evolve(PARCEL, contents=(in_sdr,)))
    ]

    assert [it.form for it in answers if isinstance(it, Declaration)] == [
        CustomsForm.CN23,
        CustomsForm.CN22,
    ]


def test_every_reason_is_told_at_once() -> None:
    """Of the parcel, of each line, and the rate; each names the parcel."""
    bare = CustomsItem(description="phone", quantity=1, value=usd("20.00"))
    parcel = Parcel(id=ParcelId("p-1"), contents=(PHONE, bare))

    answer = declare_parcel(parcel, at=day(2))

    assert codes(answer) == [
        "weight_missing",
        "hs_code_missing",
        "origin_missing",
        "net_weight_missing",
        "no_exchange_rate",
    ]
    assert isinstance(answer, Undeclared)
    assert str(answer.reasons[1]) == "parcel p-1: line 2 (phone) has no HS code"
    assert all(reason.text.startswith("parcel p-1: ") for reason in answer.reasons)


def test_a_parcel_of_nothing_is_not_declared() -> None:
    """Nobody says what is inside."""
    assert codes(declared(attrs.evolve(PARCEL, contents=()))) == ["contents_missing"]
    assert codes(declared(Parcel(id=ParcelId("p-1")))) == ["weight_missing", "contents_missing"]


def test_the_lines_do_not_weigh_more_than_the_parcel() -> None:
    """As much is possible: wrapping weighs nothing in grams."""
    light = attrs.evolve(PARCEL, weight=Weight(699))

    assert codes(declared(light)) == ["net_weight_above_gross"]
    assert isinstance(declared(attrs.evolve(PARCEL, weight=Weight(700))), Declaration)


def test_all_parcels_are_declared_or_none() -> None:
    """The reasons of each are told."""
    second = attrs.evolve(PARCEL, id=ParcelId("p-2"))
    whole = attrs.evolve(consignment(), parcels=(PARCEL, second))
    broken = attrs.evolve(
        whole, parcels=(attrs.evolve(PARCEL, weight=None), attrs.evolve(second, contents=()))
    )

    done = declare(whole, rates=iter([RATE]), at=day(2))

    assert isinstance(done, tuple)
    assert [it.parcel for it in done] == ["p-1", "p-2"]
    assert codes(declare(broken, rates=[RATE], at=day(2))) == ["weight_missing", "contents_missing"]


def test_a_declaration_has_lines() -> None:
    """One or more."""
    answer = declared(PARCEL)

    assert isinstance(answer, Declaration)
    with pytest.raises(InvalidValueError, match="has no lines"):
        attrs.evolve(answer, lines=())
