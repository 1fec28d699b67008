"""What is known of a parcel when a claim is judged, and what the claimant can prove it is worth."""

from enum import Enum

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.fulfilment import Phase
from apaclogistics.values.fields import of_type, optional
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import Money, not_below_zero
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight

__all__ = ("ClaimKind", "Facts", "Since", "Worth")


class ClaimKind(Enum):
    """What a claim is about."""

    LOSS = "loss"
    DAMAGE = "damage"
    DELAY = "delay"
    MISSING_CONTENTS = "missing contents"
    FAILED_PICK_UP = "failed pick-up"
    OVERCHARGE = "overcharge"


class Since(Enum):
    """What happened to a parcel that a term is counted from."""

    POSTED = "posting"
    LAST_SEEN = "the last scan"
    PROMISED = "the promised arrival"
    DELIVERED = "delivery"
    BILLED = "the bill"


def _or_none(value: Instant | None) -> Instant | None:
    return None if value is None else instant(value)


@attrs.frozen(kw_only=True)
class Facts:
    """What is known of one parcel as of an instant; a claim keeps these as a snapshot.

    `posted_at` is the first acceptance by the carrier; `delivered_at` and `attempted_at` the first
    scan of the kind, `last_seen_at` the last of any.  Where a delivery is inexact `delivered_at` is
    as early as it can be meant, so that nobody is late who may have been in time, and
    `delivered_by` as late, so that nobody is too late who may be in time; it is None where the two
    are the same.  `promised_by` is the end of what was promised to the buyer.  `freight` is what
    was paid for the carriage, `billed` all that the carrier has billed by `billed_at`, and `priced`
    what that comes to on the rate card.  Each is None where it is not known.

    Raises:
        InvalidValueError: if `delivered_by` lies before `delivered_at`, or stands alone.
    """

    at: Instant = attrs.field(converter=instant)
    phase: Phase = attrs.field(validator=of_type(Phase))
    posted_at: Instant | None = attrs.field(default=None, converter=_or_none)
    delivered_at: Instant | None = attrs.field(default=None, converter=_or_none)
    delivered_by: Instant | None = attrs.field(default=None, converter=_or_none)
    attempted_at: Instant | None = attrs.field(default=None, converter=_or_none)
    last_seen_at: Instant | None = attrs.field(default=None, converter=_or_none)
    promised_by: Instant | None = attrs.field(default=None, converter=_or_none)
    billed_at: Instant | None = attrs.field(default=None, converter=_or_none)
    weight: Weight = attrs.field(validator=of_type(Weight))
    destination: Country = attrs.field(validator=of_type(Country))
    declared: Money = attrs.field(validator=of_type(Money))
    freight: Money | None = attrs.field(default=None, validator=optional(Money))
    billed: Money | None = attrs.field(default=None, validator=optional(Money))
    priced: Money | None = attrs.field(default=None, validator=optional(Money))

    def __attrs_post_init__(self) -> None:
        """Refuse a delivery that ends before it begins."""
        if self.delivered_by is None:
            return
        earliest = self.delivered_at
        if earliest is None or self.delivered_by < earliest:
            allowed = "no delivery" if earliest is None else f"{to_text(earliest)} or later"
            text = to_text(self.delivered_by)
            raise InvalidValueError("latest delivery", text, "does not fit the earliest", allowed)

    def when_last(self, since: Since, at: Instant) -> Instant | None:
        """Give `when`, as late as it can be meant: what is counted from it cuts nobody short."""
        begun = self.when(since, at)
        is_inexact = since is Since.DELIVERED and begun is not None
        return self.delivered_by or begun if is_inexact else begun

    def when(self, since: Since, at: Instant) -> Instant | None:
        """Give the instant of what a term is counted from, None where it had not come by then."""
        moment = {
            Since.POSTED: self.posted_at,
            Since.LAST_SEEN: self.last_seen_at,
            Since.PROMISED: self.promised_by,
            Since.DELIVERED: self.delivered_at,
            Since.BILLED: self.billed_at,
        }[since]
        return moment if since is Since.PROMISED else known(moment, at)


def known(moment: Instant | None, at: Instant) -> Instant | None:
    """Give an instant back unless it lies in the future."""
    return moment if moment is not None and moment <= at else None


_proven = attrs.validators.optional(not_below_zero)


@attrs.frozen(kw_only=True)
class Worth:
    """What a claimant proves beside the declared value; None where there is no proof.

    `invoice` is what the buyer paid, `wholesale` what the goods cost the seller, and `repair` what
    it takes to mend them.

    Raises:
        InvalidTypeError: if one of them is no money.
        InvalidValueError: if one of them is below zero.
    """

    invoice: Money | None = attrs.field(default=None, validator=_proven)
    wholesale: Money | None = attrs.field(default=None, validator=_proven)
    repair: Money | None = attrs.field(default=None, validator=_proven)
