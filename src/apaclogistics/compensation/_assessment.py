"""What a policy says of a parcel: presumed lost or not, what is paid or every reason against."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import attrs

from apaclogistics.compensation._facts import ClaimKind, Facts, Worth, known
from apaclogistics.compensation._policies import CompensationPolicy, ShareOf, ValueBasis
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.fulfilment import Phase
from apaclogistics.values.fields import of_type, optional, several, tuple_of
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import ExchangeRate, Money, Rounding, find_rate

__all__ = ("Assessment", "Figure", "Stake", "assess", "is_presumed_lost")

_NOTHING_PROVEN: Final = Worth()
_ALL: Final = Decimal(100)


@attrs.frozen
class Figure:
    """An amount that went into an assessment, and what it is.

    `given` is what it was before it was converted, and `rate` the rate for that, with its instant
    and source; both are None where nothing was converted.
    """

    name: str = attrs.field(validator=of_type(str))
    amount: Money = attrs.field(validator=of_type(Money))
    given: Money | None = attrs.field(default=None, validator=optional(Money))
    rate: ExchangeRate | None = attrs.field(default=None, validator=optional(ExchangeRate))


@attrs.frozen(kw_only=True)
class Stake:
    """What there is to lose with a parcel, whatever a policy pays of it.

    `of` says whether the case is about what is in the parcel or about its freight.  `own` is what
    all claims about the same may come to together, and `whole` what all claims for the parcel may.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if the two are of different currencies or negative, or `own` is greater.
    """

    of: ShareOf = attrs.field(validator=of_type(ShareOf))
    own: Money = attrs.field(validator=of_type(Money))
    whole: Money = attrs.field(validator=of_type(Money))

    def __attrs_post_init__(self) -> None:
        """Refuse a part that is more than the whole."""
        alike = self.own.currency == self.whole.currency
        if not alike or not 0 <= self.own.minor <= self.whole.minor:
            allowed = f"0 to {self.whole}"
            raise InvalidValueError("stake", str(self.own), "is no part of the whole", allowed)


@attrs.frozen(kw_only=True)
class Assessment:
    """What a policy says of a case: the amount, or every reason why there is none.

    `figures` are the amounts that were compared or added, in the policy's currency; so is `stake`,
    which bounds what may be claimed.  It is None where no rate brings the declared value there.
    """

    policy: str = attrs.field(validator=of_type(str))
    amount: Money | None = attrs.field(validator=optional(Money))
    reasons: tuple[Reason, ...] = attrs.field(validator=tuple_of(Reason))
    figures: tuple[Figure, ...] = attrs.field(default=(), validator=tuple_of(Figure))
    stake: Stake | None = attrs.field(default=None, validator=optional(Stake))


@attrs.frozen(kw_only=True)
class _Case:
    policy: CompensationPolicy = attrs.field(validator=of_type(CompensationPolicy))
    kind: ClaimKind = attrs.field(validator=of_type(ClaimKind))
    facts: Facts = attrs.field(validator=of_type(Facts))
    worth: Worth = attrs.field(validator=of_type(Worth))
    rates: tuple[ExchangeRate, ...]

    @property
    def days_late(self) -> int | None:
        """How many days after the promise the parcel came, or still has not come."""
        if self.facts.promised_by is None:
            return None
        come = known(self.facts.delivered_at, self.facts.at) or self.facts.at
        return (self.policy.day(come) - self.policy.day(self.facts.promised_by)).days

    @property
    def shares_freight(self) -> bool:
        """Whether a part of the freight is paid, whatever is in the parcel."""
        delay = self.policy.delay
        return self.kind is ClaimKind.DELAY and delay is not None and delay.of is ShareOf.FREIGHT

    @property
    def freight(self) -> Money | None:
        """What the carriage cost; nothing where more was credited than billed, and not less."""
        paid = self.facts.freight
        return None if paid is None else max(paid, Money.zero(paid.currency))

    @property
    def of(self) -> ShareOf:
        """What the case is about: the freight, or what is in the parcel."""
        is_of_freight = self.kind in _OF_FREIGHT or self.shares_freight
        return ShareOf.FREIGHT if is_of_freight else ShareOf.VALUE

    @property
    def percent(self) -> Decimal:
        """What part of the base is paid."""
        return self.policy.percent_for(self.kind, self.days_late or 0)

    @property
    def caps(self) -> tuple[Figure, ...]:
        """The most that is paid; what was billed too much is paid back, however much that is."""
        if self.kind is ClaimKind.OVERCHARGE:
            return ()
        return (Figure("cap", self.policy.cap_for(self.facts.weight)),)


def assess(
    policy: CompensationPolicy,
    kind: ClaimKind,
    facts: Facts,
    *,
    worth: Worth = _NOTHING_PROVEN,
    rates: Iterable[ExchangeRate] = (),
) -> Assessment:
    """Work out what a policy pays, as of the facts' instant.

    Amounts in another currency are converted at the latest rate known then, rounding half up; the
    figures say at which.

    Raises:
        InvalidTypeError: if one of them is of another type.
        InvalidValueError: if business days are counted, and the calendar of the terms begins later.
    """
    known_rates = several("rates", rates, ExchangeRate)
    case = _Case(policy=policy, kind=kind, facts=facts, worth=worth, rates=known_rates)
    compared, gaps = _converted(case, _compared(case))
    added, more_gaps = _converted(case, _added(case))
    stake = _stake(case)
    reasons = (*_against(case), *gaps, *more_gaps) or _no_surplus(case, compared)
    if reasons:
        figures = (*case.caps, *compared, *added)
        return Assessment(
            policy=policy.name, amount=None, reasons=reasons, figures=figures, stake=stake
        )
    share = _share(case, _base(case, compared))
    paid = min(figure.amount for figure in (*case.caps, share))
    return Assessment(
        policy=policy.name,
        amount=Money.total((paid, *(figure.amount for figure in added)), paid.currency),
        reasons=(),
        figures=(*case.caps, *compared, *((share,) if case.percent != _ALL else ()), *added),
        stake=stake,
    )


def is_presumed_lost(policy: CompensationPolicy, facts: Facts, at: Instant) -> bool:
    """Tell whether a parcel counts as lost under a policy as of an instant.

    What the facts tell of a later time is left out, and a delivery status that is known by then
    reopens what was presumed lost before.
    """
    return not any(_not_lost(policy, facts, instant(at)))


# Kinds of claim that are about the freight and not about what is in the parcel.
_OF_FREIGHT: Final = frozenset({ClaimKind.FAILED_PICK_UP, ClaimKind.OVERCHARGE})
# Kinds that befall a parcel while a carrier has it.
_ON_THE_WAY: Final = frozenset({ClaimKind.DAMAGE, ClaimKind.MISSING_CONTENTS, ClaimKind.DELAY})
_NOT_POSTED: Final = Reason("not_posted", "the carrier never scanned the parcel as accepted")
# What shows that a parcel is not lost, though no scan shows it delivered.
_ARRIVALS: Final = MappingProxyType({Phase.RETURNED: "returned", Phase.COMPLETED: "received"})


def _compared(case: _Case) -> tuple[tuple[str, Money | None], ...]:
    """Name what the share may be of; None for what is not known and must be."""
    facts = case.facts
    if case.kind is ClaimKind.OVERCHARGE:
        return ("billed", facts.billed), ("price by the rate card", facts.priced)
    if case.of is ShareOf.FREIGHT:
        return (("freight", case.freight),)
    return tuple(_values(case))


def _values(case: _Case) -> Iterator[tuple[str, Money]]:
    repair = case.worth.repair if case.kind is ClaimKind.DAMAGE else None
    proven = {
        ValueBasis.DECLARED: case.facts.declared,
        ValueBasis.INVOICE: case.worth.invoice,
        ValueBasis.WHOLESALE: case.worth.wholesale,
        ValueBasis.REPAIR: repair,
    }
    for basis, value in proven.items():
        if basis in case.policy.bases and value is not None:
            yield basis.value, value


def _added(case: _Case) -> tuple[tuple[str, Money | None], ...]:
    if not case.policy.refunds_freight or case.of is ShareOf.FREIGHT:
        return ()
    return (("refunded freight", case.freight),)


def _converted(
    case: _Case, amounts: Iterable[tuple[str, Money | None]]
) -> tuple[tuple[Figure, ...], tuple[Reason, ...]]:
    found = [_figure(case, name, amount) for name, amount in amounts]
    figures = tuple(it for it in found if isinstance(it, Figure))
    return figures, tuple(it for it in found if isinstance(it, Reason))


def _figure(case: _Case, name: str, given: Money | None) -> Figure | Reason:
    if given is None:
        return Reason("not_known", f"nobody knows the figure of the parcel: {name}")
    unit = case.policy.caps[0].amount.currency
    if given.currency == unit:
        return Figure(name, given)
    rate = find_rate(case.rates, given.currency, unit, case.facts.at)
    if rate is None:
        pair = f"{given.currency} to {unit}"
        return Reason("no_rate", f"no rate from {pair} is known for the {name}")
    return Figure(name, rate.convert(given, Rounding.HALF_UP), given=given, rate=rate)


def _stake(case: _Case) -> Stake | None:
    """Give what there is to lose: the goods at the most that is declared or proven, and freight."""
    named = ("declared value", case.facts.declared)
    worth = (("invoice value", case.worth.invoice), ("wholesale value", case.worth.wholesale))
    declared = _figure(case, *named)
    if isinstance(declared, Reason):
        return None
    proven, _ = _converted(case, worth)
    paid, _ = _converted(case, [("freight", case.freight)])
    goods = max(figure.amount for figure in (declared, *proven))
    freight = Money.total((figure.amount for figure in paid), goods.currency)
    if case.of is ShareOf.FREIGHT:
        return Stake(of=case.of, own=freight, whole=goods + freight)
    own = goods + freight if case.policy.refunds_freight else goods
    return Stake(of=case.of, own=own, whole=goods + freight)


def _base(case: _Case, compared: tuple[Figure, ...]) -> Figure:
    """Give what the share is of: the lowest figure, and where there is none the cap."""
    if case.kind is ClaimKind.OVERCHARGE:
        billed, priced = compared
        return Figure("surplus", billed.amount - priced.amount)
    return min(compared or case.caps, key=lambda figure: figure.amount)


def _no_surplus(case: _Case, compared: tuple[Figure, ...]) -> tuple[Reason, ...]:
    if case.kind is not ClaimKind.OVERCHARGE or _base(case, compared).amount.minor > 0:
        return ()
    billed, priced = (figure.amount for figure in compared)
    return (Reason("not_overcharged", f"{billed} was billed, and {priced} is the price"),)


def _share(case: _Case, base: Figure) -> Figure:
    name = f"{case.percent.normalize():f} % of the {base.name} for {case.kind.value}"
    return Figure(name, base.amount.percent(case.percent, Rounding.HALF_UP))


def _against(case: _Case) -> tuple[Reason, ...]:
    return (*_out_of_scope(case), *_out_of_time(case), *_unmet(case))


def _out_of_scope(case: _Case) -> Iterator[Reason]:
    policy, facts = case.policy, case.facts
    if case.kind not in policy.covers:
        yield Reason("not_covered", f"{policy.name} does not cover {case.kind.value}")
    if facts.destination in policy.excluded:
        yield Reason("excluded", f"{policy.name} does not hold in {facts.destination}")
    if facts.posted_at is not None:
        posted = policy.day(facts.posted_at)
        begins, ends = policy.effective_from or date.min, policy.effective_through or date.max
        if not begins <= posted <= ends:
            yield Reason("not_in_force", f"{policy.name} was not in force on {posted}")


def _out_of_time(case: _Case) -> Iterator[Reason]:
    policy, today = case.policy, case.policy.day(case.facts.at)
    window = policy.window(case.kind)
    opens = policy.opens(case.kind, case.facts, case.facts.at)
    closes = policy.closes(case.kind, case.facts, case.facts.at)
    if window.opens is not None and (opens is None or today < opens):
        day = opens or "a day that is not known yet"
        yield Reason("window_not_open", f"may be claimed {window.opens}, from {day} on")
    if closes is not None and closes < today:
        yield Reason("window_closed", f"had to be claimed {window.closes}, through {closes}")


def _unmet(case: _Case) -> Iterator[Reason]:
    """Say what has not happened to the parcel that the claim says has."""
    if case.kind is ClaimKind.LOSS:
        yield from _not_lost(case.policy, case.facts, case.facts.at)
    elif case.kind is ClaimKind.FAILED_PICK_UP:
        yield from _was_collected(case.facts)
    elif case.kind in _ON_THE_WAY and known(case.facts.posted_at, case.facts.at) is None:
        yield _NOT_POSTED
    if case.kind is ClaimKind.DELAY:
        yield from _not_late(case)


def _was_collected(facts: Facts) -> Iterator[Reason]:
    """Say that a parcel was picked up, or that nothing was paid for that: what is held comes back."""
    if known(facts.posted_at, facts.at) is not None:
        yield Reason("was_collected", "the carrier has scanned the parcel as accepted")
    if facts.billed is None:
        yield Reason("not_billed", "nothing was billed for the carriage that did not begin")


def _not_late(case: _Case) -> Iterator[Reason]:
    if case.days_late is None:
        if case.policy.delay is not None:
            yield Reason("no_promise", "nobody promised when the parcel would come")
    elif case.days_late <= 0:
        yield Reason("not_late", "the parcel is not later than was promised")


def _not_lost(policy: CompensationPolicy, facts: Facts, at: Instant) -> Iterator[Reason]:
    posted = known(facts.posted_at, at)
    if posted is None:
        yield _NOT_POSTED
    elif status := _delivery_status(policy, facts, at):
        yield Reason("delivery_status", f"a delivery status was shown: {status}")
    elif not (policy.declared_loss_suffices and facts.phase is Phase.LOST):
        yield from _not_silent(policy, facts, at)


def _not_silent(policy: CompensationPolicy, facts: Facts, at: Instant) -> Iterator[Reason]:
    begun = None if policy.silence is None else facts.when(policy.silence.since, at)
    last = None if begun is None else policy.silence_ends(policy.day(begun))
    if last is None:
        yield Reason("too_early", "the parcel counts as lost when the carrier says so, not before")
    elif policy.day(at) <= last:
        yield Reason("too_early", f"the parcel counts as lost after {last}, not before")


def _delivery_status(policy: CompensationPolicy, facts: Facts, at: Instant) -> str:
    if known(facts.delivered_at, at) is not None:
        return "delivered"
    if policy.attempt_is_delivery_status and known(facts.attempted_at, at) is not None:
        return "attempted"
    return _ARRIVALS.get(facts.phase, "")
