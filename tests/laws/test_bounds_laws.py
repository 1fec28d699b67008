"""Laws of what may be claimed for a parcel, whoever claims it and for whatever reason.

* Claims about the goods come to no more together than these are worth, those about the freight to no
  more than was paid for it, and all of them to no more than both.
* What is left may be claimed, to the last cent, and nothing above it.
* A recovery frees what was paid.
"""

from collections.abc import Callable
from typing import Final

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from apaclogistics.claims import Bound, Claim, ClaimState, Demand, Figured
from apaclogistics.compensation import ClaimKind, CompensationPolicy, DelayShare, ShareOf, assess
from apaclogistics.lifecycle import Actor
from apaclogistics.values.identifiers import ClaimId, ParcelId, ShipmentId
from apaclogistics.values.money import Money
from tests.samples import BUYER, CARRIER, PLATFORM, SELLER, day, facts, usd
from tests.test_compensation import E_EXPRESS

NOW: Final = day(90)
GOODS: Final = frozenset({ClaimKind.LOSS, ClaimKind.DAMAGE, ClaimKind.MISSING_CONTENTS})
KNOWN: Final = attrs.evolve(facts(), freight=usd("5.00"), billed=usd("5.00"), priced=usd("1.00"))
POLICIES: Final = st.builds(
    lambda refunds, of: attrs.evolve(
        E_EXPRESS,
        caps=(attrs.evolve(E_EXPRESS.caps[0], amount=usd("100.00")),),
        refunds_freight=refunds,
        delay=DelayShare(percent="10", of=of),
    ),
    st.booleans(),
    st.sampled_from(ShareOf),
)


def paid(claim: Claim, cents: int) -> Claim:
    """Have the platform decide on an amount, if it has anything to decide, and the carrier pay."""
    figure = Figured(Money(min(cents, claim.demand.amount.minor), claim.demand.amount.currency))
    asked = claim.escalate("no answer", by=claim.demand.claimant, at=NOW)
    return asked.decide_for(figure, by=PLATFORM, at=NOW).settle(by=CARRIER, at=NOW)


Move = Callable[[Claim, int], Claim]
# What may happen to a claim that is open, and what to one that was paid.
MOVES: Final[dict[ClaimState, list[Move]]] = {
    ClaimState.FILED: [
        paid,
        lambda it, _: it.reject("no", by=CARRIER, at=NOW),
        lambda it, _: it.withdraw(by=it.demand.claimant, at=NOW),
    ],
    ClaimState.ESCALATED: [
        lambda it, cents: it.decide_for(
            Figured(Money(min(cents, it.demand.amount.minor), it.demand.amount.currency)),
            by=PLATFORM,
            at=NOW,
        ),
        lambda it, _: it.decide_against("no", by=PLATFORM, at=NOW),
    ],
    ClaimState.ACCEPTED: [lambda it, _: it.settle(by=CARRIER, at=NOW)],
    ClaimState.SETTLED: [
        lambda it, _: it if it.kept else it.recover("found", by=CARRIER, at=NOW),
    ],
}

FILINGS: Final = st.tuples(
    st.sampled_from(ClaimKind), st.sampled_from([SELLER, BUYER]), st.integers(1, 3000)
)
EVENTS: Final = st.lists(
    FILINGS | st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 3000)),
    min_size=5,
    max_size=40,
)


def demand(
    policy: CompensationPolicy, kind: ClaimKind, by: Actor, number: int, cents: int
) -> Demand:
    """Demand an amount for the parcel."""
    return Demand(
        id=ClaimId(f"c-{number}"),
        shipment=ShipmentId("sh-1"),
        parcel=ParcelId("p-1"),
        kind=kind,
        claimant=by,
        carrier=CARRIER,
        amount=Money(cents, "USD"),
        facts=KNOWN,
        assessment=assess(policy, kind, KNOWN),
    )


def file(wanted: Demand, claims: list[Claim]) -> None:
    """File a claim, unless it is for more than others leave, or for freight that a buyer did not pay."""
    bound = Bound(stake=wanted.stake, others=tuple(claims))
    wanted = attrs.evolve(wanted, amount=bound.within(wanted.amount))
    if not wanted.not_theirs() and not any(bound.against(wanted.amount)):
        claims.append(
            Claim.file(
                wanted,
                parties={SELLER, BUYER, CARRIER},
                hindrances=(),
                by=wanted.claimant,
                at=NOW,
            )
        )


def contest(claims: list[Claim], index: int) -> None:
    """Contest a rejection, unless others have what it demands by now."""
    claim = claims[index]
    others = (*claims[:index], *claims[index + 1 :])
    against = Bound(stake=claim.demand.stake, others=others).against(claim.demand.amount)
    if not any(against):
        claims[index] = claim.escalate("yes", by=claim.demand.claimant, at=NOW)


def happened(policy: CompensationPolicy, events: list[tuple[object, object, int]]) -> list[Claim]:
    """Let claims be filed, contested, paid, withdrawn and recovered as far as the bound allows."""
    claims: list[Claim] = []
    for what, how, cents in events:
        if isinstance(what, ClaimKind) and isinstance(how, Actor):
            file(demand(policy, what, how, len(claims), cents), claims)
        elif isinstance(what, int) and isinstance(how, int) and what < len(claims):
            moves = MOVES.get(claims[what].state, [])
            if claims[what].state is ClaimState.REJECTED:
                contest(claims, what)
            elif moves:
                claims[what] = moves[how % len(moves)](claims[what], cents)
    return claims


def total(claims: list[Claim]) -> Money:
    """Add up what claims take."""
    return Money.total((claim.claimed for claim in claims), "USD")


@given(POLICIES, EVENTS)
def test_claims_for_a_parcel_come_to_no_more_than_there_was_to_lose(
    policy: CompensationPolicy, events: list[tuple[object, object, int]]
) -> None:
    """Whatever was filed, paid, rejected, contested, withdrawn and recovered before."""
    claims = happened(policy, events)

    goods = [it for it in claims if it.demand.stake.of is ShareOf.VALUE]
    freight = [it for it in claims if it.demand.stake.of is ShareOf.FREIGHT]
    assert total(goods) <= (usd("25.00") if policy.refunds_freight else usd("20.00"))
    assert total(freight) <= usd("5.00")
    assert total(claims) <= usd("25.00")


@given(POLICIES, EVENTS, FILINGS)
def test_what_is_left_may_be_claimed_to_the_last_cent(
    policy: CompensationPolicy,
    events: list[tuple[object, object, int]],
    filing: tuple[ClaimKind, Actor, int],
) -> None:
    """One cent more is refused, and names the figures."""
    claims = happened(policy, events)
    kind, by, _ = filing
    wanted = demand(policy, kind, by, 99, 1_000_000)
    bound = Bound(stake=wanted.stake, others=tuple(claims))
    left = bound.within(wanted.amount)

    assume(left < wanted.amount)

    assert list(bound.against(left)) == []
    [reason] = bound.against(left + usd("0.01"))
    assert reason.code == "too_much"
    assert f"{left} left" in reason.text


@given(POLICIES, st.sampled_from(sorted(GOODS - {ClaimKind.DAMAGE}, key=str)), st.integers(1, 2000))
def test_a_recovery_frees_what_was_paid(
    policy: CompensationPolicy, kind: ClaimKind, cents: int
) -> None:
    """As if it had never been claimed."""
    claims: list[Claim] = []
    file(demand(policy, kind, SELLER, 1, cents), claims)
    settled = paid(claims[0], cents)

    recovered = settled.recover("found", by=CARRIER, at=NOW)

    assert settled.claimed == Money(cents, "USD")
    assert recovered.claimed == usd("0.00")
