"""Routes: the plan that a parcel is to follow, and how far it has come on it.

What the buyer was promised, what is planned and what happened are three things.  A `Route` is the
plan: legs from place to place, perhaps with the times of a timetable.  `progress` holds it against
what the scans say: whether the parcel was handled where the plan does not expect it, whether it is
at its destination, and what comes next.  It follows from the tracking alone, so the order of
arrival is irrelevant, and it never raises.

Three rules decide how the two are compared:

* *Only handling counts.*  A label, a flag or a code that nobody knows shows the parcel nowhere.
  Customs may clear a parcel elsewhere and ahead of it, so their scans are never unexpected.
* *A place contradicts another only where both say something.*  A scan in "CN" may have been made
  in Shanghai, one in Tokyo was not.
* *The last handling says whether it is astray, the furthest stop how far it is.*  A late scan of an
  earlier stop moves nothing back, and a parcel that is seen on the plan again is astray no more.

>>> from apaclogistics.tracking import track
>>> from apaclogistics.values.instants import Moment
>>> shanghai, rotterdam, gothenburg = (Place(city=it) for it in ("Shanghai", "Rotterdam", "Gothenburg"))
>>> plan = Route.through(shanghai, rotterdam, gothenburg)
>>> def scan(at, milestone, place):
...     return Scan(carrier="SEA", number="1", code=milestone.value, at=Moment.read(at),
...                 milestone=milestone, place=place)
>>> left = scan("2026-03-02T09:00:00Z", Milestone.ACCEPTED, shanghai)
>>> progress(plan, track([left])).expected
NextScan(phase=<Phase.IN_TRANSIT: 'IN_TRANSIT'>, place=Place(country='', city='ROTTERDAM', facility=''))
>>> lost = scan("2026-03-30T09:00:00Z", Milestone.TRANSIT_HUB, Place(city="Hamburg"))
>>> progress(plan, track([lost, left])).is_misrouted
True
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, Self

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import ENDED, Flag, Milestone, Phase
from apaclogistics.tracking import Entry, Scan, Tracking
from apaclogistics.values.fields import of_type, tuple_of
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.places import Place

__all__ = ("NextScan", "Progress", "Route", "RouteLeg", "progress")

# Papers, which need not travel with the parcel.
_PAPERS: Final = frozenset(
    {Milestone.IMPORT_CUSTOMS, Milestone.CUSTOMS_HELD, Milestone.CUSTOMS_RELEASED}
)
# What happens near the consignee's door only: it needs no place to show that the parcel is there.
_AT_THE_DOOR: Final = frozenset(
    {
        Phase.OUT_FOR_DELIVERY,
        Phase.AWAITING_COLLECTION,
        Phase.ATTEMPT_FAILED,
        Phase.DELIVERED,
    }
)
_WAY_BACK: Final = frozenset({Phase.RETURNING, Phase.RETURNED})
# Whatever the plan says, nothing more is expected of it.
_OVER: Final = ENDED | _WAY_BACK | {Phase.LOST}


@attrs.frozen(kw_only=True)
class RouteLeg:
    """One stretch of a route: from where to where, and when if there is a timetable.

    A place may be as wide as a country.

    Raises:
        InvalidValueError: if it leads from or to nowhere or stays where it is, or arrives before it
            departs.
    """

    origin: Place = attrs.field(validator=of_type(Place))
    destination: Place = attrs.field(validator=of_type(Place))
    departs: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )
    arrives: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a leg that leads nowhere, in space or in time."""
        if "" in {str(self.origin), str(self.destination)} or self.origin == self.destination:
            allowed = "from one place to another"
            raise InvalidValueError("leg of a route", str(self), "leads nowhere", allowed)
        _refuse_backwards(self.departs, self.arrives)

    def __str__(self) -> str:
        """Give both places."""
        return f"{self.origin} to {self.destination}"


def _refuse_backwards(before: Instant | None, after: Instant | None) -> None:
    if before is not None and after is not None and after < before:
        allowed = f"from {to_text(before)} on"
        raise InvalidValueError("time of a route", to_text(after), "is early", allowed)


@attrs.frozen
class Route:
    """The plan of a parcel's way: legs, each of which begins where the last one ended.

    `since` is the instant from which the plan holds, None for always: a parcel that went astray gets
    a new plan, and what was seen before is not held against it.

    Raises:
        InvalidValueError: if there is no leg, a leg begins elsewhere than the last one ended, or the
            times go backwards.
    """

    legs: tuple[RouteLeg, ...] = attrs.field(validator=tuple_of(RouteLeg))
    since: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant), kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a plan with a gap in it."""
        if not self.legs:
            raise InvalidValueError("route", (), "has no leg", "one or more")
        for before, after in pairwise(self.legs):
            if after.origin != before.destination:
                allowed = f"from {before.destination}"
                raise InvalidValueError("leg of a route", str(after), "begins elsewhere", allowed)
            _refuse_backwards(before.arrives, after.departs)

    @classmethod
    def through(cls, first: Place, *others: Place, since: Instant | None = None) -> Self:
        """Make a route without a timetable from its stops, two or more."""
        legs = (RouteLeg(origin=a, destination=b) for a, b in pairwise((first, *others)))
        return cls(tuple(legs), since=since)

    @property
    def stops(self) -> tuple[Place, ...]:
        """The places in their order, origin and destination included."""
        return (self.legs[0].origin, *(leg.destination for leg in self.legs))

    @property
    def arrives(self) -> Instant | None:
        """When the timetable has the parcel at its destination, None without one."""
        return self.legs[-1].arrives


@attrs.frozen
class NextScan:
    """What the plan expects next: the phase that a scan would show, and where it would be made."""

    phase: Phase
    place: Place


@attrs.frozen(kw_only=True)
class Progress:
    """How far a parcel has come on its route.

    `reached` is the furthest stop at which it was seen, None before the first.  `astray` is the scan
    that shows it last, where the plan does not expect it.  A parcel is misrouted if there is one, or
    if the carrier says so.  Nothing is `expected` of a parcel that is misrouted, delivered, on its
    way back or lost.
    """

    reached: Place | None
    astray: Scan | None
    is_misrouted: bool
    is_at_destination: bool
    expected: NextScan | None
    arrives: Instant | None


def progress(route: Route, tracking: Tracking) -> Progress:
    """Hold a plan against what happened.

    The order in which the scans arrived is irrelevant, since it is to the tracking.  Never raises.
    """
    handled = tuple(_handled(tracking))
    furthest, astray = _walk(route.stops, handled)
    if astray is not None and route.since is not None and astray.at.latest < route.since:
        astray = None
    is_misrouted = astray is not None or Flag.MISROUTED in tracking.flags
    is_over = is_misrouted or tracking.phase in _OVER
    return Progress(
        reached=None if furthest is None else route.stops[furthest],
        astray=astray,
        is_misrouted=is_misrouted,
        is_at_destination=furthest == len(route.legs) and not is_misrouted,
        expected=None if is_over else _expected(route.stops, furthest),
        arrives=None if is_misrouted else route.arrives,
    )


def _handled(tracking: Tracking) -> Iterator[Scan]:
    """Give the scans that show the parcel somewhere on its last way out, in the order of time."""
    out = [entry for entry in tracking.timeline if _is_on_the_way_out(entry)]
    for entry in out:
        scan = entry.scan
        says_where = bool(str(scan.place)) or entry.attests in _AT_THE_DOOR
        if entry.leg == out[-1].leg and says_where and scan.milestone not in _PAPERS:
            yield scan


def _is_on_the_way_out(entry: Entry) -> bool:
    # A transit scan after the end contradicts it and moves nothing, so it leads nobody astray.
    is_too_late = entry.phase in ENDED and entry.attests is not entry.phase
    return entry.attests is not None and entry.phase not in _WAY_BACK and not is_too_late


def _walk(stops: tuple[Place, ...], handled: Iterable[Scan]) -> tuple[int | None, Scan | None]:
    """Go along the stops; give the furthest that was seen, and the last scan if it was at none."""
    furthest, astray = None, None
    for scan in handled:
        found = _stops_of(scan, stops)
        ahead = [stop for stop in found if furthest is None or stop >= furthest]
        # A stop of this very name goes before one that may have been meant.
        furthest = min(ahead, key=lambda it: (stops[it] != scan.place, it), default=furthest)
        astray = None if found else scan
    return furthest, astray


def _stops_of(scan: Scan, stops: tuple[Place, ...]) -> list[int]:
    """Give the stops, counted from 0, at which a scan may have been made."""
    if not str(scan.place):
        return [len(stops) - 1]
    return [index for index, stop in enumerate(stops) if not scan.place.contradicts(stop)]


def _expected(stops: tuple[Place, ...], furthest: int | None) -> NextScan:
    if furthest is None:
        return NextScan(Phase.ACCEPTED, stops[0])
    if furthest == len(stops) - 1:
        return NextScan(Phase.DELIVERED, stops[-1])
    return NextScan(Phase.IN_TRANSIT, stops[furthest + 1])
