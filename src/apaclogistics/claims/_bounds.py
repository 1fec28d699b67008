"""How much may be claimed for a parcel beside what others claim for it, and by a buyer at all."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from apaclogistics.claims._claim import Claim
from apaclogistics.compensation import ShareOf, Stake
from apaclogistics.errors import Reason
from apaclogistics.values.fields import optional, tuple_of
from apaclogistics.values.money import Money

__all__ = ("Bound",)

_NAMES: Final[Mapping[ShareOf, str]] = MappingProxyType(
    {ShareOf.VALUE: "goods", ShareOf.FREIGHT: "freight"}
)


@attrs.frozen(kw_only=True)
class Bound:
    """The most that a claim may be for: what is at stake, less what other claims take of it.

    `others` are the other claims for the parcel, whoever made them.  `owed` is what a buyer who
    claims has paid and not got back, None for a seller and where nobody knows.

    Raises:
        InvalidTypeError: if a part is of another type.
    """

    stake: Stake | None = attrs.field(validator=optional(Stake))
    others: tuple[Claim, ...] = attrs.field(default=(), validator=tuple_of(Claim))
    owed: Money | None = attrs.field(default=None, validator=optional(Money))

    def within(self, amount: Money) -> Money:
        """Give the amount, or what is left where that is less; `against` says if nothing is."""
        left = min([amount, *(most for most, _ in self._limits(amount))])
        return left if left.minor > 0 else amount

    def against(self, amount: Money) -> Iterator[Reason]:
        """Give every reason why so much may not be claimed, with what is left and who has the rest."""
        yield from self._incomparable(amount)
        exceeded = [(most, what) for most, what in self._limits(amount) if amount > most]
        if exceeded:
            most, what = min(exceeded, key=lambda limit: limit[0])
            yield Reason("too_much", f"{amount} is more than the {most} left of {what}")

    def _limits(self, amount: Money) -> Iterator[tuple[Money, str]]:
        """Give what is left of each bound, and what that is a bound of; none that is incomparable."""
        if self.stake is None or any(self._incomparable(amount)):
            return
        yield self._left(self.stake.own, self._alike(self.stake), _NAMES[self.stake.of])
        yield self._left(self.stake.whole, self._taking, "goods and freight")
        if self.owed is not None:
            owed = max(self.owed, Money.zero(self.owed.currency))
            yield owed, "what the buyer paid, beside what they got back or are to be paid"

    def _left(self, most: Money, claims: tuple[Claim, ...], what: str) -> tuple[Money, str]:
        taken = Money.total((claim.claimed for claim in claims), most.currency)
        named = "".join(f", of which claim {it.id} takes {it.claimed}" for it in claims)
        return max(most - taken, Money.zero(most.currency)), f"{what} worth {most}{named}"

    @property
    def _taking(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.others if claim.claimed.minor)

    def _alike(self, stake: Stake) -> tuple[Claim, ...]:
        return tuple(claim for claim in self._taking if claim.demand.stake.of is stake.of)

    def _incomparable(self, amount: Money) -> Iterator[Reason]:
        """Say what is in another currency: without a rate nobody can tell what is left."""
        if self.stake is None:
            yield Reason("not_comparable", f"no rate says what is at stake in {amount.currency}")
        elif self.stake.own.currency != amount.currency:
            text = f"{amount} is not in {self.stake.own.currency}, in which the policy pays"
            yield Reason("other_currency", text)
        for claim in self._taking:
            if claim.claimed.currency != amount.currency:
                text = (
                    f"claim {claim.id} for the parcel is for {claim.claimed}, and this for {amount}"
                )
                yield Reason("other_currency", text)
        if self.owed is not None and self.owed.currency != amount.currency:
            text = f"{amount} is not in {self.owed.currency}, in which the buyer paid"
            yield Reason("other_currency", text)
