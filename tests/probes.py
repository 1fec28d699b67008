"""Probes: each brings a platform to where a command is to be refused, and gives that command.

Their names are those in the column `probe` of `refusals.csv`.  A probe gives a `Case`: the stage and
what to do on it.  What a simulated carrier must be told for it stands in the probe.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

import attrs

from apaclogistics.adapters.memory import ManualClock
from apaclogistics.adapters.simulation import Call, HouseRules, Mishap, SimulatedCarrier
from apaclogistics.application import LogisticsPlatform
from apaclogistics.carriers import Answer, BookingRequest, ComplaintKind
from apaclogistics.catalogue import edis
from apaclogistics.compensation import ClaimKind
from apaclogistics.consignments import (
    Booking,
    ConsignmentKind,
    ConsignmentPreference,
    Label,
    Parcel,
)
from apaclogistics.errors import Reason
from apaclogistics.interop.ebay import RefundReason, write_refund
from apaclogistics.interop.edis import (
    AddressKind,
    AreaCodes,
    ForwardStock,
    write_address_preference,
)
from apaclogistics.lifecycle import Actor
from apaclogistics.offers import Carriage
from apaclogistics.profiles import LITHIUM_LETTER, Logistics
from apaclogistics.quotes import Quote
from apaclogistics.sales import Refund
from apaclogistics.values.goods import BatteryQualification, CustomsItem, LithiumBattery
from apaclogistics.values.identifiers import (
    BundleId,
    CarrierCode,
    IdempotencyKey,
    LineId,
    OrderId,
    ParcelId,
    SellerId,
    ShipmentId,
    TrackingNumber,
    tracking_number,
)
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Address, Country, Destination, Party
from apaclogistics.values.quantities import Weight
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    PLATFORM,
    SELLER,
    STRANGERS,
    adoption,
    day,
    logistics,
    parcel,
    rate_card,
    sale,
    usd,
)
from tests.stages import (
    BROOKLYN,
    LISTING,
    ORDER,
    MeddledCarrier,
    MeddledStorage,
    Stage,
    key_of,
    sold,
)
from tests.test_application_claims import LOST, POLICY, SHIPMENT, lost
from tests.test_edis_writing import READER, package

KEY: Final = IdempotencyKey("the key")
NOBODYS: Final = ShipmentId("shipment-0")
UNKNOWN: Final = tracking_number("RR473124829GB")
# Another seller.
STRANGER: Final = STRANGERS[0]


@attrs.frozen
class Case:
    """A stage, and a command that is refused on it.

    Where somebody else acts in the middle of the command, `apart` is what the stage is like once
    they have, so that the command itself can be seen to change nothing.
    """

    stage: Stage
    act: Callable[[], object]
    apart: list[Mapping[str, object]] = attrs.field(factory=list)


def only(answers: Sequence[Answer[ShipmentId]]) -> None:
    """Give what one of many was refused with."""
    (answer,) = answers
    assert answer.error is not None
    raise answer.error


def scripted(call: Call, *script: Mishap | Reason) -> Stage:
    """Give a stage whose carrier meets mishaps when it is called."""
    mishaps = {call: script}
    return sold(Stage(carrier=SimulatedCarrier(CARRIER.id, rate_card=rate_card(), mishaps=mishaps)))


def ruled(rules: HouseRules) -> Stage:
    """Give a stage whose carrier has rules."""
    return sold(Stage(carrier=SimulatedCarrier(CARRIER.id, rate_card=rate_card(), rules=rules)))


def booking(stage: Stage, *parcels: Parcel) -> Case:
    """Draft a shipment of parcels, and book it on a quote for them."""
    packed = parcels or (parcel(),)
    id = stage.platform.shipments.draft(ORDER, {PHONE: 1}, packed, by=SELLER).id
    carriage = Carriage(destination=BROOKLYN, parcels=packed)
    quote = attrs.evolve(stage.quote(parcels=len(packed)), carriage=carriage)
    return Case(stage, lambda: stage.platform.shipments.book(id, quote, key=KEY, by=SELLER))


def packed_with(battery: LithiumBattery) -> Parcel:
    """Give a parcel with a battery."""
    contents = CustomsItem(description="phone", quantity=1, value=usd("20.00"), battery=battery)
    return attrs.evolve(parcel(), contents=(contents,))


def powered() -> Parcel:
    """Give a parcel whose battery takes a qualification."""
    return packed_with(LithiumBattery.ION_IN_EQUIPMENT)


def qualified(stage: Stage, battery: LithiumBattery, *, until: Instant) -> None:
    """Have the seller sign the letter, and be qualified for a battery until an instant."""
    qualification = BatteryQualification(
        id="q-1", name="UN38.3", battery=battery, valid_until=until
    )
    stage.platform.sellers.agree(SellerId(SELLER.id), LITHIUM_LETTER, by=SELLER)
    stage.platform.sellers.qualify(SellerId(SELLER.id), qualification, by=PLATFORM)


def adopted(stage: Stage, number: TrackingNumber = UNKNOWN) -> ShipmentId:
    """Take over a shipment of the carrier that was booked elsewhere under a number."""
    id = stage.drafted()
    labels = (Label(ParcelId("p-1"), (number,)),)
    elsewhere = Booking(carrier=CarrierCode(CARRIER.id), labels=labels)
    stage.platform.shipments.adopt(id, elsewhere, by=SELLER)
    return id


def number_of_a_stranger(stage: Stage) -> TrackingNumber:
    """Have somebody else book with the same carrier, and give their number."""
    shipment = stage.platform.shipments.get(stage.drafted())
    consignment = attrs.evolve(shipment.consignment, seller=STRANGER)
    request = BookingRequest(
        reference=IdempotencyKey("theirs"),
        quote=stage.quote().id,
        carrier=CarrierCode(CARRIER.id),
        service="e-Express",
        consignment=consignment,
    )
    return stage.carrier.book(request, at=stage.clock.now()).labels[0].numbers[0]


# What is asked of a carrier.


def book_by_a_disabled_account() -> Case:
    """The seller's account at the carrier does not book through an interface."""
    return booking(ruled(HouseRules(disabled=frozenset({SELLER}))))


def book_an_unknown_service() -> Case:
    """The listing offers a service that the carrier has given up."""
    return booking(ruled(HouseRules(services={"Parcel": rate_card()})))


def book_a_service_that_does_not_take_it() -> Case:
    """Another service of the carrier would."""
    light = {"e-Express": rate_card(up_to_grams=500), "Parcel": rate_card()}
    return booking(ruled(HouseRules(services=light)))


def book_what_no_service_takes() -> Case:
    """Too heavy for all of them."""
    light = {name: rate_card(up_to_grams=500) for name in ("e-Express", "Parcel")}
    return booking(ruled(HouseRules(services=light)))


def book_a_sku_twice() -> Case:
    """Two rows of one parcel declare the same SKU."""
    rows = [attrs.evolve(item, sku="A-1") for item in parcel().contents * 2]
    return booking(sold(), attrs.evolve(parcel(), contents=tuple(rows)))


def book_special_goods() -> Case:
    """They go in a mini-packet, and this service is none."""
    return booking(sold(), packed_with(LithiumBattery.SPECIAL_GOODS))


def book_unanswered() -> Case:
    """The carrier's system is down."""
    return booking(scripted(Call.BOOK, Mishap.UNAVAILABLE))


def cancel_unanswered() -> Case:
    """The carrier's system is down."""
    stage = scripted(Call.CANCEL, Mishap.UNAVAILABLE)
    id = stage.confirmed()
    return Case(stage, lambda: stage.platform.shipments.cancel(id, by=SELLER))


def cancel_many_unanswered() -> Case:
    """The carrier's system is down."""
    stage = scripted(Call.CANCEL, Mishap.UNAVAILABLE)
    ids = [stage.confirmed()]
    return Case(stage, lambda: only(stage.platform.shipments.cancel_all(ids, by=SELLER)))


def cancel_against_the_provider() -> Case:
    """The hub refuses."""
    stage = scripted(Call.CANCEL, Reason("355044", "the hub refuses"))
    id = stage.confirmed()
    return Case(stage, lambda: stage.platform.shipments.cancel(id, by=SELLER))


def cancel_many_against_the_provider() -> Case:
    """The hub refuses."""
    stage = scripted(Call.CANCEL, Reason("355044", "the hub refuses"))
    ids = [stage.confirmed()]
    return Case(stage, lambda: only(stage.platform.shipments.cancel_all(ids, by=SELLER)))


def processed() -> tuple[Stage, ShipmentId]:
    """Give a shipment that the carrier has scanned, and we have not heard of it."""
    stage = sold()
    id = stage.confirmed()
    stage.clock.advance(timedelta(days=5))
    return stage, id


def cancel_what_is_processed() -> Case:
    """The carrier knows better."""
    stage, id = processed()
    return Case(stage, lambda: stage.platform.shipments.cancel(id, by=SELLER))


def cancel_many_of_what_is_processed() -> Case:
    """The carrier knows better."""
    stage, id = processed()
    return Case(stage, lambda: only(stage.platform.shipments.cancel_all([id], by=SELLER)))


def confirm_what_is_processed() -> Case:
    """It was confirmed, and the carrier's scans have been heard."""
    stage, id = processed()
    stage.platform.shipments.track(id)
    return Case(stage, lambda: stage.platform.shipments.confirm(id, by=SELLER))


def confirm_many_of_what_is_processed() -> Case:
    """It was confirmed, and the carrier's scans have been heard."""
    stage, id = processed()
    stage.platform.shipments.track(id)
    return Case(stage, lambda: only(stage.platform.shipments.confirm_all([id], by=SELLER)))


def label_of_an_unknown_number() -> Case:
    """It was booked elsewhere, and the carrier has never heard of it."""
    stage = sold()
    id = adopted(stage)
    return Case(stage, lambda: stage.platform.shipments.labels(id, by=SELLER))


def label_of_somebody_elses_number() -> Case:
    """The seller takes over what another seller booked."""
    stage = sold()
    id = adopted(stage, number_of_a_stranger(stage))
    return Case(stage, lambda: stage.platform.shipments.labels(id, by=SELLER))


def label_unanswered() -> Case:
    """The carrier's system is down."""
    stage = scripted(Call.LABEL, Mishap.UNAVAILABLE)
    id = stage.booked()
    return Case(stage, lambda: stage.platform.shipments.labels(id, by=SELLER))


def sheet_of_an_unknown_number() -> Case:
    """One of two is known."""
    stage = sold()
    ids = [stage.confirmed(), adopted(stage)]
    return Case(stage, lambda: stage.platform.shipments.printed_sheet(ids, by=SELLER))


def sheet_of_nothing() -> Case:
    """No shipment is named."""
    stage = sold()
    return Case(stage, lambda: stage.platform.shipments.printed_sheet([], by=SELLER))


def sheet_unanswered() -> Case:
    """The carrier's system is down."""
    stage = scripted(Call.PRINTED_SHEET, Mishap.UNAVAILABLE)
    ids = [stage.confirmed()]
    return Case(stage, lambda: stage.platform.shipments.printed_sheet(ids, by=SELLER))


def track_an_unknown_number() -> Case:
    """It was booked elsewhere, and the carrier has never heard of it."""
    stage = sold()
    id = adopted(stage)
    return Case(stage, lambda: stage.platform.shipments.track(id))


def track_unanswered() -> Case:
    """The carrier's system is down."""
    stage = scripted(Call.SCANS, Mishap.UNAVAILABLE)
    id = stage.confirmed()
    return Case(stage, lambda: stage.platform.shipments.track(id))


def costs_of_somebody_elses_number() -> Case:
    """The seller takes over what another seller booked, and pays their bills."""
    stage = sold()
    id = adopted(stage, number_of_a_stranger(stage))
    return Case(stage, lambda: stage.platform.shipments.reconcile(id, by=PLATFORM))


def costs_unanswered() -> Case:
    """The carrier's system is down."""
    stage = scripted(Call.COSTS, Mishap.UNAVAILABLE)
    id = stage.confirmed()
    return Case(stage, lambda: stage.platform.shipments.reconcile(id, by=PLATFORM))


COUNTER: Final = ConsignmentPreference(name="counter", kind=ConsignmentKind.DROP_OFF, site="HK-1")


def to_the_counter(stage: Stage) -> ShipmentId:
    """Confirm a shipment that is dropped off at the counter."""
    shipments = stage.platform.shipments
    id = shipments.draft(ORDER, {PHONE: 1}, [parcel()], by=SELLER, preference=COUNTER).id
    shipments.book(id, stage.quote(), key=key_of(id), by=SELLER)
    return shipments.confirm(id, by=SELLER).id


def opened(stage: Stage, *, most: Weight | None = None) -> BundleId:
    """Open a bundle for the counter."""
    carrier, bundles = CarrierCode(CARRIER.id), stage.platform.bundles
    return bundles.open(carrier, COUNTER, seller=SELLER, by=SELLER, most=most).id


def filled(stage: Stage) -> BundleId:
    """Open a bundle for the counter, and put a shipment into it."""
    id = opened(stage)
    stage.platform.bundles.add(id, [to_the_counter(stage)], by=SELLER)
    return id


def bundle_without_a_preference() -> Case:
    """Nobody would know how to hand it over."""
    stage = sold()
    opening = stage.platform.bundles.get(opened(stage)).opening
    return Case(stage, lambda: attrs.evolve(opening, preference=None))  # type: ignore[arg-type]


def bundle_of_nothing() -> Case:
    """It was opened, and nothing was put into it."""
    stage = sold()
    id = opened(stage)
    return Case(stage, lambda: stage.platform.bundles.hand_over(id, by=SELLER))


def bundle_of_several_preferences() -> Case:
    """One shipment is for the counter, and the other is not."""
    stage = sold()
    id, other = filled(stage), stage.confirmed()
    return Case(stage, lambda: stage.platform.bundles.add(id, [other], by=SELLER))


def bundle_that_is_too_heavy() -> Case:
    """A parcel of 800 g, and a limit of 799 g."""
    stage = sold()
    id, shipment = opened(stage, most=Weight(799)), to_the_counter(stage)
    return Case(stage, lambda: stage.platform.bundles.add(id, [shipment], by=SELLER))


def bundle_unanswered() -> Case:
    """The carrier's system is down when the bundle is handed over."""
    stage = scripted(Call.BUNDLE, Mishap.UNAVAILABLE)
    id = filled(stage)
    return Case(stage, lambda: stage.platform.bundles.hand_over(id, by=SELLER))


def cancel_somebody_elses_bundle() -> Case:
    """It is not theirs."""
    stage = sold()
    id = filled(stage)
    return Case(stage, lambda: stage.platform.bundles.cancel(id, by=STRANGER))


def cancel_an_unknown_bundle() -> Case:
    """It was never opened."""
    stage = sold()
    return Case(stage, lambda: stage.platform.bundles.cancel(BundleId("bundle-0"), by=SELLER))


def read_an_unknown_bundle() -> Case:
    """It was never opened."""
    stage = sold()
    return Case(stage, lambda: stage.platform.bundles.get(BundleId("bundle-0")))


def label_of_somebody_elses_bundle() -> Case:
    """It is not theirs."""
    stage = sold()
    id = filled(stage)
    stage.platform.bundles.hand_over(id, by=SELLER)
    return Case(stage, lambda: stage.platform.bundles.label(id, by=STRANGER))


def label_of_a_bundle_that_nobody_took() -> Case:
    """It was not handed over yet, so the carrier does not know it."""
    stage = sold()
    id = filled(stage)
    return Case(stage, lambda: stage.platform.bundles.label(id, by=SELLER))


def bundle_label_unanswered() -> Case:
    """The carrier's system is down."""
    stage = scripted(Call.BUNDLE_LABEL, Mishap.UNAVAILABLE)
    id = filled(stage)
    stage.platform.bundles.hand_over(id, by=SELLER)
    return Case(stage, lambda: stage.platform.bundles.label(id, by=SELLER))


def complaining(stage: Stage) -> Case:
    """Complain of a parcel that is not seen."""
    id, kind = stage.handed_over(), ComplaintKind.LOST_PACKAGE
    return Case(stage, lambda: stage.platform.shipments.complain(id, kind, "not seen", by=SELLER))


def complain_and_be_declined() -> Case:
    """The carrier will not have it."""
    return complaining(scripted(Call.COMPLAIN, Reason("355060", "declined")))


def complain_unanswered() -> Case:
    """The carrier's system is down."""
    return complaining(scripted(Call.COMPLAIN, Mishap.UNAVAILABLE))


# What the platform itself refuses of a shipment.


def draft_of_an_unknown_order() -> Case:
    """It was never taken in."""
    stage = sold()
    return Case(
        stage,
        lambda: stage.platform.shipments.draft(OrderId("o-0"), {PHONE: 1}, [parcel()], by=SELLER),
    )


def draft_of_an_unknown_line() -> Case:
    """The order has no such line."""
    stage = sold()
    return Case(stage, lambda: stage.drafted({LineId("line-0"): 1}))


def draft_of_somebody_elses_order() -> Case:
    """The order is another seller's."""
    stage = sold()
    return Case(
        stage,
        lambda: stage.platform.shipments.draft(ORDER, {PHONE: 1}, [parcel()], by=STRANGER),
    )


def draft_of_what_is_in_another_shipment() -> Case:
    """All units of the line are packed."""
    stage = sold()
    stage.drafted({CASE: 1})
    return Case(stage, lambda: stage.drafted({CASE: 1}))


def draft_of_an_unpaid_order() -> Case:
    """It is placed, and nobody has paid."""
    stage = Stage()
    stage.published()
    stage.clock.move_to(day(2))
    stage.platform.orders.place(sale(), by=BUYER)
    return Case(stage, stage.drafted)


def draft_without_a_parcel() -> Case:
    """There is nothing to carry."""
    stage = sold()
    return Case(stage, lambda: stage.platform.shipments.draft(ORDER, {PHONE: 1}, [], by=SELLER))


def draft_while_somebody_else_does() -> Case:
    """Both saw the line free; the other one was faster."""
    storage = MeddledStorage()
    stage, apart = sold(Stage(storage=storage)), []

    def meddle() -> None:
        stage.drafted({CASE: 1})
        apart.append(state_of(stage))

    storage.meanwhile.append(meddle)
    return Case(stage, lambda: stage.drafted({CASE: 1}), apart)


def declare_a_long_sku() -> Case:
    """It has 51 characters."""
    item = parcel().contents[0]
    return Case(sold(), lambda: attrs.evolve(item, sku="A" * 51))


def declare_no_weight() -> Case:
    """Nothing weighs nothing."""
    return Case(sold(), lambda: attrs.evolve(parcel(), weight=Weight(0)))


def book_without_the_letter() -> Case:
    """The seller is qualified, and has not signed."""
    stage = sold()
    qualification = BatteryQualification(
        id="q-1", name="UN38.3", battery=LithiumBattery.ION_IN_EQUIPMENT, valid_until=day(90)
    )
    stage.platform.sellers.qualify(SellerId(SELLER.id), qualification, by=PLATFORM)
    return booking(stage, powered())


def book_without_a_qualification() -> Case:
    """The seller has signed, and has none."""
    stage = sold()
    stage.platform.sellers.agree(SellerId(SELLER.id), LITHIUM_LETTER, by=SELLER)
    return booking(stage, powered())


def book_with_an_expired_qualification() -> Case:
    """It was good until the day before."""
    stage = sold()
    qualified(stage, LithiumBattery.ION_IN_EQUIPMENT, until=day(1))
    return booking(stage, powered())


def book_with_a_qualification_of_another_type() -> Case:
    """It is for batteries of lithium metal."""
    stage = sold()
    qualified(stage, LithiumBattery.METAL_IN_EQUIPMENT, until=day(90))
    return booking(stage, powered())


def book_while_a_call_is_under_way() -> Case:
    """The first call has not come back, and may yet."""
    meddled = MeddledCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=meddled))
    case, apart = booking(stage), []

    def meddle() -> None:
        apart.append(state_of(stage))
        case.act()

    meddled.meanwhile = meddle
    return attrs.evolve(case, apart=apart)


def book_by_a_suspended_seller() -> Case:
    """The platform has stopped it."""
    case = booking(sold())
    case.stage.platform.sellers.suspend(SellerId(SELLER.id), "complaints", by=PLATFORM)
    return case


def book_an_expired_quote() -> Case:
    """The shipment waited too long."""
    case = booking(sold())
    case.stage.clock.advance(timedelta(days=30))
    return case


def book_a_used_quote() -> Case:
    """Another shipment was booked on it."""
    stage = sold()
    used, other, quote = stage.drafted(), stage.drafted(), stage.quote()
    stage.platform.shipments.book(used, quote, key=KEY, by=SELLER)
    return Case(
        stage,
        lambda: stage.platform.shipments.book(other, quote, key=key_of(other), by=SELLER),
    )


def book_a_quote_to_another_place() -> Case:
    """The quote is to Manhattan, the order to Brooklyn."""
    stage = sold()
    id, elsewhere = stage.drafted(), attrs.evolve(BROOKLYN, postal_code="10001")
    carriage = Carriage(destination=elsewhere, parcels=(parcel(),))
    quote = stage.platform.listings.quote(LISTING, carriage, offer="Economy")
    assert isinstance(quote, Quote)
    return Case(stage, lambda: stage.platform.shipments.book(id, quote, key=KEY, by=SELLER))


def quote_to_where_nobody_carries() -> Case:
    """The offer leaves Russia out."""
    return quoting(Destination(country=Country("RU"), postal_code="101000", zone_name="UTC"))


def quote_a_parcel_that_is_too_heavy() -> Case:
    """The rate card ends at two kilograms."""
    return quoting(BROOKLYN, attrs.evolve(parcel(), weight=Weight(2001)))


def quote_a_battery_that_is_not_carried() -> Case:
    """No direction of the offer takes it."""
    return quoting(BROOKLYN, powered())


def quote_of_an_unknown_listing() -> Case:
    """It was never drafted."""
    stage = sold()
    carriage = Carriage(destination=BROOKLYN, parcels=(parcel(),))
    return Case(
        stage,
        lambda: stage.platform.listings.quote(
            type(LISTING)("listing-0"), carriage, offer="Economy"
        ),
    )


def quote_without_a_parcel() -> Case:
    """There is nothing to carry."""
    return Case(sold(), lambda: Carriage(destination=BROOKLYN, parcels=()))


def quoting(destination: Destination, *parcels: Parcel) -> Case:
    """Ask for a quote, which is refused without an error: the answer says why."""
    stage = sold()
    carriage = Carriage(destination=destination, parcels=parcels or (parcel(),))
    return Case(stage, lambda: stage.platform.listings.quote(LISTING, carriage, offer="Economy"))


def confirm_an_unknown_shipment() -> Case:
    """It was never drafted."""
    stage = sold()
    return Case(stage, lambda: stage.platform.shipments.confirm(NOBODYS, by=SELLER))


def confirm_many_unknown_shipments() -> Case:
    """It was never drafted."""
    stage = sold()
    return Case(stage, lambda: only(stage.platform.shipments.confirm_all([NOBODYS], by=SELLER)))


def confirm_a_draft() -> Case:
    """Nothing is booked for it."""
    stage = sold()
    id = stage.drafted()
    return Case(stage, lambda: stage.platform.shipments.confirm(id, by=SELLER))


def confirm_many_drafts() -> Case:
    """Nothing is booked for it."""
    stage = sold()
    id = stage.drafted()
    return Case(stage, lambda: only(stage.platform.shipments.confirm_all([id], by=SELLER)))


def booked_while_qualified() -> tuple[Stage, ShipmentId]:
    """Give a booking with a battery whose qualification has expired since."""
    stage = sold()
    qualified(stage, LithiumBattery.ION_IN_EQUIPMENT, until=day(4))
    booking(stage, powered()).act()
    stage.clock.move_to(day(5))
    return stage, stage.platform.snapshot().shipments[0].id


def confirm_with_an_expired_qualification() -> Case:
    """It was good when the shipment was booked."""
    stage, id = booked_while_qualified()
    return Case(stage, lambda: stage.platform.shipments.confirm(id, by=SELLER))


def confirm_many_with_an_expired_qualification() -> Case:
    """It was good when the shipment was booked."""
    stage, id = booked_while_qualified()
    return Case(stage, lambda: only(stage.platform.shipments.confirm_all([id], by=SELLER)))


def take_a_booking_without_a_number() -> Case:
    """A parcel without a number cannot be confirmed, since it cannot be booked."""
    stage = sold()
    return Case(stage, lambda: Label(ParcelId("p-1"), ()))


def confirm_without_enough_funds() -> Case:
    """The seller gave most of the money back."""
    stage = sold()
    id = stage.booked()
    stage.platform.orders.refund(ORDER, usd("28.00"), by=SELLER)
    return Case(stage, lambda: stage.platform.shipments.confirm(id, by=SELLER))


def cancel_an_unknown_shipment() -> Case:
    """It was never drafted."""
    stage = sold()
    return Case(stage, lambda: stage.platform.shipments.cancel(NOBODYS, by=SELLER))


def cancel_many_unknown_shipments() -> Case:
    """It was never drafted."""
    stage = sold()
    return Case(stage, lambda: only(stage.platform.shipments.cancel_all([NOBODYS], by=SELLER)))


def delivered() -> tuple[Stage, ShipmentId]:
    """Give a shipment that has come."""
    stage = sold()
    id = stage.handed_over()
    stage.tracked(id, days=60)
    return stage, id


def cancel_what_was_delivered() -> Case:
    """It is too late."""
    stage, id = delivered()
    return Case(stage, lambda: stage.platform.shipments.cancel(id, by=SELLER))


def cancel_many_of_what_was_delivered() -> Case:
    """It is too late."""
    stage, id = delivered()
    return Case(stage, lambda: only(stage.platform.shipments.cancel_all([id], by=SELLER)))


def reship_an_unknown_shipment() -> Case:
    """It was never drafted."""
    stage = sold()
    return Case(stage, lambda: stage.platform.shipments.reship(NOBODYS, by=SELLER))


def reship_what_may_still_arrive() -> Case:
    """It is under way."""
    stage = sold()
    id = stage.handed_over()
    return Case(stage, lambda: stage.platform.shipments.reship(id, by=SELLER))


def reship_too_often() -> Case:
    """It was shipped once more twice, and came to nothing each time."""
    stage = sold()
    id = stage.drafted()
    for _ in range(2):
        stage.platform.shipments.cancel(id, by=SELLER)
        id = stage.platform.shipments.reship(id, by=SELLER).id
    stage.platform.shipments.cancel(id, by=SELLER)
    return Case(stage, lambda: stage.platform.shipments.reship(id, by=SELLER))


def read_an_unknown_shipment() -> Case:
    """It was never drafted."""
    stage = sold()
    return Case(stage, lambda: stage.platform.shipments.get(NOBODYS))


def label_of_an_unknown_shipment() -> Case:
    """It was never drafted."""
    stage = sold()
    return Case(stage, lambda: stage.platform.shipments.labels(NOBODYS, by=SELLER))


def adopt_twice() -> Case:
    """What is on its way already is not taken over again."""
    stage = sold()
    id = adopted(stage)
    return Case(stage, lambda: stage.platform.shipments.adopt(id, adoption(), by=SELLER))


def adopt_without_a_number() -> Case:
    """A tracking number is something."""
    stage = sold()
    return Case(stage, lambda: adopted(stage, tracking_number(" ")))


def hand_over_before_it_was_confirmed() -> Case:
    """Another machine's clock is behind; history runs forward."""
    stage = sold()
    id = stage.confirmed()
    behind = attrs.evolve(stage.platform, clock=ManualClock(day(1)))
    return Case(stage, lambda: behind.shipments.hand_over(id, by=SELLER))


# Orders and money.


def read_an_unknown_order() -> Case:
    """It was never taken in."""
    stage = sold()
    return Case(stage, lambda: stage.platform.orders.get(OrderId("o-0")))


def read_an_unknown_line() -> Case:
    """The order has no such line."""
    stage = sold()
    return Case(stage, lambda: stage.platform.orders.get(ORDER).sale.line(LineId("line-0")))


def refund_of_an_unknown_order() -> Case:
    """It was never taken in."""
    stage = sold()
    return Case(stage, lambda: stage.platform.orders.refund(OrderId("o-0"), usd("1.00"), by=SELLER))


def refunding(amount: Money, *, by: Actor = SELLER, line: LineId | None = None) -> Case:
    """Give back an amount of the paid order."""
    stage = sold()
    return Case(stage, lambda: stage.platform.orders.refund(ORDER, amount, by=by, line=line))


def refund_of_nothing() -> Case:
    """A refund is of something."""
    return refunding(usd("0.00"))


def refund_by_somebody_else() -> Case:
    """The order is not theirs."""
    return refunding(usd("1.00"), by=STRANGER)


def refund_of_an_unknown_line() -> Case:
    """The order has no such line."""
    return refunding(usd("1.00"), line=LineId("line-0"))


def refund_of_more_than_the_order() -> Case:
    """30.00 USD were paid."""
    return refunding(usd("30.01"))


def refund_without_a_currency() -> Case:
    """An amount is of some currency."""
    return Case(sold(), lambda: Money.of("1.00", ""))


def refund_of_what_was_refunded() -> Case:
    """Nothing is left."""
    case = refunding(usd("30.00"))
    case.act()
    return case


def refund_of_what_was_not_paid() -> Case:
    """Nothing is there to give back."""
    stage = Stage()
    stage.published()
    stage.clock.move_to(day(2))
    stage.platform.orders.place(sale(), by=BUYER)
    return Case(stage, lambda: stage.platform.orders.refund(ORDER, usd("1.00"), by=SELLER))


def refund_while_another_is_pending() -> Case:
    """The other one is not paid out yet."""
    case = refunding(usd("1.00"))
    case.stage.platform.orders.begin_refund(ORDER, usd("1.00"), by=SELLER)
    return case


def refund_of_more_than_the_line() -> Case:
    """The case cost 5.00 USD."""
    return refunding(usd("5.01"), line=CASE)


def refund_of_what_is_disputed() -> Case:
    """The buyer claims for the parcel that was lost, and the seller heeds that."""
    stage = lost()
    orders, claims = stage.platform.orders, stage.platform.claims
    claims.file(SHIPMENT, LOST, ClaimKind.LOSS, POLICY, by=BUYER)
    return Case(
        stage, lambda: orders.begin_refund(ORDER, usd("1.00"), by=SELLER, unless_disputed=True)
    )


def writing(*refunds: Refund, comment: str = "") -> Case:
    """Write refunds of the paid order in eBay's form."""
    stage = sold()
    order, reason = stage.platform.orders.get(ORDER), RefundReason.BUYER_CANCEL
    return Case(stage, lambda: write_refund(order, refunds, reason=reason, comment=comment))


def of(amount: str, currency: str = "USD", *, line: LineId | None = None) -> Refund:
    """Give a refund."""
    return Refund(id=f"r {amount} {line}", gross=Money.of(amount, currency), line=line)


def write_no_refund() -> Case:
    """Nothing is given back."""
    return writing()


def write_a_refund_of_both_kinds() -> Case:
    """One of the order, and one of a line."""
    return writing(of("1.00"), of("1.00", line=CASE))


def write_a_refund_in_another_currency() -> Case:
    """The order is in US dollars."""
    return writing(of("1.00", "HKD"))


def write_a_long_comment() -> Case:
    """It has 1,001 characters."""
    return writing(of("1.00"), comment="x" * 1001)


# Sellers.


def limited() -> tuple[Stage, LogisticsPlatform]:
    """Give a stage, and a platform on it that holds addresses to eDIS's limits."""
    stage = sold()
    return stage, attrs.evolve(stage.platform, requirements=edis.REQUIREMENTS)


def amending(changed: Logistics) -> Case:
    """Change the seller's addresses."""
    stage, platform = limited()
    return Case(
        stage, lambda: platform.sellers.amend_logistics(SellerId(SELLER.id), changed, by=SELLER)
    )


def amend_with_a_long_street() -> Case:
    """It has 51 characters."""
    return amending(logistics("x" * 51))


def amend_with_another_country() -> Case:
    """Goods leave from mainland China or Hong Kong."""
    home = Party(name="Chan Tai Man", address=Address(lines=("1 High Street",), country="GB"))
    return amending(attrs.evolve(logistics(), ship_from=home))


def prefer_another_kind() -> Case:
    """There is no such way to hand parcels over."""
    return Case(sold(), lambda: ConsignmentPreference(name="home", kind="BY_DRONE"))  # type: ignore[arg-type]


def prefer_a_pick_up_at_no_time() -> Case:
    """The courier must know when."""
    return Case(
        sold(),
        lambda: ConsignmentPreference(
            name="home", kind=ConsignmentKind.PICK_UP, collected_from=logistics().ship_from
        ),
    )


def prefer_a_pick_up_from_nowhere() -> Case:
    """The courier must know where."""
    window = edis.PICK_UP_TIMES["TIME_14_16"]
    return Case(
        sold(),
        lambda: ConsignmentPreference(name="home", kind=ConsignmentKind.PICK_UP, window=window),
    )


def prefer_a_drop_off_at_no_site() -> Case:
    """Somebody must know where."""
    return Case(sold(), lambda: ConsignmentPreference(name="site", kind=ConsignmentKind.DROP_OFF))


def prefer_two_of_one_name() -> Case:
    """A preference is known by its name."""
    stage = sold()
    twice = (ConsignmentPreference(name="site", kind=ConsignmentKind.DROP_OFF, site="d-1"),) * 2
    return Case(stage, lambda: attrs.evolve(logistics(), preferences=twice))


# Time.


def ask_for_a_period_that_is_none() -> Case:
    """There is no thirteenth month."""
    return Case(sold(), lambda: instant("2026-13-01T00:00:00Z"))


def state_of(stage: Stage) -> Mapping[str, object]:
    """Give everything that is kept anywhere: here by kind, and with the carrier.

    Receipts are left out: they are the memory of calls, and remember the refusal too.
    """
    with stage.storage.unit_of_work() as work:
        kept = {
            "sellers": work.sellers.page(limit=1000),
            "listings": work.listings.page(limit=1000),
            "orders": work.orders.page(limit=1000),
            "shipments": work.shipments.page(limit=1000),
            "bundles": work.bundles.page(limit=1000),
            "inquiries": work.inquiries.page(limit=1000),
            "claims": work.claims.page(limit=1000),
            "wallets": work.wallets.page(limit=1000),
            "outbox": work.outbox.pending(limit=10_000),
        }
    return {
        **{name: tuple(things) for name, things in kept.items()},
        "bookings": stage.carrier.accounts,
        "taken bundles": stage.carrier.bundles,
        "complaints": stage.carrier.complaints,
    }


def write_a_representative_without_a_name() -> Case:
    """Only where they are is said, and all else is well."""
    nobody = attrs.evolve(READER, name="", company="")
    return Case(sold(), lambda: package(agent=nobody))


def name_stock_without_pieces() -> Case:
    """It has a number, and there is none of it."""
    return Case(sold(), lambda: ForwardStock("FDC-1", 0))


def write_an_address_without_codes() -> Case:
    """The names of province, city and district are not what is asked for."""
    party, none = logistics().ship_from, AreaCodes(province="", city="", district="")
    kind = AddressKind.SHIP_FROM
    return Case(sold(), lambda: write_address_preference(party, kind, name="Shop", codes=none))
