"""Where things stand in an API document: its schemas, operations and members, each with its place."""

from collections.abc import Callable, Iterator
from typing import Any

from services.chassis.specs.references import REFERENCE
from services.chassis.specs.schemas import VALUES

Json = dict[str, Any]
Lack = Callable[[Json], Iterator[str]]
"""What of a document lacks something, by where it stands."""


def schemas(document: Json) -> dict[str, Json]:
    found: dict[str, Json] = document["components"]["schemas"]
    return found


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def places(document: Json) -> Iterator[tuple[str, Json]]:
    """Every schema within a named one or an operation, with where it stands."""
    for name, schema in schemas(document).items():
        yield from ((name, each) for each in objects_in(schema))
    for name, operation in operations(document):
        described = [*operation.get("parameters", ()), *media(operation)]
        yield from ((name, each) for part in described for each in objects_in(part["schema"]))


def objects_in(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        yield from (each for name, inner in value.items() if name not in VALUES for each in objects_in(inner))
    elif isinstance(value, list):
        yield from (each for inner in value for each in objects_in(inner))


def media(operation: Json) -> Iterator[Json]:
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for answer in operation["responses"].values():
        yield from (each for each in answer.get("content", {}).values() if "schema" in each)


def properties(document: Json) -> Iterator[tuple[str, Json]]:
    for place, schema in places(document):
        if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
            yield from ((f"{place}.{name}", each) for name, each in schema["properties"].items())


def is_object(schema: Json, document: Json) -> bool:
    if "$ref" in schema:
        schema = schemas(document)[schema["$ref"].removeprefix(REFERENCE)]
    return schema.get("type") == "object" or any(is_object(each, document) for each in alternatives(schema))


def alternatives(schema: Json) -> list[Json]:
    return [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
