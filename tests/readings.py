"""Readings of scans: how tests say in short what was read."""

from collections.abc import Callable, Iterable

import pytest

from apaclogistics.errors import CodecErrors
from apaclogistics.interop import ScanReading
from apaclogistics.tracking import Scan


def in_short(scans: Iterable[Scan]) -> list[str]:
    """Say each scan on a line: when, code, milestone, place."""
    return [
        f"{scan.at} | {scan.code} | {scan.milestone.name if scan.milestone else '-'} | {scan.place}"
        for scan in scans
    ]


def story(reading: ScanReading) -> list[str]:
    """Say a whole reading: each parcel and its scans, and the codes of the warnings."""
    lines = []
    for parcel in reading.parcels:
        lines.append(" = ".join((f"{parcel.carrier} {parcel.number}", *parcel.other_numbers)))
        if parcel.expected is not None:
            lines.append(f"expected {parcel.expected}")
        lines += in_short(parcel.scans)
    return [*lines, " ".join(sorted({doubt.code for doubt in reading.warnings})) or "no warning"]


def told(block: str) -> list[str]:
    """Take a story that is written in a test, a line each."""
    return [line.strip() for line in block.strip().split("\n")]


def codes(reading: ScanReading) -> list[tuple[str, str]]:
    """Give the place and the code of each warning."""
    return [(doubt.path, doubt.code) for doubt in reading.warnings]


def only_scan(reading: ScanReading) -> Scan:
    """Give the one scan of the one parcel."""
    (parcel,) = reading.parcels
    (scan,) = parcel.scans
    return scan


def faults_of(read: Callable[[object], object], payload: object) -> list[str]:
    """Give the faults for which a document is refused, each with its path."""
    with pytest.raises(CodecErrors) as caught:
        read(payload)
    return [str(fault) for fault in caught.value.exceptions]
