"""An operation as a line of the table: written and read back, one line a route, and whom it lets in."""

import pytest

from gateway.edge.operation import COLUMNS, Operation, as_text, parsed
from services.chassis.domain.errors import Forbidden

HEAD = "\t".join(COLUMNS) + "\n"
JSON = frozenset({"application/json"})


@pytest.mark.parametrize(
    ("operation", "line"),
    [
        (Operation("GET", "/v1/a", None), "GET\t/v1/a\t(public)\t-\t-\t-"),
        (Operation("GET", "/v1/a", frozenset()), "GET\t/v1/a\t(any key)\t-\t-\t-"),
        (
            Operation("POST", "/v1/a/{id}", frozenset({"b", "a"}), JSON | {"text/csv"}, JSON, 10),
            "POST\t/v1/a/{id}\ta,b\tapplication/json,text/csv\tapplication/json\t10",
        ),
    ],
)
def test_an_operation_is_one_line_and_is_read_back_as_it_was(operation: Operation, line: str) -> None:
    text = as_text([operation])
    assert text == f"{HEAD}{line}\n"
    assert list(parsed(text)) == [operation]


def test_lines_stand_by_path_and_method_whatever_the_order_of_the_routes() -> None:
    post, get, other = (Operation(m, p, None) for m, p in (("POST", "/v1/b"), ("GET", "/v1/b"), ("GET", "/v1/a")))
    assert as_text([post, other, get]) == as_text([get, post, other])
    assert list(parsed(as_text([post, other, get]))) == [other, get, post]


@pytest.mark.parametrize(
    "line",
    [
        "GET\t/v1/a\t-",
        "GET\t/v1/a\t(public)\t-\t-\t-\t-",
        "LOOK\t/v1/a\t(public)\t-\t-\t-",
        "GET\tv1/a\t(public)\t-\t-\t-",
        "GET\t/v1/a\t\t-\t-\t-",
        "GET\t/v1/a\t-\t-\t-\t-",
        "GET\t/v1/a\t(public)\t\t-\t-",
        "GET\t/v1/a\t(public)\t-\t-\tmuch",
        "GET\t/v1/a\t(public)\t-\t-\t0",
        "GET\t/v1/a\t(public)\t-\t-\t1.5",
        "",
    ],
)
def test_a_line_that_the_edge_could_not_enforce_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 of the table of operations"):
        list(parsed(f"{HEAD}{line}\n"))


@pytest.mark.parametrize("text", ["", "{}", "path\tmethod\n"])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="begins with method path"):
        list(parsed(text))


def test_all_scopes_of_an_operation_are_needed() -> None:
    operation = Operation("GET", "/v1/a", frozenset({"b", "a", "c"}))
    operation.permit(frozenset({"a", "b", "c", "d"}))
    with pytest.raises(Forbidden) as refused:
        operation.permit(frozenset({"c"}))
    assert refused.value.members == {"scopes": ["a", "b"]}
