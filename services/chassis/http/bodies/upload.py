"""A body of bytes: streamed into a file before the unit of work begins, and given to the route as an upload."""

from dataclasses import replace
from typing import Annotated, Any, Self

from fastapi import Depends, Query, Request
from pydantic import StringConstraints

from services.chassis.domain.errors import Unprocessable
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Instant
from services.chassis.http.bodies.body import Body, Named, StrictRequest
from services.chassis.http.view import View
from services.chassis.process import Process
from services.chassis.store.files import File, Files
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.upload import Upload

FileName = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[^/\\]+$"), Text(at_most=255)] | None,
    Query(description="What the file is called where it comes from."),
]


class Takes(Body):
    """A body that is kept as a file: `statement: Annotated[Upload, Depends(Takes("text/csv", at_most=10_000_000))]`.

    Its row, the `Upload`, is saved in the request's unit of work. Where the request is refused, or was answered before,
    the file is deleted; where the outcome is not known, it is left to the sweep of orphans.
    """

    def __init__(self, *media_types: str, at_most: int) -> None:
        super().__init__(*media_types, at_most=at_most)

    async def receive(self, request: StrictRequest) -> bytes:
        media_type = self.media_type(request)
        files: Files = Process.of(request).store.files
        named = request.query_params.get("file_name")
        assert self.at_most is not None
        file = await files.write(request.stream(), media_type=media_type, file_name=named, at_most=self.at_most)
        request.state.file = file
        if file.length == 0:
            await self.discard(request)
            place = {"pointer": "", "code": "missing", "detail": "the file is the body"}
            raise Unprocessable("There is no file in this request.", errors=[place])
        return b"\n".join((media_type.encode(), file.sha256.encode()))

    async def discard(self, request: StrictRequest) -> None:
        await Process.of(request).store.files.delete(request.state.file.id)

    def schema(self, named: Named) -> dict[str, Any]:
        return {"type": "string", "format": "binary", "description": "The bytes of the file."}

    async def __call__(self, request: Request, file_name: FileName = None) -> Upload:
        tx: Tx = request.state.tx
        file: File = request.state.file
        return tx.save(Upload.of(replace(file, file_name=file_name), by=tx.caller, at=tx.now))


class UploadView(View):
    """What a caller sees of an upload; a room's own class says of what."""

    sha256: str
    """The SHA-256 of its bytes, in hex."""
    length: int
    """How many bytes it has."""
    file_name: str | None
    """What it is called where it comes from; null where nobody said."""
    uploaded_at: Instant
    """When it came."""

    @classmethod
    def of(cls, upload: Upload) -> Self:
        return cls.showing(upload)


async def current_files(request: Request) -> Files:
    """The files of the service that answers this request."""
    files: Files = Process.of(request).store.files
    return files


InFiles = Annotated[Files, Depends(current_files)]
"""The service's files, for a route that reads one."""
