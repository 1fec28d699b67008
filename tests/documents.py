"""Documents of other people's formats: our own samples of them, and how to change one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

FIXTURES = Path(__file__).parent / "fixtures"

# In place of a value, takes the member away.
GONE: Final = object()

Steps = tuple[str | int, ...]


def sample(name: str) -> object:
    """Parse one of the samples in `fixtures/`."""
    payload: object = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return payload


def edited(payload: object, changes: Mapping[str, object]) -> object:
    """Give a document with other values at some places, as in ``{"lines.0.quantity": 3}``."""
    for place, value in changes.items():
        payload = replaced(payload, steps_of(place), value)
    return payload


def steps_of(place: str) -> Steps:
    return tuple(int(step) if step.isdigit() else step for step in place.split("."))


def replaced(payload: object, steps: Sequence[str | int], value: object) -> object:
    """Give a document with another value at one place; an index past the end adds one."""
    if not steps:
        return value
    step, *rest = steps
    if isinstance(payload, list):
        assert isinstance(step, int)
        inner = payload[step] if step < len(payload) else None
        return [*payload[:step], replaced(inner, rest, value), *payload[step + 1 :]]
    members = dict(payload) if isinstance(payload, dict) else {}
    members[step] = replaced(members.get(step), rest, value)
    return {key: member for key, member in members.items() if member is not GONE}


def at(payload: object, place: str) -> object:
    """Give the value at a place."""
    for step in steps_of(place):
        payload = payload[step]  # type: ignore[index]  # a wrong place fails the test
    return payload


def leaves(payload: object, steps: Steps = ()) -> Iterator[tuple[Steps, object]]:
    """Give every value that holds no others, and the way to it."""
    if isinstance(payload, dict):
        for key, inner in payload.items():
            yield from leaves(inner, (*steps, key))
    elif isinstance(payload, list):
        for index, inner in enumerate(payload):
            yield from leaves(inner, (*steps, index))
    else:
        yield steps, payload


def path_of(steps: Steps) -> str:
    """Write a way as the readers do."""
    shown = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return f"${''.join(shown)}"
