"""Rules of the after-sales machine about claims: filed, negotiated, decided, paid, taken back."""

from collections.abc import Iterable, Iterator

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from hypothesis.strategies import DataObject

from apaclogistics.claims import CLAIM, Claim, ClaimAction, ClaimState, allowed
from apaclogistics.compensation import ClaimKind, CompensationPolicy
from apaclogistics.evidence import Evidence
from apaclogistics.inquiries import Inquiry, InquiryState
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.values.identifiers import ParcelId
from apaclogistics.values.money import Money
from tests.disputes import (
    GENEROUS,
    INVOICE,
    NEEDED,
    PHOTOGRAPH,
    POLICIES,
    RATES,
    SHOWN,
    Word,
    claim_verbs,
    fits_claim,
    sensible_words,
    wild_words,
)
from tests.machines.trading import ANYBODY, EITHER, OF_FREIGHT, Trading, freshest, one_of
from tests.samples import PLATFORM, rate_card
from tests.trades import ACTORS, TRADES, Trade, cents, trade_of

ACTIONS = tuple(it for it in ClaimAction if it is not ClaimAction.FILE)
# A claim takes many steps from filing to recovery.
LONG = st.integers(3, 12)
# What others have claimed, or a buyer got back, may leave too little, or leave nobody able to tell.
BOUNDED = (ClaimAction.ACCEPT, ClaimAction.ESCALATE, ClaimAction.DECIDE_FOR)
BOUNDS = ("too_much", "other_currency", "not_comparable")


class Arguing(Trading):
    """What is demanded for a parcel, and what comes of it."""

    @rule(
        trade=EITHER,
        kind=st.sampled_from(ClaimKind),
        policy=st.sampled_from(POLICIES),
        number=st.integers(0, 1),
        minor=st.sampled_from((None, None, 0, 700, 2500)),
        data=st.data(),
    )
    def file_anything(
        self,
        *,
        trade: Trade,
        kind: ClaimKind,
        policy: CompensationPolicy,
        number: int,
        minor: int | None,
        data: DataObject,
    ) -> None:
        """Claim for a parcel, with evidence or without, perhaps going on from an inquiry."""
        self.file(
            trade,
            kind,
            policy,
            number,
            by=one_of(data, (trade.seller, trade.seller, trade.buyer, *ACTORS)),
            amount=None if minor is None else cents(minor),
            shown=one_of(data, SHOWN),
            inquiry=one_of(data, (None, None, *self.view.inquiries)),
        )

    def file(
        self,
        trade: Trade,
        kind: ClaimKind,
        policy: CompensationPolicy,
        number: int,
        *,
        by: Actor,
        amount: Money | None,
        shown: tuple[Evidence, ...],
        inquiry: Inquiry | None,
    ) -> None:
        parcel = trade.parcels[number % len(trade.parcels)].id
        desk, card = self.platform.claims, rate_card()
        due = desk.assess(trade.shipment, parcel, kind, policy, rate_card=card, rates=RATES).amount

        self.command(
            lambda: desk.file(
                trade.shipment,
                parcel,
                kind,
                policy,
                by=by,
                amount=amount,
                rate_card=card,
                rates=RATES,
                evidence=shown,
                inquiry=inquiry.id if inquiry else None,
            ),
            by=by,
            whose=trade.parties,
            may=by in (trade.seller, trade.buyer)
            and due is not None
            and (amount or due).minor > 0
            and is_shown(policy, kind, shown, inquiry)
            and not (by.role is Role.BUYER and kind in OF_FREIGHT)
            and not self.in_the_way(trade, parcel, kind, by)
            and (inquiry is None or goes_on(inquiry, trade, by)),
            what=("claim", ClaimAction.FILE),
            unless=BOUNDS,
        )

    def in_the_way(self, trade: Trade, parcel: ParcelId, kind: ClaimKind, by: Actor) -> list[Claim]:
        """Give the claims for the same that may be paid yet, and their own that were or are rejected."""
        asked = (trade.shipment, parcel, kind)
        return [
            claim
            for claim in self.view.claims
            if (claim.demand.shipment, claim.demand.parcel, claim.demand.kind) == asked
            and (claim.is_open_at(self.now) or claim.state is ClaimState.SETTLED)
            and (claim.demand.claimant == by or claim.state not in CLAIM.final)
        ]

    def argue(self, claim: Claim, action: ClaimAction, by: Actor, word: Word) -> None:
        self.command(
            claim_verbs(self.platform.claims, claim.id, by, word)[action],
            by=by,
            whose=claim.parties,
            may=self.may_argue(claim, action, by) and fits_claim(claim, action, word, self.now),
            what=("claim", action),
            unless=BOUNDS if action in BOUNDED else (),
        )

    def may_argue(self, claim: Claim, action: ClaimAction, by: Actor) -> bool:
        """Tell whether it is allowed, and no other claim for the same has come between."""
        about = claim.demand
        others = self.in_the_way(trade_of(claim), about.parcel, about.kind, about.claimant)
        is_hindered = action is ClaimAction.ESCALATE and any(it.id != claim.id for it in others)
        is_against = self.outcome(claim).against(action, by)
        return action in set(allowed(claim, by, self.now)) and not (is_hindered or is_against)

    @precondition(lambda self: self.view.claims)
    @rule(by=ANYBODY, action=st.sampled_from(ACTIONS), data=st.data())
    def argue_anything(self, by: Actor, action: ClaimAction, data: DataObject) -> None:
        claim = one_of(data, self.view.claims)
        self.argue(claim, action, by, data.draw(wild_words(claim, self.now)))

    @rule(moves=LONG, data=st.data())
    def they_argue(self, moves: int, data: DataObject) -> None:
        self.exchange(self.argue_next, moves, data)

    @rule(moves=LONG, data=st.data())
    def they_argue_on(self, moves: int, data: DataObject) -> None:
        """Argue, as often again as anything else is done."""
        self.exchange(self.argue_next, moves, data)

    def argue_next(self, data: DataObject) -> None:
        """Do what is open to somebody, mostly where it is not over; or file a claim."""
        running = [it for it in self.view.claims if it.state not in CLAIM.final]
        chance = one_of(data, range(8))
        fresh = freshest(running if chance else self.view.claims)
        if fresh and chance in (2, 3):
            self.outwait(fresh[-1])
        ways = list(self.arguable(fresh))
        if not ways or chance == 1:
            self.claim_something(data)
            return
        claim, action, by = one_of(data, self.least_done(ways))
        self.argue(claim, action, by, data.draw(sensible_words(claim, self.now)))

    def claim_something(self, data: DataObject) -> None:
        """Claim with all that is needed, on the inquiry that was escalated for it if there is one."""
        trade = one_of(data, TRADES)
        by = one_of(data, (trade.seller, trade.buyer))
        escalated = [it for it in self.view.inquiries if goes_on(it, trade, by)]
        self.file(
            trade,
            data.draw(st.sampled_from(ClaimKind)),
            one_of(data, (*POLICIES, GENEROUS, GENEROUS)),
            data.draw(st.integers(0, 1)),
            by=by,
            amount=None,
            shown=(INVOICE, PHOTOGRAPH),
            inquiry=escalated[-1] if escalated else None,
        )

    def arguable(self, claims: Iterable[Claim]) -> Iterator[tuple[Claim, ClaimAction, Actor]]:
        return (
            (claim, action, by)
            for claim in claims
            for by in (*sorted(claim.parties, key=str), PLATFORM)
            for action in allowed(claim, by, self.now)
            if self.may_argue(claim, action, by)
        )


def goes_on(inquiry: Inquiry, trade: Trade, by: Actor) -> bool:
    """Tell whether a claim for a trade may take an inquiry over: a seller's that was escalated."""
    asked = inquiry.opening
    is_theirs = asked.shipment == trade.shipment and asked.opener == by == trade.seller
    return is_theirs and inquiry.state is InquiryState.ESCALATED


def is_shown(
    policy: CompensationPolicy,
    kind: ClaimKind,
    shown: tuple[Evidence, ...],
    inquiry: Inquiry | None,
) -> bool:
    """Tell whether the evidence is what the policy needs, and no more than it takes."""
    pieces = (*(inquiry.thread.evidence if inquiry else ()), *shown)
    needed = NEEDED.get((policy.name, kind))
    most = policy.terms.limits.most
    is_there = needed is None or needed in {piece.kind for piece in pieces}
    return is_there and (most is None or len(pieces) <= most)
