"""The contract of a carrier: many bookings in one call, each answered for itself."""

from collections.abc import Sequence
from typing import Final

import attrs

from apaclogistics.carriers import MOST_AT_ONCE, Answer, CarrierRejectedError
from apaclogistics.consignments import Booking
from apaclogistics.errors import InvalidValueError
from apaclogistics.testing._carrier_cases import (
    UNKNOWN,
    Bookable,
    CarrierCheck,
    NewCarrier,
    expect_dead,
    renamed,
)
from apaclogistics.testing._promises import Refusal, expect

__all__ = (
    "BULK",
    "many_are_cancelled_each_for_itself",
    "many_are_confirmed_each_for_itself",
    "one_call_takes_some_and_not_too_many",
)


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
    labels = tuple(attrs.evolve(label, numbers=(UNKNOWN,)) for label in good.labels)
    stranger = attrs.evolve(good, labels=labels)
    answers = case.carrier.cancel_all([stranger, last, good], at=case.at)
    _expect_answers(answers, [stranger, last, good], done=[last, good])
    expect_dead(case, good)
    expect_dead(case, last)


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
    requests = [renamed(case.request, f"of three, {turn}") for turn in range(3)]
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


BULK: Final[tuple[CarrierCheck, ...]] = (
    many_are_confirmed_each_for_itself,
    many_are_cancelled_each_for_itself,
    one_call_takes_some_and_not_too_many,
)
