"""What eDIS answers on the way to a label: a package with its numbers and cost, and the services.

A package is answered when it is created, when it is cloned to be sent again, and when it is asked
for; each says something else of it.  Words that are not listed here survive as they are.

Source: eDIS 1.1.0, createPackage, clonePackage, getPackage, getServices.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from apaclogistics.interop._edis_measures import dimensions, millimetres, weight
from apaclogistics.interop._reading import Cursor, Doubt, in_order, more_pages, refuse_faults
from apaclogistics.values.goods import Incoterm, LithiumBattery
from apaclogistics.values.identifiers import LineId, TrackingNumber, tracking_number
from apaclogistics.values.money import Currency, Money
from apaclogistics.values.places import Country, read_country
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight

__all__ = (
    "Direction",
    "PackageReading",
    "Service",
    "ServicesReading",
    "money",
    "number",
    "read_package",
    "read_services",
)

_PACKAGES: Final = ("createPackageResult", "clonePackageResult", "packageDetail")
_BATTERIES: Final = {battery.value: battery for battery in LithiumBattery}
_INCOTERMS: Final[Mapping[str, Incoterm]] = {"DDP": Incoterm.DDP, "DDU": Incoterm.DDU}


@attrs.frozen(kw_only=True)
class PackageReading:
    """What was read of a package: eDIS's id of it, its numbers, its costs, and where it stands.

    `last_mile` is the number of the carrier at the destination, once there is one.  `estimate` is
    what it may cost, said only when it is created, and `cost` what is charged.  `status` is eDIS's
    word.  `weight`, `dimensions`, `incoterm` and `units` of each order line are what it was created
    with, as far as the answer says it.
    """

    id: str
    number: TrackingNumber | None = None
    last_mile: TrackingNumber | None = None
    estimate: Money | None = None
    cost: Money | None = None
    status: str = ""
    weight: Weight | None = None
    dimensions: Dimensions | None = None
    incoterm: Incoterm | None = None
    units: tuple[tuple[LineId, int], ...] = ()
    warnings: tuple[Doubt, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[TrackingNumber, ...]:
        """The numbers for a label: that of the package, then that of the last mile."""
        return tuple(it for it in (self.number, self.last_mile) if it is not None)


def read_package(payload: object) -> PackageReading:
    """Read a package from the answer to `createPackage`, `clonePackage` or `getPackage`.

    Raises:
        CodecErrors: if it cannot be read, with all faults and their paths; it shows no values.
    """
    document = Cursor.open(payload)
    holder = next(filter(document.has, _PACKAGES), "")
    if not holder:
        document.fault(f"holds no package; allowed: one of {', '.join(_PACKAGES)}")
    refuse_faults([document.log])
    package = document[holder]
    reading = PackageReading(
        id=package["packageId"].text(),
        number=number(package["trackingNumber"]),
        last_mile=number(package["lastMileTrackingNumber"]),
        estimate=money(package["estimateCost"]),
        cost=money(package["paymentCost"]),
        status=package["packageStatus"].text_if_any(),
        weight=weight(package["packageWeight"]),
        dimensions=dimensions(
            package["packageLength"], package["packageWidth"], package["packageHeight"]
        ),
        incoterm=_incoterm(package["incoterm"]),
        units=tuple(_units(it) for it in package["items"].items()),
    )
    refuse_faults([document.log])
    return attrs.evolve(reading, warnings=in_order(document.log.doubts), unread=document.unread())


def number(place: Cursor) -> TrackingNumber | None:
    """Read a tracking number, or nothing."""
    text = place.text_if_any()
    return place.built(lambda: tracking_number(text)) if text else None


def money(place: Cursor) -> Money | None:
    """Read an amount with its currency, or nothing."""
    if place.is_absent:
        return None
    value, code = place["value"], place["currency"]
    unit = code.built(lambda: Currency(code.text()))
    return None if unit is None else value.built(lambda: Money.of(value.text(), unit))


def _incoterm(place: Cursor) -> Incoterm | None:
    text = place.text_if_any()
    if text and text not in _INCOTERMS:
        place.doubt("unknown_value", "is no known incoterm")
        place.disown()
    return _INCOTERMS.get(text)


def _units(item: Cursor) -> tuple[LineId, int]:
    return LineId(item["orderLineItem"].text_if_any()), item["postedQuantity"].whole(least=1)


@attrs.frozen(kw_only=True)
class Direction:
    """From where to where a service carries, and with which battery.

    Codes are eDIS's; `origin`, `destination` and `battery` are what they mean, None where nobody
    knows.
    """

    origin_code: str
    destination_code: str
    battery_code: str
    origin: Country | None
    destination: Country | None
    battery: LithiumBattery | None


@attrs.frozen(kw_only=True)
class Service:
    """A shipping service: eDIS's id, its names by language, its directions, and its limits.

    Languages are eDIS's: En, Zh (simplified), Hk (traditional), Jp.
    """

    id: str
    names: tuple[tuple[str, str], ...]
    incoterm: Incoterm | None
    directions: tuple[Direction, ...]
    limits: SizeLimits


@attrs.frozen(kw_only=True)
class ServicesReading:
    """What was read of a page of services."""

    services: tuple[Service, ...]
    warnings: tuple[Doubt, ...]
    unread: tuple[str, ...]


def read_services(payload: object) -> ServicesReading:
    """Read the services that eDIS offers; a page that is not the last one gives a warning.

    Raises:
        CodecErrors: if it cannot be read, with all faults and their paths; it shows no values.
    """
    document = Cursor.open(payload)
    page = document["serviceList"].needed()
    if page.has("next"):
        more_pages(page["next"])
    services = tuple(_service(it) for it in page["services"].items())
    refuse_faults([document.log])
    return ServicesReading(
        services=services, warnings=in_order(document.log.doubts), unread=document.unread()
    )


def _service(service: Cursor) -> Service:
    return Service(
        id=service["shippingServiceId"].text(),
        names=tuple(_names(service)),
        incoterm=_incoterm(service["incoterm"]),
        directions=tuple(_direction(it) for it in service["directions"].items()),
        limits=_limits(service),
    )


def _names(service: Cursor) -> Iterator[tuple[str, str]]:
    for language in ("En", "Zh", "Hk", "Jp"):
        if name := service[f"name{language}"].text_if_any():
            yield language, name


def _limits(service: Cursor) -> SizeLimits:
    """Read the limits of a service; one that is null or nothing is not stated."""
    heaviest = weight(service["maxWeight"])
    limits = service.built(
        lambda: SizeLimits(
            max_grams=heaviest.grams if heaviest else None,
            max_length_mm=millimetres(service["maxLength"]),
            max_total_mm=millimetres(service["maxTotalLength"]),
        )
    )
    return limits or SizeLimits()


def _direction(direction: Cursor) -> Direction:
    origin, destination = direction["from"], direction["to"]
    code = direction["batteryType"].text_if_any()
    if code and code not in _BATTERIES:
        direction["batteryType"].doubt("unknown_value", "is no known type of battery")
    return Direction(
        origin_code=origin.text_if_any(),
        destination_code=destination.text_if_any(),
        battery_code=code,
        origin=_country(origin),
        destination=_country(destination),
        battery=_BATTERIES.get(code),
    )


def _country(place: Cursor) -> Country | None:
    # At a glance, so that a code that is none is a doubt: the direction keeps it as it is.
    text = place.glance.text_if_any()
    read = place.glance.built(lambda: read_country(text)) if text else None
    if read is None:
        return None
    country, warning = read
    if warning:
        place.doubt("country_alias", warning)
    return country
