"""Inquiries: seller, buyer and carrier talk about a shipment, and somebody owes an answer.

Whoever opens an inquiry asks, the respondent answers, and each question says until when.  Anybody
who takes part may write in between and show evidence.  Once the time for the first answer is over
the opener may escalate: a buyer to the platform, a seller to a claim, which takes the thread over.
An inquiry ends resolved, by its opener or on a delivery or refund, or closes by itself at an instant
that was named when it was opened; what is closed is never opened again.

Identity: `InquiryId`.  Invariants: opener and respondent are different parties; no deadline moves
back, and none lies behind the closing.  An inquiry does not know what became of the shipment.

>>> from apaclogistics.inquiry_policies import Closing
>>> buyer, seller = Actor(Role.BUYER, "b-1"), Actor(Role.SELLER, "s-1")
>>> opening = Opening(
...     id=InquiryId("i-1"),
...     shipment=ShipmentId("sh-1"),
...     opener=buyer,
...     respondent=seller,
...     question=Question("Where is it?", instant("2026-03-12T15:59:59Z")),
...     closing=Closing(by=instant("2026-04-07T15:59:59Z")),
... )
>>> asked = Inquiry.open(opening, parties={buyer, seller}, by=buyer, at=instant("2026-03-09T09:00:00Z"))
>>> for action, until in allowed(asked, buyer, instant("2026-03-13T09:00:00Z")).items():
...     print(action.value, "until", until.isoformat() if until else "somebody else ends it")
write until 2026-04-07T15:59:59+00:00
resolve until 2026-04-07T15:59:59+00:00
escalate until 2026-04-07T15:59:59+00:00
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum
from functools import reduce
from types import MappingProxyType
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.errors import Reason
from apaclogistics.evidence import Evidence
from apaclogistics.history import Note, Step, accept, first_and_rest, not_a_beginning
from apaclogistics.lifecycle import Actor, Lifecycle, Only, Role, commands
from apaclogistics.threads import (
    Message,
    Opening,
    Question,
    Remark,
    Resolution,
    Settled,
    Thread,
)
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.fields import checked
from apaclogistics.values.identifiers import InquiryId, ShipmentId
from apaclogistics.values.instants import Instant, instant, to_text

__all__ = (
    "INQUIRY",
    "Inquiry",
    "InquiryAction",
    "InquiryState",
    "Recourse",
    "allowed",
    "deadline",
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
    WRITE = "write"
    RESOLVE = "resolve"
    ESCALATE = "escalate"
    EXPIRE = "expire"
    DECIDE = "decide"


_S, _B, _C, _P = Role.SELLER, Role.BUYER, Role.CARRIER, Role.PLATFORM
_State, _Action = InquiryState, InquiryAction
_RUNNING: Final = frozenset({_State.OPEN, _State.ANSWERED})

INQUIRY: Final = Lifecycle(
    name="inquiry",
    beginning=_Action.OPEN,
    phrases={
        _Action.ASK: "ask again in this inquiry",
        _Action.WRITE: "write in this inquiry",
        _Action.EXPIRE: "let this inquiry expire",
    },
    initial=_State.OPEN,
    final={_State.RESOLVED, _State.EXPIRED},
    rules=commands(
        ({_State.OPEN}, _Action.ANSWER, _State.ANSWERED, {_S, _B, _C}),
        ({_State.ANSWERED}, _Action.ASK, _State.OPEN, {_S, _B, _C}),
        ({*_RUNNING, _State.ESCALATED}, _Action.WRITE, None, {_S, _B, _C, _P}),
        (_RUNNING, _Action.RESOLVE, _State.RESOLVED, {_S, _B, _C, _P}),
        (_RUNNING, _Action.ESCALATE, _State.ESCALATED, {_S, _B}),
        (_RUNNING, _Action.EXPIRE, _State.EXPIRED, {_P}),
        ({_State.ESCALATED}, _Action.DECIDE, _State.RESOLVED, {_P}),
    ),
)


class Recourse(Enum):
    """Where an inquiry goes when its opener escalates it."""

    PLATFORM = "the platform decides"
    CLAIM = "a claim takes it over"


_RECOURSES: Final[Mapping[Role, Recourse]] = MappingProxyType(
    {Role.BUYER: Recourse.PLATFORM, Role.SELLER: Recourse.CLAIM}
)


InquiryStep: TypeAlias = Step[InquiryAction, Opening | Question | Remark | Resolution | Note]


@attrs.frozen(kw_only=True)
class Inquiry:
    """A conversation about a shipment, with a deadline for the next answer."""

    opening: Opening
    answer_by: Deadline
    state: InquiryState = INQUIRY.initial
    history: tuple[InquiryStep, ...]

    @classmethod
    def open(
        cls,
        opening: Opening,
        *,
        parties: Collection[Actor],
        hindrances: Iterable[Reason] = (),
        by: Actor,
        at: Instant,
    ) -> Self:
        """Ask another party to the shipment; `parties` are those of the shipment.

        `hindrances` are why nothing may be asked now, such as those of a policy, or an inquiry that
        is open already.

        Raises:
            ActorNotPermittedError: if `by` is not the opener, or a party to the shipment.
            RefusedError: if there are hindrances, somebody who takes part is no party to the
                shipment, or the time to answer is over already.
        """
        own = {opening.opener} & set(parties)
        INQUIRY.refuse_stranger(INQUIRY.initial, InquiryAction.OPEN, by, own)
        reasons = (*hindrances, *_strangers(opening, parties), *_passed(opening.question, at))
        if reasons:
            raise INQUIRY.refuse(INQUIRY.initial, InquiryAction.OPEN, by, reasons)
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
        """Who asks, who answers, and who else takes part."""
        return frozenset({self.opening.opener, self.opening.respondent}) | self.opening.others

    @property
    def is_open(self) -> bool:
        """Whether it has not ended: it runs, or waits for the platform or its claim."""
        return self.state not in INQUIRY.final

    @property
    def waits_for(self) -> Actor | None:
        """Who must do something next: the respondent answer, or the opener be content or not."""
        waiting = {_State.OPEN: self.opening.respondent, _State.ANSWERED: self.opening.opener}
        return waiting.get(self.state)

    @property
    def closes_at(self) -> Instant | None:
        """When it closes by itself, None where nobody said, and once it no longer runs."""
        closing = self.opening.closing
        return closing.by.at if closing is not None and self.state in _RUNNING else None

    @property
    def recourse(self) -> Recourse | None:
        """Where it goes when it is escalated; None for a carrier's, which never is."""
        return _RECOURSES.get(self.opening.opener.role)

    @property
    def thread(self) -> Thread:
        """What was said and shown so far, for people, and for the claim that takes it over."""
        said = (message for step in self.history for message in _messages(step))
        return Thread(self.id, self.opening.shipment, tuple(said))

    def has_lapsed(self, at: Instant) -> bool:
        """Tell whether it has closed by itself at an instant, whether or not anybody swept."""
        return self.closes_at is not None and instant(at) > self.closes_at

    def settled_by(self, facts: Iterable[Resolution]) -> Resolution | None:
        """Give the first fact that is to end it, if one is: it runs, and asks for just that.

        The closing says which: a delivery or its receipt, a refund of all that was bought, both or
        neither.
        """
        known = sorted(facts, key=lambda fact: (fact.at, fact.settled.value, fact.reference))
        ending = (fact for fact in known if self._against_fact(fact))
        return next(ending, None) if self.state in _RUNNING else None

    def _against_fact(self, fact: Resolution | None) -> tuple[Reason, ...]:
        """Give why a fact leaves nothing to escalate, where the closing says that it settles this."""
        closing = self.opening.closing
        if fact is None or closing is None:
            return ()
        at = {fact.settled: fact.at}
        return closing.hindrances(
            at.get(Settled.DELIVERY), at.get(Settled.REFUND), at.get(Settled.RECEIPT)
        )

    def against_claim(self, shipment: ShipmentId, claimant: Actor) -> tuple[Reason, ...]:
        """Give every reason why somebody's claim for a shipment may not take it over."""
        asked, reasons = self.opening, []
        if asked.shipment != shipment:
            text = f"inquiry {self.id} is about shipment {asked.shipment}"
            reasons.append(Reason("other_shipment", text))
        if asked.opener != claimant:
            reasons.append(Reason("not_theirs", f"inquiry {self.id} is not of {claimant}"))
        goes_to_a_claim = self.recourse is Recourse.CLAIM
        if self.state is not _State.ESCALATED or not goes_to_a_claim:
            text = f"inquiry {self.id} is {self.state.name}, and was not escalated to a claim"
            reasons.append(Reason("not_escalated", text))
        return tuple(reasons)

    def answer(
        self, text: str, *, evidence: Iterable[Evidence] = (), by: Actor, at: Instant
    ) -> Self:
        """Answer as the respondent; a late answer is an answer until the inquiry closes.

        Raises:
            RefusedError: if the inquiry has closed by itself.
        """
        return self._take(InquiryAction.ANSWER, Remark(text, tuple(evidence)), by, at)

    def ask(self, question: Question, *, by: Actor, at: Instant) -> Self:
        """Ask again as the opener.

        Raises:
            RefusedError: if the inquiry has closed by itself, or the time to answer is over already,
                ends before it did so far, or lies behind the closing.
        """
        reasons = (*_passed(question, at), *self._out_of_line(question.answer_by))
        return self._take(InquiryAction.ASK, question, by, at, reasons)

    def write(
        self, text: str, *, evidence: Iterable[Evidence] = (), by: Actor, at: Instant
    ) -> Self:
        """Add a message that neither asks nor answers, as anybody who takes part.

        Raises:
            RefusedError: if the inquiry has closed by itself.
        """
        return self._take(InquiryAction.WRITE, Remark(text, tuple(evidence)), by, at)

    def resolve(
        self,
        *,
        on: Resolution | None = None,
        note: str = "",
        hindrances: Iterable[Reason] = (),
        by: Actor,
        at: Instant,
    ) -> Self:
        """Be content as the opener, or end it as the platform on delivery, receipt or refund.

        `hindrances` are why not, such as a delivery that has not come.  Where the platform asked, it
        is content like any other opener, whoever acts for it.

        Raises:
            RefusedError: if there are hindrances, the inquiry has closed by itself, the platform
                ends what others asked on no fact, or the fact is still to come.
        """
        if on is not None:
            checked("what settles it", on, Resolution)
        reasons = (*hindrances, *self._unfounded(on, by, at))
        return self._take(InquiryAction.RESOLVE, on or Note(note), by, at, reasons)

    def escalate(
        self, note: str, *, facts: Iterable[Resolution] = (), by: Actor, at: Instant
    ) -> Self:
        """Take it further as the opener: a buyer to the platform, a seller to a claim.

        `facts` are what is known to have made up for the shipment (`apaclogistics.remedies`).

        Raises:
            RefusedError: if one of the facts settles it, the time for the first answer is not over
                yet, or the inquiry has closed by itself.
        """
        return self._take(InquiryAction.ESCALATE, Note(note), by, at, facts=facts)

    def expire(self, *, by: Actor, at: Instant) -> Self:
        """Note that it has closed by itself.

        Raises:
            RefusedError: if it has not yet, or never does.
        """
        return self._take(InquiryAction.EXPIRE, Note(), by, at)

    def decide(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Decide an escalated inquiry, or note that its claim ended."""
        return self._take(InquiryAction.DECIDE, Note(note), by, at)

    def _out_of_line(self, due: Deadline) -> Iterator[Reason]:
        if due.at < self.answer_by.at:
            text = f"there was time to answer until {to_text(self.answer_by.at)}"
            yield Reason("moved_back", f"{text}, which {to_text(due.at)} would take away")
        if self.closes_at is not None and due.at > self.closes_at:
            text = f"it closes at {to_text(self.closes_at)}, before {to_text(due.at)}"
            yield Reason("after_closing", text)

    def _against(
        self, action: InquiryAction, at: Instant, facts: Iterable[Resolution] = ()
    ) -> Iterator[Reason]:
        """Give why deadlines, or what settles it, do not allow an action at an instant."""
        lapsed = self.has_lapsed(at)
        if action is InquiryAction.EXPIRE:
            closes = f"until {to_text(self.closes_at)}" if self.closes_at else "as long as it takes"
            yield from () if lapsed else (Reason("too_early", f"it is open {closes}"),)
            return
        if lapsed and self.closes_at is not None:
            yield Reason("too_late", f"it has closed by itself at {to_text(self.closes_at)}")
        if action is InquiryAction.ESCALATE:
            yield from self._against_escalating(at, facts)

    def _against_escalating(self, at: Instant, facts: Iterable[Resolution]) -> Iterator[Reason]:
        due = self.opening.question.answer_by
        if not due.is_over(at):
            until = {_State.ANSWERED: "it was answered, and may be escalated after"}
            said = until.get(self.state, "there is time to answer until")
            yield Reason("too_early", f"{said} {to_text(due.at)}")
        # What is to come settles nothing yet.
        past = (fact for fact in facts if fact.at <= at)
        yield from self._against_fact(self.settled_by(past))

    @property
    def _only(self) -> Only[InquiryAction]:
        """Who of the parties may take an action, where the table does not say it all."""
        opener = self.opening.opener
        return {
            InquiryAction.ANSWER: (self.opening.respondent,),
            InquiryAction.ASK: (opener,),
            InquiryAction.ESCALATE: (opener,),
            InquiryAction.RESOLVE: (opener, Role.PLATFORM),
        }

    def _take(
        self,
        action: InquiryAction,
        payload: Question | Remark | Resolution | Note,
        by: Actor,
        at: Instant,
        reasons: Iterable[Reason] = (),
        facts: Iterable[Resolution] = (),
    ) -> Self:
        known = tuple(facts)
        against = (*self._against(action, instant(at), known), *reasons)
        only = self._only_now(action, instant(at), known)
        step = accept(INQUIRY, self, action, payload, by=by, at=at, only=only, reasons=against)
        return self._applied(step)

    def _only_now(
        self, tried: InquiryAction, at: Instant, facts: tuple[Resolution, ...]
    ) -> Only[InquiryAction]:
        """Give who may do what instead of what is tried: nobody what time or facts stand against."""
        others = (it for it in InquiryAction if it is not tried)
        closed = {it: () for it in others if any(self._against(it, at, facts))}
        return {**self._only, **closed}

    def _unfounded(self, on: Resolution | None, by: Actor, at: Instant) -> Iterator[Reason]:
        asked_itself = self.opening.opener.role is Role.PLATFORM
        if on is None and by.role is Role.PLATFORM and not asked_itself:
            text = "the platform ends it on a delivery, a receipt or a refund, and none is named"
            yield Reason("no_fact", text)
        if on is not None and on.at > instant(at):
            text = f"the {on.settled.value} is of {to_text(on.at)}, after this"
            yield Reason("to_come", text)


def allowed(
    inquiry: Inquiry, actor: Actor, at: Instant, facts: Iterable[Resolution] = ()
) -> Mapping[InquiryAction, Instant | None]:
    """Give what somebody may do to an inquiry at an instant, and the last instant for each.

    None stands for no last instant.  Deadlines count, whether or not anybody swept, and so do the
    `facts` that are known of the shipment (`apaclogistics.remedies`).
    """
    moment, known = instant(at), tuple(facts)
    takes_part = checked("actor", actor, Actor).role is Role.PLATFORM or actor in inquiry.parties
    if not takes_part or moment < inquiry.history[-1].at:
        return {}
    return {
        action: _until(inquiry, action, moment)
        for action in INQUIRY.open_to(inquiry.state, actor, inquiry._only)
        if not any(inquiry._against(action, moment, known))
    }


def _until(inquiry: Inquiry, action: InquiryAction, at: Instant) -> Instant | None:
    is_in_time = action is InquiryAction.ANSWER and not inquiry.answer_by.is_over(at)
    if is_in_time:
        return inquiry.answer_by.at
    return None if action is InquiryAction.EXPIRE else inquiry.closes_at


def deadline(inquiry: Inquiry, facts: Iterable[Resolution] = ()) -> Deadline | None:
    """Give until when `waits_for` has time: to answer, or to be content or escalate.

    None where nobody is waited for, nobody said until when, or one of the facts settles it.
    """
    if inquiry.settled_by(facts) is not None:
        return None
    match inquiry.state:
        case InquiryState.OPEN:
            return inquiry.answer_by
        case InquiryState.ANSWERED:
            return inquiry.opening.closing.by if inquiry.opening.closing else None
        case _:
            return None


def _messages(step: InquiryStep) -> Iterator[Message]:
    match step.payload:
        case Opening(question=said):
            yield Message(step.by, step.at, said.text, said.evidence)
        case Question(text=text, evidence=evidence) | Remark(text=text, evidence=evidence):
            yield Message(step.by, step.at, text, evidence)
        case Note(text=text) | Resolution(note=text) if text:
            yield Message(step.by, step.at, text)
        case _:
            return


def _strangers(opening: Opening, parties: Collection[Actor]) -> Iterator[Reason]:
    for named in sorted({opening.respondent, *opening.others} - set(parties), key=str):
        text = f"{named} has nothing to do with shipment {opening.shipment}"
        yield Reason("no_party", text)


def _passed(question: Question, at: Instant) -> Iterator[Reason]:
    due, now = checked("question", question, Question).answer_by, instant(at)
    if due.is_over(now):
        text = f"the time to answer, until {to_text(due.at)}, was over before {to_text(now)}"
        yield Reason("deadline_passed", text)
