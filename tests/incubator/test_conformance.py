"""Whatever is sent to the incubator, its answer is one of those that the document of the API describes.

Generated requests are sent in this process by an officer.
"""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.core.failures import FailureGroup

from services.chassis.domain.times import utc_now
from services.chassis.http.client import Client
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.heard import hear
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import memory_tx
from services.incubator.finance.clocks import open_zone_book
from services.incubator.main import service
from services.incubator.tenants.tenant import book_id
from tests.conformance import CHECKS, Described, described, operations_of, part_of_the_document
from tests.e2e.nouns import incubator_nouns
from tests.incubator.registry_says import business, registered

OFFICER = caller("officer", scopes="incubator:read incubator:write incubator:manage")
PART = part_of_the_document("/v1/incubator/")
OPERATIONS = operations_of(PART)


@pytest.fixture(scope="module")
def incubator() -> Iterator[Described]:
    with described(made, "incubator", OFFICER) as found:
        yield found


async def made() -> tuple[Client, dict[str, str]]:
    store = MemoryStore.of(service)
    tx = memory_tx(store)
    await hear(service.handlers, tx, registered(1))
    await tx.commit()
    await open_zone_book(utc_now(), lambda: memory_tx(store, at=utc_now()))
    api = client_of(service.routes_on(store, settings()), OFFICER, "incubator")
    book = book_id(business(1))
    return api, await incubator_nouns(api, business(1), book) | {"business_id": business(1), "book_id": book}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_that_the_document_describes(incubator: Described, name: str) -> None:
    incubator.check(OPERATIONS[name])


def test_an_answer_that_the_document_does_not_describe_is_found(incubator: Described) -> None:
    wrong = copy.deepcopy(PART)
    wrong["components"]["schemas"]["Site"]["required"].append("colour")
    schema: Any = schemathesis.openapi.from_dict(wrong)
    case = schema["/v1/incubator/sites/{site_id}"]["GET"].Case(path_parameters={"site_id": incubator.nouns["site_id"]})
    with pytest.raises(FailureGroup):
        case.validate_response(incubator.answer(case, names_what_is_there=True), checks=CHECKS)


def test_the_document_has_every_route_of_the_incubator() -> None:
    routes = {f"{method} {route.path}" for route in service.routes() for method in route.methods or ()}
    assert OPERATIONS.keys() == routes
