"""Threads: what the parties to a shipment have asked, answered and shown each other."""

from datetime import timedelta

import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.inquiry_policies import Closing
from apaclogistics.threads import (
    Message,
    Opening,
    Question,
    Remark,
    Resolution,
    Settled,
    Thread,
)
from apaclogistics.values.identifiers import InquiryId, ShipmentId
from apaclogistics.values.instants import instant
from tests.samples import BUYER, SELLER, day

PHOTO = Evidence(EvidenceKind.PHOTOGRAPH, "file-1")
INVOICE = Evidence(EvidenceKind.INVOICE, "file-2")


def thread(*messages: Message) -> Thread:
    """Give a thread about a shipment."""
    return Thread(InquiryId("i-1"), ShipmentId("sh-1"), messages)


def test_the_evidence_of_a_thread_comes_once_and_in_order() -> None:
    """Whoever showed it."""
    asked = Message(BUYER, day(5), "Where is it?", (PHOTO, INVOICE))
    answered = Message(SELLER, day(6), "At customs.", (INVOICE,))

    assert thread(asked, answered).evidence == (PHOTO, INVOICE)


def test_messages_come_in_order() -> None:
    """Two at one instant are in order."""
    first, second = Message(BUYER, day(5), "one"), Message(SELLER, day(5), "two")

    assert thread(first, second).messages == (first, second)
    with pytest.raises(InvalidValueError, match="is out of order"):
        thread(Message(BUYER, day(6), "late"), first)


@pytest.mark.parametrize(
    "said",
    [
        Message(BUYER, day(5), "Chan Tai Man"),
        Question("Chan Tai Man", day(5)),
        Remark("Chan Tai Man"),
        Resolution(settled=Settled.REFUND, at=day(5), reference="refund-1", note="Chan Tai Man"),
    ],
    ids=lambda said: type(said).__name__,
)
def test_what_is_said_stays_out_of_the_repr(said: object) -> None:
    """People write names into messages."""
    assert "Chan" not in repr(said)
    assert "(hidden)" in repr(said)


def test_a_fact_can_be_looked_up() -> None:
    """A resolution names the record that shows it."""
    with pytest.raises(InvalidValueError, match="record of what settles an inquiry"):
        Resolution(settled=Settled.REFUND, at=day(5), reference="")


def opening(closing: Closing | None) -> Opening:
    """Ask the seller something that is to be answered by the fifth."""
    return Opening(
        id=InquiryId("i-1"),
        shipment=ShipmentId("sh-1"),
        opener=BUYER,
        respondent=SELLER,
        question=Question("Where is it?", day(5)),
        closing=closing,
    )


def test_nothing_closes_before_the_answer_is_due() -> None:
    """It may close at that very instant."""
    closing = Closing(by=day(5))

    assert opening(closing).closing == closing
    with pytest.raises(InvalidValueError, match="is before the answer is due"):
        opening(Closing(by=instant(day(5) - timedelta(microseconds=1))))


def test_evidence_is_given_as_several_pieces() -> None:
    """One alone is none."""
    with pytest.raises(InvalidTypeError, match="a tuple of Evidence"):
        Remark("At customs.", PHOTO)  # type: ignore[arg-type]  # the point of the test


def test_a_record_that_is_none_is_refused_and_not_shown() -> None:
    """What stands there by mistake may be somebody's name."""
    with pytest.raises(InvalidValueError) as refusal:
        Resolution(settled=Settled.REFUND, at=day(5), reference="Jane Roe\n1 Example Place")

    assert "Jane" not in str(refusal.value)


def test_half_a_character_is_no_message() -> None:
    """Nobody could write it down."""
    with pytest.raises(
        InvalidValueError, match=r"text of Question \(hidden\) has half a character"
    ):
        Question("\ud800", day(5))
    with pytest.raises(InvalidValueError, match=r"text of Remark \(hidden\) has half a character"):
        Remark("\ud800")
