"""Other people's formats: pure functions between parsed JSON and our own words.

A reader refuses what it cannot read, with all faults at once; what is doubtful comes back beside
the result as warnings, each a `Doubt`; and what our words do not carry is listed, so that nothing
is lost silently.
"""

from apaclogistics.interop._reading import Doubt
from apaclogistics.interop._scans import ParcelReading, ScanReading

__all__ = ("Doubt", "ParcelReading", "ScanReading")
