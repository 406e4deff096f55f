"""Whatever is sent to the incubator, its answer is one of those that the document of the API describes.

Requests are generated from the document, right ones and wrong ones, and sent in this process by an officer; in half of
them a path names what is there. By schemathesis, whose generator knows more ways to be wrong than anybody writes down.
"""

import asyncio
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.documents.public_api import public_document
from services.chassis.domain.times import utc_now
from services.chassis.http.client import Client
from services.chassis.testing.callers import caller, client_of, identity_of
from services.chassis.testing.callers import settings as told
from services.chassis.testing.heard import hear
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import memory_tx
from services.incubator.finance.clocks import open_zone_book
from services.incubator.main import service
from services.incubator.tenants.tenant import book_id
from tests.e2e.nouns import incubator_nouns
from tests.incubator.registry_says import business, registered

EXAMPLES = 10
OFFICER = caller("officer", scopes="incubator:read incubator:write incubator:manage")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DOCUMENT = public_document()
PART = DOCUMENT | {"paths": {path: it for path, it in DOCUMENT["paths"].items() if path.startswith("/v1/incubator/")}}
SCHEMA: Any = schemathesis.openapi.from_dict(PART)
OPERATIONS: dict[str, Any] = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}


@dataclass
class Incubator:
    """One with one of each noun in it, and the loop that its client runs on."""

    runner: asyncio.Runner
    api: Client
    nouns: dict[str, str]

    def answer(self, case: Any, *, names_what_is_there: bool) -> Any:
        """What it answers to a generated request."""
        if names_what_is_there:
            case.path_parameters = {name: self.nouns.get(name, value) for name, value in case.path_parameters.items()}
        asked = case.as_transport_kwargs(base_url=str(self.api.base_url))
        sent = {{"data": "content"}.get(name, name): value for name, value in asked.items() if value}
        sent["headers"] = {**asked["headers"], **identity_of(OFFICER, "incubator")}  # it lives for a minute
        return self.runner.run(self.api.request(**sent))


@pytest.fixture(scope="module")
def incubator() -> Iterator[Incubator]:
    with asyncio.Runner() as runner:
        api, nouns = runner.run(made())
        yield Incubator(runner, api, nouns)
        runner.run(api.aclose())


async def made() -> tuple[Client, dict[str, str]]:
    store = MemoryStore.of(service)
    tx = memory_tx(store)
    await hear(service.handlers, tx, registered(1))
    await tx.commit()
    await open_zone_book(utc_now(), lambda: memory_tx(store, at=utc_now()))
    api = client_of(service.routes_on(store, told()), OFFICER, "incubator")
    book = book_id(business(1))
    return api, await incubator_nouns(api, business(1), book) | {"business_id": business(1), "book_id": book}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_that_the_document_describes(incubator: Incubator, name: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=OPERATIONS[name].as_strategy(), names_what_is_there=st.booleans())
    def check(case: Any, names_what_is_there: bool) -> None:
        case.validate_response(incubator.answer(case, names_what_is_there=names_what_is_there), checks=CHECKS)

    check()


def test_an_answer_that_the_document_does_not_describe_is_found(incubator: Incubator) -> None:
    described = copy.deepcopy(PART)
    described["components"]["schemas"]["Site"]["required"].append("colour")
    schema: Any = schemathesis.openapi.from_dict(described)
    case = schema["/v1/incubator/sites/{site_id}"]["GET"].Case(path_parameters={"site_id": incubator.nouns["site_id"]})
    with pytest.raises(FailureGroup):
        case.validate_response(incubator.answer(case, names_what_is_there=True), checks=CHECKS)


def test_the_document_has_every_route_of_the_incubator() -> None:
    routes = {f"{method} {route.path}" for route in service.routes() for method in route.methods or ()}
    assert OPERATIONS.keys() == routes
