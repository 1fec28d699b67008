"""What is handed in by mistake: nothing, something empty, of another type, or beyond all bounds."""

from datetime import timedelta
from typing import Final

from tests.samples import day

WRONG: Final[tuple[object, ...]] = (
    None,
    "",
    0,
    object(),
    [],
    {},
    b"x",
    "\ud800",
    "x" * 200_000,
    True,
    10**30,
    1.5,
    timedelta(-1),
    day(1),
)
