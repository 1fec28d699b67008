"""Published rules as ready-made values, each with its source and the dates it is effective for.

A rule that changes with time stands in a tuple of `Published` values; `in_force` gives the one of a
day.  Nothing here is looked up by anything else in the library: a rule counts where it is passed in.

>>> from apaclogistics.catalogue.speedpak import AUSTRALIA_ECONOMY_WEIGHT
>>> in_force([AUSTRALIA_ECONOMY_WEIGHT], date(2024, 2, 1)).rule.divisor
6000
"""

from collections.abc import Iterable
from datetime import date
from typing import Generic, TypeVar

import attrs

from apaclogistics.errors import InvalidValueError, NotFoundError

__all__ = ("Published", "in_force")

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Published(Generic[T]):
    """A rule that somebody published: what it is, where it stands, and for which days.

    `effective_from` and `effective_through` are included; None where the source states no bound.
    """

    name: str
    rule: T
    source: str
    effective_from: date | None = None
    effective_through: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that ends before it begins, and one without a source."""
        if not self.source.strip():
            raise InvalidValueError("published rule", self.name, "names no source")
        first, last = self.effective_from, self.effective_through
        if first is not None and last is not None and last < first:
            raise InvalidValueError("published rule", self.name, f"ends on {last}", f"from {first}")

    def is_in_force(self, day: date) -> bool:
        """Tell whether the rule holds on a day."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_through is None or day <= self.effective_through)


def in_force(editions: Iterable[Published[T]], day: date) -> Published[T]:
    """Give the edition of a rule that holds on a day, the latest of several.

    Raises:
        NotFoundError: if none does.
    """
    known = [edition for edition in editions if edition.is_in_force(day)]
    if not known:
        raise NotFoundError("published rule", f"in force on {day}")
    return max(known, key=lambda edition: edition.effective_from or date.min)
