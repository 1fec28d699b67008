"""What somebody else does while a use case is under way: nobody is told two things."""

from collections.abc import Callable, Sequence

import pytest

from apaclogistics.adapters.simulation import Call, Mishap, SimulatedCarrier
from apaclogistics.carriers import CarrierRejectedError, CarrierUnavailableError
from apaclogistics.errors import NotFoundError, Reason
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.lifecycle import RefusedError
from apaclogistics.payments import PaymentHold
from apaclogistics.ports import ConcurrencyConflictError
from apaclogistics.values.identifiers import ShipmentId
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    PLATFORM,
    SELLER,
    cost,
    day,
    rate_card,
    scan,
    usd,
)
from tests.stages import (
    ORDER,
    CountingCarrier,
    MeddledClock,
    MeddledStorage,
    Stage,
    assert_all_is_told,
    assert_money_is_in_step,
    key_of,
    sold,
)


def meddled() -> tuple[Stage, MeddledClock]:
    """Give a stage on which somebody else may be faster, and the clock beside which they are."""
    clock = MeddledClock(day(1))
    return sold(Stage(clock=clock)), clock


def scripted(**scripts: Sequence[Mishap | Reason]) -> Stage:
    """Give a stage whose carrier meets mishaps, by the names of its calls."""
    mishaps = {Call[name]: script for name, script in scripts.items()}
    return sold(Stage(carrier=SimulatedCarrier(CARRIER.id, rate_card=rate_card(), mishaps=mishaps)))


def live(stage: Stage) -> list[bool]:
    """Tell of each booking of the carrier whether its labels are alive."""
    return [not account.is_cancelled for account in stage.carrier.accounts]


def cancel(stage: Stage, id: ShipmentId) -> None:
    """Cancel one."""
    stage.platform.shipments.cancel(id, by=SELLER)


def cancel_among_many(stage: Stage, id: ShipmentId) -> None:
    """Cancel it in a bulk, and raise what it is answered."""
    (answer,) = stage.platform.shipments.cancel_all([id], by=SELLER)
    if answer.error is not None:
        raise answer.error


@pytest.mark.parametrize("verb", [cancel, cancel_among_many])
def test_a_draft_that_is_booked_while_it_is_cancelled_keeps_its_label(
    verb: Callable[[Stage, ShipmentId], None],
) -> None:
    """Whoever cancels has not seen the booking; repeating the call cancels it with the carrier."""
    stage, clock = meddled()
    id, quote, shipments = stage.drafted(), stage.quote(), stage.platform.shipments
    clock.meanwhile = lambda: shipments.book(id, quote, key=key_of(id), by=SELLER)
    with pytest.raises(ConcurrencyConflictError, match="shipment shipment-1 is at version 2"):
        verb(stage, id)
    phase, alive = shipments.get(id).phase, live(stage)

    verb(stage, id)

    assert (phase, alive) == (Phase.BOOKED, [True])
    assert (shipments.get(id).phase, live(stage)) == (Phase.CANCELLED, [False])
    assert_all_is_told(stage)


@pytest.mark.parametrize("verb", ["confirm_receipt", "complete", "charge"])
def test_a_hold_that_somebody_else_has_used_is_a_conflict(verb: str) -> None:
    """A hold is used once, and whoever comes second reads again and decides anew."""
    stage, clock = meddled()
    id, shipments = stage.handed_over(), stage.platform.shipments
    (number,) = map(str, shipments.get(id).numbers)
    seen = [scan(it, clock.now(), number) for it in (Milestone.ACCEPTED, Milestone.DELIVERED)]
    shipments.observe(id, seen)
    row = cost("3.00", day(3), number=number)
    verbs: dict[str, Callable[[], object]] = {
        "confirm_receipt": lambda: shipments.confirm_receipt(id, by=BUYER),
        "complete": lambda: shipments.complete(id, by=PLATFORM, patience=day(1) - day(1)),
        "charge": lambda: shipments.charge(id, [row], by=CARRIER),
    }
    clock.meanwhile = verbs["confirm_receipt" if verb != "charge" else "charge"]

    with pytest.raises(ConcurrencyConflictError, match="is at version"):
        verbs[verb]()

    assert stage.money()[1] == "0.00 USD"
    assert_money_is_in_step(stage)
    assert_all_is_told(stage)


def test_what_carriers_have_cancelled_is_kept_where_the_order_changes_meanwhile() -> None:
    """And where somebody else saves one of the shipments; a draft stays as it is."""
    storage, counting = MeddledStorage(), CountingCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(storage=storage, carrier=counting))
    first, draft, second = stage.confirmed(), stage.drafted(), stage.confirmed({CASE: 1})
    shipments = stage.platform.shipments
    strange = scan(Milestone.ACCEPTED, day(2), "LV000000099HK")
    storage.meanwhile.append(lambda: shipments.observe(second, [strange]))
    with pytest.raises(ConcurrencyConflictError):
        stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)
    phases = [shipments.get(id).phase for id in (first, draft, second)]
    money = stage.money()

    order = stage.platform.orders.cancel(ORDER, "out of stock", by=SELLER)

    assert phases == [Phase.CANCELLED, Phase.DRAFT, Phase.CANCELLED]
    assert money == ("30.00 USD", "0.00 USD")
    assert live(stage) == [False, False]
    assert counting.cancelled == 2
    assert order.refunded == usd("30.00")
    assert_money_is_in_step(stage)
    assert_all_is_told(stage)


def confirm(stage: Stage, id: ShipmentId) -> None:
    """Confirm one, which is refused."""
    with pytest.raises(CarrierRejectedError):
        stage.platform.shipments.confirm(id, by=SELLER)


def confirm_among_many(stage: Stage, id: ShipmentId) -> None:
    """Confirm it in a bulk, in which it is refused."""
    (answer,) = stage.platform.shipments.confirm_all([id], by=SELLER)
    assert isinstance(answer.error, CarrierRejectedError)


@pytest.mark.parametrize("verb", [confirm, confirm_among_many])
def test_a_booking_that_the_carrier_does_not_confirm_is_given_back(
    verb: Callable[[Stage, ShipmentId], None],
) -> None:
    """Its label is dead on both sides, and is not printed."""
    stage = scripted(CONFIRM=[Reason("355038", "no")])
    id, shipments = stage.booked(), stage.platform.shipments

    verb(stage, id)

    assert (shipments.get(id).phase, live(stage)) == (Phase.CANCELLED, [False])
    assert stage.money() == ("30.00 USD", "0.00 USD")
    for fetch in (lambda: shipments.labels(id, by=SELLER), lambda: sheet(stage, id)):
        with pytest.raises(NotFoundError, match="no live number of shipment is stored under"):
            fetch()


def sheet(stage: Stage, id: ShipmentId) -> bytes:
    """Print a sheet of one shipment."""
    return stage.platform.shipments.printed_sheet([id], by=SELLER)


def test_a_booking_that_could_not_be_given_back_stays_until_the_call_is_repeated() -> None:
    """The carrier refuses to confirm it, and then does not answer: what is held stays held."""
    no = Reason("355038", "no")
    stage = scripted(CONFIRM=[no, no], CANCEL=[Mishap.UNAVAILABLE])
    id, shipments = stage.booked(), stage.platform.shipments
    with pytest.raises(CarrierUnavailableError):
        shipments.confirm(id, by=SELLER)
    phase, money = shipments.get(id).phase, stage.money()

    with pytest.raises(CarrierRejectedError):
        shipments.confirm(id, by=SELLER)

    assert (phase, money) == (Phase.CONFIRMED, ("25.00 USD", "5.00 USD"))
    assert (shipments.get(id).phase, live(stage)) == (Phase.CANCELLED, [False])


def test_a_carrier_that_takes_no_booking_back_has_had_its_say() -> None:
    """It neither confirms nor cancels: nothing is held for it any more."""
    stage = scripted(CONFIRM=[Reason("355038", "no")], CANCEL=[Reason("355036", "no")])
    id = stage.booked()

    with pytest.raises(CarrierRejectedError, match="355038"):
        stage.platform.shipments.confirm(id, by=SELLER)

    assert stage.platform.shipments.get(id).phase is Phase.CANCELLED
    assert stage.money() == ("30.00 USD", "0.00 USD")


def test_what_was_held_back_since_it_was_booked_is_not_confirmed() -> None:
    """The platform put the payment on hold: what is available is no answer to that."""
    stage = sold()
    id = stage.booked({PHONE: 1})
    held = PaymentHold(id="hold-1", amount=usd("1.00"))
    stage.platform.orders.hold_payment(ORDER, held, by=PLATFORM)

    with pytest.raises(RefusedError) as refusal:
        stage.platform.shipments.confirm(id, by=SELLER)

    assert [reason.code for reason in refusal.value.reasons] == ["payment_held"]
    assert [account.confirmed_at for account in stage.carrier.accounts] == [None]
