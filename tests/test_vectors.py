"""Postal and GS1 numbers that others publish are read as they say.

What `tests/test_identifiers.py` asks of the same files is not asked again.
"""

import csv
import json
import re
import string
from itertools import product

import pytest

from apaclogistics.errors import InvalidValueError
from apaclogistics.values.identifiers import (
    OpaqueNumber,
    S10Number,
    SsccNumber,
    compact,
    tracking_number,
)
from tests.real_data import DATA, with_data

# Service indicators, by the meaning of their first letter or letters: an example in the files' form.
OWN_SERVICES = {"E[A-Z]": "EMS", "R[A-Z]": "registered letter", "([BD][A-Z]|A[V-Z])": "domestic"}
INDICATORS = ["".join(letters) for letters in product(string.ascii_uppercase, repeat=2)]


def rows(name: str) -> list[dict[str, str]]:
    """Read a file of vectors; it has at least one row."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found
    return found


def s10_pattern() -> re.Pattern[str]:
    """Give the published format of S10 numbers, with groups named as Python names them."""
    rule = json.loads((DATA / "s10_vectors/s10_format.json").read_text(encoding="utf-8"))
    return re.compile(rule["regex"].replace("(?<", "(?P<"))


def services_of(indicator: str, patterns: dict[str, str]) -> list[str]:
    """Name the services that an indicator stands for."""
    return [name for regex, name in patterns.items() if re.fullmatch(regex, indicator)]


def is_read(text: str) -> bool:
    """Tell whether a number is an S10 number or an SSCC, check digit included."""
    return not isinstance(tracking_number(text), OpaqueNumber)


def one_digit_off(text: str) -> list[str]:
    """Give every writing of a number in which one digit is another."""
    return [
        f"{text[:place]}{digit}{text[place + 1 :]}"
        for place, right in enumerate(text)
        if right.isdigit()
        for digit in string.digits
        if digit != right
    ]


def test_a_service_indicator_is_any_two_letters() -> None:
    """The library keeps no list of services, which carriers use as they like."""
    read = [S10Number.parse(f"{indicator}473124829GB").service for indicator in INDICATORS]

    assert read == INDICATORS
    assert services_of("EM", OWN_SERVICES) == ["EMS"]
    assert services_of("AU", OWN_SERVICES) == []


@pytest.mark.parametrize("digits", ["000000000000000017", "106141411234567897"])
def test_no_single_wrong_digit_of_an_sscc_goes_unseen(digits: str) -> None:
    """Which is what its check digit is for."""
    assert is_read(digits)
    assert [text for text in one_digit_off(digits) if is_read(text)] == []


def test_a_wrong_digit_of_an_s10_number_goes_unseen_only_where_the_check_digit_is_5() -> None:
    """Which stands for eleven as well; no other check digit stands for two."""
    for certain in ("RR473124829GB", "RR966331020GB"):
        assert [text for text in one_digit_off(certain) if is_read(text)] == []
    assert "RR900000005GB" in [text for text in one_digit_off("RR000000005GB") if is_read(text)]


@with_data
def test_every_operator_prints_numbers_of_the_published_format() -> None:
    """Their parts are the same to both, blanks or not."""
    pattern = s10_pattern()

    for row in rows("s10_vectors/s10_country_operators.csv"):
        for number in (
            S10Number("RR", "47312482", row["country_code"]),
            S10Number("EE", "00000000", row["country_code"]),
        ):
            printed = f"{number.service} {number.serial[:4]} {number.serial[4:]}"
            match = pattern.fullmatch(f"{printed} {number.check_digit} {number.country}")

            assert match is not None
            assert {name: compact(part) for name, part in match.groupdict().items()} == {
                "ServiceType": number.service,
                "SerialNumber": number.serial,
                "CheckDigit": number.check_digit,
                "CountryCode": number.country,
            }


@with_data
def test_operators_have_a_name_and_a_country_of_two_letters() -> None:
    """And no country twice."""
    operators = rows("s10_vectors/s10_country_operators.csv")
    codes = [row["country_code"] for row in operators]

    assert all(row["operator"].strip() and row["country"].strip() for row in operators)
    assert all(re.fullmatch("[A-Z]{2}", code) for code in codes)
    assert len(set(codes)) == len(codes)
    assert {"AU", "CN", "GB", "HK", "JP", "KR", "SG"} <= set(codes)


@with_data
def test_an_indicator_stands_for_one_service_at_most() -> None:
    """The reserved first letters stand for none, and are read all the same."""
    patterns = {row["regex"]: row["name"] for row in rows("s10_vectors/s10_service_types.csv")}
    services = {indicator: services_of(indicator, patterns) for indicator in INDICATORS}

    assert max(map(len, services.values())) == 1
    assert {name for names in services.values() for name in names} == set(patterns.values())
    assert services["RR"] == ["Letter Post Registered"]
    assert services["EE"] == ["EMS"]
    for indicator, names in services.items():
        assert not names or indicator[0] not in "JKSTW"
        assert isinstance(tracking_number(f"{indicator}473124829GB"), S10Number)


@with_data
def test_an_sscc_of_others_is_recognised_among_tracking_numbers() -> None:
    """With its application identifier and without; what is none is kept as it is."""
    for row in rows("gs1_sscc/sscc_vectors.csv"):
        is_valid = row["expected"] == "valid"

        for text in (row["value"], f"(00) {row['value']}"):
            assert isinstance(tracking_number(text), SsccNumber) is is_valid
        if is_valid:
            assert SsccNumber(row["value"][:17]).check_digit == row["value"][17]
            assert [text for text in one_digit_off(row["value"]) if is_read(text)] == []
        else:
            with pytest.raises(InvalidValueError, match="is not in shape"):
                SsccNumber.parse(row["value"])


@with_data
def test_only_s10_numbers_and_ssccs_are_recognised_as_such() -> None:
    """Numbers of other formats are opaque, however many digits they have."""
    vectors = rows("tracking_numbers/tracking_number_vectors.csv")
    recognised = {
        row["format_id"]: type(tracking_number(row["number"]))
        for row in vectors
        if is_read(row["number"])
    }

    assert recognised == {"s10": S10Number, "fedex_ground_sscc_18": SsccNumber}
    for row in vectors:
        if row["format_id"] in recognised and row["expected"] == "valid":
            assert is_read(row["number"])
