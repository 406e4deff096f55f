"""Schemas as common generators take them whole, made of those that pydantic writes.

Titles go, as each is only the name of its member once more and generators would name a class by it; a value that is
the only one is an enumeration of one, and a member that has such a value by default is always there, as what it is told
by; a whole number says how many bits hold it; a parameter or a body is there or is not, and never null; texts of
several forms are one text; what the keys of an object look like stands beside what it holds;
a default that is an object is told in words.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from services.chassis.specs.docstrings import prose
from services.chassis.specs.references import REFERENCE

Json = dict[str, Any]

VALUES: Final = frozenset({"const", "default", "enum", "example", "examples", "mapping", "required"})
"""Members of a schema whose values are no schemas."""
LARGEST_INT32: Final = 2**31 - 1
NULL: Final[Json] = {"type": "null"}


def tidied(value: Any, named: Mapping[str, Json] = MappingProxyType({})) -> Any:
    """Whatever holds schemas, with each of them as generators take it.

    Args:
        named: the schemas that references lead to.
    """
    if isinstance(value, list):
        return [tidied(inner, named) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {name: inner if name in VALUES else tidied(inner, named) for name, inner in value.items()}
    if isinstance(found.get("anyOf"), list):
        found = _as_one_text(found, named)
    if isinstance(forms := found.get("patternProperties"), dict) and len(forms) == 1:
        del found["patternProperties"]
        ((form, held),) = forms.items()
        found |= {"propertyNames": {"type": "string", "pattern": form}, "additionalProperties": held}
    if isinstance(found.get("title"), str):
        del found["title"]
    if isinstance(found.get("const"), str):
        found["enum"] = [found.pop("const")]
    if isinstance(members := found.get("properties"), dict):
        tags = [name for name, member in members.items() if _is_tag(member)]
        found["properties"] = {
            name: _without_default(each) if name in tags else _in_words(each) for name, each in members.items()
        }
        if tags:
            found["required"] = [*tags, *(name for name in found.get("required", ()) if name not in tags)]
    if found.get("type") == "integer":
        found.setdefault("format", "int32" if _fits_int32(found) else "int64")
    return found


def described(component: Json) -> Json:
    """A named schema with its docstring as prose."""
    return {**component, "description": prose(component["description"])} if "description" in component else component


def unless_absent(schema: Json) -> Json:
    """The schema of a parameter or a body without the null that stands for its absence."""
    alternatives = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    found = {name: value for name, value in schema.items() if name != "anyOf" and value is not None}
    if len(alternatives) == 1:
        return {**alternatives[0], **found}
    return {**found, "anyOf": alternatives} if alternatives else found


def _as_one_text(schema: Json, named: Mapping[str, Json]) -> Json:
    """Several alternative texts as one: a list that may grow is a text, with the values known so far as its examples.

    What is a union to generators is a class that holds either, and nobody would call that a text.
    """
    alternatives = [named.get(each.get("$ref", "").removeprefix(REFERENCE), each) for each in schema["anyOf"]]
    texts = [each for each in alternatives if each != NULL]
    if len(texts) < 2 or any(each.get("type") != "string" or "format" in each for each in texts):
        return schema
    forms = [each["pattern"] for each in texts if "pattern" in each]
    known = [value for each in texts for value in each.get("enum", ())]
    text: Json = {"type": "string"} | ({"pattern": "|".join(forms)} if forms else {})
    whole = {name: value for name, value in schema.items() if name != "anyOf"}
    if known:
        values = ", ".join(f"`{value}`" for value in known)
        whole["description"] = f"{whole.get('description', '')} So far {values}; others may be added.".strip()
        text["examples"] = known
    return whole | ({"anyOf": [text, NULL]} if NULL in alternatives else text)


def _is_tag(member: Any) -> bool:
    return isinstance(member, dict) and "default" in member and member.get("enum") == [member["default"]]


def _without_default(member: Json) -> Json:
    return {name: value for name, value in member.items() if name != "default"}


def _in_words(member: Any) -> Any:
    """A member with its default in words, where it holds an object: no generator writes such a value down."""
    default = member.get("default") if isinstance(member, dict) else None
    if not (isinstance(default, dict) or (isinstance(default, list) and default)):
        return member
    told = f"{member.get('description', '')} Left out, it is `{json.dumps(default, ensure_ascii=False)}`.".strip()
    return _without_default(member) | ({"description": told} if default else {})


def _fits_int32(schema: Json) -> bool:
    """Whether its bounds do too: generators write them down as numbers of that width."""
    highest = [schema[name] for name in ("maximum", "exclusiveMaximum") if name in schema]
    lowest = [schema[name] for name in ("minimum", "exclusiveMinimum") if name in schema]
    bounded_above = bool(highest) and all(each <= LARGEST_INT32 for each in highest)
    return bounded_above and bool(lowest) and all(each >= -LARGEST_INT32 - 1 for each in lowest)
