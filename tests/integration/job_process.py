"""A process that works on the archive's jobs until it is killed.

    python -m tests.integration.job_process URL DATABASE

Each step takes a while once it has done everything but commit, so that a kill falls into one.
"""

import asyncio
import sys

from services.chassis.background.job import Job
from services.chassis.background.jobs import Jobs
from services.chassis.store.files import Files
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from tests.chassis.archive import read_lines

LEASE_SECONDS = 1.0


async def slow_step(job: Job, tx: Tx, files: Files) -> None:
    """A step that is long in its middle."""
    await read_lines(job, tx, files)
    await asyncio.sleep(0.1)


async def work(url: str, database: str) -> None:
    """Until killed."""
    store = MongoStore(url, database, "archive")
    await Jobs(store, {"import": slow_step}, lease_seconds=LEASE_SECONDS).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:]))
