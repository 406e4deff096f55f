"""What the API document says of bodies and answers that are not JSON."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.chassis.archive import LARGEST, service


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return service.openapi()


def operation(document: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][f"/v1/archive{path}"][method]
    return found


def test_the_document_with_them_is_a_valid_one(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_an_upload_shows_its_media_types_its_limit_and_its_file_name(document: dict[str, Any]) -> None:
    upload = operation(document, "post", "/uploads")
    assert upload["requestBody"]["required"]
    assert upload["requestBody"]["content"].keys() == {"text/csv", "application/pdf"}
    assert upload["x-body-limit"] == LARGEST
    assert "file_name" in [each["name"] for each in upload["parameters"]]


def test_a_body_of_json_has_the_usual_limit_and_so_says_none(document: dict[str, Any]) -> None:
    assert "x-body-limit" not in operation(document, "post", "/papers")


def test_lines_and_forms_show_the_model_of_what_they_hold(document: dict[str, Any]) -> None:
    lines = operation(document, "post", "/entries")["requestBody"]["content"]["application/x-ndjson"]["schema"]
    assert lines["items"] == {"$ref": "#/components/schemas/Reading"}
    form = operation(document, "post", "/token")["requestBody"]["content"]["application/x-www-form-urlencoded"]
    assert form["schema"] == {"$ref": "#/components/schemas/Asked"}
    assert document["components"]["schemas"]["Reading"]["properties"].keys() == {"meter", "value", "on"}


@pytest.mark.parametrize(
    ("method", "path", "status", "media_type"),
    [
        ("get", "/papers/{paper_id}/page", "200", "text/html"),
        ("get", "/papers/{paper_id}/file", "200", "application/octet-stream"),
        ("post", "/papers/{paper_id}/seal", "201", "application/vc+jwt"),
        ("post", "/entries", "201", "text/csv"),
        ("get", "/entries", "200", "text/csv"),
        ("get", "/entries/lines", "200", "application/x-ndjson"),
        ("get", "/drawing", "200", "image/svg+xml"),
        ("get", "/calendar", "200", "text/calendar"),
        ("get", "/linked", "200", "application/ld+json"),
        ("get", "/events", "200", "text/event-stream"),
        ("post", "/papers", "201", "application/json"),
    ],
)
def test_an_answer_has_the_media_type_of_the_class_that_the_route_names(
    document: dict[str, Any], method: str, path: str, status: str, media_type: str
) -> None:
    assert operation(document, method, path)["responses"][status]["content"].keys() == {media_type}


def test_what_is_a_kind_of_json_is_an_object_and_every_other_answer_a_text(document: dict[str, Any]) -> None:
    linked = operation(document, "get", "/linked")["responses"]["200"]["content"]["application/ld+json"]
    drawing = operation(document, "get", "/drawing")["responses"]["200"]["content"]["image/svg+xml"]
    assert (linked["schema"], drawing["schema"]) == ({"type": "object"}, {"type": "string"})


def test_a_page_that_shows_a_view_has_its_entity_tag(document: dict[str, Any]) -> None:
    page = operation(document, "get", "/papers/{paper_id}/page")["responses"]
    assert "ETag" in page["200"]["headers"]
    assert "304" in page
    assert "304" not in operation(document, "get", "/drawing")["responses"]
