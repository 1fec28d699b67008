"""Performance: how promises were kept, by lane and offer, with the parcels behind each figure.

An `Outcome` is what became of one parcel as of an instant, against what was promised for it.  A
`Performance` counts outcomes and never forgets how many there were: each figure is a pair of whole
numbers, and days are counted, not averaged, so that the performances of two months, or of two
halves of a platform, add up to that of the whole.

* *On time* is who was delivered, or tried to be, within the promised window or before it.
* *Late* is who was not once the window is over, a lost parcel included.  Until then nobody knows.
* *Unknown* stays who may have been either, since a carrier reported a time without its zone.
* *Days* are begun spans of 24 hours, as many as an inexact time can mean.

>>> days = Days.of([4, 6, 5, 12])
>>> days.count, days.within(50), days.within(90)
(4, 5, 12)
>>> (days + Days.of([5])).within(50)
5
>>> str(Share(7, 20))
'7 of 20'
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from typing import Final, Self

import attrs

from apaclogistics.fulfilment import Milestone
from apaclogistics.values.fields import of_type, optional, several, tuple_of
from apaclogistics.values.instants import Instant, Moment, Window, instant, moment
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import whole

__all__ = (
    "DayCount",
    "Days",
    "DaysFrom",
    "Lane",
    "Outcome",
    "Performance",
    "Row",
    "Share",
    "Sighting",
    "Tally",
)

_MOST_DAYS: Final = 100_000
_MOST_PARCELS: Final = 10**15
_ONE_DAY: Final = timedelta(days=1)
_MILESTONES: Final = {milestone: rank for rank, milestone in enumerate(Milestone)}


def _count(what: str, value: object, *, most: int = _MOST_PARCELS) -> int:
    return whole(what, value, least=0, most=most)


@attrs.frozen
class Share:
    """How many of how many: a figure that says what it rests on.

    Raises:
        InvalidTypeError: if a number is not whole.
        InvalidValueError: if it is below zero, or there are more than there are.
    """

    part: int
    of: int

    def __attrs_post_init__(self) -> None:
        """Refuse more than all."""
        _count("whole of a share", self.of)
        _count("part of a share", self.part, most=self.of)

    @property
    def fraction(self) -> Fraction | None:
        """The share as an exact fraction, None of nothing."""
        return Fraction(self.part, self.of) if self.of else None

    def __add__(self, other: Self) -> Self:
        """Join the shares of two groups that have nobody in common."""
        return type(self)(self.part + other.part, self.of + other.of)

    def __str__(self) -> str:
        """Give both numbers."""
        return f"{self.part} of {self.of}"


@attrs.frozen(order=True)
class DayCount:
    """How many parcels took so many days."""

    days: int
    parcels: int

    def __attrs_post_init__(self) -> None:
        """Refuse a count of no parcels, and days that no parcel takes."""
        whole("days", self.days, least=0, most=_MOST_DAYS)
        whole("number of parcels", self.parcels, least=1, most=_MOST_PARCELS)


def _joined(counts: Iterable[DayCount]) -> tuple[DayCount, ...]:
    parcels = Counter[int]()
    for count in several("counts of days", counts, DayCount):
        parcels[count.days] += count.parcels
    return tuple(DayCount(*item) for item in sorted(parcels.items()))


@attrs.frozen
class Days:
    """How many days parcels took: each number of days with the parcels that took it, least first.

    Days add up: associative, commutative, and `Days()` changes nothing.
    """

    counts: tuple[DayCount, ...] = attrs.field(default=(), converter=_joined)

    @classmethod
    def of(cls, days: Iterable[int]) -> Self:
        """Count the days that each parcel took."""
        return cls(tuple(DayCount(it, 1) for it in days))

    @property
    def count(self) -> int:
        """The parcels behind it."""
        return sum(it.parcels for it in self.counts)

    def within(self, percent: int) -> int | None:
        """Give the least days within which so many in a hundred of the parcels were done.

        None where there are no parcels.

        Raises:
            InvalidValueError: if the percentage is none of 1 to 100.
        """
        needed = whole("percentage", percent, least=1, most=100) * self.count
        seen = 0
        for it in self.counts:
            seen += it.parcels
            if 100 * seen >= needed:
                return it.days
        return None

    def above(self, days: int) -> Self:
        """Give those that took more than so many days."""
        return type(self)(tuple(it for it in self.counts if it.days > days))

    def __add__(self, other: Self) -> Self:
        """Count the parcels of both."""
        return type(self)((*self.counts, *other.counts))


@attrs.frozen(order=True)
class Lane:
    """From which country to which; `origin` is None where nobody says where a parcel began."""

    origin: Country | None = attrs.field(
        validator=optional(Country), order=lambda it: "" if it is None else it.code
    )
    destination: Country = attrs.field(validator=of_type(Country))

    def __str__(self) -> str:
        """Give both countries: "HK to US"."""
        return f"{self.origin or 'anywhere'} to {self.destination}"


@attrs.frozen
class Sighting:
    """When a milestone of a parcel was first seen."""

    milestone: Milestone = attrs.field(validator=of_type(Milestone))
    at: Moment = attrs.field(converter=moment)


@attrs.frozen(kw_only=True)
class Outcome:
    """What became of one parcel as of the instant `at`, against what was promised for it.

    `window` is the promised one, None where nothing was.  `seen` are the milestones on the way to
    the delivery.  A parcel is one that a carrier has had: what was never handed over has no outcome.
    """

    lane: Lane = attrs.field(validator=of_type(Lane))
    offer: str = attrs.field(default="", validator=of_type(str))
    at: Instant = attrs.field(converter=instant)
    window: Window | None = attrs.field(default=None, validator=optional(Window))
    accepted: Moment | None = attrs.field(default=None, converter=attrs.converters.optional(moment))
    attempted: Moment | None = attrs.field(
        default=None, converter=attrs.converters.optional(moment)
    )
    delivered: Moment | None = attrs.field(
        default=None, converter=attrs.converters.optional(moment)
    )
    is_lost: bool = attrs.field(default=False, validator=of_type(bool))
    is_damaged: bool = attrs.field(default=False, validator=of_type(bool))
    seen: tuple[Sighting, ...] = attrs.field(default=(), validator=tuple_of(Sighting))

    @property
    def is_on_time(self) -> bool | None:
        """Whether the promise was kept; None where there was none, or nobody knows.

        Nobody does before the window is over, and where its end lies within what a reported time
        can mean.
        """
        if self.window is None:
            return None
        due = self.window.latest
        tried = [at.is_by(due) for at in (self.attempted, self.delivered) if at is not None]
        if True in tried:
            return True
        return False if self.at > due and None not in tried else None

    def days_from(self, since: Moment | None) -> int | None:
        """Give the days from a moment to the delivery, a begun one included; None without one.

        Of inexact times the most days that they can mean, so that no figure promises too much.  A
        delivery that was reported as before it took no day.
        """
        if since is None or self.delivered is None:
            return None
        # A plain timedelta divides by one; pendulum's cannot.
        return max(0, -((since.earliest - self.delivered.latest).as_timedelta() // _ONE_DAY))


@attrs.frozen
class DaysFrom:
    """How many days parcels took from a milestone to their delivery."""

    milestone: Milestone = attrs.field(validator=of_type(Milestone))
    days: Days = attrs.field(validator=of_type(Days))


def _by_milestone(remaining: Iterable[DaysFrom]) -> tuple[DaysFrom, ...]:
    days: dict[Milestone, Days] = {}
    for it in several("days from milestones", remaining, DaysFrom):
        days[it.milestone] = days.get(it.milestone, Days()) + it.days
    return tuple(DaysFrom(it, days[it]) for it in sorted(days, key=_MILESTONES.__getitem__))


@attrs.frozen(kw_only=True)
class Tally:
    """How a group of parcels fared.

    `on_time` of those about whose promise anything is known; the rest of these are late.
    `transit` are days from acceptance to delivery, `remaining` those from each milestone.  Tallies
    of groups that have nobody in common add up, and `Tally()` changes nothing.

    Raises:
        InvalidTypeError: if a count is not whole.
        InvalidValueError: if more were delivered, lost, damaged or judged than there are.
    """

    parcels: int = 0
    delivered: int = 0
    lost: int = 0
    damaged: int = 0
    on_time: Share = attrs.field(default=Share(0, 0), validator=of_type(Share))
    transit: Days = attrs.field(default=Days(), validator=of_type(Days))
    remaining: tuple[DaysFrom, ...] = attrs.field(default=(), converter=_by_milestone)

    def __attrs_post_init__(self) -> None:
        """Refuse a group with more of a kind than it has parcels."""
        _count("number of parcels", self.parcels)
        counted = (self.delivered, self.lost, self.damaged, self.on_time.of, self.transit.count)
        for number in counted:
            _count("number of parcels", number, most=self.parcels)

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Self:
        """Count outcomes; their order is irrelevant."""
        found = tuple(outcomes)
        judged = [it.is_on_time for it in found if it.is_on_time is not None]
        transit = (it.days_from(it.accepted) for it in found)
        return cls(
            parcels=len(found),
            delivered=sum(it.delivered is not None for it in found),
            lost=sum(it.is_lost for it in found),
            damaged=sum(it.is_damaged for it in found),
            on_time=Share(sum(judged), len(judged)),
            transit=Days.of(days for days in transit if days is not None),
            remaining=tuple(it for outcome in found for it in _remaining(outcome)),
        )

    @property
    def late(self) -> int:
        """How many were not on time."""
        return self.on_time.of - self.on_time.part

    @property
    def loss(self) -> Share:
        """The lost ones, of all."""
        return Share(self.lost, self.parcels)

    @property
    def damage(self) -> Share:
        """The damaged ones, of all."""
        return Share(self.damaged, self.parcels)

    def days_from(self, milestone: Milestone) -> Days:
        """Give the days that parcels took from a milestone to their delivery."""
        return next((it.days for it in self.remaining if it.milestone is milestone), Days())

    def __add__(self, other: Self) -> Self:
        """Count the parcels of both."""
        return type(self)(
            parcels=self.parcels + other.parcels,
            delivered=self.delivered + other.delivered,
            lost=self.lost + other.lost,
            damaged=self.damaged + other.damaged,
            on_time=self.on_time + other.on_time,
            transit=self.transit + other.transit,
            remaining=(*self.remaining, *other.remaining),
        )


def _remaining(outcome: Outcome) -> Iterable[DaysFrom]:
    for sighting in outcome.seen:
        days = outcome.days_from(sighting.at)
        if days is not None:
            yield DaysFrom(sighting.milestone, Days.of([days]))


@attrs.frozen(kw_only=True)
class Row:
    """How the parcels of one lane and offer fared; the offer is empty where none is known."""

    lane: Lane = attrs.field(validator=of_type(Lane))
    offer: str = attrs.field(default="", validator=of_type(str))
    tally: Tally = attrs.field(validator=of_type(Tally))


def _rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    tallies: dict[tuple[Lane, str], Tally] = {}
    for row in several("rows of performance", rows, Row):
        key = row.lane, row.offer
        tallies[key] = tallies.get(key, Tally()) + row.tally
    return tuple(
        Row(lane=lane, offer=offer, tally=tallies[lane, offer]) for lane, offer in sorted(tallies)
    )


@attrs.frozen
class Performance:
    """How promises were kept, by lane and offer.

    Performances of parcels that have nobody in common add up: associative, commutative, and
    `Performance()` changes nothing.  The performance of the whole is the sum of those of its parts.
    """

    rows: tuple[Row, ...] = attrs.field(default=(), converter=_rows)

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Self:
        """Count outcomes by lane and offer; their order is irrelevant."""
        groups: dict[tuple[Lane, str], list[Outcome]] = {}
        for outcome in outcomes:
            groups.setdefault((outcome.lane, outcome.offer), []).append(outcome)
        rows = (
            Row(lane=lane, offer=offer, tally=Tally.of(them))
            for (lane, offer), them in groups.items()
        )
        return cls(tuple(rows))

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes on which parcels went."""
        return tuple(dict.fromkeys(row.lane for row in self.rows))

    def tally(self, *, lane: Lane | None = None, offer: str | None = None) -> Tally:
        """Give how parcels fared, those of one lane or one offer if asked for."""
        chosen = (
            row.tally
            for row in self.rows
            if lane in (None, row.lane) and offer in (None, row.offer)
        )
        return sum(chosen, start=Tally())

    def __add__(self, other: Self) -> Self:
        """Count the parcels of both."""
        return type(self)((*self.rows, *other.rows))
