"""The contract of a carrier, promise by promise; see `apaclogistics.testing.contracts`."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, TypeAlias

import attrs

from apaclogistics.bundles import Bundle, BundleOpening
from apaclogistics.carriers import (
    MOST_AT_ONCE,
    Answer,
    BookingRequest,
    Carrier,
    CarrierRejectedError,
    Complaint,
    ComplaintKind,
)
from apaclogistics.consignments import (
    Booking,
    ConsignmentKind,
    ConsignmentPreference,
    Label,
    Parcel,
)
from apaclogistics.costs import ActualCost, CostKey
from apaclogistics.errors import CarrierError, InvalidValueError
from apaclogistics.fulfilment import Phase
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.measurements import Measurement
from apaclogistics.promises import Promise
from apaclogistics.shipments import Shipment
from apaclogistics.testing._promises import (
    ContractBrokenError,
    Refusal,
    expect,
)
from apaclogistics.tracking import Scan, ScanKey
from apaclogistics.values.identifiers import (
    BundleId,
    IdempotencyKey,
    TrackingNumber,
    tracking_number,
)
from apaclogistics.values.instants import Instant, Window, instant
from apaclogistics.values.quantities import Weight

__all__ = (
    "CARRIER",
    "Bookable",
    "CarrierCheck",
    "NewCarrier",
    "a_booking_is_found_by_its_reference",
    "a_bundle_is_given_up_and_its_label_with_it",
    "a_bundle_is_of_its_seller_alone",
    "a_bundle_is_taken_of_known_parcels_alone",
    "a_cancelled_booking_cannot_be_confirmed",
    "a_cancelled_number_is_dead",
    "a_complaint_is_taken_of_known_parcels_alone",
    "a_label_is_printed_for_each_number_on_it",
    "a_number_is_of_its_seller_alone",
    "a_sheet_lists_known_parcels_alone",
    "an_odd_request_is_booked_or_rejected",
    "an_unknown_booking_is_rejected",
    "an_unknown_number_has_no_label",
    "bills_are_for_the_seller_of_the_parcels",
    "bills_are_of_the_booked_parcels",
    "booking_labels_every_parcel",
    "cancelling_again_changes_nothing",
    "confirming_again_changes_nothing",
    "many_are_cancelled_each_for_itself",
    "many_are_confirmed_each_for_itself",
    "measurements_are_of_the_booked_parcels",
    "no_number_is_given_twice",
    "nothing_moves_before_confirmation",
    "nothing_moves_once_it_is_cancelled",
    "observing_in_any_order_shows_the_same",
    "one_call_takes_some_and_not_too_many",
    "scans_are_not_of_the_future",
    "scans_are_of_the_booked_parcels",
    "what_was_billed_stays_billed",
    "what_was_measured_stays_measured",
    "what_was_scanned_stays_scanned",
)


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
        draft = Shipment.draft(self.request.consignment, by=_PLATFORM, at=self.at)
        return draft.book(booking, hindrances=(), by=_PLATFORM, at=self.at)


NewCarrier: TypeAlias = Callable[[], Bookable]
CarrierCheck: TypeAlias = Callable[[NewCarrier], None]

_STRANGER: Final = Actor(Role.SELLER, "somebody else")
_PLATFORM: Final = Actor(Role.PLATFORM, "contract")
# Days after the booking on which somebody asks for scans: often at first, and then now and then.
_DAYS: Final = (0, 1, 2, 3, 4, 5, 7, 10, 14, 21, 30, 60, 120)
_COUNTER: Final = ConsignmentPreference(
    name="contract", kind=ConsignmentKind.DROP_OFF, site="contract"
)
_UNKNOWN: Final = tracking_number("RR473124829GB")


def _other(request: BookingRequest, name: str) -> BookingRequest:
    return attrs.evolve(request, reference=IdempotencyKey(f"{request.reference} {name}"))


def _numbers(booking: Booking) -> list[TrackingNumber]:
    return [number for label in booking.labels for number in label.numbers]


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
    requests = [_other(case.request, f"again {turn}") for turn in range(3)]
    bookings = [case.book(), *(case.carrier.book(it, at=case.at) for it in requests)]
    given = [str(number) for booking in bookings for number in _numbers(booking)]
    expect("no number is given twice", sorted(given), sorted(set(given)))


def a_booking_is_found_by_its_reference(carrier: NewCarrier) -> None:
    """Find a booking once it is made, under its own reference and no other."""
    case = carrier()
    reference = case.request.reference
    before = case.carrier.find_booking(reference)
    expect("nothing is found before it is booked", before, None)
    booking = case.book()
    expect("what was booked is found", case.carrier.find_booking(reference), booking)
    other = case.carrier.find_booking(_other(case.request, "never").reference)
    expect("another reference finds nothing", other, None)


def confirming_again_changes_nothing(carrier: NewCarrier) -> None:
    """Confirm a booking twice, and see the parcels travel as if it had been once."""
    case = carrier()
    booking = case.confirmed()
    case.carrier.confirm(booking, at=case.at)
    once = _keys(case.scans(booking, 120))
    case.carrier.confirm(_kept(booking), at=case.later(1))
    expect("confirming again changes nothing", _keys(case.scans(booking, 120)), once)


def _kept(booking: Booking) -> Booking:
    """Give a booking as the platform keeps it: with what its quote promised."""
    since = booking.issued_at or instant("2026-01-01T00:00:00Z")
    until = instant(since + timedelta(days=30))
    return attrs.evolve(booking, promise=Promise(ship_by=since, window=Window(since, until)))


def _keys(scans: Sequence[Scan]) -> set[ScanKey]:
    return {scan.key for scan in scans}


def cancelling_again_changes_nothing(carrier: NewCarrier) -> None:
    """Cancel a booking twice; the second time is no error."""
    case = carrier()
    booking = case.book()
    case.carrier.cancel(booking, at=case.at)
    case.carrier.cancel(booking, at=case.later(1))
    _expect_dead(case, booking)


def a_cancelled_number_is_dead(carrier: NewCarrier) -> None:
    """Print no label for a number whose booking is cancelled."""
    case = carrier()
    booking = case.book()
    case.carrier.cancel(booking, at=case.at)
    _expect_dead(case, booking)


def _expect_dead(case: Bookable, booking: Booking) -> None:
    for number in _numbers(booking):
        with Refusal("a cancelled number has no label", CarrierRejectedError):
            case.label(number)


def a_cancelled_booking_cannot_be_confirmed(carrier: NewCarrier) -> None:
    """Reject the confirmation of a booking that was cancelled."""
    case = carrier()
    booking = case.book()
    case.carrier.cancel(booking, at=case.at)
    with Refusal("a cancelled booking is not confirmed", CarrierRejectedError):
        case.carrier.confirm(booking, at=case.at)


def nothing_moves_once_it_is_cancelled(carrier: NewCarrier) -> None:
    """Scan no parcel of a booking that was cancelled."""
    case = carrier()
    booking = case.book()
    case.carrier.cancel(booking, at=case.at)
    moving = [scan for scan in case.scans(booking, 120) if scan.meaning.phase]
    expect("nothing moves once it is cancelled", moving, [])


def nothing_moves_before_confirmation(carrier: NewCarrier) -> None:
    """Scan no parcel of a booking that nobody has confirmed."""
    case = carrier()
    booking = case.book()
    moving = [scan for scan in case.scans(booking, 120) if scan.meaning.phase]
    expect("nothing moves before it is confirmed", moving, [])


def an_unknown_booking_is_rejected(carrier: NewCarrier) -> None:
    """Reject to confirm, cancel or track what was never booked here."""
    case = carrier()
    parcels = case.request.consignment.parcels
    booking = attrs.evolve(
        case.book(),
        reference=_other(case.request, "never").reference,
        labels=tuple(Label(parcel.id, (_UNKNOWN,)) for parcel in parcels),
    )
    for stranger in (booking, attrs.evolve(booking, reference=None)):
        with Refusal("an unknown booking is not confirmed", CarrierRejectedError):
            case.carrier.confirm(stranger, at=case.at)
        with Refusal("an unknown booking is not cancelled", CarrierRejectedError):
            case.carrier.cancel(stranger, at=case.at)
        with Refusal("an unknown booking has no scans", CarrierRejectedError):
            case.carrier.scans(stranger, at=case.at)


def an_unknown_number_has_no_label(carrier: NewCarrier) -> None:
    """Reject to print a label for a number that was never given."""
    case = carrier()
    case.book()
    with Refusal("an unknown number has no label", CarrierRejectedError):
        case.label(_UNKNOWN)


def a_label_is_printed_for_each_number_on_it(carrier: NewCarrier) -> None:
    """Give something to print for the first number of each parcel, before and after confirming."""
    case = carrier()
    booking = case.book()
    before = [case.label(label.numbers[0]) for label in booking.labels]
    case.carrier.confirm(booking, at=case.at)
    after = [case.label(label.numbers[0]) for label in booking.labels]
    expect("no label is empty", [label for label in (*before, *after) if not label], [])


def a_number_is_of_its_seller_alone(carrier: NewCarrier) -> None:
    """Refuse what another seller asks of a number: a label, a sheet, a complaint."""
    case = carrier()
    number = case.book().labels[0].numbers[0]
    with Refusal("a label is for the seller of the parcel", CarrierRejectedError):
        case.carrier.label(number, seller=_STRANGER)
    with Refusal("a sheet is for the seller of the parcels", CarrierRejectedError):
        case.carrier.printed_sheet([number], seller=_STRANGER)
    with Refusal("one complains of one's own parcels", CarrierRejectedError):
        case.carrier.complain(_complaint(case, number, seller=_STRANGER))


def _complaint(case: Bookable, number: TrackingNumber, *, seller: Actor) -> Complaint:
    kind = ComplaintKind.LOST_PACKAGE
    return Complaint(kind=kind, seller=seller, reason="it is lost", numbers=(number,), at=case.at)


def a_sheet_lists_known_parcels_alone(carrier: NewCarrier) -> None:
    """Give one sheet for all parcels, and none where one number is unknown or nothing is listed."""
    case = carrier()
    numbers, seller = _numbers(case.confirmed()), case.request.consignment.seller
    sheet = case.carrier.printed_sheet(numbers, seller=seller)
    expect("no sheet is empty", [it for it in (sheet,) if not it], [])
    with Refusal("a sheet lists known parcels alone", CarrierRejectedError):
        case.carrier.printed_sheet([*numbers, _UNKNOWN], seller=seller)
    with Refusal("a sheet lists something", InvalidValueError):
        case.carrier.printed_sheet([], seller=seller)


def a_complaint_is_taken_of_known_parcels_alone(carrier: NewCarrier) -> None:
    """Take a complaint of a parcel that was booked here, and none of another."""
    case = carrier()
    seller, number = case.request.consignment.seller, case.confirmed().labels[0].numbers[0]
    with Refusal("a complaint is of a known parcel", CarrierRejectedError):
        case.carrier.complain(_complaint(case, _UNKNOWN, seller=seller))
    with Refusal("a complaint is taken or declined", CarrierError, may_succeed=True):
        case.carrier.complain(_complaint(case, number, seller=seller))


def measurements_are_of_the_booked_parcels(carrier: NewCarrier) -> None:
    """Measure the parcels of the booking alone, and tell nothing of the future."""
    case = carrier()
    booking = case.confirmed()
    numbers = {str(number) for number in _numbers(booking)}
    for days in _DAYS:
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
    for days in _DAYS:
        now = _measured(case, booking, days)
        expect(f"no measurement is gone after {days} days", before - now, set())
        before = now


def _measured(case: Bookable, booking: Booking, days: int) -> set[Measurement]:
    return set(case.carrier.measurements(booking, at=case.later(days)))


def bills_are_of_the_booked_parcels(carrier: NewCarrier) -> None:
    """Bill the parcels that are asked for alone, and nothing of the future."""
    case = carrier()
    booking, other = case.confirmed(), case.carrier.book(_other(case.request, "two"), at=case.at)
    case.carrier.confirm(other, at=case.at)
    numbers = {str(number) for number in _numbers(booking)}
    for days in _DAYS:
        rows = _billed(case, _numbers(booking), days)
        strays = [it for it in rows if it.number not in numbers or it.billed_at > case.later(days)]
        expect(f"what is billed within {days} days is of the booking", strays, [])


def what_was_billed_stays_billed(carrier: NewCarrier) -> None:
    """Give at a later instant what was billed at an earlier one, by number and by period alike."""
    case = carrier()
    numbers = _numbers(case.confirmed())
    before: set[CostKey] = set()
    for days in _DAYS:
        now = {row.key for row in _billed(case, numbers, days)}
        expect(f"no row is gone after {days} days", before - now, set())
        period = Window(case.at, case.later(days))
        in_time = {row.key for row in _billed(case, period, days)}
        expect(f"bills of the first {days} days are the same by period", in_time, now)
        before = now


def bills_are_for_the_seller_of_the_parcels(carrier: NewCarrier) -> None:
    """Refuse what another seller asks of a number, an unknown number, and what is no one call."""
    case = carrier()
    numbers = _numbers(case.confirmed())
    period, last = Window(case.at, case.later(120)), case.later(120)
    theirs = case.carrier.costs(period, seller=_STRANGER, at=last)
    expect("a period shows a seller's own bills", list(theirs), [])
    with Refusal("bills are for the seller of the parcels", CarrierRejectedError):
        case.carrier.costs(numbers, seller=_STRANGER, at=last)
    with Refusal("an unknown number has no bill", CarrierRejectedError):
        _billed(case, [*numbers, _UNKNOWN], 120)
    for wrong in ([], [numbers[0], numbers[0]]):
        with Refusal("one call is for 1 to 200 different numbers", InvalidValueError):
            _billed(case, wrong, 120)


def _billed(
    case: Bookable, asked: Sequence[TrackingNumber] | Window, days: int
) -> Sequence[ActualCost]:
    seller = case.request.consignment.seller
    return case.carrier.costs(asked, seller=seller, at=case.later(days))


def a_bundle_is_taken_of_known_parcels_alone(carrier: NewCarrier) -> None:
    """Take a bundle of a seller's parcels as often as it is sent, and none with another number."""
    case = carrier()
    bundle = _bundle(case, case.carrier.book(_preferring(case), at=case.at))
    entry, *_ = bundle.entries
    stray = attrs.evolve(entry.lines[0], number=_UNKNOWN)
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
    theirs = attrs.evolve(bundle, opening=attrs.evolve(bundle.opening, seller=_STRANGER))
    with Refusal("an unknown bundle has no label", CarrierRejectedError):
        case.carrier.bundle_label(bundle.id, seller=bundle.opening.seller)
    with Refusal("an unknown bundle is not given up", CarrierRejectedError):
        case.carrier.cancel_bundle(bundle, at=case.at)
    with Refusal("one bundles one's own parcels", CarrierRejectedError):
        case.carrier.bundle(theirs, at=case.at)
    case.carrier.bundle(bundle, at=case.at)
    with Refusal("a label is for the seller of the bundle", CarrierRejectedError):
        case.carrier.bundle_label(bundle.id, seller=_STRANGER)
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
    draft = Shipment.draft(consignment, by=_PLATFORM, at=case.at)
    entry = draft.book(booking, hindrances=(), by=_PLATFORM, at=case.at).entry
    opening = BundleOpening(
        id=BundleId("bundle"),
        seller=consignment.seller,
        carrier=Actor(Role.CARRIER, case.carrier.code),
        preference=consignment.preference or _COUNTER,
    )
    confirmed = attrs.evolve(entry, phase=Phase.CONFIRMED)
    opened = Bundle.open(opening, by=consignment.seller, at=case.at)
    return opened.add([confirmed], by=consignment.seller, at=case.at)


def many_are_confirmed_each_for_itself(carrier: NewCarrier) -> None:
    """Confirm what can be, and answer for each booking in its place."""
    case = carrier()
    good, bad, last = _three(case)
    case.carrier.cancel(bad, at=case.at)
    answers = case.carrier.confirm_all([good, bad, last], at=case.at)
    _expect_answers(answers, [good, bad, last], done=[good, last])
    moving = [bool(case.scans(booking, 120)) for booking in (good, bad, last)]
    expect("what is confirmed moves, and nothing else", moving, [True, False, True])


def many_are_cancelled_each_for_itself(carrier: NewCarrier) -> None:
    """Cancel what can be, and answer for each booking in its place."""
    case = carrier()
    good, _, last = _three(case)
    labels = tuple(attrs.evolve(label, numbers=(_UNKNOWN,)) for label in good.labels)
    stranger = attrs.evolve(good, labels=labels)
    answers = case.carrier.cancel_all([stranger, last, good], at=case.at)
    _expect_answers(answers, [stranger, last, good], done=[last, good])
    _expect_dead(case, good)
    _expect_dead(case, last)


def one_call_takes_some_and_not_too_many(carrier: NewCarrier) -> None:
    """Refuse a call for nothing, for one booking twice, and for more than 200."""
    case = carrier()
    booking = case.book()
    many = [attrs.evolve(booking, service=str(turn)) for turn in range(MOST_AT_ONCE + 1)]
    for bookings in ([], [booking, booking], many):
        with Refusal("one call is for 1 to 200 different bookings", InvalidValueError):
            case.carrier.confirm_all(bookings, at=case.at)
        with Refusal("one call is for 1 to 200 different bookings", InvalidValueError):
            case.carrier.cancel_all(bookings, at=case.at)


def _three(case: Bookable) -> list[Booking]:
    requests = [_other(case.request, f"of three, {turn}") for turn in range(3)]
    return [case.carrier.book(request, at=case.at) for request in requests]


def _expect_answers(
    answers: Sequence[Answer[Booking]], asked: Sequence[Booking], *, done: Sequence[Booking]
) -> None:
    expect("each is answered for, in its place", [it.item for it in answers], list(asked))
    found = [it.item for it in answers if it.is_done]
    expect(
        "one that is refused holds up no other", sorted(map(repr, found)), sorted(map(repr, done))
    )
    errors = [type(it.error) for it in answers if it.error is not None]
    expect("what is refused says why", errors, [CarrierRejectedError] * len(errors))


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
        _expect_answer(case, name, _other(request, name))


def _packed(request: BookingRequest, parcels: Sequence[Parcel]) -> BookingRequest:
    consignment = attrs.evolve(request.consignment, parcels=tuple(parcels))
    return attrs.evolve(request, consignment=consignment)


def _expect_answer(case: Bookable, name: str, request: BookingRequest) -> None:
    promise = f"a request with {name} is booked or rejected"
    booking: Booking | None = None
    with Refusal(promise, CarrierError, may_succeed=True):
        booking = case.carrier.book(request, at=case.at)
    expect(promise, case.carrier.find_booking(request.reference), booking)


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
    for days in _DAYS:
        at = case.later(days)
        early = [scan for scan in case.carrier.scans(booking, at=at) if scan.at.earliest > at]
        expect(f"no scan of {at} is of the future", early, [])


def what_was_scanned_stays_scanned(carrier: NewCarrier) -> None:
    """Give at a later instant what was given at an earlier one, and perhaps more."""
    case = carrier()
    booking = case.confirmed()
    before: set[ScanKey] = set()
    for days in _DAYS:
        now = _keys(case.scans(booking, days))
        expect(f"no scan is gone after {days} days", before - now, set())
        before = now


def observing_in_any_order_shows_the_same(carrier: NewCarrier) -> None:
    """Show the same, however often and in whatever order the scans of all days are taken in."""
    case = carrier()
    booking = case.confirmed()
    booked = case.shipment(booking)
    batches = [case.scans(booking, days) for days in _DAYS]
    last = booked.observe(batches[-1])
    backwards, muddled = batches[::-1], batches[1::2] + batches[::2]
    for order in (batches, backwards, muddled, backwards + muddled + batches):
        seen = booked
        for batch in order:
            seen = seen.observe(batch)
        promise = "scans of all days show what those of the last day show"
        expect(promise, (seen.phase, seen.trackings), (last.phase, last.trackings))


CARRIER: Final[tuple[CarrierCheck, ...]] = (
    booking_labels_every_parcel,
    no_number_is_given_twice,
    a_booking_is_found_by_its_reference,
    confirming_again_changes_nothing,
    cancelling_again_changes_nothing,
    a_cancelled_number_is_dead,
    a_cancelled_booking_cannot_be_confirmed,
    nothing_moves_once_it_is_cancelled,
    nothing_moves_before_confirmation,
    an_unknown_booking_is_rejected,
    an_unknown_number_has_no_label,
    a_label_is_printed_for_each_number_on_it,
    a_number_is_of_its_seller_alone,
    a_sheet_lists_known_parcels_alone,
    a_complaint_is_taken_of_known_parcels_alone,
    a_bundle_is_taken_of_known_parcels_alone,
    a_bundle_is_of_its_seller_alone,
    a_bundle_is_given_up_and_its_label_with_it,
    measurements_are_of_the_booked_parcels,
    what_was_measured_stays_measured,
    bills_are_of_the_booked_parcels,
    what_was_billed_stays_billed,
    bills_are_for_the_seller_of_the_parcels,
    many_are_confirmed_each_for_itself,
    many_are_cancelled_each_for_itself,
    one_call_takes_some_and_not_too_many,
    an_odd_request_is_booked_or_rejected,
    scans_are_of_the_booked_parcels,
    scans_are_not_of_the_future,
    what_was_scanned_stays_scanned,
    observing_in_any_order_shows_the_same,
)
