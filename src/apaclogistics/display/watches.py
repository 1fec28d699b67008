"""What needs attention as a table, the most urgent first as it is listed, in the reader's zone."""

from collections.abc import Iterable

from apaclogistics.attention import AttentionItem
from apaclogistics.display.tables import Table, wall_clock
from apaclogistics.values.instants import Moment

__all__ = ("attention_table",)

_COLUMNS = ("rule", "urgency", "thing", "what", "for", "by", "may")


def attention_table(items: Iterable[AttentionItem], zone_name: str) -> Table:
    """Show what needs attention, whom, by when, and what they may do next.

    A term that rests on a time without a zone is shown as it was reported, and marked local.
    """
    return Table(
        caption=f"Attention, times of {zone_name}",
        columns=_COLUMNS,
        rows=(_row(item, zone_name) for item in items),
    )


def _row(item: AttentionItem, zone_name: str) -> tuple[str, ...]:
    about = item.rule.value, item.urgency.value, item.thing, item.text
    return *about, str(item.for_), _term(item.until, zone_name), ", ".join(item.allowed)


def _term(until: Moment | None, zone_name: str) -> str:
    if until is None:
        return ""
    return wall_clock(until.earliest, zone_name) if until.is_exact else str(until)
