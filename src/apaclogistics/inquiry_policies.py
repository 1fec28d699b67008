"""Inquiry policies: from when on a buyer may report, who answers until when, and when it is over.

A platform publishes such a clock, so it is data.  A policy counts from two instants.  From the
latest *estimate* of delivery it counts the days on which a buyer may report a parcel that did not
come; from the *opening* of the inquiry, until when the seller answers and until when it may be
escalated.  Nobody who escalates by then sees it close by itself; what is closed stays closed.

Days are those of a zone, business days those of a calendar; both are passed in, and recorded in the
deadlines that come of them.

>>> days = lambda count, unit: Period(count, PeriodUnit[unit])
>>> example = InquiryPolicy(
...     name="an example",
...     report_from=days(1, "CALENDAR_DAYS"),
...     report_until=days(30, "CALENDAR_DAYS"),
...     answer=days(3, "BUSINESS_DAYS"),
...     escalate=days(21, "BUSINESS_DAYS"),
...     delivery_closes_within=timedelta(hours=24),
... )
>>> estimate = instant("2026-03-24T03:59:59Z")
>>> str(example.reporting(estimate, zone_name="America/New_York"))
'2026-03-24T04:00:00Z to 2026-04-23T03:59:59Z'
>>> str(example.answer_by(instant("2026-03-27T14:00:00Z"), zone_name="America/New_York"))
'2026-04-02T03:59:59Z (3 business days by weekends only)'
"""

from datetime import time, timedelta
from typing import Final

import attrs

from apaclogistics.errors import Reason
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar, Period, PeriodUnit
from apaclogistics.values.deadlines import Deadline, as_deadline, local_day
from apaclogistics.values.fields import of_type, optional
from apaclogistics.values.identifiers import checked_id
from apaclogistics.values.instants import (
    Instant,
    Window,
    at_wall_clock,
    checked_span,
    instant,
    to_text,
)

__all__ = ("ITEM_NOT_RECEIVED", "Closing", "InquiryPolicy")

_NO_TIME: Final = timedelta()


@attrs.frozen(kw_only=True)
class Closing:
    """When an inquiry closes by itself: at a deadline, and by which policy, if by one.

    `on_delivery` is how long after the delivery it is over at the latest, None for an inquiry that a
    delivery does not settle; `on_refund` says the same of a refund.  A receipt that the buyer has
    confirmed settles what a delivery does.

    Raises:
        InvalidValueError: if one of them is below zero or above 100 years.
    """

    by: Deadline = attrs.field(converter=as_deadline)
    policy: str = attrs.field(default="", validator=of_type(str))
    on_delivery: timedelta | None = attrs.field(default=None, validator=optional(timedelta))
    on_refund: timedelta | None = attrs.field(default=None, validator=optional(timedelta))

    def __attrs_post_init__(self) -> None:
        """Refuse to close before what it closes on."""
        checked_span("time to close after delivery", self.on_delivery or _NO_TIME)
        checked_span("time to close after a refund", self.on_refund or _NO_TIME)

    def hindrances(
        self,
        delivered_at: Instant | None,
        refunded_at: Instant | None = None,
        received_at: Instant | None = None,
    ) -> tuple[Reason, ...]:
        """Why nothing is escalated any more: it came or was refunded, where that settles it."""
        came = (*_delivered(delivered_at), *_received(received_at))
        return (
            *(came if self.on_delivery is not None else ()),
            *(_refunded(refunded_at) if self.on_refund is not None else ()),
        )


@attrs.frozen(kw_only=True)
class InquiryPolicy:
    """The clock of inquiries about parcels that did not come.

    `report_from` and `report_until` count from the local day of the latest estimate: the first and
    the last day on which a buyer may report.  `answer` and `escalate` count from the day on which
    the inquiry is opened; it may be escalated between the two.  `refund` counts from the day on
    which a refund was promised until it is paid out, None where nobody says.  A refund closes the
    inquiry at the latest after `refund_closes_within`, None where it does not.

    Raises:
        InvalidValueError: if the name is none, or a time to close is below zero or above 100 years.
    """

    name: str
    report_from: Period = attrs.field(validator=of_type(Period))
    report_until: Period = attrs.field(validator=of_type(Period))
    answer: Period = attrs.field(validator=of_type(Period))
    escalate: Period = attrs.field(validator=of_type(Period))
    delivery_closes_within: timedelta = attrs.field(validator=of_type(timedelta))
    refund_closes_within: timedelta | None = attrs.field(
        default=None, validator=optional(timedelta)
    )
    refund: Period | None = attrs.field(default=None, validator=optional(Period))

    def __attrs_post_init__(self) -> None:
        """Refuse a policy without a name, and one that closes before what it closes on."""
        checked_id("inquiry policy", self.name)
        checked_span("time to close after delivery", self.delivery_closes_within)
        checked_span("time to close after a refund", self.refund_closes_within or _NO_TIME)

    def reporting(
        self, estimate: Instant, *, zone_name: str, calendar: BusinessCalendar = WEEKENDS
    ) -> Window:
        """Give the instants at which a buyer may report, from the latest estimate of delivery.

        Raises:
            InvalidValueError: if the zone is unknown, or the last day lies before the first.
        """
        day = local_day(instant(estimate), zone_name)
        first = at_wall_clock(self.report_from.after(day, calendar), time.min, zone_name)
        return Window(first, self.report_by(estimate, zone_name=zone_name, calendar=calendar).at)

    def report_by(
        self, estimate: Instant, *, zone_name: str, calendar: BusinessCalendar = WEEKENDS
    ) -> Deadline:
        """Give until when a buyer may report, from the latest estimate of delivery."""
        return Deadline.after(self.report_until, estimate, zone_name=zone_name, calendar=calendar)

    def answer_by(
        self, opened_at: Instant, *, zone_name: str, calendar: BusinessCalendar = WEEKENDS
    ) -> Deadline:
        """Give until when the respondent has to answer an inquiry that is opened at an instant."""
        return Deadline.after(self.answer, opened_at, zone_name=zone_name, calendar=calendar)

    def closing(
        self, opened_at: Instant, *, zone_name: str, calendar: BusinessCalendar = WEEKENDS
    ) -> Closing:
        """Give when an inquiry that is opened at an instant closes by itself."""
        by = Deadline.after(self.escalate, opened_at, zone_name=zone_name, calendar=calendar)
        return Closing(
            by=by,
            policy=self.name,
            on_delivery=self.delivery_closes_within,
            on_refund=self.refund_closes_within,
        )

    def refund_by(
        self, promised_at: Instant, *, zone_name: str, calendar: BusinessCalendar = WEEKENDS
    ) -> Deadline | None:
        """Give until when a refund that is promised at an instant is paid out, where that is said."""
        if self.refund is None:
            return None
        return Deadline.after(self.refund, promised_at, zone_name=zone_name, calendar=calendar)

    def hindrances(
        self,
        *,
        estimate: Instant | None,
        delivered_at: Instant | None,
        refunded_at: Instant | None = None,
        at: Instant,
        zone_name: str,
        calendar: BusinessCalendar = WEEKENDS,
    ) -> tuple[Reason, ...]:
        """Give every reason why a buyer may not report a parcel at an instant.

        `estimate` is the latest that delivery was estimated for; without one no day is counted.
        `refunded_at` is when all that is in the parcel was given back; it hinders where it closes.
        A delivery that is still to come hinders nothing.
        """
        has_come = delivered_at is not None and delivered_at <= instant(at)
        paid = _refunded(refunded_at) if self.refund_closes_within is not None else ()
        settled = (*_delivered(delivered_at if has_come else None), *paid)
        if estimate is None:
            return (Reason("no_estimate", "nobody said until when it is delivered"), *settled)
        window = self.reporting(estimate, zone_name=zone_name, calendar=calendar)
        return (*self._outside(window, instant(at)), *settled)

    def _outside(self, window: Window, at: Instant) -> tuple[Reason, ...]:
        if at in window:
            return ()
        if at < window.earliest:
            text = f"{self.name}: not received may be reported from {to_text(window.earliest)} on"
            return (Reason("too_early", text),)
        text = f"{self.name}: not received could be reported until {to_text(window.latest)}"
        return (Reason("too_late", text),)


def _delivered(at: Instant | None) -> tuple[Reason, ...]:
    return () if at is None else (Reason("delivered", f"it was delivered at {to_text(at)}"),)


def _received(at: Instant | None) -> tuple[Reason, ...]:
    text = "its receipt was confirmed at"
    return () if at is None else (Reason("received", f"{text} {to_text(at)}"),)


def _refunded(at: Instant | None) -> tuple[Reason, ...]:
    return () if at is None else (Reason("refunded", f"it was refunded by {to_text(at)}"),)


# The clock that eBay publishes; it stands here since attention counts with it, too.
ITEM_NOT_RECEIVED: Final = InquiryPolicy(
    name="eBay, item not received",
    report_from=Period(1, PeriodUnit.CALENDAR_DAYS),
    report_until=Period(30, PeriodUnit.CALENDAR_DAYS),
    answer=Period(3, PeriodUnit.BUSINESS_DAYS),
    escalate=Period(21, PeriodUnit.BUSINESS_DAYS),
    delivery_closes_within=timedelta(hours=24),
    # Nobody says how long it takes, so a refund in full closes it at once.
    refund_closes_within=_NO_TIME,
    refund=Period(2, PeriodUnit.BUSINESS_DAYS),
)
