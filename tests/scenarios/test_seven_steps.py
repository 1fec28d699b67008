"""The path that must always work, told once from end to end.

A lamp and a tea set are sold from Hong Kong to Brooklyn.  The lamp is held by customs and arrives;
the tea set is lost.  Everything goes through `LogisticsPlatform`, as in a host application.
"""

from datetime import time, timedelta
from typing import Final

import attrs
import pytest

from apaclogistics import (
    Actor,
    Address,
    Band,
    Carriage,
    Claim,
    ClaimKind,
    Country,
    CustomsItem,
    Destination,
    Dimensions,
    ExchangeRate,
    Figured,
    Handling,
    Identity,
    IllegalTransitionError,
    Limits,
    Listing,
    Logistics,
    LogisticsPlatform,
    Money,
    Offer,
    Order,
    OrderLine,
    Parcel,
    Party,
    Payment,
    PaymentStatus,
    Phase,
    Profile,
    Question,
    Quote,
    QuoteRefused,
    RateCard,
    RefusedError,
    Register,
    RegisteredNumber,
    Role,
    Sale,
    Seller,
    Shipment,
    SizeLimits,
    Terms,
    Transit,
    TransportMode,
    Weight,
    Zone,
    instant,
)
from apaclogistics.adapters.memory import CountedIdentifiers, ManualClock, MemoryStorage
from apaclogistics.adapters.simulation import Fate, SimulatedCarrier
from apaclogistics.allocations import Fulfilment
from apaclogistics.attention import AttentionItem
from apaclogistics.catalogue.hongkong_post import E_EXPRESS_LOSS
from apaclogistics.ledger import Account, AccountKind
from apaclogistics.promises import DayUnit
from apaclogistics.values.identifiers import (
    CarrierCode,
    IdempotencyKey,
    LineId,
    ListingVersion,
    OrderId,
    ParcelId,
    SellerId,
)
from apaclogistics.values.money import Currency

SELLER: Final = Actor(Role.SELLER, "lantern-works")
BUYER: Final = Actor(Role.BUYER, "tea-room")
CARRIER: Final = Actor(Role.CARRIER, "HKPOST")
STAFF: Final = Actor(Role.PLATFORM, "operations")
USD: Final = Currency("USD")

HOME: Final = Party(
    company="Lantern Works",
    address=Address(lines=("8 Example Road",), city="Kwun Tong", country="HK"),
)
DOOR: Final = Party(
    name="Example Buyer",
    address=Address(
        lines=("1 Example Street",), city="Brooklyn", postal_code="11201", country="US"
    ),
)
BROOKLYN: Final = Destination(country="US", postal_code="11201", zone_name="America/New_York")

LAMP_LINE: Final = LineId("lamp")
TEA_SET_LINE: Final = LineId("tea-set")
LAMP: Final = Parcel(
    id=ParcelId("the-lamp"),
    weight=Weight(900),
    dimensions=Dimensions(320, 180, 140),
    contents=(CustomsItem(description="Reading lamp", quantity=1, value=Money.of("45.00", "USD")),),
)
TEA_SET: Final = Parcel(
    id=ParcelId("the-tea-set"),
    weight=Weight(1850),
    dimensions=Dimensions(300, 280, 180),
    contents=(CustomsItem(description="Tea set", quantity=1, value=Money.of("78.00", "USD")),),
)

CARD: Final = RateCard(
    name="e-Express example card",
    zones=(Zone("United States", frozenset({Country("US")})),),
    bands=(
        Band("United States", 1000, Money.of("12.60", "USD")),
        Band("United States", 2000, Money.of("19.90", "USD")),
    ),
    valid_from=instant("2026-01-01T00:00:00+08:00"),
)
OFFER: Final = Offer(
    name="Economy",
    carrier=CarrierCode(CARRIER.id),
    service="e-Express",
    mode=TransportMode.AIR,
    origin=Country("HK"),
    rate_card=CARD,
    handling=Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Hong_Kong"),
    transit=Transit(least=6, most=9, unit=DayUnit.BUSINESS),
    limits=(Limits(size=SizeLimits(max_grams=2000, max_length_mm=600)),),
)
RATE: Final = ExchangeRate(
    base="USD", quote="HKD", rate="7.80", at=instant("2026-01-01T00:00:00Z"), source="an example"
)


def said(items: tuple[AttentionItem, ...]) -> list[str]:
    """Say what needs attention, the most urgent first."""
    return [f"{item.thing} is {item.rule.value}" for item in items]


def test_a_lamp_reaches_brooklyn_and_a_tea_set_does_not() -> None:  # noqa: PLR0915  a whole story
    """Seven steps: register, publish, sell, ship, follow, receive, and make good what went wrong."""
    clock = ManualClock("2026-02-16T01:00:00Z")
    fates = {LAMP.id: Fate.DELAYED, TEA_SET.id: Fate.LOST}
    carrier = SimulatedCarrier(CARRIER.id, rate_card=CARD, seed=7, fates=fates)
    platform = LogisticsPlatform(MemoryStorage(), (carrier,), clock, CountedIdentifiers())

    # Use case 1: a seller registers with identity and logistics information, and is verified.
    #
    # Registering opens an account that can do nothing yet: the platform looks at the papers first.

    number = RegisteredNumber(Register.HK_BR, "12345678")
    profile = Profile(
        Identity(legal_name="Lantern Works Ltd", country=Country("HK"), numbers=(number,)),
        Logistics(ship_from=HOME, return_to=HOME),
    )
    platform.sellers.register(SellerId(SELLER.id), profile, by=SELLER)
    listing: Listing = platform.listings.draft(Terms((OFFER,)), by=SELLER)
    with pytest.raises(RefusedError, match="seller lantern-works is SUBMITTED, not VERIFIED"):
        platform.listings.publish(listing.id, by=SELLER)

    clock.move_to("2026-02-17T03:30:00Z")
    seller: Seller = platform.sellers.verify(SellerId(SELLER.id), by=STAFF)

    assert seller.state.name == "VERIFIED"

    # Use case 2: the seller publishes logistics, and buyers see what it costs and promises.
    #
    # A parcel that the service does not take gets every reason, not a price.

    platform.listings.publish(listing.id, by=SELLER)
    clock.move_to("2026-03-02T03:25:00Z")
    lamp_quote, tea_set_quote = (
        platform.listings.quote(
            listing.id, Carriage(destination=BROOKLYN, parcels=(parcel,)), offer="Economy"
        )
        for parcel in (LAMP, TEA_SET)
    )
    heavy = attrs.evolve(LAMP, weight=Weight(2500))
    too_much = platform.listings.quote(
        listing.id, Carriage(destination=BROOKLYN, parcels=(heavy,)), offer="Economy"
    )

    assert isinstance(lamp_quote, Quote)
    assert isinstance(tea_set_quote, Quote)
    assert isinstance(too_much, QuoteRefused)
    assert str(lamp_quote.total) == "12.60 USD"
    # From Wednesday the 11th to the last second of Monday the 16th, on Brooklyn's clocks.
    assert str(lamp_quote.promise.window) == "2026-03-11T04:00:00Z to 2026-03-17T03:59:59Z"
    assert {reason.code for reason in too_much.reasons} == {"too_heavy", "no_rate"}

    # Use case 3: a buyer's order is placed and paid, and the platform dispatches it to the carrier.
    #
    # The units of the order are put into shipments; a booking gets a number, and nothing moves.

    sale = Sale(
        id=OrderId("order-1"),
        seller=SELLER,
        buyer=BUYER,
        placed_at=clock.now(),
        lines=(
            OrderLine(id=LAMP_LINE, quantity=1, total=Money.of("58.00", "USD")),
            OrderLine(id=TEA_SET_LINE, quantity=1, total=Money.of("92.00", "USD")),
        ),
        total=Money.of("150.00", "USD"),
        consignee=DOOR,
        listing=ListingVersion(listing.id, 1),
    )
    platform.orders.place(sale, by=BUYER)
    with pytest.raises(RefusedError, match="order order-1 is PENDING"):
        platform.shipments.draft(sale.id, {LAMP_LINE: 1}, [LAMP], by=SELLER)
    payment = Payment(id="card-1", gross=sale.total)
    with pytest.raises(RefusedError, match="order order-1 is PENDING"):
        platform.orders.dispatch(sale.id, CarrierCode(CARRIER.id), by=STAFF)
    platform.orders.pay(sale.id, payment, by=BUYER)
    order: Order = platform.orders.dispatch(sale.id, CarrierCode(CARRIER.id), by=STAFF)
    lamp, tea_set = (
        platform.shipments.draft(sale.id, {line: 1}, [parcel], by=SELLER, promise=quote.promise).id
        for line, parcel, quote in (
            (LAMP_LINE, LAMP, lamp_quote),
            (TEA_SET_LINE, TEA_SET, tea_set_quote),
        )
    )
    shipment: Shipment = platform.shipments.book(
        lamp, lamp_quote, key=IdempotencyKey("book the lamp"), by=SELLER
    )
    platform.shipments.book(
        tea_set, tea_set_quote, key=IdempotencyKey("book the tea set"), by=SELLER
    )

    assert order.payment_status is PaymentStatus.PAID
    assert shipment.phase is Phase.BOOKED
    assert [str(number) for number in shipment.numbers] == ["LV000000014HK"]

    # Use case 4: the seller confirms and hands over, and the provider processes and ships.
    #
    # Confirming holds the fare in the seller's wallet; the carrier's first scan is the acceptance.

    for id in (lamp, tea_set):
        platform.shipments.confirm(id, by=SELLER)
    clock.move_to("2026-03-02T08:00:00Z")
    for id in (lamp, tea_set):
        platform.shipments.hand_over(id, by=SELLER, note="drop-off")
    balance = platform.sellers.wallet(SELLER).balance(USD)

    assert (str(balance.available), str(balance.held)) == ("117.50 USD", "32.50 USD")
    assert platform.attention() == ()

    # Use case 5: everyone follows the tracking: where it is, and what needs attention.
    #
    # The lamp is held by customs and will be late; of the tea set nothing is heard any more.

    clock.move_to("2026-03-11T01:00:00Z")
    for id in (lamp, tea_set):
        platform.shipments.track(id)

    assert said(platform.attention()) == [
        f"shipment {lamp} is held",
        f"shipment {tea_set} is stale",
    ]
    with pytest.raises(IllegalTransitionError):
        platform.shipments.cancel(lamp, by=SELLER)

    clock.move_to("2026-03-17T12:00:00Z")
    shipment = platform.shipments.track(lamp)

    assert f"shipment {lamp} is late" in said(platform.attention())
    assert shipment.discrepancies == ()

    # Use case 6: it is delivered, and the buyer confirms receipt.
    #
    # That pays the carrier for the lamp; the order is not complete while the tea set is missing.

    clock.move_to("2026-03-23T01:00:00Z")
    shipment = platform.shipments.track(lamp)
    assert shipment.phase is Phase.DELIVERED
    shipment = platform.shipments.confirm_receipt(lamp, by=BUYER)
    view = platform.snapshot()
    balance = platform.sellers.wallet(SELLER).balance(USD)

    assert shipment.phase is Phase.COMPLETED
    assert view.orders[0].fulfilment(view.phases(sale.id)) is Fulfilment.FULFILLED
    assert (str(balance.available), str(balance.held)) == ("117.50 USD", "19.90 USD")

    # Use case 7, first half: after-sales, from the buyer's question to the refund.
    #
    # The buyer asks the seller, the seller asks the carrier, whose answer is overdue for a while.

    question = Question("Where is my tea set?", clock.now() + timedelta(days=3))
    buyers = platform.inquiries.open(tea_set, SELLER, question, by=BUYER)
    platform.inquiries.answer(buyers.id, "It was last seen in Hong Kong.", by=SELLER)
    trace = Question("Please trace the parcel.", clock.now() + timedelta(days=7))
    sellers = platform.inquiries.open(tea_set, CARRIER, trace, by=SELLER)
    clock.advance(timedelta(days=8))
    overdue = said(platform.attention())
    platform.inquiries.answer(sellers.id, "There is no trace after Hong Kong.", by=CARRIER)
    refund = Money.of("92.00", "USD")
    order = platform.orders.refund(sale.id, refund, by=SELLER, reason="lost", line=TEA_SET_LINE)
    platform.inquiries.resolve(buyers.id, by=BUYER, note="refunded")

    assert overdue[0] == f"inquiry {sellers.id} is answer owed"
    assert order.payment_status is PaymentStatus.PARTIALLY_REFUNDED

    # Use case 7, second half: claim, negotiation, compensation.
    #
    # Hongkong Post counts a parcel as lost after two months of silence, and not a day before.

    with pytest.raises(RefusedError, match="the parcel counts as lost after 2026-05-"):
        platform.claims.file(
            tea_set, TEA_SET.id, ClaimKind.LOSS, E_EXPRESS_LOSS, by=SELLER, rates=[RATE]
        )
    clock.move_to("2026-05-06T02:00:00Z")
    claim: Claim = platform.claims.file(
        tea_set, TEA_SET.id, ClaimKind.LOSS, E_EXPRESS_LOSS, by=SELLER, rates=[RATE]
    )
    assert str(claim.demand.amount) == "608.40 HKD"

    platform.claims.acknowledge(claim.id, by=CARRIER)
    low = Figured(Money.of("400.00", "HKD"), "it was not packed well")
    platform.claims.offer(claim.id, low, by=CARRIER)
    fair = Figured(Money.of("600.00", "HKD"), "it was packed in two boxes")
    platform.claims.counter(claim.id, fair, by=SELLER)
    platform.claims.accept(claim.id, by=CARRIER)
    claim = platform.claims.settle(claim.id, by=CARRIER)
    shipment = platform.shipments.close(tea_set, "lost, and compensated", by=STAFF)
    wallet, ledger = platform.sellers.wallet(SELLER), platform.ledger()

    assert claim.state.name == "SETTLED"
    assert shipment.phase is Phase.CLOSED
    # 150.00 paid, 12.60 and 19.90 for carriage, 92.00 given back; and 600.00 for the tea set.
    assert [str(it.available) for it in wallet.balances] == ["600.00 HKD", "25.50 USD"]
    assert [str(it.held) for it in wallet.balances] == ["0.00 HKD", "0.00 USD"]
    assert [str(ledger.total(unit)) for unit in ledger.currencies] == ["0.00 HKD", "0.00 USD"]
    fares = ledger.balance(Account(CARRIER, AccountKind.OUTSIDE), USD)
    assert str(fares) == "32.50 USD"
    assert platform.attention() == ()
