"""The words of a carrier's port: answers, requests for many, complaints."""

import attrs
import pytest

from apaclogistics.carriers import MOST_AT_ONCE, Answer, Complaint, ComplaintKind, at_once
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError
from tests.samples import SELLER, day, labels

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
    with pytest.raises(InvalidValueError, match=r"reason of complaint \(hidden\) is no reason"):
        attrs.evolve(COMPLAINT, reason=reason)


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
