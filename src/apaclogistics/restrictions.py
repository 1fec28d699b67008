"""Restrictions: what a service does not take, and where.

`Limits` are about the parcel: its size, its chargeable weight, what it is worth.  `Restrictions`
are about the goods: which batteries travel in which direction, and which kinds are prohibited or
take an agreement.  Neither raises: they answer with every reason at once.

>>> limits = Limits(size=SizeLimits(max_grams=2000), max_value=Money.of("150", "EUR"))
>>> from apaclogistics.values.instants import instant
>>> noon = instant("2026-03-02T12:00:00Z")
>>> [it.code for it in limits.against(Weight(2500), None, Money.of("151", "EUR"), at=noon)]
['too_heavy', 'above_value_limit']
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

import attrs

from apaclogistics.errors import InvalidValueError, Reason
from apaclogistics.values.fields import frozenset_of, of_type, optional, tuple_of
from apaclogistics.values.goods import CustomsItem, LithiumBattery, checked_hs_prefix, is_under
from apaclogistics.values.instants import Instant
from apaclogistics.values.money import ExchangeRate, Money, Rounding, checked_money, exchange
from apaclogistics.values.places import Country
from apaclogistics.values.quantities import Dimensions, SizeLimits, Weight, whole
from apaclogistics.values.zones import Zone

__all__ = ("BatteryLane", "GoodsRule", "Limits", "Restrictions")

_MOST_GRAMS: Final = 1_000_000_000


@attrs.frozen(kw_only=True)
class Limits:
    """The most that a service takes, everywhere or in a zone; each limit is included.

    `max_chargeable_grams` is of the chargeable weight; `max_value` of what customs are told, in the
    currency of the limit, usually that of the destination.
    """

    zone: Zone | None = attrs.field(default=None, validator=optional(Zone))
    size: SizeLimits = attrs.field(default=SizeLimits(), validator=of_type(SizeLimits))
    max_chargeable_grams: int | None = None
    max_value: Money | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse limits that nothing could keep."""
        grams = 1 if self.max_chargeable_grams is None else self.max_chargeable_grams
        whole("limit of the chargeable weight in grams", grams, least=1, most=_MOST_GRAMS)
        if self.max_value is not None and checked_money("limit", self.max_value).minor < 0:
            raise InvalidValueError(
                "limit of value", str(self.max_value), "is negative", "0 or more"
            )

    def covers(self, country: Country, postal_code: str) -> bool:
        """Tell whether the limits hold at a destination."""
        return self.zone is None or self.zone.covers(country, postal_code)

    def needs_postal_code(self, country: Country) -> bool:
        """Tell whether the postal code decides if the limits hold in a country."""
        return self.zone is not None and self.zone.needs_postal_code(country)

    def against(
        self,
        weight: Weight,
        dimensions: Dimensions | None,
        value: Money | None = None,
        *,
        chargeable_grams: int | None = None,
        at: Instant,
        rates: Iterable[ExchangeRate] = (),
    ) -> tuple[Reason, ...]:
        """Give every limit that a parcel breaks; a value in another currency takes a rate.

        `value` is what the parcel is declared to be worth; a limit on it asks for it.
        """
        charged = weight.grams if chargeable_grams is None else chargeable_grams
        return (
            *self.size.against(weight, dimensions),
            *self._against_chargeable(charged),
            *self._against_value(value, at, rates),
        )

    def _against_chargeable(self, grams: int) -> Iterator[Reason]:
        # A rule may come to more than any limit can say.
        whole("chargeable weight in grams", grams, least=1, most=_MOST_GRAMS**2)
        if self.max_chargeable_grams is not None and grams > self.max_chargeable_grams:
            most = self.max_chargeable_grams
            text = f"chargeable weight of {grams} g is above the limit of {most} g"
            yield Reason("chargeable_too_heavy", text)

    def _against_value(
        self, value: Money | None, at: Instant, rates: Iterable[ExchangeRate]
    ) -> Iterator[Reason]:
        if self.max_value is None:
            return
        if value is None:
            text = f"the value is not declared, and the limit is {self.max_value}"
            yield Reason("value_missing", text)
            return
        # Rounded up, so that a value a little above the limit does not slip under it.
        found = exchange(value, self.max_value.currency, rates, at, Rounding.UP)
        if isinstance(found, Reason):
            text = f"value of {value} against the limit of {self.max_value}: {found.text}"
            yield Reason(found.code, text)
        elif found > self.max_value:
            in_limit = f" ({found})" if value.currency != found.currency else ""
            text = f"value of {value}{in_limit} is above the limit of {self.max_value}"
            yield Reason("above_value_limit", text)


@attrs.frozen(kw_only=True)
class BatteryLane:
    """Which battery types travel from one country to some others; no countries stand for all.

    Source: eDIS 1.1.0, getServices, directions[] with from, to and batteryType.
    """

    origin: Country = attrs.field(validator=of_type(Country))
    destinations: frozenset[Country] = attrs.field(
        default=frozenset(), validator=frozenset_of(Country)
    )
    batteries: frozenset[LithiumBattery] = attrs.field(validator=frozenset_of(LithiumBattery))

    def takes(self, battery: LithiumBattery, origin: Country, destination: Country) -> bool:
        """Tell whether a battery type travels this way."""
        is_here = origin == self.origin
        reaches = not self.destinations or destination in self.destinations
        return is_here and reaches and battery in self.batteries


@attrs.frozen(kw_only=True)
class GoodsRule:
    """A kind of goods that is prohibited, or restricted to sellers with an agreement.

    The kind is told by HS codes, which begin with one of `hs_prefixes`, or by the marketplace's
    `categories`.  The rule holds for some destinations, or for all if none are named.  `agreement`
    is what the seller must have accepted, written with its version as `str` of an `Agreement`
    does; empty, nobody may ship the goods.
    """

    kind: str = attrs.field(validator=of_type(str))
    hs_prefixes: tuple[str, ...] = attrs.field(default=(), validator=tuple_of(str))
    categories: frozenset[str] = attrs.field(default=frozenset(), validator=frozenset_of(str))
    destinations: frozenset[Country] = attrs.field(
        default=frozenset(), validator=frozenset_of(Country)
    )
    agreement: str = attrs.field(default="", validator=of_type(str))

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that says of no goods that it is about them."""
        if not self.hs_prefixes and not self.categories:
            allowed = "HS prefixes or categories"
            raise InvalidValueError("kind of goods", self.kind, "is not told by anything", allowed)
        if "" in self.categories:
            raise InvalidValueError("category", "", "is empty", "a number of the marketplace")
        for prefix in self.hs_prefixes:
            checked_hs_prefix(prefix)

    def against(
        self, item: CustomsItem, destination: Country, agreements: Collection[str]
    ) -> Reason | None:
        """Say why the rule keeps an item out, None if it does not."""
        if self.destinations and destination not in self.destinations:
            return None
        if self.agreement and self.agreement in agreements:
            return None
        if item.category in self.categories or any(
            is_under(item.hs_code, prefix) for prefix in self.hs_prefixes
        ):
            return self._barred(item, destination)
        if self.hs_prefixes and not item.hs_code:
            text = f"{self.kind} cannot be told from {item.description!r} without an HS code"
            return Reason("hs_code_missing", text)
        if any(prefix.startswith(item.hs_code) for prefix in self.hs_prefixes):
            text = (
                f"{self.kind} cannot be told from {item.description!r} by HS {item.hs_code} alone"
            )
            return Reason("hs_code_too_short", text)
        return None

    def _barred(self, item: CustomsItem, destination: Country) -> Reason:
        what = f"{item.description!r} is {self.kind}"
        if not self.agreement:
            return Reason("goods_prohibited", f"{what}, which does not go to {destination}")
        return Reason("agreement_missing", f"{what}, which takes the agreement {self.agreement!r}")


@attrs.frozen(kw_only=True)
class Restrictions:
    """What a service carries: the battery matrix by direction, and rules for kinds of goods.

    Where no direction takes a battery type it is not carried; goods without batteries always are.
    """

    batteries: tuple[BatteryLane, ...] = attrs.field(default=(), validator=tuple_of(BatteryLane))
    goods: tuple[GoodsRule, ...] = attrs.field(default=(), validator=tuple_of(GoodsRule))

    def against(
        self,
        items: Iterable[CustomsItem],
        *,
        origin: Country,
        destination: Country,
        agreements: Collection[str] = (),
    ) -> tuple[Reason, ...]:
        """Give every reason why goods are not carried this way, each once.

        `agreements` are those that the seller has accepted.
        """
        declared = tuple(items)
        if self.goods and not declared:
            text = "nothing is declared, and some kinds of goods are kept out"
            return (Reason("nothing_declared", text),)
        found = (
            reason
            for item in declared
            for reason in (
                self._against_battery(item.battery, origin, destination),
                *(rule.against(item, destination, agreements) for rule in self.goods),
            )
        )
        return tuple(dict.fromkeys(reason for reason in found if reason is not None))

    def _against_battery(
        self, battery: LithiumBattery, origin: Country, destination: Country
    ) -> Reason | None:
        is_none = battery is LithiumBattery.NONE
        if is_none or any(lane.takes(battery, origin, destination) for lane in self.batteries):
            return None
        text = f"{battery.value} is not carried from {origin} to {destination}"
        return Reason("battery_not_carried", text)
