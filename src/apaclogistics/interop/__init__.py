"""Other people's formats: pure functions between parsed JSON, or text, and our own words.

A reader tells all faults at once: one of a single document refuses it, one of many rows leaves out
what is faulty and lists it.  What is doubtful comes back beside the result as warnings, each a
`Doubt`; and what our words do not carry is listed, so that nothing is lost silently.

A writer gives a `Written` document: JSON to be sent, warnings by its paths, and what of our words
the format has no field for.  What the format cannot hold is refused, again all at once.
"""

from apaclogistics.interop._reading import Doubt
from apaclogistics.interop._scans import ParcelReading, ScanReading
from apaclogistics.interop._writing import Written

__all__ = ("Doubt", "ParcelReading", "ScanReading", "Written")
