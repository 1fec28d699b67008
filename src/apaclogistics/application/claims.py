"""Step 7, second half: compensation is claimed, negotiated, decided and paid."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import attrs

from apaclogistics.application._desk import Desk, Now, put
from apaclogistics.application._owed import owed_to_buyer
from apaclogistics.carriers import Complaint
from apaclogistics.claims import (
    CLAIM,
    Bound,
    Claim,
    ClaimAction,
    ClaimDeadline,
    ClaimState,
    Demand,
    EvidenceRequest,
    Figured,
    allowed,
    deadline,
)
from apaclogistics.compensation import (
    Assessment,
    ClaimKind,
    CompensationPolicy,
    Facts,
    Worth,
    assess,
)
from apaclogistics.errors import NotFoundError, Reason
from apaclogistics.evidence import Evidence
from apaclogistics.lifecycle import Actor, ActorNotPermittedError, Role
from apaclogistics.outcomes import Outcome, outcome
from apaclogistics.overcharges import price_due
from apaclogistics.rate_cards import RateCard
from apaclogistics.shipments import Shipment
from apaclogistics.tariffs import Unpriced
from apaclogistics.threads import Thread
from apaclogistics.values.fields import checked, several
from apaclogistics.values.identifiers import ClaimId, InquiryId, ParcelId, ShipmentId
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import ExchangeRate, Money, checked_money

__all__ = ("ClaimDesk",)

_NOTHING_PROVEN: Final = Worth()
_NOT_SAID: Final = Reason("no_note", "nothing that is known shows it, and no note says what does")


@attrs.frozen
class ClaimDesk:
    """The use cases of claims."""

    _desk: Desk

    def get(self, id: ClaimId) -> Claim:
        """Load a claim."""
        return self._desk.read(lambda work: work.claims, id)

    def assess(
        self,
        shipment: ShipmentId,
        parcel: ParcelId,
        kind: ClaimKind,
        policy: CompensationPolicy,
        *,
        worth: Worth = _NOTHING_PROVEN,
        rate_card: RateCard | None = None,
        rates: Iterable[ExchangeRate] = (),
    ) -> Assessment:
        """Ask what a policy would pay now, or why it would not, without filing anything.

        A claim for an overcharge needs the `rate_card` that the carriage was sold on.
        """
        known = several("rates", rates, ExchangeRate)
        about, now = self._shipment(shipment), self._desk.clock.now()
        facts = _facts(about, parcel, now, rate_card, known)
        return assess(policy, kind, facts, worth=worth, rates=known)

    def file(
        self,
        shipment: ShipmentId,
        parcel: ParcelId,
        kind: ClaimKind,
        policy: CompensationPolicy,
        *,
        by: Actor,
        amount: Money | None = None,
        worth: Worth = _NOTHING_PROVEN,
        rate_card: RateCard | None = None,
        rates: Iterable[ExchangeRate] = (),
        evidence: Iterable[Evidence] = (),
        inquiry: InquiryId | None = None,
    ) -> Claim:
        """Claim for a parcel what the policy pays, or a stated amount.

        There is one open claim per parcel and kind, also when two are filed at once.  Together all
        claims for a parcel are for no more than there was to lose, and a buyer's for no more than they
        paid and did not get back.  What others leave is claimed; a stated amount above that is refused,
        and one above what the policy pays is not: it is a demand, and the carrier need not meet it.
        A buyer, who has not paid the freight, is refunded none.

        It may take an `inquiry` over that its claimant has escalated, with everything that was said
        and shown.

        Raises:
            NotFoundError: if nothing is booked, so that there is no carrier to claim from.
            ActorNotPermittedError: if `by` is no party to the shipment, or carries or decides.
            RefusedError: with every reason why the policy does not pay, evidence that is missing,
                an open claim, what others leave, or an inquiry that it may not take over.
            ConcurrencyConflictError: if another claim for the shipment is filed at the same time, or
                the buyer who claims is refunded.
        """
        with self._desk.storage.unit_of_work() as work:
            now = self._desk.now(work)
            about, carrier = _carried(now, shipment, by)
            known = several("rates", rates, ExchangeRate)
            facts = _facts(about, parcel, now.at, rate_card, known)
            assessment = assess(_for(policy, by), kind, facts, worth=worth, rates=known)
            before = _claims_for(now, shipment, parcel)
            bound = Bound(
                stake=assessment.stake,
                others=before,
                owed=_owed(now, about, parcel, by, is_agreed=False),
            )
            demanded = amount or bound.within(assessment.amount or facts.declared)
            alike = [claim for claim in before if claim.demand.kind is kind]
            against = (*assessment.reasons, *_in_the_way(alike, by, now.at))
            thread = _taken_over(now, inquiry, shipment, by)
            demand = Demand(
                # Counted, so that two claims that are filed at once get one name and conflict.
                id=ClaimId(f"{shipment}:{parcel}:{kind.name}:{len(alike) + 1}"),
                shipment=shipment,
                parcel=parcel,
                kind=kind,
                claimant=by,
                carrier=carrier,
                amount=_demanded(demanded, by),
                facts=facts,
                assessment=assessment,
                evidence=(
                    *(thread.evidence if thread else ()),
                    *several("evidence", evidence, Evidence),
                ),
                terms=policy.terms,
                zone_name=policy.zone_name,
                thread=thread,
            )
            claim = Claim.file(
                demand,
                parties=about.parties,
                # Who may not claim at all is not told how much.
                hindrances=against or bound.against(demanded),
                by=by,
                at=now.at,
            )
            put(work, work.claims, claim)
            work.commit()
        return claim

    def complain(self, id: ClaimId, reason: str = "", *, by: Actor) -> Complaint:
        """Tell a carrier that takes no claims of one as a complaint; it keeps no copy: keep it.

        Raises:
            ActorNotPermittedError: if `by` is not the claimant.
            InvalidValueError: if no complaint is made of the claim; see `Complaint.of_claim`.
            NotFoundError: if the shipment is not booked with a carrier of the platform.
            CarrierError: if the carrier declines it or does not answer.
        """
        claim = self.get(id)
        _admit_complaint(claim, by)
        booking = self._shipment(claim.demand.shipment).booking
        if booking is None:
            raise NotFoundError("booking of shipment", claim.demand.shipment)
        complaint = Complaint.of_claim(claim, booking, reason, at=self._desk.clock.now())
        self._desk.carrier(booking.carrier).complain(complaint)
        return complaint

    def acknowledge(self, id: ClaimId, *, by: Actor) -> Claim:
        """Take a claim up."""
        return self._change(id, lambda claim, now: claim.acknowledge(by=by, at=now.at))

    def request_evidence(self, id: ClaimId, request: EvidenceRequest, *, by: Actor) -> Claim:
        """Ask the claimant for evidence."""
        return self._change(
            id, lambda claim, now: claim.request_evidence(request, by=by, at=now.at)
        )

    def submit_evidence(self, id: ClaimId, evidence: Iterable[Evidence], *, by: Actor) -> Claim:
        """Hand in evidence."""
        handed_in = several("evidence", evidence, Evidence)
        return self._change(
            id, lambda claim, now: claim.submit_evidence(handed_in, by=by, at=now.at)
        )

    def offer(self, id: ClaimId, figure: Figured, *, by: Actor) -> Claim:
        """Put an amount on the table as the carrier."""
        return self._change(id, lambda claim, now: claim.offer(figure, by=by, at=now.at))

    def counter(self, id: ClaimId, figure: Figured, *, by: Actor) -> Claim:
        """Answer an offer with another amount."""
        return self._change(id, lambda claim, now: claim.counter(figure, by=by, at=now.at))

    def accept(self, id: ClaimId, *, by: Actor) -> Claim:
        """Agree to what the other side put on the table.

        A buyer is not paid what they got back, and nobody for a loss of what turned up.
        """
        return self._change(
            id,
            lambda claim, now: claim.accept(
                by=by, at=now.at, hindrances=_against(now, claim, ClaimAction.ACCEPT, by)
            ),
        )

    def reject(self, id: ClaimId, note: str, *, by: Actor) -> Claim:
        """Turn a claim down as the carrier."""
        return self._change(id, lambda claim, now: claim.reject(note, by=by, at=now.at))

    def escalate(self, id: ClaimId, note: str, *, by: Actor) -> Claim:
        """Ask the platform to decide; what others claim since a rejection is not claimed again."""
        return self._change(
            id,
            lambda claim, now: claim.escalate(
                note, hindrances=_against(now, claim, ClaimAction.ESCALATE, by), by=by, at=now.at
            ),
        )

    def decide_for(self, id: ClaimId, figure: Figured, *, by: Actor) -> Claim:
        """Decide as the platform that the carrier pays.

        A buyer is not paid what they got back, and nobody for a loss of what turned up.
        """
        proposed = checked("figure", figure, Figured).amount
        return self._change(
            id,
            lambda claim, now: claim.decide_for(
                figure,
                by=by,
                at=now.at,
                hindrances=_against(now, claim, ClaimAction.DECIDE_FOR, by, proposed),
            ),
        )

    def decide_against(self, id: ClaimId, note: str, *, by: Actor) -> Claim:
        """Decide as the platform that nothing is due."""
        return self._change(id, lambda claim, now: claim.decide_against(note, by=by, at=now.at))

    def expire(self, id: ClaimId, *, by: Actor) -> Claim:
        """End a claim that its claimant let lie."""
        return self._change(id, lambda claim, now: claim.expire(by=by, at=now.at))

    def withdraw(self, id: ClaimId, *, by: Actor) -> Claim:
        """Take a claim back."""
        return self._change(id, lambda claim, now: claim.withdraw(by=by, at=now.at))

    def settle(self, id: ClaimId, *, by: Actor) -> Claim:
        """Pay what was agreed, unless the parcel turned up or the bill was credited meanwhile."""
        return self._change(
            id,
            lambda claim, now: claim.settle(
                by=by, at=now.at, hindrances=_against(now, claim, ClaimAction.SETTLE, by)
            ),
        )

    def recover(self, id: ClaimId, note: str, *, by: Actor) -> Claim:
        """End a claim whose parcel turned up or whose bill was credited; what was paid is taken back.

        The carrier does so on a delivery, a return, a confirmed receipt, a scan since the claim was
        filed, or a credit; the platform also for what its note says.

        Raises:
            RefusedError: if nothing that is known shows it, and the platform says nothing either.
        """
        said = checked("note", note, str).strip()

        def recovered(claim: Claim, now: Now) -> Claim:
            against = _against(now, claim, ClaimAction.RECOVER, by)
            if not said and not _outcome(now, claim).is_known:
                against = against or (_NOT_SAID,)
            return claim.recover(note, hindrances=against, by=by, at=now.at)

        return self._change(id, recovered)

    def allowed(self, id: ClaimId, actor: Actor) -> Mapping[ClaimAction, Instant | None]:
        """Give what somebody may do in a claim now, and the last instant for each.

        What others claim, what a buyer got back and what turned up counts, so that whatever is
        offered is possible.
        """
        with self._desk.storage.unit_of_work() as work:
            claim, now = work.claims.get(id).value, self._desk.now(work)
            may = allowed(claim, actor, now.at)
            return {it: end for it, end in may.items() if not _against(now, claim, it, actor)}

    def deadline(self, id: ClaimId) -> ClaimDeadline | None:
        """Say who must act in a claim by when, None where nobody must."""
        return deadline(self.get(id))

    def _shipment(self, id: ShipmentId) -> Shipment:
        return self._desk.read(lambda work: work.shipments, id)

    def _change(self, id: ClaimId, verb: Callable[[Claim, Now], Claim]) -> Claim:
        return self._desk.change(lambda work: work.claims, id, verb)


def _admit_complaint(claim: Claim, by: Actor) -> None:
    """Let the claimant alone complain; that leaves the claim as it is, and is no step in it."""
    if by != claim.demand.claimant:
        said = "complain of this claim"
        raise ActorNotPermittedError(
            CLAIM.name, claim.state.name, "complain", str(by), (), said, (), is_party=False
        )


def _carried(now: Now, id: ShipmentId, by: Actor) -> tuple[Shipment, Actor]:
    """Give a shipment that one of its parties may claim for, and who carries it."""
    about = now.alone(id)
    Claim.admit(by, about.parties)
    if about.carrier is None:
        raise NotFoundError("booking of shipment", id)
    return about, about.carrier


def _for(policy: CompensationPolicy, claimant: Actor) -> CompensationPolicy:
    """Give what a policy pays somebody: the freight is the seller's, and refunded to them alone."""
    is_theirs = claimant.role is not Role.BUYER
    return policy if is_theirs else attrs.evolve(policy, refunds_freight=False)


def _claims_for(now: Now, shipment: ShipmentId, parcel: ParcelId) -> tuple[Claim, ...]:
    claims = (stored.value for stored in now.work.claims.of_shipment(shipment))
    return tuple(claim for claim in claims if claim.demand.parcel == parcel)


def _against(
    now: Now, claim: Claim, action: ClaimAction, by: Actor, figure: Money | None = None
) -> tuple[Reason, ...]:
    """Give what the claim alone does not know of and stands in the way of a step in it.

    Without a figure, that is what would stand in the way of any.
    """
    # Somebody else's claim is judged by nothing but that, and counts no versions on.
    is_open = CLAIM.rule(claim.state, action) is not None
    if not is_open or not _takes_part(claim, checked("actor", by, Actor)):
        return ()
    least = Money(1, claim.demand.amount.currency)
    found: tuple[Reason, ...] = ()
    match action:
        case ClaimAction.ESCALATE:
            found = _beside(now, claim)
        case ClaimAction.ACCEPT:
            found = _got_back(now, claim, claim.on_the_table)
        case ClaimAction.DECIDE_FOR:
            found = _got_back(now, claim, figure or least)
        case _:
            pass
    return (*_outcome(now, claim).against(action, by), *found)


def _takes_part(claim: Claim, by: Actor) -> bool:
    return by.role is Role.PLATFORM or by in claim.parties


def _outcome(now: Now, claim: Claim) -> Outcome:
    return outcome(claim, now.work.shipments.get(claim.demand.shipment).value, now.at)


def _beside(now: Now, claim: Claim) -> tuple[Reason, ...]:
    """Give why a claim may not go on beside the others for its parcel; one that is open may."""
    about = claim.demand
    now.alone(about.shipment)
    others = tuple(it for it in _claims_for(now, about.shipment, about.parcel) if it.id != claim.id)
    alike = [it for it in others if it.demand.kind is about.kind]
    if claim.state is not ClaimState.REJECTED:
        return _in_the_way(alike, about.claimant, now.at)
    bound = Bound(stake=about.stake, others=others)
    against = _in_the_way(alike, about.claimant, now.at)
    return against or tuple(bound.against(about.amount))


def _owed(
    now: Now, shipment: Shipment, parcel: ParcelId, by: Actor, *, is_agreed: bool
) -> Money | None:
    if by.role is not Role.BUYER:
        return None
    return owed_to_buyer(now, shipment, parcel, is_agreed=is_agreed)


def _got_back(now: Now, claim: Claim, figure: Money | None) -> tuple[Reason, ...]:
    """Give why a buyer may not be paid a figure: they were refunded meanwhile, or paid otherwise."""
    about = claim.demand
    shipment = now.work.shipments.get(about.shipment).value
    # This claim is not agreed on yet, so it takes nothing of what is left.
    owed = _owed(now, shipment, about.parcel, about.claimant, is_agreed=True)
    if figure is None or owed is None:
        return ()
    return tuple(Bound(stake=about.stake, owed=owed).against(figure))


def _facts(
    shipment: Shipment,
    parcel: ParcelId,
    at: Instant,
    card: RateCard | None,
    rates: tuple[ExchangeRate, ...],
) -> Facts:
    """Give what is known of a parcel, and what its carriage may cost where there is a rate card."""
    facts = shipment.facts(parcel, at)
    if card is None or facts.posted_at is None:
        return facts
    piece = shipment.consignment.parcel(parcel)
    ship_to = shipment.consignment.consignee.address
    due = price_due(card, piece, shipment.measured[parcel], ship_to, facts.posted_at, rates)
    return facts if isinstance(due, Unpriced) else attrs.evolve(facts, priced=due)


def _taken_over(now: Now, id: InquiryId | None, shipment: ShipmentId, by: Actor) -> Thread | None:
    """Give the thread of the inquiry that a claim takes over, if it names one and may."""
    if id is None:
        return None
    inquiry = now.work.inquiries.get(id).value
    against = inquiry.against_claim(shipment, by)
    if against:
        raise CLAIM.refuse(CLAIM.initial, ClaimAction.FILE, by, against)
    return inquiry.thread


def _demanded(amount: Money, by: Actor) -> Money:
    """Give an amount back that can be demanded; a policy may pay nothing, too."""
    if checked_money("amount", amount).minor <= 0:
        reason = Reason("nothing_due", f"{amount} is nothing to claim")
        raise CLAIM.refuse(CLAIM.initial, ClaimAction.FILE, by, [reason])
    return amount


def _in_the_way(claims: Iterable[Claim], by: Actor, at: Instant) -> tuple[Reason, ...]:
    """Give the claims for the same that may still be paid, or were.

    A rejection bars its own claimant, who may contest it, and a payment bars whoever got it; another
    party claims what these leave.
    """
    codes = {True: "claim_open", False: "compensated_already"}
    return tuple(
        Reason(codes[claim.is_open_at(at)], f"claim {claim.id} is {claim.state.name}")
        for claim in claims
        if claim.demand.claimant == by or claim.state not in CLAIM.final
        if claim.is_open_at(at) or claim.state is ClaimState.SETTLED
    )
