"""Dossiers: what is known of one parcel, and of no other.

What follows from a whole shipment is told in `test_shipments`; here it is what is gathered, and how
what is inexact or not yet known is told.
"""

from collections.abc import Iterable

import attrs
import pytest

from apaclogistics.compensation import (
    Cap,
    CompensationPolicy,
    Since,
    Term,
    is_presumed_lost,
)
from apaclogistics.consignments import Booking, Label, Parcel
from apaclogistics.costs import ActualCost
from apaclogistics.dossiers import Dossier, dossier
from apaclogistics.errors import InvalidValueError, NotFoundError
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.movements import Movement
from apaclogistics.tracking import Scan
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.identifiers import ParcelId, tracking_number
from apaclogistics.values.instants import Instant, moment
from apaclogistics.values.quantities import Weight
from tests.samples import booking, consignment, cost, day, parcel, scan, usd

ONE, TWO = ParcelId("p-1"), ParcelId("p-2")
SILENCE = CompensationPolicy(
    name="ten days of silence",
    source="an example",
    zone_name="UTC",
    silence=Term(Period(10, PeriodUnit.CALENDAR_DAYS), Since.LAST_SEEN),
    caps=(Cap(Weight(1), usd("100.00")),),
)


def gathered(
    id: ParcelId,
    booked: Booking | None,
    *scans: Scan,
    costs: Iterable[ActualCost] = (),
    parcels: int = 2,
) -> Dossier:
    """Gather what is of a parcel of the consignment."""
    whole = consignment(parcels=parcels)
    names = tuple(piece.id for piece in whole.parcels)
    movement = Movement(parcels=names, booking=booked, scans=scans)
    return dossier(id, consignment=whole, movement=movement, costs=costs)


def of_one(*scans: Scan, costs: tuple[ActualCost, ...] = ()) -> Dossier:
    """Give what is known of a parcel that travels by itself."""
    return Dossier(
        parcel=parcel(),
        destination=consignment().consignee.address.country,
        scans=scans,
        costs=costs,
        estimate=usd("12.50"),
    )


def test_scans_and_bills_of_another_parcel_are_left_out() -> None:
    """Each parcel has its own, through the number on its label."""
    first, second = scan(Milestone.ACCEPTED, day(5)), scan(Milestone.ACCEPTED, day(5), "N2")
    bills = cost("9.00", day(20)), cost("8.00", day(20), number="N2")

    known = gathered(TWO, booking(parcels=2), first, second, costs=bills)

    assert known.parcel == parcel(2)
    assert (known.scans, known.costs) == ((second,), bills[1:])


def test_what_is_of_several_parcels_is_of_none() -> None:
    """Under one number nobody can tell them apart; and an estimate is for all of them."""
    shared = tuple(Label(id, (tracking_number("N1"),)) for id in (ONE, TWO))
    both = attrs.evolve(booking(), labels=shared)

    known = gathered(ONE, both, costs=[cost("9.00", day(20))])

    assert (known.costs, known.estimate) == ((), None)
    assert gathered(ONE, booking(), parcels=1).estimate == usd("12.50")


def test_before_a_booking_there_is_no_freight() -> None:
    """The parcel and its destination are known from the first draft on."""
    known = gathered(ONE, None, costs=[cost("9.00", day(20))])

    assert (known.costs, known.estimate) == ((), None)
    assert known.destination.code == "US"


def test_there_is_no_dossier_of_a_parcel_that_is_not_there() -> None:
    """A consignment knows its parcels."""
    with pytest.raises(NotFoundError, match="no parcel is stored under 'p-3'"):
        gathered(ParcelId("p-3"), booking(parcels=2))


@pytest.mark.parametrize("at", [day(4), day(5)], ids=["before", "from that instant on"])
def test_without_a_scan_that_is_past_the_commanded_phase_counts(at: Instant) -> None:
    """The parcel was accepted on the fifth."""
    facts = of_one(scan(Milestone.ACCEPTED, day(5))).facts(at, commanded=Phase.HANDED_OVER)

    expected = (Phase.HANDED_OVER, None) if at < day(5) else (Phase.ACCEPTED, day(5))
    assert (facts.phase, facts.posted_at) == expected


def test_what_its_buyer_has_confirmed_is_received_whatever_was_scanned() -> None:
    """A last scan is no news of a parcel that came."""
    facts = of_one(scan(Milestone.LOST, day(5))).facts(day(9), commanded=Phase.COMPLETED)

    assert facts.phase is Phase.COMPLETED


def test_a_receipt_of_several_is_not_for_one_that_came_to_nothing() -> None:
    """It was received as long as nobody knew better, and the others are."""
    gone, come = scan(Milestone.LOST, day(8)), scan(Milestone.IN_TRANSIT, day(8), "N2")
    first, second = (gathered(id, booking(parcels=2), gone, come) for id in (ONE, TWO))

    told = [
        first.facts(day(7), commanded=Phase.COMPLETED).phase,
        first.facts(day(8), commanded=Phase.COMPLETED).phase,
        second.facts(day(8), commanded=Phase.COMPLETED).phase,
    ]

    assert told == [Phase.COMPLETED, Phase.LOST, Phase.COMPLETED]


@pytest.mark.parametrize("commanded", [Phase.DRAFT, Phase.BOOKED, Phase.CANCELLED])
def test_what_is_not_held_is_no_freight(commanded: Phase) -> None:
    """A booking that is not confirmed, or is cancelled, costs nobody anything but what is billed."""
    known = of_one(costs=(cost("9.00", day(20)),))

    before, after = (known.facts(day(n), commanded=commanded) for n in (19, 20))

    assert before.freight is None
    assert after.freight == usd("9.00")


def test_a_delivery_that_may_have_been_counts_from_its_earliest() -> None:
    """And the parcel was seen no later than now, though it may only come tonight."""
    given = moment("2026-03-09T09:00:00")
    delivered = attrs.evolve(scan(Milestone.DELIVERED, day(9)), at=given)
    tried = attrs.evolve(scan(Milestone.ATTEMPT_FAILED, day(9)), at=given)

    facts = of_one(delivered, tried).facts(given.earliest, commanded=Phase.HANDED_OVER)

    assert facts.delivered_at == facts.attempted_at == facts.last_seen_at == given.earliest
    assert facts.delivered_by == given.latest
    assert facts.phase is Phase.HANDED_OVER


def test_the_estimate_stands_for_the_freight_until_that_is_billed() -> None:
    """Duties are no freight."""
    known = of_one(costs=(cost("4.00", day(19), code="05"), cost("9.00", day(20))))

    before, after = (known.facts(day(n), commanded=Phase.COMPLETED) for n in (19, 20))

    assert (before.freight, before.billed) == (usd("12.50"), None)
    assert after.freight == after.billed == usd("9.00")


@pytest.mark.parametrize(
    "silent",
    [attrs.evolve(parcel(), weight=None), attrs.evolve(parcel(), contents=())],
    ids=["no weight", "no contents"],
)
def test_a_parcel_of_which_nothing_is_known_has_no_facts(silent: Parcel) -> None:
    """No policy could judge it."""
    known = attrs.evolve(of_one(), parcel=silent)

    with pytest.raises(InvalidValueError, match="'p-1' does not say what it is"):
        known.facts(day(9), commanded=Phase.DRAFT)


class TestFound:
    """What was lost is so as of an instant, until a later scan."""

    WORD = attrs.evolve(SILENCE, silence=None, declared_loss_suffices=True)
    LOST = scan(Milestone.ACCEPTED, day(5)), scan(Milestone.LOST, day(20))
    FOUND = scan(Milestone.TRANSIT_HUB, day(24))

    def lost(self, policy: CompensationPolicy, at: Instant, *scans: Scan) -> bool:
        """Tell whether a parcel counts as lost, by what is known of it at an instant."""
        facts = of_one(*scans).facts(at, commanded=Phase.HANDED_OVER)
        return is_presumed_lost(policy, facts, at)

    def test_a_later_scan_takes_the_carriers_word_back(self) -> None:
        """It moves on, and was lost between the two all the same, whenever that is asked."""
        known = (*self.LOST, self.FOUND)

        told = [self.lost(self.WORD, day(n), *known) for n in (19, 20, 23, 24, 60)]

        assert told == [False, True, True, False, False]
        assert self.lost(self.WORD, day(60), *self.LOST)

    def test_a_later_scan_begins_the_silence_anew(self) -> None:
        """Ten days of it count as a loss, from the end of the day of the last scan."""
        first, later = scan(Milestone.ACCEPTED, day(5)), scan(Milestone.IN_TRANSIT, day(17))

        told = [self.lost(SILENCE, day(n), first, later) for n in (15, 16, 17, 27, 28)]

        assert told == [False, True, False, False, True]

    def test_a_later_scan_that_is_no_delivery_status_does_not_end_a_silence_since_posting(
        self,
    ) -> None:
        """Such a policy waits for the delivery, or an attempt, and for nothing else."""
        since_posting = Term(Period(10, PeriodUnit.CALENDAR_DAYS), Since.POSTED)
        policy = attrs.evolve(SILENCE, silence=since_posting)
        first, tried = scan(Milestone.ACCEPTED, day(5)), scan(Milestone.ATTEMPT_FAILED, day(26))

        told = [self.lost(policy, day(n), first, self.FOUND, tried) for n in (15, 16, 24, 26)]

        assert told == [False, True, True, False]
