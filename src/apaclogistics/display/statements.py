"""A statement as a table: what stood there, each movement with what stands after it, the end."""

from collections.abc import Iterator

from apaclogistics.display.tables import Table, wall_clock
from apaclogistics.ledger import Balance
from apaclogistics.statements import Statement, StatementLine
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Money

__all__ = ("statement_table",)

_COLUMNS = ("when", "what", "for", "change", "to held", "available", "held")
_FIGURES = frozenset(_COLUMNS[3:])


def statement_table(statement: Statement, zone_name: str) -> Table:
    """Show a statement in the reader's zone.

    Amounts are in the currency that the caption names.  `change` and `to held` are what a movement
    adds to what is available and to what is held; `available` and `held` are what stands after it.
    """
    return Table(
        caption=f"Statement of {statement.owner} in {statement.currency}, times of {zone_name}",
        columns=_COLUMNS,
        rows=_rows(statement, zone_name),
        figures=_FIGURES,
    )


def _rows(statement: Statement, zone_name: str) -> Iterator[tuple[str, ...]]:
    yield _standing(statement.since, "opening", statement.opening, zone_name)
    yield from (_moved(line, zone_name) for line in statement.lines)
    yield _standing(statement.until, "closing", statement.closing, zone_name)


def _standing(at: Instant, what: str, balance: Balance, zone_name: str) -> tuple[str, ...]:
    return wall_clock(at, zone_name), what, "", "", "", *_balance(balance)


def _moved(line: StatementLine, zone_name: str) -> tuple[str, ...]:
    entry = line.entry
    when, posting = wall_clock(entry.at, zone_name), entry.posting
    changes = _change(line.available), _change(line.held)
    return when, posting.kind.value, posting.cause, *changes, *_balance(line.balance)


def _balance(balance: Balance) -> tuple[str, str]:
    return f"{balance.available.amount:f}", f"{balance.held.amount:f}"


def _change(moved: Money) -> str:
    return f"{moved.amount:+f}" if moved.minor else ""
