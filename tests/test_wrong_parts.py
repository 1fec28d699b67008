"""An instance is proof: no value can be made that holds something else than its types say.

Values of every strategy are taken apart, and each class that they are made of is made anew with one
part wrong, each part in turn.  It is refused by an error of ours, or can be written as a document.
"""

from collections.abc import Iterator
from typing import Final

import attrs
from hypothesis import HealthCheck, Phase, given, settings

from apaclogistics import codec
from apaclogistics.bundles import Bundle
from apaclogistics.claims import Claim
from apaclogistics.errors import ApacLogisticsError, Reason
from apaclogistics.history import Step
from apaclogistics.inquiries import Inquiry
from apaclogistics.listings import Listing
from apaclogistics.orders import Order
from apaclogistics.scorecards import LineEvidence, Records, Scorecard
from apaclogistics.sellers import Seller
from apaclogistics.shipments import Shipment
from apaclogistics.testing.strategies import BY_TYPE
from apaclogistics.tracking import Discrepancy, Entry, Leg, Tracking
from tests.wrong import WRONG

# What the library makes by itself out of what was checked before: by verbs, and by `replay`, which
# the codec insists on; by looking at scans, orders and shipments; and the reasons that it gives.
MADE_HERE: Final = {
    *(Bundle, Claim, Inquiry, Listing, Order, Seller, Shipment, Step),
    *(Discrepancy, Entry, Leg, Tracking, LineEvidence, Records, Scorecard),
    Reason,
}

QUICKLY: Final = settings(
    max_examples=15,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def parts(value: object) -> Iterator[object]:
    """Give every value of a class that something is made of."""
    if isinstance(value, tuple | frozenset):
        for item in value:
            yield from parts(item)
    kind = type(value)
    if attrs.has(kind):
        yield value
        for field in attrs.fields(kind):
            yield from parts(getattr(value, field.name))


def samples() -> dict[type, object]:
    """Draw some of everything that there is a strategy for, and take it apart."""
    found: dict[type, object] = {}
    for strategy in BY_TYPE.values():

        @QUICKLY
        @given(strategy())
        def draw(value: object) -> None:
            for part in parts(value):
                found.setdefault(type(part), part)

        draw()
    return found


def trouble(kind: type, given: dict[str, object]) -> str:
    """Say what goes wrong when a value is made of some parts; nothing if it is refused by us."""
    try:
        made = kind(**given)
    except ApacLogisticsError:
        return ""
    except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
        return repr(error)[:200]
    try:
        return "" if codec.loads(codec.dumps(made), kind) == made else "it is read as another"
    except ApacLogisticsError as error:
        return str(error)[:200]


def test_a_wrong_part_is_refused_when_the_value_is_made_or_can_be_written() -> None:
    """And not where the part is used, or never."""
    made = {kind: value for kind, value in samples().items() if kind not in MADE_HERE}

    told = [
        f"{kind.__name__}.{name} of {repr(wrong)[:20]}: {said}"
        for kind, sample in made.items()
        for parts in [{it.alias: getattr(sample, it.name) for it in attrs.fields(kind) if it.init}]
        for name in parts
        for wrong in WRONG
        if (said := trouble(kind, parts | {name: wrong}))
    ]

    assert len(made) > 140
    assert told == []
