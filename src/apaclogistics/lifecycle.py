"""What a lifecycle is: a frozen table of commands and expectations, and who may do what.

A *command* is a row (from, action, to, who).  It may be refused: what has no row does not happen.
An *expectation* is a row (from, to).  It says what a carrier's facts normally show next, and cannot
refuse anything: a fact that breaks it is recorded as a discrepancy.

A table is checked when it is built, so a lifecycle that exists is sound: no two commands share
their state and action, every state can be reached, and every state that is not final has a way
out.  Tables hold no guards and no callbacks; what depends on data is decided by the aggregate.

>>> class Door(Enum):
...     OPEN = "OPEN"
...     SHUT = "SHUT"
>>> class Move(Enum):
...     SHUT = "shut"
>>> door = Lifecycle(
...     name="door",
...     initial=Door.OPEN,
...     final={Door.SHUT},
...     rules=commands(({Door.OPEN}, Move.SHUT, Door.SHUT, {Role.SELLER})),
... )
>>> door.allowed(Door.OPEN, Role.SELLER)
(<Move.SHUT: 'shut'>,)
>>> door.decide(Door.OPEN, Move.SHUT, by=Actor(Role.BUYER, "b-7"), parties=())
Traceback (most recent call last):
    ...
apaclogistics.lifecycle.ActorNotPermittedError: buyer b-7 may not shut this door: it is not theirs
"""

import re
from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar, Final, Generic, TypeAlias, TypeVar

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason, TransitionError
from apaclogistics.values.fields import of_type

__all__ = (
    "Actor",
    "ActorNotPermittedError",
    "Expectation",
    "IllegalTransitionError",
    "Lifecycle",
    "Only",
    "RefusedError",
    "Role",
    "Rule",
    "commands",
    "expectations",
)


class Role(Enum):
    """The four parties to every lifecycle."""

    SELLER = "seller"
    BUYER = "buyer"
    CARRIER = "carrier"
    PLATFORM = "platform"


@attrs.frozen
class Actor:
    """Somebody who acts: a role, and which seller, buyer, carrier or platform agent it is."""

    role: Role = attrs.field(validator=of_type(Role))
    id: str = attrs.field(validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse an actor without an identifier, or with one that no log could show."""
        if not self.id or len(self.id) > 128 or not self.id.isprintable():
            raise InvalidValueError(
                "actor", self.id, "is no identifier", "1 to 128 printable characters"
            )

    def __str__(self) -> str:
        """Give role and identifier, as in "seller s-1"."""
        return f"{self.role.value} {self.id}"


@attrs.define(slots=False)
class ActorNotPermittedError(TransitionError):
    """Refuse an actor to whom the thing does not belong, or whose role may not do this (403)."""

    code: ClassVar[str] = "actor_not_permitted"

    is_party: bool

    def __str__(self) -> str:
        """Say who may not do what, and why."""
        others = self.may_instead if self.state else f"that is not for the {self.role}"
        return f"{self.actor} may not {self.phrase}: {others if self.is_party else _NOT_THEIRS}"


class IllegalTransitionError(TransitionError):
    """Refuse an action that has no row in the table for the present state (409)."""

    code: ClassVar[str] = "illegal_transition"

    def __str__(self) -> str:
        """Say what cannot be done in which state, and what can."""
        return f"cannot {self.phrase}: it is {self.state}, and {self.may_instead}"


@attrs.define(slots=False)
class RefusedError(TransitionError):
    """Refuse a command that the table allows and the data does not, with every reason (422)."""

    code: ClassVar[str] = "refused"

    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        """Say what is refused and give all reasons."""
        why = "; ".join(reason.text for reason in self.reasons)
        return f"cannot {self.phrase}: {why}"


_NOT_THEIRS: Final = "it is not theirs"


def _words(action: str) -> str:
    return action.replace("_", " ")


S = TypeVar("S", bound=Enum)
A = TypeVar("A", bound=Enum)

# Actions that only some of those whose role may take them, may: by name, or by role; or nobody now.
Only: TypeAlias = Mapping[A, Collection[Actor | Role]]


@attrs.frozen
class Rule(Generic[S, A]):
    """One command row: in `source`, `roles` may take `action`, which leads to `target`."""

    source: S
    action: A
    target: S
    roles: frozenset[Role]


@attrs.frozen
class Expectation(Generic[S]):
    """One expectation row: after `source`, a fact that shows `target` is no surprise."""

    source: S
    target: S


CommandRow: TypeAlias = tuple[Collection[S], A, S | None, Collection[Role]]
ExpectationRow: TypeAlias = tuple[Collection[S], Collection[S]]


def commands(*rows: CommandRow[S, A]) -> tuple[Rule[S, A], ...]:
    """Write out rows of (states, action, next state, roles); None for "stays where it is"."""
    return tuple(
        Rule(source, action, source if target is None else target, frozenset(roles))
        for sources, action, target, roles in rows
        for source in _in_order(sources)
    )


def expectations(*rows: ExpectationRow[S]) -> tuple[Expectation[S], ...]:
    """Write out rows of (states, states that may be seen next)."""
    return tuple(
        Expectation(source, target)
        for sources, targets in rows
        for source in _in_order(sources)
        for target in _in_order(targets)
        if target is not source
    )


def _in_order(members: Collection[S]) -> list[S]:
    """Sort members of one enum as they are declared, so that no table depends on hash order."""
    kinds = dict.fromkeys(type(member) for member in members)
    return [member for kind in kinds for member in kind if member in members]


def _frozen(members: Collection[S]) -> frozenset[S]:
    return frozenset(members)


def _read_only(phrases: Mapping[A, str]) -> Mapping[A, str]:
    return MappingProxyType(dict(phrases))


@attrs.frozen(kw_only=True)
class Lifecycle(Generic[S, A]):
    """A table of commands and expectations, sound by construction.

    `passing` are the states that a feed may skip: an expectation holds across them, since a
    carrier does not report every step.  `phrases` say in words what an action does, to follow
    "cannot"; an action without one is done to the thing itself ("cancel this shipment").  `beginning`
    is the action that makes a thing, and has no row.

    Raises:
        InvalidValueError: if two commands share (state, action), a rule has no roles, a state
            cannot be reached, or a state that is not final has no way out.
    """

    name: str
    initial: S
    final: frozenset[S] = attrs.field(converter=_frozen)
    rules: tuple[Rule[S, A], ...]
    expectations: tuple[Expectation[S], ...] = ()
    passing: frozenset[S] = attrs.field(default=frozenset(), converter=_frozen)
    phrases: Mapping[A, str] = attrs.field(factory=dict, converter=_read_only, hash=False)
    beginning: A | None = None

    def __attrs_post_init__(self) -> None:
        """Check the table."""
        if len(self._rule_of) < len(self.rules):
            raise self._unsound("gives one state and action two rows", "one row each")
        if not all(rule.roles for rule in self.rules):
            raise self._unsound("has a row that nobody may use", "at least one role")
        if lost := [state for state in self.states if state not in self._reachable()]:
            raise self._unsound("cannot reach", ", ".join(state.name for state in lost))
        if stuck := [s for s in self.states if s not in self.final and not self._leads_on(s)]:
            raise self._unsound("has no way out of", ", ".join(state.name for state in stuck))

    def _unsound(self, problem: str, detail: str) -> InvalidValueError:
        return InvalidValueError("lifecycle", self.name, f"{problem} {detail}")

    def _reachable(self) -> set[S]:
        seen, ahead = {self.initial}, [self.initial]
        while ahead:
            state = ahead.pop()
            after = {rule.target for rule in self.rules if rule.source is state}
            after |= self.expected(state)
            ahead.extend(after - seen)
            seen |= after
        return seen

    def _leads_on(self, state: S) -> bool:
        commanded = any(r.source is state and r.target is not state for r in self.rules)
        return commanded or bool(self.expected(state))

    @cached_property
    def _rule_of(self) -> dict[tuple[S, A], Rule[S, A]]:
        return {(rule.source, rule.action): rule for rule in self.rules}

    @cached_property
    def _expected(self) -> dict[S, frozenset[S]]:
        return {
            state: frozenset(row.target for row in self.expectations if row.source is state)
            for state in self.states
        }

    @cached_property
    def _follows(self) -> dict[S, frozenset[S]]:
        """Give what may be seen after each state when the states in `passing` go unreported."""
        return {state: frozenset(self._follow(state)) for state in self.states}

    def _follow(self, state: S) -> set[S]:
        seen: set[S] = set()
        ahead = [state]
        while ahead:
            after = self.expected(ahead.pop()) - seen
            seen |= after
            ahead.extend(after & self.passing)
        return seen

    @property
    def states(self) -> tuple[S, ...]:
        """All states, in the order of their enum."""
        return tuple(type(self.initial))

    def rule(self, state: S, action: A) -> Rule[S, A] | None:
        """Give the command row of an action in a state, or None where there is none."""
        return self._rule_of.get((state, action))

    def phrase(self, action: A) -> str:
        """Say in words what an action does, as after "cannot" or "may not"."""
        return self.phrases.get(action, f"{_words(action.value)} this {self.name}")

    def allowed(self, state: S, role: Role) -> tuple[A, ...]:
        """List what a role may do in a state, in the order of the table.

        Raises:
            InvalidTypeError: if the state is of another table, or the role is none.
        """
        if not isinstance(state, type(self.initial)):
            kind = type(self.initial).__name__
            raise InvalidTypeError(f"state of a {self.name}", type(state).__name__, f"a {kind}")
        if not isinstance(role, Role):
            raise InvalidTypeError("role", type(role).__name__, "a Role")
        return tuple(r.action for r in self.rules if r.source is state and role in r.roles)

    def open_to(self, state: S, actor: Actor, only: Only[A] | None = None) -> tuple[A, ...]:
        """List what an actor may do in a state: what its role may, unless that is for others."""
        narrowed = only or {}
        return tuple(
            action
            for action in self.allowed(state, actor.role)
            if action not in narrowed or {actor, actor.role} & set(narrowed[action])
        )

    def expected(self, state: S) -> frozenset[S]:
        """Give the states that a fact normally shows right after this one."""
        return self._expected[state]

    def follows(self, earlier: S, later: S) -> bool:
        """Tell whether facts may show `later` after `earlier`, skipped steps and repeats included."""
        return later is earlier or later in self._follows[earlier]

    def decide(
        self,
        state: S,
        action: A,
        *,
        by: Actor,
        parties: Collection[Actor],
        only: Only[A] | None = None,
    ) -> S:
        """Give the state that a command leads to, or refuse it.

        `parties` are the seller, buyer and carrier of this very thing; the platform is a party to
        everything.  `only` narrows who may take some of the actions.

        Raises:
            ActorNotPermittedError: if `by` is no party to this thing, or may not.
            IllegalTransitionError: if the action has no row in this state.
        """
        self.refuse_stranger(state, action, by, parties)
        rule = self.rule(state, action)
        if rule is None:
            raise IllegalTransitionError(*self._facts(state, action, by, only))
        if action not in self.open_to(state, by, only):
            raise self.not_permitted(state, action, by, only=only)
        return rule.target

    def after(self, state: S, action: A) -> S:
        """Give the state that an accepted action led to; one without a row leaves it.

        Total, for replaying: an action whose row does not begin in `state` (since facts had moved
        the thing on) leads where all its rows lead.
        """
        rule = self.rule(state, action)
        targets = [rule.target] if rule else [r.target for r in self.rules if r.action is action]
        return targets[0] if targets else state

    def refuse_stranger(self, state: S, action: A, by: Actor, parties: Collection[Actor]) -> None:
        """Let parties and the platform pass.

        Raises:
            ActorNotPermittedError: if `by` is somebody else.
            InvalidTypeError: if `by` is no actor.
        """
        who: object = by
        if not isinstance(who, Actor):
            raise InvalidTypeError("by", type(who).__name__, "an Actor")
        if by.role is not Role.PLATFORM and by not in parties:
            raise self.not_permitted(state, action, by, is_party=False)

    def not_permitted(
        self,
        state: S,
        action: A,
        by: Actor,
        *,
        is_party: bool = True,
        only: Only[A] | None = None,
    ) -> ActorNotPermittedError:
        """Make the error for an actor who may not; a stranger is not told what others may."""
        error = ActorNotPermittedError(*self._facts(state, action, by, only), is_party)
        return error if is_party else attrs.evolve(error, allowed=(), instead=())

    def refuse(
        self,
        state: S,
        action: A,
        by: Actor,
        reasons: Iterable[Reason],
        *,
        only: Only[A] | None = None,
    ) -> RefusedError:
        """Make the error for a command that the table allows and the data does not."""
        return RefusedError(*self._facts(state, action, by, only), tuple(reasons))

    def _facts(
        self, state: S, action: A, by: Actor, only: Only[A] | None
    ) -> tuple[str, str, str, str, tuple[str, ...], str, tuple[str, ...]]:
        is_there = action is not self.beginning
        others = [it for it in self.open_to(state, by, only) if is_there and it is not action]
        return (
            self.name,
            state.name if is_there else "",
            action.value,
            str(by),
            tuple(it.value for it in others),
            self.phrase(action),
            tuple(map(self._briefly, others)),
        )

    def _briefly(self, action: A) -> str:
        """Say in words what an action does, where the thing was named before."""
        return re.sub(f"( of| for| in)? this {self.name}$", "", self.phrase(action))

    def to_mermaid(self) -> str:
        """Draw the table as a Mermaid flowchart: commands solid, expectations dashed."""
        lines = ["flowchart TD"]
        lines += [f"    {state.name}{self._shape(state)}" for state in self.states]
        lines += [
            f"    {r.source.name} -->|{_words(r.action.value)}: {_who(r.roles)}| {r.target.name}"
            for r in self.rules
        ]
        lines += [f"    {row.source.name} -.-> {row.target.name}" for row in self.expectations]
        return "\n".join(lines) + "\n"

    def _shape(self, state: S) -> str:
        if state is self.initial:
            return f"([{state.name}])"
        return f"[[{state.name}]]" if state in self.final else f"[{state.name}]"

    def _repr_markdown_(self) -> str:
        """Let a notebook draw the table by itself."""
        return f"```mermaid\n{self.to_mermaid()}```\n"


def _who(roles: frozenset[Role]) -> str:
    return ", ".join(role.value for role in Role if role in roles)
