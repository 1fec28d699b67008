"""Rules of the after-sales machine about an order's money: refunds, holds, and cancellation."""

from collections.abc import Callable, Mapping

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from hypothesis.strategies import DataObject

from apaclogistics.cancellations import CANCELLATION, CancellationState, OrderAction
from apaclogistics.fulfilment import Phase
from apaclogistics.inquiries import InquiryState
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold
from apaclogistics.refunds import RefundAction, RefundState
from apaclogistics.values.identifiers import LineId
from apaclogistics.values.instants import instant
from tests.machines.trading import ANYBODY, EITHER, HOUR, MOVES, Trading, one_of
from tests.samples import CASE, PHONE, PLATFORM
from tests.trades import TRADES, Trade, cents, trade_of

CANCELLING = (
    OrderAction.REQUEST,
    OrderAction.RETRACT,
    OrderAction.REJECT,
    OrderAction.LAPSE,
    OrderAction.CANCEL,
)
# Nothing stands in the way of a cancellation that is nowhere, or that no carrier has accepted.
UNACCEPTED = (
    Phase.DRAFT,
    Phase.BOOKED,
    Phase.CONFIRMED,
    Phase.HANDED_OVER,
    Phase.CANCELLED,
    Phase.CLOSED,
)


class Paying(Trading):
    """What the buyer gets back, and what the platform holds back."""

    @rule(moves=MOVES, data=st.data())
    def they_pay(self, moves: int, data: DataObject) -> None:
        self.exchange(self.pay_next, moves, data)

    def pay_next(self, data: DataObject) -> None:
        """Say what became of a refund that is under way; else begin another, if something is left."""
        trade = one_of(data, TRADES)
        till, minor = self.tills[trade.order], one_of(data, (1, 300))
        if till.pending:
            state = one_of(data, (RefundState.REFUNDED, RefundState.FAILED))
            self.end(trade, till.pending[0], state, PLATFORM)
        elif till.takes_refund(minor, None):
            self.give_back(trade, trade.seller, minor, None, is_at_once=False, heeds=False)

    @rule(
        trade=EITHER,
        by=ANYBODY | st.just(PLATFORM),
        minor=st.integers(1, 800) | st.sampled_from((500, 2500, 3000, 3001)),
        line=st.sampled_from((None, PHONE, CASE)),
        is_at_once=st.booleans(),
        heeds=st.booleans(),
    )
    def give_anything_back(
        self,
        *,
        trade: Trade,
        by: Actor,
        minor: int,
        line: LineId | None,
        is_at_once: bool,
        heeds: bool,
    ) -> None:
        self.give_back(trade, by, minor, line, is_at_once=is_at_once, heeds=heeds)

    def give_back(
        self,
        trade: Trade,
        by: Actor,
        minor: int,
        line: LineId | None,
        *,
        is_at_once: bool,
        heeds: bool,
    ) -> None:
        """Give money back, at once or once it is paid out, and heed what is disputed or not."""
        desk, till = self.platform.orders, self.tills[trade.order]
        verb = desk.refund if is_at_once else desk.begin_refund

        order = self.command(
            lambda: verb(trade.order, cents(minor), by=by, line=line, unless_disputed=heeds),
            by=by,
            whose={trade.seller, trade.buyer},
            may=by in (trade.seller, PLATFORM)
            and till.takes_refund(minor, line)
            and not (heeds and self.is_disputed(trade)),
            what=("order", OrderAction.REFUND if is_at_once else OrderAction.BEGIN_REFUND),
            unless=("compensated",),
        )

        if order is not None:
            given = (order.refunds if is_at_once else order.pending_refunds)[-1]
            till.refunds[given.id] = (minor, line, "REFUNDED" if is_at_once else "PENDING")

    def is_disputed(self, trade: Trade) -> bool:
        """Tell whether a claim may still be paid, or the platform was asked by the buyer."""
        claims = (it for it in self.view.claims if trade_of(it) == trade)
        asked = (it for it in self.view.inquiries if it.opening.opener == trade.buyer)
        return any(it.is_open_at(self.now) for it in claims) or any(
            it.state is InquiryState.ESCALATED for it in asked
        )

    @precondition(lambda self: any(till.refunds for till in self.tills.values()))
    @rule(
        by=ANYBODY | st.just(PLATFORM),
        state=st.sampled_from((RefundState.REFUNDED, RefundState.FAILED)),
        data=st.data(),
    )
    def end_any_refund(self, by: Actor, state: RefundState, data: DataObject) -> None:
        trade = one_of(data, [it for it in TRADES if self.tills[it.order].refunds])
        self.end(trade, one_of(data, list(self.tills[trade.order].refunds)), state, by)

    def end(self, trade: Trade, id: str, state: RefundState, by: Actor) -> None:
        """Say what became of a refund, whether or not it has ended."""
        desk, till = self.platform.orders, self.tills[trade.order]
        ends: Mapping[RefundState, tuple[RefundAction, Callable[[], Order]]] = {
            RefundState.REFUNDED: (
                RefundAction.SETTLE,
                lambda: desk.settle_refund(trade.order, id, by=by),
            ),
            RefundState.FAILED: (
                RefundAction.FAIL,
                lambda: desk.fail_refund(trade.order, id, "card expired", by=by),
            ),
        }
        action, verb = ends[state]

        done = self.command(
            verb,
            by=by,
            whose={trade.seller, trade.buyer},
            may=by == PLATFORM and id in till.pending,
            what=("refund", action),
        )

        if done is not None:
            till.end(id, state.name)

    @rule(trade=EITHER, by=ANYBODY | st.just(PLATFORM), minor=st.integers(1, 1500), data=st.data())
    def hold_or_release(self, trade: Trade, by: Actor, minor: int, data: DataObject) -> None:
        """Hold something back, or let go of what is held."""
        held = one_of(data, (None, *sorted(self.tills[trade.order].holds)))
        if held is None:
            self.hold(trade, by, minor)
        else:
            self.release(trade, by, held)

    def hold(self, trade: Trade, by: Actor, minor: int) -> None:
        till, count = self.tills[trade.order], len(self.order(trade).history)
        held = PaymentHold(id=f"hold-{count}", amount=cents(minor))

        done = self.command(
            lambda: self.platform.orders.hold_payment(trade.order, held, by=by),
            by=by,
            whose={trade.seller, trade.buyer},
            may=by == PLATFORM and till.takes_hold(minor),
            what=("order", OrderAction.HOLD_PAYMENT),
        )

        if done is not None:
            till.holds[held.id] = minor

    def release(self, trade: Trade, by: Actor, held: str) -> None:
        done = self.command(
            lambda: self.platform.orders.release_payment(trade.order, held, by=by),
            by=by,
            whose={trade.seller, trade.buyer},
            may=by == PLATFORM,
            what=("order", OrderAction.RELEASE_PAYMENT),
        )

        if done is not None:
            del self.tills[trade.order].holds[held]

    @rule(
        trade=EITHER,
        by=ANYBODY,
        action=st.sampled_from(CANCELLING),
        hours=st.sampled_from((None, -1, 24, 72)),
    )
    def cancel_anything(
        self, trade: Trade, by: Actor, action: OrderAction, hours: int | None
    ) -> None:
        self.cancel(trade, by, action, hours)

    def cancel(self, trade: Trade, by: Actor, action: OrderAction, hours: int | None) -> None:
        """Ask to cancel an order, answer that, or just do it, once the carrier was asked."""
        desk, id = self.platform.orders, trade.order
        decide_by = None if hours is None else instant(self.now + hours * HOUR)
        self.platform.shipments.track(trade.shipment)
        self.look()
        action = self.really(trade, action)
        verbs: Mapping[OrderAction, Callable[[], Order]] = {
            OrderAction.REQUEST: lambda: desk.request_cancellation(
                id, "too late", by=by, decide_by=decide_by
            ),
            OrderAction.RETRACT: lambda: desk.retract_cancellation(id, by=by),
            OrderAction.REJECT: lambda: desk.reject_cancellation(id, "it is on its way", by=by),
            OrderAction.LAPSE: lambda: desk.lapse_cancellation(id, by=by),
            OrderAction.APPROVE: lambda: desk.cancel(id, "as you like", by=by),
            OrderAction.CANCEL: lambda: desk.cancel(id, "sold out", by=by),
        }

        order = self.command(
            verbs[action],
            by=by,
            whose={trade.seller, trade.buyer},
            may=self.may_cancel(trade, action, by)
            and not (action is OrderAction.REQUEST and hours == -1),
            what=("order", action),
        )

        if order is not None and order.cancellation is CancellationState.CANCELLED:
            claims = (it for it in self.view.claims if it.demand.claimant == trade.buyer)
            agreed = sum(it.agreed.minor for it in claims if it.agreed is not None)
            self.tills[id].cancel(f"{id} cancelled", elsewhere=agreed)

    @rule(moves=MOVES, data=st.data())
    def they_cancel(self, moves: int, data: DataObject) -> None:
        self.exchange(self.cancel_next, moves, data)

    def cancel_next(self, data: DataObject) -> None:
        """Do what is open to somebody; now and then that is the end of the order."""
        trade, chance = one_of(data, TRADES), one_of(data, range(6))
        if chance == 0:
            self.outwait(self.order(trade))
        ways = [
            (self.order(trade), action, by)
            for action in (CANCELLING if chance in (1, 2) else CANCELLING[:-1])
            for by in (trade.seller, trade.buyer, PLATFORM)
            if self.may_cancel(trade, action, by)
        ]
        if ways:
            _, action, by = one_of(data, self.least_done(ways))
            self.cancel(trade, by, action, one_of(data, (None, 24)))

    def really(self, trade: Trade, action: OrderAction) -> OrderAction:
        """Give what it is: to cancel what the buyer has asked to cancel is to approve."""
        is_approved = action is OrderAction.CANCEL and self.is_asked(trade)
        return OrderAction.APPROVE if is_approved else action

    def is_asked(self, trade: Trade) -> bool:
        return self.order(trade).cancellation is CancellationState.REQUESTED

    def may_cancel(self, trade: Trade, action: OrderAction, by: Actor) -> bool:
        """Tell whether the table allows it, and time and carrier do."""
        order, action = self.order(trade), self.really(trade, action)
        row = CANCELLATION.rule(order.cancellation, action)
        is_theirs = by in (trade.seller, trade.buyer, PLATFORM)
        if row is None or by.role not in row.roles or not is_theirs:
            return False
        asked = order.cancelling
        until = asked.decide_by if asked is not None and self.is_asked(trade) else None
        is_over = until is not None and self.now > until
        ends = action in (OrderAction.APPROVE, OrderAction.CANCEL)
        return {
            OrderAction.LAPSE: is_over,
            OrderAction.REJECT: not (is_over and by.role is Role.SELLER),
            OrderAction.APPROVE: not (is_over and by.role is Role.SELLER),
        }.get(action, True) and not (ends and self.shipment(trade).phase not in UNACCEPTED)
