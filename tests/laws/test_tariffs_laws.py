"""Laws of prices, and of the sheets that rate cards are read from.

* A price is never negative, and no line of it is.
* The lines add up to the total.
* The order of bands is irrelevant: the cards are equal, and so is every price.
* A parcel gets cheaper by getting heavier only at the weights that `falls` names, and at all of them.
* Each band comes on top of the one below, as a plain recursion says.
* Above the heaviest weight there is no price; a missing rate is never zero.
* Every price of a sheet comes out as listed, in whatever order and however often it is listed.
* No card is delivered that a fault is about, and no other is kept back.
* Whatever a sheet holds, the reader raises nothing.
"""

from collections.abc import Sequence

from hypothesis import assume, example, given
from hypothesis import strategies as st

from apaclogistics.interop.rate_sheets import (
    Layout,
    RateSheet,
    WeightUnit,
    read_rate_cards,
)
from apaclogistics.rate_cards import Band, Insurance, Percent, PercentOf, RateCard, Surcharge
from apaclogistics.tariffs import Price, Unpriced, price_of
from apaclogistics.values.instants import instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, Weight
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone

START = instant("2026-01-01T00:00:00Z")
HK, US, DE = (Country(code) for code in ("HK", "US", "DE"))
ZONES = (Zone("near", frozenset({HK})), Zone("far", frozenset({US})), Zone("rest"))
HEAVIEST = 200

grams = st.integers(1, HEAVIEST)
names = st.sampled_from([zone.name for zone in ZONES])
countries = st.sampled_from([HK, US, DE])
amounts = st.builds(Money, st.integers(0, 10**6), st.just("USD"))
percents = st.decimals(0, 100, places=2)
bands = st.builds(Band, names, grams, amounts, each_grams=st.none() | st.integers(1, HEAVIEST))
# Without a discount on the volumetric weight, which lets a parcel get cheaper by itself.
rules = st.builds(
    WeightRule,
    divisor=st.none() | st.integers(1000, 10_000),
    from_side_mm=st.integers(0, 60),
    least_grams=st.integers(1, 50),
    step_grams=st.integers(1, 50),
)
surcharges = st.builds(
    Surcharge,
    name=st.just("fuel"),
    charge=amounts | st.builds(Percent, percents, st.sampled_from(PercentOf)),
    zones=st.lists(st.sampled_from(ZONES), max_size=2, unique=True).map(tuple),
)
insurances = st.builds(
    Insurance, percent=percents, least=amounts, most_insured=st.just(Money(10**6, "USD"))
)
# A rate in every zone for every weight, so that most parcels have a price.
tops = st.tuples(
    *(st.builds(Band, st.just(zone.name), st.just(HEAVIEST), amounts) for zone in ZONES)
)
worths = amounts.filter(lambda money: money.minor > 0)
cards = st.builds(
    RateCard,
    name=st.just("card"),
    rule=rules,
    zones=st.just(ZONES),
    bands=st.tuples(tops, st.lists(bands, max_size=8)).map(lambda pair: (*pair[0], *pair[1])),
    minimum=st.none() | amounts,
    surcharges=st.lists(surcharges, max_size=3).map(tuple),
    insurance=insurances,
    valid_from=st.just(START),
)
plain_cards = st.builds(
    RateCard,
    name=st.just("card"),
    zones=st.just(ZONES),
    bands=st.lists(bands, min_size=1, max_size=8).map(tuple),
    valid_from=st.just(START),
)
sides = st.integers(1, 60)
dimensions = st.builds(Dimensions, sides, sides, sides)


def ask(
    card: RateCard,
    country: Country,
    weight: int,
    sides: Dimensions | None = None,
    insured: Money | None = None,
) -> Price | Unpriced:
    return price_of(
        card,
        country=country,
        postal_code="",
        weight=Weight(weight),
        dimensions=sides,
        insured=insured,
        at=START,
    )


def price(answer: Price | Unpriced) -> Price:
    """Go on with what has a price only."""
    assume(isinstance(answer, Price))
    assert isinstance(answer, Price)
    return answer


@given(cards, countries, grams, dimensions, st.none() | worths)
def test_a_price_is_never_negative(
    card: RateCard, country: Country, weight: int, box: Dimensions, insured: Money | None
) -> None:
    asked = price(ask(card, country, weight, box, insured))

    assert asked.total.minor >= 0
    assert all(line.amount.minor >= 0 for line in asked.lines)


@given(cards, countries, grams, dimensions, st.none() | worths)
def test_the_lines_add_up_to_the_total(
    card: RateCard, country: Country, weight: int, box: Dimensions, insured: Money | None
) -> None:
    asked = price(ask(card, country, weight, box, insured))

    assert asked.total.minor == sum(line.amount.minor for line in asked.lines)
    assert {line.amount.currency for line in asked.lines} == {card.currency}


@given(plain_cards, countries, grams, st.data())
def test_the_order_of_bands_is_irrelevant(
    card: RateCard, country: Country, weight: int, data: st.DataObject
) -> None:
    shuffled = RateCard(
        name="card",
        zones=ZONES,
        bands=tuple(data.draw(st.permutations(card.bands))),
        valid_from=START,
    )

    assert shuffled == card
    assert ask(shuffled, country, weight) == ask(card, country, weight)


@given(cards, countries, grams, grams, dimensions)
def test_a_heavier_parcel_costs_no_less_but_where_the_card_falls(
    card: RateCard, country: Country, one: int, other: int, box: Dimensions
) -> None:
    """Charged by whichever weight, with surcharges and a minimum."""
    light, heavy = sorted([one, other])
    less, more = (price(ask(card, country, weight, box)) for weight in (light, heavy))
    charged = range(less.chargeable.grams, more.chargeable.grams)
    assume(not any(zone == less.zone and at in charged for zone, at in card.falls()))

    assert less.chargeable.grams <= more.chargeable.grams
    assert less.total <= more.total


@example(
    RateCard(
        name="card",
        zones=ZONES,
        bands=(Band("rest", 10, Money(5, "USD")), Band("rest", 20, Money(4, "USD"))),
        valid_from=START,
    )
)
@given(plain_cards)
def test_a_card_names_every_weight_at_which_it_falls(card: RateCard) -> None:
    """Asked gram by gram."""
    asked = [
        (zone.name, at)
        for zone in ZONES
        for at in range(1, card.heaviest(zone))
        if card.freight(zone, at + 1) < card.freight(zone, at)
    ]

    assert list(card.falls()) == asked


def costed(bands: Sequence[Band], weight: int) -> int:
    """Price a weight from the bands of one zone, from the heaviest down."""
    if weight == 0:
        return 0
    end = min(band.up_to_grams for band in bands if band.up_to_grams >= weight)
    start = max((band.up_to_grams for band in bands if band.up_to_grams < weight), default=0)
    prices = [
        band.price.minor
        if band.each_grams is None
        else costed(bands, start) + band.price.minor * -((start - weight) // band.each_grams)
        for band in bands
        if band.up_to_grams == end
    ]
    return min(prices)


@given(plain_cards, st.sampled_from(ZONES), grams)
def test_a_band_of_steps_comes_on_top_of_the_one_below(
    card: RateCard, zone: Zone, weight: int
) -> None:
    assume(weight <= card.heaviest(zone))

    freight = card.freight(zone, weight)

    assert freight.minor == costed([it for it in card.bands if it.zone == zone.name], weight)


@given(plain_cards, countries, st.integers(1, 10**9))
def test_above_the_heaviest_weight_there_is_no_price(
    card: RateCard, country: Country, weight: int
) -> None:
    """A missing rate is a reason, and never zero."""
    zone = card.zone_of(country, "")
    assert zone is not None

    answer = ask(card, country, weight)

    if weight <= card.heaviest(zone):
        assert isinstance(answer, Price)
    else:
        assert isinstance(answer, Unpriced)
        assert [reason.code for reason in answer.reasons] == ["no_rate"]


LAYOUT = Layout(
    card="card",
    zone="zone",
    zones={zone.name: zone for zone in ZONES},
    countries="countries",
    weight="grams",
    unit=WeightUnit.GRAMS,
    heaviest_grams=HEAVIEST,
    price="price",
    currency="currency",
    valid_from=START,
)
HEADER = "card,zone,countries,grams,price,currency"
PLACES = {"near": HK, "far": US, "rest": DE}

prices = st.integers(1, 10**6).map(lambda minor: str(Money(minor, "USD").amount))
# Card, zone and weight of each row, with its price.
listings = st.dictionaries(
    st.tuples(st.sampled_from(["A", "B"]), names, grams), prices, min_size=1, max_size=10
)
# What makes sense in a column, and what does not.
sound_rows = st.tuples(
    st.sampled_from(["A", "B"]),
    st.sampled_from(["near", "far", "rest", "Asia"]),
    st.sampled_from(["", '"SG,JP"', "SG"]),
    st.sampled_from(["20", "50", "100", "+10", "-"]),
    st.sampled_from(["1.00", "2.00"]),
    st.sampled_from(["USD", "EUR"]),
).map(",".join)
any_cells = st.text(st.sampled_from("A\"',\r\n\t \x00-.0129+<=gkUSDK€\ufeff"), max_size=8)
any_rows = sound_rows | st.lists(any_cells, max_size=7).map(",".join)


def read(rows: Sequence[str]) -> RateSheet:
    return read_rate_cards("\n".join([HEADER, *rows]), LAYOUT)


@given(listings, st.data())
def test_every_price_of_a_sheet_comes_out_as_listed(
    listed: dict[tuple[str, str, int], str], data: st.DataObject
) -> None:
    """In whatever order the rows stand, and however often."""
    rows = [f"{card},{zone},,{up_to},{price},USD" for (card, zone, up_to), price in listed.items()]
    again = data.draw(st.lists(st.sampled_from(rows), max_size=3))

    sheet = read(data.draw(st.permutations([*rows, *again])))

    assert sheet.faults == ()
    on = {card.name: card for card in sheet.cards}
    for (card, zone, up_to), listed_price in listed.items():
        assert str(price(ask(on[card], PLACES[zone], up_to)).total) == f"{listed_price} USD"


@given(st.lists(sound_rows, max_size=8), st.data())
def test_the_order_of_rows_is_irrelevant_to_the_cards(rows: list[str], data: st.DataObject) -> None:
    """Those that come out are the same, and so are those that are kept back."""
    shuffled = data.draw(st.permutations(rows))

    assert sorted(read(shuffled).cards, key=str) == sorted(read(rows).cards, key=str)


@given(st.lists(sound_rows, min_size=1, max_size=8))
def test_a_card_is_kept_back_if_and_only_if_a_row_of_it_is_bad(rows: list[str]) -> None:
    sheet = read(rows)

    # "row 2, price" is the first row below the header, and begins with the card's name.
    bad = {
        rows[int(fault.path.split(",")[0].removeprefix("row ")) - 2][0] for fault in sheet.faults
    }
    assert {card.name for card in sheet.cards} == {row[0] for row in rows} - bad


@given(st.lists(any_rows, max_size=8))
def test_a_reader_raises_nothing_whatever_the_rows_hold(rows: list[str]) -> None:
    """It says something of them, and what would be allowed."""
    sheet = read(rows)

    assert sheet.cards or sheet.faults
    assert all("allowed: " in fault.problem for fault in sheet.faults)


@given(st.text(max_size=200))
def test_a_reader_raises_nothing_whatever_the_text(text: str) -> None:
    sheet = read_rate_cards(text, LAYOUT)

    assert sheet.cards == ()
    assert sheet.faults
