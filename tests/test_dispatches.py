"""The platform's word on which carrier is to carry an order."""

import pytest

from apaclogistics.dispatches import Dispatch
from apaclogistics.errors import InvalidTypeError, InvalidValueError
from apaclogistics.values.identifiers import CarrierCode, OrderId

HKPOST, DHL = CarrierCode("HKPOST"), CarrierCode("DHL")


def test_only_the_carrier_that_is_named_may_be_booked() -> None:
    """The reason names both, and the order."""
    (reason,) = Dispatch(HKPOST).against(DHL, OrderId("o-1"))

    assert reason.code == "other_carrier"
    assert str(reason) == "order o-1 was dispatched to HKPOST, not to DHL"
    assert [*Dispatch(HKPOST).against(HKPOST, OrderId("o-1"))] == []


@pytest.mark.parametrize("carrier", ["", " HKPOST", None])
def test_a_carrier_has_a_code(carrier: CarrierCode) -> None:
    """An identifier like others."""
    with pytest.raises(InvalidValueError, match=r"^carrier "):
        Dispatch(carrier)


def test_a_note_is_text_and_is_not_shown() -> None:
    """It may name somebody."""
    assert "Chan" not in repr(Dispatch(HKPOST, "ask Chan Tai Man"))
    with pytest.raises(InvalidTypeError, match="note of Dispatch is given as int"):
        Dispatch(HKPOST, 7)  # type: ignore[arg-type]
