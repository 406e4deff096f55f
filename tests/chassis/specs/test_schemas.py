"""Schemas as generators take them."""

from typing import Any

import pytest

from services.chassis.specs.schemas import tidied, unless_absent

Json = dict[str, Any]
NULL = {"type": "null"}


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ({"type": "string", "title": "Name"}, {"type": "string"}),
        ({"const": "full", "type": "string"}, {"enum": ["full"], "type": "string"}),
        ({"type": "integer"}, {"type": "integer", "format": "int64"}),
        ({"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 1, "format": "int64"}),
        (
            {"type": "integer", "minimum": 1, "maximum": 200},
            {"type": "integer", "minimum": 1, "maximum": 200, "format": "int32"},
        ),
        (
            {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
            {"type": "integer", "minimum": 1, "maximum": 2**31 - 1, "format": "int32"},
        ),
        ({"type": "integer", "format": "unix-time"}, {"type": "integer", "format": "unix-time"}),
        (
            {"type": "integer", "minimum": 1, "exclusiveMaximum": 2**31},
            {"type": "integer", "minimum": 1, "exclusiveMaximum": 2**31, "format": "int64"},
        ),
    ],
)
def test_a_schema_is_tidied(written: Json, taken: Json) -> None:
    assert tidied(written) == taken
    assert tidied({"properties": {"x": {"anyOf": [written, NULL]}}}) == {"properties": {"x": {"anyOf": [taken, NULL]}}}


def test_members_that_have_the_names_of_keywords_are_left_alone() -> None:
    members = {"properties": {"title": {"type": "string"}, "type": {"enum": ["integer"]}}, "required": ["title"]}
    assert tidied(members) == members


def test_a_tag_is_always_there() -> None:
    written = {"properties": {"kind": {"const": "a", "default": "a"}, "x": {"default": 1}}, "required": ["y"]}
    taken = {"properties": {"kind": {"enum": ["a"]}, "x": {"default": 1}}, "required": ["kind", "y"]}
    assert tidied(written) == taken


def test_texts_of_several_forms_are_one_text() -> None:
    ids = {"anyOf": [{"type": "string", "pattern": "^a$"}, {"type": "string", "pattern": "^b$"}, NULL]}
    assert tidied(ids) == {"anyOf": [{"type": "string", "pattern": "^a$|^b$"}, NULL]}
    told_apart = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "pattern": "^b$"}]}
    assert tidied(told_apart) == told_apart


def test_a_list_of_values_that_may_grow_is_a_text_that_says_which_are_known() -> None:
    growing = {"anyOf": [{"$ref": "#/components/schemas/Kind"}, {"type": "string", "pattern": "^[a-z]+$"}]}
    assert tidied(growing | {"description": "What it is."}, {"Kind": {"type": "string", "enum": ["a", "b"]}}) == {
        "type": "string",
        "pattern": "^[a-z]+$",
        "examples": ["a", "b"],
        "description": "What it is. So far `a`, `b`; others may be added.",
    }


def test_what_keys_look_like_stands_beside_what_they_hold() -> None:
    assert tidied({"patternProperties": {"^a$": {"type": "integer", "format": "int32"}}}) == {
        "propertyNames": {"type": "string", "pattern": "^a$"},
        "additionalProperties": {"type": "integer", "format": "int32"},
    }


def test_a_default_that_is_an_object_is_told_in_words() -> None:
    members = {"a": {"default": {"b": 1}, "description": "A."}, "c": {"default": {}}, "default": {"default": [1]}}
    assert tidied({"properties": members})["properties"] == {
        "a": {"description": 'A. Left out, it is `{"b": 1}`.'},
        "c": {},
        "default": {"description": "Left out, it is `[1]`."},
    }


def test_values_are_left_alone() -> None:
    values = {"default": {"title": "x"}, "examples": [{"type": "integer"}], "enum": ["title"]}
    assert tidied(values) == values


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ({"anyOf": [{"type": "string", "pattern": "a"}, NULL], "default": None}, {"type": "string", "pattern": "a"}),
        ({"type": "integer", "default": 50}, {"type": "integer", "default": 50}),
        (
            {"anyOf": [{"type": "string"}, {"type": "boolean"}, NULL]},
            {"anyOf": [{"type": "string"}, {"type": "boolean"}]},
        ),
    ],
)
def test_a_parameter_or_a_body_is_there_or_is_not(written: Json, taken: Json) -> None:
    assert unless_absent(written) == taken
