"""Tracking: whatever order scans come in, they tell one story of a parcel."""

import os
import pickle
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import attrs
import pytest

import apaclogistics
from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import MOVING, Flag, Milestone, Phase
from apaclogistics.incidents import Incident
from apaclogistics.tracking import (
    Discrepancy,
    DiscrepancyKind,
    Leg,
    ProofOfDelivery,
    Scan,
    Tracking,
    merge,
    track,
)
from apaclogistics.values.instants import Moment, instant
from apaclogistics.values.places import Place

M = Milestone


def scan(
    milestone: Milestone | None, at: str, code: str | None = None, place: Place | None = None
) -> Scan:
    """Make a scan of one parcel in March 2026: "2 09:00" is an instant, "2 local" a whole day."""
    day, _, clock = at.partition(" ")
    written = f"2026-03-{int(day):02d}" + ("" if clock == "local" else f"T{clock or '12:00'}Z")
    return Scan(
        carrier="HKPOST",
        number="RR473124829GB",
        code=code if code is not None else milestone.name if milestone else "?",
        at=Moment.read(written),
        place=place or Place(),
        milestone=milestone,
    )


def retraction(of: Scan, at: str) -> Scan:
    """Make the scan by which the carrier takes another back."""
    return attrs.evolve(scan(None, at, "VOID"), voids=of.key)


def kinds(tracking: Tracking) -> list[DiscrepancyKind]:
    """Give in what ways scans contradict each other."""
    return [discrepancy.kind for discrepancy in tracking.discrepancies]


ACCEPTED = scan(M.ACCEPTED, "2")
EXPORTED = scan(M.EXPORT_PROCESSING, "3")
DEPARTED = scan(M.DEPARTED_ORIGIN, "4")
ARRIVED = scan(M.ARRIVED_DESTINATION, "6")
CUSTOMS = scan(M.IMPORT_CUSTOMS, "7")
LAST_MILE = scan(M.LAST_MILE, "8")
OUT = scan(M.OUT_FOR_DELIVERY, "9 08:00")
DELIVERED = scan(M.DELIVERED, "9 15:00")
JOURNEY = (ACCEPTED, EXPORTED, DEPARTED, ARRIVED, CUSTOMS, LAST_MILE, OUT, DELIVERED)


def test_of_no_scan_nothing_is_known() -> None:
    """Not even that the carrier has the parcel."""
    assert track([]) == Tracking(None, frozenset(), None, (), (), ())
    assert track([]).delivered_at is None
    assert track([]).accepted_at is None
    assert track([]).last_scan is None


def test_a_label_is_no_acceptance() -> None:
    """That data were received says that somebody intends to send something."""
    tracking = track([scan(M.REGISTERED, "1")])

    assert tracking.phase is None
    assert tracking.legs == ()
    assert tracking.accepted_at is None
    assert [entry.phase for entry in tracking.timeline] == [None]


def test_a_smooth_journey_is_told_from_acceptance_to_delivery() -> None:
    """One leg, one phase after the other, nothing to discuss."""
    tracking = track(JOURNEY)

    assert [entry.phase for entry in tracking.timeline] == [
        Phase.ACCEPTED,
        Phase.EXPORT,
        Phase.IN_TRANSIT,
        Phase.IN_TRANSIT,
        Phase.CUSTOMS,
        Phase.LAST_MILE,
        Phase.OUT_FOR_DELIVERY,
        Phase.DELIVERED,
    ]
    assert tracking.phase is Phase.DELIVERED
    assert tracking.accepted_at == instant("2026-03-02T12:00:00Z")
    assert tracking.delivered_at == instant("2026-03-09T15:00:00Z")
    assert tracking.legs == (Leg(1, ACCEPTED.at, Phase.DELIVERED, DELIVERED.at),)
    assert tracking.last_scan is DELIVERED
    assert tracking.flags == frozenset()
    assert tracking.discrepancies == ()


def test_a_parcel_on_its_way_has_not_ended_its_leg() -> None:
    """Nobody knows when it will be delivered."""
    tracking = track(JOURNEY[:-1])

    assert tracking.legs == (Leg(1, ACCEPTED.at, Phase.OUT_FOR_DELIVERY, None),)
    assert tracking.delivered_at is None


def test_a_scan_that_comes_twice_is_one_scan() -> None:
    """Even if its free text was translated in between."""
    translated = attrs.evolve(DELIVERED, text="Zugestellt")

    tracking = track([*JOURNEY, *JOURNEY, translated])

    assert len(tracking.timeline) == len(JOURNEY)
    assert tracking.timeline[-1].scan is translated


def test_scans_that_come_late_are_put_where_they_belong() -> None:
    """The last to arrive is the first of the story."""
    late_acceptance = track([*JOURNEY[1:], ACCEPTED])

    assert late_acceptance == track(JOURNEY)


def test_delivered_holds_against_a_late_scan_with_a_later_clock() -> None:
    """A hub that uploads its day at midnight does not take a parcel from its buyer."""
    late = scan(M.TRANSIT_HUB, "10 00:00")

    tracking = track([*JOURNEY, late])

    assert tracking.phase is Phase.DELIVERED
    assert tracking.delivered_at == DELIVERED.at.earliest
    assert tracking.discrepancies == (
        Discrepancy(
            DiscrepancyKind.AFTER_THE_END,
            late,
            "IN_TRANSIT at 2026-03-10T00:00:00Z is not expected after DELIVERED",
        ),
    )


@pytest.mark.parametrize(
    "milestone",
    [
        M.EXPORT_HELD,
        M.IN_TRANSIT,
        M.CUSTOMS_HELD,
        M.LAST_MILE,
        M.OUT_FOR_DELIVERY,
        M.AWAITING_COLLECTION,
        M.LOST,
        M.DAMAGED,
        M.DESTROYED,
    ],
)
def test_delivered_holds_against_everything_but_a_new_leg(milestone: Milestone) -> None:
    """And no flag is raised about what has arrived."""
    tracking = track([*JOURNEY, scan(milestone, "10")])

    assert tracking.phase is Phase.DELIVERED
    assert tracking.flags == frozenset()
    assert kinds(tracking) == [DiscrepancyKind.AFTER_THE_END]


def test_a_second_delivered_scan_says_nothing_new() -> None:
    """The parcel was delivered when it was first."""
    tracking = track([*JOURNEY, scan(M.DELIVERED, "10", "POD")])

    assert tracking.delivered_at == DELIVERED.at.earliest
    assert kinds(tracking) == []


def test_skipped_scans_contradict_nothing() -> None:
    """A carrier does not report every step."""
    tracking = track([ACCEPTED, DELIVERED])

    assert tracking.phase is Phase.DELIVERED
    assert kinds(tracking) == []


def test_the_first_scan_that_is_seen_may_be_any() -> None:
    """A feed may begin in the middle, or at the end."""
    tracking = track([DELIVERED])

    assert tracking.phase is Phase.DELIVERED
    assert tracking.legs == (Leg(1, DELIVERED.at, Phase.DELIVERED, DELIVERED.at),)
    assert tracking.accepted_at is None
    assert kinds(tracking) == []


def test_a_step_back_is_followed_and_recorded() -> None:
    """Nobody expects export after the last mile; it happened, so it is told."""
    tracking = track([ACCEPTED, LAST_MILE, scan(M.EXPORT_PROCESSING, "9")])

    assert tracking.phase is Phase.EXPORT
    assert kinds(tracking) == [DiscrepancyKind.UNEXPECTED]
    assert tracking.discrepancies[0].text == (
        "EXPORT at 2026-03-09T12:00:00Z is not expected after LAST_MILE"
    )


def test_a_failed_attempt_is_followed_by_another() -> None:
    """Which is expected."""
    failed = scan(M.ATTEMPT_FAILED, "9 10:00")
    again = scan(M.OUT_FOR_DELIVERY, "10 08:00")

    tracking = track([*JOURNEY[:-1], failed, again, scan(M.DELIVERED, "10 11:00")])

    assert tracking.phase is Phase.DELIVERED
    assert len(tracking.legs) == 1
    assert kinds(tracking) == []


@pytest.mark.parametrize(
    "milestone",
    [
        M.IMPORT_CUSTOMS,
        M.LAST_MILE,
        M.OUT_FOR_DELIVERY,
        M.AWAITING_COLLECTION,
        M.ATTEMPT_FAILED,
        M.DAMAGED,
    ],
)
def test_a_coarse_in_transit_never_moves_a_finer_phase_back(milestone: Milestone) -> None:
    """It says less than is known, so it is no contradiction either."""
    finer = scan(milestone, "8")

    tracking = track([ACCEPTED, finer, scan(M.IN_TRANSIT, "9")])

    assert tracking.phase is finer.meaning.phase
    assert kinds(tracking) == []


@pytest.mark.parametrize("milestone", [M.ACCEPTED, M.EXPORT_PROCESSING, M.TRANSIT_HUB, M.LOST])
def test_a_coarse_in_transit_is_news_early_on_and_of_what_was_lost(milestone: Milestone) -> None:
    """It is all that some feeds say between acceptance and delivery."""
    tracking = track([scan(milestone, "3"), scan(M.IN_TRANSIT, "4")])

    assert tracking.phase is Phase.IN_TRANSIT
    assert kinds(tracking) == []


def test_a_coarse_in_transit_may_be_the_first_that_is_known() -> None:
    """It is better than nothing."""
    assert track([scan(M.IN_TRANSIT, "4")]).phase is Phase.IN_TRANSIT


def test_what_was_lost_may_be_found_and_delivered() -> None:
    """Both are told, and neither contradicts the other."""
    lost = scan(M.LOST, "20")

    assert track([ACCEPTED, lost]).phase is Phase.LOST
    found = track([ACCEPTED, lost, scan(M.TRANSIT_HUB, "22"), scan(M.DELIVERED, "25")])

    assert found.phase is Phase.DELIVERED
    assert kinds(found) == []
    assert found.first_seen(Phase.LOST) == lost.at


def test_what_was_damaged_may_still_be_delivered() -> None:
    """Whether it is worth anything is for a claim to say."""
    damaged = scan(M.DAMAGED, "7 13:00")

    tracking = track([ACCEPTED, damaged, DELIVERED])

    assert tracking.phase is Phase.DELIVERED
    assert tracking.first_seen(Phase.DAMAGED) == damaged.at
    assert kinds(tracking) == []


def test_what_was_damaged_moves_on_with_a_discrepancy() -> None:
    """Between damage and delivery nothing is expected."""
    tracking = track([ACCEPTED, scan(M.DAMAGED, "7"), scan(M.OUT_FOR_DELIVERY, "8")])

    assert tracking.phase is Phase.OUT_FOR_DELIVERY
    assert kinds(tracking) == [DiscrepancyKind.UNEXPECTED]


def test_a_return_after_delivery_is_a_leg_of_its_own() -> None:
    """The buyer sent it back under the same number; the first leg stays delivered."""
    back, home = scan(M.RETURNING, "12"), scan(M.RETURNED, "18")

    tracking = track([*JOURNEY, back, home])

    assert tracking.phase is Phase.RETURNED
    assert tracking.legs == (
        Leg(1, ACCEPTED.at, Phase.DELIVERED, DELIVERED.at),
        Leg(2, back.at, Phase.RETURNED, home.at),
    )
    assert [entry.leg for entry in tracking.timeline] == [1] * 8 + [2, 2]
    assert tracking.delivered_at is None
    assert kinds(tracking) == []


def test_a_return_may_be_seen_only_when_it_is_complete() -> None:
    """A leg of one scan."""
    home = scan(M.RETURNED, "18")

    tracking = track([*JOURNEY, home])

    assert tracking.legs[1:] == (Leg(2, home.at, Phase.RETURNED, home.at),)
    assert kinds(tracking) == []


def test_on_the_way_back_transit_scans_leave_the_phase() -> None:
    """Accepted, in customs, out for delivery: all of it is on the way back."""
    back = scan(M.RETURNING, "12")
    on_the_way = [scan(M.ACCEPTED, "13"), scan(M.CUSTOMS_HELD, "14"), scan(M.IN_TRANSIT, "15")]

    tracking = track([ACCEPTED, back, *on_the_way])

    assert tracking.phase is Phase.RETURNING
    assert len(tracking.legs) == 1
    assert kinds(tracking) == []


def test_what_is_on_the_way_back_may_be_lost_or_destroyed() -> None:
    """As on the way out."""
    back = scan(M.RETURNING, "12")

    assert track([ACCEPTED, back, scan(M.LOST, "20")]).phase is Phase.LOST
    destroyed = track([ACCEPTED, back, scan(M.DESTROYED, "20")])

    assert destroyed.phase is Phase.DESTROYED
    assert destroyed.legs[-1].ended == Moment.read("2026-03-20T12:00:00Z")
    assert kinds(destroyed) == []


def test_a_delivery_on_the_way_back_is_followed_and_recorded() -> None:
    """To whom, the scan does not say."""
    tracking = track([ACCEPTED, scan(M.RETURNING, "12"), scan(M.DELIVERED, "14")])

    assert tracking.phase is Phase.DELIVERED
    assert kinds(tracking) == [DiscrepancyKind.UNEXPECTED]


def test_a_pick_up_after_delivery_opens_a_new_leg_with_a_discrepancy() -> None:
    """The number is used again; somebody should look."""
    again = scan(M.ACCEPTED, "20")

    tracking = track([*JOURNEY, again])

    assert tracking.phase is Phase.ACCEPTED
    assert tracking.legs[1:] == (Leg(2, again.at, Phase.ACCEPTED, None),)
    assert kinds(tracking) == [DiscrepancyKind.UNEXPECTED]


def test_a_failed_attempt_after_delivery_opens_a_new_leg_with_a_discrepancy() -> None:
    """The parcel had been marked as delivered too early."""
    tracking = track([*JOURNEY, scan(M.ATTEMPT_FAILED, "9 16:00"), scan(M.DELIVERED, "10")])

    assert tracking.phase is Phase.DELIVERED
    assert tracking.delivered_at == instant("2026-03-10T12:00:00Z")
    assert len(tracking.legs) == 2
    assert kinds(tracking) == [DiscrepancyKind.UNEXPECTED]


def test_what_was_returned_may_be_sent_again_under_its_number() -> None:
    """A third leg, and a discrepancy for each surprise."""
    back, home, again = scan(M.RETURNING, "12"), scan(M.RETURNED, "18"), scan(M.ACCEPTED, "20")

    tracking = track([*JOURNEY, back, home, again, scan(M.DELIVERED, "28")])

    assert [leg.phase for leg in tracking.legs] == [
        Phase.DELIVERED,
        Phase.RETURNED,
        Phase.DELIVERED,
    ]
    assert [leg.number for leg in tracking.legs] == [1, 2, 3]
    assert kinds(tracking) == [DiscrepancyKind.UNEXPECTED]


def test_a_return_scan_that_is_not_later_than_the_delivery_opens_nothing() -> None:
    """Of one instant, the order of a smooth journey is taken: delivered, then returning."""
    tracking = track([ACCEPTED, DELIVERED, scan(M.RETURNING, "9 15:00")])

    assert tracking.phase is Phase.DELIVERED
    assert kinds(tracking) == [DiscrepancyKind.AFTER_THE_END]


def test_of_one_instant_the_smooth_order_is_taken() -> None:
    """A carrier that uploads a day's scans with one time still tells one story."""
    at_once = [scan(milestone, "9") for milestone in (M.DELIVERED, M.OUT_FOR_DELIVERY, M.ACCEPTED)]

    for order in permutations(at_once):
        tracking = track(order)

        assert tracking.phase is Phase.DELIVERED
        assert [entry.scan for entry in tracking.timeline] == at_once[::-1]
        assert kinds(tracking) == []


def test_scans_of_one_instant_and_code_at_two_places_are_two() -> None:
    """Where the feed structures it, the place is part of a scan's identity."""
    hong_kong = scan(M.TRANSIT_HUB, "4", place=Place(city="Hong Kong"))
    anchorage = scan(M.TRANSIT_HUB, "4", place=Place(city="Anchorage"))
    shouting = scan(M.TRANSIT_HUB, "4", place=Place(city="HONG  KONG"))

    tracking = track([hong_kong, anchorage, shouting])

    assert [entry.scan.place.city for entry in tracking.timeline] == ["ANCHORAGE", "HONG KONG"]


def test_an_unknown_code_is_kept_and_moves_nothing() -> None:
    """It is shown as it was reported."""
    unknown = scan(None, "5", "派件异常")

    tracking = track([ACCEPTED, unknown])

    assert tracking.phase is Phase.ACCEPTED
    assert tracking.last_scan is unknown
    assert tracking.timeline[-1].scan.code == "派件异常"
    assert tracking.timeline[-1].attests is None
    assert kinds(tracking) == []


def test_an_unknown_code_that_is_understood_later_counts_from_then_on() -> None:
    """Of two reports of one scan the one that says more is kept, whichever came first."""
    unknown = scan(None, "9 15:00", "Z9")
    understood = attrs.evolve(unknown, milestone=M.DELIVERED)

    assert track([ACCEPTED, unknown]).phase is Phase.ACCEPTED
    assert track([ACCEPTED, unknown, understood]) == track([understood, unknown, ACCEPTED])
    assert track([ACCEPTED, unknown, understood]).phase is Phase.DELIVERED
    assert merge([understood], [unknown]) == (understood,)


def test_of_two_meanings_of_one_scan_the_later_on_the_journey_is_kept() -> None:
    """Then the text that is last by its letters, so that the order of arrival decides nothing."""
    coarse = scan(M.IN_TRANSIT, "5", "T1")
    finer = attrs.evolve(coarse, milestone=M.ARRIVED_DESTINATION, text="a")
    reworded = attrs.evolve(finer, text="b")

    for order in permutations([coarse, finer, reworded]):
        assert merge(order) == (reworded,)


def test_a_held_parcel_is_flagged_until_it_moves_on() -> None:
    """The flag stands beside the phase."""
    held, released = scan(M.CUSTOMS_HELD, "7 13:00"), scan(M.CUSTOMS_RELEASED, "8")

    waiting = track([ACCEPTED, CUSTOMS, held])
    moving = track([ACCEPTED, CUSTOMS, held, released])

    assert (waiting.phase, waiting.flags) == (Phase.CUSTOMS, frozenset({Flag.HELD}))
    assert (moving.phase, moving.flags) == (Phase.IN_TRANSIT, frozenset())


def test_flags_add_up_and_leave_the_phase() -> None:
    """Delayed, misrouted, silent: all at once, without a new phase."""
    milestones = (M.DELAYED, M.HELD, M.MISROUTED, M.STALE)
    flagged = [scan(it, f"{day}") for day, it in enumerate(milestones, start=10)]

    tracking = track([*JOURNEY[:4], *flagged])

    assert tracking.phase is Phase.IN_TRANSIT
    assert tracking.flags == set(Flag)
    assert kinds(tracking) == []


def test_a_flag_may_be_all_that_is_known() -> None:
    """Nothing is attested by it."""
    tracking = track([scan(M.DELAYED, "1")])

    assert tracking.phase is None
    assert tracking.flags == {Flag.DELAYED}
    assert tracking.legs == ()


@pytest.mark.parametrize("moves_on", [M.IN_TRANSIT, M.RETURNING, M.DELIVERED, M.LOST])
def test_any_scan_that_shows_a_phase_ends_the_flags(moves_on: Milestone) -> None:
    """A coarse one and one on the way back included."""
    before = [ACCEPTED, scan(M.RETURNING, "7"), scan(M.STALE, "8")]

    assert track(before).flags == {Flag.STALE}
    assert track([*before, scan(moves_on, "9")]).flags == frozenset()
    assert (
        track([LAST_MILE, scan(M.STALE, "8 13:00"), scan(M.IN_TRANSIT, "9")]).flags == frozenset()
    )


def test_a_parcel_held_on_the_way_back_is_flagged() -> None:
    """The phase stays RETURNING."""
    tracking = track([ACCEPTED, scan(M.RETURNING, "7"), scan(M.CUSTOMS_HELD, "8")])

    assert (tracking.phase, tracking.flags) == (Phase.RETURNING, frozenset({Flag.HELD}))


def test_what_has_been_delivered_is_neither_late_nor_held() -> None:
    """A flag that is raised afterwards says nothing."""
    tracking = track([*JOURNEY, scan(M.DELAYED, "10"), scan(M.STALE, "30")])

    assert tracking.flags == frozenset()
    assert kinds(tracking) == []


def test_a_scan_that_is_retracted_is_shown_and_counts_for_nothing() -> None:
    """The parcel had been confused with another."""
    taken_back = retraction(DELIVERED, "9 18:00")

    tracking = track([*JOURNEY, taken_back])

    assert tracking.phase is Phase.OUT_FOR_DELIVERY
    assert tracking.delivered_at is None
    assert [entry.is_void for entry in tracking.timeline] == [False] * 7 + [True, False]
    assert tracking.timeline[-2].attests is None
    assert tracking.first_seen(Phase.DELIVERED) is None
    assert tracking.last_scan is taken_back
    assert kinds(tracking) == []


def test_a_retraction_may_come_before_its_scan() -> None:
    """In the order of arrival as by the clock."""
    early = retraction(DELIVERED, "1")

    assert track([early]).phase is None
    assert track([early, *JOURNEY]) == track([*JOURNEY, early])
    assert track([early, *JOURNEY]).phase is Phase.OUT_FOR_DELIVERY


def test_an_acceptance_that_is_retracted_was_none() -> None:
    """So the shipment can be cancelled again."""
    tracking = track([ACCEPTED, retraction(ACCEPTED, "3")])

    assert tracking.phase is None
    assert tracking.accepted_at is None
    assert tracking.legs == ()


def test_what_contradicted_a_retracted_scan_contradicts_nothing() -> None:
    """The parcel was never delivered, so it may well be in transit."""
    late = scan(M.TRANSIT_HUB, "10")

    tracking = track([ACCEPTED, DELIVERED, late, retraction(DELIVERED, "11")])

    assert tracking.phase is Phase.IN_TRANSIT
    assert kinds(tracking) == []


def test_a_retraction_says_nothing_else() -> None:
    """Whatever its own code means, and of a scan that never came."""
    never_came = scan(M.DELIVERED, "8")
    odd = attrs.evolve(retraction(never_came, "9"), milestone=M.LOST)

    tracking = track([ACCEPTED, odd])

    assert tracking.phase is Phase.ACCEPTED
    assert kinds(tracking) == []


def test_a_retraction_cannot_itself_be_retracted() -> None:
    """What a carrier wants to say then is another scan."""
    taken_back = retraction(DELIVERED, "9 18:00")
    and_again = retraction(taken_back, "9 19:00")

    tracking = track([*JOURNEY, taken_back, and_again])

    assert tracking.phase is Phase.OUT_FOR_DELIVERY
    assert not tracking.timeline[-2].is_void


def test_one_report_may_retract_many_scans() -> None:
    """They are told apart by what they retract."""
    both = [retraction(OUT, "9 18:00"), retraction(DELIVERED, "9 18:00")]

    tracking = track([*JOURNEY, *both])

    assert both[0].key == both[1].key
    assert tracking.phase is Phase.LAST_MILE
    assert len(tracking.timeline) == len(JOURNEY) + 2


def test_a_local_time_sorts_by_the_earliest_instant_that_it_can_mean() -> None:
    """Noon on the ninth may be as early as ten in the evening on the eighth, in UTC."""
    local = Scan(
        carrier="HKPOST",
        number="RR473124829GB",
        code="OFD",
        at=Moment.read("2026-03-09T12:00:00"),
        milestone=M.OUT_FOR_DELIVERY,
    )

    tracking = track([scan(M.LAST_MILE, "8 22:01"), local, scan(M.ACCEPTED, "8 21:59")])

    assert [entry.scan.code for entry in tracking.timeline] == ["ACCEPTED", "OFD", "LAST_MILE"]


def test_a_parcel_delivered_on_some_day_was_surely_delivered_when_it_is_over() -> None:
    """Wherever that was: the last such day ends in UTC-12."""
    tracking = track([ACCEPTED, scan(M.DELIVERED, "9 local")])

    assert tracking.delivered_at == instant("2026-03-10T12:00:00Z")
    assert str(tracking.delivered) == "2026-03-09 local day"
    assert tracking.delivered == tracking.legs[0].ended


def test_a_day_and_an_instant_that_are_equally_early_are_two_scans() -> None:
    """How exact a time is belongs to it."""
    day = scan(M.ACCEPTED, "9 local", "A")
    exact = scan(M.ACCEPTED, "8 10:00", "A")

    tracking = track([day, exact])

    assert day.at.earliest == exact.at.earliest
    assert [entry.scan for entry in tracking.timeline] == [exact, day]


def test_a_phase_is_first_seen_at_the_earliest_scan_that_attests_it() -> None:
    """Of several phases, at the first of any."""
    tracking = track(JOURNEY)

    assert tracking.first_seen(Phase.IN_TRANSIT) == DEPARTED.at
    assert tracking.first_seen(Phase.DELIVERED, Phase.CUSTOMS) == CUSTOMS.at
    assert tracking.first_seen(*MOVING) == ACCEPTED.at
    assert tracking.first_seen(Phase.LOST) is None
    assert tracking.first_seen() is None


def test_a_parcel_was_last_seen_when_its_last_scan_can_be_latest() -> None:
    """Though an exact one sorts after it; what was retracted was not seen."""
    day, within = scan(M.LAST_MILE, "9 local", "A"), scan(M.LAST_MILE, "9 12:00", "B")
    mistake = retraction(DELIVERED, "9 16:00")

    tracking = track([ACCEPTED, within, day])

    assert tracking.last_scan == within
    assert tracking.last_seen == day.at
    assert track([]).last_seen is None
    assert track([ACCEPTED, DELIVERED, mistake]).last_seen == mistake.at


def test_what_was_retracted_is_not_where_a_parcel_was_last() -> None:
    """Nor when: the clock of the retraction may be behind that of the scan."""
    taken_back = retraction(DELIVERED, "9 14:00")

    tracking = track([*JOURNEY, taken_back])

    assert tracking.timeline[-1].is_void
    assert tracking.last_scan is taken_back
    assert tracking.last_seen == taken_back.at


def test_a_milestone_is_first_seen_on_a_leg() -> None:
    """On the way, that is; what ends a leg, leads back or is not understood is none of them."""
    tracking = track(
        [
            ACCEPTED,
            scan(M.ACCEPTED, "2 18:00"),
            scan(None, "3", "???"),
            OUT,
            DELIVERED,
            scan(M.RETURNING, "11"),
            scan(M.RETURNED, "13"),
            scan(M.ACCEPTED, "15"),
        ]
    )

    assert dict(tracking.milestones(1)) == {M.ACCEPTED: ACCEPTED.at, M.OUT_FOR_DELIVERY: OUT.at}
    assert list(tracking.milestones(1)) == [M.ACCEPTED, M.OUT_FOR_DELIVERY]
    assert M.ACCEPTED in tracking.milestones(tracking.legs[-1].number)
    assert M.OUT_FOR_DELIVERY not in tracking.milestones(tracking.legs[-1].number)
    assert tracking.milestones(99) == {}


def test_of_one_instant_what_nobody_understands_comes_first() -> None:
    """Then the milestones, in the order of a smooth journey; retractions by what they retract."""
    unknown, created = scan(None, "2", "zzz"), scan(next(iter(M)), "2", "aaa")
    voids = [retraction(of, "2") for of in (ACCEPTED, EXPORTED)]

    assert merge([created], [unknown]) == (unknown, created)
    assert merge(voids) == merge(voids[::-1])


def test_a_tracking_that_somebody_made_without_legs_was_not_delivered() -> None:
    """`delivered_at` asks the leg when it ended."""
    open_leg = Leg(1, ACCEPTED.at, Phase.DELIVERED, None)

    assert Tracking(Phase.DELIVERED, frozenset(), None, (open_leg,), (), ()).delivered_at is None


@pytest.mark.parametrize("field", ["carrier", "number", "code"])
def test_a_label_has_at_most_256_characters(field: str) -> None:
    """They are printed and indexed; free text is not."""

    def labelled(length: int) -> Scan:
        labels = ("x" * length if name == field else "y" for name in ("carrier", "number", "code"))
        carrier, number, code = labels
        return Scan(carrier=carrier, number=number, code=code, at=ACCEPTED.at, text="z" * 10_000)

    longest = labelled(256)

    assert track([longest]).last_scan is longest
    with pytest.raises(InvalidValueError, match=rf"scan's {field} .* is too long"):
        labelled(257)


def test_what_scans_tell_can_be_pickled() -> None:
    """Scenarios send it between processes."""
    tracking = track([*JOURNEY, retraction(DELIVERED, "9 18:00"), scan(M.TRANSIT_HUB, "10")])

    assert pickle.loads(pickle.dumps(tracking)) == tracking  # noqa: S301  # made here


@pytest.mark.parametrize("trouble", [M.LOST, M.DAMAGED])
def test_what_is_found_on_the_way_back_is_still_on_the_way_back(trouble: Milestone) -> None:
    """Transit scans of a return leg leave the phase at RETURNING, also after trouble."""
    back = scan(M.RETURNING, "12")

    tracking = track([*JOURNEY, back, scan(trouble, "14"), scan(M.TRANSIT_HUB, "16")])

    assert tracking.phase is Phase.RETURNING


def test_an_attempt_that_may_have_been_before_the_delivery_opens_no_leg() -> None:
    """The delivery is known to the day, the attempt to the minute: nothing says which was first."""
    delivered = scan(M.DELIVERED, "9 local")

    tracking = track([ACCEPTED, scan(M.ATTEMPT_FAILED, "9 01:00"), delivered])

    assert tracking.phase is Phase.DELIVERED
    assert len(tracking.legs) == 1


TIES = """
from apaclogistics.fulfilment import Milestone
from apaclogistics.tracking import Scan, track
from apaclogistics.values.instants import Moment
from apaclogistics.values.places import Place

at = Moment.read("2026-03-09T12:00:00Z")
scans = {
    Scan(carrier=carrier, number=number, code=code, at=at, place=Place(city=city), milestone=meaning)
    for carrier in ("HKPOST", "USPS")
    for number in ("A", "B")
    for city in ("Hong Kong", "Anchorage")
    for code, meaning in (
        ("x", Milestone.DELIVERED),
        ("x", None),
        ("y", Milestone.RETURNING),
        ("y", Milestone.LOST),
        ("z", Milestone.ACCEPTED),
        ("?", None),
    )
}
scans |= {
    Scan(carrier="USPS", number="A", code="void", at=at, voids=scan.key)
    for scan in scans
    if scan.carrier == "HKPOST" and scan.code == "y"
}
print([scan.number + scan.code for scan in scans])
print(track(scans))
"""


def test_ties_do_not_depend_on_hash_order() -> None:
    """Many scans of one instant and their retractions, in the sets of five processes that hash text differently."""
    source = str(Path(apaclogistics.__file__).parents[1])
    outputs = []

    for seed in ("0", "1", "2", "3", "4"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": source}
        done = subprocess.run(
            [sys.executable, "-c", TIES],
            capture_output=True,
            check=True,
            env=environment,
            text=True,
        )
        outputs.append(done.stdout.splitlines())

    assert len({first for first, _ in outputs}) == 5
    assert len({second for _, second in outputs}) == 1
    assert "RETURNING" in outputs[0][1]
    assert "after the end" in outputs[0][1]


def test_the_reason_stands_until_the_parcel_moves_on() -> None:
    """One that comes later replaces it; a scan that says no reason and moves nothing leaves it."""
    held = attrs.evolve(scan(M.CUSTOMS_HELD, "7 10:00"), incident=Incident.CUSTOMS_DOCUMENTATION)
    note = scan(None, "7 11:00", "note")
    unpaid = attrs.evolve(scan(None, "7 12:00", "unpaid"), incident=Incident.DUTIES_UNPAID)

    assert track([ARRIVED, held]).incident is Incident.CUSTOMS_DOCUMENTATION
    assert track([ARRIVED, held, note]).incident is Incident.CUSTOMS_DOCUMENTATION
    assert track([ARRIVED, held, note, unpaid]).incident is Incident.DUTIES_UNPAID
    assert track([ARRIVED, held, unpaid, LAST_MILE]).incident is None


def test_a_reason_that_was_retracted_says_nothing() -> None:
    held = attrs.evolve(scan(M.CUSTOMS_HELD, "7 10:00"), incident=Incident.PROHIBITED)

    assert track([ARRIVED, held, retraction(held, "8")]).incident is None


def test_proof_of_delivery_is_the_scan_that_shows_most() -> None:
    """A signature goes before a name, a name before none, and then the first before the rest."""
    named = attrs.evolve(scan(M.DELIVERED, "9 16:00", "D2"), recipient="porter")
    signed = attrs.evolve(scan(M.DELIVERED, "9 17:00", "D3"), is_signed=True)

    def shown(*scans: Scan) -> ProofOfDelivery:
        proof = track([*JOURNEY, *scans]).proof
        assert proof is not None
        return proof

    assert shown().at == DELIVERED.at
    assert shown(named).recipient == "porter"
    assert shown(named, signed).is_signed
    assert shown(scan(M.DELIVERED, "9 18:00", "D4")).at == DELIVERED.at
    assert "porter" not in repr(shown(named))


def test_who_took_a_parcel_and_what_was_written_is_not_shown() -> None:
    """Neither by the scan nor by the proof; and nobody has signed unless that was reported."""
    told = attrs.evolve(DELIVERED, recipient="Chan Tai Man", text="left with Mr Chan")

    proof = track([ACCEPTED, told]).proof

    assert proof is not None
    assert "Chan" not in repr(told)
    assert "Chan" not in repr(proof)
    assert (DELIVERED.is_signed, proof.is_signed) == (False, False)


def test_the_last_delivery_is_the_one_that_is_proven() -> None:
    """A parcel that came back may be sent again, and the first signature shows nothing then."""
    signed = attrs.evolve(DELIVERED, is_signed=True)
    again = scan(M.DELIVERED, "20")
    scans = [ACCEPTED, signed, scan(M.RETURNED, "13"), scan(M.ACCEPTED, "15"), again]

    proof = track(scans).proof

    assert proof is not None
    assert (proof.at, proof.is_signed) == (again.at, False)


def test_what_is_not_delivered_any_more_has_no_proof() -> None:
    assert track([]).proof is None
    assert track([*JOURNEY, scan(M.RETURNING, "11")]).proof is None


def test_of_two_reports_the_one_with_a_reason_or_a_signature_stays() -> None:
    failed = scan(M.ATTEMPT_FAILED, "9 10:00")
    told = attrs.evolve(failed, incident=Incident.NOT_HOME)
    signed = attrs.evolve(DELIVERED, is_signed=True, recipient="porter")

    assert merge([told], [failed]) == merge([failed], [told]) == (told,)
    assert merge([signed], [DELIVERED]) == merge([DELIVERED], [signed]) == (signed,)


@pytest.mark.parametrize(
    "text", ["given to Dorothea", "快件交给张三丰(13800138000)", "x" * 33, "a\tb"]
)
def test_a_text_that_serves_as_a_code_is_hidden(text: str) -> None:
    """Couriers and their phones are named in it."""
    report = scan(M.ACCEPTED, "2", text)

    assert text not in repr(report)
    assert text not in repr(report.key)
    assert report.code == text
    assert report.report == "accepted"


@pytest.mark.parametrize("code", ["EMA", "", "in_transit/held", "x" * 32])
def test_a_code_is_shown(code: str) -> None:
    """It says what the carrier reported, and names nobody."""
    report = scan(None, "2", code)

    assert repr(code) in repr(report)
    assert repr(code) in repr(report.key)
    assert report.report == "unknown code"
