"""Ids of the zone: `<prefix>_<32 hex digits of a UUIDv7>` (RFC 9562), so they sort by birth."""

from datetime import datetime
from typing import Annotated

import uuid_utils
from pydantic import StringConstraints, WithJsonSchema

AnyId = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[a-z]{3}_[0-9a-f]{32}$"})]
"""The id of an aggregate of any noun, as it is shown; it is not judged once more."""
EventId = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[a-z]{3}_[0-9a-f]{32}:[0-9]{10}$"})]
"""The id of an event, as it is shown: its subject's, and its sequence in ten digits."""


def id_of(prefix: str) -> StringConstraints:
    """The shape of one noun's ids, for an annotated type: `BusinessId = Annotated[str, id_of("biz")]`."""
    return StringConstraints(pattern=f"^{prefix}_[0-9a-f]{{32}}$")


def new_id(prefix: str) -> str:
    """A fresh id, never handed out before, greater than every id this process made before."""
    return f"{prefix}_{uuid_utils.uuid7().hex}"


def first_id_at(prefix: str, at: datetime) -> str:
    """Less than every id that is born from this instant on, and greater than all of those before (RFC 9562 §5.7)."""
    return f"{prefix}_{round(at.timestamp() * 1000):012x}"
