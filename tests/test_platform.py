"""`LogisticsPlatform`: what it looks at as a whole, sweeps, and tells."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from typing import Final

import attrs
import pytest

from apaclogistics.adapters.memory import CountedIdentifiers
from apaclogistics.adapters.simulation import SimulatedCarrier
from apaclogistics.application import LogisticsPlatform, Patience
from apaclogistics.attention import AttentionPolicy, Rule, Snapshot
from apaclogistics.carriers import CarrierUnavailableError
from apaclogistics.claims import ClaimState, Figured
from apaclogistics.compensation import Cap, ClaimKind, CompensationPolicy, Term
from apaclogistics.consignments import Booking
from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.inquiries import InquiryState
from apaclogistics.inquiry_policies import Closing
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.ports import Event
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Question
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.identifiers import ClaimId, InquiryId, ParcelId, SellerId, ShipmentId
from apaclogistics.values.instants import Instant, Moment, instant
from apaclogistics.values.quantities import Weight
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    SELLER,
    consignment,
    day,
    profile,
    rate_card,
    scan,
    usd,
)
from tests.stages import (
    ORDER,
    MeddledStorage,
    Stage,
    assert_all_is_told,
    assert_money_is_in_step,
    carrier,
    sold,
)

PATIENCE: Final = timedelta(days=7)
POLICY: Final = CompensationPolicy(
    name="example",
    source="an example",
    zone_name="Asia/Hong_Kong",
    silence=Term(Period(0, PeriodUnit.MONTHS)),
    caps=(Cap(Weight(1), usd("100.00")),),
    covers=frozenset({ClaimKind.DELAY}),
)


def test_a_snapshot_holds_everything_however_much_there_is() -> None:
    """More shipments than fit on a page, each of them once."""
    stage = sold()
    ids = [ShipmentId(f"sh-{number}") for number in range(250)]
    drafts = [
        Shipment.draft(attrs.evolve(consignment(), id=id), by=SELLER, at=day(1)) for id in ids
    ]
    with stage.storage.unit_of_work() as work:
        for draft in drafts:
            work.shipments.save(draft, expected=0)
        work.commit()

    view = stage.platform.snapshot()

    assert [order.id for order in view.orders] == [ORDER]
    assert sorted(shipment.id for shipment in view.shipments) == sorted(ids)


def test_a_platform_without_anything_has_nothing_to_say() -> None:
    """Empty, and not wrong."""
    platform = Stage().platform

    assert platform.snapshot() == Snapshot()
    assert platform.attention() == ()
    assert platform.sweep() == ()
    assert platform.ledger().postings == ()


def test_the_ledger_knows_the_deposits_of_everybody() -> None:
    """More wallets than fit on a page."""
    stage = Stage()
    owners = [Actor(Role.SELLER, f"s-{number}") for number in range(250)]

    for owner in owners:
        stage.platform.sellers.register(SellerId(owner.id), profile(), by=owner)
        stage.platform.sellers.deposit(owner, usd("1.00"), "top-up", by=owner)

    assert len(stage.platform.ledger().postings) == 250
    assert_money_is_in_step(stage)


def test_attention_is_judged_by_the_clock_and_by_the_policy_that_is_given() -> None:
    """A handed-over parcel that is not scanned: late by default after two days, here at once."""
    stage = sold()
    stage.handed_over()
    stage.clock.advance(timedelta(hours=1))

    patient = stage.platform.attention()
    impatient = stage.platform.attention(AttentionPolicy(acceptance=timedelta(0)))

    assert patient == ()
    assert [item.rule for item in impatient] == [Rule.NOT_ACCEPTED]


def due(stage: Stage) -> tuple[ShipmentId, InquiryId, ClaimId]:
    """Give a delivered shipment, and an inquiry and a claim about another, all of them due."""
    delivered, other = stage.handed_over({PHONE: 1}), stage.handed_over({CASE: 1})
    stage.tracked(delivered, days=30)
    stage.platform.shipments.track(other)
    claim = stage.platform.claims.file(other, ParcelId("p-1"), ClaimKind.DELAY, POLICY, by=SELLER)
    now = instant(stage.clock.now() + timedelta(days=2))
    stage.platform.claims.acknowledge(claim.id, by=CARRIER)
    stage.platform.claims.offer(claim.id, Figured(usd("1.00"), "", now), by=CARRIER)
    stage.clock.move_to(now)
    stage.platform.shipments.confirm_receipt(other, by=BUYER)
    question = Question("Where was it?", now)
    closing = Closing(by=now)
    hasty = attrs.evolve(stage.platform, least_answer_time=timedelta(0))
    inquiry = hasty.inquiries.open(other, SELLER, question, by=BUYER, closing=closing)
    return delivered, inquiry.id, claim.id


def test_a_sweep_fires_what_is_due() -> None:
    """It says what it has done, and the next one finds nothing left to do."""
    stage = sold()
    shipment, inquiry, claim = due(stage)
    stage.clock.advance(PATIENCE)

    first = stage.platform.sweep()
    told = stage.events()
    second = stage.platform.sweep()

    assert first == (f"shipment {shipment}", f"inquiry {inquiry}", f"claim {claim}")
    assert second == ()
    assert stage.events() == told
    assert stage.platform.shipments.get(shipment).phase is Phase.COMPLETED
    assert stage.platform.inquiries.get(inquiry).state is InquiryState.EXPIRED
    assert stage.platform.claims.get(claim).state is ClaimState.EXPIRED
    assert_all_is_told(stage)
    assert_money_is_in_step(stage)


def test_a_sweep_fires_nothing_before_its_time() -> None:
    """A deadline is over after its instant; patience is over at its instant."""
    stage = sold()
    shipment, _, _ = due(stage)
    delivered = stage.platform.shipments.get(shipment).delivered_at
    assert delivered is not None
    patience = stage.clock.now() - delivered

    early = stage.platform.sweep(patience=Patience(receipt=patience + timedelta(microseconds=1)))
    in_time = stage.platform.sweep(patience=Patience(receipt=patience))

    assert early == ()
    assert in_time == (f"shipment {shipment}",)


def at_local(id: ShipmentId, stage: Stage, milestone: Milestone) -> Instant:
    """Scan a parcel at a time on a wall, and give the instant by which that is surely past."""
    number = next(iter(stage.platform.shipments.get(id).numbers))
    local = Moment.read("2026-03-20T09:00:00")
    seen = attrs.evolve(scan(milestone, day(1), str(number)), at=local)
    stage.platform.shipments.observe(id, [seen])
    return local.latest


@pytest.mark.parametrize(
    ("milestone", "patience"),
    [(Milestone.DELIVERED, timedelta(days=7)), (Milestone.LOST, timedelta(days=180))],
)
def test_a_sweep_waits_from_when_a_local_time_is_surely_past(
    milestone: Milestone, patience: timedelta
) -> None:
    """The buyer may confirm, and whoever is to claim may claim, for as long as they were told."""
    stage = sold()
    id = stage.handed_over()
    due = instant(at_local(id, stage, milestone) + patience)
    stage.clock.move_to(due)

    early = stage.platform.sweep(instant(due - timedelta(microseconds=1)))
    in_time = stage.platform.sweep(due)

    assert (early, in_time) == ((), (f"shipment {id}",))


def test_a_sweep_with_endless_patience_fires_nothing() -> None:
    """However long that is to wait."""
    stage = sold()
    id = stage.handed_over()
    stage.clock.move_to(at_local(id, stage, Milestone.DELIVERED))

    endless = Patience(receipt=timedelta.max, closing=timedelta.max)

    assert stage.platform.sweep(patience=endless) == ()


@pytest.mark.parametrize("milestone", [Milestone.LOST, Milestone.RETURNED])
def test_what_came_to_nothing_is_closed_some_time_after_it_was_last_heard_of(
    milestone: Milestone,
) -> None:
    """Until then somebody may claim for it; the carrier had it, and is paid."""
    stage = sold()
    id = stage.handed_over()
    number = next(iter(stage.platform.shipments.get(id).numbers))
    heard_of = stage.clock.advance(timedelta(days=1))
    stage.platform.shipments.observe(id, [scan(milestone, heard_of, str(number))])
    stage.clock.advance(timedelta(days=180) - timedelta(microseconds=1))

    early = stage.platform.sweep()
    stage.clock.advance(timedelta(microseconds=1))
    in_time, again = stage.platform.sweep(), stage.platform.sweep()

    assert (early, in_time, again) == ((), (f"shipment {id}",), ())
    assert stage.platform.shipments.get(id).phase is Phase.CLOSED
    assert_money_is_in_step(stage)


def test_a_sweep_judges_as_of_the_instant_that_it_is_given() -> None:
    """What was not due then is left, and what is done is done as of then."""
    stage = sold()
    shipment, _, _ = due(stage)
    delivered = stage.platform.shipments.get(shipment).delivered_at
    assert delivered is not None

    at = instant(delivered + PATIENCE)

    early = stage.platform.sweep(instant(at - timedelta(microseconds=1)))
    in_time = stage.platform.sweep(at)

    assert (early, in_time) == ((), (f"shipment {shipment}",))
    assert stage.platform.shipments.get(shipment).history[-1].at == at


def test_nothing_is_swept_before_its_time_has_come() -> None:
    """A step of tomorrow would forbid those of today."""
    stage = sold()

    with pytest.raises(InvalidValueError, match="is still to come"):
        stage.platform.sweep(instant(stage.clock.now() + timedelta(microseconds=1)))


def test_what_is_decided_or_without_a_deadline_is_not_swept() -> None:
    """An offer may stand for ever, and a resolved inquiry has no clock."""
    stage = sold()
    _, inquiry, claim = due(stage)
    stage.platform.inquiries.resolve(inquiry, by=BUYER)
    stage.platform.claims.counter(claim, Figured(usd("2.00")), by=SELLER)
    stage.platform.claims.offer(claim, Figured(usd("1.50")), by=CARRIER)
    stage.clock.advance(timedelta(days=300))

    swept = stage.platform.sweep(patience=Patience(receipt=timedelta(days=400)))

    assert swept == ()


def test_what_somebody_else_changes_while_it_is_swept_is_left() -> None:
    """The buyer confirms between our reading and our commit; the rest is swept all the same."""
    storage = MeddledStorage()
    stage = sold(Stage(storage=storage))
    shipment, inquiry, claim = due(stage)
    stage.clock.advance(PATIENCE)
    storage.meanwhile.append(lambda: stage.platform.shipments.confirm_receipt(shipment, by=BUYER))

    swept = stage.platform.sweep()

    assert swept == (f"inquiry {inquiry}", f"claim {claim}")
    assert stage.platform.shipments.get(shipment).history[-1].by == BUYER
    assert_money_is_in_step(stage)


def test_what_somebody_else_changes_just_before_it_is_swept_is_left() -> None:
    """The buyer confirms another shipment, which moves the wallet: the next sweep does the rest."""
    storage = MeddledStorage()
    stage = sold(Stage(storage=storage))
    first, second = stage.handed_over({PHONE: 1}), stage.handed_over({PHONE: 1})
    stage.tracked(first, days=30)
    stage.platform.shipments.track(second)
    stage.clock.advance(PATIENCE)
    storage.meanwhile.append(lambda: stage.platform.shipments.confirm_receipt(second, by=BUYER))

    swept = stage.platform.sweep()

    assert swept == ()
    assert stage.platform.shipments.get(second).history[-1].by == BUYER
    assert stage.platform.sweep() == (f"shipment {first}",)


def test_sweeps_in_parallel_do_everything_once() -> None:
    """Eight of them: none fails, and no two say that they did the same."""
    stage = sold()
    things = due(stage)
    stage.clock.advance(PATIENCE)

    with ThreadPoolExecutor(8) as pool:
        sweeps = list(pool.map(lambda _: stage.platform.sweep(), range(8)))

    swept = [*chain(*sweeps), *stage.platform.sweep()]
    assert sorted(name.split()[1] for name in swept) == sorted(things)
    assert_all_is_told(stage)
    assert_money_is_in_step(stage)


class Deaf(SimulatedCarrier):
    """A carrier that does not hear the first confirmation, or any while it is away."""

    is_away = True

    def confirm(self, booking: Booking, *, at: Instant) -> None:
        """Time out, or confirm."""
        if self.is_away:
            raise CarrierUnavailableError(self.code, "timed out")
        super().confirm(booking, at=at)


def test_a_sweep_tells_the_carrier_again_what_is_confirmed() -> None:
    """A call that was lost is made up for, once the carrier is back."""
    carrier = Deaf(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=carrier))
    with pytest.raises(CarrierUnavailableError, match="timed out"):
        stage.confirmed()
    id = stage.platform.snapshot().shipments[0].id

    in_vain = stage.platform.sweep()
    unheard = stage.tracked(id, days=30).phase
    carrier.is_away = False
    stage.platform.sweep()
    heard = stage.tracked(id, days=30).phase

    assert in_vain == ()
    assert (unheard, heard) == (Phase.CONFIRMED, Phase.DELIVERED)


def test_a_sweep_goes_on_past_a_carrier_that_the_platform_no_longer_works_with() -> None:
    """A host that drops a carrier still has its last shipments."""
    stage = sold()
    delivered, _ = stage.handed_over({PHONE: 1}), stage.confirmed({CASE: 1})
    stage.tracked(delivered, days=30)
    stage.clock.advance(PATIENCE)
    without = attrs.evolve(stage.platform, carriers=())

    assert without.sweep() == (f"shipment {delivered}",)


def test_events_are_delivered_in_pages_until_all_are_acknowledged() -> None:
    """A consumer that acknowledges what it has seen sees each event once, in order."""
    stage = sold()
    due(stage)
    expected = stage.events()
    seen: list[Event] = []

    while True:
        with stage.storage.unit_of_work() as work:
            page = work.outbox.pending(limit=3)
            work.outbox.acknowledge(page)
            work.commit()
        if not page:
            break
        seen += page

    assert seen == expected
    assert len(seen) > 20


def test_two_carriers_of_one_code_are_refused() -> None:
    """One of them would never be asked."""
    stage = Stage()

    with pytest.raises(InvalidValueError, match="codes of carriers 'HKPOST' come twice"):
        LogisticsPlatform(
            stage.storage, (stage.carrier, carrier()), stage.clock, CountedIdentifiers()
        )
