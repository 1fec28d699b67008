"""Sellers: who may publish logistics and book shipments, and who no longer may."""

import pytest

from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    RefusedError,
)
from apaclogistics.listings import ListingState
from apaclogistics.sellers import SELLER as TABLE
from apaclogistics.sellers import Seller, SellerState
from apaclogistics.values.identifiers import SellerId
from tests.samples import (
    BUYER,
    CARRIER,
    PARTIES,
    PLATFORM,
    SELLER,
    STRANGERS,
    booked,
    booking,
    day,
    drafted,
    drafted_listing,
    profile,
    published,
    registered,
    scan,
    usd,
    verified,
)
from tests.tables import Verbs, announce, changed, expected, outcomes, rows_of, written

ROWS = written("""
    SUBMITTED  verify          VERIFIED   P
    SUBMITTED  reject          REJECTED   P
    REJECTED   resubmit        SUBMITTED  S
    VERIFIED   amend_identity  SUBMITTED  S
    VERIFIED   suspend         SUSPENDED  P
    SUSPENDED  reinstate       VERIFIED   P
    SUBMITTED  close           CLOSED     SP
    REJECTED   close           CLOSED     SP
    VERIFIED   close           CLOSED     SP
    SUSPENDED  close           CLOSED     P
""")

THINGS = {
    "SUBMITTED": registered(),
    "VERIFIED": verified(),
    "REJECTED": registered().reject("no licence", by=PLATFORM, at=day(1)),
    "SUSPENDED": verified().suspend("complaints", by=PLATFORM, at=day(1)),
    "CLOSED": verified().close(by=SELLER, at=day(1)),
}

VERBS: Verbs[Seller] = {
    "verify": lambda it, by: it.verify(by=by, at=day(2)),
    "reject": lambda it, by: it.reject("no licence", by=by, at=day(2)),
    "resubmit": lambda it, by: it.resubmit(profile(), by=by, at=day(2)),
    "amend_identity": lambda it, by: it.amend_identity(profile(), by=by, at=day(2)),
    "suspend": lambda it, by: it.suspend("complaints", by=by, at=day(2)),
    "reinstate": lambda it, by: it.reinstate(by=by, at=day(2)),
    "close": lambda it, by: it.close(by=by, at=day(2)),
}


def test_the_table_is_as_written_here() -> None:
    """A changed row of the table is a changed line of this file."""
    assert rows_of(TABLE) == ROWS


def test_no_row_can_change_without_being_noticed() -> None:
    """Leaving out or changing any one row makes the comparison fail."""
    variants = list(changed(rows_of(TABLE), THINGS))

    assert len(variants) == len(ROWS) * (1 + 4 + 4)
    assert [rows for rows in variants if rows == ROWS] == []


def test_every_action_in_every_state_is_judged_by_the_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Strangers of the right role are turned away everywhere, and what is refused changes nothing."""
    actors = (*PARTIES, *STRANGERS)
    parties = dict.fromkeys(THINGS, (SELLER, PLATFORM))

    found = outcomes(THINGS, VERBS, actors)

    assert {state: thing.state.name for state, thing in THINGS.items()} == {it: it for it in THINGS}
    assert found == expected(ROWS, THINGS, VERBS, actors, parties=parties)
    announce(capsys, "seller", THINGS, VERBS)


def test_a_seller_waits_for_verification() -> None:
    """Registering does not yet let anybody publish or book."""
    seller = registered()

    assert seller.state is SellerState.SUBMITTED
    assert [reason.code for reason in seller.hindrances] == ["seller_not_verified"]


@pytest.mark.parametrize("state", ["SUBMITTED", "REJECTED", "SUSPENDED", "CLOSED"])
def test_a_seller_who_is_not_verified_can_neither_publish_nor_book(state: str) -> None:
    """Both verbs take the seller's hindrances and refuse with them."""
    seller = THINGS[state]

    with pytest.raises(RefusedError) as unpublished:
        drafted_listing().publish(hindrances=seller.hindrances, by=SELLER, at=day(3))
    with pytest.raises(RefusedError) as unbooked:
        drafted().book(booking(), hindrances=seller.hindrances, by=SELLER, at=day(3))

    assert unpublished.value.reasons == unbooked.value.reasons == seller.hindrances
    assert state in str(unbooked.value)


def test_a_suspended_seller_cannot_resume_a_paused_listing() -> None:
    """Resuming shows the listing again, so it asks what publishing asks."""
    listing = published().pause(by=SELLER, at=day(2))
    seller = verified().suspend("complaints", by=PLATFORM, at=day(2))

    with pytest.raises(RefusedError, match="SUSPENDED, not VERIFIED"):
        listing.resume(hindrances=seller.hindrances, by=SELLER, at=day(3))


def test_a_verified_seller_publishes_and_books() -> None:
    """Nothing stands in the way of a verified seller."""
    seller = verified()

    listing = drafted_listing().publish(hindrances=seller.hindrances, by=SELLER, at=day(3))
    shipment = drafted().book(booking(), hindrances=seller.hindrances, by=SELLER, at=day(3))

    assert listing.state is ListingState.PUBLISHED
    assert shipment.phase is Phase.BOOKED


def test_what_is_under_way_runs_on_when_the_seller_is_suspended() -> None:
    """No verb after the booking asks for the seller's standing."""
    seller = verified().suspend("complaints", by=PLATFORM, at=day(3))

    shipment = booked().confirm(available=usd("100.00"), by=seller.actor, at=day(3))
    shipment = shipment.hand_over(by=seller.actor, at=day(4))
    shipment = shipment.observe([scan(Milestone.DELIVERED, day(9))])
    shipment = shipment.confirm_receipt(by=BUYER, at=day(9))

    assert seller.hindrances
    assert shipment.phase is Phase.COMPLETED


def test_a_change_of_identity_asks_for_verification_anew() -> None:
    """The new profile stands at once, and the seller waits."""
    seller = verified().amend_identity(profile("Chan & Daughters"), by=SELLER, at=day(2))

    assert seller.profile.legal_name == "Chan & Daughters"
    assert seller.state is SellerState.SUBMITTED


def test_a_rejected_seller_resubmits_a_mended_profile() -> None:
    """A rejection is an invitation to mend."""
    rejected = registered().reject("name and licence differ", by=PLATFORM, at=day(2))

    seller = rejected.resubmit(profile("Chan Trading Ltd"), by=SELLER, at=day(3))

    assert seller.profile.legal_name == "Chan Trading Ltd"
    assert seller.verify(by=PLATFORM, at=day(4)).hindrances == ()


def test_a_suspended_seller_cannot_leave_by_the_back_door() -> None:
    """Only the platform closes a suspended account, so that nobody escapes what is open."""
    suspended = verified().suspend("complaints", by=PLATFORM, at=day(2))

    with pytest.raises(ActorNotPermittedError):
        suspended.close(by=SELLER, at=day(3))

    assert suspended.close(by=PLATFORM, at=day(3)).state is SellerState.CLOSED


def test_a_closed_account_stays_closed() -> None:
    """Nothing leads out of the end."""
    with pytest.raises(IllegalTransitionError, match="nothing is allowed"):
        THINGS["CLOSED"].reinstate(by=PLATFORM, at=day(9))


@pytest.mark.parametrize("somebody", [*STRANGERS, BUYER, CARRIER], ids=str)
def test_nobody_registers_somebody_else(somebody: Actor) -> None:
    """An account is opened by its seller, or by the platform."""
    with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
        Seller.register(SellerId("s-1"), profile(), by=somebody, at=day(1))


def test_the_platform_registers_on_behalf_of_a_seller() -> None:
    """The platform is a party to everything."""
    seller = Seller.register(SellerId("s-1"), profile(), by=PLATFORM, at=day(1))

    assert seller.actor == SELLER


@pytest.mark.parametrize("id", ["", " s-1", "s\n1", "s" * 129])
def test_an_account_needs_an_identifier(id: str) -> None:
    """What no log could show is no identifier."""
    with pytest.raises(InvalidValueError):
        Seller.register(SellerId(id), profile(), by=PLATFORM, at=day(1))


def test_an_account_is_rebuilt_from_its_steps() -> None:
    """State and profile follow from the history alone."""
    seller = verified().amend_identity(profile("Chan & Daughters"), by=SELLER, at=day(2))

    assert Seller.replay(seller.history) == seller


def test_a_history_that_does_not_begin_is_refused() -> None:
    """An account begins with its registration."""
    with pytest.raises(InvalidValueError, match="'verify' is not how one begins"):
        Seller.replay(verified().history[1:])


def test_who_a_seller_is_stays_out_of_the_repr() -> None:
    """Names, streets and numbers are personal data."""
    shown = repr(registered())

    assert "Chan" not in shown
    assert "BR-12345678" not in shown
    assert "Queen" not in shown
