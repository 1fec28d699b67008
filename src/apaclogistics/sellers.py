"""Sellers: who may publish logistics and book shipments, and who no longer may.

A seller registers with identity and logistics information, and is verified by the platform.  A
change of identity asks for verification anew.  A seller who is not verified can neither publish nor book,
and what is under way runs on.

Identity: `SellerId`.  Invariant: the profile is the one last registered, resubmitted or amended.
The account does not know the seller's listings and shipments.
"""

from collections.abc import Iterable
from enum import Enum
from functools import reduce
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.errors import Reason
from apaclogistics.history import Note, Step, accept, not_a_beginning
from apaclogistics.lifecycle import Actor, Lifecycle, Role, commands
from apaclogistics.values.identifiers import SellerId, checked_id
from apaclogistics.values.instants import Instant
from apaclogistics.values.places import Country, Party, masked

__all__ = (
    "SELLER",
    "Profile",
    "Registration",
    "Seller",
    "SellerAction",
    "SellerState",
)


class SellerState(Enum):
    """Where a seller's account stands."""

    SUBMITTED = "SUBMITTED"
    VERIFIED = "VERIFIED"
    REJECTED = "REJECTED"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


class SellerAction(Enum):
    """What can be done to a seller's account; registering makes it and has no row."""

    REGISTER = "register"
    VERIFY = "verify"
    REJECT = "reject"
    RESUBMIT = "resubmit"
    AMEND_IDENTITY = "amend_identity"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    CLOSE = "close"


_S, _P = Role.SELLER, Role.PLATFORM
_State, _Action = SellerState, SellerAction

SELLER: Final = Lifecycle(
    name="seller",
    initial=_State.SUBMITTED,
    final={_State.CLOSED},
    rules=commands(
        ({_State.SUBMITTED}, _Action.VERIFY, _State.VERIFIED, {_P}),
        ({_State.SUBMITTED}, _Action.REJECT, _State.REJECTED, {_P}),
        ({_State.REJECTED}, _Action.RESUBMIT, _State.SUBMITTED, {_S}),
        ({_State.VERIFIED}, _Action.AMEND_IDENTITY, _State.SUBMITTED, {_S}),
        ({_State.VERIFIED}, _Action.SUSPEND, _State.SUSPENDED, {_P}),
        ({_State.SUSPENDED}, _Action.REINSTATE, _State.VERIFIED, {_P}),
        (
            {_State.SUBMITTED, _State.REJECTED, _State.VERIFIED},
            _Action.CLOSE,
            _State.CLOSED,
            {_S, _P},
        ),
        ({_State.SUSPENDED}, _Action.CLOSE, _State.CLOSED, {_P}),
    ),
)


@attrs.frozen(kw_only=True)
class Profile:
    """Who a seller is, and where the goods leave from and come back to.

    `legal_name` and `registration` (a business or tax number) are hidden in the `repr`.
    """

    legal_name: str = attrs.field(repr=masked)
    country: Country
    registration: str = attrs.field(default="", repr=masked)
    ship_from: Party
    return_to: Party


@attrs.frozen
class Registration:
    """What opens an account: its identifier and the first profile."""

    id: SellerId
    profile: Profile


SellerStep: TypeAlias = Step[SellerAction, Registration | Profile | Note]


@attrs.frozen(kw_only=True)
class Seller:
    """A seller's account."""

    id: SellerId
    profile: Profile
    state: SellerState = SELLER.initial
    history: tuple[SellerStep, ...]

    @classmethod
    def register(cls, id: SellerId, profile: Profile, *, by: Actor, at: Instant) -> Self:
        """Open an account that waits for verification.

        Raises:
            InvalidValueError: if the identifier is none.
            ActorNotPermittedError: if somebody else registers the seller.
        """
        owner = Actor(Role.SELLER, checked_id("seller", id))
        SELLER.refuse_stranger(SELLER.initial, SellerAction.REGISTER, by, {owner})
        payload = Registration(id, profile)
        return cls._begun(Step(action=SellerAction.REGISTER, by=by, at=at, payload=payload))

    @classmethod
    def replay(cls, steps: Iterable[SellerStep]) -> Self:
        """Rebuild an account from its steps, without judging them again.

        Raises:
            InvalidValueError: if the first step did not register it.
        """
        first, *rest = steps
        return reduce(lambda seller, step: seller._applied(step), rest, cls._begun(first))

    @classmethod
    def _begun(cls, step: SellerStep) -> Self:
        match step.payload:
            case Registration(id=id, profile=profile):
                return cls(id=id, profile=profile, history=(step,))
            case _:
                raise not_a_beginning("seller", step)

    def _applied(self, step: SellerStep) -> Self:
        profile = step.payload if isinstance(step.payload, Profile) else self.profile
        state = SELLER.after(self.state, step.action)
        return attrs.evolve(self, profile=profile, state=state, history=(*self.history, step))

    @property
    def actor(self) -> Actor:
        """The seller as one who acts."""
        return Actor(Role.SELLER, self.id)

    @property
    def parties(self) -> frozenset[Actor]:
        """The seller alone."""
        return frozenset({self.actor})

    @property
    def hindrances(self) -> tuple[Reason, ...]:
        """Why this seller may not publish or book now; nothing for a verified one."""
        if self.state is SellerState.VERIFIED:
            return ()
        text = f"seller {self.id} is {self.state.name}, not VERIFIED"
        return (Reason("seller_not_verified", text),)

    def verify(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Let the seller publish and book."""
        return self._take(SellerAction.VERIFY, Note(note), by, at)

    def reject(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Turn the registration down and say why; the seller may resubmit."""
        return self._take(SellerAction.REJECT, Note(note), by, at)

    def resubmit(self, profile: Profile, *, by: Actor, at: Instant) -> Self:
        """Answer a rejection with a mended profile."""
        return self._take(SellerAction.RESUBMIT, profile, by, at)

    def amend_identity(self, profile: Profile, *, by: Actor, at: Instant) -> Self:
        """Change who the seller is, which asks for verification anew."""
        return self._take(SellerAction.AMEND_IDENTITY, profile, by, at)

    def suspend(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Stop publishing and booking, and say why; what is under way runs on."""
        return self._take(SellerAction.SUSPEND, Note(note), by, at)

    def reinstate(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Lift a suspension."""
        return self._take(SellerAction.REINSTATE, Note(note), by, at)

    def close(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """End the account for good."""
        return self._take(SellerAction.CLOSE, Note(note), by, at)

    def _take(self, action: SellerAction, payload: Profile | Note, by: Actor, at: Instant) -> Self:
        return self._applied(accept(SELLER, self, action, payload, by=by, at=at))
