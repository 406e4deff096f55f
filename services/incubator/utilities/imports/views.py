"""What callers see of imports of readings."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

from services.chassis.background.job import Job, JobStatus
from services.chassis.domain.ids import id_of
from services.chassis.http.bodies.upload import UploadView
from services.chassis.http.view import Shown, View
from services.chassis.store.upload import UploadId
from services.contracts.incubator.meters import ReadingId, ReadingSource
from services.incubator.utilities.imports.reading_import import OutcomeStatus, ReadingImport, ReadingOutcome, RowRefusal


class ReadingFileView(UploadView):
    """A file of readings that waits to be taken in; after a day without that it is deleted."""


class ReadingImportView(View):
    """A file of readings that is taken in, every row by itself."""

    at: ClassVar[str] = "/v1/incubator/reading-imports"

    upload_id: UploadId
    """The upload that holds the file."""
    job_id: Annotated[str, id_of("job")]
    """The job that does it."""
    source: ReadingSource
    """Where the readings come from."""
    status: JobStatus
    """How far it is; `failed` where the file as a whole could not be read."""
    failure: RowRefusal | None
    """Why the file could not be read; null where it could."""
    rows: int | None
    """How many rows the file has; null while nobody knows."""
    recorded: int
    """How many rows are readings that count now."""
    under_review: int
    """How many are readings that somebody looks at before they count."""
    repeated: int
    """How many were there already."""
    refused: int
    """How many are no readings; their outcomes say why."""

    @classmethod
    def of(cls, order: ReadingImport, job: Job) -> Self:
        failure = job.error and RowRefusal(column=None, code=job.error.code, detail=job.error.detail)
        counted = {status.value: order.outcomes.get(status.value, 0) for status in OutcomeStatus}
        return cls.showing(order, status=job.status, failure=failure, rows=job.progress.total, **counted)


class ReadingOutcomeView(Shown):
    """What became of a row."""

    row: int
    """Its number in the file; the row of column names is 1."""
    status: OutcomeStatus
    """What it is now."""
    reading_id: ReadingId | None
    """The reading; null where it was refused."""
    reasons: Sequence[RowRefusal]
    """Why it was refused, all of it; empty where it was not."""

    @classmethod
    def of(cls, outcome: ReadingOutcome) -> Self:
        return cls.showing(outcome)
