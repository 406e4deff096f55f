"""How paths name imports of readings, and what their job says of them."""

from typing import Annotated

from fastapi import Path

from services.chassis.background.job import Job
from services.chassis.domain.ids import id_of
from services.chassis.store.unit_of_work import Tx
from services.incubator.utilities.imports.reading_import import ReadingImport

ReadingImportId = Annotated[str, id_of("rim")]
ReadingImportRef = Annotated[ReadingImportId, Path(description="The import, by its id.")]


async def job_of(order: ReadingImport, tx: Tx) -> Job:
    """The job that does an import; whoever sees the import sees how it goes."""
    return await tx.get(Job, order.job_id)
