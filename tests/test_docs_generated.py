"""What the documentation takes from the code: tables, diagrams, errors, and what commands print.

Four pages of the reference are written as a whole, the README's diagram and the output shown in
console blocks in part.  The tests compare; to write everything anew, run this at the top of the
checkout:

    python -m tests.test_docs_generated
"""

import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from enum import Enum
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar, assert_never

import attrs
import pytest

from apaclogistics import (
    FULFILMENT,
    Actor,
    ActorNotPermittedError,
    ApacLogisticsError,
    CarrierError,
    CarrierRejectedError,
    CarrierUnavailableError,
    CodecError,
    CodecErrors,
    ConcurrencyConflictError,
    ConflictError,
    IdempotencyConflictError,
    IllegalTransitionError,
    InvalidTypeError,
    InvalidValueError,
    Lifecycle,
    LogisticsPlatform,
    Money,
    NotFoundError,
    OrderDivergedError,
    Phase,
    Reason,
    RefusedError,
    Role,
    TransitionError,
)
from apaclogistics.adapters.memory import MemoryStorage, TransactionEndedError
from apaclogistics.attention import AttentionPolicy, Urgency
from apaclogistics.attention import Rule as AttentionRule
from apaclogistics.bundles import BUNDLE
from apaclogistics.cancellations import CANCELLATION
from apaclogistics.claims import CLAIM
from apaclogistics.codec import loads
from apaclogistics.command.draw import DRAWINGS
from apaclogistics.command.main import main
from apaclogistics.fulfilment import MEANING, Action, Milestone
from apaclogistics.inquiries import INQUIRY
from apaclogistics.inquiry_policies import InquiryPolicy
from apaclogistics.ledger import DepositConflictError, Wallet
from apaclogistics.lifecycle import Rule
from apaclogistics.listings import LISTING
from apaclogistics.refunds import REFUND
from apaclogistics.sellers import SELLER
from apaclogistics.values.identifiers import S10Number, SellerId
from apaclogistics.values.instants import duration_text, instant
from tests.stages import Stage
from tests.test_architecture import EXTRAS, MODULES
from tests.test_docs import DOCUMENTS, README, ROOT, commands_shown, name, run

REFERENCE: Final = ROOT / "docs" / "reference"
NOTICE: Final = (
    "<!-- Written by `python -m tests.test_docs_generated`; change the code instead. -->"
)

ABOUT_LIFECYCLES: Final = """\
A command needs a row: a state, an action, the state that follows, and who may take it.
The platform is a party to everything; everybody else must be *the* seller, buyer or carrier of the thing.
In the diagrams the first state is rounded, final states have a double border, commands are solid and expectations dashed.
A final state may keep a way out."""
MALFORMED: Final = '{"format":1,"type":"Actor","data":{"role":"shopper","name":"s-1"}}'
ABOUT_ERRORS: Final = """\
Every error that the library raises on purpose is an `ApacLogisticsError`.
It has a stable `code` for programs, its facts as fields, and one sentence as its text.
Names, streets, telephone numbers and e-mail addresses appear in none of them.
The HTTP status is what a host usually answers with; the library itself knows no HTTP."""

ABOUT_ATTENTION: Final = """\
`LogisticsPlatform.attention()` lists what needs somebody's attention now; `apaclogistics.attention.attention` does so of a snapshot, as of any instant.
What is overdue comes first, then what is due soon, then what has no deadline; among those it goes by rule, in the order of this table.
An item names its thing, who is to act, since when and until when, the evidence, and the actions that are open to whoever is to act."""
ABOUT_LIMITS: Final = """\
An `AttentionPolicy` says from when on something needs attention, most of it by spans of time.
But for `inquiries`, which is eBay's clock of items not received, the defaults are examples; so is that clock for refunds that nobody promised."""
ABOUT_PLATFORM: Final = """\
`apaclogistics.LogisticsPlatform` has a desk for each step of the path, and a few use cases of its own.
What is marked `by` is a command of an actor, and is refused to whom it does not belong.
The others read, or take in facts and other people's documents, which nobody can refuse: it is for the host to say who may bring them."""
HAPPY_PATH: Final = (
    Phase.DRAFT,
    Phase.BOOKED,
    Phase.CONFIRMED,
    Phase.HANDED_OVER,
    Phase.ACCEPTED,
    Phase.IN_TRANSIT,
    Phase.CUSTOMS,
    Phase.LAST_MILE,
    Phase.OUT_FOR_DELIVERY,
    Phase.DELIVERED,
    Phase.COMPLETED,
)

S = TypeVar("S", bound=Enum)
A = TypeVar("A", bound=Enum)


def table(*head: str, rows: Iterable[Iterable[str]]) -> str:
    """Write a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def fenced(kind: str, text: str) -> str:
    """Write a block of code in Markdown."""
    return f"```{kind}\n{text.rstrip()}\n```"


def story(thing: object) -> str:
    """Give the first paragraph of a docstring on one line."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


def listed(names: Iterable[str]) -> str:
    """Write names as code, or a dash where there are none."""
    return ", ".join(f"`{it}`" for it in names) or "-"


def lifecycles_page() -> str:
    """Write `docs/reference/lifecycles.md`: every table, drawn and in rows."""
    parts = [
        NOTICE,
        "# Lifecycles",
        ABOUT_LIFECYCLES,
        *of_lifecycle("Seller", SELLER),
        *of_lifecycle("Listing", LISTING),
        *of_lifecycle("Cancellation of an order", CANCELLATION),
        *of_lifecycle("Refund", REFUND),
        *of_lifecycle("Fulfilment of a shipment", FULFILMENT),
        *of_expectations(),
        *of_milestones(),
        *of_lifecycle("Bundle", BUNDLE),
        *of_lifecycle("Inquiry", INQUIRY),
        *of_lifecycle("Claim", CLAIM),
    ]
    return "\n\n".join(parts) + "\n"


def of_lifecycle(title: str, lifecycle: Lifecycle[S, A]) -> Iterator[str]:
    """Write one lifecycle: what it is about, its diagram and its command rows."""
    # A table may stand in a private module; its home is the public one around it.
    home, _, _ = type(lifecycle.rules[0].action).__module__.partition("._")
    module = importlib.import_module(home)
    constant = next(key for key, value in vars(module).items() if value is lifecycle)
    final = listed(state.name for state in lifecycle.states if state in lifecycle.final)
    yield f"## {title}"
    yield f"{story(module)}\n`{module.__name__}.{constant}` begins with `{lifecycle.initial.name}`."
    yield fenced("mermaid", lifecycle.to_mermaid())
    yield table("from", "action", "to", "who", rows=command_rows(lifecycle))
    yield f"Final: {final}."
    rowless = listed(rowless_actions(lifecycle))
    yield f"Without a row, since they begin the thing or depend on data alone: {rowless}."


def command_rows(lifecycle: Lifecycle[S, A]) -> Iterator[tuple[str, ...]]:
    """Give one row for all states from which the same roles may do the same."""
    sources: dict[tuple[str, ...], list[str]] = {}
    for rule in lifecycle.rules:
        sources.setdefault(said_of(rule), []).append(rule.source.name)
    for (action, target, who), states in sources.items():
        yield listed(states), f"`{action}`", target, who


def said_of(rule: Rule[S, A]) -> tuple[str, str, str]:
    """Give action, next state and roles of a row in words."""
    target = "stays" if rule.target is rule.source else f"`{rule.target.name}`"
    return rule.action.value, target, ", ".join(r.value for r in Role if r in rule.roles)


def rowless_actions(lifecycle: Lifecycle[S, A]) -> list[str]:
    """List the actions that the enum has and the table does not."""
    actions = type(lifecycle.rules[0].action)
    return [it.value for it in actions if it not in {rule.action for rule in lifecycle.rules}]


def of_expectations() -> Iterator[str]:
    """Write what carriers' facts are held against."""
    yield "### What scans are expected to show"
    yield (
        "No fact is refused: one that cannot follow the phase before it is recorded as a "
        "discrepancy.\nPhases that a feed may skip (those under way, and `RETURNING`) may go unseen."
    )
    rows = []
    for phase in FULFILMENT.states:
        after = [later.name for later in FULFILMENT.states if later in FULFILMENT.expected(phase)]
        rows += [(f"`{phase.name}`", listed(after))] if after else []
    yield table("after", "normally next", rows=rows)


def of_milestones() -> Iterator[str]:
    """Write what each milestone means."""
    yield "### What a scan means"
    yield "`apaclogistics.fulfilment.MEANING` gives each milestone a phase or none, a flag or none."
    rows = []
    for milestone in Milestone:
        meaning = MEANING[milestone]
        phase = f"`{meaning.phase.name}`" if meaning.phase else "-"
        flag = f"`{meaning.flag.name}`" if meaning.flag else "-"
        coarse = "never moves a finer phase back" if meaning.is_coarse else ""
        rows.append((f"`{milestone.name}`", phase, flag, coarse))
    yield table("milestone", "phase", "flag", "", rows=rows)


def provoked(provoke: Callable[[], object], kind: type[ApacLogisticsError]) -> str:
    """Give what an error says when it happens."""
    with pytest.raises(kind) as caught:
        provoke()
    return str(caught.value)


def book_as(actor: Actor, phase: Phase = Phase.DRAFT) -> object:
    """Try to book a shipment of the seller s-1."""
    parties = {Actor(Role.SELLER, "s-1"), Actor(Role.BUYER, "b-7")}
    return FULFILMENT.decide(phase, Action.BOOK, by=actor, parties=parties)


def refuse() -> None:
    """Refuse a confirmation for want of funds."""
    reason = Reason("not_enough_funds", "8.00 USD are available and 12.60 USD are needed")
    seller = Actor(Role.SELLER, "s-1")
    raise FULFILMENT.refuse(Phase.BOOKED, Action.CONFIRM, seller, [reason])


def raising(error: ApacLogisticsError) -> Callable[[], object]:
    """Give something that raises an error as adapters do."""

    def raise_it() -> None:
        raise error

    return raise_it


def use_an_ended_transaction() -> None:
    """Read after a transaction has ended."""
    with MemoryStorage().unit_of_work() as work:
        work.commit()
    work.sellers.find(SellerId("s-1"))


def deposit_again() -> None:
    """Deposit another amount under a cause that was used."""
    wallet, at = Wallet(Actor(Role.SELLER, "s-1")), instant("2026-03-01T09:00:00Z")
    wallet = wallet.deposit(Money.of("10.00", "USD"), "transfer 7", at=at)
    wallet.deposit(Money.of("9.00", "USD"), "transfer 7", at=at)


def get_nobody() -> None:
    """Look a seller up who is not there."""
    with MemoryStorage().unit_of_work() as work:
        work.sellers.get(SellerId("s-9"))


@attrs.frozen
class Answer:
    """How a host usually answers an error, and an example of one; a family has none."""

    status: str
    provoke: Callable[[], object] | None = None


ANSWERS: Final[dict[type[ApacLogisticsError], Answer]] = {
    ApacLogisticsError: Answer("500"),
    InvalidValueError: Answer("422", lambda: S10Number.parse("LV000000015HK")),
    InvalidTypeError: Answer("422", lambda: Money(12.5, "USD")),  # type: ignore[arg-type]
    TransitionError: Answer("403, 409, 422"),
    ActorNotPermittedError: Answer("403", lambda: book_as(Actor(Role.SELLER, "s-2"))),
    IllegalTransitionError: Answer(
        "409", lambda: book_as(Actor(Role.SELLER, "s-1"), Phase.CONFIRMED)
    ),
    RefusedError: Answer("422", refuse),
    NotFoundError: Answer("404", get_nobody),
    ConflictError: Answer("409"),
    DepositConflictError: Answer("409", deposit_again),
    ConcurrencyConflictError: Answer(
        "409", raising(ConcurrencyConflictError("order", "o-1", expected=3, found=4))
    ),
    OrderDivergedError: Answer("409", raising(OrderDivergedError("o-1", 3, "refund", "cancel"))),
    IdempotencyConflictError: Answer(
        "409", raising(IdempotencyConflictError("k-1", "was used for another request"))
    ),
    CarrierError: Answer("502, 503"),
    CarrierRejectedError: Answer(
        "502", raising(CarrierRejectedError("HKPOST", "355036", "the package is being processed"))
    ),
    CarrierUnavailableError: Answer(
        "503", raising(CarrierUnavailableError("HKPOST", "the call was not answered"))
    ),
    CodecError: Answer("400", raising(CodecError("$.weight", "is missing"))),
    CodecErrors: Answer("400", lambda: loads(MALFORMED, Actor)),
    TransactionEndedError: Answer("500", use_an_ended_transaction),
}


def errors_page() -> str:
    """Write `docs/reference/errors.md`: every error with code, status, fields and an example."""
    parts = [
        NOTICE,
        "# Errors",
        ABOUT_ERRORS,
        *(of_error(kind) for kind in ANSWERS),
    ]
    return "\n\n".join(parts) + "\n"


def of_error(kind: type[ApacLogisticsError]) -> str:
    """Write one error."""
    parent = next(it for it in kind.__mro__[1:] if issubclass(it, Exception))
    depth = sum(issubclass(it, ApacLogisticsError) for it in kind.__mro__)
    answer = ANSWERS[kind]
    lines = [
        f"{'#' * max(depth, 2)} `{kind.__name__}`",
        "",
        story(kind),
        "",
        f"- code `{kind.code}`, usual status {answer.status}",
        f"- defined in `{kind.__module__}`, a kind of `{parent.__name__}`",
    ]
    if fields := fields_of(kind):
        lines.append(f"- fields: {listed(fields)}")
    if answer.provoke:
        lines += ["", fenced("text", provoked(answer.provoke, kind))]
    return "\n".join(lines)


def fields_of(kind: type[ApacLogisticsError]) -> list[str]:
    """List the facts that an error carries."""
    if issubclass(kind, CodecErrors):
        return ["exceptions"]
    return [field.name for field in attrs.fields(kind)] if attrs.has(kind) else []


def with_diagram(text: str) -> str:
    """Put the present happy path into the only place where a page has a diagram."""
    drawn = fenced("mermaid", happy_path())
    return re.sub(r"^```mermaid\n.*?^```$", lambda _: drawn, text, flags=re.MULTILINE | re.DOTALL)


def with_output(text: str) -> str:
    """Put what commands print now into the console blocks of a page."""
    blocks = r"(?<=^```console\n).*?(?=^```$)"
    return re.sub(blocks, lambda block: rerun(block[0]), text, flags=re.MULTILINE | re.DOTALL)


def rerun(shown: str) -> str:
    """Run the commands of a console block and write it anew."""
    commands = (command for command, _ in commands_shown(shown))
    return "".join(f"$ {command}\n{run(*command.split()[1:])}" for command in commands)


def default_text(default: timedelta | InquiryPolicy | str) -> str:
    """Say what a field of a policy is if nobody says otherwise."""
    match default:
        case timedelta():
            return duration_text(default)
        case InquiryPolicy():
            return default.name
        case str():
            return default
        case _:
            assert_never(default)


def attention_page() -> str:
    """Write `docs/reference/attention.md`: every rule, and the policy that moves it."""
    rules = [
        (f"`{rule.name}`", rule.value, rule.meaning, rule.whom, listed(rule.limits))
        for rule in AttentionRule
    ]
    usual = AttentionPolicy()
    defaults = ((it.name, getattr(usual, it.name)) for it in attrs.fields(AttentionPolicy))
    limits = [
        (
            f"`{field}`",
            default_text(default),
            listed(it.name for it in AttentionRule if field in it.limits),
        )
        for field, default in defaults
    ]
    parts = [
        NOTICE,
        "# Attention",
        ABOUT_ATTENTION,
        table("rule", "as shown", "what it means", "who is to act", "limits", rows=rules),
        "## Limits",
        ABOUT_LIMITS,
        table("field of `AttentionPolicy`", "by default", "rules", rows=limits),
        "## Urgencies",
        table("urgency", "as shown", rows=((f"`{it.name}`", it.value) for it in Urgency)),
    ]
    return "\n\n".join(parts) + "\n"


def platform_page() -> str:
    """Write `docs/reference/platform.md`: every use case of every desk on one line."""
    parts = [NOTICE, "# The platform", ABOUT_PLATFORM, use_cases(LogisticsPlatform, "")]
    for field, desk in desks().items():
        parts += [f"## `{field}`", story(importlib.import_module(desk.__module__))]
        parts.append(use_cases(desk, f"{field}."))
    return "\n\n".join(parts) + "\n"


def desks() -> dict[str, type]:
    """Give the desks of the platform by name, in the order of the path."""
    platform = Stage().platform
    # A cached property leaves nothing on a slotted class but its slot.
    slots: tuple[str, ...] = vars(LogisticsPlatform)["__slots__"]
    public = [it for it in slots if not it.startswith("_")]
    parts = {field: type(getattr(platform, field)) for field in public}
    return {field: it for field, it in parts.items() if it.__name__.endswith("Desk")}


def use_cases(desk: type, prefix: str) -> str:
    """Write the public methods of a desk: who takes them, and what they do."""
    methods = {
        verb: method
        for verb, method in vars(desk).items()
        if inspect.isfunction(method) and not verb.startswith("_")
    }
    rows = ((f"`{prefix}{verb}`", actor_of(it), first_line(it)) for verb, it in methods.items())
    return table("use case", "actor", "what it does", rows=rows)


def actor_of(method: Callable[..., object]) -> str:
    """Say whether a use case is taken by an actor."""
    return "`by`" if "by" in inspect.signature(method).parameters else "-"


def first_line(thing: object) -> str:
    """Give the first line of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def happy_path() -> str:
    """Draw the phases that a parcel goes through when nothing goes wrong, with who moves it on."""
    edges = (edge(source, target) for source, target in pairwise(HAPPY_PATH))
    return "\n".join(["flowchart LR", *(f"    {it}" for it in edges)]) + "\n"


def edge(source: Phase, target: Phase) -> str:
    """Draw a step as the table has it: the command that takes it, or a scan that is expected."""
    rules = [it for it in FULFILMENT.rules if (it.source, it.target) == (source, target)]
    said = [said_of(rule) for rule in rules if rule.action is not Action.ADOPT]
    commands_drawn = [f"-->|{action}: {who}|" for action, _, who in said]
    scanned = ["-.->"] if target in FULFILMENT.expected(source) else []
    (arrow, *_) = [*commands_drawn, *scanned]
    return f"{source.name} {arrow.replace('_', ' ')} {target.name}"


PAGES: Final[dict[Path, Callable[[], str]]] = {
    REFERENCE / "attention.md": attention_page,
    REFERENCE / "platform.md": platform_page,
    REFERENCE / "lifecycles.md": lifecycles_page,
    REFERENCE / "errors.md": errors_page,
}


def write_all() -> None:
    """Write everything anew."""
    for path, write in PAGES.items():
        path.write_text(write(), encoding="utf-8")
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        path.write_text(with_output(with_diagram(text) if path == README else text), "utf-8")


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_generated_page_says_what_the_code_does(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path]()


def test_the_readme_draws_the_happy_path_as_the_table_has_it() -> None:
    text = README.read_text(encoding="utf-8")

    assert text.count("```mermaid\n") == 1
    assert with_diagram(text) == text


@pytest.mark.parametrize("command", DRAWINGS)
def test_the_reference_draws_what_the_command_draws(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each lifecycle once, under its own heading, so that neither may lack one."""
    text = (REFERENCE / "lifecycles.md").read_text(encoding="utf-8")
    sections = {section.split()[0].lower(): section for section in text.split("\n## ")[1:]}

    status = main(["draw", command])

    assert status == 0
    assert fenced("mermaid", capsys.readouterr().out) in sections[command]
    assert set(sections) == set(DRAWINGS)


def test_every_use_case_says_in_a_line_what_it_does() -> None:
    rows = [line for line in platform_page().splitlines() if line.startswith("| `")]

    assert len(rows) > 60
    assert all(row.endswith(". |") for row in rows)


def test_the_reference_knows_every_error() -> None:
    for module in MODULES:
        extra = EXTRAS.get(str(module))
        if module.is_public and (extra is None or find_spec(extra)):
            importlib.import_module(module.imported_as)

    assert set(ANSWERS) == set(subclasses(ApacLogisticsError))


def subclasses(kind: type[ApacLogisticsError]) -> Iterator[type[ApacLogisticsError]]:
    """Give a class and all of the library's that inherit from it."""
    if kind.__module__.startswith("apaclogistics"):
        yield kind
    for heir in kind.__subclasses__():
        yield from subclasses(heir)


if __name__ == "__main__":
    write_all()
