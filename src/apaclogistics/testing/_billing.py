"""Strategies for what goes along with parcels, and what carriers measure and bill.

Declarations and handover sheets are complete, as what customs and couriers take is.
"""

from datetime import time
from functools import cache

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.carriers import Complaint, ComplaintKind
from apaclogistics.consignments import ConsignmentKind, ConsignmentPreference, PickUpWindow
from apaclogistics.costs import ActualCost, Bill, ChargeMode, CostType
from apaclogistics.declarations import CustomsForm, Declaration
from apaclogistics.handovers import HandoverEntry, HandoverLine, HandoverSheet
from apaclogistics.lifecycle import Role
from apaclogistics.measurements import Measurement, MeasurementKind
from apaclogistics.testing._agreements import (
    MOST_MINOR,
    ZONE_NAMES,
    amounts,
    beginnings,
    ids,
    people,
    somebody,
    texts,
    units,
)
from apaclogistics.testing._values import (
    countries,
    dimensions,
    moments,
    monies,
    phases,
    tracking_numbers,
    weights,
)
from apaclogistics.values.goods import CustomsItem, declared_value
from apaclogistics.values.identifiers import ParcelId, ShipmentId
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import Currency

# What a carrier calls a type, and what that means; the last is none that anybody knows.
_KINDS = (*((kind.value, kind) for kind in CostType), ("99", None))
_MODES = (("", None), *((mode.value, mode) for mode in ChargeMode), ("99", None))


def _numbers(number: str | None) -> SearchStrategy[str]:
    return tracking_numbers().map(str) if number is None else st.just(number)


def actual_costs(
    *,
    carrier: str | None = None,
    number: str | None = None,
    currency: Currency | str | None = None,
    at: SearchStrategy[Instant] | None = None,
) -> SearchStrategy[ActualCost]:
    """Give rows as carriers bill them, credits and unknown types included; shrinks to nothing."""
    amounts = monies(currency=currency, min_minor=-MOST_MINOR, max_minor=MOST_MINOR)
    rows = st.builds(
        ActualCost,
        code=st.just(""),
        carrier=texts() if carrier is None else st.just(carrier),
        number=_numbers(number),
        amount=amounts,
        actual_weight=st.none() | weights(max_grams=30_000),
        chargeable_weight=st.none() | weights(max_grams=30_000),
        size=st.none() | dimensions(max_mm=2000),
        billed_at=beginnings() if at is None else at,
        remark=texts(),
    )
    return st.builds(_typed, rows, st.sampled_from(_KINDS), st.sampled_from(_MODES))


def _typed(
    row: ActualCost, kind: tuple[str, CostType | None], mode: tuple[str, ChargeMode | None]
) -> ActualCost:
    (code, kind_), (mode_code, mode_) = kind, mode
    return attrs.evolve(row, code=code, kind=kind_, mode_code=mode_code, mode=mode_)


@cache
def bills() -> SearchStrategy[Bill]:
    """Give rows that came together; shrinks to one."""
    return st.lists(actual_costs(), min_size=1, max_size=3).map(tuple).map(Bill)


def measurements(
    *,
    carrier: str | None = None,
    number: str | None = None,
    at: SearchStrategy[Instant] | None = None,
) -> SearchStrategy[Measurement]:
    """Give weighings and packings, some taken back; shrinks to one of one gram."""
    some, size = weights(max_grams=30_000), dimensions(max_mm=2000)
    facts = st.builds(
        Measurement,
        weight=some,
        carrier=texts() if carrier is None else st.just(carrier),
        number=_numbers(number),
        kind=st.sampled_from(MeasurementKind),
        at=moments(at=at),
        dimensions=st.none() | size,
        is_void=st.booleans(),
    )
    # One device weighs, and another measures.
    return facts | st.builds(attrs.evolve, facts, weight=st.none(), dimensions=size)


@st.composite
def declarations(draw: DrawFn, *, currency: Currency | str | None = None) -> Declaration:
    """Give what customs are told of a parcel; shrinks to one piece that is worth nothing."""
    unit = draw(units(currency))
    lines = draw(st.lists(_lines(unit), min_size=1, max_size=3).map(tuple))
    return Declaration(
        parcel=ParcelId(draw(ids())),
        form=draw(st.sampled_from(CustomsForm)),
        lines=lines,
        value=declared_value(lines, unit),
        weight=draw(weights(min_grams=sum(it.net_weight.grams for it in lines if it.net_weight))),
    )


@cache
def _lines(unit: Currency) -> SearchStrategy[CustomsItem]:
    return st.builds(
        CustomsItem,
        description=texts(min_size=1).filter(str.strip),
        quantity=st.integers(1, 9),
        value=amounts(unit),
        hs_code=st.sampled_from(("851713", "94052100")),
        origin=countries(),
        net_weight=weights(max_grams=10_000),
    )


@cache
def handover_lines() -> SearchStrategy[HandoverLine]:
    """Give parcels with their numbers, some without a weight; shrinks to "0"."""
    return st.builds(
        HandoverLine,
        parcel=ids().map(ParcelId),
        number=tracking_numbers(),
        weight=st.none() | weights(max_grams=30_000),
    )


@cache
def handover_entries() -> SearchStrategy[HandoverEntry]:
    """Give what must be known of shipments to hand them over; shrinks to a draft."""
    return st.builds(
        HandoverEntry,
        shipment=ids().map(ShipmentId),
        seller=somebody(Role.SELLER),
        carrier=st.none() | somebody(Role.CARRIER),
        phase=phases(),
        preference=st.none() | preferences(),
        lines=st.lists(handover_lines(), max_size=3).map(tuple),
    )


@cache
def filed_complaints() -> SearchStrategy[Complaint]:
    """Give what sellers complain of to a carrier; shrinks to a lost parcel."""
    return st.builds(
        Complaint,
        kind=st.sampled_from([ComplaintKind.LOST_PACKAGE, ComplaintKind.ABNORMAL_COLLECTION]),
        seller=somebody(Role.SELLER),
        reason=texts(min_size=1).filter(str.strip),
        numbers=st.lists(tracking_numbers(), min_size=1, max_size=3, unique=True).map(tuple),
        at=beginnings(),
    )


@cache
def handover_sheets() -> SearchStrategy[HandoverSheet]:
    """Give sheets of one to five parcels; shrinks to one parcel."""
    lines = st.lists(handover_lines(), min_size=1, max_size=5, unique_by=lambda it: it.number)
    return st.builds(
        HandoverSheet,
        seller=somebody(Role.SELLER),
        carrier=somebody(Role.CARRIER),
        preference=st.none() | preferences(),
        lines=lines.map(tuple),
        at=beginnings(),
    )


@cache
def preferences() -> SearchStrategy[ConsignmentPreference]:
    """Give ways to hand parcels over; shrinks to a pick-up at midnight by nobody."""
    window = st.builds(
        PickUpWindow, st.times(max_value=time(12)), st.just(time(18)), st.sampled_from(ZONE_NAMES)
    )
    return st.builds(
        ConsignmentPreference,
        name=ids(),
        kind=st.sampled_from(ConsignmentKind),
        collected_from=people(),
        window=window,
        site=ids(),
    )
