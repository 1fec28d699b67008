"""The contract of a carrier: bundles of known parcels, taken and given up by their seller."""

from typing import Final

import attrs

from apaclogistics.bundles import Bundle, BundleOpening
from apaclogistics.carriers import BookingRequest, CarrierRejectedError
from apaclogistics.consignments import Booking, ConsignmentKind, ConsignmentPreference
from apaclogistics.fulfilment import Phase
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.shipments import Shipment
from apaclogistics.testing._carrier_cases import (
    PLATFORM,
    STRANGER,
    UNKNOWN,
    Bookable,
    CarrierCheck,
    NewCarrier,
)
from apaclogistics.testing._promises import Refusal, expect
from apaclogistics.values.identifiers import BundleId

__all__ = (
    "BUNDLES",
    "a_bundle_is_given_up_and_its_label_with_it",
    "a_bundle_is_of_its_seller_alone",
    "a_bundle_is_taken_of_known_parcels_alone",
)

_COUNTER: Final = ConsignmentPreference(
    name="contract", kind=ConsignmentKind.DROP_OFF, site="contract"
)


def a_bundle_is_taken_of_known_parcels_alone(carrier: NewCarrier) -> None:
    """Take a bundle of a seller's parcels as often as it is sent, and none with another number."""
    case = carrier()
    bundle = _bundle(case, case.carrier.book(_preferring(case), at=case.at))
    entry, *_ = bundle.entries
    stray = attrs.evolve(entry.lines[0], number=UNKNOWN)
    unknown = attrs.evolve(entry, lines=(*entry.lines, stray))
    with Refusal("a bundle holds known parcels alone", CarrierRejectedError):
        case.carrier.bundle(attrs.evolve(bundle, entries=(unknown,)), at=case.at)
    with Refusal("a bundle holds something", CarrierRejectedError):
        case.carrier.bundle(attrs.evolve(bundle, entries=()), at=case.at)
    for _ in range(2):
        case.carrier.bundle(bundle, at=case.at)
    label = case.carrier.bundle_label(bundle.id, seller=bundle.opening.seller)
    expect("no label is empty", [it for it in (label,) if not it], [])


def a_bundle_is_of_its_seller_alone(carrier: NewCarrier) -> None:
    """Refuse what another seller asks of a bundle, and what anybody asks of an unknown one."""
    case = carrier()
    bundle = _bundle(case, case.carrier.book(_preferring(case), at=case.at))
    theirs = attrs.evolve(bundle, opening=attrs.evolve(bundle.opening, seller=STRANGER))
    with Refusal("an unknown bundle has no label", CarrierRejectedError):
        case.carrier.bundle_label(bundle.id, seller=bundle.opening.seller)
    with Refusal("an unknown bundle is not given up", CarrierRejectedError):
        case.carrier.cancel_bundle(bundle, at=case.at)
    with Refusal("one bundles one's own parcels", CarrierRejectedError):
        case.carrier.bundle(theirs, at=case.at)
    case.carrier.bundle(bundle, at=case.at)
    with Refusal("a label is for the seller of the bundle", CarrierRejectedError):
        case.carrier.bundle_label(bundle.id, seller=STRANGER)
    with Refusal("a bundle is given up by its seller", CarrierRejectedError):
        case.carrier.cancel_bundle(theirs, at=case.at)


def a_bundle_is_given_up_and_its_label_with_it(carrier: NewCarrier) -> None:
    """Give a bundle up, twice without complaint; the parcels keep their numbers and labels."""
    case = carrier()
    booking = case.carrier.book(_preferring(case), at=case.at)
    bundle = _bundle(case, booking)
    case.carrier.bundle(bundle, at=case.at)
    for _ in range(2):
        case.carrier.cancel_bundle(bundle, at=case.at)
    with Refusal("a bundle that was given up has no label", CarrierRejectedError):
        case.carrier.bundle_label(bundle.id, seller=bundle.opening.seller)
    labels = [case.label(label.numbers[0]) for label in booking.labels]
    expect("its parcels keep their labels", [it for it in labels if not it], [])


def _preferring(case: Bookable) -> BookingRequest:
    """Ask for the parcels to be handed over as the request says, or else at a counter."""
    consignment = case.request.consignment
    preference = consignment.preference or _COUNTER
    return attrs.evolve(case.request, consignment=attrs.evolve(consignment, preference=preference))


def _bundle(case: Bookable, booking: Booking) -> Bundle:
    """Put what was booked into a bundle, once it is confirmed."""
    case.carrier.confirm(booking, at=case.at)
    consignment = _preferring(case).consignment
    draft = Shipment.draft(consignment, by=PLATFORM, at=case.at)
    entry = draft.book(booking, hindrances=(), by=PLATFORM, at=case.at).entry
    opening = BundleOpening(
        id=BundleId("bundle"),
        seller=consignment.seller,
        carrier=Actor(Role.CARRIER, case.carrier.code),
        preference=consignment.preference or _COUNTER,
    )
    confirmed = attrs.evolve(entry, phase=Phase.CONFIRMED)
    opened = Bundle.open(opening, by=consignment.seller, at=case.at)
    return opened.add([confirmed], by=consignment.seller, at=case.at)


BUNDLES: Final[tuple[CarrierCheck, ...]] = (
    a_bundle_is_taken_of_known_parcels_alone,
    a_bundle_is_of_its_seller_alone,
    a_bundle_is_given_up_and_its_label_with_it,
)
