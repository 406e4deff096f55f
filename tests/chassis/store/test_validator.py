"""A validator that the store in memory cannot judge is found when the store is made, not when it should have judged."""

from typing import Any

import pytest

from services.chassis.testing.validator import Validator


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ({"status": {"$in": ["open"]}}, "status"),
        ({"$jsonSchema": {"required": ["a"]}, "$expr": {"$eq": [{"$avg": "$a.b"}, 1]}}, r"\$avg"),
        ({"$jsonSchema": {"maxProperties": 3}}, "maxProperties"),
        ({"$jsonSchema": {"properties": {"a": {"maxLength": 3}}}}, "maxLength"),
        ({"$jsonSchema": {"properties": {"a": {"items": {"oneOf": [{"maxLength": 3}]}}}}}, "maxLength"),
        ({"$jsonSchema": {"properties": {"a": {"properties": {"b": {"bsonType": ["null", "decimal"]}}}}}}, "decimal"),
    ],
)
def test_a_validator_that_says_more_than_can_be_judged_is_a_loud_error(query: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Validator(query)
