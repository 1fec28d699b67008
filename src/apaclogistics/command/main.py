"""What the command line understands, and how it answers.

Exit status: 0 done, 1 the input was refused (one line a fault on standard error, with file and
path), 2 wrong usage.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TypeVar

import attrs

from apaclogistics.codec import dumps
from apaclogistics.command.demo import tell
from apaclogistics.command.documents import read_document, read_json
from apaclogistics.command.draw import DRAWINGS
from apaclogistics.command.follow import follow
from apaclogistics.display.story import Story
from apaclogistics.display.text import to_terminal
from apaclogistics.errors import CodecErrors, InvalidValueError
from apaclogistics.interop import Doubt, ScanReading, feeds
from apaclogistics.interop.ebay import read_order
from apaclogistics.values.instants import Instant, instant

__all__ = ("main",)

T = TypeVar("T")


class _RefusedInputError(Exception):
    """Carry the lines that say why a file was refused."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say, and give the exit status."""
    chosen = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets its number, and no traceback.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        match chosen.command:
            case "demo":
                _tell(tell(), as_json=chosen.json)
            case "follow":
                _tell(_followed(chosen), as_json=chosen.json)
            case _:
                sys.stdout.write(DRAWINGS[chosen.lifecycle])
    except _RefusedInputError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except BrokenPipeError:
        # Whoever reads has seen enough; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m apaclogistics",
        description="eBay's Asia-Pacific logistics: follow orders, draw lifecycles, see a demo.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="walk the seven steps, offline")
    follow_ = commands.add_parser("follow", help="tell the story of an eBay order")
    follow_.add_argument("order", metavar="ORDER.json", type=Path, help="a getOrder body of eBay")
    follow_.add_argument(
        "--scans",
        metavar="FILE",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        help=f"tracking answers, recognised by their shape: {', '.join(feeds.READ)}",
    )
    follow_.add_argument(
        "--at",
        metavar="INSTANT",
        type=_instant,
        help="judge as of this instant, and leave out what came later (default: the last one "
        "in the input)",
    )
    for command in (demo, follow_):
        command.add_argument("--json", action="store_true", help="write JSON for programs")
    draw = commands.add_parser("draw", help="draw a lifecycle as Mermaid")
    draw.add_argument("lifecycle", choices=tuple(DRAWINGS))
    return parser


def _instant(text: str) -> Instant:
    try:
        return instant(text)
    except InvalidValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None


def _followed(chosen: argparse.Namespace) -> Story:
    faults: list[str] = []
    order = _read(chosen.order, lambda file: read_order(read_json(file)), faults)
    scans = [_read(file, _scans_in, faults) for file in chosen.scans]
    if order is None or faults:
        raise _RefusedInputError("\n".join(faults))
    return follow(order, [reading for reading in scans if reading is not None], chosen.at)


def _scans_in(file: Path) -> ScanReading:
    reading = feeds.read_scans(read_document(file))
    if reading.parcels:
        return reading
    empty = Doubt(str(file), "no_tracking", "holds no tracking")
    return attrs.evolve(reading, warnings=(*reading.warnings, empty))


def _read(file: Path, reader: Callable[[Path], T], faults: list[str]) -> T | None:
    """Read one file, or note every fault of it."""
    try:
        return reader(file)
    except CodecErrors as errors:
        faults += [f"{file}: {fault}" for fault in errors.exceptions]
        return None


def _tell(story: Story, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(f"{dumps(story)}\n")
        return
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    sys.stdout.write(to_terminal(story, colour=colour))
