"""What it takes to hold an adapter to its promises, and to say which one it broke."""

from types import TracebackType
from typing import Final

import attrs
from hypothesis import HealthCheck, settings

__all__ = ("EXAMPLES", "ContractBrokenError", "Refusal", "expect", "shown")

# Some examples are enough for a contract, since the library's own laws try many more; how fast the
# adapter is and how many faults it has are no concern of the check.
EXAMPLES: Final = settings(
    max_examples=50,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
_MOST_SHOWN: Final = 400


@attrs.define(slots=False)
class ContractBrokenError(AssertionError):
    """Report that an adapter does not do what its port promises."""

    promise: str
    happened: str

    def __str__(self) -> str:
        """Say what was promised and what happened."""
        return f"promised: {self.promise}; what happened: {self.happened}"


def shown(value: object) -> str:
    """Show a value as far as a reader needs it."""
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def expect(promise: str, found: object, expected: object) -> None:
    """Compare what was found with what was promised.

    Raises:
        ContractBrokenError: if they are not equal.
    """
    if found != expected:
        raise ContractBrokenError(promise, f"{shown(found)} instead of {shown(expected)}")


class Refusal:
    """A ``with`` statement whose block must end with an error of some kind, and with no other.

    `but_not` takes a narrower kind out; where `may_succeed`, the block may also end without one.
    """

    def __init__(
        self,
        promise: str,
        kind: type[Exception],
        *,
        but_not: type[Exception] | None = None,
        may_succeed: bool = False,
    ) -> None:
        """Expect an error of a kind."""
        self._promise = promise
        self._kind = kind
        self._but_not = but_not
        self._may_succeed = may_succeed

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> bool:
        """Take the expected error.

        Raises:
            ContractBrokenError: if there was none, or another one.
        """
        if error is None and self._may_succeed:
            return False
        is_other = self._but_not is not None and isinstance(error, self._but_not)
        if isinstance(error, self._kind) and not is_other:
            return True
        happened = "nothing was refused" if error is None else f"{type(error).__name__}: {error}"
        raise ContractBrokenError(self._promise, happened) from error
