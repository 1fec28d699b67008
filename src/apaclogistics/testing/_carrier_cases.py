"""What the contract of a carrier is tried on: a carrier, a request, and who asks for it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, TypeAlias

import attrs

from apaclogistics.carriers import BookingRequest, Carrier, CarrierRejectedError
from apaclogistics.consignments import Booking
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.shipments import Shipment
from apaclogistics.testing._promises import Refusal
from apaclogistics.tracking import Scan, ScanKey
from apaclogistics.values.identifiers import IdempotencyKey, TrackingNumber, tracking_number
from apaclogistics.values.instants import Instant, instant

__all__ = (
    "DAYS",
    "PLATFORM",
    "STRANGER",
    "UNKNOWN",
    "Bookable",
    "CarrierCheck",
    "NewCarrier",
    "expect_dead",
    "keys_of",
    "numbers_of",
    "renamed",
)

PLATFORM: Final = Actor(Role.PLATFORM, "contract")
STRANGER: Final = Actor(Role.SELLER, "somebody else")
UNKNOWN: Final = tracking_number("RR473124829GB")
# Days after the booking on which somebody asks for scans: often at first, and then now and then.
DAYS: Final = (0, 1, 2, 3, 4, 5, 7, 10, 14, 21, 30, 60, 120)


@attrs.frozen
class Bookable:
    """A fresh carrier, a request that it will book, and the instant at which it will."""

    carrier: Carrier
    request: BookingRequest
    at: Instant = attrs.field(converter=instant)

    def book(self) -> Booking:
        """Book the request."""
        return self.carrier.book(self.request, at=self.at)

    def confirmed(self) -> Booking:
        """Book the request and confirm it."""
        booking = self.book()
        self.carrier.confirm(booking, at=self.at)
        return booking

    def later(self, days: int) -> Instant:
        """Give the instant so many days later."""
        return instant(self.at + timedelta(days=days))

    def scans(self, booking: Booking, days: int) -> Sequence[Scan]:
        """Ask for what has been scanned so many days later."""
        return self.carrier.scans(booking, at=self.later(days))

    def label(self, number: TrackingNumber) -> bytes:
        """Ask for a label in the name of the seller whose request it is."""
        return self.carrier.label(number, seller=self.request.consignment.seller)

    def shipment(self, booking: Booking) -> Shipment:
        """Give the shipment that was booked."""
        draft = Shipment.draft(self.request.consignment, by=PLATFORM, at=self.at)
        return draft.book(booking, hindrances=(), by=PLATFORM, at=self.at)


NewCarrier: TypeAlias = Callable[[], Bookable]
CarrierCheck: TypeAlias = Callable[[NewCarrier], None]


def renamed(request: BookingRequest, name: str) -> BookingRequest:
    """Ask for the same once more, under another reference."""
    return attrs.evolve(request, reference=IdempotencyKey(f"{request.reference} {name}"))


def numbers_of(booking: Booking) -> list[TrackingNumber]:
    """Give the numbers of all parcels, in the order of the labels."""
    return [number for label in booking.labels for number in label.numbers]


def keys_of(scans: Sequence[Scan]) -> set[ScanKey]:
    """Give what tells scans apart."""
    return {scan.key for scan in scans}


def expect_dead(case: Bookable, booking: Booking) -> None:
    """Hold the carrier to print no label for a number of the booking."""
    for number in numbers_of(booking):
        with Refusal("a cancelled number has no label", CarrierRejectedError):
            case.label(number)
