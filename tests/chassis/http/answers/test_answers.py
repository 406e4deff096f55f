"""Answers that are not JSON: their media types, streams, entity tags, and what is kept of them for repeats."""

from collections.abc import AsyncIterator

import pytest
from fastapi import APIRouter, FastAPI

from services.chassis.http.answers.answer import PIECE, Html, StreamedCsv, gathered, server_sent
from services.chassis.http.client import Client
from services.chassis.http.route import TransactionalRoute
from services.chassis.http.view import View
from services.chassis.store.writes import Insert
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from tests.chassis.archive import Entry, service

READER = caller(scopes="archive:read archive:write")
CSV = {"Content-Type": "text/csv"}


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore.of(service)


@pytest.fixture
def app(store: MemoryStore) -> FastAPI:
    return service.routes_on(store, settings())


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[Client]:
    async with client_of(app, READER, "archive") as client:
        yield client


@pytest.fixture
async def paper(api: Client) -> str:
    """A paper with its file, and its path."""
    sent = await api.post("/v1/archive/uploads?file_name=plan.csv", content=b"a,b\r\n" * 100_000, headers=CSV)
    kept = await api.post("/v1/archive/papers", json={"title": "Plan", "upload_id": sent.json()["id"]})
    return f"/v1/archive/papers/{kept.json()['id']}"


@pytest.mark.parametrize(
    ("path", "media_type", "content"),
    [
        ("drawing", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("calendar", "text/calendar; charset=utf-8", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        ("linked", "application/ld+json", '{"@context":"https://schema.org","@type":"ArchiveOrganization"}'),
        ("lines", "application/x-ndjson", '{"n":1}\n{"n":2}\n'),
        ("events", "text/event-stream; charset=utf-8", "id: 1\nevent: paper\ndata: first\ndata: line\n\ndata: \n\n"),
        ("entries", "text/csv; charset=utf-8", "meter,value,on\r\n"),
        ("entries/lines", "application/x-ndjson", ""),
    ],
)
async def test_each_form_has_its_media_type(api: Client, path: str, media_type: str, content: str) -> None:
    answer = await api.get(f"/v1/archive/{path}")
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (200, media_type, content)


async def test_a_file_leaves_as_it_came_under_its_name(api: Client, paper: str) -> None:
    answer = await api.get(f"{paper}/file")
    assert answer.content == b"a,b\r\n" * 100_000
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''plan.csv"


async def test_a_page_has_the_entity_tag_of_what_it_shows_and_runs_nothing(api: Client, paper: str) -> None:
    page = await api.get(f"{paper}/page")
    assert page.text == "<h1>Plan</h1>"
    assert page.headers["etag"].startswith('"v1.')
    assert "default-src 'none'" in page.headers["content-security-policy"]
    known = await api.get(f"{paper}/page", headers={"If-None-Match": page.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert (await api.get(f"{paper}/page", headers={"If-Match": '"v2"'})).status_code == 412


async def test_what_a_write_answers_is_kept_as_it_was_whatever_its_form(api: Client, paper: str) -> None:
    first = await api.post(f"{paper}/seal", headers={"Idempotency-Key": "k"})
    again = await api.post(f"{paper}/seal", headers={"Idempotency-Key": "k"})
    assert (first.status_code, first.text) == (201, "head.2.signature")
    assert first.headers["etag"].startswith('"v2.')
    assert (again.status_code, again.content, again.headers["etag"]) == (201, first.content, first.headers["etag"])
    assert again.headers["content-type"] == first.headers["content-type"] == "application/vc+jwt"
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"] == paper


async def test_a_long_table_is_written_while_it_is_sent(api: Client, store: MemoryStore) -> None:
    rows = [Entry(id=f"rdg_{n:05d}", meter="=1+1", value=-n) for n in range(5_000)]
    await store.commit([Insert("entries", row.to_document()) for row in rows])
    async with api.stream("GET", "/v1/archive/entries") as answer:
        pieces = [piece async for piece in answer.aiter_raw()]
    assert b"".join(pieces).count(b"\r\n'=1+1,") == 5_000
    assert "filename*=UTF-8''%E8%AF%BB%E6%95%B0.csv" in answer.headers["content-disposition"]


async def test_lines_of_a_stream_are_gathered_to_pieces_and_none_is_lost() -> None:
    async def lines() -> AsyncIterator[bytes]:
        for _ in range(10_000):
            yield b"0123456789"

    pieces = [piece async for piece in gathered(lines())]
    assert sum(map(len, pieces)) == 100_000
    assert all(PIECE <= len(piece) < PIECE + 10 for piece in pieces[:-1])


@pytest.mark.parametrize(
    ("data", "sent"), [("", b"data: \n\n"), ("a\nb", b"data: a\ndata: b\n\n"), ("a\r\nb", b"data: a\ndata: b\n\n")]
)
def test_an_event_has_a_field_for_each_line(data: str, sent: bytes) -> None:
    assert server_sent(data) == sent


def test_an_answer_shows_what_its_class_says_and_nothing_else() -> None:
    with pytest.raises(TypeError, match="Html shows None"):
        Html("x", shows=View(id="x", version=1, last_event_id=None))


def test_a_write_that_would_stream_its_answer_is_refused_where_it_is_declared() -> None:
    router = APIRouter(route_class=TransactionalRoute)

    async def write() -> StreamedCsv:
        raise AssertionError("never called")

    with pytest.raises(TypeError, match="cannot be streamed"):
        router.add_api_route("/x", write, methods=["POST"])
