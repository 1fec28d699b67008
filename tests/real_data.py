"""Where the real inputs are: beside the project, or where APACLOGISTICS_DATA says.

They are read in place and never copied here; a test that needs them is skipped where they are not.
"""

import json
import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[1].parent / "shared" / "data"
DATA = Path(os.environ.get("APACLOGISTICS_DATA", _BESIDE))

with_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real inputs are not here")


def names(folder: str) -> list[str]:
    """Give the names of the JSON files in a folder, without their endings."""
    return sorted(path.stem for path in (DATA / folder).glob("*.json"))


def load(folder: str, name: str) -> object:
    """Parse one of them."""
    payload: object = json.loads((DATA / folder / f"{name}.json").read_text(encoding="utf-8"))
    return payload
