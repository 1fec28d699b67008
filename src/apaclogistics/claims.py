"""Claims: what a party demands for a parcel, how both sides come to terms, and what is paid.

A claim keeps the facts as they were when it was filed and what the carrier's policy makes of them.
The carrier offers, the claimant counters, until one accepts the other's figure or the platform
decides; a settlement is paid, and taken back if the parcel turns up after all.

Identity: `ClaimId`; there is one open claim per parcel and kind.  Invariants: no figure is above
the demand or in another currency; the agreed figure exists once somebody accepted or decided.
"""

from collections.abc import Collection, Iterable
from enum import Enum
from functools import reduce
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.compensation import Assessment, ClaimKind, Facts
from apaclogistics.errors import InvalidValueError, Reason, masked
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.history import Note, Step, accept, first_and_rest, not_a_beginning
from apaclogistics.ledger import Posting, claw_back, compensate
from apaclogistics.lifecycle import Actor, Lifecycle, Role, commands
from apaclogistics.values.identifiers import ClaimId, ParcelId, ShipmentId, checked_id
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import Money

__all__ = (
    "CLAIM",
    "Claim",
    "ClaimAction",
    "ClaimState",
    "Demand",
    "EvidenceRequest",
    "Figured",
    "Submission",
)


class ClaimState(Enum):
    """Where a claim stands."""

    FILED = "FILED"
    UNDER_REVIEW = "UNDER_REVIEW"
    EVIDENCE_REQUESTED = "EVIDENCE_REQUESTED"
    OFFERED = "OFFERED"
    COUNTERED = "COUNTERED"
    ACCEPTED = "ACCEPTED"
    ESCALATED = "ESCALATED"
    REJECTED = "REJECTED"
    DISMISSED = "DISMISSED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    SETTLED = "SETTLED"
    RECOVERED = "RECOVERED"


class ClaimAction(Enum):
    """What can be done to a claim; filing makes one and has no row."""

    FILE = "file"
    ACKNOWLEDGE = "acknowledge"
    REQUEST_EVIDENCE = "request_evidence"
    SUBMIT_EVIDENCE = "submit_evidence"
    OFFER = "offer"
    COUNTER = "counter"
    ACCEPT = "accept"
    REJECT = "reject"
    ESCALATE = "escalate"
    DECIDE_FOR = "decide_for"
    DECIDE_AGAINST = "decide_against"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    SETTLE = "settle"
    RECOVER = "recover"


_S, _B, _C, _P = Role.SELLER, Role.BUYER, Role.CARRIER, Role.PLATFORM
_State, _Action = ClaimState, ClaimAction

CLAIM: Final = Lifecycle(
    name="claim",
    initial=_State.FILED,
    # A settled claim keeps one way out: what was lost may turn up.  A rejection may be contested.
    final={
        _State.REJECTED,
        _State.DISMISSED,
        _State.EXPIRED,
        _State.WITHDRAWN,
        _State.SETTLED,
        _State.RECOVERED,
    },
    rules=commands(
        ({_State.FILED}, _Action.ACKNOWLEDGE, _State.UNDER_REVIEW, {_C, _P}),
        ({_State.UNDER_REVIEW}, _Action.REQUEST_EVIDENCE, _State.EVIDENCE_REQUESTED, {_C}),
        ({_State.EVIDENCE_REQUESTED}, _Action.SUBMIT_EVIDENCE, _State.UNDER_REVIEW, {_S, _B}),
        ({_State.UNDER_REVIEW, _State.COUNTERED}, _Action.OFFER, _State.OFFERED, {_C}),
        ({_State.OFFERED}, _Action.COUNTER, _State.COUNTERED, {_S, _B}),
        ({_State.OFFERED}, _Action.ACCEPT, _State.ACCEPTED, {_S, _B}),
        ({_State.COUNTERED}, _Action.ACCEPT, _State.ACCEPTED, {_C}),
        (
            {_State.FILED, _State.UNDER_REVIEW, _State.COUNTERED},
            _Action.REJECT,
            _State.REJECTED,
            {_C},
        ),
        (
            {_State.FILED, _State.UNDER_REVIEW, _State.OFFERED, _State.COUNTERED},
            _Action.ESCALATE,
            _State.ESCALATED,
            {_S, _B, _P},
        ),
        ({_State.REJECTED}, _Action.ESCALATE, _State.ESCALATED, {_S, _B}),
        ({_State.ESCALATED}, _Action.DECIDE_FOR, _State.ACCEPTED, {_P}),
        ({_State.ESCALATED}, _Action.DECIDE_AGAINST, _State.DISMISSED, {_P}),
        ({_State.EVIDENCE_REQUESTED, _State.OFFERED}, _Action.EXPIRE, _State.EXPIRED, {_P}),
        (
            {
                _State.FILED,
                _State.UNDER_REVIEW,
                _State.EVIDENCE_REQUESTED,
                _State.OFFERED,
                _State.COUNTERED,
                _State.ESCALATED,
            },
            _Action.WITHDRAW,
            _State.WITHDRAWN,
            {_S, _B},
        ),
        ({_State.ACCEPTED}, _Action.SETTLE, _State.SETTLED, {_C, _P}),
        ({_State.ACCEPTED, _State.SETTLED}, _Action.RECOVER, _State.RECOVERED, {_C, _P}),
    ),
)


@attrs.frozen(kw_only=True)
class Demand:
    """What begins a claim: who wants how much from whom, for which parcel, and why.

    `facts` and `assessment` are snapshots of the day of filing.

    Raises:
        InvalidValueError: if the amount is not above zero, or a party is in the wrong role.
    """

    id: ClaimId
    shipment: ShipmentId
    parcel: ParcelId
    kind: ClaimKind
    claimant: Actor
    carrier: Actor
    amount: Money
    facts: Facts
    assessment: Assessment
    evidence: tuple[Evidence, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse a demand for nothing, and parties in the wrong role."""
        checked_id("claim", self.id)
        if self.amount.minor <= 0:
            raise InvalidValueError("demand", str(self.amount), "is not above zero")
        if self.claimant.role not in (Role.SELLER, Role.BUYER):
            raise InvalidValueError(
                "claimant", str(self.claimant), "may not claim", "seller, buyer"
            )
        if self.carrier.role is not Role.CARRIER:
            raise InvalidValueError("respondent", str(self.carrier), "is no carrier", "a carrier")


@attrs.frozen
class Figured:
    """An amount on the table, why, and until when it holds (None: until it is answered)."""

    amount: Money
    note: str = attrs.field(default="", repr=masked)
    expires_at: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )


@attrs.frozen
class EvidenceRequest:
    """What evidence the carrier wants, and until when."""

    kinds: frozenset[EvidenceKind]
    submit_by: Instant = attrs.field(converter=instant)


@attrs.frozen
class Submission:
    """Evidence handed in later."""

    evidence: tuple[Evidence, ...]


ClaimStep: TypeAlias = Step[ClaimAction, Demand | EvidenceRequest | Submission | Figured | Note]


@attrs.frozen(kw_only=True)
class Claim:
    """A demand for compensation, from filing to settlement and recovery.

    `on_the_table` is the last offer, counter-offer or decision; `deadline` is until when the
    claimant must answer it or hand in evidence, None where nobody set one.
    """

    demand: Demand
    evidence: tuple[Evidence, ...] = ()
    on_the_table: Money | None = None
    deadline: Instant | None = None
    paid: Money | None = None
    state: ClaimState = CLAIM.initial
    history: tuple[ClaimStep, ...]

    @classmethod
    def file(
        cls,
        demand: Demand,
        *,
        parties: Collection[Actor],
        hindrances: Iterable[Reason],
        by: Actor,
        at: Instant,
    ) -> Self:
        """Demand compensation as a party to the shipment.

        `parties` are those of the shipment; `hindrances` are why the claim may not be filed now,
        such as another open one for the same parcel.

        Raises:
            ActorNotPermittedError: if `by` is not the claimant, or no party to the shipment.
            RefusedError: if there are hindrances, or the carrier did not carry the shipment.
        """
        own = {demand.claimant} & set(parties)
        CLAIM.refuse_stranger(CLAIM.initial, ClaimAction.FILE, by, own)
        reasons = [*hindrances]
        if demand.carrier not in parties:
            text = f"{demand.carrier} did not carry shipment {demand.shipment}"
            reasons.append(Reason("no_party", text))
        if reasons:
            raise CLAIM.refuse(CLAIM.initial, ClaimAction.FILE, by, reasons)
        return cls._begun(Step(action=ClaimAction.FILE, by=by, at=at, payload=demand))

    @classmethod
    def replay(cls, steps: Iterable[ClaimStep]) -> Self:
        """Rebuild a claim from its steps, without judging them again.

        Raises:
            InvalidValueError: if there is no step, or the first did not file it.
        """
        first, rest = first_and_rest("claim", steps)
        return reduce(lambda claim, step: claim._applied(step), rest, cls._begun(first))

    @classmethod
    def _begun(cls, step: ClaimStep) -> Self:
        match step.payload:
            case Demand(evidence=evidence):
                return cls(demand=step.payload, evidence=evidence, history=(step,))
            case _:
                raise not_a_beginning("claim", step)

    def _applied(self, step: ClaimStep) -> Self:
        claim = attrs.evolve(
            self,
            state=CLAIM.after(self.state, step.action),
            deadline=None,
            history=(*self.history, step),
        )
        match step.payload:
            case Figured(amount=amount, expires_at=expires_at):
                return attrs.evolve(claim, on_the_table=amount, deadline=expires_at)
            case EvidenceRequest(submit_by=submit_by):
                return attrs.evolve(claim, deadline=submit_by)
            case Submission(evidence=evidence):
                return attrs.evolve(claim, evidence=(*self.evidence, *evidence))
            case _:
                return attrs.evolve(claim, paid=_paid_after(step, self))

    @property
    def id(self) -> ClaimId:
        """The claim's identifier."""
        return self.demand.id

    @property
    def parties(self) -> frozenset[Actor]:
        """The claimant and the carrier."""
        return frozenset({self.demand.claimant, self.demand.carrier})

    @property
    def is_open(self) -> bool:
        """Whether the claim may still lead to a payment that was not made yet."""
        return self.state not in CLAIM.final

    @property
    def agreed(self) -> Money | None:
        """The figure that was accepted or decided, None before that."""
        decided = (ClaimState.ACCEPTED, ClaimState.SETTLED)
        return self.on_the_table if self.state in decided else None

    def acknowledge(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Take the claim up."""
        return self._take(ClaimAction.ACKNOWLEDGE, Note(note), by, at)

    def request_evidence(self, request: EvidenceRequest, *, by: Actor, at: Instant) -> Self:
        """Ask the claimant for evidence, and say until when."""
        return self._take(ClaimAction.REQUEST_EVIDENCE, request, by, at)

    def submit_evidence(self, evidence: Iterable[Evidence], *, by: Actor, at: Instant) -> Self:
        """Hand in evidence.

        Raises:
            RefusedError: if there is none, or the time for it is over.
        """
        handed_in = Submission(tuple(evidence))
        missing = () if handed_in.evidence else (Reason("no_evidence", "nothing is handed in"),)
        reasons = (*missing, *self._too_late(at))
        return self._take(ClaimAction.SUBMIT_EVIDENCE, handed_in, by, at, reasons)

    def offer(self, figure: Figured, *, by: Actor, at: Instant) -> Self:
        """Put an amount on the table as the carrier.

        Raises:
            RefusedError: if it is not above zero, above the demand, or in another currency.
        """
        return self._take(ClaimAction.OFFER, figure, by, at, self._out_of_bounds(figure.amount))

    def counter(self, figure: Figured, *, by: Actor, at: Instant) -> Self:
        """Answer an offer with another amount as the claimant.

        Raises:
            RefusedError: if the offer has lapsed, or the amount is out of bounds as in `offer`.
        """
        reasons = (*self._too_late(at), *self._out_of_bounds(figure.amount))
        return self._take(ClaimAction.COUNTER, figure, by, at, reasons)

    def accept(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Agree to what the other side put on the table.

        Raises:
            RefusedError: if the offer has lapsed.
        """
        return self._take(ClaimAction.ACCEPT, Note(note), by, at, self._too_late(at))

    def reject(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Turn the claim down as the carrier, and say why."""
        return self._take(ClaimAction.REJECT, Note(note), by, at)

    def escalate(
        self, note: str, *, hindrances: Iterable[Reason] = (), by: Actor, at: Instant
    ) -> Self:
        """Ask the platform to decide; `hindrances` are why not, such as another open claim."""
        return self._take(ClaimAction.ESCALATE, Note(note), by, at, hindrances)

    def decide_for(self, figure: Figured, *, by: Actor, at: Instant) -> Self:
        """Decide as the platform that the carrier pays an amount.

        Raises:
            RefusedError: if the amount is out of bounds as in `offer`.
        """
        reasons = self._out_of_bounds(figure.amount)
        return self._take(ClaimAction.DECIDE_FOR, figure, by, at, reasons)

    def decide_against(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Decide as the platform that nothing is due."""
        return self._take(ClaimAction.DECIDE_AGAINST, Note(note), by, at)

    def expire(self, *, by: Actor, at: Instant) -> Self:
        """End a claim that its claimant let lie.

        Raises:
            RefusedError: if there is no deadline, or it is not over yet.
        """
        due = to_text(self.deadline) if self.deadline else "no date"
        text = f"the claimant has until {due} to answer"
        reasons = () if self._too_late(at) else (Reason("too_early", text),)
        return self._take(ClaimAction.EXPIRE, Note(), by, at, reasons)

    def withdraw(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Take the claim back."""
        return self._take(ClaimAction.WITHDRAW, Note(note), by, at)

    def settle(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Pay what was agreed."""
        return self._take(ClaimAction.SETTLE, Note(note), by, at, (), self._payment())

    def recover(self, note: str, *, by: Actor, at: Instant) -> Self:
        """End the claim since the parcel turned up; what was paid is taken back."""
        return self._take(ClaimAction.RECOVER, Note(note), by, at, (), self._repayment())

    def _too_late(self, at: Instant) -> tuple[Reason, ...]:
        if self.deadline is None or instant(at) <= self.deadline:
            return ()
        return (Reason("expired", f"the time was over at {to_text(self.deadline)}"),)

    def _out_of_bounds(self, amount: Money) -> tuple[Reason, ...]:
        demand = self.demand.amount
        if amount.currency != demand.currency:
            text = f"{amount} is not in {demand.currency}, the currency of the demand"
            return (Reason("currency", text),)
        if 0 < amount.minor <= demand.minor:
            return ()
        return (Reason("out_of_bounds", f"{amount} is not above zero and up to {demand}"),)

    @property
    def _cause(self) -> str:
        return f"claim {self.id}"

    def _payment(self) -> tuple[Posting, ...]:
        if self.on_the_table is None:
            return ()
        paid = self.on_the_table
        return (compensate(self.demand.carrier, self.demand.claimant, paid, self._cause),)

    def _repayment(self) -> tuple[Posting, ...]:
        if self.paid is None:
            return ()
        return (claw_back(self.demand.claimant, self.demand.carrier, self.paid, self._cause),)

    def _take(
        self,
        action: ClaimAction,
        payload: EvidenceRequest | Submission | Figured | Note,
        by: Actor,
        at: Instant,
        reasons: Iterable[Reason] = (),
        postings: Iterable[Posting] = (),
    ) -> Self:
        step = accept(
            CLAIM, self, action, payload, by=by, at=at, reasons=reasons, postings=postings
        )
        return self._applied(step)


def _paid_after(step: ClaimStep, claim: Claim) -> Money | None:
    match step.action:
        case ClaimAction.SETTLE:
            return claim.on_the_table
        case ClaimAction.RECOVER:
            return None
        case _:
            return claim.paid
