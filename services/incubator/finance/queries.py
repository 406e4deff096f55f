"""The filter of a list of books."""

from typing import Annotated

from fastapi import Path

from services.chassis.http.filters import Filter
from services.contracts.incubator.finance import BookId
from services.contracts.registry.businesses import BusinessId

BookRef = Annotated[BookId, Path(description="The book, by its id.")]


class BookFilter(Filter):
    """By the business that owns it."""

    owner: BusinessId | None = None
    """The business that owns it."""
