"""The problem codes in the OpenAPI document: which an operation declares, and which any may answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi.routing import APIRoute

from gateway.pages.problem_pages import explanations
from services.chassis.specs.openapi import refused_with
from services.chassis.specs.refusals import codes_of

Json = dict[str, Any]

MEMBER = "x-problem-codes"


def add_codes(document: Json, routes: Iterable[APIRoute]) -> None:
    """Say at each refusal of each operation which codes of its own it has, and at the top what any can answer."""
    status_of = {code: str(found.status) for code, found in explanations().items()}
    own = {route.name: codes_of(route) & status_of.keys() for route in routes}
    for item in document["paths"].values():
        for operation in item.values():
            answers = operation["responses"]
            for status, codes in _by_status(own[operation["operationId"]], status_of).items():
                answers.setdefault(status, refused_with(status))[MEMBER] = codes
            operation["responses"] = dict(sorted(answers.items()))
    document[MEMBER] = _by_status(status_of.keys() - set().union(*own.values()), status_of)


def _by_status(codes: Iterable[str], status_of: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in sorted(codes, key=lambda code: (status_of[code], code)):
        found.setdefault(status_of[code], []).append(code)
    return found
