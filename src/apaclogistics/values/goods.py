"""What is inside a parcel, as customs and carriers need it said."""

import re
from collections.abc import Iterable
from enum import Enum

import attrs

from apaclogistics.errors import InvalidValueError
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight, whole

__all__ = ("CustomsItem", "Incoterm", "LithiumBattery", "declared_value")

_HS_CODE = re.compile(r"[0-9]{6}([0-9]{2}){0,2}", re.ASCII)


class Incoterm(Enum):
    """Who pays duty: Incoterms 2020, and DDU as the legacy name that interfaces still use."""

    DAP = "DAP"
    DDP = "DDP"
    DDU = "DDU"


class LithiumBattery(Enum):
    """How lithium batteries travel in a parcel; batteries alone are not carried at all.

    Source: eDIS 1.1.0, LiBatteryTypeEnum; PI is the IATA packing instruction.
    """

    NONE = "NO_BATTERY"
    ION_WITH_EQUIPMENT = "LITHIUM_ION_BATTERY_PACKED_WITH_EQUIPMENT"
    ION_IN_EQUIPMENT = "LITHIUM_ION_BATTERY_CONTAINED_IN_EQUIPMENT"
    METAL_WITH_EQUIPMENT = "LITHIUM_METAL_BATTERY_PACKED_WITH_EQUIPMENT"
    METAL_IN_EQUIPMENT = "LITHIUM_METAL_BATTERY_CONTAINED_IN_EQUIPMENT"
    DRY_WITH_EQUIPMENT = "DRY_PACKED_WITH_EQUIPMENT"
    SPECIAL_GOODS = "SPECIAL_GOODS_WITH_NO_BATTERY"


def _hs_code(text: str) -> str:
    if text and not _HS_CODE.fullmatch(text):
        raise InvalidValueError("HS code", text, "is not in shape", "6, 8 or 10 digits as text")
    return text


@attrs.frozen(kw_only=True)
class CustomsItem:
    """One declared line: what it is, how many, and what they are worth together.

    `value` is the declared value of all pieces, which is neither the price nor an insured value.
    `hs_code` is text, since codes begin with zeros; empty where it is not known.
    """

    description: str
    quantity: int
    value: Money
    hs_code: str = attrs.field(default="", converter=_hs_code)
    origin: Country | None = None
    net_weight: Weight | None = None
    battery: LithiumBattery = LithiumBattery.NONE

    def __attrs_post_init__(self) -> None:
        """Refuse a line that declares nothing."""
        whole("quantity", self.quantity, least=1, most=1_000_000)
        if not self.description.strip():
            raise InvalidValueError("description", self.description, "is empty", "customs need one")
        if self.value.minor < 0:
            raise InvalidValueError("declared value", str(self.value), "is negative", "0 or more")


def declared_value(items: Iterable[CustomsItem], currency: Currency | str) -> Money:
    """Add up what customs items declare, all in one currency; of none, zero.

    Raises:
        InvalidValueError: if an item is in another currency.
    """
    return Money.total((item.value for item in items), currency)
