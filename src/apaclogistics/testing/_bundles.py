"""Strategies for bundles, with whatever was put into them and taken out again."""

from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apaclogistics.bundles import BUNDLE, Bundle, BundleAction, BundleOpening, BundleState
from apaclogistics.fulfilment import Phase
from apaclogistics.handovers import HandoverEntry, HandoverLine
from apaclogistics.lifecycle import Actor, Role
from apaclogistics.testing._agreements import beginnings, ids, somebody
from apaclogistics.testing._billing import preferences
from apaclogistics.testing._values import tracking_numbers, weights
from apaclogistics.testing._walks import (
    Moves,
    Option,
    arrived,
    goal_of,
    noted,
    options_of,
    walk,
)
from apaclogistics.values.identifiers import BundleId, ParcelId, ShipmentId
from apaclogistics.values.instants import Instant
from apaclogistics.values.quantities import Weight

# So heavy that a few parcels are never too heavy together.
_HEAVY: Final = Weight(1_000_000)


def bundle_openings() -> SearchStrategy[BundleOpening]:
    """Give what begins a bundle, with a limit of weight or none; shrinks to one of none."""
    return st.builds(
        BundleOpening,
        id=ids().map(BundleId),
        seller=somebody(Role.SELLER),
        carrier=somebody(Role.CARRIER),
        preference=preferences(),
        most=st.sampled_from((None, _HEAVY)),
    )


def _entry(draw: DrawFn, bundle: Bundle) -> HandoverEntry:
    """Give a shipment that may go along: its name and its numbers are in no other."""
    taken = {line.number for entry in bundle.entries for line in entry.lines}
    numbers = draw(
        st.lists(
            tracking_numbers().filter(lambda it: it not in taken),
            min_size=1,
            max_size=2,
            unique=True,
        )
    )
    known = weights(max_grams=30_000)
    is_weighed = bundle.opening.most is not None
    return HandoverEntry(
        shipment=ShipmentId(f"sh-{len(bundle.history)}"),
        seller=bundle.opening.seller,
        carrier=bundle.opening.carrier,
        phase=Phase.CONFIRMED,
        preference=bundle.opening.preference,
        lines=tuple(
            HandoverLine(
                parcel=ParcelId(f"p-{count}"),
                number=number,
                weight=draw(known if is_weighed else st.none() | known),
            )
            for count, number in enumerate(numbers)
        ),
    )


def _add(draw: DrawFn, bundle: Bundle, by: Actor, at: Instant) -> Bundle:
    return bundle.add([_entry(draw, bundle)], by=by, at=at)


def _remove(draw: DrawFn, bundle: Bundle, by: Actor, at: Instant) -> Bundle:
    return bundle.remove([draw(st.sampled_from(bundle.shipments))], by=by, at=at)


def _hand_over(_: DrawFn, bundle: Bundle, by: Actor, at: Instant) -> Bundle:
    return bundle.hand_over(bundle.entries, by=by, at=at)


_BUNDLE_MOVES: Final[Moves[BundleAction, Bundle]] = {
    BundleAction.ADD: _add,
    BundleAction.REMOVE: _remove,
    BundleAction.HAND_OVER: _hand_over,
    BundleAction.RECEIVE: noted(Bundle.receive),
    BundleAction.CANCEL: noted(Bundle.cancel),
}


def _bundle_options(bundle: Bundle) -> list[Option[BundleAction, BundleState]]:
    takes_some = {BundleAction.REMOVE, BundleAction.HAND_OVER}
    hands_over = bundle.opening.preference.kind.hands_over
    return [
        (action, by, after)
        for action, by, after in options_of(BUNDLE, bundle)
        if (bundle.entries or action not in takes_some)
        and (action is not BundleAction.HAND_OVER or by.role in hands_over)
    ]


@st.composite
def bundles(draw: DrawFn, *, state: BundleState | None = None) -> Bundle:
    """Give bundles in one state, or any; shrinks to an empty one."""
    opening = draw(bundle_openings())
    bundle = Bundle.open(opening, by=opening.seller, at=draw(beginnings()))
    goal = goal_of(draw, BUNDLE, state)
    walked = walk(draw, BUNDLE, bundle, _bundle_options, _BUNDLE_MOVES, goal=goal)
    return arrived(walked, state)
