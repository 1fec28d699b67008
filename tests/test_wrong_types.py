"""Whatever is handed in, the answer is an error of ours, and nothing is kept that cannot be written.

Every use case has one call here that goes through.  It is made again with one part wrong, each part
in turn: not one error of somebody else comes out, what is stored stays as it was where the call is
refused, and can be written as documents where it is not.
"""

import inspect
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, TypeAlias

import pytest

from apaclogistics import codec
from apaclogistics.allocations import Units
from apaclogistics.application import LogisticsPlatform, Patience
from apaclogistics.arrivals import ArrivalPolicy, Estimate
from apaclogistics.attention import AttentionPolicy
from apaclogistics.carriers import ComplaintKind
from apaclogistics.catalogue.inquiries import EBAY_ITEM_NOT_RECEIVED
from apaclogistics.claims import EvidenceRequest, Figured
from apaclogistics.compensation import ClaimKind, Worth
from apaclogistics.errors import ApacLogisticsError
from apaclogistics.evidence import EvidenceKind
from apaclogistics.findings import Finding, PromisePolicy, Severity
from apaclogistics.inquiry_policies import Closing
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.offers import Carriage
from apaclogistics.payments import PaymentHold
from apaclogistics.profiles import Agreement
from apaclogistics.quotes import Almanac
from apaclogistics.routes import Route
from apaclogistics.sales import Payment
from apaclogistics.sellers import Activity
from apaclogistics.threads import Question, Resolution, Settled
from apaclogistics.values.calendars import WEEKENDS
from apaclogistics.values.goods import Incoterm
from apaclogistics.values.identifiers import (
    BundleId,
    ClaimId,
    IdempotencyKey,
    InquiryId,
    SellerId,
)
from apaclogistics.values.instants import Window
from apaclogistics.values.money import ExchangeRate
from apaclogistics.values.places import Place
from tests.samples import (
    BUYER,
    CARRIER,
    PHONE,
    PLATFORM,
    SELLER,
    adoption,
    cost,
    day,
    identity,
    logistics,
    placed,
    profile,
    rate_card,
    sale,
    scan,
    terms,
    usd,
    weighed,
)
from tests.stages import BROOKLYN, LISTING, ORDER, Stage, pieces, sold
from tests.test_application_bundles import CODE, COUNTER, confirmed, opened
from tests.test_application_claims import INVOICE, LOST, POLICY, SHIPMENT, accepted, file, lost
from tests.test_application_inquiries import estimated
from tests.test_application_offers import qualification
from tests.wrong import WRONG

Call: TypeAlias = tuple[Callable[[], Stage], dict[str, object]]

ID: Final = SellerId(SELLER.id)
NEW: Final = Actor(Role.SELLER, "s-2")
CLAIM: Final = ClaimId(f"{SHIPMENT}:{LOST}:LOSS:1")
INQUIRY: Final = InquiryId("inquiry-1")
BUNDLE: Final = BundleId("bundle-1")
LATER: Final = day(200)
RATE: Final = ExchangeRate(base="HKD", quote="USD", rate="0.125", at=day(1), source="an example")
CARRIAGE: Final = Carriage(destination=BROOKLYN, parcels=pieces(1))
FINDING: Final = Finding(offer="Economy", severity=Severity.ERROR, code="late", text="it is late")


def after(begin: Callable[[], Stage], *steps: Callable[[LogisticsPlatform], object]) -> Stage:
    """Bring a stage on by some steps."""
    stage = begin()
    for step in steps:
        step(stage.platform)
    return stage


def later(begin: Callable[[], Stage], days: int) -> Stage:
    """Let days go by."""
    stage = begin()
    stage.clock.advance(timedelta(days=days))
    return stage


def empty() -> Stage:
    """Give a stage on which nobody has done anything."""
    return Stage()


def registered() -> Stage:
    """Give a stage whose seller waits for verification."""
    return after(empty, lambda it: it.sellers.register(ID, profile(), by=SELLER))


def verified() -> Stage:
    """Give a stage whose seller is verified."""
    return after(registered, lambda it: it.sellers.verify(ID, by=PLATFORM))


def rejected_seller() -> Stage:
    """Give a stage whose seller was turned down."""
    return after(registered, lambda it: it.sellers.reject(ID, "no", by=PLATFORM))


def suspended_seller() -> Stage:
    """Give a stage whose seller is suspended."""
    return after(verified, lambda it: it.sellers.suspend(ID, "stop", by=PLATFORM))


def drafted_listing() -> Stage:
    """Give a stage with a listing that nobody sees."""
    return after(verified, lambda it: it.listings.draft(terms(), by=SELLER))


def published() -> Stage:
    """Give a stage with a listing that buyers see."""
    return after(drafted_listing, lambda it: it.listings.publish(LISTING, by=SELLER))


def paused() -> Stage:
    """Give a stage with a listing that is out of sight."""
    return after(published, lambda it: it.listings.pause(LISTING, by=SELLER))


def suspended_listing() -> Stage:
    """Give a stage with a listing that the platform has suspended."""
    return after(published, lambda it: it.listings.suspend(LISTING, "no", by=PLATFORM))


def unpaid() -> Stage:
    """Give a stage whose order nobody has paid for."""
    return after(lambda: later(published, 1), lambda it: it.orders.place(sale(), by=BUYER))


def refunding() -> Stage:
    """Give a stage with a refund that is pending."""
    return after(sold, lambda it: it.orders.begin_refund(ORDER, usd("5.00"), by=SELLER))


def holding() -> Stage:
    """Give a stage with a payment that is held back."""
    held = PaymentHold(id="h-1", amount=usd("5.00"))
    return after(sold, lambda it: it.orders.hold_payment(ORDER, held, by=PLATFORM))


def cancelling() -> Stage:
    """Give a stage whose buyer wants to cancel, and will not for long."""
    return after(
        sold,
        lambda it: it.orders.request_cancellation(ORDER, "why", by=BUYER, decide_by=day(4)),
    )


def stage_with(step: Callable[[Stage], object]) -> Stage:
    """Take a sold stage to a step of its shipment."""
    stage = sold()
    step(stage)
    return stage


def drafted() -> Stage:
    """Give a stage with a shipment that nothing is booked for."""
    return stage_with(Stage.drafted)


def booked() -> Stage:
    """Give a stage with a shipment that is booked."""
    return stage_with(Stage.booked)


def confirmed_alone() -> Stage:
    """Give a stage with a shipment that is paid for."""
    return stage_with(Stage.confirmed)


def handed_over() -> Stage:
    """Give a stage with a shipment that is under way."""
    return stage_with(Stage.handed_over)


def delivered() -> Stage:
    """Give a stage with a shipment that has come."""
    return stage_with(lambda stage: stage.tracked(stage.handed_over(), days=40))


def cancelled() -> Stage:
    """Give a stage with a shipment that came to nothing."""
    return after(booked, lambda it: it.shipments.cancel(SHIPMENT, by=SELLER))


def bundled(*, filled: bool = True) -> Stage:
    """Give a stage with a bundle, and a shipment for it."""
    stage = sold()
    shipment = confirmed(stage, {PHONE: 1})
    id = opened(stage)
    if filled:
        stage.platform.bundles.add(id, [shipment], by=SELLER)
    return stage


def unbundled() -> Stage:
    """Give a stage with a bundle that holds nothing, and a shipment for it."""
    return bundled(filled=False)


def bundle_handed_over() -> Stage:
    """Give a stage with a bundle that the carrier has."""
    return after(bundled, lambda it: it.bundles.hand_over(BUNDLE, by=SELLER))


def asked() -> Stage:
    """Give a stage with an open inquiry."""
    question, closing = Question("Where?", day(20)), Closing(by=day(40))
    return after(
        handed_over,
        lambda it: it.inquiries.open(SHIPMENT, SELLER, question, by=BUYER, closing=closing),
    )


def answered() -> Stage:
    """Give a stage with an inquiry that is answered."""
    return after(asked, lambda it: it.inquiries.answer(INQUIRY, "There.", by=SELLER))


def escalated_inquiry() -> Stage:
    """Give a stage with an inquiry that the platform decides."""
    late = lambda: later(asked, 25)  # noqa: E731
    return after(late, lambda it: it.inquiries.escalate(INQUIRY, "now", by=BUYER))


def come_after_all() -> Stage:
    """Give a stage with an inquiry about what was delivered since."""
    stage = asked()
    stage.tracked(SHIPMENT, days=15)
    return stage


def received() -> Stage:
    """Give a stage with an inquiry about what the buyer has received since."""
    return after(come_after_all, lambda it: it.shipments.confirm_receipt(SHIPMENT, by=BUYER))


def missing() -> Stage:
    """Give a stage whose buyer may say that nothing came."""
    stage, _ = estimated()
    stage.clock.move_to(day(15))
    return stage


def refunded() -> Stage:
    """Give a stage with an inquiry about what the buyer was paid back for since."""
    rule = EBAY_ITEM_NOT_RECEIVED.rule
    return after(
        missing,
        lambda it: it.inquiries.report_missing(SHIPMENT, "?", rule, zone_name="UTC", by=BUYER),
        lambda it: it.orders.refund(ORDER, usd("30.00"), by=SELLER),
    )


def filed() -> Stage:
    """Give a stage with a claim that nobody has looked at."""
    stage = lost()
    file(stage)
    return stage


def under_review() -> Stage:
    """Give a stage with a claim that the carrier looks at."""
    return after(filed, lambda it: it.claims.acknowledge(CLAIM, by=CARRIER))


def evidence_wanted() -> Stage:
    """Give a stage with a claim that needs more."""
    request = EvidenceRequest(frozenset({EvidenceKind.INVOICE}), LATER)
    return after(under_review, lambda it: it.claims.request_evidence(CLAIM, request, by=CARRIER))


def offered() -> Stage:
    """Give a stage with a claim and an amount on the table, for a while."""
    figure = Figured(usd("5.00"), "", day(110))
    return after(under_review, lambda it: it.claims.offer(CLAIM, figure, by=CARRIER))


def agreed() -> Stage:
    """Give a stage with a claim that is to be paid."""
    stage = lost()
    accepted(stage)
    return stage


def settled() -> Stage:
    """Give a stage with a claim that was paid."""
    return after(agreed, lambda it: it.claims.settle(CLAIM, by=CARRIER))


def escalated_claim() -> Stage:
    """Give a stage with a claim that the platform decides."""
    return after(filed, lambda it: it.claims.escalate(CLAIM, "now", by=SELLER))


QUOTE: Final = drafted().quote()

_REFUND: Final[dict[str, object]] = {
    "id": ORDER,
    "amount": usd("5.00"),
    "by": SELLER,
    "reason": "sorry",
    "line": PHONE,
    "net": usd("5.00"),
    "unless_disputed": True,
}
_SHIPMENT: Final[dict[str, object]] = {"id": SHIPMENT}
_WRAPPED: Final[dict[str, object]] = {
    "parcels": pieces(1),
    "by": SELLER,
    "promise": None,
    "incoterm": Incoterm.DAP,
    "preference": COUNTER,
}
_CASE: Final[dict[str, object]] = {
    "shipment": SHIPMENT,
    "parcel": LOST,
    "kind": ClaimKind.LOSS,
    "policy": POLICY,
    "worth": Worth(invoice=usd("18.00")),
    "rate_card": rate_card(),
    "rates": [RATE],
}

CALLS: Final[Mapping[str, Call]] = {
    "sellers.get": (registered, {"id": ID}),
    "sellers.register": (empty, {"id": ID, "profile": profile(), "by": SELLER}),
    "sellers.verify": (registered, {"id": ID, "by": PLATFORM, "note": ""}),
    "sellers.reject": (registered, {"id": ID, "note": "no", "by": PLATFORM}),
    "sellers.resubmit": (rejected_seller, {"id": ID, "profile": profile("New"), "by": SELLER}),
    "sellers.amend_identity": (verified, {"id": ID, "identity": identity("New"), "by": SELLER}),
    "sellers.amend_logistics": (
        verified,
        {"id": ID, "logistics": logistics("2 Queen's Road"), "by": SELLER},
    ),
    "sellers.agree": (verified, {"id": ID, "agreement": Agreement("terms", "1"), "by": SELLER}),
    "sellers.qualify": (
        verified,
        {"id": ID, "qualification": qualification(LATER), "by": PLATFORM},
    ),
    "sellers.may": (verified, {"id": ID, "what": Activity.BOOK}),
    "sellers.suspend": (verified, {"id": ID, "note": "stop", "by": PLATFORM}),
    "sellers.reinstate": (suspended_seller, {"id": ID, "by": PLATFORM, "note": ""}),
    "sellers.close": (verified, {"id": ID, "by": SELLER, "note": ""}),
    "sellers.wallet": (verified, {"owner": SELLER}),
    "sellers.deposit": (
        verified,
        {"owner": SELLER, "amount": usd("1.00"), "cause": "top-up", "by": SELLER},
    ),
    "listings.get": (published, {"id": LISTING}),
    "listings.draft": (verified, {"terms": terms(), "by": SELLER}),
    "listings.revise": (published, {"id": LISTING, "terms": terms("6.00"), "by": SELLER}),
    "listings.publish": (drafted_listing, {"id": LISTING, "by": SELLER}),
    "listings.pause": (published, {"id": LISTING, "by": SELLER, "note": ""}),
    "listings.resume": (paused, {"id": LISTING, "by": SELLER}),
    "listings.suspend": (
        published,
        {"id": LISTING, "note": "no", "findings": [FINDING], "by": PLATFORM},
    ),
    "listings.reinstate": (suspended_listing, {"id": LISTING, "by": PLATFORM, "note": ""}),
    "listings.withdraw": (published, {"id": LISTING, "by": SELLER, "note": ""}),
    "listings.check": (published, {"id": LISTING, "policy": PromisePolicy()}),
    "listings.quote": (
        published,
        {
            "id": LISTING,
            "carriage": CARRIAGE,
            "offer": "Economy",
            "valid_for": timedelta(days=1),
            "almanac": Almanac(),
        },
    ),
    "listings.offers_for": (
        published,
        {
            "carriage": CARRIAGE,
            "currency": "USD",
            "valid_for": timedelta(days=1),
            "almanac": Almanac(),
        },
    ),
    "orders.get": (sold, {"id": ORDER}),
    "orders.place": (published, {"sale": sale(), "by": BUYER, "must_add_up": True}),
    "orders.take_in": (published, {"order": placed(), "must_add_up": True}),
    "orders.refresh": (unpaid, {"order": placed()}),
    "orders.pay": (
        unpaid,
        {"id": ORDER, "payment": Payment(id="pay-1", gross=usd("30.00")), "by": BUYER},
    ),
    "orders.refund": (sold, _REFUND),
    "orders.begin_refund": (sold, _REFUND),
    "orders.settle_refund": (
        refunding,
        {"id": ORDER, "refund": "refund-1", "by": PLATFORM, "note": ""},
    ),
    "orders.fail_refund": (
        refunding,
        {"id": ORDER, "refund": "refund-1", "note": "no", "by": PLATFORM},
    ),
    "orders.hold_payment": (
        sold,
        {"id": ORDER, "held": PaymentHold(id="h-1", amount=usd("5.00")), "by": PLATFORM},
    ),
    "orders.release_payment": (holding, {"id": ORDER, "hold": "h-1", "by": PLATFORM, "note": ""}),
    "orders.dispatch": (sold, {"id": ORDER, "carrier": CODE, "by": PLATFORM, "note": ""}),
    "orders.request_cancellation": (
        sold,
        {"id": ORDER, "note": "why", "by": BUYER, "decide_by": LATER},
    ),
    "orders.lapse_cancellation": (lambda: later(cancelling, 9), {"id": ORDER, "by": PLATFORM}),
    "orders.retract_cancellation": (cancelling, {"id": ORDER, "by": BUYER}),
    "orders.reject_cancellation": (cancelling, {"id": ORDER, "note": "no", "by": SELLER}),
    "orders.cancel": (
        sold,
        {"id": ORDER, "note": "gone", "by": SELLER, "unless_disputed": True},
    ),
    "shipments.get": (drafted, _SHIPMENT),
    "shipments.find": (booked, {"number": adoption().labels[0].numbers[0]}),
    "shipments.draft": (sold, {"order": ORDER, "units": {PHONE: 1}, **_WRAPPED}),
    "shipments.draft_together": (sold, {"packing": {ORDER: [Units(PHONE, 1)]}, **_WRAPPED}),
    "shipments.reship": (cancelled, {"id": SHIPMENT, "by": SELLER}),
    "shipments.declare": (drafted, {"id": SHIPMENT, "rates": [RATE]}),
    "shipments.book": (
        drafted,
        {"id": SHIPMENT, "quote": QUOTE, "key": IdempotencyKey("key"), "by": SELLER},
    ),
    "shipments.confirm": (booked, {"id": SHIPMENT, "by": SELLER}),
    "shipments.confirm_all": (booked, {"ids": [SHIPMENT], "by": SELLER}),
    "shipments.cancel": (booked, {"id": SHIPMENT, "by": SELLER, "note": ""}),
    "shipments.cancel_all": (booked, {"ids": [SHIPMENT], "by": SELLER, "note": ""}),
    "shipments.labels": (booked, {"id": SHIPMENT, "by": SELLER}),
    "shipments.printed_sheet": (booked, {"ids": [SHIPMENT], "by": SELLER}),
    "shipments.complain": (
        handed_over,
        {"id": SHIPMENT, "kind": ComplaintKind.LOST_PACKAGE, "reason": "gone", "by": SELLER},
    ),
    "shipments.adopt": (drafted, {"id": SHIPMENT, "booking": adoption(), "by": SELLER}),
    "shipments.hand_over": (confirmed_alone, {"id": SHIPMENT, "by": SELLER, "note": ""}),
    "shipments.observe": (handed_over, {"id": SHIPMENT, "scans": [scan(None, day(5))]}),
    "shipments.measure": (handed_over, {"id": SHIPMENT, "measurements": [weighed(5, day(5))]}),
    "shipments.charge": (
        handed_over,
        {"id": SHIPMENT, "rows": [cost("1.00", day(5))], "by": CARRIER},
    ),
    "shipments.reconcile": (handed_over, {"id": SHIPMENT, "by": CARRIER}),
    "shipments.track": (handed_over, _SHIPMENT),
    "shipments.arrivals": (
        handed_over,
        {
            "id": SHIPMENT,
            "estimates": [Estimate(Window(day(5), day(6)), day(3))],
            "route": Route.through(Place(country="HK"), Place(country="US")),
            "policy": ArrivalPolicy(),
        },
    ),
    "shipments.confirm_receipt": (delivered, {"id": SHIPMENT, "by": BUYER, "note": ""}),
    "shipments.complete": (
        delivered,
        {"id": SHIPMENT, "by": PLATFORM, "patience": timedelta(days=7)},
    ),
    "shipments.close": (lost, {"id": SHIPMENT, "note": "gone", "by": PLATFORM}),
    "bundles.get": (unbundled, {"id": BUNDLE}),
    "bundles.of_shipment": (bundled, _SHIPMENT),
    "bundles.open": (
        sold,
        {"carrier": CODE, "preference": COUNTER, "seller": SELLER, "by": SELLER, "most": None},
    ),
    "bundles.add": (unbundled, {"id": BUNDLE, "shipments": [SHIPMENT], "by": SELLER}),
    "bundles.remove": (bundled, {"id": BUNDLE, "shipments": [SHIPMENT], "by": SELLER}),
    "bundles.hand_over": (bundled, {"id": BUNDLE, "by": SELLER, "note": ""}),
    "bundles.label": (bundle_handed_over, {"id": BUNDLE, "by": SELLER}),
    "bundles.receive": (bundle_handed_over, {"id": BUNDLE, "by": CARRIER, "note": ""}),
    "bundles.cancel": (bundled, {"id": BUNDLE, "by": SELLER, "note": ""}),
    "bundles.sheet": (bundled, {"id": BUNDLE}),
    "inquiries.get": (asked, {"id": INQUIRY}),
    "inquiries.open": (
        handed_over,
        {
            "shipment": SHIPMENT,
            "respondent": SELLER,
            "question": Question("Where?", LATER),
            "by": BUYER,
            "others": [CARRIER],
            "closing": Closing(by=LATER),
        },
    ),
    "inquiries.report_missing": (
        missing,
        {
            "shipment": SHIPMENT,
            "text": "It is not here.",
            "policy": EBAY_ITEM_NOT_RECEIVED.rule,
            "zone_name": "UTC",
            "by": BUYER,
            "calendar": WEEKENDS,
            "evidence": [INVOICE],
        },
    ),
    "inquiries.answer": (
        asked,
        {"id": INQUIRY, "text": "There.", "by": SELLER, "evidence": [INVOICE]},
    ),
    "inquiries.write": (asked, {"id": INQUIRY, "text": "And?", "by": BUYER, "evidence": []}),
    "inquiries.ask": (
        answered,
        {"id": INQUIRY, "question": Question("And?", day(30)), "by": BUYER},
    ),
    "inquiries.resolve": (
        refunded,
        {
            "id": INQUIRY,
            "by": PLATFORM,
            "on": Resolution(settled=Settled.REFUND, at=day(15), reference="refund-1"),
            "note": "",
        },
    ),
    "inquiries.resolve_on_delivery": (come_after_all, {"id": INQUIRY, "by": PLATFORM}),
    "inquiries.resolve_on_receipt": (received, {"id": INQUIRY, "by": PLATFORM}),
    "inquiries.resolve_on_refund": (refunded, {"id": INQUIRY, "by": PLATFORM}),
    "inquiries.allowed": (asked, {"id": INQUIRY, "actor": SELLER}),
    "inquiries.deadline": (asked, {"id": INQUIRY}),
    "inquiries.escalate": (
        lambda: later(asked, 25),
        {"id": INQUIRY, "note": "now", "by": BUYER},
    ),
    "inquiries.expire": (lambda: later(asked, 50), {"id": INQUIRY, "by": PLATFORM}),
    "inquiries.decide": (escalated_inquiry, {"id": INQUIRY, "note": "done", "by": PLATFORM}),
    "claims.get": (filed, {"id": CLAIM}),
    "claims.assess": (lost, _CASE),
    "claims.file": (
        lost,
        {**_CASE, "by": SELLER, "amount": usd("18.00"), "evidence": [INVOICE], "inquiry": None},
    ),
    "claims.complain": (filed, {"id": CLAIM, "reason": "gone", "by": SELLER}),
    "claims.acknowledge": (filed, {"id": CLAIM, "by": CARRIER}),
    "claims.request_evidence": (
        under_review,
        {
            "id": CLAIM,
            "request": EvidenceRequest(frozenset({EvidenceKind.INVOICE}), LATER),
            "by": CARRIER,
        },
    ),
    "claims.submit_evidence": (evidence_wanted, {"id": CLAIM, "evidence": [INVOICE], "by": SELLER}),
    "claims.offer": (under_review, {"id": CLAIM, "figure": Figured(usd("5.00")), "by": CARRIER}),
    "claims.counter": (offered, {"id": CLAIM, "figure": Figured(usd("9.00")), "by": SELLER}),
    "claims.accept": (offered, {"id": CLAIM, "by": SELLER}),
    "claims.reject": (filed, {"id": CLAIM, "note": "no", "by": CARRIER}),
    "claims.escalate": (filed, {"id": CLAIM, "note": "now", "by": SELLER}),
    "claims.decide_for": (
        escalated_claim,
        {"id": CLAIM, "figure": Figured(usd("5.00")), "by": PLATFORM},
    ),
    "claims.decide_against": (escalated_claim, {"id": CLAIM, "note": "no", "by": PLATFORM}),
    "claims.expire": (lambda: later(offered, 99), {"id": CLAIM, "by": PLATFORM}),
    "claims.withdraw": (filed, {"id": CLAIM, "by": SELLER}),
    "claims.settle": (agreed, {"id": CLAIM, "by": CARRIER}),
    "claims.recover": (settled, {"id": CLAIM, "note": "found", "by": PLATFORM}),
    "claims.allowed": (filed, {"id": CLAIM, "actor": SELLER}),
    "claims.deadline": (filed, {"id": CLAIM}),
    "snapshot": (settled, {}),
    "attention": (settled, {"policy": AttentionPolicy(), "calendar": WEEKENDS}),
    "records": (settled, {}),
    "sweep": (settled, {"at": day(100), "patience": Patience()}),
    "journal": (settled, {}),
    "ledger": (settled, {"at": day(100)}),
    "statements": (settled, {"owner": SELLER, "since": day(1), "until": LATER}),
}


def faces(platform: LogisticsPlatform) -> Mapping[str, object]:
    """Give the platform and its desks by their names."""
    desks = ("sellers", "listings", "orders", "shipments", "bundles", "inquiries", "claims")
    return {"": platform, **{name: getattr(platform, name) for name in desks}}


def verb_of(stage: Stage, name: str) -> Callable[..., object]:
    """Find a use case by its name."""
    desk, _, verb = name.rpartition(".")
    found: Callable[..., object] = getattr(faces(stage.platform)[desk], verb)
    return found


def kept(stage: Stage) -> tuple[object, ...]:
    """Give everything that is stored."""
    with stage.storage.unit_of_work() as work:
        pages = (
            work.sellers.page(limit=99),
            work.listings.page(limit=99),
            work.orders.page(limit=99),
            work.shipments.page(limit=99),
            work.bundles.page(limit=99),
            work.inquiries.page(limit=99),
            work.claims.page(limit=99),
            work.wallets.page(limit=99),
        )
        return tuple(stored.value for page in pages for stored in page)


def test_every_use_case_has_a_call_with_every_argument() -> None:
    """A new verb, or a new argument of one, is tried from the first day."""
    verbs = {
        f"{desk}.{name}".lstrip("."): set(inspect.signature(verb).parameters)
        for desk, face in faces(Stage().platform).items()
        for name, verb in inspect.getmembers(face, inspect.ismethod)
        if not name.startswith("_")
    }

    assert {name: set(given) for name, (_, given) in CALLS.items()} == verbs


@pytest.mark.parametrize("name", CALLS)
def test_a_call_as_it_should_be_goes_through(name: str) -> None:
    """Else what is wrong with another would not be looked at."""
    begin, given = CALLS[name]

    verb_of(begin(), name)(**given)


@pytest.mark.parametrize(
    ("name", "part"), [(name, part) for name, (_, given) in CALLS.items() for part in given]
)
def test_a_wrong_argument_is_refused_or_can_be_written(name: str, part: str) -> None:
    """With one of our own errors, and what is stored is as it was."""
    begin, given = CALLS[name]
    stage = begin()
    before = kept(stage)

    for wrong in WRONG:
        try:
            verb_of(stage, name)(**given | {part: wrong})
        except ApacLogisticsError:
            assert kept(stage) == before
        else:
            for thing in kept(stage):
                assert codec.loads(codec.dumps(thing), type(thing)) == thing
            stage = begin()
