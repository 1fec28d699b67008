"""The strategies give what they say, shrink to what they say, and register with Hypothesis."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase as Stage
from hypothesis import find, given, settings
from hypothesis import strategies as st

import apaclogistics
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.testing import strategies
from apaclogistics.testing.registration import register
from apaclogistics.testing.strategies import (
    actors,
    addresses,
    countries,
    currencies,
    customs_items,
    dimensions,
    exchange_rates,
    histories,
    instants,
    milestones,
    moments,
    monies,
    opaque_numbers,
    parties,
    phases,
    places,
    s10_numbers,
    scans,
    speedpak_numbers,
    sscc_numbers,
    tracking_numbers,
    trackings,
    weights,
    windows,
)
from apaclogistics.tracking import Scan, Tracking, track
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import (
    OpaqueNumber,
    S10Number,
    SpeedPakNumber,
    SsccNumber,
    TrackingNumber,
    tracking_number,
)
from apaclogistics.values.instants import Instant, Moment, Precision, Window, instant
from apaclogistics.values.money import Currency, ExchangeRate, Money
from apaclogistics.values.places import Address, Country, Party, Place
from apaclogistics.values.quantities import Dimensions, Weight

HONG_KONG = Address(country="HK")
FIRST = instant("2000-01-01T00:00:00Z")
MONDAY = instant("2026-03-02T00:00:00Z")

SHRUNK: dict[str, tuple[st.SearchStrategy[object], object]] = {
    "actors()": (actors(), Actor(Role.SELLER, "0")),
    "actors(role=Role.CARRIER)": (actors(role=Role.CARRIER), Actor(Role.CARRIER, "0")),
    "addresses()": (addresses(), HONG_KONG),
    "countries()": (countries(), Country("HK")),
    "currencies()": (currencies(), Currency("USD")),
    "customs_items()": (
        customs_items(),
        CustomsItem(description="0", quantity=1, value=Money(0, "USD")),
    ),
    "dimensions()": (dimensions(), Dimensions(1, 1, 1)),
    "dimensions(min_mm=20)": (dimensions(min_mm=20), Dimensions(20, 20, 20)),
    "exchange_rates()": (
        exchange_rates(),
        ExchangeRate(base="USD", quote="USD", rate="1", at=FIRST, source=""),
    ),
    "histories()": (histories(), []),
    "instants()": (instants(), FIRST),
    "instants(min_value=MONDAY)": (instants(min_value=MONDAY), MONDAY),
    "milestones()": (milestones(), Milestone.REGISTERED),
    "moments()": (moments(), Moment(FIRST)),
    "moments(precisions=[Precision.LOCAL_DAY])": (
        moments(precisions=[Precision.LOCAL_DAY]),
        Moment.read("2000-01-01"),
    ),
    "moments(precisions=[Precision.LOCAL_TIME])": (
        moments(precisions=[Precision.LOCAL_TIME]),
        Moment.read("2000-01-01T00:00"),
    ),
    "monies()": (monies(), Money(0, "USD")),
    "monies(currency='JPY', max_minor=-5)": (
        monies(currency="JPY", max_minor=-5),
        Money(-5, "JPY"),
    ),
    "monies(currency=Currency('KWD'), min_minor=7)": (
        monies(currency=Currency("KWD"), min_minor=7),
        Money(7, "KWD"),
    ),
    "opaque_numbers()": (opaque_numbers(), OpaqueNumber("0")),
    "parties()": (parties(), Party(address=HONG_KONG)),
    "parties(country='AU')": (parties(country="AU"), Party(address=Address(country="AU"))),
    "phases()": (phases(), Phase.DRAFT),
    "places()": (places(), Place()),
    "s10_numbers()": (s10_numbers(), S10Number("AA", "00000000", "AA")),
    "s10_numbers(service='RR', country='HK')": (
        s10_numbers(service="RR", country="HK"),
        S10Number("RR", "00000000", "HK"),
    ),
    "scans(number='1')": (
        scans(number="1"),
        Scan(carrier="HKPOST", number="1", code="A1", at=Moment(MONDAY)),
    ),
    "speedpak_numbers()": (speedpak_numbers(), SpeedPakNumber("EE" + "0" * 26)),
    "sscc_numbers()": (sscc_numbers(), SsccNumber("0" * 17)),
    "tracking_numbers()": (tracking_numbers(), OpaqueNumber("0")),
    "trackings()": (trackings(), track([])),
    "weights()": (weights(), Weight(1)),
    "weights(min_grams=500, max_grams=2000)": (weights(min_grams=500, max_grams=2000), Weight(500)),
    "windows()": (windows(), Window(FIRST, FIRST)),
}


TYPES = (
    Actor,
    Address,
    Country,
    Currency,
    CustomsItem,
    Dimensions,
    ExchangeRate,
    Moment,
    Money,
    OpaqueNumber,
    Party,
    Place,
    S10Number,
    Scan,
    SpeedPakNumber,
    SsccNumber,
    Tracking,
    Weight,
    Window,
)


def smallest(strategy: st.SearchStrategy[object]) -> object:
    """Give what a strategy shrinks to; explaining it would take longer than finding it."""
    return find(strategy, anything, settings=settings(phases=[Stage.generate, Stage.shrink]))


def anything(_: object) -> bool:
    """Be satisfied with whatever is found."""
    return True


def satisfying(what: str, condition: Callable[[list[Scan]], bool]) -> object:
    """Name a condition that some history meets."""
    return pytest.param(condition, id=what)


@pytest.mark.parametrize(("strategy", "expected"), SHRUNK.values(), ids=SHRUNK)
def test_a_strategy_shrinks_to_what_its_docstring_says(
    strategy: st.SearchStrategy[object], expected: object
) -> None:
    """So a failing example is as plain as can be."""
    assert smallest(strategy) == expected


@pytest.mark.parametrize(
    "condition",
    [
        satisfying("delivered", lambda it: track(it).phase is Phase.DELIVERED),
        satisfying("returned after delivery", lambda it: len(track(it).legs) > 1),
        satisfying("lost", lambda it: track(it).phase is Phase.LOST),
        satisfying("contradicting itself", lambda it: bool(track(it).discrepancies)),
        satisfying("retracted", lambda it: any(entry.is_void for entry in track(it).timeline)),
        satisfying("of a scan that never came", lambda it: unseen(it) and len(it) > 1),
        satisfying("equally early", lambda it: len({scan.at.earliest for scan in it}) < len(it)),
        satisfying("unknown", lambda it: any(scan.milestone is None for scan in it)),
        satisfying("local times", lambda it: any(not scan.at.is_exact for scan in it)),
        satisfying("meaning changed", lambda it: len({scan.key for scan in it}) < len(set(it))),
        satisfying("full", lambda it: len(it) == 12),
    ],
)
def test_histories_have_everything_that_goes_wrong(condition: Callable[[list[Scan]], bool]) -> None:
    """Each of it is found, so the laws are tried on it."""
    found = find(
        histories(), condition, settings=settings(max_examples=2000, phases=[Stage.generate])
    )

    assert condition(found)


def test_a_history_shrinks_to_the_scans_that_matter() -> None:
    """Two of them are enough for a contradiction."""
    found = find(
        histories(),
        lambda it: bool(track(it).discrepancies),
        settings=settings(max_examples=2000, phases=[Stage.generate, Stage.shrink]),
    )

    assert len(found) == 2


def unseen(history: list[Scan]) -> bool:
    """Tell whether a history retracts what is not in it."""
    return not {scan.voids for scan in history} - {None} <= {scan.key for scan in history}


@given(histories(carrier="USPS", number="1", min_size=2, max_size=4))
def test_a_history_is_of_one_parcel(history: list[Scan]) -> None:
    """And as long as it was asked to be."""
    keys = {scan.voids or scan.key for scan in history}

    assert 2 <= len(history) <= 4
    assert {(key.carrier, key.number) for key in keys} == {("USPS", "1")}
    assert {(scan.carrier, scan.number) for scan in history} == {("USPS", "1")}


@given(
    monies(currency="HKD", min_minor=-3, max_minor=3), weights(max_grams=9), dimensions(max_mm=9)
)
def test_quantities_keep_to_their_limits(money: Money, weight: Weight, box: Dimensions) -> None:
    """Both ends included."""
    assert -3 <= money.minor <= 3
    assert money.currency == Currency("HKD")
    assert 1 <= weight.grams <= 9
    assert box.length_mm <= 9


@given(st.data())
def test_instants_and_windows_keep_to_their_limits(data: st.DataObject) -> None:
    """Both ends included."""
    last = MONDAY.add(microseconds=1)
    at = data.draw(instants(min_value=MONDAY, max_value=last))
    window = data.draw(windows(min_value=MONDAY, max_value=last))

    assert MONDAY <= at <= last
    assert MONDAY <= window.earliest <= window.latest <= last


@given(moments(at=st.just(MONDAY)))
def test_moments_are_read_off_the_instants_that_are_given(moment: Moment) -> None:
    """In each of the three precisions."""
    readings = {Moment(MONDAY), Moment.read("2026-03-02"), Moment.read("2026-03-02T00:00:00")}

    assert moment in readings


@given(tracking_numbers())
def test_tracking_numbers_are_recognised_as_what_they_are(number: TrackingNumber) -> None:
    """Opaque ones included."""
    assert tracking_number(str(number)) == number


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_hypothesis_finds_a_strategy_from_the_type(kind: type) -> None:
    """The smallest value is that of the strategy of this name."""
    register()

    found = smallest(st.from_type(kind))

    assert type(found) is kind


def test_registering_twice_is_registering_once() -> None:
    """Hypothesis calls it by itself, and a test suite may call it again."""
    register()
    register()

    assert smallest(st.from_type(Money)) == Money(0, "USD")


@pytest.mark.parametrize(
    ("kind", "plural"), strategies.BY_TYPE.items(), ids=lambda it: getattr(it, "__name__", "")
)
def test_what_hypothesis_knows_by_its_type_has_a_public_name(
    kind: type, plural: Callable[[], st.SearchStrategy[object]]
) -> None:
    """So that its options can be given."""
    assert plural.__name__ in strategies.__all__, kind
    assert getattr(strategies, plural.__name__) is plural


def test_the_class_of_instants_is_left_alone() -> None:
    """It is pendulum's: another library may have its own idea of it."""
    assert Instant not in strategies.BY_TYPE


@pytest.mark.parametrize(
    "first", ["hypothesis", "hypothesis.strategies", "apaclogistics.testing.strategies"]
)
def test_hypothesis_registers_the_types_whatever_is_imported_first(
    first: str, tmp_path: Path
) -> None:
    """Its entry point is called at the end of its own import, which may be halfway through ours."""
    metadata = tmp_path / "installed-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: installed\nVersion: 1.0\n")
    entry = "[hypothesis]\nit = apaclogistics.testing.registration:register\n"
    (metadata / "entry_points.txt").write_text(entry)
    source = str(Path(apaclogistics.__file__).parents[1])
    script = (
        f"import {first}\n"
        "from hypothesis import find, strategies\n"
        "from apaclogistics.values.money import Money\n"
        "print(find(strategies.from_type(Money), lambda money: True))\n"
    )

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), source))},
        text=True,
    )

    assert done.stdout == "0.00 USD\n"
