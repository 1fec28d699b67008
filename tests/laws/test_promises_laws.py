"""The laws of promises.

* *After the order*: handover is due no earlier than the second of the order, and the window opens
  before it closes, at midnight and with a last second of the buyer's days.
* *Monotone*: whoever orders later is never promised anything earlier; neither are more days of
  handling or of transit.
* *Holidays and workdays*: one more day off makes nothing earlier, one more day worked nothing later.
* *Nothing else*: a promise rests on the days that it says it counted, in the calendars that were
  passed in, and on no others; it is certain if those are known.
* *An extra is no calendar*: whether the library holidays is installed or not changes nothing.

Calendars are as wild as they may be: any weekend, any days off, any days worked.
"""

import subprocess
import sys
from datetime import date, timedelta
from typing import Final

import attrs
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.promises import CalendarUse, DayUnit, Handling, Promise, Transit, promise
from apaclogistics.testing.strategies import instants
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar, ListedCalendar
from apaclogistics.values.instants import Instant, in_zone, instant

# Clocks that never change, change in the north and in the south, at midnight, and by half an hour;
# the first place to see a day, and one of the last.
ZONES: Final = (
    "Asia/Hong_Kong",
    "America/Los_Angeles",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Cairo",
    "America/Havana",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
BEGIN: Final = date(2026, 1, 1)

zones = st.sampled_from(ZONES)
orders = instants(min_value=instant("2026-02-01T00:00:00Z"), max_value=instant("2027-02-01T00:00Z"))
# Within reach of the orders.
days = st.dates(BEGIN, date(2027, 6, 30))
# More often than not, a day between the order and its delivery.
near = st.integers(-2, 30)
counts = st.integers(0, 12)


@st.composite
def calendars(draw: st.DrawFn) -> ListedCalendar:
    """Give calendars with a weekend that leaves a day, and lists that do not contradict it."""
    worked = draw(st.frozensets(days, max_size=20))
    begin = draw(days)
    off = {begin + timedelta(days=step) for step in draw(st.frozensets(near, max_size=20))}
    return ListedCalendar(
        name="any",
        holidays=off - worked,
        workdays=worked,
        weekend=draw(st.frozensets(st.integers(0, 6), max_size=6)),
        known_through=draw(st.none() | days),
    )


@attrs.frozen(kw_only=True)
class Case:
    """What a promise is made of."""

    ordered_at: Instant
    handling: Handling
    transit: Transit
    zone: str
    origin: BusinessCalendar
    destination: BusinessCalendar

    def made(self) -> Promise:
        """Make the promise."""
        return promise(
            self.ordered_at,
            handling=self.handling,
            transit=self.transit,
            destination_zone=self.zone,
            origin_calendar=self.origin,
            destination_calendar=self.destination,
        )


@st.composite
def transits(draw: st.DrawFn) -> Transit:
    """Give ranges of up to two dozen days."""
    least = draw(counts)
    unit = draw(st.sampled_from(DayUnit))
    return Transit(least=least, most=least + draw(counts), unit=unit)


cases = st.builds(
    Case,
    ordered_at=orders,
    handling=st.builds(Handling, days=counts, cut_off=st.times(), zone_name=zones),
    transit=transits(),
    zone=zones,
    origin=calendars() | st.just(WEEKENDS),
    destination=calendars() | st.just(WEEKENDS),
)
listed_cases = st.builds(
    lambda case, origin, destination: attrs.evolve(case, origin=origin, destination=destination),
    cases,
    calendars(),
    calendars(),
)


def ends(made: Promise) -> tuple[Instant, Instant, Instant]:
    """Give the three instants that are promised."""
    return made.ship_by, made.window.earliest, made.window.latest


def is_nowhere_earlier(one: Promise, other: Promise) -> bool:
    """Tell whether none of the three instants is earlier than the other's."""
    return all(mine >= theirs for mine, theirs in zip(ends(one), ends(other), strict=True))


@given(cases)
def test_handover_is_never_due_before_the_order(case: Case) -> None:
    """To the second: the last one of a day is part of it."""
    assert case.made().ship_by >= case.ordered_at.replace(microsecond=0)


@given(cases)
def test_a_window_opens_before_it_closes(case: Case) -> None:
    """By the length of a day at least, of which the shortest has 23 hours."""
    window = case.made().window

    assert window.latest - window.earliest >= timedelta(hours=23) - timedelta(seconds=1)


@given(cases)
def test_a_promise_ends_with_the_last_second_of_a_local_day(case: Case) -> None:
    """A second later, it is another day; the window opens with a day that was not the second before."""
    made = case.made()
    second = timedelta(seconds=1)
    moments = [
        (made.ship_by, case.handling.zone_name),
        (made.window.latest, case.zone),
        (instant(made.window.earliest - second), case.zone),
    ]

    for last, zone in moments:
        after = in_zone(instant(last + second), zone)
        assert in_zone(last, zone).toordinal() + 1 == after.toordinal()


@given(cases, st.timedeltas(timedelta(0), timedelta(days=10)))
def test_whoever_orders_later_is_never_promised_earlier(case: Case, later: timedelta) -> None:
    """Neither across a cut-off, nor in the hour that comes twice."""
    second = attrs.evolve(case, ordered_at=instant(case.ordered_at + later))

    assert is_nowhere_earlier(second.made(), case.made())


@given(cases, counts)
def test_more_handling_makes_nothing_earlier(case: Case, more: int) -> None:
    """Neither the handover nor the delivery."""
    slower = attrs.evolve(case.handling, days=case.handling.days + more)

    assert is_nowhere_earlier(attrs.evolve(case, handling=slower).made(), case.made())


@given(cases, counts, counts)
def test_more_transit_makes_nothing_earlier_and_leaves_the_handover(
    case: Case, more: int, still_more: int
) -> None:
    """The ends of the range act each on its own end of the window."""
    least = case.transit.least + more
    slower = attrs.evolve(case.transit, least=least, most=case.transit.most + more + still_more)
    made = attrs.evolve(case, transit=slower).made()

    assert is_nowhere_earlier(made, case.made())
    assert made.ship_by == case.made().ship_by


@given(listed_cases, near, st.booleans())
def test_one_more_day_off_makes_nothing_earlier(case: Case, step: int, at_origin: bool) -> None:  # noqa: FBT001
    """At either end."""
    day = case.ordered_at.date() + timedelta(days=step)

    assert is_nowhere_earlier(changed(case, at_origin=at_origin, off=day).made(), case.made())


@given(listed_cases, near, st.booleans())
def test_one_more_day_worked_makes_nothing_later(case: Case, step: int, at_origin: bool) -> None:  # noqa: FBT001
    """At either end."""
    day = case.ordered_at.date() + timedelta(days=step)

    assert is_nowhere_earlier(case.made(), changed(case, at_origin=at_origin, worked=day).made())


def changed(
    case: Case, *, at_origin: bool, off: date | None = None, worked: date | None = None
) -> Case:
    """List one day more, as off or as worked, in the calendar of one end."""
    calendar = case.origin if at_origin else case.destination
    assert isinstance(calendar, ListedCalendar)
    day = frozenset({off or worked or BEGIN})
    listed = attrs.evolve(
        calendar,
        holidays=(calendar.holidays | day) if off else calendar.holidays - day,
        workdays=(calendar.workdays | day) if worked else calendar.workdays - day,
    )
    if at_origin:
        return attrs.evolve(case, origin=listed)
    return attrs.evolve(case, destination=listed)


@attrs.frozen
class Elsewhere:
    """A calendar that answers as another does through a day, and the contrary from then on."""

    calendar: BusinessCalendar
    through: date

    @property
    def name(self) -> str:
        """Go by the same name."""
        return self.calendar.name

    @property
    def known_through(self) -> date | None:
        """Know as much."""
        return self.calendar.known_through

    def is_business_day(self, day: date) -> bool:
        """Agree or disagree."""
        return self.calendar.is_business_day(day) == (day <= self.through)


def counted_through(uses: tuple[CalendarUse, ...], at: int) -> date:
    """Give the day through which the first or second use counted; where there is none, any."""
    through = uses[at].counted_through if len(uses) > at else BEGIN
    assert through is not None
    return through


@given(cases)
def test_a_promise_rests_on_no_day_after_those_that_it_says_it_counted(case: Case) -> None:
    """However the calendars go on from there."""
    made = case.made()
    origin = Elsewhere(case.origin, counted_through(made.calendars, 0))
    destination = Elsewhere(case.destination, counted_through(made.calendars, 1))

    assert attrs.evolve(case, origin=origin, destination=destination).made() == made


@given(listed_cases)
def test_a_promise_is_within_calendars_if_its_calendars_knew_what_they_counted(case: Case) -> None:
    """And if not, the first of the limits says after which day."""
    made = case.made()
    limits = [
        use.known_through
        for use in made.calendars
        if use.known_through and use.counted_through > use.known_through
    ]

    assert made.uncertain_after == (min(limits) if limits else None)
    assert made.is_within_calendars == (not limits)


PROMISE: Final = """
import sys
if sys.argv[1] == "hidden":
    sys.modules["holidays"] = None
from datetime import time
from apaclogistics import DayUnit, Handling, Transit, instant, promise
made = promise(
    instant("2026-02-13T06:59:00Z"),
    handling=Handling(days=1, cut_off=time(15), zone_name="Asia/Shanghai"),
    transit=Transit(least=5, most=9, unit=DayUnit.BUSINESS),
    destination_zone="America/New_York",
)
print(made.ship_by, made.window, *made.calendars)
print([name for name in sys.modules if name.startswith(("holidays", "apaclogistics.adapters"))])
"""


def test_an_installed_extra_changes_no_promise_that_it_was_not_passed_into() -> None:
    """Across the lunar new year, the default knows weekends and nothing else; nobody looks."""
    found, hidden = (
        subprocess.run(
            [sys.executable, "-c", PROMISE, kind], capture_output=True, check=True, text=True
        ).stdout
        for kind in ("found", "hidden")
    )

    first, loaded = found.splitlines()
    assert first == (
        "2026-02-16 15:59:59+00:00 2026-02-23T05:00:00Z to 2026-02-28T04:59:59Z "
        "weekends only, handling at the origin through 2026-02-16 "
        "weekends only, transit at the destination through 2026-02-27"
    )
    assert loaded == "[]"
    assert hidden.splitlines()[0] == first
