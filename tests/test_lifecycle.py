"""A lifecycle is a table that is sound by construction, refuses in order, and draws itself."""

from collections.abc import Callable
from enum import Enum

import attrs
import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason, TransitionError
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    Expectation,
    IllegalTransitionError,
    Lifecycle,
    Only,
    RefusedError,
    Role,
    Rule,
    commands,
    expectations,
)


class Ferry(Enum):
    """Where a ferry is."""

    MOORED = "moored"
    AT_SEA = "at sea"
    FOGBOUND = "fogbound"
    ARRIVED = "arrived"
    SCRAPPED = "scrapped"


class Order(Enum):
    """What the captain may be told."""

    CAST_OFF = "cast_off"
    PAINT = "paint"
    SCRAP = "scrap"
    RETURN = "return"


S, B, C, P = Role.SELLER, Role.BUYER, Role.CARRIER, Role.PLATFORM

RULES = commands(
    ({Ferry.MOORED}, Order.CAST_OFF, Ferry.AT_SEA, {S, C}),
    ({Ferry.MOORED, Ferry.ARRIVED}, Order.PAINT, None, {S}),
    ({Ferry.MOORED, Ferry.ARRIVED}, Order.SCRAP, Ferry.SCRAPPED, {P}),
    ({Ferry.ARRIVED}, Order.RETURN, Ferry.AT_SEA, {C}),
)
EXPECTATIONS = expectations(
    ({Ferry.AT_SEA}, {Ferry.FOGBOUND, Ferry.ARRIVED}),
    ({Ferry.FOGBOUND}, {Ferry.ARRIVED}),
)
FERRY = Lifecycle(
    name="ferry",
    initial=Ferry.MOORED,
    final={Ferry.SCRAPPED},
    rules=RULES,
    expectations=EXPECTATIONS,
    passing={Ferry.AT_SEA},
)

SELLER, CARRIER = Actor(S, "s-1"), Actor(C, "c-1")
PARTIES = frozenset({SELLER, CARRIER, Actor(B, "b-1")})


class Door(Enum):
    """A smaller thing, for tables that are not sound."""

    OPEN = "open"
    SHUT = "shut"


class Move(Enum):
    """What can be done with a door."""

    SHUT = "shut"
    OPEN = "open"


def door(*rules: Rule[Door, Move], expected: tuple[Expectation[Door], ...] = ()) -> object:
    """Build a door's table, whose final state is SHUT."""
    return Lifecycle(
        name="door", initial=Door.OPEN, final={Door.SHUT}, rules=rules, expectations=expected
    )


SHUT_IT = Rule(Door.OPEN, Move.SHUT, Door.SHUT, frozenset({S}))


def refusal(attempt: Callable[[], object]) -> InvalidValueError:
    """Give the error that building a table raises."""
    with pytest.raises(InvalidValueError) as caught:
        attempt()
    return caught.value


def test_a_role_is_one_of_four_and_never_a_mixture() -> None:
    """No role combines others, and none is empty."""
    assert [role.value for role in Role] == ["seller", "buyer", "carrier", "platform"]


def test_an_actor_is_told_by_role_and_identifier() -> None:
    """Two actors of one role are two."""
    assert str(SELLER) == "seller s-1"
    assert Actor(S, "s-1") == SELLER != Actor(S, "s-2")
    assert Actor(B, "s-1") != SELLER


@pytest.mark.parametrize("text", ["", "x" * 129, "a\nb", "a\x00"])
def test_an_actor_needs_an_identifier_that_a_log_can_show(text: str) -> None:
    """Not empty, not endless, no control characters."""
    with pytest.raises(InvalidValueError, match=r"^actor .* is no identifier; allowed: 1 to 128"):
        Actor(S, text)


def test_the_longest_identifier_of_an_actor_has_128_characters() -> None:
    """The limit itself is allowed."""
    assert Actor(S, "x" * 128).id == "x" * 128


def test_a_row_of_many_states_is_one_rule_for_each_in_the_order_of_the_enum() -> None:
    """The table does not depend on hash order, and None means "stays"."""
    rules = list(RULES)

    assert rules == [
        Rule(Ferry.MOORED, Order.CAST_OFF, Ferry.AT_SEA, frozenset({S, C})),
        Rule(Ferry.MOORED, Order.PAINT, Ferry.MOORED, frozenset({S})),
        Rule(Ferry.ARRIVED, Order.PAINT, Ferry.ARRIVED, frozenset({S})),
        Rule(Ferry.MOORED, Order.SCRAP, Ferry.SCRAPPED, frozenset({P})),
        Rule(Ferry.ARRIVED, Order.SCRAP, Ferry.SCRAPPED, frozenset({P})),
        Rule(Ferry.ARRIVED, Order.RETURN, Ferry.AT_SEA, frozenset({C})),
    ]


def test_an_expectation_of_many_states_is_written_out_without_repeats_of_itself() -> None:
    """That a state follows itself is always expected and needs no row."""
    both = {Ferry.AT_SEA, Ferry.FOGBOUND}

    assert expectations((both, both)) == (
        Expectation(Ferry.AT_SEA, Ferry.FOGBOUND),
        Expectation(Ferry.FOGBOUND, Ferry.AT_SEA),
    )


def test_two_rows_for_one_state_and_action_are_unsound() -> None:
    """A command has one outcome, whoever takes it."""
    again = attrs.evolve(SHUT_IT, target=Door.OPEN)

    error = refusal(lambda: door(SHUT_IT, again))

    assert str(error) == "lifecycle 'door' gives one state and action two rows one row each"


def test_a_row_that_nobody_may_use_is_unsound() -> None:
    """A command without roles is no command."""
    error = refusal(lambda: door(attrs.evolve(SHUT_IT, roles=frozenset())))

    assert str(error) == "lifecycle 'door' has a row that nobody may use at least one role"


def test_a_state_that_cannot_be_reached_is_unsound_and_named() -> None:
    """Neither a command nor an expectation leads there."""
    stay = Rule(Door.OPEN, Move.OPEN, Door.OPEN, frozenset({S}))

    error = refusal(lambda: door(stay))

    assert str(error) == "lifecycle 'door' cannot reach SHUT"


def test_what_only_lost_states_lead_to_is_lost_as_well() -> None:
    """Two that lead to each other are reached no better than one that leads to itself."""
    there = commands(({Ferry.MOORED}, Order.SCRAP, Ferry.SCRAPPED, {P}))
    island = commands(
        ({Ferry.FOGBOUND}, Order.CAST_OFF, Ferry.ARRIVED, {S}),
        ({Ferry.ARRIVED}, Order.RETURN, Ferry.FOGBOUND, {S}),
    )

    error = refusal(lambda: attrs.evolve(FERRY, rules=(*there, *island), expectations=()))

    assert str(error) == "lifecycle 'ferry' cannot reach AT_SEA, FOGBOUND, ARRIVED"


def test_a_table_stays_as_it_was_built() -> None:
    """So it can be a key, whatever becomes of what it was built from."""
    final, passing, phrases = {Ferry.SCRAPPED}, {Ferry.AT_SEA}, {Order.PAINT: "paint this ferry"}
    table: Lifecycle[Ferry, Order] = attrs.evolve(
        FERRY, final=final, passing=passing, phrases=phrases
    )
    known = {table: "known"}

    final.clear()
    passing.clear()
    phrases.clear()

    assert table.final == frozenset({Ferry.SCRAPPED})
    assert table.passing == frozenset({Ferry.AT_SEA})
    assert table.phrases == {Order.PAINT: "paint this ferry"}
    assert known[table] == "known"


def test_a_state_without_a_way_out_is_unsound_unless_it_is_final() -> None:
    """A command that stays where it is leads nowhere."""
    stay = Rule(Door.SHUT, Move.SHUT, Door.SHUT, frozenset({S}))

    error = refusal(
        lambda: Lifecycle(name="door", initial=Door.OPEN, final=(), rules=(SHUT_IT, stay))
    )

    assert str(error) == "lifecycle 'door' has no way out of SHUT"


def test_all_states_that_are_unsound_are_named_at_once() -> None:
    """In the order of their enum."""
    depart = commands(({Ferry.MOORED}, Order.CAST_OFF, Ferry.AT_SEA, {S}))
    everywhere = expectations(({Ferry.MOORED}, set(Ferry)))

    lost = refusal(lambda: attrs.evolve(FERRY, rules=depart, expectations=()))
    stuck = refusal(lambda: attrs.evolve(FERRY, rules=depart, expectations=everywhere))

    assert str(lost) == "lifecycle 'ferry' cannot reach FOGBOUND, ARRIVED, SCRAPPED"
    assert str(stuck) == "lifecycle 'ferry' has no way out of AT_SEA, FOGBOUND, ARRIVED"


def test_facts_may_be_what_reaches_a_state_and_what_leads_on() -> None:
    """A table of expectations alone is sound, too."""
    blown = expectations(({Door.OPEN}, {Door.SHUT}))

    assert door(expected=blown)


def test_a_final_state_may_keep_a_way_out() -> None:
    """As a claim that is settled can still be recovered."""
    reopen = Rule(Door.SHUT, Move.OPEN, Door.OPEN, frozenset({P}))

    assert door(SHUT_IT, reopen)


def test_a_table_lists_what_a_role_may_do_in_the_order_of_its_rows() -> None:
    """What is not listed is not allowed."""
    assert FERRY.allowed(Ferry.MOORED, S) == (Order.CAST_OFF, Order.PAINT)
    assert FERRY.allowed(Ferry.MOORED, P) == (Order.SCRAP,)
    assert FERRY.allowed(Ferry.MOORED, B) == ()
    assert FERRY.allowed(Ferry.AT_SEA, C) == ()


def test_a_table_finds_the_row_of_an_action_or_none() -> None:
    """Looking does not raise."""
    assert FERRY.rule(Ferry.ARRIVED, Order.RETURN) == RULES[-1]
    assert FERRY.rule(Ferry.MOORED, Order.RETURN) is None


def test_a_table_knows_its_states_in_the_order_of_their_enum() -> None:
    """Drawings and tables list them so."""
    assert FERRY.states == tuple(Ferry)


def test_what_facts_show_next_is_what_the_rows_expect() -> None:
    """Nothing is expected after a state without a row."""
    assert FERRY.expected(Ferry.AT_SEA) == {Ferry.FOGBOUND, Ferry.ARRIVED}
    assert FERRY.expected(Ferry.ARRIVED) == set()


def test_facts_may_repeat_themselves() -> None:
    """A carrier says the same thing twice, and nothing is wrong."""
    assert all(FERRY.follows(state, state) for state in Ferry)


def test_facts_may_skip_states_in_passing_and_no_others() -> None:
    """A ferry at sea may go unreported; one in the fog is always reported."""
    sea_route = attrs.evolve(
        FERRY,
        expectations=expectations(
            ({Ferry.MOORED}, {Ferry.AT_SEA}),
            ({Ferry.AT_SEA}, {Ferry.FOGBOUND}),
            ({Ferry.FOGBOUND}, {Ferry.ARRIVED}),
        ),
    )

    assert sea_route.follows(Ferry.MOORED, Ferry.FOGBOUND)
    assert not sea_route.follows(Ferry.MOORED, Ferry.ARRIVED)
    assert not sea_route.follows(Ferry.FOGBOUND, Ferry.AT_SEA)


def test_facts_may_go_round_in_circles() -> None:
    """Two states in passing that follow each other end the search all the same."""
    circle = attrs.evolve(
        FERRY,
        expectations=(
            *EXPECTATIONS,
            Expectation(Ferry.FOGBOUND, Ferry.AT_SEA),
            Expectation(Ferry.ARRIVED, Ferry.AT_SEA),
        ),
        passing={Ferry.AT_SEA, Ferry.FOGBOUND, Ferry.ARRIVED},
    )

    assert circle.follows(Ferry.ARRIVED, Ferry.FOGBOUND)
    assert not circle.follows(Ferry.ARRIVED, Ferry.MOORED)


def test_a_permitted_command_gives_the_next_state() -> None:
    """A command that stays gives the same state."""
    cast_off = FERRY.decide(Ferry.MOORED, Order.CAST_OFF, by=SELLER, parties=PARTIES)
    paint = FERRY.decide(Ferry.ARRIVED, Order.PAINT, by=SELLER, parties=PARTIES)

    assert cast_off is Ferry.AT_SEA
    assert paint is Ferry.ARRIVED


def test_the_platform_is_a_party_to_everything() -> None:
    """It need not be listed."""
    anyone = Actor(P, "agent-7")

    assert FERRY.decide(Ferry.MOORED, Order.SCRAP, by=anyone, parties=()) is Ferry.SCRAPPED


def test_a_stranger_is_refused_before_anything_else_and_told_nothing() -> None:
    """The right role does not help, nor does an action that has no row."""
    stranger = Actor(S, "s-2")

    for action in Order:
        with pytest.raises(ActorNotPermittedError) as caught:
            FERRY.decide(Ferry.MOORED, action, by=stranger, parties=PARTIES)

        assert not caught.value.is_party
        assert caught.value.allowed == ()
        assert str(caught.value).endswith("this ferry: it is not theirs")


def test_an_action_without_a_row_is_refused_before_the_role_is_judged() -> None:
    """A carrier may return in ARRIVED, nobody in MOORED."""
    with pytest.raises(IllegalTransitionError) as caught:
        FERRY.decide(Ferry.MOORED, Order.RETURN, by=SELLER, parties=PARTIES)

    error = caught.value
    assert (error.lifecycle, error.state, error.action) == ("ferry", "MOORED", "return")
    assert (error.actor, error.allowed) == ("seller s-1", ("cast_off", "paint"))
    assert str(error) == (
        "cannot return this ferry: it is MOORED, and the seller may cast off or paint now"
    )


def test_a_party_of_another_role_is_told_what_its_own_role_may_do() -> None:
    """The action has a row here, and it is somebody else's."""
    with pytest.raises(ActorNotPermittedError) as caught:
        FERRY.decide(Ferry.MOORED, Order.PAINT, by=CARRIER, parties=PARTIES)

    error = caught.value
    assert error.is_party
    assert error.allowed == ("cast_off",)
    assert str(error) == "carrier c-1 may not paint this ferry: the carrier may cast off now"


def test_an_action_may_be_for_some_of_a_role_only() -> None:
    """By name or by role; nobody else is told that they may."""
    other = Actor(S, "s-2")
    only: Only[Order] = {Order.PAINT: (SELLER,), Order.CAST_OFF: (Role.CARRIER,)}

    assert FERRY.open_to(Ferry.MOORED, SELLER) == (Order.CAST_OFF, Order.PAINT)
    assert FERRY.open_to(Ferry.MOORED, SELLER, only) == (Order.PAINT,)
    assert FERRY.open_to(Ferry.MOORED, other, only) == ()
    assert FERRY.open_to(Ferry.MOORED, CARRIER, only) == (Order.CAST_OFF,)
    with pytest.raises(ActorNotPermittedError, match="the seller may paint now"):
        FERRY.decide(Ferry.MOORED, Order.CAST_OFF, by=SELLER, parties=PARTIES, only=only)


def test_an_action_of_two_words_is_written_as_two_words() -> None:
    """Messages are for people."""
    buyer = Actor(B, "b-1")

    with pytest.raises(ActorNotPermittedError) as caught:
        FERRY.decide(Ferry.MOORED, Order.CAST_OFF, by=buyer, parties=PARTIES)

    assert (
        str(caught.value) == "buyer b-1 may not cast off this ferry: the buyer may do nothing now"
    )


def test_a_refusal_by_the_data_carries_every_reason() -> None:
    """One reason does not hide the next."""
    reasons = [Reason("fog", "there is fog"), Reason("fuel", "the tank is empty")]

    error = FERRY.refuse(Ferry.MOORED, Order.CAST_OFF, SELLER, iter(reasons))

    assert isinstance(error, RefusedError)
    assert error.reasons == tuple(reasons)
    assert error.allowed == ("paint",)
    assert str(error) == "cannot cast off this ferry: there is fog; the tank is empty"


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("paint this ferry", "paint"),
        ("ask for the painting of this ferry", "ask for the painting"),
        ("take passengers out of this ferry", "take passengers out"),
        ("have this ferry painted", "have this ferry painted"),
    ],
)
def test_what_may_be_done_instead_is_said_in_the_phrases_of_the_table(
    phrase: str, said: str
) -> None:
    """Without naming the thing again where that comes last."""
    ferry = attrs.evolve(FERRY, phrases={Order.PAINT: phrase})

    with pytest.raises(IllegalTransitionError) as caught:
        ferry.decide(Ferry.MOORED, Order.RETURN, by=SELLER, parties=PARTIES)

    assert caught.value.instead == ("cast off", said)
    assert str(caught.value).endswith(f"the seller may cast off or {said} now")


def test_a_thing_that_is_not_there_yet_has_no_state_and_allows_nothing() -> None:
    """Its table speaks of one that is."""
    ferry = attrs.evolve(FERRY, beginning=Order.RETURN, rules=FERRY.rules[:-1])

    refused = ferry.refuse(Ferry.MOORED, Order.RETURN, SELLER, [Reason("ice", "there is ice")])
    forbidden = ferry.not_permitted(Ferry.MOORED, Order.RETURN, SELLER)

    assert (refused.state, refused.allowed, refused.instead) == ("", (), ())
    assert str(forbidden) == "seller s-1 may not return this ferry: that is not for the seller"


@pytest.mark.parametrize("state", ["MOORED", Door.OPEN])
def test_a_state_of_another_table_allows_nothing_silently(state: Ferry) -> None:
    """Neither a text nor another table's member is the state that it is called like."""
    with pytest.raises(
        InvalidTypeError, match=r"state of a ferry is given as .*; allowed: a Ferry"
    ):
        FERRY.allowed(state, Role.SELLER)


def test_a_role_is_no_text_and_no_actor() -> None:
    """Whoever passes the actor finds out."""
    actor: object = SELLER

    with pytest.raises(InvalidTypeError, match="role is given as Actor; allowed: a Role"):
        FERRY.allowed(Ferry.MOORED, actor)  # type: ignore[arg-type]  # that is the point


def test_the_three_refusals_are_one_family_with_three_codes() -> None:
    """A host answers 403, 409 and 422."""
    kinds = (ActorNotPermittedError, IllegalTransitionError, RefusedError)

    assert all(issubclass(kind, TransitionError) for kind in kinds)
    assert [kind.code for kind in kinds] == ["actor_not_permitted", "illegal_transition", "refused"]


def test_an_accepted_action_leads_where_its_row_says_when_it_is_replayed() -> None:
    """An action whose row begins elsewhere leads where all its rows lead; one without, nowhere."""
    assert FERRY.after(Ferry.MOORED, Order.CAST_OFF) is Ferry.AT_SEA
    assert FERRY.after(Ferry.AT_SEA, Order.SCRAP) is Ferry.SCRAPPED

    silent = attrs.evolve(FERRY, rules=tuple(r for r in RULES if r.action is not Order.PAINT))
    assert silent.after(Ferry.AT_SEA, Order.PAINT) is Ferry.AT_SEA


def test_a_table_draws_its_commands_solid_and_its_expectations_dashed() -> None:
    """The first state is round, a final one has double walls, and roles are in a fixed order."""
    assert FERRY.to_mermaid() == (
        "flowchart TD\n"
        "    MOORED([MOORED])\n"
        "    AT_SEA[AT_SEA]\n"
        "    FOGBOUND[FOGBOUND]\n"
        "    ARRIVED[ARRIVED]\n"
        "    SCRAPPED[[SCRAPPED]]\n"
        "    MOORED -->|cast off: seller, carrier| AT_SEA\n"
        "    MOORED -->|paint: seller| MOORED\n"
        "    ARRIVED -->|paint: seller| ARRIVED\n"
        "    MOORED -->|scrap: platform| SCRAPPED\n"
        "    ARRIVED -->|scrap: platform| SCRAPPED\n"
        "    ARRIVED -->|return: carrier| AT_SEA\n"
        "    AT_SEA -.-> FOGBOUND\n"
        "    AT_SEA -.-> ARRIVED\n"
        "    FOGBOUND -.-> ARRIVED\n"
    )


def test_a_notebook_draws_a_table_by_itself() -> None:
    """Notebooks look for this method and render the fenced block."""
    shown = FERRY._repr_markdown_()

    assert shown == f"```mermaid\n{FERRY.to_mermaid()}```\n"


def test_a_row_of_no_states_says_nothing() -> None:
    """A set that happens to be empty must not end in a bare RuntimeError."""
    empty: frozenset[Ferry] = frozenset()

    assert commands((empty, Order.PAINT, None, {S})) == ()
    assert expectations((empty, {Ferry.ARRIVED}), ({Ferry.AT_SEA}, empty)) == ()


def test_an_actor_is_a_role_and_an_identifier() -> None:
    """Text in the place of a role would be found by the first command."""
    actor: Callable[..., object] = Actor

    with pytest.raises(InvalidTypeError, match="role of Actor is given as str; allowed: Role"):
        actor("seller", "s-1")
    with pytest.raises(InvalidTypeError, match="id of Actor is given as int; allowed: str"):
        actor(Role.SELLER, 7)


def test_whoever_acts_is_an_actor() -> None:
    """A bare name is told so, before anything is judged."""
    decide: Callable[..., object] = FERRY.decide

    with pytest.raises(InvalidTypeError, match="by is given as str; allowed: an Actor"):
        decide(Ferry.MOORED, Order.PAINT, by="s-1", parties=PARTIES)


def test_an_action_is_said_in_words() -> None:
    """In its own where the table has some, else as done to the thing itself."""
    wordy = attrs.evolve(FERRY, phrases={Order.RETURN: "send this ferry back"})

    with pytest.raises(IllegalTransitionError) as caught:
        wordy.decide(Ferry.MOORED, Order.RETURN, by=SELLER, parties=PARTIES)

    assert wordy.phrase(Order.CAST_OFF) == "cast off this ferry"
    assert caught.value.phrase == "send this ferry back"
    assert str(caught.value).startswith("cannot send this ferry back: it is MOORED, and ")
