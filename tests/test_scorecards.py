"""Scorecards: who was late, lost or damaged what, by evidence, and what that is worth."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import attrs
import pytest

from apaclogistics.allocations import Allocation
from apaclogistics.claims import Claim, Demand, Figured
from apaclogistics.compensation import ClaimKind
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.inquiries import Inquiry
from apaclogistics.lifecycle import Actor
from apaclogistics.listings import Terms
from apaclogistics.offers import Offer
from apaclogistics.orders import Order
from apaclogistics.performance import Days, Lane, Performance, Share
from apaclogistics.promises import Promise
from apaclogistics.sales import OrderLine, Payment, Sale
from apaclogistics.scorecards import (
    Complaints,
    Judged,
    Level,
    LineEvidence,
    Metric,
    Rating,
    Records,
    Scorecard,
    Standard,
    arrival_grounds,
    carrier_card,
    line_evidence,
    listing_card,
    promises_kept,
    rating,
    seller_card,
)
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Opening, Question
from apaclogistics.tracking import Scan
from apaclogistics.values.identifiers import (
    CarrierCode,
    ClaimId,
    InquiryId,
    ListingId,
    ListingVersion,
    OrderId,
    ParcelId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant, Window, instant, moment
from apaclogistics.values.places import Country
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    SELLER,
    STRANGERS,
    assessment,
    booking,
    consignment,
    day,
    facts,
    offer,
    published,
    sale,
    scan,
    terms,
    units,
    usd,
)

SHIP_BY: Final = day(4)
WINDOW: Final = Window(day(10), day(20))
V1: Final = ListingVersion(ListingId("l-1"), 1)
TO_US: Final = Lane(Country("HK"), Country("US"))
LATER: Final = day(60)
FIRST: Final = OrderId("o-1")
CODE: Final = CarrierCode(CARRIER.id)


def one_phone(**changed: object) -> Sale:
    """Give the sale of one phone, to be shipped by the fourth and delivered by the twentieth."""
    line = OrderLine(
        id=PHONE, quantity=1, total=usd("30.00"), ship_by=SHIP_BY, deliver_within=WINDOW
    )
    sold = attrs.evolve(sale(), lines=(line,), listing=V1, offer="Economy")
    return attrs.evolve(sold, **changed)  # type: ignore[arg-type]  # as each test says


def ordered(sold: Sale | None = None) -> Order:
    """Give an order that is paid in full."""
    placed = Order.place(sold or one_phone(), by=BUYER, at=day(2))
    return placed.pay(Payment(id="pay-1", gross=usd("30.00")), by=BUYER, at=day(2))


def packed(order: Order, *allocations: Allocation, phases: dict[str, Phase] | None = None) -> Order:
    """Put units of an order into shipments, its one phone into the first unless said."""
    where = {ShipmentId(id): phase for id, phase in (phases or {}).items()}
    return order.allocate(allocations or (units(1),), phases=where, by=SELLER, at=day(3))


def shipped(
    *scans: Scan, id: str = "sh-1", at: Instant | None = None, parcels: int = 1
) -> Shipment:
    """Give a shipment of the order that is booked on the third, and what was scanned."""
    at = at or day(3)
    begun = attrs.evolve(consignment(parcels=parcels), id=ShipmentId(id), orders=(FIRST,))
    drafted = Shipment.draft(begun, by=SELLER, at=day(3))
    made = attrs.evolve(booking(parcels=parcels), issued_at=at)
    return drafted.book(made, hindrances=(), by=SELLER, at=at).observe(scans)


def accepted(at: int, number: str = "N1") -> Scan:
    """Scan a parcel as accepted on a day."""
    return scan(Milestone.ACCEPTED, day(at), number)


def delivered(at: int, number: str = "N1") -> Scan:
    """Scan a parcel as delivered on a day."""
    return scan(Milestone.DELIVERED, day(at), number)


def records(
    order: Order | None = None, *shipments: Shipment, said_late: Iterable[OrderId] = ()
) -> Records:
    """Give an order, the usual one if none is given, with its shipments and the listing."""
    return Records(
        orders=(order or packed(ordered()),),
        shipments=shipments,
        listings=(published(),),
        said_late=frozenset(said_late),
    )


def judged(known: Records, at: Instant = LATER) -> tuple[bool | None, bool | None]:
    """Judge the one line: whether it was late, and whether it was tracked."""
    (line,) = line_evidence(known, at)
    return line.is_late(at), line.is_tracked(at)


def is_late(known: Records, at: Instant = LATER) -> bool | None:
    """Judge whether the one line was late."""
    return judged(known, at)[0]


def is_tracked(known: Records, at: Instant = LATER) -> bool | None:
    """Judge whether the one line was tracked."""
    return judged(known, at)[1]


# Late shipment, by eBay's definition.


def test_a_line_is_late_that_came_after_the_estimate_and_was_not_accepted_in_time() -> None:
    assert is_late(records(None, shipped(accepted(5), delivered(21)))) is True


def test_an_acceptance_in_time_protects_the_seller_however_late_it_comes() -> None:
    assert is_late(records(None, shipped(accepted(4), delivered(50)))) is False


def test_a_line_that_came_by_the_estimate_is_on_time_however_late_it_was_accepted() -> None:
    assert is_late(records(None, shipped(accepted(9), delivered(20)))) is False


def test_an_attempt_is_as_good_as_a_delivery() -> None:
    attempt = scan(Milestone.ATTEMPT_FAILED, day(20))

    assert is_late(records(None, shipped(accepted(9), attempt, delivered(25)))) is False
    assert is_late(records(None, shipped(accepted(9), attempt))) is False


def test_that_nothing_shows_when_it_came_is_no_evidence() -> None:
    """Before the estimate is over nobody can tell at all."""
    silent = records(None, shipped(accepted(9)))

    assert is_late(silent) is False
    assert is_late(silent, day(20)) is None


def test_the_buyers_word_is_evidence_unless_it_was_accepted_in_time() -> None:
    late, in_time = shipped(accepted(9)), shipped(accepted(4))

    assert is_late(records(None, late, said_late=[FIRST])) is True
    assert is_late(records(None, in_time, said_late=[FIRST])) is False
    assert is_late(records(None, late, said_late=[OrderId("o-2")])) is False


def test_nobody_can_tell_of_a_line_to_which_nothing_was_promised() -> None:
    line = OrderLine(id=PHONE, quantity=1, total=usd("30.00"))
    order = packed(ordered(one_phone(lines=(line,))))

    assert judged(records(order, shipped(accepted(4), delivered(50)))) == (None, None)


def test_a_line_is_accepted_with_the_last_of_its_parcels() -> None:
    both = (accepted(4, "N1"), accepted(5, "N2"), delivered(21, "N1"), delivered(19, "N2"))

    assert is_late(records(None, shipped(*both, parcels=2))) is True
    assert is_late(records(None, shipped(*both[:1], *both[2:], parcels=2))) is True


def test_a_line_arrives_with_the_last_of_its_shipments() -> None:
    two = OrderLine(
        id=PHONE, quantity=2, total=usd("30.00"), ship_by=SHIP_BY, deliver_within=WINDOW
    )
    order = packed(ordered(one_phone(lines=(two,))), units(1), units(1, shipment="sh-2"))
    here = shipped(accepted(5), delivered(19))
    there = shipped(accepted(4), delivered(21), id="sh-2")

    assert is_late(records(order, here, there)) is True
    # Of the second nothing is known, so nobody can tell that all has come.
    assert is_late(records(order, here)) is False
    assert is_tracked(records(order, here)) is False


def test_a_line_is_judged_by_the_parcel_that_it_is_in() -> None:
    inside = attrs.evolve(units(1), parcel=ParcelId("p-2"))
    order = packed(ordered(), inside)
    scans = (accepted(9, "N1"), delivered(30, "N1"), accepted(9, "N2"), delivered(18, "N2"))

    assert is_late(records(order, shipped(*scans, parcels=2))) is False


def test_an_order_that_says_nothing_of_its_units_went_with_its_shipments() -> None:
    """As one that was sold and shipped elsewhere."""
    assert is_late(records(ordered(), shipped(accepted(5), delivered(21)))) is True


def test_a_cancelled_shipment_shows_nothing() -> None:
    cancelled = shipped().cancel(by=SELLER, at=day(3))

    (line,) = line_evidence(records(None, cancelled), LATER)

    assert line.numbered_at is None
    assert line.carriers == frozenset()


def test_a_reshipment_counts_for_the_arrival_alone() -> None:
    lost = shipped(accepted(4), scan(Milestone.LOST, day(9)))
    again = shipped(accepted(11), delivered(22), id="sh-2")
    order = packed(
        packed(ordered()),
        attrs.evolve(units(1, shipment="sh-2"), replaces=ShipmentId("sh-1")),
        phases={"sh-1": Phase.LOST},
    )

    (line,) = line_evidence(records(order, lost, again), LATER)

    assert line.accepted == moment(day(4))
    assert line.arrived == moment(day(22))


# Tracking that is uploaded on time and validated.


def test_a_line_is_tracked_whose_number_was_known_in_time_and_scanned_ever() -> None:
    assert is_tracked(records(None, shipped(accepted(9), at=SHIP_BY))) is True
    assert is_tracked(records(None, shipped(accepted(9), at=day(5)))) is False
    assert is_tracked(records(None, shipped(at=day(3)))) is False
    assert is_tracked(records(None)) is False


def test_a_label_is_no_scan() -> None:
    registered = scan(Milestone.REGISTERED, day(3))

    assert is_tracked(records(None, shipped(registered))) is False


def test_there_is_time_until_the_line_ships() -> None:
    assert is_tracked(records(None, shipped()), SHIP_BY) is None
    assert is_tracked(records(None), day(5)) is False


def test_the_two_metrics_may_disagree() -> None:
    """By design: late in handing over and on time at the door, and the other way round."""
    unnumbered = records(None, shipped(accepted(9), delivered(15), at=day(5)))
    slow = records(None, shipped(accepted(5), delivered(30)))

    assert judged(unnumbered) == (False, False)
    assert judged(slow) == (True, True)


# Who counts.


def test_only_what_was_paid_for_and_not_cancelled_counts() -> None:
    unpaid = Order.place(one_phone(), by=BUYER, at=day(2))
    cancelled = ordered().cancel("out of stock", phases={}, by=SELLER, at=day(3))

    assert line_evidence(records(unpaid), LATER) == ()
    assert line_evidence(records(cancelled), LATER) == ()


def test_what_happened_at_the_very_instant_counts() -> None:
    (line,) = line_evidence(records(None, shipped(accepted(5))), day(2))

    assert line.carriers == frozenset()
    assert not line.is_scanned


def test_what_happened_later_counts_for_nothing() -> None:
    known = records(None, shipped(accepted(5), delivered(21)))

    assert is_late(known, day(20)) is None
    assert line_evidence(known, day(1)) == ()
    assert seller_card(known, SELLER, day(4)).parcels == 0
    assert seller_card(known, SELLER, day(5)).parcels == 1


def test_evidence_names_who_had_to_do_with_the_line() -> None:
    (line,) = line_evidence(records(None, shipped(accepted(4), delivered(15))), LATER)

    assert line == LineEvidence(
        order=FIRST,
        line=PHONE,
        seller=SELLER,
        carriers=frozenset({CODE}),
        listing=V1,
        offer="Economy",
        ship_by=SHIP_BY,
        deliver_by=WINDOW.latest,
        numbered_at=day(3),
        accepted=day(4),
        arrived=day(15),
        is_scanned=True,
    )


def test_a_card_of_a_seller_counts_lines_and_parcels() -> None:
    known = records(None, shipped(accepted(5), delivered(21)))

    card = seller_card(known, SELLER, LATER)

    assert card.subject == "seller s-1"
    assert card.late == Share(1, 1)
    assert card.tracked == Share(1, 1)
    assert card.on_time == Share(0, 1)
    assert card.performance.tally(lane=TO_US, offer="Economy").transit == Days.of([16])
    assert (card.parcels, card.loss, card.damage) == (1, Share(0, 1), Share(0, 1))


def test_a_card_counts_nobody_elses() -> None:
    known = records(None, shipped(accepted(5), delivered(21)))
    empty = (Share(0, 0), Share(0, 0), 0, ())

    for card in (
        seller_card(known, STRANGERS[0], LATER),
        carrier_card(known, CarrierCode("DHL"), LATER),
        listing_card(known, ListingId("l-2"), LATER),
    ):
        assert (card.late, card.tracked, card.parcels, card.complaints) == empty


def test_cards_of_carrier_and_listing_count_what_they_had_to_do_with() -> None:
    known = records(None, shipped(accepted(5), delivered(21)))

    of_carrier, of_listing = (
        carrier_card(known, CODE, LATER),
        listing_card(known, V1.listing, LATER),
    )

    assert of_carrier.subject == "carrier HKPOST"
    assert of_listing.subject == "listing l-1"
    assert of_carrier.late == of_listing.late == Share(1, 1)
    assert of_carrier.performance == of_listing.performance
    assert of_carrier.parcels == 1


# Parcels.


def on_card(*shipments: Shipment, claims: tuple[Claim, ...] = ()) -> Scorecard:
    """Give the seller's card over some shipments and claims."""
    known = attrs.evolve(records(None, *shipments), claims=claims)
    return seller_card(known, SELLER, LATER)


def claim(kind: ClaimKind = ClaimKind.LOSS) -> Claim:
    """Give a claim for the parcel, filed on the fortieth day."""
    demand = Demand(
        id=ClaimId("c-1"),
        shipment=ShipmentId("sh-1"),
        parcel=ParcelId("p-1"),
        kind=kind,
        claimant=SELLER,
        carrier=CARRIER,
        amount=usd("20.00"),
        facts=facts(),
        assessment=assessment(),
    )
    return Claim.file(demand, parties=(SELLER, CARRIER), hindrances=(), by=SELLER, at=day(40))


def agreed(kind: ClaimKind = ClaimKind.LOSS) -> Claim:
    """Give a claim that the carrier's offer has settled in principle."""
    review = claim(kind).acknowledge(by=CARRIER, at=day(41))
    return review.offer(Figured(usd("20.00")), by=CARRIER, at=day(42)).accept(by=SELLER, at=day(43))


def test_a_parcel_is_lost_if_the_carrier_says_so() -> None:
    lost = shipped(accepted(4), scan(Milestone.LOST, day(9)))
    destroyed = shipped(accepted(4), scan(Milestone.DESTROYED, day(9)))
    found = shipped(accepted(4), scan(Milestone.LOST, day(9)), delivered(15))

    assert on_card(lost).loss == Share(1, 1)
    assert on_card(destroyed).loss == Share(1, 1)
    assert on_card(found).loss == Share(0, 1)


def test_a_parcel_is_lost_if_a_claim_was_found_right_and_it_never_came() -> None:
    silent = shipped(accepted(4))

    assert on_card(silent, claims=(claim(),)).loss == Share(0, 1)
    assert on_card(silent, claims=(agreed(),)).loss == Share(1, 1)
    assert on_card(silent.observe([delivered(50)]), claims=(agreed(),)).loss == Share(0, 1)


def test_a_parcel_is_damaged_if_the_carrier_or_a_claim_says_so() -> None:
    seen = shipped(accepted(4), scan(Milestone.DAMAGED, day(9)), delivered(15))
    whole = shipped(accepted(4), delivered(15))

    assert on_card(seen).damage == Share(1, 1)
    assert on_card(whole).damage == Share(0, 1)
    assert on_card(whole, claims=(agreed(ClaimKind.DAMAGE),)).damage == Share(1, 1)
    assert on_card(whole, claims=(agreed(ClaimKind.DAMAGE),)).loss == Share(0, 1)


def test_a_parcel_that_no_carrier_had_does_not_count() -> None:
    assert on_card(shipped(scan(Milestone.REGISTERED, day(3)))).parcels == 0


def test_a_parcel_was_delivered_although_it_was_sent_back_later() -> None:
    back = scan(Milestone.RETURNING, day(25))
    shipment = shipped(accepted(4), scan(Milestone.LAST_MILE, day(12)), delivered(15), back)

    tally = on_card(shipment).performance.tally()

    assert tally.delivered == 1
    assert tally.on_time == Share(1, 1)
    assert tally.days_from(Milestone.LAST_MILE) == Days.of([3])


def test_what_was_promised_to_the_shipment_goes_before_what_was_to_the_lines() -> None:
    promise = Promise(ship_by=SHIP_BY, window=Window(day(6), day(8)))
    begun = attrs.evolve(consignment(), orders=(FIRST,), promise=promise)
    drafted = Shipment.draft(begun, by=SELLER, at=day(3))
    booked = drafted.book(booking(), hindrances=(), by=SELLER, at=day(3))

    assert on_card(booked.observe([accepted(4), delivered(15)])).on_time == Share(0, 1)
    assert on_card(shipped(accepted(4), delivered(15))).on_time == Share(1, 1)


def test_a_parcel_is_promised_what_its_own_lines_are() -> None:
    lines = (
        OrderLine(id=PHONE, quantity=1, total=usd("20.00"), deliver_within=WINDOW),
        OrderLine(id=CASE, quantity=1, total=usd("10.00"), deliver_within=Window(day(10), day(30))),
    )
    order = packed(
        ordered(one_phone(lines=lines)),
        attrs.evolve(units(1), parcel=ParcelId("p-1")),
        attrs.evolve(units(1, CASE), parcel=ParcelId("p-2")),
    )
    both = (accepted(4), delivered(25), accepted(4, "N2"), delivered(25, "N2"))

    card = seller_card(records(order, shipped(*both, parcels=2)), SELLER, LATER)

    assert card.on_time == Share(1, 2)


def test_a_parcel_is_not_promised_what_the_lines_of_other_shipments_are() -> None:
    longer = Window(day(10), day(30))
    lines = (
        OrderLine(id=PHONE, quantity=1, total=usd("20.00"), deliver_within=WINDOW),
        OrderLine(id=CASE, quantity=1, total=usd("10.00"), deliver_within=longer),
    )
    order = packed(ordered(one_phone(lines=lines)), units(1), units(1, CASE, shipment="sh-2"))

    card = seller_card(records(order, shipped(accepted(4), delivered(25))), SELLER, LATER)

    assert card.on_time == Share(0, 1)


def test_a_parcel_that_was_sent_out_again_counts_from_its_first_way() -> None:
    last_mile = scan(Milestone.LAST_MILE, day(12))
    again = (accepted(30), scan(Milestone.LAST_MILE, day(38)), delivered(40))

    tally = on_card(shipped(accepted(4), last_mile, delivered(15), *again)).performance.tally()

    assert tally.days_from(Milestone.LAST_MILE) == Days.of([3])


def test_of_a_parcel_of_no_known_order_nothing_is_promised() -> None:
    """Its lane begins nobody knows where."""
    known = Records(shipments=(shipped(accepted(4), delivered(15)),))

    card = seller_card(known, SELLER, LATER)

    assert card.on_time == Share(0, 0)
    assert card.performance.lanes == (Lane(None, Country("US")),)


@pytest.mark.parametrize(
    "sold_on",
    [ListingVersion(ListingId("l-1"), 7), ListingVersion(ListingId("l-9"), 1), None],
    ids=["no such version", "no such listing", "no listing"],
)
def test_a_lane_begins_nobody_knows_where_without_the_offer(sold_on: ListingVersion | None) -> None:
    order = packed(ordered(one_phone(listing=sold_on)))

    card = seller_card(records(order, shipped(accepted(4))), SELLER, LATER)

    assert card.performance.lanes == (Lane(None, Country("US")),)


# Arrivals.


def test_an_arrival_may_rest_on_what_was_promised_and_on_all_parcels_on_record() -> None:
    shipment = shipped(accepted(4), delivered(15))
    known = records(None, shipment)

    (found,) = arrival_grounds(known, shipment, LATER).values()
    (before,) = arrival_grounds(known, shipment, day(14)).values()

    assert found.promised == WINDOW
    assert (found.lane, found.offer) == (TO_US, "Economy")
    assert found.performance == seller_card(known, SELLER, LATER).performance
    assert before.performance.tally().delivered == 0


# Complaints.


def asked(
    number: int, respondent: Actor = SELLER, *, opener: Actor = BUYER, version: int | None = 1
) -> Inquiry:
    """Let somebody ask about the shipment."""
    opening = Opening(
        id=InquiryId(f"i-{number}"),
        shipment=ShipmentId("sh-1"),
        opener=opener,
        respondent=respondent,
        question=Question("Where is it?", day(30)),
        listing=None if version is None else ListingVersion(V1.listing, version),
        offer="" if version is None else "Economy",
    )
    return Inquiry.open(opening, parties={opener, respondent}, by=opener, at=day(25))


def test_complaints_are_counted_by_the_offer_that_they_are_about() -> None:
    inquiries = (asked(1), asked(2, version=2), asked(3), asked(4, version=None))
    known = attrs.evolve(records(None), inquiries=inquiries)

    card = seller_card(known, SELLER, LATER)

    assert card.complaints == (
        Complaints(listing=None, offer="", count=1),
        Complaints(listing=V1, offer="Economy", count=2),
        Complaints(listing=ListingVersion(V1.listing, 2), offer="Economy", count=1),
    )
    assert seller_card(known, SELLER, day(24)).complaints == ()


def test_a_complaint_counts_against_the_one_who_is_asked() -> None:
    inquiries = (asked(1), asked(2, CARRIER, opener=SELLER))
    known = attrs.evolve(records(None), inquiries=inquiries)

    counts = [
        [it.count for it in card.complaints]
        for card in (
            seller_card(known, SELLER, LATER),
            carrier_card(known, CODE, LATER),
            # Of a listing, buyers complain.
            listing_card(known, V1.listing, LATER),
        )
    ]

    assert counts == [[1], [1], [1]]


# A listing's promise against what was delivered.


def revised(to: Offer) -> Records:
    """Give a late parcel that was sold on the first version, of which there is a second by now."""
    listing = published().revise(Terms((to,)), by=SELLER, at=day(30))
    known = records(None, shipped(accepted(5), delivered(21)))
    return attrs.evolve(known, listings=(listing,))


def test_a_listings_promise_is_held_against_what_was_delivered() -> None:
    known = records(None, shipped(accepted(5), delivered(21)))

    performance = promises_kept(known, V1.listing, LATER)

    assert performance.tally(offer="Economy").on_time == Share(0, 1)
    assert performance.lanes == (TO_US,)


def test_a_revision_that_leaves_the_promise_leaves_its_record() -> None:
    dearer = terms("6.00").offers[0]

    assert promises_kept(revised(dearer), V1.listing, LATER).tally().parcels == 1


def test_a_new_promise_has_a_record_of_its_own() -> None:
    slower = attrs.evolve(offer(), transit=attrs.evolve(offer().transit, most=15))
    other = attrs.evolve(offer(), name="Express")

    assert promises_kept(revised(slower), V1.listing, LATER) == Performance()
    assert promises_kept(revised(other), V1.listing, LATER) == Performance()
    # As of then, the old promise was the one that was made.
    assert promises_kept(revised(slower), V1.listing, day(29)).tally().parcels == 1


def test_a_parcel_that_was_sold_on_nothing_known_counts_for_no_listing() -> None:
    unknown = attrs.evolve(V1, version=7)
    order = packed(ordered(one_phone(listing=unknown)))

    found = promises_kept(records(order, shipped(accepted(5))), V1.listing, LATER)

    assert found == Performance()


def test_the_record_of_an_unknown_listing_is_an_error() -> None:
    with pytest.raises(NotFoundError, match="no listing is stored"):
        promises_kept(records(None), ListingId("l-2"), LATER)


# Standings.


AT_MOST_4: Final = Standard(level=Level.TOP_RATED, metric=Metric.LATE, percent="4", tolerated=5)
AT_MOST_9: Final = Standard(
    level=Level.ABOVE_STANDARD, metric=Metric.LATE, percent="9", tolerated=8
)
AT_LEAST_90: Final = Standard(level=Level.TOP_RATED, metric=Metric.TRACKED, percent="90")


def card_of(late: Share, tracked: Share | None = None) -> Scorecard:
    """Give a card with some figures."""
    return Scorecard(
        subject="seller s-1",
        at=LATER,
        late=late,
        tracked=tracked or Share(0, 0),
        performance=Performance(),
    )


@pytest.mark.parametrize(
    ("late", "level"),
    [
        (Share(4, 100), Level.TOP_RATED),
        (Share(6, 150), Level.TOP_RATED),
        (Share(6, 149), Level.ABOVE_STANDARD),
        (Share(9, 100), Level.ABOVE_STANDARD),
        (Share(10, 100), Level.BELOW_STANDARD),
        # So few are nobody's fault.
        (Share(5, 20), Level.TOP_RATED),
        (Share(8, 20), Level.ABOVE_STANDARD),
        (Share(9, 20), Level.BELOW_STANDARD),
        (Share(0, 0), None),
    ],
)
def test_a_level_needs_its_own_standards_and_those_below(late: Share, level: Level | None) -> None:
    assert rating(card_of(late), [AT_MOST_4, AT_MOST_9]).level is level


def test_of_some_figures_more_is_better() -> None:
    assert AT_LEAST_90.is_met(Share(90, 100)) is True
    assert AT_LEAST_90.is_met(Share(89, 100)) is False
    assert attrs.evolve(AT_LEAST_90, tolerated=11).is_met(Share(89, 100)) is True
    assert AT_LEAST_90.is_met(Share(0, 0)) is None


def test_a_standing_says_what_was_missed() -> None:
    found = rating(card_of(Share(0, 100), Share(80, 100)), [AT_MOST_4, AT_LEAST_90])

    assert found == Rating(
        Level.ABOVE_STANDARD,
        (Judged(AT_MOST_4, Share(0, 100)), Judged(AT_LEAST_90, Share(80, 100))),
    )
    assert [str(it.standard) for it in found.missed] == [
        "tracking uploaded on time and validated: at least 90 %"
    ]


def test_nobody_is_top_rated_without_a_standard_for_it() -> None:
    assert rating(card_of(Share(0, 100)), [AT_MOST_9]).level is Level.ABOVE_STANDARD
    assert rating(card_of(Share(0, 100)), []).level is None


@pytest.mark.parametrize("metric", Metric)
def test_each_metric_is_a_figure_of_the_card(metric: Metric) -> None:
    shipment = shipped(accepted(5), scan(Milestone.DAMAGED, day(6)), delivered(21))
    card = on_card(shipment)

    figures = {
        Metric.LATE: Share(1, 1),
        Metric.TRACKED: Share(1, 1),
        Metric.ON_TIME: Share(0, 1),
        Metric.LOSS: Share(0, 1),
        Metric.DAMAGE: Share(1, 1),
    }

    assert metric.of(card) == figures[metric]


def test_a_standard_is_an_exact_percentage() -> None:
    half = attrs.evolve(AT_MOST_4, percent="0.5", tolerated=0)

    assert half.percent == Decimal("0.5")
    assert half.is_met(Share(1, 200)) is True
    assert half.is_met(Share(1, 199)) is False
    assert str(AT_MOST_4) == "shipped late: at most 4 %, up to 5 tolerated"
    with pytest.raises(InvalidTypeError):
        attrs.evolve(AT_MOST_4, percent=0.5)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(InvalidValueError, match="standard"):
        attrs.evolve(AT_MOST_4, percent="101")
    with pytest.raises(InvalidValueError, match="tolerated failures -1"):
        attrs.evolve(AT_MOST_4, tolerated=-1)
    with pytest.raises(InvalidValueError, match="level 'BELOW_STANDARD' needs nothing"):
        attrs.evolve(AT_MOST_4, level=Level.BELOW_STANDARD)
    with pytest.raises(InvalidValueError, match="number of complaints 0"):
        Complaints(listing=None, offer="", count=0)


# Times without a zone.


def at_local(found: Scan, at: str) -> Scan:
    """Scan at a time on a wall, nobody says in which zone."""
    return attrs.evolve(found, at=moment(at))


@pytest.mark.parametrize(
    ("came", "late"),
    [
        ("2026-03-19T21:00:00", False),
        ("2026-03-20T09:00:00", None),
        ("2026-03-20T23:00:00", None),
        ("2026-03-20T23:00:01", True),
    ],
)
def test_a_local_time_makes_a_line_late_only_if_it_does_in_every_zone(
    came: str, *, late: bool | None
) -> None:
    """The window ends on the twentieth at nine in UTC."""
    known = records(None, shipped(accepted(5), at_local(delivered(20), came)))

    assert is_late(known) is late
    assert seller_card(known, SELLER, LATER).late.of == (late is not None)


def test_an_acceptance_that_may_be_in_time_leaves_it_open_whether_a_line_was_late() -> None:
    """Also where the buyer says so; one that is surely too late protects nobody."""
    may_be = shipped(at_local(accepted(4), "2026-03-04T09:00:00"), delivered(21))
    too_late = shipped(at_local(accepted(4), "2026-03-05T09:00:00"), delivered(21))
    in_time = shipped(at_local(accepted(4), "2026-03-03T09:00:00"), delivered(21))

    assert is_late(records(None, may_be, said_late={FIRST})) is None
    assert is_late(records(None, may_be)) is None
    assert is_late(records(None, too_late)) is True
    assert is_late(records(None, in_time)) is False


def test_what_may_be_to_come_is_not_known_yet() -> None:
    """A scan at a local time counts once it is surely past."""
    known = records(None, shipped(at_local(accepted(5), "2026-03-05T09:00:00")))

    assert seller_card(known, SELLER, instant("2026-03-05T20:59:59Z")).parcels == 0
    assert seller_card(known, SELLER, instant("2026-03-05T21:00:00Z")).parcels == 1
