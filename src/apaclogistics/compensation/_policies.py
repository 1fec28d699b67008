"""Policies: what a carrier pays for, how much, when it may be claimed, and how long that takes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import chain
from typing import Final

import attrs

from apaclogistics.compensation._facts import ClaimKind, Facts, Since
from apaclogistics.errors import InvalidValueError
from apaclogistics.evidence import Evidence, EvidenceKind, EvidenceLimits
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar, ListedCalendar, Period
from apaclogistics.values.fields import frozenset_of, of_type, optional, tuple_of
from apaclogistics.values.instants import Instant, in_zone, zone
from apaclogistics.values.money import Money, not_below_zero
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight, ratio, whole

__all__ = (
    "Cap",
    "ClaimShare",
    "ClaimTerms",
    "CompensationPolicy",
    "DelayShare",
    "EvidenceNeed",
    "FilingWindow",
    "ShareOf",
    "Suspension",
    "Term",
    "ValueBasis",
)

# As good as never, and a day whose end every zone sees within the calendar.
_NEVER: Final = date(9998, 12, 30)
_ALL: Final = Decimal(100)
_MOST_STEP: Final = 366


class ValueBasis(Enum):
    """A value that compensation never exceeds, beside the cap."""

    DECLARED = "declared value"
    INVOICE = "invoice value"
    WHOLESALE = "wholesale value"
    REPAIR = "repair value"


@attrs.frozen
class Cap:
    """The most that is paid for a parcel from a weight on, that weight included; not below zero."""

    from_weight: Weight = attrs.field(validator=of_type(Weight))
    amount: Money = attrs.field(validator=not_below_zero)


@attrs.frozen
class Suspension:
    """Days, both included, that do not count towards silence.

    Raises:
        InvalidValueError: if it ends before it begins.
    """

    first: date = attrs.field(validator=of_type(date))
    last: date = attrs.field(validator=of_type(date))

    def __attrs_post_init__(self) -> None:
        """Refuse a suspension of no day."""
        if self.last < self.first:
            raise InvalidValueError(
                "suspension", str(self.last), "ends early", f"from {self.first}"
            )


@attrs.frozen
class Term:
    """A period, and what it is counted from.

    >>> from apaclogistics.values.calendars import PeriodUnit
    >>> str(Term(Period(21, PeriodUnit.CALENDAR_DAYS), Since.POSTED))
    '21 calendar days after posting'
    """

    period: Period = attrs.field(validator=of_type(Period))
    since: Since = attrs.field(default=Since.POSTED, validator=of_type(Since))

    def __str__(self) -> str:
        """Say it in words."""
        return f"{self.period} after {self.since.value}"


@attrs.frozen(kw_only=True)
class FilingWindow:
    """On which days claims of some kinds may be filed.

    `opens` gives the first day and `closes` the last, both included; None is no bound.
    """

    kinds: frozenset[ClaimKind] = attrs.field(validator=frozenset_of(ClaimKind))
    opens: Term | None = attrs.field(default=None, validator=optional(Term))
    closes: Term | None = attrs.field(default=None, validator=optional(Term))


class ShareOf(Enum):
    """What a share for delay is taken of."""

    VALUE = "value"
    FREIGHT = "freight"


def _percent(value: int | str | Decimal) -> Decimal:
    percent = ratio(value, what="share in percent")
    if 0 < percent < 1:
        # No carrier pays less than a hundredth; somebody wrote 0.8 for 80 %.
        allowed = "0, or 1 to 100, as in '80' for 80 %"
        raise InvalidValueError("share in percent", str(value), "is a fraction", allowed)
    return percent


def _percent_of_step(value: int | str | Decimal) -> Decimal:
    # A step of a day may well be worth half a percent.
    return ratio(value, what="share in percent for a step")


def _step(value: int) -> int:
    return whole("days of a step", value, least=1, most=_MOST_STEP)


@attrs.frozen
class ClaimShare:
    """What part of the lowest value is paid for claims of some kinds, up to the cap.

    For claims about the freight it is of the freight.  Percentages are from 0 to 100.

    Raises:
        InvalidTypeError: for a float.
        InvalidValueError: for more than the whole, or a fraction such as 0.8 for 80 %.
    """

    kinds: frozenset[ClaimKind] = attrs.field(validator=frozenset_of(ClaimKind))
    percent: Decimal = attrs.field(converter=_percent)


@attrs.frozen(kw_only=True)
class DelayShare:
    """What is paid for delay: so many percent for each full step of days, but no more than `most`.

    >>> DelayShare(percent=10, days=2, most=25, of=ShareOf.FREIGHT).for_days(5)
    Decimal('20')

    Raises:
        InvalidTypeError: for a float.
        InvalidValueError: for more than the whole, a step of no day, or a fraction as the most.
    """

    percent: Decimal = attrs.field(converter=_percent_of_step)
    days: int = attrs.field(default=1, converter=_step)
    most: Decimal = attrs.field(default=_ALL, converter=_percent)
    of: ShareOf = attrs.field(default=ShareOf.VALUE, validator=of_type(ShareOf))

    def for_days(self, late: int) -> Decimal:
        """Give the percentage for so many days of delay."""
        return min(self.percent * (late // self.days), self.most)


@attrs.frozen
class EvidenceNeed:
    """What evidence claims of some kinds must come with."""

    kinds: frozenset[ClaimKind] = attrs.field(validator=frozenset_of(ClaimKind))
    evidence: frozenset[EvidenceKind] = attrs.field(validator=frozenset_of(EvidenceKind))


@attrs.frozen(kw_only=True)
class ClaimTerms:
    """How a carrier handles claims.

    `needs` and `limits` are about evidence.  `inform_within` is how long the claimant has at least for
    what the carrier asks for, and `answer_within` for an offer, each the day after where it is None;
    `decide_within` is how long the carrier has for its answer from filing on;
    `contest_within` is how long a rejection may be contested, `rule_within` how long the platform
    has to decide then, and `settle_within` how long the carrier has to pay.  None is no term otherwise.
    `claws_back` says that what was paid is taken back when the parcel turns up.  `calendar` lists
    which days are business days to the carrier, None for Mondays to Fridays.
    """

    needs: tuple[EvidenceNeed, ...] = attrs.field(default=(), validator=tuple_of(EvidenceNeed))
    limits: EvidenceLimits = attrs.field(
        default=EvidenceLimits(), validator=of_type(EvidenceLimits)
    )
    inform_within: Period | None = attrs.field(default=None, validator=optional(Period))
    answer_within: Period | None = attrs.field(default=None, validator=optional(Period))
    decide_within: Period | None = attrs.field(default=None, validator=optional(Period))
    contest_within: Period | None = attrs.field(default=None, validator=optional(Period))
    rule_within: Period | None = attrs.field(default=None, validator=optional(Period))
    settle_within: Period | None = attrs.field(default=None, validator=optional(Period))
    claws_back: bool = attrs.field(default=True, validator=of_type(bool))
    calendar: ListedCalendar | None = attrs.field(default=None, validator=optional(ListedCalendar))

    @property
    def business_days(self) -> BusinessCalendar:
        """The calendar by which business days are counted."""
        return self.calendar or WEEKENDS

    def missing(self, kind: ClaimKind, evidence: Iterable[Evidence]) -> frozenset[EvidenceKind]:
        """Give the evidence that a claim of a kind lacks."""
        needed = (need.evidence for need in self.needs if kind in need.kinds)
        return frozenset(chain.from_iterable(needed)) - {piece.kind for piece in evidence}


@attrs.frozen(kw_only=True)
class CompensationPolicy:
    """What a carrier pays for, and how much, while the policy is in force.

    `silence` is how long a parcel must be without a delivery status to count as lost, None where
    only the carrier's own word makes it so; `suspensions` do not count towards it, and
    `declared_loss_suffices` says that a "lost" scan ends the waiting.  What is paid is a share of
    the lowest of the values in `bases` that are known, and no more than the cap; `caps` go by
    weight, the highest `from_weight` that is not above the parcel's counts.  The share is `delay`
    for delay, or as `shares` say for a kind, and else all of it; where no value is known it is of
    the cap.  `refunds_freight` adds the freight, above the cap.
    `effective_from` and `effective_through` are days of posting in `zone_name`, None for no bound.
    Business days are those of the calendar of the `terms`.

    Raises:
        InvalidTypeError: if a field is of another type.
        InvalidValueError: if there is no cap, caps are in several currencies, there is no such time
            zone, or a kind has two windows or two shares.
    """

    name: str = attrs.field(validator=of_type(str))
    source: str = attrs.field(validator=of_type(str))
    zone_name: str = attrs.field(validator=of_type(str))
    silence: Term | None = attrs.field(validator=optional(Term))
    caps: tuple[Cap, ...] = attrs.field(validator=tuple_of(Cap))
    covers: frozenset[ClaimKind] = attrs.field(
        default=frozenset({ClaimKind.LOSS}), validator=frozenset_of(ClaimKind)
    )
    bases: frozenset[ValueBasis] = attrs.field(
        default=frozenset({ValueBasis.DECLARED, ValueBasis.INVOICE}),
        validator=frozenset_of(ValueBasis),
    )
    shares: tuple[ClaimShare, ...] = attrs.field(default=(), validator=tuple_of(ClaimShare))
    delay: DelayShare | None = attrs.field(default=None, validator=optional(DelayShare))
    refunds_freight: bool = attrs.field(default=False, validator=of_type(bool))
    excluded: frozenset[Country] = attrs.field(default=frozenset(), validator=frozenset_of(Country))
    windows: tuple[FilingWindow, ...] = attrs.field(default=(), validator=tuple_of(FilingWindow))
    suspensions: tuple[Suspension, ...] = attrs.field(default=(), validator=tuple_of(Suspension))
    attempt_is_delivery_status: bool = attrs.field(default=True, validator=of_type(bool))
    declared_loss_suffices: bool = attrs.field(default=False, validator=of_type(bool))
    terms: ClaimTerms = attrs.field(default=ClaimTerms(), validator=of_type(ClaimTerms))
    effective_from: date | None = attrs.field(default=None, validator=optional(date))
    effective_through: date | None = attrs.field(default=None, validator=optional(date))

    def __attrs_post_init__(self) -> None:
        """Refuse a policy that could not name a figure, or says two things of one kind."""
        zone(self.zone_name)
        if len({cap.amount.currency for cap in self.caps}) != 1:
            raise InvalidValueError("caps", self.name, "are not of one currency", "one or more")
        by_delay = [frozenset({ClaimKind.DELAY})] if self.delay else []
        self._once("filing windows", [window.kinds for window in self.windows])
        self._once("shares", [*(share.kinds for share in self.shares), *by_delay])

    def _once(self, what: str, groups: list[frozenset[ClaimKind]]) -> None:
        kinds = list(chain.from_iterable(groups))
        if len(kinds) != len(set(kinds)):
            problem = f"has two {what} for a kind of claim"
            raise InvalidValueError("policy", self.name, problem, "one for each kind")

    def percent_for(self, kind: ClaimKind, late: int = 0) -> Decimal:
        """Give what part is paid for a kind of claim, and for so many days of delay."""
        if kind is ClaimKind.DELAY and self.delay is not None:
            return self.delay.for_days(late)
        return next((share.percent for share in self.shares if kind in share.kinds), _ALL)

    def cap_for(self, weight: Weight) -> Money:
        """Give the cap for a weight; below the lightest cap nothing is paid."""
        fitting = [cap for cap in self.caps if cap.from_weight <= weight]
        heaviest = max(fitting, key=lambda cap: cap.from_weight, default=None)
        return heaviest.amount if heaviest else Money.zero(self.caps[0].amount.currency)

    def day(self, moment: Instant) -> date:
        """Give the day of an instant where the policy counts its days."""
        return in_zone(moment, self.zone_name).date()

    def silence_ends(self, begun: date) -> date | None:
        """Give the last day of a silence that began on a day, None where none is stated.

        Months end on the same day of the month, or on its last; suspended days are added, once
        each, however many suspensions they lie in.  One until further notice may last to
        `date.max`; the silence then ends on a day that is as good as never.
        """
        if self.silence is None:
            return None
        silent_until = self.silence.period.after(begun, self.terms.business_days)
        last, counted = silent_until.toordinal(), begun.toordinal() - 1
        for pause in sorted(self.suspensions, key=lambda pause: pause.first):
            first, end = max(pause.first.toordinal(), counted + 1), pause.last.toordinal()
            if first <= min(last, end):
                last += end - first + 1
                counted = end
        return date.fromordinal(min(last, _NEVER.toordinal()))

    def opens(self, kind: ClaimKind, facts: Facts, at: Instant) -> date | None:
        """Give the first day on which a claim may be filed; None without a bound."""
        term = self.window(kind).opens
        return None if term is None else self._ends(term, facts.when(term.since, at))

    def closes(self, kind: ClaimKind, facts: Facts, at: Instant) -> date | None:
        """Give the last day on which a claim may be filed; None where it does not end yet.

        A delivery whose time is inexact is taken for as late as it can be meant.
        """
        term = self.window(kind).closes
        return None if term is None else self._ends(term, facts.when_last(term.since, at))

    def window(self, kind: ClaimKind) -> FilingWindow:
        """Give when claims of a kind may be filed; without bounds where nothing is stated."""
        windows = (window for window in self.windows if kind in window.kinds)
        return next(windows, FilingWindow(kinds=frozenset({kind})))

    def _ends(self, term: Term, begun: Instant | None) -> date | None:
        if begun is None:
            return None
        return term.period.after(self.day(begun), self.terms.business_days)
