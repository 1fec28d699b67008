"""Small things that the examples are made of: four parties, some days of March, one parcel.

Everything here is plain; what an example is about is written in the example.
"""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Final, TypeVar

import attrs

from apaclogistics.allocations import Allocation
from apaclogistics.compensation import Assessment, ClaimKind, Facts
from apaclogistics.consignments import Booking, Consignment, Label, Parcel
from apaclogistics.costs import ActualCost, CostType
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.listings import Listing, ListingDraft, Terms
from apaclogistics.measurements import Measurement, MeasurementKind
from apaclogistics.offers import Coverage, Offer, TransportMode
from apaclogistics.orders import Order
from apaclogistics.profiles import Identity, Logistics, Profile
from apaclogistics.promises import DayUnit, Handling, Transit
from apaclogistics.rate_cards import Band, RateCard
from apaclogistics.sales import OrderLine, Payment, Sale
from apaclogistics.sellers import Seller
from apaclogistics.shipments import Shipment
from apaclogistics.tracking import Scan, ScanKey
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import (
    CarrierCode,
    LineId,
    ListingId,
    OrderId,
    ParcelId,
    SellerId,
    ShipmentId,
    tracking_number,
)
from apaclogistics.values.instants import Instant, Moment, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Address, Country, Party
from apaclogistics.values.quantities import Weight
from apaclogistics.values.registers import STRUCTURE, Register, RegisteredNumber, Verdict
from apaclogistics.values.zones import Zone

T = TypeVar("T")

SELLER: Final = Actor(Role.SELLER, "s-1")
BUYER: Final = Actor(Role.BUYER, "b-1")
CARRIER: Final = Actor(Role.CARRIER, "HKPOST")
PLATFORM: Final = Actor(Role.PLATFORM, "agent-1")
PARTIES: Final = (SELLER, BUYER, CARRIER, PLATFORM)
# In the right role, and nobody whose business this is.
STRANGERS: Final = (Actor(Role.SELLER, "s-2"), Actor(Role.BUYER, "b-2"), Actor(Role.CARRIER, "DHL"))

PATIENCE: Final = timedelta(days=7)
PHONE: Final = LineId("line-phone")
CASE: Final = LineId("line-case")


def altered(thing: T, /, **changes: object) -> T:
    """Make a thing anew with other parts, of whatever type."""
    make: Callable[..., T] = attrs.evolve
    return make(thing, **changes)


def day(number: int, hour: int = 9) -> Instant:
    """Give an hour (UTC) of a day counted from 1 March 2026."""
    return instant("2026-03-01T00:00:00Z") + timedelta(days=number - 1, hours=hour)


def usd(amount: str) -> Money:
    """Give US dollars."""
    return Money.of(amount, "USD")


def party(country: str = "HK") -> Party:
    """Give somebody in a country; in the United States, in Brooklyn."""
    postal_code = "11201" if country == "US" else ""
    address = Address(lines=("1 Queen's Road",), postal_code=postal_code, country=country)
    return Party(name="Chan Tai Man", address=address)


def profile(name: str = "Chan Trading") -> Profile:
    """Give who the seller is."""
    return Profile(identity(name), logistics())


def identity(name: str = "Chan Trading") -> Identity:
    """Give a business of Hong Kong and its number."""
    number = RegisteredNumber(Register.HK_BR, "12345678")
    return Identity(legal_name=name, country=Country("HK"), numbers=(number,))


def logistics(line: str = "1 Queen's Road") -> Logistics:
    """Give where the seller's goods leave from and come back to."""
    address = Address(lines=(line,), country="HK")
    return Logistics(
        ship_from=Party(name="Chan Tai Man", address=address),
        return_to=Party(name="Chan Tai Man", address=address),
    )


def verdicts(identity: Identity) -> tuple[Verdict, ...]:
    """Have the numbers judged by their shape."""
    return tuple(STRUCTURE.check(number) for number in identity.numbers)


def registered() -> Seller:
    """Give the seller's account on the first day."""
    return Seller.register(SellerId(SELLER.id), profile(), by=SELLER, at=day(1))


def verified() -> Seller:
    """Give the seller's account once it is verified."""
    return registered().verify(verdicts=verdicts(identity()), by=PLATFORM, at=day(1))


def rate_card(price: str = "5.00", *, up_to_grams: int = 2000) -> RateCard:
    """Give a card for the United States, up to two kilograms, in force all year."""
    return RateCard(
        name="e-Express 2026",
        zones=(Zone("US", frozenset({Country("US")})),),
        bands=(Band("US", up_to_grams, usd(price)),),
        valid_from=instant("2026-01-01T00:00:00Z"),
        valid_until=instant("2027-01-01T00:00:00Z"),
    )


def terms(price: str = "5.00") -> Terms:
    """Give what the listing says, at a price."""
    return Terms((offer(price),))


def offer(price: str = "5.00") -> Offer:
    """Give e-Express from Hong Kong, at a price; not to Russia."""
    return Offer(
        name="Economy",
        carrier=CarrierCode(CARRIER.id),
        service="e-Express",
        mode=TransportMode.AIR,
        origin=Country("HK"),
        rate_card=rate_card(price),
        handling=Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Hong_Kong"),
        transit=Transit(least=5, most=9, unit=DayUnit.BUSINESS),
        coverage=Coverage(excluded=(Zone("not served", frozenset({Country("RU")})),)),
    )


def drafted_listing() -> Listing:
    """Give a listing that nobody sees yet."""
    draft = ListingDraft(id=ListingId("l-1"), seller=SELLER, terms=terms())
    return Listing.draft(draft, by=SELLER, at=day(1))


def published() -> Listing:
    """Give a listing that buyers see."""
    return drafted_listing().publish(hindrances=(), by=SELLER, at=day(1))


def sale() -> Sale:
    """Give two phones and one case for 30.00 USD."""
    return Sale(
        id=OrderId("o-1"),
        seller=SELLER,
        buyer=BUYER,
        placed_at=day(2),
        lines=(
            OrderLine(id=PHONE, quantity=2, total=usd("25.00")),
            OrderLine(id=CASE, quantity=1, total=usd("5.00")),
        ),
        total=usd("30.00"),
        consignee=party("US"),
    )


def placed() -> Order:
    """Give an order that nobody has paid for."""
    return Order.place(sale(), by=BUYER, at=day(2))


def paid() -> Order:
    """Give an order that is paid in full."""
    return placed().pay(Payment(id="pay-1", gross=usd("30.00")), by=BUYER, at=day(2))


def units(quantity: int, line: LineId = PHONE, *, shipment: str = "sh-1") -> Allocation:
    """Put units of a line into a shipment."""
    return Allocation(shipment=ShipmentId(shipment), line=line, quantity=quantity)


def parcel(number: int = 1) -> Parcel:
    """Give a parcel of 800 g that declares 20.00 USD."""
    contents = CustomsItem(description="phone", quantity=1, value=usd("20.00"))
    return Parcel(id=ParcelId(f"p-{number}"), weight=Weight(800), contents=(contents,))


def consignment(*, parcels: int = 1) -> Consignment:
    """Give so many parcels from the seller to the buyer, in the United States."""
    return Consignment(
        id=ShipmentId("sh-1"),
        seller=SELLER,
        buyer=BUYER,
        consignee=party("US"),
        parcels=tuple(parcel(number) for number in range(1, parcels + 1)),
    )


def labels(*, parcels: int = 1) -> tuple[Label, ...]:
    """Give each parcel its number: N1, N2 and so on."""
    return tuple(
        Label(ParcelId(f"p-{number}"), (tracking_number(f"N{number}"),))
        for number in range(1, parcels + 1)
    )


def booking(*, parcels: int = 1, at: Instant | None = None) -> Booking:
    """Give what the carrier booked for 12.50 USD."""
    return Booking(
        carrier=CarrierCode(CARRIER.id),
        labels=labels(parcels=parcels),
        estimate=usd("12.50"),
        issued_at=at or day(3),
    )


def adoption(*, parcels: int = 1) -> Booking:
    """Give what was booked elsewhere."""
    return Booking(carrier=CarrierCode(CARRIER.id), labels=labels(parcels=parcels))


def drafted(*, parcels: int = 1) -> Shipment:
    """Give a shipment that nothing is booked for."""
    return Shipment.draft(consignment(parcels=parcels), by=SELLER, at=day(3))


def booked(*, parcels: int = 1) -> Shipment:
    """Give a shipment with numbers and labels."""
    shipment = drafted(parcels=parcels)
    return shipment.book(booking(parcels=parcels), hindrances=(), by=SELLER, at=day(3))


def confirmed(*, parcels: int = 1) -> Shipment:
    """Give a shipment for which money is held."""
    return booked(parcels=parcels).confirm(available=usd("100.00"), by=SELLER, at=day(3))


def handed_over(*, parcels: int = 1) -> Shipment:
    """Give a shipment that the carrier has, though it was not scanned yet."""
    return confirmed(parcels=parcels).hand_over(by=SELLER, at=day(4))


def scan(
    milestone: Milestone | None, at: Instant, number: str = "N1", *, voids: ScanKey | None = None
) -> Scan:
    """Give what the carrier reports of a parcel."""
    code = milestone.value if milestone else "?"
    return Scan(
        carrier=CARRIER.id,
        number=number,
        code=code,
        at=Moment(at),
        milestone=milestone,
        voids=voids,
    )


def seen(shipment: Shipment, *milestones: Milestone, number: str = "N1") -> Shipment:
    """Scan a parcel once a day, from the fifth on."""
    scans = [scan(it, day(count), number) for count, it in enumerate(milestones, start=5)]
    return shipment.observe(scans)


def cost(
    amount: str, at: Instant, *, currency: str = "USD", number: str = "N1", code: str = "01"
) -> ActualCost:
    """Give a row as the carrier bills it; below zero it is a credit."""
    return ActualCost(
        carrier=CARRIER.id,
        number=number,
        code=code,
        kind=CostType(code),
        amount=Money.of(amount, currency),
        billed_at=at,
    )


def weighed(grams: int, at: Instant, *, number: str = "N1") -> Measurement:
    """Give a weighing by the carrier."""
    return Measurement(
        carrier=CARRIER.id,
        number=number,
        kind=MeasurementKind.WEIGHED,
        at=Moment(at),
        weight=Weight(grams),
    )


def facts() -> Facts:
    """Give what is known of a parcel that was posted and not heard of since."""
    return Facts(
        at=day(90),
        phase=Phase.ACCEPTED,
        posted_at=day(5),
        delivered_at=None,
        attempted_at=None,
        weight=Weight(800),
        destination=Country("US"),
        declared=usd("20.00"),
    )


def assessment() -> Assessment:
    """Give what a policy said of it."""
    return Assessment(policy="example", amount=usd("20.00"), reasons=())


LOSS: Final = ClaimKind.LOSS
