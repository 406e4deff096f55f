"""The database of the fault suite: of several members another takes over."""

import asyncio
from pathlib import Path

import pytest

from deploy.chaos.target.replica_set import ReplicaSet
from deploy.machine.watchman import Watchman


@pytest.mark.server
async def test_of_three_members_another_takes_over_from_one_that_is_killed(tmp_path: Path) -> None:
    watchman = Watchman()
    database = ReplicaSet(tmp_path / "data", tmp_path / "logs", members=3, watchman=watchman)
    try:
        await database.start()
        first = await database.primary()
        await asyncio.to_thread(first.kill)
        second = await database.primary()
        assert second is not first
        await first.start()
        assert await first.is_ready()
        assert await database.primary() is second
    finally:
        database.kill()
        watchman.dismiss()
