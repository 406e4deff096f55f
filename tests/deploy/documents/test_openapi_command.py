"""`./zone openapi`: one valid document of the whole public API."""

import copy
from pathlib import Path
from typing import Any

import pytest
import typer
from openapi_spec_validator import OpenAPIV31SpecValidator
from typer.testing import CliRunner

from deploy.commands.openapi import openapi
from deploy.complaint import Complaint
from deploy.documents import public_api
from deploy.documents.public_api import as_text, merged, write_public_document
from gateway.access.scopes import SCOPES
from services.chassis.specs.references import named_in
from tests.public_document import public_document

Json = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Json:
    return public_document()


def operations(document: Json) -> list[tuple[str, Json]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def test_the_document_is_valid_openapi_3_1(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_the_document_is_written_the_same_each_time(document: Json) -> None:
    assert as_text(public_api.public_document()) == as_text(document)


def test_no_two_operations_share_an_id(document: Json) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_every_operation_asks_for_scopes_that_some_kind_of_client_has(document: Json) -> None:
    known = frozenset().union(*SCOPES.values())
    asked = {
        name: {scope for requirement in operation.get("security", []) for scope in requirement["zone"]}
        for name, operation in operations(document)
    }
    assert {name for name, scopes in asked.items() if not scopes} == {"GET /v1/me"}, "any key may ask who it is"
    assert {name: scopes for name, scopes in asked.items() if not scopes <= known} == {}


def test_every_scope_that_an_operation_asks_for_is_listed_with_what_it_lets_one_do(document: Json) -> None:
    scheme = document["components"]["securitySchemes"]["zone"]
    asked = {
        scope for _, each in operations(document) for needed in each.get("security", []) for scope in needed["zone"]
    }
    assert scheme["x-scopes"].keys() == asked
    assert [scope for scope, said in scheme["x-scopes"].items() if not said["description"] or not said["kinds"]] == []
    assert [scope for scope in asked if f"`{scope}`" not in scheme["description"]] == []


def test_the_document_says_whom_to_ask_under_what_terms_and_where_the_api_is(document: Json) -> None:
    info = document["info"]
    assert {*info["contact"], *info["license"]} == {"name", "email", "identifier"}
    assert [each["url"] for each in document["servers"]] == ["/", "http://127.0.0.1:8000"]
    assert all(each["description"] for each in document["servers"])


def test_an_idempotency_key_is_said_to_be_kept_for_an_operation(document: Json) -> None:
    said = {
        each["description"]
        for _, operation in operations(document)
        for each in operation.get("parameters", ())
        if each["name"] == "Idempotency-Key"
    }
    assert len(said) == 1
    assert "per operation" in said.pop()


def test_every_operation_stands_under_a_described_tag(document: Json) -> None:
    described = {tag["name"] for tag in document["tags"]}
    assert [name for name, operation in operations(document) if not set(operation.get("tags", ())) & described] == []


def test_every_reference_leads_to_a_schema(document: Json) -> None:
    assert set(named_in(document)) <= document["components"]["schemas"].keys()


def headers_of(document: Json, operation: str, status: str) -> set[str]:
    return set(dict(operations(document))[operation]["responses"][status].get("headers", {}))


def test_answers_say_which_headers_they_have(document: Json) -> None:
    assert headers_of(document, "POST /v1/partners", "201") == {"ETag", "Location", "Idempotent-Replayed"}
    assert headers_of(document, "GET /v1/registry/businesses/{business_id}", "200") == {"ETag"}
    assert headers_of(document, "GET /v1/registry/businesses/{business_id}", "304") == {"ETag"}
    assert headers_of(document, "GET /v1/registry/businesses", "200") == set()
    assert headers_of(document, "GET /v1/registry/businesses", "503") == {"Retry-After"}


def part(path: str, id: str, **schemas: Json) -> Json:
    first = next(iter(schemas), "None")
    answer = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{first}"}}}}
    operation = {"operationId": id, "responses": {"200": answer}}
    return {"paths": {path: {"get": operation}}, "components": {"schemas": schemas}}


def test_a_schema_that_two_services_have_alike_stands_once() -> None:
    same = {"Status": {"enum": ["active"]}}
    document = merged({"a": part("/a", "a", **same), "b": part("/b", "b", **same)})
    assert document["components"]["schemas"] == same


def test_references_to_what_is_no_schema_are_left_as_they_are() -> None:
    answer = {"headers": {"ETag": {"$ref": "#/components/headers/ETag"}}}
    one = part("/a", "a", Status={"enum": ["active"]})
    one["paths"]["/a"]["get"]["responses"]["201"] = answer
    document = merged({"a": one, "b": part("/b", "b")})
    assert document["paths"]["/a"]["get"]["responses"]["201"] == answer


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (part("/a", "other"), "/a is a path of two services"),
        (part("/b", "a"), "have one operation id, a"),
        (part("/b", "b", Status={"enum": ["open"]}), "call different things Status"),
    ],
)
def test_services_that_stand_in_each_others_way_are_named(second: Json, sentence: str) -> None:
    with pytest.raises(Complaint, match=sentence):
        merged({"a": part("/a", "a", Status={"enum": ["active"]}), "b": second})


def test_merging_changes_none_of_the_parts() -> None:
    parts = {"a": part("/a", "a", X={"enum": [1]}), "b": part("/b", "b", Y={"enum": [2]})}
    before = copy.deepcopy(parts)
    merged(parts)
    assert parts == before


def test_the_command_prints_the_document(document: Json) -> None:
    app = typer.Typer()
    app.command()(openapi)
    assert CliRunner().invoke(app).stdout == as_text(document)


def test_what_a_thing_has_come_to_is_its_status_everywhere(document: Json) -> None:
    schemas = document["components"]["schemas"]
    assert [name for name, schema in schemas.items() if "state" in schema.get("properties", {})] == []


def test_the_document_is_written_to_a_file_as_it_is_printed(document: Json, tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    write_public_document(file)
    assert file.read_text() == as_text(document)
    assert [each.name for each in tmp_path.iterdir()] == ["openapi.json"]
