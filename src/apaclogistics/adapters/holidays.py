"""Public holidays of the world as plain calendars, by the library holidays (the extra ``holidays``).

What comes out is a `ListedCalendar`: a value to pass in where a calendar is asked for, to store and
to compare.  Nothing is asked of the library afterwards, and nobody who passes no calendar in is
affected by the extra.

Its days are the public holidays of a country or subdivision, with days that are observed instead,
and the weekend days that are worked to make up for bridges; half days, bank holidays and other
optional categories are left out.  For Hong Kong and Macau they are the days on which offices and
post are closed, which are more than those that every employee is paid for.  The weekend is the
country's own: Friday and Saturday in Saudi Arabia, and in Hong Kong Sunday alone, where Saturday is
a working day by law.  Who rests on it says so with ``attrs.evolve(calendar, weekend={5, 6})``.

`ListedCalendar.known_through` is as far as the library really knows:

* Where working days are moved about by a notice for each year, as in mainland China, it knows years
  that have one.  The notice for the next year may still move the last days of December.
* A year in which the library marks a day as estimated, such as the end of Ramadan, is not known.

Later days are answered with what the library makes of them, and a promise that rests on them is not
certain.

>>> china = calendar("CN", first_year=2025, last_year=2025)
>>> china.is_business_day(date(2025, 1, 26)), china.is_business_day(date(2025, 1, 28))
(True, False)
>>> china.known_through
datetime.date(2025, 12, 31)
>>> calendar("AU", first_year=2026, last_year=2026, subdivision="NSV")
Traceback (most recent call last):
    ...
apaclogistics.errors.InvalidValueError: subdivision of AU 'NSV' is unknown to holidays; allowed: a code of ISO 3166-2 without its country, nearest: NSW
"""

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta
from importlib.metadata import version
from types import MappingProxyType
from typing import Final

import holidays
from holidays import HolidayBase

from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.calendars import ListedCalendar
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import whole

__all__ = ("calendar",)

_HOLIDAYS: Final = f"holidays {version('holidays')}"
_ONE_DAY: Final = timedelta(days=1)
# Notices reach back into the December before: that of Armenia for 2015 made Saturday 20 December
# 2014 a working day, that of China for 2019 Saturday 29 December 2018.
# Source: the notices listed in holidays, countries.armenia and countries.china.
_LAST_SETTLED_DAY: Final = (12, 19)
# There, the library calls statutory (mandatory) holidays public, and the general (public) ones
# optional.  Source: Hong Kong, General Holidays Ordinance, Cap. 149, and Employment Ordinance,
# Cap. 57, section 39; Macau, Ordem Executiva 60/2000 and Lei 7/2008.
_CATEGORIES: Final = MappingProxyType(dict.fromkeys(("HK", "MO"), ("optional", "public")))
# There, the library leaves estimates unmarked unless it is asked.
_UNMARKED: Final = frozenset({"CI", "PS", "SA"})
# A bound on what is computed; a calendar of twenty years is longer than any use here.
_MOST_YEARS: Final = 20


def calendar(
    country: Country | str, *, first_year: int, last_year: int, subdivision: str = ""
) -> ListedCalendar:
    """List the business days of a country, or of one subdivision, in whole years.

    `country` is an ISO 3166-1 alpha-2 code, `subdivision` the part of an ISO 3166-2 code after the
    hyphen, as in "NSW" for New South Wales.  The name of the calendar tells both and the version of
    the library, so that equal names and years mean equal days.

    Raises:
        InvalidTypeError: if a code is no text, or a year no whole number.
        InvalidValueError: if the library does not know the country or subdivision, or has no data
            on a year, or for more than twenty years.
    """
    code = _known_country(country, subdivision)
    library = _library_calendar(code, subdivision, first_year, last_year)
    days = list(_days(date(first_year, 1, 1), date(last_year, 12, 31)))
    # The weekend of the last week: some countries moved theirs, such as the Emirates in 2022.
    weekend = {day.weekday() for day in days[-7:] if library.is_weekend(day)}
    worked = {day for day in days if library.is_working_day(day)}
    return ListedCalendar(
        name=f"{_HOLIDAYS}, {'-'.join(filter(None, (code, subdivision)))}",
        holidays={
            day
            for day in days
            if day not in worked and (day in library or day.weekday() not in weekend)
        },
        workdays={day for day in worked if day.weekday() in weekend},
        weekend=weekend,
        known_from=days[0],
        known_through=_known_through(library, last_year),
    )


def _known_country(country: Country | str, subdivision: str) -> str:
    code = country.code if isinstance(country, Country) else country
    subdivisions = holidays.list_supported_countries(include_aliases=False)
    _refuse_unknown("country", code, subdivisions, "an alpha-2 code of ISO 3166-1")
    form = "a code of ISO 3166-2 without its country" if subdivisions[code] else "none"
    _refuse_unknown(f"subdivision of {code}", subdivision, ("", *subdivisions[code]), form)
    return code


def _refuse_unknown(what: str, code: str, known: Collection[str], form: str) -> None:
    if not isinstance(code, str):
        raise InvalidTypeError(what, type(code).__name__, "text")
    if code not in known:
        near = difflib.get_close_matches(code[:8].upper(), known, n=3, cutoff=0.5)
        hint = f", nearest: {', '.join(near)}" if near else ""
        raise InvalidValueError(what, code, "is unknown to holidays", form + hint)


def _library_calendar(code: str, subdivision: str, first_year: int, last_year: int) -> HolidayBase:
    """Let the library compute the years.

    The language is said outright, since the library else takes the one of the environment.
    """
    build: Callable[..., HolidayBase] = getattr(holidays, code)
    blank = build()
    first = whole("first year", first_year, least=blank.start_year, most=blank.end_year)
    most = min(blank.end_year, first + _MOST_YEARS - 1)
    last = whole("last year", last_year, least=first, most=most)
    return build(
        subdiv=subdivision or None,
        years=range(first, last + 1),
        language=blank.default_language,
        categories=_CATEGORIES.get(code),
        **({"islamic_show_estimated": True} if code in _UNMARKED else {}),
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + _ONE_DAY * count for count in range((last - first).days + 1))


def _known_through(library: HolidayBase, last_year: int) -> date:
    """Give the last day of the last year that is known, unless a notice is still to come."""
    label: str = getattr(library, "estimated_label", "")
    mark = label.replace("%s", "").strip(" ()\uff08\uff09")
    estimated = {day.year for day, name in library.items() if mark and mark in name}
    through = date(min(estimated, default=last_year + 1) - 1, 12, 31)
    if not library.has_substituted_holidays:
        return through
    notices: Mapping[int, object] = getattr(library, "special_public_holidays", {})
    return min(through, date(max(notices, default=library.start_year), *_LAST_SETTLED_DAY))
