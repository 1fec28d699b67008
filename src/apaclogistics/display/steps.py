"""Steps in words: what somebody did, what they brought along, and what money it moved."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from apaclogistics.allocations import Allocation, Packing
from apaclogistics.cancellations import CancellationRequest, Cancelling
from apaclogistics.claims import Demand, EvidenceRequest, Figured, Submission
from apaclogistics.consignments import Booking, Consignment, Parcel
from apaclogistics.dispatches import Dispatch
from apaclogistics.history import Note, Step
from apaclogistics.payments import HoldRelease, PaymentHold
from apaclogistics.refunds import RefundBeginning, RefundOutcome
from apaclogistics.sales import Payment, Refund, Sale
from apaclogistics.threads import Opening, Question, Remark, Resolution
from apaclogistics.values.instants import to_text

__all__ = ("said",)


def said(step: Step[Enum, object]) -> str:
    """Say what a step did, in the past; what was written in it is personal."""
    detail = _detail(step.payload)
    moved = "; ".join(f"{posting.kind.value} {posting.amount}" for posting in step.postings)
    words = ": ".join(part for part in (_past(step.action.value), detail) if part)
    return f"{words} ({moved})" if moved else words


def _detail(payload: object) -> str:
    """Say what a command brought along, in a few words, and no personal data."""
    if isinstance(payload, Note):
        return payload.text
    return _of_order(payload) or _of_shipment(payload) or _of_dispute(payload)


def _of_order(payload: object) -> str:
    match payload:
        case Sale(lines=lines, total=total):
            return f"{len(lines)} line{'s' if len(lines) > 1 else ''} for {total}"
        case Packing(allocations=allocations):
            return ", ".join(_units(allocation) for allocation in allocations)
        case Dispatch(carrier=carrier, note=note):
            return f"to {carrier}, {note}" if note else f"to {carrier}"
        case CancellationRequest(note=note, decide_by=until):
            return f"{note}, to be decided by {to_text(until)}" if until else note
        case Cancelling(note=note):
            return note
        case _:
            return _of_money(payload)


def _of_money(payload: object) -> str:
    match payload:
        case Payment(gross=gross, has_failed=has_failed):
            return f"{gross} failed" if has_failed else str(gross)
        case PaymentHold(amount=amount, expected_release=until):
            return f"{amount} until {to_text(until)}" if until else str(amount)
        case HoldRelease(hold=hold, note=note):
            return f"{hold}, {note}" if note else hold
        case Refund(gross=gross, reason=reason) | RefundBeginning(
            Refund(gross=gross, reason=reason)
        ):
            return f"{gross}, {reason}" if reason else str(gross)
        case RefundOutcome(refund=refund, note=note):
            return f"{refund}, {note}" if note else refund
        case _:
            return ""


def _units(allocation: Allocation) -> str:
    parcel = f", parcel {allocation.parcel}" if allocation.parcel else ""
    return f"{allocation.quantity} of line {allocation.line} in {allocation.shipment}{parcel}"


def _of_shipment(payload: object) -> str:
    match payload:
        case Consignment(parcels=parcels):
            return ", ".join(_parcel(parcel) for parcel in parcels)
        case Booking(carrier=carrier, labels=labels, estimate=estimate):
            numbers = ", ".join(str(number) for label in labels for number in label.numbers)
            cost = f" for an estimated {estimate}" if estimate else ""
            return f"{carrier} number {numbers}{cost}"
        case _:
            return ""


def _of_dispute(payload: object) -> str:
    match payload:
        case Opening(respondent=respondent, question=question):
            return f"to {respondent}: {question.text}"
        case Question(text=text) | Remark(text=text):
            return text
        case Resolution(settled=settled, reference=reference, note=note):
            return f"{settled.value} {reference}{f', {note}' if note else ''}"
        case Demand(kind=kind, amount=amount, assessment=assessment):
            figures = ", ".join(f"{figure.name} {figure.amount}" for figure in assessment.figures)
            return f"{kind.value}, {amount}; {assessment.policy}: lowest of {figures}"
        case Figured(amount=amount, note=note):
            return f"{amount}, {note}" if note else str(amount)
        case EvidenceRequest(kinds=kinds):
            return ", ".join(sorted(kind.value for kind in kinds))
        case Submission(evidence=evidence):
            return ", ".join(piece.kind.value for piece in evidence)
        case _:
            return ""


def _parcel(parcel: Parcel) -> str:
    return f"parcel {parcel.id}, {parcel.weight}" if parcel.weight else f"parcel {parcel.id}"


# The verbs whose past is not the verb and "ed".
_PASTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "hand_over": "handed over",
        "withdraw": "withdrew",
        "write": "wrote",
        "qualify": "qualified",
        "resubmit": "resubmitted",
        "amend_logistics": "amended logistics",
        "submit_evidence": "submitted evidence",
        "decide_for": "decided for the claimant",
        "decide_against": "decided against the claimant",
        "confirm_receipt": "confirmed receipt",
        "amend_identity": "amended identity",
        "request_evidence": "requested evidence",
        "request": "requested cancellation",
        "approve": "approved cancellation",
        "retract": "retracted the request",
        "lapse": "let the request lapse",
        "hold_payment": "held payment back",
        "release_payment": "released payment",
        "pay": "paid",
        "verify": "verified",
        "cancel": "cancelled",
        "refund": "refunded",
        "begin_refund": "began a refund",
        "settle_refund": "paid out the refund",
        "fail_refund": "could not pay out the refund",
    }
)


def _past(verb: str) -> str:
    regular = f"{verb}d" if verb.endswith("e") else f"{verb}ed"
    return _PASTS.get(verb, regular)
