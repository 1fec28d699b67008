"""The command as its users meet it: in a process of its own, by what it prints and how it ends."""

import copy
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from apaclogistics import Money
from apaclogistics.claims import CLAIM
from apaclogistics.codec import loads
from apaclogistics.command.demo import tell
from apaclogistics.command.documents import read_json
from apaclogistics.command.draw import DRAWINGS
from apaclogistics.command.main import main
from apaclogistics.display.story import Story
from apaclogistics.display.text import to_terminal
from apaclogistics.errors import CodecErrors
from apaclogistics.fulfilment import FULFILMENT
from apaclogistics.values.instants import instant, to_text

FIXTURES = Path(__file__).parent / "fixtures"
ORDER = FIXTURES / "ebay_order.json"
TRACKER = FIXTURES / "easypost_tracker.json"

Json = Any


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "apaclogistics", *map(str, arguments)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        stdin=subprocess.DEVNULL,
    )


def load(file: Path) -> Json:
    return json.loads(file.read_bytes())


def written(folder: Path, name: str, document: Json) -> Path:
    file = folder / name
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def test_the_demo_walks_all_seven_steps() -> None:
    """Each step of the path leaves a line that names it."""
    done = run("demo")

    assert (done.returncode, done.stderr) == (0, "")
    for word in (
        "registered",
        "verified",
        "published",
        "Promised",
        "placed",
        "booked: HKPOST number LV",
        "handed over",
        "DELIVERED",
        "confirmed receipt",
        "Where is my tea set?",
        "refunded: 84.00 USD",
        "filed: loss",
        "countered: 720.00 HKD",
        "settled (compensation 680.00 HKD)",
        "sum of all accounts",
    ):
        assert word in done.stdout


def test_one_parcel_of_the_demo_is_late_and_received_and_the_other_lost_and_paid_for() -> None:
    """The promise is broken, attention names it, and both shipments end."""
    story = tell()

    late = {
        item.thing for watch in story.attention for item in watch.items if item.rule.value == "late"
    }
    assert late == {"shipment shipment-1", "shipment shipment-2"}
    assert [shipment.phase for shipment in story.shipments] == ["COMPLETED", "CLOSED"]
    delivered = story.shipments[0].delivered_at
    assert delivered is not None
    assert delivered > story.promised[0].latest


def test_the_money_of_the_demo_sums_to_zero_in_each_currency() -> None:
    """Postings are in two currencies, and every sum is nothing."""
    money = tell().money

    assert {str(total) for total in money.totals} == {"0.00 USD", "0.00 HKD"}
    for currency in ("USD", "HKD"):
        amounts = [b.amount for b in money.balances if b.amount.currency.code == currency]
        assert amounts
        assert Money.total(amounts, currency) == Money.zero(currency)


def test_the_figures_of_the_demo_are_those_of_its_json() -> None:
    """Every amount that is printed is in the JSON, and the JSON reads back as the same story."""
    text, document = run("demo").stdout, run("demo", "--json").stdout

    story = loads(document, Story)

    assert story == tell()
    assert text == to_terminal(story)
    for amount in (posting.amount for posting in story.money.postings):
        assert str(amount) in text


def test_following_an_order_prints_every_scan_and_the_phase() -> None:
    """The timeline holds the instant of each scan of the tracker."""
    done = run("follow", ORDER, "--scans", TRACKER)

    assert (done.returncode, done.stderr) == (0, "")
    for detail in load(TRACKER)["tracking_details"]:
        assert to_text(instant(detail["datetime"])) in done.stdout
    assert re.search(r"^  \S+: [A-Z_]+", done.stdout, re.MULTILINE)


def test_a_month_later_more_needs_attention() -> None:
    """Judged by a later instant, the same facts are overdue."""
    now = loads(run("follow", ORDER, "--scans", TRACKER, "--json").stdout, Story)

    later = run("follow", ORDER, "--scans", TRACKER, "--json", "--at", str(now.at.add(months=1)))

    items = loads(later.stdout, Story).attention[0].items
    assert len(items) > len(now.attention[0].items)


def shuffled(tracker: Json, seed: int) -> Json:
    """Repeat some of the details and put all in another order."""
    again = copy.deepcopy(tracker)
    details = again["tracking_details"]
    dice = random.Random(seed)  # noqa: S311 - an order of scans is no secret
    again["tracking_details"] = dice.sample(details * 2, k=2 * len(details))
    return again


def test_the_json_does_not_depend_on_order_repetition_or_hash_seed(tmp_path: Path) -> None:
    """Shuffled and repeated scans give the same bytes, whatever the hash seed."""
    tracker = load(TRACKER)
    files = [written(tmp_path, f"{seed}.json", shuffled(tracker, seed)) for seed in range(3)]
    plain = run("follow", ORDER, "--scans", TRACKER, "--json").stdout

    outputs = {
        run("follow", ORDER, "--scans", *scans, "--json", PYTHONHASHSEED=hash_seed).stdout
        for hash_seed in ("1", "2")
        for scans in (files[:1], files[1:], [TRACKER, *files])
    }

    assert outputs == {plain}


def test_a_time_without_a_zone_is_a_warning_and_a_local_scan(tmp_path: Path) -> None:
    """The scan is kept, marked local, and the warning names its path."""
    tracker = load(TRACKER)
    naive = tracker["tracking_details"][1]["datetime"][:19]
    tracker["tracking_details"][1]["datetime"] = naive

    done = run("follow", ORDER, "--scans", written(tmp_path, "naive.json", tracker))

    assert done.returncode == 0
    assert f"{naive} local time" in done.stdout
    assert "$.tracking_details[*].datetime" in done.stdout


def with_(path: str, value: Json) -> Json:
    """Give the order with one value replaced, by dotted path."""
    order = load(ORDER)
    *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place = order
    for key in parents:
        place = place[key]
    place[last] = value
    return order


BROKEN = {
    "wrong type": (with_("lineItems.0.quantity", "1"), "$.lineItems[0].quantity"),
    "naive time": (with_("creationDate", "2026-03-02T03:20:41"), "$.creationDate"),
    "unknown currency": (with_("pricingSummary.total.currency", "XXQ"), "$.pricingSummary.total"),
    "an array": ([], "$"),
    "nothing in it": ({}, "$.orderId"),
}


@pytest.mark.parametrize(("document", "path"), BROKEN.values(), ids=BROKEN)
def test_a_broken_order_is_refused_with_its_path(
    tmp_path: Path, document: Json, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 1, and one line a fault that begins with file and path."""
    file = written(tmp_path, "broken.json", document)

    status = main(["follow", str(file)])

    shown = capsys.readouterr()
    assert (status, shown.out) == (1, "")
    assert any(line.startswith(f"{file}: {path}") for line in shown.err.splitlines())
    assert all(line.startswith(f"{file}: $") for line in shown.err.splitlines())


UNREADABLE = {
    "cut in half": ORDER.read_bytes()[: len(ORDER.read_bytes()) // 2],
    "empty": b"",
    "blank": b" \n",
    "not UTF-8": b'{"orderId": "\xff"}',
    "a member twice": b'{"orderId": "1", "orderId": "2"}',
    "no number": b'{"orderId": NaN}',
    "nested without end": b"[" * 200_000,
    "closed without end": b"[" * 200_000 + b"]" * 200_000,
    "too large": b" " * (16 * 1024 * 1024 + 1) + b"{}",
    "a number without end": b"9" * 10_000,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_document_is_refused_in_one_line(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 1, one line, no traceback."""
    file = tmp_path / "order.json"
    file.write_bytes(content)

    status = main(["follow", str(file), "--scans", str(TRACKER)])

    shown = capsys.readouterr()
    assert (status, shown.out) == (1, "")
    assert [line.partition(": ")[0] for line in shown.err.splitlines()] == [str(file)]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The fault names the file and the reason."""
    with pytest.raises(CodecErrors) as refusal:
        read_json(tmp_path / "nowhere.json")

    assert str(refusal.value) == "$: cannot be read (No such file or directory)"


def test_faults_of_all_files_are_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The order and the scans are both judged before either is refused."""
    order, scans = written(tmp_path, "order.json", {}), tmp_path / "scans.json"
    scans.write_bytes(b"")

    status = main(["follow", str(order), "--scans", str(scans)])

    files = {line.partition(": ")[0] for line in capsys.readouterr().err.splitlines()}
    assert status == 1
    assert files == {str(order), str(scans)}


@pytest.mark.parametrize(
    "arguments",
    [[], ["dance"], ["draw", "nothing"], ["follow"], ["follow", "x.json", "--at", "yesterday"]],
    ids=" ".join,
)
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    """The parser explains, and nothing is printed for programs."""
    done = run(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "usage:" in done.stderr


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_lifecycle_is_drawn(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is drawn is the table itself."""
    status = main(["draw", name])

    assert status == 0
    assert capsys.readouterr().out == DRAWINGS[name]


def test_the_drawings_are_those_of_the_tables() -> None:
    """Two of them stand for all: the names lead to the right table."""
    assert DRAWINGS["fulfilment"] == FULFILMENT.to_mermaid()
    assert DRAWINGS["claim"] == CLAIM.to_mermaid()


def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing but a terminal gets colour, and none does where NO_COLOR is set."""
    shown = []
    for is_terminal, no_colour in ((False, ""), (True, ""), (True, "1")):
        monkeypatch.setattr("sys.stdout.isatty", lambda answer=is_terminal: answer)
        monkeypatch.setenv("NO_COLOR", "1") if no_colour else monkeypatch.delenv(
            "NO_COLOR", raising=False
        )
        main(["demo"])
        shown.append("\x1b[" in capsys.readouterr().out)

    assert shown == [False, True, False]


def test_a_reader_who_stops_early_gets_no_traceback() -> None:
    """A closed pipe ends the command quietly."""
    command = [sys.executable, "-m", "apaclogistics", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()

    assert complaint == b""


def test_what_a_feed_says_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Control characters are shown as what they are, and break no line."""
    tracker = load(TRACKER)
    tracker["tracking_details"][0]["message"] = "a\x1b[31m\nforged line"

    main(["follow", str(ORDER), "--scans", str(written(tmp_path, "odd.json", tracker))])

    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert not any(line.startswith("forged") for line in shown.splitlines())
    assert "forged line" in shown


def test_a_terminal_that_cannot_show_a_letter_gets_its_number(tmp_path: Path) -> None:
    """There is no traceback, whatever the encoding of the terminal."""
    tracker = load(TRACKER)
    tracker["tracking_details"][0]["tracking_location"]["city"] = "Z\u00fcrich"

    file = written(tmp_path, "city.json", tracker)
    done = run("follow", ORDER, "--scans", file, PYTHONUTF8="0", PYTHONIOENCODING="ascii")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Z\\xdcRICH" in done.stdout
