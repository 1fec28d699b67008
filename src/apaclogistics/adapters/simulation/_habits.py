"""Habits: how a carrier tells what it has scanned, which is seldom plainly."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import Enum
from random import Random
from types import MappingProxyType
from typing import Final

import attrs

from apaclogistics.tracking import Scan
from apaclogistics.values.instants import Instant, Moment, in_zone, instant

__all__ = ("Habit", "told")


class Habit(Enum):
    """How a carrier tells of its scans; several go together."""

    REPEATS = "repeats half of its scans"
    SHUFFLES = "gives its scans in any order"
    IS_LATE = "gives a scan up to two days after it was made"
    LOCAL_TIMES = "gives times of day without a zone"
    UNKNOWN_CODES = "gives codes that nobody has heard of"


_MOST_LATE_HOURS: Final = 48
# The clocks on the walls of the example lane; elsewhere they show UTC.
_CLOCKS: Final[Mapping[str, str]] = MappingProxyType(
    {"HK": "Asia/Hong_Kong", "US": "America/New_York"}
)


def told(
    scans: Collection[Scan], habits: Collection[Habit], *, seed: str, at: Instant
) -> list[Scan]:
    """Give what a carrier tells at an instant of the scans that it makes at any time.

    What was told once is told at every later instant.
    """
    made = [*scans, *(map(_mystery, scans) if Habit.UNKNOWN_CODES in habits else ())]
    known = [scan for scan in made if _told_at(scan, habits, seed) <= at]
    if Habit.LOCAL_TIMES in habits:
        known = [_on_the_wall(scan) for scan in known]
    noise = Random(f"{seed} {len(known)}")
    if Habit.REPEATS in habits:
        known += noise.sample(known, k=len(known) // 2)
    return noise.sample(known, k=len(known)) if Habit.SHUFFLES in habits else known


def _mystery(scan: Scan) -> Scan:
    """Report a minute later what no document explains."""
    later = Moment(instant(scan.at.earliest + timedelta(minutes=1)))
    return attrs.evolve(scan, code=f"?{scan.code}", milestone=None, at=later)


def _told_at(scan: Scan, habits: Collection[Habit], seed: str) -> Instant:
    if Habit.IS_LATE not in habits:
        return scan.at.earliest
    minutes = Random(f"{seed} late {scan.key}").randint(0, 60 * _MOST_LATE_HOURS)
    return instant(scan.at.earliest + timedelta(minutes=minutes))


def _on_the_wall(scan: Scan) -> Scan:
    wall = in_zone(scan.at.earliest, _CLOCKS.get(scan.place.country, "UTC"))
    return attrs.evolve(scan, at=Moment.read(wall.strftime("%Y-%m-%dT%H:%M:%S")))
