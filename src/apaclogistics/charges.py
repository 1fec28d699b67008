"""Charges: what a seller has set aside and paid for one shipment, and what is owed in the end.

Confirming a booking holds the estimate.  If nothing is billed, the estimate is paid; once rows of a
bill are known, *exactly what they add up to is paid*, in their own currencies.  The hold is used
once: as much of it as is owed is captured, and the rest is released.  What is owed beyond it, or
later, is an adjustment of what the seller has available, and so is what was paid too much.

>>> from apaclogistics.lifecycle import Role
>>> seller, carrier = Actor(Role.SELLER, "s-1"), Actor(Role.CARRIER, "CPAM")
>>> estimate, billed = Money.of("12.50", "USD"), Money.of("14.00", "USD")
>>> for posting in settle({billed.currency: billed}, paid={}, held=estimate,
...                       seller=seller, carrier=carrier, cause="shipment sh-1"):
...     print(posting.kind.value, posting.amount)
capture 12.50 USD
adjustment 1.50 USD
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from apaclogistics.ledger import (
    Account,
    AccountKind,
    Ledger,
    Posting,
    PostingKind,
    adjust,
    capture,
    release,
)
from apaclogistics.lifecycle import Actor
from apaclogistics.values.money import Currency, Money

__all__ = ("due_if_carried", "held_after", "paid_to", "settle")


def held_after(held: Money | None, posting: Posting) -> Money | None:
    """Give what is set aside after one more posting of a shipment; None where nothing is.

    What one step captures and releases is the whole hold.
    """
    match posting.kind:
        case PostingKind.HOLD:
            return posting.amount
        case PostingKind.CAPTURE | PostingKind.RELEASE:
            return None
        case _:
            return held


def paid_to(carrier: Actor, postings: Iterable[Posting]) -> Mapping[Currency, Money]:
    """Give what a carrier has got by postings, by currency in the order of the codes.

    A currency of which nothing is left is left out: whether it was ever paid depends on the order
    in which bills came.
    """
    ledger = Ledger(tuple(postings))
    account = Account(carrier, AccountKind.OUTSIDE)
    balances = {unit: ledger.balance(account, unit) for unit in ledger.currencies}
    return MappingProxyType({unit: left for unit, left in balances.items() if left.minor})


def due_if_carried(paid: Mapping[Currency, Money], held: Money | None) -> Mapping[Currency, Money]:
    """Give what is due once a parcel was carried: what was paid, and the estimate if it is held."""
    if held is None:
        return paid
    before = paid.get(held.currency, Money.zero(held.currency))
    return MappingProxyType({**paid, held.currency: before + held})


def settle(
    due: Mapping[Currency, Money],
    *,
    paid: Mapping[Currency, Money],
    held: Money | None,
    seller: Actor,
    carrier: Actor,
    cause: str,
) -> tuple[Posting, ...]:
    """Give the postings after which what is due is paid, neither more nor less, and nothing held.

    `paid` is what was paid before.  A currency that is not due is one of which nothing is.
    """
    units = {*due, *paid} | (set() if held is None else {held.currency})
    return tuple(
        posting
        for unit in sorted(units)
        for posting in _settle_in(
            due.get(unit, Money.zero(unit)) - paid.get(unit, Money.zero(unit)),
            held if held is not None and held.currency == unit else Money.zero(unit),
            seller,
            carrier,
            cause,
        )
    )


def _settle_in(
    owed: Money, held: Money, seller: Actor, carrier: Actor, cause: str
) -> Iterator[Posting]:
    used = max(Money.zero(owed.currency), min(held, owed))
    if used.minor:
        yield capture(seller, carrier, used, cause)
    if used < held:
        yield release(seller, held - used, cause)
    if owed != used:
        yield adjust(seller, carrier, owed - used, cause)
