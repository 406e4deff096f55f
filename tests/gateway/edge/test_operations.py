"""The route table: how it finds an operation, and what it refuses to hold."""

from pathlib import Path
from typing import Any

import pytest

from gateway.edge.edge import SLOWEST_UPLOAD, deadlines_of
from gateway.edge.inbound import MethodNotAllowed
from gateway.edge.operation import Operation
from gateway.edge.operations import Table, load
from gateway.upstream.call import Deadlines
from services.chassis.domain.errors import NotFound


def table(*paths: str, methods: tuple[str, ...] = ("GET",)) -> Table:
    return Table(Operation(method, path, frozenset()) for path in paths for method in methods)


def test_a_literal_segment_wins_over_a_parameter() -> None:
    routes = table("/v1/a/{id}", "/v1/a/latest")
    assert routes.match("GET", b"/v1/a/latest").template == "/v1/a/latest"
    assert routes.match("GET", b"/v1/a/other").template == "/v1/a/{id}"


def test_a_literal_that_leads_nowhere_gives_way_to_the_parameter() -> None:
    routes = table("/v1/a/latest/x", "/v1/a/{id}/y")
    assert routes.match("GET", b"/v1/a/latest/y").template == "/v1/a/{id}/y"


@pytest.mark.parametrize("path", [b"/v1/a", b"/v1/a/", b"/v1/a/1/2", b"/", b"/v1/A/1", b"/v1//1"])
def test_what_is_not_in_the_table_is_not_found(path: bytes) -> None:
    with pytest.raises(NotFound):
        table("/v1/a/{id}").match("GET", path)


def test_a_known_path_under_another_method_names_those_it_has() -> None:
    with pytest.raises(MethodNotAllowed) as refused:
        table("/v1/a", methods=("GET", "POST")).match("DELETE", b"/v1/a")
    assert refused.value.headers["Allow"] == "GET, HEAD, POST"


def test_whoever_may_get_may_ask_for_the_head() -> None:
    routes = table("/v1/a")
    assert routes.match("HEAD", b"/v1/a") == routes.match("GET", b"/v1/a")


def test_the_services_are_those_of_the_paths() -> None:
    assert table("/v1/a/{id}", "/v1/b", "/v1/b/c").services == {"a", "b"}


@pytest.mark.parametrize("template", ["/v1/a/{id}.pdf", "/v1/{a}-{b}", "/v1/a:{verb}"])
def test_a_template_that_the_edge_could_not_match_stops_the_start(template: str) -> None:
    with pytest.raises(ValueError, match="whole segment"):
        table(template)


def test_an_operation_that_is_there_twice_stops_the_start() -> None:
    with pytest.raises(ValueError, match="GET /v1/a is there twice"):
        table("/v1/a", "/v1/a")


def test_the_table_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "operations.tsv"
    file.write_text("method\tpath\tscopes\tbody\tanswers\tbody_limit\nGET\t/v1/a\ta:read\t-\tapplication/json\t-\n")
    assert load(file).match("GET", b"/v1/a").scopes == frozenset({"a:read"})


def test_a_missing_table_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        load(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("asked", "total"),
    [
        ({}, 30),
        ({"body_limit": 10 * SLOWEST_UPLOAD}, 40),
        ({"produces": frozenset({"text/event-stream"})}, None),
    ],
    ids=["usual", "large body", "stream"],
)
def test_a_larger_body_has_the_time_that_it_takes_and_a_stream_no_end(
    asked: dict[str, Any], total: float | None
) -> None:
    found = Operation("GET", "/v1/a", frozenset(), **asked)
    assert deadlines_of(found, Deadlines(total=30)).total == total
