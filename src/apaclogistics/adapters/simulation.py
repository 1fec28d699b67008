"""A carrier that exists only in memory, and behaves as carriers do, from a seed.

It prices by a rate card, gives S10 numbers with valid check digits, and moves parcels along a lane:
the same seed and number always make the same journey.  A `Fate` says what becomes of a parcel, a
`Mishap` what goes wrong with a call.  What it refuses carries the code that eDIS uses for it.

Source of the codes: eDIS 1.1.0.  The lane and its hours are an example, not published figures.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import Enum
from itertools import count
from random import Random
from threading import RLock
from typing import Final

import attrs

from apaclogistics.consignments import Booking, Label, Parcel
from apaclogistics.errors import Reason
from apaclogistics.fulfilment import Milestone
from apaclogistics.ports import BookingRequest, CarrierRejectedError, CarrierUnavailableError
from apaclogistics.rate_cards import RateCard
from apaclogistics.tariffs import Price, Unpriced, price_of
from apaclogistics.tracking import Scan
from apaclogistics.values.identifiers import (
    CarrierCode,
    IdempotencyKey,
    ParcelId,
    S10Number,
    TrackingNumber,
)
from apaclogistics.values.instants import Instant, Moment, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Place

__all__ = ("EXAMPLE_LANE", "Fate", "Mishap", "SimulatedCarrier", "Stop")


class Fate(Enum):
    """What becomes of a parcel."""

    SMOOTH = "smooth"
    DELAYED = "delayed"
    LOST = "lost"
    RETURNED = "returned"


class Mishap(Enum):
    """What goes wrong with the next call that books."""

    NONE = "none"
    UNAVAILABLE = "unavailable"
    TIMES_OUT_AFTER_BOOKING = "times out after booking"


@attrs.frozen
class Stop:
    """One scan of a journey: what is scanned, where, and how many hours after the one before."""

    code: str
    milestone: Milestone
    place: Place
    least_hours: int
    most_hours: int


_HONG_KONG = Place(country="HK", city="Hong Kong", facility="HKG")
_NEW_YORK = Place(country="US", city="New York", facility="JFK")
_DOORSTEP = Place(country="US", city="Brooklyn")

EXAMPLE_LANE: Final = (
    Stop("EMA", Milestone.ACCEPTED, _HONG_KONG, 4, 10),
    Stop("EXA", Milestone.EXPORT_PROCESSING, _HONG_KONG, 8, 20),
    Stop("EMC", Milestone.DEPARTED_ORIGIN, _HONG_KONG, 6, 30),
    Stop("EMD", Milestone.ARRIVED_DESTINATION, _NEW_YORK, 18, 40),
    Stop("EDB", Milestone.IMPORT_CUSTOMS, _NEW_YORK, 1, 6),
    Stop("EDC", Milestone.CUSTOMS_RELEASED, _NEW_YORK, 4, 24),
    Stop("EMG", Milestone.LAST_MILE, _DOORSTEP, 12, 36),
    Stop("EDG", Milestone.OUT_FOR_DELIVERY, _DOORSTEP, 6, 14),
    Stop("EMI", Milestone.DELIVERED, _DOORSTEP, 1, 8),
)
_HELD: Final = Stop("EME", Milestone.CUSTOMS_HELD, _NEW_YORK, 1, 6)
_FAILED: Final = Stop("EMH", Milestone.ATTEMPT_FAILED, _DOORSTEP, 1, 8)
_BACK: Final = (
    Stop("EDX", Milestone.RETURNING, _NEW_YORK, 24, 72),
    Stop("EMI", Milestone.RETURNED, _HONG_KONG, 150, 300),
)


@attrs.define
class _Account:
    """What the carrier knows of one booking."""

    booking: Booking
    confirmed_at: Instant | None = None
    is_cancelled: bool = False


class SimulatedCarrier:
    """A carrier in memory; safe to use from several threads.

    `fates` names the parcels that do not travel smoothly; `mishaps` are taken one by one by the
    calls that book.  `is_noisy` repeats and shuffles the scans that it gives.
    """

    def __init__(
        self,
        code: str,
        *,
        rate_card: RateCard,
        lane: Sequence[Stop] = EXAMPLE_LANE,
        seed: int = 0,
        fates: Mapping[ParcelId, Fate] | None = None,
        mishaps: Iterable[Mishap] = (),
        is_noisy: bool = False,
    ) -> None:
        """Begin without a booking."""
        self.code = CarrierCode(code)
        self._rate_card = rate_card
        self._lane = tuple(lane)
        self._seed = seed
        self._fates = dict(fates or {})
        self._mishaps = deque(mishaps)
        self._is_noisy = is_noisy
        self._lock = RLock()
        self._serials = count(1)
        self._accounts: list[_Account] = []

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book a consignment, in exchange for a number for each parcel.

        Raises:
            CarrierRejectedError: if the service has no price for a parcel (355025).
            CarrierUnavailableError: if a mishap is due.
        """
        with self._lock:
            mishap = self._mishaps.popleft() if self._mishaps else Mishap.NONE
            if mishap is Mishap.UNAVAILABLE:
                raise CarrierUnavailableError(self.code, "the call was not answered")
            booking = self._booked(request, at)
            self._accounts.append(_Account(booking))
            if mishap is Mishap.TIMES_OUT_AFTER_BOOKING:
                raise CarrierUnavailableError(self.code, "the answer did not arrive in time")
            return booking

    def _booked(self, request: BookingRequest, at: Instant) -> Booking:
        prices = [self._price(request, parcel, at) for parcel in request.consignment.parcels]
        totals = [price.total for price in prices if isinstance(price, Price)]
        refusals = [
            r.text for price in prices if isinstance(price, Unpriced) for r in price.reasons
        ]
        if refusals:
            raise CarrierRejectedError(self.code, "355025", "; ".join(refusals))
        return Booking(
            carrier=self.code,
            service=request.service,
            labels=tuple(self._label(parcel) for parcel in request.consignment.parcels),
            reference=request.reference,
            estimate=Money.total(totals, totals[0].currency),
            issued_at=at,
        )

    def _price(self, request: BookingRequest, parcel: Parcel, at: Instant) -> Price | Unpriced:
        if parcel.weight is None:
            return Unpriced((Reason("no_weight", f"parcel {parcel.id} has no weight"),))
        address = request.consignment.consignee.address
        return price_of(
            self._rate_card,
            country=address.country,
            postal_code=address.postal_code,
            weight=parcel.weight,
            dimensions=parcel.dimensions,
            at=at,
        )

    def _label(self, parcel: Parcel) -> Label:
        return Label(parcel.id, (S10Number("LV", f"{next(self._serials):08d}", "HK"),))

    def find_booking(self, reference: IdempotencyKey) -> Booking | None:
        """Find what was booked under a reference."""
        with self._lock:
            found = (a.booking for a in self._accounts if a.booking.reference == reference)
            return next(found, None)

    @property
    def bookings(self) -> int:
        """How many labels were ever made."""
        with self._lock:
            return sum(len(account.booking.labels) for account in self._accounts)

    def confirm(self, booking: Booking, *, at: Instant) -> None:
        """Commit a booking; its parcels are collected some hours later.

        Raises:
            CarrierRejectedError: if it is unknown (355004) or cancelled (355038).
        """
        with self._lock:
            account = self._account(booking)
            if account.is_cancelled:
                raise CarrierRejectedError(self.code, "355038", "the booking is cancelled")
            account.confirmed_at = account.confirmed_at or instant(at)

    def cancel(self, booking: Booking, *, at: Instant) -> None:
        """Cancel a booking.

        Raises:
            CarrierRejectedError: if it is unknown (355004), or a parcel is processed (355036).
        """
        with self._lock:
            account = self._account(booking)
            if self._scanned(account, at):
                raise CarrierRejectedError(self.code, "355036", "the package is being processed")
            account.is_cancelled = True

    def label(self, number: TrackingNumber) -> bytes:
        """Give a label that says the number, as plain text.

        Raises:
            CarrierRejectedError: if the number is unknown or dead (355004).
        """
        with self._lock:
            for account in self._accounts:
                numbers = (n for label in account.booking.labels for n in label.numbers)
                if number in numbers and not account.is_cancelled:
                    return f"{self.code} {number}\n".encode()
        raise CarrierRejectedError(self.code, "355004", f"{number} is unknown")

    def scans(self, booking: Booking, *, at: Instant) -> Sequence[Scan]:
        """Give what was scanned until an instant; noisily, if told to.

        Raises:
            CarrierRejectedError: if the booking is unknown (355004).
        """
        with self._lock:
            scans = self._scanned(self._account(booking), at)
        if not self._is_noisy:
            return scans
        noise = Random(f"{self._seed} {booking.reference} {len(scans)}")
        repeated = scans + noise.sample(scans, k=len(scans) // 2)
        return noise.sample(repeated, k=len(repeated))

    def _account(self, booking: Booking) -> _Account:
        for account in self._accounts:
            if account.booking == booking:
                return account
        raise CarrierRejectedError(self.code, "355004", f"{booking.reference} is unknown")

    def _scanned(self, account: _Account, at: Instant) -> list[Scan]:
        if account.confirmed_at is None or account.is_cancelled:
            return []
        begin = account.confirmed_at
        scans = [
            scan
            for label in account.booking.labels
            for scan in self._journey(label.numbers[0], self._fate(label.parcel), begin)
        ]
        return [scan for scan in scans if scan.at.earliest <= at]

    def _fate(self, parcel: ParcelId) -> Fate:
        return self._fates.get(parcel, Fate.SMOOTH)

    def _journey(self, number: TrackingNumber, fate: Fate, begin: Instant) -> list[Scan]:
        dice = Random(f"{self._seed} {number}")
        now, scans = begin, []
        for stop in _stops(self._lane, fate):
            minutes = dice.randint(60 * stop.least_hours, 60 * stop.most_hours)
            now = instant(now + timedelta(minutes=minutes))
            scans.append(_scan(self.code, number, stop, now))
        return scans


def _stops(lane: Sequence[Stop], fate: Fate) -> list[Stop]:
    """Turn the smooth lane into the one of a fate, whatever stops it has."""
    delivery = _index(lane, Milestone.DELIVERED)
    way, door = list(lane[:delivery]), list(lane[delivery:])
    match fate:
        case Fate.SMOOTH:
            return [*way, *door]
        case Fate.DELAYED:
            held = _index(way, Milestone.IMPORT_CUSTOMS) + 1
            slow = [attrs.evolve(s, least_hours=280, most_hours=330) for s in way[held : held + 1]]
            return [*way[:held], _HELD, *slow, *way[held + 1 :], *door]
        case Fate.LOST:
            return way[: _index(way, Milestone.DEPARTED_ORIGIN) + 1]
        case Fate.RETURNED:
            return [*way, _FAILED, *_BACK]


def _index(stops: Sequence[Stop], milestone: Milestone) -> int:
    """Give the index of the first stop of a milestone, or the end where there is none."""
    found = (index for index, stop in enumerate(stops) if stop.milestone is milestone)
    return next(found, len(stops))


def _scan(carrier: CarrierCode, number: TrackingNumber, stop: Stop, at: Instant) -> Scan:
    return Scan(
        carrier=carrier,
        number=number.text,
        code=stop.code,
        at=Moment(at),
        place=stop.place,
        milestone=stop.milestone,
    )
