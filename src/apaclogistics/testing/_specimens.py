"""Specimens: small things of every kind that storage keeps, for its contract.

`number` says which one it is, and `edition` makes it differ from another of the same identifier.
"""

from collections.abc import Callable
from datetime import time
from typing import Final, Generic, Protocol, TypeVar

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apaclogistics.bundles import Bundle, BundleOpening
from apaclogistics.carriers import BookingRequest
from apaclogistics.claims import Claim, Demand
from apaclogistics.compensation import Assessment, ClaimKind, Facts
from apaclogistics.consignments import (
    Booking,
    Consignment,
    ConsignmentKind,
    ConsignmentPreference,
    Label,
    Parcel,
)
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.fulfilment import Phase
from apaclogistics.handovers import HandoverEntry, HandoverLine
from apaclogistics.inquiries import Inquiry
from apaclogistics.ledger import Wallet
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.listings import Listing, ListingDraft, Terms
from apaclogistics.offers import Offer, TransportMode
from apaclogistics.orders import Order
from apaclogistics.ports import Event, Receipt, ReceiptState, Repository, Storage, UnitOfWork
from apaclogistics.profiles import Identity, Logistics, Profile
from apaclogistics.promises import DayUnit, Handling, Transit
from apaclogistics.rate_cards import Band, RateCard
from apaclogistics.sales import OrderLine, Sale
from apaclogistics.sellers import Seller
from apaclogistics.shipments import Shipment
from apaclogistics.testing._aggregates import (
    bundles,
    claims,
    consignments,
    inquiries,
    listings,
    orders,
    sellers,
    shipments,
    wallets,
)
from apaclogistics.testing._agreements import ids, texts
from apaclogistics.testing._values import instants
from apaclogistics.threads import Opening, Question
from apaclogistics.values.goods import CustomsItem
from apaclogistics.values.identifiers import (
    BundleId,
    CarrierCode,
    ClaimId,
    IdempotencyKey,
    InquiryId,
    LineId,
    ListingId,
    OrderId,
    ParcelId,
    QuoteId,
    SellerId,
    ShipmentId,
    tracking_number,
)
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Address, Country, Party
from apaclogistics.values.quantities import Weight
from apaclogistics.values.zones import Zone

__all__ = (
    "KINDS",
    "Kind",
    "booked",
    "bundle",
    "claim",
    "event",
    "inquiry",
    "listing",
    "order",
    "owner",
    "receipt",
    "seller",
    "shipment",
    "wallet",
)

K = TypeVar("K")
T = TypeVar("T")

MONDAY: Final = instant("2026-03-02T01:00:00Z")
_BUYER: Final = Actor(Role.BUYER, "b-1")
_CARRIER: Final = Actor(Role.CARRIER, "HKPOST")
_US: Final = Country("US")
_PRICE: Final = Money.of("5.00", "USD")


def owner(number: int) -> Actor:
    """Give a seller as one who acts."""
    return Actor(Role.SELLER, f"s-{number}")


def _party(name: str) -> Party:
    return Party(name=name, address=Address(lines=("1 Queen's Road",), country=_US))


def seller(number: int, edition: int = 0) -> Seller:
    """Give a seller's account."""
    profile = Profile(
        Identity(legal_name=f"Trader {edition}", country=Country("HK")),
        Logistics(ship_from=_party("Chan"), return_to=_party("Chan")),
    )
    return Seller.register(SellerId(owner(number).id), profile, by=owner(number), at=MONDAY)


def listing(number: int, edition: int = 0, *, of: int = 1) -> Listing:
    """Give a listing of the seller of a number."""
    offer = Offer(
        name="an offer",
        carrier=CarrierCode(_CARRIER.id),
        service=f"service {edition}",
        mode=TransportMode.AIR,
        origin=Country("HK"),
        rate_card=RateCard(
            name="a card",
            zones=(Zone("US", frozenset({_US})),),
            bands=(Band("US", 2000, _PRICE),),
            valid_from=MONDAY,
        ),
        handling=Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Hong_Kong"),
        transit=Transit(least=5, most=9, unit=DayUnit.BUSINESS),
    )
    draft = ListingDraft(id=ListingId(f"l-{number}"), seller=owner(of), terms=Terms((offer,)))
    return Listing.draft(draft, by=owner(of), at=MONDAY)


def order(number: int, edition: int = 0) -> Order:
    """Give an order of one unit."""
    sale = Sale(
        id=OrderId(f"o-{number}"),
        seller=owner(1),
        buyer=_BUYER,
        placed_at=MONDAY,
        lines=(OrderLine(id=LineId("line-1"), quantity=1, total=_PRICE),),
        total=_PRICE,
        consignee=_party("Smith"),
        note=f"note {edition}",
    )
    return Order.place(sale, by=_BUYER, at=MONDAY)


def _consignment(number: int, edition: int, of: int) -> Consignment:
    item = CustomsItem(description="phone", quantity=1, value=_PRICE)
    return Consignment(
        id=ShipmentId(f"sh-{number}"),
        orders=(OrderId(f"o-{of}"),),
        seller=owner(1),
        buyer=_BUYER,
        consignee=_party(f"Smith {edition}"),
        parcels=(Parcel(id=ParcelId("p-1"), weight=Weight(800), contents=(item,)),),
    )


def shipment(number: int, edition: int = 0, *, of: int = 1) -> Shipment:
    """Give a draft for the order of a number."""
    return Shipment.draft(_consignment(number, edition, of), by=owner(1), at=MONDAY)


def booked(draft: Shipment, *numbers: str) -> Shipment:
    """Book a draft, whose parcel then travels under some numbers."""
    booking = Booking(
        carrier=CarrierCode(_CARRIER.id),
        labels=(Label(ParcelId("p-1"), tuple(tracking_number(text) for text in numbers)),),
        estimate=_PRICE,
        issued_at=MONDAY,
    )
    return draft.book(booking, hindrances=(), by=owner(1), at=MONDAY)


def bundle(number: int, edition: int = 0, *, of: int = 1) -> Bundle:
    """Give a bundle that the shipment of a number is in."""
    preference = ConsignmentPreference(
        name="a counter", kind=ConsignmentKind.DROP_OFF, site=f"site {edition}"
    )
    opening = BundleOpening(
        id=BundleId(f"bu-{number}"), seller=owner(1), carrier=_CARRIER, preference=preference
    )
    line = HandoverLine(parcel=ParcelId("p-1"), number=tracking_number(f"N{of}"))
    entry = HandoverEntry(
        shipment=ShipmentId(f"sh-{of}"),
        seller=owner(1),
        carrier=_CARRIER,
        phase=Phase.CONFIRMED,
        preference=preference,
        lines=(line,),
    )
    return Bundle.open(opening, by=owner(1), at=MONDAY).add([entry], by=owner(1), at=MONDAY)


def inquiry(number: int, edition: int = 0, *, of: int = 1) -> Inquiry:
    """Give an inquiry about the shipment of a number."""
    opening = Opening(
        id=InquiryId(f"i-{number}"),
        shipment=ShipmentId(f"sh-{of}"),
        opener=_BUYER,
        respondent=owner(1),
        question=Question(f"Where is it? ({edition})", MONDAY),
    )
    return Inquiry.open(opening, parties={_BUYER, owner(1)}, by=_BUYER, at=MONDAY)


def claim(number: int, edition: int = 0, *, of: int = 1) -> Claim:
    """Give a claim about the shipment of a number."""
    facts = Facts(
        at=MONDAY,
        phase=Phase.ACCEPTED,
        posted_at=MONDAY,
        delivered_at=None,
        attempted_at=None,
        weight=Weight(800),
        destination=_US,
        declared=_PRICE,
    )
    demand = Demand(
        id=ClaimId(f"c-{number}"),
        shipment=ShipmentId(f"sh-{of}"),
        parcel=ParcelId("p-1"),
        kind=ClaimKind.LOSS,
        claimant=owner(1),
        carrier=_CARRIER,
        amount=_PRICE,
        facts=facts,
        assessment=Assessment(policy="a policy", amount=_PRICE, reasons=()),
        evidence=(Evidence(EvidenceKind.INVOICE, f"invoice-{edition}"),),
    )
    parties = {owner(1), _CARRIER}
    return Claim.file(demand, parties=parties, hindrances=(), by=owner(1), at=MONDAY)


def wallet(number: int, edition: int = 0) -> Wallet:
    """Give a seller's wallet."""
    return Wallet(owner(number)).deposit(Money(edition + 1, "USD"), "top-up", at=MONDAY)


def receipt(number: int, edition: int = 0) -> Receipt:
    """Give the receipt of a booking that is under way."""
    key = IdempotencyKey(f"k-{number}")
    request = BookingRequest(
        reference=key,
        quote=QuoteId(f"q-{number}"),
        carrier=CarrierCode(_CARRIER.id),
        service="e-Express",
        consignment=_consignment(number, 0, 1),
    )
    return Receipt(key=key, request=request, leased_until=MONDAY, reason=str(edition))


def event(number: int, sequence: int, *, at: Instant = MONDAY) -> Event:
    """Give what happened to an order."""
    return Event(kind="order", id=f"o-{number}", sequence=sequence, action="pay", at=at)


class Kind(Protocol):
    """One repository of a transaction, and specimens to keep in it."""

    @property
    def name(self) -> str:
        """What the things are called."""
        ...

    def make(self, number: int, edition: int = 0) -> object:
        """Give a thing."""
        ...

    def key(self, number: int) -> str:
        """Give the text of a thing's identifier."""
        ...

    def save(self, work: UnitOfWork, number: int, edition: int = 0, *, expected: int = 0) -> int:
        """Save a thing; give its version."""
        ...

    def find(self, work: UnitOfWork, number: int) -> tuple[object, int] | None:
        """Find a thing and its version."""
        ...

    def get(self, work: UnitOfWork, number: int) -> tuple[object, int]:
        """Get a thing and its version."""
        ...

    def page(self, work: UnitOfWork, *, after: str = "", limit: int = 100) -> list[str]:
        """Read a page; give the texts of its identifiers."""
        ...

    def kept(self, storage: Storage, data: st.DataObject) -> tuple[object, object | None]:
        """Draw anything of the kind and save it; give it along with what is read later."""
        ...


@attrs.frozen
class _Kept(Generic[K, T]):
    name: str
    pick: Callable[[UnitOfWork], Repository[K, T]]
    specimen: Callable[[int, int], T]
    id_of: Callable[[T], K]
    anything: Callable[[], SearchStrategy[T]]

    def make(self, number: int, edition: int = 0) -> T:
        return self.specimen(number, edition)

    def key(self, number: int) -> str:
        return str(self.id_of(self.make(number)))

    def save(self, work: UnitOfWork, number: int, edition: int = 0, *, expected: int = 0) -> int:
        return self.pick(work).save(self.make(number, edition), expected=expected)

    def find(self, work: UnitOfWork, number: int) -> tuple[T, int] | None:
        stored = self.pick(work).find(self.id_of(self.make(number)))
        return (stored.value, stored.version) if stored else None

    def get(self, work: UnitOfWork, number: int) -> tuple[T, int]:
        stored = self.pick(work).get(self.id_of(self.make(number)))
        return stored.value, stored.version

    def page(self, work: UnitOfWork, *, after: str = "", limit: int = 100) -> list[str]:
        page = self.pick(work).page(after=after, limit=limit)
        return [str(self.id_of(stored.value)) for stored in page]

    def kept(self, storage: Storage, data: st.DataObject) -> tuple[T, T | None]:
        thing = data.draw(self.anything())
        with storage.unit_of_work() as work:
            self.pick(work).save(thing, expected=0)
            work.commit()
        with storage.unit_of_work() as work:
            stored = self.pick(work).find(self.id_of(thing))
        return thing, stored.value if stored else None


def _receipts() -> SearchStrategy[Receipt]:
    return st.builds(
        Receipt,
        key=ids().map(IdempotencyKey),
        request=st.builds(
            BookingRequest,
            reference=ids().map(IdempotencyKey),
            quote=ids().map(QuoteId),
            carrier=ids().map(CarrierCode),
            service=texts(),
            consignment=consignments(),
        ),
        state=st.sampled_from(ReceiptState),
        leased_until=st.none() | instants(),
        reason_code=texts(),
        reason=texts(),
    )


KINDS: Final[tuple[Kind, ...]] = (
    _Kept[SellerId, Seller]("seller", lambda work: work.sellers, seller, lambda it: it.id, sellers),
    _Kept[ListingId, Listing](
        "listing", lambda work: work.listings, listing, lambda it: it.id, listings
    ),
    _Kept[OrderId, Order]("order", lambda work: work.orders, order, lambda it: it.id, orders),
    _Kept[ShipmentId, Shipment](
        "shipment", lambda work: work.shipments, shipment, lambda it: it.id, shipments
    ),
    _Kept[BundleId, Bundle]("bundle", lambda work: work.bundles, bundle, lambda it: it.id, bundles),
    _Kept[InquiryId, Inquiry](
        "inquiry", lambda work: work.inquiries, inquiry, lambda it: it.id, inquiries
    ),
    _Kept[ClaimId, Claim]("claim", lambda work: work.claims, claim, lambda it: it.id, claims),
    _Kept[Actor, Wallet]("wallet", lambda work: work.wallets, wallet, lambda it: it.owner, wallets),
    _Kept[IdempotencyKey, Receipt](
        "receipt", lambda work: work.receipts, receipt, lambda it: it.key, _receipts
    ),
)
