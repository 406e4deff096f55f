"""The application of a service: planned routes are reached directly, and everything else through FastAPI."""

import contextlib
from collections.abc import AsyncIterator

import pytest
import structlog
from fastapi import APIRouter, Response

from services.chassis.domain.errors import Conflict
from services.chassis.http.answers.answer import StreamedNdjson
from services.chassis.http.route import TransactionalRoute
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.testing.callers import client_of, settings
from services.chassis.testing.memory_store import MemoryStore

router = APIRouter(prefix="/v1/test", route_class=TransactionalRoute)


@router.get("/things/{name}")
async def show(name: str) -> str:
    if name == "broken":
        raise RuntimeError("no")
    if name == "refused":
        raise Conflict("Not this one.")
    return name


@router.get("/unplanned")
async def unplanned(response: Response) -> str:
    response.headers["X-Of"] = "FastAPI"
    return "answered"


@router.get("/lines")
async def lines() -> StreamedNdjson:
    async def found() -> AsyncIterator[int]:
        yield 1
        raise RuntimeError("no")

    return StreamedNdjson(found())


service = Service("test", modules=[Module("things", "Things.", routers=[router])])


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/test/things/a%20b", 200, None),
        ("GET", "/v1/test/unplanned", 200, None),
        ("GET", "/v1/test/things/broken", 500, "internal_error"),
        ("GET", "/v1/test/things/refused", 409, "conflict"),
        ("GET", "/v1/test/things", 404, "route_not_found"),
        ("GET", "/v1/test/things/", 404, "route_not_found"),
        ("GET", "/v1/test/things/a%2Fb", 404, "route_not_found"),
        ("POST", "/v1/test/things/a", 405, "method_not_allowed"),
        ("GET", "/livez", 200, None),
    ],
)
async def test_each_request_is_answered_whoever_answers_it(
    method: str, path: str, status: int, code: str | None
) -> None:
    async with client_of(service.routes_on(MemoryStore.of(service), settings())) as api:
        answer = await api.request(method, path)
    assert answer.status_code == status
    assert (answer.json() if code else {}) == ({**answer.json(), "code": code, "status": status} if code else {})


async def test_an_answer_that_breaks_off_is_logged_once() -> None:
    with structlog.testing.capture_logs() as logged:
        async with client_of(service.routes_on(MemoryStore.of(service), settings())) as api:
            with contextlib.suppress(AssertionError):  # of the transport, which waits for an end
                await api.get("/v1/test/lines")
    assert [each["event"] for each in logged] == ["request_failed", "request"]
    assert logged[1]["cut"]


async def test_a_worker_answers_no_public_route() -> None:
    async with client_of(service.routes_on(MemoryStore.of(service), settings(role="worker"))) as api:
        assert (await api.get("/v1/test/things/a")).status_code == 404
        assert (await api.get("/livez")).status_code == 200
