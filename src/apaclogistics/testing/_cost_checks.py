"""The contract of a carrier: what it bills, for which parcels and for whom."""

from collections.abc import Sequence
from typing import Final

from apaclogistics.carriers import CarrierRejectedError
from apaclogistics.costs import ActualCost, CostKey
from apaclogistics.errors import InvalidValueError
from apaclogistics.testing._carrier_cases import (
    DAYS,
    STRANGER,
    UNKNOWN,
    Bookable,
    CarrierCheck,
    NewCarrier,
    numbers_of,
    renamed,
)
from apaclogistics.testing._promises import Refusal, expect
from apaclogistics.values.identifiers import TrackingNumber
from apaclogistics.values.instants import Window

__all__ = (
    "COSTS",
    "bills_are_for_the_seller_of_the_parcels",
    "bills_are_of_the_booked_parcels",
    "what_was_billed_stays_billed",
)


def bills_are_of_the_booked_parcels(carrier: NewCarrier) -> None:
    """Bill the parcels that are asked for alone, and nothing of the future."""
    case = carrier()
    booking, other = case.confirmed(), case.carrier.book(renamed(case.request, "two"), at=case.at)
    case.carrier.confirm(other, at=case.at)
    numbers = {str(number) for number in numbers_of(booking)}
    for days in DAYS:
        rows = _billed(case, numbers_of(booking), days)
        strays = [it for it in rows if it.number not in numbers or it.billed_at > case.later(days)]
        expect(f"what is billed within {days} days is of the booking", strays, [])


def what_was_billed_stays_billed(carrier: NewCarrier) -> None:
    """Give at a later instant what was billed at an earlier one, by number and by period alike."""
    case = carrier()
    numbers = numbers_of(case.confirmed())
    before: set[CostKey] = set()
    for days in DAYS:
        now = {row.key for row in _billed(case, numbers, days)}
        expect(f"no row is gone after {days} days", before - now, set())
        period = Window(case.at, case.later(days))
        in_time = {row.key for row in _billed(case, period, days)}
        expect(f"bills of the first {days} days are the same by period", in_time, now)
        before = now


def bills_are_for_the_seller_of_the_parcels(carrier: NewCarrier) -> None:
    """Refuse what another seller asks of a number, an unknown number, and what is no one call."""
    case = carrier()
    numbers = numbers_of(case.confirmed())
    period, last = Window(case.at, case.later(120)), case.later(120)
    theirs = case.carrier.costs(period, seller=STRANGER, at=last)
    expect("a period shows a seller's own bills", list(theirs), [])
    with Refusal("bills are for the seller of the parcels", CarrierRejectedError):
        case.carrier.costs(numbers, seller=STRANGER, at=last)
    with Refusal("an unknown number has no bill", CarrierRejectedError):
        _billed(case, [*numbers, UNKNOWN], 120)
    for wrong in ([], [numbers[0], numbers[0]]):
        with Refusal("one call is for 1 to 200 different numbers", InvalidValueError):
            _billed(case, wrong, 120)


def _billed(
    case: Bookable, asked: Sequence[TrackingNumber] | Window, days: int
) -> Sequence[ActualCost]:
    seller = case.request.consignment.seller
    return case.carrier.costs(asked, seller=seller, at=case.later(days))


COSTS: Final[tuple[CarrierCheck, ...]] = (
    bills_are_of_the_booked_parcels,
    what_was_billed_stays_billed,
    bills_are_for_the_seller_of_the_parcels,
)
