"""Pledges into one round (T2), against a bare transaction of the same writes, by 1, 10 and 50 writers."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from deploy.bench.contest import Contest, Line
from deploy.bench.incubator.founded import PLEDGED, founded, investors, opened_round
from deploy.bench.incubator.scene import OFFICER, TODAY, V1, insert, opened, routes_on
from deploy.bench.stage import Stage
from deploy.bench.write import WRITERS, record, repeated
from services.chassis.domain.errors import LostRace
from services.chassis.domain.ids import new_id
from services.chassis.store.document_store import Store
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Adjust, Document, Insert, Replace, by_collection
from services.incubator.investment.commitments import effects
from services.incubator.investment.investors.investor import Investor
from services.incubator.investment.rounds.checks import MOST_COMMITMENTS
from services.incubator.investment.rounds.round import Round

TURNS, ROUNDS = 3, 60
BARE, SINGLE, GROUP, ROUTE = "a bare transaction", "a pledge", "a pledge, group commit", "POST /commitments"
GOAL: Final = "0.7"
SUM: Final = {"amount": PLEDGED, "currency": "CNY"}

Turn = tuple[str, str]
"""In which round, and which investor."""


def turns(rounds: Sequence[Round], investors: Sequence[Investor]) -> Iterator[Turn]:
    """Each investor pledges once in a round, which is full then: there are as many as it takes commitments."""
    return ((round.id, each.id) for round in rounds for each in investors)


async def unit(store: Store, turn: Turn) -> Tx:
    """A unit of work with a pledge that is ready to commit, as the route of a POST leaves it."""
    tx = Tx(store, now=TODAY, caller=OFFICER, request_id="0" * 32)
    round, investor = await tx.get(Round, turn[0]), await tx.get(Investor, turn[1])
    made = await effects.pledge(round, investor, PLEDGED, tx)
    tx.write(Insert("idempotency", record(made.id)))
    return tx


class Bare:
    """The writes of a pledge by hand: nothing is read, nothing is judged; one that meets another runs again.

    Args:
        pattern: the writes of a pledge.
    """

    def __init__(self, store: MongoStore, pattern: Tx) -> None:
        self._store = store
        self._writes = [write for group in by_collection(pattern.pending()).values() for write in group]

    async def write(self, turn: Turn) -> None:
        """One transaction of the driver."""
        database, id = self._store.database, new_id("cmt")
        own: dict[str, Document] = {
            "commitments": {"_id": id, "round_id": turn[0]},
            "outbox": {"_id": f"{id}:0000000001"},
            "idempotency": {"_id": f"cli_0|POST {V1}/commitments|{id}"},
        }

        async def all_of_it(session: Any) -> None:
            for write in self._writes:
                collection = database[write.collection]
                match write:
                    case Insert():
                        await collection.insert_one(write.document | own[write.collection], session=session)
                    case Replace():
                        document: Document = {**write.document, "_id": turn[1]}
                        await collection.replace_one({"_id": turn[1]}, document, session=session)
                    case Adjust():
                        await collection.update_one({"_id": turn[0]}, {"$inc": write.moves}, session=session)

        majority = database.read_concern, database.write_concern
        async with await database.client.start_session() as session:
            await session.with_transaction(all_of_it, *majority)


async def measure(stage: Stage) -> list[Line]:
    """Raises nothing but what the servers do."""
    store = await opened(stage, "pledges")
    tenant, shares = await founded(store)
    rounds = [opened_round(tenant, shares) for _ in range(ROUNDS)]
    await insert(store, rounds)
    queue = turns(rounds, await investors(store, MOST_COMMITMENTS))
    group = GroupCommit(store)
    bare, api = Bare(store, await unit(store, next(queue))), routes_on(group)

    async def commit(on: Store) -> None:
        turn = next(queue)
        while True:
            try:
                return await (await unit(on, turn)).commit()
            except LostRace:  # as a route does, if not in turn
                continue

    async def post() -> None:
        round_id, investor_id = next(queue)
        answer = await api.post(
            f"{V1}/rounds/{round_id}/commitments",
            json={"investor_id": investor_id, "amount": SUM},
            headers={"Idempotency-Key": new_id("key")},
        )
        answer.raise_for_status()

    acts: dict[str, Callable[[], Awaitable[None]]] = {
        BARE: lambda: bare.write(next(queue)),
        SINGLE: partial(commit, store),
        GROUP: partial(commit, group),
        ROUTE: post,
    }
    lines = []
    for writers in WRITERS:
        contenders = {name: partial(repeated, _act(act), writers, stage.clock("mongod")) for name, act in acts.items()}
        found = await Contest.of(contenders, TURNS)
        at = f"{writers} writer{'s' * (writers > 1)}"
        lines += [
            found.line(f"{at}: {BARE} of the same writes", BARE),
            found.line(f"{at}: {SINGLE}, one transaction each", SINGLE, BARE, GOAL if writers == 1 else ""),
            found.line(f"{at}: {GROUP}", GROUP, BARE, GOAL if writers > 1 else ""),
            found.line(f"{at}: {ROUTE}, all of the route", ROUTE, BARE),
        ]
    off = await _off(store)
    await api.aclose()
    store.close()
    return [*lines, Line("rounds that do not count what was pledged in them", str(off), goal="0")]


async def _off(store: MongoStore) -> int:
    """Rounds of which the counter is not the number of commitments."""
    counted = {}
    async for each in store.database[Round.collection].find({}, {"commitments_count": 1}):
        counted[each["_id"]] = each["commitments_count"]
    return sum([await store.count("commitments", {"round_id": id}) != number for id, number in counted.items()])


def _act(act: Callable[[], Awaitable[None]]) -> Callable[[int], Awaitable[None]]:
    return lambda _: act()
