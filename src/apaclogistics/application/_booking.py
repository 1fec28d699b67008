"""Buying a booking at most once.

A receipt is committed before the carrier is called and answered after it.  A call that finds a
receipt pending asks the carrier whether it booked, before it books: so neither a crash between the
carrier's answer and our commit nor an answer that was lost buys a second label.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

import attrs

from apaclogistics.application._desk import Desk, Now, put
from apaclogistics.carriers import (
    BookingRequest,
    CarrierRejectedError,
    CarrierUnavailableError,
    reference_of,
)
from apaclogistics.consignments import Booking
from apaclogistics.errors import InvalidValueError, NotFoundError, Reason, TransitionError
from apaclogistics.fulfilment import FULFILMENT, Action
from apaclogistics.lifecycle import Actor, RefusedError
from apaclogistics.ports import (
    ConcurrencyConflictError,
    IdempotencyConflictError,
    Receipt,
    ReceiptState,
)
from apaclogistics.quotes import Quote, QuoteRefused
from apaclogistics.shipments import Shipment
from apaclogistics.values.fields import checked
from apaclogistics.values.identifiers import IdempotencyKey, QuoteId, ShipmentId, checked_id
from apaclogistics.values.instants import Instant, instant

__all__ = ("book_once",)

# How long a call to a carrier may be under way before another one may resume it; our decision.
_LEASE: Final = timedelta(minutes=5)


def book_once(
    desk: Desk, id: ShipmentId, quote: Quote | QuoteRefused, key: IdempotencyKey, by: Actor
) -> Shipment:
    """Book a shipment on a quote; see `ShipmentDesk.book`."""
    if isinstance(quote, QuoteRefused):
        raise _refused(desk.read(lambda work: work.shipments, id), quote, by)
    checked("quote", quote, Quote)
    request = _begin(desk, id, quote, key, by)
    if request is None:
        return desk.read(lambda work: work.shipments, id)
    booking = _ask(desk, request, lambda: _judge_anew(desk, request, quote, by))
    while True:
        try:
            return _take(desk, request, _promised(booking, request, quote), by)
        except ConcurrencyConflictError:
            # What the carrier booked is a fact: whoever saved the shipment meanwhile is waited out.
            continue


def _refused(shipment: Shipment, answer: QuoteRefused, by: Actor) -> RefusedError:
    """Make the error for who may book, and was given no quote."""
    FULFILMENT.decide(shipment.phase, Action.BOOK, by=by, parties=shipment.parties)
    return FULFILMENT.refuse(shipment.phase, Action.BOOK, by, answer.reasons)


def _promised(booking: Booking, request: BookingRequest, quote: Quote) -> Booking:
    """Keep with a booking what the quote promised, where nothing was promised before."""
    told = request.consignment.promise
    return attrs.evolve(booking, promise=None if told else quote.promise)


def _begin(
    desk: Desk, id: ShipmentId, quote: Quote, key: IdempotencyKey, by: Actor
) -> BookingRequest | None:
    """Judge the request and leave a receipt for it; None where it was answered before."""
    with desk.storage.unit_of_work() as work:
        now = desk.now(work)
        shipment = work.shipments.get(id).value
        checked_id("idempotency key", key)
        request = BookingRequest(
            reference=reference_of(shipment.consignment.seller, key),
            quote=quote.id,
            carrier=desk.carrier(quote.carrier).code,
            service=quote.service,
            consignment=shipment.consignment,
        )
        # Whoever may not book learns nothing of a booking that was made under the key.
        FULFILMENT.decide(FULFILMENT.initial, Action.BOOK, by=by, parties=shipment.parties)
        known = work.receipts.find(request.reference)
        if known is None:
            _use_quote(shipment, quote, request, now, by)
        elif _is_answered(known.value, request, key, now.at):
            return None
        lease = instant(now.at + _LEASE)
        pending = Receipt(key=request.reference, request=request, leased_until=lease)
        work.receipts.save(pending, expected=known.version if known else 0)
        work.commit()
    return request


def _use_quote(
    shipment: Shipment, quote: Quote, request: BookingRequest, now: Now, by: Actor
) -> None:
    key = _key_of(shipment.consignment.seller, quote.id)
    receipt = Receipt(key=key, request=request, state=ReceiptState.DONE)
    used = now.work.receipts.find(receipt.key)
    text = f"quote {quote.id} was used before"
    hindrances = (
        *_against(shipment, quote, now),
        *((Reason("quote_used", text),) if used else ()),
    )
    shipment.check_bookable(hindrances=hindrances, by=by, at=now.at)
    now.work.receipts.save(receipt, expected=0)


def _judge_anew(desk: Desk, request: BookingRequest, quote: Quote, by: Actor) -> None:
    """Judge a booking that was begun earlier and that the carrier knows nothing of."""
    with desk.storage.unit_of_work() as work:
        now, shipment = desk.now(work), work.shipments.get(request.consignment.id).value
        shipment.check_bookable(hindrances=_against(shipment, quote, now), by=by, at=now.at)


def _against(shipment: Shipment, quote: Quote, now: Now) -> tuple[Reason, ...]:
    """Why a quote does not book a shipment now, whether or not it was used."""
    seller = shipment.consignment.seller
    return (
        *now.to_book(shipment.consignment, quote.carrier),
        *now.to_carry(seller, shipment.consignment.parcels),
        *quote.hindrances(now.at),
        *quote.against(shipment.consignment),
        *_not_offered(quote, seller, now),
    )


def _not_offered(quote: Quote, seller: Actor, now: Now) -> tuple[Reason, ...]:
    """Say where a quote is not what its listing offers; one that was given may be withdrawn since."""
    stored = now.work.listings.find(quote.listing.listing)
    if stored is not None and stored.value.seller != seller:
        text = f"quote {quote.id} is of the listing of somebody else"
        return (Reason("quote_not_theirs", text),)
    try:
        listing = now.work.listings.get(quote.listing.listing).value
        offer = listing.offer(quote.offer, version=quote.listing.version)
    except NotFoundError as error:
        return (Reason("quote_of_no_offer", f"quote {quote.id}: {error}"),)
    quoted = quote.carrier, quote.service, quote.incoterm
    if quoted != (offer.carrier, offer.service, offer.incoterm):
        text = f"quote {quote.id} is not what {quote.offer} of {quote.listing} says"
        return (Reason("quote_of_no_offer", text),)
    return ()


def _key_of(seller: Actor, quote: QuoteId) -> IdempotencyKey:
    # The tab keeps it apart from the keys of callers, which are printable.
    return reference_of(seller, IdempotencyKey(f"quote\t{quote}"))


def _is_answered(
    receipt: Receipt, request: BookingRequest, key: IdempotencyKey, at: Instant
) -> bool:
    if receipt.request != request:
        raise IdempotencyConflictError(key, "was used for another request")
    match receipt.state:
        case ReceiptState.DONE:
            return True
        case ReceiptState.REJECTED:
            refusal = receipt.reason_code, receipt.reason
            raise CarrierRejectedError(request.carrier, *refusal)
        case ReceiptState.PENDING:
            if receipt.leased_until is not None and at < receipt.leased_until:
                raise IdempotencyConflictError(key, "is used by a call under way")
            return False


def _ask(desk: Desk, request: BookingRequest, judge: Callable[[], None]) -> Booking:
    """Find the booking if an earlier call made it, else make it; outside any transaction.

    Whether it may be made is judged as of now, since the earlier call may be long ago.
    """
    carrier = desk.carrier(request.carrier)
    try:
        found = carrier.find_booking(request.reference)
        if found is not None:
            return found
        judge()
        return carrier.book(request, at=desk.clock.now())
    except CarrierRejectedError as refusal:
        _answer(desk, request, ReceiptState.REJECTED, refusal.reason_code, refusal.reason)
        raise
    except CarrierUnavailableError:
        _answer(desk, request, ReceiptState.PENDING)
        raise


def _answer(
    desk: Desk, request: BookingRequest, state: ReceiptState, code: str = "", reason: str = ""
) -> None:
    """Note in the receipt how the call ended; from then on it is under no lease."""
    with desk.storage.unit_of_work() as work:
        known = work.receipts.get(request.reference)
        if known.value.state is not ReceiptState.PENDING:
            # Another call, after the lease of this one, has been answered already.
            return
        answered = Receipt(
            key=request.reference, request=request, state=state, reason_code=code, reason=reason
        )
        work.receipts.save(answered, expected=known.version)
        work.commit()


def _take(desk: Desk, request: BookingRequest, booking: Booking, by: Actor) -> Shipment:
    """Save what the carrier booked along with its receipt, or give it back.

    A shipment that was cancelled while the carrier was asked cannot take it, and nobody can take a
    booking that lacks what a booking must say.
    """
    try:
        return _saved(desk, request, booking, by)
    except (InvalidValueError, TransitionError) as refusal:
        _give_back(desk, request, booking)
        _answer(desk, request, ReceiptState.REJECTED, refusal.code, str(refusal))
        raise


def _saved(desk: Desk, request: BookingRequest, booking: Booking, by: Actor) -> Shipment:
    with desk.storage.unit_of_work() as work:
        stored = work.shipments.get(request.consignment.id)
        receipt = work.receipts.get(request.reference)
        if receipt.value.state is ReceiptState.DONE:
            # A call that resumed this one, after its lease, found the same booking and took it.
            return stored.value
        shipment = stored.value.book(booking, hindrances=(), by=by, at=desk.clock.now())
        put(work, work.shipments, shipment, stored)
        done = attrs.evolve(receipt.value, state=ReceiptState.DONE, leased_until=None)
        work.receipts.save(done, expected=receipt.version)
        work.commit()
    return shipment


def _give_back(desk: Desk, request: BookingRequest, booking: Booking) -> None:
    """Have a booking cancelled that nobody takes, outside any transaction.

    A carrier that does not answer leaves the receipt pending, so that repeating the call gives the
    booking back; one that will not cancel its own booking has had its say.
    """
    try:
        with suppress(CarrierRejectedError):
            desk.carrier(request.carrier).cancel(booking, at=desk.clock.now())
    except CarrierUnavailableError:
        _answer(desk, request, ReceiptState.PENDING)
        raise
