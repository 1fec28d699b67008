"""Attention: each rule just before its limit and just after it, in order of urgency."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import attrs
import pytest

from apaclogistics.attention import AttentionItem, AttentionPolicy, Rule, Snapshot, attention
from apaclogistics.claims import Claim, Demand, EvidenceKind, EvidenceRequest, Figured
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.inquiries import Inquiry, Opening, Question
from apaclogistics.lifecycle import Actor
from apaclogistics.orders import Order
from apaclogistics.promises import Promise
from apaclogistics.sales import Payment
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import ClaimId, InquiryId, LineId, OrderId, ShipmentId
from apaclogistics.values.instants import Instant, Window, instant
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    LOSS,
    PARTIES,
    PHONE,
    PLATFORM,
    SELLER,
    assessment,
    booked,
    confirmed,
    consignment,
    day,
    drafted,
    facts,
    handed_over,
    placed,
    sale,
    scan,
    seen,
    units,
    usd,
)

TICK: Final = timedelta(microseconds=1)
DUE: Final = day(10)
ORDER: Final = OrderId("o-1")


def look(at: Instant, *things: object, policy: AttentionPolicy | None = None) -> list[str]:
    """Say what needs attention at an instant: the rule and the thing."""
    return [f"{it.rule.value}: {it.thing}" for it in items(at, *things, policy=policy)]


def items(
    at: Instant, *things: object, policy: AttentionPolicy | None = None
) -> tuple[AttentionItem, ...]:
    """List what needs attention at an instant."""
    snapshot = Snapshot(
        orders=tuple(it for it in things if isinstance(it, Order)),
        shipments=tuple(it for it in things if isinstance(it, Shipment)),
        inquiries=tuple(it for it in things if isinstance(it, Inquiry)),
        claims=tuple(it for it in things if isinstance(it, Claim)),
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


# Deadlines of orders.


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (DUE - timedelta(hours=24) - TICK, []),
        (DUE - timedelta(hours=24), ["deadline near: order o-1"]),
        (DUE, ["deadline near: order o-1"]),
        (DUE + TICK, ["deadline passed: order o-1"]),
    ],
    ids=["far", "near", "at the deadline", "passed"],
)
def test_an_order_must_be_handed_over_by_its_deadline(at: Instant, expected: list[str]) -> None:
    """It is near a day before, and passed after its instant."""
    assert look(at, to_be_shipped(phone=DUE)) == expected


def test_a_deadline_says_how_many_units_until_when_and_for_whom() -> None:
    """The seller hands over; that is no command of the order."""
    found = item(DUE - timedelta(hours=3), to_be_shipped(phone=DUE, case=DUE))

    assert found.for_ == SELLER
    assert found.since == DUE
    assert found.text == "3 units must be handed over by 2026-03-10T09:00:00Z, in 3 h 0 min"
    assert found.allowed == ()


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

    waiting = items(DUE + TICK, order, of_order(confirmed()))
    gone = items(
        DUE + TICK, order, of_order(handed_over()), policy=AttentionPolicy(acceptance=DUE - day(1))
    )

    assert the_rules(waiting) == [Rule.DEADLINE_PASSED]
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
    assert look(DUE + TICK, order) == []


def test_a_deadline_counts_the_units_that_it_is_for() -> None:
    """Two phones are due; the case has ten days more."""
    found = item(DUE, to_be_shipped(phone=DUE, case=day(20)))

    assert found.text.startswith("2 units")


# Promises.


def test_a_shipment_is_late_after_what_was_promised() -> None:
    """At the last instant of the window it is not, and the seller should know."""
    shipment = of_order(moving(), promise=promised(DUE))

    assert look(DUE, shipment) == []
    found = item(DUE + timedelta(hours=2), shipment)
    assert (found.rule, found.thing, found.for_) == (Rule.LATE, "shipment sh-1", SELLER)
    assert found.since == DUE
    assert found.text == "promised by 2026-03-10T09:00:00Z, 2 h 0 min ago, and still ACCEPTED"


def test_what_is_handed_over_can_be_late_before_it_is_scanned() -> None:
    """A microsecond suffices."""
    shipment = of_order(handed_over(), promise=promised(day(5)))

    assert look(day(5) + TICK, shipment) == ["late: shipment sh-1"]


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
    assert look(day(8) + TICK, order, of_order(moving())) == ["late: shipment sh-1"]


def test_a_shipment_of_which_nobody_said_what_it_carries_has_the_latest_promise() -> None:
    """Nobody is blamed for what may not be late."""
    order = order_with_windows(phone=day(8), case=DUE)

    assert look(DUE, order, of_order(moving())) == []
    assert look(DUE + TICK, order, of_order(moving())) == ["late: shipment sh-1"]


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
        (Milestone.DAMAGED, Rule.DAMAGED, SELLER, "the carrier says it is damaged"),
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

    assert (found.rule, found.for_, found.since, found.text) == (rule, who, day(8), text)
    assert rule not in the_rules(items(day(9), over))


def test_an_item_says_what_may_be_done_about_it() -> None:
    """The actions that the table gives to the one whom it is for."""
    waiting = moving(Milestone.LAST_MILE, Milestone.OUT_FOR_DELIVERY, Milestone.ATTEMPT_FAILED)

    assert item(day(8), waiting).allowed == ("confirm_receipt",)
    assert item(day(20), handed_over()).allowed == ("cancel",)


def test_a_contradiction_is_shown_with_the_scan_that_makes_it() -> None:
    """The parcel moves, though it was cancelled."""
    cancelled = handed_over().cancel(by=SELLER, at=day(4))
    moves = cancelled.observe([scan(Milestone.ACCEPTED, day(5))])

    found = item(day(5), moves)

    assert found.rule is Rule.CONTRADICTION
    assert found.since == day(5)
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
    assert (found.rule, found.for_, found.since) == (Rule.NOT_ACCEPTED, SELLER, limit)
    assert found.text == "handed over 2 d ago, and the carrier has not scanned it as accepted"


def test_a_parcel_that_moves_is_scanned_every_week() -> None:
    """Seven days of silence are none yet."""
    shipment = moving(Milestone.DEPARTED_ORIGIN)
    limit = day(6) + timedelta(days=7)

    assert look(limit, shipment) == []
    found = item(limit + TICK, shipment)
    assert (found.rule, found.for_, found.since) == (Rule.STALE, SELLER, limit)
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
    assert (found.rule, found.for_, found.since) == (Rule.NOT_CONFIRMED, BUYER, limit)
    assert found.text == "delivered 3 d ago, and the buyer has not confirmed"
    assert found.allowed == ("confirm_receipt",)


def test_what_is_confirmed_needs_no_attention() -> None:
    """However long ago it was."""
    completed = moving(Milestone.DELIVERED).confirm_receipt(by=BUYER, at=day(7))

    assert completed.phase is Phase.COMPLETED
    assert look(day(300), completed) == []


# Inquiries and claims.


def inquiry(until: Instant) -> Inquiry:
    """Let the buyer ask the seller for an answer until an instant."""
    opening = Opening(
        id=InquiryId("i-1"),
        shipment=ShipmentId("sh-1"),
        opener=BUYER,
        respondent=SELLER,
        question=Question("Where is it?", until),
    )
    return Inquiry.open(opening, parties=PARTIES, by=BUYER, at=day(3))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (DUE - timedelta(hours=24) - TICK, []),
        (DUE - timedelta(hours=24), ["deadline near: inquiry i-1"]),
        (DUE, ["deadline near: inquiry i-1"]),
        (DUE + TICK, ["deadline passed: inquiry i-1"]),
    ],
    ids=["far", "near", "at the deadline", "passed"],
)
def test_an_answer_is_due_by_its_deadline(at: Instant, expected: list[str]) -> None:
    """By whoever was asked."""
    assert look(at, inquiry(DUE)) == expected


def test_an_answer_is_for_the_respondent_to_give() -> None:
    """And says so."""
    found = item(DUE + timedelta(hours=1), inquiry(DUE))

    assert (found.for_, found.since, found.allowed) == (SELLER, DUE, ("answer",))
    assert found.text == "an answer is due by 2026-03-10T09:00:00Z, 1 h 0 min ago"


def test_what_is_answered_waits_for_nobody() -> None:
    """The ball is in the other court, and there is no deadline for it."""
    answered = inquiry(DUE).answer("On its way.", by=SELLER, at=day(4))

    assert look(DUE + TICK, answered) == []


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
        (DUE - timedelta(hours=24), ["deadline near: claim c-1"]),
        (DUE, ["deadline near: claim c-1"]),
        (DUE + TICK, ["deadline passed: claim c-1"]),
    ],
    ids=["far", "near", "at the deadline", "passed"],
)
def test_an_offer_is_to_be_answered_by_its_deadline(at: Instant, expected: list[str]) -> None:
    """By the claimant."""
    offered = claim().offer(Figured(usd("10.00"), "", DUE), by=CARRIER, at=day(4))

    assert look(at, offered) == expected


def test_an_item_about_a_claim_says_what_the_claimant_may_do() -> None:
    """Evidence was asked for: hand it in, or take the claim back."""
    wanted = EvidenceRequest(frozenset({EvidenceKind.INVOICE}), DUE)
    asked = claim().request_evidence(wanted, by=CARRIER, at=day(4))

    found = item(DUE, asked)

    assert (found.for_, found.since) == (SELLER, DUE)
    assert found.allowed == ("submit_evidence", "withdraw")
    assert found.text == "the claimant must answer by 2026-03-10T09:00:00Z, in 0 min"


def test_an_offer_without_a_deadline_presses_nobody() -> None:
    """Nor does a claim that the carrier has yet to answer."""
    offered = claim().offer(Figured(usd("10.00")), by=CARRIER, at=day(4))

    assert look(day(300), claim(), offered) == []


# All together.


def named(shipment: Shipment, name: str) -> Shipment:
    """Give a shipment another name."""
    return attrs.evolve(
        shipment, consignment=attrs.evolve(shipment.consignment, id=ShipmentId(name))
    )


def test_the_most_urgent_comes_first() -> None:
    """By rule, then by how long it has needed attention, then by name."""
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
        "deadline passed: order o-1",
        "deadline near: inquiry i-1",
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
        (AttentionPolicy(silence=timedelta(hours=2)), moving(), day(5)),
        (AttentionPolicy(receipt=timedelta(hours=2)), moving(Milestone.DELIVERED), day(6)),
    ],
    ids=["near", "acceptance", "silence", "receipt"],
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


def test_the_instant_may_be_in_any_zone() -> None:
    """It is the same instant."""
    order = to_be_shipped(phone=DUE)
    in_hong_kong = DUE.in_timezone("Asia/Hong_Kong")

    assert attention(Snapshot(orders=(order,)), in_hong_kong) == attention(
        Snapshot(orders=(order,)), instant(DUE)
    )
