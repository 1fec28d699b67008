"""The table of countries is the one of ISO 3166-1, and codes that are not in it are told apart."""

import csv
import re

import pytest

from apaclogistics.values.countries import ALPHA_2_CODES, COUNTRY_ALIASES, COUNTRY_NAMES
from tests.real_data import DATA, with_data


def test_there_are_249_countries_in_the_order_of_their_codes() -> None:
    """As many as ISO 3166-1 assigns."""
    assert len(COUNTRY_NAMES) == 249
    assert list(COUNTRY_NAMES) == sorted(COUNTRY_NAMES)


def test_every_country_has_a_code_of_two_capitals_and_a_name_of_its_own() -> None:
    """A line of the table that is out of shape would show here."""
    assert all(re.fullmatch("[A-Z]{2}", code) for code in COUNTRY_NAMES)
    assert all(re.fullmatch(r"\w.+[\w)]", name) for name in COUNTRY_NAMES.values())
    assert len(set(COUNTRY_NAMES.values())) == 249


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("AD", "Andorra"),
        ("CN", "China"),
        ("GB", "United Kingdom"),
        ("HK", "Hong Kong"),
        ("MO", "Macao"),
        ("SG", "Singapore"),
        ("TR", "Türkiye"),
        ("TW", "Taiwan"),
        ("US", "United States"),
        ("ZW", "Zimbabwe"),
    ],
)
def test_a_country_has_a_short_english_name(code: str, name: str) -> None:
    """As labels and messages print it."""
    assert COUNTRY_NAMES[code] == name


def test_every_country_has_a_code_of_three_capitals_of_its_own() -> None:
    """As many as there are codes of two."""
    assert list(ALPHA_2_CODES.values()) == list(COUNTRY_NAMES)
    assert all(re.fullmatch("[A-Z]{3}", code) for code in ALPHA_2_CODES)


@pytest.mark.parametrize(
    ("three", "two"),
    [
        # Those whose letters do not begin alike, or that are mixed up often.
        *(("AUS", "AU"), ("AUT", "AT"), ("ARE", "AE"), ("BIH", "BA"), ("CHN", "CN"), ("CHE", "CH")),
        *(("DEU", "DE"), ("ESP", "ES"), ("EST", "EE"), ("GBR", "GB"), ("IRL", "IE"), ("IRQ", "IQ")),
        *(("JPN", "JP"), ("KOR", "KR"), ("PRK", "KP"), ("MAC", "MO"), ("POL", "PL"), ("PRT", "PT")),
        *(("SRB", "RS"), ("SVK", "SK"), ("SVN", "SI"), ("SWE", "SE"), ("TUR", "TR"), ("UKR", "UA")),
    ],
)
def test_a_code_of_three_letters_leads_to_the_one_of_two(three: str, two: str) -> None:
    """Written by hand from ISO 3166-1."""
    assert ALPHA_2_CODES[three] == two


def test_codes_in_use_that_are_not_assigned_lead_to_one_that_is() -> None:
    """UK is reserved and not assigned; EL is how the European Union writes Greece."""
    assert dict(COUNTRY_ALIASES) == {"AC": "SH", "EL": "GR", "TA": "SH", "UK": "GB"}
    assert set(COUNTRY_ALIASES).isdisjoint(COUNTRY_NAMES)
    assert set(COUNTRY_ALIASES.values()) <= set(COUNTRY_NAMES)


@with_data
def test_the_countries_are_those_that_google_has_address_rules_for() -> None:
    """Beside Kosovo, which has no code in ISO 3166-1, the default, and two parts of SH."""
    with (DATA / "postal_codes" / "country_rules.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["country"] for row in csv.DictReader(file)}

    assert listed - set(COUNTRY_NAMES) == {"AC", "TA", "XK", "ZZ"}
    assert set(COUNTRY_NAMES) <= listed
