"""Tables tested as tables: what a test has written out, beside what the aggregates do.

A test file writes the rows of a lifecycle by hand, one command a line, the roles as letters (seller,
buyer, carrier, platform), so that a changed row shows as a changed line in review:

    BOOKED      confirm   CONFIRMED   SP

It then drives a thing into every state through its verbs, tries every verb as everybody, and
compares what came of it with what the rows say.
"""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from enum import Enum
from typing import Protocol, TypeAlias, TypeVar

import pytest

from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    Lifecycle,
    RefusedError,
    Role,
)

# The state and the action of each row, and the next state and who may.
Rows: TypeAlias = dict[tuple[str, str], tuple[str, frozenset[str]]]
# State, action and actor, and what came of it.
Outcomes: TypeAlias = dict[tuple[str, str, str], str]

_LETTERS = {"S": "seller", "B": "buyer", "C": "carrier", "P": "platform"}
_ROLES = tuple(role.value for role in Role)

NOT_THEIRS = "ActorNotPermittedError: it is not theirs"
NO_ROW = "IllegalTransitionError"
NOT_THIS_ROLE = "ActorNotPermittedError: not this role"
CHANGED = "it was refused, and changed all the same"


class Thing(Protocol):
    """What has a state and parties, and a verb for each action."""

    @property
    def state(self) -> Enum: ...

    @property
    def parties(self) -> frozenset[Actor]: ...


T = TypeVar("T", bound=Thing)
S = TypeVar("S", bound=Enum)
A = TypeVar("A", bound=Enum)
Verbs: TypeAlias = Mapping[str, Callable[[T, Actor], T]]


def written(text: str) -> Rows:
    """Read rows that a test has written out."""
    lines = [line.split() for line in text.strip().splitlines()]
    return {
        (state, action): (after, frozenset(_LETTERS[letter] for letter in letters))
        for state, action, after, letters in lines
    }


def rows_of(table: Lifecycle[S, A]) -> Rows:
    """Write the rows of a lifecycle in the same form."""
    return {
        (rule.source.name, rule.action.value): (
            rule.target.name,
            frozenset(role.value for role in rule.roles),
        )
        for rule in table.rules
    }


def changed(rows: Rows, states: Iterable[str]) -> Iterator[Rows]:
    """Give the rows with each one left out, and with each one leading or belonging elsewhere."""
    for key, (after, roles) in rows.items():
        rest = {other: row for other, row in rows.items() if other != key}
        yield rest
        yield from ({**rest, key: (state, roles)} for state in states if state != after)
        yield from ({**rest, key: (after, roles ^ {role})} for role in _ROLES)


def expected(
    rows: Rows,
    things: Mapping[str, Thing],
    actions: Collection[str],
    actors: Collection[Actor],
    *,
    parties: Mapping[str, Collection[Actor]],
    only: Mapping[str, Collection[Actor]] | None = None,
) -> Outcomes:
    """Say what must come of every action in every state, for every actor.

    `parties` are those who have to do with the thing, by state; `only` narrows some actions down to
    some of them, which counts as a matter of role.
    """
    narrowed = only or {}
    return {
        (state, action, str(actor)): _verdict(
            rows.get((state, action)), actor, parties[state], narrowed.get(action, actors)
        )
        for state in things
        for action in actions
        for actor in actors
    }


def _verdict(
    row: tuple[str, frozenset[str]] | None,
    actor: Actor,
    parties: Collection[Actor],
    only: Collection[Actor],
) -> str:
    if actor not in parties:
        return NOT_THEIRS
    if row is None:
        return NO_ROW
    after, roles = row
    return after if actor.role.value in roles and actor in only else NOT_THIS_ROLE


def outcomes(things: Mapping[str, T], verbs: Verbs[T], actors: Iterable[Actor]) -> Outcomes:
    """Try every verb on every thing as every actor, and say what came of it."""
    found = {}
    for state, thing in things.items():
        before = deepcopy(thing)
        for action, verb in verbs.items():
            for actor in actors:
                outcome = _outcome(thing, verb, actor)
                found[state, action, str(actor)] = outcome if thing == before else CHANGED
    return found


def _outcome(thing: T, verb: Callable[[T, Actor], T], actor: Actor) -> str:
    try:
        return verb(thing, actor).state.name
    except IllegalTransitionError:
        return NO_ROW
    except ActorNotPermittedError as error:
        return NOT_THIS_ROLE if error.is_party else NOT_THEIRS
    except RefusedError as error:
        return f"RefusedError: {error.reasons}"


def announce(
    capsys: pytest.CaptureFixture[str], name: str, things: Collection[str], verbs: Collection[str]
) -> None:
    """Print how many triples of state, action and role were tried."""
    count = len(things) * len(verbs) * len(Role)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{name}: {count} triples of {len(things)} states, {len(verbs)} actions, "
            f"{len(Role)} roles\n"
        )
