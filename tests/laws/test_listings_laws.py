"""Laws of listings.

* A published version never changes, whatever is done to the listing afterwards.
* A listing that buyers see has no errors.
"""

from hypothesis import given

from apaclogistics.findings import Severity
from apaclogistics.listings import Listing, ListingState
from apaclogistics.testing._publishing import listings


@given(listings())
def test_a_version_never_changes(listing: Listing) -> None:
    """Every prefix of the history has the versions that the whole one begins with."""
    for count in range(1, len(listing.history) + 1):
        before = Listing.replay(listing.history[:count])

        assert listing.versions[: len(before.versions)] == before.versions
        assert listing.terms_of(before.version.version) == before.terms


@given(listings(state=ListingState.PUBLISHED))
def test_what_buyers_see_has_no_errors(listing: Listing) -> None:
    """Neither when it was published nor after it was revised."""

    found = listing.check(listing.history[-1].at)

    assert [finding for finding in found if finding.severity is Severity.ERROR] == []
