"""The use cases of inquiries: asked, answered, escalated, and closed when it is time."""

from datetime import timedelta
from typing import Final

import attrs
import pytest

from apaclogistics.application import Patience
from apaclogistics.attention import Rule
from apaclogistics.catalogue.inquiries import EBAY_ITEM_NOT_RECEIVED
from apaclogistics.claims import Claim, Figured
from apaclogistics.compensation import ClaimKind
from apaclogistics.errors import InvalidValueError, NotFoundError
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.fulfilment import Milestone
from apaclogistics.inquiries import Inquiry, InquiryAction, InquiryState
from apaclogistics.inquiry_policies import Closing
from apaclogistics.lifecycle import Actor, ActorNotPermittedError, RefusedError, Role
from apaclogistics.sales import Payment
from apaclogistics.threads import Question, Resolution, Settled
from apaclogistics.values.identifiers import InquiryId, ListingVersion, ShipmentId
from apaclogistics.values.instants import Instant, Window, instant
from tests.samples import BUYER, CARRIER, PLATFORM, SELLER, day, sale, scan, terms, usd
from tests.stages import (
    LISTING,
    ORDER,
    MeetingStorage,
    Stage,
    assert_all_is_told,
    at_once,
    sold,
)
from tests.test_application_claims import (
    INVOICE,
    LOST,
    POLICY,
    SHIPMENT,
    declare_lost,
    lost,
)

STRANGER: Final = Actor(Role.SELLER, "s-2")
UTC: Final = "UTC"
# Estimated until the end of the ninth of March, a Monday.
PROMISED: Final = Window(day(6), instant("2026-03-09T23:59:59Z"))
FIRST: Final = instant("2026-03-10T00:00:00Z")
LAST: Final = instant("2026-04-08T23:59:59Z")
TICK: Final = timedelta(microseconds=1)


def asked(stage: Stage) -> tuple[ShipmentId, InquiryId]:
    """Let the buyer ask the seller about a shipment, to be answered by the ninth."""
    id = stage.handed_over()
    question = Question("Where is it?", day(9))
    return id, stage.platform.inquiries.open(id, SELLER, question, by=BUYER).id


def test_an_inquiry_is_answered_asked_again_and_resolved() -> None:
    """Each step is stored."""
    stage = sold()
    _, id = asked(stage)
    inquiries = stage.platform.inquiries

    states = [
        inquiries.answer(id, "On its way.", by=SELLER).state.name,
        inquiries.ask(id, Question("Since when?", day(10)), by=BUYER).state.name,
        inquiries.resolve(id, by=BUYER, note="it has come").state.name,
    ]

    assert states == ["ANSWERED", "OPEN", "RESOLVED"]
    assert inquiries.get(id).state is InquiryState.RESOLVED
    assert_all_is_told(stage)


def test_an_inquiry_is_escalated_and_decided() -> None:
    """By the buyer, and by the platform."""
    stage = sold()
    _, id = asked(stage)

    stage.clock.move_to(day(10))
    escalated = stage.platform.inquiries.escalate(id, "no answer", by=BUYER)
    decided = stage.platform.inquiries.decide(id, "refund", by=PLATFORM)

    assert [escalated.state.name, decided.state.name] == ["ESCALATED", "RESOLVED"]


def test_only_parties_to_a_shipment_talk_about_it() -> None:
    """A stranger may not ask, and may not be asked."""
    stage = sold()
    id = stage.drafted()
    question = Question("Where is it?", day(9))

    with pytest.raises(ActorNotPermittedError):
        stage.platform.inquiries.open(id, SELLER, question, by=STRANGER)
    with pytest.raises(RefusedError, match="has nothing to do with shipment"):
        stage.platform.inquiries.open(id, STRANGER, question, by=BUYER)

    assert stage.platform.snapshot().inquiries == ()


def test_an_inquiry_names_the_offer_that_it_is_about() -> None:
    """As the order was sold on it, whatever the listing says by now."""
    version = ListingVersion(LISTING, 1)
    stage = Stage()
    stage.published()
    sold_on = attrs.evolve(sale(), listing=version, offer="Economy")
    stage.platform.orders.place(sold_on, by=BUYER)
    stage.platform.orders.pay(ORDER, Payment(id="pay-1", gross=usd("30.00")), by=BUYER)
    stage.platform.listings.revise(LISTING, terms("6.00"), by=SELLER)

    _, id = asked(stage)

    opening = stage.platform.inquiries.get(id).opening
    assert (opening.listing, opening.offer) == (version, "Economy")


def test_an_inquiry_about_an_order_without_a_listing_names_none() -> None:
    stage = sold()

    _, id = asked(stage)

    opening = stage.platform.inquiries.get(id).opening
    assert (opening.listing, opening.offer) == (None, "")


def test_an_inquiry_about_nothing_is_not_opened() -> None:
    """There is no such shipment."""
    question = Question("Where is it?", day(9))

    with pytest.raises(NotFoundError, match="no shipment is stored"):
        Stage().platform.inquiries.open(ShipmentId("x"), SELLER, question, by=BUYER)


def test_of_two_who_answer_at_once_one_does() -> None:
    """Whatever an aggregate is, two changes to it at once are a conflict."""
    stage = sold(Stage(storage=MeetingStorage()))
    _, id = asked(stage)

    outcomes = at_once(
        stage,
        lambda: stage.platform.inquiries.answer(id, "Yes.", by=SELLER),
        lambda: stage.platform.inquiries.answer(id, "No.", by=SELLER),
    )

    assert sorted(type(it).__name__ for it in outcomes) == ["ConcurrencyConflictError", "Inquiry"]
    assert not any(isinstance(it, Claim) for it in outcomes)
    assert len(stage.platform.inquiries.get(id).history) == 2


def test_evidence_is_shown_along_with_what_is_said() -> None:
    """In answers and in messages, by anybody who takes part."""
    stage = sold()
    id = stage.handed_over()
    question, photo = Question("Where is it?", day(9)), Evidence(EvidenceKind.PHOTOGRAPH, "file-1")
    asked = stage.platform.inquiries.open(id, CARRIER, question, by=SELLER, others=[BUYER])

    stage.platform.inquiries.answer(asked.id, "Here it is.", by=CARRIER, evidence=[photo])
    stage.platform.inquiries.write(asked.id, "That is not mine.", by=BUYER, evidence=[photo])

    thread = stage.platform.inquiries.get(asked.id).thread
    assert [message.by for message in thread.messages] == [SELLER, CARRIER, BUYER]
    assert thread.evidence == (photo,)


def test_nobody_has_two_open_inquiries_about_a_shipment() -> None:
    """Another party may, and so may who is through with the first."""
    stage = sold()
    id, first = asked(stage)
    question = Question("Once more?", day(9))

    with pytest.raises(RefusedError, match=f"inquiry {first} is OPEN") as refusal:
        stage.platform.inquiries.open(id, CARRIER, question, by=BUYER)

    stage.platform.inquiries.open(id, CARRIER, question, by=SELLER)
    stage.platform.inquiries.resolve(first, by=BUYER)
    again = stage.platform.inquiries.open(id, SELLER, question, by=BUYER)
    assert [reason.code for reason in refusal.value.reasons] == ["inquiry_open"]
    assert again.state is InquiryState.OPEN


def test_what_has_closed_by_itself_is_in_nobodys_way() -> None:
    """Whether or not anybody swept."""
    stage = sold()
    id = stage.handed_over()
    question = Question("Where is it?", day(9))
    closing = Closing(by=day(9))
    stage.platform.inquiries.open(id, SELLER, question, by=BUYER, closing=closing)
    stage.clock.move_to(instant(day(9) + TICK))

    again = stage.platform.inquiries.open(id, SELLER, Question("Well?", day(12)), by=BUYER)

    assert again.state is InquiryState.OPEN


def test_of_two_who_ask_at_once_one_does() -> None:
    """Both saw no open inquiry."""
    stage = sold(Stage(storage=MeetingStorage()))
    id = stage.handed_over()

    def ask() -> Inquiry:
        return stage.platform.inquiries.open(id, SELLER, Question("Where?", day(9)), by=BUYER)

    outcomes = at_once(stage, ask, ask)

    assert sorted(type(it).__name__ for it in outcomes) == ["ConcurrencyConflictError", "Inquiry"]
    assert len(stage.platform.snapshot().inquiries) == 1


# Not received, by the clock that eBay publishes.


def estimated() -> tuple[Stage, ShipmentId]:
    """Give a shipment that was handed over and is estimated until the ninth."""
    stage = Stage()
    stage.published()
    stage.clock.move_to(day(2))
    lines = tuple(attrs.evolve(line, deliver_within=PROMISED) for line in sale().lines)
    stage.platform.orders.place(attrs.evolve(sale(), lines=lines), by=BUYER)
    stage.platform.orders.pay(ORDER, Payment(id="pay-1", gross=usd("30.00")), by=BUYER)
    return stage, stage.handed_over()


def report(stage: Stage, shipment: ShipmentId, by: Actor = BUYER) -> Inquiry:
    """Report that it did not come."""
    return stage.platform.inquiries.report_missing(
        shipment, "It is not here.", EBAY_ITEM_NOT_RECEIVED.rule, zone_name=UTC, by=by
    )


def reported() -> tuple[Stage, ShipmentId, InquiryId]:
    """Give a shipment that was reported on Tuesday the tenth."""
    stage, shipment = estimated()
    stage.clock.move_to(day(10))
    return stage, shipment, report(stage, shipment).id


def deliver(stage: Stage, shipment: ShipmentId, at: Instant) -> None:
    """Let the carrier report that it has delivered."""
    number = next(iter(stage.platform.shipments.get(shipment).numbers))
    stage.platform.shipments.observe(shipment, [scan(Milestone.DELIVERED, at, str(number))])


def test_a_buyer_reports_what_did_not_come_and_the_clock_sets_every_deadline() -> None:
    """Three business days to answer, twenty-one to escalate, each with its calendar."""
    stage, _, id = reported()

    opening = stage.platform.inquiries.get(id).opening

    assert (opening.opener, opening.respondent) == (BUYER, SELLER)
    assert str(opening.question.answer_by) == (
        "2026-03-13T23:59:59Z (3 business days by weekends only)"
    )
    assert opening.closing is not None
    assert str(opening.closing.by) == "2026-04-08T23:59:59Z (21 business days by weekends only)"
    assert opening.closing.policy == "eBay, item not received"
    assert_all_is_told(stage)


@pytest.mark.parametrize(
    ("at", "code"),
    [(FIRST - TICK, "too_early"), (LAST + TICK, "too_late")],
    ids=["on the last day of the estimate", "more than thirty days after it"],
)
def test_a_report_has_its_time(at: Instant, code: str) -> None:
    """From the day after the latest estimate until the thirtieth day after it."""
    stage, shipment = estimated()
    stage.clock.move_to(instant(at))

    with pytest.raises(RefusedError) as refusal:
        report(stage, shipment)

    assert [reason.code for reason in refusal.value.reasons] == [code]
    assert stage.platform.snapshot().inquiries == ()


@pytest.mark.parametrize("at", [FIRST, LAST])
def test_a_report_is_taken_on_the_first_and_on_the_last_instant(at: Instant) -> None:
    """Both still count."""
    stage, shipment = estimated()
    stage.clock.move_to(at)

    assert report(stage, shipment).state is InquiryState.OPEN


def test_what_was_delivered_and_received_is_not_reported() -> None:
    """Each reason is named."""
    stage, shipment = estimated()
    stage.clock.move_to(day(10))
    deliver(stage, shipment, day(9))

    with pytest.raises(RefusedError) as delivered:
        report(stage, shipment)
    stage.platform.shipments.confirm_receipt(shipment, by=BUYER)
    with pytest.raises(RefusedError) as received:
        report(stage, shipment)

    assert [reason.code for reason in delivered.value.reasons] == ["delivered"]
    assert [reason.code for reason in received.value.reasons] == ["delivered", "received"]


def test_what_nobody_estimated_is_not_reported() -> None:
    """There is no day to count from."""
    stage = sold()
    shipment = stage.drafted()

    with pytest.raises(RefusedError, match="nobody said until when"):
        report(stage, shipment)


def test_where_the_sale_says_nothing_the_quote_counts() -> None:
    """What was promised with the booking is an estimate, too."""
    stage = sold()
    shipment = stage.handed_over()
    promise = stage.platform.shipments.get(shipment).promise
    assert promise is not None

    with pytest.raises(RefusedError, match="may be reported from"):
        report(stage, shipment)
    stage.clock.move_to(instant(promise.window.latest + timedelta(days=1)))

    assert report(stage, shipment).state is InquiryState.OPEN


def test_only_the_buyer_reports_what_did_not_come() -> None:
    """Or the platform in their name."""
    stage, shipment = estimated()
    stage.clock.move_to(day(10))

    for somebody in (SELLER, CARRIER, STRANGER):
        with pytest.raises(ActorNotPermittedError):
            report(stage, shipment, by=somebody)

    assert report(stage, shipment, by=PLATFORM).opening.opener == BUYER


def test_a_buyer_escalates_between_the_two_deadlines() -> None:
    """After three business days, until twenty-one."""
    stage, _, id = reported()
    inquiries = stage.platform.inquiries

    with pytest.raises(RefusedError, match="time to answer until 2026-03-13T23:59:59Z"):
        inquiries.escalate(id, "no answer", by=BUYER)
    stage.clock.move_to(instant(LAST + TICK))
    with pytest.raises(RefusedError, match="closed by itself at 2026-04-08T23:59:59Z"):
        inquiries.escalate(id, "no answer", by=BUYER)

    assert inquiries.get(id).state is InquiryState.OPEN


@pytest.mark.parametrize("at", ["2026-03-14T00:00:00Z", "2026-04-08T23:59:59Z"])
def test_a_buyer_escalates_at_either_end(at: str) -> None:
    """The platform decides, and no clock ends it any more."""
    stage, _, id = reported()
    stage.clock.move_to(at)

    escalated = stage.platform.inquiries.escalate(id, "no answer", by=BUYER)
    stage.clock.advance(timedelta(days=100))

    assert escalated.state is InquiryState.ESCALATED
    assert stage.platform.sweep() == ()


def test_a_report_closes_by_itself_and_once() -> None:
    """The sweep says so in the history; a second one finds nothing."""
    stage, shipment, id = reported()
    stage.clock.move_to(LAST)
    early = stage.platform.sweep()
    stage.clock.move_to(instant(LAST + TICK))

    swept, again = stage.platform.sweep(), stage.platform.sweep()

    assert (early, swept, again) == ((), (f"inquiry {id}",), ())
    assert stage.platform.inquiries.get(id).state is InquiryState.EXPIRED
    with pytest.raises(RefusedError, match="could be reported until"):
        report(stage, shipment)
    assert_all_is_told(stage)


def test_a_delivery_closes_a_report_and_once() -> None:
    """The step names the number that was scanned, and when."""
    stage, shipment, id = reported()
    number = next(iter(stage.platform.shipments.get(shipment).numbers))
    deliver(stage, shipment, day(11))
    stage.clock.move_to(day(11))

    swept, again = stage.platform.sweep(), stage.platform.sweep()

    resolved = stage.platform.inquiries.get(id)
    assert (swept, again) == ((f"inquiry {id}",), ())
    assert resolved.state is InquiryState.RESOLVED
    assert resolved.history[-1].payload == Resolution(
        settled=Settled.DELIVERY, at=day(11), reference=str(number)
    )
    assert_all_is_told(stage)


def test_what_has_come_is_not_escalated_though_nobody_swept() -> None:
    """The tracking is looked at when it is asked for."""
    stage, shipment, id = reported()
    stage.clock.move_to(day(20))
    deliver(stage, shipment, day(19))

    with pytest.raises(RefusedError, match="it was delivered at 2026-03-19"):
        stage.platform.inquiries.escalate(id, "no answer", by=BUYER)


def test_a_delivery_that_is_to_come_takes_nothing_from_the_buyer() -> None:
    """A scan is dated in the future: until then the parcel is missing, as it was before."""
    stage, shipment, id = reported()
    inquiries = stage.platform.inquiries
    deliver(stage, shipment, day(28))
    due = inquiries.deadline(id)
    stage.clock.move_to(day(20))

    offered, swept = inquiries.allowed(id, BUYER), stage.platform.sweep()
    with pytest.raises(RefusedError, match="no delivery of all that is in"):
        inquiries.resolve_on_delivery(id, by=PLATFORM)
    escalated = inquiries.escalate(id, "no answer", by=BUYER)

    assert due == escalated.answer_by
    assert InquiryAction.ESCALATE in offered
    assert swept == ()
    assert escalated.state is InquiryState.ESCALATED


def test_a_delivery_that_is_to_come_hinders_no_report() -> None:
    """It has not come yet."""
    stage, shipment = estimated()
    stage.clock.move_to(day(10))
    deliver(stage, shipment, day(28))

    assert report(stage, shipment).state is InquiryState.OPEN


def test_a_receipt_of_the_rest_ends_no_report_of_a_parcel_that_is_lost() -> None:
    """The buyer has one of two parcels, says so, and asks for the other all the same."""
    stage = lost()
    declare_lost(stage)
    inquiries, now = stage.platform.inquiries, stage.clock.now()
    due, end = (instant(now + timedelta(days=days)) for days in (3, 20))
    closing = Closing(by=end, on_delivery=timedelta(hours=24))
    id = inquiries.open(SHIPMENT, SELLER, Question("And p-1?", due), by=BUYER, closing=closing).id

    stage.platform.shipments.confirm_receipt(SHIPMENT, by=BUYER)
    stage.clock.advance(timedelta(days=4))

    assert stage.platform.sweep() == ()
    with pytest.raises(RefusedError, match="no receipt of all that is in"):
        inquiries.resolve_on_receipt(id, by=PLATFORM)
    assert inquiries.escalate(id, "no answer", by=BUYER).state is InquiryState.ESCALATED


def test_a_delivery_does_not_close_what_asks_for_something_else() -> None:
    """Its opener may ask about more than where it is."""
    stage = sold()
    shipment, id = asked(stage)
    deliver(stage, shipment, day(4))
    stage.clock.move_to(day(5))

    assert stage.platform.sweep() == ()
    assert stage.platform.inquiries.get(id).state is InquiryState.OPEN


def test_the_platform_ends_nothing_on_a_delivery_that_nobody_saw() -> None:
    """It needs the fact."""
    stage, _, id = reported()

    with pytest.raises(
        RefusedError, match="on a delivery, a receipt or a refund, and none is named"
    ):
        stage.platform.inquiries.resolve_on_delivery(id, by=PLATFORM)


def test_its_opener_does_not_end_it_on_a_delivery_that_nobody_saw_either() -> None:
    """Who is content without one says so with `resolve`."""
    stage, _, id = reported()

    with pytest.raises(RefusedError, match="no delivery of all that is in shipment shipment-1"):
        stage.platform.inquiries.resolve_on_delivery(id, by=BUYER)

    assert stage.platform.inquiries.get(id).state is InquiryState.OPEN


def test_the_platform_ends_a_report_on_a_refund() -> None:
    """The buyer has the money; that a part was for just these parcels, only the platform knows."""
    stage, _, id = reported()
    [given] = stage.platform.orders.refund(ORDER, usd("20.00"), by=SELLER).refunds
    refund = Resolution(settled=Settled.REFUND, at=stage.clock.now(), reference=given.id)

    resolved = stage.platform.inquiries.resolve(id, on=refund, by=PLATFORM)

    assert resolved.state is InquiryState.RESOLVED


def test_a_receipt_closes_a_report_and_leaves_nothing_to_escalate() -> None:
    """No scan shows a delivery, and none is needed: the buyer says so."""
    stage, shipment, id = reported()
    inquiries = stage.platform.inquiries

    stage.platform.shipments.confirm_receipt(shipment, by=BUYER)
    received_at = stage.clock.now()
    stage.clock.advance(timedelta(days=7))

    assert InquiryAction.ESCALATE not in inquiries.allowed(id, BUYER)
    with pytest.raises(RefusedError, match="its receipt was confirmed at"):
        inquiries.escalate(id, "it never came", by=BUYER)
    assert [it.rule for it in stage.platform.attention()] == [Rule.INQUIRY_CLOSES]
    assert stage.platform.sweep() == (f"inquiry {id}",)
    ended = inquiries.get(id)
    assert ended.state is InquiryState.RESOLVED
    assert ended.history[-1].payload == Resolution(
        settled=Settled.RECEIPT, at=received_at, reference=shipment
    )
    assert_all_is_told(stage)


def test_what_the_platform_completes_was_not_received_for_that() -> None:
    """It has waited for the buyer in vain; a delivery counts by itself."""
    stage, shipment, id = reported()
    deliver(stage, shipment, day(9))
    stage.platform.shipments.complete(shipment, patience=timedelta(0), by=PLATFORM)

    with pytest.raises(RefusedError, match="a receipt or a refund, and none is named"):
        stage.platform.inquiries.resolve_on_receipt(id, by=PLATFORM)


@pytest.mark.parametrize("settled", Settled)
@pytest.mark.parametrize("by", [PLATFORM, BUYER])
def test_nothing_ends_on_a_fact_that_is_recorded_nowhere(settled: Settled, by: Actor) -> None:
    """Not even by the platform; a refund that is pending is no fact yet."""
    stage, _, id = reported()
    [given] = stage.platform.orders.begin_refund(ORDER, usd("30.00"), by=SELLER).pending_refunds
    fact = Resolution(settled=settled, at=stage.clock.now(), reference=given.id)

    with pytest.raises(RefusedError, match=f"no {settled.value} {given.id} of shipment shipment-1"):
        stage.platform.inquiries.resolve(id, on=fact, by=by)

    assert stage.platform.inquiries.get(id).state is InquiryState.OPEN


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "begun and paid out"])
def test_a_refund_in_full_closes_a_report_and_once(*, at_once: bool) -> None:
    """Not while it is pending; the step names the refund, and when it was paid out."""
    stage, shipment, id = reported()
    orders, clock = stage.platform.orders, stage.clock
    if at_once:
        [given] = orders.refund(ORDER, usd("30.00"), by=SELLER).refunds
    else:
        [given] = orders.begin_refund(ORDER, usd("30.00"), by=SELLER).pending_refunds
        clock.move_to(day(11))
        pending = stage.platform.sweep()
        orders.settle_refund(ORDER, given.id, by=PLATFORM)
        assert pending == ()

    swept, again = stage.platform.sweep(), stage.platform.sweep()

    resolved = stage.platform.inquiries.get(id)
    assert (swept, again) == ((f"inquiry {id}",), ())
    assert resolved.state is InquiryState.RESOLVED
    assert resolved.history[-1].payload == Resolution(
        settled=Settled.REFUND, at=clock.now(), reference=given.id
    )
    with pytest.raises(RefusedError, match="it was refunded by"):
        report(stage, shipment)
    assert_all_is_told(stage)


def test_what_was_refunded_is_not_escalated_though_nobody_swept() -> None:
    """A part of the price, and what is pending or failed, is no reason not to."""
    stage, _, id = reported()
    orders, inquiries = stage.platform.orders, stage.platform.inquiries
    stage.clock.move_to(day(20))

    def may_escalate() -> bool:
        return InquiryAction.ESCALATE in inquiries.allowed(id, BUYER)

    orders.refund(ORDER, usd("29.99"), by=SELLER)
    part = may_escalate()
    [last] = orders.begin_refund(ORDER, usd("0.01"), by=SELLER).pending_refunds
    pending = may_escalate()
    orders.fail_refund(ORDER, last.id, "card expired", by=PLATFORM)
    failed = may_escalate()
    orders.refund(ORDER, usd("0.01"), by=SELLER)

    assert (part, pending, failed, may_escalate()) == (True, True, True, False)
    assert inquiries.deadline(id) is None
    with pytest.raises(RefusedError, match="it was refunded by 2026-03-20"):
        inquiries.escalate(id, "no answer", by=BUYER)


def test_what_is_offered_knows_of_a_delivery() -> None:
    """As the verb does; whoever is waited for has no deadline any more."""
    stage, shipment, id = reported()
    inquiries = stage.platform.inquiries
    stage.clock.move_to(day(20))
    before = (InquiryAction.ESCALATE in inquiries.allowed(id, BUYER), inquiries.deadline(id))

    deliver(stage, shipment, day(19))

    after = (InquiryAction.ESCALATE in inquiries.allowed(id, BUYER), inquiries.deadline(id))
    assert before == (True, inquiries.get(id).answer_by)
    assert after == (False, None)


def test_the_platform_ends_nothing_on_a_refund_that_was_not_made() -> None:
    """Nor on a part of one; what it names itself, it answers for."""
    stage, _, id = reported()
    stage.platform.orders.refund(ORDER, usd("5.00"), by=SELLER)

    with pytest.raises(
        RefusedError, match="on a delivery, a receipt or a refund, and none is named"
    ):
        stage.platform.inquiries.resolve_on_refund(id, by=PLATFORM)


def test_a_refund_does_not_close_what_asks_for_something_else() -> None:
    """The seller still wants to know from the carrier."""
    stage = sold()
    shipment = stage.handed_over()
    question = Question("Where is it?", day(9))
    id = stage.platform.inquiries.open(shipment, CARRIER, question, by=SELLER).id
    stage.platform.orders.refund(ORDER, usd("30.00"), by=SELLER)
    stage.clock.move_to(day(10))

    assert stage.platform.sweep() == ()
    assert InquiryAction.ESCALATE in stage.platform.inquiries.allowed(id, SELLER)


def test_a_decided_case_is_over() -> None:
    """The platform has the last word."""
    stage, _, id = reported()
    stage.clock.move_to(day(14))
    stage.platform.inquiries.escalate(id, "no answer", by=BUYER)

    decided = stage.platform.inquiries.decide(id, "refund", by=PLATFORM)

    assert decided.state is InquiryState.RESOLVED
    assert decided.thread.messages[-1].text == "refund"


@pytest.mark.parametrize("by", [BUYER, SELLER, PLATFORM])
def test_whoever_is_asked_has_time_to_answer(by: Actor) -> None:
    """Else the asker could escalate a moment later; a day by default, to the last instant."""
    stage = sold()
    shipment, least = stage.handed_over(), timedelta(hours=24)
    inquiries, now = stage.platform.inquiries, stage.clock.now()

    for due in (now, instant(now + least - TICK)):
        with pytest.raises(RefusedError) as refusal:
            inquiries.open(shipment, CARRIER, Question("Where is it?", due), by=by)
        assert [reason.code for reason in refusal.value.reasons] == ["too_soon"]
    id = inquiries.open(shipment, CARRIER, Question("Where is it?", instant(now + least)), by=by).id

    assert inquiries.get(id).answer_by.at == now + least


def test_a_host_says_how_much_time_to_answer_there_is() -> None:
    """Or that there need be none."""
    stage = sold()
    shipment, now = stage.handed_over(), stage.clock.now()
    hasty = attrs.evolve(stage.platform, least_answer_time=timedelta(0))

    asked = hasty.inquiries.open(shipment, SELLER, Question("Where is it?", now), by=BUYER)

    assert asked.answer_by.at == now
    with pytest.raises(InvalidValueError, match="least time to answer"):
        attrs.evolve(stage.platform, least_answer_time=timedelta(-1))


def test_the_platform_ends_what_it_has_asked_itself() -> None:
    """Content with the answer, like any other opener."""
    stage = sold()
    shipment, inquiries = stage.handed_over(), stage.platform.inquiries
    other_agent = Actor(Role.PLATFORM, "agent-2")
    id = inquiries.open(shipment, SELLER, Question("Show the slip.", day(9)), by=PLATFORM).id
    inquiries.answer(id, "Here.", by=SELLER)

    assert InquiryAction.RESOLVE in inquiries.allowed(id, other_agent)
    assert inquiries.resolve(id, by=other_agent).state is InquiryState.RESOLVED


# Carried over into a claim.


def escalated() -> tuple[Stage, InquiryId]:
    """Give a parcel that counts as lost, about which the seller asked its carrier in vain."""
    stage = lost()
    now = stage.clock.now()
    slip = Evidence(EvidenceKind.PROOF_OF_POSTING, "slip-1")
    question = Question("Please trace it.", instant(now + timedelta(days=7)), (slip,))
    id = stage.platform.inquiries.open(SHIPMENT, CARRIER, question, by=SELLER).id
    stage.clock.advance(timedelta(days=8))
    stage.platform.inquiries.escalate(id, "no answer", by=SELLER)
    return stage, id


def test_a_claim_begins_with_what_was_said_and_shown_in_the_inquiry() -> None:
    """And with what is shown now."""
    stage, id = escalated()

    claim = stage.platform.claims.file(
        SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=SELLER, evidence=[INVOICE], inquiry=id
    )

    thread = stage.platform.inquiries.get(id).thread
    assert claim.demand.thread == thread
    assert [message.text for message in thread.messages] == ["Please trace it.", "no answer"]
    assert [piece.reference for piece in claim.evidence] == ["slip-1", INVOICE.reference]


def test_a_claim_takes_over_only_what_was_escalated_to_it() -> None:
    """Otherwise nothing is filed."""
    stage = lost()
    question = Question("Please trace it.", instant(stage.clock.now() + timedelta(days=7)))
    id = stage.platform.inquiries.open(SHIPMENT, CARRIER, question, by=SELLER).id

    with pytest.raises(RefusedError, match=f"inquiry {id} is OPEN, and was not escalated"):
        stage.platform.claims.file(SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=SELLER, inquiry=id)

    assert stage.platform.snapshot().claims == ()


def test_an_inquiry_that_was_taken_over_ends_with_its_claim() -> None:
    """A sweep says so once, and not before."""
    stage, id = escalated()
    alone = stage.platform.sweep()
    claim = stage.platform.claims.file(
        SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=SELLER, inquiry=id
    )
    early = stage.platform.sweep()
    stage.platform.claims.withdraw(claim.id, by=SELLER)

    swept, again = stage.platform.sweep(), stage.platform.sweep()

    ended = stage.platform.inquiries.get(id)
    assert (alone, early, swept, again) == ((), (), (f"inquiry {id}",), ())
    assert ended.state is InquiryState.RESOLVED
    assert ended.thread.messages[-1].text == f"claim {claim.id} has ended"
    assert_all_is_told(stage)


def test_an_inquiry_that_no_claim_takes_over_ends_after_a_while() -> None:
    """So that its opener may ask again; to the last instant."""
    stage, id = escalated()
    patience = Patience(closing=timedelta(days=3))
    stage.clock.advance(patience.closing - TICK)
    early = stage.platform.sweep(patience=patience)
    stage.clock.advance(TICK)

    swept, again = (stage.platform.sweep(patience=patience) for _ in range(2))

    name = f"inquiry {id}"
    assert (name in early, name in swept, name in again) == (False, True, False)
    ended = stage.platform.inquiries.get(id)
    assert ended.state is InquiryState.RESOLVED
    assert ended.thread.messages[-1].text == "no claim took it over"


def test_no_sweep_decides_what_a_buyer_has_escalated() -> None:
    """Not even once it was delivered and refunded: the platform is told so, and decides."""
    stage, shipment, id = reported()
    stage.clock.advance(timedelta(days=7))
    stage.platform.inquiries.escalate(id, "no answer", by=BUYER)
    deliver(stage, shipment, stage.clock.now())
    stage.platform.orders.refund(ORDER, usd("30.00"), by=SELLER)
    stage.clock.advance(timedelta(days=400))

    stage.platform.sweep()

    found = [it for it in stage.platform.attention() if it.thing == f"inquiry {id}"]
    assert stage.platform.inquiries.get(id).state is InquiryState.ESCALATED
    assert [(it.rule, it.for_.role) for it in found] == [(Rule.DECISION, Role.PLATFORM)]
    assert "delivered at" in found[0].text
    assert "refunded at" in found[0].text


def test_a_claim_that_lapses_takes_its_inquiry_along_in_one_sweep() -> None:
    """So that the next sweep finds nothing."""
    stage, id = escalated()
    claims = stage.platform.claims
    claim = claims.file(SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=SELLER, inquiry=id).id
    claims.acknowledge(claim, by=CARRIER)
    until = instant(stage.clock.now() + timedelta(days=2))
    claims.offer(claim, Figured(usd("1.00"), "", until), by=CARRIER)
    stage.clock.move_to(instant(until + TICK))

    swept, again = stage.platform.sweep(), stage.platform.sweep()

    assert (swept, again) == ((f"inquiry {id}", f"claim {claim}"), ())
