"""Tariffs: what a parcel costs on a rate card, with its breakdown, or all reasons why it has none.

A rate card has zones, weight bands, and its own rule for the chargeable weight, which need not be
the greater of actual and volumetric weight.  A price is made in a stated order:

1. the freight, from the lightest band of the zone whose upper limit holds the chargeable weight; of
   several with that limit, the cheapest;
2. what is missing to the card's minimum charge;
3. the surcharges, in the order of the card;
4. the insurance.

Each line is rounded half up to the minor unit, and the lines add up to the total.  The order of
bands never matters.  A missing rate is a reason to refuse; it is never zero.

>>> from apaclogistics.rate_cards import Band, Surcharge
>>> from apaclogistics.values.zones import Zone
>>> card = RateCard(
...     name="example",
...     zones=(Zone("US"),),
...     bands=(Band("US", 2000, Money.of("8.00", "USD")),),
...     surcharges=(Surcharge(name="fuel", charge=Percent("12.5")),),
...     valid_from="2026-01-01T00:00:00Z",
... )
>>> price = price_of(
...     card, country=Country("US"), postal_code="", weight=Weight(720), dimensions=None,
...     at=card.valid_from,
... )
>>> [f"{line.label}: {line.amount}" for line in price.lines]
['example, zone US, 720 g: 8.00 USD', 'fuel: 1.00 USD']
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

import attrs

from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.rate_cards import (
    Insurance,
    Percent,
    PercentOf,
    PriceRequest,
    RateCard,
)
from apaclogistics.values.fields import of_type, tuple_of
from apaclogistics.values.identifiers import compact
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import ExchangeRate, Money, Rounding, exchange
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, Weight
from apaclogistics.values.weighing import ChargeableWeight
from apaclogistics.values.zones import Zone

__all__ = ("Price", "PriceLine", "Unpriced", "price_of")


@attrs.frozen
class PriceLine:
    """One line of a price's breakdown."""

    label: str = attrs.field(validator=of_type(str))
    amount: Money = attrs.field(validator=of_type(Money))


@attrs.frozen(kw_only=True)
class Price:
    """What a parcel costs: the lines, which add up to the total, and the weight charged for."""

    zone: str = attrs.field(validator=of_type(str))
    chargeable: ChargeableWeight = attrs.field(validator=of_type(ChargeableWeight))
    lines: tuple[PriceLine, ...] = attrs.field(validator=tuple_of(PriceLine))

    def __attrs_post_init__(self) -> None:
        """Refuse a price of nothing."""
        if not self.lines:
            raise InvalidValueError("price", self.zone, "has no lines", "one or more")

    @property
    def total(self) -> Money:
        """The lines added up."""
        return Money.total((line.amount for line in self.lines), self.lines[0].amount.currency)


@attrs.frozen
class Unpriced:
    """Every reason why a parcel has no price."""

    reasons: tuple[Reason, ...]


def price_of(
    card: RateCard,
    *,
    country: Country,
    postal_code: str,
    weight: Weight,
    dimensions: Dimensions | None,
    insured: Money | None = None,
    at: Instant,
    rates: Iterable[ExchangeRate] = (),
) -> Price | Unpriced:
    """Price a parcel on a rate card, as of an instant, or give every reason why it has no price.

    `insured` is the value to be insured, None for no insurance; `rates` bring amounts in another
    currency into that of the card.

    Raises:
        InvalidTypeError: if the country, the postal code or the weight is of another type.
        InvalidValueError: if the insured value is not above zero.
    """
    request = PriceRequest(
        country=country,
        postal_code=postal_code,
        weight=weight,
        dimensions=dimensions,
        insured=insured,
        at=instant(at),
        rates=tuple(rates),
    )
    zone = card.zone_of(country, postal_code)
    chargeable = card.rule.chargeable(weight, dimensions)
    reasons = (*_unanswered(card, request), *_without_rate(card, request, zone, chargeable))
    # What else speaks against it is told along, so the lines are made up even of no freight.
    start = () if zone is None or reasons else _freight(card, zone, chargeable.grams)
    lines, others = _added(card, request, start)
    if zone is None or reasons or others:
        return Unpriced(tuple(dict.fromkeys((*reasons, *others))))
    return Price(zone=zone.name, chargeable=chargeable, lines=lines)


def _unanswered(card: RateCard, request: PriceRequest) -> Iterator[Reason]:
    """Give what must be known before there can be a price, and is not."""
    if not card.is_in_force(request.at):
        until = f" until {to_text(card.valid_until)}" if card.valid_until else " on"
        span = f"from {to_text(card.valid_from)}{until}"
        text = f"{card.name} is in force {span}, not at {to_text(request.at)}"
        yield Reason("not_in_force", text)
    if not compact(request.postal_code):
        for what in _by_postal_code(card, request):
            text = f"{what} within {request.country} depends on the postal code, and there is none"
            yield Reason("postal_code_missing", text)
    if request.dimensions is None and (
        card.rule.needs_dimensions or any(it.depends_on_size(request) for it in card.surcharges)
    ):
        text = f"the price on {card.name} depends on the size, and it is not known"
        yield Reason("dimensions_missing", text)


def _by_postal_code(card: RateCard, request: PriceRequest) -> Iterator[str]:
    if card.needs_postal_code(request.country):
        yield "the zone"
    for surcharge in card.surcharges:
        if surcharge.needs_postal_code(request):
            yield f"surcharge {surcharge.name}"


def _without_rate(
    card: RateCard, request: PriceRequest, zone: Zone | None, chargeable: ChargeableWeight
) -> Iterator[Reason]:
    if not compact(request.postal_code) and card.needs_postal_code(request.country):
        # Which zone it is cannot be told, so nothing is said of its rates.
        return
    if zone is None:
        where = f"{request.country} {request.postal_code}".strip()
        yield Reason("not_covered", f"{card.name} does not reach {where}")
    elif not (most := card.heaviest(zone)):
        yield Reason("no_rate", f"{card.name} has no rate for zone {zone.name}")
    elif chargeable.grams > most:
        text = f"{chargeable.grams} g are above the {most} g of {card.name}, zone {zone.name}"
        yield Reason("no_rate", f"{text} ({chargeable.derivation})")


def _freight(card: RateCard, zone: Zone, grams: int) -> tuple[PriceLine, ...]:
    freight = card.freight(zone, grams)
    line = PriceLine(f"{card.name}, zone {zone.name}, {grams} g", freight)
    if card.minimum is None or freight >= card.minimum:
        return (line,)
    return (line, PriceLine(f"to the minimum of {card.minimum}", card.minimum - freight))


def _added(
    card: RateCard, request: PriceRequest, freight: tuple[PriceLine, ...]
) -> tuple[tuple[PriceLine, ...], tuple[Reason, ...]]:
    """Add surcharges and insurance to the freight; beside the lines, why some have no amount."""
    lines, reasons = list(freight), list[Reason]()
    base = _sum(card, freight)
    for label, charge in _charges(card, request):
        try:
            found = _amount(charge, base, _sum(card, lines), card, request)
            lines += [PriceLine(label, amount) for amount in found if isinstance(amount, Money)]
            reasons += [reason for reason in found if isinstance(reason, Reason)]
            _sum(card, lines)
        except InvalidValueError as error:
            reasons.append(Reason("amount_out_of_range", f"{label} on {card.name}: {error}"))
            break
    return tuple(lines), tuple(reasons)


def _sum(card: RateCard, lines: Iterable[PriceLine]) -> Money:
    return Money.total((line.amount for line in lines), card.currency)


def _charges(card: RateCard, request: PriceRequest) -> Iterator[tuple[str, Money | Percent | None]]:
    """Give what is added to the freight, in its order; None stands for the insurance."""
    for surcharge in card.surcharges:
        if surcharge.applies(request):
            yield surcharge.name, surcharge.charge
    if request.insured is not None:
        yield f"insurance of {request.insured}", None


def _amount(
    charge: Money | Percent | None,
    base: Money,
    subtotal: Money,
    card: RateCard,
    request: PriceRequest,
) -> Sequence[Money | Reason]:
    match charge:
        case Money():
            return (_in_currency(charge, card, request),)
        case Percent(rate, of):
            return (
                (base if of is PercentOf.FREIGHT else subtotal).percent(rate, Rounding.HALF_UP),
            )
        case None:
            return _premium(card, request)
        case _:
            assert_never(charge)


def _in_currency(amount: Money, card: RateCard, request: PriceRequest) -> Money | Reason:
    return exchange(amount, card.currency, request.rates, request.at, Rounding.HALF_UP)


def _premium(card: RateCard, request: PriceRequest) -> Sequence[Money | Reason]:
    """Give the premium, or every reason why the value is not insured."""
    terms, insured = card.insurance, request.insured
    if terms is None or insured is None:
        text = f"{card.name} insures nothing, asked for {insured}"
        return (Reason("insurance_not_offered", text),)
    value, least = (_in_currency(amount, card, request) for amount in (insured, terms.least))
    reasons = [it for it in (value, least) if isinstance(it, Reason)]
    reasons += _uncapped(card, terms, insured, request)
    if isinstance(value, Money) and isinstance(least, Money) and not reasons:
        return (max(least, value.percent(terms.percent, Rounding.HALF_UP)),)
    return reasons


def _uncapped(
    card: RateCard, terms: Insurance, insured: Money, request: PriceRequest
) -> Iterator[Reason]:
    """Say why a value is not within the cap; in two currencies, to the disadvantage of the value."""
    most = terms.most_insured
    value, cap = (
        amount
        if insured.currency == most.currency
        else exchange(amount, card.currency, request.rates, request.at, rounding)
        for amount, rounding in ((insured, Rounding.UP), (most, Rounding.DOWN))
    )
    if isinstance(cap, Reason):
        yield cap
    elif isinstance(value, Money) and value > cap:
        text = f"value of {insured} is above the {most} that {card.name} insures"
        yield Reason("insurance_above_cap", text)
