"""The codec: documents as they are kept, what they refuse, and how they say so."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Context, Decimal, localcontext
from pathlib import Path
from typing import assert_type

import attrs
import pytest

from apaclogistics.attention import AttentionItem, AttentionPolicy, Ground, Rule, Urgency
from apaclogistics.cancellations import OrderAction
from apaclogistics.carriers import BookingRequest
from apaclogistics.claims import Claim, Demand
from apaclogistics.codec import FORMAT, dumps, from_plain, loads, to_plain
from apaclogistics.compensation import Cap, ClaimKind, CompensationPolicy, Term
from apaclogistics.consignments import Label
from apaclogistics.declarations import Undeclared
from apaclogistics.display.story import Watch
from apaclogistics.errors import CodecErrors, InvalidTypeError, masked
from apaclogistics.evidence import Evidence, EvidenceKind
from apaclogistics.fulfilment import Milestone, Phase
from apaclogistics.history import Note, Step
from apaclogistics.inquiries import Inquiry
from apaclogistics.ledger import Balance, Wallet
from apaclogistics.lifecycle import Lifecycle
from apaclogistics.listings import Listing
from apaclogistics.orders import Order
from apaclogistics.ports import Event, Receipt, ReceiptState, Stored
from apaclogistics.promises import Handling
from apaclogistics.sales import OrderLine, Payment, Sale
from apaclogistics.shipments import Shipment
from apaclogistics.testing._specimens import bundle
from apaclogistics.threads import Opening, Question
from apaclogistics.tracking import Leg, track
from apaclogistics.values.calendars import Period, PeriodUnit, WeekendCalendar
from apaclogistics.values.identifiers import (
    CarrierCode,
    ClaimId,
    IdempotencyKey,
    InquiryId,
    ListingId,
    ListingVersion,
    OpaqueNumber,
    ParcelId,
    QuoteId,
    S10Number,
    ShipmentId,
    TrackingNumber,
)
from apaclogistics.values.instants import Instant, Moment, instant
from apaclogistics.values.money import Currency, ExchangeRate, Money
from apaclogistics.values.places import AddressLimits, Country, Party
from apaclogistics.values.quantities import Weight
from apaclogistics.values.weighing import WeightRule
from apaclogistics.values.zones import Zone
from tests.samples import (
    BUYER,
    CARRIER,
    LOSS,
    SELLER,
    assessment,
    booked,
    consignment,
    cost,
    day,
    facts,
    paid,
    party,
    placed,
    published,
    scan,
    seen,
    usd,
    verified,
    weighed,
)
from tests.test_architecture import SOURCE

GOLDEN = Path(__file__).parent / "fixtures" / "codec"


def inquiry() -> Inquiry:
    opening = Opening(
        id=InquiryId("i-1"),
        shipment=ShipmentId("sh-1"),
        opener=BUYER,
        respondent=SELLER,
        question=Question("Where is it?", day(12)),
    )
    return Inquiry.open(opening, parties=(BUYER, SELLER), by=BUYER, at=day(9))


def claim() -> Claim:
    demand = Demand(
        id=ClaimId("c-1"),
        shipment=ShipmentId("sh-1"),
        parcel=ParcelId("p-1"),
        kind=LOSS,
        claimant=SELLER,
        carrier=CARRIER,
        amount=usd("20.00"),
        facts=facts(),
        assessment=assessment(),
        evidence=(Evidence(EvidenceKind.INVOICE, "invoice-1.pdf"),),
    )
    return Claim.file(demand, parties=(SELLER, CARRIER), hindrances=(), by=SELLER, at=day(90))


AGGREGATES: dict[str, object] = {
    "bundle": bundle(1),
    "claim": claim(),
    "inquiry": inquiry(),
    "listing": published(),
    "order": paid(),
    "seller": verified(),
    "shipment": seen(booked(), Milestone.ACCEPTED)
    .measure([weighed(870, day(4))])
    .charge([cost("12.50", day(20))], by=CARRIER, at=day(20)),
}

REQUEST = BookingRequest(
    reference=IdempotencyKey("k-1"),
    quote=QuoteId("q-1"),
    carrier=CarrierCode("HKPOST"),
    service="e-Express",
    consignment=consignment(parcels=2),
)

# One of each kind of value that no aggregate above holds.
VALUES: tuple[object, ...] = (
    AttentionPolicy(near=timedelta(hours=1, microseconds=1)),
    AttentionItem(
        rule=Rule.LATE,
        urgency=Urgency.OVERDUE,
        thing="order o-1",
        for_=SELLER,
        since=day(3),
        until=day(4),
        text="it is",
        evidence=(Ground("it was promised", day(3)),),
        allowed=("a",),
    ),
    REQUEST,
    CompensationPolicy(
        name="example",
        source="an example",
        zone_name="Asia/Hong_Kong",
        silence=Term(Period(2, PeriodUnit.MONTHS)),
        caps=(Cap(Weight(1), usd("50.00")),),
        covers=frozenset(ClaimKind),
        excluded=frozenset(map(Country, ("US", "AU", "GB"))),
        effective_from=date(2026, 1, 1),
    ),
    Country("HK"),
    Event(kind="order", id="o-1", sequence=1, action="place", at=instant("2026-03-01T00:00:00.5Z")),
    ExchangeRate(base="USD", quote="HKD", rate="7.80", at=day(1), source="an example"),
    Handling(days=1, cut_off=time(15, 0, 0, 1), zone_name="Asia/Hong_Kong"),
    Phase.DRAFT,
    ListingVersion(ListingId("l-1"), 2),
    Receipt(
        key=IdempotencyKey("k-1"),
        request=REQUEST,
        state=ReceiptState.REJECTED,
        reason="too heavy",
    ),
    Wallet(SELLER, (Balance(usd("5.00"), usd("0.00")),)),
    track([scan(Milestone.DELIVERED, day(9)), scan(Milestone.ACCEPTED, day(5))]),
)


def kind(value: object) -> str:
    return type(value).__name__


def document(data: object, type_: str) -> dict[str, object]:
    return {"format": 1, "type": type_, "data": data}


def faults(call: Callable[[], object]) -> list[str]:
    """Give what a call tells as faults; a call that tells of none fails the test."""
    with pytest.raises(CodecErrors) as caught:
        call()
    assert caught.value.__cause__ is None, "what is behind it may hold personal data"
    assert caught.value.__context__ is None
    return [str(fault) for fault in caught.value.exceptions]


def faults_of(data: object, type_: type) -> list[str]:
    """Read the data of a document, which goes wrong."""
    return faults(lambda: from_plain(document(data, type_.__name__), type_))


def changed(data: object, path: str, value: object) -> object:
    """Put a value somewhere into plain data: "lines.0.quantity"; `...` takes it out."""
    step, _, rest = path.partition(".")
    copy = dict(data) if isinstance(data, dict) else list(data)  # type: ignore[call-overload]
    key = step if isinstance(copy, dict) else int(step)
    if rest:
        copy[key] = changed(copy[key], rest, value)
    elif value is ...:
        del copy[key]
    else:
        copy[key] = value
    return copy


def ran(program: str, *, seed: str = "0") -> str:
    """Run a program in a fresh interpreter; give what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[1],
        encoding="utf-8",
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(SOURCE.parent), "PYTHONUTF8": "1"},
    )
    return done.stdout


def test_a_document_says_its_format_its_type_and_its_data() -> None:
    """Whoever finds it knows what it is."""
    text = dumps(Weight(800))

    assert text == '{"format":1,"type":"Weight","data":{"grams":800}}'
    assert FORMAT == 1


@pytest.mark.parametrize("name", AGGREGATES)
def test_an_aggregate_is_written_as_it_always_was(name: str) -> None:
    """A change of these files is a change of the format."""
    golden = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")

    written = json.dumps(to_plain(AGGREGATES[name]), indent=2, ensure_ascii=False)

    assert written + "\n" == golden


@pytest.mark.parametrize("name", AGGREGATES)
def test_an_aggregate_is_read_as_it_was(name: str) -> None:
    """Blanks and line breaks do not matter."""
    golden = (GOLDEN / f"{name}.json").read_bytes()

    assert loads(golden, type(AGGREGATES[name])) == AGGREGATES[name]


def test_a_claim_is_read_that_was_written_before_stakes_were() -> None:
    """What an older document does not state is not known."""
    golden = (GOLDEN / "claim.json").read_text(encoding="utf-8")

    older = re.sub(r',\s+"stake": null', "", golden)

    assert "stake" not in older
    assert loads(older, Claim) == AGGREGATES["claim"]


@pytest.mark.parametrize("value", VALUES, ids=kind)
def test_other_values_are_read_as_they_were(value: object) -> None:
    """Requests, receipts, events, settings and what is worked out."""
    again = loads(dumps(value), type(value))

    assert again == value
    assert type(again) is type(value)


def test_the_type_of_what_is_read_is_known_to_a_type_checker() -> None:
    """mypy reads this file, too."""
    assert_type(loads(dumps(Weight(1)), Weight), Weight)
    assert_type(from_plain(to_plain(Weight(1)), Weight), Weight)
    number: TrackingNumber = loads(dumps(OpaqueNumber("N1")), TrackingNumber)
    assert_type(number, TrackingNumber)


def test_a_number_of_any_scheme_is_read_as_what_it_is() -> None:
    """The type that the document names decides, among those that are asked for."""
    numbers = (S10Number("RR", "47312482", "GB"), OpaqueNumber("RR473124829GB"))

    again: list[TrackingNumber] = [loads(dumps(number), TrackingNumber) for number in numbers]

    assert again == list(numbers)
    assert [type(number) for number in again] == [S10Number, OpaqueNumber]


def test_one_of_several_classes_says_which_beside_its_attributes() -> None:
    """Else nobody could tell two numbers of one text apart."""
    label = Label(ParcelId("p-1"), (OpaqueNumber("N1"),))

    assert to_plain(label)["data"] == {
        "parcel": "p-1",
        "numbers": [{"type": "OpaqueNumber", "text": "N1"}],
    }


def test_a_step_can_be_kept_by_itself() -> None:
    """A host may store steps instead of states; a step says what it carries."""
    step = paid().history[1]

    again = loads(dumps(step), Step[OrderAction, Sale | Payment | Note])

    assert again == step


@pytest.mark.parametrize("value", [placed(), Currency("USD"), Phase.DRAFT], ids=kind)
def test_what_storage_gives_can_be_written_with_its_version(value: object) -> None:
    """A class, what is written as a code, and a member of an enum."""
    stored = Stored(value, 3)

    assert loads(dumps(stored), Stored[type(value)]) == stored  # type: ignore[misc, arg-type]


def test_letters_of_every_script_are_written_as_they_are() -> None:
    """A document is read by people, too."""
    assert dumps(Note("已签收 🎉")) == '{"format":1,"type":"Note","data":{"text":"已签收 🎉"}}'


def test_a_decimal_keeps_its_digits() -> None:
    """7.80 is not 7.8."""
    rule = WeightRule(tolerance="1.30", discount=Decimal("1E-6"))

    again = from_plain(to_plain(rule), WeightRule)

    assert (str(again.tolerance), str(again.discount)) == ("1.30", "0.000001")


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    """Not every class converts what it is given."""
    event = Event(
        kind="order", id="o-1", sequence=1, action="place", at=day(2).in_timezone("Asia/Hong_Kong")
    )

    again = loads(dumps(event), Event)

    assert again.at == event.at
    assert again.at.tzinfo is day(2).tzinfo


def test_a_key_that_may_be_left_out_takes_what_the_class_says() -> None:
    """So a new field with a default needs no new format."""
    data = document(
        {"id": "line", "quantity": 1, "total": {"minor": 1, "currency": "USD"}}, "OrderLine"
    )

    assert from_plain(data, OrderLine).title == ""


# A document says which format it has.


def test_a_document_of_a_newer_release_is_refused() -> None:
    """It may mean something else by the same words."""
    newer = json.dumps({**to_plain(Weight(1)), "format": 2})

    assert faults(lambda: loads(newer, Weight)) == [
        "$.format: format 2 is of a newer release; allowed: 1 up to 1"
    ]


def test_a_format_that_never_was_is_refused() -> None:
    """They are counted from 1."""
    assert faults(lambda: from_plain({**to_plain(Weight(1)), "format": 0}, Weight)) == [
        "$.format: format 0 does not exist; allowed: 1 up to 1"
    ]


def test_a_document_of_an_older_format_is_upgraded_step_by_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As if weights had been text once, and kilograms then."""
    upgrades = {
        1: lambda kind, data: int(data) if kind == "Weight" else data,
        2: lambda kind, data: {"grams": data * 1000} if kind == "Weight" else data,
    }
    monkeypatch.setattr("apaclogistics.codec._formats.FORMAT", 3)
    monkeypatch.setattr("apaclogistics.codec._formats.UPGRADES", upgrades)

    first = from_plain({"format": 1, "type": "Weight", "data": "2"}, Weight)
    second = from_plain({"format": 2, "type": "Weight", "data": 2}, Weight)

    assert first == second == Weight(2000)
    assert from_plain(to_plain(Note("x")), Note) == Note("x")


def test_a_document_of_another_type_is_refused() -> None:
    """With what was asked for."""
    text = dumps(Weight(1))

    assert faults(lambda: loads(text, Money)) == [
        "$.type: type 'Weight' is not expected; allowed: Money"
    ]
    assert faults(lambda: loads(text, TrackingNumber)) == [
        (
            "$.type: type 'Weight' is not expected; "
            "allowed: S10Number, SsccNumber, SpeedPakNumber, OpaqueNumber"
        )
    ]


def test_what_is_no_document_at_all_is_refused() -> None:
    """All that is missing is named at once, and all that is too much."""
    assert faults(lambda: loads("{}", Weight)) == [
        "$.format: is missing",
        "$.type: is missing",
        "$.data: is missing",
    ]
    assert faults(lambda: loads('{"format": "1", "type": 5, "data": 0, "of": 1}', Weight)) == [
        "$.format: value is given as text; allowed: a whole number",
        "$.type: value is given as a whole number; allowed: text",
        "$.of: is unknown; allowed: format, type, data",
    ]
    assert faults(lambda: loads("null", Weight)) == [
        "$: value is given as null; allowed: an object"
    ]


# Nothing is taken for what it is not.

WRONG: dict[type, dict[str, object]] = {
    bool: {"text": "true", "one": 1, "null": None},
    int: {"text": "5", "true": True, "fraction": 5.0, "null": None, "list": [5]},
    str: {"number": 5, "true": True, "null": None, "list": ["a"], "object": {}},
    tuple: {"text": "abc", "object": {}, "null": None},
    Money: {"number": 5, "text": "5", "list": [5], "null": None},
}
PLACES: dict[type, tuple[object, str, str]] = {
    bool: (AGGREGATES["order"], "payments.0.has_failed", "true or false"),
    int: (AGGREGATES["order"], "sale.lines.0.quantity", "a whole number"),
    str: (AGGREGATES["order"], "sale.lines.0.title", "text"),
    tuple: (AGGREGATES["order"], "sale.lines", "a list"),
    Money: (AGGREGATES["order"], "sale.total", "an object"),
}


@pytest.mark.parametrize(
    ("wanted", "given"),
    [(wanted, given) for wanted, values in WRONG.items() for given in values],
)
def test_a_value_of_the_wrong_type_is_refused(wanted: type, given: str) -> None:
    """Neither text for a number nor a number for true, and null only where nothing may be."""
    thing, path, allowed = PLACES[wanted]
    data = changed(to_plain(thing)["data"], path, WRONG[wanted][given])

    (fault,) = faults_of(data, type(thing))

    place, _, problem = fault.partition(": ")
    assert place.replace("[", ".").replace("]", "") == f"$.data.{path}"
    assert problem.startswith("value is given as ")
    assert problem.endswith(f"; allowed: {allowed}")


@pytest.mark.parametrize(
    ("type_", "data", "problem"),
    [
        (Country, "UK", "country 'UK' is not assigned in ISO 3166-1"),
        (Currency, "usd", "currency 'usd' is not active in ISO 4217"),
        (Decimal, "1e5", "value '1e5' is not in shape; allowed: as in '12.50'"),
        (Decimal, "NaN", "value 'NaN' is not in shape"),
        (Decimal, "1E+1000", "value '1E+1000' is not in shape"),
        (Decimal, "\u0661", "value '\u0661' is not in shape"),
        (Instant, "2026-03-01T00:00:00", "value '2026-03-01T00:00:00' is not in shape"),
        (Instant, "2026-03-01T08:00:00+08:00", "value '2026-03-01T08:00:00+08:00' is not in shape"),
        (Instant, "2026-02-30T00:00:00Z", "time '2026-02-30T00:00:00Z' does not exist"),
        (Instant, "1066-10-14T09:00:00Z", "instant '1066-10-14 09:00:00+00:00' is out of range"),
        (Instant, "now", "value 'now' is not in shape"),
        (Phase, "DELIVERD", "value 'DELIVERD' is unknown; allowed: DELIVERED"),
        (Phase, "?", "value '?' is unknown; allowed: DRAFT, BOOKED, CONFIRMED"),
        (date, "2026-3-1", "value '2026-3-1' is not in shape; allowed: YYYY-MM-DD"),
        (date, "2026-02-30", "time '2026-02-30' does not exist"),
        (time, "24:00:00", "value '24:00:00' is not in shape; allowed: HH:MM:SS"),
        (time, "15:00:00+08:00", "value '15:00:00+08:00' is not in shape"),
        (int, 10**18, "value is given as a whole number; allowed: one of up to 18 digits"),
        (int, -(10**18), "value is given as a whole number; allowed: one of up to 18 digits"),
        (str, "\ud800", "text (hidden) is no Unicode"),
        (Weight, {"grams": 0}, "weight in grams 0 is out of range"),
    ],
)
def test_a_value_that_cannot_be_is_refused(type_: type, data: object, problem: str) -> None:
    """By its one spelling, or by the constructor's own check."""
    (fault,) = faults(lambda: from_plain(document(data, type_.__name__), type_))

    assert fault.startswith(f"$.data: {problem}")


def test_a_key_that_is_missing_and_one_that_nobody_knows_are_named() -> None:
    """The nearest known key is probably what was meant."""
    data = changed(to_plain(placed())["data"], "sale.lines.1.quantity", ...)
    data = changed(data, "sale.lines.1.quantiti", 1)
    data = changed(data, "sale.lines.1.two words", 1)

    assert faults_of(data, Order) == [
        "$.data.sale.lines[1].quantity: is missing",
        "$.data.sale.lines[1].quantiti: is unknown; allowed: quantity",
        (
            "$.data.sale.lines[1]['two words']: is unknown; "
            "allowed: id, title, sku, quantity, total, ship_by, deliver_within"
        ),
    ]


def test_a_key_that_comes_twice_is_refused() -> None:
    """Python's own parser takes the last and says nothing."""
    text = dumps(Weight(1)).replace('"grams":1', '"grams":1,"grams":2')

    assert faults(lambda: loads(text, Weight)) == [
        "$.data: value is given as an object with more than one 'grams'; allowed: an object"
    ]


def test_an_item_that_comes_twice_in_a_set_is_refused() -> None:
    """The document was made by somebody who miscounts."""
    data = {"name": "US", "countries": ["US", "US"], "postal_prefixes": []}

    assert faults_of(data, Zone) == ["$.data.countries: set of items 2 has one of them twice"]


@pytest.mark.parametrize(
    ("number", "given"),
    [
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("1.0", "a number with a fraction or an exponent"),
        ("1e2", "a number with a fraction or an exponent"),
        ("1e300000000", "a number with a fraction or an exponent"),
        ("9" * 5_000, "a whole number of many digits"),
    ],
    ids=lambda it: it[:12],
)
def test_a_number_that_is_not_whole_is_refused(number: str, given: str) -> None:
    """None of ours has a fraction; an exponent costs nothing, however large."""
    text = dumps(Weight(1)).replace('"grams":1', f'"grams":{number}')

    assert faults(lambda: loads(text, Weight)) == [
        f"$.data.grams: value is given as {given}; allowed: a whole number"
    ]


def test_a_class_must_be_one_of_those_that_may_stand_there() -> None:
    """A name that is missing, no text, or of another class."""
    data = to_plain(paid())["data"]

    def fault(name: object) -> list[str]:
        return faults_of(changed(data, "history.1.payload.type", name), Order)

    assert fault(...) == ["$.data.history[1].payload.type: is missing"]
    assert fault(["Sale"]) == [
        "$.data.history[1].payload.type: value is given as a list; allowed: text"
    ]
    assert fault("Paiment") == [
        (
            "$.data.history[1].payload.type: type 'Paiment' is not expected; "
            "allowed: Payment, PaymentHold"
        )
    ]
    assert faults_of(changed(data, "history.1.payload", "Payment"), Order) == [
        "$.data.history[1].payload: value is given as text; allowed: an object"
    ]


def test_all_faults_are_told_at_once_each_with_its_path() -> None:
    """In the order of the document; whoever mends it mends it once."""
    data = changed(to_plain(paid())["data"], "sale.lines.0.quantity", 0)
    data = changed(data, "sale.placed_at", "yesterday")
    data = changed(data, "cancellation", "CANCELED")
    data = changed(data, "history.1.payload.gross.minor", "5.00")

    assert faults_of(data, Order) == [
        (
            "$.data.sale.placed_at: value 'yesterday' is not in shape; "
            "allowed: UTC, as in '2026-03-01T00:00:00Z'"
        ),
        "$.data.sale.lines[0]: quantity 0 is out of range; allowed: 1 to 1000000",
        "$.data.cancellation: value 'CANCELED' is unknown; allowed: CANCELLED",
        "$.data.history[1].payload.gross.minor: value is given as text; allowed: a whole number",
    ]


def test_what_happened_is_not_judged_again() -> None:
    """A shipment that was booked in a way that would be refused today is still what it was."""
    data = changed(to_plain(booked())["data"], "history.1.at", "2020-01-01T00:00:00Z")

    assert from_plain(document(data, "Shipment"), Shipment).history[1].at == instant(
        "2020-01-01T00:00:00Z"
    )


@attrs.frozen
class Bad:
    """A class of somebody else, whose constructor fails as it likes."""

    number: int

    def __attrs_post_init__(self) -> None:
        raise ZeroDivisionError


def test_no_exception_of_somebody_else_comes_out() -> None:
    """Even where a constructor has a mistake."""
    assert faults_of({"number": 1}, Bad) == ["$.data: is not what it should be (ZeroDivisionError)"]


# Personal data is never repeated.

NAME = "Chan Tai Man"


@attrs.frozen
class Person:
    """Everything about a person that could be wrong, hidden."""

    birthday: date = attrs.field(repr=masked)
    country: Country = attrs.field(repr=masked)
    names: tuple[str, ...] = attrs.field(repr=masked)


def test_a_hidden_value_is_not_shown_by_its_fault() -> None:
    """Its type may be named."""
    data = {"birthday": NAME, "country": NAME, "names": [NAME, 5, NAME + "\ud800"]}

    assert faults_of(data, Person) == [
        "$.data.birthday: value (hidden) is refused",
        "$.data.country: value (hidden) is refused",
        "$.data.names[1]: value is given as a whole number; allowed: text",
        "$.data.names[2]: text (hidden) is no Unicode",
    ]


@pytest.mark.parametrize(
    ("thing", "path"),
    [
        (party(), "name"),
        (party(), "company"),
        (party(), "phone"),
        (party(), "email"),
        (party(), "address.lines"),
        (AGGREGATES["seller"], "profile.legal_name"),
        (AGGREGATES["seller"], "profile.registration"),
        (AGGREGATES["order"], "sale.note"),
        (AGGREGATES["inquiry"], "opening.question.text"),
    ],
)
@pytest.mark.parametrize(
    "wrong",
    [{NAME: NAME}, [[NAME]], NAME + "\ud800"],
    ids=["object", "nested list", "half a letter"],
)
def test_no_personal_data_is_repeated(thing: object, path: str, wrong: object) -> None:
    """Whatever is wrong with it, its type may be named."""
    data = changed(to_plain(thing)["data"], path, wrong)

    (fault,) = faults_of(data, type(thing))

    assert NAME not in fault


def test_a_name_that_is_too_long_is_refused_and_not_repeated() -> None:
    """The constructor hides it."""
    data = changed(to_plain(party())["data"], "name", NAME * 100)

    assert faults_of(data, Party) == [
        "$.data: party (hidden) is too long; allowed: 256 characters a line"
    ]


# What is hostile is refused at little cost.


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "$: is no JSON at line 1, column 1: Expecting value"),
        ("{", "$: is no JSON at line 1, column 2: Expecting property name"),
        ('{"format": 1,\n "type"', "$: is no JSON at line 2, column 8: Expecting ':' delimiter"),
        ("\ufeff{}", "$: is no JSON at line 1, column 1: Expecting value"),
        (b"\xef\xbb\xbf{}", "$: is no JSON at line 1, column 1: Expecting value"),
        (b'"\xff"', "$: is no UTF-8 at byte 1"),
        ("{} {}", "$: is no JSON at line 1, column 4: Extra data"),
        ('"\ud800"', "$: value is given as text; allowed: an object"),
        ("x" * (32 * 2**20 + 1), "$: is longer than 33554432 characters"),
        ("[" * 200_000 + "]" * 200_000, "$: is nested more than 64 deep"),
        ('{"a":' * 200_000, "$: is nested more than 64 deep"),
        ('["\\"[", ' * 65, "$: is nested more than 64 deep"),
        ("[" * 64 + '"' + "[" * 99 + '"' + "]" * 64, "$: value is given as a list"),
        ('["\\\\",' + "[" * 63 + "]" * 64, "$: value is given as a list"),
    ],
    ids=lambda it: str(it[:20]),
)
def test_what_is_no_document_is_refused_in_one_line(text: str | bytes, fault: str) -> None:
    """Before it is read, where that would cost."""
    (told,) = faults(lambda: loads(text, Weight))

    assert told.startswith(fault)


def test_what_is_neither_text_nor_bytes_is_a_mistake_of_the_caller() -> None:
    """Not of the document."""
    with pytest.raises(InvalidTypeError, match="document is given as int; allowed: text or bytes"):
        loads(5, Weight)  # type: ignore[arg-type]


def test_a_hundred_faults_are_told_and_no_more_are_looked_for() -> None:
    """A hundred thousand bad items cost as much as a hundred."""
    line = {"id": 1, "quantity": 0, "total": {"minor": 1, "currency": "XXX"}}
    data = changed(to_plain(placed())["data"], "sale.lines", [line] * 100_000)

    told = faults_of(data, Order)

    assert len(told) == 101
    assert told[:2] == [
        "$.data.sale.lines[0].id: value is given as a whole number; allowed: text",
        (
            "$.data.sale.lines[0].total.currency: currency 'XXX' is not active in ISO 4217; "
            "allowed: three capital letters"
        ),
    ]
    assert told[-1] == "$: has more faults than the 100 above"


def test_faults_in_lists_of_lists_are_counted_together() -> None:
    """Else a hundred in each of a hundred would be ten thousand."""
    zone = {"name": "Z", "countries": ["XX"] * 1000, "postal_prefixes": [1] * 1000}
    data = changed(
        to_plain(published())["data"], "versions.0.offers.0.rate_card.zones", [zone] * 1000
    )

    assert len(faults_of(data, Listing)) == 101


def test_a_hundred_thousand_unknown_keys_are_told_as_a_hundred() -> None:
    """From whatever a JSON library made of a document."""
    data = {f"k{number}": number for number in range(100_000)}

    told = faults_of(data, Weight)

    assert len(told) == 101
    assert told[:2] == ["$.data.grams: is missing", "$.data.k0: is unknown; allowed: grams"]


def test_an_object_of_a_million_keys_is_not_even_made() -> None:
    """No class has a thousand attributes."""
    text = json.dumps(document({f"k{number}": number for number in range(100_000)}, "Weight"))

    assert faults(lambda: loads(text, Weight)) == [
        "$.data: value is given as an object of 100000 keys; allowed: an object"
    ]


def test_a_message_stays_short_however_long_the_value_is() -> None:
    """And so does a path."""
    names = [f"zone {number}" for number in range(10_000)]
    data = changed(
        to_plain(published())["data"], "versions.0.offers.0.rate_card.bands.0.zone", "?" * 10_000
    )
    zones = [{"name": name, "countries": ["US"], "postal_prefixes": []} for name in names]
    data = changed(data, "versions.0.offers.0.rate_card.zones", zones)
    data = changed(data, "x" * 10_000, 1)

    told = faults_of(data, Listing)

    assert len(told) == 2
    assert max(map(len, told)) < 600


# Writing is as strict, so that what is written can be read.


def address_limits(countries: object) -> AddressLimits:
    """Give limits whose countries are not what their type says."""
    return AddressLimits(line_characters=50, lines=3, countries=countries, source="x")  # type: ignore[arg-type]


UNWRITABLE: dict[str, tuple[object, str]] = {
    "half a letter": (Stored("\ud800", 1), "text (hidden) is no Unicode"),
    "a number as text": (
        WeekendCalendar(name=5),  # type: ignore[arg-type]
        "value is given as a whole number; allowed: text",
    ),
    "true as a number": (Stored("x", True), "value is given as true or false"),  # noqa: FBT003
    "a huge number": (Stored("x", 10**18), "value is given as a whole number"),
    "a set that changes": (
        address_limits({Country("HK")}),
        "value is given as set; allowed: frozenset",
    ),
    "text as a tuple": (Undeclared("N1"), "value is given as text; allowed: tuple"),  # type: ignore[arg-type]
    "text as a kind": (
        Leg(number=1, began=Moment(day(1)), phase="held", ended=None),  # type: ignore[arg-type]
        "value is given as text; allowed: Phase",
    ),
    "text as a country": (
        address_limits(frozenset({"US"})),
        "is not what it should be (AttributeError)",
    ),
    "a fraction": (Stored(5.0, 1), "value is given as a number with a fraction or an exponent"),
    "bytes": (Stored(b"", 1), "value is given as bytes"),
    "no number": (Decimal("NaN"), "value 'NaN' is not in shape"),
    "a clock with a zone": (time(12, tzinfo=day(1).tzinfo), "value '12:00:00"),
    "a day with a clock": (
        WeekendCalendar(known_through=day(1)),
        "value is given as DateTime; allowed: date",
    ),
    "an instant without a zone": (
        Watch(at=day(1).naive(), items=()),
        "instant '2026-03-01 09:00:00' has no zone",
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_a_value_that_holds_something_else_than_its_types_say_is_not_written(name: str) -> None:
    """Nobody could read it again."""
    value, problem = UNWRITABLE[name]

    (fault,) = faults(lambda: dumps(value))

    assert fault.startswith(f"$.data: {problem}")


@pytest.mark.parametrize(
    "value", [None, {"a": 1}, [1], (1,), object(), int], ids=lambda it: str(it)[:8]
)
def test_a_value_of_a_foreign_type_is_not_written(value: object) -> None:
    """A document holds the types of this library."""
    with pytest.raises(InvalidTypeError, match="type is given as"):
        dumps(value)


@pytest.mark.parametrize(
    "type_", [dict, list[int], tuple[int, str], frozenset, Lifecycle, Step, Stored, object(), None]
)
def test_a_foreign_type_is_not_read(type_: type[object]) -> None:
    """Nor one that leaves open what it holds."""
    with pytest.raises(InvalidTypeError, match="type is given as"):
        loads(dumps(Weight(1)), type_)


def test_no_class_of_ours_has_an_attribute_that_means_its_type() -> None:
    """The name of the class stands there."""
    classes = {kind for value in AGGREGATES.values() for kind in held(value)}

    assert Sale in classes
    assert [it for it in classes if "type" in attrs.fields_dict(it)] == []


def held(value: object) -> set[type]:
    """Give the classes of a value and of all that it holds."""
    if isinstance(value, tuple | frozenset):
        return {kind for item in value for kind in held(item)}
    kind = type(value)
    if not attrs.has(kind):
        return set()
    parts = (getattr(value, field.name) for field in attrs.fields(kind))
    return {kind}.union(*map(held, parts))


# What it costs a host.


def test_cattrs_is_imported_with_the_first_document() -> None:
    """Importing the library stays light."""
    out = ran(
        "import sys, apaclogistics.codec as codec\n"
        "from apaclogistics.values.quantities import Weight\n"
        "print('cattrs' in sys.modules, codec.FORMAT)\n"
        "print(codec.dumps(Weight(1)), 'cattrs' in sys.modules)\n"
    )

    assert out == 'False 1\n{"format":1,"type":"Weight","data":{"grams":1}} True\n'


def test_threads_that_read_at_once_get_the_same() -> None:
    """The first document may come to all of them at the same time."""
    out = ran(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from threading import Barrier\n"
        "from apaclogistics.codec import dumps, loads\n"
        "from tests.samples import paid\n"
        "from apaclogistics.orders import Order\n"
        "together, order = Barrier(8), paid()\n"
        "def run(_):\n"
        "    together.wait()\n"
        "    return loads(dumps(order), Order) == order\n"
        "print(set(ThreadPoolExecutor(8).map(run, range(8))))\n"
    )

    assert out == "{True}\n"


def test_the_text_does_not_depend_on_the_hash_seed() -> None:
    """Sets are sorted."""
    program = (
        "from apaclogistics.codec import dumps\n"
        "from tests.test_codec import AGGREGATES, VALUES\n"
        "print(*map(dumps, (*AGGREGATES.values(), *VALUES)), sep='\\n')\n"
    )

    assert len({ran(program, seed=seed) for seed in ("0", "1", "2")}) == 1


def test_the_hosts_decimal_context_changes_no_document() -> None:
    """It may ask for small letters, which no reader takes."""
    rate = ExchangeRate(
        base="USD", quote="HKD", rate="0.000000000001", at=day(1), source="an example"
    )

    with localcontext(Context(capitals=0)):
        written = dumps(rate)

    assert written == dumps(rate)
    assert loads(written, ExchangeRate) == rate


CONTRADICTED: dict[str, tuple[str, object]] = {
    "bundle": ("state", "CANCELLED"),
    "claim": ("paid", {"minor": 10**12, "currency": "USD"}),
    "inquiry": ("state", "RESOLVED"),
    "listing": ("state", "SUSPENDED"),
    "order": ("payments", []),
    "seller": ("state", "CLOSED"),
    "shipment": ("commanded", "CANCELLED"),
}


@pytest.mark.parametrize("name", AGGREGATES)
def test_what_contradicts_its_own_history_is_not_read(name: str) -> None:
    """Else a document would say what was paid, and its history something else."""
    thing = AGGREGATES[name]
    path, value = CONTRADICTED[name]
    data = to_plain(thing)["data"]

    (told,) = faults_of(changed(data, path, value), type(thing))

    assert told.startswith(f"$.data: {name} by its history")
    assert told.endswith("is another; allowed: what its history and facts give")


@pytest.mark.parametrize("name", AGGREGATES)
def test_what_has_no_history_is_not_read(name: str) -> None:
    """Every thing was begun by somebody."""
    thing = AGGREGATES[name]

    (told,) = faults_of(changed(to_plain(thing)["data"], "history", []), type(thing))

    assert told == f"$.data: history of the {name} () is empty; allowed: one step or more"
