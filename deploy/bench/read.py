"""Reading documents by their ids: together as the store does it, and each alone."""

from functools import partial

from deploy.bench.contest import Contest, Line, Round
from deploy.bench.metrics.population import business, fill
from deploy.bench.stage import Stage
from deploy.bench.write import WRITERS, repeated
from services.chassis.store.mongo import MongoStore
from services.metrics.main import service

ENTITIES, ROUNDS = 1_000, 4


async def by_id(stage: Stage, store: MongoStore) -> list[Line]:
    """One document by its id at a time for each of some readers: together as the store does it, and each alone."""
    clock, entities = stage.clock("mongod"), store.database["entities"]

    def one_of(number: int) -> str:
        return f"business|{business(number % ENTITIES)}"

    async def alone(number: int) -> None:
        await entities.find_one({"_id": one_of(number)})

    async def together(number: int) -> None:
        await store.read("entities", [one_of(number)])

    lines = []
    for readers in WRITERS:
        rounds: dict[str, Round] = {
            "a query each": partial(repeated, alone, readers, clock),
            "grouped": partial(repeated, together, readers, clock),
        }
        found = await Contest.of(rounds, ROUNDS)
        at = f"a document by id, {readers} reader{'s' * (readers > 1)}"
        lines += [
            found.line(f"{at}: {name}", name, *(["a query each"] if name == "grouped" else [])) for name in rounds
        ]
    return lines


async def measure(stage: Stage) -> list[Line]:
    store = MongoStore(stage.mongo_url, "bench_read", "metrics")
    await store.prepare(service.documents)
    await fill(store, ENTITIES)
    lines = await by_id(stage, store)
    store.close()
    return lines
