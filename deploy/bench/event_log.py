"""Events of one kind in a log, and what a projection of the simplest kind makes of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.events import Event
from services.chassis.domain.times import utc_now
from services.chassis.kafka.client import describe_log
from services.chassis.kafka.producer import Producer
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition, Record
from services.chassis.publishing.publisher import record_of
from services.chassis.testing import heard
from services.chassis.testing.event_keys import KEY


class Tally(Aggregate):
    """What a projection of the simplest kind keeps."""

    collection: ClassVar[str] = "tallies"

    count: int = 0
    amount: int = 0


def envelope_of(event: Event, subject: str, sequence: int, *, at: datetime | None = None) -> Envelope:
    """The envelope in which an event of this number of its subject comes; of now where nothing else is said."""
    return heard.envelope_of(
        event,
        subject,
        sequence,
        source="/bench",
        time=at or utc_now(),
        key=subject,
        business_id=subject,
        hash="0" * 64,
        traceparent=f"00-{'a' * 32}-{'b' * 16}-00",
    )


def told(event: Event, subject: str, sequence: int, *, at: datetime | None = None) -> Record:
    """An event as the relay brings it into the log."""
    return record_of(envelope_of(event, subject, sequence, at=at), KEY)


async def ends_of(bootstrap: str, topics: Iterable[str]) -> dict[Partition, int]:
    """Behind the last record of each partition of these topics."""
    _, counts = await describe_log(bootstrap)
    every = {Partition(topic, number): 0 for topic in topics for number in range(counts[topic])}
    reader = await Reader.opened(bootstrap, every)
    try:
        return dict(await reader.ends())
    finally:
        await reader.close()


@dataclass(frozen=True)
class Log:
    """Events that are all of their topics in the log, and where to begin to read them once more."""

    bootstrap: str
    cluster: str
    start: Mapping[Partition, int]
    events: int

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(sorted({partition.topic for partition in self.start}))

    @classmethod
    async def of(cls, bootstrap: str, records: Sequence[Record]) -> Self:
        """Bring them into the log, behind whatever their topics hold already."""
        cluster, _ = await describe_log(bootstrap)
        start = await ends_of(bootstrap, {record.topic for record in records})
        producer = await Producer.started(bootstrap)
        await producer.send(records)
        await producer.close()
        return cls(bootstrap, cluster, start, len(records))
