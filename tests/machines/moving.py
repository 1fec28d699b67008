"""Rules of the after-sales machine about parcels and time: scans, bills, receipt, and waiting."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from hypothesis.strategies import DataObject

from apaclogistics.cancellations import CancellationState
from apaclogistics.claims import ClaimAction
from apaclogistics.claims import allowed as allowed_in_claim
from apaclogistics.fulfilment import FULFILMENT, Action, Milestone, Phase
from apaclogistics.ledger import Account, AccountKind
from apaclogistics.lifecycle import Actor
from apaclogistics.shipments import Shipment
from apaclogistics.values.instants import Instant, instant
from tests.machines.trading import ANYBODY, DAY, EITHER, HOUR, SECOND, Trading, ends_of, one_of
from tests.samples import PATIENCE, PLATFORM, cost, scan, weighed
from tests.trades import TRADES, USD, Trade, cents

# What the carriers ask for a parcel.
FARE: Final = 500

_A: Final = Milestone.ACCEPTED
# How far the parcels of a trade are when it begins to go wrong.
FATES: Final = st.sampled_from(
    (
        (),
        (_A,),
        (_A,),
        (_A, Milestone.LOST),
        (_A, Milestone.DAMAGED),
        (_A, Milestone.OUT_FOR_DELIVERY, Milestone.ATTEMPT_FAILED),
        (_A, Milestone.DELIVERED),
        (_A, Milestone.RETURNED),
    )
)
SIGHTINGS: Final = st.sampled_from(
    (
        _A,
        Milestone.IN_TRANSIT,
        Milestone.ATTEMPT_FAILED,
        Milestone.DELIVERED,
        Milestone.DAMAGED,
        Milestone.LOST,
        Milestone.RETURNED,
    )
)
COMMANDS: Final = (
    Action.CONFIRM,
    Action.HAND_OVER,
    Action.CANCEL,
    Action.CONFIRM_RECEIPT,
    Action.COMPLETE,
    Action.CLOSE,
)


class Moving(Trading):
    """What carriers report and bill, how a shipment ends, and time."""

    @initialize(
        steps=st.sampled_from((2, 2, 2, 1, 0)),
        fates=st.tuples(FATES, FATES),
        days=st.integers(1, 30),
    )
    def begin(self, *, steps: int, fates: tuple[tuple[Milestone, ...], ...], days: int) -> None:
        """Begin as most disputes do: handed over, perhaps scanned, and some days have gone by."""
        for trade, fate in zip(TRADES, fates, strict=True):
            for action in COMMANDS[:steps]:
                self.move(trade, action, trade.seller)
            for milestone in fate if steps == 2 else ():
                self.market.clock.advance(HOUR)
                for number in range(len(trade.parcels)):
                    self.see(trade, milestone, self.now, number)
        self.market.clock.advance(days * DAY)

    def see(self, trade: Trade, milestone: Milestone, at: Instant, number: int) -> None:
        """Let a parcel of a trade be scanned."""
        seen = scan(milestone, at, self.number(trade, number))
        named = attrs.evolve(seen, carrier=trade.carrier.id)
        self.platform.shipments.observe(trade.shipment, [named])
        self.look()

    def number(self, trade: Trade, number: int) -> str:
        """Give the number that the carrier gave to a parcel."""
        booking = self.shipment(trade).booking
        assert booking is not None
        return str(booking.labels[number % len(trade.parcels)].numbers[0])

    @rule(
        trade=EITHER,
        milestone=SIGHTINGS,
        number=st.integers(0, 1),
        late=st.sampled_from((0, 0, 1, 30, 400)),
    )
    def report(self, trade: Trade, milestone: Milestone, number: int, late: int) -> None:
        """Scan a parcel; the carrier may tell of it weeks later."""
        self.see(trade, milestone, instant(self.now - late * HOUR), number)

    @rule(
        trade=EITHER,
        by=ANYBODY,
        minor=st.sampled_from((-200, FARE, 1250, 4000)),
        number=st.integers(0, 1),
    )
    def bill(self, trade: Trade, by: Actor, minor: int, number: int) -> None:
        """Bill what was agreed, too much, or a credit."""
        row = attrs.evolve(
            cost("1.00", self.now, number=self.number(trade, number)),
            carrier=trade.carrier.id,
            amount=cents(minor),
        )

        self.command(
            lambda: self.platform.shipments.charge(trade.shipment, [row], by=by),
            by=by,
            whose=trade.parties,
            may=by in (trade.carrier, PLATFORM),
            what=("shipment", Action.CHARGE),
        )

    @rule(trade=EITHER, grams=st.none() | st.integers(1, 3000), number=st.integers(0, 1))
    def hear_from_the_carrier(self, trade: Trade, grams: int | None, number: int) -> None:
        """Take in a weight, or all that was scanned, weighed and billed, unless that was given up."""
        if grams is not None:
            found = weighed(grams, self.now, number=self.number(trade, number))
            named = attrs.evolve(found, carrier=trade.carrier.id)
            self.platform.shipments.measure(trade.shipment, [named])
        elif self.shipment(trade).live_numbers and not self.was_given_up(trade):
            self.platform.shipments.reconcile(trade.shipment, by=PLATFORM)
        self.look()

    def was_given_up(self, trade: Trade) -> bool:
        """Tell whether it was cancelled once: its carrier knows it no more, whatever was scanned."""
        return any(step.action is Action.CANCEL for step in self.shipment(trade).history)

    @rule(trade=EITHER, by=ANYBODY, action=st.sampled_from(COMMANDS))
    def move_anything(self, trade: Trade, by: Actor, action: Action) -> None:
        self.move(trade, action, by)

    def move(self, trade: Trade, action: Action, by: Actor) -> None:
        """Command a shipment, once its carrier has told how far it is."""
        desk, id = self.platform.shipments, trade.shipment
        desk.track(id)
        self.look()
        verbs: Mapping[Action, Callable[[], Shipment]] = {
            Action.CONFIRM: lambda: desk.confirm(id, by=by),
            Action.HAND_OVER: lambda: desk.hand_over(id, by=by),
            Action.CANCEL: lambda: desk.cancel(id, by=by),
            Action.CONFIRM_RECEIPT: lambda: desk.confirm_receipt(id, by=by),
            Action.COMPLETE: lambda: desk.complete(id, by=by, patience=PATIENCE),
            Action.CLOSE: lambda: desk.close(id, "nothing was heard of it", by=by),
        }

        self.command(
            verbs[action],
            by=by,
            whose=trade.parties,
            may=self.may_move(trade, action, by),
            what=("shipment", action),
        )

    def may_move(self, trade: Trade, action: Action, by: Actor) -> bool:
        """Tell whether the table allows it, and so do time and money."""
        shipment = self.shipment(trade)
        again = (shipment.phase, action) == (Phase.CONFIRMED, Action.CONFIRM)
        row = FULFILMENT.rule(Phase.BOOKED if again else shipment.phase, action)
        is_theirs = by == PLATFORM or by in trade.parties
        if row is None or by.role not in row.roles or not is_theirs:
            return False
        match action:
            case Action.COMPLETE:
                delivered = shipment.delivered_at
                return delivered is not None and self.now - delivered >= PATIENCE
            case Action.CONFIRM:
                # To confirm again asks the carrier again, and holds nothing.
                return again or self.may_be_paid(trade)
            case _:
                return True

    def may_be_paid(self, trade: Trade) -> bool:
        """Tell whether the order is still to be shipped, and the seller can pay the carriage."""
        till, purse = self.tills[trade.order], Account(trade.seller, AccountKind.AVAILABLE)
        is_wanted = self.order(trade).cancellation in (
            CancellationState.NONE_REQUESTED,
            CancellationState.REJECTED,
        )
        fare = 0 if self.shipment(trade).costs else FARE * len(trade.parcels)
        can_pay = self.books.accounts[purse, USD] >= fare
        return is_wanted and can_pay and till.left > 0 and not till.holds

    @rule(hours=st.integers(1, 72) | st.sampled_from((200, 500, 1000)))
    def wait(self, hours: int) -> None:
        self.market.clock.advance(hours * HOUR)

    @precondition(lambda self: any(self.ahead()))
    @rule(data=st.data(), after=st.sampled_from((-1, 0, 1)))
    def wait_for_a_deadline(self, data: DataObject, after: int) -> None:
        """Wait until just before one, to its very instant, or until it is over."""
        due = one_of(data, sorted(set(self.ahead())))
        self.market.clock.move_to(instant(max(self.now, due + after * SECOND)))

    def ahead(self) -> Iterator[Instant]:
        """Give every deadline that is still to come."""
        return (end for thing in self.things for end in ends_of(thing) if end >= self.now)

    @rule()
    def sweep(self) -> None:
        """Let the platform do what is due; then nothing more is, at this instant."""
        self.platform.sweep()
        self.look()

        assert self.platform.sweep() == ()
        assert not any(inquiry.has_lapsed(self.now) for inquiry in self.view.inquiries)
        for claim in self.view.claims:
            assert ClaimAction.EXPIRE not in set(allowed_in_claim(claim, PLATFORM, self.now))
