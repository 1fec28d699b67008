"""Mishaps: what goes wrong with the next call of a kind, as a script says."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import TypeAlias

from apaclogistics.carriers import CarrierRejectedError, CarrierUnavailableError
from apaclogistics.errors import Reason
from apaclogistics.values.identifiers import CarrierCode

__all__ = ("Call", "Mishap", "Mishaps", "Script")


class Call(Enum):
    """What a carrier is called for."""

    BOOK = "book"
    FIND_BOOKING = "find booking"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    LABEL = "label"
    PRINTED_SHEET = "printed sheet"
    SCANS = "scans"
    MEASUREMENTS = "measurements"
    COSTS = "costs"
    BUNDLE = "bundle"
    CANCEL_BUNDLE = "cancel bundle"
    BUNDLE_LABEL = "bundle label"
    COMPLAIN = "complain"


class Mishap(Enum):
    """What goes wrong with a call; a `Reason` in its place is why the carrier refuses it."""

    NONE = "none"
    UNAVAILABLE = "unavailable"
    ANSWER_LOST = "answer lost"


Script: TypeAlias = Iterable[Mishap | Reason]


class Mishaps:
    """What is still to go wrong, call by call; whoever uses it holds a lock."""

    def __init__(self, carrier: CarrierCode, scripts: Mapping[Call, Script]) -> None:
        """Begin each script at its beginning."""
        self._carrier = carrier
        self._scripts = {call: deque(script) for call, script in scripts.items()}

    @contextmanager
    def during(self, call: Call) -> Iterator[None]:
        """Let happen around a call what is next in its script.

        Raises:
            CarrierRejectedError: before the call, for a `Reason`.
            CarrierUnavailableError: before the call if UNAVAILABLE, after it if ANSWER_LOST.
        """
        script = self._scripts.get(call)
        mishap = script.popleft() if script else Mishap.NONE
        if isinstance(mishap, Reason):
            raise CarrierRejectedError(self._carrier, mishap.code, mishap.text)
        if mishap is Mishap.UNAVAILABLE:
            raise CarrierUnavailableError(self._carrier, "the call was not answered")
        yield
        if mishap is Mishap.ANSWER_LOST:
            raise CarrierUnavailableError(self._carrier, "the answer did not arrive in time")
