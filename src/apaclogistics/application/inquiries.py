"""Step 7, first half: somebody asks what became of a shipment."""

from collections.abc import Callable

import attrs

from apaclogistics.application._desk import Desk, Now, put
from apaclogistics.inquiries import Inquiry, Opening, Question
from apaclogistics.lifecycle import Actor
from apaclogistics.ports import UnitOfWork
from apaclogistics.shipments import Shipment
from apaclogistics.values.identifiers import InquiryId, ListingVersion, ShipmentId

__all__ = ("InquiryDesk",)


@attrs.frozen
class InquiryDesk:
    """The use cases of inquiries."""

    _desk: Desk

    def get(self, id: InquiryId) -> Inquiry:
        """Load an inquiry."""
        return self._desk.read(lambda work: work.inquiries, id)

    def open(
        self, shipment: ShipmentId, respondent: Actor, question: Question, *, by: Actor
    ) -> Inquiry:
        """Ask another party to a shipment; the inquiry names the offer that it was sold on."""
        id = InquiryId(self._desk.ids.new("inquiry"))
        with self._desk.storage.unit_of_work() as work:
            asked_about = work.shipments.get(shipment).value
            listing, offer = _sold_on(asked_about, work)
            opening = Opening(
                id=id,
                shipment=shipment,
                opener=by,
                respondent=respondent,
                question=question,
                listing=listing,
                offer=offer,
            )
            parties, at = asked_about.parties, self._desk.clock.now()
            inquiry = Inquiry.open(opening, parties=parties, by=by, at=at)
            put(work, work.inquiries, inquiry)
            work.commit()
        return inquiry

    def answer(self, id: InquiryId, text: str, *, by: Actor) -> Inquiry:
        """Answer as the respondent."""
        return self._change(
            id,
            lambda inquiry, now: inquiry.answer(text, by=by, at=now.at),
        )

    def ask(self, id: InquiryId, question: Question, *, by: Actor) -> Inquiry:
        """Ask again as the opener."""
        return self._change(
            id,
            lambda inquiry, now: inquiry.ask(question, by=by, at=now.at),
        )

    def resolve(self, id: InquiryId, *, by: Actor, note: str = "") -> Inquiry:
        """Be content, or end it as the platform on delivery or refund."""
        return self._change(
            id,
            lambda inquiry, now: inquiry.resolve(by=by, at=now.at, note=note),
        )

    def escalate(self, id: InquiryId, note: str, *, by: Actor) -> Inquiry:
        """Take it further as the opener."""
        return self._change(
            id,
            lambda inquiry, now: inquiry.escalate(note, by=by, at=now.at),
        )

    def expire(self, id: InquiryId, *, by: Actor) -> Inquiry:
        """End an inquiry whose time is over."""
        return self._change(id, lambda inquiry, now: inquiry.expire(by=by, at=now.at))

    def decide(self, id: InquiryId, note: str, *, by: Actor) -> Inquiry:
        """Decide an escalated inquiry, or note that its claim ended."""
        return self._change(
            id,
            lambda inquiry, now: inquiry.decide(note, by=by, at=now.at),
        )

    def _change(self, id: InquiryId, verb: Callable[[Inquiry, Now], Inquiry]) -> Inquiry:
        return self._desk.change(lambda work: work.inquiries, id, verb)


def _sold_on(shipment: Shipment, work: UnitOfWork) -> tuple[ListingVersion | None, str]:
    """Give the offer that a shipment's orders were sold on; none where they differ or none is known."""
    stored = (work.orders.find(order) for order in shipment.consignment.orders)
    sales = (order.value.sale for order in stored if order is not None)
    known = {(sale.listing, sale.offer) for sale in sales}
    return known.pop() if len(known) == 1 else (None, "")
