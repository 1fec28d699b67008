"""Movements: the parcels of a booking together.

What one phase follows from those of several parcels is told in `test_shipments`, by story; here it
is every pair.
"""

from itertools import product

import attrs
import pytest

from apaclogistics.fulfilment import Flag, Milestone, Phase
from apaclogistics.movements import Movement, contradiction
from apaclogistics.tracking import DiscrepancyKind, Scan
from apaclogistics.values.identifiers import ParcelId
from apaclogistics.values.instants import Moment, instant, moment
from tests.samples import booking, day, scan

# Written out: a shipment is no further than its least advanced parcel that moves; then comes the
# outcome that needs most attention.
MOST_TELLING = (
    "ACCEPTED",
    "EXPORT",
    "IN_TRANSIT",
    "CUSTOMS",
    "LAST_MILE",
    "OUT_FOR_DELIVERY",
    "AWAITING_COLLECTION",
    "ATTEMPT_FAILED",
    "RETURNING",
    "DAMAGED",
    "LOST",
    "DESTROYED",
    "RETURNED",
    "DELIVERED",
)
SHOWING = {
    "ACCEPTED": Milestone.ACCEPTED,
    "EXPORT": Milestone.EXPORT_PROCESSING,
    "IN_TRANSIT": Milestone.DEPARTED_ORIGIN,
    "CUSTOMS": Milestone.IMPORT_CUSTOMS,
    **{
        phase: Milestone[phase]
        for phase in MOST_TELLING
        if phase not in {"ACCEPTED", "EXPORT", "IN_TRANSIT", "CUSTOMS"}
    },
}


def movement(*scans: Scan, parcels: int = 2) -> Movement:
    """Give the movement of parcels that were booked on the third."""
    names = tuple(ParcelId(f"p-{number}") for number in range(1, parcels + 1))
    return Movement(parcels=names, booking=booking(parcels=parcels), scans=scans)


@pytest.mark.parametrize(("one", "other"), list(product(MOST_TELLING, repeat=2)))
def test_of_two_parcels_the_more_telling_phase_counts(one: str, other: str) -> None:
    """Whichever of them is in it."""
    both = movement(scan(SHOWING[one], day(5), "N1"), scan(SHOWING[other], day(5), "N2"))

    assert both.phase is not None
    assert both.phase.name == min(one, other, key=MOST_TELLING.index)


@pytest.mark.parametrize("phase", MOST_TELLING)
def test_a_parcel_without_a_scan_counts_as_accepted(phase: str) -> None:
    """Once another has one."""
    assert movement(scan(SHOWING[phase], day(5))).phase is Phase.ACCEPTED


def test_nothing_is_attested_without_a_scan_that_shows_something() -> None:
    """Nor by strays, nor by what is older than the booking."""
    nothing = movement(
        scan(Milestone.REGISTERED, day(5)),
        scan(Milestone.DELIVERED, day(5), "N3"),
        scan(Milestone.DELIVERED, day(2)),
    )

    assert nothing.phase is None
    assert nothing.first_moving_scan is None
    assert (nothing.accepted_at, nothing.delivered_at) == (None, None)
    assert [it.number for it in nothing.strays] == ["N3"]
    assert [it.kind for it in nothing.discrepancies] == [DiscrepancyKind.OLDER_THAN_BOOKING]


def test_without_a_booking_all_scans_are_strays() -> None:
    """Nobody knows whose they are."""
    early = Movement(
        parcels=(ParcelId("p-1"),), booking=None, scans=(scan(Milestone.ACCEPTED, day(5)),)
    )

    assert early.phase is None
    assert early.strays == early.scans
    assert early.discrepancies == ()


def test_parcels_are_accepted_with_the_first_and_delivered_with_the_last() -> None:
    """And a flag on one of them is a flag."""
    both = movement(
        scan(Milestone.ACCEPTED, day(5), "N1"),
        scan(Milestone.CUSTOMS_HELD, day(6), "N1"),
        scan(Milestone.DELIVERED, day(7), "N2"),
    )
    done = movement(*both.scans, scan(Milestone.DELIVERED, day(9), "N1"))

    assert (both.accepted_at, both.delivered_at) == (day(5), None)
    assert both.flags == {Flag.HELD}
    assert (done.delivered_at, done.flags) == (day(9), frozenset())
    assert done.first_moving_scan == both.scans[0]
    assert list(both.proofs) == ["p-2"]
    assert both.proofs[ParcelId("p-2")].at == Moment(day(7))


def test_a_retraction_belongs_where_the_scan_belongs() -> None:
    """Under whatever number it is reported itself."""
    accepted = scan(Milestone.ACCEPTED, day(5))
    back = scan(None, day(6), "N9", voids=accepted.key)

    assert movement(accepted, back).strays == ()
    assert movement(accepted, back).phase is None
    assert movement(accepted, back).scans_of(ParcelId("p-1")) == (accepted, back)


def test_a_contradiction_names_the_scan() -> None:
    """By its milestone and its time; the feed's text, in which people are named, is not shown."""
    report = attrs.evolve(scan(Milestone.ACCEPTED, day(5)), code="taken by Dorothea")
    found = contradiction(DiscrepancyKind.MOVES_THOUGH_CANCELLED, report)
    unknown = contradiction(DiscrepancyKind.OLDER_THAN_BOOKING, scan(None, day(5)))

    assert found.text == "moves though cancelled: accepted at 2026-03-05T09:00:00Z"
    assert unknown.text == "older than the booking: unknown code at 2026-03-05T09:00:00Z"


def test_of_inexact_deliveries_the_last_is_the_one_that_can_be_latest() -> None:
    """Though another sorts after it."""
    local = attrs.evolve(scan(Milestone.DELIVERED, day(8), "N1"), at=moment("2026-03-08T09:00:00"))
    exact = scan(Milestone.DELIVERED, instant("2026-03-08T10:00:00Z"), "N2")

    done = movement(local, exact)

    assert local.at < exact.at
    assert done.delivered == local.at
    assert done.delivered_at == instant("2026-03-08T21:00:00Z")


def test_of_inexact_acceptances_the_first_is_the_one_that_can_be_earliest() -> None:
    """The carrier surely has a parcel once that is over."""
    local = attrs.evolve(scan(Milestone.ACCEPTED, day(8), "N1"), at=moment("2026-03-08T09:00:00"))
    exact = scan(Milestone.ACCEPTED, instant("2026-03-08T10:00:00Z"), "N2")

    begun = movement(local, exact)

    assert begun.accepted == local.at
    assert begun.accepted_at == instant("2026-03-08T21:00:00Z")
