"""Inquiry policies: from when on a buyer may report, who answers until when, and when it is over.

A platform publishes such a clock, so it is data.  A policy counts from two instants.  From the
latest *estimate* of delivery it counts the days on which a buyer may report a parcel that did not
come; from the *opening* of the inquiry, until when the seller answers and until when it may be
escalated.  Nobody who escalates by then sees it close by itself; what is closed stays closed.

Days are those of a zone, business days those of a calendar; both are passed in, and recorded in the
deadlines that come of them.

>>> from apaclogistics.values.calendars import PeriodUnit
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

from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar, Period
from apaclogistics.values.deadlines import Deadline, as_deadline, local_day
from apaclogistics.values.fields import of_type, optional
from apaclogistics.values.identifiers import checked_id
from apaclogistics.values.instants import (
    Instant,
    Window,
    at_wall_clock,
    end_of_day,
    instant,
    to_text,
)

__all__ = ("Closing", "InquiryPolicy")

_NO_TIME: Final = timedelta()


def _checked_span(what: str, span: timedelta) -> None:
    if span < _NO_TIME:
        raise InvalidValueError(what, str(span), "is below zero")


@attrs.frozen(kw_only=True)
class Closing:
    """When an inquiry closes by itself: at a deadline, and by which policy, if by one.

    `on_delivery` is how long after the delivery it is over at the latest, None for an inquiry that a
    delivery does not settle.

    Raises:
        InvalidValueError: if `on_delivery` is below zero.
    """

    by: Deadline = attrs.field(converter=as_deadline)
    policy: str = attrs.field(default="", validator=of_type(str))
    on_delivery: timedelta | None = attrs.field(default=None, validator=optional(timedelta))

    def __attrs_post_init__(self) -> None:
        """Refuse to close before the delivery."""
        if self.on_delivery is not None:
            _checked_span("time to close after delivery", self.on_delivery)

    def hindrances(self, delivered_at: Instant | None) -> tuple[Reason, ...]:
        """Why nothing is escalated any more: what was asked for has come, where that settles it."""
        if delivered_at is None or self.on_delivery is None:
            return ()
        return _delivered(delivered_at)


@attrs.frozen(kw_only=True)
class InquiryPolicy:
    """The clock of inquiries about parcels that did not come.

    `report_from` and `report_until` count from the local day of the latest estimate: the first and
    the last day on which a buyer may report.  `answer` and `escalate` count from the day on which
    the inquiry is opened; it may be escalated between the two.

    Raises:
        InvalidValueError: if the name is none, or `delivery_closes_within` is below zero.
    """

    name: str
    report_from: Period = attrs.field(validator=of_type(Period))
    report_until: Period = attrs.field(validator=of_type(Period))
    answer: Period = attrs.field(validator=of_type(Period))
    escalate: Period = attrs.field(validator=of_type(Period))
    delivery_closes_within: timedelta = attrs.field(validator=of_type(timedelta))

    def __attrs_post_init__(self) -> None:
        """Refuse a policy without a name, and one that closes before the delivery."""
        checked_id("inquiry policy", self.name)
        _checked_span("time to close after delivery", self.delivery_closes_within)

    def reporting(
        self, estimate: Instant, *, zone_name: str, calendar: BusinessCalendar = WEEKENDS
    ) -> Window:
        """Give the instants at which a buyer may report, from the latest estimate of delivery.

        Raises:
            InvalidValueError: if the zone is unknown, or the last day lies before the first.
        """
        day = local_day(instant(estimate), zone_name)
        first, last = (it.after(day, calendar) for it in (self.report_from, self.report_until))
        return Window(at_wall_clock(first, time.min, zone_name), end_of_day(last, zone_name))

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
        return Closing(by=by, policy=self.name, on_delivery=self.delivery_closes_within)

    def hindrances(
        self,
        *,
        estimate: Instant | None,
        delivered_at: Instant | None,
        at: Instant,
        zone_name: str,
        calendar: BusinessCalendar = WEEKENDS,
    ) -> tuple[Reason, ...]:
        """Give every reason why a buyer may not report a parcel at an instant.

        `estimate` is the latest that delivery was estimated for; without one no day is counted.
        """
        missing = (Reason("no_estimate", "nobody said until when it is delivered"),)
        if estimate is None:
            return (*missing, *_delivered(delivered_at))
        window = self.reporting(estimate, zone_name=zone_name, calendar=calendar)
        return (*self._outside(window, instant(at)), *_delivered(delivered_at))

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
