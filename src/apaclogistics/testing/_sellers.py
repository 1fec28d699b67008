"""Strategies for sellers: who they are, how they hand over, and what they may ship."""

from functools import cache, partial
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.lifecycle import Actor, Role
from apaclogistics.profiles import Agreement, Identity, Logistics, Profile, Requirements, SellerKind
from apaclogistics.sellers import SELLER, Seller, SellerAction, SellerState
from apaclogistics.testing._agreements import beginnings, ids, people, texts
from apaclogistics.testing._billing import preferences
from apaclogistics.testing._values import countries
from apaclogistics.testing._walks import Moves, arrived, goal_of, noted, options_of, walk
from apaclogistics.values.goods import BatteryQualification, LithiumBattery
from apaclogistics.values.identifiers import SellerId
from apaclogistics.values.instants import Instant
from apaclogistics.values.registers import Register, RegisteredNumber, Verdict


@cache
def _numbers() -> SearchStrategy[RegisteredNumber]:
    digits = st.text("0123456789", min_size=8, max_size=14)
    return st.builds(RegisteredNumber, st.sampled_from(Register), digits)


@cache
def identities() -> SearchStrategy[Identity]:
    """Give who sellers are; shrinks to a business in Hong Kong without a name or a number."""
    return st.builds(
        Identity,
        kind=st.sampled_from(SellerKind),
        legal_name=ids(),
        country=countries(),
        numbers=st.lists(_numbers(), max_size=2, unique_by=lambda it: it.register).map(tuple),
    )


@cache
def logistics() -> SearchStrategy[Logistics]:
    """Give how sellers hand over; shrinks to nobody in Hong Kong."""
    some = st.lists(preferences(), max_size=2, unique_by=lambda preference: preference.name)
    return st.builds(
        Logistics,
        ship_from=people(),
        return_to=people(),
        collection=st.none() | people(),
        preferences=some.map(tuple),
    )


def profiles() -> SearchStrategy[Profile]:
    """Give what sellers register with; shrinks to nobody in Hong Kong."""
    return st.builds(Profile, identities(), logistics())


@cache
def _agreements() -> SearchStrategy[Agreement]:
    return st.builds(Agreement, ids(), ids())


@cache
def _qualifications() -> SearchStrategy[BatteryQualification]:
    return st.builds(
        BatteryQualification,
        id=ids(),
        name=texts(),
        battery=st.sampled_from([it for it in LithiumBattery if it is not LithiumBattery.NONE]),
        valid_until=beginnings(),
        remark=texts(),
    )


def _verify(draw: DrawFn, seller: Seller, by: Actor, at: Instant) -> Seller:
    who = draw(texts(min_size=1).filter(str.strip))
    numbers = seller.profile.identity.numbers
    return seller.verify(
        verdicts=[Verdict(number=number, checked_by=who) for number in numbers],
        requirements=Requirements(registers={}),
        by=by,
        at=at,
        note=draw(texts()),
    )


_SELLER_MOVES: Final[Moves[SellerAction, Seller]] = {
    SellerAction.VERIFY: _verify,
    SellerAction.REJECT: noted(Seller.reject),
    SellerAction.RESUBMIT: lambda draw, it, by, at: it.resubmit(draw(profiles()), by=by, at=at),
    SellerAction.AMEND_IDENTITY: lambda draw, it, by, at: it.amend_identity(
        draw(identities()), by=by, at=at
    ),
    SellerAction.AMEND_LOGISTICS: lambda draw, it, by, at: it.amend_logistics(
        draw(logistics()), by=by, at=at
    ),
    SellerAction.AGREE: lambda draw, it, by, at: it.agree(draw(_agreements()), by=by, at=at),
    SellerAction.QUALIFY: lambda draw, it, by, at: it.qualify(
        draw(_qualifications()), by=by, at=at
    ),
    SellerAction.SUSPEND: noted(Seller.suspend),
    SellerAction.REINSTATE: noted(Seller.reinstate),
    SellerAction.CLOSE: noted(Seller.close),
}


@st.composite
def sellers(draw: DrawFn, *, state: SellerState | None = None) -> Seller:
    """Give accounts in one state, or any; shrinks to one that was just registered."""
    owner = Actor(Role.SELLER, draw(ids()))
    seller = Seller.register(SellerId(owner.id), draw(profiles()), by=owner, at=draw(beginnings()))
    goal = goal_of(draw, SELLER, state)
    options = partial(options_of, SELLER)
    return arrived(walk(draw, SELLER, seller, options, _SELLER_MOVES, goal=goal), state)
