"""Every stable code that the zone's code can answer with is explained, and no other."""

import ast
import http
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from gateway.pages.problem_pages import explanations
from services.chassis.http.problems import GENERIC, UNREADABLE_PARAMETERS
from tests.each import of_each

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted(path for folder in ("services", "gateway") for path in (ROOT / folder).rglob("*.py"))
CODE = re.compile("[a-z][a-z0-9_]+")


def places_of_code(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The functions and records that take a code, with the place at which it stands among what they are given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = _arguments(node)
        elif isinstance(node, ast.ClassDef):
            made = [each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"]
            fields = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
            names = _arguments(made[0]) if made else [each.id for each in fields if isinstance(each, ast.Name)]
        else:
            continue
        if "code" in names:
            yield node.name, names.index("code")


def heirs(tree: ast.AST, places: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """The classes that are made as the class before them is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name not in places:
            yield from (
                (node.name, places[base.id]) for base in node.bases if isinstance(base, ast.Name) and base.id in places
            )


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [argument.arg for argument in function.args.args if argument.arg not in ("self", "cls")]


def codes_in(source: str, places: Mapping[str, int]) -> Iterator[str]:
    """The codes that a file names, in whatever way codes are written here."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.keyword(arg="code", value=ast.Constant(value=str(code))):
                yield code
            case ast.ClassDef(body=body):
                yield from _of_class(body)
            case ast.Dict(keys=keys, values=values):
                members = dict(zip((getattr(key, "value", None) for key in keys), values, strict=True))
                match members:
                    case {"code": ast.Constant(value=str(code)), "detail": _}:
                        yield code
            case ast.Call(
                func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"), args=arguments
            ):
                match arguments[:1]:
                    case [ast.Constant(value=str(code))] if CODE.fullmatch(code):
                        yield code
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments) if name in places:
                match arguments[places[name] : places[name] + 1]:
                    case [ast.Constant(value=str(code))] if CODE.fullmatch(code):
                        yield code


def _of_class(body: list[ast.stmt]) -> Iterator[str]:
    """What `code = …` and `status, code = …` say in the body of a class."""
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                yield code
            case ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str(code))):
                yield code
            case ast.Assign(targets=[ast.Tuple(elts=[*_, ast.Name(id="code")])], value=ast.Tuple(elts=[*_, value])):
                match value:
                    case ast.Constant(value=str(code)):
                        yield code


def used() -> dict[str, str]:
    """Every code, with a file that names it."""
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in SOURCES}
    places = {"PydanticCustomError": 0}
    for text in texts.values():
        places |= dict(places_of_code(ast.parse(text)))
    for text in texts.values():
        places |= dict(heirs(ast.parse(text), places))
    found = dict.fromkeys([*GENERIC.values(), *UNREADABLE_PARAMETERS.values()], "services/chassis/http/problems.py")
    for name, text in texts.items():
        found |= dict.fromkeys(codes_in(text, places), name)
    return found


def test_every_code_that_the_zone_uses_is_explained() -> None:
    missing = {code: file for code, file in used().items() if code not in explanations()}
    assert not missing, "explain these in gateway/pages/problems.toml"


def test_nothing_is_explained_that_the_zone_never_answers() -> None:
    by_computation = {"invalid", "repeated_parameter"}
    assert not explanations().keys() - used().keys() - by_computation


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('raise Conflict("No.", code="name_taken")', "name_taken"),
        ('class Gone(ZoneError):\n    status, code = 410, "gone"', "gone"),
        ('class Busy(ZoneError):\n    code: str = "busy"', "busy"),
        ('place = {"parameter": name, "code": "unknown", "detail": ""}', "unknown"),
        ('raise PydanticCustomError("money_invalid", "an amount")', "money_invalid"),
        ('invalid("name_invalid", "a name")', "name_invalid"),
    ],
)
def test_a_code_is_found_in_every_form_in_which_code_is_written(source: str, code: str) -> None:
    assert list(codes_in(source, {"PydanticCustomError": 0, "invalid": 0})) == [code]


@of_each("code", sorted(explanations()))
def test_an_explanation_has_a_real_status_and_whole_sentences(code: str) -> None:
    found = explanations()[code]
    assert 400 <= http.HTTPStatus(found.status) <= 599
    assert all(text[0].isupper() or text[0] == "`" for text in (found.meaning, found.remedy))
    assert all(text.endswith(".") for text in (found.meaning, found.remedy))
