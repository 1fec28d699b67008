"""THE table: how a shipment moves from draft to the buyer's door, and what can go wrong.

`FULFILMENT` holds the commands that may be refused and the expectations that carriers' facts are
held against.  `MEANING` says for each milestone that a scan can attest which phase it shows and
which flag it raises.

>>> FULFILMENT.allowed(Phase.BOOKED, Role.SELLER)
(<Action.CONFIRM: 'confirm'>, <Action.CANCEL: 'cancel'>)
>>> FULFILMENT.follows(Phase.ACCEPTED, Phase.OUT_FOR_DELIVERY)
True
>>> FULFILMENT.follows(Phase.LAST_MILE, Phase.EXPORT)
False
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

import attrs

from apaclogistics.lifecycle import Lifecycle, Role, commands, expectations

__all__ = (
    "CAME_TO_NOTHING",
    "ENDED",
    "FULFILMENT",
    "MEANING",
    "MOVING",
    "NEVER_RECEIVED",
    "Action",
    "Flag",
    "Meaning",
    "Milestone",
    "Phase",
)


class Phase(Enum):
    """Where a shipment is in its life, in the order in which a smooth one goes."""

    DRAFT = "DRAFT"
    BOOKED = "BOOKED"
    CONFIRMED = "CONFIRMED"
    HANDED_OVER = "HANDED_OVER"
    ACCEPTED = "ACCEPTED"
    EXPORT = "EXPORT"
    IN_TRANSIT = "IN_TRANSIT"
    CUSTOMS = "CUSTOMS"
    LAST_MILE = "LAST_MILE"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    AWAITING_COLLECTION = "AWAITING_COLLECTION"
    ATTEMPT_FAILED = "ATTEMPT_FAILED"
    DELIVERED = "DELIVERED"
    RETURNING = "RETURNING"
    RETURNED = "RETURNED"
    DAMAGED = "DAMAGED"
    LOST = "LOST"
    DESTROYED = "DESTROYED"
    COMPLETED = "COMPLETED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class Action(Enum):
    """What a party can do to a shipment.

    Drafting and re-shipping make one and have no row; neither has charging what was billed, which
    happens in any phase.
    """

    DRAFT = "draft"
    BOOK = "book"
    ADOPT = "adopt"
    CONFIRM = "confirm"
    HAND_OVER = "hand_over"
    CANCEL = "cancel"
    CONFIRM_RECEIPT = "confirm_receipt"
    COMPLETE = "complete"
    CLOSE = "close"
    CHARGE = "charge"


class Milestone(Enum):
    """What one scan attests, finer than a phase.

    Source: the canonical column over UPU M40, GS1 CBV and the vocabularies of aggregators.
    """

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    EXPORT_PROCESSING = "export_processing"
    EXPORT_HELD = "export_held"
    DEPARTED_ORIGIN = "departed_origin"
    TRANSIT_HUB = "transit_hub"
    IN_TRANSIT = "in_transit"
    ARRIVED_DESTINATION = "arrived_destination"
    IMPORT_CUSTOMS = "import_customs"
    CUSTOMS_HELD = "customs_held"
    CUSTOMS_RELEASED = "customs_released"
    LAST_MILE = "last_mile"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AWAITING_COLLECTION = "awaiting_collection"
    ATTEMPT_FAILED = "attempt_failed"
    DELAYED = "delayed"
    HELD = "held"
    MISROUTED = "misrouted"
    STALE = "stale"
    DAMAGED = "damaged"
    LOST = "lost"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    DESTROYED = "destroyed"


class Flag(Enum):
    """What needs a look beside the phase; it stands until a scan shows the parcel moving on."""

    HELD = "held"
    DELAYED = "delayed"
    MISROUTED = "misrouted"
    STALE = "stale"


# Under way with a carrier, and neither delivered nor in trouble.
MOVING: Final = frozenset(
    {
        Phase.ACCEPTED,
        Phase.EXPORT,
        Phase.IN_TRANSIT,
        Phase.CUSTOMS,
        Phase.LAST_MILE,
        Phase.OUT_FOR_DELIVERY,
        Phase.AWAITING_COLLECTION,
        Phase.ATTEMPT_FAILED,
    }
)
# A leg of the journey is over: what is scanned after it belongs to another leg or contradicts it.
ENDED: Final = frozenset({Phase.DELIVERED, Phase.RETURNED, Phase.DESTROYED})
# What will not arrive, or not as it should: its units may be shipped once more.
CAME_TO_NOTHING: Final = frozenset(
    {
        Phase.RETURNED,
        Phase.DAMAGED,
        Phase.LOST,
        Phase.DESTROYED,
        Phase.CLOSED,
        Phase.CANCELLED,
    }
)
# What shows of one of several parcels that a receipt of the shipment was not for it.
NEVER_RECEIVED: Final = frozenset({Phase.RETURNED, Phase.LOST, Phase.DESTROYED})


@attrs.frozen
class Meaning:
    """What a milestone says: the phase it shows, the flag it raises, and how sure it is.

    `is_coarse` marks "in transit" of feeds that say nothing finer between acceptance and delivery:
    it never moves a finer phase back.
    """

    phase: Phase | None = None
    flag: Flag | None = None
    is_coarse: bool = False


MEANING: Final[Mapping[Milestone, Meaning]] = MappingProxyType(
    {
        Milestone.REGISTERED: Meaning(),
        Milestone.ACCEPTED: Meaning(Phase.ACCEPTED),
        Milestone.EXPORT_PROCESSING: Meaning(Phase.EXPORT),
        Milestone.EXPORT_HELD: Meaning(Phase.EXPORT, Flag.HELD),
        Milestone.DEPARTED_ORIGIN: Meaning(Phase.IN_TRANSIT),
        Milestone.TRANSIT_HUB: Meaning(Phase.IN_TRANSIT),
        Milestone.IN_TRANSIT: Meaning(Phase.IN_TRANSIT, is_coarse=True),
        Milestone.ARRIVED_DESTINATION: Meaning(Phase.IN_TRANSIT),
        Milestone.IMPORT_CUSTOMS: Meaning(Phase.CUSTOMS),
        Milestone.CUSTOMS_HELD: Meaning(Phase.CUSTOMS, Flag.HELD),
        Milestone.CUSTOMS_RELEASED: Meaning(Phase.IN_TRANSIT),
        Milestone.LAST_MILE: Meaning(Phase.LAST_MILE),
        Milestone.OUT_FOR_DELIVERY: Meaning(Phase.OUT_FOR_DELIVERY),
        Milestone.AWAITING_COLLECTION: Meaning(Phase.AWAITING_COLLECTION),
        Milestone.ATTEMPT_FAILED: Meaning(Phase.ATTEMPT_FAILED),
        Milestone.DELAYED: Meaning(flag=Flag.DELAYED),
        Milestone.HELD: Meaning(flag=Flag.HELD),
        Milestone.MISROUTED: Meaning(flag=Flag.MISROUTED),
        Milestone.STALE: Meaning(flag=Flag.STALE),
        Milestone.DAMAGED: Meaning(Phase.DAMAGED),
        Milestone.LOST: Meaning(Phase.LOST),
        Milestone.DELIVERED: Meaning(Phase.DELIVERED),
        Milestone.RETURNING: Meaning(Phase.RETURNING),
        Milestone.RETURNED: Meaning(Phase.RETURNED),
        Milestone.DESTROYED: Meaning(Phase.DESTROYED),
    }
)

_S, _B, _C, _P = Role.SELLER, Role.BUYER, Role.CARRIER, Role.PLATFORM

FULFILMENT: Final = Lifecycle(
    name="shipment",
    beginning=Action.DRAFT,
    initial=Phase.DRAFT,
    final={Phase.COMPLETED, Phase.CLOSED, Phase.CANCELLED},
    phrases={
        Action.CONFIRM_RECEIPT: "confirm the receipt of this shipment",
        Action.CHARGE: "bill this shipment",
    },
    rules=commands(
        ({Phase.DRAFT}, Action.BOOK, Phase.BOOKED, {_S, _P}),
        ({Phase.DRAFT}, Action.ADOPT, Phase.HANDED_OVER, {_S, _P}),
        ({Phase.BOOKED}, Action.CONFIRM, Phase.CONFIRMED, {_S, _P}),
        # The seller at a drop-off, the carrier at a collection.
        ({Phase.CONFIRMED}, Action.HAND_OVER, Phase.HANDED_OVER, {_S, _C}),
        (
            {Phase.DRAFT, Phase.BOOKED, Phase.CONFIRMED, Phase.HANDED_OVER},
            Action.CANCEL,
            Phase.CANCELLED,
            {_S, _P},
        ),
        # From any phase after handover: a parcel without tracking never gets a delivered scan.
        (
            {Phase.HANDED_OVER, Phase.DELIVERED, Phase.DAMAGED, Phase.LOST, Phase.RETURNING}
            | MOVING,
            Action.CONFIRM_RECEIPT,
            Phase.COMPLETED,
            {_B},
        ),
        ({Phase.DELIVERED}, Action.COMPLETE, Phase.COMPLETED, {_P}),
        (
            {
                Phase.HANDED_OVER,
                Phase.RETURNING,
                Phase.RETURNED,
                Phase.LOST,
                Phase.DAMAGED,
                Phase.DESTROYED,
            }
            | MOVING,
            Action.CLOSE,
            Phase.CLOSED,
            {_P},
        ),
    ),
    expectations=expectations(
        ({Phase.CONFIRMED, Phase.HANDED_OVER}, {Phase.ACCEPTED}),
        ({Phase.ACCEPTED}, {Phase.EXPORT, Phase.IN_TRANSIT}),
        ({Phase.EXPORT}, {Phase.IN_TRANSIT}),
        # Consolidation hubs come before export.
        ({Phase.IN_TRANSIT}, {Phase.EXPORT, Phase.CUSTOMS, Phase.LAST_MILE}),
        ({Phase.CUSTOMS}, {Phase.IN_TRANSIT, Phase.LAST_MILE}),
        ({Phase.LAST_MILE}, {Phase.OUT_FOR_DELIVERY, Phase.AWAITING_COLLECTION}),
        (
            {Phase.OUT_FOR_DELIVERY},
            {
                Phase.DELIVERED,
                Phase.ATTEMPT_FAILED,
                Phase.AWAITING_COLLECTION,
                Phase.LAST_MILE,
            },
        ),
        (
            {Phase.ATTEMPT_FAILED},
            {
                Phase.OUT_FOR_DELIVERY,
                Phase.AWAITING_COLLECTION,
                Phase.LAST_MILE,
                Phase.DELIVERED,
            },
        ),
        ({Phase.AWAITING_COLLECTION}, {Phase.DELIVERED}),
        (MOVING, {Phase.RETURNING, Phase.LOST, Phase.DAMAGED, Phase.DESTROYED}),
        ({Phase.DAMAGED}, {Phase.DELIVERED, Phase.RETURNING, Phase.DESTROYED}),
        ({Phase.RETURNING}, {Phase.RETURNED, Phase.LOST, Phase.DAMAGED, Phase.DESTROYED}),
        # The way back is a new leg.
        ({Phase.DELIVERED}, {Phase.RETURNING}),
        # Found again.
        ({Phase.LOST}, MOVING | {Phase.DELIVERED, Phase.RETURNING}),
    ),
    # A carrier does not report every step: these may go unseen without contradicting anything.
    passing=MOVING | {Phase.RETURNING},
)
