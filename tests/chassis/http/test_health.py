from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Unauthenticated
from services.chassis.domain.times import utc_now
from services.chassis.http import client as http_client
from services.chassis.http import health
from services.chassis.process import Process
from services.chassis.testing.callers import settings
from services.chassis.testing.memory_store import MemoryStore

Saying = Callable[[], Awaitable[dict[str, Any]]]


class Gauge:
    """Remembers what it was set to last, by dependency."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}

    def set(self, value: int, labels: dict[str, str]) -> None:
        self.values[labels["dependency"]] = value


def saying(**words: str) -> Saying:
    async def check() -> dict[str, Any]:
        return dict(words)

    return check


async def failing() -> dict[str, Any]:
    raise ConnectionError("nobody there")


def nobody(token: str | None) -> Caller:
    raise Unauthenticated("Nobody calls here.")


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
async def test_each_dependency_is_a_metric_whoever_asks(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gauge = Gauge()
    monkeypatch.setattr(health, "DEPENDENCY_UP", gauge)
    app = FastAPI()
    app.include_router(health.router)
    checks = {"mongodb": failing, "relay": saying(state="ok"), "consumer": saying(state="degraded")}
    Process(settings(), MemoryStore(), utc_now, nobody, checks=checks).surround(app)
    async with http_client.in_process(app, {}) as client:
        answer = await client.get(path)
    assert answer.status_code == (200 if path == "/metrics" else 503)
    assert gauge.values == {"mongodb": 0, "relay": 1, "consumer": 0}
