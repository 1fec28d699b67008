"""eBay's refunds: money that a seller gives back, of the whole order or of some of its lines.

eBay refuses a refund of both kinds in one call, one of more than is left, and one that is finer
than a hundredth.  It answers before the money has moved: whether it did, a later `getOrder` says.

Source: Sell Fulfillment 1.20.7, issueRefund and its errors 34903 to 34924.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Final

from apaclogistics.interop._writing import Json, Sheet, Written, amount, filled
from apaclogistics.orders import Order
from apaclogistics.sales import Refund
from apaclogistics.values.identifiers import LineId
from apaclogistics.values.money import Money

__all__ = ("RefundReason", "write_refund")

# Source: Sell Fulfillment 1.20.7, error 34921; the field's own text says 100.
_MOST_COMMENT: Final = 1000
_SAFE_COMMENT: Final = 100


class RefundReason(Enum):
    """Why a seller refunds; one reason for all lines of a refund.

    Source: eBay's `ReasonForRefundEnum` as public clients list it; the document only names it.
    """

    BUYER_CANCEL = "BUYER_CANCEL"
    SELLER_CANCEL = "SELLER_CANCEL"
    ITEM_NOT_RECEIVED = "ITEM_NOT_RECEIVED"
    BUYER_RETURN = "BUYER_RETURN"
    ITEM_NOT_AS_DESCRIBED = "ITEM_NOT_AS_DESCRIBED"
    OTHER_ADJUSTMENT = "OTHER_ADJUSTMENT"
    SHIPPING_DISCOUNT = "SHIPPING_DISCOUNT"


def write_refund(
    order: Order, refunds: Iterable[Refund], *, reason: RefundReason, comment: str = ""
) -> Written:
    """Write what is given back for an order: `IssueRefundRequest`.

    `refunds` is one of the whole order, or one or more of lines.  Those that the order has recorded
    already are not counted twice.  `comment` is shown to the buyer: up to 1,000 characters, with a
    warning above the 100 that eBay's text of the field names.  What our refund gives as its reason
    is left out.

    Raises:
        CodecErrors: with every reason at once, if there are no refunds, both kinds or two of one
            line, an amount is in another currency or finer than a hundredth, another refund is
            pending, more would be given back than is left of the order or of a line, or the order
            has recorded a refund otherwise.
    """
    sheet, given = Sheet(), tuple(refunds)
    of_lines = [refund for refund in given if refund.line is not None]
    whole = [refund for refund in given if refund.line is None]
    _check_kind(sheet, whole, of_lines)
    known = {refund.id for refund in given}
    others = (*order.refunds, *order.pending_refunds)
    before = [refund for refund in others if refund.id not in known]
    _check_pending(sheet, order, known)
    _check_recorded(sheet, order, given)
    _check_left(sheet, order, before, given)
    for refund in given:
        sheet.omit(f"refunds[{refund.id}].reason", refund.reason)
    return sheet.written(
        filled(
            {
                "reasonForRefund": reason.value,
                "comment": _comment(sheet, comment),
                "refundItems": [_item(sheet, order, before, *it) for it in enumerate(of_lines)],
                "orderLevelRefundAmount": _whole(sheet, order, whole),
            }
        )
    )


def _comment(sheet: Sheet, given: str) -> str:
    comment = sheet.text("$.comment", given, most=_MOST_COMMENT)
    if _SAFE_COMMENT < len(comment) <= _MOST_COMMENT:
        text = f"has {len(comment)} characters, and the text of the field allows {_SAFE_COMMENT}"
        sheet.doubt("$.comment", "comment_long", text)
    return comment


def _check_pending(sheet: Sheet, order: Order, given: set[str]) -> None:
    # What was paid out already is written again as it is, whatever came up since.
    if given <= {refund.id for refund in order.refunds}:
        return
    for refund in order.pending_refunds:
        if refund.id not in given:
            problem = f"comes while refund {refund.id} is pending; allowed: when that is done"
            sheet.fault("$", problem)


def _check_kind(sheet: Sheet, whole: list[Refund], of_lines: list[Refund]) -> None:
    if not whole and not of_lines:
        sheet.fault("$", "gives nothing back; allowed: a refund of the order, or some of lines")
    if whole and of_lines:
        sheet.fault("$", "is of the order and of lines; allowed: one of both kinds")
    if len(whole) > 1:
        sheet.fault("$.orderLevelRefundAmount", f"is of {len(whole)} refunds; allowed: one")
    lines = [refund.line for refund in of_lines]
    if len(set(lines)) < len(lines):
        sheet.fault("$.refundItems", "names a line twice; allowed: each line once")


def _check_recorded(sheet: Sheet, order: Order, given: tuple[Refund, ...]) -> None:
    recorded = {refund.id: refund for refund in order.refunds}
    for refund in given:
        if recorded.get(refund.id, refund) != refund:
            problem = f"is not refund {refund.id} as it is recorded; allowed: the same again"
            sheet.fault("$", problem)


def _check_left(
    sheet: Sheet, order: Order, before: list[Refund], given: tuple[Refund, ...]
) -> None:
    asked = _total(order, given)
    left = order.paid - _total(order, before)
    if asked > left:
        sheet.fault("$", f"gives {asked} back; allowed: {left}, which is left of order {order.id}")


def _total(order: Order, refunds: Iterable[Refund]) -> Money:
    """Add up refunds; what is in another currency is a fault of its own."""
    own = (refund.gross for refund in refunds if refund.gross.currency == order.currency)
    return Money.total(own, order.currency)


def _whole(sheet: Sheet, order: Order, whole: list[Refund]) -> Json:
    return _amount(sheet, "$.orderLevelRefundAmount", order, whole[0]) if whole else None


def _item(sheet: Sheet, order: Order, before: list[Refund], index: int, refund: Refund) -> Json:
    path, line = f"$.refundItems[{index}]", refund.line or LineId("")
    totals = {known.id: known.total for known in order.sale.lines}
    if line not in totals:
        sheet.fault(f"{path}.lineItemId", f"is {line!r}; allowed: {', '.join(totals)}")
        return None
    left = totals[line] - _total(order, [it for it in before if it.line == line])
    if _total(order, [refund]) > left:
        problem = f"is {refund.gross}; allowed: {left}, which is left of the line"
        sheet.fault(f"{path}.refundAmount.value", problem)
    return {
        "lineItemId": line,
        "refundAmount": _amount(sheet, f"{path}.refundAmount", order, refund),
    }


def _amount(sheet: Sheet, path: str, order: Order, refund: Refund) -> Json:
    unit = refund.gross.currency
    if unit != order.currency:
        sheet.fault(f"{path}.currency", f"is {unit}; allowed: {order.currency}")
    if unit.decimals > 2:
        sheet.fault(f"{path}.value", f"has {unit.decimals} decimals; allowed: 2")
    return amount(refund.gross)
