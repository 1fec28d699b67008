"""How a foreign document is read: with a cursor that knows where it stands and loses nothing.

A `Cursor` points at a value of parsed JSON.  It steps into members and elements, insists on types
without coercion, and takes null for absent.  What is wrong is a *fault*: it is noted with its path,
a stand-in is given, and reading goes on, so that all faults come out at once.  What was built from
stand-ins never leaves, since `refuse_faults` raises first.  What can be read and is odd all the same
is a `Doubt`.  And every leaf that nobody carried away is listed as unread.

A message says what is wrong and never shows the value, which may be personal data.

>>> order = Cursor.open({"id": "o-1", "lines": [{"quantity": "2"}], "colour": "red"})
>>> order["id"].text(), [line["quantity"].whole(1) for line in order["lines"].items()]
('o-1', [1])
>>> order.unread()
('$.colour', '$.lines[0].quantity')
>>> refuse_faults([order.log])
Traceback (most recent call last):
    ...
apaclogistics.errors.CodecErrors: $.lines[0].quantity: is text; allowed: a whole number
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Final, Self, TypeVar

import attrs

from apaclogistics.errors import CodecError, CodecErrors, InvalidValueError
from apaclogistics.values.instants import Instant, instant

__all__ = ("Cursor", "Doubt", "Log", "in_order", "refuse_faults")

T = TypeVar("T")

# Our decision: a full page of 200 orders or of 100 trackers has some 40,000 values, nested 7 deep.
_MOST_VALUES: Final = 100_000
_MOST_LEVELS: Final = 64
# After so many faults reading stops: nobody reads on.
_MOST_FAULTS: Final = 1000
_LONGEST_STEP: Final = 64
# Larger than any measure of a parcel.
_MOST_NUMBER: Final = 10**9

# JSON may escape half of a character, which no UTF-8 can write.
_HALF: Final = re.compile("[\ud800-\udfff]")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_KINDS: Final[dict[type, str]] = {
    dict: "an object",
    list: "an array",
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number with a fraction",
}
# Stands where a fault was noted already: whatever is read there is nothing, without a second fault.
_BROKEN: Final = object()
_LONG_AGO: Final = instant("1970-01-01T00:00:00Z")


@attrs.frozen
class Doubt:
    """Something that was read and is odd: where, a stable code for programs, a text for people."""

    path: str
    code: str
    text: str

    def __str__(self) -> str:
        """Give the path, then the text."""
        return f"{self.path}: {self.text}"


@attrs.define
class Log:
    """What came up while a document was read; all cursors on it share one."""

    faults: dict[tuple[str, str], CodecError] = attrs.field(factory=dict)
    doubts: set[Doubt] = attrs.field(factory=set)
    carried: set[str] = attrs.field(factory=set)
    disowned: set[str] = attrs.field(factory=set)
    # What was found in texts that hold documents themselves, by their paths.
    unfolded: dict[str, object] = attrs.field(factory=dict)
    # How often something was wrong, whether or not it was noted before.
    wrongs: int = 0


def in_order(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Give doubts each once, in the order of their paths."""
    return tuple(sorted(set(doubts), key=lambda doubt: (doubt.path, doubt.code, doubt.text)))


def more_pages(place: "Cursor") -> None:
    """Doubt a page of a list, at the place that tells of the next one."""
    place.doubt("more_pages", "this page is not the last one")


def refuse_faults(logs: Iterable[Log]) -> None:
    """Raise all faults of these logs at once, in the order of their paths.

    Raises:
        CodecErrors: if there are any.
    """
    faults = {key: fault for log in logs for key, fault in log.faults.items()}
    if faults:
        raise CodecErrors.of([faults[key] for key in sorted(faults)])


@attrs.frozen
class Cursor:
    """A place in a document: the value there, the path to it, and the log of the reading.

    At a `glance` nothing is carried away, and what is wrong is but a doubt.
    """

    value: object = attrs.field(repr=False)
    path: str = "$"
    log: Log = attrs.field(factory=Log, repr=False)
    is_glance: bool = False

    @classmethod
    def open(cls, payload: object) -> Self:
        """Begin to read a document.

        Raises:
            CodecErrors: if it holds more values or is nested deeper than any that is honest.
        """
        document = cls(payload)
        if problem := _monstrous(payload):
            document.fault(problem)
            refuse_faults([document.log])
        return document

    @property
    def is_absent(self) -> bool:
        """Whether there is nothing here: null, or no such member."""
        return self.value is None

    @property
    def glance(self) -> Self:
        """The same place, to be looked at only."""
        return attrs.evolve(self, is_glance=True)

    @property
    def afresh(self) -> Self:
        """The same place with a log of its own."""
        return attrs.evolve(self, log=Log())

    def __getitem__(self, key: str) -> Self:
        """Step into a member of an object; of nothing, every member is nothing."""
        members = self._typed(dict)
        nothing = None if self.is_absent else _BROKEN
        inner = nothing if members is None else members.get(key)
        return self._inner(inner, _member(key))

    def has(self, key: str) -> bool:
        """Tell whether this is an object with such a member, and something in it."""
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def items(self) -> list[Self]:
        """Give the elements of an array; of nothing, none."""
        elements = self._typed(list) or []
        return [self._inner(element, f"[{index}]") for index, element in enumerate(elements)]

    def _inner(self, value: object, step: str) -> Self:
        return type(self)(value, self.path + step, self.log, self.is_glance)

    def some(self) -> list[Self]:
        """Give the elements of an array that must have some."""
        if self.value == []:
            self.fault("is empty")
        return self.needed().items()

    def fault(self, problem: str) -> None:
        """Note what makes it impossible to go on; at a glance, a doubt."""
        self.log.wrongs += 1
        if self.is_glance:
            self.doubt("unreadable", problem)
            return
        self.log.faults.setdefault((self.path, problem), CodecError(self.path, problem))
        if len(self.log.faults) >= _MOST_FAULTS:
            refuse_faults([self.log])

    def doubt(self, code: str, text: str) -> None:
        """Note what is odd and can be read all the same."""
        self.log.doubts.add(Doubt(self.path, code, text))

    def disown(self) -> None:
        """Take back that anything here or below was carried."""
        self.log.disowned.add(self.path)

    def needed(self) -> Self:
        """Insist that there is something here."""
        if self.is_absent:
            self.fault("is missing")
        return self

    def _typed(self, kind: type[T]) -> T | None:
        """Give the value if it is of a kind, or nothing; another kind is a fault."""
        if self.value is None or self.value is _BROKEN:
            return None
        if isinstance(self.value, kind) and isinstance(self.value, bool) == (kind is bool):
            if not self.is_glance:
                self.log.carried.add(self.path)
            return self.value
        self.fault(f"is {_kind(self.value)}; allowed: {_KINDS[kind]}")
        return None

    def text_if_any(self) -> str:
        """Read text; of nothing, the empty text."""
        text = self._typed(str) or ""
        if not text.isascii() and _HALF.search(text):
            self.fault("holds half of a character; allowed: text that UTF-8 can write")
        return text

    def text(self) -> str:
        """Read text that must be there and say something."""
        if self.value == "":
            self.fault("is empty")
        return self.needed().text_if_any()

    def whole(self, least: int) -> int:
        """Read a whole number that must be there and is not too small."""
        number = self.needed()._typed(int)
        if number is not None and number < least:
            self.fault(f"is below {least}")
        return least if number is None else number

    def number_if_any(self) -> Decimal | None:
        """Read a number that is not negative, at its shortest decimal, or nothing."""
        number = self._typed(float) if type(self.value) is float else self._typed(int)
        if number is None:
            return None
        if not 0 <= number <= _MOST_NUMBER:
            self.fault(f"is out of range; allowed: 0 to {_MOST_NUMBER}")
            return None
        return Decimal(repr(number))

    def flag_if_any(self) -> bool:
        """Read true or false; nothing is false."""
        return self._typed(bool) or False

    def unfolded(self) -> Self:
        """Step into a document that is written as text; what is none is nothing, with a doubt."""
        text = self.text_if_any()
        value, problem = _document(text) if text else (None, "")
        if problem:
            self.doubt("unreadable", problem)
            self.disown()
        self.log.unfolded[self.path] = text if problem else value
        return attrs.evolve(self, value=value)

    def instant_if_any(self) -> Instant | None:
        """Read an instant with its zone, or nothing."""
        return None if self.is_absent else self.built(lambda: instant(self.text_if_any()))

    def instant(self) -> Instant:
        """Read an instant with its zone that must be there."""
        return self.needed().instant_if_any() or _LONG_AGO

    def built(self, make: Callable[[], T]) -> T | None:
        """Make something of what was read here; what our values refuse is a fault.

        If reading the parts left a fault already, there is no second one about their stand-ins.
        """
        known = self.log.wrongs
        try:
            return make()
        except InvalidValueError as error:
            if self.log.wrongs == known and self.value is not _BROKEN:
                self.fault(_without_value(error))
            return None

    def unread(self) -> tuple[str, ...]:
        """Give the paths of all leaves from here on that were not carried away, in their order.

        Null, the empty text, and empty objects and arrays say nothing and are no leaves.
        """
        return tuple(sorted(self._left_behind(self.value, self.path, is_disowned=False)))

    def _left_behind(self, value: object, path: str, *, is_disowned: bool) -> Iterator[str]:
        lost = is_disowned or path in self.log.disowned
        value = self.log.unfolded.get(path, value)
        for step, inner in _children(value):
            yield from self._left_behind(inner, path + step, is_disowned=lost)
        if not _is_silent(value) and (lost or path not in self.log.carried):
            yield path


def _is_silent(value: object) -> bool:
    return isinstance(value, dict | list) or value is None or value == ""


def _inside(holder: dict[object, object] | list[object]) -> Iterable[object]:
    return holder.values() if isinstance(holder, dict) else holder


def _children(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from ((_member(key), inner) for key, inner in value.items())
    elif isinstance(value, list):
        yield from ((f"[{index}]", inner) for index, inner in enumerate(value))


def _member(key: object) -> str:
    """Write a step to a member: plain for a name, else quoted, and never endless."""
    text = str(key)[:_LONGEST_STEP]
    return f".{text}" if _NAME.fullmatch(text) else f"[{json.dumps(text)}]"


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "no JSON")


def _without_value(error: InvalidValueError) -> str:
    said = f"{error.what} {error.problem}"
    return f"{said}; allowed: {error.allowed}" if error.allowed else said


def _document(text: str) -> tuple[object, str]:
    """Parse a document, or say why it is none."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None, "is no JSON"
    problem = _monstrous(value)
    return (None, problem) if problem else (value, "")


def _monstrous(payload: object) -> str:
    """Say what is out of all proportion, level by level, without a recursion."""
    level, count = [payload], 1
    for _ in range(_MOST_LEVELS):
        holders = [value for value in level if isinstance(value, dict | list)]
        count += sum(len(holder) for holder in holders)
        if count > _MOST_VALUES:
            return f"holds too many values; allowed: {_MOST_VALUES}"
        level = [inner for holder in holders for inner in _inside(holder)]
        if not level:
            return ""
    return f"is nested too deep; allowed: {_MOST_LEVELS} levels"
