"""Numbers of registers are held, hidden, compared with their shape, and judged by somebody named."""

import copy
import pickle
import string

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import ApacLogisticsError, InvalidTypeError, InvalidValueError, Reason
from apaclogistics.values.registers import (
    REQUIRED_OF_BUSINESS,
    STRUCTURE,
    IdentifierChecker,
    Register,
    RegisteredNumber,
    StructureChecker,
    Verdict,
)

# What each register's numbers look like.  No more is asked here: the check digits of most are wrong.
SHAPED = {
    Register.CN_USCC: ["91110000MA0000001L", "N2110000MA00000014", "9Y123456789ABCDEFG"],
    Register.HK_BR: ["12345678", "12345678-000", "12345678-000-01-26-1"],
    Register.SG_UEN: ["53000001J", "201000001N", "T10LL0001F", "S50SS0001D", "R00LL0001F"],
    Register.AU_ABN: ["53 004 085 616"],
    Register.AU_ACN: ["004 085 616"],
    Register.JP_CORPORATE: ["7000012050002", "1-0000-0000-0000"],
    Register.KR_BRN: ["123-45-67890"],
    Register.TW_UBN: ["04595257"],
    Register.AU_GST: ["53 004 085 616", "300 000 000 001"],
    Register.NZ_GST: ["12-345-678", "123-456-789"],
    Register.EU_IOSS: ["IM2760000012", "im 276 0000012"],
    Register.EU_OSS: ["EU276000012"],
    Register.EU_VAT: ["ATU12345678", "XI123456789"],
    Register.GB_VAT: ["123456789", "123456789001", "GD001", "HA500", "GD888812345", "HA888812345"],
    Register.CH_VAT: [f"CHE-123.456.788 {vat}" for vat in ("MWST", "TVA", "IVA", "TPV")],
    Register.VATIN: ["DE123456789", "NO123456789MVA", "XX12", "DZ12345678901234567890"],
    Register.EAN: ["73513537", "036000291452", "4006381333931", "10614141000415"],
    Register.GS1_128: [
        "00106141411234567897",
        "(00)106141411234567897",
        "(01)09506000134352(10)ab-1.2/3(21)x",
        "11" + "x" * 46,
    ],
}
MISSHAPEN = {
    Register.CN_USCC: [
        "91110000MA0000001",
        "91110000MA0000001L0",
        "911100A0MA0000001L",
        *(f"91110000MA000{letter}001L" for letter in "IOSVZ"),
        "I1110000MA0000001L",
    ],
    Register.HK_BR: ["1234567", "123456789", "C0012345", "12345678-00", "12345678-000-01-26"],
    Register.SG_UEN: [
        "5300001J",
        "2010000001N",
        "530000011",
        "A10LL0001F",
        "T1OLL0001F",
        "T10L10001F",
    ],
    Register.AU_ABN: ["5300408561", "530040856160", "03004085616", "5300408561X"],
    Register.AU_ACN: ["00408561", "0040856160", "00408561X"],
    Register.JP_CORPORATE: ["0000012050002", "700001205000", "70000120500020", "T7000012050002"],
    Register.KR_BRN: ["123-45-6789", "123-45-678901", "123-AB-67890"],
    Register.TW_UBN: ["0459525", "045952570", "A4595257"],
    Register.AU_GST: ["53004085", "03004085616", "3000000000011"],
    Register.NZ_GST: ["1234567", "1234567890", "NZ12345678"],
    Register.EU_IOSS: ["IM276000001", "IM27600000123", "IN2760000012", "EU276000012", "2760000012"],
    Register.EU_OSS: ["EU27600001", "EU2760000123", "IM2760000012", "276000012"],
    Register.EU_VAT: [
        "ATU1234567",
        "DE12345678",
        "GB123456789",
        "GR123456789",
        "123456789",
        "EU276000012",
    ],
    Register.GB_VAT: [
        "12345678",
        "1234567890",
        "GD500",
        "HA499",
        "GD8887123456",
        "XI123456789",
        "GBGB123456789",
    ],
    Register.CH_VAT: [
        "CHE123456788",
        "CHE-123.456.788 VAT",
        "CHE-123.456.78 MWST",
        "123456788MWST",
    ],
    Register.VATIN: ["DE", "DE1", "1E123456789", "DZ123456789012345678901", "DE12345678?"],
    Register.EAN: ["7351353", "735135370", "03600029145", "106141410004150", "4006381333X31"],
    Register.GS1_128: [
        "(00)",
        "00",
        "0A1",
        "(00)1(00)",
        "(0)1",
        "(00000)1",
        "1(00)106141411234567897",
        "11" + "x" * 47,
        "(10)a\u00e9",
        "(10)a#b",
        "(10)a(b",
    ],
}
CASES_OF_VAT = {
    "AT": ("U12345678", "12345678"),
    "BE": ("0123456789", "2123456789"),
    "BG": ("123456789 1234567890", "12345678"),
    "CY": ("12345678X", "123456789"),
    "CZ": ("12345678 123456789 1234567890", "1234567"),
    "DE": ("123456789", "1234567890"),
    "DK": ("12345678", "123456789"),
    "EE": ("123456789", "12345678"),
    "EL": ("123456789 12345678", "1234567"),
    "ES": ("X1234567X 12345678X X12345678", "123456789"),
    "FI": ("12345678", "1234567"),
    "FR": ("12345678901 K1234567890 1K234567890 KK345678901", "O1345678901"),
    "HR": ("12345678901", "1234567890"),
    "HU": ("12345678", "123456789"),
    "IE": ("1234567X 1X23456X 1+23456X 1*23456X 1234567XX", "12345678"),
    "IT": ("12345678901", "1234567890"),
    "LT": ("123456789 123456789012", "1234567890"),
    "LU": ("12345678", "123456789"),
    "LV": ("12345678901", "1234567890"),
    "MT": ("12345678", "123456789"),
    "NL": ("123456789B01", "123456789A01"),
    "PL": ("1234567890", "123456789"),
    "PT": ("123456789", "1234567890"),
    "RO": ("12 1234567890", "1"),
    "SE": ("123456789012", "1234567890"),
    "SI": ("12345678", "1234567"),
    "SK": ("1234567890", "123456789"),
    "XI": ("123456789 123456789001 GD001 HA500", "1234567890"),
}

numbers_as_written = st.tuples(
    st.sampled_from(Register),
    st.text(max_size=130)
    | st.text(string.digits + string.ascii_letters + " -.,/:()+*", max_size=70),
)


def pairs(table: dict[Register, list[str]]) -> list[tuple[Register, str]]:
    """List the rows of a table one by one."""
    return [(register, text) for register, texts in table.items() for text in texts]


def is_shaped(register: Register, text: str) -> bool:
    """Ask the default checker."""
    return STRUCTURE.check(RegisteredNumber(register, text)).is_valid


def held(register: Register, text: str) -> RegisteredNumber | None:
    """Hold a number, unless it cannot be one at all."""
    try:
        return RegisteredNumber(register, text)
    except InvalidValueError:
        return None


def test_registers_have_texts_that_stay() -> None:
    """Documents hold them."""
    assert {register.name: register.value for register in Register} == {
        "CN_USCC": "cn_uscc",
        "HK_BR": "hk_br",
        "SG_UEN": "sg_uen",
        "AU_ABN": "au_abn",
        "AU_ACN": "au_acn",
        "JP_CORPORATE": "jp_corporate",
        "KR_BRN": "kr_brn",
        "TW_UBN": "tw_ubn",
        "AU_GST": "au_gst",
        "NZ_GST": "nz_gst",
        "EU_IOSS": "eu_ioss",
        "EU_OSS": "eu_oss",
        "EU_VAT": "eu_vat",
        "GB_VAT": "gb_vat",
        "CH_VAT": "ch_vat",
        "VATIN": "vatin",
        "EAN": "ean",
        "GS1_128": "gs1_128",
    }


def test_a_register_knows_whose_it_is_and_what_its_numbers_look_like() -> None:
    """A country's, the European Union's, or the world's."""
    assert [Register.HK_BR.region, Register.EU_IOSS.region, Register.EAN.region] == ["HK", "EU", ""]
    assert Register.HK_BR.title == "business registration number of Hong Kong"
    assert Register.TW_UBN.form == "8 digits"


def test_a_business_of_each_country_is_asked_for_one_number() -> None:
    """Of a register of that country."""
    assert {code: register.value for code, register in REQUIRED_OF_BUSINESS.items()} == {
        "AU": "au_abn",
        "CN": "cn_uscc",
        "HK": "hk_br",
        "JP": "jp_corporate",
        "KR": "kr_brn",
        "SG": "sg_uen",
        "TW": "tw_ubn",
    }
    assert all(register.region == code for code, register in REQUIRED_OF_BUSINESS.items())


def test_every_register_is_tried_below() -> None:
    """With right shapes and wrong ones."""
    assert set(SHAPED) == set(MISSHAPEN) == set(Register)


@pytest.mark.parametrize(("register", "text"), pairs(SHAPED))
def test_a_number_in_shape_is_found_valid(register: Register, text: str) -> None:
    """As far as the shape goes, and the verdict says so."""
    verdict = STRUCTURE.check(RegisteredNumber(register, text))

    assert verdict.problem == ""
    assert verdict.is_valid
    assert verdict.reason is None
    assert verdict.checked_by == "apaclogistics: structure only"


@pytest.mark.parametrize(("register", "text"), pairs(MISSHAPEN))
def test_a_number_out_of_shape_is_told_the_right_one(register: Register, text: str) -> None:
    """It can be held all the same."""
    verdict = STRUCTURE.check(RegisteredNumber(register, text))

    assert not verdict.is_valid
    assert verdict.problem == f"is not in shape; allowed: {register.form}"


@pytest.mark.parametrize("state", CASES_OF_VAT)
def test_each_state_writes_vat_numbers_its_own_way(state: str) -> None:
    """The Commission lists how."""
    right, wrong = CASES_OF_VAT[state]

    assert [is_shaped(Register.EU_VAT, state + text) for text in right.split()].count(False) == 0
    assert not is_shaped(Register.EU_VAT, state + wrong)
    assert state in Register.EU_VAT.form


def test_digits_of_other_scripts_are_no_digits() -> None:
    """However much they look like it."""
    assert not is_shaped(Register.TW_UBN, "\uff10\uff14\uff15\uff19\uff15\uff12\uff15\uff17")
    assert not is_shaped(Register.TW_UBN, "\u0660459525\u0661")


def test_a_shape_is_that_of_the_whole_number() -> None:
    """Nothing may follow it."""
    assert not is_shaped(Register.TW_UBN, "04595257X")
    assert not is_shaped(Register.EU_VAT, "ATU12345678XI123456789")


def test_a_reason_names_the_register_the_problem_and_who_checked() -> None:
    """And not the number."""
    verdict = STRUCTURE.check(RegisteredNumber(Register.KR_BRN, "123-45-6789"))

    assert verdict.reason == Reason(
        "identifier_invalid",
        "business registration number (BRN) of Korea is not in shape; allowed: 10 digits; "
        "checked by apaclogistics: structure only",
    )


@pytest.mark.parametrize(
    ("register", "written", "kept"),
    [
        (Register.CN_USCC, " 9111 0000-ma0000001l ", "91110000MA0000001L"),
        (Register.HK_BR, "12345678-000-01-26-1", "1234567800001261"),
        (Register.CH_VAT, "che-123.456.788 MwSt", "CHE123456788MWST"),
        (Register.VATIN, "DE123,456\u00a0789", "DE123456789"),
        (Register.EU_VAT, "CZ 12345678/90", "CZ1234567890"),
        (Register.GB_VAT, "GB 123 4567 89", "123456789"),
        (Register.GB_VAT, "gb123456789", "123456789"),
        (Register.GB_VAT, "GBGD001", "GD001"),
        (Register.GB_VAT, "GBGB123456789", "GBGB123456789"),
        (Register.GB_VAT, "GB", "GB"),
        (Register.EU_VAT, "EL 123456789", "EL123456789"),
        (Register.GS1_128, "(10) ab-1.2/3\n(21) x", "(10)ab-1.2/3(21)x"),
    ],
)
def test_a_number_is_kept_in_one_form(register: Register, written: str, kept: str) -> None:
    """So that two writings of one number are equal."""
    number = RegisteredNumber(register, written)

    assert number.text == kept
    assert number == RegisteredNumber(register, kept)
    assert hash(number) == hash(RegisteredNumber(register, kept))


def test_a_number_of_one_register_is_none_of_another() -> None:
    """The same digits mean somebody else there."""
    assert RegisteredNumber(Register.TW_UBN, "04595257") != RegisteredNumber(
        Register.HK_BR, "04595257"
    )


def test_a_number_is_never_shown() -> None:
    """Many a business is one person."""
    number = RegisteredNumber(Register.TW_UBN, "04595250")

    assert repr(number) == "RegisteredNumber(register=<Register.TW_UBN: 'tw_ubn'>, text=(hidden))"
    assert str(number) == repr(number)
    assert "0459525" not in repr(STRUCTURE.check(number))


@pytest.mark.parametrize("register", Register)
def test_a_wrong_number_is_not_shown_either(register: Register) -> None:
    """Neither by the verdict nor by the reason."""
    verdict = STRUCTURE.check(RegisteredNumber(register, "QW98765#ER43210"))

    assert not verdict.is_valid
    for shown in (repr(verdict), verdict.problem, str(verdict.reason)):
        assert "98765" not in shown
        assert "43210" not in shown


@pytest.mark.parametrize(
    "text", ["", " - ", "./", "x" * 65, "x" + " " * 128, "1\x002", "1\u200b2"], ids=ascii
)
@pytest.mark.parametrize("register", Register)
def test_what_cannot_be_a_number_at_all_is_refused(register: Register, text: str) -> None:
    """Nothing, too much, or what cannot be printed; the error does not show it."""
    if register is Register.GS1_128 and text in {" - ", "./"}:
        text = "\t\n"

    with pytest.raises(InvalidValueError) as caught:
        RegisteredNumber(register, text)

    assert str(caught.value) == (
        f"{register.title} (hidden) is no number; allowed: 1 to 64 printable characters"
    )


def test_a_number_has_64_characters_at_most_and_is_written_in_128() -> None:
    """The limits themselves are allowed."""
    assert RegisteredNumber(Register.EAN, "7" * 64).text == "7" * 64
    assert RegisteredNumber(Register.EAN, "7" + " " * 127).text == "7"


def test_what_a_scanner_sends_between_elements_is_not_dropped_in_secret() -> None:
    """The elements would run into one another; brackets are to be written."""
    with pytest.raises(InvalidValueError, match="is no number"):
        RegisteredNumber(Register.GS1_128, "10AB\x1d21X")


def test_a_number_is_made_of_a_register_and_text() -> None:
    """Nothing else will do."""
    with pytest.raises(InvalidTypeError, match="register is given as str; allowed: Register"):
        RegisteredNumber("tw_ubn", "04595257")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(InvalidTypeError, match="is given as int; allowed: text"):
        RegisteredNumber(Register.TW_UBN, 4595257)  # type: ignore[arg-type]  # wrong on purpose


def test_a_number_is_an_ordinary_value() -> None:
    """It can be changed, copied and stored."""
    number = RegisteredNumber(Register.GB_VAT, "GB 123 4567 89")

    assert attrs.evolve(number, text="gb 223 4567 89").text == "223456789"
    assert copy.deepcopy(number) == number
    assert pickle.loads(pickle.dumps(number)) == number  # noqa: S301  # our own
    assert attrs.asdict(number) == {"register": Register.GB_VAT, "text": "123456789"}


def test_an_application_brings_its_own_checker() -> None:
    """And it says who it is."""

    @attrs.frozen
    class Registrar:
        """Know the numbers that were issued."""

        issued: frozenset[RegisteredNumber]

        def check(self, number: RegisteredNumber) -> Verdict:
            """Look it up."""
            problem = "" if number in self.issued else "was never issued"
            return Verdict(number=number, checked_by="the registrar", problem=problem)

    issued = RegisteredNumber(Register.TW_UBN, "04595257")
    checker: IdentifierChecker = Registrar(frozenset({issued}))

    assert checker.check(issued).is_valid
    assert str(checker.check(RegisteredNumber(Register.TW_UBN, "04595258")).reason) == (
        "business number (UBN) of Taiwan was never issued; checked by the registrar"
    )


@pytest.mark.parametrize("nobody", ["", " "])
def test_a_verdict_says_who_checked(nobody: str) -> None:
    """Without that it is worth nothing."""
    number = RegisteredNumber(Register.TW_UBN, "04595257")

    with pytest.raises(InvalidValueError, match=r"verdict .* says not who checked"):
        Verdict(number=number, checked_by=nobody)


def test_the_default_checker_is_a_checker_of_the_port() -> None:
    """One for all."""
    checker: IdentifierChecker = STRUCTURE

    assert checker == StructureChecker()


@given(numbers_as_written)
def test_any_text_is_refused_or_judged(written: tuple[Register, str]) -> None:
    """Never anything else, and always the same."""
    register, text = written

    try:
        number = RegisteredNumber(register, text)
    except ApacLogisticsError:
        return

    verdict = STRUCTURE.check(number)
    assert verdict.is_valid == (verdict.reason is None)
    assert verdict == STRUCTURE.check(number)


@given(numbers_as_written)
def test_the_form_of_a_number_is_final(written: tuple[Register, str]) -> None:
    """Taking it as it is kept changes nothing, so that documents can be read again."""
    number = held(*written)

    assert number is None or RegisteredNumber(number.register, number.text) == number


@given(st.sampled_from(pairs(SHAPED)), st.sampled_from(" -./,:"), st.integers(0, 8))
def test_marks_of_print_change_nothing(row: tuple[Register, str], mark: str, place: int) -> None:
    """Wherever they stand; in an element string blanks alone."""
    register, text = row
    mark = " " if register is Register.GS1_128 else mark

    marked = f"{text[:place]}{mark}{text[place:]}"

    assert RegisteredNumber(register, marked) == RegisteredNumber(register, text)
