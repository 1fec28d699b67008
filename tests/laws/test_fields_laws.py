"""Laws of fields: an instance is proof only if what is inside is what it says.

* *Parts insist*: a part of a value that is nothing it could be is refused when the value is made,
  by a typed error.
"""

from collections.abc import Iterator
from typing import Final

import attrs
import pytest
from hypothesis import given, settings
from hypothesis.strategies import DataObject, data

from apaclogistics.cancellations import CancellationRequest, Cancelling
from apaclogistics.compensation import (
    ClaimKind,
    DelayShare,
    EvidenceNeed,
    FilingWindow,
    ShareOf,
    Stake,
    Term,
)
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.evidence import EvidenceKind, EvidenceLimits
from apaclogistics.payments import HoldRelease
from apaclogistics.refunds import RefundBeginning, RefundOutcome, RefundState
from apaclogistics.sales import OrderLine, Refund, Tax
from apaclogistics.testing.strategies import BY_TYPE
from apaclogistics.threads import Opening, Question
from apaclogistics.values.calendars import Period, PeriodUnit
from apaclogistics.values.deadlines import Counting
from apaclogistics.values.identifiers import InquiryId, LineId, ShipmentId
from tests.samples import BUYER, SELLER, altered, day, usd

few = settings(max_examples=max(1, settings().max_examples // 20))

STRATEGIES: Final = {kind.__name__: plural for kind, plural in BY_TYPE.items() if attrs.has(kind)}

# What only verbs and projections make: their parts come from where they were checked.
MADE: Final = frozenset(
    "Bundle Claim Inquiry LineEvidence Listing Order Records Scorecard Seller Shipment Tracking".split()
)
# Values that are parts of others alone, and have no strategy.
PARTS: Final[tuple[object, ...]] = (
    CancellationRequest("changed my mind", day(5)),
    Cancelling("sold out", Refund(id="back-1", gross=usd("1.00"))),
    Counting(period=Period(3, PeriodUnit.BUSINESS_DAYS), day=day(1).date(), zone_name="UTC"),
    EvidenceLimits(most=2, most_bytes=3, media_types=frozenset({"image/png"})),
    HoldRelease("hold-1"),
    Opening(
        id=InquiryId("i-1"),
        shipment=ShipmentId("sh-1"),
        opener=BUYER,
        respondent=SELLER,
        question=Question("Where is it?", day(5)),
    ),
    OrderLine(id=LineId("1"), quantity=1, total=usd("1.00")),
    EvidenceNeed(frozenset(ClaimKind), frozenset(EvidenceKind)),
    FilingWindow(kinds=frozenset(ClaimKind)),
    DelayShare(percent="10"),
    Stake(of=ShareOf.VALUE, own=usd("1.00"), whole=usd("2.00")),
    Term(Period(3, PeriodUnit.BUSINESS_DAYS)),
    RefundBeginning(Refund(id="back-1", gross=usd("1.00"))),
    RefundOutcome("back-1", RefundState.FAILED),
    Tax(name="sales tax", amount=usd("1.00"), is_included=True),
)


class Nothing:
    """What is no part of anything."""


def checked(value: object) -> Iterator[str]:
    """Give the parts of a value that are looked at when it is made: all of them."""
    kind = type(value)
    assert attrs.has(kind)
    return (field.alias for field in attrs.fields(kind) if field.init)


@pytest.mark.parametrize("kind", sorted(STRATEGIES.keys() - MADE))
@few
@given(drawn=data())
def test_no_part_takes_what_is_nothing_of_the_kind(kind: str, drawn: DataObject) -> None:
    """Whatever else the value holds."""
    value = drawn.draw(STRATEGIES[kind]())
    for part in checked(value):
        with pytest.raises((InvalidTypeError, InvalidValueError)):
            altered(value, **{part: Nothing()})


@pytest.mark.parametrize("value", PARTS, ids=lambda value: type(value).__name__)
def test_nor_does_a_part_of_what_is_a_part_itself(value: object) -> None:
    """It is made by itself all the same."""
    for part in checked(value):
        with pytest.raises((InvalidTypeError, InvalidValueError)):
            altered(value, **{part: Nothing()})


def test_what_is_made_here_has_a_strategy() -> None:
    """A list of names that nothing has would excuse nothing."""
    assert STRATEGIES.keys() >= MADE
