"""Findings: what is inaccurate or inconsistent in offers, before any buyer sees them.

`check` reads an offer against itself, against an instant, and against how its promise was kept, if
that is passed in.  An error stops publication; a warning is told and stops nothing by itself, though
the platform may suspend a listing on it.  Each finding names the offer and says in a sentence what
was found.

>>> str(Finding(offer="Economy", severity=Severity.WARNING, code="free", text="carriage is free"))
'warning in Economy: carriage is free'
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Final, TypeAlias

import attrs

from apaclogistics.errors import Reason
from apaclogistics.offers import Offer, ServiceLevel
from apaclogistics.performance import Lane, Performance, Share
from apaclogistics.values.fields import checked, of_type, optional
from apaclogistics.values.goods import Incoterm
from apaclogistics.values.instants import Instant, to_text
from apaclogistics.values.places import Country, has_postal_codes
from apaclogistics.values.quantities import whole
from apaclogistics.values.zones import Zone, zone_of

__all__ = ("Finding", "PromisePolicy", "Severity", "check")


class Severity(Enum):
    """Whether a finding stops publication."""

    ERROR = "error"
    WARNING = "warning"


@attrs.frozen(kw_only=True)
class Finding:
    """Something that is wrong with an offer: how badly, a stable code, and a sentence.

    Where it rests on parcels, `share` says how many of how many, and `lane` which, None for all.
    """

    offer: str = attrs.field(validator=of_type(str))
    severity: Severity = attrs.field(validator=of_type(Severity))
    code: str = attrs.field(validator=of_type(str))
    text: str = attrs.field(validator=of_type(str))
    share: Share | None = attrs.field(default=None, validator=optional(Share))
    lane: Lane | None = attrs.field(default=None, validator=optional(Lane))

    @property
    def reason(self) -> Reason:
        """The finding as a reason to refuse publication."""
        return Reason(self.code, f"{self.offer}: {self.text}")

    def __str__(self) -> str:
        """Give the severity, the offer and the sentence."""
        return f"{self.severity.value} in {self.offer}: {self.text}"


@attrs.frozen(kw_only=True)
class PromisePolicy:
    """From when on a promise was not kept: too few on time, of enough parcels to tell.

    The defaults are an example, not a published rule.

    Raises:
        InvalidTypeError: if a number is not whole.
        InvalidValueError: if the percentage is none of 1 to 100, or no parcel is enough.
    """

    least_percent: int = 80
    least_parcels: int = 20

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that every promise or none would keep."""
        whole("percentage on time", self.least_percent, least=1, most=100)
        whole("number of parcels", self.least_parcels, least=1, most=10**9)

    def is_broken(self, on_time: Share) -> bool:
        """Tell whether so many on time, of so many, are too few."""
        is_enough = on_time.of >= self.least_parcels
        return is_enough and 100 * on_time.part < self.least_percent * on_time.of


def check(
    offers: Iterable[Offer],
    at: Instant,
    performance: Performance | None = None,
    policy: PromisePolicy | None = None,
) -> tuple[Finding, ...]:
    """Find what is inaccurate or inconsistent in offers as of an instant, errors first.

    `performance` is how the promises of these offers were kept, by offer; the `policy` says when
    they were not.
    """
    known = performance or Performance()
    limits = checked("policy", policy or PromisePolicy(), PromisePolicy)
    found = [it for offer in offers for it in (*_read(offer, at), *_kept(offer, known, limits))]
    return tuple(sorted(found, key=lambda it: it.severity is not Severity.ERROR))


def _read(offer: Offer, at: Instant) -> Iterator[Finding]:
    for code, severity, sentences in _RULES:
        for text in sentences(offer, at):
            yield Finding(offer=offer.name, severity=severity, code=code, text=text)


def _kept(offer: Offer, performance: Performance, policy: PromisePolicy) -> Iterator[Finding]:
    """Find the promise that was not kept on all lanes together, else the lanes where it was not."""
    found = [_not_kept(offer, performance, policy, lane) for lane in performance.lanes]
    on_all = _not_kept(offer, performance, policy, None)
    yield from (it for it in ([on_all] if on_all else found) if it is not None)


def _not_kept(
    offer: Offer, performance: Performance, policy: PromisePolicy, lane: Lane | None
) -> Finding | None:
    on_time = performance.tally(lane=lane, offer=offer.name).on_time
    if not policy.is_broken(on_time):
        return None
    where = f" from {lane}" if lane else ""
    rule = f"at least {policy.least_percent} % of {policy.least_parcels} or more are to"
    return Finding(
        offer=offer.name,
        severity=Severity.WARNING,
        code="promise_not_kept",
        text=f"{on_time} parcels{where} came within what was promised, and {rule}",
        share=on_time,
        lane=lane,
    )


def _card_not_in_force(offer: Offer, at: Instant) -> Iterator[str]:
    card = offer.rate_card
    if not card.is_in_force(at):
        until = f" until {to_text(card.valid_until)}" if card.valid_until else ""
        span = f"from {to_text(card.valid_from)}{until}"
        yield f"rate card {card.name} is in force {span}, not at {to_text(at)}"


def _covered_without_rate(offer: Offer, _: Instant) -> Iterator[str]:
    for zone in offer.coverage.zones:
        for country in sorted(zone.countries - zone.excluded):
            prefixes = zone.postal_prefixes or ("",)
            lacking = [text for text in prefixes if _is_unpriced(offer, country, text)]
            if lacking:
                where = " ".join((country.code, *filter(None, lacking)))
                yield f"zone {zone.name} covers {where}, and {offer.rate_card.name} has no rate"


def _is_unpriced(offer: Offer, country: Country, prefix: str) -> bool:
    if zone_of(offer.coverage.excluded, country, prefix):
        return False
    card = offer.rate_card
    # Within the prefix, or in all of the country, the card may go by longer ones.
    within = [
        zone
        for zone in card.zones
        if zone.needs_postal_code(country)
        and any(longer.startswith(prefix) for longer in zone.postal_prefixes)
    ]
    found = card.zone_of(country, prefix)
    return not any(card.heaviest(zone) for zone in (*within, *((found,) if found else ())))


def _zone_without_rate(offer: Offer, _: Instant) -> Iterator[str]:
    for zone in offer.rate_card.zones:
        if not offer.rate_card.heaviest(zone):
            yield f"zone {zone.name} of {offer.rate_card.name} has no rate"


def _prefix_without_codes(offer: Offer, _: Instant) -> Iterator[str]:
    for zone in _zones(offer):
        without = [it.code for it in sorted(zone.countries) if not has_postal_codes(it)]
        if zone.postal_prefixes and without:
            countries = ", ".join(without)
            yield f"zone {zone.name} is told by postal codes, and {countries} has none"


def _zones(offer: Offer) -> Iterator[Zone]:
    yield from offer.rate_card.zones
    yield from offer.coverage.zones
    yield from offer.coverage.excluded
    yield from (limits.zone for limits in offer.limits if limits.zone)
    yield from (zone for surcharge in offer.rate_card.surcharges for zone in surcharge.zones)


def _not_one_day(offer: Offer, _: Instant) -> Iterator[str]:
    if offer.level is ServiceLevel.ONE_DAY and offer.transit.most > 1:
        yield f"the level is {offer.level.value}, and transit takes {offer.transit}"


def _lane_from_elsewhere(offer: Offer, _: Instant) -> Iterator[str]:
    for lane in offer.restrictions.batteries:
        if lane.origin != offer.origin:
            yield f"batteries are carried from {lane.origin}, and the offer is from {offer.origin}"


def _free(offer: Offer, _: Instant) -> Iterator[str]:
    for band in offer.rate_card.bands:
        if not band.price.minor:
            yield f"carriage in zone {band.zone} {band} is free"


def _falling(offer: Offer, _: Instant) -> Iterator[str]:
    for zone, grams in offer.rate_card.falls():
        yield f"in zone {zone} a parcel gets cheaper above {grams} g"


def _limit_above_rates(offer: Offer, _: Instant) -> Iterator[str]:
    card = offer.rate_card
    for limits in offer.limits:
        where = limits.zone or Zone("everywhere")
        meant = [zone for zone in card.zones if _share_places(where, zone)]
        heaviest = max((card.heaviest(zone) for zone in meant), default=0)
        most = limits.size.max_grams
        if most is not None and meant and most > heaviest:
            yield f"parcels of up to {most} g are taken, and priced up to {heaviest} g"


def _share_places(one: Zone, other: Zone) -> bool:
    return not one.countries or not other.countries or bool(one.countries & other.countries)


def _everything_excluded(offer: Offer, _: Instant) -> Iterator[str]:
    for zone in offer.coverage.excluded:
        if not zone.countries and not zone.postal_prefixes and not zone.excluded:
            yield f"{zone.name} excludes every country"


def _covered_and_excluded(offer: Offer, _: Instant) -> Iterator[str]:
    for zone in offer.coverage.zones:
        for excluded in offer.coverage.excluded:
            both = zone.countries & excluded.countries
            if both and not excluded.postal_prefixes:
                countries = ", ".join(sorted(country.code for country in both))
                yield f"{countries} is in zone {zone.name}, and excluded by {excluded.name}"


def _without_policy(offer: Offer, _: Instant) -> Iterator[str]:
    if offer.claim_policy is None:
        yield "nothing says what is paid for a lost parcel"


def _uncompensated(offer: Offer, _: Instant) -> Iterator[str]:
    if policy := offer.claim_policy:
        zones = offer.coverage.zones or offer.rate_card.zones
        covered = {country for zone in zones for country in zone.countries - zone.excluded}
        meant = {
            it for it in policy.excluded & covered if not zone_of(offer.coverage.excluded, it, "")
        }
        if without := sorted(country.code for country in meant):
            yield f"{policy.name} pays nothing for parcels to {', '.join(without)}"


def _insured_below_value(offer: Offer, _: Instant) -> Iterator[str]:
    for limits in offer.limits:
        cap, most = offer.insurance_cap, limits.max_value
        if cap and most and cap.currency == most.currency and cap < most:
            yield f"goods of up to {most} are taken, and insured up to {cap}"


def _legacy_incoterm(offer: Offer, _: Instant) -> Iterator[str]:
    if offer.incoterm is Incoterm.DDU:
        yield "DDU was retired in Incoterms 2010; DAP says the same"


def _surcharge_over(offer: Offer, at: Instant) -> Iterator[str]:
    for surcharge in offer.rate_card.surcharges:
        if surcharge.during and surcharge.during.latest < at:
            yield f"surcharge {surcharge.name} ended at {to_text(surcharge.during.latest)}"


_Sentences: TypeAlias = Callable[[Offer, Instant], Iterator[str]]

_RULES: Final[tuple[tuple[str, Severity, _Sentences], ...]] = (
    ("card_not_in_force", Severity.ERROR, _card_not_in_force),
    ("covered_without_rate", Severity.ERROR, _covered_without_rate),
    ("zone_without_rate", Severity.ERROR, _zone_without_rate),
    ("prefix_without_codes", Severity.ERROR, _prefix_without_codes),
    ("everything_excluded", Severity.ERROR, _everything_excluded),
    ("not_one_day", Severity.ERROR, _not_one_day),
    ("lane_from_elsewhere", Severity.ERROR, _lane_from_elsewhere),
    ("free", Severity.WARNING, _free),
    ("gets_cheaper", Severity.WARNING, _falling),
    ("limit_above_rates", Severity.WARNING, _limit_above_rates),
    ("covered_and_excluded", Severity.WARNING, _covered_and_excluded),
    ("no_claim_policy", Severity.WARNING, _without_policy),
    ("no_compensation", Severity.WARNING, _uncompensated),
    ("insured_below_value", Severity.WARNING, _insured_below_value),
    ("legacy_incoterm", Severity.WARNING, _legacy_incoterm),
    ("surcharge_over", Severity.WARNING, _surcharge_over),
)
