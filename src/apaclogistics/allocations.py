"""Allocations: which units of an order's lines go into which shipment, and into which parcel.

A line may be split over several shipments and over several parcels of one; a parcel may hold units
of several lines, and of several orders, each of which allocates its own.  Units in a shipment that
came to nothing, or that another one stands in for, do not count and are free again.

>>> packed = (Allocation(shipment=ShipmentId("sh-1"), line=LineId("1"), quantity=2),)
>>> units_of(counted(packed, {}))
{'1': 2}
>>> units_of(counted(packed, {ShipmentId("sh-1"): Phase.CANCELLED}))
{}
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum
from typing import Final

import attrs

from apaclogistics.errors import Reason
from apaclogistics.fulfilment import CAME_TO_NOTHING, FULFILMENT, Action, Phase
from apaclogistics.values.fields import tuple_of
from apaclogistics.values.identifiers import LineId, ParcelId, ShipmentId, checked_id
from apaclogistics.values.quantities import whole

__all__ = (
    "VACANT",
    "Allocation",
    "Fulfilment",
    "Packing",
    "Units",
    "awaits_handover",
    "booked",
    "contents_of",
    "counted",
    "fulfilment_of",
    "under_way",
    "units_of",
    "without",
)

# Units in shipments of these phases are free to be shipped again.
VACANT: Final = frozenset({Phase.CANCELLED, Phase.CLOSED})
_NOT_HANDED_OVER: Final = frozenset({Phase.DRAFT, Phase.BOOKED, Phase.CONFIRMED}) | VACANT


class Fulfilment(Enum):
    """How far an order's units are: with the carrier (FULFILLED), or received (COMPLETED)."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    FULFILLED = "FULFILLED"
    COMPLETED = "COMPLETED"


@attrs.frozen(kw_only=True)
class Allocation:
    """Units of a line that go into a shipment, perhaps in place of one that came to nothing.

    `parcel` says which of the shipment's parcels they are in, None where nobody said.
    """

    shipment: ShipmentId
    line: LineId
    quantity: int
    parcel: ParcelId | None = None
    replaces: ShipmentId | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse an allocation of no units, and names that are none."""
        checked_id("shipment", self.shipment)
        checked_id("order line", self.line)
        whole("allocated quantity", self.quantity, least=1, most=1_000_000)
        if self.parcel is not None:
            checked_id("parcel", self.parcel)
        if self.replaces is not None:
            checked_id("shipment", self.replaces)


@attrs.frozen
class Units:
    """Units of a line, and the parcel they are in where that is known, before they have a shipment."""

    line: LineId
    quantity: int
    parcel: ParcelId | None = None

    def into(self, shipment: ShipmentId) -> Allocation:
        """Allocate them to a shipment."""
        return Allocation(
            shipment=shipment, line=self.line, quantity=self.quantity, parcel=self.parcel
        )


@attrs.frozen
class Packing:
    """Allocations that are made together or not at all."""

    allocations: tuple[Allocation, ...] = attrs.field(validator=tuple_of(Allocation))

    def against(
        self,
        before: Collection[Allocation],
        *,
        phases: Mapping[ShipmentId, Phase],
        parcels: Mapping[ShipmentId, Collection[ParcelId]],
        ordered: Mapping[LineId, int],
    ) -> Iterator[Reason]:
        """Give every reason why the packing may not join what was allocated before."""
        yield from self.against_nothing()
        yield from self.against_replacing(phases)
        yield from self.against_parcels(parcels)
        yield from self.against_quantities(ordered, before, phases)

    def against_nothing(self) -> Iterator[Reason]:
        """Give why a packing of nothing is none."""
        if not self.allocations:
            yield Reason("no_units", "there are no units to be packed")

    def against_replacing(self, phases: Mapping[ShipmentId, Phase]) -> Iterator[Reason]:
        """Give why units may not stand in for those of another shipment."""
        stood_in = dict.fromkeys((a.shipment, a.replaces) for a in self.allocations)
        for new, old in stood_in:
            arrives = phases.get(old, Phase.DRAFT) not in CAME_TO_NOTHING if old else False
            if old == new or arrives:
                text = f"shipment {old} cannot be replaced by {new}"
                yield Reason("may_still_arrive", text)

    def against_parcels(
        self, parcels: Mapping[ShipmentId, Collection[ParcelId]]
    ) -> Iterator[Reason]:
        """Give what is packed into parcels that their shipments do not have, where that is known."""
        named = dict.fromkeys((a.shipment, a.parcel) for a in self.allocations)
        for shipment, parcel in named:
            if parcel is not None and parcel not in parcels.get(shipment, (parcel,)):
                text = f"shipment {shipment} has no parcel {parcel}"
                yield Reason("no_such_parcel", text)

    def against_quantities(
        self,
        ordered: Mapping[LineId, int],
        before: Collection[Allocation],
        phases: Mapping[ShipmentId, Phase],
    ) -> Iterator[Reason]:
        """Give the lines of which more would ship, with what was allocated before, than is ordered."""
        after = units_of(counted((*before, *self.allocations), phases))
        for line in dict.fromkeys(allocation.line for allocation in self.allocations):
            if after.get(line, 0) > ordered[line]:
                text = f"{after[line]} units of line {line} would ship and {ordered[line]} were ordered"
                yield Reason("over_shipped", text)


def counted(
    allocations: Collection[Allocation], phases: Mapping[ShipmentId, Phase]
) -> tuple[Allocation, ...]:
    """Leave out what came to nothing or was replaced; a shipment of no known phase counts."""
    superseded = {allocation.replaces for allocation in allocations}
    return tuple(
        allocation
        for allocation in allocations
        if allocation.shipment not in superseded
        and phases.get(allocation.shipment, Phase.DRAFT) not in VACANT
    )


def booked(
    allocations: Collection[Allocation], phases: Mapping[ShipmentId, Phase]
) -> Iterator[Reason]:
    """Give the shipments that count and are more than a draft."""
    for id in dict.fromkeys(allocation.shipment for allocation in counted(allocations, phases)):
        if phases.get(id, Phase.DRAFT) is not Phase.DRAFT:
            yield Reason("booked", f"shipment {id} is {phases[id].name}")


def contents_of(
    allocations: Iterable[Allocation], shipment: ShipmentId
) -> dict[ParcelId | None, dict[LineId, int]]:
    """Give the units in a shipment by parcel; under None what is in no named one."""
    inside = [a for a in allocations if a.shipment == shipment]
    parcels = dict.fromkeys(a.parcel for a in inside)
    return {name: units_of(a for a in inside if a.parcel == name) for name in parcels}


def without(units: Mapping[LineId, int], gone: Mapping[LineId, int]) -> dict[LineId, int]:
    """Give what is left of units, lines with none left out."""
    left = {line: count - gone.get(line, 0) for line, count in units.items()}
    return {line: count for line, count in left.items() if count > 0}


def units_of(allocations: Iterable[Allocation]) -> dict[LineId, int]:
    """Add the units of each line up."""
    units: Counter[LineId] = Counter()
    for allocation in allocations:
        units[allocation.line] += allocation.quantity
    return dict(units)


def awaits_handover(allocation: Allocation, phases: Mapping[ShipmentId, Phase]) -> bool:
    """Tell whether no carrier has the units yet."""
    return phases.get(allocation.shipment, Phase.DRAFT) in _NOT_HANDED_OVER


def fulfilment_of(
    ordered: Mapping[LineId, int],
    allocations: Collection[Allocation],
    phases: Mapping[ShipmentId, Phase],
) -> Fulfilment:
    """Tell how far the units that were ordered are."""
    there = counted(allocations, phases)
    waiting = [allocation for allocation in there if awaits_handover(allocation, phases)]
    shipped = units_of(there)
    if len(waiting) == len(there):
        return Fulfilment.NOT_STARTED
    if waiting or any(shipped.get(line, 0) < count for line, count in ordered.items()):
        return Fulfilment.IN_PROGRESS
    received = all(phases.get(it.shipment) is Phase.COMPLETED for it in there)
    return Fulfilment.COMPLETED if received else Fulfilment.FULFILLED


def under_way(phases: Mapping[ShipmentId, Phase]) -> Iterator[Reason]:
    """Give the shipments that stand in the way: a carrier has accepted a parcel of them."""
    for shipment, phase in phases.items():
        if phase not in VACANT and FULFILMENT.rule(phase, Action.CANCEL) is None:
            yield Reason("under_way", f"shipment {shipment} is {phase.name}")
