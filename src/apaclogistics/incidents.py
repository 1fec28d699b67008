"""Incidents: why a parcel does not go on, as a carrier says it, and whose doing that is.

A milestone says what happened ("the attempt failed"), an incident why ("nobody was at home").  Who
is responsible decides who is asked, and who pays; a feed that gives no reason gives no incident.

Source: the incident reasons that karrio normalises over the feeds of some fifty carriers; who is
responsible for those that name nobody is our own decision.

>>> Incident.DUTIES_UNPAID.responsible
<Responsible.CUSTOMS: 'customs'>
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

__all__ = ("Incident", "Responsible")


class Responsible(Enum):
    """Whose doing it is that a parcel does not go on."""

    CARRIER = "carrier"
    CONSIGNOR = "consignor"
    CONSIGNEE = "consignee"
    CUSTOMS = "customs"
    FORCE_MAJEURE = "force majeure"
    UNKNOWN = "unknown"


class Incident(Enum):
    """Why a parcel does not go on."""

    PARCEL_DAMAGED = "parcel damaged"
    SORTING_ERROR = "sorting error"
    ADDRESS_NOT_FOUND = "address not found"
    PARCEL_LOST = "parcel lost"
    NOT_ENOUGH_TIME = "not enough time"
    VEHICLE_ISSUE = "vehicle issue"
    CAPACITY_EXCEEDED = "capacity exceeded"
    MECHANICAL_DELAY = "mechanical delay"

    CANCELLED_BY_CONSIGNOR = "cancelled by the consignor"
    INCORRECT_DATA = "incorrect data"
    NOT_READY = "not ready"
    INCORRECT_PARCEL = "incorrect parcel"
    INCORRECT_DIMENSIONS = "incorrect dimensions"
    PACKAGING_ISSUE = "packaging issue"

    REFUSED = "refused"
    BUSINESS_CLOSED = "business closed"
    NOT_AVAILABLE = "not available"
    NOT_HOME = "not at home"
    CANCELLED_BY_CONSIGNEE = "cancelled by the consignee"
    VERIFICATION_FAILED = "verification failed"
    INCORRECT_ADDRESS = "incorrect address"
    ACCESS_RESTRICTED = "access restricted"
    SAFE_PLACE_UNAVAILABLE = "safe place unavailable"

    CUSTOMS_DELAY = "customs delay"
    CUSTOMS_DOCUMENTATION = "customs documentation"
    DUTIES_UNPAID = "duties unpaid"
    PROHIBITED = "prohibited"
    CUSTOMS_INSPECTION = "customs inspection"

    WEATHER = "weather"
    NATURAL_DISASTER = "natural disaster"
    FORCE_MAJEURE = "force majeure"

    BEING_RESEARCHED = "being researched"
    SECURITY_ISSUE = "security issue"
    REGULATORY_HOLD = "regulatory hold"

    @property
    def responsible(self) -> Responsible:
        """Whose doing it is."""
        return _RESPONSIBLE[self]


_BY_PARTY: Final[Mapping[Responsible, tuple[Incident, ...]]] = MappingProxyType(
    {
        Responsible.CARRIER: (
            Incident.PARCEL_DAMAGED,
            Incident.SORTING_ERROR,
            Incident.ADDRESS_NOT_FOUND,
            Incident.PARCEL_LOST,
            Incident.NOT_ENOUGH_TIME,
            Incident.VEHICLE_ISSUE,
            Incident.CAPACITY_EXCEEDED,
            Incident.MECHANICAL_DELAY,
        ),
        Responsible.CONSIGNOR: (
            Incident.CANCELLED_BY_CONSIGNOR,
            Incident.INCORRECT_DATA,
            Incident.NOT_READY,
            Incident.INCORRECT_PARCEL,
            Incident.INCORRECT_DIMENSIONS,
            Incident.PACKAGING_ISSUE,
        ),
        Responsible.CONSIGNEE: (
            Incident.REFUSED,
            Incident.BUSINESS_CLOSED,
            Incident.NOT_AVAILABLE,
            Incident.NOT_HOME,
            Incident.CANCELLED_BY_CONSIGNEE,
            Incident.VERIFICATION_FAILED,
            Incident.INCORRECT_ADDRESS,
            Incident.ACCESS_RESTRICTED,
            Incident.SAFE_PLACE_UNAVAILABLE,
        ),
        Responsible.CUSTOMS: (
            Incident.CUSTOMS_DELAY,
            Incident.CUSTOMS_DOCUMENTATION,
            Incident.DUTIES_UNPAID,
            Incident.PROHIBITED,
            Incident.CUSTOMS_INSPECTION,
        ),
        Responsible.FORCE_MAJEURE: (
            Incident.WEATHER,
            Incident.NATURAL_DISASTER,
            Incident.FORCE_MAJEURE,
        ),
        Responsible.UNKNOWN: (
            Incident.BEING_RESEARCHED,
            Incident.SECURITY_ISSUE,
            Incident.REGULATORY_HOLD,
        ),
    }
)
_RESPONSIBLE: Final[Mapping[Incident, Responsible]] = MappingProxyType(
    {incident: party for party, incidents in _BY_PARTY.items() for incident in incidents}
)
