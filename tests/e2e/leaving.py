"""A business leaves the register, as its owner, an officer and a supervisor have it leave."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from deploy.public_api import call, the_office
from services.chassis.http.client import Client
from tests.zone_under_test import PATIENCE, People

LEAVING = {"type": "dissolution", "payload": {"mode": "voluntary", "reason": "示例：停业", "settled": False}}
DECLARED = {"declaration": {"accepted": True, "name": "示例人"}}


async def leave(people: People, supervisor: Client, business_id: str) -> None:
    """A dissolution, through both approvals."""
    path = f"/v1/registry/businesses/{business_id}/filings"
    filing = (await call(people.partner, "POST", path, about="test", json=LEAVING)).body
    await people.act(people.partner, filing, "submit", DECLARED)
    await people.act(people.officer, filing, "assign", {})
    assert (await people.act(people.officer, filing, "approve", {})).body["status"] == "in_review"
    second = await call(supervisor, "POST", f"/v1/registry/filings/{filing['id']}/approve", about="test", json={})
    assert second.body["status"] == "completed"


async def supervisor_key(operator: Client) -> str:
    """A key of a supervisor of the office."""
    office = await the_office(operator, about="test")
    path = f"/v1/partners/{office['id']}/clients"
    client = (await call(operator, "POST", path, about="test", json={"kind": "supervisor"})).body
    key = await call(operator, "POST", f"/v1/clients/{client['id']}/keys", about="test", json={})
    return str(key.body["key"])


async def until(ask: Callable[[], Awaitable[Any]], satisfied: Callable[[Any], bool]) -> Any:
    """The answer, as soon as it is what was waited for."""
    async with asyncio.timeout(PATIENCE):
        while not satisfied(answer := await ask()):
            await asyncio.sleep(0.1)
    return answer
