"""Histories: what was commanded, by whom, when, and what money it moved."""

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum
from typing import TypeAlias

import attrs
import pytest

from apaclogistics.claims import Claim
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.history import (
    Note,
    Step,
    accept,
    first_and_rest,
    not_a_beginning,
    postings_of,
    record,
)
from apaclogistics.inquiries import Inquiry
from apaclogistics.ledger import Posting, hold, release
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    Lifecycle,
    Only,
    RefusedError,
    Role,
    commands,
)
from apaclogistics.listings import Listing
from apaclogistics.orders import Order
from apaclogistics.sellers import Seller
from apaclogistics.shipments import Shipment
from tests.samples import BUYER, CARRIER, PLATFORM, SELLER, STRANGERS, day, usd


class Door(Enum):
    """A door is the smallest thing with a history."""

    OPEN = "OPEN"
    SHUT = "SHUT"


class Move(Enum):
    """What can be done to a door; knocking moves nothing."""

    SHUT = "shut"
    KNOCK = "knock"


DOOR = Lifecycle(
    name="door",
    initial=Door.OPEN,
    final={Door.SHUT},
    rules=commands(({Door.OPEN}, Move.SHUT, Door.SHUT, {Role.SELLER, Role.BUYER, Role.PLATFORM})),
)
DoorStep: TypeAlias = Step[Move, Note]

KNOCKED = Step(action=Move.KNOCK, by=SELLER, at=day(5), payload=Note("hello"))
TOO_WINDY = Reason("windy", "there is a draught")
HELD = hold(SELLER, usd("1.00"), "door")


@attrs.frozen(kw_only=True)
class House:
    """A door of the seller's and the buyer's, on which somebody has knocked."""

    state: Door = Door.OPEN
    history: tuple[DoorStep, ...] = (KNOCKED,)
    parties: frozenset[Actor] = frozenset({SELLER, BUYER})


def shut(
    house: House,
    *,
    by: Actor = SELLER,
    days: int = 6,
    only: Only[Move] | None = None,
    reasons: Iterable[Reason] = (),
    postings: Iterable[Posting] = (),
) -> DoorStep:
    """Shut the door, by the table."""
    return accept(
        DOOR,
        house,
        Move.SHUT,
        Note("good night"),
        by=by,
        at=day(days),
        only=only,
        reasons=reasons,
        postings=postings,
    )


def knock(
    house: House, *, by: Actor = SELLER, days: int = 6, reasons: Iterable[Reason] = ()
) -> DoorStep:
    """Knock, which has no row and is for seller and platform."""
    roles = {Role.SELLER, Role.PLATFORM}
    return record(
        DOOR, house, Move.KNOCK, Note(), by=by, at=day(days), roles=roles, reasons=reasons
    )


def test_an_accepted_command_leaves_a_step() -> None:
    """The action, who took it, when, with what, and what it moved."""
    step = shut(House(), postings=iter([HELD]))

    assert step == Step(
        action=Move.SHUT, by=SELLER, at=day(6), payload=Note("good night"), postings=(HELD,)
    )


def test_the_instant_of_a_step_is_in_utc() -> None:
    """However it was given."""
    step = attrs.evolve(KNOCKED, at="2026-03-05T17:00:00+08:00")

    assert step == KNOCKED
    assert step.at.isoformat() == "2026-03-05T09:00:00+00:00"


def test_what_was_written_along_with_a_command_is_not_shown() -> None:
    """It may name somebody."""
    assert "Chan" not in repr(attrs.evolve(KNOCKED, payload=Note("Chan Tai Man")))


def test_a_command_is_judged_by_the_table() -> None:
    """First whose thing it is, then the row, then the role, and the data last."""
    shut_already = House(state=Door.SHUT)

    with pytest.raises(ActorNotPermittedError) as strange:
        shut(shut_already, by=STRANGERS[0], days=1, reasons=[TOO_WINDY])
    with pytest.raises(IllegalTransitionError):
        shut(shut_already, by=SELLER, days=1, reasons=[TOO_WINDY])
    with pytest.raises(ActorNotPermittedError) as wrong_role:
        shut(House(parties=frozenset({CARRIER})), by=CARRIER, days=1, reasons=[TOO_WINDY])
    with pytest.raises(RefusedError):
        shut(House(), by=SELLER, reasons=[TOO_WINDY])

    assert not strange.value.is_party
    assert wrong_role.value.is_party


def test_a_command_may_be_for_some_of_the_parties_only() -> None:
    """By name, or by role; the others are told that they may not before the data is looked at."""
    only: Only[Move] = {Move.SHUT: (BUYER, Role.PLATFORM)}

    with pytest.raises(ActorNotPermittedError) as refusal:
        shut(House(), by=SELLER, only=only, reasons=[TOO_WINDY])

    assert refusal.value.is_party
    assert refusal.value.allowed == ()
    assert shut(House(), by=BUYER, only=only).by == BUYER
    assert shut(House(), by=PLATFORM, only=only).by == PLATFORM


def test_no_command_is_dated_before_the_last_step() -> None:
    """The same instant will do; a back-dated one is told together with the other reasons."""
    with pytest.raises(RefusedError) as refusal:
        shut(House(), days=4, reasons=[TOO_WINDY])

    assert refusal.value.reasons == (
        Reason(
            "back_dated", "2026-03-04T09:00:00Z is before the last step, at 2026-03-05T09:00:00Z"
        ),
        TOO_WINDY,
    )
    assert shut(House(), days=5).at == day(5)


def test_of_several_steps_the_last_one_counts() -> None:
    """What may follow the first of them may be too early all the same."""
    knocked_twice = (KNOCKED, attrs.evolve(KNOCKED, at=day(7)))

    with pytest.raises(RefusedError, match="before the last step, at 2026-03-07T09:00:00Z"):
        shut(House(history=knocked_twice), days=6)


def test_a_thing_without_a_history_takes_a_command_of_any_date() -> None:
    """There is nothing to be before."""
    assert shut(House(history=()), days=1).at == day(1)


def test_an_action_without_a_row_is_recorded_in_every_state() -> None:
    """It depends on data alone."""
    for state in Door:
        assert knock(House(state=state)).action is Move.KNOCK


def test_an_action_without_a_row_is_still_for_some_roles_only() -> None:
    """First whose thing it is, then the role, and the data last."""
    with pytest.raises(ActorNotPermittedError) as strange:
        knock(House(), by=STRANGERS[0], days=1)
    with pytest.raises(ActorNotPermittedError) as wrong_role:
        knock(House(), by=BUYER, days=1)
    with pytest.raises(RefusedError) as refusal:
        knock(House(), by=PLATFORM, days=4, reasons=[TOO_WINDY])

    assert not strange.value.is_party
    assert wrong_role.value.is_party
    assert [reason.code for reason in refusal.value.reasons] == ["back_dated", "windy"]


def test_all_postings_are_rebuilt_from_the_histories_in_the_order_of_time() -> None:
    """Whichever thing they belong to; those of one instant stay in the order given."""
    first, second, third = (hold(SELLER, usd(f"{n}.00"), "") for n in (1, 2, 3))
    back = release(SELLER, usd("1.00"), "")
    one = [attrs.evolve(KNOCKED, at=day(n), postings=p) for n, p in ((1, (first,)), (4, (back,)))]
    other = [
        attrs.evolve(KNOCKED, at=day(2) + timedelta(hours=n), postings=p)
        for n, p in ((0, (second, third)), (1, ()))
    ]

    assert postings_of(one, other) == (first, second, third, back)
    assert postings_of(other, one) == (first, second, third, back)
    assert postings_of() == ()


def test_a_history_begins_with_its_first_step() -> None:
    """One without a step is nobody's."""
    assert first_and_rest("door", iter([KNOCKED, KNOCKED])) == (KNOCKED, (KNOCKED,))
    assert first_and_rest("door", [KNOCKED]) == (KNOCKED, ())
    with pytest.raises(InvalidValueError, match=r"history of the door \(\) is empty"):
        first_and_rest("door", list[Step[Move, Note]]())


@pytest.mark.parametrize("kind", [Claim, Inquiry, Listing, Order, Seller, Shipment])
def test_nothing_is_rebuilt_from_no_history(
    kind: type[Claim | Inquiry | Listing | Order | Seller | Shipment],
) -> None:
    """The error is ours, and names what it would have been."""
    with pytest.raises(InvalidValueError, match=f"history of the {kind.__name__.lower()} "):
        kind.replay([])


def test_a_history_that_does_not_begin_is_named() -> None:
    """With the kind of the thing and the action that came first."""
    error = not_a_beginning("door", KNOCKED)

    assert isinstance(error, InvalidValueError)
    assert str(error) == "history of the door 'knock' is not how one begins"
