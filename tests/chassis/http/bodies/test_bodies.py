"""Bodies that are not JSON: uploads, lines and forms, and what becomes of a file whose request is refused."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI

from services.chassis.domain.errors import LostRace, Unavailable
from services.chassis.http.bodies.form import TakesForm
from services.chassis.http.bodies.lines import LONGEST_LINE, lines_of
from services.chassis.http.bodies.upload import Takes
from services.chassis.http.client import Client
from services.chassis.http.route import TransactionalRoute
from services.chassis.http.security import Identities
from services.chassis.store.upload import Upload
from services.chassis.store.writes import Write
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock
from tests.chassis.archive import LARGEST, Asked, Reading, service
from tests.refusals import reason

WRITER = caller(scopes="archive:read archive:write")
CSV = {"Content-Type": "text/csv"}
LINES = {"Content-Type": "application/x-ndjson"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UPLOADS = "/v1/archive/uploads"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore.of(service)


@pytest.fixture
def app(store: MemoryStore) -> FastAPI:
    return service.routes_on(store, settings(body_limit=1_000), clock=FixedClock(NOON))


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[Client]:
    async with client_of(app, WRITER, "archive") as client:
        yield client


async def test_a_file_is_kept_with_a_row_that_says_what_it_is_and_whose(api: Client, store: MemoryStore) -> None:
    body = b"a,b\r\n" * 100_000
    answer = await api.post(f"{UPLOADS}?file_name=读数.csv", content=body, headers=CSV)
    assert answer.status_code == 201
    (row,) = store.rows("uploads")
    assert answer.json()["id"] == row["_id"]
    assert answer.headers["location"] == f"{UPLOADS}/{row['_id']}"
    assert row["sha256"] == hashlib.sha256(body).hexdigest()
    assert (row["length"], row["media_type"], row["file_name"]) == (500_000, "text/csv", "读数.csv")
    assert (row["partner_id"], row["client_id"], row["uploaded_at"]) == ("par_1", "cli_1", NOON)
    assert row["used_by"] is None
    assert store.files.kept[row["_id"]][1] == body


async def test_a_file_is_streamed_once_however_often_the_unit_of_work_runs(
    api: Client, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, lost = store.commit, [LostRace("store"), LostRace("store")]

    async def losing(writes: list[Write]) -> None:
        if lost:
            raise lost.pop()
        await commit(writes)

    monkeypatch.setattr(store, "commit", losing)
    answer = await api.post(UPLOADS, content=b"a,b", headers=CSV)
    assert (answer.status_code, len(store.files.kept), len(store.rows("uploads"))) == (201, 1, 1)


@pytest.mark.parametrize(
    ("body", "headers", "query", "status", "code"),
    [
        (b"a,b", {"Content-Type": "application/json"}, "", 415, "unsupported_media_type"),
        (b"a,b", {"Content-Type": "text/csv; charset=gbk"}, "", 415, "unsupported_media_type"),
        (b"a,b", {}, "", 415, "unsupported_media_type"),
        (b"x" * (LARGEST + 1), CSV, "", 413, "payload_too_large"),
        (b"", CSV, "", 422, "validation_failed"),
        (b"a,b", CSV, "?file_name=a/b.csv", 422, "validation_failed"),
        (b"a,b", CSV, "?file_name=", 422, "validation_failed"),
        (b"a,b", CSV, "?name=a.csv", 400, "unknown_parameter"),
        (b"a,b", CSV, "?file_name=forbidden.csv", 409, "not_taken"),
        (b"a,b", CSV, "?file_name=%E2%80%AEvsc.csv", 422, "character_not_allowed"),
        (b"a,b", CSV | {"Idempotency-Key": '"a'}, "", 400, "malformed_header"),
    ],
)
async def test_of_an_upload_that_is_refused_nothing_is_left(
    api: Client, store: MemoryStore, body: bytes, headers: dict[str, str], query: str, status: int, code: str
) -> None:
    answer = await api.post(UPLOADS + query, content=body, headers=headers)
    assert (answer.status_code, reason(answer)) == (status, code)
    assert (store.files.kept, store.rows("uploads")) == ({}, [])


class Untouched(AsyncIterator[bytes]):
    """A body that nobody may ask for."""

    async def __anext__(self) -> bytes:
        raise AssertionError("it was read")


async def test_a_body_of_who_may_not_send_it_is_not_even_read(app: FastAPI, store: MemoryStore) -> None:
    async with client_of(app, caller(scopes="archive:read"), "archive") as api:
        assert (await api.post(UPLOADS, content=Untouched(), headers=CSV)).status_code == 403
    async with client_of(app) as api:
        assert (await api.post(UPLOADS, content=Untouched(), headers=CSV)).status_code == 401


async def test_who_was_let_in_stays_so_however_long_the_body_takes(app: FastAPI, api: Client) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"a,b\r\n"
        expired = Identities(settings().identity_public_key, "another service")  # a minute has passed
        app.state.process.identify = expired.read
        yield b"c,d\r\n"

    answer = await api.post(UPLOADS, content=slow(), headers=CSV | {"Idempotency-Key": "k"})
    assert answer.status_code == 201


async def test_a_repeat_under_one_key_is_answered_as_before_and_leaves_no_second_file(
    api: Client, store: MemoryStore
) -> None:
    key = CSV | {"Idempotency-Key": "k"}
    first = await api.post(UPLOADS, content=b"a,b", headers=key)
    again = await api.post(UPLOADS, content=b"a,b", headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    other = await api.post(UPLOADS, content=b"a,c", headers=key)
    assert (other.status_code, reason(other)) == (422, "idempotency_key_reused")
    as_pdf = await api.post(UPLOADS, content=b"a,b", headers=key | {"Content-Type": "application/pdf"})
    assert reason(as_pdf) == "idempotency_key_reused"
    assert list(store.files.kept) == [first.json()["id"]]


async def test_a_file_whose_fate_is_not_known_is_left_to_the_sweep(
    api: Client, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(writes: list[Write]) -> None:
        raise Unavailable("It is not known.", code="outcome_unknown")

    monkeypatch.setattr(store, "commit", unknown)
    assert (await api.post(UPLOADS, content=b"a,b", headers=CSV)).status_code == 503
    assert len(store.files.kept) == 1


async def test_an_act_takes_an_upload_once(api: Client, store: MemoryStore) -> None:
    sent = await api.post(f"{UPLOADS}?file_name=a.csv", content=b"a,b", headers=CSV)
    paper = {"title": "one", "upload_id": sent.json()["id"]}
    first = await api.post("/v1/archive/papers", json=paper)
    second = await api.post("/v1/archive/papers", json=paper)
    assert (first.status_code, second.status_code, second.json()["code"]) == (201, 409, "upload_used")
    assert store.rows("uploads")[0]["used_by"] == first.json()["id"]


async def test_lines_are_read_one_by_one_and_blank_ones_skipped(api: Client, store: MemoryStore) -> None:
    body = b'{"meter": "a", "value": 1}\r\n\n{"meter": "b", "value": 2, "on": "2026-03-02"}'
    answer = await api.post("/v1/archive/entries", content=body, headers=LINES)
    assert (answer.status_code, answer.text) == (201, "entered\r\n2\r\n")
    assert [(row["meter"], row["value"]) for row in store.rows("entries")] == [("a", 1), ("b", 2)]


async def test_all_that_is_wrong_with_any_line_is_told_with_its_number(api: Client, store: MemoryStore) -> None:
    lines = [
        b'{"meter": "a", "value": 1}',
        b'{"meter": 7, "value": "x"}',
        b"",
        b"{",
        b'{"meter": "a", "value": 1, "value": 2}',
        b'{"meter": "a", "value": 1, "a/b": 2}',
        b'{"meter": "a", "value": 1, "on": "2026-02-30"}',
    ]
    answer = await api.post("/v1/archive/entries", content=b"\n".join(lines), headers=LINES)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/2/meter", "invalid"),
        ("/2/value", "invalid"),
        ("/4", "malformed_json"),
        ("/5", "repeated_member"),
        ("/6/a~1b", "unknown_field"),
        ("/7/on", "date_invalid"),
    ]
    assert store.rows("entries") == []


async def test_lines_that_come_in_pieces_are_the_same_lines() -> None:
    whole = b'{"meter": "\xe8\xa1\xa8", "value": 1}\n{"meter": "b", "value": 2}\n'

    async def in_pieces(size: int) -> AsyncIterator[bytes]:
        for start in range(0, len(whole), size):
            yield whole[start : start + size]

    for size in (1, 2, 7, 1_000):
        found = [line.value async for line in lines_of(in_pieces(size), Reading)]
        assert found == [Reading(meter="表", value=1), Reading(meter="b", value=2)]


@pytest.mark.parametrize(("body", "status"), [(b"x" * (LONGEST_LINE + 1), 413), (b"x" * (LARGEST + 1), 413)])
async def test_lines_and_their_number_are_bounded(api: Client, body: bytes, status: int) -> None:
    assert (await api.post("/v1/archive/entries", content=body, headers=LINES)).status_code == status


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"grant_type=client_credentials&scope=a+b%C3%A9", 200, {"grant_type": "client_credentials", "scope": "a bé"}),
        (b"grant_type=", 200, {"grant_type": "", "scope": ""}),
        (b"", 422, {"pointer": "/grant_type", "code": "missing"}),
        (b"grant_type=a&x=1", 422, {"pointer": "/x", "code": "unknown_field"}),
        (b"grant_type=a&grant_type=b", 400, None),
        (b"grant_type", 400, None),
        (b"grant_type=%ff", 400, None),
        (b"grant_type=%00", 400, None),
        (b"grant_type=\xe9", 400, None),
        (b"&".join(b"a%d=1" % n for n in range(101)), 400, None),
        (b"grant_type=" + b"x" * 1_000, 413, None),
    ],
)
async def test_a_form_is_read_strictly(app: FastAPI, body: bytes, status: int, said: dict[str, str] | None) -> None:
    async with client_of(app) as api:
        answer = await api.post("/v1/archive/token", content=body, headers=FORM)
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == said
    elif said:
        assert answer.json()["errors"][0].items() >= said.items()


async def test_a_form_has_no_transaction(app: FastAPI, store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(writes: list[Write]) -> None:
        raise AssertionError("there is nothing to commit")

    monkeypatch.setattr(store, "commit", never)
    async with client_of(app) as api:
        answers = [
            await api.post("/v1/archive/token", content=b"grant_type=a", headers=FORM | {"Idempotency-Key": "k"})
            for _ in range(2)
        ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "idempotent-replayed" not in answers[1].headers


async def test_a_key_that_cannot_be_read_is_told_before_a_file_is_taken_in(api: Client, store: MemoryStore) -> None:
    for headers in (CSV, {"Content-Type": "application/json"}):
        answer = await api.post(UPLOADS, content=b"a", headers=headers | {"Idempotency-Key": "x" * 300})
        assert (answer.status_code, answer.json()["errors"][0]["header"]) == (400, "Idempotency-Key")
    assert store.files.kept == {}


async def test_uploads_at_the_same_time_do_not_meet(api: Client, store: MemoryStore) -> None:
    bodies = [bytes([n]) * 300_000 for n in range(5)]
    answers = await asyncio.gather(*(api.post(UPLOADS, content=body, headers=CSV) for body in bodies))
    assert {store.files.kept[answer.json()["id"]][1] for answer in answers} == set(bodies)


Csv = Annotated[Upload, Depends(Takes("text/csv", at_most=1))]


def test_a_route_that_declares_what_cannot_be_is_refused_where_it_is_declared() -> None:
    router = APIRouter(route_class=TransactionalRoute)

    async def two(one: Csv, form: Annotated[Asked, Depends(TakesForm(Asked))]) -> None:
        """Takes two bodies."""

    async def read(one: Csv) -> None:
        """Reads with a body."""

    async def both(body: Reading, one: Csv) -> None:
        """Takes JSON and a file."""

    for method, endpoint in (("POST", two), ("GET", read), ("POST", both)):
        with pytest.raises(TypeError, match="one body"):
            router.add_api_route("/x", endpoint, methods=[method])
