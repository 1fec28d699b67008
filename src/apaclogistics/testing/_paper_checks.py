"""The contract of a carrier: labels, sheets and complaints, each for the seller of its parcels."""

from typing import Final

from apaclogistics.carriers import CarrierRejectedError, Complaint, ComplaintKind
from apaclogistics.errors import CarrierError, InvalidValueError
from apaclogistics.lifecycle import Actor
from apaclogistics.testing._carrier_cases import (
    STRANGER,
    UNKNOWN,
    Bookable,
    CarrierCheck,
    NewCarrier,
    numbers_of,
)
from apaclogistics.testing._promises import Refusal, expect
from apaclogistics.values.identifiers import TrackingNumber

__all__ = (
    "PAPERS",
    "a_complaint_is_taken_of_known_parcels_alone",
    "a_label_is_printed_for_each_number_on_it",
    "a_number_is_of_its_seller_alone",
    "a_sheet_lists_known_parcels_alone",
    "an_unknown_number_has_no_label",
)


def an_unknown_number_has_no_label(carrier: NewCarrier) -> None:
    """Reject to print a label for a number that was never given."""
    case = carrier()
    case.book()
    with Refusal("an unknown number has no label", CarrierRejectedError):
        case.label(UNKNOWN)


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
        case.carrier.label(number, seller=STRANGER)
    with Refusal("a sheet is for the seller of the parcels", CarrierRejectedError):
        case.carrier.printed_sheet([number], seller=STRANGER)
    with Refusal("one complains of one's own parcels", CarrierRejectedError):
        case.carrier.complain(_complaint(case, number, seller=STRANGER))


def a_sheet_lists_known_parcels_alone(carrier: NewCarrier) -> None:
    """Give one sheet for all parcels, and none where one number is unknown or nothing is listed."""
    case = carrier()
    numbers, seller = numbers_of(case.confirmed()), case.request.consignment.seller
    sheet = case.carrier.printed_sheet(numbers, seller=seller)
    expect("no sheet is empty", [it for it in (sheet,) if not it], [])
    with Refusal("a sheet lists known parcels alone", CarrierRejectedError):
        case.carrier.printed_sheet([*numbers, UNKNOWN], seller=seller)
    with Refusal("a sheet lists something", InvalidValueError):
        case.carrier.printed_sheet([], seller=seller)


def a_complaint_is_taken_of_known_parcels_alone(carrier: NewCarrier) -> None:
    """Take a complaint of a parcel that was booked here, and none of another."""
    case = carrier()
    seller, number = case.request.consignment.seller, case.confirmed().labels[0].numbers[0]
    with Refusal("a complaint is of a known parcel", CarrierRejectedError):
        case.carrier.complain(_complaint(case, UNKNOWN, seller=seller))
    with Refusal("a complaint is taken or declined", CarrierError, may_succeed=True):
        case.carrier.complain(_complaint(case, number, seller=seller))


def _complaint(case: Bookable, number: TrackingNumber, *, seller: Actor) -> Complaint:
    kind = ComplaintKind.LOST_PACKAGE
    return Complaint(kind=kind, seller=seller, reason="it is lost", numbers=(number,), at=case.at)


PAPERS: Final[tuple[CarrierCheck, ...]] = (
    an_unknown_number_has_no_label,
    a_label_is_printed_for_each_number_on_it,
    a_number_is_of_its_seller_alone,
    a_sheet_lists_known_parcels_alone,
    a_complaint_is_taken_of_known_parcels_alone,
)
