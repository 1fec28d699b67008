"""Listings: the logistics that a seller publishes, and what it promises and costs a buyer.

A listing is versioned: a revision makes a new version of its terms, and orders keep the version
that they were sold on.  Terms are one or more offers.  What is inaccurate in them is found before
buyers see it: an error stops publication.  Only a published listing gives quotes.

Identity: `ListingId`.  Invariant: there is at least one version, and none ever changes.  A listing
does not know its orders.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import Enum
from functools import reduce
from typing import Final, Self, TypeAlias

import attrs

from apaclogistics.errors import InvalidValueError, NotFoundError, Reason, masked
from apaclogistics.findings import Finding, PromisePolicy, Severity, check
from apaclogistics.history import Note, Step, accept, first_and_rest, not_a_beginning
from apaclogistics.lifecycle import Actor, Lifecycle, Role, commands
from apaclogistics.offers import Carriage, Offer
from apaclogistics.performance import Performance
from apaclogistics.quotes import Almanac, Quote, QuoteRefused, quote
from apaclogistics.values.fields import checked, different, of_type, several, tuple_of
from apaclogistics.values.identifiers import (
    ListingId,
    ListingVersion,
    QuoteId,
    checked_id,
    identifier,
)
from apaclogistics.values.instants import Instant

__all__ = (
    "LISTING",
    "Listing",
    "ListingAction",
    "ListingDraft",
    "ListingState",
    "Suspending",
    "Terms",
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
    beginning=ListingAction.DRAFT,
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


@attrs.frozen
class Terms:
    """What one version of a listing says: one or more offers, each under a name of its own."""

    offers: tuple[Offer, ...] = attrs.field(validator=tuple_of(Offer))

    def __attrs_post_init__(self) -> None:
        """Refuse terms that offer nothing, and offers that cannot be told apart."""
        different("offers", (offer.name for offer in self.offers))

    def offer(self, name: str) -> Offer:
        """Give the offer of a name.

        Raises:
            NotFoundError: if there is none.
        """
        for offer in self.offers:
            if offer.name == name:
                return offer
        raise NotFoundError.among("offer", name, (offer.name for offer in self.offers))


@attrs.frozen(kw_only=True)
class ListingDraft:
    """What begins a listing: whose it is, and its first terms."""

    id: ListingId = attrs.field(validator=identifier)
    seller: Actor = attrs.field(validator=of_type(Actor))
    terms: Terms = attrs.field(validator=of_type(Terms))

    def __attrs_post_init__(self) -> None:
        """Refuse a listing of somebody who does not sell."""
        if self.seller.role is not Role.SELLER:
            raise InvalidValueError("seller of a listing", str(self.seller), "is none", "a seller")


@attrs.frozen
class Suspending:
    """Why a listing was taken out of sight: a note, and the findings that it rests on."""

    note: str = attrs.field(repr=masked, validator=of_type(str))
    findings: tuple[Finding, ...] = attrs.field(default=(), validator=tuple_of(Finding))


ListingStep: TypeAlias = Step[ListingAction, ListingDraft | Terms | Suspending | Note]


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
            InvalidValueError: if there is no step, or the first did not draft it.
        """
        first, rest = first_and_rest("listing", steps)
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

    @property
    def suspended_for(self) -> tuple[Finding, ...]:
        """The findings on which the listing is suspended; none while it is not."""
        if self.state is not ListingState.SUSPENDED:
            return ()
        taken = [it.payload for it in self.history if it.action is ListingAction.SUSPEND]
        # Of a suspension that nothing but a note was written for, there are none.
        return taken[-1].findings if isinstance(taken[-1], Suspending) else ()

    def terms_of(self, version: int) -> Terms:
        """Give the terms of a version, counted from 1.

        Raises:
            NotFoundError: if there is no such version.
        """
        if not 1 <= version <= len(self.versions):
            raise NotFoundError("version of listing", f"{self.id} v{version}")
        return self.versions[version - 1]

    def offer(self, name: str, *, version: int | None = None) -> Offer:
        """Give the offer of a name, as the last version says it unless another is named.

        Raises:
            NotFoundError: if there is no such version or no such offer in it.
        """
        said = self.version if version is None else attrs.evolve(self.version, version=version)
        try:
            return self.terms_of(said.version).offer(name)
        except NotFoundError as error:
            raise attrs.evolve(error, kind=f"offer of {said}") from None

    def check(
        self,
        at: Instant,
        performance: Performance | None = None,
        policy: PromisePolicy | None = None,
    ) -> tuple[Finding, ...]:
        """Find what is inaccurate or inconsistent in the latest terms, errors first.

        `performance` is how these promises were kept, by offer; the `policy` says when they were
        not.
        """
        return check(self.terms.offers, at, performance, policy)

    def revise(self, terms: Terms, *, by: Actor, at: Instant) -> Self:
        """Add a version; orders sold on an earlier one keep it.

        While buyers see the listing, terms with errors are refused.
        """
        checked("terms", terms, Terms)
        is_shown = self.state is ListingState.PUBLISHED
        reasons = _errors(terms, at) if is_shown else ()
        return self._take(ListingAction.REVISE, terms, by, at, reasons)

    def publish(self, *, hindrances: Iterable[Reason], by: Actor, at: Instant) -> Self:
        """Show the listing to buyers, unless its terms have errors.

        `hindrances` are why the seller may not sell now.
        """
        reasons = (*hindrances, *_errors(self.terms, at))
        return self._take(ListingAction.PUBLISH, Note(), by, at, reasons)

    def pause(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Take the listing out of sight for a while."""
        return self._take(ListingAction.PAUSE, Note(note), by, at)

    def resume(self, *, hindrances: Iterable[Reason], by: Actor, at: Instant) -> Self:
        """Show a paused listing again, unless its terms have errors.

        `hindrances` are why the seller may not sell now.
        """
        reasons = (*hindrances, *_errors(self.terms, at))
        return self._take(ListingAction.RESUME, Note(), by, at, reasons)

    def suspend(
        self, note: str, *, findings: Iterable[Finding] = (), by: Actor, at: Instant
    ) -> Self:
        """Take the listing out of sight, since it is inaccurate, and say why.

        The `findings` that this rests on are kept with the step.

        Raises:
            RefusedError: if one is about an offer that the listing does not have.
        """
        found = several("findings", findings, Finding)
        known = {offer.name for offer in self.terms.offers}
        reasons = [
            Reason("finding_of_no_offer", f"listing {self.id} has no offer {it.offer}")
            for it in found
            if it.offer not in known
        ]
        return self._take(ListingAction.SUSPEND, Suspending(note, found), by, at, reasons)

    def reinstate(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """Lift a suspension; the seller resumes it."""
        return self._take(ListingAction.REINSTATE, Note(note), by, at)

    def withdraw(self, *, by: Actor, at: Instant, note: str = "") -> Self:
        """End the listing for good; orders sold on it run on."""
        return self._take(ListingAction.WITHDRAW, Note(note), by, at)

    def _take(
        self,
        action: ListingAction,
        payload: Terms | Suspending | Note,
        by: Actor,
        at: Instant,
        reasons: Iterable[Reason] = (),
    ) -> Self:
        step = accept(LISTING, self, action, payload, by=by, at=at, reasons=reasons)
        return self._applied(step)

    def quote(
        self,
        id: QuoteId,
        carriage: Carriage,
        *,
        offer: str,
        at: Instant,
        valid_for: timedelta,
        almanac: Almanac | None = None,
        hindrances: Iterable[Reason] = (),
        agreements: Collection[str] = (),
    ) -> Quote | QuoteRefused:
        """Price and promise carriage on an offer of the latest version, or say why not.

        `hindrances` are why the seller may not sell this now; `agreements` those that the seller
        has accepted.

        Raises:
            NotFoundError: if the listing has no such offer.
            InvalidValueError: if the destination's time zone is unknown, or `valid_for` is not
                above zero or above a year.
        """
        return quote(
            id,
            self.offer(offer),
            carriage,
            listing=self.version,
            at=at,
            valid_for=valid_for,
            almanac=almanac or Almanac(),
            hindrances=(*self.hindrances, *hindrances),
            agreements=agreements,
        )


def _errors(terms: Terms, at: Instant) -> tuple[Reason, ...]:
    found = check(terms.offers, at)
    return tuple(it.reason for it in found if it.severity is Severity.ERROR)
