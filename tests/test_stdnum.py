"""Check digits of registered numbers are judged by python-stdnum, and the verdict says so."""

import csv
import string
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import InvalidValueError
from apaclogistics.values.registers import (
    STRUCTURE,
    IdentifierChecker,
    Register,
    RegisteredNumber,
    Verdict,
)
from tests.real_data import DATA, with_data

pytest.importorskip("stdnum", reason="needs the extra 'identifiers'")

from apaclogistics.adapters.stdnum import StdnumChecker

CHECKER: IdentifierChecker = StdnumChecker()
STDNUM = f"python-stdnum {version('python-stdnum')}"

# Public numbers (a tax office's own, examples of a register or of GS1), or computed by hand.
VALID = {
    Register.CN_USCC: ["91110000MA0000001L", "N2110000MA00000014", "Y1440300000000000Q"],
    Register.HK_BR: ["12345678", "12345678-000-01-26-1"],
    Register.SG_UEN: ["53000001J", "201000001N", "T10LL0001F", "R00LL0001F", "S50SS0001D"],
    Register.AU_ABN: ["53 004 085 616", "80 000 000 001"],
    Register.AU_ACN: ["004 085 616"],
    Register.JP_CORPORATE: ["7-0000-1205-0002", "8000000000001"],
    Register.KR_BRN: ["220-81-62517", "101-01-00010"],
    # The sums are 40 and 39 with a 7, then 35 and 14 with a 7: the last two by the rule of 2023.
    Register.TW_UBN: ["04595257", "12345675", "04595252", "00000074"],
    Register.AU_GST: ["53 004 085 616", "300 000 000 001"],
    Register.NZ_GST: ["49-091-850", "136-410-132"],
    Register.EU_IOSS: ["IM2760000012"],
    Register.EU_OSS: ["EU276000012"],
    Register.EU_VAT: [
        *"ATU13585627 BE0428759497 BE428759497 BG175074752 CZ25123891 DE129273398".split(),
        *"DK13585628 EE100931558 EL094259216 EL94259216 ESB58378431 FI01120389".split(),
        *"FR40303265045 HR33392005961 HU12892312 IE6433435F IE6433435OA IE8D79739I".split(),
        *"IT00159560366 LT119511515 LU15027442 LV40003521600 MT11679112".split(),
        *"NL004495445B01 PL8567346215 PT501964843 RO18547290 SE123456789701".split(),
        *"SI50223054 SK2022749619 XI123456782 XIGD001 CY00000000E".split(),
    ],
    Register.GB_VAT: [
        "GB 123 4567 27",
        "123456782",
        "123456782001",
        "GD001",
        "HA500",
        "GD888800101",
    ],
    Register.CH_VAT: ["CHE-123.456.788 MWST", "CHE-100.000.006 TVA", "che-200.000.001 iva"],
    Register.VATIN: [
        "DE129273398",
        "EL 094259216",
        "XI123456782",
        "CHE-123.456.788 TPV",
        "SM024165",
    ],
    Register.EAN: ["4006381333931", "73513537", "036000291452", "10614141000415"],
    Register.GS1_128: [
        "(00)106141411234567897",
        "00106141411234567897",
        "(01)09506000134352(17)301231(10)ab-1/2",
        "(10)AB(00)106141411234567897",
        "0109506000134352" + "00106141411234567897",
        "(3103)001250",
    ],
}
WRONG_CHECK_DIGIT = {
    Register.CN_USCC: ["91110000MA00000010", "N2110000MA00000015"],
    Register.SG_UEN: ["53000001X", "201000001Z", "T10LL0001A"],
    Register.AU_ABN: ["53 004 085 617"],
    Register.AU_ACN: ["004 085 617"],
    Register.JP_CORPORATE: ["8-0000-1205-0002"],
    Register.TW_UBN: ["04595251", "12345678", "00000076"],
    Register.AU_GST: ["53 004 085 617"],
    Register.NZ_GST: ["136-410-133"],
    Register.EU_VAT: ["ATU13585628", "DE129273399", "XI123456789"],
    Register.GB_VAT: ["123456789", "GD888800102"],
    Register.CH_VAT: ["CHE-123.456.789 MWST"],
    Register.VATIN: ["DE129273399"],
    Register.EAN: ["4006381333932", "73513538", "036000291453", "10614141000416"],
    Register.GS1_128: ["(01)09506000134353"],
}
WRONG_PART = {
    Register.SG_UEN: ["T10WW0001F", "T99LL0001F"],
    Register.KR_BRN: ["100-81-62517", "220-00-62517", "220-81-00007"],
    Register.NZ_GST: ["999-999-999"],
    Register.EU_IOSS: ["IM1230000012"],
    Register.EU_OSS: ["EU123000012"],
    Register.EU_VAT: ["CY12000000X", "LT119511505"],
    Register.GB_VAT: ["HA888800101"],
    Register.VATIN: ["DEDE129273398", "GBXI123456782", "FR40303"],
    Register.GS1_128: [
        "(17)301332",
        "(00)00106141411234567897",
        "(0001)1",
        "(30)AA",
        "(05)1",
        "(10)" + "x" * 21,
        "30AA",
    ],
}
WRONG_SSCC = [
    "(00)106141411234567898",
    "00106141411234567898",
    "(00)10614141123456789",
    "(00)0106141411234567",
    "(01)09506000134352(00)106141411234567898",
    "0109506000134352" + "00106141411234567898",
    "00106141411234567898" + "00106141411234567897",
]
# Whose check digits promise that no single wrong digit goes unseen.
CERTAIN = {Register.AU_ABN, Register.CN_USCC, Register.EAN}
# What the files call the registers, where we call them otherwise.
KINDS = {"jp_cn": Register.JP_CORPORATE}

shapes = st.sampled_from(
    ["", "CHE", "EU276", "IM276", "GD", "T10LL", "(00)", "01", "DE", "SG", "EL"]
)
texts = st.text(max_size=70) | st.builds(
    "{}{}{}".format,
    shapes,
    st.text(string.digits + "AB", max_size=20),
    st.sampled_from(["", "MWST", "B01", "X", "(10)AB"]),
)


def pairs(table: dict[Register, list[str]]) -> list[tuple[Register, str]]:
    """List the rows of a table one by one."""
    return [(register, text) for register, texts in table.items() for text in texts]


def verdict_on(register: Register, text: str) -> Verdict:
    """Ask the checker."""
    return CHECKER.check(RegisteredNumber(register, text))


def is_valid(register: Register, text: str) -> bool:
    """Ask the checker; what cannot be a number at all is not valid."""
    try:
        return verdict_on(register, text).is_valid
    except InvalidValueError:
        return False


def test_every_register_is_tried_below() -> None:
    """Each has numbers that are valid."""
    assert set(VALID) == set(Register)


@pytest.mark.parametrize(("register", "text"), pairs(VALID))
def test_a_valid_number_is_found_valid(register: Register, text: str) -> None:
    """By check digit, or as far as anybody knows."""
    verdict = verdict_on(register, text)

    assert verdict.problem == ""
    assert verdict.is_valid


@pytest.mark.parametrize(("register", "text"), pairs(WRONG_CHECK_DIGIT))
def test_a_wrong_check_digit_is_found(register: Register, text: str) -> None:
    """The shape is right, so the library alone would take the number."""
    verdict = verdict_on(register, text)

    assert STRUCTURE.check(verdict.number).is_valid
    assert verdict.problem == (
        "has a wrong check digit; allowed: the one that the rest of it leads to"
    )
    assert verdict.checked_by.startswith(f"{STDNUM}: ")


@pytest.mark.parametrize(("register", "text"), pairs(WRONG_PART))
def test_a_part_that_is_never_given_is_found(register: Register, text: str) -> None:
    """A tax office, a member state, a kind of body, a date, a country named twice."""
    verdict = verdict_on(register, text)

    assert STRUCTURE.check(verdict.number).is_valid
    assert verdict.problem == (
        f"is none that its register gives; allowed: {register.form}, "
        "each part as the register has it"
    )


@pytest.mark.parametrize("text", WRONG_SSCC)
def test_the_sscc_within_an_element_string_must_be_right(text: str) -> None:
    """Wherever it stands; python-stdnum takes any."""
    verdict = verdict_on(Register.GS1_128, text)

    assert STRUCTURE.check(verdict.number).is_valid
    assert verdict.problem == (
        "holds a wrong SSCC; allowed: 18 digits, the last as the others lead to"
    )


@pytest.mark.parametrize(
    ("register", "text", "checked_by"),
    [
        (Register.AU_ABN, "53004085616", f"{STDNUM}: check digits"),
        (Register.AU_ABN, "53004085617", f"{STDNUM}: check digits"),
        (Register.AU_ABN, "5300408561", "apaclogistics: structure only"),
        (Register.AU_GST, "53004085616", f"{STDNUM}: check digits"),
        (Register.TW_UBN, "04595257", f"{STDNUM}: check digits, by the rule of 2023"),
        (Register.KR_BRN, "2208162517", f"{STDNUM}: parts, but no check digit"),
        (Register.EU_IOSS, "IM2760000012", f"{STDNUM}: parts, but no check digit"),
        (Register.EU_OSS, "EU276000012", f"{STDNUM}: parts, but no check digit"),
        (Register.VATIN, "XI123456782", f"{STDNUM}: the country's own rule"),
        (
            Register.GS1_128,
            "(00)106141411234567897",
            f"{STDNUM}: elements, and an SSCC by apaclogistics",
        ),
    ],
)
def test_the_verdict_says_who_checked_and_how_far(
    register: Register, text: str, checked_by: str
) -> None:
    """Who refuses a shape is the library itself."""
    assert verdict_on(register, text).checked_by == checked_by


@pytest.mark.parametrize(
    ("register", "text"),
    [
        (Register.HK_BR, "12345678"),
        (Register.AU_GST, "300000000001"),
        (Register.VATIN, "HK12345678"),
        (Register.VATIN, "XX12"),
    ],
)
def test_where_python_stdnum_has_no_check_the_verdict_says_so(
    register: Register, text: str
) -> None:
    """Structure is all there is."""
    verdict = verdict_on(register, text)

    assert verdict.is_valid
    assert verdict.checked_by == f"apaclogistics: structure only; {STDNUM} has no check"


def test_a_reason_does_not_show_the_number() -> None:
    """It may be a person's."""
    reason = verdict_on(Register.AU_ABN, "53 004 085 617").reason

    assert reason is not None
    assert reason.code == "identifier_invalid"
    assert reason.text == (
        "business number (ABN) of Australia has a wrong check digit; "
        f"allowed: the one that the rest of it leads to; checked by {STDNUM}: check digits"
    )


@given(st.sampled_from(Register), texts)
def test_any_text_is_refused_or_judged_and_never_taken_against_its_shape(
    register: Register, text: str
) -> None:
    """No error of python-stdnum comes out."""
    try:
        number = RegisteredNumber(register, text)
    except InvalidValueError:
        return

    verdict = CHECKER.check(number)

    assert verdict.number == number
    assert STRUCTURE.check(number).is_valid or not verdict.is_valid


@given(st.text(string.ascii_uppercase, min_size=2, max_size=2), st.text(string.digits + "AB+*"))
def test_the_vat_number_of_any_country_is_judged(country: str, rest: str) -> None:
    """Whether or not python-stdnum knows the country, and whatever its module does."""
    assert is_valid(Register.VATIN, country + rest) in {True, False}


@given(
    st.sampled_from([row for row in pairs(VALID) if row[0] in CERTAIN]),
    st.integers(0, 30),
    st.sampled_from(string.digits),
)
def test_no_single_wrong_digit_goes_unseen(
    row: tuple[Register, str], place: int, digit: str
) -> None:
    """By modulo 89, 31 and 10."""
    register, text = row
    places = [i for i, character in enumerate(text) if character.isdigit()]
    at = places[place % len(places)]

    changed = f"{text[:at]}{digit}{text[at + 1 :]}"

    assert is_valid(register, changed) == (changed == text)


@with_data
def test_numbers_of_others_are_judged_as_others_judge_them() -> None:
    """All of them, valid and invalid."""
    with (DATA / "business_ids/business_id_vectors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_value = {register.value: register for register in Register}

    def register_of(row: dict[str, str]) -> Register:
        if row["kind"] == "eu_oss" and row["number"].startswith("IM"):
            return Register.EU_IOSS
        return KINDS.get(row["kind"]) or by_value[row["kind"]]

    differing = [
        line
        for line, row in enumerate(rows, start=2)
        if is_valid(register_of(row), row["number"]) is not (row["expected"] == "valid")
    ]

    assert differing == []
    assert len(rows) > 700
    assert {row["expected"] for row in rows} == {"valid", "invalid"}


@with_data
def test_what_others_find_valid_has_the_right_shape() -> None:
    """The library alone takes every one of them."""
    with (DATA / "business_ids/business_id_vectors.csv").open(encoding="utf-8", newline="") as file:
        valid = [row for row in csv.DictReader(file) if row["expected"] == "valid"]
    by_value = {register.value: register for register in Register} | KINDS

    refused = [
        row["kind"]
        for row in valid
        if not row["number"].startswith("IM")
        and not STRUCTURE.check(RegisteredNumber(by_value[row["kind"]], row["number"])).is_valid
    ]

    assert refused == []
