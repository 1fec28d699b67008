"""Zones are countries, or postal codes within them, and the most specific one counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import ApacLogisticsError, InvalidTypeError, InvalidValueError
from apaclogistics.testing.strategies import countries
from apaclogistics.values.places import Country
from apaclogistics.values.zones import Zone, refuse_overlaps, zone_of

US, CA, GB, DE, AU = (Country(code) for code in ("US", "CA", "GB", "DE", "AU"))

EVERYWHERE = Zone("everywhere")
ABROAD = Zone("abroad", excluded=frozenset({US, CA}))
AMERICA = Zone("America", frozenset({US, CA}))
ISLANDS = Zone("islands", frozenset({US}), ("967", "968"))
OAHU = Zone("Oahu", frozenset({US}), ("9681",))
NINES = Zone("nines", postal_prefixes=("9",))
AU_ALONE = Zone("Australia", frozenset({AU}))
LONDON = Zone("London", frozenset({GB}), ("sw1a", "EC-1 a"))

postal_codes = st.text("0123456789AZ", max_size=6)


class TestWhatAZoneCovers:
    """Some countries, or every country, or within them the postal codes with some beginning."""

    @pytest.mark.parametrize(
        ("zone", "country", "covered"),
        [
            (AMERICA, US, True),
            (AMERICA, CA, True),
            (AMERICA, GB, False),
            (EVERYWHERE, US, True),
            (EVERYWHERE, AU, True),
            (ABROAD, US, False),
            (ABROAD, CA, False),
            (ABROAD, GB, True),
        ],
    )
    def test_a_zone_of_countries_needs_no_postal_code(
        self, zone: Zone, country: Country, *, covered: bool
    ) -> None:
        """No countries stand for every country, less the excluded ones."""
        for postal_code in ("", "96815"):
            assert zone.covers(country, postal_code) is covered
        assert not zone.needs_postal_code(country)

    @pytest.mark.parametrize(
        ("country", "postal_code", "covered"),
        [
            (US, "96700", True),
            (US, "96899", True),
            (US, "967", True),
            (US, "96", False),
            (US, "96600", False),
            (US, "96900", False),
            (US, "19670", False),
            (US, "", False),
            (CA, "96700", False),
        ],
    )
    def test_a_prefix_is_the_beginning_of_a_postal_code_in_its_countries(
        self, country: Country, postal_code: str, *, covered: bool
    ) -> None:
        """One that is shorter than the prefix does not begin with it."""
        assert ISLANDS.covers(country, postal_code) is covered

    def test_a_prefix_may_be_a_whole_postal_code(self) -> None:
        """And nothing stands behind it."""
        hall = Zone("town hall", frozenset({US}), ("10007",))

        assert hall.covers(US, "10007")
        assert not hall.covers(US, "10008")

    def test_a_prefix_without_countries_counts_everywhere_but_in_the_excluded_ones(self) -> None:
        """It is rare, and it works."""
        zone = Zone("nines", postal_prefixes=("9",), excluded=frozenset({US}))

        assert zone.covers(DE, "99084")
        assert not zone.covers(DE, "89073")
        assert not zone.covers(US, "96815")

    @pytest.mark.parametrize(
        ("zone", "country", "needed"),
        [
            (ISLANDS, US, True),
            (ISLANDS, CA, False),
            (NINES, AU, True),
            (Zone("nines", postal_prefixes=("9",), excluded=frozenset({AU})), AU, False),
            (AMERICA, US, False),
        ],
    )
    def test_only_a_prefix_in_reach_asks_for_the_postal_code(
        self, zone: Zone, country: Country, *, needed: bool
    ) -> None:
        """Elsewhere it decides nothing."""
        assert zone.needs_postal_code(country) is needed


class TestWriting:
    """Postal codes and prefixes are compared in capitals, without spaces and hyphens."""

    @pytest.mark.parametrize(
        "written", ["SW1A 1AA", "sw1a 1aa", "sw1a1aa", "S-W-1-A", " sw1a\t1aa\n", "ec1a 1bb"]
    )
    def test_a_postal_code_is_read_as_people_write_it(self, written: str) -> None:
        """Both sides are, so that the zone's own writing does not matter either."""
        assert LONDON.covers(GB, written)
        assert zone_of([LONDON], GB, written) is LONDON

    def test_nine_digits_of_an_american_code_begin_with_the_five(self) -> None:
        """With the hyphen or without."""
        alaska = Zone("Alaska", frozenset({US}), ("995",))
        block = Zone("block", frozenset({US}), ("99501-12",))

        assert alaska.covers(US, "99501-1234")
        assert zone_of([alaska, block], US, "99501-1234") is block
        assert zone_of([alaska, block], US, "995011234") is block
        assert zone_of([alaska, block], US, "99501-1300") is alaska

    def test_zones_that_write_alike_are_equal(self) -> None:
        """A prefix is kept in the form in which it is compared."""
        assert Zone("a", frozenset({GB}), ("sw-1a ",)) == Zone("a", frozenset({GB}), ("SW1A",))
        assert Zone("a", frozenset({GB}), ("sw-1a ",)).postal_prefixes == ("SW1A",)

    def test_only_letters_of_the_latin_alphabet_have_capitals(self) -> None:
        """One that only looks alike is another one."""
        assert not Zone("a", frozenset({GB}), ("SS",)).covers(GB, "\u00df1")

    @pytest.mark.parametrize("prefix", ["", " ", "-", " - \t"])
    def test_a_prefix_says_something(self, prefix: str) -> None:
        """An empty one would be the beginning of every postal code."""
        with pytest.raises(InvalidValueError) as refusal:
            Zone("US", frozenset({US}), ("967", prefix))

        assert str(refusal.value) == ("postal prefix '' is empty; allowed: the first characters")

    def test_one_text_is_not_a_row_of_prefixes(self) -> None:
        """Its characters would each be taken for a prefix, and 9 is half of the country."""
        with pytest.raises(ApacLogisticsError):
            Zone("islands", frozenset({US}), "967")

    @pytest.mark.parametrize("prefix", [967, 96.7, True, None])
    def test_a_prefix_is_text(self, prefix: object) -> None:
        """A number has lost the zeros that it began with."""
        with pytest.raises(InvalidTypeError):
            Zone("islands", frozenset({US}), (prefix,))  # type: ignore[arg-type]  # wrong on purpose


class TestPrecedence:
    """The longest prefix that fits, then a zone that names the country, then one everywhere."""

    ALL = (EVERYWHERE, AMERICA, NINES, ISLANDS, OAHU)

    @pytest.mark.parametrize(
        ("country", "postal_code", "expected"),
        [
            (US, "96815", OAHU),
            (US, "96825", ISLANDS),
            (US, "96700", ISLANDS),
            # A prefix goes before a country that is named.
            (US, "90210", NINES),
            (CA, "96815", NINES),
            (US, "10001", AMERICA),
            (US, "", AMERICA),
            (AU, "2000", EVERYWHERE),
            (AU, "9726", NINES),
        ],
    )
    def test_the_most_specific_zone_counts(
        self, country: Country, postal_code: str, expected: Zone
    ) -> None:
        """Whichever stands first."""
        assert zone_of(self.ALL, country, postal_code) is expected
        assert zone_of(reversed(self.ALL), country, postal_code) is expected

    def test_of_two_with_the_same_prefix_the_one_that_names_the_country_counts(self) -> None:
        """The other one is for the rest of the world."""
        named = Zone("American nines", frozenset({US}), ("9",))

        for zones in ([NINES, named], [named, NINES]):
            assert zone_of(zones, US, "90210") is named
            assert zone_of(zones, AU, "9726") is NINES

    def test_the_longest_prefix_of_one_zone_is_what_it_is_ranked_by(self) -> None:
        """A zone may have a short one and a long one."""
        both = Zone("both", frozenset({US}), ("9", "96815"))

        assert zone_of([both, ISLANDS], US, "96815") is both
        assert zone_of([both, ISLANDS], US, "96816") is ISLANDS
        assert zone_of([both, ISLANDS], US, "96000") is both

    def test_a_destination_may_lie_in_no_zone(self) -> None:
        """Then there is none, and no zone for the rest is made up."""
        assert zone_of([ISLANDS, LONDON, ABROAD], US, "10001") is None
        assert zone_of([], US, "10001") is None

    @given(st.permutations(ALL), countries(), postal_codes)
    def test_the_order_of_zones_never_matters(
        self, zones: list[Zone], country: Country, postal_code: str
    ) -> None:
        """Zones without overlaps give one answer for a destination."""
        refuse_overlaps("zone", zones)

        assert zone_of(zones, country, postal_code) is zone_of(self.ALL, country, postal_code)

    @given(st.permutations(ALL), countries(), postal_codes)
    def test_the_zone_that_is_found_covers_the_destination(
        self, zones: list[Zone], country: Country, postal_code: str
    ) -> None:
        """And none is found only where none covers it."""
        found = zone_of(zones[:3], country, postal_code)

        covering = [zone for zone in zones[:3] if zone.covers(country, postal_code)]
        assert found in covering if found else not covering


class TestOverlaps:
    """Two zones never have the same name, nor the same place."""

    def test_zones_that_differ_in_how_closely_they_fit_may_overlap(self) -> None:
        """One of them is the exception to the other."""
        refuse_overlaps("zone", [EVERYWHERE, AMERICA, NINES, ISLANDS, OAHU, LONDON])
        refuse_overlaps("zone", [])

    def test_a_name_stands_for_one_zone(self) -> None:
        """Prices are given by name."""
        with pytest.raises(InvalidValueError) as refusal:
            refuse_overlaps("zone of a card", [AMERICA, Zone("America", frozenset({AU}))])

        assert str(refusal.value) == (
            "zone of a card 'America' names a zone twice; allowed: one name a zone"
        )

    @pytest.mark.parametrize(
        ("first", "second", "problem"),
        [
            (AMERICA, Zone("Canada", frozenset({CA})), "covers CA, as 'America' does"),
            (
                ISLANDS,
                Zone("Hawaii", frozenset({US}), ("96-7",)),
                "covers US 967, as 'islands' does",
            ),
            (EVERYWHERE, Zone("world"), "covers everywhere, as 'everywhere' does"),
            (EVERYWHERE, ABROAD, "covers everywhere, as 'everywhere' does"),
            (NINES, Zone("ninth", postal_prefixes=("9",)), "covers everywhere 9, as 'nines' does"),
        ],
    )
    def test_two_zones_may_not_cover_a_place_equally_closely(
        self, first: Zone, second: Zone, problem: str
    ) -> None:
        """Which of them counts would be a matter of chance."""
        for zones in ([first, second], [AU_ALONE, first, second]):
            with pytest.raises(InvalidValueError) as refusal:
                refuse_overlaps("zone", zones)

            assert str(refusal.value) == (
                f"zone {second.name!r} {problem}; allowed: one zone a place"
            )

    def test_a_country_may_have_two_zones_by_different_prefixes(self) -> None:
        """Or one within the other, or the same prefix in two countries."""
        refuse_overlaps(
            "zone",
            [
                Zone("a", frozenset({US}), ("967",)),
                Zone("b", frozenset({US}), ("968",)),
                Zone("c", frozenset({US}), ("9",)),
                Zone("d", frozenset({CA}), ("967",)),
            ],
        )

    def test_a_zone_does_not_overlap_itself(self) -> None:
        """A prefix that is written twice says the same twice."""
        refuse_overlaps("zone", [Zone("islands", frozenset({US}), ("967", "96-7"))])

    def test_a_zone_makes_no_claim_on_a_country_that_it_excludes(self) -> None:
        """It covers nothing there."""
        without = Zone("America without Canada", frozenset({US, CA}), excluded=frozenset({CA}))

        refuse_overlaps("zone", [without, Zone("Canada", frozenset({CA}))])


def test_a_zone_may_leave_out_some_postal_codes() -> None:
    """The mainland is not Hawaii, also where Hawaii has no zone of its own."""
    mainland = Zone("mainland", frozenset({US}), excluded_prefixes=("967", "96-8"))

    assert mainland.covers(US, "10001")
    assert not mainland.covers(US, "96701")
    assert not mainland.covers(US, "968 15")
    assert mainland.needs_postal_code(US)
    assert zone_of([mainland], US, "96815") is None


def test_a_left_out_prefix_says_something() -> None:
    """An empty one would leave out everything."""
    with pytest.raises(InvalidValueError, match="postal prefix '' is empty"):
        Zone("mainland", frozenset({US}), excluded_prefixes=("",))


def test_a_country_without_postal_codes_needs_none() -> None:
    """Hong Kong cannot be told by prefixes, so it is not asked for any."""
    assert not Zone("anywhere", postal_prefixes=("96",)).needs_postal_code(Country("HK"))
    assert Zone("anywhere", postal_prefixes=("96",)).needs_postal_code(US)


def test_a_zone_has_no_more_places_than_there_are() -> None:
    """Countries times prefixes; else a short document would fill the memory."""
    many = tuple(f"{number:05}" for number in range(50_000))

    assert len(Zone("all", frozenset({US}), many).postal_prefixes) == 50_000
    with pytest.raises(InvalidValueError, match="has 100000 places"):
        Zone("all", frozenset({US, CA}), many)
    with pytest.raises(InvalidValueError, match="has 50001 places"):
        Zone("everywhere", postal_prefixes=(*many, "x"))
