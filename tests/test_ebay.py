"""Orders of eBay's Sell Fulfillment API become our orders, and nothing is lost silently."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from apaclogistics.cancellations import CancellationState, OrderAction
from apaclogistics.errors import CodecErrors
from apaclogistics.interop import Doubt
from apaclogistics.interop.ebay import OrderReading, read_order, read_orders
from apaclogistics.ledger import PostingKind
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentStatus
from apaclogistics.readings import continued
from apaclogistics.sales import Tax
from apaclogistics.values.identifiers import (
    OpaqueNumber,
    S10Number,
    SpeedPakNumber,
)
from apaclogistics.values.instants import Instant, Window, instant
from apaclogistics.values.money import Money
from apaclogistics.values.places import Country
from tests.documents import GONE, at, edited, leaves, path_of, replaced, sample
from tests.real_data import load, names, with_data

ORDER = sample("ebay_order")
EBAY = Actor(Role.PLATFORM, "ebay")
SELLER = Actor(Role.SELLER, "hk-lamp-shop")
BUYER = Actor(Role.BUYER, "reader-in-the-dark")
PERSONAL = {
    "fullName",
    "companyName",
    "addressLine1",
    "addressLine2",
    "phoneNumber",
    "email",
    "buyerCheckoutNotes",
}

PAYMENT = "paymentSummary.payments.0"
SHIP_TO = "fulfillmentStartInstructions.0.shippingStep.shipTo"


def euros(value: str) -> dict[str, str]:
    return {"value": value, "currency": "EUR"}


def read(**changes: object) -> OrderReading:
    """Read the sample with changes; two underscores stand for a point."""
    return read_order(edited(ORDER, {key.replace("__", "."): v for key, v in changes.items()}))


def read_with(changes: dict[str, object]) -> OrderReading:
    return read_order(edited(ORDER, changes))


def faults_of(payload: object) -> list[str]:
    with pytest.raises(CodecErrors) as caught:
        read_order(payload)
    return [str(fault) for fault in caught.value.exceptions]


def codes(reading: OrderReading) -> list[tuple[str, str]]:
    return [(doubt.path, doubt.code) for doubt in reading.warnings]


def clock(at: Instant) -> str:
    """Write an instant to the millisecond, which is how exact eBay is."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]


def told(order: Order) -> list[tuple[str, str, str]]:
    """Give the history in short: what, by whom, when."""
    return [(step.action.value, str(step.by), clock(step.at)) for step in order.history]


def secrets(payload: object) -> set[str]:
    """Give the personal data of a document."""
    found = {str(value) for steps, value in leaves(payload) if steps[-1] in PERSONAL}
    return {line for text in found for line in text.splitlines() if line}


def test_a_sale_says_who_bought_what_when_and_for_how_much() -> None:
    """Lines carry eBay's total, so that they add up to the order."""
    sale = read().order.sale

    assert (sale.id, sale.seller, sale.buyer) == ("10-00001-00001", SELLER, BUYER)
    assert sale.placed_at == instant("2026-03-01T08:00:00Z")
    assert sale.total == Money.of("61.00", "EUR")
    assert [(line.id, line.title, line.sku, line.quantity) for line in sale.lines] == [
        ("1000001", "Reading lamp", "LAMP-2", 2),
        ("1000002", "Bulb", "", 1),
    ]
    assert [str(line.total) for line in sale.lines] == ["41.00 EUR", "20.00 EUR"]
    assert sale.note == "Please ring twice, the bell is shy."


def test_a_line_says_what_the_buyer_was_promised() -> None:
    """By when it is shipped, and when it comes."""
    lamp, bulb = read().order.sale.lines

    assert lamp.ship_by == instant("2026-03-03T15:59:59Z")
    window = Window(instant("2026-03-09T23:00:00Z"), instant("2026-03-13T23:00:00Z"))
    assert lamp.deliver_within == window
    assert (bulb.ship_by, bulb.deliver_within) == (None, None)


def test_the_consignee_is_whom_the_parcel_is_shipped_to() -> None:
    """Not whom the account is registered to."""
    party = read().order.sale.consignee

    assert (party.name, party.company) == ("Dorothea Nachtleser", "Lampenverein e.V.")
    assert (party.phone, party.email) == ("0351999999", "dorothea@example.org")
    assert party.address.lines == ("Finsterer Weg 3", "Hinterhaus")
    assert (party.address.city, party.address.region) == ("Testhausen", "Sachsen")
    assert (party.address.postal_code, party.address.country) == ("01234", Country("DE"))


def test_a_county_stands_where_there_is_no_state() -> None:
    """Where there is a state, the county stays unread."""
    state, county = f"{SHIP_TO}.contactAddress.stateOrProvince", f"{SHIP_TO}.contactAddress.county"
    path = "$.fulfillmentStartInstructions[0].shippingStep.shipTo.contactAddress.county"

    only_county = read_with({state: GONE, county: "Kent"})
    both = read_with({county: "Kent"})

    assert only_county.order.sale.consignee.address.region == "Kent"
    assert path not in only_county.unread
    assert both.order.sale.consignee.address.region == "Sachsen"
    assert path in both.unread


def test_an_order_is_reached_by_its_verbs() -> None:
    """The buyer paid the total; the seller's part is the net."""
    order = read().order

    assert told(order) == [
        ("place", "platform ebay", "2026-03-01T08:00:00.000"),
        ("pay", "platform ebay", "2026-03-01T08:00:02.250"),
    ]
    assert [(p.id, str(p.gross), str(p.net)) for p in order.payments] == [
        ("600001_S", "61.00 EUR", "52.10 EUR")
    ]
    assert order.payment_status is PaymentStatus.PAID
    assert Order.replay(order.history) == order


def test_fulfilments_are_named_by_their_numbers() -> None:
    """In order, each once."""
    hrefs = at(ORDER, "fulfillmentHrefs")
    assert isinstance(hrefs, list)

    reading = read(fulfillmentHrefs=[*hrefs, hrefs[0], "/shipping_fulfillment/AB%2012"])

    assert reading.fulfilments == (
        S10Number.parse("RR473124829GB"),
        SpeedPakNumber("ES10001234567890123456789012"),
        OpaqueNumber("AB12"),
    )
    assert reading.warnings == ()


def test_a_sample_without_oddities_gives_no_warnings() -> None:
    """Else nobody would read them."""
    assert read().warnings == ()


# every leaf of the sample that the order carries, below each of these
CARRIED = {
    "$": "buyerCheckoutNotes creationDate fulfillmentHrefs[0] fulfillmentHrefs[1] "
    "lastModifiedDate orderId orderPaymentStatus sellerId",
    "$.buyer": "username",
    "$.cancelStatus": "cancelState",
    "$.fulfillmentStartInstructions[0].shippingStep.shipTo": "companyName email fullName "
    "contactAddress.addressLine1 contactAddress.addressLine2 contactAddress.city "
    "contactAddress.countryCode contactAddress.postalCode contactAddress.stateOrProvince "
    "primaryPhone.phoneNumber",
    "$.lineItems[0]": "lineItemFulfillmentStatus lineItemId quantity sku title total.currency total.value",
    "$.lineItems[0].ebayCollectAndRemitTaxes[0]": "amount.currency amount.value taxType",
    "$.lineItems[0].lineItemFulfillmentInstructions": "maxEstimatedDeliveryDate "
    "minEstimatedDeliveryDate shipByDate",
    "$.lineItems[1]": "lineItemFulfillmentStatus lineItemId quantity title total.currency total.value",
    "$.paymentSummary.payments[0]": "amount.currency amount.value paymentDate paymentReferenceId "
    "paymentStatus",
    "$.pricingSummary.total": "currency value",
}


def test_every_leaf_is_carried_or_listed() -> None:
    """And none is both."""
    carried = {f"{path}.{leaf}" for path, names in CARRIED.items() for leaf in names.split()}

    assert set(read().unread) == {path_of(steps) for steps, _ in leaves(ORDER)} - carried


def test_unknown_members_are_listed_and_nothing_is_not() -> None:
    """Null, the empty text and empty containers say nothing."""
    strange = {"deep": [{"er": 1}], "odd key": True, "null": None, "empty": ["", {}, []]}

    reading = read(zebra=strange)

    new = [path for path in reading.unread if path.startswith("$.zebra")]
    assert new == ["$.zebra.deep[0].er", '$.zebra["odd key"]']


# taxes of the first line, eBay's taxes of it, tax of the summary, then: name, amount, is inside
TAXES = [
    ([], [], None, []),
    (["0.0"], [], None, []),
    ([], ["7.79"], None, [("VAT", "7.79", False)]),
    (["7.79"], ["7.79"], "7.79", [("VAT", "7.79", True)]),
    (["1.50"], [], "1.50", [("tax", "1.50", True)]),
    (["1.50"], ["7.79"], "1.50", [("VAT", "7.79", False), ("tax", "1.50", True)]),
    (["2.00", "2.00"], ["2.00"], "4.00", [("VAT", "2.00", True), ("tax", "2.00", True)]),
]


@pytest.mark.parametrize(("charged", "collected", "stated", "expected"), TAXES)
def test_a_tax_that_ebay_collects_is_inside_only_if_the_line_charges_it_too(
    charged: list[str],
    collected: list[str],
    stated: str | None,
    expected: list[tuple[str, str, bool]],
) -> None:
    """Source: Sell Fulfillment 1.20.7, EbayCollectAndRemitTax.amount."""
    inside = euros(stated) if stated else GONE
    total = Money.of("61.00", "EUR") + Money.of(stated or "0", "EUR")
    first = total - Money.of("20.00", "EUR")

    reading = read_with(
        {
            "lineItems.0.taxes": [{"amount": euros(value)} for value in charged],
            "lineItems.0.ebayCollectAndRemitTaxes": [
                {"taxType": "VAT", "amount": euros(value), "collectionMethod": "NET"}
                for value in collected
            ],
            "lineItems.0.total": euros(str(first.amount)),
            "pricingSummary.tax": inside,
            "pricingSummary.total": euros(str(total.amount)),
        }
    )

    assert reading.order.sale.taxes == tuple(
        Tax(name=name, amount=Money.of(value, "EUR"), is_included=is_included)
        for name, value, is_included in expected
    )
    assert reading.warnings == ()


def test_a_tax_that_no_line_has_is_carried_with_a_warning() -> None:
    """The summary says it is there."""
    reading = read_with(
        {
            "pricingSummary.tax": euros("1.5"),
            "pricingSummary.total": euros("62.5"),
            "lineItems.1.total": euros("21.5"),
        }
    )

    tax = Tax(name="tax", amount=Money.of("1.50", "EUR"), is_included=True)
    assert tax in reading.order.sale.taxes
    assert codes(reading) == [("$.pricingSummary.tax", "tax_of_no_line")]


# what is changed, where the warning points, its code
WARNINGS: list[tuple[dict[str, object], str, str]] = [
    ({"pricingSummary.priceSubtotal": euros("59.0")}, "$.pricingSummary.total", "sum_differs"),
    ({"pricingSummary.fee": euros("1.0")}, "$.pricingSummary.total", "sum_differs"),
    ({"lineItems.1.total": euros("19.99")}, "$.pricingSummary.total", "sum_differs"),
    (
        {"lineItems.1.taxes": [{"amount": euros("1.0")}]},
        "$.pricingSummary.tax",
        "sum_differs",
    ),
    (
        {"pricingSummary.fee": {"value": "0", "currency": "XXQ"}},
        "$.pricingSummary.fee.currency",
        "unreadable",
    ),
    (
        {"pricingSummary.fee": {"value": "0", "currency": "USD"}},
        "$.pricingSummary.fee.currency",
        "unreadable",
    ),
    ({"pricingSummary.fee": {"value": 0}}, "$.pricingSummary.fee.currency", "unreadable"),
    ({"pricingSummary.fee": "none"}, "$.pricingSummary.fee", "unreadable"),
    ({"orderPaymentStatus": "GIFTED"}, "$.orderPaymentStatus", "unknown_value"),
    ({"orderPaymentStatus": "PENDING"}, "$.orderPaymentStatus", "state_differs"),
    ({"cancelStatus.cancelState": "MAYBE"}, "$.cancelStatus.cancelState", "unknown_value"),
    (
        {"lineItems.0.ebayCollectAndRemitTaxes.0.collectionMethod": "GROSS"},
        "$.lineItems[0].ebayCollectAndRemitTaxes[0].collectionMethod",
        "unknown_value",
    ),
    (
        {"lineItems.0.lineItemFulfillmentInstructions.minEstimatedDeliveryDate": GONE},
        "$.lineItems[0].lineItemFulfillmentInstructions",
        "no_window",
    ),
    (
        {
            "lineItems.0.lineItemFulfillmentInstructions.maxEstimatedDeliveryDate": (
                "2026-03-09T22:59:59.000Z"
            )
        },
        "$.lineItems[0].lineItemFulfillmentInstructions",
        "no_window",
    ),
    (
        {"fulfillmentStartInstructions.0.finalDestinationAddress": {"countryCode": "AT"}},
        "$.fulfillmentStartInstructions[0].finalDestinationAddress",
        "final_destination",
    ),
    (
        {"fulfillmentStartInstructions.1": {"fulfillmentInstructionsType": "SHIP_TO"}},
        "$.fulfillmentStartInstructions[1]",
        "more_instructions",
    ),
    ({"fulfillmentHrefs": []}, "$.orderFulfillmentStatus", "no_number"),
    (
        {"fulfillmentHrefs.1": "https://api.ebay.com/sell/fulfillment/v1/order/10-00001-00001"},
        "$.fulfillmentHrefs[1]",
        "no_number",
    ),
    (
        {"fulfillmentHrefs.1": f"/shipping_fulfillment/{'7' * 65}"},
        "$.fulfillmentHrefs[1]",
        "unreadable",
    ),
    (
        {f"{PAYMENT}.paymentHolds": [{"holdState": "HELD", "holdAmount": euros("61.01")}]},
        "$.paymentSummary.payments[0].paymentHolds[0]",
        "refused",
    ),
    (
        {f"{PAYMENT}.paymentHolds": [{"holdState": "RELEASED"}]},
        "$.paymentSummary.payments[0].paymentHolds[0]",
        "no_date",
    ),
    (
        {f"{PAYMENT}.paymentHolds": [{"holdState": "FROZEN"}]},
        "$.paymentSummary.payments[0].paymentHolds[0].holdState",
        "unknown_value",
    ),
    ({f"{PAYMENT}.paymentDate": GONE}, "$.paymentSummary.payments[0]", "no_date"),
    (
        {f"{PAYMENT}.paymentDate": "2026-03-01T07:59:59.999Z"},
        "$.paymentSummary.payments[0]",
        "date_moved",
    ),
]


@pytest.mark.parametrize(("changes", "path", "code"), WARNINGS)
def test_what_is_odd_and_can_be_read_gives_a_warning_with_its_path(
    changes: dict[str, object], path: str, code: str
) -> None:
    """The order is built all the same."""
    reading = read_with(changes)

    assert codes(reading) == [(path, code)]
    assert reading.order.id == "10-00001-00001"


def hold(state: str, value: str = "20.0", **more: object) -> dict[str, object]:
    return {"holdState": state, "holdAmount": euros(value), **more}


def read_held(*holds: dict[str, object]) -> OrderReading:
    return read_with({f"{PAYMENT}.paymentHolds": list(holds)})


@pytest.mark.parametrize("state", ["HELD", "HELD_PENDING", "RELEASE_PENDING", "RELEASE_FAILED"])
def test_what_ebay_holds_back_is_a_hold_of_the_order(state: str) -> None:
    """From the payment on, since eBay does not say since when; it is no warning any more."""
    reading = read_held(
        hold(state, holdReason="NEW_SELLER", expectedReleaseDate="2026-03-22T00:00:00.000Z")
    )

    (held,) = reading.order.holds
    assert (held.id, str(held.amount), held.reason) == ("600001_S hold", "20.00 EUR", "NEW_SELLER")
    assert held.expected_release == instant("2026-03-22T00:00:00Z")
    assert told(reading.order)[2:] == [("hold_payment", "platform ebay", "2026-03-01T08:00:02.250")]
    assert reading.order.payment_status is PaymentStatus.PAID
    assert reading.warnings == ()


@pytest.mark.parametrize("state", ["RELEASED", "RELEASE_CONFIRMED"])
def test_a_hold_that_was_released_is_a_hold_that_ended(state: str) -> None:
    """When it was is told, and the money is with the seller."""
    reading = read_held(hold(state, releaseDate="2026-03-03T00:00:00.000Z"))

    assert reading.order.holds == ()
    assert told(reading.order)[2:] == [
        ("hold_payment", "platform ebay", "2026-03-01T08:00:02.250"),
        ("release_payment", "platform ebay", "2026-03-03T00:00:00.000"),
    ]
    assert reading.warnings == ()


def test_a_hold_without_an_amount_holds_the_sellers_part() -> None:
    """Several of one payment have names of their own."""
    one = read_held({"holdState": "HELD"})
    two = read_held(hold("HELD", "1.0"), hold("HELD", "2.0"))

    assert [str(held.amount) for held in one.order.holds] == ["52.10 EUR"]
    assert [held.id for held in two.order.holds] == ["600001_S hold", "600001_S hold (2)"]


@pytest.mark.parametrize("none", [{"holdState": "NOT_HELD"}, hold("HELD", "0.0")])
def test_a_hold_that_holds_nothing_is_none(none: dict[str, object]) -> None:
    """It says that there is no hold; so it stays unread."""
    reading = read_held(none)

    assert [step.action for step in reading.order.history] == [OrderAction.PLACE, OrderAction.PAY]
    assert reading.warnings == ()
    assert "$.paymentSummary.payments[0].paymentHolds[0].holdState" in reading.unread


def test_a_payment_that_is_awaited_is_not_held_back() -> None:
    """There is nothing yet that could be."""
    awaited = payment("52.1", "PENDING") | {"paymentHolds": [hold("HELD_PENDING")]}

    assert read_paid(awaited, status="PENDING").order.holds == ()


def test_a_release_of_more_than_there_was_is_left_out_with_its_hold() -> None:
    """What was not put on hold is not released."""
    reading = read_held(hold("RELEASED", "99.0", releaseDate="2026-03-03T00:00:00.000Z"))

    assert [step.action for step in reading.order.history] == [OrderAction.PLACE, OrderAction.PAY]
    assert {code for _, code in codes(reading)} == {"refused"}


def converted(value: str, currency: str, was: str) -> dict[str, str]:
    return {
        "value": value,
        "currency": currency,
        "convertedFromValue": was,
        "convertedFromCurrency": "EUR",
    }


def test_a_payout_in_another_currency_stands_beside_the_orders_money() -> None:
    """eBay converted what the seller gets; the order's sums stay as they are."""
    paid = payment("52.1") | {"amount": converted("448.06", "HKD", "52.1")}

    reading = read_paid(paid)

    (taken,) = reading.order.payments
    assert (str(taken.gross), str(taken.net), str(taken.payout)) == (
        "61.00 EUR",
        "52.10 EUR",
        "448.06 HKD",
    )
    assert str(reading.order.paid) == "61.00 EUR"
    assert reading.warnings == ()
    assert not [path for path in reading.unread if "converted" in path]


def test_a_refund_in_another_currency_is_the_orders_and_the_payouts() -> None:
    """The same the other way."""
    given = refund("5.0", refundId="r-9") | {"amount": converted("43.00", "HKD", "5.0")}

    (taken,) = refunded([given]).order.refunds

    assert (str(taken.gross), str(taken.net), str(taken.payout)) == (
        "5.00 EUR",
        "5.00 EUR",
        "43.00 HKD",
    )


@pytest.mark.parametrize(
    ("amount", "fault"),
    [
        (
            converted("448.06", "HKD", "-1"),
            "$.paymentSummary.payments[0].amount.convertedFromValue: is negative",
        ),
        (
            {"value": "1.0", "currency": "HKD", "convertedFromCurrency": "EUR"},
            "$.paymentSummary.payments[0].amount.convertedFromValue: is missing",
        ),
        (
            {**converted("1.0", "HKD", "1.0"), "convertedFromCurrency": "USD"},
            "$.paymentSummary.payments[0].amount.currency: is not the currency of the order",
        ),
    ],
)
def test_an_amount_that_is_not_the_orders_before_or_after_is_a_fault(
    amount: dict[str, str], fault: str
) -> None:
    """Currencies are never mixed."""
    payload = edited(ORDER, {f"{PAYMENT}.amount": amount})

    assert fault in "\n".join(faults_of(payload))


def test_an_amount_that_was_converted_into_the_orders_currency_is_the_orders() -> None:
    """What it was before is left unread."""
    before = {**euros("52.1"), "convertedFromValue": "60.0", "convertedFromCurrency": "USD"}

    reading = read_paid(payment("52.1") | {"amount": before})

    (taken,) = reading.order.payments
    assert (str(taken.net), taken.payout) == ("52.10 EUR", None)
    assert "$.paymentSummary.payments[0].amount.convertedFromValue" in reading.unread


def test_a_sum_that_cannot_be_known_is_not_doubted() -> None:
    """Without a subtotal there is nothing to add up."""
    assert read_with({"pricingSummary.priceSubtotal": GONE}).warnings == ()


def test_a_warning_says_where_and_what() -> None:
    """A path, a code for programs, a text for people."""
    reading = read_with({"lineItems.1.total": euros("19.99")})

    text = "is not the sum of the lines, which is 1 minor units less"
    assert reading.warnings == (Doubt("$.pricingSummary.total", "sum_differs", text),)
    assert str(reading.warnings[0]) == f"$.pricingSummary.total: {text}"


def payment(value: str, status: str = "PAID", **more: str) -> dict[str, object]:
    return {
        "amount": euros(value),
        "paymentStatus": status,
        "paymentDate": "2026-03-01T08:00:02.250Z",
        **more,
    }


def read_paid(
    *payments: Mapping[str, object], status: str = "PAID", **more: object
) -> OrderReading:
    changes = {"paymentSummary.payments": list(payments), "orderPaymentStatus": status}
    return read_with({**changes, **{key.replace("__", "."): v for key, v in more.items()}})


def test_several_payments_share_what_the_buyer_paid() -> None:
    """In proportion, to the cent, each with a name of its own."""
    order = read_paid(
        payment("10.0"), payment("10.0"), payment("10.0", paymentReferenceId="A")
    ).order

    assert [(p.id, str(p.gross), str(p.net)) for p in order.payments] == [
        ("payment", "20.34 EUR", "10.00 EUR"),
        ("payment (2)", "20.33 EUR", "10.00 EUR"),
        ("A", "20.33 EUR", "10.00 EUR"),
    ]


def test_a_payment_that_is_awaited_is_not_taken_and_keeps_its_share() -> None:
    """So the order is not paid up; the payment stays unread."""
    reading = read_paid(payment("30.5"), payment("30.5", "PENDING"), status="PENDING")

    assert [str(p.gross) for p in reading.order.payments] == ["30.50 EUR"]
    assert reading.order.payment_status is PaymentStatus.PENDING
    assert reading.warnings == ()
    assert "$.paymentSummary.payments[1].amount.value" in reading.unread


def test_a_payment_may_have_no_amount_while_it_is_awaited() -> None:
    """eBay leaves fields out until the buyer has paid."""
    reading = read_paid({"paymentStatus": "PENDING"}, status="PENDING")

    assert reading.order.payments == ()
    assert reading.warnings == ()


def test_a_payment_that_failed_is_recorded_and_pays_nothing() -> None:
    """The buyer tried."""
    reading = read_paid(payment("0.0", "FAILED"), status="FAILED")

    (failed,) = reading.order.payments
    assert (failed.has_failed, str(failed.gross), failed.net) == (True, "61.00 EUR", None)
    assert reading.order.payment_status is PaymentStatus.FAILED
    assert reading.order.paid == Money.zero("EUR")
    assert reading.warnings == ()


def test_a_payment_of_unknown_status_is_left_out_with_a_warning() -> None:
    """Nobody knows whether money moved."""
    reading = read_paid(payment("52.1", "DREAMT"), status="PENDING")

    assert reading.order.payments == ()
    assert codes(reading) == [("$.paymentSummary.payments[0].paymentStatus", "unknown_value")]
    assert "$.paymentSummary.payments[0].amount.value" in reading.unread


def test_a_payment_that_gets_no_share_is_left_out_with_a_warning() -> None:
    """Nothing moved."""
    reading = read_paid(payment("52.1"), payment("0.0"))

    assert [str(p.gross) for p in reading.order.payments] == ["61.00 EUR"]
    assert codes(reading) == [("$.paymentSummary.payments[1]", "of_nothing")]
    assert "$.paymentSummary.payments[1].paymentDate" in reading.unread


def test_payments_are_taken_in_the_order_of_their_dates() -> None:
    """Whatever their order in the document; without a date, last."""
    late = payment("1.0", paymentReferenceId="late") | {"paymentDate": "2026-03-04T00:00:00Z"}
    early = payment("1.0", paymentReferenceId="early")
    undated = {"amount": euros("1.0"), "paymentStatus": "PAID", "paymentReferenceId": "undated"}

    order = read_paid(undated, late, early).order

    assert [p.id for p in order.payments] == ["early", "late", "undated"]
    assert order.history[-1].at == instant("2026-03-04T00:00:00Z")


def refund(value: str, day: str = "05", **more: str) -> dict[str, object]:
    return {"amount": euros(value), "refundDate": f"2026-03-{day}T10:00:00.000Z", **more}


def refunded(
    of_order: list[dict[str, object]],
    of_line: list[dict[str, object]] | None = None,
    status: str = "PARTIALLY_REFUNDED",
    **more: object,
) -> OrderReading:
    return read_with(
        {
            "paymentSummary.refunds": of_order,
            "lineItems.1.refunds": of_line or [],
            "orderPaymentStatus": status,
            **more,
        }
    )


def shown(reading: OrderReading) -> list[tuple[str, str, str | None]]:
    return [(given.id, str(given.gross), given.line) for given in reading.order.refunds]


def test_a_refund_is_taken_as_it_is_reported_with_a_warning() -> None:
    """eBay reports what the seller gave; the buyer may have got more."""
    reading = refunded([refund("5.0", refundId="r-1", refundStatus="REFUNDED")])

    assert shown(reading) == [("r-1", "5.00 EUR", None)]
    assert told(reading.order)[-1] == ("refund", "platform ebay", "2026-03-05T10:00:00.000")
    assert codes(reading) == [("$.paymentSummary.refunds[0].amount", "refund_may_be_net")]


def test_full_refunds_share_what_was_paid() -> None:
    """The buyer got all of it, whatever the seller's part was."""
    done = {"refundStatus": "REFUNDED"}
    reading = refunded(
        [
            refund("30.0", refundReferenceId="a", **done),
            refund("20.0", refundReferenceId="b", **done),
        ],
        status="FULLY_REFUNDED",
    )

    assert shown(reading) == [("a", "36.60 EUR", None), ("b", "24.40 EUR", None)]
    assert reading.order.payment_status is PaymentStatus.FULLY_REFUNDED
    assert [code for _, code in codes(reading)] == ["refund_is_net", "refund_is_net"]
    assert "$.paymentSummary.refunds[0].amount.value" in reading.unread


def test_a_full_refund_that_adds_up_needs_no_warning() -> None:
    """Nothing was assumed."""
    reading = refunded([refund("61.0", refundStatus="REFUNDED")], status="FULLY_REFUNDED")

    assert shown(reading) == [("2026-03-05T10:00:00Z", "61.00 EUR", None)]
    assert reading.warnings == ()


def test_a_refund_on_its_way_is_begun() -> None:
    """No money has moved yet, and it is not refunded yet."""
    reading = refunded([refund("5.0", refundId="r-1", refundStatus="PENDING")], status="PAID")

    order = reading.order
    assert [(it.id, str(it.gross)) for it in order.pending_refunds] == [("r-1", "5.00 EUR")]
    assert (order.payment_status, order.refunds) == (PaymentStatus.PAID, ())
    assert told(order)[-1] == ("begin_refund", "platform ebay", "2026-03-05T10:00:00.000")
    assert order.history[-1].postings == ()
    assert reading.warnings == ()


def test_a_refund_that_failed_is_begun_and_fails() -> None:
    """Both at the date that eBay gives; then another is made."""
    reading = refunded(
        [
            refund("61.0", "06", refundId="r-2", refundStatus="REFUNDED"),
            refund("61.0", refundId="r-1", refundStatus="FAILED"),
        ],
        status="FULLY_REFUNDED",
    )

    assert [action for action, _, at in told(reading.order) if at >= "2026-03-05"] == [
        "begin_refund",
        "fail_refund",
        "refund",
    ]
    assert [it.id for it in reading.order.failed_refunds] == ["r-1"]
    assert reading.order.payment_status is PaymentStatus.FULLY_REFUNDED
    assert reading.warnings == ()


def test_a_refund_on_its_way_is_not_made_again_by_the_cancellation() -> None:
    """It is given back once, when it is paid out."""
    reading = refunded(
        [refund("61.0", refundId="r-1", refundStatus="PENDING")],
        status="PAID",
        cancelStatus={"cancelState": "CANCELED", "cancelledDate": "2026-03-06T10:00:00.000Z"},
    )

    assert reading.order.cancellation is CancellationState.CANCELLED
    assert (reading.order.refunds, reading.warnings) == ((), ())


def test_a_poll_that_finds_a_refund_paid_out_settles_it() -> None:
    """Also if the order was cancelled in between; and a third poll changes nothing."""
    cancelled = {"cancelState": "CANCELED", "cancelledDate": "2026-03-06T10:00:00.000Z"}
    first = refunded(
        [refund("61.0", refundId="r-1", refundStatus="PENDING")],
        status="PAID",
        cancelStatus=cancelled,
    )
    second = refunded(
        [refund("61.0", refundId="r-1", refundStatus="REFUNDED")],
        status="FULLY_REFUNDED",
        cancelStatus=cancelled,
    )

    order = continued(first.order, second.order)

    assert [action for action, _, _ in told(order)][-3:] == [
        "begin_refund",
        "cancel",
        "settle_refund",
    ]
    assert order.payment_status is PaymentStatus.FULLY_REFUNDED
    assert continued(order, second.order) is order
    assert continued(order, first.order) is order


def test_a_refund_above_the_price_of_its_line_is_of_the_order() -> None:
    """The bulb cost 20.00 EUR, and eBay has paid out more for it."""
    reading = refunded([], [refund("20.5", refundId="r-2")])

    assert shown(reading) == [("r-2", "20.50 EUR", None)]
    assert ("$.lineItems[1].refunds[0]", "line_left_out") in codes(reading)


@pytest.mark.parametrize("status", ["LOST"])
def test_a_refund_of_an_unknown_state_is_left_out_with_a_warning(status: str) -> None:
    """Nobody knows whether money has moved."""
    reading = refunded([refund("5.0", refundStatus=status)], status="PAID")

    assert shown(reading) == []
    assert ("$.paymentSummary.refunds[0]", "refund_left_out") in codes(reading)
    assert "$.paymentSummary.refunds[0].amount.value" in reading.unread


def test_a_refund_of_a_line_names_it() -> None:
    """It has no status of its own."""
    reading = refunded([], [refund("5.0", refundId="r-2")])

    assert shown(reading) == [("r-2", "5.00 EUR", "1000002")]


def test_a_refund_that_is_listed_twice_is_taken_once() -> None:
    """At the order and at its line; then the line is known."""
    twice = refund("5.0", refundReferenceId="r-3")

    assert shown(refunded([twice], [twice])) == [("r-3", "5.00 EUR", "1000002")]


def test_the_parts_of_a_refund_at_its_lines_are_not_added_to_it() -> None:
    """The order's amount counts; the parts stay unread."""
    whole, part = refund("5.0", refundId="r-4"), refund("2.5", refundId="r-4")

    reading = refunded([whole], [part, part])

    assert shown(reading) == [("r-4", "5.00 EUR", None)]
    assert "$.lineItems[1].refunds[1].amount.value" in reading.unread


def test_more_than_was_paid_is_not_refunded() -> None:
    """The order refuses, and a warning says so."""
    reading = refunded([refund("60.0", refundId="r-5"), refund("60.0", "06", refundId="r-6")])

    assert shown(reading) == [("r-5", "60.00 EUR", None)]
    assert ("$.paymentSummary.refunds[1]", "refused") in codes(reading)
    assert "the order does not take it: too_much" in str(reading.warnings)
    assert "$.paymentSummary.refunds[1].refundDate" in reading.unread


def request(state: str, initiator: str = "Buyer", **more: str) -> dict[str, object]:
    return {
        "cancelInitiator": initiator,
        "cancelReason": "ORDERED_BY_MISTAKE",
        "cancelRequestId": "5000000001",
        "cancelRequestedDate": "2026-03-01T09:00:00.000Z",
        "cancelRequestState": state,
        **more,
    }


def cancelling(state: str, *requests: dict[str, object], **more: object) -> OrderReading:
    status = {"cancelState": state, "cancelRequests": list(requests), **more}
    full = "FULLY_REFUNDED" if state == "CANCELED" else "PAID"
    return read_with({"cancelStatus": status, "orderPaymentStatus": full})


def test_a_request_to_cancel_is_the_buyers() -> None:
    """It waits for an answer."""
    reading = cancelling("IN_PROGRESS", request("REQUESTED"))

    assert told(reading.order)[-1] == ("request", f"{BUYER}", "2026-03-01T09:00:00.000")
    assert reading.order.cancellation is CancellationState.REQUESTED
    assert reading.warnings == ()


def test_a_request_that_is_rejected_leaves_the_order_alive() -> None:
    """The seller said no."""
    reading = cancelling("NONE_REQUESTED", request("REJECTED"))

    assert told(reading.order)[-1] == ("reject", f"{SELLER}", "2026-03-01T09:00:00.000")
    assert reading.order.is_to_be_shipped
    assert reading.warnings == ()


def test_a_request_that_is_granted_cancels_the_order_and_refunds_what_is_left() -> None:
    """That refund is assumed, which is a warning."""
    reading = cancelling(
        "CANCELED", request("COMPLETED", cancelCompletedDate="2026-03-02T10:00:00.000Z")
    )

    assert [step[:2] for step in told(reading.order)[2:]] == [
        ("request", f"{BUYER}"),
        ("approve", f"{EBAY}"),
    ]
    assert reading.order.history[-1].at == instant("2026-03-02T10:00:00Z")
    assert reading.order.payment_status is PaymentStatus.FULLY_REFUNDED
    assert codes(reading) == [("$.cancelStatus.cancelRequests[0]", "refund_assumed")]


def test_a_request_may_be_granted_after_another_was_rejected() -> None:
    """Two requests, two answers."""
    reading = cancelling(
        "CANCELED",
        request("REJECTED"),
        request("COMPLETED", cancelRequestedDate="2026-03-01T12:00:00.000Z"),
    )

    actions = [action for action, _, _ in told(reading.order)[2:]]
    assert actions == ["request", "reject", "request", "approve"]
    assert reading.order.cancellation is CancellationState.CANCELLED


def test_a_refund_that_is_reported_is_not_made_again_by_the_cancellation() -> None:
    """Even if it was made after it."""
    status = {
        "cancelState": "CANCELED",
        "cancelRequests": [request("COMPLETED", "SELLER")],
        "cancelledDate": "2026-03-02T10:00:00.000Z",
    }

    reading = refunded(
        [refund("50.0", refundId="r-7", refundStatus="REFUNDED")],
        status="FULLY_REFUNDED",
        cancelStatus=status,
    )

    assert shown(reading) == [("r-7", "61.00 EUR", None)]
    assert told(reading.order)[-1] == ("cancel", f"{SELLER}", "2026-03-05T10:00:00.000")
    assert [code for _, code in codes(reading)] == ["date_moved", "refund_is_net"]


def test_a_page_of_orders_tells_a_cancellation_without_its_requests() -> None:
    """`getOrders` leaves them empty; so the platform cancels, when eBay says."""
    reading = cancelling("CANCELED", cancelledDate="2026-03-02T10:00:00.000Z")

    assert told(reading.order)[-1] == ("cancel", f"{EBAY}", "2026-03-02T10:00:00.000")
    assert codes(reading) == [("$.cancelStatus", "refund_assumed")]


def test_a_page_of_orders_tells_a_request_without_its_date() -> None:
    """It is taken as of the last step, with a warning."""
    reading = cancelling("IN_PROGRESS")

    assert told(reading.order)[-1] == ("request", f"{BUYER}", "2026-03-01T08:00:02.250")
    assert codes(reading) == [("$.cancelStatus", "no_date")]


def test_a_request_that_is_not_the_buyers_is_left_out_with_a_warning() -> None:
    """A seller does not ask, a seller cancels."""
    reading = cancelling("NONE_REQUESTED", request("REQUESTED", "Seller"))

    assert reading.order.cancellation is CancellationState.NONE_REQUESTED
    assert codes(reading) == [("$.cancelStatus.cancelRequests[0]", "request_left_out")]
    assert "$.cancelStatus.cancelRequests[0].cancelReason" in reading.unread


def test_a_request_of_unknown_state_is_asked_with_a_warning() -> None:
    """That it was made is known."""
    reading = cancelling("IN_PROGRESS", request("PONDERED"))

    assert reading.order.cancellation is CancellationState.REQUESTED
    assert [code for _, code in codes(reading)] == ["unknown_value"]


def test_a_step_that_the_table_forbids_is_left_out_with_a_warning() -> None:
    """Nobody asks twice before there is an answer."""
    reading = cancelling("IN_PROGRESS", request("REQUESTED"), request("REQUESTED"))

    assert [step.action for step in reading.order.history].count(OrderAction.REQUEST) == 1
    assert codes(reading) == [("$.cancelStatus.cancelRequests[1]", "refused")]
    assert "illegal_transition" in str(reading.warnings[0])


def test_a_state_that_contradicts_the_requests_gives_a_warning() -> None:
    """The requests are dated, the state is not."""
    reading = cancelling("NONE_REQUESTED", request("REQUESTED"))

    assert codes(reading) == [("$.cancelStatus.cancelState", "state_differs")]


MONEY = {"value": "1.0", "currency": "EUR"}
WHOLE_NUMBER = "allowed: a whole number"
ZONE = (
    "instant has no zone; allowed: RFC 3339 with an offset, as in '2026-03-01T08:00:00+08:00' "
    "or '2026-03-01T00:00:00Z'"
)

# what is changed, then the fault
FAULTS: list[tuple[dict[str, object], str]] = [
    ({"lineItems.0.quantity": "1"}, f"$.lineItems[0].quantity: is text; {WHOLE_NUMBER}"),
    (
        {"lineItems.0.quantity": 2.0},
        f"$.lineItems[0].quantity: is a number with a fraction; {WHOLE_NUMBER}",
    ),
    (
        {"lineItems.0.quantity": True},
        f"$.lineItems[0].quantity: is true or false; {WHOLE_NUMBER}",
    ),
    ({"lineItems.0.quantity": None}, "$.lineItems[0].quantity: is missing"),
    (
        {"lineItems.0.quantity": 0},
        "$.lineItems[0].quantity: is below 1",
    ),
    ({"orderId": GONE}, "$.orderId: is missing"),
    ({"orderId": ""}, "$.orderId: is empty"),
    (
        {"lineItems.0.title": "half \ud83d"},
        "$.lineItems[0].title: holds half of a character; allowed: text that UTF-8 can write",
    ),
    ({"creationDate": 7}, "$.creationDate: is a whole number; allowed: text"),
    ({"orderId": 7}, "$.orderId: is a whole number; allowed: text"),
    (
        {"orderId": " x"},
        "$.orderId: order is blank at an end; allowed: no white space around it",
    ),
    ({"sellerId": GONE}, "$.sellerId: is missing"),
    ({"buyer": "somebody"}, "$.buyer: is text; allowed: an object"),
    ({"buyer": GONE}, "$.buyer.username: is missing"),
    ({"creationDate": "2026-03-01T08:00:00.000"}, f"$.creationDate: {ZONE}"),
    ({f"{PAYMENT}.paymentDate": "2026-03-01T08:00:00"}, f"$.{PAYMENT}: "),
    ({"lineItems": []}, "$.lineItems: is empty"),
    ({"lineItems": {}}, "$.lineItems: is an object; allowed: an array"),
    ({"lineItems": GONE}, "$.lineItems: is missing"),
    ({"lineItems.1": None}, "$.lineItems[1].lineItemId: is missing"),
    (
        {"lineItems.1.lineItemId": "1000001"},
        "$: order lines come twice; allowed: each once",
    ),
    ({"lineItems.1.total": GONE}, "$.lineItems[1].total: is missing"),
    ({"lineItems.1.total.value": 20.0}, "$.lineItems[1].total.value: is a number with a fraction"),
    (
        {"lineItems.1.total.value": "20.001"},
        "$.lineItems[1].total.value: amount in EUR has too many decimals; allowed: 2",
    ),
    (
        {"lineItems.1.total.value": "-20.0"},
        "$.lineItems[1].total.value: is negative; allowed: 0 or more",
    ),
    (
        {"lineItems.1.total.currency": "USD"},
        "$.lineItems[1].total.currency: is not the currency of the order; allowed: EUR",
    ),
    (
        {"pricingSummary.total.currency": "XXQ"},
        "$.pricingSummary.total.currency: currency is not active in ISO 4217; allowed: ",
    ),
    ({"pricingSummary.total": "61.0 EUR"}, "$.pricingSummary.total: is text; allowed: an object"),
    ({"pricingSummary": []}, "$.pricingSummary: is an array; allowed: an object"),
    ({"pricingSummary": GONE}, "$.pricingSummary.total: is missing"),
    ({f"{PAYMENT}.amount": GONE}, "$.paymentSummary.payments[0].amount: is missing"),
    (
        {"paymentSummary.refunds": [{"refundId": "r"}]},
        "$.paymentSummary.refunds[0].amount: is missing",
    ),
    (
        {"lineItems.0.ebayCollectAndRemitTaxes.0.amount.currency": "GBP"},
        "$.lineItems[0].ebayCollectAndRemitTaxes[0].amount.currency: is not the currency",
    ),
    (
        {"fulfillmentStartInstructions": []},
        "$.fulfillmentStartInstructions: is empty",
    ),
    (
        {"fulfillmentStartInstructions.0.shippingStep": GONE},
        "$.fulfillmentStartInstructions[0].shippingStep.shipTo.contactAddress.countryCode: is miss",
    ),
    (
        {f"{SHIP_TO}.contactAddress.countryCode": "XX"},
        "$.fulfillmentStartInstructions[0].shippingStep.shipTo.contactAddress.countryCode: country ",
    ),
    (
        {f"{SHIP_TO}.contactAddress.addressLine1": "x" * 257},
        "$.fulfillmentStartInstructions[0].shippingStep.shipTo.contactAddress: address is too long",
    ),
    (
        {f"{SHIP_TO}.fullName": "x" * 257},
        "$.fulfillmentStartInstructions[0].shippingStep.shipTo: party is too long",
    ),
    (
        {"paymentSummary.payments": [payment("1.0", "PENDING")] * 1001},
        "$: has too many payments, holds, refunds, requests; allowed: 1000",
    ),
    ({"fulfillmentHrefs": [4]}, "$.fulfillmentHrefs[0]: is a whole number; allowed: text"),
    ({"buyerCheckoutNotes": ["x"]}, "$.buyerCheckoutNotes: is an array; allowed: text"),
]


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_what_cannot_be_read_is_a_fault_with_its_path(
    changes: dict[str, object], fault: str
) -> None:
    """One wrong field is one fault, and nothing is coerced."""
    found = faults_of(edited(ORDER, changes))

    expected = fault.replace(".payments.0:", ".payments[0].paymentDate:").rstrip()
    assert len([line for line in found if line.startswith(expected)]) == 1
    assert len(found) == 1 or changes == {"lineItems.1": None}


def test_uk_is_read_as_gb_with_a_warning() -> None:
    """It is no code of ISO 3166-1, and everybody knows what is meant."""
    path = f"{SHIP_TO}.contactAddress.countryCode"

    reading = read_with({path: "UK"})

    assert reading.order.sale.consignee.address.country == Country("GB")
    at = "$.fulfillmentStartInstructions[0].shippingStep.shipTo.contactAddress.countryCode"
    assert codes(reading) == [(at, "country_alias")]


def test_all_faults_come_out_at_once_in_the_order_of_their_paths() -> None:
    """One bad field does not hide the next."""
    assert faults_of({}) == [
        "$.buyer.username: is missing",
        "$.creationDate: is missing",
        "$.fulfillmentStartInstructions: is missing",
        "$.lineItems: is missing",
        "$.orderId: is missing",
        "$.pricingSummary.total: is missing",
        "$.sellerId: is missing",
    ]


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (None, "$.orderId: is missing"),
        ("text", "$: is text; allowed: an object"),
        ([], "$: is an array; allowed: an object"),
        (True, "$: is true or false; allowed: an object"),
        (1e400, "$: is a number with a fraction; allowed: an object"),
        (b"bytes", "$: is no JSON; allowed: an object"),
    ],
)
def test_what_is_no_object_is_no_order(payload: object, fault: str) -> None:
    """Whatever else it is."""
    assert fault in faults_of(payload)


def test_an_order_cut_in_half_names_what_is_missing() -> None:
    """A proxy may lose the rest."""
    half = edited(ORDER, dict.fromkeys(("pricingSummary", "lineItems", "paymentSummary"), GONE))

    assert faults_of(half) == ["$.lineItems: is missing", "$.pricingSummary.total: is missing"]


def test_a_notification_is_no_order() -> None:
    """It has neither money nor address; the topic says what it is."""
    known = {"metadata": {"topic": "ORDER_CONFIRMATION"}, "notification": {"data": {}}}

    topic = "the topic ORDER_CONFIRMATION"
    allowed = "allowed: the body of `getOrder`"
    assert faults_of(known) == [f"$: is a notification of {topic} and no order; {allowed}"]
    assert "of no known topic" in faults_of({"notification": {"data": {}}})[0]


def test_a_page_of_one_order_is_read_as_that_order() -> None:
    """Its paths begin at the page, whose own leaves are unread."""
    page = {"orders": [ORDER], "total": 1, "limit": 50, "href": "https://api.ebay.com/x"}

    reading = read_order(page)

    assert reading.order == read().order
    assert reading.unread[:3] == ("$.href", "$.limit", "$.total")
    assert "$.orders[0].legacyOrderId" in reading.unread


@pytest.mark.parametrize("count", [0, 2])
def test_a_page_of_several_orders_is_not_one(count: int) -> None:
    """The fault says how many."""
    assert faults_of({"orders": [ORDER] * count}) == [
        f"$.orders: holds {count} orders; allowed: one (`read_orders` takes more)"
    ]


def test_a_page_whose_orders_are_no_array_is_refused() -> None:
    """Nothing is coerced."""
    assert faults_of({"orders": "many"}) == ["$.orders: is text; allowed: an array"]


def test_a_page_gives_its_orders_in_order() -> None:
    """And says that there are more pages."""
    other = edited(ORDER, {"orderId": "10-00002-00002", "orderPaymentStatus": "PENDING"})

    first, second = read_orders({"orders": [ORDER, other], "next": "https://api.ebay.com/y"})

    assert [first.order.id, second.order.id] == ["10-00001-00001", "10-00002-00002"]
    assert codes(first) == [("$.next", "more_pages")]
    assert codes(second) == [
        ("$.next", "more_pages"),
        ("$.orders[1].orderPaymentStatus", "state_differs"),
    ]
    assert read_orders(ORDER) == (read(),)
    assert read_orders({"orders": []}) == ()


def test_the_faults_of_all_orders_of_a_page_come_out_together() -> None:
    """None is read if one cannot be."""
    wrong = edited(ORDER, {"orderId": GONE})

    with pytest.raises(CodecErrors) as caught:
        read_orders({"orders": [wrong, ORDER, wrong]})

    assert [str(fault).partition(":")[0] for fault in caught.value.exceptions] == [
        "$.orders[0].orderId",
        "$.orders[2].orderId",
    ]


def test_an_endless_document_is_refused_before_it_is_read() -> None:
    """Neither too many values nor too deep."""
    deep: object = []
    for _ in range(100_000):
        deep = [deep]

    assert faults_of({"a": deep}) == ["$: is nested too deep; allowed: 64 levels"]
    assert faults_of([0] * 100_001) == ["$: holds too many values; allowed: 100000"]


def test_reading_stops_after_a_thousand_faults() -> None:
    """Nobody reads on."""
    assert len(faults_of(edited(ORDER, {"lineItems": [1] * 5000}))) == 1000


def test_what_could_identify_a_person_is_never_shown() -> None:
    """Neither in the reading nor in its warnings."""
    reading = read(orderPaymentStatus="PENDING")

    assert len(secrets(ORDER)) == 11
    assert not [text for text in secrets(ORDER) if text in repr(reading)]


@pytest.mark.parametrize("wrong", ["Erna Geheim", ["Erna Geheim"], {"Erna": "Geheim"}])
def test_no_fault_and_no_warning_shows_a_value(wrong: object) -> None:
    """Whatever stands in the wrong place."""
    for steps, _ in leaves(ORDER):
        try:
            said = str(read_order(replaced(ORDER, steps, wrong)).warnings)
        except CodecErrors as errors:
            said = str(errors)
        assert "Geheim" not in said


ORDERS = [name for name in names("ebay_orders") if "notification" not in name]

# name: id, seller and buyer / placed, paid / total, net, payment / line, quantity, sku, its total /
# ship by, window / taxes / number / city, region, postal code, country
REAL = """
de_quantity_2_with_discounts
  18-15185-76921 seller-de-tools buyer-f5
  2026-09-22T16:28:49.000 2026-09-22T16:28:50.265
  54.31 EUR, 45.37 EUR, 420004_S
  10088067900118 2 121859.Ro 54.31 EUR
  2026-09-23T21:59:59.000 2026-09-23T22:00:00.000 to 2026-09-24T22:00:00.000
  none
  01235015953106
  Kappelrodeck||77876|DE

us_best_offer_quantity_19
  13-14786-65872 seller-us-devices buyer-e1
  2026-06-19T14:15:22.000 2026-06-19T14:15:22.915
  4085.00 USD, 3807.77 USD, 420004_S
  10084048110913 19 UO-1781808648556 4085.00 USD
  2026-06-23T04:59:59.000 2026-06-23T07:00:00.000 to 2026-06-25T07:00:00.000
  none
  none
  Springdale|AR|72764-8719|US

us_paypal_legacy_composite_id
  08-06107-09621 seller-us-records buyer-c1
  2020-11-22T03:16:26.000 2020-11-22T03:16:29.000 2020-11-22T03:16:29.000 2020-11-22T03:16:29.000
  41.80 USD, 41.80 USD, 9RH0037720632781G
  10031270641208 1 791689 41.80 USD
  2020-11-24T07:59:59.000 2020-12-03T08:00:00.000 to 2020-12-03T08:00:00.000
  STATE_SALES_TAX 2.80 USD inside
  none
  Birmingham|AL|35209-6247|US

se_from_jp_ioss_vat
  12-11654-13951 seller-jp-parts buyer-a6
  2024-06-04T20:40:01.000 2024-06-04T20:40:09.421
  71.77 USD, 58.80 USD, 420004_S
  10063746397612 1 48075-24010 48076-24010 71.77 USD
  2024-06-12T14:59:59.000 2024-06-10T22:00:00.000 to 2024-06-18T22:00:00.000
  VAT 17.94 USD beside
  EX00000018644850001020002A0N
  Södertälje||151 54|SE

us_from_jp_payment_hold
  26-11472-38775 seller-jp-parts buyer-a5
  2024-04-24T22:23:08.000 2024-04-24T22:23:08.000 2024-04-24T22:23:08.000 2024-04-24T22:23:08.000
  139.68 USD, 115.03 USD, 420004_S
  10062648969026 1 - 139.68 USD
  2024-05-14T14:59:59.000 2024-05-02T07:00:00.000 to 2024-05-15T07:00:00.000
  STATE_SALES_TAX 12.59 USD beside
  EX00000012055090001020002E0N
  Denver|CO|80215-0424|US

au_aud_ebay_address_token_zero_promo
  21-12833-40939 seller-au-fitness buyer-d1
  2025-03-19T09:07:33.000 2025-03-19T09:07:33.965
  251.58 AUD, 225.87 AUD, 420004_S
  10075789881221 1 CSWT-BBH900 251.58 AUD
  2025-03-20T12:59:59.000 2025-03-20T13:00:00.000 to 2025-03-24T13:00:00.000
  none
  none
  Moe|VIC|3825|AU

us_from_jp_state_tax_checkout_notes
  23-11818-70220 seller-jp-parts buyer-a2
  2024-07-17T20:12:44.000 2024-07-17T20:12:57.892
  69.73 USD, 58.91 USD, 420004_S
  10065005456123 1 36162-RDV-J01 69.73 USD
  2024-08-01T14:59:59.000 2024-07-23T07:00:00.000 to 2024-08-02T07:00:00.000
  STATE_SALES_TAX 4.62 USD beside
  EX10028213855550001020002E0N
  North Brunswick|NJ|08902-2820|US
"""
EXPECTED = {
    name: [line.strip() for line in rest]
    for name, *rest in (block.split("\n  ") for block in REAL.strip().split("\n\n"))
}


@with_data
def test_the_real_orders_are_all_here() -> None:
    """Thirteen of them."""
    assert len(ORDERS) == 13


@with_data
@pytest.mark.parametrize("name", ORDERS)
def test_every_real_order_is_read_paid_and_adds_up(name: str) -> None:
    """Replayed it is the same, and the seller's net is no more than the buyer paid."""
    payload = load("ebay_orders", name)

    reading = read_order(payload)

    order = reading.order
    assert Order.replay(order.history) == order
    assert order.payment_status.name == at(payload, "orderPaymentStatus")
    lines = Money.total((line.total for line in order.sale.lines), order.currency)
    assert order.paid == order.sale.total == lines
    # Paid and released half a second before it was placed.
    assert [code for _, code in codes(reading)] == (["date_moved"] * 2 if "hold" in name else [])
    assert order.inconsistencies == ()
    ends = [str(href).rpartition("/")[2] for _, href in leaves(at(payload, "fulfillmentHrefs"))]
    assert [str(number) for number in reading.fulfilments] == ends


@with_data
@pytest.mark.parametrize("name", ORDERS)
def test_the_fee_of_a_real_order_is_the_one_that_ebay_names(name: str) -> None:
    """What the buyer paid less what the seller gets: so what is posted agrees with eBay to a cent."""
    payload = load("ebay_orders", name)
    order = read_order(payload).order

    posted = [
        posting.amount
        for step in order.history
        for posting in step.postings
        if posting.kind is PostingKind.FEE
    ]

    places = {path_of(steps): str(value) for steps, value in leaves(payload)}
    named = [value for place, value in places.items() if place.endswith("MarketplaceFee.value")]
    assert [amount.amount for amount in posted] == [Decimal(value) for value in named]


@with_data
@pytest.mark.parametrize("name", ORDERS)
def test_no_real_order_shows_who_bought(name: str) -> None:
    """Neither in a reading nor in a fault."""
    payload = load("ebay_orders", name)

    texts = [repr(read_order(payload)), "\n".join(faults_of(edited(payload, {"orderId": 1})))]

    assert not [text for text in secrets(payload) if any(text in said for said in texts)]


@with_data
def test_the_real_notification_is_refused_by_its_topic() -> None:
    """It names neither money nor address."""
    (fault,) = faults_of(load("ebay_orders", "order_confirmation_notification"))

    assert fault.startswith("$: is a notification of the topic ORDER_CONFIRMATION and no order")


def in_short(order: Order, fulfilments: tuple[object, ...]) -> list[str]:
    """Say an order of one line as it is written above."""
    sale, (line,), (payment,) = order.sale, order.sale.lines, order.payments
    address, window = sale.consignee.address, line.deliver_within
    taxes = [f"{t.name} {t.amount} {'inside' if t.is_included else 'beside'}" for t in sale.taxes]
    assert line.ship_by is not None
    assert window is not None
    return [
        f"{order.id} {sale.seller.id} {sale.buyer.id}",
        " ".join(clock(step.at) for step in order.history),
        f"{payment.gross}, {payment.net}, {payment.id}",
        f"{line.id} {line.quantity} {line.sku or '-'} {line.total}",
        f"{clock(line.ship_by)} {clock(window.earliest)} to {clock(window.latest)}",
        ", ".join(taxes) or "none",
        ", ".join(str(number) for number in fulfilments) or "none",
        "|".join((address.city, address.region, address.postal_code, str(address.country))),
    ]


@with_data
@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_order_is_read_to_the_letter(name: str) -> None:
    """Written by hand from the documents."""
    reading = read_order(load("ebay_orders", name))

    assert in_short(reading.order, reading.fulfilments) == EXPECTED[name]
