"""What may go wrong after a sale, tried by everybody: inquiries, claims, refunds, and the ledger.

Two trades stand side by side on a platform of which every part is real.  Any of their parties may
try anything with anything; in between come scans, bills, and weeks of nothing.  So that much of it
leads somewhere, there are rules by which somebody does what is open to them now.  What is to come of
a command is what `allowed` says of the claim or inquiry, and what follows from dates and figures.

What was reached, taken and refused is counted and told, and nothing may be left out.
"""

from collections import Counter
from collections.abc import Iterator
from enum import Enum

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from apaclogistics.cancellations import CancellationState, OrderAction
from apaclogistics.claims import ClaimAction, ClaimState
from apaclogistics.fulfilment import Action, Phase
from apaclogistics.inquiries import InquiryAction, InquiryState
from apaclogistics.refunds import RefundAction, RefundState
from tests.machines.arguing import Arguing
from tests.machines.moving import Moving
from tests.machines.paying import Paying
from tests.machines.talking import Talking
from tests.machines.trading import Tally

# A few examples reach little; more of them must reach everything.
IS_BRIEF = settings().max_examples < 100
RUNS = settings().max_examples if IS_BRIEF else max(200, settings().max_examples)

STATES: dict[str, type[Enum]] = {
    "inquiry": InquiryState,
    "claim": ClaimState,
    "refund": RefundState,
    "shipment": Phase,
    "order": CancellationState,
}
ACTIONS: dict[str, type[Enum]] = {
    "inquiry": InquiryAction,
    "claim": ClaimAction,
    "refund": RefundAction,
    "shipment": Action,
    "order": OrderAction,
}
# The others have a machine of their own.
MUST_BE_REACHED = ("inquiry", "claim", "refund")


class AfterSalesMachine(Moving, Talking, Arguing, Paying):
    """All rules together, of carriers and time, of inquiries, of claims, and of money."""


def test_whatever_is_tried_after_a_sale_is_within_bounds_and_everything_is_reached(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The counts are of all runs together."""
    tally: Tally = Counter()
    AfterSalesMachine.tally = tally

    run_state_machine_as_test(AfterSalesMachine, settings=settings(max_examples=RUNS))

    title = f"after sales: {RUNS} runs of {settings().stateful_step_count} steps"
    with capsys.disabled():
        print("", title, *told(tally), sep="\n")  # noqa: T201 — it is what the counts are for
    assert IS_BRIEF or not missed(tally)


def told(tally: Tally) -> Iterator[str]:
    """Give a line for the states of each kind, and one for its actions, those refused in brackets."""
    for kind, states in STATES.items():
        reached = (f"{it.name} {tally[kind, 'reached', it]}" for it in states)
        yield f"  {kind} reached: {', '.join(reached)}"
        taken = (
            f"{it.value} {tally[kind, 'taken', it]} ({tally[kind, 'refused', it]})"
            for it in ACTIONS[kind]
        )
        yield f"  {kind} taken (refused): {', '.join(taken)}"


def missed(tally: Tally) -> list[str]:
    """Name every state that was not reached, and every action that was not taken."""
    states = [(kind, "reached", it) for kind in MUST_BE_REACHED for it in STATES[kind]]
    actions = [(kind, "taken", it) for kind in MUST_BE_REACHED for it in ACTIONS[kind]]
    return [str(it) for it in (*states, *actions) if not tally[it]]
