"""Journeys: the stops of a lane, what becomes of a parcel on it, and when it is scanned."""

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum
from random import Random
from typing import Final

import attrs

from apaclogistics.fulfilment import Milestone
from apaclogistics.tracking import Scan
from apaclogistics.values.identifiers import CarrierCode, TrackingNumber
from apaclogistics.values.instants import Instant, Moment, instant
from apaclogistics.values.places import Place

__all__ = ("EXAMPLE_LANE", "Fate", "Stop", "journey")


class Fate(Enum):
    """What becomes of a parcel."""

    SMOOTH = "smooth"
    DELAYED = "delayed"
    DAMAGED = "damaged"
    LOST = "lost"
    RETURNED = "returned"
    RETURNED_AFTER_DELIVERY = "returned after delivery"


@attrs.frozen
class Stop:
    """One scan of a journey: what is scanned, where, and how many hours after the one before."""

    code: str
    milestone: Milestone
    place: Place
    least_hours: int
    most_hours: int


_HONG_KONG = Place(country="HK", city="Hong Kong", facility="HKG")
_NEW_YORK = Place(country="US", city="New York", facility="JFK")
_DOORSTEP = Place(country="US", city="Brooklyn")

EXAMPLE_LANE: Final = (
    Stop("EMA", Milestone.ACCEPTED, _HONG_KONG, 4, 10),
    Stop("EXA", Milestone.EXPORT_PROCESSING, _HONG_KONG, 8, 20),
    Stop("EMC", Milestone.DEPARTED_ORIGIN, _HONG_KONG, 6, 30),
    Stop("EMD", Milestone.ARRIVED_DESTINATION, _NEW_YORK, 18, 40),
    Stop("EDB", Milestone.IMPORT_CUSTOMS, _NEW_YORK, 1, 6),
    Stop("EDC", Milestone.CUSTOMS_RELEASED, _NEW_YORK, 4, 24),
    Stop("EMG", Milestone.LAST_MILE, _DOORSTEP, 12, 36),
    Stop("EDG", Milestone.OUT_FOR_DELIVERY, _DOORSTEP, 6, 14),
    Stop("EMI", Milestone.DELIVERED, _DOORSTEP, 1, 8),
)
# Where these happen is taken from the lane, if it has any stop.
_HELD: Final = Stop("EME", Milestone.CUSTOMS_HELD, _NEW_YORK, 1, 6)
_FAILED: Final = Stop("EMH", Milestone.ATTEMPT_FAILED, _DOORSTEP, 1, 8)
# UPU has no code for damage; this one is an example.
_DAMAGED: Final = Stop("DMG", Milestone.DAMAGED, _NEW_YORK, 1, 6)
_BACK: Final = (
    Stop("EDX", Milestone.RETURNING, _NEW_YORK, 24, 72),
    Stop("EMI", Milestone.RETURNED, _HONG_KONG, 150, 300),
)


def journey(
    carrier: CarrierCode,
    number: TrackingNumber,
    *,
    lane: Sequence[Stop],
    fate: Fate,
    seed: int,
    begin: Instant,
) -> list[Scan]:
    """Give every scan of a parcel's journey, which is the same for the same seed and number."""
    dice = Random(f"{seed} {number}")
    now, scans = begin, []
    for stop in _stops(lane, fate):
        minutes = dice.randint(60 * stop.least_hours, 60 * stop.most_hours)
        now = instant(now + timedelta(minutes=minutes))
        scans.append(_scan(carrier, number, stop, now))
    return scans


def _stops(lane: Sequence[Stop], fate: Fate) -> list[Stop]:
    """Turn the smooth lane into the one of a fate, whatever stops it has."""
    delivery = _index(lane, Milestone.DELIVERED)
    way, door = list(lane[:delivery]), list(lane[delivery:])
    match fate:
        case Fate.SMOOTH:
            return [*way, *door]
        case Fate.DELAYED:
            held = _index(way, Milestone.IMPORT_CUSTOMS) + 1
            slow = [attrs.evolve(s, least_hours=280, most_hours=330) for s in way[held : held + 1]]
            return [*way[:held], _at(_HELD, way[:held]), *slow, *way[held + 1 :], *door]
        case Fate.DAMAGED:
            so_far = way[: _index(way, Milestone.ARRIVED_DESTINATION) + 1]
            return [*so_far, _at(_DAMAGED, so_far)]
        case Fate.LOST:
            return way[: _index(way, Milestone.DEPARTED_ORIGIN) + 1]
        case Fate.RETURNED:
            return [*way, _at(_FAILED, way), *_back(lane)]
        case Fate.RETURNED_AFTER_DELIVERY:
            return [*way, *door, *_back(lane)]


def _back(lane: Sequence[Stop]) -> tuple[Stop, ...]:
    """Give the way back, from where the parcel arrived in the country to where it began."""
    leaves, ends = _BACK
    arrived = lane[: _index(lane, Milestone.ARRIVED_DESTINATION) + 1]
    return _at(leaves, arrived), _at(ends, lane[:1])


def _at(stop: Stop, before: Sequence[Stop]) -> Stop:
    """Let a stop be where the one before it is; without any it stays where it is."""
    return attrs.evolve(stop, place=before[-1].place) if before else stop


def _index(stops: Sequence[Stop], milestone: Milestone) -> int:
    """Give the index of the first stop of a milestone, or the end where there is none."""
    found = (index for index, stop in enumerate(stops) if stop.milestone is milestone)
    return next(found, len(stops))


def _scan(carrier: CarrierCode, number: TrackingNumber, stop: Stop, at: Instant) -> Scan:
    return Scan(
        carrier=carrier,
        number=number.text,
        code=stop.code,
        at=Moment(at),
        place=stop.place,
        milestone=stop.milestone,
    )
