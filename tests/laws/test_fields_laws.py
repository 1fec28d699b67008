"""Laws of fields: an instance is proof only if what is inside is what it says.

* *Parts insist*: a part of a value that is nothing it could be is refused when the value is made,
  by a typed error.
* *No more than that is taken as it comes*: which parts are not looked at is written out here.
"""

from collections.abc import Iterator, Mapping
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
    "Arrival Bundle Claim Finding Inquiry Ledger Listing Order Performance Price Seller Shipment"
    " Tracking Wallet".split()
)
# What is looked at as text, as a list or as a number, and not for its type; and what is not at all.
TAKEN: Final[Mapping[str, str]] = {
    "Address": "lines city region postal_code",
    "CompensationPolicy": "zone_name",
    "Complaint": "numbers",
    "Days": "counts",
    "Declaration": "parcel",
    "Demand": "shipment parcel kind claimant carrier amount facts assessment zone_name",
    "ExchangeRate": "source",
    "Facts": "phase weight destination declared",
    "Grounds": "offer",
    "Journal": "entries",
    "LineEvidence": "order line seller carriers listing offer is_scanned is_said_late",
    "Moment": "precision",
    "Offer": "carrier",
    "OpaqueNumber": "text",
    "Opening": "shipment opener respondent question listing offer",
    "Outcome": "offer window is_lost is_damaged",
    "Party": "name company phone email address",
    "Place": "country city facility",
    "Posting": "kind source target amount cause",
    "Promise": "window calendars",
    "Quote": "listing offer carrier service mode level incoterm carriage prices duties promise",
    "RateCard": "name",
    "Records": "said_late",
    "Scan": "carrier number code at place milestone incident recipient is_signed text voids",
    "Scorecard": "subject",
    "SpeedPakNumber": "text",
    "SsccNumber": "digits",
    "Surcharge": "name",
    "Tally": "remaining",
    "Thread": "inquiry shipment",
    "Zone": "postal_prefixes excluded_prefixes",
}
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
    """Give the parts of a value that are looked at when it is made."""
    kind = type(value)
    assert attrs.has(kind)
    taken = TAKEN.get(kind.__name__, "").split()
    for field in attrs.fields(kind):
        if field.init and field.name not in taken:
            yield field.alias


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


def test_what_is_taken_as_it_comes_is_a_part() -> None:
    """A list of names that nothing has would excuse nothing."""
    kinds = {kind.__name__: kind for kind in (*BY_TYPE, *map(type, PARTS))}
    assert kinds.keys() >= MADE
    for name, parts in TAKEN.items():
        assert {field.name for field in attrs.fields(kinds[name])} >= set(parts.split())
