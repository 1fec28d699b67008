"""Shipments of several parcels: each has a fate of its own, and the buyer is owed what is in it."""

from itertools import permutations

import attrs
import pytest

from apaclogistics.attention import AttentionItem, AttentionPolicy, Ground, Rule, Snapshot
from apaclogistics.claims import Claim, Figured
from apaclogistics.compensation import ClaimKind
from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.inquiries import Inquiry
from apaclogistics.lifecycle import Actor
from apaclogistics.orders import Order
from apaclogistics.promises import Promise
from apaclogistics.sales import Refund
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import LineId, ParcelId, ShipmentId
from apaclogistics.values.instants import Instant, Window, moment
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    PLATFORM,
    SELLER,
    day,
    handed_over,
    paid,
    scan,
    seen,
    units,
    usd,
)
from tests.test_attention import claim, inquiry, items, of_order

FIRST, SECOND = ParcelId("p-1"), ParcelId("p-2")
AGAIN = ShipmentId("sh-2")
OWED = "the buyer is to be refunded; {} of what was paid are not given back"
AT_MOST = OWED.replace("{}", "up to {}")
SHIP_AGAIN = OWED.replace("refunded;", "refunded or the goods shipped again;")
M = Milestone


def of_two(first: tuple[Milestone, ...], second: tuple[Milestone, ...] = ()) -> Shipment:
    """Give the order's shipment of two parcels, each scanned once a day from the fifth on."""
    return of_order(seen(seen(handed_over(parcels=2), *first), *second, number="N2"))


def moved(*milestones: Milestone) -> tuple[Milestone, ...]:
    """Give a way that begins with the carrier."""
    return (M.ACCEPTED, *milestones)


def packed(*, by_parcel: bool = True) -> Order:
    """Give an order: two phones, of 25.00 USD, in the first parcel, and a case of 5.00 USD."""
    first, second = (FIRST, SECOND) if by_parcel else (None, None)
    phones = attrs.evolve(units(2), parcel=first)
    case = attrs.evolve(units(1, line=CASE), parcel=second)
    return paid().allocate([phones, case], phases={}, by=SELLER, at=day(3))


def refunded(order: Order, amount: str, line: LineId | None = None) -> Order:
    """Give money of an order back."""
    given = Refund(id=f"back-{len(order.refunds) + 1}", gross=usd(amount), line=line)
    return order.refund(given, by=SELLER, at=day(8))


def paid_out(parcel: ParcelId = FIRST, *, to: Actor = SELLER, amount: str = "20.00") -> Claim:
    """Give a claim for the loss of a parcel that was settled on the ninth."""
    offered = claim().offer(Figured(usd(amount)), by=CARRIER, at=day(8))
    done = offered.accept(by=SELLER, at=day(8)).settle(by=CARRIER, at=day(9))
    return attrs.evolve(done, demand=attrs.evolve(done.demand, parcel=parcel, claimant=to))


def closed(shipment: Shipment) -> Shipment:
    """Give a shipment that the platform has given up on the tenth."""
    return shipment.close("gone", by=PLATFORM, at=day(10))


def received(shipment: Shipment) -> Shipment:
    """Give a shipment whose receipt the buyer has confirmed on the tenth."""
    return shipment.confirm_receipt(by=BUYER, at=day(10))


def told() -> Inquiry:
    """Give an inquiry in which the seller has written to the buyer on the ninth."""
    return inquiry(day(20)).answer("It will not come.", by=SELLER, at=day(9))


def found(rule: Rule, at: Instant, *things: object) -> list[AttentionItem]:
    """Give what a rule finds."""
    return [it for it in items(at, *things, policy=AttentionPolicy()) if it.rule is rule]


def texts(rule: Rule, at: Instant, *things: object) -> list[str]:
    """Say what a rule finds, but for its term."""
    return [it.text.split(", which is due")[0] for it in found(rule, at, *things)]


@pytest.mark.parametrize(
    ("milestone", "rule", "said"),
    [
        (M.LOST, Rule.LOST, "the carrier says that the parcel is lost"),
        (M.DAMAGED, Rule.DAMAGED, "the carrier says that it is damaged"),
        (M.DESTROYED, Rule.DESTROYED, "the carrier says that it is destroyed"),
        (M.ATTEMPT_FAILED, Rule.ATTEMPT_FAILED, "delivery was tried in vain"),
        (M.RETURNED, Rule.CAME_BACK, "the parcel came back"),
        (M.MISROUTED, Rule.MISROUTED, "the parcel went the wrong way"),
    ],
)
@pytest.mark.parametrize(
    "beside", [(), moved(), moved(M.IN_TRANSIT), moved(M.DAMAGED), moved(M.DELIVERED)]
)
def test_what_becomes_of_a_parcel_is_told_whatever_becomes_of_the_other(
    milestone: Milestone, rule: Rule, said: str, beside: tuple[Milestone, ...]
) -> None:
    """By its name, and of it alone."""
    there = [it for it in found(rule, day(9), of_two(moved(milestone), beside)) if "p-1" in it.text]

    assert [(it.text, it.thing) for it in there] == [(f"parcel p-1: {said}", "shipment sh-1")]


def test_two_parcels_of_one_fate_are_two_items() -> None:
    """One is not found because the other is."""
    both = of_two(moved(M.LOST), moved(M.IN_TRANSIT, M.LOST))

    said = "the carrier says that the parcel is lost"
    assert texts(Rule.LOST, day(9), both) == [f"parcel p-1: {said}", f"parcel p-2: {said}"]


def test_a_parcel_that_waits_for_collection_has_its_own_term() -> None:
    """Though the other is on its way."""
    (due,) = found(
        Rule.COLLECTION, day(12), of_two(moved(M.AWAITING_COLLECTION), moved(M.IN_TRANSIT))
    )

    assert (due.for_, due.until) == (BUYER, moment(day(13)))
    assert due.text.startswith("parcel p-1: the parcel must be collected")


def test_the_reason_is_that_of_the_parcel() -> None:
    """And so is who can do away with it."""
    held = scan(M.HELD, day(6), "N2")
    why = attrs.evolve(held, incident=Incident.DUTIES_UNPAID)
    shipment = of_two(moved(), moved()).observe([scan(M.HELD, day(7)), why])

    first, second = sorted(found(Rule.HELD, day(9), shipment), key=lambda it: it.text)

    assert (first.for_, first.text) == (
        SELLER,
        "parcel p-1: the parcel is held and may need papers",
    )
    assert second.for_ == BUYER
    assert second.text.startswith("parcel p-2: the parcel is held: ")


def test_a_claim_for_one_parcel_leaves_the_other_late_and_silent() -> None:
    """Nobody is at it."""
    late = Promise(ship_by=day(4), window=Window(day(8), day(9)))
    both = of_two(moved(), moved())
    shipment = of_order(both, promise=late)

    for rule in (Rule.LATE, Rule.STALE):
        assert [it[:10] for it in texts(rule, day(14), shipment)] == ["parcel p-1", "parcel p-2"]
        assert [it[:10] for it in texts(rule, day(14), shipment, claim())] == ["parcel p-2"]


def test_silence_is_that_of_a_parcel() -> None:
    """Scans of one are none of the other."""
    shipment = of_two(moved(), moved()).observe([scan(M.IN_TRANSIT, day(13), "N2")])

    assert [it[:10] for it in texts(Rule.STALE, day(14), shipment)] == ["parcel p-1"]


def test_the_window_of_a_claim_is_that_of_a_parcel() -> None:
    """The other comes back."""
    shipment = of_two(moved(M.LOST), moved(M.RETURNING))
    soon = day(5).add(days=179)

    assert texts(Rule.CLAIM_WINDOW, soon, shipment)[0].startswith("parcel p-1: LOST, and nothing")
    assert texts(Rule.CLAIM_WINDOW, soon, shipment, claim()) == []


def test_a_buyer_is_told_of_each_parcel_that_does_not_come() -> None:
    """Until somebody writes, or its price is given back."""
    shipment = of_two(moved(M.LOST), moved(M.IN_TRANSIT))
    both = of_two(moved(M.LOST), moved(M.DESTROYED))
    lost = "parcel p-1: it is lost, and nobody has written to the buyer since"
    gone = lost.replace("p-1: it is lost", "p-2: it is destroyed")
    given = refunded(packed(), "25.00", PHONE)

    (first,) = found(Rule.BUYER_NOT_TOLD, day(9), packed(), shipment)

    assert (first.text, first.since) == (lost, moment(day(6)))
    assert first.evidence == (Ground("parcel p-1 of shipment sh-1 is lost", day(6)),)
    assert texts(Rule.BUYER_NOT_TOLD, day(9), packed(), both) == [lost, gone]
    assert texts(Rule.BUYER_NOT_TOLD, day(9), given, both) == [gone]
    assert texts(Rule.BUYER_NOT_TOLD, day(9), packed(), both, told()) == []
    assert texts(Rule.BUYER_NOT_TOLD, day(11), packed(), closed(both)) == []


@pytest.mark.parametrize(
    ("first", "second", "claims", "owed"),
    [
        (moved(M.RETURNED), moved(M.DELIVERED), (), "25.00 USD"),
        (moved(M.DELIVERED), moved(M.RETURNED), (), "5.00 USD"),
        (moved(M.RETURNED), moved(M.RETURNED), (), "30.00 USD"),
        (moved(M.LOST), moved(M.RETURNED), (), "5.00 USD"),
        (moved(M.LOST), moved(M.IN_TRANSIT), (paid_out(),), "25.00 USD"),
        (moved(M.LOST), moved(M.LOST), (paid_out(SECOND),), "5.00 USD"),
        (moved(M.DESTROYED), moved(M.DELIVERED), (paid_out(),), "25.00 USD"),
    ],
)
def test_what_is_owed_is_what_is_in_the_parcel(
    first: tuple[Milestone, ...],
    second: tuple[Milestone, ...],
    claims: tuple[Claim, ...],
    owed: str,
) -> None:
    """And nothing of what came."""
    shipment = of_two(first, second)

    assert texts(Rule.REFUND_DUE, day(9), packed(), shipment, *claims) == [OWED.format(owed)]


@pytest.mark.parametrize(
    ("amount", "line", "owed"),
    [
        ("24.99", PHONE, ["0.01 USD"]),
        ("25.00", PHONE, []),
        ("5.00", CASE, ["25.00 USD"]),
        ("10.00", None, ["15.00 USD"]),
        ("25.00", None, []),
    ],
)
def test_a_refund_counts_for_its_line_or_for_anything(
    amount: str, line: LineId | None, owed: list[str]
) -> None:
    """To a cent; what was given back for the other parcel is not for this one."""
    order = refunded(packed(), amount, line)
    shipment = of_two(moved(M.RETURNED), moved(M.DELIVERED))

    assert texts(Rule.REFUND_DUE, day(9), order, shipment) == [OWED.format(it) for it in owed]


def test_where_nobody_said_what_is_in_a_parcel_it_is_at_most_all() -> None:
    """And nothing any more once something was given back, since that may be it."""
    order, shipment = packed(by_parcel=False), of_two(moved(M.RETURNED), moved(M.DELIVERED))
    both = of_two(moved(M.RETURNED), moved(M.RETURNED))

    assert texts(Rule.REFUND_DUE, day(9), order, shipment) == [AT_MOST.format("30.00 USD")]
    for given in (refunded(order, "1.00"), refunded(order, "1.00", CASE)):
        assert texts(Rule.REFUND_DUE, day(9), given, shipment) == []
        assert texts(Rule.REFUND_DUE, day(9), given, both) == [OWED.format("29.00 USD")]


def test_a_loss_that_silence_shows_is_owed_once_it_was_paid() -> None:
    """Until the parcel is seen again; a claim for anything else does not say that it is lost."""
    silent = of_two(moved(), moved(M.DELIVERED))
    again = silent.observe([scan(M.IN_TRANSIT, day(12))])
    damage = attrs.evolve(paid_out(), demand=attrs.evolve(paid_out().demand, kind=ClaimKind.DAMAGE))
    early = of_order(seen(handed_over(parcels=2))).observe([scan(M.ACCEPTED, day(3))])

    assert texts(Rule.REFUND_DUE, day(9), packed(), early, paid_out()) == [OWED.format("25.00 USD")]
    assert texts(Rule.REFUND_DUE, day(9), packed(), early, damage) == []
    assert texts(Rule.REFUND_DUE, day(9), packed(), early, paid_out(to=BUYER)) == []
    assert texts(Rule.REFUND_DUE, day(13), packed(), again, paid_out()) == []


def test_what_a_carrier_pays_the_buyer_the_seller_does_not_owe() -> None:
    """Of the same parcel, it is less; of another, no more than is left."""
    shipment = of_two(moved(M.RETURNED), moved(M.LOST))
    same, other = paid_out(to=BUYER), paid_out(SECOND, to=BUYER)

    assert texts(Rule.REFUND_DUE, day(9), packed(), shipment, same) == [OWED.format("5.00 USD")]
    assert texts(Rule.REFUND_DUE, day(9), packed(), shipment, other) == [OWED.format("10.00 USD")]


def test_what_was_closed_is_refunded_or_shipped_again() -> None:
    """In one item, and nobody is told of a day that was met."""
    lines = tuple(attrs.evolve(line, ship_by=day(5)) for line in packed().sale.lines)
    order = packed()
    dated = attrs.evolve(order, sale=attrs.evolve(order.sale, lines=lines))
    shipment = closed(of_two(moved(M.LOST), moved(M.DELIVERED)))

    (due,) = items(day(11), dated, shipment)

    assert (due.rule, due.text) == (Rule.REFUND_DUE, SHIP_AGAIN.format("25.00 USD"))
    assert due.evidence == (Ground("parcel p-1 of shipment sh-1 was closed", day(10)),)
    assert items(day(11), refunded(dated, "25.00", PHONE), shipment) == ()


def test_what_was_closed_and_shipped_again_is_owed_no_more() -> None:
    """With a word of what it stands in for, or without."""
    shipment = closed(of_two(moved(M.LOST), moved(M.DELIVERED)))
    phases = {shipment.id: shipment.phase}
    free = attrs.evolve(units(2), shipment=AGAIN)
    for new in (free, attrs.evolve(free, replaces=shipment.id)):
        order = packed().allocate([new], phases=phases, by=SELLER, at=day(11))
        half = packed().allocate(
            [attrs.evolve(new, quantity=1)], phases=phases, by=SELLER, at=day(11)
        )

        assert texts(Rule.REFUND_DUE, day(12), order, shipment) == []
        assert texts(Rule.REFUND_DUE, day(12), half, shipment) == [SHIP_AGAIN.format("12.50 USD")]


def test_a_part_that_is_sent_again_is_owed_in_part() -> None:
    """One of two phones stands in for what came back."""
    shipment = of_two(moved(M.RETURNED), moved(M.RETURNED))
    one = attrs.evolve(units(1), shipment=AGAIN, replaces=shipment.id)
    order = packed().allocate([one], phases={shipment.id: shipment.phase}, by=SELLER, at=day(8))

    assert texts(Rule.REFUND_DUE, day(9), order, shipment) == [OWED.format("17.50 USD")]


def test_a_receipt_of_several_says_nothing_of_the_one_that_is_lost() -> None:
    """It is told until it is claimed or refunded; of one alone the buyer knows best."""
    lost = received(of_two(moved(M.LOST), moved(M.DELIVERED)))
    given = refunded(packed(), "25.00", PHONE)
    alone = received(of_order(seen(handed_over(), *moved(M.LOST))))
    one = paid().allocate([units(2)], phases={}, by=SELLER, at=day(3))

    assert len(found(Rule.LOST, day(11), packed(), lost)) == 1
    assert len(found(Rule.BUYER_NOT_TOLD, day(11), packed(), lost)) == 1
    assert texts(Rule.LOST, day(11), packed(), lost, claim()) == []
    assert items(day(11), given, lost) == ()
    assert texts(Rule.REFUND_DUE, day(11), packed(), lost, paid_out()) == [OWED.format("25.00 USD")]
    assert items(day(11), one, alone) == ()
    assert texts(Rule.REFUND_DUE, day(11), one, alone, paid_out()) == []


def test_a_shipment_came_to_nothing_by_its_phase_or_once_the_loss_of_all_was_paid() -> None:
    """Of one of two it is not enough, and neither is what turned up."""
    silent = of_order(handed_over(parcels=2).observe([scan(M.ACCEPTED, day(3))]))
    back = silent.observe([scan(M.IN_TRANSIT, day(12), "N2")])
    came = silent.observe([scan(M.DELIVERED, day(3), "N2")])
    both = (paid_out(), paid_out(SECOND))

    def is_over(shipment: Shipment, *claims: Claim) -> bool:
        return Snapshot(shipments=(shipment,), claims=claims).came_to_nothing(shipment)

    assert is_over(of_two(moved(M.LOST), moved(M.DELIVERED)))
    assert is_over(silent, *both)
    assert not is_over(silent, paid_out())
    assert not is_over(back, *both)
    assert not is_over(came, *both)


def test_the_order_of_scans_does_not_matter() -> None:
    """To any of the parcels."""
    scans = [scan(M.ACCEPTED, day(5)), scan(M.LOST, day(6)), scan(M.DELIVERED, day(6), "N2")]
    ways = [of_order(handed_over(parcels=2)).observe(way) for way in permutations(scans)]

    assert len({items(day(9), packed(), way) for way in ways}) == 1
