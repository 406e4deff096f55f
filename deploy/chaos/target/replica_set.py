"""The database of the fault suite: a replica set whose primary can be killed, of one member or of several."""

import asyncio
from pathlib import Path

from deploy.machine.ports import lasting_port
from deploy.machine.watchman import Watchman
from deploy.servers.mongod import Mongod

OPLOG_MB = 16
"""Small, so that it can be overrun within a second."""
CACHE_GB = 0.5
LOOK_EVERY = 0.1
ELECTED_WITHIN = 60.0


class ReplicaSet:
    """Its members, started and ended together.

    Args:
        folder: their data.
        logs: where they write what they do.
        members: how many; where there are several, one that is killed is replaced by another.
    """

    def __init__(self, folder: Path, logs: Path, *, members: int, watchman: Watchman) -> None:
        ports = [lasting_port() for _ in range(members)]
        self.members = [
            Mongod(
                folder / str(number),
                port=port,
                log=logs / f"mongod-{number}.log",
                oplog_mb=OPLOG_MB,
                cache_gb=CACHE_GB if members == 1 else CACHE_GB / 2,
                test_commands=True,
                members=ports,
            )
            for number, port in enumerate(ports, start=1)
        ]
        for each in self.members:
            each.process.command += ["--syncdelay", "1"]  # seconds between checkpoints: the oplog is kept up to one
            each.process.watchman = watchman

    @property
    def address(self) -> str:
        """The URL that clients connect to."""
        return self.members[0].address

    @property
    def is_alone(self) -> bool:
        return len(self.members) == 1

    async def start(self) -> None:
        """Start them all, and wait until one is the primary. Raises Complaint."""
        await asyncio.gather(*(each.start() for each in self.members))
        await self.primary()

    def kill(self) -> None:
        """End them all."""
        for each in self.members:
            each.kill()

    async def primary(self) -> Mongod:
        """The member that takes writes, once there is one. Raises TimeoutError."""
        async with asyncio.timeout(ELECTED_WITHIN):
            while True:
                for each in self.members:
                    if await each.is_primary():
                        return each
                await asyncio.sleep(LOOK_EVERY)
