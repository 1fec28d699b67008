"""A host application in a hundred lines: the steps over HTTP, and our errors as its answers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import attrs
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from apaclogistics.adapters.simulation import Mishap, SimulatedCarrier
from apaclogistics.attention import AttentionPolicy
from apaclogistics.codec import dumps, loads
from apaclogistics.consignments import Parcel
from apaclogistics.fulfilment import Phase
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.listings import Listing, ListingState
from apaclogistics.orders import Order
from apaclogistics.payments import PaymentStatus
from apaclogistics.quotes import Quote, QuoteRefused
from apaclogistics.sales import Payment
from apaclogistics.sellers import Seller, SellerState
from apaclogistics.shipments import Shipment
from apaclogistics.values.quantities import Weight
from tests.host_app import create_app
from tests.samples import (
    BUYER,
    CARRIER,
    PHONE,
    PLATFORM,
    SELLER,
    day,
    parcel,
    profile,
    rate_card,
    sale,
    terms,
    usd,
)
from tests.stages import Stage

USERS = {
    "seller": SELLER,
    "buyer": BUYER,
    "staff": PLATFORM,
    "stranger": Actor(Role.SELLER, "s-2"),
}


class Client:
    """Speaks to the application as one of its users."""

    def __init__(self, http: FlaskClient) -> None:
        """Speak through a client of Flask's."""
        self._http = http

    def put(self, path: str, user: str, thing: object) -> TestResponse:
        """Put a document."""
        return self._http.put(path, data=dumps(thing), headers={"Authorization": user})

    def post(
        self,
        path: str,
        user: str,
        thing: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Post a document, or nothing."""
        data = b"" if thing is None else dumps(thing)
        return self._http.post(path, data=data, headers={"Authorization": user, **(headers or {})})

    def get(self, path: str, user: str) -> TestResponse:
        """Get what is there."""
        return self._http.get(path, headers={"Authorization": user})


def opened(*mishaps: Mishap, up_to_grams: int = 2000) -> tuple[Stage, Client]:
    """Give a platform and a client of its application; the carrier takes so many grams."""
    card = rate_card(up_to_grams=up_to_grams)
    carrier = SimulatedCarrier(CARRIER.id, rate_card=card, mishaps=mishaps)
    stage = Stage(carrier=carrier)
    return stage, Client(create_app(stage.platform, USERS).test_client())


def open_for_business(client: Client) -> None:
    """Let the seller register, be verified, and publish."""
    client.put("/sellers/s-1", "seller", profile())
    client.post("/sellers/s-1/verify", "staff")
    client.post("/listings", "seller", terms())


def packed(stage: Stage, client: Client) -> None:
    """Let the order be placed, paid and packed on the second day."""
    open_for_business(client)
    stage.clock.move_to(day(2))
    client.post("/orders", "buyer", sale())
    client.post("/orders/o-1/payments", "buyer", Payment(id="pay-1", gross=usd("30.00")))
    client.post(f"/orders/o-1/shipments/{PHONE}", "seller", parcel())


def quoted(client: Client, wanted: Parcel | None = None) -> TestResponse:
    """Ask what a parcel to the United States costs."""
    path = "/listings/listing-1/quotes/US?zone=America/New_York"
    return client.post(path, "buyer", wanted or parcel())


def book(client: Client, *, user: str = "seller", key: str = "k-1") -> TestResponse:
    """Book the first shipment on the first quote."""
    path = "/shipments/shipment-1/bookings/quote-1"
    return client.post(path, user, headers={"Idempotency-Key": key})


def said(response: TestResponse) -> tuple[int, str, Sequence[str]]:
    """Give the status, the code and the codes of the reasons of a refusal."""
    assert response.json is not None
    return response.status_code, response.json["code"], response.json["reasons"]


def test_a_parcel_is_sold_shipped_and_followed_over_http() -> None:
    """Every answer is a document that the library reads."""
    stage, client = opened()

    registered = client.put("/sellers/s-1", "seller", profile())
    verified = client.post("/sellers/s-1/verify", "staff")
    listing = client.post("/listings", "seller", terms())
    stage.clock.move_to(day(2))
    client.post("/orders", "buyer", sale())
    paid = client.post("/orders/o-1/payments", "buyer", Payment(id="1", gross=usd("30.00")))
    offer = quoted(client)
    client.post(f"/orders/o-1/shipments/{PHONE}", "seller", parcel())
    booked = book(client)
    for verb in ("confirm", "hand-over"):
        client.post(f"/shipments/shipment-1/{verb}", "seller")
    stage.clock.advance(timedelta(days=30))
    tracked = client.get("/shipments/shipment-1", "buyer")

    assert (registered.status_code, listing.status_code, booked.status_code) == (201, 201, 201)
    assert loads(verified.data, Seller).state is SellerState.VERIFIED
    assert loads(listing.data, Listing).state is ListingState.PUBLISHED
    assert loads(paid.data, Order).payment_status is PaymentStatus.PAID
    assert loads(offer.data, Quote).total == usd("5.00")
    assert loads(tracked.data, Shipment).phase is Phase.DELIVERED


def test_everybody_sees_what_needs_their_own_attention() -> None:
    """A delivered parcel is for the buyer to confirm."""
    stage, client = opened()
    packed(stage, client)
    quoted(client)
    book(client)
    client.post("/shipments/shipment-1/confirm", "seller")
    client.post("/shipments/shipment-1/hand-over", "seller")
    stage.clock.advance(timedelta(days=30))
    client.get("/shipments/shipment-1", "seller")
    stage.clock.advance(AttentionPolicy().receipt)

    seen = {user: client.get("/attention", user).json for user in USERS}

    assert seen["buyer"] is not None
    assert [(it["rule"], it["thing"]) for it in seen["buyer"]] == [
        ("NOT_CONFIRMED", "shipment shipment-1")
    ]
    assert "has not confirmed" in seen["buyer"][0]["text"]
    assert [seen[user] for user in ("seller", "staff", "stranger")] == [[], [], []]


def test_whoever_is_not_signed_in_does_nothing() -> None:
    """Flask's own answer."""
    stage, client = opened()

    assert client.put("/sellers/s-1", "", profile()).status_code == 401
    assert stage.events() == []


def test_what_is_not_theirs_is_forbidden() -> None:
    """To register somebody else, and to book or follow their shipment."""
    stage, client = opened()
    packed(stage, client)
    quoted(client)

    assert said(client.put("/sellers/s-9", "seller", profile())) == (
        403,
        "actor_not_permitted",
        [],
    )
    assert said(book(client, user="stranger"))[0] == 403
    assert client.get("/shipments/shipment-1", "stranger").status_code == 403


def test_what_is_not_there_is_not_found() -> None:
    """Neither a seller nor a shipment nor a quote."""
    stage, client = opened()
    packed(stage, client)

    assert said(client.post("/sellers/s-9/verify", "staff")) == (404, "not_found", [])
    assert said(client.get("/shipments/shipment-9", "seller")) == (404, "not_found", [])
    assert book(client).status_code == 404


def test_what_the_state_does_not_allow_is_a_conflict() -> None:
    """A seller who is verified already, and an account that exists."""
    _, client = opened()
    open_for_business(client)

    assert said(client.post("/sellers/s-1/verify", "staff")) == (409, "illegal_transition", [])
    assert said(client.put("/sellers/s-1", "seller", profile())) == (
        409,
        "concurrency_conflict",
        [],
    )


def test_a_key_is_good_for_one_request() -> None:
    """The same one again is answered alike; another one under its key is a conflict."""
    stage, client = opened()
    packed(stage, client)
    quoted(client)
    quoted(client)

    first, again = book(client), book(client)
    other = client.post(
        "/shipments/shipment-1/bookings/quote-2", "seller", headers={"Idempotency-Key": "k-1"}
    )

    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert said(other) == (409, "idempotency_conflict", [])


def test_what_the_data_does_not_allow_comes_with_every_reason() -> None:
    """Nobody publishes unverified, and more is not shipped than was ordered and paid."""
    stage, client = opened()
    client.put("/sellers/s-1", "seller", profile())
    refused = client.post("/listings", "seller", terms())
    client.post("/orders", "buyer", sale())
    unpaid = client.post(f"/orders/o-1/shipments/{PHONE}", "seller", parcel())

    assert said(refused) == (422, "refused", ["seller_not_verified"])
    assert said(unpaid) == (422, "refused", ["not_paid"])
    assert stage.platform.snapshot().shipments == ()


def test_a_quote_that_is_refused_is_a_document_with_every_reason() -> None:
    """It was a good question, and the answer is no."""
    _, client = opened()
    open_for_business(client)

    refused = quoted(client, attrs.evolve(parcel(), weight=Weight(2001)))

    assert refused.status_code == 422
    assert [it.code for it in loads(refused.data, QuoteRefused).reasons] == ["no_rate"]


def test_a_value_that_cannot_be_is_refused() -> None:
    """There is no such country."""
    _, client = opened()
    open_for_business(client)

    response = client.post("/listings/listing-1/quotes/UK", "buyer", parcel())

    assert said(response) == (422, "invalid_value", [])


def test_a_document_that_says_nothing_is_a_bad_request() -> None:
    """Every fault is named, with its path."""
    _, client = opened()

    response = client.put("/sellers/s-1", "seller", parcel())

    assert said(response) == (400, "codec", [])
    assert response.json is not None
    assert response.json["message"].startswith("$.type: ")


@pytest.mark.parametrize(
    ("mishap", "expected"),
    [(Mishap.UNAVAILABLE, 503), (Mishap.ANSWER_LOST, 503), (Mishap.NONE, 201)],
)
def test_a_carrier_that_does_not_answer_is_tried_again_later(mishap: Mishap, expected: int) -> None:
    """With the same key, so that nothing is bought twice."""
    stage, client = opened(mishap)
    packed(stage, client)
    quoted(client)

    first, again = book(client), book(client)

    assert (first.status_code, again.status_code) == (expected, 201)
    assert loads(again.data, Shipment).phase is Phase.BOOKED


def test_a_carrier_that_refuses_is_a_bad_gateway() -> None:
    """Its own code and reason are in the message."""
    stage, client = opened(up_to_grams=500)
    packed(stage, client)
    quoted(client)

    response = book(client)

    assert said(response) == (502, "carrier_rejected", [])
    assert response.json is not None
    assert response.json["message"].startswith("HKPOST refused (355025): ")
