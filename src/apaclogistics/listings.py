"""Listings: the logistics that a seller publishes, and what it promises and costs a buyer.

A listing is versioned: a revision makes a new version of its terms, and orders keep the version
that they were sold on.  Only a published listing gives a quote; a quote is a value with price,
breakdown, promised window and validity, or a refusal with every reason.

Identity: `ListingId`.  Invariant: there is at least one version.  A listing does not know its
orders.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum
from functools import reduce
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.errors import NotFoundError, Reason
from apaclogistics.history import Note, Step, accept, not_a_beginning
from apaclogistics.lifecycle import Actor, Lifecycle, Role, commands
from apaclogistics.promises import Handling, Promise, Transit, promise
from apaclogistics.tariffs import Price, RateCard, Unpriced, price_of
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar
from apaclogistics.values.identifiers import (
    CarrierCode,
    ListingId,
    ListingVersion,
    QuoteId,
    checked_id,
)
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.places import Country, Destination
from apaclogistics.values.quantities import Dimensions, Weight

__all__ = (
    "LISTING",
    "Limits",
    "Listing",
    "ListingAction",
    "ListingDraft",
    "ListingState",
    "Quote",
    "QuoteRefused",
    "Terms",
    "TransportMode",
)


class ListingState(Enum):
    """Where a listing stands."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    PAUSED = "PAUSED"
    SUSPENDED = "SUSPENDED"
    WITHDRAWN = "WITHDRAWN"


class ListingAction(Enum):
    """What can be done to a listing; drafting makes one and has no row."""

    DRAFT = "draft"
    REVISE = "revise"
    PUBLISH = "publish"
    PAUSE = "pause"
    RESUME = "resume"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"


_S, _P = Role.SELLER, Role.PLATFORM
_State, _Action = ListingState, ListingAction

LISTING: Final = Lifecycle(
    name="listing",
    initial=_State.DRAFT,
    final={_State.WITHDRAWN},
    rules=commands(
        (
            {_State.DRAFT, _State.PUBLISHED, _State.PAUSED, _State.SUSPENDED},
            _Action.REVISE,
            None,
            {_S},
        ),
        ({_State.DRAFT}, _Action.PUBLISH, _State.PUBLISHED, {_S}),
        ({_State.PUBLISHED}, _Action.PAUSE, _State.PAUSED, {_S}),
        ({_State.PAUSED}, _Action.RESUME, _State.PUBLISHED, {_S}),
        ({_State.PUBLISHED, _State.PAUSED}, _Action.SUSPEND, _State.SUSPENDED, {_P}),
        ({_State.SUSPENDED}, _Action.REINSTATE, _State.PAUSED, {_P}),
        (
            {_State.DRAFT, _State.PUBLISHED, _State.PAUSED},
            _Action.WITHDRAW,
            _State.WITHDRAWN,
            {_S},
        ),
        ({_State.SUSPENDED}, _Action.WITHDRAW, _State.WITHDRAWN, {_S, _P}),
    ),
)


class TransportMode(Enum):
    """How a parcel travels."""

    AIR = "air"
    SEA = "sea"
    RAIL = "rail"
    ROAD = "road"
    POST = "post"
    EXPRESS = "express"


@attrs.frozen(kw_only=True)
class Limits:
    """The most that a service takes: grams and millimetres, None where it states no limit.

    `max_total_mm` is length, width and height added.
    """

    max_grams: int | None = None
    max_length_mm: int | None = None
    max_total_mm: int | None = None

    def against(self, weight: Weight, dimensions: Dimensions | None) -> tuple[Reason, ...]:
        """Give every limit that a parcel breaks; sides that are not known break none."""
        measured = [
            ("too_heavy", "weight", weight.grams, self.max_grams, "g"),
            ("too_long", "longest side", _of(dimensions, "length_mm"), self.max_length_mm, "mm"),
            ("too_large", "sides together", _of(dimensions, "total_mm"), self.max_total_mm, "mm"),
        ]
        return tuple(
            Reason(code, f"{what} of {value} {unit} is above the limit of {most} {unit}")
            for code, what, value, most, unit in measured
            if most is not None and value > most
        )


def _of(dimensions: Dimensions | None, side: str) -> int:
    return getattr(dimensions, side) if dimensions else 0


@attrs.frozen(kw_only=True)
class Terms:
    """What one version of a listing says: who carries, how, at what price, by when, and what not."""

    carrier: CarrierCode
    service: str
    mode: TransportMode
    origin: Country
    rate_card: RateCard
    handling: Handling
    transit: Transit
    limits: Limits = Limits()
    excluded: frozenset[Country] = frozenset()


@attrs.frozen(kw_only=True)
class Quote:
    """A price and a promise for one parcel, good until `expires_at` and for one booking."""

    id: QuoteId
    offer: ListingVersion
    carrier: CarrierCode
    service: str
    price: Price
    promise: Promise
    at: Instant = attrs.field(converter=instant)
    expires_at: Instant = attrs.field(converter=instant)

    def hindrances(self, at: Instant) -> tuple[Reason, ...]:
        """Why the quote is no good at an instant; nothing while it is."""
        if at <= self.expires_at:
            return ()
        text = f"quote {self.id} expired at {to_text(self.expires_at)}"
        return (Reason("quote_expired", text),)


@attrs.frozen
class QuoteRefused:
    """Every reason why an offer is not for this parcel, destination and instant."""

    offer: ListingVersion
    reasons: tuple[Reason, ...]


@attrs.frozen(kw_only=True)
class ListingDraft:
    """What begins a listing: whose it is, and its first terms."""

    id: ListingId
    seller: Actor
    terms: Terms


ListingStep: TypeAlias = Step[ListingAction, ListingDraft | Terms | Note]


@attrs.frozen(kw_only=True)
class Listing:
    """A seller's logistics listing, with all its versions."""

    id: ListingId
    seller: Actor
    versions: tuple[Terms, ...]
    state: ListingState = LISTING.initial
    history: tuple[ListingStep, ...]

    @classmethod
    def draft(cls, draft: ListingDraft, *, by: Actor, at: Instant) -> Self:
        """Begin a listing that nobody sees yet.

        Raises:
            InvalidValueError: if the identifier is none.
            ActorNotPermittedError: if `by` is not the seller.
        """
        checked_id("listing", draft.id)
        LISTING.refuse_stranger(LISTING.initial, ListingAction.DRAFT, by, {draft.seller})
        return cls._begun(Step(action=ListingAction.DRAFT, by=by, at=at, payload=draft))

    @classmethod
    def replay(cls, steps: Iterable[ListingStep]) -> Self:
        """Rebuild a listing from its steps, without judging them again.

        Raises:
            InvalidValueError: if the first step did not draft it.
        """
        first, *rest = steps
        return reduce(lambda listing, step: listing._applied(step), rest, cls._begun(first))

    @classmethod
    def _begun(cls, step: ListingStep) -> Self:
        match step.payload:
            case ListingDraft(id=id, seller=seller, terms=terms):
                return cls(id=id, seller=seller, versions=(terms,), history=(step,))
            case _:
                raise not_a_beginning("listing", step)

    def _applied(self, step: ListingStep) -> Self:
        added = (step.payload,) if isinstance(step.payload, Terms) else ()
        return attrs.evolve(
            self,
            versions=(*self.versions, *added),
            state=LISTING.after(self.state, step.action),
            history=(*self.history, step),
        )

    @property
    def parties(self) -> frozenset[Actor]:
        """The seller alone."""
        return frozenset({self.seller})

    @property
    def terms(self) -> Terms:
        """The terms of the latest version."""
        return self.versions[-1]

    @property
    def version(self) -> ListingVersion:
        """The latest version."""
        return ListingVersion(self.id, len(self.versions))

    @property
    def hindrances(self) -> tuple[Reason, ...]:
        """Why nothing can be sold on this listing now; nothing while it is published."""
        if self.state is ListingState.PUBLISHED:
            return ()
        return (Reason("not_published", f"listing {self.id} is {self.state.name}"),)

    def terms_of(self, version: int) -> Terms:
        """Give the terms of a version, counted from 1.

        Raises:
            NotFoundError: if there is no such version.
        """
        if not 1 <= version <= len(self.versions):
            raise NotFoundError("version of listing", f"{self.id} v{version}")
        return self.versions[version - 1]

    def revise(self, terms: Terms, *, by: Actor, at: Instant) -> Self:
        """Add a version; orders sold on an earlier one keep it."""
        return self._take(ListingAction.REVISE, terms, by, at)

    def publish(self, *, hindrances: Iterable[Reason], by: Actor, at: Instant) -> Self:
        """Show the listing to buyers; `hindrances` are why the seller may not sell now."""
        return self._take(ListingAction.PUBLISH, Note(), by, at, hindrances)

    def pause(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Take the listing out of sight for a while."""
        return self._take(ListingAction.PAUSE, Note(note), by, at)

    def resume(self, *, hindrances: Iterable[Reason], by: Actor, at: Instant) -> Self:
        """Show a paused listing again; `hindrances` are why the seller may not sell now."""
        return self._take(ListingAction.RESUME, Note(), by, at, hindrances)

    def suspend(self, note: str, *, by: Actor, at: Instant) -> Self:
        """Take the listing out of sight, since it is inaccurate, and say why."""
        return self._take(ListingAction.SUSPEND, Note(note), by, at)

    def reinstate(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Lift a suspension; the seller resumes it."""
        return self._take(ListingAction.REINSTATE, Note(note), by, at)

    def withdraw(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """End the listing for good; orders sold on it run on."""
        return self._take(ListingAction.WITHDRAW, Note(note), by, at)

    def _take(
        self,
        action: ListingAction,
        payload: Terms | Note,
        by: Actor,
        at: Instant,
        reasons: Iterable[Reason] = (),
    ) -> Self:
        step = accept(LISTING, self, action, payload, by=by, at=at, reasons=reasons)
        return self._applied(step)

    def quote(
        self,
        id: QuoteId,
        *,
        destination: Destination,
        weight: Weight,
        dimensions: Dimensions | None = None,
        at: Instant,
        valid_for: timedelta,
        hindrances: Iterable[Reason] = (),
        calendars: tuple[BusinessCalendar, BusinessCalendar] = (WEEKENDS, WEEKENDS),
    ) -> Quote | QuoteRefused:
        """Price and promise a parcel on the latest version, or give every reason why not.

        `hindrances` are why the seller may not sell now; `calendars` are those of the origin and of
        the destination.

        Raises:
            InvalidValueError: if the destination's time zone is unknown.
        """
        price = price_of(
            self.terms.rate_card,
            country=destination.country,
            postal_code=destination.postal_code,
            weight=weight,
            dimensions=dimensions,
            at=at,
        )
        reasons = (*hindrances, *self._against(destination, weight, dimensions))
        if isinstance(price, Unpriced):
            return QuoteRefused(self.version, (*reasons, *price.reasons))
        if reasons:
            return QuoteRefused(self.version, reasons)
        promised = promise(
            at,
            handling=self.terms.handling,
            transit=self.terms.transit,
            destination_zone=destination.zone_name,
            origin_calendar=calendars[0],
            destination_calendar=calendars[1],
        )
        return Quote(
            id=id,
            offer=self.version,
            carrier=self.terms.carrier,
            service=self.terms.service,
            price=price,
            promise=promised,
            at=at,
            expires_at=instant(at + valid_for),
        )

    def _against(
        self, destination: Destination, weight: Weight, dimensions: Dimensions | None
    ) -> tuple[Reason, ...]:
        reasons = [*self.hindrances, *self.terms.limits.against(weight, dimensions)]
        if destination.country in self.terms.excluded:
            text = f"{self.version} does not ship to {destination.country}"
            reasons.append(Reason("excluded", text))
        return tuple(reasons)
