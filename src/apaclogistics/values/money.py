"""Money: a whole number of minor units in an ISO 4217 currency, exact in all it does.

There is no float, no adding of currencies and no rounding that is not named.  A split adds up to
the last unit; a conversion takes a dated rate that somebody passes in.

>>> price = Money.of("10.00", "USD")
>>> [str(part) for part in price.allocate([1, 1, 1])]
['3.34 USD', '3.33 USD', '3.33 USD']
>>> Money.of("1.005", "USD")
Traceback (most recent call last):
    ...
apaclogistics.errors.InvalidValueError: amount in USD '1.005' has too many decimals; allowed: 2
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from enum import Enum
from functools import total_ordering
from typing import Self

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.values.fields import of_type
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.quantities import whole

__all__ = (
    "Currency",
    "ExchangeRate",
    "Money",
    "Rounding",
    "checked_money",
    "exchange",
    "find_rate",
    "not_below_zero",
)

# Source: ISO 4217, list one (active codes); the digit is the number of decimals.  It gives the
# special drawing right (XDR) no minor unit; hundredths are our decision, since limits are stated so.
_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
        "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
        "GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK "
        "LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
        "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
        "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST "
        "XCD XCG XDR YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS = {code: places for places, codes in _BY_DECIMALS.items() for code in codes.split()}

# A trillion of a currency with four decimals; keeps arithmetic and printing bounded.
_MAX_MINOR = 10**16
# The precision and rounding that an application sets for its own decimals are none of ours.
_EXACT = Context(prec=64, rounding=ROUND_HALF_EVEN, traps=[])
_AMOUNT = re.compile(r"([+-]?)([0-9]{1,17})(?:\.([0-9]{1,16}))?", re.ASCII)
_RATE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)


class Rounding(Enum):
    """How an exact amount becomes whole minor units; negative amounts round as mirror images."""

    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN
    UP = ROUND_UP
    DOWN = ROUND_DOWN


@attrs.frozen(order=True)
class Currency:
    """A currency by its ISO 4217 code.

    Raises:
        InvalidValueError: for a code that is not active; the nearest active codes are named.
    """

    code: str

    def __attrs_post_init__(self) -> None:
        """Refuse a code that ISO 4217 does not list as active."""
        if not isinstance(self.code, str):
            raise InvalidTypeError("currency", type(self.code).__name__, "text")
        if self.code not in _DECIMALS:
            near = difflib.get_close_matches(self.code[:8].upper(), _DECIMALS, n=3, cutoff=0.6)
            hint = f", nearest: {', '.join(near)}" if near else ""
            raise InvalidValueError(
                "currency", self.code, "is not active in ISO 4217", f"three capital letters{hint}"
            )

    @property
    def decimals(self) -> int:
        """How many decimals the currency has: 0 for JPY, 2 for USD, 3 for KWD."""
        return _DECIMALS[self.code]

    def __str__(self) -> str:
        """Give the code."""
        return self.code


def _currency(value: Currency | str) -> Currency:
    return value if isinstance(value, Currency) else Currency(value)


@total_ordering
@attrs.frozen
class Money:
    """An amount in whole minor units (cents, yen, fils), which may be negative.

    Raises:
        InvalidTypeError: if `minor` is no `int`.
        InvalidValueError: if it lies beyond ten quadrillion minor units.
    """

    minor: int
    currency: Currency = attrs.field(converter=_currency)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no whole amount."""
        whole("amount in minor units", self.minor, least=-_MAX_MINOR, most=_MAX_MINOR)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: Currency | str) -> Self:
        """Read an amount in major units, exactly: ``Money.of("12.50", "USD")``.

        Raises:
            InvalidTypeError: for a float, whose value is not what it looks like.
            InvalidValueError: if it is no plain decimal number or has too many decimals.
        """
        if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
            given = type(amount).__name__
            raise InvalidTypeError("amount of money", given, "text, Decimal or int")
        unit = _currency(currency)
        return cls(_minor(amount, unit), unit)

    @classmethod
    def zero(cls, currency: Currency | str) -> Self:
        """Give nothing, in a currency."""
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable[Self], currency: Currency | str) -> Self:
        """Add amounts of one currency; of none, give zero.

        Raises:
            InvalidValueError: if an amount is in another currency.
        """
        return sum(amounts, start=cls.zero(currency))

    @property
    def amount(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.minor).scaleb(-self.currency.decimals, _EXACT)

    def _minor_of(self, other: Self) -> int:
        if other.currency != self.currency:
            raise InvalidValueError(
                "currency", other.currency.code, "cannot be mixed", self.currency.code
            )
        return other.minor

    def __add__(self, other: Self) -> Self:
        """Add an amount of the same currency."""
        if not isinstance(other, Money):
            return NotImplemented
        return type(self)(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        """Take away an amount of the same currency."""
        if not isinstance(other, Money):
            return NotImplemented
        return type(self)(self.minor - self._minor_of(other), self.currency)

    def __neg__(self) -> Self:
        """Turn the sign."""
        return type(self)(-self.minor, self.currency)

    def __lt__(self, other: Self) -> bool:
        """Compare with an amount of the same currency."""
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor < self._minor_of(other)

    def times(self, factor: Decimal | int, rounding: Rounding) -> Self:
        """Multiply by an exact factor and round as named.

        Raises:
            InvalidTypeError: for a float.
        """
        if isinstance(factor, bool) or not isinstance(factor, Decimal | int):
            raise InvalidTypeError("factor", type(factor).__name__, "Decimal or int")
        return type(self)(
            _rounded(_EXACT.multiply(Decimal(self.minor), Decimal(factor)), rounding), self.currency
        )

    def percent(self, percent: Decimal, rounding: Rounding) -> Self:
        """Take so many hundredths and round as named."""
        return self.times(percent.scaleb(-2, _EXACT), rounding)

    def allocate(self, weights: Sequence[int]) -> tuple[Self, ...]:
        """Split in proportion to whole weights; the parts add up to the unit.

        What is left after division goes to the largest remainders, the first part winning a tie;
        a negative amount splits as the mirror image of the positive one.

        Raises:
            InvalidValueError: if there are no weights, one is negative, or all are zero.
        """
        if not weights or min(weights) < 0 or not (total := sum(weights)):
            raise InvalidValueError("weights", tuple(weights), "cannot share", "some above zero")
        sign = -1 if self.minor < 0 else 1
        shares = [divmod(abs(self.minor) * weight, total) for weight in weights]
        left = abs(self.minor) - sum(share for share, _ in shares)
        by_remainder = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))
        favoured = set(by_remainder[:left])
        return tuple(
            type(self)(sign * (share + (i in favoured)), self.currency)
            for i, (share, _) in enumerate(shares)
        )

    def __str__(self) -> str:
        """Give amount and code, as in "12.50 USD"."""
        return f"{self.amount:f} {self.currency.code}"


def _minor(amount: str | int | Decimal, currency: Currency) -> int:
    match = _AMOUNT.fullmatch(_written(amount))
    if match is None:
        raise InvalidValueError(
            f"amount in {currency.code}", amount, "is no plain decimal number", "as in '12.50'"
        )
    sign, units, decimals = match[1], match[2], (match[3] or "").rstrip("0")
    if len(decimals) > currency.decimals:
        places = str(currency.decimals)
        raise InvalidValueError(
            f"amount in {currency.code}", amount, "has too many decimals", places
        )
    return int(f"{sign}{units}{decimals.ljust(currency.decimals, '0')}")


def _written(amount: str | int | Decimal) -> str:
    """Write an amount plainly; one that is far too large or small costs nothing and is refused."""
    match amount:
        case str():
            return amount
        case Decimal():
            is_small = (
                amount.is_finite()
                and abs(amount.adjusted()) <= 32
                and len(amount.as_tuple().digits) <= 64
            )
            return f"{amount:f}" if is_small else ""
        case _:
            return str(amount) if abs(amount) <= _MAX_MINOR else ""


def _rounded(exact: Decimal, rounding: Rounding) -> int:
    if not exact.is_finite() or exact.adjusted() > 20:
        raise InvalidValueError("amount", exact, "is beyond any amount of money")
    return int(exact.quantize(Decimal(1), rounding=rounding.value, context=_EXACT))


def _decimal_rate(value: str | Decimal) -> Decimal:
    if not isinstance(value, str | Decimal):
        raise InvalidTypeError("exchange rate", type(value).__name__, "text or Decimal")
    text = _written(value)
    if not _RATE.fullmatch(text) or not (rate := Decimal(text)):
        raise InvalidValueError("exchange rate", value, "is no rate", "a decimal number above zero")
    return rate


@attrs.frozen(kw_only=True)
class ExchangeRate:
    """How much of `quote` one unit of `base` is worth, from an instant on, and who says so."""

    base: Currency = attrs.field(converter=_currency)
    quote: Currency = attrs.field(converter=_currency)
    rate: Decimal = attrs.field(converter=_decimal_rate)
    at: Instant = attrs.field(converter=instant)
    source: str = attrs.field(validator=of_type(str))

    def convert(self, money: Money, rounding: Rounding) -> Money:
        """Convert money of the base currency and round as named.

        Raises:
            InvalidValueError: if the money is not in the base currency.
        """
        if money.currency != self.base:
            raise InvalidValueError(
                "currency", money.currency.code, "has another rate", self.base.code
            )
        shift = self.quote.decimals - self.base.decimals
        exact = _EXACT.multiply(Decimal(money.minor), self.rate).scaleb(shift, _EXACT)
        return Money(_rounded(exact, rounding), self.quote)


def checked_money(what: str, value: object) -> Money:
    """Give money back if it is some.

    Raises:
        InvalidTypeError: for anything else, such as a bare number, which has no currency.
    """
    if not isinstance(value, Money):
        raise InvalidTypeError(what, type(value).__name__, "Money")
    return value


def not_below_zero(instance: object, field: "attrs.Attribute[Money]", value: Money) -> None:
    """Insist on money of zero or more, as a validator of attrs.

    Raises:
        InvalidTypeError: for anything else than money.
        InvalidValueError: for a debt.
    """
    name = f"{field.name} of {type(instance).__name__}"
    if checked_money(name, value).minor < 0:
        raise InvalidValueError(name, str(value), "is below zero", "0 or more")


def find_rate(
    rates: Iterable[ExchangeRate], base: Currency, quote: Currency, at: Instant
) -> ExchangeRate | None:
    """Give the latest rate that is not younger than an instant, or None where there is none."""
    known = [r for r in rates if (r.base, r.quote) == (base, quote) and r.at <= at]
    return max(known, key=lambda rate: (rate.at, rate.rate, rate.source), default=None)


def exchange(
    money: Money, to: Currency, rates: Iterable[ExchangeRate], at: Instant, rounding: Rounding
) -> Money | Reason:
    """Bring money into a currency at the latest rate as of an instant, or say which is missing.

    Money of that currency takes no rate.

    Raises:
        InvalidTypeError: if it is no money.
    """
    if checked_money("amount", money).currency == to:
        return money
    rate = find_rate(rates, money.currency, to, at)
    if rate is None:
        text = f"there is no exchange rate from {money.currency} to {to} as of {to_text(at)}"
        return Reason("no_exchange_rate", text)
    try:
        return rate.convert(money, rounding)
    except InvalidValueError as error:
        return Reason("amount_out_of_range", f"{money} in {to} is too much: {error}")
