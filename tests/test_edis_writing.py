"""What is sent to eDIS: packages, bundles, preferences, bulk calls and complaints.

The official document bounds nothing and requires nothing; its texts and errors do.  What they ask
for is written out here, as a table of the fields that an operation needs and one of the limits.
"""

import csv
from collections.abc import Callable, Sequence
from datetime import time
from decimal import Decimal
from functools import partial
from typing import Final, TypeAlias, TypeVar

import attrs
import pytest

from apaclogistics.allocations import Allocation
from apaclogistics.carriers import Complaint, ComplaintKind
from apaclogistics.consignments import (
    Consignment,
    ConsignmentKind,
    ConsignmentPreference,
    Parcel,
    PickUpWindow,
)
from apaclogistics.errors import CodecErrors, InvalidTypeError, InvalidValueError
from apaclogistics.interop import Written
from apaclogistics.interop.edis import (
    AddressKind,
    AreaCodes,
    ForwardStock,
    PackageItem,
    Packaging,
    Signature,
    SpecialServices,
    TaxId,
    read_package,
    write_address_preference,
    write_bundle,
    write_cancel,
    write_complaint,
    write_confirm,
    write_consign_preference,
    write_delete,
    write_package,
)
from apaclogistics.orders import Order
from apaclogistics.sales import OrderLine, Payment, Tax
from apaclogistics.values.goods import (
    BatteryQualification,
    CustomsItem,
    Incoterm,
    LithiumBattery,
)
from apaclogistics.values.identifiers import (
    LineId,
    OrderId,
    ParcelId,
    ShipmentId,
    TrackingNumber,
    tracking_number,
)
from apaclogistics.values.instants import instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Address, Country, Party
from apaclogistics.values.quantities import Dimensions, Weight
from tests.documents import at
from tests.official import EDIS, faults, missing, refuse_faulty_document
from tests.real_data import DATA, with_data
from tests.real_parcels import REAL_ORDERS, packed_order
from tests.samples import BUYER, SELLER, consignment, day, placed, sale, units, usd

LAMP: Final = LineId("line-lamp")
BULB: Final = LineId("line-bulb")
ION: Final = LithiumBattery.ION_IN_EQUIPMENT
CODES: Final = AreaCodes(province="440000", city="440300", district="440305")
HOME: Final = Address(
    lines=("221 Baker Street", "", "Flat B"),
    city="Brooklyn",
    region="NY",
    postal_code="11201",
    country="US",
)
READER: Final = Party(
    name="Dorothea Nachtleser",
    company="Lampenverein",
    phone="0351999999",
    email="dorothea@example.org",
    address=HOME,
)
SHENZHEN: Final = Party(
    name="陈大文",
    company="Lamp Works",
    phone="13800000000",
    address=Address(lines=("1 Keyuan Road",), city="Shenzhen", postal_code="518000", country="CN"),
)

REQUIRED = {
    # createPackage: the operation's own text, FIELD by FIELD; and errors 355012, 355017, 355063.
    "AddPackageRequest": frozenset(
        {
            "$.packageInfo.shippingServiceId",
            "$.packageInfo.shipFromAddressId",
            "$.packageInfo.shipToAddress.contact",
            "$.packageInfo.shipToAddress.street1",
            "$.packageInfo.shipToAddress.city",
            "$.packageInfo.shipToAddress.countryCode",
            "$.packageInfo.shipToAddress.countryName",
            "$.packageInfo.packageLength",
            "$.packageInfo.packageWidth",
            "$.packageInfo.packageHeight",
            "$.packageInfo.packageWeight",
            "$.packageInfo.incoterm",
            "$.packageInfo.items[*].orderLineItem",
            "$.packageInfo.items[*].postedQuantity",
            "$.packageInfo.items[*].sku.nameEn",
            "$.packageInfo.items[*].sku.nameZh",
            "$.packageInfo.items[*].sku.price.value",
            "$.packageInfo.items[*].sku.price.currency",
            "$.packageInfo.items[*].sku.isLiBattery",
            "$.packageInfo.items[*].sku.liBatteryType",
        }
    ),
    # createAddressPreference: errors 355072 to 355075, and what makes an address one.
    "CreateAddressPreferenceRequest": frozenset(
        {
            "$.shipFromAddress.type",
            "$.shipFromAddress.name",
            "$.shipFromAddress.contact",
            "$.shipFromAddress.street1",
            "$.shipFromAddress.district",
            "$.shipFromAddress.city",
            "$.shipFromAddress.province",
            "$.shipFromAddress.countryCode",
        }
    ),
    # createConsignPreference: errors 355050, 355051, 355055, 355057.
    "CreateConsignPreferenceRequest of a pick-up": frozenset(
        {
            "$.consignAddress.type",
            "$.consignAddress.consignPreferenceName",
            "$.consignAddress.pickupTime",
            "$.consignAddress.pickupAddress.name",
            "$.consignAddress.pickupAddress.contact",
            "$.consignAddress.pickupAddress.street1",
            "$.consignAddress.pickupAddress.district",
            "$.consignAddress.pickupAddress.city",
            "$.consignAddress.pickupAddress.province",
            "$.consignAddress.pickupAddress.countryCode",
        }
    ),
    "CreateConsignPreferenceRequest of a drop-off": frozenset(
        {
            "$.consignAddress.type",
            "$.consignAddress.consignPreferenceName",
            "$.consignAddress.dropoffSiteId",
        }
    ),
    # createBundle: errors 355078, 355079.
    "CreateBundleRequest": frozenset(
        {"$.bundle.consignPreferenceId", "$.bundle.trackingNumbers[*]"}
    ),
    # bulkConfirmPackages, bulkCancelPackages, bulkDeletePackages: error 355037.
    "ConfirmPackagesRequest": frozenset({"$.requests.packageIds[*]"}),
    "CancelPackagesRequest": frozenset({"$.requests.packageIds[*]"}),
    "DeletePackagesRequest": frozenset({"$.requests.packageIds[*]"}),
    # createComplaint: "the complaint reason, complaint type, and the date the issue occurred must
    # be specified", and the packages where one is lost.
    "AddComplaintRequest": frozenset(
        {
            "$.complaintRequest.complaintType",
            "$.complaintRequest.complaintReason",
            "$.complaintRequest.complaintDate",
            "$.complaintRequest.affectedPackages[*]",
        }
    ),
}


T = TypeVar("T")


def changed(former: T, /, **changes: object) -> T:
    """Give a value with other parts; a wrong one fails where it is made."""
    evolve: Callable[..., T] = attrs.evolve
    return evolve(former, **changes)


def lamp(**changes: object) -> CustomsItem:
    """Give two reading lamps with a battery inside, declared as 45.00 USD together."""
    item = CustomsItem(
        description="Reading lamp",
        description_zh="台灯",
        sku="LAMP-2",
        category="112581",
        quantity=2,
        value=usd("45.00"),
        hs_code="94052100",
        origin=Country("CN"),
        net_weight=Weight(900),
        battery=ION,
    )
    return changed(item, **changes)


def bulb(**changes: object) -> CustomsItem:
    """Give a bulb that is declared as 3.00 USD."""
    item = CustomsItem(
        description="Bulb", description_zh="灯泡", sku="BULB", quantity=1, value=usd("3.00")
    )
    return changed(item, **changes)


def boxed(*contents: CustomsItem, **changes: object) -> Consignment:
    """Give a measured and weighed parcel with these contents, the lamps if there are none."""
    parcel = Parcel(
        id=ParcelId("p-1"),
        weight=Weight(1250),
        dimensions=Dimensions(301, 200, 155),
        contents=contents or (lamp(),),
    )
    return changed(consignment(), **{"consignee": READER, "parcels": (parcel,), **changes})


def bought(
    *counts: tuple[int, LineId],
    put: Sequence[Allocation] = (),
    id: str = "o-1",
    taxes: tuple[Tax, ...] = (),
) -> Order:
    """Give a paid order of lamps and a bulb that put units into the parcel; both lamps, if none."""
    lines = (
        OrderLine(id=LAMP, title="Lamp of the night", sku="LAMP-2", quantity=2, total=usd("60.00")),
        OrderLine(id=BULB, title="Bulb", sku="BULB", quantity=1, total=usd("5.00")),
    )
    sold = attrs.evolve(
        sale(),
        id=OrderId(id),
        lines=lines,
        total=usd("65.00"),
        consignee=READER,
        taxes=taxes,
        note="Ring twice.",
    )
    order = Order.place(sold, by=BUYER, at=day(2))
    paid = order.pay(Payment(id="pay-1", gross=usd("65.00")), by=BUYER, at=day(2, 10))
    allocations = [units(count, line) for count, line in counts or ((2, LAMP),)]
    return paid.allocate(put or allocations, phases={}, by=SELLER, at=day(3))


def package(
    box: Consignment | None = None,
    *orders: Order,
    items: tuple[PackageItem, ...] | None = None,
    special: SpecialServices | None = None,
    agent: Party | None = None,
) -> Written:
    """Write the package of the lamps, or of something else."""
    return write_package(
        box or boxed(),
        orders or (bought(),),
        service="SVC-7",
        ship_from="ADDR-1",
        preference="PREF-1",
        items=items,
        special=special,
        agent=agent,
    )


def item(**changes: object) -> PackageItem:
    """Give the two lamps of the order, with the qualification for their battery."""
    lamps = PackageItem(
        order=OrderId("o-1"), line=LAMP, quantity=2, goods=lamp(), qualification=qualified(ION)
    )
    return changed(lamps, **changes)


def qualified(battery: LithiumBattery) -> BatteryQualification:
    return BatteryQualification(id="Q-1", name="Q", battery=battery, valid_until=day(300))


def pick_up(**changes: object) -> ConsignmentPreference:
    """Give a preference to have parcels fetched in Shenzhen."""
    preference = ConsignmentPreference(
        name="Afternoons",
        kind=ConsignmentKind.PICK_UP,
        collected_from=SHENZHEN,
        window=PickUpWindow(time(14), time(16), "Asia/Shanghai"),
    )
    return changed(preference, **changes)


def moved(party: Party, **changes: object) -> Party:
    """Give a party at another address."""
    return changed(party, address=changed(party.address, **changes))


def preferred(party: Party, *, name: str = "Workshop", codes: AreaCodes = CODES) -> Written:
    return write_address_preference(party, AddressKind.SHIP_FROM, name=name, codes=codes)


def collected(party: Party, *, name: str = "Afternoons") -> Written:
    return write_consign_preference(pick_up(collected_from=party, name=name), codes=CODES)


def refused(write: Callable[[], object]) -> list[str]:
    with pytest.raises(CodecErrors) as caught:
        write()
    return [str(fault) for fault in caught.value.exceptions]


def doubts(written: Written) -> list[tuple[str, str]]:
    return [(doubt.path, doubt.code) for doubt in written.warnings]


def test_a_package_says_what_goes_where_and_what_customs_are_told() -> None:
    """Grams, centimetres, decimal text; the hundredth of a line is one unit's."""
    written = package(items=(item(),))

    assert written.payload == {
        "packageInfo": {
            "shippingServiceId": "SVC-7",
            "shipFromAddressId": "ADDR-1",
            "consignPreferenceId": "PREF-1",
            "shipToAddress": {
                "contact": "Dorothea Nachtleser",
                "company": "Lampenverein",
                "phone": "0351999999",
                "street1": "221 Baker Street",
                "street2": "Flat B",
                "city": "Brooklyn",
                "province": "NY",
                "postcode": "11201",
                "countryCode": "US",
                "countryName": "United States",
            },
            "packageLength": 30.1,
            "packageWidth": 20,
            "packageHeight": 15.5,
            "packageWeight": 1250,
            "incoterm": "DDU",
            "items": [
                {
                    "orderId": "o-1",
                    "buyerId": "b-1",
                    "email": "dorothea@example.org",
                    "soldDate": "2026-03-02T09:00:00.000Z",
                    "paymentDate": "2026-03-02T10:00:00.000Z",
                    "orderLineItem": "line-lamp",
                    "itemTitle": "Lamp of the night",
                    "soldQuantity": 2,
                    "soldPrice": {"value": "60.00", "currency": "USD"},
                    "postedQuantity": 2,
                    "sku": {
                        "skuNumber": "LAMP-2",
                        "nameEn": "Reading lamp",
                        "nameZh": "台灯",
                        "origin": "CN",
                        "price": {"value": "22.50", "currency": "USD"},
                        "weight": 450,
                        "tariffCode": "94052100",
                        "isLiBattery": True,
                        "liBatteryType": "LITHIUM_ION_BATTERY_CONTAINED_IN_EQUIPMENT",
                        "elecQualificationId": "Q-1",
                    },
                }
            ],
        }
    }
    assert doubts(written) == [("$.packageInfo.items[0].soldPrice", "price_of_units")]
    assert written.left_out == ("goods.category", "orders[o-1].sale.note")


def test_one_line_and_one_customs_item_belong_together() -> None:
    """So do a line and the item of its SKU, where there are several."""
    single = package(boxed(lamp(sku="")))
    double = package(boxed(bulb(), lamp()), bought((2, LAMP), (1, BULB)))

    assert at(single.payload, "packageInfo.items.0.sku.skuNumber") == "LAMP-2"
    names = [at(double.payload, f"packageInfo.items.{i}.sku.nameEn") for i in (0, 1)]
    assert names == ["Reading lamp", "Bulb"]


def test_lines_and_customs_items_that_do_not_find_each_other_are_refused() -> None:
    """Nobody guesses what customs are told."""
    order = bought((2, LAMP), (1, BULB))
    cable = attrs.evolve(bulb(), description="Cable", sku="CABLE")

    assert refused(lambda: package(boxed(lamp(), cable), order)) == [
        "$.packageInfo.items: has no customs item for line line-bulb of order o-1; allowed: one of the same SKU, or `items` from the caller",
        "$.packageInfo.items: has no line for customs item 'Cable'; allowed: one of the same SKU, or `items` from the caller",
    ]
    assert refused(lambda: package(boxed(lamp(), lamp()))) == [
        "$.packageInfo.items: has 2 customs items for line line-lamp of order o-1; allowed: one of the same SKU, or `items` from the caller",
    ]


def together(*contents: CustomsItem) -> Written:
    """Write a parcel in which two orders have put two lamps each, and what declares them."""
    return package(boxed(*contents), bought(), bought(id="o-2"))


def test_a_customs_item_is_split_over_the_orders_that_share_it() -> None:
    """Of the same goods, whose units add up to its own; each unit weighs and costs the same."""
    shared = lamp(quantity=4, value=usd("90.00"), net_weight=Weight(1802))

    written = together(shared)

    assert [
        (
            at(written.payload, f"packageInfo.items.{index}.orderId"),
            at(written.payload, f"packageInfo.items.{index}.postedQuantity"),
            at(written.payload, f"packageInfo.items.{index}.sku.price.value"),
            at(written.payload, f"packageInfo.items.{index}.sku.weight"),
        )
        for index in (0, 1)
    ] == [("o-1", 2, "22.50", 451), ("o-2", 2, "22.50", 451)]
    assert at(written.payload, "packageInfo.valueForCarriage") == "90.00"


def test_a_customs_item_that_cannot_be_split_is_refused() -> None:
    """Whether its units do not add up, or its value does not divide."""
    assert refused(lambda: together(lamp(quantity=3))) == [
        "$.packageInfo.items: has 4 units in 2 lines for customs item 'Reading lamp' of 3; allowed: lines whose units add up, or `items` from the caller"
    ]
    assert refused(lambda: together(lamp(quantity=4, value=usd("45.01")))) == [
        "$.packageInfo.items: has 2 lines for customs item 'Reading lamp', whose 45.01 USD do not divide by 4; allowed: a declared value that divides, or `items` from the caller"
    ]


def test_of_several_customs_items_of_one_sku_the_caller_says_which_is_whose() -> None:
    """Nobody guesses, though there are as many lines as items."""
    assert refused(lambda: together(lamp(), lamp())) == [
        f"$.packageInfo.items: has 2 customs items for line line-lamp of order {order}; allowed: one of the same SKU, or `items` from the caller"
        for order in ("o-1", "o-2")
    ]


def test_of_several_parcels_one_is_named() -> None:
    """What is in it, the order says, or the caller."""
    first = boxed().parcels[0]
    half = lamp(quantity=1, value=usd("22.50"))
    both = boxed(
        parcels=tuple(changed(first, id=ParcelId(it), contents=(half,)) for it in ("p-1", "p-2"))
    )
    put = [
        Allocation(shipment=both.id, line=LAMP, quantity=1, parcel=parcel.id)
        for parcel in both.parcels
    ]
    told = bought(put=put)
    halves = (item(quantity=1, goods=half),)

    def write(
        order: Order, parcel: str | None = None, items: tuple[PackageItem, ...] | None = None
    ) -> Written:
        named = None if parcel is None else ParcelId(parcel)
        return write_package(
            both, [order], service="SVC-7", ship_from="ADDR-1", parcel=named, items=items
        )

    assert at(write(told, "p-2").payload, "packageInfo.items.0.postedQuantity") == 1
    assert at(write(bought(), "p-2", halves).payload, "packageInfo.items.0.postedQuantity") == 1
    assert refused(lambda: write(bought(), "p-2")) == [
        "$.packageInfo.items: is of one parcel, and order o-1 does not say what is in it; allowed: `items` from the caller"
    ]
    assert refused(lambda: write(told)) == [
        "$.packageInfo: is one parcel; allowed: one of p-1, p-2"
    ]


def test_a_package_of_nothing_is_refused() -> None:
    """Whoever says what is in it."""
    elsewhere = boxed(id=ShipmentId("sh-2"), parcels=(changed(boxed().parcels[0], contents=()),))

    assert refused(lambda: package(items=())) == ["$.packageInfo.items: is empty"]
    assert refused(lambda: package(elsewhere)) == [
        "$.packageInfo.items: is empty: no order put anything into the parcel"
    ]


def test_a_parcel_of_several_orders_declares_their_value_together() -> None:
    """As a bare number: in which currency, eDIS does not take down."""
    other = attrs.evolve(item(), order=OrderId("o-2"), goods=lamp(value=usd("9.90")))

    written = package(None, bought(), bought(id="o-2"), items=(item(), other))

    assert at(written.payload, "packageInfo.valueForCarriage") == "54.90"
    path = "$.packageInfo.valueForCarriage"
    assert [code for place, code in doubts(written) if place == path] == ["without_currency"]
    assert ("$.packageInfo.items", "sku_twice") in doubts(written)


def test_a_value_in_two_currencies_is_no_value() -> None:
    """Nothing is converted on the way."""
    other = item(order=OrderId("o-2"), goods=lamp(value=Money.of("9.90", "EUR")))

    faulty = refused(lambda: package(None, bought(), bought(id="o-2"), items=(item(), other)))

    assert faulty == ["$.packageInfo.valueForCarriage: is in EUR, USD; allowed: one currency"]


def test_a_value_that_does_not_divide_by_the_units_is_refused() -> None:
    """What is declared of one unit, times the units, is what is declared."""
    faulty = refused(lambda: package(boxed(lamp(value=usd("45.01")))))

    assert faulty == [
        "$.packageInfo.items[0].sku.price.value: is 45.01 USD for 2 units, no whole amount each; allowed: a declared value that divides"
    ]


def test_a_weight_that_does_not_divide_is_rounded_up_with_a_warning() -> None:
    """A parcel is never said to be lighter than it is."""
    written = package(
        boxed(lamp(net_weight=Weight(901))), items=(item(goods=lamp(net_weight=Weight(901))),)
    )

    assert at(written.payload, "packageInfo.items.0.sku.weight") == 451
    assert ("$.packageInfo.items[0].sku.weight", "weight_rounded") in doubts(written)


def test_yen_are_written_without_decimals() -> None:
    """As the currency has none."""
    written = package(boxed(lamp(value=Money.of("4400", "JPY"))))

    price = at(written.payload, "packageInfo.items.0.sku.price")
    assert price == {"value": "2200", "currency": "JPY"}


def test_a_tax_beside_the_total_is_one_that_ebay_collects() -> None:
    """As import VAT under IOSS is; of a tax inside the total nothing is said."""
    beside = Tax(name="VAT", amount=usd("13.00"), is_included=False)
    inside = Tax(name="STATE_SALES_TAX", amount=usd("5.00"), is_included=True)

    both = package(None, bought(taxes=(beside, inside)))
    only_inside = package(None, bought(taxes=(inside,)))

    first = at(both.payload, "packageInfo.items.0")
    assert isinstance(first, dict)
    assert first["ebayCollectAndRemitTax"] is True
    assert first["ebayCollectAndRemitTaxesValue"] == "13.00"
    second = at(only_inside.payload, "packageInfo.items.0")
    assert isinstance(second, dict)
    assert {key for key in second if key.startswith("ebayCollect")} == set()


def test_a_buyers_tax_number_is_written_and_hidden_in_the_repr() -> None:
    """Such as the CPF that Brazil asks for."""
    tax = TaxId(number="390.533.447-05", kind="BRAZILIAN_CPF")

    written = package(items=(item(buyer_tax=tax),))

    assert at(written.payload, "packageInfo.items.0.buyerTaxId") == "390.533.447-05"
    assert at(written.payload, "packageInfo.items.0.buyerTaxType") == "BRAZILIAN_CPF"
    assert "390.533" not in repr(tax)


@pytest.mark.parametrize(
    ("ours", "theirs"), [(Incoterm.DAP, "DDU"), (Incoterm.DDU, "DDU"), (Incoterm.DDP, "DDP")]
)
def test_delivered_at_place_keeps_its_former_name(ours: Incoterm, theirs: str) -> None:
    """eDIS knows DDP and DDU, which Incoterms 2010 renamed."""
    written = package(boxed(incoterm=ours))

    assert at(written.payload, "packageInfo.incoterm") == theirs


@pytest.mark.parametrize("battery", LithiumBattery)
def test_batteries_keep_their_names(battery: LithiumBattery) -> None:
    """What has none says so too; lithium without a qualification is doubted."""
    goods = lamp(battery=battery)
    special = battery is LithiumBattery.SPECIAL_GOODS
    packaging = SpecialServices(packaging=Packaging.MINI_PACKAGE if special else None)

    written = package(boxed(goods), special=packaging)

    assert at(written.payload, "packageInfo.items.0.sku.liBatteryType") == battery.value
    has = at(written.payload, "packageInfo.items.0.sku.isLiBattery")
    assert has is not (special or battery is LithiumBattery.NONE)
    missing_one = ("$.packageInfo.items[0].sku.elecQualificationId", "qualification_missing")
    assert (missing_one in doubts(written)) is battery.is_lithium


def test_a_qualification_for_another_battery_is_refused() -> None:
    """355023."""
    wrong = item(qualification=qualified(LithiumBattery.METAL_IN_EQUIPMENT))

    assert refused(lambda: package(items=(wrong,))) == [
        "$.packageInfo.items[0].sku.elecQualificationId: is for LITHIUM_METAL_BATTERY_CONTAINED_IN_EQUIPMENT; allowed: LITHIUM_ION_BATTERY_CONTAINED_IN_EQUIPMENT"
    ]


def test_special_goods_go_in_mini_packages_alone() -> None:
    """355018, which is the only place that names them; so they are doubted."""
    goods = lamp(battery=LithiumBattery.SPECIAL_GOODS)
    mini = SpecialServices(packaging=Packaging.MINI_PACKAGE)

    allowed = package(boxed(goods), special=mini)

    assert at(allowed.payload, "packageInfo.specialServiceDetail.packagingType") == "miniPackage"
    assert ("$.packageInfo.specialServiceDetail.packagingType", "not_listed") in doubts(allowed)
    assert refused(lambda: package(boxed(goods))) == [
        "$.packageInfo.specialServiceDetail.packagingType: is missing, and there is SPECIAL_GOODS_WITH_NO_BATTERY; allowed: miniPackage"
    ]


def test_special_services_are_written_in_their_words() -> None:
    """The insurance is in the currency of the destination, which is not written down."""
    special = SpecialServices(
        packaging=Packaging.PAK,
        signature=Signature.ADULT,
        insurance=usd("7.50"),
        others=("SATURDAY_DELIVERY",),
    )

    written = package(special=special)

    assert at(written.payload, "packageInfo.specialServiceDetail") == {
        "packagingType": "PAK",
        "signatureType": "ASR",
        "insuranceFee": "7.50",
        "specialServiceTypes": ["SATURDAY_DELIVERY"],
    }
    assert ("$.packageInfo.specialServiceDetail.insuranceFee", "without_currency") in doubts(
        written
    )


def test_an_agent_has_a_name_and_an_address() -> None:
    """355063; the address is printed in one line."""
    agent = Party(
        company="Bevollmächtigte GmbH",
        phone="030123",
        email="post@example.org",
        address=Address(lines=("Weg 1",), city="Berlin", postal_code="10115", country="DE"),
    )
    nameless = attrs.evolve(agent, company="")

    written = package(agent=agent)

    assert at(written.payload, "packageInfo.agentInfoRequest") == {
        "agentName": "Bevollmächtigte GmbH",
        "agentAddress": "Weg 1, Berlin 10115, GERMANY",
        "agentPhone": "030123",
    }
    assert "agent.email" in written.left_out
    assert refused(lambda: package(agent=nameless)) == [
        "$.packageInfo.agentInfoRequest.agentName: is missing"
    ]


def test_stock_of_a_forward_deployment_centre_is_named_by_its_labels() -> None:
    """Each once (355016)."""
    stock = (ForwardStock("FDC-1", 2), ForwardStock("FDC-2", 1))

    written = package(items=(item(stock=stock),))

    assert at(written.payload, "packageInfo.items.0.sku.fdcSkus") == [
        {"skuId": "FDC-1", "quantity": 2},
        {"skuId": "FDC-2", "quantity": 1},
    ]
    assert refused(lambda: package(items=(item(stock=stock + stock[:1]),))) == [
        "$.packageInfo.items[0].sku.fdcSkus: names SKU 'FDC-1' 2 times; allowed: once"
    ]


@pytest.mark.parametrize(("sku", "quantity"), [("", 1), ("F" * 51, 1), ("FDC-1", 0)])
def test_stock_has_a_sku_and_pieces(sku: str, quantity: int) -> None:
    """355015, and up to 50 characters (355017)."""
    with pytest.raises(InvalidValueError):
        ForwardStock(sku, quantity)


def test_the_sides_of_a_unit_are_written_in_centimetres() -> None:
    """With a decimal where there is one."""
    written = package(items=(item(sides=Dimensions(250, 121, 60)),))

    sku = at(written.payload, "packageInfo.items.0.sku")
    assert isinstance(sku, dict)
    assert (sku["length"], sku["width"], sku["height"]) == (25, 12.1, 6)


def test_codes_of_areas_stand_in_for_names_where_edis_has_some() -> None:
    """For a consignee in mainland China, say; more parcels and a comment on the way."""
    written = write_package(
        boxed(),
        [bought()],
        service="SVC-7",
        ship_from="ADDR-1",
        areas=CODES,
        most_parcels=3,
        comment="gift",
    )

    to = at(written.payload, "packageInfo.shipToAddress")
    assert isinstance(to, dict)
    assert (to["province"], to["city"], to["district"]) == ("440000", "440300", "440305")
    assert at(written.payload, "packageInfo.maxQuantityLimit") == 3
    assert at(written.payload, "packageInfo.packageComment") == "gift"


def test_everything_that_hinders_a_package_is_told_at_once() -> None:
    """With its path, and nothing of the consignee."""
    nobody = Party(address=Address(country="HK", postal_code="999077"))
    bare = Parcel(id=ParcelId("p-1"), contents=(lamp(description_zh=""),))
    box = boxed(consignee=nobody, parcels=(bare,))

    faulty = refused(
        lambda: write_package(box, [bought()], service="", ship_from="", most_parcels=0)
    )

    assert faulty == [
        "$.packageInfo.items[0].sku.nameZh: is missing",
        "$.packageInfo.maxQuantityLimit: is 0; allowed: 1 to 1000",
        "$.packageInfo.packageHeight: is missing: parcel p-1 is not measured",
        "$.packageInfo.packageLength: is missing: parcel p-1 is not measured",
        "$.packageInfo.packageWeight: is missing: parcel p-1 is not weighed",
        "$.packageInfo.packageWidth: is missing: parcel p-1 is not measured",
        "$.packageInfo.shipFromAddressId: is missing",
        "$.packageInfo.shipToAddress.city: is missing",
        "$.packageInfo.shipToAddress.contact: is missing, and so is the company",
        "$.packageInfo.shipToAddress.street1: is missing",
        "$.packageInfo.shippingServiceId: is missing",
    ]


def test_a_postal_code_that_cannot_be_one_is_doubted() -> None:
    """eDIS may know better."""
    written = package(boxed(consignee=moved(READER, postal_code="1120")))

    path = "$.packageInfo.shipToAddress.postcode"
    assert (path, "postal_code_malformed") in doubts(written)


def test_an_order_that_is_not_to_be_shipped_is_refused() -> None:
    """Unpaid (355011), or about to be cancelled."""
    unpaid = placed()
    cancelling = bought().request_cancellation("", by=BUYER, at=day(3))
    of_unpaid = item(line=unpaid.sale.lines[0].id)

    path = "$.packageInfo.items[0].orderId: is not to be shipped"
    assert refused(lambda: package(None, unpaid, items=(of_unpaid,))) == [
        f"{path}: order o-1 is PENDING"
    ]
    assert refused(lambda: package(None, cancelling)) == [
        f"{path}: the cancellation of order o-1 is REQUESTED"
    ]


def test_an_item_is_of_a_line_of_an_order_that_is_given() -> None:
    """Else it has neither price nor buyer."""
    strange = (item(order=OrderId("o-9")), item(line=LineId("line-none")))

    assert refused(lambda: package(items=strange)) == [
        "$.packageInfo.items[0].orderId: is 'o-9'; allowed: o-1",
        "$.packageInfo.items[1].orderLineItem: is 'line-none'; allowed: line-lamp, line-bulb",
    ]


def test_no_more_units_are_posted_than_were_ordered() -> None:
    """And no item is of none."""
    assert refused(lambda: package(items=(item(quantity=3, goods=lamp(value=usd("45"))),))) == [
        "$.packageInfo.items[0].postedQuantity: is 3; allowed: 1 to 2"
    ]
    with pytest.raises(InvalidValueError):
        item(quantity=0)


def test_a_line_is_one_item_of_a_package() -> None:
    """With one customs item, whatever is inside."""
    half = item(quantity=1, goods=lamp(value=usd("22.50"), sku="A"))
    other = changed(half, goods=lamp(value=usd("22.50"), sku="B"))

    assert refused(lambda: package(items=(half, other))) == [
        "$.packageInfo.items: names line line-lamp of order o-1 2 times; allowed: once, since it has one customs item"
    ]


def test_up_to_999_units_of_a_line_are_posted() -> None:
    """However many were ordered."""
    lines = (OrderLine(id=LAMP, quantity=1200, total=usd("1200.00")),)
    sold = attrs.evolve(sale(), lines=lines, total=usd("1200.00"))
    order = Order.place(sold, by=BUYER, at=day(2)).pay(
        Payment(id="pay-1", gross=sold.total), by=BUYER, at=day(2)
    )
    goods = lamp(quantity=1000, value=usd("1000.00"))

    faulty = refused(lambda: package(None, order, items=(item(quantity=1000, goods=goods),)))

    assert faulty == ["$.packageInfo.items[0].postedQuantity: is 1000; allowed: 1 to 999"]


def test_a_consignee_is_in_no_message() -> None:
    """However much is wrong with the address."""
    long = "Dorothea Nachtleser, hinter dem finsteren Wald bei den sieben Bergen"
    wrong = moved(READER, lines=(long, long, long, long))

    faulty = refused(lambda: package(boxed(consignee=wrong)))

    assert faulty == [
        "$.packageInfo.shipToAddress: has 4 lines; allowed: 3",
        "$.packageInfo.shipToAddress.street1: has 68 characters; allowed: 50",
        "$.packageInfo.shipToAddress.street2: has 68 characters; allowed: 50",
        "$.packageInfo.shipToAddress.street3: has 68 characters; allowed: 50",
    ]


def test_a_package_that_was_written_is_read_back() -> None:
    """As `getPackage` answers what `createPackage` was told."""
    written = package(items=(item(),)).payload["packageInfo"]
    assert isinstance(written, dict)
    answer = {"packageDetail": {**written, "packageId": "P-1", "packageStatus": "TO_BE_SHIPPED"}}

    reading = read_package(answer)

    assert (reading.id, reading.status) == ("P-1", "TO_BE_SHIPPED")
    assert (reading.weight, reading.dimensions) == (Weight(1250), Dimensions(301, 200, 155))
    assert (reading.incoterm, reading.units) == (Incoterm.DDU, ((LAMP, 2),))
    assert reading.warnings == ()


def test_a_sellers_address_is_written_with_codes_for_its_area() -> None:
    """The names that stand in their place with us are left out."""
    written = preferred(SHENZHEN)

    assert written.payload == {
        "shipFromAddress": {
            "type": "SHIP_FROM_ADDRESS",
            "name": "Workshop",
            "contact": "陈大文",
            "company": "Lamp Works",
            "phone": "13800000000",
            "street1": "1 Keyuan Road",
            "district": "440305",
            "city": "440300",
            "province": "440000",
            "postcode": "518000",
            "countryCode": "CN",
        }
    }
    assert written.left_out == ("party.address.city",)
    assert written.warnings == ()


def test_a_return_address_has_a_type_that_is_spelt_in_two_ways() -> None:
    """The operation's spelling is taken, with a warning."""
    written = write_address_preference(SHENZHEN, AddressKind.RETURN, name="Back", codes=CODES)

    assert at(written.payload, "shipFromAddress.type") == "RETURN_ADDRESS"
    assert doubts(written) == [("$.shipFromAddress.type", "spelt_twice")]


def test_codes_of_an_area_keep_their_zeros() -> None:
    """A number would lose them."""
    with pytest.raises(InvalidTypeError):
        AreaCodes(province=440000, city="440300", district="440305")  # type: ignore[arg-type]


def test_an_address_without_codes_is_refused() -> None:
    """355073 to 355075."""
    nowhere = AreaCodes(province="", city="", district="")

    assert refused(lambda: preferred(SHENZHEN, codes=nowhere)) == [
        "$.shipFromAddress.city: is missing",
        "$.shipFromAddress.district: is missing",
        "$.shipFromAddress.province: is missing",
    ]


def test_a_pick_up_says_where_and_when() -> None:
    """The window is one of those in which couriers come."""
    written = write_consign_preference(pick_up(), codes=CODES)

    preference = written.payload["consignAddress"]
    assert isinstance(preference, dict)
    assert preference["type"] == "PICK_UP"
    assert preference["pickupTime"] == "TIME_14_16"
    assert preference["pickupAddress"]["name"] == "Afternoons"
    assert preference["pickupAddress"]["district"] == "440305"
    assert written.warnings == ()


def test_a_time_when_no_courier_comes_is_refused() -> None:
    """And a clock elsewhere is doubted, since eDIS names no zone."""
    never = pick_up(window=PickUpWindow(time(9), time(11), "Asia/Shanghai"))
    elsewhere = pick_up(window=PickUpWindow(time(16), time(18), "Asia/Tokyo"))

    assert refused(lambda: write_consign_preference(never, codes=CODES)) == [
        "$.consignAddress.pickupTime: is 09:00 to 11:00 Asia/Shanghai; allowed: 14:00 to 16:00, 16:00 to 18:00"
    ]
    assert doubts(write_consign_preference(elsewhere, codes=CODES)) == [
        ("$.consignAddress.pickupTime", "no_zone")
    ]


def test_a_pick_up_without_codes_of_its_area_is_refused() -> None:
    """They are no part of our address."""
    path = "$.consignAddress.pickupAddress"

    assert refused(lambda: write_consign_preference(pick_up())) == [
        f"{path}.city: is missing",
        f"{path}.district: is missing",
        f"{path}.province: is missing",
    ]


def test_a_drop_off_names_its_site_alone() -> None:
    """And takes no codes."""
    preference = ConsignmentPreference(name="Mong Kok", kind=ConsignmentKind.DROP_OFF, site="S-9")

    assert write_consign_preference(preference).payload == {
        "consignAddress": {
            "type": "DROP_OFF",
            "consignPreferenceName": "Mong Kok",
            "dropoffSiteId": "S-9",
        }
    }


def test_a_bundle_names_its_parcels_once() -> None:
    """And how they are handed over."""
    numbers = [tracking_number("RR473124829GB"), tracking_number("N2")]

    assert write_bundle("PREF-1", numbers).payload == {
        "bundle": {"consignPreferenceId": "PREF-1", "trackingNumbers": ["RR473124829GB", "N2"]}
    }
    assert refused(lambda: write_bundle("", [])) == [
        "$.bundle.consignPreferenceId: is missing",
        "$.bundle.trackingNumbers: is empty",
    ]
    assert refused(lambda: write_bundle("PREF-1", numbers * 2)) == [
        "$.bundle.trackingNumbers: names 'N2' 2 times; allowed: once",
        "$.bundle.trackingNumbers: names 'RR473124829GB' 2 times; allowed: once",
    ]


@pytest.mark.parametrize("write", [write_confirm, write_cancel, write_delete])
def test_a_bulk_call_names_up_to_200_packages_once(
    write: Callable[[list[str]], Written],
) -> None:
    """And some."""
    ids = [f"P-{number}" for number in range(201)]

    assert write(ids[:200]).payload == {"requests": {"packageIds": ids[:200]}}
    path = "$.requests.packageIds"
    assert refused(lambda: write(ids)) == [f"{path}: are 201; allowed: 200"]
    assert refused(lambda: write([])) == [f"{path}: is empty"]
    assert refused(lambda: write(["P-1", "", "P-1"])) == [
        f"{path}: names 'P-1' 2 times; allowed: once",
        f"{path}[1]: is missing",
    ]


@pytest.mark.parametrize(
    ("write", "path"),
    [
        (write_confirm, "$.requests.packageIds"),
        (write_cancel, "$.requests.packageIds"),
        (write_delete, "$.requests.packageIds"),
        (partial(write_bundle, "4711"), "$.bundle.trackingNumbers"),
    ],
    ids=["confirm", "cancel", "delete", "bundle"],
)
def test_one_text_is_not_several(write: Callable[[str], Written], path: str) -> None:
    """Its characters are no identifiers."""
    assert refused(lambda: write("P-1")) == [
        f"{path}: is one text; allowed: several, each by itself"
    ]


def complaint(
    kind: ComplaintKind = ComplaintKind.LOST_PACKAGE, reason: str = "No scan for 60 days."
) -> Complaint:
    """Complain of a parcel whose number is N1."""
    numbers = (tracking_number("N1"),) if kind is ComplaintKind.LOST_PACKAGE else ()
    moment = instant("2026-05-03T17:00:00.1239+08:00")
    return Complaint(kind=kind, seller=SELLER, reason=reason, numbers=numbers, at=moment)


def test_a_lost_package_is_complained_of_by_its_id() -> None:
    """Which the carrier knows, and the complaint does not."""
    written = write_complaint(complaint(), {tracking_number("N1"): "P-1"}, preference=7)

    assert written.payload == {
        "complaintRequest": {
            "complaintType": "LOST_PACKAGE_COMPLAINT",
            "complaintReason": "No scan for 60 days.",
            "complaintDate": "2026-05-03T09:00:00.123Z",
            "affectedPackages": ["P-1"],
            "preferenceId": 7,
        }
    }
    assert refused(lambda: write_complaint(complaint(), {})) == [
        "$.complaintRequest.affectedPackages[0]: is missing"
    ]


def test_what_is_no_text_and_no_number_is_not_written_in_a_complaint() -> None:
    """Each is told, whatever stands there instead."""
    packages: dict[TrackingNumber, str] = {tracking_number("N1"): 77}  # type: ignore[dict-item]
    preference: int = float("nan")  # type: ignore[assignment]

    told = refused(
        lambda: write_complaint(complaint(), packages, preference=preference, remark="\ud800")
    )

    assert told == [
        "$.complaintRequest.affectedPackages[0]: is given as int; allowed: text",
        "$.complaintRequest.preferenceId: is given as float; allowed: a whole number",
        "$.complaintRequest.remark: has a control character or half a character; allowed: text",
    ]


def test_a_collection_that_went_wrong_names_no_package() -> None:
    """A remark is the seller's own."""
    late = complaint(ComplaintKind.ABNORMAL_COLLECTION, "Nobody came.")

    written = write_complaint(late, {}, remark="again").payload["complaintRequest"]

    assert isinstance(written, dict)
    assert written["complaintType"] == "ABNORMAL_COLLECTION_COMPLAINT"
    assert written["remark"] == "again"
    assert "affectedPackages" not in written


@attrs.frozen
class Refused:
    """A limit that a writer keeps: what breaks it, and what is said then."""

    write: Callable[[], object]
    fault: str


@attrs.frozen
class Shown:
    """A unit or a format that a writer keeps: what is written, where, and how it must look."""

    write: Callable[[], Written]
    place: str
    value: object


@attrs.frozen
class Idle:
    """A limit that concerns no writer, and why."""

    reason: str


Rule: TypeAlias = Refused | Shown | Idle

_LONG = "x" * 51


def _too_long(path: str) -> str:
    return f"{path}: has 51 characters; allowed: 50"


def _street(number: int) -> tuple[str, ...]:
    return ("1 Road",) * (number - 1) + (_LONG,)


def _of_an_address(schema: str, path: str, write: Callable[..., object]) -> dict[str, Rule]:
    """Give the rules of an address of a seller, which two operations have in common."""

    def streets(number: int) -> Refused:
        party = moved(SHENZHEN, lines=_street(number))
        return Refused(lambda: write(party), _too_long(f"{path}.street{number}"))

    return {
        f"{schema}.name": Refused(lambda: write(SHENZHEN, name=_LONG), _too_long(f"{path}.name")),
        f"{schema}.contact": Refused(
            lambda: write(attrs.evolve(SHENZHEN, name=_LONG)), _too_long(f"{path}.contact")
        ),
        f"{schema}.company": Refused(
            lambda: write(attrs.evolve(SHENZHEN, company=_LONG)), _too_long(f"{path}.company")
        ),
        f"{schema}.countryCode": Refused(
            lambda: write(moved(SHENZHEN, country="TW")),
            f"{path}.countryCode: is TW; allowed: CN, HK",
        ),
        **{f"{schema}.street{number}": streets(number) for number in (1, 2, 3)},
    }


def _consignee_street(number: int) -> Refused:
    box = boxed(consignee=moved(READER, lines=_street(number)))
    path = f"$.packageInfo.shipToAddress.street{number}"
    return Refused(lambda: package(box), _too_long(path))


def _in_a_package(place: str, value: object) -> Shown:
    sides = Dimensions(250, 121, 60)
    return Shown(lambda: package(items=(item(sides=sides),)), f"packageInfo.{place}", value)


_OUR_OWN = "our own enumeration has these values and no other"
_READ = "stands in an answer, which is read: tests/test_edis_answers.py"

# Every limit that eDIS states, by schema and field, as data/edis lists them.
RULES: Final[dict[str, Rule]] = {
    "AddComplaintRequestData.complaintDate": Shown(
        lambda: write_complaint(complaint(), {tracking_number("N1"): "P-1"}),
        "complaintRequest.complaintDate",
        "2026-05-03T09:00:00.123Z",
    ),
    "AddComplaintRequestData.complaintReason": Refused(
        lambda: write_complaint(complaint(ComplaintKind.ABNORMAL_COLLECTION, "x" * 200 + " "), {}),
        "$.complaintRequest.complaintReason: has 201 characters; allowed: 200",
    ),
    "AddComplaintRequestData.complaintType": Idle(_OUR_OWN),
    "CancelPackagesRequestData.packageIds": Refused(
        lambda: write_cancel(map(str, range(201))),
        "$.requests.packageIds: are 201; allowed: 200",
    ),
    "ConfirmPackagesRequestData.packageIds": Refused(
        lambda: write_confirm(map(str, range(201))),
        "$.requests.packageIds: are 201; allowed: 200",
    ),
    "ConsignPreferenceInfoResponses.type": Idle("stands in an answer that the path does not need"),
    **_of_an_address("CreateAddressPreferenceRequestData", "$.shipFromAddress", preferred),
    "CreateAddressPreferenceRequestData.type": Idle(_OUR_OWN),
    "CreateConsignPreferenceRequestData.type": Idle(_OUR_OWN),
    "GetActualCostResponsesData.actualWeight": Idle(_READ),
    "GetActualCostResponsesData.chargeMode": Idle(_READ),
    "GetActualCostResponsesData.chargeWeight": Idle(_READ),
    "GetActualCostResponsesData.size": Idle(_READ),
    "GetPackageDetailResponsesData.incoterm": Idle(_READ),
    "GetPackageDetailResponsesData.packageHeight": Idle(_READ),
    "GetPackageDetailResponsesData.packageLength": Idle(_READ),
    "GetPackageDetailResponsesData.packageWeight": Idle(_READ),
    "GetPackageDetailResponsesData.packageWidth": Idle(_READ),
    "ItemRequest.paymentDate": _in_a_package("items.0.paymentDate", "2026-03-02T10:00:00.000Z"),
    "ItemRequest.soldDate": _in_a_package("items.0.soldDate", "2026-03-02T09:00:00.000Z"),
    "PackageInfoRequest.incoterm": _in_a_package("incoterm", "DDU"),
    "PackageInfoRequest.packageHeight": _in_a_package("packageHeight", 15.5),
    "PackageInfoRequest.packageLength": _in_a_package("packageLength", 30.1),
    "PackageInfoRequest.packageWeight": _in_a_package("packageWeight", 1250),
    "PackageInfoRequest.packageWidth": _in_a_package("packageWidth", 20),
    **_of_an_address("PickupAddressRequestData", "$.consignAddress.pickupAddress", collected),
    "ServiceInfoResponses.incoterm": Idle(_READ),
    "ServiceInfoResponses.maxLength": Idle(_READ),
    "ServiceInfoResponses.maxWeight": Idle(_READ),
    "ShipToAddressRequestData.street1": _consignee_street(1),
    "ShipToAddressRequestData.street2": _consignee_street(2),
    "ShipToAddressRequestData.street3": _consignee_street(3),
    "SkuRequest.height": _in_a_package("items.0.sku.height", 6),
    "SkuRequest.length": _in_a_package("items.0.sku.length", 25),
    "SkuRequest.weight": _in_a_package("items.0.sku.weight", 450),
    "SkuRequest.width": _in_a_package("items.0.sku.width", 12.1),
    "SpecialServiceDetail.packagingType": Refused(
        lambda: package(
            boxed(parcels=(attrs.evolve(boxed().parcels[0], weight=Weight(2501)),)),
            special=SpecialServices(packaging=Packaging.PAK),
        ),
        "$.packageInfo.specialServiceDetail.packagingType: is PAK for 2501 g; allowed: up to 2500 g",
    ),
    "SpecialServiceDetail.signatureType": Idle(_OUR_OWN),
}


@with_data
def test_no_stated_limit_is_forgotten() -> None:
    """Each is kept, or said not to concern a writer."""
    text = (DATA / "edis" / "edis_field_constraints.csv").read_text(encoding="utf-8")
    stated = {f"{row['schema']}.{row['field']}" for row in csv.DictReader(text.splitlines())}

    assert len(stated) == 50
    assert set(RULES) == stated


@pytest.mark.parametrize("name", [it for it, rule in RULES.items() if isinstance(rule, Refused)])
def test_a_stated_limit_is_kept(name: str) -> None:
    """The path, how long the value is, and how long it may be."""
    rule = RULES[name]
    assert isinstance(rule, Refused)

    assert refused(rule.write) == [rule.fault]


@pytest.mark.parametrize("name", [it for it, rule in RULES.items() if isinstance(rule, Shown)])
def test_a_stated_unit_is_kept(name: str) -> None:
    """Grams, centimetres, and instants to the millisecond."""
    rule = RULES[name]
    assert isinstance(rule, Shown)

    assert at(rule.write().payload, rule.place) == rule.value


def test_a_package_of_its_own_weighs_up_to_68_kilograms() -> None:
    """The other limit of packaging."""
    heavy = boxed(parcels=(attrs.evolve(boxed().parcels[0], weight=Weight(68_001)),))

    faulty = refused(lambda: package(heavy, special=SpecialServices(packaging=Packaging.PACKAGE)))

    assert faulty == [
        "$.packageInfo.specialServiceDetail.packagingType: is PACKAGE for 68001 g; allowed: up to 68000 g"
    ]


EXAMPLES: Final[dict[str, tuple[str, Callable[[], Written]]]] = {
    "lamps": ("AddPackageRequest", lambda: package(items=(item(),))),
    "two orders, and all that may be asked for": (
        "AddPackageRequest",
        lambda: package(
            None,
            bought(taxes=(Tax(name="VAT", amount=usd("13.00"), is_included=False),)),
            bought(id="o-2"),
            items=(
                item(buyer_tax=TaxId(number="1", kind="CPF"), stock=(ForwardStock("F-1", 2),)),
                item(order=OrderId("o-2"), sides=Dimensions(100, 100, 105)),
            ),
            special=SpecialServices(
                packaging=Packaging.PACKAGE,
                signature=Signature.DIRECT,
                insurance=usd("1.00"),
                others=("SATURDAY_DELIVERY",),
            ),
            agent=READER,
        ),
    ),
    "an address": ("CreateAddressPreferenceRequest", lambda: preferred(SHENZHEN)),
    "a pick-up": ("CreateConsignPreferenceRequest of a pick-up", lambda: collected(SHENZHEN)),
    "a drop-off": (
        "CreateConsignPreferenceRequest of a drop-off",
        lambda: write_consign_preference(
            ConsignmentPreference(name="Shop", kind=ConsignmentKind.DROP_OFF, site="S-9")
        ),
    ),
    "a bundle": ("CreateBundleRequest", lambda: write_bundle("PREF-1", [tracking_number("N1")])),
    "confirmations": ("ConfirmPackagesRequest", lambda: write_confirm(["P-1", "P-2"])),
    "cancellations": ("CancelPackagesRequest", lambda: write_cancel(["P-1"])),
    "deletions": ("DeletePackagesRequest", lambda: write_delete(["P-1"])),
    "a complaint": (
        "AddComplaintRequest",
        lambda: write_complaint(
            complaint(), {tracking_number("N1"): "P-1"}, preference=7, remark="x"
        ),
    ),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_the_operation_needs_is_there(example: str) -> None:
    """The schemas do not say it."""
    kind, write = EXAMPLES[example]

    assert missing(write().payload, REQUIRED[kind]) == set()


@pytest.mark.parametrize("kind", REQUIRED)
def test_every_operation_has_an_example_and_something_it_needs(kind: str) -> None:
    """An empty document lacks all of it."""
    assert kind in {known for known, _ in EXAMPLES.values()}
    assert missing({}, REQUIRED[kind]) == REQUIRED[kind]


@with_data
def test_the_official_document_is_one() -> None:
    """By the validator of OpenAPI."""
    refuse_faulty_document(EDIS)


@with_data
@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_written_is_valid(example: str) -> None:
    """By the official schema, closed, so that a misspelt name is a fault."""
    kind, write = EXAMPLES[example]

    assert faults(EDIS, kind.partition(" ")[0], write().payload) == []


def of_a_real_order(name: str) -> Written:
    """Write a package of a real order, with customs items of our own making."""
    _, order, box = packed_order(name)
    items = [
        PackageItem(order=order.id, line=line.id, quantity=line.quantity, goods=goods)
        for line in order.sale.lines
        for goods in [bulb(quantity=line.quantity, value=usd(str(3 * line.quantity)))]
    ]
    return write_package(box, [order], service="SVC-7", ship_from="ADDR-1", items=items)


@with_data
@pytest.mark.parametrize("name", REAL_ORDERS)
def test_real_orders_make_packages(name: str) -> None:
    """Valid, with all that is needed, and nothing doubted but the price of several units."""
    written = of_a_real_order(name)

    assert faults(EDIS, "AddPackageRequest", written.payload) == []
    assert missing(written.payload, REQUIRED["AddPackageRequest"]) == set()
    assert {code for _, code in doubts(written)} <= {"price_of_units"}


@with_data
def test_vat_that_ebay_collected_is_told_to_edis() -> None:
    """As of the order to Sweden, which came under IOSS."""
    first = at(of_a_real_order("se_from_jp_ioss_vat").payload, "packageInfo.items.0")

    assert isinstance(first, dict)
    assert first["ebayCollectAndRemitTax"] is True
    assert Decimal(first["ebayCollectAndRemitTaxesValue"]) > 0
