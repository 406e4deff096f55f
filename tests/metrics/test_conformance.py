"""Whatever is sent to metrics, its answer is one of those that the document of the API describes.

Generated requests are sent in this process by the zone's operator.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from services.chassis.http.client import Client
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.metrics.main import service
from tests.conformance import Described, described, operations_of, part_of_the_document
from tests.metrics.happenings import MILLION, business, hear, registered, reported

OPERATOR = caller("operator", scopes="metrics:read metrics:manage")
OPERATIONS = operations_of(part_of_the_document("/v1/metrics/"))
V1 = "/v1/metrics"
NOUNS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "target_id": ("targets", {"kpi": "businesses_active", "goal": {"value": 1}, "due_on": "2099-12-31"}),
    "snapshot_id": ("snapshots", {"period": "2025"}),
    "export_id": ("exports", {"format": "csv", "kpis": ["businesses_active"], "first": "2025"}),
    "rebuild_id": ("rebuilds", {}),
}


@pytest.fixture(scope="module")
def metrics() -> Iterator[Described]:
    with described(made, "metrics", OPERATOR) as found:
        yield found


async def made() -> tuple[Client, dict[str, str]]:
    store = MemoryStore.of(service)
    await hear(store, [registered(1), reported(1, year="2025", sequence=2, revenue=MILLION)])
    api = client_of(service.routes_on(store, settings()), OPERATOR, "metrics")
    nouns = {"kpi_id": "valuation_total", "contributor_id": business(1)}
    for name, (path, body) in NOUNS.items():
        answer = await api.post(f"{V1}/{path}", json=body)
        assert answer.status_code in (201, 202), answer.text
        nouns[name] = answer.json()["id"]
    return api, nouns


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_that_the_document_describes(metrics: Described, name: str) -> None:
    metrics.check(OPERATIONS[name])


def test_the_document_has_every_route_of_metrics() -> None:
    routes = {f"{method} {route.path}" for route in service.routes() for method in route.methods or ()}
    assert OPERATIONS.keys() == routes
