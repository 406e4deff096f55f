"""`./zone operations`: the table that the edge enforces is what the services' routes say."""

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from deploy.commands import operations as command
from deploy.commands.operations import operations
from deploy.complaint import Complaint
from deploy.documents.operations import operations_of
from gateway.edge.operation import Operation, as_text
from gateway.edge.operations import FILE, Table
from tests.public_document import public_document

JSON = "application/json"


@pytest.fixture(scope="module")
def table() -> list[Operation]:
    return list(operations_of(public_document()))


def test_the_table_in_the_repository_is_what_the_routes_say(table: list[Operation]) -> None:
    assert FILE.read_text() == as_text(table), "run ./zone operations"


def test_the_gateway_can_enforce_the_table(table: list[Operation]) -> None:
    assert Table(table).match("GET", b"/v1/partners").scopes == frozenset({"keys:manage"})


def document(**described: Any) -> dict[str, Any]:
    return {"paths": {"/v1/a": {"post": {"responses": {}, **described}}}}


def only(**described: Any) -> Operation:
    (operation,) = operations_of(document(**described))
    return operation


def test_an_operation_without_security_needs_no_credentials() -> None:
    assert (only().scopes, only(security=[]).scopes) == (None, None)


def test_an_operation_of_the_scheme_without_scopes_needs_credentials() -> None:
    assert only(security=[{"zone": []}]).scopes == frozenset()


@pytest.mark.parametrize(
    "security", [[{"zone": ["a"]}, {"zone": ["b"]}], [{}], [{"other": []}], [{"zone": [], "other": []}]]
)
def test_security_that_the_edge_could_not_enforce_is_refused(security: Any) -> None:
    with pytest.raises(Complaint, match="POST /v1/a is one requirement of the scheme zone"):
        only(security=security)


def test_the_media_types_are_those_of_the_body_and_of_answers_that_are_no_problem() -> None:
    answers: dict[str, Any] = {
        "200": {"content": {JSON: {}, "text/csv": {}}},
        "404": {"content": {"application/problem+json": {}}},
    }
    found = only(requestBody={"content": {"application/pdf": {}}}, responses=answers)
    assert found.accepts == frozenset({"application/pdf"})
    assert found.produces == frozenset({JSON, "text/csv"})


def test_a_body_limit_stands_in_the_table_where_the_document_says_one() -> None:
    assert only(**{"x-body-limit": 10}).body_limit == 10
    assert only(requestBody={"content": {}}).body_limit is None


def run(*arguments: str) -> Any:
    app = typer.Typer()
    app.command()(operations)
    return CliRunner().invoke(app, arguments)


def test_the_command_writes_the_table_and_then_finds_it_current(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "FILE", tmp_path / "operations.tsv")
    stale = run("--check")
    assert isinstance(stale.exception, Complaint)
    assert not (tmp_path / "operations.tsv").exists()
    assert [run().exit_code, run("--check").exit_code] == [0, 0]
