"""Why something needs attention: every rule with what it means, for whom it is, and what moves it."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

import attrs

__all__ = ("Rule",)


class Rule(Enum):
    """Why something needs attention, the most urgent kind first."""

    SHIP_BY = "ship by"
    CANCELLATION = "cancellation asked for"
    CANCELLED = "cancelled, and shipped"
    ANSWER = "answer owed"
    OFFER = "offer expires"
    EVIDENCE = "evidence due"
    DECISION = "decision due"
    CONTEST = "rejection may be contested"
    SETTLEMENT = "settlement due"
    TURNED_UP = "turned up"
    REFUND_DUE = "refund due"
    REFUND_PENDING = "refund not paid out"
    BUYER_NOT_TOLD = "buyer not told"
    COLLECTION = "awaiting collection"
    CLAIM_WINDOW = "claim window closes"
    NOT_CLAIMED = "escalated, and not claimed"
    INQUIRY_WINDOW = "inquiry window closes"
    INQUIRY_CLOSES = "inquiry closes"
    ESCALATION = "may be escalated"
    LATE = "late"
    MISROUTED = "misrouted"
    HELD = "held"
    LOST = "lost"
    DAMAGED = "damaged"
    DESTROYED = "destroyed"
    CAME_BACK = "came back"
    ATTEMPT_FAILED = "attempt failed"
    DELAYED = "delayed"
    CONTRADICTION = "contradiction"
    STRAY = "stray scans"
    FUNDS = "not enough funds"
    ABOVE_ESTIMATE = "billed above the estimate"
    PAYMENT_HELD = "payment held"
    NOT_HANDED_OVER = "not handed over"
    NOT_ACCEPTED = "not accepted"
    STALE = "stale"
    NOT_CONFIRMED = "not confirmed"
    INACCURATE = "inaccurate listing"
    RATES_END = "rates end"

    @property
    def meaning(self) -> str:
        """What it tells, in a sentence."""
        return _SAID[self].meaning

    @property
    def whom(self) -> str:
        """Who is to act, in words."""
        return _SAID[self].whom

    @property
    def limits(self) -> tuple[str, ...]:
        """The fields of `AttentionPolicy` that say from when on or until when; often none."""
        return _SAID[self].limits


@attrs.frozen
class _Said:
    meaning: str
    whom: str = "the seller"
    limits: tuple[str, ...] = ()


_REASON: Final = "whoever can do away with the reason that the carrier gives, else"

_SAID: Final[Mapping[Rule, _Said]] = MappingProxyType(
    {
        Rule.SHIP_BY: _Said(
            "Units of an order that is to be shipped must be handed over by an instant.",
            limits=("near",),
        ),
        Rule.CANCELLATION: _Said(
            "The buyer wants an order cancelled, and nobody has decided.", limits=("near",)
        ),
        Rule.CANCELLED: _Said(
            "An order is cancelled, and a shipment that carries units of it still goes on: it may be "
            "booked, on its way, or about to be handed over."
        ),
        Rule.ANSWER: _Said(
            "An inquiry must be answered by an instant.", "whoever was asked", ("near",)
        ),
        Rule.OFFER: _Said(
            "An offer of the carrier in a claim must be answered by an instant.",
            "the claimant",
            ("near",),
        ),
        Rule.EVIDENCE: _Said(
            "Evidence that was asked for in a claim must be handed in by an instant.",
            "the claimant",
            ("near",),
        ),
        Rule.DECISION: _Said(
            "A claim must be taken up, answered or decided by an instant, or an inquiry that a buyer "
            "has escalated.",
            "the carrier, or the platform once it is escalated",
            ("near", "ruling"),
        ),
        Rule.CONTEST: _Said(
            "A rejected claim may be contested until an instant.", "the claimant", ("closing",)
        ),
        Rule.SETTLEMENT: _Said(
            "What was agreed in a claim must be paid by an instant.", "the carrier", ("near",)
        ),
        Rule.TURNED_UP: _Said(
            "A parcel that is claimed to be lost has come, or what is claimed back of a bill was "
            "credited, so that nothing is due; or what was agreed on as lost is scanned again.",
            "whoever ends the claim",
        ),
        Rule.REFUND_DUE: _Said(
            "An order is cancelled, a parcel of it is back, its loss was paid to the seller or it was "
            "closed and not shipped again, or a refund failed, and the buyer has not all that is "
            "theirs.",
            limits=("near", "inquiries", "zone_name"),
        ),
        Rule.REFUND_PENDING: _Said(
            "A refund that was begun must be paid out by an instant, or be said to have failed.",
            "the platform",
            ("near", "inquiries", "zone_name"),
        ),
        Rule.BUYER_NOT_TOLD: _Said(
            "A parcel will not come, and nobody has written to the buyer since that is known; or the "
            "buyer asks, and is not told what the carrier has answered or scanned since."
        ),
        Rule.COLLECTION: _Said(
            "A parcel waits to be collected, and goes back after a while.",
            "the buyer",
            ("near", "collection"),
        ),
        Rule.CLAIM_WINDOW: _Said(
            "A parcel is lost, damaged or destroyed, and soon it is too late to claim.",
            limits=("closing", "claim_window"),
        ),
        Rule.NOT_CLAIMED: _Said("An inquiry was escalated to a claim, and its opener filed none."),
        Rule.INQUIRY_WINDOW: _Said(
            "A parcel is missing, and soon it is too late to ask where it is.",
            "the buyer",
            ("closing", "inquiries", "zone_name"),
        ),
        Rule.INQUIRY_CLOSES: _Said(
            "An inquiry is about to close by itself, or to be closed since all was delivered or "
            "refunded.",
            "whoever asked",
            ("closing",),
        ),
        Rule.ESCALATION: _Said(
            "The time for the first answer of an inquiry is over, and it may be escalated.",
            "whoever asked",
            ("closing",),
        ),
        Rule.LATE: _Said(
            "The promised window is over and the parcel is still under way; nothing is said of one "
            "that is claimed to be lost."
        ),
        Rule.MISROUTED: _Said("The carrier says that the parcel went the wrong way."),
        Rule.HELD: _Said("The parcel is held.", f"{_REASON} the seller"),
        Rule.LOST: _Said("The carrier says that the parcel is lost."),
        Rule.DAMAGED: _Said("The carrier says that the parcel is damaged."),
        Rule.DESTROYED: _Said("The carrier says that the parcel is destroyed."),
        Rule.CAME_BACK: _Said("The parcel was returned to the seller."),
        Rule.ATTEMPT_FAILED: _Said("Delivery was tried in vain.", f"{_REASON} the buyer"),
        Rule.DELAYED: _Said("The carrier says that the parcel is delayed."),
        Rule.CONTRADICTION: _Said("A scan contradicts the others."),
        Rule.STRAY: _Said("Scans came of numbers that are not booked."),
        Rule.FUNDS: _Said("A wallet does not cover what is booked, or is below zero.", "its owner"),
        Rule.ABOVE_ESTIMATE: _Said("More was billed than was estimated.", limits=("billing",)),
        Rule.PAYMENT_HELD: _Said(
            "The platform holds payment back, and nothing of the order is dispatched."
        ),
        Rule.NOT_HANDED_OVER: _Said(
            "A booking lies, and the carrier has not had the parcel.", limits=("idle",)
        ),
        Rule.NOT_ACCEPTED: _Said(
            "The parcel is handed over, and the carrier has not scanned it.",
            limits=("acceptance",),
        ),
        Rule.STALE: _Said(
            "A parcel moves and is not scanned, or its carrier says so; nothing is said of one that "
            "is claimed to be lost.",
            limits=("silence",),
        ),
        Rule.NOT_CONFIRMED: _Said(
            "The parcel is delivered, and receipt is not confirmed.", "the buyer", ("receipt",)
        ),
        Rule.INACCURATE: _Said("A published listing says what does not hold."),
        Rule.RATES_END: _Said("The rate card of a published offer ends.", limits=("closing",)),
    }
)
