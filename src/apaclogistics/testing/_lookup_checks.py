"""The contract of storage: lookups, pages and receipts."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

import attrs

from apaclogistics.history import Recorded
from apaclogistics.ports import ReceiptState, Repository, Storage, Stored, UnitOfWork
from apaclogistics.testing import _specimens as specimens
from apaclogistics.testing._promises import expect
from apaclogistics.testing._specimens import KINDS, Kind
from apaclogistics.testing._transactions import (
    CONFLICT,
    NewStorage,
    StorageCheck,
    outcome,
    save,
)
from apaclogistics.values.identifiers import OrderId, ShipmentId, tracking_number

__all__ = (
    "LOOKUPS",
    "a_receipt_remembers_its_request_and_its_answer",
    "bundles_are_found_by_their_shipment",
    "claims_are_found_by_their_shipment",
    "inquiries_are_found_by_their_shipment",
    "listings_are_found_by_their_seller",
    "lookups_see_what_the_transaction_saved",
    "pages_are_complete_and_in_order",
    "shipments_are_found_by_a_parcels_number",
    "shipments_are_found_by_their_order",
    "what_buyers_see_is_found",
)

K = TypeVar("K")
R = TypeVar("R", bound=Recorded)

# As text, 10 comes before 9.
_NUMBERED: Final = (10, 9, 2, 1, 30, 4, 12)


def _save_all(storage: Storage, part: Callable[[UnitOfWork], Repository[K, R]], *things: R) -> None:
    with storage.unit_of_work() as work:
        for thing in things:
            part(work).save(thing, expected=0)
        work.commit()


def _found(
    storage: Storage, look: Callable[[UnitOfWork, int], Sequence[Stored[R]]]
) -> dict[int, list[tuple[R, int]]]:
    """Look for what belongs to the first three of a kind, the last of which has nothing."""
    with storage.unit_of_work() as work:
        return {number: _values(look(work, number)) for number in (1, 2, 3)}


def _values(found: Sequence[Stored[R]]) -> list[tuple[R, int]]:
    values = [(stored.value, stored.version) for stored in found]
    return sorted(values, key=lambda pair: pair[0].id)


def listings_are_found_by_their_seller(storage: NewStorage) -> None:
    """Give all listings of a seller, as they are now, and nobody else's."""
    kept = storage()
    mine, more, others = specimens.listing(1), specimens.listing(2), specimens.listing(3, of=2)
    _save_all(kept, lambda work: work.listings, mine, others, more)
    revised = specimens.listing(1, 1)
    with kept.unit_of_work() as work:
        work.listings.save(revised, expected=1)
        work.commit()
    found = _found(kept, lambda work, n: work.listings.of_seller(specimens.owner(n)))
    expected = {1: [(revised, 2), (more, 1)], 2: [(others, 1)], 3: []}
    expect("listings are found by their seller", found, expected)


def what_buyers_see_is_found(storage: NewStorage) -> None:
    """Give the listings that are published now, and no draft."""
    kept = storage()
    shown, draft = specimens.listing(1), specimens.listing(2)
    published = shown.publish(hindrances=(), by=specimens.owner(1), at=specimens.MONDAY)
    with kept.unit_of_work() as work:
        work.listings.save(published, expected=0)
        work.listings.save(draft, expected=0)
        before = _values(work.listings.published())
        work.commit()
    with kept.unit_of_work() as work:
        paused = published.pause(by=specimens.owner(1), at=specimens.MONDAY)
        after = _values(work.listings.published())
        work.listings.save(paused, expected=1)
        in_between = _values(work.listings.published())
        work.commit()
    with kept.unit_of_work() as work:
        found = [before, after, in_between, _values(work.listings.published())]
    expected = [[(published, 1)], [(published, 1)], [], []]
    expect("what buyers see is found", found, expected)


def shipments_are_found_by_their_order(storage: NewStorage) -> None:
    """Give all shipments of an order, and no other's."""
    kept = storage()
    one, two, others = specimens.shipment(1), specimens.shipment(2), specimens.shipment(3, of=2)
    _save_all(kept, lambda work: work.shipments, two, others, one)
    found = _found(kept, lambda work, n: work.shipments.of_order(OrderId(f"o-{n}")))
    expected = {1: [(one, 1), (two, 1)], 2: [(others, 1)], 3: []}
    expect("shipments are found by their order", found, expected)


def shipments_are_found_by_a_parcels_number(storage: NewStorage) -> None:
    """Give each shipment with a parcel of a number, be it the first number or a later one."""
    kept = storage()
    draft = specimens.shipment(3)
    one = specimens.booked(specimens.shipment(1), "RR473124829GB", "LAST-MILE-1")
    two = specimens.booked(specimens.shipment(2), "9405500208303109888319", "LAST-MILE-1")
    _save_all(kept, lambda work: work.shipments, draft, two, specimens.shipment(1))
    with kept.unit_of_work() as work:
        work.shipments.save(one, expected=1)
        work.commit()
    numbers = ("RR473124829GB", "9405500208303109888319", "last mile-1", "LAST-MILE-2")
    with kept.unit_of_work() as work:
        found = [_values(work.shipments.by_number(tracking_number(text))) for text in numbers]
    expected = [[(one, 2)], [(two, 1)], [(one, 2), (two, 1)], []]
    expect("shipments are found by a parcel's number", found, expected)


def bundles_are_found_by_their_shipment(storage: NewStorage) -> None:
    """Give all bundles that a shipment is in now, and no other."""
    kept = storage()
    one, two, others = specimens.bundle(1), specimens.bundle(2), specimens.bundle(3, of=2)
    _save_all(kept, lambda work: work.bundles, two, others, one)
    emptied = two.remove([ShipmentId("sh-1")], by=specimens.owner(1), at=specimens.MONDAY)
    with kept.unit_of_work() as work:
        before = _values(work.bundles.of_shipment(ShipmentId("sh-1")))
        work.bundles.save(emptied, expected=1)
        work.commit()
    expect("bundles are found by their shipment", before, [(one, 1), (two, 1)])
    found = _found(kept, lambda work, n: work.bundles.of_shipment(ShipmentId(f"sh-{n}")))
    expected = {1: [(one, 1)], 2: [(others, 1)], 3: []}
    expect("bundles are found by the shipments in them now", found, expected)


def inquiries_are_found_by_their_shipment(storage: NewStorage) -> None:
    """Give all inquiries about a shipment, and about no other."""
    kept = storage()
    one, two, others = specimens.inquiry(1), specimens.inquiry(2), specimens.inquiry(3, of=2)
    _save_all(kept, lambda work: work.inquiries, two, others, one)
    found = _found(kept, lambda work, n: work.inquiries.of_shipment(ShipmentId(f"sh-{n}")))
    expected = {1: [(one, 1), (two, 1)], 2: [(others, 1)], 3: []}
    expect("inquiries are found by their shipment", found, expected)


def claims_are_found_by_their_shipment(storage: NewStorage) -> None:
    """Give all claims about a shipment, and about no other."""
    kept = storage()
    one, two, others = specimens.claim(1), specimens.claim(2), specimens.claim(3, of=2)
    _save_all(kept, lambda work: work.claims, two, others, one)
    found = _found(kept, lambda work, n: work.claims.of_shipment(ShipmentId(f"sh-{n}")))
    expected = {1: [(one, 1), (two, 1)], 2: [(others, 1)], 3: []}
    expect("claims are found by their shipment", found, expected)


def lookups_see_what_the_transaction_saved(storage: NewStorage) -> None:
    """Find what this transaction saved, and not what another one has not committed."""
    kept = storage()
    booked = specimens.booked(specimens.shipment(1), "RR473124829GB")
    number = tracking_number("RR473124829GB")
    with kept.unit_of_work() as work:
        work.shipments.save(specimens.shipment(1), expected=0)
        work.commit()
    with kept.unit_of_work() as work:
        work.shipments.save(booked, expected=1)
        mine = _values(work.shipments.by_number(number))
        with kept.unit_of_work() as other:
            others = _values(other.shipments.by_number(number))
            drafts = _values(other.shipments.of_order(OrderId("o-1")))
    expect("a lookup finds what its transaction saved", mine, [(booked, 2)])
    expect("a lookup does not find what another saved", others, [])
    expect("a lookup gives what is committed", drafts, [(specimens.shipment(1), 1)])


def pages_are_complete_and_in_order(storage: NewStorage) -> None:
    """Give everything once, page after page, in the order of the identifiers' characters."""
    for kind in KINDS:
        kept = storage()
        for number in _NUMBERED:
            save(kept, kind, number)
        expected = sorted(kind.key(number) for number in _NUMBERED)
        for limit in (1, 3, len(_NUMBERED), 100):
            pages = list(_pages(kept, kind, limit))
            read = [key for page in pages for key in page]
            expect(f"pages of {limit} give every {kind.name} once, in order", read, expected)
            longest = max(len(page) for page in pages)
            expect(f"a page is no longer than {limit}", max(longest, limit), limit)


def _pages(storage: Storage, kind: Kind, limit: int) -> Iterator[list[str]]:
    after = ""
    # One page more than there are things: whoever never comes to an end is stopped.
    for _ in range(len(_NUMBERED) + 1):
        with storage.unit_of_work() as work:
            page = kind.page(work, after=after, limit=limit)
        if not page:
            return
        yield page
        after = page[-1]


def a_receipt_remembers_its_request_and_its_answer(storage: NewStorage) -> None:
    """Keep a receipt from the request to the answer, and let only one call give that."""
    kept = storage()
    pending = specimens.receipt(1)
    answered = attrs.evolve(
        pending, state=ReceiptState.REJECTED, leased_until=None, reason_code="42", reason="no"
    )
    with kept.unit_of_work() as work:
        work.receipts.save(pending, expected=0)
        work.commit()
    with kept.unit_of_work() as slow:
        found = slow.receipts.find(pending.key)
        expect("a receipt keeps the request", found, Stored(pending, 1))
        with kept.unit_of_work() as work:
            work.receipts.save(answered, expected=1)
            work.commit()
        done = attrs.evolve(pending, state=ReceiptState.DONE)
        answered_again = outcome(lambda: slow.receipts.save(done, expected=1), slow.commit)
    expect("a receipt is answered once", answered_again, CONFLICT)
    with kept.unit_of_work() as work:
        found = work.receipts.find(pending.key)
    expect("a receipt keeps the answer", found, Stored(answered, 2))


LOOKUPS: Final[tuple[StorageCheck, ...]] = (
    listings_are_found_by_their_seller,
    what_buyers_see_is_found,
    shipments_are_found_by_their_order,
    shipments_are_found_by_a_parcels_number,
    bundles_are_found_by_their_shipment,
    inquiries_are_found_by_their_shipment,
    claims_are_found_by_their_shipment,
    lookups_see_what_the_transaction_saved,
    pages_are_complete_and_in_order,
    a_receipt_remembers_its_request_and_its_answer,
)
