"""Bundles: shipments that go to the carrier together, as one bundle.

A seller opens a bundle for one carrier and one way of handing over, puts confirmed shipments into it
and takes them out again, and hands it over along with one sheet that lists every parcel.  From then
on the carrier processes it, and it cannot be cancelled any more.

What a shipment must be to go along is judged when it is added and once more when the bundle is
handed over, since it may have been cancelled or changed meanwhile.  Every reason is told at once.

Identity: `BundleId`.  Invariants: one seller, one carrier, one preference, no shipment and no
number twice, and all parcels together within the limit of weight.  A bundle knows of its shipments
what a handover entry says, as of the last time it was told.

>>> BUNDLE.allowed(BundleState.PROCESSING, Role.SELLER)
()
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import reduce
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.consignments import ConsignmentPreference
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.fulfilment import Phase
from apaclogistics.handovers import (
    HandoverEntry,
    HandoverLine,
    HandoverSheet,
    handover_sheet,
    weight_of,
)
from apaclogistics.history import Note, Step, accept, first_and_rest, not_a_beginning
from apaclogistics.lifecycle import Actor, Lifecycle, Role, commands
from apaclogistics.values.fields import of_type, optional, several, tuple_of
from apaclogistics.values.identifiers import BundleId, ShipmentId, checked_id
from apaclogistics.values.instants import Instant
from apaclogistics.values.quantities import Weight

__all__ = (
    "BUNDLE",
    "Bundle",
    "BundleAction",
    "BundleOpening",
    "BundleState",
    "Entries",
    "Removal",
)


class BundleState(Enum):
    """Where a bundle stands."""

    OPEN = "OPEN"
    PROCESSING = "PROCESSING"
    RECEIVED = "RECEIVED"
    CANCELLED = "CANCELLED"


class BundleAction(Enum):
    """What can be done to a bundle; opening makes one and has no row."""

    OPEN = "open"
    ADD = "add"
    REMOVE = "remove"
    HAND_OVER = "hand_over"
    RECEIVE = "receive"
    CANCEL = "cancel"


_S, _C, _P = Role.SELLER, Role.CARRIER, Role.PLATFORM
_State, _Action = BundleState, BundleAction

BUNDLE: Final = Lifecycle(
    name="bundle",
    beginning=BundleAction.OPEN,
    initial=_State.OPEN,
    final={_State.RECEIVED, _State.CANCELLED},
    phrases={
        _Action.ADD: "put shipments into this bundle",
        _Action.REMOVE: "take shipments out of this bundle",
    },
    rules=commands(
        ({_State.OPEN}, _Action.ADD, None, {_S, _P}),
        ({_State.OPEN}, _Action.REMOVE, None, {_S, _P}),
        # The seller at a drop-off, the carrier at a pick-up.
        ({_State.OPEN}, _Action.HAND_OVER, _State.PROCESSING, {_S, _C}),
        ({_State.PROCESSING}, _Action.RECEIVE, _State.RECEIVED, {_C, _P}),
        # Source: eDIS, error 355036: not while it is processed.
        ({_State.OPEN}, _Action.CANCEL, _State.CANCELLED, {_S, _P}),
    ),
)
# What is in one of these is in no other bundle.
_LIVE: Final = frozenset({BundleState.OPEN, BundleState.PROCESSING})


@attrs.frozen(kw_only=True)
class BundleOpening:
    """What begins a bundle: whose, for which carrier, handed over how, and how heavy at most.

    `most` is the limit for all parcels together, None where the carrier has none.

    Raises:
        InvalidTypeError: if a field is of another type.
        InvalidValueError: if the identifier is none, or a party is in the wrong role.

    Source: eDIS 1.1.0, createBundle, which asks for a preference (error 355078).
    """

    id: BundleId
    seller: Actor = attrs.field(validator=of_type(Actor))
    carrier: Actor = attrs.field(validator=of_type(Actor))
    preference: ConsignmentPreference = attrs.field(validator=of_type(ConsignmentPreference))
    most: Weight | None = attrs.field(default=None, validator=optional(Weight))

    def __attrs_post_init__(self) -> None:
        """Refuse a bundle that nobody could name, and parties in the wrong role."""
        checked_id("bundle", self.id)
        if self.seller.role is not Role.SELLER or self.carrier.role is not Role.CARRIER:
            who = f"{self.seller}, {self.carrier}"
            raise InvalidValueError("parties", who, "are in the wrong role", "a seller, a carrier")


@attrs.frozen
class Entries:
    """Shipments that are put into a bundle, or that it is handed over with."""

    entries: tuple[HandoverEntry, ...] = attrs.field(validator=tuple_of(HandoverEntry))


@attrs.frozen
class Removal:
    """Shipments that are taken out of a bundle."""

    shipments: tuple[ShipmentId, ...] = attrs.field(validator=tuple_of(str))


BundleStep: TypeAlias = Step[BundleAction, BundleOpening | Entries | Removal | Note]


@attrs.frozen(kw_only=True)
class Bundle:
    """Shipments of one seller that go to one carrier together."""

    opening: BundleOpening
    entries: tuple[HandoverEntry, ...] = ()
    state: BundleState = BUNDLE.initial
    history: tuple[BundleStep, ...]

    @classmethod
    def open(cls, opening: BundleOpening, *, by: Actor, at: Instant) -> Self:
        """Begin a bundle, with nothing in it.

        Raises:
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
        """
        BUNDLE.refuse_stranger(BUNDLE.initial, BundleAction.OPEN, by, {opening.seller})
        return cls._begun(Step(action=BundleAction.OPEN, by=by, at=at, payload=opening))

    @classmethod
    def replay(cls, steps: Iterable[BundleStep]) -> Self:
        """Rebuild a bundle from its steps, without judging them again.

        Raises:
            InvalidValueError: if there is no step, or the first did not open it.
        """
        first, rest = first_and_rest("bundle", steps)
        return reduce(lambda bundle, step: bundle._applied(step), rest, cls._begun(first))

    @classmethod
    def _begun(cls, step: BundleStep) -> Self:
        match step.payload:
            case BundleOpening():
                return cls(opening=step.payload, history=(step,))
            case _:
                raise not_a_beginning("bundle", step)

    def _applied(self, step: BundleStep) -> Self:
        return attrs.evolve(
            self,
            entries=self._entries_after(step),
            state=BUNDLE.after(self.state, step.action),
            history=(*self.history, step),
        )

    def _entries_after(self, step: BundleStep) -> tuple[HandoverEntry, ...]:
        match step.payload:
            case Entries(entries) if step.action is BundleAction.ADD:
                return (*self.entries, *entries)
            case Entries(entries):
                return entries
            case Removal(shipments):
                return tuple(it for it in self.entries if it.shipment not in shipments)
            case _:
                return self.entries

    @property
    def id(self) -> BundleId:
        """The bundle's identifier."""
        return self.opening.id

    @property
    def parties(self) -> frozenset[Actor]:
        """The seller and the carrier."""
        return frozenset({self.opening.seller, self.opening.carrier})

    @property
    def shipments(self) -> tuple[ShipmentId, ...]:
        """The shipments in it, in the order in which they were added."""
        return tuple(entry.shipment for entry in self.entries)

    @property
    def weight(self) -> Weight | None:
        """What all parcels weigh together; None where there is none or one is not known."""
        return weight_of(line for entry in self.entries for line in entry.lines)

    def sheet(self, *, at: Instant) -> HandoverSheet:
        """List all parcels on one sheet.

        Raises:
            InvalidValueError: if there is nothing in it, or more than 200 parcels.
        """
        return handover_sheet(self.entries, at=at)

    def add(
        self,
        entries: Iterable[HandoverEntry],
        *,
        others: Iterable["Bundle"] = (),
        by: Actor,
        at: Instant,
    ) -> Self:
        """Put shipments into the bundle: all of them, or none.

        `others` are bundles that one of the shipments is or was in.

        Raises:
            TransitionError: as every command.
            RefusedError: with every reason why they cannot go along.

        Source: eDIS errors 355080 (another preference) and 355081 (too heavy together).
        """
        added = several("entries", entries)
        together = (*self.entries, *added)
        reasons = (*self._against(added), *self._against_all(together, others))
        return self._take(BundleAction.ADD, Entries(added), by, at, reasons)

    def remove(self, shipments: Iterable[ShipmentId], *, by: Actor, at: Instant) -> Self:
        """Take shipments out of the bundle: all of them, or none."""
        removed = several("shipments", shipments)
        reasons = tuple(
            Reason("not_in_bundle", f"shipment {id} is not in bundle {self.id}")
            for id in removed
            if id not in self.shipments
        )
        return self._take(BundleAction.REMOVE, Removal(removed), by, at, reasons)

    def hand_over(
        self,
        entries: Iterable[HandoverEntry],
        *,
        others: Iterable["Bundle"] = (),
        by: Actor,
        at: Instant,
    ) -> Self:
        """Hand the bundle over: the seller at a drop-off, the carrier at a pick-up.

        `entries` are its shipments as they are now; each is judged once more.

        Raises:
            TransitionError: as every command.
            RefusedError: with every reason why they cannot go along, or if there is none.
        """
        current = {entry.shipment: entry for entry in entries}
        handed = tuple(current.get(entry.shipment, entry) for entry in self.entries)
        empty = Reason("empty_bundle", f"nothing is in bundle {self.id}")
        reasons = (
            *(() if handed else (empty,)),
            *self._against(handed),
            *self._against_all(handed, others),
        )
        return self._take(BundleAction.HAND_OVER, Entries(handed), by, at, reasons)

    def receive(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Say as the carrier that everything on the sheet is there."""
        return self._take(BundleAction.RECEIVE, Note(note), by, at)

    def cancel(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Give the bundle up before it is handed over; its shipments stay as they are."""
        return self._take(BundleAction.CANCEL, Note(note), by, at)

    def _against(self, entries: Iterable[HandoverEntry]) -> Iterator[Reason]:
        """Say of each shipment by itself why it cannot go along; of another's, nothing else."""
        mine = self.opening
        for entry in entries:
            if entry.seller != mine.seller:
                yield Reason("not_theirs", f"shipment {entry.shipment} is not of {mine.seller}")
                continue
            told = (
                (entry.carrier != mine.carrier, "other_carrier", f"is not with {mine.carrier}"),
                (
                    entry.preference != mine.preference,
                    "other_preference",
                    f"is not handed over as {mine.preference.name} says",
                ),
                (
                    entry.phase is not Phase.CONFIRMED,
                    "not_confirmed",
                    f"is {entry.phase.name}, not CONFIRMED",
                ),
            )
            for is_so, code, text in told:
                if is_so:
                    yield Reason(code, f"shipment {entry.shipment} {text}")

    def _against_all(
        self, entries: tuple[HandoverEntry, ...], others: Iterable["Bundle"]
    ) -> Iterator[Reason]:
        """Say of all shipments of this seller together why they cannot."""
        theirs = tuple(entry for entry in entries if entry.seller == self.opening.seller)
        elsewhere = [it for it in others if it.id != self.id and it.state in _LIVE]
        for id, count in Counter(entry.shipment for entry in theirs).items():
            places = [self.id] * (count - 1) + [it.id for it in elsewhere if id in it.shipments]
            for place in places:
                yield Reason("bundled_twice", f"shipment {id} is in bundle {place} already")
        yield from self._against_parcels(theirs)

    def _against_parcels(self, entries: tuple[HandoverEntry, ...]) -> Iterator[Reason]:
        lines = [line for entry in entries for line in entry.lines]
        for number, count in Counter(line.number for line in lines).items():
            if count > 1:
                yield Reason("number_twice", f"number {number} is on {count} parcels")
        if self.opening.most is not None:
            yield from _against_weight(lines, self.opening.most)

    def _take(
        self,
        action: BundleAction,
        payload: Entries | Removal | Note,
        by: Actor,
        at: Instant,
        reasons: Iterable[Reason] = (),
    ) -> Self:
        only = {BundleAction.HAND_OVER: self.opening.preference.kind.hands_over}
        step = accept(BUNDLE, self, action, payload, by=by, at=at, only=only, reasons=reasons)
        return self._applied(step)


def _against_weight(lines: Iterable[HandoverLine], most: Weight) -> Iterator[Reason]:
    grams = 0
    for line in lines:
        if line.weight is None:
            text = f"parcel {line.parcel} ({line.number}) has no weight"
            yield Reason("weight_missing", text)
        else:
            grams += line.weight.grams
    if grams > most.grams:
        text = f"the parcels weigh {grams} g together, above the limit of {most}"
        yield Reason("bundle_too_heavy", text)
