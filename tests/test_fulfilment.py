"""THE table as a table: every row, every state, action and role, against a second writing of it.

The literals below were written by hand from the domain, not from the code, so that a row that is
changed there shows as a changed line here.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

import attrs
import pytest

from apaclogistics.errors import TransitionError
from apaclogistics.fulfilment import (
    ENDED,
    FULFILMENT,
    MEANING,
    MOVING,
    Action,
    Flag,
    Meaning,
    Milestone,
    Phase,
)
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    Role,
    Rule,
)

Commands = dict[tuple[Phase, Action], tuple[Phase, frozenset[Role]]]
PhaseRule = Rule[Phase, Action]

# phase, action, next phase, roles
COMMANDS = """
DRAFT                book             BOOKED       seller platform
DRAFT                adopt            HANDED_OVER  seller platform
DRAFT                cancel           CANCELLED    seller platform
BOOKED               confirm          CONFIRMED    seller platform
BOOKED               cancel           CANCELLED    seller platform
CONFIRMED            hand_over        HANDED_OVER  seller carrier
CONFIRMED            cancel           CANCELLED    seller platform
HANDED_OVER          cancel           CANCELLED    seller platform
HANDED_OVER          confirm_receipt  COMPLETED    buyer
HANDED_OVER          close            CLOSED       platform
ACCEPTED             confirm_receipt  COMPLETED    buyer
ACCEPTED             close            CLOSED       platform
EXPORT               confirm_receipt  COMPLETED    buyer
EXPORT               close            CLOSED       platform
IN_TRANSIT           confirm_receipt  COMPLETED    buyer
IN_TRANSIT           close            CLOSED       platform
CUSTOMS              confirm_receipt  COMPLETED    buyer
CUSTOMS              close            CLOSED       platform
LAST_MILE            confirm_receipt  COMPLETED    buyer
LAST_MILE            close            CLOSED       platform
OUT_FOR_DELIVERY     confirm_receipt  COMPLETED    buyer
OUT_FOR_DELIVERY     close            CLOSED       platform
AWAITING_COLLECTION  confirm_receipt  COMPLETED    buyer
AWAITING_COLLECTION  close            CLOSED       platform
ATTEMPT_FAILED       confirm_receipt  COMPLETED    buyer
ATTEMPT_FAILED       close            CLOSED       platform
DELIVERED            confirm_receipt  COMPLETED    buyer
DELIVERED            complete         COMPLETED    platform
DAMAGED              confirm_receipt  COMPLETED    buyer
DAMAGED              close            CLOSED       platform
LOST                 confirm_receipt  COMPLETED    buyer
LOST                 close            CLOSED       platform
RETURNING            confirm_receipt  COMPLETED    buyer
RETURNING            close            CLOSED       platform
RETURNED             close            CLOSED       platform
DESTROYED            close            CLOSED       platform
"""

# phase: the phases that a carrier's facts normally show next
EXPECTATIONS = """
DRAFT:
BOOKED:
CONFIRMED:           ACCEPTED
HANDED_OVER:         ACCEPTED
ACCEPTED:            EXPORT IN_TRANSIT RETURNING LOST DAMAGED DESTROYED
EXPORT:              IN_TRANSIT RETURNING LOST DAMAGED DESTROYED
IN_TRANSIT:          EXPORT CUSTOMS LAST_MILE RETURNING LOST DAMAGED DESTROYED
CUSTOMS:             IN_TRANSIT LAST_MILE RETURNING LOST DAMAGED DESTROYED
LAST_MILE:           OUT_FOR_DELIVERY AWAITING_COLLECTION RETURNING LOST DAMAGED DESTROYED
OUT_FOR_DELIVERY:    DELIVERED ATTEMPT_FAILED AWAITING_COLLECTION LAST_MILE RETURNING LOST DAMAGED \
DESTROYED
AWAITING_COLLECTION: DELIVERED RETURNING LOST DAMAGED DESTROYED
ATTEMPT_FAILED:      OUT_FOR_DELIVERY AWAITING_COLLECTION LAST_MILE DELIVERED RETURNING LOST \
DAMAGED DESTROYED
DELIVERED:           RETURNING
RETURNING:           RETURNED LOST DAMAGED DESTROYED
RETURNED:
DAMAGED:             DELIVERED RETURNING DESTROYED
LOST:                ACCEPTED EXPORT IN_TRANSIT CUSTOMS LAST_MILE OUT_FOR_DELIVERY \
AWAITING_COLLECTION ATTEMPT_FAILED DELIVERED RETURNING
DESTROYED:
COMPLETED:
CLOSED:
CANCELLED:
"""

LINES = [line for line in EXPECTATIONS.splitlines() if line]

# A feed may leave these out without contradicting anything.
SKIPPED = """
ACCEPTED EXPORT IN_TRANSIT CUSTOMS LAST_MILE OUT_FOR_DELIVERY AWAITING_COLLECTION ATTEMPT_FAILED
RETURNING
"""

# milestone, phase or none, flag or none
MEANINGS = """
registered           -                    -
accepted             ACCEPTED             -
export_processing    EXPORT               -
export_held          EXPORT               held
departed_origin      IN_TRANSIT           -
transit_hub          IN_TRANSIT           -
in_transit           IN_TRANSIT           -          coarse
arrived_destination  IN_TRANSIT           -
import_customs       CUSTOMS              -
customs_held         CUSTOMS              held
customs_released     IN_TRANSIT           -
last_mile            LAST_MILE            -
out_for_delivery     OUT_FOR_DELIVERY     -
awaiting_collection  AWAITING_COLLECTION  -
attempt_failed       ATTEMPT_FAILED       -
delayed              -                    delayed
held                 -                    held
misrouted            -                    misrouted
stale                -                    stale
damaged              DAMAGED              -
lost                 LOST                 -
delivered            DELIVERED            -
returning            RETURNING            -
returned             RETURNED             -
destroyed            DESTROYED            -
"""


def cells(table: str) -> list[list[str]]:
    """Split a table into rows of words."""
    return [line.split() for line in table.splitlines() if line]


def expected_commands() -> Commands:
    """Read the literal of the commands."""
    return {
        (Phase[phase], Action(action)): (Phase[target], frozenset(map(Role, roles)))
        for phase, action, target, *roles in cells(COMMANDS)
    }


def commands_of(rules: Iterable[PhaseRule]) -> Commands:
    """Bring the table of the code into the form of the literal; a second row is not lost."""
    found: Commands = {}
    for rule in rules:
        assert (rule.source, rule.action) not in found
        found[rule.source, rule.action] = (rule.target, rule.roles)
    return found


def expected_next() -> dict[Phase, frozenset[Phase]]:
    """Read the literal of the expectations."""
    rows = (line.split(":") for line in LINES)
    return {Phase[phase]: frozenset(map(Phase.__getitem__, after.split())) for phase, after in rows}


def connected(
    expected: dict[Phase, frozenset[Phase]], skipped: set[Phase]
) -> set[tuple[Phase, Phase]]:
    """Compute which phase may follow which: pairs are joined over what is skipped, until no more."""
    pairs = {(earlier, later) for earlier, after in expected.items() for later in after}
    while True:
        longer = {(a, d) for a, b in pairs for c, d in pairs if b is c and b in skipped}
        if longer <= pairs:
            return pairs | {(phase, phase) for phase in Phase}
        pairs |= longer


def mutants(rule: PhaseRule) -> Iterator[PhaseRule]:
    """Give every row that differs from this one in one respect."""
    yield from (attrs.evolve(rule, source=it) for it in Phase if it is not rule.source)
    yield from (attrs.evolve(rule, action=it) for it in Action if it is not rule.action)
    yield from (attrs.evolve(rule, target=it) for it in Phase if it is not rule.target)
    yield from (attrs.evolve(rule, roles=rule.roles ^ {role}) for role in Role)


def differs(rules: list[PhaseRule]) -> bool:
    """Tell whether the comparison with the literal notices that rows were changed."""
    keys = {(rule.source, rule.action) for rule in rules}
    return len(keys) < len(rules) or commands_of(rules) != expected_commands()


SELLER, BUYER = Actor(Role.SELLER, "s-1"), Actor(Role.BUYER, "b-1")
CARRIER, PLATFORM = Actor(Role.CARRIER, "c-1"), Actor(Role.PLATFORM, "p-1")
PARTIES = frozenset({SELLER, BUYER, CARRIER})
TRIPLES = list(product(Phase, Action, (SELLER, BUYER, CARRIER, PLATFORM)))

Outcome = Phase | type[TransitionError]


def outcome(phase: Phase, action: Action, by: Actor) -> Outcome:
    """Give where a command of a party leads, or the kind of its refusal."""
    try:
        return FULFILMENT.decide(phase, action, by=by, parties=PARTIES)
    except TransitionError as error:
        return type(error)


def test_the_commands_are_the_rows_written_here() -> None:
    """No row more, no row less, each with its target and roles."""
    assert commands_of(FULFILMENT.rules) == expected_commands()


def test_the_literal_has_a_line_for_every_row() -> None:
    """A line that is written twice would hide one that is missing."""
    assert len(expected_commands()) == len(cells(COMMANDS)) == len(FULFILMENT.rules) == 36


@pytest.mark.parametrize("index", range(len(FULFILMENT.rules)))
def test_a_row_that_is_deleted_or_changed_is_noticed(index: int) -> None:
    """Each row in turn loses itself, its state, action or target, and gains or loses a role."""
    before, rule, after = (
        list(FULFILMENT.rules[:index]),
        FULFILMENT.rules[index],
        list(FULFILMENT.rules[index + 1 :]),
    )
    changed = list(mutants(rule))

    assert len(changed) == 20 + 9 + 20 + 4
    assert differs(before + after)
    assert all(differs([*before, mutant, *after]) for mutant in changed)
    assert not differs([*before, rule, *after])


def test_every_phase_action_and_role_has_the_outcome_written_here(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What has no row does not happen; what has one happens to its roles only."""
    expected = expected_commands()

    outcomes = Counter(outcome(phase, action, actor) for phase, action, actor in TRIPLES)

    for phase, action, actor in TRIPLES:
        target, roles = expected.get((phase, action), (None, frozenset()))
        permitted = target if actor.role in roles else ActorNotPermittedError
        wanted = IllegalTransitionError if target is None else permitted
        assert outcome(phase, action, actor) is wanted, (phase, action, actor)
    assert outcomes.total() == len(TRIPLES) == 21 * 10 * 4
    assert outcomes[IllegalTransitionError] == (21 * 10 - 36) * 4
    assert outcomes[ActorNotPermittedError] == 100
    report(capsys, outcomes)


def report(capsys: pytest.CaptureFixture[str], outcomes: Counter[Outcome]) -> None:
    """Show the counts in the output of the tests."""
    legal = sum(count for what, count in outcomes.items() if isinstance(what, Phase))
    with capsys.disabled():
        sys.stdout.write(
            f"\nfulfilment: {outcomes.total()} (phase, action, role) triples, {legal} legal, "
            f"{outcomes[IllegalTransitionError]} without a row, "
            f"{outcomes[ActorNotPermittedError]} of another role\n"
        )


@pytest.mark.parametrize("role", [Role.SELLER, Role.BUYER, Role.CARRIER])
def test_a_stranger_of_any_role_is_refused_before_anything_else(role: Role) -> None:
    """Nobody acts on what is not theirs, even where the action has no row."""
    stranger = Actor(role, "somebody-else")

    for phase, action in product(Phase, Action):
        with pytest.raises(ActorNotPermittedError) as caught:
            FULFILMENT.decide(phase, action, by=stranger, parties=PARTIES)

        assert not caught.value.is_party
        assert caught.value.allowed == ()


def test_a_table_lists_exactly_what_it_allows() -> None:
    """`allowed` and `decide` cannot disagree."""
    expected = expected_commands()

    for phase in Phase:
        for role in Role:
            listed = FULFILMENT.allowed(phase, role)
            may = {
                act for (at, act), (_, roles) in expected.items() if at is phase and role in roles
            }
            assert len(listed) == len(may)
            assert set(listed) == may


def test_a_shipment_begins_as_a_draft_and_ends_completed_closed_or_cancelled() -> None:
    """These three have no way out, and nothing happens to what has ended."""
    ended = {Phase.COMPLETED, Phase.CLOSED, Phase.CANCELLED}

    assert FULFILMENT.initial is Phase.DRAFT
    assert FULFILMENT.final == ended
    assert not any(FULFILMENT.allowed(phase, role) for phase in ended for role in Role)


def test_an_action_leads_to_one_phase_wherever_it_is_taken() -> None:
    """So replaying it needs no judgement, even where facts have moved the shipment on."""
    targets = {(rule.action, rule.target) for rule in FULFILMENT.rules}

    assert len(targets) == len({action for action, _ in targets})
    assert all(
        FULFILMENT.after(phase, action) is target for phase in Phase for action, target in targets
    )
    assert FULFILMENT.after(Phase.BOOKED, Action.DRAFT) is Phase.BOOKED


def test_what_is_expected_next_is_what_is_written_here() -> None:
    """Every phase has its line, those after which nothing is expected included."""
    expected = expected_next()

    assert set(expected) == set(Phase)
    assert {phase: FULFILMENT.expected(phase) for phase in Phase} == expected


def test_no_expectation_is_written_twice() -> None:
    """A drawing would show it twice."""
    assert len(set(FULFILMENT.expectations)) == len(FULFILMENT.expectations)


def test_phases_may_be_skipped_as_a_second_computation_says() -> None:
    """All 441 pairs, repeats included, against a closure that is computed in another way."""
    skipped = {Phase[name] for name in SKIPPED.split()}
    allowed = connected(expected_next(), skipped)

    found = {(a, b) for a in Phase for b in Phase if FULFILMENT.follows(a, b)}

    assert found == allowed
    assert len(Phase) ** 2 == 441
    assert len(Phase) < len(found) < 441


@pytest.mark.parametrize(
    ("earlier", "later", "is_expected"),
    [
        (Phase.CONFIRMED, Phase.DELIVERED, True),
        (Phase.HANDED_OVER, Phase.RETURNED, True),
        (Phase.ACCEPTED, Phase.DELIVERED, True),
        (Phase.DELIVERED, Phase.RETURNED, True),
        (Phase.LOST, Phase.DELIVERED, True),
        (Phase.DAMAGED, Phase.RETURNED, True),
        (Phase.BOOKED, Phase.ACCEPTED, False),
        (Phase.DRAFT, Phase.DELIVERED, False),
        (Phase.LAST_MILE, Phase.EXPORT, False),
        (Phase.OUT_FOR_DELIVERY, Phase.CUSTOMS, False),
        (Phase.DELIVERED, Phase.ACCEPTED, False),
        (Phase.DELIVERED, Phase.LOST, True),
        (Phase.RETURNING, Phase.DELIVERED, False),
        (Phase.DAMAGED, Phase.OUT_FOR_DELIVERY, False),
        (Phase.RETURNED, Phase.ACCEPTED, False),
        (Phase.DESTROYED, Phase.LOST, False),
    ],
)
def test_some_phases_follow_others_and_some_do_not(
    earlier: Phase, later: Phase, *, is_expected: bool
) -> None:
    """A few pairs that people can check in their heads."""
    assert FULFILMENT.follows(earlier, later) is is_expected


def test_a_phase_is_stored_under_its_own_name() -> None:
    """Documents and databases hold these words."""
    assert all(phase.value == phase.name for phase in Phase)
    assert [phase.name for phase in Phase] == [line.partition(":")[0] for line in LINES]


def test_a_parcel_is_moving_between_acceptance_and_its_end() -> None:
    """What is skipped are the moving phases and the way back."""
    skipped = {Phase[name] for name in SKIPPED.split()}

    assert skipped - {Phase.RETURNING} == MOVING
    assert FULFILMENT.passing == skipped


def test_a_leg_ends_with_delivery_return_or_destruction() -> None:
    """A parcel that is lost may be found again, so its leg goes on."""
    assert {Phase.DELIVERED, Phase.RETURNED, Phase.DESTROYED} == ENDED


def test_every_milestone_means_what_is_written_here() -> None:
    """One line each: the phase that it shows and the flag that it raises."""
    expected = {
        Milestone(name): Meaning(
            None if phase == "-" else Phase[phase],
            None if flag == "-" else Flag(flag),
            bool(coarse),
        )
        for name, phase, flag, *coarse in cells(MEANINGS)
    }

    assert dict(MEANING) == expected
    assert set(expected) == set(Milestone)


def test_the_drawing_has_a_line_for_every_phase_command_and_expectation() -> None:
    """Nothing of the table is left out of its picture."""
    drawing = FULFILMENT.to_mermaid().splitlines()

    assert len(drawing) == 1 + 21 + 36 + len(FULFILMENT.expectations)
    assert "    DRAFT([DRAFT])" in drawing
    assert "    COMPLETED[[COMPLETED]]" in drawing
    assert "    CONFIRMED -->|hand over: seller, carrier| HANDED_OVER" in drawing
    assert "    DELIVERED -.-> RETURNING" in drawing
