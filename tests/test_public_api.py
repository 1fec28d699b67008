"""The public face: each name has one home."""

from collections import defaultdict
from types import ModuleType

from tests.test_architecture import EXTRAS, MODULES, PACKAGE, import_public

PUBLIC = [
    module
    for module in MODULES
    if module.is_public and module.imported_as != PACKAGE and str(module) not in EXTRAS
]


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
