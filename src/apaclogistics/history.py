"""Histories: what was commanded, by whom, when, and what money it moved.

Every aggregate records each accepted command as a frozen `Step`.  `accept` is the one gate that a
command passes; replaying steps passes no gate, since what happened is not judged twice.
"""

from collections.abc import Collection, Iterable
from enum import Enum
from typing import Generic, Protocol, TypeVar

import attrs

from apaclogistics.errors import InvalidValueError, Reason, masked
from apaclogistics.ledger import Posting
from apaclogistics.lifecycle import Actor, Lifecycle, Only, Role
from apaclogistics.values.fields import of_type, tuple_of
from apaclogistics.values.instants import Instant, instant, to_text

__all__ = (
    "Aggregate",
    "Note",
    "Recorded",
    "Step",
    "accept",
    "first_and_rest",
    "not_a_beginning",
    "postings_of",
    "record",
)

S = TypeVar("S", bound=Enum)
S_co = TypeVar("S_co", bound=Enum, covariant=True)
A = TypeVar("A", bound=Enum)
A_co = TypeVar("A_co", bound=Enum, covariant=True)
P = TypeVar("P")
P_co = TypeVar("P_co", covariant=True)


@attrs.frozen
class Note:
    """What somebody wrote along with a command, hidden in the `repr`; empty if nothing."""

    text: str = attrs.field(default="", repr=masked, validator=of_type(str))


@attrs.frozen(kw_only=True)
class Step(Generic[A_co, P_co]):
    """An accepted command: the action, who took it, when (UTC), with what, and its postings."""

    action: A_co
    by: Actor = attrs.field(validator=of_type(Actor))
    at: Instant = attrs.field(converter=instant)
    payload: P_co
    postings: tuple[Posting, ...] = attrs.field(default=(), validator=tuple_of(Posting))


class Aggregate(Protocol[S_co, A_co, P_co]):
    """What `accept` must know of a thing that takes commands."""

    @property
    def state(self) -> S_co:
        """The state on which commands are judged."""
        ...

    @property
    def parties(self) -> frozenset[Actor]:
        """The seller, buyer and carrier of this very thing."""
        ...

    @property
    def history(self) -> tuple[Step[A_co, P_co], ...]:
        """The accepted commands, oldest first."""
        ...


class Recorded(Protocol):
    """A thing that has a history, whatever its commands are."""

    @property
    def id(self) -> str:
        """The identifier, of its kind."""
        ...

    @property
    def history(self) -> tuple[Step[Enum, object], ...]:
        """The accepted commands, oldest first."""
        ...


def accept(
    table: Lifecycle[S, A],
    thing: Aggregate[S, A, P],
    action: A,
    payload: P,
    *,
    by: Actor,
    at: Instant,
    only: Only[A] | None = None,
    reasons: Iterable[Reason] = (),
    postings: Iterable[Posting] = (),
) -> Step[A, P]:
    """Judge a command and give the step that records it.

    `only` narrows who may take some of the actions, such as to the one who must answer.  The
    `reasons` are why the data does not allow it; they count only where the table allows it.

    Raises:
        ActorNotPermittedError: if `by` is no party to the thing, or may not.
        IllegalTransitionError: if the action has no row in the state.
        RefusedError: if there are reasons, or `at` lies before the last step.
    """
    table.decide(thing.state, action, by=by, parties=thing.parties, only=only)
    return _recorded(table, thing, action, payload, by, at, reasons, postings, only)


def record(
    table: Lifecycle[S, A],
    thing: Aggregate[S, A, P],
    action: A,
    payload: P,
    *,
    by: Actor,
    at: Instant,
    roles: Collection[Role],
    reasons: Iterable[Reason] = (),
    postings: Iterable[Posting] = (),
) -> Step[A, P]:
    """Judge an action that has no row, since it depends on data alone, and give its step.

    Raises:
        ActorNotPermittedError: if `by` is no party to the thing, or its role is not in `roles`.
        RefusedError: if there are reasons, or `at` lies before the last step.
    """
    table.refuse_stranger(thing.state, action, by, thing.parties)
    if by.role not in roles:
        raise table.not_permitted(thing.state, action, by)
    return _recorded(table, thing, action, payload, by, at, reasons, postings)


def _recorded(
    table: Lifecycle[S, A],
    thing: Aggregate[S, A, P],
    action: A,
    payload: P,
    by: Actor,
    at: Instant,
    reasons: Iterable[Reason],
    postings: Iterable[Posting],
    only: Only[A] | None = None,
) -> Step[A, P]:
    moment = instant(at)
    against = (*_backwards(thing.history, moment), *reasons)
    if against:
        raise table.refuse(thing.state, action, by, against, only=only)
    return Step(action=action, by=by, at=moment, payload=payload, postings=tuple(postings))


def first_and_rest(
    kind: str, steps: Iterable[Step[A, P]]
) -> tuple[Step[A, P], tuple[Step[A, P], ...]]:
    """Part the step that creates a thing from those that follow it.

    Raises:
        InvalidValueError: if there is no step.
    """
    taken = tuple(steps)
    if not taken:
        raise InvalidValueError(f"history of the {kind}", taken, "is empty", "one step or more")
    return taken[0], taken[1:]


def not_a_beginning(kind: str, step: Step[A, P]) -> InvalidValueError:
    """Make the error for a history whose first step does not create the thing."""
    return InvalidValueError(f"history of the {kind}", step.action.value, "is not how one begins")


def _backwards(history: tuple[Step[A, P], ...], at: Instant) -> tuple[Reason, ...]:
    # A back-dated command would slip past a deadline that has been used since.
    if not history or at >= history[-1].at:
        return ()
    last = to_text(history[-1].at)
    return (Reason("back_dated", f"{to_text(at)} is before the last step, at {last}"),)


def postings_of(*histories: Iterable[Step[Enum, object]]) -> tuple[Posting, ...]:
    """Rebuild all postings from histories, in the order of their instants."""
    steps = [step for history in histories for step in history]
    ordered = sorted(steps, key=lambda step: step.at)
    return tuple(posting for step in ordered for posting in step.postings)
