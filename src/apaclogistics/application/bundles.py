"""Step 4: confirmed shipments are handed over to their carrier together."""

from collections.abc import Callable, Iterable

import attrs

from apaclogistics.application._desk import Decided, Desk, Now, put
from apaclogistics.bundles import BUNDLE, Bundle, BundleAction, BundleOpening, BundleState
from apaclogistics.carriers import Carrier, CarrierRejectedError
from apaclogistics.consignments import ConsignmentPreference
from apaclogistics.errors import NotFoundError, TransitionError
from apaclogistics.handovers import HandoverSheet
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.ports import Stored
from apaclogistics.shipments import Shipment
from apaclogistics.values.fields import several
from apaclogistics.values.identifiers import BundleId, CarrierCode, ShipmentId
from apaclogistics.values.instants import Instant
from apaclogistics.values.quantities import Weight

__all__ = ("BundleDesk",)


@attrs.frozen
class BundleDesk:
    """The use cases of bundles."""

    _desk: Desk

    def get(self, id: BundleId) -> Bundle:
        """Load a bundle."""
        return self._desk.read(lambda work: work.bundles, id)

    def of_shipment(self, id: ShipmentId) -> tuple[Bundle, ...]:
        """Find the bundles that a shipment is in."""
        with self._desk.storage.unit_of_work() as work:
            return tuple(stored.value for stored in work.bundles.of_shipment(id))

    def open(
        self,
        carrier: CarrierCode,
        preference: ConsignmentPreference,
        *,
        seller: Actor,
        by: Actor,
        most: Weight | None = None,
    ) -> Bundle:
        """Begin a bundle of a seller for a carrier, with nothing in it."""
        opening = BundleOpening(
            id=BundleId(self._desk.ids.new("bundle")),
            seller=seller,
            carrier=Actor(Role.CARRIER, self._desk.carrier(carrier).code),
            preference=preference,
            most=most,
        )
        opened = Bundle.open(opening, by=by, at=self._desk.clock.now())
        return self._desk.add(lambda work: work.bundles, opened)

    def add(self, id: BundleId, shipments: Iterable[ShipmentId], *, by: Actor) -> Bundle:
        """Put shipments into a bundle: all of them, or none, with every reason why not."""
        added = several("shipments", shipments)

        def with_them(bundle: Bundle, now: Now) -> Bundle:
            entries = [now.work.shipments.get(shipment).value.entry for shipment in added]
            return bundle.add(entries, others=_bundles_of(added, now), by=by, at=now.at)

        return self._change(id, with_them)

    def remove(self, id: BundleId, shipments: Iterable[ShipmentId], *, by: Actor) -> Bundle:
        """Take shipments out of a bundle: all of them, or none."""
        removed = several("shipments", shipments)
        return self._change(id, lambda bundle, now: bundle.remove(removed, by=by, at=now.at))

    def hand_over(self, id: BundleId, *, by: Actor, note: str = "") -> Bundle:
        """Hand a bundle over, and every shipment in it, in one commit, once its carrier takes it.

        Where somebody else saved one of them meanwhile, repeat the call: the carrier takes the
        bundle again without complaint.  One that cannot be handed over any more is given up there.

        Raises:
            RefusedError: with every reason why one of them cannot go along, as it is now.
            ConcurrencyConflictError: if it holds other shipments by now than the carrier was told.
            CarrierError: if the carrier refuses or does not answer; nothing is handed over.
        """
        told = self._decided(id, lambda bundle, now: _handed(bundle, now, by))
        carrier = self._carrier(told.new)
        carrier.bundle(told.new, at=self._desk.clock.now())
        try:
            return self._save_handed(told, by, note)
        except TransitionError:
            carrier.cancel_bundle(told.new, at=self._desk.clock.now())
            raise

    def _save_handed(self, told: Decided[Bundle], by: Actor, note: str) -> Bundle:
        """Judge the shipments anew, and save what the carrier was told: that version, no other."""
        with self._desk.storage.unit_of_work() as work:
            now = self._desk.now(work)
            handed = _handed(work.bundles.get(told.new.id).value, now, by)
            put(work, work.bundles, handed, told.stored)
            for shipment in handed.shipments:
                self._hand_over(work.shipments.get(shipment), now, by, note)
            work.commit()
        return handed

    def label(self, id: BundleId, *, by: Actor) -> bytes:
        """Fetch the printable label of a bundle that the carrier has taken.

        Raises:
            ActorNotPermittedError: if `by` is neither the seller nor the platform.
            NotFoundError: if the bundle was cancelled.
            CarrierError: if the carrier knows no such bundle of this seller, or does not answer.
        """
        bundle = self.get(id)
        seller = bundle.opening.seller
        BUNDLE.refuse_stranger(bundle.state, BundleAction.HAND_OVER, by, {seller})
        if bundle.state is BundleState.CANCELLED:
            raise NotFoundError("label of bundle", id)
        return self._carrier(bundle).bundle_label(id, seller=seller)

    def _hand_over(self, stored: Stored[Shipment], now: Now, by: Actor, note: str) -> None:
        shipment = stored.value.hand_over(by=by, at=now.at, note=note)
        put(now.work, now.work.shipments, shipment, stored)

    def receive(self, id: BundleId, *, by: Actor, note: str = "") -> Bundle:
        """Say as the carrier that everything on the sheet is there."""
        return self._change(id, lambda bundle, now: bundle.receive(by=by, at=now.at, note=note))

    def cancel(self, id: BundleId, *, by: Actor, note: str = "") -> Bundle:
        """Give a bundle up before it is handed over, with the carrier and here.

        Its shipments stay as they are.

        Raises:
            CarrierError: if the carrier has taken it and refuses, or does not answer.
            ConcurrencyConflictError: if somebody else saved it meanwhile; repeat the call.
        """
        decided = self._decided(id, lambda it, now: it.cancel(by=by, at=now.at, note=note))
        _give_up(self._carrier(decided.new), decided.new, self._desk.clock.now())
        return self._desk.save(lambda work: work.bundles, decided)

    def _carrier(self, bundle: Bundle) -> Carrier:
        return self._desk.carrier(CarrierCode(bundle.opening.carrier.id))

    def _decided(self, id: BundleId, verb: Callable[[Bundle, Now], Bundle]) -> Decided[Bundle]:
        return self._desk.decide(lambda work: work.bundles, id, verb)

    def sheet(self, id: BundleId) -> HandoverSheet:
        """List all parcels of a bundle on one sheet."""
        return self.get(id).sheet(at=self._desk.clock.now())

    def _change(self, id: BundleId, verb: Callable[[Bundle, Now], Bundle]) -> Bundle:
        return self._desk.change(lambda work: work.bundles, id, verb)


def _give_up(carrier: Carrier, bundle: Bundle, at: Instant) -> None:
    """Have a carrier give up a bundle that it has taken, as where its answer was lost."""
    try:
        # A bundle that was never taken has no label; there is nothing to give up then.
        carrier.bundle_label(bundle.id, seller=bundle.opening.seller)
    except CarrierRejectedError:
        return
    carrier.cancel_bundle(bundle, at=at)


def _handed(bundle: Bundle, now: Now, by: Actor) -> Bundle:
    """Hand a bundle over with its shipments as they are now, and save nothing."""
    ids = bundle.shipments
    entries = [now.work.shipments.get(id).value.entry for id in ids]
    return bundle.hand_over(entries, others=_bundles_of(ids, now), by=by, at=now.at)


def _bundles_of(shipments: Iterable[ShipmentId], now: Now) -> tuple[Bundle, ...]:
    """Find every bundle that one of the shipments is in, each once."""
    found = (stored.value for id in shipments for stored in now.work.bundles.of_shipment(id))
    return tuple({bundle.id: bundle for bundle in found}.values())
