"""EasyPost's claims for insured parcels: read with their histories, written as they are created.

EasyPost names neither the currency, which is US dollars, nor the parcel: a claim is about a
tracking number.  Histories come newest or oldest first, and are read in the order of time.

Source: EasyPost API, Claim object and its creation.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from apaclogistics.claims import ClaimState, Demand
from apaclogistics.compensation import ClaimKind
from apaclogistics.errors import InvalidValueError, masked
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.interop._reading import Cursor, Doubt, in_order, more_pages, refuse_faults
from apaclogistics.interop._writing import Json, Sheet, Written, filled
from apaclogistics.values.identifiers import TrackingNumber
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Currency, Money

__all__ = ("ClaimNews", "ClaimReading", "ClaimReport", "read_claims", "write_claim")

_DOLLARS: Final = Currency("USD")
# Source: EasyPost API, types of a Claim.  That a stolen parcel is a lost one is our decision.
_KINDS: Final[Mapping[str, ClaimKind]] = {
    "damage": ClaimKind.DAMAGE,
    "loss": ClaimKind.LOSS,
    "theft": ClaimKind.LOSS,
}
_TYPES: Final[Mapping[ClaimKind, str]] = {ClaimKind.DAMAGE: "damage", ClaimKind.LOSS: "loss"}
# Source: EasyPost API, Claims, "Claim Updates", which lists seven statuses
# (docs.easypost.com/docs/insurance/claims); what each is in our words is our decision.
_STATES: Final[Mapping[str, ClaimState]] = {
    "submitted": ClaimState.FILED,
    "in_review": ClaimState.UNDER_REVIEW,
    "needs_action": ClaimState.EVIDENCE_REQUESTED,
    "approved": ClaimState.ACCEPTED,
    "approved_partial": ClaimState.ACCEPTED,
    "rejected": ClaimState.REJECTED,
    "cancelled": ClaimState.WITHDRAWN,
}
# Source: EasyPost API, creation of a Claim: where files of a kind go; all others support it.
_FILES: Final[Mapping[EvidenceKind, str]] = {
    EvidenceKind.INVOICE: "invoice_attachments",
    EvidenceKind.STATEMENT: "email_evidence_attachments",
}
_SUPPORTING: Final = "supporting_documentation_attachments"


@attrs.frozen(kw_only=True)
class ClaimNews:
    """One entry of a claim's history: EasyPost's status, ours if it is known, and when."""

    status: str
    state: ClaimState | None
    at: Instant = attrs.field(converter=instant)
    text: str = attrs.field(default="", repr=masked)


@attrs.frozen(kw_only=True)
class ClaimReport:
    """A claim as EasyPost tells of it.

    `kind` and `state` are None where EasyPost's word, which stands beside them, is not known.
    `history` is in the order of time.  `files` are where EasyPost keeps what was handed in.
    """

    id: str
    number: str
    type: str
    kind: ClaimKind | None
    status: str
    state: ClaimState | None
    requested: Money
    approved: Money | None = None
    insured: Money | None = None
    history: tuple[ClaimNews, ...] = ()
    files: tuple[str, ...] = ()
    description: str = attrs.field(default="", repr=masked)
    contact: str = attrs.field(default="", repr=masked)


@attrs.frozen(kw_only=True)
class ClaimReading:
    """What was read of claims: the claims in the order of the document, and what is odd."""

    claims: tuple[ClaimReport, ...]
    warnings: tuple[Doubt, ...]
    unread: tuple[str, ...]


def read_claims(payload: object) -> ClaimReading:
    """Read every claim in a document.

    Takes a Claim, an Event of a webhook, a list of either, and an array of recorded answers, each
    with a `body`.  What holds no claim gives a warning; so does a status or type that is not
    documented, which is kept.

    Raises:
        CodecErrors: if a claim lacks its id, number or amount, or a value is of the wrong type; all
            faults at once, with their paths.
    """
    document = Cursor.open(payload)
    claims = [_claim(node) for node in _claims(document)]
    refuse_faults([document.log])
    return ClaimReading(
        claims=tuple(claim for claim in claims if claim is not None),
        warnings=in_order(document.log.doubts),
        unread=document.unread(),
    )


def _claims(node: Cursor) -> Iterator[Cursor]:
    if node.has("object") and node["object"].text_if_any() == "Claim":
        yield node
        return
    if node.has("has_more") and node["has_more"].glance.flag_if_any():
        more_pages(node["has_more"])
    inner = _inside(node)
    if not inner:
        node.doubt("no_claim", "holds no claim")
    for holder in inner:
        yield from _claims(holder)


def _inside(node: Cursor) -> list[Cursor]:
    if isinstance(node.value, list):
        return node.items()
    if not isinstance(node.value, dict):
        return []
    # An object of a stated kind holds no claim, but for the event that tells of one.
    kind = node["object"].text_if_any()
    names = ("result",) if kind == "Event" else () if kind else node.value
    return [node[name] for name in names if isinstance(node.value.get(name), dict | list)]


def _claim(node: Cursor) -> ClaimReport | None:
    history = _history(node["history"].items())
    status, state = _status(node["status"])
    _doubt_status(node, status, history)
    kind = _KINDS.get(node["type"].text())
    if kind is None:
        node["type"].doubt("unknown_type", "the type is not documented")
    requested = _money(node["requested_amount"].needed())
    return node.built(
        lambda: ClaimReport(
            id=node["id"].text(),
            number=node["tracking_code"].text(),
            type=node["type"].text(),
            kind=kind,
            status=status,
            state=state,
            requested=requested or Money.zero(_DOLLARS),
            approved=_money(node["approved_amount"]),
            insured=_money(node["insurance_amount"]),
            history=history,
            files=tuple(file.text() for file in node["attachments"].items()),
            description=node["description"].text_if_any(),
            contact=node["contact_email"].text_if_any(),
        )
    )


def _money(place: Cursor) -> Money | None:
    text = place.text_if_any()
    return place.built(lambda: _amount(text)) if text else None


def _amount(text: str) -> Money:
    amount = Money.of(text, _DOLLARS)
    if amount.minor < 0:
        raise InvalidValueError("amount", text, "is below zero", "0 or more")
    return amount


def _status(place: Cursor) -> tuple[str, ClaimState | None]:
    status = place.text()
    if status not in _STATES:
        place.doubt("unknown_status", "the status is not documented")
    return status, _STATES.get(status)


def _history(entries: list[Cursor]) -> tuple[ClaimNews, ...]:
    """Read entries in the order of time; of those at one instant, in the order of their list."""
    news = [_news(entry) for entry in entries]
    if news and news[0].at > news[-1].at:
        news.reverse()
    return tuple(sorted(news, key=lambda it: it.at))


def _news(entry: Cursor) -> ClaimNews:
    status, state = _status(entry["status"])
    return ClaimNews(
        status=status,
        state=state,
        at=entry["timestamp"].instant(),
        text=entry["status_detail"].text_if_any(),
    )


def _doubt_status(node: Cursor, status: str, history: tuple[ClaimNews, ...]) -> None:
    """Doubt a status that is not the last one, and carry what the history says as well."""
    if history and history[-1].status != status:
        node["status"].doubt("not_the_last", "the history ends with another status")
    node["status_detail"].text_if_any()
    node["status_timestamp"].instant_if_any()


def write_claim(
    demand: Demand,
    number: TrackingNumber,
    *,
    description: str,
    contact_email: str,
    files: Mapping[str, bytes],
    recipient_name: str = "",
) -> Written:
    """Write a claim as EasyPost takes it: the body of its creation.

    `files` gives the content of each piece of evidence by its reference.  A file whose media type
    is known says so in front of its content.  A claim for damage needs a file beside invoices and
    statements.

    Raises:
        CodecErrors: if it is neither for loss nor damage, not in US dollars, says nothing, or a
            file is missing; all faults at once, with their paths.
    """
    sheet = Sheet()
    if demand.kind not in _TYPES:
        sheet.fault("$.type", f"is for {demand.kind.value}; allowed: damage, loss")
    if demand.amount.currency != _DOLLARS:
        sheet.fault("$.amount", f"is in {demand.amount.currency}; allowed: {_DOLLARS}")
    written: dict[str, Json] = {
        "tracking_code": sheet.needed("$.tracking_code", str(number)),
        "type": _TYPES.get(demand.kind, ""),
        "amount": f"{demand.amount.amount:f}",
        "description": sheet.needed("$.description", description),
        "contact_email": sheet.needed("$.contact_email", contact_email),
        "recipient_name": sheet.text("$.recipient_name", recipient_name),
        **_attached(sheet, demand.evidence, files),
    }
    if demand.kind is ClaimKind.DAMAGE and not written[_SUPPORTING]:
        sheet.fault(f"$.{_SUPPORTING}", "is missing")
    return sheet.written(filled(written))


def _attached(
    sheet: Sheet, evidence: tuple[Evidence, ...], files: Mapping[str, bytes]
) -> dict[str, list[Json]]:
    attached: dict[str, list[Json]] = {name: [] for name in (*_FILES.values(), _SUPPORTING)}
    for position, piece in enumerate(evidence, start=1):
        name = _FILES.get(piece.kind, _SUPPORTING)
        content = files.get(piece.reference, b"")
        if not content:
            # The reference may name somebody, so its place says which.
            lacking = f"`files` has no content of evidence {position}, its {piece.kind.value}"
            sheet.fault(f"$.{name}[{len(attached[name])}]", f"is missing: {lacking}")
        attached[name].append(_encoded(content, piece.media_type))
    return attached


def _encoded(content: bytes, media_type: str | None) -> str:
    """Write a file as a data URI, and without a known type as its base 64 alone."""
    # Source: EasyPost asks for "a base64-encoded string" (its clients, Claim.Create); its examples
    # show that alone and, in others, as `data:image/png;base64,...` (EasyPost/examples,
    # official/docs/curl/current/claims/create.sh), which keeps the type.
    prefix = f"data:{media_type};base64," if media_type else ""
    return prefix + b64encode(content).decode("ascii")
