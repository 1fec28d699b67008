"""Ten lines that a user of the library might write: run against the installed wheel, alone.

Nothing of the checkout is within reach there, so this file imports no other test.
"""

import pytest
from hypothesis import given

from apaclogistics import Scan, track
from apaclogistics.adapters.memory import MemoryStorage
from apaclogistics.testing import contracts, strategies


@given(strategies.histories())
def test_the_order_of_scans_does_not_matter(scans: list[Scan]) -> None:
    assert track(scans) == track(reversed(scans))


@pytest.mark.parametrize("check", contracts.STORAGE, ids=contracts.name_of)
def test_storage_keeps_its_promises(check: contracts.StorageCheck) -> None:
    check(MemoryStorage)
