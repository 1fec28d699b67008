"""The seven steps, offline: one order, two parcels, one delayed and one lost.

Everything runs through `LogisticsPlatform` over the in-memory adapters, on an order in eBay's own
format.  Names, prices, the exchange rate and the lane are examples; the compensation policy is the
published one of the catalogue.  Attention is judged before anything is done about it.
"""

import json
from datetime import time
from importlib.resources import files
from typing import Final

from apaclogistics.adapters.memory import CountedIdentifiers, ManualClock, MemoryStorage
from apaclogistics.adapters.simulation import Fate, SimulatedCarrier
from apaclogistics.application import LogisticsPlatform
from apaclogistics.catalogue.hongkong_post import E_EXPRESS_LOSS
from apaclogistics.catalogue.inquiries import EBAY_ITEM_NOT_RECEIVED
from apaclogistics.catalogue.small_packets import SMALL_PACKET
from apaclogistics.claims import Figured
from apaclogistics.compensation import ClaimKind, Worth
from apaclogistics.consignments import Parcel
from apaclogistics.display.story import (
    Story,
    Watch,
    happenings,
    money_of,
    promised,
    whereabouts,
)
from apaclogistics.errors import InvalidValueError
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.interop.ebay import read_order
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.listings import Listing, Terms
from apaclogistics.offers import Carriage, Offer, ServiceLevel, TransportMode
from apaclogistics.profiles import Identity, Logistics, Profile
from apaclogistics.promises import DayUnit, Handling, Transit
from apaclogistics.quotes import Quote, QuoteRefused
from apaclogistics.rate_cards import Band, RateCard
from apaclogistics.restrictions import Limits
from apaclogistics.threads import Question
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import (
    CarrierCode,
    IdempotencyKey,
    LineId,
    ParcelId,
    SellerId,
    ShipmentId,
)
from apaclogistics.values.instants import instant
from apaclogistics.values.money import ExchangeRate, Money
from apaclogistics.values.places import Address, Country, Destination, Party
from apaclogistics.values.quantities import Dimensions, Weight
from apaclogistics.values.registers import Register, RegisteredNumber
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone

__all__ = ("tell",)

_CARRIER: Final = Actor(Role.CARRIER, "HKPOST")
_PLATFORM: Final = Actor(Role.PLATFORM, "operations")
_SERVICE: Final = "e-Express"
_LAMP: Final = Parcel(
    id=ParcelId("lamp"),
    weight=Weight(900),
    dimensions=Dimensions(320, 180, 140),
    contents=(
        CustomsItem(
            description="Reading lamp of brass",
            quantity=1,
            value=Money.of("45.00", "USD"),
            hs_code="940521",
            origin=Country("HK"),
        ),
    ),
)
_TEA_SET: Final = Parcel(
    id=ParcelId("tea-set"),
    weight=Weight(1850),
    dimensions=Dimensions(300, 280, 180),
    contents=(
        CustomsItem(
            description="Tea set of porcelain",
            quantity=1,
            value=Money.of("110.00", "USD"),
            hs_code="691110",
            origin=Country("CN"),
        ),
    ),
)
# Prices, days and the rate are examples.
_RATE_CARD: Final = RateCard(
    name="e-Express example card",
    rule=WeightRule(step_grams=50),
    zones=(Zone("United States", frozenset({Country("US")})),),
    bands=(
        Band("United States", 500, Money.of("8.20", "USD")),
        Band("United States", 1000, Money.of("12.60", "USD")),
        Band("United States", 2000, Money.of("19.90", "USD")),
    ),
    valid_from=instant("2026-01-01T00:00:00+08:00"),
)
_OFFER: Final = Offer(
    name="Economy",
    carrier=CarrierCode(_CARRIER.id),
    service=_SERVICE,
    mode=TransportMode.AIR,
    level=ServiceLevel.ECONOMY,
    origin=Country("HK"),
    rate_card=_RATE_CARD,
    handling=Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Hong_Kong"),
    transit=Transit(least=6, most=9, unit=DayUnit.BUSINESS),
    limits=(Limits(size=SMALL_PACKET.rule),),
    claim_policy=E_EXPRESS_LOSS,
)
_BROOKLYN: Final = Destination(country="US", postal_code="11201", zone_name="America/New_York")
_RATE: Final = ExchangeRate(
    base="USD",
    quote="HKD",
    rate="7.80",
    at=instant("2026-01-01T00:00:00Z"),
    source="an example",
)
_TITLE: Final = "An order from Hong Kong to Brooklyn: one parcel delayed, one lost"


def tell() -> Story:
    """Walk the seven steps and tell what happened; the same every time."""
    demo = _Demo()
    listing = demo.register_and_publish()
    quotes = demo.sell_and_ship(listing)
    demo.follow_the_lamp()
    demo.ask_for_the_tea_set()
    demo.claim_for_the_tea_set()
    return demo.story(quotes)


class _Demo:
    """One run: a platform whose clock is moved from step to step."""

    def __init__(self) -> None:
        self.clock = ManualClock("2026-02-16T01:00:00Z")
        fates = {_LAMP.id: Fate.DELAYED, _TEA_SET.id: Fate.LOST}
        carrier = SimulatedCarrier(_CARRIER.id, rate_card=_RATE_CARD, seed=7, fates=fates)
        self.platform = LogisticsPlatform(
            MemoryStorage(), (carrier,), self.clock, CountedIdentifiers()
        )
        payload = json.loads(files(__package__).joinpath("demo_order.json").read_bytes())
        self.order = read_order(payload).order
        self.seller, self.buyer = self.order.sale.seller, self.order.sale.buyer
        self.lamp = self.tea_set = ShipmentId("")
        self.watches: list[Watch] = []

    def register_and_publish(self) -> Listing:
        """Steps 1 and 2: the seller is verified and publishes logistics."""
        home = Address(lines=("8 Example Road",), city="Kwun Tong", country=Country("HK"))
        party = Party(company="Lantern Works", address=home)
        number = RegisteredNumber(Register.HK_BR, "12345678")
        profile = Profile(
            Identity(legal_name="Lantern Works Ltd", country=Country("HK"), numbers=(number,)),
            Logistics(ship_from=party, return_to=party),
        )
        self.platform.sellers.register(SellerId(self.seller.id), profile, by=self.seller)
        self.clock.move_to("2026-02-17T03:30:00Z")
        self.platform.sellers.verify(SellerId(self.seller.id), by=_PLATFORM)
        listing = self.platform.listings.draft(Terms((_OFFER,)), by=self.seller)
        return self.platform.listings.publish(listing.id, by=self.seller)

    def sell_and_ship(self, listing: Listing) -> list[Quote]:
        """Steps 3 and 4: the paid order comes in, is dispatched, booked, and handed over."""
        self.clock.move_to("2026-03-02T03:25:00Z")
        self.platform.orders.take_in(self.order)
        self.platform.orders.dispatch(self.order.id, CarrierCode(_CARRIER.id), by=_PLATFORM)
        lamp_line, tea_set_line = (line.id for line in self.order.sale.lines)
        self.lamp, lamp_quote = self._book(listing, lamp_line, _LAMP)
        self.tea_set, tea_set_quote = self._book(listing, tea_set_line, _TEA_SET)
        self.clock.move_to("2026-03-02T08:00:00Z")
        for shipment in (self.lamp, self.tea_set):
            self.platform.shipments.hand_over(shipment, by=self.seller, note="drop-off")
        return [lamp_quote, tea_set_quote]

    def _book(self, listing: Listing, line: LineId, parcel: Parcel) -> tuple[ShipmentId, Quote]:
        quote = self._quote(listing, parcel)
        shipments = self.platform.shipments
        id = shipments.draft(
            self.order.id, {line: 1}, [parcel], by=self.seller, promise=quote.promise
        ).id
        shipments.book(id, quote, key=IdempotencyKey(f"book {id}"), by=self.seller)
        shipments.confirm(id, by=self.seller)
        return id, quote

    def _quote(self, listing: Listing, parcel: Parcel) -> Quote:
        carriage = Carriage(destination=_BROOKLYN, parcels=(parcel,))
        match self.platform.listings.quote(listing.id, carriage, offer=_OFFER.name):
            case Quote() as quote:
                return quote
            case QuoteRefused(reasons=reasons):
                why = "; ".join(reason.text for reason in reasons)
                raise InvalidValueError("parcel", str(parcel.id), f"has no quote: {why}")

    def follow_the_lamp(self) -> None:
        """Steps 5 and 6: the lamp is held, comes late, and the buyer confirms."""
        self._look("2026-03-13T01:00:00Z")
        self._look("2026-03-18T01:00:00Z")
        self._look("2026-03-24T01:00:00Z")
        self.clock.move_to("2026-03-24T01:30:00Z")
        self.platform.shipments.confirm_receipt(self.lamp, by=self.buyer)

    def _look(self, at: str) -> None:
        """Ask for scans, and note what needs attention; what is done about it is done later."""
        self.clock.move_to(at)
        for shipment in (self.lamp, self.tea_set):
            self.platform.shipments.track(shipment)
        self.watches.append(Watch(at=self.clock.now(), items=self.platform.attention()))

    def ask_for_the_tea_set(self) -> None:
        """Step 7, first half: buyer asks seller, seller asks carrier, the buyer is refunded."""
        inquiries = self.platform.inquiries
        self.clock.move_to("2026-03-25T14:00:00Z")
        buyers = inquiries.report_missing(
            self.tea_set,
            "Where is my tea set?",
            EBAY_ITEM_NOT_RECEIVED.rule,
            zone_name="America/New_York",
            by=self.buyer,
        )
        self.clock.move_to("2026-03-26T02:00:00Z")
        inquiries.answer(buyers.id, "It has not been scanned since Hong Kong.", by=self.seller)
        trace = Question("Please trace the parcel.", instant("2026-04-01T10:00:00Z"))
        sellers = inquiries.open(self.tea_set, _CARRIER, trace, by=self.seller)
        self._look("2026-03-31T10:30:00Z")
        self.clock.move_to("2026-03-31T11:00:00Z")
        inquiries.answer(sellers.id, "Dispatched from Hong Kong, no trace after.", by=_CARRIER)
        price = self.order.sale.lines[1].total
        line = self.order.sale.lines[1].id
        self.platform.orders.refund(
            self.order.id, price, by=self.seller, reason="tea set did not arrive", line=line
        )
        inquiries.resolve_on_refund(buyers.id, by=_PLATFORM)

    def claim_for_the_tea_set(self) -> None:
        """Step 7, second half: claim, negotiation over the invoice value, settlement."""
        claims, seller = self.platform.claims, self.seller
        self.clock.move_to("2026-05-04T02:00:00Z")
        id = claims.file(
            self.tea_set,
            _TEA_SET.id,
            ClaimKind.LOSS,
            E_EXPRESS_LOSS,
            by=seller,
            worth=Worth(invoice=Money.of("96.00", "USD")),
            rates=[_RATE],
            evidence=[Evidence(EvidenceKind.INVOICE, "invoice-1")],
        ).id
        self.clock.move_to("2026-05-05T06:00:00Z")
        claims.acknowledge(id, by=_CARRIER)
        paid = "the buyer paid 78.00 USD after a discount"
        claims.offer(id, _hkd("608.40", paid, "2026-05-12T06:00:00Z"), by=_CARRIER)
        self._look("2026-05-11T10:00:00Z")
        self.clock.move_to("2026-05-11T10:30:00Z")
        claims.counter(id, _hkd("720.00", "the invoice says 96.00 USD"), by=seller)
        self.clock.move_to("2026-05-12T03:00:00Z")
        claims.offer(id, _hkd("680.00", "to meet halfway", "2026-05-19T06:00:00Z"), by=_CARRIER)
        self.clock.move_to("2026-05-13T02:00:00Z")
        claims.accept(id, by=seller)
        self.clock.move_to("2026-05-15T04:00:00Z")
        claims.settle(id, by=_CARRIER)
        self.clock.move_to("2026-05-15T05:00:00Z")
        self.platform.shipments.close(self.tea_set, "lost, and compensated", by=_PLATFORM)
        self._look("2026-05-20T02:00:00Z")

    def story(self, quotes: list[Quote]) -> Story:
        """Tell it."""
        view = self.platform.snapshot()
        seller = self.platform.sellers.get(SellerId(self.seller.id))
        listing = self.platform.listings.get(quotes[0].listing.listing)
        return Story(
            title=_TITLE,
            at=self.clock.now(),
            promised=tuple(promised(quote) for quote in quotes),
            timeline=happenings(view, sellers=[seller], listings=[listing]),
            shipments=tuple(whereabouts(shipment) for shipment in view.shipments),
            attention=tuple(self.watches),
            money=money_of(self.platform.ledger()),
        )


def _hkd(amount: str, note: str, expires_at: str | None = None) -> Figured:
    return Figured(Money.of(amount, "HKD"), note, instant(expires_at) if expires_at else None)
