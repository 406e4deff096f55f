"""What takes a file of readings in: a job, some rows a step, each row by itself."""

from datetime import datetime
from typing import Final

from services.chassis.background.job import Job
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Unprocessable, ZoneError
from services.chassis.store.files import Files
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.meters import ReadingStatus
from services.incubator.utilities.imports.bodies import row_of
from services.incubator.utilities.imports.reading_import import OutcomeStatus, ReadingImport, ReadingOutcome, RowRefusal
from services.incubator.utilities.imports.table import TableRow, rows_of
from services.incubator.utilities.metering.effects import Said, take_reading
from services.incubator.utilities.metering.meter import Meter

IMPORT: Final = "utilities.readings"
"""The kind of the job of an import of readings."""
ROWS_A_STEP: Final = 100


def order_import(order: ReadingImport, *, by: Caller, at: datetime) -> Job:
    """The job that does an import."""
    job = Job.queue(IMPORT, {"import_id": order.id}, by=by, at=at)
    order.job_id = job.id
    return job


async def take_rows_in(job: Job, tx: Tx, files: Files) -> None:
    """One step of an import: the next rows, up to one of a meter that is among them already.

    Two readings of one meter are never taken in one step: the second is judged by the first, which must be committed.
    """
    order = await tx.get(ReadingImport, job.parameters["import_id"])
    rows = rows_of(b"".join([piece async for piece in await files.open(order.upload_id)]))
    done = job.checkpoint["done"] if job.checkpoint else 0
    outcomes: list[ReadingOutcome] = []
    meters: set[tuple[str | None, str | None]] = set()
    for row in rows[done : done + ROWS_A_STEP]:
        meter = row.cells.get("utility"), row.cells.get("serial")
        if meter in meters:
            break
        meters.add(meter)
        outcomes.append(tx.add(await _outcome(order, row, tx)))
    order.count(outcomes)
    tx.save(order)
    done += len(outcomes)
    job.advance({"done": done}, done=done, total=len(rows))
    if done == len(rows):
        job.finish(at=tx.now)


async def _outcome(order: ReadingImport, row: TableRow, tx: Tx) -> ReadingOutcome:
    try:
        said = row_of(row.cells)
        where = {"serial": said.serial, "utility": said.utility}
        owner = {"partner_id": order.for_partner} if order.for_partner else {}
        found = await tx.select(Meter, where | owner, limit=1)
        if not found:
            place = [{"pointer": "/serial", "code": "meter_unknown", "detail": "There is no such meter."}]
            raise Unprocessable("There is no such meter.", errors=place)
        look = Said(said.at, said.value, order.source, said.rollover)
        reading = await take_reading(found[0], look, tx, for_partner=order.for_partner)
    except ZoneError as refusal:
        return ReadingOutcome.of(order.id, row.number, OutcomeStatus.REFUSED, reasons=_reasons(refusal))
    status = OutcomeStatus.UNDER_REVIEW if reading.status is ReadingStatus.UNDER_REVIEW else OutcomeStatus.RECORDED
    if not reading.recorded:
        status = OutcomeStatus.REPEATED
    return ReadingOutcome.of(order.id, row.number, status, reading_id=reading.id)


def _reasons(refusal: ZoneError) -> list[RowRefusal]:
    places = refusal.errors or [{"pointer": "", "code": refusal.code, "detail": refusal.detail}]
    return [
        RowRefusal(column=each.get("pointer", "").strip("/") or None, code=each["code"], detail=each["detail"])
        for each in places
    ]


JOBS = {IMPORT: take_rows_in}
