"""Registration: Hypothesis is told how to make values of the library's types.

Where the library is installed, Hypothesis calls `register`, and `hypothesis.strategies.from_type`
knows the types, also inside `builds` and `@given(...)` with annotations.
"""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from apaclogistics.testing.strategies import BY_TYPE

__all__ = ("register",)


def register() -> None:
    """Teach `hypothesis.strategies.from_type` the types of this library; nothing is built yet.

    `Instant` is left out, since it is pendulum's class and not ours to decide about.
    """
    for kind, plural in BY_TYPE.items():
        st.register_type_strategy(kind, _deferred(plural))


def _deferred(
    plural: Callable[[], SearchStrategy[object]],
) -> Callable[[type], SearchStrategy[object]]:
    return lambda _: plural()
