"""A collection's validator (`{"$jsonSchema": …, "$expr": …}`), judged in memory as MongoDB judges it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from services.chassis.store.writes import Document
from services.chassis.testing.expression import Expression

BSON_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: _is_whole(value) and -(2**31) <= value < 2**31,
    "long": lambda value: _is_whole(value) and not -(2**31) <= value < 2**31,
    "date": lambda value: isinstance(value, date),  # an instant is one too, and a day is kept as one
    "object": lambda value: isinstance(value, Mapping),
    "array": lambda value: isinstance(value, list | tuple),
    "null": lambda value: value is None,
}
"""The types of BSON that this code base keeps, as the driver chooses them for a value."""


class Validator:
    """What a collection takes.

    Args:
        query: of a `Row`; None takes everything.

    Raises:
        ValueError: it says something that is not judged here: a test must not take silence for consent.
    """

    def __init__(self, query: Mapping[str, Any] | None) -> None:
        query = query or {}
        if unknown := query.keys() - {"$jsonSchema", "$expr"}:
            raise ValueError(f"a validator is a $jsonSchema and an $expr, not {sorted(unknown)}")
        self._schema: Mapping[str, Any] = query.get("$jsonSchema", {})
        self._expression = Expression(query["$expr"]) if "$expr" in query else None
        _refuse_unknown(self._schema)

    def violated(self, document: Document) -> list[str]:
        """The members of a document that are missing or not as the validator says, sorted; empty where it is fine.

        Of an expression that does not hold they are those that it looks at.
        """
        found = set(_violated(self._schema, document))
        if self._expression is not None and not self._expression.holds(document):
            found |= self._expression.members
        return sorted(found)


def _refuse_unknown(schema: Mapping[str, Any]) -> None:
    if unknown := schema.keys() - KEYWORDS.keys() - {"required", "properties"}:
        raise ValueError(f"the store in memory cannot judge {', '.join(sorted(unknown))}")
    kinds = schema.get("bsonType", [])
    if unknown := set([kinds] if isinstance(kinds, str) else kinds) - BSON_TYPES.keys():
        raise ValueError(f"the store in memory knows no bsonType {', '.join(sorted(unknown))}")
    elements = [schema["items"]] if "items" in schema else []
    for inner in [*schema.get("properties", {}).values(), *elements, *schema.get("oneOf", ())]:
        _refuse_unknown(inner)


def _violated(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    yield from (name for name in schema.get("required", ()) if name not in document)
    for name, inner in schema.get("properties", {}).items():
        if name in document and not _fits(inner, document[name]):
            yield name


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a value is what a schema says; each keyword but `bsonType` and `enum` is about values of one type."""
    if isinstance(value, Mapping) and any(_violated(schema, value)):
        return False
    return all(holds(schema[keyword], value) for keyword, holds in KEYWORDS.items() if keyword in schema)


def _has_type(kinds: str | list[str], value: Any) -> bool:
    return any(BSON_TYPES[kind](value) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


KEYWORDS: dict[str, Callable[[Any, Any], bool]] = {
    "bsonType": _has_type,
    "enum": lambda allowed, value: value in allowed,
    "pattern": lambda pattern, value: not isinstance(value, str) or re.search(pattern, value) is not None,
    "minimum": lambda least, value: not _is_whole(value) or value >= least,
    "maximum": lambda most, value: not _is_whole(value) or value <= most,
    "minItems": lambda least, value: not isinstance(value, list) or len(value) >= least,
    "items": lambda inner, value: not isinstance(value, list) or all(_fits(inner, each) for each in value),
    "oneOf": lambda choices, value: sum(_fits(each, value) for each in choices) == 1,
}
"""Each keyword with how it is judged; beside `required` and `properties` these are all."""
