"""eDIS's actual costs: what parcels were billed for, row by row.

Types and modes that are not listed survive as they are.  A number that eDIS refuses to answer for
stands among the rows, and is told apart by its result code.

Source: eDIS 1.1.0, getActualCosts.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

import attrs

from apaclogistics.costs import ActualCost, ChargeMode, CostType, merge
from apaclogistics.interop._edis_answers import money
from apaclogistics.interop._edis_measures import size, weight
from apaclogistics.interop._reading import Cursor, Doubt, in_order, refuse_faults
from apaclogistics.values.identifiers import tracking_number
from apaclogistics.values.instants import Instant, Moment

__all__ = ("CostsReading", "RefusedNumber", "read_costs")

V = TypeVar("V")

_DONE: Final = "200"
_TYPES: Final[Mapping[str, CostType]] = {it.value: it for it in CostType}
_MODES: Final[Mapping[str, ChargeMode]] = {it.value: it for it in ChargeMode}


@attrs.frozen(kw_only=True)
class RefusedNumber:
    """A tracking number that eDIS gives no costs of: its code of the result, and what it says."""

    number: str
    code: str
    message: str = ""


@attrs.frozen(kw_only=True)
class CostsReading:
    """What was read of actual costs: rows in the order of billing, and the numbers without any."""

    rows: tuple[ActualCost, ...]
    refused: tuple[RefusedNumber, ...]
    warnings: tuple[Doubt, ...]
    unread: tuple[str, ...]


def read_costs(payload: object, *, carrier: str) -> CostsReading:
    """Read the rows of `getActualCosts`; the order of the answer and repeated rows are irrelevant.

    `carrier` is whose rows they are, which eDIS does not say: the carrier of the bookings that they
    are for, since a shipment leaves out what another bills.  A time without a zone is in UTC, as
    eDIS documents it.

    Raises:
        CodecErrors: if it cannot be read, with all faults and their paths; it shows no values.
    """
    document = Cursor.open(payload)
    answers = document["actualCosts"].needed().items()
    rows = [_row(it, carrier) for it in answers if _is_done(it)]
    refused = [_refused(it) for it in answers if not _is_done(it)]
    refuse_faults([document.log])
    return CostsReading(
        rows=merge(row for row in rows if row is not None),
        refused=tuple(refused),
        warnings=in_order(document.log.doubts),
        unread=document.unread(),
    )


def _is_done(answer: Cursor) -> bool:
    # A row that says nothing of itself and names an amount is one.
    return answer["resultCode"].text_if_any() in ("", _DONE)


def _refused(answer: Cursor) -> RefusedNumber:
    return RefusedNumber(
        number=answer["trackingNumber"].text(),
        code=answer["resultCode"].text(),
        message=answer["message"].text_if_any(),
    )


def _row(answer: Cursor, carrier: str) -> ActualCost | None:
    number, type_code, mode_code = (
        answer[name].text_if_any() for name in ("trackingNumber", "costType", "chargeMode")
    )
    answer["trackingNumber"].built(lambda: tracking_number(number))
    amount, billed_at = money(answer["amount"].needed()), _billed_at(answer["billingTime"])
    kind = _known(answer["costType"], type_code, _TYPES)
    if kind is CostType.DUPLICATION_COMPENSATION and amount is not None and amount.minor > 0:
        text = "is above zero, as if it were owed; eDIS does not say which sign it has"
        answer["amount"].doubt("sign_unknown", text)
    if amount is None or billed_at is None:
        return None
    return answer.built(
        lambda: ActualCost(
            carrier=carrier,
            number=number,
            code=type_code,
            kind=kind,
            amount=amount,
            mode_code=mode_code,
            mode=_known(answer["chargeMode"], mode_code, _MODES),
            actual_weight=weight(answer["actualWeight"]),
            chargeable_weight=weight(answer["chargeWeight"]),
            size=size(answer["size"]),
            billed_at=billed_at,
            remark=answer["remark"].text_if_any(),
        )
    )


def _known(place: Cursor, code: str, table: Mapping[str, V]) -> V | None:
    if code and code not in table:
        place.doubt("unknown_value", f"{code[:64]!r} is not documented, and is kept as it is")
    return table.get(code)


def _billed_at(place: Cursor) -> Instant | None:
    text = place.text()
    read = place.built(lambda: Moment.read(text, "UTC"))
    if read is not None and not read.is_exact:
        place.fault("has no time of day")
    return None if read is None else read.earliest
