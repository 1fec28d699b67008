"""Restrictions say everything at once: what a service does not take, and where."""

from itertools import permutations

import attrs
import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.restrictions import BatteryLane, GoodsRule, Limits, Restrictions
from apaclogistics.values.goods import CustomsItem, LithiumBattery
from apaclogistics.values.instants import instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight
from apaclogistics.values.zones import Zone
from tests.samples import usd

CN, HK, US, GB, DE, FR = (Country(code) for code in ("CN", "HK", "US", "GB", "DE", "FR"))
NOON = instant("2026-03-02T12:00:00Z")
LIGHT = Weight(500)

GERMANY = Zone("Germany", frozenset({DE}))
ISLANDS = Zone("islands", frozenset({US}), ("967",))


def rate(text: str, *, at: str = "2026-03-02T12:00:00Z", base: str = "USD") -> ExchangeRate:
    """Give what a unit is worth in euros; the figures are examples."""
    return ExchangeRate(base=base, quote="EUR", rate=text, at=at, source="a bank")


def euro(amount: str) -> Money:
    """Give euros."""
    return Money.of(amount, "EUR")


def item(
    description: str = "lamp",
    *,
    hs_code: str = "",
    category: str = "",
    battery: LithiumBattery = LithiumBattery.NONE,
) -> CustomsItem:
    """Declare one thing."""
    return CustomsItem(
        description=description,
        quantity=1,
        value=usd("5.00"),
        hs_code=hs_code,
        category=category,
        battery=battery,
    )


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    """Give reasons by their codes."""
    return [reason.code for reason in reasons]


class TestWhereLimitsHold:
    """Everywhere, or in a zone."""

    def test_limits_without_a_zone_hold_everywhere(self) -> None:
        """And ask for no postal code."""
        limits = Limits()

        assert limits.covers(DE, "")
        assert limits.covers(US, "96701")
        assert not limits.needs_postal_code(US)

    def test_limits_of_a_zone_hold_in_it(self) -> None:
        """Of a country, or of postal codes within it."""
        assert Limits(zone=GERMANY).covers(DE, "")
        assert not Limits(zone=GERMANY).covers(FR, "")
        assert Limits(zone=ISLANDS).covers(US, "967 01")
        assert not Limits(zone=ISLANDS).covers(US, "10001")

    def test_the_postal_code_is_asked_for_where_it_decides(self) -> None:
        """Nowhere else."""
        assert Limits(zone=ISLANDS).needs_postal_code(US)
        assert not Limits(zone=ISLANDS).needs_postal_code(DE)
        assert not Limits(zone=GERMANY).needs_postal_code(DE)


class TestLimits:
    """Each limit is included, and every one that is broken is told."""

    def test_no_limits_take_everything(self) -> None:
        """Nothing has to be known."""
        assert Limits().against(Weight(1_000_000_000), None, at=NOON) == ()

    @pytest.mark.parametrize(("grams", "broken"), [(1999, []), (2000, []), (2001, ["too_heavy"])])
    def test_the_size_limits_are_those_of_the_parcel(self, grams: int, broken: list[str]) -> None:
        """Of the actual weight, whatever is charged."""
        limits = Limits(size=SizeLimits(max_grams=2000))

        reasons = limits.against(Weight(grams), None, chargeable_grams=9000, at=NOON)

        assert codes(reasons) == broken

    @pytest.mark.parametrize(
        ("grams", "is_kept"), [(14_999, True), (15_000, True), (15_001, False)]
    )
    def test_the_chargeable_weight_has_a_limit_of_its_own(
        self, grams: int, *, is_kept: bool
    ) -> None:
        """15 kg are chargeable to the islands."""
        limits = Limits(max_chargeable_grams=15_000)

        reasons = limits.against(LIGHT, None, chargeable_grams=grams, at=NOON)

        text = "chargeable weight of 15001 g is above the limit of 15000 g"
        assert reasons == (() if is_kept else (Reason("chargeable_too_heavy", text),))

    @pytest.mark.parametrize(("grams", "broken"), [(500, []), (501, ["chargeable_too_heavy"])])
    def test_without_another_the_actual_weight_is_chargeable(
        self, grams: int, broken: list[str]
    ) -> None:
        """As it is where size does not count."""
        limits = Limits(max_chargeable_grams=500)

        assert codes(limits.against(Weight(grams), None, at=NOON)) == broken

    @pytest.mark.parametrize("value", [euro("149.99"), euro("150.00"), euro("0.00")])
    def test_a_value_up_to_the_limit_is_taken(self, value: Money) -> None:
        """The limit itself is included."""
        assert Limits(max_value=euro("150.00")).against(LIGHT, None, value, at=NOON) == ()

    def test_a_value_above_the_limit_is_not(self) -> None:
        """By a cent."""
        reasons = Limits(max_value=euro("150.00")).against(LIGHT, None, euro("150.01"), at=NOON)

        text = "value of 150.01 EUR is above the limit of 150.00 EUR"
        assert reasons == (Reason("above_value_limit", text),)

    def test_a_limit_of_nothing_is_kept_by_nothing(self) -> None:
        """Documents may be worth nothing."""
        documents = Limits(max_value=euro("0.00"))

        assert documents.against(LIGHT, None, euro("0.00"), at=NOON) == ()
        assert codes(documents.against(LIGHT, None, euro("0.01"), at=NOON)) == ["above_value_limit"]

    def test_a_limit_of_value_asks_for_the_value(self) -> None:
        """Not knowing is not keeping."""
        reasons = Limits(max_value=euro("150.00")).against(LIGHT, None, at=NOON)

        text = "the value is not declared, and the limit is 150.00 EUR"
        assert reasons == (Reason("value_missing", text),)

    def test_a_value_without_a_limit_takes_no_rate(self) -> None:
        """Whatever its currency."""
        assert Limits().against(LIGHT, None, Money(10**12, "JPY"), at=NOON) == ()

    @pytest.mark.parametrize(
        ("dollars", "broken"), [("187.50", []), ("187.51", ["above_value_limit"])]
    )
    def test_a_value_in_another_currency_is_exchanged(
        self, dollars: str, broken: list[str]
    ) -> None:
        """At 0.8 euros, 187.50 dollars are 150.00 euros."""
        limits = Limits(max_value=euro("150.00"))

        reasons = limits.against(LIGHT, None, usd(dollars), at=NOON, rates=[rate("0.8")])

        assert codes(reasons) == broken

    def test_a_value_a_little_above_the_limit_does_not_slip_under_it(self) -> None:
        """187.51 dollars are 150.008 euros, which round to 150.01 and to nothing less."""
        limits = Limits(max_value=euro("150.00"))

        (reason,) = limits.against(LIGHT, None, usd("187.51"), at=NOON, rates=[rate("0.8")])
        (closest,) = limits.against(
            LIGHT, None, usd("150.00"), at=NOON, rates=[rate("1.000000001")]
        )

        assert str(reason) == "value of 187.51 USD (150.01 EUR) is above the limit of 150.00 EUR"
        assert closest.code == "above_value_limit"

    def test_the_latest_rate_as_of_the_instant_counts(self) -> None:
        """One that is younger is not known yet."""
        older = rate("0.7", at="2026-03-01T00:00:00Z")
        latest = rate("0.8", at="2026-03-02T12:00:00Z")
        younger = rate("0.1", at="2026-03-02T12:00:01Z")
        limits = Limits(max_value=euro("150.00"))

        def found(*rates: ExchangeRate) -> list[str]:
            return codes(limits.against(LIGHT, None, usd("190.00"), at=NOON, rates=iter(rates)))

        assert found(younger, older) == []
        assert found(younger, latest, older) == ["above_value_limit"]

    @pytest.mark.parametrize(
        "rates",
        [
            (),
            (rate("0.8", at="2026-03-02T12:00:01Z"),),
            (rate("0.8", base="GBP"),),
        ],
        ids=["none", "too young", "of another currency"],
    )
    def test_a_missing_rate_is_a_reason(self, rates: tuple[ExchangeRate, ...]) -> None:
        """It names value and limit, both currencies and the instant."""
        limits = Limits(max_value=euro("150.00"))

        reasons = limits.against(LIGHT, None, usd("1.00"), at=NOON, rates=rates)

        text = "there is no exchange rate from USD to EUR as of 2026-03-02T12:00:00Z"
        limit = "value of 1.00 USD against the limit of 150.00 EUR"
        assert reasons == (Reason("no_exchange_rate", f"{limit}: {text}"),)

    def test_reasons_come_together(self) -> None:
        """Size first, then what is charged, then value."""
        limits = Limits(
            size=SizeLimits(max_grams=400, max_length_mm=600),
            max_chargeable_grams=400,
            max_value=euro("150.00"),
        )

        reasons = limits.against(LIGHT, Dimensions(601, 1, 1), euro("151.00"), at=NOON)

        assert codes(reasons) == [
            "too_heavy",
            "too_long",
            "chargeable_too_heavy",
            "above_value_limit",
        ]
        assert codes(limits.against(LIGHT, None, at=NOON)) == [
            "too_heavy",
            "dimensions_missing",
            "chargeable_too_heavy",
            "value_missing",
        ]


class TestLimitsThatAreNone:
    """What nothing could keep is refused when it is made."""

    @pytest.mark.parametrize("grams", [1, 1_000_000_000])
    def test_a_chargeable_weight_is_limited_to_some_weight(self, grams: int) -> None:
        """From one gram to a thousand tonnes."""
        assert Limits(max_chargeable_grams=grams).max_chargeable_grams == grams

    @pytest.mark.parametrize(
        "grams", [0, -1, 1_000_000_001, 10**5000], ids=["0", "-1", "+1", "huge"]
    )
    def test_a_limit_beyond_any_weight_is_refused(self, grams: int) -> None:
        """The error names what would be allowed."""
        with pytest.raises(InvalidValueError, match="allowed: 1 to 1000000000"):
            Limits(max_chargeable_grams=grams)

    @pytest.mark.parametrize("grams", [True, 1.5, "15000"])
    def test_a_limit_in_grams_is_a_whole_number(self, grams: object) -> None:
        """As everywhere."""
        with pytest.raises(InvalidTypeError, match="chargeable weight in grams is given as"):
            Limits(max_chargeable_grams=grams)  # type: ignore[arg-type]  # wrong on purpose

    def test_no_value_is_below_nothing(self) -> None:
        """A limit of nothing is one, a limit below is none."""
        with pytest.raises(InvalidValueError) as refusal:
            Limits(max_value=euro("-0.01"))

        assert str(refusal.value) == ("limit of value '-0.01 EUR' is negative; allowed: 0 or more")

    @pytest.mark.parametrize("value", [150, 150.0, "150.00"])
    def test_a_limit_of_value_is_money(self, value: object) -> None:
        """A bare number has no currency."""
        with pytest.raises(InvalidTypeError):
            Limits(max_value=value)  # type: ignore[arg-type]  # wrong on purpose

    @pytest.mark.parametrize("grams", [True, 1.5, 2000.5])
    def test_a_chargeable_weight_is_a_whole_number(self, grams: object) -> None:
        """2000.5 g do not count as less than 2001."""
        limits = Limits(max_chargeable_grams=2000)

        with pytest.raises(InvalidTypeError):
            limits.against(LIGHT, None, chargeable_grams=grams, at=NOON)  # type: ignore[arg-type]  # wrong on purpose

    def test_a_chargeable_weight_of_nothing_is_not_passed_over(self) -> None:
        """Zero is none, and is not read as not known."""
        with pytest.raises(InvalidValueError):
            Limits(max_chargeable_grams=2000).against(LIGHT, None, chargeable_grams=0, at=NOON)


ION_IN = LithiumBattery.ION_IN_EQUIPMENT
ION_WITH = LithiumBattery.ION_WITH_EQUIPMENT
METAL_IN = LithiumBattery.METAL_IN_EQUIPMENT

TO_AMERICA = BatteryLane(
    origin=CN, destinations=frozenset({US}), batteries=frozenset({ION_IN, ION_WITH})
)
TO_ALL = BatteryLane(origin=HK, batteries=frozenset({ION_IN}))


class TestBatteries:
    """Which types travel in which direction."""

    @pytest.mark.parametrize(
        ("lane", "battery", "origin", "destination", "taken"),
        [
            (TO_AMERICA, ION_IN, CN, US, True),
            (TO_AMERICA, ION_WITH, CN, US, True),
            (TO_AMERICA, METAL_IN, CN, US, False),
            (TO_AMERICA, ION_IN, CN, GB, False),
            (TO_AMERICA, ION_IN, HK, US, False),
            # The way back is another direction.
            (TO_AMERICA, ION_IN, US, CN, False),
            (TO_ALL, ION_IN, HK, US, True),
            (TO_ALL, ION_IN, HK, GB, True),
            (TO_ALL, ION_IN, CN, GB, False),
            (TO_ALL, ION_WITH, HK, GB, False),
        ],
    )
    def test_a_lane_takes_some_batteries_one_way(
        self,
        lane: BatteryLane,
        battery: LithiumBattery,
        origin: Country,
        destination: Country,
        *,
        taken: bool,
    ) -> None:
        """No countries stand for all."""
        assert lane.takes(battery, origin, destination) is taken

    def test_a_battery_that_no_direction_takes_is_not_carried(self) -> None:
        """The reason names the type and the way."""
        restrictions = Restrictions(batteries=(TO_AMERICA, TO_ALL))

        reasons = restrictions.against([item(battery=METAL_IN)], origin=CN, destination=US)

        text = "LITHIUM_METAL_BATTERY_CONTAINED_IN_EQUIPMENT is not carried from CN to US"
        assert reasons == (Reason("battery_not_carried", text),)

    def test_one_direction_that_takes_it_is_enough(self) -> None:
        """Whichever of them it is."""
        more = BatteryLane(origin=CN, batteries=frozenset({METAL_IN}))
        items = [item(battery=METAL_IN), item(battery=ION_IN)]

        for lanes in permutations([TO_AMERICA, TO_ALL, more]):
            assert Restrictions(batteries=lanes).against(items, origin=CN, destination=US) == ()

    def test_without_directions_no_battery_is_carried(self) -> None:
        """Special goods are listed like batteries, and so is a dry one."""
        for battery in set(LithiumBattery) - {LithiumBattery.NONE}:
            found = Restrictions().against([item(battery=battery)], origin=CN, destination=US)

            assert codes(found) == ["battery_not_carried"]

    def test_goods_without_batteries_always_are(self) -> None:
        """A lamp asks no lane."""
        assert Restrictions().against([item()], origin=CN, destination=US) == ()
        assert Restrictions(batteries=(TO_ALL,)).against([item()], origin=CN, destination=US) == ()


BATTERIES = GoodsRule(kind="a loose battery", hs_prefixes=("8506", "850760"))
KNIVES = GoodsRule(
    kind="a knife",
    hs_prefixes=("8211",),
    categories=frozenset({"45220"}),
    destinations=frozenset({GB}),
)
COSMETICS = GoodsRule(
    kind="cosmetics", categories=frozenset({"155189", "79720"}), agreement="liquids 2026"
)
PERFUME = GoodsRule(kind="perfume", hs_prefixes=("33",), agreement="liquids 2026")


class TestGoods:
    """Kinds that are prohibited, or restricted to sellers with an agreement."""

    @pytest.mark.parametrize(
        ("hs_code", "is_barred"),
        [
            ("850610", True),
            ("85061000", True),
            ("850760", True),
            ("8507600010", True),
            ("850720", False),
            ("850500", False),
            ("940520", False),
        ],
    )
    def test_a_kind_is_told_by_the_beginning_of_its_code(
        self, hs_code: str, *, is_barred: bool
    ) -> None:
        """A heading or a subheading."""
        reason = BATTERIES.against(item("cell", hs_code=hs_code), US, ())

        text = "'cell' is a loose battery, which does not go to US"
        assert reason == (Reason("goods_prohibited", text) if is_barred else None)

    @pytest.mark.parametrize(("category", "is_barred"), [("45220", True), ("45221", False)])
    def test_a_kind_is_told_by_its_category(self, category: str, *, is_barred: bool) -> None:
        """Whatever its code is."""
        reason = KNIVES.against(item(hs_code="940520", category=category), GB, ())

        assert (reason is not None) is is_barred

    def test_a_rule_holds_for_its_destinations(self) -> None:
        """Nothing is asked of goods that go elsewhere."""
        for known in (item(hs_code="821192"), item(category="45220"), item()):
            assert KNIVES.against(known, US, ()) is None
            assert KNIVES.against(known, GB, ()) is not None

    def test_a_rule_without_destinations_holds_for_all(self) -> None:
        """Here and there."""
        for destination in (US, GB, DE):
            reason = BATTERIES.against(item(hs_code="850610"), destination, ())

            assert reason is not None
            assert reason.code == "goods_prohibited"

    def test_a_code_is_asked_for_where_it_decides(self) -> None:
        """A category that is no match leaves it open."""
        text = "a knife cannot be told from 'lamp' without an HS code"

        assert KNIVES.against(item(category="1"), GB, ()) == Reason("hs_code_missing", text)
        assert COSMETICS.against(item(), GB, ()) is None

    def test_a_category_that_matches_asks_for_no_code(self) -> None:
        """It says enough."""
        reason = KNIVES.against(item(category="45220"), GB, ())

        assert reason is not None
        assert reason.code == "goods_prohibited"

    def test_an_agreement_opens_the_door(self) -> None:
        """The one that the rule names, in its own letters."""
        cream = item("cream", category="79720")
        text = "'cream' is cosmetics, which takes the agreement 'liquids 2026'"

        assert COSMETICS.against(cream, US, {"liquids 2026"}) is None
        assert COSMETICS.against(cream, US, ("other", "liquids 2026")) is None
        for agreements in ((), {"liquids"}, ["LIQUIDS 2026"], {""}):
            missing = COSMETICS.against(cream, US, agreements)
            assert missing == Reason("agreement_missing", text)

    def test_no_agreement_opens_what_nobody_may_ship(self) -> None:
        """Not even one without a name."""
        reason = BATTERIES.against(item(hs_code="850610"), US, {""})

        assert reason is not None
        assert reason.code == "goods_prohibited"

    def test_an_agreement_that_is_accepted_asks_for_no_code(self) -> None:
        """Perfume or not, the goods may travel."""
        assert PERFUME.against(item("bottle"), US, {"liquids 2026"}) is None
        assert PERFUME.against(item("bottle"), US, ()) is not None

    def test_a_rule_is_about_some_goods(self) -> None:
        """Else it would be about none."""
        with pytest.raises(InvalidValueError) as refusal:
            GoodsRule(kind="anything")

        assert str(refusal.value) == (
            "kind of goods 'anything' is not told by anything; allowed: HS prefixes or categories"
        )

    @pytest.mark.parametrize("prefix", ["", "8", "850", "77", "85 06", "85060000001", "eighty"])
    def test_a_prefix_is_the_beginning_of_a_code(self, prefix: str) -> None:
        """2, 4, 6, 8 or 10 digits of a chapter that exists, also where another one is right."""
        with pytest.raises(InvalidValueError, match="HS prefix"):
            GoodsRule(kind="a thing", hs_prefixes=("8506", prefix))

    @pytest.mark.parametrize("prefix", [8506, 85.06, True, None])
    def test_a_prefix_is_text(self, prefix: object) -> None:
        """A number has lost the zero that it began with."""
        with pytest.raises(InvalidTypeError, match="is given as"):
            GoodsRule(kind="a thing", hs_prefixes=(prefix,))  # type: ignore[arg-type]  # wrong on purpose

    def test_an_empty_category_is_not_that_of_goods_without_one(self) -> None:
        """What is not known is prohibited by nobody."""
        with pytest.raises(InvalidValueError):
            GoodsRule(kind="a thing", categories=frozenset({""}))


class TestRestrictions:
    """All reasons at once, each once."""

    def test_what_is_not_declared_may_be_anything(self) -> None:
        """No items, no reasons, unless some kinds of goods are kept out."""
        restrictions = Restrictions(goods=(BATTERIES, KNIVES))

        found = restrictions.against([], origin=CN, destination=GB)

        assert [reason.code for reason in found] == ["nothing_declared"]
        assert Restrictions().against([], origin=CN, destination=GB) == ()

    def test_reasons_come_in_the_order_of_items_and_rules(self) -> None:
        """Of an item, the battery comes first."""
        restrictions = Restrictions(batteries=(TO_AMERICA,), goods=(BATTERIES, KNIVES, COSMETICS))
        items = [
            item("torch", hs_code="850610", category="79720", battery=ION_IN),
            item("blade", hs_code="821192"),
            item("box"),
        ]

        reasons = restrictions.against(iter(items), origin=CN, destination=GB)

        assert codes(reasons) == [
            "battery_not_carried",
            "goods_prohibited",
            "agreement_missing",
            "goods_prohibited",
            "hs_code_missing",
            "hs_code_missing",
        ]

    def test_a_reason_is_given_once(self) -> None:
        """However many items it is about, unless they have different names."""
        restrictions = Restrictions(goods=(BATTERIES,))
        cell = item("cell", hs_code="850610")
        items = [cell, cell, attrs.evolve(cell, quantity=2), attrs.evolve(cell, description="pack")]

        reasons = restrictions.against(items, origin=CN, destination=US)

        assert [str(reason) for reason in reasons] == [
            "'cell' is a loose battery, which does not go to US",
            "'pack' is a loose battery, which does not go to US",
        ]

    def test_the_agreements_are_those_that_the_seller_has_accepted(self) -> None:
        """None, unless they are named."""
        restrictions = Restrictions(goods=(COSMETICS,))
        items = [item(category="79720")]

        open_ = restrictions.against(items, origin=CN, destination=US, agreements=["liquids 2026"])
        closed = restrictions.against(items, origin=CN, destination=US)

        assert open_ == ()
        assert codes(closed) == ["agreement_missing"]


def test_a_code_of_too_few_digits_does_not_tell_the_kind() -> None:
    """Six digits may or may not mean the eight that are prohibited."""
    phones = GoodsRule(kind="a phone", hs_prefixes=("85171300",))

    short, other, full = (
        phones.against(item(hs_code=code), US, ()) for code in ("851713", "851714", "85171300")
    )

    assert short is not None
    assert short.code == "hs_code_too_short"
    assert other is None
    assert full is not None
    assert full.code == "goods_prohibited"


def test_a_limit_is_held_against_any_chargeable_weight() -> None:
    """A rule may come to more than a limit can say; it does not raise."""
    limits = Limits(max_chargeable_grams=1000)

    found = limits.against(LIGHT, None, chargeable_grams=10**12, at=NOON)

    assert [reason.code for reason in found] == ["chargeable_too_heavy"]
