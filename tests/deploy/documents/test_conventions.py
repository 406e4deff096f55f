"""The conventions of the API document: any generator takes it whole, and everything in it says what it is."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deploy.documents.public_api import public_document
from services.chassis.specs.references import REFERENCE
from services.chassis.specs.schemas import VALUES

Json = dict[str, Any]
Lack = Callable[[Json], Iterator[str]]

DOCUMENT = public_document()
SENTENCE = re.compile(r"[^a-z\s].*[.!?]`?", re.DOTALL)
"""Begins with a capital, a digit or a code, and ends."""
NAME = re.compile(r"([A-Z][a-z0-9]+)+")


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


def members_that_are_only_null(document: Json) -> Iterator[str]:
    yield from (name for name, schema in properties(document) if schema.get("type") == "null")


def lists_of_nothing(document: Json) -> Iterator[str]:
    for place, schema in places(document):
        if schema.get("type") == "array" and not schema.get("items"):
            yield place


def constants(document: Json) -> Iterator[str]:
    for place, schema in places(document):
        if "const" in schema:
            yield place


def names_that_no_person_would_give(document: Json) -> Iterator[str]:
    for name in schemas(document):
        twin = name.removeprefix("New")
        if not NAME.fullmatch(name) or name.endswith("View") or (twin != name and twin in schemas(document)):
            yield name


def integers_without_a_width(document: Json) -> Iterator[str]:
    for place, schema in places(document):
        if schema.get("type") == "integer" and schema.get("format") not in ("int32", "int64"):
            yield place


def unions_that_are_told_apart_by_guessing(document: Json) -> Iterator[str]:
    for place, schema in places(document):
        objects = [each for each in alternatives(schema) if is_object(each, document)]
        tag = schema.get("discriminator", {}).get("propertyName")
        whole = [schemas(document)[each["$ref"].removeprefix(REFERENCE)] for each in objects if tag]
        if len(objects) > 1 and (not tag or any(tag not in each["required"] for each in whole)):
            yield place


def schemas_without_words(document: Json) -> Iterator[str]:
    for name, schema in schemas(document).items():
        if not SENTENCE.fullmatch(schema.get("description", "")):
            yield name


def members_without_words(document: Json) -> Iterator[str]:
    for name, schema in properties(document):
        if not SENTENCE.fullmatch(schema.get("description", "")):
            yield name


def parameters_without_words(document: Json) -> Iterator[str]:
    for name, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if not SENTENCE.fullmatch(parameter.get("description", "")):
                yield f"{name} {parameter['name']}"


def operations_without_a_summary(document: Json) -> Iterator[str]:
    for name, operation in operations(document):
        if not SENTENCE.fullmatch(operation.get("summary", "")) or "\n" in operation["summary"]:
            yield name


def parameters_that_may_be_null(document: Json) -> Iterator[str]:
    for name, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if {"type": "null"} in alternatives(parameter["schema"]):
                yield f"{name} {parameter['name']}"


def answers_without_words(document: Json) -> Iterator[str]:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            if not SENTENCE.fullmatch(answer.get("description", "")):
                yield f"{name} {status}"


def titles(document: Json) -> Iterator[str]:
    for place, schema in places(document):
        if isinstance(schema.get("title"), str):
            yield place


def headers_that_mean_nothing(document: Json) -> Iterator[str]:
    """`If-None-Match` where no `ETag` is given, `If-Match` where no path names what is changed."""
    for name, operation in operations(document):
        parameters = {each["name"] for each in operation.get("parameters", ())}
        tagged = any("ETag" in answer.get("headers", {}) for answer in operation["responses"].values())
        if ("If-None-Match" in parameters and not tagged) or ("If-Match" in parameters and "{" not in name):
            yield name


CONVENTIONS: list[Lack] = [
    members_that_are_only_null,
    lists_of_nothing,
    constants,
    names_that_no_person_would_give,
    integers_without_a_width,
    unions_that_are_told_apart_by_guessing,
    schemas_without_words,
    members_without_words,
    parameters_without_words,
    operations_without_a_summary,
    parameters_that_may_be_null,
    answers_without_words,
    titles,
    headers_that_mean_nothing,
]


@pytest.mark.parametrize("lacks", CONVENTIONS, ids=lambda lacks: lacks.__name__)
def test_the_document_keeps_each_convention(lacks: Lack) -> None:
    assert sorted(set(lacks(DOCUMENT))) == []


def lacking() -> Json:
    """A document that keeps no convention."""
    members = {"a": {"type": "integer"}, "b": {"type": "null"}, "c": {"type": "array"}}
    thing = {"type": "object", "title": "Thing", "properties": members}
    tag = {"name": "If-None-Match", "schema": {"anyOf": [thing, {"type": "null"}]}}
    one = {"type": "object", "description": "of two", "properties": {"kind": {"const": True}}}
    either = {"oneOf": [{"$ref": f"{REFERENCE}ThingView"}, {"$ref": f"{REFERENCE}NewThing"}]}
    answers = {"200": {"content": {"application/json": {"schema": either}}}}
    operation = {"summary": "things", "responses": answers, "parameters": [tag]}
    return {
        "components": {"schemas": {"ThingView": thing, "NewThing": one, "Thing": one}},
        "paths": {"/things": {"get": operation}},
    }


@pytest.mark.parametrize("lacks", CONVENTIONS, ids=lambda lacks: lacks.__name__)
def test_a_document_that_lacks_it_is_told_so(lacks: Lack) -> None:
    assert list(lacks(lacking()))
