"""What is inside a parcel, as customs and carriers need it said.

A customs item is one declared line, with an English name and a Chinese one, since lanes out of
China are cleared in both.  Its HS code is text, because codes begin with zeros; rules ask whether a
code is under a prefix, such as a chapter or a heading.  Which battery travels with the goods is one
of the seven types of eDIS, and a seller may need a qualification for it, which expires.

>>> lamp = CustomsItem(
...     description="Reading lamp", description_zh="台灯", quantity=1,
...     value=Money.of("45.00", "USD"), hs_code="94052100",
... )
>>> hs_chapter(lamp.hs_code), is_under(lamp.hs_code, "9405"), is_under(lamp.hs_code, "8539")
('94', True, False)
>>> LithiumBattery.ION_IN_EQUIPMENT.packing_instruction
'PI967'
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

import attrs

from apaclogistics.errors import InvalidTypeError, InvalidValueError, Reason
from apaclogistics.values.fields import checked
from apaclogistics.values.identifiers import checked_id
from apaclogistics.values.instants import Instant, instant, to_text
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Weight, whole

__all__ = (
    "BatteryQualification",
    "CustomsItem",
    "Incoterm",
    "LithiumBattery",
    "checked_hs_prefix",
    "declared_value",
    "hs_chapter",
    "is_under",
)

# Our bound: eDIS 1.1.0 states no length for the fields nameEn and nameZh.
_MOST_NAME: Final = 256
# Source: eDIS error 355017, which refuses a longer skuId.
_MOST_SKU: Final = 50
# Our bound, as for the SKU: marketplaces number their categories with far fewer digits.
_MOST_CATEGORY: Final = 50

_HS_CODE = re.compile(r"[0-9]{6}([0-9]{2}){0,2}", re.ASCII)
_HS_PREFIX = re.compile(r"([0-9]{2}){1,5}", re.ASCII)
# Source: WCO Harmonized System, edition of 2022.  Chapter 77 is reserved and empty; 98 and 99 are
# left to the countries, and trade statistics use 99 for goods not specified by kind.
_CHAPTERS: Final = frozenset(f"{number:02}" for number in range(1, 100)) - {"77"}


class Incoterm(Enum):
    """Who pays duty: Incoterms 2020, and DDU as the legacy name that interfaces still use.

    Incoterms 2010 retired DDU; what it meant is called DAP since.
    """

    DAP = "DAP"
    DDP = "DDP"
    DDU = "DDU"


class LithiumBattery(Enum):
    """How lithium batteries travel in a parcel; batteries alone are not carried at all.

    Source: eDIS 1.1.0, LiBatteryTypeEnum.
    """

    NONE = "NO_BATTERY"
    ION_WITH_EQUIPMENT = "LITHIUM_ION_BATTERY_PACKED_WITH_EQUIPMENT"
    ION_IN_EQUIPMENT = "LITHIUM_ION_BATTERY_CONTAINED_IN_EQUIPMENT"
    METAL_WITH_EQUIPMENT = "LITHIUM_METAL_BATTERY_PACKED_WITH_EQUIPMENT"
    METAL_IN_EQUIPMENT = "LITHIUM_METAL_BATTERY_CONTAINED_IN_EQUIPMENT"
    DRY_WITH_EQUIPMENT = "DRY_PACKED_WITH_EQUIPMENT"
    SPECIAL_GOODS = "SPECIAL_GOODS_WITH_NO_BATTERY"

    @property
    def packing_instruction(self) -> str | None:
        """The IATA packing instruction, such as "PI966"; None for what is not lithium."""
        return _PACKING_INSTRUCTIONS.get(self)

    @property
    def is_lithium(self) -> bool:
        """Whether there is lithium in it: dry batteries and special goods have none."""
        return self in _PACKING_INSTRUCTIONS


# Source: IATA Dangerous Goods Regulations; PI965 and PI968 are for batteries alone.
_PACKING_INSTRUCTIONS: Final[Mapping[LithiumBattery, str]] = MappingProxyType(
    {
        LithiumBattery.ION_WITH_EQUIPMENT: "PI966",
        LithiumBattery.ION_IN_EQUIPMENT: "PI967",
        LithiumBattery.METAL_WITH_EQUIPMENT: "PI969",
        LithiumBattery.METAL_IN_EQUIPMENT: "PI970",
    }
)


def _in_a_chapter(what: str, digits: str) -> str:
    if digits[:2] not in _CHAPTERS:
        problem = f"is in chapter {digits[:2]}, which does not exist"
        raise InvalidValueError(what, digits, problem, "chapters 01 to 99 without 77")
    return digits


def _hs_code(code: str) -> str:
    text = checked("HS code", code, str)
    if not text:
        return text
    if not _HS_CODE.fullmatch(text):
        raise InvalidValueError("HS code", text, "is not in shape", "6, 8 or 10 digits as text")
    return _in_a_chapter("HS code", text)


def checked_hs_prefix(prefix: str) -> str:
    """Give the beginning of HS codes back if it is one: 2, 4, 6, 8 or 10 digits of a chapter.

    Raises:
        InvalidTypeError: if it is no text.
        InvalidValueError: if it is not in shape, or there is no such chapter.
    """
    if not _HS_PREFIX.fullmatch(checked("HS prefix", prefix, str)):
        allowed = "2, 4, 6, 8 or 10 digits as text"
        raise InvalidValueError("HS prefix", prefix, "is not in shape", allowed)
    return _in_a_chapter("HS prefix", prefix)


def hs_chapter(code: str) -> str:
    """Give the chapter of an HS code or of the beginning of one: its first two digits.

    Raises:
        InvalidTypeError: if it is no text.
        InvalidValueError: if it is neither; an empty code is in no chapter.
    """
    return checked_hs_prefix(code)[:2]


def is_under(code: str, prefix: str) -> bool:
    """Tell whether an HS code begins with a prefix of 2, 4, 6, 8 or 10 digits.

    A code that is not known (empty) is under none, and one of six digits under no prefix of eight.

    Raises:
        InvalidTypeError: if one of them is no text.
        InvalidValueError: if one of them is not in shape, or there is no such chapter.
    """
    return _hs_code(code).startswith(checked_hs_prefix(prefix))


def _tidy(what: str, value: str, most: int) -> str:
    text = unicodedata.normalize("NFC", checked(what, value, str).strip())
    if len(text) > most:
        raise InvalidValueError(what, text, "is too long", f"{most} characters")
    return text


def _description(value: str) -> str:
    return _tidy("description", value, _MOST_NAME)


def _chinese_description(value: str) -> str:
    return _tidy("Chinese description", value, _MOST_NAME)


def _sku(value: str) -> str:
    return _tidy("SKU", value, _MOST_SKU)


def _category(value: str) -> str:
    return _tidy("category", value, _MOST_CATEGORY)


@attrs.frozen(kw_only=True)
class CustomsItem:
    """One declared line: what it is, how many, and what they are worth together.

    `description` is the English name and `description_zh` the Chinese one.  `sku` is the seller's
    own number of the goods and `category` the marketplace's number of their category, as text; both
    are empty where they are not known.  These four are kept in Unicode's form NFC without white
    space at the ends, and otherwise as they were given.

    `value` is the declared value of all pieces, which is neither the price nor an insured value.
    `hs_code` is text, since codes begin with zeros; empty where it is not known.

    Raises:
        InvalidTypeError: if a field is of another type.
        InvalidValueError: if there is no description, a text is too long (256 characters a name, 50
            an SKU or a category), the HS code is none, the quantity is not from 1 to a million, or
            the value is negative.
    """

    description: str = attrs.field(converter=_description)
    description_zh: str = attrs.field(default="", converter=_chinese_description)
    sku: str = attrs.field(default="", converter=_sku)
    category: str = attrs.field(default="", converter=_category)
    quantity: int
    value: Money
    hs_code: str = attrs.field(default="", converter=_hs_code)
    origin: Country | None = None
    net_weight: Weight | None = None
    battery: LithiumBattery = LithiumBattery.NONE

    def __attrs_post_init__(self) -> None:
        """Refuse a line that declares nothing."""
        whole("quantity", self.quantity, least=1, most=1_000_000)
        if not self.description:
            raise InvalidValueError("description", self.description, "is empty", "customs need one")
        _refuse_other_types(self)
        if self.value.minor < 0:
            raise InvalidValueError("declared value", str(self.value), "is negative", "0 or more")


def _refuse_other_types(item: CustomsItem) -> None:
    given: tuple[tuple[str, object, type | tuple[type, ...], str], ...] = (
        ("declared value", item.value, Money, "Money"),
        ("origin", item.origin, (Country, type(None)), "Country or None"),
        ("net weight", item.net_weight, (Weight, type(None)), "Weight or None"),
        ("battery", item.battery, LithiumBattery, "LithiumBattery"),
    )
    for what, value, kind, allowed in given:
        if not isinstance(value, kind):
            raise InvalidTypeError(what, type(value).__name__, allowed)


def declared_value(items: Iterable[CustomsItem], currency: Currency | str) -> Money:
    """Add up what customs items declare, all in one currency; of none, zero.

    Raises:
        InvalidValueError: if an item is in another currency.
    """
    return Money.total((item.value for item in items), currency)


def _qualification_name(value: str) -> str:
    return _tidy("name of the battery qualification", value, _MOST_NAME)


def _remark(value: str) -> str:
    return _tidy("remark", value, _MOST_NAME)


@attrs.frozen(kw_only=True)
class BatteryQualification:
    """A seller's certificate that goods with one type of battery may be shipped, until it expires.

    `valid_until` is the first instant at which it no longer holds.  `remark` is a note of the
    seller's own and says nothing of people.

    Raises:
        InvalidTypeError: if a text, the battery or the instant is of another type.
        InvalidValueError: if `id` is no identifier, a text is longer than 256 characters, or there
            is no battery to be qualified for.

    Source: eDIS 1.1.0, BatteryQualResponses.
    """

    id: str
    name: str = attrs.field(converter=_qualification_name)
    battery: LithiumBattery
    valid_until: Instant = attrs.field(converter=instant)
    remark: str = attrs.field(default="", converter=_remark)

    def __attrs_post_init__(self) -> None:
        """Refuse a qualification for nothing."""
        checked_id("battery qualification", self.id)
        if not isinstance(self.battery, LithiumBattery):
            raise InvalidTypeError("battery", type(self.battery).__name__, "LithiumBattery")
        if self.battery is LithiumBattery.NONE:
            allowed = "a type of battery or goods"
            raise InvalidValueError("battery", self.battery.value, "needs none", allowed)

    def covers(self, battery: LithiumBattery, at: Instant) -> bool:
        """Tell whether it holds for a type of battery, as of an instant."""
        return self.hindrance(battery, at) is None

    def hindrance(self, battery: LithiumBattery, at: Instant) -> Reason | None:
        """Say why it does not hold for a type of battery, as of an instant; None if it does.

        An expired one is called expired, whatever its type.

        Source: eDIS errors 355022 (expired) and 355023 (another type).
        """
        if instant(at) >= self.valid_until:
            text = f"battery qualification {self.id} expired at {to_text(self.valid_until)}"
            return Reason("battery_qualification_expired", text)
        if battery is not self.battery:
            text = f"battery qualification {self.id} is for {self.battery.value}"
            return Reason("battery_qualification_wrong_type", f"{text}, not for {battery.value}")
        return None
