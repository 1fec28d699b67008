"""Attention: each rule just before its limit and just after it, in order of urgency."""

import sys
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, partial
from typing import Final

import attrs
import pytest

from apaclogistics.attention import (
    AttentionItem,
    AttentionPolicy,
    Ground,
    Rule,
    Snapshot,
    Urgency,
    attention,
)
from apaclogistics.catalogue.couriers import COURIER
from apaclogistics.claims import Claim, Demand, EvidenceRequest, Figured
from apaclogistics.compensation import ClaimKind, ClaimTerms, CompensationPolicy
from apaclogistics.consignments import ConsignmentKind, ConsignmentPreference
from apaclogistics.costs import ActualCost
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.evidence import EvidenceKind
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.incidents import Incident
from apaclogistics.inquiries import Inquiry
from apaclogistics.inquiry_policies import ITEM_NOT_RECEIVED, Closing
from apaclogistics.ledger import Wallet, refund
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.listings import Listing, ListingDraft, Terms
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold
from apaclogistics.promises import Promise
from apaclogistics.sales import Payment, Refund
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Opening, Question
from apaclogistics.tracking import Scan
from apaclogistics.values.calendars import ListedCalendar, Period, PeriodUnit
from apaclogistics.values.goods import Incoterm
from apaclogistics.values.identifiers import (
    ClaimId,
    InquiryId,
    LineId,
    ListingId,
    OrderId,
    ParcelId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant, Moment, Window, instant, moment
from apaclogistics.values.places import Place
from apaclogistics.values.quantities import Weight
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    LOSS,
    PARTIES,
    PHONE,
    PLATFORM,
    SELLER,
    STRANGERS,
    adoption,
    altered,
    assessment,
    booked,
    confirmed,
    consignment,
    cost,
    day,
    drafted,
    drafted_listing,
    facts,
    handed_over,
    offer,
    paid,
    placed,
    published,
    rate_card,
    sale,
    scan,
    seen,
    units,
    usd,
)

TICK: Final = timedelta(microseconds=1)
DUE: Final = day(10)
ORDER: Final = OrderId("o-1")
# What is waited for.
SPANS: Final = tuple(it.name for it in attrs.fields(AttentionPolicy) if it.type is timedelta)


def look(at: Instant, *things: object, policy: AttentionPolicy | None = None) -> list[str]:
    """Say what needs attention at an instant: the rule and the thing."""
    return [f"{said(it)}: {it.thing}" for it in items(at, *things, policy=policy)]


def said(it: AttentionItem) -> str:
    """Say the rule, and how urgent it is where there is a term."""
    term = "" if it.urgency is Urgency.OPEN else f" {it.urgency.value}"
    return f"{it.rule.value}{term}"


def items(
    at: Instant, *things: object, policy: AttentionPolicy | None = None
) -> tuple[AttentionItem, ...]:
    """List what needs attention at an instant."""
    snapshot = Snapshot(
        orders=tuple(it for it in things if isinstance(it, Order)),
        shipments=tuple(it for it in things if isinstance(it, Shipment)),
        inquiries=tuple(it for it in things if isinstance(it, Inquiry)),
        claims=tuple(it for it in things if isinstance(it, Claim)),
        listings=tuple(it for it in things if isinstance(it, Listing)),
        wallets=tuple(it for it in things if isinstance(it, Wallet)),
    )
    return attention(snapshot, at, policy)


def item(at: Instant, *things: object) -> AttentionItem:
    """Give the one thing that needs attention at an instant."""
    (found,) = items(at, *things)
    return found


def to_be_shipped(**ship_by: Instant) -> Order:
    """Give an order that is paid: two phones and a case, some of which must be shipped in time."""
    wanted = {LineId(f"line-{name}"): due for name, due in ship_by.items()}
    lines = tuple(attrs.evolve(line, ship_by=wanted.get(line.id)) for line in sale().lines)
    order = Order.place(attrs.evolve(sale(), lines=lines), by=BUYER, at=day(2))
    return order.pay(Payment(id="pay-1", gross=usd("30.00")), by=BUYER, at=day(2))


def of_order(shipment: Shipment, *, promise: Promise | None = None) -> Shipment:
    """Say which order a shipment belongs to, and what was promised."""
    belonging = attrs.evolve(shipment.consignment, orders=(ORDER,), promise=promise)
    return attrs.evolve(shipment, consignment=belonging)


def promised(latest: Instant) -> Promise:
    """Promise delivery until an instant."""
    return Promise(ship_by=day(4), window=Window(day(5), latest))


def moving(*milestones: Milestone) -> Shipment:
    """Give a shipment that was scanned on the fifth, and then once a day."""
    return seen(handed_over(), Milestone.ACCEPTED, *milestones)


def the_rules(found: Iterable[AttentionItem]) -> list[Rule]:
    """Give the rules of items."""
    return [it.rule for it in found]


# Orders that were cancelled elsewhere.


@pytest.mark.parametrize(
    ("shipment", "allowed"),
    [
        (drafted(), ("cancel",)),
        (booked(), ("cancel",)),
        (confirmed(), ("cancel",)),
        (handed_over(), ("cancel",)),
        (moving(), ()),
    ],
    ids=["drafted", "booked", "confirmed", "handed over", "on its way"],
)
def test_a_shipment_of_an_order_that_was_cancelled_elsewhere_is_told(
    shipment: Shipment, allowed: tuple[str, ...]
) -> None:
    """From the first, with what its seller may still do."""
    order = paid().cancel("out of stock", phases={}, by=SELLER, at=day(4))

    (found,) = (it for it in items(day(7), of_order(shipment), order) if it.rule is Rule.CANCELLED)

    assert (found.thing, found.for_, found.since) == ("shipment sh-1", SELLER, moment(day(4)))
    assert found.text.endswith(f"in this shipment, which is {shipment.phase.name}")
    assert found.evidence == (Ground("order o-1 was cancelled", day(4)),)
    assert found.allowed == allowed
    assert Rule.CANCELLED not in the_rules(items(day(7), of_order(shipment), paid()))


@pytest.mark.parametrize(
    "shipment",
    [
        booked().cancel(by=SELLER, at=day(4)),
        moving(Milestone.RETURNING, Milestone.RETURNED),
        moving(Milestone.LOST),
        moving(Milestone.DELIVERED),
    ],
    ids=["cancelled", "back", "lost", "delivered"],
)
def test_what_came_to_an_end_is_not_to_be_stopped(shipment: Shipment) -> None:
    """It is too late, or done."""
    order = paid().cancel("out of stock", phases={}, by=SELLER, at=day(4))

    assert Rule.CANCELLED not in the_rules(items(day(9), of_order(shipment), order))


# Deadlines of orders.


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (DUE - timedelta(hours=24) - TICK, []),
        (DUE - timedelta(hours=24), ["ship by due soon: order o-1"]),
        (DUE, ["ship by due soon: order o-1"]),
        (DUE + TICK, ["ship by overdue: order o-1"]),
    ],
    ids=["far", "near", "at the deadline", "passed"],
)
def test_an_order_must_be_handed_over_by_its_deadline(at: Instant, expected: list[str]) -> None:
    """It is near a day before, and passed after its instant."""
    assert look(at, to_be_shipped(phone=DUE)) == expected


def test_a_deadline_says_how_many_units_until_when_and_for_whom() -> None:
    """And of which lines."""
    found = item(DUE - timedelta(hours=3), to_be_shipped(phone=DUE, case=DUE))

    assert (found.for_, found.urgency) == (SELLER, Urgency.DUE_SOON)
    assert (found.since, found.until) == (moment(DUE - timedelta(hours=24)), moment(DUE))
    assert found.text == "3 units must be handed over by 2026-03-10T09:00:00Z, in 3 h 0 min"
    assert found.evidence == (
        Ground("1 of line line-case with no carrier", DUE),
        Ground("2 of line line-phone with no carrier", DUE),
    )


@pytest.mark.parametrize(
    ("shipments", "allowed"),
    [
        ((), ("draft",)),
        ((drafted(),), ("book", "adopt", "cancel")),
        ((booked(),), ("confirm", "cancel")),
        ((confirmed(),), ("hand_over", "cancel")),
    ],
    ids=["nothing yet", "drafted", "booked", "confirmed"],
)
def test_a_deadline_of_an_order_names_the_next_step(
    shipments: tuple[Shipment, ...], allowed: tuple[str, ...]
) -> None:
    """With the shipment that has come furthest, else with a new one."""
    order = to_be_shipped(phone=DUE, case=DUE)

    found = items(DUE, order, *map(of_order, shipments))[0]

    assert (found.rule, found.allowed) == (Rule.SHIP_BY, allowed)


def test_one_unit_is_not_several() -> None:
    """Only the case is left, and it is late."""
    order = to_be_shipped(phone=DUE, case=DUE).allocate([units(2)], phases={}, by=SELLER, at=day(3))
    gone = of_order(moving())

    found = items(DUE + timedelta(days=2), order, gone)[0]

    assert found.text == "1 unit must be handed over by 2026-03-10T09:00:00Z, 2 d ago"


def test_the_earliest_deadline_of_what_is_left_counts() -> None:
    """Once the phones are gone, the case has until the twentieth."""
    order = to_be_shipped(phone=DUE, case=day(20)).allocate(
        [units(2)], phases={}, by=SELLER, at=day(3)
    )

    patient = AttentionPolicy(acceptance=DUE - day(1), idle=DUE - day(1))

    waiting = items(DUE + TICK, order, of_order(confirmed()), policy=patient)
    gone = items(DUE + TICK, order, of_order(handed_over()), policy=patient)

    assert the_rules(waiting) == [Rule.SHIP_BY]
    assert gone == ()


@pytest.mark.parametrize(
    "order",
    [
        attrs.evolve(to_be_shipped(phone=DUE), payments=()),
        to_be_shipped(phone=DUE).request_cancellation("changed my mind", by=BUYER, at=day(3)),
        to_be_shipped(phone=DUE).cancel("sold out", phases={}, by=SELLER, at=day(3)),
        to_be_shipped(),
        placed(),
    ],
    ids=["not paid", "to be cancelled", "cancelled", "without a deadline", "neither"],
)
def test_an_order_that_is_not_to_be_shipped_has_no_deadline(order: Order) -> None:
    """Whoever ships it would do wrong."""
    assert Rule.SHIP_BY not in the_rules(items(DUE + TICK, order))


def test_a_deadline_counts_the_units_that_it_is_for() -> None:
    """Two phones are due; the case has ten days more."""
    found = item(DUE, to_be_shipped(phone=DUE, case=day(20)))

    assert found.text.startswith("2 units")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (DUE - timedelta(hours=24) - TICK, ["cancellation asked for: order o-1"]),
        (DUE, ["cancellation asked for due soon: order o-1"]),
        (DUE + TICK, ["cancellation asked for overdue: order o-1"]),
    ],
    ids=["far", "near", "passed"],
)
def test_a_wish_to_cancel_is_decided_by_its_deadline(at: Instant, expected: list[str]) -> None:
    """It needs an answer from the first, since nothing is shipped meanwhile."""
    asked = to_be_shipped().request_cancellation("", by=BUYER, at=day(3), decide_by=DUE)

    assert look(at, asked) == expected


def test_a_wish_to_cancel_is_for_the_seller_to_decide() -> None:
    """With a limit or without; once it is decided there is nothing to do."""
    asked = to_be_shipped().request_cancellation("", by=BUYER, at=day(3))
    rejected = asked.reject_cancellation("it is packed", by=SELLER, at=day(4))

    found = item(day(300), asked)

    assert (found.rule, found.for_) == (Rule.CANCELLATION, SELLER)
    assert found.allowed == ("approve", "reject")
    assert found.evidence == (Ground("buyer b-1 asked to cancel", day(3)),)
    assert look(day(300), rejected) == []


def test_money_that_is_held_back_is_told_until_it_is_released() -> None:
    """Nothing is dispatched meanwhile; the latest date that was named is told."""
    order = to_be_shipped()
    one = PaymentHold(id="h-1", amount=usd("10.00"), expected_release=DUE)
    other = PaymentHold(id="h-2", amount=usd("5.00"))
    held = order.hold_payment(one, by=PLATFORM, at=day(3))
    held_twice = held.hold_payment(other, by=PLATFORM, at=day(4))
    released = held.release_payment("h-1", by=PLATFORM, at=day(5))

    found = item(day(5), held_twice)

    assert (found.rule, found.for_, found.since) == (Rule.PAYMENT_HELD, SELLER, moment(day(3)))
    assert found.text == (
        "15.00 USD of the payment are held back, and are expected to be released "
        "at 2026-03-10T09:00:00Z; nothing is dispatched"
    )
    assert found.evidence == (
        Ground("10.00 USD are held", day(3)),
        Ground("5.00 USD are held", day(4)),
    )
    assert "expected" not in item(day(5), order.hold_payment(other, by=PLATFORM, at=day(4))).text
    assert look(day(5), released) == []


# Promises.


def test_a_shipment_is_late_after_what_was_promised() -> None:
    """At the last instant of the window it is not, and the seller should know."""
    shipment = of_order(moving(), promise=promised(DUE))

    assert look(DUE, shipment) == []
    found = item(DUE + timedelta(hours=2), shipment)
    assert (found.rule, found.thing, found.for_) == (Rule.LATE, "shipment sh-1", SELLER)
    assert found.since == moment(DUE)
    assert found.text == "promised by 2026-03-10T09:00:00Z, 2 h 0 min ago, and still ACCEPTED"


def test_what_is_handed_over_can_be_late_before_it_is_scanned() -> None:
    """A microsecond suffices."""
    shipment = of_order(handed_over(), promise=promised(day(5)))

    assert look(day(5) + TICK, shipment) == ["late overdue: shipment sh-1"]


@pytest.mark.parametrize(
    "shipment",
    [
        confirmed(),
        moving(Milestone.DELIVERED),
        moving(Milestone.RETURNING),
        handed_over().cancel(by=SELLER, at=day(4)),
    ],
    ids=["not handed over", "delivered", "on its way back", "cancelled"],
)
def test_what_is_not_under_way_to_the_buyer_is_not_late(shipment: Shipment) -> None:
    """Other rules may apply to it."""
    found = items(DUE + TICK, of_order(shipment, promise=promised(DUE)))

    assert Rule.LATE not in the_rules(found)


def order_with_windows(*, phone: Instant, case: Instant) -> Order:
    """Give an order whose lines are promised until two instants."""
    latest = {PHONE: phone, CASE: case}
    lines = tuple(
        attrs.evolve(line, deliver_within=Window(day(5), latest[line.id])) for line in sale().lines
    )
    return attrs.evolve(to_be_shipped(), sale=attrs.evolve(sale(), lines=lines))


def test_without_a_promise_of_its_own_a_shipment_has_that_of_the_lines_it_carries() -> None:
    """The phones are promised until the eighth, the case until the tenth."""
    order = order_with_windows(phone=day(8), case=DUE).allocate(
        [units(2)], phases={}, by=SELLER, at=day(3)
    )

    assert look(day(8), order, of_order(moving())) == []
    assert look(day(8) + TICK, order, of_order(moving())) == ["late overdue: shipment sh-1"]


def test_a_shipment_of_which_nobody_said_what_it_carries_has_the_latest_promise() -> None:
    """Nobody is blamed for what may not be late."""
    order = order_with_windows(phone=day(8), case=DUE)

    assert look(DUE, order, of_order(moving())) == []
    assert look(DUE + TICK, order, of_order(moving())) == ["late overdue: shipment sh-1"]


def test_without_any_promise_nothing_is_late() -> None:
    """Neither of an order without windows nor of one that is not known."""
    assert look(DUE, to_be_shipped(), of_order(moving())) == []
    assert look(DUE, of_order(moving())) == []


# What carriers report.


@pytest.mark.parametrize(
    ("milestone", "rule", "who", "text"),
    [
        (Milestone.MISROUTED, Rule.MISROUTED, SELLER, "the parcel went the wrong way"),
        (Milestone.CUSTOMS_HELD, Rule.HELD, SELLER, "the parcel is held and may need papers"),
        (Milestone.LOST, Rule.LOST, SELLER, "the carrier says that the parcel is lost"),
        (Milestone.DAMAGED, Rule.DAMAGED, SELLER, "the carrier says that it is damaged"),
        (Milestone.ATTEMPT_FAILED, Rule.ATTEMPT_FAILED, BUYER, "delivery was tried in vain"),
    ],
    ids=["misrouted", "held", "lost", "damaged", "attempt failed"],
)
def test_trouble_needs_attention_from_its_scan_on(
    milestone: Milestone, rule: Rule, who: Actor, text: str
) -> None:
    """And until another scan shows that it is over."""
    trouble = moving(Milestone.DEPARTED_ORIGIN, Milestone.ARRIVED_DESTINATION, milestone)
    over = trouble.observe([scan(Milestone.DELIVERED, day(9))])

    found = item(day(8), trouble)

    assert (found.rule, found.for_, found.since, found.text) == (rule, who, moment(day(8)), text)
    assert rule not in the_rules(items(day(9), over))


def test_an_item_says_what_may_be_done_about_it() -> None:
    """The actions that the table gives to the one whom it is for."""
    waiting = moving(Milestone.LAST_MILE, Milestone.OUT_FOR_DELIVERY, Milestone.ATTEMPT_FAILED)

    assert item(day(8), waiting).allowed == ("confirm_receipt",)
    assert item(day(20), handed_over()).allowed == ("cancel",)


def test_nobody_is_told_to_hand_over_what_somebody_else_does() -> None:
    """The courier says that a pick-up happened; the seller may only give it up."""
    fetched = ConsignmentPreference(name="post", kind=ConsignmentKind.CN_POST_PICK_UP)
    waiting = confirmed()
    told = attrs.evolve(waiting.consignment, preference=fetched)

    assert item(day(20), waiting).allowed == ("hand_over", "cancel")
    assert item(day(20), attrs.evolve(waiting, consignment=told)).allowed == ("cancel",)


def test_a_window_in_which_a_buyer_may_ask_says_how() -> None:
    """An inquiry is opened; the table of the shipment knows nothing of it."""
    late = of_order(moving(), promise=promised(day(6)))

    (closing,) = [
        it for it in items(day(6) + timedelta(days=29), late) if it.rule is Rule.INQUIRY_WINDOW
    ]

    assert closing.allowed == ("open", "confirm_receipt")


def test_a_contradiction_is_shown_with_the_scan_that_makes_it() -> None:
    """The parcel moves, though it was cancelled."""
    cancelled = handed_over().cancel(by=SELLER, at=day(4))
    moves = cancelled.observe([scan(Milestone.ACCEPTED, day(5))])

    found = item(day(5), moves)

    assert found.rule is Rule.CONTRADICTION
    assert found.since == moment(day(5))
    assert found.text.startswith("moves though cancelled")


@pytest.mark.parametrize("milestone", [Milestone.CUSTOMS_HELD, Milestone.LAST_MILE])
def test_nothing_is_left_to_do_for_a_shipment_that_has_ended(milestone: Milestone) -> None:
    """Neither for one that was held nor for one with a contradiction, once it is closed."""
    contradictory = moving(
        Milestone.IMPORT_CUSTOMS, Milestone.LAST_MILE, Milestone.EXPORT_PROCESSING
    )
    trouble = contradictory.observe([scan(milestone, day(9))])

    closed = trouble.close("gave up", by=PLATFORM, at=day(30))

    assert look(day(30), closed) == []


# Silence.


def test_a_carrier_has_two_days_to_scan_what_was_handed_over() -> None:
    """At the end of the second it may still come; a label that is registered is no acceptance."""
    shipment = handed_over().observe([scan(Milestone.REGISTERED, day(4))])
    limit = day(4) + timedelta(days=2)

    assert look(limit, shipment) == []
    found = item(limit + TICK, shipment)
    assert (found.rule, found.for_, found.since) == (Rule.NOT_ACCEPTED, SELLER, moment(limit))
    assert found.text == "handed over 2 d ago, and the carrier has not scanned it as accepted"


def test_a_parcel_that_moves_is_scanned_every_week() -> None:
    """Seven days of silence are none yet."""
    shipment = moving(Milestone.DEPARTED_ORIGIN)
    limit = day(6) + timedelta(days=7)

    assert look(limit, shipment) == []
    found = item(limit + TICK, shipment)
    assert (found.rule, found.for_, found.since) == (Rule.STALE, SELLER, moment(limit))
    assert found.text == "no scan for 7 d, since 2026-03-06T09:00:00Z"


@pytest.mark.parametrize(
    "shipment",
    [drafted(), booked(), confirmed(), moving(Milestone.DEPARTED_ORIGIN, Milestone.LOST)],
    ids=["draft", "booked", "confirmed", "lost"],
)
def test_what_does_not_move_is_not_silent(shipment: Shipment) -> None:
    """It has nothing to say."""
    assert Rule.STALE not in the_rules(items(day(60), shipment))


def test_a_buyer_has_three_days_to_confirm() -> None:
    """From the delivery on."""
    shipment = moving(Milestone.DELIVERED)
    limit = day(6) + timedelta(days=3)

    assert look(limit, shipment) == []
    found = item(limit + TICK, shipment)
    assert (found.rule, found.for_, found.since) == (Rule.NOT_CONFIRMED, BUYER, moment(limit))
    assert found.text == "delivered 3 d ago, and the buyer has not confirmed"
    assert found.allowed == ("confirm_receipt",)


def test_what_is_confirmed_needs_no_attention() -> None:
    """However long ago it was."""
    completed = moving(Milestone.DELIVERED).confirm_receipt(by=BUYER, at=day(7))

    assert completed.phase is Phase.COMPLETED
    assert look(day(300), completed) == []


# Inquiries and claims.


def inquiry(
    until: Instant, *, closing: Closing | None = None, by: Actor = BUYER, to: Actor = SELLER
) -> Inquiry:
    """Let the buyer ask the seller for an answer until an instant."""
    opening = Opening(
        id=InquiryId("i-1" if by == BUYER else "i-2"),
        shipment=ShipmentId("sh-1"),
        opener=by,
        respondent=to,
        question=Question("Where is it?", until),
        closing=closing,
    )
    return Inquiry.open(opening, parties=PARTIES, by=by, at=day(3))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (DUE - timedelta(hours=24) - TICK, []),
        (DUE - timedelta(hours=24), ["answer owed due soon: inquiry i-1"]),
        (DUE, ["answer owed due soon: inquiry i-1"]),
        (DUE + TICK, ["answer owed overdue: inquiry i-1", "may be escalated: inquiry i-1"]),
    ],
    ids=["far", "near", "at the deadline", "passed"],
)
def test_an_answer_is_due_by_its_deadline(at: Instant, expected: list[str]) -> None:
    """By whoever was asked; whoever asked may take it further then."""
    assert look(at, inquiry(DUE)) == expected


def test_an_answer_is_for_the_respondent_to_give() -> None:
    """And says so."""
    found, other = items(DUE + timedelta(hours=1), inquiry(DUE))

    assert (found.for_, found.until, found.allowed) == (SELLER, moment(DUE), ("answer", "write"))
    assert found.evidence == (Ground("buyer b-1 asked", day(3)),)
    assert found.text == "an answer is due by 2026-03-10T09:00:00Z, 1 h 0 min ago"
    assert (other.for_, other.allowed) == (BUYER, ("write", "resolve", "escalate"))
    assert other.text == "the time for the first answer is over, and it may be escalated"


def test_a_message_in_between_asks_for_nothing_new() -> None:
    """The question stands since it was asked."""
    reminded = inquiry(DUE).write("Hello?", by=BUYER, at=day(9))

    found = item(DUE, reminded)

    assert found.evidence == (Ground("buyer b-1 asked", day(3)),)


def test_what_is_answered_waits_for_nobody() -> None:
    """The ball is in the other court, and there is no deadline for it."""
    answered = inquiry(DUE).answer("On its way.", by=SELLER, at=day(4))

    assert look(DUE + TICK, answered) == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (DUE, []),
        (DUE + TICK, ["may be escalated: inquiry i-1"]),
        (day(17) - TICK, ["may be escalated: inquiry i-1"]),
        (day(17), ["inquiry closes due soon: inquiry i-1"]),
        (day(20), ["inquiry closes due soon: inquiry i-1"]),
        (day(20) + TICK, []),
    ],
    ids=["too early", "over", "far from closing", "near", "the last instant", "closed"],
)
def test_a_buyer_is_told_until_when_an_inquiry_may_be_escalated(
    at: Instant, expected: list[str]
) -> None:
    """And before it closes by itself; afterwards there is nothing to do."""
    closing = Closing(by=day(20))
    answered = inquiry(DUE, closing=closing).answer("On its way.", by=SELLER, at=day(4))

    assert look(at, answered) == expected


def test_what_may_be_escalated_says_until_when_and_since_when() -> None:
    """With what it is known from."""
    found = item(
        day(11), inquiry(DUE, closing=Closing(by=day(20))).answer("", by=SELLER, at=day(4))
    )

    assert (found.for_, found.since, found.until) == (BUYER, moment(DUE), moment(day(20)))
    assert found.text.endswith("it may be escalated until 2026-03-20T09:00:00Z")
    assert found.evidence == (
        Ground("the first answer was due", DUE),
        Ground("seller s-1: answer", day(4)),
    )


def test_a_carriers_inquiry_is_never_to_be_escalated() -> None:
    """No row lets a carrier."""
    asked = inquiry(DUE, closing=Closing(by=day(20)), by=CARRIER, to=SELLER)

    assert look(day(11), asked) == ["answer owed overdue: inquiry i-2"]


def test_an_inquiry_closes_soon_after_the_delivery() -> None:
    """Its opener may say so if that is wrong, until it is closed."""
    closing = Closing(by=day(20), on_delivery=timedelta(hours=24))
    delivered = moving(Milestone.DELIVERED)

    told = inquiry(DUE, closing=closing).write("It is near.", by=SELLER, at=day(5))

    found = item(day(6, 12), delivered, told)

    assert (found.rule, found.for_) == (Rule.INQUIRY_CLOSES, BUYER)
    assert (found.since, found.until) == (moment(day(6)), moment(day(7)))
    assert found.text == "delivered at 2026-03-06T09:00:00Z; it is closed by 2026-03-07T09:00:00Z"


def test_an_inquiry_closes_once_its_buyer_was_refunded() -> None:
    """Nobody owes an answer or may escalate; a part of the price changes nothing."""
    asked = inquiry(DUE, closing=Closing(by=day(20), on_refund=timedelta(0)))
    shipment = of_order(moving())
    full = Refund(id="back-1", gross=usd("30.00"))
    part = Refund(id="back-1", gross=usd("29.99"))

    before = look(day(11), shipment, asked, paid().refund(part, by=SELLER, at=day(9)))
    order = paid().refund(full, by=SELLER, at=day(9))
    (found,) = (it for it in items(day(11), shipment, asked, order) if "inquiry" in it.thing)

    assert "answer owed overdue: inquiry i-1" in before
    assert "may be escalated: inquiry i-1" in before
    assert (found.rule, found.until) == (Rule.INQUIRY_CLOSES, moment(day(9)))
    assert found.text == "refunded at 2026-03-09T09:00:00Z; it is closed by 2026-03-09T09:00:00Z"
    assert found.allowed == ("write", "resolve")


def test_a_delivery_does_not_close_what_asks_for_something_else() -> None:
    """It goes on until its own time."""
    asked = inquiry(DUE, closing=Closing(by=day(20))).write("", by=SELLER, at=day(5))

    assert look(day(6, 12), moving(Milestone.DELIVERED), asked) == []


@pytest.mark.parametrize("state", ["resolved", "expired"])
def test_an_inquiry_that_has_ended_needs_nothing(state: str) -> None:
    """By its opener, or by itself."""
    asked = inquiry(DUE, closing=Closing(by=day(20)))
    ended = {
        "resolved": lambda: asked.resolve(by=BUYER, at=day(4)),
        "expired": lambda: asked.expire(by=PLATFORM, at=day(21)),
    }

    assert look(day(19), ended[state]()) == []


RULED: Final = instant(day(11) + AttentionPolicy().ruling)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (RULED - timedelta(hours=24) - TICK, []),
        (RULED - timedelta(hours=24), ["decision due due soon: inquiry i-1"]),
        (RULED, ["decision due due soon: inquiry i-1"]),
        (RULED + TICK, ["decision due overdue: inquiry i-1"]),
        (day(400), ["decision due overdue: inquiry i-1"]),
    ],
)
def test_the_platform_decides_what_a_buyer_has_escalated(at: Instant, expected: list[str]) -> None:
    """By a term of the host's, since none is stated; no time to close by itself ends that."""
    asked = inquiry(DUE, closing=Closing(by=day(20)))

    assert look(at, asked.escalate("", by=BUYER, at=day(11))) == expected


def test_the_platform_is_told_what_has_made_up_for_what_it_decides() -> None:
    """It came, or the price was given back: seldom much is left to decide, and that is the platform's."""
    asked = inquiry(DUE).escalate("it never came", by=BUYER, at=day(11))
    shipment = of_order(moving(Milestone.DELIVERED))
    received = shipment.confirm_receipt(by=BUYER, at=day(12))
    given = paid().refund(Refund(id="back-1", gross=usd("30.00")), by=SELLER, at=day(12, 12))

    (found,) = (it for it in items(day(13), asked, received, given) if "inquiry" in it.thing)

    assert (found.rule, found.for_.role) == (Rule.DECISION, Role.PLATFORM)
    assert (found.until, found.allowed) == (moment(RULED), ("write", "decide"))
    assert found.text == (
        "the platform must decide, delivered at 2026-03-06T09:00:00Z, "
        "received at 2026-03-12T09:00:00Z, refunded at 2026-03-12T12:00:00Z, "
        "by 2026-03-13T09:00:00Z, in 0 min"
    )
    assert [it.text for it in found.evidence] == [
        "buyer b-1: escalate",
        "all parcels were delivered",
        "the buyer has confirmed the receipt",
        "all that is in the parcels was refunded",
    ]


def test_a_seller_is_told_that_what_went_to_a_claim_is_not_claimed() -> None:
    """Until they file one, on it or beside it; what they dropped, or claimed before, is none."""
    asked = inquiry(DUE, by=SELLER, to=CARRIER).escalate("no answer", by=SELLER, at=day(11))
    other = attrs.evolve(claim().demand, thread=None)
    elsewhere = attrs.evolve(other, thread=attrs.evolve(asked.thread, inquiry=InquiryId("i-9")))
    filing = partial(Claim.file, parties=PARTIES, hindrances=(), by=SELLER)
    taken, beside = (
        filing(it, at=day(11)) for it in (attrs.evolve(other, thread=asked.thread), other)
    )
    none = (
        filing(other, at=asked.history[0].at.add(seconds=-1)),
        filing(elsewhere, at=day(11)),
        beside.withdraw(by=SELLER, at=day(11)),
    )

    found = item(day(11), asked)
    still = [look(day(11), asked, it) for it in none]

    assert (found.rule, found.for_, found.since) == (Rule.NOT_CLAIMED, SELLER, moment(day(11)))
    assert (found.until, found.allowed) == (None, ("write",))
    assert found.text == "it was escalated to a claim, and none is filed"
    assert found.evidence == (Ground("seller s-1: escalate", day(11)),)
    assert still == [["escalated, and not claimed: inquiry i-2"]] * 3
    assert [look(day(11), asked, it) for it in (taken, beside)] == [[], []]


def test_nobody_is_told_to_claim_for_what_has_come_since() -> None:
    """What had come before was asked about, and a refund of the buyer is a reason to claim."""
    asked = inquiry(DUE, by=SELLER, to=CARRIER)
    early, late = (asked.escalate("it", by=SELLER, at=at) for at in (day(11), day(30)))
    there = handed_over().observe([scan(Milestone.DELIVERED, day(12))])
    refunded = paid().refund(Refund(id="back", gross=usd("30.00")), by=SELLER, at=day(12))
    rules = [
        {it.rule for it in items(day(30), *things)}
        for things in ((early, there), (late, there), (early, handed_over(), refunded))
    ]

    assert [Rule.NOT_CLAIMED in it for it in rules] == [False, True, True]


def test_a_buyer_who_asks_is_told_what_the_carrier_answers() -> None:
    """By the seller, who asked the carrier."""
    buyers, sellers = inquiry(day(30)), inquiry(day(30), by=SELLER, to=CARRIER)
    answered = sellers.answer("Found in Osaka.", by=CARRIER, at=day(5))
    waiting = handed_over()

    found = item(day(5, 10), waiting, buyers, answered)
    told = buyers.answer("It was found in Osaka.", by=SELLER, at=day(5, 10))

    assert (found.rule, found.thing, found.for_) == (Rule.BUYER_NOT_TOLD, "inquiry i-1", SELLER)
    assert found.allowed == ("answer", "write")
    assert found.evidence == (Ground("carrier HKPOST answered in inquiry i-2", day(5)),)
    assert found.text == (
        "the buyer asks, and was not told since 2026-03-03T09:00:00Z: "
        "carrier HKPOST answered in inquiry i-2"
    )
    assert look(day(5, 10), waiting, told, answered) == []
    assert look(day(5) - TICK, waiting, buyers, answered) == []


def test_a_buyer_who_asks_is_told_where_the_parcel_is_and_that_it_is_late() -> None:
    """Each thing that the seller could know since, the latest last."""
    held = of_order(moving(Milestone.IMPORT_CUSTOMS, Milestone.CUSTOMS_HELD), promise=promised(DUE))
    asked = inquiry(day(30))

    found = next(it for it in items(DUE + TICK, held, asked) if it.rule is Rule.BUYER_NOT_TOLD)
    told = asked.write("It is held.", by=SELLER, at=day(7))
    still = next(it for it in items(DUE + TICK, held, told) if it.rule is Rule.BUYER_NOT_TOLD)

    assert [it.at for it in found.evidence] == [moment(it) for it in (day(5), day(6), day(7), DUE)]
    assert found.since == moment(day(5))
    assert found.text.endswith(f"late: promised {promised(DUE).window}, and 3 more")
    assert [it.at for it in still.evidence] == [moment(DUE)]
    assert Rule.BUYER_NOT_TOLD not in the_rules(items(DUE, held, told))


def test_what_will_not_come_is_told_once() -> None:
    """Of the shipment where its order is known, else of the inquiry."""
    lost, asked = of_order(moving(Milestone.LOST)), inquiry(day(30))
    order = to_be_shipped()

    alone = [it.thing for it in items(day(9), lost, asked) if it.rule is Rule.BUYER_NOT_TOLD]
    both = [it.thing for it in items(day(9), lost, asked, order) if it.rule is Rule.BUYER_NOT_TOLD]

    assert (alone, both) == (["inquiry i-1"], ["shipment sh-1"])


def test_who_is_not_the_buyer_is_told_by_nobody() -> None:
    """A seller sees the scans; what is delivered is told as such."""
    sellers = inquiry(day(30), by=SELLER, to=CARRIER)

    assert Rule.BUYER_NOT_TOLD not in the_rules(items(day(9), moving(), sellers))
    delivered = seen(handed_over(), Milestone.DELIVERED)
    assert Rule.BUYER_NOT_TOLD not in the_rules(items(day(9), delivered, inquiry(day(30))))


def claim() -> Claim:
    """Give a claim of the seller that the carrier has taken up."""
    demand = Demand(
        id=ClaimId("c-1"),
        shipment=ShipmentId("sh-1"),
        parcel=consignment().parcels[0].id,
        kind=LOSS,
        claimant=SELLER,
        carrier=CARRIER,
        amount=usd("20.00"),
        facts=facts(),
        assessment=assessment(),
    )
    filed = Claim.file(demand, parties=PARTIES, hindrances=(), by=SELLER, at=day(3))
    return filed.acknowledge(by=CARRIER, at=day(3))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (DUE - timedelta(hours=24) - TICK, []),
        (DUE - timedelta(hours=24), ["offer expires due soon: claim c-1"]),
        (DUE, ["offer expires due soon: claim c-1"]),
        (DUE + TICK, ["offer expires overdue: claim c-1"]),
    ],
    ids=["far", "near", "at the deadline", "passed"],
)
def test_an_offer_is_to_be_answered_by_its_deadline(at: Instant, expected: list[str]) -> None:
    """By the claimant."""
    offered = claim().offer(Figured(usd("10.00"), "", DUE), by=CARRIER, at=day(4))

    assert look(at, offered) == expected


SILENT: Final = of_order(moving(), promise=promised(DUE))
OFFERED: Final = claim().offer(Figured(usd("10.00")), by=CARRIER, at=day(4))
ACCEPTED: Final = OFFERED.accept(by=SELLER, at=day(5))
SETTLED: Final = ACCEPTED.settle(by=CARRIER, at=day(6))


@pytest.mark.parametrize(
    "claimed",
    [claim(), OFFERED, ACCEPTED, SETTLED],
    ids=["review", "offered", "accepted", "settled"],
)
def test_nobody_waits_for_what_is_claimed_to_be_lost(claimed: Claim) -> None:
    """Neither late nor silent: somebody is at it, or it is paid for."""
    assert the_rules(items(day(30), SILENT)) == [Rule.LATE, Rule.STALE]
    assert {Rule.LATE, Rule.STALE}.isdisjoint(the_rules(items(day(30), SILENT, claimed)))


def about(demand: Demand) -> Claim:
    """File another demand."""
    return Claim.file(demand, parties=PARTIES, hindrances=(), by=SELLER, at=day(3))


@pytest.mark.parametrize(
    "claimed",
    [
        claim().withdraw(by=SELLER, at=day(4)),
        SETTLED.recover("found", by=CARRIER, at=day(7)),
        about(attrs.evolve(claim().demand, kind=ClaimKind.DELAY)),
        about(attrs.evolve(claim().demand, shipment=ShipmentId("sh-2"))),
    ],
    ids=["withdrawn", "recovered", "of a delay", "of another shipment"],
)
def test_what_is_not_claimed_to_be_lost_is_waited_for(claimed: Claim) -> None:
    """A claim that came to nothing says so no more."""
    assert the_rules(items(day(30), SILENT, claimed)) == [Rule.LATE, Rule.STALE]


@pytest.mark.parametrize(
    ("claimed", "paid"),
    [(ACCEPTED, "10.00 USD are to be paid"), (SETTLED, "10.00 USD were paid")],
    ids=["agreed", "paid"],
)
@pytest.mark.parametrize("milestone", [Milestone.ACCEPTED, Milestone.DELIVERED, Milestone.RETURNED])
def test_a_carrier_is_told_that_what_it_pays_for_has_turned_up(
    claimed: Claim, paid: str, milestone: Milestone
) -> None:
    """Under way, with the buyer or with the seller; once it is recovered, no more."""
    found = seen(handed_over(), milestone)

    told = next(it for it in items(day(7), found, claimed) if it.rule is Rule.TURNED_UP)
    recovered = claimed.recover("found", by=CARRIER, at=day(7))

    why = {
        Milestone.ACCEPTED: "the parcel was scanned again",
        Milestone.DELIVERED: "parcel p-1 is not lost: it was delivered",
        Milestone.RETURNED: "parcel p-1 is not lost: it was returned",
    }[milestone]
    assert (told.thing, told.for_, told.since) == ("claim c-1", CARRIER, moment(day(5)))
    assert told.text == f"{why}, and {paid} for it"
    assert told.allowed[-1] == "recover"
    assert [ground.at for ground in told.evidence] == [moment(day(5))]
    assert Rule.TURNED_UP not in the_rules(items(day(7), found, recovered))


def restated(claimed: Claim, **changes: object) -> Claim:
    """Give a claim whose demand was another in some parts."""
    return attrs.evolve(claimed, demand=altered(claimed.demand, **changes))


KEPT: Final = restated(SETTLED, terms=attrs.evolve(SETTLED.demand.terms, claws_back=False))
CONTENTS: Final = restated(SETTLED, kind=ClaimKind.MISSING_CONTENTS)
OTHER_PARCEL: Final = restated(SETTLED, parcel=ParcelId("p-9"))


@pytest.mark.parametrize(
    ("milestone", "claimed"),
    [
        (Milestone.LOST, SETTLED),
        (Milestone.REGISTERED, SETTLED),
        (Milestone.ACCEPTED, OFFERED),
        (Milestone.DELIVERED, KEPT),
        (Milestone.DELIVERED, CONTENTS),
        (Milestone.DELIVERED, OTHER_PARCEL),
    ],
    ids=["lost", "a label", "not agreed", "kept", "contents", "another parcel"],
)
def test_nothing_turned_up_that_is_still_lost_or_stays_paid(
    milestone: Milestone, claimed: Claim
) -> None:
    """A carrier that takes nothing back is told nothing."""
    found = seen(handed_over(), milestone)

    assert Rule.TURNED_UP not in the_rules(items(day(7), found, claimed))


@pytest.mark.parametrize(
    ("claimed", "whom", "allowed"),
    [
        (claim(), CARRIER, ("request_evidence", "offer", "reject")),
        (OFFERED, SELLER, ("counter", "escalate", "withdraw")),
        (OFFERED.escalate("no", by=SELLER, at=day(4)), PLATFORM, ("decide_against",)),
    ],
    ids=["under review", "offered", "escalated"],
)
def test_whoever_ends_a_claim_is_told_that_its_parcel_came(
    claimed: Claim, whom: Actor, allowed: tuple[str, ...]
) -> None:
    """Nothing is agreed on yet, and nobody agrees any more."""
    found = seen(handed_over(), Milestone.DELIVERED)

    told = next(it for it in items(day(7), found, claimed) if it.rule is Rule.TURNED_UP)

    assert (told.for_.role, told.allowed) == (whom.role, allowed)
    assert told.text == "parcel p-1 is not lost: it was delivered, and 20.00 USD are claimed for it"


def test_a_receipt_shows_that_a_parcel_is_not_lost() -> None:
    """There is no scan, and the buyer's word is what it is known from."""
    received = handed_over().confirm_receipt(by=BUYER, at=day(6))

    told = next(it for it in items(day(7), received, SETTLED) if it.rule is Rule.TURNED_UP)

    assert told.evidence == (Ground("buyer b-1: confirm receipt", day(6)),)


def test_an_item_offers_no_payment_for_what_came() -> None:
    """Nor a recovery of what is still lost."""
    due = restated(ACCEPTED, terms=ClaimTerms(settle_within=Period(1, PeriodUnit.CALENDAR_DAYS)))
    came = seen(handed_over(), Milestone.DELIVERED)

    offered = {
        it.allowed
        for shipment in (handed_over(), came)
        for it in items(day(6), shipment, due)
        if it.rule is Rule.SETTLEMENT
    }

    assert offered == {("settle",), ("recover",)}


def test_a_parcel_turns_up_by_a_scan_after_it_was_claimed_for() -> None:
    """Not by the last one before, and not by one that is to come."""
    known = handed_over().observe([scan(Milestone.ACCEPTED, day(3))])
    found = handed_over().observe([scan(Milestone.DELIVERED, day(9))])

    assert Rule.TURNED_UP not in the_rules(items(day(9), known, SETTLED))
    assert Rule.TURNED_UP not in the_rules(items(day(9) - TICK, found, SETTLED))
    assert Rule.TURNED_UP in the_rules(items(day(9), found, SETTLED))


def test_an_item_about_a_claim_says_what_the_claimant_may_do() -> None:
    """Evidence was asked for: hand it in, or take the claim back."""
    wanted = EvidenceRequest(frozenset({EvidenceKind.INVOICE}), DUE)
    asked = claim().request_evidence(wanted, by=CARRIER, at=day(4))

    found = item(DUE, asked)

    assert (found.for_, found.until) == (SELLER, moment(DUE))
    assert found.evidence == (Ground("carrier HKPOST: request evidence", day(4)),)
    assert found.allowed == ("submit_evidence", "withdraw")
    assert found.text == "the claimant must hand in evidence by 2026-03-10T09:00:00Z, in 0 min"


def test_an_offer_without_a_deadline_presses_nobody() -> None:
    """Nor does a claim that the carrier has yet to answer, where no term is stated."""
    offered = claim().offer(Figured(usd("10.00")), by=CARRIER, at=day(4))

    assert look(day(300), claim(), offered) == []


def bound() -> Claim:
    """Give the claim on terms of thirty days to decide, and a week for everything else."""
    week = Period(7, PeriodUnit.CALENDAR_DAYS)
    terms = ClaimTerms(
        decide_within=Period(30, PeriodUnit.CALENDAR_DAYS),
        contest_within=week,
        rule_within=week,
        settle_within=week,
    )
    stated = attrs.evolve(claim().demand, terms=terms)
    filed = Claim.file(stated, parties=PARTIES, hindrances=(), by=SELLER, at=day(3))
    return filed.acknowledge(by=CARRIER, at=day(3))


def test_each_turn_of_a_claim_is_somebodys() -> None:
    """A decision of carrier or platform, or a payment, that is long overdue."""
    countered = bound().offer(Figured(usd("9.00")), by=CARRIER, at=day(4))
    countered = countered.counter(Figured(usd("12.00")), by=SELLER, at=day(4))
    escalated = bound().escalate("no answer", by=SELLER, at=day(4))
    accepted = countered.accept(by=CARRIER, at=day(5))

    turns = [item(day(300), it) for it in (bound(), countered, escalated, accepted)]

    assert [(it.rule, it.for_.role, it.urgency) for it in turns] == [
        (Rule.DECISION, Role.CARRIER, Urgency.OVERDUE),
        (Rule.DECISION, Role.CARRIER, Urgency.OVERDUE),
        (Rule.DECISION, Role.PLATFORM, Urgency.OVERDUE),
        (Rule.SETTLEMENT, Role.CARRIER, Urgency.OVERDUE),
    ]
    assert turns[2].allowed == ("decide_for", "decide_against")


def test_an_escalated_claim_is_decided_though_no_terms_say_by_when() -> None:
    """By the term of the host's."""
    rejected = claim().reject("no", by=CARRIER, at=day(4))
    escalated = rejected.escalate("it is lost", by=SELLER, at=day(11))

    found = item(RULED, escalated)

    assert look(RULED - timedelta(hours=24) - TICK, escalated) == []
    assert (found.rule, found.for_.role) == (Rule.DECISION, Role.PLATFORM)
    assert found.until == moment(RULED)
    assert found.allowed == ("decide_for", "decide_against")


def test_a_rejection_is_contested_before_its_time_is_over() -> None:
    """After that there is nothing left to do."""
    rejected = bound().reject("no", by=CARRIER, at=day(4))
    due = instant("2026-03-11T23:59:59Z")

    found = item(due, rejected)

    assert (found.rule, found.for_, found.until) == (Rule.CONTEST, SELLER, moment(due))
    assert found.allowed == ("escalate",)
    assert look(due + TICK, rejected) == []


# Why it does not go on, and who can do something about it.


def held(incident: Incident | None, *, incoterm: Incoterm = Incoterm.DAP) -> Shipment:
    """Give a shipment that customs hold, for a reason or for none."""
    report = attrs.evolve(scan(Milestone.CUSTOMS_HELD, day(7)), incident=incident)
    shipment = moving(Milestone.IMPORT_CUSTOMS).observe([report])
    terms = attrs.evolve(shipment.consignment, incoterm=incoterm)
    return attrs.evolve(shipment, consignment=terms)


@pytest.mark.parametrize(
    ("shipment", "who", "text"),
    [
        (held(None), SELLER, "the parcel is held and may need papers"),
        (
            held(Incident.CUSTOMS_DOCUMENTATION),
            SELLER,
            "the parcel is held: customs documentation (customs)",
        ),
        (held(Incident.DUTIES_UNPAID), BUYER, "the parcel is held: duties unpaid (customs)"),
        (
            held(Incident.DUTIES_UNPAID, incoterm=Incoterm.DDP),
            SELLER,
            "the parcel is held: duties unpaid (customs)",
        ),
        (
            held(Incident.INCORRECT_ADDRESS),
            BUYER,
            "the parcel is held: incorrect address (consignee)",
        ),
        (held(Incident.INCORRECT_DATA), SELLER, "the parcel is held: incorrect data (consignor)"),
    ],
    ids=["none", "papers", "duties of the buyer", "duties of the seller", "address", "data"],
)
def test_a_held_parcel_needs_whoever_can_do_away_with_the_reason(
    shipment: Shipment, who: Actor, text: str
) -> None:
    """Duties are the buyer's, unless they are paid by the seller."""
    found = item(day(8), shipment)

    assert (found.rule, found.for_, found.text) == (Rule.HELD, who, text)


def test_evidence_is_the_scan_that_shows_it() -> None:
    """With its carrier, number, meaning and place; couriers are named in what serves as a code."""
    report = attrs.evolve(
        scan(Milestone.ATTEMPT_FAILED, day(8)),
        code="given to courier Dorothea (13800138000)",
        incident=Incident.NOT_HOME,
        place=Place(country="US", city="Brooklyn"),
    )
    shipment = moving(Milestone.OUT_FOR_DELIVERY).observe([report])

    found = item(day(8), shipment)

    assert (found.for_, found.text) == (
        BUYER,
        "delivery was tried in vain: not at home (consignee)",
    )
    (ground,) = found.evidence
    assert ground.at == moment(day(8))
    assert ground.text == "HKPOST scanned N1: attempt failed at BROOKLYN, US"


@pytest.mark.parametrize(
    ("milestones", "rule"),
    [
        ((Milestone.DELAYED,), Rule.DELAYED),
        ((Milestone.STALE,), Rule.STALE),
        ((Milestone.DESTROYED,), Rule.DESTROYED),
        ((Milestone.RETURNING, Milestone.RETURNED), Rule.CAME_BACK),
    ],
    ids=["delayed", "stale", "destroyed", "came back"],
)
def test_what_a_carrier_says_needs_attention(milestones: tuple[Milestone, ...], rule: Rule) -> None:
    """By the seller, who tells the buyer."""
    found = item(day(8), moving(*milestones))

    assert (found.rule, found.for_, found.urgency) == (rule, SELLER, Urgency.OPEN)


def test_scans_of_numbers_that_are_not_booked_are_shown() -> None:
    """One, or several, with the first."""
    stray = attrs.evolve(scan(Milestone.ACCEPTED, day(6)), number="RR473124829GB")
    other = attrs.evolve(scan(Milestone.DELIVERED, day(5)), number="RR473124829GB")

    one, two = (item(day(6), moving().observe(scans)) for scans in ([stray], [stray, other]))

    assert (one.rule, one.text) == (Rule.STRAY, "1 scan of numbers that are not booked")
    assert (two.since, two.text) == (moment(day(5)), "2 scans of numbers that are not booked")


def test_of_several_contradictions_the_first_is_told_and_all_are_shown() -> None:
    """So that nothing is hidden."""
    shipment = moving(Milestone.LAST_MILE, Milestone.EXPORT_PROCESSING, Milestone.ACCEPTED)

    found = next(it for it in items(day(8), shipment) if it.rule is Rule.CONTRADICTION)

    assert found.text.endswith(f", and {len(shipment.discrepancies) - 1} more")
    assert len(found.evidence) == len(shipment.discrepancies) > 1


# What lies, and what lapses.


@pytest.mark.parametrize("shipment", [booked(), confirmed()], ids=["booked", "confirmed"])
def test_a_booking_is_handed_over_within_two_days(shipment: Shipment) -> None:
    """It is paid for, or soon will be."""
    limit = shipment.history[-1].at + timedelta(days=2)

    assert look(limit, shipment) == []
    found = item(limit + TICK, shipment)
    assert (found.rule, found.since) == (Rule.NOT_HANDED_OVER, moment(limit))
    assert found.text == f"{shipment.phase.name} 2 d ago, and the carrier has not had it yet"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (day(14) - TICK, []),
        (day(14), ["awaiting collection due soon: shipment sh-1"]),
        (day(15) + TICK, ["awaiting collection overdue: shipment sh-1"]),
    ],
    ids=["far", "near", "over"],
)
def test_a_parcel_is_kept_for_collection_for_a_week(at: Instant, expected: list[str]) -> None:
    """Then it may go back."""
    waiting = moving(Milestone.LAST_MILE, Milestone.OUT_FOR_DELIVERY, Milestone.AWAITING_COLLECTION)
    patient = AttentionPolicy(silence=timedelta(days=60))

    assert look(at, waiting, policy=patient) == expected


def test_what_was_collected_lapses_no_more() -> None:
    collected = moving(Milestone.AWAITING_COLLECTION, Milestone.DELIVERED)

    assert look(day(8), collected) == []


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (instant("2026-04-06T23:59:59Z") - TICK, False),
        (instant("2026-04-06T23:59:59Z"), True),
        (instant("2026-04-09T23:59:59Z"), True),
        (instant("2026-04-09T23:59:59Z") + TICK, False),
    ],
    ids=["far", "closing", "the last instant", "closed"],
)
def test_a_buyer_is_told_before_it_is_too_late_to_ask(at: Instant, *, found: bool) -> None:
    """To the end of the thirtieth day after the estimate; then there is nothing to do.

    What the seller asks the carrier is no question of the buyer's.
    """
    shipment = of_order(moving(), promise=promised(DUE))
    sellers = inquiry(day(90), by=SELLER, to=CARRIER)

    rules = the_rules(items(at, shipment, sellers))

    assert (Rule.INQUIRY_WINDOW in rules) is found
    assert Rule.INQUIRY_WINDOW not in the_rules(items(at, shipment, inquiry(day(90))))


def test_the_window_is_the_one_by_which_a_report_is_judged() -> None:
    """In the zone of the policy, and from what the buyer was told rather than the seller."""
    shipment = of_order(moving(), promise=promised(day(6)))
    lines = tuple(attrs.evolve(it, deliver_within=Window(day(5), DUE)) for it in sale().lines)
    order = Order.place(attrs.evolve(sale(), lines=lines), by=BUYER, at=day(2))
    there = AttentionPolicy(zone_name="Asia/Hong_Kong")
    window = there.inquiries.reporting(DUE, zone_name=there.zone_name)

    found = items(instant(window.latest), shipment, order, policy=there)
    over = items(instant(window.latest + TICK), shipment, order, policy=there)

    assert [it.until for it in found if it.rule is Rule.INQUIRY_WINDOW] == [moment(window.latest)]
    assert Rule.INQUIRY_WINDOW not in the_rules(over)


def test_a_buyer_who_was_refunded_need_not_ask() -> None:
    """There is nothing left to ask for."""
    shipment = of_order(moving(), promise=promised(DUE))
    order = paid().refund(Refund(id="back-1", gross=usd("30.00")), by=SELLER, at=day(12))

    assert Rule.INQUIRY_WINDOW in the_rules(items(day(39), shipment, paid()))
    assert Rule.INQUIRY_WINDOW not in the_rules(items(day(39), shipment, order))


def test_nobody_asks_where_a_delivered_parcel_is() -> None:
    """Nor where one is that was never promised."""
    delivered = of_order(moving(Milestone.DELIVERED), promise=promised(DUE))

    assert Rule.INQUIRY_WINDOW not in the_rules(items(day(39), delivered))
    assert Rule.INQUIRY_WINDOW not in the_rules(items(day(39), moving()))


def test_a_seller_is_told_before_it_is_too_late_to_claim() -> None:
    """Half a year after the carrier accepted the parcel, unless something is claimed."""
    lost = moving(Milestone.LOST)
    due = day(5) + timedelta(days=180)

    assert Rule.CLAIM_WINDOW not in the_rules(items(due - timedelta(days=3) - TICK, lost))
    found = items(due, lost)[0]
    assert (found.rule, found.for_, found.until) == (Rule.CLAIM_WINDOW, SELLER, moment(due))
    assert found.allowed[0] == "file"
    assert Rule.CLAIM_WINDOW not in the_rules(items(due, lost, claim()))
    assert Rule.CLAIM_WINDOW not in the_rules(items(due, moving()))


def sold_on(policy: CompensationPolicy | None) -> tuple[Order, Listing]:
    """Give the shipment's order, and the listing that it was sold on, with a policy for claims."""
    stated = attrs.evolve(offer(), claim_policy=policy)
    draft = ListingDraft(id=ListingId("l-9"), seller=SELLER, terms=Terms(offers=(stated,)))
    listing = Listing.draft(draft, by=SELLER, at=day(1))
    sold = attrs.evolve(sale(), listing=listing.version, offer=stated.name)
    return Order.place(sold, by=BUYER, at=day(2)), listing


def test_a_policy_of_the_offer_says_what_is_lost_and_until_when_it_is_claimed() -> None:
    """Silent for nine days, to be claimed through the 21st day: from the tenth on it can be."""
    order, listing = sold_on(COURIER)
    silent = of_order(moving(Milestone.IN_TRANSIT))
    closes = instant("2026-03-26T23:59:59Z")

    found = [it for it in items(closes, silent, order, listing) if it.rule is Rule.CLAIM_WINDOW]

    assert [(it.for_, it.until) for it in found] == [(SELLER, moment(closes))]
    assert found[0].text.startswith("presumed lost, and nothing is claimed")
    assert Rule.CLAIM_WINDOW not in the_rules(items(closes + TICK, silent, order, listing))
    assert Rule.CLAIM_WINDOW not in the_rules(items(closes, silent, order))
    assert Rule.CLAIM_WINDOW not in the_rules(items(closes, silent, placed(), listing))


@pytest.mark.parametrize(
    "policy", [None, attrs.evolve(COURIER, windows=())], ids=["no policy", "no window"]
)
def test_without_a_window_of_the_offer_that_of_the_attention_policy_counts(
    policy: CompensationPolicy | None,
) -> None:
    """Half a year, for what the carrier says is lost."""
    order, listing = sold_on(policy)
    due = day(5) + timedelta(days=180)

    found = items(due, of_order(moving(Milestone.LOST)), order, listing)

    assert [it.until for it in found if it.rule is Rule.CLAIM_WINDOW] == [moment(due)]


def test_of_a_parcel_that_says_nothing_the_phase_of_its_shipment_counts() -> None:
    """No policy can judge it, and the carrier can lose it all the same."""
    lost = moving(Milestone.LOST)
    bare = attrs.evolve(lost.consignment.parcels[0], weight=None)
    lost = attrs.evolve(lost, consignment=attrs.evolve(lost.consignment, parcels=(bare,)))

    assert Rule.CLAIM_WINDOW in the_rules(items(day(5) + timedelta(days=180), lost))


def test_what_its_claimant_dropped_may_be_claimed_again() -> None:
    """Until its window closes; what was turned down for good was claimed."""
    lost, due = moving(Milestone.LOST), day(5) + timedelta(days=180)
    withdrawn = bound().withdraw(by=SELLER, at=day(4))
    dismissed = bound().escalate("no answer", by=SELLER, at=day(4))
    dismissed = dismissed.decide_against("no", by=PLATFORM, at=day(5))

    assert Rule.CLAIM_WINDOW in the_rules(items(due, lost, withdrawn))
    assert Rule.CLAIM_WINDOW not in the_rules(items(due, lost, dismissed))


def test_a_rejection_that_nobody_contests_silences_no_warning() -> None:
    """Somebody is at it again once it is contested, and was before it was rejected."""
    shipment = of_order(moving(), promise=promised(DUE))
    rejected = bound().reject("no", by=CARRIER, at=day(4))
    contested = rejected.escalate("it is lost", by=SELLER, at=day(5))

    found = {
        it.state.name: {Rule.LATE, Rule.STALE} & set(the_rules(items(day(20), shipment, it)))
        for it in (bound(), rejected, contested)
    }

    assert found == {
        "UNDER_REVIEW": set(),
        "REJECTED": {Rule.LATE, Rule.STALE},
        "ESCALATED": set(),
    }


# Bills.


def billed(*rows: ActualCost) -> Shipment:
    """Give a shipment that arrived and was paid for, and was billed afterwards."""
    received = moving(Milestone.DELIVERED).confirm_receipt(by=BUYER, at=day(7))
    return received.charge(rows, by=CARRIER, at=day(20))


def test_a_bill_above_the_estimate_is_told_although_the_parcel_has_arrived() -> None:
    """Row by row, for as long as it is worth contesting."""
    shipment = billed(cost("12.50", day(8)), cost("1.50", day(9), code="06"))

    found = item(day(9), shipment)

    assert (found.rule, found.for_, found.since) == (Rule.ABOVE_ESTIMATE, SELLER, moment(day(9)))
    assert found.text == "billed 14.00 USD, where 12.50 USD were estimated"
    assert [(it.at, it.text.partition(": ")[2]) for it in found.evidence] == [
        (moment(day(8)), "shipping"),
        (moment(day(9)), "weight gap"),
    ]
    # Nothing is recorded of who contested it, so it is told for a while and then no more.
    assert look(day(39), shipment) == ["billed above the estimate: shipment sh-1"]
    assert look(day(39) + TICK, shipment) == []


def test_a_bill_in_another_currency_is_told_whatever_it_amounts_to() -> None:
    """It was not estimated at all; a type that nobody knows is told by its code."""
    foreign = attrs.evolve(
        cost("0.10", day(8), currency="CNY"),
        code="99",
        kind=None,
        chargeable_weight=Weight(520),
    )

    found = item(day(9), billed(foreign))

    assert found.text.startswith("billed 0.10 CNY, where ")
    assert found.evidence[0].text.endswith(": type 99, for 520 g")


def test_a_bill_within_the_estimate_needs_no_attention() -> None:
    assert look(day(9), billed(cost("12.50", day(8)))) == []
    assert look(day(9), billed()) == []


# Listings and wallets.


def test_a_published_listing_that_says_what_does_not_hold_needs_its_seller() -> None:
    """Its rate card came into force later than it is looked at."""
    before = instant("2025-12-31T00:00:00Z")

    found = item(before, published())

    assert (found.rule, found.thing, found.for_) == (Rule.INACCURATE, "listing l-1", SELLER)
    assert "rate card e-Express 2026 is in force" in found.text
    assert found.allowed == ("revise", "pause", "withdraw")


def test_a_rate_card_that_ends_soon_is_told_three_days_before() -> None:
    ends = instant("2027-01-01T00:00:00Z")
    warned = ends - timedelta(days=3)

    assert look(warned - TICK, published()) == []
    found = item(warned, published())
    assert (found.rule, found.until) == (Rule.RATES_END, moment(ends))


def test_nobody_looks_at_a_listing_that_is_not_shown() -> None:
    assert look(instant("2026-12-31T00:00:00Z"), drafted_listing()) == []


def test_a_rate_card_without_an_end_does_not_end() -> None:
    card = attrs.evolve(rate_card(), valid_until=None)
    open_ended = Terms((attrs.evolve(offer(), rate_card=card),))
    listing = published().revise(open_ended, by=SELLER, at=day(2))

    assert look(instant("2026-12-31T00:00:00Z"), listing) == []


def test_a_wallet_must_cover_what_is_booked() -> None:
    """Each currency by itself; of whom nothing is booked, nothing is asked."""
    booking, owner = booked(), Wallet(SELLER)
    estimate = booking.booking.estimate if booking.booking else None
    assert estimate is not None

    found = item(day(3), booking, owner)

    assert (found.rule, found.thing) == (Rule.FUNDS, "wallet of seller s-1")
    assert found.for_ == SELLER
    assert found.text == f"0.00 USD are available, and {estimate} are needed for what is booked"
    assert found.evidence == (Ground(f"shipment sh-1 is booked for {estimate}", day(3)),)
    assert look(day(3), booking, owner.deposit(estimate, "top-up", at=day(1))) == []
    assert look(day(3), booking, Wallet(STRANGERS[0])) == []
    assert look(day(3), confirmed(), owner) == []


def test_a_balance_below_zero_needs_its_owner() -> None:
    """Though nothing is booked."""
    spent = Wallet(SELLER).post([refund(SELLER, BUYER, usd("5.00"), "order o-1")])

    found = item(day(3), spent)

    assert (found.rule, found.since, found.evidence) == (Rule.FUNDS, moment(day(3)), ())
    assert found.text.startswith("-5.00 USD are available, and 0.00 USD are needed")


# All together.


def named(shipment: Shipment, name: str) -> Shipment:
    """Give a shipment another name."""
    return attrs.evolve(
        shipment, consignment=attrs.evolve(shipment.consignment, id=ShipmentId(name))
    )


def test_the_most_urgent_comes_first() -> None:
    """By how much time is left, then by rule, by the instant, and by name."""
    at = DUE + TICK
    things = (
        named(moving(Milestone.DELIVERED), "sh-9"),
        named(moving(Milestone.LOST), "sh-2"),
        named(moving(Milestone.IMPORT_CUSTOMS, Milestone.LOST), "sh-3"),
        named(moving(Milestone.LOST), "sh-1"),
        named(handed_over(), "sh-4"),
        to_be_shipped(phone=DUE),
        inquiry(DUE + TICK),
    )

    expected = [
        "ship by overdue: order o-1",
        "answer owed due soon: inquiry i-1",
        "buyer not told: inquiry i-1",
        "lost: shipment sh-1",
        "lost: shipment sh-2",
        "lost: shipment sh-3",
        "not accepted: shipment sh-4",
        "not confirmed: shipment sh-9",
    ]
    assert look(at, *things) == look(at, *reversed(things)) == expected


def test_one_thing_may_need_attention_for_several_reasons() -> None:
    """It is late, held, and silent."""
    held = moving(Milestone.IMPORT_CUSTOMS, Milestone.CUSTOMS_HELD)
    shipment = of_order(held, promise=promised(DUE))

    assert the_rules(items(day(30), shipment)) == [Rule.LATE, Rule.HELD, Rule.STALE]


@pytest.mark.parametrize(
    ("policy", "thing", "limit"),
    [
        (AttentionPolicy(near=timedelta(hours=2)), to_be_shipped(phone=DUE), DUE),
        (AttentionPolicy(acceptance=timedelta(hours=2)), handed_over(), day(4)),
        (AttentionPolicy(idle=timedelta(hours=2)), booked(), booked().history[-1].at),
        (AttentionPolicy(silence=timedelta(hours=2)), moving(), day(5)),
        (AttentionPolicy(receipt=timedelta(hours=2)), moving(Milestone.DELIVERED), day(6)),
    ],
    ids=["near", "acceptance", "idle", "silence", "receipt"],
)
def test_a_policy_moves_each_limit(
    policy: AttentionPolicy, thing: Order | Shipment, limit: Instant
) -> None:
    """Two hours, before a deadline or after what happened last."""
    two_hours = timedelta(hours=2)
    before, after = (
        (limit - two_hours - TICK, limit - two_hours)
        if isinstance(thing, Order)
        else (limit + two_hours, limit + two_hours + TICK)
    )

    assert look(before, thing, policy=policy) == []
    assert len(look(after, thing, policy=policy)) == 1


# What every rule with a term is about, at some time of the year.
EVERYTHING: Final = (
    to_be_shipped(phone=DUE),
    to_be_shipped().request_cancellation("", by=BUYER, at=day(3), decide_by=DUE),
    inquiry(DUE),
    inquiry(DUE, closing=Closing(by=day(20)), by=SELLER, to=CARRIER),
    inquiry(DUE).escalate("no answer", by=BUYER, at=day(11)),
    claim().offer(Figured(usd("10.00"), "", DUE), by=CARRIER, at=day(4)),
    bound(),
    bound().request_evidence(
        EvidenceRequest(frozenset({EvidenceKind.INVOICE}), DUE), by=CARRIER, at=day(4)
    ),
    bound().reject("no", by=CARRIER, at=day(4)),
    bound().offer(Figured(usd("9.00")), by=CARRIER, at=day(4)).accept(by=SELLER, at=day(5)),
    named(moving(Milestone.AWAITING_COLLECTION), "sh-2"),
    named(moving(Milestone.LOST), "sh-3"),
    named(of_order(moving(), promise=promised(DUE)), "sh-4"),
    named(handed_over(), "sh-5"),
    named(booked(), "sh-6"),
    named(moving(Milestone.DELIVERED), "sh-7"),
    named(billed(cost("14.00", day(8))), "sh-8"),
    published(),
    paid().begin_refund(Refund(id="back-1", gross=usd("1.00")), by=SELLER, at=day(4)),
    paid()
    .begin_refund(Refund(id="back-1", gross=usd("1.00")), by=SELLER, at=day(4))
    .fail_refund("back-1", "card expired", by=PLATFORM, at=day(4)),
)


# Those around which something of it is due, and the morning of the day on which a refund is.
EVENINGS: Final = (
    *(
        instant(day(1) + timedelta(days=days, hours=12))
        for days in (*range(45), *range(90, 100), *range(178, 186), *range(300, 308))
    ),
    day(6),
)


@cache
def usual(at: Instant) -> frozenset[AttentionItem]:
    """Give what needs attention under the usual policy."""
    return frozenset(items(at, *EVERYTHING))


def halved(period: Period) -> Period:
    """Give half of a period."""
    return Period(period.count // 2, period.unit)


def moved(field: str) -> AttentionPolicy:
    """Give the usual policy with half of a limit, or in another zone."""
    usual, clock = AttentionPolicy(), ITEM_NOT_RECEIVED
    assert clock.refund is not None
    shorter = attrs.evolve(
        clock, report_until=halved(clock.report_until), refund=halved(clock.refund)
    )
    others: dict[str, AttentionPolicy] = {
        "inquiries": AttentionPolicy(inquiries=shorter),
        "zone_name": AttentionPolicy(zone_name="Pacific/Kiritimati"),
    }
    return others.get(field) or every_limit(getattr(usual, field) / 2, (field,))


@pytest.mark.parametrize("field", [field.name for field in attrs.fields(AttentionPolicy)])
def test_a_rule_names_what_moves_it(field: str) -> None:
    """Half of a limit changes what the rules say that name it, and no others."""
    policy = moved(field)

    changed = {
        it.rule for at in EVENINGS for it in usual(at) ^ set(items(at, *EVERYTHING, policy=policy))
    }

    assert changed == {rule for rule in Rule if field in rule.limits}


def test_every_rule_says_what_it_means_and_for_whom() -> None:
    """In a sentence, and by fields that there are."""
    fields = {field.name for field in attrs.fields(AttentionPolicy)}

    assert all(rule.meaning.endswith(".") and rule.whom for rule in Rule)
    assert {limit for rule in Rule for limit in rule.limits} == fields
    assert len({rule.meaning for rule in Rule}) == len(Rule)


def test_the_instant_may_be_in_any_zone() -> None:
    """It is the same instant."""
    order = to_be_shipped(phone=DUE)
    in_hong_kong = DUE.in_timezone("Asia/Hong_Kong")

    assert attention(Snapshot(orders=(order,)), in_hong_kong) == attention(
        Snapshot(orders=(order,)), instant(DUE)
    )


# Times without a zone.


def local(milestone: Milestone, at: str) -> Scan:
    """Scan the parcel at some time on a wall, nobody says in which zone."""
    return attrs.evolve(scan(milestone, day(1)), at=moment(at))


def test_silence_of_a_local_time_is_surely_as_long_as_it_is_said_to_be() -> None:
    """The carrier is not blamed before a week is over in every zone, and no zone is made up."""
    shipment = handed_over().observe([local(Milestone.ACCEPTED, "2026-03-06T09:00:00")])
    limit = instant("2026-03-06T21:00:00Z") + timedelta(days=7)

    assert look(limit, shipment) == []
    found = item(limit + TICK, shipment)
    assert found.since == moment("2026-03-13T09:00:00")
    assert found.text == "no scan for at least 7 d, since 2026-03-06T09:00:00 local time"
    assert [str(it.at) for it in found.evidence] == ["2026-03-06T09:00:00 local time"]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-03-11T19:00:00Z", "in at least 1 d"),
        ("2026-03-12T19:00:01Z", "which may be over"),
        ("2026-03-13T21:00:00Z", "which may be over"),
        ("2026-03-13T22:00:00Z", "at least 1 h 0 min ago"),
    ],
)
def test_a_term_from_a_local_time_is_warned_of_early_and_over_late(at: str, said: str) -> None:
    """Nobody misses it unwarned, and nobody is late who may be in time."""
    waiting = handed_over().observe([local(Milestone.AWAITING_COLLECTION, "2026-03-06T09:00:00")])
    patient = AttentionPolicy(silence=timedelta(days=60))

    (found,) = items(instant(at), waiting, policy=patient)

    assert found.until == moment("2026-03-13T09:00:00")
    assert found.text.endswith(f"by 2026-03-13T09:00:00 local time, {said}")
    assert (found.urgency is Urgency.OVERDUE) == said.endswith("ago")


def test_a_window_from_a_local_time_is_open_until_it_surely_is_not() -> None:
    """Whoever may still claim is told so."""
    accepted = local(Milestone.ACCEPTED, "2026-03-06T09:00:00")
    lost = handed_over().observe([accepted, scan(Milestone.LOST, day(9))])
    end = accepted.at.latest + timedelta(days=180)

    assert Rule.CLAIM_WINDOW in the_rules(items(end, lost))
    assert Rule.CLAIM_WINDOW not in the_rules(items(end + TICK, lost))


def test_a_delivery_at_a_local_time_is_to_be_confirmed_once_patience_is_surely_over() -> None:
    """The buyer is not hurried."""
    shipment = moving().observe([local(Milestone.DELIVERED, "2026-03-06T09:00:00")])
    limit = instant("2026-03-06T21:00:00Z") + timedelta(days=3)

    assert look(limit, shipment) == []
    assert item(limit + TICK, shipment).rule is Rule.NOT_CONFIRMED


FAR_DATES: Final = (
    "1900-01-01T00:00:00Z",
    "1900-01-02",
    "9998-12-30",
    "9998-12-31T23:59:59.999999Z",
)
LONGEST: Final = timedelta(days=36_525)


@pytest.mark.parametrize("milestone", list(Milestone), ids=lambda it: it.name)
@pytest.mark.parametrize("reported", FAR_DATES)
def test_one_far_date_hides_nothing_else(milestone: Milestone, reported: str) -> None:
    """A scan may say any year; the platform looks at all shipments at once."""
    far = attrs.evolve(scan(milestone, day(8)), at=Moment.read(reported, "UTC"))
    waiting = attrs.evolve(booked(), consignment=attrs.evolve(consignment(), id=ShipmentId("sh-9")))

    for policy in (AttentionPolicy(), every_limit(LONGEST), every_limit(timedelta())):
        for at in (day(20), instant("1900-01-01T00:00:00Z"), instant("9998-12-31T23:59:59Z")):
            items(at, moving(milestone).observe([far]), policy=policy)

    found = look(day(20), adopted_at_any_time().observe([far]), waiting)
    assert "not handed over: shipment sh-9" in found


def every_limit(span: timedelta, names: Iterable[str] = SPANS) -> AttentionPolicy:
    """Give a policy that waits as long for everything that it names."""
    changes: dict[str, timedelta] = dict.fromkeys(names, span)
    return altered(AttentionPolicy(), **changes)


def adopted_at_any_time() -> Shipment:
    """Give a shipment that scans of any time may be of."""
    return drafted().adopt(adoption(), by=SELLER, at=day(3))


@pytest.mark.parametrize("ship_by", ["1900-01-01T00:00:00Z", "9998-12-31T23:59:59Z"])
def test_a_far_deadline_is_a_deadline(ship_by: str) -> None:
    """Over, or far."""
    order = to_be_shipped(phone=instant(ship_by))

    rules = the_rules(items(day(20), order))

    assert rules == ([Rule.SHIP_BY] if ship_by < "2026" else [])


@pytest.mark.parametrize("name", SPANS)
def test_a_policy_waits_for_a_span_of_time(name: str) -> None:
    """Neither a negative one nor one beyond a century, and no number."""
    for wrong in (timedelta.max, -TICK):
        with pytest.raises(InvalidValueError, match=f"{name} of AttentionPolicy"):
            altered(AttentionPolicy(), **{name: wrong})
    with pytest.raises(InvalidTypeError, match=f"{name} of AttentionPolicy"):
        altered(AttentionPolicy(), **{name: 3})


def test_a_policy_counts_by_a_clock_and_in_a_zone() -> None:
    """Which there are."""
    with pytest.raises(InvalidTypeError, match="inquiries"):
        altered(AttentionPolicy(), inquiries=timedelta(days=30))
    with pytest.raises(InvalidValueError, match="Atlantis"):
        AttentionPolicy(zone_name="Atlantis")


@pytest.mark.parametrize("reported", [*FAR_DATES, "9899-12-31T12:00:00Z"])
@pytest.mark.parametrize("milestone", [Milestone.ACCEPTED, Milestone.LOST], ids=lambda it: it.name)
def test_a_far_date_is_judged_by_the_policy_of_an_offer_too(
    milestone: Milestone, reported: str
) -> None:
    """No calendar goes so far, and nothing is lost by that."""
    order, listing = sold_on(COURIER)
    far = attrs.evolve(scan(milestone, day(8)), at=Moment.read(reported, "UTC"))
    seen_far = adopted_at_any_time().observe([far])
    waiting = named(booked(), "sh-9")

    for at in (day(20), instant("1900-01-01T00:00:00Z"), instant("9998-12-31T23:59:59Z")):
        found = look(at, of_order(seen_far), order, listing, waiting)
        assert ("not handed over: shipment sh-9" in found) is (at >= day(20))


@pytest.mark.parametrize("latest", ["1900-01-01T00:00:00Z", "9998-12-31T23:59:59Z"])
def test_a_far_estimate_hides_nothing_else(latest: str) -> None:
    """Nobody counts thirty days from there."""
    window = Window(instant("1900-01-01T00:00:00Z"), instant(latest))
    shipment = of_order(moving(), promise=Promise(ship_by=day(4), window=window))

    for at in (instant("1900-02-01T00:00:00Z"), instant("9998-12-31T23:59:59Z")):
        items(at, shipment)


def test_a_calendar_that_begins_too_late_hides_nothing_else() -> None:
    """Business days before it are nobody's guess; the rest is told."""
    calendar = ListedCalendar(name="2027", known_from=date(2027, 1, 1), known_through=None)
    pending = paid().begin_refund(Refund(id="back-1", gross=usd("30.00")), by=SELLER, at=day(8))
    snapshot = Snapshot(orders=(pending,), shipments=(booked(),))

    with_weekends = the_rules(attention(snapshot, day(20)))
    without = the_rules(attention(snapshot, day(20), calendar=calendar))

    assert with_weekends == [Rule.REFUND_PENDING, Rule.NOT_HANDED_OVER]
    assert without == [Rule.NOT_HANDED_OVER]


def many(count: int) -> Snapshot:
    """Give so many orders, each with all that there is about it."""
    names = range(count)
    orders = (
        attrs.evolve(placed(), sale=attrs.evolve(sale(), id=OrderId(f"o-{name}"))) for name in names
    )
    shipments = tuple(
        attrs.evolve(
            moving(Milestone.LOST),
            consignment=attrs.evolve(
                consignment(),
                id=ShipmentId(f"sh-{name}"),
                orders=(OrderId(f"o-{name}"),),
                seller=attrs.evolve(SELLER, id=f"s-{name}"),
            ),
        )
        for name in names
    )
    asked = inquiry(day(10))
    return Snapshot(
        orders=tuple(orders),
        shipments=shipments,
        inquiries=tuple(
            attrs.evolve(asked, opening=attrs.evolve(asked.opening, shipment=shipment.id))
            for shipment in shipments
        ),
        claims=tuple(
            attrs.evolve(claim(), demand=attrs.evolve(claim().demand, shipment=shipment.id))
            for shipment in shipments
        ),
        wallets=tuple(Wallet(shipment.consignment.seller) for shipment in shipments),
    )


def calls_of(snapshot: Snapshot) -> int:
    """Count the calls that a look makes, each turn of a generator included."""
    count = 0

    def counting(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        attention(snapshot, day(30))
    finally:
        sys.setprofile(before)
    return count


def test_twice_as_much_to_look_at_is_twice_the_work() -> None:
    """What belongs together is found, and not looked for among all."""
    attention(many(1), day(30))

    assert calls_of(many(160)) < 2.2 * calls_of(many(80))
