"""A caller that leaves before its request is whole."""

import pytest
from fastapi import FastAPI
from starlette.types import Message
from structlog.testing import capture_logs

from services.chassis.http.request_span import RequestSpan
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.testing.callers import caller, identity_of, settings
from services.chassis.testing.memory_store import MemoryStore
from tests.integration.pots_service import router


@pytest.fixture
def app() -> FastAPI:
    return Service("pots", modules=[Module("pots", "Pots.", routers=[router])]).routes_on(
        MemoryStore("pots"), settings()
    )


async def test_a_caller_that_leaves_before_its_body_is_whole_is_no_failure_of_ours(app: FastAPI) -> None:
    came: list[Message] = [{"type": "http.request", "body": b'{"id"', "more_body": True}, {"type": "http.disconnect"}]
    statuses = []

    async def receive() -> Message:
        return came.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    identity = identity_of(caller(scopes="pots"), "pots").items()
    headers = [(name.lower().encode(), value.encode()) for name, value in identity]
    scope = {"type": "http", "method": "POST", "path": "/v1/pots", "raw_path": b"/v1/pots", "query_string": b""}
    with capture_logs() as logged:
        await RequestSpan(app)({**scope, "headers": [*headers, (b"content-type", b"application/json")]}, receive, send)
    assert statuses == [499]
    assert [each["event"] for each in logged if each["log_level"] == "error"] == []
