"""The versions that the format has had, and how a document of an older one is read."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from apaclogistics.errors import InvalidValueError

FORMAT: Final = 1

Upgrade: TypeAlias = Callable[[str, object], object]

# By each older version, how its data becomes data of the next one.  An upgrade is given the name of
# the type and data that nobody has judged yet, so it leaves alone what it does not recognise.
UPGRADES: Final[Mapping[int, Upgrade]] = MappingProxyType({})


def check_version(version: int) -> None:
    """Refuse a version that this release does not know.

    Raises:
        InvalidValueError: if it is newer than `FORMAT`, or none.
    """
    if not 1 <= version <= FORMAT:
        problem = "is of a newer release" if version > FORMAT else "does not exist"
        raise InvalidValueError("format", version, problem, f"1 up to {FORMAT}")


def upgraded(data: object, kind: str, version: int) -> object:
    """Bring data of a type from the version that it has to the present one."""
    for step in range(version, FORMAT):
        data = UPGRADES[step](kind, data)
    return data
