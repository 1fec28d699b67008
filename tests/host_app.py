"""A small web application over the library, with Flask: documents in, documents out."""

from collections.abc import Callable, Mapping

import attrs
from flask import Flask, Response, abort, request

import apaclogistics as apac
from apaclogistics.codec import dumps, loads
from apaclogistics.values import identifiers as ids

# What an error means to a client: the first row that fits.
STATUS = (
    (apac.ActorNotPermittedError, 403),
    (apac.NotFoundError, 404),
    ((apac.IllegalTransitionError, apac.ConflictError), 409),
    (apac.CarrierUnavailableError, 503),
    (apac.CarrierError, 502),
    ((apac.CodecError, apac.CodecErrors), 400),
    (apac.ApacLogisticsError, 422),
)


def refused(error: apac.ApacLogisticsError) -> tuple[dict[str, object], int]:
    """Say what was refused: a word for programs, a sentence for people, and every reason."""
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    reasons = [it.code for it in error.reasons] if isinstance(error, apac.RefusedError) else []
    return {"code": error.code, "message": str(error), "reasons": reasons}, status


def answer(thing: object, status: int = 200) -> Response:
    return Response(dumps(thing), status, mimetype="application/json")


@attrs.frozen
class Views:
    """A platform, its users by their tokens, and the quotes that were given to them."""

    platform: apac.LogisticsPlatform
    users: Mapping[str, apac.Actor]
    quotes: dict[str, apac.Quote] = attrs.field(factory=dict)

    def user(self) -> apac.Actor:
        return self.users.get(request.headers.get("Authorization", "")) or abort(401)

    def register(self, id: str) -> Response:
        profile, desk = loads(request.data, apac.Profile), self.platform.sellers
        return answer(desk.register(ids.SellerId(id), profile, by=self.user()), 201)

    def verify(self, id: str) -> Response:
        return answer(self.platform.sellers.verify(ids.SellerId(id), by=self.user()))

    def publish(self) -> Response:
        terms, desk = loads(request.data, apac.Terms), self.platform.listings
        return answer(desk.publish(desk.draft(terms, by=self.user()).id, by=self.user()), 201)

    def quote(self, id: str, country: str) -> Response:
        parcel, desk = loads(request.data, apac.Parcel), self.platform.listings
        to = apac.Destination(country=country, zone_name=request.args.get("zone", "UTC"))
        carriage = apac.Carriage(destination=to, parcels=(parcel,))
        quoted = desk.quote(ids.ListingId(id), carriage, offer=request.args.get("offer", "Economy"))
        # The client gives back the identifier alone: price and validity are ours to know.
        if isinstance(quoted, apac.Quote):
            self.quotes[quoted.id] = quoted
        return answer(quoted, 201 if isinstance(quoted, apac.Quote) else 422)

    def place(self) -> Response:
        sale = loads(request.data, apac.Sale)
        return answer(self.platform.orders.place(sale, by=self.user()), 201)

    def pay(self, id: str) -> Response:
        payment, desk = loads(request.data, apac.Payment), self.platform.orders
        return answer(desk.pay(ids.OrderId(id), payment, by=self.user()), 201)

    def pack(self, id: str, line: str) -> Response:
        parcel, desk = loads(request.data, apac.Parcel), self.platform.shipments
        made = desk.draft(ids.OrderId(id), {ids.LineId(line): 1}, [parcel], by=self.user())
        return answer(made, 201)

    def book(self, id: str, quote: str) -> Response:
        # Keys are the clients' own, so that those of two of them must not meet.
        key = ids.IdempotencyKey(f"{self.user()} {request.headers['Idempotency-Key']}")
        known, desk = self.quotes.get(quote) or abort(404), self.platform.shipments
        return answer(desk.book(ids.ShipmentId(id), known, key=key, by=self.user()), 201)

    def change(self, id: str, verb: str) -> Response:
        desk = self.platform.shipments
        act: Callable[..., object] = desk.confirm if verb == "confirm" else desk.hand_over
        return answer(act(ids.ShipmentId(id), by=self.user()))

    def track(self, id: str) -> Response:
        desk, shipment = self.platform.shipments, ids.ShipmentId(id)
        mine = self.user() in desk.get(shipment).parties
        return answer(desk.track(shipment)) if mine else abort(403)

    def attention(self) -> list[dict[str, str]]:
        mine = [it for it in self.platform.attention() if it.for_ == self.user()]
        return [{"rule": it.rule.name, "thing": it.thing, "text": it.text} for it in mine]


def create_app(platform: apac.LogisticsPlatform, users: Mapping[str, apac.Actor]) -> Flask:
    """Make the application of a platform, for users by their tokens."""
    app, views = Flask(__name__), Views(platform, users)
    app.register_error_handler(apac.ApacLogisticsError, refused)
    for method, rule, view in (
        ("PUT", "/sellers/<id>", views.register),
        ("POST", "/sellers/<id>/verify", views.verify),
        ("POST", "/listings", views.publish),
        ("POST", "/listings/<id>/quotes/<country>", views.quote),
        ("POST", "/orders", views.place),
        ("POST", "/orders/<id>/payments", views.pay),
        ("POST", "/orders/<id>/shipments/<line>", views.pack),
        ("POST", "/shipments/<id>/bookings/<quote>", views.book),
        ("POST", "/shipments/<id>/<any(confirm, 'hand-over'):verb>", views.change),
        ("GET", "/shipments/<id>", views.track),
        ("GET", "/attention", views.attention),
    ):
        app.add_url_rule(rule, view.__name__, view, methods=[method])
    return app
