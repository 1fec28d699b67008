"""The laws of identifiers: what is printed reads back, and mistakes are noticed.

* `parse` of the text of a number gives that number; so does `tracking_number`.
* The spaces and hyphens of print, and small letters, are irrelevant.
* One wrong digit of an SSCC is always noticed; one of an S10 number always but where the check
  digit is 5, by which the standard writes both 5 and 11.
* Two neighbouring digits of an S10 number that changed places are noticed with the same exception.
* Nothing but our own error comes out, whatever goes in.
"""

from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from apaclogistics.errors import InvalidValueError
from apaclogistics.testing.strategies import (
    opaque_numbers,
    s10_numbers,
    speedpak_numbers,
    sscc_numbers,
    tracking_numbers,
)
from apaclogistics.values.identifiers import (
    OpaqueNumber,
    S10Number,
    SpeedPakNumber,
    SsccNumber,
    TrackingNumber,
    compact,
    tracking_number,
)

SCHEMES = (S10Number, SsccNumber, SpeedPakNumber, OpaqueNumber)

digits = st.sampled_from("0123456789")
# Digits, letters, what separates them, and what only looks like them.
texts = st.text(st.sampled_from("0159AEGRSXaß-() \t\n\u00a0\uff11\u0661\u017f中\x00"), max_size=150)


def replaced(text: str, index: int, character: str) -> str:
    """Write another character at one place."""
    return text[:index] + character + text[index + 1 :]


def is_valid(scheme: type[S10Number] | type[SsccNumber], text: str) -> bool:
    """Tell whether a text is a number of a scheme."""
    try:
        return scheme.parse(text).text == text
    except InvalidValueError:
        return False


@given(tracking_numbers())
def test_a_number_that_is_printed_reads_back(number: TrackingNumber) -> None:
    """By its own scheme, and by recognition."""
    assert type(number).parse(str(number)) == number
    assert tracking_number(number.text) == number


@given(tracking_numbers(), st.data())
def test_spaces_hyphens_and_small_letters_are_irrelevant(
    number: TrackingNumber, data: st.DataObject
) -> None:
    """People group digits as they like."""
    separators = st.sampled_from(["", "", "", " ", "-", "\t"])
    text = number.text[:40]
    printed = "".join(character + data.draw(separators) for character in text)
    printed = printed.lower() if printed.isascii() else printed

    assert compact(printed) == text
    assert tracking_number(printed) == tracking_number(text)


@given(st.one_of(s10_numbers(), sscc_numbers(), speedpak_numbers()))
def test_the_schemes_do_not_overlap(number: TrackingNumber) -> None:
    """So it does not matter which is tried first."""
    fitting = []
    for scheme in SCHEMES[:3]:
        try:
            fitting.append(type(scheme.parse(number.text)))
        except InvalidValueError:
            continue

    assert fitting == [type(number)]


@given(opaque_numbers())
def test_an_opaque_number_fits_no_scheme(number: OpaqueNumber) -> None:
    """Otherwise it would have been recognised."""
    for scheme in SCHEMES[:3]:
        try:
            scheme.parse(number.text)
        except InvalidValueError:
            continue
        raise AssertionError(scheme)

    assert tracking_number(number.text) is not None


@given(sscc_numbers(), st.integers(0, 17), digits)
def test_one_wrong_digit_of_an_sscc_is_noticed(number: SsccNumber, index: int, digit: str) -> None:
    """Wherever it is, the check digit included."""
    assume(number.text[index] != digit)

    assert not is_valid(SsccNumber, replaced(number.text, index, digit))


@given(s10_numbers(), st.integers(0, 8), digits)
def test_one_wrong_digit_of_an_s10_number_is_noticed(
    number: S10Number, index: int, digit: str
) -> None:
    """Unless the check digit is 5, which stands for two rests; that digit itself always."""
    assume(number.text[2 + index] != digit)

    wrong = replaced(number.text, 2 + index, digit)

    assert not is_valid(S10Number, wrong) or (number.check_digit == "5" and index < 8)


@given(s10_numbers(), st.integers(0, 6))
def test_two_digits_of_an_s10_number_that_changed_places_are_noticed(
    number: S10Number, index: int
) -> None:
    """With the same exception."""
    serial = number.serial
    swapped = serial[:index] + serial[index + 1] + serial[index] + serial[index + 2 :]
    assume(swapped != serial)

    wrong = f"{number.service}{swapped}{number.check_digit}{number.country}"

    assert not is_valid(S10Number, wrong) or number.check_digit == "5"


@given(s10_numbers())
def test_an_s10_number_has_one_right_check_digit(number: S10Number) -> None:
    """The other nine are refused."""
    right = [d for d in "0123456789" if is_valid(S10Number, replaced(number.text, 10, d))]

    assert right == [number.check_digit]


@given(texts)
def test_whatever_goes_in_a_number_or_our_own_error_comes_out(text: str) -> None:
    """And what comes out reads back, in its one form."""
    for parse in (*(scheme.parse for scheme in SCHEMES), tracking_number):
        try:
            number = parse(text)
        except InvalidValueError:
            continue
        assert parse(str(number)) == number
        assert compact(str(number)) == str(number)


@given(st.lists(tracking_numbers(), min_size=2, max_size=6, unique=True))
def test_different_numbers_are_printed_differently(numbers: list[TrackingNumber]) -> None:
    """So a number can be the key of a parcel."""
    assert all(str(a) != str(b) for a, b in combinations(numbers, 2))
