"""The contract of a carrier: what it scans and weighs is of the parcels, past, and lasting."""

from typing import Final

from apaclogistics.consignments import Booking
from apaclogistics.measurements import Measurement
from apaclogistics.testing._carrier_cases import (
    DAYS,
    Bookable,
    CarrierCheck,
    NewCarrier,
    keys_of,
    numbers_of,
)
from apaclogistics.testing._promises import expect
from apaclogistics.tracking import ScanKey

__all__ = (
    "SIGHTINGS",
    "measurements_are_of_the_booked_parcels",
    "nothing_moves_before_confirmation",
    "nothing_moves_once_it_is_cancelled",
    "observing_in_any_order_shows_the_same",
    "scans_are_not_of_the_future",
    "scans_are_of_the_booked_parcels",
    "what_was_measured_stays_measured",
    "what_was_scanned_stays_scanned",
)


def nothing_moves_before_confirmation(carrier: NewCarrier) -> None:
    """Scan no parcel of a booking that nobody has confirmed."""
    case = carrier()
    booking = case.book()
    moving = [scan for scan in case.scans(booking, 120) if scan.meaning.phase]
    expect("nothing moves before it is confirmed", moving, [])


def nothing_moves_once_it_is_cancelled(carrier: NewCarrier) -> None:
    """Scan no parcel of a booking that was cancelled."""
    case = carrier()
    booking = case.book()
    case.carrier.cancel(booking, at=case.at)
    moving = [scan for scan in case.scans(booking, 120) if scan.meaning.phase]
    expect("nothing moves once it is cancelled", moving, [])


def scans_are_of_the_booked_parcels(carrier: NewCarrier) -> None:
    """Scan nothing but the parcels of the booking, and nothing that is older than it."""
    case = carrier()
    booking = case.confirmed()
    shipment = case.shipment(booking).observe(case.scans(booking, 120))
    expect("scans bear a number of the booking", shipment.strays, ())
    older = [scan for scan in shipment.scans if scan.at.latest < case.at]
    expect("no scan is older than the booking", older, [])


def scans_are_not_of_the_future(carrier: NewCarrier) -> None:
    """Tell nothing that happens after the instant that one asks for."""
    case = carrier()
    booking = case.confirmed()
    for days in DAYS:
        at = case.later(days)
        early = [scan for scan in case.carrier.scans(booking, at=at) if scan.at.earliest > at]
        expect(f"no scan of {at} is of the future", early, [])


def what_was_scanned_stays_scanned(carrier: NewCarrier) -> None:
    """Give at a later instant what was given at an earlier one, and perhaps more."""
    case = carrier()
    booking = case.confirmed()
    before: set[ScanKey] = set()
    for days in DAYS:
        now = keys_of(case.scans(booking, days))
        expect(f"no scan is gone after {days} days", before - now, set())
        before = now


def observing_in_any_order_shows_the_same(carrier: NewCarrier) -> None:
    """Show the same, however often and in whatever order the scans of all days are taken in."""
    case = carrier()
    booking = case.confirmed()
    booked = case.shipment(booking)
    batches = [case.scans(booking, days) for days in DAYS]
    last = booked.observe(batches[-1])
    backwards, muddled = batches[::-1], batches[1::2] + batches[::2]
    for order in (batches, backwards, muddled, backwards + muddled + batches):
        seen = booked
        for batch in order:
            seen = seen.observe(batch)
        promise = "scans of all days show what those of the last day show"
        expect(promise, (seen.phase, seen.trackings), (last.phase, last.trackings))


def measurements_are_of_the_booked_parcels(carrier: NewCarrier) -> None:
    """Measure the parcels of the booking alone, and tell nothing of the future."""
    case = carrier()
    booking = case.confirmed()
    numbers = {str(number) for number in numbers_of(booking)}
    for days in DAYS:
        seen = case.carrier.measurements(booking, at=case.later(days))
        strays = [
            it for it in seen if it.number not in numbers or it.at.earliest > case.later(days)
        ]
        expect(f"what is measured within {days} days is of the booking", strays, [])


def what_was_measured_stays_measured(carrier: NewCarrier) -> None:
    """Give at a later instant what was measured at an earlier one, and nothing before confirming."""
    case = carrier()
    booking = case.book()
    expect("nothing is measured before it moves", _measured(case, booking, 120), set())
    case.carrier.confirm(booking, at=case.at)
    before: set[Measurement] = set()
    for days in DAYS:
        now = _measured(case, booking, days)
        expect(f"no measurement is gone after {days} days", before - now, set())
        before = now


def _measured(case: Bookable, booking: Booking, days: int) -> set[Measurement]:
    return set(case.carrier.measurements(booking, at=case.later(days)))


SIGHTINGS: Final[tuple[CarrierCheck, ...]] = (
    nothing_moves_before_confirmation,
    nothing_moves_once_it_is_cancelled,
    scans_are_of_the_booked_parcels,
    scans_are_not_of_the_future,
    what_was_scanned_stays_scanned,
    observing_in_any_order_shows_the_same,
    measurements_are_of_the_booked_parcels,
    what_was_measured_stays_measured,
)
