"""Cancelling an order: who asked, who decided, and until when that was open.

`CANCELLATION` is the small table of one of an order's three axes.  The buyer asks, and may say by
when an answer is due; the seller or the platform decides.  Once that instant has passed the seller
has no say any more and the platform decides, or lets the request lapse.  That holds by the instant
of the decision, whether or not anybody swept.

>>> CANCELLATION.allowed(CancellationState.REQUESTED, Role.SELLER)
(<OrderAction.APPROVE: 'approve'>, <OrderAction.REJECT: 'reject'>)
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum
from functools import reduce
from types import MappingProxyType
from typing import Final

import attrs

from apaclogistics.errors import Reason, masked
from apaclogistics.history import Note, Step
from apaclogistics.lifecycle import Actor, Lifecycle, Role, commands
from apaclogistics.sales import Refund
from apaclogistics.values.fields import of_type, optional
from apaclogistics.values.identifiers import OrderId
from apaclogistics.values.instants import Instant, instant, to_text

__all__ = (
    "CANCELLATION",
    "Cancellation",
    "CancellationRequest",
    "CancellationState",
    "Cancelling",
    "OrderAction",
    "admit",
    "against_paying",
    "against_shipping",
    "cancellation_of",
    "no_time",
    "too_early",
    "too_late",
)


class CancellationState(Enum):
    """Where the cancellation of an order stands."""

    NONE_REQUESTED = "NONE_REQUESTED"
    REQUESTED = "REQUESTED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


class OrderAction(Enum):
    """What can be done to an order; those outside cancellation depend on data and have no row."""

    PLACE = "place"
    PAY = "pay"
    HOLD_PAYMENT = "hold_payment"
    RELEASE_PAYMENT = "release_payment"
    DISPATCH = "dispatch"
    ALLOCATE = "allocate"
    REFUND = "refund"
    BEGIN_REFUND = "begin_refund"
    SETTLE_REFUND = "settle_refund"
    FAIL_REFUND = "fail_refund"
    REQUEST = "request"
    CANCEL = "cancel"
    APPROVE = "approve"
    REJECT = "reject"
    RETRACT = "retract"
    LAPSE = "lapse"


_S, _B, _P = Role.SELLER, Role.BUYER, Role.PLATFORM
_State, _Action = CancellationState, OrderAction

CANCELLATION: Final = Lifecycle(
    name="order",
    beginning=_Action.PLACE,
    initial=_State.NONE_REQUESTED,
    final={_State.CANCELLED},
    phrases={
        _Action.PAY: "take a payment for this order",
        _Action.HOLD_PAYMENT: "hold back payment of this order",
        _Action.RELEASE_PAYMENT: "release payment of this order",
        _Action.ALLOCATE: "put units of this order into a shipment",
        _Action.REQUEST: "ask for the cancellation of this order",
        _Action.APPROVE: "approve the cancellation of this order",
        _Action.REJECT: "reject the cancellation of this order",
        _Action.RETRACT: "retract the cancellation of this order",
        _Action.LAPSE: "let the cancellation of this order lapse",
    },
    rules=commands(
        ({_State.NONE_REQUESTED, _State.REJECTED}, _Action.REQUEST, _State.REQUESTED, {_B}),
        ({_State.NONE_REQUESTED, _State.REJECTED}, _Action.CANCEL, _State.CANCELLED, {_S, _P}),
        ({_State.REQUESTED}, _Action.APPROVE, _State.CANCELLED, {_S, _P}),
        ({_State.REQUESTED}, _Action.REJECT, _State.REJECTED, {_S, _P}),
        ({_State.REQUESTED}, _Action.RETRACT, _State.NONE_REQUESTED, {_B}),
        # Nobody answered in time.
        ({_State.REQUESTED}, _Action.LAPSE, _State.REJECTED, {_P}),
    ),
)


# Who may do what depends on data alone and has no row.
_ROLES: Final[Mapping[OrderAction, frozenset[Role]]] = MappingProxyType(
    {
        _Action.PAY: frozenset({_B, _P}),
        _Action.HOLD_PAYMENT: frozenset({_P}),
        _Action.RELEASE_PAYMENT: frozenset({_P}),
        _Action.DISPATCH: frozenset({_P}),
        _Action.ALLOCATE: frozenset({_S, _P}),
        _Action.REFUND: frozenset({_S, _P}),
        _Action.BEGIN_REFUND: frozenset({_S, _P}),
        _Action.SETTLE_REFUND: frozenset({_P}),
        _Action.FAIL_REFUND: frozenset({_P}),
    }
)


@attrs.frozen
class CancellationRequest:
    """The buyer's wish to cancel, and by when the seller may answer; None for no limit."""

    note: str = attrs.field(default="", repr=masked, validator=of_type(str))
    decide_by: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )


@attrs.frozen
class Cancelling:
    """An approved cancellation, and the refund that goes with it."""

    note: str = attrs.field(repr=masked, validator=of_type(str))
    refund: Refund | None = attrs.field(validator=optional(Refund))


@attrs.frozen(kw_only=True)
class Cancellation:
    """What is known of the last wish to cancel an order.

    `note` is what was asked and `answer` what was said to it; `decided_by` and `decided_at` are None
    while it is open.  Who cancels without being asked has asked and decided.
    """

    asked_by: Actor
    asked_at: Instant
    decide_by: Instant | None = None
    note: str = attrs.field(default="", repr=masked)
    decided_by: Actor | None = None
    decided_at: Instant | None = None
    answer: str = attrs.field(default="", repr=masked)

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decided_at is None

    @property
    def until(self) -> str:
        """Until when it is open, in words."""
        return "somebody decides" if self.decide_by is None else to_text(self.decide_by)

    def has_lapsed(self, at: Instant) -> bool:
        """Tell whether it is open and the time to answer has passed; the last instant is in time."""
        return self.is_open and self.decide_by is not None and instant(at) > self.decide_by


def admit(
    state: CancellationState, action: OrderAction, *, by: Actor, parties: Collection[Actor]
) -> None:
    """Turn away who may not act on an order of these parties.

    Raises:
        ActorNotPermittedError: if `by` is no party to the order, or its role may not.
        IllegalTransitionError: if the cancellation is in no state for it.
    """
    roles = _ROLES.get(action)
    if roles is None:
        CANCELLATION.decide(state, action, by=by, parties=parties)
        return
    CANCELLATION.refuse_stranger(state, action, by, parties)
    if by.role not in roles:
        raise CANCELLATION.not_permitted(state, action, by)


def cancellation_of(history: Iterable[Step[OrderAction, object]]) -> Cancellation | None:
    """Tell what a history says of cancelling; None where nobody asked, or took it back."""
    return reduce(_after, history, None)


def _after(known: Cancellation | None, step: Step[OrderAction, object]) -> Cancellation | None:
    match step.payload:
        case CancellationRequest(note=note, decide_by=decide_by):
            return Cancellation(asked_by=step.by, asked_at=step.at, note=note, decide_by=decide_by)
        case Cancelling(note=note):
            return _decided(known, step, note)
        case Note(text=note):
            return None if step.action is OrderAction.RETRACT else _decided(known, step, note)
        case _:
            return known


def _decided(
    known: Cancellation | None, step: Step[OrderAction, object], answer: str
) -> Cancellation:
    if known is None or not known.is_open:
        known = Cancellation(asked_by=step.by, asked_at=step.at, note=answer)
    return attrs.evolve(known, decided_by=step.by, decided_at=step.at, answer=answer)


def against_paying(state: CancellationState, order: OrderId) -> Iterator[Reason]:
    """Give why nothing is paid for an order any more: it is cancelled."""
    if state is CancellationState.CANCELLED:
        yield Reason("cancelled", f"order {order} is cancelled")


def against_shipping(state: CancellationState, order: OrderId) -> Iterator[Reason]:
    """Give why nothing of an order is to be shipped: somebody wants it cancelled, or it is."""
    if state in (CancellationState.REQUESTED, CancellationState.CANCELLED):
        yield Reason("cancelling", f"the cancellation of order {order} is {state.name}")


def no_time(request: CancellationRequest, at: Instant) -> Iterator[Reason]:
    """Give why a request is not made: its time to decide would be over already."""
    if request.decide_by is not None and request.decide_by < instant(at):
        text = f"the time to decide ends at {to_text(request.decide_by)}, before the request"
        yield Reason("no_time_to_decide", text)


def too_late(asked: Cancellation | None, by: Actor, at: Instant) -> Iterator[Reason]:
    """Give why somebody may not decide any more: the seller once the time to answer is over."""
    if by.role is Role.SELLER and asked is not None and asked.has_lapsed(at):
        text = f"the seller had until {asked.until} to decide, and now the platform does"
        yield Reason("decided_too_late", text)


def too_early(asked: Cancellation | None, at: Instant) -> Iterator[Reason]:
    """Give why a request does not lapse yet."""
    if asked is not None and not asked.has_lapsed(at):
        yield Reason("time_left", f"the request to cancel is open until {asked.until}")
