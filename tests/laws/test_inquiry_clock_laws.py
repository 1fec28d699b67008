"""The laws of the clock of items not received, with storage, scans, time and sweeps.

* *Sweeping makes no difference*: two platforms to which the same happens accept the same commands,
  though one is swept all the time and the other never.
* *Once*: a sweep leaves nothing for the next one at the same instant.
* *At most one*: a buyer has one open inquiry about a shipment, whatever was tried.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import NotFoundError, TransitionError
from apaclogistics.inquiries import Inquiry
from apaclogistics.threads import Question, Resolution, Settled
from apaclogistics.values.identifiers import InquiryId, ShipmentId
from apaclogistics.values.instants import instant
from tests.samples import BUYER, PLATFORM, SELLER
from tests.stages import Stage
from tests.test_application_inquiries import deliver, estimated, report

Act: TypeAlias = Callable[[Stage, ShipmentId, InquiryId], object]


def _ask(stage: Stage, _: ShipmentId, id: InquiryId) -> Inquiry:
    due = instant(stage.clock.now() + timedelta(days=5))
    return stage.platform.inquiries.ask(id, Question("And now?", due), by=BUYER)


def _refunded(stage: Stage, _: ShipmentId, id: InquiryId) -> Inquiry:
    fact = Resolution(settled=Settled.REFUND, at=stage.clock.now(), reference="refund-1")
    return stage.platform.inquiries.resolve(id, on=fact, by=PLATFORM)


ACTS: Final[Mapping[str, Act]] = {
    "report": lambda stage, shipment, _: report(stage, shipment),
    "answer": lambda stage, _, id: stage.platform.inquiries.answer(id, "Soon.", by=SELLER),
    "ask": _ask,
    "write": lambda stage, _, id: stage.platform.inquiries.write(id, "Hello?", by=BUYER),
    "escalate": lambda stage, _, id: stage.platform.inquiries.escalate(id, "", by=BUYER),
    "resolve": lambda stage, _, id: stage.platform.inquiries.resolve(id, by=BUYER),
    "refund": _refunded,
    "decide": lambda stage, _, id: stage.platform.inquiries.decide(id, "", by=PLATFORM),
}
# From the days before the estimate to long after everything is closed.
DAYS: Final = st.integers(0, 12)
LIVES: Final = st.lists(st.tuples(st.sampled_from(list(ACTS)), DAYS), max_size=12)


def done(stage: Stage, shipment: ShipmentId, name: str) -> bool:
    """Tell whether something was taken; it is about the inquiry that was opened last."""
    known = stage.platform.snapshot().inquiries
    id = known[-1].id if known else InquiryId("none")
    try:
        ACTS[name](stage, shipment, id)
    except (TransitionError, NotFoundError):
        return False
    return True


@given(LIVES)
def test_sweeping_makes_no_difference_to_what_is_accepted(life: list[tuple[str, int]]) -> None:
    """As long as nothing is delivered, which a sweep may see first."""
    (swept, one), (unswept, other) = estimated(), estimated()

    for name, days in life:
        for stage in (swept, unswept):
            stage.clock.advance(timedelta(days=days))
        swept.platform.sweep()

        assert done(swept, one, name) is done(unswept, other, name)


@given(LIVES, DAYS)
def test_a_sweep_leaves_nothing_for_the_next_and_nobody_has_two_open_inquiries(
    life: list[tuple[str, int]], delivered_after: int
) -> None:
    """Also where the parcel is delivered in between."""
    stage, shipment = estimated()

    for number, (name, days) in enumerate(life):
        stage.clock.advance(timedelta(days=days))
        if number == delivered_after:
            deliver(stage, shipment, stage.clock.now())
        done(stage, shipment, name)
        stage.platform.sweep()

        assert stage.platform.sweep() == ()
        assert sum(it.is_open for it in stage.platform.snapshot().inquiries) <= 1
