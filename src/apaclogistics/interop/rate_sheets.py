r"""Rate cards from sheets: comma-separated values, one price a row, become `RateCard`s.

A `Layout` is the small mapping that says which column is what; columns that it leaves out are listed
as unread.  The reader takes text, and a sheet's mistakes never raise: each bad row is a fault with
its place and what would be allowed.  A card that a bad row belongs to is not delivered, since
without one band a parcel would be priced by the next.  Where nobody can tell whose a bad row is,
no card is.  A price of zero is a fault, unless the layout says that zero means free.

Weights are read exactly, to the gram.  A weight names its unit, or has that of the layout:

===========================================  ==================================================
written                                      meaning
===========================================  ==================================================
``500``, ``0.5``, ``500g``, ``<=500g``       up to this weight, included
``+100``                                     each started 100 g above the row below, on top of
                                             its price, up to the heaviest weight of the layout
``each further 10g or part, max 500g``       the same, up to 500 g (``, max`` may be left out)
``-``, nothing, no such column               one price up to the heaviest weight of the layout
===========================================  ==================================================

Neither the order of rows nor their repetition matters to a card.

>>> text = "service,to,countries,g,fee\nTracked,Asia,'HK,SG',500,8.20\nTracked,Asia,'HK,SG',+100,1.15"
>>> sheet = read_rate_cards(text.replace("'", '"'), Layout(
...     card="service", zone="to", countries="countries", weight="g", unit=WeightUnit.GRAMS,
...     heaviest_grams=2000, price="fee", currency=Currency("SGD"),
...     valid_from="2026-01-01T00:00:00+08:00",
... ))
>>> (card,) = sheet.cards
>>> [str(card.freight(card.zones[0], grams)) for grams in (500, 501, 2000)], sheet.faults
(['8.20 SGD', '9.35 SGD', '25.45 SGD'], ())
"""

import reprlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType

import attrs

from apaclogistics.errors import CodecError, InvalidTypeError, InvalidValueError
from apaclogistics.interop._rate_rows import (
    MOST_GRAMS,
    Limit,
    Log,
    Row,
    WeightUnit,
    Zeros,
    rows_of,
    to_grams,
    to_limit,
)
from apaclogistics.interop._reading import Doubt
from apaclogistics.rate_cards import Band, RateCard
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.quantities import whole
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone, refuse_overlaps

__all__ = ("Layout", "RateSheet", "WeightUnit", "Zeros", "read_rate_cards")


def _columns(names: str | Iterable[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _labels(zones: Mapping[str, Zone]) -> Mapping[str, Zone]:
    return MappingProxyType(dict(zones))


@attrs.frozen(kw_only=True)
class Layout:
    """Which column of a sheet is what; a text names a column, a value holds for every row.

    A card is called `name` and what stands in the columns of `card`, with blanks between.

    The column `zone` holds a label.  One that is among `zones` stands for the zone there; any other
    names the countries of the column `countries`, with `separator` between them, and every country
    where that cell is empty.

    `weight` is the limit of a row, and `lower` where it begins, which serves only to warn of gaps;
    `unit` is that of weights that name none.  `heaviest_grams` is the limit where a row states
    none, and `lightest_grams` the least weight that the sheet has a price for.

    The validity and the `rule` for the chargeable weight are those of every card.

    Raises:
        InvalidTypeError: for a weight in grams that is no `int`.
        InvalidValueError: if no card or zone can come of it, or the cards end before they begin.
    """

    name: str = ""
    card: tuple[str, ...] = attrs.field(default=(), converter=_columns)
    zone: str | Zone
    zones: Mapping[str, Zone] = attrs.field(
        default=MappingProxyType({}), converter=_labels, hash=False
    )
    countries: str = ""
    separator: str = ","
    weight: str = ""
    lower: str = ""
    unit: WeightUnit | None = None
    heaviest_grams: int | None = None
    lightest_grams: int = 1
    price: str
    currency: str | Currency
    zeros: Zeros = Zeros.REFUSE
    rule: WeightRule = WeightRule()
    valid_from: Instant = attrs.field(converter=instant)
    valid_until: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a layout that no sheet could have."""
        heaviest = MOST_GRAMS if self.heaviest_grams is None else self.heaviest_grams
        whole("heaviest weight in grams", heaviest, least=1, most=MOST_GRAMS)
        whole("lightest weight in grams", self.lightest_grams, least=1, most=heaviest)
        for is_wrong, what, problem, allowed in self._contradictions():
            if is_wrong:
                raise InvalidValueError("layout", what, problem, allowed)

    def _contradictions(self) -> Iterator[tuple[bool, str, str, str]]:
        """Give what may be wrong: whether it is, what it is about, the problem, what is allowed."""
        yield not (self.name or self.card), "card", "has no name", "a `name`, or columns of `card`"
        named = {"card": self.card, "zone": (self.zone,), "price": (self.price,)}
        for what, columns in {**named, "currency": (self.currency,)}.items():
            yield "" in columns, what, "names no column", "the name of a column of the sheet"
        places = bool(self.zones or self.countries)
        if isinstance(self.zone, Zone):
            yield places, "zone", "is fixed", "neither `zones` nor `countries` beside a fixed zone"
        else:
            yield not places, "zone", "is nowhere", "`zones` by label, or a column of `countries`"
        yield not self.separator, "separator", "is empty", "what stands between two countries"
        is_endless = not self.weight and self.heaviest_grams is None
        yield is_endless, "weight", "has no limit", "a column of `weight`, or `heaviest_grams`"
        ends_early = self.valid_until is not None and self.valid_until <= self.valid_from
        yield ends_early, "valid_until", "is early", f"after {to_text(self.valid_from)}"

    @property
    def _zone_column(self) -> str:
        return self.zone if isinstance(self.zone, str) else ""

    @property
    def _currency_column(self) -> str:
        return self.currency if isinstance(self.currency, str) else ""

    @property
    def _needed(self) -> tuple[str, ...]:
        """The columns that a sheet must have."""
        named = (*self.card, self._zone_column, self.countries, self.lower, self.weight)
        return tuple(filter(None, (*named, self.price, self._currency_column)))

    def _card_of(self, row: Row) -> tuple[str, ...]:
        return tuple(row.cells[column] for column in self.card)


@attrs.frozen(kw_only=True)
class RateSheet:
    """What was read of a sheet.

    `cards` are those without a fault, in the order in which the sheet first names them.  `faults`
    and `warnings` are in the order of rows; a path is a row, counting the header as 1 and a blank
    row as one, and a column: "row 7, rate".  `unread` are the columns that nothing was read of.

    The codes of warnings are `country_alias`, `gap`, `overlap` and `repeated`.
    """

    cards: tuple[RateCard, ...]
    faults: tuple[CodecError, ...]
    warnings: tuple[Doubt, ...]
    unread: tuple[str, ...]


def read_rate_cards(text: str, layout: Layout) -> RateSheet:
    """Read the rate cards of a sheet: comma-separated values under a header, as in RFC 4180.

    A byte order mark, any ends of lines, and blanks around a cell are tolerated.  More than 2.5
    million characters or 25,000 lines are refused unread.  After 1,000 faults reading stops, and
    no card is delivered.

    Raises:
        InvalidTypeError: for bytes; what is wrong with a text is among the faults.
    """
    if not isinstance(text, str):
        raise InvalidTypeError("rate sheet", type(text).__name__, "decoded text (str)")
    log, needed = Log(), layout._needed
    header, rows = rows_of(text, needed, log)
    cards = [_card(name, of_card, layout, log) for name, of_card in _by_card(rows, layout).items()]
    return RateSheet(
        cards=() if log.has_lost_rows or log.is_full else tuple(filter(None, cards)),
        faults=log.faults(),
        warnings=log.doubts(),
        unread=tuple(name for name in header if name not in needed),
    )


def _by_card(rows: Iterable[Row], layout: Layout) -> dict[str, list[Row]]:
    cards: dict[str, list[Row]] = {}
    for row in rows:
        parts = [row.filled(column) for column in layout.card]
        if all(parts):
            cards.setdefault(" ".join(filter(None, (layout.name, *parts))), []).append(row)
        else:
            row.log.has_lost_rows = True
    return cards


@attrs.frozen(kw_only=True)
class _Rate:
    """What a row says: a band of a zone, and where the band begins, if that is stated.

    An open one goes on to the heaviest weight of the layout, since it states no limit itself.
    """

    row: Row
    zone: Zone
    band: Band
    lower: int | None
    is_open: bool

    @property
    def end(self) -> int:
        """The limit in grams."""
        return self.band.up_to_grams


def _card(name: str, rows: list[Row], layout: Layout, log: Log) -> RateCard | None:
    known = log.count
    _refuse_namesakes(name, rows, layout)
    rates = [rate for row in rows if not log.is_full and (rate := _rate(row, layout))]
    if log.count > known or log.is_full:
        return None
    _refuse_currencies(rates, layout)
    zones = _by_zone(rates, layout)
    bands = tuple(band for rates in zones.values() for band in _bands(rates, layout))
    if log.count > known:
        return None
    return rows[0].built(
        "",
        lambda: RateCard(
            name=name,
            rule=layout.rule,
            zones=tuple(rates[0].zone for _, rates in sorted(zones.items())),
            bands=bands,
            valid_from=layout.valid_from,
            valid_until=layout.valid_until,
        ),
    )


def _refuse_namesakes(name: str, rows: list[Row], layout: Layout) -> None:
    """Refuse that "A B" and "C" make the same name as "A" and "B C"."""
    for row in rows:
        if layout._card_of(row) != layout._card_of(rows[0]):
            said = f"names the card {reprlib.repr(name)} as row {rows[0].number} does otherwise"
            row.fault(layout.card[0], f"{said}; allowed: one card of a name")


def _rate(row: Row, layout: Layout) -> _Rate | None:
    zone, price = _zone(row, layout), _price(row, layout)
    limit, lower = _limit(row, layout), _lower(row, layout)
    if zone is None or price is None or limit is None:
        return None
    band = row.built(
        layout.price,
        lambda: Band(zone.name, limit.up_to_grams, price, each_grams=limit.each_grams),
    )
    if band is None:
        return None
    return _Rate(row=row, zone=zone, band=band, lower=lower, is_open=limit.is_open)


def _zone(row: Row, layout: Layout) -> Zone | None:
    if isinstance(layout.zone, Zone):
        return layout.zone
    label = row.filled(layout.zone)
    if not label or label in layout.zones:
        return layout.zones.get(label)
    if not layout.countries:
        allowed = ", ".join(map(repr, layout.zones))
        row.fault(layout.zone, f"{reprlib.repr(label)} is no zone's label; allowed: {allowed}")
        return None
    countries = row.countries(layout.countries, layout.separator)
    return None if countries is None else Zone(label, countries)


def _limit(row: Row, layout: Layout) -> Limit | None:
    cell = row.cells[layout.weight] if layout.weight else ""
    return row.built(layout.weight, lambda: to_limit(cell, layout.unit, layout.heaviest_grams))


def _lower(row: Row, layout: Layout) -> int | None:
    cell = row.cells[layout.lower] if layout.lower else ""
    if cell in ("", "-"):
        return None
    return row.built(layout.lower, lambda: to_grams(cell, layout.unit))


def _price(row: Row, layout: Layout) -> Money | None:
    unit = layout.currency
    if isinstance(unit, Currency):
        return row.price(layout.price, unit, layout.zeros)
    cell = row.cells[unit]
    read = row.built(unit, lambda: Currency(cell))
    return None if read is None else row.price(layout.price, read, layout.zeros)


def _refuse_currencies(rates: list[_Rate], layout: Layout) -> None:
    first = rates[0]
    for rate in rates:
        own, usual = rate.band.price.currency, first.band.price.currency
        if own != usual:
            said = f"is {own}, and row {first.row.number} of the same card has {usual}"
            rate.row.fault(layout._currency_column, f"{said}; allowed: one currency a card")


def _by_zone(rates: Iterable[_Rate], layout: Layout) -> dict[str, list[_Rate]]:
    """Bring the rates of each zone together; a zone is one place, and no place is in two."""
    by_name: dict[str, list[_Rate]] = {}
    for rate in rates:
        of_zone = by_name.setdefault(rate.zone.name, [])
        of_zone.append(rate)
        if rate.zone != of_zone[0].zone:
            said = f"covers other places than in row {of_zone[0].row.number}"
            allowed = "the same in every row of a zone"
            rate.row.fault(layout._zone_column, f"{said}; allowed: {allowed}")
    apart: list[Zone] = []
    for first, *_ in by_name.values():
        # Each is held against all the others, which is not worth it once nothing more is noted.
        if not first.row.log.is_full:
            _refuse_overlap(first, apart, layout)
    return by_name


def _refuse_overlap(rate: _Rate, others: list[Zone], layout: Layout) -> None:
    try:
        refuse_overlaps("zone", [*others, rate.zone])
    except InvalidValueError as error:
        rate.row.fault(layout._zone_column, str(error))
    else:
        others.append(rate.zone)


def _bands(rates: Iterable[_Rate], layout: Layout) -> list[Band]:
    """Give the bands of a zone, each once; what they say of each other must fit."""
    firsts: list[_Rate] = []
    for _, (first, *others) in groupby(sorted(rates, key=_order), key=lambda rate: rate.end):
        firsts.append(first)
        for other in others:
            _compare(other, first, layout)
    for below, rate in zip([None, *firsts], firsts, strict=False):
        _check_start(rate, below, layout)
        _check_lower(rate, below, layout)
    return [rate.band for rate in firsts]


def _order(rate: _Rate) -> tuple[int, bool, int]:
    return rate.end, not rate.is_open, rate.row.number


def _compare(rate: _Rate, first: _Rate, layout: Layout) -> None:
    """Look at two rows of a zone that share a limit."""
    if rate.band == first.band:
        rate.row.doubt("", "repeated", f"says the same as row {first.row.number}")
        return
    own, other = (f"{it.band.price} {it.band}" for it in (rate, first))
    said = f"is {own}, and row {first.row.number} has {other}"
    rate.row.fault(layout.price, f"{said}; allowed: one price for a weight")


def _check_start(rate: _Rate, below: _Rate | None, layout: Layout) -> None:
    if below is None and rate.band.each_grams:
        allowed = "a row in the same zone that holds the first weights"
        rate.row.fault(layout.weight, f"comes on top of no lighter row; allowed: {allowed}")
    if below is not None and below.is_open:
        said = f"goes on to {below.end} g, the heaviest weight of the layout"
        allowed = f"a heaviest weight above the {rate.end} g of row {rate.row.number}"
        below.row.fault(layout.weight, f"{said}; allowed: {allowed}")


def _check_lower(rate: _Rate, below: _Rate | None, layout: Layout) -> None:
    """Compare where a row is said to begin with where the row below ends."""
    if rate.lower is None:
        return
    if rate.lower > rate.end:
        said = f"begins at {rate.lower} g, above its limit"
        rate.row.fault(layout.lower, f"{said}; allowed: up to {rate.end} g")
    first_open = layout.lightest_grams if below is None else below.end + 1
    if rate.lower > first_open:
        text = f"begins at {rate.lower} g, and no row holds {first_open} g; both cost the same"
        rate.row.doubt(layout.lower, "gap", text)
    if below is not None and rate.lower < below.end:
        said = f"begins at {rate.lower} g, and row {below.row.number} holds up to {below.end} g"
        rate.row.doubt(layout.lower, "overlap", f"{said}, whose price counts")
