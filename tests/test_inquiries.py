"""Inquiries: seller, buyer and carrier talk about a shipment, and somebody owes an answer."""

from datetime import timedelta
from itertools import permutations

import attrs
import pytest

from apaclogistics.errors import InvalidValueError
from apaclogistics.inquiries import INQUIRY as TABLE
from apaclogistics.inquiries import Inquiry, InquiryState, Opening, Question
from apaclogistics.lifecycle import Actor, ActorNotPermittedError, RefusedError
from apaclogistics.values.identifiers import InquiryId, ShipmentId
from tests.samples import BUYER, CARRIER, PARTIES, PLATFORM, SELLER, STRANGERS, day
from tests.tables import Verbs, announce, changed, expected, outcomes, rows_of, written

ROWS = written("""
    OPEN       answer    ANSWERED   SBC
    ANSWERED   ask       OPEN       SBC
    OPEN       resolve   RESOLVED   SBCP
    ANSWERED   resolve   RESOLVED   SBCP
    OPEN       escalate  ESCALATED  SB
    ANSWERED   escalate  ESCALATED  SB
    OPEN       expire    EXPIRED    P
    ANSWERED   expire    EXPIRED    P
    ESCALATED  decide    RESOLVED   P
""")
STATES = ("OPEN", "ANSWERED", "ESCALATED", "RESOLVED", "EXPIRED")

VERBS: Verbs[Inquiry] = {
    "answer": lambda it, by: it.answer("at customs", by=by, at=day(20)),
    "ask": lambda it, by: it.ask(question(until=30), by=by, at=day(20)),
    "resolve": lambda it, by: it.resolve(by=by, at=day(20)),
    "escalate": lambda it, by: it.escalate("no answer", by=by, at=day(20)),
    "expire": lambda it, by: it.expire(by=by, at=day(20)),
    "decide": lambda it, by: it.decide("refunded", by=by, at=day(20)),
}


def question(*, until: int = 10) -> Question:
    """Ask where the parcel is, to be answered by a day."""
    return Question("where is the parcel of Chan Tai Man?", day(until))


def opening(opener: Actor = SELLER, respondent: Actor = CARRIER) -> Opening:
    """Give what begins an inquiry between two parties."""
    return Opening(
        id=InquiryId("i-1"),
        shipment=ShipmentId("sh-1"),
        opener=opener,
        respondent=respondent,
        question=question(),
    )


def opened(opener: Actor = SELLER, respondent: Actor = CARRIER) -> Inquiry:
    """Give an inquiry that waits for an answer until the tenth."""
    parties = {SELLER, BUYER, CARRIER}
    return Inquiry.open(opening(opener, respondent), parties=parties, by=opener, at=day(5))


def answered(opener: Actor = SELLER, respondent: Actor = CARRIER) -> Inquiry:
    """Give an inquiry with an answer."""
    return opened(opener, respondent).answer("at customs", by=respondent, at=day(6))


def things(opener: Actor, respondent: Actor) -> dict[str, Inquiry]:
    """Give an inquiry between two parties in each state."""
    inquiry = opened(opener, respondent)
    found = {
        "OPEN": inquiry,
        "ANSWERED": answered(opener, respondent),
        "RESOLVED": inquiry.resolve(by=opener, at=day(6)),
        "EXPIRED": inquiry.expire(by=PLATFORM, at=day(11)),
    }
    if opener is not CARRIER:
        found["ESCALATED"] = inquiry.escalate("no answer", by=opener, at=day(7))
    return found


def test_the_table_is_as_written_here() -> None:
    """A changed row of the table is a changed line of this file."""
    assert rows_of(TABLE) == ROWS


def test_no_row_can_change_without_being_noticed() -> None:
    """Leaving out or changing any one row makes the comparison fail."""
    variants = list(changed(rows_of(TABLE), STATES))

    assert len(variants) == len(ROWS) * (1 + 4 + 4)
    assert [rows for rows in variants if rows == ROWS] == []


@pytest.mark.parametrize(
    ("opener", "respondent"),
    list(permutations((SELLER, BUYER, CARRIER), 2)),
    ids=lambda actor: actor.role.value,
)
def test_every_action_in_every_state_is_judged_by_the_table(
    capsys: pytest.CaptureFixture[str], opener: Actor, respondent: Actor
) -> None:
    """Between every two parties: the respondent answers, the opener does the rest."""
    inquiries = things(opener, respondent)
    actors = (*PARTIES, *STRANGERS)
    parties = dict.fromkeys(inquiries, (opener, respondent, PLATFORM))
    only = {
        "answer": [respondent],
        "ask": [opener],
        "resolve": [opener, PLATFORM],
        "escalate": [opener],
    }

    found = outcomes(inquiries, VERBS, actors)

    assert {it: thing.state.name for it, thing in inquiries.items()} == {it: it for it in inquiries}
    assert found == expected(ROWS, inquiries, VERBS, actors, parties=parties, only=only)
    announce(capsys, f"inquiry, {opener.role.value} to {respondent.role.value}", inquiries, VERBS)


def test_a_carriers_own_inquiry_is_never_escalated() -> None:
    """No verb leads there, so that state alone is missing above."""
    inquiry = opened(CARRIER, SELLER)

    for by in PARTIES:
        with pytest.raises(ActorNotPermittedError):
            inquiry.escalate("no answer", by=by, at=day(7))

    assert set(STATES) - set(things(CARRIER, SELLER)) == {"ESCALATED"}


def test_a_question_says_until_when_an_answer_is_due() -> None:
    """Asking again sets a new date; answering leaves the old one."""
    inquiry = answered()

    again = inquiry.ask(question(until=20), by=SELLER, at=day(8))

    assert inquiry.answer_by == day(10)
    assert again.answer_by == day(20)
    assert again.state is InquiryState.OPEN


def test_an_inquiry_expires_when_its_time_is_over_and_not_before() -> None:
    """The last instant still counts, whether or not anybody swept in between."""
    with pytest.raises(RefusedError, match="until 2026-03-10T09:00:00Z") as refusal:
        opened().expire(by=PLATFORM, at=day(10))

    expired = opened().expire(by=PLATFORM, at=day(10) + timedelta(seconds=1))

    assert [reason.code for reason in refusal.value.reasons] == ["too_early"]
    assert expired.state is InquiryState.EXPIRED


def test_the_platform_resolves_on_delivery_or_refund() -> None:
    """What was asked about has happened."""
    resolved = opened().resolve(by=PLATFORM, at=day(6), note="delivered")

    assert resolved.state is InquiryState.RESOLVED


def test_an_escalated_inquiry_waits_for_the_platform() -> None:
    """Neither party ends it any more."""
    inquiry = opened(BUYER, SELLER).escalate("not received", by=BUYER, at=day(7))

    with pytest.raises(RefusedError, match="before the last step"):
        inquiry.decide("refunded", by=PLATFORM, at=day(6))

    assert inquiry.decide("refunded", by=PLATFORM, at=day(8)).state is InquiryState.RESOLVED


@pytest.mark.parametrize("somebody", [*STRANGERS, BUYER, CARRIER], ids=str)
def test_nobody_asks_in_the_name_of_another(somebody: Actor) -> None:
    """The opener opens, or the platform does."""
    with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
        Inquiry.open(opening(), parties={SELLER, BUYER, CARRIER}, by=somebody, at=day(5))


def test_an_opener_who_is_no_party_to_the_shipment_asks_nothing() -> None:
    """Being named in the question does not make one a party."""
    stranger = STRANGERS[0]

    with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
        Inquiry.open(opening(stranger), parties={SELLER, CARRIER}, by=stranger, at=day(5))


def test_only_a_party_to_the_shipment_is_asked() -> None:
    """Another carrier knows nothing of it."""
    other = Opening(
        id=InquiryId("i-1"),
        shipment=ShipmentId("sh-1"),
        opener=SELLER,
        respondent=STRANGERS[2],
        question=question(),
    )

    with pytest.raises(RefusedError, match="carrier DHL has nothing to do with shipment sh-1"):
        Inquiry.open(other, parties={SELLER, BUYER, CARRIER}, by=SELLER, at=day(5))


def test_nobody_talks_to_themselves() -> None:
    """Opener and respondent are different parties."""
    with pytest.raises(InvalidValueError, match="is the opener"):
        attrs.evolve(opening(), respondent=SELLER)


def test_an_inquiry_needs_an_identifier() -> None:
    """What no log could show is no identifier."""
    with pytest.raises(InvalidValueError):
        attrs.evolve(opening(), id=InquiryId(""))


def test_an_inquiry_is_rebuilt_from_its_steps() -> None:
    """State and deadline follow from the history alone."""
    inquiry = answered().ask(question(until=20), by=SELLER, at=day(8))

    assert Inquiry.replay(inquiry.history) == inquiry
    assert inquiry.id == "i-1"


def test_a_history_that_does_not_begin_is_refused() -> None:
    """An inquiry begins with its first question."""
    with pytest.raises(InvalidValueError, match="'answer' is not how one begins"):
        Inquiry.replay(answered().history[1:])


def test_what_was_asked_stays_out_of_the_repr() -> None:
    """People write names into questions."""
    assert "Chan" not in repr(opened())
