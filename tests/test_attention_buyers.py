"""What a buyer is owed: money, where nothing will come, and a word about it."""

import attrs
import pytest

from apaclogistics.attention import AttentionPolicy, Ground, Rule, Urgency
from apaclogistics.claims import Claim, Figured
from apaclogistics.fulfilment import Milestone
from apaclogistics.inquiries import Inquiry
from apaclogistics.inquiry_policies import ITEM_NOT_RECEIVED
from apaclogistics.lifecycle import Role
from apaclogistics.orders import Order
from apaclogistics.sales import Refund
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Question
from apaclogistics.values.identifiers import ShipmentId
from apaclogistics.values.instants import Instant, instant, moment
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PLATFORM,
    SELLER,
    confirmed,
    day,
    handed_over,
    paid,
    seen,
    units,
    usd,
)
from tests.test_attention import claim, inquiry, items, of_order

OTHER = ShipmentId("sh-2")
# Nothing else is to be found here.
ALONE = {Rule.REFUND_DUE, Rule.BUYER_NOT_TOLD}


def found(at: Instant, *things: object) -> list[str]:
    """Say what the buyer is owed at an instant: the rule and the thing."""
    patient = AttentionPolicy()
    owed = (it for it in items(at, *things, policy=patient) if it.rule in ALONE)
    return [f"{it.rule.value}: {it.thing}" for it in owed]


def packed() -> Order:
    """Give an order whose two phones, of 25.00 USD, are in the shipment."""
    return paid().allocate([units(2)], phases={}, by=SELLER, at=day(3))


def back(amount: str, *, id: str = "back-1") -> Refund:
    """Give a refund."""
    return Refund(id=id, gross=usd(amount))


def shipped(*milestones: Milestone) -> Shipment:
    """Give the order's shipment after some scans, one a day from the fifth."""
    return of_order(seen(handed_over(), Milestone.ACCEPTED, *milestones))


def returned() -> Shipment:
    """Give it back in the seller's hands, on the seventh."""
    return shipped(Milestone.RETURNING, Milestone.RETURNED)


def lost() -> Shipment:
    """Give it lost, on the sixth."""
    return shipped(Milestone.LOST)


def settled() -> Claim:
    """Give the seller's claim for the parcel, paid on the ninth."""
    offered = claim().offer(Figured(usd("20.00")), by=CARRIER, at=day(8))
    return offered.accept(by=SELLER, at=day(8)).settle(by=CARRIER, at=day(9))


def told(at: Instant) -> Inquiry:
    """Give an inquiry of the buyer that the seller answered at an instant."""
    return inquiry(day(20)).answer("It will not come.", by=SELLER, at=at)


def test_a_parcel_that_came_back_is_refunded() -> None:
    """Its seller is told since when, and what they may do."""
    due, silent = (it for it in items(day(8), packed(), returned()) if it.rule in ALONE)

    assert (due.rule, due.for_, due.since) == (Rule.REFUND_DUE, SELLER, moment(day(7)))
    assert due.text == "the buyer is to be refunded; 25.00 USD of what was paid are not given back"
    assert due.evidence == (Ground("shipment sh-1 came back to the seller", day(7)),)
    assert due.allowed == ("refund", "begin_refund")
    assert (silent.rule, silent.allowed) == (Rule.BUYER_NOT_TOLD, ("open",))


@pytest.mark.parametrize(
    ("amount", "owed"),
    [("24.99", ["refund due: order o-1"]), ("25.00", [])],
)
def test_a_refund_is_due_up_to_the_price_of_what_does_not_come(
    amount: str, owed: list[str]
) -> None:
    """The case, of 5.00 USD, is not in the shipment."""
    order = packed().refund(back(amount), by=SELLER, at=day(8))

    assert found(day(9), order, returned(), told(day(8))) == owed


def test_a_part_of_a_line_has_a_part_of_its_price() -> None:
    """One of two phones came back."""
    order = paid().allocate([units(1)], phases={}, by=SELLER, at=day(3))
    half = order.refund(back("12.50"), by=SELLER, at=day(8))

    assert found(day(9), order, returned(), told(day(8))) == ["refund due: order o-1"]
    assert found(day(9), half, returned(), told(day(8))) == []


def test_one_refund_is_not_for_two_parcels() -> None:
    """Both came back, and one was refunded."""
    order = packed().allocate(
        [attrs.evolve(units(1, line=CASE), shipment=OTHER)],
        phases={},
        by=SELLER,
        at=day(3),
    )
    other = attrs.evolve(returned().consignment, id=OTHER)
    second = attrs.evolve(returned(), consignment=other)
    one = order.refund(back("25.00"), by=SELLER, at=day(8))
    both = one.refund(back("5.00", id="back-2"), by=SELLER, at=day(8))

    assert "refund due: order o-1" in found(day(9), one, returned(), second)
    assert found(day(9), both, returned(), second) == []


def test_what_is_sent_again_is_not_refunded() -> None:
    """Another shipment stands in for it."""
    again = attrs.evolve(units(2), shipment=OTHER, replaces=units(2).shipment)
    order = packed().allocate(
        [again], phases={units(2).shipment: returned().phase}, by=SELLER, at=day(8)
    )

    assert found(day(9), order, returned(), told(day(8))) == []


def test_a_lost_parcel_is_refunded_once_its_seller_was_compensated() -> None:
    """Not before, and not for the sake of a claim that is the buyer's own."""
    of_buyer = attrs.evolve(settled().demand, claimant=BUYER)
    theirs = attrs.evolve(settled(), demand=of_buyer)
    written = told(day(7))

    assert found(day(10), packed(), lost(), written) == []
    assert found(day(10), packed(), lost(), written, claim()) == []
    assert found(day(10), packed(), lost(), written, theirs) == []
    assert found(day(10), packed(), lost(), written, settled()) == ["refund due: order o-1"]


def test_a_parcel_that_turned_up_is_not_refunded() -> None:
    """Though a claim for it was settled."""
    arrived = shipped(Milestone.LOST, Milestone.DELIVERED)

    assert found(day(10), packed(), arrived, settled()) == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-09T23:59:58.999999Z", []),
        ("2026-03-09T23:59:59Z", ["due soon"]),
        ("2026-03-10T23:59:59Z", ["due soon"]),
        ("2026-03-10T23:59:59.000001Z", ["overdue"]),
    ],
    ids=["far", "near", "at the deadline", "passed"],
)
def test_a_refund_that_was_begun_is_to_be_paid_out_in_two_business_days(
    at: str, expected: list[str]
) -> None:
    """Begun on a Friday; the platform says how it ended."""
    begun = paid().begin_refund(back("10.00"), by=SELLER, at=day(6))
    ended = (
        begun.settle_refund("back-1", by=PLATFORM, at=day(7)),
        begun.fail_refund("back-1", "", by=PLATFORM, at=day(7)),
    )

    found = [it for it in items(instant(at), begun) if it.rule is Rule.REFUND_PENDING]

    assert [it.urgency.value for it in found] == expected
    assert all(it.for_.role is Role.PLATFORM and it.thing == "order o-1" for it in found)
    assert all(it.allowed == ("settle_refund", "fail_refund") for it in found)
    assert not any(it.rule is Rule.REFUND_PENDING for one in ended for it in items(day(20), one))


def test_a_refund_that_is_pending_says_which_and_since_when() -> None:
    """Of several, that which is."""
    first = paid().begin_refund(back("10.00"), by=SELLER, at=day(5))
    begun = first.fail_refund("back-1", "", by=PLATFORM, at=day(5)).begin_refund(
        back("9.00", id="back-2"), by=PLATFORM, at=day(6)
    )

    (found,) = (it for it in items(day(12), begun) if it.rule is Rule.REFUND_PENDING)

    assert found.text.startswith("refund back-2 of 9.00 USD is on its way; it is to be paid out by")
    assert found.evidence == (Ground(f"{PLATFORM} began refund back-2", day(6)),)
    assert found.until == moment("2026-03-10T23:59:59Z")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-09T23:59:58.999999Z", "open"),
        ("2026-03-09T23:59:59Z", "due soon"),
        ("2026-03-10T23:59:59Z", "due soon"),
        ("2026-03-10T23:59:59.000001Z", "overdue"),
    ],
)
def test_a_refund_that_is_due_has_a_term(at: str, expected: str) -> None:
    """Two business days from the Saturday on which the parcel came back, by example."""
    (due,) = (it for it in items(instant(at), packed(), returned()) if it.rule is Rule.REFUND_DUE)

    assert (due.urgency.value, due.since) == (expected, moment(day(7)))
    assert due.until == moment("2026-03-10T23:59:59Z")


def test_without_a_stated_time_a_refund_is_owed_and_never_late() -> None:
    """And nobody says that one that is pending is."""
    patient = AttentionPolicy(inquiries=attrs.evolve(ITEM_NOT_RECEIVED, refund=None))
    begun = paid().begin_refund(back("10.00"), by=SELLER, at=day(6))

    (due,) = (
        it
        for it in items(day(90), packed(), returned(), policy=patient)
        if it.rule is Rule.REFUND_DUE
    )

    assert (due.urgency, due.until) == (Urgency.OPEN, None)
    assert Rule.REFUND_PENDING not in {it.rule for it in items(day(90), begun, policy=patient)}


def test_a_refund_that_failed_is_due() -> None:
    """Until something was given back in its place, or is on its way."""
    begun = paid().begin_refund(back("10.00"), by=SELLER, at=day(3))
    failed = begun.fail_refund("back-1", "card expired", by=PLATFORM, at=day(4))
    again = failed.begin_refund(back("10.00", id="back-2"), by=SELLER, at=day(5))
    done = again.settle_refund("back-2", by=PLATFORM, at=day(6))

    (due,) = items(day(7), failed)

    assert (due.rule, due.since) == (Rule.REFUND_DUE, moment(day(4)))
    assert due.evidence == (Ground("refund back-1 of 10.00 USD failed", day(4)),)
    assert [found(day(7), it) for it in (begun, again, done)] == [[], [], []]


def test_many_refunds_that_failed_are_due_together_less_what_came_after_each() -> None:
    """Whatever ways it came: at once, begun and paid out, and with the cancellation."""
    order = paid()
    for count in range(3):
        begun = order.begin_refund(back("4.00", id=f"no-{count}"), by=SELLER, at=day(3))
        order = begun.fail_refund(f"no-{count}", "card expired", by=PLATFORM, at=day(3))
        order = order.refund(back("1.00", id=f"yes-{count}"), by=SELLER, at=day(3))
    begun = order.begin_refund(back("0.50"), by=SELLER, at=day(5))
    later = begun.settle_refund("back-1", by=PLATFORM, at=day(6))
    cancelled = later.cancel("sold out", most=usd("0.25"), phases={}, by=SELLER, at=day(7))

    texts = [
        [ground.text for ground in items(day(8), it)[0].evidence]
        for it in (order, later, cancelled)
    ]
    owed = [items(day(8), it)[0].text.split("; ")[1].split(" of")[0] for it in (order, later)]

    failed = [f"refund no-{count} of 4.00 USD failed" for count in range(3)]
    assert texts == [failed, failed, [*failed, "the order was cancelled"]]
    # 1.00, 2.00 and 3.00 are owed of the three, then 0.50 less of each.
    assert owed == ["6.00 USD", "4.50 USD"]


def test_refunds_that_failed_are_looked_at_in_one_walk_of_the_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is replayed for each."""
    order = paid()
    for count in range(3):
        begun = order.begin_refund(back("1.00", id=f"no-{count}"), by=SELLER, at=day(3))
        order = begun.fail_refund(f"no-{count}", "card expired", by=PLATFORM, at=day(3))
    monkeypatch.delattr(Order, "replay")

    (due,) = items(day(4), order)

    assert len(due.evidence) == 3


def test_a_cancelled_order_whose_refund_failed_is_due_for_both_reasons() -> None:
    """The cancellation gave back the rest alone."""
    begun = paid().begin_refund(back("10.00"), by=SELLER, at=day(3))
    cancelled = begun.cancel("sold out", phases={}, by=SELLER, at=day(4))
    failed = cancelled.fail_refund("back-1", "card expired", by=PLATFORM, at=day(5))

    (due,) = items(day(7), failed)

    assert found(day(7), cancelled) == []
    assert due.text.startswith("the buyer is to be refunded; 10.00 USD")
    assert [it.text for it in due.evidence] == [
        "the order was cancelled",
        "refund back-1 of 10.00 USD failed",
    ]


@pytest.mark.parametrize("shipment", [lost(), returned(), shipped(Milestone.DESTROYED)])
def test_a_buyer_is_told_that_nothing_will_come(shipment: Shipment) -> None:
    """By a word after the fact; what was written before does not count, nor what they wrote."""
    heard = max(scan.at.earliest for scan in shipment.scans)
    before, asked = (
        told(day(4)),
        told(day(4)).ask(Question("Where is it?", day(30)), by=BUYER, at=heard),
    )

    silent = ["buyer not told: shipment sh-1"]
    assert found(day(9), paid(), shipment) == silent
    assert found(day(9), paid(), shipment, before) == silent
    assert found(day(9), paid(), shipment, asked) == silent
    assert found(day(9), paid(), shipment, told(heard)) == []


def test_what_carrier_and_seller_tell_each_other_the_buyer_does_not_hear() -> None:
    """An inquiry between them is another one, and so is one about another parcel."""
    opening = inquiry(day(20)).opening
    among = attrs.evolve(opening, opener=SELLER, respondent=CARRIER)
    elsewhere = attrs.evolve(opening, shipment=OTHER)

    for other in (among, elsewhere):
        talk = attrs.evolve(told(day(8)), opening=other)
        assert found(day(9), paid(), lost(), talk) == ["buyer not told: shipment sh-1"]


def test_a_buyer_with_the_money_back_needs_no_word() -> None:
    """And neither does one whose parcel is on its way."""
    refunded = paid().refund(back("30.00"), by=SELLER, at=day(8))

    assert found(day(9), refunded, lost()) == []
    assert found(day(9), paid(), of_order(confirmed())) == []
