"""Rebuilds over HTTP, as the operator sees them; nobody else does."""

from typing import Any

import pytest

from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.metrics.main import service
from tests.metrics.happenings import TODAY


def api_for(store: MemoryStore, kind: Any = "operator", scopes: str = "metrics:read metrics:manage") -> Any:
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    return client_of(app, caller(kind, scopes=scopes), audience="metrics")


async def test_a_rebuild_is_ordered_seen_listed_and_cancelled(store: MemoryStore) -> None:
    async with api_for(store) as operator:
        ordered = await operator.post("/v1/metrics/rebuilds")
        assert ordered.status_code == 202
        rebuild = ordered.json()
        assert (rebuild["way"], rebuild["status"], rebuild["generation"], rebuild["instead_of"]) == (
            "anew",
            "building",
            2,
            1,
        )
        path = f"/v1/metrics/rebuilds/{rebuild['id']}"
        assert (await operator.get(path)).json() == rebuild
        assert [each["id"] for each in (await operator.get("/v1/metrics/rebuilds")).json()["data"]] == [rebuild["id"]]
        again = await operator.post("/v1/metrics/rebuilds", json={})
        assert (again.status_code, again.json()["code"]) == (409, "rebuild_under_way")
        assert (await operator.post(f"{path}/accept")).json()["code"] == "invalid_transition"
        cancelled = (await operator.post(f"{path}/cancel")).json()
        assert (cancelled["status"], cancelled["why"]) == ("dropped", "The operator cancelled it.")
        assert (await operator.post(f"{path}/cancel")).json()["code"] == "invalid_transition"
        assert (await operator.post("/v1/metrics/rebuilds/rollback")).json()["code"] == "nothing_kept"
        assert (await operator.post("/v1/metrics/rebuilds")).json()["generation"] == 3


async def test_why_workers_do_not_go_on_is_shown(store: MemoryStore) -> None:
    async with api_for(store) as operator:
        rebuild = (await operator.post("/v1/metrics/rebuilds")).json()
        store.collections["members"] = {
            id: {"_id": id, "state": state, "reason": reason}
            for id, state, reason in (
                ("zone.metrics.g2|one", "down", "too many events were parked"),
                ("zone.metrics.g2|two", "ok", None),
                ("zone.metrics|three", "down", "positions are gone"),
            )
        }
        found = (await operator.get(f"/v1/metrics/rebuilds/{rebuild['id']}")).json()
        assert found["halted"] == ["too many events were parked"]


@pytest.mark.parametrize("kind", ["officer", "operator", "partner"])
async def test_nobody_else_orders_or_sees_one(store: MemoryStore, kind: str) -> None:
    scopes = "metrics:read" if kind == "operator" else "metrics:read metrics:manage"
    async with api_for(store, kind, scopes) as other:
        assert (await other.post("/v1/metrics/rebuilds")).status_code == 403
        assert (await other.get("/v1/metrics/rebuilds")).status_code == 403


async def test_one_that_is_not_there_is_404(store: MemoryStore) -> None:
    async with api_for(store) as operator:
        path = f"/v1/metrics/rebuilds/rbd_{'0' * 32}"
        assert (await operator.get(path)).status_code == 404
        assert (await operator.post(f"{path}/accept")).status_code == 404
