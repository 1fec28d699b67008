"""Evidence: its kinds, and what a carrier takes of it."""

import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.evidence import Evidence, EvidenceKind, EvidenceLimits

PICTURE = Evidence(EvidenceKind.PHOTOGRAPH, "photo-1", media_type="image/png", size=1_500_000)
# eBay's payment disputes take JPEG and PNG files of up to 1.5 MB.
LIMITS = EvidenceLimits(
    most=2, most_bytes=1_500_000, media_types=frozenset({"image/jpeg", "image/png"})
)


def codes(*evidence: Evidence, limits: EvidenceLimits = LIMITS) -> list[str]:
    """Give why pieces are not taken, by code."""
    return [reason.code for reason in limits.against(evidence)]


def test_what_is_within_the_limits_is_taken() -> None:
    """Both bounds included."""
    assert codes() == codes(PICTURE) == codes(PICTURE, PICTURE) == []


def test_without_limits_anything_is_taken() -> None:
    """Also what nobody knows a thing about."""
    many = [Evidence(EvidenceKind.STATEMENT, f"s-{n}") for n in range(1000)]

    assert codes(*many, limits=EvidenceLimits()) == []


def test_one_piece_or_byte_more_is_not_taken() -> None:
    """Nor is another media type."""
    large = Evidence(EvidenceKind.PHOTOGRAPH, "photo-2", media_type="image/png", size=1_500_001)
    film = Evidence(EvidenceKind.PHOTOGRAPH, "film-1", media_type="video/mp4", size=1)

    assert codes(PICTURE, PICTURE, PICTURE) == ["too_many"]
    assert codes(PICTURE, large) == ["too_large"]
    assert codes(film) == ["media_type"]


def test_what_is_not_said_is_not_within_limits() -> None:
    """All of it is told at once, and without the reference, which may name somebody."""
    reasons = LIMITS.against([Evidence(EvidenceKind.INVOICE, "Mr Wong's invoice")])

    assert [str(reason) for reason in reasons] == [
        "piece 1 of the evidence (invoice) is of no type, not image/jpeg, image/png",
        "piece 1 of the evidence (invoice) is of no known size; up to 1500000 are taken",
    ]


def test_a_reference_and_what_is_no_media_type_are_not_shown() -> None:
    """Files are named after people."""
    passport = Evidence(EvidenceKind.STATEMENT, "Jane-Roe-passport.jpg")

    assert "Jane" not in repr(passport)
    with pytest.raises(InvalidValueError) as refusal:
        Evidence(EvidenceKind.STATEMENT, "x", media_type="Jane Roe, 1 Example Place")
    assert "Jane" not in str(refusal.value)


def test_media_types_have_one_case() -> None:
    """They are compared without it, after RFC 2045: of the piece, and of the limits."""
    loud = EvidenceLimits(media_types=frozenset({"Image/PNG"}))

    assert Evidence(EvidenceKind.PHOTOGRAPH, "p", media_type="Image/PNG").media_type == "image/png"
    assert codes(PICTURE, limits=loud) == []


def test_the_media_types_that_are_taken_are_told_in_their_order() -> None:
    """So the same refusal reads the same every time."""
    names = ["image/gif", "image/jpeg", "image/png", "image/tiff", "image/webp", "text/plain"]
    film = Evidence(EvidenceKind.PHOTOGRAPH, "film-1", media_type="video/mp4")

    [reason] = EvidenceLimits(media_types=frozenset(names)).against([film])

    assert reason.text.endswith(", ".join(names))


@pytest.mark.parametrize("media_type", ["", "png", "/png", "image/", "a/b/c", "a/" + "b" * 126])
def test_what_is_no_media_type_is_refused(media_type: str) -> None:
    """By the piece, and by the limits."""
    with pytest.raises(InvalidValueError):
        Evidence(EvidenceKind.PHOTOGRAPH, "p", media_type=media_type)
    with pytest.raises(InvalidValueError):
        EvidenceLimits(media_types=frozenset({media_type}))


def test_a_media_type_has_up_to_127_characters() -> None:
    """The last of them included."""
    longest = "a/" + "b" * 125

    assert Evidence(EvidenceKind.PHOTOGRAPH, "p", media_type=longest).media_type == longest


@pytest.mark.parametrize("wrong", [0, -1, 10**12 + 1])
def test_a_piece_has_bytes(wrong: int) -> None:
    """At least one, and up to a million million."""
    assert Evidence(EvidenceKind.PHOTOGRAPH, "p", size=10**12).size == 10**12
    with pytest.raises(InvalidValueError, match="bytes of evidence"):
        Evidence(EvidenceKind.PHOTOGRAPH, "p", size=wrong)


def test_limits_are_whole_numbers_above_zero() -> None:
    """Else nothing would be taken, or a half; and nobody takes a thousand pieces."""
    assert [EvidenceLimits(most=most).most for most in (1, 999)] == [1, 999]
    for wrong in (0, 1000):
        with pytest.raises(InvalidValueError, match="pieces of evidence"):
            EvidenceLimits(most=wrong)
    with pytest.raises(InvalidTypeError):
        EvidenceLimits(most=True)
