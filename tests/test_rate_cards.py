"""The published rate cards beside the project come out as they are listed.

Each file is read a second time here, plainly, and every row of it is asked for: at its upper limit,
and just above the limit of the row below.  The steps that two posts give in words are written out by
hand.  The indicative cards of a fourth kind, whose prices are all zero, are refused row by row.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal

import attrs
import pytest

from apaclogistics.interop.rate_sheets import (
    Layout,
    RateSheet,
    WeightUnit,
    Zeros,
    read_rate_cards,
)
from apaclogistics.rate_cards import RateCard
from apaclogistics.tariffs import Price, Unpriced, price_of
from apaclogistics.values.money import Currency
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight
from apaclogistics.values.zones import Zone
from tests.real_data import DATA, with_data

pytestmark = with_data

FOLDER = DATA / "rate_cards"
# Where a cell lists no country, the card is everywhere; no file names this one.
ELSEWHERE = "BR"


def zone(name: str, codes: str = "") -> Zone:
    """Give a zone; of no countries, everywhere."""
    return Zone(name, frozenset(Country(code) for code in codes.split()))


KARRIO = Layout(
    card=("service_code", "service_name"),
    zone="zone_label",
    countries="country_codes",
    heaviest_grams=30_000,
    price="rate",
    currency="currency",
    valid_from="2026-01-01T00:00:00Z",
)
BY_WEIGHT = attrs.evolve(
    KARRIO,
    weight="max_weight",
    lower="min_weight",
    unit=WeightUnit.KILOGRAMS,
    heaviest_grams=None,
    lightest_grams=10,
)
# The zones are examples of where such a label may lie; the sheets do not list their countries.
HONG_KONG = Layout(
    card=("service", "format"),
    zone="zone",
    zones={
        "Mainland+Taiwan": zone("0", "CN TW"),
        "Zone1 Asia ex Japan": zone("1", "SG MY TH KR"),
        "Zone2 Japan Oceania Europe N America": zone("2", "JP AU NZ DE FR GB US CA"),
        "Zone3 rest": zone("3"),
    },
    weight="weight_step",
    price="price",
    currency="currency",
    valid_from="2026-01-01T00:00:00+08:00",
)
SINGAPORE = Layout(
    card="item",
    zone="zone",
    zones={
        "Zone1 Malaysia Brunei": zone("1", "MY BN"),
        "Zone2 Asia Pacific ex AU JP NZ": zone("2", "CN HK TH PH"),
        "Zone3 rest incl AU JP NZ": zone("3"),
        "all": zone("all"),
    },
    weight="up_to_g",
    unit=WeightUnit.GRAMS,
    # Source: UPU Convention, basic services: letters and small packets go up to 2 kg.
    heaviest_grams=2000,
    price="price",
    currency="currency",
    valid_from="2018-01-01T00:00:00+08:00",
)
NETHERLANDS = Layout(
    card="item",
    zone=zone("Netherlands", "NL"),
    weight="max_g",
    unit=WeightUnit.GRAMS,
    price="price_eur",
    currency=Currency("EUR"),
    valid_from="2022-01-01T00:00:00+01:00",
    valid_until="2023-01-01T00:00:00+01:00",
)
LAYOUTS = {
    "karrio_australiapost_services": BY_WEIGHT,
    "karrio_dhl_parcel_de_services": BY_WEIGHT,
    "karrio_landmark_services": KARRIO,
    "karrio_sendle_services": BY_WEIGHT,
    "hongkong_post_air_mail": HONG_KONG,
    "singpost_airmail_2018": SINGAPORE,
    "postnl_2022": NETHERLANDS,
}
# Where the labels of a sheet say no countries, one that lies there.
WITHIN = {
    "Mainland+Taiwan": "TW",
    "Zone1 Asia ex Japan": "KR",
    "Zone2 Japan Oceania Europe N America": "US",
    "Zone3 rest": ELSEWHERE,
    "Zone1 Malaysia Brunei": "BN",
    "Zone2 Asia Pacific ex AU JP NZ": "PH",
    "Zone3 rest incl AU JP NZ": "JP",
    "all": "JP",
}

each_sheet = pytest.mark.parametrize("name", LAYOUTS)


@attrs.frozen(kw_only=True)
class Row:
    """What a row of a file says plainly: a price above one weight and up to another, in grams."""

    card: str
    country: str
    above: int
    up_to: int
    price: str


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.csv").read_text(encoding="utf-8")


def read(name: str) -> RateSheet:
    return read_rate_cards(text_of(name), LAYOUTS[name])


def cards(name: str) -> dict[str, RateCard]:
    return {card.name: card for card in read(name).cards}


def cells_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text_of(name).splitlines()))


def amount(cells: dict[str, str], layout: Layout) -> str:
    """Give what a file lists as a price, with its currency and two decimals."""
    unit = layout.currency if isinstance(layout.currency, Currency) else cells[layout.currency]
    return f"{Decimal(cells[layout.price]):.2f} {unit}"


def limit(cells: dict[str, str], layout: Layout) -> int | None:
    """Give the upper limit of a row in grams, None for what is said in words."""
    written = cells[layout.weight].removeprefix("<=").removesuffix("g") if layout.weight else "-"
    if written == "-":
        return layout.heaviest_grams
    if not written.replace(".", "").isdecimal():
        return None
    return int(Decimal(written) * (1000 if layout.unit is WeightUnit.KILOGRAMS else 1))


def countries(cells: dict[str, str], layout: Layout) -> list[str]:
    """Give every country that a row lists, else one that lies in its zone."""
    if isinstance(layout.zone, Zone):
        return ["NL"]
    if layout.countries:
        return (cells[layout.countries] or ELSEWHERE).split(",")
    return [WITHIN[cells[layout.zone]]]


def rows(name: str) -> Iterator[Row]:
    """Give every row of a file that states its limit in figures, once for each country."""
    layout, below = LAYOUTS[name], dict[tuple[str, str], int]()
    for cells in cells_of(name):
        up_to = limit(cells, layout)
        if up_to is None:
            continue
        card = " ".join(cells[column] for column in layout.card)
        for country in countries(cells, layout):
            yield Row(
                card=card,
                country=country,
                above=below.get((card, country), 0),
                up_to=up_to,
                price=amount(cells, layout),
            )
            below[card, country] = up_to


def cost(card: RateCard, country: str, grams: int) -> str:
    """Give a price, or the codes of the reasons why there is none."""
    answer = price_of(
        card,
        country=Country(country),
        postal_code="",
        weight=Weight(grams),
        dimensions=None,
        at=card.valid_from,
    )
    match answer:
        case Price():
            return str(answer.total)
        case Unpriced(reasons):
            return ", ".join(reason.code for reason in reasons)


@each_sheet
def test_every_sheet_is_read_without_a_fault_or_a_doubt(name: str) -> None:
    sheet = read(name)

    assert (sheet.faults, sheet.warnings) == ((), ())


def test_every_file_that_holds_prices_is_read() -> None:
    """The two others hold rules and limits in words; a third has prices of zero only."""
    files = {path.stem for path in FOLDER.glob("*.csv")}

    others = {"apg_weight_dimension_limits", "speedpak_au_billing_rules"}
    assert files == {*LAYOUTS, "karrio_asendia_services"} | others


@pytest.mark.parametrize(
    ("name", "count", "prices"),
    [
        ("karrio_australiapost_services", 10, 58),
        ("karrio_dhl_parcel_de_services", 5, 18),
        ("karrio_landmark_services", 11, 49),
        ("karrio_sendle_services", 3, 18),
        ("hongkong_post_air_mail", 3, 32),
        ("singpost_airmail_2018", 3, 21),
        ("postnl_2022", 3, 8),
    ],
)
def test_no_row_of_a_sheet_is_lost(name: str, count: int, prices: int) -> None:
    """Each price of the file is a band on a card."""
    found = cards(name).values()

    assert len(cells_of(name)) == prices
    assert (len(found), sum(len(card.bands) for card in found)) == (count, prices)


@each_sheet
def test_every_price_comes_out_as_listed(name: str) -> None:
    """At the limit of its row, and one gram above the limit of the row below."""
    found = cards(name)
    listed = list(rows(name))

    assert len(listed) >= 8
    assert [(row, cost(found[row.card], row.country, row.up_to)) for row in listed] == [
        (row, row.price) for row in listed
    ]
    assert [(row, cost(found[row.card], row.country, row.above + 1)) for row in listed] == [
        (row, row.price) for row in listed
    ]


@each_sheet
def test_one_gram_above_the_heaviest_has_no_price(name: str) -> None:
    """It is refused by name, and never costs zero."""
    for card in cards(name).values():
        for on in card.zones:
            country = min(on.countries, default=Country(ELSEWHERE)).code

            assert cost(card, country, card.heaviest(on)) != "no_rate"
            assert cost(card, country, card.heaviest(on) + 1) == "no_rate"


@pytest.mark.parametrize(
    ("country", "grams", "price"),
    [
        ("CN", 50, "9.90 HKD"),
        ("CN", 51, "11.60 HKD"),
        ("CN", 60, "11.60 HKD"),
        ("CN", 61, "13.30 HKD"),
        ("CN", 500, "86.40 HKD"),
        ("CN", 501, "no_rate"),
        ("SG", 100, "22.00 HKD"),
        ("SG", 101, "24.00 HKD"),
        ("SG", 500, "102.00 HKD"),
        ("US", 55, "15.70 HKD"),
        ("US", 71, "19.90 HKD"),
        ("US", 500, "108.10 HKD"),
        (ELSEWHERE, 500, "113.30 HKD"),
        (ELSEWHERE, 501, "no_rate"),
    ],
)
def test_large_letters_from_hong_kong_by_each_further_ten_grams(
    country: str, grams: int, price: str
) -> None:
    """50 g, and for each started 10 g above them so much more: 45 times up to 500 g."""
    card = cards("hongkong_post_air_mail")["air mail large_letter"]

    assert cost(card, country, grams) == price


@pytest.mark.parametrize(
    ("item", "country", "grams", "price"),
    [
        ("letter", "MY", 100, "1.10 SGD"),
        ("letter", "MY", 101, "2.20 SGD"),
        ("letter", "MY", 200, "2.20 SGD"),
        ("letter", "MY", 201, "3.30 SGD"),
        ("letter", "MY", 2000, "22.00 SGD"),
        ("letter", "HK", 21, "0.95 SGD"),
        ("letter", "HK", 30, "0.95 SGD"),
        ("letter", "HK", 31, "1.20 SGD"),
        ("letter", "HK", 100, "2.70 SGD"),
        ("letter", "JP", 25, "1.65 SGD"),
        ("letter", "JP", 2000, "70.60 SGD"),
        ("letter", "JP", 2001, "no_rate"),
        ("small_packet", "BN", 501, "6.30 SGD"),
        ("small_packet", "BN", 600, "6.30 SGD"),
        ("small_packet", "BN", 601, "7.40 SGD"),
        ("small_packet", "BN", 2000, "21.70 SGD"),
        ("small_packet", "CN", 2000, "49.50 SGD"),
        ("small_packet", "DE", 501, "20.50 SGD"),
        ("small_packet", "DE", 2000, "69.50 SGD"),
        ("small_packet", "DE", 2001, "no_rate"),
        ("registration_fee", "DE", 1, "2.50 SGD"),
        ("registration_fee", "MY", 2000, "2.50 SGD"),
    ],
)
def test_air_mail_from_singapore_by_steps_without_an_end(
    item: str, country: str, grams: int, price: str
) -> None:
    """The steps go on to 2 kg, the registration fee holds for any weight."""
    assert cost(cards("singpost_airmail_2018")[item], country, grams) == price


def test_prices_of_zero_are_refused_row_by_row() -> None:
    """The sheet is a form to fill in; nobody carries twelve services for nothing."""
    name = "karrio_asendia_services"
    sheet = read_rate_cards(text_of(name), BY_WEIGHT)

    assert sheet.cards == ()
    assert [str(fault) for fault in sheet.faults] == [
        f"row {number}, rate: price '0.00 EUR' is zero; "
        "allowed: above zero, or `Zeros.FREE` in the layout where zero means free"
        for number in range(2, 14)
    ]


def test_prices_of_zero_are_read_when_told_that_they_mean_free() -> None:
    text = text_of("karrio_asendia_services")

    sheet = read_rate_cards(text, attrs.evolve(BY_WEIGHT, zeros=Zeros.FREE))

    assert (len(sheet.cards), sheet.faults) == (12, ())
    assert {cost(card, "FR", 1000) for card in sheet.cards} == {"0.00 EUR"}


def falls(card: RateCard) -> list[tuple[str, int]]:
    """List the zones and the weights above which a parcel gets cheaper, by asking for prices.

    Every gram up to 2 kg is asked for, and every limit; between limits a price stays or rises.
    """
    return [
        (on.name, grams)
        for on in card.zones
        for grams in sorted({*range(1, 2000), *(band.up_to_grams for band in card.bands)})
        if grams < card.heaviest(on) and card.freight(on, grams + 1) < card.freight(on, grams)
    ]


# The file, card, zone and grams at which a published card gets cheaper.  There is none.
GETS_CHEAPER: list[tuple[str, str, str, int]] = []


def test_the_weights_at_which_a_published_card_gets_cheaper_are_known() -> None:
    """Everywhere else the price is monotone in weight."""
    read_cards = [(name, card) for name in LAYOUTS for card in read(name).cards]

    stated = [(name, card.name, *fall) for name, card in read_cards for fall in card.falls()]
    asked = [(name, card.name, *fall) for name, card in read_cards for fall in falls(card)]

    assert stated == asked == GETS_CHEAPER


def test_a_card_that_gets_cheaper_would_be_found() -> None:
    """The sheet of the Netherlands, with the prices of two rows exchanged."""
    text = (
        text_of("postnl_2022").replace("50,1.92", "50,2.88", 1).replace("100,2.88", "100,1.92", 1)
    )

    (letter, *_) = read_rate_cards(text, NETHERLANDS).cards

    assert list(letter.falls()) == falls(letter) == [("Netherlands", 50)]
