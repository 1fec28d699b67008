"""Strategies for what is promised and what is paid: promises, policies, postings.

Incidental texts are short; the strategies of the values alone give the long ones.
"""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.compensation import (
    Cap,
    ClaimKind,
    ClaimShare,
    ClaimTerms,
    CompensationPolicy,
    DelayShare,
    EvidenceNeed,
    Facts,
    FilingWindow,
    ShareOf,
    Since,
    Suspension,
    Term,
    ValueBasis,
)
from apaclogistics.evidence import Evidence, EvidenceKind, EvidenceLimits
from apaclogistics.ledger import (
    Balance,
    JournalEntry,
    Ledger,
    Posting,
    Wallet,
    adjust,
    capture,
    claw_back,
    compensate,
    fee,
    hold,
    pay,
    refund,
    release,
)
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.promises import DayUnit, Handling, Promise, Transit, promise
from apaclogistics.statements import Journal, Statement, StatementLine
from apaclogistics.testing._values import (
    countries,
    currencies,
    instants,
    monies,
    phases,
    weights,
)
from apaclogistics.values.calendars import ListedCalendar, Period, PeriodUnit
from apaclogistics.values.identifiers import ListingId, ListingVersion
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.places import Address, Party

# Hypothesis looks into every strategy that is new to it, which costs more than a draw: those that are
# drawn from again and again are made once.

# An amount of which some thousands still add up to money.
MOST_MINOR: Final = 10**9
# Late enough for anybody, and no walk of some years leaves the calendar from here.
LAST_BEGINNING: Final = instant("9000-01-01T00:00:00Z")

ZONE_NAMES: Final = (
    "UTC",
    "Asia/Hong_Kong",
    "Asia/Shanghai",
    "Australia/Sydney",
    "America/Los_Angeles",
)


@cache
def texts(*, min_size: int = 0) -> SearchStrategy[str]:
    """Give short texts; shrinks to the shortest."""
    return st.text(min_size=min_size, max_size=8)


@cache
def lines() -> SearchStrategy[str]:
    """Give short texts as they stand on one line; shrinks to the shortest."""
    return st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=8)


@cache
def ids() -> SearchStrategy[str]:
    """Give short identifiers; shrinks to "0"."""
    shown = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
    return st.text(shown, min_size=1, max_size=8)


@cache
def listing_versions() -> SearchStrategy[ListingVersion]:
    """Give versions of listings; shrinks to the first of "0"."""
    return st.builds(ListingVersion, ids().map(ListingId), st.integers(1, 99))


@cache
def somebody(role: Role) -> SearchStrategy[Actor]:
    """Give actors of a role; shrinks to "0"."""
    return st.builds(Actor, st.just(role), ids())


@cache
def beginnings() -> SearchStrategy[Instant]:
    """Give instants after which some years are left; shrinks to 2000-01-01T00:00:00Z."""
    return instants(min_value=instant("1901-01-01T00:00:00Z"), max_value=LAST_BEGINNING)


@cache
def units(currency: Currency | str | None) -> SearchStrategy[Currency]:
    """Give one currency, or any; shrinks to USD."""
    if currency is None:
        return currencies()
    return st.just(currency if isinstance(currency, Currency) else Currency(currency))


@cache
def people() -> SearchStrategy[Party]:
    """Give somebody at a short address; shrinks to nobody in Hong Kong."""
    address = st.builds(Address, country=countries(), postal_code=lines())
    return st.builds(Party, name=lines(), address=address)


@cache
def amounts(unit: Currency) -> SearchStrategy[Money]:
    """Give amounts of nothing and more; shrinks to nothing."""
    return monies(currency=unit, min_minor=0, max_minor=MOST_MINOR)


@cache
def prices_of(unit: Currency) -> SearchStrategy[Money]:
    """Give amounts above zero; shrinks to one minor unit."""
    return monies(currency=unit, min_minor=1, max_minor=MOST_MINOR)


def parts_of(most: Money) -> SearchStrategy[Money]:
    """Give amounts above zero and up to one that is; shrinks to all of it."""
    minor = st.just(most.minor) | st.integers(1, most.minor)
    return st.builds(Money, minor, st.just(most.currency))


@cache
def handlings() -> SearchStrategy[Handling]:
    """Give how fast sellers hand over; shrinks to the same day until midnight in UTC."""
    zone_names = st.sampled_from(ZONE_NAMES)
    return st.builds(Handling, days=st.integers(0, 30), cut_off=st.times(), zone_name=zone_names)


@st.composite
def transits(draw: DrawFn) -> Transit:
    """Give how long carriage takes; shrinks to no business day."""
    least = draw(st.integers(0, 30))
    unit = draw(st.sampled_from(DayUnit))
    return Transit(least=least, most=draw(st.integers(least, 60)), unit=unit)


def promises() -> SearchStrategy[Promise]:
    """Give promises as they are made to a buyer; shrinks to the day of the order."""
    return st.builds(
        promise,
        beginnings(),
        handling=handlings(),
        transit=transits(),
        destination_zone=st.sampled_from(ZONE_NAMES),
    )


def _periods() -> SearchStrategy[Period]:
    return st.builds(Period, st.integers(0, 12), st.sampled_from(PeriodUnit))


@cache
def _terms() -> SearchStrategy[Term]:
    return st.builds(Term, _periods(), st.sampled_from(Since))


@cache
def _windows() -> SearchStrategy[FilingWindow]:
    bound = st.none() | _terms()
    return st.builds(
        FilingWindow,
        kinds=st.frozensets(st.sampled_from(ClaimKind), min_size=1),
        opens=bound,
        closes=bound,
    )


@cache
def evidence() -> SearchStrategy[Evidence]:
    """Give pieces of evidence; shrinks to an invoice of which nothing is said."""
    media = st.none() | st.sampled_from(("image/png", "image/jpeg", "application/pdf"))
    return st.builds(
        Evidence,
        st.sampled_from(EvidenceKind),
        texts(),
        media_type=media,
        size=st.none() | st.integers(1, 10**7),
    )


@cache
def claim_terms() -> SearchStrategy[ClaimTerms]:
    """Give how carriers handle claims; shrinks to one who states nothing."""
    kinds, pieces = st.sampled_from(ClaimKind), st.sampled_from(EvidenceKind)
    needs = st.builds(EvidenceNeed, st.frozensets(kinds), st.frozensets(pieces, max_size=2))
    limits = st.builds(
        EvidenceLimits,
        most=st.none() | st.integers(1, 999),
        most_bytes=st.none() | st.integers(1, 10**7),
        media_types=st.frozensets(st.sampled_from(("image/png", "image/jpeg"))),
    )
    return st.builds(
        ClaimTerms,
        needs=st.lists(needs, max_size=2).map(tuple),
        limits=limits,
        inform_within=st.none() | _periods(),
        decide_within=st.none() | _periods(),
        contest_within=st.none() | _periods(),
        rule_within=st.none() | _periods(),
        settle_within=st.none() | _periods(),
        claws_back=st.booleans(),
        calendar=st.none() | _calendars(),
    )


@cache
def _calendars() -> SearchStrategy[ListedCalendar]:
    days = st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=3)
    return st.builds(
        ListedCalendar,
        name=ids(),
        holidays=days,
        weekend=st.frozensets(st.integers(0, 6), max_size=2),
        known_through=st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    )


@cache
def _delay_shares() -> SearchStrategy[DelayShare]:
    percent = st.integers(0, 100).map(Decimal)
    return st.builds(
        DelayShare,
        percent=percent,
        days=st.integers(1, 30),
        most=percent,
        of=st.sampled_from(ShareOf),
    )


@cache
def _claim_shares() -> SearchStrategy[tuple[ClaimShare, ...]]:
    # Delay has a share of its own.
    kinds = st.frozensets(st.sampled_from(sorted(set(ClaimKind) - {ClaimKind.DELAY}, key=str)))
    share = st.builds(ClaimShare, kinds, st.integers(0, 100))
    return st.lists(share, max_size=1).map(tuple)


@cache
def _suspensions() -> SearchStrategy[Suspension]:
    days, length = st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 500)
    return st.builds(lambda day, n: Suspension(day, day + timedelta(days=n)), days, length)


@cache
def policies(*, currency: Currency | str | None = None) -> SearchStrategy[CompensationPolicy]:
    """Give compensation policies; shrinks to one cap for a lost parcel of any weight."""
    return st.builds(
        CompensationPolicy,
        name=texts(),
        source=texts(),
        zone_name=st.sampled_from(ZONE_NAMES),
        silence=st.none() | _terms(),
        caps=units(currency).flatmap(_caps),
        covers=st.frozensets(st.sampled_from(ClaimKind)),
        excluded=st.frozensets(countries(), max_size=3),
        bases=st.frozensets(st.sampled_from(ValueBasis)),
        shares=_claim_shares(),
        delay=st.none() | _delay_shares(),
        refunds_freight=st.booleans(),
        windows=st.lists(_windows(), max_size=1).map(tuple),
        suspensions=st.lists(_suspensions(), max_size=3).map(tuple),
        attempt_is_delivery_status=st.booleans(),
        declared_loss_suffices=st.booleans(),
        terms=claim_terms(),
        effective_from=st.none() | st.dates(),
        effective_through=st.none() | st.dates(),
    )


def _caps(unit: Currency) -> SearchStrategy[tuple[Cap, ...]]:
    cap = st.builds(Cap, weights(max_grams=30_000), prices_of(unit))
    return st.lists(cap, min_size=1, max_size=3).map(tuple)


@cache
def facts(*, currency: Currency | str | None = None) -> SearchStrategy[Facts]:
    """Give what is known of a parcel; shrinks to a draft of one gram that is worth nothing."""
    seen = st.none() | beginnings()
    amount = monies(currency=currency, min_minor=0, max_minor=MOST_MINOR)
    doubts = st.none() | st.integers(1, 50).map(lambda hours: timedelta(hours=hours))
    known = st.builds(
        Facts,
        at=beginnings(),
        phase=phases(),
        posted_at=seen,
        delivered_at=seen,
        attempted_at=seen,
        last_seen_at=seen,
        promised_by=seen,
        billed_at=seen,
        weight=weights(),
        destination=countries(),
        declared=amount,
        freight=st.none() | amount,
        billed=st.none() | amount,
        priced=st.none() | amount,
    )
    return st.builds(_in_doubt, known, doubts)


def _in_doubt(known: Facts, doubt: timedelta | None) -> Facts:
    if known.delivered_at is None or doubt is None:
        return known
    return attrs.evolve(known, delivered_by=known.delivered_at + doubt)


def postings(*, currency: Currency | str | None = None) -> SearchStrategy[Posting]:
    """Give every kind of posting; shrinks to a payment of one minor unit."""
    seller, buyer, carrier = (somebody(role) for role in (Role.SELLER, Role.BUYER, Role.CARRIER))
    rest = units(currency).flatmap(prices_of), texts()
    return st.one_of(
        st.builds(pay, buyer, seller, *rest),
        st.builds(hold, seller, *rest),
        st.builds(release, seller, *rest),
        st.builds(capture, seller, carrier, *rest),
        st.builds(adjust, seller, carrier, *rest),
        st.builds(compensate, carrier, seller | buyer, *rest),
        st.builds(claw_back, seller | buyer, carrier, *rest),
        st.builds(refund, seller, buyer, *rest),
        st.builds(fee, seller, *rest),
    )


def ledgers(*, currency: Currency | str | None = None) -> SearchStrategy[Ledger]:
    """Give ledgers of any postings; shrinks to an empty one."""
    return st.lists(postings(currency=currency), max_size=8).map(tuple).map(Ledger)


@st.composite
def wallets(draw: DrawFn) -> Wallet:
    """Give what a seller has after postings that can follow each other; shrinks to nothing."""
    owner, carrier = draw(somebody(Role.SELLER)), draw(somebody(Role.CARRIER))
    wallet = Wallet(owner)
    amounts = st.lists(currencies().flatmap(prices_of), max_size=4)
    for number, amount in enumerate(draw(amounts)):
        held = hold(owner, amount, "")
        used = (release(owner, amount, ""), capture(owner, carrier, amount, ""))
        stories = [(), (held,), *((held, end) for end in used)]
        wallet = wallet.deposit(amount, f"top-up {number}", at=draw(beginnings()))
        wallet = wallet.post(draw(st.sampled_from(stories)))
    return wallet


@cache
def journal_entries(*, currency: Currency | str | None = None) -> SearchStrategy[JournalEntry]:
    """Give dated postings; shrinks to the first step of "0", in 2000."""
    return st.builds(
        JournalEntry,
        at=beginnings(),
        thing=ids(),
        sequence=st.integers(1, 99),
        posting=postings(currency=currency),
    )


@st.composite
def journals(draw: DrawFn, *, owner: Actor | None = None) -> Journal:
    """Give what was posted for a seller, in which holds are used once; shrinks to nothing."""
    seller = draw(somebody(Role.SELLER)) if owner is None else owner
    buyer, carrier = draw(somebody(Role.BUYER)), draw(somebody(Role.CARRIER))
    found: list[JournalEntry] = []
    for number, amount in enumerate(draw(st.lists(currencies().flatmap(prices_of), max_size=6))):
        held, part = hold(seller, amount, ""), draw(parts_of(amount))
        stories = [
            (pay(buyer, seller, amount, ""), fee(seller, part, "")),
            (refund(seller, buyer, amount, ""), fee(seller, -part, "")),
            (held, release(seller, amount, "")),
            (held, capture(seller, carrier, part, "")),
            (compensate(carrier, seller, amount, ""), claw_back(seller, carrier, amount, "")),
        ]
        at = draw(beginnings())
        for sequence, posting in enumerate(draw(st.sampled_from(stories)), start=1):
            found.append(JournalEntry(at=at, thing=f"{number}", sequence=sequence, posting=posting))
            at += draw(st.timedeltas(timedelta(0), timedelta(days=40)))
    return Journal(draw(st.permutations(found)))


@st.composite
def statements(draw: DrawFn) -> Statement:
    """Give statements of a seller; shrinks to one of nothing."""
    owner = draw(somebody(Role.SELLER))
    journal = draw(journals(owner=owner))
    since, until = sorted((draw(beginnings()), draw(beginnings())))
    found = journal.statements(owner, since, until)
    nothing = journal.statement(owner, draw(currencies()), since, until)
    return draw(st.sampled_from((*found, nothing)))


def statement_lines() -> SearchStrategy[StatementLine]:
    """Give movements on a seller's accounts; shrinks to a hold of one minor unit."""

    def lines_of(owner: Actor) -> SearchStrategy[StatementLine]:
        return units(None).flatmap(prices_of).map(partial(_line, owner))

    return somebody(Role.SELLER).flatmap(lines_of)


def _line(owner: Actor, amount: Money) -> StatementLine:
    entry = JournalEntry(at=LAST_BEGINNING, thing="0", sequence=1, posting=hold(owner, amount, ""))
    balance = Balance(-amount, amount)
    return StatementLine(entry=entry, available=-amount, held=amount, balance=balance)
