"""Files from elsewhere, as parsed JSON or as faults: bounded, in UTF-8, and never a traceback."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from apaclogistics.errors import CodecError, CodecErrors

__all__ = ("read_document", "read_json")

# Our decision: a hundred times the largest order or tracker that was ever seen, and more.
_MOST_BYTES: Final = 16 * 1024 * 1024


def read_json(file: Path) -> object:
    """Read a file as JSON.

    Raises:
        CodecErrors: if it cannot be read, is too large, is not UTF-8 or is not JSON.
    """
    return _read(file, _parsed)


def read_document(file: Path) -> object:
    """Read a file as JSON, and one that begins as XML does as its text; nothing of it is parsed.

    Raises:
        CodecErrors: as `read_json` does.
    """
    return _read(file, _parsed_or_text)


def _read(file: Path, understand: Callable[[str], object]) -> object:
    problem = ""
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        return understand(_text(content))
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 at byte {error.start}"
    except json.JSONDecodeError as error:
        problem = f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        problem = "is nested too deeply"
    except ValueError as error:
        problem = str(error)
    raise CodecErrors.of([CodecError("$", problem)])


def _text(content: bytes) -> str:
    if not content.strip():
        raise ValueError("is empty")
    if len(content) > _MOST_BYTES:
        raise ValueError(f"is larger than {_MOST_BYTES} bytes")
    return content.decode("utf-8-sig")


def _parsed(text: str) -> object:
    parsed: object = json.loads(
        text, object_pairs_hook=_without_repeats, parse_constant=_no_constant
    )
    return parsed


def _parsed_or_text(text: str) -> object:
    return text if text.lstrip().startswith("<") else _parsed(text)


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        repeated, _ = counts.most_common(1)[0]
        raise ValueError(f"has a member twice: {repeated[:64]!r}")
    return members


def _no_constant(name: str) -> float:
    raise ValueError(f"holds {name}, which is no JSON")
