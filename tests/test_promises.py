"""Promises: by when an order must be shipped, and between which days it will arrive.

Dates are written out.  In March 2026 the 6th is a Friday; New York and Los Angeles set their clocks
forward on the 8th and back on 1 November, Sydney sets its back on 5 April and forward on 4 October.
"""

from datetime import UTC, date, datetime, time

import attrs
import pytest

from apaclogistics.codec import dumps, loads
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.promises import (
    CalendarPurpose,
    CalendarUse,
    DayUnit,
    Handling,
    Promise,
    Transit,
    promise,
)
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar, ListedCalendar
from apaclogistics.values.instants import Window, in_zone, instant, to_text

HONG_KONG = Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Hong_Kong")
SAME_DAY = Handling(days=0, cut_off=time(15, 0), zone_name="Asia/Hong_Kong")
FIVE_TO_NINE = Transit(least=5, most=9, unit=DayUnit.BUSINESS)
TEN_DAYS = Transit(least=10, most=10, unit=DayUnit.CALENDAR)

# Source: General Office of the State Council, notice on the arrangement of holidays in 2026
# (November 2025): off from Sunday 15 to Monday 23 February; Saturdays 14 and 28 are worked.
CHINA = ListedCalendar(
    name="mainland China 2026",
    holidays={date(2026, 2, day) for day in range(15, 24)},
    workdays={date(2026, 2, 14), date(2026, 2, 28)},
    known_from=date(2026, 1, 1),
    known_through=date(2026, 4, 3),
)
# Source: US Office of Personnel Management, federal holidays 2026; 4 July is a Saturday.
UNITED_STATES = ListedCalendar(
    name="United States, federal, to July 2026",
    holidays={
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 16),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),
    },
    known_through=date(2026, 7, 31),
)
SHENZHEN = Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Shanghai")
ONE_OR_TWO = Transit(least=1, most=2, unit=DayUnit.BUSINESS)


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


@pytest.mark.parametrize(
    ("ordered", "ship_by", "earliest", "latest"),
    [
        # Friday 13 February, a minute before the cut-off and at it: shipped on the Saturday that
        # is worked.  Monday 16 February is a holiday in the United States.
        (
            "2026-02-13T14:59:00+08:00",
            "2026-02-14T23:59:59+08:00",
            "2026-02-23T00:00:00-05:00",
            "2026-02-27T23:59:59-05:00",
        ),
        (
            "2026-02-13T15:00:00+08:00",
            "2026-02-14T23:59:59+08:00",
            "2026-02-23T00:00:00-05:00",
            "2026-02-27T23:59:59-05:00",
        ),
        # A minute after: that Saturday is the first day, and the next one comes after the holidays,
        # so that the window closes after the clocks of New York have changed.
        (
            "2026-02-13T15:01:00+08:00",
            "2026-02-24T23:59:59+08:00",
            "2026-03-03T00:00:00-05:00",
            "2026-03-09T23:59:59-04:00",
        ),
        # On New Year's Day, Tuesday 17 February, at whatever time.
        (
            "2026-02-17T09:00:00+08:00",
            "2026-02-25T23:59:59+08:00",
            "2026-03-04T00:00:00-05:00",
            "2026-03-10T23:59:59-04:00",
        ),
        (
            "2026-02-17T20:00:00+08:00",
            "2026-02-25T23:59:59+08:00",
            "2026-03-04T00:00:00-05:00",
            "2026-03-10T23:59:59-04:00",
        ),
        # On Saturday 28 February, which is worked: a minute before the cut-off, a minute after.
        (
            "2026-02-28T14:59:00+08:00",
            "2026-03-02T23:59:59+08:00",
            "2026-03-09T00:00:00-04:00",
            "2026-03-13T23:59:59-04:00",
        ),
        (
            "2026-02-28T15:01:00+08:00",
            "2026-03-03T23:59:59+08:00",
            "2026-03-10T00:00:00-04:00",
            "2026-03-16T23:59:59-04:00",
        ),
    ],
)
def test_a_promise_goes_across_the_lunar_new_year(
    ordered: str, ship_by: str, earliest: str, latest: str
) -> None:
    """One day of handling in Shenzhen, five to nine business days to New York."""
    made = promised(ordered, handling=SHENZHEN, origin=CHINA, destination=UNITED_STATES)

    assert made.ship_by == instant(ship_by)
    assert made.window == Window(instant(earliest), instant(latest))
    assert made.is_within_calendars


@pytest.mark.parametrize(
    ("days", "ship_by"),
    [(0, "2026-02-24"), (1, "2026-02-25"), (4, "2026-02-28"), (5, "2026-03-02")],
)
def test_handling_counts_the_saturday_that_is_worked(days: int, ship_by: str) -> None:
    """Ordered on Friday 20 February, in the middle of the holidays."""
    handling = attrs.evolve(SHENZHEN, days=days)

    made = promised("2026-02-20T10:00:00+08:00", handling=handling, origin=CHINA)

    assert made.ship_by == instant(f"{ship_by}T23:59:59+08:00")


@pytest.mark.parametrize(
    ("unit", "destination", "first", "last"),
    [
        # Friday 3 July is free instead of Saturday the 4th.
        (DayUnit.BUSINESS, UNITED_STATES, "2026-07-06", "2026-07-07"),
        (DayUnit.BUSINESS, WEEKENDS, "2026-07-03", "2026-07-06"),
        (DayUnit.CALENDAR, UNITED_STATES, "2026-07-03", "2026-07-04"),
        (DayUnit.CALENDAR, WEEKENDS, "2026-07-03", "2026-07-04"),
    ],
)
def test_a_holiday_at_the_destination_moves_business_days_and_no_calendar_days(
    unit: DayUnit, destination: BusinessCalendar, first: str, last: str
) -> None:
    """Shipped on Thursday 2 July, one to two days to Los Angeles."""
    made = promised(
        "2026-07-02T10:00:00+08:00",
        handling=SAME_DAY,
        transit=Transit(least=1, most=2, unit=unit),
        zone="America/Los_Angeles",
        destination=destination,
    )

    assert made.ship_by == instant("2026-07-02T23:59:59+08:00")
    assert local(made.window, "America/Los_Angeles") == (
        f"{first}T00:00:00-07:00",
        f"{last}T23:59:59-07:00",
    )


@pytest.mark.parametrize(
    ("zone", "ordered", "ship_by"),
    [
        # Sydney at 15:00: UTC+10 until Sunday 4 October, UTC+11 after it.
        ("Australia/Sydney", "2026-10-02T04:59:00Z", "2026-10-02T13:59:59Z"),
        ("Australia/Sydney", "2026-10-02T05:00:00Z", "2026-10-02T13:59:59Z"),
        ("Australia/Sydney", "2026-10-02T05:01:00Z", "2026-10-05T12:59:59Z"),
        ("Australia/Sydney", "2026-10-05T03:59:00Z", "2026-10-05T12:59:59Z"),
        ("Australia/Sydney", "2026-10-05T04:00:00Z", "2026-10-05T12:59:59Z"),
        ("Australia/Sydney", "2026-10-05T04:01:00Z", "2026-10-06T12:59:59Z"),
        # UTC+11 until Sunday 5 April, UTC+10 after it.
        ("Australia/Sydney", "2026-04-03T03:59:00Z", "2026-04-03T12:59:59Z"),
        ("Australia/Sydney", "2026-04-03T04:00:00Z", "2026-04-03T12:59:59Z"),
        ("Australia/Sydney", "2026-04-03T04:01:00Z", "2026-04-06T13:59:59Z"),
        ("Australia/Sydney", "2026-04-06T04:59:00Z", "2026-04-06T13:59:59Z"),
        ("Australia/Sydney", "2026-04-06T05:00:00Z", "2026-04-06T13:59:59Z"),
        ("Australia/Sydney", "2026-04-06T05:01:00Z", "2026-04-07T13:59:59Z"),
        # Los Angeles at 15:00: UTC-8 until Sunday 8 March, UTC-7 after it.
        ("America/Los_Angeles", "2026-03-06T22:59:00Z", "2026-03-07T07:59:59Z"),
        ("America/Los_Angeles", "2026-03-06T23:00:00Z", "2026-03-07T07:59:59Z"),
        ("America/Los_Angeles", "2026-03-06T23:01:00Z", "2026-03-10T06:59:59Z"),
        ("America/Los_Angeles", "2026-03-09T21:59:00Z", "2026-03-10T06:59:59Z"),
        ("America/Los_Angeles", "2026-03-09T22:00:00Z", "2026-03-10T06:59:59Z"),
        ("America/Los_Angeles", "2026-03-09T22:01:00Z", "2026-03-11T06:59:59Z"),
        # UTC-7 until Sunday 1 November, UTC-8 after it.
        ("America/Los_Angeles", "2026-10-30T21:59:00Z", "2026-10-31T06:59:59Z"),
        ("America/Los_Angeles", "2026-10-30T22:00:00Z", "2026-10-31T06:59:59Z"),
        ("America/Los_Angeles", "2026-10-30T22:01:00Z", "2026-11-03T07:59:59Z"),
        ("America/Los_Angeles", "2026-11-02T22:59:00Z", "2026-11-03T07:59:59Z"),
        ("America/Los_Angeles", "2026-11-02T23:00:00Z", "2026-11-03T07:59:59Z"),
        ("America/Los_Angeles", "2026-11-02T23:01:00Z", "2026-11-04T07:59:59Z"),
    ],
)
def test_cut_off_and_ship_by_move_by_an_hour_in_utc_when_clocks_change(
    zone: str, ordered: str, ship_by: str
) -> None:
    """Without handling days, a minute before the cut-off, at it, and a minute after."""
    seller = Handling(days=0, cut_off=time(15, 0), zone_name=zone)

    assert to_text(promised(ordered, handling=seller).ship_by) == ship_by


@pytest.mark.parametrize(
    ("zone", "ordered", "window"),
    [
        # Sydney, 3 to 5 October: the 4th has 23 hours.
        (
            "Australia/Sydney",
            "2026-09-23",
            "2026-10-02T14:00:00Z to 2026-10-03T13:59:59Z",
        ),
        (
            "Australia/Sydney",
            "2026-09-24",
            "2026-10-03T14:00:00Z to 2026-10-04T12:59:59Z",
        ),
        (
            "Australia/Sydney",
            "2026-09-25",
            "2026-10-04T13:00:00Z to 2026-10-05T12:59:59Z",
        ),
        # 4 to 6 April: the 5th has 25 hours.
        (
            "Australia/Sydney",
            "2026-03-25",
            "2026-04-03T13:00:00Z to 2026-04-04T12:59:59Z",
        ),
        (
            "Australia/Sydney",
            "2026-03-26",
            "2026-04-04T13:00:00Z to 2026-04-05T13:59:59Z",
        ),
        (
            "Australia/Sydney",
            "2026-03-27",
            "2026-04-05T14:00:00Z to 2026-04-06T13:59:59Z",
        ),
        # Los Angeles, 7 to 9 March: the 8th has 23 hours.
        (
            "America/Los_Angeles",
            "2026-02-25",
            "2026-03-07T08:00:00Z to 2026-03-08T07:59:59Z",
        ),
        (
            "America/Los_Angeles",
            "2026-02-26",
            "2026-03-08T08:00:00Z to 2026-03-09T06:59:59Z",
        ),
        (
            "America/Los_Angeles",
            "2026-02-27",
            "2026-03-09T07:00:00Z to 2026-03-10T06:59:59Z",
        ),
        # 31 October to 2 November: the 1st has 25 hours.
        (
            "America/Los_Angeles",
            "2026-10-21",
            "2026-10-31T07:00:00Z to 2026-11-01T06:59:59Z",
        ),
        (
            "America/Los_Angeles",
            "2026-10-22",
            "2026-11-01T07:00:00Z to 2026-11-02T07:59:59Z",
        ),
        (
            "America/Los_Angeles",
            "2026-10-23",
            "2026-11-02T08:00:00Z to 2026-11-03T07:59:59Z",
        ),
    ],
)
def test_a_window_moves_by_an_hour_in_utc_when_the_clocks_of_the_buyer_change(
    zone: str, ordered: str, window: str
) -> None:
    """Shipped ten days before, at noon in Hong Kong, where clocks do not change."""
    made = promised(f"{ordered}T12:00:00+08:00", handling=SAME_DAY, transit=TEN_DAYS, zone=zone)

    assert str(made.window) == window


def test_a_day_ends_with_its_last_second_although_the_last_hour_comes_twice() -> None:
    """Santiago de Chile sets its clocks back from midnight to 23:00 on Saturday 4 April 2026."""
    transit = Transit(least=1, most=1, unit=DayUnit.CALENDAR)

    made = promised(
        "2026-04-03T10:00:00+08:00", handling=SAME_DAY, transit=transit, zone="America/Santiago"
    )

    assert str(made.window) == "2026-04-04T03:00:00Z to 2026-04-05T03:59:59Z"


@pytest.mark.parametrize("fold", [0, 1])
@pytest.mark.parametrize(
    ("ordered", "ship_by"),
    [
        # 1 November, 01:30 for the first time, in UTC-7: at it, a minute after, and an hour after,
        # when the clocks show 01:15 again.
        ("2026-11-01T08:30:00Z", "2026-11-02T07:59:59Z"),
        ("2026-11-01T08:31:00Z", "2026-11-03T07:59:59Z"),
        ("2026-11-01T09:15:00Z", "2026-11-03T07:59:59Z"),
    ],
)
def test_a_cut_off_that_comes_twice_is_over_with_the_first(
    ordered: str, ship_by: str, fold: int
) -> None:
    """An order that is placed later is never promised earlier, whatever the clocks show."""
    seller = Handling(days=0, cut_off=time(1, 30, fold=fold), zone_name="America/Los_Angeles")
    every_day = ListedCalendar(name="every day", weekend=(), known_through=None)

    made = promised(ordered, handling=seller, origin=every_day)

    assert to_text(made.ship_by) == ship_by


def test_a_promise_says_which_calendar_counted_what_and_how_far() -> None:
    """Handling at the origin, transit at the destination; each with the last day that it knew of."""
    made = promised("2026-03-05T10:00:00+08:00", origin=Lantern())

    assert made.calendars == (
        CalendarUse(
            "lantern",
            date(2026, 12, 31),
            purpose=CalendarPurpose.HANDLING,
            counted_through=date(2026, 3, 6),
        ),
        CalendarUse(
            "weekends only",
            None,
            purpose=CalendarPurpose.TRANSIT,
            counted_through=date(2026, 3, 19),
        ),
    )


def test_one_calendar_at_both_ends_is_named_for_each() -> None:
    """It is asked twice, and each time for other days: 10 March is free at both ends."""
    made = promised("2026-03-06T10:00:00+08:00", origin=Lantern(), destination=Lantern())

    assert [(use.name, use.purpose, use.counted_through) for use in made.calendars] == [
        ("lantern", CalendarPurpose.HANDLING, date(2026, 3, 9)),
        ("lantern", CalendarPurpose.TRANSIT, date(2026, 3, 23)),
    ]


def test_calendar_days_of_transit_rest_on_no_calendar() -> None:
    """Whichever was passed in for the destination."""
    made = promised("2026-03-05T10:00:00+08:00", transit=TEN_DAYS, destination=Lantern())

    assert [str(use) for use in made.calendars] == [
        "weekends only, handling at the origin through 2026-03-06"
    ]


@pytest.mark.parametrize(
    ("known_through", "uncertain_after"),
    [
        (None, None),
        (date(2026, 12, 31), date(2026, 12, 31)),
        (date(2027, 1, 3), date(2027, 1, 3)),
        (date(2027, 1, 4), None),
        (date(2027, 12, 31), None),
    ],
)
def test_beyond_what_the_origin_knows_ship_by_is_uncertain(
    known_through: date | None, uncertain_after: date | None
) -> None:
    """Ordered on Thursday 31 December after the cut-off: shipped on Monday 4 January."""
    origin = ListedCalendar(name="Hong Kong", known_through=known_through)

    made = promised("2026-12-31T15:01:00+08:00", transit=TEN_DAYS, origin=origin)

    assert made.ship_by == instant("2027-01-04T23:59:59+08:00")
    assert made.uncertain_after == uncertain_after
    assert made.is_within_calendars is (uncertain_after is None)


@pytest.mark.parametrize(
    ("ordered", "days", "ship_by"),
    [
        # Thursday 31 December; Friday 1 January is free.
        ("2026-12-31T14:59:00+08:00", 0, "2026-12-31T23:59:59+08:00"),
        ("2026-12-31T14:59:00+08:00", 1, "2027-01-04T23:59:59+08:00"),
        ("2026-12-31T15:01:00+08:00", 0, "2027-01-04T23:59:59+08:00"),
        ("2026-12-31T15:01:00+08:00", 1, "2027-01-05T23:59:59+08:00"),
        ("2027-01-01T00:00:00+08:00", 1, "2027-01-05T23:59:59+08:00"),
    ],
)
def test_a_year_ends_like_any_day(ordered: str, days: int, ship_by: str) -> None:
    """With what is known of the next one."""
    origin = ListedCalendar(
        name="Hong Kong", holidays={date(2027, 1, 1)}, known_through=date(2027, 12, 31)
    )
    handling = attrs.evolve(HONG_KONG, days=days)

    made = promised(ordered, handling=handling, origin=origin)

    assert made.ship_by == instant(ship_by)
    assert made.is_within_calendars


@pytest.mark.parametrize(
    ("known_through", "uncertain_after"),
    [
        (date(2026, 3, 8), date(2026, 3, 8)),
        (date(2026, 3, 9), None),
    ],
)
def test_beyond_what_the_destination_knows_the_window_is_uncertain(
    known_through: date, uncertain_after: date | None
) -> None:
    """Shipped on Thursday 5 March, two business days: its last day is Monday 9 March."""
    destination = ListedCalendar(name="California", known_through=known_through)

    made = promised(
        "2026-03-05T10:00:00+08:00",
        handling=SAME_DAY,
        transit=ONE_OR_TWO,
        zone="America/Los_Angeles",
        destination=destination,
    )

    # The local day counts: in UTC, it is the 10th already.
    assert to_text(made.window.latest) == "2026-03-10T06:59:59Z"
    assert made.uncertain_after == uncertain_after


def test_of_two_limits_the_earlier_one_counts() -> None:
    """From then on anything may be otherwise."""
    made = promised(
        "2026-04-03T10:00:00+08:00",
        origin=attrs.evolve(CHINA, name="China"),
        destination=attrs.evolve(UNITED_STATES, name="US", known_through=date(2026, 4, 2)),
    )

    assert [use.is_within_calendars for use in made.calendars] == [False, False]
    assert made.uncertain_after == date(2026, 4, 2)
    assert list(map(str, made.calendars)) == [
        "China, handling at the origin through 2026-04-06, known through 2026-04-03 only",
        "US, transit at the destination through 2026-04-17, known through 2026-04-02 only",
    ]


def test_an_order_from_before_a_calendar_begins_is_refused() -> None:
    """The calendar is the wrong one, and nobody has to guess at the past."""
    with pytest.raises(InvalidValueError, match="is before mainland China 2026 begins"):
        promised("2025-12-31T10:00:00+08:00", origin=CHINA)


def test_weekends_alone_are_known_for_ever() -> None:
    """Which is not to say that there are no holidays."""
    assert promised("2026-02-13T10:00:00+08:00").is_within_calendars
    assert Promise(
        ship_by=instant("2026-03-06T15:59:59Z"),
        window=Window(instant("2026-03-07T00:00:00Z"), instant("2026-03-08T00:00:00Z")),
    ).is_within_calendars


def test_a_promise_can_be_stored_with_all_that_it_rests_on() -> None:
    """And is as certain when it is read."""
    made = promised("2026-04-03T10:00:00+08:00", origin=CHINA)

    again = loads(dumps(made), Promise)

    assert again == made
    assert again.uncertain_after == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("field", "wrong", "problem"),
    [
        ("days", "1", "handling days is given as str; allowed: a whole number (int)"),
        ("days", 1.0, "handling days is given as float; allowed: a whole number (int)"),
        ("days", True, "handling days is given as bool; allowed: a whole number (int)"),
        ("cut_off", "15:00", "cut-off is given as str; allowed: time"),
        ("cut_off", datetime(2026, 3, 6, 15), "cut-off is given as datetime; allowed: time"),  # noqa: DTZ001
        ("zone_name", None, "time zone is given as NoneType; allowed: str"),
        ("zone_name", 8, "time zone is given as int; allowed: str"),
        ("zone_name", ["UTC"], "time zone is given as list; allowed: str"),
    ],
)
def test_handling_takes_nothing_for_what_it_is_not(field: str, wrong: object, problem: str) -> None:
    """A number is no time zone, a moment no time of day."""
    fields: dict[str, object] = {"days": 1, "cut_off": time(15, 0), "zone_name": "UTC"}

    with pytest.raises(InvalidTypeError) as caught:
        Handling(**{**fields, field: wrong})  # type: ignore[arg-type]  # wrong on purpose

    assert str(caught.value) == problem


def test_transit_takes_nothing_for_what_it_is_not() -> None:
    """A text is neither a number nor a unit."""
    with pytest.raises(InvalidTypeError, match="transit days is given as str"):
        Transit(least="5", most=9, unit=DayUnit.BUSINESS)  # type: ignore[arg-type]
    with pytest.raises(InvalidTypeError, match="unit of transit is given as str; allowed: DayUnit"):
        Transit(least=5, most=9, unit="business days")  # type: ignore[arg-type]


def test_an_order_is_placed_at_an_instant_and_delivered_in_a_zone() -> None:
    """A time without a zone is refused, and so is a number."""
    with pytest.raises(InvalidValueError, match="has no zone"):
        promised("2026-03-05T10:00:00")
    with pytest.raises(InvalidTypeError, match="instant is given as int"):
        promise(
            1772676000,  # type: ignore[arg-type]
            handling=HONG_KONG,
            transit=TEN_DAYS,
            destination_zone="UTC",
        )
    with pytest.raises(InvalidTypeError, match="time zone is given as int; allowed: str"):
        promised("2026-03-05T10:00:00+08:00", zone=8)  # type: ignore[arg-type]


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
    with pytest.raises(InvalidValueError, match="is out of range"):
        Transit(least=days, most=365, unit=DayUnit.BUSINESS)

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
