"""Documents as BSON: how a day is kept, and how many bytes a document makes."""

from datetime import UTC, date, datetime
from typing import Final

import bson
from bson.codec_options import CodecOptions, TypeEncoder, TypeRegistry

from services.chassis.store.writes import Document


class _DayEncoder(TypeEncoder):
    """BSON has instants only: a calendar day is kept as its midnight in UTC."""

    python_type = date

    def transform_python(self, value: date) -> datetime:
        return datetime(value.year, value.month, value.day, tzinfo=UTC)


CODEC: Final[CodecOptions[Document]] = CodecOptions(
    tz_aware=True, tzinfo=UTC, type_registry=TypeRegistry([_DayEncoder()])
)


def size_of(document: Document) -> int:
    """Bytes of BSON, as the server counts them (`$bsonSize`)."""
    return len(bson.encode(document, codec_options=CODEC))
