"""Every history of scans that the feeds give: of the real inputs, and of our own samples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

from apaclogistics.errors import CodecErrors
from apaclogistics.interop import ScanReading
from apaclogistics.interop.feeds import read_scans
from apaclogistics.tracking import Scan
from tests.documents import FIXTURES
from tests.real_data import DATA

__all__ = ("ANSWERS", "HANDMADE", "HISTORIES", "READ", "READINGS", "REFUSED", "History", "document")

_FOLDERS: Final = ("aftership", "asia_tracking", "easypost", "karrio_tracking", "shippo")
_NO_ANSWERS: Final = frozenset({"ebay_order"})

# Our own samples of each feed, by name.
HANDMADE: Final = sorted({path.stem for path in FIXTURES.glob("*.json")} - _NO_ANSWERS)
# The real answers of all feeds; what a program made of some of them is left out.
ANSWERS: Final = sorted(
    path
    for folder in _FOLDERS
    for path in (DATA / folder).glob("*.*")
    if path.suffix in (".json", ".xml") and not path.stem.endswith("karrio_parsed")
)


def document(path: Path) -> object:
    """Give what a file holds: parsed JSON, or XML as text."""
    text = path.read_text(encoding="utf-8")
    payload: object = json.loads(text) if path.suffix == ".json" else text
    return payload


def _reading(path: Path) -> ScanReading | str:
    try:
        return read_scans(document(path))
    except CodecErrors as errors:
        return str(errors)


# What is read of each real answer, or the faults for which it is refused.
READINGS: Final = {path: _reading(path) for path in ANSWERS}
READ: Final = {path: it for path, it in READINGS.items() if isinstance(it, ScanReading)}
REFUSED: Final = {path: it for path, it in READINGS.items() if isinstance(it, str)}


@attrs.frozen
class History:
    """What one document says of one parcel: its numbers, the one it is tracked by first."""

    document: str
    numbers: tuple[str, ...]
    scans: tuple[Scan, ...]

    def __str__(self) -> str:
        """Give the document and the parcel."""
        return f"{self.document} {self.scans[0].carrier} {self.numbers[0]}"


def _histories() -> Iterator[History]:
    samples = {name: read_scans(document(FIXTURES / f"{name}.json")) for name in HANDMADE}
    real = {f"{path.parent.name}/{path.stem}": reading for path, reading in READ.items()}
    for name, reading in (samples | real).items():
        for it in reading.parcels:
            if it.scans:
                yield History(name, (it.number, *it.other_numbers), it.scans)


HISTORIES: Final = tuple(_histories())
