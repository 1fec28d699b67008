"""Strategies for claims, which are driven by their own verbs."""

from datetime import timedelta
from functools import cache
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.claims import (
    CLAIM,
    Claim,
    ClaimAction,
    ClaimState,
    Demand,
    EvidenceRequest,
    Figured,
)
from apaclogistics.compensation import ClaimKind, ClaimTerms, assess
from apaclogistics.evidence import EvidenceKind, EvidenceLimits
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.testing._agreements import (
    ZONE_NAMES,
    beginnings,
    claim_terms,
    evidence,
    facts,
    ids,
    parts_of,
    policies,
    prices_of,
    somebody,
    texts,
    units,
)
from apaclogistics.testing._inquiries import threads
from apaclogistics.testing._walks import (
    A_SECOND,
    Moves,
    Option,
    arrived,
    gaps,
    goal_of,
    later,
    noted,
    options_of,
    walk,
)
from apaclogistics.values.identifiers import ClaimId, ParcelId, ShipmentId
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency


@cache
def _easy_terms() -> SearchStrategy[ClaimTerms]:
    """Give terms that no walk fails on: any evidence will do, whenever it comes."""
    return claim_terms().map(
        lambda it: attrs.evolve(
            it,
            needs=(),
            limits=EvidenceLimits(),
            inform_within=None,
            answer_within=None,
            contest_within=None,
        )
    )


@st.composite
def demands(draw: DrawFn, *, currency: Currency | str | None = None) -> Demand:
    """Give what begins a claim; shrinks to one minor unit for a lost parcel."""
    kind, known = draw(st.sampled_from(ClaimKind)), draw(facts())
    about, seller = ShipmentId(draw(ids())), draw(somebody(Role.SELLER))
    wanted = Demand(
        id=ClaimId(draw(ids())),
        shipment=about,
        parcel=ParcelId(draw(ids())),
        kind=kind,
        claimant=draw(st.just(seller) | somebody(Role.BUYER)),
        carrier=draw(somebody(Role.CARRIER)),
        amount=draw(units(currency).flatmap(prices_of)),
        facts=known,
        assessment=assess(draw(policies()), kind, known),
        evidence=tuple(draw(st.lists(evidence(), max_size=2))),
        terms=draw(_easy_terms()),
        zone_name=draw(st.sampled_from(ZONE_NAMES)),
        thread=draw(st.none() | threads(shipment=about)),
    )
    # Freight is claimed by whoever pays it.
    return attrs.evolve(wanted, claimant=seller) if wanted.not_theirs() else wanted


# Beyond the end of the next day, which is the least that a claimant has.
_LONG_ENOUGH: Final = timedelta(days=3)


def _figure(draw: DrawFn, claim: Claim, at: Instant) -> Figured:
    until = draw(st.none() | gaps())
    expires_at = None if until is None else at + _LONG_ENOUGH + until
    return Figured(draw(parts_of(claim.demand.amount)), draw(texts()), expires_at)


def _in_time(claim: Claim, at: Instant) -> Instant:
    return at if claim.deadline is None else min(at, claim.deadline)


def _request(draw: DrawFn, claim: Claim, by: Actor, at: Instant) -> Claim:
    kinds = draw(st.frozensets(st.sampled_from(EvidenceKind), min_size=1))
    submit_by = later(draw, at) + _LONG_ENOUGH
    return claim.request_evidence(EvidenceRequest(kinds, submit_by), by=by, at=at)


def _submit(draw: DrawFn, claim: Claim, by: Actor, at: Instant) -> Claim:
    asked = claim.history[-1].payload
    wanted = sorted(asked.kinds, key=str) if isinstance(asked, EvidenceRequest) else []
    pieces = [attrs.evolve(draw(evidence()), kind=kind) for kind in wanted]
    pieces += draw(st.lists(evidence(), min_size=0 if pieces else 1, max_size=1))
    return claim.submit_evidence(pieces, by=by, at=_in_time(claim, at))


def _counter(draw: DrawFn, claim: Claim, by: Actor, at: Instant) -> Claim:
    moment = _in_time(claim, at)
    figure, offered = _figure(draw, claim, moment), claim.on_the_table
    least = figure.amount if offered is None else max(figure.amount, offered)
    return claim.counter(attrs.evolve(figure, amount=least), by=by, at=moment)


def _lapse(_: DrawFn, claim: Claim, by: Actor, at: Instant) -> Claim:
    return claim.expire(by=by, at=max(at, (claim.deadline or at) + A_SECOND))


_CLAIM_MOVES: Final[Moves[ClaimAction, Claim]] = {
    ClaimAction.ACKNOWLEDGE: noted(Claim.acknowledge),
    ClaimAction.REQUEST_EVIDENCE: _request,
    ClaimAction.SUBMIT_EVIDENCE: _submit,
    ClaimAction.OFFER: lambda draw, it, by, at: it.offer(_figure(draw, it, at), by=by, at=at),
    ClaimAction.COUNTER: _counter,
    ClaimAction.ACCEPT: lambda _, it, by, at: it.accept(by=by, at=_in_time(it, at)),
    ClaimAction.REJECT: noted(Claim.reject),
    ClaimAction.ESCALATE: noted(Claim.escalate),
    ClaimAction.DECIDE_FOR: lambda draw, it, by, at: it.decide_for(
        _figure(draw, it, at), by=by, at=at
    ),
    ClaimAction.DECIDE_AGAINST: noted(Claim.decide_against),
    ClaimAction.EXPIRE: _lapse,
    ClaimAction.WITHDRAW: noted(Claim.withdraw),
    ClaimAction.SETTLE: noted(Claim.settle),
    ClaimAction.RECOVER: noted(Claim.recover),
}


def _claim_options(claim: Claim) -> list[Option[ClaimAction, ClaimState]]:
    open_now = options_of(CLAIM, claim)
    closed = set() if claim.deadline else {ClaimAction.EXPIRE}
    closed |= {ClaimAction.RECOVER} if claim.kept else set()
    return [option for option in open_now if option[0] not in closed]


def _recoverable(demand: Demand) -> Demand:
    terms = attrs.evolve(demand.terms, claws_back=True)
    return attrs.evolve(demand, kind=ClaimKind.LOSS, terms=terms)


@st.composite
def claims(
    draw: DrawFn, *, state: ClaimState | None = None, currency: Currency | str | None = None
) -> Claim:
    """Give claims in one state, or any; shrinks to one that was just filed."""
    goal = goal_of(draw, CLAIM, state)
    demand = draw(demands(currency=currency))
    demand = _recoverable(demand) if goal is ClaimState.RECOVERED else demand
    claimant, carrier = demand.claimant, demand.carrier
    claim = Claim.file(
        demand, parties={claimant, carrier}, hindrances=(), by=claimant, at=draw(beginnings())
    )
    return arrived(walk(draw, CLAIM, claim, _claim_options, _CLAIM_MOVES, goal=goal), state)
