"""A read from a snapshot waits for a collection that is too new for one, and for nothing else."""

import pytest
from pymongo.errors import ConfigurationError, OperationFailure, ServerSelectionTimeoutError

from services.chassis.domain.errors import LostRace, Unavailable
from services.chassis.store import outages
from services.chassis.store.mongo import MongoStore
from services.chassis.store.outages import SNAPSHOT_UNAVAILABLE, from_a_snapshot
from services.chassis.store.transaction import Transaction
from services.chassis.store.writes import Insert


class Read:
    """Fails so many times, then finds something."""

    def __init__(self, failures: int, failure: Exception) -> None:
        self.failures, self.failure, self.calls = failures, failure, 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.failure
        return "found"


NO_SESSIONS_YET = ConfigurationError("Sessions are not supported by this MongoDB deployment")
TOO_NEW = OperationFailure("pending collection catalog changes", SNAPSHOT_UNAVAILABLE)


async def test_a_collection_that_is_too_new_for_a_snapshot_is_read_again() -> None:
    assert await from_a_snapshot(Read(3, TOO_NEW)) == "found"


async def test_one_that_stays_too_new_is_a_lost_race_so_that_the_work_runs_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outages, "AGAIN_AFTER", 0)
    with pytest.raises(LostRace):
        await from_a_snapshot(Read(10_000, TOO_NEW))


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OperationFailure("no", 13), OperationFailure),
        (ServerSelectionTimeoutError("away"), Unavailable),
        (NO_SESSIONS_YET, Unavailable),
    ],
    ids=["refused", "away", "begins to start"],
)
async def test_what_else_a_server_says_is_told_at_once(failure: Exception, told: type[Exception]) -> None:
    read = Read(1, failure)
    with pytest.raises(told):
        await from_a_snapshot(read)
    assert read.calls == 1


async def test_a_commit_to_a_server_that_begins_to_start_is_told_that_the_store_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(transaction: Transaction) -> None:
        raise NO_SESSIONS_YET

    monkeypatch.setattr(Transaction, "run", refuse)
    store = MongoStore("mongodb://127.0.0.1:1/", "x", "test")
    with pytest.raises(Unavailable):
        await store.transact([Insert("things", {"_id": "thg_1"})])
    store.close()
