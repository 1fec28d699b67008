"""Quotes: what carriage costs and when it arrives, or every reason why an offer does not take it.

A quote is a value: prices with their breakdown, the chargeable weights and how they came about, the
promised window, duties where the price is to hold them, and how long it is good.  It is for the
very carriage that it was asked for, and books once.  Quotes are compared in one currency: the
cheapest, the fastest, and the frontier of those that no other beats in both.

What the world says (calendars, exchange rates, duties) is passed in as an `Almanac`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Self

import attrs

from apaclogistics.consignments import Consignment, Parcel
from apaclogistics.duties import DutiesUnknown, DutyEstimate, estimate
from apaclogistics.duty_tables import DutyTable
from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.offers import (
    Carriage,
    Offer,
    ServiceLevel,
    TransportMode,
    named_by_parcel,
)
from apaclogistics.promises import Promise, promise
from apaclogistics.tariffs import Price, Unpriced, price_of
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar
from apaclogistics.values.fields import of_type, optional, tuple_of
from apaclogistics.values.goods import Incoterm
from apaclogistics.values.identifiers import (
    CarrierCode,
    ListingVersion,
    QuoteId,
    checked_id,
    compact,
    identifier,
)
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import Currency, ExchangeRate, Money, Rounding, exchange
from apaclogistics.values.places import Country

__all__ = ("Almanac", "Comparison", "Quote", "QuoteRefused", "Ranked", "compare", "quote")

_LONGEST: Final = timedelta(days=366)


def _by_country(
    calendars: Mapping[Country, BusinessCalendar],
) -> Mapping[Country, BusinessCalendar]:
    if not isinstance(calendars, Mapping):
        raise InvalidTypeError("calendars", type(calendars).__name__, "a mapping by Country")
    for country in calendars:
        if not isinstance(country, Country):
            raise InvalidTypeError("country of a calendar", type(country).__name__, "Country")
    return MappingProxyType(dict(calendars))


@attrs.frozen(kw_only=True)
class Almanac:
    """What quoting must know of the world: business calendars, exchange rates, a duty table.

    A country without a calendar has business on Mondays to Fridays, and the promise says so.
    """

    calendars: Mapping[Country, BusinessCalendar] = attrs.field(
        default=MappingProxyType({}), converter=_by_country
    )
    rates: tuple[ExchangeRate, ...] = attrs.field(default=(), validator=tuple_of(ExchangeRate))
    duties: DutyTable | None = attrs.field(default=None, validator=optional(DutyTable))

    def calendar_of(self, country: Country) -> BusinessCalendar:
        """Give the calendar of a country, or that of weekends alone."""
        return self.calendars.get(country, WEEKENDS)


@attrs.frozen(kw_only=True)
class Quote:
    """A price and a promise for some carriage, good until `expires_at` and for one booking.

    `prices` are those of the parcels, in their order.  `duties` are part of the total; they are
    None unless the seller pays them (DDP).

    Raises:
        InvalidValueError: if there is not a price for each parcel, all in one currency.
    """

    id: QuoteId
    listing: ListingVersion = attrs.field(validator=of_type(ListingVersion))
    offer: str = attrs.field(validator=of_type(str))
    carrier: CarrierCode = attrs.field(validator=identifier)
    service: str = attrs.field(validator=of_type(str))
    mode: TransportMode = attrs.field(validator=of_type(TransportMode))
    level: ServiceLevel = attrs.field(validator=of_type(ServiceLevel))
    incoterm: Incoterm = attrs.field(default=Incoterm.DAP, validator=of_type(Incoterm))
    carriage: Carriage = attrs.field(validator=of_type(Carriage))
    prices: tuple[Price, ...] = attrs.field(validator=tuple_of(Price))
    duties: DutyEstimate | None = attrs.field(default=None, validator=optional(DutyEstimate))
    promise: Promise = attrs.field(validator=of_type(Promise))
    at: Instant = attrs.field(converter=instant)
    expires_at: Instant = attrs.field(converter=instant)

    def __attrs_post_init__(self) -> None:
        """Refuse a quote that could not say what it costs."""
        checked_id("quote", self.id)
        if len(self.prices) != len(self.carriage.parcels):
            count = f"{len(self.carriage.parcels)}"
            raise InvalidValueError("prices of quote", len(self.prices), "are too few", count)
        # The sum refuses several currencies, and what is beyond any amount of money.
        _ = self.total

    @property
    def freight(self) -> Money:
        """What carriage costs, surcharges and insurance included, duties not."""
        first, *others = (price.total for price in self.prices)
        return Money.total(others, first.currency) + first

    @property
    def total(self) -> Money:
        """What it costs together."""
        return self.freight + self.duties.total if self.duties else self.freight

    def hindrances(self, at: Instant) -> tuple[Reason, ...]:
        """Why the quote is no good at an instant; nothing while it is."""
        if at <= self.expires_at:
            return ()
        text = f"quote {self.id} expired at {to_text(self.expires_at)}"
        return (Reason("quote_expired", text),)

    def against(self, consignment: Consignment) -> tuple[Reason, ...]:
        """Why the quote is not for a consignment: another destination, or other parcels."""
        return tuple(
            Reason(code, f"quote {self.id} is for {text}")
            for code, text in (
                *self._other_destination(consignment),
                *self._other_terms(consignment),
                *self._other_parcels(consignment),
            )
        )

    def _other_destination(self, consignment: Consignment) -> Iterator[tuple[str, str]]:
        destination, address = self.carriage.destination, consignment.consignee.address
        quoted, given = (
            _area(it.country, compact(it.postal_code)) for it in (destination, address)
        )
        if address.country != destination.country or (quoted and quoted != given):
            told, meant = (
                f"{it.country} {it.postal_code}".strip() for it in (destination, address)
            )
            yield "quote_elsewhere", f"{told}, and the consignment goes to {meant}"

    def _other_terms(self, consignment: Consignment) -> Iterator[tuple[str, str]]:
        mine, theirs = self.incoterm, consignment.incoterm
        if (mine is Incoterm.DDP) != (theirs is Incoterm.DDP):
            yield "quote_other_incoterm", f"{mine.value}, and the consignment is {theirs.value}"

    def _other_parcels(self, consignment: Consignment) -> Iterator[tuple[str, str]]:
        quoted, given = (
            {parcel.id: parcel for parcel in parcels}
            for parcels in (self.carriage.parcels, consignment.parcels)
        )
        for id in sorted(quoted.keys() | given.keys()):
            if quoted.get(id) != given.get(id):
                text = f"{_shown(quoted.get(id))}, and the consignment has {_shown(given.get(id))}"
                yield "quote_for_other_parcels", f"parcel {id}: {text}"


def _area(country: Country, postal_code: str) -> str:
    # ZIP+4 tells the side of a street within a ZIP code, which is all that a quote may have.
    return postal_code[:5] if country.code == "US" else postal_code


def _shown(parcel: Parcel | None) -> str:
    if parcel is None:
        return "no such parcel"
    contents = (
        f"{item.quantity} x {item.description!r} for {item.value}, HS {item.hs_code or 'unknown'}, "
        f"{item.battery.value}"
        for item in parcel.contents
    )
    facts = (parcel.weight, parcel.dimensions, *contents)
    return ", ".join(str(fact) for fact in facts if fact) or "nothing said of it"


@attrs.frozen(kw_only=True)
class QuoteRefused:
    """Every reason why an offer is not for some carriage at an instant; each names the offer."""

    listing: ListingVersion
    offer: str
    reasons: tuple[Reason, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse a refusal for no reason."""
        if not self.reasons:
            raise InvalidValueError("refusal of offer", self.offer, "has no reason", "one or more")


def quote(
    id: QuoteId,
    offer: Offer,
    carriage: Carriage,
    *,
    listing: ListingVersion,
    at: Instant,
    valid_for: timedelta,
    almanac: Almanac,
    hindrances: Iterable[Reason] = (),
    agreements: Collection[str] = (),
) -> Quote | QuoteRefused:
    """Price and promise carriage on an offer, as of an instant, or give every reason why not.

    `hindrances` are why nothing can be sold now; `agreements` those that the seller has accepted.

    Raises:
        InvalidTypeError: if `valid_for` is no span of time.
        InvalidValueError: if the identifier is none, or `valid_for` is not above zero or above a
            year.
    """
    until = _expiry(at, valid_for)
    prices = _prices(offer, carriage, at, almanac.rates)
    freight = _freight(offer, prices)
    duties = _duties(offer, carriage, freight, at, almanac)
    promised = _promised(offer, carriage, at, almanac)
    reasons = (
        *hindrances,
        *offer.against(carriage, at=at, rates=almanac.rates, agreements=agreements),
        *_unpriced(carriage, prices),
        *_too_much(freight, duties),
        *(duties.reasons if isinstance(duties, DutiesUnknown) else ()),
        *((promised,) if isinstance(promised, Reason) else ()),
    )
    if reasons or isinstance(duties, DutiesUnknown) or isinstance(promised, Reason):
        return _refused(listing, offer.name, reasons)
    return Quote(
        id=id,
        listing=listing,
        offer=offer.name,
        carrier=offer.carrier,
        service=offer.service,
        mode=offer.mode,
        level=offer.level,
        incoterm=offer.incoterm,
        carriage=carriage,
        prices=tuple(price for price in prices if isinstance(price, Price)),
        duties=duties,
        promise=promised,
        at=at,
        expires_at=until,
    )


def _refused(listing: ListingVersion, offer: str, reasons: Iterable[Reason]) -> QuoteRefused:
    named = (Reason(it.code, f"{offer} of {listing}: {it.text}") for it in reasons)
    return QuoteRefused(listing=listing, offer=offer, reasons=tuple(dict.fromkeys(named)))


def _expiry(at: Instant, valid_for: timedelta) -> Instant:
    if not isinstance(valid_for, timedelta):
        raise InvalidTypeError("validity of a quote", type(valid_for).__name__, "timedelta")
    if not timedelta(0) < valid_for <= _LONGEST:
        allowed = "above zero, up to 366 days"
        raise InvalidValueError("validity of a quote", str(valid_for), "is out of range", allowed)
    try:
        return instant(instant(at) + valid_for)
    except OverflowError:
        raise InvalidValueError("instant of a quote", str(at), "is out of range") from None


def _prices(
    offer: Offer, carriage: Carriage, at: Instant, rates: tuple[ExchangeRate, ...]
) -> tuple[Price | Unpriced, ...]:
    return tuple(
        price_of(
            offer.rate_card,
            country=carriage.destination.country,
            postal_code=carriage.destination.postal_code,
            weight=parcel.weight,
            dimensions=parcel.dimensions,
            insured=insured,
            at=at,
            rates=rates,
        )
        for parcel, insured in zip(carriage.parcels, carriage.insured_of_each, strict=True)
        # A parcel without a weight is refused by the offer.
        if parcel.weight is not None
    )


def _unpriced(carriage: Carriage, prices: tuple[Price | Unpriced, ...]) -> tuple[Reason, ...]:
    weighed = (parcel for parcel in carriage.parcels if parcel.weight is not None)
    return named_by_parcel(
        (parcel, price.reasons if isinstance(price, Unpriced) else ())
        for parcel, price in zip(weighed, prices, strict=True)
    )


def _freight(offer: Offer, prices: tuple[Price | Unpriced, ...]) -> Money | Reason:
    return _sum((it.total for it in prices if isinstance(it, Price)), offer.rate_card.currency)


def _sum(amounts: Iterable[Money], currency: Currency) -> Money | Reason:
    try:
        return Money.total(amounts, currency)
    except InvalidValueError as error:
        return Reason("amount_out_of_range", f"the total is too much: {error}")


def _too_much(
    freight: Money | Reason, duties: DutyEstimate | DutiesUnknown | None
) -> Iterator[Reason]:
    if isinstance(freight, Reason):
        yield freight
    elif isinstance(duties, DutyEstimate):
        total = _sum((freight, duties.total), freight.currency)
        yield from (total,) if isinstance(total, Reason) else ()


def _duties(
    offer: Offer,
    carriage: Carriage,
    freight: Money | Reason,
    at: Instant,
    almanac: Almanac,
) -> DutyEstimate | DutiesUnknown | None:
    """Estimate what a seller who delivers duty paid will pay; None where the buyer pays."""
    if offer.incoterm is not Incoterm.DDP:
        return None
    if almanac.duties is None:
        text = f"{offer.incoterm.value} needs a duty table, and there is none"
        return DutiesUnknown((Reason("no_duty_table", text),))
    currency = offer.rate_card.currency
    return estimate(
        almanac.duties,
        items=[item for parcel in carriage.parcels for item in parcel.contents],
        parcels=len(carriage.parcels),
        origin=offer.origin,
        destination=carriage.destination.country,
        # What is missing elsewhere is told along, so duties are estimated even without a freight.
        freight=freight if isinstance(freight, Money) else Money.zero(currency),
        currency=currency,
        at=at,
        rates=almanac.rates,
    )


def _promised(offer: Offer, carriage: Carriage, at: Instant, almanac: Almanac) -> Promise | Reason:
    try:
        return promise(
            at,
            handling=offer.handling,
            transit=offer.transit,
            destination_zone=carriage.destination.zone_name,
            origin_calendar=almanac.calendar_of(offer.origin),
            destination_calendar=almanac.calendar_of(carriage.destination.country),
        )
    except InvalidValueError as error:
        # A calendar that does not know the days of this promise is no fault of who asks.
        return Reason("no_promise", f"nothing can be promised: {error}")


@attrs.frozen
class Ranked:
    """A quote and what it costs in the currency of a comparison."""

    quote: Quote
    cost: Money

    @property
    def latest(self) -> Instant:
        """The end of the promised window."""
        return self.quote.promise.window.latest

    def is_like(self, other: Self) -> bool:
        """Tell whether another costs the same and arrives as early."""
        return (self.cost, self.latest) == (other.cost, other.latest)


@attrs.frozen(kw_only=True)
class Comparison:
    """Quotes beside each other, cheapest first, and the offers that were refused.

    Of two that cost the same the one that arrives first stands first; ties beyond go by listing and
    offer, so that the order in which the quotes came never matters.
    """

    currency: Currency
    ranked: tuple[Ranked, ...] = ()
    refused: tuple[QuoteRefused, ...] = ()

    @property
    def cheapest(self) -> Quote | None:
        """The quote that none undercuts, None if all were refused."""
        return self.ranked[0].quote if self.ranked else None

    @property
    def fastest(self) -> Quote | None:
        """The quote with the earliest end of its window, None if all were refused."""
        in_time = sorted(self.ranked, key=lambda it: it.latest)
        return in_time[0].quote if in_time else None

    @property
    def frontier(self) -> tuple[Quote, ...]:
        """The quotes that no other beats in price or arrival without losing in the other.

        They come from the cheapest to the fastest; two that are alike in both stand together.
        """
        kept: list[Ranked] = []
        for it in self.ranked:
            if not kept or it.latest < kept[-1].latest or it.is_like(kept[-1]):
                kept.append(it)
        return tuple(it.quote for it in kept)


def compare(
    answers: Iterable[Quote | QuoteRefused],
    *,
    currency: Currency | str,
    at: Instant,
    rates: Iterable[ExchangeRate] = (),
) -> Comparison:
    """Compare quotes in one currency, as of an instant.

    One that has expired, or whose price cannot be brought into the currency, is refused.
    """
    known, unit = tuple(rates), Money.zero(currency).currency
    judged = [
        answer if isinstance(answer, QuoteRefused) else _ranked(answer, unit, at, known)
        for answer in answers
    ]
    ranked = (it for it in judged if isinstance(it, Ranked))
    refused = (it for it in judged if isinstance(it, QuoteRefused))
    return Comparison(
        currency=unit,
        ranked=tuple(sorted(ranked, key=_place)),
        refused=tuple(sorted(refused, key=_named)),
    )


def _ranked(
    quote: Quote, currency: Currency, at: Instant, rates: tuple[ExchangeRate, ...]
) -> Ranked | QuoteRefused:
    cost = exchange(quote.total, currency, rates, at, Rounding.HALF_UP)
    reasons = quote.hindrances(at)
    if isinstance(cost, Reason) or reasons:
        missing = (cost,) if isinstance(cost, Reason) else ()
        return _refused(quote.listing, quote.offer, (*reasons, *missing))
    return Ranked(quote, cost)


def _place(ranked: Ranked) -> tuple[Money, Instant, tuple[str, int, str], str]:
    return ranked.cost, ranked.latest, _named(ranked.quote), ranked.quote.id


def _named(answer: Quote | QuoteRefused) -> tuple[str, int, str]:
    return answer.listing.listing, answer.listing.version, answer.offer
