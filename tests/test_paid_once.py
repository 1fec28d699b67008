"""Two who pay the same at once: one does, the other hears of it, and nothing is paid twice.

Two threads take the same command, on a storage that lets them meet at their commits: both have seen
the thing as it was before.  Many rounds of it, each on a stage of its own.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeAlias

import pytest

from apaclogistics.claims import ClaimState
from apaclogistics.compensation import ClaimKind
from apaclogistics.errors import ApacLogisticsError
from apaclogistics.ledger import PostingKind
from apaclogistics.lifecycle import RefusedError
from apaclogistics.ports import ConcurrencyConflictError
from tests.samples import BUYER, CARRIER, PLATFORM, SELLER, cost, day, usd
from tests.stages import (
    ORDER,
    MeetingStorage,
    Stage,
    assert_all_is_told,
    assert_money_is_in_step,
    at_once,
    sold,
)
from tests.test_application_claims import accepted, file, lost, offered_to_buyer

ROUNDS: Final = 200

Race: TypeAlias = tuple[Stage, Callable[[], object], Callable[[], object]]


def refund_twice() -> Race:
    """The seller and the platform refund all of an order."""
    stage = sold(Stage(storage=MeetingStorage()))
    orders = stage.platform.orders
    return (
        stage,
        lambda: orders.refund(ORDER, usd("30.00"), by=SELLER),
        lambda: orders.refund(ORDER, usd("30.00"), by=PLATFORM),
    )


def begin_two_refunds() -> Race:
    """Two parts are begun, which together are no more than was paid."""
    stage = sold(Stage(storage=MeetingStorage()))
    orders = stage.platform.orders
    return (
        stage,
        lambda: orders.begin_refund(ORDER, usd("10.00"), by=SELLER),
        lambda: orders.begin_refund(ORDER, usd("10.00"), by=PLATFORM),
    )


def settle_a_refund_twice() -> Race:
    """Two notices say that a refund was paid out."""
    stage = sold(Stage(storage=MeetingStorage()))
    orders = stage.platform.orders
    [begun] = orders.begin_refund(ORDER, usd("10.00"), by=SELLER).pending_refunds
    settle = lambda: orders.settle_refund(ORDER, begun.id, by=PLATFORM)  # noqa: E731 — said twice
    return stage, settle, settle


def settle_a_refund_that_fails() -> Race:
    """One notice says that it was paid out, the other that it was not."""
    stage = sold(Stage(storage=MeetingStorage()))
    orders = stage.platform.orders
    [begun] = orders.begin_refund(ORDER, usd("10.00"), by=SELLER).pending_refunds
    return (
        stage,
        lambda: orders.settle_refund(ORDER, begun.id, by=PLATFORM),
        lambda: orders.fail_refund(ORDER, begun.id, "card expired", by=PLATFORM),
    )


def refund_what_is_cancelled() -> Race:
    """A refund of a part meets the cancellation, which refunds what is left."""
    stage = sold(Stage(storage=MeetingStorage()))
    orders = stage.platform.orders
    return (
        stage,
        lambda: orders.refund(ORDER, usd("10.00"), by=SELLER),
        lambda: orders.cancel(ORDER, "sold out", by=PLATFORM),
    )


def settle_a_claim_twice() -> Race:
    """The carrier and the platform pay what was agreed."""
    stage = lost(MeetingStorage())
    claims, id = stage.platform.claims, accepted(stage)
    return (
        stage,
        lambda: claims.settle(id, by=CARRIER),
        lambda: claims.settle(id, by=PLATFORM),
    )


def claim_the_same_goods_twice() -> Race:
    """The seller claims that they were lost, the buyer that they are late."""
    stage = lost(MeetingStorage())
    return (
        stage,
        lambda: file(stage, ClaimKind.LOSS, by=SELLER),
        lambda: file(stage, ClaimKind.DELAY, by=BUYER),
    )


def contest_what_is_claimed_anew() -> Race:
    """A rejection is contested while the buyer claims the same goods for another reason."""
    stage = lost(MeetingStorage())
    claims, id = stage.platform.claims, file(stage).id
    claims.reject(id, "no proof", by=CARRIER)
    return (
        stage,
        lambda: claims.escalate(id, "there is proof", by=SELLER),
        lambda: file(stage, ClaimKind.DELAY, by=BUYER),
    )


def accept_what_is_refunded() -> Race:
    """The buyer takes the carrier's offer while the seller refunds all."""
    stage = lost(MeetingStorage())
    claims, id = stage.platform.claims, offered_to_buyer(stage)
    return (
        stage,
        lambda: claims.accept(id, by=BUYER),
        lambda: stage.platform.orders.refund(ORDER, usd("30.00"), by=SELLER),
    )


def claim_what_is_refunded() -> Race:
    """The buyer claims while the seller begins to refund all."""
    stage = lost(MeetingStorage())
    return (
        stage,
        lambda: file(stage, by=BUYER),
        lambda: stage.platform.orders.begin_refund(ORDER, usd("30.00"), by=SELLER),
    )


def capture_twice() -> Race:
    """The buyer confirms receipt while the platform completes."""
    stage = sold(Stage(storage=MeetingStorage()))
    id = stage.handed_over()
    stage.tracked(id, days=30)
    shipments = stage.platform.shipments
    return (
        stage,
        lambda: shipments.confirm_receipt(id, by=BUYER),
        lambda: shipments.complete(id, by=PLATFORM, patience=timedelta(days=7)),
    )


def charge_while_it_is_captured() -> Race:
    """The carrier's bill comes while the buyer confirms receipt: both would use the hold."""
    stage = sold(Stage(storage=MeetingStorage()))
    id = stage.handed_over()
    stage.tracked(id, days=30)
    shipments = stage.platform.shipments
    row = cost("12.50", day(20), number=str(next(iter(shipments.get(id).numbers))))
    return (
        stage,
        lambda: shipments.charge(id, [row], by=CARRIER),
        lambda: shipments.confirm_receipt(id, by=BUYER),
    )


def charge_twice() -> Race:
    """A bill is reported twice at once."""
    stage = sold(Stage(storage=MeetingStorage()))
    id = stage.handed_over()
    shipments = stage.platform.shipments
    row = cost("14.00", day(20), number=str(next(iter(shipments.get(id).numbers))))
    charge = lambda: shipments.charge(id, [row], by=CARRIER)  # noqa: E731 — said twice
    return stage, charge, charge


# Each race with the kinds of posting of which there may be one, or none.
RACES: Final[dict[Callable[[], Race], frozenset[PostingKind]]] = {
    refund_twice: frozenset({PostingKind.REFUND}),
    begin_two_refunds: frozenset({PostingKind.REFUND}),
    settle_a_refund_twice: frozenset({PostingKind.REFUND}),
    settle_a_refund_that_fails: frozenset({PostingKind.REFUND}),
    refund_what_is_cancelled: frozenset({PostingKind.REFUND}),
    settle_a_claim_twice: frozenset({PostingKind.COMPENSATION}),
    claim_the_same_goods_twice: frozenset({PostingKind.COMPENSATION}),
    contest_what_is_claimed_anew: frozenset({PostingKind.COMPENSATION}),
    accept_what_is_refunded: frozenset({PostingKind.REFUND}),
    claim_what_is_refunded: frozenset({PostingKind.REFUND}),
    capture_twice: frozenset({PostingKind.CAPTURE}),
    charge_while_it_is_captured: frozenset({PostingKind.CAPTURE}),
    charge_twice: frozenset({PostingKind.CAPTURE, PostingKind.ADJUSTMENT}),
}


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_of_two_who_meet_one_wins_and_nothing_is_paid_twice(race: Callable[[], Race]) -> None:
    """The other gets a conflict; wallets, ledger and events agree."""
    for _ in range(ROUNDS):
        stage, one, other = race()

        outcomes = at_once(stage, one, other)

        lost_by = [it for it in outcomes if isinstance(it, ApacLogisticsError)]
        assert [type(it) for it in lost_by] == [ConcurrencyConflictError]
        kinds = [it.kind for it in stage.platform.ledger().postings if it.kind in RACES[race]]
        assert len(kinds) == len(set(kinds))
        assert_money_is_in_step(stage)
        assert_all_is_told(stage)


def test_whoever_lost_is_refused_when_they_try_again() -> None:
    """By a reason, since the other one has been there."""
    stage, one, other = refund_twice()
    outcomes = at_once(stage, one, other)
    again = next(
        act for act, it in zip((one, other), outcomes, strict=True) if isinstance(it, Exception)
    )

    with pytest.raises(RefusedError, match=r"30.00 USD is more than the 0.00 USD left"):
        again()

    assert stage.platform.orders.get(ORDER).refunded == usd("30.00")


def test_a_claim_that_two_settle_is_settled() -> None:
    """And paid."""
    stage, one, other = settle_a_claim_twice()

    at_once(stage, one, other)

    [claim] = stage.platform.snapshot().claims
    assert (claim.state, claim.paid) == (ClaimState.SETTLED, usd("20.00"))
