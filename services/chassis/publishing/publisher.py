"""Publishing of outbox rows: in order, acknowledged, and set aside where no broker will ever take them."""

from collections.abc import Sequence

from opentelemetry.trace import SpanKind

from services.chassis.domain.envelope import Envelope, headers_of
from services.chassis.domain.times import utc_now
from services.chassis.kafka.client import Bootstrap, KafkaFailure, TooLargeForBroker
from services.chassis.kafka.mac import with_mac
from services.chassis.kafka.parking import RELAY, parked_row
from services.chassis.kafka.producer import Producer
from services.chassis.kafka.records import Record
from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Document, Put, Remove
from services.chassis.telemetry.instruments import RELAY_BATCH, RELAY_PUBLISHED
from services.chassis.telemetry.tracing import messaging_span


class Publisher:
    """A producer for one term of a relay, bound to the log that it found when it started.

    Args:
        store: where a refused row is parked.
        bootstrap: `HOST:PORT[,…]`.
        key: of the service, by which consumers know that it wrote a record.
    """

    def __init__(self, store: MongoStore, bootstrap: Bootstrap, key: bytes) -> None:
        self._store, self._bootstrap, self._key = store, bootstrap, key
        self._producer: Producer | None = None
        self.cluster = ""

    async def start(self) -> None:
        """Raises KafkaFailure."""
        self._producer = await Producer.started(self._bootstrap)
        self.cluster = self.cluster or await self._producer.cluster_id()

    async def close(self) -> None:
        if self._producer is not None:
            await self._producer.close()

    async def publish(self, rows: Sequence[Document]) -> None:
        """Returns when all are acknowledged, or parked; `see_the_log` says by which log. Raises KafkaFailure."""
        source = f"/{self._store.service}"
        records = [record_of_row(row, source, self._key) for row in rows]
        with messaging_span("send", SpanKind.PRODUCER, "", records):
            try:
                await self._send(records)
            except TooLargeForBroker:
                await self._start_anew()
                for record in records:
                    await self._send_or_park(record)
        RELAY_BATCH.record(len(rows))

    async def see_the_log(self) -> None:
        """An in-memory broker that was started again takes events as if nothing had happened; only its id tells.

        Raises:
            KafkaFailure: it is another log, or nobody answers.
        """
        assert self._producer is not None, "started first"
        if (found := await self._producer.cluster_id()) != self.cluster:
            raise KafkaFailure(f"the log of cluster {self.cluster} is gone: {found} answers in its place")

    async def publish_again(self) -> None:
        """Send the parked rows that a person let go (`dead-letters replay`). Raises KafkaFailure."""
        wanted = {"group": RELAY, "again": True}
        for row in (await self._store.page("parked", wanted, [("subject", 1), ("sequence", 1)], 100)).documents:
            await self._send_or_park(record_of(Record.from_document(row).envelope(), self._key), row)

    async def _send(self, records: Sequence[Record]) -> None:
        assert self._producer is not None, "started first"
        await self._producer.send(records)
        RELAY_PUBLISHED.add(len(records))

    async def _send_or_park(self, record: Record, parked: Document | None = None) -> None:
        """Send one alone; consumers see a parked one as a gap, so that nothing of its subject overtakes it."""
        attempts = parked["attempts"] if parked else 0
        try:
            await self._send([record])
        except TooLargeForBroker as error:
            row = parked_row(RELAY, record, record.envelope(), "oversize", str(error), utc_now(), attempts + 1)
            await self._store.commit([Put("parked", row)])
            await self._start_anew()
        else:
            if parked:
                await self._store.commit([Remove("parked", parked["_id"])])

    async def _start_anew(self) -> None:
        """A producer that was refused once fails every later send of that partition (aiokafka #1017)."""
        await self.close()
        await self.start()


def record_of_row(row: Document, source: str, key: bytes) -> Record:
    """The event of an outbox row as Kafka takes it; no envelope in between, which all relays would make for nothing.

    Args:
        source: of its service, `/<service>`.
    """
    id, context = row["_id"], row["headers"]
    subject, _, sequence = id.rpartition(":")
    headers = headers_of(
        source, row["type"], id, subject, sequence.encode(), row["time"], row["effective_at"], row["business_id"],
        row["partner_id"], row["hash"], context.get("traceparent"), context.get("tracestate"),
    )  # fmt: skip
    return with_mac(Record(row["topic"], row["key"].encode(), row["data"], tuple(headers)), key)


def record_of(envelope: Envelope, key: bytes) -> Record:
    """The event as Kafka takes it, with the code of its producer; the value is the stored bytes as they are."""
    return with_mac(Record(envelope.topic, envelope.key.encode(), envelope.data, tuple(envelope.to_headers())), key)
