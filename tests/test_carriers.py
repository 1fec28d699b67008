"""The words of a carrier's port: answers, requests for many, complaints."""

import attrs
import pytest

from apaclogistics.carriers import MOST_AT_ONCE, Answer, Complaint, ComplaintKind, at_once
from apaclogistics.claims import Claim, Demand
from apaclogistics.compensation import ClaimKind
from apaclogistics.consignments import Booking
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.lifecycle import Actor
from apaclogistics.values.identifiers import CarrierCode, ClaimId, ParcelId, ShipmentId
from tests.samples import BUYER, CARRIER, PARTIES, SELLER, assessment, day, facts, labels, usd

COMPLAINT = Complaint(
    kind=ComplaintKind.LOST_PACKAGE,
    seller=SELLER,
    reason="not seen for weeks",
    numbers=labels()[0].numbers,
    at=day(3),
)


def test_an_answer_is_done_or_says_why_not() -> None:
    """There is nothing in between."""
    assert Answer("sh-1").is_done
    assert not Answer("sh-1", NotFoundError("shipment", "sh-1")).is_done


def test_a_call_takes_up_to_two_hundred_different_items() -> None:
    """They stay in their order."""
    items = [*range(MOST_AT_ONCE)]

    assert at_once("items", reversed(items)) == tuple(reversed(items))


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([], "items 0 are not one call's worth; allowed: 1 to 200 different ones"),
        ([*range(201)], "items 201 are not one call's worth; allowed: 1 to 200 different ones"),
        ([1, 2, 1], "items '1' comes twice; allowed: 1 to 200 different ones"),
    ],
)
def test_a_call_is_for_something_once(items: list[int], message: str) -> None:
    """The message says how many, or which."""
    with pytest.raises(InvalidValueError) as refusal:
        at_once("items", items)

    assert str(refusal.value) == message


@pytest.mark.parametrize("reason", ["x", "x" * 200])
def test_a_reason_has_one_to_two_hundred_characters(reason: str) -> None:
    """Both ends included."""
    assert attrs.evolve(COMPLAINT, reason=reason).reason == reason


@pytest.mark.parametrize("reason", ["", " ", "x" * 201])
def test_a_reason_that_is_none_is_not_shown(reason: str) -> None:
    """It is free text, and may name people."""
    with pytest.raises(InvalidValueError) as refusal:
        attrs.evolve(COMPLAINT, reason=reason)

    has = len(reason.strip())
    said = f"reason of complaint (hidden) has {has} characters; allowed: 1 to 200"
    assert str(refusal.value) == said


def test_a_lost_parcel_is_named() -> None:
    """A collection that went wrong may have no parcel."""
    with pytest.raises(InvalidValueError, match="lost parcels"):
        attrs.evolve(COMPLAINT, numbers=())

    kind = ComplaintKind.ABNORMAL_COLLECTION
    assert attrs.evolve(COMPLAINT, kind=kind, numbers=()).numbers == ()


@pytest.mark.parametrize("field", ["kind", "seller", "reason"])
def test_a_complaint_insists_on_the_types_of_its_parts(field: str) -> None:
    """Something else is refused where it is made."""
    with pytest.raises(InvalidTypeError, match=f"{field} of Complaint"):
        attrs.evolve(COMPLAINT, **{field: 3})  # type: ignore[arg-type]  # that is the point


def test_a_complaint_names_numbers_that_somebody_read() -> None:
    """Text may be anything."""
    with pytest.raises(InvalidTypeError, match="number of a complaint is given as str"):
        attrs.evolve(COMPLAINT, numbers=("LV000000014HK",))  # type: ignore[arg-type]


def test_a_complaint_hides_what_is_said_in_it() -> None:
    """The rest may be logged."""
    assert "weeks" not in repr(COMPLAINT)
    assert "LOST_PACKAGE" in repr(COMPLAINT)


PARCEL = labels()[0].parcel
BOOKING = Booking(carrier=CarrierCode(CARRIER.id), labels=labels())


def claimed(
    kind: ClaimKind = ClaimKind.LOSS, *, by: Actor = SELLER, parcel: ParcelId = PARCEL
) -> Claim:
    """Claim 20.00 USD for the parcel that is booked, with an invoice."""
    demand = Demand(
        id=ClaimId("c-1"),
        shipment=ShipmentId("sh-1"),
        parcel=parcel,
        kind=kind,
        claimant=by,
        carrier=CARRIER,
        amount=usd("20.00"),
        facts=facts(),
        assessment=assessment(),
        evidence=(Evidence(EvidenceKind.INVOICE, "file-1"),),
    )
    return Claim.file(demand, parties=PARTIES, hindrances=(), by=by, at=day(10))


@pytest.mark.parametrize(
    ("kind", "complained_of"),
    [
        (ClaimKind.LOSS, ComplaintKind.LOST_PACKAGE),
        (ClaimKind.FAILED_PICK_UP, ComplaintKind.ABNORMAL_COLLECTION),
    ],
)
def test_a_claim_becomes_a_complaint_of_its_parcel(
    kind: ClaimKind, complained_of: ComplaintKind
) -> None:
    """It names the claim and the figure, for which a complaint has no fields."""
    complaint = Complaint.of_claim(claimed(kind), BOOKING, "No scan since May.", at=day(11))

    assert complaint == Complaint(
        kind=complained_of,
        seller=SELLER,
        reason=f"claim c-1 for {kind.value}, 20.00 USD: No scan since May.",
        numbers=labels()[0].numbers[:1],
        at=day(11),
    )


def test_a_complaint_says_of_a_claim_what_there_is_without_words_of_the_seller() -> None:
    """White space is none."""
    complaint = Complaint.of_claim(claimed(), BOOKING, " ", at=day(11))

    assert complaint.reason == "claim c-1 for loss, 20.00 USD"


@pytest.mark.parametrize(
    "kind",
    [it for it in ClaimKind if it not in (ClaimKind.LOSS, ClaimKind.FAILED_PICK_UP)],
    ids=lambda it: it.name,
)
def test_a_carrier_takes_no_complaint_of_anything_else(kind: ClaimKind) -> None:
    """The message says of what it does."""
    with pytest.raises(InvalidValueError) as refusal:
        Complaint.of_claim(claimed(kind), BOOKING, at=day(11))

    said = f"claim '{kind.value}' is no complaint to a carrier; allowed: loss, failed pick-up"
    assert str(refusal.value) == said


def test_a_buyer_does_not_complain_to_the_carrier_of_the_seller() -> None:
    """The carrier does not know them."""
    with pytest.raises(InvalidValueError, match="claimant 'buyer b-1' does not complain"):
        Complaint.of_claim(claimed(by=BUYER), BOOKING, at=day(11))


def test_a_claim_that_has_ended_is_not_complained_of() -> None:
    """Nothing would be paid for it."""
    withdrawn = claimed().withdraw(by=SELLER, at=day(11))

    with pytest.raises(InvalidValueError) as refusal:
        Complaint.of_claim(withdrawn, BOOKING, at=day(12))

    said = "claim 'c-1' is WITHDRAWN; allowed: a claim that may still be paid"
    assert str(refusal.value) == said


def test_a_complaint_is_of_a_parcel_that_the_carrier_has_booked() -> None:
    """The message says which those are."""
    with pytest.raises(InvalidValueError) as refusal:
        Complaint.of_claim(claimed(parcel=ParcelId("p-9")), BOOKING, at=day(11))

    assert str(refusal.value) == "parcel of claim 'p-9' is not booked; allowed: p-1"


def test_what_a_seller_says_of_a_claim_is_bound_and_hidden_too() -> None:
    """200 characters are left for the claim and the seller's words together."""
    room = 200 - len("claim c-1 for loss, 20.00 USD: ")

    assert len(Complaint.of_claim(claimed(), BOOKING, "x" * room, at=day(11)).reason) == 200
    with pytest.raises(InvalidValueError) as refusal:
        Complaint.of_claim(claimed(), BOOKING, "x" * (room + 1), at=day(11))

    assert str(refusal.value) == (
        "reason of complaint (hidden) has 201 characters with the heading that names the claim;"
        f" allowed: up to {room} besides"
    )
