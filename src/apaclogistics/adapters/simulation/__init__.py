"""A carrier that exists only in memory, and behaves as carriers do, from a seed and a script.

It prices by rate cards, gives S10 numbers with valid check digits, and moves parcels along a lane:
the same seed and number always make the same journey, on every machine.  A `Fate` says what becomes
of a parcel, a `Habit` how the carrier tells of it, a `Mishap` what goes wrong with a call, and
`HouseRules` whom and what the carrier takes, `Billing` what it weighs and charges.  What it refuses
carries the code that eDIS uses.

Source of the codes: eDIS 1.1.0.  The lane and its hours are an example, not published figures.
"""

from apaclogistics.adapters.simulation._bills import Billing
from apaclogistics.adapters.simulation._carrier import SimulatedBooking, SimulatedCarrier
from apaclogistics.adapters.simulation._guards import HouseRules
from apaclogistics.adapters.simulation._habits import Habit
from apaclogistics.adapters.simulation._journeys import EXAMPLE_LANE, Fate, Stop
from apaclogistics.adapters.simulation._mishaps import Call, Mishap

__all__ = (
    "EXAMPLE_LANE",
    "Billing",
    "Call",
    "Fate",
    "Habit",
    "HouseRules",
    "Mishap",
    "SimulatedBooking",
    "SimulatedCarrier",
    "Stop",
)
