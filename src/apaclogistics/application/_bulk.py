"""Many shipments in one call: each is judged, told to its carrier and saved for itself.

One that is refused holds up no other, and nothing is half done: whatever became of a shipment, here
and with its carrier, is what its answer says, or what repeating the call makes true.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from apaclogistics.application._desk import Desk, is_ours
from apaclogistics.carriers import (
    Answer,
    Carrier,
    CarrierRejectedError,
    CarrierUnavailableError,
    at_once,
)
from apaclogistics.consignments import Booking
from apaclogistics.errors import ApacLogisticsError, CarrierError, NotFoundError
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import CarrierCode, ShipmentId
from apaclogistics.values.instants import Instant

__all__ = ("cancel_all", "confirm_all")

Outcomes: TypeAlias = dict[ShipmentId, Shipment | ApacLogisticsError]
Call: TypeAlias = Callable[[Carrier, Sequence[Booking], Instant], Sequence[Answer[Booking]]]
Verb: TypeAlias = Callable[[ShipmentId], Shipment]
Note: TypeAlias = Callable[[ShipmentId, str], Shipment]

_NO_ANSWER: Final = "it did not answer for this booking"


def confirm_all(
    desk: Desk, ids: Iterable[ShipmentId], *, hold: Verb, drop: Note
) -> tuple[Answer[ShipmentId], ...]:
    """Hold the cost of each, tell their carriers, and `drop` those that a carrier refuses."""
    outcomes = _each(at_once("shipments", ids), hold)

    def confirmed(
        carrier: Carrier, bookings: Sequence[Booking], at: Instant
    ) -> Sequence[Answer[Booking]]:
        return carrier.confirm_all(bookings, at=at)

    for id, refusal in _told(desk, outcomes, confirmed).items():
        outcomes[id] = refusal
        if isinstance(refusal, CarrierRejectedError):
            outcomes[id] = _error_of(drop, id, refusal)
    return _answers(outcomes)


def _error_of(drop: Note, id: ShipmentId, refusal: CarrierRejectedError) -> ApacLogisticsError:
    """Drop a shipment; where even that is refused, say so, since its cost is still held."""
    try:
        drop(id, str(refusal))
    except ApacLogisticsError as error:
        return error
    return refusal


def cancel_all(
    desk: Desk,
    ids: Iterable[ShipmentId],
    *,
    judge: Verb,
    save: Verb,
) -> tuple[Answer[ShipmentId], ...]:
    """Judge each, have it cancelled by its carrier, and save those that are."""
    outcomes = _each(at_once("shipments", ids), judge)

    def cancelled(
        carrier: Carrier, bookings: Sequence[Booking], at: Instant
    ) -> Sequence[Answer[Booking]]:
        return carrier.cancel_all(bookings, at=at)

    outcomes |= _told(desk, outcomes, cancelled)
    done = [id for id, outcome in outcomes.items() if isinstance(outcome, Shipment)]
    return _answers(outcomes | _each(done, save))


def _each(ids: Iterable[ShipmentId], verb: Verb) -> Outcomes:
    return {id: _outcome(id, verb) for id in ids}


def _outcome(id: ShipmentId, verb: Verb) -> Shipment | ApacLogisticsError:
    try:
        return verb(id)
    except ApacLogisticsError as error:
        return error


def _told(desk: Desk, outcomes: Outcomes, call: Call) -> Mapping[ShipmentId, ApacLogisticsError]:
    """Call the carriers of those shipments that came so far; give the errors of what they refuse."""
    booked: dict[CarrierCode, dict[Booking, ShipmentId]] = {}
    for id, shipment in outcomes.items():
        if isinstance(shipment, Shipment) and shipment.booking and is_ours(shipment):
            booked.setdefault(shipment.booking.carrier, {})[shipment.booking] = id
    return {
        bookings[booking]: error
        for code, bookings in booked.items()
        for booking, error in _errors(desk, code, tuple(bookings), call).items()
        if error is not None
    }


def _errors(
    desk: Desk, code: CarrierCode, bookings: Sequence[Booking], call: Call
) -> Mapping[Booking, ApacLogisticsError | None]:
    try:
        answers = call(desk.carrier(code), bookings, desk.clock.now())
    except (CarrierError, NotFoundError) as error:
        return dict.fromkeys(bookings, error)
    found = {answer.item: answer.error for answer in answers}
    silence = CarrierUnavailableError(code, _NO_ANSWER)
    return {booking: found.get(booking, silence) for booking in bookings}


def _answers(outcomes: Outcomes) -> tuple[Answer[ShipmentId], ...]:
    return tuple(
        Answer(id, None if isinstance(outcome, Shipment) else outcome)
        for id, outcome in outcomes.items()
    )
