"""The examples in the OpenAPI document are there, and are what their schemas say."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from gateway.pages.problem_pages import explanations
from tests.each import of_each
from tests.public_document import public_document

Json = dict[str, Any]

DOCUMENT = public_document()


def shown(document: Json) -> Iterator[tuple[str, Json]]:
    """Each body and each answer of an operation, with where it stands; a body of bytes has none."""
    for item in document["paths"].values():
        for operation in item.values():
            name = operation["operationId"]
            for media in operation.get("requestBody", {}).get("content", {}).values():
                if media["schema"].get("format") != "binary":
                    yield f"{name} body", media
            for status, answer in operation["responses"].items():
                if status.startswith("2"):
                    for media in answer.get("content", {}).values():
                        yield f"{name} {status}", media


SHOWN = dict(shown(DOCUMENT))


@of_each("place", SHOWN)
def test_every_body_and_every_answer_has_examples_that_are_what_the_schema_says(place: str) -> None:
    media = SHOWN[place]
    schema = Draft202012Validator(
        {**media["schema"], "components": DOCUMENT["components"]}, format_checker=FormatChecker()
    )
    assert media.get("examples"), "add one to the examples.py of its service"
    for example in media["examples"].values():
        assert [error.message for error in schema.iter_errors(example["value"])] == []


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, with the member that it is."""
    if isinstance(value, dict):
        for member, inner in value.items():
            yield from texts(inner, member)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, name)
    elif isinstance(value, str):
        yield name, value


def test_every_legal_name_in_an_example_says_that_it_is_one() -> None:
    examples = [each["value"] for media in SHOWN.values() for each in media.get("examples", {}).values()]
    names = {text for member, text in texts(examples) if member in ("legal", "legal_name")}
    assert names
    assert {each for each in names if not each.startswith("示例")} == set()


def codes(document: Json) -> dict[str, set[str]]:
    """The codes of each operation's own."""
    return {
        operation["operationId"]: {
            code for answer in operation["responses"].values() for code in answer.get("x-problem-codes", ())
        }
        for item in document["paths"].values()
        for operation in item.values()
    }


def test_every_code_of_the_zone_stands_in_the_document() -> None:
    common = {code for found in DOCUMENT["x-problem-codes"].values() for code in found}
    assert common.union(*codes(DOCUMENT).values()) == explanations().keys()


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("draft_registration", {"identifier_check_digit", "name_invalid", "premises_required", "money_invalid"}),
        ("draft_filing", {"filing_not_allowed", "suspension_period", "report_period", "effective_date"}),
        ("submit_filing", {"declaration_required", "duplicate_identifier", "name_unavailable", "invalid_transition"}),
        ("approve_filing", {"invalid_transition", "not_assigned", "separation_of_duties"}),
        ("show_business", {"as_of_in_future", "not_registered_at"}),
        ("read_series", {"too_many_points", "period_order", "dimension_not_declared"}),
        ("rotate_key", {"key_replaced", "key_not_in_force"}),
        ("change_client", {"own_client", "scope_not_allowed"}),
    ],
)
def test_the_codes_of_an_operation_are_found_in_its_code(operation: str, expected: set[str]) -> None:
    assert expected - codes(DOCUMENT)[operation] == set()


@pytest.mark.parametrize(
    ("operation", "foreign"),
    [
        ("draft_registration", {"suspension_period", "scope_not_allowed", "period_order"}),
        ("draft_annual_report", {"suspension_period", "premises_required"}),
        ("change_partner", {"own_client", "scope_not_allowed"}),
        ("assign_filing", {"duplicate_identifier"}),
        ("list_filings", {"invalid_transition"}),
    ],
)
def test_the_codes_of_another_operation_are_not_among_them(operation: str, foreign: set[str]) -> None:
    assert foreign & codes(DOCUMENT)[operation] == set()
