"""From the door back to the listing: a promise that was not kept is found, and acted on."""

from typing import Final

import attrs

from apaclogistics.arrivals import Arrival, ArrivalPolicy, Basis, Estimate
from apaclogistics.consignments import Label
from apaclogistics.findings import Finding, PromisePolicy
from apaclogistics.fulfilment import Milestone
from apaclogistics.listings import ListingState
from apaclogistics.performance import Share
from apaclogistics.routes import Route
from apaclogistics.sales import Payment
from apaclogistics.scorecards import seller_card
from apaclogistics.threads import Question
from apaclogistics.values.identifiers import ListingVersion, ParcelId, ShipmentId, tracking_number
from apaclogistics.values.instants import Window
from apaclogistics.values.places import Place
from tests.samples import BUYER, CARRIER, PLATFORM, SELLER, adoption, day, sale, scan, usd
from tests.stages import LISTING, ORDER, Stage, assert_all_is_told

# One parcel is enough to tell.
STRICT: Final = PromisePolicy(least_percent=90, least_parcels=1)
VERSION: Final = ListingVersion(LISTING, 1)


def delivered(on: int) -> tuple[Stage, ShipmentId]:
    """Sell two phones on the listing, promised by the twentieth, and deliver one on some day.

    The quote that it is booked on promises it by the night to the eighteenth.
    """
    stage = Stage()
    stage.published()
    stage.clock.move_to(day(2))
    promised = [
        attrs.evolve(line, ship_by=day(4), deliver_within=Window(day(10), day(20)))
        for line in sale().lines
    ]
    sold = attrs.evolve(sale(), lines=tuple(promised), listing=VERSION, offer="Economy")
    stage.platform.orders.place(sold, by=BUYER)
    stage.platform.orders.pay(ORDER, Payment(id="pay-1", gross=usd("30.00")), by=BUYER)
    id = stage.handed_over()
    number = str(next(iter(stage.platform.shipments.get(id).numbers)))
    stage.clock.move_to(day(40))
    stage.platform.shipments.observe(
        id,
        [
            scan(Milestone.ACCEPTED, day(5), number),
            scan(Milestone.DELIVERED, day(on), number),
        ],
    )
    return stage, id


def arriving(stage: Stage, *estimates: Estimate, route: Route | None = None) -> Arrival:
    """Estimate when the second phone arrives; one parcel before it is experience enough."""
    id = stage.drafted()
    number = tracking_number("LATER")
    stage.platform.shipments.adopt(
        id, attrs.evolve(adoption(), labels=(Label(ParcelId("p-1"), (number,)),)), by=SELLER
    )
    accepted = scan(Milestone.ACCEPTED, day(39), str(number))
    stage.platform.shipments.observe(id, [attrs.evolve(accepted, place=Place(country="HK"))])
    (found,) = stage.platform.shipments.arrivals(
        id, estimates=estimates, route=route, policy=ArrivalPolicy(parcels=1)
    ).values()
    return found


def found(stage: Stage) -> list[Finding]:
    """Check the listing, and give what is found about its promise."""
    findings = stage.platform.listings.check(LISTING, policy=STRICT)
    return [it for it in findings if it.code == "promise_not_kept"]


def test_a_promise_that_was_not_kept_is_found_from_what_is_stored() -> None:
    # In time for what the buyer was told; what was promised for the carriage goes before that.
    late, _ = delivered(on=19)
    in_time, _ = delivered(on=17)

    (finding,) = found(late)

    assert finding.share == Share(0, 1)
    assert finding.offer == "Economy"
    assert found(in_time) == []
    # By the example, one parcel tells nothing.
    assert "promise_not_kept" not in {it.code for it in late.platform.listings.check(LISTING)}


def test_the_platform_suspends_a_listing_on_what_was_found() -> None:
    stage, _ = delivered(on=21)

    suspended = stage.platform.listings.suspend(
        LISTING, "always late", findings=found(stage), by=PLATFORM
    )

    assert suspended.state is ListingState.SUSPENDED
    assert [it.code for it in suspended.suspended_for] == ["promise_not_kept"]
    assert stage.platform.listings.get(LISTING) == suspended
    assert_all_is_told(stage)


def test_a_card_is_made_of_what_is_stored() -> None:
    """The case was never shipped: of two lines, neither was tracked in time."""
    stage, id = delivered(on=21)
    question = Question("Why so late?", day(45))
    stage.platform.inquiries.open(id, SELLER, question, by=BUYER)
    stage.platform.inquiries.open(id, CARRIER, question, by=SELLER)

    card = seller_card(stage.platform.records(), SELLER, day(41))

    assert card.parcels == 1
    assert card.on_time == Share(0, 1)
    assert card.tracked == Share(0, 2)
    assert [(it.listing, it.offer, it.count) for it in card.complaints] == [(VERSION, "Economy", 1)]


def test_an_arrival_rests_on_the_parcels_that_are_stored() -> None:
    """The first took sixteen days, from the fifth to the twenty-first."""
    stage, _ = delivered(on=21)

    found = arriving(stage)

    assert found.basis is Basis.EXPERIENCE
    assert found.parcels == 1
    assert found.window == Window(day(54), day(55))


def test_an_arrival_rests_on_what_the_carrier_says_and_on_the_route() -> None:
    said = Estimate(Window(day(44), day(45)), day(40))
    elsewhere = Route.through(Place(country="CN"), Place(country="US"))

    told, astray = (delivered(on=21)[0] for _ in range(2))

    assert arriving(told, said).basis is Basis.CARRIER
    found = arriving(astray, said, route=elsewhere)
    assert found.reason is not None
    assert found.reason.code == "misrouted"
