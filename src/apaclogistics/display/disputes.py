"""What became of a shipment, as tables: an inquiry, what was said in it, and the claim after it.

The words are shown, since a table is asked for to be read; evidence is shown by its kind alone,
since its references are the host's.
"""

from collections.abc import Iterable, Iterator

from apaclogistics.claims import Claim, deadline
from apaclogistics.display.steps import said
from apaclogistics.display.tables import Table, wall_clock
from apaclogistics.evidence import Evidence
from apaclogistics.inquiries import Inquiry
from apaclogistics.inquiries import deadline as inquiry_deadline
from apaclogistics.threads import Resolution, Thread

__all__ = ("claim_table", "inquiry_table", "thread_table")


def claim_table(claim: Claim, zone_name: str) -> Table:
    """Show who did what in a claim when, the figure on the table then, and whose turn it was.

    Times are those of the reader's zone.
    """
    about = claim.demand
    return Table(
        caption=f"Claim {claim.id} for {about.kind.value}: {claim.state.name}, times of {zone_name}",
        columns=("when", "on the table", "next", "who", "what"),
        rows=_of_claim(claim, zone_name),
        figures=frozenset({"on the table"}),
    )


def _of_claim(claim: Claim, zone_name: str) -> Iterator[tuple[str, ...]]:
    for count, step in enumerate(claim.history, start=1):
        then = Claim.replay(claim.history[:count])
        figure = str(then.on_the_table) if then.on_the_table else ""
        when = wall_clock(step.at, zone_name)
        yield when, figure, _turn(then, zone_name), str(step.by), said(step)


def _turn(claim: Claim, zone_name: str) -> str:
    turn = deadline(claim)
    if turn is None:
        return ""
    whose = str(turn.for_) if turn.for_ else turn.role.value
    return f"{whose} by {wall_clock(turn.at, zone_name)}"


def inquiry_table(inquiry: Inquiry, zone_name: str, facts: Iterable[Resolution] = ()) -> Table:
    """Show who did what in an inquiry when, and who had until when to do something next.

    Times are those of the reader's zone.  `facts` are what has made up for the shipment
    (`apaclogistics.remedies`): once one of them settles the inquiry, nobody is waited for.
    """
    known = tuple(facts)
    about = f"Inquiry {inquiry.id} about shipment {inquiry.opening.shipment}"
    return Table(
        caption=f"{about}: {inquiry.state.name}, times of {zone_name}",
        columns=("when", "next", "who", "what"),
        rows=_of_inquiry(inquiry, zone_name, known),
    )


def _of_inquiry(
    inquiry: Inquiry, zone_name: str, facts: tuple[Resolution, ...]
) -> Iterator[tuple[str, ...]]:
    for count, step in enumerate(inquiry.history, start=1):
        then = Inquiry.replay(inquiry.history[:count])
        waits = _waits(then, zone_name, [fact for fact in facts if fact.at <= step.at])
        yield wall_clock(step.at, zone_name), waits, str(step.by), said(step)


def _waits(inquiry: Inquiry, zone_name: str, facts: Iterable[Resolution]) -> str:
    due = inquiry_deadline(inquiry, facts)
    return f"{inquiry.waits_for} by {wall_clock(due.at, zone_name)}" if due else ""


def thread_table(thread: Thread, zone_name: str) -> Table:
    """Show what was said and shown in an inquiry, as a claim takes over, in the reader's zone."""
    return Table(
        caption=f"Said in inquiry {thread.inquiry}, times of {zone_name}",
        columns=("when", "who", "shown", "said"),
        rows=(
            (wall_clock(it.at, zone_name), str(it.by), _shown(it.evidence), it.text)
            for it in thread.messages
        ),
    )


def _shown(evidence: tuple[Evidence, ...]) -> str:
    return ", ".join(piece.kind.value for piece in evidence)
