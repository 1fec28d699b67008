"""eDIS's preferences: where a seller's parcels leave from and come back to, and how they are fetched.

A seller's addresses are in mainland China or Hong Kong, and province, city and district are codes of
eDIS's own, which an `AreaCodes` brings; the names that our address has in their place are left out.

Source: eDIS 1.1.0, createAddressPreference, createConsignPreference and their errors.
"""

from collections.abc import Mapping
from datetime import time
from enum import Enum
from typing import Final

import attrs

from apaclogistics.consignments import ConsignmentPreference, PickUpWindow
from apaclogistics.interop._writing import Json, Sheet, Written, filled
from apaclogistics.values.fields import of_type
from apaclogistics.values.places import Address, Party

__all__ = (
    "AddressKind",
    "AreaCodes",
    "streets",
    "write_address_preference",
    "write_consign_preference",
)

# Source: eDIS 1.1.0, the texts of company, contact, name and street1 to street3.
_MOST: Final = 50
_STREETS: Final = ("street1", "street2", "street3")
# Source: eDIS 1.1.0, countryCode of a seller's address, error 355072.
_COUNTRIES: Final = ("CN", "HK")
# Source: eDIS 1.1.0, PickUpTimeTypeEnum; no zone is named, and couriers come in these two.
_TIMES: Final[Mapping[tuple[time, time], str]] = {
    (time(14), time(16)): "TIME_14_16",
    (time(16), time(18)): "TIME_16_18",
}
_ZONES: Final = {"Asia/Shanghai", "Asia/Hong_Kong"}


class AddressKind(Enum):
    """What an address of a seller is for.

    Source: eDIS 1.1.0, AddressTypeEnum; the text of the field spells the second RETURN_ADRESS.
    """

    SHIP_FROM = "SHIP_FROM_ADDRESS"
    RETURN = "RETURN_ADDRESS"


@attrs.frozen(kw_only=True)
class AreaCodes:
    """The codes of an area in eDIS's master data, which is not part of its API.

    Raises:
        InvalidTypeError: if a code is no text, such as a number that has lost its zeros.
    """

    province: str = attrs.field(validator=of_type(str))
    city: str = attrs.field(validator=of_type(str))
    district: str = attrs.field(validator=of_type(str))


def write_address_preference(
    party: Party, kind: AddressKind, *, name: str, codes: AreaCodes
) -> Written:
    """Write an address of a seller: `CreateAddressPreferenceRequest`.

    `name` is what the seller calls it.  Texts of more than 50 characters are refused, never cut.

    Raises:
        CodecErrors: with every reason at once, if a text is too long, there are more than three
            lines, what is needed is missing, or the country is neither CN nor HK.
    """
    sheet, path = Sheet(), "$.shipFromAddress"
    if kind is AddressKind.RETURN:
        text = "is spelt in two ways by eDIS; this is the name of the operation"
        sheet.doubt(f"{path}.type", "spelt_twice", text)
    address = {"type": kind.value, **_seller_address(sheet, path, party, name, codes)}
    return sheet.written({"shipFromAddress": filled(address)})


def write_consign_preference(
    preference: ConsignmentPreference, *, codes: AreaCodes | None = None
) -> Written:
    """Write how a seller hands parcels over: `CreateConsignPreferenceRequest`.

    `codes` are those of the address where parcels are collected, which bears the preference's name.

    Raises:
        CodecErrors: with every reason at once, if the address does not fit, its codes are missing,
            or a courier does not come at that time.
    """
    sheet, path = Sheet(), "$.consignAddress"
    written = {
        "type": preference.kind.value,
        "consignPreferenceName": preference.name,
        "dropoffSiteId": preference.site,
        "pickupAddress": _pick_up(sheet, f"{path}.pickupAddress", preference, codes),
        "pickupTime": _time(sheet, f"{path}.pickupTime", preference.window),
    }
    return sheet.written({"consignAddress": filled(written)})


def _pick_up(
    sheet: Sheet, path: str, preference: ConsignmentPreference, codes: AreaCodes | None
) -> Json:
    if preference.collected_from is None:
        return None
    known = codes or AreaCodes(province="", city="", district="")
    return filled(_seller_address(sheet, path, preference.collected_from, preference.name, known))


def _time(sheet: Sheet, path: str, window: PickUpWindow | None) -> str:
    if window is None:
        return ""
    code = _TIMES.get((window.begins, window.ends), "")
    if not code:
        allowed = ", ".join(f"{begins:%H:%M} to {ends:%H:%M}" for begins, ends in _TIMES)
        sheet.fault(path, f"is {window}; allowed: {allowed}")
    if window.zone_name not in _ZONES:
        sheet.doubt(path, "no_zone", f"names no zone, and is {window} here")
    return code


def _seller_address(
    sheet: Sheet, path: str, party: Party, name: str, codes: AreaCodes
) -> dict[str, Json]:
    address = party.address
    if address.country.code not in _COUNTRIES:
        allowed = ", ".join(_COUNTRIES)
        sheet.fault(f"{path}.countryCode", f"is {address.country}; allowed: {allowed}")
    sheet.omit("party.email", party.email)
    sheet.omit("party.address.city", address.city)
    sheet.omit("party.address.region", address.region)
    return {
        "name": sheet.needed(f"{path}.name", name, most=_MOST),
        "contact": sheet.needed(f"{path}.contact", party.name, most=_MOST),
        "company": sheet.text(f"{path}.company", party.company, most=_MOST),
        "phone": party.phone,
        **streets(sheet, path, address),
        "district": sheet.needed(f"{path}.district", codes.district),
        "city": sheet.needed(f"{path}.city", codes.city),
        "province": sheet.needed(f"{path}.province", codes.province),
        "postcode": address.postal_code,
        "countryCode": address.country.code,
    }


def streets(sheet: Sheet, path: str, address: Address) -> dict[str, Json]:
    """Write the lines of an address that say something: up to three of up to 50 characters."""
    lines = [line for line in address.lines if line]
    if not lines:
        sheet.fault(f"{path}.street1", "is missing")
    if len(lines) > len(_STREETS):
        sheet.fault(path, f"has {len(lines)} lines; allowed: {len(_STREETS)}")
    return {
        street: sheet.text(f"{path}.{street}", line, most=_MOST)
        for street, line in zip(_STREETS, lines, strict=False)
    }
