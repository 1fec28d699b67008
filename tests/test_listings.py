"""Listings: the logistics that a seller publishes, and what it promises and costs a buyer."""

from datetime import timedelta

import attrs
import pytest

from apaclogistics.errors import InvalidValueError, NotFoundError, Reason
from apaclogistics.findings import Finding, PromisePolicy, Severity
from apaclogistics.history import Note, Step
from apaclogistics.lifecycle import Actor, ActorNotPermittedError, RefusedError
from apaclogistics.listings import LISTING as TABLE
from apaclogistics.listings import (
    Listing,
    ListingAction,
    ListingDraft,
    ListingState,
    Suspending,
    Terms,
)
from apaclogistics.offers import Carriage
from apaclogistics.performance import Lane, Performance, Row, Share, Tally
from apaclogistics.quotes import Almanac, Quote, QuoteRefused
from apaclogistics.restrictions import Limits
from apaclogistics.values.calendars import WeekendCalendar
from apaclogistics.values.identifiers import ListingId, ListingVersion, QuoteId
from apaclogistics.values.instants import Instant, to_text
from apaclogistics.values.places import Country, Destination
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight
from tests.samples import (
    BUYER,
    PARTIES,
    PLATFORM,
    SELLER,
    STRANGERS,
    day,
    drafted_listing,
    offer,
    parcel,
    published,
    sale,
    terms,
    usd,
)
from tests.tables import Verbs, announce, changed, expected, outcomes, rows_of, written

ROWS = written("""
    DRAFT      revise     DRAFT      S
    PUBLISHED  revise     PUBLISHED  S
    PAUSED     revise     PAUSED     S
    SUSPENDED  revise     SUSPENDED  S
    DRAFT      publish    PUBLISHED  S
    PUBLISHED  pause      PAUSED     S
    PAUSED     resume     PUBLISHED  S
    PUBLISHED  suspend    SUSPENDED  P
    PAUSED     suspend    SUSPENDED  P
    SUSPENDED  reinstate  PAUSED     P
    DRAFT      withdraw   WITHDRAWN  S
    PUBLISHED  withdraw   WITHDRAWN  S
    PAUSED     withdraw   WITHDRAWN  S
    SUSPENDED  withdraw   WITHDRAWN  SP
""")

THINGS = {
    "DRAFT": drafted_listing(),
    "PUBLISHED": published(),
    "PAUSED": published().pause(by=SELLER, at=day(1)),
    "SUSPENDED": published().suspend("never on time", by=PLATFORM, at=day(1)),
    "WITHDRAWN": published().withdraw(by=SELLER, at=day(1)),
}

VERBS: Verbs[Listing] = {
    "revise": lambda it, by: it.revise(terms("6.00"), by=by, at=day(2)),
    "publish": lambda it, by: it.publish(hindrances=(), by=by, at=day(2)),
    "pause": lambda it, by: it.pause(by=by, at=day(2)),
    "resume": lambda it, by: it.resume(hindrances=(), by=by, at=day(2)),
    "suspend": lambda it, by: it.suspend("never on time", by=by, at=day(2)),
    "reinstate": lambda it, by: it.reinstate(by=by, at=day(2)),
    "withdraw": lambda it, by: it.withdraw(by=by, at=day(2)),
}

NEW_YORK = Destination(country="US", postal_code="10001", zone_name="America/New_York")
MOSCOW = Destination(country="RU", postal_code="101000", zone_name="Europe/Moscow")


def quoted(
    listing: Listing,
    *,
    destination: Destination = NEW_YORK,
    grams: int = 500,
    dimensions: Dimensions | None = None,
    at: Instant | None = None,
    hindrances: tuple[Reason, ...] = (),
) -> Quote | QuoteRefused:
    """Ask for 500 g to New York, on Monday 2 March 2026, 17:00 in Hong Kong."""
    goods = attrs.evolve(parcel(), weight=Weight(grams), dimensions=dimensions)
    return listing.quote(
        QuoteId("q-1"),
        Carriage(destination=destination, parcels=(goods,)),
        offer="Economy",
        at=at or day(2),
        valid_for=timedelta(days=3),
        hindrances=hindrances,
    )


def granted(answer: Quote | QuoteRefused) -> Quote:
    """Insist on a quote."""
    assert isinstance(answer, Quote)
    return answer


def codes(answer: Quote | QuoteRefused) -> list[str]:
    """Give the reasons of a refusal by their codes."""
    assert isinstance(answer, QuoteRefused)
    return [reason.code for reason in answer.reasons]


def test_the_table_is_as_written_here() -> None:
    """A changed row of the table is a changed line of this file."""
    assert rows_of(TABLE) == ROWS


def test_no_row_can_change_without_being_noticed() -> None:
    """Leaving out or changing any one row makes the comparison fail."""
    variants = list(changed(rows_of(TABLE), THINGS))

    assert len(variants) == len(ROWS) * (1 + 4 + 4)
    assert [rows for rows in variants if rows == ROWS] == []


def test_every_action_in_every_state_is_judged_by_the_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Strangers of the right role are turned away everywhere, and what is refused changes nothing."""
    actors = (*PARTIES, *STRANGERS)
    parties = dict.fromkeys(THINGS, (SELLER, PLATFORM))

    found = outcomes(THINGS, VERBS, actors)

    assert {state: thing.state.name for state, thing in THINGS.items()} == {it: it for it in THINGS}
    assert found == expected(ROWS, THINGS, VERBS, actors, parties=parties)
    announce(capsys, "listing", THINGS, VERBS)


def test_a_revision_adds_a_version_and_keeps_the_earlier_ones() -> None:
    """Versions are counted from 1, and the last one is what is offered."""
    listing = published().revise(terms("6.00"), by=SELLER, at=day(2))

    assert listing.version == ListingVersion(ListingId("l-1"), 2)
    assert listing.terms == listing.terms_of(2) == terms("6.00")
    assert listing.terms_of(1) == terms("5.00")


def test_an_order_keeps_the_version_that_it_was_sold_on() -> None:
    """What the buyer was told does not change when the seller revises."""
    listing = published()
    sold = attrs.evolve(sale(), listing=listing.version)

    revised = listing.revise(terms("9.00"), by=SELLER, at=day(3))

    assert sold.listing is not None
    assert revised.terms_of(sold.listing.version) == terms("5.00")


@pytest.mark.parametrize("version", [-1, 0, 2])
def test_a_version_that_was_never_made_is_not_found(version: int) -> None:
    """Nothing is taken from the end of the list, and nothing made up."""
    with pytest.raises(NotFoundError, match=f"l-1 v{version}"):
        published().terms_of(version)


def test_a_quote_states_price_breakdown_and_promise() -> None:
    """17:00 on Monday is past the cut-off: Tuesday counts, one day of handling, then the transit."""
    quote = granted(quoted(published()))

    assert quote.total == usd("5.00")
    assert [(line.label, line.amount) for line in quote.prices[0].lines] == [
        ("e-Express 2026, zone US, 500 g", usd("5.00"))
    ]
    assert quote.prices[0].chargeable.grams == 500
    assert to_text(quote.promise.ship_by) == "2026-03-04T15:59:59Z"
    assert str(quote.promise.window) == "2026-03-11T04:00:00Z to 2026-03-18T03:59:59Z"
    assert (quote.listing, quote.offer) == (published().version, "Economy")


def test_a_quote_names_the_calendars_that_its_promise_rests_on() -> None:
    """A calendar with holidays is passed in, one for each end."""
    here, there = WeekendCalendar(name="Hong Kong"), WeekendCalendar(name="United States")

    answer = published().quote(
        QuoteId("q-1"),
        Carriage(destination=NEW_YORK, parcels=(parcel(),)),
        offer="Economy",
        at=day(2),
        valid_for=timedelta(days=3),
        almanac=Almanac(calendars={Country("HK"): here, Country("US"): there}),
    )

    names = [calendar.name for calendar in granted(answer).promise.calendars]
    assert names == ["Hong Kong", "United States"]


def test_a_quote_is_good_until_it_expires_and_no_longer() -> None:
    """The last instant still counts."""
    quote = granted(quoted(published()))

    assert quote.hindrances(day(5)) == ()
    late = quote.hindrances(day(5) + timedelta(seconds=1))
    assert [reason.code for reason in late] == ["quote_expired"]
    assert "2026-03-05T09:00:00Z" in late[0].text


def test_a_refused_quote_gives_all_its_reasons_at_once() -> None:
    """A buyer who mends one thing is not told of the next one only then."""
    size = SizeLimits(max_grams=1000, max_length_mm=600, max_total_mm=900)
    strict = attrs.evolve(offer(), limits=(Limits(size=size),))
    listing = drafted_listing().revise(Terms((strict,)), by=SELLER, at=day(1))
    seller = Reason("seller_not_verified", "seller s-1 is SUSPENDED, not VERIFIED")

    answer = quoted(
        listing,
        destination=MOSCOW,
        grams=1001,
        dimensions=Dimensions(601, 200, 100),
        hindrances=(seller,),
    )

    assert set(codes(answer)) == {
        "seller_not_verified",
        "not_published",
        "too_heavy",
        "too_long",
        "too_large",
        "excluded",
        "not_covered",
    }


def test_a_parcel_is_refused_for_a_limit_although_it_has_a_price() -> None:
    """Price and limits are judged apart."""
    light = attrs.evolve(offer(), limits=(Limits(size=SizeLimits(max_grams=499)),))
    listing = published().revise(Terms((light,)), by=SELLER, at=day(1))

    assert codes(quoted(listing)) == ["too_heavy"]


@pytest.mark.parametrize("state", ["DRAFT", "PAUSED", "SUSPENDED", "WITHDRAWN"])
def test_only_a_published_listing_gives_a_quote(state: str) -> None:
    """What nobody sees, nobody can buy."""
    listing = THINGS[state]

    assert codes(quoted(listing)) == ["not_published"]
    assert [reason.code for reason in listing.hindrances] == ["not_published"]
    assert published().hindrances == ()


def test_a_quote_to_an_unknown_time_zone_is_an_error() -> None:
    """A promised local day needs a zone."""
    with pytest.raises(InvalidValueError, match="Nowhere"):
        Destination(country="US", zone_name="America/Nowhere")


def test_the_platform_suspends_an_inaccurate_listing_and_the_seller_resumes_it() -> None:
    """Lifting a suspension does not publish: the seller looks at it first."""
    listing = published().suspend("never on time", by=PLATFORM, at=day(2))

    paused = listing.reinstate(by=PLATFORM, at=day(3))

    assert paused.state is ListingState.PAUSED
    resumed = paused.resume(hindrances=(), by=SELLER, at=day(3))
    assert resumed.state is ListingState.PUBLISHED


def late(offer: str = "Economy") -> Finding:
    """Find that the promise of an offer is not kept."""
    return Finding(
        offer=offer,
        severity=Severity.WARNING,
        code="promise_not_kept",
        text="7 of 25 parcels came within what was promised",
        share=Share(7, 25),
    )


def test_a_listing_is_checked_against_how_its_promises_were_kept() -> None:
    tally = Tally(parcels=25, on_time=Share(7, 25))
    lane = Lane(Country("HK"), Country("US"))
    known = Performance((Row(lane=lane, offer="Economy", tally=tally),))

    def found(performance: Performance | None, percent: int) -> list[str]:
        policy = PromisePolicy(least_percent=percent)
        return [it.code for it in published().check(day(1), performance, policy)]

    assert found(None, 80) == ["no_claim_policy"]
    assert found(known, 80) == ["no_claim_policy", "promise_not_kept"]
    assert found(known, 20) == ["no_claim_policy"]


def test_a_suspension_keeps_what_it_rests_on() -> None:
    """For as long as it stands; the step keeps it for good."""
    listing = published().suspend("never on time", findings=[late()], by=PLATFORM, at=day(2))

    assert listing.suspended_for == (late(),)
    assert listing.history[-1].payload == Suspending("never on time", (late(),))
    assert "never" not in repr(listing)
    assert Listing.replay(listing.history) == listing
    assert listing.revise(terms("6.00"), by=SELLER, at=day(3)).suspended_for == (late(),)
    assert listing.reinstate(by=PLATFORM, at=day(3)).suspended_for == ()


def test_a_listing_is_not_suspended_on_what_was_found_elsewhere() -> None:
    with pytest.raises(RefusedError, match="listing l-1 has no offer Express") as refusal:
        published().suspend("late", findings=[late(), late("Express")], by=PLATFORM, at=day(2))

    assert [reason.code for reason in refusal.value.reasons] == ["finding_of_no_offer"]


def test_terms_have_the_offers_that_they_name() -> None:
    assert published().terms.offer("Economy") == offer()
    with pytest.raises(NotFoundError, match="no offer is stored"):
        published().terms.offer("Express")


def test_an_unknown_offer_of_a_listing_is_told_with_its_version() -> None:
    """Of the last one, unless another is named."""
    listing = published()
    revised = listing.revise(Terms((offer("6.00"),)), by=SELLER, at=day(3))

    assert listing.offer("Economy") == offer()
    assert revised.offer("Economy") == offer("6.00")
    assert revised.offer("Economy", version=1) == offer()
    with pytest.raises(NotFoundError, match=r"no offer of l-1 v2 is stored under 'Express'$"):
        revised.offer("Express")
    with pytest.raises(NotFoundError, match=r"no offer of l-1 v2 .*; nearest: Economy"):
        revised.offer("economy")
    with pytest.raises(NotFoundError, match="l-1 v3"):
        revised.offer("Economy", version=3)


def test_a_suspension_that_was_only_noted_rests_on_nothing() -> None:
    """As histories of before hold it."""
    step = Step(action=ListingAction.SUSPEND, by=PLATFORM, at=day(2), payload=Note("late"))

    listing = Listing.replay((*published().history, step))

    assert listing.state is ListingState.SUSPENDED
    assert listing.suspended_for == ()


@pytest.mark.parametrize("somebody", [*STRANGERS, BUYER], ids=str)
def test_nobody_drafts_a_listing_for_another_seller(somebody: Actor) -> None:
    """A listing is begun by its seller, or by the platform."""
    draft = ListingDraft(id=ListingId("l-1"), seller=SELLER, terms=terms())

    with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
        Listing.draft(draft, by=somebody, at=day(1))


def test_a_listing_needs_an_identifier() -> None:
    """What no log could show is no identifier."""
    with pytest.raises(InvalidValueError):
        ListingDraft(id=ListingId(" "), seller=SELLER, terms=terms())


def test_a_listing_is_rebuilt_from_its_steps() -> None:
    """State and versions follow from the history alone."""
    listing = published().revise(terms("6.00"), by=SELLER, at=day(2)).pause(by=SELLER, at=day(3))

    assert Listing.replay(listing.history) == listing


def test_a_history_that_does_not_begin_is_refused() -> None:
    """A listing begins as a draft."""
    with pytest.raises(InvalidValueError, match="'publish' is not how one begins"):
        Listing.replay(published().history[1:])


def test_terms_with_errors_are_not_published() -> None:
    """The rate card ended in 2026; the refusal names the offer and the card."""
    listing = drafted_listing()

    with pytest.raises(RefusedError, match="Economy: rate card e-Express 2026") as refusal:
        listing.publish(hindrances=(), by=SELLER, at=day(400))

    assert [reason.code for reason in refusal.value.reasons] == ["card_not_in_force"]
    assert [str(finding.severity.value) for finding in listing.check(day(400))] == [
        "error",
        "warning",
    ]


def test_a_warning_stops_nothing() -> None:
    """That no policy promises compensation is told, and the listing is published."""
    listing = drafted_listing()

    assert [finding.code for finding in listing.check(day(1))] == ["no_claim_policy"]
    assert published().state is ListingState.PUBLISHED


def test_a_published_listing_is_not_revised_into_errors() -> None:
    """What buyers see has none; a draft may have, until it is published."""
    ended = attrs.evolve(
        offer(), rate_card=attrs.evolve(offer().rate_card, valid_until=day(2, hour=8))
    )

    with pytest.raises(RefusedError, match="in force from"):
        published().revise(Terms((ended,)), by=SELLER, at=day(2))

    assert drafted_listing().revise(Terms((ended,)), by=SELLER, at=day(2)).version.version == 2


def test_a_paused_listing_with_errors_is_not_resumed() -> None:
    """Resuming shows it to buyers again."""
    paused = published().pause(by=SELLER, at=day(2))

    with pytest.raises(RefusedError, match="in force from"):
        paused.resume(hindrances=(), by=SELLER, at=day(400))


def test_offers_of_one_listing_have_different_names() -> None:
    """An order names the one that it was sold on; there is at least one."""
    with pytest.raises(InvalidValueError, match="come twice"):
        Terms((offer(), offer("6.00")))
    with pytest.raises(InvalidValueError, match="are none"):
        Terms(())


def test_an_offer_that_the_listing_does_not_have_is_not_found() -> None:
    """A quote is asked for by the name of the offer."""
    carriage = Carriage(destination=NEW_YORK, parcels=(parcel(),))

    with pytest.raises(NotFoundError, match="Express"):
        published().quote(
            QuoteId("q-1"), carriage, offer="Express", at=day(2), valid_for=timedelta(days=1)
        )
