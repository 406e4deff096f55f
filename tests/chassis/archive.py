"""A made-up archive of papers, for tests of files, of bodies and answers that are not JSON, and of jobs."""

from collections.abc import AsyncIterator
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Security
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.background.job import Job, Progress
from services.chassis.domain.aggregate import Aggregate, Row
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Unprocessable
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.times import Day
from services.chassis.http.answers.answer import (
    Calendar,
    Csv,
    EventStream,
    Html,
    Jose,
    JsonLd,
    Ndjson,
    StreamedCsv,
    StreamedFile,
    StreamedNdjson,
    Svg,
    server_sent,
)
from services.chassis.http.answers.csv_table import Cell
from services.chassis.http.bodies.form import TakesForm
from services.chassis.http.bodies.lines import TakesLines, lines_of
from services.chassis.http.bodies.upload import InFiles, Takes
from services.chassis.http.route import InTx, TransactionalRoute
from services.chassis.http.security import CallerOf
from services.chassis.http.view import View
from services.chassis.module import Module
from services.chassis.service import Service
from services.chassis.store.files import Files
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.upload import Upload, UploadId, take_upload

LARGEST = 600_000
"""Bytes of a paper: more than a piece of a file, and not what every body may have."""


class Paper(Aggregate):
    """Something that was filed, with its file."""

    collection: ClassVar[str] = "papers"
    shown_to: ClassVar = PUBLIC

    title: str
    upload_id: str
    file_name: str | None


class Entry(Row):
    """A line that was read."""

    collection: ClassVar[str] = "entries"
    shown_to: ClassVar = PUBLIC

    meter: str
    value: int
    on: Day | None = None


class UploadView(View):
    at: ClassVar[str] = "/v1/archive/uploads"

    sha256: str
    length: int
    media_type: str
    file_name: str | None


class PaperView(View):
    at: ClassVar[str] = "/v1/archive/papers"

    title: str


class JobView(View):
    at: ClassVar[str] = "/v1/archive/imports"

    status: str
    progress: Progress


class PaperPage(Html):
    view: ClassVar = PaperView


class Seal(Jose):
    media_type = "application/vc+jwt"
    view: ClassVar = PaperView


class NewPaper(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    title: str
    upload_id: UploadId


class Reading(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    meter: str = Field(max_length=20)
    value: int
    on: Day | None = None


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    grant_type: str
    scope: str = ""


router = APIRouter(prefix="/v1/archive", route_class=TransactionalRoute)
Reader = Annotated[Caller, Security(CallerOf(), scopes=["archive:read"])]
Writer = Annotated[Caller, Security(CallerOf(), scopes=["archive:write"])]


@router.post("/uploads", status_code=201)
async def upload(
    writer: Writer, tx: InTx, file: Annotated[Upload, Depends(Takes("text/csv", "application/pdf", at_most=LARGEST))]
) -> UploadView:
    """Send the bytes of a paper."""
    if file.file_name == "forbidden.csv":
        raise Conflict("This one is not taken.", code="not_taken")
    return UploadView.showing(file)


@router.post("/papers", status_code=201)
async def keep(body: NewPaper, writer: Writer, tx: InTx) -> PaperView:
    """File a paper that was uploaded."""
    paper = Paper(id=new_id("ppr"), title=body.title, upload_id=body.upload_id, file_name=None)
    taken = await take_upload(tx, body.upload_id, used_by=paper.id, media_types=["application/pdf", "text/csv"])
    paper.file_name = taken.file_name
    return PaperView.showing(tx.save(paper))


@router.get("/papers/{paper_id}/file")
async def read_file(paper_id: str, reader: Reader, tx: InTx, files: InFiles) -> StreamedFile:
    """The bytes of a paper."""
    paper = await tx.visible(Paper, paper_id)
    upload = await tx.get(Upload, paper.upload_id)
    return StreamedFile(await files.open(upload.id), media_type=upload.media_type, file_name=paper.file_name)


@router.get("/papers/{paper_id}/page")
async def see_page(paper_id: str, reader: Reader, tx: InTx) -> PaperPage:
    """A paper as a page."""
    paper = await tx.visible(Paper, paper_id)
    return PaperPage(f"<h1>{paper.title}</h1>", shows=PaperView.showing(paper))


@router.post("/papers/{paper_id}/seal", status_code=201)
async def seal(paper_id: str, writer: Writer, tx: InTx) -> Seal:
    """Seal a paper: an answer of a write that is not JSON."""
    paper = tx.save(await tx.visible(Paper, paper_id))
    return Seal(f"head.{paper.version}.signature", shows=PaperView.showing(paper))


@router.post("/entries", status_code=201)
async def enter(
    writer: Writer, tx: InTx, readings: Annotated[list[Reading], Depends(TakesLines(Reading, at_most=LARGEST))]
) -> Csv:
    """Enter readings, one JSON object a line."""
    for reading in readings:
        tx.add(Entry(id=new_id("rdg"), **reading.model_dump()))
    return Csv([("entered",), (len(readings),)])


@router.get("/entries")
async def list_entries(reader: Reader, tx: InTx) -> StreamedCsv:
    """All readings as a table."""

    async def rows() -> AsyncIterator[list[Cell]]:
        yield ["meter", "value", "on"]
        for entry in await tx.select(Entry, {}, limit=100_000):
            yield [entry.meter, entry.value, entry.on]

    return StreamedCsv(rows(), file_name="读数.csv")


@router.get("/entries/lines")
async def list_lines(reader: Reader, tx: InTx) -> StreamedNdjson:
    """All readings, one JSON object a line."""

    async def values() -> AsyncIterator[object]:
        for entry in await tx.select(Entry, {}, limit=100_000):
            yield {"meter": entry.meter, "value": entry.value}

    return StreamedNdjson(values())


@router.get("/drawing")
async def draw(reader: Reader) -> Svg:
    """A drawing."""
    return Svg("<svg xmlns='http://www.w3.org/2000/svg'/>")


@router.get("/calendar")
async def see_calendar(reader: Reader) -> Calendar:
    """When it is open."""
    return Calendar("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")


@router.get("/linked")
async def see_linked(reader: Reader) -> JsonLd:
    """What it is."""
    return JsonLd({"@context": "https://schema.org", "@type": "ArchiveOrganization"})


@router.get("/lines")
async def see_lines(reader: Reader) -> Ndjson:
    """Two lines."""
    return Ndjson([{"n": 1}, {"n": 2}])


@router.get("/events")
async def listen(reader: Reader) -> EventStream:
    """What happens."""

    async def events() -> AsyncIterator[bytes]:
        yield server_sent("first\nline", event="paper", id="1")
        yield server_sent("")

    return EventStream(events())


@router.post("/token")
async def give_token(asked: Annotated[Asked, Depends(TakesForm(Asked, at_most=1_000))]) -> dict[str, str]:
    """A form, and no transaction."""
    return {"grant_type": asked.grant_type, "scope": asked.scope}


@router.post("/imports", status_code=201)
async def begin_import(body: NewPaper, writer: Writer, tx: InTx) -> JobView:
    """Enter the readings of an upload, in a job."""
    job = Job.queue("import", {"upload_id": body.upload_id}, by=writer, at=tx.now)
    await take_upload(tx, body.upload_id, used_by=job.id)
    return JobView.showing(tx.save(job))


@router.post("/imports/{job_id}/cancel")
async def cancel_import(job_id: str, writer: Writer, tx: InTx) -> JobView:
    """Stop entering."""
    job = tx.save(await tx.visible(Job, job_id))
    job.cancel(at=tx.now)
    return JobView.showing(job)


LINES_A_STEP = 3


async def read_lines(job: Job, tx: Tx, files: Files) -> None:
    """One step: the next few lines of the upload; a line that cannot be accepted fails the job."""
    after = job.checkpoint["line"] if job.checkpoint else 0
    read = 0
    async for line in lines_of(await files.open(job.parameters["upload_id"]), Reading):
        if line.number <= after:
            continue
        if line.value is None:
            raise Unprocessable("Not every line is acceptable.", errors=line.errors)
        tx.add(Entry(id=f"{job.id}|{line.number}", **line.value.model_dump()))
        read += 1
        if read == LINES_A_STEP:
            job.advance({"line": line.number}, done=job.progress.done + read)
            return
    job.progress.done += read
    job.finish(at=tx.now)


MODULE = Module("archive", "Papers.", routers=[router], documents=[Paper, Entry], jobs={"import": read_lines})
service = Service("archive", modules=[MODULE])
