"""Calendars of the library holidays are plain values, and say how far they know.

Days are written out by hand, from what governments announced.  What depends on the release of the
library, such as the last year that is announced, is bounded and not written out.
"""

import re
from datetime import date, time, timedelta
from pathlib import Path

import attrs
import pytest

pytest.importorskip("holidays", reason="needs the extra 'holidays'")

from holidays import country_holidays

from apaclogistics.adapters.holidays import calendar
from apaclogistics.codec import dumps, loads
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.promises import DayUnit, Handling, Promise, Transit, promise
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar, ListedCalendar
from apaclogistics.values.instants import instant, to_text
from apaclogistics.values.places import Country

CHINA = calendar("CN", first_year=2026, last_year=2026)
UNITED_STATES = calendar("US", first_year=2026, last_year=2026)


def free(listed: BusinessCalendar, first: date, last: date) -> list[str]:
    """List the days without business between two days, both included, as "02-14"."""
    span = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    return [f"{day:%m-%d}" for day in span if not listed.is_business_day(day)]


def worked_at_weekends(listed: ListedCalendar) -> list[date]:
    """List the weekend days that are worked."""
    return sorted(listed.workdays)


def promised(ordered: str, origin: BusinessCalendar, destination: BusinessCalendar) -> Promise:
    """Promise an order from Shenzhen to New York: one day of handling, five to nine of transit."""
    return promise(
        instant(ordered),
        handling=Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Shanghai"),
        transit=Transit(least=5, most=9, unit=DayUnit.BUSINESS),
        destination_zone="America/New_York",
        origin_calendar=origin,
        destination_calendar=destination,
    )


# Source: General Office of the State Council, notice on the arrangement of holidays in 2026
# (November 2025).


def test_the_lunar_new_year_in_mainland_china_is_as_announced() -> None:
    """Off from Sunday 15 to Monday 23 February; Saturdays 14 and 28 are worked."""
    assert free(CHINA, date(2026, 2, 9), date(2026, 3, 1)) == [
        *("02-15", "02-16", "02-17", "02-18", "02-19", "02-20", "02-21", "02-22", "02-23"),
        "03-01",
    ]


def test_the_weekend_days_worked_in_mainland_china_are_as_announced() -> None:
    """Six of them, for New Year, the lunar new year, May and October."""
    assert worked_at_weekends(CHINA) == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]


@pytest.mark.parametrize(
    ("ordered", "ship_by", "window"),
    [
        # A minute before the cut-off on Friday 13 February, and a minute after.
        (
            "2026-02-13T14:59:00+08:00",
            "2026-02-14T15:59:59Z",
            "2026-02-23T05:00:00Z to 2026-02-28T04:59:59Z",
        ),
        (
            "2026-02-13T15:01:00+08:00",
            "2026-02-24T15:59:59Z",
            "2026-03-03T05:00:00Z to 2026-03-10T03:59:59Z",
        ),
    ],
)
def test_a_promise_goes_across_the_lunar_new_year(ordered: str, ship_by: str, window: str) -> None:
    """The same as with the days listed by hand; 16 February is a holiday in the United States."""
    made = promised(ordered, CHINA, UNITED_STATES)

    assert to_text(made.ship_by) == ship_by
    assert str(made.window) == window
    assert made.is_within_calendars


def test_what_was_not_passed_in_changes_nothing() -> None:
    """The extra is installed and in use here; the default knows weekends all the same."""
    made = promised("2026-02-13T14:59:00+08:00", WEEKENDS, WEEKENDS)

    assert to_text(made.ship_by) == "2026-02-16T15:59:59Z"
    assert str(made.window) == "2026-02-23T05:00:00Z to 2026-02-28T04:59:59Z"
    assert [use.name for use in made.calendars] == ["weekends only", "weekends only"]


@pytest.mark.parametrize(
    ("country", "subdivision", "first", "last", "expected"),
    [
        # Independence Day is observed on Friday, as 4 July is a Saturday.
        ("US", "", date(2026, 7, 1), date(2026, 7, 6), ["07-03", "07-04", "07-05"]),
        # Labour Day of New South Wales, and none in Victoria; the clocks change on the 4th.
        ("AU", "NSW", date(2026, 10, 1), date(2026, 10, 6), ["10-03", "10-04", "10-05"]),
        ("AU", "VIC", date(2026, 10, 1), date(2026, 10, 6), ["10-03", "10-04"]),
        # Boxing Day is a Saturday, and observed on Monday.
        (
            "GB",
            "ENG",
            date(2026, 12, 24),
            date(2026, 12, 31),
            ["12-25", "12-26", "12-27", "12-28"],
        ),
        # A bank holiday on 31 December is no public one.
        ("JP", "", date(2026, 12, 28), date(2026, 12, 31), []),
        # Friday and Saturday are the weekend.
        ("IL", "", date(2026, 3, 8), date(2026, 3, 14), ["03-13", "03-14"]),
    ],
)
def test_public_holidays_are_free_where_they_are_observed(
    country: str, subdivision: str, first: date, last: date, expected: list[str]
) -> None:
    """And on the weekend of the country."""
    listed = calendar(country, first_year=2026, last_year=2026, subdivision=subdivision)

    assert free(listed, first, last) == expected


@pytest.mark.parametrize(
    "country",
    (
        "AE AR AU BD BN BR CA CL CN DE EG ES FI FR GB ID IL IN IT JP KH KR KW KZ LK MX MY NG NL NP NZ"
        " PH PK PL PT RU SA SE SG TH TR TW US UZ VN ZA"
    ).split(),
)
def test_every_day_is_as_the_library_says(country: str) -> None:
    """Whatever the weekend, and however it was moved."""
    asked = country_holidays(country, years=range(2012, 2027))

    listed = calendar(country, first_year=2013, last_year=2026)

    days = [date(2013, 1, 1) + timedelta(days=count) for count in range(14 * 365)]
    assert [day for day in days if listed.is_business_day(day) != asked.is_working_day(day)] == []


def test_a_half_day_is_a_day_of_business() -> None:
    """In mainland China, women have the afternoon of 8 March off, and the young that of 4 May."""
    half_days = calendar("CN", first_year=2023, last_year=2024)

    assert half_days.is_business_day(date(2023, 3, 8))
    assert half_days.is_business_day(date(2023, 5, 4))


# Source: General Holidays Ordinance, list for 2026, as gazetted in May 2025.
GENERAL_HOLIDAYS = [
    *("01-01", "02-17", "02-18", "02-19", "04-03", "04-04", "04-06", "04-07", "05-01", "05-25"),
    *("06-19", "07-01", "09-26", "10-01", "10-19", "12-25", "12-26"),
]


def test_in_hong_kong_the_general_holidays_are_free() -> None:
    """All seventeen, Good Friday among them, which not every employee is paid for."""
    listed = calendar("HK", first_year=2026, last_year=2026)
    sundays = free(attrs.evolve(listed, holidays=()), date(2026, 1, 1), date(2026, 12, 31))

    found = free(listed, date(2026, 1, 1), date(2026, 12, 31))

    assert len(sundays) == 52
    assert [day for day in found if day not in sundays] == GENERAL_HOLIDAYS


def test_in_macau_the_public_holidays_are_free() -> None:
    """Not the mandatory ones alone: All Souls' Day is none of those."""
    listed = calendar("MO", first_year=2026, last_year=2026)

    assert free(listed, date(2026, 11, 1), date(2026, 11, 6)) == ["11-01", "11-02"]


def test_saturday_is_a_working_day_in_hong_kong_unless_somebody_rests() -> None:
    """By law only Sundays and general holidays are free: 4 April 2026 is one, and a Saturday."""
    law = calendar(Country("HK"), first_year=2026, last_year=2026)

    office = attrs.evolve(law, weekend={5, 6})

    assert free(law, date(2026, 3, 28), date(2026, 4, 4)) == ["03-29", "04-03", "04-04"]
    assert free(office, date(2026, 3, 28), date(2026, 4, 4)) == ["03-28", "03-29", "04-03", "04-04"]


def test_a_holiday_at_a_weekend_is_kept_for_whoever_works_then() -> None:
    """Saturday 4 July 2026 in the United States, beside the Friday when it is observed."""
    all_week = attrs.evolve(UNITED_STATES, weekend=())

    assert free(all_week, date(2026, 7, 1), date(2026, 7, 7)) == ["07-03", "07-04"]


def test_a_country_may_have_moved_its_weekend() -> None:
    """The Emirates went from Friday and Saturday to Saturday and Sunday with the year 2022."""
    listed = calendar("AE", first_year=2021, last_year=2022)

    assert listed.weekend == {5, 6}
    assert free(listed, date(2021, 11, 4), date(2021, 11, 10)) == ["11-05", "11-06"]
    assert free(listed, date(2022, 11, 3), date(2022, 11, 9)) == ["11-05", "11-06"]
    assert listed.is_business_day(date(2021, 11, 7))
    assert not listed.is_business_day(date(2022, 11, 6))
    assert listed.is_business_day(date(2022, 11, 4))


def test_a_notice_may_name_days_of_the_year_before() -> None:
    """For 3 January 2012, mainland China worked on Saturday 31 December 2011."""
    assert worked_at_weekends(calendar("CN", first_year=2011, last_year=2011))[-1] == date(
        2011, 12, 31
    )


def test_years_that_are_announced_are_known_to_their_ends() -> None:
    """The notice for 2026 is there, so all that it moved in December 2025 is known."""
    listed = calendar("CN", first_year=2024, last_year=2025)

    assert listed.known_from == date(2024, 1, 1)
    assert listed.known_through == date(2025, 12, 31)


def test_the_last_december_that_is_announced_is_known_in_part() -> None:
    """The notice of the next year may still move its last days, as it did in 2011 and in 2018."""
    listed = calendar("CN", first_year=2026, last_year=2045)

    assert listed.known_through is not None
    assert date(2026, 12, 19) <= listed.known_through < date(2045, 1, 1)
    assert (listed.known_through.month, listed.known_through.day) == (12, 19)


def test_a_promise_beyond_the_announced_years_says_so() -> None:
    """It is made with the statutory days, 1 to 3 October, and with one for the Sunday among them."""
    listed = calendar("CN", first_year=2026, last_year=2045)

    made = promised("2045-09-29T10:00:00+08:00", listed, WEEKENDS)

    assert to_text(made.ship_by) == "2045-10-05T15:59:59Z"
    assert made.uncertain_after == listed.known_through


@pytest.mark.parametrize("country", ["AE", "ID", "MY", "SA", "SG"])
@pytest.mark.parametrize("language", ["en_US", "zh_CN", ""])
def test_a_year_with_an_estimated_day_is_not_known(
    country: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of Ramadan is seen and not computed; whatever language the environment speaks."""
    monkeypatch.setenv("LANGUAGE", language)

    listed = calendar(country, first_year=2024, last_year=2040)

    assert listed.known_through is not None
    assert date(2023, 12, 31) <= listed.known_through < date(2039, 12, 31)
    assert (listed.known_through.month, listed.known_through.day) == (12, 31)


@pytest.mark.parametrize("country", ["AU", "CA", "DE", "GB", "HK", "JP", "KR", "US"])
def test_what_follows_from_law_or_the_sky_is_known(country: str) -> None:
    """Until a law is changed, which is another release of the library."""
    listed = calendar(country, first_year=2026, last_year=2045)

    assert listed.known_through == date(2045, 12, 31)


def test_a_calendar_says_where_its_days_come_from() -> None:
    """Library, release and country, so that a stored promise can be told from a later one."""
    victoria = calendar("AU", first_year=2026, last_year=2026, subdivision="VIC")

    name, release = victoria.name.removesuffix(", AU-VIC").split(" ")

    assert name == "holidays"
    assert release[0].isdigit()
    assert UNITED_STATES.name == f"holidays {release}, US"


def test_a_calendar_is_a_plain_value() -> None:
    """It compares, is stored, and asks nothing of the library any more."""
    again = calendar(Country("CN"), first_year=2026, last_year=2026)

    assert again == CHINA
    assert loads(dumps(CHINA), ListedCalendar) == CHINA
    with pytest.raises(InvalidValueError, match=r"is before holidays .*, CN begins"):
        CHINA.is_business_day(date(2025, 12, 31))


@pytest.mark.parametrize(
    ("country", "subdivision", "problem"),
    [
        ("UK", "", "country 'UK' is unknown to holidays; allowed: an alpha-2 code of ISO 3166-1"),
        ("cn", "", "an alpha-2 code of ISO 3166-1, nearest: CN"),
        ("", "", "country '' is unknown to holidays"),
        ("AU", "NSV", "subdivision of AU 'NSV' is unknown to holidays"),
        ("AU", "NSV", "a code of ISO 3166-2 without its country, nearest: NSW"),
        ("AU", "New South Wales", "'New South Wales' is unknown to holidays"),
        ("US", "ca", "nearest: CA"),
        ("SG", "01", "subdivision of SG '01' is unknown to holidays; allowed: none"),
    ],
)
def test_a_place_that_the_library_does_not_know_is_refused(
    country: str, subdivision: str, problem: str
) -> None:
    """With the nearest that it does; one way of writing each, so that names compare."""
    with pytest.raises(InvalidValueError) as caught:
        calendar(country, first_year=2026, last_year=2026, subdivision=subdivision)

    assert problem in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 156, ["CN"]])
def test_a_place_is_named_by_a_text(wrong: str) -> None:
    """Or by a country."""
    with pytest.raises(InvalidTypeError, match="country is given as"):
        calendar(wrong, first_year=2026, last_year=2026)
    with pytest.raises(InvalidTypeError, match="subdivision of CN is given as"):
        calendar("CN", first_year=2026, last_year=2026, subdivision=wrong)


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        (1949, 2026, "first year 1949 is out of range; allowed: 1950 to 2100"),
        (2101, 2101, "first year 2101 is out of range"),
        (2026, 2025, "last year 2025 is out of range; allowed: 2026 to 2045"),
        (2026, 2046, "last year 2046 is out of range; allowed: 2026 to 2045"),
        (2090, 2101, "last year 2101 is out of range; allowed: 2090 to 2100"),
    ],
)
def test_years_are_those_of_which_the_library_has_data(first: int, last: int, problem: str) -> None:
    """Up to twenty of them: of mainland China from 1950 on."""
    with pytest.raises(InvalidValueError) as caught:
        calendar("CN", first_year=first, last_year=last)

    assert problem in str(caught.value)


def test_the_last_year_of_the_library_can_be_had() -> None:
    """Christmas Day of 2100 is a Saturday, observed on Friday."""
    listed = calendar("US", first_year=2100, last_year=2100)

    assert free(listed, date(2100, 12, 22), date(2100, 12, 31)) == [
        "12-24",
        "12-25",
        "12-26",
        "12-31",
    ]
    assert listed.known_through == date(2100, 12, 31)


@pytest.mark.parametrize("wrong", ["2026", 2026.0, True, None])
def test_years_are_whole_numbers(wrong: int) -> None:
    """And not text."""
    with pytest.raises(InvalidTypeError, match="first year is given as"):
        calendar("CN", first_year=wrong, last_year=2026)
    with pytest.raises(InvalidTypeError, match="last year is given as"):
        calendar("CN", first_year=2026, last_year=wrong)


def test_the_example_in_the_documentation_runs() -> None:
    """It is shown as text there, since not every reader has the extra."""
    page = Path(__file__).parents[1] / "docs" / "how-to" / "promise-with-holidays.md"
    (example,) = re.findall(
        r"^```text\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    names: dict[str, object] = {}

    exec(example, names)  # noqa: S102  # our own page

    assert names["china"] == CHINA
    assert isinstance(names["california"], ListedCalendar)
