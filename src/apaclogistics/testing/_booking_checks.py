"""The contract of a carrier: bookings are made, found, confirmed and cancelled, each once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import attrs

from apaclogistics.carriers import BookingRequest, CarrierRejectedError
from apaclogistics.consignments import Booking, Label, Parcel
from apaclogistics.errors import CarrierError
from apaclogistics.promises import Promise
from apaclogistics.testing._carrier_cases import (
    UNKNOWN,
    Bookable,
    CarrierCheck,
    NewCarrier,
    expect_dead,
    keys_of,
    numbers_of,
    renamed,
)
from apaclogistics.testing._promises import ContractBrokenError, Refusal, expect
from apaclogistics.values.instants import Window, instant
from apaclogistics.values.quantities import Weight

__all__ = (
    "BOOKINGS",
    "a_booking_is_found_by_its_reference",
    "a_cancelled_booking_cannot_be_confirmed",
    "a_cancelled_number_is_dead",
    "an_odd_request_is_booked_or_rejected",
    "an_unknown_booking_is_rejected",
    "booking_labels_every_parcel",
    "cancelling_again_changes_nothing",
    "confirming_again_changes_nothing",
    "no_number_is_given_twice",
)


def booking_labels_every_parcel(carrier: NewCarrier) -> None:
    """Give each parcel a label, and say what was booked, by whom, when, and what it costs."""
    case = carrier()
    booking = case.book()
    labelled = sorted(label.parcel for label in booking.labels)
    expected = sorted(parcel.id for parcel in case.request.consignment.parcels)
    expect("each parcel is labelled once", labelled, expected)
    made_by = booking.carrier, booking.reference, booking.service
    wanted = case.carrier.code, case.request.reference, case.request.service
    expect("a booking names carrier, reference and service", made_by, wanted)
    if booking.estimate is None or booking.estimate.minor <= 0 or booking.issued_at is None:
        promise = "a booking has a cost above zero and an instant"
        raise ContractBrokenError(promise, f"{booking.estimate}, {booking.issued_at}")


def no_number_is_given_twice(carrier: NewCarrier) -> None:
    """Give each parcel numbers of its own, within a booking and across bookings."""
    case = carrier()
    requests = [renamed(case.request, f"again {turn}") for turn in range(3)]
    bookings = [case.book(), *(case.carrier.book(it, at=case.at) for it in requests)]
    given = [str(number) for booking in bookings for number in numbers_of(booking)]
    expect("no number is given twice", sorted(given), sorted(set(given)))


def a_booking_is_found_by_its_reference(carrier: NewCarrier) -> None:
    """Find a booking once it is made, under its own reference and no other."""
    case = carrier()
    reference = case.request.reference
    before = case.carrier.find_booking(reference)
    expect("nothing is found before it is booked", before, None)
    booking = case.book()
    expect("what was booked is found", case.carrier.find_booking(reference), booking)
    other = case.carrier.find_booking(renamed(case.request, "never").reference)
    expect("another reference finds nothing", other, None)


def confirming_again_changes_nothing(carrier: NewCarrier) -> None:
    """Confirm a booking twice, and see the parcels travel as if it had been once."""
    case = carrier()
    booking = case.confirmed()
    case.carrier.confirm(booking, at=case.at)
    once = keys_of(case.scans(booking, 120))
    case.carrier.confirm(_kept(booking), at=case.later(1))
    expect("confirming again changes nothing", keys_of(case.scans(booking, 120)), once)


def _kept(booking: Booking) -> Booking:
    """Give a booking as the platform keeps it: with what its quote promised."""
    since = booking.issued_at or instant("2026-01-01T00:00:00Z")
    until = instant(since + timedelta(days=30))
    return attrs.evolve(booking, promise=Promise(ship_by=since, window=Window(since, until)))


def cancelling_again_changes_nothing(carrier: NewCarrier) -> None:
    """Cancel a booking twice; the second time is no error."""
    case = carrier()
    booking = case.book()
    case.carrier.cancel(booking, at=case.at)
    case.carrier.cancel(booking, at=case.later(1))
    expect_dead(case, booking)


def a_cancelled_number_is_dead(carrier: NewCarrier) -> None:
    """Print no label for a number whose booking is cancelled."""
    case = carrier()
    booking = case.book()
    case.carrier.cancel(booking, at=case.at)
    expect_dead(case, booking)


def a_cancelled_booking_cannot_be_confirmed(carrier: NewCarrier) -> None:
    """Reject the confirmation of a booking that was cancelled."""
    case = carrier()
    booking = case.book()
    case.carrier.cancel(booking, at=case.at)
    with Refusal("a cancelled booking is not confirmed", CarrierRejectedError):
        case.carrier.confirm(booking, at=case.at)


def an_unknown_booking_is_rejected(carrier: NewCarrier) -> None:
    """Reject to confirm, cancel or track what was never booked here."""
    case = carrier()
    parcels = case.request.consignment.parcels
    booking = attrs.evolve(
        case.book(),
        reference=renamed(case.request, "never").reference,
        labels=tuple(Label(parcel.id, (UNKNOWN,)) for parcel in parcels),
    )
    for stranger in (booking, attrs.evolve(booking, reference=None)):
        with Refusal("an unknown booking is not confirmed", CarrierRejectedError):
            case.carrier.confirm(stranger, at=case.at)
        with Refusal("an unknown booking is not cancelled", CarrierRejectedError):
            case.carrier.cancel(stranger, at=case.at)
        with Refusal("an unknown booking has no scans", CarrierRejectedError):
            case.carrier.scans(stranger, at=case.at)


def an_odd_request_is_booked_or_rejected(carrier: NewCarrier) -> None:
    """Answer a request that no form would let through with a booking or an error of ours."""
    case = carrier()
    parcels = case.request.consignment.parcels
    odd = {
        "an unknown service": attrs.evolve(case.request, service="no such service"),
        "parcels of which nothing is known": _packed(
            case.request, [attrs.evolve(it, weight=None, dimensions=None) for it in parcels]
        ),
        "parcels of a thousand tonnes": _packed(
            case.request, [attrs.evolve(it, weight=Weight(10**9)) for it in parcels]
        ),
    }
    for name, request in odd.items():
        _expect_answer(case, name, renamed(request, name))


def _packed(request: BookingRequest, parcels: Sequence[Parcel]) -> BookingRequest:
    consignment = attrs.evolve(request.consignment, parcels=tuple(parcels))
    return attrs.evolve(request, consignment=consignment)


def _expect_answer(case: Bookable, name: str, request: BookingRequest) -> None:
    promise = f"a request with {name} is booked or rejected"
    booking: Booking | None = None
    with Refusal(promise, CarrierError, may_succeed=True):
        booking = case.carrier.book(request, at=case.at)
    expect(promise, case.carrier.find_booking(request.reference), booking)


BOOKINGS: Final[tuple[CarrierCheck, ...]] = (
    booking_labels_every_parcel,
    no_number_is_given_twice,
    a_booking_is_found_by_its_reference,
    confirming_again_changes_nothing,
    cancelling_again_changes_nothing,
    a_cancelled_number_is_dead,
    a_cancelled_booking_cannot_be_confirmed,
    an_unknown_booking_is_rejected,
    an_odd_request_is_booked_or_rejected,
)
