"""Other people's formats: pure functions between parsed JSON, or text, and our own words.

A reader tells all faults at once: one of a single document refuses it, one of many rows leaves out
what is faulty and lists it.  What is doubtful comes back beside the result as warnings, each a
`Doubt`; and what our words do not carry is listed, so that nothing is lost silently.
"""

from apaclogistics.interop._reading import Doubt
from apaclogistics.interop._scans import ParcelReading, ScanReading

__all__ = ("Doubt", "ParcelReading", "ScanReading")
