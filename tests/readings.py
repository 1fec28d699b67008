"""Readings of scans: how tests say in short what was read."""

from collections.abc import Callable, Iterable

import pytest

from apaclogistics.errors import CodecErrors
from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop import ParcelReading, ScanReading
from apaclogistics.interop._phrases import Sense
from apaclogistics.tracking import Scan, track


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
        lines += map(str.rstrip, in_short(parcel.scans))
    return [*lines, " ".join(sorted({doubt.code for doubt in reading.warnings})) or "no warning"]


def in_full(parcel: ParcelReading) -> list[str]:
    """Say a parcel: carrier, numbers, phase and expectation, then each scan with text and reason."""
    phase = track(parcel.scans).phase
    numbers = " = ".join((f"{parcel.carrier} {parcel.number}", *parcel.other_numbers))
    expected = f" by {parcel.expected}" if parcel.expected else ""
    heading = f"{numbers} {phase.name if phase else '-'}{expected}"
    return [heading, *map(_in_full, parcel.scans)]


def _in_full(scan: Scan) -> str:
    meaning = scan.milestone.name if scan.milestone else "?"
    reason = f" ({scan.incident.value})" if scan.incident else ""
    return f"{scan.at} {scan.code} {meaning} [{scan.place}] {scan.text}{reason}".rstrip()


def blocks(text: str) -> dict[str, list[str]]:
    """Take expectations: blocks with an empty line between, each with its name on top."""
    parts = (block.split("\n  ") for block in text.strip().split("\n\n"))
    return {name: lines for name, *lines in parts}


def told(block: str) -> list[str]:
    """Take a story that is written in a test, a line each."""
    return [line.strip() for line in block.strip().split("\n")]


def codes(reading: ScanReading) -> list[tuple[str, str]]:
    """Give the place and the code of each warning."""
    return [(doubt.path, doubt.code) for doubt in reading.warnings]


def meant(text: str) -> Sense:
    """Take a meaning as tables in tests have it: a milestone, perhaps with a reason, or "-"."""
    milestone, _, reason = text.strip("-").partition(":")
    return Sense(Milestone[milestone] if milestone else None, Incident[reason] if reason else None)


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
