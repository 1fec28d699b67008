"""What every reader of scans gives back, and how reports of one parcel come together."""

from collections.abc import Iterable

import attrs

from apaclogistics.interop._reading import Cursor, Doubt
from apaclogistics.tracking import Scan, merge

__all__ = ("ParcelReading", "Report", "ScanReading", "parcels_of")


@attrs.frozen(kw_only=True)
class ParcelReading:
    """One parcel: its number as reported, who reports on it, and what was seen of it."""

    number: str
    carrier: str
    scans: tuple[Scan, ...]


@attrs.frozen(kw_only=True)
class ScanReading:
    """What was read of a document with scans.

    `warnings` are what is doubtful in it, `unread` the paths of all leaves that no scan carries.
    """

    parcels: tuple[ParcelReading, ...]
    warnings: tuple[Doubt, ...]
    unread: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Report:
    """One report on a parcel: its scans, each with the place in the document it was read at."""

    number: str
    carrier: str
    sightings: tuple[tuple[Cursor, Scan], ...]


def parcels_of(reports: Iterable[Report]) -> tuple[ParcelReading, ...]:
    """Bring the reports of each parcel together, in the order of carrier and number.

    Order and repetition are irrelevant.  Where two reports of one scan differ, the fuller stays and
    the other is doubted and left unread.
    """
    by_parcel: dict[tuple[str, str], list[Report]] = {}
    for report in reports:
        by_parcel.setdefault((report.carrier, report.number), []).append(report)
    return tuple(_parcel(*key, by_parcel[key]) for key in sorted(by_parcel))


def _parcel(carrier: str, number: str, reports: list[Report]) -> ParcelReading:
    sightings = [sighting for report in reports for sighting in report.sightings]
    scans = merge(scan for _, scan in sightings)
    kept = frozenset(scans)
    for place, scan in sightings:
        if scan not in kept:
            text = f"{scan.code} at {scan.at} is reported in two ways; the fuller one stays"
            place.doubt("two_reports", text)
            place.disown()
    return ParcelReading(number=number, carrier=carrier, scans=scans)
