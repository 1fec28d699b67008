"""Zones: parts of the world in which one price or one limit holds.

A zone is some countries, or every country, or within them the postal codes that begin with one of
some prefixes.  Where several zones cover a destination the most specific one counts: the one with
the longest prefix that fits, then one that names the country, then one that is everywhere.

>>> mainland = Zone("US mainland", frozenset({Country("US")}))
>>> islands = Zone("US islands", frozenset({Country("US")}), ("967", "968"))
>>> zone_of([mainland, islands], Country("US"), "96815").name
'US islands'
"""

from collections.abc import Iterable
from itertools import product
from typing import Final

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.values.fields import frozenset_of, of_type, several
from apaclogistics.values.identifiers import compact
from apaclogistics.values.places import Country, has_postal_codes

__all__ = ("Zone", "refuse_overlaps", "zone_of")


# More than there are postal codes of five digits in any country.
_MOST_PLACES: Final = 50_000


def _prefixes(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(compact(text) for text in several("postal prefixes", texts, str))


@attrs.frozen
class Zone:
    """Countries, or within them the postal codes that begin with one of the prefixes.

    No countries stand for every country, less the `excluded` ones; a zone may leave out the postal
    codes with one of the `excluded_prefixes`, too.  Postal codes and prefixes are compared in
    capitals, without spaces and hyphens.
    """

    name: str = attrs.field(validator=of_type(str))
    countries: frozenset[Country] = attrs.field(
        default=frozenset(), validator=frozenset_of(Country)
    )
    postal_prefixes: tuple[str, ...] = attrs.field(default=(), converter=_prefixes)
    excluded: frozenset[Country] = attrs.field(
        default=frozenset(), validator=frozenset_of(Country), kw_only=True
    )
    excluded_prefixes: tuple[str, ...] = attrs.field(default=(), converter=_prefixes, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse a prefix that says nothing."""
        if "" in (*self.postal_prefixes, *self.excluded_prefixes):
            raise InvalidValueError("postal prefix", "", "is empty", "the first characters")
        places = max(1, len(self.countries)) * max(1, len(self.postal_prefixes))
        if places > _MOST_PLACES:
            allowed = f"countries times prefixes up to {_MOST_PLACES}"
            raise InvalidValueError("zone", self.name, f"has {places} places", allowed)

    def covers(self, country: Country, postal_code: str) -> bool:
        """Tell whether a destination lies in this zone."""
        return self._rank(country, compact(postal_code)) is not None

    def needs_postal_code(self, country: Country) -> bool:
        """Tell whether the postal code decides if a destination in a country is in this zone."""
        is_told_by_code = bool(self.postal_prefixes or self.excluded_prefixes)
        return is_told_by_code and self._reaches(country) and has_postal_codes(country)

    def _reaches(self, country: Country) -> bool:
        return country not in self.excluded and (not self.countries or country in self.countries)

    def _rank(self, country: Country, postal_code: str) -> tuple[int, bool] | None:
        """Say how closely the zone fits a destination, None where it does not."""
        if not self._reaches(country) or postal_code.startswith(self.excluded_prefixes):
            return None
        fitting = [len(text) for text in self.postal_prefixes if postal_code.startswith(text)]
        if self.postal_prefixes and not fitting:
            return None
        return max(fitting, default=0), bool(self.countries)

    def _claims(self) -> set[tuple[Country | None, str]]:
        """Give the places that the zone is about, None for every country that nobody names."""
        countries: Iterable[Country | None] = (
            self.countries - self.excluded if self.countries else (None,)
        )
        return set(product(countries, self.postal_prefixes or ("",)))


def zone_of(zones: Iterable[Zone], country: Country, postal_code: str) -> Zone | None:
    """Find the zone of a destination, the most specific of several; None where none covers it."""
    compacted = compact(postal_code)
    ranked = [(rank, zone) for zone in zones if (rank := zone._rank(country, compacted))]
    return max(ranked, key=lambda pair: pair[0], default=(None, None))[1]


def refuse_overlaps(what: str, zones: Iterable[Zone]) -> None:
    """Refuse zones of which two share a name, or cover a destination equally closely.

    Raises:
        InvalidValueError: naming the zone and what it shares.
    """
    names: set[str] = set()
    claimed: dict[tuple[Country | None, str], str] = {}
    for zone in zones:
        if zone.name in names:
            raise InvalidValueError(what, zone.name, "names a zone twice", "one name a zone")
        names.add(zone.name)
        for claim in sorted(zone._claims(), key=str):
            if claim in claimed:
                where = f"{claim[0] or 'everywhere'} {claim[1]}".strip()
                problem = f"covers {where}, as {claimed[claim]!r} does"
                raise InvalidValueError(what, zone.name, problem, "one zone a place")
            claimed[claim] = zone.name
