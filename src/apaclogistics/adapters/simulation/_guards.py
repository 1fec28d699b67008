"""Guards: whom and what a carrier takes, each refusal with the code that eDIS has for it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from apaclogistics.adapters.simulation._prices import prices_of
from apaclogistics.bundles import Bundle
from apaclogistics.carriers import BookingRequest
from apaclogistics.consignments import Consignment, Parcel
from apaclogistics.errors import Reason
from apaclogistics.lifecycle import Actor
from apaclogistics.rate_cards import RateCard
from apaclogistics.tariffs import Unpriced
from apaclogistics.values.goods import LithiumBattery
from apaclogistics.values.instants import Instant
from apaclogistics.values.quantities import Weight

__all__ = ("HouseRules", "refusal_of", "refusal_of_bundle")


@attrs.frozen(kw_only=True)
class HouseRules:
    """Whom and what a carrier takes.

    `disabled` are sellers whose account does not book through an interface.  `services` are the
    services by name with their rate cards; where none are named, one card is good for any service.
    `mini_packets` are the services that take special goods without a battery.  `heaviest_bundle` is
    what the parcels of a bundle may weigh together, None where they may weigh anything.
    """

    disabled: frozenset[Actor] = frozenset()
    services: Mapping[str, RateCard] = MappingProxyType({})
    mini_packets: frozenset[str] = frozenset()
    heaviest_bundle: Weight | None = None


Guard: TypeAlias = Callable[[BookingRequest, HouseRules], str]


def _disabled(request: BookingRequest, rules: HouseRules) -> str:
    seller = request.consignment.seller
    is_disabled = seller in rules.disabled
    return f"the account of {seller} does not book through an interface" if is_disabled else ""


def _no_such_service(request: BookingRequest, rules: HouseRules) -> str:
    known = not rules.services or request.service in rules.services
    return "" if known else f"service {request.service!r} does not exist"


def _duplicate_sku(request: BookingRequest, _: HouseRules) -> str:
    doubled = [sku for parcel in request.consignment.parcels for sku in _doubled(parcel)]
    return f"sku {doubled[0]!r} comes twice in a package" if doubled else ""


def _doubled(parcel: Parcel) -> list[str]:
    counted = Counter(item.sku for item in parcel.contents if item.sku)
    return [sku for sku, count in counted.items() if count > 1]


def _special_goods(request: BookingRequest, rules: HouseRules) -> str:
    carried = {item.battery for parcel in request.consignment.parcels for item in parcel.contents}
    is_special = LithiumBattery.SPECIAL_GOODS in carried
    is_refused = is_special and request.service not in rules.mini_packets
    return f"service {request.service!r} takes no special goods" if is_refused else ""


# In the order of asking; the first that says something refuses.
_GUARDS: Final[tuple[tuple[str, Guard], ...]] = (
    ("355003", _disabled),
    ("355012", _no_such_service),
    ("355016", _duplicate_sku),
    ("355018", _special_goods),
)


def refusal_of_bundle(
    bundle: Bundle, consignments: Iterable[Consignment], rules: HouseRules
) -> Reason | None:
    """Give why a bundle of known parcels is refused, None where it is taken."""
    if not bundle.entries:
        return Reason("355079", f"bundle {bundle.id} has no parcels")
    preference = bundle.opening.preference
    if any(it.preference != preference for it in consignments):
        text = f"not all parcels of bundle {bundle.id} are handed over as {preference.name} says"
        return Reason("355080", text)
    most, weight = rules.heaviest_bundle, bundle.weight
    if most is not None and (weight is None or weight > most):
        return Reason("355081", f"bundle {bundle.id} weighs {weight}, and {most} are taken")
    return None


def refusal_of(
    request: BookingRequest, rules: HouseRules, card: RateCard, at: Instant
) -> Reason | None:
    """Give why a request is refused, None where it is booked."""
    for code, guard in _GUARDS:
        if text := guard(request, rules):
            return Reason(code, text)
    unpriced = prices_of(request, rules.services.get(request.service, card), at)
    if not isinstance(unpriced, Unpriced):
        return None
    text = "; ".join(reason.text for reason in unpriced.reasons)
    others = (prices_of(request, other, at) for other in rules.services.values())
    is_hopeless = rules.services and all(isinstance(other, Unpriced) for other in others)
    return Reason("355024" if is_hopeless else "355025", text)
