"""Filters of a list: one model a list, whose members are the query parameters and become the filter of the store."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.chassis.domain.refusals import Refuses
from services.chassis.domain.texts.search import query_tokens
from services.chassis.domain.texts.text import Text

LONGEST_QUERY = 200
"""Characters of a text search; a name has at most a hundred."""


class Filter(BaseModel):
    """The base of every list's filter: `asked: Annotated[TenantFilter, Query()]`, then `asked.where()`.

    The docstring below a member describes the parameter in the API document.

    A member that was asked for must equal the field of its name, or the one that `stored_as` names; `q` is a text
    search. What is no equality overrides `where`. An unknown parameter is refused by the route, not here: a page's own
    stand beside these.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    stored_as: ClassVar[Mapping[str, str]] = {}

    def where(self) -> dict[str, Any]:
        """The filter of the store; empty where nothing was asked for."""
        asked = self.model_dump(exclude_none=True)
        text = asked.pop("q", None)
        equal = {self.stored_as.get(name, name): value for name, value in asked.items()}
        return equal if text is None else equal | {"search_tokens": {"$all": query_tokens(text)}}


def _searchable(text: str) -> str:
    if len(text) > LONGEST_QUERY:
        raise PydanticCustomError("query_too_long", "a text search has at most 200 characters")
    if not query_tokens(text):
        raise PydanticCustomError("query_invalid", "a text search has at least one letter, digit or Chinese character")
    return text


SearchText = Annotated[
    str,
    Text(at_most=2_000, at_least=0),  # beyond is never looked at
    AfterValidator(_searchable),
    Refuses("query_too_long", "query_invalid"),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_QUERY,
            "format": "one-line",
            "description": "Words that it must all have, in any order; at most 200 characters.",
        }
    ),
]
"""A parameter `q` over the `search_tokens` of a noun: whatever it holds is text, never an operator."""
