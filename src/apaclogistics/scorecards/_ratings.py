"""Ratings: what published standards make of a card."""

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final, assert_never

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.performance import Share
from apaclogistics.scorecards._cards import Scorecard
from apaclogistics.values.fields import of_type, optional, tuple_of
from apaclogistics.values.quantities import ratio, whole

__all__ = ("Judged", "Level", "Metric", "Rating", "Standard", "rating")


class Level(Enum):
    """How a platform thinks of a seller, the best first.

    Source: eBay Sell Analytics, StandardsLevelEnum.
    """

    TOP_RATED = "TOP_RATED"
    ABOVE_STANDARD = "ABOVE_STANDARD"
    BELOW_STANDARD = "BELOW_STANDARD"


class Metric(Enum):
    """A figure of a card that a standard is about."""

    LATE = "shipped late"
    TRACKED = "tracking uploaded on time and validated"
    ON_TIME = "delivered on time"
    LOSS = "lost"
    DAMAGE = "damaged"

    def of(self, card: Scorecard) -> Share:
        """Read the figure off a card."""
        match self:
            case Metric.LATE:
                return card.late
            case Metric.TRACKED:
                return card.tracked
            case Metric.ON_TIME:
                return card.on_time
            case Metric.LOSS:
                return card.loss
            case Metric.DAMAGE:
                return card.damage
            case _:
                assert_never(self)


# Of these more is better; of the others, less.
_BETTER_MORE: Final = frozenset({Metric.TRACKED, Metric.ON_TIME})


def _percent(value: str | Decimal) -> Decimal:
    return ratio(value, what="standard")


@attrs.frozen(kw_only=True)
class Standard:
    """What a figure must be for a level: at most so many in a hundred, or at least.

    Which of the two goes with the metric.  Up to `tolerated` failures are nobody's fault, however
    few lines or parcels there are.

    Raises:
        InvalidTypeError: if the percentage is a float.
        InvalidValueError: if the percentage is none of 0 to 100, `tolerated` is below zero, or the
            level is the lowest, which needs nothing.
    """

    level: Level = attrs.field(validator=of_type(Level))
    metric: Metric = attrs.field(validator=of_type(Metric))
    percent: Decimal = attrs.field(converter=_percent)
    tolerated: int = 0

    def __attrs_post_init__(self) -> None:
        """Refuse to tolerate less than nothing, and to ask for something of everybody."""
        whole("tolerated failures", self.tolerated, least=0, most=10**9)
        if self.level is Level.BELOW_STANDARD:
            allowed = f"{Level.TOP_RATED.value}, {Level.ABOVE_STANDARD.value}"
            raise InvalidValueError("level", self.level.value, "needs nothing", allowed)

    def is_met(self, share: Share) -> bool | None:
        """Tell whether a share is good enough; None of nothing."""
        if share.fraction is None:
            return None
        limit = Fraction(self.percent) / 100
        if self.metric in _BETTER_MORE:
            return share.of - share.part <= self.tolerated or share.fraction >= limit
        return share.part <= self.tolerated or share.fraction <= limit

    def __str__(self) -> str:
        """Give the rule: "shipped late: at most 4 %, up to 5 tolerated"."""
        side = "at least" if self.metric in _BETTER_MORE else "at most"
        tolerated = f", up to {self.tolerated} tolerated" if self.tolerated else ""
        return f"{self.metric.value}: {side} {self.percent} %{tolerated}"


@attrs.frozen
class Judged:
    """A standard, the figure that it was held against, and whether it was met (None of nothing)."""

    standard: Standard = attrs.field(validator=of_type(Standard))
    share: Share = attrs.field(validator=of_type(Share))

    @property
    def is_met(self) -> bool | None:
        """Whether the figure is good enough; None of nothing."""
        return self.standard.is_met(self.share)


@attrs.frozen
class Rating:
    """What standards make of a card: the level, None where nothing could be told, and why."""

    level: Level | None = attrs.field(validator=optional(Level))
    judged: tuple[Judged, ...] = attrs.field(validator=tuple_of(Judged))

    @property
    def missed(self) -> tuple[Judged, ...]:
        """The standards that were not met."""
        return tuple(it for it in self.judged if it.is_met is False)


def rating(card: Scorecard, standards: Iterable[Standard]) -> Rating:
    """Hold a card against standards.

    A level needs its own standards and those of the levels below it; of what nothing is known,
    nothing is missed.  Top-rated is nobody of whom no standard of that level could be judged.
    """
    judged = tuple(Judged(it, it.metric.of(card)) for it in standards)
    return Rating(_level(judged), judged)


def _level(judged: tuple[Judged, ...]) -> Level | None:
    told = {(it.standard.level, it.is_met) for it in judged if it.is_met is not None}
    if not told:
        return None
    if (Level.ABOVE_STANDARD, False) in told:
        return Level.BELOW_STANDARD
    is_top = (Level.TOP_RATED, True) in told and (Level.TOP_RATED, False) not in told
    return Level.TOP_RATED if is_top else Level.ABOVE_STANDARD
