"""Strategies for the values and facts of which everything else is made, by type."""

import datetime as stdlib
import string
from collections.abc import Callable, Collection, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, TypeAlias, assert_never
from unicodedata import normalize

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.incidents import Incident
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.tracking import Scan, Tracking, track
from apaclogistics.values.goods import CustomsItem, LithiumBattery
from apaclogistics.values.identifiers import (
    OpaqueNumber,
    S10Number,
    SpeedPakNumber,
    SsccNumber,
    TrackingNumber,
    tracking_number,
)
from apaclogistics.values.instants import Instant, Moment, Precision, Window, instant, to_text
from apaclogistics.values.money import Currency, ExchangeRate, Money
from apaclogistics.values.places import Address, Country, Party, Place
from apaclogistics.values.quantities import Dimensions, Weight

__all__ = (
    "VALUE_STRATEGIES",
    "actors",
    "addresses",
    "countries",
    "currencies",
    "customs_items",
    "dimensions",
    "exchange_rates",
    "histories",
    "instants",
    "milestones",
    "moments",
    "monies",
    "opaque_numbers",
    "parties",
    "phases",
    "places",
    "s10_numbers",
    "scans",
    "speedpak_numbers",
    "sscc_numbers",
    "tracking_numbers",
    "trackings",
    "weights",
    "windows",
)

# The currencies of the field, and some with no, three and four decimals.
_CURRENCIES: Final = ("USD", "HKD", "CNY", "AUD", "GBP", "EUR", "CAD", "JPY", "KRW", "KWD", "CLF")
# Where the lanes of the field begin and end.
_COUNTRIES: Final = ("HK", "CN", "TW", "SG", "JP", "KR", "AU", "NZ", "US", "CA", "GB", "DE", "FR")

_MOST_MINOR: Final = 10**16
_MOST_GRAMS: Final = 10**9
_MOST_MILLIMETRES: Final = 10**5
_FIRST: Final = instant("1900-01-01T00:00:00Z")
_LAST: Final = instant("9998-12-31T00:00:00Z")
# The first day that every zone has seen begin within the calendar.
_FIRST_LOCAL: Final = instant("1900-01-02T00:00:00Z")

_CARRIERS: Final = ("HKPOST", "USPS")
_CODES: Final = ("A1", "EMA", "EMI", "已签收")
# A day and a local midnight begin in UTC+14, at 10:00 UTC on the day before: so instants, local
# times and days of this week can be equally early, and often are.
_ONE_WEEK: Final = tuple(
    instant(f"2026-03-0{day}T{hour}:00:00Z") for day in range(2, 7) for hour in ("00", "10")
)
_REMARKS: Final = (
    (Place(), "", None),
    (Place(country="HK", city="Hong Kong"), "delivered", Incident.NOT_HOME),
    (Place(facility="USJFKA"), "本人签收", None),
)
# A scan may take back the one that comes so many places after it in a list, around its end.
_NEVER_CAME: Final = 0
_STEPS: Final = (_NEVER_CAME, 1, 2, 3)
# What a scan attests, or what it takes back; what ends a leg or begins another comes twice.
_TOLD: Final[tuple[tuple[Milestone | None, int | None], ...]] = (
    (None, None),
    *((milestone, None) for milestone in Milestone),
    (Milestone.ACCEPTED, None),
    (Milestone.DELIVERED, None),
    (Milestone.ATTEMPT_FAILED, None),
    (Milestone.RETURNING, None),
    (Milestone.RETURNED, None),
    *((None, steps) for steps in _STEPS),
    *((Milestone.DELIVERED, steps) for steps in _STEPS),
)

_PRINTABLE: Final = ("L", "M", "N", "P", "S")
_CAPITALS_AND_DIGITS: Final = string.digits + string.ascii_uppercase


def _ids() -> SearchStrategy[str]:
    return st.text(st.characters(codec="utf-8", categories=_PRINTABLE), min_size=1, max_size=128)


def _lines(*, min_size: int = 0) -> SearchStrategy[str]:
    visible = st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" ")
    some = st.text(visible, min_size=min_size, max_size=256)
    # The normal form of a text may be longer than the text.
    return some.filter(lambda text: len(normalize("NFC", text)) <= 256)


def _capitals(size: int) -> SearchStrategy[str]:
    return st.text(string.ascii_uppercase, min_size=size, max_size=size)


def _digits(size: int) -> SearchStrategy[str]:
    return st.text(string.digits, min_size=size, max_size=size)


def currencies() -> SearchStrategy[Currency]:
    """Give currencies with none, two, three and four decimals; shrinks to USD."""
    return st.sampled_from(_CURRENCIES).map(Currency)


def _one_or_any(currency: Currency | str | None) -> SearchStrategy[Currency]:
    if currency is None:
        return currencies()
    return st.just(currency if isinstance(currency, Currency) else Currency(currency))


def monies(
    *,
    currency: Currency | str | None = None,
    min_minor: int = -_MOST_MINOR,
    max_minor: int = _MOST_MINOR,
) -> SearchStrategy[Money]:
    """Give amounts between two numbers of minor units; shrinks to none, or nearest to it, in USD.

    The limits of `Money` are the default, so the sum of two may lie beyond them.
    """
    return st.builds(Money, st.integers(min_minor, max_minor), _one_or_any(currency))


def exchange_rates(
    *, base: Currency | str | None = None, quote: Currency | str | None = None
) -> SearchStrategy[ExchangeRate]:
    """Give rates with up to twelve digits before the point and after it; shrinks to 1 in USD."""
    whole = st.integers(1, 10**12 - 1).map(str)
    exact = st.integers(1, 10**24 - 1).map(lambda n: f"{n // 10**12}.{n % 10**12:012d}")
    return st.builds(
        ExchangeRate,
        base=_one_or_any(base),
        quote=_one_or_any(quote),
        rate=whole | exact,
        at=instants(),
        source=_lines(),
    )


def weights(*, min_grams: int = 1, max_grams: int = _MOST_GRAMS) -> SearchStrategy[Weight]:
    """Give weights of so many grams; shrinks to the least."""
    return st.integers(min_grams, max_grams).map(Weight)


def dimensions(*, min_mm: int = 1, max_mm: int = _MOST_MILLIMETRES) -> SearchStrategy[Dimensions]:
    """Give boxes whose sides are so many millimetres; shrinks to the smallest cube."""
    side = st.integers(min_mm, max_mm)
    return st.builds(Dimensions, side, side, side)


def instants(*, min_value: Instant = _FIRST, max_value: Instant = _LAST) -> SearchStrategy[Instant]:
    """Give instants in UTC; shrinks to 2000-01-01T00:00:00Z, or nearest to it."""
    earliest, latest = (instant(end).replace(tzinfo=None) for end in (min_value, max_value))
    return st.datetimes(earliest, latest, timezones=st.just(stdlib.UTC)).map(instant)


def windows(*, min_value: Instant = _FIRST, max_value: Instant = _LAST) -> SearchStrategy[Window]:
    """Give windows, empty ones of one instant included; shrinks to one instant."""
    end = instants(min_value=min_value, max_value=max_value)
    return st.tuples(end, end).map(lambda ends: Window(min(ends), max(ends)))


def moments(
    *,
    at: SearchStrategy[Instant] | None = None,
    precisions: Collection[Precision] = tuple(Precision),
) -> SearchStrategy[Moment]:
    """Give times as they are reported: an instant, a local time, or a local day.

    What is drawn from `at` is the instant, or is read off as the figures of a local clock or
    calendar; these begin on 2 January 1900.  Shrinks to an instant, the first that `at` gives.
    """
    figures = instants(min_value=_FIRST_LOCAL) if at is None else at
    return st.builds(_moment, figures, st.sampled_from(tuple(precisions)))


def _moment(at: Instant, precision: Precision) -> Moment:
    match precision:
        case Precision.INSTANT:
            return Moment(at)
        case Precision.LOCAL_TIME:
            return Moment.read(to_text(at).removesuffix("Z"))
        case Precision.LOCAL_DAY:
            return Moment.read(at.date().isoformat())
        case _:
            assert_never(precision)


def countries() -> SearchStrategy[Country]:
    """Give countries in which the lanes of the field begin and end; shrinks to Hong Kong."""
    return st.sampled_from(_COUNTRIES).map(Country)


def addresses(*, country: Country | str | None = None) -> SearchStrategy[Address]:
    """Give addresses with anything in their lines; shrinks to a bare country."""
    return st.builds(
        Address,
        lines=st.lists(_lines(), max_size=4).map(tuple),
        city=_lines(),
        region=_lines(),
        postal_code=_lines(),
        country=countries() if country is None else st.just(country),
    )


def parties(*, country: Country | str | None = None) -> SearchStrategy[Party]:
    """Give people and companies at an address; shrinks to nobody in a bare country."""
    return st.builds(
        Party,
        name=_lines(),
        company=_lines(),
        phone=_lines(),
        email=_lines(),
        address=addresses(country=country),
    )


def places() -> SearchStrategy[Place]:
    """Give places as feeds structure them; shrinks to nowhere."""
    return st.builds(Place, country=_lines(), city=_lines(), facility=_lines())


def customs_items(*, currency: Currency | str | None = None) -> SearchStrategy[CustomsItem]:
    """Give declared lines; shrinks to one piece of "0" that is worth nothing, without HS code."""
    return st.builds(
        CustomsItem,
        description=_names().filter(str.strip),
        description_zh=_names(),
        sku=_names(),
        category=st.just("") | _digits(5),
        quantity=st.integers(1, 1_000_000),
        value=monies(currency=currency, min_minor=0),
        hs_code=st.just("") | _hs_codes(),
        origin=st.none() | countries(),
        net_weight=st.none() | weights(),
        battery=st.sampled_from(LithiumBattery),
    )


@cache
def _names() -> SearchStrategy[str]:
    # Short enough for the normal form of a stock number, which may be three times as long.
    visible = st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" ")
    return st.text(visible, max_size=16)


@cache
def _hs_codes() -> SearchStrategy[str]:
    chapters = st.sampled_from([f"{n:02}" for n in range(1, 100) if n != 77])
    return st.builds(str.__add__, chapters, st.sampled_from((4, 6, 8)).flatmap(_digits))


def s10_numbers(
    *, service: str | None = None, country: str | None = None
) -> SearchStrategy[S10Number]:
    """Give UPU S10 numbers; shrinks to AA000000005AA."""
    return st.builds(
        S10Number,
        _capitals(2) if service is None else st.just(service),
        _digits(8),
        _capitals(2) if country is None else st.just(country),
    )


def sscc_numbers() -> SearchStrategy[SsccNumber]:
    """Give GS1 serial shipping container codes; shrinks to eighteen zeros."""
    return _digits(17).map(SsccNumber)


def speedpak_numbers() -> SearchStrategy[SpeedPakNumber]:
    """Give SpeedPAK numbers; shrinks to EE and 26 zeros."""
    rest = st.text(_CAPITALS_AND_DIGITS, min_size=26, max_size=26)
    return st.builds(
        lambda prefix, rest: SpeedPakNumber(prefix + rest),
        st.sampled_from(("EE", "ES", "EX")),
        rest,
    )


def opaque_numbers() -> SearchStrategy[OpaqueNumber]:
    """Give numbers that fit no scheme, written as `OpaqueNumber.parse` does; shrinks to "0"."""
    texts = st.text(f"{_CAPITALS_AND_DIGITS}_./中", min_size=1, max_size=64)
    return texts.map(OpaqueNumber).filter(lambda number: tracking_number(number.text) == number)


def tracking_numbers() -> SearchStrategy[TrackingNumber]:
    """Give numbers of every kind; shrinks to the opaque "0"."""
    return st.one_of(opaque_numbers(), s10_numbers(), sscc_numbers(), speedpak_numbers())


def actors(*, role: Role | None = None) -> SearchStrategy[Actor]:
    """Give somebody who acts; shrinks to the seller "0"."""
    return st.builds(Actor, st.sampled_from(Role) if role is None else st.just(role), _ids())


def phases() -> SearchStrategy[Phase]:
    """Give phases of a shipment; shrinks to DRAFT."""
    return st.sampled_from(Phase)


def milestones() -> SearchStrategy[Milestone]:
    """Give what a scan can attest; shrinks to REGISTERED."""
    return st.sampled_from(Milestone)


def _carriers(carrier: str | None) -> SearchStrategy[str]:
    return st.sampled_from(_CARRIERS) if carrier is None else st.just(carrier)


def _numbers(number: str | None) -> SearchStrategy[str]:
    return tracking_numbers().map(str) if number is None else st.just(number)


def _times(at: SearchStrategy[Moment] | None) -> SearchStrategy[Moment]:
    if at is not None:
        return at
    return st.sampled_from([_moment(it, how) for how in Precision for it in _ONE_WEEK])


def scans(
    *,
    carrier: str | None = None,
    number: str | None = None,
    at: SearchStrategy[Moment] | None = None,
) -> SearchStrategy[Scan]:
    """Give what carriers report, with known and unknown codes, and what they take back.

    Times come from one week unless `at` says otherwise.  Shrinks to an unknown code, "A1", that
    HKPOST reports at the beginning of that week.
    """
    reports = st.builds(
        Scan,
        carrier=_carriers(carrier),
        number=_numbers(number),
        code=st.sampled_from(_CODES) | _lines(),
        at=_times(at),
        place=st.just(Place()) | places(),
        milestone=st.none() | milestones(),
        incident=st.none() | st.sampled_from(Incident),
        recipient=_lines(),
        is_signed=st.booleans(),
        text=_lines(),
    )
    return reports | st.builds(_voiding, reports, reports)


def _voiding(scan: Scan, other: Scan) -> Scan:
    whose = attrs.evolve(other, carrier=scan.carrier, number=scan.number)
    return attrs.evolve(scan, voids=whose.key)


def histories(
    *,
    carrier: str | None = None,
    number: str | None = None,
    at: SearchStrategy[Moment] | None = None,
    min_size: int = 0,
    max_size: int = 12,
) -> SearchStrategy[list[Scan]]:
    """Give what was reported of one parcel, in the order of arrival, with all that goes wrong.

    Deliveries that are followed by returns, retractions of scans in the list and of scans that
    never came, equal and inexact times, unknown codes, codes that changed their meaning.  Times
    come from one week unless `at` says otherwise.  Shrinks to the shortest list.
    """
    # Hypothesis deletes at most five choices at once, so a scan is made of no more than these.
    report = st.tuples(
        st.sampled_from(_TOLD), st.sampled_from(_CODES), _times(at), st.sampled_from(_REMARKS)
    )
    told = st.lists(report, min_size=min_size, max_size=max_size)
    return st.builds(_history, _carriers(carrier), _numbers(number), told)


_Remark: TypeAlias = tuple[Place, str, Incident | None]
_Report: TypeAlias = tuple[tuple[Milestone | None, int | None], str, Moment, _Remark]


def _history(carrier: str, number: str, told: list[_Report]) -> list[Scan]:
    reports = [
        Scan(
            carrier=carrier,
            number=number,
            code=code,
            at=at,
            place=place,
            milestone=milestone,
            incident=incident,
            text=text,
        )
        for (milestone, _), code, at, (place, text, incident) in told
    ]
    return [
        scan if steps is None else _voiding(scan, _other(reports, index, steps))
        for index, (scan, ((_, steps), *_)) in enumerate(zip(reports, told, strict=True))
    ]


def _other(reports: list[Scan], index: int, steps: int) -> Scan:
    if steps == _NEVER_CAME:
        return attrs.evolve(reports[index], code="of a scan that never came")
    return reports[(index + steps) % len(reports)]


def trackings() -> SearchStrategy[Tracking]:
    """Give what histories say about a parcel; shrinks to that of no scan."""
    return histories().map(track)


VALUE_STRATEGIES: Final[Mapping[type, Callable[[], SearchStrategy[object]]]] = MappingProxyType(
    {
        Actor: actors,
        Address: addresses,
        Country: countries,
        Currency: currencies,
        CustomsItem: customs_items,
        Dimensions: dimensions,
        ExchangeRate: exchange_rates,
        Moment: moments,
        Money: monies,
        OpaqueNumber: opaque_numbers,
        Party: parties,
        Place: places,
        S10Number: s10_numbers,
        Scan: scans,
        SpeedPakNumber: speedpak_numbers,
        SsccNumber: sscc_numbers,
        Tracking: trackings,
        Weight: weights,
        Window: windows,
    }
)
