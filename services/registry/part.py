"""A part of a business's entry in the register, as a filing states it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Part(BaseModel):
    """One part of an entry. It is never changed in place: a filing brings a whole new one."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, serialize_by_alias=True)


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""A short text: a name, a line of an address."""
