"""The errors of the library: one root, and a family for each way to answer them.

Every error carries its facts as fields and says them in one sentence, so a host can log the
sentence, branch on `code`, or turn the fields into an HTTP answer.  The families live here; a
concrete error is defined beside the code that raises it.

=====================  ==========================================  ===============
family                 what happened                               usual HTTP status
=====================  ==========================================  ===============
`InvalidValueError`    a value that cannot be                      422
`InvalidTypeError`     a float for money, a number for a text      422
`TransitionError`      a command that may not be taken now         403, 409, 422
`NotFoundError`        nothing is stored under this identifier     404
`ConflictError`        somebody else was faster                    409
`CarrierError`         the carrier refused or did not answer       502, 503
`CodecError`           a document that does not say what it must   400
=====================  ==========================================  ===============

>>> raise InvalidValueError("weight", -3, "is not above zero", "whole grams from 1")
Traceback (most recent call last):
    ...
apaclogistics.errors.InvalidValueError: weight -3 is not above zero; allowed: whole grams from 1
"""

import difflib
import reprlib
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final, Self

import attrs

__all__ = (
    "ApacLogisticsError",
    "CarrierError",
    "CodecError",
    "CodecErrors",
    "ConflictError",
    "Hidden",
    "InvalidTypeError",
    "InvalidValueError",
    "NotFoundError",
    "Reason",
    "TransitionError",
    "masked",
)

_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 64
_REPR.maxlong = 40
# Comparing texts takes time that grows with the square of their length.
_MOST_COMPARED: Final = 64


class ApacLogisticsError(Exception):
    """Be the root of every error that this library raises on purpose."""

    code: ClassVar[str] = "error"


@attrs.frozen
class Hidden:
    """Stand for a value that must not be shown, since it is personal data.

    Names, streets, telephone numbers, e-mail addresses and identity numbers never reach a
    message, a `repr` or a log; an error about one carries this in its place.
    """

    def __repr__(self) -> str:
        """Show that there is a value, and nothing of it."""
        return "(hidden)"


def masked(value: object) -> str:
    """Show personal data as hidden, and an empty value as empty."""
    return repr(Hidden()) if value else repr(value)


@attrs.frozen
class Reason:
    """Say why something is refused: a stable `code` for programs, a sentence for people."""

    code: str
    text: str

    def __str__(self) -> str:
        """Give the sentence."""
        return self.text


def _shown(value: object) -> str:
    # Python refuses to print an int of more than some thousand digits.
    if isinstance(value, int) and value.bit_length() > 1024:
        return f"of {value.bit_length()} bits"
    return _REPR.repr(value)


# attrs gives the classes below `args`, so that every error pickles; identity is their equality.
@attrs.define(slots=False)
class InvalidValueError(ApacLogisticsError, ValueError):
    """Refuse a value that cannot be what it is given for.

    `what` names the place, `value` is what was given (`Hidden` where personal), `problem` what is
    wrong with it, and `allowed` what would be right.
    """

    code: ClassVar[str] = "invalid_value"

    what: str
    value: object
    problem: str
    allowed: str = ""

    def __str__(self) -> str:
        """Name the place, the value, what is wrong and what would be right."""
        said = f"{self.what} {_shown(self.value)} {self.problem}"
        return f"{said}; allowed: {self.allowed}" if self.allowed else said


@attrs.define(slots=False)
class InvalidTypeError(ApacLogisticsError, TypeError):
    """Refuse a value of a type that would lose or invent something, such as a float for money."""

    code: ClassVar[str] = "invalid_type"

    what: str
    given: str
    allowed: str

    def __str__(self) -> str:
        """Name the place, the type that was given, and the types that may be."""
        return f"{self.what} is given as {self.given}; allowed: {self.allowed}"


@attrs.define(slots=False)
class TransitionError(ApacLogisticsError):
    """Refuse a command; see the three concrete errors in `apaclogistics.lifecycle`.

    The fields are plain text, so that the refusal pickles and can be sent on as it is: `lifecycle`
    and the `state` it is in, the `action` that was tried, the `actor` who tried it ("buyer b-7"),
    the other actions that are `allowed` to that actor now, and the `phrase` that says what was tried
    in words ("take shipments out of this bundle"), as `instead` says what is allowed.  Of a thing
    that is not there yet the state is empty, and nothing is allowed.
    """

    code: ClassVar[str] = "transition"

    lifecycle: str
    state: str
    action: str
    actor: str
    allowed: tuple[str, ...]
    phrase: str
    instead: tuple[str, ...]

    @property
    def role(self) -> str:
        """The role of the actor, in a word."""
        return self.actor.partition(" ")[0]

    @property
    def may_instead(self) -> str:
        """Say in words what the actor may do instead."""
        *others, last = self.instead or ("do nothing",)
        listed = f"{', '.join(others)} or {last}" if others else last
        return f"the {self.role} may {listed} now"


@attrs.define(slots=False)
class NotFoundError(ApacLogisticsError, LookupError):
    """Report that no `kind` of thing is stored under `key`, and which keys come `nearest` to it."""

    code: ClassVar[str] = "not_found"

    kind: str
    key: str
    nearest: tuple[str, ...] = ()

    @classmethod
    def among(cls, kind: str, key: str, known: Iterable[str]) -> Self:
        """Make the error for a key that is none of those that are known, and may be misspelt."""
        folded = {it.casefold(): it for it in known}
        near = difflib.get_close_matches(str(key)[:_MOST_COMPARED].casefold(), folded)
        return cls(kind, key, tuple(folded[it] for it in near))

    def __str__(self) -> str:
        """Name what was looked for, and what it was probably meant to be."""
        said = f"no {self.kind} is stored under {_REPR.repr(self.key)}"
        return f"{said}; nearest: {', '.join(self.nearest)}" if self.nearest else said


class ConflictError(ApacLogisticsError):
    """Report that a concurrent or earlier command stands in the way."""

    code: ClassVar[str] = "conflict"


class CarrierError(ApacLogisticsError):
    """Report that a carrier refused, or could not be reached."""

    code: ClassVar[str] = "carrier"


@attrs.define(slots=False)
class CodecError(ApacLogisticsError, ValueError):
    """Report one fault of a document: the `path` to it, and the `problem` there."""

    code: ClassVar[str] = "codec"

    path: str
    problem: str

    def __str__(self) -> str:
        """Give the path, then the problem."""
        return f"{self.path}: {self.problem}"


class CodecErrors(ApacLogisticsError, ExceptionGroup[CodecError]):
    """Report every fault of a document at once, in the order of reading."""

    code: ClassVar[str] = "codec"

    @classmethod
    def of(cls, faults: Sequence[CodecError]) -> Self:
        """Gather faults under one error.

        Raises:
            ValueError: if there are none.
        """
        count = len(faults)
        return cls(f"{count} fault{'s' if count != 1 else ''} in the document", list(faults))

    # The base takes any exceptions; a group of ours is only ever split into faults of its own.
    def derive(self, excs: Sequence[CodecError], /) -> Self:  # type: ignore[override]
        """Keep the type when the group is split."""
        return type(self)(self.message, list(excs))

    def __str__(self) -> str:
        """List the faults, one a line."""
        return "\n".join(str(fault) for fault in self.exceptions)
