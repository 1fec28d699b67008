"""Customs declarations: which form goes on a parcel, and what it says.

Posts put one of two forms on a parcel with goods.  The short one, CN 22, is for what is light and of
little value; everything else takes the long one, CN 23.  Both tell each line of the contents: what
it is in English, how many, its weight, its value, its HS code and where it was made.

The limit of value is in special drawing rights, so that a rate must be passed in; where it is
missing, that is a reason why there is no declaration, beside all others.

>>> from apaclogistics.values.places import Country
>>> item = CustomsItem(description="Reading lamp", quantity=1, value=Money.of("45.00", "USD"),
...                    hs_code="94052100", origin=Country("CN"), net_weight=Weight(700))
>>> parcel = Parcel(id=ParcelId("p-1"), weight=Weight(870), contents=(item,))
>>> rate = ExchangeRate(base="USD", quote="XDR", rate="0.74", at="2026-03-01T00:00:00Z",
...                     source="an example")
>>> declared = declare_parcel(parcel, rates=[rate], at=instant("2026-03-02T00:00:00Z"))
>>> declared.form.value, str(declared.value)
('CN 22', '45.00 USD')
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final

import attrs

from apaclogistics.consignments import Consignment, Parcel
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.values.fields import of_type, several, tuple_of
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import ParcelId, identifier
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import ExchangeRate, Money, Rounding, exchange
from apaclogistics.values.quantities import Weight

__all__ = (
    "CN22_MAX_GRAMS",
    "CN22_MAX_VALUE",
    "CustomsForm",
    "Declaration",
    "Undeclared",
    "declare",
    "declare_parcel",
)

# Source: UPU Convention Manual, customs declarations CN 22 and CN 23; both limits included.
CN22_MAX_VALUE: Final = Money.of("300.00", "XDR")
CN22_MAX_GRAMS: Final = 2000


class CustomsForm(Enum):
    """The form that goes on the parcel.

    Source: UPU Convention Manual.
    """

    CN22 = "CN 22"
    CN23 = "CN 23"


@attrs.frozen(kw_only=True)
class Declaration:
    """What customs are told of one parcel, complete: each line has its code, origin and weight."""

    parcel: ParcelId = attrs.field(validator=identifier)
    form: CustomsForm = attrs.field(validator=of_type(CustomsForm))
    lines: tuple[CustomsItem, ...] = attrs.field(validator=tuple_of(CustomsItem))
    value: Money = attrs.field(validator=of_type(Money))
    weight: Weight = attrs.field(validator=of_type(Weight))

    def __attrs_post_init__(self) -> None:
        """Refuse a declaration of nothing."""
        if not self.lines:
            raise InvalidValueError("declaration of parcel", self.parcel, "has no lines")


@attrs.frozen
class Undeclared:
    """Every reason why there is no declaration; each names its parcel."""

    reasons: tuple[Reason, ...]


def declare(
    consignment: Consignment, *, rates: Iterable[ExchangeRate] = (), at: Instant
) -> tuple[Declaration, ...] | Undeclared:
    """Declare each parcel of a consignment, as of an instant, or give every reason why not."""
    known = several("rates", rates, ExchangeRate)
    answers = [declare_parcel(it, rates=known, at=at) for it in consignment.parcels]
    reasons = [reason for it in answers if isinstance(it, Undeclared) for reason in it.reasons]
    if reasons:
        return Undeclared(tuple(reasons))
    return tuple(it for it in answers if isinstance(it, Declaration))


def declare_parcel(
    parcel: Parcel, *, rates: Iterable[ExchangeRate] = (), at: Instant
) -> Declaration | Undeclared:
    """Declare one parcel on the form that it takes, or give every reason why not."""
    form = _form(parcel, tuple(rates), instant(at))
    reasons = (*_missing(parcel), *(() if isinstance(form, CustomsForm) else (form,)))
    if parcel.declared is None or parcel.weight is None or isinstance(form, Reason) or reasons:
        named = (Reason(it.code, f"parcel {parcel.id}: {it.text}") for it in reasons)
        return Undeclared(tuple(named))
    return Declaration(
        parcel=parcel.id,
        form=form,
        lines=parcel.contents,
        value=parcel.declared,
        weight=parcel.weight,
    )


def _form(parcel: Parcel, rates: tuple[ExchangeRate, ...], at: Instant) -> CustomsForm | Reason:
    """Choose the form; no rate is needed where nothing is declared or the weight decides."""
    if parcel.weight is not None and parcel.weight.grams > CN22_MAX_GRAMS:
        return CustomsForm.CN23
    if parcel.declared is None:
        return CustomsForm.CN22
    # Rounded up, so that no value slips under the limit.
    value = exchange(parcel.declared, CN22_MAX_VALUE.currency, rates, at, Rounding.UP)
    if isinstance(value, Reason):
        return value
    return CustomsForm.CN22 if value <= CN22_MAX_VALUE else CustomsForm.CN23


def _missing(parcel: Parcel) -> Iterator[Reason]:
    if parcel.weight is None:
        yield Reason("weight_missing", "the weight is not known")
    if not parcel.contents:
        yield Reason("contents_missing", "nothing is said of the contents")
    for number, item in enumerate(parcel.contents, start=1):
        yield from _missing_of(item, f"line {number} ({item.description})")
    net = sum(item.net_weight.grams for item in parcel.contents if item.net_weight is not None)
    if parcel.weight is not None and net > parcel.weight.grams:
        text = f"the lines weigh {net} g, and the parcel {parcel.weight}"
        yield Reason("net_weight_above_gross", text)


def _missing_of(item: CustomsItem, line: str) -> Iterator[Reason]:
    if not item.hs_code:
        yield Reason("hs_code_missing", f"{line} has no HS code")
    if item.origin is None:
        yield Reason("origin_missing", f"{line} does not say where it was made")
    if item.net_weight is None:
        yield Reason("net_weight_missing", f"{line} has no net weight")
