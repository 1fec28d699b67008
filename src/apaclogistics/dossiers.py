"""Dossiers: what a shipment has on one of its parcels, and what that comes to as of an instant.

A claim is about one parcel and is judged on `Facts`, a snapshot.  A dossier is what they are taken
from: what the parcel is, where it goes, what was promised, and those scans and bills that are of
this parcel beyond doubt.  So the freight of two parcels that were billed together is that of
neither.

Times of scans may be inexact, and *nobody is blamed for what may not have been*; see
`Dossier.facts`.

>>> from apaclogistics.values.goods import CustomsItem
>>> from apaclogistics.values.quantities import Weight
>>> cups = CustomsItem(description="cups", quantity=2, value=Money.of("20.00", "USD"))
>>> piece = Parcel(id=ParcelId("p-1"), weight=Weight(800), contents=(cups,))
>>> known = Dossier(parcel=piece, destination=Country("US"), estimate=Money.of("12.50", "USD"))
>>> facts = known.facts("2026-03-09T12:00:00Z", commanded=Phase.HANDED_OVER)
>>> facts.phase.name, str(facts.declared), str(facts.freight), facts.delivered_at
('HANDED_OVER', '20.00 USD', '12.50 USD', None)
"""

from collections.abc import Iterable
from typing import Final

import attrs

from apaclogistics.compensation import Facts
from apaclogistics.consignments import Booking, Consignment, Parcel
from apaclogistics.costs import ActualCost, carriage
from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import NEVER_RECEIVED, Phase
from apaclogistics.movements import Movement
from apaclogistics.promises import Promise
from apaclogistics.tracking import Scan, track
from apaclogistics.values.identifiers import ParcelId
from apaclogistics.values.instants import Instant, Moment, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Country

__all__ = ("Dossier", "dossier")

# What is not confirmed is not paid for, and what is cancelled is no more.
_UNPAID: Final = frozenset({Phase.DRAFT, Phase.BOOKED, Phase.CANCELLED})


@attrs.frozen(kw_only=True)
class Dossier:
    """What is known of one parcel, at whatever time; what is of others as well is left out.

    `is_alone` says that nothing travels with it, so that a receipt is of this parcel.
    """

    parcel: Parcel
    destination: Country
    promise: Promise | None = None
    scans: tuple[Scan, ...] = ()
    costs: tuple[ActualCost, ...] = ()
    estimate: Money | None = None
    is_alone: bool = True

    def facts(self, at: Instant, *, commanded: Phase, priced: Money | None = None) -> Facts:
        """Give what is known as of an instant, for a claim.

        `commanded` is the phase of the commands by then, for a parcel that was not scanned or whose
        receipt was confirmed: a receipt of several is not for one that is lost, destroyed or came
        back by its own scans.  `priced` is what its carriage comes to on the rate card, for whoever
        looked it up.  The estimate stands for the freight while it is held, until that is billed.

        Where a time is inexact, nobody is blamed for what may not have been.  The phase and the
        acceptance are of scans that are surely past; a delivery, an attempt or another sign of life
        counts if it may have been by then.  What silence is counted from is at the latest.  A delivery,
        which may be late, is as early as it can be meant, and as late for the windows that it opens.

        Raises:
            InvalidValueError: if the weight or the declared value of the parcel is not known.
        """
        moment, piece = instant(at), self.parcel
        if piece.weight is None or piece.declared is None:
            allowed = "a weight and customs items"
            raise InvalidValueError("parcel", piece.id, "does not say what it is", allowed)
        past = track(scan for scan in self.scans if scan.at.is_surely_by(moment))
        possible = track(scan for scan in self.scans if not scan.at.is_surely_after(moment))
        rows = [row for row in self.costs if row.billed_at <= moment]
        billed, given = carriage(rows), possible.first_seen(Phase.DELIVERED)
        return Facts(
            at=moment,
            phase=self._phase(past.phase, commanded),
            posted_at=past.accepted_at,
            delivered_at=_earliest(given),
            delivered_by=None if given is None or given.is_exact else given.latest,
            attempted_at=_earliest(possible.first_seen(Phase.ATTEMPT_FAILED)),
            last_seen_at=_latest(possible.last_seen, moment),
            promised_by=self.promise.window.latest if self.promise else None,
            billed_at=max((row.billed_at for row in rows), default=None),
            weight=piece.weight,
            destination=self.destination,
            declared=piece.declared,
            freight=billed or (None if commanded in _UNPAID else self.estimate),
            billed=billed,
            priced=priced,
        )

    def _phase(self, seen: Phase | None, commanded: Phase) -> Phase:
        is_received = self.is_alone or seen not in NEVER_RECEIVED
        return commanded if commanded is Phase.COMPLETED and is_received else seen or commanded


def _earliest(seen: Moment | None) -> Instant | None:
    return None if seen is None else seen.earliest


def _latest(seen: Moment | None, at: Instant) -> Instant | None:
    # What is known by an instant was no later.
    return None if seen is None else min(seen.latest, at)


def dossier(
    parcel: ParcelId, *, consignment: Consignment, movement: Movement, costs: Iterable[ActualCost]
) -> Dossier:
    """Gather what is of one parcel, out of what is known of all that travel together.

    Raises:
        NotFoundError: if there is no such parcel in the consignment.
    """
    booking, is_alone = movement.booking, len(consignment.parcels) == 1
    return Dossier(
        parcel=consignment.parcel(parcel),
        destination=consignment.consignee.address.country,
        promise=consignment.promise,
        scans=movement.scans_of(parcel),
        costs=() if booking is None else tuple(_billed_for(parcel, booking, costs)),
        # The estimate is for all parcels, so that it says nothing about one of several.
        estimate=booking.estimate if booking is not None and is_alone else None,
        is_alone=is_alone,
    )


def _billed_for(
    parcel: ParcelId, booking: Booking, costs: Iterable[ActualCost]
) -> Iterable[ActualCost]:
    # A number that several parcels share says nothing about one of them.
    return (row for row in costs if booking.parcels_billed(row) == {parcel})
