"""Places and people: countries, postal addresses, parties, and where a scan was made.

What could identify a person (name, street, telephone, e-mail) is there to be used and hidden in
every `repr`.

>>> Address(lines=("1 Queen's Road",), city="Hong Kong", country=Country("HK"))
Address(lines=(hidden), city='Hong Kong', region='', postal_code='', country=Country(code='HK'))
"""

import attrs

from apaclogistics.errors import Hidden, InvalidValueError

__all__ = ("Address", "Country", "Destination", "Party", "Place", "masked")

# Source: ISO 3166-1, the 249 officially assigned alpha-2 codes.
_COUNTRIES = frozenset(
    (
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ "
        "BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM "
        "DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS "
        "GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
        "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
        "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
        "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
        "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
        "VN VU WF WS YE YT ZA ZM ZW"
    ).split()
)
_MAX_TEXT = 256


def masked(value: object) -> str:
    """Show personal data as hidden, and an empty value as empty."""
    return repr(Hidden()) if value else repr(value)


@attrs.frozen(order=True)
class Country:
    """A country by its ISO 3166-1 alpha-2 code.

    Raises:
        InvalidValueError: for a code that is not assigned, such as "UK" (the United Kingdom is GB).
    """

    code: str

    def __attrs_post_init__(self) -> None:
        """Refuse a code that is not assigned."""
        if self.code not in _COUNTRIES:
            allowed = "two capital letters, as in 'HK' ('GB' for the United Kingdom)"
            raise InvalidValueError("country", self.code, "is not assigned in ISO 3166-1", allowed)

    def __str__(self) -> str:
        """Give the code."""
        return self.code


def _country(value: Country | str) -> Country:
    return value if isinstance(value, Country) else Country(value)


def _refuse_long(what: str, *texts: str) -> None:
    if any(len(text) > _MAX_TEXT for text in texts):
        raise InvalidValueError(what, Hidden(), "is too long", f"{_MAX_TEXT} characters a line")


@attrs.frozen(kw_only=True)
class Address:
    """A postal address, as it was written: nothing is corrected.

    `lines` are the lines above the city; they are hidden in the `repr`.
    """

    lines: tuple[str, ...] = attrs.field(default=(), repr=masked)
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: Country = attrs.field(converter=_country)

    def __attrs_post_init__(self) -> None:
        """Refuse lines that no label could hold."""
        _refuse_long("address", *self.lines, self.city, self.region, self.postal_code)


@attrs.frozen(kw_only=True)
class Party:
    """A person or company at an address: a consignor, a consignee, a seller's contact."""

    name: str = attrs.field(default="", repr=masked)
    company: str = attrs.field(default="", repr=masked)
    phone: str = attrs.field(default="", repr=masked)
    email: str = attrs.field(default="", repr=masked)
    address: Address

    def __attrs_post_init__(self) -> None:
        """Refuse fields that no label could hold."""
        _refuse_long("party", self.name, self.company, self.phone, self.email)


@attrs.frozen(kw_only=True)
class Destination:
    """Where a parcel is to go, as far as price and promise need it.

    `zone_name` is the IANA zone of the local days that are promised.
    """

    country: Country = attrs.field(converter=_country)
    postal_code: str = ""
    zone_name: str


def _normal(text: str) -> str:
    return " ".join(text.split()).upper()


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
