"""Identifiers are recognised, checked, and say what is wrong with them."""

import csv
import json

import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.identifiers import (
    ListingId,
    ListingVersion,
    OpaqueNumber,
    S10Number,
    SpeedPakNumber,
    SsccNumber,
    checked_id,
    checked_number,
    compact,
    is_id,
    tracking_number,
)
from tests.real_data import DATA, with_data

SPEEDPAK = "EE10001234567890123456789012"


def rows(name: str) -> list[dict[str, str]]:
    """Read a file of real data; it has at least one row."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found
    return found


@pytest.mark.parametrize("text", ["x", "o-1", "27-08765-12345!", "订单 7", "x" * 128])
def test_an_identifier_is_given_back(text: str) -> None:
    """Hosts choose their own."""
    assert checked_id("order", text) == text


@pytest.mark.parametrize("text", ["", "x" * 129, "a\nb", "a\x00b", "a\u200bb"])
def test_an_identifier_can_be_printed(text: str) -> None:
    """Not empty, not endless, nothing that cannot be seen."""
    with pytest.raises(InvalidValueError, match=r"^order .* is no identifier; allowed: 1 to 128"):
        checked_id("order", text)


@pytest.mark.parametrize("text", [" x", "x ", " "])
def test_an_identifier_is_not_blank_at_an_end(text: str) -> None:
    """Nobody would see the difference."""
    with pytest.raises(InvalidValueError, match="is blank at an end"):
        checked_id("order", text)


def test_an_identifier_is_text() -> None:
    """A number would be another key in a store."""
    with pytest.raises(InvalidValueError, match="order 7 is no identifier"):
        checked_id("order", 7)  # type: ignore[arg-type]  # wrong on purpose


def test_a_version_of_a_listing_is_told_by_its_number() -> None:
    """An order pins one, and a person reads it."""
    version = ListingVersion(ListingId("l-1"), 2)

    assert str(version) == "l-1 v2"
    assert version != ListingVersion(ListingId("l-1"), 3)


def test_the_spaces_and_hyphens_of_print_are_dropped() -> None:
    """And letters are capitals."""
    assert compact(" rr 473-124\t829\u00a0gb ") == "RR473124829GB"


@pytest.mark.parametrize("text", ["RR473124829GB", "rr 473 124 829 gb", "RR-47312482-9-GB"])
def test_an_s10_number_is_read_as_printed_on_labels(text: str) -> None:
    """Its parts are told apart."""
    number = S10Number.parse(text)

    assert (number.service, number.serial, number.country) == ("RR", "47312482", "GB")
    assert number.check_digit == "9"
    assert number.text == str(number) == "RR473124829GB"


@pytest.mark.parametrize(
    ("serial", "check_digit"),
    [
        ("47312482", "9"),
        ("00071761", "8"),
        ("47110815", "1"),
        ("76129403", "8"),
        ("00071758", "1"),
        # Eleven less the rest of the weighted sum is ten here, and eleven, five and eleven below.
        ("96633102", "0"),
        ("00000000", "5"),
        ("00000004", "5"),
        ("12345678", "5"),
    ],
)
def test_the_check_digit_of_an_s10_number_has_two_special_cases(
    serial: str, check_digit: str
) -> None:
    """Ten is written 0 and eleven 5."""
    assert S10Number("RR", serial, "GB").check_digit == check_digit


def test_the_check_digit_5_hides_some_mistakes() -> None:
    """Eleven is written like five, so these two differ in one digit and both are right."""
    assert S10Number.parse("RR000000005GB") != S10Number.parse("RR000000045GB")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RR47312482GB",
        "RR4731248290GB",
        "R1473124829GB",
        "RR473124829G8",
        "RR47312482XGB",
        "RR473124829GB1",
        "RR\uff14731248290GB",
        "RR473124829GB" + " " * 200,
        "RR473124829GB" * 20,
    ],
    ids=ascii,
)
def test_what_has_not_the_shape_of_an_s10_number_is_refused(text: str) -> None:
    """Two letters, nine digits, two letters, all of them ASCII."""
    with pytest.raises(
        InvalidValueError, match="is not in shape; allowed: two letters, nine digits"
    ):
        S10Number.parse(text)


def test_a_wrong_check_digit_is_named_with_the_right_one() -> None:
    """Somebody typed it."""
    with pytest.raises(InvalidValueError) as caught:
        S10Number.parse("RR473124820GB")

    assert str(caught.value) == "S10 number 'RR473124820GB' has check digit 0; allowed: 9"


@pytest.mark.parametrize(
    ("service", "serial", "country"),
    [
        ("RR", "4731248", "GB"),
        ("R", "47312482", "GB"),
        ("RR", "47312482", "G"),
        ("rr", "47312482", "GB"),
        ("RR1", "2345678", "GB"),
        ("RR", "4731248", "5GB"),
        ("", "RR47312482", "GB"),
    ],
)
def test_parts_that_make_no_s10_number_are_refused(service: str, serial: str, country: str) -> None:
    """Each part by itself, not just all of them in a row."""
    with pytest.raises(InvalidValueError, match="is not in shape"):
        S10Number(service, serial, country)


def test_what_follows_a_number_is_never_cut_off() -> None:
    """However far away it stands."""
    for blanks in (1, 51, 64, 115, 128, 1000):
        text = f"RR473124829GB{' ' * blanks}X"

        for parse in (S10Number.parse, SsccNumber.parse, SpeedPakNumber.parse):
            with pytest.raises(InvalidValueError):
                parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "157035381410375177",
        "(00)157035381410375177",
        "00157035381410375177",
        "(00) 1 5703538 141037517 7",
    ],
)
def test_an_sscc_is_read_with_and_without_its_application_identifier(text: str) -> None:
    """As GS1 prints it below the bars."""
    number = SsccNumber.parse(text)

    assert number == SsccNumber("15703538141037517")
    assert number.check_digit == "7"
    assert number.text == str(number) == "157035381410375177"


@pytest.mark.parametrize(
    "text", ["", "123", "1570353814103751770", "01157035381410375177", "15703538141037517X"]
)
def test_what_has_not_the_shape_of_an_sscc_is_refused(text: str) -> None:
    """Eighteen digits; no other application identifier."""
    with pytest.raises(InvalidValueError, match=r"SSCC .* is not in shape"):
        SsccNumber.parse(text)


def test_a_wrong_check_digit_of_an_sscc_is_named_with_the_right_one() -> None:
    """Other libraries let it pass."""
    with pytest.raises(InvalidValueError) as caught:
        SsccNumber.parse("157035381410375178")

    assert str(caught.value) == "SSCC '157035381410375178' has check digit 8; allowed: 7"


@pytest.mark.parametrize(
    "digits", ["", "1" * 16, "1" * 18, "1" * 16 + "x", "1" * 16 + "\uff11"], ids=ascii
)
def test_an_sscc_is_made_of_seventeen_digits(digits: str) -> None:
    """The eighteenth is computed."""
    with pytest.raises(InvalidValueError, match=r"SSCC .* is not in shape; allowed: 17 digits"):
        SsccNumber(digits)


@pytest.mark.parametrize("prefix", ["EE", "ES", "EX"])
def test_a_speedpak_number_begins_with_one_of_three_prefixes(prefix: str) -> None:
    """Small letters and hyphens are tolerated when it is read."""
    text = prefix + SPEEDPAK[2:]

    number = SpeedPakNumber.parse(f"{text[:10].lower()}-{text[10:]}")

    assert number == SpeedPakNumber(text)
    assert str(number) == text


@pytest.mark.parametrize(
    "text",
    ["", SPEEDPAK[:-1], SPEEDPAK + "0", "EA" + SPEEDPAK[2:], SPEEDPAK[:-1] + "_", SPEEDPAK * 5],
)
def test_what_has_not_the_shape_of_a_speedpak_number_is_refused(text: str) -> None:
    """28 letters and digits."""
    with pytest.raises(InvalidValueError, match="is not in shape; allowed: 28 letters and digits"):
        SpeedPakNumber.parse(text)


def test_any_other_number_is_opaque() -> None:
    """It is kept without spaces and hyphens, in capitals."""
    number = OpaqueNumber.parse("1z 999-aa1 0123456784")

    assert number == OpaqueNumber("1Z999AA10123456784")
    assert str(number) == "1Z999AA10123456784"


@pytest.mark.parametrize("text", ["", " - ", "x" * 65, "x" * 65 + " " * 10, "a\x00b"], ids=ascii)
def test_what_no_label_can_show_is_no_number(text: str) -> None:
    """Nothing at all, too much, or what cannot be printed."""
    with pytest.raises(InvalidValueError, match="is no number; allowed: 1 to 64 printable"):
        OpaqueNumber.parse(text)


def test_a_number_has_64_characters_at_most_and_is_written_in_128() -> None:
    """The limits themselves are allowed, whatever the scheme."""
    assert OpaqueNumber.parse("x" * 64) == OpaqueNumber("X" * 64)
    for text in ("X" * 64, "RR473124829GB", "157035381410375177", SPEEDPAK):
        number = tracking_number(text)

        assert tracking_number(text + " " * (128 - len(text))) == number
        assert type(number).parse(text + " " * (128 - len(text))) == number
        with pytest.raises(InvalidValueError):
            type(number).parse(text + " " * (129 - len(text)))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("rr 473 124 829 gb", S10Number),
        ("(00) 157035381410375177", SsccNumber),
        (SPEEDPAK.lower(), SpeedPakNumber),
        ("RR473124820GB", OpaqueNumber),
        ("157035381410375178", OpaqueNumber),
        ("9405500208303109888319", OpaqueNumber),
    ],
)
def test_a_tracking_number_is_recognised_by_shape_and_check_digit(text: str, kind: type) -> None:
    """What fits no scheme is opaque, and never lost."""
    number = tracking_number(text)

    assert type(number) is kind
    assert compact(text).removeprefix("(00)") == str(number)


def test_a_tracking_number_is_not_nothing() -> None:
    """The error is that of an opaque number."""
    with pytest.raises(InvalidValueError, match="tracking number '' is no number"):
        tracking_number("")


@with_data
def test_every_postal_operator_has_s10_numbers_of_its_own() -> None:
    """The countries of the operators that the Universal Postal Union lists."""
    for row in rows("s10_vectors/s10_country_operators.csv"):
        number = S10Number("RB", "12345678", row["country_code"])

        assert S10Number.parse(f"RB123456785{row['country_code']}") == number


@with_data
def test_the_check_digit_uses_the_weights_that_are_published() -> None:
    """Computed here from the source's own description, over ten thousand serial numbers."""
    rule = json.loads((DATA / "s10_vectors/s10_format.json").read_text(encoding="utf-8"))
    weights, modulo = (
        rule["validation"]["checksum"]["weightings"],
        rule["validation"]["checksum"]["modulo"],
    )

    for serial in (f"{number:08d}" for number in range(0, 10**8, 9_973)):
        rest = modulo - sum(map(int.__mul__, map(int, serial), weights)) % modulo
        digit = {10: 0, 11: 5}.get(rest, rest)
        assert S10Number("RB", serial, "GB").check_digit == str(digit)


@with_data
def test_s10_numbers_of_others_are_judged_as_others_judge_them() -> None:
    """Except that we keep no list of operators: XX has none, and its check digit is right."""
    vectors = [
        row
        for row in rows("tracking_numbers/tracking_number_vectors.csv")
        if row["format_id"] == "s10"
    ]
    numbers = {row["number"]: row["expected"] for row in vectors}

    assert {number for number, expected in numbers.items() if expected == "invalid"} == {
        "RB123456785XX"
    }
    assert [S10Number.parse(number).text for number in numbers] == list(numbers)


@with_data
def test_ssccs_of_others_are_judged_as_others_judge_them() -> None:
    """Valid and invalid ones."""
    vectors = rows("gs1_sscc/sscc_vectors.csv")

    for row in vectors:
        if row["expected"] == "valid":
            assert SsccNumber.parse(row["value"]).text == row["value"]
        else:
            with pytest.raises(InvalidValueError):
                SsccNumber.parse(row["value"])
    assert {row["expected"] for row in vectors} == {"valid", "invalid"}


@with_data
def test_no_number_of_any_carrier_is_lost() -> None:
    """Whatever a number is recognised as, it reads as it was printed."""
    for row in rows("tracking_numbers/tracking_number_vectors.csv"):
        printed = compact(row["number"])

        number = tracking_number(row["number"])

        assert str(number) in {printed, printed.removeprefix("00")}


def test_letters_that_only_look_like_capitals_are_not_taken_for_them() -> None:
    """A long s is no S: the number that was printed is another one."""
    with pytest.raises(InvalidValueError):
        S10Number.parse("\u017fr473124829gb")


def test_an_opaque_number_has_one_form() -> None:
    """Two writings of one number are equal, however they were made."""
    assert OpaqueNumber("ab 1") == OpaqueNumber.parse("ab 1")


def test_a_tracking_number_is_one_that_somebody_has_read() -> None:
    """Text is none yet."""
    number = tracking_number("N1")

    assert checked_number("number of a label", number) is number
    with pytest.raises(InvalidTypeError, match="number of a label is given as str"):
        checked_number("number of a label", "N1")


def test_a_part_that_names_something_is_an_identifier() -> None:
    """And is refused by the name of the part."""
    assert is_id("l-1")
    assert not is_id(" l-1")
    with pytest.raises(InvalidValueError, match="listing of ListingVersion '' is no identifier"):
        ListingVersion(ListingId(""), 1)
