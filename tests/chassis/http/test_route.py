"""The transactional route: commit before answer, replay, lost races, conditions, and bad input of every kind."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Annotated, Any, ClassVar

import pytest
from fastapi import APIRouter, Security
from pydantic import BaseModel, ConfigDict

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import MOST_ERRORS, Conflict, LostRace, NotFound
from services.chassis.domain.events import Event, Topic
from services.chassis.domain.money import PositiveOrZero
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.times import Day, Instant
from services.chassis.domain.violations import Violation, date_rule
from services.chassis.http.client import Client
from services.chassis.http.paging import InSortedPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.chassis.http.security import CallerOf
from services.chassis.http.view import View
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.store.writes import Write
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from tests.refusals import reason

THINGS = Topic("zone.test.things")


class ThingMade(Event, name="zone.test.thing.made.v1", topic=THINGS):
    thing_id: str


class Thing(Aggregate):
    collection: ClassVar[str] = "things"
    shown_to: ClassVar = PUBLIC
    validator: ClassVar = {"$jsonSchema": {"properties": {"name": {"bsonType": "string", "pattern": "^[a-zA-Z]*$"}}}}

    name: str
    count: int = 0


def not_to_come(day: date, today: date) -> Iterator[Violation]:
    if day > today:
        yield Violation("date_range", "This day has not come yet.")


class Make(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    price: PositiveOrZero | None = None
    on: Day | None = None
    at: Instant | None = None
    made_on: Annotated[Day, date_rule(not_to_come)] | None = None


class ThingView(View):
    at: ClassVar[str] = "/v1/test/things"

    name: str
    count: int

    @classmethod
    def of(cls, thing: Thing) -> "ThingView":
        return cls.showing(thing)


router = APIRouter(prefix="/v1/test", route_class=TransactionalRoute)
Writer = Annotated[Caller, Security(CallerOf(), scopes=["test:write"])]
Officer = Annotated[Caller, Security(CallerOf("officer"), scopes=["test:write"])]


@router.post("/things", status_code=201)
async def make(body: Make, writer: Writer, tx: InTx) -> ThingView:
    thing = Thing(id=f"thing_{body.name}", name=body.name)
    thing.record(ThingMade(thing_id=thing.id))
    tx.claim(f"name|{body.name}", thing.id, taken=Conflict("taken", code="name_taken"))
    return ThingView.of(tx.save(thing))


@router.get("/things")
async def search(writer: Writer, tx: InTx, page: InSortedPage, name: str | None = None) -> Page[ThingView]:
    where = {"name": name} if name else {}
    return await page.of(tx, Thing, where, ThingView.of, sorts={"id": "_id", "name": "name"})


@router.get("/things/{thing_id}")
async def see(thing_id: str, writer: Writer, tx: InTx) -> ThingView:
    return ThingView.of(await tx.get(Thing, thing_id))


@router.get("/things/named/{name}")
async def see_named(name: str, writer: Writer, tx: InTx) -> ThingView:
    (thing,) = await tx.select(Thing, {"name": name}, limit=1)
    return ThingView.of(thing)


@router.post("/things/{thing_id}/count")
async def count(thing_id: str, writer: Writer, tx: InTx) -> ThingView:
    thing = await tx.get(Thing, thing_id)
    thing.count += 1
    return ThingView.of(tx.save(thing))


@router.post("/things/{thing_id}/spoil")
async def spoil(thing_id: str, writer: Writer, tx: InTx) -> ThingView:
    thing = await tx.get(Thing, thing_id)
    if thing.name == "secret":
        raise NotFound
    if thing.count < 0:
        raise Conflict("spoilt already")
    thing.count = -1
    return ThingView.of(tx.save(thing))


@router.patch("/things/{thing_id}")
async def rename(thing_id: str, body: Make, officer: Officer, tx: InTx) -> ThingView:
    thing = await tx.get(Thing, thing_id)
    thing.name = body.name
    return ThingView.of(tx.save(thing))


service = Service("test", modules=[Module("things", "Things.", routers=[router], documents=[Thing])])
WRITER = caller(scopes="test:write")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore.of(service)


@pytest.fixture
async def api(store: MemoryStore) -> AsyncIterator[Client]:
    async with client_of(service.routes_on(store, settings()), WRITER) as client:
        yield client


async def test_a_created_thing_is_answered_with_its_place_and_its_version(api: Client, store: MemoryStore) -> None:
    answer = await api.post("/v1/test/things", json={"name": "a"})
    assert answer.status_code == 201
    assert answer.headers["location"] == "/v1/test/things/thing_a"
    assert re.fullmatch(r'"v1\.[0-9a-f]{16}"', answer.headers["etag"])
    assert answer.json()["last_event_id"] == "thing_a:0000000001"
    assert [row["_id"] for row in store.rows("outbox")] == ["thing_a:0000000001"]


async def test_a_commit_that_fails_is_never_answered_as_a_success(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(writes: list[Write]) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(store, "commit", failing)
    async with client_of(service.routes_on(store, settings()), WRITER) as api:
        answer = await api.post("/v1/test/things", json={"name": "a"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal_error"


async def test_a_document_that_the_store_refuses_is_a_failure_of_ours(api: Client, store: MemoryStore) -> None:
    answer = await api.post("/v1/test/things", json={"name": "a-b"}, headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert store.rows("idempotency") == []


async def test_the_same_key_and_body_answers_the_stored_answer_and_changes_nothing_again(
    api: Client, store: MemoryStore
) -> None:
    first = await api.post("/v1/test/things", json={"name": "a"}, headers={"Idempotency-Key": "k1"})
    again = await api.post("/v1/test/things", json={"name": "a"}, headers={"Idempotency-Key": '"k1"'})
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert len(store.rows("outbox")) == 1


async def test_the_same_key_with_another_body_is_refused(api: Client) -> None:
    await api.post("/v1/test/things", json={"name": "a"}, headers={"Idempotency-Key": "k1"})
    other = await api.post("/v1/test/things", json={"name": "b"}, headers={"Idempotency-Key": "k1"})
    assert (other.status_code, reason(other)) == (422, "idempotency_key_reused")


async def test_a_refused_request_stores_nothing_under_its_key_and_is_judged_afresh(api: Client) -> None:
    await api.post("/v1/test/things", json={"name": "a"})
    headers = {"Idempotency-Key": "k", "X-Zone-Deadline": "50"}
    refused = await api.post("/v1/test/things", json={"name": "a"}, headers=headers)
    assert refused.status_code in (409, 503)
    fresh = await api.post("/v1/test/things", json={"name": "b"}, headers={"Idempotency-Key": "k"})
    assert fresh.status_code == 201


async def test_a_body_that_is_wrong_in_ten_thousand_places_gets_a_short_answer(api: Client) -> None:
    wrong = {f"x{number}": 1 for number in range(10_000)}
    assert len((await api.post("/v1/test/things", json=wrong)).json()["errors"]) == MOST_ERRORS


@pytest.mark.parametrize(
    ("bare", "quoted"),
    [
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", '"8e03978e-40d5-43dd-bc93-6894a57f9324"'),
        ("order/2026:11+27=#1, {a}", '"order/2026:11+27=#1, {a}"'),
        ('say"it"', '"say\\"it\\""'),
        ("back\\slash", '"back\\\\slash"'),
        ("x" * 255, f'"{"x" * 255}"'),
    ],
)
async def test_a_key_is_the_same_quoted_and_bare(api: Client, store: MemoryStore, bare: str, quoted: str) -> None:
    first = await api.post("/v1/test/things", json={"name": "a"}, headers={"Idempotency-Key": bare})
    again = await api.post("/v1/test/things", json={"name": "a"}, headers={"Idempotency-Key": quoted})
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert len(store.rows("outbox")) == 1


async def test_keys_that_differ_in_case_or_in_one_character_are_two(api: Client) -> None:
    for key in ("Key", "key", "key ", "key|"):
        answer = await api.post("/v1/test/things/thing_a/count", headers={"Idempotency-Key": f'"{key}"'})
        assert "idempotent-replayed" not in answer.headers


@pytest.mark.parametrize(
    "key",
    [
        *("", " ", '""', "x" * 256, f'"{"x" * 256}"', "ключ".encode().decode("latin-1"), '"é"', "a\tb"),
        *('"a', '"a"b', '"a";b=1', '"a", "b"', '"a\\b"', '"a\\"', '"'),
    ],
)
async def test_a_malformed_idempotency_key_is_a_400(api: Client, key: str) -> None:
    answer = await api.post("/v1/test/things", json={"name": "a"}, headers={b"Idempotency-Key": key.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_header")


async def test_a_lost_race_runs_the_route_again_on_fresh_reads(store: MemoryStore) -> None:
    app = service.routes_on(store, settings())
    async with client_of(app, WRITER) as api:
        await api.post("/v1/test/things", json={"name": "a"})
        answers = await asyncio.gather(*(api.post("/v1/test/things/thing_a/count") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert store.rows("things")[0]["count"] == 50


async def test_a_race_that_is_lost_until_the_deadline_is_a_503_that_says_so(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(writes: list[Write]) -> None:
        raise LostRace("things|thing_a")

    monkeypatch.setattr(store, "commit", lost)
    async with client_of(service.routes_on(store, settings(request_deadline=0.05)), WRITER) as api:
        answer = await api.post("/v1/test/things", json={"name": "a"})
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "1"


async def test_if_match_lets_only_the_named_version_be_changed(api: Client) -> None:
    await api.post("/v1/test/things", json={"name": "a"})
    good = await api.post("/v1/test/things/thing_a/count", headers={"If-Match": '"v1"'})
    stale = await api.post("/v1/test/things/thing_a/count", headers={"If-Match": '"v1"'})
    unreadable = await api.post("/v1/test/things/thing_a/count", headers={"If-Match": "1"})
    assert (good.status_code, stale.status_code, unreadable.status_code) == (200, 412, 400)


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        (['"v1"'], 200),
        (['"v1.full"'], 200),
        (["*"], 200),
        ([', "v7" ,,\t"v1",'], 200),
        (['"v7"', '"v1"'], 200),
        (['"a,b", "v1"'], 200),
        (['W/"v1"'], 412),
        (['"of-another-server"'], 412),
        (['"v01"'], 412),
        (['"v99999999999"'], 412),
        (['""'], 412),
        ([""], 412),
        ([" , ,"], 412),
        (["v1"], 400),
        (['"v1" "v2"'], 400),
        (['"v1", x'], 400),
        (['*, "v1"'], 400),
        (['w/"v1"'], 400),
        (['"v1'], 400),
        (['"v 1"'], 400),
    ],
)
async def test_if_match_is_a_list_of_entity_tags_of_which_one_must_be_the_current_one(
    api: Client, tags: list[str], status: int
) -> None:
    await api.post("/v1/test/things", json={"name": "a"})
    answer = await api.post("/v1/test/things/thing_a/count", headers=[("If-Match", each) for each in tags])
    assert answer.status_code == status
    if status == 400:
        assert [each["header"] for each in answer.json()["errors"]] == ["If-Match"]


async def test_who_names_an_old_version_is_told_so_before_any_other_conflict(api: Client) -> None:
    await api.post("/v1/test/things", json={"name": "a"})
    tag = {"If-Match": '"v1"'}
    await api.post("/v1/test/things/thing_a/spoil", headers=tag)
    assert (await api.post("/v1/test/things/thing_a/spoil", headers=tag)).status_code == 412
    assert (await api.post("/v1/test/things/thing_a/spoil")).status_code == 409


async def test_a_condition_never_tells_what_the_caller_may_not_see(api: Client) -> None:
    await api.post("/v1/test/things", json={"name": "secret"})
    for path in ("/v1/test/things/thing_secret/spoil", "/v1/test/things/thing_none/spoil"):
        for tag in ('"v1"', '"v9"', "*"):
            answer = await api.post(path, headers={"If-Match": tag})
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_patch_without_if_match_is_a_428(store: MemoryStore) -> None:
    async with client_of(service.routes_on(store, settings()), caller("officer", scopes="test:write")) as api:
        assert (await api.patch("/v1/test/things/x", json={"name": "b"})).status_code == 428


async def test_what_has_a_tag_is_for_its_caller_alone_and_asked_for_again(api: Client) -> None:
    await api.post("/v1/test/things", json={"name": "a"})
    tag = (await api.get("/v1/test/things/thing_a")).headers["etag"]
    for headers, status in (({}, 200), ({"If-None-Match": tag}, 304)):
        answer = await api.get("/v1/test/things/thing_a", headers=headers)
        assert answer.status_code == status
        assert (answer.headers["cache-control"], answer.headers["vary"]) == ("private, no-cache", "Authorization")


async def test_a_version_that_the_caller_has_is_answered_304(api: Client) -> None:
    await api.post("/v1/test/things", json={"name": "a"})
    tag = (await api.get("/v1/test/things/thing_a")).headers["etag"]
    for tags, status in (
        (tag, 304),
        (f"W/{tag}", 304),
        (f', "other",, {tag},', 304),
        ("*", 304),
        ('"v1"', 200),
        (", ,", 200),
        (tag.strip('"'), 400),
    ):
        answer = await api.get("/v1/test/things/thing_a", headers={"If-None-Match": tags})
        assert (tags, answer.status_code) == (tags, status)


@pytest.mark.parametrize("path", ["/v1/test/things/thing_a", "/v1/test/things/named/a"])
@pytest.mark.parametrize(
    ("tag", "status"),
    [("*", 200), ('"v1"', 200), ('"v7", "v1"', 200), ('"v1.0123456789abcdef"', 200), ('"v2"', 412), ("v1", 400)],
)
async def test_a_read_under_if_match_goes_by_the_version_that_it_shows(
    api: Client, path: str, tag: str, status: int
) -> None:
    await api.post("/v1/test/things", json={"name": "a"})
    assert (await api.get(path, headers={"If-Match": tag})).status_code == status


async def test_what_has_no_version_is_there_but_in_none_that_could_be_named(api: Client) -> None:
    assert (await api.get("/v1/test/things", headers={"If-Match": "*"})).status_code == 200
    assert (await api.get("/v1/test/things", headers={"If-Match": '"v1"'})).status_code == 412
    assert (await api.get("/v1/test/things/thing_none", headers={"If-Match": "*"})).status_code == 404


async def test_a_slash_behind_a_path_is_another_path_and_no_redirect(api: Client) -> None:
    answer = await api.get("/v1/test/things/", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b"{", 400, "malformed_json", None),
        (b'{"name": "a"} x', 400, "malformed_json", None),
        (b'{"name": "\xff"}', 400, "malformed_json", None),
        (b'\xef\xbb\xbf{"name": "a"}', 400, "malformed_json", None),
        (b'{"name": "a", "name": "b"}', 400, "malformed_json", ""),
        (b'{"name": "a", "price": {"amount": 1, "amount": 2, "currency": "CNY"}}', 400, "malformed_json", "/price"),
        (b'{"name": NaN}', 400, "malformed_json", None),
        (b'{"name": "a", "price": Infinity}', 400, "malformed_json", None),
        (b'{"name": "\\ud800"}', 400, "malformed_json", "/name"),
        (b'{"\\udc00": 1}', 400, "malformed_json", "/?"),
        (b'{"name": "a\\u0000"}', 422, "character_not_allowed", "/name"),
        (b"[" * 100_000, 400, "malformed_json", None),
        (b'{"name":' + b"[" * 70 + b"]" * 70 + b"}", 400, "malformed_json", None),
        (b'{"name": ' + b"9" * 5000 + b"}", 400, "malformed_json", None),
        (b'{"name": {"$gt": ""}}', 422, "validation_failed", "/name"),
        (b'{"name": 1}', 422, "validation_failed", "/name"),
        (b"{}", 422, "validation_failed", "/name"),
        (b"", 422, "validation_failed", ""),
        (b"[]", 422, "validation_failed", ""),
        (b"null", 422, "validation_failed", ""),
        (b'{"name": "a", "x": 1}', 422, "unknown_field", "/x"),
        (b'{"name": "a", "a/b~c": 1}', 422, "unknown_field", "/a~1b~0c"),
        (b'{"name": "a", "price": {"amount": 1.0, "currency": "CNY"}}', 422, "money_invalid", "/price/amount"),
        (b'{"name": "a", "price": {"amount": "1", "currency": "CNY"}}', 422, "money_invalid", "/price/amount"),
        (b'{"name": "a", "price": {"amount": true, "currency": "CNY"}}', 422, "money_invalid", "/price/amount"),
        (b'{"name": "a", "price": {"amount": -1, "currency": "CNY"}}', 422, "money_invalid", "/price"),
        (b'{"name": "a", "price": {"amount": 1e400, "currency": "CNY"}}', 422, "money_invalid", "/price/amount"),
        (
            b'{"name": "a", "price": {"amount": 9007199254740992, "currency": "CNY"}}',
            422,
            "money_invalid",
            "/price/amount",
        ),
        (b'{"name": "a", "price": {"amount": 1, "currency": "XTS"}}', 422, "money_invalid", "/price/currency"),
        (b'{"name": "a", "on": "2026-02-29"}', 422, "date_invalid", "/on"),
        (b'{"name": "a", "on": 20260101}', 422, "date_invalid", "/on"),
        (b'{"name": "a", "at": "2026-01-01T00:00:00"}', 422, "timestamp_offset_required", "/at"),
        (b'{"name": "a", "at": "2026-13-01T00:00:00Z"}', 422, "timestamp_invalid", "/at"),
    ],
)
async def test_a_body_that_is_wrong_is_refused_with_its_place(
    api: Client, store: MemoryStore, body: bytes, status: int, code: str, pointer: str | None
) -> None:
    answer = await api.post("/v1/test/things", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, reason(answer)) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    if pointer is not None:
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert store.rows("things") == []


async def test_all_errors_of_a_body_are_listed_at_once(api: Client) -> None:
    body = {"x": 1, "price": {"amount": 1.5, "currency": "cny"}, "on": "today"}
    problem = (await api.post("/v1/test/things", json=body)).json()
    places = {(error["pointer"], error["code"]) for error in problem["errors"]}
    assert places == {
        ("/name", "missing"),
        ("/x", "unknown_field"),
        ("/price/amount", "money_invalid"),
        ("/price/currency", "money_invalid"),
        ("/on", "date_invalid"),
    }


async def test_no_problem_ever_echoes_what_was_sent(api: Client) -> None:
    answer = await api.post("/v1/test/things", json={"name": ["secret-value"], "price": {"amount": "secret-value"}})
    assert "secret-value" not in answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/json; charset=gbk", ""])
async def test_a_body_of_another_media_type_is_a_415(api: Client, kind: str) -> None:
    answer = await api.post("/v1/test/things", content=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_a_body_over_the_limit_is_a_413(store: MemoryStore) -> None:
    async with client_of(service.routes_on(store, settings(body_limit=100)), WRITER) as api:
        assert (await api.post("/v1/test/things", json={"name": "a" * 200})).status_code == 413


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("nmae=x", "unknown_parameter"),
        ("name=a&name=b", "repeated_parameter"),
        ("limit=0", "limit_range"),
        ("limit=201", "limit_range"),
        ("limit=abc", "limit_range"),
        ("limit=", "limit_range"),
        ("limit=5.0", "limit_range"),
        ("limit=5_0", "limit_range"),
        ("limit=%2B5", "limit_range"),
        ("limit=%205", "limit_range"),
        ("limit=-1", "limit_range"),
        ("limit=%D9%A5", "limit_range"),
        ("limit=" + "9" * 5_000, "limit_range"),
        ("cursor=", "cursor_invalid"),
        ("cursor=AAAA", "cursor_invalid"),
        ("cursor=%00", "cursor_invalid"),
        ("sort=", "unknown_parameter"),
        ("sort=price", "unknown_parameter"),
    ],
)
async def test_a_parameter_that_cannot_be_read_is_a_400_with_its_place(api: Client, query: str, code: str) -> None:
    answer = await api.get(f"/v1/test/things?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_parameter")
    assert [(each["parameter"], each["code"]) for each in answer.json()["errors"]] == [(query.partition("=")[0], code)]


async def test_all_parameters_that_cannot_be_read_are_told_at_once(api: Client) -> None:
    answer = await api.get("/v1/test/things?nmae=x&name=a&name=b&limit=abc")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_parameter")
    assert {each["parameter"]: each["code"] for each in answer.json()["errors"]} == {
        "nmae": "unknown_parameter",
        "name": "repeated_parameter",
        "limit": "limit_range",
    }


@pytest.mark.parametrize("body", [{"name": 1}, {"name": 1, "nmae": "x"}, {}])
async def test_one_thing_wrong_with_a_body_or_many_its_refusal_has_one_code(api: Client, body: Any) -> None:
    answer = await api.post("/v1/test/things", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert answer.json()["errors"]


async def test_pages_show_every_thing_once_in_either_order(api: Client) -> None:
    for name in "cab":
        await api.post("/v1/test/things", json={"name": name})
    for sort, expected in (("name", "abc"), ("-name", "cba"), ("id", "abc"), ("-id", "cba")):
        seen, cursor = "", None
        while True:
            query: dict[str, str] = {"sort": sort, "limit": "1"} | ({"cursor": cursor} if cursor else {})
            page = (await api.get("/v1/test/things", params=query)).json()
            seen += "".join(thing["name"] for thing in page["data"])
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == expected


async def test_a_cursor_belongs_to_its_query(api: Client) -> None:
    for name in "ab":
        await api.post("/v1/test/things", json={"name": name})
    cursor = (await api.get("/v1/test/things?limit=1")).json()["next_cursor"]
    other = await api.get("/v1/test/things", params={"cursor": cursor, "name": "a"})
    assert (other.status_code, reason(other)) == (400, "cursor_invalid")


async def test_without_an_identity_nobody_is_let_in(store: MemoryStore) -> None:
    async with client_of(service.routes_on(store, settings())) as api:
        assert (await api.get("/v1/test/things")).status_code == 401


async def test_an_identity_for_another_service_is_not_believed(store: MemoryStore) -> None:
    async with client_of(service.routes_on(store, settings()), WRITER, audience="other") as api:
        assert (await api.get("/v1/test/things")).status_code == 401


async def test_a_caller_without_the_scope_is_told_which_one(store: MemoryStore) -> None:
    async with client_of(service.routes_on(store, settings()), caller(scopes="test:read")) as api:
        answer = await api.get("/v1/test/things")
    assert (answer.status_code, reason(answer), answer.json()["scopes"]) == (
        403,
        "insufficient_scope",
        ["test:write"],
    )


async def test_a_caller_of_the_wrong_kind_is_refused_with_the_right_scope(api: Client) -> None:
    answer = await api.patch("/v1/test/things/x", json={"name": "b"}, headers={"If-Match": '"v1"'})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_kind_of_caller")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/test/things/none", "not_found"),
        ("/v1/test/things/%00", "not_found"),
        ("/v1/test/nothing", "route_not_found"),
        ("/", "route_not_found"),
    ],
)
async def test_what_is_not_there_is_a_404_problem(api: Client, path: str, code: str) -> None:
    answer = await api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


async def full() -> bool:
    return True


async def test_a_full_outbox_refuses_writes_and_lets_reads_go_on(store: MemoryStore) -> None:
    app = service.routes_on(store, settings())
    app.state.process.outbox_is_full = full
    async with client_of(app, WRITER) as api:
        assert (await api.post("/v1/test/things", json={"name": "a"})).status_code == 503
        assert (await api.get("/v1/test/things")).status_code == 200


async def test_a_refused_body_is_told_what_the_day_makes_wrong_with_it_too(api: Client) -> None:
    answer = await api.post("/v1/test/things", json={"name": 1, "made_on": "2999-03-03"})
    assert {(each["pointer"], each["code"]) for each in answer.json()["errors"]} == {
        ("/name", "invalid"),
        ("/made_on", "date_range"),
    }


async def test_a_body_that_is_acceptable_is_not_judged_by_the_day(api: Client) -> None:
    assert (await api.post("/v1/test/things", json={"name": "a", "made_on": "2999-03-03"})).status_code == 201
