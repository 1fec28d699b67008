"""The catalogue: published rules, each with its source, its dates and its limits on both sides.

Figures are those of the sources, written out; where the real inputs are here they are compared with
them as well.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from fractions import Fraction
from itertools import product
from math import ceil
from types import ModuleType
from typing import Final

import attrs
import pytest

from apaclogistics.catalogue import (
    Published,
    couriers,
    edis,
    in_force,
    inquiries,
    low_values,
    seller_standards,
    small_packets,
    speedpak,
)
from apaclogistics.catalogue.couriers import COURIER
from apaclogistics.catalogue.edis import ADDRESS_LIMITS, PICK_UP_TIMES, REQUIREMENTS
from apaclogistics.catalogue.hongkong_post import E_EXPRESS_LOSS
from apaclogistics.catalogue.inquiries import EBAY_ITEM_NOT_RECEIVED
from apaclogistics.catalogue.low_values import EU27, LOW_VALUE_LIMITS
from apaclogistics.catalogue.seller_standards import (
    LATE_SHIPMENT_UK_2016,
    TRACKED_BELOW_10_USD_INDIA_2020,
    TRACKED_FROM_10_USD_INDIA_2020,
    TRACKED_TOP_RATED_2014,
)
from apaclogistics.catalogue.small_packets import SMALL_PACKET
from apaclogistics.catalogue.speedpak import (
    AUSTRALIA_ECONOMY_WEIGHT,
    AUSTRALIA_LIMITS,
    AUSTRALIA_SECOND_BILLING_WEIGHT,
    AUSTRALIA_STANDARD_WEIGHT,
    EXCLUDED,
    JAPAN_ECONOMY_LIMITS,
    JAPAN_ECONOMY_WEIGHT,
    MAINLAND_CHINA_WEIGHT,
    PACKAGE,
    PAK,
)
from apaclogistics.compensation import ClaimKind, Facts, Figure, Worth, assess
from apaclogistics.consignments import Parcel
from apaclogistics.errors import InvalidValueError, NotFoundError
from apaclogistics.fulfilment import Phase
from apaclogistics.offers import Carriage, Coverage, Offer
from apaclogistics.performance import Performance, Share
from apaclogistics.quotes import Almanac, Quote, QuoteRefused, quote
from apaclogistics.rate_cards import Band, RateCard
from apaclogistics.restrictions import Limits
from apaclogistics.scorecards import Scorecard, Standard, rating
from apaclogistics.values.calendars import ListedCalendar
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import ListingId, ListingVersion, ParcelId, QuoteId
from apaclogistics.values.instants import instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country, Destination
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone, zone_of
from tests.real_data import DATA, with_data
from tests.samples import day, offer

MODULES: Final = (couriers, edis, inquiries, low_values, seller_standards, small_packets, speedpak)
NOON: Final = instant("2026-08-03T03:00:00Z")

NEW_YORK = Destination(country="US", postal_code="10001", zone_name="America/New_York")
HONOLULU = Destination(country="US", postal_code="96815", zone_name="Pacific/Honolulu")
LONDON = Destination(country="GB", postal_code="SW1A 1AA", zone_name="Europe/London")
SYDNEY = Destination(country="AU", postal_code="2000", zone_name="Australia/Sydney")
PARIS = Destination(country="FR", postal_code="75001", zone_name="Europe/Paris")
BERLIN = Destination(country="DE", postal_code="10115", zone_name="Europe/Berlin")
STOCKHOLM = Destination(country="SE", postal_code="111 20", zone_name="Europe/Stockholm")
SMALL = (100, 100, 100)


def published(module: ModuleType) -> Iterator[Published[object]]:
    """Give every published rule of a module."""
    for value in vars(module).values():
        for rule in value if isinstance(value, tuple) else (value,):
            if isinstance(rule, Published):
                yield rule


ALL: Final = [rule for module in MODULES for rule in published(module)]


def edition(number: int, first: date | None, last: date | None = None) -> Published[int]:
    """Give one edition of a rule."""
    return Published(
        name="rule",
        rule=number,
        source="an example",
        effective_from=first,
        effective_through=last,
    )


class TestPublished:
    """A rule that somebody published."""

    @pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
    def test_every_rule_has_a_name_and_a_source(self, rule: Published[object]) -> None:
        """Nothing stands in the catalogue because somebody thought so."""
        assert rule.name.strip()
        assert rule.source.strip()

    def test_the_catalogue_holds_what_is_promised(self) -> None:
        """SpeedPAK's weights and limits, small packets, low values, standards of sellers."""
        assert sorted(rule.name for rule in ALL) == [
            "PACKAGE",
            "PAK",
            "SpeedPAK Economy from Japan, chargeable weight",
            "SpeedPAK Economy from Japan, limits by zone",
            "SpeedPAK from mainland China, chargeable weight",
            "SpeedPAK to Australia, Economy and Light, first billing",
            "SpeedPAK to Australia, Standard, first billing",
            "SpeedPAK to Australia, limits of Standard and Economy",
            "SpeedPAK to Australia, second billing",
            "goods into Australia with GST collected at the point of sale",
            "goods into the European Union with VAT collected by IOSS",
            "goods into the United Kingdom with VAT collected at the point of sale",
            "items not received on eBay",
            "late shipments of sellers in the United Kingdom",
            "postal small packet",
            "tracking uploaded and validated, items below 10 USD, sellers in India",
            "tracking uploaded and validated, items from 10 USD, sellers in India",
            "tracking uploaded and validated, top-rated sellers",
        ]

    def test_a_rule_without_a_source_is_none(self) -> None:
        """Whoever says so has to say who says so."""
        with pytest.raises(InvalidValueError, match=r"^published rule 'rule' names no source$"):
            Published(name="rule", rule=1, source="")

    def test_a_rule_does_not_end_before_it_begins(self) -> None:
        """A rule of one day is one."""
        with pytest.raises(InvalidValueError) as refused:
            edition(1, date(2026, 1, 2), date(2026, 1, 1))

        assert str(refused.value) == (
            "published rule 'rule' ends on 2026-01-01; allowed: from 2026-01-02"
        )
        assert edition(1, date(2026, 1, 2), date(2026, 1, 2)).is_in_force(date(2026, 1, 2))

    @pytest.mark.parametrize(
        ("first", "last", "day", "holds"),
        [
            (None, None, date.min, True),
            (None, None, date.max, True),
            (date(2026, 1, 2), None, date(2026, 1, 1), False),
            (date(2026, 1, 2), None, date(2026, 1, 2), True),
            (None, date(2026, 1, 2), date(2026, 1, 2), True),
            (None, date(2026, 1, 2), date(2026, 1, 3), False),
        ],
    )
    def test_both_days_are_included(
        self, first: date | None, last: date | None, day: date, *, holds: bool
    ) -> None:
        """A bound that the source does not state is none."""
        assert edition(1, first, last).is_in_force(day) is holds

    def test_the_edition_of_a_day_is_the_latest_in_force(self) -> None:
        """Two editions: the second begins while the first still runs, and ends."""
        first = edition(1, date(2020, 1, 1))
        second = edition(2, date(2026, 7, 30), date(2026, 12, 31))

        for editions in ([first, second], [second, first]):
            assert in_force(editions, date(2026, 7, 29)) is first
            assert in_force(editions, date(2026, 7, 30)) is second
            assert in_force(iter(editions), date(2026, 12, 31)) is second
            assert in_force(editions, date(2027, 1, 1)) is first

    def test_an_edition_that_states_no_beginning_is_the_oldest(self) -> None:
        """Whatever begins later goes before it."""
        open_ended, later = edition(1, None), edition(2, date(1900, 1, 1))

        assert in_force([open_ended, later], date(2026, 1, 1)) is later
        assert in_force([open_ended, later], date(1899, 12, 31)) is open_ended

    def test_before_the_first_edition_there_is_no_rule(self) -> None:
        """Nothing is guessed."""
        with pytest.raises(NotFoundError, match=r"^no published rule is stored under"):
            in_force([MAINLAND_CHINA_WEIGHT], date(2019, 12, 31))
        with pytest.raises(NotFoundError, match="published rule"):
            in_force([], date(2026, 1, 1))

    @pytest.mark.parametrize(
        ("rule", "first"),
        [
            (MAINLAND_CHINA_WEIGHT, date(2020, 1, 1)),
            (JAPAN_ECONOMY_WEIGHT, date(2026, 7, 30)),
            (JAPAN_ECONOMY_LIMITS, date(2026, 7, 30)),
            (AUSTRALIA_STANDARD_WEIGHT, date(2024, 2, 1)),
            (AUSTRALIA_ECONOMY_WEIGHT, date(2024, 2, 1)),
            (AUSTRALIA_SECOND_BILLING_WEIGHT, date(2024, 2, 1)),
            (AUSTRALIA_LIMITS, date(2024, 2, 1)),
            (LOW_VALUE_LIMITS[0], date(2021, 7, 1)),
            (LOW_VALUE_LIMITS[1], date(2021, 1, 1)),
            (LOW_VALUE_LIMITS[2], date(2018, 7, 1)),
        ],
        ids=lambda it: str(it) if isinstance(it, date) else None,
    )
    def test_a_rule_holds_from_its_published_day_on(
        self, rule: Published[object], first: date
    ) -> None:
        """And not on the day before."""
        assert rule.is_in_force(first)
        assert not rule.is_in_force(first - timedelta(days=1))
        assert rule.effective_through is None


class TestChargeableWeight:
    """How SpeedPAK finds what it charges for."""

    @pytest.mark.parametrize(
        ("sides_cm", "grams", "chargeable"),
        [
            # Volumetric 10 kg less 0.3 times 5 kg, and not 10.
            ((50, 40, 30), 5000, 8500),
            # 9.8865 kg, but every side is under 40 cm.
            ((39, 39, 39), 1000, 1000),
            # 4.0 kg is above 3.9: the greater of 3 and 3.1.
            ((40, 30, 20), 3000, 3100),
            # 4.0 kg is not above 4.16.
            ((40, 30, 20), 3200, 3200),
            ((60, 40, 40), 16_000, 16_000),
        ],
    )
    def test_mainland_china_takes_off_part_of_the_actual_weight(
        self, sides_cm: tuple[int, int, int], grams: int, chargeable: int
    ) -> None:
        """The published vectors."""
        assert (
            charged(MAINLAND_CHINA_WEIGHT, grams, *(10 * side for side in sides_cm)) == chargeable
        )

    @pytest.mark.parametrize(
        ("sides", "grams", "chargeable"),
        [
            ((400, 400, 300), 5999, 6000),
            ((400, 400, 300), 6001, 6001),
            # A part of a gram is a gram more: 8,040,000 mm3 over 8000 are 1005, and 1 mm3 is one.
            ((201, 200, 200), 1000, 1005),
            ((8001, 1, 1), 1, 2),
            # No side counts as short.
            ((390, 390, 390), 1000, 7415),
        ],
    )
    def test_japan_charges_the_greater_of_the_two(
        self, sides: tuple[int, int, int], grams: int, chargeable: int
    ) -> None:
        """By 8000 cm3 a kilogram, to the gram."""
        assert charged(JAPAN_ECONOMY_WEIGHT, grams, *sides) == chargeable

    @pytest.mark.parametrize(
        ("rule", "sides", "grams", "chargeable"),
        [
            (AUSTRALIA_STANDARD_WEIGHT, SMALL, 49, 50),
            (AUSTRALIA_STANDARD_WEIGHT, SMALL, 51, 51),
            (AUSTRALIA_ECONOMY_WEIGHT, SMALL, 1, 1),
            (AUSTRALIA_SECOND_BILLING_WEIGHT, SMALL, 1, 1),
            # 24,000 cm3: 4.0 kg at first, 6.0 kg the second time; 0.9 kg are taken off.
            (AUSTRALIA_STANDARD_WEIGHT, (400, 300, 200), 3000, 3100),
            (AUSTRALIA_ECONOMY_WEIGHT, (400, 300, 200), 3000, 3100),
            (AUSTRALIA_SECOND_BILLING_WEIGHT, (400, 300, 200), 3000, 5100),
            # Every side is under 40 cm.
            (AUSTRALIA_SECOND_BILLING_WEIGHT, (399, 399, 399), 3000, 3000),
        ],
    )
    def test_australia_bills_again_by_a_smaller_divisor(
        self, rule: Published[WeightRule], sides: tuple[int, int, int], grams: int, chargeable: int
    ) -> None:
        """Where a parcel is larger than was told."""
        assert charged(rule, grams, *sides) == chargeable


def charged(rule: Published[WeightRule], grams: int, *sides: int) -> int:
    """Give the chargeable weight."""
    return rule.rule.chargeable(Weight(grams), Dimensions(*sides)).grams


def exceeded(
    limits: tuple[Limits, ...],
    destination: Destination,
    worth: str,
    *,
    grams: int = 1000,
    chargeable: int | None = None,
    sides: tuple[int, ...] = SMALL,
) -> list[str]:
    """Hold a parcel against the limits that cover a destination and give the sentences."""
    return [
        reason.text
        for it in limits
        if it.covers(destination.country, destination.postal_code)
        for reason in it.against(
            Weight(grams),
            Dimensions(*sides),
            Money.of(*worth.split()),
            chargeable_grams=chargeable,
            at=NOON,
        )
    ]


def heavy(limit: int) -> str:
    """Say that a chargeable weight is a gram above its limit."""
    return f"chargeable weight of {limit + 1} g is above the limit of {limit} g"


def dear(limit: str) -> str:
    """Say that a value is a cent above its limit."""
    return f"value of {a_cent_above(limit)} is above the limit of {limit}"


def a_cent_above(worth: str) -> str:
    """Write an amount of whole units, and a cent more."""
    return worth.replace(".00", ".01")


class TestJapaneseLimits:
    """What SpeedPAK Economy takes from Japan, zone by zone, at each limit and a step above it."""

    @pytest.mark.parametrize(
        ("destination", "worth", "most"),
        [
            (NEW_YORK, "1300.00 USD", 25_000),
            (HONOLULU, "1300.00 USD", 15_000),
            (LONDON, "135.00 GBP", 25_000),
            (SYDNEY, "1000.00 AUD", 22_500),
            (PARIS, "150.00 EUR", 30_000),
            (BERLIN, "150.00 EUR", 25_000),
            (STOCKHOLM, "150.00 EUR", 20_000),
        ],
        ids=lambda it: it.zone_name if isinstance(it, Destination) else None,
    )
    def test_chargeable_weight_and_value(
        self, destination: Destination, worth: str, most: int
    ) -> None:
        """In the currency of the destination; off the US mainland, other limits hold."""
        limits = JAPAN_ECONOMY_LIMITS.rule

        assert exceeded(limits, destination, worth, chargeable=most) == []
        assert exceeded(limits, destination, worth, chargeable=most + 1) == [heavy(most)]
        assert exceeded(limits, destination, a_cent_above(worth), chargeable=most) == [dear(worth)]

    @pytest.mark.parametrize(
        ("destination", "worth", "most"),
        [(LONDON, "1.00 GBP", 15_000), (SYDNEY, "1.00 AUD", 22_000)],
    )
    def test_actual_weight(self, destination: Destination, worth: str, most: int) -> None:
        """Where there is a limit of its own."""
        limits = JAPAN_ECONOMY_LIMITS.rule

        assert exceeded(limits, destination, worth, grams=most) == []
        assert exceeded(limits, destination, worth, grams=most + 1) == [
            f"weight of {most + 1} g is above the limit of {most} g"
        ]

    @pytest.mark.parametrize(
        ("destination", "worth", "grams"),
        [
            (NEW_YORK, "1.00 USD", 25_000),
            (HONOLULU, "1.00 USD", 15_000),
            (PARIS, "1.00 EUR", 30_000),
            (BERLIN, "1.00 EUR", 25_000),
            (STOCKHOLM, "1.00 EUR", 20_000),
        ],
    )
    def test_elsewhere_the_actual_weight_has_none(
        self, destination: Destination, worth: str, grams: int
    ) -> None:
        """It may be all that is charged for."""
        assert exceeded(JAPAN_ECONOMY_LIMITS.rule, destination, worth, grams=grams) == []

    @pytest.mark.parametrize(
        ("destination", "sides", "too_much"),
        [
            # 66 cm, and 274 cm with the girth: 660 + 2 x 1040, and 659 + 2 x 1041.
            (NEW_YORK, (660, 520, 520), None),
            (NEW_YORK, (661, 100, 100), "longest side of 661 mm is above the limit of 660 mm"),
            (
                NEW_YORK,
                (659, 521, 520),
                "length and girth together of 2741 mm is above the limit of 2740 mm",
            ),
            # 120 cm, and 225 cm with the girth.
            (LONDON, (1200, 300, 225), None),
            (LONDON, (1201, 100, 100), "longest side of 1201 mm is above the limit of 1200 mm"),
            (LONDON, (1000, 400, 225), None),
            (
                LONDON,
                (1001, 400, 225),
                "length and girth together of 2251 mm is above the limit of 2250 mm",
            ),
            # 105 cm, and 180,000 cm3.
            (SYDNEY, (1050, 400, 400), None),
            (SYDNEY, (1051, 100, 100), "longest side of 1051 mm is above the limit of 1050 mm"),
            (SYDNEY, (600, 600, 500), None),
            (
                SYDNEY,
                (1049, 482, 356),
                "volume of 180000008 mm3 is above the limit of 180000000 mm3",
            ),
            # 120 x 40 x 40 cm, however it is turned, of which 180,000 cm3 may be used.
            (PARIS, (375, 400, 1200), None),
            (PARIS, (1125, 400, 400), None),
            (
                PARIS,
                (1126, 400, 400),
                "volume of 180160000 mm3 is above the limit of 180000000 mm3",
            ),
            (
                PARIS,
                (1201, 100, 100),
                "1201 x 100 x 100 mm does not fit into the limit of 1200 x 400 x 400 mm",
            ),
            (
                PARIS,
                (500, 401, 100),
                "500 x 401 x 100 mm does not fit into the limit of 1200 x 400 x 400 mm",
            ),
            (STOCKHOLM, (1125, 400, 400), None),
            (
                STOCKHOLM,
                (500, 500, 100),
                "500 x 500 x 100 mm does not fit into the limit of 1200 x 400 x 400 mm",
            ),
            # Germany: 120 x 60 x 60 cm.
            (BERLIN, (1200, 600, 250), None),
            (BERLIN, (500, 500, 600), None),
            (
                BERLIN,
                (1201, 100, 100),
                "1201 x 100 x 100 mm does not fit into the limit of 1200 x 600 x 600 mm",
            ),
            (
                BERLIN,
                (700, 601, 100),
                "700 x 601 x 100 mm does not fit into the limit of 1200 x 600 x 600 mm",
            ),
            (
                BERLIN,
                (1049, 482, 356),
                "volume of 180000008 mm3 is above the limit of 180000000 mm3",
            ),
        ],
    )
    def test_size(
        self, destination: Destination, sides: tuple[int, int, int], too_much: str | None
    ) -> None:
        """Each limit is included, and a millimetre more is above it."""
        units = {"US": "USD", "GB": "GBP", "AU": "AUD"}
        worth = f"1.00 {units.get(destination.country.code, 'EUR')}"

        found = exceeded(JAPAN_ECONOMY_LIMITS.rule, destination, worth, sides=sides)

        assert found == ([] if too_much is None else [too_much])

    def test_off_the_mainland_the_size_is_the_same(self) -> None:
        """Said once, by the zone that it is in."""
        size = "longest side of 661 mm is above the limit of 660 mm"
        sides = (661, 100, 100)

        found = exceeded(JAPAN_ECONOMY_LIMITS.rule, HONOLULU, "1.00 USD", sides=sides)

        assert found == [size]

    @pytest.mark.parametrize(
        ("first", "last"),
        [
            ("00600", "00999"),
            ("09000", "09999"),
            ("34000", "34099"),
            ("96200", "96999"),
            ("99500", "99999"),
        ],
    )
    def test_the_postal_code_tells_what_is_not_mainland(self, first: str, last: str) -> None:
        """Up to the first and from the last code of each range on, with and without ZIP+4."""
        zones = [it.zone for it in JAPAN_ECONOMY_LIMITS.rule if it.zone is not None]
        united_states = Country("US")

        def named(code: str) -> str | None:
            zone = zone_of(zones, united_states, code)
            return zone.name if zone else None

        assert named(first) == named(last) == named(f"{last}-1234") == "US non-mainland"
        assert named(f"{int(first) - 1:05}") == "US mainland"
        if last < "99999":
            assert named(f"{int(last) + 1:05}") == "US mainland"

    @pytest.mark.parametrize(
        ("country", "names"),
        [
            ("US", ["US mainland"]),
            ("GB", ["UK"]),
            ("AU", ["AU"]),
            ("DE", ["DE"]),
            ("SE", ["SE"]),
            *((code, ["EU"]) for code in ("FR", "IE", "CY", "HR", "MT", "FI")),
            *((code, []) for code in ("JP", "CH", "NO", "NZ", "CA", "PR", "RU")),
        ],
    )
    def test_each_country_is_in_one_zone_or_in_none(self, country: str, names: list[str]) -> None:
        """Germany and Sweden have limits of their own, apart from the rest of the Union."""
        zones = [it.zone for it in JAPAN_ECONOMY_LIMITS.rule if it.zone is not None]

        assert len(zones) == 7
        assert [it.name for it in zones if it.covers(Country(country), "10001")] == names


def from_japan() -> Offer:
    """Give SpeedPAK Economy from Japan, at one price."""
    band = Band("world", 30_000, Money.of("5000", "JPY"))
    card = RateCard(
        name="an example",
        rule=JAPAN_ECONOMY_WEIGHT.rule,
        zones=(Zone("world"),),
        bands=(band,),
        valid_from=day(1),
    )
    return attrs.evolve(
        offer(),
        name="SpeedPAK Economy",
        origin=Country("JP"),
        rate_card=card,
        coverage=Coverage(excluded=(EXCLUDED,)),
        limits=JAPAN_ECONOMY_LIMITS.rule,
    )


def quoted(destination: Destination, worth: str, grams: int, *sides: int) -> Quote | QuoteRefused:
    """Ask SpeedPAK Economy for one parcel."""
    item = CustomsItem(description="camera", quantity=1, value=Money.of(*worth.split()))
    parcel = Parcel(
        id=ParcelId("p-1"),
        weight=Weight(grams),
        dimensions=Dimensions(*(sides or SMALL)),
        contents=(item,),
    )
    return quote(
        QuoteId("q-1"),
        from_japan(),
        Carriage(destination=destination, parcels=(parcel,)),
        listing=ListingVersion(ListingId("l-1"), 1),
        at=NOON,
        valid_for=timedelta(days=1),
        almanac=Almanac(),
    )


class TestQuotedFromJapan:
    """The same limits in a quote, with the chargeable weight of the same rate book."""

    @pytest.mark.parametrize(
        ("destination", "worth", "grams", "sides"),
        [
            (HONOLULU, "1300.00 USD", 15_000, ()),
            # 120,000 cm3 are 15.0 kg.
            (HONOLULU, "1.00 USD", 900, (600, 500, 400)),
            (NEW_YORK, "1.00 USD", 15_001, ()),
            (LONDON, "135.00 GBP", 15_000, ()),
            (SYDNEY, "1000.00 AUD", 22_000, ()),
            # 180,000 cm3 are 22.5 kg.
            (SYDNEY, "1.00 AUD", 900, (600, 600, 500)),
            (STOCKHOLM, "150.00 EUR", 20_000, ()),
        ],
    )
    def test_what_is_at_a_limit_is_taken(
        self, destination: Destination, worth: str, grams: int, sides: tuple[int, ...]
    ) -> None:
        """By weight and by volume."""
        answer = quoted(destination, worth, grams, *sides)

        assert isinstance(answer, Quote), answer

    @pytest.mark.parametrize(
        ("destination", "worth", "grams", "sides", "sentence"),
        [
            (HONOLULU, "1.00 USD", 15_001, (), heavy(15_000)),
            # 600 x 500 x 401 mm are 15,037.5 g, rounded up.
            (
                HONOLULU,
                "1.00 USD",
                900,
                (600, 500, 401),
                "chargeable weight of 15038 g is above the limit of 15000 g",
            ),
            (LONDON, "135.01 GBP", 900, (), dear("135.00 GBP")),
            (STOCKHOLM, "1.00 EUR", 20_001, (), heavy(20_000)),
        ],
    )
    def test_what_is_above_is_refused_by_name(
        self,
        destination: Destination,
        worth: str,
        grams: int,
        sides: tuple[int, ...],
        sentence: str,
    ) -> None:
        """The offer, the value and the limit."""
        answer = quoted(destination, worth, grams, *sides)

        assert isinstance(answer, QuoteRefused)
        assert [reason.text for reason in answer.reasons] == [
            f"SpeedPAK Economy of l-1 v1: {sentence}"
        ]

    def test_nothing_is_quoted_to_the_united_states_without_a_postal_code(self) -> None:
        """Nobody knows whether it goes to the mainland."""
        answer = quoted(attrs.evolve(NEW_YORK, postal_code=""), "1.00 USD", 900)

        assert isinstance(answer, QuoteRefused)
        assert [reason.code for reason in answer.reasons] == ["postal_code_missing"]

    @pytest.mark.parametrize("country", ["RU", "UA"])
    def test_it_never_goes_to_russia_and_ukraine(self, country: str) -> None:
        """By the notices of SpeedPAK."""
        there = Destination(country=country, zone_name="Europe/Kyiv")

        answer = quoted(there, "1.00 USD", 900)

        assert isinstance(answer, QuoteRefused)
        assert [reason.text for reason in answer.reasons] == [
            f"SpeedPAK Economy of l-1 v1: {country} is excluded, in 'never served by SpeedPAK'"
        ]


class TestSmallThings:
    """Small packets, packagings, low values."""

    @pytest.mark.parametrize(
        ("rule", "grams", "sides", "codes"),
        [
            (SMALL_PACKET, 2000, (600, 150, 150), []),
            (SMALL_PACKET, 2001, (600, 150, 150), ["too_heavy"]),
            (SMALL_PACKET, 2000, (601, 150, 149), ["too_long"]),
            (SMALL_PACKET, 2000, (600, 151, 150), ["too_large"]),
            (SMALL_PACKET, 2001, (601, 150, 150), ["too_heavy", "too_long", "too_large"]),
            (PAK, 2500, SMALL, []),
            (PAK, 2501, SMALL, ["too_heavy"]),
            (PACKAGE, 68_000, SMALL, []),
            (PACKAGE, 68_001, SMALL, ["too_heavy"]),
            (AUSTRALIA_LIMITS, 22_000, SMALL, []),
            (AUSTRALIA_LIMITS, 22_001, SMALL, ["too_heavy"]),
        ],
    )
    def test_each_limit_is_included(
        self, rule: Published[SizeLimits], grams: int, sides: tuple[int, int, int], codes: list[str]
    ) -> None:
        """A gram or a millimetre more is above it."""
        found = rule.rule.against(Weight(grams), Dimensions(*sides))

        assert [reason.code for reason in found] == codes

    @pytest.mark.parametrize(
        ("destination", "worth"),
        [(PARIS, "150.00 EUR"), (LONDON, "135.00 GBP"), (SYDNEY, "1000.00 AUD")],
    )
    def test_low_values_end_at_their_threshold(self, destination: Destination, worth: str) -> None:
        """A cent more is above it."""
        limits = tuple(it.rule for it in LOW_VALUE_LIMITS)

        assert exceeded(limits, destination, worth) == []
        assert exceeded(limits, destination, a_cent_above(worth)) == [dear(worth)]

    def test_the_united_states_have_no_low_value(self) -> None:
        """Not since 29 August 2025; nor has a country that is not listed."""
        limits = tuple(it.rule for it in LOW_VALUE_LIMITS)

        assert exceeded(limits, NEW_YORK, "100000.00 USD") == []

    def test_the_union_has_27_members(self) -> None:
        """By the year in which they joined; the United Kingdom left."""
        by_year = {
            1958: "BE DE FR IT LU NL",
            1973: "DK IE",
            1981: "GR",
            1986: "ES PT",
            1995: "AT FI SE",
            2004: "CY CZ EE HU LT LV MT PL SI SK",
            2007: "BG RO",
            2013: "HR",
        }
        members = " ".join(by_year.values()).split()

        assert {country.code for country in EU27} == set(members)
        assert len(EU27) == 27


class TestPlatformAndPost:
    """What eDIS asks of addresses, when its couriers come, and what Hongkong Post pays."""

    def test_addresses_are_of_three_lines_of_fifty_characters(self) -> None:
        """Goods leave from mainland China and Hong Kong only."""
        assert (ADDRESS_LIMITS.lines, ADDRESS_LIMITS.line_characters) == (3, 50)
        assert {country.code for country in ADDRESS_LIMITS.countries} == {"CN", "HK"}
        assert ADDRESS_LIMITS.source.startswith("eDIS 1.1.0")
        assert REQUIREMENTS.addresses is ADDRESS_LIMITS

    def test_couriers_come_in_the_afternoon(self) -> None:
        """In two windows, on the wall clock of mainland China."""
        assert {code: (it.begins, it.ends) for code, it in PICK_UP_TIMES.items()} == {
            "TIME_14_16": (time(14), time(16)),
            "TIME_16_18": (time(16), time(18)),
        }
        assert {it.zone_name for it in PICK_UP_TIMES.values()} == {"Asia/Shanghai"}

    def test_hongkong_post_pays_by_weight(self) -> None:
        """From a gram on; 500 g are the heavier class."""
        assert E_EXPRESS_LOSS.cap_for(Weight(1)) == Money.of("500.00", "HKD")
        assert E_EXPRESS_LOSS.cap_for(Weight(499)) == Money.of("500.00", "HKD")
        assert E_EXPRESS_LOSS.cap_for(Weight(500)) == Money.of("1000.00", "HKD")

    def test_hongkong_post_pays_after_two_months_of_silence_and_not_everywhere(self) -> None:
        """The clock stood still from 9 March 2020 to 25 April 2021; what turns up is taken back."""
        policy = E_EXPRESS_LOSS

        assert policy.name == "Hongkong Post e-Express"
        assert policy.source.startswith("Hongkong Post, e-Express terms")
        assert (str(policy.silence), policy.zone_name) == (
            "2 months after posting",
            "Asia/Hong_Kong",
        )
        assert [(it.first, it.last) for it in policy.suspensions] == [
            (date(2020, 3, 9), date(2021, 4, 25))
        ]
        assert sorted(it.code for it in policy.excluded) == ["IL", "LB", "MX", "RU", "ZA"]
        assert policy.attempt_is_delivery_status
        assert policy.terms.claws_back
        assert not policy.declared_loss_suffices

    @pytest.mark.parametrize(
        ("grams", "posted", "at", "amount"),
        [
            # Posted on the last day of the year: the two months end with February.
            (499, "2025-12-31", "2026-02-28", None),
            (499, "2025-12-31", "2026-03-01", "500.00"),
            (500, "2025-12-31", "2026-03-01", "1000.00"),
            (500, "2023-12-31", "2024-02-29", None),
            (500, "2023-12-31", "2024-03-01", "1000.00"),
            # One day was left when the clock stood still, and it is the day after.
            (500, "2020-01-08", "2020-03-09", "1000.00"),
            (500, "2020-01-09", "2021-04-26", None),
            (500, "2020-01-09", "2021-04-27", "1000.00"),
            (500, "2021-04-25", "2021-06-26", None),
            (500, "2021-04-25", "2021-06-27", "1000.00"),
        ],
    )
    def test_hongkong_post_gives_the_published_outcomes(
        self, grams: int, posted: str, at: str, amount: str | None
    ) -> None:
        """For goods of 200.00 USD, at 7.80 of a stated day, at noon in Hong Kong."""
        rate = ExchangeRate(
            base="USD", quote="HKD", rate="7.80", at="2019-12-01T00:00:00Z", source="HKAB"
        )
        facts = Facts(
            at=instant(f"{at}T12:00:00+08:00"),
            phase=Phase.IN_TRANSIT,
            posted_at=instant(f"{posted}T12:00:00+08:00"),
            weight=Weight(grams),
            destination=Country("US"),
            declared=Money.of("200.00", "USD"),
        )
        excluded = attrs.evolve(facts, destination=Country("MX"))
        turned_up = attrs.evolve(facts, delivered_at=facts.at)

        assessment = assess(E_EXPRESS_LOSS, ClaimKind.LOSS, facts, rates=[rate])

        assert assessment.amount == (amount and Money.of(amount, "HKD"))
        assert assessment.figures[1] == Figure(
            "declared value", Money.of("1560.00", "HKD"), Money.of("200.00", "USD"), rate
        )
        assert assess(E_EXPRESS_LOSS, ClaimKind.LOSS, excluded, rates=[rate]).amount is None
        assert assess(E_EXPRESS_LOSS, ClaimKind.LOSS, turned_up, rates=[rate]).amount is None

    @pytest.mark.parametrize(
        ("day", "reasons"),
        [
            (9, ["window_not_open", "too_early"]),
            (10, []),
            (21, []),
            (22, ["window_closed"]),
        ],
    )
    def test_a_courier_takes_claims_from_day_10_through_day_21(
        self, day: int, reasons: list[str]
    ) -> None:
        """After the physical scan, and pays up to 30 USD or the lesser of two values."""
        posted = instant("2026-03-01T12:00:00Z")
        facts = Facts(
            at=posted.add(days=day),
            phase=Phase.IN_TRANSIT,
            posted_at=posted,
            weight=Weight(800),
            destination=Country("US"),
            declared=Money.of("50.00", "USD"),
        )
        worth = Worth(wholesale=Money.of("28.00", "USD"), invoice=Money.of("5.00", "USD"))

        plain = assess(COURIER, ClaimKind.LOSS, facts)
        lesser = assess(COURIER, ClaimKind.LOSS, facts, worth=worth)
        unseen = assess(COURIER, ClaimKind.LOSS, attrs.evolve(facts, posted_at=None))

        assert [reason.code for reason in plain.reasons] == reasons
        assert plain.amount == (None if reasons else Money.of("30.00", "USD"))
        assert lesser.amount == (None if reasons else Money.of("28.00", "USD"))
        assert [reason.code for reason in unseen.reasons] == ["window_not_open", "not_posted"]


@with_data
class TestRealInputs:
    """The same figures in the files that they were published in."""

    @pytest.fixture(name="billing")
    def billing_(self) -> dict[str, str]:
        """Read the rules of SpeedPAK to Australia."""
        path = DATA / "rate_cards" / "speedpak_au_billing_rules.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return {row["rule"]: row["value"] for row in csv.DictReader(file)}

    def test_australian_rules_are_those_of_the_notices(self, billing: dict[str, str]) -> None:
        """Divisors, least weights, limits, and the day from which they hold."""
        first, second = AUSTRALIA_STANDARD_WEIGHT.rule, AUSTRALIA_SECOND_BILLING_WEIGHT.rule
        economy = AUSTRALIA_ECONOMY_WEIGHT.rule
        begins = date.fromisoformat(billing["effective"])
        most = {
            Weight.from_kilograms(billing[f"{it}_max_kg"]).grams for it in ("standard", "economy")
        }

        assert first.divisor == economy.divisor == int(billing["first_billing_volumetric_divisor"])
        assert second.divisor == int(billing["second_billing_volumetric_divisor"])
        assert first.least_grams == int(billing["standard_min_charge_g"])
        assert economy.least_grams == int(billing["economy_and_light_min_charge_g"])
        assert {AUSTRALIA_LIMITS.rule.max_grams} == most
        assert {
            it.effective_from
            for it in (
                AUSTRALIA_STANDARD_WEIGHT,
                AUSTRALIA_ECONOMY_WEIGHT,
                AUSTRALIA_SECOND_BILLING_WEIGHT,
                AUSTRALIA_LIMITS,
            )
        } == {begins}

    @pytest.mark.parametrize(
        "rule",
        [AUSTRALIA_ECONOMY_WEIGHT, AUSTRALIA_SECOND_BILLING_WEIGHT],
        ids=["first billing", "second billing"],
    )
    def test_australian_weights_follow_the_formula(
        self, billing: dict[str, str], rule: Published[WeightRule]
    ) -> None:
        """All sides short: actual; within 1.3 times: actual; else actual and what is above."""
        trigger = re.fullmatch(r"any side >= (\d+)", billing["oversize_trigger_cm"])
        allowance = re.fullmatch(r"(\d+)% over actual weight", billing["free_volumetric_allowance"])
        assert trigger
        assert allowance
        tolerance = 1 + Fraction(int(allowance[1]), 100)
        assert rule.rule.divisor

        for length, width, grams in product((399, 400, 401, 900), (100, 399), (90, 1000, 9999)):
            volumetric = Fraction(length * width * width, rule.rule.divisor)
            is_short = length < 10 * int(trigger[1])
            above = max(Fraction(0), volumetric - tolerance * grams)
            expected = grams if is_short else ceil(grams + above)
            assert charged(rule, grams, length, width, width) == expected

    def test_a_small_packet_is_that_of_the_epacket(self) -> None:
        """2 kg, 600 mm, 900 mm in all; our limits are included, as the posts have them."""
        path = DATA / "rate_cards" / "apg_weight_dimension_limits.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = {(row["country"], row["product"]): row for row in csv.DictReader(file)}
        row = rows["AU", "ePacket"]
        sides = re.fullmatch(r"L<(\d+)mm, L\+W\+H<(\d+)mm", row["dimension_limit"])
        assert sides

        assert row["weight_limit"] == "2KG"
        assert SMALL_PACKET.rule == SizeLimits(
            max_grams=2000, max_length_mm=int(sides[1]), max_total_mm=int(sides[2])
        )


def standing_of(late: Share, tracked: Share, *editions: Published[tuple[Standard, ...]]) -> str:
    """Give the level that published standards make of two figures."""
    card = Scorecard(
        subject="seller s-1", at=NOON, late=late, tracked=tracked, performance=Performance()
    )
    found = rating(card, (it for edition in editions for it in edition.rule)).level
    return "" if found is None else found.value


NOTHING: Final = Share(0, 0)


@pytest.mark.parametrize(
    ("late", "level"),
    [
        (Share(40, 1000), "TOP_RATED"),
        (Share(41, 1000), "ABOVE_STANDARD"),
        (Share(90, 1000), "ABOVE_STANDARD"),
        (Share(91, 1000), "BELOW_STANDARD"),
        (Share(5, 6), "TOP_RATED"),
        (Share(6, 6), "ABOVE_STANDARD"),
        (Share(9, 9), "BELOW_STANDARD"),
    ],
)
def test_late_shipments_are_judged_as_published(late: Share, level: str) -> None:
    assert standing_of(late, NOTHING, LATE_SHIPMENT_UK_2016) == level


@pytest.mark.parametrize(
    ("edition", "percent", "level"),
    [
        (TRACKED_BELOW_10_USD_INDIA_2020, 85, "ABOVE_STANDARD"),
        (TRACKED_BELOW_10_USD_INDIA_2020, 84, "BELOW_STANDARD"),
        (TRACKED_FROM_10_USD_INDIA_2020, 90, "ABOVE_STANDARD"),
        (TRACKED_FROM_10_USD_INDIA_2020, 89, "BELOW_STANDARD"),
        (TRACKED_TOP_RATED_2014, 90, "TOP_RATED"),
        (TRACKED_TOP_RATED_2014, 89, "ABOVE_STANDARD"),
    ],
)
def test_tracking_is_judged_as_published(
    edition: Published[tuple[Standard, ...]], percent: int, level: str
) -> None:
    assert standing_of(NOTHING, Share(percent, 100), edition) == level


# Items not received.


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-01-31T23:59:59Z", ["too_early"]),
        ("2026-02-01T00:00:00Z", []),
        ("2026-03-02T23:59:59Z", []),
        ("2026-03-03T00:00:00Z", ["too_late"]),
    ],
)
def test_ebay_takes_reports_for_thirty_calendar_days(at: str, expected: list[str]) -> None:
    """From the day after the latest estimate, here the 31st of January, across a short month."""
    estimate = instant("2026-01-31T18:00:00Z")

    reasons = EBAY_ITEM_NOT_RECEIVED.rule.hindrances(
        estimate=estimate, delivered_at=None, at=instant(at), zone_name="UTC"
    )

    assert [reason.code for reason in reasons] == expected


def test_ebay_gives_three_business_days_and_closes_after_twenty_one() -> None:
    """Reported on a Friday, with a Monday off that the calendar knows."""
    calendar = ListedCalendar(
        name="an example", holidays={date(2026, 2, 16)}, known_through=date(2026, 12, 31)
    )
    friday, policy = instant("2026-02-13T12:00:00Z"), EBAY_ITEM_NOT_RECEIVED.rule

    answer = policy.answer_by(friday, zone_name="UTC", calendar=calendar)
    closing = policy.closing(friday, zone_name="UTC", calendar=calendar)

    assert answer.at == instant("2026-02-19T23:59:59Z")
    assert closing.by.at == instant("2026-03-17T23:59:59Z")
    assert closing.on_delivery == timedelta(hours=24)
