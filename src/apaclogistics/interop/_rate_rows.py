"""How a sheet of rates is taken apart: records, a header, rows of cells, and what weights mean.

What is wrong is a *fault*, and what can be read and is odd all the same is a `Doubt`; both are noted
in a log with the row they stand in, and reading goes on.
"""

import csv
import re
import reprlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from fractions import Fraction
from typing import Final, TypeVar

import attrs

from apaclogistics.errors import CodecError, InvalidValueError
from apaclogistics.interop._reading import Doubt
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.places import Country, read_country
from apaclogistics.values.quantities import whole

__all__ = (
    "MOST_CHARACTERS",
    "MOST_FAULTS",
    "MOST_GRAMS",
    "MOST_LINES",
    "Limit",
    "Log",
    "Row",
    "WeightUnit",
    "Zeros",
    "rows_of",
    "to_grams",
    "to_limit",
)

T = TypeVar("T")

# Our decision: a book of 20 services in 15 zones by 70 weights has 21,000 lines of some 80 letters.
MOST_LINES: Final = 25_000
MOST_CHARACTERS: Final = 2_500_000
# After so many faults reading stops: nobody reads on.
MOST_FAULTS: Final = 1000
MOST_GRAMS: Final = 1_000_000_000
_LONGEST_NAME: Final = 256


class WeightUnit(Enum):
    """The unit of a weight that names none itself."""

    GRAMS = "g"
    KILOGRAMS = "kg"


class Zeros(Enum):
    """What a price of zero in a sheet means: that there is none, or that carriage is free."""

    REFUSE = "refuse"
    FREE = "free"


_FACTORS: Final[Mapping[str, int]] = {"g": 1, "kg": 1000}


def _quantity(name: str) -> str:
    return rf"(?P<{name}>[0-9]{{1,10}}(\.[0-9]{{1,10}})?) ?(?P<{name}_unit>kg|g)?"


_SHAPES: Final[tuple[re.Pattern[str], ...]] = tuple(
    re.compile(shape, re.ASCII | re.IGNORECASE)
    for shape in (
        r"-?",
        rf"(<= ?)?{_quantity('up_to')}",
        rf"\+ ?{_quantity('each')}",
        rf"each further {_quantity('each')} or part(, max {_quantity('up_to')})?",
    )
)
_QUANTITY: Final = re.compile(_quantity("weight"), re.ASCII | re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Limit:
    """Up to which weight in grams a row holds, in which steps, and whether the text left it open."""

    up_to_grams: int
    each_grams: int | None
    is_open: bool


def to_limit(text: str, unit: WeightUnit | None, heaviest_grams: int | None) -> Limit:
    """Read a limit on weight, exact to the gram.

    The unit is that of a weight that names none, the heaviest weight the limit of what has none.

    Raises:
        InvalidValueError: for any other text, a weight of nothing, or one finer than a gram.
    """
    found = next((match for shape in _SHAPES if (match := shape.fullmatch(text))), None)
    if found is None:
        allowed = "as in '20', '0.5', '<=20g', '+100', 'each further 10g or part, max 500g', or '-'"
        raise InvalidValueError("weight", text, "is not understood", allowed)
    stated, each = (_grams_in(found.groupdict(), name, unit) for name in ("up_to", "each"))
    if (up_to := stated or heaviest_grams) is None:
        allowed = "a weight, or `heaviest_grams` in the layout"
        raise InvalidValueError("weight", text, "states no limit", allowed)
    return Limit(up_to_grams=up_to, each_grams=each, is_open=stated is None)


def _grams_in(found: Mapping[str, str | None], name: str, unit: WeightUnit | None) -> int | None:
    number = found.get(name)
    return None if number is None else _grams(number, found[f"{name}_unit"], unit, least=1)


def to_grams(text: str, unit: WeightUnit | None) -> int:
    """Read a plain weight in whole grams, which may be nothing.

    Raises:
        InvalidValueError: for any other text, or a weight finer than a gram.
    """
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise InvalidValueError("weight", text, "is no weight", "as in '20', '0.5' or '500g'")
    return _grams(match["weight"], match["weight_unit"], unit, least=0)


def _grams(number: str, named: str | None, unit: WeightUnit | None, *, least: int) -> int:
    name = named.lower() if named else unit.value if unit else ""
    if not name:
        raise InvalidValueError("weight", number, "has no unit", "'g', 'kg', or one in the layout")
    # A fraction, since a decimal would round as the application has set it.
    grams = Fraction(number) * _FACTORS[name]
    if grams.denominator != 1:
        raise InvalidValueError(f"weight in {name}", number, "is finer than a gram", "whole grams")
    return whole("weight in grams", int(grams), least=least, most=MOST_GRAMS)


@attrs.define
class Log:
    """What came up while a sheet was read; each fault and doubt with the number of its row.

    `has_lost_rows` tells that some row is no card's, so that any card may lack it.
    """

    _faults: list[tuple[int, CodecError]] = attrs.field(factory=list)
    _doubts: list[tuple[int, Doubt]] = attrs.field(factory=list)
    has_lost_rows: bool = False

    @property
    def count(self) -> int:
        """How many faults there are."""
        return len(self._faults)

    @property
    def is_full(self) -> bool:
        """Whether there are so many faults that no more are noted."""
        return self.count > MOST_FAULTS

    def fault(self, row: int, place: str, problem: str) -> None:
        """Note what makes it impossible to read a row."""
        if self.count == MOST_FAULTS:
            row, place = MOST_LINES + 1, "sheet"
            problem = f"has more than {MOST_FAULTS} faults, and reading stopped; allowed: none"
        if not self.is_full:
            self._faults.append((row, CodecError(place, problem)))

    def lose(self, row: int, place: str, problem: str) -> None:
        """Note a fault in a row of which nobody knows whose it is."""
        self.has_lost_rows = True
        self.fault(row, place, problem)

    def doubt(self, row: int, doubt: Doubt) -> None:
        """Note what is odd and can be read all the same."""
        self._doubts.append((row, doubt))

    def faults(self) -> tuple[CodecError, ...]:
        """Give all faults in the order of their rows."""
        return _by_row(self._faults)

    def doubts(self) -> tuple[Doubt, ...]:
        """Give all doubts in the order of their rows."""
        return _by_row(self._doubts)


def _by_row(noted: Iterable[tuple[int, T]]) -> tuple[T, ...]:
    return tuple(note for _, note in sorted(noted, key=lambda pair: pair[0]))


@attrs.frozen
class Row:
    """A row of a sheet: its number, counting the header as 1, its cells by column, and the log."""

    number: int
    cells: Mapping[str, str] = attrs.field(repr=False)
    log: Log = attrs.field(repr=False)

    def _place(self, column: str) -> str:
        return f"row {self.number}, {column}" if column else f"row {self.number}"

    def fault(self, column: str, problem: str) -> None:
        """Note what is wrong in a column, or with "" in the row."""
        self.log.fault(self.number, self._place(column), problem)

    def doubt(self, column: str, code: str, text: str) -> None:
        """Note what is odd in a column, or with "" in the row."""
        self.log.doubt(self.number, Doubt(self._place(column), code, text))

    def filled(self, column: str) -> str:
        """Give a cell that must be a name; if it is empty or endless, note the fault, and give ""."""
        cell = self.cells[column]
        if 1 <= len(cell) <= _LONGEST_NAME:
            return cell
        self.fault(column, f"has {len(cell)} characters; allowed: 1 to {_LONGEST_NAME}")
        return ""

    def built(self, column: str, make: Callable[[], T]) -> T | None:
        """Make something of a cell, or with "" of the row; what our values refuse is a fault."""
        try:
            return make()
        except InvalidValueError as error:
            self.fault(column, str(error))
            return None

    def price(self, column: str, unit: Currency, zeros: Zeros) -> Money | None:
        """Read a price in a currency; what is below zero, or a zero that means none, is a fault."""
        return self.built(column, lambda: _price(self.cells[column], unit, zeros))

    def countries(self, column: str, separator: str) -> frozenset[Country] | None:
        """Read the codes of countries, none of an empty cell; a code in want of a guess is odd."""
        cell = self.cells[column]
        codes = cell.split(separator) if cell else []
        read = self.built(column, lambda: [read_country(code) for code in codes])
        for warning in dict.fromkeys(warning for _, warning in read or () if warning):
            self.doubt(column, "country_alias", warning)
        return None if read is None else frozenset(country for country, _ in read)


def _price(text: str, unit: Currency, zeros: Zeros) -> Money:
    if text.startswith("+"):
        # In front of a weight it begins a step, so nobody knows what it means here.
        raise InvalidValueError("price", text, "begins with a plus sign", "as in '12.50'")
    price = Money.of(text, unit)
    if price.minor < 0:
        raise InvalidValueError("price", str(price), "is negative", "above zero")
    if not price.minor and zeros is Zeros.REFUSE:
        allowed = "above zero, or `Zeros.FREE` in the layout where zero means free"
        raise InvalidValueError("price", str(price), "is zero", allowed)
    return price


def rows_of(text: str, needed: Iterable[str], log: Log) -> tuple[tuple[str, ...], list[Row]]:
    """Take a sheet apart into the names of its columns and its rows; rows of blanks are none."""
    if problem := _unfit(text):
        log.lose(0, "sheet", problem)
        return (), []
    records = list(_records(_lines(text)))
    if len(records) < 2:
        log.lose(0, "sheet", "has no rows; allowed: a header and at least one row below it")
    names = _names(*records[0], needed, log) if records else ()
    rows = [] if log.has_lost_rows else [_row(*record, names, log) for record in records[1:]]
    return names, [row for row in rows if row is not None]


def _unfit(text: str) -> str:
    """Say why a text is no sheet at all, before much is spent on it."""
    if len(text) > MOST_CHARACTERS:
        return f"has {len(text)} characters; allowed: {MOST_CHARACTERS}"
    count = text.count("\n") + text.count("\r") - text.count("\r\n")
    if count > MOST_LINES:
        return f"has {count} ends of lines; allowed: {MOST_LINES}"
    return "holds a NUL character; allowed: text" if "\0" in text else ""


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _records(lines: Iterable[str]) -> Iterator[tuple[int, list[str] | None]]:
    """Give the records that are not blank with their numbers from 1, None for a broken one."""
    reader = csv.reader((f"{line}\n" for line in lines), strict=True, skipinitialspace=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, None
        else:
            if any(cell.strip() for cell in record):
                yield number, record


_BROKEN: Final = (
    "has a quotation mark out of place, or a field without end; "
    "allowed: quotation marks around a whole field, doubled within"
)


def _names(
    number: int, record: list[str] | None, needed: Iterable[str], log: Log
) -> tuple[str, ...]:
    """Name the columns; what is wrong with them is wrong with the whole sheet."""
    if record is None:
        log.lose(number, f"row {number}", _BROKEN)
        return ()
    names = [name.strip() or f"column {n}" for n, name in enumerate(record, start=1)]
    counted = Counter(names)
    for name in [name for name, count in counted.items() if count > 1]:
        log.lose(number, f"row {number}, {name}", "is there twice; allowed: a column of one name")
    if missing := [repr(name) for name in dict.fromkeys(needed) if name not in counted]:
        problem = f"has no column {', '.join(missing)}"
        there = reprlib.repr(", ".join(names))
        log.lose(number, f"row {number}", f"{problem}; there are {there}")
    return tuple(names)


def _row(number: int, record: list[str] | None, names: tuple[str, ...], log: Log) -> Row | None:
    if record is None:
        log.lose(number, f"row {number}", _BROKEN)
        return None
    if len(record) != len(names):
        problem = f"has {len(record)} fields; allowed: {len(names)}, as the header has"
        log.lose(number, f"row {number}", problem)
        return None
    return Row(number, dict(zip(names, map(str.strip, record), strict=True)), log)
