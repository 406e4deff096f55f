"""What callers state: parts that are kept as stated, and the members of a change."""

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from services.chassis.domain.refusals import Refuses

T = TypeVar("T")


class Part(BaseModel):
    """A value object that callers state. It is never changed in place: a whole new one takes its place.

    The docstring below a member is its description in the API document.
    """

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, serialize_by_alias=True, use_attribute_docstrings=True
    )

    refuses: ClassVar[tuple[str, ...]] = ()
    """The codes of what its validators as a whole do not accept; those of its members stand at them."""


def _given(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null_not_allowed", "leave the member out to keep what it says")
    return value


Change = Annotated[T | None, BeforeValidator(_given), Refuses("null_not_allowed")]
"""A member of a JSON merge patch (RFC 7396) that cannot be removed, `name: Change[Name] = None`: left out it stays."""
