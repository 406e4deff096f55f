"""Invariants: what must hold at every moment, in the middle of everything.

Looked at before a fault that makes the relays publish everything again: that would mend a hole which was there before.
"""

from collections.abc import Iterator, Mapping, Sequence

from deploy.chaos.evidence import log_of, whole
from deploy.chaos.target.zone import SERVICES, ChaosZone, service_named
from services.chassis.domain.envelope import Envelope
from services.chassis.kafka.client import KafkaFailure, describe_log
from services.chassis.kafka.records import Partition, Record
from services.chassis.store.mongo import TRANSIENT, MongoStore, earlier
from services.chassis.store.writes import Document

UNDER_WAY_S = 5
"""Seconds for which a transaction that wrote earlier than another may still commit later."""


async def holes(zone: ChaosZone) -> list[str]:
    """Events behind a relay that are not in the log, and records behind a consumer that took no effect.

    None where database or broker do not answer: there are faults enough that look at that.
    """
    try:
        cluster, _ = await describe_log(zone.broker.bootstrap)
        published = {name: await published_by(zone.store(name), cluster) for name in SERVICES}
        places = {name: await places_of(zone.store(name), cluster) for name in SERVICES if service_named(name).handlers}
        log = [(record, record.envelope()) for record in await log_of(zone.broker.bootstrap)]
        found = list(behind_relays(published, log))
        for name, at in places.items():
            parked = {row["_id"].partition("|")[2] for row in await whole(zone.store(name), "parked")}
            inbox = {row["_id"].partition("|")[2]: row for row in await whole(zone.store(name), "inbox")}
            found += behind_consumer(name, at, log, parked, inbox)
    except (KafkaFailure, *TRANSIENT):
        return []
    return found


async def published_by(store: MongoStore, cluster: str) -> list[str]:
    """The events that a service's relay has to have published by now."""
    (relay,) = await store.read("relay", ["outbox"]) or [{}]
    if relay.get("cluster") != cluster or relay.get("published_to") is None:
        return []
    published = {"at": {"$lt": earlier(relay["published_to"], UNDER_WAY_S)}}
    return [row["_id"] for row in await store.select("outbox", published, [("_id", 1)], 10_000_000)]


async def places_of(store: MongoStore, cluster: str) -> dict[Partition, int]:
    """How far a service's consumer has come in each partition."""
    places = {}
    for row in await whole(store, "offsets"):
        _, topic, number = row["_id"].split("|")
        if row["cluster"] == cluster:
            places[Partition(topic, int(number))] = row["next"]
    return places


def behind_relays(published: Mapping[str, Sequence[str]], log: Sequence[tuple[Record, Envelope]]) -> Iterator[str]:
    """Says what is not in the log."""
    there = {envelope.id for _, envelope in log}
    for service, events in published.items():
        yield from (f"{id} is behind the relay of {service} and not in the log" for id in events if id not in there)


def behind_consumer(
    service: str,
    places: Mapping[Partition, int],
    log: Sequence[tuple[Record, Envelope]],
    parked: set[str],
    inbox: Mapping[str, Document],
) -> Iterator[str]:
    """Says which records a consumer has passed that neither took effect nor are parked."""
    for record, envelope in log:
        if record.offset >= places.get(record.place, 0) or envelope.id in parked:
            continue
        if inbox.get(envelope.subject, {"sequence": 0})["sequence"] < envelope.sequence:
            yield f"{service} has passed {envelope.id}, and it took no effect"
