"""The worker of jobs: one process at a time works on a job, and each of its steps takes effect exactly once.

A step is one unit of work. What it does and where the job stands then are committed together, guarded by the version
of the job: a worker that was paused too long, or one whose commit was not answered, finds that another went on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog

from services.chassis.background.backoff import Backoff, pause
from services.chassis.background.condition import Condition
from services.chassis.background.job import Job, JobStatus
from services.chassis.background.lease import Lease
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import LostRace, ZoneError
from services.chassis.domain.times import utc_now
from services.chassis.kafka.parking import in_words
from services.chassis.store.files import Files
from services.chassis.store.generations.current import Shown
from services.chassis.store.mongo import TRANSIENT, MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.telemetry.instruments import JOB_STEPS, JOBS_ENDED
from services.chassis.telemetry.tracing import tracer

LEASE_SECONDS = 15.0
LOOK_AGAIN = 1.0
"""Seconds until a worker with nothing to do looks for a job again."""
GIVE_BACK_TIMEOUT = 2.0
LOOKED_AT = 50
log = structlog.get_logger("zone.jobs")

Step = Callable[[Job, Tx, Files], Awaitable[None]]
"""`async def read_statement(job, tx, files)`: one step of a job. It begins at `job.checkpoint`, buffers what it does in
`tx`, and calls `job.advance` or `job.finish`; the worker commits. A few seconds' work at most: what is under way when a
service stops is finished first. A refusal that it raises fails the job; what is transient is tried again."""


class Jobs:
    """The jobs of a service; of each kind one at a time in a process, so that a long one keeps no other kind waiting.

    Args:
        store: of the service.
        steps: kind → what does it; jobs of other kinds are left to workers that know them.
        now: says what time it is in the zone.
        shown: the store as readers see it, where that is another; one step sees one generation.
        lease_seconds: after which another worker goes on with the job of one that died.
    """

    def __init__(
        self,
        store: MongoStore,
        steps: Mapping[str, Step],
        *,
        now: Callable[[], datetime] = utc_now,
        shown: Shown | None = None,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._shown = shown or Shown(store)
        self._store, self._steps, self._now, self._lease_seconds = store, steps, now, lease_seconds
        self._condition = Condition("jobs")

    def health(self) -> dict[str, Any]:
        """Degraded while the store is away; a job that fails is its own matter, and metered."""
        return self._condition.health()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; a step under way is finished. Never raises."""
        await asyncio.gather(*(self._keep_working(kind, stop) for kind in self._steps))

    async def _keep_working(self, kind: str, stop: asyncio.Event) -> None:
        backoff = Backoff()
        while not stop.is_set():
            try:
                found = await self.turn(kind, stop)
            except Exception as error:
                self._condition.degraded(f"{kind}: {error}")
                await pause(stop, backoff.pause())
            else:
                self._condition.ok()
                backoff.reset()
                if not found:
                    await pause(stop, LOOK_AGAIN)

    async def turn(self, kind: str, stop: asyncio.Event) -> bool:
        """Work on the oldest job of a kind that nobody else works on; False where there is none."""
        open_ones = {"kind": kind, "status": {"$in": [JobStatus.QUEUED, JobStatus.RUNNING]}}
        for row in await self._store.select(Job.collection, open_ones, [("_id", 1)], LOOKED_AT):
            lease = Lease(self._store, "leases", f"job|{row['_id']}", seconds=self._lease_seconds)
            if await lease.take() is None:
                continue
            try:
                async with lease.kept() as lost:
                    with tracer.start_as_current_span(f"job {kind}"):
                        await self.work_on(row["_id"], kind, stop, lost, died=lease.epoch > 1)
            finally:
                with suppress(Exception):
                    async with asyncio.timeout(GIVE_BACK_TIMEOUT):
                        await lease.forget()
            return True
        return False

    async def work_on(
        self, id: str, kind: str, stop: asyncio.Event, lost: asyncio.Event, *, died: bool = False
    ) -> None:
        """Step after step, until it has ended, this process is to stop, or another has the lease.

        Args:
            died: whether the process that worked on it before did; one that stops leaves no lease behind.
        """
        step = self._steps[kind]
        todo: Work = _take_over if died else _take_up
        backoff = Backoff()
        while not (stop.is_set() or lost.is_set()):
            tx, job = await self._opened(id)
            if job is None:
                return
            try:
                outcome = await todo(job, tx, self._store.files, step)
                await tx.commit()
            except LostRace:  # somebody changed it, or what the step read: look again
                JOB_STEPS.add(1, {"kind": job.kind, "outcome": "retried"})
                await pause(stop, backoff.pause())
            except TRANSIENT as error:
                JOB_STEPS.add(1, {"kind": job.kind, "outcome": "retried"})
                self._condition.degraded(f"{job.kind}: {error}")
                await pause(stop, backoff.pause())
            except ZoneError as refusal:
                todo = _failing(refusal)
            except Exception as error:
                log.exception("job_step_failed", kind=job.kind, id=id)
                todo = _stumbling(in_words(error))
                await pause(stop, backoff.pause())
            else:
                self._committed(job, outcome)
                backoff = Backoff() if outcome == "done" else backoff
                todo = _next_step

    async def _opened(self, id: str) -> tuple[Tx, Job | None]:
        """The job as it is now, in a unit of work for its client; None where there is nothing left to do."""
        tx = Tx(await self._shown.now(), now=self._now())
        job = await tx.find(Job, id)
        if job is None or job.has_ended:
            return tx, None
        tx.caller = Caller(job.partner_id, job.client_id, "", "system", frozenset())
        return tx, tx.save(job)

    def _committed(self, job: Job, outcome: str | None) -> None:
        self._condition.ok()
        if outcome is not None:
            JOB_STEPS.add(1, {"kind": job.kind, "outcome": outcome})
        if job.has_ended:
            JOBS_ENDED.add(1, {"kind": job.kind, "status": job.status.value})
            log.info("job_ended", kind=job.kind, id=job.id, status=job.status.value)


Work = Callable[[Job, Tx, Files, Step], Awaitable[str | None]]
"""What is done with a job in one unit of work; answers the outcome of the step, None where it was none."""


async def _take_up(job: Job, tx: Tx, files: Files, step: Step) -> None:
    if job.status is JobStatus.QUEUED:
        job.begin(at=tx.now)


async def _take_over(job: Job, tx: Tx, files: Files, step: Step) -> None:
    """From a process that died with it: said before the next step, as it may be the step that ends processes."""
    if job.status is JobStatus.QUEUED:
        job.begin(at=tx.now)
    else:
        job.outlive(at=tx.now)


async def _next_step(job: Job, tx: Tx, files: Files, step: Step) -> str:
    before = job.checkpoint, job.progress
    await step(job, tx, files)
    if not job.has_ended and (job.checkpoint, job.progress) == before:
        raise RuntimeError(f"a step of {job.kind} neither advanced its job nor finished it")
    job.step_done()
    return "done"


def _failing(refusal: ZoneError) -> Work:
    async def fail(job: Job, tx: Tx, files: Files, step: Step) -> str:
        job.fail(refusal, at=tx.now)
        return "refused"

    return fail


def _stumbling(words: str) -> Work:
    async def stumble(job: Job, tx: Tx, files: Files, step: Step) -> str:
        job.stumble(words, at=tx.now)
        return "failed"

    return stumble
