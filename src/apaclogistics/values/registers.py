"""Registers: the numbers under which a business, a taxpayer or a thing is registered.

A `RegisteredNumber` says of which register it is one; it is kept in one form and never shown, since
many a business is one person.  A wrong number can be held, so that somebody can say what is wrong:
an `IdentifierChecker` judges it, and its `Verdict` says who checked and how far.  What stands here
knows the shape of a number alone; check digits come from an adapter, and whether the number was
ever issued only its register knows.

>>> number = RegisteredNumber(Register.JP_CORPORATE, "7-0000-1205-0002")
>>> number
RegisteredNumber(register=<Register.JP_CORPORATE: 'jp_corporate'>, text=(hidden))
>>> verdict = STRUCTURE.check(number)
>>> verdict.is_valid, verdict.checked_by
(True, 'apaclogistics: structure only')
>>> print(STRUCTURE.check(RegisteredNumber(Register.TW_UBN, "1234567")).reason)
business number (UBN) of Taiwan is not in shape; allowed: 8 digits; checked by apaclogistics: structure only
"""

import re
import string
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, Protocol

import attrs

from apaclogistics.errors import Hidden, InvalidTypeError, InvalidValueError, Reason, masked
from apaclogistics.values.fields import of_type

__all__ = (
    "REQUIRED_OF_BUSINESS",
    "STRUCTURE",
    "IdentifierChecker",
    "Register",
    "RegisteredNumber",
    "StructureChecker",
    "Verdict",
)

_MAX_NUMBER = 64
# As people write it, with spaces and hyphens.
_MAX_WRITTEN = 2 * _MAX_NUMBER


class Register(Enum):
    """A register of businesses, of taxpayers or of things, by a text that stays as it is."""

    CN_USCC = "cn_uscc"
    HK_BR = "hk_br"
    SG_UEN = "sg_uen"
    AU_ABN = "au_abn"
    AU_ACN = "au_acn"
    JP_CORPORATE = "jp_corporate"
    KR_BRN = "kr_brn"
    TW_UBN = "tw_ubn"
    AU_GST = "au_gst"
    NZ_GST = "nz_gst"
    EU_IOSS = "eu_ioss"
    EU_OSS = "eu_oss"
    EU_VAT = "eu_vat"
    GB_VAT = "gb_vat"
    CH_VAT = "ch_vat"
    VATIN = "vatin"
    EAN = "ean"
    GS1_128 = "gs1_128"

    @property
    def title(self) -> str:
        """What its numbers are called, for people."""
        return _RULES[self].title

    @property
    def region(self) -> str:
        """Whose it is: an ISO 3166-1 alpha-2 code, "EU", or empty where it is the world's."""
        return _RULES[self].region

    @property
    def form(self) -> str:
        """What its numbers look like, in words."""
        return _RULES[self].form


_CAPITALS = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


def _compact(text: str) -> str:
    return re.sub(r"[\s.,/:-]+", "", text).translate(_CAPITALS)


def _without_blanks(text: str) -> str:
    # Not the control characters that Python counts among the blanks: one of them separates elements.
    return re.sub(r"[^\S\x1c-\x1f]+", "", text)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


@attrs.frozen(kw_only=True)
class _Rule:
    """What the numbers of a register look like, and how they are written here.

    `prefix` is what people may put before a number that does not belong to it.
    """

    title: str
    region: str = ""
    form: str
    pattern: re.Pattern[str] = attrs.field(converter=_compiled)
    prefix: str = ""
    compact: Callable[[str], str] = _compact

    def normal(self, text: str) -> str:
        """Write a number as it is kept; doing so twice changes nothing more."""
        written = self.compact(text)
        bare = written.removeprefix(self.prefix)
        return bare if self.pattern.fullmatch(bare) else written


_UK_VAT = r"[0-9]{9}(?:[0-9]{3})?|GD[0-4][0-9]{2}|HA[5-9][0-9]{2}|(?:GD|HA)8888[0-9]{5}"
# Source: European Commission, VIES, structure of VAT identification numbers.  The first zero of a
# Belgian and of a Greek number may be missing, since older ones had none.
_EU_VAT = {
    "AT": r"U[0-9]{8}",
    "BE": r"[01]?[0-9]{9}",
    "BG": r"[0-9]{9,10}",
    "CY": r"[0-9]{8}[A-Z]",
    "CZ": r"[0-9]{8,10}",
    "DE": r"[0-9]{9}",
    "DK": r"[0-9]{8}",
    "EE": r"[0-9]{9}",
    "EL": r"[0-9]{8,9}",
    "ES": r"(?![0-9]{9})[0-9A-Z][0-9]{7}[0-9A-Z]",
    "FI": r"[0-9]{8}",
    "FR": r"[0-9A-HJ-NP-Z]{2}[0-9]{9}",
    "HR": r"[0-9]{11}",
    "HU": r"[0-9]{8}",
    "IE": r"[0-9][0-9A-Z+*][0-9]{5}[A-Z]|[0-9]{7}[A-Z]{2}",
    "IT": r"[0-9]{11}",
    "LT": r"[0-9]{9}(?:[0-9]{3})?",
    "LU": r"[0-9]{8}",
    "LV": r"[0-9]{11}",
    "MT": r"[0-9]{8}",
    "NL": r"[0-9]{9}B[0-9]{2}",
    "PL": r"[0-9]{10}",
    "PT": r"[0-9]{9}",
    "RO": r"[0-9]{2,10}",
    "SE": r"[0-9]{12}",
    "SI": r"[0-9]{8}",
    "SK": r"[0-9]{10}",
    "XI": _UK_VAT,
}
# Source: GS1 General Specifications, the 82 characters of element strings, without the brackets.
_GS1_TEXT = r"[!\"%&'*+,./0-9:;<=>?A-Z_a-z-]"

_RULES: Final[Mapping[Register, _Rule]] = {
    # Source: GB 32100-2015; authority and kind of body are digits or letters, the place six digits.
    Register.CN_USCC: _Rule(
        title="unified social credit code (USCC) of China",
        region="CN",
        form="18 digits and capitals without I, O, S, V and Z, of which the 3rd to 8th are digits",
        pattern=r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}",
    ),
    # Source: Companies Registry and Inland Revenue Department; the business registration number is
    # the first eight digits of the certificate's, which goes on with branch, month, year and check.
    Register.HK_BR: _Rule(
        title="business registration number of Hong Kong",
        region="HK",
        form="8 digits, with the branch 11, or the 16 of the whole certificate number",
        pattern=r"[0-9]{8}(?:[0-9]{3}(?:[0-9]{5})?)?",
    ),
    # Source: Accounting and Corporate Regulatory Authority, formats of the UEN.
    Register.SG_UEN: _Rule(
        title="unique entity number (UEN) of Singapore",
        region="SG",
        form="8 or 9 digits and a letter, or R, S or T, 2 digits, 2 letters, 4 digits, a letter",
        pattern=r"[0-9]{8,9}[A-Z]|[RST][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]",
    ),
    # Source: Australian Business Register.
    Register.AU_ABN: _Rule(
        title="business number (ABN) of Australia",
        region="AU",
        form="11 digits, the first not 0",
        pattern=r"[1-9][0-9]{10}",
    ),
    # Source: Australian Securities and Investments Commission.
    Register.AU_ACN: _Rule(
        title="company number (ACN) of Australia",
        region="AU",
        form="9 digits",
        pattern=r"[0-9]{9}",
    ),
    # Source: National Tax Agency; the first digit is the check digit, 1 to 9.
    Register.JP_CORPORATE: _Rule(
        title="corporate number of Japan",
        region="JP",
        form="13 digits, the first not 0",
        pattern=r"[1-9][0-9]{12}",
    ),
    # Source: OECD, tax identification numbers, Korea.
    Register.KR_BRN: _Rule(
        title="business registration number (BRN) of Korea",
        region="KR",
        form="10 digits",
        pattern=r"[0-9]{10}",
    ),
    # Source: Ministry of Finance, Fiscal Information Agency.
    Register.TW_UBN: _Rule(
        title="business number (UBN) of Taiwan",
        region="TW",
        form="8 digits",
        pattern=r"[0-9]{8}",
    ),
    # Source: Australian Taxation Office; who registers for GST in the simplified way has no ABN.
    Register.AU_GST: _Rule(
        title="GST registration of Australia",
        region="AU",
        form="an ABN of 11 digits, the first not 0, or a reference number (ARN) of 12 digits",
        pattern=r"[1-9][0-9]{10}|[0-9]{12}",
    ),
    # Source: Inland Revenue; the GST number is the IRD number.
    Register.NZ_GST: _Rule(
        title="GST number of New Zealand",
        region="NZ",
        form="8 or 9 digits",
        pattern=r"[0-9]{8,9}",
    ),
    # Source: European Commission, VAT One Stop Shop: IMxxxyyyyyyz, where xxx is the member state.
    Register.EU_IOSS: _Rule(
        title="IOSS number of the European Union",
        region="EU",
        form="IM and 10 digits",
        pattern=r"IM[0-9]{10}",
    ),
    # Source: as above: EUxxxyyyyyz, for sellers from outside; others use their own VAT number.
    Register.EU_OSS: _Rule(
        title="OSS number of the European Union",
        region="EU",
        form="EU and 9 digits",
        pattern=r"EU[0-9]{9}",
    ),
    Register.EU_VAT: _Rule(
        title="VAT number of the European Union",
        region="EU",
        form=f"one of {', '.join(_EU_VAT)} and what this state writes after it",
        pattern="|".join(f"{state}(?:{rest})" for state, rest in _EU_VAT.items()),
    ),
    # Source: HM Revenue & Customs; GD is a government department, HA a health authority.
    Register.GB_VAT: _Rule(
        title="VAT number of the United Kingdom",
        region="GB",
        form="9 digits, with the branch 12, or GD000 to GD499, or HA500 to HA999",
        pattern=_UK_VAT,
        prefix="GB",
    ),
    # Source: Federal Statistical Office, UID register; VAT is named in one of four languages.
    Register.CH_VAT: _Rule(
        title="VAT number of Switzerland",
        region="CH",
        form="CHE, 9 digits, and MWST, TVA, IVA or TPV",
        pattern=r"CHE[0-9]{9}(?:MWST|TVA|IVA|TPV)",
    ),
    # The shape that all countries have in common; what each writes after its code is its own.
    Register.VATIN: _Rule(
        title="VAT number of any country",
        form="the country's two letters, and 2 to 20 digits and letters",
        pattern=r"[A-Z]{2}[0-9A-Z+*]{2,20}",
    ),
    # Source: GS1 General Specifications, GTIN-8, GTIN-12, GTIN-13 and GTIN-14.
    Register.EAN: _Rule(
        title="trade item number (GTIN, EAN)",
        form="8, 12, 13 or 14 digits",
        pattern=r"[0-9]{8}|[0-9]{12,14}",
    ),
    # Source: GS1 General Specifications; at most 48 characters of data in one symbol.
    Register.GS1_128: _Rule(
        title="GS1-128 element string",
        form="2 digits and up to 46 characters, or elements as in '(00)157035381410375177'",
        pattern=rf"[0-9]{{2}}{_GS1_TEXT}{{1,46}}|(?:\([0-9]{{2,4}}\){_GS1_TEXT}+)+",
        compact=_without_blanks,
    ),
}

# That a seller must give a number at all is the platform's rule: our decision.  Which number it is:
# the one that names every business in the country's register above, whatever its legal form.
REQUIRED_OF_BUSINESS: Final[Mapping[str, Register]] = {
    "AU": Register.AU_ABN,
    "CN": Register.CN_USCC,
    "HK": Register.HK_BR,
    "JP": Register.JP_CORPORATE,
    "KR": Register.KR_BRN,
    "SG": Register.SG_UEN,
    "TW": Register.TW_UBN,
}
"""Which number a business must give, by the ISO 3166-1 code of the country that it is seated in."""


def _normal(register: Register, text: str) -> str:
    if not isinstance(register, Register):
        raise InvalidTypeError("register", type(register).__name__, "Register")
    if not isinstance(text, str):
        raise InvalidTypeError(register.title, type(text).__name__, "text")
    normal = _RULES[register].normal(text) if len(text) <= _MAX_WRITTEN else ""
    if not 0 < len(normal) <= _MAX_NUMBER or not normal.isprintable():
        allowed = f"1 to {_MAX_NUMBER} printable characters"
        raise InvalidValueError(register.title, Hidden(), "is no number", allowed)
    return normal


@attrs.frozen(init=False)
class RegisteredNumber:
    """A number of a register, right or wrong, in one form however it is written.

    `text` is kept without blanks and the marks of print (``- . , / :``) and in capitals, and
    without the GB of a British VAT number.  A GS1-128 element string loses its blanks alone: case
    and marks have a meaning there, and only brackets tell where an element of free length ends.

    Raises:
        InvalidTypeError: if `register` is no `Register` or `text` no text.
        InvalidValueError: if nothing is left, more than 64 characters, or what cannot be printed.
    """

    register: Register
    text: str = attrs.field(repr=masked)

    def __init__(self, register: Register, text: str) -> None:
        """Take a number as it is written, since its register decides what is kept of that."""
        self.__attrs_init__(register, _normal(register, text))


@attrs.frozen(kw_only=True)
class Verdict:
    """What somebody who checked a number says of it.

    `problem` says what is wrong and what would be allowed, and never shows the number; it is empty
    where nothing was found.  How much that means depends on who checked.

    Raises:
        InvalidValueError: if nobody checked.
    """

    number: RegisteredNumber = attrs.field(validator=of_type(RegisteredNumber))
    checked_by: str = attrs.field(validator=of_type(str))
    problem: str = attrs.field(default="", validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a verdict of nobody."""
        if not self.checked_by.strip():
            allowed = "who checked, and what"
            raise InvalidValueError("verdict", self.checked_by, "says not who checked", allowed)

    def __str__(self) -> str:
        """Say what was found and who did; the number itself is not shown."""
        found = self.problem or "is as it should be"
        return f"{self.number.register.title} {found}; checked by {self.checked_by}"

    @property
    def is_valid(self) -> bool:
        """Whether nothing wrong was found."""
        return not self.problem

    @property
    def reason(self) -> Reason | None:
        """Why the number is refused, and by whom; None where nothing wrong was found."""
        if self.is_valid:
            return None
        text = f"{self.number.register.title} {self.problem}; checked by {self.checked_by}"
        return Reason("identifier_invalid", text)


class IdentifierChecker(Protocol):
    """Who judges numbers of registers."""

    def check(self, number: RegisteredNumber) -> Verdict:
        """Judge a number and say who did; never raises, whatever the number is."""
        ...


@attrs.frozen
class StructureChecker:
    """Judge the shape of a number alone: how long it is and which characters stand where."""

    def check(self, number: RegisteredNumber) -> Verdict:
        """Compare a number with what those of its register look like."""
        rule = _RULES[number.register]
        is_shaped = rule.pattern.fullmatch(number.text) is not None
        problem = "" if is_shaped else f"is not in shape; allowed: {rule.form}"
        return Verdict(number=number, checked_by="apaclogistics: structure only", problem=problem)


STRUCTURE: Final = StructureChecker()
