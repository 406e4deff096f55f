"""The gateway on a real MongoDB: its first start, by several workers at once, and keys that open and close it."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.main import service
from services.chassis.http.client import in_process
from services.chassis.store.mongo import MongoStore
from tests.gateway.access.zone import gateway_settings, made, new_client, new_key


@contextlib.asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[None]:
    """An application between its start and its stop, as a server drives it."""
    to_app: asyncio.Queue[Message] = asyncio.Queue()
    from_app: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}

    async def live() -> None:
        await app(scope, to_app.get, from_app.put)

    life = asyncio.create_task(live())
    for moment in ("startup", "shutdown"):
        await to_app.put({"type": f"lifespan.{moment}"})
        message = await from_app.get()
        assert message["type"] == f"lifespan.{moment}.complete", message
        if moment == "startup":
            yield
    await life


def client_of(app: ASGIApp, key: str | None) -> httpx.AsyncClient:
    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": {}}, receive, send)

    return in_process(served, {"Authorization": f"Bearer {key}"} if key else {})


@pytest.fixture
async def database(mongo_url: str) -> AsyncIterator[dict[str, Any]]:
    """Where a gateway of its own keeps its documents."""
    prefix = f"zone_{uuid.uuid4().hex[:12]}"
    yield {"mongo_url": mongo_url, "database_prefix": prefix, "role": "api"}
    store = MongoStore(mongo_url, f"{prefix}_gateway", "gateway")
    await store.database.client.drop_database(store.database.name)
    store.close()


@pytest.fixture(autouse=True)
def _believe_nothing_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.access.authenticate.BELIEVED_FOR", 0.0)


async def test_workers_that_start_together_open_one_office_with_one_key(
    database: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "operator.key"
    apps = [service.app(gateway_settings(**database, operator_key_file=file)) for _ in range(4)]
    async with contextlib.AsyncExitStack() as started:
        await asyncio.gather(*(started.enter_async_context(running(app)) for app in apps))
        key = file.read_text().strip()
        for app in apps:
            async with client_of(app, key) as operator:
                (office,) = (await operator.get("/v1/partners")).json()["data"]
                (client,) = (await operator.get(f"/v1/partners/{office['id']}/clients")).json()["data"]
                (only,) = (await operator.get(f"/v1/clients/{client['id']}/keys")).json()["data"]
    assert (office["office"], client["kind"], only["status"]) == (True, "operator", "active")


async def test_a_key_opens_the_zone_until_it_is_revoked_on_another_worker(
    database: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "operator.key"
    first, second = (service.app(gateway_settings(**database, operator_key_file=file)) for _ in range(2))
    async with running(first), running(second), client_of(first, file.read_text().strip()) as operator:
        partner = await made(operator, "/v1/partners", {"legal_name": "示例园区服务有限公司"})
        client = await new_client(operator, partner["id"])
        key = await new_key(operator, client["id"], scopes=["keys:manage"])
        async with client_of(second, key["key"]) as api:
            before = await api.get(f"/v1/keys/{key['id']}")
            await operator.delete(f"/v1/keys/{key['id']}")
            after = await api.get(f"/v1/keys/{key['id']}")
    assert (before.status_code, after.status_code) == (200, 401)
    assert before.json()["scopes"] == ["keys:manage"]


async def test_a_restart_keeps_the_office_and_leaves_the_key_file_alone(
    database: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "operator.key"
    async with running(service.app(gateway_settings(**database, operator_key_file=file))):
        key = file.read_text()
    file.unlink()
    restarted = service.app(gateway_settings(**database, operator_key_file=file))
    async with running(restarted), client_of(restarted, key.strip()) as operator:
        assert (await operator.get("/v1/partners")).status_code == 200
    assert not file.exists()


async def test_the_gateway_says_that_it_is_ready_to_who_runs_it_and_nothing_to_others(
    database: dict[str, Any], tmp_path: Path
) -> None:
    app = service.app(gateway_settings(**database, operator_key_file=tmp_path / "key"))
    async with running(app), client_of(app, None) as here:
        ready = await here.get("/readyz")
        forwarded = await here.get("/readyz", headers={"X-Forwarded-For": "203.0.113.7"})
    assert (ready.status_code, ready.json()["dependencies"]["mongodb"]["state"]) == (200, "ok")
    assert forwarded.status_code == 401


async def test_repeats_of_a_lost_key_at_once_on_two_workers_leave_one_good_key(
    database: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "operator.key"
    first, second = (service.app(gateway_settings(**database, operator_key_file=file)) for _ in range(2))
    async with running(first), running(second):
        key = file.read_text().strip()
        async with client_of(first, key) as here, client_of(second, key) as there:
            partner = await made(here, "/v1/partners", {"legal_name": "示例园区服务有限公司"})
            client = await new_client(here, partner["id"])
            path = f"/v1/clients/{client['id']}/keys"

            async def ask(api: httpx.AsyncClient) -> Any:
                answer = await api.post(path, json={}, headers={"Idempotency-Key": "one"})
                assert answer.status_code == 201, answer.text
                return answer.json()

            await ask(here)
            shown = await asyncio.gather(*(ask(api) for api in (here, there) * 4))
            keys = (await here.get(path)).json()["data"]
    good = [each["id"] for each in keys if each["status"] == "active"]
    assert len(good) == 1
    assert {each["id"]: each["key"] for each in shown}[good[0]]


async def test_a_service_that_is_not_there_is_a_503_with_one_request_id(
    database: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "operator.key"
    app = service.app(gateway_settings(**database, operator_key_file=file))
    async with running(app), client_of(app, file.read_text().strip()) as operator:
        answer = await operator.get("/v1/metrics/kpis")
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unreachable")
    assert len(answer.headers.get_list("x-request-id")) == 1
