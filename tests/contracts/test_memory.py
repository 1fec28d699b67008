"""The adapters in memory keep every promise, and a broken adapter does not get away with it.

Each of the `saboteurs` breaks one thing of storage or carrier, and each check of the contracts is
shown to fail for one of them.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from apaclogistics.adapters.memory import MemoryStorage, MemoryUnitOfWork
from apaclogistics.adapters.simulation import Billing, Fate, Habit, SimulatedCarrier
from apaclogistics.carriers import BookingRequest
from apaclogistics.testing import contracts
from apaclogistics.values.identifiers import CarrierCode, IdempotencyKey, ParcelId, QuoteId
from apaclogistics.values.quantities import Weight
from tests.contracts.saboteurs import (
    Absent,
    Anew,
    Backwards,
    Bare,
    Blabbing,
    Blank,
    Boundless,
    Careful,
    Careless,
    Clairvoyant,
    Confused,
    Counting,
    Discreet,
    Eager,
    Endless,
    Fickle,
    Fleeting,
    Forgetful,
    Fragile,
    Free,
    Gossip,
    Greedy,
    Hasty,
    Hopeless,
    Indiscreet,
    Jumbled,
    Obliging,
    Oblivious,
    Pressing,
    Rash,
    Repeating,
    Restless,
    Sloppy,
    Timid,
    Tireless,
    Translating,
    Undead,
    Unlabelled,
    sabotaged,
)
from tests.samples import CARRIER, consignment, day, rate_card, usd

ROOT = Path(__file__).parents[2]


def bookable(carrier: Callable[..., SimulatedCarrier] = SimulatedCarrier) -> contracts.Bookable:
    """Give a fresh carrier and two parcels that it will book, one of which comes back."""
    request = BookingRequest(
        reference=IdempotencyKey("book sh-1"),
        quote=QuoteId("q-1"),
        carrier=CarrierCode(CARRIER.id),
        service="e-Express",
        consignment=consignment(parcels=2),
    )
    fresh = carrier(CARRIER.id, rate_card=rate_card(), fates={ParcelId("p-2"): Fate.RETURNED})
    return contracts.Bookable(fresh, request, day(3))


@pytest.mark.parametrize("check", contracts.STORAGE, ids=contracts.name_of)
def test_memory_storage_keeps_its_promises(check: contracts.StorageCheck) -> None:
    """Every promise of storage."""
    check(MemoryStorage)


@pytest.mark.parametrize("check", contracts.CARRIER, ids=contracts.name_of)
def test_the_simulated_carrier_keeps_its_promises(check: contracts.CarrierCheck) -> None:
    """Every promise of a carrier."""
    check(bookable)


@pytest.mark.parametrize("check", contracts.CARRIER, ids=contracts.name_of)
def test_noise_breaks_no_promise(check: contracts.CarrierCheck) -> None:
    """A carrier may repeat, shuffle and muddle what it reports, and bill what nobody knows."""
    billing = Billing(scales={ParcelId("p-1"): Weight(930)}, fees={"99": usd("0.10")})
    check(partial(bookable, partial(SimulatedCarrier, habits=tuple(Habit), billing=billing)))


SABOTAGE: Mapping[type[MemoryUnitOfWork], tuple[contracts.StorageCheck, ...]] = {
    Forgetful: (contracts.a_receipt_remembers_its_request_and_its_answer,),
    Hasty: (contracts.what_is_not_committed_is_rolled_back,),
    Discreet: (contracts.an_exception_rolls_back_and_comes_out,),
    Tireless: (
        contracts.a_transaction_is_used_once_it_has_begun,
        contracts.a_transaction_is_over_once_it_is_committed,
        contracts.a_transaction_is_over_once_its_block_is_left,
        contracts.a_transaction_is_begun_once,
    ),
    Careless: (
        contracts.a_save_at_another_version_conflicts,
        contracts.of_two_who_read_one_version_only_one_saves,
        contracts.of_two_who_saved_one_thing_only_one_commits,
        contracts.a_commit_across_kinds_is_all_or_nothing,
        contracts.a_receipt_remembers_its_request_and_its_answer,
        contracts.increments_in_parallel_are_never_lost,
        contracts.storage_acts_like_a_dictionary,
    ),
    Bare: (contracts.an_unknown_identifier_is_not_found,),
    Translating: (contracts.whatever_is_saved_comes_back_the_same,),
    Restless: (
        contracts.what_was_read_once_is_read_the_same_again,
        contracts.a_transaction_reads_its_own_writes,
    ),
    Indiscreet: (contracts.nobody_sees_what_is_not_committed,),
    Counting: (
        contracts.each_commit_makes_the_next_version,
        contracts.two_saves_in_one_transaction_leave_the_second,
    ),
    Backwards: (
        contracts.pages_are_complete_and_in_order,
        contracts.events_of_an_aggregate_come_in_order,
        contracts.pending_events_are_limited_from_the_oldest_on,
    ),
    Endless: (contracts.pages_are_complete_and_in_order,),
    Greedy: (
        contracts.listings_are_found_by_their_seller,
        contracts.what_buyers_see_is_found,
        contracts.shipments_are_found_by_their_order,
        contracts.shipments_are_found_by_a_parcels_number,
        contracts.bundles_are_found_by_their_shipment,
        contracts.inquiries_are_found_by_their_shipment,
        contracts.claims_are_found_by_their_shipment,
        contracts.lookups_see_what_the_transaction_saved,
    ),
    Blabbing: (contracts.events_come_with_their_commit,),
    Fleeting: (contracts.an_event_comes_again_until_it_is_acknowledged,),
    Pressing: (contracts.an_acknowledged_event_never_comes_again,),
    Rash: (contracts.an_acknowledgement_that_is_rolled_back_does_not_count,),
}


@pytest.mark.parametrize(
    ("kind", "check"),
    [(kind, check) for kind, checks in SABOTAGE.items() for check in checks],
    ids=lambda it: it.__name__,
)
def test_broken_storage_is_found_out(
    kind: type[MemoryUnitOfWork], check: contracts.StorageCheck
) -> None:
    """The check fails, and says what was promised."""
    with pytest.raises(contracts.ContractBrokenError, match=r"promised: .+; what happened: "):
        check(sabotaged(kind))


def test_counting_gives_up_on_storage_that_always_conflicts() -> None:
    """Whoever tries again for ever would hang instead of failing."""
    with pytest.raises(contracts.ContractBrokenError, match="10000 conflicts"):
        contracts.count_up(sabotaged(Hopeless)(), threads=1, increments=1)


def test_a_broken_promise_is_noticed_without_assert_statements() -> None:
    """Some hosts run Python with -O, which leaves them out."""
    script = "\n".join(
        (
            "from apaclogistics.testing import contracts",
            "from tests.contracts.saboteurs import Hasty, sabotaged",
            "contracts.what_is_not_committed_is_rolled_back(sabotaged(Hasty))",
        )
    )

    done = subprocess.run(
        [sys.executable, "-O", "-c", script], capture_output=True, check=False, cwd=ROOT, text=True
    )

    assert "ContractBrokenError: promised: a seller is rolled back" in done.stderr


def test_each_check_of_storage_can_fail() -> None:
    """A check that nothing breaks would promise nothing."""
    broken = {check for checks in SABOTAGE.values() for check in checks}

    assert broken == set(contracts.STORAGE)


CARRIER_SABOTAGE: Mapping[type[SimulatedCarrier], tuple[contracts.CarrierCheck, ...]] = {
    Unlabelled: (contracts.booking_labels_every_parcel,),
    Free: (contracts.booking_labels_every_parcel,),
    Repeating: (contracts.no_number_is_given_twice,),
    Absent: (contracts.a_booking_is_found_by_its_reference,),
    Eager: (contracts.nothing_moves_before_confirmation,),
    Anew: (
        contracts.confirming_again_changes_nothing,
        contracts.a_cancelled_booking_cannot_be_confirmed,
    ),
    Undead: (
        contracts.a_cancelled_number_is_dead,
        contracts.nothing_moves_once_it_is_cancelled,
    ),
    Obliging: (
        contracts.an_unknown_booking_is_rejected,
        contracts.an_unknown_number_has_no_label,
        contracts.cancelling_again_changes_nothing,
    ),
    Gossip: (
        contracts.a_number_is_of_its_seller_alone,
        contracts.a_complaint_is_taken_of_known_parcels_alone,
    ),
    Careful: (contracts.a_sheet_lists_known_parcels_alone,),
    Jumbled: (
        contracts.bills_are_of_the_booked_parcels,
        contracts.bills_are_for_the_seller_of_the_parcels,
        contracts.measurements_are_of_the_booked_parcels,
    ),
    Fickle: (
        contracts.what_was_billed_stays_billed,
        contracts.what_was_measured_stays_measured,
    ),
    Sloppy: (
        contracts.a_bundle_is_taken_of_known_parcels_alone,
        contracts.a_bundle_is_of_its_seller_alone,
        contracts.a_bundle_is_given_up_and_its_label_with_it,
    ),
    Timid: (
        contracts.many_are_confirmed_each_for_itself,
        contracts.many_are_cancelled_each_for_itself,
    ),
    Boundless: (contracts.one_call_takes_some_and_not_too_many,),
    Blank: (contracts.a_label_is_printed_for_each_number_on_it,),
    Fragile: (contracts.an_odd_request_is_booked_or_rejected,),
    Confused: (contracts.scans_are_of_the_booked_parcels,),
    Clairvoyant: (contracts.scans_are_not_of_the_future,),
    Oblivious: (
        contracts.what_was_scanned_stays_scanned,
        contracts.observing_in_any_order_shows_the_same,
    ),
}


@pytest.mark.parametrize(
    ("kind", "check"),
    [(kind, check) for kind, checks in CARRIER_SABOTAGE.items() for check in checks],
    ids=lambda it: it.__name__,
)
def test_a_broken_carrier_is_found_out(
    kind: type[SimulatedCarrier], check: contracts.CarrierCheck
) -> None:
    """The check fails, and says what was promised."""
    with pytest.raises(contracts.ContractBrokenError, match=r"promised: .+; what happened: "):
        check(partial(bookable, kind))


def test_each_check_of_a_carrier_can_fail() -> None:
    """A check that nothing breaks would promise nothing."""
    broken = {check for checks in CARRIER_SABOTAGE.values() for check in checks}

    assert broken == set(contracts.CARRIER)
