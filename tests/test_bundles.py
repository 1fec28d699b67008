"""Handovers: bundles of shipments that go to the carrier together."""

from collections.abc import Callable
from typing import Final

import attrs
import pytest

from apaclogistics.bundles import BUNDLE as TABLE
from apaclogistics.bundles import (
    Bundle,
    BundleAction,
    BundleOpening,
    BundleState,
    Entries,
)
from apaclogistics.consignments import ConsignmentKind, ConsignmentPreference, PickUpWindow
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.fulfilment import Phase
from apaclogistics.handovers import HandoverEntry, HandoverLine
from apaclogistics.history import Note, Step
from apaclogistics.lifecycle import Actor, ActorNotPermittedError, RefusedError
from apaclogistics.values.identifiers import BundleId, ParcelId, ShipmentId, tracking_number
from apaclogistics.values.instants import time_of_day
from apaclogistics.values.quantities import Weight
from tests.samples import BUYER, CARRIER, PARTIES, PLATFORM, SELLER, STRANGERS, day, party
from tests.tables import Verbs, announce, changed, expected, outcomes, rows_of, written

ROWS = written("""
    OPEN        add        OPEN        SP
    OPEN        remove     OPEN        SP
    OPEN        hand_over  PROCESSING  SC
    PROCESSING  receive    RECEIVED    CP
    OPEN        cancel     CANCELLED   SP
""")

# Where the goods lie with the carrier, either of the two hands them over.
STOCK: Final = ConsignmentPreference(name="stock", kind=ConsignmentKind.FORWARD_DEPLOYMENT)
COUNTER: Final = ConsignmentPreference(name="counter", kind=ConsignmentKind.DROP_OFF, site="HK-1")
COURIER: Final = ConsignmentPreference(
    name="courier",
    kind=ConsignmentKind.PICK_UP,
    collected_from=party(),
    window=PickUpWindow(time_of_day("14:00"), time_of_day("16:00"), "Asia/Hong_Kong"),
)
OPENING: Final = BundleOpening(
    id=BundleId("bu-1"), seller=SELLER, carrier=CARRIER, preference=STOCK, most=Weight(2000)
)


def line(number: int, grams: int | None = 800) -> HandoverLine:
    """Give a parcel with a number and a weight."""
    return HandoverLine(
        parcel=ParcelId(f"p-{number}"),
        number=tracking_number(f"N{number}"),
        weight=Weight(grams) if grams else None,
    )


def entry(number: int = 1, grams: int | None = 800) -> HandoverEntry:
    """Give a confirmed shipment of one parcel."""
    return HandoverEntry(
        shipment=ShipmentId(f"sh-{number}"),
        seller=SELLER,
        carrier=CARRIER,
        phase=Phase.CONFIRMED,
        preference=STOCK,
        lines=(line(number, grams),),
    )


def opened(opening: BundleOpening = OPENING) -> Bundle:
    """Give a bundle with nothing in it."""
    return Bundle.open(opening, by=SELLER, at=day(4))


def filled(*numbers: int) -> Bundle:
    """Give a bundle with some shipments, one unless they are named."""
    return opened().add([entry(number) for number in numbers or (1,)], by=SELLER, at=day(4))


def handed_over() -> Bundle:
    """Give a bundle that the carrier processes."""
    return filled().hand_over([entry()], by=SELLER, at=day(5))


THINGS = {
    "OPEN": filled(),
    "PROCESSING": handed_over(),
    "RECEIVED": handed_over().receive(by=CARRIER, at=day(6)),
    "CANCELLED": filled().cancel(by=SELLER, at=day(5)),
}

VERBS: Verbs[Bundle] = {
    "add": lambda it, by: it.add([entry(2)], by=by, at=day(30)),
    "remove": lambda it, by: it.remove([ShipmentId("sh-1")], by=by, at=day(30)),
    "hand_over": lambda it, by: it.hand_over([entry()], by=by, at=day(30)),
    "receive": lambda it, by: it.receive(by=by, at=day(30)),
    "cancel": lambda it, by: it.cancel(by=by, at=day(30)),
}


def why(verb: Callable[[], object]) -> list[str]:
    """Give the codes of all reasons for which a command is refused."""
    with pytest.raises(RefusedError) as refusal:
        verb()
    return [reason.code for reason in refusal.value.reasons]


def test_the_table_is_as_written_here() -> None:
    """A changed row of the table is a changed line of this file."""
    assert rows_of(TABLE) == ROWS


def test_no_row_can_change_without_being_noticed() -> None:
    """Leaving out or changing any one row makes the comparison fail."""
    variants = list(changed(rows_of(TABLE), THINGS))

    assert len(variants) == len(ROWS) * (1 + 3 + 4)
    assert [rows for rows in variants if rows == ROWS] == []


def test_every_action_in_every_state_is_judged_by_the_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A buyer has nothing to do with it; what is refused changes nothing."""
    actors = (*PARTIES, *STRANGERS)
    parties = dict.fromkeys(THINGS, (SELLER, CARRIER, PLATFORM))

    found = outcomes(THINGS, VERBS, actors)

    assert {state: thing.state.name for state, thing in THINGS.items()} == {it: it for it in THINGS}
    assert found == expected(ROWS, THINGS, VERBS, actors, parties=parties)
    announce(capsys, "bundle", THINGS, VERBS)


class TestOpening:
    """What begins a bundle."""

    @pytest.mark.parametrize("somebody", [BUYER, CARRIER, *STRANGERS], ids=str)
    def test_seller_and_platform_open_a_bundle(self, somebody: Actor) -> None:
        """Nobody else does."""
        with pytest.raises(ActorNotPermittedError):
            Bundle.open(OPENING, by=somebody, at=day(4))

        assert Bundle.open(OPENING, by=PLATFORM, at=day(4)).entries == ()

    def test_a_bundle_is_of_a_seller_for_a_carrier(self) -> None:
        """Not the other way round, and by a name."""
        with pytest.raises(InvalidValueError, match="in the wrong role"):
            attrs.evolve(OPENING, seller=CARRIER)
        with pytest.raises(InvalidValueError, match="in the wrong role"):
            attrs.evolve(OPENING, carrier=SELLER)
        with pytest.raises(InvalidValueError, match="is no identifier"):
            attrs.evolve(OPENING, id=BundleId(""))

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [("preference", None), ("preference", "stock"), ("most", 2000), ("seller", "s-1")],
    )
    def test_a_bundle_says_how_it_is_handed_over(self, field: str, wrong: object) -> None:
        """And everything else by its type."""
        given: Callable[..., object] = attrs.evolve

        with pytest.raises(InvalidTypeError):
            given(OPENING, **{field: wrong})


class TestFilling:
    """What goes along, and why something does not."""

    def test_shipments_are_added_and_removed(self) -> None:
        """In the order in which they came; the rest stays."""
        bundle = filled(1, 2)

        removed = bundle.remove([ShipmentId("sh-1")], by=SELLER, at=day(5))

        assert bundle.shipments == ("sh-1", "sh-2")
        assert bundle.weight == Weight(1600)
        assert removed.entries == (entry(2),)
        assert removed.add([entry(1)], by=SELLER, at=day(5)).shipments == ("sh-2", "sh-1")

    @pytest.mark.parametrize(
        ("other", "code", "text"),
        [
            (attrs.evolve(entry(), seller=STRANGERS[0]), "not_theirs", "is not of seller s-1"),
            (
                attrs.evolve(entry(), carrier=STRANGERS[2]),
                "other_carrier",
                "is not with carrier HKPOST",
            ),
            (
                attrs.evolve(entry(), preference=None),
                "other_preference",
                "is not handed over as stock says",
            ),
            (
                attrs.evolve(entry(), preference=COUNTER),
                "other_preference",
                "is not handed over as stock says",
            ),
            (
                attrs.evolve(entry(), phase=Phase.BOOKED),
                "not_confirmed",
                "is BOOKED, not CONFIRMED",
            ),
        ],
    )
    def test_a_shipment_that_is_not_like_the_bundle_stays_out(
        self, other: HandoverEntry, code: str, text: str
    ) -> None:
        """The reason names it."""
        with pytest.raises(RefusedError) as refusal:
            opened().add([other], by=SELLER, at=day(4))

        (reason,) = refusal.value.reasons
        assert (reason.code, reason.text) == (code, f"shipment sh-1 {text}")

    def test_every_reason_of_every_shipment_is_told_at_once(self) -> None:
        """And none is added, not even the good one."""
        bad = attrs.evolve(entry(2), carrier=None, preference=COUNTER)
        draft = attrs.evolve(entry(3), phase=Phase.DRAFT)

        codes = why(lambda: opened().add([entry(1), bad, draft], by=SELLER, at=day(4)))

        assert codes == ["other_carrier", "other_preference", "not_confirmed", "bundle_too_heavy"]

    def test_of_somebody_elses_shipment_only_that_is_told(self) -> None:
        """Neither its carrier, phase or weight, nor which bundle it is in."""
        foreign = attrs.evolve(
            entry(), seller=STRANGERS[0], carrier=None, preference=COUNTER, phase=Phase.DRAFT
        )

        codes = why(
            lambda: opened().add([foreign, foreign], others=[filled(1)], by=SELLER, at=day(4))
        )

        assert codes == ["not_theirs", "not_theirs"]

    def test_a_shipment_is_in_one_bundle_once(self) -> None:
        """In this one, twice in the same call, or in another that is not over."""
        other = attrs.evolve(OPENING, id=BundleId("bu-2"))
        elsewhere = opened(other).add([entry()], by=SELLER, at=day(4))
        away = elsewhere.hand_over([entry()], by=SELLER, at=day(5))
        over = [
            elsewhere.cancel(by=SELLER, at=day(5)),
            away.receive(by=CARRIER, at=day(5)),
            elsewhere.remove([ShipmentId("sh-1")], by=SELLER, at=day(5)),
        ]

        assert why(lambda: filled().add([entry()], by=SELLER, at=day(5))) == [
            "bundled_twice",
            "number_twice",
        ]
        assert why(lambda: opened().add([entry(), entry()], by=SELLER, at=day(5))) == [
            "bundled_twice",
            "number_twice",
        ]
        for live in (elsewhere, away):
            with pytest.raises(RefusedError, match="shipment sh-1 is in bundle bu-2 already"):
                opened().add([entry()], others=[live], by=SELLER, at=day(5))
        assert opened().add([entry()], others=over, by=SELLER, at=day(5)).shipments == ("sh-1",)

    def test_a_number_is_on_one_parcel(self) -> None:
        """A number that was used again cannot be told apart by the courier."""
        again = attrs.evolve(entry(2), lines=(line(1),))

        with pytest.raises(RefusedError, match="number N1 is on 2 parcels"):
            filled().add([again], by=SELLER, at=day(5))

    def test_all_parcels_together_are_within_the_limit(self) -> None:
        """The limit included; without one, nothing needs a weight."""
        exact = opened().add([entry(1, 1500), entry(2, 500)], by=SELLER, at=day(4))
        unlimited = opened(attrs.evolve(OPENING, most=None))

        assert exact.weight == Weight(2000)
        with pytest.raises(RefusedError, match="weigh 2001 g together, above the limit of 2000 g"):
            exact.add([entry(3, 1)], by=SELLER, at=day(4))
        with pytest.raises(RefusedError, match=r"parcel p-3 \(N3\) has no weight"):
            exact.add([entry(3, None)], by=SELLER, at=day(4))
        heavy = unlimited.add([entry(1, 9000), entry(2, None)], by=SELLER, at=day(4))
        assert heavy.weight is None

    def test_only_what_is_in_it_is_taken_out(self) -> None:
        """All of it, or none; each that is not is named."""
        gone = [ShipmentId(f"sh-{number}") for number in (1, 8, 9)]

        with pytest.raises(RefusedError) as refusal:
            filled().remove(gone, by=SELLER, at=day(5))

        assert [str(reason) for reason in refusal.value.reasons] == [
            "shipment sh-8 is not in bundle bu-1",
            "shipment sh-9 is not in bundle bu-1",
        ]


class TestHandingOver:
    """The carrier gets everything at once, with one sheet."""

    def test_what_has_changed_since_is_judged_once_more(self) -> None:
        """A shipment that was cancelled meanwhile holds up the bundle until it is taken out."""
        bundle = filled(1, 2)
        cancelled = attrs.evolve(entry(2), phase=Phase.CANCELLED)

        assert why(lambda: bundle.hand_over([entry(1), cancelled], by=SELLER, at=day(5))) == [
            "not_confirmed"
        ]
        rest = bundle.remove([ShipmentId("sh-2")], by=SELLER, at=day(5))
        assert rest.hand_over([entry(1)], by=SELLER, at=day(5)).state is BundleState.PROCESSING

    def test_a_bundle_keeps_what_is_known_when_it_is_handed_over(self) -> None:
        """A parcel may have been weighed since; shipments of other bundles are left out."""
        handed = filled().hand_over([entry(9), entry(1, 870)], by=SELLER, at=day(5))

        assert handed.entries == (entry(1, 870),)

    def test_an_empty_bundle_is_not_handed_over(self) -> None:
        """There is nothing to sign for."""
        assert why(lambda: opened().hand_over([], by=SELLER, at=day(5))) == ["empty_bundle"]

    def test_a_shipment_that_got_into_two_bundles_leaves_with_none(self) -> None:
        """Two people may fill two bundles at the same time."""
        twin = opened(attrs.evolve(OPENING, id=BundleId("bu-2"))).add(
            [entry()], by=SELLER, at=day(4)
        )

        assert why(lambda: filled().hand_over([entry()], others=[twin], by=SELLER, at=day(5))) == [
            "bundled_twice"
        ]

    @pytest.mark.parametrize(
        ("preference", "who", "not_who"),
        [(COUNTER, SELLER, CARRIER), (COURIER, CARRIER, SELLER)],
        ids=["drop-off", "pick-up"],
    )
    def test_the_seller_drops_off_and_the_carrier_picks_up(
        self, preference: ConsignmentPreference, who: Actor, not_who: Actor
    ) -> None:
        """As the preference says."""
        mine = attrs.evolve(entry(), preference=preference)
        bundle = opened(attrs.evolve(OPENING, preference=preference)).add(
            [mine], by=SELLER, at=day(4)
        )

        with pytest.raises(ActorNotPermittedError):
            bundle.hand_over([mine], by=not_who, at=day(5))
        assert bundle.hand_over([mine], by=who, at=day(5)).state is BundleState.PROCESSING

    def test_one_sheet_lists_every_parcel(self) -> None:
        """Before and after the handover."""
        sheet = filled(1, 2).sheet(at=day(5))

        assert sheet.lines == (line(1), line(2))
        assert (sheet.seller, sheet.carrier, sheet.preference) == (SELLER, CARRIER, STOCK)
        with pytest.raises(InvalidValueError):
            opened().sheet(at=day(5))


def test_a_bundle_is_rebuilt_from_its_steps() -> None:
    """Without judging them again."""
    for bundle in (
        *THINGS.values(),
        filled(1, 2).remove([ShipmentId("sh-1")], by=SELLER, at=day(5)),
    ):
        assert Bundle.replay(bundle.history) == bundle


def test_a_history_that_does_not_begin_is_refused() -> None:
    """The first step opens it."""
    with pytest.raises(InvalidValueError, match="'cancel' is not how one begins"):
        Bundle.replay([Step(action=BundleAction.CANCEL, by=SELLER, at=day(4), payload=Note("no"))])
    with pytest.raises(InvalidValueError, match="is empty"):
        Bundle.replay([])


def test_what_is_put_into_a_bundle_is_entries() -> None:
    """In a tuple."""
    entries: Callable[..., object] = Entries

    with pytest.raises(InvalidTypeError):
        entries(["sh-1"])
