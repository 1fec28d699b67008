"""What is said, shown and demanded in a dispute, sensibly or not, and what comes of each.

A `Word` is all that somebody could give along with a command of an inquiry or a claim.  A sensible
one is within every bound; a wild one may be too much, too late, or nothing at all.  What is to come
of it is worked out here from dates and plain numbers.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apaclogistics.application.claims import ClaimDesk
from apaclogistics.application.inquiries import InquiryDesk
from apaclogistics.catalogue.couriers import COURIER
from apaclogistics.catalogue.hongkong_post import E_EXPRESS_LOSS
from apaclogistics.claims import Claim, ClaimAction, ClaimState, EvidenceRequest, Figured
from apaclogistics.compensation import (
    Cap,
    ClaimKind,
    ClaimTerms,
    CompensationPolicy,
    DelayShare,
    EvidenceNeed,
    Term,
)
from apaclogistics.evidence import Evidence, EvidenceKind, EvidenceLimits
from apaclogistics.inquiries import Inquiry, InquiryAction
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.threads import Question, Resolution, Settled
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.identifiers import ClaimId, InquiryId
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.quantities import Weight
from tests.samples import day, usd

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
_MOST_PIECES: Final = 4
# Of the times that anybody comes up with, those are long enough to answer an offer that are no
# shorter; for evidence it is twenty days.
_FAIR: Final = 6 * DAY
_PHOTOGRAPHED: Final = frozenset({ClaimKind.DAMAGE, ClaimKind.MISSING_CONTENTS})


def _days(count: int) -> Period:
    return Period(count, PeriodUnit.CALENDAR_DAYS)


# Takes everything, sets every term, and takes back what turns up.
GENEROUS: Final = CompensationPolicy(
    name="a generous example",
    source="an example",
    zone_name="Asia/Hong_Kong",
    silence=Term(_days(10)),
    caps=(Cap(Weight(1), usd("100.00")),),
    covers=frozenset(ClaimKind),
    delay=DelayShare(percent="5", days=1, most="50"),
    attempt_is_delivery_status=False,
    declared_loss_suffices=True,
    terms=ClaimTerms(
        needs=(EvidenceNeed(_PHOTOGRAPHED, frozenset({EvidenceKind.PHOTOGRAPH})),),
        limits=EvidenceLimits(most=_MOST_PIECES),
        inform_within=_days(3),
        decide_within=_days(30),
        contest_within=_days(14),
        rule_within=_days(10),
        settle_within=_days(10),
    ),
)
POLICIES: Final = (GENEROUS, GENEROUS, COURIER, E_EXPRESS_LOSS)
RATES: Final = (ExchangeRate(base="USD", quote="HKD", rate="7.8", at=day(1), source="an example"),)
# What each policy wants to see at once.
NEEDED: Final[Mapping[tuple[str, ClaimKind], EvidenceKind]] = {
    **{(GENEROUS.name, kind): EvidenceKind.PHOTOGRAPH for kind in _PHOTOGRAPHED},
    (COURIER.name, ClaimKind.LOSS): EvidenceKind.INVOICE,
    (COURIER.name, ClaimKind.DAMAGE): EvidenceKind.INVOICE,
}
INVOICE: Final = Evidence(EvidenceKind.INVOICE, "file-1")
PHOTOGRAPH: Final = Evidence(EvidenceKind.PHOTOGRAPH, "file-2")
STATEMENT: Final = Evidence(EvidenceKind.STATEMENT, "file-3")
SHOWN: Final = ((), (INVOICE,), (PHOTOGRAPH,), (INVOICE, PHOTOGRAPH))


@attrs.frozen(kw_only=True)
class Word:
    """What is given along with a command; each takes of it what it needs."""

    figure: Figured
    request: EvidenceRequest
    question: Question
    resolution: Resolution | None
    evidence: tuple[Evidence, ...]


def _word(
    amount: Money,
    expires_at: Instant | None,
    submit_by: Instant,
    answer_by: Instant,
    settled_at: Instant | None,
    evidence: tuple[Evidence, ...],
) -> Word:
    fact = (
        None
        if settled_at is None
        else Resolution(settled=Settled.REFUND, at=settled_at, reference="a refund")
    )
    return Word(
        figure=Figured(amount, "as agreed", expires_at),
        request=EvidenceRequest(frozenset({EvidenceKind.INVOICE}), submit_by),
        question=Question("Where is it?", answer_by),
        resolution=fact,
        evidence=evidence,
    )


def sensible_words(thing: Claim | Inquiry, now: Instant) -> SearchStrategy[Word]:
    """Give words that nobody could refuse for what they are."""
    demand = thing.demand.amount if isinstance(thing, Claim) else usd("1.00")
    least = _least(thing) if isinstance(thing, Claim) else 1
    soon = st.integers(6, 13).map(lambda days: instant(now + days * DAY))
    return st.builds(
        _word,
        st.integers(least, demand.minor).map(lambda minor: Money(minor, demand.currency)),
        st.none() | soon,
        st.just(instant(now + 20 * DAY)),
        st.just(_answerable(thing, now)) if isinstance(thing, Inquiry) else soon,
        st.just(instant(now - HOUR)),
        st.sampled_from(((INVOICE,), (INVOICE, STATEMENT))),
    )


def _least(claim: Claim) -> int:
    """Give the least that may be put on the table: a counter-offer is not below the offer."""
    offered = claim.on_the_table if claim.state is ClaimState.OFFERED else None
    return 1 if offered is None else offered.minor


def _answerable(inquiry: Inquiry, now: Instant) -> Instant:
    """Give an instant that takes no time away and is not behind the closing."""
    due = instant(max(now, inquiry.answer_by.at) + DAY)
    return due if inquiry.closes_at is None else min(due, inquiry.closes_at)


def wild_words(thing: Claim | Inquiry, now: Instant) -> SearchStrategy[Word]:
    """Give words of which some are out of every bound."""
    most = thing.demand.amount.minor if isinstance(thing, Claim) else 1
    amounts = st.builds(Money, st.integers(-1, most + 1), st.sampled_from(("USD", "HKD")))
    whenever = st.sampled_from((-30 * DAY, -HOUR, 0 * HOUR, HOUR, 20 * DAY)).map(
        lambda span: instant(now + span)
    )
    pieces = st.lists(st.sampled_from((INVOICE, PHOTOGRAPH)), max_size=_MOST_PIECES + 1)
    return st.builds(
        _word,
        amounts,
        st.none() | whenever,
        whenever,
        whenever,
        st.none() | whenever,
        pieces.map(tuple),
    )


def fits_claim(claim: Claim, action: ClaimAction, word: Word, now: Instant) -> bool:
    """Tell whether the word may be said with a command of a claim that is allowed."""
    match action:
        case ClaimAction.OFFER:
            end = word.figure.expires_at
            return _is_within(claim, word.figure) and (end is None or end - now >= _FAIR)
        case ClaimAction.COUNTER:
            is_enough = word.figure.amount.minor >= _least(claim)
            return is_enough and _is_within(claim, word.figure) and _holds(word.figure, now)
        case ClaimAction.DECIDE_FOR:
            return _is_within(claim, word.figure)
        case ClaimAction.REQUEST_EVIDENCE:
            return word.request.submit_by - now >= 20 * DAY
        case ClaimAction.SUBMIT_EVIDENCE:
            most = claim.demand.terms.limits.most or 1000
            # What was asked for is an invoice, always.
            is_shown = EvidenceKind.INVOICE in {it.kind for it in (*claim.evidence, *word.evidence)}
            return is_shown and 0 < len(word.evidence) <= most - len(claim.evidence)
        case _:
            return True


def _is_within(claim: Claim, figure: Figured) -> bool:
    demand = claim.demand.amount
    return figure.amount.currency == demand.currency and 0 < figure.amount.minor <= demand.minor


def _holds(figure: Figured, now: Instant) -> bool:
    return figure.expires_at is None or figure.expires_at >= now


def fits_inquiry(
    inquiry: Inquiry,
    action: InquiryAction,
    by: Actor,
    word: Word,
    now: Instant,
    *,
    recorded: Collection[str],
) -> bool:
    """Tell whether the word may be said with a command of an inquiry that is allowed.

    `recorded` are the names of the refunds that are on record.
    """
    match action:
        case InquiryAction.ASK:
            due, closes_at = word.question.answer_by.at, inquiry.closes_at
            is_in_line = due >= inquiry.answer_by.at and (closes_at is None or due <= closes_at)
            return is_in_line and due >= now
        case InquiryAction.RESOLVE:
            fact = word.resolution
            if fact is None:
                return by.role is not Role.PLATFORM
            return fact.at <= now and fact.reference in recorded
        case _:
            return True


def claim_verbs(
    desk: ClaimDesk, id: ClaimId, by: Actor, word: Word
) -> Mapping[ClaimAction, Callable[[], Claim]]:
    """Give what can be done to a claim that was filed."""
    return {
        ClaimAction.ACKNOWLEDGE: lambda: desk.acknowledge(id, by=by),
        ClaimAction.REQUEST_EVIDENCE: lambda: desk.request_evidence(id, word.request, by=by),
        ClaimAction.SUBMIT_EVIDENCE: lambda: desk.submit_evidence(id, word.evidence, by=by),
        ClaimAction.OFFER: lambda: desk.offer(id, word.figure, by=by),
        ClaimAction.COUNTER: lambda: desk.counter(id, word.figure, by=by),
        ClaimAction.ACCEPT: lambda: desk.accept(id, by=by),
        ClaimAction.REJECT: lambda: desk.reject(id, "no proof", by=by),
        ClaimAction.ESCALATE: lambda: desk.escalate(id, "it is not right", by=by),
        ClaimAction.DECIDE_FOR: lambda: desk.decide_for(id, word.figure, by=by),
        ClaimAction.DECIDE_AGAINST: lambda: desk.decide_against(id, "no proof", by=by),
        ClaimAction.EXPIRE: lambda: desk.expire(id, by=by),
        ClaimAction.WITHDRAW: lambda: desk.withdraw(id, by=by),
        ClaimAction.SETTLE: lambda: desk.settle(id, by=by),
        ClaimAction.RECOVER: lambda: desk.recover(id, "it turned up", by=by),
    }


def inquiry_verbs(
    desk: InquiryDesk, id: InquiryId, by: Actor, word: Word
) -> Mapping[InquiryAction, Callable[[], Inquiry]]:
    """Give what can be done to an inquiry that was opened."""
    shown = word.evidence
    return {
        InquiryAction.ANSWER: lambda: desk.answer(id, "On its way.", by=by, evidence=shown),
        InquiryAction.ASK: lambda: desk.ask(id, word.question, by=by),
        InquiryAction.WRITE: lambda: desk.write(id, "Well?", by=by, evidence=shown),
        InquiryAction.RESOLVE: lambda: desk.resolve(id, by=by, on=word.resolution),
        InquiryAction.ESCALATE: lambda: desk.escalate(id, "no answer", by=by),
        InquiryAction.EXPIRE: lambda: desk.expire(id, by=by),
        InquiryAction.DECIDE: lambda: desk.decide(id, "refund it", by=by),
    }
