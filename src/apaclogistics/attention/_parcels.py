"""One parcel of a shipment as attention looks at it, since its fate is not that of the others."""

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from apaclogistics.attention._items import Finding
from apaclogistics.fulfilment import Flag, Phase
from apaclogistics.incidents import Incident
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Scan, Tracking
from apaclogistics.values.identifiers import ParcelId
from apaclogistics.values.instants import Moment, last_of, moment

__all__ = ("FATES", "Piece", "pieces_of")

# What did not reach the buyer, in words.
FATES: Final = {
    Phase.RETURNED: "came back to the seller",
    Phase.LOST: "is lost",
    Phase.DESTROYED: "is destroyed",
}


@attrs.frozen
class Piece:
    """A parcel, the shipment that it is of, and what is scanned of it."""

    shipment: Shipment
    id: ParcelId
    tracking: Tracking

    @property
    def phase(self) -> Phase:
        """What scans show of it, whatever was commanded since; else what was commanded.

        One without a scan counts as accepted once another has been.
        """
        unseen = Phase.ACCEPTED if self.shipment.movement.phase else self.shipment.commanded
        return self.tracking.phase or unseen

    @property
    def incident(self) -> Incident | None:
        """The reason why it does not go on that stands."""
        return self.tracking.incident

    @property
    def is_alone(self) -> bool:
        """Whether the shipment has no other parcel."""
        return len(self.shipment.consignment.parcels) == 1

    @property
    def title(self) -> str:
        """The shipment, and which parcel of it where there are several."""
        whole = f"shipment {self.shipment.id}"
        return whole if self.is_alone else f"parcel {self.id} of {whole}"

    @property
    def is_received(self) -> bool:
        """Whether the buyer has it: a receipt of several says nothing of one that came to nothing."""
        return self.shipment.is_received(self.id)

    @property
    def heard(self) -> Moment:
        """When it was last scanned, as exactly as known, else when the shipment last took a step."""
        seen = last_of(scan.at for scan in self._scans())
        return seen or moment(self.shipment.history[-1].at)

    def last(self, *, phase: Phase | None = None, flag: Flag | None = None) -> Scan | None:
        """Find the last scan that shows a phase or raises a flag; without either, the last of all."""
        scans = self._scans(phase=phase, flag=flag)
        return max(scans, key=lambda scan: (scan.at, scan.key), default=None)

    def _scans(self, *, phase: Phase | None = None, flag: Flag | None = None) -> Iterator[Scan]:
        for entry in self.tracking.timeline:
            is_shown = phase is None or entry.attests is phase
            is_raised = flag is None or entry.scan.meaning.flag is flag
            if is_shown and is_raised and not entry.is_void:
                yield entry.scan

    def named(self, found: Finding | None) -> Iterable[Finding]:
        """Say of which parcel something was found, where there are several."""
        if found is None:
            return ()
        text = found.text if self.is_alone else f"parcel {self.id}: {found.text}"
        return (attrs.evolve(found, text=text),)


def pieces_of(shipment: Shipment) -> tuple[Piece, ...]:
    """Give the parcels of a shipment, each by itself."""
    return tuple(Piece(shipment, id, tracking) for id, tracking in shipment.trackings.items())
