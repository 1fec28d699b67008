"""Many shipments in one call: each is answered for, and one that is refused holds up no other."""

from collections.abc import Callable, Sequence

import pytest

from apaclogistics.adapters.simulation import Call, Mishap, SimulatedCarrier
from apaclogistics.carriers import (
    Answer,
    CarrierRejectedError,
    CarrierUnavailableError,
    ComplaintKind,
)
from apaclogistics.consignments import Booking
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError, Reason
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.lifecycle import ActorNotPermittedError, IllegalTransitionError, RefusedError
from apaclogistics.ports import ConcurrencyConflictError
from apaclogistics.values.identifiers import ParcelId, ShipmentId
from apaclogistics.values.instants import Instant
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    PLATFORM,
    SELLER,
    STRANGERS,
    adoption,
    rate_card,
    scan,
    usd,
)
from tests.stages import (
    CountingCarrier,
    Killed,
    Life,
    MeddledStorage,
    Stage,
    assert_all_is_told,
    assert_money_is_in_step,
    dangers,
    mortal,
    sold,
)

UNKNOWN = ShipmentId("shipment-0")


def scripted(**scripts: Sequence[Mishap | Reason]) -> Stage:
    """Give a stage whose carrier meets mishaps, by the names of its calls."""
    mishaps = {Call[name]: script for name, script in scripts.items()}
    return sold(Stage(carrier=CountingCarrier(CARRIER.id, rate_card=rate_card(), mishaps=mishaps)))


def errors(answers: Sequence[Answer[ShipmentId]]) -> list[type[Exception] | None]:
    """Give what each was refused with, None for what is done."""
    return [type(answer.error) if answer.error else None for answer in answers]


def phases(stage: Stage, ids: Sequence[ShipmentId]) -> list[Phase]:
    """Give the phases of shipments."""
    return [stage.platform.shipments.get(id).phase for id in ids]


def test_what_can_be_confirmed_is_and_the_rest_says_why() -> None:
    """A draft, a stranger's name, an unknown carrier's refusal: the two good ones go on."""
    stage = scripted(CONFIRM=[Mishap.NONE, Reason("355038", "not now")])
    good, refused, draft = stage.booked({PHONE: 1}), stage.booked({CASE: 1}), stage.drafted()

    answers = stage.platform.shipments.confirm_all([draft, good, UNKNOWN, refused], by=SELLER)

    assert [answer.item for answer in answers] == [draft, good, UNKNOWN, refused]
    assert errors(answers) == [IllegalTransitionError, None, NotFoundError, CarrierRejectedError]
    assert phases(stage, [draft, good, refused]) == [
        Phase.DRAFT,
        Phase.CONFIRMED,
        Phase.CANCELLED,
    ]
    assert stage.money() == ("25.00 USD", "5.00 USD")
    assert_money_is_in_step(stage)
    assert_all_is_told(stage)


def test_money_is_held_for_as_many_as_it_is_there_for() -> None:
    """In the order in which they are named; the last one waits for more."""
    stage = sold()
    ids = [stage.booked({PHONE: 1}), stage.booked({PHONE: 1}), stage.booked({CASE: 1})]
    stage.platform.orders.refund(stage.platform.snapshot().orders[0].id, usd("18.00"), by=SELLER)

    answers = stage.platform.shipments.confirm_all(ids, by=SELLER)

    assert errors(answers) == [None, None, RefusedError]
    assert stage.money() == ("2.00 USD", "10.00 USD")


def test_who_may_not_confirm_one_may_not_confirm_many() -> None:
    """Each answer says so, and nothing is held."""
    stage = sold()
    ids = [stage.booked(), stage.booked()]

    answers = stage.platform.shipments.confirm_all(ids, by=STRANGERS[0])

    assert errors(answers) == [ActorNotPermittedError] * 2
    assert stage.money() == ("30.00 USD", "0.00 USD")


def test_a_carrier_that_does_not_answer_is_asked_again_by_repeating_the_call() -> None:
    """What is held is held; one unanswered booking does not keep the other from being confirmed."""
    stage = scripted(CONFIRM=[Mishap.UNAVAILABLE])
    ids = [stage.booked(), stage.booked()]
    first = stage.platform.shipments.confirm_all(ids, by=SELLER)

    again = stage.platform.shipments.confirm_all(ids, by=SELLER)

    assert errors(first) == [CarrierUnavailableError, None]
    assert errors(again) == [None, None]
    assert phases(stage, ids) == [Phase.CONFIRMED] * 2
    assert stage.money() == ("20.00 USD", "10.00 USD")
    assert all(account.confirmed_at for account in stage.carrier.accounts)


def test_what_can_be_cancelled_is_and_the_rest_says_why() -> None:
    """The hub refuses one of them: it is as it was, here and there."""
    stage = scripted(CANCEL=[Reason("355044", "the hub says no")])
    refused, good, draft = stage.confirmed(), stage.confirmed(), stage.drafted({CASE: 1})

    answers = stage.platform.shipments.cancel_all([refused, UNKNOWN, good, draft], by=SELLER)

    assert errors(answers) == [CarrierRejectedError, NotFoundError, None, None]
    assert phases(stage, [refused, good, draft]) == [
        Phase.CONFIRMED,
        Phase.CANCELLED,
        Phase.CANCELLED,
    ]
    assert [account.is_cancelled for account in stage.carrier.accounts] == [False, True]
    assert stage.money() == ("25.00 USD", "5.00 USD")
    assert_money_is_in_step(stage)


def test_a_shipment_that_somebody_else_saved_is_cancelled_by_repeating_the_call() -> None:
    """The carrier cancelled it; it cancels again without complaint."""
    stage = sold(Stage(storage=MeddledStorage()))
    id = stage.confirmed()
    storage = stage.storage
    assert isinstance(storage, MeddledStorage)
    storage.meanwhile.append(lambda: stage.platform.shipments.hand_over(id, by=SELLER))
    first = stage.platform.shipments.cancel_all([id], by=SELLER)

    again = stage.platform.shipments.cancel_all([id], by=SELLER)

    assert errors(first) == [ConcurrencyConflictError]
    assert errors(again) == [None]
    assert phases(stage, [id]) == [Phase.CANCELLED]


def test_what_was_booked_elsewhere_is_cancelled_here_alone() -> None:
    """No carrier of ours knows it."""
    stage = sold()
    id = stage.drafted()
    stage.platform.shipments.adopt(id, adoption(), by=SELLER)

    answers = stage.platform.shipments.cancel_all([id], by=SELLER)

    assert errors(answers) == [None]
    assert stage.carrier.accounts == ()


def test_a_call_is_for_some_and_not_for_too_many() -> None:
    """None, one twice, and 201 are refused as a whole; 200 are answered for."""
    stage = sold()
    many = [ShipmentId(f"sh-{turn}") for turn in range(201)]

    for ids in ([], [UNKNOWN, UNKNOWN], many):
        with pytest.raises(InvalidValueError, match=r"shipments .+; allowed: 1 to 200"):
            stage.platform.shipments.confirm_all(ids, by=SELLER)
        with pytest.raises(InvalidValueError, match=r"shipments .+; allowed: 1 to 200"):
            stage.platform.shipments.cancel_all(ids, by=SELLER)
    answers = stage.platform.shipments.cancel_all(many[:200], by=SELLER)

    assert errors(answers) == [NotFoundError] * 200


def test_a_platform_without_the_carrier_says_so_for_each() -> None:
    """It worked with it when they were booked."""
    stage = sold()
    ids = [stage.booked(), stage.booked()]
    alone = stage.platform.__class__(stage.storage, (), stage.clock, stage.platform.ids)

    answers = alone.shipments.confirm_all(ids, by=SELLER)

    assert errors(answers) == [NotFoundError] * 2


class Silent(SimulatedCarrier):
    """A carrier that answers for none of many."""

    def confirm_all(
        self, bookings: Sequence[Booking], *, at: Instant
    ) -> tuple[Answer[Booking], ...]:
        """Confirm them, and say nothing."""
        super().confirm_all(bookings, at=at)
        return ()


def test_a_booking_that_a_carrier_does_not_answer_for_is_asked_for_again() -> None:
    """Nobody knows whether it is confirmed, so nothing is given up."""
    stage = sold(Stage(carrier=Silent(CARRIER.id, rate_card=rate_card())))
    id = stage.booked()

    answers = stage.platform.shipments.confirm_all([id], by=SELLER)

    assert errors(answers) == [CarrierUnavailableError]
    assert phases(stage, [id]) == [Phase.CONFIRMED]


class Contradictory(SimulatedCarrier):
    """A carrier that refuses what it has picked up already."""

    tell: Callable[[Instant], object] | None = None

    def confirm_all(
        self, bookings: Sequence[Booking], *, at: Instant
    ) -> tuple[Answer[Booking], ...]:
        """Let the scan of the pick-up be heard, and refuse."""
        assert self.tell is not None
        self.tell(at)
        refusal = CarrierRejectedError(self.code, "355038", "not now")
        return tuple(Answer(booking, refusal) for booking in bookings)


def test_what_a_carrier_refuses_and_moves_all_the_same_says_so() -> None:
    """It cannot be cancelled any more, so its cost stays held."""
    contradictory = Contradictory(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=contradictory))
    id = stage.booked()
    (number,) = stage.platform.shipments.get(id).numbers

    def tell(at: Instant) -> None:
        picked_up = scan(Milestone.ACCEPTED, at, str(number))
        stage.platform.shipments.observe(id, [picked_up])

    contradictory.tell = tell

    answers = stage.platform.shipments.confirm_all([id], by=SELLER)

    assert errors(answers) == [IllegalTransitionError]
    assert phases(stage, [id]) == [Phase.ACCEPTED]
    assert stage.money() == ("25.00 USD", "5.00 USD")


def two_booked(stage: Stage) -> None:
    """Book two shipments."""
    stage.booked()
    stage.booked()


def confirm_both(stage: Stage) -> None:
    """Confirm all that there is."""
    ids = [ShipmentId("shipment-1"), ShipmentId("shipment-2")]
    stage.platform.shipments.confirm_all(ids, by=SELLER)


@pytest.mark.parametrize("last", range(1, dangers(confirm_both, two_booked) + 1))
def test_a_process_that_dies_among_many_leaves_nothing_half_done(last: int) -> None:
    """Killed anywhere and repeated, both are confirmed, and each is paid for once."""
    life = Life()
    stage = mortal(life)
    two_booked(stage)
    life.ends_at = life.count + last
    with pytest.raises(Killed):
        confirm_both(stage)

    confirm_both(stage)

    ids = [shipment.id for shipment in stage.platform.snapshot().shipments]
    assert phases(stage, ids) == [Phase.CONFIRMED] * 2
    assert all(account.confirmed_at for account in stage.carrier.accounts)
    assert stage.money() == ("20.00 USD", "10.00 USD")
    assert_money_is_in_step(stage)
    assert_all_is_told(stage)


def test_labels_are_fetched_for_each_parcel() -> None:
    """By the seller and the platform, and by nobody else."""
    stage = sold()
    id = stage.booked(parcels=2)

    labels = stage.platform.shipments.labels(id, by=SELLER)

    assert labels == {"p-1": b"HKPOST LV000000014HK\n", "p-2": b"HKPOST LV000000028HK\n"}
    assert list(labels) == [ParcelId("p-1"), ParcelId("p-2")]
    assert stage.platform.shipments.labels(id, by=PLATFORM) == labels
    for stranger in (*STRANGERS, BUYER):
        with pytest.raises(ActorNotPermittedError):
            stage.platform.shipments.labels(id, by=stranger)


def test_a_draft_has_no_label() -> None:
    """Nothing is booked for it."""
    stage = sold()

    with pytest.raises(NotFoundError, match="no booking of shipment is stored under 'shipment-1'"):
        stage.platform.shipments.labels(stage.drafted(), by=SELLER)


def test_one_sheet_lists_the_parcels_of_several_shipments() -> None:
    """In the order in which they are named."""
    stage = sold()
    first, second = stage.booked(), stage.booked(parcels=2)

    sheet = stage.platform.shipments.printed_sheet([second, first], by=SELLER)

    assert sheet.decode().split() == [
        *("HKPOST", "LV000000028HK"),
        *("HKPOST", "LV000000031HK"),
        *("HKPOST", "LV000000014HK"),
    ]


def test_a_sheet_is_for_one_carrier() -> None:
    """Each hands out its own."""
    stage = sold()
    ours, theirs = stage.booked(), stage.drafted()
    other = adoption()
    stage.platform.shipments.adopt(theirs, Booking(carrier="DHL", labels=other.labels), by=SELLER)  # type: ignore[arg-type]

    with pytest.raises(InvalidValueError, match="DHL for seller s-1, HKPOST for seller s-1"):
        stage.platform.shipments.printed_sheet([ours, theirs], by=SELLER)


def test_a_complaint_is_made_and_kept_by_whoever_makes_it() -> None:
    """The carrier does not give it back."""
    stage = sold()
    id = stage.handed_over(parcels=2)

    complaint = stage.platform.shipments.complain(
        id, ComplaintKind.LOST_PACKAGE, "not seen for weeks", by=SELLER
    )

    assert stage.carrier.complaints == (complaint,)
    assert [str(number) for number in complaint.numbers] == ["LV000000014HK", "LV000000028HK"]
    assert complaint.seller == SELLER
    assert complaint.at == stage.clock.now()
    assert "weeks" not in repr(complaint)


def test_a_complaint_that_is_declined_says_so() -> None:
    """With the carrier's own code."""
    stage = scripted(COMPLAIN=[Reason("355060", "declined")])
    id = stage.handed_over()

    with pytest.raises(CarrierRejectedError) as rejected:
        stage.platform.shipments.complain(
            id, ComplaintKind.ABNORMAL_COLLECTION, "nobody came", by=SELLER
        )

    assert rejected.value.reason_code == "355060"
    assert stage.carrier.complaints == ()


@pytest.mark.parametrize("name", ["confirm_all", "cancel_all", "printed_sheet"])
def test_one_identifier_is_not_taken_for_its_characters(name: str) -> None:
    """A text is one shipment where several are asked for."""
    stage = sold()
    call: Callable[..., object] = getattr(stage.platform.shipments, name)

    with pytest.raises(InvalidTypeError, match="shipments is given as str; allowed: several"):
        call(ShipmentId("shipment-1"), by=SELLER)
