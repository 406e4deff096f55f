"""A value object: a part of something larger that a caller states and that is kept as stated."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """One part of something that callers state. It is never changed in place: a whole new one takes its place.

    The docstring below a member is its description in the API document.
    """

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, serialize_by_alias=True, use_attribute_docstrings=True
    )

    refuses: ClassVar[tuple[str, ...]] = ()
    """The codes of what its validators as a whole do not accept; those of its members stand at them."""
