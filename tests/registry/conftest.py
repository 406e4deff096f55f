"""The registry's API on a store in memory, and a partner and an officer who use it."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.chassis.domain.caller import Caller
from services.chassis.testing.callers import client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.registry.main import service
from tests.refusals import reason
from tests.registry.papers import COLLEAGUE, OFFICER, PARTNER, SUPERVISOR, Json, registration

DECLARED = {"declaration": {"accepted": True, "name": "示例人"}}


class Desk:
    """Both sides of the registry's counter: what partners hand in, and what officers decide."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def call(
        self, method: str, path: str, body: Any = None, *, by: Caller = PARTNER, **options: Any
    ) -> httpx.Response:
        async with client_of(self._app, by, "registry") as client:
            return await client.request(method, f"/v1/registry{path}", json=body, **options)

    async def get(self, path: str, *, by: Caller = PARTNER, **params: Any) -> httpx.Response:
        return await self.call("GET", path, by=by, params=params)

    async def draft(self, payload: Json | None = None, *, by: Caller = PARTNER, **more: Any) -> Json:
        body = {"payload": payload or registration(), **more}
        return expect(await self.call("POST", "/registrations", body, by=by), 201)

    async def draft_for(self, business_id: str, type: str, payload: Json, *, by: Caller = PARTNER, **more: Any) -> Json:
        body = {"type": type, "payload": payload, **more}
        return expect(await self.call("POST", f"/businesses/{business_id}/filings", body, by=by), 201)

    async def submit(self, filing: Json, *, by: Caller = PARTNER) -> httpx.Response:
        return await self.call("POST", f"/filings/{filing['id']}/submit", DECLARED, by=by)

    async def assign(self, filing: Json, *, by: Caller = OFFICER) -> httpx.Response:
        return await self.call("POST", f"/filings/{filing['id']}/assign", {}, by=by)

    async def approve(self, filing: Json, *, by: Caller = OFFICER) -> httpx.Response:
        return await self.call("POST", f"/filings/{filing['id']}/approve", {"comment": "good"}, by=by)

    async def reject(self, filing: Json, *, by: Caller = OFFICER) -> httpx.Response:
        return await self.call(
            "POST", f"/filings/{filing['id']}/reject", {"reason_code": "incorrect", "comment": "no"}, by=by
        )

    async def withdraw(self, filing: Json, *, by: Caller = PARTNER) -> httpx.Response:
        return await self.call("POST", f"/filings/{filing['id']}/withdraw", {}, by=by)

    async def confirm_hosting(self, filing: Json, *, by: Caller = PARTNER, **options: Any) -> httpx.Response:
        return await self.call("POST", f"/filings/{filing['id']}/confirm-hosting", {}, by=by, **options)

    async def complete(self, filing: Json, *, by: Caller = PARTNER) -> Json:
        """Hand a filing in and have it decided, by another officer than the one who may have made it."""
        filing = expect(await self.submit(filing, by=by))
        if filing["status"] == "submitted":
            officer = COLLEAGUE if by == OFFICER else OFFICER
            expect(await self.assign(filing, by=officer))
            filing = expect(await self.approve(filing, by=officer))
            if filing["status"] == "in_review":  # a supervisor approves it, too
                filing = expect(await self.approve(filing, by=SUPERVISOR))
        return filing

    async def register(self, payload: Json | None = None, *, by: Caller = PARTNER) -> Json:
        """The business after its registration, as its owner sees it."""
        filing = await self.complete(await self.draft(payload, by=by), by=by)
        return expect(await self.get(f"/businesses/{filing['business_id']}", by=by))


def expect(answer: httpx.Response, status: int = 200) -> Json:
    """The body of an answer that has this status."""
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, reason(answer)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore.of(service)


@pytest.fixture
def desk(store: MemoryStore, clock: FixedClock) -> Desk:
    return Desk(service.routes_on(store, settings(), clock=clock))
