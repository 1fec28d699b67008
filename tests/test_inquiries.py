"""Inquiries: seller, buyer and carrier talk about a shipment, and somebody owes an answer."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import permutations

import attrs
import pytest

from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.inquiries import (
    INQUIRY as TABLE,
)
from apaclogistics.inquiries import (
    Inquiry,
    InquiryAction,
    InquiryState,
    Recourse,
    allowed,
    deadline,
)
from apaclogistics.inquiry_policies import Closing
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    RefusedError,
)
from apaclogistics.threads import Opening, Question, Resolution, Settled
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.identifiers import InquiryId, ShipmentId
from apaclogistics.values.instants import Instant, instant
from tests.samples import BUYER, CARRIER, PARTIES, PLATFORM, SELLER, STRANGERS, day
from tests.tables import Verbs, announce, changed, expected, outcomes, rows_of, written

ROWS = written("""
    OPEN       answer    ANSWERED   SBC
    ANSWERED   ask       OPEN       SBC
    OPEN       write     OPEN       SBCP
    ANSWERED   write     ANSWERED   SBCP
    ESCALATED  write     ESCALATED  SBCP
    OPEN       resolve   RESOLVED   SBCP
    ANSWERED   resolve   RESOLVED   SBCP
    OPEN       escalate  ESCALATED  SB
    ANSWERED   escalate  ESCALATED  SB
    OPEN       expire    EXPIRED    P
    ANSWERED   expire    EXPIRED    P
    ESCALATED  decide    RESOLVED   P
""")
SHIPMENT = frozenset({SELLER, BUYER, CARRIER})
TICK = timedelta(microseconds=1)
CLOSING = Closing(by=day(20))
STATES = ("OPEN", "ANSWERED", "ESCALATED", "RESOLVED", "EXPIRED")

# After the tenth, when the first answer was due, and the last day before the inquiry closes.
NOW = day(20)
DELIVERED = Resolution(settled=Settled.DELIVERY, at=day(9), reference="RA000000015HK")
REFUNDED = Resolution(settled=Settled.REFUND, at=day(8), reference="back-1")

VERBS: Verbs[Inquiry] = {
    "answer": lambda it, by: it.answer("at customs", by=by, at=NOW),
    "ask": lambda it, by: it.ask(question(until=20), by=by, at=NOW),
    "write": lambda it, by: it.write("any news?", by=by, at=NOW),
    "resolve": lambda it, by: it.resolve(on=DELIVERED, by=by, at=NOW),
    "escalate": lambda it, by: it.escalate("no answer", by=by, at=NOW),
    "expire": lambda it, by: it.expire(by=by, at=instant(NOW + TICK)),
    "decide": lambda it, by: it.decide("refunded", by=by, at=NOW),
}


def question(*, until: int = 10) -> Question:
    """Ask where the parcel is, to be answered by a day."""
    return Question("where is the parcel of Chan Tai Man?", day(until))


def opening(
    opener: Actor = SELLER, respondent: Actor = CARRIER, *, closing: Closing | None = CLOSING
) -> Opening:
    """Give what begins an inquiry between two parties."""
    return Opening(
        id=InquiryId("i-1"),
        shipment=ShipmentId("sh-1"),
        opener=opener,
        respondent=respondent,
        question=question(),
        closing=closing,
    )


def opened(
    opener: Actor = SELLER, respondent: Actor = CARRIER, *, closing: Closing | None = CLOSING
) -> Inquiry:
    """Give an inquiry that waits for an answer until the tenth, and closes after the twentieth."""
    begun = opening(opener, respondent, closing=closing)
    return Inquiry.open(begun, parties=SHIPMENT, by=opener, at=day(5))


def answered(
    opener: Actor = SELLER, respondent: Actor = CARRIER, *, closing: Closing | None = CLOSING
) -> Inquiry:
    """Give an inquiry with an answer."""
    inquiry = opened(opener, respondent, closing=closing)
    return inquiry.answer("at customs", by=respondent, at=day(6))


def things(opener: Actor, respondent: Actor) -> dict[str, Inquiry]:
    """Give an inquiry between two parties in each state."""
    inquiry = opened(opener, respondent)
    found = {
        "OPEN": inquiry,
        "ANSWERED": answered(opener, respondent),
        "RESOLVED": inquiry.resolve(by=opener, at=day(6)),
        "EXPIRED": inquiry.expire(by=PLATFORM, at=NOW + TICK),
    }
    if opener is not CARRIER:
        found["ESCALATED"] = inquiry.escalate("no answer", by=opener, at=day(11))
    return found


def codes(reasons: Iterable[Reason]) -> list[str]:
    """Give the codes of reasons."""
    return [reason.code for reason in reasons]


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
            inquiry.escalate("no answer", by=by, at=day(11))

    assert inquiry.recourse is None
    assert set(STATES) - set(things(CARRIER, SELLER)) == {"ESCALATED"}


def test_a_refusal_names_only_what_is_open_to_who_tried() -> None:
    """What the table gives to the role may be for the other party alone."""
    inquiry = opened(BUYER, SELLER)

    with pytest.raises(ActorNotPermittedError) as answering:
        inquiry.answer("Here.", by=BUYER, at=day(4))
    with pytest.raises(ActorNotPermittedError) as resolving:
        inquiry.resolve(by=SELLER, at=day(4))
    with pytest.raises(IllegalTransitionError) as asking:
        inquiry.ask(question(until=20), by=SELLER, at=day(4))
    with pytest.raises(RefusedError) as escalating:
        inquiry.escalate("", by=BUYER, at=day(4))

    assert str(answering.value) == (
        "buyer b-1 may not answer this inquiry: the buyer may write or resolve now"
    )
    assert resolving.value.allowed == asking.value.allowed == ("answer", "write")
    assert escalating.value.allowed == ("write", "resolve")


def test_a_question_says_until_when_an_answer_is_due() -> None:
    """Asking again sets a new date; answering leaves the old one."""
    inquiry = answered()

    again = inquiry.ask(question(until=20), by=SELLER, at=day(8))

    assert inquiry.answer_by.at == day(10)
    assert again.answer_by.at == day(20)
    assert again.state is InquiryState.OPEN


@pytest.mark.parametrize("make", [opened, answered])
def test_an_inquiry_closes_by_itself_after_its_last_instant(make: Callable[[], Inquiry]) -> None:
    """Whether or not it was answered, and whether or not anybody swept in between."""
    with pytest.raises(RefusedError, match="until 2026-03-20T09:00:00Z") as refusal:
        make().expire(by=PLATFORM, at=NOW)

    expired = make().expire(by=PLATFORM, at=NOW + TICK)

    assert codes(refusal.value.reasons) == ["too_early"]
    assert expired.state is InquiryState.EXPIRED


@pytest.mark.parametrize("action", ["answer", "write", "resolve", "escalate"])
def test_what_has_closed_by_itself_takes_nothing_though_nobody_swept(action: str) -> None:
    """The verb's instant decides."""
    by = CARRIER if action == "answer" else SELLER
    late: Verbs[Inquiry] = {
        "answer": lambda it, by: it.answer("at customs", by=by, at=NOW + TICK),
        "write": lambda it, by: it.write("any news?", by=by, at=NOW + TICK),
        "resolve": lambda it, by: it.resolve(by=by, at=NOW + TICK),
        "escalate": lambda it, by: it.escalate("no answer", by=by, at=NOW + TICK),
    }

    with pytest.raises(RefusedError, match="closed by itself at 2026-03-20") as refusal:
        late[action](opened(), by)

    assert codes(refusal.value.reasons) == ["too_late"]


def test_an_inquiry_without_a_closing_stays_open_until_somebody_ends_it() -> None:
    """Nobody said when it is over."""
    inquiry = opened(closing=None)

    with pytest.raises(RefusedError, match="as long as it takes"):
        inquiry.expire(by=PLATFORM, at=day(9000))

    assert not inquiry.has_lapsed(day(9000))
    assert inquiry.answer("found", by=CARRIER, at=day(9000)).state is InquiryState.ANSWERED


def test_a_late_answer_is_an_answer() -> None:
    """Until it closes, better late than never."""
    late = opened().answer("at customs", by=CARRIER, at=NOW)

    assert late.state is InquiryState.ANSWERED


def test_the_platform_resolves_on_delivery_or_refund() -> None:
    """What was asked about has happened, and the step says what and when."""
    resolved = opened().resolve(on=DELIVERED, by=PLATFORM, at=day(9))

    assert resolved.state is InquiryState.RESOLVED
    assert resolved.history[-1].payload == DELIVERED


@pytest.mark.parametrize(
    ("on", "code"),
    [(None, "no_fact"), (DELIVERED, "to_come")],
    ids=["nothing", "a delivery of tomorrow"],
)
def test_the_platform_does_not_resolve_on_nothing(on: Resolution | None, code: str) -> None:
    """An opener may be content; a platform needs a fact."""
    with pytest.raises(RefusedError) as refusal:
        opened().resolve(on=on, by=PLATFORM, at=instant(day(9) - TICK))

    assert codes(refusal.value.reasons) == [code]


def test_the_time_for_the_first_answer_is_over_before_anybody_escalates() -> None:
    """Answered or not: the respondent was told until when there was time."""
    told = {
        opened(): "there is time to answer until 2026-03-10T09:00:00Z",
        answered(): "it was answered, and may be escalated after 2026-03-10T09:00:00Z",
    }
    for inquiry, text in told.items():
        with pytest.raises(RefusedError) as refusal:
            inquiry.escalate("not good enough", by=SELLER, at=day(10))

        assert refusal.value.reasons == (Reason("too_early", text),)
        escalated = inquiry.escalate("not good enough", by=SELLER, at=instant(day(10) + TICK))
        assert escalated.state is InquiryState.ESCALATED


def test_a_refusal_lists_what_else_is_possible_at_that_instant() -> None:
    """Never what was just refused, and nothing that its time has not come for."""
    with pytest.raises(RefusedError) as escalating:
        answered().escalate("not good enough", by=SELLER, at=day(10))
    with pytest.raises(ActorNotPermittedError) as answering:
        opened().answer("Here.", by=SELLER, at=day(10))
    with pytest.raises(ActorNotPermittedError) as later:
        opened().answer("Here.", by=SELLER, at=day(11))

    assert escalating.value.allowed == ("ask", "write", "resolve")
    assert answering.value.allowed == ("write", "resolve")
    assert later.value.allowed == ("write", "resolve", "escalate")


def test_an_inquiry_that_is_not_there_has_no_state_and_allows_nothing() -> None:
    """What may be done to an open one is not to be done yet."""
    with pytest.raises(RefusedError) as refusal:
        Inquiry.open(opening(), parties=SHIPMENT, by=SELLER, at=day(11))

    assert (refusal.value.state, refusal.value.allowed) == ("", ())


def test_asking_again_does_not_take_the_right_to_escalate_away() -> None:
    """The time for the first answer counts."""
    again = answered().ask(question(until=20), by=SELLER, at=day(8))

    assert again.escalate("no answer", by=SELLER, at=day(11)).state is InquiryState.ESCALATED


@pytest.mark.parametrize(
    ("opener", "recourse"),
    [(BUYER, Recourse.PLATFORM), (SELLER, Recourse.CLAIM)],
    ids=["buyer", "seller"],
)
def test_a_buyer_goes_to_the_platform_and_a_seller_to_a_claim(
    opener: Actor, recourse: Recourse
) -> None:
    """Where an escalation leads depends on who asked."""
    assert opened(opener, CARRIER).recourse is recourse


def test_an_escalated_inquiry_waits_for_the_platform() -> None:
    """It has no clock any more, and neither party ends it."""
    inquiry = opened(BUYER, SELLER).escalate("not received", by=BUYER, at=day(11))

    with pytest.raises(RefusedError, match="before the last step"):
        inquiry.decide("refunded", by=PLATFORM, at=day(10))

    assert not inquiry.has_lapsed(day(90))
    assert inquiry.decide("refunded", by=PLATFORM, at=day(90)).state is InquiryState.RESOLVED


def test_a_question_whose_time_is_over_is_refused() -> None:
    """Nobody can answer yesterday; the very instant still counts."""
    with pytest.raises(RefusedError, match="was over before 2026-03-10") as opening_:
        Inquiry.open(opening(), parties=SHIPMENT, by=SELLER, at=instant(day(10) + TICK))
    with pytest.raises(RefusedError) as asking:
        answered().ask(question(until=12), by=SELLER, at=instant(day(12) + TICK))

    assert codes(opening_.value.reasons) == codes(asking.value.reasons) == ["deadline_passed"]
    assert Inquiry.open(opening(), parties=SHIPMENT, by=SELLER, at=day(10)).answer_by.at == day(10)


@pytest.mark.parametrize(("until", "code"), [(9, "moved_back"), (21, "after_closing")])
def test_a_deadline_moves_neither_back_nor_behind_the_closing(until: int, code: str) -> None:
    """What the respondent was given stays given."""
    with pytest.raises(RefusedError) as refusal:
        answered().ask(question(until=until), by=SELLER, at=day(8))

    assert codes(refusal.value.reasons) == [code]


@pytest.mark.parametrize("until", [10, 20])
def test_a_deadline_may_stay_or_move_to_the_very_closing(until: int) -> None:
    """Nobody loses time by either."""
    asked = answered().ask(question(until=until), by=SELLER, at=day(8))

    assert asked.answer_by.at == day(until)


def test_without_a_closing_a_question_may_be_due_at_any_later_time() -> None:
    """There is nothing to lie behind."""
    again = answered(closing=None).ask(question(until=300), by=SELLER, at=day(8))

    assert again.answer_by.at == day(300)


def test_nothing_closes_before_its_answer_is_due() -> None:
    """Such an opening contradicts itself."""
    with pytest.raises(InvalidValueError, match="is before the answer is due"):
        opening(closing=Closing(by=day(9)))


def test_what_stands_in_the_way_of_asking_is_told() -> None:
    """Such as another open inquiry."""
    hindrance = Reason("inquiry_open", "inquiry i-0 is OPEN")

    with pytest.raises(RefusedError, match="inquiry i-0 is OPEN"):
        Inquiry.open(opening(), parties=SHIPMENT, hindrances=[hindrance], by=SELLER, at=day(5))


# The thread, and who takes part.


def test_a_thread_holds_what_was_said_and_shown_in_order() -> None:
    """Who, when, and which evidence, each piece of it once."""
    photo = Evidence(EvidenceKind.PHOTOGRAPH, "file-1")
    shown = Question("where is it?", day(10), (photo,))
    begun = attrs.evolve(opening(), question=shown)
    inquiry = Inquiry.open(begun, parties=SHIPMENT, by=SELLER, at=day(5))

    inquiry = inquiry.answer("at customs", by=CARRIER, at=day(6), evidence=[photo])
    inquiry = inquiry.ask(question(until=12), by=SELLER, at=day(7))
    inquiry = inquiry.write("any news?", by=PLATFORM, at=day(8))
    inquiry = inquiry.escalate("no answer", by=SELLER, at=day(13))
    ended = inquiry.decide("", by=PLATFORM, at=day(14))

    thread = ended.thread
    said = [(message.by, message.at, message.text) for message in thread.messages]
    assert (thread.inquiry, thread.shipment) == ("i-1", "sh-1")
    assert said == [
        (SELLER, day(5), "where is it?"),
        (CARRIER, day(6), "at customs"),
        (SELLER, day(7), "where is the parcel of Chan Tai Man?"),
        (PLATFORM, day(8), "any news?"),
        (SELLER, day(13), "no answer"),
    ]
    assert thread.evidence == (photo,)


def test_a_note_on_what_settles_it_is_part_of_the_thread() -> None:
    """People want to read why it ended."""
    noted = attrs.evolve(DELIVERED, note="left with a neighbour")

    resolved = opened().resolve(on=noted, by=PLATFORM, at=day(9))

    assert resolved.thread.messages[-1].text == "left with a neighbour"


def test_somebody_else_may_take_part() -> None:
    """They write, and they neither answer nor end it."""
    begun = attrs.evolve(opening(), others=frozenset({BUYER}))
    inquiry = Inquiry.open(begun, parties=SHIPMENT, by=SELLER, at=day(5))

    written = inquiry.write("the door bell is broken", by=BUYER, at=day(6))

    assert written.state is InquiryState.OPEN
    with pytest.raises(ActorNotPermittedError):
        inquiry.answer("it is here", by=BUYER, at=day(6))
    with pytest.raises(ActorNotPermittedError):
        opened().write("let me see", by=BUYER, at=day(6))


def test_a_stranger_does_not_take_part() -> None:
    """Reading along is for the parties of the shipment."""
    begun = attrs.evolve(opening(), others=frozenset(STRANGERS))

    with pytest.raises(RefusedError) as refusal:
        Inquiry.open(begun, parties=SHIPMENT, by=SELLER, at=day(5))

    assert codes(refusal.value.reasons) == ["no_party"] * len(STRANGERS)


def test_a_claim_takes_over_what_its_claimant_escalated() -> None:
    """A seller's inquiry about the shipment that is claimed for."""
    escalated = opened().escalate("no answer", by=SELLER, at=day(11))

    assert escalated.against_claim(ShipmentId("sh-1"), SELLER) == ()


@pytest.mark.parametrize(
    ("inquiry", "shipment", "claimant", "expected"),
    [
        (opened(), "sh-1", SELLER, ["not_escalated"]),
        (
            opened(BUYER, SELLER).escalate("", by=BUYER, at=day(11)),
            "sh-1",
            BUYER,
            ["not_escalated"],
        ),
        (
            opened().escalate("", by=SELLER, at=day(11)),
            "sh-2",
            BUYER,
            ["other_shipment", "not_theirs"],
        ),
    ],
    ids=["it runs", "it went to the platform", "it is about something else of somebody else"],
)
def test_a_claim_takes_nothing_else_over(
    inquiry: Inquiry, shipment: str, claimant: Actor, expected: list[str]
) -> None:
    """Each reason is given."""
    assert codes(inquiry.against_claim(ShipmentId(shipment), claimant)) == expected


# For a user interface.


@pytest.mark.parametrize(
    ("at", "actor", "expected"),
    [
        (day(5), SELLER, {"write": day(20), "resolve": day(20)}),
        (day(5), CARRIER, {"answer": day(10), "write": day(20)}),
        (day(11), SELLER, {"write": day(20), "resolve": day(20), "escalate": day(20)}),
        (day(11), CARRIER, {"answer": day(20), "write": day(20)}),
        (day(11), PLATFORM, {"write": day(20), "resolve": day(20)}),
        (day(21), SELLER, {}),
        (day(21), CARRIER, {}),
        (day(21), PLATFORM, {"expire": None}),
        (day(11), BUYER, {}),
        (day(4), SELLER, {}),
    ],
)
def test_it_is_known_who_may_do_what_and_until_when(
    at: Instant, actor: Actor, expected: Mapping[str, Instant | None]
) -> None:
    """The deadlines count, not only the table."""
    found = allowed(opened(), actor, at)

    assert {action.value: until for action, until in found.items()} == expected


def test_nobody_may_do_anything_before_the_last_step() -> None:
    """What may follow the opening may be too early all the same."""
    at = answered().history[-1].at

    assert allowed(answered(), SELLER, at)
    assert allowed(answered(), SELLER, instant(at - TICK)) == {}


def test_the_deadline_is_that_of_whoever_is_waited_for() -> None:
    """The respondent answers, then the opener is content or escalates."""
    asked, replied = opened(), answered()
    escalated = asked.escalate("no answer", by=SELLER, at=day(11))

    assert (asked.waits_for, deadline(asked)) == (CARRIER, Deadline(day(10)))
    assert (replied.waits_for, deadline(replied)) == (SELLER, Deadline(day(20)))
    assert (escalated.waits_for, deadline(escalated)) == (None, None)
    assert deadline(answered(closing=None)) is None


@pytest.mark.parametrize(
    ("delivered_at", "on_delivery", "expected"),
    [
        (None, timedelta(hours=24), False),
        (day(9), None, False),
        (day(9), timedelta(hours=24), True),
    ],
)
def test_a_delivery_settles_what_asks_for_just_that(
    delivered_at: Instant | None, on_delivery: timedelta | None, *, expected: bool
) -> None:
    """While it runs."""
    closing = Closing(by=day(20), on_delivery=on_delivery)
    inquiry = opened(BUYER, SELLER, closing=closing)

    facts = [DELIVERED] if delivered_at else []
    assert inquiry.settled_by(facts) == (DELIVERED if expected else None)
    assert inquiry.resolve(by=BUYER, at=day(9)).settled_by(facts) is None
    assert opened(closing=None).settled_by(facts) is None


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (Closing(by=day(20)), None),
        (Closing(by=day(20), on_delivery=TICK), DELIVERED),
        (Closing(by=day(20), on_refund=TICK), REFUNDED),
        (Closing(by=day(20), on_delivery=TICK, on_refund=TICK), REFUNDED),
    ],
)
def test_of_what_settles_it_the_first_counts(closing: Closing, expected: Resolution | None) -> None:
    """As far as its closing says that it does."""
    inquiry = opened(BUYER, SELLER, closing=closing)

    assert inquiry.settled_by([DELIVERED, REFUNDED]) == expected
    assert inquiry.settled_by([REFUNDED, DELIVERED]) == expected


@pytest.mark.parametrize(
    ("fact", "code"), [(DELIVERED, "delivered"), (REFUNDED, "refunded")], ids=["came", "refunded"]
)
def test_what_settles_it_leaves_nothing_to_escalate_and_nobody_to_wait_for(
    fact: Resolution, code: str
) -> None:
    """What is offered is what is taken."""
    closing = Closing(by=day(20), on_delivery=TICK, on_refund=TICK)
    inquiry = opened(BUYER, SELLER, closing=closing)

    with pytest.raises(RefusedError) as refusal:
        inquiry.escalate("not received", facts=[fact], by=BUYER, at=NOW)

    assert codes(refusal.value.reasons) == [code]
    assert InquiryAction.ESCALATE in allowed(inquiry, BUYER, NOW)
    assert InquiryAction.ESCALATE not in allowed(inquiry, BUYER, NOW, [fact])
    assert deadline(inquiry) == Deadline(day(10))
    assert deadline(inquiry, [fact]) is None
    assert deadline(opened(), [fact]) == Deadline(day(10))


# Who asks whom, and replaying.


@pytest.mark.parametrize("somebody", [*STRANGERS, BUYER, CARRIER], ids=str)
def test_nobody_asks_in_the_name_of_another(somebody: Actor) -> None:
    """The opener opens, or the platform does."""
    with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
        Inquiry.open(opening(), parties=SHIPMENT, by=somebody, at=day(5))


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
        Inquiry.open(other, parties=SHIPMENT, by=SELLER, at=day(5))


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
