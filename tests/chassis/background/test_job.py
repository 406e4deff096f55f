"""The life of a job, by its table and by what its steps and its worker say."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.chassis.background.job import ATTEMPTS, DEATHS, MOVES, Job, JobStatus
from services.chassis.domain.errors import Conflict, Unprocessable
from services.chassis.testing.callers import caller
from services.chassis.testing.moments import NOON

LATER = NOON + timedelta(minutes=1)
ACTS: dict[JobStatus, Callable[[Job], None]] = {
    JobStatus.RUNNING: lambda job: job.begin(at=LATER),
    JobStatus.DONE: lambda job: job.finish(at=LATER),
    JobStatus.FAILED: lambda job: job.fail(Unprocessable("no"), at=LATER),
    JobStatus.CANCELLED: lambda job: job.cancel(at=LATER),
}


def queued() -> Job:
    return Job.queue("import", {"upload_id": "upl_1"}, by=caller(), at=NOON, total=9)


def running() -> Job:
    job = queued()
    job.begin(at=NOON)
    return job


@pytest.mark.parametrize("status", JobStatus)
@pytest.mark.parametrize("to", ACTS)
def test_each_move_of_the_table_is_possible_and_no_other(status: JobStatus, to: JobStatus) -> None:
    job = queued()
    job.status = status
    if to in MOVES[status]:
        ACTS[to](job)
        assert job.status is to
        assert job.ended_at == (LATER if job.has_ended else None)
    else:
        with pytest.raises(Conflict) as refused:
            ACTS[to](job)
        assert refused.value.code == "invalid_transition"


def test_a_new_job_waits_and_is_whose_ordered_it() -> None:
    job = queued()
    assert (job.status, job.partner_id, job.client_id, job.created_at) == (JobStatus.QUEUED, "par_1", "cli_1", NOON)
    assert (job.progress.done, job.progress.total, job.checkpoint) == (0, 9, None)


def test_a_step_says_how_far_it_came_and_where_the_next_begins() -> None:
    job = running()
    job.advance({"line": 3}, done=3)
    job.advance({"line": 6}, done=6, total=12)
    assert (job.checkpoint, job.progress.done, job.progress.total) == ({"line": 6}, 6, 12)


def test_a_job_that_does_not_run_does_not_advance() -> None:
    with pytest.raises(Conflict):
        queued().advance({}, done=1)


def test_a_refusal_is_kept_as_its_caller_would_be_told_it() -> None:
    job = running()
    place = {"pointer": "/3/value", "code": "missing", "detail": "is missing"}
    job.fail(Unprocessable("Line 3 is wrong.", errors=[place]), at=LATER)
    assert job.error is not None
    assert (job.error.code, job.error.detail, job.error.errors) == ("missing", "Line 3 is wrong.", [place])


def test_a_bug_fails_it_after_so_many_attempts_and_tells_its_owner_no_more_than_that() -> None:
    job = running()
    for _ in range(ATTEMPTS - 1):
        job.stumble("ZeroDivisionError", at=LATER)
        assert not job.has_ended
    job.stumble("ZeroDivisionError", at=LATER)
    assert (job.status, job.ended_at) == (JobStatus.FAILED, LATER)
    assert job.error is not None
    assert (job.error.code, job.error.words) == ("internal_error", "ZeroDivisionError")
    assert "Zero" not in job.error.detail


def test_processes_that_end_fail_it_after_more_of_them_as_most_end_for_reasons_of_their_own() -> None:
    job = running()
    for _ in range(DEATHS - 1):
        job.outlive(at=LATER)
        assert not job.has_ended
    job.outlive(at=LATER)
    assert job.error is not None
    assert (job.status, job.error.words) == (JobStatus.FAILED, f"{DEATHS} processes that worked on this step ended.")


def test_a_step_that_is_done_takes_away_what_is_held_against_the_job() -> None:
    job = running()
    job.stumble("ZeroDivisionError", at=LATER)
    job.outlive(at=LATER)
    job.step_done()
    assert (job.attempts, job.deaths) == (0, 0)
