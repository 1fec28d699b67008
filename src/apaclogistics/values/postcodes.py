"""Postal codes: the shape that they have in each country, and who cannot do without one.

A shape is written as the codes are printed: `n` stands for a digit, `a` for a letter, `x` for
either, and capitals and digits for themselves; what is in brackets may be left out, and a comma
parts two shapes of one country.  Codes are compared without spaces and hyphens and in capitals.  A
shape says how a code looks, not that anybody lives there.

>>> postal_shape("GB")
'a[a]n[x] naa, GIR 0AA, BFPO n, BFPO nn, BFPO nnn, BFPO nnnn'
>>> is_postal_code("GB", "sw1a1aa"), spelled("GB", "sw1a1aa"), postal_shape("HK")
(True, 'SW1A 1AA', '')
"""

import re
import string
from collections.abc import Iterator
from itertools import product
from typing import Final

from apaclogistics.values.identifiers import compact

__all__ = ("NEED_POSTAL_CODE", "is_postal_code", "postal_shape", "spelled")

# Source: UPU, Postal Addressing Systems in Member Countries, and the posts of the countries.  Two
# editions of one system are both taken while the older one is still written: KR had six digits
# until 2015, VN until 2018, TZ had four, TW has had six beside three and five since 2020.
_COUNTRIES_BY_SHAPE = {
    "nnn": "FO GN IS LS MG PG",
    "nnnn": (
        "AF AL AT AU AZ BD BE BG CH CK CV CY DK ET GE GW HM HT HU LR LU MD MK MZ NE NO NZ PH PY "
        "SI SJ TN VE ZA"
    ),
    "nnnnn": (
        "BA BT CU DE DO DZ EG EH ES FI FR GT HN HR ID IQ IT JO KE KW LA LK LT MA MM MN MV MX MY "
        "NA NI NP PK SA SD SN TH TR UA UY ZM"
    ),
    "nnnnnn": "CN CO IN KG KZ NG RO RU SG TJ TM UZ",
    "nnnnnnn": "CL",
    # Four digits are from before 2002 in EE, and five in BY lack the first; both are still met.
    "nnnn[n]": "EE TZ",
    "nnnnn[n]": "BY KH RS VN",
    "nnnnn[nn]": "IL",
    "nnnnn, nnn-nnn": "KR",
    "nnn, nnnnn, nnnnnn": "TW",
    "nnn-nnnn": "JP",
    "nnnn-nnn": "PT",
    "nnnnn-nnn": "BR",
    "nnnnn-nnnnn": "IR",
    "nn-nnn": "PL",
    "nnn nn": "CZ GR SE SK",
    "nnnn[ nnnn]": "LB",
    "nnnn, nnnnn, nnn-nnnn": "CR",
    "nnn, 10nn, 11nn, 12nn": "BH",
    "[37]nnnn": "AM",
    "[PC ]nnn": "OM",
    "nnnnn, nnnaannn": "MU",
    "nnnnn, aa nnnnn": "SO",
    "nnnnnn, aannnnnn, annnna": "EC",
    "0nnnn, 1nnnn, 2nnnn, LIMA n, LIMA nn, CALLAO n, CALLAO 0n": "PE",
    # Letters in front or behind.
    "[a]nnnn[aaa]": "AR",
    "nnnn aa": "NL",
    "aa xx": "BM",
    "aannnn": "BN",
    "aaa nn, aaa nnn, aaa nnnn": "MT",
    "ana nan": "CA",
    "ann xxxx, D6W xxxx": "IE",
    "Hnnn, Lnnn, Mnnn, Snnn": "SZ",
    "AD10n, AD20n, AD30n, AD40n, AD50n, AD60n, AD70n": "AD",
    "BBnnnnn": "BB",
    "CP nnnn": "SV",
    "KYn-nnnn": "KY",
    "LV-nnnn": "LV",
    "VCnnnn": "VC",
    "VGnnnn": "VG",
    # The United Kingdom, its dependencies, and the one code of a territory.
    "a[a]n[x] naa, GIR 0AA, BFPO n, BFPO nn, BFPO nnn, BFPO nnnn": "GB",
    "GYn[x] naa": "GG",
    "IMn[x] naa": "IM",
    "JEn[x] naa": "JE",
    "ASCN 1ZZ, STHL 1ZZ, TDCU 1ZZ": "SH",
    "BBND 1ZZ": "IO",
    "FIQQ 1ZZ": "FK",
    "GX11 1AA": "GI",
    "PCRN 1ZZ": "PN",
    "SIQQ 1ZZ": "GS",
    "TKCA 1ZZ": "TC",
    "[AI-]2640": "AI",
    # The United States and what lies in its numbering.
    "nnnnn[-nnnn]": "US",
    "006nn[-nnnn], 007nn[-nnnn], 009nn[-nnnn]": "PR",
    (
        "0080n[-nnnn], 0081n[-nnnn], 0082n[-nnnn], 0083n[-nnnn], 0084n[-nnnn], 00850[-nnnn], "
        "00851[-nnnn]"
    ): "VI",
    "96799[-nnnn]": "AS",
    "96898": "UM",
    "9691n[-nnnn], 9692n[-nnnn], 96931[-nnnn], 96932[-nnnn]": "GU",
    "96939[-nnnn], 96940[-nnnn]": "PW",
    "96941[-nnnn], 96942[-nnnn], 96943[-nnnn], 96944[-nnnn]": "FM",
    "96950[-nnnn], 96951[-nnnn], 96952[-nnnn]": "MP",
    "9696n[-nnnn], 9697n[-nnnn]": "MH",
    # France and what lies in its numbering.
    "970nn, 971nn, 980nn, 981nn": "BL GP MF",
    "972nn, 982nn": "MQ",
    "973nn, 983nn": "GF",
    "974nn, 984nn": "RE",
    "975nn, 985nn": "PM",
    "976nn": "YT",
    "980nn": "MC",
    "986nn": "WF",
    "987nn": "PF",
    "988nn": "NC",
    # A part of the numbers of somebody larger.
    "00120": "VA",
    "22nnn": "AX",
    "2899": "NF",
    "39nn": "GL",
    "4789n": "SM",
    "6798": "CX",
    "6799": "CC",
    "8nnnn": "ME",
    ("9485, 9486, 9487, 9488, 9489, 9490, 9491, 9492, 9493, 9494, 9495, 9496, 9497, 9498"): "LI",
}
_SHAPES = {code: shape for shape, codes in _COUNTRIES_BY_SHAPE.items() for code in codes.split()}

# Countries in which an address without a postal code is not complete; their post returns it or
# charges for it.  Source: as above, and the address rules of Google's libaddressinput (2014).
NEED_POSTAL_CODE: Final = frozenset(
    (
        "AS AT AU AX BE BL BR CA CH CN DE DK ES FI FK FM FR GB GF GG GL GP GR GS GU IM IN IO IT JE "
        "JP KR LI LU MF MH MP MQ MX MY NC NL NO NZ PF PL PM PN PR PT PW RE RU SE SG SH SJ SM TC TR "
        "TW US VI WF YT ZA"
    ).split()
)

_KINDS = {
    "n": string.digits,
    "a": string.ascii_uppercase,
    "x": string.digits + string.ascii_uppercase,
}
_BRACKETS = re.compile(r"\[(.*?)\]")


def _forms(shape: str) -> Iterator[str]:
    """Give each way to write a shape, with and without what is in brackets."""
    for form in shape.split(", "):
        pieces = enumerate(_BRACKETS.split(form))
        choices = (("", piece) if place % 2 else (piece,) for place, piece in pieces)
        yield from map("".join, product(*choices))


def _is_written(code: str, form: str) -> bool:
    kinds = form.replace(" ", "").replace("-", "")
    return len(code) == len(kinds) and all(
        letter in _KINDS.get(kind, kind) for letter, kind in zip(code, kinds, strict=True)
    )


def postal_shape(country: str) -> str:
    """Give the shape of a country's postal codes, by its ISO 3166-1 code; empty if it has none."""
    return _SHAPES.get(country, "")


def is_postal_code(country: str, text: str) -> bool:
    """Tell whether a text has the shape of a country's postal codes, spaces and hyphens aside."""
    return bool(spelled(country, text))


def spelled(country: str, text: str) -> str:
    """Give a postal code as the country prints it; empty if it has not the country's shape."""
    code = compact(text)
    for form in _forms(postal_shape(country)):
        if code and _is_written(code, form):
            letters = iter(code)
            return "".join(kind if kind in " -" else next(letters) for kind in form)
    return ""
