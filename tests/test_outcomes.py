"""Outcomes: what has become of what a claim is about, since it was filed."""

from datetime import timedelta
from typing import Final

import attrs
import pytest

from apaclogistics.claims import Claim, ClaimAction, Demand
from apaclogistics.compensation import ClaimKind
from apaclogistics.costs import CostType
from apaclogistics.fulfilment import Milestone
from apaclogistics.outcomes import Outcome, outcome
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Scan
from apaclogistics.values.identifiers import ClaimId, ParcelId, ShipmentId
from apaclogistics.values.instants import Instant, Moment, instant
from tests.samples import (
    BUYER,
    CARRIER,
    LOSS,
    PARTIES,
    PLATFORM,
    SELLER,
    assessment,
    consignment,
    cost,
    day,
    facts,
    handed_over,
    scan,
    usd,
)

FILED: Final = day(10)
NOW: Final = day(20)
TICK: Final = timedelta(microseconds=1)


def claim(kind: ClaimKind = LOSS, *, parcel: ParcelId | None = None) -> Claim:
    """Claim for a parcel on the tenth, as the seller; its carriage is 5.00 USD by the rate card."""
    demand = Demand(
        id=ClaimId("c-1"),
        shipment=ShipmentId("sh-1"),
        parcel=parcel or consignment().parcels[0].id,
        kind=kind,
        claimant=SELLER,
        carrier=CARRIER,
        amount=usd("7.50"),
        facts=attrs.evolve(facts(), priced=usd("5.00")),
        assessment=assessment(),
    )
    return Claim.file(demand, parties=PARTIES, hindrances=(), by=SELLER, at=FILED)


def with_scans(*scans: Scan) -> Shipment:
    """Give a parcel that was accepted before it was claimed for, and what was scanned besides."""
    return handed_over().observe([scan(Milestone.ACCEPTED, day(5)), *scans])


def codes(found: Outcome) -> list[str]:
    """Give the codes of why nothing is due any more."""
    return [reason.code for reason in found.moot]


class TestLosses:
    """A lost parcel comes, comes back, or is seen somewhere."""

    def test_nothing_changes_by_itself(self) -> None:
        """Silence is what was claimed."""
        found = outcome(claim(), with_scans(), NOW)

        assert found == Outcome()
        assert not found.is_known

    @pytest.mark.parametrize("milestone", [Milestone.DELIVERED, Milestone.RETURNED])
    def test_an_arrival_ends_a_loss_whenever_it_was(self, milestone: Milestone) -> None:
        """A scan that comes late tells of an earlier day."""
        sooner, later = scan(milestone, day(9)), scan(milestone, day(11))

        for seen in (sooner, later):
            found = outcome(claim(), with_scans(seen), NOW)
            assert codes(found) == ["turned_up"]
            assert found.scans == (seen,)
            assert str(found.moot[0]) == f"parcel p-1 is not lost: it was {milestone.value}"

    def test_a_receipt_ends_a_loss(self) -> None:
        """The buyer's word is enough, without any scan."""
        received = with_scans().confirm_receipt(by=BUYER, at=day(12))

        found = outcome(claim(), received, NOW)

        assert codes(found) == ["turned_up"]
        assert found.scans == ()
        assert found.is_known

    @pytest.mark.parametrize("fate", [Milestone.LOST, Milestone.DESTROYED])
    def test_a_receipt_of_the_rest_ends_no_loss(self, fate: Milestone) -> None:
        """Of two parcels one came, and its buyer confirmed; of the other, they received nothing."""
        scans = [scan(Milestone.ACCEPTED, day(5)), scan(Milestone.DELIVERED, day(9), "N2")]
        confirmed = handed_over(parcels=2).observe(scans).confirm_receipt(by=BUYER, at=day(12))
        received = confirmed.observe([scan(fate, day(9))])
        first, second = (claim(parcel=ParcelId(id)) for id in ("p-1", "p-2"))

        found = outcome(first, received, NOW)

        assert found == Outcome()
        assert found.against(ClaimAction.RECOVER, CARRIER)[0].code == "not_known"
        assert str(outcome(second, received, NOW).moot[0]).endswith("delivered and received")
        assert codes(outcome(first, received, day(8))) == ["turned_up"]

    def test_a_return_that_went_on_ends_nothing(self) -> None:
        """The parcel was sent out again and lost before it was claimed for."""
        back = scan(Milestone.RETURNED, day(6))
        again = with_scans(back, scan(Milestone.ACCEPTED, day(7)), scan(Milestone.LOST, day(8)))

        assert outcome(claim(), again, NOW) == Outcome()

    @pytest.mark.parametrize("milestone", [Milestone.LOST, Milestone.DESTROYED, Milestone.STALE])
    def test_what_shows_it_nowhere_changes_nothing(self, milestone: Milestone) -> None:
        """It is still lost."""
        assert outcome(claim(), with_scans(scan(milestone, day(11))), NOW) == Outcome()

    def test_a_scan_since_shows_it_somewhere(self) -> None:
        """Surely since, and not in the future."""
        seen = scan(Milestone.LAST_MILE, day(11))
        before = scan(Milestone.LAST_MILE, FILED)
        unzoned = attrs.evolve(seen, at=Moment.read("2026-03-10T20:00:00"))

        assert outcome(claim(), with_scans(seen), NOW) == Outcome(scans=(seen,))
        assert outcome(claim(), with_scans(seen), day(11)) == Outcome(scans=(seen,))
        assert outcome(claim(), with_scans(seen), instant(day(11) - TICK)) == Outcome()
        assert outcome(claim(), with_scans(before), NOW) == Outcome()
        assert outcome(claim(), with_scans(unzoned), NOW) == Outcome()

    def test_contents_do_not_come_with_their_parcel(self) -> None:
        """A delivery is where they were found to be missing."""
        delivered = with_scans(scan(Milestone.DELIVERED, day(11)))

        assert outcome(claim(ClaimKind.MISSING_CONTENTS), delivered, NOW) == Outcome()

    def test_a_parcel_that_is_not_there_is_not_known(self) -> None:
        """A claim may be read with another shipment."""
        delivered = with_scans(scan(Milestone.DELIVERED, day(11)))

        assert outcome(claim(parcel=ParcelId("p-9")), delivered, NOW) == Outcome()


def charged(*amounts: str, at: Instant = FILED) -> Shipment:
    """Give a shipment that was billed so much, in one row a day from an instant on."""
    rows = [
        cost(amount, instant(at + timedelta(days=number))) for number, amount in enumerate(amounts)
    ]
    return handed_over().charge(rows, by=CARRIER, at=NOW)


class TestBills:
    """What is claimed back of a bill is credited."""

    @pytest.mark.parametrize(
        ("kind", "rest"), [(ClaimKind.OVERCHARGE, "5.00"), (ClaimKind.FAILED_PICK_UP, "0.00")]
    )
    def test_a_credit_of_all_that_was_too_much_ends_it(self, kind: ClaimKind, rest: str) -> None:
        """A cent less does not; and it counts from when it is billed."""
        credit = usd(rest) - usd("12.50")
        enough = charged("12.50", str(credit).split()[0])
        short = charged("12.50", str(credit + usd("0.01")).split()[0])

        assert codes(outcome(claim(kind), enough, NOW)) == ["credited"]
        assert outcome(claim(kind), short, NOW) == Outcome()
        assert outcome(claim(kind), enough, FILED) == Outcome()

    def test_what_was_billed_twice_and_given_back_counts_once(self) -> None:
        """Under a type of its own."""
        again = cost("-7.50", day(11))
        back = attrs.evolve(again, code="07", kind=CostType.DUPLICATION_COMPENSATION)
        shipment = charged("12.50").charge([back], by=CARRIER, at=NOW)

        assert codes(outcome(claim(ClaimKind.OVERCHARGE), shipment, NOW)) == ["credited"]

    def test_without_a_price_or_a_bill_nobody_can_tell(self) -> None:
        """Nor in another currency."""
        over = claim(ClaimKind.OVERCHARGE)
        unpriced = attrs.evolve(over, demand=attrs.evolve(over.demand, facts=facts()))
        in_yen = handed_over().charge([cost("5", day(11), currency="JPY")], by=CARRIER, at=NOW)

        assert outcome(unpriced, charged("1.00"), NOW) == Outcome()
        assert outcome(over, handed_over(), NOW) == Outcome()
        assert outcome(over, in_yen, NOW) == Outcome()


class TestSteps:
    """Which steps an outcome stands in the way of."""

    def test_what_is_moot_is_neither_agreed_on_nor_paid(self) -> None:
        """Everything else may be done."""
        moot = outcome(claim(), with_scans(scan(Milestone.DELIVERED, day(11))), NOW)

        barred = {act for act in ClaimAction if moot.against(act, PLATFORM)}

        assert barred == {ClaimAction.ACCEPT, ClaimAction.DECIDE_FOR, ClaimAction.SETTLE}
        assert moot.against(ClaimAction.RECOVER, CARRIER) == ()

    def test_a_carrier_takes_back_what_a_fact_shows(self) -> None:
        """And the platform for what it knows otherwise."""
        nothing, seen = Outcome(), Outcome(scans=(scan(Milestone.LAST_MILE, day(11)),))

        assert [it.code for it in nothing.against(ClaimAction.RECOVER, CARRIER)] == ["not_known"]
        assert nothing.against(ClaimAction.RECOVER, PLATFORM) == ()
        assert seen.against(ClaimAction.RECOVER, CARRIER) == ()
        assert seen.against(ClaimAction.SETTLE, CARRIER) == ()

    def test_what_is_allowed_leaves_out_what_it_stands_in_the_way_of(self) -> None:
        """Of an offer that holds."""
        offered = claim().acknowledge(by=CARRIER, at=day(11))
        agreed = offered.escalate("no answer", by=SELLER, at=day(11))
        moot = outcome(agreed, with_scans(scan(Milestone.DELIVERED, day(11))), NOW)

        assert list(moot.allowed(agreed, PLATFORM, NOW)) == [ClaimAction.DECIDE_AGAINST]
        assert list(Outcome().allowed(agreed, PLATFORM, NOW)) == [
            ClaimAction.DECIDE_FOR,
            ClaimAction.DECIDE_AGAINST,
        ]
