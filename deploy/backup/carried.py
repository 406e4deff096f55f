"""What a backup carries of each document: all of it, but for what means something only where it was written.

- `relay`, `members`, `offsets`: how far somebody had come in a log that is not restored, and who was alive. The log is
  filled anew from the outboxes under another cluster id, each consumer reads it from its start, and `inbox` drops what
  took effect before.
- `leases` keep when a clock last ran, and have no holder.
- `outbox.at` is the time of the server that holds the row: by zero the next one is asked to write its own.
"""

from typing import Final

import bson
from bson.codec_options import CodecOptions, DatetimeConversion

LEFT_OUT: Final = frozenset({"relay", "members", "offsets"})
OUTBOX: Final = "outbox"
SET_BY_THE_SERVER: Final = bson.Timestamp(0, 0)
_CODEC: Final[CodecOptions[dict[str, object]]] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)
"""Instants as the numbers that they are: what is read is written again to the byte."""


def carried(collection: str, document: bytes) -> bytes:
    """A document as a backup carries it, and as one that was restored is compared with it."""
    if collection == OUTBOX:
        return _changed(document, {"at": SET_BY_THE_SERVER})
    if collection == "leases":
        found = bson.decode(document, _CODEC)
        lease = found.get("lease")
        nobody = {**lease, "owner": None, "until": None} if isinstance(lease, dict) else None
        return _changed(document, {"lease": nobody}) if nobody else document
    return document


def _changed(document: bytes, members: dict[str, object]) -> bytes:
    return bson.encode({**bson.decode(document, _CODEC), **members})


def encoded(document: dict[str, object]) -> bytes:
    """A document as BSON."""
    return bson.encode(document)
