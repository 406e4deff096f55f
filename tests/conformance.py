"""Whether a service answers as the document of the API describes: requests generated from it, right and wrong ones.

By schemathesis, whose generator knows more ways to be wrong than anybody writes down. In half of the requests a path
names what is there.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.chassis.domain.caller import Caller
from services.chassis.http.client import Client
from services.chassis.testing.callers import identity_of
from tests.public_document import public_document

EXAMPLES = 10
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def part_of_the_document(prefix: str) -> dict[str, Any]:
    """The document, with the paths under a prefix alone."""
    document = public_document()
    return document | {"paths": {path: it for path, it in document["paths"].items() if path.startswith(prefix)}}


def operations_of(part: Mapping[str, Any]) -> dict[str, Any]:
    """Its operations, by method and path."""
    schema: Any = schemathesis.openapi.from_dict(dict(part))
    return {found.ok().label: found.ok() for found in schema.get_all_operations()}


@dataclass
class Described:
    """A service in this process with one of each noun in it, and the loop that its client runs on.

    Attributes:
        caller: who sends the requests.
        nouns: what is there, by the parameters of paths.
    """

    runner: asyncio.Runner
    api: Client
    audience: str
    caller: Caller
    nouns: Mapping[str, str]

    def answer(self, case: Any, *, names_what_is_there: bool) -> Any:
        """What it answers to a generated request."""
        if names_what_is_there:
            case.path_parameters = {name: self.nouns.get(name, value) for name, value in case.path_parameters.items()}
        asked = case.as_transport_kwargs(base_url=str(self.api.base_url))
        sent = {{"data": "content"}.get(name, name): value for name, value in asked.items() if value}
        sent["headers"] = {**asked["headers"], **identity_of(self.caller, self.audience)}  # it lives for a minute
        return self.runner.run(self.api.request(**sent))

    def check(self, operation: Any) -> None:
        """That every answer of an operation is one that the document describes. Raises FailureGroup."""

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(case=operation.as_strategy(), names_what_is_there=st.booleans())
        def conforms(case: Any, names_what_is_there: bool) -> None:
            case.validate_response(self.answer(case, names_what_is_there=names_what_is_there), checks=CHECKS)

        conforms()


@contextmanager
def described(made: Any, audience: str, caller: Caller) -> Iterator[Described]:
    """A service from `made()`, which gives a client of it and what is there."""
    with asyncio.Runner() as runner:
        api, nouns = runner.run(made())
        yield Described(runner, api, audience, caller, nouns)
        runner.run(api.aclose())
