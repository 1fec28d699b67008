"""`SimulatedCarrier`: what a carrier promises, done in memory."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count
from threading import RLock
from typing import TypeAlias

import attrs

from apaclogistics.adapters.simulation._bills import Billing, Piece, rows_of, weighed
from apaclogistics.adapters.simulation._guards import HouseRules, refusal_of, refusal_of_bundle
from apaclogistics.adapters.simulation._habits import Habit, told
from apaclogistics.adapters.simulation._journeys import EXAMPLE_LANE, Fate, Stop, journey
from apaclogistics.adapters.simulation._mishaps import Call, Mishaps, Script
from apaclogistics.adapters.simulation._prices import prices_of
from apaclogistics.bundles import Bundle
from apaclogistics.carriers import Answer, BookingRequest, CarrierRejectedError, Complaint, at_once
from apaclogistics.consignments import Booking, Label, Parcel
from apaclogistics.costs import ActualCost
from apaclogistics.errors import CarrierError, Reason
from apaclogistics.lifecycle import Actor
from apaclogistics.measurements import Measurement
from apaclogistics.rate_cards import RateCard
from apaclogistics.tariffs import Unpriced
from apaclogistics.tracking import Scan
from apaclogistics.values.identifiers import (
    BundleId,
    CarrierCode,
    IdempotencyKey,
    ParcelId,
    S10Number,
    TrackingNumber,
)
from apaclogistics.values.instants import Instant, Window, instant

__all__ = ("SimulatedBooking", "SimulatedCarrier")

_Made: TypeAlias = tuple[IdempotencyKey | None, tuple[Label, ...]]


@attrs.frozen(kw_only=True)
class SimulatedBooking:
    """What the carrier knows of one booking."""

    request: BookingRequest
    booking: Booking
    confirmed_at: Instant | None = None
    is_cancelled: bool = False

    @property
    def seller(self) -> Actor:
        """Whose consignment it is."""
        return self.request.consignment.seller

    @property
    def numbers(self) -> tuple[TrackingNumber, ...]:
        """The numbers of all parcels."""
        return tuple(number for label in self.booking.labels for number in label.numbers)


class SimulatedCarrier:
    """A carrier in memory; safe to use from several threads.

    Parcels travel along `lane`, wherever they are sent; that is `EXAMPLE_LANE`, from Hong Kong to
    New York, unless another is passed: its `Stop`s in order, as in
    `lane=[attrs.evolve(stop, place=mine[stop.place]) for stop in EXAMPLE_LANE]`.  The numbers are
    always S10 numbers of Hong Kong.
    `rate_card` prices every service, unless `rules` names the services.  `fates` are those of the
    parcels that do not travel smoothly.  `mishaps` are taken one by one by the calls that book, or
    by the calls that they are listed under; a `Reason` among them refuses the call.  `serials` are
    what numbers are made of; where they come again, the carrier uses a number again.  `billing` is
    what its scales show and what it charges for.
    """

    def __init__(
        self,
        code: str,
        *,
        rate_card: RateCard,
        rules: HouseRules | None = None,
        lane: Sequence[Stop] = EXAMPLE_LANE,
        seed: int = 0,
        serials: Iterable[int] | None = None,
        fates: Mapping[ParcelId, Fate] | None = None,
        mishaps: Script | Mapping[Call, Script] = (),
        habits: Collection[Habit] = (),
        billing: Billing | None = None,
    ) -> None:
        """Begin without a booking."""
        self.code = CarrierCode(code)
        self._rate_card = rate_card
        self._rules = rules or HouseRules()
        self._lane = tuple(lane)
        self._seed = seed
        self._serials = iter(count(1) if serials is None else serials)
        self._fates = dict(fates or {})
        scripts = mishaps if isinstance(mishaps, Mapping) else {Call.BOOK: mishaps}
        self._mishaps = Mishaps(self.code, scripts)
        self._habits = frozenset(habits)
        self._billing = billing or Billing()
        self._lock = RLock()
        self._accounts: dict[_Made, SimulatedBooking] = {}
        # None for a bundle that was given up.
        self._bundles: dict[BundleId, Bundle | None] = {}
        self._complaints: deque[Complaint] = deque()

    @property
    def accounts(self) -> tuple[SimulatedBooking, ...]:
        """What is known of each booking, in the order of booking."""
        with self._lock:
            return tuple(self._accounts.values())

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        """The bundles that it has taken and nobody has given up."""
        with self._lock:
            return tuple(bundle for bundle in self._bundles.values() if bundle is not None)

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """What sellers have complained of."""
        with self._lock:
            return tuple(self._complaints)

    @property
    def bookings(self) -> int:
        """How many labels were ever made."""
        return sum(len(account.booking.labels) for account in self.accounts)

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book a consignment, in exchange for a number for each parcel.

        Raises:
            CarrierRejectedError: if the seller's account is disabled (355003), the service does not
                exist (355012), a SKU comes twice (355016), special goods are not taken (355018), or
                no service (355024) or not this one (355025) has a price.
            CarrierUnavailableError: if a mishap is due.
        """
        with self._lock, self._mishaps.during(Call.BOOK):
            refusal = refusal_of(request, self._rules, self._rate_card, at)
            if refusal is not None:
                raise self._refused(refusal)
            booking = self._booked(request, at)
            self._keep(SimulatedBooking(request=request, booking=booking))
            return booking

    def _refused(self, reason: Reason) -> CarrierRejectedError:
        return CarrierRejectedError(self.code, reason.code, reason.text)

    def _booked(self, request: BookingRequest, at: Instant) -> Booking:
        price = prices_of(request, self._card(request), at)
        return Booking(
            carrier=self.code,
            service=request.service,
            labels=tuple(self._label(parcel) for parcel in request.consignment.parcels),
            reference=request.reference,
            estimate=None if isinstance(price, Unpriced) else price,
            issued_at=at,
        )

    def _card(self, request: BookingRequest) -> RateCard:
        return self._rules.services.get(request.service, self._rate_card)

    def _label(self, parcel: Parcel) -> Label:
        return Label(parcel.id, (S10Number("LV", f"{next(self._serials):08d}", "HK"),))

    def find_booking(self, reference: IdempotencyKey) -> Booking | None:
        """Find what was booked under a reference."""
        with self._lock, self._mishaps.during(Call.FIND_BOOKING):
            found = (it.booking for it in self._accounts.values())
            return next((it for it in found if it.reference == reference), None)

    def confirm(self, booking: Booking, *, at: Instant) -> None:
        """Commit a booking; its parcels are collected some hours later.

        Raises:
            CarrierRejectedError: if it is unknown (355004) or cancelled (355038).
        """
        with self._lock, self._mishaps.during(Call.CONFIRM):
            account = self._account(booking)
            if account.is_cancelled:
                raise self._refused(Reason("355038", "the booking is cancelled"))
            self._keep(attrs.evolve(account, confirmed_at=account.confirmed_at or instant(at)))

    def confirm_all(
        self, bookings: Sequence[Booking], *, at: Instant
    ) -> tuple[Answer[Booking], ...]:
        """Confirm bookings, each for itself."""
        return self._each(bookings, lambda booking: self.confirm(booking, at=at))

    def cancel(self, booking: Booking, *, at: Instant) -> None:
        """Cancel a booking.

        Raises:
            CarrierRejectedError: if it is unknown (355004), or a parcel is processed (355036).
        """
        with self._lock, self._mishaps.during(Call.CANCEL):
            account = self._account(booking)
            self._check_unprocessed([account], at)
            self._keep(attrs.evolve(account, is_cancelled=True))

    def cancel_all(
        self, bookings: Sequence[Booking], *, at: Instant
    ) -> tuple[Answer[Booking], ...]:
        """Cancel bookings, each for itself."""
        return self._each(bookings, lambda booking: self.cancel(booking, at=at))

    def _each(
        self, bookings: Sequence[Booking], act: Callable[[Booking], None]
    ) -> tuple[Answer[Booking], ...]:
        return tuple(_answer(booking, act) for booking in at_once("bookings", bookings))

    def label(self, number: TrackingNumber, *, seller: Actor) -> bytes:
        """Give a label that says the number, as plain text.

        Raises:
            CarrierRejectedError: if the number is unknown or dead (355004), or of another seller
                (355071).
        """
        with self._lock, self._mishaps.during(Call.LABEL):
            self._check_theirs(number, seller, unknown="355004")
            return f"{self.code} {number}\n".encode()

    def printed_sheet(self, numbers: Sequence[TrackingNumber], *, seller: Actor) -> bytes:
        """Give a sheet that says all numbers, as plain text.

        Raises:
            CarrierRejectedError: if a number is unknown or dead (355068), or of another seller
                (355071).
        """
        listed = at_once("parcels on a printed sheet", numbers)
        with self._lock, self._mishaps.during(Call.PRINTED_SHEET):
            for number in listed:
                self._check_theirs(number, seller, unknown="355068")
            return "".join(f"{self.code} {number}\n" for number in listed).encode()

    def _check_theirs(self, number: TrackingNumber, seller: Actor, *, unknown: str) -> None:
        alive = [it for it in self._accounts.values() if number in it.numbers]
        sellers = {account.seller for account in alive if not account.is_cancelled}
        if not sellers:
            raise self._refused(Reason(unknown, f"{number} is unknown"))
        if seller not in sellers:
            raise self._refused(Reason("355071", f"{number} is not of {seller}"))

    def scans(self, booking: Booking, *, at: Instant) -> Sequence[Scan]:
        """Give what was scanned until an instant, as its habits are.

        Raises:
            CarrierRejectedError: if the booking is unknown (355004).
        """
        with self._lock, self._mishaps.during(Call.SCANS):
            made = self._made(self._account(booking))
        return told(made, self._habits, seed=f"{self._seed} {booking.reference}", at=at)

    def measurements(self, booking: Booking, *, at: Instant) -> Sequence[Measurement]:
        """Give what the scales have shown until an instant.

        Raises:
            CarrierRejectedError: if the booking is unknown (355004).
        """
        with self._lock, self._mishaps.during(Call.MEASUREMENTS):
            pieces = self._pieces(self._account(booking))
            seen = (weighed(piece, self._billing) for piece in pieces)
            return [it for it in seen if it is not None and it.at.earliest <= at]

    def costs(
        self, asked: Sequence[TrackingNumber] | Window, *, seller: Actor, at: Instant
    ) -> Sequence[ActualCost]:
        """Give what has been billed until an instant.

        Raises:
            CarrierRejectedError: if a number is not known to be the seller's (355071).
        """
        period = asked if isinstance(asked, Window) else None
        numbers = at_once("numbers", asked) if not isinstance(asked, Window) else ()
        with self._lock, self._mishaps.during(Call.COSTS):
            for number in numbers:
                self._check_theirs(number, seller, unknown="355071")
            return [
                row
                for account in self._accounts.values()
                if account.seller == seller
                for piece in self._pieces(account)
                if period is not None or piece.number in numbers
                for row in rows_of(piece, self._billing)
                if row.billed_at <= at and (period is None or row.billed_at in period)
            ]

    def _pieces(self, account: SimulatedBooking) -> Iterator[Piece]:
        """Give the parcels of a booking that are ever accepted."""
        parcels = {parcel.id: parcel for parcel in account.request.consignment.parcels}
        made = self._made(account)
        for label in account.booking.labels:
            number = label.numbers[0]
            scanned = [scan for scan in made if scan.number == number.text]
            if scanned:
                yield Piece(
                    carrier=self.code,
                    number=number,
                    parcel=parcels[label.parcel],
                    request=account.request,
                    card=self._card(account.request),
                    booked_at=account.booking.issued_at or scanned[0].at.earliest,
                    accepted_at=scanned[0].at.earliest,
                )

    def bundle(self, bundle: Bundle, *, at: Instant) -> None:
        """Take a bundle.

        Raises:
            CarrierRejectedError: if it holds nothing (355079), a number is unknown or dead (355004)
                or of another seller (355071), the parcels are handed over in other ways (355080) or
                are too heavy together (355081), or one is processed (355036).
        """
        with self._lock, self._mishaps.during(Call.BUNDLE):
            if bundle == self._bundles.get(bundle.id):
                return
            numbers = [line.number for entry in bundle.entries for line in entry.lines]
            for number in numbers:
                self._check_theirs(number, bundle.opening.seller, unknown="355004")
            accounts = [it for it in self._accounts.values() if set(numbers) & set(it.numbers)]
            consignments = (account.request.consignment for account in accounts)
            refusal = refusal_of_bundle(bundle, consignments, self._rules)
            if refusal is not None:
                raise self._refused(refusal)
            self._check_unprocessed(accounts, at)
            self._bundles[bundle.id] = bundle

    def cancel_bundle(self, bundle: Bundle, *, at: Instant) -> None:
        """Give a bundle up.

        Raises:
            CarrierRejectedError: if it is unknown (355083) or of another seller (355082), or a parcel
                is processed (355036).
        """
        with self._lock, self._mishaps.during(Call.CANCEL_BUNDLE):
            known = self._their_bundle(bundle.id, bundle.opening.seller)
            if known is None:
                return
            numbers = {line.number for entry in known.entries for line in entry.lines}
            accounts = [it for it in self._accounts.values() if numbers & set(it.numbers)]
            self._check_unprocessed(accounts, at)
            self._bundles[bundle.id] = None

    def bundle_label(self, id: BundleId, *, seller: Actor) -> bytes:
        """Give a label that says the bundle, as plain text.

        Raises:
            CarrierRejectedError: if it is unknown or given up (355083), or of another seller
                (355082).
        """
        with self._lock, self._mishaps.during(Call.BUNDLE_LABEL):
            if self._their_bundle(id, seller) is None:
                raise self._refused(Reason("355083", f"bundle {id} was given up"))
            return f"{self.code} {id}\n".encode()

    def _their_bundle(self, id: BundleId, seller: Actor) -> Bundle | None:
        """Find a seller's bundle, None where it was given up."""
        if id not in self._bundles:
            raise self._refused(Reason("355083", f"bundle {id} is unknown"))
        bundle = self._bundles[id]
        if bundle is not None and bundle.opening.seller != seller:
            raise self._refused(Reason("355082", f"bundle {id} is not of {seller}"))
        return bundle

    def _check_unprocessed(self, accounts: Iterable[SimulatedBooking], at: Instant) -> None:
        if any(scan.at.earliest <= at for account in accounts for scan in self._made(account)):
            raise self._refused(Reason("355036", "the package is being processed"))

    def complain(self, complaint: Complaint) -> None:
        """Keep a complaint.

        Raises:
            CarrierRejectedError: if a number is unknown (355004) or of another seller (355071), or a
                mishap declines it.
        """
        with self._lock, self._mishaps.during(Call.COMPLAIN):
            for number in complaint.numbers:
                self._check_theirs(number, complaint.seller, unknown="355004")
            self._complaints.append(complaint)

    def _account(self, booking: Booking) -> SimulatedBooking:
        account = self._accounts.get(_made(booking))
        if account is None:
            raise self._refused(Reason("355004", f"{booking.reference} is unknown"))
        return account

    def _keep(self, account: SimulatedBooking) -> None:
        self._accounts[_made(account.booking)] = account

    def _made(self, account: SimulatedBooking) -> list[Scan]:
        """Give every scan that is made of a booking's parcels, at any time."""
        if account.confirmed_at is None or account.is_cancelled:
            return []
        return [
            scan
            for label in account.booking.labels
            for scan in journey(
                self.code,
                label.numbers[0],
                lane=self._lane,
                fate=self._fates.get(label.parcel, Fate.SMOOTH),
                seed=self._seed,
                begin=account.confirmed_at,
            )
        ]


def _made(booking: Booking) -> _Made:
    """Give what the carrier knows a booking by: it comes back with what the platform added."""
    return booking.reference, booking.labels


def _answer(booking: Booking, act: Callable[[Booking], None]) -> Answer[Booking]:
    try:
        act(booking)
    except CarrierError as error:
        return Answer(booking, error)
    return Answer(booking)
