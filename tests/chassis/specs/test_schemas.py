"""Schemas as generators take them."""

from typing import Any

import pytest

from services.chassis.specs.schemas import unless_absent, tidied

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
