"""Arrivals: when a parcel is expected at its destination, and what that rests on.

An `Arrival` is worked out from facts as of an instant and never kept up to date: new facts give a
new one.  It names its basis, so that nobody takes an average for a promise, and the number of
parcels behind it where it rests on experience.  The grounds are tried in this order:

1. *Delivered*: it has arrived.
2. *The carrier's own estimate*, the last that was made.
3. *Experience*: the days that parcels of this lane took from the same milestone, those left out that
   took less than this one has taken already.  So the estimate follows the parcel, and waits with it.
4. *The timetable* of its route.
5. *The promise*, as it was given.

A ground that lies in the past is none.  Where the parcel went astray, is lost or on its way back, or
is held and nobody says until when, the arrival is unknown, and a reason says why.

>>> from apaclogistics.tracking import Scan, track
>>> from apaclogistics.values.instants import Moment
>>> accepted = Scan(carrier="HKPOST", number="1", code="EMA", at=Moment.read("2026-03-02T09:00:00Z"),
...                 milestone=Milestone.ACCEPTED)
>>> promised = Window(instant("2026-03-09T05:00:00Z"), instant("2026-03-14T03:59:59Z"))
>>> arrival(track([accepted]), Grounds(promised=promised), instant("2026-03-05T00:00:00Z")).basis
<Basis.PROMISE: 'the promise as it was given'>
>>> str(arrival(track([accepted]), Grounds(promised=promised), instant("2026-03-15T00:00:00Z")).reason)
'nothing says when it arrives; what did is over since 2026-03-14T03:59:59Z'
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from types import MappingProxyType
from typing import Final

import attrs

from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.fulfilment import Flag, Milestone, Phase
from apaclogistics.performance import Days, Lane, Performance
from apaclogistics.routes import Route, progress
from apaclogistics.tracking import Tracking, track
from apaclogistics.values.fields import checked, of_type, optional, tuple_of
from apaclogistics.values.instants import Instant, Moment, Window, instant, to_text
from apaclogistics.values.quantities import whole

__all__ = ("Arrival", "ArrivalPolicy", "Basis", "Estimate", "Grounds", "arrival")

_ONE_DAY: Final = timedelta(days=1)


class Basis(Enum):
    """What an arrival rests on, the best ground first."""

    DELIVERED = "delivered"
    CARRIER = "the carrier's own estimate"
    EXPERIENCE = "the days that parcels of this lane took"
    TIMETABLE = "the timetable of the route"
    PROMISE = "the promise as it was given"


@attrs.frozen
class Estimate:
    """When a carrier says that a parcel will arrive, and when it said so."""

    window: Window = attrs.field(validator=of_type(Window))
    made_at: Instant = attrs.field(converter=instant)


@attrs.frozen(kw_only=True)
class Grounds:
    """What an arrival may rest on besides the scans.

    `performance` counts on the `lane` only, and on the `offer` where enough parcels went with it.
    """

    estimates: tuple[Estimate, ...] = attrs.field(default=(), validator=tuple_of(Estimate))
    performance: Performance = attrs.field(default=Performance(), validator=of_type(Performance))
    lane: Lane | None = attrs.field(default=None, validator=optional(Lane))
    offer: str = attrs.field(default="", validator=of_type(str))
    route: Route | None = attrs.field(default=None, validator=optional(Route))
    promised: Window | None = attrs.field(default=None, validator=optional(Window))


@attrs.frozen(kw_only=True)
class ArrivalPolicy:
    """From how many parcels on experience counts, and how much of it a window leaves out.

    The defaults are an example: the window leaves out the fastest tenth and the slowest.

    Raises:
        InvalidValueError: if no parcel is needed, or the percentages are none or out of order.
    """

    parcels: int = 10
    from_percent: int = 10
    to_percent: int = 90

    def __attrs_post_init__(self) -> None:
        """Refuse experience of nothing, and a window that ends before it begins."""
        whole("number of parcels", self.parcels, least=1, most=10**9)
        whole("percentage", self.from_percent, least=1, most=100)
        whole("percentage", self.to_percent, least=self.from_percent, most=100)


@attrs.frozen(kw_only=True)
class Arrival:
    """When a parcel is expected, and what that rests on; or why nobody knows.

    `window` and `basis` are None exactly if there is a `reason`.  Of experience, `parcels` are those
    behind it and `milestone` is the one from which their days were counted.
    """

    window: Window | None = attrs.field(default=None, validator=optional(Window))
    basis: Basis | None = attrs.field(default=None, validator=optional(Basis))
    parcels: int = attrs.field(default=0, validator=of_type(int))
    milestone: Milestone | None = attrs.field(default=None, validator=optional(Milestone))
    reason: Reason | None = attrs.field(default=None, validator=optional(Reason))

    def __attrs_post_init__(self) -> None:
        """Refuse what is both known and unknown."""
        known = self.window is not None, self.basis is not None, self.reason is None
        if len(set(known)) > 1:
            allowed = "a window with a basis, or a reason"
            raise InvalidValueError("arrival", str(self.window), "contradicts itself", allowed)


def arrival(
    tracking: Tracking, grounds: Grounds, at: Instant, policy: ArrivalPolicy | None = None
) -> Arrival:
    """Work out when a parcel arrives, as of an instant.

    What was seen or said later counts for nothing, and neither does a scan that may be later, since
    its time was reported without a zone.  The order in which anything arrived is irrelevant, and no
    clock is read.
    """
    now = instant(at)
    view = _View(
        _as_of(tracking, now),
        grounds,
        now,
        checked("policy", policy or ArrivalPolicy(), ArrivalPolicy),
    )
    return next(view.found(), None) or Arrival(reason=view.why_unknown())


def _as_of(tracking: Tracking, now: Instant) -> Tracking:
    known = [entry.scan for entry in tracking.timeline if entry.scan.at.is_surely_by(now)]
    return tracking if len(known) == len(tracking.timeline) else track(known)


_COMES_TO_NOTHING: Final[Mapping[Phase, Reason]] = MappingProxyType(
    {
        Phase.LOST: Reason("lost", "the parcel is lost"),
        Phase.DAMAGED: Reason("damaged", "the parcel is damaged"),
        Phase.DESTROYED: Reason("destroyed", "the parcel was destroyed"),
        Phase.RETURNING: Reason("returned", "the parcel is on its way back"),
        Phase.RETURNED: Reason("returned", "the parcel was returned"),
    }
)
_MISROUTED: Final = Reason("misrouted", "the parcel went astray")
_HELD: Final = Reason("held", "the parcel is held, and nobody says until when")


@attrs.frozen
class _View:
    """What is known as of an instant, under a policy."""

    tracking: Tracking
    grounds: Grounds
    now: Instant
    policy: ArrivalPolicy

    def found(self) -> Iterator[Arrival]:
        """Give the arrival by each ground that there is, the best first."""
        yield from self._delivered()
        if self._obstacle is None:
            yield from self._by_estimate()
            if not self._is_held:
                yield from self._by_experience()
                yield from self._by_timetable()
                yield from self._by_promise()

    @property
    def _obstacle(self) -> Reason | None:
        phase = self.tracking.phase
        reason = None if phase is None else _COMES_TO_NOTHING.get(phase)
        return reason or (_MISROUTED if self._is_misrouted else None)

    @property
    def _is_misrouted(self) -> bool:
        route = self.grounds.route
        by_plan = route is not None and progress(route, self.tracking).is_misrouted
        return by_plan or Flag.MISROUTED in self.tracking.flags

    @property
    def _is_held(self) -> bool:
        return Flag.HELD in self.tracking.flags

    def why_unknown(self) -> Reason:
        """Say why there is no ground."""
        if self._obstacle is not None:
            return self._obstacle
        if self._is_held:
            return _HELD
        over = [it.window.latest for it in self._estimates]
        over += [self.grounds.promised.latest] if self.grounds.promised is not None else []
        if not over:
            return Reason("no_grounds", "nothing says when it arrives")
        text = f"nothing says when it arrives; what did is over since {to_text(max(over))}"
        return Reason("overdue", text)

    def _delivered(self) -> Iterator[Arrival]:
        for leg in self.tracking.legs[-1:]:
            if leg.phase is Phase.DELIVERED and leg.ended is not None:
                window = Window(leg.ended.earliest, leg.ended.latest)
                yield Arrival(window=window, basis=Basis.DELIVERED)

    @property
    def _estimates(self) -> list[Estimate]:
        """The estimates that were made by now, those from before the parcel was held left out."""
        since = self._held_since if self._is_held else None
        return [
            it
            for it in self.grounds.estimates
            if it.made_at <= self.now and (since is None or it.made_at >= since)
        ]

    @property
    def _held_since(self) -> Instant:
        live = (entry.scan for entry in self.tracking.timeline if not entry.is_void)
        return max(scan.at.latest for scan in live if scan.meaning.flag is Flag.HELD)

    def _by_estimate(self) -> Iterator[Arrival]:
        made = [it.made_at for it in self._estimates]
        last = [it.window for it in self._estimates if it.made_at == max(made)]
        # Of several made at once, the latest: who promises the earlier one would be held to it.
        window = max(last, key=lambda it: (it.latest, it.earliest), default=None)
        if window is not None and window.latest >= self.now:
            yield Arrival(window=window, basis=Basis.CARRIER)

    def _by_experience(self) -> Iterator[Arrival]:
        for milestone, since in self._seen():
            taken = (self.now - since.latest).as_timedelta().days
            for days in self._days_from(milestone):
                yield from self._by_days(days.above(taken), milestone, since)

    def _by_days(self, days: Days, milestone: Milestone, since: Moment) -> Iterator[Arrival]:
        percentages = self.policy.from_percent, self.policy.to_percent
        least, most = (days.within(percent) for percent in percentages)
        if least is not None and most is not None and days.count >= self.policy.parcels:
            # Who took five days came in the course of the fifth.
            begins = max(self.now, since.earliest + (least - 1) * _ONE_DAY)
            yield Arrival(
                window=Window(begins, since.latest + most * _ONE_DAY),
                basis=Basis.EXPERIENCE,
                parcels=days.count,
                milestone=milestone,
            )

    def _seen(self) -> Iterator[tuple[Milestone, Moment]]:
        """Give the milestones of the leg with when each was first seen, the last one first."""
        for leg in self.tracking.legs[-1:]:
            yield from reversed(tuple(self.tracking.milestones(leg.number).items()))

    def _days_from(self, milestone: Milestone) -> Iterator[Days]:
        """Give the days that parcels of the lane took, those of the same offer first."""
        if self.grounds.lane is not None:
            for offer in (self.grounds.offer, None):
                tally = self.grounds.performance.tally(lane=self.grounds.lane, offer=offer)
                yield tally.days_from(milestone)

    def _by_timetable(self) -> Iterator[Arrival]:
        due = self.grounds.route.arrives if self.grounds.route is not None else None
        if due is not None and due >= self.now:
            yield Arrival(window=Window(due, due), basis=Basis.TIMETABLE)

    def _by_promise(self) -> Iterator[Arrival]:
        promised = self.grounds.promised
        if promised is not None and promised.latest >= self.now:
            yield Arrival(window=promised, basis=Basis.PROMISE)
