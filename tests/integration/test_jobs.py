"""Jobs on a real database: each step once, whoever dies, loses or stops; and the ways in which a job ends."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.background.job import ATTEMPTS, DEATHS, Job, JobStatus
from services.chassis.background.jobs import Jobs, Step
from services.chassis.domain.errors import Conflict, LostRace, Unavailable
from services.chassis.domain.times import utc_now
from services.chassis.http.client import Client
from services.chassis.store.files import Files
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, settings
from tests.chassis.archive import Entry, read_lines, service
from tests.conftest import ROOT
from tests.integration.job_process import LEASE_SECONDS
from tests.integration.stage import until

CLIENT = caller(scopes="archive:read archive:write")


class Office:
    """The archive on a database of its own."""

    def __init__(self, url: str) -> None:
        self.url, self.database = url, f"jobs_{uuid.uuid4().hex[:12]}"
        self.store = MongoStore(url, self.database, "archive")
        self.api: Client = client_of(service.routes_on(self.store, settings()), CLIENT, "archive")

    async def order(self, lines: int, *, broken: int | None = None) -> str:
        """Upload readings and order their import: the id of the job."""
        rows = [b'{"meter": "m%d", "value": %d}' % (n, n) for n in range(1, lines + 1)]
        if broken is not None:
            rows[broken - 1] = b'{"meter": 7, "value": 1}'
        sent = await self.api.post(
            "/v1/archive/uploads", content=b"\n".join(rows), headers={"Content-Type": "text/csv"}
        )
        ordered = await self.api.post("/v1/archive/imports", json={"title": "t", "upload_id": sent.json()["id"]})
        assert ordered.status_code == 201, ordered.text
        return str(ordered.json()["id"])

    async def job(self, id: str) -> Job:
        return await Tx(self.store, now=utc_now()).get(Job, id)

    async def values(self) -> list[int]:
        """What was entered, in order; each as often as it was."""
        return sorted(row["value"] for row in await self.store.select("entries", {}, [("_id", 1)], 10_000))

    def jobs(self, step: Step = read_lines, **options: Any) -> Jobs:
        return Jobs(self.store, {"import": step}, **options)

    async def turn(self, step: Step = read_lines) -> bool:
        """Work on one job until it ends."""
        async with asyncio.timeout(30):
            return await self.jobs(step).turn("import", asyncio.Event())


@pytest.fixture
async def office(mongo_url: str) -> AsyncIterator[Office]:
    office = Office(mongo_url)
    await office.store.prepare(service.documents)
    async with office.api:
        yield office
    await office.store.database.client.drop_database(office.database)
    office.store.close()


async def test_a_job_is_done_step_by_step_and_says_how_far_it_is(office: Office) -> None:
    id = await office.order(7)
    seen: list[tuple[int, Mapping[str, Any] | None]] = []

    async def watched(job: Job, tx: Tx, files: Files) -> None:
        seen.append((job.progress.done, job.checkpoint))
        await read_lines(job, tx, files)

    assert await office.turn(watched)
    job = await office.job(id)
    assert seen == [(0, None), (3, {"line": 3}), (6, {"line": 6})]
    assert (job.status, job.progress.done, job.attempts) == (JobStatus.DONE, 7, 0)
    assert job.started_at is not None
    assert job.ended_at is not None
    assert await office.values() == [1, 2, 3, 4, 5, 6, 7]


async def test_nothing_to_do_is_nothing_done_and_no_lease_is_left_behind(office: Office) -> None:
    assert not await office.turn()
    await office.order(1)
    assert await office.turn()
    assert not await office.turn()
    assert await office.store.count("leases", {}) == 0


async def test_a_worker_that_is_killed_in_a_step_is_followed_by_one_that_goes_on_from_its_checkpoint(
    office: Office,
) -> None:
    id = await office.order(200)
    command = [sys.executable, "-m", "tests.integration.job_process", office.url, office.database]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    try:

        async def has_begun() -> bool:
            return len(await office.values()) >= 6

        await until(has_begun)
    finally:
        process.kill()
        await process.wait()
    entered = await office.values()
    assert len(entered) < 200
    assert (await office.job(id)).status is JobStatus.RUNNING
    stop = asyncio.Event()
    running = asyncio.create_task(office.jobs().run(stop))

    async def has_ended() -> bool:
        return (await office.job(id)).has_ended

    await until(has_ended, seconds=LEASE_SECONDS + 20)
    stop.set()
    await running
    assert (await office.job(id)).status is JobStatus.DONE
    assert await office.values() == list(range(1, 201))


async def test_two_workers_that_both_believe_to_hold_a_job_do_each_step_once(office: Office) -> None:
    id = await office.order(30)

    async def slow(job: Job, tx: Tx, files: Files) -> None:
        await read_lines(job, tx, files)
        await asyncio.sleep(0.01)

    both = [office.jobs(slow) for _ in range(2)]  # each past its lease, as after a pause that outlived it
    await asyncio.gather(*(each.work_on(id, "import", asyncio.Event(), asyncio.Event()) for each in both))
    assert (await office.job(id)).status is JobStatus.DONE
    assert await office.values() == list(range(1, 31))


async def test_while_one_worker_holds_a_job_another_finds_none(office: Office) -> None:
    await office.order(3)
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def held(job: Job, tx: Tx, files: Files) -> None:
        reached.set()
        await go_on.wait()
        await read_lines(job, tx, files)

    first = asyncio.create_task(office.turn(held))
    await reached.wait()
    assert not await office.turn()
    go_on.set()
    assert await first


async def test_a_refusal_fails_it_with_its_problem_and_leaves_what_was_done_before(office: Office) -> None:
    id = await office.order(9, broken=5)
    await office.turn()
    job = await office.job(id)
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert (job.error.code, job.error.errors[0]["pointer"]) == ("invalid", "/5/meter")
    assert await office.values() == [1, 2, 3]


async def test_a_claim_that_is_taken_fails_it_with_the_words_of_the_rule(office: Office) -> None:
    id = await office.order(1)
    holder = Tx(office.store, now=utc_now())
    holder.claim("slot|x", "other")
    await holder.commit()

    async def claiming(job: Job, tx: Tx, files: Files) -> None:
        tx.claim("slot|x", job.id, taken=Conflict("Somebody has it.", code="slot_taken"))
        job.finish(at=tx.now)

    await office.turn(claiming)
    job = await office.job(id)
    assert job.error is not None
    assert (job.status, job.error.code) == (JobStatus.FAILED, "slot_taken")


@pytest.mark.parametrize("error", [Unavailable("The store is away."), LostRace("pots|pot_1"), ConnectionError()])
async def test_what_passes_is_tried_again_until_it_works(office: Office, error: Exception) -> None:
    id = await office.order(2)
    left = [error] * (ATTEMPTS + 1)

    async def unlucky(job: Job, tx: Tx, files: Files) -> None:
        await read_lines(job, tx, files)
        if left:
            raise left.pop()

    await office.turn(unlucky)
    job = await office.job(id)
    assert (job.status, job.attempts) == (JobStatus.DONE, 0)
    assert await office.values() == [1, 2]


@pytest.mark.parametrize(("bugs", "status"), [(ATTEMPTS - 1, JobStatus.DONE), (ATTEMPTS, JobStatus.FAILED)])
async def test_a_bug_is_tried_a_few_times_and_then_fails_it_in_words(
    office: Office, bugs: int, status: JobStatus
) -> None:
    id = await office.order(2)
    left = list(range(bugs))

    async def broken(job: Job, tx: Tx, files: Files) -> None:
        await read_lines(job, tx, files)
        if left:
            left.pop()
            raise ZeroDivisionError("the step divides by zero")

    await office.turn(broken)
    job = await office.job(id)
    assert job.status is status
    assert (job.error is not None and "divides by zero" in job.error.words) is (status is JobStatus.FAILED)
    assert await office.values() == ([1, 2] if status is JobStatus.DONE else [])


async def test_a_step_that_neither_advances_nor_finishes_is_a_bug(office: Office) -> None:
    id = await office.order(1)

    async def idle(job: Job, tx: Tx, files: Files) -> None:
        """Does nothing."""

    await office.turn(idle)
    job = await office.job(id)
    assert job.error is not None
    assert "neither advanced" in job.error.words


@pytest.mark.parametrize(("deaths", "status"), [(DEATHS - 1, JobStatus.DONE), (DEATHS, JobStatus.FAILED)])
async def test_a_job_whose_process_ends_again_and_again_is_done_in_the_end_or_does_not_do_so_for_ever(
    office: Office, deaths: int, status: JobStatus
) -> None:
    id = await office.order(1)
    tx = Tx(office.store, now=utc_now())
    tx.save(await tx.get(Job, id)).begin(at=tx.now)
    await tx.commit()
    past = utc_now() - timedelta(minutes=1)
    left = list(range(deaths - 1))

    async def dying(job: Job, tx: Tx, files: Files) -> None:
        if left:
            left.pop()
            raise asyncio.CancelledError
        await read_lines(job, tx, files)

    for _ in range(deaths):
        dead = {"_id": f"job|{id}", "lease": {"owner": "dead", "until": past, "epoch": 1}}
        await office.store.database["leases"].replace_one({"_id": dead["_id"]}, dead, upsert=True)
        with suppress(asyncio.CancelledError):
            await office.turn(dying)
    assert (await office.job(id)).status is status


async def test_a_job_can_be_cancelled_before_it_is_taken_up(office: Office) -> None:
    id = await office.order(3)
    assert (await office.api.post(f"/v1/archive/imports/{id}/cancel")).json()["status"] == "cancelled"
    assert not await office.turn()
    assert await office.values() == []


async def test_a_job_that_is_cancelled_during_a_step_does_not_do_that_step(office: Office) -> None:
    id = await office.order(9)

    async def cancelled_at_the_second(job: Job, tx: Tx, files: Files) -> None:
        if job.checkpoint:
            answer = await office.api.post(f"/v1/archive/imports/{job.id}/cancel")
            assert answer.status_code == 200
        await read_lines(job, tx, files)

    await office.turn(cancelled_at_the_second)
    job = await office.job(id)
    assert (job.status, job.progress.done) == (JobStatus.CANCELLED, 3)
    assert await office.values() == [1, 2, 3]
    assert (await office.api.post(f"/v1/archive/imports/{id}/cancel")).status_code == 409


async def test_a_worker_that_stops_finishes_its_step_and_the_next_goes_on_without_an_attempt_lost(
    office: Office,
) -> None:
    id = await office.order(9)
    stop = asyncio.Event()

    async def stopping(job: Job, tx: Tx, files: Files) -> None:
        await read_lines(job, tx, files)
        stop.set()

    await office.jobs(stopping).run(stop)
    assert await office.values() == [1, 2, 3]
    assert (await office.job(id)).attempts == 0
    await office.turn()
    assert await office.values() == list(range(1, 10))


async def test_a_job_of_a_kind_that_is_not_known_here_waits_for_who_knows_it(office: Office) -> None:
    id = await office.order(1)
    assert not await Jobs(office.store, {"export": read_lines}).turn("export", asyncio.Event())
    assert (await office.job(id)).status is JobStatus.QUEUED


async def test_what_a_step_commits_was_done_by_the_client_who_ordered_it(office: Office) -> None:
    await office.order(1)
    callers = []

    async def asking(job: Job, tx: Tx, files: Files) -> None:
        callers.append(tx.caller)
        tx.add(Entry(id="x", meter="m", value=1))
        job.finish(at=tx.now)

    await office.turn(asking)
    assert [(each.partner_id, each.client_id, each.kind) for each in callers] == [("par_1", "cli_1", "system")]


async def test_workers_are_well_while_the_store_is_there(office: Office) -> None:
    jobs, stop = office.jobs(), asyncio.Event()
    running = asyncio.create_task(jobs.run(stop))
    await until(lambda: jobs.health()["state"] == "ok")
    stop.set()
    await running
