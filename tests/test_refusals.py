"""Every refusal of eBay's documents is decided: provoked and typed, or without a meaning here.

`refusals.csv` has one row for each error of each operation, in our own words.  A row names a probe
of `tests.probes`, with the type and the code of what the library answers, or says in a sentence why
the refusal has no meaning here.

Source: eDIS 1.1.0, Sell Fulfillment 1.20.7 and Sell Logistics 1 beta, `x-response-codes`.
"""

import csv
import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from apaclogistics.carriers import CarrierRejectedError
from apaclogistics.errors import ApacLogisticsError
from apaclogistics.lifecycle import RefusedError
from apaclogistics.quotes import QuoteRefused
from apaclogistics.values.identifiers import SellerId
from tests import probes
from tests.real_data import DATA, load, with_data
from tests.samples import CASE, PLATFORM, SELLER
from tests.stages import sold

DOCUMENTS: Final = {
    "edis": "sell_edelivery_international_shipping_oas3",
    "fulfilment": "sell_fulfillment_v1_oas3",
    "logistics": "sell_logistics_v1_oas3",
}


@attrs.frozen(kw_only=True)
class Refusal:
    """One row: what is refused, and either how the library refuses it or why it does not."""

    document: str
    operation: str
    error: str
    refused: str
    probe: str
    type: str
    code: str
    why_not: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What the documents know of it."""
        return self.document, self.operation, self.error

    def __str__(self) -> str:
        """Give the key."""
        return " ".join(self.key)


def _read() -> tuple[Refusal, ...]:
    path = Path(__file__).with_name("refusals.csv")
    with path.open(encoding="utf-8", newline="") as table:
        return tuple(Refusal(**row) for row in csv.DictReader(table))


REFUSALS: Final = _read()
PROVOKED: Final = [it for it in REFUSALS if it.probe]
WITHOUT_MEANING: Final = [it for it in REFUSALS if not it.probe]


def documented() -> Iterator[tuple[str, str, str]]:
    """Give what the documents refuse: document, operation and error."""
    for document, name in DOCUMENTS.items():
        payload = load("ebay_openapi", name)
        assert isinstance(payload, Mapping)
        operations = (it for path in payload["paths"].values() for it in path.values())
        for operation in operations:
            # Beside the operations of a path stand the parameters that they share.
            if "responses" in operation:
                yield from ((document, *it) for it in _refused_by(operation))


def _refused_by(operation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for answer in operation["responses"].values():
        for error in answer.get("x-response-codes", {}).get("errors", {}):
            yield operation["operationId"], error


@with_data
def test_each_refusal_of_the_documents_is_decided() -> None:
    """None is missing, none is invented, none comes twice: 276 in all."""
    decided = Counter(it.key for it in REFUSALS)
    found = Counter(documented())

    assert decided == found
    assert found.total() == 276
    assert max(found.values()) == 1


@with_data
def test_the_short_lists_lack_some_refusals() -> None:
    """They hold 209 of the 276, so the documents are the measure."""
    listed = set()
    for path in (DATA / "ebay_error_rules").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as table:
            listed |= {(row["operation"], row["error_id"]) for row in csv.DictReader(table)}
    known = {(operation, error) for _, operation, error in (it.key for it in REFUSALS)}

    assert listed < known
    assert len(listed) == 209


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_no_row_is_blank(refusal: Refusal) -> None:
    """It has a probe with a type and a code, or a reason that is a sentence, and never both."""
    answer = bool(refusal.probe), bool(refusal.type), bool(refusal.code)

    assert answer == ((not refusal.why_not,) * 3)
    assert len(refusal.refused.split()) > 2
    assert refusal.probe or len(refusal.why_not.split()) > 4


def counted() -> dict[str, tuple[int, int]]:
    """Count by document what is provoked and what has no meaning here."""
    provoked, without = (
        Counter(it.document for it in rows) for rows in (PROVOKED, WITHOUT_MEANING)
    )
    return {document: (provoked[document], without[document]) for document in DOCUMENTS}


def test_the_counts_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever runs the tests sees how many refusals were provoked."""
    lines = [
        f"{document}: {provoked} refusals provoked, {without} without a meaning here"
        for document, (provoked, without) in counted().items()
    ]

    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201 — it is what the test is for

    assert sum(map(sum, counted().values())) == len(REFUSALS)


def _probes() -> dict[str, Callable[[], probes.Case]]:
    found = inspect.getmembers(probes, inspect.isfunction)
    return {
        name: probe
        for name, probe in found
        if inspect.get_annotations(probe, eval_str=True).get("return") is probes.Case
        and not inspect.signature(probe).parameters
    }


def test_each_probe_is_in_the_table() -> None:
    """One that no row names would prove nothing."""
    assert set(_probes()) == {it.probe for it in PROVOKED}


ANSWERS: Final = sorted({(it.probe, it.type, it.code) for it in PROVOKED})


@pytest.mark.parametrize(("probe", "kind", "code"), ANSWERS)
def test_a_refusal_is_typed_and_leaves_everything_as_it_was(
    probe: str, kind: str, code: str
) -> None:
    """Every repository, every wallet, the outbox, and what the carrier knows."""
    case = _probes()[probe]()
    before = probes.state_of(case.stage)

    answer = _answer(case.act)

    assert (type(answer).__name__, _codes(answer)) == (kind, _codes(answer) | {code})
    assert str(answer)
    after = probes.state_of(case.stage)
    assert after == (case.apart[-1] if case.apart else before)


def _answer(act: Callable[[], object]) -> object:
    try:
        return act()
    except ApacLogisticsError as error:
        return error


def _codes(answer: object) -> set[str]:
    match answer:
        case CarrierRejectedError():
            return {answer.reason_code}
        case RefusedError() | QuoteRefused():
            return {reason.code for reason in answer.reasons}
        case ApacLogisticsError():
            return {answer.code}
        case _:
            raise AssertionError(f"nothing was refused, and the answer is {answer!r}")


def test_a_state_tells_what_was_changed() -> None:
    """Else the comparison above would hold whatever happened."""
    stage = sold()
    states = [probes.state_of(stage)]

    changes: tuple[Callable[[], object], ...] = (
        stage.drafted,
        lambda: stage.booked({CASE: 1}),
        lambda: probes.complaining(stage).act(),
        lambda: stage.platform.sellers.suspend(SellerId(SELLER.id), "complaints", by=PLATFORM),
    )
    for change in changes:
        change()
        states.append(probes.state_of(stage))

    kinds = [
        {name for name in before if before[name] != after[name]}
        for before, after in pairwise(states)
    ]
    assert kinds == [
        {"orders", "shipments", "outbox"},
        {"orders", "shipments", "outbox", "bookings"},
        {"orders", "shipments", "outbox", "bookings", "wallets", "complaints"},
        {"sellers", "outbox"},
    ]
