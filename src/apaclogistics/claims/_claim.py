"""The claim: what was demanded, what is on the table, what was paid, and the verbs."""

from collections.abc import Collection, Iterable, Iterator
from functools import reduce
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.claims._payloads import Demand, EvidenceRequest, Figured, Submission
from apaclogistics.claims._table import CLAIM, ClaimAction, ClaimState
from apaclogistics.compensation import ClaimKind
from apaclogistics.errors import Reason
from apaclogistics.evidence import Evidence
from apaclogistics.history import Note, Step, accept, first_and_rest, not_a_beginning
from apaclogistics.ledger import Posting, claw_back, compensate
from apaclogistics.lifecycle import Actor, Only, Role
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.fields import checked, several
from apaclogistics.values.identifiers import ClaimId
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import Money

__all__ = ("Claim", "ClaimStep")

ClaimStep: TypeAlias = Step[ClaimAction, Demand | EvidenceRequest | Submission | Figured | Note]


_CLAIMANTS: Final = frozenset({Role.SELLER, Role.BUYER})
# What was missing can turn up, and what was billed can be credited; damage and delay stay.
_LOSSES: Final = frozenset({ClaimKind.LOSS, ClaimKind.MISSING_CONTENTS})
_BILLS: Final = frozenset({ClaimKind.OVERCHARGE, ClaimKind.FAILED_PICK_UP})
# Our least, where the terms say nothing: nobody loses a claim by a deadline of the same evening.
_LEAST: Final = Period(1, PeriodUnit.CALENDAR_DAYS)


@attrs.frozen(kw_only=True)
class Claim:
    """A demand for compensation, from filing to settlement and recovery.

    `on_the_table` is the last offer, counter-offer or decision; `deadline` is until when the other
    side must answer it, or the claimant hand in evidence, None where nobody set one.  What the
    carrier's terms say of time is in `apaclogistics.claims.deadline`.
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
            ActorNotPermittedError: if `by` is not the claimant, or no party to the shipment who may
                claim.
            RefusedError: if there are hindrances, a buyer claims freight, evidence is missing or not
                taken, the calendar of the terms begins later, or the carrier did not carry it.
        """
        cls.admit(by, {demand.claimant} & set(parties))
        lacking = (*demand.lacking(), *demand.against(demand.evidence))
        reasons = [*demand.not_theirs(), *hindrances, *lacking, *demand.uncounted(at)]
        if demand.carrier not in parties:
            text = f"{demand.carrier} did not carry shipment {demand.shipment}"
            reasons.append(Reason("no_party", text))
        if reasons:
            raise CLAIM.refuse(CLAIM.initial, ClaimAction.FILE, by, reasons)
        return cls._begun(Step(action=ClaimAction.FILE, by=by, at=at, payload=demand))

    @staticmethod
    def admit(by: Actor, parties: Collection[Actor]) -> None:
        """Let sellers and buyers of a shipment claim, before anything else is looked at.

        Raises:
            ActorNotPermittedError: if `by` is somebody else, or in a role that has lost nothing.
        """
        CLAIM.refuse_stranger(CLAIM.initial, ClaimAction.FILE, by, parties)
        if by.role not in _CLAIMANTS:
            raise CLAIM.not_permitted(CLAIM.initial, ClaimAction.FILE, by)

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
        """Whether the claim may still lead to a payment that was not made yet.

        A rejection may be contested, so it is open; see `is_open_at` for one whose time is over.
        """
        return self.state not in CLAIM.final or self.state is ClaimState.REJECTED

    def is_open_at(self, at: Instant) -> bool:
        """Tell whether the claim may still lead to a payment, a rejection by its time included."""
        contest_by = self.contest_by
        return self.is_open and (contest_by is None or not contest_by.is_over(instant(at)))

    @property
    def contest_by(self) -> Deadline | None:
        """Until when a rejection may be contested, None where there is none, or no term."""
        is_rejected = self.state is ClaimState.REJECTED
        return self.after_last_step(self.demand.terms.contest_within) if is_rejected else None

    def after_last_step(self, period: Period | None) -> Deadline | None:
        """Give the end of a period that began with the last step, in the days of the carrier."""
        return None if period is None else self.demand.counted(period, self.history[-1].at)

    def after_filing(self, period: Period | None) -> Deadline | None:
        """Give the end of a period that began when the claim was filed."""
        return None if period is None else self.demand.counted(period, self.history[0].at)

    @property
    def agreed(self) -> Money | None:
        """The figure that was accepted or decided, None before that."""
        decided = (ClaimState.ACCEPTED, ClaimState.SETTLED)
        return self.on_the_table if self.state in decided else None

    @property
    def claimed(self) -> Money:
        """What the claim takes of what is at stake for the parcel, so that no other may.

        That is the agreed figure, else the demand while an answer may still be a payment.  A rejected
        claim takes nothing until it is contested.
        """
        if self.agreed is not None:
            return self.agreed
        is_pending = self.state not in CLAIM.final
        return self.demand.amount if is_pending else Money.zero(self.demand.amount.currency)

    def acknowledge(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Take the claim up."""
        return self._take(ClaimAction.ACKNOWLEDGE, Note(note), by, at)

    def request_evidence(self, request: EvidenceRequest, *, by: Actor, at: Instant) -> Self:
        """Ask the claimant for evidence, and say until when.

        Raises:
            RefusedError: if that is sooner than the terms give the claimant, which is until the end of
                the next day where they say nothing.
        """
        within = self.demand.terms.inform_within
        until = checked("request", request, EvidenceRequest).submit_by
        reasons = tuple(self._too_soon(until, within, at))
        return self._take(ClaimAction.REQUEST_EVIDENCE, request, by, at, reasons)

    def submit_evidence(self, evidence: Iterable[Evidence], *, by: Actor, at: Instant) -> Self:
        """Hand in evidence.

        Raises:
            RefusedError: if there is none, it lacks what was asked for, the carrier does not take it
                along with what it has, or the time for it is over.
        """
        handed_in = Submission(several("evidence", evidence, Evidence))
        shown = (*self.evidence, *handed_in.evidence)
        missing = () if handed_in.evidence else (Reason("no_evidence", "nothing is handed in"),)
        reasons = (
            *(missing or self._lacking(shown)),
            *self.demand.against(shown),
            *self._too_late(at),
        )
        return self._take(ClaimAction.SUBMIT_EVIDENCE, handed_in, by, at, reasons)

    def offer(self, figure: Figured, *, by: Actor, at: Instant) -> Self:
        """Put an amount on the table as the carrier.

        Raises:
            RefusedError: if it is not above zero, above the demand, in another currency, or expires
                sooner than the terms give the claimant to answer, which is until the end of the next
                day where they say nothing.
        """
        checked("figure", figure, Figured)
        within = self.demand.terms.answer_within
        reasons = (
            *self._too_soon(figure.expires_at, within, at),
            *self._out_of_bounds(figure.amount),
        )
        return self._take(ClaimAction.OFFER, figure, by, at, reasons)

    def counter(self, figure: Figured, *, by: Actor, at: Instant) -> Self:
        """Answer an offer with another amount as the claimant.

        Raises:
            RefusedError: if the offer has lapsed, is for more, or the figure is not allowed as in
                `offer`.
        """
        checked("figure", figure, Figured)
        reasons = (
            *self._too_late(at),
            *_passed(figure.expires_at, at),
            *(self._out_of_bounds(figure.amount) or self._below_offer(figure.amount)),
        )
        return self._take(ClaimAction.COUNTER, figure, by, at, reasons)

    def accept(
        self, *, by: Actor, at: Instant, note: str = "", hindrances: Iterable[Reason] = ()
    ) -> Self:
        """Agree to what the other side put on the table; `hindrances` are why not, such as a refund.

        Raises:
            RefusedError: if there are hindrances, or the offer has lapsed.
        """
        reasons = (*hindrances, *self._too_late(at))
        return self._take(ClaimAction.ACCEPT, Note(note), by, at, reasons)

    def reject(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Turn the claim down as the carrier, and say why."""
        return self._take(ClaimAction.REJECT, Note(note), by, at)

    def escalate(
        self, note: str, *, hindrances: Iterable[Reason] = (), by: Actor, at: Instant
    ) -> Self:
        """Ask the platform to decide; `hindrances` are why not, such as another open claim.

        Raises:
            RefusedError: if there are hindrances, or the time to contest a rejection is over.
        """
        contest_by = self.contest_by
        reasons = (*hindrances, *_over(contest_by.at if contest_by else None, at))
        return self._take(ClaimAction.ESCALATE, Note(note), by, at, reasons)

    def decide_for(
        self, figure: Figured, *, by: Actor, at: Instant, hindrances: Iterable[Reason] = ()
    ) -> Self:
        """Decide as the platform that the carrier pays an amount; `hindrances` are why it may not.

        Raises:
            RefusedError: if there are hindrances, or the amount is out of bounds as in `offer`.
        """
        proposed = checked("figure", figure, Figured).amount
        reasons = (*hindrances, *self._out_of_bounds(proposed))
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

    def settle(
        self, *, by: Actor, at: Instant, note: str = "", hindrances: Iterable[Reason] = ()
    ) -> Self:
        """Pay what was agreed; `hindrances` are why not, such as a parcel that turned up.

        Raises:
            RefusedError: if there are hindrances.
        """
        return self._take(ClaimAction.SETTLE, Note(note), by, at, hindrances, self._payment())

    def recover(
        self, note: str, *, hindrances: Iterable[Reason] = (), by: Actor, at: Instant
    ) -> Self:
        """End the claim since what was lost turned up, or was credited; what was paid is taken back.

        `hindrances` are why not, such as that nothing shows it.

        Raises:
            RefusedError: if there are hindrances, the claim is about nothing that ends it, or the
                parcel was paid for, and the terms do not take back what was paid.
        """
        reasons, postings = (*self.kept, *hindrances), self._repayment()
        return self._take(ClaimAction.RECOVER, Note(note), by, at, reasons, postings)

    @property
    def kept(self) -> tuple[Reason, ...]:
        """Why the claim does not end when something turns up or is credited."""
        return tuple(self._kept())

    def _kept(self) -> Iterator[Reason]:
        kind = self.demand.kind
        if kind not in _LOSSES | _BILLS:
            text = f"a claim for {kind.value} is about nothing that turns up or is credited"
            yield Reason("nothing_lost", text)
        # What was credited is not paid a second time, whatever the terms say of parcels.
        if self.paid is not None and kind not in _BILLS and not self.demand.terms.claws_back:
            yield Reason("no_claw_back", f"the terms leave the claimant the {self.paid}")

    def _too_late(self, at: Instant) -> tuple[Reason, ...]:
        return _over(self.deadline, at)

    def _too_soon(
        self, end: Instant | None, within: Period | None, at: Instant
    ) -> Iterator[Reason]:
        """Say that the claimant has less time than the terms give them, or than our least."""
        least = self.demand.counted(within or _LEAST, instant(at))
        if end is not None and end < least.at:
            yield Reason("too_soon", f"the claimant has until {least} at least")

    def _out_of_bounds(self, amount: Money) -> tuple[Reason, ...]:
        demand = self.demand.amount
        if amount.currency != demand.currency:
            text = f"{amount} is not in {demand.currency}, the currency of the demand"
            return (Reason("currency", text),)
        if 0 < amount.minor <= demand.minor:
            return ()
        return (Reason("out_of_bounds", f"{amount} is not above zero and up to {demand}"),)

    def _below_offer(self, amount: Money) -> Iterator[Reason]:
        offered = self.on_the_table
        if offered is not None and amount.minor < offered.minor:
            text = f"{amount} is below the {offered} on the table, which may be accepted instead"
            yield Reason("below_offer", text)

    def _lacking(self, shown: Collection[Evidence]) -> Iterator[Reason]:
        asked = self.history[-1].payload
        wanted = asked.kinds if isinstance(asked, EvidenceRequest) else frozenset()
        if missing := wanted - {piece.kind for piece in shown}:
            named = ", ".join(sorted(kind.value for kind in missing))
            yield Reason("evidence_missing", f"{named} was asked for, and is not handed in")

    def last_instant(self, action: ClaimAction) -> Instant | None:
        """Give until when an action is possible, None where nothing ends it."""
        match action:
            case ClaimAction.ACCEPT | ClaimAction.COUNTER | ClaimAction.SUBMIT_EVIDENCE:
                return self.deadline
            case ClaimAction.ESCALATE:
                return self.contest_by.at if self.contest_by else None
            case _:
                return None

    def has_time_for(self, action: ClaimAction, at: Instant) -> bool:
        """Tell whether neither its time nor the terms stand against an action at an instant."""
        match action:
            case ClaimAction.EXPIRE:
                return self.deadline is not None and at > self.deadline
            case ClaimAction.RECOVER:
                return not self.kept
            case _:
                until = self.last_instant(action)
                return until is None or at <= until

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
            CLAIM,
            self,
            action,
            payload,
            by=by,
            at=at,
            only=self._only_now(action, instant(at)),
            reasons=reasons,
            postings=postings,
        )
        return self._applied(step)

    def _only_now(self, tried: ClaimAction, at: Instant) -> Only[ClaimAction]:
        """Give who may do what instead of what is tried: nobody what there is no time for."""
        others = (it for it in ClaimAction if it is not tried)
        return {it: () for it in others if not self.has_time_for(it, at)}


def _paid_after(step: ClaimStep, claim: Claim) -> Money | None:
    match step.action:
        case ClaimAction.SETTLE:
            return claim.on_the_table
        case ClaimAction.RECOVER:
            return None
        case _:
            return claim.paid


def _over(deadline: Instant | None, at: Instant) -> tuple[Reason, ...]:
    if deadline is None or instant(at) <= deadline:
        return ()
    return (Reason("expired", f"the time was over at {to_text(deadline)}"),)


def _passed(deadline: Instant | None, at: Instant) -> tuple[Reason, ...]:
    """Say that nobody could meet a deadline that somebody wants to set."""
    if deadline is None or instant(at) <= deadline:
        return ()
    return (Reason("deadline_passed", f"the deadline {to_text(deadline)} is over already"),)
