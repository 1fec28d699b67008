"""Use cases of bundles: confirmed shipments are handed over together, in one commit."""

from collections.abc import Callable

import attrs
import pytest

from apaclogistics.adapters.memory import MemoryStorage, MemoryUnitOfWork
from apaclogistics.adapters.simulation import Call, Mishap, SimulatedCarrier
from apaclogistics.bundles import Bundle, BundleState
from apaclogistics.consignments import ConsignmentKind, ConsignmentPreference
from apaclogistics.errors import CarrierError, InvalidTypeError, NotFoundError, Reason
from apaclogistics.fulfilment import Phase
from apaclogistics.lifecycle import ActorNotPermittedError, IllegalTransitionError, RefusedError
from apaclogistics.ports import ConcurrencyConflictError
from apaclogistics.values.identifiers import BundleId, CarrierCode, LineId, ShipmentId
from apaclogistics.values.instants import Instant
from apaclogistics.values.quantities import Weight
from tests.samples import CARRIER, CASE, PHONE, PLATFORM, SELLER, STRANGERS, parcel, rate_card
from tests.stages import ORDER, Stage, assert_all_is_told, key_of

COUNTER = ConsignmentPreference(name="counter", kind=ConsignmentKind.DROP_OFF, site="HK-1")
CODE = CarrierCode(CARRIER.id)


def stage() -> Stage:
    """Give a stage whose order is paid."""
    made = Stage()
    made.sold()
    return made


def confirmed(stage: Stage, units: dict[LineId, int]) -> ShipmentId:
    """Confirm a shipment that is dropped off at the counter."""
    shipments = stage.platform.shipments
    id = shipments.draft(ORDER, units, [parcel()], by=SELLER, preference=COUNTER).id
    shipments.book(id, stage.quote(), key=key_of(id), by=SELLER)
    return shipments.confirm(id, by=SELLER).id


def opened(stage: Stage, *, most: Weight | None = None) -> BundleId:
    """Open a bundle for the counter."""
    bundles = stage.platform.bundles
    return bundles.open(CODE, COUNTER, seller=SELLER, by=SELLER, most=most).id


def test_shipments_are_handed_over_together() -> None:
    """The bundle and each shipment, at one instant, with one sheet; every step is told."""
    it = stage()
    first, second = confirmed(it, {PHONE: 2}), confirmed(it, {CASE: 1})
    id, bundles = opened(it), it.platform.bundles

    bundles.add(id, [first, second], by=SELLER)
    sheet = bundles.sheet(id)
    handed = bundles.hand_over(id, by=SELLER)

    steps = [it.platform.shipments.get(shipment).history[-1] for shipment in (first, second)]
    numbers = [str(line.number) for line in sheet.lines]
    assert handed == bundles.get(id)
    assert handed.state is BundleState.PROCESSING
    assert [step.action.value for step in steps] == ["hand_over", "hand_over"]
    assert {step.at for step in steps} == {handed.history[-1].at}
    assert len(set(numbers)) == 2
    assert bundles.receive(id, by=CARRIER).state is BundleState.RECEIVED
    assert_all_is_told(it)


def test_what_one_shipment_forbids_changes_nothing() -> None:
    """Neither the bundle nor the shipments that could have gone."""
    it = stage()
    first, second = confirmed(it, {PHONE: 2}), confirmed(it, {CASE: 1})
    id, bundles = opened(it), it.platform.bundles
    bundles.add(id, [first, second], by=SELLER)
    it.platform.shipments.cancel(second, by=SELLER)
    before = bundles.get(id)

    with pytest.raises(RefusedError, match=f"shipment {second} is CANCELLED, not CONFIRMED"):
        bundles.hand_over(id, by=SELLER)

    assert bundles.get(id) == before
    assert it.platform.shipments.get(first).phase is Phase.CONFIRMED
    bundles.remove(id, [second], by=SELLER)
    assert bundles.hand_over(id, by=SELLER).shipments == (first,)


def test_a_shipment_is_in_one_bundle() -> None:
    """It is found there, and free again once that is cancelled; a draft is in none."""
    it = stage()
    shipment, bundles = confirmed(it, {PHONE: 2}), it.platform.bundles
    one, other = opened(it), opened(it)
    bundles.add(one, [shipment], by=SELLER)

    with pytest.raises(RefusedError, match=f"is in bundle {one} already"):
        bundles.add(other, [shipment], by=SELLER)
    with pytest.raises(RefusedError, match="is DRAFT, not CONFIRMED"):
        bundles.add(other, [it.drafted({CASE: 1})], by=SELLER)
    bundles.cancel(one, by=SELLER, note="another courier")
    bundles.add(other, [shipment], by=SELLER)

    assert [found.id for found in bundles.of_shipment(shipment)] == [one, other]
    assert it.platform.shipments.get(shipment).phase is Phase.CONFIRMED


def test_a_bundle_has_the_limit_that_it_was_opened_with() -> None:
    """Of all parcels together."""
    it = stage()
    id = opened(it, most=Weight(1500))
    first, second = confirmed(it, {PHONE: 2}), confirmed(it, {CASE: 1})

    with pytest.raises(RefusedError, match="weigh 1600 g together, above the limit of 1500 g"):
        it.platform.bundles.add(id, [first, second], by=SELLER)

    assert it.platform.bundles.add(id, [first], by=SELLER).weight == Weight(800)


def test_nobody_fills_the_bundle_of_another() -> None:
    """Nor opens one for them, nor cancels what is processed."""
    it = stage()
    shipment, id, bundles = confirmed(it, {PHONE: 2}), opened(it), it.platform.bundles

    with pytest.raises(ActorNotPermittedError):
        bundles.open(CODE, COUNTER, seller=SELLER, by=STRANGERS[0])
    with pytest.raises(ActorNotPermittedError):
        bundles.add(id, [shipment], by=STRANGERS[0])
    bundles.add(id, [shipment], by=PLATFORM)
    bundles.hand_over(id, by=SELLER)
    with pytest.raises(IllegalTransitionError, match="cannot cancel this bundle: it is PROCESSING"):
        bundles.cancel(id, by=SELLER)


def test_a_bundle_is_for_a_carrier_of_the_platform() -> None:
    """Else nobody would come."""
    with pytest.raises(NotFoundError, match="no carrier is stored under 'DHL'"):
        stage().platform.bundles.open(CarrierCode("DHL"), COUNTER, seller=SELLER, by=SELLER)


def test_a_shipment_that_changes_meanwhile_conflicts_with_the_handover() -> None:
    """All of it is done anew, or nothing is done."""
    it = stage()
    shipment, id = confirmed(it, {PHONE: 2}), opened(it)
    it.platform.bundles.add(id, [shipment], by=SELLER)

    class Meddling(MemoryUnitOfWork):
        """A transaction before whose end somebody else cancels the shipment."""

        def commit(self) -> None:
            """Be late."""
            it.platform.shipments.cancel(shipment, by=SELLER)
            super().commit()

    class Slow(MemoryStorage):
        """A storage whose transactions end late."""

        def unit_of_work(self) -> MemoryUnitOfWork:
            """Begin a transaction that will be late."""
            return Meddling(it.storage)

    late = attrs.evolve(it.platform, storage=Slow())

    with pytest.raises(ConcurrencyConflictError):
        late.bundles.hand_over(id, by=SELLER)

    assert it.platform.bundles.get(id).state is BundleState.OPEN
    assert it.platform.shipments.get(shipment).phase is Phase.CANCELLED


class CancellingCarrier(SimulatedCarrier):
    """A carrier that takes its time over a bundle, in which somebody cancels a shipment."""

    meanwhile: Callable[[], object] | None = None

    def bundle(self, bundle: Bundle, *, at: Instant) -> None:
        """Take the bundle, and let something happen once."""
        super().bundle(bundle, at=at)
        act, self.meanwhile = self.meanwhile, None
        if act is not None:
            act()


def test_the_carrier_takes_a_bundle_before_it_is_handed_over_here() -> None:
    """And prints its label for the seller and the platform alone."""
    it = stage()
    id = opened(it)
    it.platform.bundles.add(id, [confirmed(it, {PHONE: 1})], by=SELLER)

    handed = it.platform.bundles.hand_over(id, by=SELLER)

    assert [bundle.id for bundle in it.carrier.bundles] == [id]
    assert it.carrier.bundles == (handed,)
    assert it.platform.bundles.label(id, by=SELLER) == b"HKPOST bundle-1\n"
    assert it.platform.bundles.label(id, by=PLATFORM) == b"HKPOST bundle-1\n"
    for stranger in STRANGERS:
        with pytest.raises(ActorNotPermittedError):
            it.platform.bundles.label(id, by=stranger)


@pytest.mark.parametrize(
    "mishap", [Mishap.UNAVAILABLE, Mishap.ANSWER_LOST, Reason("355081", "too heavy for us")]
)
def test_a_bundle_that_the_carrier_does_not_take_is_handed_over_by_repeating_the_call(
    mishap: Mishap | Reason,
) -> None:
    """Nothing was handed over here, whatever the carrier did."""
    scripts = {Call.BUNDLE: [mishap]}
    it = Stage(carrier=SimulatedCarrier(CARRIER.id, rate_card=rate_card(), mishaps=scripts))
    it.sold()
    id, shipment = opened(it), confirmed(it, {PHONE: 1})
    it.platform.bundles.add(id, [shipment], by=SELLER)
    with pytest.raises(CarrierError):
        it.platform.bundles.hand_over(id, by=SELLER)
    phase = it.platform.shipments.get(shipment).phase

    handed = it.platform.bundles.hand_over(id, by=SELLER)

    assert phase is Phase.CONFIRMED
    assert handed.state is BundleState.PROCESSING
    assert [bundle.id for bundle in it.carrier.bundles] == [id]
    assert_all_is_told(it)


def test_a_bundle_that_changed_while_the_carrier_took_it_is_given_up_there() -> None:
    """One of its shipments was cancelled: it is not handed over, and the carrier knows of none."""
    slow = CancellingCarrier(CARRIER.id, rate_card=rate_card())
    it = Stage(carrier=slow)
    it.sold()
    id, first, second = opened(it), confirmed(it, {PHONE: 1}), confirmed(it, {CASE: 1})
    it.platform.bundles.add(id, [first, second], by=SELLER)
    slow.meanwhile = lambda: it.platform.shipments.cancel(second, by=SELLER)

    with pytest.raises(RefusedError, match="is CANCELLED, not CONFIRMED"):
        it.platform.bundles.hand_over(id, by=SELLER)

    assert slow.bundles == ()
    assert it.platform.bundles.get(id).state is BundleState.OPEN
    assert it.platform.shipments.get(first).phase is Phase.CONFIRMED


def slow_stage() -> tuple[Stage, CancellingCarrier]:
    """Give a stage whose order is paid, and its carrier, which takes its time over a bundle."""
    slow = CancellingCarrier(CARRIER.id, rate_card=rate_card())
    it = Stage(carrier=slow)
    it.sold()
    return it, slow


def test_a_shipment_that_the_carrier_was_not_told_of_is_not_handed_over() -> None:
    """It was added while the carrier took the bundle; repeating the call tells of it."""
    it, slow = slow_stage()
    id, first, second = opened(it), confirmed(it, {PHONE: 1}), confirmed(it, {CASE: 1})
    it.platform.bundles.add(id, [first], by=SELLER)
    slow.meanwhile = lambda: it.platform.bundles.add(id, [second], by=SELLER)
    with pytest.raises(ConcurrencyConflictError, match="bundle bundle-1 is at version 3, not 2"):
        it.platform.bundles.hand_over(id, by=SELLER)
    phases = [it.platform.shipments.get(shipment).phase for shipment in (first, second)]

    handed = it.platform.bundles.hand_over(id, by=SELLER)

    assert phases == [Phase.CONFIRMED, Phase.CONFIRMED]
    assert slow.bundles == (handed,)
    assert handed.shipments == (first, second)
    assert_all_is_told(it)


def test_a_bundle_is_cancelled_with_the_carrier_that_has_taken_it() -> None:
    """Its answer was lost, so that the bundle is open here and taken there."""
    scripts = {Call.BUNDLE: [Mishap.ANSWER_LOST]}
    it = Stage(carrier=SimulatedCarrier(CARRIER.id, rate_card=rate_card(), mishaps=scripts))
    it.sold()
    id = opened(it)
    it.platform.bundles.add(id, [confirmed(it, {PHONE: 1})], by=SELLER)
    with pytest.raises(CarrierError):
        it.platform.bundles.hand_over(id, by=SELLER)
    taken = it.carrier.bundles

    cancelled = it.platform.bundles.cancel(id, by=SELLER)

    assert [bundle.id for bundle in taken] == [id]
    assert it.carrier.bundles == ()
    assert cancelled.state is BundleState.CANCELLED
    with pytest.raises(NotFoundError, match="no label of bundle is stored under 'bundle-1'"):
        it.platform.bundles.label(id, by=SELLER)


@pytest.mark.parametrize("call", [Call.BUNDLE_LABEL, Call.CANCEL_BUNDLE])
def test_a_bundle_stays_open_where_its_carrier_does_not_answer(call: Call) -> None:
    """Whether the carrier has it is not known; repeating the call gives it up."""
    scripts = {Call.BUNDLE: [Mishap.ANSWER_LOST], call: [Mishap.UNAVAILABLE]}
    it = Stage(carrier=SimulatedCarrier(CARRIER.id, rate_card=rate_card(), mishaps=scripts))
    it.sold()
    id, bundles = opened(it), it.platform.bundles
    bundles.add(id, [confirmed(it, {PHONE: 1})], by=SELLER)
    with pytest.raises(CarrierError):
        bundles.hand_over(id, by=SELLER)

    with pytest.raises(CarrierError):
        bundles.cancel(id, by=SELLER)

    assert bundles.get(id).state is BundleState.OPEN
    assert bundles.cancel(id, by=SELLER).state is BundleState.CANCELLED
    assert it.carrier.bundles == ()


def test_a_bundle_that_no_carrier_has_heard_of_is_cancelled() -> None:
    """There is nothing to give up with it."""
    it = stage()
    id = opened(it)

    cancelled = it.platform.bundles.cancel(id, by=SELLER)

    assert cancelled.state is BundleState.CANCELLED


@pytest.mark.parametrize("name", ["add", "remove"])
def test_one_identifier_is_not_taken_for_its_characters(name: str) -> None:
    """A text is one shipment where several are asked for."""
    it = stage()
    bundle = opened(it)
    call: Callable[..., object] = getattr(it.platform.bundles, name)

    with pytest.raises(InvalidTypeError, match="shipments is given as str; allowed: several"):
        call(bundle, ShipmentId("shipment-1"), by=SELLER)
