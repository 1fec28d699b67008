"""A story as text for a terminal: sections, aligned columns, and colour only where it is wanted."""

from collections.abc import Iterator, Sequence

from apaclogistics.arrivals import Arrival, Basis
from apaclogistics.attention import AttentionItem, Urgency
from apaclogistics.display.story import Happening, MoneyStory, Promised, Story, Watch, Whereabouts
from apaclogistics.display.tables import tame
from apaclogistics.values.instants import to_text

__all__ = ("to_terminal",)

_BOLD, _YELLOW, _GREEN, _PLAIN = "\x1b[1m", "\x1b[33m", "\x1b[32m", "\x1b[0m"


def to_terminal(story: Story, *, colour: bool = False) -> str:
    """Write a story for people; `colour` marks it up for a terminal.

    What a feed brought along cannot break a line or steer the terminal: control characters are
    shown as a replacement character.
    """
    text = "\n".join(_lines(story)) + "\n"
    return text if colour else _without_colour(text)


def _without_colour(text: str) -> str:
    for code in (_BOLD, _YELLOW, _GREEN, _PLAIN):
        text = text.replace(code, "")
    return text


def _lines(story: Story) -> Iterator[str]:
    yield f"{_BOLD}{story.title}{_PLAIN}"
    yield f"Judged as of {to_text(story.at)}; all times are UTC unless marked local."
    sections = (
        ("Promised", [line for quote in story.promised for line in _promised(quote)]),
        ("Timeline", list(_timeline(story.timeline))),
        ("Shipments", [line for shipment in story.shipments for line in _whereabouts(shipment)]),
        ("Attention", [line for watch in story.attention for line in _watch(watch)]),
        ("Money", list(_money(story.money))),
        ("Warnings", [tame(warning) for warning in story.warnings]),
    )
    for title, lines in sections:
        if lines:
            yield ""
            yield f"{_BOLD}{title}{_PLAIN}"
            yield from (f"  {line}" for line in lines)


def _promised(quote: Promised) -> Iterator[str]:
    yield f"{quote.quote}: {quote.total} by {quote.service}, on {quote.offer}"
    yield from (f"    charged for {chargeable}" for chargeable in quote.chargeable)
    yield from (f"    {line}" for line in quote.lines)
    yield f"    ship by {to_text(quote.ship_by)}"
    yield f"    arrives {to_text(quote.earliest)} to {to_text(quote.latest)}"


def _timeline(happenings: Sequence[Happening]) -> Iterator[str]:
    """Align the columns, however long an identifier is or a local time that is marked as one."""
    when = max((len(happening.when) for happening in happenings), default=0)
    thing = max((len(happening.thing) for happening in happenings), default=0)
    for it in happenings:
        phase = f"  {_GREEN}{it.phase}{_PLAIN}" if it.phase else ""
        about = f"{it.when:<{when}}  {tame(it.thing):<{thing}}"
        yield f"{about}  {tame(it.who)}: {tame(it.what)}{phase}"


def _whereabouts(shipment: Whereabouts) -> Iterator[str]:
    numbers = ", ".join(shipment.numbers) or "no number"
    flags = f" ({', '.join(shipment.flags)})" if shipment.flags else ""
    delivered = f", delivered {shipment.delivered}" if shipment.delivered else ""
    phase = f"{_GREEN}{shipment.phase}{_PLAIN}"
    yield f"{shipment.shipment}: {phase}{flags}{delivered}, {numbers}"
    if shipment.arrival is not None and shipment.arrival.basis is not Basis.DELIVERED:
        yield f"    {_arrives(shipment.arrival)}"
    yield from (f"    contradiction: {tame(text)}" for text in shipment.discrepancies)


def _arrives(arrival: Arrival) -> str:
    if arrival.window is None or arrival.basis is None:
        return f"arrival unknown: {arrival.reason.text}" if arrival.reason else "arrival unknown"
    return f"expected {arrival.window}, by {arrival.basis.value}"


def _watch(watch: Watch) -> Iterator[str]:
    yield f"as of {to_text(watch.at)}" + ("" if watch.items else ": nothing")
    for item in watch.items:
        yield f"    {_item(item)}"
        yield from (f"        {it.at}  {tame(it.text)}" for it in item.evidence)


def _item(item: AttentionItem) -> str:
    may = f"; may {', '.join(item.allowed)}" if item.allowed else ""
    rule = f"{_YELLOW}{item.rule.value}{_PLAIN}"
    urgency = "" if item.urgency is Urgency.OPEN else f", {item.urgency.value}"
    who = tame(str(item.for_))
    return f"{rule}{urgency}: {tame(item.thing)}: {tame(item.text)} (for {who}{may})"


def _money(money: MoneyStory) -> Iterator[str]:
    for posting in money.postings:
        way = f"{posting.source} to {posting.target}"
        yield f"{posting.kind.value:<13} {posting.amount!s:>14}  {way}, {posting.cause}"
    if money.balances:
        yield "balances"
    yield from (f"    {balance.amount!s:>14}  {balance.account}" for balance in money.balances)
    yield from (f"    {total!s:>14}  sum of all accounts" for total in money.totals)
