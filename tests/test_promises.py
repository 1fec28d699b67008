"""Promises: by when an order must be shipped, and between which days it will arrive.

Dates are written out.  In March 2026 the 6th is a Friday; New York and Los Angeles set their clocks
forward on the 8th and back on 1 November, Sydney sets its back on 5 April and forward on 4 October.
"""

from datetime import UTC, date, time

import pytest

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.promises import (
    CalendarUse,
    DayUnit,
    Handling,
    Promise,
    Transit,
    promise,
)
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar
from apaclogistics.values.instants import Window, in_zone, instant, to_text

HONG_KONG = Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Hong_Kong")
SAME_DAY = Handling(days=0, cut_off=time(15, 0), zone_name="Asia/Hong_Kong")
FIVE_TO_NINE = Transit(least=5, most=9, unit=DayUnit.BUSINESS)
TEN_DAYS = Transit(least=10, most=10, unit=DayUnit.CALENDAR)


class Lantern:
    """A calendar that knows one holiday besides weekends, and 2026 only."""

    name = "lantern"
    known_through = date(2026, 12, 31)

    def is_business_day(self, day: date) -> bool:
        """Keep 10 March free."""
        return WEEKENDS.is_business_day(day) and day != date(2026, 3, 10)


def promised(
    ordered: str,
    *,
    handling: Handling = HONG_KONG,
    transit: Transit = FIVE_TO_NINE,
    zone: str = "America/New_York",
    origin: BusinessCalendar = WEEKENDS,
    destination: BusinessCalendar = WEEKENDS,
) -> Promise:
    """Promise an order that was placed at an instant."""
    return promise(
        instant(ordered),
        handling=handling,
        transit=transit,
        destination_zone=zone,
        origin_calendar=origin,
        destination_calendar=destination,
    )


def local(window: Window, zone: str) -> tuple[str, str]:
    """Show both ends of a window on the wall clock of a zone."""
    ends = (window.earliest, window.latest)
    return tuple(in_zone(end, zone).isoformat() for end in ends)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("ordered", "ship_by"),
    [
        # Thursday 5 March in Hong Kong: a minute before the cut-off, at it, a minute after.
        ("2026-03-05T14:59:00+08:00", "2026-03-06T23:59:59+08:00"),
        ("2026-03-05T15:00:00+08:00", "2026-03-06T23:59:59+08:00"),
        ("2026-03-05T15:01:00+08:00", "2026-03-09T23:59:59+08:00"),
        # Friday after the cut-off counts from Monday.
        ("2026-03-06T15:01:00+08:00", "2026-03-10T23:59:59+08:00"),
        # Saturday and Sunday count from Monday, at whatever time.
        ("2026-03-07T09:00:00+08:00", "2026-03-10T23:59:59+08:00"),
        ("2026-03-08T23:00:00+08:00", "2026-03-10T23:59:59+08:00"),
        # Sunday evening in London is Monday morning in Hong Kong.
        ("2026-03-08T20:00:00+00:00", "2026-03-10T23:59:59+08:00"),
    ],
)
def test_the_cut_off_is_a_time_of_day_at_the_origin(ordered: str, ship_by: str) -> None:
    """An order at that very time is still in time."""
    assert promised(ordered).ship_by == instant(ship_by)


@pytest.mark.parametrize(
    ("ordered", "ship_by"),
    [
        ("2026-03-06T15:00:00+08:00", "2026-03-06T23:59:59+08:00"),
        ("2026-03-06T15:01:00+08:00", "2026-03-09T23:59:59+08:00"),
        ("2026-03-07T09:00:00+08:00", "2026-03-09T23:59:59+08:00"),
    ],
)
def test_without_handling_days_an_order_ships_on_its_own_day(ordered: str, ship_by: str) -> None:
    """Which is a business day in any case."""
    assert promised(ordered, handling=SAME_DAY).ship_by == instant(ship_by)


def test_business_days_of_transit_leave_out_weekends() -> None:
    """Shipped on Tuesday 10 March: five business days are the 17th, nine the 23rd."""
    window = promised("2026-03-06T16:00:00+08:00").window

    assert local(window, "America/New_York") == (
        "2026-03-17T00:00:00-04:00",
        "2026-03-23T23:59:59-04:00",
    )


def test_calendar_days_of_transit_count_every_day() -> None:
    """Shipped on Tuesday 10 March: ten days later is Friday the 20th."""
    window = promised("2026-03-06T16:00:00+08:00", transit=TEN_DAYS, zone="UTC").window

    assert local(window, "UTC") == ("2026-03-20T00:00:00+00:00", "2026-03-20T23:59:59+00:00")


def test_a_holiday_at_the_origin_moves_the_handover() -> None:
    """10 March is free there, so handling takes until the 11th; the order of it counts from then."""
    before = promised("2026-03-09T10:00:00+08:00", origin=Lantern())
    on_it = promised("2026-03-10T10:00:00+08:00", origin=Lantern())

    assert to_text(before.ship_by) == "2026-03-11T15:59:59Z"
    assert to_text(on_it.ship_by) == "2026-03-12T15:59:59Z"


def test_a_holiday_at_the_destination_moves_the_delivery() -> None:
    """Shipped on Friday 6 March: the second business day is the 11th, since the 10th is free."""
    transit = Transit(least=1, most=2, unit=DayUnit.BUSINESS)

    window = promised(
        "2026-03-05T10:00:00+08:00", transit=transit, zone="UTC", destination=Lantern()
    ).window

    assert local(window, "UTC") == ("2026-03-09T00:00:00+00:00", "2026-03-11T23:59:59+00:00")


@pytest.mark.parametrize(
    ("ordered", "zone", "first", "last"),
    [
        # Los Angeles: shipped on Friday 27 February, ten days later is the day of the change.
        (
            "2026-02-26T10:00:00+08:00",
            "America/Los_Angeles",
            "2026-03-09T00:00:00-07:00",
            "2026-03-09T23:59:59-07:00",
        ),
        (
            "2026-02-25T10:00:00+08:00",
            "America/Los_Angeles",
            "2026-03-08T00:00:00-08:00",
            "2026-03-08T23:59:59-07:00",
        ),
        # And back: 1 November has 25 hours.
        (
            "2026-10-21T10:00:00+08:00",
            "America/Los_Angeles",
            "2026-11-01T00:00:00-07:00",
            "2026-11-01T23:59:59-08:00",
        ),
        # Sydney: 5 April has 25 hours, 4 October has 23.
        (
            "2026-03-25T10:00:00+08:00",
            "Australia/Sydney",
            "2026-04-05T00:00:00+11:00",
            "2026-04-05T23:59:59+10:00",
        ),
        (
            "2026-09-23T10:00:00+08:00",
            "Australia/Sydney",
            "2026-10-04T00:00:00+10:00",
            "2026-10-04T23:59:59+11:00",
        ),
    ],
)
def test_a_promised_day_is_a_local_day_although_clocks_change(
    ordered: str, zone: str, first: str, last: str
) -> None:
    """It has 23 or 25 hours then, and begins and ends at local midnight all the same."""
    window = promised(ordered, transit=TEN_DAYS, zone=zone).window

    assert local(window, zone) == (first, last)


@pytest.mark.parametrize(
    ("ordered", "ship_by"),
    [
        # Sydney, Friday 2 October: the clocks change on Sunday, and Monday ends an hour earlier.
        ("2026-10-02T15:00:00+10:00", "2026-10-05T23:59:59+11:00"),
        ("2026-10-02T15:01:00+10:00", "2026-10-06T23:59:59+11:00"),
        # The same instant a week later is past the cut-off, since the clocks are ahead.
        ("2026-10-09T05:00:00+00:00", "2026-10-13T23:59:59+11:00"),
    ],
)
def test_the_cut_off_follows_the_clocks_of_the_origin(ordered: str, ship_by: str) -> None:
    """15:00 is 15:00, before and after the change."""
    sydney = Handling(days=1, cut_off=time(15, 0), zone_name="Australia/Sydney")

    assert promised(ordered, handling=sydney).ship_by == instant(ship_by)


def test_a_promise_names_the_calendars_that_it_rests_on() -> None:
    """Each once, with the last day that it knew of."""
    both = promised("2026-03-05T10:00:00+08:00", origin=Lantern())
    one = promised("2026-03-05T10:00:00+08:00", origin=Lantern(), destination=Lantern())

    lantern = CalendarUse("lantern", date(2026, 12, 31))
    assert both.calendars == (lantern, CalendarUse("weekends only", None))
    assert one.calendars == (lantern,)


def test_a_cut_off_has_no_zone_of_its_own() -> None:
    """The zone is a field beside it."""
    with pytest.raises(InvalidValueError, match="has a zone"):
        Handling(days=1, cut_off=time(15, 0, tzinfo=UTC), zone_name="Asia/Hong_Kong")


def test_handling_and_promise_need_a_zone_that_exists() -> None:
    """A wall clock hangs somewhere."""
    with pytest.raises(InvalidValueError, match="is unknown"):
        Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Kowloon Bay")
    with pytest.raises(InvalidValueError, match="is unknown"):
        promised("2026-03-05T10:00:00+08:00", zone="Mars/Olympus")


@pytest.mark.parametrize("days", [-1, 366])
def test_days_are_within_a_year(days: int) -> None:
    """Of handling and of transit."""
    with pytest.raises(InvalidValueError, match="is out of range"):
        Handling(days=days, cut_off=time(15, 0), zone_name="UTC")
    with pytest.raises(InvalidValueError, match="is out of range"):
        Transit(least=0, most=days, unit=DayUnit.BUSINESS)

    assert str(Transit(least=0, most=365, unit=DayUnit.CALENDAR)) == "0 to 365 calendar days"


def test_transit_is_a_range_in_whole_days() -> None:
    """The longest is not shorter than the shortest."""
    with pytest.raises(InvalidValueError, match="is out of range"):
        Transit(least=5, most=4, unit=DayUnit.BUSINESS)
    with pytest.raises(InvalidTypeError):
        Transit(least=1.5, most=4, unit=DayUnit.BUSINESS)  # type: ignore[arg-type]


def test_transit_says_its_days_with_their_unit() -> None:
    """Business days and calendar days are two things."""
    assert str(FIVE_TO_NINE) == "5 to 9 business days"
    assert str(TEN_DAYS) == "10 to 10 calendar days"
