"""Cancelling an order: who asked, who decided, and until when that was open."""

import pytest

from apaclogistics.cancellations import (
    Cancellation,
    CancellationRequest,
    Cancelling,
    OrderAction,
    cancellation_of,
    too_early,
    too_late,
)
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.history import Note, Step
from apaclogistics.lifecycle import Actor
from apaclogistics.values.instants import Instant
from tests.samples import BUYER, PLATFORM, SELLER, day, sale, usd

OrderStep = Step[OrderAction, object]


def step(action: OrderAction, payload: object, by: Actor, at: Instant) -> OrderStep:
    """Record a command."""
    return Step(action=action, payload=payload, by=by, at=at)


def asked(decide_by: Instant | None = None) -> OrderStep:
    """Ask as the buyer on the second day."""
    request = CancellationRequest("changed my mind", decide_by)
    return step(OrderAction.REQUEST, request, BUYER, day(2))


def rejected(by: Actor = SELLER) -> OrderStep:
    """Turn it down on the third day."""
    return step(OrderAction.REJECT, Note("on its way"), by, day(3))


def test_nobody_asked_for_anything_in_an_order_that_is_but_placed() -> None:
    """Other steps have nothing to do with it."""
    placing = step(OrderAction.PLACE, sale(), BUYER, day(2))

    assert cancellation_of([placing]) is None
    assert cancellation_of([placing, asked(), placing]) == cancellation_of([asked()])


def test_a_request_is_open_until_somebody_decides() -> None:
    """It says who asked, when, what, and by when an answer is due."""
    cancellation = cancellation_of([asked(day(5))])

    assert cancellation == Cancellation(
        asked_by=BUYER, asked_at=day(2), decide_by=day(5), note="changed my mind"
    )
    assert cancellation.is_open
    assert cancellation.until == "2026-03-05T09:00:00Z"


def test_a_decision_says_whose_it_was_and_when() -> None:
    """What was asked stays beside it."""
    approving = step(OrderAction.APPROVE, Cancelling("very well", None), PLATFORM, day(4))

    granted, denied = cancellation_of([asked(), approving]), cancellation_of([asked(), rejected()])

    assert granted is not None
    assert (granted.decided_by, granted.decided_at, granted.answer) == (
        PLATFORM,
        day(4),
        "very well",
    )
    assert (granted.asked_by, granted.note) == (BUYER, "changed my mind")
    assert denied is not None
    assert (denied.decided_by, denied.decided_at, denied.answer) == (SELLER, day(3), "on its way")
    assert not denied.is_open


def test_a_request_that_was_taken_back_is_none() -> None:
    """As if nobody had asked."""
    retracting = step(OrderAction.RETRACT, Note(), BUYER, day(3))

    assert cancellation_of([asked(), retracting]) is None


def test_the_last_request_counts() -> None:
    """A rejected buyer may ask again."""
    again = step(OrderAction.REQUEST, CancellationRequest("please"), BUYER, day(4))

    cancellation = cancellation_of([asked(), rejected(), again])

    assert cancellation is not None
    assert (cancellation.note, cancellation.is_open) == ("please", True)
    assert cancellation.until == "somebody decides"


def test_who_cancels_without_being_asked_has_asked_and_decided() -> None:
    """Also after a request that was turned down."""
    cancelling = step(OrderAction.CANCEL, Cancelling("sold out", None), SELLER, day(5))

    for before in ([], [asked(), rejected()]):
        cancellation = cancellation_of([*before, cancelling])

        assert cancellation == Cancellation(
            asked_by=SELLER,
            asked_at=day(5),
            note="sold out",
            decided_by=SELLER,
            decided_at=day(5),
            answer="sold out",
        )


@pytest.mark.parametrize(("at", "is_over"), [(day(5), False), (day(5, 10), True)])
def test_the_time_to_decide_ends_after_its_last_instant(at: Instant, *, is_over: bool) -> None:
    """Then the seller is too late and the platform is not; before it, a lapse is too early."""
    cancellation = cancellation_of([asked(day(5))])
    assert cancellation is not None

    assert cancellation.has_lapsed(at) == is_over
    assert bool([*too_late(cancellation, SELLER, at)]) == is_over
    assert [*too_late(cancellation, PLATFORM, at)] == []
    assert bool([*too_early(cancellation, at)]) != is_over


def test_without_a_limit_nothing_lapses() -> None:
    """Nor where nobody asked, or somebody has decided."""
    unlimited, decided = cancellation_of([asked()]), cancellation_of([asked(day(3)), rejected()])
    assert unlimited is not None
    assert decided is not None

    assert not unlimited.has_lapsed(day(999))
    assert not decided.has_lapsed(day(999))
    assert [*too_late(None, SELLER, day(9))] == []
    (reason,) = too_early(unlimited, day(999))
    assert str(reason) == "the request to cancel is open until somebody decides"


def test_a_part_of_another_type_is_refused_where_the_value_is_made() -> None:
    """By a typed error that names the place."""
    with pytest.raises(InvalidTypeError, match="note of CancellationRequest"):
        CancellationRequest(7)  # type: ignore[arg-type]
    with pytest.raises(InvalidTypeError, match="instant is given as int"):
        CancellationRequest("please", 7)  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="no zone"):
        CancellationRequest("please", "2026-03-05T09:00:00")
    with pytest.raises(InvalidTypeError, match="refund of Cancelling"):
        Cancelling("well", usd("1.00"))  # type: ignore[arg-type]


def test_what_somebody_wrote_is_not_shown() -> None:
    """It may name somebody."""
    cancellation = cancellation_of([asked(), rejected()])

    assert "changed my mind" not in repr(asked())
    assert "my mind" not in repr(cancellation)
    assert "way" not in repr(cancellation)
    assert "Chan" not in repr(Cancelling("for Chan Tai Man", None))


def test_nobody_has_to_say_why() -> None:
    """Nor until when."""
    request = CancellationRequest()

    cancellation = cancellation_of([step(OrderAction.REQUEST, request, BUYER, day(2))])

    assert (request.note, request.decide_by) == ("", None)
    assert cancellation == Cancellation(asked_by=BUYER, asked_at=day(2))
