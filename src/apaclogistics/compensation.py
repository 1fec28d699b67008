"""Compensation: a policy is dated data; facts go in, an amount or all reasons against come out.

A policy names the basis (the lowest of declared value, invoice value and cap), the caps by weight,
after how many calendar months of silence a parcel counts as lost, where it does not hold, and
whether compensation is taken back when the parcel turns up.  Figures in another currency are
compared through a dated rate that is passed in; a missing rate is a reason, not an error.

>>> policy = CompensationPolicy(
...     name="example", source="an example", zone_name="Asia/Hong_Kong", months_of_silence=2,
...     caps=(Cap(Weight(1), Money.of("500", "HKD")), Cap(Weight(500), Money.of("1000", "HKD"))),
... )
>>> str(policy.cap_for(Weight(499))), str(policy.cap_for(Weight(500)))
('500.00 HKD', '1000.00 HKD')
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum

import attrs

from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.fulfilment import Phase
from apaclogistics.values.calendars import add_months
from apaclogistics.values.instants import Instant, in_zone, instant, zone
from apaclogistics.values.money import ExchangeRate, Money, Rounding, find_rate
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight

__all__ = (
    "Assessment",
    "Cap",
    "ClaimKind",
    "CompensationPolicy",
    "Facts",
    "Figure",
    "Suspension",
    "assess",
)


class ClaimKind(Enum):
    """What a claim is about."""

    LOSS = "loss"
    DAMAGE = "damage"
    DELAY = "delay"
    MISSING_CONTENTS = "missing contents"
    FAILED_PICK_UP = "failed pick-up"
    OVERCHARGE = "overcharge"


@attrs.frozen
class Cap:
    """The most that is paid for a parcel from a weight on, that weight included."""

    from_weight: Weight
    amount: Money


@attrs.frozen
class Suspension:
    """Days, both included, that do not count towards the months of silence."""

    first: date
    last: date


@attrs.frozen(kw_only=True)
class Facts:
    """What is known of one parcel as of an instant; a claim keeps these as a snapshot.

    `posted_at` is the first acceptance by the carrier; `answered_at` the first delivered or
    attempted scan.  Both are None where there is none.
    """

    at: Instant = attrs.field(converter=instant)
    phase: Phase
    posted_at: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )
    delivered_at: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )
    attempted_at: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )
    weight: Weight
    destination: Country
    declared: Money


@attrs.frozen(kw_only=True)
class CompensationPolicy:
    """What a carrier pays for, and how much, while the policy is in force.

    `caps` go by weight, the highest `from_weight` that is not above the parcel's counts.
    `declared_loss_suffices` says that a carrier's own "lost" scan ends the waiting.
    `effective_from` and `effective_through` are days of posting in `zone_name`, None for no bound.

    Raises:
        InvalidValueError: if there is no cap, or caps are in several currencies.
    """

    name: str
    source: str
    zone_name: str
    months_of_silence: int
    caps: tuple[Cap, ...]
    covers: frozenset[ClaimKind] = frozenset({ClaimKind.LOSS})
    excluded: frozenset[Country] = frozenset()
    suspensions: tuple[Suspension, ...] = ()
    attempt_is_delivery_status: bool = True
    declared_loss_suffices: bool = False
    claws_back: bool = True
    effective_from: date | None = None
    effective_through: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a policy that could not name a figure."""
        zone(self.zone_name)
        if len({cap.amount.currency for cap in self.caps}) != 1:
            raise InvalidValueError("caps", self.name, "are not of one currency", "one or more")

    def cap_for(self, weight: Weight) -> Money:
        """Give the cap for a weight; below the lightest cap nothing is paid."""
        fitting = [cap for cap in self.caps if cap.from_weight <= weight]
        heaviest = max(fitting, key=lambda cap: cap.from_weight, default=None)
        return heaviest.amount if heaviest else Money.zero(self.caps[0].amount.currency)

    def silence_ends(self, posted: date) -> date:
        """Give the last day on which a parcel posted on a day may still be silent.

        The months end on the same day of the month, or on its last; suspended days are added.
        """
        last = add_months(posted, self.months_of_silence)
        for pause in sorted(self.suspensions, key=lambda pause: pause.first):
            if pause.first <= last and pause.last >= posted:
                last += pause.last - max(pause.first, posted) + timedelta(days=1)
        return last


@attrs.frozen
class Figure:
    """An amount that went into an assessment, and what it is."""

    name: str
    amount: Money


@attrs.frozen(kw_only=True)
class Assessment:
    """What a policy says of a case: the amount, or every reason why there is none.

    `figures` are the amounts that were compared, in the policy's currency.
    """

    policy: str
    amount: Money | None
    reasons: tuple[Reason, ...]
    figures: tuple[Figure, ...] = ()


def assess(
    policy: CompensationPolicy,
    kind: ClaimKind,
    facts: Facts,
    *,
    invoice: Money | None = None,
    rates: Iterable[ExchangeRate] = (),
) -> Assessment:
    """Work out what a policy pays, as of the facts' instant.

    Amounts in another currency are converted at the latest rate known then, rounding half up.
    """
    figures, missing = _figures(policy, facts, invoice, tuple(rates))
    reasons = (*_against(policy, kind, facts), *missing)
    amount = None if reasons else min(figure.amount for figure in figures)
    return Assessment(policy=policy.name, amount=amount, reasons=reasons, figures=figures)


def _against(policy: CompensationPolicy, kind: ClaimKind, facts: Facts) -> tuple[Reason, ...]:
    reasons = []
    if kind not in policy.covers:
        reasons.append(Reason("not_covered", f"{policy.name} does not cover {kind.value}"))
    if facts.destination in policy.excluded:
        reasons.append(Reason("excluded", f"{policy.name} does not hold in {facts.destination}"))
    if facts.posted_at is not None:
        reasons += _out_of_force(policy, in_zone(facts.posted_at, policy.zone_name).date())
    reasons += _not_lost(policy, facts) if kind is ClaimKind.LOSS else ()
    return tuple(reasons)


def _not_lost(policy: CompensationPolicy, facts: Facts) -> list[Reason]:
    if facts.posted_at is None:
        return [Reason("not_posted", "the carrier never scanned the parcel as accepted")]
    posted = in_zone(facts.posted_at, policy.zone_name).date()
    if status := _delivery_status(policy, facts):
        return [Reason("delivery_status", f"a delivery status was shown: {status}")]
    last = policy.silence_ends(posted)
    declared = policy.declared_loss_suffices and facts.phase is Phase.LOST
    if not declared and in_zone(facts.at, policy.zone_name).date() <= last:
        return [Reason("too_early", f"the parcel counts as lost after {last}, not before")]
    return []


def _out_of_force(policy: CompensationPolicy, posted: date) -> list[Reason]:
    begins, ends = policy.effective_from or date.min, policy.effective_through or date.max
    if begins <= posted <= ends:
        return []
    return [Reason("not_in_force", f"{policy.name} was not in force on {posted}")]


def _delivery_status(policy: CompensationPolicy, facts: Facts) -> str:
    if facts.delivered_at is not None:
        return "delivered"
    if policy.attempt_is_delivery_status and facts.attempted_at is not None:
        return "attempted"
    return ""


def _figures(
    policy: CompensationPolicy,
    facts: Facts,
    invoice: Money | None,
    rates: tuple[ExchangeRate, ...],
) -> tuple[tuple[Figure, ...], tuple[Reason, ...]]:
    cap = policy.cap_for(facts.weight)
    given = [Figure("cap", cap), Figure("declared value", facts.declared)]
    if invoice is not None:
        given.append(Figure("invoice value", invoice))
    figures, missing = [], []
    for figure in given:
        amount = _converted(figure.amount, cap, rates, facts.at)
        if amount is None:
            pair = f"{figure.amount.currency} to {cap.currency}"
            missing.append(Reason("no_rate", f"no rate from {pair} is known for the {figure.name}"))
        else:
            figures.append(Figure(figure.name, amount))
    return tuple(figures), tuple(missing)


def _converted(
    amount: Money, like: Money, rates: tuple[ExchangeRate, ...], at: Instant
) -> Money | None:
    if amount.currency == like.currency:
        return amount
    rate = find_rate(rates, amount.currency, like.currency, at)
    return rate.convert(amount, Rounding.HALF_UP) if rate else None
