"""A stop of a service, in a process of its own: what is in flight is answered, or told when to come back."""

import json
from pathlib import Path

import pytest

from tests.gateway.wire import Response
from tests.served_process import served_process

pytestmark = pytest.mark.server  # each test starts a process

PROCESS = "tests.chassis.http.stopping_process"


def request(path: str, method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: zone\r\nContent-Length: 0\r\n\r\n".encode()


def problem(response: Response) -> tuple[int, str]:
    said = json.loads(response.body)
    assert response.value("content-type") == "application/problem+json"
    assert said["request_id"] == response.value("x-request-id")
    return response.status, said["code"]


async def test_what_is_in_flight_is_answered(tmp_path: Path) -> None:
    async with served_process(PROCESS, tmp_path / "s", "10") as service:
        caller = await service.caller()
        await caller.say(request("/after/0.5"))
        await service.says("came")
        service.stop()
        response = await caller.response()
        assert (response.status, response.value("connection")) == (200, "close")
        assert await service.end() == 0


async def test_what_takes_too_long_is_told_when_to_come_back_or_broken_off_where_it_has_begun(tmp_path: Path) -> None:
    async with served_process(PROCESS, tmp_path / "s", "1") as service:
        callers = []
        for path, method in (("/after/600", "GET"), ("/after/600", "POST"), ("/endless", "GET")):
            callers.append(await service.caller())
            await callers[-1].say(request(path, method))
            await service.says("came")
        service.stop()
        read, written, begun = [await caller.response() for caller in callers]
        assert [problem(read), problem(written)] == [(503, "unavailable"), (503, "outcome_unknown")]
        assert read.value("retry-after") == written.value("retry-after") == "1"
        assert not begun.complete, "never a clean end"
        assert await service.end() == 0
