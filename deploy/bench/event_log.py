"""Events of one kind in a log, and what a projection of the simplest kind makes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from services.chassis.store.outbox_row import canonical
from services.chassis.testing.event_keys import KEY


class Tally(Aggregate):
    """What a projection of the simplest kind keeps."""

    collection: ClassVar[str] = "tallies"

    count: int = 0
    amount: int = 0


def told(event: Event, subject: str, sequence: int) -> Record:
    """An event as the relay brings it into the log."""
    envelope = Envelope(
        id=f"{subject}:{sequence:010d}",
        source="/bench",
        type=event.wire_name,
        subject=subject,
        sequence=sequence,
        time=utc_now(),
        topic=event.topic.name,
        key=subject,
        data=canonical(event),
        business_id=subject,
        hash="0" * 64,
        traceparent=f"00-{'a' * 32}-{'b' * 16}-00",
    )
    return record_of(envelope, KEY)


@dataclass(frozen=True)
class Log:
    """Events that are all of their kind in the log, and where to begin to read them once more."""

    bootstrap: str
    cluster: str
    start: Mapping[Partition, int]
    events: int

    @property
    def topic(self) -> str:
        return next(iter(self.start)).topic

    @classmethod
    async def of(cls, bootstrap: str, records: Sequence[Record]) -> Self:
        """Bring them into the log, behind whatever their topic holds already."""
        topic = records[0].topic
        cluster, counts = await describe_log(bootstrap)
        reader = await Reader.opened(bootstrap, {Partition(topic, number): 0 for number in range(counts[topic])})
        start = await reader.ends()
        await reader.close()
        producer = await Producer.started(bootstrap)
        await producer.send(records)
        await producer.close()
        return cls(bootstrap, cluster, start, len(records))
