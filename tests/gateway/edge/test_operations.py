"""The route table: what it reads from the OpenAPI document, and what it refuses to read."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.edge.edge import SLOWEST_UPLOAD, deadlines_of
from gateway.edge.inbound import MethodNotAllowed
from gateway.edge.operations import Table, load
from gateway.upstream.call import Deadlines
from services.chassis.domain.errors import Forbidden, NotFound

STREAM: dict[str, Any] = {"content": {"text/event-stream": {}}}


def table(*paths: str, **operation: Any) -> Table:
    return Table({"paths": {path: {"get": operation} for path in paths}})


def scopes(security: Any) -> Table:
    return table("/v1/a", security=security)


def test_a_literal_segment_wins_over_a_parameter() -> None:
    routes = table("/v1/a/{id}", "/v1/a/latest")
    assert routes.match("GET", b"/v1/a/latest").template == "/v1/a/latest"
    assert routes.match("GET", b"/v1/a/other").template == "/v1/a/{id}"


def test_a_literal_that_leads_nowhere_gives_way_to_the_parameter() -> None:
    routes = table("/v1/a/latest/x", "/v1/a/{id}/y")
    assert routes.match("GET", b"/v1/a/latest/y").template == "/v1/a/{id}/y"


@pytest.mark.parametrize("path", [b"/v1/a", b"/v1/a/", b"/v1/a/1/2", b"/", b"/v1/A/1", b"/v1//1"])
def test_what_is_not_in_the_document_is_not_found(path: bytes) -> None:
    with pytest.raises(NotFound):
        table("/v1/a/{id}").match("GET", path)


def test_a_known_path_under_another_method_names_those_it_has() -> None:
    with pytest.raises(MethodNotAllowed) as refused:
        table("/v1/a").match("DELETE", b"/v1/a")
    assert refused.value.headers["Allow"] == "GET, HEAD"


def test_whoever_may_get_may_ask_for_the_head() -> None:
    routes = scopes([{"zone": ["a:read"]}])
    assert routes.match("HEAD", b"/v1/a") == routes.match("GET", b"/v1/a")


def test_an_operation_without_security_needs_no_credentials() -> None:
    assert scopes([]).match("GET", b"/v1/a").scopes is None
    assert table("/v1/a").match("GET", b"/v1/a").scopes is None


def test_an_operation_of_the_scheme_without_scopes_needs_credentials() -> None:
    assert scopes([{"zone": []}]).match("GET", b"/v1/a").scopes == frozenset()


def test_the_security_of_the_document_holds_where_an_operation_says_nothing() -> None:
    routes = Table({"security": [{"zone": ["a"]}], "paths": {"/v1/a": {"get": {}, "post": {"security": []}}}})
    assert routes.match("GET", b"/v1/a").scopes == frozenset({"a"})
    assert routes.match("POST", b"/v1/a").scopes is None


@pytest.mark.parametrize(
    "security", [[{"zone": ["a"]}, {"zone": ["b"]}], [{}], [{"other": []}], [{"zone": [], "other": []}]]
)
def test_security_that_the_edge_could_not_enforce_stops_the_start(security: Any) -> None:
    with pytest.raises(ValueError, match="/v1/a"):
        scopes(security)


@pytest.mark.parametrize("template", ["/v1/a/{id}.pdf", "/v1/{a}-{b}", "/v1/a:{verb}"])
def test_a_template_that_the_edge_could_not_match_stops_the_start(template: str) -> None:
    with pytest.raises(ValueError, match="whole segment"):
        table(template)


def test_all_scopes_of_an_operation_are_needed() -> None:
    operation = scopes([{"zone": ["b", "a", "c"]}]).match("GET", b"/v1/a")
    operation.permit(frozenset({"a", "b", "c", "d"}))
    with pytest.raises(Forbidden) as refused:
        operation.permit(frozenset({"c"}))
    assert refused.value.members == {"scopes": ["a", "b"]}


def test_a_limit_of_its_own_is_the_operations_and_no_other() -> None:
    routes = Table({"paths": {"/v1/a": {"post": {"x-body-limit": 5}}, "/v1/b": {"post": {}}}})
    assert routes.match("POST", b"/v1/a").body_at_most == 5
    assert routes.match("POST", b"/v1/b").body_at_most is None


@pytest.mark.parametrize("limit", [0, -1, "10", 1.5, True])
def test_a_limit_that_is_no_number_of_bytes_stops_the_start(limit: Any) -> None:
    with pytest.raises(ValueError, match="x-body-limit"):
        table("/v1/a", **{"x-body-limit": limit})


def test_the_document_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps({"paths": {"/v1/a": {"get": {}, "parameters": [], "summary": "x"}}}))
    assert load(file).match("GET", b"/v1/a").template == "/v1/a"


def test_a_missing_document_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        load(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("operation", "total"),
    [({}, 30), ({"x-body-limit": 10 * SLOWEST_UPLOAD}, 40), ({"responses": {"200": STREAM}}, None)],
)
def test_a_larger_body_has_the_time_that_it_takes_and_a_stream_no_end(
    operation: dict[str, Any], total: float | None
) -> None:
    found = table("/v1/a", **operation).match("GET", b"/v1/a")
    assert deadlines_of(found, Deadlines(total=30)).total == total
