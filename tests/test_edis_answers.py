"""What eDIS answers: packages, what became of a bulk call, services, and actual costs."""

from collections.abc import Callable

import pytest

from apaclogistics.costs import ActualCost, ChargeMode, CostType
from apaclogistics.errors import CodecErrors
from apaclogistics.interop.edis import (
    Outcome,
    RefusedNumber,
    read_bulk,
    read_costs,
    read_created,
    read_package,
    read_services,
)
from apaclogistics.values.goods import Incoterm, LithiumBattery
from apaclogistics.values.identifiers import tracking_number
from apaclogistics.values.instants import instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight
from tests.documents import GONE, edited
from tests.official import EDIS, faults
from tests.real_data import with_data

USD_12 = {"value": "12.50", "currency": "USD"}
CREATED: object = {
    "createPackageResult": {
        "packageId": "P-1",
        "trackingNumber": "ES10000000000100010000000001",
        "lastMileTrackingNumber": "9400 1118 9922 3100 0000 00",
        "estimateCost": USD_12,
        "paymentCost": {"value": "0", "currency": "USD"},
    }
}
DETAIL: object = {
    "packageDetail": {
        "packageId": "P-1",
        "packageStatus": "TO_BE_RECEIVED",
        "packageWeight": 1250.0,
        "packageLength": 30.1,
        "packageWidth": 20,
        "packageHeight": 15.5,
        "incoterm": "DDP",
        "items": [{"orderLineItem": "line-lamp", "postedQuantity": 2, "email": "a@example.org"}],
        "specialServiceDetail": None,
    }
}
BULK: object = {
    "responses": [
        {"packageId": "P-1", "resultCode": "200", "message": ""},
        {"packageId": "P-2", "resultCode": "355038", "message": "The package cannot be confirmed."},
    ]
}
SERVICES: object = {
    "serviceList": {
        "total": 1,
        "limit": 50,
        "offset": 0,
        "services": [
            {
                "shippingServiceId": "SVC-7",
                "nameEn": "SppedPAK Standard",
                "nameZh": "标准",
                "descriptionEn": "Air.",
                "incoterm": "DDU",
                "directions": [
                    {"from": "CN", "to": "US", "batteryType": "NO_BATTERY"},
                    {"from": "HK", "to": "UK", "batteryType": "SODIUM"},
                ],
                "maxLength": 66.5,
                "maxTotalLength": 90,
                "maxWeight": 2000,
            }
        ],
    }
}
COSTS: object = {
    "actualCosts": [
        {
            "trackingNumber": "ES10000000000100010000000001",
            "costType": "01",
            "chargeMode": "02",
            "amount": USD_12,
            "billingTime": "2026-03-20T02:00:00.000Z",
            "actualWeight": 1250,
            "chargeWeight": 1500.2,
            "size": "30*20*15.5",
            "resultCode": "200",
            "message": None,
            "remark": "shelf 7",
        }
    ]
}
COST = "actualCosts.0"


def refused(read: Callable[[], object]) -> list[str]:
    with pytest.raises(CodecErrors) as caught:
        read()
    return [str(fault) for fault in caught.value.exceptions]


def billed(**changes: object) -> object:
    """Give the row of costs with other members."""
    return edited(COSTS, {f"{COST}.{key}": value for key, value in changes.items()})


def test_a_new_package_has_its_numbers_at_once() -> None:
    """And an estimate, which eDIS says here and never again."""
    reading = read_package(CREATED)

    first, last = "ES10000000000100010000000001", "9400111899223100000000"
    assert reading.id == "P-1"
    assert [str(number) for number in reading.numbers] == [first, last]
    assert reading.estimate == Money.of("12.50", "USD")
    assert reading.cost == Money.zero("USD")
    assert (reading.status, reading.units) == ("", ())
    assert (reading.warnings, reading.unread) == ((), ())


def test_a_package_that_is_sent_again_has_a_new_number_and_no_estimate() -> None:
    """`clonePackage` says what is charged."""
    answer = {
        "clonePackageResult": {"packageId": "P-2", "trackingNumber": "N2", "paymentCost": USD_12}
    }

    reading = read_package(answer)

    assert reading.numbers == (tracking_number("N2"),)
    assert (reading.estimate, reading.cost) == (None, Money.of("12.50", "USD"))


def test_a_package_that_is_asked_for_says_where_it_stands() -> None:
    """In eDIS's word, whatever that is; what our words do not carry is unread."""
    reading = read_package(DETAIL)

    assert reading.status == "TO_BE_RECEIVED"
    assert (reading.weight, reading.dimensions) == (Weight(1250), Dimensions(301, 200, 155))
    assert (reading.incoterm, reading.units) == (Incoterm.DDP, (("line-lamp", 2),))
    assert reading.numbers == ()
    assert reading.unread == ("$.packageDetail.items[0].email",)


@pytest.mark.parametrize("height", [GONE, None, 0])
def test_a_side_that_is_not_known_leaves_the_size_unknown(height: object) -> None:
    """Zero says no more than nothing."""
    reading = read_package(edited(DETAIL, {"packageDetail.packageHeight": height}))

    assert reading.dimensions is None


def test_what_is_finer_than_a_millimetre_is_rounded_up() -> None:
    """With a warning; grams too."""
    detail = edited(
        DETAIL, {"packageDetail.packageLength": 30.11, "packageDetail.packageWeight": 1250.4}
    )

    reading = read_package(detail)

    assert (reading.weight, reading.dimensions) == (Weight(1251), Dimensions(302, 200, 155))
    assert [(it.path, it.code) for it in reading.warnings] == [
        ("$.packageDetail.packageLength", "rounded_up"),
        ("$.packageDetail.packageWeight", "rounded_up"),
    ]


def test_an_incoterm_that_nobody_knows_is_doubted() -> None:
    """And unread."""
    reading = read_package(edited(DETAIL, {"packageDetail.incoterm": "FOB"}))

    assert reading.incoterm is None
    assert [(it.path, it.code) for it in reading.warnings] == [
        ("$.packageDetail.incoterm", "unknown_value")
    ]
    assert "$.packageDetail.incoterm" in reading.unread


def test_an_answer_that_holds_no_package_is_refused() -> None:
    """So is one that says something else than it must."""
    assert refused(lambda: read_package({"errors": []})) == [
        "$: holds no package; allowed: one of createPackageResult, clonePackageResult, packageDetail"
    ]
    wrong = {
        "packageDetail": {
            "packageWeight": -1,
            "packageLength": True,
            "paymentCost": {"value": "1.005", "currency": "USD"},
        }
    }
    assert refused(lambda: read_package(wrong)) == [
        "$.packageDetail.packageId: is missing",
        "$.packageDetail.packageLength: is true or false; allowed: a whole number",
        "$.packageDetail.packageWeight: is out of range; allowed: 0 to 1000000000",
        "$.packageDetail.paymentCost.value: amount in USD has too many decimals; allowed: 2",
    ]


def test_a_bulk_call_succeeds_in_part() -> None:
    """Each package has its own result."""
    reading = read_bulk(BULK)

    refusal = Outcome(package="P-2", code="355038", message="The package cannot be confirmed.")
    assert [outcome.is_done for outcome in reading.outcomes] == [True, False]
    assert reading.refused == (refusal,)
    assert reading.unread == ()


def test_a_bulk_answer_without_results_is_refused() -> None:
    """Nothing is known of any package then."""
    assert refused(lambda: read_bulk({})) == ["$.responses: is missing"]
    assert refused(lambda: read_bulk({"responses": [{}]})) == [
        "$.responses[0].packageId: is missing",
        "$.responses[0].resultCode: is missing",
    ]


@pytest.mark.parametrize(
    ("answer", "id"),
    [
        ({"bundle": {"bundleId": "B-1"}}, "B-1"),
        ({"shipFromAddressId": {"addressId": "ADDR-1"}}, "ADDR-1"),
        ({"consignAddressId": {"consignPreferenceId": "PREF-1"}}, "PREF-1"),
    ],
)
def test_what_was_created_is_known_by_its_id(answer: object, id: str) -> None:
    """eDIS does not give that of a bundle again."""
    assert read_created(answer).id == id


def test_an_answer_that_nothing_was_created_is_refused() -> None:
    """Or that names no id."""
    assert refused(lambda: read_created({})) == [
        "$: names nothing that was created; allowed: one of bundle, shipFromAddressId, consignAddressId"
    ]
    assert refused(lambda: read_created({"bundle": {"id": "B-1"}})) == [
        "$.bundle.bundleId: is missing"
    ]


def test_a_service_says_from_where_to_where_and_how_large() -> None:
    """Its names keep their mistakes, and directions that nobody knows their codes."""
    reading = read_services(SERVICES)

    (service,) = reading.services
    assert (service.id, service.incoterm) == ("SVC-7", Incoterm.DDU)
    assert service.names == (("En", "SppedPAK Standard"), ("Zh", "标准"))
    assert service.limits == SizeLimits(max_grams=2000, max_length_mm=665, max_total_mm=900)
    known, odd = service.directions
    assert (known.origin, known.destination) == (Country("CN"), Country("US"))
    assert known.battery is LithiumBattery.NONE
    assert (odd.destination_code, odd.destination) == ("UK", Country("GB"))
    assert (odd.battery_code, odd.battery) == ("SODIUM", None)
    path = "$.serviceList.services[0].directions[1]"
    assert [(it.path, it.code) for it in reading.warnings] == [
        (f"{path}.batteryType", "unknown_value"),
        (f"{path}.to", "country_alias"),
    ]
    assert "$.serviceList.services[0].descriptionEn" in reading.unread


def test_a_service_without_limits_and_countries_states_none() -> None:
    """Null and nothing are how eDIS says it."""
    directions: list[object] = [{}]
    service = {
        "shippingServiceId": "S",
        "maxLength": None,
        "maxWeight": 0,
        "directions": directions,
    }
    answer = {"serviceList": {"services": [service], "next": "/services?offset=50"}}

    reading = read_services(answer)

    (read,) = reading.services
    assert read.limits == SizeLimits()
    assert (read.names, read.incoterm) == ((), None)
    assert (read.directions[0].origin, read.directions[0].battery) == (None, None)
    assert [it.code for it in reading.warnings] == ["more_pages"]


def test_a_country_that_is_none_is_doubted() -> None:
    """The direction keeps the code."""
    answer = edited(SERVICES, {"serviceList.services.0.directions.0.from": "XX"})

    reading = read_services(answer)

    direction = reading.services[0].directions[0]
    assert (direction.origin_code, direction.origin) == ("XX", None)
    assert ("$.serviceList.services[0].directions[0].from", "unreadable") in [
        (it.path, it.code) for it in reading.warnings
    ]


def test_a_row_of_costs_is_read_with_its_weights_and_size() -> None:
    """Grams and centimetres; what is finer than a gram is rounded up."""
    reading = read_costs(COSTS, carrier="CPAM")

    assert reading.rows == (
        ActualCost(
            carrier="CPAM",
            number="ES10000000000100010000000001",
            code="01",
            kind=CostType.SHIPPING,
            amount=Money.of("12.50", "USD"),
            mode_code="02",
            mode=ChargeMode.DIMENSION_WEIGHT,
            actual_weight=Weight(1250),
            chargeable_weight=Weight(1501),
            size=Dimensions(300, 200, 155),
            billed_at=instant("2026-03-20T02:00:00Z"),
            remark="shelf 7",
        ),
    )
    assert [(it.path, it.code) for it in reading.warnings] == [
        ("$.actualCosts[0].chargeWeight", "rounded_up")
    ]
    assert reading.unread == ()


def test_types_and_modes_that_nobody_knows_survive() -> None:
    """eDIS says that there may be others."""
    reading = read_costs(billed(costType="08", chargeMode="09", chargeWeight=None), carrier="CPAM")

    (row,) = reading.rows
    assert (row.code, row.kind, row.mode_code, row.mode) == ("08", None, "09", None)
    assert [it.code for it in reading.warnings] == ["unknown_value", "unknown_value"]


def test_a_compensation_that_looks_owed_is_doubted() -> None:
    """eDIS does not say which sign it has."""
    owed = read_costs(billed(costType="07", chargeWeight=None), carrier="CPAM")
    credit = billed(costType="07", chargeWeight=None, amount={"value": "-1", "currency": "USD"})

    assert [(it.path, it.code) for it in owed.warnings] == [
        ("$.actualCosts[0].amount", "sign_unknown")
    ]
    assert read_costs(credit, carrier="CPAM").warnings == ()
    assert read_costs(credit, carrier="CPAM").rows[0].is_credit


def test_rows_come_in_the_order_of_billing_and_once() -> None:
    """However they are answered; the carrier is whom the caller says."""
    rows = [
        {"trackingNumber": "N1", "costType": code, "amount": USD_12, "billingTime": at}
        for code, at in (("06", "2026-04-02 02:00:00"), ("01", "2026-03-20T02:00:00Z"))
    ]

    reading = read_costs({"actualCosts": [*rows, *rows]}, carrier="CPAM")

    assert [(row.carrier, row.code) for row in reading.rows] == [("CPAM", "01"), ("CPAM", "06")]
    assert reading.rows[1].billed_at == instant("2026-04-02T02:00:00Z")


def test_a_number_that_has_no_costs_is_told_apart() -> None:
    """It may be somebody else's (355071)."""
    refusal = {"trackingNumber": "N9", "resultCode": "355071", "message": "not yours"}

    reading = read_costs({"actualCosts": [refusal]}, carrier="CPAM")

    assert reading.rows == ()
    assert reading.refused == (RefusedNumber(number="N9", code="355071", message="not yours"),)


def test_a_size_that_is_none_is_doubted_and_unread() -> None:
    """The row stays; zero is no size."""
    odd = read_costs(billed(size="30x20", chargeWeight=None), carrier="CPAM")
    zero = read_costs(billed(size="0*0*0", chargeWeight=None), carrier="CPAM")

    assert odd.rows[0].size is None
    assert [it.code for it in odd.warnings] == ["unreadable_size"]
    assert odd.unread == ("$.actualCosts[0].size",)
    assert zero.rows[0].size is None


def test_a_row_that_cannot_be_read_is_refused() -> None:
    """With every fault; money is not dropped silently."""
    wrong = billed(billingTime="soon", amount={"value": "1"}, trackingNumber="")

    assert [
        fault.partition(";")[0] for fault in refused(lambda: read_costs(wrong, carrier="CPAM"))
    ] == [
        "$.actualCosts[0].amount.currency: is missing",
        "$.actualCosts[0].billingTime: time is no time",
        "$.actualCosts[0].trackingNumber: tracking number is no number",
    ]
    assert refused(lambda: read_costs({}, carrier="CPAM")) == ["$.actualCosts: is missing"]
    assert refused(lambda: read_costs(billed(billingTime="2026-03-20"), carrier="CPAM")) == [
        "$.actualCosts[0].billingTime: has no time of day"
    ]


@with_data
@pytest.mark.parametrize(
    ("schema", "answer"),
    [
        ("AddPackageResponses", CREATED),
        ("ConfirmPackagesResponses", BULK),
        ("GetServiceListResponses", SERVICES),
        ("GetActualCostResponses", edited(COSTS, {f"{COST}.message": ""})),
        ("GetPackageDetailResponses", edited(DETAIL, {"packageDetail.specialServiceDetail": GONE})),
    ],
)
def test_what_is_read_here_has_the_official_shape(schema: str, answer: object) -> None:
    """No public sample of these answers is known, so ours follow the document."""
    assert faults(EDIS, schema, answer) == []
