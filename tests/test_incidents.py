"""Every reason has somebody whose doing it is."""

from collections import Counter

import pytest

from apaclogistics.incidents import Incident, Responsible


@pytest.mark.parametrize("incident", Incident)
def test_every_incident_says_who_is_responsible(incident: Incident) -> None:
    assert incident.responsible in Responsible


def test_no_party_is_left_without_an_incident() -> None:
    """Written out, so that a reason that changes sides shows as a changed line."""
    assert Counter(incident.responsible for incident in Incident) == {
        Responsible.CARRIER: 8,
        Responsible.CONSIGNOR: 6,
        Responsible.CONSIGNEE: 9,
        Responsible.CUSTOMS: 5,
        Responsible.FORCE_MAJEURE: 3,
        Responsible.UNKNOWN: 3,
    }
