"""A transaction whose server goes away in the middle."""

import pytest

from services.chassis.domain.errors import LostRace, Unavailable
from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Insert, Write
from services.chassis.telemetry.instruments import COMMIT_RETRIES
from tests.integration.stage import Stage

NO_PRIMARY, STEPPED_DOWN = 10107, 189
WRITES: list[Write] = [Insert("plants", {"_id": "one"}), Insert("beds", {"_id": "one"})]


@pytest.mark.parametrize("code", [NO_PRIMARY, STEPPED_DOWN])
async def test_one_whose_primary_steps_down_is_lost_and_may_run_again_at_once(stage: Stage, code: int) -> None:
    await stage.fail_next("insert", code=code)
    with pytest.raises(LostRace):
        await stage.store.commit(WRITES)
    assert await stage.store.read("plants", ["one"]) == []
    await stage.store.commit(WRITES)
    assert await stage.store.read("plants", ["one"]) == [{"_id": "one"}]


async def test_a_commit_that_the_primary_forgot_to_answer_takes_effect_once_and_is_counted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    monkeypatch.setattr(COMMIT_RETRIES, "add", counted.append)
    await stage.fail_next("commitTransaction", code=STEPPED_DOWN, times=2)  # the driver tries the first time again
    await stage.store.commit(WRITES)
    assert counted == [1]
    assert await stage.store.read("beds", ["one"]) == [{"_id": "one"}]


async def test_a_server_that_is_not_there_is_away() -> None:
    store = MongoStore("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100", "garden", "garden")
    with pytest.raises(Unavailable) as refusal:
        await store.commit(WRITES)
    assert refusal.value.code == "store_away"
    store.close()
