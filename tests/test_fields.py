"""Fields: a value insists on the types of its parts when it is made."""

from collections.abc import Callable
from datetime import date

import attrs
import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.offers import Coverage
from apaclogistics.quotes import Almanac
from apaclogistics.rate_cards import RateCard, Surcharge
from apaclogistics.restrictions import BatteryLane
from apaclogistics.values.calendars import WEEKENDS
from apaclogistics.values.fields import (
    MOST_LABEL,
    bounded,
    checked,
    different,
    frozenset_of,
    of_type,
    optional,
    several,
    tuple_of,
)
from apaclogistics.values.goods import LithiumBattery
from apaclogistics.values.places import Country
from apaclogistics.values.zones import Zone
from tests.samples import day, identity, offer, rate_card, usd

HK = Country("HK")


@attrs.frozen
class Crate:
    """Something with a part of every kind."""

    one: int = attrs.field(default=1, validator=of_type(int))
    perhaps: int | None = attrs.field(default=None, validator=optional(int))
    several: tuple[int, ...] = attrs.field(default=(), validator=tuple_of(int))
    some: frozenset[int] = attrs.field(default=frozenset(), validator=frozenset_of(int))


def test_parts_of_the_right_type_are_left_as_they_are() -> None:
    """Nothing is converted."""
    crate = Crate(2, 3, (4, 5), frozenset({6}))

    assert attrs.astuple(crate, recurse=False) == (2, 3, (4, 5), {6})
    assert Crate() == Crate(1, None, (), frozenset())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"one": "1"}, "one of Crate is given as str; allowed: int"),
        ({"one": None}, "one of Crate is given as NoneType; allowed: int"),
        ({"perhaps": "1"}, "perhaps of Crate is given as str; allowed: int or None"),
        ({"several": 1}, "several of Crate is given as int; allowed: a tuple of int"),
        ({"several": [1]}, "several of Crate is given as list; allowed: a tuple of int"),
        ({"several": (1, "2")}, "one of several of Crate is given as str; allowed: int"),
        ({"some": {1}}, "some of Crate is given as set; allowed: a frozenset of int"),
        ({"some": frozenset({"1"})}, "one of some of Crate is given as str; allowed: int"),
    ],
)
def test_a_part_of_another_type_is_refused_by_name(wrong: dict[str, int], told: str) -> None:
    """With our own error, at once, and not where the part is used."""
    with pytest.raises(InvalidTypeError) as refusal:
        Crate(**wrong)  # type: ignore[arg-type]  # wrong on purpose

    assert str(refusal.value) == told


# What people try first: one instead of several, a text instead of a word of ours.
TRIED: dict[str, Callable[[], object]] = {
    "one zone": lambda: Coverage(excluded=Zone("x")),  # type: ignore[arg-type]
    "text as a country": lambda: Zone("x", frozenset({"US"})),  # type: ignore[arg-type]
    "a set that changes": lambda: Zone("x", {HK}),  # type: ignore[arg-type]
    "one surcharge zone": lambda: Surcharge(name="x", charge=usd("1"), zones=Zone("x")),  # type: ignore[arg-type]
    "text as a mode": lambda: attrs.evolve(offer(), mode="air"),  # type: ignore[arg-type]
    "text as an origin": lambda: attrs.evolve(offer(), origin="HK"),  # type: ignore[arg-type]
    "no rate card": lambda: attrs.evolve(offer(), rate_card=None),  # type: ignore[arg-type]
    "no rule": lambda: attrs.evolve(rate_card(), rule=None),  # type: ignore[arg-type]
    "one band": lambda: attrs.evolve(rate_card(), bands=rate_card().bands[0]),  # type: ignore[arg-type]
    "text as a band": lambda: attrs.evolve(rate_card(), bands=("US",)),  # type: ignore[arg-type]
    "one battery": lambda: BatteryLane(origin=HK, batteries=LithiumBattery.NONE),  # type: ignore[arg-type]
    "text as a seat": lambda: attrs.evolve(identity(), country="HK"),  # type: ignore[arg-type]
    "calendars by text": lambda: Almanac(calendars={"HK": WEEKENDS}),  # type: ignore[dict-item]
    "one calendar": lambda: Almanac(calendars=WEEKENDS),  # type: ignore[arg-type]
    "one exchange rate": lambda: Almanac(rates=1),  # type: ignore[arg-type]
    "bands of nothing": lambda: RateCard(name="x", zones=(), bands=None, valid_from=day(1)),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", TRIED)
def test_a_wrong_part_of_an_offer_is_refused_where_it_is_made(name: str) -> None:
    """Else it would be found by the first buyer who asks."""
    with pytest.raises(InvalidTypeError):
        TRIED[name]()


def test_a_text_is_one_thing_and_not_its_characters() -> None:
    """Nor are bytes their numbers; what is no collection at all is refused alike."""
    take: Callable[..., tuple[object, ...]] = several

    assert take("ids", iter(["a", "b"])) == ("a", "b")
    for given, kind in (("sh-1", "str"), (b"sh-1", "bytes"), (7, "int"), (None, "NoneType")):
        with pytest.raises(InvalidTypeError) as refused:
            take("ids", given)
        assert str(refused.value) == f"ids is given as {kind}; allowed: several, as in a list"


def test_each_of_several_is_of_the_type_that_is_named() -> None:
    """The first that is not is told."""
    take: Callable[..., tuple[object, ...]] = several

    assert take("counts", [1, 2], int) == (1, 2)
    with pytest.raises(InvalidTypeError, match="one of counts is given as str; allowed: int"):
        take("counts", [1, "2"], int)


@attrs.frozen
class Card:
    """Something with a text, a number and a day, each perhaps."""

    text: str = attrs.field(default="", validator=of_type(str))
    texts: tuple[str, ...] = attrs.field(default=(), validator=tuple_of(str))
    number: int | None = attrs.field(default=None, validator=optional(int))
    day: date | None = attrs.field(default=None, validator=optional(date))


@pytest.mark.parametrize("text", ["", "\u6e05\u6d17", "\U0001f4e6", "x" * 100_000])
def test_a_text_is_unicode_of_any_script(text: str) -> None:
    """Up to a length that nobody needs."""
    assert Card(text, (text,)).text == text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"text": "Chan \ud800"}, "text of Card (hidden) has half a character; allowed: Unicode"),
        (
            {"texts": ("x" * 100_001,)},
            "one of texts of Card (hidden) is too long; allowed: up to 100000 characters",
        ),
        (
            {"number": 10**18},
            f"number of Card {10**18} is out of range; allowed: up to {10**18 - 1}",
        ),
    ],
)
def test_what_no_document_could_hold_is_refused_and_a_text_is_not_shown(
    wrong: dict[str, str], told: str
) -> None:
    """It could be kept, and never be written again."""
    with pytest.raises(InvalidValueError) as refusal:
        Card(**wrong)  # type: ignore[arg-type]  # wrong on purpose

    assert str(refusal.value) == told


def test_true_is_no_number_and_an_instant_no_day() -> None:
    """Though Python counts them among these."""
    with pytest.raises(InvalidTypeError, match="number of Card is given as bool"):
        Card(number=True)
    with pytest.raises(InvalidTypeError, match="day of Card is given as DateTime"):
        Card(day=day(1))


def test_a_value_is_of_its_type_or_refused() -> None:
    """And comes back as it is."""
    assert checked("quantity", 7, int) == 7
    with pytest.raises(InvalidTypeError, match="quantity is given as str; allowed: int"):
        checked("quantity", "7", int)


def test_names_can_be_told_apart() -> None:
    """That there are none is another fault than that one comes twice, and is said so."""
    different("offers", ["a", "b"])
    different("offers", [], may_be_none=True)

    with pytest.raises(InvalidValueError) as none:
        different("offers", [])
    with pytest.raises(InvalidValueError) as twice:
        different("offers", ["a", "b", "c", "b", "a"])

    assert str(none.value) == "offers () are none; allowed: one or more"
    assert str(twice.value) == "offers 'a, b' come twice; allowed: each once"


def test_a_label_has_an_end() -> None:
    """The first that has none is told by its name."""
    longest = "x" * MOST_LABEL
    bounded("crate", ("number", longest), ("mark", ""))

    with pytest.raises(InvalidValueError) as refusal:
        bounded("crate", ("number", longest), ("mark", f"{longest}x"))
    assert refusal.value.what == "crate's mark"
    assert str(refusal.value).endswith("is too long; allowed: up to 256 characters")
