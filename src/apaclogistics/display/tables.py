"""Tables for people: aligned columns as text, and plain HTML where a notebook shows them by itself.

What a table says may name people, so its `repr`, which is what logs get, hides the rows.

>>> fees = Table(caption="Fees", columns=("what", "USD"), rows=(("sale", "5.80"),), figures={"USD"})
>>> print(fees)
Fees
what   USD
sale  5.80
>>> fees
Table(caption='Fees', columns=('what', 'USD'), rows=(hidden), figures=frozenset({'USD'}))
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

import attrs

from apaclogistics.errors import InvalidValueError, masked
from apaclogistics.values.fields import frozenset_of
from apaclogistics.values.instants import Instant, in_zone

__all__ = ("Table", "tame", "wall_clock")

_GAP = "  "


def tame(text: str) -> str:
    """Replace what could break a line or steer a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _rows(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(tame(cell) for cell in row) for row in rows)


def _figures(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


@attrs.frozen(kw_only=True)
class Table:
    """Rows of text under the names of their columns; those in `figures` are aligned at the right.

    Control characters, which could break a line or steer a terminal, are replaced.

    Raises:
        InvalidValueError: if a row has more cells than there are columns, or fewer.
    """

    caption: str = attrs.field(converter=tame)
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = attrs.field(converter=_rows, repr=masked)
    figures: frozenset[str] = attrs.field(
        default=frozenset(), converter=_figures, validator=frozenset_of(str)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a row that does not fit."""
        for row in self.rows:
            if len(row) != len(self.columns):
                allowed = f"{len(self.columns)}, one for each column"
                raise InvalidValueError("cells of a row", len(row), "do not fit", allowed)

    def __str__(self) -> str:
        """Write it with aligned columns, the caption on a line of its own."""
        lines = (self.columns, *self.rows)
        widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
        return "\n".join((self.caption, *(self._line(line, widths) for line in lines)))

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        padded = (
            cell.rjust(width) if column in self.figures else cell.ljust(width)
            for cell, width, column in zip(cells, widths, self.columns, strict=True)
        )
        return _GAP.join(padded).rstrip()

    def _repr_html_(self) -> str:
        """Let a notebook show it by itself; everything is escaped, and nothing is a script."""
        return "\n".join(self._html()) + "\n"

    def _html(self) -> Iterator[str]:
        head = "".join(f'<th scope="col">{escape(column)}</th>' for column in self.columns)
        yield "<table>"
        yield f"<caption>{escape(self.caption)}</caption>"
        yield f"<thead><tr>{head}</tr></thead>"
        yield "<tbody>"
        for row in self.rows:
            cells = zip(row, self.columns, strict=True)
            yield f"<tr>{''.join(self._cell(cell, column) for cell, column in cells)}</tr>"
        yield "</tbody>"
        yield "</table>"

    def _cell(self, text: str, column: str) -> str:
        right = ' style="text-align: right"' if column in self.figures else ""
        return f"<td{right}>{escape(text)}</td>"


def wall_clock(at: Instant, zone_name: str) -> str:
    """Write the minute of an instant on the wall clock of a zone, with the offset from UTC.

    >>> from apaclogistics.values.instants import instant
    >>> wall_clock(instant("2026-03-31T03:59:59Z"), "America/New_York")
    '2026-03-30 23:59-04:00'
    """
    return in_zone(at, zone_name).isoformat(sep=" ", timespec="minutes")
