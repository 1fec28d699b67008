"""Laws of the codec.

* *Round trip*: what is written is read as what it was, down to the type of each part, the zone of
  each instant and the digits of each decimal.
* *One text*: what was read is written as the same text again, and the text says what the plain
  values say.
* *One spelling*: an instant is spelled as everywhere else.
* *Only faults*: whatever a text says, it is read as something that can be written, or refused with
  `CodecErrors`, whose faults are short sentences with paths into the document.
"""

import json
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Final, TypeAlias

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, DrawFn, SearchStrategy

from apaclogistics.codec import dumps, from_plain, loads, to_plain
from apaclogistics.errors import CodecError, CodecErrors
from apaclogistics.orders import Order
from apaclogistics.testing import strategies
from apaclogistics.testing._aggregates import AGGREGATE_STRATEGIES
from apaclogistics.testing._values import VALUE_STRATEGIES
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import ExchangeRate
from tests.test_codec import AGGREGATES, document

Plural: TypeAlias = Callable[[], SearchStrategy[object]]


VALUES: Final[dict[str, Plural]] = {
    **{kind.__name__: plural for kind, plural in VALUE_STRATEGIES.items()},
    "TrackingNumber": strategies.tracking_numbers,
    "Phase": strategies.phases,
    "Milestone": strategies.milestones,
    "Instant": strategies.instants,
}
AGREEMENTS: Final[dict[str, Plural]] = {
    kind.__name__: plural for kind, plural in AGGREGATE_STRATEGIES.items()
}

some = settings(max_examples=max(1, settings().max_examples // 4))
few = settings(max_examples=max(1, settings().max_examples // 10))

UTC: Final = instant("2026-03-01T00:00:00Z").tzinfo


def parts(value: object) -> list[tuple[str, object]]:
    """Give what a value is made of, and the way to each part."""
    if isinstance(value, frozenset):
        value = tuple(sorted(value, key=repr))
    if isinstance(value, tuple):
        return [(f"[{index}]", item) for index, item in enumerate(value)]
    kind = type(value)
    names = [field.name for field in attrs.fields(kind)] if attrs.has(kind) else []
    return [(f".{name}", getattr(value, name)) for name in names]


def anatomy(value: object, path: str = "$") -> Iterator[tuple[str, type, str]]:
    """Take a value apart, to the last type, zone and digit."""
    shown = "" if parts(value) else repr(value)
    if isinstance(value, Instant):
        shown = to_text(value) if value.tzinfo is UTC else "not in UTC"
    if isinstance(value, time):
        # Without a day, nothing comes twice: `fold` means nothing.
        shown = str(value)
    yield path, type(value), shown
    for step, part in parts(value):
        yield from anatomy(part, path + step)


def check_round_trip(value: object) -> None:
    text = dumps(value)

    again = loads(text, type(value))

    assert again == value
    assert list(anatomy(again)) == list(anatomy(value))
    assert dumps(again) == text
    assert json.loads(text) == to_plain(value)
    assert loads(text.encode(), type(value)) == from_plain(to_plain(value), type(value)) == value


@pytest.mark.parametrize("name", VALUES)
@some
@given(data=st.data())
def test_a_value_is_read_as_what_was_written(name: str, data: DataObject) -> None:
    """Every public strategy of a value."""
    check_round_trip(data.draw(VALUES[name]()))


@pytest.mark.parametrize("name", AGREEMENTS)
@few
@given(data=st.data())
def test_what_has_a_life_is_read_as_what_was_written(name: str, data: DataObject) -> None:
    """Every strategy of aggregates, agreements and money."""
    check_round_trip(data.draw(AGREEMENTS[name]()))


@given(
    st.dates()
    | st.times()
    | st.timedeltas(timedelta(days=-(10**7)), timedelta(days=10**7))
    | st.decimals(-(10**80), 10**80, allow_nan=False)
    | st.booleans()
    | st.integers(-(10**18) + 1, 10**18 - 1)
    | st.text()
)
def test_a_scalar_is_read_as_what_was_written(value: object) -> None:
    """Exactly, whatever class holds it."""
    check_round_trip(value)


@given(strategies.instants())
def test_an_instant_is_spelled_as_everywhere(at: Instant) -> None:
    """The codec only goes a shorter way."""
    assert to_plain(at)["data"] == to_text(at)


def test_a_rate_below_a_millionth_is_read_as_what_was_written() -> None:
    """`str` writes it with an exponent."""
    at = instant("2026-03-01T00:00:00Z")

    check_round_trip(ExchangeRate(base="VND", quote="KWD", rate="0.0000001", at=at, source=""))


def refusal(text: str | bytes, type_: type[object]) -> CodecErrors | None:
    """Read whatever a text says; if it is read, it is good to be written and read again."""
    try:
        value: object = loads(text, type_)
    except CodecErrors as errors:
        return errors
    assert loads(dumps(value), type_) == value
    return None


def check_refusal(text: str | bytes, type_: type[object]) -> None:
    errors = refusal(text, type_)

    told = errors.exceptions if errors else ()
    assert len(told) <= 101
    assert {type(fault) for fault in told} <= {CodecError}
    assert all(str(fault).startswith("$") and len(str(fault)) < 1000 for fault in told)
    assert str(errors).encode()


# Half letters included, which `st.text()` leaves out.
texts: Final = st.text(st.characters())
scalars: Final = st.none() | st.booleans() | st.integers() | st.floats() | texts
jsons: Final = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=20
)


@given(texts | st.binary() | jsons.map(json.dumps))
def test_any_text_is_refused_with_faults_alone(text: str | bytes) -> None:
    """Text, bytes and JSON that mean nothing to us."""
    check_refusal(text, Order)


@pytest.mark.parametrize("name", AGGREGATES)
@some
@given(data=jsons)
def test_any_data_is_refused_with_faults_alone(name: str, data: object) -> None:
    """Documents whose data is anything."""
    type_ = type(AGGREGATES[name])

    check_refusal(json.dumps(document(data, type_.__name__)), type_)


def places(data: object) -> Iterator[tuple[object, object]]:
    """Give each container in plain data with each of its keys."""
    match data:
        case dict():
            items = list(data.items())
        case list():
            items = list(enumerate(data))
        case _:
            return
    for key, value in items:
        yield data, key
        yield from places(value)


@st.composite
def spoiled(draw: DrawFn, thing: object) -> str:
    """Give a document of a thing with something changed: a value, a key, or some letters."""
    data = to_plain(thing)
    for _ in range(draw(st.integers(0, 3))):
        found = draw(st.sampled_from(list(places(data))))
        match found:
            case dict() as container, key:
                value = container.pop(key)
                key = draw(st.sampled_from((key, "type", "id", "")))
                container.update(draw(st.sampled_from(({}, {key: value}, {key: draw(jsons)}))))
            case list() as container, int(index):
                container[index : index + 1] = draw(st.lists(jsons, max_size=2))
    text = json.dumps(data)
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    return draw(st.sampled_from((text, text, text[:first] + draw(texts) + text[last:])))


@pytest.mark.parametrize("name", AGGREGATES)
@some
@given(data=st.data())
def test_a_spoiled_document_is_read_or_refused_with_faults_alone(
    name: str, data: DataObject
) -> None:
    """The most dangerous text is almost right."""
    thing = AGGREGATES[name]

    check_refusal(data.draw(spoiled(thing)), type(thing))
