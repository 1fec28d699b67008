# %% [markdown]
# # What if it is handed over late, or held by customs?
#
# One parcel from Hong Kong to Brooklyn, three times on the same simulated lane: as planned, handed
# over two days late, and held by customs.  What was promised, when does it arrive, what needs
# attention, and what does it cost?
#
# Everything runs in memory, from a seed.  Prices, days and the lane are examples.

# %%
from datetime import time, timedelta

import attrs

from apaclogistics import (
    FULFILMENT,
    Actor,
    Address,
    AttentionItem,
    Band,
    Carriage,
    ClaimKind,
    Country,
    Currency,
    CustomsItem,
    DayUnit,
    Destination,
    Handling,
    Identity,
    Instant,
    Logistics,
    LogisticsPlatform,
    Money,
    Offer,
    OrderLine,
    Parcel,
    Party,
    Payment,
    Phase,
    Profile,
    Quote,
    RateCard,
    Register,
    RegisteredNumber,
    Role,
    Sale,
    Shipment,
    Terms,
    Transit,
    TransportMode,
    Weight,
    Zone,
    instant,
)
from apaclogistics.adapters.memory import CountedIdentifiers, ManualClock, MemoryStorage
from apaclogistics.adapters.simulation import Fate, SimulatedCarrier
from apaclogistics.attention import Rule
from apaclogistics.catalogue.hongkong_post import E_EXPRESS_LOSS
from apaclogistics.values.identifiers import (
    CarrierCode,
    IdempotencyKey,
    LineId,
    OrderId,
    ParcelId,
    SellerId,
)
from apaclogistics.values.instants import duration_text, to_text

# %% [markdown]
# ## The table
#
# A lifecycle draws itself: solid arrows are commands, dashed ones what scans are expected to show.

# %%
FULFILMENT

# %% [markdown]
# ## The world
#
# A seller, a buyer, a platform, a lamp, and a listing that promises six to nine business days.

# %%
SELLER = Actor(Role.SELLER, "lantern-works")
BUYER = Actor(Role.BUYER, "tea-room")
PLATFORM = Actor(Role.PLATFORM, "operations")

WORKSHOP = Party(company="Lantern Works", address=Address(city="Kwun Tong", country="HK"))
DOORSTEP = Party(
    name="Example Buyer", address=Address(city="Brooklyn", postal_code="11201", country="US")
)
LAMP = Parcel(
    id=ParcelId("lamp"),
    weight=Weight(900),
    contents=(
        CustomsItem(description="Reading lamp", quantity=1, value=Money.of("350.00", "HKD")),
    ),
)
OFFER = Offer(
    name="Economy",
    carrier=CarrierCode("HKPOST"),
    service="e-Express",
    mode=TransportMode.AIR,
    origin=Country("HK"),
    rate_card=RateCard(
        name="example card",
        zones=(Zone("United States", frozenset({Country("US")})),),
        bands=(Band("United States", 1000, Money.of("12.60", "USD")),),
        valid_from=instant("2026-01-01T00:00:00+08:00"),
    ),
    handling=Handling(days=1, cut_off=time(15, 0), zone_name="Asia/Hong_Kong"),
    transit=Transit(least=6, most=9, unit=DayUnit.BUSINESS),
)
USD = Currency("USD")
BROOKLYN = Destination(country="US", postal_code="11201", zone_name="America/New_York")
ORDERED_AT = instant("2026-03-02T03:25:00Z")


# %% [markdown]
# ## A run
#
# The same use cases that a host application calls, through the same ports.


# %%
@attrs.frozen
class Run:
    """What came of one what-if."""

    platform: LogisticsPlatform
    quote: Quote
    shipment: Shipment
    noticed: tuple[AttentionItem, ...]

    @property
    def delivered_at(self) -> Instant:
        """When the parcel arrived."""
        assert self.shipment.delivered_at is not None
        return self.shipment.delivered_at

    @property
    def verdict(self) -> str:
        """Whether the promise to the buyer was kept."""
        return "late" if self.delivered_at > self.quote.promise.window.latest else "in time"

    @property
    def rules(self) -> list[Rule]:
        """Why the parcel needed attention, each reason once, in the order of the days."""
        return list(dict.fromkeys(item.rule for item in self.noticed))


def sell(platform: LogisticsPlatform) -> tuple[Quote, OrderId]:
    """Register, publish, quote, and take in a paid order."""
    number = RegisteredNumber(Register.HK_BR, "12345678")
    profile = Profile(
        Identity(legal_name="Lantern Works Ltd", country=Country("HK"), numbers=(number,)),
        Logistics(ship_from=WORKSHOP, return_to=WORKSHOP),
    )
    platform.sellers.register(SellerId(SELLER.id), profile, by=SELLER)
    platform.sellers.verify(SellerId(SELLER.id), by=PLATFORM)
    listing = platform.listings.draft(Terms((OFFER,)), by=SELLER)
    listing = platform.listings.publish(listing.id, by=SELLER)
    carriage = Carriage(destination=BROOKLYN, parcels=(LAMP,))
    quote = platform.listings.quote(listing.id, carriage, offer=OFFER.name)
    assert isinstance(quote, Quote)
    price = Money.of("51.00", "USD")
    promised = quote.promise
    line = OrderLine(
        id=LineId("1"),
        quantity=1,
        total=price,
        ship_by=promised.ship_by,
        deliver_within=promised.window,
    )
    sale = Sale(
        id=OrderId("order-1"),
        seller=SELLER,
        buyer=BUYER,
        placed_at=ORDERED_AT,
        lines=(line,),
        total=price,
        consignee=DOORSTEP,
        listing=quote.listing,
        offer=quote.offer,
    )
    order = platform.orders.place(sale, by=BUYER)
    order = platform.orders.pay(order.id, Payment(id="payment-1", gross=price), by=BUYER)
    return quote, order.id


def what_if(*, fate: Fate = Fate.SMOOTH, hesitation: timedelta = timedelta()) -> Run:
    """Ship the lamp, look at it once a day, and have the buyer confirm once it is there."""
    clock = ManualClock(ORDERED_AT)
    carrier = SimulatedCarrier("HKPOST", rate_card=OFFER.rate_card, seed=7, fates={LAMP.id: fate})
    platform = LogisticsPlatform(MemoryStorage(), (carrier,), clock, CountedIdentifiers())
    quote, order = sell(platform)
    shipments = platform.shipments
    shipment = shipments.draft(order, {LineId("1"): 1}, [LAMP], by=SELLER, promise=quote.promise)
    shipment = shipments.book(shipment.id, quote, key=IdempotencyKey("book-1"), by=SELLER)
    noticed: list[AttentionItem] = []
    while shipment.phase is not Phase.DELIVERED:
        assert clock.now() < ORDERED_AT + timedelta(days=60), "the parcel never arrives"
        noticed += platform.attention()
        if shipment.phase is Phase.BOOKED and clock.now() >= ORDERED_AT + hesitation:
            shipments.confirm(shipment.id, by=SELLER)
            shipments.hand_over(shipment.id, by=SELLER)
        clock.advance(timedelta(days=1))
        shipment = shipments.track(shipment.id)
    shipment = shipments.confirm_receipt(shipment.id, by=BUYER)
    return Run(platform, quote, shipment, tuple(noticed))


# %% [markdown]
# ## One parcel, scan by scan

# %%
as_planned = what_if()

for entry in as_planned.shipment.trackings[LAMP.id].timeline:
    assert entry.phase is not None
    print(f"{entry.scan.at}  {entry.scan.place!s:<22}  {entry.phase.name}")

assert as_planned.shipment.phase is Phase.COMPLETED
assert not as_planned.shipment.discrepancies

# %% [markdown]
# ## Two what-ifs

# %%
handed_over_late = what_if(hesitation=timedelta(days=2))
held_by_customs = what_if(fate=Fate.DELAYED)

RUNS = {
    "as planned": as_planned,
    "handed over two days late": handed_over_late,
    "held by customs": held_by_customs,
}
for name, run in RUNS.items():
    latest = run.quote.promise.window.latest
    margin = duration_text(latest - run.delivered_at)
    print(name)
    print(f"    promised   until {to_text(latest)}")
    print(f"    delivered  {to_text(run.delivered_at)}, {margin} {run.verdict}")
    print(f"    attention  {', '.join(rule.value for rule in run.rules) or 'none'}")

# %% [markdown]
# Hesitating costs exactly two days and breaks the promise to ship by the next evening, but not the
# one to the buyer.  Customs break the one to the buyer, through no fault of the seller.

# %%
promised = as_planned.quote.promise
assert all(run.quote.promise == promised for run in RUNS.values())
assert as_planned.verdict == "in time"
assert not as_planned.noticed

assert handed_over_late.delivered_at == as_planned.delivered_at + timedelta(days=2)
assert handed_over_late.verdict == "in time"
assert Rule.SHIP_BY in handed_over_late.rules
assert Rule.LATE not in handed_over_late.rules

assert held_by_customs.verdict == "late"
assert {Rule.HELD, Rule.LATE} <= set(held_by_customs.rules)
assert Rule.SHIP_BY not in held_by_customs.rules

# %% [markdown]
# ## What it costs
#
# The carrier gets its fare in each run, and the sum of all accounts is zero.  Is a late parcel worth
# a claim?  The published policy for e-Express pays for loss alone.

# %%
for name, run in RUNS.items():
    ledger = run.platform.ledger()
    print(name)
    for account in ledger.accounts:
        print(f"    {ledger.balance(account, USD)!s:>12}  {account}")
    assert ledger.total(USD) == Money.zero(USD)
    assert ledger.postings == as_planned.platform.ledger().postings

# %%
for kind in (ClaimKind.DELAY, ClaimKind.LOSS):
    assessment = held_by_customs.platform.claims.assess(
        held_by_customs.shipment.id, LAMP.id, kind, E_EXPRESS_LOSS
    )
    assert assessment.amount is None
    print(f"{kind.value}: {'; '.join(reason.text for reason in assessment.reasons)}")
