"""Step 2: a seller publishes logistics, and buyers see what it costs and promises."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

import attrs

from apaclogistics.application._desk import Desk, Now
from apaclogistics.findings import Finding, PromisePolicy
from apaclogistics.lifecycle import Actor
from apaclogistics.listings import Listing, ListingDraft, Terms
from apaclogistics.offers import Carriage
from apaclogistics.quotes import Almanac, Comparison, Quote, QuoteRefused, compare
from apaclogistics.scorecards import promises_kept
from apaclogistics.sellers import Activity
from apaclogistics.values.fields import checked, several
from apaclogistics.values.identifiers import ListingId, QuoteId
from apaclogistics.values.money import Currency

__all__ = ("ListingDesk",)

# How long a quote is good unless the caller says otherwise; our decision.
_VALIDITY: Final = timedelta(days=7)


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
                hindrances=now.hindrances(listing.seller, Activity.PUBLISH), by=by, at=now.at
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
                hindrances=now.hindrances(listing.seller, Activity.PUBLISH), by=by, at=now.at
            ),
        )

    def suspend(
        self, id: ListingId, note: str, *, findings: Iterable[Finding] = (), by: Actor
    ) -> Listing:
        """Take an inaccurate listing out of sight, and keep the findings that this rests on."""
        found = several("findings", findings, Finding)
        return self._change(
            id,
            lambda listing, now: listing.suspend(note, findings=found, by=by, at=now.at),
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

    def check(self, id: ListingId, *, policy: PromisePolicy | None = None) -> tuple[Finding, ...]:
        """Find what is inaccurate or inconsistent in a listing now, and what promise was not kept.

        How its promises were kept is worked out from the stored orders and shipments.
        """
        listing, records, now = self.get(id), self._desk.records(), self._desk.clock.now()
        return listing.check(now, promises_kept(records, id, now), policy)

    def quote(
        self,
        id: ListingId,
        carriage: Carriage,
        *,
        offer: str,
        valid_for: timedelta = _VALIDITY,
        almanac: Almanac | None = None,
    ) -> Quote | QuoteRefused:
        """Price and promise carriage on an offer of a listing, or give every reason why not."""
        _insist(carriage, almanac)
        with self._desk.storage.unit_of_work() as work:
            listing, now = work.listings.get(id).value, self._desk.now(work)
            return self._quoted(listing, carriage, now, offer, valid_for, almanac)

    def offers_for(
        self,
        carriage: Carriage,
        *,
        currency: Currency | str,
        valid_for: timedelta = _VALIDITY,
        almanac: Almanac | None = None,
    ) -> Comparison:
        """Show a buyer what carriage costs: every published offer of a verified seller, compared.

        Offers that do not take it stand beside with their reasons.
        """
        _insist(carriage, almanac)
        with self._desk.storage.unit_of_work() as work:
            now = self._desk.now(work)
            shown = [
                stored.value
                for stored in work.listings.published()
                if not now.hindrances(stored.value.seller, Activity.PUBLISH)
            ]
            answers = [
                self._quoted(listing, carriage, now, offer.name, valid_for, almanac)
                for listing in shown
                for offer in listing.terms.offers
            ]
        rates = almanac.rates if almanac else ()
        return compare(answers, currency=currency, at=now.at, rates=rates)

    def _quoted(
        self,
        listing: Listing,
        carriage: Carriage,
        now: Now,
        offer: str,
        valid_for: timedelta,
        almanac: Almanac | None,
    ) -> Quote | QuoteRefused:
        return listing.quote(
            QuoteId(self._desk.ids.new("quote")),
            carriage,
            offer=offer,
            at=now.at,
            valid_for=valid_for,
            almanac=almanac,
            hindrances=now.to_carry(listing.seller, carriage.parcels),
            agreements=now.agreements(listing.seller),
        )

    def _change(self, id: ListingId, verb: Callable[[Listing, Now], Listing]) -> Listing:
        return self._desk.change(lambda work: work.listings, id, verb)


def _insist(carriage: Carriage, almanac: Almanac | None) -> None:
    checked("carriage", carriage, Carriage)
    checked("almanac", almanac or Almanac(), Almanac)
