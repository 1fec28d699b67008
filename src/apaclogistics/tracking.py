"""Tracking: from a set of scans, in whatever order they came, to one answer.

Scans arrive twice, late, shuffled, in local time and with unknown codes.  So what is kept is a
*set of scans that only grows*, and where the parcel is follows from that set alone: the order,
the repetition and the batching of arrival are irrelevant, and no clock is read.  Nothing raises;
a scan that contradicts another leaves a `Discrepancy`.

Three rules decide what a contradiction leads to:

* *Delivered holds.*  Once a leg has ended (delivered, returned or destroyed), a transit scan moves
  nothing, whatever its clock says.  A pick-up, a failed attempt or a return that is later by
  instant begins a new leg.
* *Coarse never moves back.*  "In transit" from a feed that says nothing finer leaves a finer phase.
* *The way back stays the way back.*  On a return leg a transit scan leaves the phase at RETURNING.

>>> def scan(code, at, milestone):
...     return Scan(carrier="HKPOST", number="RR473124829GB", code=code,
...                 at=Moment.read(at), milestone=milestone)
>>> accepted = scan("EMA", "2026-03-02T09:00:00Z", Milestone.ACCEPTED)
>>> delivered = scan("EMI", "2026-03-09T15:00:00Z", Milestone.DELIVERED)
>>> late = scan("EMD", "2026-03-10T08:00:00Z", Milestone.ARRIVED_DESTINATION)
>>> tracking = track([late, delivered, accepted, delivered])
>>> tracking.phase, len(tracking.timeline), tracking.discrepancies[0].kind.value
(<Phase.DELIVERED: 'DELIVERED'>, 3, 'after the end')
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cached_property

import attrs

from apaclogistics.errors import masked
from apaclogistics.fulfilment import (
    ENDED,
    FULFILMENT,
    MEANING,
    MOVING,
    Flag,
    Meaning,
    Milestone,
    Phase,
)
from apaclogistics.incidents import Incident
from apaclogistics.values.fields import bounded, of_type, optional
from apaclogistics.values.instants import Instant, Moment, first_of, last_of
from apaclogistics.values.places import Place

__all__ = (
    "Discrepancy",
    "DiscrepancyKind",
    "Entry",
    "Leg",
    "ProofOfDelivery",
    "Scan",
    "ScanKey",
    "Tracking",
    "merge",
    "track",
)

# Our bound: longer than any code of a feed, and shorter than most sentences.
_MOST_SHOWN = 32


def _shown(code: str) -> str:
    """Show a code, and hide a text that serves as one: people are named in it.

    A code is 32 ASCII characters at most, without blanks.
    """
    is_code = len(code) <= _MOST_SHOWN and code.isascii() and not any(map(str.isspace, code))
    return repr(code) if is_code else masked(code)


@attrs.frozen(kw_only=True, order=True)
class ScanKey:
    """What makes two reports the same scan.

    Carrier, number as reported, code, time, and place where the feed structures it.  Free text,
    position in a list and time of receipt do not count.
    """

    carrier: str = attrs.field(validator=of_type(str))
    number: str = attrs.field(validator=of_type(str))
    code: str = attrs.field(repr=_shown, validator=of_type(str))
    at: Moment = attrs.field(validator=of_type(Moment))
    place: Place = attrs.field(validator=of_type(Place))


@attrs.frozen(kw_only=True)
class Scan:
    """One report by a carrier about one parcel: what, when and where.

    `code` is the feed's own, verbatim; where a feed has none, the text that was mapped is the code,
    and hidden in the `repr` as `text` is: what is longer than 32 characters, has blanks or is not
    ASCII.  `text` is free, and hidden in the `repr`, since couriers and neighbours are named in it.

    `milestone` is what the code means, or None where nobody knows: such a scan is kept and moves
    nothing.  `incident` is the reason that the feed gives for it.  `recipient` is who took the
    parcel, as far as the feed says, and `is_signed` whether there is a signature.

    A scan that `voids` another is a retraction: it says that the other did not happen (after the
    error declaration of GS1 EPCIS).

    Raises:
        InvalidValueError: if carrier, number or code are longer than 256 characters.
    """

    carrier: str = attrs.field(validator=of_type(str))
    number: str = attrs.field(validator=of_type(str))
    code: str = attrs.field(repr=_shown, validator=of_type(str))
    at: Moment = attrs.field(validator=of_type(Moment))
    place: Place = attrs.field(default=Place(), validator=of_type(Place))
    milestone: Milestone | None = attrs.field(default=None, validator=optional(Milestone))
    incident: Incident | None = attrs.field(default=None, validator=optional(Incident))
    recipient: str = attrs.field(default="", repr=masked, validator=of_type(str))
    is_signed: bool = attrs.field(default=False, validator=of_type(bool))
    text: str = attrs.field(default="", repr=masked, validator=of_type(str))
    voids: ScanKey | None = attrs.field(default=None, validator=optional(ScanKey))

    def __attrs_post_init__(self) -> None:
        """Refuse labels without bounds; they are printed and indexed."""
        labels = ("carrier", self.carrier), ("number", self.number), ("code", self.code)
        bounded("scan", *labels)

    @cached_property
    def key(self) -> ScanKey:
        """The identity of this scan."""
        return ScanKey(
            carrier=self.carrier, number=self.number, code=self.code, at=self.at, place=self.place
        )

    @property
    def report(self) -> str:
        """What is reported, in words that name nobody: the milestone, never the feed's own text."""
        return "unknown code" if self.milestone is None else self.milestone.value.replace("_", " ")

    @property
    def meaning(self) -> Meaning:
        """What the milestone shows; of an unknown code or a retraction, nothing."""
        if self.milestone is None or self.voids is not None:
            return _NOTHING
        return MEANING[self.milestone]

    @property
    def _order(self) -> tuple[object, ...]:
        # Scans of one instant go in the order of a smooth journey, then by their whole identity,
        # so that a tie is never broken by hash order or arrival.
        return (self.at.earliest, _rank(self.milestone), self.key, *_key_order(self.voids))

    @property
    def _fullness(self) -> tuple[object, ...]:
        reason = "" if self.incident is None else self.incident.value
        milestone = self.milestone is not None, _rank(self.milestone)
        return (*milestone, reason, self.is_signed, self.recipient, self.text)


_NOTHING = Meaning()
_RANKS = {milestone: rank for rank, milestone in enumerate(Milestone)}


def _rank(milestone: Milestone | None) -> int:
    return -1 if milestone is None else _RANKS[milestone]


def _key_order(key: ScanKey | None) -> tuple[object, ...]:
    return (False,) if key is None else (True, key)


def merge(*batches: Iterable[Scan]) -> tuple[Scan, ...]:
    """Join batches of scans into one set, each scan once, in the order of the projection.

    Associative, commutative and idempotent.  Of several reports of one scan the fullest stays: a
    known code before an unknown one, a later milestone before an earlier, one with a reason or a
    signature before one without, then the last by text.
    """
    best: dict[tuple[ScanKey, ScanKey | None], Scan] = {}
    for batch in batches:
        for scan in batch:
            known = best.setdefault((scan.key, scan.voids), scan)
            if known._fullness < scan._fullness:
                best[scan.key, scan.voids] = scan
    return tuple(sorted(best.values(), key=lambda scan: scan._order))


class DiscrepancyKind(Enum):
    """In what way facts contradict each other or what was commanded."""

    UNEXPECTED = "unexpected"
    AFTER_THE_END = "after the end"
    ACCEPTED_BEFORE_CONFIRMATION = "accepted before confirmation"
    MOVES_THOUGH_CANCELLED = "moves though cancelled"
    OLDER_THAN_BOOKING = "older than the booking"


@attrs.frozen
class Discrepancy:
    """A fact that contradicts expectation: a value to show, never an error."""

    kind: DiscrepancyKind
    scan: Scan
    text: str


@attrs.frozen
class Entry:
    """One scan in the timeline, the phase that stands after it, and the leg it belongs to.

    `is_void` marks a scan that was retracted; it is shown and counts for nothing.
    """

    scan: Scan
    phase: Phase | None
    leg: int
    is_void: bool = False

    @property
    def attests(self) -> Phase | None:
        """The phase that this scan shows by itself, or None."""
        return None if self.is_void else self.scan.meaning.phase


@attrs.frozen
class Leg:
    """One stretch of the journey: out to the buyer, back to the seller, or out again."""

    number: int
    began: Moment
    phase: Phase
    ended: Moment | None


@attrs.frozen(kw_only=True)
class ProofOfDelivery:
    """What shows that a parcel was delivered: when, where, under which number, and to whom.

    `recipient` is as the feed says it, hidden in the `repr`; empty where nobody is named.
    """

    at: Moment
    place: Place
    carrier: str
    number: str
    recipient: str = attrs.field(default="", repr=masked)
    is_signed: bool = False


@attrs.frozen
class _Standing:
    """Where the parcel stands between two scans."""

    phase: Phase | None = None
    leg: int = 1
    began: Moment | None = None
    ended: Moment | None = None
    flags: frozenset[Flag] = frozenset()
    incident: Incident | None = None
    is_return: bool = False

    def as_leg(self) -> tuple[Leg, ...]:
        if self.phase is None or self.began is None:
            return ()
        return (Leg(self.leg, self.began, self.phase, self.ended),)


@attrs.frozen
class Tracking:
    """What a set of scans says about a parcel.

    `phase` is None while nothing is attested: a label or "data received" is no acceptance.
    `flags`, and the `incident` that is the reason given last, stand beside the phase until a scan
    shows the parcel moving on.

    What is told as a `Moment` is as exact as it was reported, and is what to judge by.  Of one that
    is not exact, an instant such as `delivered_at` is the latest that it can mean: by then it had
    surely happened, so that no term that begins with it is cut short.
    """

    phase: Phase | None
    flags: frozenset[Flag]
    incident: Incident | None
    legs: tuple[Leg, ...]
    timeline: tuple[Entry, ...]
    discrepancies: tuple[Discrepancy, ...]

    @property
    def delivered(self) -> Moment | None:
        """When the parcel was delivered, if it still is, as exactly as it was reported."""
        return self.legs[-1].ended if self.phase is Phase.DELIVERED else None

    @property
    def delivered_at(self) -> Instant | None:
        """The instant by which the parcel had surely been delivered, if it still is.

        The buyer's patience begins with it.  Lateness is judged by `delivered`.
        """
        return None if self.delivered is None else self.delivered.latest

    @property
    def proof(self) -> ProofOfDelivery | None:
        """What shows the delivery, None unless the parcel is delivered.

        Of several delivered scans of the last leg, the one with a signature counts, then one that
        names who took it, then the first.
        """
        if self.phase is not Phase.DELIVERED:
            return None
        leg = self.legs[-1].number
        shown = [e.scan for e in self.timeline if e.leg == leg and e.attests is Phase.DELIVERED]
        best = max(shown, key=lambda scan: (scan.is_signed, bool(scan.recipient)))
        return ProofOfDelivery(
            at=best.at,
            place=best.place,
            carrier=best.carrier,
            number=best.number,
            recipient=best.recipient,
            is_signed=best.is_signed,
        )

    @property
    def accepted(self) -> Moment | None:
        """When the carrier is first seen to have the parcel, or None."""
        return self.first_seen(*MOVING)

    @property
    def accepted_at(self) -> Instant | None:
        """The instant by which the carrier surely had the parcel, or None."""
        return None if self.accepted is None else self.accepted.latest

    @property
    def last_scan(self) -> Scan | None:
        """The last scan that was not retracted, whether or not it moved anything."""
        live = [entry.scan for entry in self.timeline if not entry.is_void]
        return live[-1] if live else None

    @property
    def last_seen(self) -> Moment | None:
        """When the parcel was last heard of, or None; a scan that was retracted does not count."""
        return last_of(entry.scan.at for entry in self.timeline if not entry.is_void)

    def first_seen(self, *phases: Phase) -> Moment | None:
        """Give when a scan first attests one of these phases, or None."""
        return first_of(entry.scan.at for entry in self.timeline if entry.attests in phases)

    def milestones(self, leg: int) -> Mapping[Milestone, Moment]:
        """Give when each milestone of the way was first seen on a leg, in the order of time.

        Milestones that end the leg or lead back are left out.
        """
        first: dict[Milestone, Moment] = {}
        for entry in self.timeline:
            milestone = entry.scan.milestone
            if entry.leg == leg and entry.attests in MOVING and milestone is not None:
                first.setdefault(milestone, entry.scan.at)
        return first


def track(scans: Iterable[Scan]) -> Tracking:
    """Project a set of scans onto phase, flags, legs, timeline and discrepancies.

    Order, repetition and batching of the scans are irrelevant.  Never raises.
    """
    ordered = merge(scans)
    retracted = {scan.voids for scan in ordered}
    standing = _Standing()
    legs: list[Leg] = []
    timeline: list[Entry] = []
    discrepancies: list[Discrepancy] = []
    for scan in ordered:
        if scan.key in retracted and scan.voids is None:
            timeline.append(Entry(scan, standing.phase, standing.leg, is_void=True))
            continue
        after, kind = _advance(standing, scan)
        if after.leg != standing.leg:
            legs += standing.as_leg()
        if kind is not None:
            discrepancies.append(_contradiction(kind, standing, scan))
        timeline.append(Entry(scan, after.phase, after.leg))
        standing = after
    legs += standing.as_leg()
    return Tracking(
        phase=standing.phase,
        flags=standing.flags,
        incident=standing.incident,
        legs=tuple(legs),
        timeline=tuple(timeline),
        discrepancies=tuple(discrepancies),
    )


# A leg ends with these, and one of those that is later by instant opens the next.
_OPENERS = frozenset({Phase.ACCEPTED, Phase.ATTEMPT_FAILED, Phase.RETURNING, Phase.RETURNED})
# Before these a coarse "in transit" is news; after any other phase it says less than is known.
_COARSE_IS_NEWS = frozenset({None, Phase.ACCEPTED, Phase.EXPORT, Phase.IN_TRANSIT, Phase.LOST})


def _advance(now: _Standing, scan: Scan) -> tuple[_Standing, DiscrepancyKind | None]:
    meaning = scan.meaning
    if meaning.phase is None:
        return _flagged(now, meaning.flag, scan), None
    if now.phase in ENDED:
        return _after_the_end(now, meaning.phase, scan)
    flags = frozenset() if meaning.flag is None else frozenset({meaning.flag})
    if meaning.is_coarse and now.phase not in _COARSE_IS_NEWS:
        return attrs.evolve(now, flags=flags, incident=scan.incident), None
    is_moving_back = now.is_return and meaning.phase in MOVING
    phase = Phase.RETURNING if is_moving_back else meaning.phase
    ended = scan.at if phase in ENDED else None
    is_return = now.is_return or phase is Phase.RETURNING
    after = _Standing(phase, now.leg, now.began or scan.at, ended, flags, scan.incident, is_return)
    return after, _judge(now.phase, phase)


def _flagged(now: _Standing, flag: Flag | None, scan: Scan) -> _Standing:
    if now.phase in ENDED or scan.voids is not None:
        return now
    flags = now.flags if flag is None else now.flags | {flag}
    return attrs.evolve(now, flags=flags, incident=scan.incident or now.incident)


def _after_the_end(
    now: _Standing, phase: Phase, scan: Scan
) -> tuple[_Standing, DiscrepancyKind | None]:
    if phase is now.phase:
        return now, None
    is_later = now.ended is not None and scan.at.is_surely_after(now.ended)
    if phase not in _OPENERS or not is_later:
        return now, DiscrepancyKind.AFTER_THE_END
    ended = scan.at if phase in ENDED else None
    is_return = phase is Phase.RETURNING
    after = _Standing(
        phase, now.leg + 1, scan.at, ended, incident=scan.incident, is_return=is_return
    )
    return after, _judge(now.phase, phase)


def _judge(earlier: Phase | None, later: Phase) -> DiscrepancyKind | None:
    if earlier is None or FULFILMENT.follows(earlier, later):
        return None
    return DiscrepancyKind.UNEXPECTED


def _contradiction(kind: DiscrepancyKind, now: _Standing, scan: Scan) -> Discrepancy:
    shown = scan.meaning.phase
    was = now.phase.name if now.phase else "nothing"
    text = f"{shown.name if shown else 'a flag'} at {scan.at} is not expected after {was}"
    return Discrepancy(kind, scan, text)
