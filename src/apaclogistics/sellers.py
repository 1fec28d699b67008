"""Sellers: who may publish logistics and book shipments, and who no longer may.

A seller registers with identity and logistics information, and is verified by the platform, which
has the seller's numbers checked.  A change of identity asks for verification anew; addresses and
preferences may change at any time.  Whether a seller may publish, book, or ship a battery is one
question, `Seller.may`, and the answer gives every reason.  What is under way runs on, whatever the
answer.

Identity: `SellerId`.  Invariant: identity and logistics are those last registered, resubmitted or
amended.  The account does not know the seller's listings and shipments.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from functools import reduce
from typing import Final, Self, TypeAlias, TypeVar, assert_never

import attrs

from apaclogistics.errors import InvalidTypeError, Reason, masked
from apaclogistics.history import Note, Step, accept, first_and_rest, not_a_beginning
from apaclogistics.lifecycle import Actor, Lifecycle, Role, commands
from apaclogistics.profiles import Agreement, Identity, Logistics, Profile, Requirements
from apaclogistics.values.fields import checked, of_type, tuple_of
from apaclogistics.values.goods import BatteryQualification, LithiumBattery
from apaclogistics.values.identifiers import SellerId, checked_id, identifier
from apaclogistics.values.instants import Instant
from apaclogistics.values.registers import Verdict

__all__ = (
    "SELLER",
    "Activity",
    "Permission",
    "Registration",
    "Seller",
    "SellerAction",
    "SellerState",
    "Standing",
    "Verification",
)


class SellerState(Enum):
    """Where a seller's account stands."""

    SUBMITTED = "SUBMITTED"
    VERIFIED = "VERIFIED"
    REJECTED = "REJECTED"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


class SellerAction(Enum):
    """What can be done to a seller's account.

    Registering makes it and has no row; neither has a deposit, which is in the wallet, not here.
    """

    REGISTER = "register"
    VERIFY = "verify"
    REJECT = "reject"
    RESUBMIT = "resubmit"
    AMEND_IDENTITY = "amend_identity"
    AMEND_LOGISTICS = "amend_logistics"
    AGREE = "agree"
    QUALIFY = "qualify"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    CLOSE = "close"
    DEPOSIT = "deposit"


_S, _P = Role.SELLER, Role.PLATFORM
_State, _Action = SellerState, SellerAction
_OPEN = {_State.SUBMITTED, _State.REJECTED, _State.VERIFIED, _State.SUSPENDED}

SELLER: Final = Lifecycle(
    name="seller",
    beginning=SellerAction.REGISTER,
    initial=_State.SUBMITTED,
    final={_State.CLOSED},
    phrases={
        _Action.AMEND_IDENTITY: "amend the identity of this seller",
        _Action.AMEND_LOGISTICS: "amend the logistics of this seller",
        _Action.AGREE: "accept agreements for this seller",
        _Action.DEPOSIT: "deposit money for this seller",
    },
    rules=commands(
        ({_State.SUBMITTED}, _Action.VERIFY, _State.VERIFIED, {_P}),
        ({_State.SUBMITTED}, _Action.REJECT, _State.REJECTED, {_P}),
        ({_State.REJECTED}, _Action.RESUBMIT, _State.SUBMITTED, {_S}),
        ({_State.VERIFIED}, _Action.AMEND_IDENTITY, _State.SUBMITTED, {_S}),
        (_OPEN, _Action.AMEND_LOGISTICS, None, {_S}),
        (_OPEN, _Action.AGREE, None, {_S}),
        (_OPEN, _Action.QUALIFY, None, {_P}),
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


class Activity(Enum):
    """What a seller may ask to do; beside it one may ask for a type of battery."""

    PUBLISH = "publish logistics"
    BOOK = "book shipments"


@attrs.frozen
class Permission:
    """The answer to whether a seller may: granted where there is no reason against it."""

    reasons: tuple[Reason, ...]

    @property
    def is_granted(self) -> bool:
        """Whether the seller may."""
        return not self.reasons


@attrs.frozen(kw_only=True)
class Standing:
    """Where an account stands, since when, and what was said of it then, hidden in the `repr`."""

    state: SellerState
    since: Instant
    note: str = attrs.field(default="", repr=masked)


@attrs.frozen(kw_only=True)
class Verification:
    """What a verification rests on: who checked which number, and what they found."""

    verdicts: tuple[Verdict, ...] = attrs.field(default=(), validator=tuple_of(Verdict))
    note: str = attrs.field(default="", repr=masked, validator=of_type(str))


@attrs.frozen
class Registration:
    """What opens an account: its identifier and the first profile."""

    id: SellerId = attrs.field(validator=identifier)
    profile: Profile = attrs.field(validator=of_type(Profile))


T = TypeVar("T")
_Payload: TypeAlias = (
    Registration
    | Profile
    | Identity
    | Logistics
    | Agreement
    | BatteryQualification
    | Verification
    | Note
)
SellerStep: TypeAlias = Step[SellerAction, _Payload]


@attrs.frozen(kw_only=True)
class Seller:
    """A seller's account."""

    id: SellerId
    profile: Profile
    agreements: frozenset[Agreement] = frozenset()
    qualifications: tuple[BatteryQualification, ...] = ()
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
            InvalidValueError: if there is no step, or the first did not register it.
        """
        first, rest = first_and_rest("seller", steps)
        return reduce(lambda seller, step: seller._applied(step), rest, cls._begun(first))

    @classmethod
    def _begun(cls, step: SellerStep) -> Self:
        match step.payload:
            case Registration(id=id, profile=profile):
                return cls(id=id, profile=profile, history=(step,))
            case _:
                raise not_a_beginning("seller", step)

    def _applied(self, step: SellerStep) -> Self:
        return attrs.evolve(
            self,
            profile=_amended(self.profile, step.payload),
            agreements=self.agreements.union(_these(step.payload, Agreement)),
            qualifications=(*self.qualifications, *_these(step.payload, BatteryQualification)),
            state=SELLER.after(self.state, step.action),
            history=(*self.history, step),
        )

    @property
    def actor(self) -> Actor:
        """The seller as one who acts."""
        return Actor(Role.SELLER, self.id)

    @property
    def parties(self) -> frozenset[Actor]:
        """The seller alone."""
        return frozenset({self.actor})

    @property
    def standing(self) -> Standing:
        """Where the account stands, since when, and why as far as somebody said."""
        step = next(
            step for step in reversed(self.history) if step.action not in _WITHOUT_CONSEQUENCE
        )
        return Standing(state=self.state, since=step.at, note=_said(step.payload))

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What was found about the seller's numbers when the account was last verified."""
        found = (step.payload for step in reversed(self.history))
        return next((it.verdicts for it in found if isinstance(it, Verification)), ())

    def may(
        self, what: Activity | LithiumBattery, at: Instant, requirements: Requirements | None = None
    ) -> Permission:
        """Answer whether the seller may publish, book, or ship a type of battery at an instant.

        Only a verified seller may do anything.  Publishing and booking take the platform's
        agreements; lithium batteries take those for lithium, and a qualification of the very type
        that has not expired.

        Raises:
            InvalidTypeError: for what is neither an activity nor a battery.
        """
        given: object = what
        if not isinstance(given, Activity | LithiumBattery):
            allowed = "an Activity or a LithiumBattery"
            raise InvalidTypeError("activity", type(given).__name__, allowed)
        asked = requirements or Requirements()
        match what:
            case Activity():
                reasons = tuple(self._lacking(asked.agreements))
            case LithiumBattery():
                reasons = self.against_battery(what, at, asked)
            case _:
                assert_never(what)
        return Permission((*self._unverified(), *reasons))

    def _unverified(self) -> Iterator[Reason]:
        if self.state is not SellerState.VERIFIED:
            text = f"seller {self.id} is {self.state.name}, not VERIFIED"
            yield Reason("seller_not_verified", text)

    def _lacking(self, agreements: Iterable[Agreement]) -> Iterator[Reason]:
        for agreement in agreements:
            if agreement not in self.agreements:
                text = f"seller {self.id} has not accepted {agreement}"
                yield Reason("agreement_missing", text)

    def against_battery(
        self, battery: LithiumBattery, at: Instant, asked: Requirements
    ) -> tuple[Reason, ...]:
        """Why the seller may not ship a type of battery, wherever the account stands."""
        if not battery.is_lithium:
            return ()
        lacking = tuple(self._lacking(asked.for_lithium))
        of_type = [it for it in self.qualifications if it.battery is battery]
        if any(it.covers(battery, at) for it in of_type):
            return lacking
        if of_type:
            latest = max(of_type, key=lambda it: it.valid_until)
            expired = latest.hindrance(battery, at)
            return (*lacking, *((expired,) if expired else ()))
        text = f"seller {self.id} is not qualified for {battery.value}"
        return (*lacking, Reason("battery_not_qualified", text))

    def verify(
        self,
        *,
        verdicts: Iterable[Verdict] = (),
        requirements: Requirements | None = None,
        by: Actor,
        at: Instant,
        note: str = "",
    ) -> Self:
        """Let the seller publish and book, on what was found about the numbers held.

        It is refused with every reason where the profile does not meet the requirements.
        """
        payload = Verification(verdicts=tuple(verdicts), note=note)
        reasons = (requirements or Requirements()).against(self.profile, payload.verdicts)
        return self._take(SellerAction.VERIFY, payload, by, at, reasons)

    def reject(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Turn the registration down and say why; the seller may resubmit."""
        return self._take(SellerAction.REJECT, Note(note), by, at)

    def resubmit(self, profile: Profile, *, by: Actor, at: Instant) -> Self:
        """Answer a rejection with a mended profile."""
        return self._take(SellerAction.RESUBMIT, checked("profile", profile, Profile), by, at)

    def amend_identity(self, identity: Identity, *, by: Actor, at: Instant) -> Self:
        """Change who the seller is, which asks for verification anew."""
        given = checked("identity", identity, Identity)
        return self._take(SellerAction.AMEND_IDENTITY, given, by, at)

    def amend_logistics(
        self,
        logistics: Logistics,
        *,
        requirements: Requirements | None = None,
        by: Actor,
        at: Instant,
    ) -> Self:
        """Change addresses and preferences; addresses beyond the platform's limits are refused."""
        checked("logistics", logistics, Logistics)
        reasons = (requirements or Requirements()).against_addresses(logistics)
        return self._take(SellerAction.AMEND_LOGISTICS, logistics, by, at, reasons)

    def agree(self, agreement: Agreement, *, by: Actor, at: Instant) -> Self:
        """Accept a text of the platform."""
        return self._take(SellerAction.AGREE, checked("agreement", agreement, Agreement), by, at)

    def qualify(self, qualification: BatteryQualification, *, by: Actor, at: Instant) -> Self:
        """Record that the seller is qualified for a type of battery."""
        given = checked("qualification", qualification, BatteryQualification)
        return self._take(SellerAction.QUALIFY, given, by, at)

    def suspend(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Stop publishing and booking, and say why; what is under way runs on."""
        return self._take(SellerAction.SUSPEND, Note(note), by, at)

    def reinstate(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Lift a suspension."""
        return self._take(SellerAction.REINSTATE, Note(note), by, at)

    def close(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """End the account for good."""
        return self._take(SellerAction.CLOSE, Note(note), by, at)

    def _take(
        self,
        action: SellerAction,
        payload: _Payload,
        by: Actor,
        at: Instant,
        reasons: Iterable[Reason] = (),
    ) -> Self:
        return self._applied(accept(SELLER, self, action, payload, by=by, at=at, reasons=reasons))


# What leaves an account standing where it stood.
_WITHOUT_CONSEQUENCE: Final = {
    SellerAction.AMEND_LOGISTICS,
    SellerAction.AGREE,
    SellerAction.QUALIFY,
}


def _amended(profile: Profile, payload: _Payload) -> Profile:
    match payload:
        case Profile():
            return payload
        case Identity():
            return attrs.evolve(profile, identity=payload)
        case Logistics():
            return attrs.evolve(profile, logistics=payload)
        case _:
            return profile


def _said(payload: _Payload) -> str:
    match payload:
        case Note(text=note) | Verification(note=note):
            return note
        case _:
            return ""


def _these(payload: _Payload, kind: type[T]) -> tuple[T, ...]:
    return (payload,) if isinstance(payload, kind) else ()
