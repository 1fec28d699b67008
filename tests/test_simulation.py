"""The simulated carrier: repeatable from its seed, fateful, clumsy when told to, and strict."""

import os
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from apaclogistics.adapters.simulation import (
    EXAMPLE_LANE,
    Billing,
    Call,
    Fate,
    Habit,
    HouseRules,
    Mishap,
    SimulatedCarrier,
    Stop,
)
from apaclogistics.bundles import Bundle, BundleOpening
from apaclogistics.carriers import (
    BookingRequest,
    CarrierRejectedError,
    CarrierUnavailableError,
    Complaint,
    ComplaintKind,
)
from apaclogistics.consignments import Booking, ConsignmentKind, ConsignmentPreference, Parcel
from apaclogistics.costs import ActualCost, CostType
from apaclogistics.errors import Reason
from apaclogistics.fulfilment import Flag, Milestone, Phase
from apaclogistics.handovers import HandoverEntry, HandoverLine
from apaclogistics.lifecycle import Actor
from apaclogistics.rate_cards import Band, RateCard
from apaclogistics.tracking import Scan, Tracking, track
from apaclogistics.values.goods import LithiumBattery
from apaclogistics.values.identifiers import (
    BundleId,
    CarrierCode,
    IdempotencyKey,
    ParcelId,
    QuoteId,
    S10Number,
    TrackingNumber,
    tracking_number,
)
from apaclogistics.values.instants import Instant, Precision, Window, in_zone
from apaclogistics.values.places import Place
from apaclogistics.values.quantities import Dimensions, Weight
from tests.samples import (
    CARRIER,
    SELLER,
    STRANGERS,
    consignment,
    day,
    parcel,
    party,
    rate_card,
    usd,
)

ROOT: Final = Path(__file__).parents[1]
AT: Final = day(3)
LATER: Final = day(200)
KEY: Final = IdempotencyKey("book sh-1")
ONE: Final = ParcelId("p-1")
COUNTER: Final = ConsignmentPreference(name="counter", kind=ConsignmentKind.DROP_OFF, site="HK-1")
NOISE: Final = (Habit.REPEATS, Habit.SHUFFLES)


def request(*parcels: Parcel, country: str = "US", key: str = KEY) -> BookingRequest:
    """Ask for parcels to be carried, one if none are given."""
    packed = attrs.evolve(consignment(), parcels=parcels or (parcel(),), consignee=party(country))
    return BookingRequest(
        reference=IdempotencyKey(key),
        quote=QuoteId("q-1"),
        carrier=CarrierCode(CARRIER.id),
        service="e-Express",
        consignment=packed,
    )


def carrier(
    *,
    seed: int = 0,
    fates: Mapping[ParcelId, Fate] | None = None,
    mishaps: Sequence[Mishap] = (),
    lane: Sequence[Stop] = EXAMPLE_LANE,
    habits: Collection[Habit] = (),
) -> SimulatedCarrier:
    """Give a carrier for parcels of up to two kilograms to the United States."""
    return SimulatedCarrier(
        CARRIER.id,
        rate_card=rate_card(),
        seed=seed,
        fates=fates,
        mishaps=mishaps,
        lane=lane,
        habits=habits,
    )


def travelled(
    simulated: SimulatedCarrier, asked: BookingRequest | None = None, *, at: Instant = LATER
) -> Sequence[Scan]:
    """Book and confirm, and give what is scanned by the end."""
    booking = simulated.book(asked or request(), at=AT)
    simulated.confirm(booking, at=AT)
    return simulated.scans(booking, at=at)


def fate_of(fate: Fate, *, lane: Sequence[Stop] = EXAMPLE_LANE) -> Tracking:
    """Let a parcel meet its fate."""
    return track(travelled(carrier(fates={ONE: fate}, lane=lane)))


def codes(tracking: Tracking) -> list[str]:
    """Give the codes of a journey."""
    return [entry.scan.code for entry in tracking.timeline]


JOURNEYS: Final = """
from tests.samples import CARRIER, SELLER, parcel, rate_card, usd
from tests.test_simulation import *
fates = {ParcelId(f"p-{number}"): fate for number, fate in enumerate(Fate, start=1)}
parcels = [parcel(number) for number in range(1, len(fates) + 1)]
billing = Billing(scales={ParcelId("p-1"): Weight(930)}, fees={"99": usd("0.10")})
for seed in range(3):
    simulated = SimulatedCarrier(
        CARRIER.id, rate_card=rate_card(), seed=seed, fates=fates, habits=[*Habit], billing=billing
    )
    print(*travelled(simulated, request(*parcels)), sep="\\n")
    (account,) = simulated.accounts
    print(*simulated.measurements(account.booking, at=LATER), sep="\\n")
    print(*simulated.costs(account.numbers, seller=SELLER, at=LATER), sep="\\n")
"""


def journeys(**settings: str) -> str:
    """Tell the journeys of every fate in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", JOURNEYS],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, **settings},
        text=True,
    )
    return done.stdout


def test_the_same_seed_makes_the_same_journeys_in_every_process() -> None:
    """Every habit included, whatever the seed of the hashes and the time zone of the machine are."""
    first = journeys(PYTHONHASHSEED="0", TZ="UTC")

    others = [
        journeys(PYTHONHASHSEED="1", TZ="Asia/Hong_Kong"),
        journeys(PYTHONHASHSEED="random", TZ="America/New_York"),
    ]

    assert first.count("Scan(") > 200
    assert first.count("Measurement(") == 3 * len(Fate)
    assert first.count("ActualCost(") == 3 * 2 * len(Fate)
    assert others == [first, first]


def test_another_seed_makes_another_journey() -> None:
    """The stops are the same, and their times are not."""
    one, other = track(travelled(carrier(seed=1))), track(travelled(carrier(seed=2)))

    assert codes(one) == codes(other)
    assert one != other


def test_what_was_scanned_does_not_depend_on_when_one_asks() -> None:
    """Asking in between is like not having asked."""
    simulated = carrier()
    booking = simulated.book(request(), at=AT)
    simulated.confirm(booking, at=AT)
    early = simulated.scans(booking, at=day(5))

    late = simulated.scans(booking, at=LATER)

    assert 0 < len(early) < len(late)
    assert list(late[: len(early)]) == list(early)


def test_a_scan_is_given_from_its_instant_on() -> None:
    """Not a microsecond earlier."""
    simulated = carrier()
    first = travelled(simulated)[0].at.earliest
    booking = simulated.find_booking(KEY)
    assert booking is not None

    before = simulated.scans(booking, at=first - timedelta(microseconds=1))
    then = simulated.scans(booking, at=first)

    assert (len(before), len(then)) == (0, 1)


def test_a_smooth_parcel_visits_every_stop_and_is_delivered() -> None:
    """In the order of the lane, within the hours of each stop."""
    tracking = fate_of(Fate.SMOOTH)

    assert tracking.phase is Phase.DELIVERED
    assert codes(tracking) == [stop.code for stop in EXAMPLE_LANE]
    now = AT
    for stop, entry in zip(EXAMPLE_LANE, tracking.timeline, strict=True):
        took = entry.scan.at.earliest - now
        assert timedelta(hours=stop.least_hours) <= took <= timedelta(hours=stop.most_hours)
        now = entry.scan.at.earliest


def test_a_delayed_parcel_is_held_by_customs_and_delivered_late() -> None:
    """More than a week later than a smooth one could be."""
    held = travelled(carrier(fates={ONE: Fate.DELAYED}))
    stops = [scan.code for scan in held]
    at_customs = track(held[: stops.index("EME") + 1])

    tracking = track(held)

    smooth = [stop.code for stop in EXAMPLE_LANE]
    assert [code for code in stops if code != "EME"] == smooth
    assert stops[stops.index("EME") - 1] == "EDB"
    assert at_customs.flags == {Flag.HELD}
    assert tracking.phase is Phase.DELIVERED
    assert tracking.flags == frozenset()
    released = held[stops.index("EDC")].at.earliest - held[stops.index("EME")].at.earliest
    assert released >= timedelta(hours=200)


def test_a_lost_parcel_leaves_and_is_never_seen_again() -> None:
    """Nobody says that it is lost."""
    tracking = fate_of(Fate.LOST)

    assert tracking.phase is Phase.IN_TRANSIT
    assert codes(tracking) == ["EMA", "EXA", "EMC"]


def test_a_returned_parcel_is_refused_at_the_door_and_comes_back() -> None:
    """It ends where it began."""
    tracking = fate_of(Fate.RETURNED)

    assert tracking.phase is Phase.RETURNED
    assert codes(tracking)[-3:] == ["EMH", "EDX", "EMI"]
    assert tracking.timeline[-1].scan.place == tracking.timeline[0].scan.place


@pytest.mark.parametrize("fate", Fate)
def test_no_fate_contradicts_itself(fate: Fate) -> None:
    """What carriers report is bad enough; the simulated one leaves no discrepancy."""
    assert fate_of(fate).discrepancies == ()


def test_each_parcel_of_a_booking_meets_its_own_fate() -> None:
    """One is delivered, the other comes back."""
    simulated = carrier(fates={ParcelId("p-2"): Fate.RETURNED})
    scans = travelled(simulated, request(parcel(1), parcel(2)))
    booking = simulated.find_booking(KEY)
    assert booking is not None

    phases = {
        label.parcel: track(s for s in scans if s.number == str(label.numbers[0])).phase
        for label in booking.labels
    }

    assert phases == {"p-1": Phase.DELIVERED, "p-2": Phase.RETURNED}


SHORT: Final = (
    Stop("A", Milestone.ACCEPTED, Place(country="HK"), 1, 2),
    Stop("D", Milestone.DELIVERED, Place(country="US"), 1, 2),
)


@pytest.mark.parametrize("fate", Fate)
def test_what_becomes_of_a_parcel_happens_on_its_lane(fate: Fate) -> None:
    """From Singapore to Perth nobody is held or damaged in New York."""
    ours = (
        Place(country="SG", city="Singapore", facility="SIN"),
        Place(country="AU", city="Perth", facility="PER"),
        Place(country="AU", city="Fremantle"),
    )
    moved = dict(zip(dict.fromkeys(stop.place for stop in EXAMPLE_LANE), ours, strict=True))
    lane = [attrs.evolve(stop, place=moved[stop.place]) for stop in EXAMPLE_LANE]

    theirs = [moved[entry.scan.place] for entry in fate_of(fate).timeline]

    assert [entry.scan.place for entry in fate_of(fate, lane=lane).timeline] == theirs


def test_a_lane_may_be_short() -> None:
    """Two stops are a journey."""
    tracking = fate_of(Fate.SMOOTH, lane=SHORT)

    assert codes(tracking) == ["A", "D"]


def test_a_parcel_that_is_lost_on_a_short_lane_does_not_arrive() -> None:
    """Whatever stops a lane has, what is lost is not delivered."""
    assert fate_of(Fate.LOST, lane=SHORT).phase is not Phase.DELIVERED


def test_a_parcel_that_is_delayed_on_a_short_lane_is_not_held_after_delivery() -> None:
    """Whatever stops a lane has, delivery comes last."""
    assert codes(fate_of(Fate.DELAYED, lane=SHORT))[-1] == "D"


def test_a_damaged_parcel_gets_no_further() -> None:
    """It is seen to be damaged where it arrives, and then no more."""
    tracking = fate_of(Fate.DAMAGED)

    assert tracking.phase is Phase.DAMAGED
    assert codes(tracking)[-2:] == ["EMD", "DMG"]


def test_a_parcel_may_come_back_after_it_was_delivered() -> None:
    """On the same number, and as a leg of its own."""
    tracking = fate_of(Fate.RETURNED_AFTER_DELIVERY)

    assert tracking.phase is Phase.RETURNED
    assert codes(tracking)[-3:] == ["EMI", "EDX", "EMI"]
    assert len(tracking.legs) == 2


def test_a_late_carrier_tells_in_the_end_what_a_punctual_one_does() -> None:
    """Within two days of each scan, and never earlier than it was made."""
    punctual, late = carrier(), carrier(habits=[Habit.IS_LATE])
    times = [scan.at.earliest for scan in travelled(punctual)]
    booking = late.book(request(), at=AT)
    late.confirm(booking, at=AT)

    told = [len(late.scans(booking, at=at)) for at in times]
    in_the_end = late.scans(booking, at=times[-1] + timedelta(days=2))

    assert all(count <= made for count, made in zip(told, range(1, 100), strict=False))
    assert sum(told) < sum(range(1, len(times) + 1))
    assert [scan.code for scan in in_the_end] == [stop.code for stop in EXAMPLE_LANE]


def test_local_times_are_those_of_the_facilitys_wall() -> None:
    """They name no zone, so nobody knows the instant to the hour."""
    exact, local = travelled(carrier()), travelled(carrier(habits=[Habit.LOCAL_TIMES]))

    assert {scan.at.precision for scan in local} == {Precision.LOCAL_TIME}
    first = in_zone(exact[0].at.earliest, "Asia/Hong_Kong")
    assert str(local[0].at).startswith(first.strftime("%Y-%m-%dT%H:%M:%S"))
    for told, made in zip(local, exact, strict=True):
        assert told.at.earliest <= made.at.earliest <= told.at.latest + timedelta(minutes=1)


def test_unknown_codes_move_nothing() -> None:
    """Each scan is followed by one that no document explains."""
    plain, odd = (
        track(travelled(carrier())),
        track(travelled(carrier(habits=[Habit.UNKNOWN_CODES]))),
    )

    assert codes(odd) == [code for known in codes(plain) for code in (known, f"?{known}")]
    assert odd.phase is plain.phase
    assert odd.discrepancies == ()


def test_a_carrier_may_use_its_numbers_again() -> None:
    """What is scanned of the second parcel is not of the first, which is older."""
    simulated = SimulatedCarrier(CARRIER.id, rate_card=rate_card(), serials=cycle([7]))
    first = simulated.book(request(), at=AT)
    second = simulated.book(request(key="again"), at=day(100))
    simulated.confirm(second, at=day(100))

    assert first.labels == second.labels
    assert first != second
    assert simulated.scans(first, at=LATER) == []
    assert track(simulated.scans(second, at=LATER)).phase is Phase.DELIVERED


def test_noise_repeats_and_shuffles_and_shows_the_same() -> None:
    """The same set of scans, half of them twice, in another order."""
    quiet = travelled(carrier())

    noisy = travelled(carrier(habits=NOISE))

    assert set(noisy) == set(quiet)
    assert len(noisy) == len(quiet) + len(quiet) // 2
    assert list(dict.fromkeys(noisy)) != list(quiet)
    assert track(noisy) == track(quiet)


def test_mishaps_come_one_by_one_and_then_all_is_well() -> None:
    """Each call that books takes the next."""
    simulated = carrier(mishaps=[Mishap.NONE, Mishap.UNAVAILABLE, Mishap.ANSWER_LOST])
    outcomes: list[tuple[str, bool]] = []

    for turn in range(4):
        asked = request(key=f"key {turn}")
        try:
            simulated.book(asked, at=AT)
            outcome = "booked"
        except CarrierUnavailableError as error:
            outcome = error.problem
        outcomes.append((outcome, simulated.find_booking(asked.reference) is not None))

    assert outcomes == [
        ("booked", True),
        ("the call was not answered", False),
        ("the answer did not arrive in time", True),
        ("booked", True),
    ]
    assert simulated.bookings == 3


ACTS: Final[Mapping[Call, Callable[[SimulatedCarrier, Booking], object]]] = {
    Call.FIND_BOOKING: lambda it, booking: it.find_booking(booking.reference or KEY),
    Call.CONFIRM: lambda it, booking: it.confirm(booking, at=AT),
    Call.CANCEL: lambda it, booking: it.cancel(booking, at=AT),
    Call.LABEL: lambda it, booking: it.label(booking.labels[0].numbers[0], seller=SELLER),
    Call.PRINTED_SHEET: lambda it, booking: it.printed_sheet(
        booking.labels[0].numbers, seller=SELLER
    ),
    Call.SCANS: lambda it, booking: it.scans(booking, at=AT),
    Call.BUNDLE: lambda it, _: it.bundle(bundled(it), at=AT),
    Call.CANCEL_BUNDLE: lambda it, _: it.cancel_bundle(it.bundles[0], at=AT),
    Call.BUNDLE_LABEL: lambda it, _: it.bundle_label(it.bundles[0].id, seller=SELLER),
    Call.MEASUREMENTS: lambda it, booking: it.measurements(booking, at=AT),
    Call.COSTS: lambda it, booking: it.costs(booking.labels[0].numbers, seller=SELLER, at=AT),
    Call.COMPLAIN: lambda it, booking: it.complain(complaint(*booking.labels[0].numbers)),
}


CHANGING: Final = {Call.CONFIRM, Call.CANCEL, Call.COMPLAIN, Call.BUNDLE, Call.CANCEL_BUNDLE}


def known_to(simulated: SimulatedCarrier) -> tuple[object, ...]:
    """Give everything that a carrier knows."""
    return simulated.accounts, simulated.complaints, simulated.bundles


def to_the_counter(asked: BookingRequest) -> BookingRequest:
    """Ask for parcels that are dropped off at the counter."""
    dropped = attrs.evolve(asked.consignment, preference=COUNTER)
    return attrs.evolve(asked, consignment=dropped)


def bundled(
    simulated: SimulatedCarrier,
    *,
    preference: ConsignmentPreference = COUNTER,
    name: str = "b-1",
    seller: Actor = SELLER,
) -> Bundle:
    """Put everything that a carrier has booked into a bundle, as its sender sees it."""
    opening = BundleOpening(
        id=BundleId(name), seller=seller, carrier=CARRIER, preference=preference
    )
    entries = [
        HandoverEntry(
            shipment=account.request.consignment.id,
            seller=seller,
            carrier=CARRIER,
            phase=Phase.CONFIRMED,
            preference=preference,
            lines=tuple(
                HandoverLine(parcel=it.parcel, number=it.numbers[0], weight=Weight(800))
                for it in account.booking.labels
            ),
        )
        for account in simulated.accounts
    ]
    opened = Bundle.open(opening, by=seller, at=AT)
    return opened.add(entries, by=seller, at=AT) if entries else opened


def complaint(*numbers: TrackingNumber) -> Complaint:
    """Complain of lost parcels."""
    kind = ComplaintKind.LOST_PACKAGE
    return Complaint(kind=kind, seller=SELLER, reason="not seen for weeks", numbers=numbers, at=AT)


def test_every_call_but_booking_is_tried_below() -> None:
    """That one has a test of its own."""
    assert {*ACTS, Call.BOOK} == set(Call)


@pytest.mark.parametrize("call", ACTS)
def test_each_call_has_mishaps_of_its_own(call: Call) -> None:
    """It is not answered, then refused, then done though nobody hears of it, then all is well."""
    script: list[Mishap | Reason] = [
        Mishap.UNAVAILABLE,
        Reason("355044", "the hub says no"),
        Mishap.ANSWER_LOST,
    ]
    simulated = SimulatedCarrier(CARRIER.id, rate_card=rate_card(), mishaps={call: script})
    booking = simulated.book(to_the_counter(request()), at=AT)
    if call in (Call.CANCEL_BUNDLE, Call.BUNDLE_LABEL):
        simulated.bundle(bundled(simulated), at=AT)
    before = known_to(simulated)

    with pytest.raises(CarrierUnavailableError, match="the call was not answered"):
        ACTS[call](simulated, booking)
    with pytest.raises(CarrierRejectedError) as rejected:
        ACTS[call](simulated, booking)
    untouched = known_to(simulated)
    with pytest.raises(CarrierUnavailableError, match="the answer did not arrive in time"):
        ACTS[call](simulated, booking)
    done = known_to(simulated)
    if call is not Call.CANCEL_BUNDLE:
        ACTS[call](simulated, booking)

    assert refusal(rejected) == ("HKPOST", "355044", "the hub says no")
    assert untouched == before
    assert (done != before) == (call in CHANGING)


def test_a_booking_costs_what_the_rate_card_says_for_each_parcel() -> None:
    """Two of them cost twice as much."""
    booking = carrier().book(request(parcel(1), parcel(2)), at=AT)

    assert booking.estimate == usd("10.00")
    assert booking.issued_at == AT


def test_numbers_are_s10_numbers_of_hong_kong() -> None:
    """Counted, and with their check digit."""
    booking = carrier().book(request(parcel(1), parcel(2)), at=AT)

    numbers = [number for label in booking.labels for number in label.numbers]

    assert numbers == [S10Number("LV", "00000001", "HK"), S10Number("LV", "00000002", "HK")]
    assert [S10Number.parse(str(number)) for number in numbers] == numbers


def refusal(rejected: pytest.ExceptionInfo[CarrierRejectedError]) -> tuple[str, str, str]:
    """Give who refused, and why."""
    error = rejected.value
    return error.carrier, error.reason_code, error.reason


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (request(attrs.evolve(parcel(), weight=Weight(2001))), "2001 g"),
        (request(country="FR"), "e-Express 2026 does not reach FR"),
        (request(attrs.evolve(parcel(), weight=None)), "parcel p-1 has no weight"),
    ],
    ids=["too heavy", "not covered", "weight unknown"],
)
def test_what_has_no_price_is_refused(asked: BookingRequest, reason: str) -> None:
    """No number is given, and nothing is found again."""
    simulated = carrier()

    with pytest.raises(CarrierRejectedError) as rejected:
        simulated.book(asked, at=AT)

    assert refusal(rejected)[:2] == ("HKPOST", "355025")
    assert reason in refusal(rejected)[2]
    assert simulated.bookings == 0
    assert simulated.find_booking(KEY) is None


def special(parcel: Parcel) -> Parcel:
    """Pack special goods without a battery."""
    contents = [attrs.evolve(it, battery=LithiumBattery.SPECIAL_GOODS) for it in parcel.contents]
    return attrs.evolve(parcel, contents=tuple(contents))


def doubled(parcel: Parcel) -> Parcel:
    """Declare one SKU in two rows."""
    rows = [attrs.evolve(it, sku="A-1") for it in parcel.contents * 2]
    return attrs.evolve(parcel, contents=tuple(rows))


LIGHT: Final = rate_card(up_to_grams=500)
HOUSE: Final = HouseRules(services={"e-Express": LIGHT, "Parcel": rate_card()})


@pytest.mark.parametrize(
    ("rules", "asked", "code"),
    [
        (HouseRules(disabled=frozenset({SELLER})), request(), "355003"),
        (HouseRules(services={"Parcel": rate_card()}), request(), "355012"),
        (HouseRules(), request(doubled(parcel())), "355016"),
        (HouseRules(), request(special(parcel())), "355018"),
        (HOUSE, request(), "355025"),
        (HOUSE, request(attrs.evolve(parcel(), weight=Weight(2001))), "355024"),
    ],
    ids=[
        "disabled account",
        "unknown service",
        "a sku twice",
        "special goods",
        "too heavy for the service",
        "too heavy for every service",
    ],
)
def test_the_rules_of_the_house_refuse_with_the_code_of_edis(
    rules: HouseRules, asked: BookingRequest, code: str
) -> None:
    """And book nothing."""
    simulated = SimulatedCarrier(CARRIER.id, rate_card=rate_card(), rules=rules)

    with pytest.raises(CarrierRejectedError) as rejected:
        simulated.book(asked, at=AT)

    assert rejected.value.reason_code == code
    assert simulated.accounts == ()


def test_what_the_rules_allow_is_booked() -> None:
    """Special goods by a service for them, each service at its own price."""
    rules = HouseRules(
        services={"e-Express": rate_card("7.00")}, mini_packets=frozenset({"e-Express"})
    )
    simulated = SimulatedCarrier(CARRIER.id, rate_card=rate_card(), rules=rules)

    assert simulated.book(request(special(parcel())), at=AT).estimate == usd("7.00")


def test_every_parcel_without_a_price_is_named() -> None:
    """One refusal gives all reasons."""
    heavy = [attrs.evolve(parcel(number), weight=Weight(2000 + number)) for number in (1, 2)]

    with pytest.raises(CarrierRejectedError, match=r"2001 g.+; 2002 g"):
        carrier().book(request(*heavy), at=AT)


def test_a_light_and_bulky_parcel_is_taken_by_its_chargeable_weight() -> None:
    """This card has no volumetric rule, so it is not heavier than it is."""
    bulky = attrs.evolve(parcel(), dimensions=Dimensions(600, 600, 600))

    assert carrier().book(request(bulky), at=AT).estimate == usd("5.00")


def confirmed() -> tuple[SimulatedCarrier, Booking]:
    """Give a carrier and a booking that it will move."""
    simulated = carrier()
    booking = simulated.book(request(), at=AT)
    simulated.confirm(booking, at=AT)
    return simulated, booking


def test_a_booking_is_cancelled_until_the_first_scan() -> None:
    """From then on the package is being processed."""
    simulated, booking = confirmed()
    first = simulated.scans(booking, at=LATER)[0].at.earliest

    with pytest.raises(CarrierRejectedError) as rejected:
        simulated.cancel(booking, at=first)
    simulated.cancel(booking, at=first - timedelta(microseconds=1))

    assert refusal(rejected) == ("HKPOST", "355036", "the package is being processed")
    assert simulated.scans(booking, at=LATER) == []


def test_what_is_cancelled_is_not_confirmed() -> None:
    """Its number is dead."""
    simulated, booking = confirmed()
    simulated.cancel(booking, at=AT)

    with pytest.raises(CarrierRejectedError) as rejected:
        simulated.confirm(booking, at=AT)

    assert refusal(rejected) == ("HKPOST", "355038", "the booking is cancelled")


def test_what_is_unknown_is_named() -> None:
    """A number, and a booking without a reference."""
    simulated, booking = confirmed()

    with pytest.raises(CarrierRejectedError) as number:
        simulated.label(tracking_number("N1"), seller=SELLER)
    with pytest.raises(CarrierRejectedError) as adopted:
        simulated.scans(attrs.evolve(booking, reference=None), at=AT)

    assert refusal(number) == ("HKPOST", "355004", "N1 is unknown")
    assert refusal(adopted) == ("HKPOST", "355004", "None is unknown")


def test_a_label_says_the_number_and_who_carries_it() -> None:
    """As plain text."""
    simulated, booking = confirmed()

    assert simulated.label(booking.labels[0].numbers[0], seller=SELLER) == b"HKPOST LV000000014HK\n"


def test_a_sheet_says_every_number() -> None:
    """In the order in which they are given."""
    simulated = carrier()
    booking = simulated.book(request(parcel(1), parcel(2)), at=AT)
    first, second = (label.numbers[0] for label in booking.labels)

    sheet = simulated.printed_sheet([second, first], seller=SELLER)

    assert sheet == b"HKPOST LV000000028HK\nHKPOST LV000000014HK\n"


@pytest.mark.parametrize("whose", [STRANGERS[0], SELLER], ids=["somebody else's", "unknown"])
def test_each_refusal_by_number_has_its_own_code(whose: Actor) -> None:
    """Not yours is 355071; unknown is 355068 on a sheet and 355004 elsewhere."""
    simulated, booking = confirmed()
    known = booking.labels[0].numbers[0]
    number = known if whose != SELLER else tracking_number("N1")
    codes = []

    for act in (
        lambda: simulated.label(number, seller=whose),
        lambda: simulated.printed_sheet([number], seller=whose),
        lambda: simulated.complain(attrs.evolve(complaint(number), seller=whose)),
    ):
        with pytest.raises(CarrierRejectedError) as rejected:
            act()
        codes.append(rejected.value.reason_code)

    theirs, unknown = ["355071"] * 3, ["355004", "355068", "355004"]
    assert codes == (unknown if whose == SELLER else theirs)
    assert simulated.complaints == ()


def billed(
    billing: Billing | None = None, *, at: Instant = LATER, card: RateCard | None = None
) -> list[ActualCost]:
    """Give what is billed for two parcels of 800 g, of which the second gets lost on its way."""
    simulated = SimulatedCarrier(
        CARRIER.id,
        rate_card=card or by_weight(),
        fates={ParcelId("p-2"): Fate.LOST},
        billing=billing,
    )
    booking = simulated.book(request(parcel(1), parcel(2)), at=AT)
    simulated.confirm(booking, at=AT)
    return [*simulated.costs(Window(AT, LATER), seller=SELLER, at=at)]


def by_weight() -> RateCard:
    """Give a card on which a kilogram costs less than two."""
    bands = (Band("US", 1000, usd("5.00")), Band("US", 2000, usd("8.50")))
    return attrs.evolve(rate_card(), bands=bands)


def told(rows: Sequence[ActualCost]) -> list[tuple[str, str, str]]:
    """Give number, code and amount of rows."""
    return [(row.number, row.code, str(row.amount)) for row in rows]


def test_what_weighs_as_declared_is_billed_as_estimated() -> None:
    """Two weeks after it was accepted, whatever became of it."""
    rows = billed()

    assert told(rows) == [
        ("LV000000014HK", "01", "5.00 USD"),
        ("LV000000028HK", "01", "5.00 USD"),
    ]
    assert all(row.kind is CostType.SHIPPING for row in rows)
    assert billed(at=rows[0].billed_at - timedelta(microseconds=1))[:1] != rows[:1]


def test_what_weighs_more_is_billed_for_the_difference() -> None:
    """And what weighs less is credited with it."""
    scales = {ParcelId("p-1"): Weight(1001), ParcelId("p-2"): Weight(700)}
    rows = billed(Billing(scales=scales))
    light = billed(Billing(scales={ParcelId("p-1"): Weight(300)}), card=cheap_when_light())

    assert told(rows)[:2] == [
        ("LV000000014HK", "01", "5.00 USD"),
        ("LV000000014HK", "06", "3.50 USD"),
    ]
    assert len(rows) == 3
    assert [row.actual_weight for row in rows] == [Weight(1001), Weight(1001), Weight(700)]
    assert told(light)[1] == ("LV000000014HK", "06", "-2.00 USD")


def cheap_when_light() -> RateCard:
    """Give a card on which half a kilogram costs less."""
    bands = (Band("US", 500, usd("3.00")), Band("US", 2000, usd("5.00")))
    return attrs.evolve(rate_card(), bands=bands)


def test_fees_are_billed_for_each_parcel_whether_or_not_anybody_knows_their_type() -> None:
    """Fuel is known, and the other is kept as it is written."""
    rows = billed(Billing(fees={"04": usd("0.80"), "99": usd("0.10")}))

    assert told(rows)[1:3] == [
        ("LV000000014HK", "04", "0.80 USD"),
        ("LV000000014HK", "99", "0.10 USD"),
    ]
    assert [row.kind for row in rows[1:3]] == [CostType.DOMESTIC_FUEL, None]
    assert len(rows) == 6


def test_bills_come_some_time_after_acceptance() -> None:
    """As long after it as the carrier takes."""
    early, late = (
        billed(Billing(after=timedelta(days=1))),
        billed(Billing(after=timedelta(days=30))),
    )

    assert late[0].billed_at - early[0].billed_at == timedelta(days=29)


def test_what_is_too_heavy_for_the_card_is_weighed_and_not_billed_for_it() -> None:
    """There is no price for it; the fees are billed all the same."""
    scales, fees = {ParcelId("p-1"): Weight(5000)}, {"04": usd("0.80")}

    assert [row.code for row in billed(Billing(scales=scales, fees=fees))] == ["04", "01", "04"]


def test_the_scales_show_what_they_show_an_hour_after_acceptance() -> None:
    """Other parcels weigh what is declared."""
    scales = {ParcelId("p-1"): Weight(930)}
    simulated = SimulatedCarrier(CARRIER.id, rate_card=rate_card(), billing=Billing(scales=scales))
    booking = simulated.book(request(parcel(1), parcel(2)), at=AT)
    simulated.confirm(booking, at=AT)
    accepted = {it.number: it.at.earliest for it in simulated.scans(booking, at=LATER)[::-1]}

    seen = simulated.measurements(booking, at=LATER)

    assert [it.weight for it in seen] == [Weight(930), Weight(800)]
    assert [it.at.earliest for it in seen] == [
        accepted[it.number] + timedelta(hours=1) for it in seen
    ]
    assert simulated.measurements(booking, at=AT) == []


def carrying(rules: HouseRules | None = None) -> SimulatedCarrier:
    """Give a carrier with a booking of two parcels that are dropped off at the counter."""
    simulated = SimulatedCarrier(CARRIER.id, rate_card=rate_card(), rules=rules)
    asked = to_the_counter(request(parcel(1), parcel(2)))
    simulated.confirm(simulated.book(asked, at=AT), at=AT)
    return simulated


def test_a_bundle_is_taken_given_up_and_taken_again() -> None:
    """Each as often as anybody says so."""
    simulated = carrying()
    bundle = bundled(simulated)
    for _ in range(2):
        simulated.bundle(bundle, at=AT)
    taken = simulated.bundles
    label = simulated.bundle_label(bundle.id, seller=SELLER)
    for _ in range(2):
        simulated.cancel_bundle(bundle, at=AT)
    given_up = simulated.bundles

    simulated.bundle(bundle, at=AT)

    assert (taken, given_up, simulated.bundles) == ((bundle,), (), (bundle,))
    assert label == b"HKPOST b-1\n"


DROP: Final = attrs.evolve(COUNTER, name="another counter")


@pytest.mark.parametrize(
    ("simulated", "change", "code"),
    [
        (carrier(), {}, "355079"),
        (carrying(), {"preference": DROP}, "355080"),
        (carrying(HouseRules(heaviest_bundle=Weight(1599))), {}, "355081"),
        (carrying(), {"seller": STRANGERS[0]}, "355071"),
    ],
    ids=["empty", "another way to hand it over", "too heavy", "somebody else's"],
)
def test_a_bundle_is_refused_with_the_code_of_edis(
    simulated: SimulatedCarrier, change: dict[str, Any], code: str
) -> None:
    """And not taken."""
    with pytest.raises(CarrierRejectedError) as rejected:
        simulated.bundle(bundled(simulated, **change), at=AT)

    assert rejected.value.reason_code == code
    assert simulated.bundles == ()


def test_a_bundle_may_be_as_heavy_as_the_limit() -> None:
    """Two parcels of 800 g."""
    simulated = carrying(HouseRules(heaviest_bundle=Weight(1600)))

    simulated.bundle(bundled(simulated), at=AT)

    assert len(simulated.bundles) == 1


def test_what_is_processed_is_neither_bundled_nor_taken_out() -> None:
    """From the first scan of a parcel on."""
    simulated = carrying()
    bundle = bundled(simulated)
    simulated.bundle(bundle, at=AT)

    with pytest.raises(CarrierRejectedError) as given_up:
        simulated.cancel_bundle(bundle, at=LATER)
    with pytest.raises(CarrierRejectedError) as bundled_late:
        simulated.bundle(bundled(simulated, name="b-2"), at=LATER)

    assert refusal(given_up)[1] == refusal(bundled_late)[1] == "355036"
    assert simulated.bundles == (bundle,)


@pytest.mark.parametrize("whose", [STRANGERS[0], SELLER], ids=["somebody else's", "unknown"])
def test_a_bundle_of_somebody_else_is_not_an_unknown_one(whose: Actor) -> None:
    """Not yours is 355082, unknown is 355083."""
    simulated = carrying()
    simulated.bundle(bundled(simulated), at=AT)
    name = "b-1" if whose != SELLER else "b-2"

    with pytest.raises(CarrierRejectedError) as label:
        simulated.bundle_label(BundleId(name), seller=whose)
    with pytest.raises(CarrierRejectedError) as cancelled:
        simulated.cancel_bundle(bundled(carrier(), name=name, seller=whose), at=AT)

    expected = "355083" if whose == SELLER else "355082"
    assert refusal(label)[1] == refusal(cancelled)[1] == expected


def test_eight_threads_never_get_the_same_number() -> None:
    """Nor does a label go missing."""
    simulated = carrier()

    def book(turn: int) -> Booking:
        return simulated.book(request(parcel(1), parcel(2), key=f"key {turn}"), at=AT)

    with ThreadPoolExecutor(8) as pool:
        bookings = list(pool.map(book, range(200)))

    numbers = {number for it in bookings for label in it.labels for number in label.numbers}
    assert len(numbers) == simulated.bookings == 400


def test_booking_twice_under_one_reference_is_one_booking_or_two_labels() -> None:
    """A label that was made is counted, and confirmed, or it was not made."""
    simulated = carrier()
    first = simulated.book(request(), at=AT)

    second = simulated.book(request(), at=AT)

    made = {*first.labels, *second.labels}
    assert simulated.bookings == len(made)
