"""Metrics' projection with its whole catalogue: against the simplest one, and against what others would write."""

from collections.abc import Sequence
from functools import partial

from deploy.bench import faststream
from deploy.bench.contest import Contest, Line, Round, Took
from deploy.bench.event_log import Log
from deploy.bench.metrics.happenings import happenings
from deploy.bench.projection import empty, projected, registrations, things, written_by
from deploy.bench.projection import on as simple
from deploy.bench.stage import Stage
from services.chassis.consuming.consumer import MAX_RECORDS
from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.events import Event
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.metrics.figures.entity import Entity
from services.metrics.handlers import on as metrics

BUSINESSES, REGISTERED, ROUNDS = 400, 2_500, 3


async def same_sums(events: Sequence[Event], tx: Tx) -> None:
    """What metrics makes of a batch, without inbox, positions and the check of who wrote an event."""
    due = [each for event in events for each in metrics.due(event.envelope, event)]
    loads = [reaction.loads(given) for reaction, given in due if reaction.loads is not None]
    await tx.load(Entity, (id for wanted in loads for _, id in wanted))
    for reaction, given in due:
        await reaction.run(given, tx)


async def measure(stage: Stage) -> list[Line]:
    stated = registrations(REGISTERED, with_figures=True)
    logs = {
        "simple": await Log.of(stage.bootstrap, things()),
        "registrations": await Log.of(stage.bootstrap, stated),
        "offerings": await Log.of(stage.bootstrap, happenings(BUSINESSES)),
    }
    store = MongoStore(stage.mongo_url, "bench_metrics_projection", "metrics")
    clock = stage.clock("mongod", "kafka")

    async def by(handlers: Handlers, log: Log) -> Took:
        await empty(store)
        return await projected(store, log, handlers, clock, at_once=MAX_RECORDS, events=log.events)

    async def by_faststream(log: Log) -> Took:
        await empty(store)
        return await faststream.projected(store, log, clock, same_sums, event=object, decoder=faststream.decoded)

    of_metrics = {"registrations": "registrations with all figures", "offerings": "events of all offerings"}
    rounds: dict[str, Round] = {"the simple one": partial(by, simple, logs["simple"])}
    for name, log in logs.items():
        if name in of_metrics:
            rounds[name] = partial(by, metrics, log)
            if faststream.is_installed():
                rounds[f"FastStream, {name}"] = partial(by_faststream, log)
    found = await Contest.of(rounds, ROUNDS)
    await store.database.client.drop_database(store.database.name)
    store.close()
    lines = [found.line("the simple projection", "the simple one")]
    for name, label in of_metrics.items():
        lines.append(found.line(f"metrics, {label}", name, "the simple one", "0.5"))
    for name in of_metrics if faststream.is_installed() else ():
        lines.append(found.line("FastStream, the same sums, a transaction a batch", f"FastStream, {name}"))
        lines.append(found.line(f"metrics, {of_metrics[name]}", name, f"FastStream, {name}", "1"))
    if not faststream.is_installed():
        lines.append(Line("FastStream's batch subscriber, the same sums", faststream.ABSENT))
    return [*lines, Line("what a registration writes", await written_by(stated[0]))]
