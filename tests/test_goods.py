"""What is inside a parcel is declared with a description, a number and a value."""

import csv

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.testing.strategies import monies
from apaclogistics.values.goods import (
    BatteryQualification,
    CustomsItem,
    Incoterm,
    LithiumBattery,
    checked_hs_prefix,
    declared_value,
    hs_chapter,
    is_under,
)
from apaclogistics.values.instants import instant
from apaclogistics.values.money import Money
from tests.real_data import DATA, with_data

SHIRTS = CustomsItem(description="cotton shirts", quantity=2, value=Money.of("20.00", "USD"))


def test_a_customs_item_needs_a_description_a_quantity_and_a_value() -> None:
    """All else may be unknown."""
    assert SHIRTS.hs_code == ""
    assert SHIRTS.origin is None
    assert SHIRTS.net_weight is None
    assert SHIRTS.battery is LithiumBattery.NONE


@pytest.mark.parametrize("hs_code", ["", "610910", "61091000", "6109100010", "010121"])
def test_an_hs_code_has_six_eight_or_ten_digits(hs_code: str) -> None:
    """As text, since some begin with a zero."""
    assert attrs.evolve(SHIRTS, hs_code=hs_code).hs_code == hs_code


@pytest.mark.parametrize(
    "hs_code",
    [
        "6109",
        "61091",
        "6109100",
        "610910001",
        "6109.10",
        "61091000100",
        "\uff16\uff11\uff10\uff19\uff11\uff10",
    ],
)
def test_what_is_no_hs_code_is_refused(hs_code: str) -> None:
    """Points and headings of four digits included."""
    with pytest.raises(InvalidValueError, match=r"HS code .* is not in shape; allowed: 6, 8 or 10"):
        attrs.evolve(SHIRTS, hs_code=hs_code)


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001])
def test_a_line_declares_at_least_one_piece(quantity: int) -> None:
    """And not more than a million."""
    with pytest.raises(InvalidValueError, match=r"quantity .* is out of range"):
        attrs.evolve(SHIRTS, quantity=quantity)


def test_pieces_are_counted_in_whole_numbers() -> None:
    """Half a shirt is none."""
    with pytest.raises(InvalidTypeError, match="quantity is given as float"):
        attrs.evolve(SHIRTS, quantity=1.5)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("description", ["", " ", "\t\n"])
def test_a_line_says_what_it_is(description: str) -> None:
    """Blanks say nothing."""
    with pytest.raises(InvalidValueError, match="is empty; allowed: customs need one"):
        attrs.evolve(SHIRTS, description=description)


def test_a_declared_value_may_be_nothing_and_never_less() -> None:
    """A gift is worth nothing to some."""
    free = attrs.evolve(SHIRTS, value=Money.zero("USD"))

    assert free.value == Money(0, "USD")
    with pytest.raises(InvalidValueError, match=r"declared value '-0.01 USD' is negative"):
        attrs.evolve(SHIRTS, value=Money(-1, "USD"))


def test_what_items_declare_adds_up() -> None:
    """Each value is that of all its pieces."""
    socks = CustomsItem(description="socks", quantity=10, value=Money.of("5.50", "USD"))

    assert declared_value([SHIRTS, socks], "USD") == Money.of("25.50", "USD")
    assert declared_value([], "USD") == Money.zero("USD")


def test_values_in_two_currencies_do_not_add_up() -> None:
    """Somebody has to convert one of them first."""
    tea = CustomsItem(description="tea", quantity=1, value=Money.of("5.50", "HKD"))

    with pytest.raises(InvalidValueError, match="cannot be mixed"):
        declared_value([SHIRTS, tea], "USD")


# Only what a line is worth matters here.
worths = st.builds(
    CustomsItem,
    description=st.just("goods"),
    quantity=st.just(1),
    value=monies(currency="HKD", min_minor=0),
)


@given(st.lists(worths, max_size=5))
def test_a_declared_value_is_that_of_all_lines_in_any_order(items: list[CustomsItem]) -> None:
    """Unless it is beyond any amount, it is the sum."""
    expected = sum(item.value.minor for item in items)

    if expected > 10**16:
        with pytest.raises(InvalidValueError, match="is out of range"):
            declared_value(items, "HKD")
    else:
        assert declared_value(items, "HKD") == Money(expected, "HKD")
        assert declared_value(reversed(items), "HKD") == Money(expected, "HKD")


def test_who_pays_duty_is_one_of_three_terms() -> None:
    """DDU is no longer in Incoterms 2020 and still in interfaces."""
    assert [term.value for term in Incoterm] == ["DAP", "DDP", "DDU"]


def test_batteries_go_by_the_names_of_edis() -> None:
    """Batteries alone have no name, since they are not carried."""
    assert {battery.value for battery in LithiumBattery} == {
        "NO_BATTERY",
        "LITHIUM_ION_BATTERY_PACKED_WITH_EQUIPMENT",
        "LITHIUM_ION_BATTERY_CONTAINED_IN_EQUIPMENT",
        "LITHIUM_METAL_BATTERY_PACKED_WITH_EQUIPMENT",
        "LITHIUM_METAL_BATTERY_CONTAINED_IN_EQUIPMENT",
        "DRY_PACKED_WITH_EQUIPMENT",
        "SPECIAL_GOODS_WITH_NO_BATTERY",
    }


@pytest.mark.parametrize(
    ("battery", "instruction"),
    [
        (LithiumBattery.NONE, None),
        (LithiumBattery.ION_WITH_EQUIPMENT, "PI966"),
        (LithiumBattery.ION_IN_EQUIPMENT, "PI967"),
        (LithiumBattery.METAL_WITH_EQUIPMENT, "PI969"),
        (LithiumBattery.METAL_IN_EQUIPMENT, "PI970"),
        (LithiumBattery.DRY_WITH_EQUIPMENT, None),
        (LithiumBattery.SPECIAL_GOODS, None),
    ],
)
def test_lithium_is_packed_by_an_instruction(
    battery: LithiumBattery, instruction: str | None
) -> None:
    """Four of the seven are lithium."""
    assert battery.packing_instruction == instruction
    assert battery.is_lithium == (instruction is not None)


def changed(field: str, value: object) -> CustomsItem:
    """Give the shirts with one field replaced, whatever its type."""
    return attrs.evolve(SHIRTS, **{field: value})  # type: ignore[arg-type]  # wrong ones on purpose


class TestNames:
    """Customs read two names, the seller and the marketplace have a number each."""

    def test_a_line_has_an_english_and_a_chinese_name(self) -> None:
        lamp = CustomsItem(
            description="Reading lamp",
            description_zh="台灯",
            sku="LAMP-1",
            category="112581",
            quantity=1,
            value=Money.of("45.00", "USD"),
        )

        assert (lamp.description, lamp.description_zh) == ("Reading lamp", "台灯")
        assert (lamp.sku, lamp.category) == ("LAMP-1", "112581")

    def test_all_but_the_english_name_may_be_unknown(self) -> None:
        assert (SHIRTS.description_zh, SHIRTS.sku, SHIRTS.category) == ("", "", "")

    @pytest.mark.parametrize("field", ["description", "description_zh", "sku", "category"])
    def test_texts_are_kept_in_one_form(self, field: str) -> None:
        """Composed, and without white space at the ends; within, they are left alone."""
        item = changed(field, " \u3000cafe\u0301  \uff21 \u2460\n")

        # Wide letters and numbers in circles are others than plain ones.
        assert getattr(item, field) == "caf\u00e9  \uff21 \u2460"

    @pytest.mark.parametrize(
        ("field", "what", "most"),
        [
            ("description", "description", 256),
            ("description_zh", "Chinese description", 256),
            ("sku", "SKU", 50),
            ("category", "category", 50),
        ],
    )
    def test_texts_have_an_end(self, field: str, what: str, most: int) -> None:
        """Counted as they are kept: composed, without what is trimmed."""
        longest = "\u00e9" * most

        item = changed(field, "e\u0301" * most + " ")

        assert getattr(item, field) == longest
        with pytest.raises(InvalidValueError, match=f"^{what} .* is too long; allowed: {most} cha"):
            changed(field, longest + "x")

    @pytest.mark.parametrize(
        ("field", "what"),
        [
            ("description", "description"),
            ("description_zh", "Chinese description"),
            ("sku", "SKU"),
            ("category", "category"),
            ("hs_code", "HS code"),
        ],
    )
    def test_texts_are_texts(self, field: str, what: str) -> None:
        """A number has lost its leading zeros."""
        with pytest.raises(InvalidTypeError, match=f"^{what} is given as int; allowed: str$"):
            changed(field, 610910)

    @pytest.mark.parametrize(
        ("field", "what", "allowed"),
        [
            ("value", "declared value", "Money"),
            ("origin", "origin", "Country or None"),
            ("net_weight", "net weight", "Weight or None"),
            ("battery", "battery", "LithiumBattery"),
        ],
    )
    def test_values_are_ours(self, field: str, what: str, allowed: str) -> None:
        """What they are called is not enough."""
        with pytest.raises(InvalidTypeError, match=f"^{what} is given as str; allowed: {allowed}$"):
            changed(field, "CN")


class TestHsCodes:
    """An HS code is under its heading, and its heading is under a chapter that exists."""

    @pytest.mark.parametrize("code", ["010121", "760110", "780110", "970121", "980100", "99999999"])
    def test_a_code_is_in_a_chapter(self, code: str) -> None:
        """From 01 to 97, or in one of the two that are left to the countries."""
        assert attrs.evolve(SHIRTS, hs_code=code).hs_code == code

    @pytest.mark.parametrize("code", ["000000", "001234", "770000", "7712345678"])
    def test_two_chapters_do_not_exist(self, code: str) -> None:
        """None has the number zero, and 77 is reserved."""
        problem = f"^HS code '{code}' is in chapter {code[:2]}, which does not exist; allowed: "

        with pytest.raises(InvalidValueError, match=problem + "chapters 01 to 99 without 77$"):
            attrs.evolve(SHIRTS, hs_code=code)

    @pytest.mark.parametrize(
        ("code", "chapter"),
        [("010121", "01"), ("61091000", "61"), ("9405210090", "94"), ("9405", "94"), ("49", "49")],
    )
    def test_the_first_two_digits_are_the_chapter(self, code: str, chapter: str) -> None:
        """Of a code, a heading, or the chapter itself."""
        assert hs_chapter(code) == chapter

    @pytest.mark.parametrize(
        ("code", "prefix", "expected"),
        [
            ("6109100010", "61", True),
            ("6109100010", "6109", True),
            ("6109100010", "610910", True),
            ("6109100010", "61091000", True),
            ("6109100010", "6109100010", True),
            ("6109100010", "6109100011", False),
            ("61091000", "6110", False),
            # Not within, only at the beginning.
            ("610910", "09", False),
            ("010121", "10", False),
            # A code of six digits does not say which eight are meant.
            ("610910", "61091000", False),
            # What is not known is under nothing.
            ("", "61", False),
        ],
    )
    def test_a_code_is_under_what_it_begins_with(
        self, code: str, prefix: str, *, expected: bool
    ) -> None:
        """Of 2, 4, 6, 8 or 10 digits."""
        assert is_under(code, prefix) is expected

    @pytest.mark.parametrize(
        "prefix",
        ["", "6", "610", "61091", "6109.10", "610910001012", " 61", "61\n", "\uff16\uff11"],
    )
    def test_what_is_no_prefix_is_refused(self, prefix: str) -> None:
        """A prefix is digits in twos; nothing would be under everything."""
        refused = pytest.raises(InvalidValueError, match=r"^HS prefix .* is not in shape; allowed:")

        with refused:
            checked_hs_prefix(prefix)
        with refused:
            is_under("610910", prefix)
        with refused:
            hs_chapter(prefix)

    @pytest.mark.parametrize("prefix", ["00", "77", "7701"])
    def test_a_prefix_is_in_a_chapter_too(self, prefix: str) -> None:
        """A rule for goods that cannot be is a slip of the pen."""
        with pytest.raises(InvalidValueError, match=f"^HS prefix '{prefix}' is in chapter"):
            checked_hs_prefix(prefix)

    def test_a_prefix_is_given_back(self) -> None:
        assert [checked_hs_prefix(it) for it in ("01", "9405", "940521")] == [
            "01",
            "9405",
            "940521",
        ]

    def test_a_prefix_is_text(self) -> None:
        """One that is a number may have lost a zero."""
        with pytest.raises(InvalidTypeError, match=r"^HS prefix is given as int; allowed: str$"):
            checked_hs_prefix(61)  # type: ignore[arg-type]  # wrong on purpose

    def test_what_is_no_code_is_under_nothing_and_says_so(self) -> None:
        """A heading is a prefix, and no code."""
        with pytest.raises(InvalidValueError, match=r"^HS code '6109' is not in shape"):
            is_under("6109", "61")


# Written by hand after the layout of the collected list: chapter, heading, code.
CODES = (
    "hscode,parent\n010121,0101\n490199,4901\n610910,6109\n850760,8507\n940521,9405\n970121,9701\n"
)


def assert_is_classified(code: str, heading: str, chapters: list[str]) -> None:
    """A code is kept, is under its heading, and is under one chapter: its own."""
    item = attrs.evolve(SHIRTS, hs_code=code)

    assert item.hs_code == code
    assert is_under(item.hs_code, heading)
    assert hs_chapter(item.hs_code) == hs_chapter(heading)
    assert [chapter for chapter in chapters if is_under(item.hs_code, chapter)] == [code[:2]]


@pytest.mark.parametrize(
    "row", [*csv.DictReader(CODES.splitlines())], ids=lambda row: row["hscode"]
)
def test_a_code_is_classified(row: dict[str, str]) -> None:
    """Under its heading and one chapter."""
    chapters = ["01", "09", "10", "49", "61", "85", "94", "97", "99"]

    assert_is_classified(row["hscode"], row["parent"], chapters)


def listed(name: str) -> list[dict[str, str]]:
    """Read a list of real codes; it has at least one row."""
    with (DATA / "hs_codes" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    return rows


@with_data
def test_the_chapters_are_those_that_are_listed() -> None:
    """All 97 and no other, but the one that the list leaves out: it is the countries' own."""
    chapters = [row["hscode"] for row in listed("hs_chapters.csv")]

    assert len(chapters) == 97
    assert [hs_chapter(chapter) for chapter in chapters] == chapters
    others = sorted({f"{number:02}" for number in range(100)} - {*chapters, "98"})
    assert others == ["00", "77"]
    for other in others:
        with pytest.raises(InvalidValueError, match="which does not exist"):
            checked_hs_prefix(other)


@with_data
def test_the_codes_that_are_listed_are_classified() -> None:
    """Every one under its heading and its chapter, with its leading zero."""
    chapters = [row["hscode"] for row in listed("hs_chapters.csv")]
    rows = listed("hs6_sample.csv")

    for row in rows:
        assert_is_classified(row["hscode"], row["parent"], chapters)

    # Each code is under its own row's prefix and under no other row's.
    codes = [row["hscode"] for row in rows]
    assert [[it for it in codes if is_under(code, it)] for code in codes] == [[it] for it in codes]


QUALIFICATION = BatteryQualification(
    id="Q-1",
    name="Phones 2026",
    battery=LithiumBattery.ION_IN_EQUIPMENT,
    valid_until=instant("2026-07-01T00:00:00+08:00"),
)
LAST = instant("2026-06-30T15:59:59.999999Z")
EXPIRY = instant("2026-06-30T16:00:00Z")


class TestBatteryQualifications:
    """A certificate for one type of battery, until an instant."""

    def test_it_holds_for_its_type_until_it_expires(self) -> None:
        assert QUALIFICATION.covers(LithiumBattery.ION_IN_EQUIPMENT, LAST)
        assert QUALIFICATION.hindrance(LithiumBattery.ION_IN_EQUIPMENT, LAST) is None

    def test_it_no_longer_holds_at_the_instant_of_expiry(self) -> None:
        hindrance = QUALIFICATION.hindrance(LithiumBattery.ION_IN_EQUIPMENT, EXPIRY)

        assert hindrance == Reason(
            "battery_qualification_expired",
            "battery qualification Q-1 expired at 2026-06-30T16:00:00Z",
        )
        assert not QUALIFICATION.covers(LithiumBattery.ION_IN_EQUIPMENT, EXPIRY)

    @pytest.mark.parametrize(
        "battery", [it for it in LithiumBattery if it is not LithiumBattery.ION_IN_EQUIPMENT]
    )
    def test_it_does_not_hold_for_another_type(self, battery: LithiumBattery) -> None:
        """Packed with the equipment is another type than contained in it."""
        hindrance = QUALIFICATION.hindrance(battery, LAST)

        assert hindrance == Reason(
            "battery_qualification_wrong_type",
            "battery qualification Q-1 is for LITHIUM_ION_BATTERY_CONTAINED_IN_EQUIPMENT, "
            f"not for {battery.value}",
        )
        assert not QUALIFICATION.covers(battery, LAST)

    def test_an_expired_one_is_called_expired(self) -> None:
        """Whatever its type: a new one is needed in any case."""
        hindrance = QUALIFICATION.hindrance(LithiumBattery.METAL_IN_EQUIPMENT, EXPIRY)

        assert hindrance is not None
        assert hindrance.code == "battery_qualification_expired"

    def test_it_may_carry_a_remark(self) -> None:
        noted = attrs.evolve(QUALIFICATION, name=" Phones ", remark=" renewed once\n")

        assert QUALIFICATION.remark == ""
        assert (noted.name, noted.remark) == ("Phones", "renewed once")

    @pytest.mark.parametrize("id_", ["", " Q-1", "Q\n1"])
    def test_it_has_an_identifier(self, id_: str) -> None:
        with pytest.raises(InvalidValueError, match=r"^battery qualification "):
            attrs.evolve(QUALIFICATION, id=id_)

    def test_its_texts_have_an_end(self) -> None:
        longest = attrs.evolve(QUALIFICATION, name="x" * 256, remark="y" * 256)

        assert (longest.name, longest.remark) == ("x" * 256, "y" * 256)
        with pytest.raises(InvalidValueError, match=r"^name of the battery qualification .* too l"):
            attrs.evolve(QUALIFICATION, name="x" * 257)
        with pytest.raises(InvalidValueError, match=r"^remark .* is too long"):
            attrs.evolve(QUALIFICATION, remark="y" * 257)

    def test_there_is_none_for_no_battery(self) -> None:
        with pytest.raises(InvalidValueError, match="battery 'NO_BATTERY' needs none"):
            attrs.evolve(QUALIFICATION, battery=LithiumBattery.NONE)

    def test_its_type_is_one_of_ours(self) -> None:
        with pytest.raises(InvalidTypeError, match="battery is given as str; allowed: LithiumBatt"):
            attrs.evolve(QUALIFICATION, battery="NO_BATTERY")  # type: ignore[arg-type]  # on purpose

    def test_its_expiry_has_a_zone(self) -> None:
        with pytest.raises(InvalidValueError, match="has no zone"):
            attrs.evolve(QUALIFICATION, valid_until="2026-07-01T00:00:00")
