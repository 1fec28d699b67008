"""The laws of the clock of items not received, with storage, scans, time and sweeps.

* *Sweeping makes no difference*: two platforms to which the same happens accept the same commands,
  though one is swept all the time and the other never.
* *Once*: a sweep leaves nothing for the next one at the same instant.
* *Paid back is over*: a report is over, and not escalated, exactly once all of the price was paid
  out to the buyer, whatever was begun or failed on the way.
* *At most one*: a buyer has one open inquiry about a shipment, whatever was tried.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import NotFoundError, TransitionError
from apaclogistics.inquiries import Inquiry, InquiryAction
from apaclogistics.threads import Question, Resolution, Settled
from apaclogistics.values.identifiers import InquiryId, ShipmentId
from apaclogistics.values.instants import instant
from apaclogistics.values.money import Money
from tests.samples import BUYER, PLATFORM, SELLER, day
from tests.stages import ORDER, Stage
from tests.test_application_inquiries import deliver, estimated, report, reported

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


# What is begun, how that ends, and what is given back at once, in cents.
BACK: Final = st.lists(
    st.tuples(st.sampled_from(("begin", "settle", "fail", "refund")), st.integers(1, 30_00)),
    max_size=8,
)


def give_back(stage: Stage, what: str, cents: int) -> None:
    """Do something to the refunds of the order, if it is taken."""
    orders, amount = stage.platform.orders, Money(cents, "USD")
    pending = orders.get(ORDER).pending_refunds
    with suppress(TransitionError):
        match what:
            case "refund":
                left = orders.get(ORDER).money.left
                if left.minor:
                    orders.refund(ORDER, min(amount, left), by=SELLER)
            case "begin":
                orders.begin_refund(ORDER, amount, by=SELLER)
            case "settle":
                any(orders.settle_refund(ORDER, it.id, by=PLATFORM) for it in pending)
            case _:
                any(orders.fail_refund(ORDER, it.id, "", by=PLATFORM) for it in pending)


@given(BACK)
def test_a_report_is_over_exactly_once_all_was_paid_back(life: list[tuple[str, int]]) -> None:
    """Before the sweep it is not escalated any more, after it the history says why."""
    stage, _, id = reported()
    stage.clock.move_to(day(20))
    inquiries = stage.platform.inquiries

    for what, cents in life:
        give_back(stage, what, cents)
        is_paid_back = stage.platform.orders.get(ORDER).refunded == Money(30_00, "USD")
        was_open = inquiries.get(id).is_open
        may = InquiryAction.ESCALATE in inquiries.allowed(id, BUYER)
        stage.platform.sweep()

        assert may is (was_open and not is_paid_back)
        assert inquiries.get(id).is_open is not is_paid_back
