"""Inquiries: seller, buyer and carrier talk about a shipment, and somebody owes an answer.

Whoever opens an inquiry asks, the respondent answers, and each question says until when.  An
inquiry ends resolved or expired; one that is escalated waits for the platform or for its claim.

Identity: `InquiryId`.  Invariant: opener and respondent are different parties.  An inquiry does not
know what became of the shipment.
"""

from collections.abc import Collection, Iterable
from enum import Enum
from functools import reduce
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.errors import InvalidValueError, Reason, masked
from apaclogistics.history import Note, Step, accept, first_and_rest, not_a_beginning
from apaclogistics.lifecycle import Actor, Lifecycle, Role, commands
from apaclogistics.values.identifiers import InquiryId, ListingVersion, ShipmentId, checked_id
from apaclogistics.values.instants import Instant, instant, to_text

__all__ = (
    "INQUIRY",
    "Inquiry",
    "InquiryAction",
    "InquiryState",
    "Opening",
    "Question",
)


class InquiryState(Enum):
    """Where an inquiry stands."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    ESCALATED = "ESCALATED"
    RESOLVED = "RESOLVED"
    EXPIRED = "EXPIRED"


class InquiryAction(Enum):
    """What can be done to an inquiry; opening makes one and has no row."""

    OPEN = "open"
    ANSWER = "answer"
    ASK = "ask"
    RESOLVE = "resolve"
    ESCALATE = "escalate"
    EXPIRE = "expire"
    DECIDE = "decide"


_S, _B, _C, _P = Role.SELLER, Role.BUYER, Role.CARRIER, Role.PLATFORM
_State, _Action = InquiryState, InquiryAction

INQUIRY: Final = Lifecycle(
    name="inquiry",
    phrases={
        _Action.ASK: "ask again in this inquiry",
        _Action.EXPIRE: "let this inquiry expire",
    },
    initial=_State.OPEN,
    final={_State.RESOLVED, _State.EXPIRED},
    rules=commands(
        ({_State.OPEN}, _Action.ANSWER, _State.ANSWERED, {_S, _B, _C}),
        ({_State.ANSWERED}, _Action.ASK, _State.OPEN, {_S, _B, _C}),
        ({_State.OPEN, _State.ANSWERED}, _Action.RESOLVE, _State.RESOLVED, {_S, _B, _C, _P}),
        ({_State.OPEN, _State.ANSWERED}, _Action.ESCALATE, _State.ESCALATED, {_S, _B}),
        ({_State.OPEN, _State.ANSWERED}, _Action.EXPIRE, _State.EXPIRED, {_P}),
        ({_State.ESCALATED}, _Action.DECIDE, _State.RESOLVED, {_P}),
    ),
)


@attrs.frozen
class Question:
    """What is asked, hidden in the `repr`, and until when the respondent has to answer."""

    text: str = attrs.field(repr=masked)
    answer_by: Instant = attrs.field(converter=instant)


@attrs.frozen(kw_only=True)
class Opening:
    """What begins an inquiry: who asks whom about which shipment, and what.

    `listing` and `offer` are those that the shipment's order was sold on, where known, so that a
    complaint counts for the promise that it is about.
    """

    id: InquiryId
    shipment: ShipmentId
    opener: Actor
    respondent: Actor
    question: Question
    listing: ListingVersion | None = None
    offer: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse somebody who talks to themselves."""
        checked_id("inquiry", self.id)
        if self.opener == self.respondent:
            raise InvalidValueError("respondent", str(self.respondent), "is the opener", "another")


InquiryStep: TypeAlias = Step[InquiryAction, Opening | Question | Note]


@attrs.frozen(kw_only=True)
class Inquiry:
    """A conversation about a shipment, with a deadline for the next answer."""

    opening: Opening
    answer_by: Instant
    state: InquiryState = INQUIRY.initial
    history: tuple[InquiryStep, ...]

    @classmethod
    def open(cls, opening: Opening, *, parties: Collection[Actor], by: Actor, at: Instant) -> Self:
        """Ask another party to the shipment; `parties` are those of the shipment.

        Raises:
            ActorNotPermittedError: if `by` is not the opener, or a party to the shipment.
            RefusedError: if the respondent is no party to the shipment.
        """
        own = {opening.opener} & set(parties)
        INQUIRY.refuse_stranger(INQUIRY.initial, InquiryAction.OPEN, by, own)
        if opening.respondent not in parties:
            text = f"{opening.respondent} has nothing to do with shipment {opening.shipment}"
            reason = Reason("no_party", text)
            raise INQUIRY.refuse(INQUIRY.initial, InquiryAction.OPEN, by, [reason])
        return cls._begun(Step(action=InquiryAction.OPEN, by=by, at=at, payload=opening))

    @classmethod
    def replay(cls, steps: Iterable[InquiryStep]) -> Self:
        """Rebuild an inquiry from its steps, without judging them again.

        Raises:
            InvalidValueError: if there is no step, or the first did not open it.
        """
        first, rest = first_and_rest("inquiry", steps)
        return reduce(lambda inquiry, step: inquiry._applied(step), rest, cls._begun(first))

    @classmethod
    def _begun(cls, step: InquiryStep) -> Self:
        match step.payload:
            case Opening(question=question):
                return cls(opening=step.payload, answer_by=question.answer_by, history=(step,))
            case _:
                raise not_a_beginning("inquiry", step)

    def _applied(self, step: InquiryStep) -> Self:
        asked = step.payload if isinstance(step.payload, Question) else None
        return attrs.evolve(
            self,
            answer_by=asked.answer_by if asked else self.answer_by,
            state=INQUIRY.after(self.state, step.action),
            history=(*self.history, step),
        )

    @property
    def id(self) -> InquiryId:
        """The inquiry's identifier."""
        return self.opening.id

    @property
    def parties(self) -> frozenset[Actor]:
        """Who asks and who answers."""
        return frozenset({self.opening.opener, self.opening.respondent})

    def answer(self, text: str, *, by: Actor, at: Instant) -> Self:
        """Answer as the respondent."""
        return self._take(InquiryAction.ANSWER, Note(text), by, at, {self.opening.respondent})

    def ask(self, question: Question, *, by: Actor, at: Instant) -> Self:
        """Ask again as the opener."""
        return self._take(InquiryAction.ASK, question, by, at, {self.opening.opener})

    def resolve(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Be content as the opener, or end it as the platform on delivery or refund."""
        only: tuple[Actor | Role, ...] = (self.opening.opener, Role.PLATFORM)
        return self._take(InquiryAction.RESOLVE, Note(note), by, at, only)

    def escalate(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Take it further as the opener: a buyer to the platform, a seller to a claim."""
        return self._take(InquiryAction.ESCALATE, Note(note), by, at, {self.opening.opener})

    def expire(self, *, by: Actor, at: Instant) -> Self:
        """End an inquiry whose time is over.

        Raises:
            RefusedError: if the time to answer is not over yet.
        """
        text = f"there is time to answer until {to_text(self.answer_by)}"
        reasons = () if instant(at) > self.answer_by else (Reason("too_early", text),)
        return self._take(InquiryAction.EXPIRE, Note(), by, at, None, reasons)

    def decide(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Decide an escalated inquiry, or note that its claim ended."""
        return self._take(InquiryAction.DECIDE, Note(note), by, at, None)

    def _take(
        self,
        action: InquiryAction,
        payload: Question | Note,
        by: Actor,
        at: Instant,
        only: Collection[Actor | Role] | None,
        reasons: Iterable[Reason] = (),
    ) -> Self:
        step = accept(INQUIRY, self, action, payload, by=by, at=at, only=only, reasons=reasons)
        return self._applied(step)
