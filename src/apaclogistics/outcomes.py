"""Outcomes: what has become, since it was filed, of what a claim is about.

A claim is judged on facts of the day on which it was filed, and the world goes on: a lost parcel is
delivered, or comes back, or its buyer confirms that they have it; a carrier credits what it billed
too much.  Then the claim is *moot*: nobody agrees to it or pays it any more, and what was paid may be
taken back.  A scan that merely shows a lost parcel somewhere does not make a claim moot, since the
parcel may be lost again; but it is enough for the carrier to take back what it paid.

Without any such fact a carrier takes nothing back on its own word.  The platform does, and says in a
note what shows it: no scan tells of contents that were found.

>>> Outcome().against(ClaimAction.RECOVER, Actor(Role.CARRIER, "HKPOST"))[0].code
'not_known'
>>> Outcome().against(ClaimAction.RECOVER, Actor(Role.PLATFORM, "agent-1"))
()
"""

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from apaclogistics.claims import Claim, ClaimAction, allowed
from apaclogistics.compensation import ClaimKind
from apaclogistics.costs import carriage
from apaclogistics.dossiers import dossier
from apaclogistics.errors import Reason
from apaclogistics.fulfilment import NEVER_RECEIVED, Phase
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Scan, track
from apaclogistics.values.fields import tuple_of
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Money

__all__ = ("Outcome", "outcome")

# What a scan may show of a parcel that is still lost.
_GONE: Final = frozenset({None, Phase.LOST, Phase.DESTROYED})
_AGREEING: Final = frozenset({ClaimAction.ACCEPT, ClaimAction.DECIDE_FOR, ClaimAction.SETTLE})


@attrs.frozen(kw_only=True)
class Outcome:
    """What is known by now of what a claim is about; nothing, where nothing has changed.

    `moot` is why nothing is due any more, and `scans` are those that show a lost parcel anywhere.

    Raises:
        InvalidTypeError: if a part is of another type.
    """

    moot: tuple[Reason, ...] = attrs.field(default=(), validator=tuple_of(Reason))
    scans: tuple[Scan, ...] = attrs.field(default=(), validator=tuple_of(Scan))

    @property
    def is_known(self) -> bool:
        """Whether anything has changed."""
        return bool(self.moot or self.scans)

    def against(self, action: ClaimAction, by: Actor) -> tuple[Reason, ...]:
        """Give why somebody may not take a step in the claim now."""
        if action in _AGREEING:
            return self.moot
        if action is ClaimAction.RECOVER and by.role is Role.CARRIER and not self.is_known:
            text = "nothing that is known shows that it turned up or was credited"
            return (Reason("not_known", text),)
        return ()

    def allowed(
        self, claim: Claim, actor: Actor, at: Instant
    ) -> Mapping[ClaimAction, Instant | None]:
        """Give what `claims.allowed` does, less what this outcome stands in the way of."""
        may = allowed(claim, actor, at)
        return {act: until for act, until in may.items() if not self.against(act, actor)}


def outcome(claim: Claim, shipment: Shipment, at: Instant) -> Outcome:
    """Tell what has become of what a claim is about, as of an instant.

    Scans that may have been by then count.  One that shows a parcel somewhere counts if it is surely
    later than the claim; a delivery counts whenever it was, however late the scan came.  A receipt of
    several parcels is not for one that is lost, destroyed or came back by its own scans.
    """
    moment, about = instant(at), claim.demand
    if about.parcel not in shipment.trackings:
        return Outcome()
    match about.kind:
        case ClaimKind.LOSS:
            return _of_parcel(claim, shipment, moment)
        case ClaimKind.OVERCHARGE if about.facts.priced is not None:
            return Outcome(moot=tuple(_credited(claim, shipment, about.facts.priced, moment)))
        case ClaimKind.FAILED_PICK_UP:
            free = Money.zero(about.amount.currency)
            return Outcome(moot=tuple(_credited(claim, shipment, free, moment)))
        case _:
            return Outcome()


def _of_parcel(claim: Claim, shipment: Shipment, at: Instant) -> Outcome:
    scans = shipment.movement.scans_of(claim.demand.parcel)
    seen = track(scan for scan in scans if not scan.at.is_surely_after(at))
    is_meant = len(shipment.trackings) == 1 or seen.phase not in NEVER_RECEIVED
    arrivals = {
        "delivered": seen.first_seen(Phase.DELIVERED) is not None,
        "returned": seen.phase is Phase.RETURNED,
        "received": shipment.phase is Phase.COMPLETED and is_meant,
    }
    shown = [arrival for arrival, is_shown in arrivals.items() if is_shown]
    # A return that the parcel went on from says nothing of where it is now.
    ends = {Phase.DELIVERED, seen.phase} & {Phase.DELIVERED, Phase.RETURNED}
    filed = claim.history[0].at
    found = (
        entry.scan
        for entry in seen.timeline
        if entry.attests in ends
        or (entry.attests not in _GONE and entry.scan.at.is_surely_after(filed))
    )
    text = f"parcel {claim.demand.parcel} is not lost: it was {' and '.join(shown)}"
    return Outcome(moot=(Reason("turned_up", text),) if shown else (), scans=tuple(found))


def _credited(claim: Claim, shipment: Shipment, due: Money, at: Instant) -> Iterator[Reason]:
    """Say that no more is billed than is due; what is in another currency is not compared."""
    known = dossier(
        claim.demand.parcel,
        consignment=shipment.consignment,
        movement=shipment.movement,
        costs=shipment.costs,
    )
    billed = carriage(row for row in known.costs if row.billed_at <= at)
    if billed is not None and billed.currency == due.currency and billed <= due:
        yield Reason("credited", f"{billed} is billed by now, and no more than {due} is due")
