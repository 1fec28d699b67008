"""Check digits of registered numbers, by python-stdnum (the extra ``identifiers``).

The structure is judged first, so nothing passes here that the library itself would refuse, and
python-stdnum sees only what has the shape of a number.  Where it has no check, or knows of no check
digit, the verdict says so.  Three things are added to it: the rule of 2023 for Taiwan, letters in
front of a Chinese number, and the check digit of an SSCC within a GS1-128 element string.

python-stdnum reads the machine's clock for one thing: a Singaporean number that bears a year is
refused before that year.

>>> from apaclogistics.values.registers import Register, RegisteredNumber
>>> checker = StdnumChecker()
>>> checker.check(RegisteredNumber(Register.AU_ABN, "51 824 753 556")).is_valid
True
>>> checker.check(RegisteredNumber(Register.AU_ABN, "51 824 753 557")).problem
'has a wrong check digit; allowed: the one that the rest of it leads to'
"""

import re
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from typing import Final

import attrs
from stdnum import ean, gs1_128, numdb, vatin
from stdnum.au import abn, acn
from stdnum.ch import vat as ch_vat
from stdnum.cn import uscc
from stdnum.eu import oss
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength
from stdnum.gb import vat as gb_vat
from stdnum.jp import cn
from stdnum.kr import brn
from stdnum.nz import ird
from stdnum.sg import uen
from stdnum.tw import ubn
from stdnum.util import get_cc_module

from apaclogistics.errors import InvalidValueError
from apaclogistics.values.identifiers import SsccNumber
from apaclogistics.values.registers import STRUCTURE, Register, RegisteredNumber, Verdict

__all__ = ("StdnumChecker",)

_STDNUM: Final = f"python-stdnum {version('python-stdnum')}"


@attrs.frozen
class _Check:
    """How python-stdnum judges a kind of number, and how much of it."""

    validate: Callable[[str], object]
    extent: str = "check digits"


def _validate_uscc(text: str) -> None:
    # GB 32100-2015 allows letters in the first two places, where the module's `validate` does not.
    if uscc.calc_check_digit(text[:-1]) != text[-1]:
        raise InvalidChecksum


def _validate_ubn(text: str) -> None:
    # Source: Ministry of Finance of Taiwan, Fiscal Information Agency: since 2023-04-01 the sum is
    # divisible by 5, as it was by 10 before; a 7 in the seventh place may count one more.
    rest = ubn.calc_checksum(text) % 5
    if rest != 0 and not (rest == 4 and text[6] == "7"):
        raise InvalidChecksum


def _validate_vatin(text: str) -> None:
    # The module takes a country that is written twice, or under two names; zeros in front it may
    # add or drop.
    if not vatin.validate(text)[2:].lstrip("0").endswith(text[2:].lstrip("0")):
        raise InvalidComponent


_APPLICATION_IDENTIFIERS: Final = numdb.get("gs1_ai")
_BRACKETED: Final = re.compile(r"\(([0-9]+)\)([^()]+)")
_LENGTHS: Final = re.compile(r"([0-9]+)\]?(?:\+|$)")


def _next_element(text: str) -> tuple[str, str]:
    """Cut the first element off: its application identifier, and the value as far as it may go."""
    identifier, rule = _APPLICATION_IDENTIFIERS.info(text)[0]
    size = sum(int(length) for length in _LENGTHS.findall(rule.get("format", "")))
    return identifier, text[len(identifier) :][:size]


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """Split an element string, by brackets where there are any, and else by the longest values."""
    if text.startswith("("):
        yield from _BRACKETED.findall(text)
        return
    while text:
        element = _next_element(text)
        yield element
        text = text[len("".join(element)) :]


def _validate_gs1_128(text: str) -> None:
    for identifier, value in _elements(text):
        if _next_element(identifier + value) != (identifier, value):
            raise InvalidLength
        gs1_128.validate(identifier + value)
        if identifier == "00":
            SsccNumber.parse(f"(00){value}")


_PARTS: Final = "parts, but no check digit"
_CHECKS: Final[Mapping[Register, _Check]] = {
    Register.CN_USCC: _Check(_validate_uscc),
    Register.SG_UEN: _Check(uen.validate),
    Register.AU_ABN: _Check(abn.validate),
    Register.AU_ACN: _Check(acn.validate),
    Register.JP_CORPORATE: _Check(cn.validate),
    Register.KR_BRN: _Check(brn.validate, _PARTS),
    Register.TW_UBN: _Check(_validate_ubn, "check digits, by the rule of 2023"),
    Register.AU_GST: _Check(abn.validate),
    Register.NZ_GST: _Check(ird.validate),
    Register.EU_IOSS: _Check(oss.validate, _PARTS),
    Register.EU_OSS: _Check(oss.validate, _PARTS),
    Register.EU_VAT: _Check(eu_vat.validate),
    Register.GB_VAT: _Check(gb_vat.validate),
    Register.CH_VAT: _Check(ch_vat.validate),
    Register.VATIN: _Check(_validate_vatin, "the country's own rule"),
    Register.EAN: _Check(ean.validate),
    Register.GS1_128: _Check(_validate_gs1_128, "elements, and an SSCC by apaclogistics"),
}


def _check_of(number: RegisteredNumber) -> _Check | None:
    """Find how a number is judged; None for what python-stdnum knows nothing of."""
    match number.register:
        case Register.AU_GST if len(number.text) == 12:
            return None
        case Register.VATIN if not _knows_vat_of(number.text[:2]):
            return None
        case register:
            return _CHECKS.get(register)


def _knows_vat_of(country: str) -> bool:
    # Greece and Northern Ireland have letters of their own for VAT.
    code = {"EL": "GR", "XI": "GB"}.get(country, country)
    return get_cc_module(code, "vat") is not None


_PROBLEMS: Final[Mapping[type[Exception], str]] = {
    InvalidChecksum: "has a wrong check digit; allowed: the one that the rest of it leads to",
    InvalidValueError: "holds a wrong SSCC; allowed: 18 digits, the last as the others lead to",
}
# python-stdnum promises `ValidationError`, a `ValueError`; whatever else some country's module may
# stumble over is no number of that country.
_REFUSALS: Final = (ArithmeticError, LookupError, TypeError, ValueError)


def _problem(number: RegisteredNumber, check: _Check) -> str:
    try:
        check.validate(number.text)
    except _REFUSALS as refusal:
        form = number.register.form
        other = (
            f"is none that its register gives; allowed: {form}, each part as the register has it"
        )
        return _PROBLEMS.get(type(refusal), other)
    return ""


@attrs.frozen
class StdnumChecker:
    """Judge the structure of a number, then its check digits where python-stdnum knows any."""

    def check(self, number: RegisteredNumber) -> Verdict:
        """Judge a number and say who did; never raises, whatever the number is."""
        shape = STRUCTURE.check(number)
        if not shape.is_valid:
            return shape
        check = _check_of(number)
        if check is None:
            return attrs.evolve(shape, checked_by=f"{shape.checked_by}; {_STDNUM} has no check")
        checked_by = f"{_STDNUM}: {check.extent}"
        return Verdict(number=number, checked_by=checked_by, problem=_problem(number, check))
