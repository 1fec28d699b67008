"""Step 2: a seller publishes logistics, and buyers see what it costs and promises."""

from collections.abc import Callable
from datetime import timedelta

import attrs

from apaclogistics.application._desk import Desk, Now
from apaclogistics.lifecycle import Actor
from apaclogistics.listings import Listing, ListingDraft, Quote, QuoteRefused, Terms
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar
from apaclogistics.values.identifiers import ListingId, QuoteId
from apaclogistics.values.places import Destination
from apaclogistics.values.quantities import Dimensions, Weight

__all__ = ("ListingDesk",)


@attrs.frozen
class ListingDesk:
    """The use cases of listings."""

    _desk: Desk

    def get(self, id: ListingId) -> Listing:
        """Load a listing."""
        return self._desk.read(lambda work: work.listings, id)

    def draft(self, terms: Terms, *, by: Actor) -> Listing:
        """Begin a listing of the seller who asks for it."""
        id = ListingId(self._desk.ids.new("listing"))
        draft = ListingDraft(id=id, seller=by, terms=terms)
        listing = Listing.draft(draft, by=by, at=self._desk.clock.now())
        return self._desk.add(lambda work: work.listings, listing)

    def revise(self, id: ListingId, terms: Terms, *, by: Actor) -> Listing:
        """Add a version; orders sold on an earlier one keep it."""
        return self._change(id, lambda listing, now: listing.revise(terms, by=by, at=now.at))

    def publish(self, id: ListingId, *, by: Actor) -> Listing:
        """Show a listing to buyers, if its seller is verified."""
        return self._change(
            id,
            lambda listing, now: listing.publish(
                hindrances=now.hindrances(listing.seller), by=by, at=now.at
            ),
        )

    def pause(self, id: ListingId, *, by: Actor, note: str = "") -> Listing:
        """Take a listing out of sight for a while."""
        return self._change(
            id,
            lambda listing, now: listing.pause(by=by, at=now.at, note=note),
        )

    def resume(self, id: ListingId, *, by: Actor) -> Listing:
        """Show a paused listing again, if its seller is verified."""
        return self._change(
            id,
            lambda listing, now: listing.resume(
                hindrances=now.hindrances(listing.seller), by=by, at=now.at
            ),
        )

    def suspend(self, id: ListingId, note: str, *, by: Actor) -> Listing:
        """Take an inaccurate listing out of sight."""
        return self._change(
            id,
            lambda listing, now: listing.suspend(note, by=by, at=now.at),
        )

    def reinstate(self, id: ListingId, *, by: Actor, note: str = "") -> Listing:
        """Lift a suspension."""
        return self._change(
            id,
            lambda listing, now: listing.reinstate(by=by, at=now.at, note=note),
        )

    def withdraw(self, id: ListingId, *, by: Actor, note: str = "") -> Listing:
        """End a listing for good."""
        return self._change(
            id,
            lambda listing, now: listing.withdraw(by=by, at=now.at, note=note),
        )

    def quote(
        self,
        id: ListingId,
        *,
        destination: Destination,
        weight: Weight,
        dimensions: Dimensions | None = None,
        valid_for: timedelta = timedelta(days=7),
        calendars: tuple[BusinessCalendar, BusinessCalendar] = (WEEKENDS, WEEKENDS),
    ) -> Quote | QuoteRefused:
        """Price and promise a parcel on a listing, or give every reason why not."""
        with self._desk.storage.unit_of_work() as work:
            listing, now = work.listings.get(id).value, Now(self._desk.clock.now(), work)
            return listing.quote(
                QuoteId(self._desk.ids.new("quote")),
                destination=destination,
                weight=weight,
                dimensions=dimensions,
                at=now.at,
                valid_for=valid_for,
                hindrances=now.hindrances(listing.seller),
                calendars=calendars,
            )

    def _change(self, id: ListingId, verb: Callable[[Listing, Now], Listing]) -> Listing:
        return self._desk.change(lambda work: work.listings, id, verb)
