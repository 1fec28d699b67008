"""Evidence: what a claimant shows, what kind of thing it is, and what a carrier takes.

The host keeps the files; here stand their references, with media type and size where they are
known.  Carriers take so many files, so large, and of these types, or they take anything.

>>> pictures = EvidenceLimits(most=2, most_bytes=1_500_000, media_types=frozenset({"image/png"}))
>>> scan = Evidence(EvidenceKind.INVOICE, "invoice-1", media_type="image/tiff", size=90_000)
>>> [reason.code for reason in pictures.against([scan])]
['media_type']
"""

import re
from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from typing import Final

import attrs

from apaclogistics.errors import Hidden, InvalidValueError, Reason, masked
from apaclogistics.values.fields import checked, of_type, several
from apaclogistics.values.quantities import whole

__all__ = ("Evidence", "EvidenceKind", "EvidenceLimits")

_MOST: Final = 999
_MOST_BYTES: Final = 10**12
_MOST_MEDIA_TYPE: Final = 127
# Source: RFC 6838, section 4.2; what follows a semicolon is a parameter.
_MEDIA_TYPE: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(; ?[!-~]+)*", re.ASCII)


class EvidenceKind(Enum):
    """What a piece of evidence is."""

    INVOICE = "invoice"
    PROOF_OF_POSTING = "proof of posting"
    CUSTOMS_DECLARATION = "customs declaration"
    PHOTOGRAPH = "photograph"
    STATEMENT = "statement"
    REPAIR_ESTIMATE = "repair estimate"
    BILL = "bill"
    PICK_UP_REQUEST = "pick-up request"


def _media_type(value: str | None) -> str | None:
    return None if value is None else _checked_media_type(value)


def _checked_media_type(value: str) -> str:
    kind = checked("media type", value, str).lower()
    if len(kind) > _MOST_MEDIA_TYPE or not _MEDIA_TYPE.fullmatch(kind):
        # What stands there by mistake may be somebody's name.
        raise InvalidValueError("media type", Hidden(), "is none", "as in 'image/png'")
    return kind


def _media_types(values: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_checked_media_type, several("media types", values)))


def _size(value: int | None) -> int | None:
    return None if value is None else whole("bytes of evidence", value, least=1, most=_MOST_BYTES)


def _count(value: int | None) -> int | None:
    return None if value is None else whole("pieces of evidence", value, least=1, most=_MOST)


@attrs.frozen
class Evidence:
    """A piece of evidence: its kind, where the host keeps it, its media type and size in bytes.

    The last two are None where nobody said.

    Raises:
        InvalidValueError: for what is no media type, and a size that is not above zero.
    """

    kind: EvidenceKind = attrs.field(validator=of_type(EvidenceKind))
    reference: str = attrs.field(validator=of_type(str), repr=masked)
    media_type: str | None = attrs.field(default=None, converter=_media_type)
    size: int | None = attrs.field(default=None, converter=_size)


@attrs.frozen(kw_only=True)
class EvidenceLimits:
    """How many pieces a carrier takes, of up to how many bytes, and of which media types.

    None is no bound, and no media types are any.

    Raises:
        InvalidValueError: for what is no media type, and a bound that is not above zero.
    """

    most: int | None = attrs.field(default=None, converter=_count)
    most_bytes: int | None = attrs.field(default=None, converter=_size)
    media_types: frozenset[str] = attrs.field(default=frozenset(), converter=_media_types)

    def against(self, evidence: Collection[Evidence]) -> tuple[Reason, ...]:
        """Give every reason why the pieces are not taken; what is not said about one is one.

        Personal references are not told, only which piece of the list it is.
        """
        pieces = (r for number, it in enumerate(evidence, 1) for r in self._of(number, it))
        return (*self._count(evidence), *pieces)

    def _count(self, evidence: Collection[Evidence]) -> Iterator[Reason]:
        if self.most is not None and len(evidence) > self.most:
            text = f"{len(evidence)} pieces of evidence are more than {self.most}"
            yield Reason("too_many", text)

    def _of(self, number: int, piece: Evidence) -> Iterator[Reason]:
        name = f"piece {number} of the evidence ({piece.kind.value})"
        if self.media_types and piece.media_type not in self.media_types:
            allowed = ", ".join(sorted(self.media_types))
            yield Reason(
                "media_type", f"{name} is {piece.media_type or 'of no type'}, not {allowed}"
            )
        if self.most_bytes is not None and (piece.size is None or piece.size > self.most_bytes):
            size = "of no known size" if piece.size is None else f"of {piece.size} bytes"
            yield Reason("too_large", f"{name} is {size}; up to {self.most_bytes} are taken")
