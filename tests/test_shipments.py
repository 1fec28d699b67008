"""Shipments: a consignment of parcels and its movement, from draft to receipt.

What facts are expected after which phase is written out in `test_fulfilment`.
"""

from collections.abc import Callable
from datetime import time, timedelta

import attrs
import pytest

from apaclogistics.consignments import (
    ConsignmentKind,
    ConsignmentPreference,
    Label,
    Parcel,
    PickUpWindow,
)
from apaclogistics.costs import ActualCost
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError, Reason
from apaclogistics.fulfilment import FULFILMENT as TABLE
from apaclogistics.fulfilment import Flag, Milestone, Phase
from apaclogistics.handovers import HandoverEntry
from apaclogistics.ledger import PostingKind
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    RefusedError,
)
from apaclogistics.measurements import Measured
from apaclogistics.promises import Promise
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import DiscrepancyKind
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import (
    IdempotencyKey,
    OrderId,
    ParcelId,
    QuoteId,
    ShipmentId,
    tracking_number,
)
from apaclogistics.values.instants import Instant, Moment, Window, instant, moment
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.quantities import Weight
from tests.samples import (
    BUYER,
    CARRIER,
    PARTIES,
    PATIENCE,
    PLATFORM,
    SELLER,
    STRANGERS,
    adoption,
    altered,
    booked,
    booking,
    confirmed,
    consignment,
    cost,
    day,
    drafted,
    handed_over,
    labels,
    parcel,
    party,
    scan,
    seen,
    usd,
    weighed,
)
from tests.tables import Verbs, announce, changed, expected, outcomes, rows_of, written

ROWS = written("""
    DRAFT                book             BOOKED       SP
    DRAFT                adopt            HANDED_OVER  SP
    BOOKED               confirm          CONFIRMED    SP
    CONFIRMED            hand_over        HANDED_OVER  SC
    DRAFT                cancel           CANCELLED    SP
    BOOKED               cancel           CANCELLED    SP
    CONFIRMED            cancel           CANCELLED    SP
    HANDED_OVER          cancel           CANCELLED    SP
    HANDED_OVER          confirm_receipt  COMPLETED    B
    ACCEPTED             confirm_receipt  COMPLETED    B
    EXPORT               confirm_receipt  COMPLETED    B
    IN_TRANSIT           confirm_receipt  COMPLETED    B
    CUSTOMS              confirm_receipt  COMPLETED    B
    LAST_MILE            confirm_receipt  COMPLETED    B
    OUT_FOR_DELIVERY     confirm_receipt  COMPLETED    B
    AWAITING_COLLECTION  confirm_receipt  COMPLETED    B
    ATTEMPT_FAILED       confirm_receipt  COMPLETED    B
    DELIVERED            confirm_receipt  COMPLETED    B
    DAMAGED              confirm_receipt  COMPLETED    B
    LOST                 confirm_receipt  COMPLETED    B
    RETURNING            confirm_receipt  COMPLETED    B
    DELIVERED            complete         COMPLETED    P
    HANDED_OVER          close            CLOSED       P
    ACCEPTED             close            CLOSED       P
    EXPORT               close            CLOSED       P
    IN_TRANSIT           close            CLOSED       P
    CUSTOMS              close            CLOSED       P
    LAST_MILE            close            CLOSED       P
    OUT_FOR_DELIVERY     close            CLOSED       P
    AWAITING_COLLECTION  close            CLOSED       P
    ATTEMPT_FAILED       close            CLOSED       P
    RETURNING            close            CLOSED       P
    RETURNED             close            CLOSED       P
    LOST                 close            CLOSED       P
    DAMAGED              close            CLOSED       P
    DESTROYED            close            CLOSED       P
""")


def scanned(*milestones: Milestone) -> Shipment:
    """Give a shipment that was accepted, and scanned once a day since."""
    return seen(handed_over(), Milestone.ACCEPTED, *milestones)


THINGS = {
    "DRAFT": drafted(),
    "BOOKED": booked(),
    "CONFIRMED": confirmed(),
    "HANDED_OVER": handed_over(),
    "ACCEPTED": scanned(),
    "EXPORT": scanned(Milestone.EXPORT_PROCESSING),
    "IN_TRANSIT": scanned(Milestone.DEPARTED_ORIGIN),
    "CUSTOMS": scanned(Milestone.IMPORT_CUSTOMS),
    "LAST_MILE": scanned(Milestone.LAST_MILE),
    "OUT_FOR_DELIVERY": scanned(Milestone.OUT_FOR_DELIVERY),
    "AWAITING_COLLECTION": scanned(Milestone.AWAITING_COLLECTION),
    "ATTEMPT_FAILED": scanned(Milestone.ATTEMPT_FAILED),
    "DELIVERED": scanned(Milestone.DELIVERED),
    "RETURNING": scanned(Milestone.RETURNING),
    "RETURNED": scanned(Milestone.RETURNED),
    "DAMAGED": scanned(Milestone.DAMAGED),
    "LOST": scanned(Milestone.LOST),
    "DESTROYED": scanned(Milestone.DESTROYED),
    "COMPLETED": scanned(Milestone.DELIVERED).confirm_receipt(by=BUYER, at=day(7)),
    "CLOSED": scanned(Milestone.LOST).close("lost", by=PLATFORM, at=day(7)),
    "CANCELLED": confirmed().cancel(by=SELLER, at=day(4)),
}

VERBS: Verbs[Shipment] = {
    "book": lambda it, by: it.book(booking(), hindrances=(), by=by, at=day(30)),
    "adopt": lambda it, by: it.adopt(adoption(), by=by, at=day(30)),
    "confirm": lambda it, by: it.confirm(available=usd("100.00"), by=by, at=day(30)),
    "hand_over": lambda it, by: it.hand_over(by=by, at=day(30)),
    "cancel": lambda it, by: it.cancel(by=by, at=day(30)),
    "confirm_receipt": lambda it, by: it.confirm_receipt(by=by, at=day(30)),
    "complete": lambda it, by: it.complete(by=by, at=day(30), patience=PATIENCE),
    "close": lambda it, by: it.close("nobody will come", by=by, at=day(30)),
}


def postings_of(shipment: Shipment) -> list[tuple[PostingKind, Money]]:
    """Give what the shipment's steps have moved."""
    return [(it.kind, it.amount) for step in shipment.history for it in step.postings]


def kinds(shipment: Shipment) -> list[DiscrepancyKind]:
    """Give in what way facts contradict each other or what was commanded."""
    return [discrepancy.kind for discrepancy in shipment.discrepancies]


def test_the_table_is_as_written_here() -> None:
    """A changed row of the table is a changed line of this file."""
    assert rows_of(TABLE) == ROWS


def test_no_row_can_change_without_being_noticed() -> None:
    """Leaving out or changing any one row makes the comparison fail."""
    variants = list(changed(rows_of(TABLE), THINGS))

    assert len(variants) == len(ROWS) * (1 + 20 + 4)
    assert [rows for rows in variants if rows == ROWS] == []


def test_every_action_in_every_phase_is_judged_by_the_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Strangers of the right role are turned away everywhere, and what is refused changes nothing."""
    actors = (*PARTIES, *STRANGERS)
    # Nobody carries a draft.
    parties = {**dict.fromkeys(THINGS, PARTIES), "DRAFT": (SELLER, BUYER, PLATFORM)}

    found = outcomes(THINGS, VERBS, actors)

    assert {phase: thing.phase.name for phase, thing in THINGS.items()} == {it: it for it in THINGS}
    assert found == expected(ROWS, THINGS, VERBS, actors, parties=parties)
    announce(capsys, "shipment", THINGS, VERBS)


class TestPhase:
    """The phase follows from what was commanded and what was seen."""

    def test_scans_speak_louder_than_commands(self) -> None:
        """What is attested stands before what was commanded."""
        shipment = scanned(Milestone.OUT_FOR_DELIVERY)

        assert shipment.commanded is Phase.HANDED_OVER
        assert shipment.phase is shipment.state is Phase.OUT_FOR_DELIVERY

    def test_a_label_alone_moves_nothing(self) -> None:
        """Registered, or in a code that nobody knows, is not accepted."""
        shipment = booked().observe([scan(Milestone.REGISTERED, day(3)), scan(None, day(4))])

        assert shipment.phase is Phase.BOOKED
        assert shipment.accepted_at is None

    @pytest.mark.parametrize("state", ["COMPLETED", "CLOSED"])
    def test_a_shipment_that_was_ended_stays_ended(self, state: str) -> None:
        """Later scans are kept, and the end stands."""
        shipment = THINGS[state].observe([scan(Milestone.RETURNING, day(30))])

        assert shipment.phase is Phase[state]
        assert shipment.scans[-1].milestone is Milestone.RETURNING

    def test_a_retracted_scan_gives_the_commanded_phase_back(self) -> None:
        """A retraction is another fact, and the shipment can be cancelled again."""
        accepted = scan(Milestone.ACCEPTED, day(5))
        shipment = handed_over().observe([accepted])

        retracted = shipment.observe([scan(Milestone.ACCEPTED, day(6), voids=accepted.key)])

        assert retracted.phase is Phase.HANDED_OVER
        assert retracted.cancel(by=SELLER, at=day(7)).phase is Phase.CANCELLED

    def test_flags_stand_beside_the_phase(self) -> None:
        """Held at customs is customs, and held."""
        shipment = scanned(Milestone.CUSTOMS_HELD)

        assert shipment.phase is Phase.CUSTOMS
        assert shipment.flags == {Flag.HELD}

    def test_observing_is_the_same_in_any_order_and_number(self) -> None:
        """Twice, late, shuffled: the shipment is the same."""
        first, second = scan(Milestone.ACCEPTED, day(5)), scan(Milestone.DELIVERED, day(9))

        at_once = handed_over().observe([first, second])
        in_bits = handed_over().observe([second]).observe([first]).observe([second, first])

        assert in_bits == at_once


class TestParcels:
    """A shipment of several parcels."""

    def test_the_least_advanced_parcel_that_still_moves_counts(self) -> None:
        """One is delivered, one is at customs, one is on its last mile."""
        shipment = seen(handed_over(parcels=3), Milestone.DELIVERED, number="N1")

        shipment = seen(shipment, Milestone.IMPORT_CUSTOMS, number="N2")
        shipment = seen(shipment, Milestone.LAST_MILE, number="N3")

        assert shipment.phase is Phase.CUSTOMS
        assert shipment.delivered_at is None

    def test_a_parcel_without_a_scan_counts_as_accepted_once_another_is(self) -> None:
        """The carrier has them all."""
        shipment = seen(handed_over(parcels=2), Milestone.DELIVERED)

        assert shipment.phase is Phase.ACCEPTED

    @pytest.mark.parametrize("milestone", [Milestone.RETURNING, Milestone.DAMAGED])
    def test_a_parcel_in_trouble_still_moves(self, milestone: Milestone) -> None:
        """It has not ended, so the shipment has not."""
        shipment = seen(handed_over(parcels=2), Milestone.DELIVERED, number="N1")

        shipment = seen(shipment, milestone, number="N2")

        assert shipment.phase.name == milestone.name

    @pytest.mark.parametrize(
        ("one", "other", "phase"),
        [
            (Milestone.DELIVERED, Milestone.DELIVERED, Phase.DELIVERED),
            (Milestone.DELIVERED, Milestone.RETURNED, Phase.RETURNED),
            (Milestone.RETURNED, Milestone.DESTROYED, Phase.DESTROYED),
            (Milestone.DESTROYED, Milestone.LOST, Phase.LOST),
            (Milestone.LOST, Milestone.DELIVERED, Phase.LOST),
        ],
    )
    def test_of_mixed_outcomes_the_one_that_needs_most_attention_shows(
        self, one: Milestone, other: Milestone, phase: Phase
    ) -> None:
        """So a shipment is delivered only when all of it is; each parcel shows its own end."""
        shipment = seen(handed_over(parcels=2), one, number="N1")

        shipment = seen(shipment, other, number="N2")

        ends = [tracking.phase for tracking in shipment.trackings.values()]
        assert shipment.phase is phase
        assert ends == [Phase[one.name], Phase[other.name]]

    def test_a_shipment_is_delivered_with_its_last_parcel(self) -> None:
        """And accepted with its first."""
        shipment = seen(
            handed_over(parcels=2), Milestone.ACCEPTED, Milestone.DELIVERED, number="N1"
        )

        shipment = shipment.observe(
            [scan(Milestone.ACCEPTED, day(6), "N2"), scan(Milestone.DELIVERED, day(8), "N2")]
        )

        assert shipment.accepted_at == day(5)
        assert shipment.delivered_at == day(8)

    def test_each_delivered_parcel_has_its_proof(self) -> None:
        """One that was not delivered has none."""
        shipment = seen(handed_over(parcels=2), Milestone.ACCEPTED, number="N2")
        signed = attrs.evolve(scan(Milestone.DELIVERED, day(8)), recipient="Chan", is_signed=True)

        shipment = shipment.observe([scan(Milestone.DELIVERED, day(7)), signed])

        assert list(shipment.proofs) == ["p-1"]
        proof = shipment.proofs[ParcelId("p-1")]
        assert (proof.at, proof.number, proof.is_signed) == (Moment(day(8)), "N1", True)
        assert "Chan" not in repr(shipment.proofs)

    def test_a_parcel_with_two_numbers_is_one_parcel(self) -> None:
        """The carrier of the last mile has its own number."""
        both = Label(ParcelId("p-1"), (tracking_number("N1"), tracking_number("LM9")))
        shipment = drafted().book(
            attrs.evolve(booking(), labels=(both,)), hindrances=(), by=SELLER, at=day(3)
        )

        shipment = seen(shipment, Milestone.DEPARTED_ORIGIN, number="N1").observe(
            [scan(Milestone.DELIVERED, day(9), "lm9")]
        )

        assert shipment.booking is not None
        assert shipment.phase is Phase.DELIVERED
        assert shipment.numbers == shipment.booking.numbers_of(ParcelId("p-1"))
        assert shipment.booking.numbers_of(ParcelId("p-2")) == frozenset()

    def test_a_scan_of_another_number_is_kept_as_a_stray(self) -> None:
        """Also one whose number no label could show, and all before there is a booking."""
        stray, none = scan(Milestone.DELIVERED, day(5), "N2"), scan(None, day(6), "")

        shipment = handed_over().observe([stray, none])
        early = drafted().observe([scan(Milestone.DELIVERED, day(5))])

        assert shipment.strays == (stray, none)
        assert shipment.phase is Phase.HANDED_OVER
        assert len(early.strays) == 1
        assert early.numbers == frozenset()


def test_times_are_told_as_exactly_as_they_were_reported() -> None:
    """And as instants by which it had surely been, since a local time may be any of a day."""
    came, went = moment("2026-03-05T09:00:00"), moment("2026-03-09T09:00:00")
    shipment = handed_over().observe(
        [
            attrs.evolve(scan(Milestone.ACCEPTED, day(5)), at=came),
            attrs.evolve(scan(Milestone.DELIVERED, day(9)), at=went),
        ]
    )

    assert (shipment.accepted, shipment.delivered) == (came, went)
    assert (shipment.accepted_at, shipment.delivered_at) == (came.latest, went.latest)


class TestHold:
    """Money is held once, and captured or released once."""

    def test_confirming_holds_the_estimated_cost(self) -> None:
        """Booking alone moves no money."""
        assert postings_of(booked()) == []
        assert postings_of(confirmed()) == [(PostingKind.HOLD, usd("12.50"))]
        assert confirmed().held == usd("12.50")

    def test_confirming_takes_enough_funds(self) -> None:
        """Exactly enough is enough."""
        with pytest.raises(RefusedError) as refusal:
            booked().confirm(available=usd("12.49"), by=SELLER, at=day(3))

        assert [reason.code for reason in refusal.value.reasons] == ["not_enough_funds"]
        assert "12.49 USD are available and 12.50 USD are needed" in str(refusal.value)
        assert booked().confirm(available=usd("12.50"), by=SELLER, at=day(3)).held == usd("12.50")

    @pytest.mark.parametrize("shipment", [confirmed(), handed_over()])
    def test_cancelling_releases_what_is_held(self, shipment: Shipment) -> None:
        """The carrier never had a parcel."""
        cancelled = shipment.cancel(by=SELLER, at=day(5))

        assert cancelled.held is None
        assert postings_of(cancelled)[1:] == [(PostingKind.RELEASE, usd("12.50"))]

    @pytest.mark.parametrize("shipment", [drafted(), booked()])
    def test_cancelling_releases_nothing_that_was_not_held(self, shipment: Shipment) -> None:
        """Before the confirmation there is no hold."""
        assert postings_of(shipment.cancel(by=SELLER, at=day(5))) == []

    @pytest.mark.parametrize("shipment", [handed_over(), scanned(Milestone.DELIVERED)])
    def test_receipt_pays_the_carrier(self, shipment: Shipment) -> None:
        """Also of a parcel without tracking, which never gets a delivered scan."""
        received = shipment.confirm_receipt(by=BUYER, at=day(9))

        assert received.held is None
        assert postings_of(received)[1:] == [(PostingKind.CAPTURE, usd("12.50"))]

    def test_closing_pays_a_carrier_who_had_a_parcel(self) -> None:
        """It was carried, if not to the end."""
        closed = scanned(Milestone.RETURNED).close("came back", by=PLATFORM, at=day(9))

        assert postings_of(closed)[1:] == [(PostingKind.CAPTURE, usd("12.50"))]

    def test_closing_releases_what_a_carrier_never_had(self) -> None:
        """It was handed over, and never seen."""
        closed = handed_over().close("never scanned", by=PLATFORM, at=day(40))

        assert postings_of(closed)[1:] == [(PostingKind.RELEASE, usd("12.50"))]

    def test_a_hold_that_was_released_is_not_captured_later(self) -> None:
        """A cancelled shipment that moves all the same has nothing left to capture."""
        moving = seen(confirmed().cancel(by=SELLER, at=day(4)), Milestone.DELIVERED)

        received = moving.confirm_receipt(by=BUYER, at=day(9))

        assert [kind for kind, _ in postings_of(received)] == [
            PostingKind.HOLD,
            PostingKind.RELEASE,
        ]


class TestMeasurements:
    """What the carrier weighs is a fact, like a scan."""

    def test_a_parcel_weighs_what_was_weighed_last(self) -> None:
        """In any order, number and batching."""
        first, second = weighed(930, day(5)), weighed(870, day(6))

        at_once = handed_over().measure([first, second])
        in_bits = handed_over().measure([second]).measure([first]).measure([second, first])

        assert in_bits == at_once
        assert at_once.measured == {"p-1": Measured(weight=Weight(870))}

    def test_each_parcel_is_weighed_by_itself(self) -> None:
        """And what is weighed under another number, or before the booking, is none of them."""
        shipment = handed_over(parcels=2).measure(
            [weighed(930, day(5), number="N2"), weighed(1, day(5), number="N3"), weighed(2, day(2))]
        )

        assert shipment.measured == {"p-1": Measured(), "p-2": Measured(weight=Weight(930))}
        assert len(shipment.measurements) == 3

    def test_what_was_promised_is_with_the_consignment_else_with_the_booking(self) -> None:
        """And nothing was before it is booked."""
        first, second = (Promise(ship_by=day(4), window=Window(day(5), day(d))) for d in (6, 7))
        told = attrs.evolve(consignment(), promise=first)
        made = attrs.evolve(booking(), promise=second)

        def taken(draft: Shipment) -> Shipment:
            return draft.book(made, hindrances=(), by=SELLER, at=day(3))

        assert drafted().promise is None
        assert taken(drafted()).promise == second
        assert taken(Shipment.draft(told, by=SELLER, at=day(3))).promise == first

    def test_a_weighing_is_taken_in_whatever_the_phase(self) -> None:
        """It happened; the phase is as it was."""
        for phase, shipment in THINGS.items():
            measured = shipment.measure([weighed(930, day(5))])

            assert measured.phase.name == phase
            assert measured.history == shipment.history

    def test_what_is_handed_over_weighs_what_was_measured(self) -> None:
        """Else what was declared."""
        shipment = confirmed(parcels=2).measure([weighed(930, day(3, 12))])

        assert [line.weight for line in shipment.entry.lines] == [Weight(930), Weight(800)]
        assert shipment.entry == HandoverEntry(
            shipment=ShipmentId("sh-1"),
            seller=SELLER,
            carrier=CARRIER,
            phase=Phase.CONFIRMED,
            lines=shipment.entry.lines,
        )
        assert drafted().entry.lines == ()
        assert drafted().entry.carrier is None


class TestCharging:
    """Once rows are known, exactly what they add up to is paid."""

    USD, HKD = Currency("USD"), Currency("HKD")

    def charged(self, shipment: Shipment, *rows: ActualCost) -> Shipment:
        """Charge rows on the twentieth."""
        return shipment.charge(rows, by=CARRIER, at=day(20))

    def test_less_than_the_estimate_releases_the_rest(self) -> None:
        """At once, since the hold is used once."""
        shipment = self.charged(handed_over(), cost("10.00", day(19)))

        assert postings_of(shipment)[1:] == [
            (PostingKind.CAPTURE, usd("10.00")),
            (PostingKind.RELEASE, usd("2.50")),
        ]
        assert shipment.held is None
        assert shipment.paid == {self.USD: usd("10.00")}

    def test_more_than_the_estimate_is_taken_from_what_is_available(self) -> None:
        """The hold is used up first."""
        shipment = self.charged(handed_over(), cost("14.00", day(19)))

        assert postings_of(shipment)[1:] == [
            (PostingKind.CAPTURE, usd("12.50")),
            (PostingKind.ADJUSTMENT, usd("1.50")),
        ]

    def test_rows_after_the_settlement_adjust_the_estimate(self) -> None:
        """Up and down, and a credit gives back."""
        received = handed_over().confirm_receipt(by=BUYER, at=day(9))

        dearer = self.charged(received, cost("14.00", day(19)))
        back = self.charged(dearer, cost("-14.00", day(20), code="07"))

        assert received.paid == {self.USD: usd("12.50")}
        assert postings_of(dearer)[2:] == [(PostingKind.ADJUSTMENT, usd("1.50"))]
        assert dearer.phase is Phase.COMPLETED
        assert back.paid == {}

    def test_a_settlement_after_the_rows_moves_nothing(self) -> None:
        """What is due is paid already."""
        billed = self.charged(scanned(Milestone.DELIVERED), cost("14.00", day(19)))

        received = billed.confirm_receipt(by=BUYER, at=day(21))

        assert received.history[-1].postings == ()
        assert received.paid == {self.USD: usd("14.00")}

    def test_rows_in_another_currency_release_the_hold(self) -> None:
        """And are paid in their own; the estimate that was paid comes back."""
        row = cost("98.00", day(19), currency="HKD")
        received = handed_over().confirm_receipt(by=BUYER, at=day(9))

        before, after = self.charged(handed_over(), row), self.charged(received, row)

        assert dict(before.paid) == {self.HKD: Money.of("98.00", "HKD")}
        assert after.paid == before.paid

    def test_rows_before_the_confirmation_leave_nothing_to_hold(self) -> None:
        """What is billed is known better than what was estimated; no funds are needed for it."""
        billed = self.charged(booked(), cost("14.00", day(19)))

        shipment = billed.confirm(available=usd("0.00"), by=SELLER, at=day(21))

        assert shipment.phase is Phase.CONFIRMED
        assert shipment.held is None
        assert shipment.paid == {self.USD: usd("14.00")}

    def test_a_cancelled_shipment_may_be_billed(self) -> None:
        """For its cancellation; what was held is back already."""
        shipment = self.charged(THINGS["CANCELLED"], cost("1.00", day(19)))

        assert shipment.phase is Phase.CANCELLED
        assert postings_of(shipment)[1:] == [
            (PostingKind.RELEASE, usd("12.50")),
            (PostingKind.ADJUSTMENT, usd("1.00")),
        ]

    def test_a_billed_shipment_can_be_cancelled(self) -> None:
        """What was billed stays paid."""
        shipment = self.charged(confirmed(), cost("1.00", day(19))).cancel(by=SELLER, at=day(21))

        assert shipment.paid == {self.USD: usd("1.00")}

    def test_known_rows_give_the_same_shipment(self) -> None:
        """Also where they come with another row; each is paid once."""
        row, other = cost("10.00", day(19)), cost("1.00", day(19), code="06")
        once = self.charged(handed_over(), row)

        twice = self.charged(once, row, attrs.evolve(row, kind=None))
        more = self.charged(once, row, other, other)

        assert twice is once
        assert more.costs == (row, other)
        assert more.paid == {self.USD: usd("11.00")}

    def test_the_fullest_report_of_a_row_stays_whatever_the_order(self) -> None:
        """It is paid once, and a thin one that came first is no hindrance."""
        full = attrs.evolve(cost("10.00", day(19)), remark="a surcharge")
        thin = attrs.evolve(full, kind=None, remark="")

        thin_first = self.charged(self.charged(handed_over(), thin), full)
        full_first = self.charged(self.charged(handed_over(), full), thin)

        assert thin_first.costs == full_first.costs == (full,)
        assert thin_first.paid == full_first.paid == {self.USD: usd("10.00")}
        assert thin_first.history[-1].postings == ()

    def test_a_row_is_paid_once_however_its_number_is_written(self) -> None:
        """Carriers space it, and write it small."""
        row = cost("5.00", day(19))

        shipment = self.charged(self.charged(handed_over(), row), attrs.evolve(row, number="n 1"))

        assert shipment.paid == {self.USD: usd("5.00")}

    def test_rows_of_another_carrier_are_left_out(self) -> None:
        """Whoever bills for this number, the booking says whom the seller owes."""
        row = cost("5.00", day(19))

        shipment = self.charged(handed_over(), row, attrs.evolve(row, carrier="eDIS"))

        assert shipment.costs == (row,)
        assert shipment.paid == {self.USD: usd("5.00")}

    def test_what_cancels_out_is_not_paid_whatever_the_batches(self) -> None:
        """In one bill or in two."""
        rows = [
            cost("1.00", day(19), currency="HKD"),
            cost("-1.00", day(19), currency="HKD", code="07"),
        ]

        together = self.charged(handed_over(), *rows)
        apart = self.charged(self.charged(handed_over(), rows[0]), rows[1])

        assert together.paid == apart.paid == {}

    def test_rows_of_other_parcels_are_left_out(self) -> None:
        """Another number, or a number that was somebody else's when it was billed."""
        shipment = handed_over()

        assert self.charged(shipment, cost("9.00", day(19), number="N2")) is shipment
        assert self.charged(shipment, cost("9.00", day(2))) is shipment
        assert drafted().charge([cost("9.00", day(19))], by=PLATFORM, at=day(20)) == drafted()

    def test_charging_leaves_the_phase_alone(self) -> None:
        """In each of them."""
        for phase, shipment in THINGS.items():
            charged = shipment.charge([cost("9.00", day(30))], by=PLATFORM, at=day(30))

            assert charged.phase.name == phase
            assert charged.commanded is shipment.commanded

    @pytest.mark.parametrize("somebody", [SELLER, BUYER, *STRANGERS], ids=str)
    def test_carrier_and_platform_charge(self, somebody: Actor) -> None:
        """Nobody else does, not even what is known."""
        with pytest.raises(ActorNotPermittedError):
            handed_over().charge([cost("9.00", day(19))], by=somebody, at=day(20))
        with pytest.raises(ActorNotPermittedError):
            handed_over().charge([], by=somebody, at=day(20))


class TestContradictions:
    """Facts that contradict commands are recorded, and nothing is lost."""

    def test_accepted_before_confirmation(self) -> None:
        """The carrier has what was only booked."""
        shipment = seen(booked(), Milestone.ACCEPTED)

        assert shipment.phase is Phase.ACCEPTED
        assert kinds(shipment) == [DiscrepancyKind.ACCEPTED_BEFORE_CONFIRMATION]
        assert kinds(scanned()) == []

    def test_accepted_before_confirmation_stays_said_after_the_confirmation(self) -> None:
        """It is judged by the instants, not by the order in which they became known."""
        late = confirmed().observe([scan(Milestone.ACCEPTED, day(3, 10))])
        early = booked().confirm(available=usd("100.00"), by=SELLER, at=day(4))

        early = seen(early.observe([scan(Milestone.ACCEPTED, day(3, 10))]), Milestone.LAST_MILE)

        assert kinds(early) == [DiscrepancyKind.ACCEPTED_BEFORE_CONFIRMATION]
        assert kinds(late) == []

    def test_an_acceptance_at_a_local_time_is_surely_before_the_confirmation_or_not(self) -> None:
        """Nobody is blamed for what may have been after it."""
        local = attrs.evolve(scan(Milestone.ACCEPTED, day(5)), at=moment("2026-03-05T09:00:00"))

        def confirmed_at(at: Instant) -> Shipment:
            shipment = booked().confirm(available=usd("100.00"), by=SELLER, at=at)
            return shipment.observe([local])

        assert kinds(confirmed_at(local.at.latest)) == []
        assert kinds(confirmed_at(local.at.latest + timedelta(seconds=1))) == [
            DiscrepancyKind.ACCEPTED_BEFORE_CONFIRMATION
        ]

    def test_a_cancelled_shipment_that_moves_all_the_same(self) -> None:
        """The fact shows as the phase, and the contradiction beside it."""
        cancelled = booked().cancel(by=SELLER, at=day(4))

        shipment = seen(cancelled, Milestone.ACCEPTED)

        assert shipment.phase is Phase.ACCEPTED
        assert kinds(shipment) == [DiscrepancyKind.MOVES_THOUGH_CANCELLED]
        assert kinds(cancelled) == []

    def test_scans_older_than_the_booking_belong_to_another_parcel(self) -> None:
        """Numbers are used again."""
        old = scan(Milestone.DELIVERED, day(2))

        shipment = booked().observe([old])

        assert shipment.phase is Phase.BOOKED
        assert shipment.strays == ()
        assert [it.scan for it in shipment.discrepancies] == [old]
        assert kinds(shipment) == [DiscrepancyKind.OLDER_THAN_BOOKING]

    def test_a_scan_of_the_day_of_the_booking_may_be_its_own(self) -> None:
        """A day without a time is older only if all of it is; the very instant is not older."""
        accepted = scan(Milestone.ACCEPTED, day(3))
        same_day = attrs.evolve(accepted, at=Moment.read("2026-03-03"))

        assert booked().observe([same_day]).phase is Phase.ACCEPTED
        assert booked().observe([accepted]).phase is Phase.ACCEPTED

    def test_an_adopted_shipment_has_no_scan_that_is_too_old(self) -> None:
        """Nobody here knows when it was booked."""
        adopted = drafted().adopt(adoption(), by=SELLER, at=day(20))

        shipment = seen(adopted, Milestone.ACCEPTED, Milestone.DELIVERED)

        assert adopted.phase is Phase.HANDED_OVER
        assert shipment.phase is Phase.DELIVERED
        assert kinds(shipment) == []

    def test_contradictions_between_scans_are_told_as_well(self) -> None:
        """Delivered holds against a transit scan that is later by its clock."""
        shipment = scanned(Milestone.DELIVERED, Milestone.DEPARTED_ORIGIN)

        assert shipment.phase is Phase.DELIVERED
        assert kinds(shipment) == [DiscrepancyKind.AFTER_THE_END]


class TestCommands:
    """What the table allows and the data does not."""

    @pytest.mark.parametrize("milestone", [Milestone.ACCEPTED, Milestone.LOST])
    def test_a_shipment_with_a_live_acceptance_scan_cannot_be_cancelled(
        self, milestone: Milestone
    ) -> None:
        """Whatever was commanded before."""
        for shipment in (booked(), confirmed(), handed_over()):
            with pytest.raises(IllegalTransitionError):
                seen(shipment, milestone).cancel(by=SELLER, at=day(9))

    def test_a_shipment_is_completed_only_after_patience(self) -> None:
        """The buyer has until then to say that it has not come."""
        shipment = scanned(Milestone.DELIVERED)
        due = day(6) + PATIENCE

        with pytest.raises(
            RefusedError, match="until 7 d after 2026-03-06T09:00:00Z to confirm"
        ) as refusal:
            shipment.complete(by=PLATFORM, at=due - timedelta(seconds=1), patience=PATIENCE)

        completed = shipment.complete(by=PLATFORM, at=due, patience=PATIENCE)
        assert [reason.code for reason in refusal.value.reasons] == ["too_early"]
        assert completed.phase is Phase.COMPLETED
        assert postings_of(completed)[1:] == [(PostingKind.CAPTURE, usd("12.50"))]

    def test_patience_begins_when_a_local_delivery_is_surely_over(self) -> None:
        """The buyer, whose time it is, loses nothing of it."""
        local = attrs.evolve(scan(Milestone.DELIVERED, day(6)), at=moment("2026-03-06T09:00:00"))
        shipment = handed_over().observe([local])
        due = instant("2026-03-06T21:00:00Z") + PATIENCE

        with pytest.raises(RefusedError, match="until 7 d after 2026-03-06T21:00:00Z"):
            shipment.complete(by=PLATFORM, at=due - timedelta(seconds=1), patience=PATIENCE)

        completed = shipment.complete(by=PLATFORM, at=due, patience=PATIENCE)
        assert completed.phase is Phase.COMPLETED

    def test_patience_may_be_endless(self) -> None:
        """Whoever says so never completes in somebody's place."""
        shipment = scanned(Milestone.DELIVERED)

        with pytest.raises(RefusedError, match="the buyer has until"):
            shipment.complete(by=PLATFORM, at=day(9999), patience=timedelta.max)

    def test_hindrances_stand_in_the_way_of_a_booking(self) -> None:
        """The seller may not book now, or the quote is no good; both are told."""
        reasons = [Reason("quote_expired", "quote q-1 expired"), Reason("seller", "is SUSPENDED")]

        with pytest.raises(RefusedError) as booking_it:
            drafted().book(booking(), hindrances=reasons, by=SELLER, at=day(3))
        with pytest.raises(RefusedError) as asking:
            drafted().check_bookable(hindrances=reasons, by=SELLER, at=day(3))

        assert booking_it.value.reasons == asking.value.reasons == tuple(reasons)

    def test_a_carrier_is_asked_only_for_what_could_be_booked(self) -> None:
        """The same refusals as of the booking itself."""
        with pytest.raises(IllegalTransitionError):
            booked().check_bookable(hindrances=(), by=SELLER, at=day(3))
        with pytest.raises(ActorNotPermittedError):
            drafted().check_bookable(hindrances=(), by=BUYER, at=day(3))

        drafted().check_bookable(hindrances=(), by=SELLER, at=day(3))

    def test_a_booking_has_a_cost_and_an_instant(self) -> None:
        """A cent is a cost; only an adopted one has neither."""
        cheap = attrs.evolve(booking(), estimate=usd("0.01"))

        assert drafted().book(cheap, hindrances=(), by=SELLER, at=day(3)).phase is Phase.BOOKED
        for wrong in (
            attrs.evolve(booking(), estimate=None),
            attrs.evolve(booking(), estimate=usd("0.00")),
            attrs.evolve(booking(), issued_at=None),
        ):
            with pytest.raises(InvalidValueError, match="'HKPOST' is incomplete"):
                drafted().book(wrong, hindrances=(), by=SELLER, at=day(3))

    def test_an_adopted_booking_has_neither_cost_nor_instant(self) -> None:
        """Nothing is held for it, so nothing may look as if."""
        priced = attrs.evolve(booking(), service="e-Express", issued_at=None)
        dated = attrs.evolve(booking(), estimate=None)

        with pytest.raises(InvalidValueError, match="'e-Express' is not adopted"):
            drafted().adopt(priced, by=SELLER, at=day(3))
        with pytest.raises(InvalidValueError, match="'HKPOST' is not adopted"):
            drafted().adopt(dated, by=SELLER, at=day(3))

    @pytest.mark.parametrize("number", [1, 3])
    def test_a_booking_labels_every_parcel_once(self, number: int) -> None:
        """Not fewer, and not more."""
        with pytest.raises(InvalidValueError, match="one label for each of p-1, p-2"):
            drafted(parcels=2).book(booking(parcels=number), hindrances=(), by=SELLER, at=day(3))
        with pytest.raises(InvalidValueError, match="one label for each of p-1, p-2"):
            drafted(parcels=2).adopt(adoption(parcels=number), by=SELLER, at=day(3))

    def test_two_labels_do_not_make_up_for_a_parcel_without(self) -> None:
        """Each parcel has its own."""
        first = labels()[0]
        twice = attrs.evolve(booking(), labels=(first, first))

        with pytest.raises(InvalidValueError, match="do not fit the parcels"):
            drafted(parcels=2).book(twice, hindrances=(), by=SELLER, at=day(3))

    def test_no_command_goes_back_in_time(self) -> None:
        """A back-dated command would slip past a deadline."""
        with pytest.raises(RefusedError, match="before the last step") as refusal:
            handed_over().cancel(by=SELLER, at=day(3))

        assert [reason.code for reason in refusal.value.reasons] == ["back_dated"]


class TestOrderOfRefusals:
    """Whose thing it is comes before what is wrong with the data."""

    @pytest.mark.parametrize("stranger", STRANGERS, ids=str)
    def test_a_stranger_is_told_nothing_of_bad_data(self, stranger: Actor) -> None:
        """Neither of a booking nor of money in another currency."""
        with pytest.raises(ActorNotPermittedError):
            drafted().book(adoption(), hindrances=(), by=stranger, at=day(3))
        with pytest.raises(ActorNotPermittedError):
            drafted().adopt(booking(), by=stranger, at=day(3))
        with pytest.raises(ActorNotPermittedError):
            booked().confirm(available=Money.zero("HKD"), by=stranger, at=day(3))

    def test_what_has_no_row_is_told_before_bad_data(self) -> None:
        """And so is a role that may not."""
        with pytest.raises(IllegalTransitionError):
            booked().book(adoption(), hindrances=(), by=SELLER, at=day(3))
        with pytest.raises(IllegalTransitionError):
            booked().adopt(booking(), by=SELLER, at=day(3))
        with pytest.raises(IllegalTransitionError):
            drafted().confirm(available=Money.zero("HKD"), by=SELLER, at=day(3))
        with pytest.raises(ActorNotPermittedError):
            booked().confirm(available=Money.zero("HKD"), by=CARRIER, at=day(3))

    def test_money_that_cannot_be_compared_is_bad_data(self) -> None:
        """Of another currency, or none at all."""
        verb: Callable[..., object] = booked().confirm

        with pytest.raises(InvalidValueError, match="cannot be mixed"):
            verb(available=Money.zero("HKD"), by=SELLER, at=day(3))
        with pytest.raises(InvalidTypeError, match="available is given as int"):
            verb(available=100, by=SELLER, at=day(3))


class TestHandingOver:
    """Who hands parcels over depends on how they get to the carrier."""

    @pytest.mark.parametrize(
        ("kind", "allowed"),
        [
            ("PICK_UP", {CARRIER}),
            ("CN_POST_PICK_UP", {CARRIER}),
            ("DROP_OFF", {SELLER}),
            ("CN_POST_DROP_OFF", {SELLER}),
            ("HK_POST_DROP_OFF", {SELLER}),
            ("FORWARD_DEPLOYMENT", {SELLER, CARRIER}),
            ("RDC", {SELLER, CARRIER}),
        ],
    )
    def test_the_preference_says_who(self, kind: str, allowed: set[Actor]) -> None:
        """The seller at a drop-off, the carrier at a pick-up."""
        preference = ConsignmentPreference(
            name="mine",
            kind=ConsignmentKind(kind),
            collected_from=party(),
            window=PickUpWindow(time(14), time(16), "Asia/Hong_Kong"),
            site="HK-1",
        )
        begun = attrs.evolve(consignment(), preference=preference)
        shipment = (
            Shipment.draft(begun, by=SELLER, at=day(3))
            .book(booking(), hindrances=(), by=SELLER, at=day(3))
            .confirm(available=usd("100.00"), by=SELLER, at=day(3))
        )

        for actor in (SELLER, CARRIER):
            if actor in allowed:
                assert shipment.hand_over(by=actor, at=day(4)).phase is Phase.HANDED_OVER
            else:
                with pytest.raises(ActorNotPermittedError) as refusal:
                    shipment.hand_over(by=actor, at=day(4))
                assert refusal.value.is_party

    def test_cancelling_kills_the_numbers(self) -> None:
        """They are known still, for whatever is scanned of them."""
        cancelled = confirmed().cancel(by=SELLER, at=day(4))

        assert confirmed().live_numbers == confirmed().numbers == {tracking_number("N1")}
        assert cancelled.live_numbers == frozenset()
        assert cancelled.numbers == {tracking_number("N1")}


class TestReshipping:
    """A new draft that names the old shipment."""

    @pytest.mark.parametrize(
        "phase", ["LOST", "DESTROYED", "RETURNED", "DAMAGED", "CANCELLED", "CLOSED"]
    )
    def test_what_will_not_arrive_is_shipped_again(self, phase: str) -> None:
        """The same parcels to the same consignee, and the old shipment as it was."""
        again = THINGS[phase].reship(ShipmentId("sh-2"), limit=1, by=SELLER, at=day(30))

        assert again.phase is Phase.DRAFT
        assert again.id == "sh-2"
        assert again.consignment == attrs.evolve(
            consignment(),
            id=ShipmentId("sh-2"),
            replaces=ShipmentId("sh-1"),
            reshipments=1,
        )

    @pytest.mark.parametrize(
        "phase",
        sorted(set(THINGS) - {"LOST", "DESTROYED", "RETURNED", "DAMAGED", "CANCELLED", "CLOSED"}),
    )
    def test_what_may_still_arrive_is_not_shipped_again(self, phase: str) -> None:
        """The buyer would get it twice."""
        with pytest.raises(RefusedError, match=f"shipment sh-1 is {phase}") as refusal:
            THINGS[phase].reship(ShipmentId("sh-2"), limit=1, by=SELLER, at=day(30))

        assert [reason.code for reason in refusal.value.reasons] == ["may_still_arrive"]

    @pytest.mark.parametrize("somebody", [BUYER, CARRIER, *STRANGERS], ids=str)
    def test_seller_and_platform_ship_again(self, somebody: Actor) -> None:
        """Nobody else does."""
        with pytest.raises(ActorNotPermittedError):
            THINGS["LOST"].reship(ShipmentId("sh-2"), limit=1, by=somebody, at=day(30))

        again = THINGS["LOST"].reship(ShipmentId("sh-2"), limit=1, by=PLATFORM, at=day(30))
        assert again.consignment.replaces == "sh-1"

    def test_the_same_goods_are_shipped_again_so_often_only(self) -> None:
        """Each re-shipment counts those before it; beside it, every other reason is told."""
        again = THINGS["LOST"].reship(ShipmentId("sh-2"), limit=1, by=SELLER, at=day(30))
        cancelled = again.cancel(by=SELLER, at=day(31))

        with pytest.raises(RefusedError) as refusal:
            cancelled.reship(ShipmentId("sh-3"), limit=1, by=SELLER, at=day(32))
        with pytest.raises(RefusedError) as both:
            again.reship(ShipmentId("sh-3"), limit=1, by=SELLER, at=day(32))

        text = "the goods of shipment sh-2 were shipped again 1 time, and 1 are allowed"
        assert str(refusal.value.reasons[0]) == text
        assert [it.code for it in both.value.reasons] == ["may_still_arrive", "reship_limit"]
        third = cancelled.reship(ShipmentId("sh-3"), limit=2, by=SELLER, at=day(32))
        assert third.consignment.reshipments == 2


class TestFacts:
    """What is known of a parcel as of an instant, for a claim."""

    SHIPMENT = scanned(Milestone.ATTEMPT_FAILED, Milestone.DELIVERED)

    def test_facts_are_those_of_the_instant(self) -> None:
        """What was scanned later is not known yet."""
        early = self.SHIPMENT.facts(ParcelId("p-1"), day(6))
        late = self.SHIPMENT.facts(ParcelId("p-1"), day(7))

        assert (early.phase, late.phase) == (Phase.ATTEMPT_FAILED, Phase.DELIVERED)
        assert (early.delivered_at, late.delivered_at) == (None, day(7))
        assert early.attempted_at == late.attempted_at == day(6)
        assert early.posted_at == late.posted_at == day(5)

    def test_facts_blame_nobody_for_what_may_not_have_been(self) -> None:
        """A delivery that may be by now ends the silence, which is counted from the latest."""
        posted, given = moment("2026-03-05T09:00:00"), moment("2026-03-09T09:00:00")
        shipment = handed_over().observe(
            [
                attrs.evolve(scan(Milestone.ACCEPTED, day(5)), at=posted),
                attrs.evolve(scan(Milestone.DELIVERED, day(9)), at=given),
            ]
        )

        early, within, late = (
            shipment.facts(ParcelId("p-1"), at)
            for at in (given.earliest - timedelta(seconds=1), given.earliest, given.latest)
        )

        assert (early.posted_at, early.delivered_at) == (posted.latest, None)
        assert (within.phase, within.delivered_at) == (Phase.ACCEPTED, given.earliest)
        assert (late.phase, late.delivered_at) == (Phase.DELIVERED, given.earliest)
        assert early.last_seen_at == posted.latest
        assert (within.last_seen_at, late.last_seen_at) == (given.earliest, given.latest)

    def test_facts_do_not_take_for_past_what_may_be_to_come(self) -> None:
        """An acceptance of some time today is none yet, and a loss neither."""
        soon = moment("2026-03-09T09:00:00")
        shipment = handed_over().observe([attrs.evolve(scan(Milestone.LOST, day(9)), at=soon)])

        facts = shipment.facts(ParcelId("p-1"), soon.earliest)

        assert (facts.phase, facts.posted_at) == (Phase.HANDED_OVER, None)

    def test_facts_say_what_the_parcel_is(self) -> None:
        """Weight, declared value and destination."""
        facts = self.SHIPMENT.facts(ParcelId("p-1"), day(9))

        assert facts.weight == Weight(800)
        assert facts.declared == usd("20.00")
        assert facts.destination.code == "US"
        assert facts.at == day(9)

    def test_without_a_scan_the_commanded_phase_of_the_instant_counts(self) -> None:
        """Booked and confirmed on the third, handed over on the fourth."""
        before, after = (handed_over().facts(ParcelId("p-1"), day(n)) for n in (3, 4))

        assert (before.phase, after.phase) == (Phase.CONFIRMED, Phase.HANDED_OVER)
        assert after.posted_at is None

    def test_facts_say_when_the_parcel_was_seen_last_and_was_to_come(self) -> None:
        """Nothing of either where there is no scan and no promise."""
        seen, unseen = self.SHIPMENT, handed_over()

        assert seen.facts(ParcelId("p-1"), day(6)).last_seen_at == day(6)
        assert unseen.facts(ParcelId("p-1"), day(6)).last_seen_at is None
        assert seen.facts(ParcelId("p-1"), day(6)).promised_by == (
            seen.consignment.promise.window.latest if seen.consignment.promise else None
        )

    def test_what_was_billed_by_then_is_the_freight(self) -> None:
        """Before that the estimate is, if it is for this parcel alone; duties are something else."""
        rows = [cost("9.00", day(20)), cost("2.00", day(21), code="06")]
        duties = cost("4.00", day(22), code="05")
        shipment = self.SHIPMENT.charge([*rows, duties], by=CARRIER, at=day(22))

        before, half, whole = (shipment.facts(ParcelId("p-1"), day(n)) for n in (19, 20, 22))

        assert before.freight == self.SHIPMENT.booking.estimate if self.SHIPMENT.booking else False
        assert (before.billed, before.billed_at) == (None, None)
        assert half.freight == half.billed == usd("9.00")
        assert whole.freight == whole.billed == usd("11.00")
        assert (half.billed_at, whole.billed_at) == (day(20), day(22))

    def test_of_two_parcels_each_has_its_own_bill_and_no_estimate(self) -> None:
        """Since the estimate is for both."""
        shipment = handed_over(parcels=2).charge([cost("9.00", day(20))], by=CARRIER, at=day(20))

        first, second = (shipment.facts(ParcelId(id), day(20)) for id in ("p-1", "p-2"))

        assert first.freight == usd("9.00")
        assert (second.freight, second.billed) == (None, None)

    def test_the_price_by_the_rate_card_is_what_somebody_looked_up(self) -> None:
        """A shipment knows no rate card; a draft knows no freight at all."""
        known = drafted().facts(ParcelId("p-1"), day(9), priced=usd("8.00"))

        assert (known.priced, known.freight) == (usd("8.00"), None)

    def test_there_are_no_facts_of_a_parcel_that_is_not_there(self) -> None:
        """The shipment knows its parcels."""
        with pytest.raises(NotFoundError, match="no parcel is stored under 'p-9'"):
            self.SHIPMENT.facts(ParcelId("p-9"), day(9))

    def test_there_are_no_facts_of_a_parcel_that_says_nothing(self) -> None:
        """Without weight or contents no policy can judge it."""
        for piece in (
            attrs.evolve(parcel(), contents=()),
            attrs.evolve(parcel(), weight=None),
        ):
            begun = attrs.evolve(consignment(), parcels=(piece,))
            shipment = Shipment.draft(begun, by=SELLER, at=day(3))

            with pytest.raises(InvalidValueError, match="does not say what it is"):
                shipment.facts(piece.id, day(9))


class TestConsignment:
    """What begins a shipment."""

    @pytest.mark.parametrize("somebody", [BUYER, CARRIER, *STRANGERS], ids=str)
    def test_seller_and_platform_draft(self, somebody: Actor) -> None:
        """Nobody ships for another seller."""
        with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
            Shipment.draft(consignment(), by=somebody, at=day(3))

        assert Shipment.draft(consignment(), by=PLATFORM, at=day(3)).phase is Phase.DRAFT

    def test_parcels_have_different_names_and_there_is_one(self) -> None:
        """A parcel is found by its name."""
        for pieces, problem in (((), "are none"), ((parcel(), parcel()), "come twice")):
            with pytest.raises(InvalidValueError, match=problem):
                attrs.evolve(consignment(), parcels=pieces)

    def test_several_orders_may_travel_together_each_named_once(self) -> None:
        """A buyer's orders share a parcel."""
        together = attrs.evolve(consignment(), orders=(OrderId("o-1"), OrderId("o-2")))

        assert len(together.orders) == 2
        with pytest.raises(InvalidValueError, match="come twice"):
            attrs.evolve(together, orders=(OrderId("o-1"), OrderId("o-1")))

    def test_a_consignment_goes_from_a_seller_to_a_buyer(self) -> None:
        """Each in their own role."""
        with pytest.raises(InvalidValueError, match="in the wrong role"):
            attrs.evolve(consignment(), seller=BUYER)
        with pytest.raises(InvalidValueError, match="in the wrong role"):
            attrs.evolve(consignment(), buyer=CARRIER)

    def test_a_parcel_declares_in_one_currency(self) -> None:
        """Amounts of two currencies are not added."""
        yen = CustomsItem(description="case", quantity=1, value=Money(500, "JPY"))

        with pytest.raises(InvalidValueError, match="are in several currencies"):
            attrs.evolve(parcel(), contents=(*parcel().contents, yen))

    def test_a_parcel_that_declares_nothing_has_no_declared_value(self) -> None:
        """Which is not a value of zero."""
        assert Parcel(id=ParcelId("p-1")).declared is None
        assert parcel().declared == usd("20.00")

    def test_a_label_has_a_number(self) -> None:
        """Without one it labels nothing."""
        with pytest.raises(InvalidValueError, match="has no number"):
            Label(ParcelId("p-1"), ())

    def test_shipments_and_parcels_need_identifiers(self) -> None:
        """What no log could show is no identifier."""
        with pytest.raises(InvalidValueError):
            attrs.evolve(consignment(), id=ShipmentId(""))
        with pytest.raises(InvalidValueError):
            Parcel(id=ParcelId("p 1 "))

    def test_a_shipment_is_rebuilt_from_steps_and_scans(self) -> None:
        """Phase, booking and hold follow from the history and the facts alone."""
        for shipment in THINGS.values():
            assert Shipment.replay(shipment.history, shipment.scans) == shipment

    def test_a_history_that_does_not_begin_is_refused(self) -> None:
        """A shipment begins as a draft."""
        with pytest.raises(InvalidValueError, match="'book' is not how one begins"):
            Shipment.replay(booked().history[1:])


@pytest.mark.parametrize(
    "change",
    [
        {"reference": IdempotencyKey("key-1")},
        {"quote": QuoteId("q-1")},
        {"estimate": usd("1.00")},
        {"issued_at": day(3)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_was_booked_here_is_not_adopted(change: dict[str, object]) -> None:
    """Cancelling it would cancel somebody's booking with the carrier."""
    booking = altered(adoption(), **change)

    with pytest.raises(InvalidValueError, match="neither cost, instant, reference nor quote"):
        drafted().adopt(booking, by=SELLER, at=day(4))


@pytest.mark.parametrize(
    ("patience", "error"),
    [
        (timedelta(days=-1), InvalidValueError),
        ("a week", InvalidTypeError),
    ],
    ids=str,
)
def test_patience_is_a_span_of_time(patience: timedelta, error: type[Exception]) -> None:
    """Whoever is a stranger is told so first."""
    delivered = THINGS["DELIVERED"]

    with pytest.raises(error, match="patience"):
        delivered.complete(by=PLATFORM, at=day(30), patience=patience)
    with pytest.raises(ActorNotPermittedError):
        delivered.complete(by=STRANGERS[0], at=day(30), patience=patience)
