"""JSON merge patch (RFC 7396): what is left out of a change stays as it is; null removes what may be absent."""

from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from services.chassis.domain.refusals import Refuses

T = TypeVar("T")


def _given(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null_not_allowed", "leave the member out to keep what it says")
    return value


Change = Annotated[T | None, BeforeValidator(_given), Refuses("null_not_allowed")]
"""A member of a change that cannot be removed, `name: Change[Name] = None`: left out it stays, null is refused."""
