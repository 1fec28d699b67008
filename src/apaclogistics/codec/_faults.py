"""From the errors that reading and writing raise to faults with their paths."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from heapq import nsmallest
from itertools import islice
from typing import Final, TypeVar

import attrs
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError

from apaclogistics.errors import (
    ApacLogisticsError,
    CodecError,
    CodecErrors,
    Hidden,
    InvalidValueError,
    masked,
)

MOST_FAULTS: Final = 100
_MOST_NAME: Final = 64
_MOST_MESSAGE: Final = 500

T = TypeVar("T")


def told(path: str, call: Callable[[], T]) -> T:
    """Make a call, and tell of what it refuses as faults below a path.

    Raises:
        CodecErrors: if it refuses anything.
    """
    try:
        return call()
    except (ApacLogisticsError, AttributeError, ExceptionGroup, TypeError) as error:
        faults = list(islice(_faults(error, path), MOST_FAULTS + 1))
    if len(faults) > MOST_FAULTS:
        faults[-1] = CodecError("$", f"has more faults than the {MOST_FAULTS} above")
    # Out here the error has no context, which would hold the document.
    raise CodecErrors.of(faults)


def noted(error: Exception, step: str) -> Exception:
    """Note on an error which part of a thing it is about."""
    error.add_note(step)
    return error


def count(error: Exception) -> int:
    """Count what is wrong."""
    return sum(map(count, error.exceptions)) if isinstance(error, ExceptionGroup) else 1


def nearest(word: str, words: Iterable[str]) -> str:
    """List the words that one was probably meant to be; if there are none, all."""
    known = list(words)
    return ", ".join(difflib.get_close_matches(word[:_MOST_NAME], known) or known)


def _faults(error: Exception, path: str, *, is_masked: bool = False) -> Iterator[CodecError]:
    """Walk the tree of errors in the order of the document."""
    if isinstance(error, ExceptionGroup):
        hidden = _masked_steps(error.cl) if isinstance(error, ClassValidationError) else ()
        for part in error.exceptions:
            step = _step(part)
            yield from _faults(part, path + step, is_masked=is_masked or step in hidden)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in attrs.fields(error.cl)]
        for key in nsmallest(MOST_FAULTS + 1, map(str, error.extra_fields)):
            yield CodecError(path + _key(key), f"is unknown; allowed: {nearest(key, known)}")
    else:
        yield CodecError(path, _problem(error, is_masked=is_masked))


def _step(error: Exception) -> str:
    note = getattr(error, "__notes__", [""])[-1]
    # cattrs notes the name of an attribute beside a sentence; our own notes are steps.
    return _key(note.name) if hasattr(note, "name") else str(note)


def _key(name: str) -> str:
    is_plain = name.isidentifier() and len(name) <= _MOST_NAME
    return f".{name}" if is_plain else f"[{name[:_MOST_NAME]!r}]"


@cache
def _masked_steps(type_: type[attrs.AttrsInstance]) -> frozenset[str]:
    return frozenset(_key(field.name) for field in attrs.fields(type_) if field.repr is masked)


def _problem(error: Exception, *, is_masked: bool) -> str:
    match error:
        case KeyError():
            return "is missing"
        case InvalidValueError(value=value) if is_masked and value != Hidden():
            return f"value {Hidden()} is refused"
        case ApacLogisticsError():
            return str(error)[:_MOST_MESSAGE]
        case _:
            return f"is not what it should be ({type(error).__name__})"
