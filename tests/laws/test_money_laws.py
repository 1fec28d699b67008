"""The laws of money: it is exact.

* Parts add up to the whole; each is the nearest below or above its exact share.
* A negative amount is split, multiplied and converted as the mirror image of the positive one.
* Adding is that of the minor units; a sum does not depend on the order.
* Comparing agrees with the minor units, whatever comparison is used.
* What is written reads back.
* A conversion is exact before it is rounded, once, as named.
"""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from hypothesis import assume, given
from hypothesis import strategies as st

from apaclogistics.testing.strategies import currencies, exchange_rates, monies
from apaclogistics.values.money import Currency, ExchangeRate, Money, Rounding, find_rate

MOST = 10**16
SHARE = st.integers(0, 10**6)

weights = st.lists(SHARE, min_size=1, max_size=12).filter(any)
roundings = st.sampled_from(Rounding)
# A hundredth of the limit, so that a hundred can be added up.
amounts = monies(currency="USD", min_minor=-(MOST // 100), max_minor=MOST // 100)
factors = st.decimals(min_value=-100, max_value=100, places=6)


def rounded(exact: Fraction, rounding: Rounding) -> int:
    """Round as the names say, by fractions and not by Decimal."""
    size, sign = abs(exact), -1 if exact < 0 else 1
    low, high = floor(size), ceil(size)
    nearer = low if size - low < high - size else high
    tied = low if low % 2 == 0 else high
    is_tie = size - low == Fraction(1, 2)
    match rounding:
        case Rounding.UP:
            return sign * high
        case Rounding.DOWN:
            return sign * low
        case Rounding.HALF_UP:
            return sign * (high if is_tie else nearer)
        case Rounding.HALF_EVEN:
            return sign * (tied if is_tie else nearer)


@given(monies(), weights)
def test_the_parts_of_a_split_add_up(money: Money, shares: list[int]) -> None:
    """To the last unit, in every currency."""
    parts = money.allocate(shares)

    assert len(parts) == len(shares)
    assert sum(part.minor for part in parts) == money.minor
    assert {part.currency for part in parts} == {money.currency}


@given(monies(), weights)
def test_a_part_is_its_exact_share_rounded_down_or_up(money: Money, shares: list[int]) -> None:
    """So nobody gets a unit more than is fair, and nobody without a share gets any."""
    total = sum(shares)

    for part, share in zip(money.allocate(shares), shares, strict=True):
        exact = Fraction(money.minor * share, total)
        assert floor(exact) <= part.minor <= ceil(exact)


@given(monies(), weights)
def test_what_is_left_goes_to_the_largest_remainders(money: Money, shares: list[int]) -> None:
    """The first of equals first."""
    total, whole = sum(shares), abs(money.minor)
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(whole * shares[i] % total), i))

    favoured = [
        i for i in by_remainder if abs(money.allocate(shares)[i].minor) > whole * shares[i] // total
    ]

    assert favoured == by_remainder[: len(favoured)]


@given(monies(), weights)
def test_a_negative_amount_is_split_as_a_mirror_image(money: Money, shares: list[int]) -> None:
    """A refund takes from each what the payment gave."""
    assert (-money).allocate(shares) == tuple(-part for part in money.allocate(shares))


@given(monies(), weights, st.integers(1, 1000))
def test_only_the_proportion_of_weights_counts(
    money: Money, shares: list[int], factor: int
) -> None:
    """Grams or kilograms, the split is the same."""
    assert money.allocate([share * factor for share in shares]) == money.allocate(shares)


@given(st.lists(amounts, max_size=20))
def test_a_sum_does_not_depend_on_the_order(prices: list[Money]) -> None:
    """And it is that of the minor units."""
    expected = Money(sum(price.minor for price in prices), "USD")

    assert Money.total(prices, "USD") == expected
    assert Money.total(reversed(prices), "USD") == expected
    assert Money.total(sorted(prices), "USD") == expected


@given(amounts, amounts)
def test_taking_away_undoes_adding(a: Money, b: Money) -> None:
    """And turning the sign twice does nothing."""
    assert a + b - b == a
    assert a - b == a + -b == -(b - a)
    assert Money.zero("USD") - -a == a


@given(amounts, amounts)
def test_comparing_money_is_comparing_minor_units(a: Money, b: Money) -> None:
    """By all six comparisons."""
    assert (a < b) == (a.minor < b.minor)
    assert (a <= b) == (a.minor <= b.minor)
    assert (a > b) == (a.minor > b.minor)
    assert (a >= b) == (a.minor >= b.minor)
    assert (a == b) == (a.minor == b.minor)
    assert (a != b) == (a.minor != b.minor)


@given(monies())
def test_what_is_written_reads_back(money: Money) -> None:
    """In major units, as text and as a Decimal."""
    text, code = str(money).split()

    assert Money.of(text, code) == money
    assert Money.of(money.amount, money.currency) == money


@given(amounts, factors, roundings)
def test_a_product_is_exact_before_it_is_rounded(
    money: Money, factor: Decimal, rounding: Rounding
) -> None:
    """Against fractions, which never round."""
    exact = money.minor * Fraction(factor)
    assume(abs(exact) <= MOST)

    assert money.times(factor, rounding).minor == rounded(exact, rounding)


@given(amounts, factors, roundings)
def test_a_product_of_a_negative_amount_is_a_mirror_image(
    money: Money, factor: Decimal, rounding: Rounding
) -> None:
    """Whatever the rounding."""
    assume(abs(money.minor * factor) < MOST)

    assert (-money).times(factor, rounding) == -money.times(factor, rounding)


@given(st.integers(-(10**8), 10**8), exchange_rates(), roundings)
def test_a_conversion_is_exact_before_it_is_rounded(
    minor: int, rate: ExchangeRate, rounding: Rounding
) -> None:
    """Against fractions, and with the decimals of both currencies."""
    money = Money(minor, rate.base)
    shift = Fraction(10) ** (rate.quote.decimals - rate.base.decimals)
    exact = minor * Fraction(rate.rate) * shift
    assume(abs(exact) <= MOST)

    converted = rate.convert(money, rounding)

    assert converted == Money(rounded(exact, rounding), rate.quote)
    assert rate.convert(-money, rounding) == -converted


@given(st.lists(exchange_rates(base="USD", quote="HKD"), min_size=1, max_size=6), st.data())
def test_the_rate_that_is_found_does_not_depend_on_the_order(
    rates: list[ExchangeRate], data: st.DataObject
) -> None:
    """It is never younger than the instant, and no other that is known is younger."""
    shuffled = data.draw(st.permutations(rates))
    at = data.draw(st.sampled_from(rates)).at

    found = find_rate(shuffled, Currency("USD"), Currency("HKD"), at)

    assert found == find_rate(rates, Currency("USD"), Currency("HKD"), at)
    assert found is not None
    assert found.at == max(rate.at for rate in rates if rate.at <= at)


@given(currencies(), st.integers(1, 10**9))
def test_a_major_unit_has_as_many_minor_units_as_the_currency_says(
    unit: Currency, count: int
) -> None:
    """One, a hundred, a thousand or ten thousand."""
    assume(count * 10**unit.decimals <= MOST)

    assert Money.of(count, unit).minor == count * 10**unit.decimals
