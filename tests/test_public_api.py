"""The public face: each name has one home, and the top gives what its own names speak of."""

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterator
from enum import Enum
from types import ModuleType
from typing import Final, get_args, get_origin, get_type_hints

import pytest

import apaclogistics
from tests.test_architecture import EXTRAS, MODULES, PACKAGE, import_public

PUBLIC = [
    module
    for module in MODULES
    if module.is_public and module.imported_as != PACKAGE and str(module) not in EXTRAS
]
NAMES: Final[tuple[str, ...]] = apaclogistics.__all__
EXPORTED: Final[dict[str, object]] = {name: getattr(apaclogistics, name) for name in NAMES}

# What is named in signatures and stays where it is: names that say too little away from their
# module, and what `commands` and `expectations` make of rows.
AT_HOME: Final = {
    "Days",
    "DaysFrom",
    "Entry",
    "Expectation",
    "Leg",
    "Limit",
    "Per",
    "Recorded",
    "Row",
    "Rule",
    "ScanKey",
    "Sighting",
}


def names_of(module: ModuleType) -> tuple[str, ...]:
    names: tuple[str, ...] = getattr(module, "__all__", ())
    return names


def test_a_public_name_has_one_home() -> None:
    """The top of the package gives names of its modules once more; no other module does."""
    homes: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for module in PUBLIC:
        imported = import_public(module)
        for name in names_of(imported):
            homes[name, id(getattr(imported, name))].append(module.imported_as)

    assert [it for it in homes.items() if len(it[1]) > 1] == []


def is_aggregate(kind: type) -> bool:
    """Tell what is begun and replayed, and made by nobody."""
    return hasattr(kind, "replay")


def functions_of(thing: object) -> Iterator[Callable[..., object]]:
    """Give what somebody calls: a function, or how a class is made and its public methods."""
    if inspect.isfunction(thing):
        yield thing
    elif isinstance(thing, type) and not issubclass(thing, Enum) and PACKAGE in thing.__module__:
        made = () if is_aggregate(thing) else ("__init__",)
        public = (name for name in vars(thing) if not name.startswith("_") and name != "replay")
        for name in (*made, *public):
            member = getattr(thing, name)
            if inspect.isfunction(inspect.unwrap(member)) or inspect.ismethod(member):
                yield member


def types_in(hint: object) -> Iterator[type]:
    """Give the types of ours in an annotation, however deep."""
    kind = get_origin(hint) or hint
    if isinstance(kind, type) and kind.__module__.startswith(PACKAGE):
        yield kind
    for part in get_args(hint):
        yield from types_in(part)


@pytest.mark.parametrize("name", NAMES)
def test_the_top_gives_the_types_that_its_own_names_take(name: str) -> None:
    """Whoever imports a noun from the top need not look for what it is made of."""
    given = {id(it) for it in EXPORTED.values()}
    taken = {
        kind
        for function in functions_of(EXPORTED[name])
        for parameter, hint in get_type_hints(function).items()
        if parameter != "return"
        for kind in types_in(hint)
    }

    missing = {kind.__name__ for kind in taken if id(kind) not in given}

    assert missing <= AT_HOME


def test_what_stays_at_home_is_named_by_something_at_the_top() -> None:
    """Else the list above would keep what nobody asks for."""
    hints = (
        hint
        for thing in EXPORTED.values()
        for function in functions_of(thing)
        for hint in get_type_hints(function).values()
    )

    assert {kind.__name__ for hint in hints for kind in types_in(hint)} >= AT_HOME
