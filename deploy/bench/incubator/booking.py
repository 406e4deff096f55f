"""A booking that nobody contends for, against a bare transaction of the same writes, by 1, 10 and 50 writers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

from deploy.bench.contest import Contest, Line
from deploy.bench.incubator.scene import A_DAY, OFFICER, TODAY, V1, opened, rooms, routes_on, tenants
from deploy.bench.stage import Stage
from deploy.bench.write import WRITERS, record, repeated
from services.chassis.domain.ids import new_id
from services.chassis.domain.times import rfc3339
from services.chassis.store.document_store import Store
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Claim, Document, Insert, Write, by_collection
from services.incubator.booking.occurrence import slot_key
from services.incubator.booking.resource import Resource
from services.incubator.space.bodies import Reserve
from services.incubator.space.effects import reserve

ROOMS, ROUNDS = 100, 4
BARE, SINGLE, GROUP, ROUTE = "a bare transaction", "a booking", "a booking, group commit", "POST /reservations"
GOAL: Final = "0.7"
HOUR = timedelta(hours=1)


class Calendar:
    """Hours of which each is the only one of its room and day, so that nobody meets anybody."""

    def __init__(self, rooms: Sequence[Resource], business: str) -> None:
        self._rooms, self._business = rooms, business
        self._given = 0

    def wish(self) -> dict[str, Any]:
        """The body of a booking of the next one."""
        self._given += 1
        day, room = divmod(self._given, len(self._rooms))
        start = TODAY + (day + 1) * A_DAY
        return {
            "business_id": self._business,
            "resource_ids": [self._rooms[room].id],
            "title": "示例 (synthetic)",
            "start": start,
            "end": start + HOUR,
        }


async def unit(store: Store, wish: Mapping[str, Any]) -> Tx:
    """A unit of work with a booking that is ready to commit, as the route of a POST leaves it."""
    tx = Tx(store, now=TODAY, caller=OFFICER, request_id="0" * 32)
    reservation, _ = await reserve(Reserve.model_validate(wish), tx)
    tx.write(Insert("idempotency", record(reservation.id)))
    return tx


class Bare:
    """The documents of a booking written by hand: nothing is read, nothing is judged.

    Args:
        pattern: the writes of a booking.
    """

    def __init__(self, store: MongoStore, pattern: Tx) -> None:
        self._store = store
        self._pattern = {name: list(map(_document, group)) for name, group in by_collection(pattern.pending()).items()}

    async def write(self) -> None:
        """One transaction of the driver."""
        database = self._store.database
        majority = database.read_concern, database.write_concern
        documents = self._documents(new_id("rsv"))
        async with await database.client.start_session() as session, session.start_transaction(*majority):
            for collection, group in documents.items():
                await database[collection].insert_many(group, session=session)

    def _documents(self, id: str) -> dict[str, list[Document]]:
        names: dict[str, Callable[[int], str]] = {
            "reservations": lambda _: id,
            "outbox": lambda number: f"{id}:{number + 1:010d}",
            "claims": lambda number: slot_key(new_id("res"), 0, TODAY + number * HOUR / 4),
            "idempotency": lambda _: f"cli_0|POST {V1}/reservations|{id}",
        }
        return {
            collection: [{**each, "_id": names[collection](number)} for number, each in enumerate(group)]
            for collection, group in self._pattern.items()
        }


async def measure(stage: Stage) -> list[Line]:
    """Raises nothing but what the servers do."""
    store = await opened(stage, "booking")
    [business] = await tenants(store, 1)
    calendar, group = Calendar(await rooms(store, ROOMS), business), GroupCommit(store)
    bare, api = Bare(store, await unit(store, calendar.wish())), routes_on(group)

    async def commit(on: Store) -> None:
        await (await unit(on, calendar.wish())).commit()

    async def post() -> None:
        wish = calendar.wish()
        body = {**wish, "start": rfc3339(wish["start"]), "end": rfc3339(wish["end"])}
        answer = await api.post(f"{V1}/reservations", json=body, headers={"Idempotency-Key": new_id("key")})
        answer.raise_for_status()

    acts: dict[str, Callable[[], Awaitable[None]]] = {
        BARE: bare.write,
        SINGLE: partial(commit, store),
        GROUP: partial(commit, group),
        ROUTE: post,
    }
    lines = []
    for writers in WRITERS:
        contenders = {name: partial(repeated, _act(act), writers, stage.clock("mongod")) for name, act in acts.items()}
        found = await Contest.of(contenders, ROUNDS)
        at = f"{writers} writer{'s' * (writers > 1)}"
        lines += [
            found.line(f"{at}: {BARE} of the same documents", BARE),
            found.line(f"{at}: {SINGLE}, one transaction each", SINGLE, BARE, GOAL if writers == 1 else ""),
            found.line(f"{at}: {GROUP}", GROUP, BARE, GOAL),
            found.line(f"{at}: {ROUTE}, all of the route", ROUTE, BARE),
        ]
    await api.aclose()
    store.close()
    return lines


def _document(write: Write) -> Document:
    assert isinstance(write, Insert | Claim), "a booking of something free writes new documents only"
    return write.document() if isinstance(write, Claim) else write.document


def _act(act: Callable[[], Awaitable[None]]) -> Callable[[int], Awaitable[None]]:
    return lambda _: act()
