"""Carriers: what the library asks of a logistics provider, as one small synchronous Protocol.

A carrier takes and returns our types and is called outside transactions.  What it refuses is final
(`CarrierRejectedError`, with the carrier's own code); where it does not answer, it may or may not
have acted (`CarrierUnavailableError`), so each call is made such that repeating it is safe.  A call
for several bookings answers for each of them, in their order: that some are refused is normal.

>>> from apaclogistics.values.identifiers import tracking_number
>>> refused = CarrierRejectedError("HKPOST", "355004", "N1 is unknown")
>>> Answer(tracking_number("N1"), refused).is_done
False
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from hashlib import sha256
from types import MappingProxyType
from typing import ClassVar, Final, Generic, Protocol, Self, TypeVar

import attrs

from apaclogistics.bundles import Bundle
from apaclogistics.claims import Claim
from apaclogistics.compensation import ClaimKind
from apaclogistics.consignments import Booking, Consignment
from apaclogistics.costs import ActualCost
from apaclogistics.errors import (
    ApacLogisticsError,
    CarrierError,
    Hidden,
    InvalidValueError,
    masked,
)
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.measurements import Measurement
from apaclogistics.tracking import Scan
from apaclogistics.values.fields import checked, of_type, several
from apaclogistics.values.identifiers import (
    BundleId,
    CarrierCode,
    IdempotencyKey,
    QuoteId,
    TrackingNumber,
    checked_number,
)
from apaclogistics.values.instants import Instant, Window, instant

__all__ = (
    "MOST_AT_ONCE",
    "Answer",
    "BookingRequest",
    "Carrier",
    "CarrierRejectedError",
    "CarrierUnavailableError",
    "Complaint",
    "ComplaintKind",
    "at_once",
    "reference_of",
)

# Source: eDIS 1.1.0, the limit of bulk calls and of tracking_numbers.
MOST_AT_ONCE: Final = 200
# Source: eDIS 1.1.0, complaintReason.
_LONGEST_REASON: Final = 200

T = TypeVar("T")


@attrs.define(slots=False)
class CarrierRejectedError(CarrierError):
    """Report that a carrier refused for good; repeating the call does not help."""

    code: ClassVar[str] = "carrier_rejected"

    carrier: str
    reason_code: str
    reason: str

    def __str__(self) -> str:
        """Give carrier, its own code, and its reason."""
        return f"{self.carrier} refused ({self.reason_code}): {self.reason}"


@attrs.define(slots=False)
class CarrierUnavailableError(CarrierError):
    """Report that a carrier did not answer; it may or may not have acted, so ask before retrying."""

    code: ClassVar[str] = "carrier_unavailable"

    carrier: str
    problem: str

    def __str__(self) -> str:
        """Give carrier and problem."""
        return f"{self.carrier} is unavailable: {self.problem}"


@attrs.frozen
class Answer(Generic[T]):
    """What became of one item of a call for several: done, or why not."""

    item: T
    error: ApacLogisticsError | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was done."""
        return self.error is None


def at_once(what: str, items: Iterable[T]) -> tuple[T, ...]:
    """Give the items of one call for several.

    Raises:
        InvalidTypeError: for a text, which is one item and not several.
        InvalidValueError: if there are none, one of them twice, or more than `MOST_AT_ONCE`.
    """
    given = several(what, items)
    allowed = f"1 to {MOST_AT_ONCE} different ones"
    if not 1 <= len(given) <= MOST_AT_ONCE:
        raise InvalidValueError(what, len(given), "are not one call's worth", allowed)
    if len(set(given)) < len(given):
        twice = next(item for index, item in enumerate(given) if item in given[:index])
        raise InvalidValueError(what, str(twice), "comes twice", allowed)
    return given


def reference_of(seller: Actor, key: IdempotencyKey) -> IdempotencyKey:
    """Give the name of a seller's call for storage and carriers: 64 hexadecimal digits.

    Sellers choose their keys for themselves, so that one key of two of them names two calls.
    """
    # No identifier holds a tab, so that no two pairs of names are written alike.
    return IdempotencyKey(sha256(f"{seller}\t{key}".encode()).hexdigest())


@attrs.frozen(kw_only=True)
class BookingRequest:
    """What a carrier is asked to carry; `reference` finds the booking again after a crash.

    It is one of all sellers' alone, such as `reference_of` gives.
    """

    reference: IdempotencyKey
    quote: QuoteId
    carrier: CarrierCode
    service: str
    consignment: Consignment


class ComplaintKind(Enum):
    """What a seller may complain of with a carrier.

    Source: eDIS 1.1.0, ComplaintTypeEnum.
    """

    ABNORMAL_COLLECTION = "ABNORMAL_COLLECTION_COMPLAINT"
    LOST_PACKAGE = "LOST_PACKAGE_COMPLAINT"


# What a claim is complained of as; a carrier takes no complaint of damage, delay or a bill.
_COMPLAINTS: Final[Mapping[ClaimKind, ComplaintKind]] = MappingProxyType(
    {
        ClaimKind.LOSS: ComplaintKind.LOST_PACKAGE,
        ClaimKind.FAILED_PICK_UP: ComplaintKind.ABNORMAL_COLLECTION,
    }
)


def _numbers(value: Iterable[TrackingNumber]) -> tuple[TrackingNumber, ...]:
    given = several("numbers of a complaint", value)
    return tuple(checked_number("number of a complaint", number) for number in given)


@attrs.frozen(kw_only=True)
class Complaint:
    """What a seller complains of: parcels that are lost, or a collection that went wrong.

    `numbers` are the parcels; one that is lost must be named.  The reason is hidden in the `repr`,
    since it is free text.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if the reason is none or above 200 characters, or no lost parcel is named.

    Source: eDIS 1.1.0, createComplaint.
    """

    kind: ComplaintKind = attrs.field(validator=of_type(ComplaintKind))
    seller: Actor = attrs.field(validator=of_type(Actor))
    reason: str = attrs.field(validator=of_type(str), repr=masked)
    numbers: tuple[TrackingNumber, ...] = attrs.field(default=(), converter=_numbers)
    at: Instant = attrs.field(converter=instant)

    def __attrs_post_init__(self) -> None:
        """Refuse a complaint that no carrier takes, and text that nobody read as a number."""
        if not 1 <= len(self.reason.strip()) <= _LONGEST_REASON:
            allowed, has = f"1 to {_LONGEST_REASON}", len(self.reason.strip())
            raise InvalidValueError(
                "reason of complaint", Hidden(), f"has {has} characters", allowed
            )
        if self.kind is ComplaintKind.LOST_PACKAGE and not self.numbers:
            raise InvalidValueError("lost parcels", self.numbers, "are not named", "one or more")

    @classmethod
    def of_claim(cls, claim: Claim, booking: Booking, reason: str = "", *, at: Instant) -> Self:
        """Make a complaint of a seller's open claim, for a carrier that takes no claims.

        It is for the claim's parcel alone, by the first number on its label, and says whose claim it
        is and for how much, then the `reason`.  A complaint has no place for more: evidence and
        what was said before stay with the claim.

        Raises:
            InvalidValueError: if the claim is for what no complaint is made of, is a buyer's, has
                ended, or the booking has no such parcel; or the whole is above 200 characters.
        """
        about = claim.demand
        _refuse_ended(claim, at)
        if about.claimant.role is not Role.SELLER:
            problem = "does not complain to a carrier"
            raise InvalidValueError("claimant", str(about.claimant), problem, "a seller")
        return cls(
            kind=_complaint_for(about.kind),
            seller=about.claimant,
            reason=_said(claim, reason),
            numbers=(_number_of(claim, booking),),
            at=at,
        )


def _refuse_ended(claim: Claim, at: Instant) -> None:
    if not claim.is_open_at(at):
        allowed = "a claim that may still be paid"
        raise InvalidValueError("claim", claim.id, f"is {claim.state.name}", allowed)


def _complaint_for(kind: ClaimKind) -> ComplaintKind:
    if kind not in _COMPLAINTS:
        allowed = ", ".join(known.value for known in _COMPLAINTS)
        raise InvalidValueError("claim", kind.value, "is no complaint to a carrier", allowed)
    return _COMPLAINTS[kind]


def _said(claim: Claim, reason: str) -> str:
    """Say what a complaint has no field for, and then what the seller says."""
    about = claim.demand
    checked("reason of complaint", reason, str)
    head = f"claim {claim.id} for {about.kind.value}, {about.amount}"
    if not reason.strip():
        return head
    said, left = f"{head}: {reason}", _LONGEST_REASON - len(f"{head}: ")
    if len(said.strip()) > _LONGEST_REASON:
        problem = f"has {len(said.strip())} characters with the heading that names the claim"
        allowed = f"up to {left} besides"
        raise InvalidValueError("reason of complaint", Hidden(), problem, allowed)
    return said


def _number_of(claim: Claim, booking: Booking) -> TrackingNumber:
    parcel = claim.demand.parcel
    numbers = {label.parcel: label.numbers[0] for label in booking.labels}
    if parcel not in numbers:
        raise InvalidValueError("parcel of claim", parcel, "is not booked", ", ".join(numbers))
    return numbers[parcel]


class Carrier(Protocol):
    """A logistics provider: takes and returns our types, and is called outside transactions.

    Every method may raise `CarrierUnavailableError`, which says nothing of whether it acted.  What
    is asked by number is asked in the name of a seller: a number of somebody else is refused.

    A booking comes back as the platform keeps it, with the promise of its quote: a carrier knows it
    by its reference.
    """

    @property
    def code(self) -> CarrierCode:
        """The carrier's code, as in quotes and bookings."""
        ...

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book a consignment: each parcel gets a number, and nothing moves.

        Raises:
            CarrierRejectedError: if the carrier will not carry it.
        """
        ...

    def find_booking(self, reference: IdempotencyKey) -> Booking | None:
        """Find what was booked under a reference, None if nothing was."""
        ...

    def confirm(self, booking: Booking, *, at: Instant) -> None:
        """Commit a booking and request pick-up; repeating it changes nothing.

        Raises:
            CarrierRejectedError: if the booking is unknown or cancelled.
        """
        ...

    def confirm_all(self, bookings: Sequence[Booking], *, at: Instant) -> Sequence[Answer[Booking]]:
        """Confirm each of up to 200 bookings that can be, and answer for each in their order.

        Raises:
            InvalidValueError: if there are none, one of them twice, or too many.
        """
        ...

    def cancel(self, booking: Booking, *, at: Instant) -> None:
        """Cancel a booking, so that its numbers die; repeating it changes nothing.

        Raises:
            CarrierRejectedError: if the booking is unknown or a parcel is being processed.
        """
        ...

    def cancel_all(self, bookings: Sequence[Booking], *, at: Instant) -> Sequence[Answer[Booking]]:
        """Cancel each of up to 200 bookings that can be, and answer for each in their order.

        Raises:
            InvalidValueError: if there are none, one of them twice, or too many.
        """
        ...

    def label(self, number: TrackingNumber, *, seller: Actor) -> bytes:
        """Give the printable label of a seller's parcel.

        Raises:
            CarrierRejectedError: if the number is unknown, dead, or somebody else's.
        """
        ...

    def printed_sheet(self, numbers: Sequence[TrackingNumber], *, seller: Actor) -> bytes:
        """Give one printable sheet that lists up to 200 of a seller's parcels.

        Raises:
            CarrierRejectedError: if a number is unknown, dead, or somebody else's.
            InvalidValueError: if there are none, one of them twice, or too many.
        """
        ...

    def scans(self, booking: Booking, *, at: Instant) -> Sequence[Scan]:
        """Give what has been scanned until an instant, in no order and perhaps repeatedly.

        Raises:
            CarrierRejectedError: if the booking is unknown.
        """
        ...

    def measurements(self, booking: Booking, *, at: Instant) -> Sequence[Measurement]:
        """Give what was weighed and packed until an instant, in no order and perhaps repeatedly.

        Raises:
            CarrierRejectedError: if the booking is unknown.
        """
        ...

    def costs(
        self, asked: Sequence[TrackingNumber] | Window, *, seller: Actor, at: Instant
    ) -> Sequence[ActualCost]:
        """Give what was billed to a seller until an instant, in no order and perhaps repeatedly.

        What is asked is either up to 200 numbers, or the period of the bills; never both.

        Raises:
            CarrierRejectedError: if a number is unknown or somebody else's.
            InvalidValueError: if there are no numbers, one of them twice, or too many.
        """
        ...

    def bundle(self, bundle: Bundle, *, at: Instant) -> None:
        """Take the parcels of a bundle over together; repeating it changes nothing.

        Raises:
            CarrierRejectedError: if it holds nothing or too much, or a number is unknown, dead,
                somebody else's, or handed over in another way.
        """
        ...

    def cancel_bundle(self, bundle: Bundle, *, at: Instant) -> None:
        """Give a bundle up, so that its parcels are on their own; repeating it changes nothing.

        Raises:
            CarrierRejectedError: if it is unknown or somebody else's, or is being processed.
        """
        ...

    def bundle_label(self, id: BundleId, *, seller: Actor) -> bytes:
        """Give the printable label of a seller's bundle.

        Raises:
            CarrierRejectedError: if it is unknown, given up, or somebody else's.
        """
        ...

    def complain(self, complaint: Complaint) -> None:
        """Take a complaint, which cannot be read back; whoever makes it keeps it.

        Raises:
            CarrierRejectedError: if a number is unknown or somebody else's, or it is declined.
        """
        ...
