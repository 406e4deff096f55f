"""An upload: bytes that a client sent, waiting for the act that names them."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, NotFound, UnsupportedMediaType
from services.chassis.domain.ids import id_of
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Instant
from services.chassis.store.files import File
from services.chassis.store.unit_of_work import Tx

UploadId = Annotated[str, id_of("upl")]


class Upload(Aggregate):
    """The row of a file, written in the transaction of the request that brought it; its id is the file's too.

    Attributes:
        sha256: of the bytes, in hex.
        length: in bytes.
        used_by: the id of what it has become a part of; None while nothing has, and then it is swept after a day.
    """

    collection: ClassVar[str] = "uploads"
    shown_to: ClassVar = owned_by("partner_id")
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["sha256", "length", "media_type", "partner_id", "uploaded_at", "used_by"],
            "properties": {
                "sha256": {"bsonType": "string", "pattern": "^[0-9a-f]{64}$"},
                "length": {"bsonType": ["int", "long"], "minimum": 0},
                "uploaded_at": {"bsonType": "date"},
                "used_by": {"bsonType": ["string", "null"]},
            },
        }
    }

    id: UploadId
    sha256: str
    length: int = Field(ge=0)
    media_type: str
    file_name: str | None
    partner_id: str
    client_id: str
    uploaded_at: Instant
    used_by: str | None = None

    @classmethod
    def of(cls, file: File, *, by: Caller, at: datetime) -> Self:
        """The row of a file that has just been written."""
        return cls(
            id=file.id,
            sha256=file.sha256,
            length=file.length,
            media_type=file.media_type,
            file_name=file.file_name,
            partner_id=by.partner_id,
            client_id=by.client_id,
            uploaded_at=at,
        )

    def use(self, by: str) -> None:
        """Become a part of something, once.

        Raises:
            Conflict: `upload_used`, it is a part of something else already.
        """
        if self.used_by not in (None, by):
            raise Conflict("This upload is used already: send the file again.", code="upload_used")
        self.used_by = by


async def take_upload(tx: Tx, id: str, *, used_by: str, media_types: Collection[str] = ()) -> Upload:
    """An upload of this caller's own partner, for the act that names it; from now on it is kept for as long as that.

    Args:
        used_by: the id of what it becomes a part of.
        media_types: those that the act can read; empty where any will do.

    Raises:
        NotFound: there is none, or it is another's.
        Conflict: `upload_used`.
        UnsupportedMediaType: it is none of these.
    """
    upload = await tx.get(Upload, id)
    if upload.partner_id != tx.caller.partner_id:
        raise NotFound
    if media_types and upload.media_type not in media_types:
        raise UnsupportedMediaType(f"This upload is not {' or '.join(sorted(media_types))}.")
    upload.use(used_by)
    return tx.save(upload)
