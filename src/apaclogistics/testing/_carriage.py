"""Strategies for what is carried: parcels, bookings and shipments, with whatever is scanned."""

from datetime import timedelta
from functools import cache
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.consignments import Booking, Consignment, Label, Parcel
from apaclogistics.fulfilment import FULFILMENT, MEANING, Action, Milestone, Phase
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.measurements import Measurement
from apaclogistics.shipments import Shipment
from apaclogistics.testing._agreements import (
    amounts,
    beginnings,
    ids,
    people,
    prices_of,
    promises,
    somebody,
    texts,
    units,
)
from apaclogistics.testing._billing import actual_costs, measurements, preferences
from apaclogistics.testing._values import (
    dimensions,
    milestones,
    moments,
    tracking_numbers,
    weights,
)
from apaclogistics.testing._walks import (
    PLATFORM,
    Move,
    Option,
    arrived,
    gaps,
    goal_of,
    noted,
    options_of,
    walk,
)
from apaclogistics.tracking import Scan
from apaclogistics.values.goods import CustomsItem, Incoterm
from apaclogistics.values.identifiers import (
    CarrierCode,
    IdempotencyKey,
    OrderId,
    ParcelId,
    QuoteId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant, Moment
from apaclogistics.values.money import Currency, Money


@cache
def parcels(*, currency: Currency | str | None = None) -> SearchStrategy[Parcel]:
    """Give parcels, some with nothing declared; shrinks to one gram of it."""
    return units(currency).flatmap(
        lambda unit: st.builds(
            Parcel,
            id=ids().map(ParcelId),
            weight=st.none() | weights(max_grams=30_000),
            dimensions=st.none() | dimensions(max_mm=2000),
            contents=st.lists(_declared(unit), max_size=2).map(tuple),
        )
    )


@cache
def _declared(unit: Currency) -> SearchStrategy[CustomsItem]:
    return st.builds(
        CustomsItem,
        description=texts(min_size=1).filter(str.strip),
        quantity=st.integers(1, 9),
        value=amounts(unit),
    )


@st.composite
def consignments(draw: DrawFn, *, currency: Currency | str | None = None) -> Consignment:
    """Give what begins a shipment, of one to three parcels; shrinks to one gram."""
    pieces = st.lists(
        parcels(currency=currency), min_size=1, max_size=3, unique_by=lambda it: it.id
    )
    return Consignment(
        id=ShipmentId(draw(ids())),
        orders=tuple(draw(st.lists(ids().map(OrderId), max_size=2, unique=True))),
        seller=draw(somebody(Role.SELLER)),
        buyer=draw(somebody(Role.BUYER)),
        consignee=draw(people()),
        parcels=tuple(draw(pieces)),
        incoterm=draw(st.sampled_from(Incoterm)),
        promise=draw(st.none() | promises()),
        preference=draw(st.none() | preferences()),
        reshipments=draw(st.integers(0, 2)),
    )


@st.composite
def bookings(
    draw: DrawFn,
    *,
    consignment: Consignment | None = None,
    at: Instant | None = None,
    currency: Currency | str | None = None,
) -> Booking:
    """Give what carriers have booked for a consignment; shrinks to one label at one minor unit."""
    issued_at = draw(beginnings()) if at is None else at
    return attrs.evolve(
        draw(_adoptions(consignment or draw(consignments()))),
        reference=draw(st.none() | ids().map(IdempotencyKey)),
        quote=draw(st.none() | ids().map(QuoteId)),
        estimate=draw(units(currency).flatmap(prices_of)),
        issued_at=issued_at,
        promise=draw(st.none() | promises()),
    )


@st.composite
def _adoptions(draw: DrawFn, consignment: Consignment) -> Booking:
    names = [parcel.id for parcel in consignment.parcels]
    numbers = draw(
        st.lists(tracking_numbers(), min_size=len(names), max_size=len(names) + 1, unique=True)
    )
    shares = [*((number,) for number in numbers[: len(names) - 1]), numbers[len(names) - 1 :]]
    labels = (Label(name, tuple(share)) for name, share in zip(names, shares, strict=True))
    return Booking(carrier=CarrierCode(draw(ids())), service=draw(texts()), labels=tuple(labels))


def _book(draw: DrawFn, shipment: Shipment, by: Actor, at: Instant) -> Shipment:
    booking = draw(bookings(consignment=shipment.consignment, at=at))
    return shipment.book(booking, hindrances=(), by=by, at=at)


def _adopt(draw: DrawFn, shipment: Shipment, by: Actor, at: Instant) -> Shipment:
    return shipment.adopt(draw(_adoptions(shipment.consignment)), by=by, at=at)


def _confirm(_: DrawFn, shipment: Shipment, by: Actor, at: Instant) -> Shipment:
    estimate = shipment.booking.estimate if shipment.booking else None
    return shipment.confirm(available=estimate or Money.zero("USD"), by=by, at=at)


def _complete(draw: DrawFn, shipment: Shipment, by: Actor, at: Instant) -> Shipment:
    patience = draw(gaps())
    due = (shipment.delivered_at or at) + patience
    return shipment.complete(by=by, at=max(at, due), patience=patience)


def _observing(goal: Phase) -> Move[Shipment]:
    """Make the move that takes scans, of which some show a phase."""
    # The platform completes what was delivered.
    shown = Phase.DELIVERED if goal is Phase.COMPLETED else goal
    showing = [milestone for milestone, meaning in MEANING.items() if meaning.phase is shown]
    meanings = st.sampled_from([None, *showing]) | milestones()

    def observe(draw: DrawFn, shipment: Shipment, _: Actor, at: Instant) -> Shipment:
        count = draw(st.integers(0, 2))
        seen = shipment.observe(
            scan for _ in range(count) for scan in _reports(draw, shipment, at, draw(meanings))
        )
        return seen.measure(draw(_measured(shipment, at))) if draw(st.booleans()) else seen

    return observe


def _measured(shipment: Shipment, at: Instant) -> SearchStrategy[list[Measurement]]:
    """Give measurements of the shipment's parcels, some of them, and some taken back."""
    numbers = [*sorted(map(str, shipment.numbers)), "stray"]
    known = [fact.retracted() for fact in shipment.measurements]
    days = st.integers(-2, 40).map(lambda count: at + timedelta(days=count))
    new = st.sampled_from(numbers).flatmap(lambda it: measurements(number=it, at=days))
    return st.lists(new | st.sampled_from(known) if known else new, max_size=2)


def _charge(draw: DrawFn, shipment: Shipment, by: Actor, at: Instant) -> Shipment:
    numbers = sorted(map(str, shipment.numbers))
    estimate = shipment.booking.estimate if shipment.booking else None
    unit = estimate.currency if estimate is not None and draw(st.booleans()) else None
    billed = st.sampled_from(numbers).flatmap(
        lambda it: actual_costs(number=it, currency=unit, at=st.just(at))
    )
    return shipment.charge(draw(st.lists(billed, max_size=3)), by=by, at=at)


def _reports(
    draw: DrawFn, shipment: Shipment, at: Instant, meaning: Milestone | None
) -> list[Scan]:
    """Report the same of all parcels, or something of one, of another's, or of an earlier scan."""
    numbers = [str(number) for number in sorted(shipment.numbers, key=str)]
    whose = draw(st.sampled_from([numbers, *([number] for number in numbers), ["stray"]]))
    seen, code = draw(_around(at)), draw(st.sampled_from("ABC"))
    voids = draw(st.sampled_from([None, None, *(scan.key for scan in shipment.scans)]))
    return [
        Scan(carrier="HKPOST", number=it, code=code, at=seen, milestone=meaning, voids=voids)
        for it in whose
    ]


def _around(at: Instant) -> SearchStrategy[Moment]:
    days = st.integers(-2, 40).map(lambda count: at + timedelta(days=count))
    return moments(at=days)


_SHIPMENT_MOVES: Final[dict[Action | None, Move[Shipment]]] = {
    Action.BOOK: _book,
    Action.ADOPT: _adopt,
    Action.CONFIRM: _confirm,
    Action.HAND_OVER: noted(Shipment.hand_over),
    Action.CANCEL: noted(Shipment.cancel),
    Action.CONFIRM_RECEIPT: noted(Shipment.confirm_receipt),
    Action.COMPLETE: _complete,
    Action.CLOSE: noted(Shipment.close),
    Action.CHARGE: _charge,
}


def _shipment_options(shipment: Shipment) -> list[Option[Action | None, Phase]]:
    phase = shipment.phase
    charging = (Action.CHARGE, shipment.carrier, phase) if shipment.carrier else None
    return [
        *(option for option in options_of(FULFILMENT, shipment) if _may_take(shipment, option)),
        (None, PLATFORM, phase),
        *((charging,) if charging else ()),
    ]


def _may_take(shipment: Shipment, option: Option[Action, Phase]) -> bool:
    action, by, _ = option
    preference = shipment.consignment.preference
    return action is not Action.HAND_OVER or not preference or by.role in preference.kind.hands_over


@st.composite
def shipments(draw: DrawFn, *, phase: Phase | None = None) -> Shipment:
    """Give shipments in one phase, or any, with whatever is known; shrinks to a draft."""
    consignment = draw(consignments())
    shipment = Shipment.draft(consignment, by=consignment.seller, at=draw(beginnings()))
    goal = goal_of(draw, FULFILMENT, phase)
    moves = {**_SHIPMENT_MOVES, None: _observing(goal)}
    return arrived(walk(draw, FULFILMENT, shipment, _shipment_options, moves, goal=goal), phase)
