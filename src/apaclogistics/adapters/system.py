"""What the machine itself gives: its clock, and identifiers that no other process gives.

>>> earlier = SystemClock().now()
>>> earlier <= SystemClock().now()
True
"""

from datetime import UTC, datetime
from uuid import uuid4

from apaclogistics.values.instants import Instant, instant

__all__ = ("RandomIdentifiers", "SystemClock")


class SystemClock:
    """The clock of the machine."""

    def now(self) -> Instant:
        """Give the present instant in UTC."""
        return instant(datetime.now(UTC))


class RandomIdentifiers:
    """Identifiers that no other process gives: a kind and a random UUID."""

    def new(self, kind: str) -> str:
        """Give a new identifier of a kind."""
        return f"{kind}-{uuid4()}"
