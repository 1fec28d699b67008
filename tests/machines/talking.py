"""Rules of the after-sales machine about inquiries: asked, answered, escalated, closed in time."""

from collections.abc import Iterable, Iterator
from typing import assert_never

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from hypothesis.strategies import DataObject

from apaclogistics.catalogue.inquiries import EBAY_ITEM_NOT_RECEIVED
from apaclogistics.fulfilment import Action, Phase
from apaclogistics.inquiries import Inquiry, InquiryAction, InquiryState
from apaclogistics.inquiry_policies import Closing
from apaclogistics.lifecycle import Actor
from apaclogistics.threads import Question, Settled
from apaclogistics.values.instants import instant
from tests.disputes import Word, fits_inquiry, inquiry_verbs, sensible_words, wild_words
from tests.machines.trading import (
    ANYBODY,
    DAY,
    EITHER,
    HOUR,
    MOVES,
    SECOND,
    Trading,
    freshest,
    one_of,
)
from tests.samples import PHONE, PLATFORM
from tests.trades import ACTORS, ESTIMATE, TRADES, Trade, trade_of

ACTIONS = tuple(it for it in InquiryAction if it is not InquiryAction.OPEN)
ENDED = (InquiryState.RESOLVED, InquiryState.EXPIRED)


class Talking(Trading):
    """What parties ask each other about a shipment."""

    @rule(
        trade=EITHER,
        by=st.sampled_from(ACTORS[:-1]),
        asked=st.sampled_from(ACTORS[:-1]),
        hours=st.sampled_from((-1, 1, 24, 48, 200)),
        closing=st.sampled_from((None, 24, 400)),
    )
    def ask_anybody(
        self, trade: Trade, by: Actor, asked: Actor, hours: int, closing: int | None
    ) -> None:
        if by != asked:
            self.ask(trade, by, asked, hours=hours, closing=closing)

    def ask(
        self, trade: Trade, by: Actor, asked: Actor, *, hours: int, closing: int | None
    ) -> None:
        """Ask somebody, to be answered within hours; perhaps it closes by itself."""
        due = instant(self.now + hours * HOUR)
        closes = None if closing is None else Closing(by=instant(due + closing * HOUR))

        self.command(
            lambda: self.platform.inquiries.open(
                trade.shipment, asked, Question("Where is it?", due), by=by, closing=closes
            ),
            by=by,
            whose=trade.parties,
            may={by, asked} <= trade.parties
            and hours * HOUR >= self.platform.least_answer_time
            and not self.has_asked(trade, by),
            what=("inquiry", InquiryAction.OPEN),
        )

    def has_asked(self, trade: Trade, by: Actor) -> bool:
        """Tell whether somebody has an inquiry about a shipment that is not over."""
        return any(
            (it.opening.shipment, it.opening.opener) == (trade.shipment, by)
            and it.state not in ENDED
            and not (it.closes_at is not None and self.now > it.closes_at)
            for it in self.view.inquiries
        )

    @rule(trade=EITHER, by=ANYBODY, is_theirs=st.booleans())
    def report_missing(self, trade: Trade, by: Actor, *, is_theirs: bool) -> None:
        """Report by eBay's clock: from the day after the estimate on, for thirty days."""
        by = trade.buyer if is_theirs else by
        last = ESTIMATE.latest
        is_completed = self.shipment(trade).phase is Phase.COMPLETED
        is_over = (is_completed and self.has_come(trade)) or self.is_settled(trade)

        self.command(
            lambda: self.platform.inquiries.report_missing(
                trade.shipment,
                "It is not here.",
                EBAY_ITEM_NOT_RECEIVED.rule,
                zone_name="UTC",
                by=by,
            ),
            by=by,
            whose={trade.buyer},
            may=by in (trade.buyer, PLATFORM)
            and last + SECOND <= self.now <= last + 30 * DAY
            and not is_over
            and not self.has_asked(trade, trade.buyer),
            what=("inquiry", InquiryAction.OPEN),
        )

    def is_settled(self, trade: Trade) -> bool:
        """Tell whether all of it has come, or the price of what is in it was given back."""
        return any(self.is_settled_by(trade, settled) for settled in Settled)

    def is_settled_by(self, trade: Trade, settled: Settled) -> bool:
        match settled:
            case Settled.DELIVERY:
                delivered_at = self.shipment(trade).delivered_at
                return delivered_at is not None and delivered_at <= self.now
            case Settled.RECEIPT:
                history = self.shipment(trade).history
                is_said = any(step.action is Action.CONFIRM_RECEIPT for step in history)
                return is_said and self.has_come(trade)
            case Settled.REFUND:
                return self.tills[trade.order].has_given_back(PHONE)
            case _:
                assert_never(settled)

    def has_come(self, trade: Trade) -> bool:
        """Tell whether a receipt is of all: of several, none is lost, destroyed or came back."""
        phases = [it.phase for it in self.shipment(trade).trackings.values()]
        gone = {Phase.LOST, Phase.DESTROYED, Phase.RETURNED}
        return len(phases) == 1 or gone.isdisjoint(phases)

    def say(self, inquiry: Inquiry, action: InquiryAction, by: Actor, word: Word) -> None:
        self.command(
            inquiry_verbs(self.platform.inquiries, inquiry.id, by, word)[action],
            by=by,
            whose=inquiry.parties,
            may=self.may_say(inquiry, action, by)
            and fits_inquiry(
                inquiry, action, by, word, self.now, recorded=self.refunds_on_record(inquiry)
            ),
            what=("inquiry", action),
        )

    def refunds_on_record(self, inquiry: Inquiry) -> list[str]:
        """Name what was given back of the order that an inquiry is about."""
        order = self.platform.orders.get(trade_of(inquiry).order)
        return [refund.id for refund in order.refunds]

    def with_record(self, inquiry: Inquiry, word: Word) -> Word:
        """Let a word name a refund that is on record, or none where there is none."""
        names = self.refunds_on_record(inquiry)
        if word.resolution is None or not names:
            return attrs.evolve(word, resolution=None)
        return attrs.evolve(word, resolution=attrs.evolve(word.resolution, reference=names[-1]))

    def may_say(self, inquiry: Inquiry, action: InquiryAction, by: Actor) -> bool:
        """Tell whether it is allowed; what is missing is not escalated once that is settled."""
        is_allowed = action in self.platform.inquiries.allowed(inquiry.id, by)
        closing = inquiry.opening.closing
        is_about_that = closing is not None and closing.policy != ""
        is_over = is_about_that and self.is_settled(trade_of(inquiry))
        assert not (is_allowed and is_over and action is InquiryAction.ESCALATE)
        return is_allowed

    @precondition(lambda self: self.view.inquiries)
    @rule(by=ANYBODY, action=st.sampled_from(ACTIONS), data=st.data())
    def say_anything(self, by: Actor, action: InquiryAction, data: DataObject) -> None:
        inquiry = one_of(data, self.view.inquiries)
        self.say(inquiry, action, by, data.draw(wild_words(inquiry, self.now)))

    @rule(moves=MOVES, data=st.data())
    def they_talk(self, moves: int, data: DataObject) -> None:
        self.exchange(self.talk_next, moves, data)

    def talk_next(self, data: DataObject) -> None:
        """Do what is open to somebody, or ask where nobody has."""
        fresh = freshest([it for it in self.view.inquiries if it.is_open])
        trade, chance = one_of(data, TRADES), one_of(data, range(8))
        if fresh and chance in (1, 2):
            self.outwait(fresh[-1])
        by, ways = one_of(data, sorted(trade.parties, key=str)), list(self.sayable(fresh))
        if not ways or (chance == 0 and not self.has_asked(trade, by)):
            others = sorted(trade.parties - {by}, key=str)
            closing = one_of(data, (None, 24, 400))
            self.ask(trade, by, one_of(data, others), hours=48, closing=closing)
            return
        inquiry, action, by = one_of(data, self.least_done(ways))
        word = self.with_record(inquiry, data.draw(sensible_words(inquiry, self.now)))
        recorded = self.refunds_on_record(inquiry)
        assert fits_inquiry(inquiry, action, by, word, self.now, recorded=recorded)
        self.say(inquiry, action, by, word)

    def sayable(
        self, inquiries: Iterable[Inquiry]
    ) -> Iterator[tuple[Inquiry, InquiryAction, Actor]]:
        return (
            (inquiry, action, by)
            for inquiry in inquiries
            for by in (*sorted(inquiry.parties, key=str), PLATFORM)
            for action in self.platform.inquiries.allowed(inquiry.id, by)
            if self.may_say(inquiry, action, by)
            if (action, by) != (InquiryAction.RESOLVE, PLATFORM) or self.refunds_on_record(inquiry)
        )

    @precondition(lambda self: self.view.inquiries)
    @rule(by=ANYBODY | st.just(PLATFORM), settled=st.sampled_from(Settled), data=st.data())
    def resolve_on_a_fact(self, by: Actor, settled: Settled, data: DataObject) -> None:
        """End it as the platform, since all has come or was given back; not before it has."""
        inquiry = one_of(data, self.view.inquiries)
        desk = self.platform.inquiries
        verb = {
            Settled.DELIVERY: desk.resolve_on_delivery,
            Settled.RECEIPT: desk.resolve_on_receipt,
            Settled.REFUND: desk.resolve_on_refund,
        }[settled]

        self.command(
            lambda: verb(inquiry.id, by=by),
            by=by,
            whose=inquiry.parties,
            may=self.is_settled_by(trade_of(inquiry), settled)
            and InquiryAction.RESOLVE in desk.allowed(inquiry.id, by),
            what=("inquiry", InquiryAction.RESOLVE),
        )
