"""What is sent to eBay: which parcels left with which units, and what is given back."""

from collections.abc import Callable
from datetime import timedelta

import attrs
import pytest

from apaclogistics.allocations import Allocation
from apaclogistics.consignments import Booking, Label
from apaclogistics.errors import CodecErrors
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.interop import Written
from apaclogistics.interop.ebay import (
    RefundReason,
    read_fulfilment,
    write_fulfilment,
    write_fulfilments,
    write_refund,
)
from apaclogistics.orders import Order
from apaclogistics.sales import OrderLine, Payment, Refund
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import (
    CarrierCode,
    LineId,
    ParcelId,
    ShipmentId,
    tracking_number,
)
from apaclogistics.values.instants import Moment, instant
from apaclogistics.values.money import Money
from tests.official import FULFILMENT, faults, missing, refuse_faulty_document
from tests.real_data import with_data
from tests.real_parcels import REAL_ORDERS, packed_order
from tests.samples import (
    BUYER,
    CARRIER,
    CASE,
    PHONE,
    SELLER,
    booked,
    booking,
    day,
    drafted,
    handed_over,
    paid,
    placed,
    scan,
    seen,
    units,
    usd,
)

ONE, TWO = ParcelId("p-1"), ParcelId("p-2")
NO_LINE = LineId("line-none")

# What the texts of the fields and the errors of the operations insist on; the schemas say nothing.
REQUIRED = {
    # Of createShippingFulfillment: carrier and number together or not at all, and the date, which
    # eBay else takes to be now.
    "ShippingFulfillmentDetails": frozenset(
        {
            "$.lineItems[*].lineItemId",
            "$.lineItems[*].quantity",
            "$.shippedDate",
            "$.shippingCarrierCode",
            "$.trackingNumber",
        }
    ),
    # Of issueRefund: errors 34903, 34905, 34906, 34908.
    "IssueRefundRequest of an order": frozenset(
        {
            "$.reasonForRefund",
            "$.orderLevelRefundAmount.value",
            "$.orderLevelRefundAmount.currency",
        }
    ),
    # And 34910.
    "IssueRefundRequest of lines": frozenset(
        {
            "$.reasonForRefund",
            "$.refundItems[*].lineItemId",
            "$.refundItems[*].refundAmount.value",
            "$.refundItems[*].refundAmount.currency",
        }
    ),
}


def packed(*counts: tuple[int, LineId], shipment: str = "sh-1") -> Order:
    """Give a paid order that put so many units of lines into a shipment."""
    put = [units(count, line, shipment=shipment) for count, line in counts]
    return paid().allocate(put, phases={}, by=SELLER, at=day(3))


def placed_in(counts: dict[ParcelId, int]) -> Order:
    """Give a paid order that says how many phones are in which parcel."""
    put = [
        Allocation(shipment=ShipmentId("sh-1"), line=PHONE, quantity=count, parcel=parcel)
        for parcel, count in counts.items()
    ]
    return paid().allocate(put, phases={}, by=SELLER, at=day(3))


def numbered(*numbers: str) -> Shipment:
    """Give a shipment of one parcel with these numbers, handed over on the fourth day."""
    labels = (Label(ONE, tuple(map(tracking_number, numbers))),)
    taken = booking()
    named = Booking(
        carrier=taken.carrier,
        service="e-Express",
        labels=labels,
        estimate=taken.estimate,
        issued_at=taken.issued_at,
    )
    shipment = drafted().book(named, hindrances=(), by=SELLER, at=day(3))
    return shipment.confirm(available=usd("99.00"), by=SELLER, at=day(3)).hand_over(
        by=SELLER, at=day(4)
    )


def refund(amount: str, line: LineId | None = None, *, id: str = "r-1", reason: str = "") -> Refund:
    return Refund(id=id, gross=usd(amount), line=line, reason=reason)


def refused(write: Callable[[], object]) -> list[str]:
    with pytest.raises(CodecErrors) as caught:
        write()
    return [str(fault) for fault in caught.value.exceptions]


def doubts(written: Written) -> list[tuple[str, str]]:
    return [(doubt.path, doubt.code) for doubt in written.warnings]


def test_a_parcel_that_left_is_written_with_its_units_number_and_hour() -> None:
    """The units of each line once, however they came into the shipment."""
    order = packed((1, PHONE), (1, CASE)).allocate(
        [units(1, PHONE)], phases={}, by=SELLER, at=day(3)
    )

    written = write_fulfilment(order, handed_over(), carrier="HongKongPost")

    assert written.payload == {
        "lineItems": [
            {"lineItemId": "line-phone", "quantity": 2},
            {"lineItemId": "line-case", "quantity": 1},
        ],
        "shippedDate": "2026-03-04T09:00:00.000Z",
        "shippingCarrierCode": "HongKongPost",
        "trackingNumber": "N1",
    }
    assert (written.warnings, written.left_out) == ((), ())


def test_a_parcel_left_when_a_carrier_is_first_seen_to_have_it() -> None:
    """If that is before somebody said it was handed over, or nobody ever did."""
    order, early = packed((2, PHONE)), instant("2026-03-03T22:15:00.987654Z")
    elsewhere = Booking(carrier=CarrierCode(CARRIER.id), labels=booking().labels)
    adopted = drafted().adopt(elsewhere, by=SELLER, at=day(3))
    only_seen = seen(adopted, Milestone.ACCEPTED)
    seen_after = seen(handed_over(), Milestone.ACCEPTED)
    seen_before = handed_over().observe([scan(Milestone.ACCEPTED, early)])

    def left(shipment: Shipment) -> object:
        return write_fulfilment(order, shipment).payload["shippedDate"]

    assert left(only_seen) == "2026-03-05T09:00:00.000Z"
    assert left(seen_after) == "2026-03-04T09:00:00.000Z"
    assert left(seen_before) == "2026-03-03T22:15:00.987Z"


def test_without_ebays_code_of_the_carrier_ours_is_taken_with_a_warning() -> None:
    """The interface cannot tell that it is another."""
    written = write_fulfilment(packed((2, PHONE)), handed_over())

    assert written.payload["shippingCarrierCode"] == "HKPOST"
    assert doubts(written) == [("$.shippingCarrierCode", "carrier_unchecked")]


def test_a_number_is_written_in_letters_and_digits_alone() -> None:
    """Spaces and hyphens of print are gone already; what else is there is never dropped."""
    order = packed((2, PHONE))

    plain = write_fulfilment(order, numbered("EE 10000000001-00010000000-01N1"))

    assert plain.payload["trackingNumber"] == "EE100000000010001000000001N1"
    assert refused(lambda: write_fulfilment(order, numbered("A1/27"))) == [
        "$.trackingNumber: 'A1/27' holds other characters; allowed: letters and digits"
    ]


def test_numbers_of_carriers_further_on_are_named_as_left_out() -> None:
    """One number a parcel is all that eBay takes."""
    written = write_fulfilment(packed((2, PHONE)), numbered("N1", "LASTMILE7"), carrier="SpeedPAK")

    assert written.payload["trackingNumber"] == "N1"
    assert written.left_out == ("booking.labels[p-1].numbers[1]", "booking.service")


def test_each_order_of_a_shared_parcel_names_its_own_units() -> None:
    """The number is the same in both."""
    mine, other = packed((2, PHONE)), packed((1, CASE))

    first, second = (write_fulfilment(order, handed_over()).payload for order in (mine, other))

    assert first["trackingNumber"] == second["trackingNumber"] == "N1"
    assert first["lineItems"] == [{"lineItemId": "line-phone", "quantity": 2}]
    assert second["lineItems"] == [{"lineItemId": "line-case", "quantity": 1}]


def test_of_several_parcels_each_is_written_with_its_own_units() -> None:
    """All that the order put into the shipment, each unit in one parcel."""
    order, shipment = packed((2, PHONE), (1, CASE)), handed_over(parcels=2)
    contents = {ONE: {PHONE: 1, CASE: 1}, TWO: {PHONE: 1}}

    first, second = write_fulfilments(order, shipment, contents, carrier="HongKongPost")

    assert (first.payload["trackingNumber"], second.payload["trackingNumber"]) == ("N1", "N2")
    assert second.payload["lineItems"] == [{"lineItemId": "line-phone", "quantity": 1}]
    alone = write_fulfilment(
        order, shipment, parcel=TWO, units=contents[TWO], carrier="HongKongPost"
    )
    assert alone == second


def test_an_order_may_say_which_units_are_in_which_parcel() -> None:
    """Then nobody else has to."""
    order, shipment = placed_in({ONE: 1, TWO: 1}), handed_over(parcels=2)

    both = write_fulfilments(order, shipment, carrier="HongKongPost")

    given = {ONE: {PHONE: 1}, TWO: {PHONE: 1}}
    assert both == write_fulfilments(order, shipment, given, carrier="HongKongPost")
    assert both[1] == write_fulfilment(order, shipment, parcel=TWO, carrier="HongKongPost")


def test_a_parcel_without_units_of_the_order_is_not_written() -> None:
    """It holds another's."""
    order, shipment = placed_in({TWO: 2}), handed_over(parcels=2)

    (written,) = write_fulfilments(order, shipment, carrier="HongKongPost")

    assert written.payload["trackingNumber"] == "N2"
    assert refused(lambda: write_fulfilment(order, shipment, parcel=ONE)) == [
        "$.lineItems: is empty: order o-1 put nothing into parcel p-1"
    ]


def test_a_parcel_among_several_that_is_not_named_is_refused() -> None:
    """So are units of which nobody said where they are: it is not guessed."""
    order, shipment = packed((2, PHONE)), handed_over(parcels=2)

    assert refused(lambda: write_fulfilment(order, shipment)) == [
        "$: is of one parcel; allowed: one of p-1, p-2",
        "$.lineItems: is of one parcel, and order o-1 does not say what is in it",
        "$.trackingNumber: is missing",
    ]
    assert refused(lambda: write_fulfilments(order, shipment)) == [
        "$: is of several parcels, and order o-1 does not say what is in which; allowed: `packed` from the caller"
    ]


def test_parcels_that_hold_other_units_than_the_shipment_are_refused() -> None:
    """Every reason of every parcel, at its place."""
    order, shipment = packed((2, PHONE), (1, CASE)), handed_over(parcels=2)
    contents = {ONE: {PHONE: 3}, ParcelId("p-9"): {NO_LINE: 1}}

    assert refused(lambda: write_fulfilments(order, shipment, contents)) == [
        "$: packs 0 units of line line-case; allowed: 1",
        "$: packs 3 units of line line-phone; allowed: 2",
        "$[0].lineItems[0].quantity: is 3; allowed: 1 to 2",
        "$[1]: is of one parcel; allowed: one of p-1, p-2",
        "$[1].lineItems[0].lineItemId: is 'line-none'; allowed: line-phone, line-case",
        "$[1].trackingNumber: is missing",
    ]
    assert refused(lambda: write_fulfilments(paid(), shipment)) == [
        "$: is empty; allowed: the parcels with units of order o-1"
    ]


def test_units_are_counted_in_whole_numbers() -> None:
    """A flag is not one unit."""
    order = packed((2, PHONE))

    faulty = refused(lambda: write_fulfilment(order, handed_over(), units={PHONE: True}))

    assert faulty == ["$.lineItems[0].quantity: is given as bool; allowed: a whole number"]


def test_an_empty_parcel_is_refused() -> None:
    """It would say that something left."""
    order = packed((2, PHONE))

    faulty = refused(lambda: write_fulfilment(order, handed_over(), units={}))

    assert faulty == ["$.lineItems: is empty"]


def test_a_parcel_that_has_not_left_is_refused_with_every_reason() -> None:
    """eBay never takes a fulfilment back."""
    order, draft = paid(), drafted()

    faulty = refused(lambda: write_fulfilment(order, draft))

    assert faulty == [
        "$.lineItems: is empty: order o-1 put nothing into shipment sh-1",
        "$.shippedDate: is missing: nobody said when the parcel left; shipment sh-1 is DRAFT",
        "$.shippingCarrierCode: is missing",
        "$.trackingNumber: is missing: shipment sh-1 is not booked",
    ]


def test_a_cancelled_shipment_is_refused_unless_it_moves_all_the_same() -> None:
    """Its number is dead, until a carrier shows otherwise."""
    order = packed((2, PHONE))
    cancelled = booked().cancel(by=SELLER, at=day(4))

    faulty = refused(lambda: write_fulfilment(order, cancelled))
    moving = write_fulfilment(order, seen(cancelled, Milestone.ACCEPTED))

    assert faulty == ["$.shippedDate: is missing: shipment sh-1 is CANCELLED"]
    assert moving.payload["shippedDate"] == "2026-03-05T09:00:00.000Z"


def test_a_parcel_that_left_before_the_order_is_doubted() -> None:
    """eBay refuses dates that it finds invalid, and does not say which (32500)."""
    early = handed_over().observe([scan(Milestone.ACCEPTED, day(1))])
    elsewhere = Booking(carrier=CarrierCode(CARRIER.id), labels=booking().labels)
    adopted = drafted().adopt(elsewhere, by=SELLER, at=day(3)).observe(early.scans)

    written = write_fulfilment(packed((2, PHONE)), adopted, carrier="HongKongPost")

    assert doubts(written) == [("$.shippedDate", "before_order")]


def test_units_that_are_sent_again_are_doubted() -> None:
    """The fulfilment of the lost parcel stays at eBay."""
    lost = ShipmentId("sh-0")
    order = packed((2, PHONE), shipment="sh-0").allocate(
        [Allocation(shipment=ShipmentId("sh-1"), line=PHONE, quantity=2, replaces=lost)],
        phases={lost: Phase.LOST},
        by=SELLER,
        at=day(3),
    )

    written = write_fulfilment(order, handed_over(), carrier="HongKongPost")

    assert doubts(written) == [("$.lineItems", "replaces")]


def test_what_was_written_is_read_back() -> None:
    """Number, carrier, units, and the instant to the millisecond."""
    written = write_fulfilment(packed((2, PHONE)), handed_over(), carrier="HongKongPost")

    reading = read_fulfilment(written.payload)

    assert reading.number == tracking_number("N1")
    assert (reading.carrier, reading.shipped_at) == ("HongKongPost", day(4))
    assert reading.units == ((PHONE, 2),)
    assert (reading.warnings, reading.unread) == ((), ())


def test_a_fulfilment_is_read_as_ebay_answers_it() -> None:
    """A line without a quantity is of one unit; a line that comes again is added up."""
    answer = {
        "fulfillmentId": "9405509699937003457459",
        "shipmentTrackingNumber": "9405509699937003457459",
        "lineItems": [{"lineItemId": "1"}, {"lineItemId": "2", "quantity": 3}, {"lineItemId": "1"}],
    }

    reading = read_fulfilment(answer)

    assert str(reading.number) == "9405509699937003457459"
    assert reading.units == (("1", 2), ("2", 3))
    assert [doubt.code for doubt in reading.warnings] == ["line_twice", "number_or_carrier"]
    assert reading.unread == ("$.fulfillmentId",)


def test_a_fulfilment_of_an_unknown_number_is_read_without_one() -> None:
    """eBay keeps those too, under a number of its own."""
    reading = read_fulfilment({"fulfillmentId": "999", "lineItems": [{"lineItemId": "1"}]})

    assert (reading.number, reading.carrier, reading.shipped_at) == (None, "", None)
    assert reading.warnings == ()


def test_a_fulfilment_that_cannot_be_read_is_refused() -> None:
    """With every fault and its path."""
    answer = {"shippedDate": "yesterday", "lineItems": [{"quantity": 0}]}

    assert [fault.partition(";")[0] for fault in refused(lambda: read_fulfilment(answer))] == [
        "$.lineItems[0].lineItemId: is missing",
        "$.lineItems[0].quantity: is below 1",
        "$.shippedDate: instant is no instant",
    ]


def test_a_refund_of_an_order_is_one_amount() -> None:
    """Our own reason is left out, since people wrote it; the comment is for the buyer."""
    given = refund("12.50", reason="he was rude")

    written = write_refund(
        paid(), [given], reason=RefundReason.SHIPPING_DISCOUNT, comment="For the delay."
    )

    assert written.payload == {
        "reasonForRefund": "SHIPPING_DISCOUNT",
        "comment": "For the delay.",
        "orderLevelRefundAmount": {"value": "12.50", "currency": "USD"},
    }
    assert written.left_out == ("refunds[r-1].reason",)


def test_a_refund_of_lines_names_each() -> None:
    """All for one reason."""
    both = [refund("25.00", PHONE), refund("0.05", CASE, id="r-2")]

    written = write_refund(paid(), both, reason=RefundReason.ITEM_NOT_RECEIVED)

    assert written.payload == {
        "reasonForRefund": "ITEM_NOT_RECEIVED",
        "refundItems": [
            {"lineItemId": "line-phone", "refundAmount": {"value": "25.00", "currency": "USD"}},
            {"lineItemId": "line-case", "refundAmount": {"value": "0.05", "currency": "USD"}},
        ],
    }


def test_no_refund_is_written_while_another_is_pending() -> None:
    """The one that is pending is, and counts once."""
    order = paid().begin_refund(refund("20.00"), by=SELLER, at=day(3))

    assert write_refund(order, [refund("20.00")], reason=RefundReason.BUYER_CANCEL).payload
    with pytest.raises(CodecErrors) as refused:
        write_refund(order, [refund("10.01", id="r-2")], reason=RefundReason.BUYER_CANCEL)

    assert [str(fault) for fault in refused.value.exceptions] == [
        "$: comes while refund r-1 is pending; allowed: when that is done",
        "$: gives 10.01 USD back; allowed: 10.00 USD, which is left of order o-1",
    ]


def test_a_refund_that_was_made_is_written_while_the_next_one_is_pending() -> None:
    """It is no second one: it tells what has happened."""
    made = paid().refund(refund("5.00"), by=SELLER, at=day(3))
    order = made.begin_refund(refund("1.00", id="r-2"), by=SELLER, at=day(4))

    written = write_refund(order, [refund("5.00")], reason=RefundReason.BUYER_CANCEL)

    assert written.payload["orderLevelRefundAmount"] == {"value": "5.00", "currency": "USD"}


def test_yen_are_refunded_without_decimals() -> None:
    """As the currency is written."""
    sale = attrs.evolve(
        placed().sale,
        lines=(OrderLine(id=PHONE, quantity=1, total=Money.of("1200", "JPY")),),
        total=Money.of("1200", "JPY"),
    )
    order = Order.place(sale, by=BUYER, at=day(2)).pay(
        Payment(id="pay-1", gross=sale.total), by=BUYER, at=day(2)
    )
    given = Refund(id="r-1", gross=Money.of("1200", "JPY"))

    written = write_refund(order, [given], reason=RefundReason.BUYER_CANCEL)

    assert written.payload["orderLevelRefundAmount"] == {"value": "1200", "currency": "JPY"}


def test_a_refund_that_is_recorded_already_is_not_counted_twice() -> None:
    """Whether the host records it before or after it is sent."""
    given = refund("30.00")
    recorded = paid().refund(given, by=SELLER, at=day(5))

    written = write_refund(recorded, [given], reason=RefundReason.BUYER_CANCEL)

    assert written == write_refund(paid(), [given], reason=RefundReason.BUYER_CANCEL)


def test_more_than_is_left_is_not_refunded() -> None:
    """Of the order (34915) and of a line (34924), what was given before counted."""
    order = paid().refund(refund("4.00", CASE, id="r-0"), by=SELLER, at=day(5))
    too_much = [refund("24.00", PHONE), refund("3.00", CASE, id="r-2")]

    faulty = refused(lambda: write_refund(order, too_much, reason=RefundReason.BUYER_RETURN))

    assert faulty == [
        "$: gives 27.00 USD back; allowed: 26.00 USD, which is left of order o-1",
        "$.refundItems[1].refundAmount.value: is 3.00 USD; allowed: 1.00 USD, which is left of the line",
    ]


def test_a_refund_is_of_the_order_or_of_lines() -> None:
    """And of something (34905)."""
    mixed = [refund("1.00"), refund("1.00", id="r-2"), refund("1.00", CASE, id="r-3")]
    twice = [refund("1.00", CASE), refund("1.00", CASE, id="r-2")]
    reason = RefundReason.OTHER_ADJUSTMENT

    assert refused(lambda: write_refund(paid(), mixed, reason=reason)) == [
        "$: is of the order and of lines; allowed: one of both kinds",
        "$.orderLevelRefundAmount: is of 2 refunds; allowed: one",
    ]
    assert refused(lambda: write_refund(paid(), twice, reason=reason)) == [
        "$.refundItems: names a line twice; allowed: each line once"
    ]
    assert refused(lambda: write_refund(paid(), [], reason=reason)) == [
        "$: gives nothing back; allowed: a refund of the order, or some of lines"
    ]


def test_a_refund_of_another_line_or_currency_is_refused() -> None:
    """34914, 34909, and amounts finer than a hundredth (34907)."""
    dinars = Refund(id="r-1", gross=Money.of("1.005", "KWD"), line=CASE)
    both = [dinars, refund("1.00", NO_LINE, id="r-2")]

    faulty = refused(lambda: write_refund(paid(), both, reason=RefundReason.SELLER_CANCEL))

    assert faulty == [
        "$.refundItems[0].refundAmount.currency: is KWD; allowed: USD",
        "$.refundItems[0].refundAmount.value: has 3 decimals; allowed: 2",
        "$.refundItems[1].lineItemId: is 'line-none'; allowed: line-phone, line-case",
    ]


@pytest.mark.parametrize(
    ("length", "codes"), [(100, []), (101, ["comment_long"]), (1000, ["comment_long"])]
)
def test_a_comment_may_be_long_and_is_doubted_before(length: int, codes: list[str]) -> None:
    """eBay names two limits: the error says 1,000 characters, the field 100."""
    reason, comment = RefundReason.BUYER_CANCEL, "é" * length

    written = write_refund(paid(), [refund("1.00")], reason=reason, comment=comment)

    assert written.payload["comment"] == comment
    assert [doubt.code for doubt in written.warnings] == codes


def test_a_comment_that_is_too_long_is_refused_and_not_shown() -> None:
    """It may hold anything."""
    reason = RefundReason.BUYER_CANCEL

    faulty = refused(
        lambda: write_refund(paid(), [refund("1.00")], reason=reason, comment="x" * 1001)
    )

    assert faulty == ["$.comment: has 1001 characters; allowed: 1000"]


def test_what_is_written_is_hidden_in_the_repr() -> None:
    """A payload may hold personal data."""
    written = write_refund(
        paid(), [refund("1.00")], reason=RefundReason.BUYER_CANCEL, comment="Dear Dorothea"
    )

    assert "Dorothea" not in repr(written)
    assert "payload=(hidden)" in repr(written)


EXAMPLES: dict[str, tuple[str, Callable[[], Written]]] = {
    "a parcel": (
        "ShippingFulfillmentDetails",
        lambda: write_fulfilment(packed((2, PHONE)), handed_over()),
    ),
    "one of two parcels": (
        "ShippingFulfillmentDetails",
        lambda: write_fulfilments(
            packed((2, PHONE)), handed_over(parcels=2), {ONE: {PHONE: 1}, TWO: {PHONE: 1}}
        )[1],
    ),
    "a refund of an order": (
        "IssueRefundRequest of an order",
        lambda: write_refund(paid(), [refund("30.00")], reason=RefundReason.BUYER_CANCEL),
    ),
    "a refund of lines": (
        "IssueRefundRequest of lines",
        lambda: write_refund(
            paid(),
            [refund("9.99", PHONE), refund("5.00", CASE, id="r-2")],
            reason=RefundReason.ITEM_NOT_RECEIVED,
            comment="Sorry.",
        ),
    ),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_the_operation_needs_is_there(example: str) -> None:
    """The schemas do not say it."""
    kind, write = EXAMPLES[example]

    assert missing(write().payload, REQUIRED[kind]) == set()


@pytest.mark.parametrize("kind", REQUIRED)
def test_nothing_needed_goes_unmissed(kind: str) -> None:
    """An empty document lacks all of it."""
    assert missing({}, REQUIRED[kind]) == REQUIRED[kind]


@with_data
def test_the_official_document_is_one() -> None:
    """By the validator of OpenAPI."""
    refuse_faulty_document(FULFILMENT)


@with_data
@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_written_is_valid(example: str) -> None:
    """By the official schema, closed, so that a misspelt name is a fault."""
    kind, write = EXAMPLES[example]

    assert faults(FULFILMENT, kind.partition(" ")[0], write().payload) == []


@with_data
def test_the_official_schema_finds_faults() -> None:
    """Of names, types and what is inside."""
    wrong = {"lineItems": [{"lineItemId": 7, "qty": 1}], "shippedDate": None}

    assert faults(FULFILMENT, "ShippingFulfillmentDetails", wrong) == [
        "$.lineItems[0].lineItemId: 7 is not of type 'string'",
        "$.lineItems[0]: Additional properties are not allowed ('qty' was unexpected)",
        "$.shippedDate: None is not of type 'string'",
    ]


@with_data
@pytest.mark.parametrize("name", REAL_ORDERS)
def test_real_orders_are_reported_as_sent(name: str) -> None:
    """Under the number that their fulfilment has, and as many units as were bought."""
    reading, order, consignment = packed_order(name)
    (number, *_) = (*reading.fulfilments, tracking_number("N1"))
    elsewhere = Booking(carrier=CarrierCode(CARRIER.id), labels=(Label(ONE, (number,)),))
    by, at = order.sale.seller, order.history[-1].at
    shipment = Shipment.draft(consignment, by=by, at=at).adopt(elsewhere, by=by, at=at)
    accepted = scan(Milestone.ACCEPTED, at + timedelta(days=1), str(number))

    written = write_fulfilment(order, shipment.observe([accepted]), carrier="HongKongPost")

    back = read_fulfilment(written.payload)
    assert (back.number, written.warnings) == (number, ())
    assert dict(back.units) == {line.id: line.quantity for line in order.sale.lines}
    assert faults(FULFILMENT, "ShippingFulfillmentDetails", written.payload) == []
    needed = REQUIRED["ShippingFulfillmentDetails"]
    assert missing(written.payload, needed) == set()


def test_a_local_acceptance_is_written_as_the_latest_instant_with_a_warning() -> None:
    """What eBay is told holds wherever the parcel was scanned."""
    order = packed((2, PHONE))
    elsewhere = Booking(carrier=CarrierCode(CARRIER.id), labels=booking().labels)
    local = attrs.evolve(scan(Milestone.ACCEPTED, day(5)), at=Moment.read("2026-03-05T09:00:00"))
    adopted = drafted().adopt(elsewhere, by=SELLER, at=day(3)).observe([local])

    written = write_fulfilment(order, adopted)

    assert written.payload["shippedDate"] == "2026-03-05T21:00:00.000Z"
    assert [str(it) for it in written.warnings if it.code == "local_time"] == [
        "$.shippedDate: is the latest that 2026-03-05T09:00:00 local time can mean"
    ]


@pytest.mark.parametrize(
    "other", [refund("20.00"), refund("10.00", PHONE), refund("10.00", reason="another")]
)
def test_a_refund_that_is_recorded_otherwise_is_refused(other: Refund) -> None:
    """One identifier is one refund."""
    recorded = paid().refund(refund("10.00"), by=SELLER, at=day(5))

    faulty = refused(lambda: write_refund(recorded, [other], reason=RefundReason.BUYER_CANCEL))

    assert faulty == ["$: is not refund r-1 as it is recorded; allowed: the same again"]


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x85", "\ud800"])
def test_what_no_text_holds_is_not_written(sign: str) -> None:
    """Control characters, and halves of characters, which are no UTF-8."""
    faulty = refused(
        lambda: write_refund(
            paid(), [refund("1.00")], reason=RefundReason.BUYER_CANCEL, comment=f"Dear{sign}"
        )
    )

    assert faulty == ["$.comment: has a control character or half a character; allowed: text"]


def test_a_comment_may_have_lines_and_any_script() -> None:
    """As people write."""
    comment = "Dear buyer,\n\t退款 \U0001f600"

    written = write_refund(
        paid(), [refund("1.00")], reason=RefundReason.BUYER_CANCEL, comment=comment
    )

    assert written.payload["comment"] == comment
