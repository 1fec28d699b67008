"""eDIS's packages: one parcel, what it weighs and measures, where it goes, and what is in it.

Source: eDIS 1.1.0, createPackage and its errors.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Final

import attrs

from apaclogistics.consignments import Consignment, Parcel
from apaclogistics.interop._edis_addresses import AreaCodes, streets
from apaclogistics.interop._edis_items import PackageItem, written_items
from apaclogistics.interop._edis_matches import matched
from apaclogistics.interop._packing import packed_in
from apaclogistics.interop._writing import Json, Sheet, Written, centimetres, filled
from apaclogistics.orders import Order
from apaclogistics.values.fields import optional, tuple_of
from apaclogistics.values.goods import Incoterm, LithiumBattery
from apaclogistics.values.identifiers import LineId, OrderId, ParcelId
from apaclogistics.values.money import Money
from apaclogistics.values.places import PLAIN_FORMAT, Party

__all__ = ("Packaging", "Signature", "SpecialServices", "write_package")

# Source: eDIS 1.1.0, IncotermEnum; Incoterms 2010 renamed DDU.
_INCOTERMS: Final[Mapping[Incoterm, str]] = {
    Incoterm.DAP: "DDU",
    Incoterm.DDU: "DDU",
    Incoterm.DDP: "DDP",
}
# Our bound: eDIS states none.
_MOST_PARCELS: Final = 1_000


class Packaging(Enum):
    """What the goods are wrapped in.

    Source: eDIS 1.1.0, packagingType; the last one is known from error 355018 alone.
    """

    PAK = "PAK"
    PACKAGE = "PACKAGE"
    MINI_PACKAGE = "miniPackage"

    @property
    def most_grams(self) -> int | None:
        """The most that it may weigh, None where nothing is stated."""
        return _MOST_GRAMS.get(self)


_MOST_GRAMS: Final[Mapping[Packaging, int]] = {Packaging.PAK: 2_500, Packaging.PACKAGE: 68_000}


class Signature(Enum):
    """Whose signature is asked for: of anybody, of the consignee, of an adult.

    Source: eDIS 1.1.0, signatureType.
    """

    INDIRECT = "ISR"
    DIRECT = "DSR"
    ADULT = "ASR"


@attrs.frozen(kw_only=True)
class SpecialServices:
    """What is asked for beyond carriage; `others` are eDIS's words, such as "SATURDAY_DELIVERY".

    The `insurance` is in the currency of the destination, which eDIS does not write down.
    """

    packaging: Packaging | None = attrs.field(default=None, validator=optional(Packaging))
    signature: Signature | None = attrs.field(default=None, validator=optional(Signature))
    insurance: Money | None = attrs.field(default=None, validator=optional(Money))
    others: tuple[str, ...] = attrs.field(default=(), validator=tuple_of(str))


def write_package(
    consignment: Consignment,
    orders: Iterable[Order],
    *,
    service: str,
    ship_from: str,
    preference: str = "",
    parcel: ParcelId | None = None,
    items: Iterable[PackageItem] | None = None,
    areas: AreaCodes | None = None,
    special: SpecialServices | None = None,
    agent: Party | None = None,
    most_parcels: int | None = None,
    comment: str = "",
) -> Written:
    """Write a parcel that is to be booked: `AddPackageRequest`.

    `service`, `ship_from` and `preference` are eDIS's ids of the shipping service, the address and
    the consignment preference.  `parcel` may be left out where there is a single one, and `items`
    where lines and customs items find each other.  `areas` are eDIS's codes for the consignee's,
    where it has some; else the names of the address are written.  `agent` represents the seller in
    the European Union, and `most_parcels` is how many parcels the order may have.

    The declared value of a customs item is divided by the units that are sent, and refused where it
    does not divide.

    Raises:
        CodecErrors: with every reason at once, as that a text is too long, a size or a Chinese name
            is missing, an order is not to be shipped, or a battery has another's qualification.
    """
    sheet, path, known = Sheet(), "$.packageInfo", tuple(orders)
    box = _parcel(sheet, path, consignment, parcel)
    chosen = _items(sheet, f"{path}.items", consignment, known, box, items)
    sheet.omit("consignment.promise", consignment.promise)
    sheet.omit("consignment.replaces", consignment.replaces)
    package: dict[str, Json] = {
        "shippingServiceId": sheet.needed(f"{path}.shippingServiceId", service),
        "shipFromAddressId": sheet.needed(f"{path}.shipFromAddressId", ship_from),
        "consignPreferenceId": preference,
        "shipToAddress": _ship_to(sheet, f"{path}.shipToAddress", consignment.consignee, areas),
        **_size(sheet, path, box),
        "incoterm": _INCOTERMS[consignment.incoterm],
        "items": written_items(sheet, f"{path}.items", known, chosen),
        "packageComment": comment,
        "valueForCarriage": _value(sheet, f"{path}.valueForCarriage", chosen),
        "maxQuantityLimit": _limit(sheet, f"{path}.maxQuantityLimit", most_parcels),
        "agentInfoRequest": _agent(sheet, f"{path}.agentInfoRequest", agent),
        "specialServiceDetail": _special(sheet, path, special or SpecialServices(), box, chosen),
    }
    return sheet.written({"packageInfo": filled(package)})


def _parcel(
    sheet: Sheet, path: str, consignment: Consignment, named: ParcelId | None
) -> Parcel | None:
    found = [parcel for parcel in consignment.parcels if named in (None, parcel.id)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(parcel.id for parcel in consignment.parcels)
    sheet.fault(path, f"is one parcel; allowed: one of {known}")
    return None


def _items(
    sheet: Sheet,
    path: str,
    consignment: Consignment,
    orders: Sequence[Order],
    parcel: Parcel | None,
    items: Iterable[PackageItem] | None,
) -> tuple[PackageItem, ...]:
    """Take the items that the caller brings, else those that find each other."""
    if items is not None:
        return _given(sheet, path, items)
    if parcel is None:
        return ()
    counts: dict[tuple[OrderId, LineId], int] = {}
    for order in orders:
        packed = packed_in(order, consignment)
        if packed is None:
            problem = f"is of one parcel, and order {order.id} does not say what is in it"
            sheet.fault(path, f"{problem}; allowed: `items` from the caller")
            return ()
        counts |= {(order.id, line): count for line, count in packed.get(parcel.id, {}).items()}
    return matched(sheet, path, orders, counts, parcel.contents)


def _given(sheet: Sheet, path: str, items: Iterable[PackageItem]) -> tuple[PackageItem, ...]:
    given = tuple(items)
    if not given:
        sheet.fault(path, "is empty")
    for (order, line), count in Counter((it.order, it.line) for it in given).items():
        if count > 1:
            problem = f"names line {line} of order {order} {count} times"
            sheet.fault(path, f"{problem}; allowed: once, since it has one customs item")
    return given


def _ship_to(sheet: Sheet, path: str, party: Party, areas: AreaCodes | None) -> Json:
    address = party.address
    if not party.name and not party.company:
        sheet.fault(f"{path}.contact", "is missing, and so is the company")
    for reason in PLAIN_FORMAT.against(address):
        sheet.doubt(f"{path}.postcode", reason.code, reason.text)
    city = areas.city if areas else address.city
    return filled(
        {
            "contact": party.name,
            "company": party.company,
            "phone": party.phone,
            **streets(sheet, path, address),
            "district": areas.district if areas else "",
            "city": sheet.needed(f"{path}.city", city),
            "province": areas.province if areas else address.region,
            "postcode": address.postal_code,
            "countryCode": address.country.code,
            "countryName": address.country.name,
        }
    )


def _size(sheet: Sheet, path: str, parcel: Parcel | None) -> dict[str, Json]:
    if parcel is None:
        return {}
    sides = attrs.astuple(parcel.dimensions) if parcel.dimensions else ()
    names = ("packageLength", "packageWidth", "packageHeight")
    for name in names if not sides else ():
        sheet.fault(f"{path}.{name}", f"is missing: parcel {parcel.id} is not measured")
    if parcel.weight is None:
        sheet.fault(f"{path}.packageWeight", f"is missing: parcel {parcel.id} is not weighed")
    return {
        **{name: centimetres(side) for name, side in zip(names, sides, strict=False)},
        "packageWeight": parcel.weight.grams if parcel.weight else None,
    }


def _value(sheet: Sheet, path: str, items: Sequence[PackageItem]) -> str:
    """Write what a parcel of several orders declares: a bare number, without its currency."""
    if len({item.order for item in items}) < 2:
        return ""
    values = [item.goods.value for item in items]
    units = sorted({value.currency for value in values})
    if len(units) > 1:
        sheet.fault(path, f"is in {', '.join(map(str, units))}; allowed: one currency")
        return ""
    declared = Money.total(values, units[0])
    sheet.doubt(path, "without_currency", f"does not say that it is in {declared.currency}")
    return f"{declared.amount:f}"


def _limit(sheet: Sheet, path: str, most: int | None) -> int | None:
    return None if most is None else sheet.within(path, most, least=1, most=_MOST_PARCELS)


def _agent(sheet: Sheet, path: str, agent: Party | None) -> Json:
    """Write who represents the seller: name and address come together (355063)."""
    if agent is None:
        return None
    sheet.omit("agent.email", agent.email)
    nameless = attrs.evolve(agent, name="", company="")
    return filled(
        {
            "agentName": sheet.needed(f"{path}.agentName", agent.company or agent.name),
            "agentAddress": ", ".join(PLAIN_FORMAT.label(nameless)),
            "agentPhone": agent.phone,
        }
    )


def _special(
    sheet: Sheet,
    path: str,
    special: SpecialServices,
    parcel: Parcel | None,
    items: Sequence[PackageItem],
) -> Json:
    where = f"{path}.specialServiceDetail"
    _check_packaging(sheet, f"{where}.packagingType", special.packaging, parcel)
    if special.packaging is not Packaging.MINI_PACKAGE and any(map(_is_special, items)):
        problem = f"is missing, and there is {LithiumBattery.SPECIAL_GOODS.value}"
        sheet.fault(f"{where}.packagingType", f"{problem}; allowed: {Packaging.MINI_PACKAGE.value}")
    if special.insurance:
        text = f"does not say that it is in {special.insurance.currency}"
        sheet.doubt(f"{where}.insuranceFee", "without_currency", text)
    return filled(
        {
            "packagingType": special.packaging.value if special.packaging else "",
            "signatureType": special.signature.value if special.signature else "",
            "insuranceFee": f"{special.insurance.amount:f}" if special.insurance else "",
            "specialServiceTypes": list(special.others),
        }
    )


def _is_special(item: PackageItem) -> bool:
    return item.goods.battery is LithiumBattery.SPECIAL_GOODS


def _check_packaging(
    sheet: Sheet, path: str, packaging: Packaging | None, parcel: Parcel | None
) -> None:
    if packaging is Packaging.MINI_PACKAGE:
        sheet.doubt(path, "not_listed", "is named by an error of eDIS and not by its list")
    most = packaging.most_grams if packaging else None
    weight = parcel.weight if parcel else None
    if packaging and most is not None and weight is not None and weight.grams > most:
        sheet.fault(path, f"is {packaging.value} for {weight}; allowed: up to {most} g")
