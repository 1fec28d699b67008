"""Step 7, first half: somebody asks what became of a shipment."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from apaclogistics.application._desk import Desk, Now, put
from apaclogistics.attention import Snapshot
from apaclogistics.errors import Reason
from apaclogistics.evidence import Evidence
from apaclogistics.inquiries import Inquiry, InquiryAction, allowed, deadline
from apaclogistics.inquiry_policies import Closing, InquiryPolicy
from apaclogistics.lifecycle import Actor
from apaclogistics.orders import Order
from apaclogistics.remedies import remedies
from apaclogistics.shipments import Shipment
from apaclogistics.threads import Opening, Question, Resolution, Settled
from apaclogistics.values.calendars import WEEKENDS, BusinessCalendar
from apaclogistics.values.deadlines import Deadline
from apaclogistics.values.fields import checked, several
from apaclogistics.values.identifiers import InquiryId, ListingVersion, ShipmentId
from apaclogistics.values.instants import Instant, duration_text, to_text

__all__ = ("InquiryDesk",)


@attrs.frozen
class InquiryDesk:
    """The use cases of inquiries."""

    _desk: Desk

    def get(self, id: InquiryId) -> Inquiry:
        """Load an inquiry."""
        return self._desk.read(lambda work: work.inquiries, id)

    def open(
        self,
        shipment: ShipmentId,
        respondent: Actor,
        question: Question,
        *,
        by: Actor,
        others: Iterable[Actor] = (),
        closing: Closing | None = None,
    ) -> Inquiry:
        """Ask another party to a shipment; the inquiry names the offer that it was sold on.

        Nobody has two open inquiries about a shipment, also when two are opened at once.  Whoever is
        asked has the platform's `least_answer_time` at least: an inquiry may be escalated after it.

        Raises:
            NotFoundError: if there is no such shipment.
            RefusedError: with every reason why it may not be asked.
            ConcurrencyConflictError: if the shipment, or an inquiry about it, changes meanwhile.
        """
        asked = frozenset(several("others", others, Actor))

        def opening(about: Shipment, now: Now) -> tuple[Opening, tuple[Reason, ...]]:
            begun = self._opening(about, now, by, respondent, question, asked, closing)
            return begun, self._too_soon(question, now)

        return self._open(shipment, opening, by)

    def report_missing(
        self,
        shipment: ShipmentId,
        text: str,
        policy: InquiryPolicy,
        *,
        zone_name: str,
        by: Actor,
        calendar: BusinessCalendar = WEEKENDS,
        evidence: Iterable[Evidence] = (),
    ) -> Inquiry:
        """Report as the buyer that a shipment did not come; a policy sets every deadline.

        The latest estimate is what was promised with the order lines that the shipment carries, else
        for the shipment.  Days are those of the zone; the calendar counts business days.

        Raises:
            NotFoundError: if there is no such shipment.
            ActorNotPermittedError: if `by` is neither its buyer nor the platform.
            RefusedError: if it is too early, too late, delivered, received or refunded already, or
                the buyer has an open inquiry about the shipment.
            ConcurrencyConflictError: if the shipment, or an inquiry about it, changes meanwhile.
        """
        shown = several("evidence", evidence, Evidence)
        checked("policy", policy, InquiryPolicy)

        def opening(about: Shipment, now: Now) -> tuple[Opening, tuple[Reason, ...]]:
            due = policy.answer_by(now.at, zone_name=zone_name, calendar=calendar)
            closing = policy.closing(now.at, zone_name=zone_name, calendar=calendar)
            hindrances = policy.hindrances(
                estimate=_estimate(about, now),
                delivered_at=about.delivered_at,
                refunded_at=_refunded_at(about, now),
                at=now.at,
                zone_name=zone_name,
                calendar=calendar,
            )
            parties, question = about.consignment, Question(text, due, shown)
            begun = self._opening(
                about, now, parties.buyer, parties.seller, question, frozenset(), closing
            )
            return begun, (*hindrances, *_received(about))

        return self._open(shipment, opening, by)

    def _too_soon(self, question: Question, now: Now) -> tuple[Reason, ...]:
        due, least = question.answer_by.at, self._desk.least_answer_time
        if not now.at <= due < now.at + least:
            return ()
        text = f"there are {duration_text(least)} to answer at least, and {to_text(due)} is sooner"
        return (Reason("too_soon", text),)

    def _open(
        self,
        id: ShipmentId,
        opening: Callable[[Shipment, Now], tuple[Opening, tuple[Reason, ...]]],
        by: Actor,
    ) -> Inquiry:
        with self._desk.storage.unit_of_work() as work:
            now = self._desk.now(work)
            about = now.alone(id)
            begun, hindrances = opening(about, now)
            inquiry = Inquiry.open(
                begun,
                parties=about.parties,
                hindrances=(*hindrances, *_in_the_way(now, begun)),
                by=by,
                at=now.at,
            )
            put(work, work.inquiries, inquiry)
            work.commit()
        return inquiry

    def _opening(
        self,
        about: Shipment,
        now: Now,
        opener: Actor,
        respondent: Actor,
        question: Question,
        others: frozenset[Actor],
        closing: Closing | None,
    ) -> Opening:
        listing, offer = _sold_on(about, now)
        return Opening(
            id=InquiryId(self._desk.ids.new("inquiry")),
            shipment=about.id,
            opener=opener,
            respondent=respondent,
            question=question,
            others=others,
            closing=closing,
            listing=listing,
            offer=offer,
        )

    def answer(
        self, id: InquiryId, text: str, *, by: Actor, evidence: Iterable[Evidence] = ()
    ) -> Inquiry:
        """Answer as the respondent."""
        shown = several("evidence", evidence, Evidence)
        return self._change(
            id, lambda inquiry, now: inquiry.answer(text, evidence=shown, by=by, at=now.at)
        )

    def write(
        self, id: InquiryId, text: str, *, by: Actor, evidence: Iterable[Evidence] = ()
    ) -> Inquiry:
        """Add a message as anybody who takes part."""
        shown = several("evidence", evidence, Evidence)
        return self._change(
            id, lambda inquiry, now: inquiry.write(text, evidence=shown, by=by, at=now.at)
        )

    def ask(self, id: InquiryId, question: Question, *, by: Actor) -> Inquiry:
        """Ask again as the opener."""
        return self._change(
            id,
            lambda inquiry, now: inquiry.ask(question, by=by, at=now.at),
        )

    def resolve(
        self, id: InquiryId, *, by: Actor, on: Resolution | None = None, note: str = ""
    ) -> Inquiry:
        """Be content, or end it as the platform on the fact that is named.

        What is named is recorded: it is known of the shipment, or a refund of an order in it that was
        paid out, of which only the platform knows that it was for all that is in the parcels.

        Raises:
            RefusedError: if it is recorded nowhere.
        """

        def resolved(inquiry: Inquiry, now: Now) -> Inquiry:
            against = _unrecorded(on, inquiry, now) if on else ()
            return inquiry.resolve(on=on, note=note, hindrances=against, by=by, at=now.at)

        return self._change(id, resolved)

    def resolve_on_delivery(self, id: InquiryId, *, by: Actor) -> Inquiry:
        """End an inquiry as the platform, since scans show that all its parcels were delivered.

        Raises:
            RefusedError: if they do not.
        """
        return self._resolve_on(Settled.DELIVERY, id, by)

    def resolve_on_receipt(self, id: InquiryId, *, by: Actor) -> Inquiry:
        """End an inquiry as the platform, since the buyer has confirmed the receipt of the shipment.

        Raises:
            RefusedError: if it is not confirmed.
        """
        return self._resolve_on(Settled.RECEIPT, id, by)

    def resolve_on_refund(self, id: InquiryId, *, by: Actor) -> Inquiry:
        """End an inquiry as the platform, since all that is in the shipment was given back.

        A refund that is pending or failed does not count, and neither does a part of the price.

        Raises:
            RefusedError: if it was not.
        """
        return self._resolve_on(Settled.REFUND, id, by)

    def _resolve_on(self, settled: Settled, id: InquiryId, by: Actor) -> Inquiry:
        def resolved(inquiry: Inquiry, now: Now) -> Inquiry:
            found = (fact for fact in _facts(inquiry, now) if fact.settled is settled)
            fact = next(found, None)
            against = () if fact else (_not_settled(settled, inquiry),)
            return inquiry.resolve(on=fact, hindrances=against, by=by, at=now.at)

        return self._change(id, resolved)

    def escalate(self, id: InquiryId, note: str, *, by: Actor) -> Inquiry:
        """Take it further as the opener, unless it has come or was refunded meanwhile."""
        return self._change(
            id,
            lambda inquiry, now: inquiry.escalate(
                note, facts=_facts(inquiry, now), by=by, at=now.at
            ),
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

    def allowed(self, id: InquiryId, actor: Actor) -> Mapping[InquiryAction, Instant | None]:
        """Give what somebody may do to an inquiry now, and the last instant for each.

        What is delivered or refunded counts, so that whatever is offered is possible.
        """
        inquiry, now, facts = self._known(id)
        return allowed(inquiry, actor, now, facts)

    def deadline(self, id: InquiryId) -> Deadline | None:
        """Say until when whoever is waited for has time, None where nobody is."""
        inquiry, _, facts = self._known(id)
        return deadline(inquiry, facts)

    def _known(self, id: InquiryId) -> tuple[Inquiry, Instant, tuple[Resolution, ...]]:
        with self._desk.storage.unit_of_work() as work:
            inquiry, now = work.inquiries.get(id).value, self._desk.now(work)
            return inquiry, now.at, _facts(inquiry, now)

    def _change(self, id: InquiryId, verb: Callable[[Inquiry, Now], Inquiry]) -> Inquiry:
        return self._desk.change(lambda work: work.inquiries, id, verb)


def _sold_on(shipment: Shipment, now: Now) -> tuple[ListingVersion | None, str]:
    """Give the offer that a shipment's orders were sold on; none where they differ or none is known."""
    sales = (order.sale for order in _orders_in(shipment, now))
    known = {(sale.listing, sale.offer) for sale in sales}
    return known.pop() if len(known) == 1 else (None, "")


def _orders_in(shipment: Shipment, now: Now) -> tuple[Order, ...]:
    stored = (now.work.orders.find(order) for order in shipment.consignment.orders)
    return tuple(order.value for order in stored if order is not None)


def _estimate(shipment: Shipment, now: Now) -> Instant | None:
    window = Snapshot(orders=_orders_in(shipment, now)).window_for_buyer(shipment)
    return window.latest if window is not None else None


def _refunded_at(shipment: Shipment, now: Now) -> Instant | None:
    known = remedies(shipment, _orders_in(shipment, now), at=now.at)
    return next((fact.at for fact in known if fact.settled is Settled.REFUND), None)


def _received(shipment: Shipment) -> tuple[Reason, ...]:
    if not all(map(shipment.is_received, shipment.trackings)):
        return ()
    return (Reason("received", f"receipt of shipment {shipment.id} is confirmed"),)


def _in_the_way(now: Now, opening: Opening) -> tuple[Reason, ...]:
    """Give the inquiries of the same opener about the same shipment that have not ended."""
    stored = now.work.inquiries.of_shipment(opening.shipment)
    return tuple(
        Reason("inquiry_open", f"inquiry {it.value.id} is {it.value.state.name}")
        for it in stored
        if it.value.opening.opener == opening.opener
        and it.value.is_open
        and not it.value.has_lapsed(now.at)
    )


def _not_settled(settled: Settled, inquiry: Inquiry) -> Reason:
    """Say that it has not happened; else an opener without a fact would just be content."""
    text = f"no {settled.value} of all that is in shipment {inquiry.opening.shipment} is known"
    return Reason("not_settled", text)


def _unrecorded(on: Resolution, inquiry: Inquiry, now: Now) -> Iterator[Reason]:
    """Give why a fact ends nothing: there is no record of it."""
    shipment = now.work.shipments.get(inquiry.opening.shipment).value
    known = {(fact.settled, fact.reference) for fact in _facts(inquiry, now)}
    known |= {
        (Settled.REFUND, refund.id)
        for order in _orders_in(shipment, now)
        for refund in order.refunds
    }
    if (on.settled, on.reference) not in known:
        text = f"no {on.settled.value} {on.reference} of shipment {shipment.id} is recorded"
        yield Reason("not_recorded", text)


def _facts(inquiry: Inquiry, now: Now) -> tuple[Resolution, ...]:
    """Give what has made up for the shipment that an inquiry is about, and not what is to come."""
    shipment = now.work.shipments.get(inquiry.opening.shipment).value
    return remedies(shipment, _orders_in(shipment, now), at=now.at)
