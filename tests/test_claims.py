"""Claims: what a party demands for a parcel, how both sides come to terms, and what is paid."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import attrs
import pytest

from apaclogistics.claims import CLAIM as TABLE
from apaclogistics.claims import (
    Bound,
    Claim,
    ClaimAction,
    ClaimState,
    Demand,
    EvidenceRequest,
    Figured,
    allowed,
    deadline,
)
from apaclogistics.compensation import (
    ClaimKind,
    ClaimTerms,
    EvidenceNeed,
    ShareOf,
    Stake,
)
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.evidence import Evidence, EvidenceKind, EvidenceLimits
from apaclogistics.ledger import Account, AccountKind, Ledger, PostingKind
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    RefusedError,
    Role,
)
from apaclogistics.threads import Thread
from apaclogistics.values.calendars import ListedCalendar, Period, PeriodUnit
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.identifiers import ClaimId, InquiryId, ParcelId, ShipmentId
from apaclogistics.values.instants import Instant, end_of_day, instant
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

    def test_whoever_knows_of_another_claim_hinders_escalating(self) -> None:
        """A rejection that is contested opens a claim again, and one is open at a time."""
        rejected = filed().reject("not ours", by=CARRIER, at=day(11))
        double = Reason("claim_open", "claim c-2 is FILED")

        with pytest.raises(RefusedError) as refusal:
            rejected.escalate("it is", hindrances=[double], by=SELLER, at=day(12))

        assert refusal.value.reasons == (double,)


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

    def test_a_refusal_lists_what_else_is_possible_at_that_instant(self) -> None:
        """Not what was refused, nor what lapsed with it."""
        with pytest.raises(RefusedError) as late:
            offered().accept(by=SELLER, at=day(21))
        with pytest.raises(RefusedError) as immodest:
            offered().counter(figure("21.00"), by=SELLER, at=day(20))
        with pytest.raises(IllegalTransitionError) as out_of_turn:
            offered().submit_evidence([INVOICE], by=SELLER, at=day(21))

        assert late.value.allowed == ("escalate", "withdraw")
        assert immodest.value.allowed == ("accept", "escalate", "withdraw")
        assert out_of_turn.value.allowed == ("escalate", "withdraw")
        assert str(out_of_turn.value).endswith("the seller may escalate or withdraw now")

    def test_a_claim_that_is_not_there_has_no_state_and_allows_nothing(self) -> None:
        """Whoever may not file is not told what could be done to one that is filed."""
        with pytest.raises(ActorNotPermittedError) as refusal:
            Claim.admit(PLATFORM, {SELLER})

        assert (refusal.value.state, refusal.value.allowed) == ("", ())
        said = f"{PLATFORM} may not file this claim: that is not for the platform"
        assert str(refusal.value) == said

    def test_a_counter_offer_is_not_below_the_offer(self) -> None:
        """Whoever is content with less accepts; the same figure stays a figure."""
        with pytest.raises(RefusedError) as refusal:
            offered().counter(figure("9.99"), by=SELLER, at=day(12))

        assert codes(refusal) == ["below_offer"]
        assert "9.99 USD is below the 10.00 USD on the table" in str(refusal.value)
        assert offered().counter(figure("10.00"), by=SELLER, at=day(12)).on_the_table == usd("10")

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
        with pytest.raises(RefusedError, match="until 2026-03-20T09:00:00Z to answer") as refusal:
            offered().expire(by=PLATFORM, at=day(20))

        assert codes(refusal) == ["too_early"]
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

    def test_evidence_is_what_was_asked_for(self) -> None:
        """Each kind of it, along with what was there; more is welcome."""
        wanted = EvidenceRequest(
            frozenset({EvidenceKind.INVOICE, EvidenceKind.STATEMENT, EvidenceKind.PHOTOGRAPH}),
            day(20),
        )
        asked = reviewed().request_evidence(wanted, by=CARRIER, at=day(11))

        with pytest.raises(RefusedError) as refusal:
            asked.submit_evidence([PHOTOGRAPH], by=SELLER, at=day(12))

        (reason,) = refusal.value.reasons
        said = "invoice, statement was asked for, and is not handed in"
        assert reason == Reason("evidence_missing", said)
        statement = Evidence(EvidenceKind.STATEMENT, "file-3")
        shown = asked.submit_evidence([PHOTOGRAPH, INVOICE, statement], by=SELLER, at=day(12))
        assert shown.state is ClaimState.UNDER_REVIEW


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

    def test_contents_that_were_missing_may_turn_up(self) -> None:
        """As may the whole parcel."""
        about = attrs.evolve(demand(), kind=ClaimKind.MISSING_CONTENTS)
        steps = [attrs.evolve(filed().history[0], payload=about), *settled().history[1:]]

        claim = Claim.replay(steps).recover("found", by=CARRIER, at=day(12))

        assert (claim.state, claim.paid) == (ClaimState.RECOVERED, None)

    @pytest.mark.parametrize("kind", [ClaimKind.DAMAGE, ClaimKind.DELAY], ids=str)
    def test_only_what_was_lost_turns_up(self, kind: ClaimKind) -> None:
        """A damaged parcel stays damaged, whoever has it; contents may turn up as well."""
        about = attrs.evolve(demand(), kind=kind)
        steps = [attrs.evolve(filed().history[0], payload=about), *settled().history[1:]]
        paid = Claim.replay(steps)

        with pytest.raises(RefusedError, match="is about nothing that turns up") as refusal:
            paid.recover("found", by=CARRIER, at=day(12))

        assert codes(refusal) == ["nothing_lost"]
        assert ClaimAction.RECOVER not in allowed(paid, CARRIER, day(12))

    @pytest.mark.parametrize("kind", [ClaimKind.OVERCHARGE, ClaimKind.FAILED_PICK_UP], ids=str)
    def test_what_is_paid_of_a_bill_is_taken_back_when_the_bill_is_credited(
        self, kind: ClaimKind
    ) -> None:
        """Terms that leave a claimant what was paid for a parcel leave nobody paid twice."""
        terms = attrs.evolve(demand().terms, claws_back=False)
        about = attrs.evolve(demand(), kind=kind, terms=terms)
        steps = [attrs.evolve(filed().history[0], payload=about), *settled().history[1:]]

        recovered = Claim.replay(steps).recover("credited", by=CARRIER, at=day(12))

        assert recovered.state is ClaimState.RECOVERED

    def test_what_is_known_outside_hinders_payment_and_recovery(self) -> None:
        """Such as that the parcel turned up, or that nothing shows it."""
        why = [Reason("somehow", "because")]

        with pytest.raises(RefusedError) as paying:
            accepted().settle(by=CARRIER, at=day(12), hindrances=why)
        with pytest.raises(RefusedError) as taking:
            settled().recover("found", hindrances=why, by=CARRIER, at=day(12))

        assert codes(paying) == codes(taking) == ["somehow"]

    def test_a_claim_is_open_until_nothing_more_can_be_paid(self) -> None:
        """Paid is not open."""
        assert accepted().is_open
        assert accepted().is_open_at(day(300))
        assert not settled().is_open
        assert not settled().is_open_at(day(300))
        assert settled().agreed == usd("10.00")


class TestFiling:
    """Who may demand what from whom."""

    @pytest.mark.parametrize(
        "kind", [ClaimKind.OVERCHARGE, ClaimKind.FAILED_PICK_UP, ClaimKind.DELAY], ids=str
    )
    def test_freight_is_claimed_by_the_seller_who_pays_it(self, kind: ClaimKind) -> None:
        """Delay as well, where it is a share of the freight."""
        stake = Stake(of=ShareOf.FREIGHT, own=usd("20.00"), whole=usd("20.00"))
        wanted = attrs.evolve(
            demand(BUYER), kind=kind, assessment=attrs.evolve(assessment(), stake=stake)
        )
        theirs = attrs.evolve(wanted, claimant=SELLER)

        with pytest.raises(RefusedError, match="freight, which the seller pays") as refusal:
            Claim.file(wanted, parties=PARTIES, hindrances=(), by=BUYER, at=day(10))

        assert codes(refusal) == ["not_theirs"]
        assert Claim.file(theirs, parties=PARTIES, hindrances=(), by=SELLER, at=day(10)).is_open

    @pytest.mark.parametrize("somebody", [PLATFORM, CARRIER], ids=str)
    def test_who_carries_or_decides_does_not_claim(self, somebody: Actor) -> None:
        """That is a matter of permission, before anything of the demand is looked at."""
        with pytest.raises(ActorNotPermittedError, match="may not file"):
            Claim.admit(somebody, {SELLER, BUYER, CARRIER})

    @pytest.mark.parametrize("claimant", [SELLER, BUYER], ids=str)
    def test_who_bought_or_sold_may_claim(self, claimant: Actor) -> None:
        """As a party to the shipment."""
        Claim.admit(claimant, {SELLER, BUYER, CARRIER})

        with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
            Claim.admit(claimant, {CARRIER})

    def test_the_platform_files_for_nobody(self) -> None:
        """A claim is the claimant's own."""
        with pytest.raises(ActorNotPermittedError):
            Claim.file(demand(), parties=PARTIES, hindrances=(), by=PLATFORM, at=day(10))

    @pytest.mark.parametrize("somebody", [*STRANGERS, BUYER, CARRIER], ids=str)
    def test_nobody_claims_in_the_name_of_another(self, somebody: Actor) -> None:
        """The claimant files."""
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

    def test_the_days_of_a_claim_are_those_of_a_zone(self) -> None:
        """Of one that exists."""
        with pytest.raises(InvalidValueError, match="zone"):
            attrs.evolve(demand(), zone_name="Asia/Kowloon")

    def test_the_evidence_that_is_lacking_is_told_in_its_order(self) -> None:
        """So the same refusal reads the same every time."""
        need = EvidenceNeed(frozenset({LOSS}), frozenset(EvidenceKind))

        [reason] = attrs.evolve(demand(), terms=ClaimTerms(needs=(need,))).lacking()

        assert reason.text.endswith(", ".join(sorted(kind.value for kind in EvidenceKind)))

    def test_a_claim_is_rebuilt_from_its_steps(self) -> None:
        """Figures, deadlines, evidence and payment follow from the history alone."""
        for claim in things(SELLER).values():
            assert Claim.replay(claim.history) == claim

        assert filed().id == "c-1"

    def test_a_history_that_does_not_begin_is_refused(self) -> None:
        """A claim begins when it is filed."""
        with pytest.raises(InvalidValueError, match="'acknowledge' is not how one begins"):
            Claim.replay(reviewed().history[1:])


TERMS = ClaimTerms(
    needs=(EvidenceNeed(frozenset({LOSS}), frozenset({EvidenceKind.INVOICE})),),
    limits=EvidenceLimits(most=2, media_types=frozenset({"image/png"})),
    inform_within=Period(10, PeriodUnit.BUSINESS_DAYS),
    decide_within=Period(30, PeriodUnit.CALENDAR_DAYS),
    contest_within=Period(14, PeriodUnit.CALENDAR_DAYS),
    rule_within=Period(5, PeriodUnit.BUSINESS_DAYS),
    settle_within=Period(1, PeriodUnit.MONTHS),
    claws_back=False,
)
PICTURE = Evidence(EvidenceKind.INVOICE, "file-1", media_type="image/png")


def bound(
    *evidence: Evidence, claimant: Actor = SELLER, calendar: ListedCalendar | None = None
) -> Claim:
    """Give a claim on stated terms, with days in Hong Kong, filed on 10 March at 17:00 there."""
    stated = attrs.evolve(
        demand(claimant, evidence=evidence or (PICTURE,)),
        terms=attrs.evolve(TERMS, calendar=calendar),
        zone_name="Asia/Hong_Kong",
    )
    return Claim.file(stated, parties=PARTIES, hindrances=(), by=claimant, at=day(10))


def end_of(day: str) -> Instant:
    """Give the last second of a day in Hong Kong."""
    return instant(f"{day}T23:59:59+08:00")


class TestTerms:
    """What a carrier states for claims binds both sides."""

    def test_a_claim_comes_with_the_evidence_that_its_kind_needs(self) -> None:
        """And with none that the carrier does not take; all of that is told at once."""
        with pytest.raises(RefusedError, match="a claim for loss lacks invoice") as refusal:
            bound(PHOTOGRAPH)

        assert codes(refusal) == ["evidence_missing", "media_type"]
        assert bound(PICTURE).evidence == (PICTURE,)

    def test_evidence_that_comes_later_is_held_against_the_limits_too(self) -> None:
        """Together with what is there."""
        wanted = attrs.evolve(REQUEST, submit_by=end_of("2026-03-25"))
        asked = bound().acknowledge(by=CARRIER, at=day(11))
        asked = asked.request_evidence(wanted, by=CARRIER, at=day(11))

        with pytest.raises(RefusedError) as refusal:
            asked.submit_evidence([PICTURE, PHOTOGRAPH], by=SELLER, at=day(12))

        assert codes(refusal) == ["too_many", "media_type"]
        assert len(asked.submit_evidence([PICTURE], by=SELLER, at=day(12)).evidence) == 2

    def test_the_claimant_has_the_stated_time_for_evidence(self) -> None:
        """Ten business days from Wednesday, 11 March, and not a second less."""
        asked = bound().acknowledge(by=CARRIER, at=day(11))
        stated = end_of("2026-03-25")
        sooner = EvidenceRequest(frozenset(), stated - timedelta(seconds=1))

        with pytest.raises(RefusedError, match=r"until .* .10 business days") as refusal:
            asked.request_evidence(sooner, by=CARRIER, at=day(11))

        wanted = EvidenceRequest(frozenset(), stated)
        assert codes(refusal) == ["too_soon"]
        assert asked.request_evidence(wanted, by=CARRIER, at=day(11)).deadline == stated

    def test_a_rejection_is_contested_in_its_time_and_open_until_then(self) -> None:
        """After that it is final."""
        rejected = bound().reject("not ours", by=CARRIER, at=day(11))
        last = end_of("2026-03-25")
        late = last + timedelta(seconds=1)

        with pytest.raises(RefusedError) as refusal:
            rejected.escalate("it is", by=SELLER, at=late)

        assert codes(refusal) == ["expired"]
        assert rejected.is_open
        assert rejected.contest_by is not None
        assert rejected.contest_by.at == last
        assert (rejected.is_open_at(last), rejected.is_open_at(late)) == (True, False)
        assert rejected.escalate("it is", by=SELLER, at=last).state is ClaimState.ESCALATED

    def test_a_rejection_without_a_term_may_always_be_contested(self) -> None:
        """So it stands in the way of another claim."""
        rejected = things(SELLER)["REJECTED"]

        assert rejected.contest_by is None
        assert rejected.is_open_at(day(300))

    def test_what_was_paid_stays_paid_where_nothing_is_clawed_back(self) -> None:
        """A claim that was not paid yet ends, however."""
        agreed = bound().acknowledge(by=CARRIER, at=day(11))
        agreed = agreed.offer(figure("10.00"), by=CARRIER, at=day(11)).accept(by=SELLER, at=day(11))
        paid = agreed.settle(by=CARRIER, at=day(12))

        with pytest.raises(RefusedError, match=r"leave the claimant the 10\.00 USD") as refusal:
            paid.recover("found", by=CARRIER, at=day(12))

        assert codes(refusal) == ["no_claw_back"]
        assert agreed.recover("found", by=CARRIER, at=day(12)).state is ClaimState.RECOVERED

    @pytest.mark.parametrize("until", [day(12) - timedelta(seconds=1), day(1)], ids=str)
    def test_nobody_counters_until_an_instant_that_is_over(self, until: Instant) -> None:
        """The present instant is none that is."""
        with pytest.raises(RefusedError) as refusal:
            offered().counter(Figured(usd("10.00"), "", until), by=SELLER, at=day(12))

        assert codes(refusal) == ["deadline_passed"]
        assert offered().counter(figure("10.00", until=12), by=SELLER, at=day(12)).deadline == day(
            12
        )

    def test_a_claimant_has_the_next_day_at_least(self) -> None:
        """To answer an offer and to hand in evidence, where the terms say nothing, in UTC here."""
        last = end_of_day(date(2026, 3, 13), "UTC")
        sooner = instant(last - timedelta(microseconds=1))

        with pytest.raises(RefusedError) as asking:
            reviewed().request_evidence(
                EvidenceRequest(frozenset(), sooner), by=CARRIER, at=day(12)
            )
        with pytest.raises(RefusedError) as offering:
            reviewed().offer(Figured(usd("0.01"), "", sooner), by=CARRIER, at=day(12))
        fair = reviewed().offer(Figured(usd("0.01"), "", last), by=CARRIER, at=day(12))

        assert codes(asking) == codes(offering) == ["too_soon"]
        assert fair.deadline == last

    def test_a_claimant_has_the_stated_time_to_answer_an_offer(self) -> None:
        """Three business days from Thursday; an offer without an end gives them all the time."""
        terms = ClaimTerms(answer_within=Period(3, PeriodUnit.BUSINESS_DAYS))
        about = attrs.evolve(demand(), terms=terms)
        claim = Claim.replay([attrs.evolve(filed().history[0], payload=about)])
        reviewed = claim.acknowledge(by=CARRIER, at=day(12))
        last = end_of_day(date(2026, 3, 17), "UTC")

        with pytest.raises(
            RefusedError, match=r"until 2026-03-17T23:59:59Z .* at least"
        ) as refusal:
            reviewed.offer(Figured(usd("1.00"), "", day(17)), by=CARRIER, at=day(12))

        assert codes(refusal) == ["too_soon"]
        assert (
            reviewed.offer(Figured(usd("1.00"), "", last), by=CARRIER, at=day(12)).deadline == last
        )
        assert reviewed.offer(Figured(usd("1.00")), by=CARRIER, at=day(12)).deadline is None


def turn(claim: Claim) -> tuple[Actor | None, Instant]:
    """Give whose turn it is, and until when."""
    due = deadline(claim)
    assert due is not None
    return due.for_, due.at


class TestTurns:
    """Who must act by when, and who may."""

    @pytest.mark.parametrize("claimant", [SELLER, BUYER], ids=str)
    def test_while_it_is_reviewed_it_is_the_carriers_turn(self, claimant: Actor) -> None:
        """For thirty days from filing, or until the counter-offer lapses."""
        reviewed = bound(claimant=claimant).acknowledge(by=CARRIER, at=day(11))
        offered = reviewed.offer(figure("10.00", until=20), by=CARRIER, at=day(11))
        unbound = offered.counter(figure("18.00"), by=claimant, at=day(12))
        countered = offered.counter(figure("18.00", until=22), by=claimant, at=day(12))

        decided = CARRIER, end_of("2026-04-09")
        assert turn(bound(claimant=claimant)) == turn(reviewed) == turn(unbound) == decided
        assert turn(countered) == (CARRIER, day(22))
        assert turn(offered) == (claimant, day(20))

    @pytest.mark.parametrize("claimant", [SELLER, BUYER], ids=str)
    def test_the_claimant_has_time_to_show_and_to_contest(self, claimant: Actor) -> None:
        """Both are counted in the carrier's days."""
        filed = bound(claimant=claimant)
        rejected = filed.reject("no", by=CARRIER, at=day(11))
        asked = filed.acknowledge(by=CARRIER, at=day(11)).request_evidence(
            EvidenceRequest(frozenset(), end_of("2026-03-25")), by=CARRIER, at=day(11)
        )

        assert turn(asked) == turn(rejected) == (claimant, end_of("2026-03-25"))

    def test_the_platform_decides_and_the_carrier_pays_in_their_time(self) -> None:
        """Five business days from Thursday, and a month from Friday."""
        escalated = bound().escalate("no answer", by=SELLER, at=day(12))
        accepted = escalated.decide_for(figure("9.00"), by=PLATFORM, at=day(13))

        due = deadline(escalated)
        assert due is not None
        assert (due.role, due.for_, due.at) == (Role.PLATFORM, None, end_of("2026-03-19"))
        assert due.actions == (ClaimAction.DECIDE_FOR, ClaimAction.DECIDE_AGAINST)
        assert turn(accepted) == (CARRIER, end_of("2026-04-13"))

    @pytest.mark.parametrize("state", ["DISMISSED", "EXPIRED", "WITHDRAWN", "SETTLED", "RECOVERED"])
    def test_nobody_must_act_on_what_is_over(self, state: str) -> None:
        """Though a settled claim may be taken back."""
        assert deadline(things(SELLER)[state]) is None

    def test_without_a_term_nobody_must_act(self) -> None:
        """The terms of a claim may state nothing, nor may whoever makes a counter-offer."""
        assert deadline(filed()) is None
        assert deadline(countered()) is None

    def test_strangers_may_do_nothing(self) -> None:
        """Nor may anybody before the last step."""
        for claim in things(SELLER).values():
            for somebody in (*STRANGERS, BUYER):
                assert allowed(claim, somebody, day(30)) == {}
        assert allowed(filed(), SELLER, day(9)) == {}
        assert allowed(offered(), SELLER, day(10)) == {}

    def test_the_last_instant_of_a_deadline_is_in_time(self) -> None:
        """And the next one is not; the instant of the last step itself is none before it."""
        last, late = day(20), day(20) + timedelta(microseconds=1)
        rejected = bound().reject("no", by=CARRIER, at=day(11))
        contested = end_of("2026-03-25")

        assert ClaimAction.ACCEPT in allowed(offered(), SELLER, last)
        assert ClaimAction.ACCEPT not in allowed(offered(), SELLER, late)
        assert allowed(offered(), PLATFORM, last) == {ClaimAction.ESCALATE: None}
        assert ClaimAction.EXPIRE in allowed(offered(), PLATFORM, late)
        assert allowed(rejected, SELLER, contested) == {ClaimAction.ESCALATE: contested}
        assert allowed(rejected, SELLER, contested + timedelta(microseconds=1)) == {}

    def test_each_action_comes_with_its_last_instant_in_the_order_of_the_table(self) -> None:
        """An offer says until when it is accepted or countered; a claim may be withdrawn any time."""
        found = list(allowed(offered(), SELLER, day(12)).items())

        assert found == [
            (ClaimAction.COUNTER, day(20)),
            (ClaimAction.ACCEPT, day(20)),
            (ClaimAction.ESCALATE, None),
            (ClaimAction.WITHDRAW, None),
        ]
        assert tuple(act for act, _ in found) == TABLE.allowed(ClaimState.OFFERED, Role.SELLER)

    def test_a_deadline_says_how_it_was_counted(self) -> None:
        """By the terms, or not at all where somebody named the instant."""
        counted, stated = deadline(bound()), deadline(offered())

        assert counted is not None
        assert stated is not None
        assert str(counted.due) == "2026-04-09T15:59:59Z (30 calendar days)"
        assert stated.due == Deadline(day(20))

    def test_business_days_are_those_of_the_carrier(self) -> None:
        """Friday the 20th and Monday the 23rd are off, and Saturday the 21st is worked."""
        calendar = ListedCalendar(
            name="an example",
            holidays={date(2026, 3, 20), date(2026, 3, 23)},
            workdays={date(2026, 3, 21)},
            known_from=date(2026, 3, 10),
            known_through=date(2026, 12, 31),
        )
        claim = bound(calendar=calendar)

        due = deadline(claim.escalate("no answer", by=SELLER, at=day(17)))
        asked = claim.acknowledge(by=CARRIER, at=day(11))
        sooner = EvidenceRequest(frozenset(), end_of("2026-03-25"))
        with pytest.raises(RefusedError, match=r"10 business days by an example"):
            asked.request_evidence(sooner, by=CARRIER, at=day(11))

        assert due is not None
        assert str(due.due) == "2026-03-25T15:59:59Z (5 business days by an example)"

    def test_a_calendar_that_begins_too_late_is_the_wrong_one(self) -> None:
        """Nobody has to guess at days that have been; it is filed on 10 March in Hong Kong."""
        late = ListedCalendar(name="late", known_from=date(2026, 3, 11), known_through=None)
        early = attrs.evolve(late, known_from=date(2026, 3, 10))

        with pytest.raises(RefusedError, match="from 2026-03-11 on, not on 2026-03-10") as refusal:
            bound(calendar=late)

        assert codes(refusal) == ["calendar_too_late"]
        assert bound(calendar=early).demand.terms.calendar == early

    def test_what_is_allowed_is_what_is_not_refused(self) -> None:
        """For each state, party and instant, by trying: with the same figures and evidence."""
        claims = [*things(SELLER).values(), bound().reject("no", by=CARRIER, at=day(11))]
        kept = bound().acknowledge(by=CARRIER, at=day(11))
        kept = kept.offer(figure("10.00"), by=CARRIER, at=day(11)).accept(by=SELLER, at=day(11))
        claims.append(kept.settle(by=CARRIER, at=day(12)))
        tried = 0

        for claim in claims:
            for actor, at in product((*PARTIES, PLATFORM), (day(21), day(29))):
                done = {name for name in VERBS if _is_done(claim, name, actor, at)}
                tried += len(done)

                assert {action.value for action in allowed(claim, actor, at)} == done

        assert tried == 93


def _is_done(claim: Claim, name: str, by: Actor, at: Instant) -> bool:
    """Try a verb at an instant."""
    request = EvidenceRequest(frozenset(), end_of("2026-12-31"))
    verbs: dict[str, Callable[[], Claim]] = {
        "request_evidence": lambda: claim.request_evidence(request, by=by, at=at),
        "submit_evidence": lambda: claim.submit_evidence([PICTURE], by=by, at=at),
        "offer": lambda: claim.offer(figure("10.00"), by=by, at=at),
        "counter": lambda: claim.counter(figure("18.00"), by=by, at=at),
        "decide_for": lambda: claim.decide_for(figure("15.00"), by=by, at=at),
        "acknowledge": lambda: claim.acknowledge(by=by, at=at),
        "accept": lambda: claim.accept(by=by, at=at),
        "reject": lambda: claim.reject("no", by=by, at=at),
        "escalate": lambda: claim.escalate("yes", by=by, at=at),
        "decide_against": lambda: claim.decide_against("no", by=by, at=at),
        "expire": lambda: claim.expire(by=by, at=at),
        "withdraw": lambda: claim.withdraw(by=by, at=at),
        "settle": lambda: claim.settle(by=by, at=at),
        "recover": lambda: claim.recover("found", by=by, at=at),
    }
    try:
        verbs[name]()
    except (ActorNotPermittedError, IllegalTransitionError, RefusedError):
        return False
    return True


def test_a_claim_takes_over_a_thread_about_its_own_shipment() -> None:
    """What was said about another parcel proves nothing."""
    about = demand()
    thread = Thread(InquiryId("i-1"), about.shipment, ())

    assert attrs.evolve(about, thread=thread).thread == thread
    with pytest.raises(InvalidValueError, match="is about another shipment"):
        attrs.evolve(about, thread=attrs.evolve(thread, shipment=ShipmentId("elsewhere")))


class TestBound:
    """All claims for a parcel are for no more together than there was to lose."""

    STAKE = Stake(of=ShareOf.VALUE, own=usd("20.00"), whole=usd("25.00"))

    @pytest.mark.parametrize(
        ("state", "taken"),
        [
            ("FILED", "20.00"),
            ("OFFERED", "20.00"),
            ("ESCALATED", "20.00"),
            ("ACCEPTED", "10.00"),
            ("SETTLED", "10.00"),
            ("REJECTED", "0.00"),
            ("DISMISSED", "0.00"),
            ("EXPIRED", "0.00"),
            ("WITHDRAWN", "0.00"),
            ("RECOVERED", "0.00"),
        ],
    )
    def test_a_claim_takes_its_demand_and_then_what_is_agreed(self, state: str, taken: str) -> None:
        """And nothing once it is over, or rejected."""
        claim = things(SELLER)[state]

        bound = Bound(stake=self.STAKE, others=(claim,))

        assert claim.claimed == usd(taken)
        left = usd("20.00") - usd(taken)
        assert bound.within(usd("21.00")) == (left if left.minor else usd("21.00"))

    def test_what_is_left_is_refused_with_its_figures(self) -> None:
        """Of several bounds, the one that leaves the least."""
        bound = Bound(stake=self.STAKE, others=(settled(),), owed=usd("4.00"))

        [by_others] = attrs.evolve(bound, owed=usd("11.00")).against(usd("10.01"))
        [by_payment] = bound.against(usd("10.01"))

        assert by_others == Reason(
            "too_much",
            "10.01 USD is more than the 10.00 USD left of goods worth 20.00 USD, "
            "of which claim c-1 takes 10.00 USD",
        )
        assert by_payment == Reason(
            "too_much",
            "10.01 USD is more than the 4.00 USD left of what the buyer paid, "
            "beside what they got back or are to be paid",
        )
        assert list(bound.against(usd("4.00"))) == []

    def test_a_buyer_who_got_back_more_than_they_paid_is_owed_nothing(self) -> None:
        """What a marketplace reports is taken as it is."""
        [reason] = Bound(stake=self.STAKE, owed=usd("-3.00")).against(usd("0.01"))

        assert "more than the 0.00 USD left" in reason.text

    def test_what_is_about_the_freight_takes_of_the_whole_alone(self) -> None:
        """The goods are worth 20.00 USD and the freight cost 5.00."""
        freight = Stake(of=ShareOf.FREIGHT, own=usd("5.00"), whole=usd("25.00"))

        beside_goods = Bound(stake=freight, others=(filed(),))
        above = list(Bound(stake=freight).against(usd("5.01")))

        assert beside_goods.within(usd("9.00")) == usd("5.00")
        assert [reason.code for reason in above] == ["too_much"]

    def test_what_is_in_another_currency_is_not_compared(self) -> None:
        """Each reason says what with what; without a rate there is nothing to compare."""
        yen = Money(1000, "JPY")

        against = list(Bound(stake=self.STAKE, others=(filed(),), owed=usd("9.00")).against(yen))
        unknown = list(Bound(stake=None).against(yen))

        assert [str(reason) for reason in against] == [
            "1000 JPY is not in USD, in which the policy pays",
            "claim c-1 for the parcel is for 20.00 USD, and this for 1000 JPY",
            "1000 JPY is not in USD, in which the buyer paid",
        ]
        assert unknown == [Reason("not_comparable", "no rate says what is at stake in JPY")]
        assert Bound(stake=None).within(yen) == yen

    @pytest.mark.parametrize(
        ("kind", "of"),
        [
            (ClaimKind.LOSS, ShareOf.VALUE),
            (ClaimKind.OVERCHARGE, ShareOf.FREIGHT),
            (ClaimKind.FAILED_PICK_UP, ShareOf.FREIGHT),
        ],
    )
    def test_an_older_demand_is_what_is_at_stake_itself(self, kind: ClaimKind, of: ShareOf) -> None:
        """So it may be contested, beside what others left of it."""
        older = attrs.evolve(demand(), kind=kind)

        assert older.assessment.stake is None
        assert older.stake == Stake(of=of, own=usd("20.00"), whole=usd("20.00"))

    def test_what_hinders_a_payment_hinders_accepting_and_deciding(self) -> None:
        """Such as a refund, which the claim does not know of."""
        refunded = [Reason("refunded", "the buyer has it back")]

        with pytest.raises(RefusedError) as accepting:
            offered().accept(by=SELLER, at=day(12), hindrances=refunded)
        with pytest.raises(RefusedError) as deciding:
            escalated().decide_for(figure("1.00"), by=PLATFORM, at=day(12), hindrances=refunded)

        assert codes(accepting) == codes(deciding) == ["refunded"]
