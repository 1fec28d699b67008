"""Walks: how a strategy lets a thing live through its verbs.

A walk draws from what the table allows now, and the verb is called by a party who may.  So every
state that can be reached occurs, with a history that happened.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import Enum
from functools import cache
from typing import Final, Protocol, TypeAlias, TypeVar

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.history import Recorded
from apaclogistics.lifecycle import Actor, Lifecycle, Role
from apaclogistics.testing._agreements import texts
from apaclogistics.values.instants import Instant

S = TypeVar("S", bound=Enum)
S_co = TypeVar("S_co", bound=Enum, covariant=True)
A = TypeVar("A", bound=Enum)
K = TypeVar("K")

PLATFORM: Final = Actor(Role.PLATFORM, "platform")
A_SECOND: Final = timedelta(seconds=1)
_MOST_STEPS: Final = 12


class _Judged(Protocol[S_co]):
    @property
    def state(self) -> S_co: ...

    @property
    def parties(self) -> frozenset[Actor]: ...


class _Living(Recorded, Protocol):
    @property
    def state(self) -> Enum: ...


T = TypeVar("T", bound=_Living)
Move: TypeAlias = Callable[[DrawFn, T, Actor, Instant], T]
Moves: TypeAlias = Mapping[K, Move[T]]
# What can be done, by whom, and the state that it leads to.
Option: TypeAlias = tuple[K, Actor, S]


def walk(
    draw: DrawFn,
    table: Lifecycle[S, A],
    thing: T,
    options: Callable[[T], Sequence[Option[K, S]]],
    moves: Moves[K, T],
    *,
    goal: S,
) -> T:
    """Let things happen on the way to a state, each drawn from what can happen."""
    least, ways = draw(st.integers(0, 4)), _leading_to(table, goal)
    for count in range(_MOST_STEPS):
        open_now = [(action, by) for action, by, after in options(thing) if after in ways]
        if not open_now or (thing.state is goal and count >= least):
            break
        action, by = draw(st.sampled_from(open_now))
        thing = moves[action](draw, thing, by, later(draw, thing.history[-1].at))
    return thing


def goal_of(draw: DrawFn, table: Lifecycle[S, A], state: S | None) -> S:
    """Go where somebody wants to, or anywhere."""
    return draw(st.sampled_from(table.states)) if state is None else state


def arrived(thing: T, state: Enum | None) -> T:
    """Insist on a state if somebody wants it; most walks get there."""
    assume(state is None or thing.state is state)
    return thing


def _leading_to(table: Lifecycle[S, A], goal: S) -> set[S]:
    steps = {(rule.source, rule.target) for rule in table.rules}
    steps |= {(row.source, row.target) for row in table.expectations}
    found = {goal}
    while new := {source for source, target in steps if target in found} - found:
        found |= new
    return found


def options_of(table: Lifecycle[S, A], thing: _Judged[S]) -> list[Option[A, S]]:
    """List what can be done now, by whom, and where it leads."""
    return [
        (action, actor, table.after(thing.state, action))
        for actor in (*sorted(thing.parties, key=str), PLATFORM)
        for action in table.allowed(thing.state, actor.role)
    ]


@cache
def gaps() -> SearchStrategy[timedelta]:
    """Give spans between two steps; shrinks to none."""
    return st.timedeltas(timedelta(0), timedelta(days=40))


def later(draw: DrawFn, at: Instant) -> Instant:
    """Draw an instant that is not before another."""
    return at + draw(gaps())


def noted(verb: Callable[..., T]) -> Move[T]:
    """Make a move of a verb that takes nothing but a note."""
    return lambda draw, thing, by, at: verb(thing, note=draw(texts()), by=by, at=at)
