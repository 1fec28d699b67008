"""Sheets of rates become rate cards, and every bad row is told with its place."""

from collections.abc import Callable
from decimal import ROUND_UP, Context, localcontext
from pathlib import Path

import attrs
import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.interop.rate_sheets import (
    Layout,
    RateSheet,
    WeightUnit,
    Zeros,
    read_rate_cards,
)
from apaclogistics.rate_cards import Band, RateCard
from apaclogistics.tariffs import Price, Unpriced, price_of
from apaclogistics.values.instants import instant
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone

SHEETS = Path(__file__).parent / "fixtures" / "rate_cards"
START = instant("2026-01-01T00:00:00Z")

EVERYWHERE = Zone("everywhere")
NEAR = Zone("near", frozenset({Country("CN"), Country("TW")}))

PARCELS = Layout(
    card=("code", "label"),
    zone="zone",
    countries="countries",
    weight="to_kg",
    lower="from_kg",
    unit=WeightUnit.KILOGRAMS,
    lightest_grams=10,
    price="rate",
    currency="currency",
    valid_from=START,
)
# Every weight in the sheet names its unit, and every zone is a label.
LETTERS = Layout(
    name="Post",
    card=("product", "format"),
    zone="to",
    zones={"Near": NEAR, "Far": EVERYWHERE},
    weight="step",
    price="fee",
    currency=Currency("HKD"),
    valid_from=START,
)
PACKETS = Layout(
    card="item",
    zone="zone",
    zones={"A": NEAR, "B": EVERYWHERE, "everywhere": EVERYWHERE},
    weight="up_to",
    unit=WeightUnit.GRAMS,
    heaviest_grams=2000,
    price="price",
    currency="currency",
    valid_from=START,
)
STAMPS = Layout(
    card="item",
    zone=Zone("home", frozenset({Country("NL")})),
    weight="g",
    unit=WeightUnit.GRAMS,
    price="euro",
    currency=Currency("EUR"),
    valid_from=START,
)
FLAT = Layout(
    card="code",
    zone="zone",
    countries="countries",
    heaviest_grams=30_000,
    price="rate",
    currency="currency",
    valid_from=START,
)
FAULTY = attrs.evolve(PARCELS, card="code")
PLAIN = attrs.evolve(STAMPS, zone="to", countries="to", price="fee")


def sheet(name: str) -> str:
    """Give the text of a sheet that is written by hand."""
    return (SHEETS / f"{name}.csv").read_text(encoding="utf-8")


def card(read: RateSheet, name: str) -> RateCard:
    """Find a card of a sheet without faults by its name."""
    assert read.faults == ()
    (found,) = (it for it in read.cards if it.name == name)
    return found


def ask(on: RateCard, country: str, grams: int) -> Price | Unpriced:
    """Price a parcel without dimensions."""
    return price_of(
        on,
        country=Country(country),
        postal_code="",
        weight=Weight(grams),
        dimensions=None,
        at=START,
    )


def cost(on: RateCard, country: str, grams: int) -> str:
    """Give a price, or the codes of the reasons why there is none."""
    answer = ask(on, country, grams)
    if isinstance(answer, Unpriced):
        return ", ".join(reason.code for reason in answer.reasons)
    return str(answer.total)


def plain(*rows: str, layout: Layout = PLAIN) -> RateSheet:
    """Read rows under the header `item,to,g,fee`."""
    return read_rate_cards("\n".join(["item,to,g,fee", *rows]), layout)


def faults(read: RateSheet) -> list[str]:
    """Give the faults of a sheet from which no card came."""
    assert read.cards == ()
    return [str(fault) for fault in read.faults]


def warned(read: RateSheet) -> list[tuple[str, str]]:
    """Give the warnings of a sheet without faults by place and code."""
    assert read.faults == ()
    return [(doubt.path, doubt.code) for doubt in read.warnings]


class TestSheetsOfEveryShape:
    """The same rules as in the published sheets, in sheets written by hand."""

    @pytest.mark.parametrize(
        ("country", "grams", "price"),
        [
            ("JP", 1, "8.50 USD"),
            ("JP", 500, "8.50 USD"),
            ("TW", 501, "11.25 USD"),
            ("TW", 1000, "11.25 USD"),
            ("KR", 1001, "40.00 USD"),
            ("KR", 31_500, "40.00 USD"),
            ("KR", 31_501, "no_rate"),
            ("DE", 500, "14.00 USD"),
            ("DE", 501, "22.80 USD"),
            ("DE", 2001, "no_rate"),
        ],
    )
    def test_bands_by_kilograms_and_lists_of_countries(
        self, country: str, grams: int, price: str
    ) -> None:
        """An empty list of countries is every other country."""
        plain_card = card(read_rate_cards(sheet("parcels"), PARCELS), "P1 Plain")

        assert cost(plain_card, country, grams) == price

    def test_a_sheet_says_what_it_did_not_read(self) -> None:
        read = read_rate_cards(sheet("parcels"), PARCELS)

        assert [(it.name, it.currency.code) for it in read.cards] == [
            ("P1 Plain", "USD"),
            ("P2 Swift", "JPY"),
        ]
        assert (read.faults, read.warnings, read.unread) == ((), (), ("longest_cm",))

    def test_a_weight_is_exact_to_the_gram(self) -> None:
        swift = card(read_rate_cards(sheet("parcels"), PARCELS), "P2 Swift")

        assert cost(swift, "JP", 499) == "1900 JPY"
        assert cost(swift, "JP", 500) == "no_rate"
        assert cost(swift, "DE", 499) == "not_covered"

    @pytest.mark.parametrize(
        ("product", "country", "grams", "price"),
        [
            ("small", "TW", 20, "3.00 HKD"),
            ("small", "TW", 21, "6.50 HKD"),
            ("small", "US", 20, "5.00 HKD"),
            ("small", "US", 21, "no_rate"),
            ("large", "CN", 50, "9.90 HKD"),
            # One started 10 g, two, and 45 of them: 9.90 + 76.50.
            ("large", "CN", 51, "11.60 HKD"),
            ("large", "CN", 60, "11.60 HKD"),
            ("large", "CN", 61, "13.30 HKD"),
            ("large", "CN", 500, "86.40 HKD"),
            ("large", "CN", 501, "no_rate"),
            # 12.40 + 45 x 2.20.
            ("large", "US", 500, "111.40 HKD"),
        ],
    )
    def test_each_further_step_comes_on_top(
        self, product: str, country: str, grams: int, price: str
    ) -> None:
        """The weights name their unit, the zones are labels, and the currency is fixed."""
        letter = card(read_rate_cards(sheet("letters"), LETTERS), f"Post air mail {product}")

        assert cost(letter, country, grams) == price

    @pytest.mark.parametrize(
        ("item", "country", "grams", "price"),
        [
            ("packet", "CN", 250, "3.90 SGD"),
            ("packet", "CN", 251, "5.00 SGD"),
            ("packet", "CN", 350, "5.00 SGD"),
            ("packet", "CN", 351, "6.10 SGD"),
            # 3.90 + 18 x 1.10, since 1,750 g are 17 whole steps and a started one.
            ("packet", "CN", 2000, "23.70 SGD"),
            ("packet", "CN", 2001, "no_rate"),
            # 3.20 + 190 x 0.25.
            ("packet", "US", 2000, "50.70 SGD"),
            ("registration", "US", 1, "2.50 SGD"),
            ("registration", "CN", 2000, "2.50 SGD"),
            ("registration", "CN", 2001, "no_rate"),
        ],
    )
    def test_steps_without_an_end_go_on_to_the_heaviest_weight(
        self, item: str, country: str, grams: int, price: str
    ) -> None:
        """And so does a row without a weight."""
        read = read_rate_cards(sheet("packets"), PACKETS)

        assert cost(card(read, item), country, grams) == price

    def test_one_zone_may_hold_for_every_row(self) -> None:
        read = read_rate_cards(sheet("stamps"), STAMPS)

        assert cost(card(read, "Letter"), "NL", 20) == "0.96 EUR"
        assert cost(card(read, "Letter"), "NL", 21) == "1.92 EUR"
        assert cost(card(read, "Letter"), "NL", 51) == "no_rate"
        assert cost(card(read, "Box"), "NL", 2000) == "4.10 EUR"
        assert cost(card(read, "Box"), "DE", 2000) == "not_covered"

    def test_a_sheet_without_weights_has_one_price_up_to_the_heaviest(self) -> None:
        read = read_rate_cards(sheet("flat"), attrs.evolve(FLAT, zeros=Zeros.FREE))

        assert cost(card(read, "F1"), "US", 1) == "5.71 GBP"
        assert cost(card(read, "F1"), "HK", 30_000) == "3.54 GBP"
        assert cost(card(read, "F1"), "HK", 30_001) == "no_rate"
        assert read.unread == ("days",)

    def test_a_whole_sheet_may_be_one_card(self) -> None:
        text = "g,euro\n20,0.96\n50,1.92\n"

        read = read_rate_cards(text, attrs.evolve(STAMPS, name="Stamps", card=()))

        assert cost(card(read, "Stamps"), "NL", 50) == "1.92 EUR"

    def test_what_the_layout_says_of_every_card_is_on_it(self) -> None:
        rule = WeightRule(divisor=5000)
        until = instant("2026-07-01T00:00:00Z")

        read = read_rate_cards(sheet("stamps"), attrs.evolve(STAMPS, rule=rule, valid_until=until))

        letter = card(read, "Letter")
        assert letter == RateCard(
            name="Letter",
            rule=rule,
            zones=(Zone("home", frozenset({Country("NL")})),),
            bands=(
                Band("home", 20, Money.of("0.96", "EUR")),
                Band("home", 50, Money.of("1.92", "EUR")),
            ),
            valid_from=START,
            valid_until=until,
        )

    def test_a_label_of_the_layout_stands_above_the_list_of_countries(self) -> None:
        """The sheet says "everywhere", and the layout knows better."""
        abroad = Zone("abroad", excluded=frozenset({Country("US")}))

        read = read_rate_cards(
            sheet("parcels"), attrs.evolve(PARCELS, zones={"Everywhere": abroad})
        )

        assert cost(card(read, "P1 Plain"), "DE", 500) == "14.00 USD"
        assert cost(card(read, "P1 Plain"), "US", 500) == "not_covered"

    def test_two_labels_may_stand_for_one_zone(self) -> None:
        read = plain(
            "Letter,near,20,1.00",
            "Letter,next,50,2.00",
            layout=attrs.evolve(PLAIN, zones={"near": NEAR, "next": NEAR}, countries=""),
        )

        assert cost(card(read, "Letter"), "CN", 21) == "2.00 EUR"

    def test_weights_at_which_a_parcel_gets_cheaper_are_kept_and_found(self) -> None:
        """The sheet is wrong or generous; the card tells where, and prices as it says."""
        read = read_rate_cards(sheet("falling"), STAMPS)

        assert card(read, "Letter").falls() == (("home", 100),)
        assert card(read, "Box").falls() == (("home", 250),)
        assert [cost(card(read, "Letter"), "NL", grams) for grams in (100, 101, 501)] == [
            "5.00 EUR",
            "4.50 EUR",
            "4.50 EUR",
        ]


class TestWeights:
    """A small table of texts, exact to the gram."""

    @pytest.mark.parametrize(
        ("text", "unit", "grams"),
        [
            ("20", WeightUnit.GRAMS, 20),
            ("20.0", WeightUnit.GRAMS, 20),
            ("0.5", WeightUnit.KILOGRAMS, 500),
            ("31.5", WeightUnit.KILOGRAMS, 31_500),
            ("0.0010", WeightUnit.KILOGRAMS, 1),
            ("<=20g", WeightUnit.KILOGRAMS, 20),
            ("<= 20 G", None, 20),
            ("2KG", WeightUnit.GRAMS, 2000),
            ("1000000", WeightUnit.KILOGRAMS, 1_000_000_000),
        ],
    )
    def test_a_limit_is_included(self, text: str, unit: WeightUnit, grams: int) -> None:
        read = plain(f"Box,US,{text},1.00", layout=attrs.evolve(PLAIN, unit=unit))

        assert card(read, "Box").heaviest(Zone("US", frozenset({Country("US")}))) == grams

    @pytest.mark.parametrize(
        ("text", "unit", "step", "most"),
        [
            ("+100", WeightUnit.GRAMS, 100, 2000),
            ("+ 0.5", WeightUnit.KILOGRAMS, 500, 2000),
            ("+250g", WeightUnit.KILOGRAMS, 250, 2000),
            ("each further 10g or part", None, 10, 2000),
            ('"each further 10g or part, max 500g"', None, 10, 500),
            ('"each further 0.1 or part, max 1"', WeightUnit.KILOGRAMS, 100, 1000),
        ],
    )
    def test_a_step_counts_from_the_row_below(
        self, text: str, unit: WeightUnit, step: int, most: int
    ) -> None:
        read = plain(
            "Box,US,20g,1.00",
            f"Box,US,{text},0.30",
            layout=attrs.evolve(PLAIN, unit=unit, heaviest_grams=2000),
        )

        band = Band("US", most, Money.of("0.30", "EUR"), each_grams=step)
        assert band in card(read, "Box").bands

    @pytest.mark.parametrize("text", ["", "-"])
    def test_no_limit_is_the_heaviest_weight(self, text: str) -> None:
        read = plain(
            "Box,US,20,1.00", f"Box,US,{text},3.00", layout=attrs.evolve(PLAIN, heaviest_grams=700)
        )

        assert [cost(card(read, "Box"), "US", g) for g in (20, 21, 700, 701)] == [
            "1.00 EUR",
            "3.00 EUR",
            "3.00 EUR",
            "no_rate",
        ]

    @pytest.mark.parametrize(
        ("text", "unit", "problem"),
        [
            ("-5", WeightUnit.GRAMS, "weight '-5' is not understood; allowed: as in '20', "),
            ("1e3", WeightUnit.GRAMS, "weight '1e3' is not understood"),
            ("NaN", WeightUnit.GRAMS, "weight 'NaN' is not understood"),
            ("\u0665", WeightUnit.GRAMS, "is not understood"),
            ("1 lb", WeightUnit.GRAMS, "weight '1 lb' is not understood"),
            ('"1,5"', WeightUnit.KILOGRAMS, "weight '1,5' is not understood"),
            ("20.5", WeightUnit.GRAMS, "weight in g '20.5' is finer than a gram"),
            ("0.0005", WeightUnit.KILOGRAMS, "weight in kg '0.0005' is finer than a gram"),
            ("+0", WeightUnit.GRAMS, "weight in grams 0 is out of range; allowed: 1 to 1000000000"),
            ("0", WeightUnit.GRAMS, "weight in grams 0 is out of range; allowed: 1 to 1000000000"),
            ("1000001", WeightUnit.KILOGRAMS, "weight in grams 1000001000 is out of range"),
            ("20", None, "weight '20' has no unit; allowed: 'g', 'kg', or one in the layout"),
            ("-", WeightUnit.GRAMS, "weight '-' states no limit; allowed: a weight, or `heaviest"),
            ("+10", WeightUnit.GRAMS, "weight '+10' states no limit; allowed: a weight, or `heav"),
        ],
    )
    def test_anything_else_is_a_fault(
        self, text: str, unit: WeightUnit | None, problem: str
    ) -> None:
        (fault,) = faults(plain(f"Box,US,{text},1.00", layout=attrs.evolve(PLAIN, unit=unit)))

        assert fault.startswith("row 2, g: ")
        assert problem in fault

    def test_the_application_may_round_its_own_decimals_as_it_likes(self) -> None:
        with localcontext(Context(prec=1, rounding=ROUND_UP)):
            read = plain(
                "Box,US,1.234,12.34", layout=attrs.evolve(PLAIN, unit=WeightUnit.KILOGRAMS)
            )

        assert cost(card(read, "Box"), "US", 1234) == "12.34 EUR"


class TestFaults:
    """Every bad row is told, with its place, what is wrong, and what would be allowed."""

    def test_every_bad_row_of_a_sheet_is_told(self) -> None:
        """The row of blanks counts, as it does in a spreadsheet."""
        read = read_rate_cards(sheet("faulty"), FAULTY)

        assert [str(fault) for fault in read.faults] == [
            (
                "row 2, rate: price '0.00 EUR' is zero; "
                "allowed: above zero, or `Zeros.FREE` in the layout where zero means free"
            ),
            "row 4, rate: amount in EUR 'free' is no plain decimal number; allowed: as in '12.50'",
            (
                "row 5, countries: country 'XX' is no country's code; "
                "allowed: a code of ISO 3166-1, as in 'HK'"
            ),
            (
                "row 5, to_kg: weight 'half' is not understood; allowed: as in '20', '0.5', '<=20g', "
                "'+100', 'each further 10g or part, max 500g', or '-'"
            ),
            "row 6, rate: price '-6.00 EUR' is negative; allowed: above zero",
            (
                "row 7, currency: currency 'euro' is not active in ISO 4217; "
                "allowed: three capital letters, nearest: EUR"
            ),
            "row 9, rate: amount in EUR '1e400' is no plain decimal number; allowed: as in '12.50'",
            "row 9, to_kg: weight in kg '0.0005' is finer than a gram; allowed: whole grams",
            "row 10, rate: amount in EUR 'NaN' is no plain decimal number; allowed: as in '12.50'",
            "row 11, rate: amount in EUR '4.005' has too many decimals; allowed: 2",
            "row 12, zone: has 0 characters; allowed: 1 to 256",
            "row 12, rate: amount in EUR '' is no plain decimal number; allowed: as in '12.50'",
            "row 12, from_kg: weight 'light' is no weight; allowed: as in '20', '0.5' or '500g'",
        ]

    def test_a_plus_sign_before_a_price_is_no_price(self) -> None:
        """Before a weight it begins a step, so it may be meant as one."""
        assert faults(plain("A,NL,100,+1.00")) == [
            "row 2, fee: price '+1.00' begins with a plus sign; allowed: as in '12.50'"
        ]

    def test_reading_stops_at_a_thousand_faults(self) -> None:
        """Zones that all cover one country are told apart no longer than that."""
        labels = {f"L{it}": Zone(f"L{it}", frozenset({Country("NL")})) for it in range(1100)}
        layout = attrs.evolve(PLAIN, countries="", zones=labels)

        read = plain(*(f"A,L{it},100,1.00" for it in range(1100)), layout=layout)

        assert read.cards == ()
        assert len(read.faults) == 1001
        assert str(read.faults[-1]).startswith("sheet: has more than 1000 faults")

    def test_a_card_with_a_bad_row_is_not_delivered(self) -> None:
        """Without its lightest band a parcel would be priced by the next; no rate is zero."""
        read = read_rate_cards(sheet("faulty"), FAULTY)

        assert [it.name for it in read.cards] == ["F"]
        assert [str(doubt) for doubt in read.warnings] == ["row 14: says the same as row 13"]

    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            ("Box,US,20", "row 3: has 3 fields; allowed: 4, as the header has"),
            ("Box,US,20,7,50", "row 3: has 5 fields; allowed: 4, as the header has"),
            (",US,20,7.50", "row 3, item: has 0 characters; allowed: 1 to 256"),
            (f"{'x' * 257},US,20,7.50", "row 3, item: has 257 characters; allowed: 1 to 256"),
            (
                'Box,"US"?,20,7.50',
                (
                    "row 3: has a quotation mark out of place, or a field without end; "
                    "allowed: quotation marks around a whole field, doubled within"
                ),
            ),
        ],
    )
    def test_a_bad_row_that_is_nobodys_keeps_all_cards_back(self, row: str, fault: str) -> None:
        """Any of them may lack it."""
        read = plain("Letter,US,20,1.00", row, "Letter,US,50,2.00")

        assert faults(read) == [fault]

    def test_a_quotation_that_never_ends_swallows_nothing_silently(self) -> None:
        read = plain("Letter,US,20,1.00", 'Box,"US,20,1.00', "Box,US,50,2.00")

        (fault,) = faults(read)
        assert fault.startswith("row 3: has a quotation mark out of place, or a field without end")

    @pytest.mark.parametrize("price", ["0", "0.00", "-0", "00.0"])
    def test_zero_is_no_price_unless_it_means_free(self, price: str) -> None:
        refused = plain(f"Box,US,20,{price}")
        free = plain(f"Box,US,20,{price}", layout=attrs.evolve(PLAIN, zeros=Zeros.FREE))

        assert [fault.path for fault in refused.faults] == ["row 2, fee"]
        assert cost(card(free, "Box"), "US", 20) == "0.00 EUR"

    @pytest.mark.parametrize(
        "price", ["", "n/a", "$5", '"1,000.00"', "1.0.0", "Infinity", "1e2", "10000000000000000000"]
    )
    def test_a_missing_or_unreadable_price_is_never_zero(self, price: str) -> None:
        read = plain(f"Box,US,20,{price}", layout=attrs.evolve(PLAIN, zeros=Zeros.FREE))

        (fault,) = faults(read)
        assert fault.startswith("row 2, fee: amount in EUR ")

    def test_a_price_beyond_any_parcel_s_is_told_where_it_stands(self) -> None:
        read = plain("Box,US,20,10000000000.01")

        (fault,) = faults(read)
        assert fault.startswith("row 2, fee: price '10000000000.01 EUR' is out of range; allowed: ")

    def test_steps_that_add_up_beyond_any_price_are_told(self) -> None:
        """Each row alone could be true."""
        read = plain(
            "Box,US,20,1.00",
            "Box,US,+1,9000000.00",
            layout=attrs.evolve(PLAIN, heaviest_grams=1_000_000),
        )

        (fault,) = faults(read)
        assert fault.startswith("row 2: price in zone US '8999820000001.00 EUR' is out of range")

    def test_a_zone_that_nobody_placed_is_told(self) -> None:
        read = plain(
            "Letter,Moon,20,1.00",
            layout=attrs.evolve(PLAIN, zones={"Near": NEAR, "Far": EVERYWHERE}, countries=""),
        )

        assert faults(read) == ["row 2, to: 'Moon' is no zone's label; allowed: 'Near', 'Far'"]

    @pytest.mark.parametrize("codes", ["US,,DE", ",", "US;DE", "Germany"])
    def test_a_list_of_countries_holds_codes_and_nothing_else(self, codes: str) -> None:
        """A list of nothing but a comma is not every country."""
        text = f'item,to,at,g,fee\nBox,Zone,"{codes}",20,1.00'

        (fault,) = faults(read_rate_cards(text, attrs.evolve(PLAIN, countries="at")))

        assert fault.startswith("row 2, at: country ")

    def test_a_card_is_in_one_currency(self) -> None:
        text = "code,zone,countries,rate,currency\n" + "\n".join(
            ["F1,US,US,5.71,GBP", "F2,US,US,5.00,USD", "F1,DE,DE,5.71,EUR"]
        )

        read = read_rate_cards(text, FLAT)

        assert [str(fault) for fault in read.faults] == [
            (
                "row 4, currency: is EUR, and row 2 of the same card has GBP; "
                "allowed: one currency a card"
            )
        ]
        assert [it.name for it in read.cards] == ["F2"]

    def test_a_zone_is_the_same_place_in_every_row(self) -> None:
        text = "code,zone,countries,rate,currency\nF1,A,US,1.00,GBP\nF1,A,CA,1.00,GBP"

        assert faults(read_rate_cards(text, FLAT)) == [
            (
                "row 3, zone: covers other places than in row 2; "
                "allowed: the same in every row of a zone"
            )
        ]

    def test_no_place_is_in_two_zones_of_a_card(self) -> None:
        """But it may be in zones of two cards, and everywhere is no overlap."""
        rows = [
            'F1,A,"US,CA",1.00,GBP',
            'F1,B,"MX,CA",1.00,GBP',
            "F1,C,MX,1.00,GBP",
            "F1,D,US,1.00,GBP",
            "F1,E,,1.00,GBP",
            "F2,C,CA,1.00,GBP",
        ]

        read = read_rate_cards("\n".join(["code,zone,countries,rate,currency", *rows]), FLAT)

        assert [str(fault) for fault in read.faults] == [
            "row 3, zone: zone 'B' covers CA, as 'A' does; allowed: one zone a place",
            "row 5, zone: zone 'D' covers US, as 'A' does; allowed: one zone a place",
        ]
        assert [it.name for it in read.cards] == ["F2"]

    def test_one_weight_has_one_price(self) -> None:
        read = plain("Box,US,20,1.00", "Box,US,20,2.00")

        assert faults(read) == [
            (
                "row 3, fee: is 2.00 EUR up to 20 g, and row 2 has 1.00 EUR up to 20 g; "
                "allowed: one price for a weight"
            )
        ]

    def test_a_step_needs_something_to_come_on_top_of(self) -> None:
        """Without the row below it the first weights would be all but free."""
        read = plain(
            "Box,US,+10,0.20", "Box,DE,20,1.00", layout=attrs.evolve(PLAIN, heaviest_grams=500)
        )

        assert faults(read) == [
            (
                "row 2, g: comes on top of no lighter row; "
                "allowed: a row in the same zone that holds the first weights"
            )
        ]

    def test_the_heaviest_weight_is_above_every_limit_where_a_row_goes_on_to_it(self) -> None:
        read = plain(
            "Box,US,20,1.00",
            "Box,US,+10,0.20",
            "Box,US,600,9.00",
            layout=attrs.evolve(PLAIN, heaviest_grams=500),
        )

        assert faults(read) == [
            (
                "row 3, g: goes on to 500 g, the heaviest weight of the layout; "
                "allowed: a heaviest weight above the 600 g of row 4"
            )
        ]

    def test_a_row_that_goes_on_is_seen_beside_one_that_says_the_same(self) -> None:
        """Both go up to 500 g, and only one of them says so."""
        rows = ["Box,US,500,1.00", "Box,US,-,1.00", "Box,US,600,9.00"]

        read = plain(*rows, layout=attrs.evolve(PLAIN, heaviest_grams=500))

        assert faults(read) == [
            (
                "row 3, g: goes on to 500 g, the heaviest weight of the layout; "
                "allowed: a heaviest weight above the 600 g of row 4"
            )
        ]

    def test_two_services_do_not_share_a_name(self) -> None:
        """Blanks stand between the parts of a name, and within them."""
        text = "a,b,g,euro\nAir,Mail Plus,20,1.00\nAir Mail,Plus,50,2.00\nSea,Mail,20,1.00"

        read = read_rate_cards(text, attrs.evolve(STAMPS, card=("a", "b")))

        assert [str(fault) for fault in read.faults] == [
            (
                "row 3, a: names the card 'Air Mail Plus' as row 2 does otherwise; "
                "allowed: one card of a name"
            )
        ]
        assert [it.name for it in read.cards] == ["Sea Mail"]

    def test_faults_are_told_in_the_order_of_rows(self) -> None:
        """Although each card is read on its own."""
        read = plain("A,US,20,x", "B,US,20,x", "A,US,50,x", "B,US")

        assert [fault.path for fault in read.faults] == [
            "row 2, fee",
            "row 3, fee",
            "row 4, fee",
            "row 5",
        ]

    def test_after_a_thousand_faults_reading_stops(self) -> None:
        read = plain("A,US,20,1.00", *(f"B{n},US,20,x" for n in range(1200)), "C,US,20,1.00")

        assert len(faults(read)) == 1001
        assert read.faults[999].path == "row 1002, fee"
        assert str(read.faults[1000]) == (
            "sheet: has more than 1000 faults, and reading stopped; allowed: none"
        )

    def test_rows_of_nobody_are_not_told_without_end(self) -> None:
        """A sheet of commas may have very many."""
        read = plain(*([",US,20,1.00"] * 1200))

        assert len(faults(read)) == 1001


class TestSheetsThatAreNone:
    """What is wrong with the whole is told once."""

    def test_missing_columns_are_told_at_once(self) -> None:
        read = read_rate_cards("code,zone,price\nA,World,1.00", FAULTY)

        assert faults(read) == [
            (
                "row 1: has no column 'countries', 'from_kg', 'to_kg', 'rate', 'currency'; "
                "there are 'code, zone, price'"
            )
        ]
        assert read.unread == ("price",)

    def test_a_column_stands_once(self) -> None:
        read = read_rate_cards("item,g,euro,g\nBox,20,1.00,30", STAMPS)

        assert faults(read) == ["row 1, g: is there twice; allowed: a column of one name"]

    def test_columns_without_a_name_are_numbered(self) -> None:
        read = read_rate_cards("item,g,euro,,\nBox,20,1.00,note,", STAMPS)

        assert cost(card(read, "Box"), "NL", 20) == "1.00 EUR"
        assert read.unread == ("column 4", "column 5")

    @pytest.mark.parametrize("text", ["", "\ufeff", "\n\r\n", " \t\n,,\n\xa0\n", '""\n""\n'])
    def test_an_empty_sheet_is_told(self, text: str) -> None:
        assert faults(read_rate_cards(text, STAMPS)) == [
            "sheet: has no rows; allowed: a header and at least one row below it"
        ]

    def test_a_header_alone_is_told(self) -> None:
        read = read_rate_cards("item,g,euro\n", STAMPS)

        assert faults(read) == [
            "sheet: has no rows; allowed: a header and at least one row below it"
        ]

    def test_a_broken_header_is_told(self) -> None:
        read = read_rate_cards('"item"s,g,euro\nBox,20,1.00', STAMPS)

        (fault,) = faults(read)
        assert fault.startswith("row 1: has a quotation mark out of place")

    def test_a_nul_character_is_no_text(self) -> None:
        read = read_rate_cards("item,g,euro\nBox\0,20,1.00", STAMPS)

        assert faults(read) == ["sheet: holds a NUL character; allowed: text"]

    def test_a_sheet_of_fifty_million_characters_is_refused_unread(self) -> None:
        read = read_rate_cards("x" * 50_000_000, STAMPS)

        assert faults(read) == ["sheet: has 50000000 characters; allowed: 2500000"]

    def test_a_sheet_of_too_many_lines_is_refused_unread(self) -> None:
        line = "Box,20,1.00\r\n"

        read = read_rate_cards("item,g,euro\r\n" + line * 25_000, STAMPS)

        assert faults(read) == ["sheet: has 25001 ends of lines; allowed: 25000"]

    def test_a_field_that_is_far_too_long_is_told(self) -> None:
        (fault,) = faults(plain(f"Box,US,20,{'1' * 200_000}"))

        assert fault.startswith("row 2: has a quotation mark out of place, or a field without end")

    def test_bytes_are_no_text(self) -> None:
        with pytest.raises(InvalidTypeError, match="rate sheet is given as bytes"):
            read_rate_cards(b"item,g,euro\n", STAMPS)  # type: ignore[arg-type]  # on purpose

    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    def test_marks_and_line_ends_of_other_systems_are_tolerated(self, ending: str) -> None:
        """And rows of blanks."""
        text = "\ufeff" + sheet("stamps").replace("\n", ending) + f" , ,{ending}{ending}"

        read = read_rate_cards(text, STAMPS)

        assert [it.name for it in read.cards] == ["Letter", "Box"]
        assert read == read_rate_cards(sheet("stamps"), STAMPS)

    def test_blanks_around_a_cell_are_tolerated(self) -> None:
        text = ' item ,g , "euro"\nBox , " 20",  1.00 '

        assert cost(card(read_rate_cards(text, STAMPS), "Box"), "NL", 20) == "1.00 EUR"


class TestWarnings:
    """What can be read and is odd all the same."""

    def test_a_country_by_another_code_is_read_with_a_warning(self) -> None:
        text = 'item,to,at,g,fee\nBox,Zone,"UK,UK,IE",20,1.00'

        read = read_rate_cards(text, attrs.evolve(PLAIN, countries="at"))

        assert cost(card(read, "Box"), "GB", 20) == "1.00 EUR"
        assert [str(doubt) for doubt in read.warnings] == [
            "row 2, at: 'UK' is not assigned in ISO 3166-1 and is read as GB (United Kingdom)"
        ]

    def test_a_repeated_row_counts_once(self) -> None:
        read = plain("Box,US,20,1.00", "Box,US,20g,1.0")

        assert warned(read) == [("row 3", "repeated")]
        assert card(read, "Box") == card(plain("Box,US,20,1.00"), "Box")

    @pytest.mark.parametrize(
        ("lower", "warnings"),
        [
            ("", []),
            ("-", []),
            ("500", []),
            ("501", []),
            ("1000", ["row 3, from: begins at 1000 g, and no row holds 501 g; both cost the same"]),
            ("502", ["row 3, from: begins at 502 g, and no row holds 501 g; both cost the same"]),
            (
                "499",
                ["row 3, from: begins at 499 g, and row 2 holds up to 500 g, whose price counts"],
            ),
        ],
    )
    def test_a_row_begins_where_the_row_below_ends(self, lower: str, warnings: list[str]) -> None:
        """Either at the same weight or at the next gram."""
        text = f"item,from,g,euro\nBox,0,500,1.00\nBox,{lower},1000,2.00"

        read = read_rate_cards(text, attrs.evolve(STAMPS, lower="from"))

        assert [str(doubt) for doubt in read.warnings] == warnings
        assert cost(card(read, "Box"), "NL", 501) == "2.00 EUR"

    @pytest.mark.parametrize(("lightest", "codes"), [(9, ["gap"]), (10, []), (11, [])])
    def test_the_first_row_begins_at_the_lightest_weight(
        self, lightest: int, codes: list[str]
    ) -> None:
        """Else the sheet may lack the rows for what is lighter."""
        text = "item,from,g,euro\nBox,10,500,1.00"

        read = read_rate_cards(text, attrs.evolve(STAMPS, lower="from", lightest_grams=lightest))

        assert [doubt.code for doubt in read.warnings] == codes

    def test_a_row_that_begins_above_its_limit_is_a_fault(self) -> None:
        """Somebody mixed the two columns up."""
        text = "item,from,g,euro\nBox,500,20,1.00"

        assert faults(read_rate_cards(text, attrs.evolve(STAMPS, lower="from"))) == [
            "row 2, from: begins at 500 g, above its limit; allowed: up to 20 g"
        ]


class TestLayouts:
    """A layout that no sheet could have is refused before anything is read."""

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            (
                lambda: attrs.evolve(PLAIN, card=()),
                "layout 'card' has no name; allowed: a `name`, or columns of `card`",
            ),
            (lambda: attrs.evolve(PLAIN, card=("item", "")), "layout 'card' names no column"),
            (lambda: attrs.evolve(PLAIN, price=""), "layout 'price' names no column"),
            (lambda: attrs.evolve(PLAIN, currency=""), "layout 'currency' names no column"),
            (lambda: attrs.evolve(PLAIN, zone=""), "layout 'zone' names no column"),
            (
                lambda: attrs.evolve(PLAIN, zone=EVERYWHERE),
                "layout 'zone' is fixed; allowed: neither `zones` nor",
            ),
            (
                lambda: attrs.evolve(PLAIN, countries=""),
                "layout 'zone' is nowhere; allowed: `zones` by label, or",
            ),
            (lambda: attrs.evolve(PLAIN, separator=""), "layout 'separator' is empty"),
            (
                lambda: attrs.evolve(PLAIN, weight=""),
                "layout 'weight' has no limit; allowed: a column of `weight`, or",
            ),
            (
                lambda: attrs.evolve(PLAIN, valid_until=START),
                "layout 'valid_until' is early; allowed: after 2026-01-01",
            ),
            (
                lambda: attrs.evolve(PLAIN, heaviest_grams=0),
                "heaviest weight in grams 0 is out of range",
            ),
            (
                lambda: attrs.evolve(PLAIN, lightest_grams=0),
                "lightest weight in grams 0 is out of range",
            ),
            (
                lambda: attrs.evolve(PLAIN, heaviest_grams=20, lightest_grams=21),
                "lightest weight in grams 21 is out of range; allowed: 1 to 20",
            ),
        ],
    )
    def test_a_layout_says_what_a_sheet_can_have(
        self, change: Callable[[], Layout], problem: str
    ) -> None:
        with pytest.raises(InvalidValueError) as caught:
            change()

        assert str(caught.value).startswith(problem)

    def test_a_weight_is_no_float(self) -> None:
        with pytest.raises(InvalidTypeError, match="heaviest weight in grams is given as float"):
            attrs.evolve(PLAIN, heaviest_grams=0.5)  # type: ignore[arg-type]  # on purpose

    def test_a_layout_is_a_value(self) -> None:
        """What is put into it later does not change it."""
        zones = {"Near": NEAR}
        layout = attrs.evolve(LETTERS, zones=zones)

        zones["Far"] = EVERYWHERE

        assert dict(layout.zones) == {"Near": NEAR}
        assert hash(layout) == hash(attrs.evolve(LETTERS, zones={"Near": NEAR}))
