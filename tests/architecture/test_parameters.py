"""Every parameter of every operation is written in one form: nothing that pydantic merely understands is taken."""

from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from deploy.services import WITH_GATEWAY, assembled
from services.chassis.http.names import classes_in
from services.chassis.http.routing.parameters import FORMS, Parameters
from tests.each import of_each

FORM_OF = {"integer": int, "boolean": bool}
OTHER_WRITINGS = {
    "date": ("20261127", "2026-1-1", " 2026-11-27", "1764201600", "2026-11-27T00:00:00Z"),
    "date-time": ("2026-11-27", "2026-11-27 08:00:00Z", "1764201600", "2026-11-27T08:00Z", "2026-11-27T08:00:00"),
}

PARAMETERS: dict[str, FieldInfo] = {
    f"{next(iter(route.methods or ()))} {route.path_format} {name}": field
    for service in WITH_GATEWAY
    for route in assembled(service).routes()
    for parameters in [Parameters(route.dependant)]
    for name, field in (parameters.query | parameters.path).items()
}


def taken(field: FieldInfo) -> TypeAdapter[Any]:
    annotation: Any = Annotated[field.annotation, field]
    return TypeAdapter(annotation)


def kinds(schema: dict[str, Any]) -> set[str]:
    """The types of a schema, those of its alternatives included; of a text that is checked, its format."""
    own = schema.get("format", "") if schema.get("type") == "string" else schema.get("type", "")
    return {own}.union(*map(kinds, schema.get("anyOf", ()))) - {"", "null"}


@of_each("field", PARAMETERS.values())
def test_a_parameter_is_taken_in_the_one_form_that_the_document_states(field: FieldInfo) -> None:
    adapter = taken(field)
    for kind in kinds(adapter.json_schema()):
        assert kind != "number", "a fraction has many writings"
        if kind in FORM_OF:
            assert next(classes_in(field.annotation)) is FORM_OF[kind]
            assert FORM_OF[kind] in FORMS
        for other in OTHER_WRITINGS.get(kind, ()):
            with pytest.raises(ValidationError):
                adapter.validate_python(other)


def test_there_are_parameters_of_every_kind() -> None:
    found = {kind for field in PARAMETERS.values() for kind in kinds(taken(field).json_schema())}
    assert {"integer", "boolean", "date", "date-time", "one-line"} <= found
