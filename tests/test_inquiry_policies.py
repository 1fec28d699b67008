"""Inquiry policies: from when on a buyer may report, who answers until when, when it is over."""

from datetime import date, timedelta
from typing import Final

import attrs
import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.inquiry_policies import Closing, InquiryPolicy
from apaclogistics.values.calendars import ListedCalendar, Period, PeriodUnit
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.instants import Instant, instant
from tests.samples import day

TICK: Final = timedelta(microseconds=1)
POLICY: Final = InquiryPolicy(
    name="example",
    report_from=Period(1, PeriodUnit.CALENDAR_DAYS),
    report_until=Period(30, PeriodUnit.CALENDAR_DAYS),
    answer=Period(3, PeriodUnit.BUSINESS_DAYS),
    escalate=Period(21, PeriodUnit.BUSINESS_DAYS),
    delivery_closes_within=timedelta(hours=24),
)
# The estimate ends with the 23rd of March in New York, which is four hours behind.
NEW_YORK: Final = "America/New_York"
ESTIMATE: Final = instant("2026-03-24T03:59:59Z")
FIRST: Final = instant("2026-03-24T04:00:00Z")
LAST: Final = instant("2026-04-23T03:59:59Z")


def against(
    at: Instant, *, estimate: Instant | None = ESTIMATE, delivered_at: Instant | None = None
) -> list[str]:
    """Give the codes of what stands against reporting at an instant."""
    reasons = POLICY.hindrances(
        estimate=estimate, delivered_at=delivered_at, at=at, zone_name=NEW_YORK
    )
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (FIRST - TICK, ["too_early"]),
        (FIRST, []),
        (LAST, []),
        (LAST + TICK, ["too_late"]),
    ],
    ids=["the day of the estimate", "the day after", "the thirtieth day", "the day after that"],
)
def test_a_buyer_may_report_for_thirty_days(at: Instant, expected: list[str]) -> None:
    """Days are those of the zone."""
    assert against(at) == expected


def test_the_refusal_says_from_when_on_and_until_when() -> None:
    """By which policy, and in UTC."""
    early, late = (
        POLICY.hindrances(estimate=ESTIMATE, delivered_at=None, at=at, zone_name=NEW_YORK)
        for at in (ESTIMATE, instant(LAST + TICK))
    )

    assert [str(reason) for reason in (*early, *late)] == [
        "example: not received may be reported from 2026-03-24T04:00:00Z on",
        "example: not received could be reported until 2026-04-23T03:59:59Z",
    ]


def test_what_was_delivered_is_not_missing() -> None:
    """Every reason is given at once."""
    assert against(FIRST, delivered_at=ESTIMATE) == ["delivered"]
    assert against(ESTIMATE, delivered_at=ESTIMATE) == ["too_early", "delivered"]
    assert against(FIRST, estimate=None, delivered_at=ESTIMATE) == ["no_estimate", "delivered"]


def test_what_is_to_be_delivered_is_missing_until_then() -> None:
    """A carrier may date a scan in the future."""
    assert against(FIRST, delivered_at=instant(FIRST + TICK)) == []
    assert against(FIRST, delivered_at=FIRST) == ["delivered"]


def test_without_an_estimate_no_day_is_counted() -> None:
    """Nobody said until when it would come."""
    assert against(FIRST, estimate=None) == ["no_estimate"]


def test_the_deadlines_are_counted_from_the_opening() -> None:
    """In business days of the calendar, which is named."""
    calendar = ListedCalendar(
        name="example days", holidays={date(2026, 3, 30)}, known_through=date(2026, 12, 31)
    )
    friday = instant("2026-03-27T14:00:00Z")

    answer = POLICY.answer_by(friday, zone_name=NEW_YORK, calendar=calendar)
    closing = POLICY.closing(friday, zone_name=NEW_YORK, calendar=calendar)

    assert str(answer) == "2026-04-03T03:59:59Z (3 business days by example days)"
    assert str(closing.by) == "2026-04-29T03:59:59Z (21 business days by example days)"
    assert (closing.policy, closing.on_delivery) == ("example", timedelta(hours=24))


def test_a_delivery_stops_what_asks_for_just_that() -> None:
    """An inquiry about something else goes on."""
    missing = Closing(by=day(20), on_delivery=timedelta(0))

    assert [reason.code for reason in missing.hindrances(day(9))] == ["delivered"]
    assert missing.hindrances(None) == ()
    assert Closing(by=day(20)).hindrances(day(9)) == ()


def test_nothing_stays_open_for_longer_than_a_century() -> None:
    """After what settles it; the end would lie beyond the calendar."""
    with pytest.raises(InvalidValueError, match="is out of range; allowed: 0 to 36525 days"):
        Closing(by=day(20), on_delivery=timedelta.max)
    with pytest.raises(InvalidValueError, match="is out of range; allowed: 0 to 36525 days"):
        Closing(by=day(20), on_refund=timedelta.max)
    with pytest.raises(InvalidValueError, match="is out of range; allowed: 0 to 36525 days"):
        attrs.evolve(POLICY, delivery_closes_within=timedelta.max)


def test_a_refund_stops_what_asks_for_just_that() -> None:
    """Beside a delivery, each by its own term."""
    both = Closing(by=day(20), on_delivery=timedelta(0), on_refund=timedelta(0))

    assert [reason.code for reason in both.hindrances(day(9), day(8))] == ["delivered", "refunded"]
    assert [reason.code for reason in both.hindrances(None, day(8))] == ["refunded"]
    assert Closing(by=day(20), on_delivery=timedelta(0)).hindrances(None, day(8)) == ()


@pytest.mark.parametrize(
    ("estimate", "expected"), [(ESTIMATE, ["refunded"]), (None, ["no_estimate", "refunded"])]
)
def test_what_was_refunded_is_not_reported_where_that_closes_it(
    estimate: Instant | None, expected: list[str]
) -> None:
    """There is nothing to ask for any more."""
    closing = attrs.evolve(POLICY, refund_closes_within=timedelta(0))

    found = {
        policy: policy.hindrances(
            estimate=estimate,
            delivered_at=None,
            refunded_at=day(20),
            at=FIRST,
            zone_name=NEW_YORK,
        )
        for policy in (POLICY, closing)
    }

    assert [reason.code for reason in found[closing]] == expected
    assert [reason.code for reason in found[POLICY]] == expected[:-1]
    assert closing.closing(FIRST, zone_name=NEW_YORK).on_refund == timedelta(0)


def test_a_refund_that_is_promised_is_due_where_somebody_says_so() -> None:
    """In business days from the local day of the promise, a Friday."""
    policy = attrs.evolve(POLICY, refund=Period(2, PeriodUnit.BUSINESS_DAYS))
    friday = instant("2026-03-28T03:30:00Z")

    due = policy.refund_by(friday, zone_name=NEW_YORK)

    assert str(due) == "2026-04-01T03:59:59Z (2 business days by weekends only)"
    assert POLICY.refund_by(friday, zone_name=NEW_YORK) is None


def test_a_report_may_be_made_until_the_end_of_its_window() -> None:
    """One count, for whoever warns and for whoever refuses."""
    assert POLICY.report_by(ESTIMATE, zone_name=NEW_YORK).at == LAST
    assert POLICY.reporting(ESTIMATE, zone_name=NEW_YORK).latest == LAST


def test_a_closing_is_named_as_an_instant_or_counted() -> None:
    """By no policy, unless one is named."""
    assert Closing(by=day(20)) == Closing(by=Deadline(day(20)), policy="", on_delivery=None)


def test_nothing_closes_before_it_is_delivered() -> None:
    """Such a span is none."""
    with pytest.raises(InvalidValueError, match="is out of range"):
        Closing(by=day(20), on_delivery=-TICK)
    with pytest.raises(InvalidValueError, match="is out of range"):
        attrs.evolve(POLICY, delivery_closes_within=-TICK)
    with pytest.raises(InvalidValueError, match="is out of range"):
        Closing(by=day(20), on_refund=-TICK)
    with pytest.raises(InvalidValueError, match="is out of range"):
        attrs.evolve(POLICY, refund_closes_within=-TICK)


def test_a_policy_has_a_name_and_periods() -> None:
    """A number alone does not say of what."""
    with pytest.raises(InvalidValueError, match="inquiry policy"):
        attrs.evolve(POLICY, name=" ")
    with pytest.raises(InvalidTypeError, match="answer of InquiryPolicy"):
        attrs.evolve(POLICY, answer=3)  # type: ignore[arg-type]  # the point of the test


def test_a_policy_whose_days_are_out_of_order_has_no_window() -> None:
    """Periods of different units can only be compared for an estimate."""
    upside_down = attrs.evolve(POLICY, report_from=Period(2, PeriodUnit.MONTHS))

    with pytest.raises(InvalidValueError, match="ends early"):
        upside_down.reporting(ESTIMATE, zone_name=NEW_YORK)
