"""A zone whose office is open, and who may call in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.gateway.access.zone import Json, Zone, made, new_client, new_key


@dataclass(frozen=True)
class Side:
    """A partner with one client and one key of all its scopes, and an HTTP client that calls with it."""

    partner: Json
    client: Json
    key: Json
    api: httpx.AsyncClient


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Zone:
    """Nothing is believed for longer than one request, so that a test sees what a change does at once."""
    monkeypatch.setattr("gateway.access.authenticate.BELIEVED_FOR", 0.0)
    return Zone()


@pytest.fixture
async def operator_key(zone: Zone, tmp_path: Path) -> str:
    return await zone.open(tmp_path)


@pytest.fixture
async def operator(zone: Zone, operator_key: str) -> AsyncIterator[httpx.AsyncClient]:
    async with zone.client(operator_key) as api:
        yield api


async def the_office(operator: httpx.AsyncClient) -> Json:
    """The zone's own office."""
    office: Json
    (office,) = (await operator.get("/v1/partners", params={"office": True})).json()["data"]
    return office


async def a_side(zone: Zone, operator: httpx.AsyncClient, name: str) -> Side:
    partner = await made(operator, "/v1/partners", {"legal_name": name})
    client = await new_client(operator, partner["id"])
    key = await new_key(operator, client["id"])
    return Side(partner, client, key, zone.client(key["key"]))


@pytest.fixture
async def ours(zone: Zone, operator: httpx.AsyncClient) -> AsyncIterator[Side]:
    side = await a_side(zone, operator, "示例园区服务有限公司")
    async with side.api:
        yield side


@pytest.fixture
async def theirs(zone: Zone, operator: httpx.AsyncClient) -> AsyncIterator[Side]:
    side = await a_side(zone, operator, "示例商务秘书有限公司")
    async with side.api:
        yield side
