"""Every text that any operation takes: nothing hides in it, and no future one can be forgotten.

The operations are those of the services. Each text in a body or a query is one of a list, of a pattern, of a format
that is checked, or a text that people read (`domain.texts.text`).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from deploy.services import WITH_GATEWAY, assembled, modules_called
from services.chassis.http.bodies.body import bodies_of
from services.chassis.specs.schemas import VALUES
from tests.each import of_each

Json = dict[str, Any]

READ = ("one-line", "multi-line")
CHECKED = ("date", "date-time", "binary", *READ)
HIDDEN = {
    "zero-width space": "\u200b",
    "right-to-left override": "\u202e",
    "escape": "\x1b",
    "line separator": "\u2028",
    "Mongolian selector": "\u180b",
}


NOTHING = (" ", "   ", "- -", "\u200b", "a\u202eb", "a\nb", "a\n")
"""Texts that no pattern takes."""


def is_bound(schema: Json) -> bool:
    """Whether a text of this schema is one of a list, or has a form."""
    if schema.get("format") in CHECKED or schema.keys() & {"enum", "const"}:
        return True
    pattern = schema.get("pattern", "").replace("$", r"\Z")
    return bool(pattern) and not any(re.search(pattern, text) for text in NOTHING)


def unbound(schema: Any, place: str) -> Iterator[str]:
    """The places of a schema at which any text is taken."""
    if isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from unbound(inner, f"{place}[{number}]")
    elif isinstance(schema, dict):
        if schema.get("type") == "string" and not is_bound(schema):
            yield place
        for name, inner in schema.items():
            if name not in VALUES:
                yield from unbound(inner, f"{place}.{name}")


def schemas_of(route: APIRoute) -> Iterator[Json]:
    """The schemas of what a route takes: its body, whatever that is, and its query."""
    if route.body_field is not None:
        yield schema_of(route.body_field.field_info)
    for body in bodies_of(route.dependant):
        yield body.schema(lambda model: model.model_json_schema())
    yield from queries_of(route.dependant)


def queries_of(dependant: Dependant) -> Iterator[Json]:
    for parameter in dependant.query_params:
        yield schema_of(parameter.field_info)
    for inner in dependant.dependencies:
        yield from queries_of(inner)


def schema_of(field: FieldInfo) -> Json:
    taken: Any = Annotated[field.annotation, field]
    return TypeAdapter[Any](taken).json_schema()


ROUTES = [route for name in WITH_GATEWAY for route in assembled(name).routes()]


@of_each("route", ROUTES)
def test_every_text_that_an_operation_takes_has_a_form(route: APIRoute) -> None:
    assert [place for schema in schemas_of(route) for place in unbound(schema, "")] == []


class Careless(BaseModel):
    notes: list[str]
    code: Annotated[str, Field(pattern="^[A-Z -]+$")]
    by_name: Mapping[str, str] | None = None


def test_a_text_without_a_form_is_found_wherever_it_stands() -> None:
    assert list(unbound(Careless.model_json_schema(), "")) == [
        ".properties.notes.items",
        ".properties.code",
        ".properties.by_name.anyOf[0].additionalProperties",
    ]


def texts_in(value: Any, schema: Any, whole: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The places in a body at which a text stands that people read."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from texts_in(value, each, whole, path)
    if isinstance(value, str) and schema.get("format") in READ:
        yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_in(inner, schema.get("properties", {}).get(name, {}), whole, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts_in(inner, schema.get("items", {}), whole, (*path, number))


def bodies() -> Iterator[BaseModel]:
    for package in WITH_GATEWAY.values():
        for module in modules_called("examples", package):
            yield from module.BODIES


def spoilt(body: Any, path: tuple[str | int, ...], hidden: str) -> Any:
    """A body with something hidden in one of its texts."""
    if not path:
        return f"{body[:1]}{hidden}{body[1:]}"
    changed = dict(body) if isinstance(body, dict) else list(body)
    changed[path[0]] = spoilt(body[path[0]], path[1:], hidden)  # type: ignore[index]  # a name or a number, as it is
    return changed


PLACES = [
    (body, path)
    for body in bodies()
    for sent in [body.model_dump(mode="json", by_alias=True, exclude_unset=True)]
    for path in texts_in(sent, type(body).model_json_schema(), type(body).model_json_schema())
]


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
@of_each(("body", "path"), PLACES)
def test_nothing_hides_in_any_text_of_any_example(body: BaseModel, path: tuple[str | int, ...], hidden: str) -> None:
    sent = spoilt(body.model_dump(mode="json", by_alias=True, exclude_unset=True), path, hidden)
    with pytest.raises(ValidationError) as caught:
        type(body).model_validate(sent)
    assert [(each["loc"], each["type"]) for each in caught.value.errors() if each["loc"] == path]
    assert {each["type"] for each in caught.value.errors()} <= {"character_not_allowed", "name_invalid"}


def test_the_examples_have_texts_of_every_kind() -> None:
    assert len(PLACES) > 20
