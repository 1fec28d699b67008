"""An assessment as a table: each figure that went into it, and what is paid or every reason why not.

Assessments are of no zone and no reader, so that nothing but the assessment is asked for.
"""

from collections.abc import Iterator

from apaclogistics.compensation import Assessment, Figure
from apaclogistics.display.tables import Table
from apaclogistics.values.instants import to_text

__all__ = ("assessment_table",)

_COLUMNS = ("what", "amount", "before conversion", "rate")


def assessment_table(assessment: Assessment) -> Table:
    """Show what a policy compared and added, and at the end what it pays or why it does not."""
    return Table(
        caption=f"What {assessment.policy} pays",
        columns=_COLUMNS,
        rows=_rows(assessment),
        figures=frozenset(_COLUMNS[1:3]),
    )


def _rows(assessment: Assessment) -> Iterator[tuple[str, ...]]:
    yield from (_figure(figure) for figure in assessment.figures)
    if assessment.amount is not None:
        yield "paid", str(assessment.amount), "", ""
    yield from ((f"not paid: {reason.text}", "", "", "") for reason in assessment.reasons)


def _figure(figure: Figure) -> tuple[str, ...]:
    given = str(figure.given) if figure.given else ""
    rate = f"{figure.rate.rate} as of {to_text(figure.rate.at)}" if figure.rate else ""
    return figure.name, str(figure.amount), given, rate
