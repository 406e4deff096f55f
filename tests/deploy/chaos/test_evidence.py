"""The log as evidence: all of it, also while somebody writes."""

from collections.abc import Mapping

import pytest

from deploy.chaos import evidence
from deploy.chaos.evidence import all_in_log_of, log_of
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition, Record
from tests.chassis.garden import grown

TOPIC = "zone.test.plants"
ONE, OTHER = Partition(TOPIC, 0), Partition(TOPIC, 1)


def at(place: Partition, offset: int, fault: str = "") -> Record:
    return grown("plant_1", 1)._replace(topic=TOPIC, partition=place.number, offset=offset, fault=fault)


class GrowingLog:
    """Ends with one record in each partition, and has more in the first of them by the time that it is read."""

    def __init__(self) -> None:
        self._polls = [[at(ONE, 0), at(ONE, 1)], [at(OTHER, 0, "nobody can read it")]]

    async def ends(self) -> dict[Partition, int]:
        return {ONE: 1, OTHER: 1}

    async def poll(self, at_most: int, timeout: float) -> list[Record]:
        return self._polls.pop(0)

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(autouse=True)
def log_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    async def described(bootstrap: str) -> tuple[str, dict[str, int]]:
        return "cluster", {TOPIC: 2}

    async def opened(bootstrap: str, positions: Mapping[Partition, int]) -> GrowingLog:
        return GrowingLog()

    monkeypatch.setattr(evidence, "describe_log", described)
    monkeypatch.setattr(Reader, "opened", opened)


async def test_every_partition_is_read_to_its_end_whatever_is_written_to_the_others() -> None:
    assert {(record.place, record.offset) for record in await all_in_log_of("somewhere")} >= {(ONE, 0), (OTHER, 0)}


async def test_what_nobody_can_read_is_left_out_where_events_are_wanted() -> None:
    assert {record.place for record in await log_of("somewhere")} == {ONE}
