"""A job: work that takes longer than a request, done step by step, and where it stands."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import ZoneError
from services.chassis.domain.ids import id_of, new_id
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Instant

JobId = Annotated[str, id_of("job")]

ATTEMPTS = 3
"""Of one step that ends in a bug."""
DEATHS = 10
"""Of processes that had one step under way. Most end for reasons of their own, such as a machine that is taken away or
a neighbour that takes the memory: it takes more of them to say that it is the step."""


class JobStatus(StrEnum):
    """Whether a job waits, is worked on, or how it ended."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


MOVES: dict[JobStatus, set[JobStatus]] = {
    JobStatus.QUEUED: {JobStatus.RUNNING, JobStatus.CANCELLED},
    JobStatus.RUNNING: {JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED},
    JobStatus.DONE: set(),
    JobStatus.FAILED: set(),
    JobStatus.CANCELLED: set(),
}


class Progress(BaseModel):
    """How much of a job is done, in whatever it counts; `total` is None while nobody knows."""

    model_config = ConfigDict(extra="forbid")

    done: int = Field(default=0, ge=0)
    total: int | None = Field(default=None, ge=0)


class JobError(BaseModel):
    """Why a job failed: a refusal as a caller would be told it, or a bug, whose words are for officials.

    Attributes:
        code: what is wrong, in one code.
        words: of a bug, with its traceback; it may say more than its owner may know.
    """

    model_config = ConfigDict(extra="forbid")

    code: str
    detail: str
    errors: list[dict[str, str]] = Field(default_factory=list)
    words: str = ""


class Job(Aggregate):
    """One piece of long work, ordered by a client.

    Attributes:
        kind: names the step function that does it.
        parameters: what was ordered; the same for every step.
        checkpoint: where the next step begins; None at the beginning.
        attempts: tries of the present step that ended in a bug; `deaths`: with the process that made them.
    """

    collection: ClassVar[str] = "jobs"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("kind", 1), ("status", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["kind", "parameters", "status", "progress", "checkpoint", "partner_id", "created_at"],
            "properties": {
                "status": {"enum": [status.value for status in JobStatus]},
                "parameters": {"bsonType": "object"},
                "checkpoint": {"bsonType": ["object", "null"]},
                "created_at": {"bsonType": "date"},
            },
        }
    }

    id: JobId
    kind: str
    parameters: dict[str, Any]
    status: JobStatus = JobStatus.QUEUED
    progress: Progress = Field(default_factory=Progress)
    checkpoint: dict[str, Any] | None = None
    attempts: int = 0
    deaths: int = 0
    error: JobError | None = None
    partner_id: str
    client_id: str
    created_at: Instant
    started_at: Instant | None = None
    ended_at: Instant | None = None

    @classmethod
    def queue(
        cls, kind: str, parameters: Mapping[str, Any], *, by: Caller, at: datetime, total: int | None = None
    ) -> Self:
        """A job that a worker will take up once it is committed.

        Args:
            total: how much there is to do, where that is known already.
        """
        return cls(
            id=new_id("job"),
            kind=kind,
            parameters=dict(parameters),
            progress=Progress(total=total),
            partner_id=by.partner_id,
            client_id=by.client_id,
            created_at=at,
        )

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will be done."""
        return not MOVES[self.status]

    # what a step says

    def advance(self, checkpoint: Mapping[str, Any], *, done: int, total: int | None = None) -> None:
        """Go on from here next time.

        Args:
            done: so far, in all.
            total: where it is known only now.
        """
        if self.status is not JobStatus.RUNNING:
            raise invalid_transition(self.status, ())
        self.checkpoint = dict(checkpoint)
        self.progress = Progress(done=done, total=self.progress.total if total is None else total)

    def finish(self, *, at: datetime) -> None:
        """Nothing is left to do."""
        self._end(JobStatus.DONE, at)

    # what its owner or an official says

    def cancel(self, *, at: datetime) -> None:
        """Stop before the next step; what the steps before it did stands.

        Raises:
            Conflict: `invalid_transition`, it has ended.
        """
        self._end(JobStatus.CANCELLED, at)

    # what the worker says

    def begin(self, *, at: datetime) -> None:
        """Be taken up for the first time."""
        self.status = move(self.status, JobStatus.RUNNING, MOVES)
        self.started_at = at

    def stumble(self, words: str, *, at: datetime) -> None:
        """A step ended in a bug; after `ATTEMPTS` of that the job fails."""
        self.attempts += 1
        if self.attempts >= ATTEMPTS:
            self._break(words, at)

    def outlive(self, *, at: datetime) -> None:
        """A process ended with a step under way; after `DEATHS` of that the job fails."""
        self.deaths += 1
        if self.deaths >= DEATHS:
            self._break(f"{self.deaths} processes that worked on this step ended.", at)

    def step_done(self) -> None:
        """A step took effect: what kept it from that is over."""
        self.attempts = self.deaths = 0

    def _break(self, words: str, at: datetime) -> None:
        detail = "Something went wrong here; nothing of this step was done."
        self.error = JobError(code="internal_error", detail=detail, words=words)
        self._end(JobStatus.FAILED, at)

    def fail(self, refusal: ZoneError, *, at: datetime) -> None:
        """A rule refused what a step would do: nothing of that step was done."""
        errors = [dict(each) for each in refusal.errors]
        self.error = JobError(code=refusal.reason, detail=refusal.detail, errors=errors)
        self._end(JobStatus.FAILED, at)

    def _end(self, status: JobStatus, at: datetime) -> None:
        self.status = move(self.status, status, MOVES)
        self.ended_at = at
