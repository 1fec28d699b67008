"""The official OpenAPI documents, where they are, and what they say of a payload.

They declare next to nothing: no field is required and no value is bounded, so a payload of misspelt
names would be valid.  Here every object is closed first, so that it holds only what is described.
"""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Final

import jsonschema
from openapi_spec_validator import validate

from tests.documents import leaves, path_of
from tests.real_data import load

FULFILMENT: Final = "sell_fulfillment_v1_oas3"
EDIS: Final = "sell_edelivery_international_shipping_oas3"


@cache
def _document(name: str) -> dict[str, object]:
    document = load("ebay_openapi", name)
    assert isinstance(document, dict)
    return document


def refuse_faulty_document(name: str) -> None:
    """Have a document itself judged; a faulty one raises."""
    validate(_document(name))


def objects(node: object) -> Iterator[dict[str, object]]:
    """Give every schema of an object in a document."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield node
        for inner in node.values():
            yield from objects(inner)


@cache
def _closed(name: str) -> dict[str, object]:
    document = copy.deepcopy(_document(name))
    for schema in objects(document["components"]):
        schema["additionalProperties"] = False
    return document


def faults(name: str, schema: str, payload: object) -> list[str]:
    """Say what an official schema finds wrong with a payload: nothing, if it is well."""
    rules = {**_closed(name), "$ref": f"#/components/schemas/{schema}"}
    found = jsonschema.Draft202012Validator(rules).iter_errors(payload)
    return sorted(f"{error.json_path}: {error.message}" for error in found)


def missing(payload: object, required: frozenset[str]) -> set[str]:
    """Give the required leaves that a payload lacks, by paths with ``[*]`` for each element."""
    present = {path_of(steps) for steps, value in leaves(payload) if value not in ("", None)}
    return {path for path in required if not _has(path, present)}


def _has(path: str, present: set[str]) -> bool:
    head, star, tail = path.partition("[*]")
    if not star:
        return path in present
    if not tail:
        return any(it.startswith(f"{head}[") for it in present)
    rows = {it[len(head) :].partition("]")[0][1:] for it in present if it.startswith(f"{head}[")}
    return bool(rows) and all(_has(f"{head}[{row}]{tail}", present) for row in rows)
