"""What the steps of a claim carry: the demand, evidence asked for and handed in, and figures."""

from collections.abc import Collection, Iterator
from typing import Final

import attrs

from apaclogistics.compensation import (
    Assessment,
    ClaimKind,
    ClaimTerms,
    Facts,
    ShareOf,
    Stake,
)
from apaclogistics.errors import InvalidValueError, Reason, masked
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.threads import Thread
from apaclogistics.values.calendars import Period
from apaclogistics.values.deadlines import Deadline, local_day
from apaclogistics.values.fields import frozenset_of, of_type, optional, tuple_of
from apaclogistics.values.identifiers import ClaimId, ParcelId, ShipmentId, checked_id, identifier
from apaclogistics.values.instants import Instant, instant, zone
from apaclogistics.values.money import Money

__all__ = ("Demand", "EvidenceRequest", "Figured", "Submission")

_OF_FREIGHT: Final = frozenset({ClaimKind.FAILED_PICK_UP, ClaimKind.OVERCHARGE})


@attrs.frozen(kw_only=True)
class Demand:
    """What begins a claim: who wants how much from whom, for which parcel, and why.

    `facts` and `assessment` are snapshots of the day of filing, and `terms` what the carrier states
    for claims, with its days in `zone_name` and by the calendar of the terms.  `thread` is what was
    said and shown in the inquiry that the claim takes over, None where there was none.

    Raises:
        InvalidValueError: if the amount is not above zero, a party is in the wrong role, there is no
            such time zone, or the thread is about another shipment.
    """

    id: ClaimId
    shipment: ShipmentId = attrs.field(validator=identifier)
    parcel: ParcelId = attrs.field(validator=identifier)
    kind: ClaimKind = attrs.field(validator=of_type(ClaimKind))
    claimant: Actor = attrs.field(validator=of_type(Actor))
    carrier: Actor = attrs.field(validator=of_type(Actor))
    amount: Money = attrs.field(validator=of_type(Money))
    facts: Facts = attrs.field(validator=of_type(Facts))
    assessment: Assessment = attrs.field(validator=of_type(Assessment))
    evidence: tuple[Evidence, ...] = attrs.field(default=(), validator=tuple_of(Evidence))
    terms: ClaimTerms = attrs.field(default=ClaimTerms(), validator=of_type(ClaimTerms))
    zone_name: str = attrs.field(default="UTC", validator=of_type(str))
    thread: Thread | None = attrs.field(default=None, validator=optional(Thread))

    def __attrs_post_init__(self) -> None:
        """Refuse a demand for nothing, and parties in the wrong role."""
        checked_id("claim", self.id)
        zone(self.zone_name)
        if self.amount.minor <= 0:
            raise InvalidValueError("demand", str(self.amount), "is not above zero")
        if self.claimant.role not in (Role.SELLER, Role.BUYER):
            raise InvalidValueError(
                "claimant", str(self.claimant), "may not claim", "seller, buyer"
            )
        if self.carrier.role is not Role.CARRIER:
            raise InvalidValueError("respondent", str(self.carrier), "is no carrier", "a carrier")
        if self.thread is not None and self.thread.shipment != self.shipment:
            about = self.thread.shipment
            raise InvalidValueError("thread", about, "is about another shipment", self.shipment)

    def counted(self, period: Period, begin: Instant) -> Deadline:
        """Count a period of the terms from the day of an instant, in the days of the carrier.

        Raises:
            InvalidValueError: if the calendar of the terms begins after that day.
        """
        calendar = self.terms.business_days
        return Deadline.after(period, begin, zone_name=self.zone_name, calendar=calendar)

    def uncounted(self, at: Instant) -> Iterator[Reason]:
        """Say that the calendar of the terms begins too late for what is filed at an instant."""
        calendar, day = self.terms.calendar, local_day(instant(at), self.zone_name)
        if calendar is not None and calendar.known_from is not None and day < calendar.known_from:
            text = (
                f"{calendar.name} knows business days from {calendar.known_from} on, not on {day}"
            )
            yield Reason("calendar_too_late", text)

    @property
    def stake(self) -> Stake:
        """What there was to lose when it was demanded; where an older document does not say, this."""
        of = ShareOf.FREIGHT if self.kind in _OF_FREIGHT else ShareOf.VALUE
        return self.assessment.stake or Stake(of=of, own=self.amount, whole=self.amount)

    def not_theirs(self) -> tuple[Reason, ...]:
        """Say that freight is paid by sellers, so that no buyer claims it."""
        if self.claimant.role is not Role.BUYER or self.stake.of is not ShareOf.FREIGHT:
            return ()
        text = f"a claim for {self.kind.value} is about freight, which the seller pays"
        return (Reason("not_theirs", text),)

    def against(self, evidence: Collection[Evidence]) -> tuple[Reason, ...]:
        """Give every reason why the carrier does not take this evidence, by its limits."""
        return self.terms.limits.against(evidence)

    def lacking(self) -> tuple[Reason, ...]:
        """Say what evidence a claim of this kind must come with and does not."""
        missing = self.terms.missing(self.kind, self.evidence)
        named = ", ".join(sorted(kind.value for kind in missing))
        text = f"a claim for {self.kind.value} lacks {named}"
        return (Reason("evidence_missing", text),) if missing else ()


@attrs.frozen
class Figured:
    """An amount on the table, why, and until when it holds (None: until it is answered)."""

    amount: Money = attrs.field(validator=of_type(Money))
    note: str = attrs.field(default="", repr=masked, validator=of_type(str))
    expires_at: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )


@attrs.frozen
class EvidenceRequest:
    """What evidence the carrier wants, and until when."""

    kinds: frozenset[EvidenceKind] = attrs.field(validator=frozenset_of(EvidenceKind))
    submit_by: Instant = attrs.field(converter=instant)


@attrs.frozen
class Submission:
    """Evidence handed in later."""

    evidence: tuple[Evidence, ...] = attrs.field(validator=tuple_of(Evidence))
