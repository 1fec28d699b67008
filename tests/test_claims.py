"""Claims: what a party demands for a parcel, how both sides come to terms, and what is paid."""

from datetime import timedelta

import attrs
import pytest

from apaclogistics.claims import CLAIM as TABLE
from apaclogistics.claims import (
    Claim,
    ClaimState,
    Demand,
    EvidenceRequest,
    Figured,
)
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.ledger import Account, AccountKind, Ledger, PostingKind
from apaclogistics.lifecycle import Actor, ActorNotPermittedError, RefusedError
from apaclogistics.values.identifiers import ClaimId, ParcelId, ShipmentId
from apaclogistics.values.money import Money
from tests.samples import (
    BUYER,
    CARRIER,
    LOSS,
    PARTIES,
    PLATFORM,
    SELLER,
    STRANGERS,
    assessment,
    day,
    facts,
    usd,
)
from tests.tables import Verbs, announce, changed, expected, outcomes, rows_of, written

ROWS = written("""
    FILED               acknowledge       UNDER_REVIEW        CP
    UNDER_REVIEW        request_evidence  EVIDENCE_REQUESTED  C
    EVIDENCE_REQUESTED  submit_evidence   UNDER_REVIEW        SB
    UNDER_REVIEW        offer             OFFERED             C
    COUNTERED           offer             OFFERED             C
    OFFERED             counter           COUNTERED           SB
    OFFERED             accept            ACCEPTED            SB
    COUNTERED           accept            ACCEPTED            C
    FILED               reject            REJECTED            C
    UNDER_REVIEW        reject            REJECTED            C
    COUNTERED           reject            REJECTED            C
    FILED               escalate          ESCALATED           SBP
    UNDER_REVIEW        escalate          ESCALATED           SBP
    OFFERED             escalate          ESCALATED           SBP
    COUNTERED           escalate          ESCALATED           SBP
    REJECTED            escalate          ESCALATED           SB
    ESCALATED           decide_for        ACCEPTED            P
    ESCALATED           decide_against    DISMISSED           P
    EVIDENCE_REQUESTED  expire            EXPIRED             P
    OFFERED             expire            EXPIRED             P
    FILED               withdraw          WITHDRAWN           SB
    UNDER_REVIEW        withdraw          WITHDRAWN           SB
    EVIDENCE_REQUESTED  withdraw          WITHDRAWN           SB
    OFFERED             withdraw          WITHDRAWN           SB
    COUNTERED           withdraw          WITHDRAWN           SB
    ESCALATED           withdraw          WITHDRAWN           SB
    ACCEPTED            settle            SETTLED             CP
    ACCEPTED            recover           RECOVERED           CP
    SETTLED             recover           RECOVERED           CP
""")

INVOICE = Evidence(EvidenceKind.INVOICE, "file-1")
PHOTOGRAPH = Evidence(EvidenceKind.PHOTOGRAPH, "file-2")
REQUEST = EvidenceRequest(frozenset({EvidenceKind.INVOICE}), day(20))

VERBS: Verbs[Claim] = {
    "acknowledge": lambda it, by: it.acknowledge(by=by, at=day(12)),
    "request_evidence": lambda it, by: it.request_evidence(REQUEST, by=by, at=day(12)),
    "submit_evidence": lambda it, by: it.submit_evidence([INVOICE], by=by, at=day(12)),
    "offer": lambda it, by: it.offer(figure("10.00"), by=by, at=day(12)),
    "counter": lambda it, by: it.counter(figure("18.00"), by=by, at=day(12)),
    "accept": lambda it, by: it.accept(by=by, at=day(12)),
    "reject": lambda it, by: it.reject("not ours", by=by, at=day(12)),
    "escalate": lambda it, by: it.escalate("unfair", by=by, at=day(12)),
    "decide_for": lambda it, by: it.decide_for(figure("15.00"), by=by, at=day(12)),
    "decide_against": lambda it, by: it.decide_against("delivered", by=by, at=day(12)),
    # Past every deadline of the claims below.
    "expire": lambda it, by: it.expire(by=by, at=day(21)),
    "withdraw": lambda it, by: it.withdraw(by=by, at=day(12)),
    "settle": lambda it, by: it.settle(by=by, at=day(12)),
    "recover": lambda it, by: it.recover("found", by=by, at=day(12)),
}


def figure(amount: str, *, until: int | None = None) -> Figured:
    """Put US dollars on the table, perhaps until a day."""
    return Figured(usd(amount), "", None if until is None else day(until))


def demand(claimant: Actor = SELLER, *, evidence: tuple[Evidence, ...] = ()) -> Demand:
    """Demand 20.00 USD for a lost parcel."""
    return Demand(
        id=ClaimId("c-1"),
        shipment=ShipmentId("sh-1"),
        parcel=ParcelId("p-1"),
        kind=LOSS,
        claimant=claimant,
        carrier=CARRIER,
        amount=usd("20.00"),
        facts=facts(),
        assessment=assessment(),
        evidence=evidence,
    )


def filed(claimant: Actor = SELLER) -> Claim:
    """Give a claim that nobody has looked at."""
    return Claim.file(
        demand(claimant), parties={SELLER, BUYER, CARRIER}, hindrances=(), by=claimant, at=day(10)
    )


def reviewed(claimant: Actor = SELLER) -> Claim:
    """Give a claim that the carrier has taken up."""
    return filed(claimant).acknowledge(by=CARRIER, at=day(11))


def offered(claimant: Actor = SELLER) -> Claim:
    """Give a claim with 10.00 USD on the table until the twentieth."""
    return reviewed(claimant).offer(figure("10.00", until=20), by=CARRIER, at=day(11))


def countered(claimant: Actor = SELLER) -> Claim:
    """Give a claim with 18.00 USD on the table."""
    return offered(claimant).counter(figure("18.00"), by=claimant, at=day(11))


def accepted(claimant: Actor = SELLER) -> Claim:
    """Give a claim whose parties agree on 10.00 USD."""
    return offered(claimant).accept(by=claimant, at=day(11))


def settled(claimant: Actor = SELLER) -> Claim:
    """Give a claim that is paid."""
    return accepted(claimant).settle(by=CARRIER, at=day(12))


def escalated(claimant: Actor = SELLER) -> Claim:
    """Give a claim that the platform decides."""
    return filed(claimant).escalate("no answer", by=claimant, at=day(11))


def things(claimant: Actor) -> dict[str, Claim]:
    """Give a claim in each state."""
    return {
        "FILED": filed(claimant),
        "UNDER_REVIEW": reviewed(claimant),
        "EVIDENCE_REQUESTED": reviewed(claimant).request_evidence(REQUEST, by=CARRIER, at=day(11)),
        "OFFERED": offered(claimant),
        "COUNTERED": countered(claimant),
        "ACCEPTED": accepted(claimant),
        "ESCALATED": escalated(claimant),
        "REJECTED": filed(claimant).reject("not ours", by=CARRIER, at=day(11)),
        "DISMISSED": escalated(claimant).decide_against("delivered", by=PLATFORM, at=day(12)),
        "EXPIRED": offered(claimant).expire(by=PLATFORM, at=day(21)),
        "WITHDRAWN": filed(claimant).withdraw(by=claimant, at=day(11)),
        "SETTLED": settled(claimant),
        "RECOVERED": settled(claimant).recover("found", by=CARRIER, at=day(12)),
    }


def codes(refusal: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    """Give the reasons of a refusal by their codes."""
    return [reason.code for reason in refusal.value.reasons]


def test_the_table_is_as_written_here() -> None:
    """A changed row of the table is a changed line of this file."""
    assert rows_of(TABLE) == ROWS


def test_no_row_can_change_without_being_noticed() -> None:
    """Leaving out or changing any one row makes the comparison fail."""
    variants = list(changed(rows_of(TABLE), things(SELLER)))

    assert len(variants) == len(ROWS) * (1 + 12 + 4)
    assert [rows for rows in variants if rows == ROWS] == []


@pytest.mark.parametrize("claimant", [SELLER, BUYER], ids=str)
def test_every_action_in_every_state_is_judged_by_the_table(
    capsys: pytest.CaptureFixture[str], claimant: Actor
) -> None:
    """Strangers of the right role are turned away everywhere, and what is refused changes nothing."""
    claims = things(claimant)
    # The state EXPIRED was reached later than the others, and time does not go back.
    claims["EXPIRED"] = Claim.replay(
        attrs.evolve(step, at=min(step.at, day(12))) for step in claims["EXPIRED"].history
    )
    actors = (*PARTIES, *STRANGERS)
    parties = dict.fromkeys(claims, (claimant, CARRIER, PLATFORM))

    found = outcomes(claims, VERBS, actors)

    assert {state: claim.state.name for state, claim in claims.items()} == {it: it for it in claims}
    assert found == expected(ROWS, claims, VERBS, actors, parties=parties)
    announce(capsys, f"claim of a {claimant.role.value}", claims, VERBS)


class TestNegotiation:
    """Offer and counter-offer, until one accepts the other's figure."""

    def test_the_last_figure_is_the_one_that_is_agreed(self) -> None:
        """The carrier offers 10, the seller wants 18, the carrier offers 15, the seller accepts."""
        claim = countered().offer(figure("15.00"), by=CARRIER, at=day(12))

        agreed = claim.accept(by=SELLER, at=day(13))

        assert claim.on_the_table == usd("15.00")
        assert claim.agreed is None
        assert agreed.agreed == usd("15.00")

    def test_the_carrier_may_accept_the_counter_offer(self) -> None:
        """Whoever did not put the figure on the table accepts it."""
        agreed = countered().accept(by=CARRIER, at=day(12))

        assert agreed.agreed == usd("18.00")

    def test_nobody_accepts_their_own_figure(self) -> None:
        """An offer is answered by the other side."""
        with pytest.raises(ActorNotPermittedError):
            offered().accept(by=CARRIER, at=day(12))
        with pytest.raises(ActorNotPermittedError):
            countered().accept(by=SELLER, at=day(12))

    @pytest.mark.parametrize("amount", ["0.00", "-1.00", "20.01"])
    def test_no_figure_is_out_of_bounds(self, amount: str) -> None:
        """Above zero, and up to the demand: for offer, counter-offer and decision alike."""
        wrong = figure(amount)

        with pytest.raises(RefusedError) as offering:
            reviewed().offer(wrong, by=CARRIER, at=day(12))
        with pytest.raises(RefusedError) as countering:
            offered().counter(wrong, by=SELLER, at=day(12))
        with pytest.raises(RefusedError) as deciding:
            escalated().decide_for(wrong, by=PLATFORM, at=day(12))

        assert codes(offering) == codes(countering) == codes(deciding) == ["out_of_bounds"]

    @pytest.mark.parametrize("amount", ["0.01", "20.00"])
    def test_a_cent_or_the_whole_demand_may_be_offered(self, amount: str) -> None:
        """The bounds themselves are allowed."""
        claim = reviewed().offer(figure(amount), by=CARRIER, at=day(12))

        assert claim.on_the_table == usd(amount)

    def test_no_figure_is_in_another_currency(self) -> None:
        """Amounts of two currencies are not compared."""
        yen = Figured(Money(1000, "JPY"))

        with pytest.raises(RefusedError, match="1000 JPY is not in USD") as refusal:
            reviewed().offer(yen, by=CARRIER, at=day(12))

        assert codes(refusal) == ["currency"]

    def test_an_escalated_claim_is_decided_by_the_platform(self) -> None:
        """For an amount, or against."""
        decided = escalated().decide_for(figure("15.00"), by=PLATFORM, at=day(12))
        dismissed = escalated().decide_against("delivered", by=PLATFORM, at=day(12))

        assert decided.agreed == usd("15.00")
        assert dismissed.agreed is None
        assert decided.is_open
        assert not dismissed.is_open

    def test_a_rejection_may_be_contested(self) -> None:
        """The claimant takes it to the platform; the carrier does not."""
        rejected = filed().reject("not ours", by=CARRIER, at=day(11))

        assert rejected.escalate("it is", by=SELLER, at=day(12)).state is ClaimState.ESCALATED
        with pytest.raises(ActorNotPermittedError):
            rejected.escalate("it is", by=PLATFORM, at=day(12))


class TestDeadlines:
    """Time runs against the claimant, and is judged by the instant of the verb."""

    def test_an_offer_lapses_whether_or_not_anybody_swept(self) -> None:
        """Until the last instant it is accepted or countered, and not after."""
        last, late = day(20), day(20) + timedelta(seconds=1)

        with pytest.raises(RefusedError) as accepting:
            offered().accept(by=SELLER, at=late)
        with pytest.raises(RefusedError) as countering:
            offered().counter(figure("18.00"), by=SELLER, at=late)

        assert codes(accepting) == codes(countering) == ["expired"]
        assert offered().accept(by=SELLER, at=last).state is ClaimState.ACCEPTED
        assert offered().counter(figure("18.00"), by=SELLER, at=last).state is ClaimState.COUNTERED

    def test_a_late_and_immodest_counter_offer_has_both_reasons(self) -> None:
        """All reasons come at once."""
        with pytest.raises(RefusedError) as refusal:
            offered().counter(figure("21.00"), by=SELLER, at=day(21))

        assert codes(refusal) == ["expired", "out_of_bounds"]

    def test_an_offer_without_a_date_stands_until_it_is_answered(self) -> None:
        """So the platform cannot expire it either."""
        claim = reviewed().offer(figure("10.00"), by=CARRIER, at=day(11))

        with pytest.raises(RefusedError, match="until no date to answer"):
            claim.expire(by=PLATFORM, at=day(300))

        assert claim.accept(by=SELLER, at=day(300)).state is ClaimState.ACCEPTED

    def test_a_claim_does_not_expire_before_its_deadline(self) -> None:
        """The claimant has all of the time that was given."""
        with pytest.raises(RefusedError, match="until 2026-03-20T09:00:00Z to answer"):
            offered().expire(by=PLATFORM, at=day(20))

        assert offered().expire(by=PLATFORM, at=day(21)).state is ClaimState.EXPIRED

    def test_evidence_is_handed_in_by_its_date(self) -> None:
        """Something, and in time."""
        asked = reviewed().request_evidence(REQUEST, by=CARRIER, at=day(11))

        claim = asked.submit_evidence([INVOICE], by=SELLER, at=day(20))
        with pytest.raises(RefusedError) as refusal:
            asked.submit_evidence([], by=SELLER, at=day(21))

        assert asked.deadline == day(20)
        assert claim.deadline is None
        assert codes(refusal) == ["no_evidence", "expired"]

    def test_evidence_adds_up(self) -> None:
        """What came with the demand is kept."""
        claim = Claim.file(
            demand(evidence=(INVOICE,)),
            parties={SELLER, CARRIER},
            hindrances=(),
            by=SELLER,
            at=day(10),
        )
        asked = claim.acknowledge(by=CARRIER, at=day(11)).request_evidence(
            REQUEST, by=CARRIER, at=day(11)
        )

        submitted = asked.submit_evidence([PHOTOGRAPH], by=SELLER, at=day(12))

        assert submitted.evidence == (INVOICE, PHOTOGRAPH)


class TestSettlement:
    """What was agreed is paid, and taken back when the parcel turns up."""

    def test_a_settlement_pays_what_was_agreed(self) -> None:
        """A seller has it on the platform."""
        claim = settled()

        [payment] = claim.history[-1].postings

        assert claim.paid == usd("10.00")
        assert payment.kind is PostingKind.COMPENSATION
        assert payment.amount == usd("10.00")
        assert payment.target == Account(SELLER, AccountKind.AVAILABLE)
        assert payment.cause == "claim c-1"

    def test_a_buyer_is_compensated_outside_of_the_platform(self) -> None:
        """Buyers have no wallet here."""
        [payment] = settled(BUYER).history[-1].postings

        assert payment.target == Account(BUYER, AccountKind.OUTSIDE)

    @pytest.mark.parametrize("claimant", [SELLER, BUYER], ids=str)
    def test_compensation_is_clawed_back_when_the_parcel_turns_up(self, claimant: Actor) -> None:
        """All of it, and only once."""
        claim = settled(claimant).recover("found", by=CARRIER, at=day(40))

        postings = tuple(posting for step in claim.history for posting in step.postings)
        ledger = Ledger(postings)

        assert claim.paid is None
        assert [it.kind for it in postings] == [PostingKind.COMPENSATION, PostingKind.CLAW_BACK]
        assert {ledger.balance(it, usd("0").currency) for it in ledger.accounts} == {usd("0.00")}

    def test_nothing_is_clawed_back_that_was_not_paid(self) -> None:
        """The parcel turns up between agreement and payment."""
        claim = accepted().recover("found", by=PLATFORM, at=day(12))

        assert claim.state is ClaimState.RECOVERED
        assert claim.history[-1].postings == ()

    def test_a_claim_is_open_until_nothing_more_can_be_paid(self) -> None:
        """Paid is not open."""
        assert accepted().is_open
        assert not settled().is_open
        assert settled().agreed == usd("10.00")


class TestFiling:
    """Who may demand what from whom."""

    @pytest.mark.parametrize("somebody", [*STRANGERS, BUYER, CARRIER], ids=str)
    def test_nobody_claims_in_the_name_of_another(self, somebody: Actor) -> None:
        """The claimant files, or the platform does."""
        with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
            Claim.file(demand(), parties={SELLER, CARRIER}, hindrances=(), by=somebody, at=day(10))

    def test_a_claimant_who_is_no_party_to_the_shipment_claims_nothing(self) -> None:
        """Being named in the demand does not make one a party."""
        stranger = STRANGERS[0]

        with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
            Claim.file(
                demand(stranger), parties={SELLER, CARRIER}, hindrances=(), by=stranger, at=day(10)
            )

    def test_hindrances_and_a_wrong_carrier_are_told_together(self) -> None:
        """Such as another open claim for the same parcel."""
        double = Reason("open_claim", "claim c-0 is open for parcel p-1")

        with pytest.raises(RefusedError) as refusal:
            Claim.file(demand(), parties={SELLER}, hindrances=[double], by=SELLER, at=day(10))

        assert codes(refusal) == ["open_claim", "no_party"]
        assert "carrier HKPOST did not carry shipment sh-1" in str(refusal.value)

    @pytest.mark.parametrize("amount", ["0.00", "-1.00"])
    def test_a_demand_is_above_zero(self, amount: str) -> None:
        """Nothing is no demand, and a cent is one."""
        assert attrs.evolve(demand(), amount=usd("0.01")).amount == usd("0.01")
        with pytest.raises(InvalidValueError, match="is not above zero"):
            attrs.evolve(demand(), amount=usd(amount))

    @pytest.mark.parametrize("claimant", [CARRIER, PLATFORM], ids=str)
    def test_sellers_and_buyers_claim(self, claimant: Actor) -> None:
        """Nobody else has lost anything."""
        with pytest.raises(InvalidValueError, match="may not claim"):
            attrs.evolve(demand(), claimant=claimant)

    def test_a_carrier_is_claimed_from(self) -> None:
        """Nobody else carried the parcel."""
        with pytest.raises(InvalidValueError, match="is no carrier"):
            attrs.evolve(demand(), carrier=PLATFORM)

    def test_a_claim_needs_an_identifier(self) -> None:
        """What no log could show is no identifier."""
        with pytest.raises(InvalidValueError):
            attrs.evolve(demand(), id=ClaimId(""))

    def test_a_claim_is_rebuilt_from_its_steps(self) -> None:
        """Figures, deadlines, evidence and payment follow from the history alone."""
        for claim in things(SELLER).values():
            assert Claim.replay(claim.history) == claim

        assert filed().id == "c-1"

    def test_a_history_that_does_not_begin_is_refused(self) -> None:
        """A claim begins when it is filed."""
        with pytest.raises(InvalidValueError, match="'acknowledge' is not how one begins"):
            Claim.replay(reviewed().history[1:])
