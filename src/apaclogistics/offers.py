"""Offers: one way to have a parcel carried, as a seller's listing says it.

An offer names the carrier's service, the rate card, how fast it is handed over and carried, where
it goes, and what it does not take.  `Carriage` is what somebody asks to have carried; an offer
answers with every reason against it, and `apaclogistics.quotes` with price and promise.
"""

from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from typing import Final

import attrs

from apaclogistics.compensation import CompensationPolicy
from apaclogistics.consignments import Parcel
from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.promises import Handling, Transit
from apaclogistics.rate_cards import RateCard
from apaclogistics.restrictions import Limits, Restrictions
from apaclogistics.values.fields import different, of_type, optional, tuple_of
from apaclogistics.values.goods import Incoterm
from apaclogistics.values.identifiers import CarrierCode, checked_id, compact, identifier
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Country, Destination, postal_code_reason
from apaclogistics.values.quantities import whole
from apaclogistics.values.zones import Zone, zone_of

__all__ = (
    "Carriage",
    "Coverage",
    "Offer",
    "ServiceLevel",
    "TransportMode",
    "named_by_parcel",
)


# Our decision, after eDIS 1.1.0, which takes up to 200 packages at once.
_MOST_PARCELS: Final = 200


class TransportMode(Enum):
    """How a parcel travels."""

    AIR = "air"
    SEA = "sea"
    RAIL = "rail"
    ROAD = "road"
    POST = "post"
    EXPRESS = "express"


class ServiceLevel(Enum):
    """What buyers compare services by.

    Source: eBay's categories of shipping services.
    """

    ECONOMY = "Economy"
    STANDARD = "Standard"
    EXPEDITED = "Expedited"
    ONE_DAY = "One-Day"
    OTHER = "Other"


@attrs.frozen(kw_only=True)
class Carriage:
    """What is to be carried, and where to.

    `insured` is the value to be insured, None for no insurance; several parcels share it in
    proportion to what they are declared to be worth, or alike where one says nothing of it.
    """

    destination: Destination = attrs.field(validator=of_type(Destination))
    parcels: tuple[Parcel, ...] = attrs.field(validator=tuple_of(Parcel))
    insured: Money | None = attrs.field(default=None, validator=optional(Money))

    def __attrs_post_init__(self) -> None:
        """Refuse carriage of nothing, two parcels of one name, and insurance of nothing."""
        different("parcels", (parcel.id for parcel in self.parcels))
        whole("number of parcels", len(self.parcels), least=1, most=_MOST_PARCELS)
        if self.insured is not None and self.insured.minor <= 0:
            raise InvalidValueError("insured value", str(self.insured), "is not above zero")

    @property
    def insured_of_each(self) -> tuple[Money | None, ...]:
        """The insured value of each parcel; they add up to that of all."""
        if self.insured is None:
            return (None,) * len(self.parcels)
        declared = [parcel.declared for parcel in self.parcels]
        is_alike = len({it and it.currency for it in declared}) > 1
        shares = [0 if it is None or is_alike else it.minor for it in declared]
        parts = self.insured.allocate(shares if any(shares) else [1] * len(shares))
        return tuple(part if part.minor else None for part in parts)


def named_by_parcel(found: Iterable[tuple[Parcel, Iterable[Reason]]]) -> tuple[Reason, ...]:
    """Name the parcel in each reason that is not about all of them, and give each reason once."""
    reasons = [(parcel, tuple(given)) for parcel, given in found]
    common = set[Reason]().union(*(given for _, given in reasons[:1]))
    common = common.intersection(*(given for _, given in reasons))
    return tuple(
        dict.fromkeys(
            it if it in common else Reason(it.code, f"parcel {parcel.id}: {it.text}")
            for parcel, given in reasons
            for it in given
        )
    )


@attrs.frozen(kw_only=True)
class Coverage:
    """Where an offer goes: into some zones, or wherever its rate card reaches, less the excluded.

    A zone without countries and prefixes is everywhere.
    """

    zones: tuple[Zone, ...] = attrs.field(default=(), validator=tuple_of(Zone))
    excluded: tuple[Zone, ...] = attrs.field(default=(), validator=tuple_of(Zone))

    def against(self, destination: Destination) -> Reason | None:
        """Say why an offer does not go to a destination, None if it does."""
        where = destination.country, destination.postal_code
        text = " ".join(str(part) for part in where).strip()
        if excluded := zone_of(self.excluded, *where):
            return Reason("excluded", f"{text} is excluded, in {excluded.name!r}")
        if self.zones and zone_of(self.zones, *where) is None:
            names = ", ".join(zone.name for zone in self.zones)
            return Reason("not_covered", f"{text} is in none of the zones {names}")
        return None

    def needs_postal_code(self, country: Country) -> bool:
        """Tell whether the postal code decides if the offer goes to a country."""
        return any(zone.needs_postal_code(country) for zone in (*self.zones, *self.excluded))


@attrs.frozen(kw_only=True)
class Offer:
    """One way to have a parcel carried: by whom, at what price, by when, and what not.

    `limits` hold where their zones cover the destination, all of them at once.  `claim_policy` says
    what is paid when something goes wrong, None where nobody promises anything.
    """

    name: str
    carrier: CarrierCode = attrs.field(validator=identifier)
    service: str = attrs.field(validator=of_type(str))
    mode: TransportMode = attrs.field(validator=of_type(TransportMode))
    level: ServiceLevel = attrs.field(
        default=ServiceLevel.STANDARD, validator=of_type(ServiceLevel)
    )
    origin: Country = attrs.field(validator=of_type(Country))
    rate_card: RateCard = attrs.field(validator=of_type(RateCard))
    handling: Handling = attrs.field(validator=of_type(Handling))
    transit: Transit = attrs.field(validator=of_type(Transit))
    coverage: Coverage = attrs.field(default=Coverage(), validator=of_type(Coverage))
    limits: tuple[Limits, ...] = attrs.field(default=(), validator=tuple_of(Limits))
    restrictions: Restrictions = attrs.field(
        default=Restrictions(), validator=of_type(Restrictions)
    )
    incoterm: Incoterm = attrs.field(default=Incoterm.DAP, validator=of_type(Incoterm))
    claim_policy: CompensationPolicy | None = attrs.field(
        default=None, validator=optional(CompensationPolicy)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse an offer that nobody could name."""
        checked_id("offer", self.name)

    @property
    def insurance_cap(self) -> Money | None:
        """The most that a parcel is insured for, None where the offer insures nothing."""
        insurance = self.rate_card.insurance
        return insurance.most_insured if insurance else None

    def against(
        self,
        carriage: Carriage,
        *,
        at: Instant,
        rates: Iterable[ExchangeRate] = (),
        agreements: Collection[str] = (),
    ) -> tuple[Reason, ...]:
        """Give every reason why the offer does not take this, price apart.

        `rates` bring declared values into the currency of a limit; `agreements` are those that the
        seller has accepted.
        """
        known = tuple(rates)
        return (
            *self._against_destination(carriage.destination),
            *named_by_parcel(
                (it, self._against_parcel(it, carriage.destination, at, known, agreements))
                for it in carriage.parcels
            ),
        )

    def _against_destination(self, destination: Destination) -> Iterator[Reason]:
        is_unknown = not compact(destination.postal_code)
        is_told_by_code = is_unknown and self.coverage.needs_postal_code(destination.country)
        if not is_told_by_code and (uncovered := self.coverage.against(destination)):
            yield uncovered
        if destination.postal_code:
            malformed = postal_code_reason(destination.country, destination.postal_code)
            if malformed is not None and malformed.code == "postal_code_malformed":
                yield malformed
        elif self._needs_postal_code(destination.country):
            text = f"limits or coverage within {destination.country} depend on the postal code"
            yield Reason("postal_code_missing", text)

    def _needs_postal_code(self, country: Country) -> bool:
        is_limited = any(limits.needs_postal_code(country) for limits in self.limits)
        return is_limited or self.coverage.needs_postal_code(country)

    def _against_parcel(
        self,
        parcel: Parcel,
        destination: Destination,
        at: Instant,
        rates: tuple[ExchangeRate, ...],
        agreements: Collection[str],
    ) -> Iterator[Reason]:
        country, postal_code = destination.country, destination.postal_code
        if parcel.weight is None:
            yield Reason("weight_missing", "the weight is not known")
        else:
            chargeable = self.rate_card.rule.chargeable(parcel.weight, parcel.dimensions)
            for limits in self.limits:
                if limits.covers(country, postal_code):
                    yield from limits.against(
                        parcel.weight,
                        parcel.dimensions,
                        parcel.declared,
                        chargeable_grams=chargeable.grams,
                        at=at,
                        rates=rates,
                    )
        yield from self.restrictions.against(
            parcel.contents, origin=self.origin, destination=country, agreements=agreements
        )
