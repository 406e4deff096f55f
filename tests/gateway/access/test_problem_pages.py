"""Every stable code that the zone's code can answer with is explained, and no other."""

import ast
import http
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.problem_pages import explanations
from services.chassis.problems import GENERIC, UNREADABLE_PARAMETERS

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted(path for folder in ("services", "gateway") for path in (ROOT / folder).rglob("*.py"))
NOT_OF_PROBLEMS = {"services/chassis/testing.py"}


def codes_in(source: str) -> Iterator[str]:
    """The codes that a file names: `code=…`, `code = …` of a class, `{"code": …}`, `PydanticCustomError(…, …)`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.keyword(arg="code", value=ast.Constant(value=str(code))):
                yield code
            case ast.ClassDef(body=body):
                yield from _of_class(body)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    match key, value:
                        case ast.Constant(value="code"), ast.Constant(value=str(code)):
                            yield code
            case ast.Call(func=ast.Name(id="PydanticCustomError"), args=[ast.Constant(value=str(code)), *_]):
                yield code


def _of_class(body: list[ast.stmt]) -> Iterator[str]:
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                yield code
            case ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str(code))):
                yield code
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                for name, value in zip(names, values, strict=True):
                    match name, value:
                        case ast.Name(id="code"), ast.Constant(value=str(code)):
                            yield code


def used() -> dict[str, str]:
    """Every code, with a file that names it."""
    found = {code: "services/chassis/problems.py" for code in [*GENERIC.values(), *UNREADABLE_PARAMETERS.values()]}
    for path in SOURCES:
        name = str(path.relative_to(ROOT))
        if name not in NOT_OF_PROBLEMS:
            found |= dict.fromkeys(codes_in(path.read_text()), name)
    return found


def test_every_code_that_the_zone_uses_is_explained() -> None:
    missing = {code: file for code, file in used().items() if code not in explanations()}
    assert not missing, "explain these in gateway/problems.toml"


def test_nothing_is_explained_that_the_zone_never_answers() -> None:
    framework = {"internal_error", "not_found", "method_not_allowed", "invalid"}
    assert not explanations().keys() - used().keys() - framework


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('raise Conflict("No.", code="name_taken")', "name_taken"),
        ('class Gone(ZoneError):\n    status, code = 410, "gone"', "gone"),
        ('class Busy(ZoneError):\n    code: str = "busy"', "busy"),
        ('place = {"parameter": name, "code": "unknown", "detail": ""}', "unknown"),
        ('raise PydanticCustomError("money_invalid", "an amount")', "money_invalid"),
    ],
)
def test_a_code_is_found_in_every_form_in_which_code_is_written(source: str, code: str) -> None:
    assert list(codes_in(source)) == [code]


@pytest.mark.parametrize("code", sorted(explanations()))
def test_an_explanation_has_a_real_status_and_whole_sentences(code: str) -> None:
    found = explanations()[code]
    assert http.HTTPStatus(found.status).is_client_error or http.HTTPStatus(found.status).is_server_error
    assert all(text[0].isupper() or text[0] == "`" for text in (found.meaning, found.remedy))
    assert all(text.endswith((".", "~ -.")) for text in (found.meaning, found.remedy))
