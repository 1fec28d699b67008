"""What an order's money came to: due, paid, given back, and held back from the seller.

A payment is the seller's once it has come, unless the platform holds it back for a while: a
`PaymentHold`, which the platform puts on and releases.  A hold is money of the seller's that cannot
be spent yet; what the buyer paid stays paid.

>>> due, part = Money.of("30.00", "USD"), Money.of("10.00", "USD")
>>> money = Settlement(due=due, payments=(Payment(id="pay-1", gross=due),),
...                    refunds=(Refund(id="back-1", gross=part),))
>>> str(money.left), money.status.name
('20.00 USD', 'PARTIALLY_REFUNDED')
"""

from collections.abc import Iterable, Iterator
from enum import Enum

import attrs

from apaclogistics.errors import InvalidValueError, Reason, masked
from apaclogistics.ledger import Posting, fee, hold, pay, release
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.sales import OrderLine, Payment, Refund, Sale
from apaclogistics.values.fields import checked, of_type, tuple_of
from apaclogistics.values.identifiers import LineId, OrderId
from apaclogistics.values.instants import Instant, instant
from apaclogistics.values.money import Money

__all__ = (
    "HoldRelease",
    "PaymentHold",
    "PaymentStatus",
    "Settlement",
    "freed",
    "held_back",
    "received",
)


class PaymentStatus(Enum):
    """What was paid and given back; source: eBay Sell Fulfillment, OrderPaymentStatusEnum."""

    PENDING = "PENDING"
    FAILED = "FAILED"
    PAID = "PAID"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    FULLY_REFUNDED = "FULLY_REFUNDED"


@attrs.frozen(kw_only=True)
class PaymentHold:
    """Money of an order that the platform holds back from the seller, why, and until when.

    `expected_release` is what the seller was told, and no promise: a hold stands until the platform
    releases it.

    Raises:
        InvalidTypeError: if a part is of another type.
        InvalidValueError: if it holds nothing.

    Source: Sell Fulfillment 1.20.7, PaymentHold.
    """

    id: str = attrs.field(validator=of_type(str))
    amount: Money = attrs.field(validator=of_type(Money))
    reason: str = attrs.field(default="", repr=masked, validator=of_type(str))
    expected_release: Instant | None = attrs.field(
        default=None, converter=attrs.converters.optional(instant)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a hold of nothing."""
        if self.amount.minor <= 0:
            raise InvalidValueError("payment hold", str(self.amount), "is not above zero")


@attrs.frozen
class HoldRelease:
    """The release of a hold, by its identifier, and what the platform wrote along with it."""

    hold: str = attrs.field(validator=of_type(str))
    note: str = attrs.field(default="", repr=masked, validator=of_type(str))


@attrs.frozen(kw_only=True)
class Settlement:
    """The money of an order; `holds` are those that stand.

    `refunds` are paid out, `pending` are on their way, and `failed` came to nothing.  All of it is in
    the currency of what is `due`.
    """

    due: Money = attrs.field(validator=of_type(Money))
    payments: tuple[Payment, ...] = attrs.field(default=(), validator=tuple_of(Payment))
    refunds: tuple[Refund, ...] = attrs.field(default=(), validator=tuple_of(Refund))
    pending: tuple[Refund, ...] = attrs.field(default=(), validator=tuple_of(Refund))
    failed: tuple[Refund, ...] = attrs.field(default=(), validator=tuple_of(Refund))
    holds: tuple[PaymentHold, ...] = attrs.field(default=(), validator=tuple_of(PaymentHold))

    @property
    def paid(self) -> Money:
        """What the buyer has paid, gross."""
        received = (payment.gross for payment in self.payments if not payment.has_failed)
        return Money.total(received, self.due.currency)

    @property
    def refunded(self) -> Money:
        """What the buyer was given back, gross."""
        return Money.total((given.gross for given in self.refunds), self.due.currency)

    @property
    def promised(self) -> Money:
        """What the buyer is to be given back and has not got yet, gross."""
        return Money.total((given.gross for given in self.pending), self.due.currency)

    @property
    def left(self) -> Money:
        """What was paid and not given back, and is not on its way back either."""
        return self.paid - self.refunded - self.promised

    @property
    def held(self) -> Money:
        """What the platform holds back from the seller."""
        return Money.total((hold.amount for hold in self.holds), self.due.currency)

    @property
    def is_paid_up(self) -> bool:
        """Whether all that is due has come, whatever was given back since."""
        return self.paid >= self.due

    @property
    def status(self) -> PaymentStatus:
        """What was paid and given back, in eBay's words."""
        if self.refunded.minor:
            full = self.refunded == self.paid
            return PaymentStatus.FULLY_REFUNDED if full else PaymentStatus.PARTIALLY_REFUNDED
        if self.payments and all(payment.has_failed for payment in self.payments):
            return PaymentStatus.FAILED
        return PaymentStatus.PAID if self.is_paid_up else PaymentStatus.PENDING

    def refunded_for(self, line: LineId) -> Money:
        """Give what the buyer was given back for a line by name."""
        given = (refund.gross for refund in self.refunds if refund.line == line)
        return Money.total(given, self.due.currency)

    def promised_for(self, line: LineId) -> Money:
        """Give what the buyer was or is to be given back for a line by name."""
        coming = (refund.gross for refund in self.pending if refund.line == line)
        return Money.total(coming, self.due.currency) + self.refunded_for(line)

    def covers(self, line: OrderLine) -> bool:
        """Tell whether the price of a line was given back, or is on its way."""
        return bool(line.total.minor) and self.promised_for(line.id) >= line.total

    def has_given_back(self, lines: Iterable[OrderLine]) -> bool:
        """Tell whether the price of lines was surely given back: each by name, or all there was.

        What was refunded for the order as a whole may have been for anything in it, unless it is all
        that was paid.  What is pending or failed is not given back.
        """
        priced = [line for line in lines if line.total.minor]
        each = all(self.refunded_for(line.id) >= line.total for line in priced)
        return (bool(priced) and each) or self.status is PaymentStatus.FULLY_REFUNDED

    def against_shipping(self, order: OrderId) -> Iterator[Reason]:
        """Give why nothing of an order is to be shipped: it is not paid, or all is given back."""
        if not self.is_paid_up or self.status is PaymentStatus.FULLY_REFUNDED:
            yield Reason("not_paid", f"order {order} is {self.status.name}")
        elif self.pending and not self.left.minor:
            yield Reason("refund_pending", f"all that is left of order {order} is being refunded")

    def against_payment(self, payment: Payment) -> Iterator[Reason]:
        """Give why a payment is not taken: it is known, too much, or in another currency."""
        checked("payment", payment, Payment)
        if any(known.id == payment.id for known in self.payments):
            yield Reason("paid_twice", f"payment {payment.id} is recorded already")
        if payment.gross.currency != self.due.currency:
            yield self._foreign(payment.gross)
        elif not payment.has_failed and self.paid + payment.gross > self.due:
            yield _too_much(payment.gross, self.due - self.paid, "due")

    def against_told(self, payment: Payment, by: Actor) -> Iterator[Reason]:
        """Give why a payment is not taken from somebody: the marketplace alone says what it keeps."""
        if checked("payment", payment, Payment).fee.minor and by.role is not Role.PLATFORM:
            text = f"what the marketplace keeps, {payment.fee} of it, is not {by}'s to say"
            yield Reason("net_unknown", text)

    def against_refund(self, refund: Refund) -> Iterator[Reason]:
        """Give why a refund is not taken: known, beside another, too much, or in other money."""
        if any(known.id == refund.id for known in (*self.refunds, *self.pending, *self.failed)):
            yield Reason("refunded_twice", f"refund {refund.id} is recorded already")
        for other in self.pending:
            yield Reason("refund_pending", f"refund {other.id} of {other.gross} is not done yet")
        if refund.gross.currency != self.due.currency:
            yield self._foreign(refund.gross)
        elif refund.gross > self.left:
            yield _too_much(refund.gross, self.left, "left")

    def against_net(self, refund: Refund, by: Actor) -> Iterator[Reason]:
        """Give why a net is too low: the marketplace would give back more than it has kept.

        Of a payment without a net nobody but the marketplace knows what was kept, so that only the
        platform may name a net then.  What a marketplace reports of its own refunds is not judged by
        this: it may give back taxes that it collected, too.
        """
        if not refund.fee.minor or refund.gross.currency != self.due.currency:
            return
        received = [payment for payment in self.payments if not payment.has_failed]
        if any(payment.net is None for payment in received):
            if by.role is not Role.PLATFORM:
                text = f"what the marketplace gives, {refund.fee} of it, is not {by}'s to say"
                yield Reason("net_unknown", text)
            return
        back = Money.total((it.fee for it in (*self.refunds, *self.pending)), self.due.currency)
        kept = Money.total((it.fee for it in received), self.due.currency) - back
        if refund.fee > max(kept, Money.zero(self.due.currency)):
            text = f"the marketplace would give {refund.fee} of it, and has kept {kept}"
            yield Reason("net_too_low", text)

    def against_hold(self, hold: PaymentHold) -> Iterator[Reason]:
        """Give why nothing more is held: there is not so much left, or it is another currency."""
        free = self.left - self.held
        if hold.amount.currency != self.due.currency:
            yield self._foreign(hold.amount)
        elif hold.amount > free:
            yield _too_much(hold.amount, free, "that can be held")

    def _foreign(self, amount: Money) -> Reason:
        return Reason("other_currency", f"{amount} is not in {self.due.currency}, as the order is")


def received(sale: Sale, payment: Payment) -> Iterator[Posting]:
    """Give what is posted when a payment has come, and the fee that is kept; none if it failed."""
    if payment.has_failed:
        return
    yield pay(sale.buyer, sale.seller, payment.gross, f"order {sale.id}")
    if payment.fee.minor:
        yield fee(sale.seller, payment.fee, f"order {sale.id}")


def held_back(sale: Sale, held: PaymentHold) -> Iterator[Posting]:
    """Give what is posted when the platform holds money back from the seller."""
    yield hold(sale.seller, held.amount, f"order {sale.id}")


def freed(sale: Sale, holds: Iterable[PaymentHold]) -> Iterator[Posting]:
    """Give what is posted when holds end."""
    return (release(sale.seller, held.amount, f"order {sale.id}") for held in holds)


def _too_much(amount: Money, most: Money, what: str) -> Reason:
    return Reason("too_much", f"{amount} is more than the {most} {what}")
