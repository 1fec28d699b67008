"""Sellers: who may publish logistics and book shipments, and who no longer may."""

from datetime import UTC, time

import attrs
import pytest

from apaclogistics.catalogue.edis import REQUIREMENTS
from apaclogistics.consignments import ConsignmentKind, ConsignmentPreference, PickUpWindow
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    RefusedError,
)
from apaclogistics.listings import ListingState
from apaclogistics.profiles import (
    LITHIUM_LETTER,
    Agreement,
    Identity,
    Logistics,
    Profile,
    Requirements,
    SellerKind,
)
from apaclogistics.sellers import SELLER as TABLE
from apaclogistics.sellers import Activity, Seller, SellerState, Standing
from apaclogistics.values.goods import BatteryQualification, LithiumBattery
from apaclogistics.values.identifiers import SellerId
from apaclogistics.values.instants import instant
from apaclogistics.values.places import Address, Country, Party
from apaclogistics.values.registers import Register, RegisteredNumber, Verdict
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
    identity,
    logistics,
    party,
    profile,
    published,
    registered,
    scan,
    usd,
    verdicts,
    verified,
)
from tests.tables import Verbs, announce, changed, expected, outcomes, rows_of, written

ROWS = written("""
    SUBMITTED  verify          VERIFIED   P
    SUBMITTED  reject          REJECTED   P
    REJECTED   resubmit        SUBMITTED  S
    VERIFIED   amend_identity  SUBMITTED  S
    SUBMITTED  amend_logistics  SUBMITTED  S
    REJECTED   amend_logistics  REJECTED   S
    VERIFIED   amend_logistics  VERIFIED   S
    SUSPENDED  amend_logistics  SUSPENDED  S
    SUBMITTED  agree           SUBMITTED  S
    REJECTED   agree           REJECTED   S
    VERIFIED   agree           VERIFIED   S
    SUSPENDED  agree           SUSPENDED  S
    SUBMITTED  qualify         SUBMITTED  P
    REJECTED   qualify         REJECTED   P
    VERIFIED   qualify         VERIFIED   P
    SUSPENDED  qualify         SUSPENDED  P
    VERIFIED   suspend         SUSPENDED  P
    SUSPENDED  reinstate       VERIFIED   P
    SUBMITTED  close           CLOSED     SP
    REJECTED   close           CLOSED     SP
    VERIFIED   close           CLOSED     SP
    SUSPENDED  close           CLOSED     P
""")

FOUND = verdicts(identity())
LETTER = LITHIUM_LETTER
ION = BatteryQualification(
    id="q-1",
    name="UN38.3 report",
    battery=LithiumBattery.ION_IN_EQUIPMENT,
    valid_until=instant("2026-07-01T00:00:00Z"),
)

THINGS = {
    "SUBMITTED": registered(),
    "VERIFIED": verified(),
    "REJECTED": registered().reject("no licence", by=PLATFORM, at=day(1)),
    "SUSPENDED": verified().suspend("complaints", by=PLATFORM, at=day(1)),
    "CLOSED": verified().close(by=SELLER, at=day(1)),
}

VERBS: Verbs[Seller] = {
    "verify": lambda it, by: it.verify(verdicts=FOUND, by=by, at=day(2)),
    "reject": lambda it, by: it.reject("no licence", by=by, at=day(2)),
    "resubmit": lambda it, by: it.resubmit(profile(), by=by, at=day(2)),
    "amend_identity": lambda it, by: it.amend_identity(identity(), by=by, at=day(2)),
    "amend_logistics": lambda it, by: it.amend_logistics(logistics(), by=by, at=day(2)),
    "agree": lambda it, by: it.agree(LETTER, by=by, at=day(2)),
    "qualify": lambda it, by: it.qualify(ION, by=by, at=day(2)),
    "suspend": lambda it, by: it.suspend("complaints", by=by, at=day(2)),
    "reinstate": lambda it, by: it.reinstate(by=by, at=day(2)),
    "close": lambda it, by: it.close(by=by, at=day(2)),
}


def against(seller: Seller, what: Activity = Activity.BOOK) -> tuple[Reason, ...]:
    """Give why a seller may not book on the third day."""
    return seller.may(what, day(3)).reasons


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
    assert [reason.code for reason in against(seller)] == ["seller_not_verified"]


@pytest.mark.parametrize("state", ["SUBMITTED", "REJECTED", "SUSPENDED", "CLOSED"])
def test_a_seller_who_is_not_verified_can_neither_publish_nor_book(state: str) -> None:
    """Both verbs take the seller's hindrances and refuse with them."""
    seller = THINGS[state]

    with pytest.raises(RefusedError) as unpublished:
        drafted_listing().publish(hindrances=against(seller), by=SELLER, at=day(3))
    with pytest.raises(RefusedError) as unbooked:
        drafted().book(booking(), hindrances=against(seller), by=SELLER, at=day(3))

    assert unpublished.value.reasons == unbooked.value.reasons == against(seller)
    assert state in str(unbooked.value)


def test_a_suspended_seller_cannot_resume_a_paused_listing() -> None:
    """Resuming shows the listing again, so it asks what publishing asks."""
    listing = published().pause(by=SELLER, at=day(2))
    seller = verified().suspend("complaints", by=PLATFORM, at=day(2))

    with pytest.raises(RefusedError, match="SUSPENDED, not VERIFIED"):
        listing.resume(hindrances=against(seller), by=SELLER, at=day(3))


def test_a_verified_seller_publishes_and_books() -> None:
    """Nothing stands in the way of a verified seller."""
    seller = verified()

    listing = drafted_listing().publish(hindrances=against(seller), by=SELLER, at=day(3))
    shipment = drafted().book(booking(), hindrances=against(seller), by=SELLER, at=day(3))

    assert listing.state is ListingState.PUBLISHED
    assert shipment.phase is Phase.BOOKED


def test_what_is_under_way_runs_on_when_the_seller_is_suspended() -> None:
    """No verb after the booking asks for the seller's standing."""
    seller = verified().suspend("complaints", by=PLATFORM, at=day(3))

    shipment = booked().confirm(available=usd("100.00"), by=seller.actor, at=day(3))
    shipment = shipment.hand_over(by=seller.actor, at=day(4))
    shipment = shipment.observe([scan(Milestone.DELIVERED, day(9))])
    shipment = shipment.confirm_receipt(by=BUYER, at=day(9))

    assert against(seller)
    assert shipment.phase is Phase.COMPLETED


def test_a_change_of_identity_asks_for_verification_anew() -> None:
    """The new profile stands at once, and the seller waits."""
    seller = verified().amend_identity(identity("Chan & Daughters"), by=SELLER, at=day(2))

    assert seller.profile.identity.legal_name == "Chan & Daughters"
    assert seller.state is SellerState.SUBMITTED


def test_a_rejected_seller_resubmits_a_mended_profile() -> None:
    """A rejection is an invitation to mend."""
    rejected = registered().reject("name and licence differ", by=PLATFORM, at=day(2))

    seller = rejected.resubmit(profile("Chan Trading Ltd"), by=SELLER, at=day(3))

    assert seller.profile.identity.legal_name == "Chan Trading Ltd"
    assert against(seller.verify(verdicts=FOUND, by=PLATFORM, at=day(4))) == ()


def test_a_suspended_seller_cannot_leave_by_the_back_door() -> None:
    """Only the platform closes a suspended account, so that nobody escapes what is open."""
    suspended = verified().suspend("complaints", by=PLATFORM, at=day(2))

    with pytest.raises(ActorNotPermittedError):
        suspended.close(by=SELLER, at=day(3))

    assert suspended.close(by=PLATFORM, at=day(3)).state is SellerState.CLOSED


def test_a_closed_account_stays_closed() -> None:
    """Nothing leads out of the end."""
    with pytest.raises(IllegalTransitionError, match="may do nothing now"):
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
    seller = verified().amend_identity(identity("Chan & Daughters"), by=SELLER, at=day(2))

    assert Seller.replay(seller.history) == seller


def test_a_history_that_does_not_begin_is_refused() -> None:
    """An account begins with its registration."""
    with pytest.raises(InvalidValueError, match="'verify' is not how one begins"):
        Seller.replay(verified().history[1:])


def test_who_a_seller_is_stays_out_of_the_repr() -> None:
    """Names, streets and numbers are personal data."""
    shown = repr(registered())

    assert "Chan" not in shown
    assert "12345678" not in shown
    assert "Queen" not in shown


CHINESE = Identity(
    legal_name="Shenzhen Lantern Ltd",
    country=Country("CN"),
    numbers=(RegisteredNumber(Register.CN_USCC, "91440300MA5EXAMPL"),),
)


def verify(seller: Seller, requirements: Requirements | None = None) -> Seller:
    """Verify on what the shape of the numbers says."""
    found = verdicts(seller.profile.identity)
    return seller.verify(verdicts=found, requirements=requirements, by=PLATFORM, at=day(2))


def registered_as(identity: Identity, logistics_: Logistics | None = None) -> Seller:
    """Register somebody."""
    of = Profile(identity, logistics_ or logistics())
    return Seller.register(SellerId("s-1"), of, by=SELLER, at=day(1))


def refusals(seller: Seller, requirements: Requirements | None = None) -> list[str]:
    """Give why a verification is refused."""
    with pytest.raises(RefusedError) as refusal:
        verify(seller, requirements)
    return [reason.code for reason in refusal.value.reasons]


class TestVerification:
    """A seller's numbers are checked, and the account remembers by whom."""

    def test_a_business_gives_the_number_of_its_seat(self) -> None:
        """A company of Hong Kong without its business registration is not verified."""
        without = attrs.evolve(identity(), numbers=())

        assert refusals(registered_as(without)) == ["identifier_missing"]

    def test_an_individual_gives_none(self) -> None:
        """A person is in no register of businesses."""
        person = attrs.evolve(identity(), kind=SellerKind.INDIVIDUAL, numbers=())

        assert verify(registered_as(person)).state is SellerState.VERIFIED

    def test_a_seat_that_asks_for_nothing_takes_nothing(self) -> None:
        """Register of businesses are known for seven seats."""
        french = Identity(legal_name="Lampes SARL", country=Country("FR"))

        assert verify(registered_as(french)).state is SellerState.VERIFIED

    def test_a_number_that_was_found_wrong_is_refused_with_who_found_it(self) -> None:
        """Seventeen characters are no unified social credit code."""
        with pytest.raises(RefusedError, match="apaclogistics: structure only") as refusal:
            verify(registered_as(CHINESE))

        assert [reason.code for reason in refusal.value.reasons] == ["identifier_invalid"]
        assert "MA5EXAMPL" not in str(refusal.value)

    def test_a_number_that_nobody_checked_is_refused(self) -> None:
        """No verdict is no yes; neither is one about another number."""
        other = Verdict(number=RegisteredNumber(Register.HK_BR, "87654321"), checked_by="a clerk")

        with pytest.raises(RefusedError, match="was not checked"):
            registered().verify(by=PLATFORM, at=day(2))
        with pytest.raises(RefusedError, match="was not checked"):
            registered().verify(verdicts=[other], by=PLATFORM, at=day(2))

    @pytest.mark.parametrize("is_last", [True, False])
    def test_of_two_verdicts_the_one_that_found_something_counts(self, *, is_last: bool) -> None:
        """In whatever order they come."""
        number = identity().numbers[0]
        good = Verdict(number=number, checked_by="a clerk")
        bad = Verdict(number=number, checked_by="the registrar", problem="is struck off")
        found = (good, bad) if is_last else (bad, good)

        with pytest.raises(RefusedError, match="is struck off"):
            registered().verify(verdicts=found, by=PLATFORM, at=day(2))

    @pytest.mark.parametrize("name", ["", "  ", "x" * 257, "Chan\nTrading"])
    def test_a_legal_name_is_one(self, name: str) -> None:
        """It stands on papers, and is not shown in the error."""
        with pytest.raises(InvalidValueError, match=r"legal name \(hidden\) is no name"):
            attrs.evolve(identity(), legal_name=name)

        assert attrs.evolve(identity(), legal_name="x" * 256).legal_name == "x" * 256

    def test_the_account_remembers_who_checked(self) -> None:
        """The verdicts are in the history."""
        seller = verified().agree(LETTER, by=SELLER, at=day(2))

        (verdict,) = seller.verdicts
        assert str(verdict) == (
            "business registration number of Hong Kong is as it should be;"
            " checked by apaclogistics: structure only"
        )
        assert registered().verdicts == ()

    def test_tax_numbers_stand_beside_the_business_number(self) -> None:
        """One for each register, all of them checked."""
        ioss = RegisteredNumber(Register.EU_IOSS, "IM3720000224")
        more = attrs.evolve(identity(), numbers=(*identity().numbers, ioss))

        assert verify(registered_as(more)).profile.identity.number_in(Register.EU_IOSS) == ioss
        assert more.number_in(Register.GB_VAT) is None
        with pytest.raises(InvalidValueError, match="come twice"):
            attrs.evolve(more, numbers=(ioss, ioss))

    def test_every_address_beyond_the_limits_is_named(self) -> None:
        """51 characters in the street of a collection address, and a return address in Japan."""
        abroad = Party(address=Address(lines=("1-1 Chiyoda",), country="JP"))
        long = Party(address=Address(lines=("x" * 51,), country="HK"))
        of = attrs.evolve(logistics(), return_to=abroad, collection=long)

        with pytest.raises(RefusedError) as refusal:
            verify(registered_as(identity(), of), REQUIREMENTS)

        texts = [reason.text for reason in refusal.value.reasons]
        assert [text.partition(":")[0] for text in texts] == [
            "return address",
            "collection address",
        ]
        assert "51" in texts[1]
        assert "50" in texts[1]

    def test_addresses_are_judged_when_they_change_too(self) -> None:
        """A change of address needs no verification, and keeps the limits."""
        long = attrs.evolve(logistics("x" * 51))

        with pytest.raises(RefusedError, match="ship-from address"):
            verified().amend_logistics(long, requirements=REQUIREMENTS, by=SELLER, at=day(3))

        moved = verified().amend_logistics(logistics("x" * 50), by=SELLER, at=day(3))
        assert moved.state is SellerState.VERIFIED
        assert moved.profile == Profile(identity(), logistics("x" * 50))


class TestMay:
    """One question, and every reason against."""

    @pytest.mark.parametrize("what", [*Activity, *LithiumBattery], ids=lambda it: it.name)
    @pytest.mark.parametrize("state", ["SUBMITTED", "REJECTED", "SUSPENDED", "CLOSED"])
    def test_who_is_not_verified_may_nothing(
        self, state: str, what: Activity | LithiumBattery
    ) -> None:
        """Whatever is asked for."""
        answer = THINGS[state].may(what, day(3))

        assert not answer.is_granted
        assert answer.reasons[0].code == "seller_not_verified"
        assert state in answer.reasons[0].text

    def test_who_is_verified_may_publish_and_book(self) -> None:
        """And ship what has no lithium in it."""
        for what in (*Activity, LithiumBattery.NONE, LithiumBattery.DRY_WITH_EQUIPMENT):
            assert verified().may(what, day(3)).is_granted

    def test_a_platform_may_ask_for_agreements(self) -> None:
        """Of the very version."""
        terms_2 = Agreement("terms of use", "2")
        asked = Requirements(agreements=(terms_2,))
        old = verified().agree(Agreement("terms of use", "1"), by=SELLER, at=day(2))

        refused = old.may(Activity.PUBLISH, day(3), asked)

        assert [reason.code for reason in refused.reasons] == ["agreement_missing"]
        assert "terms of use, version 2" in refused.reasons[0].text
        assert (
            old.agree(terms_2, by=SELLER, at=day(3)).may(Activity.PUBLISH, day(3), asked).is_granted
        )

    def test_lithium_takes_a_letter_and_a_qualification(self) -> None:
        """Both reasons come at once (eDIS 355019 and 355020)."""
        answer = verified().may(LithiumBattery.ION_IN_EQUIPMENT, day(3))

        assert [reason.code for reason in answer.reasons] == [
            "agreement_missing",
            "battery_not_qualified",
        ]

    def test_a_qualification_is_for_one_type(self) -> None:
        """Ion in equipment is not metal in equipment (eDIS 355023)."""
        seller = verified().agree(LETTER, by=SELLER, at=day(2)).qualify(ION, by=PLATFORM, at=day(2))

        assert seller.may(LithiumBattery.ION_IN_EQUIPMENT, day(3)).is_granted
        other = seller.may(LithiumBattery.METAL_IN_EQUIPMENT, day(3))
        assert [reason.code for reason in other.reasons] == ["battery_not_qualified"]

    @pytest.mark.parametrize(
        ("at", "is_granted"),
        [("2026-06-30T23:59:59Z", True), ("2026-07-01T00:00:00Z", False)],
    )
    def test_a_qualification_expires(self, at: str, is_granted: bool) -> None:  # noqa: FBT001
        """The first instant at which it no longer holds is the one named (eDIS 355022)."""
        seller = verified().agree(LETTER, by=SELLER, at=day(2)).qualify(ION, by=PLATFORM, at=day(2))

        answer = seller.may(LithiumBattery.ION_IN_EQUIPMENT, instant(at))

        assert answer.is_granted is is_granted
        assert [reason.code for reason in answer.reasons] == (
            [] if is_granted else ["battery_qualification_expired"]
        )

    def test_a_renewed_qualification_counts(self) -> None:
        """Of several the one that still holds does."""
        renewed = attrs.evolve(ION, id="q-2", valid_until=instant("2027-07-01T00:00:00Z"))
        seller = verified().agree(LETTER, by=SELLER, at=day(2)).qualify(ION, by=PLATFORM, at=day(2))
        seller = seller.qualify(renewed, by=PLATFORM, at=day(2))

        assert seller.may(ION.battery, instant("2026-12-01T00:00:00Z")).is_granted
        assert not seller.may(ION.battery, instant("2027-12-01T00:00:00Z")).is_granted


class TestStanding:
    """Where an account stands, since when and why."""

    def test_a_suspension_is_remembered_with_its_note(self) -> None:
        """What does not move the account does not hide it."""
        suspended = THINGS["SUSPENDED"].agree(LETTER, by=SELLER, at=day(5))

        assert suspended.standing == Standing(
            state=SellerState.SUSPENDED, since=day(1), note="complaints"
        )

    def test_a_registration_stands_since_it_came(self) -> None:
        """Nobody said anything of it yet."""
        assert registered().standing == Standing(state=SellerState.SUBMITTED, since=day(1))

    def test_a_verification_may_have_a_note(self) -> None:
        """It is in the standing, and not in the repr."""
        seller = registered().verify(verdicts=FOUND, by=PLATFORM, at=day(1), note="by telephone")

        assert seller.standing.note == "by telephone"
        assert "telephone" not in repr(seller.standing)


class TestPreferences:
    """How parcels get to the carrier."""

    WINDOW = PickUpWindow(time(14), time(16), "Asia/Shanghai")

    def test_a_pick_up_says_where_and_when(self) -> None:
        """Else no courier comes."""
        with pytest.raises(InvalidValueError, match="lacks collected_from and window"):
            ConsignmentPreference(name="mine", kind=ConsignmentKind.PICK_UP)
        with pytest.raises(InvalidValueError, match="lacks window"):
            ConsignmentPreference(name="mine", kind=ConsignmentKind.PICK_UP, collected_from=party())
        preference = ConsignmentPreference(
            name="mine",
            kind=ConsignmentKind.PICK_UP,
            collected_from=party(),
            window=self.WINDOW,
        )
        assert str(preference.window) == "14:00 to 16:00 Asia/Shanghai"

    def test_a_drop_off_names_its_site(self) -> None:
        """The other kinds take nothing more."""
        with pytest.raises(InvalidValueError, match="lacks site"):
            ConsignmentPreference(name="mine", kind=ConsignmentKind.DROP_OFF)

        for kind in set(ConsignmentKind) - {ConsignmentKind.PICK_UP, ConsignmentKind.DROP_OFF}:
            assert ConsignmentPreference(name="mine", kind=kind).kind is kind

    def test_preferences_have_different_names(self) -> None:
        """As on eDIS (355058)."""
        mine = ConsignmentPreference(name="mine", kind=ConsignmentKind.HK_POST_DROP_OFF)

        with pytest.raises(InvalidValueError, match="come twice"):
            attrs.evolve(logistics(), preferences=(mine, mine))

    def test_a_window_is_on_one_wall_clock(self) -> None:
        """It ends after it begins, and its zone is known."""
        with pytest.raises(InvalidValueError, match="is early"):
            PickUpWindow(time(16), time(16), "Asia/Shanghai")
        with pytest.raises(InvalidValueError, match="has a zone"):
            PickUpWindow(time(14, tzinfo=UTC), time(16), "Asia/Shanghai")
        with pytest.raises(InvalidValueError, match="time zone"):
            PickUpWindow(time(14), time(16), "Asia/Kowloon")

    def test_the_place_of_a_pick_up_keeps_the_limits(self) -> None:
        """The reason names the preference."""
        long = Party(address=Address(lines=("x" * 51,), country="HK"))
        mine = ConsignmentPreference(
            name="at the factory",
            kind=ConsignmentKind.PICK_UP,
            collected_from=long,
            window=self.WINDOW,
        )
        of = attrs.evolve(logistics(), preferences=(mine,))

        with pytest.raises(RefusedError, match="at the factory address"):
            verify(registered_as(identity(), of), REQUIREMENTS)
