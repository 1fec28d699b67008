"""Movements: what scans say of all parcels of a booking together.

Each parcel is tracked by itself, through the numbers of the booking.  Together they have one phase:
that of the least advanced parcel that still moves, since a shipment is no further than its last
part; and when none moves, the outcome that needs most attention.  So a shipment is delivered only
when all of it is.

Scans older than the booking belong to another parcel, since numbers are used again; scans of other
numbers are *strays*.  Both are kept, and move nothing.

>>> Movement(parcels=(ParcelId("p-1"),), booking=None, scans=()).phase is None
True
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Final

import attrs

from apaclogistics.consignments import Booking
from apaclogistics.fulfilment import Flag, Phase
from apaclogistics.tracking import (
    Discrepancy,
    DiscrepancyKind,
    ProofOfDelivery,
    Scan,
    Tracking,
    track,
)
from apaclogistics.values.identifiers import ParcelId
from apaclogistics.values.instants import Instant, Moment, first_of, last_of

__all__ = ("Movement", "contradiction")

# How a parcel's way ends, the outcome that needs most attention first.
_OUTCOMES: Final = (Phase.LOST, Phase.DESTROYED, Phase.RETURNED, Phase.DELIVERED)
_ORDER: Final = {phase: index for index, phase in enumerate(Phase)}


@attrs.frozen(kw_only=True)
class Movement:
    """The scans of a shipment, by parcel; without a booking, all are strays."""

    parcels: tuple[ParcelId, ...]
    booking: Booking | None
    scans: tuple[Scan, ...]

    @cached_property
    def trackings(self) -> Mapping[ParcelId, Tracking]:
        """What the scans say of each parcel, those older than the booking left out."""
        return {id: track(self.scans_of(id)) for id in self.parcels}

    @property
    def proofs(self) -> Mapping[ParcelId, ProofOfDelivery]:
        """What shows that parcels were delivered, those that were not left out."""
        proofs = {parcel: tracking.proof for parcel, tracking in self.trackings.items()}
        return {parcel: proof for parcel, proof in proofs.items() if proof is not None}

    def scans_of(self, parcel: ParcelId) -> tuple[Scan, ...]:
        """Give the scans of a parcel, those older than the booking left out."""
        return tuple(
            scan
            for scan in self.scans
            if parcel in self._parcels_of(scan) and not self._predates_booking(scan)
        )

    def _parcels_of(self, scan: Scan) -> frozenset[ParcelId]:
        # A retraction belongs where the scan belongs that it takes back.
        number = (scan.voids or scan.key).number
        return self.booking.parcels_under(number) if self.booking else frozenset()

    def _predates_booking(self, scan: Scan) -> bool:
        at = (scan.voids or scan.key).at
        return self.booking is not None and self.booking.is_younger_than(at)

    @cached_property
    def phase(self) -> Phase | None:
        """The phase that is attested of the parcels together, None while nothing is.

        One without a scan counts as accepted once another has been.
        """
        seen = [tracking.phase for tracking in self.trackings.values()]
        if not any(seen):
            return None
        phases = {phase or Phase.ACCEPTED for phase in seen}
        if moving := phases - set(_OUTCOMES):
            return min(moving, key=_ORDER.__getitem__)
        return next(outcome for outcome in _OUTCOMES if outcome in phases)

    @property
    def flags(self) -> frozenset[Flag]:
        """The flags that stand on any parcel."""
        return frozenset(flag for tracking in self.trackings.values() for flag in tracking.flags)

    @property
    def strays(self) -> tuple[Scan, ...]:
        """Scans that carry no number of the booking."""
        return tuple(scan for scan in self.scans if not self._parcels_of(scan))

    @property
    def delivered(self) -> Moment | None:
        """When the last parcel was delivered, None while not all are."""
        if self.phase is not Phase.DELIVERED:
            return None
        return last_of(it.delivered for it in self.trackings.values() if it.delivered is not None)

    @property
    def delivered_at(self) -> Instant | None:
        """The instant by which all parcels had surely been delivered, None while not all are."""
        return None if self.delivered is None else self.delivered.latest

    @property
    def accepted(self) -> Moment | None:
        """When the carrier is first seen to have a parcel, None while it is not."""
        return first_of(it.accepted for it in self.trackings.values() if it.accepted is not None)

    @property
    def accepted_at(self) -> Instant | None:
        """The instant by which the carrier surely had a parcel, None while it has none."""
        return None if self.accepted is None else self.accepted.latest

    @property
    def first_moving_scan(self) -> Scan | None:
        """The first scan that shows a parcel with a carrier."""
        entries = (entry for tracking in self.trackings.values() for entry in tracking.timeline)
        moving = [entry.scan for entry in entries if entry.attests is not None]
        return min(moving, key=lambda scan: (scan.at, scan.key), default=None)

    @property
    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """Every contradiction between scans, and scans that are older than the booking."""
        between_scans = [d for t in self.trackings.values() for d in t.discrepancies]
        older = [
            contradiction(DiscrepancyKind.OLDER_THAN_BOOKING, scan)
            for scan in self.scans
            if self._parcels_of(scan) and self._predates_booking(scan)
        ]
        return (*between_scans, *older)


def contradiction(kind: DiscrepancyKind, scan: Scan) -> Discrepancy:
    """Say in what way a scan contradicts what was booked or commanded."""
    return Discrepancy(kind, scan, f"{kind.value}: {scan.report} at {scan.at}")
