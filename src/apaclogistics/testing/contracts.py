"""Contracts: what the ports promise, as checks that any storage or carrier can be held to.

A check takes a factory and raises `ContractBrokenError` where a promise is broken, saying which and
what happened instead.  There is nothing to inherit from, and no test runner is needed; with pytest:

    @pytest.mark.parametrize("check", contracts.STORAGE, ids=contracts.name_of)
    def test_storage_keeps_its_promises(check: contracts.StorageCheck) -> None:
        check(MyStorage)

The factory gives empty storage each time that it is called; that of a carrier gives a `Bookable`: a
carrier, and a request that it will book.  The checks are thorough rather than fast, and hold under
``python -O``.  What an adapter raises where it should not comes out as it is.

>>> from apaclogistics.adapters.memory import MemoryStorage
>>> an_unknown_identifier_is_not_found(MemoryStorage)
>>> len(STORAGE) > 30 and name_of(STORAGE[0])
'an unknown identifier is not found'
"""

from collections.abc import Callable
from typing import Final

from apaclogistics.testing._booking_checks import (
    BOOKINGS,
    a_booking_is_found_by_its_reference,
    a_cancelled_booking_cannot_be_confirmed,
    a_cancelled_number_is_dead,
    an_odd_request_is_booked_or_rejected,
    an_unknown_booking_is_rejected,
    booking_labels_every_parcel,
    cancelling_again_changes_nothing,
    confirming_again_changes_nothing,
    no_number_is_given_twice,
)
from apaclogistics.testing._bulk_checks import (
    BULK,
    many_are_cancelled_each_for_itself,
    many_are_confirmed_each_for_itself,
    one_call_takes_some_and_not_too_many,
)
from apaclogistics.testing._bundle_checks import (
    BUNDLES,
    a_bundle_is_given_up_and_its_label_with_it,
    a_bundle_is_of_its_seller_alone,
    a_bundle_is_taken_of_known_parcels_alone,
)
from apaclogistics.testing._carrier_cases import Bookable, CarrierCheck, NewCarrier
from apaclogistics.testing._cost_checks import (
    COSTS,
    bills_are_for_the_seller_of_the_parcels,
    bills_are_of_the_booked_parcels,
    what_was_billed_stays_billed,
)
from apaclogistics.testing._counting_checks import (
    COUNTING,
    Tally,
    count_up,
    increments_in_parallel_are_never_lost,
    storage_acts_like_a_dictionary,
)
from apaclogistics.testing._lookup_checks import (
    LOOKUPS,
    a_receipt_remembers_its_request_and_its_answer,
    bundles_are_found_by_their_shipment,
    claims_are_found_by_their_shipment,
    inquiries_are_found_by_their_shipment,
    listings_are_found_by_their_seller,
    lookups_see_what_the_transaction_saved,
    pages_are_complete_and_in_order,
    shipments_are_found_by_a_parcels_number,
    shipments_are_found_by_their_order,
    what_buyers_see_is_found,
)
from apaclogistics.testing._outbox_checks import (
    OUTBOX,
    an_acknowledged_event_never_comes_again,
    an_acknowledgement_that_is_rolled_back_does_not_count,
    an_event_comes_again_until_it_is_acknowledged,
    events_come_with_their_commit,
    events_of_an_aggregate_come_in_order,
    pending_events_are_limited_from_the_oldest_on,
)
from apaclogistics.testing._paper_checks import (
    PAPERS,
    a_complaint_is_taken_of_known_parcels_alone,
    a_label_is_printed_for_each_number_on_it,
    a_number_is_of_its_seller_alone,
    a_sheet_lists_known_parcels_alone,
    an_unknown_number_has_no_label,
)
from apaclogistics.testing._promises import ContractBrokenError
from apaclogistics.testing._sighting_checks import (
    SIGHTINGS,
    measurements_are_of_the_booked_parcels,
    nothing_moves_before_confirmation,
    nothing_moves_once_it_is_cancelled,
    observing_in_any_order_shows_the_same,
    scans_are_not_of_the_future,
    scans_are_of_the_booked_parcels,
    what_was_measured_stays_measured,
    what_was_scanned_stays_scanned,
)
from apaclogistics.testing._storage_checks import (
    TRANSACTIONS,
    a_commit_across_kinds_is_all_or_nothing,
    a_save_at_another_version_conflicts,
    a_transaction_is_begun_once,
    a_transaction_is_over_once_it_is_committed,
    a_transaction_is_over_once_its_block_is_left,
    a_transaction_is_used_once_it_has_begun,
    a_transaction_reads_its_own_writes,
    an_exception_rolls_back_and_comes_out,
    an_unknown_identifier_is_not_found,
    each_commit_makes_the_next_version,
    nobody_sees_what_is_not_committed,
    of_two_who_read_one_version_only_one_saves,
    of_two_who_saved_one_thing_only_one_commits,
    two_saves_in_one_transaction_leave_the_second,
    what_is_not_committed_is_rolled_back,
    what_was_read_once_is_read_the_same_again,
    whatever_is_saved_comes_back_the_same,
)
from apaclogistics.testing._transactions import NewStorage, StorageCheck

__all__ = (
    "CARRIER",
    "STORAGE",
    "Bookable",
    "CarrierCheck",
    "ContractBrokenError",
    "NewCarrier",
    "NewStorage",
    "StorageCheck",
    "Tally",
    "a_booking_is_found_by_its_reference",
    "a_bundle_is_given_up_and_its_label_with_it",
    "a_bundle_is_of_its_seller_alone",
    "a_bundle_is_taken_of_known_parcels_alone",
    "a_cancelled_booking_cannot_be_confirmed",
    "a_cancelled_number_is_dead",
    "a_commit_across_kinds_is_all_or_nothing",
    "a_complaint_is_taken_of_known_parcels_alone",
    "a_label_is_printed_for_each_number_on_it",
    "a_number_is_of_its_seller_alone",
    "a_receipt_remembers_its_request_and_its_answer",
    "a_save_at_another_version_conflicts",
    "a_sheet_lists_known_parcels_alone",
    "a_transaction_is_begun_once",
    "a_transaction_is_over_once_it_is_committed",
    "a_transaction_is_over_once_its_block_is_left",
    "a_transaction_is_used_once_it_has_begun",
    "a_transaction_reads_its_own_writes",
    "an_acknowledged_event_never_comes_again",
    "an_acknowledgement_that_is_rolled_back_does_not_count",
    "an_event_comes_again_until_it_is_acknowledged",
    "an_exception_rolls_back_and_comes_out",
    "an_odd_request_is_booked_or_rejected",
    "an_unknown_booking_is_rejected",
    "an_unknown_identifier_is_not_found",
    "an_unknown_number_has_no_label",
    "bills_are_for_the_seller_of_the_parcels",
    "bills_are_of_the_booked_parcels",
    "booking_labels_every_parcel",
    "bundles_are_found_by_their_shipment",
    "cancelling_again_changes_nothing",
    "claims_are_found_by_their_shipment",
    "confirming_again_changes_nothing",
    "count_up",
    "each_commit_makes_the_next_version",
    "events_come_with_their_commit",
    "events_of_an_aggregate_come_in_order",
    "increments_in_parallel_are_never_lost",
    "inquiries_are_found_by_their_shipment",
    "listings_are_found_by_their_seller",
    "lookups_see_what_the_transaction_saved",
    "many_are_cancelled_each_for_itself",
    "many_are_confirmed_each_for_itself",
    "measurements_are_of_the_booked_parcels",
    "name_of",
    "no_number_is_given_twice",
    "nobody_sees_what_is_not_committed",
    "nothing_moves_before_confirmation",
    "nothing_moves_once_it_is_cancelled",
    "observing_in_any_order_shows_the_same",
    "of_two_who_read_one_version_only_one_saves",
    "of_two_who_saved_one_thing_only_one_commits",
    "one_call_takes_some_and_not_too_many",
    "pages_are_complete_and_in_order",
    "pending_events_are_limited_from_the_oldest_on",
    "scans_are_not_of_the_future",
    "scans_are_of_the_booked_parcels",
    "shipments_are_found_by_a_parcels_number",
    "shipments_are_found_by_their_order",
    "storage_acts_like_a_dictionary",
    "two_saves_in_one_transaction_leave_the_second",
    "what_buyers_see_is_found",
    "what_is_not_committed_is_rolled_back",
    "what_was_billed_stays_billed",
    "what_was_measured_stays_measured",
    "what_was_read_once_is_read_the_same_again",
    "what_was_scanned_stays_scanned",
    "whatever_is_saved_comes_back_the_same",
)

CARRIER: Final[tuple[CarrierCheck, ...]] = (*BOOKINGS, *PAPERS, *BUNDLES, *COSTS, *BULK, *SIGHTINGS)
STORAGE: Final[tuple[StorageCheck, ...]] = (*TRANSACTIONS, *LOOKUPS, *OUTBOX, *COUNTING)


def name_of(check: Callable[..., None]) -> str:
    """Give the promise that a check is about, as a sentence."""
    return check.__name__.replace("_", " ")
