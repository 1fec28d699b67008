"""Money is exact: whole minor units, named rounding, no floats and no mixed currencies."""

import operator
from collections.abc import Callable
from decimal import Decimal, localcontext

import attrs
import pytest

from apaclogistics.errors import ApacLogisticsError, InvalidTypeError, InvalidValueError, Reason
from apaclogistics.values.instants import instant
from apaclogistics.values.money import (
    Currency,
    ExchangeRate,
    Money,
    Rounding,
    exchange,
    find_rate,
)

USD, JPY, KWD, CLF = Currency("USD"), Currency("JPY"), Currency("KWD"), Currency("CLF")
HKD = Currency("HKD")
MONDAY, TUESDAY = instant("2026-03-02T00:00:00Z"), instant("2026-03-03T00:00:00Z")


def rate(
    text: str, *, base: str = "USD", quote: str = "HKD", at: str = "2026-03-02T00:00Z"
) -> ExchangeRate:
    """Make a rate of a bank."""
    return ExchangeRate(base=base, quote=quote, rate=text, at=at, source="a bank")


def total(*amounts: Money) -> Money:
    """Add amounts up, beginning with the first one's currency."""
    return Money.total(amounts, amounts[0].currency)


def dollars(*amounts: str) -> list[Money]:
    """Write many amounts shortly."""
    return [Money.of(amount, "USD") for amount in amounts]


@pytest.mark.parametrize(("code", "decimals"), [("JPY", 0), ("USD", 2), ("KWD", 3), ("CLF", 4)])
def test_a_currency_knows_its_decimals(code: str, decimals: int) -> None:
    """ISO 4217 says how many."""
    assert Currency(code).decimals == decimals
    assert str(Currency(code)) == code


@pytest.mark.parametrize("code", ["HRK", "XXX", "XAU", "usd", "US", "", "DOLLAR"])
def test_a_currency_must_be_active_in_iso_4217(code: str) -> None:
    """Neither withdrawn, nor a metal, nor in small letters."""
    with pytest.raises(InvalidValueError, match="is not active in ISO 4217"):
        Currency(code)


def test_a_currency_that_is_nearly_right_is_told_the_right_one() -> None:
    """Somebody wrote it in small letters; somebody else wrote nonsense."""
    with pytest.raises(InvalidValueError) as nearly:
        Currency("hkd")
    with pytest.raises(InvalidValueError) as not_at_all:
        Currency("???")

    assert nearly.value.allowed.startswith("three capital letters, nearest: HKD")
    assert not_at_all.value.allowed == "three capital letters"


def test_currencies_sort_by_their_codes() -> None:
    """Statements list them so."""
    assert sorted([USD, JPY, CLF]) == [CLF, JPY, USD]


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "USD", 1250),
        ("12.5", "USD", 1250),
        ("-0.01", "USD", -1),
        ("+7", "USD", 700),
        ("1.5000", "USD", 150),
        ("1200", "JPY", 1200),
        ("1200.00", "JPY", 1200),
        ("0.001", "KWD", 1),
        ("0.0001", "CLF", 1),
        (3, "USD", 300),
        (-3, "JPY", -3),
        (Decimal("12.50"), "USD", 1250),
        (Decimal("-0.07"), "USD", -7),
    ],
)
def test_an_amount_in_major_units_is_read_exactly(
    amount: str | int | Decimal, currency: str, minor: int
) -> None:
    """Zeros at the end say nothing."""
    assert Money.of(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "amount", ["", "x", "1,5", "1e2", " 1", "1_0", "1.", ".5", "--1", "\uff11", "NaN"]
)
def test_an_amount_must_be_a_plain_decimal_number(amount: str) -> None:
    """No exponents, no thousands, no blanks, no digits of other scripts."""
    with pytest.raises(InvalidValueError, match="is no plain decimal number"):
        Money.of(amount, "USD")


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e300000")])
def test_a_decimal_that_is_no_amount_is_refused_at_once(amount: Decimal) -> None:
    """A large exponent would otherwise cost seconds."""
    with pytest.raises(InvalidValueError, match="is no plain decimal number"):
        Money.of(amount, "USD")


@pytest.mark.parametrize(
    ("amount", "currency"), [("1.005", "USD"), ("0.1", "JPY"), ("1.00001", "CLF")]
)
def test_an_amount_with_too_many_decimals_is_refused_not_rounded(
    amount: str, currency: str
) -> None:
    """Who wants rounding names it."""
    with pytest.raises(InvalidValueError, match="has too many decimals") as caught:
        Money.of(amount, currency)

    assert caught.value.allowed == str(Currency(currency).decimals)


@pytest.mark.parametrize("amount", [1.5, True, None, [1]])
def test_a_float_or_anything_else_is_no_amount(amount: object) -> None:
    """The value of a float is not what it looks like."""
    with pytest.raises(InvalidTypeError, match=r"allowed: text, Decimal or int"):
        Money.of(amount, "USD")  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("minor", [1.0, True, "1", None])
def test_minor_units_are_an_int_and_nothing_else(minor: object) -> None:
    """True is no amount, and neither is 1.0."""
    with pytest.raises(InvalidTypeError, match="a whole number"):
        Money(minor, "USD")  # type: ignore[arg-type]  # wrong on purpose


def test_amounts_end_at_ten_quadrillion_minor_units() -> None:
    """The limits themselves are allowed."""
    most = 10**16

    assert Money(most, "USD").minor == most
    assert Money(-most, "USD").minor == -most
    for beyond in (most + 1, -most - 1):
        with pytest.raises(InvalidValueError, match="is out of range"):
            Money(beyond, "USD")


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1250, "USD"), "12.50 USD"),
        (Money(-5, "USD"), "-0.05 USD"),
        (Money(1200, "JPY"), "1200 JPY"),
        (Money(1, "KWD"), "0.001 KWD"),
        (Money(10**16, "CLF"), "1000000000000.0000 CLF"),
        (Money(0, "CLF"), "0.0000 CLF"),
    ],
)
def test_money_is_written_with_all_its_decimals_and_its_code(money: Money, text: str) -> None:
    """Never with an exponent."""
    assert str(money) == text
    assert str(money.amount) == text.partition(" ")[0]


def test_amounts_of_one_currency_add_up() -> None:
    """Also below zero, also none at all."""
    a, b = dollars("1.10", "2.20")

    assert a + b == Money.of("3.30", "USD")
    assert a - b == Money.of("-1.10", "USD")
    assert -a == Money.of("-1.10", "USD")
    assert Money.total([a, b, b], "USD") == Money.of("5.50", "USD")
    assert Money.total([], JPY) == Money.zero(JPY) == Money(0, "JPY")


def test_amounts_of_one_currency_compare() -> None:
    """All four comparisons follow from one."""
    a, b = dollars("1.10", "2.20")

    assert a < b
    assert a <= b
    assert b > a
    assert b >= a
    assert max(a, b) is b


@pytest.mark.parametrize("mix", [operator.add, operator.sub, operator.lt, operator.ge, total])
def test_currencies_cannot_be_mixed(mix: Callable[[Money, Money], object]) -> None:
    """Neither added nor compared."""
    with pytest.raises(InvalidValueError) as caught:
        mix(Money(1, "USD"), Money(1, "HKD"))

    assert str(caught.value) == "currency 'HKD' cannot be mixed; allowed: USD"


def test_equal_numbers_in_two_currencies_are_not_equal() -> None:
    """Equality never raises."""
    assert Money(1, "USD") != Money(1, "HKD")
    assert len({Money(1, "USD"), Money(1, "HKD"), Money(1, USD)}) == 2


@pytest.mark.parametrize(
    ("rounding", "up", "half", "down"),
    [
        (Rounding.HALF_UP, 13, 13, 12),
        (Rounding.HALF_EVEN, 13, 12, 12),
        (Rounding.UP, 13, 13, 13),
        (Rounding.DOWN, 12, 12, 12),
    ],
)
def test_a_factor_rounds_as_named_and_negative_amounts_as_mirror_images(
    rounding: Rounding, up: int, half: int, down: int
) -> None:
    """12.6, 12.5 and 12.4 cents, and the same below zero."""
    factors = [Decimal("1.26"), Decimal("1.25"), Decimal("1.24")]

    assert [Money(10, "USD").times(it, rounding).minor for it in factors] == [up, half, down]
    assert [Money(-10, "USD").times(it, rounding).minor for it in factors] == [-up, -half, -down]


def test_a_whole_factor_needs_no_rounding() -> None:
    """Three times a price is three times the price."""
    assert Money(333, "USD").times(3, Rounding.DOWN) == Money(999, "USD")


@pytest.mark.parametrize("factor", [1.5, True, "2"])
def test_a_factor_is_exact(factor: object) -> None:
    """A float is not."""
    with pytest.raises(InvalidTypeError, match="factor is given as"):
        Money(1, "USD").times(factor, Rounding.UP)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("factor", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e25")])
def test_a_factor_that_leads_beyond_any_amount_is_refused(factor: Decimal) -> None:
    """At once, however large it is."""
    with pytest.raises(InvalidValueError, match="is beyond any amount of money"):
        Money(1, "USD").times(factor, Rounding.UP)


@pytest.mark.parametrize(
    ("percent", "minor"), [("100", 1000), ("12.5", 125), ("0.05", 1), ("0.04", 0), ("-50", -500)]
)
def test_so_many_hundredths_are_taken(percent: str, minor: int) -> None:
    """Of ten dollars, rounded as named."""
    assert Money(1000, "USD").percent(Decimal(percent), Rounding.HALF_UP) == Money(minor, "USD")


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (1000, [1, 1, 1], [334, 333, 333]),
        (-1000, [1, 1, 1], [-334, -333, -333]),
        (-1, [1, 1], [-1, 0]),
        (100, [1, 2, 3], [17, 33, 50]),
        (5, [0, 1, 0], [0, 5, 0]),
        (1, [0, 1, 1], [0, 1, 0]),
        (2, [3, 3, 3, 3], [1, 1, 0, 0]),
        (0, [1, 2], [0, 0]),
        (7, [5], [7]),
        (10, [1, 1, 5], [2, 1, 7]),
    ],
)
def test_a_split_adds_up_and_gives_the_rest_to_the_largest_remainders(
    minor: int, weights: list[int], parts: list[int]
) -> None:
    """The first of equals gets it, and who has no weight gets nothing."""
    assert [part.minor for part in Money(minor, "USD").allocate(weights)] == parts


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [2, -1], [-1]])
def test_a_split_needs_somebody_who_shares(weights: list[int]) -> None:
    """No weights, negative ones, or zeros alone cannot share."""
    with pytest.raises(InvalidValueError, match="cannot share"):
        Money(1, "USD").allocate(weights)


@pytest.mark.parametrize(
    ("money", "quote", "text", "rounding", "converted"),
    [
        (Money.of("10.00", "USD"), "HKD", "7.8", Rounding.HALF_EVEN, Money.of("78.00", "HKD")),
        (Money.of("10.00", "USD"), "JPY", "149.555", Rounding.HALF_UP, Money(1496, "JPY")),
        (Money.of("10.00", "USD"), "JPY", "149.55", Rounding.HALF_EVEN, Money(1496, "JPY")),
        (Money.of("-10.00", "USD"), "JPY", "149.55", Rounding.DOWN, Money(-1495, "JPY")),
        (Money(1, "JPY"), "USD", "0.0067", Rounding.UP, Money(1, "USD")),
        (Money(1000, "JPY"), "KWD", "0.002", Rounding.DOWN, Money(2000, "KWD")),
        (Money(10**6, "CLF"), "JPY", "2", Rounding.DOWN, Money(200, "JPY")),
        (Money(0, "USD"), "HKD", "7.8", Rounding.UP, Money(0, "HKD")),
    ],
)
def test_a_conversion_knows_the_decimals_of_both_currencies(
    money: Money, quote: str, text: str, rounding: Rounding, converted: Money
) -> None:
    """And it rounds once, as named."""
    known = rate(text, base=money.currency.code, quote=quote)

    assert known.convert(money, rounding) == converted


def test_a_rate_converts_its_own_base_only() -> None:
    """It is never turned round in secret."""
    with pytest.raises(InvalidValueError) as caught:
        rate("7.8").convert(Money(1, "HKD"), Rounding.UP)

    assert str(caught.value) == "currency 'HKD' has another rate; allowed: USD"


@pytest.mark.parametrize("text", ["", "0", "0.0", "-1", "1e3", "x", "1.", "NaN", "1" * 13])
def test_a_rate_is_a_decimal_number_above_zero(text: str) -> None:
    """Written plainly, with up to twelve digits on either side."""
    with pytest.raises(InvalidValueError, match="is no rate"):
        rate(text)


def test_a_rate_is_never_a_float() -> None:
    """7.8 is not 7.8."""
    with pytest.raises(InvalidTypeError, match="exchange rate is given as float"):
        ExchangeRate(base="USD", quote="HKD", rate=7.8, at=MONDAY, source="a bank")  # type: ignore[arg-type]  # wrong on purpose


def test_a_rate_may_be_given_as_a_decimal() -> None:
    """Text and Decimal say the same."""
    given = ExchangeRate(base=USD, quote="HKD", rate=Decimal("7.8"), at=MONDAY, source="a bank")

    assert given == rate("7.8")


def test_the_latest_rate_that_is_known_at_an_instant_is_found() -> None:
    """Later rates are not known yet, other currencies do not count."""
    monday, tuesday = rate("7.7"), rate("7.8", at="2026-03-03T00:00Z")
    others = [rate("9", base="EUR"), rate("9", quote="CNY"), rate("9", base="HKD", quote="USD")]
    rates = [tuesday, *others, monday]

    assert find_rate(rates, USD, Currency("HKD"), MONDAY) is monday
    assert find_rate(rates, USD, Currency("HKD"), TUESDAY.subtract(microseconds=1)) is monday
    assert find_rate(rates, USD, Currency("HKD"), TUESDAY) is tuesday
    assert find_rate(rates, USD, Currency("HKD"), MONDAY.subtract(microseconds=1)) is None
    assert find_rate([], USD, JPY, TUESDAY) is None


def test_of_two_rates_of_one_instant_the_order_of_the_list_decides_nothing() -> None:
    """The higher wins, then the last source by name."""
    low, high = rate("7.7"), rate("7.8")

    assert find_rate([low, high], USD, Currency("HKD"), MONDAY) is high
    assert find_rate([high, low], USD, Currency("HKD"), MONDAY) is high


def test_money_does_not_depend_on_the_decimal_context_of_the_application() -> None:
    """Precision and rounding of the host are the host's."""
    with localcontext() as context:
        context.prec = 5

        assert str(Money(123_456_789, "USD")) == "1234567.89 USD"
        assert Money(123_456_789, "USD").times(2, Rounding.UP) == Money(246_913_578, "USD")


def test_an_amount_is_rounded_once() -> None:
    """However many digits the factor has."""
    just_above_a_half = Decimal("0.5000000000000000000000000000001")

    assert Money(1, "USD").times(just_above_a_half, Rounding.HALF_EVEN) == Money(1, "USD")


@pytest.mark.parametrize(
    ("minor", "factor"),
    [(1, Decimal("sNaN")), (0, Decimal("Infinity")), (10**10, Decimal("9e999999"))],
)
def test_a_factor_that_is_no_number_is_refused_with_our_own_error(
    minor: int, factor: Decimal
) -> None:
    """Whoever catches our root catches this, too."""
    with pytest.raises(ApacLogisticsError):
        Money(minor, "USD").times(factor, Rounding.UP)


def test_a_rate_below_a_millionth_can_be_copied() -> None:
    """A rial in Bahraini dinars is that small."""
    small = rate("0.0000004", base="IRR", quote="BHD")

    assert attrs.evolve(small, source="another bank").rate == small.rate


@pytest.mark.parametrize("amount", [Decimal(100).normalize(), Decimal("0.0000000")])
def test_a_decimal_is_an_amount_however_python_writes_it(amount: Decimal) -> None:
    """One hundred is one hundred, and no money is no money."""
    assert Money.of(amount, "USD").amount == amount


def test_an_int_of_five_thousand_digits_is_refused_with_our_own_error() -> None:
    """Python refuses to write it, with an error of its own."""
    with pytest.raises(ApacLogisticsError):
        Money.of(10**5000, "USD")


@pytest.mark.parametrize("mix", [operator.add, operator.sub, operator.lt])
def test_money_and_numbers_do_not_mix(mix: Callable[[object, object], object]) -> None:
    """A bare number is a TypeError, as for any two types that know nothing of each other."""
    with pytest.raises(TypeError):
        mix(Money(1, "USD"), 1)


@pytest.mark.parametrize(
    ("amount", "minor"),
    [
        (Decimal("1234567890123.45"), 123456789012345),
        (Decimal("1.5").scaleb(-1), 15),
        (Decimal("1.00000000000000"), 100),
        (Decimal("0.0000000000000000"), 0),
        (Decimal("1E+3"), 100_000),
        (Decimal("-1.2E+1"), -1200),
        (Decimal("0E+32"), 0),
        (Decimal("-0"), 0),
    ],
)
def test_a_decimal_is_read_exactly_in_every_form(amount: Decimal, minor: int) -> None:
    """An exponent is a way of writing and no fault, as long as it is small."""
    assert Money.of(amount, "USD") == Money(minor, "USD")


@pytest.mark.parametrize(
    "amount",
    [
        Decimal("0E+33"),
        Decimal("1E+32"),
        Decimal("1E-33"),
        Decimal("9" * 65),
        Decimal("0." + "0" * 16 + "0"),
        Decimal("0E+999999"),
        Decimal("1E-999999"),
        Decimal("1." + "0" * 500_000),
        Decimal("-Infinity"),
        Decimal("sNaN"),
    ],
    ids=[
        "zeros",
        "large",
        "small",
        "65 digits",
        "17 decimals",
        "far too large a zero",
        "far too small",
        "half a million digits",
        "infinite",
        "signalling",
    ],
)
def test_a_decimal_that_takes_long_to_write_is_refused(amount: Decimal) -> None:
    """By its exponent or by the number of its digits, and with our own error."""
    with pytest.raises(InvalidValueError, match="is no plain decimal number"):
        Money.of(amount, "USD")
    with pytest.raises(InvalidValueError, match="is no rate"):
        ExchangeRate(base=USD, quote=HKD, rate=amount, at=MONDAY, source="a bank")


@pytest.mark.parametrize(
    ("value", "is_rate"),
    [
        (Decimal("1E+11"), True),
        (Decimal("1E+12"), False),
        (Decimal("1E-12"), True),
        (Decimal("1E-13"), False),
        ("999999999999.999999999999", True),
        ("1000000000000", False),
        ("0.0000000000001", False),
    ],
)
def test_a_rate_has_up_to_twelve_digits_on_either_side(
    value: str | Decimal, *, is_rate: bool
) -> None:
    """However it is written."""
    if is_rate:
        known = ExchangeRate(base=USD, quote=HKD, rate=value, at=MONDAY, source="a bank")
        assert known.rate == Decimal(value)
    else:
        with pytest.raises(InvalidValueError, match="is no rate"):
            ExchangeRate(base=USD, quote=HKD, rate=value, at=MONDAY, source="a bank")


@pytest.mark.parametrize("amount", [10**16, "-10000000000000000"])
def test_the_largest_amount_is_read(amount: int | str) -> None:
    """Ten quadrillion yen are written, so they can be read."""
    assert Money.of(amount, "JPY") == Money(int(amount), "JPY")


@pytest.mark.parametrize("amount", [10**14 + 1, 10**16, "100000000000000.01"])
def test_an_amount_beyond_the_largest_is_refused(amount: int | str) -> None:
    """Ten quadrillion are the most minor units, not the most dollars."""
    assert Money.of(10**14, "USD") == Money(10**16, "USD")
    with pytest.raises(InvalidValueError):
        Money.of(amount, "USD")
    with pytest.raises(InvalidValueError):
        Money.of(10**16 + 1, "JPY")


@pytest.mark.parametrize("code", [10**5000, ["USD"]], ids=["huge", "list"])
def test_a_code_of_another_type_is_refused_with_our_own_error(code: object) -> None:
    """Python can neither write the one nor look up the other."""
    with pytest.raises(ApacLogisticsError):
        Currency(code)  # type: ignore[arg-type]  # wrong on purpose


class TestExchange:
    """Money comes into another currency at the latest known rate, or with a reason why not."""

    def test_money_of_the_currency_takes_no_rate(self) -> None:
        """Not even one that is there."""
        money = Money(1234, "USD")
        strange = rate("2", base="USD", quote="USD")

        assert exchange(money, USD, [], MONDAY, Rounding.UP) is money
        assert exchange(money, USD, [strange], MONDAY, Rounding.UP) is money

    def test_the_latest_rate_as_of_the_instant_is_taken(self) -> None:
        """From that instant on, that instant included."""
        rates = [rate("7.8", at="2026-03-03T00:00Z"), rate("7.7")]
        before = TUESDAY.subtract(microseconds=1)

        assert exchange(Money(1000, "USD"), HKD, iter(rates), before, Rounding.UP) == Money(
            7700, "HKD"
        )
        assert exchange(Money(1000, "USD"), HKD, iter(rates), TUESDAY, Rounding.UP) == Money(
            7800, "HKD"
        )

    @pytest.mark.parametrize(
        ("rounding", "minor"),
        [
            (Rounding.HALF_UP, 3),
            (Rounding.HALF_EVEN, 2),
            (Rounding.UP, 3),
            (Rounding.DOWN, 2),
        ],
    )
    def test_rounding_is_named(self, rounding: Rounding, minor: int) -> None:
        """Five cents at 0.5 are two and a half, and below zero the mirror image."""
        half = [rate("0.5")]

        assert exchange(Money(5, "USD"), HKD, half, MONDAY, rounding) == Money(minor, "HKD")
        assert exchange(Money(-5, "USD"), HKD, half, MONDAY, rounding) == Money(-minor, "HKD")

    @pytest.mark.parametrize(
        "rates",
        [
            [],
            [rate("7.8", at="2026-03-02T00:00:00.000001Z")],
            [rate("7.8", base="HKD", quote="USD")],
            [rate("7.8", base="EUR"), rate("0.9", quote="EUR")],
        ],
        ids=["none", "too young", "turned round", "by a third currency"],
    )
    def test_a_missing_rate_is_a_reason_that_names_the_pair_and_the_instant(
        self, rates: list[ExchangeRate]
    ) -> None:
        """Rates are neither turned round nor chained in secret."""
        found = exchange(Money(1, "USD"), HKD, rates, MONDAY, Rounding.UP)

        text = "there is no exchange rate from USD to HKD as of 2026-03-02T00:00:00Z"
        assert found == Reason("no_exchange_rate", text)

    def test_nothing_takes_a_rate_too(self) -> None:
        """Zero dollars are zero Hong Kong dollars, once somebody says so."""
        nothing = Money.zero(USD)

        assert exchange(nothing, HKD, [rate("7.8")], MONDAY, Rounding.UP) == Money.zero(HKD)
        assert isinstance(exchange(nothing, HKD, [], MONDAY, Rounding.UP), Reason)

    def test_an_amount_that_becomes_too_much_is_a_reason(self) -> None:
        """The limit itself is not too much."""
        most = Money(10**16, "USD")

        assert exchange(most, HKD, [rate("1")], MONDAY, Rounding.UP) == Money(10**16, "HKD")
        found = exchange(most, HKD, [rate("1.000000000001")], MONDAY, Rounding.UP)
        far = exchange(most, HKD, [rate("999999999999")], MONDAY, Rounding.UP)
        assert isinstance(found, Reason)
        assert found.code == "amount_out_of_range"
        assert str(found).startswith("100000000000000.00 USD in HKD is too much: amount ")
        assert isinstance(far, Reason)
        assert far.code == "amount_out_of_range"

    @pytest.mark.parametrize("money", [1.5, 100, "1.00"])
    def test_what_is_exchanged_is_money(self, money: object) -> None:
        """A bare number has no currency."""
        with pytest.raises(InvalidTypeError):
            exchange(money, HKD, [rate("7.8")], MONDAY, Rounding.UP)  # type: ignore[arg-type]  # wrong on purpose
