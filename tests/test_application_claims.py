"""The use cases of claims: filed once, negotiated, decided, and paid once."""

import re
from datetime import timedelta
from typing import Final

import attrs
import pytest

from apaclogistics.adapters.memory import MemoryStorage
from apaclogistics.adapters.simulation import Fate, SimulatedCarrier
from apaclogistics.allocations import Units
from apaclogistics.attention import Rule
from apaclogistics.cancellations import CancellationState
from apaclogistics.claims import Claim, ClaimAction, ClaimState, EvidenceRequest, Figured
from apaclogistics.compensation import (
    Cap,
    ClaimKind,
    ClaimTerms,
    CompensationPolicy,
    EvidenceNeed,
    Term,
    Worth,
    is_presumed_lost,
)
from apaclogistics.errors import NotFoundError
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.fulfilment import MOVING, Milestone, Phase
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    RefusedError,
    Role,
)
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.identifiers import ClaimId, ParcelId, ShipmentId
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight
from apaclogistics.values.zones import Zone
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    PLATFORM,
    SELLER,
    cost,
    day,
    rate_card,
    scan,
    usd,
)
from tests.stages import (
    ORDER,
    MeetingStorage,
    Stage,
    assert_all_is_told,
    assert_money_is_in_step,
    at_once,
    key_of,
    pieces,
    sold,
)

LOST: Final = ParcelId("p-1")
SHIPMENT: Final = ShipmentId("shipment-1")
OTHER: Final = ParcelId("p-2")
STRANGER: Final = Actor(Role.SELLER, "s-2")
POLICY: Final = CompensationPolicy(
    name="example",
    source="an example",
    zone_name="Asia/Hong_Kong",
    silence=Term(Period(2, PeriodUnit.MONTHS)),
    caps=(Cap(Weight(1), usd("100.00")),),
    covers=frozenset({ClaimKind.LOSS, ClaimKind.DELAY}),
)
INVOICE: Final = Evidence(EvidenceKind.INVOICE, "invoice-1")


def lost(storage: MemoryStorage | None = None, *, also: ParcelId = LOST) -> Stage:
    """Give a stage on which the first of two parcels, of 20.00 USD, counts as lost since May."""
    fates = dict.fromkeys((LOST, also), Fate.LOST)
    carrier = SimulatedCarrier(CARRIER.id, rate_card=rate_card(), fates=fates)
    stage = sold(Stage(storage=storage or MemoryStorage(), carrier=carrier))
    stage.handed_over(parcels=2)
    stage.tracked(SHIPMENT, days=100)
    return stage


def declare_lost(stage: Stage) -> None:
    """Let the carrier say so of the lost parcel, which is silent otherwise."""
    booked = stage.platform.shipments.get(SHIPMENT).booking
    assert booked is not None
    number = next(it.numbers[0] for it in booked.labels if it.parcel == LOST)
    gone = scan(Milestone.LOST, stage.clock.now(), str(number))
    stage.platform.shipments.observe(SHIPMENT, [gone])


def packed_by_parcel() -> Stage:
    """Give a stage like that, both lost, and phones of 25.00 USD in the first; a case of 5.00 USD."""
    fates = dict.fromkeys((LOST, OTHER), Fate.LOST)
    carrier = SimulatedCarrier(CARRIER.id, rate_card=rate_card(), fates=fates)
    stage = sold(Stage(carrier=carrier))
    inside = [Units(PHONE, 2, LOST), Units(CASE, 1, OTHER)]
    desk = stage.platform.shipments
    desk.draft(ORDER, inside, pieces(2), by=SELLER)
    desk.book(SHIPMENT, stage.quote(parcels=2), key=key_of(SHIPMENT), by=SELLER)
    desk.confirm(SHIPMENT, by=SELLER)
    desk.hand_over(SHIPMENT, by=SELLER)
    stage.tracked(SHIPMENT, days=100)
    return stage


def file(
    stage: Stage, kind: ClaimKind = ClaimKind.LOSS, *, by: Actor = SELLER, amount: str = ""
) -> Claim:
    """Claim for the lost parcel, what the policy pays unless an amount is stated."""
    stated = usd(amount) if amount else None
    return stage.platform.claims.file(SHIPMENT, LOST, kind, POLICY, by=by, amount=stated)


def accepted(stage: Stage, amount: str = "20.00") -> ClaimId:
    """Claim, and agree on an amount."""
    claims, id = stage.platform.claims, file(stage).id
    claims.acknowledge(id, by=CARRIER)
    claims.offer(id, Figured(usd(amount)), by=CARRIER)
    claims.accept(id, by=SELLER)
    return id


def codes(refusal: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    """Give the codes of all reasons."""
    return [reason.code for reason in refusal.value.reasons]


def test_a_claim_is_for_what_the_policy_pays_and_keeps_the_facts() -> None:
    """The declared value, since it is below the cap."""
    stage = lost()

    claim = stage.platform.claims.file(
        SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=SELLER, evidence=iter([INVOICE])
    )

    assert stage.platform.claims.get(claim.id) == claim
    assert claim.demand.amount == usd("20.00")
    assert claim.demand.carrier == CARRIER
    assert claim.demand.facts.at == stage.clock.now()
    assert claim.evidence == (INVOICE,)
    assert_all_is_told(stage)


def test_a_claim_may_be_for_another_amount() -> None:
    """As stated; the assessment says what the policy would pay."""
    claim = lost().platform.claims.file(
        SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=SELLER, amount=usd("18.00")
    )

    assert claim.demand.amount == usd("18.00")
    assert claim.demand.assessment.amount == usd("20.00")


def test_an_assessment_files_nothing() -> None:
    """It says what would be paid, with an invoice and rates if they matter."""
    stage = lost()
    rate = ExchangeRate(base="HKD", quote="USD", rate="0.125", at=day(1), source="an example")

    plain = stage.platform.claims.assess(SHIPMENT, LOST, ClaimKind.LOSS, POLICY)
    lower = stage.platform.claims.assess(
        SHIPMENT,
        LOST,
        ClaimKind.LOSS,
        POLICY,
        worth=Worth(invoice=Money.of("80.00", "HKD")),
        rates=[rate],
    )

    assert plain.amount == usd("20.00")
    assert lower.amount == usd("10.00")
    assert stage.platform.snapshot().claims == ()


def test_what_the_policy_does_not_pay_is_refused_with_every_reason() -> None:
    """The other parcel was delivered, and delay is asked for where loss is covered alone."""
    stage = lost()

    with pytest.raises(RefusedError) as delivered:
        stage.platform.claims.file(SHIPMENT, ParcelId("p-2"), ClaimKind.LOSS, POLICY, by=SELLER)
    with pytest.raises(RefusedError) as uncovered:
        file(stage, ClaimKind.DAMAGE)

    assert codes(delivered) == ["delivery_status"]
    assert codes(uncovered) == ["not_covered"]


def test_nothing_is_claimed_for_what_is_not_booked() -> None:
    """There is no carrier to claim from."""
    stage = sold()
    stage.drafted()

    with pytest.raises(NotFoundError, match="no booking of shipment is stored under 'shipment-1'"):
        file(stage)


def test_nothing_is_claimed_for_a_parcel_that_does_not_exist() -> None:
    """The shipment has two others."""
    with pytest.raises(NotFoundError, match="no parcel is stored under 'p-3'"):
        lost().platform.claims.file(SHIPMENT, ParcelId("p-3"), ClaimKind.LOSS, POLICY, by=SELLER)


def test_a_stranger_claims_nothing() -> None:
    """The parcel is not theirs."""
    with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
        lost().platform.claims.file(SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=STRANGER)


def test_there_is_one_open_claim_for_a_parcel_and_kind() -> None:
    """Another kind is another claim, and one that has ended makes room."""
    stage = lost()
    first = file(stage, amount="10.00")

    with pytest.raises(RefusedError, match=f"claim {first.id} is FILED") as refusal:
        file(stage)
    other = file(stage, ClaimKind.DELAY)
    assert other.demand.amount == usd("10.00")
    stage.platform.claims.withdraw(first.id, by=SELLER)
    second = file(stage)

    assert codes(refusal) == ["claim_open"]
    assert len({first.id, second.id, other.id}) == 3


def test_a_buyer_is_refunded_no_freight() -> None:
    """The seller has paid it, and is refunded theirs."""
    stage = sold(
        Stage(carrier=SimulatedCarrier(CARRIER.id, rate_card=rate_card(), fates={LOST: Fate.LOST}))
    )
    stage.handed_over({PHONE: 2, CASE: 1})
    stage.tracked(SHIPMENT, days=100)
    policy = attrs.evolve(POLICY, refunds_freight=True)
    claims = stage.platform.claims

    theirs = claims.file(SHIPMENT, LOST, ClaimKind.LOSS, policy, by=BUYER)
    claims.withdraw(theirs.id, by=BUYER)
    sellers = claims.file(SHIPMENT, LOST, ClaimKind.LOSS, policy, by=SELLER)

    assert theirs.demand.amount == usd("20.00")
    assert theirs.demand.stake.own == usd("20.00")
    assert sellers.demand.amount == usd("25.00")


def test_a_receipt_of_the_rest_takes_back_nothing_of_a_parcel_that_is_lost() -> None:
    """The carrier has declared it lost, and paid; the buyer confirms what came."""
    stage = lost()
    declare_lost(stage)
    id = accepted(stage)
    stage.platform.claims.settle(id, by=CARRIER)

    stage.platform.shipments.confirm_receipt(SHIPMENT, by=BUYER)

    assert ClaimAction.RECOVER not in stage.platform.claims.allowed(id, CARRIER)
    with pytest.raises(RefusedError, match="nothing that is known shows that it turned up"):
        stage.platform.claims.recover(id, "", by=CARRIER)
    assert stage.platform.claims.get(id).paid == usd("20.00")


def test_of_two_who_file_at_once_one_does() -> None:
    """Both saw that there was no claim; the second commit finds that there is."""
    stage = lost(MeetingStorage())

    outcomes = at_once(stage, lambda: file(stage), lambda: file(stage))

    assert sorted(type(it).__name__ for it in outcomes) == ["Claim", "ConcurrencyConflictError"]
    assert len(stage.platform.snapshot().claims) == 1


def test_a_rejection_is_open_while_it_may_be_contested() -> None:
    """So the claimant contests it, and files no other claim beside it."""
    stage = lost()
    rejected = file(stage).id
    stage.platform.claims.reject(rejected, "not ours", by=CARRIER)

    with pytest.raises(RefusedError, match="is REJECTED") as refusal:
        file(stage)
    contested = stage.platform.claims.escalate(rejected, "it is", by=SELLER)

    assert codes(refusal) == ["claim_open"]
    assert contested.state is ClaimState.ESCALATED


def test_a_rejection_whose_time_is_over_makes_room_and_is_not_contested_beside_another() -> None:
    """There is one open claim per parcel and kind, however it came to be open."""
    stage = lost()
    claims = stage.platform.claims
    fortnight = ClaimTerms(contest_within=Period(14, PeriodUnit.CALENDAR_DAYS))
    policy = attrs.evolve(POLICY, terms=fortnight)
    rejected = claims.file(SHIPMENT, LOST, ClaimKind.LOSS, policy, by=SELLER).id
    claims.reject(rejected, "no proof", by=CARRIER)
    stage.clock.advance(timedelta(days=15))

    second = claims.file(SHIPMENT, LOST, ClaimKind.LOSS, policy, by=SELLER)
    with pytest.raises(RefusedError) as refusal:
        claims.escalate(rejected, "there is proof", by=SELLER)

    assert second.id != rejected
    assert codes(refusal) == ["claim_open", "expired"]


@pytest.mark.parametrize("somebody", [CARRIER, PLATFORM], ids=str)
def test_who_carries_or_decides_does_not_claim(somebody: Actor) -> None:
    """That is a matter of permission, whatever the policy says."""
    with pytest.raises(ActorNotPermittedError, match="may not file"):
        lost().platform.claims.file(SHIPMENT, LOST, ClaimKind.DAMAGE, POLICY, by=somebody)


def test_nothing_is_claimed_where_nothing_is_due() -> None:
    """A policy may begin with heavier parcels, and pay nothing for this one."""
    heavy = attrs.evolve(POLICY, caps=(Cap(Weight(30_000), usd("100.00")),))

    with pytest.raises(RefusedError, match=re.escape("0.00 USD is nothing to claim")) as refusal:
        lost().platform.claims.file(SHIPMENT, LOST, ClaimKind.LOSS, heavy, by=SELLER)

    assert codes(refusal) == ["nothing_due"]


def test_what_the_carrier_needs_comes_with_the_claim() -> None:
    """The terms of the policy are those of the claim."""
    stage = lost()
    terms = ClaimTerms(needs=(EvidenceNeed(frozenset(ClaimKind), frozenset({INVOICE.kind})),))
    policy = attrs.evolve(POLICY, terms=terms)

    with pytest.raises(RefusedError) as refusal:
        stage.platform.claims.file(SHIPMENT, LOST, ClaimKind.LOSS, policy, by=SELLER)
    claim = stage.platform.claims.file(
        SHIPMENT, LOST, ClaimKind.LOSS, policy, by=SELLER, evidence=[INVOICE]
    )

    assert codes(refusal) == ["evidence_missing"]
    assert (claim.demand.terms, claim.demand.zone_name) == (terms, "Asia/Hong_Kong")


def test_both_sides_come_to_terms_and_the_carrier_pays() -> None:
    """Evidence is asked for, an offer is countered, the counter-offer is accepted."""
    stage = lost()
    claims, id = stage.platform.claims, file(stage).id
    in_time = instant(stage.clock.now() + timedelta(days=2))
    wanted = EvidenceRequest(frozenset({EvidenceKind.INVOICE}), in_time)

    states = [
        claims.acknowledge(id, by=CARRIER).state.name,
        claims.request_evidence(id, wanted, by=CARRIER).state.name,
        claims.submit_evidence(id, iter([INVOICE]), by=SELLER).state.name,
        claims.offer(id, Figured(usd("10.00")), by=CARRIER).state.name,
        claims.counter(id, Figured(usd("15.00")), by=SELLER).state.name,
        claims.accept(id, by=CARRIER).state.name,
    ]
    before = stage.money()
    settled = claims.settle(id, by=CARRIER)

    assert states == [
        "UNDER_REVIEW",
        "EVIDENCE_REQUESTED",
        "UNDER_REVIEW",
        "OFFERED",
        "COUNTERED",
        "ACCEPTED",
    ]
    assert settled.paid == usd("15.00")
    assert (before, stage.money()) == (("20.00 USD", "10.00 USD"), ("35.00 USD", "10.00 USD"))
    assert_all_is_told(stage)
    assert_money_is_in_step(stage)


def test_a_rejection_is_contested_and_the_platform_decides_for_the_claimant() -> None:
    """The figure is the platform's, and the platform may pay it out."""
    stage = lost()
    claims, id = stage.platform.claims, file(stage).id

    states = [
        claims.reject(id, "no proof", by=CARRIER).state.name,
        claims.escalate(id, "there is proof", by=SELLER).state.name,
        claims.decide_for(id, Figured(usd("12.00")), by=PLATFORM).state.name,
        claims.settle(id, by=PLATFORM).state.name,
    ]

    assert states == ["REJECTED", "ESCALATED", "ACCEPTED", "SETTLED"]
    assert claims.get(id).paid == usd("12.00")


def test_the_platform_may_decide_against_the_claimant() -> None:
    """Nothing is paid."""
    stage = lost()
    claims, id = stage.platform.claims, file(stage).id
    claims.escalate(id, "no answer", by=SELLER)

    dismissed = claims.decide_against(id, "not packed well", by=PLATFORM)

    assert dismissed.state is ClaimState.DISMISSED
    assert stage.money() == ("20.00 USD", "10.00 USD")


def test_what_was_paid_is_taken_back_when_the_parcel_turns_up() -> None:
    """The wallet may go below zero by that."""
    stage = lost()
    id = accepted(stage)
    stage.platform.claims.settle(id, by=CARRIER)
    stage.platform.orders.refund(
        stage.platform.snapshot().orders[0].id, usd("30.00"), by=SELLER, reason="lost"
    )

    recovered = stage.platform.claims.recover(id, "found in Memphis", by=PLATFORM)

    assert recovered.state is ClaimState.RECOVERED
    assert stage.money() == ("-10.00 USD", "10.00 USD")
    assert_money_is_in_step(stage)


def test_an_offer_that_nobody_answers_expires() -> None:
    """Not at its deadline yet, and then by the platform alone."""
    stage = lost()
    claims, id = stage.platform.claims, file(stage).id
    claims.acknowledge(id, by=CARRIER)
    deadline = stage.clock.now() + timedelta(days=3)
    claims.offer(id, Figured(usd("10.00"), "", deadline), by=CARRIER)
    stage.clock.move_to(deadline)

    with pytest.raises(RefusedError, match="the claimant has until"):
        claims.expire(id, by=PLATFORM)
    stage.clock.advance(timedelta(microseconds=1))
    expired = claims.expire(id, by=PLATFORM)

    assert expired.state is ClaimState.EXPIRED


def test_of_two_settlements_at_once_one_is_paid() -> None:
    """And a later one is refused, so that nothing is paid twice."""
    stage = lost(MeetingStorage())
    id = accepted(stage)

    outcomes = at_once(
        stage,
        lambda: stage.platform.claims.settle(id, by=CARRIER),
        lambda: stage.platform.claims.settle(id, by=PLATFORM),
    )

    assert sorted(type(it).__name__ for it in outcomes) == ["Claim", "ConcurrencyConflictError"]
    with pytest.raises(IllegalTransitionError, match=r"cannot settle .*: it is SETTLED"):
        stage.platform.claims.settle(id, by=CARRIER)
    assert stage.money() == ("40.00 USD", "10.00 USD")
    assert_money_is_in_step(stage)


def test_a_buyers_compensation_goes_past_the_platform() -> None:
    """A buyer has no wallet; the ledger still adds up."""
    stage = lost()
    id = stage.platform.claims.file(SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=BUYER).id
    stage.platform.claims.acknowledge(id, by=CARRIER)
    stage.platform.claims.offer(id, Figured(usd("20.00")), by=CARRIER)
    stage.platform.claims.accept(id, by=BUYER)

    stage.platform.claims.settle(id, by=CARRIER)

    assert stage.wallet(BUYER).balances == ()
    assert stage.money() == ("20.00 USD", "10.00 USD")
    assert_money_is_in_step(stage)


def test_what_was_compensated_is_not_claimed_again() -> None:
    """The loss of a parcel is paid once, in however many claims."""
    stage = lost()
    stage.platform.claims.settle(accepted(stage), by=CARRIER)

    with pytest.raises(RefusedError) as again:
        file(stage)
    with pytest.raises(RefusedError) as otherwise:
        file(stage, ClaimKind.DELAY)

    assert codes(again) == ["compensated_already"]
    assert codes(otherwise) == ["too_much"]


def test_the_units_of_a_lost_shipment_stay_with_it_until_it_is_closed() -> None:
    """Then the carrier is paid, and the phone can be sent once more."""
    stage = lost()

    closed = stage.platform.shipments.close(SHIPMENT, "lost", by=PLATFORM)

    assert closed.phase.name == "CLOSED"
    assert stage.money() == ("20.00 USD", "0.00 USD")
    assert stage.drafted({PHONE: 2})
    assert_money_is_in_step(stage)


def test_an_overcharge_is_what_was_billed_above_the_rate_card() -> None:
    """5.00 USD by the card; the carrier bills 12.50 USD for the parcel that it carries."""
    stage = lost()
    policy = attrs.evolve(POLICY, covers=frozenset({ClaimKind.OVERCHARGE}))
    booking = stage.platform.shipments.get(SHIPMENT).booking
    assert booking is not None
    label = next(label for label in booking.labels if label.parcel == LOST)
    row = cost("12.50", stage.clock.now(), number=str(label.numbers[0]))
    stage.platform.shipments.charge(SHIPMENT, [row], by=CARRIER)
    claims = stage.platform.claims

    without = claims.assess(SHIPMENT, LOST, ClaimKind.OVERCHARGE, policy)
    unreached = attrs.evolve(rate_card(), zones=(Zone("US", frozenset({Country("FR")})),))
    unpriced = claims.assess(SHIPMENT, LOST, ClaimKind.OVERCHARGE, policy, rate_card=unreached)
    claim = claims.file(
        SHIPMENT, LOST, ClaimKind.OVERCHARGE, policy, by=SELLER, rate_card=rate_card()
    )

    assert [reason.code for reason in without.reasons] == ["not_known"]
    assert [reason.code for reason in unpriced.reasons] == ["not_known"]
    assert claim.demand.amount == usd("7.50")
    assert claim.demand.facts.priced == usd("5.00")


def test_a_host_asks_who_may_do_what_and_who_must_by_when() -> None:
    """As of now."""
    stage = lost()
    month = ClaimTerms(decide_within=Period(30, PeriodUnit.CALENDAR_DAYS))
    policy = attrs.evolve(POLICY, terms=month)
    claims = stage.platform.claims
    id = claims.file(SHIPMENT, LOST, ClaimKind.LOSS, policy, by=SELLER).id

    due = claims.deadline(id)

    assert due is not None
    assert due.for_ == CARRIER
    assert due.actions == tuple(claims.allowed(id, CARRIER))
    assert claims.allowed(id, BUYER) == {}


def test_a_claim_is_sent_as_a_complaint_to_a_carrier_that_takes_no_claims() -> None:
    """Of the lost parcel alone, and by its claimant alone."""
    stage = lost()
    claim = file(stage)

    sent = stage.platform.claims.complain(claim.id, "No scan for two months.", by=SELLER)

    booking = stage.platform.shipments.get(SHIPMENT).booking
    assert booking is not None
    assert stage.carrier.complaints == (sent,)
    assert sent.at == stage.clock.now()
    assert sent.numbers == booking.labels[0].numbers
    for other in (BUYER, CARRIER, PLATFORM):
        with pytest.raises(ActorNotPermittedError) as refusal:
            stage.platform.claims.complain(claim.id, by=other)
        assert str(refusal.value) == f"{other} may not complain of this claim: it is not theirs"
        assert refusal.value.allowed == ()


def test_what_others_leave_may_be_claimed_and_no_more() -> None:
    """The refusal names what is at stake and who takes it; what is paid less than demanded is free."""
    stage = lost()
    claims, first = stage.platform.claims, accepted(stage, "12.00")

    claims.settle(first, by=CARRIER)
    with pytest.raises(RefusedError) as refusal:
        file(stage, ClaimKind.DELAY, by=BUYER, amount="8.01")
    rest = file(stage, ClaimKind.DELAY, by=BUYER)

    assert codes(refusal) == ["too_much"]
    assert str(refusal.value.reasons[0]) == (
        "8.01 USD is more than the 8.00 USD left of goods worth 20.00 USD, "
        "of which claim shipment-1:p-1:LOSS:1 takes 12.00 USD"
    )
    assert rest.demand.amount == usd("8.00")


def test_a_demand_may_be_above_what_the_policy_pays_but_not_above_the_worth() -> None:
    """The policy caps what the carrier owes; what it pays out of court is between the two."""
    stage, capped = lost(), attrs.evolve(POLICY, caps=(Cap(Weight(1), usd("15.00")),))
    claims = stage.platform.claims

    with pytest.raises(RefusedError) as refusal:
        claims.file(SHIPMENT, LOST, ClaimKind.LOSS, capped, by=SELLER, amount=usd("20.01"))
    claim = claims.file(SHIPMENT, LOST, ClaimKind.LOSS, capped, by=SELLER, amount=usd("20.00"))

    assert codes(refusal) == ["too_much"]
    assert (claim.demand.assessment.amount, claim.demand.amount) == (usd("15.00"), usd("20.00"))


def test_a_demand_is_in_the_currency_in_which_the_policy_pays() -> None:
    """Nobody could tell what is left of the goods otherwise."""
    with pytest.raises(RefusedError, match="5000 JPY is not in USD") as refusal:
        lost().platform.claims.file(
            SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=SELLER, amount=Money(5000, "JPY")
        )

    assert codes(refusal) == ["other_currency"]


def test_a_rejection_is_not_contested_for_what_was_claimed_since() -> None:
    """What the other claim leaves free again is."""
    stage = lost()
    claims, rejected = stage.platform.claims, file(stage).id
    claims.reject(rejected, "no proof", by=CARRIER)
    other = file(stage, ClaimKind.DELAY).id

    with pytest.raises(RefusedError) as refusal:
        claims.escalate(rejected, "there is proof", by=SELLER)
    claims.withdraw(other, by=SELLER)

    assert codes(refusal) == ["too_much"]
    assert claims.escalate(rejected, "there is proof", by=SELLER).state is ClaimState.ESCALATED


def test_a_recovery_frees_what_was_paid() -> None:
    """The parcel turned up, late."""
    stage = lost()
    id = accepted(stage)
    stage.platform.claims.settle(id, by=CARRIER)
    stage.platform.claims.recover(id, "found in Memphis", by=PLATFORM)

    assert file(stage, ClaimKind.DELAY).demand.amount == usd("20.00")


def test_a_parcel_that_is_scanned_again_is_claimed_as_lost_no_more() -> None:
    """What was paid for it is taken back, and the loss is not claimed anew; the past stays as it was."""
    stage = lost()
    claims, id = stage.platform.claims, accepted(stage)
    claims.settle(id, by=CARRIER)
    booking = stage.platform.shipments.get(SHIPMENT).booking
    assert booking is not None
    before = stage.clock.now()
    [number] = (label.numbers[0] for label in booking.labels if label.parcel == LOST)
    stage.clock.advance(timedelta(days=2))
    found = scan(Milestone.DELIVERED, stage.clock.now(), str(number))

    again = stage.platform.shipments.observe(SHIPMENT, [found])
    recovered = claims.recover(id, "delivered", by=CARRIER)
    with pytest.raises(RefusedError) as refusal:
        file(stage)

    assert recovered.state is ClaimState.RECOVERED
    assert stage.money() == ("20.00 USD", "10.00 USD")
    assert codes(refusal) == ["delivery_status"]
    assert is_presumed_lost(POLICY, again.facts(LOST, before), before)
    assert not is_presumed_lost(POLICY, again.facts(LOST, stage.clock.now()), stage.clock.now())
    assert_money_is_in_step(stage)


def offered_to_buyer(stage: Stage, amount: str = "20.00") -> ClaimId:
    """Let the buyer claim, and the carrier offer an amount."""
    claims, id = stage.platform.claims, file(stage, by=BUYER).id
    claims.acknowledge(id, by=CARRIER)
    claims.offer(id, Figured(usd(amount)), by=CARRIER)
    return id


class TestBuyers:
    """A buyer is not paid twice: what the seller gave back, no carrier pays, and the reverse."""

    def test_a_buyer_claims_what_they_did_not_get_back(self) -> None:
        """They paid 30.00 USD, and the parcel is worth 20.00."""
        stage = lost()
        stage.platform.orders.refund(ORDER, usd("24.00"), by=SELLER)

        with pytest.raises(RefusedError) as refusal:
            file(stage, by=BUYER, amount="6.01")
        claim = file(stage, by=BUYER)

        assert str(refusal.value.reasons[0]) == (
            "6.01 USD is more than the 6.00 USD left of what the buyer paid, "
            "beside what they got back or are to be paid"
        )
        assert claim.demand.amount == usd("6.00")

    def test_what_a_buyer_claims_for_one_parcel_they_do_not_claim_for_another(self) -> None:
        """Each of the two is worth 20.00 USD, and they paid 30.00 for both."""
        stage = lost(also=ParcelId("p-2"))

        first = file(stage, by=BUYER)
        second = stage.platform.claims.file(
            SHIPMENT, ParcelId("p-2"), ClaimKind.LOSS, POLICY, by=BUYER
        )

        assert (first.demand.amount, second.demand.amount) == (usd("20.00"), usd("10.00"))

    def test_a_buyer_claims_for_a_parcel_no_more_than_what_is_in_it_cost(self) -> None:
        """The case cost 5.00 USD, and the parcel is declared to be worth 20.00."""
        claims = packed_by_parcel().platform.claims

        claim = claims.file(SHIPMENT, OTHER, ClaimKind.LOSS, POLICY, by=BUYER)
        with pytest.raises(RefusedError) as refusal:
            claims.file(SHIPMENT, OTHER, ClaimKind.DELAY, POLICY, amount=usd("0.01"), by=BUYER)

        assert claim.demand.amount == usd("5.00")
        assert "too_much" in codes(refusal)

    def test_what_was_refunded_for_a_parcel_is_not_claimed_for_it(self) -> None:
        """Whatever is left of the price of the other, which is claimed for itself."""
        stage = packed_by_parcel()
        stage.platform.orders.refund(ORDER, usd("25.00"), line=PHONE, by=SELLER)

        with pytest.raises(RefusedError) as refusal:
            file(stage, by=BUYER)
        other = stage.platform.claims.file(SHIPMENT, OTHER, ClaimKind.LOSS, POLICY, by=BUYER)

        assert codes(refusal) == ["too_much"]
        assert other.demand.amount == usd("5.00")

    def test_what_was_refunded_for_a_parcel_meanwhile_is_not_accepted_for_it(self) -> None:
        """A refund of the other parcel is in nobody's way."""
        stage = packed_by_parcel()
        id = offered_to_buyer(stage)
        stage.platform.orders.refund(ORDER, usd("5.00"), line=CASE, by=SELLER)
        stage.platform.orders.refund(ORDER, usd("5.01"), line=PHONE, by=SELLER)

        with pytest.raises(RefusedError) as refusal:
            stage.platform.claims.accept(id, by=BUYER)

        assert codes(refusal) == ["too_much"]
        assert "19.99 USD" in str(refusal.value)

    def test_the_loss_is_the_sellers_once_the_buyer_is_refunded(self) -> None:
        """A refund that is on its way counts."""
        stage = lost()
        stage.platform.orders.begin_refund(ORDER, usd("30.00"), by=SELLER)

        with pytest.raises(RefusedError) as refusal:
            file(stage, by=BUYER)

        assert codes(refusal) == ["too_much"]
        assert file(stage, by=SELLER).demand.amount == usd("20.00")

    def test_a_buyer_who_was_refunded_meanwhile_accepts_nothing(self) -> None:
        """The claim is not stuck: they withdraw it, or the platform decides against it."""
        stage = lost()
        claims, id = stage.platform.claims, offered_to_buyer(stage)
        stage.platform.orders.refund(ORDER, usd("30.00"), by=SELLER)

        with pytest.raises(RefusedError) as accepting:
            claims.accept(id, by=BUYER)
        claims.escalate(id, "why not?", by=BUYER)
        with pytest.raises(RefusedError) as deciding:
            claims.decide_for(id, Figured(usd("0.01")), by=PLATFORM)

        assert codes(accepting) == codes(deciding) == ["too_much"]
        assert claims.withdraw(id, by=BUYER).state is ClaimState.WITHDRAWN

    def test_what_a_carrier_pays_the_buyer_is_not_refunded(self) -> None:
        """From the moment that it is agreed on, and of 30.00 USD there is a rest of 10.00."""
        stage = lost()
        orders, id = stage.platform.orders, offered_to_buyer(stage)
        stage.platform.claims.accept(id, by=BUYER)

        with pytest.raises(RefusedError) as agreed:
            orders.refund(ORDER, usd("10.01"), by=SELLER)
        stage.platform.claims.settle(id, by=CARRIER)
        with pytest.raises(RefusedError) as paid:
            orders.begin_refund(ORDER, usd("10.01"), by=SELLER)

        assert codes(agreed) == codes(paid) == ["compensated"]
        assert str(paid.value.reasons[0]) == (
            "10.01 USD is more than the 10.00 USD that is left "
            "beside claim shipment-1:p-1:LOSS:1 of 20.00 USD"
        )
        assert orders.refund(ORDER, usd("10.00"), by=SELLER).refunded == usd("10.00")

    @pytest.mark.parametrize(("before", "expected"), [("0.00", "30.00"), ("20.00", "10.00")])
    @pytest.mark.parametrize("is_asked", [False, True])
    def test_a_cancellation_gives_back_the_rest_beside_what_a_carrier_pays_the_buyer(
        self, before: str, expected: str, *, is_asked: bool
    ) -> None:
        """Of the 30.00 USD that they paid; what is agreed counts, and what is offered does not."""
        stage = lost()
        orders, id = stage.platform.orders, offered_to_buyer(stage)
        stage.platform.shipments.close(SHIPMENT, "lost", by=PLATFORM)
        if usd(before).minor:
            stage.platform.claims.accept(id, by=BUYER)
        if is_asked:
            orders.request_cancellation(ORDER, "lost", by=BUYER)

        cancelled = orders.cancel(ORDER, "lost", by=PLATFORM)

        assert cancelled.refunded == usd(expected)
        assert cancelled.cancellation is CancellationState.CANCELLED
        assert_money_is_in_step(stage)

    def test_a_cancellation_gives_nothing_back_where_a_carrier_pays_for_all_that_is_left(
        self,
    ) -> None:
        """The order ends all the same, and what the carrier takes back is the seller's to refund."""
        stage = lost()
        orders, id = stage.platform.orders, offered_to_buyer(stage)
        stage.platform.shipments.close(SHIPMENT, "lost", by=PLATFORM)
        stage.platform.claims.accept(id, by=BUYER)
        orders.refund(ORDER, usd("10.00"), by=SELLER)

        cancelled = orders.cancel(ORDER, "lost", by=PLATFORM)
        stage.platform.claims.recover(id, "found", by=PLATFORM)

        assert cancelled.cancellation is CancellationState.CANCELLED
        assert cancelled.refunded == usd("10.00")
        assert orders.refund(ORDER, usd("20.00"), by=SELLER).refunded == usd("30.00")

    def test_the_sellers_compensation_is_in_no_refunds_way(self) -> None:
        """It makes up for the refund."""
        stage = lost()
        stage.platform.claims.settle(accepted(stage), by=CARRIER)

        assert stage.platform.orders.refund(ORDER, usd("30.00"), by=SELLER).refunded == usd("30.00")


@pytest.mark.parametrize("parcels", [(LOST,), (LOST, OTHER)])
def test_a_shipment_whose_every_loss_was_paid_is_closed_after_a_while(
    parcels: tuple[ParcelId, ...],
) -> None:
    """Though scans show it on its way; one of two is not enough."""
    stage = packed_by_parcel()
    claims = stage.platform.claims
    for parcel in parcels:
        id = claims.file(SHIPMENT, parcel, ClaimKind.LOSS, POLICY, by=SELLER).id
        claims.acknowledge(id, by=CARRIER)
        claims.offer(id, Figured(usd("20.00")), by=CARRIER)
        claims.accept(id, by=SELLER)
        claims.settle(id, by=CARRIER)
    before = stage.platform.shipments.get(SHIPMENT).phase
    stage.clock.advance(timedelta(days=180))

    stage.platform.sweep()
    after = stage.platform.shipments.get(SHIPMENT).phase

    assert before in MOVING
    assert after is (Phase.CLOSED if len(parcels) == 2 else before)


def shown(stage: Stage, milestone: Milestone, *, at: Instant | None = None) -> None:
    """Have the lost parcel scanned, now or at another time."""
    booking = stage.platform.shipments.get(SHIPMENT).booking
    assert booking is not None
    [number] = (label.numbers[0] for label in booking.labels if label.parcel == LOST)
    seen = scan(milestone, at or stage.clock.now(), str(number))
    stage.platform.shipments.observe(SHIPMENT, [seen])


class TestWhatTurnsUp:
    """Nobody pays for a loss of what came, and nobody takes back for what is still lost."""

    def test_a_carrier_does_not_say_by_itself_that_a_parcel_turned_up(self) -> None:
        """So it neither voids what was agreed or decided, nor takes money back."""
        stage = lost()
        claims, id = stage.platform.claims, accepted(stage)

        with pytest.raises(RefusedError) as unpaid:
            claims.recover(id, "found in Memphis", by=CARRIER)
        claims.settle(id, by=CARRIER)
        with pytest.raises(RefusedError) as paid:
            claims.recover(id, "found in Memphis", by=CARRIER)

        assert codes(unpaid) == codes(paid) == ["not_known"]
        assert ClaimAction.RECOVER not in claims.allowed(id, CARRIER)
        assert ClaimAction.RECOVER in claims.allowed(id, PLATFORM)

    def test_the_platform_says_what_shows_it(self) -> None:
        """No scan tells of a parcel that was found in a warehouse."""
        stage = lost()
        claims, id = stage.platform.claims, accepted(stage)

        with pytest.raises(RefusedError) as refusal:
            claims.recover(id, " ", by=PLATFORM)
        recovered = claims.recover(id, "found in Memphis", by=PLATFORM)

        assert codes(refusal) == ["no_note"]
        assert recovered.state is ClaimState.RECOVERED

    def test_a_scan_since_is_enough_to_take_back_and_stops_no_payment(self) -> None:
        """It may be lost again."""
        stage = lost()
        claims, id = stage.platform.claims, accepted(stage)
        stage.clock.advance(timedelta(days=1))
        shown(stage, Milestone.CUSTOMS_HELD)

        may = claims.allowed(id, CARRIER)
        claims.settle(id, by=CARRIER)

        assert list(may) == [ClaimAction.SETTLE, ClaimAction.RECOVER]
        assert claims.recover(id, "", by=CARRIER).state is ClaimState.RECOVERED
        assert_money_is_in_step(stage)

    def test_what_was_delivered_before_anybody_agreed_is_not_agreed_on(self) -> None:
        """The claimant withdraws, or the platform decides against; nothing is stuck."""
        stage = lost()
        claims, id = stage.platform.claims, file(stage).id
        claims.acknowledge(id, by=CARRIER)
        claims.offer(id, Figured(usd("20.00")), by=CARRIER)
        shown(stage, Milestone.DELIVERED)

        with pytest.raises(RefusedError, match="p-1 is not lost: it was delivered") as accepting:
            claims.accept(id, by=SELLER)
        open_to_seller = claims.allowed(id, SELLER)
        claims.escalate(id, "but it is", by=SELLER)
        with pytest.raises(RefusedError) as deciding:
            claims.decide_for(id, Figured(usd("20.00")), by=PLATFORM)

        assert codes(accepting) == codes(deciding) == ["turned_up"]
        assert ClaimAction.ACCEPT not in open_to_seller
        assert list(claims.allowed(id, PLATFORM)) == [ClaimAction.DECIDE_AGAINST]
        assert claims.decide_against(id, "delivered", by=PLATFORM).state is ClaimState.DISMISSED

    def test_what_was_agreed_is_not_paid_once_it_came(self) -> None:
        """However late the scan came; terms that claw nothing back say nothing of what is unpaid."""
        stage = lost()
        kept = attrs.evolve(POLICY, terms=ClaimTerms(claws_back=False))
        claims = stage.platform.claims
        id = claims.file(SHIPMENT, LOST, ClaimKind.LOSS, kept, by=SELLER).id
        claims.acknowledge(id, by=CARRIER)
        claims.offer(id, Figured(usd("20.00")), by=CARRIER)
        claims.accept(id, by=SELLER)
        shown(stage, Milestone.DELIVERED, at=instant(stage.clock.now() - timedelta(days=20)))

        with pytest.raises(RefusedError) as refusal:
            claims.settle(id, by=PLATFORM)

        assert codes(refusal) == ["turned_up"]
        assert claims.recover(id, "", by=CARRIER).state is ClaimState.RECOVERED
        assert stage.money() == ("20.00 USD", "10.00 USD")

    def test_what_its_buyer_has_is_not_lost(self) -> None:
        """A confirmed receipt says so, before a claim is filed and after."""
        late, early = lost(), lost()
        id = accepted(late)
        late.platform.shipments.confirm_receipt(SHIPMENT, by=BUYER)
        early.platform.shipments.confirm_receipt(SHIPMENT, by=BUYER)

        with pytest.raises(RefusedError) as settling:
            late.platform.claims.settle(id, by=CARRIER)
        with pytest.raises(RefusedError) as filing:
            file(early)

        assert str(settling.value.reasons[0]) == "parcel p-1 is not lost: it was received"
        assert codes(filing) == ["delivery_status"]
        assert late.platform.claims.recover(id, "", by=CARRIER).state is ClaimState.RECOVERED


def billed(stage: Stage, amount: str) -> None:
    """Have the carrier bill an amount for the lost parcel, or credit it."""
    booking = stage.platform.shipments.get(SHIPMENT).booking
    assert booking is not None
    [number] = (label.numbers[0] for label in booking.labels if label.parcel == LOST)
    row = cost(amount, stage.clock.now(), number=str(number))
    stage.platform.shipments.charge(SHIPMENT, [row], by=CARRIER)


class TestOvercharges:
    """The seller pays the carriage, and gets back what was billed too much once."""

    BILLS: Final = attrs.evolve(POLICY, covers=frozenset({ClaimKind.OVERCHARGE}))

    def overcharged(self, stage: Stage, *, by: Actor = SELLER) -> Claim:
        """Claim 7.50 USD."""
        return stage.platform.claims.file(
            SHIPMENT, LOST, ClaimKind.OVERCHARGE, self.BILLS, by=by, rate_card=rate_card()
        )

    def test_a_buyer_claims_no_freight(self) -> None:
        """They did not pay it to the carrier."""
        stage = lost()
        billed(stage, "12.50")

        with pytest.raises(RefusedError) as refusal:
            self.overcharged(stage, by=BUYER)

        assert codes(refusal) == ["not_theirs"]
        assert self.overcharged(stage).demand.amount == usd("7.50")

    def test_what_was_paid_is_taken_back_once_it_is_credited(self) -> None:
        """Not before, and not for a part; whoever must pay it is told."""
        stage = lost()
        billed(stage, "12.50")
        claims, id = stage.platform.claims, self.overcharged(stage).id
        claims.acknowledge(id, by=CARRIER)
        claims.offer(id, Figured(usd("7.50")), by=CARRIER)
        claims.accept(id, by=SELLER)
        claims.settle(id, by=CARRIER)

        billed(stage, "-7.49")
        with pytest.raises(RefusedError) as refusal:
            claims.recover(id, "", by=CARRIER)
        stage.clock.advance(timedelta(days=1))
        billed(stage, "-0.01")
        told = [it for it in stage.platform.attention() if it.rule is Rule.TURNED_UP]
        claims.recover(id, "", by=CARRIER)

        assert codes(refusal) == ["not_known"]
        assert [(it.for_, it.allowed) for it in told] == [(CARRIER, ("recover",))]
        assert_money_is_in_step(stage)


class TestRivals:
    """Of two who may claim for a parcel, neither bars the other for good."""

    def test_a_rejection_bars_nobody_else(self) -> None:
        """The buyer may contest theirs, as long as nobody else claims for the same."""
        stage = lost()
        claims, rejected = stage.platform.claims, file(stage, by=BUYER, amount="0.01").id
        claims.reject(rejected, "no", by=CARRIER)

        mine = file(stage)
        with pytest.raises(RefusedError) as contesting:
            claims.escalate(rejected, "why?", by=BUYER)
        offered = claims.allowed(rejected, BUYER)
        claims.reject(mine.id, "no", by=CARRIER)

        assert codes(contesting) == ["claim_open"]
        assert offered == {}
        assert claims.escalate(rejected, "why?", by=BUYER).state is ClaimState.ESCALATED

    def test_a_cent_for_one_leaves_the_rest_to_the_other(self) -> None:
        """Both together are paid what was lost."""
        stage = lost()
        claims, id = stage.platform.claims, file(stage, by=BUYER, amount="0.01").id
        claims.escalate(id, "no answer", by=BUYER)
        claims.decide_for(id, Figured(usd("0.01")), by=PLATFORM)
        claims.settle(id, by=CARRIER)

        assert file(stage).demand.amount == usd("19.99")
