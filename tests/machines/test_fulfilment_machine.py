"""An order and its shipments, beside a model of plain dictionaries, through whatever may happen.

Everybody tries everything: seller, buyer, carrier and platform, and strangers in their roles.  In
between come batches of scans, shuffled, repeated, too early, too late and retracted.  The model
knows the rows as the tests of orders and shipments have them written out, counts money in cents and
keeps scans in plain sets; what it foresees must be what comes of every command.

Invariants: the phase is the projection of commands and scans, histories replay, the books balance,
and never more is refunded, held or shipped than there is.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from hypothesis.strategies import DataObject

from apaclogistics.allocations import Allocation
from apaclogistics.errors import TransitionError
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.history import postings_of
from apaclogistics.ledger import Account, AccountKind, Ledger, Wallet
from apaclogistics.lifecycle import Actor
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentHold
from apaclogistics.sales import Payment, Refund
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Scan, Tracking, track
from apaclogistics.values.identifiers import CarrierCode, LineId, ShipmentId
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency, Money
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PARTIES,
    PATIENCE,
    PHONE,
    PLATFORM,
    SELLER,
    STRANGERS,
    adoption,
    booking,
    consignment,
    cost,
    day,
    placed,
    scan,
    usd,
)
from tests.test_orders import ROWS as ORDER_ROWS
from tests.test_shipments import ROWS as SHIPMENT_ROWS

T = TypeVar("T")

USD = Currency("USD")
DONE, REFUSED = "done", "RefusedError"
NO_ROW, FORBIDDEN = "IllegalTransitionError", "ActorNotPermittedError"

ORDERED = {PHONE: 2, CASE: 1}
PRICE, FARE, PURSE = 3000, 1250, 2000
# The way of a smooth shipment, and what can go wrong, the least advanced first.
MOVING = (
    "ACCEPTED EXPORT IN_TRANSIT CUSTOMS LAST_MILE OUT_FOR_DELIVERY AWAITING_COLLECTION "
    "ATTEMPT_FAILED RETURNING DAMAGED"
).split()
# How it ends, the end that needs most attention first.
ENDS = "LOST DESTROYED RETURNED DELIVERED".split()
VACANT = {"CANCELLED", "CLOSED"}
EARLY = {"DRAFT", "BOOKED", "CONFIRMED"} | VACANT
RESHIPPABLE = {"LOST", "DESTROYED", "RETURNED", "DAMAGED"} | VACANT
ACTIONS = sorted({action for _, action in SHIPMENT_ROWS})
CANCELLING = sorted({action for _, action in ORDER_ROWS})

ANYBODY = st.sampled_from((*PARTIES, *STRANGERS))
LANDMARKS = (Milestone.ACCEPTED, Milestone.DELIVERED, Milestone.RETURNED, Milestone.LOST)
REPORTS = st.tuples(st.sampled_from(Milestone), st.integers(-60, 60), st.integers(1, 2))


class Model:
    """What should be: cents, names of phases, sets of scans."""

    def __init__(self) -> None:
        self.payments: dict[str, int] = {}
        self.refunds: dict[str, int] = {}
        self.cancellation = "NONE_REQUESTED"
        self.decide_by: Instant | None = None
        self.payment_holds: dict[str, int] = {}
        self.released: set[str] = set()
        self.carrier = ""
        self.available = PURSE
        self.packed: list[tuple[str, LineId, int, str | None]] = []
        self.parcels: dict[str, int] = {}
        self.commanded: dict[str, str] = {}
        self.booked_at: dict[str, Instant | None] = {}
        self.held: dict[str, int] = {}
        self.billed: dict[str, set[tuple[int, Instant]]] = {}
        self.fares: dict[str, int] = {}
        self.scans: dict[str, set[Scan]] = {}

    @property
    def paid(self) -> int:
        return sum(self.payments.values())

    @property
    def left(self) -> int:
        return self.paid - sum(self.refunds.values())

    @property
    def held_back(self) -> int:
        return sum(self.payment_holds.values())

    def is_booked(self) -> bool:
        return any(self.phase(id) != "DRAFT" for id, *_ in self.counted())

    @property
    def is_to_be_shipped(self) -> bool:
        is_paid = self.paid >= PRICE and (self.left > 0 or not self.refunds)
        return is_paid and self.cancellation in {"NONE_REQUESTED", "REJECTED"}

    def counted(self) -> list[tuple[str, LineId, int]]:
        """Give what is in a shipment that counts."""
        superseded = {old for *_, old in self.packed}
        return [
            (id, line, quantity)
            for id, line, quantity, _ in self.packed
            if id not in superseded and self.phase(id) not in VACANT
        ]

    def free(self, line: LineId) -> int:
        # What was cancelled and moves all the same may carry units that were packed anew.
        counted = sum(q for _, packed, q in self.counted() if packed == line)
        return max(0, ORDERED[line] - counted)

    def fulfilment(self) -> str:
        where = [self.phase(id) for id, *_ in self.counted()]
        waiting = any(phase in EARLY for phase in where) or any(self.free(it) for it in ORDERED)
        if all(phase in EARLY for phase in where):
            return "NOT_STARTED"
        if waiting:
            return "IN_PROGRESS"
        return "COMPLETED" if set(where) == {"COMPLETED"} else "FULFILLED"

    def trackings(self, id: str) -> list[Tracking]:
        """Project the scans of each parcel, those left out that are older than the booking."""
        if id not in self.booked_at:
            return []
        since = self.booked_at[id]
        known = [it for it in self.scans[id] if since is None or it.at.earliest >= since]
        names = [f"N{n + 1}" for n in range(self.parcels[id])]
        return [track(it for it in known if it.number == name) for name in names]

    def attested(self, id: str) -> str | None:
        seen = [tracking.phase for tracking in self.trackings(id)]
        if not any(seen):
            return None
        names = {phase.name if phase else "ACCEPTED" for phase in seen}
        return next(name for name in (*MOVING, *ENDS) if name in names)

    def phase(self, id: str) -> str:
        commanded = self.commanded[id]
        if commanded in {"COMPLETED", "CLOSED"}:
            return commanded
        return self.attested(id) or commanded

    def parties(self, id: str) -> set[Actor]:
        return {SELLER, BUYER, PLATFORM} | ({CARRIER} if id in self.booked_at else set())

    def on_command(self, id: str, action: str, by: Actor, at: Instant) -> str:
        """Foresee what comes of a command to a shipment."""
        if by not in self.parties(id):
            return FORBIDDEN
        row = SHIPMENT_ROWS.get((self.phase(id), action))
        if row is None:
            return NO_ROW
        if by.role.value not in row[1]:
            return FORBIDDEN
        poor = action == "confirm" and not self.billed[id] and self.available < FARE
        early = action == "complete" and at < self.delivered_at(id) + PATIENCE
        return REFUSED if poor or early else DONE

    def delivered_at(self, id: str) -> Instant:
        return max(it.delivered_at for it in self.trackings(id) if it.delivered_at)

    def take(self, id: str, action: str, at: Instant) -> None:
        """Let a command happen to a shipment."""
        attested = self.attested(id)
        self.commanded[id] = SHIPMENT_ROWS[self.phase(id), action][0]
        if action in {"book", "adopt"}:
            self.booked_at[id] = at if action == "book" else None
        if action == "confirm" and not self.billed[id]:
            self.held[id], self.available = FARE, self.available - FARE
        if action == "cancel" or (action == "close" and attested is None):
            self.available += self.held[id]
        elif action in {"close", "confirm_receipt", "complete"}:
            self.fares[id] += self.held[id]
        if action in {"cancel", "close", "confirm_receipt", "complete"}:
            self.held[id] = 0

    def on_bill(self, id: str, by: Actor) -> str:
        """Foresee what comes of a bill."""
        may = by in self.parties(id) and by in {CARRIER, PLATFORM}
        return DONE if may else FORBIDDEN

    def bill(self, id: str, rows: set[tuple[int, Instant]]) -> None:
        """Pay exactly what is billed, out of the hold and of what is available."""
        if id not in self.booked_at or rows <= self.billed[id]:
            return
        self.billed[id] |= rows
        due = sum(minor for minor, _ in self.billed[id])
        self.available += self.held[id] + self.fares[id] - due
        self.held[id], self.fares[id] = 0, due

    def on_cancelling(self, action: str, by: Actor, at: Instant) -> str:
        """Foresee what comes of a command to the order's cancellation."""
        if by not in {SELLER, BUYER, PLATFORM}:
            return FORBIDDEN
        row = ORDER_ROWS.get((self.cancellation, action))
        if row is None:
            return NO_ROW
        if by.role.value not in row[1]:
            return FORBIDDEN
        stopped = {self.phase(id) for id in self.commanded} - EARLY - {"HANDED_OVER"}
        lapsed = self.decide_by is not None and at > self.decide_by
        refused = {
            "approve": bool(stopped) or (lapsed and by is SELLER),
            "cancel": bool(stopped),
            "reject": lapsed and by is SELLER,
            "lapse": not lapsed,
        }
        return REFUSED if refused.get(action) else DONE

    def cancel(self, action: str, decide_by: Instant | None) -> None:
        """Let a command happen to the order's cancellation; what is left is refunded."""
        self.cancellation = ORDER_ROWS[self.cancellation, action][0]
        self.decide_by = decide_by if action == "request" else self.decide_by
        if self.cancellation != "CANCELLED":
            return
        self.available += self.held_back - self.left
        self.payment_holds.clear()
        if self.left:
            self.refunds["o-1 cancelled"] = self.left


def attempt(command: Callable[[], T]) -> tuple[T | None, str]:
    """Give what came of a command: the new thing, or the name of the refusal."""
    try:
        return command(), DONE
    except TransitionError as error:
        return None, type(error).__name__


class FulfilmentMachine(RuleBasedStateMachine):
    """The library, the model, and whatever Hypothesis thinks of."""

    shipped = Bundle("shipped")

    def __init__(self) -> None:
        super().__init__()
        self.at = day(2)
        self.order = placed()
        self.shipments: dict[str, Shipment] = {}
        self.wallet = Wallet(SELLER).deposit(Money(PURSE, USD), "top-up", at=day(1))
        self.model = Model()

    def tick(self) -> Instant:
        self.at = self.at + timedelta(hours=1)
        return self.at

    @property
    def phases(self) -> dict[ShipmentId, Phase]:
        return {shipment.id: shipment.phase for shipment in self.shipments.values()}

    @initialize(target=shipped, is_paid=st.sampled_from((True, True, False)), data=st.data())
    def begin(self, *, is_paid: bool, data: DataObject) -> str | MultipleResults[str]:
        """Begin as most orders do: paid and packed; or with nothing."""
        if not is_paid:
            return multiple()
        self.pay(by=BUYER, cents=PRICE, number=0, has_failed=False)
        parcels, steps = data.draw(st.integers(1, 2)), data.draw(st.integers(0, 3))
        self.ship(by=SELLER, line=PHONE, quantity=1, parcels=parcels)
        for action in ("book", "confirm", "hand_over")[:steps]:
            self.command("sh-0", action, SELLER)
        return "sh-0"

    @rule(
        by=ANYBODY,
        cents=st.integers(1, PRICE + 1),
        number=st.integers(0, 3),
        has_failed=st.booleans(),
    )
    def pay(self, *, by: Actor, cents: int, number: int, has_failed: bool) -> None:
        payment = Payment(id=f"pay-{number}", gross=Money(cents, USD), has_failed=has_failed)
        over = not has_failed and self.model.paid + cents > PRICE
        known = payment.id in self.model.payments
        refused = over or known or self.model.cancellation == "CANCELLED"
        foreseen = REFUSED if refused else DONE

        order, outcome = attempt(lambda: self.order.pay(payment, by=by, at=self.tick()))

        assert outcome == (foreseen if by in {BUYER, PLATFORM} else FORBIDDEN)
        if order is not None:
            self.model.payments[payment.id] = 0 if has_failed else cents
            self.model.available += 0 if has_failed else cents
            self.keep(order)

    @rule(by=ANYBODY, cents=st.integers(1, 500) | st.just(PRICE), number=st.integers(0, 3))
    def refund(self, *, by: Actor, cents: int, number: int) -> None:
        given = Refund(id=f"back-{number}", gross=Money(cents, USD))
        refused = cents > self.model.left or given.id in self.model.refunds
        foreseen = REFUSED if refused else DONE

        order, outcome = attempt(lambda: self.order.refund(given, by=by, at=self.tick()))

        assert outcome == (foreseen if by in {SELLER, PLATFORM} else FORBIDDEN)
        if order is not None:
            self.model.refunds[given.id] = cents
            self.model.available -= cents
            self.keep(order)

    def keep(self, order: Order) -> None:
        self.order = order
        self.wallet = self.wallet.post(order.history[-1].postings)

    @rule(by=ANYBODY | st.just(PLATFORM), cents=st.integers(1, PRICE + 1), number=st.integers(0, 2))
    def hold_payment(self, *, by: Actor, cents: int, number: int) -> None:
        held = PaymentHold(id=f"hold-{number}", amount=Money(cents, USD))
        known = held.id in self.model.payment_holds or held.id in self.model.released
        refused = known or cents > self.model.left - self.model.held_back
        foreseen = REFUSED if refused else DONE

        order, outcome = attempt(lambda: self.order.hold_payment(held, by=by, at=self.tick()))

        assert outcome == (foreseen if by is PLATFORM else FORBIDDEN)
        if order is not None:
            self.model.payment_holds[held.id] = cents
            self.model.released.add(held.id)
            self.model.available -= cents
            self.keep(order)

    @precondition(lambda self: self.model.payment_holds)
    @rule(by=ANYBODY | st.just(PLATFORM), data=st.data())
    def release_payment(self, by: Actor, data: DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.model.payment_holds)))

        order, outcome = attempt(lambda: self.order.release_payment(id, by=by, at=self.tick()))

        assert outcome == (DONE if by is PLATFORM else FORBIDDEN)
        if order is not None:
            self.model.available += self.model.payment_holds.pop(id)
            self.keep(order)

    @rule(by=ANYBODY | st.just(PLATFORM), carrier=st.sampled_from(("HKPOST", "DHL")))
    def dispatch(self, by: Actor, carrier: str) -> None:
        is_paid = self.model.is_to_be_shipped and not self.model.payment_holds
        foreseen = DONE if is_paid and not self.model.is_booked() else REFUSED

        order, outcome = attempt(
            lambda: self.order.dispatch(
                CarrierCode(carrier), phases=self.phases, by=by, at=self.tick()
            )
        )

        assert outcome == (foreseen if by is PLATFORM else FORBIDDEN)
        if order is not None:
            self.model.carrier = carrier
            self.keep(order)

    @rule(by=ANYBODY, action=st.sampled_from(CANCELLING), days=st.none() | st.integers(0, 5))
    def cancel_order(self, by: Actor, action: str, days: int | None) -> None:
        order, at, phases = self.order, self.tick(), self.phases
        decide_by = None if days is None else at + timedelta(days=days)
        verbs: dict[str, Callable[[], Order]] = {
            "request": lambda: order.request_cancellation("", decide_by=decide_by, by=by, at=at),
            "lapse": lambda: order.lapse_cancellation(by=by, at=at),
            "retract": lambda: order.retract_cancellation(by=by, at=at),
            "reject": lambda: order.reject_cancellation("", by=by, at=at),
            "approve": lambda: order.approve_cancellation("", phases=phases, by=by, at=at),
            "cancel": lambda: order.cancel("", phases=phases, by=by, at=at),
        }

        after, outcome = attempt(verbs[action])

        assert outcome == self.model.on_cancelling(action, by, at)
        if after is not None:
            self.model.cancel(action, decide_by)
            self.keep(after)

    @precondition(lambda self: len(self.shipments) < 3)
    @rule(
        target=shipped,
        by=ANYBODY | st.just(SELLER),
        line=st.sampled_from((PHONE, CASE)),
        quantity=st.integers(1, 2),
        parcels=st.integers(1, 2),
    )
    def ship(
        self, by: Actor, line: LineId, quantity: int, parcels: int
    ) -> str | MultipleResults[str]:
        id = f"sh-{len(self.shipments)}"
        if not self.allocate([(id, line, quantity, None)], by):
            return multiple()
        begun = attrs.evolve(consignment(parcels=parcels), id=ShipmentId(id))
        self.begin_shipment(Shipment.draft(begun, by=SELLER, at=self.at))
        return id

    def allocate(self, packed: list[tuple[str, LineId, int, str | None]], by: Actor) -> bool:
        """Put units into a shipment, if the model thinks that this may be."""
        replaced = {old for *_, old in packed}
        over = any(
            quantity
            > self.model.free(line)
            + sum(
                q
                for id, packed_line, q in self.model.counted()
                if packed_line == line and id in replaced
            )
            for _, line, quantity, _ in packed
        )
        foreseen = DONE if self.model.is_to_be_shipped and not over else REFUSED
        allocations = [
            Allocation(
                shipment=ShipmentId(id),
                line=line,
                quantity=quantity,
                replaces=None if old is None else ShipmentId(old),
            )
            for id, line, quantity, old in packed
        ]

        order, outcome = attempt(
            lambda: self.order.allocate(allocations, phases=self.phases, by=by, at=self.tick())
        )

        assert outcome == (foreseen if by in {SELLER, PLATFORM} else FORBIDDEN)
        if order is None:
            return False
        self.model.packed += packed
        self.keep(order)
        return True

    def begin_shipment(self, shipment: Shipment) -> None:
        id = shipment.id
        self.shipments[id] = shipment
        self.model.parcels[id] = len(shipment.consignment.parcels)
        self.model.commanded[id], self.model.held[id] = "DRAFT", 0
        self.model.billed[id], self.model.fares[id] = set(), 0
        self.model.scans[id] = set()

    @rule(id=shipped, by=ANYBODY, action=st.sampled_from(ACTIONS))
    def try_anything(self, id: str, by: Actor, action: str) -> None:
        self.command(id, action, by)

    @rule(id=shipped, data=st.data())
    def go_on(self, id: str, data: DataObject) -> None:
        """Do what comes next if nothing goes wrong."""
        self.choose(id, data, {"book", "adopt", "confirm", "hand_over", "complete"})

    @rule(id=shipped, data=st.data())
    def end(self, id: str, data: DataObject) -> None:
        """Come to an end, in time or not."""
        self.choose(id, data, {"cancel", "close", "confirm_receipt", "complete"})

    def choose(self, id: str, data: DataObject, actions: set[str]) -> None:
        """Do one of some actions that the table allows now."""
        phase = self.model.phase(id)
        offered = [
            (action, actor)
            for (source, action), (_, roles) in SHIPMENT_ROWS.items()
            for actor in PARTIES
            if source == phase and actor.role.value in roles and action in actions
        ]
        if offered:
            self.command(id, *data.draw(st.sampled_from(offered)))

    def command(self, id: str, action: str, by: Actor) -> None:
        shipment, at, parcels = self.shipments[id], self.tick(), self.model.parcels[id]
        verbs: dict[str, Callable[[], Shipment]] = {
            "book": lambda: shipment.book(
                booking(parcels=parcels, at=at), hindrances=(), by=by, at=at
            ),
            "adopt": lambda: shipment.adopt(adoption(parcels=parcels), by=by, at=at),
            "confirm": lambda: shipment.confirm(available=self.wallet.available(USD), by=by, at=at),
            "hand_over": lambda: shipment.hand_over(by=by, at=at),
            "cancel": lambda: shipment.cancel(by=by, at=at),
            "confirm_receipt": lambda: shipment.confirm_receipt(by=by, at=at),
            "complete": lambda: shipment.complete(by=by, at=at, patience=PATIENCE),
            "close": lambda: shipment.close("", by=by, at=at),
        }

        after, outcome = attempt(verbs[action])

        assert outcome == self.model.on_command(id, action, by, at)
        if after is not None:
            self.model.take(id, action, at)
            self.shipments[id] = after
            self.wallet = self.wallet.post(after.history[-1].postings)

    @rule(id=shipped, by=ANYBODY | st.just(CARRIER), data=st.data())
    def bill(self, id: str, by: Actor, data: DataObject) -> None:
        """Bill less, more, a credit, or what was billed before; and a parcel of somebody else."""
        at, shipment = self.tick(), self.shipments[id]
        known = sorted(self.model.billed[id])
        new = st.tuples(st.sampled_from((-200, 0, 75, FARE, 3 * FARE)), st.just(at))
        rows = data.draw(st.lists(new | st.sampled_from(known) if known else new, max_size=3))
        reported = [
            *(cost(str(Money(minor, USD).amount), billed) for minor, billed in rows),
            cost("99.00", at, number="N9"),
        ]

        after, outcome = attempt(lambda: shipment.charge(reported, by=by, at=at))

        assert outcome == self.model.on_bill(id, by)
        if after is not None:
            self.model.bill(id, set(rows))
            self.shipments[id] = after
            steps = after.history[len(shipment.history) :]
            self.wallet = self.wallet.post(it for step in steps for it in step.postings)

    @rule(id=shipped, milestone=st.sampled_from(LANDMARKS) | st.sampled_from(Milestone))
    def travel(self, id: str, milestone: Milestone) -> None:
        """Scan all parcels, here and now."""
        numbers = range(1, self.model.parcels[id] + 1)
        self.observe(id, [scan(milestone, self.tick(), f"N{number}") for number in numbers])

    @rule(id=shipped, reports=st.lists(REPORTS, min_size=1, max_size=4), data=st.data())
    def report(self, id: str, reports: list[tuple[Milestone, int, int]], data: DataObject) -> None:
        """Scan the parcels, and say again some of what was said before."""
        new = [
            scan(milestone, self.at + timedelta(hours=hours), f"N{number}")
            for milestone, hours, number in reports
        ]
        known = [*new, *sorted(self.model.scans[id], key=str)]
        again = data.draw(st.lists(st.sampled_from(known), max_size=3))
        self.observe(id, data.draw(st.permutations(new + again)))

    @rule(id=shipped, data=st.data())
    def retract(self, id: str, data: DataObject) -> None:
        """Take a scan back."""
        known = sorted(self.model.scans[id], key=str)
        if known:
            wrong = data.draw(st.sampled_from(known))
            self.observe(id, [attrs.evolve(wrong, voids=wrong.key)])

    def observe(self, id: str, scans: list[Scan]) -> None:
        self.shipments[id] = self.shipments[id].observe(scans)
        self.model.scans[id] |= set(scans)

    @rule(days=st.integers(1, 10))
    def wait(self, days: int) -> None:
        self.at = self.at + timedelta(days=days)

    @precondition(lambda self: len(self.shipments) < 3)
    @rule(target=shipped, id=shipped, by=ANYBODY | st.just(SELLER))
    def reship(self, id: str, by: Actor) -> str | MultipleResults[str]:
        new = f"sh-{len(self.shipments)}"
        foreseen = DONE if self.model.phase(id) in RESHIPPABLE else REFUSED

        again, outcome = attempt(
            lambda: self.shipments[id].reship(ShipmentId(new), limit=9, by=by, at=self.tick())
        )

        assert outcome == (foreseen if by in {SELLER, PLATFORM} else FORBIDDEN)
        instead = [(new, line, q, id) for packed, line, q, _ in self.model.packed if packed == id]
        if again is None or not self.allocate(list(instead), by):
            return multiple()
        self.begin_shipment(again)
        return new

    @invariant()
    def phases_are_the_projection_of_commands_and_scans(self) -> None:
        for id, shipment in self.shipments.items():
            assert shipment.phase.name == self.model.phase(id)
            assert shipment.commanded.name == self.model.commanded[id]
            assert set(shipment.scans) == self.model.scans[id]

    @invariant()
    def histories_replay(self) -> None:
        assert Order.replay(self.order.history) == self.order
        for shipment in self.shipments.values():
            assert Shipment.replay(shipment.history, shipment.scans) == shipment

    @invariant()
    def the_books_balance(self) -> None:
        histories = [self.order.history, *(it.history for it in self.shipments.values())]
        ledger = Ledger((*(it.posting for it in self.wallet.deposits), *postings_of(*histories)))
        purse, held = (Account(SELLER, kind) for kind in (AccountKind.AVAILABLE, AccountKind.HELD))

        assert ledger.total(USD) == usd("0.00")
        assert ledger.balance(purse, USD) == self.wallet.available(USD)
        assert ledger.balance(purse, USD).minor == self.model.available
        held_back = self.model.held_back
        assert ledger.balance(held, USD).minor == sum(self.model.held.values()) + held_back
        assert self.order.money.held.minor == held_back <= self.model.paid
        assert [it.held.minor if it.held else 0 for it in self.shipments.values()] == [
            *self.model.held.values()
        ]
        for id, shipment in self.shipments.items():
            assert shipment.paid.get(USD, usd("0.00")).minor == self.model.fares[id]

    @invariant()
    def never_more_is_refunded_or_shipped_than_there_is(self) -> None:
        assert self.order.paid.minor == self.model.paid
        assert self.order.refunded.minor == sum(self.model.refunds.values())
        assert usd("0.00") <= self.order.refunded <= self.order.paid <= self.order.sale.total
        for line, ordered in ORDERED.items():
            free = self.order.unshipped(self.phases).get(line, 0)
            assert 0 <= free == self.model.free(line) <= ordered

    @invariant()
    def the_order_knows_where_it_stands(self) -> None:
        assert self.order.cancellation.name == self.model.cancellation
        assert self.order.fulfilment(self.phases).name == self.model.fulfilment()
        assert self.order.is_to_be_shipped == self.model.is_to_be_shipped
        named = self.order.dispatched
        assert (named.carrier if named else "") == self.model.carrier
        is_bookable = self.model.is_to_be_shipped and not self.model.payment_holds
        assert (self.order.against_carrier(CarrierCode("DHL")) == ()) == (
            is_bookable and self.model.carrier in {"", "DHL"}
        )


TestFulfilmentMachine = FulfilmentMachine.TestCase
# A machine needs more runs than a law, to reach what lies far from the beginning.
TestFulfilmentMachine.settings = settings(max_examples=max(200, settings().max_examples))
