"""What a document lacks for generators of clients to take it whole."""

import re
from collections.abc import Iterator

from services.chassis.specs.references import REFERENCE
from tests.deploy.documents.places import Json, Lack, alternatives, is_object, operations, places, properties, schemas

NAME = re.compile(r"([A-Z][a-z0-9]+)+")


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


def parameters_that_may_be_null(document: Json) -> Iterator[str]:
    for name, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if {"type": "null"} in alternatives(parameter["schema"]):
                yield f"{name} {parameter['name']}"


def titles(document: Json) -> Iterator[str]:
    for place, schema in places(document):
        if isinstance(schema.get("title"), str):
            yield place


def names_of_two_things(document: Json) -> Iterator[str]:
    """A set of values in a member is named by generators as class and member: `AlertStatus` of `Alert.status`."""
    named = {name.lower(): schema for name, schema in schemas(document).items()}
    for place, schema in properties(document):
        twin = named.get(place.replace(".", "").replace("_", "").lower())
        if "enum" in schema and twin and twin.get("enum") != schema["enum"]:
            yield place


def values_that_are_no_words(document: Json) -> Iterator[str]:
    for place, schema in places(document):
        values = schema.get("enum", ())
        words = all(isinstance(each, str) and re.match("[A-Za-z]", each) for each in values)
        if not words and len(schema.get("x-enum-varnames", ())) != len(values):
            yield place


def unions_of_texts(document: Json) -> Iterator[str]:
    for place, schema in places(document):
        real = [each for each in alternatives(schema) if each != {"type": "null"}]
        if len(real) > 1 and not all(is_object(each, document) for each in real):
            yield place


def keys_beside_what_they_hold(document: Json) -> Iterator[str]:
    """`patternProperties`, of which generators make a class of anything."""
    for place, schema in places(document):
        if "patternProperties" in schema:
            yield place


def defaults_that_are_objects(document: Json) -> Iterator[str]:
    for name, schema in properties(document):
        default = schema.get("default")
        if isinstance(default, dict) or (isinstance(default, list) and default):
            yield name


def bodies_that_may_be_null(document: Json) -> Iterator[str]:
    for name, operation in operations(document):
        for each in operation.get("requestBody", {}).get("content", {}).values():
            if {"type": "null"} in alternatives(each["schema"]):
                yield name


def files_that_are_called_texts(document: Json) -> Iterator[str]:
    for name, operation in operations(document):
        for answer in operation["responses"].values():
            for media_type, each in answer.get("content", {}).items():
                is_file = media_type.startswith("application/") and not media_type.endswith(("json", "text"))
                if is_file and each["schema"].get("format") != "binary":
                    yield name


FOR_GENERATORS: list[Lack] = [
    members_that_are_only_null,
    lists_of_nothing,
    constants,
    names_that_no_person_would_give,
    integers_without_a_width,
    unions_that_are_told_apart_by_guessing,
    parameters_that_may_be_null,
    titles,
    names_of_two_things,
    values_that_are_no_words,
    unions_of_texts,
    keys_beside_what_they_hold,
    bodies_that_may_be_null,
    defaults_that_are_objects,
    files_that_are_called_texts,
]
