"""How the command line calls the zone: patient with a busy one, plain about everything else."""

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import stamina

from deploy import public_api
from deploy.complaint import Complaint
from deploy.machine.zone_folder import RunningNote, ZoneFolder
from deploy.public_api import DEADLINE, UnexpectedAnswer, access_to, call, connect, pages

Handler = Callable[[httpx.Request], httpx.Response]


def zone(handler: Handler) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url="http://zone.example", transport=httpx.MockTransport(handler))


def one_after_another(*answers: httpx.Response | Exception) -> tuple[Handler, list[httpx.Request]]:
    """A zone that gives these answers, and what it was asked."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        given = answers[len(asked)]
        asked.append(request)
        if isinstance(given, Exception):
            raise given
        return given

    return answer, asked


async def test_retry_after_is_heeded_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_api, "LONGEST_WAIT", 0.01)
    busy = httpx.Response(503, headers={"Retry-After": "3600"})
    handler, asked = one_after_another(busy, busy, httpx.Response(200, json={"ok": 1}))
    async with zone(handler) as client:
        answer = await call(client, "GET", "/x", about="it")
    assert (answer.body, len(asked)) == ({"ok": 1}, 3)


async def test_one_try_waits_as_long_as_the_zone_may_take_to_answer() -> None:
    async with connect("http://zone.example", "zk_live_synthetic") as client:
        assert client.timeout.read == DEADLINE


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_change_is_sent_again_with_the_same_key(status: int) -> None:
    away = httpx.Response(status, headers={"Retry-After": "0"})
    handler, asked = one_after_another(away, httpx.Response(201, json={}))
    async with zone(handler) as client:
        await call(client, "POST", "/x", about="it", json={"a": 1}, idempotency_key="k")
    assert {(request.headers["Idempotency-Key"], request.content) for request in asked} == {("k", b'{"a":1}')}


@pytest.mark.parametrize("failure", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), TimeoutError()])
async def test_a_lost_connection_is_tried_again(failure: Exception) -> None:
    handler, _ = one_after_another(failure, httpx.Response(200, json={"ok": 1}))
    with stamina.set_testing(True, attempts=2):
        async with zone(handler) as client:
            assert (await call(client, "GET", "/x", about="it")).body == {"ok": 1}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 428, 500, 301])
async def test_any_other_answer_is_final(status: int) -> None:
    handler, asked = one_after_another(httpx.Response(status, json={"code": "c", "detail": "d"}))
    async with zone(handler) as client:
        with pytest.raises(UnexpectedAnswer, match=f"it: GET /x answered {status} c: d"):
            await call(client, "GET", "/x", about="it")
    assert len(asked) == 1


async def test_an_error_of_the_caller_itself_is_not_taken_for_the_zone() -> None:
    handler, asked = one_after_another(ZeroDivisionError())
    async with zone(handler) as client:
        with pytest.raises(ZeroDivisionError):
            await call(client, "GET", "/x", about="it")
    assert len(asked) == 1


async def test_an_empty_answer_has_an_empty_body() -> None:
    handler, _ = one_after_another(httpx.Response(204))
    async with zone(handler) as client:
        assert await call(client, "DELETE", "/x", about="it") == ({}, "", False)


async def test_a_stored_answer_is_known_as_one() -> None:
    handler, _ = one_after_another(httpx.Response(201, json={}, headers={"Idempotent-Replayed": "true"}))
    async with zone(handler) as client:
        assert (await call(client, "POST", "/x", about="it")).replayed


async def test_a_list_is_read_to_its_end_with_the_same_filter() -> None:
    handler, asked = one_after_another(
        httpx.Response(200, json={"data": [{"n": 1}, {"n": 2}], "next_cursor": "c2"}),
        httpx.Response(200, json={"data": [{"n": 3}], "next_cursor": None}),
    )
    async with zone(handler) as client:
        assert [item["n"] async for item in pages(client, "/x", about="it", status="draft")] == [1, 2, 3]
    assert [str(request.url.query, "ascii") for request in asked] == ["status=draft", "status=draft&cursor=c2"]


@pytest.fixture
def folder(tmp_path: Path) -> ZoneFolder:
    return ZoneFolder(tmp_path)


def test_without_a_running_zone_there_is_no_access(folder: ZoneFolder) -> None:
    with pytest.raises(Complaint, match=r"No zone is running here\. Start one with \./zone up\."):
        access_to(folder)


def test_a_zone_without_an_operator_key_says_so(folder: ZoneFolder) -> None:
    with folder.claimed():
        folder.tell(RunningNote(os.getpid(), "http://127.0.0.1:8000", "now", False, []))
        with pytest.raises(Complaint, match="There is no operator key"):
            access_to(folder)


def test_a_running_zone_is_reached_with_its_operators_key(folder: ZoneFolder) -> None:
    with folder.claimed():
        folder.tell(RunningNote(os.getpid(), "http://127.0.0.1:8000", "now", True, []))
        folder.operator_key.write_text("zk_live_1\n")
        assert access_to(folder) == ("http://127.0.0.1:8000", "zk_live_1")


def test_an_operator_key_that_is_no_file_is_a_problem_with_a_reason(folder: ZoneFolder) -> None:
    with folder.claimed():
        folder.tell(RunningNote(os.getpid(), "http://127.0.0.1:8000", "now", True, []))
        folder.operator_key.mkdir()
        with pytest.raises(Complaint, match="cannot be read: Is a directory"):
            access_to(folder)
