"""A booking is bought at most once, whatever fails, whoever repeats it, and wherever it dies."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Lock
from time import sleep
from types import TracebackType
from typing import Self

import attrs
import pytest

from apaclogistics.adapters.memory import MemoryStorage, MemoryUnitOfWork
from apaclogistics.adapters.simulation import Call, Mishap, SimulatedCarrier
from apaclogistics.carriers import (
    BookingRequest,
    CarrierRejectedError,
    CarrierUnavailableError,
    reference_of,
)
from apaclogistics.consignments import Booking
from apaclogistics.errors import InvalidTypeError, InvalidValueError, NotFoundError, Reason
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.lifecycle import (
    Actor,
    ActorNotPermittedError,
    IllegalTransitionError,
    RefusedError,
    Role,
)
from apaclogistics.offers import Carriage
from apaclogistics.ports import ConcurrencyConflictError, IdempotencyConflictError, ReceiptState
from apaclogistics.quotes import Quote, QuoteRefused
from apaclogistics.rate_cards import RateCard
from apaclogistics.shipments import Shipment
from apaclogistics.values.goods import Incoterm
from apaclogistics.values.identifiers import (
    CarrierCode,
    IdempotencyKey,
    ListingId,
    ListingVersion,
    SellerId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant
from apaclogistics.values.places import Country
from tests.samples import (
    BUYER,
    CARRIER,
    PLATFORM,
    SELLER,
    STRANGERS,
    profile,
    rate_card,
    scan,
    terms,
    usd,
)
from tests.stages import (
    A_WHILE,
    BROOKLYN,
    LISTING,
    ORDER,
    CountingCarrier,
    Killed,
    Life,
    MeddledCarrier,
    MeddledStorage,
    MeetingStorage,
    MortalCarrier,
    Stage,
    assert_all_is_told,
    assert_money_is_in_step,
    at_once,
    carrier,
    dangers,
    key_of,
    mortal,
    pieces,
    sold,
)

KEY = IdempotencyKey("the key")
SHIPMENT = ShipmentId("shipment-1")
STRANGER = Actor(Role.SELLER, "s-2")


def counted(*mishaps: Mishap) -> tuple[Stage, CountingCarrier]:
    """Give a stage with a draft to be booked, and its carrier, which counts labels."""
    counting = CountingCarrier(CARRIER.id, rate_card=rate_card(), mishaps=mishaps)
    stage = sold(Stage(carrier=counting))
    stage.drafted()
    return stage, counting


def codes(refusal: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    """Give the codes of all reasons."""
    return [reason.code for reason in refusal.value.reasons]


def is_alive(carrier: SimulatedCarrier, shipment: Shipment) -> bool:
    """Tell whether a shipment's numbers have labels."""
    try:
        return all(carrier.label(number, seller=SELLER) for number in shipment.numbers)
    except CarrierRejectedError:
        return False


def test_a_booking_gives_labels_and_a_cost_and_holds_nothing() -> None:
    """Nothing has moved yet, and no money either."""
    stage, counting = counted()

    shipment = stage.platform.shipments.book(SHIPMENT, stage.quote(), key=KEY, by=SELLER)

    assert shipment.phase is Phase.BOOKED
    assert shipment.booking is not None
    assert shipment.booking.estimate == usd("5.00")
    assert is_alive(counting, shipment)
    assert stage.money() == ("30.00 USD", "0.00 USD")
    assert stage.platform.shipments.get(SHIPMENT) == shipment


def test_the_same_key_gives_the_same_answer() -> None:
    """The second call buys nothing, changes nothing and tells nothing."""
    stage, counting = counted()
    quote = stage.quote()
    first = stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)
    told = stage.events()

    second = stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    assert second == first
    assert counting.made == 1
    assert stage.events() == told


def test_the_same_key_gives_the_same_rejection() -> None:
    """A carrier's refusal is final for the key; the carrier is not asked again."""
    counting = CountingCarrier(CARRIER.id, rate_card=rate_card(up_to_grams=500))
    stage = sold(Stage(carrier=counting))
    id = stage.drafted()
    quote = stage.quote()
    with pytest.raises(CarrierRejectedError) as first:
        stage.platform.shipments.book(id, quote, key=KEY, by=SELLER)
    asked = counting.asked

    with pytest.raises(CarrierRejectedError) as second:
        stage.platform.shipments.book(id, quote, key=KEY, by=SELLER)

    assert second.value.args == first.value.args
    assert counting.asked == asked
    assert second.value.reason_code == "355025"
    assert second.value.reason.startswith("800 g are above the 500 g ")
    assert stage.receipt(KEY).state is ReceiptState.REJECTED
    assert stage.platform.shipments.get(id).phase is Phase.DRAFT


@pytest.mark.parametrize("what", ["shipment", "quote"])
def test_a_key_is_good_for_one_request(what: str) -> None:
    """Another shipment or another quote under the same key is an error, and buys nothing."""
    stage, counting = counted()
    quote, other = stage.quote(), stage.drafted()
    stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)
    again = (other, quote) if what == "shipment" else (SHIPMENT, stage.quote())

    with pytest.raises(IdempotencyConflictError, match="'the key' was used for another request"):
        stage.platform.shipments.book(*again, key=KEY, by=SELLER)

    assert counting.made == 1
    assert stage.platform.shipments.get(other).phase is Phase.DRAFT


def test_an_answer_that_was_lost_is_found_again() -> None:
    """The carrier booked and timed out: the retry finds the booking and makes no second one."""
    stage, counting = counted(Mishap.ANSWER_LOST)
    quote = stage.quote()
    with pytest.raises(CarrierUnavailableError, match="the answer did not arrive in time"):
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)
    assert stage.platform.shipments.get(SHIPMENT).phase is Phase.DRAFT

    shipment = stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    assert shipment.phase is Phase.BOOKED
    assert shipment.booking == kept(counting, KEY, quote)
    assert counting.made == 1
    assert stage.receipt(KEY).state is ReceiptState.DONE


def test_a_carrier_that_did_not_answer_is_asked_again() -> None:
    """It may come back at once: no lease is left behind."""
    stage, counting = counted(Mishap.UNAVAILABLE, Mishap.UNAVAILABLE)
    quote = stage.quote()
    for _ in range(2):
        with pytest.raises(CarrierUnavailableError, match="the call was not answered"):
            stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)
    assert stage.receipt(KEY).state is ReceiptState.PENDING

    shipment = stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    assert shipment.phase is Phase.BOOKED
    assert counting.made == 1


def kept(carrier: SimulatedCarrier, key: IdempotencyKey, quote: Quote) -> Booking:
    """Give what the carrier booked as the platform keeps it: with what the quote promised."""
    found = carrier.find_booking(reference_of(SELLER, key))
    assert found is not None
    return attrs.evolve(found, promise=quote.promise)


def book_with_one_key(stage: Stage) -> Shipment:
    """Book the first shipment on one quote, as a process and its successor do."""
    return stage.platform.shipments.book(SHIPMENT, QUOTE, key=KEY, by=SELLER)


# The same quote, also for a process that comes after another one died.
QUOTE = sold().quote()


@pytest.mark.parametrize("last", range(1, dangers(book_with_one_key, Stage.drafted) + 1))
def test_a_process_that_dies_while_booking_leaves_one_label_at_most(last: int) -> None:
    """Killed anywhere, such as between the carrier's answer and our commit, and then resumed."""
    life = Life()
    stage = mortal(life)
    stage.drafted()
    life.ends_at = life.count + last
    with pytest.raises(Killed):
        book_with_one_key(stage)
    stage.clock.advance(A_WHILE)

    shipment = book_with_one_key(stage)

    assert isinstance(stage.carrier, MortalCarrier)
    assert stage.carrier.made == 1
    assert shipment.phase is Phase.BOOKED
    assert shipment.booking == kept(stage.carrier, KEY, QUOTE)
    assert is_alive(stage.carrier, shipment)
    assert_all_is_told(stage)


def kill_after_the_answer() -> tuple[Stage, CountingCarrier]:
    """Give a stage whose process died between the carrier's answer and the commit."""
    meddled = carrier(MeddledCarrier)
    assert isinstance(meddled, MeddledCarrier)
    stage = sold(Stage(carrier=meddled))
    stage.drafted()

    def die() -> None:
        raise Killed

    meddled.meanwhile = die
    with pytest.raises(Killed):
        book_with_one_key(stage)
    return stage, meddled


def test_a_call_that_may_be_under_way_is_not_repeated_yet() -> None:
    """Until its lease is over, nobody knows whether it died."""
    stage, _ = kill_after_the_answer()
    lease = stage.receipt(KEY).leased_until
    assert lease == stage.clock.now() + timedelta(minutes=5)
    stage.clock.move_to(lease - timedelta(microseconds=1))

    with pytest.raises(IdempotencyConflictError, match="'the key' is used by a call under way"):
        book_with_one_key(stage)


def test_a_call_whose_lease_is_over_is_resumed() -> None:
    """At that very instant, and with the booking that the carrier made before."""
    stage, counting = kill_after_the_answer()
    lease = stage.receipt(KEY).leased_until
    assert lease is not None
    stage.clock.move_to(lease)

    shipment = book_with_one_key(stage)

    assert shipment.booking == kept(counting, KEY, QUOTE)
    assert counting.made == 1


class SlowCarrier(CountingCarrier):
    """A carrier during whose calls the others get their turn."""

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book, slowly."""
        sleep(0.02)
        return super().book(request, at=at)


def tries(count: int, act: Callable[[], Shipment]) -> list[Shipment]:
    """Try so often, a moment later after a conflict; give the answers."""
    answers = []
    for _ in range(count):
        try:
            answers.append(act())
        except (ConcurrencyConflictError, IdempotencyConflictError):
            sleep(0.001)
    return answers


def test_a_thousand_tries_in_parallel_with_one_key_make_one_label() -> None:
    """Eight threads, 125 tries each: whoever gets an answer gets the same."""
    slow = SlowCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=slow))
    stage.drafted()
    quote, start = stage.quote(), Barrier(8)

    def book() -> Shipment:
        return stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    def run(_: int) -> list[Shipment]:
        start.wait()
        return tries(125, book)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(run, range(8)))

    assert slow.made == 1
    assert slow.bookings == 1
    assert all(answers)
    assert {repr(answer) for found in answers for answer in found} == {repr(book())}
    assert len([it for it in stage.events() if it.action == "book"]) == 1


def test_of_two_calls_that_begin_at_once_one_asks_the_carrier() -> None:
    """The other one is told that somebody was faster."""
    counting = CountingCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(storage=MeetingStorage(), carrier=counting))
    stage.drafted()
    quote = stage.quote()

    def book() -> Shipment:
        return stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    outcomes = at_once(stage, book, book)

    assert sorted(type(it).__name__ for it in outcomes) == ["ConcurrencyConflictError", "Shipment"]
    assert counting.made == 1


def test_two_keys_for_one_shipment_leave_one_live_label() -> None:
    """The carrier books both; the one that comes second is cancelled with it."""
    meddled = MeddledCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=meddled))
    stage.drafted()
    other, quotes = IdempotencyKey("another key"), (stage.quote(), stage.quote())
    meddled.meanwhile = lambda: stage.platform.shipments.book(
        SHIPMENT, quotes[1], key=other, by=SELLER
    )

    with pytest.raises(IllegalTransitionError, match=r"cannot book .*: it is BOOKED"):
        stage.platform.shipments.book(SHIPMENT, quotes[0], key=KEY, by=SELLER)

    shipment = stage.platform.shipments.get(SHIPMENT)
    assert shipment.booking == kept(meddled, other, quotes[1])
    assert (meddled.made, meddled.cancelled) == (2, 1)
    assert is_alive(meddled, shipment)
    assert stage.receipt(KEY).state is ReceiptState.REJECTED


def test_a_shipment_that_was_cancelled_meanwhile_gives_its_booking_back() -> None:
    """What the carrier booked for it is cancelled, and the key keeps that answer."""
    meddled = MeddledCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=meddled))
    stage.drafted()
    quote = stage.quote()
    meddled.meanwhile = lambda: stage.platform.shipments.cancel(SHIPMENT, by=SELLER)
    with pytest.raises(IllegalTransitionError, match=r"cannot book .*: it is CANCELLED"):
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    with pytest.raises(CarrierRejectedError, match=r"cannot book .*: it is CANCELLED"):
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    assert (meddled.made, meddled.cancelled) == (1, 1)
    assert stage.platform.shipments.get(SHIPMENT).booking is None


def test_whoever_saves_the_shipment_meanwhile_does_not_lose_the_booking() -> None:
    """A scan is taken in between our reading and our commit: we read again and commit."""
    storage, counting = MeddledStorage(), CountingCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(storage=storage, carrier=counting))
    stage.drafted()
    quote = stage.quote()
    seen = scan(Milestone.REGISTERED, stage.clock.now())

    def meddle_with_the_next_commit() -> None:
        storage.meanwhile.append(lambda: stage.platform.shipments.observe(SHIPMENT, [seen]))

    storage.meanwhile.append(meddle_with_the_next_commit)

    shipment = stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    assert shipment.phase is Phase.BOOKED
    assert shipment.scans == (seen,)
    assert counting.made == 1
    assert_all_is_told(stage)


def test_a_refusal_books_nothing_and_says_why() -> None:
    """What came instead of a quote is refused with its own reasons."""
    stage = sold()
    id = stage.drafted()
    far = attrs.evolve(BROOKLYN, country=Country("BR"))
    answer = stage.platform.listings.quote(
        LISTING, Carriage(destination=far, parcels=pieces(1)), offer="Economy"
    )
    assert isinstance(answer, QuoteRefused)

    with pytest.raises(RefusedError) as refused:
        stage.platform.shipments.book(id, answer, key=KEY, by=SELLER)
    with pytest.raises(ActorNotPermittedError):
        stage.platform.shipments.book(id, answer, key=KEY, by=STRANGERS[0])

    assert refused.value.reasons == answer.reasons
    assert str(refused.value).startswith("cannot book this shipment: ")
    assert stage.platform.shipments.get(id).phase is Phase.DRAFT


def test_only_a_quote_books() -> None:
    """Its name alone does not."""
    stage = sold()
    id = stage.drafted()
    book: Callable[..., object] = stage.platform.shipments.book

    with pytest.raises(InvalidTypeError, match="quote is given as str; allowed: Quote"):
        book(id, "quote-1", key=KEY, by=SELLER)


def test_a_quote_is_used_once() -> None:
    """Another shipment under another key needs another quote."""
    stage, counting = counted()
    quote, other = stage.quote(), stage.drafted()
    stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    with pytest.raises(RefusedError, match="quote quote-1 was used before") as refusal:
        stage.platform.shipments.book(other, quote, key=key_of(other), by=SELLER)

    assert codes(refusal) == ["quote_used"]
    assert counting.made == 1


def test_of_two_who_use_a_quote_at_once_one_books() -> None:
    """Their keys and shipments differ; the quote is the same."""
    counting = CountingCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(storage=MeetingStorage(), carrier=counting))
    ids, quote = [stage.drafted(), stage.drafted()], stage.quote()

    def book(id: ShipmentId) -> Callable[[], Shipment]:
        return lambda: stage.platform.shipments.book(id, quote, key=key_of(id), by=SELLER)

    outcomes = at_once(stage, *(book(id) for id in ids))

    assert sorted(type(it).__name__ for it in outcomes) == ["ConcurrencyConflictError", "Shipment"]
    assert counting.made == 1


def test_a_quote_is_good_until_it_expires() -> None:
    """At its last instant it still is."""
    stage, _ = counted()
    quote = stage.quote()
    stage.clock.move_to(quote.expires_at)

    shipment = stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    assert shipment.phase is Phase.BOOKED


def test_an_expired_quote_books_nothing() -> None:
    """One microsecond later it is no good, and the carrier is not asked."""
    stage, counting = counted()
    quote = stage.quote()
    stage.clock.move_to(quote.expires_at + timedelta(microseconds=1))

    with pytest.raises(RefusedError, match="quote quote-1 expired at") as refusal:
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    assert codes(refusal) == ["quote_expired"]
    assert counting.made == 0


def test_a_suspended_seller_books_nothing_and_hears_every_reason() -> None:
    """Nothing is bought, and no receipt is left."""
    stage, counting = counted()
    quote = stage.quote()
    stage.platform.sellers.suspend(SellerId(SELLER.id), "complaints", by=PLATFORM)
    stage.clock.move_to(quote.expires_at + timedelta(days=1))

    with pytest.raises(RefusedError, match="seller s-1 is SUSPENDED, not VERIFIED") as refusal:
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    assert codes(refusal) == ["seller_not_verified", "quote_expired"]
    assert counting.made == 0
    with pytest.raises(NotFoundError):
        stage.receipt(KEY)


def test_what_a_suspended_seller_has_under_way_runs_on() -> None:
    """A retry of a booking that the carrier made before the suspension included."""
    stage, counting = counted(Mishap.NONE, Mishap.ANSWER_LOST)
    quote = stage.quote()
    travelling, under_way = stage.handed_over(), SHIPMENT
    with pytest.raises(CarrierUnavailableError):
        stage.platform.shipments.book(under_way, quote, key=KEY, by=SELLER)
    stage.platform.sellers.suspend(SellerId(SELLER.id), "complaints", by=PLATFORM)

    stage.platform.shipments.book(under_way, quote, key=KEY, by=SELLER)
    stage.platform.shipments.confirm(under_way, by=SELLER)
    stage.platform.shipments.hand_over(under_way, by=SELLER)
    delivered = [stage.tracked(travelling, days=30), stage.tracked(under_way, days=0)]

    assert [shipment.phase for shipment in delivered] == [Phase.DELIVERED] * 2
    assert counting.made == 2
    assert_money_is_in_step(stage)


def test_a_stranger_books_nothing_for_somebody_else() -> None:
    """The carrier is not asked, and the quote can still be used."""
    stage, counting = counted()
    quote = stage.quote()

    with pytest.raises(ActorNotPermittedError, match="it is not theirs"):
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=STRANGER)

    assert counting.made == 0
    assert stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER).booking is not None


def test_a_carrier_that_the_platform_does_not_work_with_books_nothing() -> None:
    """The quote names it, and nobody answers to the name."""
    stage, _ = counted()
    quote = attrs.evolve(stage.quote(), carrier=CarrierCode("DHL"))

    with pytest.raises(NotFoundError, match="no carrier is stored under 'DHL'"):
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)


def test_several_parcels_are_booked_together() -> None:
    """Each has a number of its own, and the cost is that of all."""
    stage = sold()

    shipment = stage.platform.shipments.get(stage.booked(parcels=3))

    assert len(shipment.numbers) == 3
    assert shipment.booking is not None
    assert shipment.booking.estimate == usd("15.00")


def outlived() -> tuple[Stage, MeddledCarrier, Callable[[], Shipment]]:
    """Give a stage on which a call will last longer than its lease, so that another resumes it."""
    meddled = MeddledCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=meddled))
    stage.drafted()
    quote = stage.quote()

    def book() -> Shipment:
        return stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    def resume() -> None:
        stage.clock.advance(A_WHILE)
        book()

    meddled.meanwhile = resume
    return stage, meddled, book


def test_a_call_that_outlives_its_lease_leaves_the_booking_alone() -> None:
    """Another call resumed it and found the same booking: both give the same answer."""
    stage, meddled, book = outlived()

    shipment = book()

    assert shipment == stage.platform.shipments.get(SHIPMENT)
    assert is_alive(meddled, shipment)
    assert stage.receipt(KEY).state is ReceiptState.DONE


def test_a_call_that_times_out_after_its_lease_leaves_the_answer_alone() -> None:
    """Another call resumed it and has been answered; what the late one does not know is known."""
    stage, meddled, book = outlived()
    resume = meddled.meanwhile
    assert resume is not None

    def resume_and_time_out() -> None:
        resume()
        raise CarrierUnavailableError(CARRIER.id, "timed out")

    meddled.meanwhile = resume_and_time_out
    with pytest.raises(CarrierUnavailableError, match="timed out"):
        book()

    again = book()

    assert again.phase is Phase.BOOKED
    assert is_alive(meddled, again)
    assert (meddled.made, meddled.cancelled) == (1, 0)
    assert stage.receipt(KEY).state is ReceiptState.DONE


def test_a_stranger_who_knows_the_key_does_no_harm() -> None:
    """Whoever resumes a call must be allowed to make it."""
    stage, counting = counted(Mishap.ANSWER_LOST)
    quote = stage.quote()
    with pytest.raises(CarrierUnavailableError):
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    with pytest.raises(ActorNotPermittedError):
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=STRANGER)

    assert counting.cancelled == 0
    assert stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER).booking is not None


def test_a_stranger_who_knows_the_key_sees_nothing() -> None:
    """A stored answer is for those who might have asked."""
    stage, _ = counted()
    quote = stage.quote()
    stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    with pytest.raises(ActorNotPermittedError):
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=STRANGER)


def of_another_seller(stage: Stage) -> tuple[ShipmentId, Quote]:
    """Give a draft of another seller, like the one that there is, and a quote for it."""
    platform, other = stage.platform, STRANGER
    platform.sellers.register(SellerId(other.id), profile(), by=other)
    platform.sellers.verify(SellerId(other.id), by=PLATFORM)
    listing = platform.listings.draft(terms(), by=other).id
    platform.listings.publish(listing, by=other)
    carriage = Carriage(destination=BROOKLYN, parcels=pieces(1))
    quote = platform.listings.quote(listing, carriage, offer="Economy")
    assert isinstance(quote, Quote)
    ours, id = platform.shipments.get(SHIPMENT).consignment, ShipmentId("theirs")
    theirs = attrs.evolve(ours, id=id, orders=(), seller=other)
    with stage.storage.unit_of_work() as work:
        draft = Shipment.draft(theirs, by=other, at=stage.clock.now())
        work.shipments.save(draft, expected=0)
        work.commit()
    return id, quote


def test_keys_are_the_sellers_own() -> None:
    """Two use one key, and one name of a quote, for two calls: each is answered for itself."""
    stage, counting = counted()
    theirs, quote = of_another_seller(stage)
    ours, shipments = stage.quote(), stage.platform.shipments
    forged = attrs.evolve(quote, id=ours.id)

    first = shipments.book(theirs, forged, key=KEY, by=STRANGER)
    second = shipments.book(SHIPMENT, ours, key=KEY, by=SELLER)
    again = shipments.book(theirs, forged, key=KEY, by=STRANGER)

    assert first == again
    assert (first.phase, second.phase) == (Phase.BOOKED, Phase.BOOKED)
    assert not first.numbers & second.numbers
    assert counting.made == 2


def test_a_key_may_read_like_the_name_of_a_quote() -> None:
    """Keys are the caller's own words; the receipts of used quotes must not be in their way."""
    stage, _ = counted()
    quote = stage.quote()

    shipment = stage.platform.shipments.book(
        SHIPMENT, quote, key=IdempotencyKey(f"quote {quote.id}"), by=SELLER
    )

    assert shipment.phase is Phase.BOOKED


def test_a_booking_that_never_reached_the_carrier_is_judged_anew() -> None:
    """The seller was suspended, and the quote expired, before the call was repeated."""
    counting = CountingCarrier(CARRIER.id, rate_card=rate_card(), mishaps=(Mishap.UNAVAILABLE,))
    stage = sold(Stage(carrier=counting))
    id, quote = stage.drafted(), stage.quote()
    with pytest.raises(CarrierUnavailableError):
        stage.platform.shipments.book(id, quote, key=KEY, by=SELLER)
    stage.platform.sellers.suspend(SellerId(SELLER.id), "complaints", by=PLATFORM)
    stage.clock.advance(timedelta(days=20))

    with pytest.raises(RefusedError) as refusal:
        stage.platform.shipments.book(id, quote, key=KEY, by=SELLER)

    assert codes(refusal) == ["seller_not_verified", "quote_expired"]
    assert counting.made == 0


def test_a_booking_that_never_reached_the_carrier_goes_on_where_it_still_may() -> None:
    """The same key, a little later."""
    counting = CountingCarrier(CARRIER.id, rate_card=rate_card(), mishaps=(Mishap.UNAVAILABLE,))
    stage = sold(Stage(carrier=counting))
    id, quote = stage.drafted(), stage.quote()
    with pytest.raises(CarrierUnavailableError):
        stage.platform.shipments.book(id, quote, key=KEY, by=SELLER)

    booked = stage.platform.shipments.book(id, quote, key=KEY, by=SELLER)

    assert booked.phase is Phase.BOOKED
    assert counting.made == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"listing": ListingVersion(ListingId("nope"), 1)},
        {"listing": ListingVersion(LISTING, 77)},
        {"offer": "nonesuch"},
        {"service": "Premium"},
        {"incoterm": Incoterm.DDU},
    ],
    ids=["another listing", "another version", "another offer", "service", "incoterm"],
)
def test_a_quote_books_what_its_listing_offers(forged: dict[str, object]) -> None:
    """One that names something else was not given by it."""
    stage, counting = counted()
    quote = attrs.evolve(stage.quote(), **forged)  # type: ignore[arg-type]

    with pytest.raises(RefusedError) as refusal:
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    assert codes(refusal) == ["quote_of_no_offer"]
    assert counting.made == 0


class FaultyCarrier(CountingCarrier):
    """A carrier that forgets to say what its booking costs."""

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book for nobody knows how much."""
        return attrs.evolve(super().book(request, at=at), estimate=None)

    def cancel(self, booking: Booking, *, at: Instant) -> None:
        """Cancel what was booked under the reference, whatever it was said to cost."""
        assert booking.reference is not None
        super().cancel(self.find_booking(booking.reference) or booking, at=at)


def test_a_booking_without_a_cost_is_given_back() -> None:
    """Nobody can take it: the carrier cancels it, and the key keeps that answer."""
    faulty = FaultyCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=faulty))
    id, quote = stage.drafted(), stage.quote()
    with pytest.raises(InvalidValueError, match="is incomplete"):
        stage.platform.shipments.book(id, quote, key=KEY, by=SELLER)

    with pytest.raises(CarrierRejectedError, match="is incomplete"):
        stage.platform.shipments.book(id, quote, key=KEY, by=SELLER)

    assert (faulty.made, faulty.asked, faulty.cancelled) == (1, 1, 1)
    assert stage.receipt(KEY).state is ReceiptState.REJECTED
    assert stage.platform.shipments.get(id).phase is Phase.DRAFT


def overtaken(*mishaps: Mishap | Reason) -> tuple[Stage, MeddledCarrier, Callable[[], Shipment]]:
    """Give a stage on which the shipment will be cancelled while the carrier is asked to book."""
    scripts = {Call.CANCEL: mishaps}
    meddled = MeddledCarrier(CARRIER.id, rate_card=rate_card(), mishaps=scripts)
    stage = sold(Stage(carrier=meddled))
    stage.drafted()
    quote = stage.quote()
    meddled.meanwhile = lambda: stage.platform.shipments.cancel(SHIPMENT, by=SELLER)
    return (
        stage,
        meddled,
        lambda: stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER),
    )


def test_a_booking_that_could_not_be_given_back_is_when_the_call_is_repeated() -> None:
    """The carrier did not answer the cancellation: the receipt stays pending, under no lease."""
    stage, meddled, book = overtaken(Mishap.UNAVAILABLE)
    with pytest.raises(CarrierUnavailableError):
        book()
    assert stage.receipt(KEY).state is ReceiptState.PENDING

    with pytest.raises(IllegalTransitionError, match=r"cannot book .*: it is CANCELLED"):
        book()

    assert (meddled.made, meddled.cancelled) == (1, 1)
    assert stage.receipt(KEY).state is ReceiptState.REJECTED


def test_a_carrier_that_will_not_take_its_booking_back_has_had_its_say() -> None:
    """The key is answered all the same: nobody waits for it for ever."""
    stage, _, book = overtaken(Reason("355044", "the hub says no"))

    with pytest.raises(IllegalTransitionError, match=r"cannot book .*: it is CANCELLED"):
        book()

    assert stage.receipt(KEY).state is ReceiptState.REJECTED


def test_a_carrier_is_never_called_inside_a_transaction() -> None:
    """Not even to give a booking back: whoever waits for a carrier locks nobody out."""
    storage = WatchfulStorage()
    watched = WatchedCarrier(CARRIER.id, rate_card=rate_card())
    watched.storage = storage
    stage = sold(Stage(storage=storage, carrier=watched))
    stage.drafted()
    quote = stage.quote()
    watched.meanwhile = lambda: stage.platform.shipments.cancel(SHIPMENT, by=SELLER)

    with pytest.raises(IllegalTransitionError):
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)
    stage.platform.shipments.confirm_all([stage.booked(), stage.booked()], by=SELLER)
    stage.platform.shipments.cancel_all(
        [it.id for it in stage.platform.snapshot().shipments[1:]], by=SELLER
    )

    assert set(watched.called) == {Call.BOOK, Call.CANCEL, Call.CONFIRM}
    assert not any(open_ for found in watched.called.values() for open_ in found)


class WatchfulStorage(MemoryStorage):
    """Storage that knows how many transactions are open."""

    opened = 0

    def unit_of_work(self) -> MemoryUnitOfWork:
        """Begin a transaction that counts itself."""
        return _CountedWork(self)


class _CountedWork(MemoryUnitOfWork):
    def __init__(self, storage: WatchfulStorage) -> None:
        super().__init__(storage)
        self._watchful = storage

    def __enter__(self) -> Self:
        self._watchful.opened += 1
        return super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self._watchful.opened -= 1
        super().__exit__(kind, error, traceback)


class WatchedCarrier(MeddledCarrier):
    """A carrier that notes how many transactions are open when it is called."""

    storage: WatchfulStorage

    def __init__(self, code: str, *, rate_card: RateCard) -> None:
        """Begin uncalled."""
        super().__init__(code, rate_card=rate_card)
        self.called: dict[Call, list[int]] = {}

    def book(self, request: BookingRequest, *, at: Instant) -> Booking:
        """Book, and note it."""
        self.called.setdefault(Call.BOOK, []).append(self.storage.opened)
        return super().book(request, at=at)

    def confirm(self, booking: Booking, *, at: Instant) -> None:
        """Confirm, and note it."""
        self.called.setdefault(Call.CONFIRM, []).append(self.storage.opened)
        super().confirm(booking, at=at)

    def cancel(self, booking: Booking, *, at: Instant) -> None:
        """Cancel, and note it."""
        self.called.setdefault(Call.CANCEL, []).append(self.storage.opened)
        super().cancel(booking, at=at)


def refunded(stage: Stage) -> None:
    """Give all money back."""
    stage.platform.orders.refund(ORDER, usd("30.00"), by=SELLER)


def to_be_cancelled(stage: Stage) -> None:
    """Ask for the order to be cancelled."""
    stage.platform.orders.request_cancellation(ORDER, "not needed", by=BUYER)


@pytest.mark.parametrize(
    ("change", "code"), [(refunded, "not_paid"), (to_be_cancelled, "cancelling")]
)
def test_what_is_not_to_be_shipped_any_more_is_not_booked(
    change: Callable[[Stage], None], code: str
) -> None:
    """The order changed since the shipment was drafted: the carrier is not asked."""
    stage, counting = counted()
    quote = stage.quote()
    change(stage)

    with pytest.raises(RefusedError) as refusal:
        stage.platform.shipments.book(SHIPMENT, quote, key=KEY, by=SELLER)

    assert codes(refusal) == [code]
    assert counting.asked == 0


@pytest.mark.parametrize(
    ("change", "code"), [(refunded, "not_paid"), (to_be_cancelled, "cancelling")]
)
def test_what_is_not_to_be_shipped_any_more_is_not_confirmed(
    change: Callable[[Stage], None], code: str
) -> None:
    """Nothing is held, and the carrier hears nothing of it."""
    stage = sold()
    id = stage.booked()
    change(stage)
    money = stage.money()

    with pytest.raises(RefusedError) as refusal:
        stage.platform.shipments.confirm(id, by=SELLER)

    assert codes(refusal)[0] == code
    assert stage.money() == money
    assert stage.platform.shipments.get(id).phase is Phase.BOOKED
    assert [account.confirmed_at for account in stage.carrier.accounts] == [None]


class DyingCarrier(SlowCarrier):
    """A carrier that books and times out, and a process that then dies before it commits.

    The first call that books is answered too late; the first that finds the booking again is
    answered, and the process that asked is killed before it has committed anything.
    """

    killed = 0

    def __init__(self, code: str, *, rate_card: RateCard) -> None:
        """Lose the first answer."""
        super().__init__(code, rate_card=rate_card, mishaps=[Mishap.ANSWER_LOST])
        self._once = Lock()

    def find_booking(self, reference: IdempotencyKey) -> Booking | None:
        """Find the booking; the first process to see it does not live to commit."""
        found = super().find_booking(reference)
        with self._once:
            if found is not None and not self.killed:
                self.killed += 1
                raise Killed
        return found


@attrs.define
class Crowd:
    """Many who repeat one call on one stage, and what became of each try."""

    stage: Stage
    carrier: DyingCarrier
    quote: Quote
    tries: list[str] = attrs.field(factory=list)
    answers: list[Shipment] = attrs.field(factory=list)

    def book(self) -> Shipment:
        """Book under the one key."""
        return self.stage.platform.shipments.book(SHIPMENT, self.quote, key=KEY, by=SELLER)

    def run(self, start: Barrier) -> None:
        """Try 125 times, all beginning at once."""
        start.wait()
        for _ in range(125):
            try:
                self.answers.append(self.book())
                outcome = "booked"
            except (CarrierUnavailableError, Killed, IdempotencyConflictError) as error:
                outcome = type(error).__name__
            except ConcurrencyConflictError:
                outcome = "somebody was faster"
            self.tries.append(outcome)
            self.let_time_pass()

    def let_time_pass(self) -> None:
        """Wait for a moment, and once a process has died, for its lease to be over."""
        if self.carrier.killed:
            self.stage.clock.advance(timedelta(seconds=10))
        sleep(0.001)


def test_a_thousand_tries_around_a_timeout_and_a_kill_make_one_label() -> None:
    """Eight threads repeat one key while the carrier times out and a process dies in between."""
    dying = DyingCarrier(CARRIER.id, rate_card=rate_card())
    stage = sold(Stage(carrier=dying))
    stage.drafted()
    crowd, other, start = Crowd(stage, dying, stage.quote()), stage.quote(), Barrier(8)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: crowd.run(start), range(8)))

    tried = Counter(crowd.tries)
    assert tried.total() == 1000
    assert tried["CarrierUnavailableError"] == tried["Killed"] == dying.killed == 1
    assert dying.bookings == dying.made == 1
    assert {repr(answer) for answer in crowd.answers} == {repr(crowd.book())}
    assert len([it for it in stage.events() if it.action == "book"]) == 1
    with pytest.raises(IdempotencyConflictError, match="was used for another request"):
        stage.platform.shipments.book(SHIPMENT, other, key=KEY, by=SELLER)
    assert dying.bookings == 1
    assert_all_is_told(stage)
