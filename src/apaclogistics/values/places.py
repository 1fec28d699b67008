"""Places and people: countries, postal addresses, parties, and where a scan was made.

What could identify a person (name, street, telephone, e-mail) is there to be used and hidden in
every `repr`.  Addresses are kept as they were written; what is wrong with one is a reason that
somebody asks for: of `AddressLimits` for a carrier's fields, of an `AddressFormat` for a country.

>>> home = Address(lines=("1 Queen's Road",), city="Hong Kong", postal_code="000", country="HK")
>>> home
Address(lines=(hidden), city='Hong Kong', region='', postal_code='000', country=Country(code='HK'))
>>> [str(reason) for reason in PLAIN_FORMAT.against(home)]
["postal code '000' is given, and HK has none; allowed: an empty one"]
>>> read_country("uk")
(Country(code='GB'), "'UK' is not assigned in ISO 3166-1 and is read as GB (United Kingdom)")
"""

import difflib
import re
import reprlib
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Protocol, Self

import attrs

from apaclogistics.errors import Hidden, InvalidValueError, Reason, masked
from apaclogistics.values.countries import COUNTRY_ALIASES, COUNTRY_NAMES
from apaclogistics.values.fields import checked, of_type, several
from apaclogistics.values.instants import zone
from apaclogistics.values.postcodes import NEED_POSTAL_CODE, is_postal_code, postal_shape
from apaclogistics.values.quantities import whole

__all__ = (
    "PLAIN_FORMAT",
    "Address",
    "AddressFormat",
    "AddressLimits",
    "Country",
    "Destination",
    "Facility",
    "Party",
    "Place",
    "PlainFormat",
    "has_postal_codes",
    "postal_code_reason",
    "read_country",
    "zone_at",
)

_MAX_TEXT = 256
# The normal form of a text is at least a quarter as long as the text; a longer one stays too long.
_MAX_WRITTEN = 4 * _MAX_TEXT
# Control characters, the separators of lines and paragraphs, and halves of surrogate pairs.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@attrs.frozen(order=True)
class Country:
    """A country by its ISO 3166-1 alpha-2 code.

    Raises:
        InvalidValueError: for a code that is not assigned, such as "UK" (the United Kingdom is GB).
    """

    code: str = attrs.field(validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a code that is not assigned."""
        if self.code not in COUNTRY_NAMES:
            allowed = "two capital letters, as in 'HK' ('GB' for the United Kingdom)"
            raise InvalidValueError("country", self.code, "is not assigned in ISO 3166-1", allowed)

    @property
    def name(self) -> str:
        """The short English name: "Hong Kong" for HK."""
        return COUNTRY_NAMES[self.code]

    def __str__(self) -> str:
        """Give the code."""
        return self.code


def _country(value: Country | str) -> Country:
    return value if isinstance(value, Country) else Country(value)


def read_country(text: str) -> tuple[Country, str]:
    """Read a country's code as people write it, and give a warning where that took a guess.

    White space around it and small letters are tolerated without a word.  A code that is not
    assigned but in use, such as UK, is read as the one that is meant; the warning, which is empty
    otherwise, says so.

    Raises:
        InvalidValueError: for any other text; countries with a code or name like it are named.
    """
    code = _capitals(text.strip())
    if code not in COUNTRY_ALIASES:
        return _known_country(code, text), ""
    country = Country(COUNTRY_ALIASES[code])
    warning = f"{code!r} is not assigned in ISO 3166-1 and is read as {country} ({country.name})"
    return country, warning


def _capitals(text: str) -> str:
    # Letters of other scripts are left alone: a small ligature would become two capitals.
    return text.upper() if text.isascii() else text


def _known_country(code: str, written: str) -> Country:
    if code not in COUNTRY_NAMES:
        near = ", ".join(_countries_like(written))
        hint = f", nearest: {near}" if near else ""
        allowed = f"a code of ISO 3166-1, as in 'HK'{hint}"
        raise InvalidValueError("country", written, "is no country's code", allowed)
    return Country(code)


def _countries_like(text: str) -> list[str]:
    written = text.strip()[:64].casefold()
    words = {word.casefold(): item[0] for item in COUNTRY_NAMES.items() for word in item}
    near = difflib.get_close_matches(written, words, n=3, cutoff=0.75)
    return [f"{code} ({COUNTRY_NAMES[code]})" for code in dict.fromkeys(words[it] for it in near)]


def has_postal_codes(country: Country) -> bool:
    """Tell whether there are postal codes in a country; HK, MO and AE, among others, have none."""
    return bool(postal_shape(country.code))


def postal_code_reason(country: Country, text: str) -> Reason | None:
    """Say why a postal code cannot be one of a country; None if it can.

    Codes are compared without spaces and hyphens and in capitals.  The codes of the reasons are
    `postal_code_missing` where the country needs one, `postal_code_unexpected` where it has none,
    and `postal_code_malformed` where it has another shape.
    """
    shape, shown = postal_shape(country.code), reprlib.repr(text)
    if not text.strip():
        return _missing_postal_code(country) if country.code in NEED_POSTAL_CODE else None
    if not shape:
        said = f"postal code {shown} is given, and {country} has none; allowed: an empty one"
        return Reason("postal_code_unexpected", said)
    if is_postal_code(country.code, text):
        return None
    said = f"postal code {shown} has not the shape of {country}'s; allowed: {_in_words(shape)}"
    return Reason("postal_code_malformed", said)


def _missing_postal_code(country: Country) -> Reason:
    shape = _in_words(postal_shape(country.code))
    said = f"postal code '' is empty, and {country} needs one; allowed: {shape}"
    return Reason("postal_code_missing", said)


_KINDS = {
    "n": "n is a digit",
    "a": "a is a letter",
    "x": "x is a letter or digit",
    "[": "[] may be left out",
}


def _in_words(shape: str) -> str:
    kinds = ", ".join(words for kind, words in _KINDS.items() if kind in shape)
    return f"{shape} ({kinds})" if kinds else shape


def _text(written: str) -> str:
    stripped = checked("text of an address", written, str).strip()
    return unicodedata.normalize("NFC", stripped) if len(stripped) <= _MAX_WRITTEN else stripped


def _texts(written: Iterable[str]) -> tuple[str, ...]:
    return tuple(_text(line) for line in several("lines of an address", written))


def _refuse_unfit(what: str, *texts: str) -> None:
    if any(len(text) > _MAX_TEXT for text in texts):
        raise InvalidValueError(what, Hidden(), "is too long", f"{_MAX_TEXT} characters a line")
    if any(_UNPRINTABLE.search(text) for text in texts):
        problem = "holds a line break or another control character"
        raise InvalidValueError(what, Hidden(), problem, "what can be printed on one line")


@attrs.frozen(kw_only=True)
class Address:
    """A postal address, as it was written: nothing is corrected.

    `lines` are the lines above the city; they are hidden in the `repr`.  A text is kept in one
    normal form and unchanged otherwise: Unicode NFC, without white space at its ends.  So a line
    of blanks is an empty line, and an empty line stays where it is.

    Raises:
        InvalidTypeError: if `lines` is one text.
        InvalidValueError: if a text has more than 256 characters (code points of the normal form),
            or holds a line break or another control character.
    """

    lines: tuple[str, ...] = attrs.field(default=(), converter=_texts, repr=masked)
    city: str = attrs.field(default="", converter=_text)
    region: str = attrs.field(default="", converter=_text)
    postal_code: str = attrs.field(default="", converter=_text)
    country: Country = attrs.field(converter=_country)

    def __attrs_post_init__(self) -> None:
        """Refuse lines that no label could hold."""
        _refuse_unfit("address", *self.lines, self.city, self.region, self.postal_code)


@attrs.frozen(kw_only=True)
class Party:
    """A person or company at an address: a consignor, a consignee, a seller's contact.

    Texts are kept in the normal form of an address.

    Raises:
        InvalidValueError: if a text has more than 256 characters (code points of the normal form),
            or holds a line break or another control character.
    """

    name: str = attrs.field(default="", converter=_text, repr=masked)
    company: str = attrs.field(default="", converter=_text, repr=masked)
    phone: str = attrs.field(default="", converter=_text, repr=masked)
    email: str = attrs.field(default="", converter=_text, repr=masked)
    address: Address = attrs.field(validator=of_type(Address))

    def __attrs_post_init__(self) -> None:
        """Refuse fields that no label could hold."""
        _refuse_unfit("party", self.name, self.company, self.phone, self.email)


@attrs.frozen(kw_only=True)
class AddressLimits:
    """What the fields of a carrier or platform hold of a party and its address.

    `line_characters` is the most characters (code points) of the name, of the company and of each
    line of the address; `lines` is the most lines that are not empty.  `countries` are those that
    are accepted, any if there are none.  `source` says who published the limits.

    Raises:
        InvalidTypeError: if a limit is no `int`.
        InvalidValueError: if it is below 1 or above 256.
    """

    line_characters: int
    lines: int
    countries: frozenset[Country] = frozenset()
    source: str

    def __attrs_post_init__(self) -> None:
        """Refuse limits that nothing could keep."""
        whole("most characters of a line", self.line_characters, least=1, most=_MAX_TEXT)
        whole("most lines", self.lines, least=1, most=_MAX_TEXT)

    def against(self, party: Party) -> tuple[Reason, ...]:
        """Say every way in which a party goes beyond the limits, without showing what is personal.

        The codes are `address_text_too_long`, `address_lines_too_many` and
        `address_country_refused`.
        """
        return (*self._too_long(party), *self._too_many(party), *self._refused(party))

    def _too_long(self, party: Party) -> Iterator[Reason]:
        lines = enumerate(party.address.lines, start=1)
        numbered = ((f"line {number} of the address", line) for number, line in lines)
        for what, text in (("name", party.name), ("company", party.company), *numbered):
            if len(text) > self.line_characters:
                said = f"{what} has {len(text)} characters; allowed: {self.line_characters}"
                yield Reason("address_text_too_long", f"{said} ({self.source})")

    def _too_many(self, party: Party) -> Iterator[Reason]:
        count = sum(map(bool, party.address.lines))
        if count > self.lines:
            said = f"the address has {count} lines; allowed: {self.lines} ({self.source})"
            yield Reason("address_lines_too_many", said)

    def _refused(self, party: Party) -> Iterator[Reason]:
        country = party.address.country
        if self.countries and country not in self.countries:
            allowed = ", ".join(map(str, sorted(self.countries)))
            said = f"country {country} is not accepted; allowed: {allowed} ({self.source})"
            yield Reason("address_country_refused", said)


class AddressFormat(Protocol):
    """What an address of a country must have, and how it is printed."""

    @property
    def name(self) -> str:
        """Who checks and prints, with the version of the data, for people and records."""
        ...

    def against(self, address: Address) -> tuple[Reason, ...]:
        """Say what is wrong with an address for its country; nothing if it is fit to be printed.

        Missing parts, malformed postal codes and unknown regions, as far as the format knows.
        Reasons never show the lines of the address.
        """
        ...

    def label(self, party: Party) -> tuple[str, ...]:
        """Give the lines of a label: name, company and every part of the address.

        No line is empty, and the last one is the country's name in capitals.
        """
        ...


@attrs.frozen
class PlainFormat:
    """Check postal codes and nothing else, and print every address in one order."""

    name: str = "postal codes only"

    def against(self, address: Address) -> tuple[Reason, ...]:
        """Say what is wrong with the postal code."""
        reason = postal_code_reason(address.country, address.postal_code)
        return () if reason is None else (reason,)

    def label(self, party: Party) -> tuple[str, ...]:
        """Give name, company, lines, then city, region and postal code in one, then the country."""
        to = party.address
        town = " ".join(part for part in (to.city, to.region, to.postal_code) if part)
        printed = (party.name, party.company, *to.lines, town, to.country.name.upper())
        return tuple(line for line in printed if line)


PLAIN_FORMAT = PlainFormat()


@attrs.frozen(kw_only=True)
class Destination:
    """Where a parcel is to go, as far as price and promise need it.

    `zone_name` is the IANA zone of the local days that are promised.  The postal code is kept in
    the normal form of an address.
    """

    country: Country = attrs.field(converter=_country)
    postal_code: str = attrs.field(default="", converter=_text)
    zone_name: str = attrs.field(validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a postal code that no label could hold, and a zone that there is not."""
        _refuse_unfit("postal code", self.postal_code)
        zone(self.zone_name)


def _normal(text: str) -> str:
    return " ".join(checked("part of a place", text, str).split()).upper()


@attrs.frozen(kw_only=True, order=True)
class Place:
    """Where a scan was made, as far as the feed structures it, in one normal form.

    White space is single and letters are capitals, so that "Hong  Kong" and "HONG KONG" are the
    same place.  Empty text stands for what the feed does not say.
    """

    country: str = attrs.field(default="", converter=_normal)
    city: str = attrs.field(default="", converter=_normal)
    facility: str = attrs.field(default="", converter=_normal)

    def __str__(self) -> str:
        """Give what is known, from the facility outwards."""
        return ", ".join(part for part in (self.facility, self.city, self.country) if part)

    def is_within(self, other: Self) -> bool:
        """Tell whether all that the other place says holds of this one."""
        pairs = zip(_parts(self), _parts(other), strict=True)
        return all(theirs in ("", ours) for ours, theirs in pairs)

    def contradicts(self, other: Self) -> bool:
        """Tell whether the two cannot be one place: both say something of a part, and differ."""
        pairs = zip(_parts(self), _parts(other), strict=True)
        return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def _parts(place: Place) -> tuple[str, str, str]:
    return place.country, place.city, place.facility


@attrs.frozen
class Facility:
    """Where parcels are scanned, and the zone of the clock on its wall.

    A place that names less is a wider one: a country of one zone is a facility too.

    Raises:
        InvalidValueError: if the place is nowhere, or there is no such zone.
    """

    place: Place = attrs.field(validator=of_type(Place))
    zone_name: str

    def __attrs_post_init__(self) -> None:
        """Refuse a facility that is everywhere, since no clock is right there."""
        if not str(self.place):
            raise InvalidValueError("facility", "", "is nowhere", "a country, a city or a code")
        zone(self.zone_name)


def zone_at(facilities: Iterable[Facility], place: Place) -> str | None:
    """Give the zone of the wall clock at a place, None where no facility is known that holds it.

    Of several that hold it, the one that says most of its place counts, then the first by place.
    """
    holding = [it for it in facilities if place.is_within(it.place)]
    ordered = sorted(holding, key=lambda it: (_parts(it.place).count(""), it.place))
    return ordered[0].zone_name if ordered else None
