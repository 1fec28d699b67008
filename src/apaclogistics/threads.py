"""Threads: what the parties to a shipment have asked, answered and shown each other, in order.

A *question* says until when it is to be answered; a *remark* answers one, or adds to what was
said.  An *opening* is the first question, and who is asked; a *resolution* is the fact that ends it.


A message says who wrote it and when, and shows its evidence by reference; its text is personal and
stays out of every `repr`.  A thread is what an inquiry hands on when a claim takes over: the claim
begins with everything that was said and shown before.

>>> from apaclogistics.lifecycle import Role
>>> buyer = Actor(Role.BUYER, "b-1")
>>> asked = Message(buyer, instant("2026-03-20T09:00:00Z"), "Where is my tea set?")
>>> asked
Message(by=Actor(role=<Role.BUYER: 'buyer'>, id='b-1'), at=DateTime(2026, 3, 20, 9, 0, 0, tzinfo=Timezone('UTC')), text=(hidden), evidence=())
>>> Thread(InquiryId("i-1"), ShipmentId("sh-1"), (asked,)).evidence
()
"""

from enum import Enum

import attrs

from apaclogistics.errors import Hidden, InvalidValueError, masked
from apaclogistics.evidence import Evidence
from apaclogistics.inquiry_policies import Closing
from apaclogistics.lifecycle import Actor
from apaclogistics.values.deadlines import Deadline, as_deadline
from apaclogistics.values.fields import frozenset_of, of_type, optional, tuple_of
from apaclogistics.values.identifiers import (
    InquiryId,
    ListingVersion,
    ShipmentId,
    checked_id,
    identifier,
    is_id,
)
from apaclogistics.values.instants import Instant, instant, to_text

__all__ = (
    "Message",
    "Opening",
    "Question",
    "Remark",
    "Resolution",
    "Settled",
    "Thread",
)


@attrs.frozen
class Question:
    """What is asked, hidden in the `repr`, what is shown with it, and until when it is answered."""

    text: str = attrs.field(repr=masked, validator=of_type(str))
    answer_by: Deadline = attrs.field(converter=as_deadline)
    evidence: tuple[Evidence, ...] = attrs.field(default=(), validator=tuple_of(Evidence))


@attrs.frozen
class Remark:
    """What is answered or written in between, hidden in the `repr`, and what is shown with it."""

    text: str = attrs.field(repr=masked, validator=of_type(str))
    evidence: tuple[Evidence, ...] = attrs.field(default=(), validator=tuple_of(Evidence))


class Settled(Enum):
    """What settles an inquiry, whatever its opener says."""

    DELIVERY = "delivery"
    RECEIPT = "receipt"
    REFUND = "refund"


@attrs.frozen(kw_only=True)
class Resolution:
    """The fact that an inquiry ends with: what it is, when that was, and where it is recorded.

    `reference` names the record, such as a tracking number or a refund; it is no personal data.
    """

    settled: Settled = attrs.field(validator=of_type(Settled))
    at: Instant = attrs.field(converter=instant)
    reference: str = attrs.field(validator=of_type(str))
    note: str = attrs.field(default="", repr=masked, validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a fact that nobody can look up."""
        if not is_id(self.reference):
            # What is put there by mistake may be personal, so it is not shown.
            what = "record of what settles an inquiry"
            raise InvalidValueError(what, Hidden(), "is no identifier", "as in 'refund-1'")


@attrs.frozen(kw_only=True)
class Opening:
    """What begins an inquiry: who asks whom about which shipment, and what.

    `others` read along and may write.  `closing` is when it closes by itself; one without stays open
    until somebody ends it.  `listing` and `offer` are those that the shipment's order was sold on,
    where known, so that a complaint counts for the promise that it is about.

    Raises:
        InvalidValueError: if somebody asks themselves, or it closes before the answer is due.
    """

    id: InquiryId
    shipment: ShipmentId = attrs.field(validator=identifier)
    opener: Actor = attrs.field(validator=of_type(Actor))
    respondent: Actor = attrs.field(validator=of_type(Actor))
    question: Question = attrs.field(validator=of_type(Question))
    others: frozenset[Actor] = attrs.field(default=frozenset(), validator=frozenset_of(Actor))
    closing: Closing | None = attrs.field(default=None, validator=optional(Closing))
    listing: ListingVersion | None = attrs.field(default=None, validator=optional(ListingVersion))
    offer: str = attrs.field(default="", validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse somebody who talks to themselves, and a closing that comes too early."""
        checked_id("inquiry", self.id)
        if self.opener == self.respondent:
            raise InvalidValueError("respondent", str(self.respondent), "is the opener", "another")
        due = self.question.answer_by
        if self.closing is not None and self.closing.by.at < due.at:
            closes, allowed = to_text(self.closing.by.at), f"from {to_text(due.at)} on"
            raise InvalidValueError("closing", closes, "is before the answer is due", allowed)


@attrs.frozen
class Message:
    """What somebody wrote, hidden in the `repr`, and what they showed along with it."""

    by: Actor = attrs.field(validator=of_type(Actor))
    at: Instant = attrs.field(converter=instant)
    text: str = attrs.field(repr=masked, validator=of_type(str))
    evidence: tuple[Evidence, ...] = attrs.field(default=(), validator=tuple_of(Evidence))


@attrs.frozen
class Thread:
    """The messages of an inquiry about a shipment, the oldest first.

    Raises:
        InvalidValueError: if a message is older than the one before it.
    """

    inquiry: InquiryId = attrs.field(validator=identifier)
    shipment: ShipmentId = attrs.field(validator=identifier)
    messages: tuple[Message, ...] = attrs.field(validator=tuple_of(Message))

    def __attrs_post_init__(self) -> None:
        """Refuse messages that are out of order."""
        for earlier, later in zip(self.messages, self.messages[1:], strict=False):
            if later.at < earlier.at:
                allowed = f"from {to_text(earlier.at)} on"
                raise InvalidValueError("message", to_text(later.at), "is out of order", allowed)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Everything that was shown, each piece once, in the order in which it was."""
        shown = (piece for message in self.messages for piece in message.evidence)
        return tuple(dict.fromkeys(shown))
