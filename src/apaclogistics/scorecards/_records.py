"""What scorecards are made of, and what was known of it at an instant."""

from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from typing import Self, TypeVar

import attrs

from apaclogistics.claims import Claim, ClaimState
from apaclogistics.compensation import ClaimKind
from apaclogistics.errors import NotFoundError
from apaclogistics.history import Step
from apaclogistics.inquiries import Inquiry
from apaclogistics.listings import Listing
from apaclogistics.offers import Offer
from apaclogistics.orders import Order
from apaclogistics.shipments import Shipment
from apaclogistics.values.fields import tuple_of
from apaclogistics.values.identifiers import (
    ListingId,
    ListingVersion,
    OrderId,
    ParcelId,
    ShipmentId,
)
from apaclogistics.values.instants import Instant

__all__ = ("Records",)

A = TypeVar("A", bound=Enum)
P = TypeVar("P")

# Both sides, or the platform, found that the claim is right.
_FOUND_RIGHT = frozenset({ClaimState.ACCEPTED, ClaimState.SETTLED})


@attrs.frozen(kw_only=True)
class Records:
    """What is measured, frozen; things find each other by their identifiers.

    `said_late` are the orders whose buyers say that they came late.
    """

    orders: tuple[Order, ...] = attrs.field(default=(), validator=tuple_of(Order))
    shipments: tuple[Shipment, ...] = attrs.field(default=(), validator=tuple_of(Shipment))
    listings: tuple[Listing, ...] = attrs.field(default=(), validator=tuple_of(Listing))
    inquiries: tuple[Inquiry, ...] = attrs.field(default=(), validator=tuple_of(Inquiry))
    claims: tuple[Claim, ...] = attrs.field(default=(), validator=tuple_of(Claim))
    said_late: frozenset[OrderId] = frozenset()

    def as_of(self, at: Instant) -> Self:
        """Give what was known at an instant: later steps and scans are left out.

        So is a scan that may be later, since its time was reported without a zone.
        What buyers say has no instant, and stays.
        """
        orders = (_until(it.history, at) for it in self.orders)
        shipments = ((it, _until(it.history, at)) for it in self.shipments)
        listings = (_until(it.history, at) for it in self.listings)
        inquiries = (_until(it.history, at) for it in self.inquiries)
        claims = (_until(it.history, at) for it in self.claims)
        return type(self)(
            orders=tuple(Order.replay(steps) for steps in orders if steps),
            shipments=tuple(
                Shipment.replay(steps, (scan for scan in it.scans if scan.at.is_surely_by(at)))
                for it, steps in shipments
                if steps
            ),
            listings=tuple(Listing.replay(steps) for steps in listings if steps),
            inquiries=tuple(Inquiry.replay(steps) for steps in inquiries if steps),
            claims=tuple(Claim.replay(steps) for steps in claims if steps),
            said_late=self.said_late,
        )

    @cached_property
    def _orders(self) -> Mapping[OrderId, Order]:
        return {order.id: order for order in self.orders}

    @cached_property
    def _listings(self) -> Mapping[ListingId, Listing]:
        return {listing.id: listing for listing in self.listings}

    @cached_property
    def _by_order(self) -> Mapping[OrderId, tuple[Shipment, ...]]:
        found: dict[OrderId, tuple[Shipment, ...]] = {}
        for shipment in sorted(self.shipments, key=lambda it: it.id):
            for order in shipment.consignment.orders:
                found[order] = (*found.get(order, ()), shipment)
        return found

    @cached_property
    def _claimed(self) -> frozenset[tuple[ShipmentId, ParcelId, ClaimKind]]:
        demands = (claim.demand for claim in self.claims if claim.state in _FOUND_RIGHT)
        return frozenset((it.shipment, it.parcel, it.kind) for it in demands)

    def orders_of(self, shipment: Shipment) -> tuple[Order, ...]:
        """Give the orders whose units travel in a shipment, as far as they are known."""
        found = (self._orders.get(id) for id in sorted(shipment.consignment.orders))
        return tuple(order for order in found if order is not None)

    def shipments_of(self, order: Order) -> tuple[Shipment, ...]:
        """Give the shipments of an order, by their identifiers."""
        return self._by_order.get(order.id, ())

    def is_claimed(self, shipment: ShipmentId, parcel: ParcelId, kind: ClaimKind) -> bool:
        """Tell whether a claim for a parcel was found to be right."""
        return (shipment, parcel, kind) in self._claimed

    def listing(self, id: ListingId) -> Listing:
        """Give a listing.

        Raises:
            NotFoundError: if it is not known.
        """
        if id not in self._listings:
            raise NotFoundError("listing", id)
        return self._listings[id]

    def offer(self, version: ListingVersion | None, name: str) -> Offer | None:
        """Find the offer that something was sold on, None where it is not known."""
        if version is None:
            return None
        try:
            return self.listing(version.listing).terms_of(version.version).offer(name)
        except NotFoundError:
            return None


def _until(history: tuple[Step[A, P], ...], at: Instant) -> list[Step[A, P]]:
    return [step for step in history if step.at <= at]
