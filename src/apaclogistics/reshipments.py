"""Re-shipments: goods that came to nothing are sent once more, so often and in one place at a time.

A consignment may stand in for another, which may stand in for a third.  All that stand in for one
another carry the same goods, and what is counted is how often those were sent again: whether the
first one was replaced twice, or its replacement was replaced, makes no difference.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

import attrs

from apaclogistics.consignments import Consignment
from apaclogistics.errors import Reason
from apaclogistics.fulfilment import CAME_TO_NOTHING, Phase
from apaclogistics.values.identifiers import ShipmentId

__all__ = ("Goods", "Sent")


@attrs.frozen
class Sent:
    """A consignment, and where it is."""

    consignment: Consignment
    phase: Phase

    @property
    def id(self) -> ShipmentId:
        """The identifier of its shipment."""
        return self.consignment.id


@attrs.frozen
class Goods:
    """The goods of a consignment among the others of its orders."""

    last: Sent
    others: tuple[Sent, ...] = ()

    @property
    def reshipments(self) -> int:
        """How often the goods were sent again, as far as the others are known."""
        family = [it for it in self._known.values() if self._first(it) == self._first(self.last)]
        again = sum(it.consignment.replaces is not None for it in family)
        return max(self.last.consignment.reshipments, again)

    def against_reshipping(self, limit: int) -> Iterator[Reason]:
        """Give every reason why the goods may not be sent once more in place of the consignment."""
        if self.last.phase not in CAME_TO_NOTHING:
            yield Reason("may_still_arrive", f"shipment {self.last.id} is {self.last.phase.name}")
        for it in self.others:
            if self.last.id in self._replaced(it) and it.phase not in CAME_TO_NOTHING:
                text = f"shipment {it.id} is in place of {self.last.id}, and is {it.phase.name}"
                yield Reason("replaced_already", text)
        if self.reshipments >= limit:
            count = f"{self.reshipments} time{'' if self.reshipments == 1 else 's'}"
            text = f"the goods of shipment {self.last.id} were shipped again {count}"
            yield Reason("reship_limit", f"{text}, and {limit} are allowed")

    def again(self, id: ShipmentId) -> Consignment:
        """Give the consignment that takes the place of the last one."""
        last = self.last.consignment
        return attrs.evolve(last, id=id, replaces=last.id, reshipments=self.reshipments + 1)

    @cached_property
    def _known(self) -> Mapping[ShipmentId, Sent]:
        return {it.id: it for it in (*self.others, self.last)}

    def _first(self, sent: Sent) -> ShipmentId:
        return (sent.id, *self._replaced(sent))[-1]

    def _replaced(self, sent: Sent) -> tuple[ShipmentId, ...]:
        """Give what stood where a consignment stands, the latest first."""
        replaced: list[ShipmentId] = []
        old = sent.consignment.replaces
        while old is not None and old not in replaced:
            replaced.append(old)
            old = self._known[old].consignment.replaces if old in self._known else None
        return tuple(replaced)
