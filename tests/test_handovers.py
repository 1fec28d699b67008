"""Handovers: what goes together, on one sheet."""

from collections.abc import Callable

import attrs
import pytest

from apaclogistics.consignments import ConsignmentKind, ConsignmentPreference
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.fulfilment import Phase
from apaclogistics.handovers import (
    HandoverEntry,
    HandoverLine,
    HandoverSheet,
    handover_sheet,
    weight_of,
)
from apaclogistics.values.identifiers import ParcelId, ShipmentId, tracking_number
from apaclogistics.values.quantities import Weight
from tests.samples import CARRIER, SELLER, STRANGERS, day

# A type checker would refuse what is wrong on purpose.
given: Callable[..., object] = attrs.evolve

DROP_OFF = ConsignmentPreference(name="counter", kind=ConsignmentKind.DROP_OFF, site="HK-1")


def line(number: int, grams: int | None = 800) -> HandoverLine:
    """Give a parcel with a number and a weight."""
    return HandoverLine(
        parcel=ParcelId(f"p-{number}"),
        number=tracking_number(f"N{number}"),
        weight=Weight(grams) if grams else None,
    )


def entry(number: int, *lines: HandoverLine) -> HandoverEntry:
    """Give a confirmed shipment."""
    return HandoverEntry(
        shipment=ShipmentId(f"sh-{number}"),
        seller=SELLER,
        carrier=CARRIER,
        phase=Phase.CONFIRMED,
        preference=DROP_OFF,
        lines=lines or (line(number),),
    )


def test_one_sheet_lists_the_parcels_of_all_shipments() -> None:
    """In the order given, with what they weigh together."""
    sheet = handover_sheet([entry(2, line(2), line(3, 50)), entry(1)], at=day(4))

    assert sheet == HandoverSheet(
        seller=SELLER,
        carrier=CARRIER,
        preference=DROP_OFF,
        lines=(line(2), line(3, 50), line(1)),
        at=day(4),
    )
    assert sheet.weight == Weight(1650)


def test_what_one_parcel_weighs_unknown_makes_the_whole_unknown() -> None:
    """And of nothing there is no weight."""
    assert weight_of([line(1), line(2, None)]) is None
    assert weight_of([]) is None
    assert weight_of([line(1)]) == Weight(800)


@pytest.mark.parametrize(
    "other",
    [
        attrs.evolve(entry(2), seller=STRANGERS[0]),
        attrs.evolve(entry(2), carrier=STRANGERS[2]),
        attrs.evolve(entry(2), carrier=None),
        attrs.evolve(entry(2), preference=None),
    ],
    ids=["seller", "carrier", "no carrier", "preference"],
)
def test_a_sheet_is_of_one_seller_carrier_and_preference(other: HandoverEntry) -> None:
    """The courier signs for one of each."""
    with pytest.raises(InvalidValueError, match="'sh-1, sh-2' do not go together"):
        handover_sheet([entry(1), other], at=day(4))


def test_a_sheet_of_what_nobody_carries_is_none() -> None:
    """Also where it would be alone, and where there is nothing at all."""
    with pytest.raises(InvalidValueError, match="do not go together"):
        handover_sheet([attrs.evolve(entry(1), carrier=None)], at=day(4))
    with pytest.raises(InvalidValueError, match="do not go together"):
        handover_sheet([], at=day(4))


def test_a_sheet_has_a_length_that_a_carrier_takes() -> None:
    """Up to 200 parcels, and not none."""
    lines = tuple(line(number) for number in range(1, 202))

    assert len(handover_sheet([entry(1, *lines[:200])], at=day(4)).lines) == 200
    with pytest.raises(InvalidValueError, match="201 has no such length; allowed: 1 to 200"):
        handover_sheet([entry(1, *lines)], at=day(4))
    with pytest.raises(InvalidValueError, match="0 has no such length"):
        handover_sheet([attrs.evolve(entry(1), lines=())], at=day(4))


def test_a_sheet_lists_a_number_once() -> None:
    """A number that was used again is on another sheet."""
    with pytest.raises(InvalidValueError, match="'N1, N1' lists a number twice"):
        handover_sheet([entry(1), entry(2, line(1))], at=day(4))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: given(line(1), weight=800), id="weight"),
        pytest.param(lambda: given(line(1), number="N1"), id="number"),
        pytest.param(lambda: given(entry(1), seller="s-1"), id="seller"),
        pytest.param(lambda: given(entry(1), phase="CONFIRMED"), id="phase"),
        pytest.param(lambda: given(entry(1), lines=line(1)), id="lines"),
    ],
)
def test_wrong_types_are_refused(wrong: Callable[[], object]) -> None:
    """By the constructor, and not later."""
    with pytest.raises(InvalidTypeError):
        wrong()


def test_parcels_and_shipments_have_names() -> None:
    """That a log can show."""
    with pytest.raises(InvalidValueError):
        given(line(1), parcel="")
    with pytest.raises(InvalidValueError):
        given(entry(1), shipment="")
