"""Laws of the writers of other people's formats.

* Whatever is written, a writer raises `CodecErrors` or nothing.
* What is written is plain JSON, valid by the official schema, and has what its operation needs.
* A fulfilment is read back as what it was, to the millisecond.
* The parcels of a shipment together hold what the order put into it.
* A refund of an order that was recorded is written as it is.
* The declared prices of the units add up to the declared value.
* Lengths are exact to the millimetre, and instants to the millisecond.
* No refusal and no warning shows whom a parcel goes to.
"""

import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.allocations import Allocation
from apaclogistics.consignments import Consignment, Parcel
from apaclogistics.errors import CodecErrors
from apaclogistics.fulfilment import Phase
from apaclogistics.interop import Written
from apaclogistics.interop._writing import centimetres, milliseconds
from apaclogistics.interop.ebay import (
    RefundReason,
    read_fulfilment,
    write_fulfilments,
    write_refund,
)
from apaclogistics.interop.edis import PackageItem, read_package, write_package
from apaclogistics.orders import Order
from apaclogistics.sales import Payment
from apaclogistics.shipments import Shipment
from apaclogistics.testing._aggregates import orders, sales
from apaclogistics.testing._agreements import lines
from apaclogistics.testing._carriage import consignments, shipments
from apaclogistics.testing.strategies import (
    customs_items,
    dimensions,
    instants,
    monies,
    parties,
    weights,
)
from apaclogistics.values.goods import CustomsItem, LithiumBattery
from apaclogistics.values.identifiers import LineId, ParcelId
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Party
from tests.documents import at
from tests.official import EDIS, FULFILMENT, faults, missing
from tests.real_data import with_data
from tests.test_edis_writing import REQUIRED

Packed = dict[ParcelId, dict[LineId, int]]


@st.composite
def packings(draw: DrawFn, phase: Phase | None = None) -> tuple[Order, Shipment, Packed]:
    """Give an order, a shipment that holds some of it, and what is in which parcel."""
    shipment = draw(shipments(phase=phase))
    order = draw(paid_orders())
    names = [parcel.id for parcel in shipment.consignment.parcels]
    packed: Packed = {name: {} for name in names}
    for line in order.sale.lines[: len(names)]:
        count = draw(st.integers(1, line.quantity))
        packed[draw(st.sampled_from(names))][line.id] = count
    packed = {name: held for name, held in packed.items() if held}
    allocations = [
        Allocation(shipment=shipment.id, line=line, quantity=count)
        for held in packed.values()
        for line, count in held.items()
    ]
    by, when = order.sale.seller, order.history[-1].at
    return order.allocate(allocations, phases={}, by=by, at=when), shipment, packed


@st.composite
def paid_orders(draw: DrawFn) -> Order:
    """Give an order that is paid in one payment, if it costs anything; its titles can be written."""
    drawn = draw(sales())
    titled = [attrs.evolve(line, title=draw(lines())) for line in drawn.lines]
    sale = attrs.evolve(drawn, lines=tuple(titled))
    order = Order.place(sale, by=sale.buyer, at=sale.placed_at)
    if not sale.total.minor:
        return order
    payment = Payment(id="pay-1", gross=sale.total)
    return order.pay(payment, by=sale.buyer, at=sale.placed_at)


def consignees() -> SearchStrategy[Party]:
    """Give people whom eDIS can write to: a name, a city, and up to three short lines."""
    words = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=12)

    def settled(party: Party, name: str, city: str, lines: list[str]) -> Party:
        address = attrs.evolve(party.address, city=city, lines=lines)
        return attrs.evolve(party, name=name, address=address)

    return st.builds(settled, parties(), words, words, st.lists(words, min_size=1, max_size=3))


@st.composite
def packages(draw: DrawFn) -> tuple[Consignment, Order, tuple[PackageItem, ...]]:
    """Give a parcel that eDIS can take, its order, and its items."""
    order = draw(paid_orders())
    items = tuple(
        PackageItem(order=order.id, line=line.id, quantity=count, goods=draw(declared(count)))
        for line in order.sale.lines
        for count in [draw(st.integers(1, line.quantity))]
    )
    parcel = Parcel(id=ParcelId("p-1"), weight=draw(weights()), dimensions=draw(dimensions()))
    consignment = draw(consignments())
    fit = attrs.evolve(consignment, consignee=draw(consignees()), parcels=(parcel,))
    return fit, order, items


@st.composite
def declared(draw: DrawFn, count: int) -> CustomsItem:
    """Give a customs item with a Chinese name, whose value divides by the units.

    Its number can be written: control characters cannot.
    """
    price = draw(monies(min_minor=0, max_minor=10**9))
    ordinary = [it for it in LithiumBattery if it is not LithiumBattery.SPECIAL_GOODS]
    return attrs.evolve(
        draw(customs_items()),
        description_zh="货物",
        sku=draw(lines().filter(bool)),
        value=Money(price.minor * count, price.currency),
        battery=draw(st.sampled_from(ordinary)),
    )


def written(package: tuple[Consignment, Order, tuple[PackageItem, ...]]) -> Written:
    consignment, order, items = package
    return write_package(consignment, [order], service="SVC", ship_from="ADDR", items=items)


def secrets(party: Party) -> set[str]:
    """Give what identifies somebody, as far as it is long enough to be told from a message."""
    known = (party.name, party.company, party.phone, party.email, *party.address.lines)
    return {text for text in known if len(text) > 12}


@given(packings())
def test_a_fulfilment_is_read_back_as_what_it_was(
    packing: tuple[Order, Shipment, Packed],
) -> None:
    order, shipment, packed = packing
    try:
        documents = write_fulfilments(order, shipment, packed, carrier="SpeedPAK")
    except CodecErrors:
        return

    for (parcel, units), document in zip(packed.items(), documents, strict=True):
        reading = read_fulfilment(document.payload)
        assert reading.number in shipment.numbers
        assert reading.number in (shipment.booking.numbers_of(parcel) if shipment.booking else ())
        assert dict(reading.units) == units
        assert reading.shipped_at is not None
        assert (reading.carrier, reading.unread) == ("SpeedPAK", ())


@given(packings(Phase.ACCEPTED))
def test_the_parcels_of_a_shipment_hold_what_was_put_into_it(
    packing: tuple[Order, Shipment, Packed],
) -> None:
    order, shipment, packed = packing
    put = Counter({it.line: it.quantity for it in order.allocations})
    try:
        documents = write_fulfilments(order, shipment, packed)
    except CodecErrors:
        return

    held: Counter[LineId] = Counter()
    for document in documents:
        held.update(dict(read_fulfilment(document.payload).units))
    assert held == put


@with_data
@given(packings())
def test_a_fulfilment_is_valid_by_the_official_schema(
    packing: tuple[Order, Shipment, Packed],
) -> None:
    order, shipment, packed = packing
    try:
        documents = write_fulfilments(order, shipment, packed)
    except CodecErrors:
        return

    for document in documents:
        assert faults(FULFILMENT, "ShippingFulfillmentDetails", document.payload) == []


@given(orders())
def test_a_refund_that_was_recorded_is_written_as_it_is(order: Order) -> None:
    assume(order.currency.decimals <= 2)
    whole = [refund for refund in order.refunds if refund.line is None]

    for refund in whole:
        document = write_refund(order, [refund], reason=RefundReason.OTHER_ADJUSTMENT)
        amount = document.payload["orderLevelRefundAmount"]
        assert isinstance(amount, dict)
        assert Money.of(amount["value"], amount["currency"]) == refund.gross


@given(packages())
def test_a_package_that_fits_is_written_and_has_what_is_needed(
    package: tuple[Consignment, Order, tuple[PackageItem, ...]],
) -> None:
    document = written(package)

    assert missing(document.payload, REQUIRED["AddPackageRequest"]) == set()
    assert json.loads(json.dumps(document.payload)) == document.payload


@with_data
@given(packages())
def test_a_package_is_valid_by_the_official_schema(
    package: tuple[Consignment, Order, tuple[PackageItem, ...]],
) -> None:
    assert faults(EDIS, "AddPackageRequest", written(package).payload) == []


@given(packages())
def test_declared_prices_add_up_to_the_declared_value(
    package: tuple[Consignment, Order, tuple[PackageItem, ...]],
) -> None:
    document = written(package)

    for index, item in enumerate(package[2]):
        price = at(document.payload, f"packageInfo.items.{index}.sku.price")
        assert isinstance(price, dict)
        one = Money.of(price["value"], price["currency"])
        assert Money(one.minor * item.quantity, one.currency) == item.goods.value


@given(packages())
def test_a_package_is_read_back_with_its_size_and_units(
    package: tuple[Consignment, Order, tuple[PackageItem, ...]],
) -> None:
    consignment, _, items = package
    inside = written(package).payload["packageInfo"]
    assert isinstance(inside, dict)

    reading = read_package({"packageDetail": {**inside, "packageId": "P-1"}})

    assert reading.weight == consignment.parcels[0].weight
    assert reading.dimensions == consignment.parcels[0].dimensions
    assert reading.units == tuple((item.line, item.quantity) for item in items)


@given(consignments(), paid_orders(), st.lists(customs_items(), min_size=1, max_size=3))
def test_no_refusal_and_no_warning_shows_whom_a_parcel_goes_to(
    consignment: Consignment, order: Order, goods: list[CustomsItem]
) -> None:
    items = [
        PackageItem(order=order.id, line=line.id, quantity=1, goods=it)
        for line, it in zip(order.sale.lines, goods, strict=False)
    ]
    try:
        document = write_package(consignment, [order], service="", ship_from="A", items=items)
    except CodecErrors as errors:
        said = str(errors)
    else:
        said = "\n".join(map(str, document.warnings))

    assert {secret for secret in secrets(consignment.consignee) if secret in said} == set()


@given(st.integers(1, 100_000))
def test_centimetres_are_exact_to_the_millimetre(millimetres: int) -> None:
    assert Decimal(json.dumps(centimetres(millimetres))) * 10 == millimetres


@given(instants())
def test_instants_are_exact_to_the_millisecond(at: Instant) -> None:
    lost = at - instant(milliseconds(at))

    assert timedelta(0) <= lost < timedelta(milliseconds=1)
