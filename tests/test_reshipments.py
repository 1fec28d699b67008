"""Re-shipments: how often the same goods are sent, and never in two places."""

import attrs
import pytest

from apaclogistics.fulfilment import Phase
from apaclogistics.reshipments import Goods, Sent
from apaclogistics.values.identifiers import ShipmentId
from tests.samples import consignment


def sent(id: str, replaces: str = "", phase: Phase = Phase.LOST, *, reshipments: int = 0) -> Sent:
    """Give a consignment that is somewhere, in place of another or of none."""
    old = ShipmentId(replaces) if replaces else None
    named = attrs.evolve(consignment(), id=ShipmentId(id), replaces=old, reshipments=reshipments)
    return Sent(named, phase)


def why(goods: Goods, limit: int = 9) -> list[str]:
    """Say why the goods may not be sent once more."""
    return [reason.text for reason in goods.against_reshipping(limit)]


@pytest.mark.parametrize(
    ("others", "count"),
    [
        ((), 0),
        ((sent("b", "a"), sent("c", "a")), 2),
        ((sent("b", "a"), sent("c", "b")), 2),
        ((sent("x"), sent("y", "x")), 0),
        ((sent("y", "gone"),), 0),
        ((sent("b", "a"), sent("b", "a")), 1),
    ],
    ids=["alone", "side by side", "in a row", "other goods", "of one unknown", "told twice"],
)
def test_each_re_shipment_of_the_goods_counts(others: tuple[Sent, ...], count: int) -> None:
    """Whichever of them it was in place of."""
    goods = Goods(sent("a"), others)

    assert goods.reshipments == count
    assert bool(why(goods, limit=count))
    assert not why(goods, limit=count + 1)


def test_the_last_of_a_row_counts_all_before_it() -> None:
    """And what it counted itself, where the others are not known."""
    assert Goods(sent("c", "b"), (sent("a"), sent("b", "a"))).reshipments == 2
    assert Goods(sent("c", "b", reshipments=5)).reshipments == 5


def test_the_next_consignment_names_the_last_and_counts_on() -> None:
    """Everything else of it stays as it was."""
    goods = Goods(sent("b", "a"), (sent("a"),))

    again = goods.again(ShipmentId("c"))

    assert (again.id, again.replaces, again.reshipments) == ("c", "b", 2)
    assert attrs.evolve(again, id=consignment().id, replaces=None, reshipments=0) == consignment()


def test_goods_that_stand_in_for_themselves_are_counted_all_the_same() -> None:
    """Nobody made such a ring, and it is no reason to go round for ever."""
    assert Goods(sent("a", "b"), (sent("b", "a"),)).reshipments >= 1


@pytest.mark.parametrize("others", [(sent("b", "a", Phase.IN_TRANSIT),), ()], ids=["next", "none"])
def test_goods_that_may_arrive_in_its_place_are_not_sent_again(others: tuple[Sent, ...]) -> None:
    """The buyer would get them twice."""
    expected = [f"shipment {it.id} is in place of a, and is IN_TRANSIT" for it in others]

    assert why(Goods(sent("a"), others)) == expected


def test_the_replacement_of_a_replacement_is_in_its_place() -> None:
    """Even where the one between came to nothing."""
    others = (sent("b", "a"), sent("c", "b", Phase.DELIVERED))

    assert why(Goods(sent("a"), others)) == ["shipment c is in place of a, and is DELIVERED"]


def test_every_reason_is_told() -> None:
    """With how often is allowed."""
    assert why(Goods(sent("b", "a", Phase.DRAFT), (sent("a"),)), limit=1) == [
        "shipment b is DRAFT",
        "the goods of shipment b were shipped again 1 time, and 1 are allowed",
    ]
