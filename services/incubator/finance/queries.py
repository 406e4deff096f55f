"""The filter of a list of books."""

from typing import Annotated

from fastapi import Query

from services.chassis.http.filters import Filter
from services.contracts.registry.businesses import BusinessId


class BookFilter(Filter):
    """By the business that owns it."""

    owner: Annotated[BusinessId | None, Query(description="the business that owns it")] = None
