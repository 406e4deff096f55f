"""Examples in the OpenAPI document: of each body and each answer, from the `examples.py` of the service it belongs to.

Such a module has `BODIES` and `ANSWERS`, one instance of each model, and `OF_OPERATIONS`, answers of operations that
answer a model in another state, or something that is no model.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from services.chassis.http.names import public_name
from services.chassis.specs.references import REFERENCE

Json = dict[str, Any]

ALTERNATIVES = ("anyOf", "oneOf")
NO_WORDS: tuple[str, Json] = ("Nothing", {})


def add_examples(document: Json, module: ModuleType) -> None:
    """Put an example beside the schema of every body and every answer of the operations in a service's document."""
    bodies = dict([NO_WORDS, *_by_name(module.BODIES, without_defaults=True)])
    answers = dict(_by_name(module.ANSWERS))
    operations: Mapping[str, BaseModel | Mapping[str, Any] | str] = module.OF_OPERATIONS
    for item in document["paths"].values():
        for operation in item.values():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                _show(media, dict(_of(media["schema"], bodies, document)))
            for status, answer in operation["responses"].items():
                for media in answer.get("content", {}).values() if status.startswith("2") else ():
                    special = operations.get(operation["operationId"])
                    if isinstance(special, str | Mapping):
                        _show(media, {"Answer": special})
                        continue
                    known = answers | dict(_by_name([special])) if special else answers
                    _show(media, dict(_of(media["schema"], known, document)))


def _show(media: Json, examples: Json) -> None:
    if examples:
        media["examples"] = {name: {"value": value} for name, value in examples.items()}


def _by_name(models: Iterable[BaseModel], *, without_defaults: bool = False) -> Iterator[tuple[str, Any]]:
    for model in models:
        shown = model.model_dump(mode="json", by_alias=True, exclude_unset=without_defaults)
        yield public_name(type(model).__name__), shown


def _of(schema: Json, known: Mapping[str, Any], document: Json) -> Iterator[tuple[str, Any]]:
    """Name and example of each alternative of a schema; of a page, one page with all that can stand in it."""
    for alternatives in ALTERNATIVES:
        for each in schema.get(alternatives, ()):
            yield from _of(each, known, document)
    name = schema.get("$ref", "").removeprefix(REFERENCE)
    if name in known:
        yield name, known[name]
    elif name:
        named = document["components"]["schemas"][name]
        yield from _of({key: value for key, value in named.items() if key in ALTERNATIVES}, known, document)
        members = named.get("properties", {})
        if members.keys() >= {"data", "next_cursor"}:
            items = [value for _, value in _of(members["data"]["items"], known, document)]
            if items:
                total = {"total": len(items)} if "total" in members else {}
                yield "Page", {"data": items, "next_cursor": None, **total}
