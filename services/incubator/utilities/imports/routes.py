"""Files of readings over HTTP: the bytes first, then the act that names them, then what became of each row."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.chassis.domain.refusals import refuses
from services.chassis.http.bodies.upload import Takes
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.chassis.store.upload import Upload, take_upload
from services.incubator.callers import Member, Reader
from services.incubator.utilities.imports.bodies import ImportReadings
from services.incubator.utilities.imports.clocks import order_import
from services.incubator.utilities.imports.queries import ReadingImportRef, job_of
from services.incubator.utilities.imports.reading_import import ReadingImport, ReadingOutcome
from services.incubator.utilities.imports.views import ReadingFileView, ReadingImportView, ReadingOutcomeView

LARGEST = 1_000_000
CsvFile = Annotated[Upload, Depends(Takes("text/csv", at_most=LARGEST))]

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/reading-uploads", status_code=201)
async def upload_readings(member: Member, tx: InTx, file: CsvFile) -> ReadingFileView:
    """Send a file of readings: CSV in UTF-8 whose first row names the columns serial, utility, at, value and, where
    dials roll over, rollover (`true` or `false`)."""
    return ReadingFileView.of(file)


@router.post("/reading-imports", status_code=202)
@refuses("upload_used")
async def import_readings(body: ImportReadings, member: Member, tx: InTx) -> ReadingImportView:
    """Take the readings of a file in, in the background. Each row is taken or refused by itself, as if it were sent
    alone and in the order of the file; what is there already is repeated without harm."""
    order = ReadingImport.order(by=member, upload_id=body.upload_id)
    await take_upload(tx, body.upload_id, used_by=order.id, media_types=["text/csv"])
    job = tx.save(order_import(order, by=member, at=tx.now))
    return ReadingImportView.of(tx.save(order), job)


@router.get("/reading-imports")
async def list_reading_imports(reader: Reader, tx: InTx, page: InPage) -> Page[ReadingImportView]:
    """The imports of readings, oldest first; a partner sees its own."""
    found = await page.of(tx, ReadingImport, {}, lambda order: order)
    views = [ReadingImportView.of(order, await job_of(order, tx)) for order in found.data]
    return Page(data=views, next_cursor=found.next_cursor)


@router.get("/reading-imports/{reading_import_id}/outcomes")
async def list_reading_outcomes(
    reading_import_id: ReadingImportRef, reader: Reader, tx: InTx, page: InPage
) -> Page[ReadingOutcomeView]:
    """What became of each row, in the order of the file."""
    order = await tx.visible(ReadingImport, reading_import_id)
    return await page.of(tx, ReadingOutcome, {"import_id": order.id}, ReadingOutcomeView.of)


@router.get("/reading-imports/{reading_import_id}")
async def see_reading_import(reading_import_id: ReadingImportRef, reader: Reader, tx: InTx) -> ReadingImportView:
    """One import: how far it is, and how many rows became what."""
    order = await tx.visible(ReadingImport, reading_import_id)
    return ReadingImportView.of(order, await job_of(order, tx))
