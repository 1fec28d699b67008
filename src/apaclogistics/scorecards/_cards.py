"""Cards: what the evidence comes to, for a seller, a carrier or a listing."""

from collections import Counter
from collections.abc import Iterable

import attrs

from apaclogistics.inquiries import Inquiry
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.offers import Offer
from apaclogistics.performance import Performance, Share
from apaclogistics.scorecards._evidence import LineEvidence, ParcelEvidence, lines, parcels
from apaclogistics.scorecards._records import Records
from apaclogistics.values.fields import of_type, optional, tuple_of
from apaclogistics.values.identifiers import CarrierCode, ListingId, ListingVersion
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.quantities import whole

__all__ = (
    "Complaints",
    "Scorecard",
    "carrier_card",
    "line_evidence",
    "listing_card",
    "promises_kept",
    "seller_card",
)


@attrs.frozen(kw_only=True)
class Complaints:
    """How many complaints there are about one offer of one version of a listing.

    Of sales without a listing, `listing` is None.
    """

    listing: ListingVersion | None = attrs.field(validator=optional(ListingVersion))
    offer: str = attrs.field(validator=of_type(str))
    count: int

    def __attrs_post_init__(self) -> None:
        """Refuse a count of nothing."""
        whole("number of complaints", self.count, least=1, most=10**9)


@attrs.frozen(kw_only=True)
class Scorecard:
    """What somebody's work came to as of an instant, with what each figure rests on.

    `late` counts order lines that were shipped late, and `tracked` those whose number was known in
    time and that the carrier scanned, each of those of which it can be told.  `performance` counts
    the parcels that a carrier had, by lane and offer.  `complaints` are the inquiries to the seller
    or carrier, or of buyers about the listing.
    """

    subject: str
    at: Instant = attrs.field(converter=instant)
    late: Share = attrs.field(validator=of_type(Share))
    tracked: Share = attrs.field(validator=of_type(Share))
    performance: Performance = attrs.field(validator=of_type(Performance))
    complaints: tuple[Complaints, ...] = attrs.field(default=(), validator=tuple_of(Complaints))

    @property
    def parcels(self) -> int:
        """The parcels that a carrier had."""
        return self.performance.tally().parcels

    @property
    def on_time(self) -> Share:
        """The parcels whose promise was kept, of those of which it can be told."""
        return self.performance.tally().on_time

    @property
    def loss(self) -> Share:
        """The parcels that were lost."""
        return self.performance.tally().loss

    @property
    def damage(self) -> Share:
        """The parcels that were damaged."""
        return self.performance.tally().damage


def line_evidence(records: Records, at: Instant) -> tuple[LineEvidence, ...]:
    """Give what shows, for each line, whether it was shipped on time and tracked.

    What happened after the instant counts for nothing.
    """
    found = lines(records.as_of(instant(at)))
    return tuple(sorted(found, key=lambda it: (it.order, it.line)))


def seller_card(records: Records, seller: Actor, at: Instant) -> Scorecard:
    """Score a seller as of an instant.

    The order of the records is irrelevant, and what happened later counts for nothing.
    """
    now, known = instant(at), records.as_of(instant(at))
    return _card(
        str(seller),
        now,
        (it for it in lines(known) if it.seller == seller),
        (it for it in parcels(known, now) if it.seller == seller),
        (it for it in known.inquiries if it.opening.respondent == seller),
    )


def carrier_card(records: Records, carrier: CarrierCode, at: Instant) -> Scorecard:
    """Score a carrier as of an instant, as `seller_card` does a seller.

    Of the lines those count that it carried alone.
    """
    now, known = instant(at), records.as_of(instant(at))
    actor = Actor(Role.CARRIER, carrier)
    return _card(
        str(actor),
        now,
        (it for it in lines(known) if it.carriers == {carrier}),
        (it for it in parcels(known, now) if it.carrier == carrier),
        (it for it in known.inquiries if it.opening.respondent == actor),
    )


def listing_card(records: Records, listing: ListingId, at: Instant) -> Scorecard:
    """Score all versions of a listing as of an instant, as `seller_card` does a seller."""
    now, known = instant(at), records.as_of(instant(at))
    return _card(
        f"listing {listing}",
        now,
        (it for it in lines(known) if _is_of(it.listing, listing)),
        (it for it in parcels(known, now) if _is_of(it.listing, listing)),
        (it for it in known.inquiries if _is_complaint_about(it, listing)),
    )


def promises_kept(records: Records, listing: ListingId, at: Instant) -> Performance:
    """Give how the promises that a listing makes now were kept, by lane and offer.

    Parcels that were sold on an earlier version count where it made the same promise: a revision
    that leaves the promise as it was leaves its record as it was.

    Raises:
        NotFoundError: if the records do not have the listing, or did not at the instant.
    """
    now, known = instant(at), records.as_of(instant(at))
    promised = {offer.name: _promise_of(offer) for offer in known.listing(listing).terms.offers}

    def is_same(it: ParcelEvidence) -> bool:
        sold = known.offer(it.listing, it.outcome.offer)
        return sold is not None and promised.get(sold.name) == _promise_of(sold)

    found = (it for it in parcels(known, now) if _is_of(it.listing, listing) and is_same(it))
    return Performance.of(it.outcome for it in found)


def _promise_of(offer: Offer) -> tuple[object, ...]:
    return offer.carrier, offer.service, offer.origin, offer.handling, offer.transit


def _is_of(version: ListingVersion | None, listing: ListingId) -> bool:
    return version is not None and version.listing == listing


def _is_complaint_about(inquiry: Inquiry, listing: ListingId) -> bool:
    opening = inquiry.opening
    return opening.opener.role is Role.BUYER and _is_of(opening.listing, listing)


def _card(
    subject: str,
    at: Instant,
    lines: Iterable[LineEvidence],
    parcels: Iterable[ParcelEvidence],
    inquiries: Iterable[Inquiry],
) -> Scorecard:
    judged = [(it.is_late(at), it.is_tracked(at)) for it in lines]
    return Scorecard(
        subject=subject,
        at=at,
        late=_share(late for late, _ in judged),
        tracked=_share(tracked for _, tracked in judged),
        performance=Performance.of(it.outcome for it in parcels),
        complaints=_complaints(inquiries),
    )


def _share(answers: Iterable[bool | None]) -> Share:
    """Count the yes of the yes and no; who cannot tell does not count."""
    told = [answer for answer in answers if answer is not None]
    return Share(sum(told), len(told))


def _complaints(inquiries: Iterable[Inquiry]) -> tuple[Complaints, ...]:
    counts = Counter((it.opening.listing, it.opening.offer) for it in inquiries)
    found = (
        Complaints(listing=listing, offer=offer, count=count)
        for (listing, offer), count in counts.items()
    )
    return tuple(sorted(found, key=_place))


def _place(complaints: Complaints) -> tuple[str, int, str]:
    version = complaints.listing
    return (
        (version.listing, version.version, complaints.offer)
        if version
        else ("", 0, complaints.offer)
    )
