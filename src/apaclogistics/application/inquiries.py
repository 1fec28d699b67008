"""Step 7, first half: somebody asks what became of a shipment."""

from collections.abc import Callable

import attrs

from apaclogistics.application._desk import Desk, Now, put
from apaclogistics.inquiries import Inquiry, Opening, Question
from apaclogistics.lifecycle import Actor
from apaclogistics.values.identifiers import InquiryId, ShipmentId

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
        """Ask another party to a shipment."""
        opening = Opening(
            id=InquiryId(self._desk.ids.new("inquiry")),
            shipment=shipment,
            opener=by,
            respondent=respondent,
            question=question,
        )
        with self._desk.storage.unit_of_work() as work:
            parties = work.shipments.get(shipment).value.parties
            inquiry = Inquiry.open(opening, parties=parties, by=by, at=self._desk.clock.now())
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
